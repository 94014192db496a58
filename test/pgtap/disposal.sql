-- Disposal of records: what is due goes and nothing else, the chain still verifies, and nobody opens it by hand.
\ir register/fixture.sql
BEGIN;
SELECT * FROM no_plan();

-- The code of an error, or accepted; what was done is undone unless it is to be kept.
CREATE FUNCTION state(commands text, keep boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE commands;
        IF keep THEN
            RETURN 'accepted';
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN OTHERS THEN
        RETURN CASE SQLSTATE WHEN 'ZZ000' THEN 'accepted' ELSE SQLSTATE || ': ' || SQLERRM END;
    END;
END
$$;
CREATE FUNCTION dispose(school integer, keep boolean DEFAULT true) RETURNS text LANGUAGE sql AS $$
    SELECT state(format('SELECT r.dispose_records(%L, ''A Head'', ''Headteacher'', ''retention schedule'')', school), keep)
$$;
\ir register/older.sql
CREATE FUNCTION left_of(pupil bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t text;
    n bigint;
    result text;
BEGIN
    FOR t IN SELECT relation FROM record_kinds() k JOIN pg_attribute a ON a.attrelid = ('r.' || k.relation)::regclass AND a.attname = 'pupil_id' ORDER BY 1 LOOP
        EXECUTE format('SELECT count(*) FROM r.%I WHERE pupil_id = $1', t) INTO n USING pupil;
        IF n > 0 THEN
            result := concat_ws(', ', result, t || ' ' || n);
        END IF;
    END LOOP;
    RETURN result;
END
$$;

-- ---------- long ago: pupil 25 has left, 1 is still there, 21 has moved ----------

INSERT INTO r.rule_setting SELECT 100001, rule, 'record', 'test', 'test' FROM register_rules() WHERE can_be_set ON CONFLICT DO NOTHING;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (25, 25, 'Parent of 25', true, true), (1, 1, 'Parent of 1', true, true);
-- numbers of contacts are not those of pupils
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (21, 25, 'Aunt of 25', true, true), (24, 1, 'Aunt of 1', true, true);
INSERT INTO r.contact_former (contact_id, to_day, is_parent, lives_with, entered_by, title, reason) VALUES (21, '2020-01-01', true, false, 'x', 'y', 'z'), (24, '2020-01-01', true, false, 'x', 'y', 'z');
INSERT INTO r.pupil_address (pupil_id, address, from_day) VALUES (25, '1 Street', '2020-01-01'), (1, '2 Street', '2020-01-01');
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) VALUES (25, 'social worker', 'W', '2024-09-01');
INSERT INTO r.authorised_person (school_urn, name, title, from_day, to_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01', '2025-07-31');
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'B Head', 'Headteacher', '2025-08-01');
INSERT INTO r.leave_of_absence (leave_id, school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant, received_at, decided_by, decided_at, status)
SELECT p, 100001, p, 'C', '{[2024-09-10 AM,2024-09-10 PM]}', 'exceptional circumstances', 'x', p, 'Parent', '2024-09-01 08:00', 'A Head', '2024-09-02 08:00', 'granted'
FROM unnest(ARRAY[1, 25]) p;
INSERT INTO r.part_time_timetable (timetable_id, school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
VALUES (25, 100001, 25, '{[2024-09-12 AM,2024-09-12 PM]}', 'x', 25, 'Parent', 'A Head', '2024-09-02', '{2024-09-12}', 'agreed');
INSERT INTO r.part_time_review (timetable_id, review_date, held_on, held_by, outcome) VALUES (25, '2024-09-12', '2024-09-12', 'A Head', 'ended');
INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 25, 'B', '{[2024-09-11 AM,2024-09-11 AM]}', 'museum');
INSERT INTO r.return_sent (kind, school_urn, pupil_id, covers, sent_at, sent_to) VALUES ('deletion', 100001, 25, '[2025-07-18,2025-07-18]', now(), 'Bradford');
INSERT INTO r.sickness_forecast (school_urn, pupil_id, first_day, believed_on, expected_days, grounds) VALUES (100001, 25, '2024-09-09', '2024-09-09', 15, 'x');
INSERT INTO r.dual_registration (school_urn, pupil_id, other_school, from_day, to_day, main) VALUES (100001, 25, 'Other', '2024-09-01', '2025-07-18', true);
INSERT INTO r.joint_enquiry (school_urn, pupil_id, started_on, school_person, authority_person) VALUES (100001, 25, '2025-07-01', 'A', 'B');
INSERT INTO r.registration (school_urn, day, session, taken_by, opened_at, closed_at) VALUES (100001, '2024-09-09', 'AM', 'A', '2024-09-09 09:00', '2024-09-09 09:20');
INSERT INTO r.backup_record (school_urn, made_at, covers_from, covers_to, medium, retain_until) VALUES (100001, '2025-07-31 18:00', '2025-07-01', '2025-07-31', 'print', '2035-08-31');
INSERT INTO r.registration_policy (school_urn, from_day) VALUES (100001, '2024-08-01');
INSERT INTO r.return_arrangement (la_number) VALUES (380);
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES
    (100001, 25, '2024-09-09', 'AM', '/'), (100001, 25, '2024-09-10', 'AM', 'C'), (100001, 1, '2024-09-09', 'AM', 'I');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'the chain verifies');

