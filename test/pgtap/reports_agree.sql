-- Reports do not contradict one another: which of them state persistent absence of which period, and whether all of them
-- count the same sessions, enrolments and absentees. What is asked is read from the catalogue, so that a new report is asked too.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

-- ---------- a register: three schools, an autumn, pupils of other ages, a boarder, leavers and guests ----------

INSERT INTO r.trust VALUES (1, 'Trust One'), (2, 'Trust Two');
UPDATE r.school SET trust_uid = CASE WHEN urn = 100001 THEN 1 ELSE 2 END, holds_from = '2000-01-01' WHERE urn <= 100003;
UPDATE r.pupil SET date_of_birth = '2009-12-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id IN (3, 12);
UPDATE r.pupil SET date_of_birth = '2021-12-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id IN (4, 13);
UPDATE r.enrolment SET boarder = 'B', holds_from = '2000-01-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 14;
UPDATE r.enrolment SET status = 'G', holds_from = '2000-01-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 15;
UPDATE r.pupil SET sex = CASE WHEN pupil_id % 3 = 0 THEN 'F' WHEN pupil_id % 3 = 1 THEN 'M' END, entered_by = 't', title = 't', reason = 't';
UPDATE r.enrolment SET year_group = (4 + pupil_id % 3)::text, registration_group = (4 + pupil_id % 3) || 'A', entered_by = 't', title = 't', reason = 't'
WHERE pupil_id % 7 > 0;
INSERT INTO r.pupil_characteristic SELECT pupil_id, 'fsm', 'Y', '2024-09-01', NULL FROM r.pupil WHERE pupil_id % 4 = 0;
INSERT INTO r.pupil_characteristic SELECT pupil_id, 'sen', CASE WHEN pupil_id % 2 = 0 THEN 'K' ELSE 'E' END, '2024-09-01', NULL FROM r.pupil WHERE pupil_id % 5 < 2;
-- pupil 10 comes in October only, 9 has nothing but sessions that were not possible
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT e.school_urn, e.pupil_id, d.day, s.session, CASE
        WHEN e.pupil_id = 9 THEN 'Y1'
        WHEN e.pupil_id = 5 AND h.n % 10 < 6 THEN 'O'
        WHEN h.n % 100 < (ARRAY[2, 7, 12, 30, 60])[1 + e.pupil_id % 5] THEN (ARRAY['I', 'O', 'M', 'U', 'N', 'E'])[1 + h.n % 6]
        WHEN h.n % 97 = 0 THEN 'Y1' WHEN h.n % 89 = 0 THEN '-' WHEN h.n % 13 = 0 THEN 'L' WHEN h.n % 31 = 0 THEN 'V'
        WHEN s.session = 'AM' THEN '/' ELSE '\' END::session_mark
FROM r.enrolment e
JOIN r.school_day d ON d.school_urn = e.school_urn AND d.day >= e.start_date AND coalesce(d.day <= e.end_date, true)
    AND d.day BETWEEN '2025-09-01' AND '2025-12-19' AND (e.pupil_id <> 10 OR d.day >= '2025-10-06')
CROSS JOIN LATERAL (VALUES ('AM', d.morning), ('PM', d.afternoon)) AS s (session, held)
CROSS JOIN LATERAL (SELECT abs(hashtext(concat(e.pupil_id, d.day, s.session))) AS n) AS h
WHERE s.held AND e.boarder = 'N';
ANALYZE;
SELECT cmp_ok((SELECT count(*) FROM r.mark), '>', 2000::bigint, 'there are marks');

-- ---------- persistent absence of few days is stated nowhere, of many everywhere ----------

SELECT is(persistence_is_stated(days), wanted, days::text) FROM (VALUES (daterange('2025-09-08', '2025-09-09'), false),
    ('[2025-09-08,2025-09-15)', false), ('[2025-09-08,2025-09-16)', true), ('empty', false), ('[2025-09-08,)', true), ('(,)', true), (NULL, NULL)) AS v (days, wanted);

