-- The termly page for a head teacher and governors.

CREATE FUNCTION page_period_detail(period text, schools integer[], threshold integer) RETURNS integer
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT page_detail(sum(b.enrolments)::bigint, (sum(b.enrolments) FILTER (WHERE b.band >= 4))::bigint,
        (sum(b.enrolments) FILTER (WHERE b.band = 5))::bigint, threshold)
    FROM attendance_bands(period, 'statutory', schools) b;
END;
COMMENT ON FUNCTION page_period_detail(text, integer[], integer) IS
'What a page may state of all pupils of a period, as page_detail() has it. 22023 for what is no period';

CREATE FUNCTION page_band_counts(period text, schools integer[], threshold integer)
    RETURNS TABLE (band integer, count bigint)
    LANGUAGE sql STABLE ROWS 5
BEGIN ATOMIC
    -- how many are persistently absent is stated elsewhere, or not: they are one column, and those severely absent
    -- apart from it
    WITH given AS MATERIALIZED (
        SELECT array_agg(b.enrolments ORDER BY b.band) AS n, page_period_detail(period, schools, threshold) AS detail
        FROM attendance_bands(period, 'statutory', schools) b HAVING count(*) > 0),
    shown AS (
        SELECT d.column_number AS band, d.count
        FROM given g
        CROSS JOIN LATERAL disclosed_cells(ARRAY[ARRAY[g.n[1], g.n[2], g.n[3], g.n[4] + g.n[5]]], threshold, '{}',
            CASE WHEN g.detail >= 2 THEN '{0,4}'::integer[] ELSE '{0}' END) d
        WHERE threshold >= 2 AND d.row_number = 0)
    SELECT b.band,
        CASE WHEN coalesce(threshold, 0) < 2 THEN g.n[b.band] WHEN b.band < 4 THEN s.count
            WHEN g.detail = 3 THEN g.n[b.band] END
    FROM given g CROSS JOIN generate_series(1, 5) AS b (band) LEFT JOIN shown s ON s.band = b.band
    ORDER BY b.band;
END;
COMMENT ON FUNCTION page_band_counts(text, integer[], integer) IS
'Of a page: how many pupils are in each band of attendance, as attendance_bands() has them, where counts below the '
'threshold, and what would give them away beside how many are persistently and severely absent, are NULL. 22023 for '
'what is no period';

