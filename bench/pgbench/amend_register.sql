-- The k-th amendment: a mark of the first six weeks, a pupil and day each once, becomes what it was not.
\set k :k + 1
\set p :k * 1009 % :pupils + 1
\set day :k / :pupils % 6 * 7 + :k / :pupils / 6 % 5
UPDATE year.mark SET mark = substr('ERT', :turn, 1)::session_mark, entered_by = 'Jo Smith',
    title = 'Attendance officer', reason = 'letter'
WHERE school_urn = 200001 + (:p - 1) / 420 AND pupil_id = :p AND day = '2025-09-08'::date + :day::int
    AND session = 'AM';
