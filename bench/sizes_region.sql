-- A region: the demo's authority :copies times more, with other schools, trusts and pupils, in a copy of its database.
-- Rows are written as replication writes them: nothing is checked again.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET session_replication_role = replica;

-- copied(table, copies, changes): its rows; to the columns that are named a number is added for every copy, or they are
-- terms in which k is the copy. Keys that the table draws are drawn anew.
CREATE PROCEDURE pg_temp.copied(tab regclass, copies integer, changes jsonb) LANGUAGE plpgsql AS $$
DECLARE
    columns text;
    terms text;
BEGIN
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
        string_agg(CASE WHEN NOT changes ? a.attname THEN quote_ident(a.attname)
            WHEN jsonb_typeof(changes -> a.attname) = 'string' THEN changes ->> a.attname
            ELSE format('%I + k * %s', a.attname, changes -> a.attname) END, ', ' ORDER BY a.attnum)
    INTO columns, terms
    FROM pg_attribute a
    WHERE a.attrelid = tab AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a';
    -- one copy after the other, as it would have been entered
    EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %3$s FROM generate_series(1, %4$s) AS k '
        'CROSS JOIN LATERAL (SELECT t.* FROM %1$s AS t WHERE k > 0 OFFSET 0) AS t', tab, columns, terms, copies);
END
$$;
CALL pg_temp.copied('local_authority', :copies,
    '{"la_number": 40, "gss_code": "format(''E%s'', 80000000 + 1000 * k + la_number)"}');
CALL pg_temp.copied('trust', :copies, '{"trust_uid": 100000}');
CALL pg_temp.copied('school', :copies, '{"urn": 1000, "laestab": "NULL", "la_number": 40, "trust_uid": 100000}');
CALL pg_temp.copied('term_date', :copies, '{"school_urn": 1000}');
CALL pg_temp.copied('school_day', :copies, '{"school_urn": 1000}');
CALL pg_temp.copied('pupil', :copies, '{"pupil_id": 1000000, "upn": "NULL"}');
CALL pg_temp.copied('enrolment', :copies, '{"school_urn": 1000, "pupil_id": 1000000}');
CALL pg_temp.copied('pupil_characteristic', :copies, '{"pupil_id": 1000000}');
CALL pg_temp.copied('register_line', :copies, '{"school_urn": 1000, "pupil_id": 1000000, "line_key": 1000000}');
