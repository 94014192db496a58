-- Schools beside each other, beside schools like them, and beside what they were before.

CREATE FUNCTION period_cohort(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, school text, phase text, la_number integer, region_code text, trust_uid integer,
        cohort cohort_summary)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT s.urn, s.name, compared_phase(s.phase, s.type), s.la_number, a.region_code, s.trust_uid, c.cohort
    FROM (SELECT l.school_urn, cohort_agg(tally(l.marks, l.days)) AS cohort
        FROM period_line(period, population, schools) l GROUP BY l.school_urn) c
    JOIN schools_in(period) s ON s.urn = c.school_urn
    JOIN local_authority a ON a.la_number = s.la_number
    WHERE known_question(period, population, schools);
END;
COMMENT ON FUNCTION period_cohort(text, text, integer[]) IS 'The rows of school_cohort(), without a warning';

CREATE FUNCTION school_cohort(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, school text, phase text, la_number integer, region_code text, trust_uid integer,
        cohort cohort_summary)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT c.* FROM period_cohort(period, population, schools) c WHERE tells_sessions(period, schools);
END;
COMMENT ON FUNCTION school_cohort(text, text, integer[]) IS
'Each school with its enrolments and their sessions in the period: cohort is read with enrolments(), '
'absence_rate(tally()) and so on. The phase is that of compared_phase(). No rows for a NULL period; 22023 for what is '
'no period or population';

CREATE FUNCTION school_benchmarks(period text, population text, schools integer[], series text, measures text[],
        geographic_levels text[])
    RETURNS TABLE (school_urn integer, measure text, geographic_level text, percent numeric)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH area AS MATERIALIZED (
        SELECT s.urn, v.geographic_level, v.area_code, p.days, statistical_phase(s.phase, s.type) AS phase
        FROM schools_in(period) s JOIN local_authority a ON a.la_number = s.la_number
        JOIN school_period(period, schools) p ON p.school_urn = s.urn
        CROSS JOIN LATERAL (VALUES ('National'::text, 'E92000001'::text), ('Regional', a.region_code),
            ('Local authority', a.la_number::text), ('School', s.urn::text)) AS v (geographic_level, area_code)
        WHERE v.geographic_level = ANY (read_choices(geographic_levels,
                ARRAY['National', 'Regional', 'Local authority', 'School']))
            -- the official figures are about the statutory population: with another nothing is compared
            AND population = 'statutory' AND known_question(period, population, schools)),
    -- of the same days, area and phase there is one figure for all schools
    figure AS MATERIALIZED (
        SELECT a.geographic_level, a.area_code, a.days, a.phase, m.measure, r.rate
        FROM (SELECT o.geographic_level, o.area_code, o.days, o.phase, min(o.urn) AS urn FROM area o
              GROUP BY o.geographic_level, o.area_code, o.days, o.phase) a
        CROSS JOIN unnest(read_choices(measures, ARRAY['absence', 'persistent', 'severe'])) AS m (measure)
        CROSS JOIN LATERAL (
            SELECT b.rate
            FROM benchmark_rates(CASE WHEN series = 'daily'
                    THEN CASE m.measure WHEN 'absence' THEN 'overall_absence_perc' WHEN 'persistent' THEN 'pa_perc' END
                ELSE CASE m.measure WHEN 'absence' THEN 'sess_overall_percent'
                    WHEN 'persistent' THEN 'enrolments_pa_10_exact_percent'
                    WHEN 'severe' THEN 'enrolments_pa_50_exact_percent' END END, series) b
            WHERE b.days = a.days AND b.geographic_level = a.geographic_level AND b.area_code = a.area_code
                AND b.phase = a.phase OFFSET 0) r
        WHERE m.measure = 'absence' OR states_persistent_absence(period, ARRAY[a.urn]))
    SELECT a.urn, f.measure, f.geographic_level, f.rate
    FROM area a JOIN figure f ON f.geographic_level = a.geographic_level AND f.area_code = a.area_code
        AND f.days = a.days AND f.phase = a.phase
    WHERE known_choice(series, 'census', 'daily') AND known_question(period, population, schools)
        AND read_choices(measures, ARRAY['absence', 'persistent', 'severe']) IS NOT NULL
        AND read_choices(geographic_levels, ARRAY['National', 'Regional', 'Local authority', 'School']) IS NOT NULL;
