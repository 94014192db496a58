-- What can be asked of several registers as one: every report of the list is written so that it can, and answers the same when what
-- counts is asked of two halves of the schools, each by itself.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

CREATE TABLE listed AS
SELECT f.place, f.report, f.kind, p.oid AS function, to_regclass('r.' || quote_ident(f.report)) AS view, p.proargnames[:p.pronargs] AS arguments
FROM federated_reports() f LEFT JOIN pg_proc p ON p.pronamespace = 'r'::regnamespace AND p.proname = f.report;

-- ---------- the list ----------

SELECT is_empty($$ SELECT report FROM listed WHERE function IS NULL AND view IS NULL $$, 'a register has every report of the list');
SELECT is_empty($$ SELECT report FROM listed GROUP BY report HAVING count(*) > 1 $$, 'once');
SELECT is_empty($$ SELECT place FROM listed GROUP BY place HAVING count(*) > 1 $$, 'each at a place');
SELECT set_eq('SELECT DISTINCT kind FROM listed', ARRAY['counts', 'combined', 'pupils'], 'of each kind');
-- A report about some schools that is not in it, and why.
CREATE TABLE exception (reports name[], reason text);
INSERT INTO exception VALUES
    ('{report_line,due_line,period_line,pupil_line,school_lines,held_line,pupil_cohort,cohort_group,case_line,penalty_line,treated_line,report_cohort,report_movement,report_session}', 'lines, of which reports are made where they are'),
    ('{report_enrolments,tells_sessions,tell_no_session,known_group,known_pupil,known_schools}', 'a part of reports'),
    ('{attendance_statement,statement_absences,intervention_impact,intervention_pupil_impact,intervention_window}', 'of a pupil or an intervention, by its number in a register'),
    ('{guidance_checklist,oversight,oversight_evidence,oversight_office,target_progress,target_school}', 'of bodies, which have what is theirs in one register'),
    ('{ees_columns,ees_export,ees_meta,ees_rows}', 'files of a register; its rows are those of daily_attendance() and census_absence()'),
    ('{take_over}', 'it writes'),
    ('{roll_on,school_class,unexplained_on,case_due,deletion_due,new_pupil_due,updates_due,not_arrived,virtual_school_roll,penalty_approaching,penalty_watch}', 'what an office has to do at a school of its own');
SELECT is_empty($$ SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND 'schools' = ANY (p.proargnames[:p.pronargs])
    AND p.proname !~ '^(page|meeting|governor|guidance_.*(measure|measured|pupil|school|body|days|due|of_some)|penalty_(calendar|recipient|rule|school_week|window))'
    AND p.proname NOT IN (SELECT report FROM listed) AND NOT EXISTS (SELECT FROM exception e WHERE p.proname = ANY (e.reports)) $$, 'a report of some schools is in the list, or it is said why not');
SELECT is_empty($$ SELECT x.report FROM exception e CROSS JOIN unnest(e.reports) AS x (report)
    WHERE x.report IN (SELECT report FROM listed) OR NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND p.proname = x.report) $$, 'and no longer');

-- ---------- what they use and return ----------

-- All that a body or a view names.
CREATE VIEW used AS
SELECT l.report, l.kind, l.place, d.refclassid, d.refobjid
FROM listed l JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = l.function
UNION ALL
SELECT l.report, l.kind, l.place, d.refclassid, d.refobjid
FROM listed l JOIN pg_rewrite w ON w.ev_class = l.view JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refobjid <> l.view;
SELECT is_empty($$ SELECT u.report, c.relname FROM used u JOIN pg_class c ON u.refclassid = 'pg_class'::regclass AND c.oid = u.refobjid
    WHERE u.kind = 'combined' AND c.relkind <> 'c' AND c.relname NOT IN (SELECT o.report FROM listed o WHERE o.view IS NOT NULL) $$, 'what is combined reads no table');
