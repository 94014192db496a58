-- Pages for daily work at a school: the week of a school, and that of a class.

CREATE FUNCTION page_school_week(school_urn integer, period text, population text DEFAULT 'current roll') RETURNS text
    LANGUAGE sql STABLE SET jit = off
BEGIN ATOMIC
    WITH this_school AS (
        SELECT s.name, ARRAY[s.urn::integer] AS urns, page_days(period, ARRAY[s.urn::integer]) AS days,
            page_year(period, ARRAY[s.urn::integer]) AS year, coalesce(statistical_phase(s.phase, s.type), 'Total') AS phase
        FROM school s WHERE s.urn = page_school_week.school_urn AND known_schools(ARRAY[page_school_week.school_urn])),
    list AS MATERIALIZED (
        SELECT c.* FROM this_school s CROSS JOIN LATERAL weekly_class_list(period, population, s.urns) c),
    reason AS MATERIALIZED (
        SELECT c.* FROM this_school s CROSS JOIN LATERAL code_frequency(period, population, s.urns) c),
    class AS MATERIALIZED (
        SELECT coalesce(l.registration_group, 'no group') AS label, count(*) AS pupils, sum(l.possible) AS possible, sum(l.absent) AS absent,
            sum(l.late) AS late, sum(l.unexplained) AS unexplained, sum(l.unmarked) AS unmarked, percent_of(sum(l.absent), sum(l.possible)) AS absence,
            percent_of(sum(l.year_absent), sum(l.year_possible)) AS year_absence,
            row_number() OVER (ORDER BY l.registration_group IS NULL, nullif(substring(l.registration_group, '^\d+'), '')::numeric, l.registration_group) AS place
        FROM list l GROUP BY l.registration_group)
    SELECT html_page(s.name || ': attendance, ' || days_text(s.days), 'Weekly page of the school, for its leaders and attendance officer',
        (SELECT html_figures('{Attendance,Absence,Late before close,N not explained,No mark,Pupils,Persistently absent,Severely absent}',
            ARRAY[percent_text(h.attendance_percent), percent_text(h.absence_percent), count_text(h.late_before_close),
                count_text((SELECT coalesce(sum(l.unexplained), 0) FROM list l)), count_text(h.unmarked), count_text(h.enrolments),
                percent_text(y.persistent_absence_percent), percent_text(y.severe_absence_percent)],
            ARRAY[format('%s of %s sessions', count_text(h.attended), count_text(h.possible)),
                format('authorised %s, unauthorised %s', percent_text(h.authorised_percent), percent_text(h.unauthorised_percent)),
                'sessions', 'sessions', 'sessions in lines of register', 'with a possible session',
                format('%s pupils, year to date', count_text(y.persistently_absent)), format('%s pupils, year to date', count_text(y.severely_absent))])
         FROM headline(period, population, s.urns) h CROSS JOIN headline(s.year, population, s.urns) y)
        || CASE WHEN NOT EXISTS (SELECT FROM list) THEN html_note('The register has no marks of these pupils in this period.') ELSE '' END
        || '<div class="columns">'
        || html_section('How the year develops', page_trend(period, population, s.urns, s.phase))
        || html_section('Reasons for absence', (SELECT html_chart(svg_bar_chart('Sessions missed, by reason',
                array_agg(r.mark::text || ' ' || r.description ORDER BY r.sessions DESC, mark_place(r.mark)), array_agg(r.sessions::numeric ORDER BY r.sessions DESC, mark_place(r.mark)), ''),
                html_table('Sessions missed, by reason', '{Code,Reason,Sessions,Of all absence,Pupils}', array_agg(ARRAY[r.mark::text, r.description,
                    count_text(r.sessions), percent_text(r.absence_percent), count_text(r.enrolments_with)] ORDER BY r.sessions DESC, mark_place(r.mark)), 2))
            FROM reason r WHERE is_absence(r.mark)))
        || '</div>'
        || html_section('Classes', (SELECT '<div class="columns"><div>' || html_chart(svg_bar_chart('Absence by class, percent, beside the year to date',
                    array_agg(c.label ORDER BY c.place), array_agg(c.absence ORDER BY c.place), '%', array_agg(c.year_absence ORDER BY c.place), 'year to date'), '')
                || '</div><div>' || html_table('Classes', '{Class,Pupils,Absence,Year to date,Missed,Late,N open,No mark}', array_agg(ARRAY[c.label,
                    count_text(c.pupils), percent_text(c.absence), percent_text(c.year_absence), count_text(c.absent), count_text(c.late),
                    count_text(c.unexplained), count_text(c.unmarked)] ORDER BY c.place)) || '</div></div>'
            FROM class c))
        || html_section('To chase up',
            (SELECT html_table('Reasons not established within five school days (N)' || coalesce(': ' || max(n.of) || ' pupils' || CASE WHEN max(n.of) > 30 THEN ', the 30 oldest' ELSE '' END, ''),
                '{Pupil,Class,Oldest,Sessions,School days since}', array_agg(ARRAY[n.pupil, n.class, day_text(n.day), count_text(n.sessions), count_text(n.school_days)] ORDER BY n.day, n.pupil), 3)
             FROM (SELECT c.surname || ', ' || c.forename AS pupil, coalesce(c.registration_group, '-') AS class, min(c.day) AS day, count(*) AS sessions,
                    max(c.school_days) AS school_days, count(*) OVER () AS of
                   FROM unexplained_chase(s.year, population, s.urns) c
                   GROUP BY c.pupil_id, c.surname, c.forename, c.registration_group ORDER BY 3, 1 LIMIT 30) n),
            (SELECT html_table('Registers with gaps' || coalesce(': ' || max(u.of) || '' || CASE WHEN max(u.of) > 30 THEN ', the first 30' ELSE '' END, ''), '{Class,Day,Session,Pupils without a mark,On roll}',
                array_agg(ARRAY[u.class, day_text(u.day), u.session, count_text(u.unmarked), count_text(u.on_roll)] ORDER BY u.day, u.session, u.class), 3)
             FROM (SELECT coalesce(g.registration_group, 'no group') AS class, g.day, g.session, g.unmarked, g.on_roll, count(*) OVER () AS of
                   FROM unmarked_by_group(period, s.urns) g ORDER BY g.day, g.session, 1 LIMIT 30) u))
        || html_section('Pupils, year to date',
            (SELECT html_table('Newly persistently absent since the week before', '{Pupil,Sessions missed,Absence,A week before}',
                array_agg(ARRAY[m.surname || ', ' || m.forename, format('%s of %s', m.absent, m.possible), percent_text(m.absence_percent),
                    percent_text(m.previous_absence_percent)] ORDER BY m.surname, m.forename, m.pupil_id))
             FROM (SELECT v.* FROM pupil_movement(s.year, population, s.urns, 'year to date ' || (right(s.year, 10)::date - 7)) v
                   WHERE v.movement = 'newly persistently absent' ORDER BY v.surname, v.forename, v.pupil_id LIMIT 30) m),
            (SELECT html_table('At risk, absence of 5 to under 10%' || coalesce(': ' || max(r.of) || ' pupils' || CASE WHEN max(r.of) > 30 THEN ', the 30 with most' ELSE '' END, ''),
                '{Pupil,Class,Sessions missed,Of them unauthorised,Absence}', array_agg(ARRAY[r.surname || ', ' || r.forename,
                    coalesce(r.registration_group, '-'), format('%s of %s', r.absent, r.possible), count_text(r.unauthorised), percent_text(r.absence_percent)]
                    ORDER BY r.absence_percent DESC, r.pupil_id), 2)
             FROM (SELECT k.*, count(*) OVER () AS of FROM pupils_at_risk(s.year, population, s.urns) k
                   ORDER BY k.absence_percent DESC, k.pupil_id LIMIT 30) r)),
        format('Population: %s. Attendance and absence are percentages of possible sessions; persistent absence is at least 10%%, severe absence at least 50%% of a pupil''s own. This page names pupils: keep it in the school. Methodology: Department for Education, Pupil absence in schools in England.', population))
    FROM this_school s;
