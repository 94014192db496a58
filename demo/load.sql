-- The demo's register: everything goes in the way that users put it in.
\pset footer off
\timing off

CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;
ALTER DATABASE :"DBNAME" SET search_path = register, public, attendance;
SELECT attendance.create_register('register') \g /dev/null
SET search_path = register, public, attendance;
SELECT add_academic_year('register', 2025, fillfactor => 100) \g /dev/null

\echo '  schools, pupils, enrolments and calendars'
\copy region FROM 'regions.csv' CSV HEADER
\copy local_authority FROM 'local_authorities.csv' CSV HEADER
\copy trust FROM 'trusts.csv' CSV HEADER
\copy school (urn, laestab, name, phase, type, la_number, trust_uid) FROM 'schools.csv' CSV HEADER
\copy pupil (pupil_id, upn, surname, forename, sex, date_of_birth) FROM 'pupils.csv' CSV HEADER
\copy person (person_id, full_name) FROM 'persons.csv' CSV HEADER
\copy contact (contact_id, pupil_id, full_name, address, relationship, is_parent, lives_with, emergency_numbers, priority, person_id) FROM 'contacts.csv' CSV HEADER
\copy pupil_address (pupil_id, address, from_day, area) FROM 'pupil_addresses.csv' CSV HEADER
\copy enrolment (school_urn, pupil_id, start_date, end_date, status, year_group, registration_group, agreed_on, starting_day_basis, entry_reason, deletion_ground, ground_arose_on, deletion_evidence, deleted_at, next_school, next_school_start, last_school, last_school_address) FROM 'enrolments.csv' CSV HEADER
\copy dual_registration (school_urn, pupil_id, other_school_urn, other_school, from_day, to_day, main) FROM 'dual_registrations.csv' CSV HEADER
\copy term_date FROM 'term_dates.csv' CSV HEADER
\copy school_day (school_urn, day, morning, afternoon, closure) FROM 'school_days.csv' CSV HEADER
-- what is entered from now on comes after the numbers that the files gave
SELECT setval(pg_get_serial_sequence('pupil', 'pupil_id'), max(pupil_id)) FROM pupil \g /dev/null
SELECT setval(pg_get_serial_sequence('contact', 'contact_id'), max(contact_id)) FROM contact \g /dev/null
SELECT setval(pg_get_serial_sequence('person', 'person_id'), max(person_id)) FROM person \g /dev/null
ANALYZE;

-- before the marks, which need it
\echo '  leave, part-time timetables, suspensions, and what activities and causes were'
\copy authorised_person (school_urn, name, title, from_day) FROM 'authorised_persons.csv' CSV HEADER
\copy leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant, received_at, decided_by, decided_at, status, licence_reference, licence_from, licence_to, last_examination) FROM 'leaves.csv' CSV HEADER
\copy part_time_timetable (school_urn, pupil_id, sessions, circumstances, agreed_on, contact_id, agreed_with, agreed_by, review_dates, status) FROM 'part_time_timetables.csv' CSV HEADER
\copy mark_nature (school_urn, pupil_id, mark, sessions, nature) FROM 'natures.csv' CSV HEADER
\copy suspension (school_urn, pupil_id, kind, sessions, grounds, decided_by, told_on, provision_from, provision) FROM 'suspensions.csv' CSV HEADER
-- here a part-time timetable of up to a term is temporary
INSERT INTO registration_policy (school_urn, from_day, temporary_weeks) SELECT urn, '2025-09-01', 14 FROM school;
ANALYZE;

\echo '  the registers of all schools but one, a line a pupil, in packed form'
\copy register_line (school_urn, academic_year, pupil_id, marks) FROM 'register_lines.csv' CSV HEADER
\echo '  the marks of school 900004 as its own system would send them: COPY mark FROM ... CSV'
\copy mark (school_urn, upn, day, session, mark) FROM 'marks_900004.csv' CSV HEADER
VACUUM ANALYZE register_line;
