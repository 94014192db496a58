-- The data of bench/compare: packed lines that are different from one another and always the same ones.
-- Variables: lines, workers.  A line is six half terms out of a pool, all of the pupil's own level of absence.

CREATE TABLE half_term AS
SELECT half, first_day, last_day, monday, lead(monday, 1, '2026-07-27') OVER (ORDER BY half) AS until
FROM (SELECT ordinality AS half, first_day, last_day, date_trunc('week', first_day)::date AS monday
      FROM unnest('{2025-09-03,2025-11-03,2026-01-05,2026-02-23,2026-04-13,2026-06-01}'::date[],
          '{2025-10-24,2025-12-19,2026-02-13,2026-03-27,2026-05-22,2026-07-21}'::date[])
          WITH ORDINALITY AS t (first_day, last_day, ordinality)) AS terms;

-- 190 days of 195: without a bank holiday and four days of training.
CREATE TABLE held_day AS
SELECT d::date AS day, half FROM half_term, generate_series(first_day::timestamp, last_day, '1 day') d
WHERE extract(isodow FROM d) < 6 AND d NOT IN ('2026-05-04', '2025-09-03', '2025-09-04', '2026-01-05', '2026-07-21');

-- The marks of a half term, two a day of its weeks and of the holiday behind it.
CREATE FUNCTION half_term_marks(half bigint, level int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    absence float8 := (ARRAY[0.002, 0.005, 0.009, 0.012, 0.016, 0.02, 0.026, 0.034, 0.05, 0.12])[level + 1];
    code text;
    remaining int := 0;
    marks text := '';
    r float8;
    held boolean;
BEGIN
    FOR held IN SELECT h.day IS NOT NULL FROM half_term t
        CROSS JOIN generate_series(t.monday::timestamp, t.until - 3, '1 day') d LEFT JOIN held_day h ON h.day = d
        WHERE t.half = half_term_marks.half AND extract(isodow FROM d) < 6 ORDER BY d LOOP
        FOR session IN 0..1 LOOP
            IF NOT held THEN
                marks := marks || '.';
            ELSIF remaining > 0 THEN
                marks := marks || code;
                remaining := remaining - 1;
            ELSE
                r := random();
                IF r < absence THEN
                    code := (ARRAY['I', 'I', 'I', 'I', 'I', 'I', 'I', 'R', 'T', 'E', 'O', 'O', 'G', 'N', 'Q'])[1
                        + floor(random() * 15)::int];
                    remaining := floor(-ln(1 - random()) * 2.4)::int;
                    marks := marks || code;
                ELSE
                    marks := marks || CASE WHEN r > 0.979 THEN 'L' WHEN r > 0.977 THEN 'U' WHEN r > 0.974 THEN 'V'
                        WHEN r > 0.973 THEN 'P'
                        ELSE (ARRAY['/', '\'])[session + 1] END;
                END IF;
            END IF;
        END LOOP;
    END LOOP;
    RETURN marks;
END
$$;

SELECT setseed(0.5) \g /dev/null
CREATE TABLE pool AS
SELECT half, level, variant, half_term_marks(half, level) AS marks
FROM half_term, generate_series(0, 9) level, generate_series(0, 299) variant ORDER BY half, level, variant;
ANALYZE pool;

-- Pupils are numbered from 1; a school has 400.  The level and the variants follow from the number.
CREATE FUNCTION made_lines(first bigint, last bigint) RETURNS TABLE (school_urn int, pupil_id bigint, marks mark_series)
LANGUAGE sql BEGIN ATOMIC
    SELECT (100001 + (p - 1) / 400)::int, p,
        mark_series('2025-09-01', h1.marks || h2.marks || h3.marks || h4.marks || h5.marks || h6.marks, 5)
    FROM generate_series(first, last) p
    JOIN pool h1 ON h1.half = 1 AND h1.level = abs(hashint8extended(p, 0) % 10)
        AND h1.variant = abs(hashint8extended(p, 1) % 300)
    JOIN pool h2 ON h2.half = 2 AND h2.level = abs(hashint8extended(p, 0) % 10)
        AND h2.variant = abs(hashint8extended(p, 2) % 300)
    JOIN pool h3 ON h3.half = 3 AND h3.level = abs(hashint8extended(p, 0) % 10)
        AND h3.variant = abs(hashint8extended(p, 3) % 300)
    JOIN pool h4 ON h4.half = 4 AND h4.level = abs(hashint8extended(p, 0) % 10)
        AND h4.variant = abs(hashint8extended(p, 4) % 300)
    JOIN pool h5 ON h5.half = 5 AND h5.level = abs(hashint8extended(p, 0) % 10)
        AND h5.variant = abs(hashint8extended(p, 5) % 300)
    JOIN pool h6 ON h6.half = 6 AND h6.level = abs(hashint8extended(p, 0) % 10)
        AND h6.variant = abs(hashint8extended(p, 6) % 300);
END;
