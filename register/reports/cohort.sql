-- Cohorts: who belongs to which group, and how the groups compare.

CREATE FUNCTION cohort_names() RETURNS text[]
    LANGUAGE sql STABLE
    RETURN ARRAY['all pupils', 'year group', 'sex', 'registration group', 'area']
        || ARRAY(SELECT c.characteristic FROM characteristic c ORDER BY c.characteristic_key);
COMMENT ON FUNCTION cohort_names() IS 'The cohorts that there are, as report_cohort() takes them';

CREATE FUNCTION characteristic_names() RETURNS TABLE (characteristic text, place integer)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    SELECT c.characteristic, c.characteristic_key FROM characteristic c;
END;
COMMENT ON FUNCTION characteristic_names() IS 'The characteristics of pupils that a register knows, in an order';

CREATE FUNCTION known_cohorts(cohorts text[]) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN read_choices(cohorts, ARRAY['all pupils', 'year group', 'sex', 'registration group', 'area']
        || ARRAY(SELECT n.characteristic FROM characteristic_names() n
            GROUP BY n.characteristic ORDER BY min(n.place), n.characteristic)) IS NOT NULL;
COMMENT ON FUNCTION known_cohorts(text[]) IS
'True if some names are of cohorts, as cohorts() takes them. False for NULL; 22023, with those that there are, '
'otherwise';

CREATE FUNCTION held_line(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        cohorts text[] DEFAULT NULL, held text DEFAULT 'last day')
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, year_group text, sex text, class text,
        tally attendance_tally, held_from date, held_to date)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT l.school_urn, l.academic_year, l.pupil_id, coalesce(l.year_group, 'none'), coalesce(l.sex, 'none'),
        CASE WHEN l.classes THEN l.school_urn::text || ' ' || coalesce(l.registration_group, 'none') END,
        l.tally, coalesce(l.day, lower(l.days)), coalesce(l.day, upper(l.days) - 1)
    FROM (
        SELECT r.*, tally(r.marks, r.days) AS tally, a.classes,
            characteristic_day(a.held, r.academic_year, r.days, first_day(r.marks), a.today) AS day
        -- what is the same for all lines is computed once
        FROM (SELECT read_choice(held_line.held, 'last day', 'census', 'any time') AS held,
            (now() AT TIME ZONE 'Europe/London')::date AS today,
            CASE WHEN cohorts IS NULL THEN cardinality(schools) = 1
                ELSE 'registration group' = ANY (cohorts) END AS classes OFFSET 0) a
        CROSS JOIN report_line(period, population, schools) r
        -- a name that there is not is a mistake
        WHERE cohorts IS NULL OR (SELECT read_choices(cohorts, cohort_names())) IS NOT NULL
        OFFSET 0) l;
END;
COMMENT ON FUNCTION held_line(text, text, integer[], text[], text) IS
'The lines of report_line() for report_cohort(), with their tallies in the period, class (the registration group with '
'the URN of the school) if it is asked for, and the days on which a characteristic has to hold to count. No rows for a '
'NULL period; 22023 for what is no period, population, school, cohort or moment';

CREATE FUNCTION line_cohort(year_group text, sex text, class text, cohorts text[])
    RETURNS TABLE (cohort text, value text)
    LANGUAGE sql IMMUTABLE ROWS 4
BEGIN ATOMIC
    SELECT c.cohort, c.value
    FROM (VALUES ('all pupils', 'all'), ('year group', line_cohort.year_group), ('sex', line_cohort.sex),
        ('registration group', line_cohort.class)) AS c (cohort, value)
    WHERE c.value IS NOT NULL AND (cohorts IS NULL OR c.cohort = ANY (cohorts));
END;
COMMENT ON FUNCTION line_cohort(text, text, text, text[]) IS
'For report_cohort(): the cohorts that a line of held_line() itself says that it is in. cohorts: which ones, NULL for '
'all. No row for what is NULL';

CREATE FUNCTION pupil_cohort(pupil_id bigint, held_from date, held_to date, cohorts text[])
    RETURNS TABLE (cohort text, value text, first_value boolean)
    LANGUAGE sql STABLE ROWS 5
