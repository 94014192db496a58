-- What is to be resolved, returned or told: who is on each list, with which days, and who is not.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

SELECT add_academic_year('r', 2023) \g /dev/null
INSERT INTO r.school_day (school_urn, day) SELECT 100004, d FROM generate_series(timestamp '2024-06-03', '2024-06-28', '1 day') d WHERE extract(isodow FROM d) < 6;
-- 32 becomes of compulsory school age on 31 December 2025
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (32, 'Small', 'B', '2020-11-01'), (33, 'Past', 'C', '2012-03-01'),
    (34, 'Past', 'D', '2012-03-01'), (61, 'Twice', 'E', '2015-03-01'), (62, 'Unexplained', 'F', '2015-03-01'), (63, 'Half', 'G', '2015-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100001, 32, '2024-09-01'), (100004, 33, '2023-09-01'), (100004, 34, '2023-09-01'),
    (100001, 61, '2024-09-01'), (100001, 62, '2024-09-01'), (100001, 63, '2024-09-01');

-- One mark for every session that the school holds in those days.
CREATE FUNCTION fill(pupil bigint, first_day date, last_day date, am text, pm text DEFAULT NULL, school int DEFAULT 100001) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT school, pupil, d.day, s.session, s.mark::session_mark
    FROM r.school_day d CROSS JOIN LATERAL (VALUES ('AM', am, d.morning), ('PM', coalesce(pm, am), d.afternoon)) AS s (session, mark, held)
    WHERE d.school_urn = school AND d.day BETWEEN first_day AND last_day AND s.held AND s.mark <> ''
$$;

-- ---------- attendance ----------

SELECT fill(1, '2025-09-08', '2025-10-03', 'O') \g /dev/null
SELECT fill(1, '2025-10-06', '2025-10-07', '/') \g /dev/null
SELECT fill(2, '2025-09-08', '2025-09-18', 'O') \g /dev/null
SELECT fill(2, '2025-09-19', '2025-09-19', '/') \g /dev/null
SELECT fill(3, '2025-09-08', '2025-09-18', 'O'), fill(3, '2025-09-19', '2025-09-19', 'O', 'I'), fill(3, '2025-09-22', '2025-10-02', 'O') \g /dev/null
SELECT fill(4, '2025-09-08', '2025-09-19', 'U', '/') \g /dev/null
SELECT fill(5, '2025-09-08', '2025-09-09', 'G', ''), fill(5, '2025-09-10', '2025-09-11', 'N', ''), fill(5, '2025-09-12', '2025-09-15', 'O', ''), fill(5, '2025-09-16', '2025-09-19', 'U', '') \g /dev/null
SELECT fill(6, '2025-09-08', '2025-09-09', 'O', '-'), fill(6, '2025-09-10', '2025-09-19', 'O', 'O') \g /dev/null
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 7, '2025-09-03', 'AM', '#'), (100001, 7, '2025-09-03', 'PM', '#');
SELECT fill(7, '2025-09-04', '2025-09-17', 'O') \g /dev/null
SELECT fill(8, '2025-09-08', '2025-09-18', 'O'), fill(8, '2025-09-19', '2025-09-19', 'D') \g /dev/null
SELECT fill(32, '2025-09-08', '2025-10-03', 'O') \g /dev/null
SELECT fill(27, '2024-10-18', '2024-10-24', 'O'), fill(27, '2025-09-04', '2025-09-10', 'G') \g /dev/null
SELECT fill(33, '2024-06-03', '2024-06-14', 'O', school => 100004) \g /dev/null

