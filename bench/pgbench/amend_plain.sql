-- The k-th amendment: a mark of the first six weeks, a pupil and day each once, becomes what it was not.
\set k :k + 1
\set p :k * 1009 % :pupils + 1
\set day :k / :pupils % 6 * 7 + :k / :pupils / 6 % 5
UPDATE year_rows SET mark = substr('ERT', :turn, 1)
WHERE pupil_id = :p AND day = '2025-09-08'::date + :day::int AND session = 'AM';
