-- A class of 30 and a session in a transaction, the next by turns.
INSERT INTO daily.mark (school_urn, pupil_id, day, session, mark)
SELECT 200001 + n % 560 / 14, n % 560 * 30 + i, s.day, s.session,
    a_mark(n % 560 * 30 + i, s.day, s.session)::session_mark
FROM nextval('register_turn') n JOIN class_session s ON s.number = n / 560, generate_series(1, 30) i;
