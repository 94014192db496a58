-- The guidance as a checklist: what the register shows of each expectation, what is recorded, and what is attested.

CREATE FUNCTION guidance_school(as_of date, schools integer[])
    RETURNS TABLE (school_urn integer, type text, la_number integer, trust_uid integer)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT o.urn, o.type, o.la_number, o.trust_uid
    FROM school_on(as_of) o
    JOIN school s ON s.urn = o.urn
    WHERE coalesce(s.opened <= as_of, true) AND coalesce(s.closed >= as_of, true)
        AND is_one_of(o.urn, schools) AND known_schools(schools) AND as_of IS NOT NULL;
END;
COMMENT ON FUNCTION guidance_school(date, integer[]) IS
'The schools (by URN; NULL for all) that were open on a day, with the type, local authority and trust that they had. '
'No rows for a NULL day; 22023 for schools that are not in the register';

CREATE FUNCTION guidance_days(as_of date, schools integer[])
    RETURNS TABLE (school_urn integer, last_days daterange, sessions bigint, explained_to date)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT s.urn, d.last_days, d.sessions, d.explained_to
    FROM school s
    CROSS JOIN LATERAL (
        SELECT daterange(min(h.day) FILTER (WHERE h.place <= 5), max(h.day), '[]') AS last_days,
            sum(h.sessions) FILTER (WHERE h.place <= 5) AS sessions,
            max(h.day) FILTER (WHERE h.place = 6) AS explained_to
        FROM (
            SELECT c.day, c.morning::integer + c.afternoon::integer AS sessions,
                row_number() OVER (ORDER BY c.day DESC) AS place
            FROM school_day c
            WHERE c.school_urn = s.urn AND c.day < as_of AND c.day >= lower(academic_year_days(academic_year(as_of)))
                AND (c.morning OR c.afternoon)
            ORDER BY c.day DESC LIMIT 6) h
        HAVING count(*) > 0) d
    WHERE is_one_of(s.urn, schools) AND known_schools(schools);
END;
COMMENT ON FUNCTION guidance_days(date, integer[]) IS
'The last five school days before a day, in its academic year, of some schools (by URN; NULL for all): how many '
'sessions they had, and the day before them, by which the reason for every absence is to be known. No rows for a NULL '
'day; 22023 for schools that are not in the register';

CREATE FUNCTION guidance_pupil(as_of date, schools integer[])
    RETURNS TABLE (school_urn integer, pupil_id bigint, start_date date, boarder boolean, first_day date,
        sessions bigint, explained_to date, marks mark_series, unmarked boolean)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    -- Not school_line() for each school: all lines at once, and of each what is due on a few days alone.
    WITH held AS MATERIALIZED (
        SELECT d.*, held_sessions(d.school_urn, d.last_days) AS due FROM guidance_days(as_of, schools) d)
    SELECT r.school_urn, r.pupil_id, r.start_date, r.boarder <> 'N', r.first_day, r.sessions, r.explained_to, r.marks,
        unmarked(tally(marks_due(r.last_marks, r.due, r.boarder = 'N', r.is_changing, r.school_urn, r.pupil_id,
            r.start_date, r.end_date))) > 0
    FROM (
        SELECT e.*, lower(d.last_days) AS first_day, d.sessions, d.explained_to, d.due, l.marks,
            slice(l.marks, d.last_days) AS last_marks, c.pupil_id IS NOT NULL AS is_changing
        FROM roll_on(as_of, schools) e
        LEFT JOIN held d ON d.school_urn = e.school_urn
        LEFT JOIN register_line l ON l.school_urn = e.school_urn AND l.pupil_id = e.pupil_id
            AND l.academic_year = academic_year(as_of) AND is_one_of(l.school_urn, schools)
        LEFT JOIN changing_enrolment c ON c.school_urn = e.school_urn AND c.pupil_id = e.pupil_id
            AND is_one_of(c.school_urn, schools)
        WHERE e.status <> 'G' OFFSET 0) r;
END;
COMMENT ON FUNCTION guidance_pupil(date, integer[]) IS
'The pupils on the roll of some schools (by URN; NULL for all) on a day, whatever their age, no guests: whether they '
'were boarders, what guidance_days() says of the school, the marks of the academic year, and whether one is missing on '
'the last days: marks_due(). No rows for a NULL day; 22023 for schools that are not in the register';

-- ---------- what the register decides, of schools ----------

CREATE FUNCTION few_marks_state_persistence(marks mark_series, days daterange) RETURNS boolean
    LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
    SELECT persistence_is_stated(daterange(min(m.day), max(m.day), '[]'))
    FROM marks(few_marks_state_persistence.marks, few_marks_state_persistence.days) m WHERE is_possible(m.mark);
END;
COMMENT ON FUNCTION few_marks_state_persistence(mark_series, daterange) IS
'For marks_state_persistence(): the same by the days of the first and the last possible session. NULL for none and '
'NULL';

CREATE FUNCTION marks_state_persistence(marks mark_series, days daterange) RETURNS boolean
    LANGUAGE sql STABLE
    -- more than fourteen sessions are not of a week; that is known of nearly all without a call
    RETURN possible(tally(marks, days)) > 14 OR few_marks_state_persistence(marks, days);
COMMENT ON FUNCTION marks_state_persistence(mark_series, daterange) IS
'Whether the marks of a pupil on some days say that the pupil is persistently absent, or is not: not the sessions of a '
'week or less (persistence_is_stated()), as one of a term that has begun makes nobody so. NULL for none and NULL';

CREATE FUNCTION guidance_pupil_measure(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, concerned bigint, lacking bigint, since date, what text)
    LANGUAGE sql STABLE ROWS 2000
