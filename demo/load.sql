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
\copy enrolment (school_urn, pupil_id, start_date, end_date, status, year_group, registration_group) FROM PROGRAM 'cut -d, -f1-7 enrolments.csv' CSV HEADER
\copy term_date FROM 'term_dates.csv' CSV HEADER
\copy school_day (school_urn, day, morning, afternoon, closure) FROM 'school_days.csv' CSV HEADER
ANALYZE;

\echo '  the registers of all schools but one, a line a pupil, in packed form'
\copy register_line (school_urn, academic_year, pupil_id, marks) FROM 'register_lines.csv' CSV HEADER
\set copied_school `cat copied_school.txt`
\echo '  the marks of school' :copied_school 'as its own system would send them: COPY mark FROM ... CSV'
\copy mark (school_urn, upn, day, session, mark) FROM PROGRAM 'cat marks_$(cat copied_school.txt).csv' CSV HEADER
VACUUM ANALYZE register_line;