BEGIN ATOMIC
    SELECT c.characteristic AS cohort, c.value, held_from = held_to OR NOT EXISTS (
        SELECT FROM pupil_characteristic o
        WHERE o.pupil_id = c.pupil_id AND o.characteristic = c.characteristic AND o.from_day < c.from_day
            AND coalesce(o.to_day >= held_from, true)) AS first_value
    FROM pupil_characteristic c
    WHERE c.pupil_id = pupil_cohort.pupil_id AND c.from_day <= held_to AND coalesce(c.to_day >= held_from, true)
        AND CASE WHEN cohorts IS NULL THEN true ELSE c.characteristic = ANY (cohorts) END
        AND (cohorts IS NULL OR NOT cohorts <@ '{all pupils,year group,sex,registration group,area}')
        -- a value that comes again counts once
        AND (held_from = held_to OR NOT EXISTS (
            SELECT FROM pupil_characteristic o
            WHERE o.pupil_id = c.pupil_id AND o.characteristic = c.characteristic AND o.value = c.value
                AND o.from_day < c.from_day AND coalesce(o.to_day >= held_from, true)))
    UNION ALL
    -- constants have names, so that the function is the same after a dump
    SELECT 'area' AS cohort, coalesce(a.area, 'none') AS value, true AS first_value
    FROM (VALUES (true)) AS p (is_asked)
    LEFT JOIN LATERAL (
        SELECT h.area
        FROM (
            -- an address holds until the next one, so on one day the last counts
            SELECT d.area, d.from_day, d.to_day FROM pupil_address d
            WHERE d.pupil_id = pupil_cohort.pupil_id AND NOT d.in_addition AND d.from_day <= held_to
            ORDER BY d.from_day DESC LIMIT CASE WHEN held_from = held_to THEN 1 END) h
        WHERE h.area IS NOT NULL AND coalesce(h.to_day >= held_from, true)
            AND (held_from = held_to OR NOT EXISTS (
                SELECT FROM pupil_address n
                WHERE n.pupil_id = pupil_cohort.pupil_id AND NOT n.in_addition AND n.from_day > h.from_day
                    AND n.from_day <= held_to AND (n.from_day <= held_from OR n.area = h.area)))) a ON true
    WHERE CASE WHEN cohorts IS NULL THEN EXISTS (SELECT FROM pupil_address d WHERE d.area IS NOT NULL)
        ELSE 'area' = ANY (cohorts) END;
END;
COMMENT ON FUNCTION pupil_cohort(bigint, date, date, text[]) IS
'For report_cohort(): the values of characteristics, and the areas, that a pupil has at some time of the days from one '
'to another. Of an area none for a pupil without, of a characteristic no row; first_value is false where the pupil has '
'had another value of it before in the days. cohorts: which ones, NULL for all. No rows for NULL days';

CREATE FUNCTION cohort_group(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        cohorts text[] DEFAULT NULL, held text DEFAULT 'last day', by_school boolean DEFAULT false)
    RETURNS TABLE (school_urn integer, cohort text, value text, these cohort_summary, firsts cohort_summary)
    LANGUAGE sql STABLE ROWS 300
    -- the planner expects a line or two of report_line(), and would sort all by the texts of their cohorts
    SET enable_sort = off SET jit = off
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (
        -- each line once for what it says itself, without a cohort, and once for each cohort that is looked up
        SELECT CASE WHEN by_school THEN l.school_urn END AS school_urn, c.cohort, c.value,
            CASE WHEN c.cohort IS NULL THEN l.year_group END AS year_group,
            CASE WHEN c.cohort IS NULL THEN l.sex END AS sex, CASE WHEN c.cohort IS NULL THEN l.class END AS class,
            cohort_agg(l.tally) AS these, cohort_agg(l.tally) FILTER (WHERE c.first_value) AS firsts
        FROM held_line(period, population, schools, cohorts, held) l
        CROSS JOIN LATERAL (
            SELECT NULL::text AS cohort, NULL::text AS value, true AS first_value
            UNION ALL
            SELECT p.cohort, p.value, p.first_value
            FROM pupil_cohort(l.pupil_id, l.held_from, l.held_to, cohorts) p) c
        GROUP BY 1, 2, 3, 4, 5, 6)
    SELECT g.school_urn, c.cohort, c.value, cohort_agg(g.these) AS these, cohort_agg(g.these) AS firsts
    FROM counted g CROSS JOIN LATERAL line_cohort(g.year_group, g.sex, g.class, cohorts) c
    WHERE g.cohort IS NULL
    GROUP BY g.school_urn, c.cohort, c.value
    UNION ALL
    SELECT g.school_urn, g.cohort, g.value, g.these, g.firsts FROM counted g WHERE g.cohort IS NOT NULL;
