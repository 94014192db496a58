-- Spells of absence and broken weeks.

CREATE FUNCTION absence_spell_report(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    at_least_days integer DEFAULT 0)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, possible bigint, absent bigint, absence_percent numeric, spells bigint,
        longest_sessions integer, longest_from school_session, longest_to school_session, current_sessions integer,
        current_from school_session)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT c.school_urn, c.pupil_id, u.upn::text, u.surname, u.forename, c.year_group, c.registration_group,
        possible(c.tally), absent(c.tally), absence_rate(c.tally), (c.s).spells, (c.s).longest, (c.s).longest_from,
        (c.s).longest_to, (c.s).current_sessions, (c.s).current_from
    FROM (
        SELECT l.school_urn, l.pupil_id, l.year_group, l.registration_group, tally(l.marks) AS tally,
            spell_summary(l.marks) AS s
        FROM (
            SELECT r.school_urn, r.pupil_id, r.year_group, r.registration_group, slice(r.marks, r.days) AS marks
            FROM report_line(period, population, schools) r
            OFFSET 0) l
        OFFSET 0) c
    JOIN pupil u ON u.pupil_id = c.pupil_id
    WHERE (c.s).longest >= 2 * at_least_days;
END;
COMMENT ON FUNCTION absence_spell_report(text, text, integer[], integer) IS
'Enrolments with a spell of absence of at least so many days (two sessions a day): how many spells there are, the '
'longest (the first of several) from and to when, and the current one, which no possible session has followed; 0 and '
'NULL if the last possible session was attended. Sessions that were not possible do not end a spell nor count in it: '
'see absence_spells(). No rows for NULL days; 22023 for what is no period or population';

CREATE FUNCTION broken_week_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, enrolments bigint, pupil_weeks bigint, broken_weeks bigint)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT w.school_urn, count(*) FILTER (WHERE w.weeks > 0), sum(w.weeks)::bigint, sum(w.broken)::bigint
    FROM (
        SELECT l.school_urn, possible_weeks(l.marks) AS weeks, broken_weeks(l.marks) AS broken
        FROM (SELECT r.school_urn, slice(r.marks, r.days) AS marks
              FROM report_line(period, population, schools) r OFFSET 0) l
        OFFSET 0) w
    GROUP BY w.school_urn;
END;
COMMENT ON FUNCTION broken_week_counts(text, text, integer[]) IS
'What broken_weeks_by_school() is made of, a row for each school, its columns without the percentage. 22023 for what '
'is no period, population or school';

CREATE FUNCTION broken_weeks_by_school(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, enrolments bigint, pupil_weeks bigint, broken_weeks bigint,
        broken_percent numeric)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT w.school_urn, coalesce(sum(w.enrolments), 0)::bigint, sum(w.pupil_weeks)::bigint,
        sum(w.broken_weeks)::bigint, 100 * sum(w.broken_weeks) / nullif(sum(w.pupil_weeks), 0)
    FROM broken_week_counts(period, population, schools) w
    GROUP BY ROLLUP (w.school_urn)
    ORDER BY w.school_urn;
END;
COMMENT ON FUNCTION broken_weeks_by_school(text, text, integer[]) IS
'Weeks of pupils with at least one possible session, and how many of them have an absence: by school, and with a NULL '
'URN for all. 22023 for what is no period or population';

CREATE FUNCTION pupil_broken_weeks(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, possible bigint, absent bigint, absence_percent numeric, weeks integer,
        broken_weeks integer, broken_percent numeric)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT l.school_urn, l.pupil_id, u.upn::text, u.surname, u.forename, l.year_group, l.registration_group,
        possible(l.tally), absent(l.tally), absence_rate(l.tally), l.weeks, l.broken,
        100 * l.broken::numeric / nullif(l.weeks, 0)
    FROM (
        SELECT c.*, tally(c.marks) AS tally, possible_weeks(c.marks) AS weeks, broken_weeks(c.marks) AS broken
        FROM (SELECT r.school_urn, r.pupil_id, r.year_group, r.registration_group, slice(r.marks, r.days) AS marks
              FROM report_line(period, population, schools) r OFFSET 0) c
        OFFSET 0) l
    JOIN pupil u ON u.pupil_id = l.pupil_id
    WHERE l.weeks > 0;
END;
COMMENT ON FUNCTION pupil_broken_weeks(text, text, integer[]) IS
'Of each enrolment the weeks with a possible session, and those broken by an absence. The same absence is easier to '
'make up for in few weeks than in many. 22023 for what is no period or population';