-- Arguments that a report needs or that make it say something.
CREATE TABLE argument (report text PRIMARY KEY, arguments text);
INSERT INTO argument VALUES ('band_movement', $$ compared_with => 'week 2025-09-15' $$), ('pupil_movement', $$ compared_with => 'week 2025-09-15' $$),
    ('report_movement', $$ population => 'all', schools => NULL, compared_with => 'week 2025-09-15' $$),
    ('movement_counts', $$ compared_with => 'week 2025-09-15' $$), ('leaders_report', $$ compared_with => 'week 2025-09-15' $$),
    ('area_figures', $$ population => 'statutory', schools => NULL, level => NULL, at_least => 0 $$), ('daily_period', $$ schools => NULL $$),
    ('school_benchmarks', $$ population => 'statutory', schools => NULL, series => 'census', measures => '{absence}', geographic_levels => '{National}' $$),
    ('counted_area', $$ level => NULL $$), ('imported_figures', $$ series => 'census' $$), ('daily_roll_counts', $$ population => 'statutory', schools => NULL $$), ('daily_roll', $$ population => 'statutory', schools => NULL, level => NULL $$),
    ('intervention_impact', NULL), ('intervention_pupil_impact', NULL), ('intervention_window', NULL);
CREATE TABLE report AS
SELECT p.oid, p.proname AS report, coalesce(a.arguments, '') AS arguments
FROM pg_proc p LEFT JOIN argument a ON a.report = p.proname
WHERE p.pronamespace = 'r'::regnamespace AND p.proretset AND p.proargnames[1] = 'period'
    AND (p.pronargs - p.pronargdefaults = 1 OR a.arguments IS NOT NULL);
SELECT cmp_ok((SELECT count(*) FROM report), '>', 50::bigint, 'reports are found');
SELECT is_empty($$ SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND p.proretset AND 'period' = ANY (p.proargnames[:p.pronargs])
    AND p.proname !~ '^(ees|page|meeting|governor)_' AND p.proname <> 'treated_line' AND p.oid NOT IN (SELECT r.oid FROM report r) $$, 'and no function of a period is left out');

-- What the rows of a report say of a period, with the name of the report and without what does not tell anything.
CREATE FUNCTION said(period text) RETURNS TABLE (report text, said jsonb) LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    FOR r IN SELECT * FROM report LOOP
        RETURN QUERY EXECUTE format('SELECT %L::text, to_jsonb(t) FROM r.%I(%s) t', r.report, r.report,
            concat_ws(', ', format('period => %L', period), nullif(r.arguments, '')));
    END LOOP;
END
$$;
CREATE TABLE said AS SELECT v.period, s.* FROM (VALUES ('week 2025-10-08'), ('day 2025-10-08'), ('[2025-10-06,2025-10-13)'), ('2025/26')) AS v (period),
    LATERAL said(v.period) s;
-- The columns: persistently_absent, persistent_absence_percent, enrolments_pa_10_exact, pa_perc and so on.
CREATE TABLE stating AS
SELECT s.period, s.report, k.key, count(*) FILTER (WHERE k.value <> 'null') AS stated
FROM said s CROSS JOIN LATERAL jsonb_each(s.said) k
WHERE k.key ~ 'persist|severe|(^|_)pa_' AND k.key <> 'pa_enrolments'
    -- what a report is made of says nothing yet
    AND s.report !~ '_counts$' AND s.report <> 'school_figures'
    -- it counts from 1 August, whatever the period is
    AND s.report <> 'persistent_absence_forecast' AND k.key !~ '^persistent_(difference_to_)?(authority|national|region)'
