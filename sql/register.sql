-- The register: trigger functions that its tables and views use, and the functions that build it.
-- What they build is in sql/register/; it belongs to the user, not to the extension.

CREATE FUNCTION guard_register_line() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_register_line' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION guard_register_line() IS
'Row trigger of register_line, BEFORE INSERT OR UPDATE: a line stays with its pupil, school and year (AT003) and belongs to an enrolment (23503); its signature is taken for the journal';
CREATE FUNCTION guard_school_day() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_school_day' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION guard_school_day() IS
'Row trigger of school_day, BEFORE UPDATE OR DELETE: a session that has marks stays in the calendar (AT002)';
CREATE FUNCTION hold_marks() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_hold_marks' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION hold_marks() IS
'Statement trigger of enrolment, BEFORE UPDATE of start_date: no marks are entered until the change is committed, so that guard_later_start() misses none';
CREATE FUNCTION refuse_truncate() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_refuse_truncate' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION refuse_truncate() IS
'Statement trigger of school_day, BEFORE TRUNCATE: always refuses, for sessions that have marks stay in the calendar (AT002)';
CREATE FUNCTION enter_mark() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_enter_mark' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION enter_mark() IS
'Row trigger of the view mark, INSTEAD OF INSERT OR UPDATE OR DELETE: gathers marks for write_marks(); refuses to remove a mark (AT001). Regulations 2024, regulation 6';
CREATE FUNCTION feed_mark() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_feed_mark' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION feed_mark() IS
'Row trigger of the view mark_feed, INSTEAD OF INSERT: gathers marks for write_marks()';
CREATE FUNCTION write_marks() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_write_marks' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION write_marks() IS
'Statement trigger of the views mark and mark_feed, AFTER INSERT OR UPDATE: writes the marks that the statement has gathered, each line once';

CREATE FUNCTION register_definition() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $register$
-- @REGISTER_SQL@
$register$::text;
COMMENT ON FUNCTION register_definition() IS
'The commands with which create_register builds a register in the schema that is first in the search path';

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
            MESSAGE = format('schema "%s" is not a register', register);
    END IF;
END
$$;
COMMENT ON FUNCTION need_register(name) IS
'Raises 3F000 unless a schema of that name is a register. No effect for NULL';

CREATE FUNCTION create_register(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE SCHEMA %I', register);
    PERFORM set_config('search_path', format('%I, ', register) || '@extschema@, pg_temp', true);
    EXECUTE @extschema@.register_definition();
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', register,
        'attendance register, version ' || (
            SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'attendance'));
END
$$;
COMMENT ON FUNCTION create_register(name) IS
'Builds a register: a new schema of that name, owned by the caller, with the tables of schools, pupils, enrolments and calendars, register_line, and the views mark and mark_feed. No academic year is in it yet: see add_academic_year. No effect for NULL; 42P06 if the schema exists';

CREATE FUNCTION add_academic_year(register name, academic_year integer, fillfactor integer DEFAULT 50)
    RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.need_register(register);
    IF academic_year NOT BETWEEN 1900 AND 2998 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s is not an academic year: 2025 stands for 2025/26, 1900 to 2998 are allowed', academic_year);
    END IF;
    EXECUTE format('CREATE TABLE %1$I.%2$I PARTITION OF %1$I.register_line FOR VALUES IN (%3$s) WITH (fillfactor = %4$s)',
        register, 'register_line_' || academic_year, academic_year, fillfactor);
    -- statements that name the partition do not fire the triggers of the whole
    EXECUTE format('CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.write_journal()',
        register, 'register_line_' || academic_year);
    EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.refuse_removal()',
        register, 'register_line_' || academic_year);
    EXECUTE format('COMMENT ON TABLE %I.%I IS %L', register, 'register_line_' || academic_year,
        format('The lines of %s/%s', academic_year, to_char((academic_year + 1) % 100, 'FM00')));
END
$$;
COMMENT ON FUNCTION add_academic_year(name, integer, integer) IS
'Adds an academic year to a register: 2025 is 1 August 2025 to 31 July 2026. The fill factor, in percent, leaves room in each page so that the daily registration does not make the table grow; 100 suits a year that is loaded complete. No effect for NULL; 3F000 if there is no such register, 22023 for a year outside 1900 to 2998, 42P07 if the register has the year';

