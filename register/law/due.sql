-- What is due: a mark in every session that a school holds, of everybody on its roll but boarders and guests.

CREATE VIEW changing_enrolment WITH (security_invoker = true) AS
    SELECT f.school_urn, f.pupil_id FROM enrolment_former f WHERE f.boarder <> 'N' OR f.status = 'G'
    UNION
    SELECT e.school_urn, e.pupil_id FROM enrolment e
    JOIN enrolment_former f ON f.school_urn = e.school_urn AND f.pupil_id = e.pupil_id AND f.start_date = e.start_date
    WHERE e.boarder <> 'N' OR e.status = 'G'
    UNION
    SELECT e.school_urn, e.pupil_id FROM enrolment e GROUP BY e.school_urn, e.pupil_id HAVING count(*) > 1;
COMMENT ON VIEW changing_enrolment IS
'The pupils of whom one row of enrolment does not say on which days a mark is due: it was enrolled more than once, or '
'became or was a boarder or a guest. For them due_days() is asked';

CREATE FUNCTION due_days(school_urn integer, pupil_id bigint) RETURNS datemultirange
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(range_agg(daterange(e.from_day, e.to_day, '[]')), '{}') FROM enrolment_period e
    WHERE e.school_urn = due_days.school_urn AND e.pupil_id = due_days.pupil_id AND e.boarder = 'N'
        AND e.status <> 'G';
END;
COMMENT ON FUNCTION due_days(integer, bigint) IS
'The days on which a mark of a pupil is due at a school, if it holds a session: the name was on the admission '
'register, of no boarder and no guest. None for NULL. Regulations 2024, regulation 10(1); 2006, regulation 6(1)';

CREATE FUNCTION held_sessions(school_urn integer, days daterange) RETURNS mark_series
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT calendar_agg(d.day, d.morning, d.afternoon) FROM school_day d
    WHERE d.school_urn = held_sessions.school_urn AND d.day >= lower(held_sessions.days)
        AND d.day < upper(held_sessions.days) AND d.day <= (now() AT TIME ZONE 'Europe/London')::date;
END;
COMMENT ON FUNCTION held_sessions(integer, daterange) IS
'The sessions that a school holds on some days, to today, as a series with - in each: see with_unmarked(). Empty for '
'NULL';

CREATE FUNCTION no_line_key(school_urn integer, academic_year integer, pupil_id bigint) RETURNS integer
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT -8 * p.pupil_key - CASE WHEN b.places < 8 THEN b.places::integer ELSE 2147483647 END
    FROM pupil p CROSS JOIN LATERAL (
        SELECT count(*) AS places FROM enrolment e
        CROSS JOIN LATERAL generate_series(academic_year(e.start_date), no_line_key.academic_year) AS y (academic_year)
        WHERE e.pupil_id = p.pupil_id AND coalesce(e.end_date >= make_date(y.academic_year, 8, 1), true)
            AND (y.academic_year < no_line_key.academic_year OR e.school_urn < no_line_key.school_urn)
            AND EXISTS (SELECT FROM school_day d
                WHERE d.school_urn = e.school_urn AND d.academic_year = y.academic_year)
            AND NOT EXISTS (SELECT FROM register_line l WHERE l.school_urn = e.school_urn
                AND l.academic_year = y.academic_year AND l.pupil_id = p.pupil_id)) b
    WHERE p.pupil_id = no_line_key.pupil_id;
END;
COMMENT ON FUNCTION no_line_key(integer, integer, bigint) IS
'For the views for BI: what stands for register_line.line_key of a pupil who has no line at a school in an academic '
'year, a negative number made of pupil_key and, for the few who have none in several years or schools, of a place from '
'0 to 7. NULL for NULL; 22003 for a number that does not fit';