SELECT is_empty($$ SELECT u.report, p.proname FROM used u JOIN pg_proc p ON u.refclassid = 'pg_proc'::regclass AND p.oid = u.refobjid
    WHERE u.kind = 'combined' AND p.pronamespace = 'r'::regnamespace AND p.proname <> 'known_schools'
        AND NOT EXISTS (SELECT FROM listed o WHERE o.function = p.oid AND o.kind <> 'pupils') $$, 'and calls nothing that is not in the list');
SELECT is_empty($$ SELECT u.report, o.report FROM used u JOIN listed o ON u.refclassid = 'pg_proc'::regclass AND u.refobjid = o.function OR u.refclassid = 'pg_class'::regclass AND u.refobjid = o.view
    WHERE u.kind = 'combined' AND o.place >= u.place $$, 'in an order in which they can be made');
SELECT is_empty($$ SELECT l.report FROM listed l WHERE l.kind <> 'combined' AND NOT EXISTS (SELECT FROM pg_proc p WHERE p.oid = l.function AND p.proretset) $$, 'of the others rows are asked');
SELECT is_empty($$ SELECT l.report, c.name FROM listed l JOIN pg_proc p ON p.oid = l.function
    CROSS JOIN LATERAL (SELECT unnest(p.proargnames[p.pronargs + 1:]) UNION SELECT a.attname FROM pg_attribute a JOIN pg_type t ON t.typrelid = a.attrelid WHERE t.oid = p.prorettype) AS c (name)
    WHERE l.kind = 'counts' AND c.name ~ '^(pupils?_id|upn|surname|forename|known_as|date_of_birth|birth_cohort|registration_group|marks|lines|(natures|reason)$)|percent$' AND l.report NOT IN ('school_benchmarks') $$,
    'what counts names no pupil, and divides nothing');
SELECT is_empty($$ SELECT l.report FROM listed l JOIN pg_proc p ON p.oid = l.function WHERE p.prosqlbody IS NULL $$, 'what they use is known');

-- ---------- a register in two halves ----------

INSERT INTO r.trust VALUES (1, 'Trust One'), (2, 'Trust Two');
UPDATE r.school SET trust_uid = CASE WHEN urn = 100001 THEN 1 ELSE 2 END, holds_from = '2000-01-01' WHERE urn <= 100003;
UPDATE r.school SET predecessor_urn = 100004 WHERE urn = 100003;
UPDATE r.pupil SET sex = CASE WHEN pupil_id % 3 = 0 THEN 'F' WHEN pupil_id % 3 = 1 THEN 'M' END, date_of_birth = make_date((2010 + pupil_id % 6)::integer, 3, 1), entered_by = 't', title = 't', reason = 't';
UPDATE r.enrolment SET year_group = (4 + pupil_id % 3)::text, registration_group = (4 + pupil_id % 3) || 'A', entered_by = 't', title = 't', reason = 't'
WHERE pupil_id % 7 > 0;
INSERT INTO r.pupil_characteristic SELECT pupil_id, 'fsm', 'Y', '2024-09-01', NULL FROM r.pupil WHERE pupil_id % 4 = 0;
INSERT INTO r.pupil_characteristic SELECT pupil_id, 'sen', CASE WHEN pupil_id % 2 = 0 THEN 'K' ELSE 'E' END, '2024-09-01', NULL FROM r.pupil WHERE pupil_id % 5 < 2;
-- of one half alone
INSERT INTO r.pupil_characteristic SELECT pupil_id, 'eal', 'Y', '2024-09-01', NULL FROM r.pupil WHERE pupil_id BETWEEN 11 AND 13;
INSERT INTO r.pupil_address (pupil_id, address, area, from_day) SELECT pupil_id, 'A street', 'Area ' || pupil_id % 3, '2024-09-01' FROM r.pupil WHERE pupil_id % 3 > 0;
INSERT INTO r.school_feature VALUES (100001, 'idaci', 0.2), (100003, 'rivers', 4);
-- 21 is at both, and has no marks: a pupil of two registers is two
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT e.school_urn, e.pupil_id, d.day, s.session, CASE
        WHEN e.pupil_id = 9 THEN 'Y1'
        WHEN h.n % 100 < (ARRAY[2, 7, 12, 30, 60])[1 + e.pupil_id % 5] THEN (ARRAY['I', 'O', 'M', 'U', 'N', 'E'])[1 + h.n % 6]
        WHEN h.n % 97 = 0 THEN 'Y1' WHEN h.n % 89 = 0 THEN '-' WHEN h.n % 13 = 0 THEN 'L' WHEN h.n % 31 = 0 THEN 'V'
        WHEN s.session = 'AM' THEN '/' ELSE '\' END::session_mark
