-- Registers that another system kept are taken over: on the days of a take-over that goes on, what breaks a rule is recorded,
-- at its schools and on no other day; who decided it and why is kept, and said of each breach.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET search_path = r, public, attendance;
DELETE FROM rule_setting;
\set signed 'entered_by = ''Jo Smith'', title = ''Clerk'', reason = ''test'''

-- ---------- each rule: the day, another day, another school, all schools, ended ----------

-- 40 begins in October, 41 is four years old
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (40, 'Later', 'L', '2015-03-01'), (41, 'Young', 'Y', '2021-06-01'), (42, 'New', 'N', '2015-03-01');
INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (100001, 40, '2025-10-01'), (100001, 41, '2025-09-01');
UPDATE enrolment SET start_date = '2024-08-01', :signed WHERE pupil_id = 1 AND school_urn = 100001;
INSERT INTO school_day (school_urn, day) SELECT 100001, d FROM unnest('{2024-08-05,2024-08-06}'::date[]) d;
INSERT INTO school_day (school_urn, day) SELECT 100001, d::date FROM generate_series(date '2013-06-03', '2013-06-28', '1 day') d WHERE extract(isodow FROM d) < 6;
INSERT INTO contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 1, 'Parent', true, true);
INSERT INTO rule_setting SELECT 100001, rule, 'record', 'test', 'test' FROM register_rules() WHERE rule LIKE 'leave%' AND can_be_set;
INSERT INTO leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, decided_by, decided_at, status)
VALUES (100001, 3, 'C1', '{[2025-09-08 AM,2025-09-19 PM]}', 'performance', 'A Head', '2025-09-01', 'granted');
CREATE FUNCTION grant_command(mark text, class text, last_day text DEFAULT '{day}') RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, decided_by, decided_at, status)
    VALUES (100001, 1, %L, ''{[{day} AM,%s PM]}'', %L, ''Mr Nobody'', ''{day} 12:00'', ''granted'')', mark, last_day, class);
CREATE FUNCTION part_time_command(pupil int) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, status)
    VALUES (100001, %s, ''{[{day} AM,{day} PM]}'', ''x'', NULL, ''x'', ''x'', ''2025-09-01'', ''agreed'')', pupil);
CREATE FUNCTION notice_command(more text, given text) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by%s)
    VALUES (100001, 1, 1, ''{[2025-09-04 AM,2025-09-04 PM)}'', ''{day}'', ''Kim Oak''%s)', more, given);
CREATE TABLE trial (rule text, command text, day_in date DEFAULT '2025-09-08', day_out date DEFAULT '2025-09-15', last_day date);
INSERT INTO trial SELECT rule, format('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, %s, ''{day}'', ''AM'', %L)', pupil, mark), d.day_in, d.day_out
FROM (VALUES ('outside enrolment', 40, '/'), ('code not yet in force', 1, 'K'), ('code no longer in force', 2, 'J'), ('closure while open', 2, '#'), ('school age', 2, 'X'), ('leave', 2, 'M'),
    ('licence', 3, 'C1'), ('study leave', 2, 'S'), ('part-time timetable', 2, 'C2'), ('nature', 2, 'B'), ('prospective pupil', 2, 'Z'), ('other school', 2, 'D')) AS v (rule, pupil, mark)
