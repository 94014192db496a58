-- The journal: the triggers that write it and the functions that read it.

CREATE FUNCTION gather_line() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_gather_line' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION gather_line() IS
'Row trigger of register_line, AFTER INSERT OR UPDATE: gathers what changed for write_journal()';
CREATE FUNCTION gather_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_gather_record' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION gather_record() IS
'Row trigger of the tables that hold entries beside marks, AFTER INSERT OR UPDATE, of settings also DELETE: gathers the old and the new row for write_journal()';
CREATE FUNCTION write_journal() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_write_journal' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION write_journal() IS
'Statement trigger of the tables that hold entries, AFTER INSERT OR UPDATE, of settings also DELETE: checks the rules on marks (AT001 to AT017: register_rules()) and writes what the statement has entered to the journal, with the rights of the register''s owner';
CREATE FUNCTION stamp_entry() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_stamp_entry' LANGUAGE C PARALLEL SAFE;
COMMENT ON FUNCTION stamp_entry() IS
'Row trigger of the tables that hold entries beside marks, BEFORE INSERT OR UPDATE: entered_at is the time of the entry and is not changed (AT022); with the argument signed, takes entered_by, title and reason for the journal, which a change needs (AT036)';

CREATE FUNCTION journal_hash(
    school_urn integer, entry_id bigint, entered_at timestamptz, kind text, login text,
    entered_by text, title text, reason text, previous bytea, payload bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_journal_hash' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journal_hash(integer, bigint, timestamptz, text, text, text, text, text, bytea, bytea) IS
'The SHA-256 hash of an entry of a journal, over all its columns. NULL if one is NULL other than entered_by, title and reason';

CREATE FUNCTION journal_changes(
    payload bytea, OUT academic_year integer, OUT pupil_id bigint, OUT day date, OUT session text,
    OUT original session_mark, OUT amended session_mark)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_changes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 30;
COMMENT ON FUNCTION journal_changes(bytea) IS
'The marks that an entry of kind marks changed, a row each: pupil, session, the mark before (NULL for a first entry) and after. No rows for NULL; XX001 for bytes that are no such entry';

CREATE FUNCTION lines_as_at(
    register regclass, school_urn integer, at timestamptz,
    OUT academic_year integer, OUT pupil_id bigint, OUT marks mark_series)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_lines_as_at' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lines_as_at(regclass, integer, timestamptz) IS
'The lines of a school as they stood at a time, from the lines of now and the entries of the journal since; lines that had no marks yet are left out. The first argument is a table of the register. No rows for NULL; XX001 if the journal and the lines contradict each other';

CREATE FUNCTION journal_faults(
    register regclass, school_urn integer, OUT entry_id bigint, OUT problem text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_faults' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journal_faults(regclass, integer) IS
'What is wrong with a school''s chain: an entry whose hash is not that of its columns, that follows an entry which is not there, whose time goes back, or that the lines contradict; a head that is missing; marks that no entry made. The first is the earliest. No rows if all is well, and for NULL';

CREATE FUNCTION line_breaches(
    register regclass, school_urn integer, academic_year integer,
    OUT pupil_id bigint, OUT day date, OUT session text, OUT mark session_mark, OUT rule text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_line_breaches' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_breaches(regclass, integer, integer) IS
'Every mark of a school''s year that breaks a rule on marks, a row for each rule, whatever the school''s settings are: decided anew by the function that decides when a mark is entered. No rows for NULL';
