-- The official series of one's own registers as files in the shape of Explore education statistics.

CREATE FUNCTION ees_rows(series text, period text, level text DEFAULT NULL, schools integer[] DEFAULT NULL,
    terms text DEFAULT 'six half terms', suppress boolean DEFAULT true)
    RETURNS TABLE (place bigint, fields jsonb, hidden boolean)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH daily AS MATERIALIZED (
        SELECT row_number() OVER () AS place, to_jsonb(d.*) AS fields, d.geographic_level, d.region_code, d.old_la_code,
            d.education_phase, d.total_num_schools
        -- what is suppressed depends on the other levels
        FROM daily_attendance(CASE WHEN read_choice(ees_rows.series, 'census', 'daily') = 'daily' THEN period END,
            'statutory', schools,
            CASE WHEN level IS NULL OR read_choice(level, 'National', 'Regional', 'Local authority', 'MAT',
                'School') IS NULL OR suppress
                THEN NULL ELSE level END) d),
    la AS MATERIALIZED (
        SELECT d.* FROM daily d
        WHERE suppress AND d.geographic_level = 'Local authority' AND d.education_phase <> 'Total'),
    disclosed AS MATERIALIZED (
        SELECT g.region_code, s.row_key, s.column_key, s.symbol
        -- alternative provision is in no total of the other phases
        FROM (SELECT l.region_code, l.education_phase = 'Alternative provision' AS apart, array_agg(l.old_la_code) AS r,
                array_agg(l.education_phase) AS c, array_agg(l.total_num_schools) AS n
            FROM la l GROUP BY 1, 2) AS g
        CROSS JOIN LATERAL suppress_small_numbers(g.r, g.c, g.n, 2) AS s
        WHERE NOT (g.apart AND s.column_key IS NULL))
    SELECT row_number() OVER () AS place, to_jsonb(c.*) AS fields, false AS hidden
    FROM census_absence(CASE WHEN ees_rows.series = 'census' THEN (SELECT academic_year(lower(p.days))
        FROM read_period(period) p) END, terms, level, schools) c
    UNION ALL
    SELECT d.place, d.fields, suppress AND EXISTS (
            SELECT FROM disclosed x
            WHERE x.symbol IS NOT NULL AND coalesce(x.column_key, 'Total') = d.education_phase
                AND CASE d.geographic_level
                    WHEN 'Local authority' THEN coalesce(x.region_code = d.region_code, x.region_code IS NULL
                        AND d.region_code IS NULL)
                        AND x.row_key = d.old_la_code
                    WHEN 'Regional' THEN x.region_code = d.region_code AND x.row_key IS NULL
                    -- a region that is hidden would follow from England and the other regions
                    ELSE x.row_key IS NULL END)
    FROM daily d
    WHERE (level IS NULL OR d.geographic_level = level)
        -- a trust or a school is in the rows of several areas
        AND NOT (suppress AND d.geographic_level IN ('MAT', 'School'));
END;
COMMENT ON FUNCTION ees_rows(text, text, text, integer[], text, boolean) IS
'The rows of an export as ees_export() has them, and which are hidden';

CREATE FUNCTION ees_columns(series text, period text, level text DEFAULT NULL, schools integer[] DEFAULT NULL,
    terms text DEFAULT 'six half terms', suppress boolean DEFAULT true)
    RETURNS TABLE (place integer, column_name text, levels bigint)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- keys only if a row has them, as the code of a school
    SELECT c.place, c.column_name, k.levels
    FROM (
        SELECT f.key, bool_or(f.value <> 'null') AS filled, count(DISTINCT f.value) AS levels
        FROM ees_rows(series, period, level, schools, terms, suppress) r
            CROSS JOIN LATERAL jsonb_each(r.fields) AS f (key, value)
        GROUP BY f.key) AS k
    JOIN benchmark_column c ON c.column_name = k.key
    WHERE k.filled OR c.role = 'measure';
END;
COMMENT ON FUNCTION ees_columns(text, text, text, integer[], text, boolean) IS
'The columns of an export, in the order of place, and how many different values each has';

