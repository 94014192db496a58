-- Registers that are to be taken.

CREATE VIEW registration_due WITH (security_invoker = true) AS
    SELECT g.school_urn, g.day, g.session, g.registration_group, g.pupils,
        CASE WHEN g.opened THEN 'open' ELSE 'not taken' END AS state,
        t.opens_at, t.opens_at + t.open_for AS closes_at, now() > t.opens_at + t.open_for AS overdue
    FROM (
        SELECT d.school_urn, d.day, s.session, e.registration_group, count(*) AS pupils,
            EXISTS (SELECT FROM registration r
                WHERE r.school_urn = d.school_urn AND r.day = d.day AND r.session = s.session
                    AND (r.registration_group IS NULL OR r.registration_group = e.registration_group)) AS opened
        FROM school_day d
        CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
        JOIN enrolment_period e ON e.school_urn = d.school_urn AND d.day >= e.from_day
            AND (e.to_day IS NULL OR d.day <= e.to_day)
        WHERE CASE WHEN s.session = 'AM' THEN d.morning ELSE d.afternoon END
            AND e.boarder = 'N' AND d.day <= (now() AT TIME ZONE 'Europe/London')::date
        GROUP BY d.school_urn, d.day, s.session, e.registration_group) AS g
    LEFT JOIN LATERAL (
        SELECT o.morning_opens, o.afternoon_opens, o.minutes_open FROM registration_policy o
        WHERE o.school_urn = g.school_urn AND o.from_day <= g.day
        ORDER BY o.from_day DESC LIMIT 1) AS p ON true
    CROSS JOIN LATERAL (
        SELECT (g.day + CASE WHEN g.session = 'AM' THEN coalesce(p.morning_opens, '09:00')
                ELSE coalesce(p.afternoon_opens, '13:00') END) AT TIME ZONE 'Europe/London' AS opens_at,
            coalesce(p.minutes_open, 30) * interval '1 minute' AS open_for) AS t
    WHERE NOT EXISTS (SELECT FROM registration r
        WHERE r.school_urn = g.school_urn AND r.day = g.day AND r.session = g.session AND r.closed_at IS NOT NULL
            AND (r.registration_group IS NULL OR r.registration_group = g.registration_group));
COMMENT ON VIEW registration_due IS
'Registers to today that have not been taken: one row for each session that a school held and each registration group '
'with pupils on the roll on that day. Ask for a school and a day';
COMMENT ON COLUMN registration_due.registration_group IS
'NULL for pupils without one; the register of the whole school is the only one that they are in';
COMMENT ON COLUMN registration_due.overdue IS 'Whether the time in which the register should have closed is over';
