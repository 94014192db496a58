-- What there is not is an error, never an empty answer: every function of a register is called with a school, class, pupil, trust,
-- authority, period, population, series and so on that there is not, as the catalogue names its arguments, in a register with
-- pupils and in an empty one. So are bank holidays and the calendar, which build_calendar() must not open on them.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;
SELECT create_register('bare') \g /dev/null
SELECT add_academic_year('bare', 2025) \g /dev/null
INSERT INTO r.trust VALUES (1, 'Trust One');
UPDATE r.school SET trust_uid = 1, holds_from = '2000-01-01';
UPDATE r.enrolment SET registration_group = '5A', entered_by = 't', title = 't', reason = 't' WHERE school_urn = 100001;

-- Of each name of an argument a value that there is, for calls that are about another one, and one that there is not (NULL: any will do).
CREATE TABLE kind (argument text PRIMARY KEY, known text, unknown text);
INSERT INTO kind VALUES
    ('period', 'week 2025-09-08', 'soon'), ('compared_with', 'week 2025-09-15', 'soon'), ('published_period', '2018/19', 'soon'),
    ('population', 'all', 'some'), ('schools', '{100001}', '{100001,999999}'), ('school_urn', '100001', '999999'), ('urn', '100001', '999999'),
    ('only_group', '5A', '5Z'), ('registration_group', '5A', '5Z'), ('pupil', '1', '999'), ('pupil_id', '1', '999'),
    ('trust_uid', '1', '99'), ('la_number', '380', '999'), ('area', 'trust', 'county'), ('area_code', 'E92000001', 'E99999999'),
    ('geographic_level', 'National', 'County'), ('level', 'National', 'County'), ('phase', 'Total', 'Infants'), ('series', 'census', 'weekly'),
    ('measure', 'sess_overall_percent', 'sess_none'), ('scheme', 'attendance', 'quartiles'), ('terms', 'Autumn term', 'Michaelmas'),
    ('held', 'census', 'sometimes'), ('cohorts', '{sex}', '{house}'), ('first_cohort', 'sex', 'house'), ('second_cohort', 'sex', 'house'),
    ('issued_on', '2025-09-22', NULL), ('intervention', NULL, '999'), ('file_id', NULL, '999'), ('leave_id', '1', '999'), ('codes', '{B}', '{QQ}'), ('session', 'AM', 'noon'),
    ('mark', '/', NULL), ('measures', '{absence}', '{lateness}'), ('geographic_levels', '{National}', '{County}'), ('year', 'year to date 2025-09-19', 'soon'), ('meeting', 'L4.1', 'L99'), ('of', 'cases', 'wishes'), ('before', 'week 2025-09-15', 'soon'),
    -- names of nothing in the register
    ('caption', 'x', NULL), ('end_date', '2025-09-19', NULL), ('forename', 'x', NULL), ('here', '1', NULL), ('label', 'x', NULL), ('larger_part', '1', NULL), ('monday', '2025-09-08', NULL), ('names', '{x}', NULL),
    ('part', '1', NULL), ('reason', 'x', NULL), ('rates', '{1}', NULL), ('reasons', '{x}', NULL), ('sessions', '1', NULL), ('start_date', '2025-09-08', NULL), ('there', '1', NULL), ('value', 'x', NULL), ('which', 'x', NULL), ('whole', '1', NULL),
    ('band', '1', NULL), ('earlier', '[2025-09-01,2025-09-08)', NULL), ('instead', 'x', NULL), ('marks', '{empty}', NULL), ('safe', 'true', NULL), ('said', 'true', NULL), ('tell', 'true', NULL), ('marked', 'true', NULL), ('total', 'empty', NULL),
    ('with_marks', '1', NULL), ('academic_year', '2025', NULL), ('as_of', '2025-09-19', NULL), ('at', '2025-09-19', NULL), ('at_least', '20', NULL), ('at_least_days', '1', NULL),
    ('below_percent', '10', NULL), ('cancel_reason', 'x', NULL), ('cancelled_at', '2025-09-19', NULL), ('cancelled_by', 'x', NULL), ('cohort', 'empty', NULL), ('tally', 'empty', NULL),
    ('content', 'x', NULL), ('count', '1', NULL), ('day', '2025-09-08', NULL), ('days', '[2025-09-08,2025-09-15)', NULL), ('decided_at', '2025-09-19', NULL),
    ('decided_by', 'x', NULL), ('decision_reason', 'x', NULL), ('disposed_by', 'x', NULL), ('enrolments', NULL, NULL), ('keys', '{}', NULL), ('moved', '{1}', NULL), ('one_series', 'true', NULL), ('counts', '/:1', NULL), ('persistently_absent', '1', NULL), ('entered_by', 'x', NULL), ('fields', '{}', NULL),
    ('fill', 'false', NULL), ('from_percent', '5', NULL), ('ground', 'x', NULL), ('head_counts', '{}', NULL), ('kept', NULL, NULL), ('lines', '{}', NULL), ('met', 'true', NULL),
    ('most', '20', NULL), ('nearest', '5', NULL), ('older_than', '5', NULL), ('persistence', 'true', NULL), ('persistent', NULL, NULL), ('pupils', '1', NULL),
    ('row_keys', NULL, NULL), ('school_days', '5', NULL), ('set_aside', 'false', NULL), ('severe', NULL, NULL), ('shown', 'x', NULL), ('stated', 'true', NULL), ('suppress', 'false', NULL),
    ('notice', NULL, '999'), ('changes', '{}', NULL), ('report', 'SELECT 1', NULL), ('original', '{}', NULL), ('amended', '{}', NULL), ('items', '{}', NULL), ('record', '{}', NULL), ('contact', '1', NULL), ('contacts', '{1}', NULL), ('cases', '{}', NULL),
    ('salt', 'sixteen characters', NULL), ('other_rolls', '{}', NULL), ('upn', 'x', NULL), ('date_of_birth', '2015-03-01', NULL), ('threshold', '5', NULL), ('title', 'x', NULL), ('weights', '{}', NULL), ('due', 'true', NULL),
    ('version', (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'attendance'), NULL), ('arguments', '{}', NULL),
    ('first_year', '2024', NULL), ('last_year', '2025', NULL), ('from_day', '2025-09-08', NULL), ('to_day', '2025-09-19', NULL), ('is_counted', 'true', NULL), ('is_changing', 'false', NULL),
    ('held_from', '2025-09-08', NULL), ('held_to', '2025-09-12', NULL), ('year_group', '5', NULL), ('sex', 'F', NULL), ('class', 'x', NULL), ('by_school', 'true', NULL);
