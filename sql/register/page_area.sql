-- Pages that leave the school: a trust's, and an authority's for Targeting Support Meetings.

CREATE FUNCTION page_schools(period text, schools integer[], threshold integer, most integer DEFAULT 30) RETURNS text[]
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH compared AS MATERIALIZED (
        -- without the published figures, which take longer than the rest
        SELECT c.phase, c.school_urn, c.school, c.enrolments, c.absent, c.absence_percent, c.persistently_absent, c.severely_absent,
            c.schools_compared, c.absence_rank, c.group_enrolments, c.group_absent, c.group_absence_percent, c.difference_to_group,
            row_number() OVER (ORDER BY c.phase, c.absence_rank, c.school_urn) AS place
        FROM school_comparison(period, 'statutory', schools) c),
    shown AS MATERIALIZED (
        SELECT s.*
        FROM (SELECT array_agg(c.school_urn::text) AS u, array_agg(c.enrolments) AS e, array_agg(c.persistently_absent) AS p,
                array_agg(c.severely_absent) AS s
              FROM compared c) g
        CROSS JOIN LATERAL page_counts(g.u, g.e, g.p, g.s, threshold) s),
    judged AS MATERIALIZED (
        SELECT c.*, CASE WHEN s.enrolments IS NULL THEN 'c' ELSE count_text(s.enrolments) END AS shown_enrolments, s.persistent, s.severe,
            s.enrolments AS counted,
            s.enrolments IS NOT NULL AND (coalesce(threshold, 0) < 2 OR NOT c.absent BETWEEN 1 AND threshold - 1) AS large
        FROM compared c JOIN shown s ON s.row_key = c.school_urn::text),
    safe AS MATERIALIZED (
        SELECT j.*, CASE WHEN j.said THEN j.absence_percent END AS shown_absence,
            CASE WHEN coalesce(threshold, 0) < 2 OR j.group_enrolments >= threshold AND NOT j.group_absent BETWEEN 1 AND threshold - 1
                THEN j.group_absence_percent END AS shown_group
        FROM (
            -- with one school that is not shown others are not, the least absent first, so that it does not follow from the phase
            SELECT h.*, h.large AND (bool_and(h.large) OVER (PARTITION BY h.phase)
                OR coalesce(count(*) OVER before > 1 AND sum(h.absent) OVER before >= threshold
                    AND sum(h.enrolments) OVER before >= threshold, false)) AS said
            FROM judged h
            WINDOW before AS (PARTITION BY h.phase ORDER BY h.large, h.absent, h.school_urn
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS j)
    SELECT ARRAY[coalesce((SELECT html_figures('{Schools,Enrolments,Persistently absent,Severely absent}', ARRAY[count_text((SELECT count(*) FROM compared)),
                CASE WHEN t.enrolments IS NULL THEN 'c' ELSE count_text(t.enrolments) END, page_persistence(t.persistent, NULL, states_persistent_absence(period)),
                page_persistence(t.severe, NULL, states_persistent_absence(period))],
            ARRAY['with marks in the period', 'with a possible session',
                CASE WHEN NOT states_persistent_absence(period) THEN 'not stated for so few days' WHEN t.persistent IS NULL THEN 'too few to be shown' ELSE percent_text(percent_of(t.persistent, t.enrolments)) || ' of enrolments' END,
                CASE WHEN NOT states_persistent_absence(period) THEN 'not stated for so few days' WHEN t.severe IS NULL THEN 'too few to be shown' WHEN t.enrolments IS NULL THEN ''
                    ELSE percent_text(percent_of(t.severe, t.enrolments)) || ' of enrolments' END])
         FROM shown t WHERE t.row_key IS NULL), html_note('The registers have no marks of these schools in this period.'))
        || (SELECT html_chart(svg_bar_chart(format('Absence of schools, percent, beside their phase%s', CASE WHEN max(b.of) > most THEN format(': the %s furthest above it', most) ELSE '' END),
                array_agg(b.school ORDER BY b.difference_to_group DESC, b.place), array_agg(b.shown_absence ORDER BY b.difference_to_group DESC, b.place), '%',
                array_agg(b.shown_group ORDER BY b.difference_to_group DESC, b.place), 'all schools of the phase here'), '')
            FROM (SELECT s.*, count(*) OVER () AS of FROM safe s WHERE s.shown_absence IS NOT NULL
                  ORDER BY s.difference_to_group DESC, s.place LIMIT most) b),
        page_differences(html_table('Schools by phase, the least absent first', '{School,Phase,Rank in phase,Enrolments,Absence,Difference to phase,Persistently absent,Severely absent}',
            (SELECT array_agg(ARRAY[s.school, s.phase, format('%s of %s', s.absence_rank, s.schools_compared), s.shown_enrolments, CASE WHEN s.shown_absence IS NULL THEN 'c' ELSE percent_text(s.shown_absence) END,
                CASE WHEN s.shown_absence IS NULL OR s.shown_group IS NULL THEN 'c' ELSE points_text(s.difference_to_group) END,
                page_persistence(s.persistent, s.counted, states_persistent_absence(period)),
                page_persistence(s.severe, s.counted, states_persistent_absence(period))] ORDER BY s.place)
             FROM safe s), 2))];
END;
COMMENT ON FUNCTION page_schools(text, integer[], integer, integer) IS
'Of a page, in two parts: key figures with a chart, and a table of schools compared within their phases, as school_comparison() has them; counts below the threshold, and what would give them away, are c (see countable()). The chart has at most so many schools, those furthest above their phase. 22023 for what is no period';

CREATE FUNCTION page_penalties(as_of date, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- both reports read penalty_window(): here both are read from it at once; a pupil is listed at one school
    WITH watched AS (
        SELECT k.kind, s.phase, sum(k.pupils)::bigint AS pupils
        FROM (
            SELECT CASE WHEN w.met_on IS NOT NULL THEN 'met' ELSE 'near' END AS kind, w.school_urn, count(DISTINCT w.pupil_id) AS pupils
            FROM penalty_window(as_of, schools, 8, NULL) w
            WHERE w.met_on IS NOT NULL OR w.threshold - w.sessions <= 2
            GROUP BY 1, w.school_urn) k
        JOIN school s ON s.urn = k.school_urn
        GROUP BY k.kind, s.phase),
    counted AS (
        SELECT c.row_key, CASE WHEN count(c.count) FILTER (WHERE c.column_key = 'met') = 0 THEN 'c' ELSE count_text(sum(c.count) FILTER (WHERE c.column_key = 'met')) END AS met,
            CASE WHEN count(c.count) FILTER (WHERE c.column_key = 'near') = 0 THEN 'c' ELSE count_text(sum(c.count) FILTER (WHERE c.column_key = 'near')) END AS near
        FROM (SELECT array_agg(p.phase) AS r, array_agg(k.kind) AS k, array_agg(coalesce(w.pupils, 0)) AS n
              FROM (SELECT DISTINCT phase FROM watched) p CROSS JOIN (VALUES ('met'), ('near')) AS k (kind)
              LEFT JOIN watched w ON w.phase = p.phase AND w.kind = k.kind) g
        CROSS JOIN LATERAL countable(g.r, g.k, g.n, threshold) c
        GROUP BY c.row_key)
    SELECT html_table(format('Pupils for whom a notice has to be considered, on %s: ten sessions of G, N, O or U in ten school weeks', day_text(as_of)),
        '{Phase,Threshold met,Two sessions or less from it}',
        array_agg(ARRAY[coalesce(c.row_key, 'All'), c.met, c.near] ORDER BY c.row_key NULLS LAST))
    FROM counted c;
END;
COMMENT ON FUNCTION page_penalties(date, integer[], integer) IS
'Of a page: how many pupils of each phase are on penalty_watch(), and how many are two sessions or less from it; counts below the threshold, and what would give them away, are c (see countable())';

CREATE FUNCTION page_area_footnote(threshold integer) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN 'Population: statutory, pupils aged 5 to 15 on 31 August, as in the official figures. Absence is a percentage of possible sessions, of several schools the sum of sessions missed by the sum of possible sessions. Persistent absence is at least 10%, severe absence at least 50% of a pupil''s own possible sessions. '
        || CASE WHEN threshold >= 2 THEN format('Counts of pupils from 1 to %s, and others from which they would follow, are shown as c.', threshold - 1)
            ELSE 'Small numbers are shown: do not pass this page on.' END
        || ' Methodology: Department for Education, Pupil absence in schools in England.';
COMMENT ON FUNCTION page_area_footnote(integer) IS 'Of a page that leaves the school: what its figures are, and how small numbers are treated';

CREATE FUNCTION page_trust(trust_uid integer, period text, threshold integer DEFAULT 5) RETURNS text
    LANGUAGE sql STABLE SET jit = off
BEGIN ATOMIC
    WITH this_trust AS MATERIALIZED (
        SELECT t.name, a.urns, page_days(period, a.urns) AS days, page_schools(period, a.urns, threshold) AS parts
        FROM trust t
        CROSS JOIN LATERAL (SELECT coalesce(array_agg(s.urn::integer ORDER BY s.urn), '{}') AS urns FROM school s WHERE s.trust_uid = t.trust_uid) a
        WHERE t.trust_uid = page_trust.trust_uid AND known_trust(page_trust.trust_uid))
    SELECT html_page(t.name || ': attendance, ' || days_text(t.days), format('The %s schools of the trust beside each other', cardinality(t.urns)),
        html_section('Schools', t.parts[1], t.parts[2])
        || '<div class="columns">'
        || html_section('How the year develops', page_trend(period, 'statutory', t.urns, 'Total', threshold))
        || html_section('Phases', (SELECT html_table('Absence by phase', '{Phase,Schools,Absence,"Authority, published","England, published"}', array_agg(ARRAY[c.phase, count_text(c.schools), CASE WHEN c.hidden THEN 'c' ELSE percent_text(c.absence) END,
                percent_text(c.authority), percent_text(c.national)] ORDER BY c.phase))
                || CASE WHEN count(*) > count(c.authority) OR count(*) > count(c.national)
                    THEN html_note('A hyphen: no published figures of this phase for this period have been imported.') ELSE '' END
            FROM (SELECT o.phase, max(o.schools_compared) AS schools, max(o.group_absence_percent) AS absence,
                    coalesce(threshold, 0) >= 2 AND (max(o.group_enrolments) < threshold OR max(o.group_absent) BETWEEN 1 AND threshold - 1) AS hidden,
                    max(o.authority_percent) AS authority, max(o.national_percent) AS national
                  FROM school_comparison(period, 'statutory', t.urns) o GROUP BY o.phase) c))
        || '</div>'
        || html_section('Cohorts', page_cohorts(period, 'statutory', t.urns, threshold)),
        page_area_footnote(threshold))
    FROM this_trust t;
END;
COMMENT ON FUNCTION page_trust(integer, text, integer) IS
'The page of a trust as HTML: its schools compared within their phases, absence by week, phases and cohorts. threshold: that of suppress_small_numbers(), NULL or 1 to show every number. It names no pupil. NULL for a NULL trust; 22023 for what is no trust or period';

CREATE FUNCTION page_authority(la_number integer, period text, threshold integer DEFAULT 5) RETURNS text
    LANGUAGE sql STABLE SET jit = off
BEGIN ATOMIC
    WITH authority AS MATERIALIZED (
        SELECT l.name, a.urns, page_days(period, a.urns) AS days, page_year(period, a.urns) AS year,
            page_schools(period, a.urns, threshold, 20) AS parts
        FROM local_authority l
        CROSS JOIN LATERAL (SELECT coalesce(array_agg(s.urn::integer ORDER BY s.urn), '{}') AS urns FROM school s WHERE s.la_number = l.la_number) a
        WHERE l.la_number = page_authority.la_number AND known_authority(page_authority.la_number))
    SELECT html_page(a.name || ': attendance, ' || days_text(a.days), 'Overview of the authority, for Targeting Support Meetings with schools',
        html_section('Schools', a.parts[1])
        || '<div class="columns">' || html_section('How the year develops', page_trend(period, 'statutory', a.urns, 'Total', threshold))
        || html_section('Penalty notices', page_penalties(right(a.year, 10)::date, a.urns, threshold)) || '</div>'
        || html_section('Cohorts', page_cohorts(period, 'statutory', a.urns, threshold))
        || html_section('Every school', a.parts[2]),
        page_area_footnote(threshold))
    FROM authority a;
END;
COMMENT ON FUNCTION page_authority(integer, text, integer) IS
'The page of a local authority as HTML, for Targeting Support Meetings: its schools within their phases with persistent and severe absence, absence by week beside England, how many pupils are on the penalty-notice watch, and cohorts with gaps. threshold: that of suppress_small_numbers(), NULL or 1 to show every number. It names no pupil. NULL for a NULL authority; 22023 for what is no authority or period';