END;
COMMENT ON FUNCTION school_benchmarks(text, text, integer[], text, text[], text[]) IS
'The published figures to compare schools with: of exactly the days of the period, the phase of the school, a series '
'(census or daily), measures (absence, persistent, severe) and its authority, region or country (Local authority, '
'Regional, National) or itself (School). No row where none is imported, for another population than statutory, for '
'persistent and severe absence of a day or a week, and for NULL; 22023 for what is no period, population, school, '
'series, measure or level';

CREATE FUNCTION school_benchmark(period text, population text, school_urn integer, series text, measure text,
    geographic_level text)
    RETURNS numeric
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT b.percent
    FROM school_benchmarks(period, population, ARRAY[school_benchmark.school_urn], series,
        array_remove(ARRAY[school_benchmark.measure], NULL),
        array_remove(ARRAY[school_benchmark.geographic_level], NULL)) b;
END;
COMMENT ON FUNCTION school_benchmark(text, text, integer, text, text, text) IS
'The published figure of school_benchmarks() for one school, measure and level. NULL if there is none, and for NULL; '
'22023 for what is no period, population, school, series, measure or level';

CREATE FUNCTION school_comparison(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        series text DEFAULT 'census')
    RETURNS TABLE (phase text, school_urn integer, school text, trust_uid integer, enrolments bigint, possible bigint,
        absent bigint, absence_percent numeric, persistently_absent bigint, persistent_absence_percent numeric,
        severely_absent bigint, severe_absence_percent numeric, schools_compared bigint, absence_rank bigint,
        absence_percentile numeric, group_enrolments bigint, group_possible bigint, group_absent bigint,
        group_absence_percent numeric, difference_to_group numeric, benchmark_series text, authority_percent numeric,
        difference_to_authority numeric, region_percent numeric, difference_to_region numeric, national_percent numeric,
        difference_to_national numeric, persistent_authority_percent numeric,
        persistent_difference_to_authority numeric, persistent_national_percent numeric,
        persistent_difference_to_national numeric)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH figure AS MATERIALIZED (
        SELECT f.*, absence_rate(tally(f.cohort)) AS rate, p.persistently_absent,
            p.persistent_absence_percent AS persistent_rate, p.severely_absent, p.severe_absence_percent
        FROM school_cohort(period, population, schools) f
        CROSS JOIN LATERAL cohort_persistence(f.cohort, (SELECT states_persistent_absence(period, schools))) p
        WHERE enrolments(f.cohort) > 0),
    phase_figure AS MATERIALIZED (
        SELECT f.phase, cohort_agg(f.cohort) AS cohort FROM figure f GROUP BY f.phase),
    published AS MATERIALIZED (
        SELECT b.school_urn,
            max(b.percent) FILTER (WHERE b.measure = 'absence' AND b.geographic_level = 'Local authority') AS authority,
            max(b.percent) FILTER (WHERE b.measure = 'absence' AND b.geographic_level = 'Regional') AS region,
            max(b.percent) FILTER (WHERE b.measure = 'absence' AND b.geographic_level = 'National') AS national,
            max(b.percent) FILTER (WHERE b.measure = 'persistent' AND b.geographic_level = 'Local authority')
                AS persistent_authority,
            max(b.percent) FILTER (WHERE b.measure = 'persistent' AND b.geographic_level = 'National')
                AS persistent_national
        FROM school_benchmarks(period, population, schools, series, ARRAY['absence', 'persistent'],
            ARRAY['Local authority', 'Regional', 'National']) b
        GROUP BY b.school_urn)
    SELECT f.phase, f.school_urn, f.school, f.trust_uid, enrolments(f.cohort), possible(tally(f.cohort)),
        absent(tally(f.cohort)), f.rate, f.persistently_absent, f.persistent_rate, f.severely_absent,
        f.severe_absence_percent, count(*) OVER phase, rank() OVER (phase ORDER BY f.rate),
        percent_of(rank() OVER (phase ORDER BY f.rate DESC) - 1, count(*) OVER phase - 1),
        enrolments(g.cohort), possible(tally(g.cohort)), absent(tally(g.cohort)), absence_rate(tally(g.cohort)),
        f.rate - absence_rate(tally(g.cohort)), series,
        b.authority, f.rate - b.authority, b.region, f.rate - b.region, b.national, f.rate - b.national,
        b.persistent_authority, f.persistent_rate - b.persistent_authority,
        b.persistent_national, f.persistent_rate - b.persistent_national
    FROM figure f JOIN phase_figure g ON g.phase = f.phase
    LEFT JOIN published b ON b.school_urn = f.school_urn
    WHERE known_choice(series, 'census', 'daily')
    WINDOW phase AS (PARTITION BY f.phase)
    ORDER BY f.phase, rank() OVER (phase ORDER BY f.rate), f.school_urn;