GROUP BY s.period, s.report, k.key;
SELECT is_empty($$ SELECT * FROM stating WHERE period <> '2025/26' AND stated > 0 $$, 'no report states persistent absence of a week or less');
SELECT is_empty($$ SELECT * FROM stating WHERE period = '2025/26' AND stated = 0 AND key NOT LIKE '%\_before' AND key <> 'persistent_absence_change' $$, 'all that can, state it of a year');
SELECT set_has($$ SELECT DISTINCT report FROM stating WHERE period = '2025/26' AND stated > 0 $$,
    $$ SELECT unnest('{headline,headline_by_school,cohorts,cohort_crossing,school_comparison,area_comparison,similar_school_comparison,persistent_absence_by_kind,
        persistent_absentees,daily_attendance}'::text[]) $$, 'these among them');
SELECT is_empty($$ SELECT report FROM said WHERE period <> '2025/26' AND report IN ('persistent_absentees', 'severely_absent_unauthorised') $$, 'nor does one list pupils');
SELECT isnt_empty($$ SELECT FROM said WHERE period = '2025/26' AND report = 'severely_absent_unauthorised' $$, 'as it does for a year');
-- In words: a row that speaks of it has no figure of it.
SELECT is_empty($$ SELECT s.report, s.said FROM said s
    WHERE s.period <> '2025/26' AND s.said::text ~* 'persistent|severe|at risk' AND EXISTS (SELECT FROM jsonb_each_text(s.said) v WHERE v.value ~* 'persistent|severe|at risk')
        -- the list has the year's bands; a cohort_summary is what reports are made of
        AND s.report !~ '_counts$' AND s.report NOT IN ('weekly_class_list', 'school_cohort', 'period_cohort', 'cohort_group', 'school_figures', 'area_figures')
        AND EXISTS (SELECT FROM jsonb_each(s.said) k WHERE k.value <> 'null' AND k.key NOT IN ('section', 'place', 'measure', 'kind', 'enrolments', 'denominator',
            'compared_denominator', 'series', 'days', 'phase', 'note', 'authorities', 'published_schools', 'sessions', 'all_absent')) $$, 'nor are bands called so');
SELECT isnt_empty($$ SELECT FROM said WHERE period = '2025/26' AND report = 'attendance_bands' AND said ->> 'label' ~ 'persistently' AND (said ->> 'enrolments')::int > 0 $$, 'of a year they are');
SELECT results_eq($$ SELECT band, label FROM r.attendance_bands('week 2025-10-08', 'all') $$,
    $$ VALUES (1, '100 %'), (2, '95 to under 100 %'), (3, 'over 90, under 95 %'), (4, 'over 50 to 90 %'), (5, 'to 50 %') $$, 'of a week they are percentages');
SELECT ok(bool_and((year_label ~ ':') = (year_absent * 100 > 5 * year_possible AND year_absent > 0)) , 'a week''s list has the year''s bands')
FROM r.weekly_class_list('week 2025-10-08', 'all') WHERE year_possible > 0 AND year_absent * 100 NOT BETWEEN 5 * year_possible AND 5 * year_possible;
SELECT is_empty($$ SELECT FROM r.weekly_class_list('[2025-08-01,2025-08-05)', 'all') WHERE year_label ~ ':' $$, 'unless the year has just begun');
SELECT is_empty($$ SELECT FROM r.persistent_absence_forecast('week 2025-10-08', 'all') WHERE persistently_absent IS NULL $$, 'the forecast counts from 1 August');
SELECT is_empty($$ SELECT FROM r.pupil_movement('week 2025-10-08', 'all', compared_with => '2025/26') WHERE movement ~ 'persistent' OR label ~ ':' $$, 'movement to a week has no such names');
SELECT isnt_empty($$ SELECT FROM r.pupil_movement('[2025-10-06,2025-10-20)', 'all', compared_with => '[2025-09-08,2025-10-01)') WHERE movement ~ 'persistent' $$, 'between fortnights it has');
SELECT is(r.school_benchmark('week 2025-10-08', 'statutory', 100001, 'census', m, 'National'), NULL, 'nothing published to compare with: ' || m) FROM unnest('{persistent,severe}'::text[]) m;
SELECT ok(page ~ 'not stated for so few days' AND page !~ 'Persistently absent</dt><dd><b>[0-9c]', name || ' page of a week')
FROM (VALUES ('trust', r.page_trust(2, 'week 2025-10-08', NULL)), ('authority', r.page_authority(380, 'week 2025-10-08')), ('head''s', r.page_head_termly(100001, 'week 2025-10-08'))) AS p (name, page);
SELECT ok(page !~ 'not stated for so few days', name || ' page of a year')
FROM (VALUES ('trust', r.page_trust(2, '2025/26', NULL)), ('authority', r.page_authority(380, '2025/26')), ('head''s', r.page_head_termly(100001, '2025/26'))) AS p (name, page);
SELECT is_empty($$ SELECT a.attrelid::regclass, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'v' AND c.relname ~ '^bi_' AND a.attname ~ 'persist|severe|_pa_'
        AND EXISTS (SELECT FROM pg_attribute o WHERE o.attrelid = a.attrelid AND o.attname IN ('week_start', 'calendar_date')) $$, 'the views for BI that have weeks have no persistent absence');

-- ---------- the same sessions, enrolments and absentees everywhere ----------

CREATE TABLE question AS
SELECT row_number() OVER () AS number, p.period, q.population, q.schools
FROM unnest('{2025/26,term 2025-11-20,half term 2025-10-06,"[2025-09-08,2025-10-01)",week 2025-10-08,day 2025-12-01,"[2024-09-01,2026-01-01)"}'::text[]) AS p (period),
    (VALUES ('statutory', NULL::integer[]), ('all', NULL), ('current roll', '{100001}'), ('statutory', '{100002,100003}')) AS q (population, schools);
-- What each report says of enrolments, possible sessions, absence, persistent and severe absence. NULL: it does not say.
CREATE TABLE answer (number bigint, report text, enrolments numeric, possible numeric, absent numeric, persistent numeric, severe numeric);
CREATE FUNCTION ask(report text, answers text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($q$ INSERT INTO answer SELECT q.number, %L, a.* FROM question q
        CROSS JOIN LATERAL (SELECT %s) a $q$, report,
        regexp_replace(regexp_replace(answers, '\$ask', 'q.period, q.population, q.schools', 'g'), '(?<!IS )\mNULL(?=,| FROM|$)', 'NULL::numeric', 'g'));
END
$$;
-- counted without any report, from rows of marks
INSERT INTO answer
SELECT q.number, 'the marks', count(*) FILTER (WHERE c.possible > 0), coalesce(sum(c.possible), 0), coalesce(sum(c.absent), 0), count(*) FILTER (WHERE c.possible > 0 AND 10 * c.absent >= c.possible),
    count(*) FILTER (WHERE c.possible > 0 AND 2 * c.absent >= c.possible)
FROM question q
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE is_possible(m.mark)) AS possible, count(*) FILTER (WHERE is_absence(m.mark)) AS absent
    FROM r.school_period(q.period, q.schools) p JOIN r.mark m ON m.school_urn = p.school_urn AND p.days @> m.day
    JOIN r.enrolment e ON e.school_urn = m.school_urn AND e.pupil_id = m.pupil_id AND m.day >= e.start_date AND coalesce(m.day <= e.end_date, true)
    JOIN r.pupil u ON u.pupil_id = m.pupil_id
    WHERE CASE q.population WHEN 'all' THEN true
        WHEN 'statutory' THEN e.boarder = 'N' AND e.status <> 'G' AND statistical_days(academic_year(m.day), u.date_of_birth) @> m.day
        ELSE EXISTS (SELECT FROM r.enrolment o WHERE o.school_urn = m.school_urn AND o.pupil_id = m.pupil_id
            AND daterange(o.start_date, o.end_date, '[]') @> least(upper(p.days) - 1, current_date)) END
    GROUP BY m.school_urn, m.pupil_id, academic_year(m.day)) c ON true
