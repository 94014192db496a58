-- Published figures computed again from those that stand beside them.

CREATE FUNCTION benchmark_recomputed(file_id integer DEFAULT NULL)
    RETURNS TABLE (file_id integer, line integer, geographic_level text, area_name text, phase text, measure text,
        printed text, decimal_places integer, value numeric, recomputed numeric)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH formula AS (
        SELECT c.column_name, c.unit, c.numerator, c.denominator FROM benchmark_column c WHERE c.numerator IS NOT NULL),
    figure AS MATERIALIZED (
        SELECT r.file_id, r.line, r.geographic_level, r.area_name, r.phase, f.column_name, f.unit,
            r.figures ->> f.column_name AS printed, (r.numbers ->> f.column_name)::numeric AS value,
            -- a part that the file does not have counts nothing, one that is hidden hides the sum
            (SELECT CASE WHEN count(n.value) = count(*) THEN sum(n.value) END FROM (
                SELECT (r.numbers ->> m)::numeric AS value FROM unnest(f.numerator) m
                WHERE r.figures ? m AND r.figures ->> m NOT IN (':', '.', 'z')) AS n) AS numerator,
            CASE WHEN f.denominator IS NOT NULL AND r.figures ?& f.denominator
                THEN (SELECT CASE WHEN count(n.value) = count(*) THEN sum(n.value) END FROM (
                    SELECT (r.numbers ->> m)::numeric AS value FROM unnest(f.denominator) m) AS n) END AS denominator,
            f.denominator IS NOT NULL AS divided
        FROM (
            -- a figure is read as a number once, not again in each formula that it is in
            SELECT o.file_id, o.line, o.geographic_level, o.area_name, o.phase, o.figures || '{}' AS figures,
                (SELECT jsonb_object_agg(e.key, published_number(e.value)) FROM jsonb_each_text(o.figures) e) AS numbers
            FROM benchmark_row o
            WHERE (benchmark_recomputed.file_id IS NULL OR o.file_id = benchmark_recomputed.file_id)
                AND known_benchmark_file(benchmark_recomputed.file_id)
            OFFSET 0) r
        JOIN formula f ON r.figures ? f.column_name
        WHERE r.numbers ->> f.column_name IS NOT NULL),
    -- final zeros are not printed: a file's precision is that of its longest numbers; with significant
    -- digits (a 15-digit float) it is less for greater numbers, hence by magnitude
    magnitude AS (
        SELECT f.*, CASE WHEN f.value = 0 THEN -30 ELSE floor(log(abs(f.value)::float8))::integer END AS magnitude
            FROM figure f),
    precise AS (
        SELECT m.file_id, m.geographic_level, m.magnitude, m.unit,
            max(max(scale(m.value))) OVER (PARTITION BY m.file_id, m.geographic_level,
                m.unit ORDER BY m.magnitude DESC) AS places
        FROM magnitude m GROUP BY m.file_id, m.geographic_level, m.unit, m.magnitude)
    SELECT m.file_id, m.line, m.geographic_level, m.area_name, m.phase, m.column_name, m.printed, p.places, m.value,
        CASE WHEN m.divided THEN 100 * m.numerator / nullif(m.denominator, 0) ELSE m.numerator END
    FROM magnitude m JOIN precise p ON p.file_id = m.file_id AND p.geographic_level = m.geographic_level
        AND p.magnitude = m.magnitude AND p.unit = m.unit;
END;
COMMENT ON FUNCTION benchmark_recomputed(integer) IS
'The published percentages and sums of a file (NULL for all) that follow from other figures of their row by the '
'formulas of benchmark_column, computed again exactly, with the decimal places to which the file prints them; '
'recomputed is NULL where a figure that is needed is hidden or not in the file. 22023 for a file that is not imported';

CREATE FUNCTION benchmark_check(file_id integer DEFAULT NULL)
    RETURNS TABLE (file_id integer, line integer, geographic_level text, area_name text, phase text, measure text,
        printed text, recomputed numeric, units_apart numeric)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.file_id, r.line, r.geographic_level, r.area_name, r.phase, r.measure, r.printed, r.recomputed,
        trim_scale(abs(round(r.recomputed, r.decimal_places) - r.value) * power(10::numeric, r.decimal_places))
    FROM benchmark_recomputed(benchmark_check.file_id) r
    WHERE round(r.recomputed, r.decimal_places) <> r.value
    ORDER BY 9 DESC, r.file_id, r.line, r.measure;
END;
COMMENT ON FUNCTION benchmark_check(integer) IS
'The published figures of a file (NULL for all) that differ from what follows from the others of their row, rounded '
'half up to the places that the file prints: units_apart counts in units of the last place. One unit in a percentage '
'is how the publisher rounded; more, and any in a sum, has a reason, of which doc/benchmarks.md names those that are '
'known';

CREATE FUNCTION benchmark_checked(file_id integer DEFAULT NULL)
    RETURNS TABLE (file_id integer, title text, measure text, checked bigint, equal bigint, one_unit_apart bigint,
        different bigint, not_checkable bigint)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.file_id, f.title, r.measure, count(r.recomputed),
        count(*) FILTER (WHERE round(r.recomputed, r.decimal_places) = r.value),
        count(*) FILTER (WHERE c.unit = '%' AND abs(round(r.recomputed, r.decimal_places) - r.value)
            * power(10::numeric, r.decimal_places) = 1),
        count(*) FILTER (WHERE abs(round(r.recomputed, r.decimal_places) - r.value) * power(10::numeric,
            r.decimal_places)
            > CASE WHEN c.unit = '%' THEN 1 ELSE 0 END),
        count(*) FILTER (WHERE r.recomputed IS NULL)
    FROM benchmark_recomputed(benchmark_checked.file_id) r JOIN benchmark_file f ON f.file_id = r.file_id
    JOIN benchmark_column c ON c.column_name = r.measure
    GROUP BY r.file_id, f.title, r.measure
    ORDER BY r.file_id, r.measure;
END;
COMMENT ON FUNCTION benchmark_checked(integer) IS
'How many of each measure of a file (NULL for all) were checked, and how many of them are equal: see benchmark_check()';