CREATE TABLE given AS
SELECT p.oid, p.proname AS function, p.prokind, a.name AS argument, a.n, format_type(p.proargtypes[a.n - 1], NULL) AS type,
    a.n <= p.pronargs - p.pronargdefaults AS needed
FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargnames[:p.pronargs]) WITH ORDINALITY AS a (name, n)
WHERE p.pronamespace = 'r'::regnamespace AND p.proname !~ '^known_';
SELECT is_empty($$ SELECT DISTINCT argument FROM given WHERE argument NOT IN (SELECT argument FROM kind) $$, 'every argument of a function of a register is of a kind');
-- Some mean something of their own by a name.
CREATE TABLE own_value (function text, argument text, known text, unknown text, reason text);
INSERT INTO own_value VALUES ('area_found', 'area_code', 'E92000001', NULL, 'what known_area() asks'), ('published_weeks', 'area_code', 'E92000001', NULL, 'weekly_trend() asks known_area()'),
    ('school_benchmark', 'measure', 'absence', 'lateness', 'of three'), ('page_counts', 'row_keys', '{}', NULL, 'of any'),
    ('benchmark_read', 'series', NULL, NULL, 'the file says what it is, and the problem is in the answer'), ('import_benchmark', 'series', NULL, NULL, 'likewise'),
    ('area_comparison', 'weights', 'none', 'by size', 'of two'), ('similar_schools', 'weights', '{"size": 1}', '{"rivers": 1}', 'of features'),
    ('similar_school_comparison', 'weights', '{"size": 1}', '{"rivers": 1}', 'of features'), ('baseline_improvement', 'weights', '{"size": 1}', '{"rivers": 1}', 'of features'),
    ('dispose', 'school_urn', '100001', '999999', 'what is not there is not due'), ('dispose_records', 'school_urn', '100001', '999999', 'likewise'),
    ('ees_rows', 'terms', 'Autumn term', NULL, 'with the daily series it says nothing'), ('ees_columns', 'terms', 'Autumn term', NULL, 'likewise'),
    ('page_differences', 'shown', 'x', NULL, 'of any'), ('page_england', 'phase', 'Total', NULL, 'of any that a school has'), ('page_peers', 'phase', 'Total', NULL, 'likewise'),
    ('page_standing', 'phase', 'Total', NULL, 'likewise'), ('page_weeks', 'phase', 'Total', NULL, 'likewise'), ('page_half_day', 'at', '2025-09-19 AM', NULL, 'a session'),
    ('is_relevant_school', 'school_urn', '100001', NULL, 'NULL: not known'), ('penalty_offence', 'school_urn', '100001', NULL, 'a foreign key says so'), ('penalty_offence', 'pupil_id', '1', NULL, 'likewise'),
    ('penalty_offence', 'sessions', '{}', NULL, 'of any'), ('pupil_cohort', 'pupil_id', '1', NULL, 'of a line that is there'),
    ('cohort_counts', 'cohorts', '{sex}', NULL, 'cohorts() asks known_cohorts()'), ('crossing_counts', 'first_cohort', 'sex', NULL, 'cohort_crossing() asks it'),
    ('crossing_counts', 'second_cohort', 'sex', NULL, 'likewise'),
    ('pupil_cohort', 'cohorts', '{sex}', NULL, 'held_line() has asked'), ('line_cohort', 'cohorts', '{sex}', NULL, 'likewise'), ('is_of_notice', 'sessions', '{}', NULL, 'of any'), ('is_of_notice', 'pupil_id', '1', NULL, 'compared with what is given'), ('parents_on', 'pupil', '1', NULL, 'who has none known'), ('pupil_name', 'pupil', '1', NULL, 'nobody has no name'), ('pupil_label', 'pupil', '1', NULL, 'likewise'), ('due_days', 'school_urn', '100001', NULL, 'nothing is due of who is not there'), ('due_days', 'pupil_id', '1', NULL, 'likewise'),
    ('held_sessions', 'school_urn', '100001', NULL, 'no calendar, no session'), ('school_line', 'school_urn', '100001', NULL, 'no enrolments, no lines'), ('unopened_line', 'school_urn', '100001', NULL, 'no enrolments, no lines'), ('sessions_due', 'school_urn', '100001', NULL, 'nothing is due of who is not there'), ('sessions_due', 'pupil_id', '1', NULL, 'likewise'), ('marks_due', 'school_urn', '100001', NULL, 'likewise'), ('marks_due', 'pupil_id', '1', NULL, 'likewise'), ('marks_due', 'marks', 'empty', NULL, 'of any'), ('marks_due', 'sessions', 'empty', NULL, 'likewise'), ('sessions_due', 'sessions', 'empty', NULL, 'likewise'), ('no_line_key', 'school_urn', '100001', NULL, 'a part of views'), ('no_line_key', 'pupil_id', '1', NULL, 'likewise');
