-- A copy of a register that follows it, by logical replication: what is published, what a subscriber has to be before
-- it is filled, and how it becomes the register that is written to.  A subscription itself is PostgreSQL's: CREATE
-- SUBSCRIPTION is no command of a function.

-- ---------- the tables ----------

CREATE FUNCTION kept_tables(register name) RETURNS TABLE (relation name, oid oid, is_seeded boolean)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.relname, c.oid, EXISTS (
            SELECT FROM pg_catalog.regexp_matches(register_definition(), '^INSERT INTO ([a-z_]+)', 'gn') AS s (name)
            WHERE s.name[1] = c.relname)
        FROM pg_catalog.regexp_matches(register_definition(), '^CREATE TABLE ([a-z_]+)', 'gn') AS m (name)
        JOIN pg_catalog.pg_class c ON c.relname = m.name[1] AND c.relkind IN ('r', 'p')
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = register
        ORDER BY c.relname;
    END;
COMMENT ON FUNCTION kept_tables(name) IS
'Internal: the tables of a register that are its own, not partitions and not what users have put beside them, and '
'whether create_register() puts rows into them (is_seeded): the law, names of columns and the like. No rows for NULL';

CREATE FUNCTION owner_of_register(register name) RETURNS name
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owner name;
BEGIN
    PERFORM @extschema@.need_register(register);
    SELECT pg_get_userbyid(c.relowner) INTO owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = register AND c.relname = 'register_line';
    IF NOT pg_has_role(owner, 'MEMBER') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', SCHEMA = register,
            MESSAGE = format('must be owner of register "%s"', register);
    END IF;
    RETURN owner;
END
$$;
COMMENT ON FUNCTION owner_of_register(name) IS
'Internal: the owner of a register, of which the caller is a member: 42501 if not. NULL for NULL; 3F000 if there is no '
'such register';

-- ---------- the publisher ----------

-- A filter sees one row of one table.  So rows of a school can be told where they say their school, and where a pupil
-- is at, a pupil's own row does not say.  From PostgreSQL 18 on an old row as a whole must have no computed column.
CREATE FUNCTION published_rows(register name, schools integer[])
    RETURNS TABLE (relation name, oid oid, published text, filter text, old_row text)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT k.relation, k.oid, p.published,
            CASE p.published WHEN 'of the schools' THEN pg_catalog.format(' WHERE (school_urn = ANY (%L::integer[]))',
                schools) ELSE '' END,
            CASE WHEN p.published <> 'of the schools' OR EXISTS (
                SELECT FROM pg_catalog.pg_index x JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid
                    AND a.attname = 'school_urn' AND a.attnum = ANY (x.indkey::smallint[])
                WHERE x.indrelid = k.oid AND CASE c.relreplident WHEN 'i' THEN x.indisreplident
                    ELSE x.indisprimary END) THEN 'key'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.oid AND a.attgenerated <> '')
                THEN 'key and school'
            ELSE 'whole' END
        FROM kept_tables(register) k
        JOIN pg_catalog.pg_class c ON c.oid = k.oid
        LEFT JOIN guarded_tables(register) g ON g.relation = k.relation
        CROSS JOIN LATERAL (SELECT CASE
            WHEN schools IS NULL OR g.relation IS NULL OR g.school = 'urn' THEN 'all'
            WHEN EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.oid AND a.attname = 'school_urn')
                THEN 'of the schools'
            ELSE 'none' END AS published) p
        WHERE register IS NOT NULL;
    END;
COMMENT ON FUNCTION published_rows(name, integer[]) IS
'Internal: for publish_register(): which rows of each table of a register are published, all or those of some schools '
'(NULL for no such choice), with the condition, and what of the old row has to be in the log, which is more than its '
'key where that does not have the school. No rows for a NULL register';

CREATE FUNCTION key_columns(relation oid) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', '
            ORDER BY pg_catalog.array_position(x.indkey::smallint[], a.attnum))
        FROM pg_catalog.pg_index x JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid
            AND a.attnum = ANY (x.indkey::smallint[])
        WHERE x.indrelid = relation AND x.indisprimary);
COMMENT ON FUNCTION key_columns(oid) IS
'Internal: the columns of the primary key of a table, as commands have them. NULL if it has none, and for NULL';

