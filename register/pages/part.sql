-- What report pages have in common: the days that they are about, and sections that several of them have.  The pages
-- set jit = off: each runs many small queries once, and to compile them takes longer than to run them; and
-- client_min_messages: each says itself where there are no sessions, of the period and of those beside it.

CREATE FUNCTION page_days(period text, schools integer[]) RETURNS daterange
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT daterange(min(lower(p.days)), max(upper(p.days))) FROM school_period(period, schools) p HAVING count(*) > 0;
END;
COMMENT ON FUNCTION page_days(text, integer[]) IS
'The days of a period at some schools, the first to the last. NULL if it has none there; 22023 for what is no period';

CREATE FUNCTION page_shown_days(period text, schools integer[]) RETURNS daterange
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN extract(isodow FROM lower(d.days)) = 1 AND upper(d.days) - lower(d.days) = 7 AND NOT EXISTS (
                SELECT FROM school_day s WHERE s.school_urn = ANY (schools)
                    AND s.day IN (upper(d.days) - 1, upper(d.days) - 2)
                    AND (s.morning OR s.afternoon))
            THEN daterange(lower(d.days), lower(d.days) + 5) ELSE d.days END
    FROM (SELECT page_days(period, schools) AS days) d;
END;
COMMENT ON FUNCTION page_shown_days(text, integer[]) IS
'The days of a period as a page names them: a week is Monday to Friday, unless one of the schools is open at its end. '
'NULL if it has none there; 22023 for what is no period';

