-- The periods of schools: half terms and terms are those of each school's own calendar.

CREATE FUNCTION school_period(period text, schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, days daterange)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH this AS (
        SELECT DISTINCT ON (d.school_urn) d.school_urn, d.academic_year, d.term, d.half
        FROM read_period(period) p
        -- not BETWEEN before AND: it would not be the same after a dump
        JOIN term_date d ON d.academic_year >= academic_year(p.on_day) - 1
            AND d.academic_year <= academic_year(p.on_day)
            AND CASE WHEN p.term IS NOT NULL THEN d.academic_year = academic_year(p.on_day) AND d.term = p.term
                AND d.half = coalesce(p.half, d.half)
                ELSE d.first_day <= p.on_day AND d.first_day > p.on_day - CASE WHEN p.over THEN 200 ELSE 100 END
                    -- a term is over when both halves are
                    AND NOT (p.over AND EXISTS (SELECT FROM term_date n WHERE n.school_urn = d.school_urn
                        AND n.academic_year = d.academic_year
                        AND n.term = d.term AND (p.kind = 'term' OR n.half = d.half) AND n.last_day >= p.on_day)) END
        WHERE p.kind ~ '^(half )?term' AND (schools IS NULL OR d.school_urn = ANY (schools))
            AND known_schools(schools)
        -- the one that the day is in, or in the holidays the one before
        ORDER BY d.school_urn, d.first_day DESC)
    SELECT s.urn::integer, p.days
    FROM read_period(period) p CROSS JOIN school s
    WHERE p.kind !~ '^(half )?term' AND (schools IS NULL OR s.urn = ANY (schools))
        AND known_schools(schools)
    UNION ALL
    SELECT t.school_urn::integer,
        daterange(min(o.first_day), CASE WHEN p.kind LIKE '%to date' THEN least(max(o.last_day), p.on_day)
        ELSE max(o.last_day) END, '[]')
    FROM this t
    JOIN read_period(period) p ON true
    JOIN term_date o ON o.school_urn = t.school_urn AND o.academic_year = t.academic_year AND o.term = t.term
        AND (p.kind LIKE 'term%' OR o.half = t.half)
    GROUP BY t.school_urn, p.kind, p.on_day;
END;
COMMENT ON FUNCTION school_period(text, integer[]) IS
'The days of a period at each school (of some schools, by URN; NULL for all): those of read_period(), for half term '
'and term those of the school''s term_date, in the holidays those of the one before (to date: to the day, if that is '
'in it); of a term by its name (autumn term 2025/26) that one alone. No row for a school without term dates there, and '
'for a NULL period; 22023 for what is no period, and for schools that are not in the register';

CREATE FUNCTION known_question(period text, population text, schools integer[]) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (SELECT count(*) FROM read_period(period)) >= 0 AND read_population(population) IS NOT NULL
        AND known_schools(schools);
COMMENT ON FUNCTION known_question(text, text, integer[]) IS
'True if a report can be asked about a period, a population and some schools, also where it reads no line to answer. '
'22023 for what is no period, population or school';
