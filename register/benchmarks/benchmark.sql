-- Figures that others have published, to compare one's own with.

CREATE VIEW benchmark WITH (security_invoker = true) AS
    SELECT r.file_id, r.line, f.series, r.days, r.time_period, r.time_identifier, r.geographic_level, r.area_code,
        r.area_name, r.phase, r.breakdown, m.key AS measure, published_number(m.value) AS value, m.value AS printed
    FROM benchmark_row r JOIN benchmark_file f ON f.file_id = r.file_id
    CROSS JOIN LATERAL jsonb_each_text(r.figures) AS m (key, value);
COMMENT ON VIEW benchmark IS 'Published figures, a row for each';
COMMENT ON COLUMN benchmark.measure IS
'Name of the column in the newest files: sess_overall_percent, attendance_perc ...';
COMMENT ON COLUMN benchmark.value IS 'The figure; NULL where a symbol stands';
COMMENT ON COLUMN benchmark.printed IS 'As the file has it: digits, or a symbol such as c or z';

CREATE FUNCTION area_found(area_code text) RETURNS TABLE (is_found boolean)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM benchmark_row b WHERE b.area_code = area_found.area_code)
        OR EXISTS (SELECT FROM region r WHERE r.region_code = area_found.area_code)
        OR EXISTS (SELECT FROM local_authority a WHERE a.la_number::text = area_found.area_code)
        OR EXISTS (SELECT FROM trust t WHERE t.trust_uid::text = area_found.area_code)
        OR EXISTS (SELECT FROM school s WHERE s.urn::text = area_found.area_code);
END;
COMMENT ON FUNCTION area_found(text) IS
'What known_area() is made of, a row for each register: whether it has an area, or figures that were published of it';

CREATE FUNCTION known_area(geographic_level text, area_code text, phase text) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN known_choice(geographic_level, 'National', 'Regional', 'Local authority', 'MAT', 'School')
        AND known_choice(phase, 'Total', 'Primary', 'Secondary', 'Special', 'Alternative provision')
        AND known(area_code IS NULL OR area_code = 'E92000001'
                OR (SELECT coalesce(bool_or(f.is_found), false) FROM area_found(known_area.area_code) f),
            format('there is no area "%s"', area_code),
            'An area is E92000001 for England, the code of a region, the number of an authority, the UID of a trust or '
            'the URN of a school.');
COMMENT ON FUNCTION known_area(text, text, text) IS
'True if an area and phase of published figures are known, from the register or from what was imported; NULLs are. '
'22023 otherwise';

CREATE FUNCTION known_benchmark_file(file_id integer) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN known(file_id IS NULL OR EXISTS (SELECT FROM benchmark_file f
        WHERE f.file_id = known_benchmark_file.file_id), format('no file %s of published figures is imported', file_id),
            'benchmark_file has those that are.');
COMMENT ON FUNCTION known_benchmark_file(integer) IS
'True if a file of published figures is imported, and for NULL. 22023 otherwise';

CREATE FUNCTION benchmark_rates(measure text, series text)
    RETURNS TABLE (days daterange, geographic_level text, area_code text, phase text, rate numeric)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    -- of a figure that was published again, the newest
    SELECT DISTINCT ON (b.days, b.geographic_level, b.area_code, b.phase) b.days, b.geographic_level, b.area_code,
        b.phase, published_number(b.figures ->> benchmark_rates.measure)
    FROM benchmark_row b JOIN benchmark_file f ON f.file_id = b.file_id
    WHERE f.series = benchmark_rates.series AND b.breakdown = '{}'
        AND published_number(b.figures ->> benchmark_rates.measure) IS NOT NULL
        AND known_choice(benchmark_rates.series, 'census', 'daily')
        AND known(benchmark_rates.measure IS NULL OR EXISTS (
                SELECT FROM benchmark_column c WHERE c.column_name = benchmark_rates.measure),
            format('"%s" is not a measure of a published series', benchmark_rates.measure),
            'benchmark_column has those that there are.')
    ORDER BY b.days, b.geographic_level, b.area_code, b.phase, b.file_id DESC;
END;
COMMENT ON FUNCTION benchmark_rates(text, text) IS
'The published figures of all pupils of a measure and a series (census or daily), each as it was published last. A '
'query names the days, level, area and phase that it asks for. No rows for NULL; 22023 for what is no measure or '
'series';

CREATE FUNCTION benchmark_rate(measure text, series text, days daterange, geographic_level text, area_code text,
    phase text DEFAULT 'Total') RETURNS numeric
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.rate
    FROM benchmark_rates(benchmark_rate.measure, benchmark_rate.series) r
    WHERE r.days = benchmark_rate.days AND r.geographic_level = benchmark_rate.geographic_level
        AND r.area_code = benchmark_rate.area_code AND r.phase = benchmark_rate.phase
        AND known_area(benchmark_rate.geographic_level, benchmark_rate.area_code, benchmark_rate.phase);
END;
COMMENT ON FUNCTION benchmark_rate(text, text, daterange, text, text, text) IS
'A published figure of all pupils: of a measure, a series (census or daily), exactly these days, an area and a phase. '
'NULL if there is none, and for NULL; 22023 for what is no measure, series, level, area or phase';
