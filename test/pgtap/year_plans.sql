-- A report of a year reads the lines of that year and of no other: it costs the same with six years in the register as with one.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();

-- 4 schools of 300 pupils in four years, with half a term of marks in each.
SELECT add_academic_year('r', year) FROM generate_series(2022, 2023) AS year \g /dev/null
INSERT INTO r.trust (trust_uid, name) VALUES (2044, 'Big Trust');
INSERT INTO r.school (urn, name, phase, type, la_number, trust_uid) SELECT 200000 + i, 'Big', 'Primary', 'Academies', 380, 2044 FROM generate_series(1, 4) AS i;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT i, 'Surname', 'Forename', '2015-03-01' FROM generate_series(1001, 2200) AS i;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, year_group, registration_group)
SELECT 200001 + i % 4, i, '2022-09-01', '5', '5A' FROM generate_series(1001, 2200) AS i;
INSERT INTO r.term_date (school_urn, academic_year, term, half, first_day, last_day)
SELECT 200000 + i, y, 'Autumn', 1, make_date(y, 9, 5), make_date(y, 10, 20) FROM generate_series(1, 4) AS i, generate_series(2022, 2025) AS y;
SELECT build_calendar('r', 200000 + i, y) FROM generate_series(1, 4) AS i, generate_series(2022, 2025) AS y \g /dev/null
INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks)
SELECT e.school_urn, y, e.pupil_id, m.marks FROM r.enrolment e CROSS JOIN generate_series(2022, 2025) AS y
JOIN LATERAL (SELECT mark_series_agg(school_session(d.day, 'AM'), CASE WHEN e.pupil_id % 7 = 0 THEN 'I' ELSE '/' END::session_mark) AS marks
      FROM r.school_day d WHERE d.school_urn = e.school_urn AND d.academic_year = y AND d.morning) AS m ON m.marks IS NOT NULL
WHERE e.pupil_id > 1000;
ANALYZE;

-- ---------- what is asked ----------

-- Every function of a register of a period or year that can be called with these, every view with an academic year.
CREATE TABLE argument (name text PRIMARY KEY, value text);
INSERT INTO argument VALUES ('period', '''2025/26'''), ('schools', 'NULL'), ('population', '''statutory'''), ('school_urn', '200001'),
    ('pupil_id', '1008'), ('registration_group', '''5A'''), ('compared_with', '''week 2025-09-08'''), ('level', '''Local authority'''),
    ('la_number', '380'), ('trust_uid', '2044'), ('series', '''census'''), ('academic_year', '2025');
-- Those that may ask for more: the trend beside that of the year before, and the pages that show it.  The newer the PostgreSQL, the
-- fewer of them some do read.
CREATE TABLE more_years (report text PRIMARY KEY, years text, why text);
INSERT INTO more_years SELECT r.name, '2024, 2025', 'beside the year before'
FROM unnest('{weekly_trend,page_school_week,page_class,page_head_termly,page_trust,page_authority,governor_page,trustee_page}'::text[]) AS r (name);
INSERT INTO more_years VALUES ('transition_years', '2024, 2025', 'the last year at one school and the first at the next'), ('transition_counts', '2024, 2025', 'likewise'),
    ('baseline_improvement', '2024, 2025', 'what was expected by the year before'),
    ('breach', '2022, 2023, 2024, 2025', 'decided school by school'),
    ('meeting_pack', '2022, 2023, 2024, 2025', 'what is open, of whatever year'), ('page_meeting_pack', '2022, 2023, 2024, 2025', 'the same'),
    ('governor_pack', '2022, 2023, 2024, 2025', 'the same');

CREATE VIEW question AS
    SELECT p.proname AS report, format('r.%I(%s)', p.proname, string_agg(format('%I => %s', u.name, a.value), ', ' ORDER BY u.place)) AS source
    FROM pg_proc p CROSS JOIN unnest(p.proargnames[:p.pronargs]) WITH ORDINALITY AS u (name, place)
    LEFT JOIN argument a ON a.name = u.name
    WHERE p.pronamespace = 'r'::regnamespace AND p.provolatile <> 'v' AND p.proargnames[:p.pronargs] && '{period,academic_year}'
        AND (u.place <= p.pronargs - p.pronargdefaults OR a.name IN ('period', 'compared_with'))
    GROUP BY p.oid, p.proname HAVING bool_and(a.name IS NOT NULL)
    UNION ALL
    SELECT v.viewname, format('(SELECT * FROM r.%I WHERE academic_year = %s)', v.viewname,
        CASE WHEN a.atttypid = 'integer'::regtype THEN '2025' ELSE '''2025/26''' END)
    FROM pg_views v JOIN pg_attribute a ON a.attrelid = format('r.%I', v.viewname)::regclass AND a.attname = 'academic_year'
    WHERE v.schemaname = 'r' AND v.viewname <> 'register_year';

-- ---------- what is read ----------

-- Of which years a source reads lines, or how it fails. Of a pupil without a line each year is asked for one (no_line_key): these are few.
CREATE FUNCTION lines_read() RETURNS jsonb LANGUAGE sql VOLATILE
RETURN (SELECT jsonb_object_agg(substring(t.relname, '\d+$'), t.seq_tup_read + t.idx_tup_fetch) FROM pg_stat_xact_user_tables t
        WHERE t.relid IN (SELECT partition FROM r.register_year));
CREATE FUNCTION years_read(source text) RETURNS text LANGUAGE plpgsql VOLATILE SET search_path = r, attendance, public AS $$
DECLARE
    before jsonb := public.lines_read();
BEGIN
    EXECUTE format('SELECT count(x) FROM %s AS x', source);
    RETURN (SELECT string_agg(a.key, ', ' ORDER BY a.key) FROM jsonb_each_text(public.lines_read()) AS a
            WHERE a.value::int - (before ->> a.key)::int > 100);
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END
$$;

SELECT is(years_read('(SELECT l.* FROM r.register_line AS l)'), '2022, 2023, 2024, 2025', 'what reads every year is seen to do so');
SELECT is(years_read('(SELECT l.* FROM r.register_line AS l WHERE l.academic_year = 2023)'), '2023', 'and what reads one');

CREATE TABLE answer AS SELECT q.report, q.source, years_read(q.source) AS years FROM question q;
-- with PostgreSQL 15 exactly these, with newer ones, which look into fewer, no others
SELECT is(CASE WHEN current_setting('server_version_num')::integer >= 160000 AND string_to_array(y.read, ', ') <@ string_to_array(y.wanted, ', ') THEN y.wanted
    ELSE y.read END, y.wanted, concat_ws(': ', a.source, m.why))
FROM answer a LEFT JOIN more_years m ON m.report = a.report
CROSS JOIN LATERAL (SELECT coalesce(a.years, '2025') AS read, coalesce(m.years, '2025') AS wanted) AS y;
SELECT is((SELECT string_agg(m.report, ', ') FROM more_years m WHERE NOT EXISTS (SELECT FROM answer a WHERE a.report = m.report)), NULL, 'no other reports are named here');
SELECT is((SELECT string_agg(r.name, ', ') FROM unnest('{headline,headline_by_school,persistent_absentees,weekly_trend,cohorts,school_comparison,pupils_at_risk,'
    'attendance_bands,page_pupil,page_authority,census_absence,bi_pupil_year,bi_school_week,bi_cohort_term}'::text[]) AS r (name)
    WHERE NOT EXISTS (SELECT FROM answer a WHERE a.report = r.name AND a.years IS NOT NULL)), NULL, 'the main reports have read lines');

SELECT * FROM finish();
ROLLBACK;