-- ---------- what is not due ----------

SELECT is(left(dispose(100001), 5), 'AT023', 'records of a school');
SELECT is(left(dispose(NULL), 5), 'AT023', 'records of no single school');
SELECT matches(dispose(100001), 'first of them are kept until 20', 'the message says until when');
SELECT is_empty('SELECT * FROM r.disposal_due() WHERE due', 'nothing is listed as due');
SELECT matches(state('DELETE FROM r.contact WHERE contact_id = 25'), '^AT020.* until 20', 'DELETE says until when');
SELECT is(left(state('INSERT INTO r.disposal_item VALUES (100001, ''leave_of_absence'', ''25'')'), 5), 'AT023', 'no item by hand');
SELECT is(left(state('INSERT INTO r.disposal (school_urn, disposed_by, title, ground) VALUES (100001, ''x'', ''y'', ''z'')'), 5), 'AT023', 'no disposal by hand');
SELECT is(left(state('TRUNCATE r.joint_enquiry'), 5), 'AT020', 'nor TRUNCATE');

-- ---------- ten years later ----------

SELECT make_older('10 years') \g /dev/null
SELECT is_empty('SELECT * FROM r.verify_journal()', 'aged, the chain verifies');
-- What a clock that is years ahead comes to: the newest entry is as old as the others.
SELECT matches(state($$
    SET LOCAL session_replication_role = replica;
    DELETE FROM r.journal WHERE school_urn = 100004;
    DELETE FROM r.journal_head WHERE school_urn = 100004;
    SET LOCAL session_replication_role = origin;
    SELECT r.dispose_records(100001, 'x', 'y', 'z')$$), '^AT023', 'nothing is due by the clock alone');
SELECT is(dispose(100001, false), 'accepted', 'but once something has been entered since');
CREATE TEMPORARY TABLE kept AS SELECT digest FROM r.journal_digest();
-- pupil 21 has an entry of today
UPDATE r.enrolment SET registration_group = '7B', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 21 AND school_urn = 100001;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, '2025-09-08', 'AM', '/');
INSERT INTO kept SELECT digest FROM r.journal_digest();
CREATE TEMPORARY TABLE then_at AS SELECT clock_timestamp() AS at;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, '2025-09-08', 'PM', '/');

-- ---------- what marks still need stays ----------

SELECT is_empty('SELECT * FROM r.disposal_due() WHERE kind = ''records'' AND school_urn = 100001 AND due', 'while the marks are kept, so is what they need');
SELECT is(left(dispose(100001), 5), 'AT023', 'and is not disposed of');
SELECT is(left(state('INSERT INTO r.disposal (academic_year, disposed_by, title, ground) VALUES (2024, ''x'', ''y'', ''z'')'), 5), '23514', 'a year is of a school');
SELECT is(state('SELECT r.dispose(100001, 2024, ''A Head'', ''Headteacher'', ''schedule'')', true), 'accepted', 'the marks of 2024/25 go');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'and the chain verifies');
SELECT set_eq('SELECT relation, records FROM r.disposal_due() WHERE kind = ''records'' AND school_urn = 100001 AND due',
    $$VALUES ('registration', 1::bigint), ('mark_nature', 1), ('leave_of_absence', 2), ('part_time_timetable', 1), ('part_time_review', 1), ('enrolment', 1), ('return_sent', 1), ('joint_enquiry', 1),
        ('dual_registration', 1), ('sickness_forecast', 1)$$, 'then what they needed is due, a timetable with its review among it');