CREATE TABLE call AS
SELECT g.function, g.argument, coalesce(o.unknown, k.unknown) AS unknown,
    CASE g.prokind WHEN 'p' THEN 'CALL ' ELSE 'SELECT count(f::text) FROM ' END AS verb, (
        SELECT string_agg(format('%I => %L::%s', a.argument, CASE WHEN a.argument = g.argument THEN coalesce(o.unknown, k.unknown)
                ELSE coalesce(ao.known, ak.known) END, a.type), ', ' ORDER BY a.n)
        FROM given a JOIN kind ak ON ak.argument = a.argument LEFT JOIN own_value ao ON ao.function = a.function AND ao.argument = a.argument
        WHERE a.oid = g.oid AND (a.needed OR a.argument IN (g.argument, 'compared_with'))) AS arguments
FROM given g JOIN kind k ON k.argument = g.argument LEFT JOIN own_value o ON o.function = g.function AND o.argument = g.argument
WHERE coalesce(o.unknown, k.unknown) IS NOT NULL AND (o.function IS NULL OR o.unknown IS NOT NULL);
SELECT cmp_ok((SELECT count(*) FROM call), '>', 270::bigint, 'there is much to ask');
CREATE FUNCTION said(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text; message text;
BEGIN
    EXECUTE command;
    RETURN 'an answer';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
    RETURN state || ': ' || message;
END
$$;
CREATE TABLE outcome AS
SELECT c.*, s.register, said(format('%s%I.%I(%s)%s', c.verb, s.register, c.function, c.arguments, CASE WHEN c.verb LIKE 'SELECT%' THEN ' AS f' ELSE '' END)) AS said
FROM call c CROSS JOIN (VALUES ('r'), ('bare')) AS s (register);
SELECT is_empty($$ SELECT register, function, arguments, said FROM outcome WHERE said !~ '^(22023|22P02|AT023): ' $$, 'what there is not is an error');
-- and the error names it
SELECT is_empty($$ SELECT function, arguments, said FROM outcome WHERE register = 'r' AND strpos(said, regexp_replace(unknown, '^\{(100001,)?"?|"?(: 1)?\}$', '', 'g')) = 0
    AND said !~ '^AT023' $$, 'that names it');

-- the functions of the extension that take a register by its name
SELECT is_empty($$ SELECT said FROM (SELECT said(format('SELECT * FROM %s(%s)', p.proname, (
        SELECT string_agg(CASE WHEN a.name = 'register' THEN '''no such''' ELSE quote_literal(v.known) END, ', ' ORDER BY a.n)
        FROM unnest(p.proargnames[:p.pronargs - p.pronargdefaults]) WITH ORDINALITY AS a (name, n)
        LEFT JOIN (SELECT argument, known FROM kind UNION ALL VALUES ('owner', 'nobody'), ('discard_marks', 'f')) v ON v.argument = a.name))) AS said
    FROM pg_proc p WHERE p.pronamespace = 'attendance'::regnamespace AND p.proargnames[1] = 'register' AND p.proname IN
        ('need_register', 'build_register_year', 'give_register', 'add_academic_year', 'build_calendar', 'upgrade_register', 'drop_register', 'check_register')) s
    WHERE said !~ '^3F000: schema "no such" is not a register' $$, 'nor is a register that there is not');
SELECT throws_ok($$ SELECT rule_action('r', 100001, 'leaf') $$, '22023', '"leaf" is not the name of a rule; register_rules() lists them, such as leave', 'a rule');
SELECT throws_ok($$ SELECT build_calendar('r', 999999, 2025) $$, '22023', 'the register has no school 999999', 'a school''s calendar');
SELECT throws_ok($$ SELECT build_calendar('r', 100004, 2025) $$, '22023', 'school 100004 has no half terms in the academic year 2025', 'without terms');
SELECT throws_ok($$ SELECT build_calendar('r', 100001, 2021) $$, '22023', 'school 100001 has no half terms in the academic year 2021', 'of another year');

-- what is said beside it
CREATE FUNCTION hint_of(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE command;
    RETURN 'an answer';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN hint;
END
$$;
SELECT throws_ok($$ SELECT r.page_class(100001, '5Z', 'week 2025-09-08') $$, '22023', 'there is no class "5Z" at school 100001: the registration groups of enrolment are 5A', 'the classes that there are');
SELECT throws_ok($$ SELECT r.page_pupil(100002, 1, 'week 2025-09-08') $$, '22023', 'school 100002 has no pupil 1', 'a pupil of another school');
SELECT throws_ok($$ SELECT * FROM r.headline('2025/26', 'all', '{999998,100001,999999}') $$, '22023', 'the register has no school 999998, 999999', 'several schools');
SELECT is(hint_of($$ SELECT r.page_school_week(999999, '2025/26') $$), 'The table school has those that there are, by their URN.', 'where the schools are');
SELECT is(hint_of($$ SELECT build_calendar('nowhere', 100001, 2025) $$), 'In this database there is bare, r.', 'which registers there are');
SELECT is(ARRAY[r.page_school_week(NULL, '2025/26'), r.page_class(100001, NULL, '2025/26'), r.page_class(NULL, NULL, '2025/26'), r.page_pupil(100001, NULL, '2025/26'), r.page_head_termly(NULL, '2025/26'),
    r.page_trust(NULL, '2025/26'), r.page_authority(NULL, '2025/26')], '{NULL,NULL,NULL,NULL,NULL,NULL,NULL}', 'NULL is nothing');
SELECT ok(known_choice(NULL, 'a') AND known_choice('a', 'b', 'a') AND r.known_schools(NULL) AND r.known_schools('{}') AND r.known_schools('{NULL,100001}'), 'what is there');

-- ---------- the way out of a rule ----------

SELECT is_empty($$ SELECT rule, hint FROM register_rules() WHERE hint !~ '^[A-Za-z].{20,}[.]$' OR can_be_set <> (hint ~ format('rule_setting, rule "%s", action record', rule)) $$,
    'every rule names the way out, and the setting where there is one');
SELECT is(hint_of($$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100003, 26, '2025-09-09', 'AM', 'D') $$), 'an answer', 'recorded here');
DELETE FROM r.rule_setting WHERE school_urn = 100003;
SELECT is(hint_of($$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100003, 26, '2025-09-10', 'AM', 'C') $$),
    (SELECT hint FROM register_rules() WHERE rule = 'leave'), 'an error of a mark has it');
