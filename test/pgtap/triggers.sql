-- Every trigger function of the extension on tables and views that look like those of a register and are not:
-- an error or success, whatever was done to a column, whatever the trigger is attached as.  The functions, their tables
-- and columns are taken from the catalogue of a register, so that a new trigger is tried by itself.
\ir register/fixture.sql
CREATE EXTENSION dblink SCHEMA public;
SELECT * FROM no_plan();

SELECT create_register('other') \g /dev/null
SELECT add_academic_year('other', 2025) \g /dev/null
CREATE SCHEMA bare;
CREATE SEQUENCE bare.register_line_key;
CREATE SCHEMA of_type;
CREATE DOMAIN of_type.text AS text CHECK (value <> 'never');
CREATE DOMAIN of_type.integer AS integer CHECK (value <> -1);
CREATE TYPE of_type.pair AS (a integer, b text);

-- The trigger functions, each with the tables of the register on which it is; those that differ only in columns it
-- does not know of are one.
CREATE TABLE home AS
SELECT DISTINCT ON (p.proname, t.tgargs, t.tgnewtable, t.tgoldtable, b.of_school)
    row_number() OVER (ORDER BY p.proname, t.tgname, c.relname) AS id, p.proname::text AS function,
    -- those that call one in PL/pgSQL read no column themselves
    CASE WHEN EXISTS (SELECT FROM pg_proc i WHERE i.pronamespace = p.pronamespace AND i.proname = p.proname || '_as_owner') THEN 'plpgsql' ELSE l.lanname END AS language,
    CASE t.tgnargs WHEN 0 THEN '' ELSE quote_literal(split_part(encode(t.tgargs, 'escape'), '\000', 1)) END AS args, c.oid AS relation, c.relname::text AS name, c.relkind = 'v' AS is_view,
    CASE WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' WHEN t.tgtype & 64 <> 0 THEN 'INSTEAD OF' ELSE 'AFTER' END AS timing,
    CASE WHEN t.tgtype & 1 <> 0 THEN 'ROW' ELSE 'STATEMENT' END AS level,
    CASE WHEN coalesce(t.tgnewtable, t.tgoldtable) IS NULL THEN '' ELSE 'REFERENCING'
        || coalesce(' OLD TABLE AS ' || t.tgoldtable, '') || coalesce(' NEW TABLE AS ' || t.tgnewtable, '') END AS referencing,
    CASE WHEN t.tgtype & 4 <> 0 THEN 'INSERT' WHEN t.tgtype & 16 <> 0 THEN 'UPDATE' ELSE 'DELETE' END AS event
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang,
    LATERAL (SELECT t.tgtype & 1 = 1 AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'school_urn')) AS b (of_school)
WHERE c.relnamespace = 'r'::regnamespace AND p.pronamespace = 'attendance'::regnamespace
ORDER BY p.proname, t.tgargs, t.tgnewtable, t.tgoldtable, b.of_school, c.relnatts, t.tgname, c.relname;
UPDATE home SET args = CASE args WHEN '''''' THEN '' ELSE replace(args, '\000', '') END;

SELECT set_eq('SELECT function FROM home', $$
    SELECT p.proname::text FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND e.extname = 'attendance'
    -- those of subscribers and of copies on Citus refuse, whatever they are on
    WHERE p.prorettype = 'trigger'::regtype AND p.proname !~ '_as_owner$|^refuse_(subscriber_)?entry$' $$, 'every trigger function of the extension is used by a register, and is tried');

