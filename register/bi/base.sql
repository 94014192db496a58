-- What the views for BI are made of. Nothing here is for the user's own queries.
--
-- The keys of the views are integers, as BI tools want them (a bigint reaches some as text), and are made of the
-- numbers of
-- lines, pupils and schools. A key that does not fit is refused (22003); it is not computed where it is not asked for.

CREATE FUNCTION academic_year_number(academic_year integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- the other years overflow in every key that has this in it
    RETURN CASE WHEN academic_year BETWEEN 2000 AND 2063 THEN academic_year - 2000 ELSE 2147483647 END;
COMMENT ON FUNCTION academic_year_number(integer) IS
'The academic year in the keys of the views for BI, six bits: 2000 to 2063. For others, and NULL, a number by which '
'the key overflows (22003)';

CREATE FUNCTION academic_week(academic_year integer, day date) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- 1 January of the year 1 is a Monday; extract() is of numbers that take longer than all of this
    RETURN (day - make_date(academic_year, 8, 1) + (make_date(academic_year, 8, 1) - '0001-01-01'::date) % 7) / 7 + 1;
COMMENT ON FUNCTION academic_week(integer, date) IS
'Number of the week of an academic year in which a day is: 1 is that of 1 August, weeks begin on Monday, 54 is the '
'greatest. NULL for NULL';

CREATE VIEW fact_line WITH (security_invoker = true) AS
    -- what a view does not ask for is not joined
    SELECT coalesce(l.line_key, no_line_key(l.school_urn, l.academic_year, l.pupil_id)) AS line_key,
        l.school_urn, l.academic_year, marks_due(l.marks, l.sessions, l.is_counted,
            l.is_changing, l.school_urn, l.pupil_id, l.enrolment_start, l.enrolment_end) AS marks,
        l.pupil_id, l.pupil_key, s.school_key,
        CASE WHEN f.pupil_id IS NULL THEN l.year_group ELSE f.year_group END AS year_group,
        CASE WHEN f.pupil_id IS NULL THEN l.registration_group ELSE f.registration_group END AS registration_group,
        l.sex, l.birth_cohort, l.enrolment_start,
        CASE WHEN l.is_changing THEN due_days(l.school_urn, l.pupil_id) && academic_year_days(l.academic_year)
            ELSE l.is_counted END AS is_counted
    -- roll_line with its pupils in each half, so that what is asked of a pupil is asked of both
    FROM (
        SELECT o.*, p.pupil_key, p.sex, p.birth_cohort
        FROM opened_line o LEFT JOIN pupil p ON p.pupil_id = o.pupil_id
        UNION ALL
        SELECT u.*, p.pupil_key, p.sex, p.birth_cohort
        FROM unopened_roll u LEFT JOIN pupil p ON p.pupil_id = u.pupil_id) l
    LEFT JOIN school s ON s.urn = l.school_urn
    LEFT JOIN (
        SELECT DISTINCT ON (y.school_urn, b.pupil_id, b.start_date, y.academic_year) y.school_urn, b.pupil_id,
            b.start_date, y.academic_year, b.year_group, b.registration_group
        FROM (SELECT DISTINCT d.school_urn, d.academic_year FROM school_day d) y
        CROSS JOIN LATERAL (SELECT least(make_date(y.academic_year + 1, 7, 31),
            (now() AT TIME ZONE 'Europe/London')::date) AS last_day) d
        JOIN enrolment_former b ON b.school_urn = y.school_urn
        JOIN enrolment e ON e.school_urn = b.school_urn AND e.pupil_id = b.pupil_id AND e.start_date = b.start_date
            AND b.to_day >= greatest(e.start_date, least(d.last_day, e.end_date))
        ORDER BY y.school_urn, b.pupil_id, b.start_date, y.academic_year, b.to_day) f ON f.school_urn = l.school_urn
        AND f.pupil_id = l.pupil_id AND f.start_date = l.enrolment_start AND f.academic_year = l.academic_year
    WHERE l.line_key IS NOT NULL OR first_day(marks_due(l.marks, l.sessions, l.is_counted, l.is_changing,
        l.school_urn, l.pupil_id, l.enrolment_start, l.enrolment_end)) IS NOT NULL;
COMMENT ON VIEW fact_line IS
'Every line of year_line with what it is grouped by in the views for BI; year and registration group are those of the '
'last day of the academic year, or of today, of the first enrolment in it; is_counted: whether the pupil was no '
'boarder and no guest on some of its days';

CREATE FUNCTION school_in_year(school_urn integer, academic_year integer)
    RETURNS TABLE (la_number integer, trust_uid integer)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT coalesce(f.la_number, s.la_number), CASE WHEN f.urn IS NULL THEN s.trust_uid ELSE f.trust_uid END
    FROM school s
    LEFT JOIN LATERAL (
        SELECT b.* FROM school_former b
        WHERE b.urn = s.urn AND b.to_day >= least(make_date(school_in_year.academic_year + 1, 7, 31),
            (now() AT TIME ZONE 'Europe/London')::date)
        ORDER BY b.to_day LIMIT 1) f ON true
    WHERE s.urn = school_in_year.school_urn AND known_schools(ARRAY[school_in_year.school_urn]);
END;
COMMENT ON FUNCTION school_in_year(integer, integer) IS
'For the views for BI: the local authority and trust that a school had on the last day of an academic year, or has '
'today if that is to come. No rows for NULL; 22023 for a school that is not there';

CREATE VIEW fact_term_days WITH (security_invoker = true) AS
    SELECT t.school_urn, t.academic_year, t.term, array_position('{Autumn,Spring,Summer}', t.term) AS term_number,
        daterange(
            CASE WHEN lag(t.first_day) OVER w IS NULL THEN make_date(t.academic_year, 8, 1) ELSE t.first_day END,
            coalesce(lead(t.first_day) OVER w, make_date(t.academic_year + 1, 8, 1))) AS days
    FROM (
        SELECT d.school_urn, d.academic_year, d.term, min(d.first_day) AS first_day
        FROM term_date d GROUP BY d.school_urn, d.academic_year, d.term
        UNION ALL
        SELECT y.school_urn, y.academic_year, split_part(n.term, ' ', 1), min(lower(n.days))
        FROM (SELECT DISTINCT d.school_urn, d.academic_year FROM school_day d) AS y
        CROSS JOIN LATERAL statistical_terms(y.academic_year) n
        WHERE NOT EXISTS (
            SELECT FROM term_date o WHERE o.school_urn = y.school_urn AND o.academic_year = y.academic_year)
        GROUP BY y.school_urn, y.academic_year, split_part(n.term, ' ', 1)) AS t
    WINDOW w AS (PARTITION BY t.school_urn, t.academic_year ORDER BY t.first_day);
COMMENT ON VIEW fact_term_days IS
'The terms of each school and year, each to the beginning of the next, so that every session is in one. Where a school '
'has no term dates they are those of statistical_terms()';

CREATE VIEW fact_term WITH (security_invoker = true) AS
    SELECT l.*, d.term, d.term_number, d.days, t.tally
    FROM fact_line l
    JOIN fact_term_days d ON d.school_urn = l.school_urn AND d.academic_year = l.academic_year
    CROSS JOIN LATERAL (SELECT tally(l.marks, d.days) AS tally OFFSET 0) AS t
    WHERE t.tally <> 'empty';
COMMENT ON VIEW fact_term IS 'The sessions of every line in each term in which it has marks, or lacks one';

CREATE VIEW fact_school_term WITH (security_invoker = true) AS
    SELECT t.school_urn, t.academic_year, t.term_number, t.term, cohort_agg(t.tally) AS cohort
    FROM fact_term t
    GROUP BY t.school_urn, t.academic_year, t.term_number, t.term;
COMMENT ON VIEW fact_school_term IS 'The sessions of each school, year and term with a session';

CREATE VIEW fact_school_term_statutory WITH (security_invoker = true) AS
    SELECT l.school_urn, l.academic_year, d.term_number, d.term, cohort_agg(t.tally) AS cohort
    FROM (SELECT DISTINCT o.academic_year FROM school_day o) AS y
    CROSS JOIN LATERAL due_line(daterange(make_date(y.academic_year, 8, 1),
        make_date(y.academic_year + 1, 8, 1))::text, 'statutory') l
    JOIN fact_term_days d ON d.school_urn = l.school_urn AND d.academic_year = l.academic_year
    CROSS JOIN LATERAL (SELECT tally(l.marks, l.days * d.days) AS tally OFFSET 0) AS t
    WHERE t.tally <> 'empty'
    GROUP BY l.school_urn, l.academic_year, d.term_number, d.term;
COMMENT ON VIEW fact_school_term_statutory IS
'The sessions of each school, year and term with a session, of those whom the official figures of the school census '
'are about';

CREATE VIEW fact_school_week WITH (security_invoker = true) AS
    SELECT g.school_urn, g.academic_year, w.week, w.enrolments, w.tally
    FROM (
        SELECT l.school_urn, l.academic_year, array_agg(l.marks) AS lines
        FROM fact_line l GROUP BY l.school_urn, l.academic_year) AS g
    CROSS JOIN LATERAL group_weekly_tallies(g.lines) w;
COMMENT ON VIEW fact_school_week IS
'The sessions of each school, year and week, and the enrolments with a possible one';

CREATE VIEW fact_school_year WITH (security_invoker = true) AS
    SELECT l.school_urn, l.academic_year, cohort_agg(tally(l.marks)) AS cohort
    FROM fact_line l
    GROUP BY l.school_urn, l.academic_year;
COMMENT ON VIEW fact_school_year IS 'The sessions of each school and year';

CREATE VIEW fact_characteristic WITH (security_invoker = true) AS
    SELECT c.characteristic, c.characteristic_key, c.label, v.value, v.least_key
    FROM characteristic c
    JOIN (
        SELECT p.characteristic, p.value, min(p.value_key) AS least_key
        FROM pupil_characteristic p GROUP BY p.characteristic, p.value) AS v ON v.characteristic = c.characteristic;
COMMENT ON VIEW fact_characteristic IS 'The values of characteristics that pupils have, with the number of each';
