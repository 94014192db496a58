-- What has to be chased up and watched: missing marks, N, and long use of some codes.

CREATE FUNCTION unmarked_by_group(period text, schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, registration_group text, day date, session text, unmarked bigint, on_roll bigint,
        pupils bigint[])
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH missing AS (
        SELECT l.school_urn, e.registration_group, m.day, m.session, l.pupil_id
        FROM period_line(period, 'all', schools, due => true) l
        CROSS JOIN LATERAL marks(sessions_with(l.marks, '-'), l.days) m
        JOIN enrolment_period e ON e.school_urn = l.school_urn AND e.pupil_id = l.pupil_id AND e.from_day <= m.day
            AND coalesce(e.to_day >= m.day, true)
        WHERE unmarked(tally(l.marks, l.days)) > 0)
    SELECT m.school_urn, m.registration_group, m.day, m.session, count(*), (
            SELECT count(*) FROM enrolment_period o
            WHERE o.school_urn = m.school_urn AND o.boarder = 'N' AND o.status <> 'G' AND o.from_day <= m.day
                AND coalesce(o.to_day >= m.day, true)
                AND (o.registration_group = m.registration_group
                    OR o.registration_group IS NULL AND m.registration_group IS NULL)),
        array_agg(m.pupil_id ORDER BY m.pupil_id)
    FROM missing m
    WHERE known_schools(schools) AND tells_sessions(period, schools)
    GROUP BY m.school_urn, m.registration_group, m.day, m.session
    ORDER BY m.school_urn, m.registration_group, m.day, m.session;
END;
COMMENT ON FUNCTION unmarked_by_group(text, integer[]) IS
'The sessions of unmarked_session in a period by the registration group of their day, with how many are on the roll of '
'the group, boarders and guests left out, and the pupils: of everybody, whatever the age. No rows for NULL; 22023 for '
'what is no period';

CREATE FUNCTION unexplained_chase(period text, population text DEFAULT 'all', schools integer[] DEFAULT NULL,
    older_than integer DEFAULT 5)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, day date, session text, school_days bigint)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH unexplained AS MATERIALIZED (
        SELECT l.school_urn, l.pupil_id, l.year_group, l.registration_group, m.day, m.session, (
                SELECT count(*) FROM school_day d
                WHERE d.school_urn = l.school_urn AND d.day > m.day AND d.day < upper(l.days)
                    AND d.day <= (now() AT TIME ZONE 'Europe/London')::date
                    AND (d.morning OR d.afternoon)) AS school_days
        FROM report_line(period, population, schools) l
        CROSS JOIN LATERAL marks(l.marks, l.days) m
        WHERE mark_count(mark_counts(l.marks, l.days), 'N') > 0 AND m.mark = 'N')
    SELECT n.school_urn, n.pupil_id, u.upn::text, u.surname, u.forename, n.year_group, n.registration_group, n.day,
        n.session, n.school_days
    FROM unexplained n
    JOIN pupil u ON u.pupil_id = n.pupil_id
    WHERE n.school_days > older_than;
END;
COMMENT ON FUNCTION unexplained_chase(text, text, integer[], integer) IS
'Sessions with N that are older than so many school days on the last day of the period, or today: school_days of the '
'calendar have begun since. Regulations 2024, regulation 10(7)-(9), ask for the reason within five, whatever the age '
'of the pupil: the population is all if none is given. No rows for NULL days; 22023 for what is no period or '
'population';