CREATE FUNCTION page_year(period text, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- not beyond today: what is to come has no marks
    SELECT period_of('year to date',
        least(upper(d.days) - 1, greatest(lower(d.days), (now() AT TIME ZONE 'Europe/London')::date)))
    FROM (SELECT page_days(period, schools) AS days) d;
END;
COMMENT ON FUNCTION page_year(text, integer[]) IS
'The period "year to date" up to the last day of a period at some schools, or to today. NULL if it has no days there; '
'22023 for what is no period';

CREATE FUNCTION page_period_before(period text, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the day is in the term or half term before, or in the holidays after it
    SELECT coalesce(CASE WHEN p.kind IN ('half term', 'term') THEN period_of(p.kind, lower(page_days(period, schools))
            - CASE WHEN p.kind = 'term' OR extract(month FROM lower(page_days(period, schools))) IN (8, 9) THEN 50
                ELSE 15 END) END,
        -- also of a school without term dates
        period_year_before(period))
    FROM read_period(period) p WHERE known_schools(schools);
END;
COMMENT ON FUNCTION page_period_before(text, integer[]) IS
'With what a page compares a period: a term and a half term with the one before it, others with the same a year '
'before. NULL for NULL; 22023 for what is no period';

CREATE FUNCTION page_differences(shown text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN shown || CASE WHEN shown LIKE '<div%'
        THEN html_note('Differences are between unrounded figures, and may not be those of the rounded figures beside '
                       'them.') ELSE '' END;
COMMENT ON FUNCTION page_differences(text) IS
'Of a page: a table with differences, and below it that they are between unrounded figures; nothing below a sentence '
'that stands for a table';

CREATE FUNCTION page_states(period text, population text, schools integer[]) RETURNS boolean
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- what is to date is longer than a week, but at its beginning no more than a week of it is marked
    SELECT states_persistent_absence(period, schools) AND (p.kind NOT LIKE '%to date' OR EXISTS (
        SELECT FROM report_line(period, population, schools) l
        WHERE last_day(slice(l.marks, l.days)) - first_day(slice(l.marks, l.days)) > 6))
    FROM read_period(period) p WHERE read_population(population) IS NOT NULL AND known_schools(schools);
END;
COMMENT ON FUNCTION page_states(text, text, integer[]) IS
'Whether a page states persistent and severe absence of a period: where reports do (states_persistent_absence()), but '
'of a year or term to date not while the registers have marks of one week of it alone. NULL for NULL; 22023 for what '
'is no period or population';

CREATE FUNCTION page_not_stated() RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN 'not stated for so few days';
COMMENT ON FUNCTION page_not_stated() IS
'What a page says in place of persistent and severe absence of a day or a week';

CREATE FUNCTION page_names(period text, schools integer[]) RETURNS TABLE (pupil_id bigint, name text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT n.pupil_id, n.name || CASE WHEN count(*) OVER (PARTITION BY lower(n.name)) = 1 THEN ''
        WHEN count(*) OVER (PARTITION BY lower(n.name), n.date_of_birth) = 1 THEN ', born ' || day_text(n.date_of_birth)
        ELSE format(', born %s, number %s', day_text(n.date_of_birth), n.pupil_id) END
    FROM (
        SELECT u.pupil_id, u.surname || ', ' || coalesce(u.known_as, u.forename) AS name, u.date_of_birth
        FROM pupil u
        WHERE u.pupil_id IN (
            SELECT e.pupil_id
            -- once, not for each enrolment
            FROM enrolment e CROSS JOIN (SELECT page_days(period, schools) AS days OFFSET 0) d
            WHERE e.school_urn = ANY (schools) AND e.start_date < upper(d.days)
                AND coalesce(e.end_date >= make_date(academic_year(lower(d.days)), 8, 1), true))
            AND page_days(period, schools) IS NOT NULL) AS n;
END;
COMMENT ON FUNCTION page_names(text, integer[]) IS
'How a page names the pupils of some schools in the year of a period: surname and the forename that they are known by, '
'and who shares both with another also by the date of birth (and the number, if that is the same, too). 22023 for what '
'is no period';

CREATE FUNCTION page_against(here numeric, there numeric) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN here IS NULL OR there IS NULL THEN '-' WHEN round(here - there, 1) = 0 THEN 'the same'
        WHEN here > there THEN round(here - there, 1) || ' worse' ELSE round(there - here, 1) || ' better' END;
COMMENT ON FUNCTION page_against(numeric, numeric) IS
'Of a page: an absence rate against another, in percentage points and words. A hyphen if one of them is NULL';

CREATE FUNCTION page_span(days daterange) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN upper(days) - lower(days) > 1
        AND extract(year FROM lower(days)) = extract(year FROM upper(days) - 1)
        THEN to_char(lower(days)::timestamp,
            CASE WHEN extract(month FROM lower(days)) = extract(month FROM upper(days) - 1) THEN 'FMDD'
            ELSE 'FMDD Mon' END)
            || ' to ' || day_text(upper(days) - 1)
        ELSE nullif(days_text(days), '-') END;
COMMENT ON FUNCTION page_span(daterange) IS
'Days in short, where a page has little room: 8 to 12 Sep 2025. NULL for NULL, for none, and for days without an end';

CREATE FUNCTION page_said(enrolments bigint, sessions bigint, threshold integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    RETURN coalesce(threshold, 0) < 2 OR coalesce(NOT enrolments BETWEEN 1 AND threshold - 1
        AND NOT sessions BETWEEN 1 AND threshold - 1, true);
COMMENT ON FUNCTION page_said(bigint, bigint, integer) IS
'Whether a page may state the rate of so many pupils and missed sessions: neither is from 1 to threshold - 1, or '
'nothing is suppressed';

CREATE FUNCTION page_too_few() RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN 'too few to be shown';
COMMENT ON FUNCTION page_too_few() IS 'What a page says beside a figure that is suppressed';

CREATE FUNCTION page_shown(said boolean, content text, instead text DEFAULT 'c') RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN said THEN content ELSE instead END;
COMMENT ON FUNCTION page_shown(boolean, text, text) IS
'Of a page: what stands in a cell if it may be said, and what stands there if it may not';

CREATE FUNCTION page_part(part bigint, whole bigint, larger_part bigint, threshold integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    RETURN coalesce(threshold, 0) < 2 OR coalesce(NOT part BETWEEN 1 AND threshold - 1
        AND NOT whole - part BETWEEN 1 AND threshold - 1
        AND NOT coalesce(larger_part, 0) - part BETWEEN 1 AND threshold - 1, true);
COMMENT ON FUNCTION page_part(bigint, bigint, bigint, integer) IS
'Whether a page may state a part of a whole: neither it, nor what is left of the whole, nor what is left of a larger '
'part of it that is stated, too (NULL: none), is from 1 to threshold - 1; or nothing is suppressed';

CREATE FUNCTION page_small_numbers(threshold integer) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN threshold >= 2
        THEN format('Counts of pupils from 1 to %s, and others from which they would follow, are shown as c.',
        threshold - 1)
        ELSE 'Small numbers are shown: do not pass this page on.' END;
COMMENT ON FUNCTION page_small_numbers(integer) IS 'What a page says of how it treats small numbers';

CREATE FUNCTION page_england(phase text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN 'England, ' || CASE phase WHEN 'Total' THEN 'all' ELSE lower(phase) END || ' schools';
COMMENT ON FUNCTION page_england(text) IS 'What a page calls the published figures of England for a phase';

CREATE FUNCTION page_beside(caption text, names text[], rates numeric[], reasons text[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the first is what the page is about, with which the others are compared
    SELECT html_table(caption, '{Days,Attendance,Absence,"Against it, in points"}',
        array_agg(ARRAY[u.name, percent_text(100 - u.rate),
            percent_text(u.rate), CASE WHEN u.reason <> '' THEN u.reason WHEN u.n = 1 THEN ''
                ELSE page_against(rates[1], u.rate) END]
            ORDER BY u.n), 1,
        ARRAY[coalesce(bool_or(round(rates[1] - u.rate, 1) >= 0.5), false)],
        'half a percentage point or more worse than one of the others')
    FROM unnest(names, rates, reasons) WITH ORDINALITY AS u (name, rate, reason, n)
    WHERE u.name <> '';
END;
COMMENT ON FUNCTION page_beside(text, text[], numeric[], text[]) IS
'Of a page: attendance and absence of the period (the first), beside others that it is compared with; rates are those '
'of absence, reasons why one is not there. A NULL name is left out';

CREATE FUNCTION page_week(label text, monday date) RETURNS text
    LANGUAGE sql STABLE
    RETURN label || coalesce(', ' || page_span(daterange(monday, monday + 5)), '');
COMMENT ON FUNCTION page_week(text, date) IS
'A week as a page names it, with the days Monday to Friday, or without if it is NULL';

CREATE FUNCTION page_weeks(year text, population text, schools integer[], phase text, threshold integer,
    days daterange, earlier daterange)
    RETURNS TABLE (week date, said boolean, rate numeric, last_year_week date, last_year_said boolean,
        last_year numeric, benchmark_percent numeric)
    LANGUAGE sql STABLE ROWS 40
BEGIN ATOMIC
    WITH judged AS (
        SELECT w.*, page_said(w.enrolments, w.absent, threshold) AS large,
            page_said(w.last_year_enrolments, w.last_year_absent, threshold) AS last_large,
            CASE WHEN daterange(w.week, w.week + 5) && page_weeks.days THEN 'this'
                WHEN daterange(w.week, w.week + 5) && earlier THEN 'before' ELSE 'other' END AS part
        FROM weekly_trend(year, population, schools, phase => page_weeks.phase) w
        WHERE w.possible > 0),
    -- with a week that is not said others are not, those with the fewest missed sessions, so that it does not follow
    -- from the period that it is in, nor from the one before
    counted AS (
        SELECT j.*, bool_and(j.large) OVER (PARTITION BY j.part) AS all_large, count(*) OVER fewer > 1
                AND sum(j.absent) OVER fewer >= threshold AS enough,
            bool_and(j.last_large) OVER (PARTITION BY j.part) AS last_all_large,
            count(j.last_year_absent) OVER last_fewer > 1
                AND sum(j.last_year_absent) OVER last_fewer >= threshold AS last_enough
        FROM judged j
        WINDOW fewer AS (PARTITION BY j.part ORDER BY j.large, j.absent, j.week
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
            last_fewer AS (PARTITION BY j.part ORDER BY j.last_large, j.last_year_absent, j.week
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    said AS (
        SELECT c.*, c.large AND (c.all_large OR coalesce(c.enough, false)) AS said,
            c.last_large AND (c.last_all_large OR coalesce(c.last_enough, false)) AS last_said
        FROM counted c)
    SELECT s.week, s.said, CASE WHEN s.said THEN s.absence_percent END, s.last_year_week, s.last_said,
        CASE WHEN s.last_said THEN s.last_year_absence_percent END, s.benchmark_percent
    FROM said s;
END;
COMMENT ON FUNCTION page_weeks(text, text, integer[], text, integer, daterange, daterange) IS
'Of a page: absence by week of a year to date, as weekly_trend() has it, with which of it may be shown: not where '
'pupils or missed sessions are fewer than the threshold (NULL: none), nor where that would follow from what the page '
'says of all its days, or of earlier ones. 22023 for what is no period or population';

CREATE FUNCTION page_standing(period text, population text, schools integer[], phase text,
    threshold integer DEFAULT NULL, before text DEFAULT NULL) RETURNS text[]
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH asked AS MATERIALIZED (
        SELECT page_days(period, schools) AS days, page_days(before, with_predecessors(schools)) AS earlier,
            page_year(period, schools) AS year, page_england(phase) AS england
        -- of a week it is not asked for
        WHERE before IS NULL OR (SELECT p.kind FROM read_period(before) p) IS NOT NULL),
    trend AS MATERIALIZED (
        SELECT w.* FROM asked a
        CROSS JOIN LATERAL page_weeks(a.year, population, schools, phase, threshold, a.days, a.earlier) w),
    this_week AS MATERIALIZED (
        SELECT t.*, upper(a.days) - lower(a.days) > 7 AS is_part
        FROM trend t CROSS JOIN asked a
        WHERE t.week >= date_trunc('week', lower(a.days)::timestamp)::date ORDER BY t.week DESC LIMIT 1),
    week_before AS MATERIALIZED (
        SELECT t.* FROM trend t JOIN this_week n ON t.week < n.week ORDER BY t.week DESC LIMIT 1),
    -- of more than a week also the whole of it
    whole AS MATERIALIZED (
        SELECT v.place, v.name, v.days, CASE WHEN page_said(h.enrolments, h.absent, threshold)
            THEN h.absence_percent END AS rate,
            coalesce(h.possible, 0) > 0 AS has_marks
        FROM asked a CROSS JOIN LATERAL (VALUES (1, 'This period', period), (2, 'Before', before),
            (3, 'A year before', CASE WHEN before IS DISTINCT FROM period_year_before(period)
                THEN period_year_before(period) END))
            AS o (place, name, period)
        -- a school that became an academy is compared with what it was
        CROSS JOIN LATERAL (SELECT CASE o.place WHEN 1 THEN schools ELSE with_predecessors(schools) END AS urns) u
        CROSS JOIN LATERAL (SELECT o.place, o.name, page_shown_days(o.period, u.urns) AS days) v
        LEFT JOIN LATERAL (SELECT f.* FROM headline(o.period, population, u.urns) f) AS h ON true
        WHERE upper(a.days) - lower(a.days) > 7 AND o.period IS NOT NULL)
    SELECT ARRAY[coalesce(nullif(
        coalesce((SELECT page_beside('The period beside others',
                array_agg(w.name || coalesce(', ' || page_span(w.days), '') ORDER BY w.place)
                    || (a.england || ', the same days'),
                array_agg(w.rate ORDER BY w.place) || e.rate,
                array_agg(CASE WHEN NOT w.has_marks THEN 'no marks' WHEN w.rate IS NULL THEN 'c' ELSE '' END
                    ORDER BY w.place)
                    || (CASE WHEN e.rate IS NULL THEN 'not imported' ELSE '' END)::text)
            FROM whole w CROSS JOIN asked a CROSS JOIN LATERAL (
                SELECT coalesce(benchmark_rate('overall_absence_perc', 'daily', a.days, 'National', 'E92000001', phase),
                    benchmark_rate('sess_overall_percent', 'census', a.days, 'National', 'E92000001', phase)) AS rate) e
            GROUP BY a.england, e.rate HAVING bool_or(w.has_marks)), '')
        || coalesce((SELECT page_beside(CASE WHEN n.is_part THEN 'Its last week beside others'
            ELSE 'The week beside others' END,
                ARRAY[page_week(CASE WHEN n.is_part THEN 'Last week' ELSE 'This week' END, n.week),
                    page_week('The school week before', b.week),
                    page_week('The same week last year', n.last_year_week), a.england || ', the same week'],
                ARRAY[n.rate, b.rate, n.last_year, n.benchmark_percent],
                ARRAY[page_shown(n.said, ''),
                    CASE WHEN b.week IS NULL THEN 'first of the year' WHEN b.said THEN '' ELSE 'c' END,
                    CASE WHEN n.last_year_week IS NULL THEN 'no marks' WHEN n.last_year_said THEN '' ELSE 'c' END,
                    CASE WHEN n.benchmark_percent IS NULL THEN 'not imported' ELSE '' END])
            FROM this_week n CROSS JOIN asked a LEFT JOIN week_before b ON true), ''), ''),
                html_note('Nothing to compare: there are no sessions in this period.')),
        (SELECT html_chart(svg_line_chart('Absence by week, percent of possible sessions',
            array_agg(to_char(t.week::timestamp, 'FMDD Mon') ORDER BY t.week),
                (ARRAY['This year', 'The same week last year', a.england])
                    [1:CASE WHEN count(t.benchmark_percent) > 0 THEN 3 WHEN count(t.last_year) > 0 THEN 2 ELSE 1 END],
                array_agg(t.rate ORDER BY t.week)
                    || ARRAY[array_agg(t.last_year ORDER BY t.week), array_agg(t.benchmark_percent ORDER BY t.week)]),
            html_table('Absence by week', '{Week from,This year,Last year,England}',
                array_agg(ARRAY[day_text(t.week), page_shown(t.said, percent_text(t.rate)),
                    page_shown(t.last_year_said, percent_text(t.last_year)), percent_text(t.benchmark_percent)]
                    ORDER BY t.week)))
            || CASE WHEN count(*) > 0 AND count(t.last_year_week) = 0
                THEN html_note('The register has no marks of the year before.') ELSE '' END
            || CASE WHEN count(*) > 0 AND count(t.benchmark_percent) = 0
                THEN html_note('No published figures of England for these weeks have been imported.') ELSE '' END
         FROM asked a LEFT JOIN trend t ON true GROUP BY a.england)];
END;
COMMENT ON FUNCTION page_standing(text, text, integer[], text, integer, text) IS
'Of a page, in two parts: attendance and absence of the period (if it is longer than a week), and of its last week, '
'beside the one before (before: a period), the year before and the published rate of England for the phase, with what '
'is worse marked; and absence by week from 1 August to the end of the period, as weekly_trend() has it. c for fewer '
'pupils or missed sessions than the threshold (NULL: none). 22023 for what is no period or population';

CREATE FUNCTION page_detail(enrolments bigint, persistent bigint, severe bigint, threshold integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN NOT page_part(persistent, enrolments, NULL, threshold) THEN 1
        WHEN NOT page_part(severe, enrolments, persistent, threshold) THEN 2 ELSE 3 END;
COMMENT ON FUNCTION page_detail(bigint, bigint, bigint, integer) IS
'What a page may state of all pupils that it is about: 1 how many they are, 2 also how many are persistently absent, '
'3 and severely. See page_part()';

CREATE FUNCTION page_counts(row_keys text[], enrolments bigint[], persistent bigint[], severe bigint[],
    threshold integer)
    RETURNS TABLE (row_key text, enrolments bigint, persistent bigint, severe bigint)
    LANGUAGE sql IMMUTABLE ROWS 100
BEGIN ATOMIC
    -- what is not stated is in no band
    WITH given AS (
        SELECT array_agg(u.e ORDER BY u.place) AS e, array_agg(coalesce(u.p, 0) ORDER BY u.place) AS p,
            array_agg(coalesce(u.s, 0) ORDER BY u.place) AS s,
            sum(u.e)::bigint AS enrolments, coalesce(sum(u.p), 0)::bigint AS persistent,
                coalesce(sum(u.s), 0)::bigint AS severe
        FROM unnest(page_counts.enrolments, page_counts.persistent, page_counts.severe) WITH ORDINALITY AS u (e, p, s,
            place)),
    judged AS MATERIALIZED (
        SELECT g.*, page_detail(g.enrolments, g.persistent, g.severe, threshold) AS detail FROM given g
            WHERE cardinality(row_keys) > 0)
    SELECT row_keys[c.place], c.enrolments, c.persistent, c.severe
    FROM judged j CROSS JOIN LATERAL countable_absentees(j.e, j.p, j.s, threshold, j.detail) c
    UNION ALL
    SELECT NULL::text, CASE WHEN page_part(j.enrolments, NULL, NULL, threshold) THEN j.enrolments END,
        CASE WHEN j.detail >= 2 THEN j.persistent END, CASE WHEN j.detail = 3 THEN j.severe END
    FROM judged j;
END;
COMMENT ON FUNCTION page_counts(text[], bigint[], bigint[], bigint[], integer) IS
'Of a page: how many are enrolled, persistently and severely absent in each row, and in all (NULL for the key), where '
'counts below the threshold, and what would give them away, are NULL (see countable_absentees()). What all come to '
'depends on all alone (page_detail()), so that each part of a page states the same of them';

CREATE FUNCTION page_persistence(count bigint, enrolments bigint, stated boolean) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN NOT stated THEN '-' WHEN count IS NULL THEN 'c'
        ELSE count_text(count) || CASE WHEN enrolments > 0 THEN ' (' || percent_text(percent_of(count, enrolments))
            || ')' ELSE '' END END;
COMMENT ON FUNCTION page_persistence(bigint, bigint, boolean) IS
'Of a page: how many are persistently or severely absent, and which part of the enrolments; c if that is too few to be '
'shown (NULL), a hyphen where it is not stated: see page_states()';

CREATE FUNCTION page_cohort(period text, population text, schools integer[], threshold integer)
    RETURNS TABLE (place bigint, cohort text, value text, label text, said boolean, enrolments bigint,
        persistent bigint, severe bigint, absence_percent numeric, rest_absence_percent numeric, absence_gap numeric,
        roll_share_percent numeric, missed_share_percent numeric)
    LANGUAGE sql STABLE ROWS 30
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (
        SELECT c.place, c.cohort, c.value, c.enrolments, c.absent, c.absence_percent, c.persistently_absent,
            c.severely_absent, c.rest_enrolments, c.rest_absent, c.rest_absence_percent, c.absence_gap,
            c.roll_share_percent, c.missed_share_percent, cohort_label(c.cohort, c.value, h.label) AS label
        FROM cohorts(period, population, schools, '{all pupils,year group,sex,fsm,sen,eal,looked after,social worker}')
            WITH ORDINALITY AS c (cohort, value, enrolments, possible, absent, absence_percent, unauthorised,
                unauthorised_percent, persistently_absent, persistent_absence_percent, severely_absent,
                severe_absence_percent, rest_enrolments, rest_possible, rest_absent, rest_absence_percent, absence_gap,
                rest_persistently_absent, rest_persistent_absence_percent, persistent_absence_gap, roll_share_percent,
                missed_share_percent, place)
        LEFT JOIN characteristic h ON h.characteristic = c.cohort
        -- of what nobody has there is nothing to say
        WHERE c.cohort <> 'all pupils' AND c.enrolments > 0 AND NOT (c.value = 'none' AND c.rest_enrolments = 0)),
    -- each cohort is a table of its own, with the totals that all of them have
    shown AS MATERIALIZED (
        SELECT g.cohort, s.row_key AS value, s.enrolments, s.persistent, s.severe
        FROM (SELECT c.cohort, array_agg(c.value) AS v, array_agg(c.enrolments) AS e,
            array_agg(c.persistently_absent) AS p,
                array_agg(c.severely_absent) AS s
              FROM counted c GROUP BY c.cohort) g
        CROSS JOIN LATERAL page_counts(g.v, g.e, g.p, g.s, threshold) s),
    judged AS MATERIALIZED (
        SELECT c.place, c.cohort, c.label, c.value, s.enrolments, s.severe, s.persistent, c.absence_percent,
            c.rest_absence_percent, c.absence_gap, c.roll_share_percent, c.missed_share_percent, c.absent,
            c.enrolments AS number,
            -- what is said of a group is not said if it, its missed sessions, or the rest are few
            s.enrolments IS NOT NULL AND (coalesce(threshold, 0) < 2 OR NOT (c.absent BETWEEN 1 AND threshold - 1)
                AND NOT (c.rest_enrolments BETWEEN 1 AND threshold - 1)
                AND NOT (c.rest_absent BETWEEN 1 AND threshold - 1)) AS large
        FROM counted c JOIN shown s ON s.cohort = c.cohort AND s.value = c.value),
    safe AS MATERIALIZED (
        -- nor is it of others of the cohort, the least absent first, from whose shares those of the group would follow
        SELECT j.*, j.large AND (bool_and(j.large) OVER (PARTITION BY j.cohort)
            OR coalesce(count(*) OVER before > 1 AND sum(j.absent) OVER before >= threshold
                AND sum(j.number) OVER before >= threshold, false)) AS said
        FROM judged j
        WINDOW before AS (PARTITION BY j.cohort ORDER BY j.large, j.absent,
            j.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
    SELECT s.place, s.cohort, s.value, s.label, s.said, s.enrolments, s.persistent, s.severe, s.absence_percent,
        s.rest_absence_percent, s.absence_gap, s.roll_share_percent, s.missed_share_percent
    FROM safe s;
END;
COMMENT ON FUNCTION page_cohort(text, text, integer[], integer) IS
'Of a page: cohorts, as cohorts() has them, with which of it may be shown: shares and rates where said, and counts '
'that are not NULL; not those below the threshold, nor what would give them away (see page_counts()). 22023 for what '
'is no period or population';

CREATE FUNCTION page_cohorts(period text, population text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH stated AS MATERIALIZED (SELECT page_states(period, population, schools) AS stated)
    SELECT page_differences(html_table('Groups of pupils, and their gap: absence above (+) or below (-) that of all '
                                       'other pupils, in percentage points',
        '{Group,Gap,Absence,Enrolments,Persistently absent,Severely absent,Share of roll,Share of missed sessions}',
        array_agg(ARRAY[s.label, page_shown(s.said, points_text(s.absence_gap)),
            page_shown(s.said, percent_text(s.absence_percent)),
            page_shown(s.enrolments IS NOT NULL, count_text(s.enrolments)),
            page_persistence(s.persistent, s.enrolments, t.stated), page_persistence(s.severe, s.enrolments, t.stated),
            page_shown(s.said, percent_text(s.roll_share_percent)),
            page_shown(s.said, percent_text(s.missed_share_percent))] ORDER BY s.place),
        -- the rest of a group is no group
        1, array_agg(s.said AND s.value <> 'none' AND coalesce(s.absence_gap >= 2, false) ORDER BY s.place),
        'two points or more above all other pupils',
        array_agg(CASE WHEN s.said THEN s.absence_gap END ORDER BY s.place)))
    FROM page_cohort(period, population, schools, threshold) s CROSS JOIN stated t;
END;
COMMENT ON FUNCTION page_cohorts(text, text, integer[], integer) IS
'Of a page: cohorts with their gaps, as page_cohort() has them; c for what is not shown. 22023 for what is no period '
'or population';

CREATE FUNCTION page_mark_classes() RETURNS text[]
    LANGUAGE sql IMMUTABLE
    RETURN '{Attended,"Late, before the register closed","Authorised absence","Unauthorised absence","Not a possible '
           'session"}'::text[];
COMMENT ON FUNCTION page_mark_classes() IS
'What the colours of marks are called on a page: the key of a calendar, see page_mark_fills()';

CREATE FUNCTION page_mark_fills() RETURNS text[]
    LANGUAGE sql IMMUTABLE
    RETURN ARRAY[mark_colour('/'::session_mark), mark_colour('L'::session_mark), mark_colour('I'::session_mark),
        mark_colour('O'::session_mark), mark_colour('#'::session_mark)];
COMMENT ON FUNCTION page_mark_fills() IS 'The colours of page_mark_classes()';

CREATE FUNCTION page_codes(codes text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN (SELECT html_note('Codes: ' || string_agg(c.code || ' ' || mark_description(c.code::session_mark),
        '; ' ORDER BY c.code))
        FROM unnest(codes) AS c (code) WHERE c.code <> '');
COMMENT ON FUNCTION page_codes(text[]) IS 'Of a page: the words of the codes on it. NULL without codes';
