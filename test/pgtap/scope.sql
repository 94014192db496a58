-- On whom a rule is binding: each rule x each type of school; settings of a school, and of all schools.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET search_path = r, public, attendance;
SET timezone = 'Europe/London';
DELETE FROM rule_setting;
CREATE TABLE kind (urn int, type text, bound boolean);
INSERT INTO kind VALUES (200001, 'Local authority maintained schools', true), (200002, 'Special schools', true), (200003, 'Academies', false), (200004, 'Free schools', false),
    (200005, 'Independent schools', false), (200006, 'Colleges', false), (200007, 'Universities', false), (200008, 'Other types', false);
INSERT INTO school (urn, name, phase, type, la_number) SELECT urn, 'School ' || urn, 'Primary', type, 380 FROM kind;
SELECT bag_eq($$SELECT DISTINCT t[1] FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([^'']+)''::text', 'g') t
    WHERE conrelid = 'school'::regclass AND conname = 'school_type_check'$$, 'SELECT type FROM kind', 'every type of school is tried');

-- ---------- what a rule says of itself ----------

SELECT is(rule_action('r', k.urn, u.rule), CASE WHEN u.default_action = 'refuse' AND NOT u.can_be_set THEN 'refuse'
        WHEN u.default_action = 'refuse' AND coalesce(k.type = ANY (u.school_types), true) THEN 'refuse' ELSE 'record' END, format('%s: %s', u.rule, k.type))
FROM register_rules() u CROSS JOIN kind k;
SELECT is_empty($$SELECT rule FROM register_rules() WHERE school_types <> '{}' AND school_types <> (SELECT array_agg(type ORDER BY urn) FROM kind WHERE bound)$$, 'regulation 11 binds these');
SELECT is_empty($$SELECT rule FROM register_rules() WHERE (source = 'guidance') <> coalesce(school_types = '{}', false) OR source NOT IN ('regulation', 'guidance')$$, 'what binds nobody is guidance');
SELECT is_empty($$SELECT rule FROM register_rules() WHERE source = 'guidance' AND default_action = 'refuse'$$, 'which is never refused by itself');
SELECT is_empty($$SELECT rule FROM register_rules() WHERE source = 'guidance' AND regulation !~ 'Working together'$$, 'and cited as such');

-- ---------- leave: refused where it is binding, else recorded and listed as guidance ----------

INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT urn, 24, '2025-09-01' FROM kind;
INSERT INTO school_day (school_urn, day) SELECT urn, d FROM kind, generate_series(timestamp '2025-09-08', '2025-09-26', '1 day') d WHERE extract(isodow FROM d) < 6;
INSERT INTO authorised_person (school_urn, name, title, from_day) SELECT urn, 'Ms Head', 'Headteacher', '2005-09-01' FROM kind;
INSERT INTO contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 24, 'At home', true, true), (2, 24, 'Elsewhere', true, false);
CREATE FUNCTION given(school int, what text, last text DEFAULT '2025-09-15 PM') RETURNS text LANGUAGE plpgsql SET search_path = r, public, attendance AS $$
DECLARE
    state text;
    rules text;
BEGIN
    BEGIN
        INSERT INTO leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, received_at, decided_at, decided_by, contact_id, circumstances,
            licence_reference, licence_from, licence_to, last_examination, status)
        VALUES (school, 24, (CASE what WHEN 'M' THEN 'M' WHEN 'licence' THEN 'C1' WHEN 'study' THEN 'S' WHEN 'interview' THEN 'J1' ELSE 'C' END)::session_mark,
            CASE what WHEN 'M' THEN 'medical appointment' WHEN 'licence' THEN 'performance' WHEN 'study' THEN 'study' WHEN 'interview' THEN 'interview' ELSE 'exceptional circumstances' END,
            format('{[2025-09-15 AM,%s]}', last)::school_session_multirange, CASE what WHEN 'on the day' THEN timestamptz '2025-09-15 10:00' ELSE '2025-09-01 10:00' END, '2025-09-15 11:00',
            CASE what WHEN 'M' THEN 'Mr Tutor' ELSE 'Ms Head' END, CASE what WHEN 'parent' THEN 2 WHEN 'interview' THEN NULL ELSE 1 END, CASE what WHEN 'reason' THEN NULL ELSE 'Wedding' END,
            NULL, NULL, NULL, NULL, 'granted');
        SELECT string_agg(b.rule || ' (' || b.source || ')', ', ' ORDER BY b.rule) INTO rules FROM leave_breach b WHERE b.school_urn = school;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN rules;
    WHEN OTHERS THEN
        RETURN SQLSTATE;
    END;
