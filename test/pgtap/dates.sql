-- Facts with dates: what held before a change is kept, and a session is judged by what held on its day.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET search_path = r, public, attendance;
SET timezone = 'Pacific/Kiritimati'; -- today is London's
CREATE FUNCTION today() RETURNS date LANGUAGE sql AS $$ SELECT (clock_timestamp() AT TIME ZONE 'Europe/London')::date $$;
CREATE FUNCTION periods(pupil bigint) RETURNS text LANGUAGE sql SET search_path = r AS $$
    SELECT string_agg(concat_ws(' ', start_date, from_day, coalesce(to_day::text, '-'), status, boarder, coalesce(year_group, '?'), coalesce(registration_group, '?')),
        E'\n' ORDER BY start_date, from_day) FROM enrolment_period WHERE pupil_id = pupil $$;
PREPARE change AS UPDATE enrolment SET boarder = $2, holds_from = $3, entered_by = 'Jo Smith', title = 'Clerk', reason = 'test' WHERE pupil_id = $1;

SELECT is(periods(1), '2024-09-01 2024-09-01 - C N ? ?', 'what has not changed has one period');
UPDATE enrolment SET boarder = 'B', holds_from = '2026-01-05', entered_by = 'Jo Smith', title = 'Clerk', reason = 'became a boarder in January' WHERE pupil_id = 1;
SELECT is(periods(1), E'2024-09-01 2024-09-01 2026-01-04 C N ? ?\n2024-09-01 2026-01-05 - C B ? ?', 'a change holds from its day');
SELECT is((SELECT holds_from FROM enrolment WHERE pupil_id = 1), NULL, 'the day is not kept in the row');
-- what was not known is filled in
UPDATE enrolment SET year_group = '4', registration_group = '4A', entered_by = 'Jo Smith', title = 'Clerk', reason = 'class lists' WHERE pupil_id = 1;
SELECT is(periods(1), E'2024-09-01 2024-09-01 2026-01-04 C N 4 4A\n2024-09-01 2026-01-05 - C B 4 4A', 'what was not known was never otherwise');
UPDATE enrolment SET year_group = '5', registration_group = '5A', holds_from = '2025-09-01', entered_by = 'Jo Smith', title = 'Clerk', reason = 'promotion' WHERE pupil_id = 1;
SELECT is(periods(1), E'2024-09-01 2024-09-01 2025-08-31 C N 4 4A\n2024-09-01 2025-09-01 2026-01-04 C N 5 5A\n2024-09-01 2026-01-05 - C B 5 5A', 'a change of one fact leaves the dates of the others');
UPDATE enrolment SET registration_group = '5B', entered_by = 'Jo Smith', title = 'Clerk', reason = 'moved' WHERE pupil_id = 1;
SELECT is(periods(1), format(E'2024-09-01 2024-09-01 2025-08-31 C N 4 4A\n2024-09-01 2025-09-01 2026-01-04 C N 5 5A\n2024-09-01 2026-01-05 %s C B 5 5A\n2024-09-01 %s - C B 5 5B', today() - 1, today()),
    'a change without a day holds from today');
UPDATE enrolment SET registration_group = '5C', entered_by = 'Jo Smith', title = 'Clerk', reason = 'moved again' WHERE pupil_id = 1;
SELECT is((SELECT count(*) FROM enrolment_former WHERE pupil_id = 1), 3::bigint, 'two changes on a day leave one');
UPDATE enrolment SET status = 'S', holds_from = '2020-01-01', entered_by = 'Jo Smith', title = 'Clerk', reason = 'was wrong' WHERE pupil_id = 1;
SELECT is((SELECT string_agg(DISTINCT status, '') FROM enrolment_period WHERE pupil_id = 1), 'S', 'a change from before the starting day corrects all');
SELECT is_empty('SELECT * FROM verify_journal()', 'the journal has it all');
SELECT is_empty($$SELECT * FROM check_register('r')$$, 'and the register is as it was made');

-- ---------- a session is judged, and counted, by what held on its day ----------

CREATE FUNCTION possible_of(pupil bigint, period text, population text DEFAULT 'statutory') RETURNS bigint LANGUAGE sql SET search_path = r, public, attendance AS $$
    SELECT possible(tally(l.marks, l.days)) FROM report_line(period, population, '{100001}') l WHERE l.pupil_id = pupil $$;
