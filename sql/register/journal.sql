-- The journal: the triggers that write it and the functions that read it.

CREATE FUNCTION gather_line() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_gather_line' LANGUAGE C;
COMMENT ON FUNCTION gather_line() IS
'Row trigger of register_line, AFTER INSERT OR UPDATE: gathers what changed for write_journal()';
CREATE FUNCTION gather_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_gather_record' LANGUAGE C;
COMMENT ON FUNCTION gather_record() IS
'Row trigger of the tables that hold entries beside marks, AFTER INSERT OR UPDATE, of settings also DELETE: gathers '
'the old and the new row for write_journal()';
CREATE FUNCTION write_journal() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_write_journal' LANGUAGE C;
COMMENT ON FUNCTION write_journal() IS
'Statement trigger of the tables that hold entries, AFTER INSERT OR UPDATE, of settings also DELETE: checks the rules '
'on marks (AT001 to AT017: register_rules()) and writes what the statement has entered to the journal, with the rights '
'of the register''s owner';
CREATE FUNCTION stamp_entry() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_stamp_entry' LANGUAGE C;
COMMENT ON FUNCTION stamp_entry() IS
'Row trigger of the tables that hold entries beside marks, BEFORE INSERT OR UPDATE: entered_at is the time of the '
'entry and is not changed (AT022); with the argument signed, takes entered_by, title and reason for the journal, which '
'a change needs, and with the argument always a new row as well (AT036)';