CROSS JOIN LATERAL (SELECT CASE mark WHEN 'K' THEN date '2024-08-05' ELSE '2025-09-08' END, CASE mark WHEN 'K' THEN date '2024-08-06' ELSE '2025-09-15' END) AS d (day_in, day_out);
INSERT INTO trial VALUES
    ('late admission', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100001, 42, ''{day}'')'),
    ('starting day', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, agreed_on) VALUES (100001, 42, ''{day}'', ''2025-10-01'')'),
    ('deletion ground', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, deleted_at) VALUES (100001, 42, ''2025-09-01'', ''{day}'', ''{day} 12:00'')'),
    ('leave not in advance', grant_command('C', 'exceptional circumstances')), ('leave applicant', grant_command('C', 'exceptional circumstances')),
    ('leave authority', grant_command('C', 'exceptional circumstances')), ('leave reason', grant_command('C', 'exceptional circumstances')),
    ('leave licence', grant_command('C1', 'performance')), ('leave for study', grant_command('S', 'study')), ('leave part-time', part_time_command(41)), ('part-time review', part_time_command(1)),
    ('register open', 'INSERT INTO r.registration (school_urn, day, session, taken_by, opened_at, closed_at) VALUES (100001, ''{day}'', ''AM'', ''x'', ''{day} 09:00'', ''{day} 09:45'')'),
    ('no offence', notice_command('', '')), ('support first', notice_command('', '')), ('prosecution', notice_command(', prosecuted_on', ', ''{day}''')),
    ('orders', 'INSERT INTO r.attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, accepted, from_day, to_day, description)
        VALUES (100001, 1, 1, ''parenting order'', ''2025-09-01'', true, ''{day}'', ''2028-01-01'', ''x'')');
INSERT INTO trial VALUES ('leave for holiday', grant_command('H', 'holiday', '2013-06-25'), '2013-06-05', '2013-06-03', '2013-06-25');
SELECT set_eq('SELECT rule FROM trial', 'SELECT rule FROM register_rules() WHERE can_be_taken_over', 'every rule is tried of which breaches are recorded in a take-over');
SELECT set_eq('SELECT rule FROM register_rules() WHERE can_be_set AND NOT can_be_taken_over', $$VALUES ('unsigned amendment'), ('entry changed')$$, 'which is every one that can be set, but for the two on changes');
SELECT is_empty('SELECT FROM register_rules() WHERE can_be_taken_over AND NOT can_be_set', 'and no other');
SELECT is_empty($$SELECT rule FROM register_rules() WHERE can_be_taken_over <> (hint ~ 'take_over\(\)')$$, 'the hint of an error says so');

-- What becomes of it, with the rule alone refused by a setting of the school.
CREATE FUNCTION verdict(trial trial, day date) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN o = 'accepted' THEN o WHEN left(o, 5) = (SELECT sqlstate FROM register_rules() r WHERE r.rule = trial.rule) AND o !~ 'and (it|the)' THEN 'refused' ELSE o END
    FROM outcome(replace(trial.command, '{day}', day::text)) o $$;
CREATE FUNCTION verdicts(trial trial) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    said text[];
    case_days daterange := daterange(trial.day_in, coalesce(trial.last_day, trial.day_in), '[]');
BEGIN
    DELETE FROM r.rule_setting;
    INSERT INTO r.rule_setting SELECT 100001, r.rule, CASE r.rule WHEN trial.rule THEN 'refuse' ELSE 'record' END, 'test', 'test' FROM attendance.register_rules() r WHERE r.can_be_set;
    said := ARRAY[verdict(trial, trial.day_in)];
    PERFORM r.take_over(case_days, 'other', 'A Head', 'Head', '{100002,100003}');
    said := said || verdict(trial, trial.day_in);
    PERFORM r.take_over(case_days, 'own', 'A Head', 'Head', '{100003,100001}');
    said := said || verdict(trial, trial.day_in) || verdict(trial, trial.day_out);
    UPDATE r.taken_over SET ended_by = 'A Head' WHERE ended_at IS NULL AND school_urn = 100001;
    said := said || verdict(trial, trial.day_in);
    PERFORM r.take_over(case_days, 'all', 'A Head', 'Head');
    said := said || verdict(trial, trial.day_in) || verdict(trial, trial.day_out);
    UPDATE r.taken_over SET ended_by = 'A Head' WHERE ended_at IS NULL;
    RETURN said;
END
$$;
SELECT is(verdicts(t), '{refused,refused,accepted,refused,refused,accepted,refused}'::text[], rule || ': before, another school, the school, another day, ended, all schools, another day') FROM trial t;
DELETE FROM rule_setting;

-- what can never be, and what is changed, is refused all the same
SELECT take_over('[2025-09-01,2025-09-12]', 'from Quill', 'Ms Trust', 'Director', '{100001}') AS own \gset
INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 4, '2025-09-09', 'AM', 'N');
SELECT is(left(outcome(v.command), 5), v.wanted, v.command) FROM (VALUES
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 4, ''2025-09-13'', ''AM'', ''/'')', 'AT002'),
    ('DELETE FROM r.mark', 'AT001'),
    ('UPDATE r.mark SET mark = ''I'' WHERE pupil_id = 4', 'AT017'),
    ('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 4, ''2025-09-09'', ''AM'', ''I'')', 'AT017'),
    ('UPDATE r.mark SET mark = ''M'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 4', 'accep'),
    ('UPDATE r.pupil SET surname = ''x'' WHERE pupil_id = 4', 'AT036'), ('UPDATE r.enrolment SET last_school = ''x'' WHERE pupil_id = 4', 'AT036'),
    ('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, deleted_at) VALUES (100001, 42, ''2025-09-01'', ''2025-09-08'', ''K'', ''2025-09-09 12:00'')', 'AT033')) AS v (command, wanted);
