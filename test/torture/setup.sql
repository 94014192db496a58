-- A register for storm: schools of 60 pupils from :first on, with the days from September to July.
-- psql -v register=r -v schools=40
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SELECT create_register(:'register'), add_academic_year(:'register', 2025) \g /dev/null
ALTER DATABASE :DBNAME SET search_path = :"register", attendance, public;
SET search_path = :"register", attendance, public;
INSERT INTO local_authority VALUES (380, NULL, 'Bradford', NULL);
INSERT INTO school (urn, name, phase, type, la_number)
SELECT 100000 + n, format('School %s', n), 'Primary', 'Academies', 380 FROM generate_series(1, :schools) AS n;
INSERT INTO authorised_person (school_urn, name, title, from_day) SELECT urn, 'A Head', 'Headteacher', '2020-01-01' FROM school;
INSERT INTO rule_setting (school_urn, rule, action, reason, decided_by)
SELECT s.urn, r.rule, 'record', 'storm', 'A Head'
FROM school s, unnest(ARRAY['deletion ground', 'late admission']) AS r (rule);
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth)
SELECT n * 1000 + i, format('Surname %s', i), 'Forename', '2015-03-01' FROM generate_series(1, :schools) AS n, generate_series(1, :pupils) AS i;
INSERT INTO enrolment (school_urn, pupil_id, start_date)
SELECT 100000 + p.pupil_id / 1000, p.pupil_id, '2025-08-01' FROM pupil p;
INSERT INTO school_day (school_urn, day)
SELECT s.urn, d::date FROM school s, generate_series(timestamp '2025-09-01', '2026-07-31', '1 day') AS d;
