-- The page for a meeting with a family: one pupil, and nobody else.

CREATE FUNCTION page_half_day(at school_session) RETURNS text
    LANGUAGE sql STABLE
    RETURN day_text(day(at)) || CASE session(at) WHEN 'AM' THEN ' morning' ELSE ' afternoon' END;
COMMENT ON FUNCTION page_half_day(school_session) IS 'A session as a page names it: 8 Sep 2025 morning. NULL for NULL';

CREATE FUNCTION page_days_of(sessions bigint) RETURNS text
    LANGUAGE sql STABLE
    RETURN count_text(sessions * 0.5) || CASE sessions WHEN 2 THEN ' day' ELSE ' days' END;
COMMENT ON FUNCTION page_days_of(bigint) IS 'Sessions as days, two of them a day: 1 day, 0.5 days. NULL for NULL';

CREATE FUNCTION page_enrolled(start_date date, end_date date, days daterange) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN end_date < (now() AT TIME ZONE 'Europe/London')::date THEN 'Left the school on '
        || day_text(end_date)
        WHEN end_date IS NOT NULL THEN 'Leaves the school on ' || day_text(end_date)
        -- not at the beginning of the year
        WHEN start_date > lower(days) AND extract(month FROM start_date) NOT IN (8, 9) THEN 'Joined the school on '
            || day_text(start_date) END;
COMMENT ON FUNCTION page_enrolled(date, date, daterange) IS
'What a page says of somebody who has left or will leave the school, or has joined it in the period after September. '
'NULL if there is nothing to say';

CREATE FUNCTION page_outlook(forename text, year text, schools integer[], pupil bigint) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_note(CASE
            WHEN f.possible = 0 THEN NULL
            WHEN NOT page_states(year, 'all', schools)
                THEN 'Whether absence is persistent is not stated for so few days.'
            WHEN f.persistently_absent
                THEN format('Since 1 August absence is %s: at 10%% and more it is called persistent.',
                percent_text(f.absence_percent))
                || CASE WHEN f.reachable THEN format(' It comes below 10%% when %s attends the next %s sessions (%s).',
                    forename, count_text(f.to_attend), page_days_of(f.to_attend)) ELSE '' END
            ELSE format('Since 1 August absence is %s, below the 10%% from which it is called persistent.',
                percent_text(f.absence_percent))
                || CASE WHEN f.sessions_left > 0
                    THEN format(' Of the %s sessions that are left this year, more than %s missed would make it '
                                'persistent.',
                    count_text(f.sessions_left), count_text(greatest(f.may_miss, 0))) ELSE '' END END)
    FROM persistent_absence_forecast(year, 'all', schools) f
    WHERE f.pupil_id = pupil AND known_pupil(pupil, schools) ORDER BY f.academic_year DESC LIMIT 1;
END;
COMMENT ON FUNCTION page_outlook(text, text, integer[], bigint) IS
'Of a page: whether a pupil is persistently absent in the year to date, and what would change that, as '
'persistent_absence_forecast() has it. 22023 for what is no period';