SELECT is(rule_action('r', 100001, r.rule, day => '2025-09-12') COLLATE "C", CASE WHEN r.can_be_taken_over THEN 'record' ELSE r.default_action END, r.rule) FROM register_rules() r;
CREATE FUNCTION action_on(school int, day date) RETURNS text LANGUAGE sql RETURN rule_action('r', school, 'leave', day => day);
SELECT results_eq($$SELECT action_on(v.school, v.day) FROM (VALUES (100001, date '2025-09-01'), (100001, '2025-08-31'), (100001, '2025-09-13'), (100002, '2025-09-01'), (100001, NULL)) v (school, day)$$,
    $$VALUES ('record'), ('refuse'), ('refuse'), ('refuse'), ('refuse')$$, 'of its school and days');
SELECT results_eq($$SELECT is_taken_over('r', v.school, v.day) FROM (VALUES (100001, date '2025-09-01'), (100001, '2025-09-13'), (100002, '2025-09-01'), (NULL, '2025-09-01'), (100001, NULL)) v (school, day)$$,
    $$VALUES (true), (false), (false), (NULL), (NULL)$$, 'which is_taken_over() tells');
-- leave is refused if one of its days is not taken over
SELECT is(split_part(outcome(replace(v.command, '{days}', d.days)), ':', 1), d.wanted, d.days || ' ' || left(v.command, 30)) FROM (VALUES
    ('INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, decided_by, decided_at, status) VALUES (100001, 2, ''C'', ''{{days}}'', ''exceptional circumstances'', ''Mr Nobody'', ''2025-09-12 12:00'', ''granted'')'),
    ('INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, contact_id, agreed_with, agreed_by, agreed_on, status) VALUES (100001, 2, ''{{days}}'', NULL, ''x'', ''Mr Nobody'', ''2025-09-16'', ''agreed'')')) AS v (command),
    (VALUES ('[2025-09-11 AM,2025-09-12 PM]', 'accepted'), ('[2025-09-12 AM,2025-09-13 AM)', 'accepted'), ('[2025-09-12 AM,2025-09-15 AM]', 'AT040'), ('[2025-09-11 AM,2025-09-19 PM]', 'AT040'),
        ('[2025-08-29 AM,2025-09-02 PM]', 'AT040'), ('[2025-09-10 AM,2025-09-10 PM],[2025-09-15 PM,2025-09-15 PM]', 'AT040')) AS d (days, wanted);

-- ---------- a statement on days inside and outside ----------