END;
COMMENT ON FUNCTION school_comparison(text, text, integer[], text) IS
'The schools of each phase, least absence first. absence_rank is 1 for the least absence; absence_percentile is the '
'percentage, 0 to 100, of the other schools of the phase with more absence (NULL for a single one); group is all '
'schools of the phase that the report is about, this one among them. Differences are in percentage points, positive if '
'the school is absent more; authority, region and national are the published figures of exactly these days, of a '
'series (census or daily), see school_benchmark(). Schools without possible sessions are left out. Persistence is NULL '
'for a day or a week. No rows for a NULL period; 22023 for what is no period, population or series';

CREATE FUNCTION area_names() RETURNS TABLE (area text, area_code text, area_name text)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT 'trust'::text, t.trust_uid::text, t.name FROM trust t
    UNION ALL
    SELECT 'local authority'::text, a.la_number::text, a.name FROM local_authority a
    UNION ALL
    SELECT 'region'::text, n.region_code, n.name FROM region n;
END;
COMMENT ON FUNCTION area_names() IS
'The names of the trusts, local authorities and regions of a register, for area_comparison()';

CREATE FUNCTION area_comparison(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        area text DEFAULT 'trust', weights text DEFAULT 'none', head_counts jsonb DEFAULT NULL)
    RETURNS TABLE (area_code text, area_name text, schools_compared bigint, enrolments bigint, possible bigint,
        absent bigint, persistently_absent bigint, severely_absent bigint, absence_percent numeric,
        persistent_absence_percent numeric, severe_absence_percent numeric, weighted text, areas bigint,
        absence_rank bigint)
    LANGUAGE sql STABLE ROWS 50
BEGIN ATOMIC
    WITH figure AS MATERIALIZED (
        SELECT CASE read_choice(area, 'trust', 'local authority', 'region', 'all') WHEN 'trust' THEN f.trust_uid::text
                WHEN 'local authority' THEN f.la_number::text WHEN 'region' THEN f.region_code
                    ELSE 'all' END AS area_code,
            f.phase, f.cohort
        FROM school_cohort(period, population, schools) f WHERE enrolments(f.cohort) > 0),
    phase_figure AS (
        SELECT f.area_code, f.phase, count(*) AS schools, cohort_agg(f.cohort) AS cohort FROM figure f
            GROUP BY f.area_code, f.phase),
    head_count AS (
        SELECT f.phase, coalesce((head_counts ->> f.phase)::numeric,
            CASE WHEN head_counts IS NULL THEN enrolments(cohort_agg(f.cohort)) END) AS heads
        FROM figure f GROUP BY f.phase),
    area_figure AS (
        SELECT f.area_code, sum(f.schools)::bigint AS schools, cohort_agg(f.cohort) AS cohort,
            -- a phase without a head count has no weight
            percent_of(sum(absence_rate(tally(f.cohort)) * h.heads), 100 * sum(h.heads)) AS absence,
            percent_of(sum(p.persistent_absence_percent * h.heads), 100 * sum(h.heads)) AS persistent,
            percent_of(sum(p.severe_absence_percent * h.heads), 100 * sum(h.heads)) AS severe
        FROM phase_figure f JOIN head_count h ON h.phase = f.phase
        CROSS JOIN LATERAL cohort_persistence(f.cohort,
            (SELECT states_persistent_absence(period, area_comparison.schools))) p
        GROUP BY f.area_code),
    rated AS (
        SELECT a.area_code, a.schools, a.cohort, p.persistently_absent, p.severely_absent,
            CASE WHEN w.weighted THEN a.absence ELSE absence_rate(tally(a.cohort)) END AS absence,
            CASE WHEN w.weighted THEN a.persistent ELSE p.persistent_absence_percent END AS persistent,
            CASE WHEN w.weighted THEN a.severe ELSE p.severe_absence_percent END AS severe
        FROM area_figure a CROSS JOIN (SELECT read_choice(weights, 'none', 'by phase') = 'by phase' AS weighted) w
        CROSS JOIN LATERAL cohort_persistence(a.cohort,
            (SELECT states_persistent_absence(period, area_comparison.schools))) p)
    SELECT r.area_code, n.name, r.schools, enrolments(r.cohort), possible(tally(r.cohort)),
        absent(tally(r.cohort)), r.persistently_absent, r.severely_absent, r.absence, r.persistent, r.severe,
        weights, count(*) OVER (), rank() OVER (ORDER BY r.absence)
    FROM rated r
    LEFT JOIN (SELECT a.area_code, max(a.area_name) AS name FROM area_names() a
               WHERE a.area = area_comparison.area GROUP BY a.area_code) n ON n.area_code = r.area_code
    WHERE known_choice(area, 'trust', 'local authority', 'region', 'all') AND known_choice(weights, 'none', 'by phase')
    ORDER BY rank() OVER (ORDER BY r.absence), r.area_code;