END;
COMMENT ON FUNCTION page_school_week(integer, text, text) IS
'The weekly page of a school as HTML: headline, absence by week beside last year and England, reasons, classes, what is to be chased up, pupils at risk. It names pupils. NULL for NULL; 22023 for what is no school, period or population';

CREATE FUNCTION page_class(school_urn integer, registration_group text, period text, population text DEFAULT 'current roll') RETURNS text
    LANGUAGE sql STABLE SET jit = off
BEGIN ATOMIC
    WITH this_school AS (
        SELECT s.name, ARRAY[s.urn::integer] AS urns, page_days(period, ARRAY[s.urn::integer]) AS days
        FROM school s WHERE s.urn = page_class.school_urn AND known_schools(ARRAY[page_class.school_urn])
            AND known_group(page_class.registration_group, ARRAY[page_class.school_urn])),
    list AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY c.surname, c.forename, c.pupil_id) AS place, c.surname || ', ' || c.forename AS name, c.*
        FROM this_school s CROSS JOIN LATERAL weekly_class_list(period, population, s.urns, page_class.registration_group) c),
    -- of a longer period the last week
    shown AS (SELECT greatest(lower(s.days), upper(s.days) - 7) AS first_day, upper(s.days) - 1 AS last_day FROM this_school s),
    grid AS MATERIALIZED (
        SELECT l.place, d.day::date AS day, h.session, mark_at(l.marks::mark_series, d.day::date, h.session) AS mark
        FROM list l CROSS JOIN shown w
        CROSS JOIN LATERAL generate_series(w.first_day::timestamp, w.last_day::timestamp, interval '1 day') AS d (day)
        CROSS JOIN (VALUES ('AM'), ('PM')) AS h (session)
        WHERE extract(isodow FROM d.day) < 6 OR mark_at(l.marks::mark_series, d.day::date, h.session) IS NOT NULL),
    session AS MATERIALIZED (
        SELECT g.day, g.session, to_char(g.day::timestamp, 'Dy FMDD') || ' ' || g.session AS label,
            CASE WHEN g.session = 'AM' THEN to_char(g.day::timestamp, 'Dy') ELSE 'pm' END AS short
        FROM grid g GROUP BY g.day, g.session),
    line AS MATERIALIZED (
        SELECT l.place, array_agg(CASE WHEN l.mark IS NULL THEN '#ffffff' ELSE mark_colour(l.mark) END ORDER BY l.day, l.session) AS fills,
            array_agg(coalesce(l.mark::text, '') ORDER BY l.day, l.session) AS cells
        FROM (SELECT p.place, e.day, e.session, g.mark FROM (SELECT DISTINCT place FROM grid) p CROSS JOIN session e
              LEFT JOIN grid g ON g.place = p.place AND g.day = e.day AND g.session = e.session) l
        GROUP BY l.place)
    SELECT html_page(s.name || ', class ' || page_class.registration_group || ': attendance, ' || days_text(s.days),
        'Page of the class, for its form teacher',
        (SELECT html_figures('{Attendance,Sessions missed,Late,N not explained,No mark,Pupils,Absence,Persistently absent}',
            ARRAY[percent_text(100 - percent_of(sum(l.absent), sum(l.possible))), count_text(coalesce(sum(l.absent), 0)), count_text(coalesce(sum(l.late), 0)),
                count_text(coalesce(sum(l.unexplained), 0)), count_text(coalesce(sum(l.unmarked), 0)), count_text(count(*)),
                percent_text(percent_of(sum(l.year_absent), sum(l.year_possible))),
                count_text(count(*) FILTER (WHERE l.year_possible > 0 AND 10 * l.year_absent >= l.year_possible))],
            ARRAY['of possible sessions', format('of %s possible', count_text(coalesce(sum(l.possible), 0))), 'sessions', 'sessions', 'sessions', 'on the list',
                'year to date', 'pupils, year to date']) FROM list l)
        || html_section('Marks', (SELECT html_chart(svg_heat_map('Marks of the class by pupil and session', array_agg(l.name ORDER BY l.place),
                    (SELECT array_agg(e.short ORDER BY e.day, e.session) FROM session e), array_agg(n.fills ORDER BY l.place), array_agg(n.cells ORDER BY l.place),
                    '{Attended,Late before close,Authorised absence,Unauthorised absence,"Not possible, or no mark"}',
                    ARRAY[mark_colour('/'), mark_colour('L'), mark_colour('I'), mark_colour('O'), mark_colour('#')]),
                html_table('Marks', 'Pupil'::text || (SELECT array_agg(e.label ORDER BY e.day, e.session) FROM session e),
                    array_agg(l.name || n.cells ORDER BY l.place), 99))
             FROM list l JOIN line n ON n.place = l.place),
            (SELECT html_note('Codes: ' || string_agg(k.mark || ' ' || k.description, '; ' ORDER BY k.mark))
             FROM (SELECT DISTINCT g.mark::text AS mark, mark_description(g.mark) AS description FROM grid g WHERE g.mark IS NOT NULL) k))
        || html_section('Pupils', (SELECT html_chart(svg_bar_chart('Absence of the year to date by pupil, percent', array_agg(l.name ORDER BY l.year_absence_percent DESC NULLS LAST, l.place),
                    array_agg(l.year_absence_percent ORDER BY l.year_absence_percent DESC NULLS LAST, l.place)), '')
                || html_table('Pupils', '{Pupil,Attendance in the year,Missed,Late,N not explained,Missed in the year,Absence in the year}',
                    array_agg(ARRAY[l.name, coalesce(l.year_label, '-'), format('%s of %s', l.absent, l.possible), count_text(l.late), count_text(l.unexplained),
                        format('%s of %s', l.year_absent, l.year_possible), percent_text(l.year_absence_percent)] ORDER BY l.place), 2)
            FROM list l)),
        format('Population: %s. Sessions are half days. This page names pupils: keep it in the school.', population))
    FROM this_school s
    WHERE page_class.registration_group IS NOT NULL;
END;
COMMENT ON FUNCTION page_class(integer, text, text, text) IS
'The page of a registration group as HTML: key figures, a grid of the marks of the week (of a longer period the last seven days), and each pupil''s absence in the period and from 1 August on. It names pupils. NULL for NULL; 22023 for what is no school, group, period or population';
