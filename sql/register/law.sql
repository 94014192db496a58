-- The law is rows: which tables they are in, and what a report says under other rows.

CREATE FUNCTION law_tables() RETURNS TABLE (name text, key text[])
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT t.* FROM (VALUES ('regime', '{regime}'::text[]), ('requirement', '{mark,requirement,from_day}'),
            ('code_label', '{edition,mark}'), ('leave_reason', '{reason_class,mark,from_day}'),
            ('deletion_ground', '{regime,ground,from_day}'), ('penalty_framework', '{la_number,from_day}'),
            ('penalty_amount', '{from_day,step}'), ('relevant_school_type', '{school_type,from_day}'),
            ('order_length', '{kind,extension,from_day}'), ('suspension_limit', '{from_day}'),
            ('expectation', '{expectation}'), ('capacity', '{capacity}')) AS t (name, key);
    END;
COMMENT ON FUNCTION law_tables() IS
'Internal: for register_law() and under_law(): the tables of a register that hold the law, and what a capacity may do, '
'each with the columns by which its rows are told apart';

CREATE FUNCTION check_law_change(register name, relation text, change jsonb) RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key text[] := (SELECT t.key FROM @extschema@.law_tables() t WHERE t.name = relation);
    stranger text;
BEGIN
    IF key IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a table of the law: they are %s', relation,
                (SELECT string_agg(t.name, ', ' ORDER BY t.name) FROM @extschema@.law_tables() t));
    END IF;
    IF jsonb_typeof(change) <> 'object' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('a change of %s is an object of its columns, not %s', relation, change);
    END IF;
    SELECT c.name INTO stranger FROM jsonb_object_keys(change) AS c (name)
    WHERE NOT EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = format('%I.%I', register, relation)::regclass AND a.attname = c.name AND a.attnum > 0
            AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = '')
    ORDER BY 1 LIMIT 1;
    IF stranger IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s has no column "%s" that can be changed', relation, stranger);
    END IF;
    IF NOT EXISTS (SELECT FROM jsonb_object_keys(change) AS c (name) WHERE c.name <> ALL (key)) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('a change of %s names no column beside those by which a row is known: %s', relation,
                array_to_string(key, ', '));
    END IF;
END
$$;
COMMENT ON FUNCTION check_law_change(name, text, jsonb) IS
'Internal: for change_law(): a change is of a table of the law, and names columns that there are. No effect for NULL; '
'22023 otherwise';

CREATE FUNCTION change_law(register name, relation text, change jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key text[] := (SELECT t.key FROM @extschema@.law_tables() t WHERE t.name = relation);
    target text := format('%I.%I', register, relation);
    given text;
    columns text;
    condition text;
    changed bigint;
BEGIN
    PERFORM @extschema@.check_law_change(register, relation, change);
    SELECT string_agg(format('%I', c.name), ', '), string_agg(format('n.%I', c.name), ', '),
        -- as JSON, for which no operator of a column's type is needed
        coalesce(string_agg(format('to_jsonb(t) -> %1$L = to_jsonb(k) -> %1$L', c.name), ' AND ')
            FILTER (WHERE c.name = ANY (key)), 'true')
    INTO columns, given, condition FROM jsonb_object_keys(change) AS c (name);
    EXECUTE format('UPDATE %1$s t SET (%2$s) = (SELECT %3$s FROM jsonb_populate_record(t, $1) n) '
        'FROM jsonb_populate_record(NULL::%1$s, $1) k WHERE %4$s', target, columns, given, condition) USING change;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed > 0 THEN
        RETURN;
    ELSIF NOT change ?& key THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no row of %s is that of %s', relation, change),
            HINT = format('A row is known by %s; with all of them it is a new one.', array_to_string(key, ', '));
    END IF;
    EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %3$s FROM jsonb_populate_record(NULL::%1$s, $1) n', target, columns,
        given) USING change;
END
$$;
COMMENT ON FUNCTION change_law(name, text, jsonb) IS
'Internal: for report_rows(): changes the rows of a table of the law that the columns of its key in the change name, '
'all rows if there are none of them; adds a row if all of them are there and name none. No effect for NULL; 22023 for '
'what is no change of the law';

