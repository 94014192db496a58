-- Cohorts: who belongs to which group, and how the groups compare.

CREATE FUNCTION cohort_names() RETURNS text[]
    LANGUAGE sql STABLE
    RETURN ARRAY['all pupils', 'year group', 'sex', 'registration group', 'area']
        || ARRAY(SELECT c.characteristic FROM characteristic c ORDER BY c.characteristic_key);
COMMENT ON FUNCTION cohort_names() IS 'The cohorts that there are, as cohorts() takes them';

CREATE FUNCTION cohort_line(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        cohorts text[] DEFAULT NULL, held text DEFAULT 'last day')
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, cohort text, value text,
        tally attendance_tally, first_value boolean)
    LANGUAGE sql STABLE ROWS 300000
BEGIN ATOMIC
    SELECT l.school_urn, l.academic_year, l.pupil_id, g.cohort, g.value, l.tally, g.first_value
    FROM (SELECT l.*, tally(l.marks, l.days) AS tally,
            characteristic_days(held, l.academic_year, l.days, first_day(l.marks)) AS held_in
        FROM report_line(period, population, schools) l) l
    CROSS JOIN LATERAL (
        SELECT 'all pupils' AS cohort, 'all' AS value, true AS first_value
        -- constants have names, so that the function is the same after a dump
        UNION ALL SELECT 'year group' AS cohort, coalesce(l.year_group, 'none'), true
        UNION ALL SELECT 'sex' AS cohort, coalesce(l.sex, 'none'), true
        UNION ALL SELECT 'registration group' AS cohort, l.school_urn::text || ' ' || coalesce(l.registration_group,
            'none'), true
        UNION ALL
        -- an address holds until the next one
        SELECT DISTINCT 'area' AS cohort, coalesce(a.area, 'none'), true
        FROM (SELECT true) AS one
        LEFT JOIN pupil_address a ON a.pupil_id = l.pupil_id AND a.area IS NOT NULL AND NOT a.in_addition
            AND daterange(a.from_day, least(a.to_day, (
                SELECT min(n.from_day) - 1 FROM pupil_address n
                WHERE n.pupil_id = a.pupil_id AND NOT n.in_addition AND n.from_day > a.from_day)), '[]') && l.held_in
        WHERE cohorts IS NOT NULL OR EXISTS (SELECT FROM pupil_address h WHERE h.area IS NOT NULL)
        UNION ALL
        SELECT p.characteristic, p.value, held <> 'any time' OR NOT EXISTS (
                SELECT FROM pupil_characteristic o
                WHERE o.pupil_id = p.pupil_id AND o.characteristic = p.characteristic AND o.from_day < p.from_day
                    AND daterange(o.from_day, o.to_day, '[]') && l.held_in)
        FROM pupil_characteristic p
        WHERE p.pupil_id = l.pupil_id AND daterange(p.from_day, p.to_day, '[]') && l.held_in
            -- a value that comes again counts once
            AND (held <> 'any time' OR NOT EXISTS (
                SELECT FROM pupil_characteristic o
                WHERE o.pupil_id = p.pupil_id AND o.characteristic = p.characteristic AND o.value = p.value
                    AND o.from_day < p.from_day AND daterange(o.from_day, o.to_day, '[]') && l.held_in))) AS g
    WHERE CASE WHEN cohorts IS NULL THEN g.cohort <> 'registration group' OR cardinality(schools) = 1
        ELSE g.cohort = ANY (cohorts) END
        -- a name that there is not is a mistake; it is looked up once
        AND (cohorts IS NULL
            OR (SELECT read_choices(cohorts, cohort_names())) IS NOT NULL);
END;
COMMENT ON FUNCTION cohort_line(text, text, integer[], text[], text) IS
'As report_cohort(), but without rows for pupils who have not a characteristic; first_value is false where a pupil has '
'had another value of it before in the period';

CREATE FUNCTION report_cohort(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        cohorts text[] DEFAULT NULL, held text DEFAULT 'last day')
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, cohort text, value text,
        tally attendance_tally)
    LANGUAGE sql STABLE ROWS 300000
BEGIN ATOMIC
    SELECT l.school_urn, l.academic_year, l.pupil_id, l.cohort, l.value, l.tally
    FROM cohort_line(period, population, schools, cohorts, held) l
    UNION ALL
    SELECT l.school_urn, l.academic_year, l.pupil_id, c.characteristic, 'none' AS value, tally(l.marks, l.days)
    FROM period_line(period, population, schools) l
    JOIN characteristic c ON CASE WHEN cohorts IS NULL
            THEN c.characteristic IN (SELECT DISTINCT p.characteristic FROM pupil_characteristic p)
            ELSE c.characteristic = ANY (cohorts) END
    WHERE NOT EXISTS (
        SELECT FROM pupil_characteristic p
        WHERE p.pupil_id = l.pupil_id AND p.characteristic = c.characteristic
            AND daterange(p.from_day, p.to_day, '[]')
                && characteristic_days(held, l.academic_year, l.days, first_day(l.marks)));
