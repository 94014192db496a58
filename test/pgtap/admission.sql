-- The admission register: what its tables take, the starting day, late entries, dual registration,
-- and the listings.
BEGIN;
SET timezone = 'Europe/London';
\ir register/fixture.sql
SELECT * FROM no_plan();

-- who amends an entry, and why, is not what is tested here
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by)
SELECT urn, 'entry changed', 'record', 'test', 'test' FROM r.school \g /dev/null

-- ---------- tables: every constraint ----------

-- An INSERT, tried and undone: 'accepted', or the SQLSTATE and the constraint.
CREATE FUNCTION verdict(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text;
    name text;
BEGIN
    BEGIN
        EXECUTE command;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, name = CONSTRAINT_NAME;
    END;
    RETURN CASE WHEN state = 'ZZ000' THEN 'accepted' ELSE concat_ws(' ', state, NULLIF(name, '')) END;
END
$$;

CREATE FUNCTION tried(relation text, columns text, given text, wanted text) RETURNS text LANGUAGE sql
RETURN is(verdict(format('INSERT INTO r.%s (%s) VALUES (%s)', relation, columns, given)), wanted,
          format('%s (%s): %s', relation, given, wanted));

CREATE TEMP TABLE try (relation text, columns text, given text, wanted text);
INSERT INTO try VALUES
    ('pupil', 'surname, forename, date_of_birth, known_as', '''A'', ''B'', ''2015-01-01'', ''C''', 'accepted'),
    ('pupil', 'surname, forename, date_of_birth', '''A'' || chr(1), ''B'', ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth', '''A'' || chr(8), ''B'', ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth', '''A'' || chr(11), ''B'', ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth', '''A'' || chr(12), ''B'', ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth', '''A'' || chr(31), ''B'', ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth', '''A'' || chr(65534), ''B'', ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth', '''A'' || chr(65535), ''B'', ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth', '''A'', chr(1) || ''B'', ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth, middle_names', '''A'', ''B'', ''2015-01-01'', chr(1)', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth, known_as', '''A'', ''B'', ''2015-01-01'', chr(1)', '23514 pupil_names_are_text'),
    ('pupil', 'surname, forename, date_of_birth', '''A'' || chr(9) || chr(10) || chr(65533) || chr(65536) || chr(131070), ''B'', ''2015-01-01''', 'accepted'),
    ('school', 'urn, name, phase, type, la_number', '100009, ''A'' || chr(27), ''Primary'', ''Academies'', 380', '23514 school_name_is_text'),
    ('contact', 'pupil_id, full_name, is_parent', '1, ''A B'', true', 'accepted'),
    ('contact', 'pupil_id, full_name, is_parent, emergency_numbers', '1, ''A B'', true, ''{01632 960001}''', 'accepted'),
    ('contact', 'pupil_id, full_name, is_parent, emergency_numbers', '1, ''A B'', true, ''{01632 960001,NULL}''',
        '23514 contact_emergency_numbers'),
    ('contact', 'pupil_id, full_name, is_parent, emergency_numbers', '1, ''A B'', true, ''{""}''', '23514 contact_emergency_numbers'),
    ('contact', 'pupil_id, full_name, is_parent, emergency_numbers', '1, ''A B'', true, NULL', '23502'),
    ('contact', 'pupil_id, full_name, is_parent', '1, '' '', true', '23514 contact_full_name'),
    ('contact', 'pupil_id, full_name, is_parent', '1, NULL, true', '23502'),
    ('contact', 'pupil_id, full_name, is_parent', '1, ''A B'', NULL', '23502'),
    ('contact', 'pupil_id, full_name, is_parent, lives_with', '1, ''A B'', true, NULL', '23502'),
    ('contact', 'pupil_id, full_name, is_parent', '999, ''A B'', true', '23503 contact_pupil_id_fkey'),
    ('contact', 'contact_id, pupil_id, full_name, is_parent', '1, 1, ''A B'', true', '23505 contact_pkey'),
    ('pupil_address', 'pupil_id, address, from_day', '1, ''1 Road'', ''2025-09-02''', 'accepted'),
    ('pupil_address', 'pupil_id, address, from_day, to_day', '1, ''1 Road'', ''2025-09-02'', ''2025-09-02''', 'accepted'),
    ('pupil_address', 'pupil_id, address, from_day, to_day', '1, ''1 Road'', ''2025-09-02'', ''2025-09-01''', '23514 pupil_address_days'),
    ('pupil_address', 'pupil_id, address, from_day', '1, '''', ''2025-09-02''', '23514 pupil_address_text'),
    ('pupil_address', 'pupil_id, address, from_day', '1, ''1 Road'', NULL', '23502'),
    ('pupil_address', 'pupil_id, address, from_day', '999, ''1 Road'', ''2025-09-02''', '23503 pupil_address_pupil_id_fkey'),
    ('pupil_address', 'pupil_id, address, from_day', '1, ''2 Road'', ''2025-09-01''', '23505 pupil_address_one_from_day'),
    ('pupil_address', 'pupil_id, address, from_day, in_addition', '1, ''2 Road'', ''2025-09-01'', true', 'accepted'),
    ('pupil_address', 'address_id, pupil_id, address, from_day', '1, 1, ''1 Road'', ''2025-09-02''', '23505 pupil_address_pkey'),
    ('dual_registration', 'school_urn, pupil_id, other_school_urn, from_day, main', '100001, 1, 999999, ''2025-09-01'', true', 'accepted'),
    ('dual_registration', 'school_urn, pupil_id, other_school, from_day, main', '100001, 1, ''X'', ''2025-09-01'', true', 'accepted'),
    ('dual_registration', 'school_urn, pupil_id, from_day, main', '100001, 1, ''2025-09-01'', true', '23514 dual_registration_other'),
    ('dual_registration', 'school_urn, pupil_id, from_day, main, other_school_urn', '100001, 1, ''2025-09-01'', true, 99999', '23514 dual_registration_other_has_six_digits'),
    ('dual_registration', 'school_urn, pupil_id, other_school_urn, from_day, main', '100001, 1, 100001, ''2025-09-01'', true',
        '23514 dual_registration_other'),
    ('dual_registration', 'school_urn, pupil_id, other_school, from_day, to_day, main',
        '100001, 1, ''X'', ''2025-09-02'', ''2025-09-01'', true', '23514 dual_registration_days'),
    ('dual_registration', 'school_urn, pupil_id, other_school, from_day, main', '100001, 1, ''X'', ''2025-09-01'', NULL', '23502'),
    ('dual_registration', 'school_urn, pupil_id, other_school, from_day, main', '100008, 1, ''X'', ''2025-09-01'', true',
        '23503 dual_registration_school_urn_fkey'),
    ('dual_registration', 'school_urn, pupil_id, other_school, from_day, main', '100001, 999, ''X'', ''2025-09-01'', true',
        '23503 dual_registration_pupil_id_fkey'),
    ('dual_registration', 'dual_registration_id, school_urn, pupil_id, other_school, from_day, main',
        '1, 100002, 1, ''X'', ''2025-09-01'', true', '23505 dual_registration_pkey'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person', '100001, 1, ''2025-09-01'', ''A'', ''B''', 'accepted'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person', '100001, 1, ''2025-09-01'', ''A'', NULL', '23502'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person', '100001, 1, ''2025-09-01'', NULL, ''B''', '23502'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person', '100008, 1, ''2025-09-01'', ''A'', ''B''',
        '23503 joint_enquiry_school_urn_fkey'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person', '100001, 999, ''2025-09-01'', ''A'', ''B''',
        '23503 joint_enquiry_pupil_id_fkey'),
    ('joint_enquiry', 'enquiry_id, school_urn, pupil_id, started_on, school_person, authority_person',
        '1, 100002, 1, ''2025-09-01'', ''A'', ''B''', '23505 joint_enquiry_pkey'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person, concluded_on, outcome',
        '100001, 1, ''2025-09-02'', ''A'', ''B'', ''2025-09-01'', ''found''', '23514 joint_enquiry_days'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person, concluded_on, outcome',
        '100001, 1, ''2025-09-01'', ''A'', ''B'', ''2025-09-01'', ''lost''', '23514 joint_enquiry_outcome_check'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person, concluded_on',
        '100001, 1, ''2025-09-01'', ''A'', ''B'', ''2025-09-01''', '23514 joint_enquiry_outcome'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person, outcome',
        '100001, 1, ''2025-09-01'', ''A'', ''B'', ''found''', '23514 joint_enquiry_outcome'),
    ('contact', 'pupil_id, full_name, is_parent, person_id', '1, ''A B'', true, 999', '23503 contact_person_id_fkey'),
    ('pupil_address', 'pupil_id, address, from_day, area', '1, ''1 Road'', ''2025-09-02'', ''Heaton''', 'accepted'),
    ('pupil_address', 'pupil_id, address, from_day, area', '1, ''1 Road'', ''2025-09-02'', '' ''', '23514 pupil_address_area_check'),
    ('deletion_ground', 'regime, ground, from_day, reference, description', '''2024'', ''Q'', ''2025-01-01'', ''x'', ''y''', 'accepted'),
    ('deletion_ground', 'regime, ground, from_day, reference, description', '''1870'', ''Q'', ''2025-01-01'', ''x'', ''y''',
        '23503 deletion_ground_regime_fkey'),
    ('deletion_ground', 'regime, ground, from_day, reference, description', '''2024'', ''A'', ''2024-08-19'', ''x'', ''y''',
        '23505 deletion_ground_pkey'),
    ('deletion_ground', 'regime, ground, from_day, to_day, reference, description',
        '''2024'', ''Q'', ''2025-01-01'', ''2024-01-01'', ''x'', ''y''', '23514 deletion_ground_days'),
    ('deletion_ground', 'regime, ground, from_day, reference, description, pupils',
        '''2024'', ''Q'', ''2025-01-01'', ''x'', ''y'', ''all''', '23514 deletion_ground_pupils_check'),
    ('deletion_ground', 'regime, ground, from_day, reference, description, boarders',
        '''2024'', ''Q'', ''2025-01-01'', ''x'', ''y'', ''all''', '23514 deletion_ground_boarders_check'),
    ('deletion_ground', 'regime, ground, from_day, reference, description, leave_days',
        '''2024'', ''Q'', ''2025-01-01'', ''x'', ''y'', 0', '23514 deletion_ground_leave_days_check'),
    ('deletion_ground', 'regime, ground, from_day, reference, description, absent_days',
        '''2024'', ''Q'', ''2025-01-01'', ''x'', ''y'', 0', '23514 deletion_ground_absent_days_check'),
    ('deletion_ground', 'regime, ground, from_day, reference, description, attendance_order',
        '''2024'', ''Q'', ''2025-01-01'', ''x'', ''y'', ''any''', '23514 deletion_ground_attendance_order_check'),
    ('enrolment', 'school_urn, pupil_id, start_date, starting_day_basis', '100004, 1, ''2025-09-01'', ''guessed''',
        '23514 enrolment_starting_day_basis'),
    ('enrolment', 'school_urn, pupil_id, start_date, starting_day_basis', '100004, 1, ''2025-09-01'', ''attended''', 'accepted'),
    ('enrolment', 'school_urn, pupil_id, start_date, starting_day_basis, agreed_on', '100004, 1, ''2025-09-01'', ''attended'', ''2025-08-31''',
        '23514 enrolment_starting_day_attended'),
    ('enrolment', 'school_urn, pupil_id, start_date, last_school, last_school_address', '100004, 1, ''2025-09-01'', ''X'', ''Y''', 'accepted'),
    ('enrolment', 'school_urn, pupil_id, start_date, last_school_address', '100004, 1, ''2025-09-01'', ''Y''', '23514 enrolment_last_school'),
    ('enrolment', 'school_urn, pupil_id, start_date, next_school, next_school_start', '100004, 1, ''2025-09-01'', ''X'', ''2026-01-01''', 'accepted'),
    ('enrolment', 'school_urn, pupil_id, start_date, next_school_start', '100004, 1, ''2025-09-01'', ''2026-01-01''', '23514 enrolment_next_school'),
    ('enrolment', 'school_urn, pupil_id, start_date, deleted_at', '100004, 1, ''2025-09-01'', ''2025-10-01''', '23514 enrolment_deletion_entered'),
    ('enrolment', 'school_urn, pupil_id, start_date, deletion_ground', '100004, 1, ''2025-09-01'', ''K''', '23514 enrolment_not_deleted'),
    ('enrolment', 'school_urn, pupil_id, start_date, ground_arose_on', '100004, 1, ''2025-09-01'', ''2025-10-01''', '23514 enrolment_not_deleted'),
    ('enrolment', 'school_urn, pupil_id, start_date, deletion_evidence', '100004, 1, ''2025-09-01'', ''x''', '23514 enrolment_not_deleted'),
    ('enrolment', 'school_urn, pupil_id, start_date, end_date, deleted_at, deletion_ground, ground_arose_on',
        '100004, 1, ''2025-09-01'', ''2025-10-01'', ''2025-10-01'', ''K'', ''2025-10-02''', '23514 enrolment_ground_arose'),
    -- one main school at a time; any number of others
    ('enrolment', 'school_urn, pupil_id, start_date, status', '100004, 3, ''2025-09-01'', ''M''', '23P01 enrolment_one_main'),
    ('enrolment', 'school_urn, pupil_id, start_date, status', '100004, 3, ''2025-09-01'', ''S''', 'accepted'),
    ('enrolment', 'school_urn, pupil_id, start_date, status', '100004, 3, ''2025-09-01'', ''C''', 'accepted'),
    ('enrolment', 'school_urn, pupil_id, start_date, status', '100004, 4, ''2025-09-01'', ''M''', 'accepted');

-- what the tables themselves say of columns that a_stamp_entry takes or sets first
CREATE TEMP TABLE stamped (LIKE try);
CREATE ROLE admission_access;
INSERT INTO stamped VALUES
    ('pupil', 'surname, forename, date_of_birth, entered_by', '''A'', ''B'', ''2015-01-01'', ''x''', '23514 pupil_signature'),
    ('pupil', 'surname, forename, date_of_birth, title', '''A'', ''B'', ''2015-01-01'', ''x''', '23514 pupil_signature'),
    ('pupil', 'surname, forename, date_of_birth, reason', '''A'', ''B'', ''2015-01-01'', ''x''', '23514 pupil_signature'),
    ('contact', 'pupil_id, full_name, is_parent, reason', '1, ''A B'', true, ''x''', '23514 contact_signature'),
    ('enrolment_former', 'school_urn, pupil_id, start_date, to_day, status, boarder, entered_by, title, reason', '100001, 1, ''2024-09-01'', ''2025-09-01'', ''C'', ''N'', ''x'', ''y'', ''z''',
        '23514 enrolment_former_signature'),
    ('contact_former', 'contact_id, to_day, is_parent, lives_with, entered_by, title, reason', '1, ''2025-09-01'', true, true, ''x'', ''y'', ''z''', '23514 contact_former_signature'),
    ('pupil_address', 'pupil_id, address, from_day, title', '1, ''1 Road'', ''2025-09-02'', ''x''', '23514 pupil_address_signature'),
    ('dual_registration', 'school_urn, pupil_id, other_school, from_day, main, entered_by',
        '100001, 1, ''X'', ''2025-09-01'', true, ''x''', '23514 dual_registration_signature'),
    ('attendance_order', 'school_urn, pupil_id, made_on, authority, entered_by', '100001, 1, ''2025-09-01'', ''A'', ''x''', '23514 attendance_order_signature'),
    ('suspension', 'school_urn, pupil_id, kind, sessions, grounds, decided_by, entered_by',
        '100001, 1, ''suspension'', ''{[2025-09-08 AM,2025-09-08 PM]}'', ''x'', ''A'', ''x''', '23514 suspension_signature'),
    ('person', 'full_name, entered_by', '''A B'', ''x''', '23514 person_signature'),
    ('office_holder', 'office, school_urn, name, from_day, title', '''SENCO'', 100001, ''A'', ''2025-09-01'', ''x''', '23514 office_holder_signature'),
    ('access', 'role, capacity, school_urn, from_day, granted_by, title', '''admission_access'', ''auditor'', 100001, ''2025-09-01'', ''A'', ''x''', '23514 access_signature'),
    ('evidence', 'expectation, school_urn, done_on, said, reason', '(SELECT min(expectation) FROM r.expectation WHERE bearer = ''school''), 100001, ''2025-09-01'', ''x'', ''x''',
        '23514 evidence_signature'),
    ('attendance_case', 'school_urn, pupil_id, tier, opened_on, opened_because, entered_by', '100001, 1, ''severe'', ''2025-09-01'', ''x'', ''x''', '23514 attendance_case_signature'),
    ('agreed_action', 'case_id, action, owner, due_on, title', '1, ''x'', ''A'', ''2025-09-02'', ''x''', '23514 agreed_action_signature'),
    ('family_contact', 'school_urn, pupil_id, purpose, channel, reached, made_by, reason', '100001, 1, ''letter'', ''letter'', false, ''A'', ''x''', '23514 family_contact_signature'),
    ('attendance_target', 'school_urn, measure, days, percent, set_by, set_on, entered_by',
        '100001, ''attendance'', ''[2025-09-01,2026-08-01)'', 95, ''A'', ''2025-09-01'', ''x''', '23514 attendance_target_signature'),
    ('attendance_support', 'school_urn, pupil_id, kind, offered_on, description, title', '100001, 1, ''voluntary support'', ''2025-09-01'', ''x'', ''x''', '23514 attendance_support_signature'),
    ('notice_to_improve', 'school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day, reason',
        '100001, 2, 1, ''{[2025-09-08 AM,2025-09-08 PM]}'', ''2025-09-22'', ''A'', ''x'', ''x'', ''2025-09-22'', ''2025-10-22'', ''x''', '23514 notice_to_improve_signature'),
    ('penalty_notice', 'school_urn, pupil_id, contact_id, sessions, step, issued_on, issued_by, entered_by',
        '100001, 2, 1, ''{[2025-09-08 AM,2025-09-08 PM]}'', 1, ''2025-09-22'', ''A'', ''x''', '23514 penalty_notice_signature'),
    ('reading', 'what, pupil_id, entered_by', '''pupil file'', 1, ''x''', '23514 reading_signature'),
    ('joint_enquiry', 'school_urn, pupil_id, started_on, school_person, authority_person, entered_by',
        '100001, 1, ''2025-09-01'', ''A'', ''B'', ''x''', '23514 joint_enquiry_signature'),
    ('enrolment', 'school_urn, pupil_id, start_date, entered_by', '100004, 1, ''2025-09-01'', ''x''', '23514 enrolment_signature'),
    ('pupil', 'surname, forename, date_of_birth, entered_at', '''A'', ''B'', ''2015-01-01'', NULL', '23502'),
    ('enrolment', 'school_urn, pupil_id, start_date, entered_at', '100004, 1, ''2025-09-01'', NULL', '23502');

INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (1, 2, 'Only Known', true);
INSERT INTO r.pupil_address (address_id, pupil_id, address, from_day) VALUES (1, 1, '1 Road', '2025-09-01');
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) VALUES (1, 100001, 2, 'severe', '2025-09-01', 'x');
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100001, 'no offence', 'record', 'test', 'test');
INSERT INTO r.dual_registration (dual_registration_id, school_urn, pupil_id, other_school, from_day, main)
VALUES (1, 100002, 11, 'X', '2025-09-01', true);
INSERT INTO r.joint_enquiry (enquiry_id, school_urn, pupil_id, started_on, school_person, authority_person)
VALUES (1, 100002, 12, '2025-09-01', 'A', 'B');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status) VALUES (100003, 3, '2025-09-01', 'M');
SELECT setval(pg_get_serial_sequence(format('r.%s', name), id), 1000)
FROM (VALUES ('pupil', 'pupil_id'), ('contact', 'contact_id'), ('pupil_address', 'address_id'), ('dual_registration', 'dual_registration_id'),
             ('joint_enquiry', 'enquiry_id'), ('attendance_case', 'case_id')) AS v (name, id) \g /dev/null

SELECT tried(relation, columns, given, wanted) FROM try;
-- An INSERT of which the time is stamped and the signature does not stay; what it leaves is undone.
CREATE FUNCTION entered(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        EXECUTE command || ' RETURNING concat_ws('' '', entered_at BETWEEN now() AND clock_timestamp(), entered_by, title, reason)' INTO result;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN result;
    END;
END
$$;
SELECT is(entered(format('INSERT INTO r.%s (%s) VALUES (%s)', relation, columns, given)), 't', format('%s (%s): taken', relation, columns))
FROM stamped;
SELECT set_eq('SELECT relation FROM stamped', $$SELECT c.relname::text FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'r'::regnamespace AND t.tgname = 'a_stamp_entry' AND t.tgnargs > 0
      AND encode(t.tgargs, 'escape') LIKE 'signed%'$$, 'each table with signed entries is among them');
SELECT format('ALTER TABLE r.%s DISABLE TRIGGER a_stamp_entry', relation) FROM (SELECT DISTINCT relation FROM stamped) AS s \gexec
SELECT tried(relation, columns, given, wanted) FROM stamped;
SELECT format('ALTER TABLE r.%s ENABLE TRIGGER a_stamp_entry', relation) FROM (SELECT DISTINCT relation FROM stamped) AS s \gexec
-- the CHECK alone: the trigger says so first
ALTER TABLE r.enrolment DISABLE TRIGGER guard_ended_enrolment;
SELECT tried('enrolment', 'school_urn, pupil_id, start_date, end_date, deleted_at, deletion_ground', given, wanted) FROM (VALUES
    ('100004, 1, ''2025-09-01'', ''2025-10-01'', ''2025-10-01 23:59:59+01'', ''A''', 'accepted'),
    ('100004, 1, ''2025-09-01'', ''2025-10-01'', ''2025-10-02 00:00+01'', ''A''', '23514 enrolment_not_retrospective'),
    ('100004, 1, ''2025-09-01'', ''2025-10-01'', NULL, ''A''', '23514 enrolment_deletion_entered')) AS v (given, wanted);
ALTER TABLE r.enrolment ENABLE TRIGGER guard_ended_enrolment;
SELECT is((SELECT array_agg(conname::text ORDER BY conname) FROM pg_constraint AS c
    WHERE connamespace = 'r'::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x')
      AND (conrelid = ANY ('{r.contact,r.pupil_address,r.dual_registration,r.joint_enquiry,r.deletion_ground}'::regclass[])
           OR conname ~ '^(pupil_signature|enrolment_(one_main|starting|last|next|deletion|not|ground|signature).*)$')
      AND NOT EXISTS (SELECT FROM (TABLE try UNION ALL TABLE stamped) AS t WHERE split_part(wanted, ' ', 2) = c.conname)),
    '{enrolment_not_retrospective}', 'no constraint is left out, but for the one that is tried by itself');

-- ---------- the starting day ----------

CREATE FUNCTION enrol(columns text, given text) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.enrolment (school_urn, pupil_id, start_date%s) VALUES (100004, 1, %s)', columns, given);
-- An amendment of pupil 1's entry at school 100004.
CREATE FUNCTION amend(change text) RETURNS text LANGUAGE sql
RETURN format('UPDATE r.enrolment SET %s WHERE school_urn = 100004 AND pupil_id = 1', change);

SELECT refused(enrol(', agreed_on', '''2025-09-01'', ''2025-09-02'''),
    'AT031: school 100004, pupil 1: the starting day 2025-09-01 is before 2025-09-02, when it was agreed or notified', 'backdated');
SELECT refused(enrol(', starting_day_basis', format('''2025-09-01'', %L', basis)),
    format('AT031: school 100004, pupil 1: the starting day 2025-09-01 is %s, but the day on which it was is missing', basis),
    basis || ', but when?') FROM unnest('{agreed,notified}'::text[]) AS basis;
SELECT is(outcome(enrol(', agreed_on, starting_day_basis', given)), 'accepted', given) FROM (VALUES
    ('''2025-09-01'', ''2025-09-01'', ''agreed'''), ('''2025-09-01'', ''2025-08-31'', ''notified'''),
    ('''2025-09-01'', ''2025-09-01'', NULL'), ('''2025-09-01'', NULL, ''attended'''), ('''2025-09-01'', NULL, NULL')) AS v (given);
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, agreed_on, starting_day_basis, entry_reason)
VALUES (100004, 1, '2025-09-01', '2025-09-01', 'agreed', 'taken over');
SELECT refused(amend(change), 'AT031: school 100004, pupil 1: ' || wanted, change) FROM (VALUES
    ('start_date = ''2025-08-31''', 'the starting day 2025-08-31 is before 2025-09-01, when it was agreed or notified'),
    ('agreed_on = ''2025-09-02''', 'the starting day 2025-09-01 is before 2025-09-02, when it was agreed or notified'),
    ('agreed_on = NULL', 'the starting day 2025-09-01 is agreed, but the day on which it was is missing')) AS v (change, wanted);
SELECT is(outcome(amend(change)), 'accepted', change) FROM (VALUES
    ('start_date = ''2025-09-02'''), ('agreed_on = ''2025-08-31'''), ('agreed_on = NULL, starting_day_basis = ''attended''')) AS v (change);
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100004, 'starting day', 'record', 'x', 'y');
SELECT accepted(amend('agreed_on = ''2025-09-03'''), 'a school may have it recorded');
SELECT results_eq('SELECT school_urn::int, pupil_id, rule, problem FROM r.admission_breach WHERE rule = ''starting day''',
    'VALUES (100004, 1::bigint, ''starting day'', ''agreed on 2025-09-03 only'')', 'and it is listed');
SELECT accepted(amend('agreed_on = NULL'), 'or without the day');
SELECT results_eq('SELECT problem FROM r.admission_breach WHERE rule = ''starting day''',
    'VALUES (''without the day on which it was agreed'')', 'listed, too');
UPDATE r.rule_setting SET action = 'refuse' WHERE school_urn = 100004 AND rule = 'starting day';
SELECT accepted(amend('registration_group = ''1A'''), 'what stands does not stop other changes');
SELECT matches(outcome(amend('start_date = ''2025-09-02''')), '^AT031', 'but is refused from then on');
SELECT accepted(amend('agreed_on = ''2025-08-31'''), 'and can be put right');

SELECT lives_ok(enter(6, '2024-09-09', 'AM', 'I'), 'a mark');
SELECT refused('UPDATE r.enrolment SET start_date = ''2024-09-10'' WHERE pupil_id = 6',
    'AT004: school 100001, pupil 6: the starting day cannot become 2024-09-10, as the pupil has a mark on 2024-09-09',
    'a starting day is not moved past a mark');
SELECT refused('UPDATE r.enrolment SET start_date = ''2026-01-01'' WHERE pupil_id = 6',
    'AT004: school 100001, pupil 6: the starting day cannot become 2026-01-01, as the pupil has a mark on 2024-09-09', 'nor to another year');
SELECT is(outcome('UPDATE r.enrolment SET start_date = ''2024-09-09'' WHERE pupil_id = 6'), 'accepted', 'but up to it');
SELECT is(outcome('UPDATE r.enrolment SET start_date = ''2024-08-31'' WHERE pupil_id = 6'), 'accepted', 'or to an earlier day');

-- ---------- late entries ----------

DELETE FROM r.rule_setting WHERE rule <> 'entry changed';
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100002, 'late admission', 'refuse', 'x', 'y');
-- What becomes of an enrolment of pupil 24 that starts so many days from today.
CREATE FUNCTION late(school int, days int, why text DEFAULT NULL) RETURNS text LANGUAGE sql
RETURN regexp_replace(outcome(format('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (%s, 24, %L, %L)',
    school, current_date + days, why)), '\d{4}-\d\d-\d\d', 'DAY', 'g');
SELECT is(late(100001, -1), 'accepted', 'a late entry is recorded by default');
SELECT is(late(100002, -1), 'AT030: school 100002, pupil 24: the name is entered on DAY, after the starting day DAY, without a reason',
          'or refused, if the school wants');
SELECT is(late(100002, -1, why), 'AT030: school 100002, pupil 24: the name is entered on DAY, after the starting day DAY, without a reason',
          'an empty reason is none') FROM unnest(ARRAY['', '  ']) AS why;
SELECT is(late(100002, -1, 'moved here in the holidays'), 'accepted', 'with a reason');
SELECT is(late(100002, days), 'accepted', 'in time: ' || days) FROM unnest('{0,1,100}'::int[]) AS days;
SELECT is(left(outcome('INSERT INTO r.enrolment (school_urn, pupil_id, start_date) SELECT school, 24, ''2025-09-01''
    FROM unnest(''{100001,100002,100003}''::int[]) AS school'), 28), 'AT030: school 100002, pupil ', 'among several schools');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (100002, 24, '2025-09-01', 'by mistake at another school');
SELECT matches(outcome(format('UPDATE r.enrolment SET %s WHERE school_urn = 100002 AND pupil_id = 24', change)), '^AT030: ', change)
FROM unnest('{entry_reason = NULL,"entry_reason = ''''","entry_reason = NULL, start_date = ''2025-09-02''"}'::text[]) AS change;
SELECT is(outcome(format('UPDATE r.enrolment SET %s WHERE school_urn = 100002 AND pupil_id = 24', change)), 'accepted', change)
FROM unnest(ARRAY['entry_reason = ''another''', 'start_date = ''2025-09-02''', 'registration_group = ''x''',
                  'entry_reason = NULL, start_date = current_date']) AS change;
SELECT is(outcome('UPDATE r.enrolment SET entry_reason = entry_reason WHERE school_urn = 100002 AND pupil_id = 11'), 'accepted',
    'one that was recorded earlier does not stop other changes');
SELECT results_eq('SELECT entered_on, days_late, entry_reason, breach FROM r.late_admission WHERE pupil_id = 24',
    'VALUES (current_date, current_date - date ''2025-09-01'', ''by mistake at another school'', false)', 'late entries are listed');
SELECT set_eq('SELECT school_urn::int, pupil_id FROM r.admission_breach WHERE rule = ''late admission''',
    'SELECT school_urn::int, pupil_id FROM r.enrolment WHERE start_date < current_date AND entry_reason IS NULL', 'and those without reason as breaches');
SELECT isnt_empty('SELECT FROM r.admission_breach WHERE rule = ''late admission''', 'of which there are some');

-- ---------- registrations that do not fit ----------

SELECT is_empty('SELECT * FROM r.registration_conflict WHERE pupil_id NOT IN (1, 3, 11, 24)', 'registrations of the fixture fit');
SELECT results_eq('SELECT school_urn::int, status, other_school_urn::int, other_status, from_day, to_day, problem FROM r.registration_conflict
                   WHERE pupil_id = 3 ORDER BY 1', $$VALUES
    (100001, 'C', 100003, 'M', date '2025-09-01', NULL::date, 'two schools, and neither the subsidiary one'),
    (100003, 'M', 100001, 'C', date '2025-09-01', NULL, 'two schools, and neither the subsidiary one') $$, 'main here, single there');
UPDATE r.enrolment SET status = 'S', holds_from = start_date WHERE pupil_id = 3 AND school_urn = 100001;
SELECT is_empty('SELECT * FROM r.registration_conflict WHERE pupil_id = 3', 'main and subsidiary fit');
SELECT results_eq('SELECT school_urn::int, status, problem FROM r.registration_conflict WHERE pupil_id = 11', $$VALUES
    (100002, 'C', 'main school in a dual registration, but not by its status') $$, 'dual registered, single by its status');
UPDATE r.dual_registration SET main = false WHERE pupil_id = 11;
UPDATE r.enrolment SET status = 'M', holds_from = start_date WHERE pupil_id = 11;
SELECT results_eq('SELECT school_urn::int, status, problem FROM r.registration_conflict WHERE pupil_id = 11', $$VALUES
    (100002, 'M', 'subsidiary school in a dual registration, but not by its status') $$, 'subsidiary, main by its status');
UPDATE r.enrolment SET status = 'S', holds_from = start_date WHERE pupil_id = 11;
SELECT is_empty('SELECT * FROM r.registration_conflict WHERE pupil_id = 11', 'subsidiary by both');
UPDATE r.enrolment SET status = 'S', holds_from = start_date WHERE pupil_id = 12;
SELECT results_eq('SELECT problem FROM r.registration_conflict WHERE pupil_id = 12', $$VALUES
    ('main or subsidiary by its status, but no other registration is known') $$, 'subsidiary to what?');
SELECT is_empty('SELECT * FROM r.registration_conflict WHERE pupil_id = 21', 'who moves was at one school at a time');

-- ---------- the register and its gaps ----------

-- what is of a pupil is of no school, so no setting lets it be changed without these
\set signed 'entered_by = ''Ms Office'', title = ''Secretary'', reason = ''told by a parent'''

CREATE FUNCTION gaps(pupil bigint) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(item || CASE WHEN required THEN '' ELSE '?' END, ', ' ORDER BY item)
        FROM r.admission_register_gap WHERE pupil_id = pupil);
SELECT is(gaps(5), 'address of the pupil, emergency numbers of two people?, parent, sex', 'only name and date of birth');
SELECT refused('UPDATE r.pupil SET sex = ''F'', entered_by = ''Ms Office'' WHERE pupil_id = 5',
    'AT036: table "pupil": to change an entry, entered_by, title and reason must be given', 'whatever a school has recorded');
UPDATE r.pupil SET sex = 'F', :signed WHERE pupil_id = 5;
INSERT INTO r.contact (pupil_id, full_name, is_parent, priority) VALUES (5, 'Ann Parent', true, 2);
SELECT is(gaps(5), 'address of a parent, address of the pupil, emergency numbers of two people?, parent with whom the pupil lives', 'a parent');
UPDATE r.contact SET lives_with = true, address = '1 Road', :signed WHERE pupil_id = 5;
SELECT is(gaps(5), 'address of the pupil, emergency number of a parent with whom the pupil lives, emergency numbers of two people?', 'lived with');
UPDATE r.contact SET emergency_numbers = '{01632 960001,01632 960002}', :signed WHERE pupil_id = 5;
INSERT INTO r.pupil_address (pupil_id, address, from_day) VALUES (5, '1 Road', '2020-01-01');
SELECT is(gaps(5), 'emergency numbers of two people?', 'advice only is left');
INSERT INTO r.contact (pupil_id, full_name, is_parent, priority, emergency_numbers) VALUES (5, 'Uncle Bob', false, 1, '{01632 960003}');
SELECT is(gaps(5), NULL, 'complete');
INSERT INTO r.contact (pupil_id, full_name, is_parent, lives_with, to_day) VALUES (5, 'Former Carer', true, true, current_date - 1);
SELECT is(gaps(5), NULL, 'who is no contact any more does not count');
INSERT INTO r.contact (pupil_id, full_name, address, is_parent, lives_with) VALUES (5, 'Cy Parent', '1 Road', true, true);
SELECT is(gaps(5), 'emergency number of a parent with whom the pupil lives', 'each parent lived with has a number');
UPDATE r.contact SET lives_with = false, address = '2 Road', :signed WHERE full_name = 'Cy Parent';
INSERT INTO r.pupil_address (pupil_id, address, from_day, in_addition, told_by)
VALUES (5, '2 Road', '2021-01-01', true, NULL), (5, '3 Road', current_date + 10, false, NULL);
UPDATE r.enrolment SET next_school = 'Next School' WHERE pupil_id = 5;
SELECT is(gaps(5), 'first day at the other school, parent who told of the future address', 'what is to come');
UPDATE r.pupil_address SET told_by = 'Ann Parent', :signed WHERE address = '3 Road';
UPDATE r.enrolment SET next_school_start = current_date + 10, last_school = 'First School', last_school_address = '9 Road' WHERE pupil_id = 5;
UPDATE r.pupil SET known_as = 'Fay', :signed WHERE pupil_id = 5;
SELECT is(gaps(5), NULL, 'complete');
SELECT is(gaps(25), NULL, 'pupils who have left are not listed');
SELECT results_eq('SELECT surname, forename, known_as, sex, date_of_birth, address, other_addresses, parents, emergency_numbers,
    starting_day, entered_on, last_school, last_school_address, is_boarder, future_address, future_address_from - current_date,
    future_address_told_by, next_school, next_school_start - current_date, end_date, deletion_ground
    FROM r.admission_register WHERE pupil_id = 5', $$
    VALUES ('Surname 5', 'Forename', 'Fay', 'F', date '2015-03-01', '1 Road', '2 Road',
        E'Ann Parent, 1 Road, the pupil lives here\nCy Parent, 2 Road', E'Uncle Bob: 01632 960003\nAnn Parent: 01632 960001, 01632 960002',
        date '2024-09-01', current_date, 'First School', '9 Road', false, '3 Road', 10, 'Ann Parent', 'Next School', 10,
        NULL::date, NULL::text) $$, 'all the fields');
SELECT results_eq('SELECT known_as, address, parents, end_date, deletion_ground, deletion_reference FROM r.admission_register WHERE pupil_id = 25',
    $$VALUES ('Forename Surname 25', NULL::text, NULL::text, date '2025-07-18', 'A', '9(1)(a)') $$, 'one who has left');
INSERT INTO r.pupil_address (pupil_id, address, from_day) VALUES (25, 'Then', '2024-01-01'), (25, 'Now', '2025-08-01');
SELECT is((SELECT address || ', ' || future_address FROM r.admission_register WHERE pupil_id = 25), 'Then, Now', 'is shown as on the last day');
SELECT is((SELECT count(*) FROM r.admission_register), (SELECT count(*) FROM r.enrolment), 'one row for each enrolment');
UPDATE r.pupil SET surname = 'aardvark', :signed WHERE pupil_id = 10;
SELECT is((SELECT array_agg(surname) FROM (SELECT surname FROM r.admission_register WHERE school_urn = 100001 LIMIT 2) AS s),
    '{aardvark,"Surname 1"}', 'in alphabetical order, whatever the case');

SELECT * FROM finish();
ROLLBACK;
