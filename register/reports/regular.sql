-- Reports that are made regularly: for form teachers, for leaders and governors, for parents.

CREATE FUNCTION weekly_class_list(period text, population text DEFAULT 'current roll', schools integer[] DEFAULT NULL,
    only_group text DEFAULT NULL)
    RETURNS TABLE (school_urn integer, registration_group text, pupil_id bigint, surname text, forename text,
        marks text, possible bigint, absent bigint, late bigint, unexplained bigint, unmarked bigint, due bigint,
        absence_percent numeric, year_possible bigint, year_absent bigint, year_absence_percent numeric,
        year_label text)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT t.school_urn, t.registration_group, t.pupil_id, u.surname, coalesce(u.known_as, u.forename),
        slice(t.marks, t.days)::text, possible(t.tally), absent(t.tally), late(t.tally),
        mark_count(mark_counts(t.marks, t.days), 'N'), unmarked(t.tally), due_sessions(t.tally), absence_rate(t.tally),
        possible(t.year_tally), absent(t.year_tally), absence_rate(t.year_tally),
        band_label(b.label, persistence_is_stated(t.year_days))
    FROM (
        SELECT l.*, tally(l.marks, l.days) AS tally, tally(l.marks, y.year_days) AS year_tally, y.year_days
        FROM due_line(period, population, schools) l
        CROSS JOIN LATERAL (SELECT daterange(make_date(l.academic_year, 8, 1), upper(l.days)) AS year_days) y
        WHERE (only_group IS NULL OR l.registration_group = only_group) AND known_group(only_group, schools)
        OFFSET 0) t
    JOIN pupil u ON u.pupil_id = t.pupil_id
    LEFT JOIN report_band b ON b.scheme = 'attendance' AND b.band = attendance_band(t.year_tally)
    ORDER BY t.school_urn, t.registration_group, u.surname, u.forename, t.pupil_id;
END;
COMMENT ON FUNCTION weekly_class_list(text, text, integer[], text) IS
'For form teachers: the pupils of registration groups (of one, or of all if NULL) with the marks of the period, '
'usually a week, as mark_series writes them, what they add up to, sessions with N (unexplained), those in which a mark '
'was due and those in which it is missing (unmarked, - among the marks), and absence from 1 '
'August to the end of the period with its band of attendance. The population is the current roll if none is given: who '
'is in the class. 22023 for what is no period, population or registration group. Working together to improve school '
'attendance, 2024: regular lists for class and form teachers';

CREATE FUNCTION leaders_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (band integer, weekday integer, enrolments bigint, tally attendance_tally, cohort cohort_summary,
        counts mark_counts, persistently_unauthorised bigint, severely_unauthorised bigint)
    LANGUAGE sql STABLE ROWS 12
BEGIN ATOMIC
    WITH line AS MATERIALIZED (
        SELECT l.school_urn, l.academic_year, slice(l.marks, l.days) AS marks, tally(l.marks, l.days) AS tally
        FROM report_line(period, population, schools) l)
    SELECT NULL::integer AS band, NULL::integer AS weekday, NULL::bigint AS enrolments, NULL::attendance_tally AS tally,
        cohort_agg(l.tally), mark_counts_agg(l.marks),
        count(*) FILTER (WHERE possible(l.tally) > 0 AND 10 * unauthorised(l.tally) >= possible(l.tally)),
        count(*) FILTER (WHERE possible(l.tally) > 0 AND 2 * unauthorised(l.tally) >= possible(l.tally))
    FROM line l
    UNION ALL
    SELECT attendance_band(l.tally), NULL::integer AS weekday, count(*), NULL::attendance_tally AS tally,
        NULL::cohort_summary AS cohort, NULL::mark_counts AS counts, NULL::bigint AS persistently_unauthorised,
        NULL::bigint AS severely_unauthorised
    FROM line l
    WHERE possible(l.tally) > 0
    GROUP BY 1
    UNION ALL
    SELECT NULL::integer AS band, extract(isodow FROM t.day)::integer, NULL::bigint AS enrolments, tally_agg(t.tally),
        NULL::cohort_summary AS cohort, NULL::mark_counts AS counts, NULL::bigint AS persistently_unauthorised,
        NULL::bigint AS severely_unauthorised
    FROM (SELECT array_agg(l.marks) AS lines FROM line l GROUP BY l.school_urn, l.academic_year) g
    CROSS JOIN LATERAL group_session_tallies(g.lines) t
    GROUP BY 2;
END;
COMMENT ON FUNCTION leaders_counts(text, text, integer[]) IS
'What leaders_figures() is made of, from one pass over the lines: for each register a row of all enrolments, with '
'their marks and how many are persistently and severely absent by unauthorised absence alone, a row for each band of '
'attendance, with its enrolments, and one for each day of the week, with its tally. 22023 for what is no period, '
'population or school';

