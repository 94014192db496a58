-- The register: trigger functions that its tables and views use, and the functions that build it.
-- What they build is in definition.sql.

CREATE FUNCTION guard_register_line() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_register_line' LANGUAGE C;
COMMENT ON FUNCTION guard_register_line() IS
'Row trigger of register_line, BEFORE INSERT OR UPDATE: a line stays with its pupil, school and year (AT003) and '
'belongs to an enrolment (23503), of which it says what line_fact says; its signature is taken for the journal';
CREATE FUNCTION guard_school_day() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_school_day' LANGUAGE C;
COMMENT ON FUNCTION guard_school_day() IS
'Row trigger of school_day, BEFORE UPDATE OR DELETE: a session that has marks stays in the calendar (AT002)';
CREATE FUNCTION hold_marks() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_hold_marks' LANGUAGE C;
COMMENT ON FUNCTION hold_marks() IS
'Statement trigger of enrolment, BEFORE UPDATE of what lines refer to: no marks are entered until the change is '
'committed, so that guard_later_start() misses none';
CREATE FUNCTION hold_calendar() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_hold_calendar' LANGUAGE C;
COMMENT ON FUNCTION hold_calendar() IS
'Statement trigger of school_day, BEFORE UPDATE OR DELETE: one statement after the other changes calendars, whatever '
'days it names first; nobody who enters marks waits for it';
CREATE FUNCTION refuse_truncate() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_refuse_truncate' LANGUAGE C;
COMMENT ON FUNCTION refuse_truncate() IS
'Statement trigger of school_day, BEFORE TRUNCATE: always refuses, for sessions that have marks stay in the calendar '
'(AT002)';
CREATE FUNCTION enter_mark() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_enter_mark' LANGUAGE C;
COMMENT ON FUNCTION enter_mark() IS
'Row trigger of the view mark, INSTEAD OF INSERT OR UPDATE OR DELETE: gathers marks for write_marks(); refuses to '
'remove a mark (AT001). Regulations 2024, regulation 6';
CREATE FUNCTION feed_mark() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_feed_mark' LANGUAGE C;
COMMENT ON FUNCTION feed_mark() IS
'Row trigger of the view mark_feed, INSTEAD OF INSERT: gathers marks for write_marks()';
CREATE FUNCTION write_marks() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_write_marks' LANGUAGE C;
COMMENT ON FUNCTION write_marks() IS
'Statement trigger of the views mark and mark_feed, AFTER INSERT OR UPDATE: writes the marks that the statement has '
'gathered, each line once';

-- The relation names below are those of the register; the schema is given by its name.
CREATE FUNCTION register_exists(register name) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = register AND c.relname = 'register_line'
                AND c.relkind = 'p');
    END;
COMMENT ON FUNCTION register_exists(name) IS
'Whether a schema of that name is a register. NULL for NULL';

CREATE FUNCTION need_register(register name) RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT @extschema@.register_exists(register) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_schema_name',
            MESSAGE = format('schema "%s" is not a register', register),
            HINT = coalesce((
                SELECT format('In this database there is %s.',
                    string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname))
                FROM pg_namespace n WHERE @extschema@.register_exists(n.nspname) HAVING count(*) > 0),
                'There is none in this database: create_register() makes one.');
    END IF;
END
$$;
COMMENT ON FUNCTION need_register(name) IS
'Internal: raises 3F000 unless a schema of that name is a register. No effect for NULL';

CREATE FUNCTION run_as(role name, command text) RETURNS text
    AS 'MODULE_PATHNAME', 'att_run_as' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION run_as(name, text) IS
'Internal: runs a command with the rights of a role of which the current user is a member, and no way back from them: '
'what the command comes upon cannot act as who calls. Returns the first value of its first row, if any. Settings that '
'it changes are as before. 42501 for who is no member of the role, 42704 if there is no such role. No effect for NULL';