END;
COMMENT ON FUNCTION cohort_group(text, text, integer[], text[], text, boolean) IS
'The groups of report_cohort(), of all schools together or, by_school, of each, without those who have not a '
'characteristic: a line is counted once for each of its cohorts. firsts: those whose first value in the period it is, '
'so that each pupil is once in them. No rows for a NULL period; 22023 for what is no period, population, school, '
'cohort or moment';

CREATE FUNCTION report_cohort(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        cohorts text[] DEFAULT NULL, held text DEFAULT 'last day')
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, cohort text, value text,
        tally attendance_tally)
    LANGUAGE sql STABLE ROWS 300000
BEGIN ATOMIC
    WITH line AS MATERIALIZED (SELECT l.* FROM held_line(period, population, schools, cohorts, held) l)
    SELECT l.school_urn, l.academic_year, l.pupil_id, c.cohort, c.value, l.tally
    FROM line l CROSS JOIN LATERAL line_cohort(l.year_group, l.sex, l.class, cohorts) c
    UNION ALL
    SELECT l.school_urn, l.academic_year, l.pupil_id, c.cohort, c.value, l.tally
    FROM line l CROSS JOIN LATERAL pupil_cohort(l.pupil_id, l.held_from, l.held_to, cohorts) c
    UNION ALL
    SELECT l.school_urn, l.academic_year, l.pupil_id, c.characteristic, 'none' AS value, l.tally
    FROM line l
    JOIN characteristic c ON CASE WHEN cohorts IS NULL
            THEN c.characteristic IN (SELECT DISTINCT p.characteristic FROM pupil_characteristic p)
            ELSE c.characteristic = ANY (cohorts) END
    WHERE NOT EXISTS (
        SELECT FROM pupil_characteristic p
        WHERE p.pupil_id = l.pupil_id AND p.characteristic = c.characteristic AND p.from_day <= l.held_to
            AND coalesce(p.to_day >= l.held_from, true));
END;
COMMENT ON FUNCTION report_cohort(text, text, integer[], text[], text) IS
'The lines of report_line() with their tallies in the period, once for each cohort that they are in: all pupils, year '
'group, sex, registration group (with the URN of the school), area (the neighbourhood of pupil_address, not of '
'addresses in addition) and those of the table characteristic; none for a pupil without. cohorts: which ones, NULL for '
'all that pupils have, registration groups only of a single school. held: when a characteristic or an address has to '
'hold, last day, census or any time, as in characteristic_days(); the official figures take characteristics once a '
'year, from the earliest census; at any time a pupil may have several values. No rows for a NULL period; 22023 for '
'what is no period, population, school, cohort or moment';

CREATE FUNCTION cohort_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        cohorts text[] DEFAULT NULL, held text DEFAULT 'last day')
    RETURNS TABLE (cohort text, value text, these cohort_summary, firsts cohort_summary)
    LANGUAGE sql STABLE ROWS 300
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (
        SELECT g.cohort, g.value, g.these, g.firsts
        -- of another register's characteristics nobody here has any
        FROM cohort_group(period, population, schools, CASE WHEN cohorts IS NOT NULL
                THEN ARRAY(SELECT n.name FROM unnest(array_append(cohorts, 'all pupils')) AS n (name)
                    WHERE n.name = ANY (cohort_names())) END, held) g)
    SELECT c.cohort, c.value, c.these, c.firsts FROM counted c
    UNION ALL
    -- others may have areas
    SELECT 'area' AS cohort, NULL AS value, c.these, c.these AS firsts FROM counted c
    WHERE c.cohort = 'all pupils' AND cohorts IS NULL
        AND NOT EXISTS (SELECT FROM pupil_address d WHERE d.area IS NOT NULL);