BEGIN ATOMIC
    WITH known AS MATERIALIZED (
        SELECT academic_year_days(academic_year(as_of)) AS year,
            daterange(lower(academic_year_days(academic_year(as_of))), as_of, '[]') AS days,
            (as_of + 1)::timestamp AT TIME ZONE 'Europe/London' AS until, (
                -- the first day of which it is not due again, as updates_due() has it: a month may be too short for it
                SELECT a.since + CASE WHEN (a.since + a.every)::date < as_of THEN 1 ELSE 0 END
                FROM (
                    SELECT (as_of - min(x.every))::date AS since, min(x.every) AS every FROM expectation x
                    WHERE x.measure = 'parents told' AND as_of >= x.from_day AND as_of <= x.to_day) a) AS told_since),
    -- what is counted of a mark series is counted here, once, so that what is joined is narrow
    pupil AS (
        SELECT t.school_urn, t.pupil_id, t.start_date < (SELECT k.told_since FROM known k) AS to_tell,
            NOT t.boarder AND t.sessions > 0 AS marked,
            NOT t.boarder AND coalesce(t.unmarked, false) AS unmarked,
            -- N is unauthorised: most have none
            unauthorised(t.tally) > 0 AND mark_count(mark_counts(t.marks,
                daterange((SELECT lower(k.days) FROM known k), t.explained_to, '[]')), 'N') > 0 AS unexplained,
            CASE WHEN is_persistently_absent(t.tally)
                THEN marks_state_persistence(t.marks, (SELECT k.days FROM known k)) END AS persistent,
            is_severely_absent(t.tally) AS severe, t.explained_to, t.first_day
        FROM (
            SELECT p.*, tally(p.marks, (SELECT k.days FROM known k)) AS tally
            FROM guidance_pupil(as_of, schools) p OFFSET 0) t
        OFFSET 0),
    helped AS (
        SELECT c.pupil_id, bool_or(c.joint_approach_on <= as_of) AS joint,
            bool_or(c.safeguarding_considered_on <= as_of) AS considered
        FROM attendance_case c CROSS JOIN known k
        WHERE c.opened_on <= as_of AND c.entered_at < k.until AND coalesce(c.closed_on >= lower(k.year), true)
        GROUP BY c.pupil_id),
    spoken AS (
        SELECT f.school_urn, f.pupil_id, bool_or(f.purpose = 'listening') AS heard,
            bool_or(f.purpose = 'attendance update' AND f.reached
                AND f.made_at >= k.told_since::timestamp AT TIME ZONE 'Europe/London') AS told
        FROM family_contact f CROSS JOIN known k
        WHERE f.purpose IN ('listening', 'attendance update') AND is_one_of(f.school_urn, schools)
            AND f.made_at < k.until AND f.entered_at < k.until
            AND f.made_at >= least(lower(k.year), k.told_since)::timestamp AT TIME ZONE 'Europe/London'
        GROUP BY f.school_urn, f.pupil_id),
    counted AS (
        SELECT p.school_urn, count(*) AS pupils, count(*) FILTER (WHERE p.marked) AS marked,
            count(*) FILTER (WHERE p.unmarked) AS unmarked, count(*) FILTER (WHERE p.unexplained) AS unexplained,
            count(*) FILTER (WHERE p.persistent) AS persistent,
            count(*) FILTER (WHERE p.persistent AND p.severe) AS severe,
            count(*) FILTER (WHERE p.persistent AND h.pupil_id IS NULL) AS no_case,
            count(*) FILTER (WHERE p.persistent AND NOT coalesce(s.heard, false)) AS not_heard,
            count(*) FILTER (WHERE p.persistent AND p.severe AND NOT coalesce(h.joint, false)) AS not_joint,
            count(*) FILTER (WHERE p.persistent AND p.severe AND NOT coalesce(h.considered, false)) AS not_considered,
            count(*) FILTER (WHERE p.to_tell) AS to_tell,
            count(*) FILTER (WHERE p.to_tell AND NOT coalesce(s.told, false)) AS not_told,
            min(p.first_day) AS first_day, min(p.explained_to) AS explained_to
        FROM pupil p
        LEFT JOIN helped h ON h.pupil_id = p.pupil_id
        LEFT JOIN spoken s ON s.school_urn = p.school_urn AND s.pupil_id = p.pupil_id
        GROUP BY p.school_urn)
    SELECT v.measure, c.school_urn, v.concerned, v.lacking, v.since, v.what
    FROM counted c CROSS JOIN LATERAL (VALUES
        ('sessions marked'::text, c.marked, c.unmarked, c.first_day,
            'pupils with a session without a mark in the last five school days'::text),
        ('absence explained', CASE WHEN c.explained_to IS NOT NULL THEN c.pupils END, c.unexplained, c.explained_to,
            'pupils with N that is older than five school days'),
        ('cases', c.persistent, c.no_case, NULL, 'persistently absent pupils without a case'),
        ('families heard', c.persistent, c.not_heard, NULL,
            'persistently absent pupils whose family was not heard this year'),
        ('joint approach', c.severe, c.not_joint, NULL, 'severely absent pupils without a joint approach'),
        ('safeguarding considered', c.severe, c.not_considered, NULL,
            'severely absent pupils for whom safeguarding was not considered'),
        ('parents told', c.to_tell, c.not_told, (SELECT k.told_since FROM known k),
            'pupils whose parents were not told of attendance'))
        AS v (measure, concerned, lacking, since, what);
END;
COMMENT ON FUNCTION guidance_pupil_measure(date, integer[]) IS
'For guidance_measure(): what is decided pupil by pupil, from marks, cases and contacts with families. No rows for a '
'NULL day; 22023 for schools that are not in the register';

CREATE FUNCTION guidance_absence_measure(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, concerned bigint, lacking bigint, since date, what text)
    LANGUAGE sql STABLE ROWS 600
BEGIN ATOMIC
    SELECT 'absence followed up'::text, u.school_urn, count(*), count(*) FILTER (WHERE u.lacks),
        min(u.day) FILTER (WHERE u.lacks), 'days with N on which the family was not asked'::text
    FROM (
        SELECT n.school_urn, n.pupil_id, m.day, NOT EXISTS (
                SELECT FROM family_contact f
                WHERE f.school_urn = n.school_urn AND f.pupil_id = n.pupil_id AND f.purpose LIKE 'absence %'
                    AND f.about @> m.day
                    AND f.entered_at < (as_of + 1)::timestamp AT TIME ZONE 'Europe/London') AS lacks
        -- few have an N: an equality, as of what is more than nothing the planner expects a third
        FROM (
            SELECT d.school_urn, d.last_days, l.pupil_id, l.marks
            FROM guidance_days(as_of, schools) d
            JOIN register_line l ON l.school_urn = d.school_urn AND l.academic_year = academic_year(as_of)
                AND is_one_of(l.school_urn, schools)
            WHERE least(mark_count(mark_counts(l.marks, d.last_days), 'N'), 1) = 1 OFFSET 0) n
        JOIN roll_on(as_of, schools) r ON r.school_urn = n.school_urn AND r.pupil_id = n.pupil_id AND r.status <> 'G'
        CROSS JOIN LATERAL marks(n.marks, n.last_days) AS m
        WHERE m.mark::text = 'N'
        GROUP BY n.school_urn, n.pupil_id, m.day) u
    GROUP BY u.school_urn
    UNION ALL
    SELECT n.role || 's told', n.school_urn, count(*), count(*) FILTER (WHERE n.lacks),
        min(n.day) FILTER (WHERE n.lacks), format('days with N of which the %s was not told', n.role)
    FROM (
        SELECT u.role, u.school_urn, u.day, true AS lacks
        FROM unexplained_absence_notice_due u
        WHERE u.day < as_of AND academic_year(u.day) = academic_year(as_of)
        UNION ALL
        SELECT h.role, r.school_urn, lower(r.covers), false
        FROM return_sent r
        -- once, however often the worker came back
        JOIN (SELECT DISTINCT w.pupil_id, w.role, w.name FROM pupil_worker w) h
            ON h.pupil_id = r.pupil_id AND h.name = r.sent_to
        WHERE r.kind = 'unexplained absence' AND academic_year(lower(r.covers)) = academic_year(as_of)
            AND lower(r.covers) < as_of) n
    WHERE n.role IN ('social worker', 'youth offending team worker')
        AND is_one_of(n.school_urn, schools)
    GROUP BY n.role, n.school_urn;
