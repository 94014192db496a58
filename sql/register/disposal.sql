-- Disposal: how entries go when they have been kept long enough.

CREATE FUNCTION disposal_time(register regclass) RETURNS timestamptz
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    newest timestamptz;
BEGIN
    -- what a disposal enters is not what it is judged by
    EXECUTE format($q$
        SELECT max(n.entered_at) FROM (SELECT DISTINCT h.school_urn FROM %1$I.journal_head h) s
        CROSS JOIN LATERAL (
            SELECT j.entered_at FROM %1$I.journal j
            WHERE j.school_urn = s.school_urn
                AND NOT (j.kind = 'records' AND substring(j.payload FOR 20) = '[{"table":"disposal"'::bytea)
            ORDER BY j.entry_id DESC LIMIT 1) n
        $q$, @extschema@.register_of(register)) INTO newest;
    RETURN least(newest, clock_timestamp());
END
$$;
COMMENT ON FUNCTION disposal_time(regclass) IS
'Internal: the time by which it is decided whether entries of a register have been kept long enough: that of its '
'newest entry, or that of the clock if it is earlier. A clock that is years ahead disposes of nothing; where nothing '
'has been entered since, something is entered first. NULL for NULL. Regulations 2024, regulation 7';

CREATE FUNCTION disposal_items_due(register regclass, chain integer) RETURNS TABLE (unit text, key text)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- an entry goes when every record in it goes or has gone, and it is due itself
    RETURN QUERY
        WITH record AS MATERIALIZED (
            SELECT * FROM @extschema@.record_retention(register, chain, @extschema@.disposal_time(register)))
        SELECT DISTINCT r.unit, r.key FROM record r WHERE r.due
        UNION ALL
        SELECT 'journal', e.entry_id::text FROM @extschema@.journal_records(register, chain) e
        LEFT JOIN (SELECT DISTINCT r.unit, r.key FROM record r WHERE NOT r.due) k ON k.unit = e.unit AND k.key = e.key
        GROUP BY e.entry_id
        HAVING bool_and(e.unit IS NOT NULL AND k.unit IS NULL
            AND coalesce(e.kept_until <= @extschema@.disposal_time(register), false));
END
$$;
COMMENT ON FUNCTION disposal_items_due(regclass, integer) IS
'Internal: what a disposal of records of a school (0: of no single school) removes now: the units of record_kinds() '
'that are due, and, as units named journal, the entries that name no other record. No rows for NULL';

CREATE FUNCTION guard_disposal_item() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    chain integer;
BEGIN
    FOR chain IN SELECT DISTINCT i.school_urn FROM new_item i LOOP
        IF EXISTS (SELECT i.unit, i.key FROM new_item i WHERE i.school_urn = chain
                   EXCEPT SELECT d.unit, d.key FROM @extschema@.disposal_items_due(TG_RELID, chain) d) THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, chain, 'disposal', 'what is not due cannot be disposed of',
                TG_TABLE_NAME);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION guard_disposal_item() IS
'Statement trigger of disposal_item, AFTER INSERT or UPDATE: nothing is in it that is not due (AT023)';

CREATE FUNCTION describe_year(disposal jsonb, register regclass) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    school integer := disposal ->> 'school_urn';
    of_year integer := disposal ->> 'academic_year';
    schema_name name := @extschema@.register_of(register);
    named text := format('%s/%s', of_year, to_char((of_year + 1) % 100, 'FM00'));
    year record;
    gone bigint[];
BEGIN
    SELECT * INTO year FROM @extschema@.register_retention(register, school, of_year);
    IF NOT FOUND THEN
        PERFORM @extschema@.break_rule(schema_name, coalesce(school, 0), 'disposal',
            format('school %s has no lines in %s to dispose of', school, named), 'disposal', 'academic_year');
    ELSIF year.kept_until IS NULL THEN
        PERFORM @extschema@.break_rule(schema_name, school, 'disposal',
            format('school %s, %s: the lines have no entries in the journal that say until when they are kept', school,
                named), 'disposal', 'academic_year');
    ELSIF year.kept_until > @extschema@.disposal_time(register) THEN
        PERFORM @extschema@.break_rule(schema_name, school, 'disposal',
            format('school %s, %s: the entries are kept until %s, they cannot be disposed of before', school, named,
                (year.kept_until AT TIME ZONE 'Europe/London')::date), 'disposal', 'academic_year');
    END IF;
    EXECUTE format('SELECT array_agg(j.entry_id) FROM %I.journal j
            WHERE j.school_urn = $1 AND j.kind = ''marks'' AND @extschema@.journal_year(j.payload) = $2',
        schema_name) INTO gone USING school, of_year;
    RETURN jsonb_build_object('lines', year.lines, 'records', NULL, 'gone', coalesce(gone, '{}'));
