-- The import of published files, by the names of their columns.

CREATE FUNCTION benchmark_header(content text)
    RETURNS TABLE (place bigint, printed text, column_name text, role text, series text, repeated boolean)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH header AS (
        SELECT n.place, n.printed, lower(btrim(n.printed)) AS name
        FROM (SELECT r.fields FROM csv_rows(content) r ORDER BY r.line LIMIT 1) AS h
        CROSS JOIN LATERAL unnest(h.fields) WITH ORDINALITY AS n (printed, place)),
    known AS (
        SELECT h.place, h.printed, h.name, c.column_name, c.role, c.series
        FROM header h LEFT JOIN benchmark_alias a ON a.printed = h.name
        LEFT JOIN benchmark_column c ON c.column_name = coalesce(a.column_name, h.name))
    SELECT k.place, k.printed, k.column_name, k.role, k.series,
        k.name <> '' AND row_number() OVER (PARTITION BY coalesce(k.column_name, k.name) ORDER BY k.place) > 1
    FROM known k;
END;
COMMENT ON FUNCTION benchmark_header(text) IS
'The columns of a file of published figures: what they are by benchmark_column and benchmark_alias (NULL if unknown), '
'and whether an earlier column is the same. No rows for NULL and an empty file; 22P04 for what is no CSV';

CREATE FUNCTION benchmark_shape(content text)
    RETURNS TABLE (columns bigint, series text, series_count bigint, shape text)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT count(*), min(h.series), count(DISTINCT h.series),
        CASE WHEN bool_or(h.column_name = 'session_count') AND bool_or(h.column_name = 'attendance_type')
            THEN 'long' ELSE 'wide' END
    FROM benchmark_header(content) h;
END;
COMMENT ON FUNCTION benchmark_shape(text) IS
'What a file of published figures is by its columns: how many they are, of which series and of how many, and whether '
'each figure has a row (long) or a column (wide). 22P04 for what is no CSV';

CREATE FUNCTION benchmark_problem(content text, one_series boolean) RETURNS SETOF text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH header AS MATERIALIZED (SELECT h.column_name, h.series FROM benchmark_header(content) h),
    file AS (SELECT count(*) AS columns, min(h.series) AS series FROM header h)
    SELECT w.problem
    FROM file f CROSS JOIN LATERAL (VALUES
        (f.columns = 0, 'the file is empty'),
        (f.columns > 0 AND f.series IS NULL, 'no column with a figure of either series'),
        (f.series IS NOT NULL AND NOT one_series,
            'the columns are not those of one series, or not of that which is given'),
        (f.columns > 0 AND (SELECT count(*) FROM csv_rows(content)) < 2, 'there is nothing below the header')) AS w (
            wrong, problem)
    WHERE w.wrong
    UNION ALL
    SELECT 'there is no column ' || n.needed
    FROM file f CROSS JOIN (VALUES ('time_period'), ('time_identifier'), ('geographic_level')) AS n (needed)
    WHERE f.columns > 0 AND NOT EXISTS (SELECT FROM header h WHERE h.column_name = n.needed);
END;
COMMENT ON FUNCTION benchmark_problem(text, boolean) IS
'What is wrong with a file of published figures as a whole, of which nothing is imported then. 22P04 for what is no '
'CSV';