END;
COMMENT ON FUNCTION area_comparison(text, text, integer[], text, text, jsonb) IS
'Trusts, local authorities or regions (area: trust, local authority, region, or all for everything in one row), least '
'absence first; schools without a trust are one row with NULL. weights: none, pooled, sum of numerators by sum of '
'denominators; by phase, the mean of the rates of the phases weighted with head counts, so that a trust of secondary '
'schools compares with one of primary schools. head_counts: by phase, such as {"Primary": 4488598, "Secondary": '
'3643681, "Special": 166617}, of which phases that are not named have no weight; NULL for the enrolments of the whole '
'report. An area is weighted by the phases that it has. "Pupil attendance in schools" weighted its totals so until '
'2024/25 and pools them since. Persistence is NULL for a day or a week. No rows for a NULL period; 22023 for what is '
'no period, population, area or weights';

-- ---------- similar schools ----------

CREATE FUNCTION feature_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, phase text, feature text, pupils bigint, value numeric)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH pupil_line AS MATERIALIZED (
        SELECT l.school_urn, l.pupil_id,
            least(upper(l.days) - 1, (now() AT TIME ZONE 'Europe/London')::date) AS last_day
        -- who has no possible session in the period is no enrolment of it, here as elsewhere
        FROM report_line(period, population, schools) l WHERE possible(tally(l.marks, l.days)) > 0),
    counted AS MATERIALIZED (
        SELECT l.school_urn, 'size' AS feature, count(*) AS pupils FROM pupil_line l GROUP BY l.school_urn
        UNION ALL
        SELECT l.school_urn,
            CASE WHEN p.characteristic = 'sen' THEN CASE p.value WHEN 'K' THEN 'sen support' WHEN 'E' THEN 'ehcp' END
                WHEN p.characteristic = 'sen need' THEN CASE WHEN p.value = 'SEMH' THEN 'semh' END
                ELSE p.characteristic END, count(*)
        FROM pupil_line l
        JOIN pupil_characteristic p ON p.pupil_id = l.pupil_id AND daterange(p.from_day, p.to_day, '[]') @> l.last_day
        WHERE p.characteristic IN ('fsm', 'fsm6', 'sen', 'sen need', 'eal')
        GROUP BY 1, 2)
    SELECT s.urn, compared_phase(s.phase, s.type), v.feature, v.pupils, v.value
    FROM schools_in(period) s
    JOIN (
        SELECT c.school_urn, c.feature, c.pupils, NULL::numeric AS value FROM counted c WHERE c.feature IS NOT NULL
        UNION ALL
        SELECT f.school_urn, f.feature, NULL::bigint AS pupils, f.value
        FROM school_feature f WHERE f.school_urn IN (SELECT c.school_urn FROM counted c)) AS v
            ON v.school_urn = s.urn
    WHERE known_question(period, population, schools);
END;
COMMENT ON FUNCTION feature_counts(text, text, integer[]) IS
'What school_features() is made of, a row for each school and feature: the enrolments (size) and those of them who '
'have it, or the value of school_feature. No rows for a NULL period; 22023 for what is no period, population or school';

