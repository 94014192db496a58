-- Months without a back-up.

CREATE VIEW backup_missing WITH (security_invoker = true) AS
    SELECT s.school_urn, m.month::date AS month, (m.month + interval '1 month')::date - 1 AS due_on,
        (m.month + interval '1 month')::date <= (now() AT TIME ZONE 'Europe/London')::date AS overdue
    FROM (
        SELECT e.school_urn, min(e.entered_at) AS first_entry
        FROM enrolment e
        GROUP BY e.school_urn) AS s
    CROSS JOIN LATERAL generate_series(date_trunc('month', s.first_entry AT TIME ZONE 'Europe/London'),
        date_trunc('month', now() AT TIME ZONE 'Europe/London'), '1 month') AS m (month)
    WHERE NOT EXISTS (
        SELECT FROM backup_record b
        WHERE (b.school_urn IS NULL OR b.school_urn = s.school_urn)
            AND b.made_at >= m.month AT TIME ZONE 'Europe/London'
            AND b.made_at < (m.month + interval '1 month') AT TIME ZONE 'Europe/London');
COMMENT ON VIEW backup_missing IS
'Months, from that of a school''s first entry in its admission register to the present one, in which no back-up of its '
'registers was made';
COMMENT ON COLUMN backup_missing.month IS 'The first day of the month';
COMMENT ON COLUMN backup_missing.overdue IS 'Whether the month is over';