CREATE FUNCTION build_calendar(
    register name, school_urn integer, academic_year integer, weekdays integer[] DEFAULT '{1,2,3,4,5}')
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    added bigint;
BEGIN
    PERFORM @extschema@.need_register(register);
    IF NOT weekdays <@ '{1,2,3,4,5,6,7}' OR weekdays = '{}' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s are not days of the week: 1 is Monday, 7 is Sunday', weekdays);
    END IF;
    EXECUTE format($sql$
        INSERT INTO %1$I.school_day (school_urn, day)
        SELECT t.school_urn, d::date
        FROM %1$I.term_date t, generate_series(t.first_day::timestamp, t.last_day, '1 day') d
        WHERE t.school_urn = $1 AND t.academic_year = $2 AND extract(isodow FROM d) = ANY ($3)
        ON CONFLICT DO NOTHING
        $sql$, register)
        USING school_urn, academic_year, weekdays;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN added;
END
$$;
COMMENT ON FUNCTION build_calendar(name, integer, integer, integer[]) IS
'Adds the days of a school''s half terms (term_date) to its calendar (school_day), with both sessions held, on the given days of the week (1 is Monday); days that are there already, such as INSET days and closures, stay as they are. Returns how many days were added. No effect for NULL; 3F000 if there is no such register, 22023 for a day outside 1 to 7';

-- What a register should have: everything that one made this moment has.
CREATE FUNCTION register_objects(register name)
    RETURNS TABLE (object text, definition text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.format('%s %s', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname),
            CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) ELSE '' END
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = register AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
        UNION ALL
        SELECT pg_catalog.format('column %s.%s', c.relname, a.attname),
            pg_catalog.concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                CASE WHEN a.attidentity <> '' THEN 'IDENTITY' END,
                pg_catalog.pg_get_expr(d.adbin, d.adrelid))
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE n.nspname = register AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT pg_catalog.format('constraint %s on %s', k.conname, c.relname),
            pg_catalog.concat_ws(' ', pg_catalog.pg_get_constraintdef(k.oid),
                CASE WHEN NOT k.convalidated THEN 'not validated' END,
                CASE WHEN EXISTS (
                    SELECT FROM pg_catalog.pg_trigger t
                    JOIN pg_catalog.pg_constraint own ON own.oid = t.tgconstraint
                    WHERE (own.oid = k.oid OR own.conparentid = k.oid) AND t.tgenabled IN ('D', 'R'))
                    THEN 'not enforced' END)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
        WHERE n.nspname = register AND NOT c.relispartition AND k.contype IN ('c', 'f', 'p', 'u', 'x')
        UNION ALL
        SELECT pg_catalog.format('trigger %s on %s', t.tgname, c.relname),
            pg_catalog.concat_ws(' ', pg_catalog.pg_get_triggerdef(t.oid, true),
                CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only' END)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        WHERE n.nspname = register AND NOT c.relispartition AND NOT t.tgisinternal
        UNION ALL
        -- the partitions' own triggers can be disabled one by one
        SELECT pg_catalog.format('trigger %s on %s', t.tgname, c.relname),
            CASE t.tgenabled WHEN 'D' THEN 'disabled' ELSE 'on replicas only' END
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
        WHERE n.nspname = register AND c.relispartition AND NOT t.tgisinternal
            AND p.proname IN ('guard_register_line', 'gather_line', 'write_journal', 'refuse_removal')
            AND t.tgenabled IN ('D', 'R')
        UNION ALL
        -- and those of statements are each partition's own
        SELECT pg_catalog.format('trigger %s on %s', w.name, c.relname), 'missing'
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        -- 20: AFTER INSERT OR UPDATE of a statement, 34: BEFORE TRUNCATE
        CROSS JOIN (VALUES ('write_journal', 'write_journal', 20), ('refuse_truncate', 'refuse_removal', 34)) AS w (name, function, type)
        WHERE n.nspname = register AND c.relispartition AND c.relkind = 'r' AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
            WHERE t.tgrelid = c.oid AND t.tgname = w.name AND p.proname = w.function AND t.tgtype = w.type
                AND t.tgqual IS NULL AND t.tgattr::text = '')
        UNION ALL
        SELECT pg_catalog.format('function %s(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
            pg_catalog.concat_ws(' ', coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc))
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = register;
    END;