CREATE FUNCTION journal_hash(
    school_urn integer, entry_id bigint, entered_at timestamptz, kind text, login text,
    entered_by text, title text, reason text, previous bytea, payload bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_journal_hash' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION journal_hash(integer, bigint, timestamptz, text, text, text, text, text, bytea, bytea) IS
'The SHA-256 hash of an entry of a journal, over all its columns. NULL if one is NULL other than entered_by, title and '
'reason';

CREATE FUNCTION journal_changes(
    payload bytea, OUT academic_year integer, OUT pupil_id bigint, OUT day date, OUT session text,
    OUT original session_mark, OUT amended session_mark)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_changes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 30;
COMMENT ON FUNCTION journal_changes(bytea) IS
'The marks that an entry of kind marks changed, a row each: pupil, session, the mark before (NULL for a first entry) '
'and after. No rows for NULL; XX001 for bytes that are no such entry';

CREATE FUNCTION journal_changes(
    payload bytea, days daterange, is_amended boolean, OUT academic_year integer, OUT pupil_id bigint, OUT day date,
    OUT session text, OUT original session_mark, OUT amended session_mark)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_changes_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 30;
COMMENT ON FUNCTION journal_changes(bytea, daterange, boolean) IS
'Of the rows of journal_changes() those on some days; is_amended: those alone before which there was a mark, other '
'than -. No rows for NULL; XX001 for bytes that are no such entry';

CREATE FUNCTION journal_rows(
    payload bytea, OUT place integer, OUT relation text, OUT original text, OUT amended text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_all_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION journal_rows(bytea) IS
'The rows that an entry of kind records entered, changed or took away, as they were and as they became: as JSON, NULL '
'where there is none. In the order of the entry (place). No rows for NULL; XX001 for bytes that are no such entry';

CREATE FUNCTION journal_rows(
    payload bytea, relations text[], keys text[], sought text[], OUT place integer, OUT relation text,
    OUT old_key text, OUT new_key text, OUT original text, OUT amended text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1;
COMMENT ON FUNCTION journal_rows(bytea, text[], text[], text[]) IS
'Of the rows that an entry of kind records entered, changed or took away those of some tables that have one of some '
'values in a column, before or after: keys has the column of each of the tables. In the order of the entry (place), as '
'JSON. No rows for NULL; XX001 for bytes that are no such entry, 2202E for arrays that differ in length';

CREATE FUNCTION journal_keys(payload bytea, relations text[], keys text[], OUT relation text, OUT key text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_keys' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION journal_keys(bytea, text[], text[]) IS
'Of every row that an entry of kind records entered, changed or took away its table and what is in a column, as it was '
'and as it became: keys has the column of each of the tables, the key of another table is NULL. No rows for NULL; '
'XX001 for bytes that are no such entry, 2202E for arrays that differ in length';

CREATE FUNCTION journal_versions(
    payload bytea, relations text[], keys text[], OUT place integer, OUT relation text, OUT key text, OUT version text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_versions' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100;
COMMENT ON FUNCTION journal_versions(bytea, text[], text[]) IS
'What an entry of kind records says of each key in some tables: the row that it made of it, as JSON, or NULL where the '
'row of this key was taken away or got another; keys has the column of each of the tables, or several apart by commas, '
'which are a JSON array then. In the order of the entry (place). No rows for NULL; XX001 for bytes that are no such '
'entry, 2202E for arrays that differ in length';

CREATE FUNCTION same_row(record record, version text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_same_row' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION same_row(record, text) IS
'Internal: for record_faults(): whether the JSON that the journal has of a row says of every column what the row has, '
'in whatever time zone it was written. False also for what only looks different, and has to be read as JSON to tell. '
'NULL for NULL';

CREATE FUNCTION lines_as_at(
    register regclass, school_urn integer, at timestamptz,
    OUT academic_year integer, OUT pupil_id bigint, OUT marks mark_series)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_lines_as_at' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lines_as_at(regclass, integer, timestamptz) IS
'Internal: the lines of a school as they stood at a time, from the lines of now and the entries of the journal since; '
'lines that had no marks yet are left out. The first argument is a table of the register. No rows for NULL; XX001 if '
'the journal and the lines contradict each other';

CREATE FUNCTION journal_faults(
    register regclass, school_urn integer, OUT entry_id bigint, OUT problem text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_journal_faults' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION journal_faults(regclass, integer) IS
'Internal: what is wrong with a school''s chain: an entry whose hash is not that of its columns, that follows an entry '
'which is not there, whose time goes back, or that the lines contradict; a head that is missing; marks that no entry '
'made. The first is the earliest. No rows if all is well, and for NULL; 42501 where row-level security hides rows from '
'the caller';

CREATE FUNCTION line_breaches(
    register regclass, school_urn integer, academic_year integer,
    OUT pupil_id bigint, OUT day date, OUT session text, OUT mark session_mark, OUT rule text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_line_breaches' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION line_breaches(regclass, integer, integer) IS
'Internal: every mark of a school''s year that breaks a rule on marks, a row for each rule, whatever the school''s '
'settings are: decided anew by the function that decides when a mark is entered. No rows for NULL';

CREATE FUNCTION refused_marks(
    register regclass, school_urn integer, pupil_ids bigint[], sessions school_session[], marks session_mark[],
    OUT place integer, OUT problem text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_refused_marks' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION refused_marks(regclass, integer, bigint[], school_session[], session_mark[]) IS
'Which of some marks the register would refuse, and in which words, if they were new in its lines: decided by the '
'function that decides when a mark is entered, with the settings of the school. A mark is a place in three arrays of '
'the same length. Pupils whose enrolment the caller cannot see are left out. No rows for NULL; 22004 for a NULL in an '
'array, 2202E for arrays that differ in length';

CREATE FUNCTION refused_rows(
    register regclass, query text,
    OUT row_number bigint, OUT other_row bigint, OUT sqlstate text, OUT rule text, OUT column_name text,
    OUT message text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_refused_rows' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION refused_rows(regclass, text) IS
'Which rows of a query the view mark_feed would refuse if they were inserted there in this order, and why, in no '
'order: the place of the row, that of another one with which it is at odds, and the SQLSTATE, rule, column and words '
'of the error. The query has the columns of mark_feed, of which it may leave out all but school_urn, day, session and '
'mark. Nothing is written: decided by the functions that decide when marks are fed, with what the caller may see of '
'pupils, enrolments and lines. No rows for NULL; 42703 and 42804 for columns that are missing or of other types';

CREATE FUNCTION need_all_rows(register regclass) RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    limited name;
BEGIN
    SELECT c.relname INTO limited
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = @extschema@.register_of(register) AND c.relkind IN ('r', 'p')
        AND (c.relname IN ('journal', 'journal_head', 'register_line', 'disposal') OR EXISTS (
            SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid
                AND t.tgfoid = '@extschema@.gather_record()'::regprocedure))
        AND NOT @extschema@.shows_all_rows(c.oid)
    ORDER BY c.relname LIMIT 1;
    IF limited IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format(
            'row-level security may hide rows of table "%s" from you: the journal is verified by who sees all of the '
            'register, such as its owner (SET ROLE)',
            limited);
    END IF;
END
$$;
COMMENT ON FUNCTION need_all_rows(regclass) IS
'Internal: for record_faults(): raises 42501 if row-level security may hide rows of a register with entries from the '
'caller, to whom what is hidden would look like what is missing. No effect for NULL';

CREATE FUNCTION table_faults_query(register name, relation name, columns text, key text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.format($q$
        SELECT f.chain, min(f.entry_id), format('table %%s, key %%s: %%s%%s', %2$L, min(f.key), f.problem,
            CASE WHEN count(*) > 1 THEN format(' (and %%s more)', count(*) - 1) END)
        FROM (
            SELECT n.key, coalesce(n.chain, (n.row ->> 'school_urn')::integer, 0) AS chain, n.entry_id,
                CASE WHEN n.row IS NULL THEN 'a row is missing' WHEN n.chain IS NULL THEN 'a row that no entry made'
                    WHEN n.version IS NULL THEN 'a row whose key an entry gave up'
                    ELSE 'a row is not what its newest entry made of it' END AS problem
            FROM (
                -- of each row, as a damaged index may let two rows have one key
                SELECT DISTINCT ON (c.key COLLATE "C", c.spot) c.key, c.chain, c.entry_id, c.entered_at, c.same,
                    -- no longer needed of what is the same
                    CASE WHEN NOT c.same THEN c.version END AS version,
                    CASE WHEN NOT c.same THEN to_jsonb(c.row) END AS row
                FROM (
                    SELECT coalesce(v.key, t.key) AS key, v.chain, v.entry_id, v.entered_at, v.place, v.version,
                        t.row, t.spot, coalesce(@extschema@.same_row(t.row, v.version), false) AS same
                    FROM (
                        SELECT j.school_urn AS chain, j.entry_id, j.entered_at, r.place, r.key, r.version
                        FROM unnest($1, $2) AS e (school_urn, entry_id)
                        JOIN %1$I.journal j ON j.school_urn = e.school_urn AND j.entry_id = e.entry_id
                        CROSS JOIN LATERAL @extschema@.journal_versions(j.payload, ARRAY[%2$L], ARRAY[%3$L]) r) v
                    FULL JOIN (SELECT %4$s AS key, s AS row, s.ctid AS spot FROM %1$I.%2$I s) t ON t.key = v.key
                    OFFSET 0) c
                ORDER BY c.key COLLATE "C", c.spot, c.entry_id DESC, c.version IS NULL, c.place DESC) n
            WHERE NOT n.same AND CASE WHEN n.row IS NULL THEN n.version IS NOT NULL
                AND (%2$L = 'disposal' OR NOT EXISTS (SELECT FROM %1$I.disposal d
                    WHERE coalesce(d.school_urn, 0) = n.chain AND d.academic_year IS NULL
                        AND d.entered_at >= @extschema@.kept_by_law(n.entered_at)))
                WHEN n.version IS NULL THEN true
                -- as text the same may look different, and columns may have been added
                ELSE to_jsonb(jsonb_populate_record(NULL::%1$I.%2$I, n.row || n.version::jsonb)) <> n.row END) f
        GROUP BY f.chain, f.problem ORDER BY 1, 2
        $q$, register, relation, columns, key);
COMMENT ON FUNCTION table_faults_query(name, name, text, text) IS
'Internal: the query of record_faults() about a table of a register, whose key is columns, apart by commas, and key, '
'an expression in a query of its rows s: compares the newest version of each row that the entries ($1 and $2, arrays '
'of their chains and numbers) have with the row. NULL for NULL';

CREATE FUNCTION record_faults(register regclass)
    RETURNS TABLE (school_urn integer, entry_id bigint, problem text)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    -- a query for each table takes longer to compile than to run
    SET jit = off
AS $$
DECLARE
    schema name := @extschema@.register_of(register);
    kept record;
BEGIN
    PERFORM @extschema@.need_all_rows(register);
    RETURN QUERY SELECT f.* FROM @extschema@.fact_faults(schema) f;
    -- each entry is of few tables
    FOR kept IN EXECUTE format($q$
        SELECT c.relname AS relation, k.columns, k.of, e.chains, e.entries
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL (
            SELECT string_agg(a.attname, ',' ORDER BY a.attnum) AS columns,
                CASE count(*) WHEN 1 THEN min(format(CASE WHEN a.atttypid IN ('integer'::regtype, 'bigint'::regtype)
                    THEN 's.%%I::text' ELSE 'to_jsonb(s.%%I) #>> ''{}''' END, a.attname))
                    ELSE format('jsonb_build_array(%%s)::text', string_agg(format('s.%%I', a.attname), ', '
                        ORDER BY a.attnum)) END AS of
            FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)
            WHERE x.indrelid = c.oid AND x.indisprimary) AS k
        LEFT JOIN (
            SELECT v.relation, array_agg(v.school_urn) AS chains, array_agg(v.entry_id) AS entries
            FROM (SELECT DISTINCT k.relation, j.school_urn, j.entry_id
                FROM %1$I.journal j CROSS JOIN LATERAL @extschema@.journal_keys(j.payload, '{}', '{}') k
                WHERE j.kind = 'records') v
            GROUP BY v.relation) AS e ON e.relation = c.relname
        WHERE n.nspname = %1$L AND c.relkind = 'r' AND k.columns IS NOT NULL
            AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid
                AND t.tgfoid = '@extschema@.gather_record()'::regprocedure)
        ORDER BY c.relname
        $q$, schema)
    LOOP
        RETURN QUERY EXECUTE @extschema@.table_faults_query(schema, kept.relation, kept.columns, kept.of)
            USING kept.chains, kept.entries;
    END LOOP;
END
$$;
COMMENT ON FUNCTION record_faults(regclass) IS
'Internal: for verify_journal(): the rows beside marks that are not as the newest entries of the journal made them, '
'are there without one, or are missing without having been disposed of; of each table and chain the first, and how '
'many more; and lines that do not say what their enrolments say, fact_faults(). The argument is a table of the '
'register. No rows if all is well, and for NULL; 42501 where row-level security hides rows from the caller';