CREATE FUNCTION class_of(pupil bigint, period text) RETURNS text LANGUAGE sql SET search_path = r, public, attendance AS $$
    SELECT concat_ws(' ', l.year_group, l.registration_group) FROM report_line(period, 'all', '{100001}') l WHERE l.pupil_id = pupil $$;
INSERT INTO mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, p, d.day, s, '/' FROM generate_series(2, 9) p, school_day d, unnest('{AM,PM}'::text[]) s
WHERE d.school_urn = 100001 AND d.day BETWEEN '2025-09-08' AND '2025-09-19';
SELECT is(possible_of(2, '2025/26'), 20::bigint, 'twenty sessions of a day pupil');
UPDATE enrolment SET boarder = 'B', entered_by = 'Jo Smith', title = 'Clerk', reason = 'became a boarder in January' WHERE pupil_id = 2;
SELECT is(possible_of(2, '2025/26'), 20::bigint, 'who becomes a boarder keeps what was counted');
SELECT is_empty('SELECT * FROM breach WHERE pupil_id = 2', 'and has broken no rule');
EXECUTE change(3, 'B', '2025-09-10');
EXECUTE change(4, 'B', '2020-01-01');
EXECUTE change(5, 'B', '2025-09-10');
EXECUTE change(5, 'N', '2025-09-15');
SELECT is(possible_of(3, '2025/26'), 4::bigint, 'a boarder from the middle of a week is counted until then');
SELECT is(possible_of(3, 'week 2025-09-08'), 4::bigint, 'also in that week');
SELECT is(possible_of(3, 'week 2025-09-15'), NULL, 'and not in the next');
SELECT is(possible_of(3, '2025/26', 'all'), 20::bigint, 'the marks are there');
SELECT is(possible_of(4, '2025/26'), NULL, 'who was always one is never counted');
SELECT is(possible_of(5, '2025/26'), 14::bigint, 'who was one for three days is counted without them');
SELECT is_empty('SELECT * FROM breach WHERE pupil_id IN (3, 4, 5)', 'marks of boarders are no breach');
SELECT lives_ok($$INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 4, '2025-09-22', 'AM', '/')$$, 'nor refused');
SELECT set_eq($$SELECT DISTINCT pupil_id FROM unmarked_session WHERE school_urn = 100001 AND day = '2025-09-23' AND pupil_id BETWEEN 2 AND 6$$, '{2,5,6}'::bigint[], 'but none is asked of them');

-- the views for BI: also of who became a boarder, was one for some days, or was a guest
UPDATE enrolment SET status = 'G', holds_from = '2025-09-17', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 6;
SELECT results_eq($$SELECT possible, enrolments FROM headline('2025/26')$$, $$VALUES (112::bigint, 7::bigint)$$, 'the official figures of the year');
SELECT results_eq('SELECT sum(sess_possible), count(*) FILTER (WHERE sess_possible > 0) FROM bi_pupil_year_statutory WHERE academic_year = 2025', 'VALUES (112::bigint, 7::bigint)', 'pupils and years add up to them');
SELECT results_eq('SELECT sum(sess_possible)::bigint, sum(enrolments)::bigint FROM bi_school_year_statutory WHERE academic_year = 2025', 'VALUES (112::bigint, 7::bigint)', 'schools and years');
SELECT results_eq('SELECT sum(sess_possible)::bigint, sum(enrolments)::bigint FROM bi_school_term_statutory WHERE academic_year = 2025', 'VALUES (112::bigint, 7::bigint)', 'schools and terms');
SELECT set_eq('SELECT pupil_year_key, pupil_key, school_urn, academic_year FROM bi_pupil_year WHERE is_statutory = 1', 'SELECT pupil_year_key, pupil_key, school_urn, academic_year FROM bi_pupil_year_statutory', 'whom they are about');
SELECT is((SELECT string_agg(p.pupil_id::text, ' ' ORDER BY p.pupil_id) FROM bi_pupil_year y JOIN pupil p USING (pupil_key) WHERE y.academic_year = 2025 AND is_statutory = 0), '4', 'not who was a boarder on all days');
UPDATE enrolment SET status = 'C', holds_from = '2025-09-17', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 6;