END;
COMMENT ON FUNCTION cohort_counts(text, text, integer[], text[], text) IS
'What cohorts() is made of: the groups of cohort_group(), all pupils always among them, and all pupils as an area that '
'is NULL where a register has no areas and is not asked for them. A cohort that the register does not know has no '
'rows. 22023 for what is no period, population, school or moment';

CREATE FUNCTION cohorts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        cohorts text[] DEFAULT NULL, held text DEFAULT 'last day')
    RETURNS TABLE (cohort text, value text, enrolments bigint, possible bigint, absent bigint, absence_percent numeric,
        unauthorised bigint, unauthorised_percent numeric, persistently_absent bigint,
        persistent_absence_percent numeric, severely_absent bigint, severe_absence_percent numeric,
        rest_enrolments bigint, rest_possible bigint, rest_absent bigint, rest_absence_percent numeric,
        absence_gap numeric, rest_persistently_absent bigint, rest_persistent_absence_percent numeric,
        persistent_absence_gap numeric, roll_share_percent numeric, missed_share_percent numeric)
    LANGUAGE sql STABLE ROWS 60
BEGIN ATOMIC
    WITH told AS MATERIALIZED (
        SELECT c.cohort, c.value, c.these, c.firsts FROM cohort_counts(period, population, schools, cohorts, held) c
        WHERE cohorts IS NULL OR (SELECT known_cohorts(cohorts))),
    counted AS MATERIALIZED (
        SELECT t.cohort, coalesce(t.value, 'none') AS value, cohort_agg(t.these) AS these,
            cohort_agg(t.firsts) AS firsts
        FROM told t
        WHERE (t.value IS NOT NULL OR EXISTS (SELECT FROM told o WHERE o.cohort = 'area' AND o.value IS NOT NULL))
            AND (cohorts IS NOT NULL OR t.cohort <> 'registration group' OR cardinality(schools) = 1)
        GROUP BY t.cohort, coalesce(t.value, 'none')),
    characteristic AS (
        SELECT n.name
        FROM (SELECT c.cohort AS name FROM counted c WHERE cohorts IS NULL UNION SELECT unnest(cohorts)) AS n
        WHERE n.name NOT IN ('all pupils', 'year group', 'sex', 'registration group', 'area')),
    figure AS (
        SELECT c.cohort, c.value, enrolments(c.these) AS enrolments, possible(tally(c.these)) AS possible,
            absent(tally(c.these)) AS absent, unauthorised(tally(c.these)) AS unauthorised,
            p.persistently_absent, p.severely_absent
        FROM counted c CROSS JOIN LATERAL cohort_persistence(c.these,
            (SELECT states_persistent_absence(period, schools))) p
        UNION ALL
        -- those who have no value of a characteristic are what is left of all
        SELECT h.name, 'none' AS value, enrolments(a.these) - coalesce(enrolments(o.some), 0),
            possible(tally(a.these)) - coalesce(possible(tally(o.some)), 0),
            absent(tally(a.these)) - coalesce(absent(tally(o.some)), 0),
            unauthorised(tally(a.these)) - coalesce(unauthorised(tally(o.some)), 0),
            p.persistently_absent - coalesce(persistently_absent(o.some), 0),
            p.severely_absent - coalesce(severely_absent(o.some), 0)
        FROM counted a CROSS JOIN LATERAL cohort_persistence(a.these,
            (SELECT states_persistent_absence(period, schools))) p
        CROSS JOIN characteristic h
        LEFT JOIN (SELECT c.cohort, cohort_agg(c.firsts) AS some FROM counted c GROUP BY c.cohort) o
            ON o.cohort = h.name
        WHERE a.cohort = 'all pupils')
    SELECT f.cohort, f.value, f.enrolments, f.possible, f.absent, percent_of(f.absent, f.possible),
        f.unauthorised, percent_of(f.unauthorised, f.possible),
        f.persistently_absent, percent_of(f.persistently_absent, f.enrolments),
        f.severely_absent, percent_of(f.severely_absent, f.enrolments),
        a.enrolments - f.enrolments, a.possible - f.possible, a.absent - f.absent,
        percent_of(a.absent - f.absent, a.possible - f.possible),
        percent_of(f.absent, f.possible) - percent_of(a.absent - f.absent, a.possible - f.possible),
        a.persistently_absent - f.persistently_absent,
        percent_of(a.persistently_absent - f.persistently_absent, a.enrolments - f.enrolments),
        percent_of(f.persistently_absent, f.enrolments)
            - percent_of(a.persistently_absent - f.persistently_absent, a.enrolments - f.enrolments),
        percent_of(f.enrolments, a.enrolments), percent_of(f.absent, a.absent)
    FROM figure f JOIN figure a ON a.cohort = 'all pupils'
    WHERE cohorts IS NULL OR f.cohort = ANY (cohorts)
    ORDER BY f.cohort <> 'all pupils', f.cohort, f.value = 'none', year_group_number(f.value) NULLS LAST, f.value;