CREATE FUNCTION school_features(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, phase text, feature text, value numeric, computed boolean)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (SELECT c.* FROM feature_counts(period, population, schools) c),
    size AS (
        SELECT c.school_urn, c.phase, c.pupils FROM counted c WHERE c.feature = 'size' AND c.pupils IS NOT NULL),
    computed AS (
        SELECT s.school_urn, s.phase, 'size' AS feature, s.pupils::numeric AS value FROM size s
        UNION ALL
        -- a feature that nobody has says nothing
        SELECT s.school_urn, s.phase, f.feature, percent_of(coalesce(h.pupils, 0), s.pupils)
        FROM size s
        CROSS JOIN (SELECT DISTINCT c.feature FROM counted c WHERE c.feature <> 'size' AND c.pupils IS NOT NULL) f
        LEFT JOIN counted h ON h.school_urn = s.school_urn AND h.feature = f.feature AND h.pupils IS NOT NULL)
    SELECT c.school_urn, c.phase, c.feature, c.value, true FROM computed c
    WHERE NOT EXISTS (SELECT FROM counted f
        WHERE f.school_urn = c.school_urn AND f.feature = c.feature AND f.pupils IS NULL)
    UNION ALL
    SELECT f.school_urn, f.phase, f.feature, f.value, false FROM counted f WHERE f.pupils IS NULL;
END;
COMMENT ON FUNCTION school_features(text, text, integer[]) IS
'By what schools are alike: computed from the register size, the number of enrolments with a possible session in the '
'period, and the percentages of them, on the last day of the period or today, with fsm, fsm6, sen support, ehcp, semh '
'and eal; and the features of school_feature, which take precedence. No rows for a NULL period; 22023 for what is no '
'period or population';

CREATE FUNCTION feature_names() RETURNS TABLE (feature text)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    SELECT DISTINCT f.feature FROM school_feature f;
END;
COMMENT ON FUNCTION feature_names() IS 'The features of schools that the table school_feature of a register has';

CREATE FUNCTION known_features(weights jsonb) RETURNS boolean
    LANGUAGE sql STABLE
    -- a feature that nothing is known of yet is no mistake if it is one of those by default
    RETURN read_choices(ARRAY(SELECT jsonb_object_keys(weights)),
        ARRAY['size', 'fsm', 'fsm6', 'sen support', 'ehcp', 'semh', 'eal', 'idaci']
        || ARRAY(SELECT DISTINCT f.feature FROM feature_names() f
            WHERE f.feature NOT IN ('size', 'fsm', 'fsm6', 'sen support', 'ehcp', 'semh', 'eal', 'idaci')
            ORDER BY f.feature)) IS NOT NULL;
COMMENT ON FUNCTION known_features(jsonb) IS
'True if the keys of some weights are features of schools. False for NULL; 22023, with those that there are, otherwise';

CREATE FUNCTION similar_schools(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        urn integer DEFAULT NULL, weights jsonb DEFAULT '{"fsm": 1, "sen support": 1, "eal": 1, "size": 1, "idaci": 1}',
        nearest integer DEFAULT 20)
    RETURNS TABLE (school_urn integer, place bigint, similar_urn integer, similar_school text, distance numeric,
        features_compared bigint)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH weighted AS MATERIALIZED (
        SELECT f.school_urn, f.phase, w.weight, w.feature,
            -- in standard deviations of the schools of the phase, so that units do not matter
            f.value / CASE WHEN stddev_pop(f.value) OVER (PARTITION BY f.phase, f.feature) <> 0
                THEN stddev_pop(f.value) OVER (PARTITION BY f.phase, f.feature) END AS value
        FROM school_features(period, population, schools) f
        JOIN (SELECT j.key AS feature, j.value::numeric AS weight FROM jsonb_each_text(weights) j) w
            ON w.feature = f.feature
        WHERE w.weight > 0),
    pair AS (
        SELECT a.school_urn, b.school_urn AS similar_urn, count(*) AS features,
            sqrt(sum(a.weight * coalesce(a.value - b.value, 0) ^ 2) / sum(a.weight)) AS distance
        FROM weighted a JOIN weighted b ON b.phase = a.phase AND b.feature = a.feature AND b.school_urn <> a.school_urn
        WHERE similar_schools.urn IS NULL OR a.school_urn = similar_schools.urn
        GROUP BY a.school_urn, b.school_urn),
    placed AS (
        SELECT p.*, row_number() OVER (PARTITION BY p.school_urn ORDER BY p.distance, p.similar_urn) AS place
            FROM pair p)
    SELECT p.school_urn, p.place, p.similar_urn, s.name, p.distance, p.features
    FROM placed p JOIN schools_in(period) s ON s.urn = p.similar_urn
    WHERE p.place <= nearest AND known_schools(ARRAY[similar_schools.urn]) AND known_features(weights)
        AND known_question(period, population, schools)
    ORDER BY p.school_urn, p.place;
