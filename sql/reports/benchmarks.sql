-- What published figures are made of, and what may be published: no table is needed for it.

CREATE FUNCTION csv_rows(content text, OUT line integer, OUT fields text[]) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_csv_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION csv_rows(text) IS
'The rows of a CSV file: the line that each begins in, and its fields as they are, quotes taken off. They are parted '
'by commas, or by tabs or semicolons if the first row has no comma. Lines end with LF, CR or CRLF; a byte order mark '
'and empty lines are left out. No rows for NULL; 22P04 for a quoted field that has no end or after whose end something '
'follows. RFC 4180';

CREATE FUNCTION file_text(content bytea) RETURNS text
    AS 'MODULE_PATHNAME', 'att_file_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION file_text(bytea) IS
'The text of a file: UTF-16, with its byte order mark or without, UTF-8, or Windows-1252 if its bytes are neither. '
'NULL for NULL; 22021 or 22P05 for bytes that are none of these, such as zeros and half a character';

CREATE FUNCTION published_number(printed text) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN printed ~ '^[+-]?([0-9]{1,40}|[0-9]{1,3}(,[0-9]{3}){1,12})([.][0-9]{0,40})?([eE][+-]?[0-9]{1,2})?$'
        THEN pg_catalog.replace(printed, ',', '')::numeric END;
COMMENT ON FUNCTION published_number(text) IS
'A number as published files print it, 7105958, 7,105,958, 4.72613 or 1.55757077523724e-05; NULL for anything else, '
'and for NULL';

