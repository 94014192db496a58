-- What each capacity may do.

CREATE VIEW capacity_right WITH (security_invoker = true) AS
    SELECT c.capacity, r.relation, string_agg(DISTINCT r.privileges, ', ' ORDER BY r.privileges) AS privileges, c.pupils
    FROM capacity c CROSS JOIN unnest(c.purposes) AS p (purpose) JOIN register_rights() r ON r.purpose = p.purpose
    GROUP BY c.capacity, r.relation, c.pupils;
COMMENT ON VIEW capacity_right IS
'The rights of each capacity on each table and view of the register, and of whom it sees rows (pupils: all at its '
'places, those of a class, those of the virtual school, or none): where there are rows of a school, row-level security '
'shows those of the places of its access alone';
