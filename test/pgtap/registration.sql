-- Registers that were taken, those that are due, and back-ups.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';

-- ---------- the register closes within 30 minutes ----------

CREATE FUNCTION taken(opened text, closed text, day text DEFAULT '2025-09-08', session text DEFAULT 'AM', school int DEFAULT 100001,
    class text DEFAULT '4A') RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.registration (school_urn, registration_group, day, session, taken_by, title, opened_at, closed_at) VALUES (%s, %L, %L, %L, ''Ms Teacher'', ''Teacher'', %L, %L)',
    school, class, day, session, opened, closed);
INSERT INTO r.registration_policy (school_urn, from_day, minutes_open) VALUES (100002, '2025-09-08', 10), (100002, '2025-09-09', 20);
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100001, 'register open', 'refuse', 'x', 'y'), (100002, 'register open', 'refuse', 'x', 'y');
SELECT is(outcome(command), wanted, description) FROM (VALUES
    (taken('2025-09-08 09:00', '2025-09-08 09:30'), 'accepted', '30 minutes'),
    (taken('2025-09-08 09:00', '2025-09-08 09:30:01'), 'AT050: the register of group 4A at school 100001 for 2025-09-08 AM was open for 31 minutes, longer than 30', 'longer'),
    (taken('2025-09-08 09:00', '2025-09-08 10:00', class => NULL), 'AT050: the register of the whole school at school 100001 for 2025-09-08 AM was open for 60 minutes, longer than 30', 'of the whole school'),
    (taken('2025-09-08 09:00', NULL), 'accepted', 'still open'),
    (taken('2025-09-08 09:00', '2025-09-08 09:10', school => 100002), 'accepted', 'a school that closes sooner'),
    (taken('2025-09-08 09:00', '2025-09-08 09:20', school => 100002), 'AT050: the register of group 4A at school 100002 for 2025-09-08 AM was open for 20 minutes, longer than 10', 'holds itself to it'),
    (taken('2025-09-05 09:00', '2025-09-05 09:30', '2025-09-05', school => 100002), 'accepted', 'from the day on which it decided so'),
    (taken('2025-09-09 09:00', '2025-09-09 09:20', '2025-09-09', school => 100002), 'accepted', 'until it decides otherwise'),
    (taken('2025-09-08 09:00', '2025-09-08 09:00'), 'accepted', 'no time at all')) AS v (command, wanted, description);
SELECT is(split_part(outcome(command), ':', 1), wanted, description) FROM (VALUES
    (taken('2025-09-08 09:00', '2025-09-08 08:59'), '23514', 'closed before it was opened'),
    (taken('2025-09-09 09:00', NULL), '23514', 'on another day'),
    (taken('2025-09-08 00:30+01', NULL), 'accepted', 'the day is British'),
    (taken('2025-09-07 23:30+00', NULL), 'accepted', 'in summer'),
    (taken('2025-09-08 23:30+00', NULL), '23514', 'as well'),
    (taken('2025-09-08 09:00', NULL, session => 'am'), '23514', 'AM or PM'),
    (taken('2025-09-08 09:00', NULL, school => 999999), '23503', 'no such school'),
    (replace(taken('2025-09-08 09:00', NULL), 'Ms Teacher', ' '), '23514', 'taken by nobody'),
    ('INSERT INTO r.registration_policy (school_urn, from_day, minutes_open) VALUES (100001, ''2025-09-01'', 241)', '23514', 'never longer than four hours instead of 30 minutes'),
    ('INSERT INTO r.registration_policy (school_urn, from_day, minutes_open) VALUES (100001, ''2025-09-01'', 0)', '23514', 'nor none')) AS v (command, wanted, description);
SELECT accepted(taken('2025-09-08 09:00', NULL), 'opened');
SELECT is(split_part(outcome(taken('2025-09-08 09:05', NULL)), ':', 1), '23505', 'once');
SELECT accepted(taken('2025-09-09 09:00', NULL, '2025-09-09', class => NULL), 'the whole school');
SELECT is(split_part(outcome(taken('2025-09-09 09:05', NULL, '2025-09-09', class => NULL)), ':', 1), '23505', 'once, too');
SELECT refused('UPDATE r.registration SET closed_at = ''2025-09-08 09:45'' WHERE day = ''2025-09-08''', 'AT050: the register of group 4A at school 100001 for 2025-09-08 AM was open for 45 minutes, longer than 30', 'closed late');
UPDATE r.rule_setting SET action = 'record' WHERE school_urn = 100001 AND rule = 'register open';
SELECT accepted('UPDATE r.registration SET closed_at = ''2025-09-08 09:45'' WHERE day = ''2025-09-08''', 'where that is recorded');
SELECT results_eq('SELECT school_urn::int, rule, problem FROM r.registration_breach', $$ VALUES (100001, 'register open', 'the register of group 4A at school 100001 for 2025-09-08 AM was open for 45 minutes, longer than 30') $$, 'it is listed');