CREATE FUNCTION report_rows(register name, changes jsonb, report text) RETURNS jsonb[]
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation record;
    change jsonb;
    answer refcursor;
    result jsonb[];
    complete boolean := false;
BEGIN
    BEGIN
        FOR relation IN SELECT c.key AS name, c.value AS changes FROM jsonb_each(changes) c LOOP
            FOR change IN SELECT e.value FROM jsonb_array_elements(relation.changes) AS e (value) LOOP
                PERFORM @extschema@.change_law(register, relation.name, change);
            END LOOP;
        END LOOP;
        PERFORM set_config('search_path', format('%I, ', register) || '@extschema@, pg_temp', true);
        -- and not back in a subtransaction
        PERFORM set_config('transaction_read_only', 'on', true);
        -- a cursor is of one query; a comment at its end ends with the line
        OPEN answer FOR EXECUTE format(E'SELECT pg_catalog.array_agg(pg_catalog.to_jsonb(q)) FROM (%s\n) AS q',
            regexp_replace(report, ';\s*$', ''));
        FETCH answer INTO result;
        complete := true;
        RAISE EXCEPTION USING ERRCODE = 'AT000';
    EXCEPTION WHEN SQLSTATE 'AT000' THEN
        IF NOT complete THEN
            RAISE;
        END IF;
    END;
    RETURN coalesce(result, '{}');
END
$$;
COMMENT ON FUNCTION report_rows(name, jsonb, text) IS
'Internal: for report_under_law(): the rows of a query as JSON with the law of a register changed; all is taken back, '
'and the query can only read. NULL for NULL';

CREATE FUNCTION report_under_law(register regclass, changes jsonb, report text, keys text[])
    RETURNS TABLE (affected text, pupil_id bigint, draft jsonb, present jsonb)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema name := @extschema@.register_of(register);
    drafted jsonb[];
    standing jsonb[];
BEGIN
    IF jsonb_typeof(changes) <> 'object' OR EXISTS (
        SELECT FROM jsonb_each(CASE jsonb_typeof(changes) WHEN 'object' THEN changes ELSE '{}' END) c
        WHERE jsonb_typeof(c.value) <> 'array') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'changes of the law are arrays by table, '
            'such as {"penalty_framework": [{"sessions": 8}]}';
    END IF;
    IF current_setting('transaction_read_only')::boolean THEN
        RAISE EXCEPTION USING ERRCODE = 'read_only_sql_transaction', MESSAGE = 'a draft law is tried out by changing '
            'the law and taking that back, which a transaction that can only read cannot do',
            HINT = 'Begin it READ WRITE, on a server that is no standby.';
    END IF;
    drafted := @extschema@.report_rows(schema, changes, report);
    standing := @extschema@.report_rows(schema, '{}', report);
    RETURN QUERY
        WITH line AS MATERIALIZED (
            SELECT s.side, u.row, k.key, row_number() OVER (PARTITION BY s.side, k.key ORDER BY u.row) AS place
            FROM (VALUES ('draft', drafted), ('present', standing)) AS s (side, rows)
            CROSS JOIN LATERAL unnest(s.rows) AS u (row)
            CROSS JOIN LATERAL (
                SELECT coalesce((SELECT jsonb_object_agg(n.name, u.row -> n.name) FROM unnest(keys) AS n (name)
                    WHERE u.row ? n.name), u.row) AS key) AS k)
        SELECT CASE WHEN s.row IS NULL THEN 'new' WHEN d.row IS NULL THEN 'no longer' ELSE 'both' END,
            CASE jsonb_typeof(r.row -> 'pupil_id') WHEN 'number' THEN (r.row ->> 'pupil_id')::bigint END, d.row, s.row
        FROM (SELECT l.* FROM line l WHERE l.side = 'draft') AS d
        FULL JOIN (SELECT l.* FROM line l WHERE l.side = 'present') AS s ON s.key = d.key AND s.place = d.place
        CROSS JOIN LATERAL (SELECT coalesce(d.row, s.row) AS row) AS r
        ORDER BY 1, r.row;
END
$$;
COMMENT ON FUNCTION report_under_law(regclass, jsonb, text, text[]) IS
'Internal: for under_law() of a register, of which the first argument is a table. No rows for NULL; 22023 for what is '
'no change of the law, 25006 in a transaction that can only read and for a report that writes';
