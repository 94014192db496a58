-- The termly page for a head teacher and governors.

CREATE FUNCTION page_head_termly(school_urn integer, period text, compared_with text DEFAULT NULL, threshold integer DEFAULT NULL) RETURNS text
    LANGUAGE sql STABLE SET jit = off
BEGIN ATOMIC
    WITH this_school AS (
        SELECT s.name, s.urn::integer AS urn, ARRAY[s.urn::integer] AS urns, page_days(period, ARRAY[s.urn::integer]) AS days,
            coalesce(page_head_termly.compared_with, page_period_before(period, ARRAY[s.urn::integer])) AS before,
            coalesce(statistical_phase(s.phase, s.type), 'Total') AS phase,
            (SELECT array_agg(o.urn::integer) FROM school o
             WHERE o.la_number = s.la_number AND compared_phase(o.phase, o.type) = compared_phase(s.phase, s.type)) AS like_it
        FROM school s WHERE s.urn = page_head_termly.school_urn AND known_schools(ARRAY[page_head_termly.school_urn])),
    report AS MATERIALIZED (SELECT r.* FROM this_school s CROSS JOIN LATERAL leaders_report(period, 'statutory', s.urns, s.before) r)
    SELECT html_page(s.name || ': attendance, ' || days_text(s.days), 'Termly page for the head teacher and governors. Compared with '
            || coalesce(days_text(page_days(s.before, s.urns)), 'an earlier period'),
        (SELECT html_figures('{Attendance,Authorised absence,Unauthorised absence,Persistently absent,Severely absent,Days lost}',
            ARRAY[percent_text(h.attendance_percent), percent_text(h.authorised_percent), percent_text(h.unauthorised_percent),
                percent_text(h.persistent_absence_percent), percent_text(h.severe_absence_percent), count_text(h.days_lost)],
            ARRAY[format('of %s sessions', count_text(h.possible)), format('%s sessions', count_text(h.authorised)), format('%s sessions', count_text(h.unauthorised)),
                CASE WHEN h.persistently_absent IS NULL THEN 'not stated for so few days' ELSE format('%s of %s pupils', count_text(h.persistently_absent), count_text(h.enrolments)) END,
                CASE WHEN h.severely_absent IS NULL THEN 'not stated for so few days' ELSE format('%s of %s pupils', count_text(h.severely_absent), count_text(h.enrolments)) END,
                'two sessions are a day']) FROM headline(period, 'statutory', s.urns) h)
        || '<div class="columns">'
        || html_section('Bands of attendance', (SELECT html_chart(svg_bar_chart('Pupils by band of attendance, percent', array_agg(b.label ORDER BY b.band),
                    array_agg(b.enrolments_percent ORDER BY b.band)), '')
                || html_table('Bands of attendance', '{Band,Pupils,Share of pupils,Share of missed sessions}', array_agg(ARRAY[b.label, count_text(b.enrolments),
                    percent_text(b.enrolments_percent), percent_text(b.absent_percent)] ORDER BY b.band))
            FROM attendance_bands(period, 'statutory', s.urns) b))
        || html_section('How the year develops', page_trend(period, 'statutory', s.urns, s.phase))
        || '</div>'
        || html_section('Against the period before', (SELECT page_differences(html_table('Figures of the period, beside those before', '{Measure,Count,Of,Percent,Before,Difference in points}',
                array_agg(ARRAY[r.measure, count_text(r.numerator), count_text(r.denominator), percent_text(r.percent), percent_text(r.compared_percent), points_text(r.difference)] ORDER BY r.section, r.place)))
            FROM report r WHERE r.section IN ('1 attendance', '2 persistent absence')))
        || html_section('Beside other schools', (SELECT CASE WHEN count(*) = 0 THEN html_table('Comparison', NULL, NULL) ELSE
                html_chart(svg_bar_chart('Absence, percent', '{This school}'::text[] || array_agg(v.label ORDER BY v.place), max(c.absence_percent) || array_agg(v.rate ORDER BY v.place)), '')
                || page_differences(html_table('Absence beside that of other schools', '{Compared with,Absence,Difference in points}', array_agg(ARRAY[v.label, percent_text(v.rate), points_text(c.absence_percent - v.rate)] ORDER BY v.place)))
                || html_note(format('This school is one of the %s. Its rank is %s; the first has the least absence.', max(c.schools_compared), max(c.absence_rank)))
                || CASE WHEN max(v.place) = 1 THEN html_note('No published figures for this period have been imported.') ELSE '' END END
            FROM school_comparison(period, 'statutory', s.like_it) c
            CROSS JOIN LATERAL (VALUES (1, CASE WHEN s.phase IN ('Primary', 'Secondary', 'Special') THEN format('All %s %s schools of the authority', c.schools_compared, lower(s.phase))
                    ELSE format('All %s schools of the phase in the authority', c.schools_compared) END,
                -- what the others have would follow, if they are few
                CASE WHEN c.schools_compared > 1 AND NOT c.group_enrolments - c.enrolments BETWEEN 1 AND coalesce(threshold, 5) - 1
                    AND NOT c.group_absent - c.absent BETWEEN 1 AND coalesce(threshold, 5) - 1 THEN c.group_absence_percent END), (2, 'Authority, published', c.authority_percent),
                (3, 'Region, published', c.region_percent), (4, 'England, published', c.national_percent)) AS v (place, label, rate)
            WHERE c.school_urn = s.urn AND v.rate IS NOT NULL))
        || html_section('Cohorts', page_cohorts(period, 'statutory', s.urns, threshold))
        || html_section('Movement between bands', (SELECT html_table('Pupils by their band before and now', '{Before,Now,Pupils,Share}', array_agg(ARRAY[coalesce(m.previous_label, 'no sessions'),
                coalesce(m.label, 'no sessions'), count_text(m.enrolments), percent_text(m.enrolments_percent)] ORDER BY m.previous_band NULLS LAST, m.band NULLS LAST), 2)
            FROM band_movement(period, 'statutory', s.urns, s.before) m))
        || '<div class="columns">'
        || html_section('Edges of weeks and terms', (SELECT html_chart(svg_bar_chart('Absence at edges, percent', array_agg(e.edge ORDER BY e.place), array_agg(e.absence_percent ORDER BY e.place)), '')
                || page_differences(html_table('Absence at edges', '{Edge,School days,Absence,Above all days in points}', array_agg(ARRAY[e.edge, count_text(e.school_days), percent_text(e.absence_percent), points_text(e.difference)] ORDER BY e.place)))
            FROM (SELECT d.*, row_number() OVER () AS place FROM edge_days(period, 'statutory', s.urns) d WHERE d.possible > 0) e))
        || html_section('Days and reasons', (SELECT html_chart(svg_bar_chart('Absence by day of the week, percent', array_agg(r.measure ORDER BY r.place), array_agg(r.percent ORDER BY r.place)),
                html_table('Absence by day of the week', '{Day,Sessions missed,Possible,Absence,Before}', array_agg(ARRAY[r.measure, count_text(r.numerator), count_text(r.denominator), percent_text(r.percent), percent_text(r.compared_percent)] ORDER BY r.place)))
                FROM report r WHERE r.section = '4 absence by day'),
            (SELECT html_table('Reasons for absence', '{Code and reason,Sessions,Of possible,Before}', array_agg(ARRAY[r.measure, count_text(r.numerator), percent_text(r.percent), percent_text(r.compared_percent)] ORDER BY r.numerator DESC, r.place))
             FROM report r WHERE r.section = '5 reasons for absence'))
        || '</div>',
        'Population: statutory, pupils aged 5 to 15 on 31 August, as in the official figures. Persistent absence is at least 10%, severe absence at least 50% of a pupil''s own possible sessions. '
        || CASE WHEN threshold >= 2 THEN format('In the table of cohorts, counts below %s, and what would give them away, are shown as c.', threshold)
            ELSE 'Small numbers are shown: do not publish this page.' END
        || ' Methodology: Department for Education, Pupil absence in schools in England.')
    FROM this_school s;
END;
COMMENT ON FUNCTION page_head_termly(integer, text, text, integer) IS
'The termly page of a school as HTML, for its head teacher and governors: bands, the figures beside those of another period (compared_with; NULL for the term or half term before, or the same period a year before), other schools of the phase in the authority without their names, cohorts with gaps, movement, edges, days and reasons. threshold: that of suppress_small_numbers() for cohorts, NULL for none. NULL for a NULL school; 22023 for what is no school or period';