CREATE FUNCTION page_pupil(school_urn integer, pupil_id bigint, period text) RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH who AS MATERIALIZED (
        SELECT coalesce(u.known_as, u.forename) AS forename, coalesce(u.known_as, u.forename) || ' '
            || u.surname AS name, s.name AS school, n.urns, page_shown_days(period, n.urns) AS days,
                page_year(period, n.urns) AS year,
            e.year_group, e.registration_group, e.start_date, e.end_date
        FROM school s
        CROSS JOIN LATERAL (SELECT ARRAY[s.urn::integer] AS urns) n
        JOIN LATERAL (SELECT n.* FROM enrolment n WHERE n.school_urn = s.urn AND n.pupil_id = page_pupil.pupil_id
            ORDER BY n.start_date DESC LIMIT 1) e ON true
        JOIN pupil u ON u.pupil_id = e.pupil_id
        WHERE s.urn = page_pupil.school_urn AND known_schools(ARRAY[page_pupil.school_urn])
            AND known_pupil(page_pupil.pupil_id, ARRAY[page_pupil.school_urn])),
    line AS MATERIALIZED (
        SELECT slice(l.marks, l.days) AS marks, tally(l.marks, l.days) AS tally
        FROM who w CROSS JOIN LATERAL report_line(period, 'all', w.urns) l
        WHERE l.pupil_id = page_pupil.pupil_id),
    total AS MATERIALIZED (SELECT coalesce(tally_agg(l.tally), 'empty') AS tally FROM line l),
    entry AS MATERIALIZED (
        SELECT m.day, m.session, m.mark, date_trunc('week', m.day::timestamp)::date AS week,
            extract(isodow FROM m.day)::integer AS weekday
        FROM line l CROSS JOIN LATERAL marks(l.marks) m),
    week AS MATERIALIZED (
        SELECT k.week, array_agg(mark_colour(e.mark) ORDER BY h.place) AS fills,
            array_agg(coalesce(e.mark::text, '') ORDER BY h.place) AS cells
        FROM (SELECT DISTINCT e.week, n.days FROM entry e CROSS JOIN (SELECT greatest(5, max(weekday)) AS days
            FROM entry) n) k
        CROSS JOIN LATERAL (
            SELECT 2 * d + o AS place, d, (ARRAY['AM', 'PM'])[o] AS session FROM generate_series(1, k.days) d,
                generate_series(1, 2) o) h
        LEFT JOIN entry e ON e.week = k.week AND e.weekday = h.d AND e.session = h.session
        GROUP BY k.week),
    missed AS MATERIALIZED (
        SELECT a.day, a.reason, a.is_authorised,
            CASE WHEN count(*) > 1 THEN 'all day' WHEN min(a.session) = 'AM' THEN 'morning'
            ELSE 'afternoon' END AS part, count(*) AS sessions, min(a.session) AS session
        FROM who w CROSS JOIN LATERAL statement_absences(period, 'all', w.urns, page_pupil.pupil_id) a
        GROUP BY a.day, a.reason, a.is_authorised),
    spell AS MATERIALIZED (SELECT p.* FROM line l CROSS JOIN LATERAL absence_spells(l.marks) p)
    SELECT html_page(w.name || ': attendance, ' || days_text(w.days), w.school || coalesce(', year ' || w.year_group,
        '')
            || coalesce(', class ' || w.registration_group, '') || '. For a meeting with the family'
            || coalesce('. ' || page_enrolled(w.start_date, w.end_date, w.days), ''),
        html_figures('{Attendance,Sessions missed,Authorised,Unauthorised,Late,Spells of absence}',
            ARRAY[percent_text(attendance_rate(t.tally)),
                count_text(absent(t.tally)), count_text(authorised(t.tally)), count_text(unauthorised(t.tally)),
                count_text(late(t.tally)), count_text((SELECT count(*) FROM spell))],
            ARRAY[format('%s of %s sessions', count_text(attended(t.tally)), count_text(possible(t.tally))),
                page_days_of(absent(t.tally)), 'sessions missed', 'sessions missed', 'sessions',
                coalesce((SELECT format('longest: %s sessions', max(p.sessions)) FROM spell p HAVING count(*) > 0),
                'sessions missed in a row')])
        || CASE WHEN possible(t.tally) = 0
            THEN html_note(format('The register has no possible sessions of %s in this period.', w.forename))
            ELSE html_section('In words',
                html_note(format('%s could have been in school for %s sessions (a session is a morning or an '
                                 'afternoon), was there for %s and missed %s. ',
                    w.forename, count_text(possible(t.tally)), count_text(attended(t.tally)),
                    count_text(absent(t.tally)))
                    || CASE WHEN absent(t.tally) = 0 THEN 'Nothing was missed.' WHEN unauthorised(t.tally) = 0
                        THEN 'The school authorised all of these absences.'
                        ELSE format('The school authorised %s of these absences and did not authorise %s.',
                            count_text(authorised(t.tally)), count_text(unauthorised(t.tally))) END
                    || CASE WHEN late(t.tally) > 0 THEN format(' %s came late %s.', w.forename,
                        CASE late(t.tally) WHEN 1 THEN 'once' ELSE count_text(late(t.tally)) || ' times' END)
                        ELSE '' END),
                html_note(page_enrolled(w.start_date, w.end_date, w.days) || '.'),
                page_outlook(w.forename, w.year, w.urns, page_pupil.pupil_id))
            || '<div class="columns">'
            || html_section('Calendar of marks',
                (SELECT html_heat_map('Marks by week and session', array_agg(day_text(k.week) ORDER BY k.week),
                        (ARRAY['Mon am', 'Mon pm', 'Tue am', 'Tue pm', 'Wed am', 'Wed pm', 'Thu am', 'Thu pm', 'Fri am',
                            'Fri pm', 'Sat am', 'Sat pm',
                            'Sun am', 'Sun pm'])[1:max(cardinality(k.cells))],
                        array_agg(k.fills ORDER BY k.week), array_agg(k.cells ORDER BY k.week), page_mark_classes(),
                        page_mark_fills()) FROM week k),
                (SELECT page_codes(array_agg(DISTINCT e.mark::text)) FROM entry e))
            || '<div>'
            || html_section('By day of the week',
                (SELECT html_table('Absence by day of the week', '{Day,Absence,Missed,Possible}',
                    array_agg(ARRAY[d.label, percent_text(d.absence), count_text(d.absent), count_text(d.possible)]
                        ORDER BY d.weekday), 1,
                    amounts => array_agg(d.absence ORDER BY d.weekday))
                FROM (SELECT e.weekday, to_char(min(e.day)::timestamp, 'FMDay') AS label,
                    count(*) FILTER (WHERE is_absence(e.mark)) AS absent,
                        count(*) FILTER (WHERE is_possible(e.mark)) AS possible,
                        percent_of(count(*) FILTER (WHERE is_absence(e.mark)),
                            count(*) FILTER (WHERE is_possible(e.mark))) AS absence
                      FROM entry e GROUP BY e.weekday HAVING count(*) FILTER (WHERE is_possible(e.mark)) > 0) d))
            || html_section('Reasons',
                (SELECT html_table('Sessions missed, by reason', '{Reason,Sessions,Days}',
                array_agg(ARRAY[r.reason, count_text(r.sessions),
                    count_text(r.sessions * 0.5)] ORDER BY r.sessions DESC, r.reason), 1,
                    amounts => array_agg(r.sessions ORDER BY r.sessions DESC, r.reason))
                FROM (SELECT m.reason || CASE WHEN m.is_authorised THEN ' (authorised)'
                    ELSE ' (not authorised)' END AS reason, sum(m.sessions) AS sessions
                      FROM missed m GROUP BY 1) r))
            || html_section('Spells of absence',
                (SELECT html_table('Absences in a row', '{From,To,Sessions,Authorised,Not authorised}',
                    array_agg(ARRAY[page_half_day(p.first_session), page_half_day(p.last_session),
                        count_text(p.sessions), count_text(p.authorised), count_text(p.unauthorised)]
                            ORDER BY day(p.first_session), session(p.first_session)), 2) FROM spell p))
            || '</div></div>'
            || html_section('Every absence',
                (SELECT html_table('Sessions missed', '{Day,When,Reason,Authorised}',
                array_agg(ARRAY[to_char(m.day::timestamp, 'Dy ') || day_text(m.day), m.part, m.reason,
                    CASE WHEN m.is_authorised THEN 'yes' ELSE 'no' END] ORDER BY m.day, m.session), 4)
                        FROM missed m)) END,
        'Percentages are of the possible sessions, half days for which the pupil was to attend. What the letters mean '
        'stands below the calendar.')
    FROM who w CROSS JOIN total t;
END;
COMMENT ON FUNCTION page_pupil(integer, bigint, text) IS
'A pupil''s page as HTML, for a meeting with the family: key figures, what they mean in words, whether the pupil has '
'left, a calendar of the marks, days of the week, reasons, spells and every absence. No other pupil is on it. NULL for '
'NULL; 22023 for what is no school or period, and for a pupil whom the school never had';