-- who leaves before what was entered in advance holds, and who comes back
UPDATE enrolment SET registration_group = '9Z', holds_from = '2026-09-01', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 27;
UPDATE enrolment SET year_group = '3', registration_group = '3A', holds_from = '2024-09-01', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 22 AND start_date = '2025-09-01';
UPDATE enrolment SET registration_group = '3B', holds_from = '2025-12-01', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 22 AND start_date = '2025-11-03';
SELECT is(periods(22), E'2025-09-01 2025-09-01 2025-10-10 C N 3 3A\n2025-11-03 2025-11-03 2025-11-30 C N ? ?\n2025-11-03 2025-12-01 - C N ? 3B', 'a period is of one enrolment');
UPDATE enrolment SET registration_group = '3C', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 22 AND start_date = '2025-09-01';
SELECT is(periods(22), E'2025-09-01 2025-09-01 2025-10-10 C N 3 3A\n2025-11-03 2025-11-03 2025-11-30 C N ? ?\n2025-11-03 2025-12-01 - C N ? 3B', 'what is changed of an enrolment that is over holds on none of its days');

-- classes: the group of the period, of its last day
UPDATE enrolment SET year_group = '4', registration_group = '4A', entered_by = 'Jo Smith', title = 'Clerk', reason = 'class lists' WHERE pupil_id BETWEEN 6 AND 9;
UPDATE enrolment SET year_group = '5', registration_group = '5A', holds_from = '2026-09-01', entered_by = 'Jo Smith', title = 'Clerk', reason = 'promotion' WHERE pupil_id BETWEEN 6 AND 9;
UPDATE enrolment SET registration_group = '4B', holds_from = '2025-09-15', entered_by = 'Jo Smith', title = 'Clerk', reason = 'moved' WHERE pupil_id = 7;
UPDATE enrolment SET registration_group = '5A', holds_from = '2026-09-01', entered_by = 'Jo Smith', title = 'Clerk', reason = 'promotion' WHERE pupil_id = 7;
SELECT is(class_of(pupil, period), wanted, format('pupil %s, %s', pupil, period)) FROM (VALUES (6, '2025/26', '4 4A'), (7, '2025/26', '4 4B'), (7, 'week 2025-09-08', '4 4A'),
    (7, 'week 2025-09-15', '4 4B'), (7, '2025-09-01 to 2025-09-14', '4 4A')) AS v (pupil, period, wanted);
SELECT results_eq($$SELECT DISTINCT year_group::text, registration_group::text FROM bi_pupil_year WHERE academic_year = 2025 AND pupil_key IN (SELECT pupil_key FROM pupil WHERE pupil_id IN (6, 7)) ORDER BY 2$$,
    $$VALUES ('4', '4A'), ('4', '4B')$$, 'so in the views for BI');
SELECT set_eq($$SELECT value FROM cohorts('2025/26', 'all', '{100001}', '{year group}') WHERE value <> 'All'$$, '{4,none}'::text[], 'and in cohorts');

-- contacts: the parent with whom the pupil lived when applying
INSERT INTO authorised_person (school_urn, name, title, from_day) VALUES (100001, 'Ms Head', 'Headteacher', '2005-09-01');
INSERT INTO contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 6, 'A Parent', true, true);
UPDATE rule_setting SET action = 'refuse';
INSERT INTO leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, received_at, decided_at, decided_by, contact_id, circumstances, status)
VALUES (100001, 6, 'C', 'exceptional circumstances', '{[2025-09-22 AM,2025-09-23 PM]}', '2025-09-01 10:00+01', '2025-09-02 10:00+01', 'Ms Head', 1, 'Wedding', 'granted');
INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 6, '2025-09-22', 'AM', 'C');
UPDATE contact SET lives_with = false, entered_by = 'Jo Smith', title = 'Clerk', reason = 'parents separated in 2026' WHERE contact_id = 1;
SELECT is_empty('SELECT * FROM leave_breach', 'leave of before stays lawful when parents separate');
SELECT throws_ok($$INSERT INTO leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, received_at, decided_at, decided_by, contact_id, circumstances, status)
    SELECT 100001, 6, 'C', 'exceptional circumstances', school_session_multirange(school_session_range(school_session(today() + 7, 'AM'), school_session(today() + 7, 'PM'), '[]')),
        now(), now(), 'Ms Head', 1, 'Wedding', 'granted'$$, 'AT041', NULL, 'leave that is applied for now is not');
SELECT is_empty('SELECT * FROM breach WHERE pupil_id = 6', 'nor is the mark a breach');
SELECT throws_ok($$UPDATE contact SET lives_with = false, holds_from = '2025-08-01', entered_by = 'Jo Smith', title = 'Clerk', reason = 'they had separated before' WHERE contact_id = 1$$,
    '0A000', NULL, 'that the same held before is said where it is kept, and not passed over');