SELECT set_eq('SELECT relation, records FROM r.disposal_due() WHERE school_urn IS NULL AND due',
    $$VALUES ('pupil', 1::bigint)$$, 'and what is of no single school: a pupil who was never at a school');

-- ---------- by hand, by the owner, when something is due ----------

CREATE FUNCTION by_hand(command text) RETURNS text LANGUAGE sql AS $$
    SELECT left(state('INSERT INTO r.disposal (school_urn, disposed_by, title, ground) VALUES (100001, ''x'', ''y'', ''z''); '
        'INSERT INTO r.disposal_item VALUES (100001, ''leave_of_absence'', ''1''); ' || command), 5)
$$;
SELECT is(by_hand(command), wanted, command) FROM (VALUES
    ('DELETE FROM r.leave_of_absence WHERE leave_id = 1', 'accep'),
    ('DELETE FROM r.leave_of_absence WHERE leave_id = 25', 'AT020'),
    ('DELETE FROM r.leave_of_absence', 'AT020'),
    ('DELETE FROM r.registration', 'AT020'),
    ('DELETE FROM r.enrolment WHERE pupil_id = 21', 'AT020'),
    ('DELETE FROM r.contact', 'AT020'),
    ('DELETE FROM r.register_line', 'AT020'),
    ('DELETE FROM r.journal WHERE kind = ''records''', 'AT021'),
    ('DELETE FROM r.disposal', 'AT020'),
    ('UPDATE r.disposal SET academic_year = 2025, first_entry = 0, last_entry = 1000000', 'AT020'),
    ('UPDATE r.disposal_item SET unit = ''enrolment'', key = ''21''', 'AT023'),
    ('INSERT INTO r.disposal_item VALUES (100001, ''enrolment'', ''21'')', 'AT023'),
    ('INSERT INTO r.disposal_item VALUES (100001, ''registration_policy'', ''2024-08-01'')', 'AT023'),
    ('INSERT INTO r.disposal_item VALUES (100001, ''no such unit'', ''1'')', 'AT023'),
    ('INSERT INTO r.disposal_item SELECT 100001, ''journal'', entry_id FROM r.journal WHERE school_urn = 100001 AND kind = ''records''', 'AT023'),
    ('INSERT INTO r.disposal_item VALUES (100002, ''leave_of_absence'', ''25'')', 'AT023'),
    ('TRUNCATE r.leave_of_absence CASCADE', 'AT020'),
    ('TRUNCATE r.registration', 'AT020'),
    ('TRUNCATE r.disposal', 'AT020'),
    ('TRUNCATE r.journal', 'AT021'),
    ('ALTER TABLE r.disposal DISABLE TRIGGER guard_disposal; INSERT INTO r.disposal (school_urn, disposed_by, title, ground) VALUES (100002, ''x'', ''y'', ''z''); DELETE FROM r.enrolment WHERE school_urn = 100002', 'AT020')
) AS v (command, wanted);
SELECT is(left(state('INSERT INTO r.disposal_item VALUES (100001, ''leave_of_absence'', ''1''); DELETE FROM r.leave_of_absence WHERE leave_id = 1'), 5), 'AT020',
    'nothing goes without a row in disposal');
SELECT is(left(state('SELECT r.dispose_records(100001, '' '', ''y'', ''z'')'), 5), '23514', 'nor without a name');
SELECT is(left(state('SELECT r.dispose_records(100001, ''x'', ''y'', NULL)'), 5), '23502', 'nor without a ground');

-- ---------- disposed of ----------

