-- The demo's register: everything goes in the way that users put it in.
\pset footer off
\timing off

CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;
ALTER DATABASE demo SET search_path = register, attendance, public;
SELECT attendance.create_register('register') \g /dev/null
SET search_path = register, attendance, public;
SELECT add_academic_year('register', 2025, fillfactor => 100) \g /dev/null

\echo '  schools, pupils, enrolments and calendars'
\copy region FROM 'regions.csv' CSV HEADER
\copy local_authority FROM 'local_authorities.csv' CSV HEADER
\copy trust FROM 'trusts.csv' CSV HEADER
\copy school (urn, laestab, name, phase, type, la_number, trust_uid) FROM 'schools.csv' CSV HEADER
\copy pupil (pupil_id, upn, surname, forename, sex, date_of_birth) FROM 'pupils.csv' CSV HEADER
-- pupils who moved: ground A, or 3A for those who were not of compulsory school age
CREATE TEMPORARY TABLE enrolment_file (LIKE enrolment);
ALTER TABLE enrolment_file ALTER status SET DEFAULT 'C', ALTER boarder SET DEFAULT 'N', ALTER entered_at SET DEFAULT now();
\copy enrolment_file (school_urn, pupil_id, start_date, end_date, year_group, registration_group) FROM 'enrolments.csv' CSV HEADER
INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, year_group, registration_group, entry_reason,
    deletion_ground, next_school, deleted_at)
SELECT f.school_urn, f.pupil_id, f.start_date, f.end_date, f.year_group, f.registration_group,
    'taken over from the school''s own system', g.ground, CASE WHEN g.ground = 'A' THEN 'another school of the authority' END, f.end_date + time '15:30'
FROM enrolment_file f
JOIN pupil p ON p.pupil_id = f.pupil_id
CROSS JOIN LATERAL (SELECT CASE WHEN f.end_date IS NULL THEN NULL
    WHEN f.end_date <@ compulsory_school_age(p.date_of_birth) THEN 'A' ELSE '3A' END AS ground) AS g;
\copy term_date FROM 'term_dates.csv' CSV HEADER
\copy school_day (school_urn, day, morning, afternoon, closure) FROM 'school_days.csv' CSV HEADER
ANALYZE;

\echo '  the registers of all schools but one, a line a pupil, in packed form'
\copy register_line (school_urn, academic_year, pupil_id, marks) FROM 'register_lines.csv' CSV HEADER
\set copied_school `cat copied_school.txt`
\echo '  the marks of school' :copied_school 'as its own system would send them: COPY mark FROM ... CSV'
\copy mark (school_urn, upn, day, session, mark) FROM PROGRAM 'cat marks_$(cat copied_school.txt).csv' CSV HEADER
VACUUM ANALYZE register_line;