END;
COMMENT ON FUNCTION similar_schools(text, text, integer[], integer, jsonb, integer) IS
'The schools most like a school (urn; NULL for every school), of the same phase and among those of the report: '
'distance is the root of the weighted mean of the squared differences of features (school_features()), each in '
'standard deviations among the schools of the phase. weights: of features, {"fsm": 2, "size": 1}; a feature that '
'either school lacks is left out, features_compared says how many were not. 0 is alike in all of them. No rows for a '
'NULL period or NULL weights; 22023 for what is no period, population or feature (those of school_features(), and '
'idaci), 22P02 for a weight that is no number';

CREATE FUNCTION similar_school_comparison(period text, population text DEFAULT 'statutory',
    schools integer[] DEFAULT NULL,
        urn integer DEFAULT NULL, weights jsonb DEFAULT '{"fsm": 1, "sen support": 1, "eal": 1, "size": 1, "idaci": 1}',
        nearest integer DEFAULT 20)
    RETURNS TABLE (school_urn integer, place bigint, compared_urn integer, compared_school text, distance numeric,
        enrolments bigint, possible bigint, absent bigint, absence_percent numeric, difference numeric,
        persistently_absent bigint, persistent_absence_percent numeric, severely_absent bigint,
        severe_absence_percent numeric)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH figure AS MATERIALIZED (
        SELECT * FROM school_cohort(period, population, schools)),
    listed AS (
        SELECT s.school_urn, s.place, s.similar_urn, s.distance FROM similar_schools(period, population, schools, urn,
            weights, nearest) s
        UNION ALL
        SELECT f.school_urn, 0, f.school_urn, 0 FROM figure f WHERE similar_school_comparison.urn IS NULL
            OR f.school_urn = similar_school_comparison.urn)
    SELECT l.school_urn, l.place, l.similar_urn, f.school, l.distance, enrolments(f.cohort), possible(tally(f.cohort)),
        absent(tally(f.cohort)), absence_rate(tally(f.cohort)),
        absence_rate(tally(o.cohort)) - absence_rate(tally(f.cohort)), p.persistently_absent,
        p.persistent_absence_percent, p.severely_absent, p.severe_absence_percent
    FROM listed l JOIN figure f ON f.school_urn = l.similar_urn JOIN figure o ON o.school_urn = l.school_urn
    CROSS JOIN LATERAL cohort_persistence(f.cohort, (SELECT states_persistent_absence(period, schools))) p
    WHERE known_schools(ARRAY[similar_school_comparison.urn]) AND known_features(weights)
    ORDER BY l.school_urn, l.place;
END;
COMMENT ON FUNCTION similar_school_comparison(text, text, integer[], integer, jsonb, integer) IS
'A school (urn; NULL for every school) at place 0, and the schools most like it (similar_schools()), with their '
'absence; difference is that of the school to each of them in percentage points, positive if the school is absent '
'more. Persistence is NULL for a day or a week. No rows for a NULL period; errors as those of similar_schools()';

CREATE FUNCTION baseline_improvement(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        series text DEFAULT 'census',
        weights jsonb DEFAULT '{"fsm": 1, "sen support": 1, "eal": 1, "size": 1, "idaci": 1}',
        nearest integer DEFAULT 20, published_period text DEFAULT '2018/19')
    RETURNS TABLE (school_urn integer, school text, phase text, enrolments bigint, possible bigint, attended bigint,
        attendance_percent numeric, baseline text, baseline_schools bigint, baseline_enrolments bigint,
        baseline_possible bigint, baseline_attended bigint, baseline_attendance_percent numeric, difference numeric,
        sessions_regained numeric, days_regained numeric)
    LANGUAGE sql STABLE ROWS 600
