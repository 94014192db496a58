-- A school and a session in a transaction: the k-th of those from session :first on.
\set k :k + 1
\set school :k % :schools
\set number :first + :k / :schools
INSERT INTO feed_rows AS r (school_urn, pupil_id, day, session, mark)
SELECT 200001 + :school, :school * 420 + i, s.day, s.session, a_mark(:school * 420 + i, s.day, s.session)
FROM class_session s, generate_series(1, 420) i WHERE s.number = :number
ON CONFLICT (pupil_id, day, session) DO UPDATE SET mark = excluded.mark WHERE r.mark <> excluded.mark;