UPDATE contact_former SET lives_with = false, entered_by = 'Jo Smith', title = 'Clerk', reason = 'they had separated before' WHERE contact_id = 1;
SELECT is((SELECT string_agg(rule, ' ') FROM leave_breach), 'leave applicant', 'what held before can be corrected, with a signature');
SELECT throws_ok('UPDATE contact_former SET lives_with = true', 'AT036', NULL, 'and not without');
SELECT throws_ok('DELETE FROM enrolment_former', 'AT020', NULL, 'it is not taken away');
SELECT throws_ok($$INSERT INTO enrolment_former (school_urn, pupil_id, start_date, to_day, status, boarder) VALUES (100001, 6, '2024-09-01', '2025-09-10', 'C', 'B')$$, 'AT036', NULL, 'nor added without a signature');
SELECT throws_ok($$INSERT INTO contact_former (contact_id, to_day, is_parent, lives_with, entered_by, title) VALUES (1, '2025-09-10', true, true, 'Jo Smith', 'Clerk')$$, 'AT036', NULL, 'or with half of one');
SELECT lives_ok($$INSERT INTO contact_former (contact_id, to_day, is_parent, lives_with, entered_by, title, reason) VALUES (1, '2020-09-10', true, true, 'Jo Smith', 'Clerk', 'as it was')$$, 'with one it is');

-- schools: the trust, authority, phase and type of the period
INSERT INTO trust VALUES (1, 'First Trust'), (2, 'Second Trust');
INSERT INTO local_authority VALUES (381, NULL, 'Calderdale', 'E12000003');
UPDATE school SET trust_uid = 1 WHERE urn = 100001;
SELECT results_eq('SELECT to_day, trust_uid FROM school_former', 'SELECT today() - 1, NULL::integer', 'that it had no trust was known');
UPDATE school_former SET trust_uid = 1;
UPDATE school SET trust_uid = 2, la_number = 381, phase = 'All-through', type = 'Free schools', holds_from = '2026-09-01' WHERE urn = 100001;
SELECT results_eq('SELECT from_day, to_day, phase, type, la_number, trust_uid FROM school_membership WHERE school_urn = 100001 ORDER BY from_day NULLS FIRST',
    format($$VALUES (NULL::date, '2026-08-31'::date, 'Primary', 'Local authority maintained schools', 380, 1), ('2026-09-01', %L, 'All-through', 'Free schools', 381, 2), (%L, NULL, 'All-through', 'Free schools', 381, 2)$$,
    today() - 1, today()), 'memberships');
SELECT is(ARRAY(SELECT rule_action('r', 100001, 'leave authority', day => d) FROM unnest('{2026-08-31,2026-09-01,NULL}'::date[]) d), ARRAY['refuse', 'record', CASE WHEN today() < '2026-09-01' THEN 'refuse' ELSE 'record' END],
    'a rule is binding on the school of the day, or of today');
SELECT results_eq($$SELECT trust_uid, la_number, phase FROM school_cohort('2025/26', 'statutory', '{100001}')$$, $$VALUES (1, 380, 'Primary')$$, 'figures stay with the trust and authority of then');
SELECT results_eq($$SELECT trust_uid FROM bi_trust_year WHERE academic_year = 2025$$, 'VALUES (1)', 'in the views for BI, too');
SELECT results_eq($$SELECT la_number FROM bi_authority_week WHERE academic_year = 2025 GROUP BY 1$$, 'VALUES (380)', 'weeks of the authority');
SELECT is((SELECT holds_from FROM school WHERE urn = 100001), NULL, 'the day is not kept in the school');
SELECT is((SELECT count(*) FROM school_on(NULL)), 4::bigint, 'all schools as now');
SELECT is((SELECT trust_uid FROM school_on('2026-08-31') WHERE urn = 100001), 1, 'on the last day');
SELECT is((SELECT trust_uid FROM school_on('2026-09-01') WHERE urn = 100001), 2, 'on the first day');