END;
COMMENT ON FUNCTION report_cohort(text, text, integer[], text[], text) IS
'The lines of report_line() with their tallies in the period, once for each cohort that they are in: all pupils, year '
'group, sex, registration group (with the URN of the school), area (the neighbourhood of pupil_address, not of '
'addresses in addition) and those of the table characteristic; none for a pupil without. cohorts: which ones, NULL for '
'all that pupils have, registration groups only of a single school. held: when a characteristic or an address has to '
'hold, last day, census or any time, as in characteristic_days(); the official figures take characteristics once a '
'year, from the earliest census; at any time a pupil may have several values. No rows for a NULL period; 22023 for '
'what is no period, population, school, cohort or moment';

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
    WITH counted AS MATERIALIZED (
        SELECT l.cohort, l.value, cohort_agg(l.tally) AS these,
            cohort_agg(l.tally) FILTER (WHERE l.first_value) AS firsts
        FROM cohort_line(period, population, schools,
            CASE WHEN cohorts IS NOT NULL THEN array_append(cohorts, 'all pupils') END, held) l
        GROUP BY l.cohort, l.value),
    figure AS (
        SELECT c.cohort, c.value, enrolments(c.these) AS enrolments, possible(tally(c.these)) AS possible,
            absent(tally(c.these)) AS absent, unauthorised(tally(c.these)) AS unauthorised,
            p.persistently_absent, p.severely_absent
        FROM counted c CROSS JOIN LATERAL cohort_persistence(c.these,
            (SELECT states_persistent_absence(period, schools))) p
        UNION ALL
        -- those who have no value of a characteristic are what is left of all
        SELECT h.characteristic, 'none' AS value, enrolments(a.these) - coalesce(enrolments(o.some), 0),
            possible(tally(a.these)) - coalesce(possible(tally(o.some)), 0),
            absent(tally(a.these)) - coalesce(absent(tally(o.some)), 0),
            unauthorised(tally(a.these)) - coalesce(unauthorised(tally(o.some)), 0),
            p.persistently_absent - coalesce(persistently_absent(o.some), 0),
            p.severely_absent - coalesce(severely_absent(o.some), 0)
        FROM counted a CROSS JOIN LATERAL cohort_persistence(a.these,
            (SELECT states_persistent_absence(period, schools))) p
        JOIN characteristic h ON true
        LEFT JOIN (SELECT c.cohort, cohort_agg(c.firsts) AS some FROM counted c GROUP BY c.cohort) o
            ON o.cohort = h.characteristic
        WHERE a.cohort = 'all pupils' AND CASE WHEN cohorts IS NULL THEN o.cohort IS NOT NULL
            ELSE h.characteristic = ANY (cohorts) END)
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

CREATE FUNCTION cohort_crossing(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        first_cohort text DEFAULT 'fsm', second_cohort text DEFAULT 'sen', held text DEFAULT 'last day')
    RETURNS TABLE (first_value text, second_value text, enrolments bigint, possible bigint, absent bigint,
        absence_percent numeric, persistently_absent bigint, persistent_absence_percent numeric, severely_absent bigint,
        severe_absence_percent numeric, absence_gap numeric, roll_share_percent numeric, missed_share_percent numeric)
    LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
    WITH line AS (
        -- a line has its tally in each of its rows
        SELECT array_agg(l.value) FILTER (WHERE l.cohort = first_cohort) AS firsts,
            array_agg(l.value) FILTER (WHERE l.cohort = second_cohort) AS seconds, (array_agg(l.tally))[1] AS tally
        FROM report_cohort(period, population, schools, array_remove(ARRAY['all pupils', first_cohort, second_cohort],
            NULL), held) l
        GROUP BY l.school_urn, l.academic_year, l.pupil_id),
    counted AS MATERIALIZED (
        SELECT f.value AS first_value, s.value AS second_value, cohort_agg(l.tally) AS these
        FROM line l CROSS JOIN LATERAL unnest(l.firsts) AS f (value) CROSS JOIN LATERAL unnest(l.seconds) AS s (value)
        GROUP BY f.value, s.value),
    everybody AS MATERIALIZED (
        SELECT enrolments(a.these) AS enrolments, possible(tally(a.these)) AS possible, absent(tally(a.these)) AS absent
        FROM (SELECT cohort_agg(l.tally) AS these FROM line l) a)
    SELECT c.first_value, c.second_value, enrolments(c.these), possible(tally(c.these)), absent(tally(c.these)),
        absence_rate(tally(c.these)), p.persistently_absent, p.persistent_absence_percent, p.severely_absent,
        p.severe_absence_percent, absence_rate(tally(c.these))
            - percent_of(a.absent - absent(tally(c.these)), a.possible - possible(tally(c.these))),
        percent_of(enrolments(c.these), a.enrolments), percent_of(absent(tally(c.these)), a.absent)
    FROM counted c CROSS JOIN everybody a
    CROSS JOIN LATERAL cohort_persistence(c.these, (SELECT states_persistent_absence(period, schools))) p
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

CREATE FUNCTION transition_years(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (from_year_group text, to_year_group text, pupils bigint, possible_before bigint,
        absent_before bigint, absence_percent_before numeric, possible bigint, absent bigint, absence_percent numeric,
        change numeric, persistently_absent_before bigint, persistently_absent bigint,
        persistent_absence_percent_before numeric, persistent_absence_percent numeric,
        persistent_absence_change numeric)
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
        FROM line l GROUP BY l.pupil_id),
    counted AS (
        SELECT p.from_year_group, p.to_year_group, cohort_agg(p.before) AS before, cohort_agg(p.now) AS now
        FROM pupil p WHERE possible(p.before) > 0 AND possible(p.now) > 0
        GROUP BY p.from_year_group, p.to_year_group)
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
