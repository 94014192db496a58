-- What is due: a mark in every session that a school holds, of everybody on its roll but boarders and guests.

CREATE VIEW changing_enrolment WITH (security_invoker = true) AS
    SELECT f.school_urn, f.pupil_id FROM enrolment_former f WHERE f.boarder <> 'N' OR f.status = 'G'
    UNION
    SELECT e.school_urn, e.pupil_id FROM enrolment e
    JOIN enrolment_former f ON f.school_urn = e.school_urn AND f.pupil_id = e.pupil_id AND f.start_date = e.start_date
    WHERE e.boarder <> 'N' OR e.status = 'G'
    UNION
    -- of two all but the last have ended: few are read twice, each by its key, so that of one school no other is read
    SELECT e.school_urn, e.pupil_id FROM enrolment e
    WHERE e.end_date IS NOT NULL AND EXISTS (SELECT FROM enrolment n WHERE n.school_urn = e.school_urn
        AND n.pupil_id = e.pupil_id AND n.start_date > e.start_date OFFSET 0);
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

CREATE FUNCTION academic_years(first_year integer, last_year integer) RETURNS SETOF integer
    LANGUAGE sql IMMUTABLE STRICT ROWS 1
BEGIN ATOMIC
    SELECT generate_series(first_year, last_year);
END;
COMMENT ON FUNCTION academic_years(integer, integer) IS
'The academic years from one to another, of which a planner expects fewer than of generate_series(). None for NULL';

-- Not DISTINCT of school_day: of one school, or of a few, that would read the calendar of all.
CREATE VIEW calendar_year WITH (security_invoker = true) AS
    SELECT s.urn AS school_urn, y.academic_year
    FROM school s
    CROSS JOIN LATERAL (
        SELECT min(d.academic_year) AS first_year, max(d.academic_year) AS last_year
        FROM school_day d WHERE d.school_urn = s.urn) b
    CROSS JOIN LATERAL academic_years(b.first_year, b.last_year) AS y (academic_year);
COMMENT ON VIEW calendar_year IS 'The academic years of each school, from the first to the last of its calendar';

CREATE FUNCTION unopened_line(school_urn integer, academic_year integer)
    RETURNS TABLE (pupil_id bigint, enrolment_start date, enrolment_end date, year_group text,
        registration_group text, is_counted boolean)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    SELECT e.pupil_id, e.start_date, e.end_date, e.year_group, e.registration_group,
        e.boarder = 'N' AND e.status <> 'G'
    FROM enrolment e
    LEFT JOIN register_line l ON l.school_urn = unopened_line.school_urn
        AND l.academic_year = unopened_line.academic_year AND l.pupil_id = e.pupil_id
    WHERE e.school_urn = unopened_line.school_urn
        AND e.start_date < make_date(unopened_line.academic_year + 1, 8, 1)
        AND coalesce(e.end_date >= make_date(unopened_line.academic_year, 8, 1), true)
        -- the first in the year; asked of these few alone, so not before it is known that there is no line
        AND l.pupil_id IS NULL AND CASE WHEN l.pupil_id IS NULL
            THEN NOT EXISTS (SELECT FROM enrolment b
                    WHERE b.school_urn = unopened_line.school_urn AND b.pupil_id = e.pupil_id
                        AND b.start_date < e.start_date
                        AND b.end_date >= make_date(unopened_line.academic_year, 8, 1))
                -- of those whose lines row security hides, nobody can tell
                AND (shows_all_rows('register_line'::regclass) OR EXISTS (
                    SELECT FROM register_line v WHERE v.school_urn = unopened_line.school_urn
                        AND v.academic_year = unopened_line.academic_year))
            END;
END;
COMMENT ON FUNCTION unopened_line(integer, integer) IS
'The pupils on the roll of a school in an academic year who have no line of register, with their first enrolment in '
'the year as now. No rows for NULL';