BEGIN ATOMIC
    WITH figure AS MATERIALIZED (
        SELECT * FROM school_cohort(period, population, schools) f WHERE enrolments(f.cohort) > 0),
    -- what is read more than once, or would be computed again for each row of the others
    alike AS MATERIALIZED (
        SELECT s.school_urn, s.similar_urn FROM similar_schools(period, population, schools, NULL, weights, nearest) s
        -- of a period without sessions figure has said so
        WHERE EXISTS (SELECT FROM figure)),
    part AS MATERIALIZED (SELECT p.school_urn, p.part_urn, count(*) OVER (PARTITION BY p.school_urn) AS parts
        FROM school_parts() p),
    base AS MATERIALIZED (
        SELECT k.school_urn, 1 AS place, 'own, a year before' AS baseline, 1::bigint AS schools,
            cohort_agg(b.cohort) AS cohort, NULL::numeric AS published
        FROM period_cohort(period_year_before(period), population, with_predecessors(schools)) b
        JOIN part k ON k.part_urn = b.school_urn
        GROUP BY k.school_urn
        UNION ALL
        SELECT s.school_urn, 2, 'similar schools' AS baseline, count(*), cohort_agg(f.cohort), NULL AS published
        FROM alike s JOIN figure f ON f.school_urn = s.similar_urn
        GROUP BY s.school_urn
        UNION ALL
        SELECT f.school_urn, 3, 'its authority, in this report' AS baseline, a.schools, a.cohort, NULL AS published
        FROM figure f JOIN (SELECT o.la_number, o.phase, count(*) AS schools, cohort_agg(o.cohort) AS cohort
            FROM figure o
            GROUP BY o.la_number, o.phase) a ON a.la_number = f.la_number AND a.phase = f.phase
        UNION ALL
        SELECT b.school_urn, 4, 'its authority, published, ' || series, NULL AS schools, NULL AS cohort,
            100 - b.percent
        FROM school_benchmarks(period, population, schools, series, ARRAY['absence'], ARRAY['Local authority']) b
        UNION ALL
        (SELECT DISTINCT ON (k.school_urn) k.school_urn, 5, 'own, published, ' || series || ', ' || published_period,
            NULL AS schools, NULL AS cohort, 100 - b.percent
        FROM part k
        -- or that of the last school that it continues
        JOIN school_benchmarks(published_period, population, (SELECT with_predecessors(schools)), series,
            ARRAY['absence'], ARRAY['School']) b ON b.school_urn = k.part_urn
        JOIN (SELECT DISTINCT o.school_urn, o.parts FROM part o) o ON o.school_urn = k.part_urn
        ORDER BY k.school_urn, o.parts DESC, k.part_urn)),
    rated AS (
        SELECT b.school_urn, b.place, b.baseline, b.schools, b.cohort,
            coalesce(b.published, attendance_rate(tally(b.cohort))) AS rate
        FROM base b)
    SELECT f.school_urn, f.school, f.phase, enrolments(f.cohort), possible(tally(f.cohort)), attended(tally(f.cohort)),
        attendance_rate(tally(f.cohort)), r.baseline, r.schools, enrolments(r.cohort), possible(tally(r.cohort)),
        attended(tally(r.cohort)), r.rate, attendance_rate(tally(f.cohort)) - r.rate,
        attended(tally(f.cohort)) - r.rate * possible(tally(f.cohort)) / 100,
        (attended(tally(f.cohort)) - r.rate * possible(tally(f.cohort)) / 100) / 2
    FROM figure f JOIN rated r ON r.school_urn = f.school_urn AND r.rate IS NOT NULL
    WHERE read_choice(series, 'census', 'daily') IS NOT NULL AND known_question(published_period, population,
        baseline_improvement.schools) AND known_features(weights)
    ORDER BY f.phase, f.school_urn, r.place;
END;
COMMENT ON FUNCTION baseline_improvement(text, text, integer[], text, jsonb, integer, text) IS
'The attendance of each school against its baselines, a row each: its own a year before (period_year_before()), with '
'that of the schools that it continues, that of similar schools (similar_schools() with these weights), that of all '
'schools of its authority and phase in the report, itself among them, the published one of its authority, and the one '
'published of itself for an earlier year, such as 2018/19 before the pandemic. difference in percentage points, '
'positive if attendance is better than the baseline; sessions_regained is what that makes of its possible sessions, '
'days_regained half of it. A baseline that is '
'not known has no row; of published ones there are no counts. How the Department for Education sets its minimum '
'improvement expectations is not published: what is here are the comparisons that they are made from. No rows for a '
'NULL period; 22023 for what is no period, population or series';