SELECT is(hint_of($$ INSERT INTO r.enrolment (school_urn, pupil_id, start_date, agreed_on) VALUES (100003, 1, '2025-09-01', '2025-09-15') $$),
    (SELECT hint FROM register_rules() WHERE rule = 'starting day'), 'and one of the admission register');

SELECT is_empty($$ SELECT p.proname FROM pg_proc p WHERE p.pronamespace IN ('attendance'::regnamespace, 'r'::regnamespace)
    AND p.prosrc ~ 'ERRCODE *= *''AT' AND p.prosrc !~ 'ERRCODE *= *''AT000''' $$, 'no function raises a rule''s error but by break_rule(), with the hint');
CREATE FUNCTION way_out(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
    state text;
    name text;
    register text;
    relation text;
    of_column text;
BEGIN
    EXECUTE command;
    RETURN 'an answer';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS said = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE, name = CONSTRAINT_NAME,
        register = SCHEMA_NAME, relation = TABLE_NAME, of_column = COLUMN_NAME;
    RETURN (SELECT r.rule FROM register_rules() r
        WHERE r.sqlstate = state AND r.hint = said AND names_its_rule(state, name, register, relation, of_column));
END
$$;
SELECT is(way_out(command), rule, rule || ': ' || command) FROM (VALUES
    ('mark removal', $$ DELETE FROM r.mark WHERE pupil_id = 26 AND day = '2025-09-09' AND session = 'AM' $$),
    ('outside calendar', $$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100003, 26, '2025-12-27', 'AM', '/') $$),
    ('outside calendar', 'DELETE FROM r.school_day WHERE school_urn = 100003 AND day = ''2025-09-09'''),
    ('outside calendar', 'TRUNCATE r.school_day CASCADE'),
    ('line moved', 'UPDATE r.register_line SET pupil_id = 27 WHERE school_urn = 100003 AND pupil_id = 26'),
    ('outside enrolment', $$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 21, '2025-10-20', 'AM', '/') $$),
    ('unsigned amendment', $$ UPDATE r.mark SET mark = 'I' WHERE pupil_id = 26 AND day = '2025-09-09' AND session = 'AM' $$),
    ('retention', 'DELETE FROM r.enrolment WHERE pupil_id = 26'), ('retention', 'TRUNCATE r.enrolment CASCADE'),
    ('journal', 'DELETE FROM r.journal'), ('journal', 'TRUNCATE r.journal CASCADE'), ('journal', $$ UPDATE r.journal SET payload = '{}' $$),
    ('entry date', 'UPDATE r.enrolment SET entered_at = now() - interval ''1 day'' WHERE pupil_id = 26'),
    ('disposal', $$ SELECT r.dispose(100003, 2025, 'A', 'Head', 'due') $$), ('disposal', $$ SELECT r.dispose(100003, 2024, 'A', 'Head', 'due') $$), ('disposal', $$ SELECT r.dispose_records(100003, 'A', 'Head', 'due') $$),
    ('deletion undone', $$ UPDATE r.enrolment SET end_date = NULL, deletion_ground = NULL, next_school = NULL, deleted_at = NULL, entered_by = 'A', title = 'Head', reason = 'back' WHERE pupil_id = 25 $$),
    ('retrospective deletion', $$ UPDATE r.enrolment SET end_date = '2025-09-30', deletion_ground = 'A', next_school = 'Other', entered_by = 'A', title = 'Head', reason = 'left' WHERE pupil_id = 26 $$),
    ('entry changed', 'UPDATE r.pupil SET surname = ''Other'' WHERE pupil_id = 26')) AS v (rule, command);

