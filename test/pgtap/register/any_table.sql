-- Every trigger function of the extension on any table: what somebody can do who may make tables, and has no right on any
-- register.  Functions, tables and columns are taken from the catalogue.  The variable "trials" says how many
-- there are of each function: few in make check (test/pgtap/any_table.sql), many in make check-long (test/pgtap/any_table_long.sql).
--
-- Whoever tries is connected as himself, in a session for each function.  Secrets are planted in the register "r", and what
-- he makes calls a snare wherever PostgreSQL lets it: it is sprung when it runs with somebody else's rights.
CREATE EXTENSION dblink SCHEMA public;
SELECT * FROM no_plan();
-- whoever runs the test has its database alone, not its server
CREATE ROLE any_table_maker LOGIN;
CREATE ROLE any_table_owner;
SELECT format('GRANT CREATE, TEMPORARY ON DATABASE %I TO any_table_maker', current_database()) \gexec
GRANT USAGE ON SCHEMA attendance TO any_table_maker;
UPDATE r.pupil SET surname = 'Planted ' || pupil_id, forename = 'Planted', entered_by = 'x', title = 'x', reason = 'x';
UPDATE r.school SET name = 'Planted ' || urn, holds_from = '2000-01-01';
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT 100001, n, '2025-09-08', 'AM', '/' FROM generate_series(1, 10) n;
SELECT give_register('r', 'any_table_owner') \g /dev/null
-- tables of his own beside those of the register, where a trigger looks for its register
GRANT USAGE, CREATE ON SCHEMA r TO any_table_maker;

-- ---------- what is put together ----------

CREATE TABLE tried_function AS
SELECT p.proname::text AS name, row_number() OVER (ORDER BY p.proname) AS n
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND e.extname = 'attendance'
WHERE p.prorettype = 'trigger'::regtype;
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) $$,
    'a register has no trigger functions of its own');

-- The columns of the register's tables and views, as they are.
CREATE TABLE known_column AS
SELECT c.relname::text AS relation, a.attname::text AS name, a.attnum AS n, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'r'::regnamespace AND (c.relkind IN ('r', 'p') AND NOT c.relispartition OR c.relname IN ('mark', 'mark_feed'));
-- The triggers of the register that call a function, by themselves or as its owner.
CREATE TABLE home AS
SELECT DISTINCT f.name AS function, c.relname::text AS relation,
    CASE WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' WHEN t.tgtype & 64 <> 0 THEN 'INSTEAD OF' ELSE 'AFTER' END AS timing,
    CASE WHEN t.tgtype & 1 <> 0 THEN 'ROW' ELSE 'STATEMENT' END AS level,
    CASE WHEN t.tgnewtable IS NOT NULL THEN 'transition tables' WHEN t.tgtype & 32 <> 0 AND t.tgtype & 28 = 0 THEN 'truncate' ELSE '' END AS variant,
    t.tgoldtable::text AS old_rows, t.tgnewtable::text AS new_rows,
    ARRAY(SELECT quote_literal(a) FROM unnest((string_to_array(encode(t.tgargs, 'escape'), '\000'))[1:t.tgnargs]) WITH ORDINALITY AS s (a, n) ORDER BY s.n) AS args
FROM tried_function f JOIN pg_proc p ON p.proname = regexp_replace(f.name, '_as_owner$', '') AND p.pronamespace = 'attendance'::regnamespace
JOIN pg_trigger t ON t.tgfoid = p.oid JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = 'r'::regnamespace AND NOT c.relispartition;

-- What becomes of the types of the columns: @ is the one that it has in the register.
CREATE TABLE typing AS SELECT * FROM (VALUES ('own', '@', NULL), ('dropped before', '@', NULL), ('generated', '@', NULL), ('identity', '@', NULL),
    ('domain', 'any_table.of_@', NULL), ('array', '@[]', NULL), ('text', 'text', NULL), ('boolean', 'boolean', NULL), ('integer', 'integer', NULL),
    ('bigint', 'bigint', NULL), ('numeric', 'numeric', NULL), ('date', 'date', NULL), ('timestamptz', 'timestamp with time zone', NULL), ('bytea', 'bytea', NULL),
    ('jsonb', 'jsonb', NULL), ('mark_series', 'attendance.mark_series', NULL), ('school_session_multirange', 'attendance.school_session_multirange', NULL),
    ('pair', 'any_table.pair', NULL), ('enum', 'any_table.colour', NULL), ('range', 'any_table.span', NULL), ('row of r.pupil', 'any_table.likeness', NULL),
    ('none', NULL, 'no columns'), ('many', 'integer', 'hundreds of columns'), ('one more', '@', 'and a column that no table has')) AS v (typing, type, about);