-- ---------- who has not taken it ----------

INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT id, 'In', 'Class', '2015-03-01' FROM generate_series(51, 57) AS id;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, registration_group, boarder)
SELECT 100003, id, '2025-09-01', CASE WHEN id < 55 THEN '4A' ELSE '4B' END, CASE WHEN id = 57 THEN 'B' ELSE 'N' END FROM generate_series(51, 57) AS id;
SELECT accepted(taken('2025-09-08 09:00', '2025-09-08 09:10', school => 100003), 'one group is taken');
SELECT results_eq('SELECT session, registration_group, pupils, state, overdue FROM r.registration_due WHERE school_urn = 100003 AND day = ''2025-09-08'' ORDER BY session, registration_group',
    $$ VALUES ('AM', '4B', 2::bigint, 'not taken', true), ('AM', NULL, 1, 'not taken', true),
              ('PM', '4A', 4, 'not taken', true), ('PM', '4B', 2, 'not taken', true), ('PM', NULL, 1, 'not taken', true) $$, 'groups of pupils on the roll, without boarders');
SELECT accepted(taken('2025-09-09 09:00', NULL, '2025-09-09', school => 100003, class => NULL), 'the whole school');
SELECT results_eq('SELECT session, registration_group, state FROM r.registration_due WHERE school_urn = 100003 AND day = ''2025-09-09'' AND session = ''AM'' ORDER BY registration_group',
    $$ VALUES ('AM', '4A', 'open'), ('AM', '4B', 'open'), ('AM', NULL, 'open') $$, 'a register that is not closed yet');
UPDATE r.registration SET closed_at = opened_at WHERE day = '2025-09-09';
SELECT is_empty('SELECT * FROM r.registration_due WHERE school_urn = 100003 AND day = ''2025-09-09'' AND session = ''AM''', 'that of the whole school is that of all');
SELECT is_empty('SELECT * FROM r.registration_due WHERE school_urn = 100001 AND day = ''2025-09-03''', 'a closed day');
SELECT results_eq('SELECT DISTINCT session FROM r.registration_due WHERE school_urn = 100001 AND day = ''2025-09-05''', $$ VALUES ('AM') $$, 'a closed afternoon');
INSERT INTO r.school_day (school_urn, day) SELECT 100004, current_date + n FROM generate_series(0, 1) n;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, registration_group) VALUES (100004, 1, current_date - 10, 'Z');
SELECT results_eq('SELECT day, session FROM r.registration_due WHERE school_urn = 100004 ORDER BY session', 'VALUES (current_date, ''AM''), (current_date, ''PM'')', 'today, and not tomorrow');
INSERT INTO r.registration_policy (school_urn, from_day, morning_opens, afternoon_opens, minutes_open) VALUES (100004, '2025-09-01', '00:00', '23:59', 1);
SELECT results_eq('SELECT session, opens_at::time, closes_at - opens_at, overdue = (now() > closes_at) FROM r.registration_due WHERE school_urn = 100004 ORDER BY session',
    $$ VALUES ('AM', time '00:00', interval '1 minute', true), ('PM', time '23:59', interval '1 minute', true) $$, 'at the times of the school');

-- ---------- back-ups ----------

CREATE FUNCTION backup(from_day text, to_day text, made text, extra text DEFAULT 'retain_until|NULL', medium text DEFAULT 'print') RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.backup_record (covers_from, covers_to, made_at, medium, %s) VALUES (%L, %L, %L, %L, %s)', split_part(extra, '|', 1),
    from_day, to_day, made, medium, split_part(extra, '|', 2));
SELECT is(outcome(command), wanted, description) FROM (VALUES
    (backup('2025-09-01', '2025-09-30', '2025-09-30', 'retain_until|''2032-08-30'''), 'AT024: the back-up of all schools of the register from 2025-09-01 to 2025-09-30 is kept until 2032-08-31', 'not shorter than the law'),
    (backup('2025-09-01', '2025-09-30', '2025-09-30', 'school_urn, retain_until|100001, ''2032-08-30'''), 'AT024: the back-up of school 100001 of the register from 2025-09-01 to 2025-09-30 is kept until 2032-08-31', 'of a school neither'),
    (backup('2025-09-01', '2025-09-30', '2025-09-30', 'retain_until|''2040-01-01'''), 'accepted', 'but longer'),
    (backup('2025-09-01', '2025-09-30', '2025-09-30', 'discarded_at|''2032-08-31 12:00'''), 'AT024: the back-up of all schools of the register from 2025-09-01 to 2025-09-30 is kept until 2032-08-31', 'not discarded on the last day'),
    (backup('2025-09-01', '2025-09-30', '2025-09-30', 'discarded_at|''2032-09-01 12:00'''), 'accepted', 'the day after'),
    (backup('1990-09-01', '1990-09-30', '2025-09-30'), '23514: a back-up of 1990-09-01 to 1990-09-30 is older than all regulations of the register', 'before the first regulations')) AS v (command, wanted, description);
