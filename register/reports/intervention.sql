-- What was done for whom, and whether they were absent less afterwards.

CREATE FUNCTION known_intervention(intervention bigint) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN known(intervention IS NULL OR EXISTS (SELECT FROM intervention i
        WHERE i.intervention_id = known_intervention.intervention), format('the register has no intervention %s',
            intervention), 'The table intervention has those that there are.');
COMMENT ON FUNCTION known_intervention(bigint) IS
'True if the register has an intervention, and for NULL. 22023 otherwise';

CREATE FUNCTION treated(of text)
    RETURNS TABLE (intervention_id bigint, name text, kind text, school_urn integer, pupil_id bigint, from_day date,
        to_day date)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT i.intervention_id, i.name, i.kind, i.school_urn, p.pupil_id, p.from_day, p.to_day
    FROM intervention i
    JOIN intervention_pupil p ON p.intervention_id = i.intervention_id AND p.school_urn = i.school_urn
    WHERE read_choice(of, 'interventions', 'cases') = 'interventions'
    UNION ALL
    SELECT c.case_id, c.tier, 'case'::text, c.school_urn, c.pupil_id, c.opened_on, c.closed_on
    FROM attendance_case c
    WHERE of = 'cases';
END;
COMMENT ON FUNCTION treated(text) IS
'For intervention_impact(): the pupils of interventions (of: interventions), or those whose case was opened (cases; '
'the number is that of the case, the name its tier), from when to when. 22023 for another text';

CREATE FUNCTION intervention_window(period text, schools integer[] DEFAULT NULL, school_days integer DEFAULT 30,
    of text DEFAULT 'interventions')
    RETURNS TABLE (intervention_id bigint, school_urn integer, from_day date, days_used integer, before daterange,
        after daterange)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    -- as many school days before the first day as from it on: those that there are, up to the number asked for
    SELECT g.intervention_id, s.school_urn, s.from_day, n.days,
        CASE WHEN n.days > 0 THEN daterange(b.days[n.days], s.from_day) ELSE 'empty' END,
        CASE WHEN n.days > 0 THEN daterange(s.from_day, a.days[n.days], '[]') ELSE 'empty' END
    FROM (
        -- once for those that began together
        SELECT t.school_urn, t.from_day, array_agg(DISTINCT t.intervention_id) AS begun
        FROM treated(of) t
        JOIN school_period(period, schools) q ON q.school_urn = t.school_urn
        -- coalesce: of days in a range the planner would expect hardly any
        WHERE coalesce(q.days @> t.from_day, false)
        GROUP BY t.school_urn, t.from_day) s
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(d.day ORDER BY d.day DESC), '{}') AS days
        FROM (SELECT d.day FROM school_day d WHERE d.school_urn = s.school_urn AND d.day < s.from_day
            AND (d.morning OR d.afternoon)
            ORDER BY d.day DESC LIMIT school_days) d) AS b
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(d.day ORDER BY d.day), '{}') AS days
        FROM (SELECT d.day FROM school_day d WHERE d.school_urn = s.school_urn AND d.day >= s.from_day
            AND (d.morning OR d.afternoon)
                AND d.day <= (now() AT TIME ZONE 'Europe/London')::date
            ORDER BY d.day LIMIT school_days) d) AS a
    CROSS JOIN LATERAL (SELECT least(cardinality(b.days), cardinality(a.days)) AS days) AS n
    CROSS JOIN LATERAL unnest(s.begun) AS g (intervention_id)
    WHERE known_question(period, 'all', schools);
END;
COMMENT ON FUNCTION intervention_window(text, integer[], integer, text) IS
'The equal windows before and after each first day of an intervention, or of a case (of: interventions, cases), that '
'is in the period: so many school days before it, and from it on, of those that the school''s calendar has up to '
'today; days_used is how many that are, fewer than school_days where there are fewer. No rows for a NULL period; 22023 '
'for what is no period and another text, 2201W for a negative number of days';

CREATE FUNCTION treated_line(period text, population text, schools integer[], of text)
    RETURNS TABLE (school_urn integer, pupil_id bigint, academic_year integer, year_group text, marks mark_series,
        treated datemultirange, treated_by bigint[])
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT l.school_urn, l.pupil_id, l.academic_year, coalesce(l.year_group, ''),
        mark_series_agg(slice(l.marks, l.days)) OVER (PARTITION BY l.school_urn, l.pupil_id), t.days, t.interventions
    FROM period_line(period, population, schools) l
    LEFT JOIN (
        SELECT g.pupil_id, range_agg(daterange(g.from_day, g.to_day, '[]')) AS days,
            array_agg(g.intervention_id) AS interventions
        FROM treated(of) g GROUP BY g.pupil_id) t ON t.pupil_id = l.pupil_id;