-- a school that continues another
UPDATE school SET predecessor_urn = 100001 WHERE urn = 100003;
UPDATE school SET predecessor_urn = 100003 WHERE urn = 100001;
SELECT set_eq('SELECT part_urn FROM school_part WHERE school_urn = 100003', '{100003,100001}'::int[], 'schools that are said to continue each other end somewhere');
SELECT is(with_predecessors('{100003}'), '{100001,100003}', 'a school with what it continues');
SELECT is(with_predecessors(NULL), NULL, 'all schools');
-- absence goes on over a conversion: five days at the school that was, five at the academy that it became
UPDATE school SET predecessor_urn = NULL WHERE urn IN (100001, 100003);
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (90, 'Goes', 'On', '2015-03-01');
INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at, entry_reason) VALUES
    (100001, 90, '2025-09-01', '2025-09-12', 'A', 'School 100003', '2025-09-12 16:00', 'x'), (100003, 90, '2025-09-15', NULL, NULL, NULL, NULL, 'x');
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT CASE WHEN d.day < '2025-09-15' THEN 100001 ELSE 100003 END, 90, d.day, s, 'O'
FROM school_day d, unnest('{AM,PM}'::text[]) s WHERE d.school_urn = 100001 AND d.day BETWEEN '2025-09-08' AND '2025-09-19';
SELECT is_empty('SELECT * FROM attendance_return_due WHERE pupil_id = 90', 'two schools have five days each');
UPDATE school SET predecessor_urn = 100001 WHERE urn = 100003;
SELECT results_eq('SELECT school_urn::integer, continuous, covers, missed FROM attendance_return_due WHERE pupil_id = 90 AND school_urn = 100003',
    $$VALUES (100003, true, daterange('2025-09-08', '2025-09-20'), 20::numeric)$$, 'one that goes on has ten');
SELECT is_empty('SELECT * FROM attendance_return_due WHERE pupil_id = 90 AND school_urn = 100001', 'which is none of the school that was');
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100001, 1, d.day, s, '/' FROM school_day d, unnest('{AM,PM}'::text[]) s
WHERE d.school_urn = 100001 AND d.day BETWEEN '2024-09-09' AND '2024-09-20';
SELECT is((SELECT baseline_possible FROM baseline_improvement('week 2025-09-15') WHERE school_urn = 100003 AND baseline = 'own, a year before'), 10::bigint,
    'and the comparison with a year before has the marks of the school that was');
SELECT results_eq($$SELECT last_year_week, last_year_enrolments, last_year_possible FROM weekly_trend('2025/26', 'statutory', '{100003}') WHERE week = '2025-09-15'$$,
    $$VALUES (date '2024-09-16', 1::bigint, 10::bigint)$$, 'as has the week of the year before');
SELECT is((SELECT last_year_week FROM page_weeks('2025/26', 'statutory', '{100003}', 'Primary', NULL, NULL, NULL) WHERE week = '2025-09-15'), '2024-09-16', 'also on pages');
SELECT results_eq($$SELECT last_year_possible FROM weekly_trend('2025/26', 'statutory', '{100001,100003}') WHERE week = '2025-09-15'$$, 'VALUES (10::bigint)', 'which counts once where both schools are asked for');
-- whatever is compared with another period has the school that was in it
SELECT results_eq($$SELECT compared_numerator, compared_denominator FROM leaders_report('week 2025-09-15', 'all', '{100003}', 'week 2025-09-08') WHERE section = '1 attendance' AND place = 1$$,
    $$SELECT attended, possible FROM headline('week 2025-09-08', 'all', '{100001,100003}')$$, 'leaders read of the school that was');
SELECT is((SELECT sessions_before FROM page_reason('week 2025-09-15', 'week 2025-09-08', '{100003}', NULL) WHERE code = 'O'), 10::bigint, 'as do reasons on the page of the head');
SELECT results_eq(format($$SELECT school_urn, absent(previous_tally)::int, absent(tally)::int FROM report_movement('week 2025-09-15', 'all', %s, 'week 2025-09-08') WHERE pupil_id = 90 AND possible(coalesce(previous_tally, tally)) > 0$$, schools), wanted, 'who moved along, asked of ' || schools)
FROM (VALUES ('''{100003}''', 'VALUES (100003, 10, 10)'), ('NULL', 'VALUES (100003, 10, 10)'), ('''{100001,100003}''', 'VALUES (100003, 10, 10)'), ('''{100001}''', 'VALUES (100001, 10, 0)')) AS v (schools, wanted);
SELECT matches(page_head_termly(100003, 'week 2025-09-15', 'week 2025-09-08', NULL), 'Before: 8', 'the page says which days are before');
UPDATE school SET predecessor_urn = 100003 WHERE urn = 100001;
SELECT throws_ok('UPDATE school SET predecessor_urn = 100001 WHERE urn = 100001', '23514', NULL, 'no school continues itself');
UPDATE school SET predecessor_urn = 999999 WHERE urn = 100001;
SELECT is(with_predecessors('{100001}'), '{100001}', 'one that the register has not is left out');

