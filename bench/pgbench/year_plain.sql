-- A class of 30 and a session in a transaction: the k-th of this client, of those from session :first on.
\set k :k + 1
\set class (:k * 4 + :client_id) % :classes
\set number :first + (:k * 4 + :client_id) / :classes
INSERT INTO year_rows (school_urn, pupil_id, day, session, mark)
SELECT 200001 + :class / 14, :class * 30 + i, s.day, s.session, a_mark(:class * 30 + i, s.day, s.session)
FROM class_session s, generate_series(1, 30) i WHERE s.number = :number;