CREATE TABLE value_kind AS SELECT * FROM unnest('{sample,null,least,greatest}'::text[]) AS v (kind);

-- A value of a type, as a literal; the type decides what the literal may be.
CREATE FUNCTION value_of(type text, name text, kind text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE WHEN kind = 'null' THEN 'NULL' WHEN type ~ '\[\]' THEN '''{}''' ELSE CASE
    WHEN type = 'any_table.colour' THEN '''red''' WHEN type = 'any_table.pair' THEN '''(1,a)''' WHEN type = 'any_table.likeness' THEN '''(1,a)'''
    WHEN kind = 'sample' THEN CASE
        WHEN type ~ 'urn' OR name = 'school_urn' AND type ~ 'integer|bigint' THEN '''100001''' WHEN name = 'academic_year' AND type ~ 'int' THEN '''2025''' WHEN type ~ 'upn' THEN '''A380000000001'''
        WHEN type ~ 'multirange' AND type ~ 'school_session' THEN '''{[2025-09-08 AM,2025-09-09 PM]}''' WHEN type ~ 'school_session_range' THEN '''[2025-09-08 AM,2025-09-09 PM]'''
        WHEN type ~ 'school_session' THEN '''2025-09-08 AM''' WHEN type ~ 'session_mark' THEN '''/''' WHEN type ~ 'absence_code' THEN '''I'''
        WHEN type ~ 'mark_series' THEN '''2025-09-08 /''' WHEN type ~ 'daterange' THEN '''[2025-09-08,2025-09-13)''' WHEN type ~ 'span|int4range' THEN '''[1,9)'''
        WHEN type ~ 'int|numeric|double|real' THEN '''1''' WHEN type ~ 'boolean' THEN '''true''' WHEN type ~ 'date|timestamp' THEN '''2025-09-08''' WHEN type ~ 'time ' THEN '''09:00'''
        WHEN type ~ 'json' THEN '''{"a": [1]}''' WHEN type ~ 'bytea' THEN '''\x00ff''' WHEN type ~ 'interval' THEN '''1 day''' WHEN type ~ 'uuid' THEN 'gen_random_uuid()'
        ELSE '''x''' END
    ELSE CASE
        WHEN type ~ 'urn' THEN CASE kind WHEN 'least' THEN '''100000''' ELSE '''999999''' END
        WHEN type ~ 'upn' THEN '''A380000000001''' WHEN type ~ 'multirange' THEN '''{}''' WHEN type ~ 'range|span' THEN CASE kind WHEN 'least' THEN '''empty''' ELSE '''(,)''' END
        WHEN type ~ 'school_session' THEN CASE kind WHEN 'least' THEN '''1900-01-01 AM''' ELSE '''2999-12-31 PM''' END
        WHEN type ~ 'session_mark' THEN CASE kind WHEN 'least' THEN '''-''' ELSE '''#''' END WHEN type ~ 'absence_code' THEN '''I''' WHEN type ~ 'mark_series' THEN '''empty'''
        WHEN type ~ 'smallint' THEN CASE kind WHEN 'least' THEN '''-32768''' ELSE '''32767''' END
        WHEN type ~ 'bigint' THEN CASE kind WHEN 'least' THEN '''-9223372036854775808''' ELSE '''9223372036854775807''' END
        WHEN type ~ 'int' THEN CASE kind WHEN 'least' THEN '''-2147483648''' ELSE '''2147483647''' END
        WHEN type ~ 'numeric|double|real' THEN CASE kind WHEN 'least' THEN '''0''' ELSE '''NaN''' END
        WHEN type ~ 'boolean' THEN '''false''' WHEN type ~ 'date|timestamp' THEN CASE kind WHEN 'least' THEN '''-infinity''' ELSE '''infinity''' END
        WHEN type ~ 'json' THEN CASE kind WHEN 'least' THEN '''null''' ELSE '''[{"old": {}, "new": [[]]}]''' END WHEN type ~ 'bytea' THEN ''''''
        WHEN type ~ 'time ' THEN '''24:00''' WHEN type ~ 'interval' THEN '''178000000 years''' WHEN type ~ 'uuid' THEN '''00000000-0000-0000-0000-000000000000'''
        WHEN type ~ 'inet' THEN '''::''' WHEN kind = 'least' THEN '''''' ELSE 'repeat(E''\x01"'', 9000)' END END END;

-- How a trigger can be attached.
CREATE TABLE attachment AS SELECT row_number() OVER () AS n, v.* FROM (VALUES ('BEFORE', 'ROW', ''), ('AFTER', 'ROW', ''), ('BEFORE', 'STATEMENT', ''), ('AFTER', 'STATEMENT', ''),
    ('AFTER', 'STATEMENT', 'transition tables'), ('AFTER', 'ROW', 'transition tables'), ('AFTER', 'ROW', 'constraint'), ('BEFORE', 'ROW', 'of columns'),
    ('BEFORE', 'STATEMENT', 'truncate'), ('AFTER', 'STATEMENT', 'truncate'), ('INSTEAD OF', 'ROW', '')) AS v (timing, level, variant);

-- A trial: a function as a trigger of a table of some columns, somewhere.  All are too many: of each function some, by a lot that
-- falls the same each time, and half of them with what it has in a register, where it gets furthest.
CREATE FUNCTION drawn(choices text[], lot text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN choices[1 + abs(hashtextextended(lot, 0) % cardinality(choices))];
CREATE TABLE trial AS
SELECT row_number() OVER (ORDER BY f.name, n.n)::integer AS id, f.name AS function, coalesce(h.relation, d.relation) AS relation, d.typing, d.place,
    CASE WHEN coalesce(h.timing, a.timing) = 'INSTEAD OF' THEN 'view' WHEN d.made_as = 'view' AND (w.level = 'ROW' OR w.variant <> '') THEN 'table' ELSE d.made_as END AS made_as,
    coalesce(h.timing, a.timing) AS timing, coalesce(h.level, a.level) AS level, w.variant,
    CASE WHEN h.args IS NOT NULL AND n.n % 8 > 1 THEN array_to_string(h.args, ', ') ELSE d.args END AS args, d.kind, NULL::text[] AS states, NULL::text AS said
FROM tried_function f
CROSS JOIN generate_series(1, :trials) AS n (n)
CROSS JOIN LATERAL (SELECT format('%s %s ', f.name, n.n) AS lot) AS l
CROSS JOIN LATERAL (SELECT drawn((SELECT array_agg(DISTINCT k.relation) FROM known_column k), lot || 1) AS relation,
    CASE WHEN n.n % 4 < 2 THEN drawn('{own,own,domain}', lot || 2) ELSE drawn((SELECT array_agg(g.typing ORDER BY g.typing) FROM typing g), lot || 2) END AS typing,
    drawn('{alone,register of his own,tables of his own,r,pg_temp}', lot || 3) AS place, drawn('{table,table,partition,child,view}', lot || 4) AS made_as,
    drawn((SELECT array_agg(v.kind ORDER BY v.kind) FROM value_kind v), lot || 6) AS kind,
    drawn(ARRAY['', $$'signed', 'always', '{', '''; SELECT 1', '%s %I', ''$$, (SELECT string_agg(quote_literal(n::text), ', ') FROM generate_series(1, 90) n)], lot || 7) AS args) AS d
JOIN attachment a ON a.n = 1 + abs(hashtextextended(lot || 5, 0) % (SELECT count(*) FROM attachment))
LEFT JOIN LATERAL (SELECT * FROM home h WHERE h.function = f.name AND n.n % 2 = 0 ORDER BY hashtextextended(lot || h.relation, 0) LIMIT 1) AS h ON true
CROSS JOIN LATERAL (SELECT coalesce(h.variant, a.variant) AS variant, coalesce(h.level, a.level) AS level) AS w;
GRANT SELECT, UPDATE (states, said) ON trial TO any_table_maker;
GRANT SELECT ON known_column TO any_table_maker;
ALTER TABLE trial ADD PRIMARY KEY (id);
SELECT set_eq('SELECT DISTINCT function FROM trial', 'SELECT name FROM tried_function', 'every trigger function is tried');
SELECT is_empty('SELECT typing FROM typing EXCEPT SELECT typing FROM trial', 'with columns of every kind');

-- ---------- what he has ----------

-- Counted outside any transaction, so that nothing undoes it.
CREATE SEQUENCE sprung;
GRANT USAGE, SELECT ON SEQUENCE sprung TO PUBLIC;
SET SESSION AUTHORIZATION any_table_maker;
SET search_path = public, attendance;
CREATE SCHEMA any_table;
GRANT USAGE ON SCHEMA any_table TO PUBLIC;
CREATE FUNCTION any_table.snare() RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'any_table_maker' THEN
        PERFORM nextval('public.sprung');
        RAISE EXCEPTION USING ERRCODE = 'EV001', MESSAGE = 'sprung as ' || current_user;
    END IF;
    RETURN true;
END
$$;
CREATE TYPE any_table.pair AS (a integer, b text);
CREATE TYPE any_table.likeness AS (pupil_id bigint, surname text);
CREATE TYPE any_table.colour AS ENUM ('red', 'green');
CREATE FUNCTION any_table.width(integer, integer) RETURNS double precision IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM any_table.snare(); RETURN 1; END';
CREATE TYPE any_table.span AS RANGE (subtype = integer, subtype_diff = any_table.width);
CREATE FUNCTION any_table.as_json(any_table.pair) RETURNS json IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM any_table.snare(); RETURN ''{"a": 1}''; END';
CREATE CAST (any_table.pair AS json) WITH FUNCTION any_table.as_json(any_table.pair);
CREATE FUNCTION any_table.as_number(any_table.pair) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM any_table.snare(); RETURN 1; END';
CREATE CAST (any_table.pair AS integer) WITH FUNCTION any_table.as_number(any_table.pair) AS IMPLICIT;
-- a domain of each type, and functions and operators of the names of PostgreSQL's, which his search path has first
SELECT format('CREATE DOMAIN any_table.%I AS %s CHECK (any_table.snare())', 'of_' || type, type) FROM (SELECT DISTINCT type FROM known_column) AS k \gexec
CREATE SCHEMA snares;
GRANT USAGE ON SCHEMA snares TO PUBLIC;
SELECT format('CREATE FUNCTION snares.%s(%s) RETURNS %s IMMUTABLE LANGUAGE plpgsql AS %L', p.proname, pg_get_function_identity_arguments(p.oid), p.prorettype::regtype,
    format('BEGIN PERFORM any_table.snare(); RETURN pg_catalog.%s(%s); END', p.proname, (SELECT string_agg('$' || n, ', ') FROM generate_series(1, p.pronargs) n)))
FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND NOT p.proretset AND p.provariadic = 0 AND p.oid IN (
    SELECT o.oprcode FROM pg_operator o WHERE o.oprname IN ('=', '<>', '<', '>=', '||', '~', '->', '->>', '@>') AND o.oprleft IN ('integer'::regtype, 'bigint'::regtype, 'text'::regtype, 'date'::regtype, 'jsonb'::regtype)
        AND o.oprright IN ('integer'::regtype, 'bigint'::regtype, 'text'::regtype, 'date'::regtype, 'jsonb'::regtype)
    UNION SELECT q.oid FROM pg_proc q WHERE q.proname IN ('lower', 'upper', 'btrim', 'make_date', 'cardinality', 'now', 'clock_timestamp', 'to_jsonb'))
    AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (p.proargtypes) AND t.typtype = 'p') \gexec
SELECT format('CREATE OPERATOR snares.%s (FUNCTION = snares.%s, LEFTARG = %s, RIGHTARG = %s)', o.oprname, p.proname, o.oprleft::regtype, o.oprright::regtype)
FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND EXISTS (SELECT FROM pg_proc s WHERE s.pronamespace = 'snares'::regnamespace AND s.proname = p.proname AND s.proargtypes = p.proargtypes) \gexec
-- the places: one with nothing else, one with a register of his own, one with tables that have its names alone
CREATE SCHEMA alone;
SELECT create_register('register of his own'), add_academic_year('register of his own', 2025), fill_register('register of his own') \g /dev/null
CREATE SCHEMA "tables of his own";
SELECT format('CREATE TABLE "tables of his own".%I (%s)', relation, string_agg(format('%I any_table.pair', name), ', ')) FROM known_column GROUP BY relation \gexec
RESET SESSION AUTHORIZATION;

-- ---------- a trial ----------

-- The columns of each trial, as they stand in CREATE TABLE, and their values.
CREATE TABLE trial_column AS
SELECT t.id, k.n, format('%I', k.name) AS name, w.is_written,
    format('%I %s%s', k.name, y.type, CASE
        WHEN t.typing = 'generated' THEN format(' GENERATED ALWAYS AS (CASE WHEN any_table.snare() THEN %s::%s END) STORED', v.sample, y.type)
        WHEN NOT w.is_written THEN ' GENERATED ALWAYS AS IDENTITY'
        -- what a default calls is called by whoever inserts
        ELSE format(' DEFAULT CASE WHEN any_table.snare() THEN %s::%s END', v.sample, y.type) END) AS definition,
    format('%s::%s AS %I', v.value, y.type, k.name) AS selected, v.value
FROM trial t
JOIN typing g ON g.typing = t.typing
CROSS JOIN LATERAL (
    SELECT o.name, o.type, o.n::integer FROM known_column o WHERE o.relation = t.relation AND t.typing <> 'none'
    UNION ALL SELECT 'a' || n, 'integer', 1000 + n FROM generate_series(1, 900) n WHERE t.typing = 'many'
    UNION ALL SELECT 'no column has this', 'text', 1000 WHERE t.typing = 'one more') AS k
CROSS JOIN LATERAL (SELECT CASE g.type WHEN 'any_table.of_@' THEN format('any_table.%I', 'of_' || k.type) WHEN '@[]' THEN regexp_replace(k.type, '(\[\])?$', '[]')
    ELSE replace(g.type, '@', k.type) END) AS y (type)
CROSS JOIN LATERAL (SELECT value_of(y.type, k.name, 'sample'), value_of(y.type, k.name, t.kind)) AS v (sample, value)
CROSS JOIN LATERAL (SELECT t.typing <> 'generated' AND NOT (t.typing = 'identity' AND y.type IN ('integer', 'bigint', 'smallint') AND t.made_as = 'table')) AS w (is_written);

-- The commands of each trial: what makes the table, the trigger, and what writes.  A table that takes the place of one of a
-- register has its name.
CREATE TABLE command AS
SELECT t.id,
    CASE WHEN t.place = 'tables of his own' THEN ARRAY[format('ALTER TABLE %s RENAME TO aside', n.relation)] ELSE '{}' END
    || CASE t.made_as WHEN 'view' THEN ARRAY[format('CREATE VIEW %s AS SELECT %s', n.relation, c.selected)]
        WHEN 'table' THEN ARRAY[format('CREATE TABLE %s (%s)', n.relation, d.defined)]
        WHEN 'child' THEN ARRAY[format('CREATE TABLE %s (%s)', n.parent, d.defined), format('CREATE TABLE %s () INHERITS (%s)', n.relation, n.parent)]
        ELSE ARRAY[format('CREATE TABLE %s (%s) PARTITION BY LIST (part)', n.whole, concat_ws(', ', nullif(d.defined, ''), 'part integer DEFAULT 1')),
            format('CREATE TABLE %s PARTITION OF %s DEFAULT', n.relation, n.whole)] END
    || CASE WHEN t.typing = 'dropped before' AND t.made_as <> 'view'
        THEN ARRAY[format('ALTER TABLE %s DROP COLUMN gone', CASE t.made_as WHEN 'partition' THEN n.whole WHEN 'child' THEN n.parent ELSE n.relation END)] ELSE '{}' END AS making,
    format('CREATE %sTRIGGER tried %s %s ON %s %s FOR EACH %s EXECUTE FUNCTION attendance.%I(%s)',
        CASE t.variant WHEN 'constraint' THEN 'CONSTRAINT ' ELSE '' END, t.timing,
        CASE t.variant WHEN 'truncate' THEN 'TRUNCATE' WHEN 'transition tables' THEN CASE WHEN h.old_rows IS NULL THEN 'INSERT' ELSE 'UPDATE' END
            WHEN 'of columns' THEN 'INSERT OR UPDATE OF ' || coalesce(c.first, 'a') ELSE 'INSERT OR UPDATE OR DELETE' END,
        n.relation, CASE t.variant WHEN 'constraint' THEN 'DEFERRABLE INITIALLY DEFERRED'
            WHEN 'transition tables' THEN concat_ws(' ', 'REFERENCING', 'OLD TABLE AS ' || h.old_rows, 'NEW TABLE AS ' || coalesce(h.new_rows, 'entered')) ELSE '' END,
        t.level, t.function, t.args) AS attaching,
    array_remove(ARRAY['INSERT INTO %1$s (%2$s) SELECT %3$s', 'INSERT INTO %1$s DEFAULT VALUES', CASE WHEN c.written <> '' THEN 'UPDATE %1$s SET %4$s = %4$s' END,
        CASE WHEN c.written <> '' THEN 'UPDATE %1$s SET (%2$s) = ROW(%3$s)' END, 'SELECT count(t::text) FROM %1$s t', 'DELETE FROM %1$s',
        CASE WHEN t.made_as <> 'view' THEN 'TRUNCATE %1$s' END, CASE t.variant WHEN 'constraint' THEN 'SET CONSTRAINTS ALL IMMEDIATE' END], NULL) AS writing,
    ARRAY[CASE t.made_as WHEN 'partition' THEN n.whole ELSE n.relation END, c.written, c.list, c.first] AS words
FROM trial t
CROSS JOIN LATERAL (SELECT format('%I.%I', t.place, CASE WHEN t.place IN ('r', 'register of his own') THEN t.relation || '_' ELSE t.relation END),
    format('%I.parent', t.place), format('%I.whole', t.place)) AS n (relation, parent, whole)
LEFT JOIN (
    SELECT id, string_agg(definition, ', ' ORDER BY n) AS defined, string_agg(selected, ', ' ORDER BY n) AS selected, min(name) FILTER (WHERE n = 1) AS first,
        string_agg(name, ', ' ORDER BY n) FILTER (WHERE is_written) AS written, string_agg(value, ', ' ORDER BY n) FILTER (WHERE is_written) AS list
    FROM trial_column GROUP BY id) AS c ON c.id = t.id
CROSS JOIN LATERAL (SELECT CASE t.typing WHEN 'dropped before' THEN 'gone text, ' ELSE '' END || coalesce(c.defined, '')) AS d (defined)
LEFT JOIN LATERAL (SELECT k.* FROM home k WHERE k.function = t.function AND k.new_rows IS NOT NULL ORDER BY k.relation LIMIT 1) AS h ON true;
ALTER TABLE command ADD PRIMARY KEY (id);
GRANT SELECT ON command TO any_table_maker;

CREATE FUNCTION state_of(command text, INOUT said text, OUT state text) LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
    context text;
BEGIN
    state := 'success';
    BEGIN
        EXECUTE command;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
        state := SQLSTATE;
        said := concat_ws(' ', said, SQLSTATE, SQLERRM, detail, hint, context);
    END;
END
$$;
-- How often a table of the register r was read or written in this transaction, whoever did it.
CREATE TABLE watched AS SELECT array_agg(oid) AS relations FROM pg_class WHERE relnamespace = 'r'::regnamespace AND relkind IN ('r', 'i');
GRANT SELECT ON watched TO any_table_maker;
CREATE FUNCTION touched(relations oid[]) RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT sum(pg_stat_get_xact_numscans(oid) + pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid))
    FROM unnest(relations) AS oid
$$;
CREATE FUNCTION tried(tried integer, OUT states text[], OUT said text) LANGUAGE plpgsql AS $$
DECLARE
    commands public.command;
    relations oid[];
    before numeric;
    command text;
    state text;
BEGIN
    SELECT * INTO commands FROM public.command c WHERE c.id OPERATOR(pg_catalog.=) tried;
    SELECT w.relations INTO relations FROM public.watched w;
    before := public.touched(relations);
    FOREACH command IN ARRAY commands.making LOOP
        EXECUTE command;
    END LOOP;
    SELECT s.said, s.state INTO said, state FROM public.state_of(commands.attaching, said) s;
    IF state OPERATOR(pg_catalog.<>) 'success' THEN
        RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = state;
    END IF;
    -- the snares are for what the triggers run
    PERFORM set_config('search_path', 'snares, pg_catalog', true);
    FOREACH command IN ARRAY commands.writing LOOP
        SELECT s.said, s.state INTO said, state FROM public.state_of(format(command, VARIADIC commands.words), said) s;
        states := states OPERATOR(pg_catalog.||) state;
    END LOOP;
    IF public.touched(relations) OPERATOR(pg_catalog.<>) before THEN
        states := states OPERATOR(pg_catalog.||) text 'touched';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'ZZ002';
EXCEPTION WHEN SQLSTATE 'ZZ002' THEN
    RETURN;
WHEN SQLSTATE 'ZZ001' THEN
    states := ARRAY['no trigger', SQLERRM];
WHEN OTHERS THEN
    states := ARRAY['no trial', SQLSTATE];
    said := SQLERRM;
END
$$;
CREATE PROCEDURE try_function(tried text) LANGUAGE plpgsql AS $$
DECLARE
    this integer;
BEGIN
    CREATE TEMPORARY TABLE first_of_session ();
    FOR this IN SELECT t.id FROM public.trial t WHERE t.function = tried ORDER BY t.id LOOP
        UPDATE public.trial t SET (states, said) = (SELECT x.states, x.said FROM public.tried(this) x) WHERE t.id = this;
    END LOOP;
END
$$;
SELECT dblink_exec(format('dbname=%s host=%s port=%s user=any_table_maker options=''-c search_path=public,attendance -c client_min_messages=warning -c statement_timeout=10min''', current_database(),
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port')), format('CALL public.try_function(%L)', name)) FROM tried_function ORDER BY n \g /dev/null

-- ---------- what came of it ----------

SELECT cmp_ok((SELECT count(*) FROM trial WHERE states[1] !~ '^no '), '>', (SELECT count(*) * 2 / 3 FROM trial), 'most trials were made');
SELECT is_empty($$ SELECT id, function, relation, typing, place, made_as, states, said FROM trial WHERE states IS NULL OR states[1] = 'no trial' $$, 'none failed for another reason');
SELECT is_empty($$ SELECT id, function, relation, typing, place, made_as, timing, level, variant, kind, states, left(said, 500) FROM trial WHERE array_to_string(states, ' ') ~ '\m(XX|53|57|58|EV)\w{3}\M' $$,
    'no internal error, nothing without an end');
SELECT is((SELECT is_called FROM sprung), false, 'nothing of his runs with the rights of another');
SELECT is_empty($$ SELECT id, function, relation, typing, place, states FROM trial WHERE 'touched' = ANY (states) $$, 'no table of the register is read or written');
SELECT is_empty($$ SELECT id, function, relation, said FROM trial WHERE said ~ 'Planted' $$, 'nothing that is planted is told');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'the register is as it was');
SELECT cmp_ok((SELECT count(DISTINCT t.function) FROM trial t, unnest(t.states) AS s (state) WHERE s.state LIKE 'AT%'), '>', 3::bigint, 'some get as far as to the rules');
-- what would be noticed
SELECT throws_ok('SELECT any_table.snare()', 'EV001', NULL, 'the snare is sprung by others');
SELECT is((SELECT is_called FROM sprung), true, 'and is known to have been');
SELECT isnt(touched(relations), (SELECT touched(relations) FROM watched w WHERE (SELECT count(*) FROM r.pupil) > 0), 'reading a table is counted') FROM watched;
