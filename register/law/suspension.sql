-- Suspensions as the law counts them, and E without a record of one.

CREATE VIEW suspension_count WITH (security_invoker = true) AS
    SELECT s.suspension_id, s.school_urn, s.pupil_id, p.surname, p.forename, s.kind, s.first_day, s.last_day,
        h.school_days, h.days, y.days_in_term, y.days_in_year,
        coalesce(y.days_in_term > g.days_in_term, false) AS board_considers,
        coalesce(y.days_in_year > g.days_in_year, false) AS over_limit,
        s.told_on, v.due_on AS provision_due_on, s.provision_from,
        CASE WHEN v.due_on IS NOT NULL THEN coalesce(s.provision_from <= v.due_on, false) END AS provision_made
    FROM (
        SELECT x.*, day(lower(x.sessions)) AS first_day,
            day(upper(x.sessions)) - CASE WHEN session(upper(x.sessions)) = 'AM' THEN 1 ELSE 0 END AS last_day
        FROM suspension x) AS s
    JOIN pupil p ON p.pupil_id = s.pupil_id
    LEFT JOIN suspension_limit g ON g.from_day <= s.first_day AND g.to_day >= s.first_day
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE e.held > 0) AS school_days, coalesce(sum(e.held), 0) / 2.0 AS days
        FROM (
            SELECT (d.morning AND s.sessions @> school_session(d.day, 'AM'))::integer
                + (d.afternoon AND s.sessions @> school_session(d.day, 'PM'))::integer AS held
            FROM school_day d
            WHERE d.school_urn = s.school_urn AND d.day >= s.first_day
                AND d.day <= coalesce(s.last_day, (now() AT TIME ZONE 'Europe/London')::date)) AS e) AS h
    LEFT JOIN LATERAL (
        SELECT d.day AS due_on FROM school_day d
        WHERE d.school_urn = s.school_urn AND d.day >= s.first_day AND coalesce(d.day <= s.last_day, true)
            AND (d.morning AND s.sessions @> school_session(d.day, 'AM')
                OR d.afternoon AND s.sessions @> school_session(d.day, 'PM'))
        ORDER BY d.day OFFSET g.provision_day - 1 LIMIT CASE WHEN g.provision_day IS NULL THEN 0 ELSE 1 END) AS v
        ON compulsory_school_age(p.date_of_birth) @> v.due_on
    LEFT JOIN LATERAL (
        SELECT t.term FROM term_date t
        WHERE t.school_urn = s.school_urn AND s.first_day >= t.first_day AND s.first_day <= t.last_day) AS k ON true
    CROSS JOIN LATERAL (
        SELECT min(t.first_day) AS first_day FROM term_date t
        WHERE t.school_urn = s.school_urn AND t.academic_year = academic_year(s.first_day) AND t.term = k.term) AS m
    CROSS JOIN LATERAL (
        SELECT CASE WHEN m.first_day IS NOT NULL
                THEN coalesce(sum(e.held) FILTER (WHERE e.day >= m.first_day), 0) / 2.0 END AS days_in_term,
            coalesce(sum(e.held), 0) / 2.0 AS days_in_year
        FROM (
            SELECT d.day, (d.morning AND o.sessions @> school_session(d.day, 'AM'))::integer
                + (d.afternoon AND o.sessions @> school_session(d.day, 'PM'))::integer AS held
            FROM suspension o
            JOIN school_day d ON d.school_urn = o.school_urn AND d.academic_year = academic_year(s.first_day)
                AND d.day >= day(lower(o.sessions)) AND d.day <= coalesce(s.last_day, s.first_day)
            WHERE o.pupil_id = s.pupil_id AND o.kind = 'suspension') AS e) AS y;
COMMENT ON VIEW suspension_count IS
'Suspensions and permanent exclusions as the law counts them (suspension_limit): their school days, and the days in '
'the term and in the school year so far for which the pupil was suspended at any school; what follows from these, and '
'from which day on education is to be provided. Education Act 2002, section 51A; Education and Inspections Act 2006, '
'sections 100 to 105';
COMMENT ON COLUMN suspension_count.last_day IS
'NULL for a permanent exclusion that lasts; school_days and days are those so far then';
COMMENT ON COLUMN suspension_count.days IS 'In halves: a session is half a day';
COMMENT ON COLUMN suspension_count.days_in_term IS
'From the first day of the term in which it begins to its last day; NULL where term_date has no such term';
COMMENT ON COLUMN suspension_count.days_in_year IS 'In the school year in which it begins, to its last day';
COMMENT ON COLUMN suspension_count.board_considers IS
'Whether the governing board considers it in any case, for the days in the term';
COMMENT ON COLUMN suspension_count.over_limit IS 'Whether these are more days than the law allows in a school year';
COMMENT ON COLUMN suspension_count.provision_due_on IS
'Its sixth school day (suspension_limit.provision_day), from which on education is to be provided; NULL if it is '
'shorter, the calendar does not reach it, or the pupil is not of compulsory school age on it';
COMMENT ON COLUMN suspension_count.provision_made IS 'Whether it is provided from that day on; NULL if none is due';

CREATE VIEW unrecorded_suspension WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, m.day, m.session
    FROM register_line l CROSS JOIN LATERAL marks(l.marks) AS m
    WHERE mark_count(mark_counts(l.marks), 'E') > 0 AND m.mark = 'E'
        AND NOT EXISTS (SELECT FROM suspension s
            WHERE s.school_urn = l.school_urn AND s.pupil_id = l.pupil_id
                AND s.sessions @> school_session(m.day, m.session));
COMMENT ON VIEW unrecorded_suspension IS
'Sessions with E, suspended or permanently excluded, of which the table suspension has no record';
