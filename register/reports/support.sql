-- The working lists of support: whom to call, whose case lacks something, what has become of it.

CREATE FUNCTION unexplained_on(day date, schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, sessions text, mark text, school_days bigint)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH line AS (
        SELECT l.school_urn, l.pupil_id, s.session, 'N' AS mark, l.marks
        FROM register_line l CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
        WHERE l.academic_year = academic_year(unexplained_on.day)
            AND (schools IS NULL OR l.school_urn = ANY (schools))
            AND mark_at(l.marks, unexplained_on.day, s.session) = 'N'
        UNION ALL
        SELECT e.school_urn, e.pupil_id, r.session, 'none' AS mark, l.marks
        FROM school s
        JOIN school_day d ON d.school_urn = s.urn AND d.day = unexplained_on.day
        JOIN registration r ON r.school_urn = s.urn AND r.day = unexplained_on.day AND r.closed_at <= now()
            AND CASE WHEN r.session = 'AM' THEN d.morning ELSE d.afternoon END
        JOIN enrolment_period e ON e.school_urn = s.urn AND e.boarder = 'N' AND e.status <> 'G'
            AND e.from_day <= unexplained_on.day
            AND coalesce(e.to_day >= unexplained_on.day, true)
            AND coalesce(e.registration_group = r.registration_group, r.registration_group IS NULL)
        LEFT JOIN register_line l ON l.academic_year = academic_year(unexplained_on.day)
            AND l.school_urn = e.school_urn AND l.pupil_id = e.pupil_id
        WHERE (schools IS NULL OR s.urn = ANY (schools))
            AND coalesce(mark_class(mark_at(l.marks, unexplained_on.day, r.session)), 'unmarked') = 'unmarked'),
    pupil_line AS (
        SELECT l.school_urn::integer AS school_urn, l.pupil_id,
            string_agg(DISTINCT l.session, ' ') AS sessions, string_agg(DISTINCT l.mark, ', ') AS mark,
            min(l.session) AS first_session, (array_agg(l.marks))[1] AS marks
        FROM line l GROUP BY l.school_urn, l.pupil_id)
    SELECT p.school_urn, p.pupil_id, p.sessions, p.mark, 1 + (
        SELECT count(DISTINCT m.day)
        FROM (
            SELECT a.day, a.mark, count(*) FILTER (WHERE is_possible(a.mark) AND a.mark <> 'N')
                OVER (ORDER BY a.day DESC, a.session DESC) AS explained
            FROM marks(p.marks) a
            WHERE a.day < unexplained_on.day OR a.day = unexplained_on.day AND a.session < p.first_session) m
        WHERE m.mark = 'N' AND m.explained = 0 AND m.day < unexplained_on.day)
    FROM pupil_line p
    WHERE known_schools(schools);
END;
COMMENT ON FUNCTION unexplained_on(date, integer[]) IS
'Pupils of some schools (by URN; NULL for all), of any age, whose absence on a day is unexplained: N, or no mark '
'(none) although the register of the session was closed (registration), but for boarders and guests; which sessions, '
'and how many school days of the academic year it has been so in a row, up to the day. No rows for a NULL day; 22023 '
'for a school that is not there';

CREATE FUNCTION follow_up_list(day date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (place bigint, school_urn integer, pupil_id bigint, upn text, surname text, forename text,
        year_group text, registration_group text, sessions text, mark text, school_days bigint, social_worker text,
        notice_due_to text, tries bigint, last_tried timestamptz, contact_id bigint, contact_name text,
        numbers text[], said text, said_at timestamptz, case_id bigint)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH unexplained AS MATERIALIZED (SELECT u.* FROM unexplained_on(follow_up_list.day, schools) u)
    SELECT row_number() OVER (PARTITION BY u.school_urn ORDER BY w.name IS NULL, t.tries > 0, u.school_days DESC,
            p.surname, p.forename, u.pupil_id), u.school_urn, u.pupil_id, p.upn::text, p.surname, p.forename,
        e.year_group, e.registration_group, u.sessions, u.mark, u.school_days, w.name, n.names, t.tries, t.last_tried,
        c.contact_id, c.full_name, c.emergency_numbers, h.said, h.made_at, k.case_id
    FROM unexplained u
    JOIN pupil p ON p.pupil_id = u.pupil_id
    JOIN enrolment_on(follow_up_list.day) e ON e.school_urn = u.school_urn AND e.pupil_id = u.pupil_id
        AND e.start_date <= follow_up_list.day AND coalesce(e.end_date >= follow_up_list.day, true)
    CROSS JOIN LATERAL (
        SELECT count(*) AS tries, max(f.made_at) AS last_tried, coalesce(bool_or(f.reached), false) AS reached
        FROM family_contact f
        WHERE f.school_urn = u.school_urn AND f.pupil_id = u.pupil_id AND f.about @> follow_up_list.day
            AND f.purpose IN ('absence reported', 'absence followed up')) t
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(', ', o.name, o.contact), '; ' ORDER BY o.name) AS name
        FROM pupil_worker o
        WHERE o.pupil_id = u.pupil_id AND o.role = 'social worker' AND o.from_day <= follow_up_list.day
            AND coalesce(o.to_day >= follow_up_list.day, true)) w
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(', ', d.name, d.contact), '; ' ORDER BY d.name) AS names
        FROM unexplained_absence_notice_due d
        WHERE d.school_urn = u.school_urn AND d.pupil_id = u.pupil_id AND d.day = follow_up_list.day) n
    -- who was tried least, and of these who comes first
    LEFT JOIN LATERAL (
        SELECT o.contact_id, o.full_name, o.emergency_numbers
        FROM contact_on(follow_up_list.day) o
        WHERE o.pupil_id = u.pupil_id AND o.emergency_numbers <> '{}'
        ORDER BY (SELECT count(*) FROM family_contact f WHERE f.contact_id = o.contact_id
            AND f.about @> follow_up_list.day), o.priority NULLS LAST, o.contact_id
        LIMIT 1) c ON true
    LEFT JOIN LATERAL (
        SELECT f.said, f.made_at FROM family_contact f
        WHERE f.school_urn = u.school_urn AND f.pupil_id = u.pupil_id AND f.said IS NOT NULL
        ORDER BY f.made_at DESC, f.family_contact_id DESC LIMIT 1) h ON true
    LEFT JOIN attendance_case k ON k.pupil_id = u.pupil_id AND k.closed_on IS NULL
    WHERE NOT t.reached AND known_schools(schools)
    ORDER BY u.school_urn, w.name IS NULL, t.tries > 0, u.school_days DESC, p.surname, p.forename, u.pupil_id;
END;
COMMENT ON FUNCTION follow_up_list(date, integer[]) IS
'Whom to call: the pupils of unexplained_on() of whose absence on the day nobody of the family was reached '
'(family_contact with about, absence reported or followed up). At each school pupils with a social worker first, then '
'whom nobody has tried, then who has been so for longest. contact_name and numbers: whom to ring now, the contact who '
'was tried least, by priority; said: what the family said last; case_id: the open case; notice_due_to: the workers who '
'have not been told of it (unexplained_absence_notice_due). Whatever the age: Keeping children safe in education. No '
'rows for a NULL day; 22023 for a school that is not there';
