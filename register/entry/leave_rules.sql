-- What the rules on leave and on marks read: granted leave, and what it lacks.

CREATE VIEW leave_breach WITH (security_invoker = true) AS
    SELECT l.leave_id, l.school_urn, l.pupil_id, v.rule,
        format('leave of pupil %s at school %s from %s to %s: %s', l.pupil_id, l.school_urn, l.first_day, l.last_day,
            v.problem) AS problem, b.binding, CASE WHEN b.binding THEN 'regulation' ELSE 'guidance' END AS source
    FROM (
        SELECT g.*, day(lower(g.sessions)) AS first_day, session(lower(g.sessions)) AS first_session,
            -- the upper bound is the first session after the leave
            day(upper(g.sessions)) - CASE WHEN session(upper(g.sessions)) = 'AM' THEN 1 ELSE 0 END AS last_day,
            (g.decided_at AT TIME ZONE 'Europe/London')::date AS decided_on,
            (coalesce(g.received_at, g.decided_at) AT TIME ZONE 'Europe/London')::date AS asked_on
        FROM leave_of_absence g
        WHERE g.status = 'granted') AS l
    LEFT JOIN leave_reason r ON r.reason_class = l.reason_class AND r.mark = l.mark
        AND r.from_day <= l.first_day AND r.to_day >= l.last_day
    LEFT JOIN LATERAL (
        SELECT o.morning_opens, o.afternoon_opens FROM registration_policy o
        WHERE o.school_urn = l.school_urn AND o.from_day <= l.first_day
        ORDER BY o.from_day DESC LIMIT 1) AS p ON true
    CROSS JOIN LATERAL (
        SELECT (l.first_day + CASE WHEN l.first_session = 'AM' THEN coalesce(p.morning_opens, '09:00')
            ELSE coalesce(p.afternoon_opens, '13:00') END) AT TIME ZONE 'Europe/London' AS begins) AS s
    -- by the types that the school had from its first day to its last
    CROSS JOIN LATERAL (
        SELECT r.school_types IS NULL OR EXISTS (
            SELECT FROM school_membership m
            WHERE m.school_urn = l.school_urn AND m.type = ANY (r.school_types)
                AND coalesce(m.from_day <= l.last_day, true) AND coalesce(m.to_day >= l.first_day, true)) AS binding) b
    CROSS JOIN LATERAL (VALUES
        ('leave code', r.needs IS NULL,
            CASE WHEN EXISTS (SELECT FROM leave_reason k WHERE k.reason_class = l.reason_class)
                THEN format('%s is not the code of leave for "%s" on all its days (leave_reason)', l.mark,
                    l.reason_class)
                ELSE format('leave_reason has no reason_class "%s"', l.reason_class) END),
        ('leave not in advance', 'applied in advance' = ANY (r.needs) AND coalesce(l.received_at >= s.begins, true),
            'the application was not received before the first session'),
        ('leave not in advance', 'agreed in advance' = ANY (r.needs) AND l.decided_at >= s.begins,
            'it was not agreed before the first session'),
        ('leave applicant', 'applicant' = ANY (r.needs) AND l.applicant IS NULL AND l.contact_id IS NULL,
            'it is not known who applied'),
        ('leave applicant', 'parent' = ANY (r.needs) AND NOT EXISTS (
            SELECT FROM same_parent(l.contact_id) k JOIN contact_period c ON c.contact_id = k.contact_id
            WHERE c.pupil_id = l.pupil_id AND c.is_parent AND c.lives_with
                AND coalesce(c.from_day <= l.asked_on, true) AND coalesce(c.to_day >= l.asked_on, true))
            AND NOT EXISTS (
            SELECT FROM pupil u
            WHERE u.pupil_id = l.pupil_id
                AND anniversary(u.date_of_birth, 18 * 12) <= (l.received_at AT TIME ZONE 'Europe/London')::date),
            'no parent with whom the pupil normally lives has applied'),
        ('leave authority', NOT EXISTS (
            SELECT FROM authorised_person a
            WHERE a.school_urn = l.school_urn AND a.name = l.decided_by
                AND l.decided_on >= a.from_day AND coalesce(l.decided_on <= a.to_day, true)),
            format('%s is not a person authorised to grant it on %s', l.decided_by, l.decided_on)),
        ('leave reason', 'circumstances' = ANY (r.needs) AND l.circumstances IS NULL,
            'the exceptional circumstances are not stated'),
        ('leave licence', 'licence' = ANY (r.needs)
            AND NOT coalesce(l.licence_from <= l.first_day AND l.licence_to >= l.last_day, false),
            'there is no licence for all its days'),
        ('leave for study', 'examination' = ANY (r.needs) AND NOT coalesce(l.last_examination >= l.last_day, false),
            'it does not end with the last public examination'),
        ('leave for holiday', r.days_in_year IS NOT NULL AND l.circumstances IS NULL AND r.days_in_year * 2 < (
            SELECT coalesce(sum((d.morning AND o.sessions @> school_session(d.day, 'AM'))::int
                + (d.afternoon AND o.sessions @> school_session(d.day, 'PM'))::int), 0)
            FROM leave_of_absence o
            JOIN school_day d ON d.school_urn = o.school_urn AND d.academic_year = academic_year(l.first_day)
            WHERE o.school_urn = l.school_urn AND o.pupil_id = l.pupil_id AND o.status = 'granted'
                AND o.mark = l.mark),
            format('more than %s school days of holiday in the school year are not said to be exceptional',
                r.days_in_year))
        ) AS v (rule, broken, problem)
    WHERE v.broken;
