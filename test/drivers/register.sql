-- A small register for the drivers: two schools, 24 pupils, three weeks of marks, and characteristics.
-- Pupils 9007199254740901 and on have no mark on 12 September: each driver writes those of one.
SET client_min_messages = warning;
CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;
SET search_path = attendance;
SELECT create_register('register'), add_academic_year('register', 2025);
SET search_path = register, attendance;
INSERT INTO region VALUES ('E12000003', 'Yorkshire and The Humber');
INSERT INTO local_authority VALUES (380, 'E08000032', 'Bradford', 'E12000003');
INSERT INTO trust VALUES (16001, 'A Trust');
INSERT INTO school (urn, name, phase, type, la_number, trust_uid)
VALUES (100001, 'One School', 'Primary', 'Academies', 380, 16001),
    (100002, 'Other School', 'Secondary', 'Local authority maintained schools', 380, NULL);
INSERT INTO rule_setting VALUES (100001, 'part-time timetable', 'record', 'test', 'test');
INSERT INTO pupil (pupil_id, surname, forename, sex, date_of_birth)
SELECT CASE WHEN n > 12 THEN 9007199254740900 + n - 12 ELSE n END, 'Surname ' || n, 'Zoë', CASE n % 3 WHEN 0 THEN 'F' WHEN 1 THEN 'M' END,
    date '2014-10-01' + n
FROM generate_series(1, 24) AS n;
INSERT INTO enrolment (school_urn, pupil_id, start_date, year_group, registration_group)
SELECT CASE WHEN pupil_id BETWEEN 7 AND 12 THEN 100002 ELSE 100001 END, pupil_id, '2023-09-01', '6', 'Class ' || pupil_id % 2 FROM pupil;
INSERT INTO pupil_characteristic (pupil_id, characteristic, value, from_day)
SELECT pupil_id, 'fsm', 'Y', '2024-01-01' FROM pupil WHERE pupil_id % 4 = 0;
INSERT INTO term_date VALUES (100001, 2025, 'Autumn', 1, '2025-09-01', '2025-10-24'), (100001, 2025, 'Spring', 1, '2026-01-05', '2026-02-13');
INSERT INTO school_day (school_urn, day)
SELECT urn, d FROM school, generate_series(timestamp '2025-09-01', '2025-09-19', '1 day') AS d WHERE extract(isodow FROM d) < 6;
INSERT INTO mark (school_urn, pupil_id, day, session, mark)
SELECT e.school_urn, e.pupil_id, d.day, s.session,
    CASE WHEN (e.pupil_id + (d.day - date '2025-09-01')) % 7 = 0 THEN 'I' WHEN (e.pupil_id + (d.day - date '2025-09-01')) % 11 = 0 THEN 'O'
        ELSE s.present END::session_mark
FROM enrolment e JOIN school_day d ON d.school_urn = e.school_urn CROSS JOIN (VALUES ('AM', '/'), ('PM', '\')) AS s (session, present)
WHERE e.pupil_id <= 12;
CREATE ROLE driver LOGIN;
GRANT USAGE ON SCHEMA attendance, register TO driver;
GRANT SELECT ON ALL TABLES IN SCHEMA register TO driver;
SELECT show_all('register', 'driver') \g /dev/null
GRANT INSERT ON mark TO driver;
GRANT INSERT (school_urn, academic_year, pupil_id), UPDATE (marks, entered_by, title, reason) ON register_line TO driver;
SELECT format('ALTER ROLE driver IN DATABASE %I SET search_path = register, attendance', current_database()) \gexec
ANALYZE;