CREATE FUNCTION csv_line(fields text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT string_agg(CASE WHEN f.field ~ '[",\r\n]' THEN '"' || replace(f.field, '"', '""') || '"'
        ELSE coalesce(f.field, '') END, ','
        ORDER BY f.place)
    FROM unnest(fields) WITH ORDINALITY AS f (field, place);
END;
COMMENT ON FUNCTION csv_line(text[]) IS 'A line of a CSV file; NULL is an empty field. NULL for NULL and no fields';

CREATE FUNCTION ees_export(series text, period text, level text DEFAULT NULL, schools integer[] DEFAULT NULL,
    terms text DEFAULT 'six half terms', suppress boolean DEFAULT true) RETURNS SETOF text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the rows are computed once, so their columns are not asked of ees_columns()
    WITH export_row AS MATERIALIZED (
        SELECT r.place, r.fields, r.hidden FROM ees_rows(series, period, level, schools, terms, suppress) r),
    columns AS MATERIALIZED (
        SELECT b.place, b.column_name, b.role = 'measure' AS measure, b.decimal_places
        FROM (
            SELECT f.key, bool_or(f.value <> 'null') AS filled
            FROM export_row r CROSS JOIN LATERAL jsonb_each(r.fields) AS f (key, value) GROUP BY f.key) AS k
        JOIN benchmark_column b ON b.column_name = k.key
        WHERE k.filled OR b.role = 'measure'),
    line AS (
        SELECT 0::bigint AS place, csv_line(array_agg(c.column_name ORDER BY c.place)) AS line FROM columns c
            HAVING count(*) > 0
        UNION ALL
        SELECT r.place, csv_line(array_agg(
            CASE WHEN NOT c.measure THEN r.fields ->> c.column_name
                WHEN r.hidden AND c.column_name NOT IN ('num_schools', 'total_num_schools') THEN 'c'
                WHEN r.fields ->> c.column_name IS NULL THEN 'z'
                -- a mean over days has the places of the meta file, too
                ELSE trim_scale(round((r.fields ->> c.column_name)::numeric, c.decimal_places))::text END
                    ORDER BY c.place))
        FROM export_row r CROSS JOIN columns c
        GROUP BY r.place)
    SELECT l.line FROM line l ORDER BY l.place;
END;
COMMENT ON FUNCTION ees_export(text, text, text, integer[], text, boolean) IS
'The lines of a CSV file of a series of the registers: census, of the academic year in which the period begins and '
'terms as in census_absence(), or daily, of the period as in daily_attendance(). One level (National, Regional, Local '
'authority, MAT, School) or all, some schools (by URN) or all. Where the daily series is published, an authority with '
'one school in a phase is suppressed: with suppress (the default) all its figures but the number of schools are c, and '
'so are those of other phases, authorities and levels from which they would follow, and trusts and schools are left '
'out; the census series is published without suppression. z stands where there is nothing to divide by. No lines '
'without rows, and for a NULL period; 22023 for what is no period, series or level, and for schools that cannot be '
'protected';

CREATE FUNCTION ees_meta(series text, period text, level text DEFAULT NULL, schools integer[] DEFAULT NULL,
    terms text DEFAULT 'six half terms', suppress boolean DEFAULT true) RETURNS SETOF text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT m.line FROM (
        SELECT -1 AS place, 'col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,'
                            'filter_grouping_column' AS line
        UNION ALL
        -- time and place are not described
        SELECT c.place, csv_line(ARRAY[b.column_name, CASE b.role WHEN 'measure' THEN 'Indicator' ELSE 'Filter' END,
            b.label, b.grouping, b.unit, b.decimal_places::text,
            CASE b.role WHEN 'measure' THEN NULL ELSE 'Filter by ' || lower(left(b.label, 1)) || substr(b.label, 2) END,
            NULL])
        FROM ees_columns(series, period, level, schools, terms, suppress) c
            JOIN benchmark_column b ON b.column_name = c.column_name
        -- a filter of one level is none
        WHERE b.role = 'measure' OR b.column_name IN ('year_breakdown', 'education_phase') AND c.levels > 1) AS m
    ORDER BY m.place;
END;
COMMENT ON FUNCTION ees_meta(text, text, text, integer[], text, boolean) IS
'The lines of the meta file that goes with the export of the same arguments: its filters of more than one level and '
'its indicators with label, grouping, unit and decimal places. Explore education statistics: data standards';