CREATE FUNCTION school_line(school_urn integer, academic_year integer, days daterange)
    RETURNS TABLE (pupil_id bigint, pupil_key integer, enrolment_start date, year_group text, registration_group text,
        line_key integer, marks mark_series, is_counted boolean, counted_days datemultirange)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    -- once for a school, and not where it has nobody who is asked for
    WITH held AS MATERIALIZED (
        SELECT h.sessions, daterange(first_day(h.sessions), last_day(h.sessions), '[]') AS days
        FROM (SELECT held_sessions(school_line.school_urn, school_line.days) AS sessions OFFSET 0) h
        WHERE first_day(h.sessions) IS NOT NULL)
    SELECT e.pupil_id, u.pupil_key, e.start_date, e.year_group, e.registration_group,
        coalesce(l.line_key, no_line_key(school_line.school_urn, school_line.academic_year, e.pupil_id)),
        CASE WHEN school_line.days IS NULL THEN with_unmarked(l.marks, 'empty')
            WHEN c.pupil_id IS NOT NULL THEN with_unmarked(l.marks, (SELECT mark_series_agg(slice(h.sessions, d))
                FROM held h CROSS JOIN LATERAL unnest(due_days(e.school_urn::integer, e.pupil_id)) AS d))
            WHEN e.boarder = 'N' AND e.status <> 'G' THEN with_unmarked(l.marks,
                coalesce((SELECT h.sessions FROM held h), 'empty'), e.start_date, e.end_date)
            ELSE with_unmarked(l.marks, 'empty') END,
        e.boarder = 'N' AND e.status <> 'G',
        CASE WHEN c.pupil_id IS NOT NULL THEN due_days(e.school_urn::integer, e.pupil_id) END
    FROM enrolment e
    LEFT JOIN register_line l ON l.school_urn = school_line.school_urn AND l.academic_year = school_line.academic_year
        AND l.pupil_id = e.pupil_id AND l.enrolment_start = e.start_date
    LEFT JOIN changing_enrolment c ON c.school_urn = e.school_urn AND c.pupil_id = e.pupil_id
    -- not read where its column is not asked for
    LEFT JOIN pupil u ON u.pupil_id = e.pupil_id
    WHERE e.school_urn = school_line.school_urn AND (l.pupil_id IS NOT NULL
            AND (school_line.days IS NOT NULL OR first_day(with_unmarked(l.marks, 'empty')) IS NOT NULL)
        -- the first enrolment that has something due, of a pupil who has no line; a subquery for each of these few
        OR daterange(e.start_date, e.end_date, '[]') && (SELECT h.days FROM held h)
            AND CASE WHEN c.pupil_id IS NULL THEN e.boarder = 'N' AND e.status <> 'G'
                ELSE due_days(e.school_urn::integer, e.pupil_id) && (SELECT h.days FROM held h) END
            AND (SELECT true FROM register_line o WHERE o.school_urn = school_line.school_urn
                AND o.academic_year = school_line.academic_year AND o.pupil_id = e.pupil_id) IS NULL
            AND (SELECT true FROM enrolment b WHERE b.school_urn = e.school_urn AND b.pupil_id = e.pupil_id
                AND b.start_date < e.start_date AND b.end_date >= (SELECT lower(h.days) FROM held h) LIMIT 1) IS NULL
            -- of those whose lines row security hides, nobody can tell
            AND (NOT row_security_active('register_line'::regclass) OR EXISTS (
                SELECT FROM register_line v
                WHERE v.school_urn = school_line.school_urn AND v.academic_year = school_line.academic_year)));
END;
COMMENT ON FUNCTION school_line(integer, integer, daterange) IS
'The lines of register of a school in an academic year, and the pupils on its roll who have none, with - in each '
'session of held_sessions() in some days for which a mark is due and missing, and in no other: the pupil was on the '
'roll, no boarder and no guest. If the days are NULL the lines that have a mark, without -. year_group and '
'registration_group are as now; line_key is that of no_line_key() where there is no line; is_counted: no boarder and '
'no guest now, or counted_days, where that is not the same for all days. Regulations 2024, regulation 10(1)';

CREATE VIEW year_line WITH (security_invoker = true) AS
    SELECT y.school_urn, y.academic_year, l.pupil_id, l.pupil_key, l.enrolment_start, l.year_group,
        l.registration_group, l.line_key, l.marks, l.is_counted, l.counted_days
    FROM (SELECT DISTINCT d.school_urn, d.academic_year FROM school_day d) y
    CROSS JOIN LATERAL school_line(y.school_urn::integer, y.academic_year, academic_year_days(y.academic_year)) l;
COMMENT ON VIEW year_line IS
'The lines of school_line() of every school and academic year of the calendar, with all that is missing to today';