END;
COMMENT ON FUNCTION treated_line(text, text, integer[], text) IS
'For intervention_pupil_impact(): the lines of report_line() with the year group of the year, empty for none, the '
'marks that the pupil has at the school in all years of the period, and when and in what the pupil was treated(). No '
'rows for a NULL period; 22023 for what is no period, population or school, and for another text';

CREATE FUNCTION intervention_band(tally attendance_tally) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN possible(tally) > 0 THEN least(20 * absent(tally) / possible(tally), 10) END;
COMMENT ON FUNCTION intervention_band(attendance_tally) IS
'The band of absence in which intervention_pupil_impact() compares pupils: 5 percentage points from 0 on, the last one '
'(10) from 50 on. NULL without possible sessions, and for NULL';

CREATE FUNCTION intervention_pupil_impact(period text, population text DEFAULT 'statutory',
    schools integer[] DEFAULT NULL, intervention bigint DEFAULT NULL, school_days integer DEFAULT 30,
    at_least integer DEFAULT 20, of text DEFAULT 'interventions')
    RETURNS TABLE (intervention_id bigint, school_urn integer, pupil_id bigint, from_day date, year_group text,
        band text, before daterange, possible_before bigint, absent_before bigint, absence_percent_before numeric,
        after daterange, possible_after bigint, absent_after bigint, absence_percent_after numeric, change numeric,
        comparison_pupils bigint, comparison_possible_before bigint, comparison_absent_before bigint,
        comparison_percent_before numeric, comparison_possible_after bigint, comparison_absent_after bigint,
        comparison_percent_after numeric, comparison_change numeric, sessions_regained numeric, counted boolean,
        caution text, name text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH given AS MATERIALIZED (SELECT t.* FROM treated(of) t),
    windowed AS MATERIALIZED (
        -- those of an intervention are never compared with each other; cases that began on a day are compared alike
        SELECT w.*, CASE of WHEN 'interventions' THEN w.intervention_id END AS together
        FROM intervention_window(period, schools, school_days, of) w
        WHERE of = 'cases' OR coalesce(w.intervention_id = intervention_pupil_impact.intervention, true)),
    line AS MATERIALIZED (
        SELECT l.* FROM treated_line((SELECT period_of(daterange(min(lower(w.before)), max(upper(w.after))))
            FROM windowed w WHERE w.days_used > 0 HAVING count(*) > 0), population,
            (SELECT array_agg(DISTINCT w.school_urn) FROM windowed w), of) l),
    elsewhere AS (
        SELECT g.intervention_id, g.pupil_id, g.from_day
        FROM windowed w
        JOIN given g USING (intervention_id, school_urn, from_day)
        JOIN given o ON o.pupil_id = g.pupil_id AND o.intervention_id <> g.intervention_id
            AND daterange(o.from_day, o.to_day, '[]') && daterange(lower(w.before), upper(w.after))),
    treated AS MATERIALIZED (
        SELECT t.*, intervention_band(t.tally_before) AS band
        FROM (
            SELECT w.intervention_id, w.together, w.school_urn, g.pupil_id, g.name, w.from_day, w.days_used, w.before,
                w.after, l.year_group, tally(l.marks, w.before) AS tally_before, tally(l.marks, w.after) AS tally_after,
                (g.intervention_id, g.pupil_id, g.from_day) IN (
                    SELECT e.intervention_id, e.pupil_id, e.from_day FROM elsewhere e) AS elsewhere
            FROM windowed w
            JOIN given g USING (intervention_id, school_urn, from_day)
            LEFT JOIN line l ON l.school_urn = w.school_urn AND l.pupil_id = g.pupil_id
                AND l.academic_year = academic_year(w.from_day)
            OFFSET 0) t),
    -- of the others those alone with whom somebody is compared
    comparison AS MATERIALIZED (
        SELECT c.together, c.school_urn, c.from_day, c.year_group, c.band, count(*) AS pupils,
            tally_agg(c.tally) AS before, tally_agg(tally(c.marks, c.after)) AS after
        FROM (
            SELECT k.*, l.marks, tally(l.marks, k.before) AS tally
            FROM (SELECT DISTINCT t.together, t.school_urn, t.from_day, t.before, t.after, t.year_group, t.band
                FROM treated t) k
            JOIN line l ON l.school_urn = k.school_urn AND l.academic_year = academic_year(k.from_day)
                AND l.year_group = k.year_group
            WHERE NOT coalesce(l.treated && daterange(lower(k.before), upper(k.after)), false)
                AND NOT coalesce(k.together = ANY (l.treated_by), false)
            OFFSET 0) c
        WHERE c.band = intervention_band(c.tally) AND possible(c.tally) >= at_least
            AND possible(tally(c.marks, c.after)) >= at_least
        GROUP BY c.together, c.school_urn, c.from_day, c.year_group, c.band),
    judged AS (
        SELECT t.*, c.pupils AS pupils, c.before AS compared_before, c.after AS compared_after,
            impact_problem(possible(t.tally_before), possible(t.tally_after), at_least,
                CASE WHEN t.elsewhere THEN of END, c.pupils IS NOT NULL) AS problem,
            CASE WHEN t.days_used < school_days THEN 'windows of ' || t.days_used || ' school days only' END AS note
        FROM treated t
        LEFT JOIN comparison c ON c.school_urn = t.school_urn AND c.from_day = t.from_day AND c.band = t.band
            AND c.year_group = t.year_group AND coalesce(c.together = t.together, true))
    SELECT j.intervention_id, j.school_urn, j.pupil_id, j.from_day,
        nullif(j.year_group, ''),
        CASE WHEN j.band = 10 THEN '50 to 100' ELSE 5 * j.band || ' to ' || 5 * j.band + 5 END,
        j.before, possible(j.tally_before), absent(j.tally_before), absence_rate(j.tally_before),
        j.after, possible(j.tally_after), absent(j.tally_after), absence_rate(j.tally_after),
        absence_rate(j.tally_after) - absence_rate(j.tally_before), j.pupils,
        possible(j.compared_before), absent(j.compared_before), absence_rate(j.compared_before),
        possible(j.compared_after), absent(j.compared_after), absence_rate(j.compared_after),
        absence_rate(j.compared_after) - absence_rate(j.compared_before),
        possible(j.tally_after) / 100.0 * ((absence_rate(j.compared_after) - absence_rate(j.compared_before))
            - (absence_rate(j.tally_after) - absence_rate(j.tally_before))),
        j.problem = '', concat_ws('; ', 'left out: ' || nullif(j.problem, ''), j.note), j.name
    FROM judged j
    WHERE known_question(period, population, schools) AND known_intervention(intervention_pupil_impact.intervention)
    ORDER BY j.intervention_id, j.from_day, j.pupil_id;
END;
COMMENT ON FUNCTION intervention_pupil_impact(text, text, integer[], bigint, integer, integer, text) IS
'Each pupil who was taken into an intervention in the period (intervention: which, NULL for all), or whose case was '
'opened in it (of: interventions, cases; then the number is that of the case, the name its tier): absence in as many '
'school days before the first day as from it on (intervention_window()), and that of the comparison group, the pupils '
'of the same school, year group and band of absence before (of 5 percentage points; 50 to 100 is one) who were not in '
'it, nor in another one in these days. sessions_regained: how much more the comparison''s absence grew, of the '
'pupil''s possible sessions after. counted is false, and caution says why, for a pupil with fewer possible sessions in '
'a window than at_least, in another intervention or with another case in these days, whom nobody compares with, or who '
'is not in the population; caution also says when windows are shorter than school_days. Changes in percentage points. '
'No rows for a NULL period; 22023 for what is no period, population or intervention';

CREATE FUNCTION intervention_impact(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
        intervention bigint DEFAULT NULL, school_days integer DEFAULT 30, at_least integer DEFAULT 20,
        of text DEFAULT 'interventions')
    RETURNS TABLE (intervention_id bigint, school_urn integer, name text, kind text, first_day date, pupils bigint,
        pupils_counted bigint, possible_before bigint, absent_before bigint, absence_percent_before numeric,
        possible_after bigint, absent_after bigint, absence_percent_after numeric, change numeric,
        comparison_pupils bigint, comparison_absent_before numeric, comparison_percent_before numeric,
        comparison_absent_after numeric, comparison_percent_after numeric, comparison_change numeric,
        difference_in_differences numeric, sessions_regained numeric, days_regained numeric, caution text)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    WITH pupil_impact AS MATERIALIZED (
        -- cases of a tier are one
        SELECT p.*, CASE of WHEN 'interventions' THEN p.intervention_id END AS together,
            CASE of WHEN 'interventions' THEN '' ELSE p.name END AS tier
        FROM intervention_pupil_impact(period, population, schools, intervention, school_days, at_least, of) p),
    summed AS (
        SELECT p.together, p.tier, min(p.from_day) AS first_day, count(*) AS pupils,
            count(*) FILTER (WHERE p.counted) AS counted,
            (sum(p.possible_before) FILTER (WHERE p.counted))::bigint AS possible_before,
            (sum(p.absent_before) FILTER (WHERE p.counted))::bigint AS absent_before,
            (sum(p.possible_after) FILTER (WHERE p.counted))::bigint AS possible_after,
            (sum(p.absent_after) FILTER (WHERE p.counted))::bigint AS absent_after,
            -- what the same possible sessions would be with the rates of those whom each is compared with
            sum(p.possible_before * p.comparison_percent_before / 100) FILTER (WHERE p.counted) AS comparison_before,
            sum(p.possible_after * p.comparison_percent_after / 100) FILTER (WHERE p.counted) AS comparison_after
        FROM pupil_impact p GROUP BY p.together, p.tier),
    compared AS (
        SELECT g.together, g.tier, sum(g.comparison_pupils)::bigint AS pupils
        FROM (SELECT DISTINCT p.together, p.tier, p.school_urn, p.from_day, p.year_group, p.band, p.comparison_pupils
            FROM pupil_impact p WHERE p.counted) g
        GROUP BY g.together, g.tier),
    cautioned AS (
        SELECT c.together, c.tier, string_agg(c.pupils || CASE WHEN c.pupils = 1 THEN ' pupil ' ELSE ' pupils ' END
            || c.caution, E'\n' ORDER BY c.pupils DESC, c.caution) AS caution
        FROM (SELECT p.together, p.tier, p.caution, count(*) AS pupils FROM pupil_impact p WHERE p.caution <> ''
            GROUP BY p.together, p.tier, p.caution) c
        GROUP BY c.together, c.tier)
    SELECT s.together, i.school_urn, coalesce(i.name, s.tier),
        CASE of WHEN 'cases' THEN 'case' ELSE i.kind END, s.first_day, s.pupils, s.counted,
        s.possible_before, s.absent_before, r.before, s.possible_after, s.absent_after, r.after, r.after - r.before,
        c.pupils, s.comparison_before, r.compared_before, s.comparison_after, r.compared_after,
        r.compared_after - r.compared_before, d.difference, -d.difference * s.possible_after / 100,
        -d.difference * s.possible_after / 200, concat_ws(E'\n', CASE WHEN s.counted = 0 THEN 'nobody is counted' END,
            a.caution)
    FROM summed s
    LEFT JOIN intervention i ON i.intervention_id = s.together
    LEFT JOIN compared c ON c.tier = s.tier AND coalesce(c.together = s.together, true)
    LEFT JOIN cautioned a ON a.tier = s.tier AND coalesce(a.together = s.together, true)
    CROSS JOIN LATERAL (
        SELECT percent_of(s.absent_before, s.possible_before) AS before,
            percent_of(s.absent_after, s.possible_after) AS after,
            percent_of(s.comparison_before, s.possible_before) AS compared_before,
            percent_of(s.comparison_after, s.possible_after) AS compared_after) AS r
    CROSS JOIN LATERAL (
        SELECT (r.after - r.before) - (r.compared_after - r.compared_before) AS difference) AS d
    ORDER BY i.school_urn, s.together, s.tier;
END;
COMMENT ON FUNCTION intervention_impact(text, text, integer[], bigint, integer, integer, text) IS
'Whether the pupils who were taken into an intervention in the period (intervention: which, NULL for all), or whose '
'case was opened in it (of: interventions, cases, a row for each tier at all the schools), were absent less from their '
'first day on than in as many school days before it, and whether more so than those like them who were not: the sums '
'of those whom intervention_pupil_impact() counts. The comparison is the absence that their own possible '
'sessions would have at the rates of those whom each is compared with; difference_in_differences, in percentage '
'points, is their change less that of the comparison, negative if they gained; sessions_regained is that of their '
'possible sessions after, days_regained half of it. comparison_pupils are counted once for each group of pupils. '
'caution says how many were left out and why, and when windows are shorter than asked for; NULL figures if nobody is '
'counted. It is no proof: pupils are not chosen by lot. No rows for a NULL period; 22023 for what is no period, '
'population or intervention';