END;
COMMENT ON FUNCTION guidance_absence_measure(date, integer[]) IS
'For guidance_measure(): what follows an absence without a known reason: the family is asked (the last five school '
'days), and workers of the pupil are told (the academic year to the day). No rows for a NULL day; 22023 for schools '
'that are not in the register';

CREATE FUNCTION guidance_register_measure(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, concerned bigint, lacking bigint, since date, what text)
    LANGUAGE sql STABLE ROWS 1200
BEGIN ATOMIC
    WITH policy AS MATERIALIZED (
        SELECT p.*, lead(p.from_day) OVER (PARTITION BY p.school_urn ORDER BY p.from_day) AS next_day
        FROM registration_policy p),
    -- by session, not by group, what was closed in time
    held AS MATERIALIZED (
        SELECT d.school_urn, d.day, r.of_school, r.groups
        FROM guidance_days(as_of, schools) w
        JOIN school_day d ON d.school_urn = w.school_urn AND d.day >= lower(w.last_days) AND d.day < upper(w.last_days)
        LEFT JOIN policy o ON o.school_urn = d.school_urn AND o.from_day <= d.day AND coalesce(o.next_day > d.day, true)
        CROSS JOIN LATERAL (VALUES ('AM', d.morning, coalesce(o.morning_opens, '09:00')),
            ('PM', d.afternoon, coalesce(o.afternoon_opens, '13:00'))) AS v (session, held, opens)
        CROSS JOIN LATERAL (
            SELECT bool_or(x.registration_group IS NULL) AS of_school, array_agg(x.registration_group) AS groups
            FROM registration x
            WHERE x.school_urn = d.school_urn AND x.day = d.day AND x.session = v.session
                AND x.closed_at <= (d.day + v.opens) AT TIME ZONE 'Europe/London'
                    + coalesce(o.minutes_open, 30) * interval '1 minute') AS r
        WHERE v.held)
    SELECT 'registers taken'::text, t.school_urn, count(*), count(*) FILTER (WHERE NOT t.taken),
        min(t.day) FILTER (WHERE NOT t.taken),
        'registers of the last five school days that were not taken and closed in time'::text
    FROM (
        SELECT g.school_urn, h.day, coalesce(h.of_school OR g.registration_group = ANY (h.groups), false) AS taken
        FROM (
            SELECT DISTINCT e.school_urn, e.registration_group FROM roll_on(as_of, schools) e
            -- coalesce: the planner would expect hardly any, and sort them
            WHERE coalesce(e.boarder = 'N', false)) g
        JOIN held h ON h.school_urn = g.school_urn OFFSET 0) t
    GROUP BY t.school_urn
    UNION ALL
    SELECT 'registers kept'::text, y.school_urn, count(*), count(*) FILTER (WHERE y.lacks),
        min(y.first_day) FILTER (WHERE y.lacks), 'years that are to be retained of which there are no marks'::text
    FROM (
        SELECT d.school_urn, min(d.day) AS first_day, NOT EXISTS (SELECT FROM register_line l
                WHERE l.school_urn = d.school_urn AND l.academic_year = d.academic_year
                    AND possible(tally(l.marks)) + not_possible(tally(l.marks)) > 0)
            AND EXISTS (SELECT FROM enrolment e
                WHERE e.school_urn = d.school_urn AND e.start_date < least(max(d.day), as_of)
                    AND coalesce(e.end_date >= min(d.day), true)) AS lacks
        FROM school_day d
        WHERE d.day < as_of AND d.day >= as_of - (
            SELECT r.retention_years FROM regime r
            WHERE r.from_day <= as_of AND coalesce(r.to_day >= as_of, true)) * interval '1 year'
            AND is_one_of(d.school_urn, schools)
        GROUP BY d.school_urn, d.academic_year) y
    GROUP BY y.school_urn
    UNION ALL
    SELECT 'back-ups'::text, e.school_urn,
        (extract(year FROM e.age) * 12 + extract(month FROM e.age))::bigint, coalesce(b.lacking, 0), b.since,
        'months without a back-up of the registers'::text
    FROM (
        SELECT n.school_urn, age(date_trunc('month', as_of::timestamp),
            date_trunc('month', min(n.entered_at) AT TIME ZONE 'Europe/London')) AS age
        FROM enrolment n
        GROUP BY n.school_urn) e
    LEFT JOIN (
        SELECT m.school_urn, count(*) AS lacking, min(m.month) AS since FROM backup_missing m
        WHERE m.due_on < as_of AND is_one_of(m.school_urn, schools)
        GROUP BY m.school_urn) b ON b.school_urn = e.school_urn
    WHERE is_one_of(e.school_urn, schools);
END;
COMMENT ON FUNCTION guidance_register_measure(date, integer[]) IS
'For guidance_measure(): how registers are kept: taken and closed in time (the last five school days), retained, and '
'backed up. No rows for a NULL day; 22023 for schools that are not in the register';

CREATE FUNCTION guidance_admission_measure(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, concerned bigint, lacking bigint, since date, what text)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH roll AS MATERIALIZED (
        SELECT e.school_urn, e.pupil_id,
            e.next_school IS NOT NULL AND e.next_school_start IS NULL AS lacks
        FROM enrolment e
        WHERE e.start_date <= as_of AND coalesce(e.end_date >= as_of, true)
            AND is_one_of(e.school_urn, schools) AND known_schools(schools)),
    -- of some schools each pupil is looked up, for all schools each table is read
    asked AS MATERIALIZED (
        SELECT CASE WHEN schools IS NOT NULL THEN ARRAY(SELECT r.pupil_id FROM roll r) END AS pupils),
    home AS NOT MATERIALIZED (
        SELECT a.* FROM pupil_address a WHERE schools IS NULL
        UNION ALL
        SELECT a.* FROM pupil_address a WHERE a.pupil_id = ANY ((SELECT k.pupils FROM asked k)::bigint[])),
    parent AS NOT MATERIALIZED (
        SELECT t.pupil_id, t.address, t.emergency_numbers, coalesce(f.lives_with, t.lives_with) AS lives_with
        FROM (
            SELECT c.* FROM contact c WHERE schools IS NULL
            UNION ALL
            SELECT c.* FROM contact c WHERE c.pupil_id = ANY ((SELECT k.pupils FROM asked k)::bigint[])) t
        -- contact_on() of all at once
        LEFT JOIN (
            SELECT DISTINCT ON (b.contact_id) b.* FROM contact_former b WHERE b.to_day >= as_of
            ORDER BY b.contact_id, b.to_day) f ON f.contact_id = t.contact_id
        WHERE coalesce(f.is_parent, t.is_parent) AND coalesce(t.to_day >= as_of, true)),
    without_sex AS NOT MATERIALIZED (
        SELECT u.pupil_id FROM pupil u WHERE u.sex IS NULL AND schools IS NULL
        UNION ALL
        SELECT u.pupil_id FROM pupil u
        WHERE u.sex IS NULL AND u.pupil_id = ANY ((SELECT k.pupils FROM asked k)::bigint[])),
    -- the items that admission_register_gap requires; joined one by one, as each has few
    lack AS (
        SELECT r.school_urn, r.pupil_id FROM roll r WHERE r.lacks
        UNION
        SELECT r.school_urn, r.pupil_id FROM roll r JOIN without_sex u ON u.pupil_id = r.pupil_id
        UNION
        SELECT r.school_urn, r.pupil_id FROM roll r
        WHERE as_of >= '2024-08-19' AND NOT EXISTS (SELECT FROM home h
            WHERE h.pupil_id = r.pupil_id AND NOT h.in_addition AND h.from_day <= as_of
                AND coalesce(h.to_day >= as_of, true))
        UNION
        -- characters of any length are compared without the blanks at their end
        SELECT r.school_urn, r.pupil_id FROM roll r JOIN home h ON h.pupil_id = r.pupil_id
        WHERE h.from_day > as_of AND coalesce(h.told_by, '')::bpchar = ''
        UNION
        SELECT r.school_urn, r.pupil_id FROM roll r
        WHERE NOT EXISTS (SELECT FROM parent p WHERE p.pupil_id = r.pupil_id AND p.lives_with)
        UNION
        SELECT r.school_urn, r.pupil_id FROM roll r JOIN parent p ON p.pupil_id = r.pupil_id
        WHERE coalesce(p.address, '')::bpchar = '' OR p.lives_with AND p.emergency_numbers = '{}')
    SELECT 'admission register'::text, r.school_urn, r.pupils, coalesce(l.pupils, 0), NULL::date,
        'pupils of whom the admission register lacks what the Regulations ask for'::text
    FROM (SELECT a.school_urn, count(*) AS pupils FROM roll a GROUP BY a.school_urn) r
    LEFT JOIN (SELECT a.school_urn, count(*) AS pupils FROM lack a GROUP BY a.school_urn) l
        ON l.school_urn = r.school_urn;