CREATE VIEW opened_line WITH (security_invoker = true) AS
    SELECT y.school_urn, y.academic_year, r.pupil_id, r.enrolment_start, r.enrolment_end, r.year_group,
        r.registration_group, r.line_key, r.marks, r.is_counted, c.pupil_id IS NOT NULL AS is_changing, h.sessions
    FROM calendar_year y
    CROSS JOIN LATERAL (
        SELECT held_sessions(y.school_urn, academic_year_days(y.academic_year)) AS sessions OFFSET 0) h
    JOIN register_line r ON r.school_urn = y.school_urn AND r.academic_year = y.academic_year
    LEFT JOIN changing_enrolment c ON c.school_urn = r.school_urn AND c.pupil_id = r.pupil_id;
COMMENT ON VIEW opened_line IS
'The lines of register of each school and academic year of its calendar, as roll_line has them';

CREATE VIEW unopened_roll WITH (security_invoker = true) AS
    SELECT y.school_urn, y.academic_year, u.pupil_id, u.enrolment_start, u.enrolment_end, u.year_group,
        u.registration_group, NULL::integer AS line_key, NULL::mark_series AS marks, u.is_counted,
        c.pupil_id IS NOT NULL AS is_changing, h.sessions
    FROM calendar_year y
    CROSS JOIN LATERAL (
        SELECT held_sessions(y.school_urn, academic_year_days(y.academic_year)) AS sessions OFFSET 0) h
    CROSS JOIN LATERAL unopened_line(y.school_urn, y.academic_year) u
    LEFT JOIN changing_enrolment c ON c.school_urn = y.school_urn AND c.pupil_id = u.pupil_id;
COMMENT ON VIEW unopened_roll IS
'The pupils on the roll of each school in an academic year of its calendar who have no line, see unopened_line(), as '
'roll_line has them';

CREATE VIEW roll_line WITH (security_invoker = true) AS
    SELECT o.* FROM opened_line o
    UNION ALL
    SELECT u.* FROM unopened_roll u;
COMMENT ON VIEW roll_line IS
'The lines of register of each school and academic year of its calendar, and the pupils on its roll in the year who '
'have none (marks is NULL), with their enrolment as now. is_counted: no boarder and no guest now; is_changing: that is '
'not the same for all days, see due_days(); sessions: those of held_sessions() in the year';

CREATE FUNCTION sessions_due(sessions mark_series, school_urn integer, pupil_id bigint) RETURNS mark_series
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce(mark_series_agg(slice(sessions, d)), 'empty')
    FROM unnest(due_days(sessions_due.school_urn, sessions_due.pupil_id)) AS d;
END;
COMMENT ON FUNCTION sessions_due(mark_series, integer, bigint) IS
'Those of some sessions (held_sessions) for which a mark of a pupil is due at a school, by due_days(). Empty for NULL';

CREATE FUNCTION marks_due(marks mark_series, sessions mark_series, is_counted boolean, is_changing boolean,
        school_urn integer, pupil_id bigint, from_day date, to_day date) RETURNS mark_series
    LANGUAGE sql STABLE
    RETURN CASE WHEN sessions IS NULL OR NOT is_counted AND NOT is_changing THEN with_unmarked(marks, 'empty')
        WHEN is_changing THEN with_unmarked(marks, sessions_due(sessions, school_urn, pupil_id))
        ELSE with_unmarked(marks, sessions, from_day, to_day) END;
COMMENT ON FUNCTION marks_due(mark_series, mark_series, boolean, boolean, integer, bigint, date, date) IS
'The marks of a line of roll_line with - in each of some sessions (held_sessions) for which a mark is due and missing, '
'and in no other: the pupil was on the roll, no boarder and no guest. Without - if the sessions are NULL. NULL for a '
'pupil without a line who has nothing due. Regulations 2024, regulation 10(1)';

