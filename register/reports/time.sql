-- Codes, sessions, weekdays, edges of weeks and terms, weeks.

CREATE FUNCTION report_enrolments(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS bigint
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT enrolments(cohort_agg(tally(l.marks, l.days)))
    FROM period_line(period, population, schools) l;
END;
COMMENT ON FUNCTION report_enrolments(text, text, integer[]) IS
'Enrolments with a possible session in a period, which a report states beside what it counts. 22023 for what is no '
'period or population';

CREATE FUNCTION report_session(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, day date, session text, tally attendance_tally)
    LANGUAGE sql STABLE ROWS 80000
BEGIN ATOMIC
    SELECT g.school_urn, t.day, t.session, t.tally
    FROM school_lines(period, population, schools) g CROSS JOIN LATERAL group_session_tallies(g.lines) t;
END;
COMMENT ON FUNCTION report_session(text, text, integer[]) IS
'The sessions of a period at each school, each with the tally of its marks. 22023 for what is no period or population';

CREATE FUNCTION report_week(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, week date, tally attendance_tally, enrolments bigint, with_absence bigint)
    LANGUAGE sql STABLE ROWS 8000
BEGIN ATOMIC
    SELECT g.school_urn, t.week, t.tally, t.enrolments, t.with_absence
    FROM school_lines(period, population, schools) g CROSS JOIN LATERAL group_weekly_tallies(g.lines) t;
END;
COMMENT ON FUNCTION report_week(text, text, integer[]) IS
'The weeks of a period at each school, by the date of their Monday, each with the tally of its marks, the enrolments '
'with a possible session in it and those with an absence. 22023 for what is no period or population';

CREATE FUNCTION code_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (place integer, sessions bigint, enrolments_with bigint, cohort cohort_summary)
    LANGUAGE sql STABLE ROWS 40
BEGIN ATOMIC
    WITH line AS MATERIALIZED (
        SELECT mark_counts(l.marks, l.days) AS counts FROM due_line(period, population, schools) l)
    SELECT mark_place(c.mark), sum(c.sessions)::bigint, count(*) FILTER (WHERE possible(tally(l.counts)) > 0),
        NULL::cohort_summary AS cohort
    FROM line l CROSS JOIN LATERAL counts(l.counts) c
    GROUP BY mark_place(c.mark)
    UNION ALL
    SELECT NULL::integer AS place, NULL::bigint AS sessions, NULL::bigint AS enrolments_with,
        cohort_agg(tally(l.counts))
    FROM line l;
END;
COMMENT ON FUNCTION code_counts(text, text, integer[]) IS
'What code_frequency() is made of, a row for each register and code, by its mark_place(): sessions, and enrolments '
'with one or more; and a row of all enrolments alone. 22023 for what is no period, population or school';

CREATE FUNCTION code_frequency(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (mark session_mark, class text, description text, sessions bigint, possible bigint,
        sessions_percent numeric, absent bigint, absence_percent numeric, enrolments_with bigint, enrolments bigint,
        enrolments_percent numeric)
    LANGUAGE sql STABLE ROWS 40
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (SELECT c.* FROM code_counts(period, population, schools) c),
    total AS (SELECT cohort_agg(c.cohort) AS cohort FROM counted c),
    found AS (
        SELECT c.place, sum(c.sessions)::bigint AS sessions, sum(c.enrolments_with)::bigint AS enrolments
        FROM counted c
        GROUP BY c.place),
    used AS (SELECT a.mark, f.* FROM found f JOIN attendance_codes() a ON mark_place(a.mark) = f.place)
    SELECT f.mark, mark_class(f.mark), mark_description(f.mark), f.sessions, possible(tally(t.cohort)),
        100 * f.sessions::numeric / nullif(possible(tally(t.cohort)), 0), absent(tally(t.cohort)),
        CASE WHEN is_absence(f.mark) THEN 100 * f.sessions::numeric / nullif(absent(tally(t.cohort)), 0) END,
        f.enrolments, enrolments(t.cohort), 100 * f.enrolments::numeric / nullif(enrolments(t.cohort), 0)
    FROM used f CROSS JOIN total t
    ORDER BY f.place;
END;
COMMENT ON FUNCTION code_frequency(text, text, integer[]) IS
'How often each code stands in the registers: sessions and their percentage of possible sessions (of codes that are '
'not possible too, as the official files have it), of all absence (codes of absence; else NULL), and the enrolments '
'with one or more such sessions, of those with a possible session. 22023 for what is no period or population. Pupil '
'absence in schools in England: Annexes A and D';

CREATE FUNCTION weekday_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (weekday integer, session text, tally attendance_tally, enrolments bigint)
    LANGUAGE sql STABLE ROWS 15
BEGIN ATOMIC
    WITH line AS MATERIALIZED (SELECT g.lines FROM school_lines(period, population, schools) g)
    SELECT extract(isodow FROM r.day)::integer, r.session, tally_agg(r.tally), NULL::bigint AS enrolments
    FROM line g CROSS JOIN LATERAL group_session_tallies(g.lines) r
    GROUP BY 1, 2
    UNION ALL
    SELECT NULL::integer AS weekday, NULL::text AS session, NULL::attendance_tally AS tally,
        enrolments(cohort_agg(l.marks))
    FROM line g CROSS JOIN LATERAL unnest(g.lines) AS l (marks);
END;
COMMENT ON FUNCTION weekday_counts(text, text, integer[]) IS
'What weekday_absence() is made of, a row for each register, day of the week and session, and a row of the enrolments '
'alone. 22023 for what is no period, population or school';

CREATE FUNCTION weekday_absence(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (weekday integer, session text, enrolments bigint, possible bigint, absent bigint, authorised bigint,
        unauthorised bigint, absence_percent numeric, authorised_percent numeric, unauthorised_percent numeric,
        difference numeric)
    LANGUAGE sql STABLE ROWS 18
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (SELECT c.* FROM weekday_counts(period, population, schools) c),
    summed AS (
        SELECT c.weekday, c.session, tally_agg(c.tally) AS tally
        FROM counted c
        WHERE c.weekday IS NOT NULL
        GROUP BY GROUPING SETS ((c.weekday, c.session), (c.weekday), (c.session), ())),
    whole AS (SELECT sum(c.enrolments)::bigint AS enrolments FROM counted c)
    SELECT s.weekday, s.session, w.enrolments, possible(s.tally), absent(s.tally),
        authorised(s.tally), unauthorised(s.tally), absence_rate(s.tally), authorised_rate(s.tally),
        unauthorised_rate(s.tally), absence_rate(s.tally) - absence_rate(a.tally)
    FROM summed s
    JOIN summed a ON a.weekday IS NULL AND a.session IS NULL
    CROSS JOIN whole w
    ORDER BY s.weekday, s.session;
END;
COMMENT ON FUNCTION weekday_absence(text, text, integer[]) IS
'Absence by day of the week (1 is Monday) and session (AM, PM); NULL stands for all days or both sessions. difference: '
'percentage points above the rate of all. enrolments: those with a possible session in the period. 22023 for what is '
'no period or population';

CREATE VIEW school_edge_day WITH (security_invoker = true) AS
    WITH held AS (
        SELECT d.school_urn, d.academic_year, d.day, t.term, t.half,
            lag(d.day) OVER w AS previous_day, lag(t.term) OVER w AS previous_term, lag(t.half) OVER w AS previous_half,
            lead(d.day) OVER w AS next_day, lead(t.term) OVER w AS next_term, lead(t.half) OVER w AS next_half
        FROM school_day d
        LEFT JOIN term_date t ON t.school_urn = d.school_urn AND t.academic_year = d.academic_year
            AND d.day >= t.first_day AND d.day <= t.last_day
        WHERE d.morning OR d.afternoon
        WINDOW w AS (PARTITION BY d.school_urn, d.academic_year ORDER BY d.day))
    SELECT e.school_urn, e.academic_year, e.day, e.place,
        ('{first day of term,last day of term,last day before half term,first day after half term,'
            'last day before a weekend,first day after a weekend}'::text[])[e.place] AS edge
    FROM (
        SELECT h.school_urn, h.academic_year, h.day, unnest(array_remove(ARRAY[
            CASE WHEN coalesce(h.previous_term <> h.term, h.previous_day IS NULL) THEN 1 END,
            CASE WHEN coalesce(h.next_term <> h.term, h.next_day IS NULL) THEN 2 END,
            CASE WHEN h.next_term = h.term AND h.next_half <> h.half THEN 3 END,
            CASE WHEN h.previous_term = h.term AND h.previous_half <> h.half THEN 4 END,
            CASE WHEN coalesce(h.next_term = h.term AND h.next_half = h.half, h.next_day IS NOT NULL)
                AND date_trunc('week', h.next_day::timestamp) > date_trunc('week', h.day::timestamp) THEN 5 END,
            CASE WHEN coalesce(h.previous_term = h.term AND h.previous_half = h.half, h.previous_day IS NOT NULL)
                AND date_trunc('week', h.previous_day::timestamp) < date_trunc('week', h.day::timestamp) THEN 6 END],
            NULL)) AS place
        FROM held h) AS e
    UNION
    SELECT c.school_urn, c.academic_year, n.day, n.place, n.side || c.closure
    FROM school_day c
    LEFT JOIN term_date t ON t.school_urn = c.school_urn AND t.academic_year = c.academic_year
        AND c.day >= t.first_day AND c.day <= t.last_day
    CROSS JOIN LATERAL (
        (SELECT d.day, 7 AS place, 'last day before '::text AS side FROM school_day d
         WHERE d.school_urn = c.school_urn AND d.academic_year = c.academic_year AND d.day < c.day
            AND (d.morning OR d.afternoon) AND coalesce(d.day >= t.first_day, true)
         ORDER BY d.day DESC LIMIT 1)
        UNION ALL
        (SELECT d.day, 8 AS place, 'first day after '::text AS side FROM school_day d
         WHERE d.school_urn = c.school_urn AND d.academic_year = c.academic_year AND d.day > c.day
            AND (d.morning OR d.afternoon) AND coalesce(d.day <= t.last_day, true)
         ORDER BY d.day LIMIT 1)) AS n
    WHERE NOT c.morning AND NOT c.afternoon;
COMMENT ON VIEW school_edge_day IS
'School days at an edge: the first and last of a term, before and after half term, weekends and closures (INSET, a '
'bank holiday: school_day.closure). A day may be at several; beside a holiday it is not at a weekend too. Half terms '
'are those of term_date';

CREATE FUNCTION edge_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (place integer, edge text, school_days bigint, tally attendance_tally, enrolments bigint)
    LANGUAGE sql STABLE ROWS 12
BEGIN ATOMIC
    WITH line AS MATERIALIZED (SELECT g.school_urn, g.lines FROM school_lines(period, population, schools) g),
    on_day AS MATERIALIZED (
        SELECT g.school_urn, r.day, tally_agg(r.tally) AS tally
        FROM line g CROSS JOIN LATERAL group_session_tallies(g.lines) r
        GROUP BY g.school_urn, r.day),
    edge_day AS MATERIALIZED (
        SELECT e.school_urn, e.day, e.place, e.edge FROM school_edge_day e
        WHERE e.academic_year = ANY (period_years(period)) AND is_one_of(e.school_urn, schools))
    SELECT e.place, e.edge, count(*), tally_agg(o.tally), NULL::bigint AS enrolments
    FROM on_day o JOIN edge_day e ON e.school_urn = o.school_urn AND e.day = o.day
    GROUP BY e.place, e.edge
    UNION ALL
    SELECT 9 AS place, 'days at no edge'::text, count(*), tally_agg(o.tally), NULL::bigint AS enrolments
    FROM on_day o
    WHERE NOT EXISTS (SELECT FROM edge_day e WHERE e.school_urn = o.school_urn AND e.day = o.day)
    UNION ALL
    SELECT 10 AS place, 'all days'::text, count(*), tally_agg(o.tally), (
        SELECT enrolments(cohort_agg(l.marks)) FROM line g CROSS JOIN LATERAL unnest(g.lines) AS l (marks))
    FROM on_day o;
END;
COMMENT ON FUNCTION edge_counts(text, text, integer[]) IS
'What edge_days() is made of, a row for each register and edge, the days at no edge (place 9) and all days (10), where '
'the enrolments are. 22023 for what is no period, population or school';

CREATE FUNCTION edge_days(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (edge text, school_days bigint, enrolments bigint, possible bigint, absent bigint, authorised bigint,
        unauthorised bigint, absence_percent numeric, authorised_percent numeric, unauthorised_percent numeric,
        difference numeric)
    LANGUAGE sql STABLE ROWS 12
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (
        SELECT c.place, c.edge, sum(c.school_days)::bigint AS school_days, tally_agg(c.tally) AS tally,
            sum(c.enrolments)::bigint AS enrolments
        FROM edge_counts(period, population, schools) c
        GROUP BY c.place, c.edge)
    SELECT c.edge, c.school_days, a.enrolments, possible(c.tally), absent(c.tally),
        authorised(c.tally), unauthorised(c.tally), absence_rate(c.tally), authorised_rate(c.tally),
        unauthorised_rate(c.tally), absence_rate(c.tally) - absence_rate(a.tally)
    FROM counted c
    JOIN counted a ON a.place = 10
    ORDER BY c.place, c.edge;
END;
COMMENT ON FUNCTION edge_days(text, text, integer[]) IS
'Absence on days at the edges of weeks, half terms, terms and closures: see school_edge_day. A day at several edges '
'counts at each. school_days: days of schools; difference: percentage points above the rate of all days. 22023 for '
'what is no period or population';

CREATE FUNCTION weeks_of_last_year(period text) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- days more would be another year of lines to read
    SELECT period_of(daterange(min(y.week), max(y.week) + 7))
    FROM read_period(period) p
    CROSS JOIN LATERAL (VALUES (lower(p.days) + 6), (greatest(upper(p.days) - 5, lower(p.days) + 6))) AS d (day)
    CROSS JOIN LATERAL (SELECT to_date(to_char(d.day, 'IYYY')::integer - 1 || to_char(d.day, 'IW'), 'IYYYIW') AS week)
        AS y
    HAVING count(p.days) > 0;
END;
COMMENT ON FUNCTION weeks_of_last_year(text) IS
'A period of the weeks of the same ISO number, a year before those that are in a period as a whole, or before the '
'first that begins in it. NULL for NULL; 22023 for what is no period';

CREATE FUNCTION week_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    tell boolean DEFAULT true)
    RETURNS TABLE (week date, tally attendance_tally, enrolments bigint)
    LANGUAGE sql STABLE ROWS 40
BEGIN ATOMIC
    SELECT r.week, tally_agg(r.tally), sum(r.enrolments)::bigint
    FROM school_lines(period, population, schools, week_counts.tell) g
    CROSS JOIN LATERAL group_weekly_tallies(g.lines) r
    GROUP BY r.week;
END;
COMMENT ON FUNCTION week_counts(text, text, integer[], boolean) IS
'What weekly_trend() is made of, a row for each register and week, by the date of its Monday: the tally of its marks, '
'and the enrolments with a possible session in it. tell: warn as report_line() does. 22023 for what is no period, '
'population or school';

CREATE FUNCTION published_weeks(geographic_level text, area_code text, phase text)
    RETURNS TABLE (week date, rate numeric)
    LANGUAGE sql STABLE ROWS 40
BEGIN ATOMIC
    SELECT lower(r.days), r.rate
    FROM benchmark_rates('overall_absence_perc', 'daily') r
    WHERE r.geographic_level = published_weeks.geographic_level AND r.area_code = published_weeks.area_code
        AND r.phase = published_weeks.phase AND r.days = daterange(lower(r.days), lower(r.days) + 7)
        AND known_choice(published_weeks.geographic_level, 'National', 'Regional', 'Local authority', 'MAT', 'School')
        AND known_choice(published_weeks.phase, 'Total', 'Primary', 'Secondary', 'Special', 'Alternative provision');
END;
COMMENT ON FUNCTION published_weeks(text, text, text) IS
'The published absence of an area and phase in each week of the daily series that is imported, by the date of its '
'first day: percent. No rows for NULL and for an area that nothing is published of; 22023 for another level or phase';

CREATE FUNCTION weekly_trend(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    geographic_level text DEFAULT 'National', area_code text DEFAULT 'E92000001', phase text DEFAULT 'Total')
    RETURNS TABLE (week date, iso_year integer, iso_week integer, enrolments bigint, possible bigint, absent bigint,
        absence_percent numeric, last_year_week date, last_year_enrolments bigint, last_year_possible bigint,
        last_year_absent bigint, last_year_absence_percent numeric, benchmark_percent numeric)
    LANGUAGE sql STABLE ROWS 40
BEGIN ATOMIC
    WITH this_year AS (
        SELECT r.week, extract(isoyear FROM r.week)::integer AS iso_year,
            extract(week FROM r.week)::integer AS iso_week, tally_agg(r.tally) AS tally,
            sum(r.enrolments)::bigint AS enrolments
        FROM week_counts(period, population, schools) r
        GROUP BY r.week),
    last_year AS (
        SELECT extract(isoyear FROM r.week)::integer AS iso_year, extract(week FROM r.week)::integer AS iso_week,
            r.week, tally_agg(r.tally) AS tally, sum(r.enrolments)::bigint AS enrolments
        -- a school that became an academy goes on
        FROM week_counts((SELECT weeks_of_last_year(period)), population, (SELECT with_predecessors(schools)),
            tell => false) r
        GROUP BY r.week)
    SELECT t.week, t.iso_year, t.iso_week, t.enrolments, possible(t.tally), absent(t.tally), absence_rate(t.tally),
        l.week, l.enrolments, possible(l.tally), absent(l.tally), absence_rate(l.tally),
        b.rate
    FROM this_year t
    -- a part of a week is not compared with whole ones
    CROSS JOIN LATERAL (SELECT p.days @> daterange(t.week, t.week + 5) AS is_whole FROM read_period(period) p) AS w
    LEFT JOIN last_year l ON w.is_whole AND l.iso_year = t.iso_year - 1 AND l.iso_week = t.iso_week
    LEFT JOIN (
        SELECT r.week, max(r.rate) AS rate FROM published_weeks(geographic_level, area_code, phase) r
        GROUP BY r.week) b ON w.is_whole AND b.week = t.week
    WHERE known_area(geographic_level, area_code, phase)
    ORDER BY t.week;
END;
COMMENT ON FUNCTION weekly_trend(text, text, integer[], text, text, text) IS
'Absence by ISO week, beside the week of the same number a year before, with that of the schools that these continue '
'(NULL if there is none, as for most weeks 53), '
'and the published rate of an area and phase in that week (overall_absence_perc of the daily series, see '
'benchmark_rate(); NULL if it was not imported); both only for weeks that are in the period from Monday to Friday. '
'enrolments: those with a possible session in the week. 22023 for what is no period or population';

CREATE FUNCTION heat_map_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (week date, day date, tally attendance_tally, enrolments bigint)
    LANGUAGE sql STABLE ROWS 240
BEGIN ATOMIC
    WITH line AS MATERIALIZED (SELECT g.lines FROM school_lines(period, population, schools) g)
    SELECT date_trunc('week', r.day::timestamp)::date, r.day, tally_agg(r.tally), NULL::bigint AS enrolments
    FROM line g CROSS JOIN LATERAL group_session_tallies(g.lines) r
    GROUP BY r.day
    UNION ALL
    SELECT r.week, NULL::date AS day, NULL::attendance_tally AS tally, sum(r.enrolments)::bigint
    FROM line g CROSS JOIN LATERAL group_weekly_tallies(g.lines) r
    GROUP BY r.week;
END;
COMMENT ON FUNCTION heat_map_counts(text, text, integer[]) IS
'What heat_map_weekdays() is made of, a row for each register and school day, with the Monday of its week, and a row '
'for each week with the enrolments alone. 22023 for what is no period, population or school';

CREATE FUNCTION heat_map_weekdays(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (week date, weekday integer, enrolments bigint, possible bigint, absent bigint,
        absence_percent numeric)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (
        SELECT c.week, c.day, tally_agg(c.tally) AS tally, sum(c.enrolments)::bigint AS enrolments
        FROM heat_map_counts(period, population, schools) c
        GROUP BY c.week, c.day)
    SELECT o.week, extract(isodow FROM o.day)::integer, w.enrolments, possible(o.tally), absent(o.tally),
        absence_rate(o.tally)
    FROM counted o JOIN counted w ON w.week = o.week AND w.day IS NULL
    WHERE o.day IS NOT NULL
    ORDER BY 1, 2;
END;
COMMENT ON FUNCTION heat_map_weekdays(text, text, integer[]) IS
'Absence of each school day, as a grid of weeks (the date of their Monday) by days of the week (1 is Monday). '
'enrolments: those with a possible session in the week. 22023 for what is no period or population';

CREATE FUNCTION heat_map_pupils(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    only_group text DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, surname text, forename text, registration_group text, week date,
        possible bigint, absent bigint, absence_percent numeric)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT l.school_urn, l.pupil_id, u.surname, u.forename, l.registration_group, w.week, possible(w.tally),
        absent(w.tally), absence_rate(w.tally)
    FROM report_line(period, population, schools) l
    JOIN pupil u ON u.pupil_id = l.pupil_id
    CROSS JOIN LATERAL weekly_tallies(slice(l.marks, l.days)) w
    WHERE (only_group IS NULL OR l.registration_group = only_group) AND known_group(only_group, schools);
END;
COMMENT ON FUNCTION heat_map_pupils(text, text, integer[], text) IS
'Absence of each pupil in each week (the date of its Monday), of all registration groups or of one. Ask for a school: '
'it is a row for each pupil and week. 22023 for what is no period, population or registration group';