CREATE FUNCTION log_old_rows(register name, owner name, relation name, old_row text) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    published regclass := format('%I.%I', register, relation);
    identity text := 'FULL';
BEGIN
    IF old_row = 'key and school' THEN
        PERFORM @extschema@.run_as(owner, format('CREATE UNIQUE INDEX IF NOT EXISTS %I ON %s (%s, school_urn)',
            relation || '_published', published, @extschema@.key_columns(published)));
        identity := format('USING INDEX %I', relation || '_published');
    END IF;
    PERFORM @extschema@.run_as(owner, format('ALTER TABLE %s REPLICA IDENTITY %s', published, identity));
END
$$;
COMMENT ON FUNCTION log_old_rows(name, name, name, text) IS
'Internal: for publish_register(): sees to it that the old row of a table of a register is in the log as '
'published_rows() says, whole or with its key and school. No effect for NULL';

CREATE FUNCTION publish_register(register name, publication text, schools integer[] DEFAULT NULL)
    RETURNS TABLE (relation text, published text)
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owner name;
    tables text;
BEGIN
    IF register IS NULL OR publication IS NULL THEN
        RETURN;
    END IF;
    owner := @extschema@.owner_of_register(register);
    PERFORM @extschema@.need_name(publication, 'publication');
    IF schools = '{}' OR array_position(schools, NULL) IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%L are no schools of which rows can be published', schools),
            HINT = 'Name at least one; without the argument the whole register is published.';
    END IF;
    PERFORM @extschema@.run_as(owner, format('SELECT %I.known_schools(%L)', register, schools));
    PERFORM @extschema@.log_old_rows(register, owner, r.relation, r.old_row)
    FROM @extschema@.published_rows(register, schools) r WHERE r.old_row <> 'key';
    SELECT string_agg(format('%I.%I%s', publish_register.register, r.relation, r.filter), ', ' ORDER BY r.relation)
        INTO tables FROM @extschema@.published_rows(register, schools) r WHERE r.published <> 'none';
    EXECUTE format('CREATE PUBLICATION %I FOR TABLE %s WITH (publish_via_partition_root = true)', publication, tables);
    RETURN QUERY SELECT r.relation::text, r.published FROM @extschema@.published_rows(register, schools) r
        ORDER BY r.relation;
END
$$;
COMMENT ON FUNCTION publish_register(name, text, integer[]) IS
'Makes the publication of a register for logical replication: of all its tables, or of the rows of some schools '
'(URNs). Returns what is published of each table: all; of the schools, of tables whose rows have a school; none, of '
'tables of pupils and families whose rows do not say which school may see them, such as pupil and contact. Tables '
'without pupils and without a school (organisations, law) are published whole. Partitions are published as '
'register_line. The caller owns the register or is a member of its owner, and may create publications. No effect for a '
'NULL register or publication; 3F000 if there is no such register, 42501 for who may not, 22023 for no schools and for '
'one that the register has not, 42710 if the publication exists, 42602, 42622 or 42939 for a name that is none';

-- ---------- a subscriber without the extension ----------

CREATE FUNCTION plain_type(type oid, modifier integer) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT CASE WHEN b.typnamespace = 'pg_catalog'::regnamespace
                THEN pg_catalog.format_type(b.oid, CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE modifier END)
            WHEN b.typcategory = 'A' THEN 'text[]' ELSE 'text' END
        FROM pg_catalog.pg_type t
        JOIN pg_catalog.pg_type b ON b.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
        WHERE t.oid = type;
    END;
COMMENT ON FUNCTION plain_type(oid, integer) IS
'Internal: for plain_tables(): the type of PostgreSQL''s own that takes a value of a type in its text form. NULL for '
'NULL';

