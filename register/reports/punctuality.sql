-- Lateness: who comes late, when, and by how much.

CREATE FUNCTION punctuality(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, possible bigint, late bigint, late_before_close bigint, late_after_close bigint,
        late_percent numeric, timed bigint, minutes bigint, minutes_per_lateness numeric)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT l.school_urn, l.pupil_id, l.upn, l.surname, l.forename, l.year_group, l.registration_group,
        possible(l.tally), late(l.tally), late_before_close(l.tally), late_after_close(l.tally),
        100 * late(l.tally)::numeric / nullif(possible(l.tally), 0), t.sessions, coalesce(t.minutes, 0),
        t.minutes::numeric / nullif(t.sessions, 0)
    FROM pupil_line(period, population, schools) l
    CROSS JOIN LATERAL (
        SELECT count(*) AS sessions, sum(a.minutes) AS minutes
        FROM late_arrival a
        WHERE a.school_urn = l.school_urn AND a.pupil_id = l.pupil_id AND l.days @> day(a.session)
            AND is_late(mark_at(l.marks, a.session))) t
    WHERE late(l.tally) > 0;
END;
COMMENT ON FUNCTION punctuality(text, text, integer[]) IS
'Enrolments with a late session: those before the register closed (L) and after (U), percent of possible sessions, and '
'of the late sessions whose minutes are in late_arrival (timed) the minutes and their mean (NULL if none). 22023 for '
'what is no period or population';

CREATE FUNCTION punctuality_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (weekday integer, session text, tally attendance_tally, timed bigint, minutes bigint,
        enrolments bigint)
    LANGUAGE sql STABLE ROWS 15
BEGIN ATOMIC
    WITH counted AS (
        SELECT extract(isodow FROM r.day)::integer AS weekday, r.session, tally_agg(r.tally) AS tally
        FROM report_session(period, population, schools) r
        GROUP BY 1, 2),
    timed AS (
        SELECT extract(isodow FROM day(a.session))::integer AS weekday, session(a.session) AS session,
            count(*) AS sessions, sum(a.minutes) AS minutes
        FROM period_line(period, population, schools) l
        CROSS JOIN LATERAL (
            SELECT o.session, o.minutes FROM late_arrival o
            WHERE o.school_urn = l.school_urn AND o.pupil_id = l.pupil_id AND l.days @> day(o.session)
            OFFSET 0) a
        WHERE is_late(mark_at(l.marks, a.session))
        GROUP BY 1, 2)
    SELECT c.weekday, c.session, c.tally, t.sessions, t.minutes::bigint, NULL::bigint AS enrolments
    FROM counted c LEFT JOIN timed t ON t.weekday = c.weekday AND t.session = c.session
    UNION ALL
    SELECT NULL::integer AS weekday, NULL::text AS session, NULL::attendance_tally AS tally, NULL::bigint AS timed,
        NULL::bigint AS minutes, report_enrolments(period, population, schools);
END;
COMMENT ON FUNCTION punctuality_counts(text, text, integer[]) IS
'What punctuality_by_weekday() is made of, a row for each register, day of the week and session: the tally of its '
'marks, and of the late ones those in late_arrival with their minutes (NULL for none); and a row of the enrolments '
'alone. 22023 for what is no period, population or school';

CREATE FUNCTION punctuality_by_weekday(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (weekday integer, session text, enrolments bigint, possible bigint, late bigint,
        late_before_close bigint, late_after_close bigint, late_percent numeric, timed bigint, minutes bigint,
        minutes_per_lateness numeric)
    LANGUAGE sql STABLE ROWS 18
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (SELECT c.* FROM punctuality_counts(period, population, schools) c),
    summed AS (
        SELECT c.weekday, c.session, tally_agg(c.tally) AS tally, coalesce(sum(c.timed), 0)::bigint AS timed,
            coalesce(sum(c.minutes), 0)::bigint AS minutes
        FROM counted c
        WHERE c.weekday IS NOT NULL
        GROUP BY GROUPING SETS ((c.weekday, c.session), (c.weekday), (c.session), ())),
    whole AS (SELECT sum(c.enrolments)::bigint AS enrolments FROM counted c)
    SELECT s.weekday, s.session, w.enrolments, possible(s.tally), late(s.tally),
        late_before_close(s.tally), late_after_close(s.tally), 100 * late(s.tally)::numeric / nullif(possible(s.tally),
            0),
        s.timed, s.minutes, s.minutes::numeric / nullif(s.timed, 0)
    FROM summed s
    CROSS JOIN whole w
    ORDER BY s.weekday, s.session;
END;
COMMENT ON FUNCTION punctuality_by_weekday(text, text, integer[]) IS
'Late sessions by day of the week (1 is Monday) and session, with the minutes of late_arrival; NULL stands for all '
'days or both sessions. 22023 for what is no period or population';