-- ---------- what is refused ----------

SELECT throws_ok($$UPDATE enrolment SET year_group = '6', holds_from = CASE pupil_id WHEN 6 THEN date '2026-01-01' ELSE '2026-01-02' END, entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id IN (6, 7)$$,
    '0A000', 'the rows of one statement must have the same holds_from', 'two days in a statement');
SELECT throws_ok($$UPDATE enrolment SET year_group = '6', holds_from = 'infinity', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 6$$, '22008', 'holds_from is a day, not infinity', 'no day');
SELECT throws_ok($$UPDATE enrolment SET year_group = '6', holds_from = '2026-01-01' WHERE pupil_id = 6$$, 'AT036', NULL, 'unsigned');
SELECT throws_ok($$UPDATE enrolment SET year_group = '15', holds_from = '2026-01-01', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 6$$, '23514', NULL, 'a value that is none');
SELECT throws_ok($$INSERT INTO enrolment_former (school_urn, pupil_id, start_date, to_day, status, boarder, entered_by, title, reason) VALUES (100001, 6, '2024-09-01', 'infinity', 'C', 'N', 'x', 'x', 'x')$$, '23514', NULL, 'until for ever');
SELECT is_empty('SELECT * FROM verify_journal()', 'the journal has it all');
-- with the key of its row, what held before would be lost: of each table with facts, each fact with each column of the key
CREATE TEMPORARY TABLE keyed AS
SELECT t.tgrelid::regclass::text AS relation, k.key, f.fact
FROM pg_trigger t CROSS JOIN LATERAL string_to_array(encode(t.tgargs, 'escape'), '\000') AS a (args)
CROSS JOIN unnest(a.args[2]::text[]) AS k (key) CROSS JOIN unnest(a.args[3]::text[]) AS f (fact)
WHERE t.tgname = 'keep_former' AND t.tgrelid::regclass::text !~ '[.]';
SELECT is((SELECT count(DISTINCT (relation, key)) FROM keyed), 5::bigint, 'the keys of three tables');
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (60, 'Key', 'K', '2015-03-01'), (61, 'Key', 'L', '2015-03-01');
INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (100001, 60, '2025-09-01');
INSERT INTO contact (contact_id, pupil_id, full_name, is_parent) VALUES (600, 60, 'K', true);
INSERT INTO school (urn, name, phase, type, la_number) VALUES (100060, 'K', 'Primary', 'Academies', 380);
INSERT INTO local_authority (la_number, name) VALUES (382, 'Kirklees');
INSERT INTO trust VALUES (60, 'Trust K');
CREATE FUNCTION change_of(relation text, changes text) RETURNS text LANGUAGE sql RETURN format('UPDATE %s SET %s%s', relation, changes,
    CASE relation WHEN 'school' THEN ' WHERE urn = 100060' ELSE ', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 60' END);
CREATE FUNCTION new_value(of_column text) RETURNS text LANGUAGE sql RETURN jsonb_build_object('school_urn', 100060, 'pupil_id', 61, 'start_date', '2025-09-02', 'contact_id', 601, 'urn', 100061,
    'status', 'S', 'boarder', 'B', 'year_group', '5', 'registration_group', '5A', 'is_parent', false, 'lives_with', true, 'phase', 'Secondary', 'type', 'Colleges', 'la_number', 382, 'trust_uid', 60) ->> of_column;
SELECT throws_ok(change_of(relation, format('%I = %L, %I = %L', key, new_value(key), fact, new_value(fact))), '0A000', NULL, format('%s: %s with %s', relation, fact, key)) FROM keyed;
SELECT lives_ok(change_of(relation, format('%I = %L', key, new_value(key))) , format('%s: %s alone', relation, key))
FROM (SELECT DISTINCT relation, key FROM keyed WHERE key = 'start_date') k;
SELECT lives_ok(change_of('enrolment', 'boarder = ''B'''), 'what holds alone');

SELECT * FROM finish();
ROLLBACK;
