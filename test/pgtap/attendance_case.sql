-- Records of work with families and of what is shown: what is accepted, what is refused, and figures that stay as they were.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

CREATE FUNCTION today() RETURNS date LANGUAGE sql RETURN (now() AT TIME ZONE 'Europe/London')::date;
-- What becomes of a statement; it is undone.
CREATE FUNCTION tried(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text; column_name text; rule text; said text;
BEGIN
    BEGIN
        EXECUTE command;
        RAISE SQLSTATE 'ZZ001';
    EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
        RETURN 'accepted';
    WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, column_name = COLUMN_NAME, said = MESSAGE_TEXT;
        RETURN concat_ws(' ', state, nullif(column_name, ''), said);
    END;
END
$$;
INSERT INTO r.trust VALUES (90001, 'A Trust'), (90002, 'Another');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn = 100001;
INSERT INTO r.local_authority VALUES (381, 'E08000033', 'Calderdale', 'E12000003');
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (101, 1, 'Parent of 1', true), (102, 2, 'Parent of 2', true);
INSERT INTO r.expectation (expectation, bearer, says, source, edition, shown_by) VALUES ('S99.1', 'school', 'x', 'x', '2024', 'record'), ('T99.1', 'trust', 'x', 'x', '2024', 'record'),
    ('L99.1', 'local authority', 'x', 'x', '2024', 'record'), ('S99.2', 'school', 'x', 'x', '2024', 'statement');

-- ---------- expectations ----------

SELECT is(tried(format('INSERT INTO r.expectation (expectation, bearer, says, source, edition, shown_by, measure, office, every) VALUES (%s)', given)), wanted, description) FROM (VALUES
    ($$'S98.1', 'school', 'x', 'x', '2024', 'register', 'registration', NULL, '1 year'$$, 'accepted', 'of the register'),
    ($$'S98.1', 'school', 'x', 'x', '2024', 'record', NULL, 'senior champion', NULL$$, 'accepted', 'an office'),
    ($$'S98.1', 'school', 'x', 'x', '2024', 'register', NULL, NULL, NULL$$, '23514 new row for relation "expectation" violates check constraint "expectation_shown"', 'the register shows it by what'),
    ($$'S98.1', 'school', 'x', 'x', '2024', 'statement', 'registration', NULL, NULL$$, '23514 new row for relation "expectation" violates check constraint "expectation_shown"', 'a statement that is measured'),
    ($$'S98.1', 'parent', 'x', 'x', '2024', 'record', NULL, NULL, NULL$$, '23514 new row for relation "expectation" violates check constraint "expectation_bearer_check"', 'nobody''s'),
    ($$'S98.1', 'school', ' ', 'x', '2024', 'record', NULL, NULL, NULL$$, '23514 new row for relation "expectation" violates check constraint "expectation_says_check"', 'nothing'),
    ($$'S98.1', 'school', 'x', 'x', '2024', 'record', NULL, NULL, '0 days'$$, '23514 new row for relation "expectation" violates check constraint "expectation_every_check"', 'at all times')) AS v (given, wanted, description);

-- ---------- offices ----------

INSERT INTO r.office_holder (office, school_urn, name, from_day, to_day) VALUES ('senior champion', 100001, 'Ada Ash', '2024-09-01', '2025-08-31'), ('senior champion', 100001, 'Bo Birch', '2025-09-01', NULL),
    ('named contact', 100001, 'Cy Cedar', '2024-09-01', NULL), ('senior champion', 100002, 'Ada Ash', '2024-09-01', NULL), ('SENCO', 100001, 'Di Dogwood', '2024-09-01', NULL);
SELECT is(tried(format('INSERT INTO r.office_holder (office, school_urn, trust_uid, la_number, name, from_day, to_day) VALUES (%s)', given)), wanted, description) FROM (VALUES
    ($$'SENCO', 100001, NULL, NULL, 'x', '2024-09-01', NULL$$, 'accepted', 'two at a time'),
    ($$'attendance trustee', NULL, 90001, NULL, 'x', '2024-09-01', NULL$$, 'accepted', 'of a trust'),
    ($$'virtual school head', NULL, NULL, 380, 'x', '2024-09-01', NULL$$, 'accepted', 'of an authority'),
    ($$'attendance lead', NULL, NULL, 380, 'x', '2024-09-01', NULL$$, 'accepted', 'of an authority, or a trust'),
    ($$'senior champion', 100001, NULL, NULL, 'x', '2024-01-01', '2024-08-31'$$, 'accepted', 'before the other'),
    ($$'senior champion', 100001, NULL, NULL, 'x', '2025-08-31', '2025-08-31'$$, '23P01 conflicting key value violates exclusion constraint "office_holder_one"', 'a second champion on a day'),
    ($$'named contact', 100001, NULL, NULL, 'x', '2030-01-01', NULL$$, '23P01 conflicting key value violates exclusion constraint "office_holder_one"', 'a second named contact'),
    ($$'senior champion', NULL, 90001, NULL, 'x', '2024-09-01', NULL$$, '23514 new row for relation "office_holder" violates check constraint "office_holder_of"', 'a champion of a trust'),
    ($$'virtual school head', 100001, NULL, NULL, 'x', '2024-09-01', NULL$$, '23514 new row for relation "office_holder" violates check constraint "office_holder_of"', 'a virtual school head of a school'),
    ($$'SENCO', 100001, 90001, NULL, 'x', '2024-09-01', NULL$$, '23514 new row for relation "office_holder" violates check constraint "office_holder_of"', 'of two'),
    ($$'SENCO', NULL, NULL, NULL, 'x', '2024-09-01', NULL$$, '23514 new row for relation "office_holder" violates check constraint "office_holder_of"', 'of nobody'),
    ($$'SENCO', 100001, NULL, NULL, 'x', '2024-09-02', '2024-09-01'$$, '23514 new row for relation "office_holder" violates check constraint "office_holder_days"', 'ends before it begins'),
    ($$'caretaker', 100001, NULL, NULL, 'x', '2024-09-01', NULL$$, '23514 new row for relation "office_holder" violates check constraint "office_holder_office_check"', 'no office of attendance')) AS v (given, wanted, description);

-- ---------- cases ----------

CREATE FUNCTION a_case(other text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT format('INSERT INTO r.attendance_case (%s) VALUES (%s)', string_agg(quote_ident(key), ', '), string_agg(quote_nullable(value), ', '))
    FROM jsonb_each_text('{"school_urn": 100001, "pupil_id": 3, "tier": "persistent", "opened_on": "2025-09-12", "opened_because": "x"}' || other::jsonb)
$$;
SELECT is(tried(a_case(other)), wanted, description) FROM (VALUES
    ('{}', 'accepted', 'a case'),
    ('{"assessment": "x", "assessed_on": "2025-09-15", "lead_practitioner": "A", "lead_agency": "school", "joint_approach_on": "2025-09-16", "safeguarding_considered_on": "2025-09-16"}', 'accepted', 'with all of it'),
    ('{"closed_on": "2025-09-19", "outcome": "x"}', 'accepted', 'entered when it is over'),
    ('{"opened_on": "2999-01-01"}', 'AT022 opened_on attendance_case: opened_on cannot be 2999-01-01, which is still to come', 'to come'),
    (format('{"joint_approach_on": "%s"}', today() + 1), format('AT022 joint_approach_on attendance_case: joint_approach_on cannot be %s, which is still to come', today() + 1), 'tomorrow'),
    (format('{"joint_approach_on": "%s"}', today()), 'accepted', 'today'),
    ('{"opened_on": "2020-01-01"}', 'AT067 pupil 3 was not on the roll of school 100001 by 2020-01-01', 'before admission'),
    ('{"school_urn": 100002}', 'AT067 pupil 3 was not on the roll of school 100002 by 2025-09-12', 'of another school'),
    ('{"pupil_id": 999}', 'AT067 pupil 999 was not on the roll of school 100001 by 2025-09-12', 'nobody'),
    ('{"closed_on": "2025-09-19"}', '23514 new row for relation "attendance_case" violates check constraint "attendance_case_closed"', 'closed without an outcome'),
    ('{"closed_on": "2025-09-11", "outcome": "x"}', '23514 new row for relation "attendance_case" violates check constraint "attendance_case_check"', 'closed before it was opened'),
    ('{"assessment": "x"}', '23514 new row for relation "attendance_case" violates check constraint "attendance_case_assessment"', 'assessed on no day'),
    ('{"lead_agency": "x"}', '23514 new row for relation "attendance_case" violates check constraint "attendance_case_lead"', 'led by nobody'),
    ('{"tier": "naughty"}', '23514 new row for relation "attendance_case" violates check constraint "attendance_case_tier_check"', 'no tier'),
    ('{"figures_at_opening": {"possible": 1}}', 'AT067 figures_at_opening figures_at_opening of attendance_case are the register''s, and are not typed', 'figures that are typed')) AS v (other, wanted, description);

INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) VALUES (1, 100001, 1, 'persistent', '2025-09-12', 'x'), (2, 100001, 2, 'at risk', '2025-09-12', 'x');
SELECT is(tried(a_case('{"pupil_id": 1, "opened_on": "2025-09-15"}')), '23505 duplicate key value violates unique constraint "attendance_case_open"', 'a second open case of a pupil');
-- of which another school is told nothing
SELECT is(tried('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status, entry_reason) VALUES (100002, 1, ''2025-09-01'', ''S'', ''x''); ' || a_case('{"school_urn": 100002, "pupil_id": 1, "opened_on": "2025-09-15"}')), 'accepted', 'one at another school');
SELECT results_eq($$ SELECT figures_at_opening ->> 'days', (figures_at_opening ->> 'possible')::bigint, (figures_at_opening ->> 'absent')::bigint, figures_at_closing FROM r.attendance_case WHERE case_id = 1 $$,
    $$ SELECT '[2025-08-01,2025-09-13)', possible(t), absent(t), NULL::jsonb FROM (SELECT tally(l.marks, '[2025-08-01,2025-09-13)') AS t FROM r.register_line l WHERE l.pupil_id = 1 AND l.academic_year = 2025 AND l.school_urn = 100001) x $$,
    'the figures are those of the register');
CREATE TEMP TABLE figures AS SELECT figures_at_opening FROM r.attendance_case WHERE case_id = 1;
UPDATE r.mark SET mark = CASE mark_class(mark) WHEN 'present' THEN 'I' ELSE '/' END::session_mark, entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND pupil_id = 1 AND day = '2025-09-09';
UPDATE r.attendance_case SET lead_practitioner = 'A', entered_by = 'x', title = 'x', reason = 'x' WHERE case_id = 1;
SELECT results_eq('SELECT figures_at_opening FROM r.attendance_case WHERE case_id = 1', 'SELECT * FROM figures', 'and stay as they were');
UPDATE r.attendance_case SET closed_on = '2025-09-19', outcome = 'better', entered_by = 'x', title = 'x', reason = 'x' WHERE case_id = 1;
SELECT is((SELECT figures_at_closing ->> 'days' FROM r.attendance_case WHERE case_id = 1), '[2025-09-12,2025-09-20)', 'those of the closing are of its days');
SELECT is(tried(format('UPDATE r.attendance_case SET %s%s WHERE case_id = 1', change, signature)), wanted, change) FROM (VALUES
    ('outcome = ''much better''', ', entered_by = ''x'', title = ''x'', reason = ''x''', 'accepted'),
    ('outcome = ''much better''', '', 'AT036 reason table "attendance_case": to change an entry, entered_by, title and reason must be given'),
    ('closed_on = NULL, outcome = NULL', ', entered_by = ''x'', title = ''x'', reason = ''x''', 'AT067 case 1 was closed on 2025-09-19, and is not opened again: open another'),
    ('pupil_id = 3', ', entered_by = ''x'', title = ''x'', reason = ''x''', 'AT067 case 1 stays with its school and pupil, and the day on which it was opened'),
    ('opened_on = ''2025-09-11''', ', entered_by = ''x'', title = ''x'', reason = ''x''', 'AT067 case 1 stays with its school and pupil, and the day on which it was opened'),
    ('figures_at_opening = NULL', ', entered_by = ''x'', title = ''x'', reason = ''x''', 'accepted'),
    ('figures_at_closing = ''{}''', ', entered_by = ''x'', title = ''x'', reason = ''x''', 'AT067 figures_at_closing figures_at_closing of attendance_case are the register''s, and are not typed')) AS v (change, signature, wanted);
SELECT matches(tried('DELETE FROM r.attendance_case WHERE case_id = 1'), '^AT020 DELETE of table "attendance_case" is refused', 'nothing is removed');
SELECT is(tried(a_case('{"pupil_id": 1, "opened_on": "2025-09-15"}')), 'accepted', 'after a case that was closed another is opened');

-- ---------- actions ----------

INSERT INTO r.evidence (evidence_id, expectation, school_urn, done_on, said) VALUES (1001, 'S99.1', 100001, '2025-09-12', 'x');
SELECT is(tried(format('INSERT INTO r.agreed_action (case_id, evidence_id, action, owner, due_on, done_on, barrier_lies) VALUES (%s)', given)), wanted, description) FROM (VALUES
    ($$2, NULL, 'x', 'A', '2025-09-30', NULL, 'SEND'$$, 'accepted', 'of a case'), ($$NULL, 1001, 'x', 'A', '2025-09-30', NULL, NULL$$, 'accepted', 'of a meeting'),
    ($$2, NULL, 'x', 'A', '2999-09-30', NULL, NULL$$, 'accepted', 'due in the future'),
    ($$2, 1001, 'x', 'A', '2025-09-30', NULL, NULL$$, '23514 new row for relation "agreed_action" violates check constraint "agreed_action_of"', 'of both'),
    ($$NULL, NULL, 'x', 'A', '2025-09-30', NULL, NULL$$, '23514 new row for relation "agreed_action" violates check constraint "agreed_action_of"', 'of neither'),
    ($$1, NULL, 'x', 'A', '2025-09-30', NULL, NULL$$, 'AT067 case 1 was closed on 2025-09-19', 'of a case that is closed'),
    ($$99, NULL, 'x', 'A', '2025-09-30', NULL, NULL$$, '23503 insert or update on table "agreed_action" violates foreign key constraint "agreed_action_case_id_school_urn_fkey"', 'of no case'),
    ($$2, NULL, 'x', 'A', '2025-09-30', '2999-01-01', NULL$$, 'AT022 done_on agreed_action: done_on cannot be 2999-01-01, which is still to come', 'done in the future'),
    ($$2, NULL, 'x', ' ', '2025-09-30', NULL, NULL$$, '23514 new row for relation "agreed_action" violates check constraint "agreed_action_owner_check"', 'of nobody'),
    ($$2, NULL, 'x', 'A', '2025-09-30', NULL, 'elsewhere'$$, '23514 new row for relation "agreed_action" violates check constraint "agreed_action_barrier_lies_check"', 'a barrier elsewhere')) AS v (given, wanted, description);

-- what another system has of a case that is over is entered with its actions, which lie within its days
SELECT is(tried(a_case('{"case_id": 3, "opened_on": "2025-09-09", "closed_on": "2025-09-18", "outcome": "better"}') || format('; INSERT INTO r.agreed_action (case_id, action, owner, due_on, done_on) VALUES (3, ''x'', ''A'', %s)', days)), wanted, description) FROM (VALUES
    ($$'2025-09-12', '2025-09-18'$$, 'accepted', 'done by the last day'), ($$'2025-09-09', NULL$$, 'accepted', 'never done, due on the first'), ($$'2025-09-30', '2025-09-18'$$, 'accepted', 'done before it was due'),
    ($$'2025-09-12', '2025-09-19'$$, 'AT067 case 3 was closed on 2025-09-18', 'done after it'), ($$'2025-09-19', NULL$$, 'AT067 case 3 was closed on 2025-09-18', 'due after it'),
    ($$'2025-09-12', '2025-09-08'$$, 'AT067 case 3 was closed on 2025-09-18', 'done before it was opened')) AS v (days, wanted, description);
SELECT is(tried($$ INSERT INTO r.agreed_action (case_id, action, owner, due_on, done_on) VALUES (1, 'x', 'A', '2025-09-12', '2025-09-18') $$), 'AT067 case 1 was closed on 2025-09-19', 'one that was open when it was entered gets none');
SELECT is(tried(a_case('{"case_id": 3, "opened_on": "2025-09-09"}') || $$; UPDATE r.attendance_case SET closed_on = '2025-09-18', outcome = 'better', entered_by = 'x', title = 'x', reason = 'x' WHERE case_id = 3;
    INSERT INTO r.agreed_action (case_id, action, owner, due_on, done_on) VALUES (3, 'x', 'A', '2025-09-12', '2025-09-18') $$), 'AT067 case 3 was closed on 2025-09-18', 'nor if it is closed at once, and before the day of its entry');
SELECT is(tried(a_case('{"case_id": 3, "opened_on": "2025-09-09", "closed_on": "2025-09-18", "outcome": "better"}') || format($$; UPDATE r.attendance_case SET closed_on = '2025-09-17', entered_by = 'x', title = 'x', reason = 'x' WHERE case_id = 3;
    UPDATE r.attendance_case SET outcome = 'much better', entered_by = 'x', title = 'x', reason = 'x' WHERE case_id = 3;
    INSERT INTO r.agreed_action (case_id, action, owner, due_on) VALUES (3, 'x', 'A', '%s') $$, due)), wanted, 'corrected, an action due on ' || due)
FROM (VALUES (date '2025-09-17', 'accepted'), ('2025-09-18', 'AT067 case 3 was closed on 2025-09-17')) AS v (due, wanted);
SELECT is(tried($$ UPDATE r.attendance_case SET closed_on = '2025-09-18', entered_by = 'x', title = 'x', reason = 'x' WHERE case_id = 1; INSERT INTO r.agreed_action (case_id, action, owner, due_on, done_on) VALUES (1, 'x', 'A', '2025-09-12', '2025-09-18') $$),
    'AT067 case 1 was closed on 2025-09-18', 'nor does a correction make one of it that was');
SELECT is((SELECT count(*) FROM (SELECT figures_at_opening ->> 'taken_at' AS a, figures_at_closing ->> 'taken_at' AS b FROM r.attendance_case WHERE case_id = 1) t WHERE a::timestamptz < b::timestamptz), 1::bigint, 'which the times of its figures tell');

-- ---------- contacts with families ----------

SELECT is(tried(format('INSERT INTO r.family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, said, made_by) VALUES (%s)', given)), wanted, description) FROM (VALUES
    ($$100001, 1, 101, 'absence followed up', 'telephone', '2025-09-12 09:40', '[2025-09-12,2025-09-13)', false, NULL, 'A'$$, 'accepted', 'tried'),
    ($$100001, 1, NULL, 'listening', 'meeting', '2025-09-12 09:40', NULL, true, 'bullied', 'A'$$, 'accepted', 'heard'),
    ($$100001, 1, 101, 'attendance update', 'letter', clock_timestamp(), '[2025-09-01,2025-09-13)', true, NULL, 'A'$$, 'accepted', 'told, now'),
    ($$100001, 1, 102, 'absence followed up', 'telephone', '2025-09-12 09:40', '[2025-09-12,2025-09-13)', false, NULL, 'A'$$, '23514 contact_id contact 102 is none of pupil 1', 'another pupil''s parent'),
    ($$100001, 1, 999, 'absence followed up', 'telephone', '2025-09-12 09:40', '[2025-09-12,2025-09-13)', false, NULL, 'A'$$, '23514 contact_id contact 999 is none of pupil 1', 'nobody'),
    ($$100002, 1, 101, 'absence followed up', 'telephone', '2025-09-12 09:40', '[2025-09-12,2025-09-13)', false, NULL, 'A'$$, 'AT067 pupil 1 was not on the roll of school 100002 by 2025-09-12', 'another school'),
    ($$100001, 1, 101, 'absence followed up', 'telephone', '2999-09-12 09:40', '[2025-09-12,2025-09-13)', false, NULL, 'A'$$, 'AT022 made_at family_contact: made_at cannot be 2999-09-12T09:40:00+01:00, which is still to come', 'to come'),
    ($$100001, 1, 101, 'absence followed up', 'telephone', '2025-09-12 09:40', NULL, false, NULL, 'A'$$, '23514 new row for relation "family_contact" violates check constraint "family_contact_about"', 'about no absence'),
    ($$100001, 1, NULL, 'listening', 'meeting', '2025-09-12 09:40', NULL, true, NULL, 'A'$$, '23514 new row for relation "family_contact" violates check constraint "family_contact_listening"', 'heard nothing')) AS v (given, wanted, description);

-- ---------- evidence ----------

SELECT is(tried(format('INSERT INTO r.evidence (expectation, school_urn, trust_uid, la_number, pupil_id, done_on, about, said) VALUES (%s)', given)), wanted, description) FROM (VALUES
    ($$'S99.1', 100001, NULL, NULL, NULL, '2025-09-12', NULL, 'x'$$, 'accepted', 'of a school'), ($$'S99.1', 100001, NULL, NULL, 1, '2025-09-12', NULL, 'x'$$, 'accepted', 'about a pupil'),
    ($$'T99.1', NULL, 90001, NULL, NULL, '2025-09-12', '[2025-09-08,2025-09-13)', 'x'$$, 'accepted', 'of a trust'), ($$'T99.1', 100001, 90001, NULL, NULL, '2025-09-12', NULL, 'x'$$, 'accepted', 'of a trust, about a school'),
    ($$'L99.1', 100002, NULL, 380, NULL, '2025-09-12', NULL, 'x'$$, 'accepted', 'of an authority, about a school'),
    ($$'T99.1', 100002, NULL, NULL, NULL, '2025-09-12', NULL, 'x'$$, 'accepted', 'of the governing body of a school without a trust'),
    ($$'T99.1', 100002, NULL, 380, NULL, '2025-09-12', NULL, 'x'$$, '23514 expectation expectation T99.1 is one of a trust: its evidence is that of one trust', 'a trust''s, by an authority'),
    ($$'S99.1', NULL, 90001, NULL, NULL, '2025-09-12', NULL, 'x'$$, '23514 expectation expectation S99.1 is one of a school: its evidence is that of one school', 'a school''s, by a trust'),
    ($$'S99.1', 100001, 90001, NULL, NULL, '2025-09-12', NULL, 'x'$$, '23514 expectation expectation S99.1 is one of a school: its evidence is that of one school', 'a school''s, by both'),
    ($$'T99.1', 100001, NULL, NULL, NULL, '2025-09-12', NULL, 'x'$$, '23514 expectation expectation T99.1 is one of a trust: its evidence is that of one trust', 'a trust''s, by a school'),
    ($$'L99.1', NULL, 90001, 380, NULL, '2025-09-12', NULL, 'x'$$, '23514 expectation expectation L99.1 is one of a local authority: its evidence is that of one local authority', 'an authority''s, by both'),
    ($$'T99.1', 100002, 90001, NULL, NULL, '2025-09-12', NULL, 'x'$$, 'AT067 school_urn school 100002 was no school of trust 90001 on 2025-09-12', 'about another trust''s school'),
    ($$'L99.1', 100002, NULL, 381, NULL, '2025-09-12', NULL, 'x'$$, 'AT067 school_urn school 100002 was no school of local authority 381 on 2025-09-12', 'about another authority''s school'),
    ($$'S99.1', 100002, NULL, NULL, 1, '2025-09-12', NULL, 'x'$$, 'AT067 pupil 1 was not on the roll of school 100002 by 2025-09-12', 'about another school''s pupil'),
    ($$'L99.1', NULL, NULL, 380, 1, '2025-09-12', NULL, 'x'$$, '23514 new row for relation "evidence" violates check constraint "evidence_pupil"', 'about a pupil of no school'),
    ($$'S99.1', 100001, NULL, NULL, NULL, '2999-09-12', NULL, 'x'$$, 'AT022 done_on evidence: done_on cannot be 2999-09-12, which is still to come', 'to come'),
    ($$'S99.1', 100001, NULL, NULL, NULL, '2025-09-12', NULL, ' '$$, '23514 new row for relation "evidence" violates check constraint "evidence_said_check"', 'without words'),
    ($$'S0.0', 100001, NULL, NULL, NULL, '2025-09-12', NULL, 'x'$$, '23503 insert or update on table "evidence" violates foreign key constraint "evidence_expectation_fkey"', 'of nothing that is expected')) AS v (given, wanted, description);
INSERT INTO r.evidence (evidence_id, expectation, trust_uid, done_on, about, said) VALUES (1002, 'T99.1', 90001, '2025-09-12', '[2025-09-08,2025-09-13)', 'x');
INSERT INTO r.evidence (evidence_id, expectation, la_number, done_on, about, said) VALUES (1003, 'L99.1', 380, '2025-09-12', '[2025-09-08,2025-09-13)', 'x');
SELECT results_eq($$ SELECT e.evidence_id, (e.figures ->> 'possible')::bigint, (e.figures ->> 'enrolments')::bigint FROM r.evidence e WHERE e.evidence_id IN (1002, 1003) ORDER BY 1 $$,
    $$ SELECT v.id, (SELECT possible(tally(cohort_agg(tally(l.marks, '[2025-09-08,2025-09-13)')))) FROM r.register_line l WHERE l.school_urn = ANY (v.schools) AND l.academic_year = 2025),
        (SELECT enrolments(cohort_agg(tally(l.marks, '[2025-09-08,2025-09-13)'))) FROM r.register_line l WHERE l.school_urn = ANY (v.schools) AND l.academic_year = 2025)
        FROM (VALUES (1002::bigint, '{100001}'::int[]), (1003, ARRAY(SELECT urn::int FROM r.school WHERE la_number = 380))) AS v (id, schools) ORDER BY 1 $$, 'a review holds the figures of the schools of its bearer');

UPDATE r.evidence SET school_urn = 100002, entered_by = 'x', title = 'x', reason = 'x' WHERE evidence_id = 1003;
SELECT is((SELECT (figures ->> 'possible')::bigint FROM r.evidence WHERE evidence_id = 1003), (SELECT possible(tally(cohort_agg(tally(l.marks, '[2025-09-08,2025-09-13)')))) FROM r.register_line l WHERE l.school_urn = 100002 AND l.academic_year = 2025),
    'one that is corrected to be about a school has the figures of that school');
SELECT is(tried($$ UPDATE r.evidence SET figures = '{}', entered_by = 'x', title = 'x', reason = 'x' WHERE evidence_id = 1003 $$), 'AT067 figures figures of evidence are the register''s, and are not typed', 'which are not typed');

-- ---------- targets, persons ----------

SELECT is(tried(format('INSERT INTO r.attendance_target (school_urn, trust_uid, la_number, of_school_urn, cohort, value, measure, days, percent, set_by, set_on) VALUES (%s)', given)), wanted, description) FROM (VALUES
    ($$NULL, NULL, 380, NULL, 'social worker', 'Y', 'attendance', '[2025-08-01,2026-08-01)', 95, 'A', '2025-09-01'$$, 'accepted', 'of a cohort'), ($$NULL, NULL, 380, 100002, NULL, NULL, 'severe absence', '[2025-08-01,2026-08-01)', 1.5, 'A', '2025-09-01'$$, 'accepted', 'of a school'),
    ($$100001, NULL, NULL, NULL, NULL, NULL, 'attendance', '[2025-08-01,2026-08-01)', 100, 'A', '2025-09-01'$$, 'accepted', 'the most'),
    ($$100001, NULL, NULL, NULL, NULL, NULL, 'attendance', '[2025-08-01,2026-08-01)', 100.01, 'A', '2025-09-01'$$, '23514 new row for relation "attendance_target" violates check constraint "attendance_target_percent_check"', 'more than all'),
    ($$100001, NULL, 380, NULL, NULL, NULL, 'attendance', '[2025-08-01,2026-08-01)', 95, 'A', '2025-09-01'$$, '23514 new row for relation "attendance_target" violates check constraint "attendance_target_of"', 'of two'),
    ($$100001, NULL, NULL, NULL, 'fsm', NULL, 'attendance', '[2025-08-01,2026-08-01)', 95, 'A', '2025-09-01'$$, '23514 new row for relation "attendance_target" violates check constraint "attendance_target_cohort"', 'of half a cohort'),
    ($$100001, NULL, NULL, NULL, NULL, NULL, 'attendance', '[2025-08-01,)', 95, 'A', '2025-09-01'$$, '23514 new row for relation "attendance_target" violates check constraint "attendance_target_days_check"', 'without an end'),
    ($$100001, NULL, NULL, NULL, NULL, NULL, 'attendance', '[2025-08-01,2026-08-01)', 95, 'A', '2999-09-01'$$, 'AT022 set_on attendance_target: set_on cannot be 2999-09-01, which is still to come', 'set in the future')) AS v (given, wanted, description);
SELECT is(tried(format('INSERT INTO r.attendance_target (school_urn, trust_uid, la_number, of_school_urn, evidence_id, measure, days, percent, set_by, set_on) VALUES (%s, ''attendance'', ''[2025-08-01,2026-08-01)'', 95, ''A'', ''2025-09-01'')', given)), wanted, description) FROM (VALUES
    ('NULL, 90001, NULL, 100001, NULL', 'accepted', 'a trust''s, for a school of it'), ('NULL, 90001, NULL, 100002, NULL', 'AT067 school 100002 was no school of trust 90001 on 2025-09-01', 'for one that is none of it'),
    ('NULL, NULL, 381, 100001, NULL', 'AT067 school 100001 was no school of local authority 381 on 2025-09-01', 'nor another authority''s'),
    ('NULL, 90001, NULL, NULL, 1002', 'accepted', 'of a review of the trust'), ('NULL, NULL, 380, NULL, 1003', 'accepted', 'of the authority''s strategy'), ('100001, NULL, NULL, NULL, 1001', 'accepted', 'of a review of the school'),
    ('NULL, NULL, 380, NULL, 1002', 'AT067 evidence 1002 is that of another bearer', 'of a trust''s review'), ('NULL, NULL, 381, NULL, 1003', 'AT067 evidence 1003 is that of another bearer', 'of another authority''s'),
    ('100002, NULL, NULL, NULL, 1003', 'AT067 evidence 1003 is that of another bearer', 'of what an authority did about the school'), ('100002, NULL, NULL, NULL, 1001', 'AT067 evidence 1001 is that of another bearer', 'of another school''s')) AS v (given, wanted, description);
INSERT INTO r.attendance_target (school_urn, measure, days, percent, set_by, set_on) VALUES (100001, 'attendance', '[2025-08-01,2026-08-01)', 95, 'A', '2025-09-01');
-- no day is infinity, of any record
INSERT INTO r.agreed_action (case_id, action, owner, due_on) VALUES (2, 'x', 'A', '2025-09-30');
INSERT INTO r.family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, made_by) VALUES (100001, 1, 101, 'absence followed up', 'telephone', '2025-09-12 09:40', '[2025-09-12,2025-09-13)', false, 'A');
SELECT matches(tried(format('UPDATE r.%I SET %I = %L, entered_by = ''x'', title = ''x'', reason = ''x'' WHERE school_urn = 100001', c.relname, a.attname, CASE a.atttypid WHEN 'daterange'::regtype THEN '[2025-09-01,infinity)' ELSE i END)), '^(22008|AT067) ', concat_ws(' ', c.relname, a.attname, i))
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname <> 'entered_at' AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype, 'daterange'::regtype) CROSS JOIN unnest('{infinity,-infinity}'::text[]) i
WHERE t.tgname = 'guard_case_record' AND c.relnamespace = 'r'::regnamespace AND EXISTS (SELECT FROM pg_attribute s WHERE s.attrelid = c.oid AND s.attname = 'school_urn');
SELECT is(tried($$ UPDATE r.agreed_action SET due_on = 'infinity', entered_by = 'x', title = 'x', reason = 'x' WHERE case_id = 2 $$), '22008 due_on agreed_action: due_on is a day, not infinity: infinity', 'which the message says');
SELECT is(tried($$ UPDATE r.evidence SET said = 'to infinity', entered_by = 'x', title = 'x', reason = 'x' WHERE evidence_id = 1001 $$), 'accepted', 'words are');
INSERT INTO r.person (person_id, full_name) VALUES (1, 'Parent of both');
SELECT lives_ok($$ UPDATE r.contact SET person_id = 1, entered_by = 'x', title = 'x', reason = 'brothers' WHERE contact_id IN (101, 102) $$, 'one person behind contacts of two pupils');