FROM r.enrolment e
JOIN r.school_day d ON d.school_urn = e.school_urn AND d.day >= e.start_date AND coalesce(d.day <= e.end_date, true)
    AND (d.day BETWEEN '2025-09-01' AND '2025-12-19' OR d.day BETWEEN '2024-09-01' AND '2024-10-24')
CROSS JOIN LATERAL (VALUES ('AM', d.morning), ('PM', d.afternoon)) AS s (session, held)
CROSS JOIN LATERAL (SELECT abs(hashtext(concat(e.pupil_id, d.day, s.session))) AS n) AS h
WHERE s.held AND e.pupil_id <> 21;
INSERT INTO r.late_arrival (school_urn, pupil_id, session, minutes)
SELECT m.school_urn, m.pupil_id, school_session(m.day, m.session), 1 + m.pupil_id FROM r.mark m WHERE m.mark = 'L' AND m.pupil_id % 2 = 0;
INSERT INTO r.benchmark_file (title, series, shape, digest) VALUES ('t', 'daily', 'wide', '\x01'), ('t', 'census', 'wide', '\x02');
INSERT INTO r.benchmark_row (file_id, line, days, time_period, time_identifier, geographic_level, area_code, phase, figures)
SELECT f.file_id, row_number() OVER (PARTITION BY f.file_id), d.days, '2025', 'Week ' || d.n, a.level, a.code, p.phase,
    jsonb_build_object('overall_absence_perc', 5 + d.n, 'pa_perc', 20, 'sess_overall_percent', 6 + d.n, 'enrolments_pa_10_exact_percent', 21)
FROM r.benchmark_file f, (VALUES (37, daterange('2025-09-08', '2025-09-15')), (41, '[2025-10-06,2025-10-13)'), (1, '[2025-08-01,2026-08-01)'), (2, '[2024-08-01,2025-08-01)')) AS d (n, days),
    (VALUES ('National', 'E92000001'), ('Regional', 'E12000003'), ('Local authority', '380'), ('School', '100001'), ('School', '100002')) AS a (level, code),
    unnest('{Total,Primary}'::text[]) AS p (phase);
ANALYZE;

CREATE SCHEMA halves;
CREATE FUNCTION halves.known_schools(schools integer[]) RETURNS boolean LANGUAGE sql STABLE RETURN r.known_schools(schools);
-- The schools of a half that are among some; one that neither has is an error.
CREATE FUNCTION halves.part(schools integer[], half integer) RETURNS integer[] LANGUAGE sql STABLE
RETURN ARRAY(SELECT s.urn FROM r.school s WHERE (s.urn = 100001) = (half = 1) AND is_one_of(s.urn, schools) AND r.known_schools(schools) ORDER BY s.urn);
-- A function that counts asks each half for its schools, a half without any is not asked; one that is not about some returns the rows of its
-- schools, or what both have.
CREATE FUNCTION make_half(report text) RETURNS text LANGUAGE sql
RETURN (
    SELECT format('CREATE FUNCTION halves.%I(%s) RETURNS %s LANGUAGE sql STABLE BEGIN ATOMIC %s; END', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), (
        SELECT string_agg(format('SELECT f.* FROM r.%I(%s) f%s', p.proname, (
                SELECT string_agg(CASE WHEN a.name = 'schools' THEN format('halves.part($%s, %s)', a.n, h) ELSE '$' || a.n END, ', ' ORDER BY a.n)
                FROM unnest(p.proargnames[:p.pronargs]) WITH ORDINALITY AS a (name, n)),
            CASE WHEN 'schools' = ANY (p.proargnames[:p.pronargs])
                THEN (SELECT format(' WHERE cardinality(halves.part($%s, %s)) > 0 OR $%1$s = ''{}''', a.n, h) FROM unnest(p.proargnames) WITH ORDINALITY AS a (name, n) WHERE a.name = 'schools')
                WHEN 'school_urn' = ANY (p.proargnames) THEN format(' WHERE f.school_urn = ANY (halves.part(NULL, %s))', h)
                WHEN p.proname = 'schools_in' THEN format(' WHERE f.urn = ANY (halves.part(NULL, %s))', h) ELSE '' END), ' UNION ALL ' ORDER BY h)
        FROM generate_series(1, 2) AS h))
    FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND p.proname = report);