CREATE FUNCTION school_line(school_urn integer, academic_year integer, days daterange)
    RETURNS TABLE (pupil_id bigint, enrolment_start date, enrolment_end date, year_group text,
        registration_group text, sex text, birth_cohort integer, marks mark_series, is_counted boolean,
        counted_days datemultirange)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    -- once for a school, which has no other years than those of its calendar
    WITH held AS MATERIALIZED (
        SELECT CASE WHEN school_line.days IS NOT NULL
            THEN held_sessions(school_line.school_urn, school_line.days) END AS sessions
        FROM calendar_year y
        WHERE y.school_urn = school_line.school_urn AND y.academic_year = school_line.academic_year)
    SELECT l.pupil_id, l.enrolment_start, l.enrolment_end, l.year_group, l.registration_group, l.sex, l.birth_cohort,
        d.marks, l.is_counted,
        CASE WHEN c.pupil_id IS NOT NULL THEN due_days(school_line.school_urn, l.pupil_id) END
    FROM held h
    -- as roll_line, but from what the lines say, without looking up the enrolment and the pupil of each
    CROSS JOIN (
        SELECT r.pupil_id, r.enrolment_start, r.enrolment_end, r.year_group, r.registration_group, r.sex,
            r.birth_cohort, r.line_key, r.marks, r.is_counted
        FROM register_line r
        WHERE r.school_urn = school_line.school_urn AND r.academic_year = school_line.academic_year
        UNION ALL
        SELECT u.pupil_id, u.enrolment_start, u.enrolment_end, u.year_group, u.registration_group, p.sex,
            p.birth_cohort, NULL::integer, NULL::mark_series, u.is_counted
        FROM unopened_line(school_line.school_urn, school_line.academic_year) u
        LEFT JOIN pupil p ON p.pupil_id = u.pupil_id
        -- who has no line has no marks
        WHERE school_line.days IS NOT NULL) l
    LEFT JOIN changing_enrolment c ON c.school_urn = school_line.school_urn AND c.pupil_id = l.pupil_id
    CROSS JOIN LATERAL (
        SELECT marks_due(l.marks, h.sessions, l.is_counted, c.pupil_id IS NOT NULL, school_line.school_urn, l.pupil_id,
            l.enrolment_start, l.enrolment_end) AS marks OFFSET 0) d
    WHERE l.line_key IS NOT NULL AND school_line.days IS NOT NULL OR first_day(d.marks) IS NOT NULL;
END;
COMMENT ON FUNCTION school_line(integer, integer, daterange) IS
'The lines of register of a school in an academic year, and the pupils on its roll who have something due and no line, '
'with - in each session of held_sessions() in some days for which a mark is due and missing: see marks_due(). If the '
'days are NULL the lines that have a mark, without -. year_group and registration_group are as now; is_counted: no '
'boarder and no guest now, or counted_days, where that is not the same for all days. Regulations 2024, regulation '
'10(1)';

-- Not school_line() for each school: what is joined to it would be read once for each.
CREATE VIEW year_line WITH (security_invoker = true) AS
    SELECT l.school_urn, l.academic_year, l.pupil_id, l.enrolment_start, l.year_group, l.registration_group,
        coalesce(l.line_key, no_line_key(l.school_urn, l.academic_year, l.pupil_id)) AS line_key,
        marks_due(l.marks, l.sessions, l.is_counted, l.is_changing, l.school_urn, l.pupil_id,
            l.enrolment_start, l.enrolment_end) AS marks,
        l.is_counted, CASE WHEN l.is_changing THEN due_days(l.school_urn, l.pupil_id) END AS counted_days
    FROM roll_line l
    WHERE l.line_key IS NOT NULL OR first_day(marks_due(l.marks, l.sessions, l.is_counted, l.is_changing,
        l.school_urn, l.pupil_id, l.enrolment_start, l.enrolment_end)) IS NOT NULL;
COMMENT ON VIEW year_line IS
'The lines of register of every school and academic year of the calendar, and the pupils on the roll who have '
'something due and no line, with all that is missing to today: see marks_due(). line_key is that of no_line_key() '
'where there is no line; the other columns are those of school_line()';