CREATE FUNCTION published_symbol(printed text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE pg_catalog.lower(pg_catalog.btrim(printed, '[] ')) WHEN 'c' THEN 'confidential'
        WHEN 'z' THEN 'not applicable'
        WHEN 'x' THEN 'not available' WHEN 'low' THEN 'rounds to zero, but is not'
            WHEN 'k' THEN 'rounds to zero, but is not'
        WHEN 'u' THEN 'not reliable enough' WHEN ':' THEN 'not available' WHEN '.' THEN 'not applicable'
        WHEN '..' THEN 'not available' WHEN '~' THEN 'rounds to zero, but is not' WHEN '-' THEN 'not available'
        WHEN 'na' THEN 'not available' WHEN 'n/a' THEN 'not available' WHEN '#n/a' THEN 'not available'
        WHEN 'nan' THEN 'not available' WHEN 'null' THEN 'not available' END;
COMMENT ON FUNCTION published_symbol(text) IS
'What a symbol in the place of a number means, in any case and in brackets or not; : . .. and ~ stand in older files, '
'and NA, N/A, NaN, NULL and - where R, Excel or a database wrote the file. NULL for anything else, and for NULL. '
'Explore education statistics: data standards';

CREATE FUNCTION statistical_phase(phase text, type text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN type IN ('Independent schools', 'Colleges', 'Universities') THEN NULL
        WHEN phase IN ('Special', 'Alternative provision') THEN phase
        WHEN type = 'Special schools' THEN 'Special'
        WHEN phase IN ('Primary', 'Middle deemed primary') THEN 'Primary'
        WHEN phase IN ('Secondary', 'Middle deemed secondary', 'All-through') THEN 'Secondary' END;
COMMENT ON FUNCTION statistical_phase(text, text) IS
'The phase in which the official figures count a school, by its phase and its group of types: Primary, Secondary, '
'Special or Alternative provision. Middle schools are in that which they are deemed to be, all-through schools are '
'secondary. NULL for schools that are in neither series, and for NULL. Pupil absence in schools in England: '
'methodology';

CREATE FUNCTION daily_series_start(academic_year integer) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- 4 January is in ISO week 1 of its year
    RETURN pg_catalog.date_trunc('week', pg_catalog.make_date(academic_year, 1, 4)::timestamp)::date + 36 * 7;
COMMENT ON FUNCTION daily_series_start(integer) IS
'The first day of an academic year in the daily series: the Monday of ISO week 37, as schools begin on different days '
'of September. NULL for NULL; 22008 for a year that has no dates. Pupil attendance in schools';

CREATE FUNCTION published_days(series text, time_period text, time_identifier text, time_frame text DEFAULT '',
    day date DEFAULT NULL) RETURNS daterange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        WITH this AS (
            -- only what is a year or a week is converted
            SELECT CASE WHEN time_period ~ '^[12][0-9]{3}([/-]?[0-9]{2})?$' THEN pg_catalog.left(time_period,
                4)::integer END AS year, time_period ~ '^[12][0-9]{3}[/-]?[0-9]{2}$'
                    AND (pg_catalog.left(time_period, 4)::integer + 1) % 100
                    = pg_catalog."right"(time_period, 2)::integer AS academic,
                CASE WHEN time_identifier ~* '^week ([1-9]|[1-4][0-9]|5[0-3])$'
                    THEN pg_catalog.substr(time_identifier, 6)::integer END AS week,
                -- files before 2018/19 say "Autumn", "Six half terms" or "Full year"
                CASE pg_catalog.lower(pg_catalog.btrim(time_identifier)) WHEN 'six half terms' THEN 'academic year'
                    WHEN 'full year' THEN 'academic year' WHEN 'autumn' THEN 'autumn term' WHEN 'spring'
                        THEN 'spring term'
                    WHEN 'summer' THEN 'summer term' WHEN 'autumn and spring' THEN 'autumn and spring term'
                    ELSE pg_catalog.lower(pg_catalog.btrim(time_identifier)) END AS identifier,
                pg_catalog.lower(pg_catalog.btrim(coalesce(time_frame, ''))) AS frame),
        week AS (
            SELECT t.*, pg_catalog.date_trunc('week', pg_catalog.make_date(t.year, 1, 4)::timestamp)::date
                + (t.week - 1) * 7 AS monday,
                    pg_catalog.array_position(ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday',
                    'sunday'],
                    t.frame) AS weekday
            FROM this t)
        SELECT CASE
            WHEN day IS NOT NULL THEN pg_catalog.daterange(day, day, '[]')
            -- not every year has a week 53
            WHEN w.week IS NOT NULL AND NOT w.academic AND extract(isoyear FROM w.monday) <> w.year THEN NULL
            WHEN w.week IS NOT NULL AND NOT w.academic THEN CASE
                WHEN w.frame IN ('', 'week') THEN pg_catalog.daterange(w.monday, w.monday + 7)
                WHEN w.weekday IS NOT NULL THEN pg_catalog.daterange(w.monday + w.weekday - 1, w.monday + w.weekday)
                WHEN w.frame = 'year to date' AND daily_series_start(academic_year(w.monday)) <= w.monday
                THEN pg_catalog.daterange(daily_series_start(academic_year(w.monday)), w.monday + 7) END
            WHEN w.academic AND w.frame IN ('', 'academic year') THEN (
                -- the daily series does not begin with the academic year
                SELECT pg_catalog.daterange(greatest(pg_catalog.min(pg_catalog.lower(s.days)),
                        CASE WHEN series = 'daily' THEN daily_series_start(w.year) END),
                        pg_catalog.max(pg_catalog.upper(s.days)))
                FROM statistical_terms(w.year) s
                WHERE CASE w.identifier
                    -- the daily series does not say until when its year goes
                    WHEN 'academic year' THEN series = 'census'
                    WHEN 'autumn term' THEN s.term = 'Autumn'
                    WHEN 'spring term' THEN s.term = 'Spring'
                    WHEN 'summer term' THEN s.term IN ('Summer half term 1', 'Summer half term 2')
                    WHEN 'autumn and spring term' THEN s.term IN ('Autumn', 'Spring')
                    ELSE false END
                HAVING pg_catalog.count(*) > 0)
            END
        FROM week w;
    END;
COMMENT ON FUNCTION published_days(text, text, text, text, date) IS
'The days that a row of published figures is about, from its series (census or daily), time_period (202526, or 2025 '
'with a week), time_identifier, time_frame (empty, Week, a weekday or Year to date) and, if it has one, the day. Week '
'37 is an ISO week; terms are those of statistical_terms(), but that the autumn term of the daily series begins on '
'daily_series_start(); the year to date of a week goes from daily_series_start() to its Sunday. NULL if the row does '
'not say: for the year to date of the daily series without a week, and for what is none of these';

CREATE FUNCTION benchmark_unknown(phase text, printed_phase text, level text, printed_level text, code text)
    RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN phase IS NULL THEN pg_catalog.format('education_phase "%s"', pg_catalog.left(printed_phase, 60))
        WHEN level IS NULL THEN pg_catalog.format('geographic_level "%s"', pg_catalog.left(printed_level, 60))
        WHEN level = 'Local authority' AND code !~ '^\d{3}$'
            THEN pg_catalog.format('new_la_code "%s"', pg_catalog.left(code, 60)) END;
COMMENT ON FUNCTION benchmark_unknown(text, text, text, text, text) IS
'Internal: what of a line of a file of published figures means nothing to the register, as benchmark_read() says it; '
'NULL for nothing';

CREATE FUNCTION undated_problem(series text, time_period text, time_identifier text, time_frame text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN series = 'daily' AND pg_catalog.lower(time_identifier) = 'academic year'
            AND time_period ~ '^\d{4}[/-]?\d{2}$'
            THEN 'the file does not say until when its year to date goes: give the days'
        ELSE pg_catalog.format('time_period "%s" with time_identifier "%s" and time_frame "%s" is no period',
            pg_catalog.left(time_period, 40), pg_catalog.left(time_identifier, 40),
            pg_catalog.left(time_frame, 40)) END;
COMMENT ON FUNCTION undated_problem(text, text, text, text) IS
'Internal: why there are no days for a line of a file of published figures, as benchmark_read() says it';

CREATE FUNCTION disclosed_cells(counts bigint[], threshold integer, groups integer[] DEFAULT '{}',
    kept_columns integer[] DEFAULT '{}', kept_rows integer[] DEFAULT '{}',
    OUT row_number integer, OUT column_number integer, OUT count bigint) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_disclosed_cells' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION disclosed_cells(bigint[], integer, integer[], integer[], integer[]) IS
'Internal: a table of counts with its totals, whose row or column is 0, as it may be published: see '
'suppress_small_numbers(), of which it is the inner part. count is NULL where it is suppressed. groups: for each '
'column the group that it is in, numbered from 1, or 0; the sums of groups are columns after those that are given. '
'kept_columns and kept_rows: the totals that are stated elsewhere, and are not suppressed unless they are small; if '
'that leaves too few cells to protect a number there are no rows. No rows for NULL; 22023 for counts that are no '
'array of two dimensions, with nulls or negative, for groups, columns or rows that there are not, or for a table in '
'which a number cannot be protected though nothing is kept; 54000 for more than a million cells; 22003 if a total '
'does not fit a bigint';

CREATE FUNCTION suppress_small_numbers(row_keys text[], column_keys text[], counts bigint[],
    threshold integer DEFAULT 5)
    RETURNS TABLE (row_key text, column_key text, count bigint, symbol text)
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE ROWS 100
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    all_rows text[];
    all_columns text[];
    cells bigint[];
    given bigint;
BEGIN
    IF cardinality(row_keys) <> cardinality(column_keys) OR cardinality(row_keys) <> cardinality(counts)
        OR array_position(row_keys, NULL) IS NOT NULL OR array_position(column_keys, NULL) IS NOT NULL
        OR array_position(counts, NULL) IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'not every cell has a row, a column and a count',
            DETAIL = 'The three arrays have an element for each cell; totals are added, and are not given.';
    END IF;
    IF threshold < 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('threshold %s would suppress nothing', threshold);
    END IF;
    SELECT array_agg(DISTINCT k ORDER BY k) INTO all_rows FROM unnest(row_keys) k;
    SELECT array_agg(DISTINCT k ORDER BY k) INTO all_columns FROM unnest(column_keys) k;
    SELECT count(DISTINCT (r, c)) INTO given FROM unnest(row_keys, column_keys) AS u (r, c);
    IF given <> cardinality(row_keys) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a cell is given more than once';
    END IF;
    -- a cell that is not given is a count of zero
    SELECT array_agg(line.cells ORDER BY line.r) INTO cells
    FROM (
        SELECT r.k AS r, array_agg(coalesce(u.n, 0) ORDER BY c.k) AS cells
        FROM unnest(all_rows) AS r (k) CROSS JOIN unnest(all_columns) AS c (k)
        LEFT JOIN unnest(row_keys, column_keys, counts) AS u (r, c, n) ON u.r = r.k AND u.c = c.k
        GROUP BY r.k) AS line;
    RETURN QUERY
    SELECT all_rows[d.row_number], all_columns[d.column_number], d.count, CASE WHEN d.count IS NULL THEN 'c' END
    FROM @extschema@.disclosed_cells(cells, threshold) d;
END
$$;
COMMENT ON FUNCTION suppress_small_numbers(text[], text[], bigint[], integer) IS
'A table of counts as it may be published, with its totals (NULL for the key): a cell for each row and column. Counts '
'from 1 to threshold - 1, in the table and in its totals, are suppressed (count NULL, symbol c), and then as many '
'others as are needed so that none of the suppressed ones follows from what is shown, even for who knows that no zero '
'is suppressed. The three arrays have an element for each cell, as array_agg() of a query makes them; a cell that is '
'not given is zero. Compute percentages from what is returned, so that they are NULL where a part of them is '
'suppressed. No rows for NULL or empty arrays; 22023 if the arrays are not of one length, a key is NULL, a cell is '
'given twice, a count is NULL or negative, the threshold is below 2, or a table has too few cells to protect a number; '
'54000 for more than a million cells; 22003 if a total does not fit a bigint';