END
$$;
COMMENT ON FUNCTION describe_year(jsonb, regclass) IS
'Internal: for guard_disposal(): what the disposal of a school''s academic year removes: lines, and the entries as '
'gone. AT023 if it is not due. NULL for NULL';

CREATE FUNCTION describe_records(disposal jsonb, register regclass) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    chain integer := coalesce((disposal ->> 'school_urn')::integer, 0);
    records jsonb;
    gone bigint[];
    next timestamptz;
BEGIN
    SELECT jsonb_object_agg(r.relation, r.rows) INTO records FROM (
        SELECT k.relation, sum(k.records) AS rows FROM @extschema@.record_retention(register, chain,
            @extschema@.disposal_time(register)) k
        WHERE k.due GROUP BY k.relation) AS r;
    SELECT array_agg(i.key::bigint) INTO gone FROM @extschema@.disposal_items_due(register, chain) i
        WHERE i.unit = 'journal';
    IF records IS NULL AND gone IS NULL THEN
        SELECT min(k.kept_until) INTO next FROM @extschema@.record_retention(register, chain) k
        WHERE k.kept_until > @extschema@.disposal_time(register);
        PERFORM @extschema@.break_rule(@extschema@.register_of(register), chain, 'disposal',
            format('no records of %s are due for disposal%s',
                CASE chain WHEN 0 THEN 'pupils (of no single school)' ELSE 'school ' || chain END,
                CASE WHEN next IS NULL THEN ': what there is goes with something that is kept, such as marks, or a '
                                            'name on the roll'
                    ELSE format(', the first of them are kept until %s',
                        (next AT TIME ZONE 'Europe/London')::date) END),
            'disposal');
    END IF;
    RETURN jsonb_build_object('lines', NULL, 'records', coalesce(records, '{}'), 'gone', coalesce(gone, '{}'));
END
$$;
COMMENT ON FUNCTION describe_records(jsonb, regclass) IS
'Internal: for guard_disposal(): what the disposal of records of a school, or of no single school, removes: rows by '
'table, and the entries as gone. AT023 if nothing is due. NULL for NULL';

CREATE FUNCTION guard_disposal() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    removed jsonb;
BEGIN
    -- what was entered since a snapshot was taken is not in it, and would go unseen
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('nothing is disposed of in a transaction of isolation level %s: use READ COMMITTED',
                upper(current_setting('transaction_isolation')));
    END IF;
    removed := CASE WHEN NEW.academic_year IS NULL THEN @extschema@.describe_records(to_jsonb(NEW), TG_RELID)
        ELSE @extschema@.describe_year(to_jsonb(NEW), TG_RELID) END;
    NEW.lines := removed ->> 'lines';
    NEW.records := nullif(removed -> 'records', 'null');
    -- those that are left, whatever a disposal before found, are followed by what goes now
    EXECUTE format($q$
        WITH gone AS (
            SELECT j.entry_id, j.entered_at, j.hash, j.previous FROM %1$I.journal j
            JOIN (SELECT e::bigint FROM jsonb_array_elements_text($2) e) AS g (entry_id) ON g.entry_id = j.entry_id
            WHERE j.school_urn = $1)
        SELECT count(*), min(g.entry_id), max(g.entry_id), max(g.entered_at),
            encode(sha256(coalesce(string_agg(g.hash, '' ORDER BY g.entry_id), '')), 'hex'),
            coalesce(array_agg(g.hash ORDER BY g.entry_id), '{}'),
            (SELECT coalesce(array_agg(DISTINCT f.hash), '{}')
             FROM (SELECT substr(b.previous, n * 32 + 1, 32) AS hash
                   FROM gone b, generate_series(0, octet_length(b.previous) / 32 - 1) n) f
             WHERE f.hash NOT IN (SELECT hash FROM gone)
                AND EXISTS (SELECT FROM %1$I.journal j WHERE j.school_urn = $1 AND j.hash = f.hash))
        FROM gone g
        $q$, TG_TABLE_SCHEMA)
        INTO NEW.entries, NEW.first_entry, NEW.last_entry, NEW.entries_until, NEW.digest, NEW.hashes, NEW.followed
        USING coalesce(NEW.school_urn, 0), removed -> 'gone';
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_disposal() IS
'Row trigger of disposal, BEFORE INSERT: only what is due is disposed of (AT023), not by an old snapshot (55000), and '
'the record says what that was';

