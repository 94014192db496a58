-- Who a pupil is: nothing that the purposes bi and dashboard can read tells it.  Words are planted wherever the register says
-- who somebody is, and looked for in each column of each relation that a reader may read, and in what each report says to him.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
\ir register/every_report.sql

-- ---------- what is planted ----------

-- a day of birth of which no report knows, and numbers that are nobody else's
UPDATE r.pupil SET upn = make_upn(700000000 + pupil_id), former_upn = make_upn(710000000 + pupil_id), surname = 'Planted surname ' || pupil_id, forename = 'Planted forename',
    middle_names = 'Planted middle', known_as = 'Planted known', date_of_birth = '2015-03-19', entered_by = 'x', title = 'x', reason = 'x';
UPDATE r.enrolment SET last_school = 'Planted last', last_school_address = 'Planted last address', next_school = CASE WHEN end_date IS NOT NULL THEN 'Planted next' END,
    entry_reason = 'Planted entry', deletion_evidence = CASE WHEN end_date IS NOT NULL THEN 'Planted evidence' END,
    registration_group = '5A', year_group = '5', entered_by = 'x', title = 'x', reason = 'x';
INSERT INTO r.contact (contact_id, pupil_id, full_name, address, relationship, emergency_numbers, is_parent, lives_with)
SELECT n, n, 'Planted contact', 'Planted home', 'mother', '{Planted number}', true, true FROM generate_series(1, 20) n;
INSERT INTO r.pupil_address (pupil_id, address, area, from_day) SELECT n, 'Planted address', 'North', '2020-01-01' FROM generate_series(1, 20) n;
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) SELECT n, 'social worker', 'Planted worker', '2024-09-01' FROM generate_series(1, 5) n;
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) SELECT n, 'fsm', 'Y', '2024-09-01' FROM generate_series(1, 5) n;
INSERT INTO r.attendance_case (school_urn, pupil_id, tier, opened_on, opened_because) SELECT 100001, n, 'persistent', '2025-09-15', 'Planted case' FROM generate_series(1, 5) n;
INSERT INTO r.intervention (intervention_id, school_urn, name) VALUES (1, 100001, 'Planted intervention');
INSERT INTO r.intervention_pupil (intervention_id, pupil_id, from_day) SELECT 1, n, '2025-09-15' FROM generate_series(1, 5) n;
INSERT INTO r.school_feature (school_urn, feature, value) SELECT urn, 'idaci', 0.5 FROM r.school;
CREATE FUNCTION tells_identity(said text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN said ~ 'Planted|[A-Z]3807[01]\d{7}|2015\D?0?3\D?19|19\D?0?3\D?2015|19 Mar';
SELECT is((SELECT array_agg(tells_identity(said) ORDER BY n) FROM unnest(ARRAY['A Planted B', make_upn(700000001), make_upn(710000012), '2015-03-19', '20150319', '19/03/2015', '19 March 2015', '5A 2014 North'])
    WITH ORDINALITY AS v (said, n)), '{t,t,t,t,t,t,t,f}', 'identities are known when they are seen');

-- ---------- the readers ----------

CREATE ROLE identities_bi;
CREATE ROLE identities_dashboard;
CREATE ROLE identities_reports;
SELECT grant_register('r', ('identities_' || p)::name, p) FROM unnest('{bi,dashboard,reports}'::text[]) p \g /dev/null
GRANT USAGE ON SCHEMA public TO PUBLIC;
GRANT SELECT ON every_report TO PUBLIC;

-- how often a query tells one, and how many rows it has
CREATE FUNCTION told(role name, query text, OUT lines bigint, OUT told bigint, OUT state text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE format('SELECT count(*), count(*) FILTER (WHERE public.tells_identity(t::text)) FROM (%s OFFSET 0) t', query) INTO lines, told;
        state := 'read';
    EXCEPTION WHEN OTHERS THEN
        state := SQLSTATE;
        told := public.tells_identity(SQLERRM)::integer;
    END;
    RESET ROLE;
END
$$;
CREATE TABLE readable AS
SELECT p.purpose, c.oid::regclass AS relation, c.relkind, array_agg(a.attname ORDER BY a.attnum) AS columns, t.*
FROM (VALUES ('bi'), ('dashboard'), ('reports')) AS p (purpose)
CROSS JOIN pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND (a.attnum > 0 OR c.relkind IN ('r', 'p'))
CROSS JOIN LATERAL (SELECT ('identities_' || p.purpose)::name AS role) r
CROSS JOIN LATERAL (SELECT NULL::bigint AS lines, NULL::bigint AS told, NULL::text AS state) t
WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND has_column_privilege(r.role, c.oid, a.attnum, 'SELECT')
GROUP BY p.purpose, c.oid, t.lines, t.told, t.state;
UPDATE readable r SET (lines, told, state) = (SELECT t.lines, t.told, t.state FROM told(('identities_' || r.purpose)::name,
    format('SELECT %s FROM %s', (SELECT string_agg(quote_ident(c), ', ') FROM unnest(r.columns) c), r.relation)) t);
SELECT cmp_ok((SELECT count(*) FROM readable WHERE purpose = 'reports' AND told > 0), '>', 10::bigint, 'much would be told to who may read it all');
SELECT is_empty($$ SELECT purpose, relation, state FROM readable WHERE purpose <> 'reports' AND state <> 'read' $$, 'what they may read they can');
SELECT is_empty($$ SELECT purpose, relation, columns FROM readable WHERE purpose <> 'reports' AND told > 0 $$, 'nothing in it tells who a pupil is');
SELECT is_empty($$ SELECT purpose, relation FROM readable WHERE purpose <> 'reports' AND lines = 0 AND relation::text !~ 'benchmark|trust|school_former|enrolment_former|changing_enrolment|trust_' $$,
    'and there is something in it');
-- what is readable of tables with pupils is decided here, so that nothing new is read unseen
SELECT results_eq($$ SELECT p.relation COLLATE "default", p.columns COLLATE "default" FROM (
        SELECT DISTINCT r.relation::text AS relation, array_to_string(r.columns, ', ') AS columns FROM readable r JOIN pg_attribute a ON a.attrelid = r.relation AND a.attname IN ('pupil_id', 'contact_id', 'upn')
        WHERE r.relkind IN ('r', 'p') AND r.purpose <> 'reports') p ORDER BY 1 $$, $$ SELECT relation COLLATE "default", columns COLLATE "default" FROM (VALUES
    ('r.enrolment', 'school_urn, pupil_id, start_date, end_date, status, boarder, year_group, registration_group'),
    ('r.enrolment_former', 'school_urn, pupil_id, start_date, to_day, status, boarder, year_group, registration_group'),
    ('r.pupil', 'pupil_id, sex, pupil_key, birth_cohort'),
    ('r.pupil_address', 'pupil_id, from_day, to_day, in_addition, area'),
    ('r.pupil_characteristic', 'pupil_id, characteristic, value, from_day, to_day, value_key'),
    ('r.register_line', 'school_urn, academic_year, pupil_id, enrolment_start, marks, line_key, enrolment_end, birth_cohort, is_counted, year_group, registration_group, sex')) AS v (relation, columns) $$, 'the columns of tables of pupils that they read');

-- ---------- reports ----------

-- the dashboard may read what BI may, and more
CREATE TABLE reported AS SELECT p.purpose, e.name, t.* FROM (VALUES ('dashboard', ''), ('reports', 'pupil')) AS p (purpose, part) JOIN every_report e ON e.name ~ p.part, told(('identities_' || p.purpose)::name, e.query) t;
SELECT cmp_ok((SELECT count(*) FROM reported WHERE purpose = 'reports' AND told > 0), '>', 8::bigint, 'reports tell it to others');
SELECT is_empty($$ SELECT purpose, name, state FROM reported WHERE purpose <> 'reports' AND told > 0 $$, 'none to them, in rows or in words');
SELECT cmp_ok((SELECT count(*) FROM reported WHERE purpose = 'dashboard' AND state = 'read' AND lines > 0), '>', 60::bigint, 'those of figures alone they read');

-- ---------- names ----------

SELECT is(said, wanted, 'a pupil is named to ' || role) FROM (VALUES ('identities_bi', NULL), ('identities_reports', 'Planted surname 1, Planted forename')) AS w (role, named),
    LATERAL (SELECT coalesce(named, 'Pupil ' || (SELECT pupil_key FROM r.pupil WHERE pupil_id = 1))) AS x (wanted),
    LATERAL (SELECT set_config('role', role, true), r.pupil_label(1), set_config('role', 'none', true)) AS s (a, said, b);
SELECT is(r.pupil_label(NULL), NULL, 'nobody has no name');
SELECT is((SELECT count(*) FROM r.pupil p WHERE birth_cohort <> CASE WHEN extract(month FROM date_of_birth) >= 9 THEN extract(year FROM date_of_birth) ELSE extract(year FROM date_of_birth) - 1 END), 0::bigint, 'a cohort begins in September');
SELECT results_eq('SELECT birth_cohort(d) FROM unnest(''{2014-08-31,2014-09-01,2015-08-31,2015-09-01,2016-02-29}''::date[]) d', 'VALUES (2013), (2014), (2014), (2015), (2015)', 'on 1 September');
SELECT is(birth_cohort('infinity'), NULL, 'of no day there is none');
SELECT is_empty($$ SELECT y, d FROM generate_series(2000, 2030, 5) y, generate_series(date '1984-01-01', '2027-12-31', '1 day') AS g (t), LATERAL (SELECT g.t::date) AS x (d)
    WHERE extract(day FROM d) IN (1, 28, 31) AND (statistical_ages(y) @> d <> statistical_cohorts(y) @> birth_cohort(d) OR year_group_by_age(y, d) IS DISTINCT FROM year_group_by_cohort(y, birth_cohort(d))
        OR (statistical_ages(y) @> d AND d < make_date(y - 15, 9, 1)) <> (birth_cohort(d) = lower(statistical_cohorts(y)))) $$, 'what reports ask of a day of birth they may ask of its cohort');
SELECT * FROM finish();
ROLLBACK;