-- ---------- bank holidays ----------

SELECT is((SELECT string_agg(to_char(day, 'MMDD'), ' ' ORDER BY day) FROM usual_bank_holidays(year)), wanted, 'bank holidays of ' || year)
FROM (VALUES (2023, '0102 0407 0410 0501 0529 0828 1225 1226'), (2024, '0101 0329 0401 0506 0527 0826 1225 1226'), (2025, '0101 0418 0421 0505 0526 0825 1225 1226'),
    (2026, '0101 0403 0406 0504 0525 0831 1225 1228'), (2027, '0101 0326 0329 0503 0531 0830 1227 1228'), (2028, '0103 0414 0417 0501 0529 0828 1225 1226'),
    (2022, '0103 0415 0418 0502 0602 0829 1226 1227'), (2021, '0101 0402 0405 0503 0531 0830 1227 1228'), (2016, '0101 0325 0328 0502 0530 0829 1226 1227'),
    (1975, '0101 0328 0331 0526 0825 1225 1226'), (1973, '0420 0423 0528 0827 1225 1226')) AS v (year, wanted);
SELECT is((SELECT string_agg(to_char(day, 'YYMMDD'), ' ' ORDER BY day) FROM r.bank_holidays(days)), wanted, 'as they were changed: ' || days)
FROM (VALUES (daterange('2022-05-01', '2022-10-01'), '220502 220602 220603 220829 220919'), ('[2020-05-01,2020-06-01)', '200508 200525'), ('[1995-05-01,1995-06-01)', '950508 950529'),
    ('[2023-04-30,2023-06-01)', '230501 230508 230529'), ('[2012-06-01,2012-07-01)', '120604 120605'), ('[2026-12-01,2027-01-05)', '261225 261228 270101'), ('[2025-12-26,2025-12-27)', '251226'),
    ('empty', NULL), ('[2025-01-01,)', NULL), (NULL, NULL)) AS v (days, wanted);