CREATE FUNCTION plain_tables(publication name) RETURNS SETOF text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %I;', s.schemaname)
        FROM (SELECT DISTINCT p.schemaname FROM pg_catalog.pg_publication_tables p WHERE p.pubname = publication) s
        UNION ALL
        SELECT t.command FROM (
            SELECT pg_catalog.format('CREATE TABLE %I.%I (%s, PRIMARY KEY (%s));', p.schemaname, p.tablename,
                (SELECT pg_catalog.string_agg(pg_catalog.format('%I %s', a.attname,
                    plain_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
                 FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = c.oid AND a.attname = ANY (p.attnames) AND a.attgenerated = ''),
                key_columns(c.oid)) AS command
            FROM pg_catalog.pg_publication_tables p
            JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname
            JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
            WHERE p.pubname = publication
            ORDER BY p.schemaname, p.tablename) t;
    END;
COMMENT ON FUNCTION plain_tables(name) IS
'The commands that make the tables of a publication in a database without the extension, for a subscription there: '
'with the same names and primary keys, without rules, and with PostgreSQL''s own types: marks, sessions and the like '
'are their text. Columns that are computed (GENERATED) are left out, as they are not sent. No rows for NULL and for '
'what is no publication';

-- ---------- the subscriber ----------

CREATE FUNCTION refuse_subscriber_entry() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
        MESSAGE = format('register "%s" is a subscriber: what is in table "%s" comes from its publisher',
            TG_TABLE_SCHEMA, TG_TABLE_NAME),
        HINT = 'promote_subscriber() makes it the register that is written to, when nothing comes any more.';
END
$$;
COMMENT ON FUNCTION refuse_subscriber_entry() IS
'Statement trigger of all tables of a register that is a subscriber of logical replication, BEFORE INSERT, UPDATE, '
'DELETE or TRUNCATE: refuses what is entered there and not at the publisher (55000). What replication brings passes by '
'it, as by all triggers of a register';

CREATE FUNCTION subscriber_tables(register name) RETURNS SETOF regclass
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT t.oid::regclass FROM (
            SELECT k.oid FROM kept_tables(register) k
            UNION ALL
            -- a statement that names a partition does not fire the triggers of the whole
            SELECT p.oid FROM register_partitions(register) p) t
        ORDER BY t.oid::regclass::text;
    END;
COMMENT ON FUNCTION subscriber_tables(name) IS
'Internal: the tables of a register, and the partitions of its lines. No rows for NULL';

CREATE FUNCTION subscriber_needs(tables bigint)
    RETURNS TABLE (server text, setting text, free bigint, needed bigint)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    workers bigint := 1 + least(tables, current_setting('max_sync_workers_per_subscription')::bigint);
    -- from PostgreSQL 18 on it is a setting of its own
    origins text := CASE WHEN current_setting('max_active_replication_origins', true) IS NULL
        THEN 'max_replication_slots' ELSE 'max_active_replication_origins' END;
BEGIN
    RETURN QUERY
        SELECT 'subscriber', origins, current_setting(origins)::bigint - (SELECT count(*) FROM pg_replication_origin),
            workers
        UNION ALL
        SELECT 'subscriber', 'max_logical_replication_workers', s.value - (SELECT count(w.pid)
            FROM pg_stat_subscription w), workers
        FROM (SELECT current_setting('max_logical_replication_workers')::bigint) AS s (value)
        UNION ALL
        -- one of them starts the others
        SELECT 'subscriber', 'max_worker_processes', current_setting('max_worker_processes')::bigint, 1 + workers
        UNION ALL
        SELECT 'publisher', 'max_replication_slots', NULL, workers
        UNION ALL
        SELECT 'publisher', 'max_wal_senders', NULL, workers;
END
$$;
COMMENT ON FUNCTION subscriber_needs(bigint) IS
'Internal: for prepare_subscriber(): what a subscription of so many tables needs of settings at both servers: one for '
'what follows, and one for each table that is copied at the same time; free is what is left of them, NULL at the '
'publisher, which this server does not see. No rows for NULL';

CREATE FUNCTION need_room(register name) RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tables bigint := (SELECT count(*) FROM @extschema@.kept_tables(register));
    short text;
BEGIN
    SELECT string_agg(format('%s: %s free, %s needed', n.setting, n.free, n.needed), '; ' ORDER BY n.setting) INTO short
    FROM @extschema@.subscriber_needs(tables) n WHERE n.free < n.needed;
    IF short IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'configuration_limit_exceeded', SCHEMA = register,
            MESSAGE = format('a subscription of the %s tables of register "%s" has no room here: %s', tables, register,
                short),
            HINT = 'Raise these settings, or set max_sync_workers_per_subscription lower: it is how many tables are '
                   'copied at the same time.';
    END IF;
END
$$;
COMMENT ON FUNCTION need_room(name) IS
'Internal: for prepare_subscriber(): raises 53400 with the numbers if a subscription of all tables of a register needs '
'more of the settings of this server than is free. No effect for NULL';

CREATE FUNCTION filled_tables(register name, seeded boolean) RETURNS name[]
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN @extschema@.run_as(@extschema@.owner_of_register(register), (
        SELECT 'SELECT array_agg(f.name ORDER BY f.name) FROM ('
            || string_agg(format('SELECT %1$L::name WHERE EXISTS (SELECT FROM %2$I.%1$I)', k.relation,
                filled_tables.register), ' UNION ALL ' ORDER BY k.relation)
            || ') AS f (name)'
        FROM @extschema@.kept_tables(register) k WHERE k.is_seeded = seeded));
END
$$;
COMMENT ON FUNCTION filled_tables(name, boolean) IS
'Internal: the tables of a register that have rows: of those that have some in a new one (seeded), or of the others. '
'NULL if there are none, and for NULL; 3F000 if there is no such register, 42501 for who is no member of its owner';

CREATE FUNCTION prepare_subscriber(register name, academic_years integer[] DEFAULT '{}')
    RETURNS TABLE (server text, setting text, free bigint, needed bigint)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owner name := @extschema@.owner_of_register(register);
    filled name[];
    own record;
BEGIN
    PERFORM @extschema@.need_room(register);
    PERFORM @extschema@.run_as(owner, format('LOCK TABLE %I.register_line IN ACCESS EXCLUSIVE MODE', register));
    filled := @extschema@.filled_tables(register, false);
    IF filled IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = register,
            MESSAGE = format('register "%s" has data, so it cannot become a copy of another one', register),
            DETAIL = format('There are rows in %s.', array_to_string(filled, ', ')),
            HINT = 'Prepare one that create_register() has just made, or a dump of the schema alone.';
    END IF;
    PERFORM @extschema@.add_academic_year(register, y.year) FROM (
        SELECT DISTINCT a.year FROM unnest(academic_years) AS a (year)
        WHERE a.year IS NOT NULL
            AND a.year::text NOT IN (SELECT k.academic_year FROM @extschema@.register_years(register) k
                WHERE k.academic_year IS NOT NULL)
        ORDER BY a.year) y;
    -- foreign keys are looked at when all have gone
    PERFORM @extschema@.run_as(owner, (
        SELECT 'WITH ' || string_agg(format('%2$I AS (DELETE FROM %1$I.%2$I)', register, f.relation), ', '
            ORDER BY f.relation) || ' SELECT'
        FROM unnest(@extschema@.filled_tables(register, true)) AS f (relation)));
    FOR own IN SELECT t.relation FROM @extschema@.subscriber_tables(register) AS t (relation) LOOP
        PERFORM @extschema@.run_as(owner, format('CREATE OR REPLACE TRIGGER subscriber '
            'BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION ', own.relation)
            || '@extschema@.refuse_subscriber_entry()');
    END LOOP;
    RETURN QUERY SELECT n.* FROM @extschema@.subscriber_needs((SELECT count(*)
        FROM @extschema@.kept_tables(register))) n;
END
$$;
COMMENT ON FUNCTION prepare_subscriber(name, integer[]) IS
'Prepares a register without data for a subscription to another one of the same name and definition: takes away the '
'rows that create_register() has put in, as those of the publisher will come, adds academic years (those that the '
'publisher has), and refuses entries until promote_subscriber(). Returns what the subscription needs of settings, here '
'with what is free, and at the publisher. The caller owns the register or is a member of its owner. Twice has the '
'effect of once. No effect for NULL; 3F000 if there is no such register, 42501 for who may not, 55000 if it has data, '
'53400 if too little of a setting is free here: nothing is done then, 22023 for a year outside 1900 to 2998';

-- ---------- promotion ----------

CREATE FUNCTION need_no_subscription(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    live text;
    copying text;
BEGIN
    SELECT string_agg(DISTINCT s.subname, ', ' ORDER BY s.subname) FILTER (WHERE s.subenabled),
        string_agg(DISTINCT r.srrelid::regclass::text, ', ' ORDER BY r.srrelid::regclass::text)
            FILTER (WHERE r.srsubstate NOT IN ('r', 's'))
    INTO live, copying
    FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
    WHERE r.srrelid IN (SELECT t.relation FROM @extschema@.subscriber_tables(register) AS t (relation));
    IF live IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = register,
            MESSAGE = format('register "%s" is still written by a subscription: %s', register, live),
            HINT = 'When all has come: ALTER SUBSCRIPTION ... DISABLE.';
    ELSIF copying IS NOT NULL OR @extschema@.filled_tables(register, true) IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = register,
            MESSAGE = format('the copy of register "%s" is not complete', register),
            DETAIL = CASE WHEN copying IS NULL THEN 'Nothing has come: it has no law.'
                ELSE format('Not yet copied: %s.', copying) END;
    END IF;
END
$$;
COMMENT ON FUNCTION need_no_subscription(name) IS
'Internal: for promote_subscriber(): raises 55000 if a subscription that is enabled writes tables of a register, or '
'one has not copied them all, or nothing has come at all. No effect for NULL';

CREATE FUNCTION need_clean_journal(register name, owner name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    problems text;
BEGIN
    problems := @extschema@.run_as(owner, format('SELECT string_agg(format(''school %%s, entry %%s: %%s'', '
        'v.school_urn, v.entry_id, v.problem), E''\n'') FROM (SELECT * FROM %I.verify_journal() LIMIT 10) v',
        register));
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = register,
            MESSAGE = format('register "%s" is not what its journal says', register),
            DETAIL = problems,
            HINT = 'A copy of some schools alone, or one that is behind, is not written to. verify_journal() has all.';
    END IF;
END
$$;
COMMENT ON FUNCTION need_clean_journal(name, name) IS
'Internal: for promote_subscriber(): raises 55000 with the first of what verify_journal() finds. No effect for NULL';

CREATE FUNCTION promote_subscriber(register name) RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owner name := @extschema@.owner_of_register(register);
    own record;
BEGIN
    -- what is being applied comes to its end first
    PERFORM @extschema@.run_as(owner, (
        SELECT format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', string_agg(t.relation::text, ', '
            ORDER BY t.relation::text))
        FROM @extschema@.subscriber_tables(register) AS t (relation)));
    PERFORM @extschema@.need_no_subscription(register);
    PERFORM @extschema@.need_clean_journal(register, owner);
    FOR own IN
        SELECT t.tgrelid::regclass AS relation, t.tgname,
            t.tgfoid = '@extschema@.refuse_subscriber_entry()'::regprocedure AS is_of_subscriber
        FROM pg_trigger t
        WHERE t.tgrelid IN (SELECT s.relation FROM @extschema@.subscriber_tables(register) AS s (relation))
            AND NOT t.tgisinternal AND t.tgfoid IN (SELECT x.oid FROM @extschema@.extension_functions() AS x (oid))
            AND (t.tgenabled <> 'O' OR t.tgfoid = '@extschema@.refuse_subscriber_entry()'::regprocedure)
        ORDER BY t.tgrelid, t.tgname
    LOOP
        PERFORM @extschema@.run_as(owner, CASE WHEN own.is_of_subscriber
            THEN format('DROP TRIGGER %I ON %s', own.tgname, own.relation)
            ELSE format('ALTER TABLE %s ENABLE TRIGGER %I', own.relation, own.tgname) END);
    END LOOP;
    RETURN @extschema@.advance_sequences(register);
END
$$;
COMMENT ON FUNCTION promote_subscriber(name) IS
'Makes a register that was a subscriber of logical replication the one that is written to: sees to it that no '
'subscription writes it any more and that its journal verifies, moves its sequences to its rows, and lets entries in, '
'with all triggers of a register. Returns how many sequences were moved. Nobody writes to the publisher any more then. '
'The caller owns the register or is a member of its owner. Twice has the effect of once. NULL for NULL; 3F000 if there '
'is no such register, 42501 for who may not, 55000, with nothing done, if a subscription is enabled or has not copied '
'all tables, if the law has not come, or if verify_journal() finds anything';
