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
        WHERE p.kind ~ '^(half )?term' AND is_one_of(d.school_urn, schools)
            AND known_schools(schools)
        -- the one that the day is in, or in the holidays the one before
        ORDER BY d.school_urn, d.first_day DESC)
    SELECT s.urn, p.days
    FROM read_period(period) p CROSS JOIN school s
    WHERE p.kind !~ '^(half )?term' AND is_one_of(s.urn, schools)
        AND known_schools(schools)
    UNION ALL
    SELECT t.school_urn,
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

CREATE FUNCTION schools_in(period text)
    RETURNS TABLE (urn integer, name text, phase text, type text, la_number integer, trust_uid integer)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT s.* FROM school_on((
        -- a term is over when it is at the last of the schools
        SELECT least(coalesce(max(upper(d.days)) - 1, p.on_day), (now() AT TIME ZONE 'Europe/London')::date)
        FROM read_period(period) p LEFT JOIN school_period(period) d ON true GROUP BY p.on_day)) s;
END;
COMMENT ON FUNCTION schools_in(text) IS
'All schools with the phase, type, local authority and trust that they had on the last day of a period, or of a term '
'on the day that names it, or have today if that is to come: what reports group schools by. As now for NULL; 22023 for '
'what is no period';

CREATE FUNCTION school_predecessors() RETURNS TABLE (school_urn integer, predecessor_urn integer)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT s.urn, s.predecessor_urn FROM school s;
END;
COMMENT ON FUNCTION school_predecessors() IS
'What school_parts() is made of: each school of a register, and the one that it continues, NULL for none';

CREATE FUNCTION school_parts() RETURNS TABLE (school_urn integer, part_urn integer)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH RECURSIVE school AS MATERIALIZED (SELECT s.* FROM school_predecessors() s),
    part (school_urn, part_urn) AS (
        SELECT s.school_urn, s.school_urn FROM school s
        UNION
        SELECT p.school_urn, s.predecessor_urn FROM part p JOIN school s ON s.school_urn = p.part_urn
        WHERE s.predecessor_urn IS NOT NULL)
    SELECT p.school_urn, p.part_urn FROM part p JOIN school s ON s.school_urn = p.part_urn;
END;
COMMENT ON FUNCTION school_parts() IS
'Each school with itself and with every school that it continues, as school_part has them, of those that are there';

CREATE FUNCTION with_predecessors(schools integer[]) RETURNS integer[]
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- of no schools there are none before, NULL would be all
    SELECT CASE WHEN schools IS NOT NULL THEN coalesce(array_agg(p.part_urn ORDER BY p.part_urn), '{}') END
    FROM (SELECT DISTINCT k.part_urn FROM school_parts() k WHERE k.school_urn = ANY (schools)) p
    WHERE known_schools(schools);
END;
COMMENT ON FUNCTION with_predecessors(integer[]) IS
'Some schools, by URN, and those of the register that they continue: for what is compared with a time before. NULL, '
'which is all schools, for NULL; 22023 for a school that is not there';

CREATE FUNCTION tell_no_session(period text, schools integer[]) RETURNS boolean
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT known_question(period, 'all', schools) AND tell(
        format('none of the schools has a session in "%s": their calendar has %s', period,
            coalesce('days from ' || to_char(min(d.day)::timestamp, 'YYYY-MM-DD') || ' to '
                || to_char(max(d.day)::timestamp, 'YYYY-MM-DD'), 'no days')),
        'build_calendar() makes the days of a school from its terms, the table term_date.')
    FROM school_day d WHERE is_one_of(d.school_urn, schools) AND (d.morning OR d.afternoon);
END;
COMMENT ON FUNCTION tell_no_session(text, integer[]) IS
'True, with a warning (01000) that none of the schools (by URN; NULL for all) has a session in a period, and from '
'when to when they have some: reports of such a period have zeros, or no rows. 22023 for what is no period or school';

CREATE FUNCTION tells_sessions(period text, schools integer[]) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN period IS NULL OR EXISTS (
            SELECT FROM school_period(period, schools) p
            JOIN school_day d ON d.school_urn = p.school_urn AND d.day >= lower(p.days) AND d.day < upper(p.days)
            WHERE d.morning OR d.afternoon)
        OR tell_no_session(period, schools);
COMMENT ON FUNCTION tells_sessions(text, integer[]) IS
'True, with the warning of tell_no_session() if none of some schools (by URN; NULL for all) has a session in a '
'period. 22023 for what is no period or school';
