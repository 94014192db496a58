-- What the rules on taking a register read.

CREATE VIEW registration_breach WITH (security_invoker = true) AS
    SELECT r.registration_id, r.school_urn, 'register open'::text AS rule,
        format('the register of %s at school %s for %s %s was open for %s minutes, longer than %s',
            coalesce('group ' || r.registration_group, 'the whole school'), r.school_urn, r.day, r.session,
            ceil(extract(epoch FROM r.closed_at - r.opened_at) / 60), least(p.minutes_open, 30)) AS problem
    FROM registration r
    LEFT JOIN LATERAL (
        SELECT o.minutes_open FROM registration_policy o
        WHERE o.school_urn = r.school_urn AND o.from_day <= r.day
        ORDER BY o.from_day DESC LIMIT 1) AS p ON true
    WHERE r.closed_at - r.opened_at > least(p.minutes_open, 30) * interval '1 minute';
COMMENT ON VIEW registration_breach IS
'Registers that were open for longer than the 30 minutes of the guidance, or than the school has decided, if that is '
'less (AT050): recorded, as what was is not undone by being refused';