CREATE TABLE sent AS SELECT 100001 AS school_urn, 5::bigint AS pupil_id, d AS day, 'AM'::text AS session, 'M'::session_mark AS mark FROM unnest('{2025-09-11,2025-09-12,2025-09-15}'::date[]) d;
SELECT results_eq($$SELECT row_number, rule FROM refused_rows('r.register_line', 'SELECT * FROM sent')$$, $$VALUES (3::bigint, 'leave')$$, 'refused_rows() says so');
SELECT results_eq($$SELECT place FROM refused_marks('r.register_line', 100001, '{5,5}', '{2025-09-12 AM,2025-09-15 AM}', '{M,M}')$$, 'VALUES (2)', 'and refused_marks()');
SELECT is(left(outcome('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) SELECT * FROM sent'), 5), 'AT009', 'all or nothing');
SELECT accepted('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) SELECT * FROM sent WHERE day < ''2025-09-13''', 'the days that are taken over');

-- ---------- leavers ----------

SELECT is(outcome('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date) VALUES (100002, 42, ''2024-09-01'', ''2025-09-05'')'),
    '23502: school 100002, pupil 42: an enrolment that has an end (2025-09-05) when it is entered needs deleted_at, the time at which its deletion was entered; deletion_ground is missing', 'not taken over');
SELECT accepted('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date) VALUES (100001, 42, ''2024-09-01'', ''2025-09-05'')', 'a leaver of whom nothing is known but the last day');
SELECT results_eq('SELECT deleted_at, (entered_at AT TIME ZONE ''Europe/London'')::date FROM enrolment WHERE pupil_id = 42', $$VALUES (timestamptz '2025-09-05 00:00+01', (now() AT TIME ZONE 'Europe/London')::date)$$,
    'was deleted on that day by the other system, and entered here today');
SELECT results_eq('SELECT rule, taken_over FROM admission_breach WHERE pupil_id = 42 ORDER BY 1', $$VALUES ('deletion ground', 'from Quill'), ('late admission', NULL)$$, 'which is listed, with the reason, by the day of each');

-- ---------- one attempt tells all ----------

INSERT INTO rule_setting VALUES (100002, 'late admission', 'refuse', 'x', 'y');
SELECT is(outcome(v.command), v.wanted, v.what) FROM (VALUES
    ('a leaver', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, starting_day_basis) VALUES (100002, 42, ''2024-09-01'', ''2025-09-05'', ''agreed'')',
        '23502: school 100002, pupil 42: an enrolment that has an end (2025-09-05) when it is entered needs deleted_at, the time at which its deletion was entered; deletion_ground is missing; '
        'the starting day 2024-09-01 is agreed, but the day on which it was is missing; entry_reason is missing: the name is entered after the starting day'),
    ('with a ground', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, starting_day_basis, deletion_ground) VALUES (100002, 42, ''2024-09-01'', ''2025-09-05'', ''agreed'', ''E'')',
        '23502: school 100002, pupil 42: an enrolment that has an end (2025-09-05) when it is entered needs deleted_at, the time at which its deletion was entered; '
        'ground_arose_on is missing: the day on which the order was revoked; deletion_evidence is missing: the order and its authority; attendance_order has no school attendance order that was revoked by then; '
        'the starting day 2024-09-01 is agreed, but the day on which it was is missing; entry_reason is missing: the name is entered after the starting day'),
    ('with a time, too late', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, agreed_on, deleted_at) VALUES (100002, 42, ''2024-09-01'', ''2025-09-05'', ''2024-09-02'', ''2025-09-06 12:00'')',
        'AT033: school 100002, pupil 42: a deletion that is entered on 2025-09-06 cannot have 2025-09-05 as last day: no name is deleted retrospectively; deletion_ground is missing; '
        'the starting day 2024-09-01 is before 2024-09-02, when it was agreed or notified; entry_reason is missing: the name is entered after the starting day'),
    ('with a time', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, agreed_on, deleted_at) VALUES (100002, 42, ''2024-09-01'', ''2025-09-05'', ''2024-09-02'', ''2025-09-05 12:00'')',
        'AT032: school 100002, pupil 42: the name cannot be deleted with 2025-09-05 as last day: it has no ground; '
        'the starting day 2024-09-01 is before 2024-09-02, when it was agreed or notified; entry_reason is missing: the name is entered after the starting day'),
    ('an admission', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, agreed_on) VALUES (100002, 42, ''2024-09-01'', ''2024-09-02'')',
        'AT031: school 100002, pupil 42: the starting day 2024-09-01 is before 2024-09-02, when it was agreed or notified; entry_reason is missing: the name is entered after the starting day'),
    ('a leave', 'INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, decided_by, decided_at, status)
        VALUES (100002, 12, ''C'', ''{[2025-09-15 AM,2025-09-15 PM]}'', ''exceptional circumstances'', ''Mr Nobody'', ''2025-09-16'', ''granted'')',
        'AT040: leave of pupil 12 at school 100002 from 2025-09-15 to 2025-09-15: the application was not received before the first session; no parent with whom the pupil normally lives has applied; '
        'Mr Nobody is not a person authorised to grant it on 2025-09-16; the exceptional circumstances are not stated'),
    ('a timetable', 'INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, contact_id, agreed_with, agreed_by, agreed_on, status)
        VALUES (100002, 12, ''{[2025-09-15 AM,2025-09-15 PM]}'', NULL, ''x'', ''Mr Nobody'', ''2025-09-16'', ''agreed'')',
        'AT040: part-time timetable of pupil 12 at school 100002 from 2025-09-15 to 2025-09-15: it was agreed on 2025-09-16 only; it was not agreed with a parent with whom the pupil normally lives; '
        'Mr Nobody is not a person authorised to agree to it on 2025-09-16; the exceptional circumstances are not stated')) AS v (what, command, wanted);