CREATE FUNCTION benchmark_line(content text)
    RETURNS TABLE (line integer, columns integer, keys jsonb, filters jsonb, figures jsonb, again jsonb, first jsonb,
        no_number text)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH header AS MATERIALIZED (SELECT h.* FROM benchmark_header(content) h),
    csv AS MATERIALIZED (SELECT r.line, r.fields FROM csv_rows(content) r OFFSET 1),
    cell AS (
        SELECT c.line, cardinality(c.fields) AS columns, h.column_name, h.role, h.repeated, btrim(v.value) AS value,
            coalesce(b.unit = '%', false) AS percent,
            CASE WHEN h.role = 'measure' THEN published_number(btrim(v.value)) END AS number
        FROM csv c CROSS JOIN LATERAL unnest(c.fields) WITH ORDINALITY AS v (value, place)
        LEFT JOIN header h ON h.place = v.place LEFT JOIN benchmark_column b ON b.column_name = h.column_name)
    SELECT c.line, min(c.columns),
        jsonb_object_agg(c.column_name, c.value) FILTER (WHERE c.role = 'key' AND NOT c.repeated AND c.value <> ''),
        -- all pupils together are no breakdown
        coalesce(jsonb_object_agg(c.column_name, c.value) FILTER (WHERE c.role = 'filter' AND NOT c.repeated
            AND lower(c.value) NOT IN ('', 'total', 'all', 'all pupils')), '{}'),
        coalesce(jsonb_object_agg(c.column_name, c.value) FILTER (WHERE c.role = 'measure' AND NOT c.repeated
            AND c.value <> ''), '{}'),
        coalesce(jsonb_object_agg(c.column_name, c.value) FILTER (WHERE c.repeated AND c.role <> 'other'
            AND c.value <> ''), '{}'),
        coalesce(jsonb_object_agg(c.column_name, c.value) FILTER (WHERE c.role <> 'other' AND NOT c.repeated
            AND c.value <> ''), '{}'),
        min(format(CASE WHEN c.number IS NULL THEN '%s is "%s", neither a number nor a symbol'
                WHEN c.percent THEN '%s is %s, which is no percentage' ELSE '%s is %s, which is less than nothing' END,
            c.column_name, left(c.value, 40))) FILTER (WHERE c.role = 'measure' AND c.value <> ''
            AND CASE WHEN c.number IS NULL THEN published_symbol(c.value) IS NULL
                ELSE c.number < 0 OR c.percent AND c.number > 100 END)
    FROM cell c GROUP BY c.line;
END;
COMMENT ON FUNCTION benchmark_line(text) IS
'The lines below the header of a file of published figures: how many fields each has, its keys, breakdown and figures '
'by the columns of benchmark_column, what columns that come again have (again) beside the first of each, and what is '
'neither a number nor a symbol. 22P04 for what is no CSV';

CREATE FUNCTION benchmark_day(day text) RETURNS date
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN day ~ '^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)$' OR day ~ '^\d{4}-(0[13-9]|1[0-2])-30$'
            OR day ~ '^\d{4}-(0[13578]|1[02])-31$'
        THEN CASE WHEN right(day, 5) <> '02-29' OR extract(day FROM make_date(left(day, 4)::integer, 3, 1) - 1) = 29
            THEN make_date(left(day, 4)::integer, substr(day, 6, 2)::integer, right(day, 2)::integer) END END;
COMMENT ON FUNCTION benchmark_day(text) IS
'A day as published files write it, 2025-09-08. NULL for what is no day, and for NULL';

CREATE FUNCTION benchmark_area(keys jsonb)
    RETURNS TABLE (level text, code text, name text)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT CASE l.level WHEN 'national' THEN 'National' WHEN 'regional' THEN 'Regional'
            WHEN 'local authority' THEN 'Local authority' WHEN 'mat' THEN 'MAT' WHEN 'school' THEN 'School' END,
        CASE l.level WHEN 'national' THEN coalesce(keys ->> 'country_code', 'E92000001')
            WHEN 'regional' THEN coalesce(keys ->> 'region_code', keys ->> 'region_name')
            WHEN 'local authority' THEN coalesce(keys ->> 'old_la_code', (
                SELECT a.la_number::text FROM local_authority a WHERE a.gss_code = keys ->> 'new_la_code'),
                    keys ->> 'new_la_code')
            WHEN 'mat' THEN coalesce(keys ->> 'trust_id', keys ->> 'trust_name')
            WHEN 'school' THEN coalesce(keys ->> 'school_urn', keys ->> 'school_laestab') END,
        CASE l.level WHEN 'national' THEN keys ->> 'country_name' WHEN 'regional' THEN keys ->> 'region_name'
            WHEN 'local authority' THEN keys ->> 'la_name' WHEN 'mat' THEN keys ->> 'trust_name'
            WHEN 'school' THEN keys ->> 'school_name' END
    FROM (SELECT lower(keys ->> 'geographic_level') AS level) AS l;
END;
COMMENT ON FUNCTION benchmark_area(jsonb) IS
'Which area the keys of a row of published figures name: level NULL if it is none that is kept, code NULL if it has '
'none';

