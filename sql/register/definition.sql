-- What a register consists of: two texts, made of the files of register/.  It belongs to the user, not to the extension.

CREATE FUNCTION register_definition() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $register$
-- @REGISTER_KEPT@
$register$::text;
COMMENT ON FUNCTION register_definition() IS
'Internal: the commands with which create_register builds what is kept of a register: tables, constraints, triggers, what is written through, and what these need; in the schema that is first in the search path';

CREATE FUNCTION report_definition() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN $register$
-- @REGISTER_REPORTS@
$register$::text;
COMMENT ON FUNCTION report_definition() IS
'Internal: the commands that build what only reads a register: lists that the law asks for, reports, views for BI, pages and benchmarks; in the schema that is first in the search path. upgrade_register drops all that and makes it anew';