SELECT is(split_part(outcome(command), ':', 1), '23514', description) FROM (VALUES
    (backup('2025-09-30', '2025-09-01', '2025-09-30'), 'covers nothing'),
    (backup('2025-09-01', '2025-09-30', '2025-09-29'), 'made before'),
    (backup('2025-09-01', '2025-09-30', '2025-09-30', medium => 'electronic'), 'electronic, and no digest'),
    (backup('2025-09-01', '2025-09-30', '2025-09-30', medium => 'memory'), 'no medium'),
    (backup('2025-09-01', '2025-09-30', '2025-09-30', 'digest|''\x00'''), 'no SHA-256')) AS v (command, description);
SELECT is(split_part(outcome(backup(NULL, '2025-09-30', '2025-09-30')), ':', 1), '23502', 'covers from when');
SELECT accepted(backup('2025-09-01', '2025-09-30', '2025-09-30', 'digest|sha256(''x'')', 'electronic'), 'electronic');
SELECT accepted(backup('2024-09-01', '2026-07-31', '2026-07-31'), 'to the end of the year');
SELECT accepted(backup('2024-07-01', '2024-07-31', '2024-07-31'), 'under the regulations of 2006');
SELECT accepted(backup('2024-08-01', '2024-08-31', '2024-08-31'), 'under both');
SELECT results_eq('SELECT covers_to, retain_until FROM r.backup_record ORDER BY backup_id', $$ VALUES (date '2025-09-30', date '2032-08-31'),
    ('2026-07-31', '2032-08-31'), ('2024-07-31', '2027-08-31'), ('2024-08-31', '2031-08-31') $$, 'kept to the end of the school year, and 6 years or 3');
SELECT is(split_part(outcome(command), ':', 1), wanted, command) FROM (VALUES
    ('UPDATE r.backup_record SET retain_until = retain_until - 1', 'AT024'), ('UPDATE r.backup_record SET retain_until = NULL', 'accepted'),
    ('UPDATE r.backup_record SET covers_from = ''2006-09-01'', covers_to = ''2007-07-31'', retain_until = ''2010-08-31''', 'AT024'),
    ('UPDATE r.backup_record SET discarded_at = now()', 'AT024'), ('UPDATE r.backup_record SET retain_until = retain_until + 1', 'accepted')) AS v (command, wanted);
SELECT accepted('UPDATE r.regime SET backup_retention_years = 10 WHERE regime = ''2024''', 'the years may be lengthened');
SELECT accepted(backup('2025-10-01', '2025-10-31', '2025-11-30', 'school_urn|100001'), 'then');
SELECT is((SELECT retain_until FROM r.backup_record WHERE covers_to = '2025-10-31'), '2036-08-31', 'back-ups are kept longer');

-- months without: enrolments were entered from 15 June 2025 on
ALTER TABLE r.enrolment DISABLE TRIGGER USER;
UPDATE r.enrolment SET entered_at = '2025-06-15';
UPDATE r.enrolment SET entered_at = '2025-09-01' WHERE school_urn = 100002;
ALTER TABLE r.enrolment ENABLE TRIGGER USER;
SELECT results_eq('SELECT school_urn::int, month, due_on, overdue FROM r.backup_missing WHERE school_urn IN (100001, 100002) AND month < ''2026-01-01'' ORDER BY 1, 2',
    $$ SELECT school, month, (month + interval '1 month')::date - 1, month + interval '1 month' <= current_date
       FROM (VALUES (100001, date '2025-06-01'), (100001, '2025-07-01'), (100001, '2025-08-01'), (100001, '2025-10-01'), (100001, '2025-12-01'),
                    (100002, '2025-10-01'), (100002, '2025-11-01'), (100002, '2025-12-01')) AS v (school, month) $$,
    'months in which no back-up was made, of all schools or of that one');
SELECT is((SELECT count(*) FROM r.backup_missing WHERE month = date_trunc('month', current_date) AND NOT overdue AND school_urn = 100002), 1::bigint, 'this month has time');
SELECT is((SELECT max(month) FROM r.backup_missing WHERE school_urn = 100002), date_trunc('month', current_date)::date, 'and the next has not begun');

SELECT * FROM finish();
ROLLBACK;