SET search_path = halves, attendance, public;
SELECT coalesce(make_half(l.report), 'SELECT 1') FROM listed l WHERE l.kind = 'counts' ORDER BY l.place \gexec
SELECT c.command FROM listed l JOIN (
    SELECT substring(p.piece, '^(?:FUNCTION|VIEW) ([a-z_]+)') AS report, 'CREATE ' || p.piece AS command
    FROM string_to_table(E'\n' || report_definition(), E'\nCREATE ') AS p (piece)) c ON c.report = l.report
WHERE l.kind = 'combined' ORDER BY l.place \gexec
SET search_path = public, attendance;
SELECT set_eq($$ SELECT proname FROM pg_proc WHERE pronamespace = 'halves'::regnamespace AND proname NOT IN ('part', 'known_schools') $$,
    $$ SELECT report FROM listed WHERE kind <> 'pupils' AND view IS NULL $$, 'all were made');

-- What a report is asked beside the period, the population and the schools, or in their place.
CREATE TABLE given (report text, arguments text);
INSERT INTO given
SELECT l.report, 'period => %1$s, population => %2$s, schools => %3$s' || v.more
FROM listed l JOIN (VALUES ('headline', ''), ('headline_by_school', ''), ('attendance_bands', ''), ('attendance_bands', ', scheme => ''absence'''),
    ('band_movement', ', compared_with => ''week 2025-09-15'''), ('band_movement', ', compared_with => ''half term 2024-10-01'''), ('persistent_absence_by_kind', ''), ('broken_weeks_by_school', ''),
    ('punctuality_by_weekday', ''), ('code_frequency', ''), ('weekday_absence', ''), ('edge_days', ''), ('weekly_trend', ''), ('weekly_trend', ', geographic_level => ''Local authority'', area_code => ''380'', phase => ''Primary'''),
    ('heat_map_weekdays', ''), ('leaders_figures', ''), ('leaders_report', ''), ('leaders_report', ', compared_with => ''2024/25'''), ('school_comparison', ''), ('school_comparison', ', series => ''daily'''),
    ('area_comparison', ''), ('area_comparison', ', area => ''local authority'', weights => ''by phase'''), ('area_comparison', ', area => ''region'''), ('school_features', ''), ('similar_schools', ''),
    ('similar_schools', ', weights => ''{"eal": 1, "rivers": 2, "size": 1}'''), ('similar_school_comparison', ''), ('baseline_improvement', ''), ('baseline_improvement', ', published_period => ''2024/25'''),
    ('area_figures', ', level => NULL, at_least => 1'), ('daily_roll', ', level => NULL'), ('daily_attendance', ''), ('transition_years', ''), ('cohorts', ''), ('cohorts', ', held => ''any time'''),
    ('cohorts', ', cohorts => ''{fsm,eal,area,registration group}'''), ('cohort_crossing', ''), ('cohort_crossing', ', first_cohort => ''area'', second_cohort => ''eal'', held => ''any time'''),
    ('compare_with_benchmark', ''), ('compare_with_benchmark', ', series => ''census''')) AS v (report, more) ON v.report = l.report;