GROUP BY q.number;
UPDATE answer SET persistent = NULL, severe = NULL WHERE NOT (SELECT r.states_persistent_absence(q.period) FROM question q WHERE q.number = answer.number);

SELECT ask(report, answers) FROM (VALUES
    ('headline', 'enrolments, possible, absent, persistently_absent, severely_absent FROM r.headline($ask)'),
    ('headline_by_school', 'sum(enrolments), sum(possible), sum(absent), sum(persistently_absent), sum(severely_absent) FROM r.headline_by_school($ask)'),
    ('cohorts', 'enrolments, possible, absent, persistently_absent, severely_absent FROM r.cohorts($ask) WHERE cohort = ''all pupils'''),
    ('cohorts by sex', 'sum(enrolments), sum(possible), sum(absent), sum(persistently_absent), sum(severely_absent) FROM r.cohorts($ask) WHERE cohort = ''sex'''),
    ('cohorts by year group', 'sum(enrolments), sum(possible), sum(absent), sum(persistently_absent), sum(severely_absent) FROM r.cohorts($ask) WHERE cohort = ''year group'''),
    ('cohorts by sen', 'sum(enrolments), sum(possible), sum(absent), sum(persistently_absent), sum(severely_absent) FROM r.cohorts($ask) WHERE cohort = ''sen'''),
    ('cohorts, one and the rest', 'enrolments + rest_enrolments, possible + rest_possible, absent + rest_absent, persistently_absent + rest_persistently_absent, NULL FROM r.cohorts($ask) WHERE cohort = ''fsm'' AND value = ''none'''),
    ('cohort_crossing', 'sum(enrolments), sum(possible), sum(absent), sum(persistently_absent), sum(severely_absent) FROM r.cohort_crossing($ask)'),
    ('school_comparison', 'sum(enrolments), sum(possible), sum(absent), sum(persistently_absent), sum(severely_absent) FROM r.school_comparison($ask)'),
    ('area_comparison, trusts', 'sum(enrolments), sum(possible), sum(absent), sum(persistently_absent), sum(severely_absent) FROM r.area_comparison($ask)'),
    ('area_comparison, all', 'enrolments, possible, absent, persistently_absent, severely_absent FROM r.area_comparison($ask, ''all'')'),
    ('similar_school_comparison', 'sum(enrolments), sum(possible), sum(absent), sum(persistently_absent), sum(severely_absent) FROM r.similar_school_comparison($ask) WHERE place = 0'),
    ('school_features', 'sum(value), NULL, NULL, NULL, NULL FROM r.school_features($ask) WHERE feature = ''size'''),
    ('baseline_improvement', 'sum(b.enrolments), sum(b.possible), NULL, NULL, NULL FROM (SELECT DISTINCT school_urn, enrolments, possible FROM r.baseline_improvement($ask)) b'),
    ('attendance_bands', 'sum(enrolments), NULL, sum(absent), CASE WHEN bool_or(label ~ ''persistently'') THEN sum(enrolments) FILTER (WHERE label ~ ''persistently|severely'') END,
        CASE WHEN bool_or(label ~ ''severely'') THEN sum(enrolments) FILTER (WHERE label ~ ''severely'') END FROM r.attendance_bands($ask)'),
    ('attendance_bands, of all', 'max(all_enrolments), NULL, max(all_absent), NULL, NULL FROM r.attendance_bands($ask)'),
    ('attendance_bands, absence', 'sum(enrolments), NULL, sum(absent), CASE WHEN r.states_persistent_absence(q.period) THEN sum(enrolments) FILTER (WHERE band >= 2) END,
        CASE WHEN r.states_persistent_absence(q.period) THEN sum(enrolments) FILTER (WHERE band >= 10) END FROM r.attendance_bands($ask, ''absence'')'),
    ('pupil_bands', 'count(*), sum(possible), sum(absent), CASE WHEN r.states_persistent_absence(q.period) THEN count(*) FILTER (WHERE label ~ ''persistently|severely'') END,
        CASE WHEN r.states_persistent_absence(q.period) THEN count(*) FILTER (WHERE label ~ ''severely'') END FROM r.pupil_bands($ask)'),
    ('leaders_report', 'max(enrolments), max(denominator) FILTER (WHERE measure = ''absence''), max(numerator) FILTER (WHERE measure = ''absence''), max(numerator) FILTER (WHERE measure = ''persistently absent''),
        max(numerator) FILTER (WHERE measure = ''severely absent'') FROM r.leaders_report($ask)'),
    ('leaders_report, bands', 'sum(numerator), NULL, NULL, NULL, NULL FROM r.leaders_report($ask) WHERE section = ''3 bands of attendance'''),
    ('leaders_report, days', 'NULL, sum(denominator), sum(numerator), NULL, NULL FROM r.leaders_report($ask) WHERE section = ''4 absence by day'''),
    ('leaders_report, reasons', 'NULL, NULL, coalesce(sum(numerator), 0), NULL, NULL FROM r.leaders_report($ask) WHERE section = ''5 reasons for absence'''),
    ('persistent_absence_by_kind', 'enrolments, NULL, all_absent, persistently_absent, severely_absent FROM r.persistent_absence_by_kind($ask) WHERE kind = ''all absence'''),
    ('persistent_absentees', 'NULL, NULL, NULL, CASE WHEN r.states_persistent_absence(q.period) THEN count(*) END, CASE WHEN r.states_persistent_absence(q.period) THEN count(*) FILTER (WHERE severely_absent) END FROM r.persistent_absentees($ask)'),
    ('code_frequency', 'max(enrolments), max(possible), max(absent), NULL, NULL FROM r.code_frequency($ask)'),
    ('code_frequency, by code', 'NULL, sum(sessions) FILTER (WHERE is_possible(mark)), sum(sessions) FILTER (WHERE is_absence(mark)), NULL, NULL FROM r.code_frequency($ask)'),
    ('weekday_absence', 'enrolments, possible, absent, NULL, NULL FROM r.weekday_absence($ask) WHERE weekday IS NULL AND session IS NULL'),
    ('edge_days', 'enrolments, possible, absent, NULL, NULL FROM r.edge_days($ask) WHERE edge = ''all days'''),
    ('weekly_trend', 'NULL, sum(possible), sum(absent), NULL, NULL FROM r.weekly_trend($ask)'),
    ('heat_map_weekdays', 'NULL, sum(possible), sum(absent), NULL, NULL FROM r.heat_map_weekdays($ask)'),
    ('heat_map_pupils', 'NULL, sum(possible), sum(absent), NULL, NULL FROM r.heat_map_pupils($ask)'),
    ('weekly_class_list', 'count(*) FILTER (WHERE possible > 0), sum(possible), sum(absent), NULL, NULL FROM r.weekly_class_list($ask)'),
    ('attendance_statement', 'count(*), sum(possible), sum(absent), NULL, NULL FROM r.attendance_statement($ask)'),
    ('statement_absences', 'NULL, NULL, count(*), NULL, NULL FROM r.statement_absences($ask)'),
    ('pupil_broken_weeks', 'count(*), sum(possible), sum(absent), NULL, NULL FROM r.pupil_broken_weeks($ask)'),
    ('broken_weeks_by_school', 'enrolments, NULL, NULL, NULL, NULL FROM r.broken_weeks_by_school($ask) WHERE school_urn IS NULL'),
    ('absence_spell_report', 'NULL, NULL, coalesce(sum(absent), 0), NULL, NULL FROM r.absence_spell_report($ask)'),
    ('punctuality_by_weekday', 'enrolments, possible, NULL, NULL, NULL FROM r.punctuality_by_weekday($ask) WHERE weekday IS NULL AND session IS NULL'),
    ('report_enrolments', 'r.report_enrolments($ask), NULL, NULL, NULL, NULL'),
    ('report_week', 'NULL, sum(possible(tally)), sum(absent(tally)), NULL, NULL FROM r.report_week($ask)'),
    ('school_figures', 'sum(enrolments(cohort)), sum(possible(tally(cohort))), sum(absent(tally(cohort))), NULL, NULL FROM r.school_figures($ask)'),
    ('daily_attendance', 'pa_enrolments, possible_sessions, overall_absence, pa_persistently_absent, NULL FROM r.daily_attendance($ask, ''National'') WHERE education_phase = ''Total'''),
    ('compare_with_benchmark', 'max(denominator) FILTER (WHERE measure = ''persistent absence''), max(denominator) FILTER (WHERE measure = ''absence''), max(numerator) FILTER (WHERE measure = ''absence''),
        max(numerator) FILTER (WHERE measure = ''persistent absence''), NULL FROM r.compare_with_benchmark($ask) WHERE phase = ''Total''')
    ) AS v (report, answers) \g /dev/null

SELECT cmp_ok((SELECT count(*) FROM answer WHERE report = 'the marks' AND persistent > 0 AND severe > 0 AND persistent > severe AND enrolments > persistent), '>', 10::bigint, 'there is something to count');
SELECT is_empty(format($$ SELECT q.period, q.population, q.schools, a.*, m.* FROM answer a JOIN answer m ON m.number = a.number AND m.report = 'the marks'
    JOIN question q ON q.number = a.number
    WHERE a.report = %L AND (a.enrolments <> m.enrolments OR a.possible <> m.possible OR a.absent <> m.absent
        -- a report that says it, says it whenever it is stated, and only then
        OR EXISTS (SELECT FROM answer o WHERE o.report = a.report AND o.persistent IS NOT NULL) AND a.persistent IS DISTINCT FROM m.persistent AND (m.enrolments > 0 OR a.persistent <> 0)
        OR EXISTS (SELECT FROM answer o WHERE o.report = a.report AND o.severe IS NOT NULL) AND a.severe IS DISTINCT FROM m.severe AND (m.enrolments > 0 OR a.severe <> 0)) $$, r.report),
    r.report || ' agrees with the marks')
FROM (SELECT DISTINCT report FROM answer) r;
SELECT is_empty($$ SELECT v.* FROM (SELECT sum(enrolments) AS enrolments, sum(sess_possible) AS possible, sum(sess_overall) AS absent, sum(enrolments_pa_10_exact) AS persistent, sum(enrolments_pa_50_exact) AS severe
        FROM r.bi_school_year WHERE academic_year = 2025
        UNION ALL SELECT sum(enrolments), sum(sess_possible), sum(sess_overall), sum(enrolments_pa_10_exact), sum(enrolments_pa_50_exact) FROM r.bi_trust_year WHERE academic_year = 2025
        UNION ALL SELECT sum(enrolments), sum(sess_possible), sum(sess_overall), sum(enrolments_pa_10_exact), sum(enrolments_pa_50_exact) FROM r.bi_authority_year WHERE academic_year = 2025
        UNION ALL SELECT count(*) FILTER (WHERE sess_possible > 0), sum(sess_possible), sum(sess_overall), sum(is_persistently_absent), sum(is_severely_absent) FROM r.bi_pupil_year WHERE academic_year = 2025) v
    JOIN question q ON q.period = '2025/26' AND q.population = 'all' AND q.schools IS NULL JOIN answer m ON m.number = q.number AND m.report = 'the marks'
    WHERE (v.enrolments, v.possible, v.absent, v.persistent, v.severe) IS DISTINCT FROM (m.enrolments, m.possible, m.absent, m.persistent, m.severe) $$, 'the views for BI agree with the marks');
SELECT is_empty($$ SELECT v.* FROM (SELECT sum(enrolments) AS enrolments, sum(sess_possible) AS possible, sum(sess_overall) AS absent, sum(enrolments_pa_10_exact) AS persistent, sum(enrolments_pa_50_exact) AS severe
        FROM r.bi_school_year_statutory WHERE academic_year = 2025
        UNION ALL SELECT count(*) FILTER (WHERE sess_possible > 0), sum(sess_possible), sum(sess_overall), sum(is_persistently_absent), sum(is_severely_absent) FROM r.bi_pupil_year_statutory WHERE academic_year = 2025) v
    JOIN question q ON q.period = '2025/26' AND q.population = 'statutory' AND q.schools IS NULL JOIN answer m ON m.number = q.number AND m.report = 'the marks'
    WHERE (v.enrolments, v.possible, v.absent, v.persistent, v.severe) IS DISTINCT FROM (m.enrolments, m.possible, m.absent, m.persistent, m.severe) $$, 'also of the statutory population');

-- ---------- whom a report is about, if it is not said ----------

-- A part, whose caller always says it, has no default.
CREATE TABLE default_population AS
SELECT p.proname::text COLLATE "default" AS function, (regexp_match(pg_get_function_arguments(p.oid), 'population text DEFAULT ''([^'']*)'''))[1] AS population,
    obj_description(p.oid, 'pg_proc') AS comment
FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND pg_get_function_arguments(p.oid) ~ 'population text DEFAULT';
SELECT cmp_ok((SELECT count(*) FROM default_population WHERE population = 'statutory'), '>', 30::bigint, 'the official population is the default');
SELECT results_eq($$ SELECT function, population FROM default_population WHERE population <> 'statutory' ORDER BY 2, 1 $$, $$ VALUES
    ('attendance_statement', 'all'), ('code_monitoring', 'all'), ('part_time_monitoring', 'all'), ('statement_absences', 'all'), ('unexplained_chase', 'all'),
    ('page_class', 'current roll'), ('page_school_week', 'current roll'), ('weekly_class_list', 'current roll') $$,
    'but where a duty is to every pupil, or a list is of those who are there');
SELECT is_empty($$ SELECT function, comment FROM default_population WHERE population <> 'statutory'
    AND comment !~* format('the population is (the )?%s if none is given', population) $$, 'which its comment says');

SELECT * FROM finish();
ROLLBACK;