END;
COMMENT ON FUNCTION guidance_admission_measure(date, integer[]) IS
'For guidance_measure(): the particulars of the admission register on a day. No rows for a NULL day; 22023 for schools '
'that are not in the register';

CREATE FUNCTION guidance_leave_measure(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, concerned bigint, lacking bigint, since date, what text)
    LANGUAGE sql STABLE ROWS 400
BEGIN ATOMIC
    SELECT 'leave'::text, l.school_urn, count(*), count(*) FILTER (WHERE l.lacks),
        min(l.first_day) FILTER (WHERE l.lacks),
        'leaves that nobody who is authorised has decided, or not before they began'::text
    FROM (
        SELECT n.school_urn, n.first_day, n.status = 'applied' OR n.decided_on > n.first_day
            OR NOT coalesce(a.days @> n.decided_on, false) AS lacks
        FROM (
            SELECT v.school_urn, v.status, v.decided_by, v.first_day,
                (v.decided_at AT TIME ZONE 'Europe/London')::date AS decided_on
            FROM (
                SELECT o.*, day(lower(o.sessions)) AS first_day FROM leave_of_absence o
                WHERE o.status IN ('applied', 'granted', 'refused') AND is_one_of(o.school_urn, schools) OFFSET 0) v
            WHERE v.first_day <= as_of AND v.first_day >= (SELECT lower(academic_year_days(academic_year(as_of))))
            OFFSET 0) n
        LEFT JOIN (
            SELECT p.school_urn, p.name, range_agg(daterange(p.from_day, p.to_day, '[]')) AS days
            FROM authorised_person p GROUP BY p.school_urn, p.name) a
            ON a.school_urn = n.school_urn AND a.name = n.decided_by
        OFFSET 0) l
    WHERE known_schools(schools)
    GROUP BY l.school_urn
    UNION ALL
    SELECT 'part-time timetables'::text, t.school_urn, count(*),
        count(*) FILTER (WHERE d.timetable_id IS NOT NULL OR o.timetable_id IS NOT NULL), min(d.due_on),
        'part-time timetables that are too long, or with a review that was not held'::text
    FROM part_time_timetable t
    LEFT JOIN (
        SELECT v.timetable_id, v.school_urn, min(v.due_on) AS due_on FROM part_time_timetable_due v
        WHERE v.due = 'review' AND v.due_on < as_of AND is_one_of(v.school_urn, schools)
        GROUP BY v.timetable_id, v.school_urn) d ON d.timetable_id = t.timetable_id AND d.school_urn = t.school_urn
    LEFT JOIN (
        SELECT l.timetable_id, l.school_urn FROM part_time_timetable_too_long l
        WHERE is_one_of(l.school_urn, schools)) o ON o.timetable_id = t.timetable_id AND o.school_urn = t.school_urn
    WHERE t.status = 'agreed' AND day(lower(t.sessions)) <= as_of AND is_one_of(t.school_urn, schools)
        AND day(upper(t.sessions)) >= (SELECT lower(academic_year_days(academic_year(as_of))))
    GROUP BY t.school_urn;
END;
COMMENT ON FUNCTION guidance_leave_measure(date, integer[]) IS
'For guidance_measure(): leave and part-time timetables of the academic year to the day. No rows for a NULL day; 22023 '
'for schools that are not in the register';

