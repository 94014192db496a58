-- The codes of each regime.

CREATE VIEW regime_code WITH (security_invoker = true) AS
    SELECT r.regime, c.mark, coalesce(l.label, c.description) AS label, c.class,
        greatest(c.valid_from, r.from_day) AS from_day, least(c.valid_to, r.to_day) AS to_day
    FROM regime r
    JOIN attendance_codes() c ON coalesce(c.valid_from <= coalesce(r.to_day, '2999-12-31'), true)
        AND coalesce(c.valid_to >= r.from_day, true)
    LEFT JOIN code_label l ON l.edition = r.regime AND l.mark = c.mark;
COMMENT ON VIEW regime_code IS
'The codes of each regime with its label, and the session dates for which they may be entered under it';