CREATE FUNCTION leaders_figures(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (section text, place integer, measure text, numerator bigint, denominator bigint, percent numeric,
        enrolments bigint)
    LANGUAGE sql STABLE ROWS 60
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (SELECT c.* FROM leaders_counts(period, population, schools) c),
    summed AS MATERIALIZED (
        SELECT cohort_agg(c.cohort) AS cohort, mark_counts_agg(c.counts) AS counts,
            sum(c.persistently_unauthorised)::bigint AS persistently, sum(c.severely_unauthorised)::bigint AS severely
        FROM counted c),
    total AS MATERIALIZED (SELECT f.* FROM summed s
        CROSS JOIN LATERAL cohort_figures(s.cohort, NULL, states_persistent_absence(period, schools)) f)
    SELECT '1 attendance'::text, v.place, v.measure, v.numerator, h.possible, v.percent, h.enrolments
    FROM total h
    CROSS JOIN LATERAL (VALUES
        (1, 'attendance'::text, h.attended, h.attendance_percent), (2, 'absence', h.absent, h.absence_percent),
        (3, 'authorised absence', h.authorised, h.authorised_percent),
        (4, 'unauthorised absence', h.unauthorised, h.unauthorised_percent),
        (5, 'late before the register closed', h.late_before_close, h.late_before_close_percent),
        (6, 'late after the register closed', h.late_after_close, h.late_after_close_percent))
        AS v (place, measure, numerator, percent)
    UNION ALL
    SELECT '2 persistent absence'::text, v.place, v.measure, v.numerator, h.enrolments,
        100 * v.numerator::numeric / nullif(h.enrolments, 0), h.enrolments
    FROM total h
    CROSS JOIN summed n
    CROSS JOIN LATERAL (VALUES
        (1, 'persistently absent'::text, h.persistently_absent), (2, 'severely absent', h.severely_absent),
        (3, 'persistently absent, unauthorised only',
            CASE WHEN h.persistently_absent IS NOT NULL THEN n.persistently END),
        (4, 'severely absent, unauthorised only', CASE WHEN h.severely_absent IS NOT NULL THEN n.severely END))
        AS v (place, measure, numerator)
    UNION ALL
    SELECT '3 bands of attendance'::text, b.band,
        band_label(b.label, (SELECT states_persistent_absence(period, schools))), coalesce(n.enrolments, 0),
        h.enrolments, 100 * coalesce(n.enrolments, 0)::numeric / nullif(h.enrolments, 0), h.enrolments
    FROM report_band b
    CROSS JOIN total h
    LEFT JOIN (SELECT c.band, sum(c.enrolments)::bigint AS enrolments FROM counted c GROUP BY c.band) n
        ON n.band = b.band
    WHERE b.scheme = 'attendance'
    UNION ALL
    SELECT '4 absence by day'::text, w.weekday,
        (ARRAY['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday',
            'Sunday'])[w.weekday], absent(w.tally), possible(w.tally), absence_rate(w.tally), h.enrolments
    FROM (SELECT c.weekday, tally_agg(c.tally) AS tally FROM counted c GROUP BY c.weekday) w CROSS JOIN total h
    WHERE possible(w.tally) > 0 AND w.weekday IS NOT NULL
    UNION ALL
    SELECT '5 reasons for absence'::text, row_number() OVER (ORDER BY mark_place(c.mark))::integer,
        c.mark::text || ' ' || mark_description(c.mark), c.sessions, h.possible,
        100 * c.sessions::numeric / nullif(h.possible, 0), h.enrolments
    FROM summed a
    CROSS JOIN LATERAL counts(a.counts) c
    CROSS JOIN total h
    WHERE is_absence(c.mark)
    ORDER BY 1, 2;
END;
COMMENT ON FUNCTION leaders_figures(text, text, integer[]) IS
'The figures of leaders_report() for one period';

CREATE FUNCTION leaders_report(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    compared_with text DEFAULT NULL)
    RETURNS TABLE (section text, place integer, measure text, numerator bigint, denominator bigint, percent numeric,
        enrolments bigint, compared_numerator bigint, compared_denominator bigint, compared_percent numeric,
        difference numeric)
    LANGUAGE sql STABLE ROWS 60
BEGIN ATOMIC
    WITH figure AS MATERIALIZED (SELECT * FROM leaders_figures(period, population, schools)),
    compared AS MATERIALIZED (
        SELECT * FROM leaders_figures(compared_with, population, (SELECT with_predecessors(schools)))
        WHERE compared_with IS NOT NULL),
    -- a reason that one of the two periods has not was used in no session of it
    reason AS (
        SELECT DISTINCT r.section, r.measure, mark_place(split_part(r.measure, ' ', 1)::session_mark) AS mark_place
        FROM (SELECT f.section, f.measure FROM figure f UNION ALL SELECT c.section, c.measure FROM compared c) r
        WHERE r.section = '5 reasons for absence'),
    joined AS (
        SELECT f.section, f.place, f.measure, f.numerator, f.denominator, f.percent, f.enrolments,
            c.numerator AS compared_numerator, c.denominator AS compared_denominator, c.percent AS compared_percent
        FROM figure f LEFT JOIN compared c ON c.section = f.section AND CASE WHEN f.section = '3 bands of attendance'
            -- whose names only one of the periods has if the other is a week
            THEN c.place = f.place ELSE c.measure = f.measure END
        WHERE f.section <> '5 reasons for absence'
        UNION ALL
        SELECT r.section, row_number() OVER (ORDER BY r.mark_place)::integer, r.measure, coalesce(f.numerator, 0),
            t.denominator, percent_of(coalesce(f.numerator, 0), t.denominator), t.enrolments,
            CASE WHEN compared_with IS NOT NULL THEN coalesce(c.numerator, 0) END, o.denominator,
            percent_of(coalesce(c.numerator, 0), o.denominator)
        FROM reason r
        JOIN figure t ON t.section = '1 attendance' AND t.place = 1
        LEFT JOIN compared o ON o.section = '1 attendance' AND o.place = 1
        LEFT JOIN figure f ON f.section = r.section AND f.measure = r.measure
        LEFT JOIN compared c ON c.section = r.section AND c.measure = r.measure)
    SELECT j.section, j.place, j.measure, j.numerator, j.denominator, j.percent, j.enrolments, j.compared_numerator,
        j.compared_denominator, j.compared_percent, j.percent - j.compared_percent
    FROM joined j
    ORDER BY j.section, j.place;
END;
COMMENT ON FUNCTION leaders_report(text, text, integer[], text) IS
'For leaders and governors, half-termly, termly and at the end of the year: attendance, persistent and severe absence, '
'bands, days of the week and reasons, each with numerator, denominator and percentage, beside those of another period '
'(compared_with; NULL for none), then with those of the schools that these continue, and the difference in percentage '
'points. A reason of either period is listed, with 0 sessions in the one that has it not. 22023 for what is no period '
'or population. Working together to improve school attendance, 2024: thorough analysis of half-termly, termly and '
'full-year data';

CREATE FUNCTION attendance_statement(period text, population text DEFAULT 'all', schools integer[] DEFAULT NULL,
    pupil bigint DEFAULT NULL)
    RETURNS TABLE (school_urn integer, school_name text, pupil_id bigint, surname text, forename text, year_group text,
        registration_group text, days daterange, possible bigint, attended bigint, absent bigint, authorised bigint,
        unauthorised bigint, late bigint, days_missed numeric, attendance_percent numeric, absence_percent numeric)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT t.school_urn, s.name, t.pupil_id, u.surname, u.forename, t.year_group, t.registration_group, t.days,
        possible(t.tally), attended(t.tally), absent(t.tally), authorised(t.tally), unauthorised(t.tally),
        late(t.tally), absent(t.tally) * 0.5, attendance_rate(t.tally), absence_rate(t.tally)
    FROM (
        SELECT l.*, tally(l.marks, l.days) AS tally
        FROM report_line(period, population, schools) l
        WHERE pupil IS NULL OR l.pupil_id = pupil
        OFFSET 0) t
    JOIN schools_in(period) s ON s.urn = t.school_urn
    JOIN pupil u ON u.pupil_id = t.pupil_id
    -- not the schools that the pupil has left
    WHERE possible(t.tally) > 0 AND known_question(period, population, schools) AND known_pupil(pupil, schools);
END;
COMMENT ON FUNCTION attendance_statement(text, text, integer[], bigint) IS
'For parents: the attendance of a pupil (of all if NULL) in a period, a row for each school and academic year with a '
'possible session; days are two sessions each. The population is all if none is given: a parent asks about a pupil of '
'whatever age. What was missed: statement_absences(). 22023 for what is no period, population or pupil';

CREATE FUNCTION statement_absences(period text, population text DEFAULT 'all', schools integer[] DEFAULT NULL,
    pupil bigint DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, day date, session text, mark session_mark, reason text,
        is_authorised boolean)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT l.school_urn, l.pupil_id, m.day, m.session, m.mark, coalesce(c.label, mark_description(m.mark)),
        is_authorised(m.mark)
    FROM report_line(period, population, schools) l
    CROSS JOIN LATERAL marks(l.marks, l.days) m
    LEFT JOIN (SELECT r.regime, r.from_day AS regime_from, r.to_day AS regime_to, o.mark, o.label
               FROM regime r JOIN code_label o ON o.edition = r.regime) c
        ON c.mark = m.mark AND m.day >= c.regime_from AND coalesce(m.day <= c.regime_to, true)
    WHERE (pupil IS NULL OR l.pupil_id = pupil) AND is_absence(m.mark) AND known_pupil(pupil, schools)
    ORDER BY l.school_urn, l.pupil_id, m.day, m.session;
END;
COMMENT ON FUNCTION statement_absences(text, text, integer[], bigint) IS
'For parents: the sessions that a pupil (all if NULL) missed in a period, with the reason in the words of the guidance '
'of the time. The population is all if none is given, as in attendance_statement(). 22023 for what is no period, '
'population or pupil';