SELECT results_eq('SELECT school_urn::int, pupil_id, regime, continuous, irregular, covers, missed::int, due_on FROM r.attendance_return_due ORDER BY pupil_id, due_on',
    $$ VALUES (100001, 1::bigint, '2024', true, true, daterange('2025-09-08', '2025-10-01'), 34, date '2025-09-30'),
              (100001, 1, '2024', true, true, '[2025-10-01,2025-10-04)', 40, '2025-10-31'),
              (100001, 3, '2024', false, true, '[2025-09-22,2025-10-01)', 33, '2025-09-30'),
              (100001, 3, '2024', false, true, '[2025-10-01,2025-10-03)', 37, '2025-10-31'),
              (100001, 5, '2024', true, false, '[2025-09-08,2025-09-20)', 10, '2025-09-30'),
              (100001, 6, '2024', true, false, '[2025-09-08,2025-09-20)', 18, '2025-09-30'),
              (100001, 7, '2024', true, false, '[2025-09-04,2025-09-18)', 19, '2025-09-30'),
              (100001, 27, '2024', true, false, '[2024-10-18,2025-09-11)', 9, '2025-09-30'),
              (100004, 33, '2006', true, true, '[2024-06-03,2024-06-15)', 20, '2024-06-30') $$,
    'ten school days with G, N, O, U, also across a holiday, closures and missing marks; not nine, not with another code, not under age');
SELECT results_eq('SELECT pupil_id, upn, surname, forename, overdue FROM r.attendance_return_due WHERE school_urn = 100001 AND pupil_id = 5', 'SELECT 5::bigint, make_upn(5), ''Surname 5'', ''Forename'', current_date > ''2025-09-30''', 'with the name');
SAVEPOINT before_the_arrangement;
INSERT INTO r.return_arrangement (la_number, irregular_sessions) VALUES (380, 10);
SELECT is((SELECT array_agg(pupil_id || ' ' || covers ORDER BY pupil_id) FROM r.attendance_return_due WHERE pupil_id IN (2, 4)), '{"2 [2025-09-12,2025-09-19)","4 [2025-09-19,2025-09-20)"}', 'what the authority has agreed');
ROLLBACK TO before_the_arrangement;

CREATE FUNCTION sent(kind text, pupil bigint, covers text, sent_to text DEFAULT 'Bradford', school int DEFAULT 100001) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.return_sent (kind, school_urn, pupil_id, covers, sent_at, sent_to) VALUES (%L, %s, %s, %L, now(), %L)', kind, school, pupil, covers, sent_to);
SELECT accepted(sent('attendance', 1, '[2025-09-08,2025-09-25)'), 'a return');
SELECT accepted(sent('attendance', 3, '[2025-10-01,2025-10-02)'), 'of one month');
SELECT accepted(sent('sickness', 5, '[2025-09-08,2025-10-02)'), 'of another kind');
SELECT accepted(sent('attendance', 6, '[2025-09-08,2025-10-02)', school => 100002), 'of another school');
SELECT results_eq('SELECT pupil_id, due_on FROM r.attendance_return_due WHERE pupil_id < 7 ORDER BY 1, 2', $$ VALUES (1::bigint, date '2025-10-31'), (3, '2025-09-30'), (5, '2025-09-30'), (6, '2025-09-30') $$,
    'takes the days that it covers off the list, and nothing else');
SELECT is(split_part(outcome(command), ':', 1), wanted, command) FROM (VALUES (sent('a letter', 1, '[2025-09-08,2025-10-02)'), '23514'), (sent('attendance', 1, 'empty'), '23514'),
    (sent('attendance', 1, '[2025-09-08,2025-10-02)', ' '), '23514'), (sent('attendance', 999, '[2025-09-08,2025-10-02)'), '23503')) AS v (command, wanted);

-- ---------- sickness ----------