END;
COMMENT ON FUNCTION cohorts(text, text, integer[], text[], text) IS
'Absence, persistent and severe absence of each group of pupils, of its rest (all others of the same period, '
'population and schools), the gaps between them in percentage points (positive if the group is absent more), and the '
'shares of the group in the enrolments and in the sessions missed. cohorts and held as in report_cohort(). Percentages '
'0 to 100, NULL where nobody is, and persistence for a day or a week; no rows for a NULL period; 22023 for what is no '
'period, population, school, cohort or moment';

CREATE FUNCTION crossing_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        first_cohort text DEFAULT 'fsm', second_cohort text DEFAULT 'sen', held text DEFAULT 'last day')
    RETURNS TABLE (first_value text, second_value text, these cohort_summary)
    LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
    WITH line AS (
        -- a line has its tally in each of its rows
        SELECT coalesce(array_agg(l.value) FILTER (WHERE l.cohort = first_cohort), ARRAY['none']) AS firsts,
            coalesce(array_agg(l.value) FILTER (WHERE l.cohort = second_cohort), ARRAY['none']) AS seconds,
            (array_agg(l.tally))[1] AS tally
        -- of another register's characteristics nobody here has any
        FROM report_cohort(period, population, schools,
            ARRAY(SELECT n.name FROM unnest(ARRAY['all pupils', first_cohort, second_cohort]) AS n (name)
                WHERE n.name = ANY (cohort_names())), held) l
        GROUP BY l.school_urn, l.academic_year, l.pupil_id)
    SELECT f.value AS first_value, s.value AS second_value, cohort_agg(l.tally) AS these
    FROM line l CROSS JOIN LATERAL unnest(l.firsts) AS f (value) CROSS JOIN LATERAL unnest(l.seconds) AS s (value)
    WHERE first_cohort IS NOT NULL AND second_cohort IS NOT NULL
    GROUP BY f.value, s.value
    UNION ALL
    SELECT NULL AS first_value, NULL AS second_value, cohort_agg(l.tally) AS these FROM line l;
END;
COMMENT ON FUNCTION crossing_counts(text, text, integer[], text, text, text) IS
'What cohort_crossing() is made of: the pupils of each two groups, and with NULL for both values all pupils of the '
'report. Whoever is in no group of a cohort has the value none. 22023 for what is no period, population, school or '
'moment';