SELECT is_empty($$ SELECT FROM generate_series(1978, 2400) y, usual_bank_holidays(y) h GROUP BY y HAVING count(DISTINCT h.day) <> 8 OR bool_or(extract(isodow FROM h.day) > 5) OR bool_or(extract(year FROM h.day) <> y) $$,
    'eight different weekdays in every year');
SELECT throws_ok('SELECT * FROM usual_bank_holidays(0)', '22008');

INSERT INTO r.term_date VALUES (100004, 2025, 'Autumn', 1, '2025-09-01', '2025-09-05'), (100004, 2025, 'Summer', 1, '2026-04-06', '2026-05-22'), (100004, 2025, 'Summer', 2, '2026-06-01', '2026-07-20');
-- one was entered before; another was not kept, and one is of this year alone
INSERT INTO r.bank_holiday_change VALUES ('2026-05-15', 'a holiday of this test', true);
INSERT INTO r.school_day (school_urn, day, morning, afternoon, closure) VALUES (100004, '2026-05-04', true, false, 'open on the morning of the holiday');
SELECT is(build_calendar('r', 100004, 2025), 5 + 35 - 3 + 36::bigint, 'weekdays of three half terms, but for Easter Monday, early May, and 15 May');
SELECT results_eq($$ SELECT day, morning, afternoon, closure FROM r.school_day WHERE school_urn = 100004 AND NOT (morning AND afternoon) ORDER BY day $$,
    $$ VALUES (date '2026-04-06', false, false, 'bank holiday: Easter Monday'), ('2026-05-04', true, false, 'open on the morning of the holiday'), ('2026-05-15', false, false, 'bank holiday: a holiday of this test') $$, 'which are closed, unless the calendar has them already');
SELECT is(build_calendar('r', 100004, 2025), 0::bigint, 'once');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100004, 24, '2025-09-01');
SELECT matches(said($$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100004, 24, '2026-04-06', 'AM', '/') $$), '^AT002: ', 'no mark is entered on them');
SELECT is(said($$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100004, 24, '2026-05-04', 'AM', '/') $$), 'an answer', 'but on one that the school keeps open');
INSERT INTO r.term_date SELECT 100004, 2021, t, h, d, d FROM (VALUES ('Autumn', 1, date '2021-09-01'), ('Summer', 2, date '2022-06-02')) AS v (t, h, d);
SELECT is(build_calendar('r', 100004, 2021), 1::bigint, 'in other years, too');
UPDATE r.bank_holiday_change SET is_holiday = false WHERE day = '2022-06-03';
INSERT INTO r.bank_holiday_change VALUES ('2022-06-02', 'not here', false);
DELETE FROM r.school_day WHERE school_urn = 100004 AND day = '2022-06-02';
SELECT is(build_calendar('r', 100004, 2021), 1::bigint, 'a register may know better');

SELECT * FROM finish();
ROLLBACK;
