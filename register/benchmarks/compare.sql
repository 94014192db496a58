-- One's own figures beside published ones of the same days, phase and population.

CREATE FUNCTION benchmark_measures(cohort cohort_summary, series text, stated boolean)
    RETURNS TABLE (place integer, measure text, column_name text, numerator bigint, denominator bigint)
    LANGUAGE sql IMMUTABLE ROWS 6
BEGIN ATOMIC
    SELECT m.place, m.measure, CASE benchmark_measures.series WHEN 'daily' THEN m.daily WHEN 'census' THEN m.census END,
        m.numerator, m.denominator
    FROM cohort_persistence(cohort, stated) p
    CROSS JOIN LATERAL (VALUES
        (1, 'attendance', 'attendance_perc', NULL, attended(tally(cohort)), possible(tally(cohort))),
        (2, 'absence', 'overall_absence_perc', 'sess_overall_percent', absent(tally(cohort)), possible(tally(cohort))),
        (3, 'authorised absence', 'authorised_absence_perc', 'sess_authorised_percent', authorised(tally(cohort)),
            possible(tally(cohort))),
        (4, 'unauthorised absence', 'unauthorised_absence_perc', 'sess_unauthorised_percent',
            unauthorised(tally(cohort)), possible(tally(cohort))),
        (5, 'persistent absence', 'pa_perc', 'enrolments_pa_10_exact_percent', p.persistently_absent,
            enrolments(cohort)),
        (6, 'severe absence', NULL, 'enrolments_pa_50_exact_percent', p.severely_absent, enrolments(cohort)))
        AS m (place, measure, daily, census, numerator, denominator)
    WHERE known_choice(benchmark_measures.series, 'census', 'daily')
        AND CASE benchmark_measures.series WHEN 'daily' THEN m.daily WHEN 'census' THEN m.census END IS NOT NULL;
END;
COMMENT ON FUNCTION benchmark_measures(cohort_summary, text, boolean) IS
'What of a group compares with a series (census or daily): its measures with the column of the series that has each, '
'in order of place. stated: whether persistent and severe absence are. No rows for NULL; 22023 for another series';

CREATE FUNCTION imported_figures(period text, series text)
    RETURNS TABLE (digest bytea, imported_at timestamptz, file_id integer, geographic_level text, area_code text,
        area_name text, phase text, time_identifier text, figures jsonb)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT f.digest, f.imported_at, f.file_id, r.geographic_level, r.area_code, r.area_name, r.phase,
        r.time_identifier, r.figures
    -- the half terms and terms are each school's own, and nothing is published for them
    FROM read_period(period) p JOIN benchmark_row r ON r.days = p.days AND p.kind !~ '^(half )?term'
        AND r.breakdown = '{}'
    JOIN benchmark_file f ON f.file_id = r.file_id AND f.series = imported_figures.series
    WHERE known_choice(imported_figures.series, 'census', 'daily');
END;
COMMENT ON FUNCTION imported_figures(text, text) IS
'What compare_with_benchmark() compares with: the figures of a series (census or daily) for exactly the days of a '
'period and all pupils, with the digest of their file. No rows for NULL; 22023 for what is no period or series';

CREATE FUNCTION imported_days(series text, days daterange) RETURNS TABLE (other_days daterange)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    SELECT DISTINCT r.days FROM benchmark_row r JOIN benchmark_file f ON f.file_id = r.file_id
    WHERE f.series = imported_days.series AND r.days && imported_days.days AND r.days <> imported_days.days
        AND known_choice(imported_days.series, 'census', 'daily');
END;
COMMENT ON FUNCTION imported_days(text, daterange) IS
'Other days that a series (census or daily) has figures of and that meet some days. No rows for NULL; 22023 for '
'another series';

CREATE FUNCTION not_imported(series text, days daterange) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT 'not compared: the ' || not_imported.series || ' series of these days is not imported for these schools'
        || coalesce(', others are of ' || string_agg(n.days::text, ', ' ORDER BY n.days), '')
    FROM (SELECT DISTINCT p.other_days AS days FROM imported_days(not_imported.series, not_imported.days) p
          ORDER BY p.other_days LIMIT 5) AS n;
END;
COMMENT ON FUNCTION not_imported(text, daterange) IS
'Internal: what compare_with_benchmark() notes where a series has no figures of some days, with days of which it has '
'some. NULL for NULL; 22023 for another series';

