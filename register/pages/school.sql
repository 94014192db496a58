-- Pages for daily work at a school: the week of a school, and that of a class.

CREATE FUNCTION page_of(count bigint, most integer, which text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN ': ' || nullif(count_text(count), '-') || CASE count WHEN 1 THEN ' pupil' ELSE ' pupils' END
        || CASE WHEN count > most THEN format(', the %s %s', most, which) ELSE '' END;
COMMENT ON FUNCTION page_of(bigint, integer, text) IS
'Of a page, after the name of a list: how many pupils it is of, and which of them are shown if they are more than so '
'many. NULL for NULL';

CREATE FUNCTION page_severe(year text, population text, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH line AS MATERIALIZED (
        SELECT l.pupil_id, l.registration_group, l.tally, a.last_attended
        FROM (SELECT r.pupil_id, r.registration_group, r.marks, r.days, tally(r.marks, r.days) AS tally
              FROM report_line(year, population, schools) r OFFSET 0) l
        CROSS JOIN LATERAL (SELECT max(m.day) AS last_attended FROM marks(l.marks, l.days) m
            WHERE is_attended(m.mark)) a
        WHERE is_severely_absent(l.tally)),
    listed AS (
        SELECT n.name, l.*, (upper(page_shown_days(year, schools)) - 1 - l.last_attended) / 7 AS weeks,
            row_number() OVER (ORDER BY l.last_attended NULLS FIRST, n.name, l.pupil_id) AS place
        FROM line l JOIN page_names(year, schools) n ON n.pupil_id = l.pupil_id)
    SELECT html_table('Severely absent, 50% or more missed, year to date'
        || coalesce(page_of(nullif(count(*), 0), 60, 'away for longest'), ''),
            '{Pupil,Class,"Weeks since attended","Last attended",Absence,"Sessions missed","Of them unauthorised"}',
        array_agg(ARRAY[v.name, coalesce(v.registration_group, '-'), count_text(v.weeks),
            CASE WHEN v.last_attended IS NULL THEN 'not this year' ELSE day_text(v.last_attended) END,
            percent_text(absence_rate(v.tally)), format('%s of %s', absent(v.tally), possible(v.tally)),
            count_text(unauthorised(v.tally))] ORDER BY v.place) FILTER (WHERE v.place <= 60), 2,
        array_agg(coalesce(v.weeks >= 4, true) ORDER BY v.place) FILTER (WHERE v.place <= 60),
        'not in school for four weeks or more')
    FROM listed v;
END;
COMMENT ON FUNCTION page_severe(text, text, integer[]) IS
'Of a page: the pupils who are severely absent in a year to date, with the day on which they last attended and the '
'whole weeks since then, those away for longest first. 22023 for what is no period or population';

CREATE FUNCTION page_chase(period text, year text, population text, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce((
        SELECT html_table('Reason for absence not known after five school days (code N)'
            || coalesce(page_of(max(n.of), 30, 'oldest'), ''), '{Pupil,Class,Oldest,Sessions,"School days since"}',
                array_agg(ARRAY[n.name, n.class, day_text(n.day), count_text(n.sessions), count_text(n.school_days)]
                    ORDER BY n.day, n.name), 3)
        FROM (SELECT a.name, coalesce(c.registration_group, '-') AS class, min(c.day) AS day, count(*) AS sessions,
                max(c.school_days) AS school_days, count(*) OVER () AS of
              FROM unexplained_chase(year, population, schools) c JOIN page_names(year, schools) a
                  ON a.pupil_id = c.pupil_id
              GROUP BY c.pupil_id, a.name, c.registration_group ORDER BY 3, 1 LIMIT 30) n), '')
        || coalesce((
        SELECT html_table('Registers that are not complete'
            || coalesce(': ' || max(u.of) || CASE WHEN max(u.of) > 30 THEN ', the first 30' ELSE '' END, ''),
                '{Class,Day,Session,"Pupils without a mark","On roll"}',
            array_agg(ARRAY[u.class, to_char(u.day::timestamp, 'Dy ') || day_text(u.day), u.session,
                count_text(u.unmarked), count_text(u.on_roll)]
                ORDER BY u.place), 3)
        FROM (SELECT coalesce(g.registration_group, 'No class') AS class, g.day,
            CASE g.session WHEN 'AM' THEN 'morning' ELSE 'afternoon' END AS session,
                g.unmarked, g.on_roll, count(*) OVER () AS of,
                row_number() OVER (ORDER BY g.day, g.session, g.registration_group) AS place
              FROM unmarked_by_group(period, schools) g ORDER BY place LIMIT 30) u), '');
END;
COMMENT ON FUNCTION page_chase(text, text, text, integer[]) IS
'Of a page: what is to be chased up at a school, absences whose reason is not known after five school days, and '
'registers with gaps. 22023 for what is no period or population';

CREATE FUNCTION page_near(year text, population text, schools integer[], stated boolean) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN stated THEN (
            SELECT html_table('Newly persistently absent since the week before'
                || coalesce(page_of(max(m.of), 30, 'first'), ''),
                    '{Pupil,Class,"Sessions missed",Absence,"A week before"}',
                array_agg(ARRAY[m.name, m.class, format('%s of %s', m.absent, m.possible),
                    percent_text(m.absence_percent), percent_text(m.previous_absence_percent)] ORDER BY m.name), 2)
            FROM (SELECT n.name, v.absent, v.possible, v.absence_percent, v.previous_absence_percent,
                count(*) OVER () AS of, coalesce((
                        SELECT e.registration_group
                        FROM enrolment_on((SELECT upper(p.days) - 1 FROM read_period(year) p)) e
                        WHERE e.pupil_id = v.pupil_id AND e.school_urn = v.school_urn
                        ORDER BY e.start_date DESC LIMIT 1), '-') AS class
                  FROM pupil_movement(year, population, schools,
                      period_of('year to date', (SELECT upper(p.days) FROM read_period(year) p) - 8)) v
                  JOIN page_names(year, schools) n ON n.pupil_id = v.pupil_id
                  WHERE v.movement = 'newly persistently absent' ORDER BY n.name LIMIT 30) m)
        ELSE html_note('Persistent absence is not stated for so few days.') END
        || (SELECT html_table('At risk, absence of 5 to under 10%' || coalesce(page_of(max(r.of), 30, 'with most'), ''),
            '{Pupil,Class,Absence,"Sessions missed","Of them unauthorised"}', array_agg(ARRAY[r.name,
                coalesce(r.registration_group, '-'), percent_text(r.absence_percent),
                format('%s of %s', r.absent, r.possible), count_text(r.unauthorised)] ORDER BY r.absence_percent DESC,
                r.name), 2)
        FROM (SELECT n.name, k.*, count(*) OVER () AS of FROM pupils_at_risk(year, population, schools) k
              JOIN page_names(year, schools) n ON n.pupil_id = k.pupil_id
              ORDER BY k.absence_percent DESC, n.name LIMIT 30) r);
END;
COMMENT ON FUNCTION page_near(text, text, integer[], boolean) IS
'Of a page: pupils who have become persistently absent in the last week of a year to date, unless such absence is not '
'stated, and those at risk of it, up to 30 of each. 22023 for what is no period or population';

CREATE FUNCTION page_reasons(period text, population text, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_table('Sessions missed, by reason', '{Code,Reason,Sessions,"Of all absence",Pupils}',
        array_agg(ARRAY[r.mark::text, r.description, count_text(r.sessions), percent_text(r.absence_percent),
            count_text(r.enrolments_with)]
            ORDER BY r.sessions DESC, r.mark::text), 2,
                amounts => array_agg(r.sessions::numeric ORDER BY r.sessions DESC, r.mark::text))
    FROM code_frequency(period, population, schools) r
    WHERE is_absence(r.mark);
END;
COMMENT ON FUNCTION page_reasons(text, text, integer[]) IS
'Of a page: sessions missed by code, as code_frequency() has them. 22023 for what is no period or population';

CREATE FUNCTION page_school_week(school_urn integer, period text, population text DEFAULT 'current roll') RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH this_school AS MATERIALIZED (
        SELECT s.name, u.urns, page_shown_days(period, u.urns) AS days, page_year(period, u.urns) AS year,
            coalesce(statistical_phase(s.phase, s.type), 'Total') AS phase
        FROM schools_in(period) s CROSS JOIN LATERAL (SELECT ARRAY[s.urn] AS urns) u
            WHERE s.urn = page_school_week.school_urn
            AND known_schools(ARRAY[page_school_week.school_urn])),
    part AS MATERIALIZED (
        SELECT page_standing(period, population, s.urns, s.phase) AS standing,
            page_states(s.year, population, s.urns) AS stated
        FROM this_school s),
    list AS MATERIALIZED (
        SELECT c.* FROM this_school s CROSS JOIN LATERAL weekly_class_list(period, population, s.urns) c),
    total AS MATERIALIZED (
        SELECT coalesce(sum(l.possible), 0) AS possible, percent_of(sum(l.absent), sum(l.possible)) AS absence,
            coalesce(sum(l.unexplained), 0) AS unexplained FROM list l),
    class AS MATERIALIZED (
        SELECT coalesce(l.registration_group, 'No class') AS label, count(*) AS pupils, sum(l.absent) AS absent,
            sum(l.late) AS late, sum(l.unexplained) AS unexplained, sum(l.unmarked) AS unmarked,
            percent_of(sum(l.absent), sum(l.possible)) AS absence,
            percent_of(sum(l.year_absent), sum(l.year_possible)) AS year_absence,
            row_number() OVER (ORDER BY percent_of(sum(l.absent), sum(l.possible)) DESC NULLS LAST,
            l.registration_group) AS place
        FROM list l GROUP BY l.registration_group)
    SELECT html_page(s.name || ': attendance, ' || days_text(s.days),
        'Weekly page of the school, for its leaders and attendance officer',
        (SELECT html_figures(ARRAY['Attendance', 'Absence', 'Late, before the register closed', 'Reason not yet known',
            'Not marked', 'Pupils',
                'Persistently absent', 'Severely absent'],
            ARRAY[percent_text(h.attendance_percent), percent_text(h.absence_percent), count_text(h.late_before_close),
                count_text(t.unexplained), count_text(h.unmarked), count_text(h.enrolments),
                CASE WHEN p.stated THEN percent_text(y.persistent_absence_percent) ELSE '-' END,
                CASE WHEN p.stated THEN percent_text(y.severe_absence_percent) ELSE '-' END],
            ARRAY[attended_text(h.attended, h.possible, h.due, h.unmarked),
                format('authorised %s, unauthorised %s', percent_text(h.authorised_percent),
                    percent_text(h.unauthorised_percent)),
                format('sessions, %s', percent_text(h.late_before_close_percent)), 'sessions, code N',
                format('of %s due sessions', count_text(h.due)), 'with a possible session',
                CASE WHEN p.stated THEN format('%s of %s pupils, year to date', count_text(y.persistently_absent),
                    count_text(y.enrolments))
                    ELSE page_not_stated() END,
                CASE WHEN p.stated THEN format('%s of %s pupils, year to date', count_text(y.severely_absent),
                    count_text(y.enrolments))
                    ELSE page_not_stated() END],
            ARRAY[p.standing[1] LIKE '%<tr class="bad">%', false, false, t.unexplained > 0, h.unmarked > 0])
         FROM headline(period, population, s.urns) h CROSS JOIN headline(s.year, population, s.urns) y)
        || CASE WHEN t.possible = 0 THEN html_note('The register has no marks of these pupils in this period.')
            ELSE '' END
        || html_section('Beside other weeks, and England', '<div class="columns"><div>' || p.standing[1]
            || '</div><div>' || p.standing[2] || '</div></div>')
        || html_section('To chase up', page_chase(period, s.year, population, s.urns))
        || html_section('Severe absence', CASE WHEN p.stated THEN page_severe(s.year, population, s.urns)
            ELSE html_note('Severe absence is not stated for so few days.') END)
        || CASE WHEN t.possible = 0 THEN '' ELSE
            html_section('Classes', (SELECT html_table('Classes, most absence first',
                    '{Class,Absence,"Year to date",Pupils,"Sessions missed","Late sessions","Reason not yet '
                    'known","Not marked"}', array_agg(ARRAY[c.label,
                        percent_text(c.absence), percent_text(c.year_absence), count_text(c.pupils),
                        count_text(c.absent), count_text(c.late), count_text(c.unexplained), count_text(c.unmarked)]
                            ORDER BY c.place),
                    1, array_agg(coalesce(c.absence >= t.absence + 2, false) ORDER BY c.place),
                    'absence two points or more above the whole school',
                    array_agg(c.absence ORDER BY c.place), array_agg(c.year_absence ORDER BY c.place),
                    'absence of the class in the year to date')
                FROM class c))
            || html_section('Reasons for absence', page_reasons(period, population, s.urns)) END
        || html_section('Near persistent absence', page_near(s.year, population, s.urns, p.stated)),
        format('Population: %s. A session is a morning or an afternoon; attendance and absence are percentages of '
               'possible sessions. Persistent absence is at least 10%%, severe absence at least 50%% of a pupil''s '
               'own. England''s figures are of pupils aged 5 to 15. This page names pupils: keep it in the school. '
               'Methodology: Department for Education, Pupil absence in schools in England.', population))
    FROM this_school s CROSS JOIN part p CROSS JOIN total t;
END;
COMMENT ON FUNCTION page_school_week(integer, text, text) IS
'The weekly page of a school as HTML: headline, the week beside others, last year and England, what is to be chased '
'up, the severely absent by name with the weeks since they attended, classes, reasons, pupils near persistent absence. '
'It names pupils; the population is the current roll if none is given: who can be helped now. NULL for NULL; 22023 for '
'what is no school, period or population';

CREATE FUNCTION page_class_standing(period text, population text, school_urn integer, registration_group text,
    phase text) RETURNS text[]
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH asked AS MATERIALIZED (
        SELECT d.days, page_year(period, d.urns) AS year, d.urns, page_england(phase) AS england,
            upper(d.days) - lower(d.days) > 7 AS is_part
        FROM (SELECT page_days(period, u.urns) AS days, u.urns FROM (SELECT ARRAY[school_urn] AS urns) u) d
        WHERE known_group(page_class_standing.registration_group, d.urns)),
    class AS MATERIALIZED (
        SELECT t.week, absence_rate(tally_agg(t.tally)) AS rate
        FROM (SELECT array_agg(slice(l.marks, l.days)) AS lines
              FROM asked a CROSS JOIN LATERAL period_line(a.year, population, a.urns) l
              WHERE l.registration_group = page_class_standing.registration_group GROUP BY l.academic_year) g
        CROSS JOIN LATERAL group_weekly_tallies(g.lines) t
        GROUP BY t.week HAVING possible(tally_agg(t.tally)) > 0),
    trend AS MATERIALIZED (
        SELECT c.week, c.rate, w.absence_percent AS school, w.benchmark_percent AS england
        -- a subquery is computed once; without it the function's arguments take its place wherever the report names the
        -- period
        FROM class c LEFT JOIN weekly_trend((SELECT a.year FROM asked a), population, (SELECT a.urns FROM asked a),
            phase => phase) w ON w.week = c.week),
    this_week AS MATERIALIZED (
        SELECT t.* FROM trend t JOIN asked a ON t.week >= date_trunc('week', lower(a.days)::timestamp)::date
            ORDER BY t.week DESC LIMIT 1),
    week_before AS MATERIALIZED (
        SELECT t.* FROM trend t JOIN this_week n ON t.week < n.week ORDER BY t.week DESC LIMIT 1)
    SELECT ARRAY[coalesce((
            SELECT page_beside(CASE WHEN a.is_part THEN 'Its last week beside others' ELSE 'The week beside others' END,
                ARRAY[page_week(CASE WHEN a.is_part THEN 'Last week' ELSE 'This week' END, n.week),
                    page_week('The school week before', b.week),
                    'The whole school, the same week', a.england || ', the same week'],
                ARRAY[n.rate, b.rate, n.school, n.england],
                ARRAY['', CASE WHEN b.week IS NULL THEN 'first of the year' ELSE '' END, CASE WHEN n.school IS NULL
                    THEN 'no marks' ELSE '' END,
                    CASE WHEN n.england IS NULL THEN 'not imported' ELSE '' END])
            FROM this_week n CROSS JOIN asked a LEFT JOIN week_before b ON true),
                html_note('Nothing to compare: there are no sessions in this period.')),
        (SELECT html_chart(svg_line_chart('Absence by week, percent of possible sessions',
            array_agg(to_char(t.week::timestamp, 'FMDD Mon') ORDER BY t.week),
                (ARRAY['This class', 'The whole school', a.england])[1:CASE WHEN count(t.england) > 0 THEN 3
                    ELSE 2 END],
                array_agg(t.rate ORDER BY t.week)
                    || ARRAY[array_agg(t.school ORDER BY t.week), array_agg(t.england ORDER BY t.week)]),
            html_table('Absence by week', '{Week from,This class,School,England}',
                array_agg(ARRAY[day_text(t.week), percent_text(t.rate), percent_text(t.school),
                percent_text(t.england)] ORDER BY t.week)))
            || CASE WHEN count(t.week) > 0 AND count(t.england) = 0
                THEN html_note('No published figures of England for these weeks have been imported.') ELSE '' END
         FROM asked a LEFT JOIN trend t ON true GROUP BY a.england)];
END;
COMMENT ON FUNCTION page_class_standing(text, text, integer, text, text) IS
'Of a page, in two parts: attendance and absence of a class in the last week of a period, beside the one before, the '
'whole school and the published rate of England for the phase, with what is worse marked; and the same by week from 1 '
'August on. 22023 for what is no period or population';

CREATE FUNCTION page_marks(names text[], marks text[], days daterange) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH list AS (
        SELECT u.name, u.marks::mark_series AS marks, u.place
        FROM unnest(names, page_marks.marks) WITH ORDINALITY AS u (name, marks, place)),
    -- of a longer period the last week; Saturday and Sunday where there are marks
    grid AS MATERIALIZED (
        SELECT l.name, l.place, d.day::date AS day, h.session, mark_at(l.marks, d.day::date, h.session) AS mark
        FROM list l
        CROSS JOIN generate_series(greatest(lower(days), upper(days) - 7)::timestamp, (upper(days) - 1)::timestamp,
            interval '1 day') AS d (day)
        CROSS JOIN (VALUES ('AM'), ('PM')) AS h (session)
        WHERE extract(isodow FROM d.day) < 6 OR mark_at(l.marks, d.day::date, h.session) IS NOT NULL),
    session AS MATERIALIZED (SELECT DISTINCT g.day, g.session FROM grid g),
    line AS (
        SELECT p.name, p.place,
            array_agg(CASE WHEN g.mark IS NOT NULL THEN mark_colour(g.mark) END ORDER BY e.day, e.session) AS fills,
            array_agg(coalesce(g.mark::text, '') ORDER BY e.day, e.session) AS cells
        FROM list p CROSS JOIN session e
        LEFT JOIN grid g ON g.place = p.place AND g.day = e.day AND g.session = e.session
        GROUP BY p.name, p.place)
    SELECT concat(
        (SELECT html_heat_map('Marks of the class by pupil and session', array_agg(l.name ORDER BY l.place),
                (SELECT array_agg(to_char(e.day::timestamp, 'Dy FMDD ') || lower(e.session) ORDER BY e.day, e.session)
                 FROM session e),
                array_agg(l.fills ORDER BY l.place), array_agg(l.cells ORDER BY l.place),
                page_mark_classes(), page_mark_fills())
         FROM line l),
        (SELECT page_codes(array_agg(DISTINCT g.mark::text)) FROM grid g));
END;
COMMENT ON FUNCTION page_marks(text[], text[], daterange) IS
'Of a page: a grid of marks by pupil and session (of more days than a week the last seven), and the words of its codes';

CREATE FUNCTION page_class(school_urn integer, registration_group text, period text,
    population text DEFAULT 'current roll') RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH this_school AS MATERIALIZED (
        SELECT s.name, u.urns, page_shown_days(period, u.urns) AS days,
            page_states(page_year(period, u.urns), population, u.urns) AS stated,
            page_class_standing(period, population, s.urn, page_class.registration_group,
                coalesce(statistical_phase(s.phase, s.type), 'Total')) AS standing,
            CASE WHEN states_persistent_absence(period, u.urns) THEN 'in this period' ELSE 'this week' END AS here
        FROM schools_in(period) s CROSS JOIN LATERAL (SELECT ARRAY[s.urn] AS urns) u
        WHERE s.urn = page_class.school_urn
            AND known_schools(ARRAY[page_class.school_urn])
                AND known_group(page_class.registration_group, ARRAY[page_class.school_urn])),
    list AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY n.name, c.pupil_id) AS place, n.name, c.*
        FROM this_school s CROSS
            JOIN LATERAL weekly_class_list(period, population, s.urns, page_class.registration_group) c
        JOIN page_names(period, s.urns) n ON n.pupil_id = c.pupil_id),
    total AS (
        SELECT coalesce(sum(l.possible), 0) AS possible, coalesce(sum(l.absent), 0) AS absent,
            coalesce(sum(l.late), 0) AS late,
            coalesce(sum(l.unexplained), 0) AS unexplained, coalesce(sum(l.unmarked), 0) AS unmarked,
            coalesce(sum(l.due), 0) AS due, count(*) AS pupils,
            sum(l.year_absent) AS year_absent, sum(l.year_possible) AS year_possible,
            count(*) FILTER (WHERE l.year_possible > 0) AS enrolments,
            count(*) FILTER (WHERE l.year_possible > 0 AND 10 * l.year_absent >= l.year_possible) AS persistent
        FROM list l)
    SELECT html_page(s.name || ', class ' || page_class.registration_group || ': attendance, ' || days_text(s.days),
        'Page of the class, for its form teacher',
        (SELECT html_figures(ARRAY['Attendance', 'Sessions missed', 'Late', 'Reason not yet known', 'Not marked',
            'Pupils', 'Absence, year to date',
                'Persistently absent'],
            ARRAY[percent_text(100 - percent_of(t.absent, t.possible)), count_text(t.absent), count_text(t.late),
                count_text(t.unexplained),
                count_text(t.unmarked), count_text(t.pupils), percent_text(percent_of(t.year_absent, t.year_possible)),
                CASE WHEN s.stated THEN count_text(t.persistent) ELSE '-' END],
            ARRAY[attended_text(t.possible - t.absent, t.possible, t.due, t.unmarked),
                format('of %s possible', count_text(t.possible)), 'sessions', 'sessions, code N',
                format('of %s due sessions', count_text(t.due)), 'on the list',
                format('%s of %s sessions', count_text(coalesce(t.year_absent, 0)),
                    count_text(coalesce(t.year_possible, 0))),
                CASE WHEN s.stated THEN format('of %s pupils, year to date', t.enrolments) ELSE page_not_stated() END],
            ARRAY[s.standing[1] LIKE '%<tr class="bad">%', false, false, t.unexplained > 0, t.unmarked > 0])
         FROM total t)
        || CASE WHEN (SELECT t.possible FROM total t) = 0
            THEN html_note('The register has no marks of these pupils in this period.') ELSE '' END
        || html_section('Beside the week before, the school and England', '<div class="columns"><div>' || s.standing[1]
            || '</div><div>' || s.standing[2] || '</div></div>')
        || '<div class="columns">'
        || html_section('Marks',
            (SELECT page_marks(array_agg(l.name ORDER BY l.place), array_agg(l.marks ORDER BY l.place),
                    page_days(period, s.urns))
             FROM list l))
        || html_section('Pupils, year to date',
            (SELECT html_table('Absence since 1 August, most first',
                ARRAY['Pupil', 'Absence', 'Sessions missed', 'Missed ' || s.here],
                    array_agg(ARRAY[l.name, percent_text(l.year_absence_percent),
                        format('%s of %s', l.year_absent, l.year_possible),
                        format('%s of %s', l.absent, l.possible)] ORDER BY l.year_absence_percent DESC NULLS LAST,
                            l.place), 1,
                    array_agg(s.stated AND l.year_possible > 0 AND 10 * l.year_absent >= l.year_possible
                        ORDER BY l.year_absence_percent DESC NULLS LAST, l.place),
                            'persistently absent, 10% or more of possible sessions missed',
                    array_agg(l.year_absence_percent ORDER BY l.year_absence_percent DESC NULLS LAST, l.place))
            FROM list l))
        || '</div>',
        format('Population: %s. A session is a morning or an afternoon; attendance and absence are percentages of '
               'possible sessions. England''s figures are of pupils aged 5 to 15. This page names pupils: keep it in '
               'the school.', population))
    FROM this_school s
    WHERE page_class.registration_group IS NOT NULL;
END;
COMMENT ON FUNCTION page_class(integer, text, text, text) IS
'The page of a registration group as HTML: key figures, its week beside the one before, the school and England, a '
'grid of the marks of the week (of a longer period the last seven days), and each pupil''s absence in the period and '
'from 1 August on. It names pupils; the population is the current roll if none is given: who is in the class. NULL '
'for NULL; 22023 for what is no school, group, period or population';
