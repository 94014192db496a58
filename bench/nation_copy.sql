-- For bench/nation: a line for each table of the demo's register that the reports read: its columns, and what they are
-- in the k-th authority.
-- Numbers grow by what is named here, so that no two authorities have one in common.
WITH changed (place, relation, changes) AS (VALUES
    (1, 'local_authority', '{"la_number": 11, "gss_code": "format(''E%s'', 80000000 + 1000 * k + la_number)"}'::jsonb),
    (2, 'trust', '{"trust_uid": 100000}'),
    (3, 'school', '{"urn": 1000, "laestab": "NULL", "la_number": 11, "trust_uid": 100000, "predecessor_urn": 1000}'),
    (4, 'term_date', '{"school_urn": 1000}'),
    (5, 'school_day', '{"school_urn": 1000}'),
    (6, 'pupil', '{"pupil_id": 1000000, "upn": "NULL", "pupil_key": 1000000}'),
    (7, 'enrolment', '{"school_urn": 1000, "pupil_id": 1000000}'),
    (8, 'pupil_characteristic', '{"pupil_id": 1000000}'),
    (9, 'register_line', '{"school_urn": 1000, "pupil_id": 1000000, "line_key": 1000000}'))
SELECT c.relation, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
    string_agg(CASE WHEN NOT c.changes ? a.attname THEN quote_ident(a.attname)
        WHEN jsonb_typeof(c.changes -> a.attname) = 'string' THEN c.changes ->> a.attname
        ELSE format('%I + k * %s', a.attname, c.changes -> a.attname) END, ', ' ORDER BY a.attnum)
FROM changed c JOIN pg_attribute a ON a.attrelid = c.relation::regclass
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a'
GROUP BY c.place, c.relation ORDER BY c.place;
