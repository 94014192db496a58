-- What is aimed at, and how far it is: targets of schools, trusts and authorities, and the roll of the virtual school.

CREATE FUNCTION target_school(as_of date, schools integer[])
    RETURNS TABLE (target_id bigint, school_urn integer, period text, cohort text, value text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT t.target_id, s.urn, period_of(t.days * daterange(NULL, as_of, '[]')), coalesce(t.cohort, 'all pupils'),
        coalesce(t.value, 'all')
    FROM attendance_target t
    JOIN school_on(as_of) s ON s.urn = coalesce(t.of_school_urn, t.school_urn)
        OR t.of_school_urn IS NULL AND (s.trust_uid = t.trust_uid OR s.la_number = t.la_number)
    WHERE t.days @> as_of AND t.set_on <= as_of AND known_schools(schools)
        AND is_one_of(coalesce(t.of_school_urn, t.school_urn), schools)
        -- a cohort that there is not has no figures
        AND coalesce(t.cohort = ANY (cohort_names()), true);
END;
COMMENT ON FUNCTION target_school(date, integer[]) IS
'For target_progress(): the schools that each target is about on a day, the days of it up to then as a period, the '
'cohort and its value: all, or none for those who have none. No rows for a NULL day; 22023 for a school that is not '
'there';

CREATE FUNCTION target_progress(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL, population text DEFAULT 'statutory')
    RETURNS TABLE (target_id bigint, bearer text, school_urn integer, trust_uid integer, la_number integer,
        of_school_urn integer, cohort text, value text, measure text, days daterange, percent numeric,
        enrolments bigint, figure numeric, gap numeric, status text, set_by text, evidence_id bigint)
    LANGUAGE sql STABLE ROWS 100
    -- compiling a plan of this size takes longer than running it
    SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH place AS MATERIALIZED (SELECT p.* FROM target_school(as_of, schools) p),
    asked AS MATERIALIZED (
        SELECT p.period, array_agg(DISTINCT p.school_urn) AS schools, array_agg(DISTINCT p.cohort) AS cohorts,
            bool_or(p.value = 'none') AS of_rest
        FROM place p GROUP BY p.period),
    counted AS MATERIALIZED (
        SELECT a.period, g.school_urn, g.cohort, g.value, g.these AS figures
        FROM asked a CROSS JOIN LATERAL cohort_group(a.period, population, a.schools, a.cohorts, by_school => true) g
        WHERE NOT a.of_rest
        UNION ALL
        -- who has not a characteristic takes longer
        SELECT a.period, c.school_urn, c.cohort, c.value, cohort_agg(c.tally)
        FROM asked a CROSS JOIN LATERAL report_cohort(a.period, population, a.schools, a.cohorts) c
        WHERE a.of_rest
        GROUP BY a.period, c.school_urn, c.cohort, c.value),
    -- once, not again for each target
    figure AS MATERIALIZED (
        SELECT p.target_id, cohort_agg(c.figures) AS figures
        FROM place p
        JOIN counted c ON c.period = p.period AND c.school_urn = p.school_urn AND c.cohort = p.cohort
            AND c.value = p.value
        GROUP BY p.target_id),
    measured AS (
        SELECT t.*, enrolments(f.figures) AS enrolments, CASE t.measure
                WHEN 'attendance' THEN attendance_rate(tally(f.figures))
                WHEN 'persistent absence' THEN p.persistent_absence_percent
                ELSE p.severe_absence_percent END AS figure
        FROM attendance_target t
        LEFT JOIN figure f ON f.target_id = t.target_id
        CROSS JOIN LATERAL cohort_persistence(f.figures,
            persistence_is_stated(t.days * daterange(NULL, as_of, '[]'))) p
        WHERE t.days @> as_of AND t.set_on <= as_of AND read_population(population) IS NOT NULL
            AND known_schools(schools)
            AND is_one_of(coalesce(t.of_school_urn, t.school_urn), schools))
    SELECT m.target_id, CASE WHEN m.school_urn IS NOT NULL THEN 'school' WHEN m.trust_uid IS NOT NULL THEN 'trust'
            ELSE 'local authority' END, m.school_urn, m.trust_uid, m.la_number, m.of_school_urn::integer,
        m.cohort, m.value, m.measure, m.days, m.percent, m.enrolments, m.figure, g.gap,
        CASE WHEN g.gap IS NULL THEN 'no figures' WHEN g.gap <= 0 THEN 'on course' ELSE 'not on course' END,
        m.set_by, m.evidence_id
    FROM measured m
    CROSS JOIN LATERAL (
        SELECT CASE m.measure WHEN 'attendance' THEN m.percent - m.figure ELSE m.figure - m.percent END AS gap) g
    ORDER BY m.la_number NULLS LAST, m.trust_uid NULLS LAST, m.school_urn, m.of_school_urn NULLS FIRST,
        m.cohort NULLS FIRST, m.value, m.measure, lower(m.days), m.target_id;
END;
COMMENT ON FUNCTION target_progress(date, integer[], text) IS
'The targets that are in force on a day (today if none is given): whose, for which school and cohort, and the figure '
'of their days up to the day, of the schools that the bearer has on it, as cohorts() counts: percent of possible '
'sessions attended, or of enrolments. gap: the percentage points that are missing, negative if the figure is better '
'than the target; status: on course, not on course, or no figures (no marks yet, days too few to state persistent '
'absence, a cohort that nobody is in). schools: targets of these schools, and those set for one of them by their '
'trust or authority; NULL for all. No rows for a NULL day; 22023 for what is no school or population';

CREATE FUNCTION virtual_school_child(as_of date)
    RETURNS TABLE (pupil_id bigint, looked_after boolean, previously_looked_after boolean, social_worker text,
        worker text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT v.pupil_id, coalesce(bool_or(v.characteristic = 'looked after'), false),
        coalesce(bool_or(v.characteristic = 'previously looked after'), false),
        coalesce(max(v.value) FILTER (WHERE v.characteristic = 'social worker'),
            CASE WHEN count(v.worker) > 0 THEN 'Y' END), string_agg(v.worker, '; ' ORDER BY v.worker)
    FROM (
        SELECT c.pupil_id, c.characteristic, c.value, NULL::text AS worker
        FROM pupil_characteristic c
        WHERE c.characteristic IN ('looked after', 'previously looked after', 'social worker')
            AND c.from_day <= as_of AND coalesce(c.to_day >= as_of, true)
        UNION ALL
        SELECT w.pupil_id, NULL::text, NULL::text, concat_ws(', ', w.name, w.contact)
        FROM pupil_worker w
        WHERE w.role = 'social worker' AND w.from_day <= as_of AND coalesce(w.to_day >= as_of, true)) v
    GROUP BY v.pupil_id;
END;
COMMENT ON FUNCTION virtual_school_child(date) IS
'For virtual_school_roll(): the pupils who are looked after, were so, or have a social worker on a day (the value of '
'the characteristic, Y where only the worker is entered), and who the workers are. No rows for NULL';

CREATE FUNCTION virtual_school_roll(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, left_on date, looked_after boolean, previously_looked_after boolean,
        social_worker text, worker text, possible bigint, attendance_percent numeric, unauthorised bigint,
        absence text, target_percent numeric, gap numeric, case_id bigint, tier text, lead_practitioner text,
        overdue bigint)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    -- at the school that they are at, or were at last; how many they are the planner does not know
    WITH child AS MATERIALIZED (
        SELECT DISTINCT ON (e.pupil_id, n.place) e.school_urn, c.*, e.year_group, e.registration_group,
            CASE WHEN e.end_date < as_of THEN e.end_date END AS left_on,
            bool_or(n.place IS NOT NULL) OVER (PARTITION BY e.pupil_id) AS is_enrolled
        FROM virtual_school_child(as_of) c
        JOIN enrolment_on(as_of) e ON e.pupil_id = c.pupil_id AND e.start_date <= as_of AND e.status <> 'G'
        CROSS JOIN LATERAL (
            SELECT CASE WHEN coalesce(e.end_date >= as_of, true) THEN e.school_urn END AS place) n
        ORDER BY e.pupil_id, n.place, e.end_date DESC, e.start_date DESC),
    aim AS (
        SELECT t.la_number, t.cohort, t.value, max(t.percent) AS percent
        FROM attendance_target t
        WHERE t.days @> as_of AND t.set_on <= as_of AND t.measure = 'attendance' AND t.of_school_urn IS NULL
            -- who is not one of these children has another
            AND t.value <> 'none'
        GROUP BY t.la_number, t.cohort, t.value)
    SELECT c.school_urn, c.pupil_id, u.upn::text, u.surname, u.forename, c.year_group, c.registration_group,
        c.left_on, c.looked_after, c.previously_looked_after, c.social_worker, c.worker, possible(y.tally),
        attendance_rate(y.tally), unauthorised(y.tally), CASE WHEN y.stated THEN CASE
            WHEN is_severely_absent(y.tally) THEN 'severe'
            WHEN is_persistently_absent(y.tally) THEN 'persistent' END END,
        a.percent, a.percent - attendance_rate(y.tally), k.case_id, k.tier, k.lead_practitioner, (
            SELECT count(*) FROM agreed_action g
            WHERE g.case_id = k.case_id AND g.school_urn = k.school_urn AND g.due_on < as_of
                AND coalesce(g.done_on > as_of, true))
    FROM child c
    JOIN pupil u ON u.pupil_id = c.pupil_id
    JOIN school_on(as_of) s ON s.urn = c.school_urn
    LEFT JOIN LATERAL (
        SELECT tally_agg(tally(l.marks, d.days)) AS tally, bool_or(marks_state_persistence(l.marks, d.days)) AS stated
        FROM register_line l
        CROSS JOIN LATERAL (SELECT daterange(lower(academic_year_days(l.academic_year)), as_of, '[]') AS days) d
        WHERE l.pupil_id = c.pupil_id AND l.academic_year = academic_year(as_of)
        HAVING count(*) > 0) y ON true
    LEFT JOIN attendance_case k ON k.school_urn = c.school_urn AND k.pupil_id = c.pupil_id AND k.opened_on <= as_of
        AND coalesce(k.closed_on > as_of, true)
    CROSS JOIN LATERAL (
        SELECT max(m.percent) AS percent FROM aim m
        WHERE m.la_number = s.la_number AND (m.cohort = 'looked after' AND c.looked_after
            OR m.cohort = 'previously looked after' AND c.previously_looked_after
            OR m.cohort = 'social worker' AND m.value = c.social_worker)) a
    WHERE is_one_of(c.school_urn, schools) AND known_schools(schools)
        AND (c.left_on IS NULL OR NOT c.is_enrolled AND compulsory_school_age(u.date_of_birth) @> as_of)
    ORDER BY c.left_on IS NULL, attendance_rate(y.tally) NULLS LAST, u.surname, u.forename, c.pupil_id, c.school_urn;
END;
COMMENT ON FUNCTION virtual_school_roll(date, integer[]) IS
'The roll of the virtual school on a day (today if none is given): every looked-after child, previously looked-after '
'child and child with a social worker, of some schools (by URN; NULL for all), whatever the age, with the school, the '
'worker, attendance of the academic year to the day at all schools, the highest target of the authority that is for '
'such children (attendance_target; gap: the percentage points that are missing) and the case that was open, with its '
'actions that were overdue. left_on: of a child of compulsory school age who is on no roll since, named at the school '
'that was left; these come first, then those who attend least. absence: severe or persistent, NULL also while there '
'are marks of a week or less. No rows for a NULL day; 22023 for a school that is not there';