CREATE FUNCTION benchmark_placed(content text)
    RETURNS TABLE (line integer, columns integer, wanted bigint, series text, shape text, time_period text,
        time_identifier text, time_frame text, day text, on_day date, keys jsonb, named_level text, code text,
        name text, phase text, printed_phase text, filters jsonb, figures jsonb, again jsonb, first jsonb,
        no_number text)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT p.line, p.columns, f.columns, f.series, f.shape, coalesce(p.keys ->> 'time_period', ''),
        coalesce(p.keys ->> 'time_identifier', ''), coalesce(p.keys ->> 'time_frame', ''),
        coalesce(p.keys ->> 'attendance_date', ''), benchmark_day(p.keys ->> 'attendance_date'), p.keys, a.level,
        a.code, a.name, h.phase, coalesce(p.keys ->> 'education_phase', 'Total'),
        p.filters || CASE WHEN f.shape = 'long' AND g.count_measure IS NULL THEN jsonb_strip_nulls(jsonb_build_object(
            'attendance_type', p.keys ->> 'attendance_type',
            'attendance_reason', CASE WHEN NOT r.every THEN p.keys ->> 'attendance_reason' END)) ELSE '{}' END,
        -- in the long shape what a figure is of is in other columns
        CASE WHEN g.count_measure IS NULL THEN p.figures
            ELSE p.figures - '{session_count,session_percent}'::text[]
                || jsonb_strip_nulls(jsonb_build_object(g.count_measure, p.figures -> 'session_count'))
                || CASE WHEN g.percent_measure IS NULL THEN '{}'
                    ELSE jsonb_strip_nulls(jsonb_build_object(g.percent_measure,
                        p.figures -> 'session_percent')) END END,
        p.again, p.first, p.no_number
    FROM benchmark_line(content) p CROSS JOIN benchmark_shape(content) f
    CROSS JOIN LATERAL (
        SELECT lower(p.keys ->> 'attendance_reason') IN ('x', 'z', 'total', 'all', 'all reasons') AS every) r
    CROSS JOIN LATERAL benchmark_area(p.keys) a
    LEFT JOIN benchmark_phase h ON h.printed = lower(coalesce(p.keys ->> 'education_phase', 'Total'))
    LEFT JOIN benchmark_long g ON f.shape = 'long' AND g.attendance_type = lower(p.keys ->> 'attendance_type')
        AND coalesce(r.every, true);
END;
COMMENT ON FUNCTION benchmark_placed(text) IS
'The lines of a file of published figures with what each says about its time, its area and its phase, and its figures '
'by the columns of the wide shape. 22P04 for what is no CSV';

