-- What report pages have in common: the days that they are about, and sections that several of them have.  The pages
-- set jit = off: each runs many small queries once, and to compile them takes longer than to run them.

CREATE FUNCTION page_days(period text, schools integer[]) RETURNS daterange
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT daterange(min(lower(p.days)), max(upper(p.days))) FROM school_period(period, schools) p HAVING count(*) > 0;
END;
COMMENT ON FUNCTION page_days(text, integer[]) IS
'The days of a period at some schools, the first to the last. NULL if it has none there; 22023 for what is no period';

CREATE FUNCTION page_year(period text, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- not beyond today: what is to come has no marks
    SELECT 'year to date ' || least(upper(d.days) - 1, greatest(lower(d.days), (now() AT TIME ZONE 'Europe/London')::date))::text
    FROM (SELECT page_days(period, schools) AS days) d;
END;
COMMENT ON FUNCTION page_year(text, integer[]) IS
'The period "year to date" up to the last day of a period at some schools, or to today. NULL if it has no days there; 22023 for what is no period';

CREATE FUNCTION page_period_before(period text, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the day is in the term or half term before, or in the holidays after it
    SELECT coalesce(CASE WHEN p.kind IN ('half term', 'term') THEN p.kind || ' ' || (lower(page_days(period, schools))
            - CASE WHEN p.kind = 'term' OR extract(month FROM lower(page_days(period, schools))) IN (8, 9) THEN 50 ELSE 15 END)::text END,
        -- also of a school without term dates
        period_year_before(period))
    FROM read_period(period) p WHERE known_schools(schools);
END;
COMMENT ON FUNCTION page_period_before(text, integer[]) IS
'With what a page compares a period: a term and a half term with the one before it, others with the same a year before. NULL for NULL; 22023 for what is no period';

CREATE FUNCTION page_differences(shown text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN shown || CASE WHEN shown LIKE '<div%' THEN html_note('Differences are between unrounded figures, and may not be those of the rounded figures beside them.') ELSE '' END;
COMMENT ON FUNCTION page_differences(text) IS
'Of a page: a table with differences, and below it that they are between unrounded figures; nothing below a sentence that stands for a table';

CREATE FUNCTION page_trend(period text, population text, schools integer[], phase text, threshold integer DEFAULT NULL) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_chart(svg_line_chart('Absence by week, percent of possible sessions', array_agg(to_char(t.week::timestamp, 'FMDD Mon') ORDER BY t.week),
            (ARRAY['This year', 'The same week last year', 'England, ' || CASE phase WHEN 'Total' THEN 'all schools' ELSE lower(phase) END])
                [1:CASE WHEN count(t.benchmark_percent) > 0 THEN 3 WHEN count(t.last_year_absence_percent) > 0 THEN 2 ELSE 1 END],
            array_agg(CASE WHEN t.said THEN t.absence_percent END ORDER BY t.week)
                || ARRAY[array_agg(CASE WHEN t.last_year_said THEN t.last_year_absence_percent END ORDER BY t.week),
                array_agg(t.benchmark_percent ORDER BY t.week)]),
        html_table('Absence by week', '{Week from,This year,Last year,England}', array_agg(ARRAY[day_text(t.week),
            CASE WHEN t.said THEN percent_text(t.absence_percent) ELSE 'c' END,
            CASE WHEN t.last_year_said THEN percent_text(t.last_year_absence_percent) ELSE 'c' END,
            percent_text(t.benchmark_percent)] ORDER BY t.week))
            || CASE WHEN count(t.last_year_absence_percent) = 0 THEN html_note('The register has no marks of the year before.') ELSE '' END
            || CASE WHEN count(t.benchmark_percent) = 0 THEN html_note('No published figures of England for these weeks have been imported.') ELSE '' END)
    FROM (
        SELECT w.*, coalesce(threshold, 0) < 2 OR NOT w.enrolments BETWEEN 1 AND threshold - 1 AND NOT w.absent BETWEEN 1 AND threshold - 1 AS said,
            coalesce(threshold, 0) < 2 OR coalesce(NOT w.last_year_enrolments BETWEEN 1 AND threshold - 1
                AND NOT w.last_year_absent BETWEEN 1 AND threshold - 1, true) AS last_year_said
        -- a subquery is computed once; without it the function's arguments take its place wherever the report names the period
        FROM weekly_trend((SELECT page_year(period, schools)), population, schools, phase => phase) w) AS t;
END;
COMMENT ON FUNCTION page_trend(text, text, integer[], text, integer) IS
'Of a page: absence by week from 1 August to the end of the period, beside last year and the published rate of England for the phase, as weekly_trend() has them; c for a week with fewer pupils or missed sessions than the threshold (NULL: none). 22023 for what is no period or population';

CREATE FUNCTION page_counts(row_keys text[], enrolments bigint[], persistent bigint[], severe bigint[], threshold integer)
    RETURNS TABLE (row_key text, enrolments bigint, persistent bigint, severe bigint)
    LANGUAGE sql IMMUTABLE ROWS 100
BEGIN ATOMIC
    -- those persistently absent, some of them severely, are a number on the page: it is protected in a table of its own
    SELECT u.row_key,
        CASE WHEN count(u.count) FILTER (WHERE u.column_key IS NULL) = 2 THEN max(u.count) FILTER (WHERE u.column_key IS NULL) END,
        CASE WHEN count(u.count) FILTER (WHERE u.column_key IS NULL) = 2 AND count(u.count) FILTER (WHERE u.column_key = 'other') = 2
            THEN max(u.count) FILTER (WHERE u.column_key = 'absent') END,
        max(u.count) FILTER (WHERE u.column_key = 'severe')
    FROM (
        SELECT array_agg(g.r) AS r, array_agg(k.kind) AS k, array_agg(k.n) AS n
        -- what is not stated is in no band
        FROM (SELECT u.r, u.e, coalesce(u.p, 0) AS p, coalesce(u.s, 0) AS s
              FROM unnest(row_keys, enrolments, persistent, severe) AS u (r, e, p, s)) AS g
        CROSS JOIN LATERAL (VALUES (1, 'severe', g.s), (1, 'persistent', g.p - g.s), (1, 'other', g.e - g.p),
            (2, 'absent', g.p), (2, 'other', g.e - g.p)) AS k (number, kind, n)
        GROUP BY k.number) AS t
    CROSS JOIN LATERAL countable(t.r, t.k, t.n, threshold) u
    GROUP BY u.row_key;
END;
COMMENT ON FUNCTION page_counts(text[], bigint[], bigint[], bigint[], integer) IS
'Of a page: how many are enrolled, persistently and severely absent in each row, and in all (NULL for the key), where counts below the threshold, and what would give them away, are NULL (see countable())';

CREATE FUNCTION page_persistence(count bigint, enrolments bigint, stated boolean) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN NOT stated THEN '-' WHEN count IS NULL THEN 'c'
        ELSE count_text(count) || CASE WHEN enrolments > 0 THEN ' (' || percent_text(percent_of(count, enrolments)) || ')' ELSE '' END END;
COMMENT ON FUNCTION page_persistence(bigint, bigint, boolean) IS
'Of a page: how many are persistently or severely absent, and which part of the enrolments; c if that is too few to be shown (NULL), a hyphen where it is not stated: see states_persistent_absence()';

CREATE FUNCTION page_cohorts(period text, population text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (
        SELECT c.place, c.cohort, c.value, c.enrolments, c.absent, c.absence_percent, c.persistently_absent, c.severely_absent,
            c.rest_enrolments, c.rest_absent, c.absence_gap, c.roll_share_percent, c.missed_share_percent,
            CASE WHEN c.cohort = 'year group' THEN 'Year ' || CASE WHEN c.value = 'none' THEN 'not known' ELSE c.value END
                WHEN c.cohort = 'sex' THEN CASE c.value WHEN 'F' THEN 'Girls' WHEN 'M' THEN 'Boys' ELSE 'Sex not known' END
                ELSE coalesce(h.label, c.cohort) || CASE c.value WHEN 'Y' THEN '' WHEN 'none' THEN ': no' ELSE ': ' || c.value END END AS label
        FROM cohorts(period, population, schools, '{all pupils,year group,sex,fsm,sen,eal,looked after,social worker}')
            WITH ORDINALITY AS c (cohort, value, enrolments, possible, absent, absence_percent, unauthorised, unauthorised_percent,
                persistently_absent, persistent_absence_percent, severely_absent, severe_absence_percent, rest_enrolments, rest_possible,
                rest_absent, rest_absence_percent, absence_gap, rest_persistently_absent, rest_persistent_absence_percent,
                persistent_absence_gap, roll_share_percent, missed_share_percent, place)
        LEFT JOIN characteristic h ON h.characteristic = c.cohort
        -- of what nobody has there is nothing to say
        WHERE c.cohort <> 'all pupils' AND c.enrolments > 0 AND NOT (c.value = 'none' AND c.rest_enrolments = 0)),
    -- each cohort is a table of its own, with the totals that all of them have
    shown AS MATERIALIZED (
        SELECT g.cohort, s.row_key AS value, s.enrolments, s.persistent, s.severe
        FROM (SELECT c.cohort, array_agg(c.value) AS v, array_agg(c.enrolments) AS e, array_agg(c.persistently_absent) AS p,
                array_agg(c.severely_absent) AS s
              FROM counted c GROUP BY c.cohort) g
        CROSS JOIN LATERAL page_counts(g.v, g.e, g.p, g.s, threshold) s),
    judged AS MATERIALIZED (
        SELECT c.place, c.cohort, c.label, c.value, s.enrolments, s.severe, s.persistent, c.absence_percent,
            c.rest_enrolments, c.absence_gap, c.roll_share_percent, c.missed_share_percent, c.absent, c.enrolments AS number,
            -- what is said of a group is not said if it, its missed sessions, or the rest are few
            s.enrolments IS NOT NULL AND (coalesce(threshold, 0) < 2 OR NOT (c.absent BETWEEN 1 AND threshold - 1)
                AND NOT (c.rest_enrolments BETWEEN 1 AND threshold - 1) AND NOT (c.rest_absent BETWEEN 1 AND threshold - 1)) AS large
        FROM counted c JOIN shown s ON s.cohort = c.cohort AND s.value = c.value),
    safe AS MATERIALIZED (
        -- nor is it of others of the cohort, the least absent first, from whose shares those of the group would follow
        SELECT j.*, j.large AND (bool_and(j.large) OVER (PARTITION BY j.cohort)
            OR coalesce(count(*) OVER before > 1 AND sum(j.absent) OVER before >= threshold
                AND sum(j.number) OVER before >= threshold, false)) AS said
        FROM judged j
        WINDOW before AS (PARTITION BY j.cohort ORDER BY j.large, j.absent, j.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
    SELECT html_chart(
            (SELECT svg_bar_chart('Gap of cohorts to all other pupils, percentage points of absence', array_agg(g.label ORDER BY g.absence_gap DESC, g.place),
                array_agg(g.absence_gap ORDER BY g.absence_gap DESC, g.place), '')
             FROM (SELECT s.* FROM safe s WHERE s.said AND s.absence_gap IS NOT NULL AND s.value <> 'none') g),
            NULL)
        || page_differences(html_table('Cohorts, and the gap to all other pupils in percentage points',
            '{Cohort,Enrolments,Absence,Gap,Persistently absent,Severely absent,Share of roll,Share of missed sessions}',
            (SELECT array_agg(ARRAY[s.label, CASE WHEN s.enrolments IS NULL THEN 'c' ELSE count_text(s.enrolments) END, CASE WHEN s.said THEN percent_text(s.absence_percent) ELSE 'c' END,
                CASE WHEN s.said THEN points_text(s.absence_gap) ELSE 'c' END,
                page_persistence(s.persistent, s.enrolments, states_persistent_absence(period)),
                page_persistence(s.severe, s.enrolments, states_persistent_absence(period)),
                CASE WHEN s.said THEN percent_text(s.roll_share_percent) ELSE 'c' END,
                CASE WHEN s.said THEN percent_text(s.missed_share_percent) ELSE 'c' END] ORDER BY s.place)
             FROM safe s)));
END;
COMMENT ON FUNCTION page_cohorts(text, text, integer[], integer) IS
'Of a page: cohorts with their gaps, as cohorts() has them; counts below the threshold, and what would give them away, are c (see countable()); persistence is a hyphen for a day or a week. 22023 for what is no period or population';