INSERT INTO given VALUES ('states_persistent_absence', 'period => %1$s, schools => %3$s'), ('with_predecessors', 'schools => %3$s'), ('school_parts', ''),
    ('known_area', '''Local authority'', ''380'', ''Total'''), ('known_features', '''{"rivers": 1, "eal": 1}'''), ('known_cohorts', '''{fsm,area}'''), ('not_imported', '''daily'', ''[2025-09-01,2025-12-01)'''), ('known_question', 'period => %1$s, population => %2$s, schools => %3$s'),
    ('daily_period', 'period => %1$s, schools => %3$s'), ('census_absence', '2025, schools => %3$s'), ('census_absence', '2025, ''Autumn term'', ''School'', %3$s'),
    ('school_benchmark', '''week 2025-10-08'', ''statutory'', 100001, ''daily'', ''absence'', ''National''');
-- What reads nothing is the same anywhere.
SELECT is_empty($$ SELECT report FROM listed WHERE kind = 'combined' AND view IS NULL AND report NOT IN (SELECT report FROM given)
    AND report NOT IN ('benchmark_measures', 'cohort_persistence', 'cohort_figures', 'weeks_of_last_year', 'census_days', 'daily_rates') $$, 'all are asked');
CREATE TABLE question AS
SELECT quote_nullable(q.period) AS period, quote_literal(q.population) AS population, quote_nullable(q.schools::text) || '::integer[]' AS schools
FROM (VALUES ('2025/26', 'statutory', NULL::integer[]), ('week 2025-10-08', 'all', '{100001,100002}'), ('half term 2025-10-06', 'current roll', '{100002}'),
    ('term to date 2025-09-08', 'all', NULL), ('[2024-09-01,2026-01-01)', 'all', '{100001,100003}'), (NULL, 'all', '{}')) AS q (period, population, schools);
SET client_min_messages = error;
CREATE FUNCTION answers(command text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    answer jsonb;
BEGIN
    EXECUTE 'SELECT coalesce(jsonb_agg(to_jsonb(f) ORDER BY to_jsonb(f)), ''[]'') FROM ' || command || ' AS f' INTO answer;
    RETURN answer;
EXCEPTION WHEN OTHERS THEN
    RETURN jsonb_build_array(concat(SQLSTATE, ' ', SQLERRM));
END
$$;
CREATE TABLE answer AS
SELECT g.report, c.arguments, answers(format('r.%I(%s)', g.report, c.arguments)) AS whole, answers(format('halves.%I(%s)', g.report, c.arguments)) AS halves
FROM (SELECT DISTINCT g.report, format(g.arguments, q.period, q.population, q.schools) AS arguments FROM given g CROSS JOIN question q) c
JOIN (SELECT DISTINCT report FROM given) g ON g.report = c.report;
SELECT is_empty(format($$ SELECT a.arguments, (SELECT jsonb_agg(w) FROM jsonb_array_elements(a.whole) w WHERE NOT a.halves @> jsonb_build_array(w)) AS missing,
        (SELECT jsonb_agg(h) FROM jsonb_array_elements(a.halves) h WHERE NOT a.whole @> jsonb_build_array(h)) AS instead
    FROM answer a WHERE a.report = %L AND a.whole <> a.halves $$, r.report), r.report || ' of both halves is that of the whole')
FROM (SELECT DISTINCT report FROM given ORDER BY report) r;
SELECT is_empty($$ SELECT report FROM answer GROUP BY report HAVING bool_and(whole = '[]') $$, 'each has something to say');
SELECT is_empty($$ SELECT report, arguments, whole FROM answer WHERE whole::text ~ '^\["[0-9A-Z]{5} ' AND whole::text !~ 'not all of one academic year' $$, 'and none fails');

-- a school that there is not is an error, whichever half is asked
SELECT is_empty($$ SELECT g.report, answers(format('halves.%I(%s)', g.report, format(g.arguments, quote_literal('2025/26'), quote_literal('all'), '''{100001,999999}''::integer[]'))) AS said
    FROM given g WHERE g.arguments ~ '%3' AND answers(format('halves.%I(%s)', g.report, format(g.arguments, quote_literal('2025/26'), quote_literal('all'), '''{100001,999999}''::integer[]')))::text !~ '^\["22023 ' $$, 'a school that there is not');

SELECT * FROM finish();
ROLLBACK;