CREATE FUNCTION compare_with_benchmark(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    series text DEFAULT 'daily')
    RETURNS TABLE (series text, days daterange, phase text, measure text, numerator bigint, denominator bigint,
        enrolments bigint, own_percent numeric, geographic_level text, area_code text, area_name text,
        published_percent numeric, difference numeric, authorities bigint, percentile_of_authorities numeric,
        published_schools bigint, percentile_of_schools numeric, note text)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH span AS MATERIALIZED (
        SELECT p.kind, p.days,
            -- see imported_figures()
            p.kind !~ '^(half )?term' AS same_everywhere
        FROM read_period(period) p),
    figures AS MATERIALIZED (
        SELECT f.* FROM school_figures(period, population, schools) f
        WHERE known_choice(compare_with_benchmark.series, 'census', 'daily')
            AND (compare_with_benchmark.series = 'daily' OR compare_with_benchmark.series = 'census'
                AND enrolments(f.cohort) >= 6)),
    area AS (
        SELECT DISTINCT a.geographic_level,
            coalesce(a.urn::text, a.trust_uid::text, a.la_number::text, a.region_code, 'E92000001') AS area_code
        FROM figures f JOIN school_area(period) a ON a.school_urn = f.school_urn
        -- of schools only if there is one
        WHERE a.geographic_level <> 'School' OR (SELECT count(*) FROM figures) = 1),
    summed AS (
        SELECT v.phase, cohort_agg(f.cohort) AS cohort
        FROM figures f JOIN LATERAL (VALUES (f.phase), ('Total')) AS v (phase) ON v.phase = f.phase
            OR f.phase <> 'Alternative provision'
        GROUP BY v.phase),
    own AS MATERIALIZED (
        SELECT s.phase, m.place, m.measure, m.column_name, m.numerator, m.denominator,
            enrolments(s.cohort) AS enrolments, m.numerator * 100.0 / nullif(m.denominator, 0) AS percent
        FROM summed s
        CROSS JOIN LATERAL benchmark_measures(s.cohort, compare_with_benchmark.series,
            (SELECT states_persistent_absence(period, compare_with_benchmark.schools))) m),
    imported AS (
        -- several registers may have the same file
        SELECT DISTINCT ON (f.digest, f.geographic_level, f.area_code, f.phase, f.time_identifier) f.*
        FROM imported_figures(period, compare_with_benchmark.series) f
        ORDER BY f.digest, f.geographic_level, f.area_code, f.phase, f.time_identifier, f.imported_at, f.file_id),
    published AS MATERIALIZED (
        SELECT i.digest, i.imported_at, i.file_id, o.phase, o.measure, i.geographic_level, i.area_code, i.area_name,
            published_number(i.figures ->> o.column_name) AS percent, o.percent AS own_percent
        FROM imported i JOIN own o ON o.phase = i.phase AND i.figures ? o.column_name),
    standing AS (
        SELECT p.digest, p.phase, p.measure,
            count(p.percent) FILTER (WHERE p.geographic_level = 'Local authority') AS authorities,
            (sum(sign(p.own_percent - p.percent) + 1) FILTER (WHERE p.geographic_level = 'Local authority') * 50)
                / nullif(count(p.percent) FILTER (WHERE p.geographic_level = 'Local authority'), 0) AS of_authorities,
            count(p.percent) FILTER (WHERE p.geographic_level = 'School') AS schools,
            (sum(sign(p.own_percent - p.percent) + 1) FILTER (WHERE p.geographic_level = 'School') * 50)
                / nullif(count(p.percent) FILTER (WHERE p.geographic_level = 'School'), 0) AS of_schools
        FROM published p GROUP BY p.digest, p.phase, p.measure),
    shown AS (
        -- of a figure that was published again, the newest
        SELECT DISTINCT ON (p.phase, p.measure, p.geographic_level, p.area_code) p.*
        FROM published p JOIN area a ON a.geographic_level = p.geographic_level AND a.area_code = p.area_code
        ORDER BY p.phase, p.measure, p.geographic_level, p.area_code, p.imported_at DESC, p.file_id DESC)
    SELECT compare_with_benchmark.series, s.days, o.phase, o.measure, o.numerator, o.denominator, o.enrolments,
        o.percent, p.geographic_level, p.area_code, p.area_name, p.percent, o.percent - p.percent, t.authorities,
        t.of_authorities, t.schools, t.of_schools, nullif(concat_ws('; ',
            CASE WHEN NOT s.same_everywhere
                THEN 'not compared: the terms of each school are not those of a series, give a statistical term or days'
                WHEN p.phase IS NULL THEN not_imported(compare_with_benchmark.series, s.days)
                WHEN p.percent IS NULL THEN 'not compared: suppressed or not available' END,
            CASE WHEN o.place > 4 AND NOT states_persistent_absence(period, compare_with_benchmark.schools)
                THEN 'not stated for seven days or fewer' END,
            CASE WHEN population <> 'statutory'
                THEN format('own figures are of population "%s", published ones of pupils of 5 to 15 who do not board',
                population) END,
            CASE WHEN upper(s.days) > (now() AT TIME ZONE 'Europe/London')::date + 1 THEN 'the period is not over' END,
            CASE WHEN compare_with_benchmark.series = 'daily' AND o.phase = 'Total' AND upper(s.days) <= '2025-08-01'
                THEN 'published totals weigh the phases by head count until 2024/25, the own is pooled' END), '')
    FROM own o CROSS JOIN span s
    LEFT JOIN shown p ON p.phase = o.phase AND p.measure = o.measure
    LEFT JOIN standing t ON t.digest = p.digest AND t.phase = p.phase AND t.measure = p.measure
    ORDER BY array_position('{Primary,Secondary,Special,Alternative provision,Total}'::text[], o.phase), o.place,
        array_position('{National,Regional,Local authority,MAT,School}'::text[], p.geographic_level), p.area_code;
END;
COMMENT ON FUNCTION compare_with_benchmark(text, text, integer[], text) IS
'Own figures of a period (see read_period), a population and some schools (by URN; NULL for all), by phase and in '
'total, beside those published in a series (census or daily) for exactly the same days, the same phase and all pupils: '
'of England, and of the regions, authorities and trusts of the schools, of the school itself if there is one. '
'difference is own less published, in percentage points; percentile_of_authorities the percentage of the authorities '
'in the file whose figure is lower, those with the same counted half, and so for schools. What is not alike is not '
'compared: published_percent is then NULL, and note says why; note also tells that persistent and severe absence of a '
'day or a week are not stated (NULL), another population, a period that is not over and weighted totals. No rows for a '
'NULL series and a NULL period; 22023 for what is no period, population or series';
