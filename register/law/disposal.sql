-- What the register keeps, and what is due for disposal.

CREATE FUNCTION disposal_due(as_of timestamptz DEFAULT now())
    RETURNS TABLE (kind text, school_urn integer, academic_year integer, relation text, records bigint,
        last_entered_at timestamptz, kept_until timestamptz, due boolean)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT 'marks' AS kind, d.school_urn, d.academic_year, 'register_line' AS relation, d.lines AS records,
        d.last_entered_at, d.kept_until, coalesce(d.kept_until <= as_of, false) AS due
    FROM register_retention('register_line'::regclass) d
    UNION ALL
    SELECT 'records' AS kind, CASE WHEN r.school_urn > 0 THEN r.school_urn END AS school_urn, NULL AS academic_year,
        r.relation, r.records, r.last_entered_at, r.kept_until, r.due
    FROM retention_totals('register_line'::regclass, as_of) r
    ORDER BY 1, 7, 2, 3, 4, 8;
END;
COMMENT ON FUNCTION disposal_due(timestamptz) IS
'What the register keeps: the academic years of marks of each school, and the records of each school (NULL: of no '
'single school) by table, those that are due for disposal at a time (now if none is given) apart from those that are '
'not; with the time until which the newest entry is kept. Regulations 2024, regulation 7';