END
$$;
SELECT is(given(k.urn, w.what), CASE WHEN k.bound THEN w.refused ELSE w.listed END, format('%s: %s', w.what, k.type))
FROM kind k CROSS JOIN (VALUES ('M', 'AT042', 'leave authority (guidance)'), ('on the day', 'AT040', 'leave not in advance (guidance)'), ('parent', 'AT041', 'leave applicant (guidance)'),
    ('reason', 'AT043', 'leave reason (guidance)'), ('licence', 'AT044', 'leave licence (guidance)'), ('study', 'AT040', 'leave for study (guidance), leave not in advance (guidance)'),
    ('interview', 'AT041', 'leave applicant (guidance)'), ('lawful', NULL, NULL)) AS w (what, refused, listed);

-- the marks that go with it
INSERT INTO leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, received_at, decided_at, decided_by, contact_id, status)
VALUES (200003, 24, 'M', 'medical appointment', '{[2025-09-15 AM,2025-09-15 AM]}', NULL, '2025-09-15 11:00', 'Mr Tutor', NULL, 'granted');
SELECT lives_ok($$INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (200003, 24, '2025-09-15', 'AM', 'M')$$, 'M that a tutor has decided on gets into the register of an academy');
INSERT INTO leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, received_at, decided_at, decided_by, contact_id, circumstances, status)
VALUES (200003, 24, 'C1', 'performance', '{[2025-09-16 AM,2025-09-16 AM]}', '2025-09-01 10:00', '2025-09-01 11:00', 'Ms Head', 1, 'Ballet', 'granted');
SELECT lives_ok($$INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (200003, 24, '2025-09-16', 'AM', 'C1')$$, 'and C1 without a licence');
SELECT set_eq($$SELECT rule FROM breach WHERE school_urn = 200003$$, '{licence}'::text[], 'which is listed');
SELECT throws_ok($$INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (200003, 24, '2025-09-17', 'AM', 'C')$$, 'AT009', NULL, 'C without any leave is refused everywhere');

-- by the type that the school had on the day
UPDATE school SET type = 'Academies', holds_from = '2025-10-01' WHERE urn = 200001;
SELECT is(given(200001, 'M'), 'AT042', 'before the school became an academy');
-- and on any of its days
UPDATE school SET type = 'Academies', holds_from = '2025-09-17' WHERE urn = 200002;
UPDATE school SET type = 'Special schools', holds_from = '2025-09-17' WHERE urn = 200004;
SELECT is(given(school, 'M', last), wanted, format('leave to %s at %s, which is another from 17 September', last, school))
FROM (VALUES (200002, '2025-09-16 PM', 'AT042'), (200002, '2025-09-18 PM', 'AT042'), (200004, '2025-09-16 PM', 'leave authority (guidance)'), (200004, '2025-09-17 AM', 'AT042'), (200004, '2025-09-18 PM', 'AT042')) AS v (school, last, wanted);
UPDATE school s SET type = k.type, holds_from = '2025-09-17' FROM kind k WHERE k.urn = s.urn AND s.urn IN (200002, 200004);

-- ---------- registers and timetables ----------

SELECT lives_ok($$INSERT INTO registration (school_urn, day, session, taken_by, opened_at, closed_at) SELECT urn, '2025-09-15', 'AM', 'Mr Tutor', '2025-09-15 09:00', '2025-09-15 09:45' FROM kind$$,
    'a register that was open for 45 minutes is recorded');
SELECT is((SELECT count(*) FROM registration_breach), (SELECT count(*) FROM kind), 'and listed');
SELECT lives_ok($$INSERT INTO registration_policy (school_urn, from_day, minutes_open) VALUES (200001, '2025-09-01', 60)$$, 'a school may decide on an hour');
SELECT is((SELECT count(*) FROM registration_breach), (SELECT count(*) FROM kind), 'which does not change what the guidance asks');
INSERT INTO rule_setting VALUES (200002, 'register open', 'refuse', 'as the guidance asks', 'Ms Head');
SELECT throws_ok($$INSERT INTO registration (school_urn, day, session, taken_by, opened_at, closed_at) VALUES (200002, '2025-09-16', 'AM', 'Mr Tutor', '2025-09-16 09:00', '2025-09-16 09:45')$$, 'AT050', NULL,
    'unless the school wants it');