CREATE FUNCTION remove_year(schema name, school_urn integer, academic_year integer) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('DELETE FROM %I.journal j WHERE j.school_urn = $1 AND j.kind = ''marks''
            AND @extschema@.journal_year(j.payload) = $2', schema) USING school_urn, academic_year;
    EXECUTE format('DELETE FROM %I.register_line l WHERE l.school_urn = $1 AND l.academic_year = $2', schema)
        USING school_urn, academic_year;
END
$$;
COMMENT ON FUNCTION remove_year(name, integer, integer) IS
'Internal: for dispose_of(): removes the lines of a school''s academic year and their entries; AT020 and AT021 unless '
'they are being disposed of. No effect for NULL';

CREATE FUNCTION remove_records(schema name, chain integer) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kind record;
BEGIN
    EXECUTE format('INSERT INTO %1$I.disposal_item SELECT $1, i.unit, i.key FROM @extschema@.disposal_items_due(%2$L, '
                   '$1) i',
        schema, format('%I.register_line', schema)) USING chain;
    -- how many they are decides how they are found
    EXECUTE format('ANALYZE %I.disposal_item', schema);
    EXECUTE format('DELETE FROM %1$I.journal j USING %1$I.disposal_item i
            WHERE j.school_urn = $1 AND i.school_urn = $1 AND i.unit = ''journal''
                AND i.key = j.entry_id::text', schema) USING chain;
    -- plans are no entries
    EXECUTE format('DELETE FROM %1$I.planned_mark p USING %1$I.disposal_item i
            WHERE i.school_urn = $1 AND i.unit = ''leave_of_absence''
                AND p.school_urn = $1 AND i.key = p.leave_id::text', schema) USING chain;
    FOR kind IN SELECT * FROM @extschema@.record_kinds() LOOP
        EXECUTE format('DELETE FROM %1$I.%2$I t USING %1$I.disposal_item i
                WHERE i.school_urn = $1 AND i.unit = %3$L AND i.key = to_jsonb(t) ->> %4$L
                    AND coalesce((to_jsonb(t) ->> ''school_urn'')::integer, 0) = $1',
                schema, kind.relation, kind.unit, kind.key)
            USING chain;
    END LOOP;
    EXECUTE format('DELETE FROM %I.disposal_item i WHERE i.school_urn = $1', schema) USING chain;
END
$$;
COMMENT ON FUNCTION remove_records(name, integer) IS
'Internal: for dispose_of(): removes the records of a school (0: of no single school) that are due, and their entries; '
'AT020 and AT021 unless they are being disposed of. No effect for NULL';

CREATE FUNCTION dispose_of(
    register regclass, school_urn integer, academic_year integer, disposed_by text, title text, ground text)
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema name := @extschema@.register_of(register);
    number bigint;
BEGIN
    -- nothing is entered while it goes; lines come last, as for those who enter natures or move a starting day
    EXECUTE (SELECT format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', string_agg(format('%I.%I', schema, l.relation),
        ', ' ORDER BY l.n))
        FROM (SELECT k.relation, k.n FROM @extschema@.record_kinds() WITH ORDINALITY AS k (relation, unit, key, needed,
            n) WHERE academic_year IS NULL
              UNION ALL SELECT 'register_line', 1000) AS l);
    EXECUTE format('INSERT INTO %I.disposal (school_urn, academic_year, disposed_by, title, ground)
            VALUES ($1, $2, $3, $4, $5) RETURNING disposal_id', schema)
        INTO number USING school_urn, academic_year, disposed_by, title, ground;
    PERFORM @extschema@.remove_year(schema, school_urn, academic_year);
    IF academic_year IS NULL THEN
        PERFORM @extschema@.remove_records(schema, coalesce(school_urn, 0));
    END IF;
    RETURN number;
END
$$;
COMMENT ON FUNCTION dispose_of(regclass, integer, integer, text, text, text) IS
'Internal: what dispose() and dispose_records() of a register call, with one of its tables: removes the lines of a '
'school''s academic year, or without a year the records of the school (NULL: of no single school) that are due, with '
'their entries in the journal, and leaves a row in disposal, whose number it returns. AT023 before the last entry of a '
'year has been kept long enough, or if no record is due';

CREATE FUNCTION is_disposed_of(of_table regclass, removed jsonb) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    chain integer := coalesce((removed ->> 'school_urn')::integer, 0);
    gone boolean;
BEGIN
    -- in the transaction in which it was found to be due, with nothing entered since: not what has taken the key of
    -- what was due
    EXECUTE format($q$
        SELECT EXISTS (SELECT FROM %1$I.disposal_item i
            JOIN (SELECT relation, unit, key FROM @extschema@.record_kinds() UNION ALL SELECT 'journal', 'journal',
                'entry_id') k ON k.unit = i.unit
            WHERE k.relation = $1 AND i.school_urn = $2 AND i.key = $3 ->> k.key)
        AND EXISTS (SELECT FROM %1$I.disposal d
            WHERE coalesce(d.school_urn, 0) = $2 AND d.academic_year IS NULL AND d.entered_at >= now())
        AND (SELECT substring(j.payload FOR 20) = '[{"table":"disposal"'::bytea FROM %1$I.journal j
            WHERE j.school_urn = $2 AND j.kind = 'records' ORDER BY j.entry_id DESC LIMIT 1)
        AND @extschema@.kept_until(%2$L, ($3 ->> 'entered_at')::timestamptz) <= @extschema@.disposal_time(%3$L)
        $q$, @extschema@.register_of(of_table), @extschema@.register_of(of_table), of_table)
        INTO gone USING (SELECT c.relname::text FROM pg_class c WHERE c.oid = of_table), chain, removed;
    RETURN coalesce(gone, false);
END
$$;
COMMENT ON FUNCTION is_disposed_of(regclass, jsonb) IS
'Internal: for refuse_removal(): whether a record, or an entry of kind records, is being removed by a disposal. NULL '
'for NULL';

CREATE FUNCTION record_kept_until(of_table regclass, record jsonb) RETURNS timestamptz
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT max(e.kept_until)
        FROM @extschema@.record_kinds() k JOIN pg_class c ON c.relname = k.relation
        CROSS JOIN LATERAL @extschema@.journal_records(of_table, coalesce((record ->> 'school_urn')::integer, 0)) e
        WHERE c.oid = of_table AND e.unit = k.unit AND e.key = record ->> k.key);
END
$$;
COMMENT ON FUNCTION record_kept_until(regclass, jsonb) IS
'Internal: for refuse_removal(): until when the newest entry of a record, and of those that go with it, is kept. NULL '
'for NULL, and for a record of which the journal says nothing';

CREATE FUNCTION refuse_removal() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    gone boolean := false;
    until timestamptz;
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'journal' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.disposal d WHERE d.school_urn = $1 AND d.academic_year = $2
                AND $3 BETWEEN d.first_entry AND d.last_entry AND $4 <= d.entries_until)', TG_TABLE_SCHEMA)
            INTO gone USING OLD.school_urn, CASE WHEN OLD.kind = 'marks' THEN @extschema@.journal_year(OLD.payload) END,
                OLD.entry_id, OLD.entered_at;
        gone := gone OR OLD.kind = 'records' AND @extschema@.is_disposed_of(TG_RELID,
            jsonb_build_object('school_urn', OLD.school_urn, 'entry_id', OLD.entry_id, 'entered_at', OLD.entered_at));
    ELSIF TG_OP = 'DELETE' AND to_jsonb(OLD) ? 'marks' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %1$I.disposal d WHERE d.school_urn = $1 AND d.academic_year = $2)
                AND NOT EXISTS (SELECT FROM %1$I.journal j WHERE j.school_urn = $1 AND j.kind = ''marks''
                    AND @extschema@.journal_year(j.payload) = $2)', TG_TABLE_SCHEMA)
            INTO gone USING OLD.school_urn, OLD.academic_year;
        SELECT r.kept_until INTO until FROM @extschema@.register_retention(TG_RELID, OLD.school_urn,
            OLD.academic_year) r;
    ELSIF TG_OP = 'DELETE' THEN
        gone := @extschema@.is_disposed_of(TG_RELID, to_jsonb(OLD));
        IF NOT gone THEN
            until := @extschema@.record_kept_until(TG_RELID, to_jsonb(OLD));
        END IF;
    END IF;
    IF gone THEN
        RETURN OLD;
    ELSIF TG_TABLE_NAME = 'journal' THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, 0, 'journal',
            format('%s of table "journal" is refused: the journal is only added to, by the triggers of the register',
                TG_OP), TG_TABLE_NAME);
    END IF;
    PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, 0, 'retention',
        format('%s of table "%s" is refused: entries are kept %s', TG_OP, TG_TABLE_NAME,
            coalesce(CASE WHEN until > clock_timestamp() THEN format('until %s',
                (until AT TIME ZONE 'Europe/London')::date) END, 'for the years that the Regulations ask for')),
                TG_TABLE_NAME);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION refuse_removal() IS
'Trigger of the tables that hold entries, BEFORE DELETE of a row or TRUNCATE, of disposal also UPDATE: refuses (AT020, '
'with the day until which the newest entry is kept; AT021 for the journal, whose rows are not updated either), unless '
'dispose() or dispose_records() removes it. Regulations 2024, regulation 7';