DELETE FROM rule_setting;

-- ---------- what is listed says that it was taken over ----------

INSERT INTO rule_setting VALUES (100001, 'leave', 'record', 'x', 'y');
INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 6, '2025-09-15', 'AM', 'M');
SELECT results_eq($$SELECT pupil_id, day, rule, taken_over FROM breach WHERE pupil_id IN (4, 5, 6) ORDER BY 1, 2$$, $$VALUES (4::bigint, date '2025-09-09', 'unexplained absence', 'from Quill'), (5, '2025-09-11', 'leave', 'from Quill'), (5, '2025-09-12', 'leave', 'from Quill'),
    (6, '2025-09-15', 'leave', NULL)$$, 'by its day, whatever let it in');
UPDATE taken_over SET ended_by = 'Ms Trust' WHERE ended_at IS NULL;
SELECT is((SELECT count(*) FROM breach WHERE taken_over = 'from Quill'), 3::bigint, 'also when it has ended');
SELECT take_over('[2025-09-09,2025-09-11]', reason, 'x', 'x', schools) FROM (VALUES ('from Quill', NULL::int[]), ('again', '{100001}'), ('elsewhere', '{100002}')) v (reason, schools) \g /dev/null
SELECT results_eq($$SELECT day, taken_over FROM breach WHERE pupil_id IN (4, 5) ORDER BY 1$$, $$VALUES (date '2025-09-09', 'again; from Quill'), ('2025-09-11', 'again; from Quill'), ('2025-09-12', 'from Quill')$$, 'each reason once, if there are several');
UPDATE taken_over SET ended_by = 'Ms Trust' WHERE ended_at IS NULL;

-- ---------- the entry itself ----------

