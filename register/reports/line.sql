-- What every report is made of: the lines of a period, of the population that it is about.

CREATE FUNCTION period_line(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        due boolean DEFAULT false, tell boolean DEFAULT false, marked boolean DEFAULT false)
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, days daterange, marks mark_series,
        year_group text, registration_group text, sex text, birth_cohort integer)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    -- what is the same for all pupils of a school and year is computed once
    WITH school_year AS MATERIALIZED (
        SELECT p.school_urn, y.academic_year, read_population(population) AS population,
            least(upper(p.days) - 1, (now() AT TIME ZONE 'Europe/London')::date) AS on_day,
            least(upper(p.days * academic_year_days(y.academic_year)) - 1,
                (now() AT TIME ZONE 'Europe/London')::date) AS last_day,
            lower(statistical_cohorts(y.academic_year)) AS fifteen,
            upper(statistical_cohorts(y.academic_year)) AS younger, spring_bank_holiday(y.academic_year + 1) AS spring,
            p.days * academic_year_days(y.academic_year) AS days,
            p.days * daterange(make_date(y.academic_year, 8, 1),
                spring_bank_holiday(y.academic_year + 1)) AS days_at_fifteen
        FROM school_period(period, schools) p
        CROSS JOIN unnest(period_years(period)) AS y (academic_year)
        -- the planner takes that for one school and year; by what all cost it would compile the plan, for seconds
        WHERE p.days && academic_year_days(y.academic_year) AND known_question(period, period_line.population, schools)
            AND (NOT tell OR tells_sessions(period, schools))
            AND (NOT marked OR EXISTS (
                SELECT FROM register_line m
                WHERE m.school_urn = p.school_urn AND m.academic_year = y.academic_year
                    AND first_day(m.marks) < upper(p.days) AND last_day(m.marks) >= lower(p.days))))
    SELECT p.school_urn, p.academic_year, l.pupil_id,
        CASE WHEN p.population = 'statutory' AND l.birth_cohort = p.fifteen THEN p.days_at_fifteen
            ELSE p.days END,
        CASE WHEN p.population <> 'statutory' OR l.counted_days IS NULL THEN l.marks
            ELSE (SELECT mark_series_agg(slice(l.marks, r)) FROM unnest(l.counted_days) AS r) END,
        CASE WHEN f.pupil_id IS NULL THEN l.year_group ELSE f.year_group END,
        CASE WHEN f.pupil_id IS NULL THEN l.registration_group ELSE f.registration_group END, l.sex, l.birth_cohort
    FROM school_year p
    CROSS JOIN LATERAL school_line(p.school_urn, p.academic_year, CASE WHEN due THEN p.days END) l
    -- what held on the last of the days, or last on the roll, where that has changed since
    LEFT JOIN (
        SELECT DISTINCT ON (y.school_urn, y.academic_year, b.pupil_id, b.start_date) y.school_urn, y.academic_year,
            b.pupil_id, b.start_date, b.year_group, b.registration_group
        FROM school_year y
        JOIN enrolment_former b ON b.school_urn = y.school_urn
        JOIN enrolment e ON e.school_urn = b.school_urn AND e.pupil_id = b.pupil_id AND e.start_date = b.start_date
            AND b.to_day >= greatest(e.start_date, least(y.last_day, e.end_date))
        ORDER BY y.school_urn, y.academic_year, b.pupil_id, b.start_date, b.to_day) f
        ON f.school_urn = p.school_urn AND f.academic_year = p.academic_year AND f.pupil_id = l.pupil_id
        AND f.start_date = l.enrolment_start
    WHERE CASE p.population
            WHEN 'statutory' THEN coalesce(l.counted_days && p.days, l.is_counted)
                AND l.enrolment_start < p.spring
                AND l.birth_cohort >= p.fifteen AND l.birth_cohort < p.younger
                AND NOT (l.birth_cohort = p.fifteen AND isempty(p.days_at_fifteen))
            -- of those who came back the enrolment may be another one
            WHEN 'current roll' THEN l.enrolment_start <= p.on_day
                AND coalesce(l.enrolment_end >= p.on_day, true) OR EXISTS (
                SELECT FROM enrolment c
                WHERE c.school_urn = p.school_urn AND c.pupil_id = l.pupil_id AND c.start_date <= p.on_day
                    AND coalesce(c.end_date >= p.on_day, true))
            ELSE true END;