COMMENT ON FUNCTION register_objects(name) IS
'The tables, views, columns, constraints, triggers and functions of a register, each with its definition: what check_register compares';

CREATE FUNCTION check_register(register name)
    RETURNS TABLE (object text, problem text)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    model name := 'check_register_' || pg_backend_pid();
    wanted jsonb;
    found jsonb;
BEGIN
    PERFORM @extschema@.need_register(register);
    -- names of the register and of the extension are shown without their schemas, so that registers compare
    PERFORM set_config('search_path', format('%I, ', register) || '@extschema@, pg_temp', true);
    SELECT jsonb_object_agg(o.object, o.definition) INTO found FROM @extschema@.register_objects(register) o;
    -- a register as it should be, which is undone before anybody sees it
    BEGIN
        PERFORM @extschema@.create_register(model);
        PERFORM set_config('search_path', format('%I, ', model) || '@extschema@, pg_temp', true);
        SELECT jsonb_object_agg(o.object, o.definition) INTO wanted FROM @extschema@.register_objects(model) o;
        RAISE EXCEPTION USING ERRCODE = 'AT000';
    EXCEPTION WHEN SQLSTATE 'AT000' THEN
        NULL;
    END;
    PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
    RETURN QUERY
        SELECT w.key, CASE WHEN f.value IS NULL THEN 'missing'
            ELSE format('should be: %s; is: %s', w.value, f.value) END
        FROM jsonb_each_text(wanted) w LEFT JOIN jsonb_each_text(found) f ON f.key = w.key
        WHERE f.value IS NULL OR f.value <> w.value
        UNION ALL
        SELECT f.key, f.value FROM jsonb_each_text(found) f
        WHERE f.key LIKE 'trigger %' AND f.value IN ('disabled', 'on replicas only', 'missing')
        ORDER BY 1;
END
$$;
COMMENT ON FUNCTION check_register(name) IS
'What a register lacks of one made this moment: tables, columns, constraints, views, triggers and functions that are missing, altered or disabled. No rows if all is well; objects that the user added are not mentioned. Needs the right to create schemas. No rows for NULL; 3F000 if there is no such register';

CREATE FUNCTION upgrade_register(register name) RETURNS text
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    problems bigint;
BEGIN
    SELECT count(*) INTO problems FROM @extschema@.check_register(register);
    IF problems > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('register "%s" differs from its definition in %s places; check_register() lists them', register, problems);
    END IF;
    RETURN format('register "%s" is as version %s of the extension makes it', register, (
        SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'attendance'));
END
$$;
COMMENT ON FUNCTION upgrade_register(name) IS
'Brings a register that an earlier version made to the form of this one; run it after ALTER EXTENSION attendance UPDATE. There is no earlier version yet, so it only checks the register and says so. NULL for NULL; 3F000 if there is no such register, 55000 if it was altered by hand';

CREATE FUNCTION drop_register(register name, discard_marks boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    has_lines boolean;
BEGIN
    PERFORM @extschema@.need_register(register);
    -- whoever is entering marks comes first, and is seen
    EXECUTE format('LOCK TABLE %I.register_line IN ACCESS EXCLUSIVE MODE', register);
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.register_line)', register) INTO has_lines;
    IF has_lines AND NOT discard_marks THEN
        RAISE EXCEPTION USING ERRCODE = 'object_in_use',
            MESSAGE = format('register "%s" has marks, which the law may require to be kept; drop_register(%L, discard_marks => true) drops it all the same', register, register);
    END IF;
    EXECUTE format('DROP SCHEMA %I CASCADE', register);
END
$$;
COMMENT ON FUNCTION drop_register(name, boolean) IS
'Drops a register with all its tables. Refused with 55006 if it has lines, unless the marks are to be discarded. No effect for NULL; 3F000 if there is no such register. Entries are kept for six years: Regulations 2024, regulation 7';