CREATE FUNCTION takes(days text, reason text DEFAULT 'x', decided_by text DEFAULT 'x', title text DEFAULT 'x', schools text DEFAULT '{100001}') RETURNS text LANGUAGE sql
RETURN format('SELECT count(*) FROM r.take_over(%L, %L, %L, %L, %L)', days, reason, decided_by, title, schools);
SELECT is(split_part(outcome(command), ':', 1), wanted, command) FROM (VALUES
    (takes('[2025-09-01,2025-09-12]'), 'accepted'), (takes('(,2025-09-12]'), 'accepted'), (takes('[2025-09-12,2025-09-12]', schools => NULL), 'accepted'), (takes('[2025-09-01,2025-09-12]', schools => '{}'), '22023'),
    (takes(format('[%s,%1$s]', (now() AT TIME ZONE 'Europe/London')::date)), 'accepted'), (takes(format('[2025-09-01,%s]', (now() AT TIME ZONE 'Europe/London')::date + 1)), '23514'),
    (takes('[2025-09-01,)'), '23514'), (takes('[2025-09-01,infinity)'), '23514'), (takes('empty'), '23514'), (takes(NULL), '23502'),
    (takes('[2025-09-01,2025-09-12]', NULL), '23502'), (takes('[2025-09-01,2025-09-12]', '.'), '23514'), (takes('[2025-09-01,2025-09-12]', 'x', NULL), '23502'), (takes('[2025-09-01,2025-09-12]', 'x', ''), '23514'),
    (takes('[2025-09-01,2025-09-12]', 'x', 'x', NULL), '23502'), (takes('[2025-09-01,2025-09-12]', 'x', 'x', ' '), '23514'), (takes('[2025-09-01,2025-09-12]', schools => '{100001,999999}'), '22023'),
    ('INSERT INTO r.taken_over (school_urn, days, reason, decided_by, title) VALUES (999999, ''[2025-09-01,2025-09-12]'', ''x'', ''x'', ''x'')', '23503'),
    ('INSERT INTO r.taken_over (days, reason, decided_by, title, ended_at) VALUES (''[2025-09-01,2025-09-12]'', ''x'', ''x'', ''x'', now())', '23514'),
    ('INSERT INTO r.taken_over (days, reason, decided_by, title, ended_at, ended_by) VALUES (''[2025-09-01,2025-09-12]'', ''x'', ''x'', ''x'', now(), ''.'')', '23514'),
    ('INSERT INTO r.taken_over (taken_over_id, days, reason, decided_by, title) SELECT max(taken_over_id), ''[2025-09-01,2025-09-12]'', ''x'', ''x'', ''x'' FROM r.taken_over', '23505'),
    ('UPDATE r.taken_over SET ended_by = ''again''', '23514'), ('UPDATE r.taken_over SET ended_by = NULL, ended_at = NULL', '23514'),
    ('UPDATE r.taken_over SET entered_at = now() - interval ''1 year''', 'AT022'), ('DELETE FROM r.taken_over', 'AT020'), ('TRUNCATE r.taken_over', 'AT020')) AS v (command, wanted);
SELECT is((SELECT count(*) FROM take_over('[2025-09-01,2025-09-12]', 'x', 'x', 'x', v.schools)), v.wanted, coalesce(v.schools::text, 'all')) FROM (VALUES
    ('{100001,100002,100001}'::int[], 2::bigint), (NULL, 1)) AS v (schools, wanted);
SELECT throws_ok(takes('[2025-09-01,2025-09-12]', schools => schools), '22023', 'schools are none, or have one that is NULL', 'of ' || schools) FROM unnest(ARRAY['{}', '{NULL}', '{100001,NULL}']) AS schools;
SELECT is(split_part(outcome(format('UPDATE r.taken_over SET %s WHERE ended_at IS NULL AND school_urn = 100002', change)), ':', 1), wanted, change) FROM (VALUES
    ('days = ''[2025-09-01,2025-09-30]''', '23514'), ('reason = ''y''', '23514'), ('school_urn = NULL', '23514'), ('decided_by = ''y''', '23514'), ('title = ''y''', '23514'), ('taken_over_id = 999', '23514'),
    ('ended_at = now()', '23514'), ('ended_by = ''''', '23514'), ('ended_by = ''y'', days = ''[2025-09-01,2025-09-30]''', '23514'), ('ended_by = ''y'', ended_at = ''2025-09-01''', 'accepted'), ('ended_by = ''y''', 'accepted')) AS v (change, wanted);
