-- A client is a school, which registers its classes one after the other.
\set class :class + 1
INSERT INTO morning.mark (school_urn, pupil_id, day, session, mark)
SELECT 200001 + :client_id, :client_id * 420 + :class * 30 + i, s.day, s.session,
    a_mark(:client_id * 420 + :class * 30 + i, s.day, s.session)::session_mark
FROM class_session s, generate_series(1, 30) i WHERE s.number = :number;