CREATE FUNCTION code_monitoring(period text, population text DEFAULT 'all', schools integer[] DEFAULT NULL,
    codes text[] DEFAULT '{B,K,C2}', at_least integer DEFAULT 20)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, mark session_mark, sessions bigint, possible bigint, sessions_percent numeric,
        first_day date, last_day date, weeks bigint, natures text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT f.school_urn, f.pupil_id, u.upn::text, u.surname, u.forename, f.year_group, f.registration_group, f.mark,
        f.sessions, possible(tally(f.counts)), 100 * f.sessions::numeric / nullif(possible(tally(f.counts)), 0),
        w.first_day, w.last_day, w.weeks, (
            SELECT string_agg(DISTINCT n.nature, '; ') FROM mark_nature n
            WHERE n.school_urn = f.school_urn AND n.pupil_id = f.pupil_id AND n.mark = f.mark
                AND n.sessions && school_session_range(school_session(w.first_day, 'AM'),
                    school_session(w.last_day, 'PM'), '[]'))
    FROM (
        SELECT l.*, c.code::session_mark AS mark, mark_count(l.counts, c.code::session_mark) AS sessions
        FROM (SELECT r.*, mark_counts(r.marks, r.days) AS counts FROM report_line(period, population, schools) r) l
        CROSS JOIN unnest(codes) AS c (code)
        WHERE (SELECT count(x.code::session_mark) FROM unnest(codes) AS x (code)) >= 0
            AND mark_count(l.counts, c.code::session_mark) >= at_least) f
    JOIN pupil u ON u.pupil_id = f.pupil_id
    CROSS JOIN LATERAL (
        SELECT min(m.day) AS first_day, max(m.day) AS last_day,
            count(DISTINCT date_trunc('week', m.day::timestamp)) AS weeks
        FROM marks(f.marks, f.days) m
        WHERE m.mark = f.mark) w;
END;
COMMENT ON FUNCTION code_monitoring(text, text, integer[], text[], integer) IS
'Enrolments with at least so many sessions of one of some codes: long use of education off site (B), provision of the '
'local authority (K) and part-time timetables (C2), if no others are named; percent of possible sessions, the first '
'and last day, the weeks in which it occurs, and what mark_nature says. Working together to improve school attendance, '
'2024, asks to keep these under review, for every pupil: the population is all if none is given. 22P02 for what is no '
'code; 22023 for what is no period or population';

CREATE FUNCTION part_time_monitoring(period text, population text DEFAULT 'all', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, timetable_id bigint, first_day date, last_day date, weeks integer, sessions bigint,
        possible bigint, sessions_percent numeric, reviews integer, reviews_held bigint, next_review date,
        review_overdue boolean)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT l.school_urn, l.pupil_id, u.upn::text, u.surname, u.forename, l.year_group, l.registration_group,
        t.timetable_id, t.first_day, t.last_day, (t.last_day - t.first_day) / 7 + 1,
        mark_count(mark_counts(l.marks, l.days * daterange(t.first_day, t.last_day, '[]')), 'C2'),
        possible(tally(l.marks, l.days * daterange(t.first_day, t.last_day, '[]'))),
        100 * mark_count(mark_counts(l.marks, l.days * daterange(t.first_day, t.last_day, '[]')), 'C2')::numeric
            / nullif(possible(tally(l.marks, l.days * daterange(t.first_day, t.last_day, '[]'))), 0),
        cardinality(t.review_dates), (SELECT count(*) FROM part_time_review h WHERE h.timetable_id = t.timetable_id
            AND h.school_urn = t.school_urn),
        v.next_review, coalesce(v.next_review < (now() AT TIME ZONE 'Europe/London')::date, false)
    FROM (
        SELECT g.timetable_id, g.school_urn, g.pupil_id, g.review_dates, day(lower(g.sessions)) AS first_day,
            least(g.ended_on, day(upper(g.sessions)) - CASE WHEN session(upper(g.sessions)) = 'AM' THEN 1 ELSE 0 END)
                AS last_day
        FROM part_time_timetable g
        WHERE g.status = 'agreed') t
    JOIN report_line(period, population, schools) l ON l.school_urn = t.school_urn AND l.pupil_id = t.pupil_id
        AND l.days && daterange(t.first_day, t.last_day, '[]')
    JOIN pupil u ON u.pupil_id = l.pupil_id
    LEFT JOIN LATERAL (
        SELECT min(r.review_date) AS next_review FROM unnest(t.review_dates) AS r (review_date)
        WHERE r.review_date <= t.last_day AND NOT EXISTS (SELECT FROM part_time_review h
            WHERE h.timetable_id = t.timetable_id AND h.school_urn = t.school_urn
                AND h.review_date = r.review_date)) v ON true
    WHERE t.last_day >= t.first_day;
END;
COMMENT ON FUNCTION part_time_monitoring(text, text, integer[]) IS
'Part-time timetables that were agreed and run in a period: how long, how many sessions with C2 of the possible ones '
'while it ran in the period, and reviews: how many were planned and held, the first that was not held (next_review), '
'and whether its day is past. Regulations 2024, regulation 11(6), which is about pupils of any age: the population is '
'all if none is given. 22023 for what is no period or population';