UPDATE taken_over SET ended_by = 'Ms Trust', ended_at = '2025-09-01' WHERE ended_at IS NULL;
SELECT is_empty('SELECT * FROM taken_over WHERE ended_at < entered_at OR ended_at > clock_timestamp()', 'when it ended is the time of that');
SELECT results_eq($$SELECT amended ->> 'reason', amended ->> 'decided_by', amended ->> 'title', amended ->> 'ended_by' FROM record_change WHERE relation = 'taken_over' AND school_urn = 100001 AND amended ->> 'reason' = 'from Quill' ORDER BY entry_id$$,
    $$VALUES ('from Quill', 'Ms Trust', 'Director', NULL), ('from Quill', 'Ms Trust', 'Director', 'Ms Trust')$$, 'the journal has it');
SELECT is((SELECT count(DISTINCT school_urn) FROM record_change WHERE relation = 'taken_over'), 4::bigint, 'that of all schools is of no single one');
SELECT is_empty('SELECT * FROM verify_journal()', 'and is whole');
SELECT is_empty($$SELECT * FROM check_register('r')$$, 'as is the register');

-- ---------- who may ----------

CREATE ROLE over_clerk;
SELECT grant_register('r', 'over_clerk', p) FROM unnest('{marks,leave,reports}'::text[]) p \g /dev/null
GRANT USAGE ON SCHEMA public TO over_clerk;
SET ROLE over_clerk;
SELECT throws_ok($$SELECT r.take_over('[2025-09-01,2025-09-12]', 'x', 'x', 'x')$$, '42501', NULL, 'a clerk takes nothing over');
RESET ROLE;
SELECT r.take_over('[2025-09-01,2025-09-12]', 'for the clerk', 'Ms Trust', 'Director') \g /dev/null
REVOKE SELECT ON r.taken_over FROM over_clerk;
DELETE FROM rule_setting;
SET ROLE over_clerk;
SET search_path = public;
SELECT public.lives_ok($$INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 7, '2025-09-09', 'AM', 'M')$$, 'but enters what is taken over, though it is not to be seen');
SELECT public.throws_ok($$INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 7, '2025-09-15', 'AM', 'M')$$, 'AT009', NULL, 'and no more');
RESET ROLE;
CREATE ROLE over_trust;
SELECT attendance.grant_register('r', 'over_trust', 'marks') \g /dev/null
GRANT USAGE ON SCHEMA public TO over_trust;
GRANT SELECT, INSERT, UPDATE (ended_by) ON r.taken_over TO over_trust;
GRANT SELECT (urn) ON r.school TO over_trust;
CREATE POLICY own ON r.taken_over AS RESTRICTIVE TO over_trust USING (school_urn = 100002);
SET ROLE over_trust;
SELECT public.lives_ok($$SELECT r.take_over('[2025-09-01,2025-09-12]', 'mine', 'Ms Trust', 'Director', '{100002}')$$, 'who has the rights takes over');
SELECT public.throws_ok($$SELECT r.take_over('[2025-09-01,2025-09-12]', 'mine', 'Ms Trust', 'Director', '{100001}')$$, '42501', NULL, 'what a policy leaves to them');
SELECT public.throws_ok($$SELECT r.take_over('[2025-09-01,2025-09-12]', 'mine', 'Ms Trust', 'Director')$$, '42501', NULL, 'which is not every school');
UPDATE r.taken_over SET ended_by = 'Ms Trust' WHERE ended_at IS NULL;
SELECT public.throws_ok($$UPDATE r.taken_over SET ended_at = now()$$, '42501', NULL, 'and ends it, at the time of that');
RESET ROLE;
SET search_path = r, public, attendance;
SELECT results_eq($$SELECT reason, school_urn::int, ended_at IS NULL FROM taken_over WHERE reason IN ('mine', 'for the clerk') ORDER BY 1$$, $$VALUES ('for the clerk', NULL::int, true), ('mine', 100002, false)$$, 'but no other''s');
SELECT * FROM finish();
ROLLBACK;