-- ---------- support first (AT061) ----------

DELETE FROM r.rule_setting WHERE rule IN ('support first');
INSERT INTO r.rule_setting VALUES (100001, 'no offence', 'record', 'test', 'test');
CREATE FUNCTION a_notice(other text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT format('INSERT INTO r.penalty_notice (%s) VALUES (%s)', string_agg(quote_ident(key), ', '), string_agg(quote_nullable(value), ', '))
    FROM jsonb_each_text(jsonb_build_object('school_urn', 100001, 'pupil_id', 1, 'contact_id', 101, 'sessions', '{[2025-09-08 AM,2025-09-13 AM)}', 'issued_on', today(), 'issued_by', 'A') || other::jsonb)
$$;
CREATE FUNCTION a_support(other text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT format('INSERT INTO r.attendance_support (%s) VALUES (%s)', string_agg(quote_ident(key), ', '), string_agg(quote_nullable(value), ', '))
    FROM jsonb_each_text(jsonb_build_object('school_urn', 100001, 'pupil_id', 1, 'kind', 'voluntary support', 'offered_on', '2025-09-15', 'description', 'x') || other::jsonb)
$$;
\set none '''AT061 without_support penalty notice of %s for pupil 1: no support for the pupil was entered by then, no notice to improve had ended without improvement, and no reason is given why there was no support'''
SELECT is(tried(command), wanted, description) FROM (VALUES
    (a_notice(), format(:none, today()), 'no support'),
    (a_notice('{"without_support": "a holiday in term"}'), 'accepted', 'with the reason'),
    (a_notice('{"without_support": " "}'), '23514 new row for relation "penalty_notice" violates check constraint "penalty_notice_without_support_check"', 'a reason without words'),
    (a_support() || ';' || a_notice(), 'accepted', 'after support'),
    (a_support() || ';' || a_notice('{"issued_on": "2025-10-01"}'), format(:none, '2025-10-01'), 'support that is dated before the issue, and entered after it'),
    (a_support(format('{"offered_on": "%s"}', today())) || ';' || a_notice(), 'accepted', 'on the same day'),
    (a_support('{"pupil_id": 2}') || ';' || a_notice(), format(:none, today()), 'support of another pupil'),
    (a_support(format('{"kind": "education supervision order", "offered_on": "%s"}', today())), format('AT061 without_support education supervision order of %s for pupil 1: no support for the pupil was entered by then, no notice to improve had ended without improvement, and no reason is given why there was no support', today()), 'an order without support'),
    (a_support() || ';' || a_support(format('{"kind": "education supervision order", "offered_on": "%s"}', today())), 'accepted', 'an order after support'),
    (a_support(format('{"kind": "education supervision order", "offered_on": "%s", "without_support": "in danger"}', today())), 'accepted', 'an order with the reason'),
    ($$ INSERT INTO r.rule_setting VALUES (NULL, 'support first', 'record', 'taken over', 'A'); $$ || a_notice(), 'accepted', 'where it is recorded')) AS v (command, wanted, description);
CREATE FUNCTION an_improvement(outcome text, decided date) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.notice_to_improve (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day, outcome, decided_on)
    VALUES (100001, 1, 101, ''{[2025-09-08 AM,2025-09-13 AM)}'', ''2025-09-15'', ''A'', ''x'', ''x'', ''2025-09-15'', ''2025-10-15'', %L, %L);', outcome, decided);
SELECT is(tried(an_improvement(outcome, decided) || a_notice()), wanted, coalesce(outcome, 'still open')) FROM (VALUES ('not improved', today(), 'accepted'), ('improved', today(), format(:none, today())),
    ('withdrawn', today(), format(:none, today())), (NULL, NULL, format(:none, today()))) AS v (outcome, decided, wanted);
SELECT is_empty('SELECT * FROM r.unsupported_step', 'nothing is listed');
INSERT INTO r.rule_setting VALUES (100001, 'support first', 'record', 'test', 'test');
INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (100001, 1, 101, '{[2025-09-08 AM,2025-09-13 AM)}', '2025-10-01', 'A');
SELECT results_eq('SELECT relation, pupil_id FROM r.unsupported_step', $$ VALUES ('penalty_notice', 1::bigint) $$, 'what was recorded is listed');

SELECT is_empty($$ SELECT * FROM r.verify_journal() $$, 'all of it is in the journal');
SELECT is_empty($$ SELECT * FROM check_register('r') $$, 'the register is as it should be');
SELECT * FROM finish();
ROLLBACK;