COMMENT ON VIEW leave_breach IS
'What granted leave lacks, by rule (AT040 to AT045, AT047, AT048). The trigger of leave_of_absence refuses it, or lets '
'it in where the school has breaches of the rule recorded';

CREATE VIEW part_time_timetable_breach WITH (security_invoker = true) AS
    SELECT t.timetable_id, t.school_urn, t.pupil_id, v.rule,
        format('part-time timetable of pupil %s at school %s from %s to %s: %s', t.pupil_id, t.school_urn, t.first_day,
            t.last_day, v.problem) AS problem, b.binding AND v.rule <> 'part-time review' AS binding,
        CASE WHEN b.binding AND v.rule <> 'part-time review' THEN 'regulation' ELSE 'guidance' END AS source
    FROM (
        SELECT g.*, day(lower(g.sessions)) AS first_day,
            day(upper(g.sessions)) - CASE WHEN session(upper(g.sessions)) = 'AM' THEN 1 ELSE 0 END AS last_day
        FROM part_time_timetable g
        WHERE g.status = 'agreed') AS t
    JOIN pupil p ON p.pupil_id = t.pupil_id
    LEFT JOIN leave_reason r ON r.reason_class = 'part-time timetable' AND r.mark = 'C2'
        AND r.from_day <= t.first_day AND r.to_day >= t.last_day
    CROSS JOIN LATERAL (
        SELECT r.school_types IS NULL OR EXISTS (
            SELECT FROM school_membership m
            WHERE m.school_urn = t.school_urn AND m.type = ANY (r.school_types)
                AND coalesce(m.from_day <= t.last_day, true) AND coalesce(m.to_day >= t.first_day, true)) AS binding) b
    CROSS JOIN LATERAL (VALUES
        ('leave code', r.needs IS NULL, 'C2 is not a code on all its days'),
        ('leave not in advance', 'agreed in advance' = ANY (r.needs) AND t.agreed_on > t.first_day,
            format('it was agreed on %s only', t.agreed_on)),
        ('leave applicant', 'parent' = ANY (r.needs) AND NOT EXISTS (
            SELECT FROM same_parent(t.contact_id) k JOIN contact_period c ON c.contact_id = k.contact_id
            WHERE c.pupil_id = t.pupil_id AND c.is_parent AND c.lives_with
                AND coalesce(c.from_day <= t.agreed_on, true) AND coalesce(c.to_day >= t.agreed_on, true)),
            'it was not agreed with a parent with whom the pupil normally lives'),
        ('leave authority', NOT EXISTS (
            SELECT FROM authorised_person a
            WHERE a.school_urn = t.school_urn AND a.name = t.agreed_by
                AND t.agreed_on >= a.from_day AND coalesce(t.agreed_on <= a.to_day, true)),
            format('%s is not a person authorised to agree to it on %s', t.agreed_by, t.agreed_on)),
        ('leave reason', 'circumstances' = ANY (r.needs) AND t.circumstances IS NULL,
            'the exceptional circumstances are not stated'),
        ('part-time review', NOT EXISTS (
            SELECT FROM unnest(t.review_dates) AS d (day) WHERE d.day >= t.first_day AND d.day <= t.last_day),
            'no day of review lies within it'),
        ('leave part-time', NOT daterange(t.first_day, t.last_day, '[]') <@ compulsory_school_age(p.date_of_birth),
            'the pupil is not of compulsory school age on all its days')
        ) AS v (rule, broken, problem)
    WHERE v.broken;
COMMENT ON VIEW part_time_timetable_breach IS
'What agreed part-time timetables lack, by rule (AT040 to AT043, AT046, AT048, AT051). Their trigger refuses it, or '
'lets it in where the school has breaches of the rule recorded';

CREATE VIEW granted_session WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, l.mark, lower(r.r) AS first_session, upper(r.r) AS after_session,
        l.licence_reference, l.last_examination
    FROM leave_of_absence l CROSS JOIN LATERAL unnest(l.sessions) AS r (r)
    WHERE l.status = 'granted'
    UNION ALL
    SELECT t.school_urn, t.pupil_id, 'C2'::session_mark AS mark, lower(r.r) AS first_session,
        upper(r.r) AS after_session, NULL::text AS licence_reference, NULL::date AS last_examination
    FROM part_time_timetable t CROSS JOIN LATERAL unnest(CASE WHEN t.ended_on IS NULL THEN t.sessions
        ELSE t.sessions * school_session_multirange(school_session_range(NULL, school_session(t.ended_on, 'PM'), '[]'))
        END) AS r (r)
    WHERE t.status = 'agreed';
COMMENT ON VIEW granted_session IS
'Sessions for which a leave is granted or a part-time timetable agreed, as ranges: from first_session, up to and '
'without after_session; the rules on marks read it';
