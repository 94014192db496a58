-- The termly page for a head teacher and governors.

CREATE FUNCTION page_bands(period text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH band AS MATERIALIZED (SELECT b.* FROM attendance_bands(period, 'statutory', schools) b),
    -- how many are persistently absent is a key figure: those bands are a table of their own where it is stated
    whole AS (
        SELECT page_part(sum(b.enrolments) FILTER (WHERE b.band >= 4)::bigint, sum(b.enrolments)::bigint, NULL,
            threshold) AS apart FROM band b),
    shown AS (
        SELECT c.row_key, c.count
        FROM (SELECT array_agg(b.band::text) AS r, array_agg('pupils'::text) AS k, array_agg(b.enrolments) AS n
              FROM band b CROSS JOIN whole w GROUP BY w.apart AND b.band >= 4) g
        CROSS JOIN LATERAL countable(g.r, g.k, g.n, threshold) c WHERE c.row_key IS NOT NULL
            AND c.column_key IS NOT NULL),
    -- all sessions missed are known: two shares or none are left out
    judged AS (
        SELECT b.band, b.label, c.count, b.enrolments_percent, b.absent_percent, coalesce(threshold, 0) < 2
                OR count(*) FILTER (WHERE c.count IS NULL OR b.absent BETWEEN 1 AND threshold - 1) OVER () = 0
                OR c.count > 0 AND NOT b.absent BETWEEN 1 AND threshold - 1 AND b.absent > 0 AND count(*) FILTER (
                    WHERE c.count IS NULL OR b.absent BETWEEN 1 AND threshold - 1) OVER () > 1 AS said
        FROM band b JOIN shown c ON c.row_key = b.band::text)
    SELECT html_table('Pupils by band of attendance', '{Attendance,Share of pupils,Pupils,Share of missed sessions}',
        array_agg(ARRAY[j.label, CASE WHEN j.count IS NULL THEN 'c' ELSE percent_text(j.enrolments_percent) END,
            CASE WHEN j.count IS NULL THEN 'c' ELSE count_text(j.count) END,
            CASE WHEN j.said OR j.absent_percent = 0 THEN percent_text(j.absent_percent) ELSE 'c' END] ORDER BY j.band),
            1,
        array_agg(j.band >= 4 AND coalesce(j.count > 0, true) ORDER BY j.band),
        CASE WHEN states_persistent_absence(period, schools) THEN '10% or more missed: persistently absent'
        ELSE '10% or more missed' END, array_agg(CASE WHEN j.count IS NOT NULL THEN j.enrolments_percent END
            ORDER BY j.band))
    FROM judged j;
END;
COMMENT ON FUNCTION page_bands(text, integer[], integer) IS
'Of a page: pupils by band of attendance, as attendance_bands() has them; counts below the threshold, and what would '
'give them away, are c (see countable()). 22023 for what is no period';

CREATE FUNCTION page_measures(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH report AS MATERIALIZED (
        SELECT r.* FROM leaders_report(period, 'statutory', schools, before) r
            WHERE r.section IN ('1 attendance', '2 persistent absence')),
    -- of those persistently absent some are severely, of either some by unauthorised absence alone; absence is
    -- authorised or
    -- not, and some of what is not is of those who came too late: none of these parts, nor what is left of the whole,
    -- may be few
    whole AS (
        SELECT r.section, r.place, r.numerator, r.denominator, r.compared_numerator, r.compared_denominator,
            w.numerator AS of, w.compared_numerator AS compared_of
        FROM report r LEFT JOIN report w ON w.section = r.section AND w.place = ANY (CASE r.section
            WHEN '2 persistent absence' THEN CASE r.place WHEN 2 THEN '{1}' WHEN 3 THEN '{1}' WHEN 4 THEN '{1,2,3}' END
            ELSE CASE r.place WHEN 3 THEN '{2}' WHEN 4 THEN '{2}' WHEN 6 THEN '{4}' END END::integer[])),
    judged AS (
        SELECT w.section, w.place, bool_and(page_part(w.numerator, w.denominator, w.of, threshold)) AS said,
            bool_and(page_part(w.compared_numerator, w.compared_denominator, w.compared_of, threshold)) AS before_said
        FROM whole w GROUP BY w.section, w.place)
    SELECT page_differences(html_table('Figures of the period, beside those before',
        '{Measure,Percent,Before,Difference in points,Count,Of}',
        array_agg(ARRAY[upper(left(r.measure, 1)) || substr(r.measure, 2),
            CASE WHEN j.said THEN percent_text(r.percent) ELSE 'c' END,
            CASE WHEN j.before_said THEN percent_text(r.compared_percent) ELSE 'c' END,
            CASE WHEN j.said AND j.before_said THEN points_text(r.difference) ELSE 'c' END,
            CASE WHEN j.said THEN count_text(r.numerator) ELSE 'c' END, count_text(r.denominator)
                || CASE r.section WHEN '1 attendance' THEN ' sessions' ELSE ' pupils' END]
            ORDER BY r.section, r.place), 1,
        array_agg(j.said AND j.before_said
            AND coalesce(CASE WHEN r.section = '1 attendance' AND r.place = 1 THEN -1 ELSE 1 END
            * round(r.difference, 1) >= 0.5, false) ORDER BY r.section, r.place),
                'half a percentage point or more worse than before'))
    FROM report r JOIN judged j ON j.section = r.section AND j.place = r.place;
END;
COMMENT ON FUNCTION page_measures(text, text, integer[], integer) IS
'Of a page: attendance, absence, persistent and severe absence of a period beside those of another, as '
'leaders_report() has them; counts of pupils below the threshold, and what would give them away, are c. 22023 for what '
'is no period';

CREATE FUNCTION page_movement(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH moved AS MATERIALIZED (
        SELECT coalesce(m.previous_band, 9) AS previous_band, coalesce(m.band, 9) AS band,
            coalesce(m.previous_label, 'no sessions') AS previous_label, coalesce(m.label, 'no sessions') AS label,
            m.enrolments
        FROM band_movement(period, 'statutory', schools, before) m),
    -- a pupil who is in one of the two periods alone is in its last row or column
    label AS (SELECT DISTINCT m.band, m.label FROM (SELECT n.band, n.label FROM moved n UNION SELECT n.previous_band,
        n.previous_label FROM moved n) m),
    counted AS MATERIALIZED (
        SELECT c.row_key::integer AS previous_band, c.column_key::integer AS band, c.count
        FROM (SELECT array_agg(m.previous_band::text) AS r, array_agg(m.band::text) AS k, array_agg(m.enrolments) AS n
            FROM moved m) g
        CROSS JOIN LATERAL countable(g.r, g.k, g.n, threshold) c),
    line AS (
        SELECT p.band, p.label,
            array_agg(CASE WHEN c.count IS NULL THEN CASE WHEN c.previous_band IS NULL AND c.band IS NULL THEN '0'
            ELSE 'c' END
                ELSE count_text(c.count) END ORDER BY n.band) AS cells
        FROM label p CROSS JOIN label n
        LEFT JOIN counted c ON c.previous_band = p.band AND c.band = n.band
        WHERE EXISTS (SELECT FROM moved m WHERE m.previous_band = p.band)
            AND EXISTS (SELECT FROM moved m WHERE m.band = n.band)
        GROUP BY p.band, p.label)
    SELECT html_table('Pupils by their band of attendance before (rows) and now (columns)',
        'Before'::text || (SELECT array_agg(n.label ORDER BY n.band) FROM label n
            WHERE EXISTS (SELECT FROM moved m WHERE m.band = n.band)),
        -- of nobody there is a band before: there were no marks
        array_agg(l.label || l.cells ORDER BY l.band) FILTER (WHERE (SELECT bool_or(m.previous_band < 9) FROM moved m)))
    FROM line l;
END;
COMMENT ON FUNCTION page_movement(text, text, integer[], integer) IS
'Of a page: how many pupils were in which band of attendance before and are in which now, as band_movement() has them; '
'counts below the threshold, and what would give them away, are c (see countable()). 22023 for what is no period';

CREATE FUNCTION page_folded_reasons(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH now AS MATERIALIZED (SELECT c.* FROM code_frequency(period, 'statutory', schools) c WHERE is_absence(c.mark)),
    earlier AS MATERIALIZED (
        SELECT c.* FROM code_frequency(before, 'statutory', schools) c WHERE is_absence(c.mark)),
    -- reasons of few pupils are one, and with them as many others, the fewest pupils first, as make them enough
    reason AS (
        SELECT f.*, coalesce(threshold, 0) >= 2 AND (f.few OR coalesce(f.few_reasons > 0 AND (f.place = 1 OR f.less < 2
            OR f.pupils_before < threshold), false)) AS folded
        FROM (
            SELECT u.*, row_number() OVER fewest AS place, count(*) OVER before AS less,
                coalesce(sum(u.pupils) OVER before, 0) AS pupils_before, count(*) FILTER (WHERE u.few)
                    OVER () AS few_reasons
            FROM (
                SELECT coalesce(n.code, e.code) AS code, coalesce(n.description, e.description) AS description,
                    coalesce(n.sessions, 0) AS sessions, coalesce(e.sessions, 0) AS sessions_before,
                    least(coalesce(n.pupils, e.pupils), coalesce(e.pupils, n.pupils)) AS pupils,
                    coalesce(n.pupils < threshold, false) OR coalesce(e.pupils < threshold, false) AS few
                FROM (SELECT x.mark::text AS code, x.description, x.sessions, x.enrolments_with AS pupils FROM now x) n
                FULL JOIN (SELECT x.mark::text AS code, x.description, x.sessions, x.enrolments_with AS pupils
                    FROM earlier x) e ON e.code = n.code) u
            WINDOW fewest AS (ORDER BY u.few DESC, u.pupils, u.code),
                before AS (ORDER BY u.few DESC, u.pupils, u.code ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) f),
    shown AS (
        SELECT CASE WHEN r.folded THEN '' ELSE r.code END AS code,
            CASE WHEN r.folded THEN 'Other reasons, of few pupils each' ELSE min(r.description) END AS description,
            sum(r.sessions) AS sessions, sum(r.sessions_before) AS sessions_before
        FROM reason r GROUP BY CASE WHEN r.folded THEN '' ELSE r.code END, r.folded)
    SELECT html_table('Reasons for absence, percent of possible sessions',
        '{Code,Reason,"Of possible",Before,Sessions}',
        array_agg(ARRAY[s.code, s.description, percent_text(percent_of(s.sessions, n.possible)),
            percent_text(percent_of(s.sessions_before, e.possible)), count_text(s.sessions)] ORDER BY s.code = '',
            s.sessions DESC, s.code), 2,
        amounts => array_agg(percent_of(s.sessions, n.possible) ORDER BY s.code = '', s.sessions DESC, s.code),
        compared => array_agg(percent_of(s.sessions_before, e.possible) ORDER BY s.code = '', s.sessions DESC, s.code),
        compared_name => 'before')
    FROM shown s CROSS JOIN (SELECT max(x.possible) AS possible FROM now x) n
        CROSS JOIN (SELECT max(x.possible) AS possible FROM earlier x) e;
END;
COMMENT ON FUNCTION page_folded_reasons(text, text, integer[], integer) IS
'Of a page: sessions missed by reason in a period and another, as code_frequency() has them; reasons of fewer pupils '
'than the threshold in either are added up, and others with them until what is added up is of two or more and of '
'enough pupils. 22023 for what is no period';

CREATE FUNCTION page_days_of_week(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_table('Absence by day of the week', '{Day,Absence,Before,Sessions missed,Possible}',
        array_agg(ARRAY[r.measure,
            CASE WHEN r.said THEN percent_text(r.percent) ELSE 'c' END,
            CASE WHEN r.said THEN percent_text(r.compared_percent) ELSE 'c' END,
            CASE WHEN r.said THEN count_text(r.numerator) ELSE 'c' END, count_text(r.denominator)] ORDER BY r.place), 1,
        amounts => array_agg(CASE WHEN r.said THEN r.percent END ORDER BY r.place),
        compared => array_agg(CASE WHEN r.said THEN r.compared_percent END ORDER BY r.place), compared_name => 'before')
    FROM (
        -- all or none: one day would follow from the others
        SELECT d.*, bool_and(page_said(d.enrolments, d.numerator, threshold) AND page_said(NULL, d.compared_numerator,
            threshold)) OVER () AS said
        FROM leaders_report(period, 'statutory', schools, before) d WHERE d.section = '4 absence by day') r;
END;
COMMENT ON FUNCTION page_days_of_week(text, text, integer[], integer) IS
'Of a page: absence by day of the week in a period and another, as leaders_report() has it; c if one of the days has '
'fewer sessions missed than the threshold. 22023 for what is no period';

CREATE FUNCTION page_edges(period text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT page_differences(html_table('Absence at the edges of weeks and terms',
        '{Edge,Absence,Points above all days,School days}',
        array_agg(ARRAY[e.label, CASE WHEN e.said THEN percent_text(e.absence_percent) ELSE 'c' END,
            CASE WHEN e.said THEN points_text(e.difference) ELSE 'c' END, count_text(e.school_days)] ORDER BY e.place),
            1,
        array_agg(e.said AND coalesce(e.difference >= 2, false) ORDER BY e.place), 'two points or more above all days',
        array_agg(CASE WHEN e.said THEN e.absence_percent END ORDER BY e.place)))
    FROM (
        SELECT d.*, row_number() OVER () AS place, page_said(NULL, d.absent, threshold) AS said,
            upper(left(d.edge, 1)) || replace(substr(d.edge, 2), 'INSET', 'a training day (INSET)') AS label
        FROM edge_days(period, 'statutory', schools) d WHERE d.possible > 0) e;
END;
COMMENT ON FUNCTION page_edges(text, integer[], integer) IS
'Of a page: absence on the days at edges of weeks and terms, as edge_days() has it; c for fewer sessions missed than '
'the threshold. 22023 for what is no period';

CREATE FUNCTION page_peers(period text, urn integer, schools integer[], phase text, threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN count(*) = 0 THEN html_table('Comparison', NULL, NULL) ELSE
        page_differences(html_table('Absence beside that of other schools', '{Schools,Absence,Difference in points}',
            ARRAY[ARRAY['This school', percent_text(max(v.own)), '']]
                || array_agg(ARRAY[v.label, percent_text(v.rate), points_text(v.own - v.rate)] ORDER BY v.place), 1,
            ARRAY[bool_or(v.own - v.rate >= 0.5)], 'half a percentage point or more above one of the others',
            max(v.own) || array_agg(v.rate ORDER BY v.place)))
        || html_note(format('This school is one of the %s. Its rank is %s; the first has the least absence.',
            max(v.schools), max(v.rank)))
        || CASE WHEN max(v.place) = 1 THEN html_note('No published figures for this period have been imported.')
            ELSE '' END END
    FROM (
        SELECT o.*, c.absence_percent AS own, c.schools_compared AS schools, c.absence_rank AS rank
        FROM school_comparison(period, 'statutory', schools) c
        CROSS JOIN LATERAL (VALUES (1,
            CASE WHEN phase IN ('Primary', 'Secondary', 'Special') THEN format('All %s %s schools of the authority',
            c.schools_compared, lower(phase))
                ELSE format('All %s schools of the phase in the authority', c.schools_compared) END,
            -- what the others have would follow, if they are few
            CASE WHEN c.schools_compared > 1 AND page_said(c.group_enrolments - c.enrolments, c.group_absent - c.absent,
                coalesce(threshold, 5))
                THEN c.group_absence_percent END), (2, 'Authority, published', c.authority_percent),
            (3, 'Region, published', c.region_percent), (4, 'England, published', c.national_percent)) AS o (place,
            label, rate)
        WHERE c.school_urn = page_peers.urn AND known_schools(ARRAY[page_peers.urn]) AND o.rate IS NOT NULL) AS v;
END;
COMMENT ON FUNCTION page_peers(text, integer, integer[], text, integer) IS
'Of a page: absence of a school beside all schools of its phase in the authority (schools), and published rates, as '
'school_comparison() has them. 22023 for what is no period';

CREATE FUNCTION page_head_figures(period text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_figures('{Attendance,Absence,Authorised absence,Unauthorised absence,Persistently absent,Severely '
                        'absent,Days lost,Pupils}',
        ARRAY[CASE WHEN q.said THEN percent_text(h.attendance_percent) ELSE 'c' END,
            CASE WHEN q.said THEN percent_text(h.absence_percent) ELSE 'c' END,
            CASE WHEN q.kinds THEN percent_text(h.authorised_percent) ELSE 'c' END,
            CASE WHEN q.kinds THEN percent_text(h.unauthorised_percent) ELSE 'c' END,
            CASE WHEN NOT q.stated THEN '-' WHEN c.persistent IS NULL THEN 'c'
            ELSE percent_text(percent_of(c.persistent, h.enrolments)) END,
                CASE WHEN NOT q.stated THEN '-' WHEN c.severe IS NULL THEN 'c'
                ELSE percent_text(percent_of(c.severe, h.enrolments)) END,
            CASE WHEN q.said THEN count_text(h.days_lost) ELSE 'c' END, count_text(h.enrolments)],
        ARRAY[CASE WHEN q.said THEN format('%s of %s sessions', count_text(h.attended), count_text(h.possible))
            ELSE page_too_few() END, CASE WHEN q.said THEN format('%s sessions', count_text(h.absent))
                ELSE page_too_few() END,
            CASE WHEN q.kinds THEN format('%s sessions', count_text(h.authorised)) ELSE page_too_few() END,
            CASE WHEN q.kinds THEN format('%s sessions', count_text(h.unauthorised)) ELSE page_too_few() END,
            CASE WHEN NOT q.stated THEN page_not_stated() WHEN c.persistent IS NULL THEN page_too_few()
                ELSE format('%s of %s pupils', count_text(c.persistent), count_text(h.enrolments)) END,
            CASE WHEN NOT q.stated THEN page_not_stated() WHEN c.severe IS NULL THEN page_too_few()
                ELSE format('%s of %s pupils', count_text(c.severe), count_text(h.enrolments)) END,
            'two sessions are a day', 'with a possible session'])
    FROM headline(period, 'statutory', schools) h
    CROSS JOIN LATERAL (SELECT page_states(period, 'statutory', schools) AS stated,
        page_said(h.enrolments, h.absent, threshold) AS said,
            page_said(h.enrolments, h.absent, threshold) AND page_part(h.authorised, h.absent, NULL,
                threshold) AS kinds) q
    CROSS JOIN LATERAL (
        SELECT n.row_key, n.persistent,
            CASE WHEN page_part(h.severely_absent, h.enrolments, h.persistently_absent, threshold)
            THEN n.severe END AS severe
        FROM page_counts('{all}', ARRAY[h.enrolments], ARRAY[coalesce(h.persistently_absent, 0)],
            ARRAY[coalesce(h.severely_absent, 0)], threshold) n) c
    WHERE c.row_key IS NOT NULL;
END;
COMMENT ON FUNCTION page_head_figures(text, integer[], integer) IS
'Of a page: the key figures of a school, as headline() has them; counts of pupils below the threshold, and what would '
'give them away, are c. 22023 for what is no period';

CREATE FUNCTION page_head_termly(school_urn integer, period text, compared_with text DEFAULT NULL,
    threshold integer DEFAULT 5) RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH this_school AS MATERIALIZED (
        SELECT s.name, s.urn::integer AS urn, n.urns, page_shown_days(period, n.urns) AS days,
            coalesce(page_head_termly.compared_with, page_period_before(period, n.urns)) AS before,
            coalesce(statistical_phase(s.phase, s.type), 'Total') AS phase,
            (SELECT array_agg(o.urn::integer) FROM school o
             WHERE o.la_number = s.la_number AND compared_phase(o.phase, o.type) = compared_phase(s.phase,
                 s.type)) AS like_it
        FROM school s CROSS JOIN LATERAL (SELECT ARRAY[s.urn::integer] AS urns) n
            WHERE s.urn = page_head_termly.school_urn
            AND known_schools(ARRAY[page_head_termly.school_urn])),
    part AS MATERIALIZED (SELECT page_standing(period, 'statutory', s.urns, s.phase, threshold, s.before) AS standing
        FROM this_school s)
    SELECT html_page(s.name || ': attendance, ' || days_text(s.days),
        'Termly page for the head teacher and governors. Before: '
            || coalesce(days_text(page_shown_days(s.before, s.urns)), 'an earlier period'),
        page_head_figures(period, s.urns, threshold)
        || html_section('Beside earlier periods, and England', '<div class="columns"><div>' || p.standing[1]
            || '</div><div>' || p.standing[2] || '</div></div>')
        || html_section('Against the period before', page_measures(period, s.before, s.urns, threshold))
        || html_section('Beside other schools', page_peers(period, s.urn, s.like_it, s.phase, threshold))
        || html_section('Bands of attendance', page_bands(period, s.urns, threshold),
            page_movement(period, s.before, s.urns, threshold))
        || html_section('Groups of pupils', page_cohorts(period, 'statutory', s.urns, threshold))
        || '<div class="columns">'
        || html_section('Days of the week', page_days_of_week(period, s.before, s.urns, threshold))
        || html_section('Edges of weeks and terms', page_edges(period, s.urns, threshold))
        || '</div>'
        || html_section('Reasons for absence', page_folded_reasons(period, s.before, s.urns, threshold)),
        'Population: statutory, pupils aged 5 to 15 on 31 August, as in the official figures. A session is a morning '
        'or an afternoon; absence is a percentage of possible sessions. Persistent absence is at least 10%, severe '
        'absence at least 50% of a pupil''s own possible sessions. '
        || page_small_numbers(threshold)
        || ' Methodology: Department for Education, Pupil absence in schools in England.')
    FROM this_school s CROSS JOIN part p;
END;
COMMENT ON FUNCTION page_head_termly(integer, text, text, integer) IS
'The termly page of a school as HTML, for its head teacher and governors: the figures beside those of another period '
'(compared_with; NULL for the term or half term before, or the same period a year before) and England, other schools '
'of the phase in the authority without their names, bands and movement between them, cohorts with gaps, days, edges '
'and reasons. threshold: that of suppress_small_numbers(), NULL or 1 to show every number. NULL for a NULL school; '
'22023 for what is no school or period';