-- A value of a type, as a literal.
CREATE FUNCTION sample(type text, name text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN type IN ('integer[]', 'text[]') THEN '{1,2}'
    WHEN name = 'academic_year' AND type ~ 'int' THEN '2025'
    WHEN type = 'smallint' THEN '2025'
    WHEN name = 'school_urn' AND type IN ('integer', 'urn', 'bigint') THEN '100001'
    WHEN type ~ '^(of_type.)?(integer|bigint|real|double precision|numeric)$' THEN '1'
    WHEN type = 'urn' THEN '100001'
    WHEN type = 'boolean' THEN 'true' WHEN type = 'date' THEN '2025-09-08' WHEN type ~ '^timestamp' THEN '2025-09-08 09:00'
    WHEN name = 'session' AND type ~ '(text|varchar|name)$' THEN 'AM'
    WHEN type ~ '(text|character varying|name|"char")$' THEN 'x'
    WHEN type = 'bytea' THEN '\x000102' WHEN type = 'interval' THEN '1 day' WHEN type = 'inet' THEN '127.0.0.1'
    WHEN type = 'uuid' THEN '00112233-4455-6677-8899-aabbccddeeff' WHEN type = 'point' THEN '(1,2)' WHEN type = 'jsonb' THEN '{"a": 1}'
    WHEN type = 'int4range' THEN '[1,9)'
    WHEN type = 'session_mark' THEN '/' WHEN type = 'absence_code' THEN 'I' WHEN type = 'school_session' THEN '2025-09-08 AM'
    WHEN type = 'mark_series' THEN '2025-09-08 /' WHEN type = 'attendance_tally' THEN 'present:1' WHEN type = 'mark_counts' THEN '/:1'
    WHEN type = 'of_type.pair' THEN '(1,a)'
END;

CREATE TABLE change AS
SELECT 'type' AS kind, type, CASE WHEN type IN ('integer', 'mark_series') THEN 1 ELSE 2 END AS stage FROM unnest('{boolean,smallint,integer,bigint,text,name,date,"timestamp with time zone",integer[],
    session_mark,mark_series,of_type.text,of_type.integer,of_type.pair}'::text[]) AS type
UNION ALL SELECT kind, NULL, CASE kind WHEN 'missing' THEN 1 ELSE 2 END FROM unnest('{missing,renamed,dropped,generated}'::text[]) AS kind;

-- The columns of a table with one of them changed, as they stand in CREATE TABLE, or in the query of a view.
CREATE FUNCTION altered(relation oid, is_view boolean, altered name, kind text, new_type text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(CASE
        WHEN is_view THEN format('%L::%s AS %I', sample(w.type, a.attname), w.type, w.name)
        WHEN w.changed = 'generated' THEN format('%I %s GENERATED ALWAYS AS (%L::%2$s) STORED', w.name, w.type, sample(w.type, a.attname))
        ELSE format('%I %s DEFAULT %L', w.name, w.type, sample(w.type, a.attname)) END, ', ' ORDER BY a.attnum)
    FROM pg_attribute a,
        LATERAL (SELECT CASE WHEN a.attname = altered THEN kind ELSE '' END, format_type(a.atttypid, a.atttypmod)) AS c (changed, own_type),
        LATERAL (SELECT c.changed, CASE c.changed WHEN 'type' THEN new_type ELSE c.own_type END,
            CASE c.changed WHEN 'renamed' THEN a.attname || '_' ELSE a.attname END) AS w (changed, type, name)
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND w.changed <> 'missing' AND w.changed <> 'dropped'
$$;

CREATE FUNCTION state_of(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE command;
    RETURN 'success';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;

-- A look-alike of a table, with a trigger, and what INSERT, UPDATE and DELETE of it (or TRUNCATE) come to: first with a row
-- that has values, then with one that has none.
CREATE FUNCTION tried(tried home, schema text, timing text, level text, altered name, kind text, new_type text) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
    relation text := format('%I.%I', schema, tried.name);
    events text[] := CASE WHEN tried.referencing <> '' THEN ARRAY[tried.event] WHEN level = 'ROW' OR tried.is_view
        THEN '{INSERT,UPDATE,DELETE}' ELSE '{INSERT,UPDATE,DELETE,TRUNCATE}' END;
    columns text := altered(tried.relation, tried.is_view, altered, kind, new_type);
    first text := (SELECT attname FROM pg_attribute WHERE attrelid = tried.relation AND attnum > 0 AND attname <> coalesce(altered, '')
        ORDER BY attnum LIMIT 1);
    other record;
    nulls text;
    states text[];
BEGIN
    IF tried.is_view THEN
        EXECUTE format('CREATE VIEW %s AS SELECT %s', relation, columns);
    ELSE
        EXECUTE format('CREATE TABLE %s (%s)', relation, CASE WHEN kind = 'dropped' THEN 'gone text, ' ELSE '' END || columns);
        IF kind = 'dropped' THEN
            EXECUTE format('ALTER TABLE %s DROP COLUMN gone, ADD COLUMN %I %s', relation, altered,
                (SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = tried.relation AND attname = altered));
        END IF;
        nulls := (SELECT format('INSERT INTO %s (%s) SELECT %s', relation, string_agg(quote_ident(attname), ', '), string_agg('NULL', ', '))
            FROM pg_attribute WHERE attrelid = relation::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '');
        EXECUTE format('INSERT INTO %1$s DEFAULT VALUES; %2$s', relation, nulls);
    END IF;
    -- without the one that writes, the others refuse at once
    FOR other IN
        SELECT DISTINCT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE t.tgrelid = tried.relation AND NOT t.tgisinternal AND t.tgtype & 67 = 0 AND t.tgnewtable IS NULL AND p.proname <> tried.function
    LOOP
        EXECUTE format('CREATE TRIGGER z_%s AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH STATEMENT EXECUTE FUNCTION attendance.%1$I()',
            other.proname, relation);
    END LOOP;
    EXECUTE format('CREATE TRIGGER a %s %s ON %s %s FOR EACH %s EXECUTE FUNCTION attendance.%I(%s)', timing,
        array_to_string(events, ' OR '), relation, tried.referencing, level, tried.function, tried.args);
    states := CASE WHEN tried.is_view
            THEN ARRAY[state_of(format('UPDATE %s SET %I = %2$I', relation, first)), state_of(format('INSERT INTO %s SELECT * FROM %1$s', relation))]
            ELSE ARRAY[state_of(format('UPDATE %s SET %I = %2$I WHERE ctid = %L', relation, first, '(0,1)')),
                state_of(format('UPDATE %s SET %I = %2$I WHERE ctid = %L', relation, first, '(0,2)')),
                state_of(format('INSERT INTO %s DEFAULT VALUES', relation)), state_of(nulls)] END
        -- what was written can be read
        || state_of(format('SELECT count(t::text) FROM %s t', relation)) || state_of(format('DELETE FROM %s', relation))
        || CASE level WHEN 'STATEMENT' THEN state_of(format('TRUNCATE %s', relation)) END;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN states;
WHEN OTHERS THEN
    RETURN ARRAY[SQLSTATE || ' in the trial: ' || SQLERRM];
END
$$;

-- In a schema with a complete register beside the look-alike, whose place it takes; and in one that has nothing else.
CREATE TABLE trial (id int, schema text, timing text, level text, altered name, kind text, type text, states text[]);
CREATE PROCEDURE try_column(which home, altered name) LANGUAGE plpgsql AS $$
DECLARE
    plain text[] := (SELECT states FROM trial t WHERE t.id = which.id AND t.schema = 'other' AND t.kind = 'none'
        AND (t.timing, t.level) = (which.timing, which.level));
BEGIN
    -- PL/pgSQL knows the type of each value itself.  A function in C that has noticed none of the first changes does not
    -- look at the column.
    FOR round IN 1..2 LOOP
        INSERT INTO trial SELECT which.id, s, which.timing, which.level, altered, c.kind, c.type,
            tried(which, s, which.timing, which.level, altered, c.kind, c.type)
        FROM unnest('{other,bare}'::text[]) AS s, change c
        WHERE c.stage = round AND NOT (which.is_view AND c.kind IN ('dropped', 'generated'))
            AND CASE WHEN which.language = 'c' THEN s = 'other' OR c.kind = 'missing' ELSE s = 'other' AND (c.kind = 'missing' OR c.type = 'mark_series') END;
        EXIT WHEN which.language <> 'c' OR NOT EXISTS (SELECT FROM trial t WHERE t.id = which.id AND t.schema = 'other'
            AND t.altered = try_column.altered AND t.kind <> 'dropped' AND t.states <> plain);
    END LOOP;
END
$$;
CREATE PROCEDURE try_all(which home) LANGUAGE plpgsql AS $$
DECLARE
    altered name;
BEGIN
    INSERT INTO trial SELECT which.id, s, w.timing, w.level, NULL, 'none', NULL, tried(which, s, w.timing, w.level, NULL, 'none', NULL)
    FROM unnest('{other,bare}'::text[]) AS s, (VALUES ('BEFORE', 'ROW'), ('BEFORE', 'STATEMENT'), ('AFTER', 'ROW'), ('AFTER', 'STATEMENT'),
        ('INSTEAD OF', 'ROW')) AS w (timing, level)
    WHERE CASE WHEN which.is_view THEN w.timing = 'INSTEAD OF' OR w.level = 'STATEMENT' ELSE w.timing <> 'INSTEAD OF' END
        AND (which.referencing = '' OR w = (which.timing, which.level));
    FOR altered IN
        SELECT a.attname FROM pg_attribute a WHERE a.attrelid = which.relation AND a.attnum > 0 AND NOT a.attisdropped
            -- one of statements is given no row
            AND (which.level = 'ROW' OR which.language <> 'c')
    LOOP
        CALL try_column(which, altered);
        COMMIT;
    END LOOP;
END
$$;
CREATE PROCEDURE try_home(id int) LANGUAGE plpgsql AS $$
DECLARE
    which home;
BEGIN
    SELECT * INTO which FROM home h WHERE h.id = try_home.id;
    EXECUTE format('ALTER TABLE other.%I RENAME TO real', which.name);
    CALL try_all(which);
    EXECUTE format('ALTER TABLE other.real RENAME TO %I', which.name);
END
$$;
-- Each in a session of its own: a session keeps the plans of every trigger that there ever was, and gets slower and slower.
SELECT dblink_exec(format('dbname=%s host=%s port=%s user=%s options=''-c search_path=public,attendance -c client_min_messages=warning''', current_database(),
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_user), format('CALL try_home(%s)', id)) FROM home ORDER BY id \g /dev/null

CREATE VIEW outcome AS
SELECT h.function, h.language, h.args, h.name, h.relation, t.*, s.state, s.n, p.states[s.n] AS plain
FROM trial t JOIN home h ON h.id = t.id CROSS JOIN LATERAL unnest(t.states) WITH ORDINALITY AS s (state, n)
LEFT JOIN trial p ON p.id = t.id AND p.schema = t.schema AND p.kind = 'none' AND (p.timing, p.level) = (t.timing, t.level);
SELECT is_empty('SELECT function, args, name, schema, timing, level, altered, kind, type, state FROM outcome WHERE state ~ ''^XX|trial''',
    'no look-alike leads to an internal error');
SELECT cmp_ok((SELECT count(*) FROM trial), '>', 1500::bigint, 'many have been tried');

-- What the functions in C need: the columns without which they refuse what they take as they are.
CREATE TABLE needed AS
SELECT o.id, o.function, o.altered, o.n, coalesce(nullif(y.typbasetype, 0), y.oid) AS type
FROM outcome o JOIN pg_attribute a ON a.attrelid = o.relation AND a.attname = o.altered JOIN pg_type y ON y.oid = a.atttypid
WHERE o.language = 'c' AND o.schema = 'other' AND o.kind = 'missing' AND o.state = '42703' AND o.plain <> '42703';
SELECT cmp_ok((SELECT count(DISTINCT (id, altered)) FROM needed), '>=', 35::bigint, 'columns that functions in C need are found');
SELECT is_empty($$
    SELECT o.function, o.altered, o.kind, o.type, o.state, o.plain
    FROM outcome o JOIN needed w ON (w.id, w.altered, w.n) = (o.id, o.altered, o.n)
    LEFT JOIN pg_type y ON y.oid = to_regtype(o.type)
    WHERE o.schema = 'other' AND o.state IS DISTINCT FROM CASE
        WHEN o.kind IN ('missing', 'renamed') THEN '42703' WHEN o.kind = 'generated' THEN '428C9'
        WHEN o.kind = 'type' AND w.type <> coalesce(nullif(y.typbasetype, 0), y.oid) THEN '42804' ELSE o.state END $$,
    'and none of them is taken with another type, or as a generated column');
SELECT is_empty($$
    SELECT function FROM outcome WHERE language = 'c' AND function <> 'write_marks' GROUP BY function
    HAVING NOT bool_or(schema = 'other' AND kind = 'none' AND (state = 'success' OR state LIKE 'AT%')) $$, 'each gets to its work in some trial');
-- One that can be deferred would come after its statement has been written.
CREATE TABLE other.later (school_urn integer);
CREATE CONSTRAINT TRIGGER g AFTER INSERT ON other.later DEFERRABLE FOR EACH ROW EXECUTE FUNCTION gather_record();
CREATE TRIGGER w AFTER INSERT ON other.later FOR EACH STATEMENT EXECUTE FUNCTION write_journal();
SELECT throws_ok('INSERT INTO other.later VALUES (100001)', '39P01', NULL, 'a trigger that can be deferred gathers nothing');
SELECT * FROM finish();
