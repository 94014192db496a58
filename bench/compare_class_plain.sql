-- A class of 30 and a session, the next by turns.
INSERT INTO plain (school_urn, pupil_id, day, session, mark)
SELECT 200001 + n % 280 / 14, n % 280 * 30 + i, s.day, s.session, CASE WHEN (i + n) % 17 = 0 THEN 'I' WHEN (i + n) % 29 = 0 THEN 'L' ELSE '/' END
FROM nextval('plain_turn') n JOIN class_session s ON s.number = n / 280, generate_series(1, 30) i;
