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
                THEN format('Since 1 August absence is %s: at 10%% and more it is called persistent%s.',
                percent_text(f.absence_percent), CASE WHEN f.absence_percent >= 50 THEN ', at 50% and more severe' END)
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

CREATE FUNCTION page_pupil_figures(total attendance_tally, marks mark_series[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_figures('{Attendance,Sessions missed,Authorised,Unauthorised,Late,Spells of absence}',
        ARRAY[percent_text(attendance_rate(total)), count_text(absent(total)), count_text(authorised(total)),
            count_text(unauthorised(total)), count_text(late(total)), count_text(count(p.sessions))],
        ARRAY[attended_text(attended(total), possible(total), due_sessions(total), unmarked(total)),
            page_days_of(absent(total)), 'sessions missed', 'sessions missed', 'sessions',
            coalesce('longest: ' || max(p.sessions) || ' sessions', 'sessions missed in a row')])
    FROM unnest(marks) AS u (marks) CROSS JOIN LATERAL absence_spells(u.marks) p;
END;
COMMENT ON FUNCTION page_pupil_figures(attendance_tally, mark_series[]) IS
'Of a page: the key figures of a pupil, of the sessions in total and of their marks';

CREATE FUNCTION page_pupil_words(forename text, total attendance_tally) RETURNS text
    LANGUAGE sql STABLE
    RETURN html_note(format('%s could have been in school for %s sessions (a session is a morning or an afternoon), '
                            'was there for %s and missed %s. ',
            forename, count_text(possible(total)), count_text(attended(total)), count_text(absent(total)))
        || CASE WHEN absent(total) = 0 THEN 'Nothing was missed.'
            WHEN unauthorised(total) = 0 THEN 'The school authorised all of these absences.'
            ELSE format('The school authorised %s of these absences and did not authorise %s.',
                count_text(authorised(total)), count_text(unauthorised(total))) END
        || CASE late(total) WHEN 0 THEN '' WHEN 1 THEN format(' %s came late once.', forename)
            ELSE format(' %s came late %s times.', forename, count_text(late(total))) END);
COMMENT ON FUNCTION page_pupil_words(text, attendance_tally) IS
'Of a page: what the key figures of a pupil mean, in words';

CREATE FUNCTION page_calendar(marks mark_series[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH entry AS MATERIALIZED (
        SELECT m.session, m.mark, date_trunc('week', m.day::timestamp)::date AS week,
            extract(isodow FROM m.day)::integer AS weekday
        FROM unnest(marks) AS u (marks) CROSS JOIN LATERAL marks(u.marks) m),
    -- Monday to Friday, and more where there are marks
    half_day AS MATERIALIZED (
        SELECT 2 * d + o AS place, d AS weekday, (ARRAY['AM', 'PM'])[o] AS session,
            (ARRAY['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])[d] || (ARRAY[' am', ' pm'])[o] AS label
        FROM (SELECT greatest(5, max(e.weekday)) AS days FROM entry e) n
        CROSS JOIN LATERAL generate_series(1, n.days) AS d CROSS JOIN generate_series(1, 2) AS o),
    week AS (
        SELECT k.week, array_agg(mark_colour(e.mark) ORDER BY h.place) AS fills,
            array_agg(coalesce(e.mark::text, '') ORDER BY h.place) AS cells
        FROM (SELECT DISTINCT e.week FROM entry e) k CROSS JOIN half_day h
        LEFT JOIN entry e ON e.week = k.week AND e.weekday = h.weekday AND e.session = h.session
        GROUP BY k.week)
    SELECT concat(
        (SELECT html_heat_map('Marks by week and session', array_agg(day_text(k.week) ORDER BY k.week),
                (SELECT array_agg(h.label ORDER BY h.place) FROM half_day h), array_agg(k.fills ORDER BY k.week),
                array_agg(k.cells ORDER BY k.week), page_mark_classes(), page_mark_fills())
         FROM week k),
        (SELECT page_codes(array_agg(DISTINCT e.mark::text)) FROM entry e));
END;
COMMENT ON FUNCTION page_calendar(mark_series[]) IS
'Of a page: a calendar of marks by week and session, and the words of its codes';

CREATE FUNCTION page_absence_by(part text, marks mark_series[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_table('Absence by ' || part,
        ARRAY[CASE part WHEN 'month' THEN 'Month' ELSE 'Day' END, 'Absence', 'Missed', 'Possible'],
        array_agg(ARRAY[d.label, percent_text(percent_of(d.absent, d.possible)), count_text(d.absent),
            count_text(d.possible)] ORDER BY d.place), 1,
        amounts => array_agg(percent_of(d.absent, d.possible) ORDER BY d.place))
    FROM (
        SELECT CASE part WHEN 'month' THEN extract(epoch FROM date_trunc('month', m.day::timestamp))
                ELSE extract(isodow FROM m.day) END AS place,
            to_char(min(m.day)::timestamp, CASE part WHEN 'month' THEN 'FMMonth YYYY' ELSE 'FMDay' END) AS label,
            count(*) FILTER (WHERE is_absence(m.mark)) AS absent,
            count(*) FILTER (WHERE is_possible(m.mark)) AS possible
        FROM unnest(marks) AS u (marks) CROSS JOIN LATERAL marks(u.marks) m
        GROUP BY 1 HAVING count(*) FILTER (WHERE is_possible(m.mark)) > 0) d;
END;
COMMENT ON FUNCTION page_absence_by(text, mark_series[]) IS
'Of a page: absence by day of the week, or by month, of some marks';

CREATE FUNCTION page_spells(marks mark_series[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT html_table('Absences in a row', '{From,To,Sessions,Authorised,Not authorised}',
        array_agg(ARRAY[page_half_day(p.first_session), page_half_day(p.last_session), count_text(p.sessions),
            count_text(p.authorised), count_text(p.unauthorised)]
            ORDER BY day(p.first_session), session(p.first_session)), 2)
    FROM unnest(marks) AS u (marks) CROSS JOIN LATERAL absence_spells(u.marks) p;
END;
COMMENT ON FUNCTION page_spells(mark_series[]) IS
'Of a page: the spells of absence in some marks, see absence_spells()';

CREATE FUNCTION page_absences(period text, schools integer[], pupil bigint) RETURNS text[]
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH missed AS MATERIALIZED (
        SELECT a.day, a.reason, a.is_authorised, count(*) AS sessions, min(a.session) AS session,
            CASE WHEN count(*) > 1 THEN 'all day' WHEN min(a.session) = 'AM' THEN 'morning' ELSE 'afternoon' END AS part
        FROM statement_absences(period, 'all', schools, pupil) a
        GROUP BY a.day, a.reason, a.is_authorised),
    reason AS (
        SELECT m.reason || CASE WHEN m.is_authorised THEN ' (authorised)' ELSE ' (not authorised)' END AS reason,
            sum(m.sessions) AS sessions
        FROM missed m GROUP BY 1)
    SELECT ARRAY[
        (SELECT html_table('Sessions missed, by reason', '{Reason,Sessions,Days}',
                array_agg(ARRAY[r.reason, count_text(r.sessions), count_text(r.sessions * 0.5)]
                    ORDER BY r.sessions DESC, r.reason), 1,
                amounts => array_agg(r.sessions ORDER BY r.sessions DESC, r.reason))
         FROM reason r),
        (SELECT html_table('Sessions missed', '{Day,When,Reason,Authorised}',
                array_agg(ARRAY[to_char(m.day::timestamp, 'Dy ') || day_text(m.day), m.part, m.reason,
                    CASE WHEN m.is_authorised THEN 'yes' ELSE 'no' END] ORDER BY m.day, m.session), 4)
         FROM missed m)];
END;
COMMENT ON FUNCTION page_absences(text, integer[], bigint) IS
'Of a page, in two parts: the sessions that a pupil missed by reason, and each of them, as statement_absences() has '
'them. 22023 for what is no period';

CREATE FUNCTION page_pupil(school_urn integer, pupil_id bigint, period text) RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH who AS MATERIALIZED (
        SELECT coalesce(u.known_as, u.forename) AS forename, u.surname, s.name AS school, n.urns,
            page_shown_days(period, n.urns) AS days, page_year(period, n.urns) AS year, e.year_group,
            e.registration_group, e.start_date, e.end_date
        FROM school s
        CROSS JOIN LATERAL (SELECT ARRAY[s.urn] AS urns) n
        CROSS JOIN LATERAL (SELECT least(upper(page_days(period, n.urns)) - 1,
            (now() AT TIME ZONE 'Europe/London')::date) AS last_day) d
        -- that of the period, as it was then
        JOIN LATERAL (SELECT o.* FROM enrolment_on(d.last_day) o
            WHERE o.school_urn = s.urn AND o.pupil_id = page_pupil.pupil_id
            ORDER BY o.start_date <= d.last_day DESC, o.start_date DESC LIMIT 1) e ON true
        JOIN pupil u ON u.pupil_id = e.pupil_id
        WHERE s.urn = page_pupil.school_urn AND known_schools(ARRAY[page_pupil.school_urn])
            AND known_pupil(page_pupil.pupil_id, ARRAY[page_pupil.school_urn])),
    line AS MATERIALIZED (
        SELECT array_agg(slice(l.marks, l.days)) AS marks,
            coalesce(tally_agg(tally(l.marks, l.days)), 'empty') AS total
        FROM who w CROSS JOIN LATERAL due_line(period, 'all', w.urns) l
        WHERE l.pupil_id = page_pupil.pupil_id),
    absence AS MATERIALIZED (
        SELECT page_absences(period, w.urns, page_pupil.pupil_id) AS parts FROM who w)
    SELECT html_page(format('%s %s: attendance, %s', w.forename, w.surname, days_text(w.days)),
        w.school || coalesce(', ' || cohort_label('year group', w.year_group, NULL), '')
            || coalesce(', class ' || w.registration_group, '') || '. For a meeting with the family'
            || coalesce('. ' || page_enrolled(w.start_date, w.end_date, w.days), ''),
        page_pupil_figures(l.total, l.marks)
        || CASE WHEN possible(l.total) = 0
            THEN html_note(format('The register has no possible sessions of %s in this period.', w.forename))
            ELSE html_section('In words', page_pupil_words(w.forename, l.total),
                html_note(page_enrolled(w.start_date, w.end_date, w.days) || '.'),
                page_outlook(w.forename, w.year, w.urns, page_pupil.pupil_id))
            || '<div class="columns">'
            || html_section('Calendar of marks', page_calendar(l.marks))
            || '<div>'
            || CASE WHEN date_trunc('month', lower(w.days)::timestamp)
                    < date_trunc('month', (upper(w.days) - 1)::timestamp)
                THEN html_section('Month by month', page_absence_by('month', l.marks)) ELSE '' END
            || html_section('By day of the week', page_absence_by('day of the week', l.marks))
            || html_section('Reasons', a.parts[1])
            || html_section('Spells of absence', page_spells(l.marks))
            || '</div></div>'
            || html_section('Every absence', a.parts[2]) END,
        'Percentages are of the possible sessions, half days for which the pupil was to attend. What the letters mean '
        'stands below the calendar.')
    FROM who w CROSS JOIN line l CROSS JOIN absence a;
END;
COMMENT ON FUNCTION page_pupil(integer, bigint, text) IS
'A pupil''s page as HTML, for a meeting with the family: key figures, what they mean in words, whether the pupil has '
'left, a calendar of the marks, months, days of the week, reasons, spells and every absence. No other pupil is on it. '
'NULL for NULL; 22023 for what is no school or period, and for a pupil whom the school never had';