CREATE FUNCTION page_bands(period text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- all sessions missed are known: two shares or none are left out, but nobody of the first band missed any
    WITH hidden AS (
        SELECT b.band, b.label, c.count, b.enrolments_percent, b.absent_percent,
            b.band > 1 AND (c.count IS NULL OR b.absent BETWEEN 1 AND threshold - 1) AS hidden
        FROM attendance_bands(period, 'statutory', schools) b
        JOIN page_band_counts(period, schools, threshold) c ON c.band = b.band),
    judged AS (
        SELECT h.*, coalesce(threshold, 0) < 2 OR h.count = 0 OR h.band = 1
                OR NOT coalesce(h.hidden, false) AND count(*) FILTER (WHERE h.hidden) OVER () <> 1 AS said
        FROM hidden h)
    SELECT html_table('Pupils by band of attendance', '{Attendance,Share of pupils,Pupils,Share of missed sessions}',
        array_agg(ARRAY[j.label, page_shown(j.count IS NOT NULL, percent_text(j.enrolments_percent)),
            page_shown(j.count IS NOT NULL, count_text(j.count)),
            page_shown(j.said, percent_text(j.absent_percent))] ORDER BY j.band), 1,
        array_agg(j.band >= 4 AND coalesce(j.count > 0, true) ORDER BY j.band),
        CASE WHEN states_persistent_absence(period, schools) THEN '10% or more missed: persistently absent'
            ELSE '10% or more missed' END,
        array_agg(CASE WHEN j.count IS NOT NULL THEN j.enrolments_percent END ORDER BY j.band))
    FROM judged j;
END;
COMMENT ON FUNCTION page_bands(text, integer[], integer) IS
'Of a page: pupils by band of attendance, as page_band_counts() has them, and their share of missed sessions; c for '
'what is not shown. 22023 for what is no period';

CREATE FUNCTION page_reason(period text, before text, schools integer[], threshold integer)
    RETURNS TABLE (code text, description text, sessions bigint, sessions_before bigint, possible bigint,
        possible_before bigint, enrolments bigint, enrolments_before bigint, kinds boolean, authorised boolean,
        folded boolean)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    WITH now AS MATERIALIZED (
        SELECT c.mark::text AS code, c.description, is_authorised(c.mark) AS authorised, c.sessions,
            c.enrolments_with AS pupils, c.possible, c.enrolments
        FROM code_frequency(period, 'statutory', schools) c WHERE is_absence(c.mark)),
    earlier AS MATERIALIZED (
        SELECT c.mark::text AS code, c.description, is_authorised(c.mark) AS authorised, c.sessions,
            c.enrolments_with AS pupils, c.possible, c.enrolments
        FROM code_frequency(before, 'statutory', (SELECT with_predecessors(schools))) c WHERE is_absence(c.mark)),
    -- authorised and unauthorised absence of both periods are stated, or of none
    stated AS MATERIALIZED (
        SELECT bool_and(page_part(k.authorised, k.absent, NULL, threshold)) AS kinds
        FROM (
            SELECT sum(n.sessions) FILTER (WHERE n.authorised)::bigint AS authorised, sum(n.sessions)::bigint AS absent
            FROM now n
            UNION ALL
            SELECT sum(e.sessions) FILTER (WHERE e.authorised)::bigint, sum(e.sessions)::bigint FROM earlier e) k),
    used AS (
        SELECT coalesce(n.code, e.code) AS code, coalesce(n.description, e.description) AS description,
            coalesce(n.sessions, 0) AS sessions, coalesce(e.sessions, 0) AS sessions_before,
            coalesce(n.pupils, 0) AS pupils, coalesce(e.pupils, 0) AS earlier_pupils, t.kinds,
            CASE WHEN t.kinds THEN coalesce(n.authorised, e.authorised) END AS authorised,
            NOT (page_said(n.pupils, NULL, threshold) AND page_said(e.pupils, NULL, threshold)) AS few
        FROM now n FULL JOIN earlier e ON e.code = n.code CROSS JOIN stated t),
    -- reasons of few pupils are one line, and with them as many others, the fewest pupils first, as make them enough;
    -- where it is stated what is authorised and what is not, one line of each
    reason AS (
        SELECT u.*, count(*) OVER fewer AS fewer,
            count(*) FILTER (WHERE u.few) OVER (PARTITION BY u.authorised) AS few_reasons,
            page_said((sum(u.pupils) OVER fewer)::bigint, (sum(u.earlier_pupils) OVER fewer)::bigint, threshold)
                AS enough
        FROM used u
        WINDOW fewer AS (PARTITION BY u.authorised
            ORDER BY u.few DESC, least(nullif(u.pupils, 0), nullif(u.earlier_pupils, 0)), u.code
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))
    SELECT r.code, r.description, r.sessions, r.sessions_before, n.possible, e.possible, n.enrolments, e.enrolments,
        r.kinds, r.authorised, r.few OR r.few_reasons > 0 AND (r.fewer < 2 OR NOT r.enough)
    FROM reason r
    CROSS JOIN (SELECT max(x.possible) AS possible, max(x.enrolments) AS enrolments FROM now x) n
    CROSS JOIN (SELECT max(x.possible) AS possible, max(x.enrolments) AS enrolments FROM earlier x) e;
END;
COMMENT ON FUNCTION page_reason(text, text, integer[], integer) IS
'Of a page: sessions missed by reason in a period and another, as code_frequency() has them; whether it is stated '
'which part of absence is authorised (kinds; authorised is NULL if not); and whether a reason is not named (folded): '
'those of fewer pupils than the threshold in either period, and others with them until they are two or more and of '
'enough pupils. 22023 for what is no period';

CREATE FUNCTION page_folded_reasons(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH shown AS (
        SELECT CASE WHEN r.folded THEN '' ELSE r.code END AS code,
            CASE WHEN NOT r.folded THEN min(r.description) WHEN r.authorised
                THEN 'Authorised for other reasons, of few pupils each'
                WHEN NOT r.authorised THEN 'Unauthorised for other reasons, of few pupils each'
                    ELSE 'Other reasons, of few pupils each' END AS description,
            sum(r.sessions) AS sessions, sum(r.sessions_before) AS sessions_before, max(r.possible) AS possible,
                max(r.possible_before) AS possible_before,
            max(r.enrolments) AS enrolments, max(r.enrolments_before) AS enrolments_before
        FROM page_reason(period, before, schools, threshold) r GROUP BY CASE WHEN r.folded THEN '' ELSE r.code END,
            r.folded, r.authorised),
    -- all of it is what all missed
    judged AS (
        SELECT s.*, page_said(s.enrolments, sum(s.sessions) OVER ()::bigint, threshold) AS said,
            page_said(s.enrolments_before, sum(s.sessions_before) OVER ()::bigint, threshold) AS before_said
        FROM shown s)
    SELECT html_table('Reasons for absence, percent of possible sessions',
        '{Code,Reason,"Of possible",Before,Sessions}',
        array_agg(ARRAY[j.code, j.description, page_shown(j.said, percent_text(percent_of(j.sessions, j.possible))),
            page_shown(j.before_said, percent_text(percent_of(j.sessions_before, j.possible_before))),
            page_shown(j.said, count_text(j.sessions))] ORDER BY j.code = '', j.sessions DESC, j.code), 2,
        amounts => array_agg(CASE WHEN j.said THEN percent_of(j.sessions, j.possible) END
            ORDER BY j.code = '', j.sessions DESC, j.code),
        compared => array_agg(CASE WHEN j.before_said THEN percent_of(j.sessions_before, j.possible_before) END
            ORDER BY j.code = '', j.sessions DESC, j.code),
        compared_name => 'before')
    FROM judged j;
END;
COMMENT ON FUNCTION page_folded_reasons(text, text, integer[], integer) IS
'Of a page: sessions missed by reason in a period and another, those that page_reason() does not name added up. 22023 '
'for what is no period';

CREATE FUNCTION page_measure(period text, before text, schools integer[], threshold integer)
    RETURNS TABLE (section text, place integer, measure text, percent numeric, compared_percent numeric,
        difference numeric, numerator bigint, denominator bigint, said boolean, before_said boolean)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    WITH report AS MATERIALIZED (
        SELECT r.* FROM leaders_report(period, 'statutory', schools, before) r
            WHERE r.section IN ('1 attendance', '2 persistent absence')),
    -- of those persistently absent some are severely, of either some by unauthorised absence alone; absence is
    -- authorised or not, and some of what is not is of those who came too late: none of these parts, nor what is left
    -- of the whole, may be few
    whole AS (
        SELECT r.section, r.place, r.numerator, r.denominator, r.compared_numerator, r.compared_denominator,
            w.numerator AS of, w.compared_numerator AS compared_of
        FROM report r LEFT JOIN report w ON w.section = r.section AND w.place = ANY (CASE r.section
            WHEN '2 persistent absence' THEN CASE r.place WHEN 2 THEN '{1}' WHEN 3 THEN '{1}' WHEN 4 THEN '{1,2,3}' END
            ELSE CASE r.place WHEN 3 THEN '{2}' WHEN 4 THEN '{2}' WHEN 6 THEN '{4}' END END::integer[])),
    part AS (
        SELECT w.section, w.place, bool_and(page_part(w.numerator, w.denominator, w.of, threshold)) AS said,
            bool_and(page_part(w.compared_numerator, w.compared_denominator, w.compared_of, threshold)) AS before_said
        FROM whole w GROUP BY w.section, w.place),
    reason AS MATERIALIZED (
        SELECT coalesce(bool_and(r.kinds), true) AS kinds,
            coalesce(bool_and(r.kinds AND NOT r.folded) FILTER (WHERE r.code = 'U'), true) AS late
        FROM page_reason(period, before, schools, threshold) r),
    -- nor is a part said of what is not, or what the reasons do not say
    judged AS (
        SELECT p.section, p.place, p.said AND f.said AND o.stated
            AND (SELECT page_said(max(r.enrolments), NULL, threshold) FROM report r) AS said,
            p.before_said AND f.before_said AND o.stated AS before_said
        FROM part p JOIN part f ON f.section = p.section AND f.place = CASE p.section WHEN '2 persistent absence'
            THEN 1 ELSE p.place END
        CROSS JOIN LATERAL (
            SELECT CASE WHEN p.section = '1 attendance' AND p.place IN (3, 4) THEN r.kinds
                WHEN p.section = '1 attendance' AND p.place = 6 THEN r.late ELSE true END AS stated
            FROM reason r) o)
    SELECT r.section, r.place, r.measure, r.percent, r.compared_percent, r.difference, r.numerator, r.denominator,
        j.said, j.before_said
    FROM report r JOIN judged j ON j.section = r.section AND j.place = r.place;
END;
COMMENT ON FUNCTION page_measure(text, text, integer[], integer) IS
'Of a page: attendance, absence, persistent and severe absence of a period beside those of another, as '
'leaders_report() has them, and whether they, and those before, may be shown: not counts of pupils below the '
'threshold, nor what would give them away. 22023 for what is no period';

CREATE FUNCTION page_measures(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT page_differences(html_table('Figures of the period, beside those before',
        '{Measure,Percent,Before,Difference in points,Count,Of}',
        array_agg(ARRAY[upper(left(r.measure, 1)) || substr(r.measure, 2), page_shown(r.said, percent_text(r.percent)),
            page_shown(r.before_said OR r.compared_percent IS NULL, percent_text(r.compared_percent)),
            page_shown(r.said AND r.before_said, points_text(r.difference)),
            page_shown(r.said, count_text(r.numerator)),
            CASE WHEN r.section = '1 attendance' THEN count_text(r.denominator) || ' sessions'
                ELSE page_shown(page_said(r.denominator, NULL, threshold), count_text(r.denominator) || ' pupils') END]
            ORDER BY r.section, r.place), 1,
        array_agg(r.said AND r.before_said
            AND coalesce(CASE WHEN r.section = '1 attendance' AND r.place = 1 THEN -1 ELSE 1 END
                * round(r.difference, 1) >= 0.5, false) ORDER BY r.section, r.place),
        'half a percentage point or more worse than before'))
    FROM page_measure(period, before, schools, threshold) r;
END;
COMMENT ON FUNCTION page_measures(text, text, integer[], integer) IS
'Of a page: attendance, absence, persistent and severe absence of a period beside those of another, as page_measure() '
'has them; c for what is not shown. 22023 for what is no period';

CREATE FUNCTION page_band_label(band integer, stated boolean, threshold integer) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN band = 9 THEN 'no sessions' WHEN band = 4 AND threshold >= 2
        THEN band_label('to 90 %: persistently absent', stated)
        ELSE (SELECT band_label(b.label, stated) FROM report_band b WHERE b.scheme = 'attendance'
            AND b.band = page_band_label.band) END;
COMMENT ON FUNCTION page_band_label(integer, boolean, integer) IS
'What a page calls a band of page_movement(): 9 of those without sessions, and where small numbers are suppressed 4 '
'of all who are persistently absent';

CREATE FUNCTION page_movement(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- where numbers are suppressed they are those of the bands: of pupils who have sessions now, all who are
    -- persistently absent in one band, for how many of them are severely may not be said
    WITH moved AS MATERIALIZED (
        SELECT coalesce(CASE WHEN m.previous_band > 4 AND threshold >= 2 THEN 4 ELSE m.previous_band END, 9)
                AS previous_band,
            coalesce(CASE WHEN m.band > 4 AND threshold >= 2 THEN 4 ELSE m.band END, 9) AS band,
            sum(m.enrolments)::bigint AS enrolments
        FROM band_movement(period, 'statutory', schools, before) m
        WHERE m.band IS NOT NULL OR coalesce(threshold, 0) < 2 GROUP BY 1, 2),
    earlier AS (
        SELECT m.previous_band AS band, row_number() OVER (ORDER BY m.previous_band)::integer AS place,
            page_band_label(m.previous_band, (SELECT states_persistent_absence(before, schools)), threshold) AS label
        FROM moved m GROUP BY m.previous_band),
    later AS (
        SELECT m.band, row_number() OVER (ORDER BY m.band)::integer AS place,
            page_band_label(m.band, (SELECT states_persistent_absence(period, schools)), threshold) AS label
        FROM moved m GROUP BY m.band),
    line AS MATERIALIZED (
        SELECT e.place, e.label, array_agg(coalesce(m.enrolments, 0) ORDER BY l.place) AS counts
        FROM earlier e CROSS JOIN later l LEFT JOIN moved m ON m.previous_band = e.band AND m.band = l.band
        GROUP BY e.place, e.label),
    -- the totals that the page states: the bands now, and how many were persistently absent
    kept AS (
        SELECT ARRAY(SELECT l.place FROM later l
                WHERE l.band IN (SELECT c.band FROM page_band_counts(period, schools, threshold) c WHERE c.band < 4
                    AND c.count IS NOT NULL)
                    OR l.band = 4 AND page_period_detail(period, schools, threshold) >= 2) || 0 AS columns,
            ARRAY(SELECT e.place FROM earlier e WHERE e.band = 4
                AND page_period_detail(before, with_predecessors(schools), threshold) >= 2) AS rows),
    shown AS (
        SELECT d.row_number AS place,
            array_agg(page_shown(d.count IS NOT NULL, count_text(d.count)) ORDER BY d.column_number) AS cells
        FROM kept k CROSS JOIN LATERAL disclosed_cells((SELECT array_agg(l.counts ORDER BY l.place) FROM line l),
            threshold, '{}', k.columns, k.rows) d
        WHERE threshold >= 2 AND d.row_number > 0 AND d.column_number > 0
        GROUP BY d.row_number
        UNION ALL
        SELECT l.place, ARRAY(SELECT count_text(u.n) FROM unnest(l.counts) WITH ORDINALITY AS u (n, place)
            ORDER BY u.place)
        FROM line l WHERE coalesce(threshold, 0) < 2)
    SELECT html_table('Pupils by their band of attendance before (rows) and now (columns)'
                -- of nobody there is a band before if there were no marks; or too little is left to protect a number
                || CASE WHEN count(*) > 0 AND count(s.cells) = 0 THEN ', ' || page_too_few() ELSE '' END,
            'Before'::text || (SELECT array_agg(l.label ORDER BY l.place) FROM later l),
            array_agg(l.label || s.cells ORDER BY l.place)
                FILTER (WHERE s.cells IS NOT NULL AND EXISTS (SELECT FROM earlier e WHERE e.band < 9)))
    FROM line l LEFT JOIN shown s ON s.place = l.place;
END;
COMMENT ON FUNCTION page_movement(text, text, integer[], integer) IS
'Of a page: how many pupils were in which band of attendance before and are in which now, as band_movement() has '
'them; counts below the threshold, and what would give them away beside the bands and those persistently absent, are '
'c (see disclosed_cells()), and those who have no sessions now are left out with them. 22023 for what is no period';

CREATE FUNCTION page_day(period text, before text, schools integer[], threshold integer)
    RETURNS TABLE (place integer, measure text, percent numeric, compared_percent numeric, numerator bigint,
        denominator bigint, said boolean)
    LANGUAGE sql STABLE ROWS 7
BEGIN ATOMIC
    SELECT d.place, d.measure, d.percent, d.compared_percent, d.numerator, d.denominator,
        -- all or none: one day would follow from the others
        bool_and(page_said(d.enrolments, d.numerator, threshold) AND page_said(NULL, d.compared_numerator, threshold))
            OVER ()
    FROM leaders_report(period, 'statutory', schools, before) d WHERE d.section = '4 absence by day';
END;
COMMENT ON FUNCTION page_day(text, text, integer[], integer) IS
'Of a page: absence by day of the week in a period and another, as leaders_report() has it, and whether it may be '
'shown: not if one of the days has fewer sessions missed than the threshold. 22023 for what is no period';

CREATE FUNCTION page_days_of_week(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_table('Absence by day of the week', '{Day,Absence,Before,Sessions missed,Possible}',
        array_agg(ARRAY[r.measure,
            page_shown(r.said, percent_text(r.percent)),
            page_shown(r.said, percent_text(r.compared_percent)),
            page_shown(r.said, count_text(r.numerator)), count_text(r.denominator)] ORDER BY r.place), 1,
        amounts => array_agg(CASE WHEN r.said THEN r.percent END ORDER BY r.place),
        compared => array_agg(CASE WHEN r.said THEN r.compared_percent END ORDER BY r.place), compared_name => 'before')
    FROM page_day(period, before, schools, threshold) r;
END;
COMMENT ON FUNCTION page_days_of_week(text, text, integer[], integer) IS
'Of a page: absence by day of the week in a period and another, as page_day() has it; c if it is not shown. 22023 for '
'what is no period';

CREATE FUNCTION page_edges(period text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT page_differences(html_table('Absence at the edges of weeks and terms',
        '{Edge,Absence,Points above all days,School days}',
        array_agg(ARRAY[e.label, page_shown(e.said, percent_text(e.absence_percent)),
            page_shown(e.said, points_text(e.difference)), count_text(e.school_days)] ORDER BY e.place),
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
        || CASE WHEN bool_and(v.enough) THEN html_note(format('This school is one of the %s. Its rank is %s; the first '
            'has the least absence.', max(v.schools), max(v.rank))) ELSE '' END
        || CASE WHEN max(v.place) = 1 THEN html_note('No published figures for this period have been imported.')
            ELSE '' END END
    FROM (
        SELECT o.*, c.absence_percent AS own, c.schools_compared AS schools, c.absence_rank AS rank,
            f.enough
        FROM school_comparison(period, 'statutory', schools) c
        -- who knows some of them must not know the last: as few schools are not compared as pupils are not counted
        CROSS JOIN LATERAL (SELECT c.schools_compared >= greatest(coalesce(threshold, 5), 2) AS enough) f
        CROSS JOIN LATERAL (VALUES (1,
            CASE WHEN phase IN ('Primary', 'Secondary', 'Special') THEN format('All %s %s schools of the authority',
            c.schools_compared, lower(phase))
                ELSE format('All %s schools of the phase in the authority', c.schools_compared) END,
            -- what the others have would follow, if they are few
            CASE WHEN f.enough AND page_said(c.group_enrolments - c.enrolments, c.group_absent - c.absent,
                coalesce(threshold, 5))
                THEN c.group_absence_percent END), (2, 'Authority, published', c.authority_percent),
            (3, 'Region, published', c.region_percent), (4, 'England, published', c.national_percent)) AS o (place,
            label, rate)
        WHERE c.school_urn = page_peers.urn AND known_schools(ARRAY[page_peers.urn]) AND o.rate IS NOT NULL) AS v;
END;
COMMENT ON FUNCTION page_peers(text, integer, integer[], text, integer) IS
'Of a page: absence of a school beside all schools of its phase in the authority (schools), if they are not fewer than '
'the threshold (5 for NULL), and published rates, as school_comparison() has them. 22023 for what is no period';

CREATE FUNCTION page_head_figures(period text, before text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_figures('{Attendance,Absence,Authorised absence,Unauthorised absence,Persistently absent,Severely '
                        'absent,Days lost,Pupils}',
        ARRAY[page_shown(q.said, percent_text(h.attendance_percent)),
            page_shown(q.said, percent_text(h.absence_percent)),
            page_shown(q.kinds, percent_text(h.authorised_percent)),
            page_shown(q.kinds, percent_text(h.unauthorised_percent)),
            CASE WHEN NOT q.stated THEN '-'
                ELSE page_shown(c.persistent IS NOT NULL, percent_text(percent_of(c.persistent, h.enrolments))) END,
            CASE WHEN NOT q.stated THEN '-'
                ELSE page_shown(c.severe IS NOT NULL, percent_text(percent_of(c.severe, h.enrolments))) END,
            page_shown(q.said, count_text(h.days_lost)),
            page_shown(c.enrolments IS NOT NULL, count_text(c.enrolments))],
        ARRAY[page_shown(q.said, attended_text(h.attended, h.possible, h.due, h.unmarked),
                page_too_few()),
            page_shown(q.said, format('%s sessions', count_text(h.absent)), page_too_few()),
            page_shown(q.kinds, format('%s sessions', count_text(h.authorised)), page_too_few()),
            page_shown(q.kinds, format('%s sessions', count_text(h.unauthorised)), page_too_few()),
            CASE WHEN NOT q.stated THEN page_not_stated() WHEN c.persistent IS NULL THEN page_too_few()
                ELSE format('%s of %s pupils', count_text(c.persistent), count_text(h.enrolments)) END,
            CASE WHEN NOT q.stated THEN page_not_stated() WHEN c.severe IS NULL THEN page_too_few()
                ELSE format('%s of %s pupils', count_text(c.severe), count_text(h.enrolments)) END,
            'two sessions are a day', 'with a possible session'])
    FROM headline(period, 'statutory', schools) h
    CROSS JOIN LATERAL (
        SELECT page_states(period, 'statutory', schools) AS stated,
            page_said(h.enrolments, h.absent, threshold) AS said,
            page_said(h.enrolments, h.absent, threshold) AND (
                SELECT coalesce(bool_and(r.kinds), true)
                FROM page_reason(period, before, schools, threshold) r) AS kinds) q
    CROSS JOIN LATERAL page_counts('{all}', ARRAY[h.enrolments], ARRAY[h.persistently_absent],
        ARRAY[h.severely_absent], threshold) c
    WHERE c.row_key IS NULL;
END;
COMMENT ON FUNCTION page_head_figures(text, text, integer[], integer) IS
'Of a page: the key figures of a school, as headline() has them, authorised and unauthorised absence where '
'page_reason() states them; counts of pupils below the threshold, and what would give them away, are c. 22023 for '
'what is no period';

CREATE FUNCTION page_head_termly(school_urn integer, period text, compared_with text DEFAULT NULL,
    threshold integer DEFAULT 5) RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH this_school AS MATERIALIZED (
        SELECT s.name, s.urn, n.urns, page_shown_days(period, n.urns) AS days,
            coalesce(page_head_termly.compared_with, page_period_before(period, n.urns)) AS before,
            coalesce(statistical_phase(s.phase, s.type), 'Total') AS phase,
            (SELECT array_agg(o.urn) FROM schools_in(period) o
             WHERE o.la_number = s.la_number AND compared_phase(o.phase, o.type) = compared_phase(s.phase,
                 s.type)) AS like_it
        FROM schools_in(period) s CROSS JOIN LATERAL (SELECT ARRAY[s.urn] AS urns) n
            WHERE s.urn = page_head_termly.school_urn
            AND known_schools(ARRAY[page_head_termly.school_urn])),
    part AS MATERIALIZED (SELECT page_standing(period, 'statutory', s.urns, s.phase, threshold, s.before) AS standing
        FROM this_school s)
    SELECT html_page(s.name || ': attendance, ' || days_text(s.days),
        'Termly page for the head teacher and governors. '
            || coalesce('Before: '
                || nullif(days_text(page_shown_days(s.before, with_predecessors(s.urns))), '-'),
                'There is no period before to compare with'),
        page_head_figures(period, s.before, s.urns, threshold)
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