CREATE FUNCTION benchmark_read(content text, series text DEFAULT NULL, days daterange DEFAULT NULL)
    RETURNS TABLE (line integer, days daterange, time_period text, time_identifier text, geographic_level text,
        area_code text, area_name text, phase text, breakdown jsonb, figures jsonb, series text, shape text,
        left_out boolean, problem text, unknown text)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH placed AS MATERIALIZED (SELECT p.* FROM benchmark_placed(content) p),
    -- there are far fewer periods than rows
    period AS MATERIALIZED (
        SELECT p.*, published_days(p.series, p.time_period, p.time_identifier, p.time_frame,
            CASE WHEN lower(p.time_frame) IN ('', 'day') THEN p.on_day END) AS days,
            -- where a period of the daily series ends, its files do not say: within what is known
            CASE WHEN p.series = 'daily' AND lower(p.time_identifier) ~ '^(academic year|autumn|spring|summer)'
                AND p.on_day IS NULL
                THEN published_days('census', p.time_period, p.time_identifier) END AS within
        FROM (SELECT DISTINCT d.series, d.time_period, d.time_identifier, d.time_frame, d.on_day FROM placed d) AS p),
    dated AS (
        SELECT d.*,
            CASE WHEN d.day <> '' AND d.on_day IS NULL THEN NULL
                WHEN q.within IS NOT NULL OR d.series = 'daily' AND q.days IS NULL
                    AND lower(d.time_frame) = 'year to date'
                    THEN coalesce(benchmark_read.days, q.days)
                ELSE q.days END AS all_days,
            -- the days that are given are those of the file
            NOT CASE WHEN q.within IS NOT NULL THEN benchmark_read.days <@ q.within
                ELSE q.days <@ benchmark_read.days END
                AS other_days,
            coalesce(q.within, q.days) AS own_days
        FROM placed d
        LEFT JOIN period q ON q.series = d.series AND q.time_period = d.time_period
            AND q.time_identifier = d.time_identifier
            AND q.time_frame = d.time_frame AND coalesce(q.on_day = d.on_day, q.on_day IS NULL AND d.on_day IS NULL)),
    judged AS (
        SELECT p.*, p.phase IS NULL OR p.named_level IS NULL AS ignored,
            benchmark_unknown(p.phase, p.printed_phase, p.named_level, p.keys ->> 'geographic_level', p.code)
                AS unknown,
            CASE WHEN p.columns <> p.wanted THEN format('%s fields instead of %s', p.columns, p.wanted)
                WHEN NOT p.first @> p.again THEN 'the columns of one name have different values'
                WHEN p.phase IS NULL OR p.named_level IS NULL THEN NULL
                WHEN p.no_number IS NOT NULL THEN p.no_number
                WHEN p.day <> '' AND p.on_day IS NULL THEN format('"%s" is not a day, such as 2025-09-08',
                    left(p.day, 40))
                WHEN p.other_days THEN format('%s %s is of %s, not of the days that are given, %s', p.time_period,
                    p.time_identifier, p.own_days, benchmark_read.days)
                WHEN p.all_days IS NULL
                    THEN undated_problem(p.series, p.time_period, p.time_identifier, p.time_frame)
                WHEN p.code IS NULL THEN format('no code of the area at level %s', p.named_level) END AS trouble
        FROM dated p),
    -- the rows of a long file that are about the same are one
    joined AS (
        SELECT min(j.line) AS line, j.all_days, j.time_period,
            concat_ws(', ', j.time_identifier, nullif(j.time_frame, '')) AS identifier, j.named_level, j.code,
            max(j.name) AS name, j.phase, j.filters,
            coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE m.key IS NOT NULL), '{}') AS figures, j.series,
            j.shape, CASE WHEN count(DISTINCT m.key) < count(m.key)
                THEN format('line %s is about the same', max(j.line) FILTER (WHERE m.key IS NOT NULL)) END AS problem,
            max(j.unknown) AS unknown
        FROM judged j LEFT JOIN LATERAL jsonb_each(j.figures) AS m (key, value) ON true
        WHERE NOT j.ignored AND j.trouble IS NULL
        GROUP BY j.all_days, j.time_period, j.time_identifier, j.time_frame, j.named_level, j.code, j.phase, j.filters,
            j.series, j.shape)
    SELECT j.line, j.all_days, j.time_period, j.identifier, j.named_level, j.code, j.name, j.phase, j.filters,
        j.figures, j.series, j.shape, false AS left_out, j.problem, j.unknown
    FROM joined j
    UNION ALL
    SELECT o.line, NULL::daterange AS all_days, NULL::text AS time_period, NULL::text AS identifier,
        NULL::text AS named_level, NULL::text AS code, NULL::text AS name, NULL::text AS phase, NULL::jsonb AS filters,
        NULL::jsonb AS figures, o.series, o.shape, o.left_out, o.problem, o.unknown
    FROM (
        SELECT j.line, j.series, j.shape, j.trouble IS NULL AS left_out, j.trouble AS problem, j.unknown
        FROM judged j WHERE j.ignored OR j.trouble IS NOT NULL
        UNION ALL
        SELECT 1 AS line, f.series, f.shape, false AS left_out, p.problem, NULL::text AS unknown
        FROM benchmark_shape(content) f
        CROSS JOIN LATERAL benchmark_problem(content,
            f.series_count = 1 AND coalesce(f.series = benchmark_read.series, true)) AS p (problem)) AS o;
END;
COMMENT ON FUNCTION benchmark_read(text, text, daterange) IS
'What import_benchmark() would import from the text of a file: a row of figures for each of the file (in the long '
'shape, for those of it that are about the same), with problem where there is one, left_out where the phase or the '
'level is one that is not kept, and unknown where that, or the code of an authority, means nothing to the register. '
'22P04 for what is no CSV';

