-- A school and a session in a transaction: the k-th of those from session :first on.
\set k :k + 1
\set school :k % :schools
\set number :first + :k / :schools
INSERT INTO feed.mark_feed (school_urn, pupil_id, day, session, mark)
SELECT 200001 + :school, :school * 420 + i, s.day, s.session, a_mark(:school * 420 + i, s.day, s.session)::session_mark
FROM class_session s, generate_series(1, 420) i WHERE s.number = :number;