SELECT lives_ok($$INSERT INTO part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, status)
    SELECT urn, 24, '{[2025-09-22 AM,2025-09-23 PM]}', 'Illness', 1, 'At home', 'Ms Head', '2025-09-01', 'agreed' FROM kind$$, 'a timetable without a day of review is recorded');
SELECT results_eq('SELECT DISTINCT rule, source FROM part_time_timetable_breach', $$VALUES ('part-time review', 'guidance')$$, 'and listed as guidance');

-- ---------- a setting for all schools ----------

INSERT INTO rule_setting (rule, action, reason, decided_by) VALUES ('leave', 'record', 'taken over', 'The trust');
SELECT throws_ok($$INSERT INTO rule_setting (rule, action, reason, decided_by) VALUES ('leave', 'refuse', 'x', 'x')$$, '23505', NULL, 'one for all');
SELECT is(rule_action('r', 200004, 'leave'), 'record', 'all schools');
SELECT lives_ok($$INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (200004, 24, '2025-09-17', 'AM', 'C')$$, 'record what is refused by default');
INSERT INTO school (urn, name, phase, type, la_number) VALUES (200009, 'New', 'Primary', 'Academies', 380);
SELECT is(rule_action('r', 200009, 'leave'), 'record', 'and those to come');
INSERT INTO rule_setting VALUES (200003, 'leave', 'refuse', 'not here', 'Ms Head');
SELECT throws_ok($$INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (200003, 24, '2025-09-17', 'AM', 'C')$$, 'AT009', NULL, 'but for one that has a setting of its own');
SELECT throws_ok($$INSERT INTO rule_setting (rule, action, reason, decided_by) VALUES ('mark removal', 'record', 'x', 'x')$$, '23514', NULL, 'what is always refused is so for all');
INSERT INTO rule_setting (rule, action, reason, decided_by) VALUES ('entry changed', 'record', 'taken over', 'The trust');
SELECT lives_ok($$UPDATE enrolment SET last_school = 'x' WHERE school_urn = 200005$$, 'changes of the admission register, too');
SELECT is(rule_action(NULL, 200001, 'leave'), NULL, 'NULL');
-- so are marks, which are decided elsewhere: C1 without a licence, on the days before and after
INSERT INTO rule_setting SELECT 200001, 'leave licence', 'record', 'test', 'test' WHERE NOT EXISTS (SELECT FROM rule_setting WHERE school_urn = 200001 AND rule = 'leave licence');
INSERT INTO school_day (school_urn, day) VALUES (200001, '2025-09-29'), (200001, '2025-09-30'), (200001, '2025-10-01');
INSERT INTO leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, received_at, decided_at, decided_by, contact_id, circumstances, status)
VALUES (200001, 24, 'C1', 'performance', '{[2025-09-29 AM,2025-10-01 PM]}', '2025-09-01 10:00', '2025-09-01 11:00', 'Ms Head', 1, 'Ballet', 'granted');
CREATE FUNCTION c1_on(day date) RETURNS text LANGUAGE plpgsql SET search_path = r, public, attendance AS $$
BEGIN
    INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (200001, 24, day, 'AM', 'C1');
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN OTHERS THEN
    RETURN replace(SQLSTATE, 'ZZ000', 'record');
END
$$;
SELECT is(c1_on(d), CASE rule_action('r', 200001, 'licence', day => d) WHEN 'refuse' THEN 'AT010' ELSE 'record' END, format('C1 without a licence on %s', d)) FROM unnest('{2025-09-29,2025-09-30,2025-10-01}'::date[]) d;
SELECT is(ARRAY[c1_on('2025-09-30'), c1_on('2025-10-01')], '{AT010,record}', 'by the type of that day');
UPDATE school SET type = 'Local authority maintained schools', holds_from = current_date + 400 WHERE urn = 200001;
SELECT is(ARRAY[c1_on('2025-09-30'), c1_on('2025-10-01')], '{AT010,record}', 'also when it is to change');
INSERT INTO rule_setting VALUES (200001, 'licence', 'record', 'test', 'test');
SELECT is(ARRAY[c1_on('2025-09-30'), c1_on('2025-10-01')], '{record,record}', 'a setting is of all days');
UPDATE rule_setting SET action = 'refuse' WHERE school_urn = 200001 AND rule = 'licence';
SELECT is(ARRAY[c1_on('2025-09-30'), c1_on('2025-10-01')], '{AT010,AT010}', 'either way');
DELETE FROM rule_setting WHERE school_urn = 200001 AND rule = 'licence';

SELECT * FROM finish();
ROLLBACK;