CREATE FUNCTION guidance_case_measure(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, concerned bigint, lacking bigint, since date, what text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH known AS MATERIALIZED (
        SELECT (as_of + 1)::timestamp AT TIME ZONE 'Europe/London' AS until),
    case_plan AS (
        SELECT c.case_id, c.school_urn, c.opened_on, c.lead_practitioner,
            coalesce(c.assessed_on <= as_of, false) AS assessed, count(a.action_id) AS actions,
            count(DISTINCT a.agency) > 1 AS several, count(*) FILTER (WHERE a.due_on < as_of) AS due,
            count(*) FILTER (WHERE a.due_on < as_of AND coalesce(a.done_on > as_of, true)) AS overdue,
            min(a.due_on) FILTER (WHERE coalesce(a.done_on > as_of, true)) AS overdue_since
        FROM attendance_case c CROSS JOIN known k
        LEFT JOIN agreed_action a ON a.case_id = c.case_id AND a.school_urn = c.school_urn AND a.entered_at < k.until
        WHERE c.opened_on <= as_of AND c.entered_at < k.until AND coalesce(c.closed_on > as_of, true)
            AND is_one_of(c.school_urn, schools)
        GROUP BY c.case_id, c.school_urn)
    SELECT v.measure, p.school_urn, sum(v.concerned)::bigint, sum(v.lacking)::bigint,
        min(v.since) FILTER (WHERE v.lacking > 0), v.what
    FROM case_plan p CROSS JOIN LATERAL (VALUES
        ('assessments'::text, 1::bigint, (NOT p.assessed)::integer::bigint, p.opened_on,
            'open cases without an assessment'::text),
        ('plans', 1, (p.actions = 0)::integer, p.opened_on, 'open cases without agreed actions'),
        ('lead practitioners', p.several::integer, (p.several AND p.lead_practitioner IS NULL)::integer, p.opened_on,
            'cases with several agencies without a lead practitioner'),
        ('actions', p.due, p.overdue, p.overdue_since, 'agreed actions that were due and are not done'))
        AS v (measure, concerned, lacking, since, what)
    WHERE known_schools(schools)
    GROUP BY v.measure, p.school_urn, v.what
    UNION ALL
    SELECT 'support first'::text, s.school_urn, count(*), count(u.id), min(s.day) FILTER (WHERE u.id IS NOT NULL),
        'legal steps without support before them, or a reason why not'::text
    FROM (
        SELECT 'penalty_notice'::text AS relation, n.notice_id AS id, n.school_urn,
            n.issued_on AS day
        FROM penalty_notice n WHERE n.counts
        UNION ALL
        SELECT 'attendance_support'::text, t.support_id, t.school_urn, t.offered_on FROM attendance_support t
        WHERE t.kind IN ('education supervision order', 'parenting order') AND t.extends_id IS NULL) s
    LEFT JOIN unsupported_step u ON u.relation = s.relation AND u.id = s.id
    WHERE s.day <= as_of AND academic_year(s.day) = academic_year(as_of)
        AND is_one_of(s.school_urn, schools)
    GROUP BY s.school_urn;
END;
COMMENT ON FUNCTION guidance_case_measure(date, integer[]) IS
'For guidance_measure(): the cases that are open on a day: assessment, plan, lead practitioner, actions; and support '
'before the legal steps of the academic year. No rows for a NULL day; 22023 for schools that are not in the register';

CREATE FUNCTION guidance_return_due(as_of date, schools integer[])
    RETURNS TABLE (measure text, kind text, school_urn integer, pupil_id bigint, days daterange, since date)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    -- the last month that is over; counted, not looked at mark by mark but where there was a spell
    WITH known AS MATERIALIZED (
        SELECT daterange((t.ends - interval '1 month')::date, t.ends) AS month, academic_year(t.ends - 1) AS month_year,
            daterange(lower(academic_year_days(academic_year(t.ends - 1))), t.ends) AS to_month,
            daterange(t.ends - 100, t.ends) AS recent, academic_year(t.ends - 100) AS first_year,
            academic_year(as_of) AS this_year,
            -- of each year, as spells go on in the next
            CASE WHEN academic_year(t.ends - 100) = academic_year(t.ends - 1) THEN 10 ELSE 1 END AS at_least,
            academic_year_days(academic_year(as_of)) AS year,
            (SELECT r.from_day FROM regime r WHERE r.regime = '2024') AS sick_from
        FROM (SELECT date_trunc('month', as_of::timestamp)::date AS ends) t
        WHERE known_schools(schools)),
    line AS MATERIALIZED (
        SELECT l.school_urn, l.pupil_id, l.academic_year, l.marks, p.of_age, NOT l.is_before
                AND unauthorised(tally(l.marks, p.of_age * l.to_month)) >= l.irregular
                AND unauthorised(tally(l.marks, p.of_age * l.month)) > 0 AS is_irregular
        FROM (
            SELECT s.urn AS school_urn, r.pupil_id, r.academic_year, r.marks, tally(r.marks) AS tally, s.irregular,
                k.at_least, k.recent, k.to_month, k.month, r.academic_year < k.month_year AS is_before
            FROM known k
            CROSS JOIN (
                SELECT o.urn, coalesce(a.irregular_sessions, 20) AS irregular
                FROM school_on(as_of) o LEFT JOIN return_arrangement a ON a.la_number = o.la_number OFFSET 0) s
            JOIN register_line r ON r.school_urn = s.urn AND is_one_of(r.school_urn, schools)
                AND r.academic_year IN ((SELECT k.first_year FROM known k), (SELECT k.this_year FROM known k))
            OFFSET 0) l
        -- by its key, as few are left
        CROSS JOIN LATERAL (
            SELECT compulsory_school_age(p.date_of_birth) AS of_age FROM pupil p
            WHERE p.pupil_id = l.pupil_id OFFSET 0) p
        -- most are out of the question, without a look at their age
        WHERE unauthorised(l.tally) >= least(l.at_least, l.irregular)
                AND (l.is_before OR unauthorised(tally(l.marks, l.month)) > 0)
                AND (unauthorised(tally(l.marks, l.recent)) >= l.at_least
                    OR unauthorised(tally(l.marks, l.to_month)) >= l.irregular)
            OR authorised(l.tally) >= 30 AND mark_count(mark_counts(l.marks), 'I') >= 30),
    -- a month is in one year, and what goes on in it may have begun in the one before
    recent AS (
        SELECT r.school_urn, r.pupil_id,
            slice(CASE WHEN r.marks_before IS NULL THEN r.marks ELSE r.marks_before || r.marks END, r.days) AS marks
        FROM (
            SELECT n.school_urn, n.pupil_id, n.marks, b.marks AS marks_before, n.of_age * k.recent AS days
            FROM line n JOIN known k ON k.month_year = n.academic_year
            LEFT JOIN line b ON b.school_urn = n.school_urn AND b.pupil_id = n.pupil_id
                AND b.academic_year = n.academic_year - 1
            WHERE NOT n.is_irregular OFFSET 0) r -- of whom a return is due anyway
        WHERE unauthorised(tally(r.marks, r.days)) + coalesce(unauthorised(tally(r.marks_before, r.days)), 0) >= 10),
    spell AS (
        SELECT n.school_urn, n.pupil_id, n.day, n.away,
            n.days_away - coalesce(max(CASE WHEN NOT n.away THEN n.days_away END) OVER spell, 0) AS place
        FROM (
            SELECT d.*, count(*) FILTER (WHERE d.away) OVER spell AS days_away
            FROM (
                SELECT r.school_urn, r.pupil_id, day(s.first_session) AS first_day, m.day,
                    bool_and(m.mark::text IN ('G', 'N', 'O', 'U')) AS away
                -- ten days in a row are in a spell of absence that is as long, and are ten sessions at least
                FROM recent r CROSS JOIN known k CROSS JOIN LATERAL absence_spells(r.marks) AS s
                CROSS JOIN LATERAL marks(r.marks, daterange(day(s.first_session), day(s.last_session), '[]')) AS m
                WHERE s.unauthorised >= 10 AND day(s.last_session) - day(s.first_session) >= 9
                    AND day(s.last_session) >= lower(k.month) AND m.mark::text NOT IN ('-', '#')
                GROUP BY r.school_urn, r.pupil_id, day(s.first_session), m.day) d
            WINDOW spell AS (PARTITION BY d.school_urn, d.pupil_id, d.first_day ORDER BY d.day)) n
        WINDOW spell AS (PARTITION BY n.school_urn, n.pupil_id, n.first_day ORDER BY n.day))
    SELECT 'attendance returns'::text, 'attendance'::text, l.school_urn, l.pupil_id, k.month, upper(k.month) - 1
    FROM line l JOIN known k ON k.month_year = l.academic_year AND l.is_irregular
    UNION ALL
    SELECT DISTINCT 'attendance returns'::text AS measure, 'attendance'::text AS kind, s.school_urn, s.pupil_id,
        k.month, upper(k.month) - 1 AS since
    FROM spell s JOIN known k ON k.month @> s.day
    WHERE s.away AND s.place >= 10
    UNION ALL
    SELECT 'sickness returns'::text, 'sickness'::text, l.school_urn, l.pupil_id, k.year, NULL::date
    FROM line l JOIN known k ON k.this_year = l.academic_year
    WHERE mark_count(mark_counts(l.marks,
        l.of_age * daterange(greatest(lower(k.year), k.sick_from), as_of + 1)), 'I') >= 30;
END;
COMMENT ON FUNCTION guidance_return_due(date, integer[]) IS
'For guidance_measure(): the pupils of whom returns of absence were due before a day, sent or not: of irregular and '
'continuous absence in the last month that is over, as in attendance_return_due, and of sickness (I) at 30 sessions of '
'the academic year, as many as fifteen days have. The views name them by day. No rows for a NULL day; 22023 for '
'schools that are not in the register';

CREATE FUNCTION guidance_return_measure(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, concerned bigint, lacking bigint, since date, what text)
    LANGUAGE sql STABLE ROWS 800
BEGIN ATOMIC
    SELECT d.measure, d.school_urn, count(*), count(*) FILTER (WHERE d.lacks), min(d.since) FILTER (WHERE d.lacks),
        format('pupils of whom no return of %s was made', CASE d.kind WHEN 'attendance' THEN 'irregular or continuous '
            'absence' ELSE 'fifteen days of sickness' END)
    FROM (
        SELECT u.*, NOT EXISTS (SELECT FROM return_sent r
            WHERE r.kind = u.kind AND r.school_urn = u.school_urn AND r.pupil_id = u.pupil_id
                AND r.covers && u.days) AS lacks
        FROM guidance_return_due(as_of, schools) u OFFSET 0) d
    GROUP BY d.measure, d.school_urn, d.kind
    UNION ALL
    SELECT r.kind || ' returns', r.school_urn, count(*), count(r.due_on), min(r.due_on),
        CASE r.kind WHEN 'deletion' THEN 'deletions of which no return was made'
            ELSE 'new pupils of whom no return was made' END
    FROM academic_year_days(academic_year(as_of)) k (year)
    CROSS JOIN LATERAL (
        SELECT 'new pupil' AS kind, n.school_urn, n.due_on FROM new_pupil_due(schools) n
        WHERE n.due_on < as_of AND n.due_on >= lower(k.year)
        UNION ALL
        SELECT 'deletion'::text, e.school_urn, e.due_on FROM deletion_due(schools) e
        WHERE e.due_on < as_of AND e.due_on >= lower(k.year)
        UNION ALL
        SELECT s.kind, s.school_urn, NULL::date FROM return_sent s
        WHERE s.kind IN ('new pupil', 'deletion') AND s.covers && k.year AND is_one_of(s.school_urn, schools)) r
    GROUP BY r.kind, r.school_urn;
END;
COMMENT ON FUNCTION guidance_return_measure(date, integer[]) IS
'For guidance_measure(): returns that were due before a day, of absence (guidance_return_due()), and of new pupils and '
'deletions of the academic year. A return that was sent later counts. No rows for a NULL day; 22023 for schools that '
'are not in the register';

-- ---------- trusts and authorities ----------

CREATE FUNCTION guidance_authority_measure(as_of date, schools integer[])
    RETURNS TABLE (measure text, la_number integer, concerned bigint, lacking bigint, since date, what text)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH place AS MATERIALIZED (
        SELECT s.*, (as_of + 1)::timestamp AT TIME ZONE 'Europe/London' AS until
        FROM guidance_school(as_of, schools) s),
    meeting AS (
        SELECT DISTINCT ON (p.school_urn) p.school_urn, p.la_number, e.evidence_id, e.figures, e.done_on
        FROM place p
        JOIN evidence e ON e.school_urn = p.school_urn AND e.la_number = p.la_number AND e.entered_at < p.until
        JOIN expectation x ON x.expectation = e.expectation AND x.measure = 'support meetings'
        WHERE e.done_on <= as_of AND e.done_on + x.every >= as_of
        ORDER BY p.school_urn, e.done_on DESC, e.evidence_id DESC),
    of_school AS (
        SELECT p.la_number, m.evidence_id, m.figures, h.school_urn AS held, EXISTS (
            SELECT FROM agreed_action a WHERE a.evidence_id = m.evidence_id) AS acted
        FROM place p
        LEFT JOIN meeting m ON m.school_urn = p.school_urn
        LEFT JOIN office_holder h ON h.school_urn = p.school_urn AND h.office = 'named contact'
            AND h.from_day <= as_of AND coalesce(h.to_day >= as_of, true) AND h.entered_at < p.until),
    counted AS (
        SELECT o.la_number, count(*) AS schools, count(*) FILTER (WHERE o.held IS NULL) AS without_contact,
            count(*) FILTER (WHERE o.evidence_id IS NULL) AS not_met, count(o.evidence_id) AS met,
            count(o.evidence_id) FILTER (WHERE o.figures IS NULL) AS without_figures,
            count(o.evidence_id) FILTER (WHERE NOT o.acted) AS without_action
        FROM of_school o
        GROUP BY o.la_number),
    aim AS (
        SELECT p.la_number, bool_or(t.days @> as_of AND t.cohort <> 'area') AS cohorts,
            bool_or(t.days @> as_of AND t.of_school_urn IS NOT NULL) AS schools,
            bool_or(t.days @> as_of AND t.cohort = 'area') AS areas,
            bool_or(t.days @> as_of AND t.cohort = 'social worker') AS workers,
            bool_or(t.days @> as_of AND upper(t.days) <= anniversary(as_of, 12)) AS short,
            bool_or(upper(t.days) > anniversary(as_of, 12)) AS longer
        FROM (SELECT DISTINCT s.la_number, s.until FROM place s) p
        LEFT JOIN attendance_target t ON t.la_number = p.la_number AND t.set_on <= as_of AND t.entered_at < p.until
        GROUP BY p.la_number)
    SELECT v.measure, c.la_number, v.concerned, v.lacking, NULL::date, v.what
    FROM counted c CROSS JOIN LATERAL (VALUES
        ('named contacts'::text, c.schools, c.without_contact, 'schools without a named contact'::text),
        ('support meetings', c.schools, c.not_met, 'schools without a meeting this term'),
        ('figures of meetings', c.met, c.without_figures, 'meetings without figures'),
        ('actions of meetings', c.met, c.without_action, 'meetings without agreed actions'))
        AS v (measure, concerned, lacking, what)
    UNION ALL
    SELECT v.measure, a.la_number, 1, (NOT coalesce(v.there, false))::integer, NULL::date, 'targets missing'::text
    FROM aim a CROSS JOIN LATERAL (VALUES ('targets for cohorts', a.cohorts), ('targets for schools', a.schools),
        ('targets for neighbourhoods', a.areas), ('targets for pupils with a social worker', a.workers),
        ('short-term aims', a.short), ('longer-term aims', a.longer)) AS v (measure, there)
    UNION ALL
    SELECT 'penalty notices'::text, p.la_number, count(*), count(*) FILTER (WHERE n.overdue),
        min(n.pay_by) FILTER (WHERE n.overdue),
        'penalty notices that were not paid in time, prosecuted or withdrawn'::text
    FROM place p JOIN penalty_notice_due(as_of) n ON n.school_urn = p.school_urn
    GROUP BY p.la_number;
END;
COMMENT ON FUNCTION guidance_authority_measure(date, integer[]) IS
'For guidance_measure(): what authorities do for some schools (by URN; NULL for all): named contacts, targeting '
'support meetings, targets of all their schools, penalty notices. No rows for a NULL day; 22023 for schools that are '
'not in the register';

CREATE FUNCTION guidance_measured(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, trust_uid integer, la_number integer, met boolean,
        concerned bigint, lacking bigint, since date, problem text)
    LANGUAGE sql STABLE ROWS 5000
BEGIN ATOMIC
    WITH place AS MATERIALIZED (SELECT p.* FROM guidance_school(as_of, schools) p),
    of_school AS MATERIALIZED (
        SELECT m.* FROM guidance_pupil_measure(as_of, schools) m
        UNION ALL
        SELECT m.* FROM guidance_absence_measure(as_of, schools) m
        UNION ALL
        SELECT m.* FROM guidance_register_measure(as_of, schools) m
        UNION ALL
        SELECT m.* FROM guidance_admission_measure(as_of, schools) m
        UNION ALL
        SELECT m.* FROM guidance_leave_measure(as_of, schools) m
        UNION ALL
        SELECT m.* FROM guidance_case_measure(as_of, schools) m
        UNION ALL
        SELECT m.* FROM guidance_return_measure(as_of, schools) m),
    practice AS (
        SELECT p.trust_uid, EXISTS (
            SELECT FROM evidence e JOIN expectation x ON x.expectation = e.expectation AND x.measure = 'practice shared'
            WHERE e.trust_uid = p.trust_uid AND e.done_on <= as_of AND e.done_on + x.every >= as_of
                AND e.entered_at < (as_of + 1)::timestamp AT TIME ZONE 'Europe/London') AS shared
        FROM (SELECT s.trust_uid FROM school_on(as_of) s
              WHERE s.trust_uid IN (SELECT o.trust_uid FROM place o)
              GROUP BY s.trust_uid HAVING count(*) > 1) p)
    SELECT a.measure, a.school_urn, a.trust_uid, a.la_number,
        CASE WHEN a.concerned > 0 OR a.lacking > 0 THEN a.lacking = 0 END, a.concerned, a.lacking,
        CASE WHEN a.lacking > 0 THEN a.since END,
        CASE WHEN a.lacking > 0 THEN format('%s of %s: %s', a.lacking, a.concerned, a.what) END
    FROM (
        SELECT m.measure, m.school_urn, NULL::integer AS trust_uid, NULL::integer AS la_number, m.concerned,
            m.lacking, m.since, m.what
        FROM of_school m JOIN place p ON p.school_urn = m.school_urn
        UNION ALL
        SELECT m.measure, NULL::integer, NULL::integer, p.la_number, sum(m.concerned)::bigint, sum(m.lacking)::bigint,
            min(m.since) FILTER (WHERE m.lacking > 0), m.what
        FROM of_school m JOIN place p ON p.school_urn = m.school_urn
        GROUP BY m.measure, p.la_number, m.what
        UNION ALL
        SELECT m.measure, NULL::integer, NULL::integer, m.la_number, m.concerned, m.lacking, m.since, m.what
        FROM guidance_authority_measure(as_of, schools) m
        UNION ALL
        SELECT 'practice shared'::text, NULL::integer, r.trust_uid, NULL::integer, 1, (NOT r.shared)::integer,
            NULL::date, 'what works was not shared between the schools this year'::text
        FROM practice r) a;
END;
COMMENT ON FUNCTION guidance_measured(date, integer[]) IS
'For guidance_measure(): its rows';

-- Each is planned by itself, when it is asked: for all schools whole tables are read, for some what is theirs.
CREATE FUNCTION guidance_measure_of_all(as_of date)
    RETURNS TABLE (measure text, school_urn integer, trust_uid integer, la_number integer, met boolean,
        concerned bigint, lacking bigint, since date, problem text)
    LANGUAGE sql STABLE ROWS 5000
    -- compiling a plan of this size takes longer than running it
    SET jit = off
BEGIN ATOMIC
    SELECT m.* FROM guidance_measured(as_of, NULL) m;
END;
COMMENT ON FUNCTION guidance_measure_of_all(date) IS
'For guidance_measure(): its rows of all schools. No rows for a NULL day';

CREATE FUNCTION guidance_measure_of_some(as_of date, schools integer[])
    RETURNS TABLE (measure text, school_urn integer, trust_uid integer, la_number integer, met boolean,
        concerned bigint, lacking bigint, since date, problem text)
    LANGUAGE sql STABLE ROWS 5000
    SET jit = off
BEGIN ATOMIC
    SELECT m.* FROM guidance_measured(as_of, schools) m;
END;
COMMENT ON FUNCTION guidance_measure_of_some(date, integer[]) IS
'For guidance_measure(): its rows of some schools (by URN). No rows for a NULL day; 22023 for schools that are not in '
'the register';

CREATE FUNCTION guidance_measure(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (measure text, school_urn integer, trust_uid integer, la_number integer, met boolean,
        concerned bigint, lacking bigint, since date, problem text)
    LANGUAGE sql STABLE ROWS 5000
BEGIN ATOMIC
    SELECT m.* FROM guidance_measure_of_all(as_of) m WHERE schools IS NULL
    UNION ALL
    SELECT m.* FROM guidance_measure_of_some(as_of, schools) m WHERE schools IS NOT NULL;
END;
COMMENT ON FUNCTION guidance_measure(date, integer[]) IS
'What the register itself decides of the expectations of the guidance on a day (today if none is given), of some '
'schools (by URN; NULL for all) that were open, of their trusts and authorities: by the name that expectation.measure '
'has, how many are concerned and how many lack something, and in words what. An authority''s is the sum of the '
'schools asked for. met is NULL where nobody is concerned. What was entered after the day does not count, but returns '
'that were sent and reviews that were held late do, and marks and entries are as they are by now. No rows for a NULL '
'day; 22023 for schools that are not in the register';

CREATE FUNCTION guidance_shown(as_of date)
    RETURNS TABLE (expectation text, office text, whose text, since date, lasts boolean, words text)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    (SELECT DISTINCT ON (e.expectation, w.whose) e.expectation, NULL::text, w.whose, e.done_on, w.lasts,
        concat_ws(': ', nullif(array_to_string(e.present, ', '), ''), e.said)
    FROM evidence e
    CROSS JOIN LATERAL (SELECT coalesce('l' || e.la_number, 't' || e.trust_uid, 's' || e.school_urn) AS whose,
        coalesce(e.in_force @> as_of, true) AS lasts) w
    WHERE e.done_on <= as_of AND e.entered_at < (as_of + 1)::timestamp AT TIME ZONE 'Europe/London'
    ORDER BY e.expectation, w.whose, w.lasts DESC, e.done_on DESC, e.evidence_id DESC)
    UNION ALL
    SELECT NULL::text, h.office, w.whose, min(h.from_day), true,
        string_agg(concat_ws(', ', h.name, h.job_title), '; ' ORDER BY h.holder_id)
    FROM office_holder h
    CROSS JOIN LATERAL (
        SELECT coalesce('l' || h.la_number, 't' || h.trust_uid, 's' || h.school_urn) AS whose) w
    WHERE h.from_day <= as_of AND coalesce(h.to_day >= as_of, true)
        AND h.entered_at < (as_of + 1)::timestamp AT TIME ZONE 'Europe/London'
    GROUP BY h.office, w.whose;
END;
COMMENT ON FUNCTION guidance_shown(date) IS
'For guidance_checklist(): the last evidence of each expectation and the holders of each office on a day, as they were '
'entered by then, by whose it is: s with the URN of a school, t with the UID of a trust, l with the number of an '
'authority. lasts is false where none is in force. No rows for NULL';

CREATE FUNCTION guidance_body(as_of date, schools integer[])
    RETURNS TABLE (bearer text, whose text, school_urn integer, trust_uid integer, la_number integer, type text)
    LANGUAGE sql STABLE ROWS 500
BEGIN ATOMIC
    WITH place AS MATERIALIZED (SELECT p.* FROM guidance_school(as_of, schools) p)
    SELECT 'school'::text, 's' || p.school_urn, p.school_urn, NULL::integer, NULL::integer, p.type FROM place p
    UNION ALL
    -- where there is no trust, it is the governing body's
    SELECT DISTINCT 'trust'::text, coalesce('t' || p.trust_uid, 's' || p.school_urn),
        CASE WHEN p.trust_uid IS NULL THEN p.school_urn END, p.trust_uid, NULL::integer, NULL::text
    FROM place p
    UNION ALL
    SELECT DISTINCT 'local authority'::text, 'l' || p.la_number, NULL::integer, NULL::integer, p.la_number, NULL::text
    FROM place p;
END;
COMMENT ON FUNCTION guidance_body(date, integer[]) IS
'For guidance_checklist(): of whom something is expected: some schools (by URN; NULL for all) that were open on a day, '
'their trusts or, without one, governing bodies, and their authorities; whose as in guidance_shown(). No rows for a '
'NULL day; 22023 for schools that are not in the register';

CREATE FUNCTION guidance_checklist(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (expectation text, bearer text, says text, school_urn integer, trust_uid integer, la_number integer,
        shown_by text, status text, evidence text, since date, due_on date, problem text, source text)
    LANGUAGE sql STABLE ROWS 10000
    -- compiling a plan of this size takes longer than running it
    SET jit = off
BEGIN ATOMIC
    WITH body AS MATERIALIZED (
        SELECT b.*, CASE WHEN b.bearer = 'trust' AND b.school_urn IS NOT NULL THEN 'attendance governor'
                ELSE 'attendance trustee' END AS governs
        FROM guidance_body(as_of, schools) b),
    measured AS MATERIALIZED (
        SELECT m.*, coalesce('s' || m.school_urn, 't' || m.trust_uid, 'l' || m.la_number) AS whose
        FROM guidance_measure(as_of, schools) m),
    shown AS MATERIALIZED (SELECT s.* FROM guidance_shown(as_of) s),
    asked AS (
        SELECT x.*, b.whose, b.school_urn, b.trust_uid, b.la_number, as_of >= x.from_day AND as_of <= x.to_day
                AND coalesce(b.type = ANY (x.school_types), true) AS applies,
            CASE x.office WHEN 'attendance trustee' THEN b.governs ELSE x.office END AS held
        FROM expectation x JOIN body b ON b.bearer = x.bearer),
    answered AS (
        SELECT a.*, m.met, m.concerned, m.lacking, m.problem, coalesce(m.since, s.since) AS since, s.lasts, s.words,
            CASE WHEN a.measure IS NULL THEN (s.since + a.every)::date END AS due_on
        FROM asked a
        LEFT JOIN measured m ON m.measure = a.measure AND m.whose = a.whose
        LEFT JOIN shown s ON s.whose = a.whose AND a.measure IS NULL AND coalesce(s.expectation, s.office)
            = coalesce(a.held, a.expectation)),
    judged AS (
        SELECT a.*, a.lasts AND NOT coalesce(a.due_on < as_of AND (a.every >= interval '1 month'
                -- what is done each week is not done in the holidays
                OR a.school_urn IS NULL OR EXISTS (SELECT FROM school_day d
                    WHERE d.school_urn = a.school_urn AND d.day >= a.due_on AND d.day < as_of
                        AND (d.morning OR d.afternoon))), false) AS is_shown
        FROM answered a)
    SELECT j.expectation, j.bearer, j.says, j.school_urn, j.trust_uid, j.la_number, j.shown_by, v.status,
        CASE WHEN NOT j.applies THEN NULL WHEN j.measure IS NULL THEN j.words
            WHEN j.concerned > 0 THEN format('%s of %s', j.concerned - j.lacking, j.concerned) END,
        CASE WHEN j.applies THEN j.since END, CASE WHEN j.applies THEN j.due_on END,
        CASE WHEN v.status = 'not met' THEN CASE WHEN j.measure IS NOT NULL THEN j.problem
            WHEN j.held IS NOT NULL THEN format('nobody is %s', j.held)
            WHEN j.since IS NULL AND j.shown_by = 'statement' THEN 'nobody has attested it'
            WHEN j.since IS NULL THEN 'no evidence is recorded'
            WHEN NOT j.lasts THEN format('the evidence of %s is not in force', j.since)
            ELSE format('last on %s, due again by %s', j.since, j.due_on) END END, j.source
    FROM judged j
    CROSS JOIN LATERAL (SELECT CASE WHEN NOT j.applies OR j.measure IS NOT NULL AND j.met IS NULL THEN 'not applicable'
        WHEN NOT coalesce(j.met, j.is_shown, false) THEN 'not met'
        WHEN j.shown_by = 'statement' THEN 'attested' ELSE 'met' END AS status) v
    ORDER BY j.bearer, j.la_number, j.trust_uid, j.school_urn, left(j.expectation, 1),
        string_to_array(substr(j.expectation, 2), '.')::integer[];
END;
COMMENT ON FUNCTION guidance_checklist(date, integer[]) IS
'Every expectation of the guidance on a day (today if none is given) with each school, trust or governing body, and '
'authority of which it is expected, of some schools (by URN; NULL for all) that were open. status: met, where the '
'register or a record shows it; attested, where all there is is somebody''s statement; not met, with the problem in '
'words; not applicable, where it is not in force on the day, not for schools of the type, or concerns nobody. Evidence '
'counts if it was done and entered by the day, is in force on it, and is not older than expectation.every: due_on says '
'when it is due again. No rows for a NULL day; 22023 for schools that are not in the register. Working together to '
'improve school attendance';