CREATE FUNCTION others() RETURNS TABLE (relation text, contents jsonb) LANGUAGE sql AS $$
    SELECT 'enrolment', to_jsonb(t) FROM r.enrolment t WHERE pupil_id <> 25 UNION ALL
    SELECT 'pupil', to_jsonb(t) FROM r.pupil t WHERE pupil_id NOT IN (24, 25) UNION ALL
    SELECT 'contact', to_jsonb(t) FROM r.contact t WHERE pupil_id <> 25 UNION ALL
    SELECT 'contact_former', to_jsonb(t) FROM r.contact_former t WHERE contact_id <> 21 UNION ALL
    SELECT 'pupil_address', to_jsonb(t) FROM r.pupil_address t WHERE pupil_id <> 25 UNION ALL
    SELECT 'register_line', to_jsonb(t) FROM r.register_line t UNION ALL
    SELECT 'backup_record', to_jsonb(t) FROM r.backup_record t
$$;
CREATE TEMPORARY TABLE before AS SELECT * FROM others();
SELECT is(dispose(NULL), 'accepted', 'of no single school: the review');
SELECT is(dispose(100001), 'accepted', 'of the school: what the marks needed, and the pupil who has left');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'the chains verify');
SELECT is(left_of(25), 'contact 2, pupil 1, pupil_address 1, pupil_worker 1', 'the school has nothing left of the pupil');
SELECT is((SELECT records FROM r.disposal ORDER BY disposal_id DESC LIMIT 1),
    '{"enrolment": 1, "mark_nature": 1, "return_sent": 1, "registration": 1, "joint_enquiry": 1, "leave_of_absence": 2, "part_time_review": 1, "dual_registration": 1, "sickness_forecast": 1, "part_time_timetable": 1}'::jsonb,
    'the record of it says how much it was');
SELECT is(dispose(100001), 'accepted', 'then whom the leave named');
SELECT set_eq('SELECT name FROM r.authorised_person', '{B Head}'::text[], 'but not who still grants leave');
SELECT is(dispose(NULL), 'accepted', 'then what a contact was');
SELECT is(dispose(NULL), 'accepted', 'then the pupil');
SELECT is(left_of(25), NULL, 'of whom nothing is left');
SELECT isnt_empty('SELECT FROM r.journal WHERE kind = ''records'' AND convert_from(payload, ''UTF8'') LIKE ''%Parent of 25%Parent of 1%''',
    'an entry stays that holds somebody else''s record, too');
SELECT is_empty('SELECT FROM r.journal WHERE kind = ''records'' AND convert_from(payload, ''UTF8'') LIKE ''%social worker%''', 'others are gone');
SELECT set_eq('SELECT * FROM others()', 'SELECT * FROM before', 'other pupils, schools and years are untouched');
SELECT is_empty('SELECT FROM r.disposal_item', 'no item is left');
SELECT is_empty('SELECT * FROM r.verify_journal(ARRAY(SELECT digest FROM kept))', 'the chain verifies, and digests from before are recognised');
SELECT isnt_empty('SELECT * FROM r.verify_journal(ARRAY[''100001:1:'' || repeat(''0'', 64)])', 'a forged one is not');
SELECT is((SELECT string_agg(l.marks::text, ', ') FROM r.register_as_at((SELECT at FROM then_at)) l), '2025-09-08 /', 'the register as it stood before the last mark');
SELECT is(left(dispose(100001), 5), 'AT023', 'nothing more is due');
SELECT is(left(dispose(100002), 5), 'AT023', 'nor at the other school');
SELECT is(left(state('INSERT INTO r.disposal_item VALUES (100001, ''leave_of_absence'', ''1'')'), 5), 'AT023', 'what has gone is no item');

-- ---------- settings ----------

SELECT is(state('DELETE FROM r.registration_policy; DELETE FROM r.return_arrangement', true), 'accepted', 'settings are deleted');
SELECT is((SELECT count(*) FROM r.journal WHERE kind = 'records' AND convert_from(payload, 'UTF8') ~ '^\[{"table":"(registration_policy|return_arrangement)","old":{[^}]*}}\]$'), 3::bigint,
    'and the journal says what they were');
SELECT is(left(state('TRUNCATE r.registration_policy'), 5), 'AT020', 'not by TRUNCATE, of which it would say nothing');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'the chain verifies');

-- ---------- years later again ----------

SELECT is(state('UPDATE r.regime SET retention_years = 20', true), 'accepted', 'the years are lengthened');
SELECT is(left(dispose(100001), 5), 'AT023', 'and hold for what is there already');
SELECT is_empty('SELECT * FROM check_register(''r'')', 'the guards are all there');
SELECT * FROM finish();
ROLLBACK;
