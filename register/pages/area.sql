-- Pages that leave the school: a trust's, and an authority's for Targeting Support Meetings.

CREATE FUNCTION page_school_headings() RETURNS text[]
    LANGUAGE sql IMMUTABLE
    RETURN '{School,Phase,Absence,Difference to phase,Rank in phase,Enrolments,Persistently absent,'
           'Severely absent}'::text[];
COMMENT ON FUNCTION page_school_headings() IS 'The headings of tables of schools on a page';

CREATE FUNCTION page_phase(period text, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN count(DISTINCT coalesce(statistical_phase(s.phase, s.type), 'Total')) = 1
        THEN max(coalesce(statistical_phase(s.phase, s.type), 'Total')) ELSE 'Total' END
    FROM schools_in(period) s WHERE s.urn = ANY (schools) AND known_schools(schools);
END;
COMMENT ON FUNCTION page_phase(text, integer[]) IS
'The phase whose published figures are beside those of some schools: theirs in the period, or Total if they are of '
'several. 22023 for what is no period';

CREATE FUNCTION page_area_figures(period text, schools integer[], threshold integer, enrolments bigint,
    persistent bigint, severe bigint, with_marks bigint, safe boolean) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_figures('{Attendance,Absence,Authorised absence,Unauthorised absence,Persistently absent,Severely '
                        'absent,Schools,Enrolments}',
        ARRAY[page_shown(q.rate, percent_text(h.attendance_percent)),
            page_shown(q.rate, percent_text(h.absence_percent)),
            page_shown(q.kinds, percent_text(h.authorised_percent)),
            page_shown(q.kinds, percent_text(h.unauthorised_percent)), page_persistence(persistent, NULL, q.stated),
            page_persistence(severe, NULL, q.stated), count_text(with_marks),
            page_shown(page_area_figures.enrolments IS NOT NULL, count_text(page_area_figures.enrolments))],
        ARRAY[page_shown(q.rate, attended_text(h.attended, h.possible, h.due, h.unmarked),
                page_too_few()),
            page_shown(q.rate, format('%s sessions', count_text(h.absent)), page_too_few()),
            page_shown(q.kinds, format('%s sessions', count_text(h.authorised)), page_too_few()),
            page_shown(q.kinds, format('%s sessions', count_text(h.unauthorised)), page_too_few()),
            CASE WHEN NOT q.stated THEN page_not_stated() WHEN persistent IS NULL THEN page_too_few()
                ELSE percent_text(percent_of(persistent, page_area_figures.enrolments)) || ' of enrolments' END,
            CASE WHEN NOT q.stated THEN page_not_stated() WHEN severe IS NULL THEN page_too_few()
                ELSE percent_text(percent_of(severe, page_area_figures.enrolments)) || ' of enrolments' END,
            'with marks in the period', 'with a possible session'])
    FROM headline(period, 'statutory', schools) h
    CROSS JOIN LATERAL (
        SELECT safe AND page_said(h.enrolments, h.absent, threshold) AS rate,
            safe AND page_said(h.enrolments, h.absent, threshold) AND page_said(NULL, h.authorised, threshold)
                AND page_said(NULL, h.unauthorised, threshold) AS kinds,
            page_states(period, 'statutory', schools) AS stated) q;
END;
COMMENT ON FUNCTION page_area_figures(text, integer[], integer, bigint, bigint, bigint, bigint, boolean) IS
'Of a page: the key figures of some schools, as headline() has them. enrolments, persistent, severe: what may be said '
'of all of them (NULL if it may not), with_marks: how many schools have marks, safe: whether their absence may be '
'shown; c for fewer pupils or missed sessions than the threshold. 22023 for what is no period';

CREATE FUNCTION page_schools(period text, schools integer[], threshold integer, most integer DEFAULT 30) RETURNS text[]
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH compared AS MATERIALIZED (
        -- without the published figures, which take longer than the rest
        SELECT c.phase, c.school_urn, c.school, c.enrolments, c.absent, c.absence_percent, c.persistently_absent,
            c.severely_absent, c.schools_compared, c.absence_rank, c.group_enrolments, c.group_absent,
            c.group_absence_percent, c.difference_to_group, row_number() OVER (ORDER BY c.phase, c.absence_rank,
                c.school_urn) AS place
        FROM school_comparison(period, 'statutory', schools) c),
    shown AS MATERIALIZED (
        SELECT s.*
        FROM (SELECT array_agg(c.school_urn::text) AS u, array_agg(c.enrolments) AS e,
            array_agg(c.persistently_absent) AS p,
                array_agg(c.severely_absent) AS s
              FROM compared c) g
        CROSS JOIN LATERAL page_counts(g.u, g.e, g.p, g.s, threshold) s),
    judged AS MATERIALIZED (
        SELECT c.*, page_shown(s.enrolments IS NOT NULL, count_text(s.enrolments)) AS shown_enrolments,
            s.persistent, s.severe, s.enrolments AS counted,
            s.enrolments IS NOT NULL
                AND (coalesce(threshold, 0) < 2 OR NOT c.absent BETWEEN 1 AND threshold - 1) AS large
        FROM compared c JOIN shown s ON s.row_key = c.school_urn::text),
    safe AS MATERIALIZED (
        SELECT j.*, CASE WHEN j.said THEN j.absence_percent END AS shown_absence,
            CASE WHEN coalesce(threshold, 0) < 2 OR j.group_enrolments >= threshold
                AND NOT j.group_absent BETWEEN 1 AND threshold - 1
                THEN j.group_absence_percent END AS shown_group
        FROM (
            -- with one school that is not shown others are not, the least absent first, so that it does not follow from
            -- the phase
            SELECT h.*, h.large AND (bool_and(h.large) OVER (PARTITION BY h.phase)
                OR coalesce(count(*) OVER before > 1 AND sum(h.absent) OVER before >= threshold
                    AND sum(h.enrolments) OVER before >= threshold, false)) AS said
            FROM judged h
            WINDOW before AS (PARTITION BY h.phase ORDER BY h.large, h.absent, h.school_urn
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS j),
    stated AS MATERIALIZED (SELECT page_states(period, 'statutory', schools) AS stated),
    -- what is not said of schools of several phases would follow from all of them together
    hidden AS MATERIALIZED (
        SELECT page_said(sum(s.enrolments)::bigint, sum(s.absent)::bigint, threshold) AS safe FROM safe s
            WHERE NOT s.said),
    line AS MATERIALIZED (
        SELECT s.school, s.shown_absence, s.shown_group, s.shown_absence IS NOT NULL AND s.shown_group IS NOT NULL
            AND s.difference_to_group >= 2 AS flagged, row_number() OVER (ORDER BY s.shown_absence IS NULL,
                s.difference_to_group DESC, s.place) AS furthest,
            row_number() OVER (ORDER BY s.phase, s.school, s.school_urn) AS by_name, count(*) OVER () AS of,
            ARRAY[s.school, s.phase, page_shown(s.shown_absence IS NOT NULL, percent_text(s.shown_absence)),
                CASE WHEN s.shown_absence IS NULL OR s.shown_group IS NULL THEN 'c'
                    ELSE points_text(s.difference_to_group) END,
                format('%s of %s', s.absence_rank, s.schools_compared), s.shown_enrolments,
                page_persistence(s.persistent, s.counted, t.stated),
                page_persistence(s.severe, s.counted, t.stated)] AS cells
        FROM safe s CROSS JOIN stated t)
    SELECT ARRAY[coalesce((SELECT page_area_figures(period, schools, threshold, t.enrolments, t.persistent, t.severe,
                (SELECT count(*) FROM compared), o.safe)
            FROM shown t CROSS JOIN hidden o
            WHERE t.row_key IS NULL), html_note('The registers have no marks of these schools in this period.')),
        (SELECT page_differences(
            html_table(CASE WHEN max(l.of) > most THEN format('The %s schools furthest above their phase', most)
                    ELSE 'Schools, the furthest above their phase first' END, page_school_headings(),
                array_agg(l.cells ORDER BY l.furthest), 2, array_agg(l.flagged ORDER BY l.furthest),
                'two points or more above all schools of its phase here',
                array_agg(l.shown_absence ORDER BY l.furthest), array_agg(l.shown_group ORDER BY l.furthest),
                'absence of all schools of the phase here'))
         FROM line l WHERE l.furthest <= most),
        (SELECT html_table('Every school, by phase and name', page_school_headings(),
                array_agg(l.cells ORDER BY l.by_name), 2, array_agg(l.flagged ORDER BY l.by_name),
                'two points or more above all schools of its phase here')
         FROM line l),
        CASE WHEN (SELECT o.safe FROM hidden o) THEN '' ELSE html_note('Absence of all of them: ' || page_too_few()
            || '.') END];
END;
COMMENT ON FUNCTION page_schools(text, integer[], integer, integer) IS
'Of a page, in four parts: key figures, a table with bars of so many schools, those furthest above their phase, one of '
'all, and a sentence if the absence of all of them together may not be shown; compared within their phases, as '
'school_comparison() has them; counts below the threshold, and what would give them away, are c (see page_counts()). '
'22023 for what is no period';

CREATE FUNCTION page_penalties(as_of date, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- both reports read penalty_window(): here both are read from it at once; a pupil is listed at one school
    WITH watched AS (
        SELECT k.kind, s.phase, sum(k.pupils)::bigint AS pupils
        FROM (
            SELECT CASE WHEN w.met_on IS NOT NULL THEN 'met' ELSE 'near' END AS kind, w.school_urn,
                count(DISTINCT w.pupil_id) AS pupils
            FROM penalty_window(as_of, schools, 8, NULL) w
            WHERE w.met_on IS NOT NULL OR w.threshold - w.sessions <= 2
            GROUP BY 1, w.school_urn) k
        JOIN school_on(as_of) s ON s.urn = k.school_urn
        GROUP BY k.kind, s.phase),
    counted AS (
        SELECT c.row_key, CASE WHEN count(c.count) FILTER (WHERE c.column_key = 'met') = 0 THEN 'c'
            ELSE count_text(sum(c.count) FILTER (WHERE c.column_key = 'met')) END AS met,
                CASE WHEN count(c.count) FILTER (WHERE c.column_key = 'near') = 0 THEN 'c'
                ELSE count_text(sum(c.count) FILTER (WHERE c.column_key = 'near')) END AS near
        FROM (SELECT array_agg(p.phase) AS r, array_agg(k.kind) AS k, array_agg(coalesce(w.pupils, 0)) AS n
              FROM (SELECT DISTINCT phase FROM watched) p CROSS JOIN (VALUES ('met'), ('near')) AS k (kind)
              LEFT JOIN watched w ON w.phase = p.phase AND w.kind = k.kind) g
        CROSS JOIN LATERAL countable(g.r, g.k, g.n, threshold) c
        GROUP BY c.row_key)
    SELECT html_table(format('Pupils for whom a penalty notice has to be considered, on %s', day_text(as_of)),
        '{Phase,"Ten sessions or more","Eight or nine sessions"}',
        array_agg(ARRAY[coalesce(c.row_key, 'All'), c.met, c.near] ORDER BY c.row_key NULLS LAST))
        || html_note('Sessions of unauthorised absence within ten school weeks: holiday not granted (code G), reason '
                     'not yet known (N), other (O), arrived after the register closed (U). Ten are the threshold at '
                     'which a notice has to be considered.')
    FROM counted c;
END;
COMMENT ON FUNCTION page_penalties(date, integer[], integer) IS
'Of a page: how many pupils of each phase are on penalty_watch(), and how many are two sessions or less from it; '
'counts below the threshold, and what would give them away, are c (see countable())';

CREATE FUNCTION page_area_footnote(threshold integer) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN 'Population: statutory, pupils aged 5 to 15 on 31 August, as in the official figures. An enrolment is a '
           'pupil at a school. A session is a morning or an afternoon; absence is a percentage of possible sessions, '
           'of several schools the sum of sessions missed by the sum of possible sessions. Persistent absence is at '
           'least 10%, severe absence at least 50% of a pupil''s own possible sessions. Ranks begin with the least '
           'absence. '
        || page_small_numbers(threshold)
        || ' Methodology: Department for Education, Pupil absence in schools in England.';
COMMENT ON FUNCTION page_area_footnote(integer) IS
'Of a page that leaves the school: what its figures are, and how small numbers are treated';

CREATE FUNCTION page_phases(period text, schools integer[], threshold integer) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_table('Absence by phase', '{Phase,Absence,Schools,"Authority, published","England, published"}',
            array_agg(ARRAY[c.phase, page_shown(c.said, percent_text(c.absence)), count_text(c.schools),
                percent_text(c.authority), percent_text(c.national)] ORDER BY c.phase), 1,
            amounts => array_agg(CASE WHEN c.said THEN c.absence END ORDER BY c.phase))
        || CASE WHEN count(*) > count(c.authority) OR count(*) > count(c.national)
            THEN html_note('A hyphen: no published figures of this phase for this period have been imported.')
                ELSE '' END
    FROM (SELECT o.phase, max(o.schools_compared) AS schools, max(o.group_absence_percent) AS absence,
            page_said(max(o.group_enrolments), max(o.group_absent), threshold) AS said,
            max(o.authority_percent) AS authority, max(o.national_percent) AS national
          FROM school_comparison(period, 'statutory', schools) o GROUP BY o.phase) c;
END;
COMMENT ON FUNCTION page_phases(text, integer[], integer) IS
'Of a page: absence of the phases of some schools, beside the published rates of their authority and England; c for '
'fewer pupils or missed sessions than the threshold (NULL: none). 22023 for what is no period';

CREATE FUNCTION page_trust(trust_uid integer, period text, threshold integer DEFAULT 5) RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH this_trust AS MATERIALIZED (
        SELECT t.name, a.urns, page_shown_days(period, a.urns) AS days,
            page_schools(period, a.urns, threshold) AS parts,
            page_standing(period, 'statutory', a.urns, page_phase(period, a.urns), threshold) AS standing
        FROM trust t
        CROSS JOIN LATERAL (SELECT coalesce(array_agg(s.urn ORDER BY s.urn), '{}') AS urns FROM schools_in(period) s
            WHERE s.trust_uid = t.trust_uid) a
        WHERE t.trust_uid = page_trust.trust_uid AND known_trust(page_trust.trust_uid))
    SELECT html_page(t.name || ': attendance, ' || days_text(t.days),
        CASE cardinality(t.urns) WHEN 1 THEN 'The school of the trust'
            ELSE format('The %s schools of the trust beside each other', cardinality(t.urns)) END,
        html_section('Attendance and absence', t.parts[1])
        || html_section('Beside earlier periods, and England', '<div class="columns"><div>'
            || coalesce(nullif(t.parts[4], ''), t.standing[1]) || '</div><div>' || t.standing[2] || '</div></div>')
        || html_section('Schools', t.parts[2])
        || html_section('Phases', page_phases(period, t.urns, threshold))
        || html_section('Groups of pupils', page_cohorts(period, 'statutory', t.urns, threshold)),
        page_area_footnote(threshold))
    FROM this_trust t;
END;
COMMENT ON FUNCTION page_trust(integer, text, integer) IS
'The page of a trust as HTML: attendance and absence of the schools that were its on the last day of the period, '
'beside earlier periods and England, these schools compared '
'within their phases, absence by week, phases and cohorts. threshold: that of suppress_small_numbers(), NULL or 1 to '
'show every number. It names no pupil. NULL for a NULL trust; 22023 for what is no trust or period';

CREATE FUNCTION page_authority(la_number integer, period text, threshold integer DEFAULT 5) RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH authority AS MATERIALIZED (
        SELECT l.name, a.urns, page_shown_days(period, a.urns) AS days, page_year(period, a.urns) AS year,
            page_schools(period, a.urns, threshold, 20) AS parts,
            page_standing(period, 'statutory', a.urns, page_phase(period, a.urns), threshold) AS standing
        FROM local_authority l
        CROSS JOIN LATERAL (SELECT coalesce(array_agg(s.urn ORDER BY s.urn), '{}') AS urns FROM schools_in(period) s
            WHERE s.la_number = l.la_number) a
        WHERE l.la_number = page_authority.la_number AND known_authority(page_authority.la_number))
    SELECT html_page(a.name || ': attendance, ' || days_text(a.days),
        'Overview of the authority, for Targeting Support Meetings with schools',
        html_section('Attendance and absence', a.parts[1])
        || html_section('Beside earlier periods, and England', '<div class="columns"><div>'
            || coalesce(nullif(a.parts[4], ''), a.standing[1]) || '</div><div>' || a.standing[2] || '</div></div>')
        || html_section('Schools', a.parts[2])
        || html_section('Penalty notices', page_penalties(right(a.year, 10)::date, a.urns, threshold))
        || html_section('Groups of pupils', page_cohorts(period, 'statutory', a.urns, threshold))
        || CASE WHEN cardinality(a.urns) > 20 THEN html_section('Every school', a.parts[3]) ELSE '' END,
        page_area_footnote(threshold))
    FROM authority a;
END;
COMMENT ON FUNCTION page_authority(integer, text, integer) IS
'The page of a local authority as HTML, for Targeting Support Meetings: its attendance and absence beside earlier '
'periods and England, its schools within their phases with persistent and severe absence, how many pupils are on the '
'penalty-notice watch, and cohorts with gaps. threshold: that of suppress_small_numbers(), NULL or 1 to show every '
'number. It names no pupil. NULL for a NULL authority; 22023 for what is no authority or period';
