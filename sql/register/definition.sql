-- What a register consists of, two texts made of the files of register/, and the steps between definitions.  It belongs
-- to the
-- user, not to the extension.

CREATE FUNCTION register_definition() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $register$
-- @REGISTER_KEPT@
$register$::text;
COMMENT ON FUNCTION register_definition() IS
'Internal: the commands with which create_register builds what is kept of a register: tables, constraints, triggers, '
'what is written through, and what these need; in the schema that is first in the search path';

CREATE FUNCTION report_definition() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $register$
-- @REGISTER_REPORTS@
$register$::text;
COMMENT ON FUNCTION report_definition() IS
'Internal: the commands that build what only reads a register: lists that the law asks for, reports, views for BI, '
'pages and benchmarks; in the schema that is first in the search path. upgrade_register drops all that and makes it '
'anew';

-- What is kept changes by these alone. A step is run once, in the schema of the register, when its reports are dropped.
CREATE FUNCTION register_steps() RETURNS TABLE (version integer, commands text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT s.* FROM (VALUES (1, '')
-- @REGISTER_STEPS@
        ) AS s (version, commands);
    END;
COMMENT ON FUNCTION register_steps() IS
'Internal: the commands that bring what is kept of a register from each definition to the next; the first is what '
'registers had before they knew their own';

CREATE FUNCTION definition_version(register name) RETURNS integer
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        -- read, not called: it is the owner's
        SELECT coalesce((
            SELECT pg_catalog.substring(pg_catalog.pg_get_function_sqlbody(p.oid), '^RETURN ([0-9]{1,6})$')::integer
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = register AND p.proname = 'definition_version' AND p.pronargs = 0), 1);
    END;
COMMENT ON FUNCTION definition_version(name) IS
'Which definition a register was made by, or was brought to by the steps of register_steps(). NULL for NULL';

CREATE FUNCTION record_version(register name, version integer) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE FUNCTION %I.definition_version() RETURNS integer
        LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %s', register, version);
    EXECUTE format('COMMENT ON FUNCTION %I.definition_version() IS %L', register,
        'The definition that what is kept of the register is as; upgrade_register goes on from it');
END
$$;
COMMENT ON FUNCTION record_version(name, integer) IS
'Internal: for create_register() and upgrade_register(): gives a register the function by which definition_version() '
'knows it. No effect for NULL';

CREATE FUNCTION comment_register(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_namespace n WHERE n.nspname = register AND pg_has_role(n.nspowner, 'USAGE')
            AND coalesce(obj_description(n.oid, 'pg_namespace') LIKE 'attendance register, version %', true)) THEN
        EXECUTE format('COMMENT ON SCHEMA %I IS %L', register, 'attendance register, version ' || (
            SELECT e.extversion FROM pg_extension e WHERE e.extname = 'attendance'));
    END IF;
END
$$;
COMMENT ON FUNCTION comment_register(name) IS
'Internal: for create_register() and upgrade_register(): the comment on the schema of a register says by which version '
'of the extension it is as it is, unless its owner has something else there. No effect for NULL';

-- Those of a later definition are in made_reports().
CREATE FUNCTION former_reports() RETURNS SETOF text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT f.* FROM (VALUES
            ('function states_persistent_absence(period text)'), ('function school_area(level text)'),
            ('function counted_area(level text)'),
            ('function cohort_line(period text, population text, schools integer[], cohorts text[], held text)'),
            ('function page_head_figures(period text, schools integer[], threshold integer)'),
            ('function page_phase(schools integer[])'),
            ('function page_cohort_label(cohort text, value text, label text)'),
            ('function intervention_window(period text, schools integer[], school_days integer)'),
            ('function intervention_pupil_impact(period text, population text, schools integer[], intervention bigint, '
                'school_days integer, at_least integer)'),
            ('function intervention_impact(period text, population text, schools integer[], intervention bigint, '
                'school_days integer, at_least integer)')) AS f (object);
    END;
COMMENT ON FUNCTION former_reports() IS
'Internal: reports of the first definition that are no more, or have other parameters by now, as register_objects() '
'named them';