CREATE FUNCTION import_benchmark(content text, title text, series text DEFAULT NULL, days daterange DEFAULT NULL,
    set_aside boolean DEFAULT false)
    RETURNS TABLE (file_id integer, series text, shape text, rows bigint, figures bigint, left_out bigint,
        unknown_columns text[], repeated_columns text[], problems text[], unknown_codes text[], set_aside_rows bigint)
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    WITH read AS MATERIALIZED (SELECT r.* FROM benchmark_read(content, series, days) r),
    digest AS (SELECT sha256(convert_to(content, 'UTF8')) AS digest),
    problem AS MATERIALIZED (
        -- what is wrong with many lines is said once; rows below the header can be set aside
        SELECT format(CASE WHEN count(*) = 1 THEN 'line %s: %s' ELSE 'line %s and %s more: %s' END,
            VARIADIC CASE WHEN count(*) = 1 THEN ARRAY[min(r.line)::text, r.problem]
                ELSE ARRAY[min(r.line)::text, (count(*) - 1)::text, r.problem] END) AS problem, min(r.line) AS line,
            import_benchmark.set_aside AND min(r.line) > 1 AS set_aside
        FROM read r WHERE r.problem IS NOT NULL
        GROUP BY r.problem
        UNION ALL
        SELECT format('the file is imported already, with number %s', f.file_id) AS problem, 0 AS line,
            false AS set_aside
        FROM benchmark_file f JOIN digest d ON d.digest = f.digest
        UNION ALL
        SELECT 'no content, or no title' AS problem, 0 AS line, false AS set_aside WHERE content IS NULL
            OR NOT coalesce(has_words(title), false)),
    file AS (
        INSERT INTO benchmark_file (title, series, shape, digest)
        SELECT title, min(r.series), min(r.shape), (SELECT d.digest FROM digest d)
        FROM read r
        WHERE NOT r.left_out AND r.problem IS NULL AND NOT EXISTS (SELECT FROM problem p WHERE NOT p.set_aside)
        HAVING count(*) > 0
        RETURNING file_id),
    stored AS (
        INSERT INTO benchmark_row (file_id, line, days, time_period, time_identifier, geographic_level, area_code,
            area_name, phase, breakdown, figures)
        SELECT f.file_id, r.line, r.days, r.time_period, r.time_identifier, r.geographic_level, r.area_code,
            r.area_name, r.phase, r.breakdown, r.figures
        FROM file f CROSS JOIN read r WHERE NOT r.left_out AND r.problem IS NULL
        RETURNING figures)
    SELECT (SELECT f.file_id FROM file f), (SELECT min(r.series) FROM read r), (SELECT min(r.shape) FROM read r),
        (SELECT count(*) FROM stored),
        (SELECT coalesce(sum((SELECT count(*) FROM jsonb_object_keys(s.figures))), 0)::bigint FROM stored s),
        (SELECT count(*) FROM read r WHERE r.left_out),
        ARRAY(SELECT h.printed FROM benchmark_header(content) h WHERE h.role IS NULL ORDER BY h.place),
        ARRAY(SELECT h.printed FROM benchmark_header(content) h WHERE h.repeated ORDER BY h.place),
        ARRAY(SELECT p.problem FROM problem p ORDER BY p.line, p.problem LIMIT 20)
            || ARRAY(SELECT format('and %s more', count(*) - 20) FROM problem HAVING count(*) > 20),
        ARRAY(SELECT DISTINCT r.unknown FROM read r WHERE r.unknown IS NOT NULL ORDER BY r.unknown LIMIT 20),
        (SELECT count(*) FROM read r WHERE r.problem IS NOT NULL AND EXISTS (SELECT FROM file));
END;
COMMENT ON FUNCTION import_benchmark(text, text, text, daterange, boolean) IS
'Imports a file of published figures in the shapes of Explore education statistics, by the names of its columns: wide '
'or long, of either series (that of its columns; 22023 is not raised but a problem returned if another is given). days '
'are those of a year to date or a term of the daily series, whose end the file does not say; what the file says must '
'not contradict them. Returns the number of the file and its rows and figures, the rows left out because their phase '
'or level is not kept, the columns that are not known, those that come again, and what is wrong, each problem once, '
'with the number of its first line and of how many more: if anything is, nothing is imported and file_id is NULL, or, '
'with set_aside, the rows below the header with which something is wrong are left out, and set_aside_rows counts them. '
'unknown_codes are phases and levels that are not kept, and codes of authorities that the register does not have (the '
'first 20). 22P04, and nothing imported, for what is no CSV';

CREATE FUNCTION import_benchmark(content bytea, title text, series text DEFAULT NULL, days daterange DEFAULT NULL,
    set_aside boolean DEFAULT false)
    RETURNS TABLE (file_id integer, series text, shape text, rows bigint, figures bigint, left_out bigint,
        unknown_columns text[], repeated_columns text[], problems text[], unknown_codes text[], set_aside_rows bigint)
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT i.* FROM import_benchmark(file_text(content), title, series, days, set_aside) i;
END;
COMMENT ON FUNCTION import_benchmark(bytea, text, text, daterange, boolean) IS
'The same of the bytes of a file, as lo_get() has them after \lo_import of psql: UTF-8, UTF-16 (Excel''s "Unicode '
'text"), or else Windows-1252. 22021 or 22P05 for bytes that are no text';