CREATE FUNCTION cohort_crossing(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        first_cohort text DEFAULT 'fsm', second_cohort text DEFAULT 'sen', held text DEFAULT 'last day')
    RETURNS TABLE (first_value text, second_value text, enrolments bigint, possible bigint, absent bigint,
        absence_percent numeric, persistently_absent bigint, persistent_absence_percent numeric, severely_absent bigint,
        severe_absence_percent numeric, absence_gap numeric, roll_share_percent numeric, missed_share_percent numeric)
    LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (
        SELECT c.first_value, c.second_value, cohort_agg(c.these) AS these
        FROM crossing_counts(period, population, schools, first_cohort, second_cohort, held) c
        WHERE (SELECT known_cohorts(array_remove(ARRAY[first_cohort, second_cohort], NULL)))
        GROUP BY c.first_value, c.second_value),
    everybody AS (
        SELECT enrolments(c.these) AS enrolments, possible(tally(c.these)) AS possible, absent(tally(c.these)) AS absent
        FROM counted c WHERE c.first_value IS NULL)
    SELECT c.first_value, c.second_value, enrolments(c.these), possible(tally(c.these)), absent(tally(c.these)),
        absence_rate(tally(c.these)), p.persistently_absent, p.persistent_absence_percent, p.severely_absent,
        p.severe_absence_percent, absence_rate(tally(c.these))
            - percent_of(a.absent - absent(tally(c.these)), a.possible - possible(tally(c.these))),
        percent_of(enrolments(c.these), a.enrolments), percent_of(absent(tally(c.these)), a.absent)
    FROM counted c CROSS JOIN everybody a
    CROSS JOIN LATERAL cohort_persistence(c.these, (SELECT states_persistent_absence(period, schools))) p
    WHERE c.first_value IS NOT NULL
    ORDER BY c.first_value = 'none', year_group_number(c.first_value) NULLS LAST, c.first_value,
        c.second_value = 'none', year_group_number(c.second_value) NULLS LAST, c.second_value;
END;
COMMENT ON FUNCTION cohort_crossing(text, text, integer[], text, text, text) IS
'The pupils who are in a group of one cohort and in a group of another, such as fsm by year group: their absence, its '
'gap in percentage points to all other pupils of the report, and their shares in the enrolments and in the sessions '
'missed. held as in report_cohort(). Percentages 0 to 100, NULL where nobody is, and persistence for a day or a week; '
'no rows for a NULL period or cohort; 22023 for what is no period, population, school, cohort or moment';

CREATE FUNCTION severely_absent_unauthorised(period text, population text DEFAULT 'statutory',
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, possible bigint, absent bigint, absence_percent numeric, unauthorised bigint,
        unauthorised_percent numeric)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    SELECT l.school_urn, l.pupil_id, l.upn, l.surname, l.forename, l.year_group, l.registration_group,
        possible(l.tally), absent(l.tally), absence_rate(l.tally), unauthorised(l.tally), unauthorised_rate(l.tally)
    FROM pupil_line(period, population, schools) l
    WHERE 2 * unauthorised(l.tally) >= possible(l.tally) AND possible(l.tally) > 0
        AND CASE WHEN known_schools(schools) THEN states_persistent_absence(period, schools) END
    ORDER BY unauthorised_rate(l.tally) DESC, l.school_urn, l.pupil_id;
END;
COMMENT ON FUNCTION severely_absent_unauthorised(text, text, integer[]) IS
'The pupils who missed at least half of their possible sessions without authorisation, the most absent first. Where '
'that continues after all support it is likely to constitute neglect: Working together to improve school attendance, '
'2024. No rows for a day or a week, and a NULL period; 22023 for what is no period or population';

CREATE FUNCTION transition_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (from_year_group text, to_year_group text, before cohort_summary, now cohort_summary)
    LANGUAGE sql STABLE ROWS 15
BEGIN ATOMIC
    WITH line AS (
        SELECT l.pupil_id, true AS now, year_group_by_cohort(l.academic_year, l.birth_cohort) AS year_group,
            tally(l.marks, l.days) AS tally
        FROM report_line(period_of_one_year(period), population, schools) l
        UNION ALL
        -- of any school: a pupil of year 7 was at another
        SELECT l.pupil_id, false, year_group_by_cohort(l.academic_year, l.birth_cohort), tally(l.marks, l.days)
        FROM period_line(period_year_before(period), population, NULL) l),
    pupil AS (
        SELECT l.pupil_id, tally_agg(l.tally) FILTER (WHERE NOT l.now) AS before,
            max(l.year_group) FILTER (WHERE NOT l.now) AS from_year_group,
            tally_agg(l.tally) FILTER (WHERE l.now) AS now, max(l.year_group) FILTER (WHERE l.now) AS to_year_group
        FROM line l GROUP BY l.pupil_id)
    SELECT p.from_year_group, p.to_year_group, cohort_agg(p.before), cohort_agg(p.now)
    FROM pupil p WHERE possible(p.before) > 0 AND possible(p.now) > 0
    GROUP BY p.from_year_group, p.to_year_group;