SELECT fill(9, '2025-09-08', '2025-09-26', 'I'), fill(9, '2025-09-29', '2025-09-29', '/') \g /dev/null
SELECT fill(10, '2025-09-08', '2025-09-25', 'I'), fill(10, '2025-09-26', '2025-09-26', '/'), fill(10, '2025-09-29', '2025-09-29', 'I', '\'),
    fill(10, '2025-09-30', '2025-09-30', '/', 'I'), fill(10, '2025-10-01', '2025-10-01', '/'), fill(10, '2025-10-02', '2025-10-02', 'I') \g /dev/null
SELECT fill(23, '2025-09-08', '2025-09-25', 'I'), fill(23, '2025-09-26', '2025-09-26', 'I', '\') \g /dev/null
SELECT fill(61, '2025-09-08', '2025-09-26', 'I'), fill(61, '2025-09-29', '2025-09-29', '/'), fill(61, '2025-09-30', '2025-10-20', 'I') \g /dev/null
SELECT fill(63, '2025-09-08', '2025-10-17', 'I', '/') \g /dev/null
SELECT fill(34, '2024-06-03', '2024-06-28', 'I', school => 100004) \g /dev/null
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100002, 32, '2025-09-01');
SELECT fill(32, '2025-09-08', '2025-10-10', 'I', school => 100002) \g /dev/null
SELECT results_eq('SELECT pupil_id, basis, covers, round(days, 1), due_on FROM r.sickness_return_due ORDER BY pupil_id, due_on',
    $$ VALUES (9::bigint, 'consecutive', daterange('2025-09-08', '2025-09-27'), 15.0, date '2025-09-26'),
              (10, 'cumulative', '[2025-09-29,2025-10-01)', 15.0, '2025-09-30'),
              (61, 'consecutive', '[2025-09-08,2025-09-27)', 15.0, '2025-09-26'),
              (61, 'consecutive', '[2025-09-30,2025-10-21)', 30.0, '2025-10-20'),
              (63, 'consecutive', '[2025-09-08,2025-10-18)', 15.0, '2025-10-17') $$,
    '15 school days in a row or in all, once for each period; not before 2024, not under age');
SELECT accepted('INSERT INTO r.sickness_forecast (school_urn, pupil_id, first_day, believed_on, expected_days, grounds) VALUES (100001, 23, ''2025-09-08'', ''2025-09-10'', 20, ''Operation''),
    (100001, 9, ''2025-09-08'', ''2025-09-10'', 20, ''Operation''), (100001, 32, ''2025-09-08'', ''2025-09-10'', 20, ''Under age''), (100004, 34, ''2024-06-03'', ''2024-06-03'', 20, ''Before 2024'')', 'what is believed');
SELECT results_eq('SELECT pupil_id, basis, covers, days, due_on FROM r.sickness_return_due WHERE pupil_id NOT IN (10, 61, 63) ORDER BY pupil_id, due_on',
    $$ VALUES (9::bigint, 'believed', daterange('2025-09-08', '2025-09-09'), 20::numeric, date '2025-09-10'), (9, 'consecutive', '[2025-09-08,2025-09-27)', 15.0, '2025-09-26'),
              (23, 'believed', '[2025-09-08,2025-09-09)', 20, '2025-09-10') $$, 'is due as well');
SELECT accepted(sent('sickness', 9, '[2025-09-08,2025-09-11)'), 'one return');
SELECT is_empty('SELECT * FROM r.sickness_return_due WHERE pupil_id = 9', 'is enough for a period');
SELECT is(split_part(outcome('INSERT INTO r.sickness_forecast (school_urn, pupil_id, first_day, believed_on, expected_days, grounds) VALUES (100001, 5, ''2025-09-08'', ''2025-09-10'', 14, ''x'')'), ':', 1), '23514', '14 days are none');

-- ---------- N ----------

SELECT fill(62, '2025-09-04', '2025-09-04', '/', 'N'), fill(62, '2025-09-08', '2025-09-08', 'N'), fill(62, '2025-12-18', '2025-12-18', 'N', '\'),
    fill(62, '2024-09-04', '2024-09-04', 'N', '\') \g /dev/null
SELECT fill(34, day, day, 'N', school => 100004) FROM (VALUES (date '2024-05-01')) AS v (day) \g /dev/null
INSERT INTO r.school_day (school_urn, day) VALUES (100004, '2024-07-01');
SELECT fill(34, '2024-07-01', '2024-07-01', 'N', school => 100004) \g /dev/null
SELECT results_eq('SELECT pupil_id, upn, day, session, due_on, overdue FROM r.unexplained_absence WHERE pupil_id <> 5 ORDER BY day, session',
    $$ SELECT 62::bigint, NULL::text, day, session, due_on, coalesce(due_on < current_date, false)
       FROM (VALUES (date '2024-09-04', 'AM', date '2024-09-11'), ('2025-09-04', 'PM', '2025-09-11'), ('2025-09-08', 'AM', '2025-09-15'), ('2025-09-08', 'PM', '2025-09-15'), ('2025-12-18', 'AM', NULL)) AS v (day, session, due_on) $$,
    'the fifth school day after; unknown where the calendar ends; from the 2024 Regulations on');

INSERT INTO r.pupil_worker (pupil_id, role, name, from_day, to_day) VALUES (62, 'social worker', 'Ms Social', '2025-09-01', '2025-09-30'),
    (62, 'youth offending team worker', 'Mr Youth', '2025-09-08', NULL), (34, 'social worker', 'Ms Social', '2020-01-01', NULL),
    (34, 'youth offending team worker', 'Mr Youth', '2020-01-01', NULL);
SELECT results_eq('SELECT pupil_id, day, role, name, sessions, due_on FROM r.unexplained_absence_notice_due ORDER BY day, name',
    $$ VALUES (34::bigint, date '2024-07-01', 'social worker', 'Ms Social', 'AM PM', date '2024-07-01'),
              (62, '2025-09-04', 'social worker', 'Ms Social', 'PM', '2025-09-04'),
              (62, '2025-09-08', 'youth offending team worker', 'Mr Youth', 'AM PM', '2025-09-08'),
              (62, '2025-09-08', 'social worker', 'Ms Social', 'AM PM', '2025-09-08'),
              (62, '2025-12-18', 'youth offending team worker', 'Mr Youth', 'AM', '2025-12-18') $$, 'who works with the pupil on the day is told; the youth offending team from 2024 on');
SELECT accepted(sent('unexplained absence', 62, '[2025-09-01,2025-09-09)', 'Ms Social'), 'told');
SELECT is((SELECT string_agg(day || ' ' || name, ', ' ORDER BY day) FROM r.unexplained_absence_notice_due WHERE pupil_id = 62), '2025-09-08 Mr Youth, 2025-12-18 Mr Youth', 'one of them');
SELECT is(split_part(outcome('INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) VALUES (62, ''uncle'', ''X'', ''2025-09-01'')'), ':', 1), '23514', 'other roles are not told');

-- the amendments are signed
DELETE FROM r.rule_setting WHERE rule = 'unsigned amendment';
CALL r.close_unexplained_absence(NULL, 'Ms Office', 'Attendance officer');
CALL r.close_unexplained_absence('2025-09-15', 'Ms Office', 'Attendance officer', 100002);
SELECT is(standing(62), '100001 62 2024-09-04 AM N, 100001 62 2024-09-04 PM \, 100001 62 2025-09-04 AM /, 100001 62 2025-09-04 PM N, 100001 62 2025-09-08 AM N, 100001 62 2025-09-08 PM N, 100001 62 2025-12-18 AM N, 100001 62 2025-12-18 PM \',
    'nothing for NULL, nor for another school');
CALL r.close_unexplained_absence('2025-09-15', 'Ms Office', 'Attendance officer', 100001);
SELECT is(standing(62), '100001 62 2024-09-04 AM O, 100001 62 2024-09-04 PM \, 100001 62 2025-09-04 AM /, 100001 62 2025-09-04 PM O, 100001 62 2025-09-08 AM N, 100001 62 2025-09-08 PM N, 100001 62 2025-12-18 AM N, 100001 62 2025-12-18 PM \',
    'not on the fifth school day itself');
CALL r.close_unexplained_absence('2025-09-16', 'Ms Office', 'Attendance officer');
SELECT is(standing(62), '100001 62 2024-09-04 AM O, 100001 62 2024-09-04 PM \, 100001 62 2025-09-04 AM /, 100001 62 2025-09-04 PM O, 100001 62 2025-09-08 AM O, 100001 62 2025-09-08 PM O, 100001 62 2025-12-18 AM N, 100001 62 2025-12-18 PM \',
    'but after it');

-- ---------- who came ----------

INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT id, 'New', 'N', '2018-03-01' FROM generate_series(71, 79) AS id;
INSERT INTO r.school_day (school_urn, day) SELECT 100004, date '2025-09-04' + n FROM generate_series(0, 1) n;
INSERT INTO r.school_day (school_urn, day, morning, afternoon, closure) VALUES (100004, '2025-09-03', false, false, 'INSET');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, year_group, status) VALUES (100004, 71, '2025-09-01', 'R', 'C'), (100004, 72, '2025-09-04', 'R', 'C'),
    (100004, 73, '2025-09-05', 'R', 'C'), (100004, 74, '2025-09-04', '3', 'C'), (100004, 75, '2025-09-04', NULL, 'C'), (100004, 76, '2025-09-04', '3', 'G'), (100004, 77, '2025-09-04', '3', 'S');
SELECT results_eq('SELECT pupil_id, start_date, due_on, overdue FROM r.new_pupil_return_due WHERE school_urn = 100004 AND pupil_id > 70 ORDER BY 1',
    $$ VALUES (73::bigint, date '2025-09-05', current_date + 5, false), (74, '2025-09-04', current_date + 5, false), (75, '2025-09-04', current_date + 5, false), (77, '2025-09-04', current_date + 5, false) $$,
    'by the fifth day after the entry; not the youngest on the first day of the school year, nor guests');
SELECT accepted(sent('new pupil', 74, '[2025-09-04,2025-09-05)', school => 100004), 'told');
SAVEPOINT before_the_arrangement;
INSERT INTO r.return_arrangement (la_number, all_new_pupils) VALUES (380, true);
SELECT is((SELECT array_agg(pupil_id ORDER BY pupil_id) FROM r.new_pupil_return_due WHERE school_urn = 100004 AND pupil_id > 70), '{71,72,73,75,77}', 'all of them, where the authority asks');
ROLLBACK TO before_the_arrangement;

-- ---------- who left ----------

-- the rules of the admission register have tests of their own
ALTER TABLE r.enrolment DISABLE TRIGGER USER;
DELETE FROM r.enrolment WHERE school_urn = 100004 AND pupil_id > 70;
INSERT INTO r.term_date VALUES (100004, 2024, 'Summer', 2, '2025-06-02', '2025-07-18'), (100004, 2023, 'Summer', 2, '2024-06-03', '2024-07-19');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, year_group, status, deletion_ground, deleted_at)
SELECT 100004, id, '2015-09-01', last_day, class, status, ground, last_day - interval '1 day'
FROM (VALUES (71, date '2025-07-18', '6', 'C', 'C'), (72, '2025-08-31', '6', 'C', 'C'), (73, '2025-07-17', '6', 'C', 'C'), (74, '2025-07-18', '5', 'C', 'C'), (75, '2025-09-05', '6', 'C', 'C'),
    (76, '2025-07-17', '5', 'G', 'C'), (77, '2016-07-01', '5', 'C', 'A'), (78, '2016-07-01', '5', 'C', '8(1)(d)'), (79, '2016-07-01', '5', 'C', 'M')) AS v (id, last_day, class, status, ground);
ALTER TABLE r.enrolment ENABLE TRIGGER USER;
SELECT results_eq('SELECT pupil_id, due_on, overdue FROM r.deletion_return_due WHERE school_urn = 100004 ORDER BY 1',
    $$ VALUES (73::bigint, date '2025-07-17', true), (74, '2025-07-18', true), (75, '2025-09-05', true), (78, '2016-07-01', true), (79, '2016-07-01', true) $$,
    'not the oldest at the end of the last term; until August 2016 on some grounds only');
SELECT accepted(sent('deletion', 73, '[2025-07-17,2025-07-18)', school => 100004), 'told');
INSERT INTO r.return_arrangement (la_number, all_deletions) VALUES (380, true);
SELECT is((SELECT array_agg(pupil_id ORDER BY pupil_id) FROM r.deletion_return_due WHERE school_urn = 100004), '{71,72,74,75,78,79}', 'all of them, where the authority asks');

-- ---------- the classes of a school ----------

-- until a day before the first, within, and after the last: what never held is no class
SAVEPOINT before;
SET LOCAL session_replication_role = replica;
INSERT INTO r.enrolment_former (school_urn, pupil_id, start_date, to_day, status, boarder, year_group)
SELECT 100004, id, '2015-09-01', to_day, 'C', 'N', class
FROM (VALUES (73, date '2015-08-01', 'N1'), (74, '2018-07-31', '13'), (75, '2025-12-31', '12'), (76, '2016-07-31', 'R'), (76, '2017-07-31', 'N2')) AS v (id, to_day, class);
UPDATE r.enrolment SET year_group = '14' WHERE pupil_id = 75 AND school_urn = 100004;
SET LOCAL session_replication_role = origin;
SELECT results_eq('SELECT * FROM r.school_class(NULL) ORDER BY 1', $$ SELECT school_urn::integer, min(n) FILTER (WHERE from_day = start_date), max(n)
    FROM (SELECT p.*, array_position('{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13,14}'::text[], p.year_group) AS n FROM r.enrolment_period p) c GROUP BY 1 ORDER BY 1 $$, 'as the periods have them');
SELECT results_eq('SELECT * FROM r.school_class(''{100004}'')', 'VALUES (100004, 3, 16)', 'R, in which one began, to 13; N1, N2 and 14 began or held on no day');
SELECT is_empty($$ (SELECT n.* FROM r.school s CROSS JOIN LATERAL r.new_pupil_due(ARRAY[s.urn::integer]) n EXCEPT ALL SELECT * FROM r.new_pupil_return_due)
    UNION ALL (SELECT * FROM r.new_pupil_return_due EXCEPT ALL SELECT n.* FROM r.school s CROSS JOIN LATERAL r.new_pupil_due(ARRAY[s.urn::integer]) n) $$, 'new pupils of each school are those of all');
SELECT is_empty($$ (SELECT n.* FROM r.school s CROSS JOIN LATERAL r.deletion_due(ARRAY[s.urn::integer]) n EXCEPT ALL SELECT * FROM r.deletion_return_due)
    UNION ALL (SELECT * FROM r.deletion_return_due EXCEPT ALL SELECT n.* FROM r.school s CROSS JOIN LATERAL r.deletion_due(ARRAY[s.urn::integer]) n) $$, 'and deletions');
ROLLBACK TO before;

-- ---------- a reader, with an empty search path ----------

CREATE ROLE att_tap_returns_reader;
SELECT grant_register('r', 'att_tap_returns_reader', 'reports') \g /dev/null
CREATE TABLE seen (name text, lines bigint);
GRANT INSERT ON seen TO att_tap_returns_reader;
GRANT USAGE ON SCHEMA public TO att_tap_returns_reader;
SET ROLE att_tap_returns_reader;
SET search_path = '';
INSERT INTO public.seen SELECT 'attendance', count(*) FROM r.attendance_return_due UNION ALL SELECT 'sickness', count(*) FROM r.sickness_return_due
    UNION ALL SELECT 'new', count(*) FROM r.new_pupil_return_due UNION ALL SELECT 'deletion', count(*) FROM r.deletion_return_due
    UNION ALL SELECT 'N', count(*) FROM r.unexplained_absence UNION ALL SELECT 'notice', count(*) FROM r.unexplained_absence_notice_due;
RESET ROLE;
SET search_path = public, attendance;
SELECT is((SELECT count(*) FROM seen WHERE lines > 0), 6::bigint, 'every list, with an empty search path');

SELECT * FROM finish();
ROLLBACK;