CREATE FUNCTION register_years(register name) RETURNS TABLE (academic_year text, partition text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT y.year[1], pg_catalog.format('%I.%I', n.nspname, c.relname)
        FROM pg_catalog.pg_class w JOIN pg_catalog.pg_namespace s ON s.oid = w.relnamespace
        CROSS JOIN LATERAL pg_catalog.pg_partition_tree(w.oid) t
        JOIN pg_catalog.pg_class c ON c.oid = t.relid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        -- deeper partitions and the default one are of no certain year
        LEFT JOIN LATERAL pg_catalog.regexp_matches(pg_catalog.pg_get_expr(c.relpartbound, c.oid), '\d+',
            'g') AS y (year)
            ON t.level = 1
        WHERE s.nspname = register AND w.relname = 'register_line' AND t.level > 0
        ORDER BY y.year[1], n.nspname, c.relname;
    END;
COMMENT ON FUNCTION register_years(name) IS
'Internal: the partitions that a register''s lines have now, each with its academic year, which is NULL for a default '
'partition and those deeper down, and its qualified name. No rows for NULL';

-- The partitions' names in it are dependencies: PostgreSQL refuses to drop one from under the view.
CREATE FUNCTION register_year_query(register name) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.format('SELECT y.academic_year, y.partition, NULLIF(c.reltuples, -1)::bigint AS lines,
                pg_catalog.pg_total_relation_size(y.partition) AS bytes
            FROM (VALUES (NULL::integer, NULL::regclass)%s) AS y (academic_year, partition)
            JOIN pg_catalog.pg_class c ON c.oid = y.partition',
            (SELECT pg_catalog.string_agg(pg_catalog.format(', (%s::integer, %L::regclass)',
                coalesce(y.academic_year, 'NULL'), y.partition), '') FROM register_years(register) AS y));
    END;
COMMENT ON FUNCTION register_year_query(name) IS
'Internal: the query of a register''s view register_year, with all partitions that register_line has now. NULL for '
'NULL';

CREATE FUNCTION build_register_year(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.need_register(register);
    EXECUTE format('CREATE OR REPLACE VIEW %I.register_year WITH (security_invoker = true) AS ', register)
        || @extschema@.register_year_query(register);
END
$$;
COMMENT ON FUNCTION build_register_year(name) IS
'Makes the view register_year of a register name the partitions that register_line has now; add_academic_year does it, '
'it is for partitions that you attach or detach yourself. No effect for NULL; 3F000 if there is no such register';

CREATE FUNCTION grant_types(role name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    types oid := (SELECT e.extnamespace FROM pg_extension e WHERE e.extname = 'attendance');
BEGIN
    IF has_schema_privilege(role, types, 'USAGE') THEN
        RETURN;
    ELSIF NOT has_schema_privilege(types, 'USAGE WITH GRANT OPTION') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('role "%s" needs USAGE on schema %s, where the extension is', role, types::regnamespace);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I', types::regnamespace, role);
END
$$;
COMMENT ON FUNCTION grant_types(name) IS
'For give_register() and grant_register(): grants a role USAGE on the schema of the extension unless it has it. No '
'effect for NULL; 42704 if there is no such role, 42501 if the caller may not grant it';

CREATE FUNCTION need_name(written text, thing text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF written = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_name', MESSAGE = format('the name of a %s is empty', thing);
    ELSIF octet_length(written) > 63 THEN -- PostgreSQL would cut it off
        RAISE EXCEPTION USING ERRCODE = 'name_too_long',
            MESSAGE = format('the name of a %s has at most 63 bytes, not %s: "%s"', thing, octet_length(written),
                written);
    ELSIF starts_with(written, 'pg_') THEN
        RAISE EXCEPTION USING ERRCODE = 'reserved_name',
            MESSAGE = format('"%s" is no name for a %s: names that begin with pg_ are PostgreSQL''s own', written,
                thing);
    END IF;
END
$$;
COMMENT ON FUNCTION need_name(text, text) IS
'Internal: raises an error unless a text can name something new, such as a register or a role: 42602 if it is empty, '
'42622 if it is longer than 63 bytes, 42939 if it begins with pg_. No effect for NULL';

CREATE FUNCTION give_register(register name, owner text) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    line_table oid;
    giver oid;
    own record;
BEGIN
    PERFORM @extschema@.need_register(register);
    PERFORM @extschema@.need_name(owner, 'role');
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = owner) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', owner);
        IF NOT pg_has_role(owner, 'USAGE') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', owner);
        END IF;
    ELSIF (SELECT r.rolcanlogin FROM pg_roles r WHERE r.rolname = owner) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('role "%s" can log in: a register is given to a role that cannot, so that nobody works as '
                             'its owner', owner);
    END IF;
    -- the rules are decided with the owner's rights, and call functions of the extension
    PERFORM @extschema@.grant_types(owner);
    SELECT c.oid, c.relowner INTO line_table, giver FROM pg_class c
    WHERE c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = register)
        AND c.relname = 'register_line';
    EXECUTE format('ALTER SCHEMA %I OWNER TO %I', register, owner);
    FOR own IN
        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE (n.nspname = register OR c.oid IN (SELECT t.relid FROM pg_partition_tree(line_table) t))
            AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relowner = giver
            -- a column's sequence goes with its table
            AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')))
    LOOP
        EXECUTE format('ALTER TABLE %I.%I OWNER TO %I', own.nspname, own.relname, owner);
    END LOOP;
    FOR own IN
        SELECT p.oid::regprocedure AS routine FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = register AND p.proowner = giver
    LOOP
        EXECUTE format('ALTER ROUTINE %s OWNER TO %I', own.routine, owner);
    END LOOP;
    -- the owner is one of those who see all rows, and who was it before is no longer
    FOR own IN
        SELECT p.policy, r.rolname, r.wanted FROM (VALUES ('access_all'::name), ('access_dated')) AS p (policy)
        CROSS JOIN (VALUES (owner::name, true), (pg_get_userbyid(giver), false)) AS r (rolname, wanted)
        WHERE r.wanted OR r.rolname <> owner
    LOOP
        PERFORM @extschema@.set_policy_role(register, own.policy, own.rolname, own.wanted);
    END LOOP;
END
$$;
COMMENT ON FUNCTION give_register(name, text) IS
'Gives a register with all that its owner has in it to a role that cannot log in; a role that does not exist is '
'created so. The caller must own the register and be a member of the role. No effect for NULL; 3F000 if there is no '
'such register, 22023 for a role that can log in, 42602, 42622 or 42939 for a role that cannot be named so';

CREATE FUNCTION create_register(register text, owner text DEFAULT NULL, if_not_exists boolean DEFAULT false,
    reports boolean DEFAULT true) RETURNS void
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.need_name(register, 'register');
    IF register IS NULL THEN
        RETURN;
    ELSIF if_not_exists AND @extschema@.register_exists(register) THEN
        RAISE NOTICE USING ERRCODE = 'duplicate_schema', MESSAGE = format('register "%s" already exists, skipping',
            register);
        RETURN;
    END IF;
    EXECUTE format('CREATE SCHEMA %I', register);
    PERFORM set_config('search_path', format('%I, ', register) || '@extschema@, pg_temp', true);
    EXECUTE @extschema@.register_definition();
    PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
    PERFORM @extschema@.record_version(register::name, (SELECT max(s.version) FROM @extschema@.register_steps() s)),
        @extschema@.comment_register(register::name), @extschema@.make_policies(register::name);
    IF reports THEN
        PERFORM @extschema@.make_reports(register::name);
    END IF;
    PERFORM @extschema@.give_register(register::name, owner);
END
$$;
COMMENT ON FUNCTION create_register(text, text, boolean, boolean) IS
'Builds a register: a new schema of that name with the tables of schools, pupils, enrolments and calendars, '
'register_line, and the views mark and mark_feed. It belongs to the caller, or to the role that is named: see '
'give_register. No academic year is in it yet: see add_academic_year. Without reports it has only what is written and '
'checked, is made much sooner, and upgrade_register(register, reports => true) adds them. With if_not_exists a '
'register of that name stays as it is, and a notice says so; a schema that is no register is an error all the same. No '
'effect for a NULL register; 42P06 if the schema exists, 22023 for an owner that can log in, 42602, 42622 or 42939 for '
'a name that is empty, too long or PostgreSQL''s own';

CREATE FUNCTION add_academic_year(register name, academic_year integer, fillfactor integer DEFAULT 50,
    if_not_exists boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    part name := 'register_line_' || academic_year;
    owner name;
BEGIN
    PERFORM @extschema@.need_register(register);
    IF @extschema@.is_distributed(register) THEN
        RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
            MESSAGE = format('register "%s" is a copy that was distributed for reports: it gets no academic year',
                register),
            HINT = 'Add it to the register that this is a copy of, and make the copy anew.';
    ELSIF academic_year NOT BETWEEN 1900 AND 2998 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s is not an academic year: 2025 stands for 2025/26, 1900 to 2998 are allowed',
                academic_year);
    END IF;
    IF if_not_exists AND to_regclass(format('%I.%I', register, part)) IS NOT NULL THEN
        RAISE NOTICE USING ERRCODE = 'duplicate_table',
            MESSAGE = format('register "%s" already has the academic year %s, skipping', register, academic_year);
        RETURN;
    END IF;
    SELECT pg_get_userbyid(c.relowner) INTO owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = register AND c.relname = 'register_line';
    -- what a new partition's foreign keys lock, before the lines: as those do who write there and then look at lines
    PERFORM @extschema@.run_as(owner, format('LOCK TABLE %1$I.school, %1$I.pupil, %1$I.enrolment IN SHARE ROW '
                                             'EXCLUSIVE MODE', register));
    -- as the owner, of whose indexes the partition has some
    PERFORM @extschema@.run_as(owner, format('CREATE TABLE %1$I.%2$I PARTITION OF %1$I.register_line FOR VALUES IN '
                                             '(%3$s) WITH (fillfactor = %4$s)',
        register, part, academic_year, fillfactor));
    -- statements that name the partition do not fire the triggers of the whole
    PERFORM @extschema@.run_as(owner, format('CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON %I.%I '
                                             'FOR EACH STATEMENT EXECUTE FUNCTION ', register, part)
        || '@extschema@.write_journal()');
    PERFORM @extschema@.run_as(owner, format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I.%I '
                                             'FOR EACH STATEMENT EXECUTE FUNCTION ', register, part)
        || '@extschema@.refuse_removal()');
    PERFORM @extschema@.run_as(owner, format('COMMENT ON TABLE %I.%I IS %L', register, part,
        format('The lines of %s/%s', academic_year, to_char((academic_year + 1) % 100, 'FM00'))));
    PERFORM @extschema@.run_as(owner, 'SELECT @extschema@.build_register_year' || format('(%L)', register));
END
$$;
COMMENT ON FUNCTION add_academic_year(name, integer, integer, boolean) IS
'Adds an academic year to a register: 2025 is 1 August 2025 to 31 July 2026. It belongs to the register''s owner, whom '
'the caller is or is a member of. The fill factor, in percent, leaves room in each page so that the daily registration '
'does not make the table grow; 100 suits a year that is loaded complete. With if_not_exists a year that the register '
'has stays as it is, and a notice says so. No effect for NULL; 3F000 if there is no such register, 22023 for a year '
'outside 1900 to 2998, 42P07 if the register has the year, 0A000 if it is a distributed copy';

CREATE FUNCTION build_calendar(
    register name, school_urn integer, academic_year integer, weekdays integer[] DEFAULT '{1,2,3,4,5}')
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known boolean;
    has_terms boolean;
    added bigint;
BEGIN
    PERFORM @extschema@.need_register(register);
    IF NOT weekdays <@ '{1,2,3,4,5,6,7}' OR weekdays = '{}' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s are not days of the week: 1 is Monday, 7 is Sunday', weekdays);
    END IF;
    EXECUTE format('SELECT %1$I.known_schools(ARRAY[$1]), EXISTS (
            SELECT FROM %1$I.term_date t WHERE t.school_urn = $1 AND t.academic_year = $2)', register)
        INTO known, has_terms USING school_urn, academic_year;
    PERFORM @extschema@.known(has_terms, format('school %s has no half terms in the academic year %s', school_urn,
        academic_year), 'The table term_date takes the first and last day of each.');
    EXECUTE format($sql$
        WITH added AS (
            INSERT INTO %1$I.school_day (school_urn, day, morning, afternoon, closure)
            SELECT t.school_urn, d::date, h.day IS NULL, h.day IS NULL, 'bank holiday: ' || h.name
            FROM %1$I.term_date t CROSS JOIN generate_series(t.first_day::timestamp, t.last_day, '1 day') d
            LEFT JOIN %1$I.bank_holidays(%2$s.academic_year_days($2)) h ON h.day = d::date
            WHERE t.school_urn = $1 AND t.academic_year = $2 AND extract(isodow FROM d) = ANY ($3)
            ORDER BY d
            ON CONFLICT DO NOTHING
            RETURNING morning)
        SELECT count(*) FROM added WHERE morning
        $sql$, register, '@extschema@')
        INTO added USING school_urn, academic_year, weekdays;
    RETURN added;
END
$$;
COMMENT ON FUNCTION build_calendar(name, integer, integer, integer[]) IS
'Adds the days of a school''s half terms (term_date) to its calendar (school_day), with both sessions held, on the '
'given days of the week (1 is Monday), and bank holidays among them as closed (bank_holidays() of the register); days '
'that are there already, such as INSET days and closures, stay as they are. Returns how many days with sessions were '
'added. No effect for NULL; 3F000 if there is no such register, 22023 for a day outside 1 to 7, a school that the '
'register has not, and one without half terms in the year';

CREATE FUNCTION drop_register(register name, discard_marks boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    has_lines boolean;
    owner name;
BEGIN
    PERFORM @extschema@.need_register(register);
    SELECT pg_get_userbyid(c.relowner) INTO owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = register AND c.relname = 'register_line';
    -- whoever is entering marks comes first, and is seen
    PERFORM @extschema@.run_as(owner, format('LOCK TABLE %I.register_line IN ACCESS EXCLUSIVE MODE', register));
    -- reading, too, can run the owner's code: that of an index
    has_lines := @extschema@.run_as(owner,
        format('SELECT EXISTS (SELECT true FROM %I.register_line LIMIT 1)', register));
    IF has_lines AND NOT discard_marks THEN
        RAISE EXCEPTION USING ERRCODE = 'object_in_use',
            MESSAGE = format('register "%s" has marks, which the law may require to be kept; drop_register(%L, '
                             'discard_marks => true) drops it all the same', register, register);
    END IF;
    EXECUTE format('DROP SCHEMA %I CASCADE', register);
END
$$;
COMMENT ON FUNCTION drop_register(name, boolean) IS
'Drops a register with all its tables. Refused with 55006 if it has lines, unless the marks are to be discarded. No '
'effect for NULL; 3F000 if there is no such register. Entries are kept for six years: Regulations 2024, regulation 7';