END;
COMMENT ON FUNCTION period_line(text, text, integer[], boolean, boolean, boolean) IS
'The lines of report_line(), or with due those of due_line(), and without a warning but with tell: for reports that '
'say it elsewhere, or compare with such a period. With marked none of a school in a year in which no line of it has a '
'mark on the days: for reports that are made of marks alone';

CREATE FUNCTION report_line(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, days daterange, marks mark_series,
        year_group text, registration_group text, sex text, birth_cohort integer)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT l.* FROM period_line(period, population, schools, tell => true) l;
END;
COMMENT ON FUNCTION report_line(text, text, integer[]) IS
'The lines of register of a period (see read_period), of a population, of some schools (by URN; NULL for all): '
'tally(marks, days) counts their sessions in it. Population statutory: whom the official figures are about, 5 to 15 on '
'31 August before the year, no enrolments from the spring bank holiday on, and those aged 15 only up to it, leavers up '
'to their leaving, and of each only the days on which the pupil was no boarder and no guest; current roll: who is on '
'the roll on the last day of the period, or today if that is to come; all: every enrolment. Year and registration '
'group are those of the last day of the period in the year, or of today if that is to come, of the first enrolment in '
'the year. A missing mark, - or none, is no mark here: see due_line(). Warns (01000) if none of the schools has a '
'session in the period. No rows for a NULL period; 22023 for what is no period or population';

CREATE FUNCTION due_line(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, days daterange, marks mark_series,
        year_group text, registration_group text, sex text, birth_cohort integer)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT l.* FROM period_line(period, population, schools, due => true, tell => true) l;
END;
COMMENT ON FUNCTION due_line(text, text, integer[]) IS
'As report_line(), with - in every session of the period for which a mark is due and missing, and in no other, and '
'with the pupils who have no mark at all: for reports that say what is missing. See unmarked_session. Warns (01000) if '
'none of the schools has a session in the period. No rows for a NULL period; 22023 for what is no period or population';

CREATE FUNCTION pupil_line(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, days daterange, marks mark_series, tally attendance_tally)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT l.school_urn, l.pupil_id, u.upn::text, u.surname, u.forename, l.year_group, l.registration_group, l.days,
        l.marks, l.tally
    -- what is counted of a line is counted once, not again wherever it is named
    FROM (SELECT r.*, tally(r.marks, r.days) AS tally FROM report_line(period, population, schools) r OFFSET 0) l
    JOIN pupil u ON u.pupil_id = l.pupil_id;
END;
COMMENT ON FUNCTION pupil_line(text, text, integer[]) IS
'The lines of report_line() with the names of their pupils and the tally of their marks in the period: what lists of '
'pupils are made of. No rows for a NULL period; 22023 for what is no period or population';

CREATE FUNCTION school_lines(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    tell boolean DEFAULT true)
    RETURNS TABLE (school_urn integer, academic_year integer, lines mark_series[])
    LANGUAGE sql STABLE ROWS 400
BEGIN ATOMIC
    SELECT l.school_urn, l.academic_year, array_agg(slice(l.marks, l.days))
    FROM period_line(period, population, schools, tell => school_lines.tell, marked => true) l
    GROUP BY l.school_urn, l.academic_year;
END;
COMMENT ON FUNCTION school_lines(text, text, integer[], boolean) IS
'The lines of report_line() in the period as an array for each school and academic year, for group_session_tallies() '
'and group_weekly_tallies(). tell: warn as it does. No rows for a NULL period; 22023 for what is no period or '
'population';