END;
COMMENT ON FUNCTION transition_counts(text, text, integer[]) IS
'What transition_years() is made of, a row for each register and two year groups: the same pupils before and now. '
'22023 for what is no period, population or school, and for days of more than one academic year';

CREATE FUNCTION transition_years(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (from_year_group text, to_year_group text, pupils bigint, possible_before bigint,
        absent_before bigint, absence_percent_before numeric, possible bigint, absent bigint, absence_percent numeric,
        change numeric, persistently_absent_before bigint, persistently_absent bigint,
        persistent_absence_percent_before numeric, persistent_absence_percent numeric,
        persistent_absence_change numeric)
    LANGUAGE sql STABLE ROWS 15
BEGIN ATOMIC
    WITH counted AS (
        SELECT c.from_year_group, c.to_year_group, cohort_agg(c.before) AS before, cohort_agg(c.now) AS now
        FROM transition_counts(period, population, schools) c
        GROUP BY c.from_year_group, c.to_year_group)
    SELECT c.from_year_group, c.to_year_group, enrolments(c.now), possible(tally(c.before)), absent(tally(c.before)),
        absence_rate(tally(c.before)), possible(tally(c.now)), absent(tally(c.now)), absence_rate(tally(c.now)),
        absence_rate(tally(c.now)) - absence_rate(tally(c.before)), b.persistently_absent, n.persistently_absent,
        b.persistent_absence_percent, n.persistent_absence_percent,
        n.persistent_absence_percent - b.persistent_absence_percent
    FROM counted c
    CROSS JOIN LATERAL cohort_persistence(c.before,
        (SELECT states_persistent_absence(period_year_before(period), schools))) b
    CROSS JOIN LATERAL cohort_persistence(c.now, (SELECT states_persistent_absence(period, schools))) n
    ORDER BY year_group_number(c.from_year_group) NULLS LAST, year_group_number(c.to_year_group) NULLS LAST;
END;
COMMENT ON FUNCTION transition_years(text, text, integer[]) IS
'How the absence of the same pupils changes from one year group to the next: of those who had possible sessions in the '
'period and in the same period a year before (period_year_before()), then at any school. schools: where they are now. '
'The year groups are those of their ages (year_group_by_age()), for the one of an enrolment has no date; pupils count '
'once, whatever number of schools they were at. Changes in percentage points; positive is more absence; persistence is '
'NULL for a day or a week. The statutory population has no reception classes, so it begins with year 1 to 2: '
'population all has R to 1. No rows for a NULL period; 22023 for what is no period or population, and for days of more '
'than one academic year';

CREATE FUNCTION cohort_label(cohort text, value text, label text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE cohort WHEN 'year group' THEN CASE value WHEN 'none' THEN 'Year group not known'
        WHEN 'N1' THEN 'Nursery, first year'
                WHEN 'N2' THEN 'Nursery, second year' WHEN 'R' THEN 'Reception' WHEN 'X' THEN 'Not in a year group'
                    ELSE 'Year ' || value END
            WHEN 'sex' THEN CASE value WHEN 'F' THEN 'Girls' WHEN 'M' THEN 'Boys' ELSE 'Sex not known' END
            ELSE CASE WHEN cohort = 'sen' AND value = 'K' THEN 'Special educational needs: support'
                WHEN cohort = 'sen' AND value = 'E' THEN 'Special educational needs: education, health and care plan'
                WHEN cohort = 'social worker' AND value = 'CIN' THEN 'Social worker: child in need'
                WHEN cohort = 'social worker' AND value = 'CP' THEN 'Social worker: child protection plan'
                ELSE coalesce(label, cohort) || CASE value WHEN 'Y' THEN '' WHEN 'none' THEN ': no' ELSE ': '
                    || value END END END;
COMMENT ON FUNCTION cohort_label(text, text, text) IS
'The pupils with a value of a cohort in words, for pages and packs of meetings; label: what the table characteristic '
'calls the cohort. NULL for NULL';
