-- Facts with dates: a row says what holds now, and a table beside it what held before, until which day.

CREATE FUNCTION take_date() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_take_date' LANGUAGE C;
COMMENT ON FUNCTION take_date() IS
'Row trigger of tables whose facts have dates, BEFORE INSERT OR UPDATE: takes holds_from, the day from which on what a '
'statement changes holds, for keep_former(): one for all rows (0A000), and a day (22008)';

CREATE FUNCTION running_date(entered regclass) RETURNS date
    AS 'MODULE_PATHNAME', 'att_running_date' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION running_date(regclass) IS
'Internal: for triggers of a table: the day from which on what the statement that runs on it changes holds '
'(holds_from). NULL where it gives none, where none runs, and for NULL';

-- Registers of the first definition have no such tables until they are upgraded.
CREATE FUNCTION enrolment_periods(register name) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.format(CASE WHEN pg_catalog.to_regclass(pg_catalog.format('%I.enrolment_former', register))
            IS NULL THEN 'SELECT e.*, e.start_date AS from_day, e.end_date AS to_day FROM %I.enrolment e'
            ELSE 'SELECT p.* FROM %I.enrolment_period p' END, register);
    END;
COMMENT ON FUNCTION enrolment_periods(name) IS
'Internal: the query of the enrolments of a register with the days from and to which their facts hold. NULL for NULL';

CREATE FUNCTION enrolment_on(register name, enrolment jsonb, day date) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    former jsonb;
BEGIN
    IF to_regclass(format('%I.enrolment_former', register)) IS NULL THEN
        RETURN enrolment;
    END IF;
    EXECUTE format($sql$
        SELECT jsonb_build_object('status', f.status, 'boarder', f.boarder, 'year_group', f.year_group,
            'registration_group', f.registration_group)
        FROM %1$I.enrolment_former f
        WHERE f.school_urn = $1 AND f.pupil_id = $2 AND f.start_date = $3 AND f.to_day >= $4
        ORDER BY f.to_day LIMIT 1
        $sql$, register)
        INTO former USING (enrolment ->> 'school_urn')::integer, (enrolment ->> 'pupil_id')::bigint,
            (enrolment ->> 'start_date')::date, day;
    RETURN enrolment || coalesce(former, '{}');
END
$$;
COMMENT ON FUNCTION enrolment_on(name, jsonb, date) IS
'Internal: an enrolment, a row as jsonb, as it was on a day: with the facts of enrolment_former, if they have changed '
'since. NULL for NULL';

CREATE FUNCTION school_type_on(register name, school_urn integer, day date) RETURNS text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    type text;
BEGIN
    EXECUTE format(CASE WHEN to_regclass(format('%I.school_former', register)) IS NULL
        THEN 'SELECT s.type FROM %I.school s WHERE s.urn = $1'
        ELSE 'SELECT s.type FROM %I.school_on($2) s WHERE s.urn = $1' END, register)
        INTO type USING school_urn, day;
    RETURN type;
END
$$;
COMMENT ON FUNCTION school_type_on(name, integer, date) IS
'Internal: the type that a school of a register had on a day. NULL for NULL, and for a school that is not there';

-- In the fragments o is the row that a statement changed, n what it made of it, f a row of what held before; $1 is the
-- day from which on the change holds, $2 whether it was given, $3 the facts of which NULL says that they are not known.
CREATE FUNCTION fact_terms(facts text[], form text, separator text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.string_agg(pg_catalog.format(form, t.fact), separator ORDER BY t.place)
        FROM pg_catalog.unnest(facts) WITH ORDINALITY AS t (fact, place);
    END;
COMMENT ON FUNCTION fact_terms(text[], text, text) IS
'Internal: for keep_former(): a form, as of format(), filled with each column of a table, joined by a separator. NULL '
'for NULL';

CREATE FUNCTION keep_former_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    former name := TG_ARGV[0];
    keys text[] := TG_ARGV[1]::text[];
    facts text[] := TG_ARGV[2]::text[];
    starts text := TG_ARGV[3];
    unknown text[] := TG_ARGV[4]::text[];
    same_key text := @extschema@.fact_terms(keys, 'o.%1$I = n.%1$I', ' AND ');
    pairs text := format('old_rows o JOIN new_rows n ON (%s) IS DISTINCT FROM (%s) AND %s',
        @extschema@.fact_terms(facts, 'o.%I', ', '), @extschema@.fact_terms(facts, 'n.%I', ', '), same_key);
    changed text := @extschema@.fact_terms(facts, 'CASE WHEN o.%1$I IS NOT DISTINCT FROM n.%1$I THEN f.%1$I
        WHEN NOT $2 AND o.%1$I IS NULL AND %1$L = ANY ($3) THEN coalesce(f.%1$I, n.%1$I)
        WHEN f.to_day >= $1 THEN n.%1$I ELSE f.%1$I END', ', ');
    given date := @extschema@.running_date(TG_RELID);
    holds_from date := coalesce(given, clock_timestamp() AT TIME ZONE 'Europe/London');
    is_lost boolean;
    held_until date;
BEGIN
    -- a row that is given another key is not told from others: what it was would be lost
    EXECUTE format('SELECT EXISTS (
            SELECT %1$s FROM new_rows n WHERE NOT EXISTS (SELECT FROM old_rows o WHERE %2$s)
            EXCEPT ALL SELECT %1$s FROM old_rows n WHERE NOT EXISTS (SELECT FROM new_rows o WHERE %2$s))',
        @extschema@.fact_terms(facts, 'n.%I', ', '), same_key) INTO is_lost;
    IF is_lost THEN
        RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            HINT = 'Change what holds in a statement of its own.',
            MESSAGE = format('%s cannot change together with %s', concat_ws(', ', VARIADIC facts),
                concat_ws(', ', VARIADIC keys));
    END IF;
    -- what it says now is said to have held earlier, too: that is no change, and would be left undone without a word
    IF given IS NOT NULL THEN
        EXECUTE format('SELECT max(f.to_day)
                FROM old_rows o JOIN new_rows n ON (%1$s) IS NOT DISTINCT FROM (%2$s) AND %3$s
                JOIN %4$I.%5$I f ON (%6$s) = (%7$s) AND f.to_day >= $1 AND (%8$s) IS DISTINCT FROM (%2$s)',
            @extschema@.fact_terms(facts, 'o.%I', ', '), @extschema@.fact_terms(facts, 'n.%I', ', '), same_key,
            TG_TABLE_SCHEMA, former, @extschema@.fact_terms(keys, 'f.%I', ', '),
            @extschema@.fact_terms(keys, 'n.%I', ', '), @extschema@.fact_terms(facts, 'f.%I', ', '))
            INTO held_until USING given;
    END IF;
    IF held_until IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            HINT = format('Correct the days of %s.', former), MESSAGE = format('%s says this already, but until %s '
                'something else held, so nothing holds from %s', TG_TABLE_NAME, held_until::text, given::text);
    END IF;
    -- what held on the day before, unless that was to hold until then already
    EXECUTE format($sql$
        INSERT INTO %1$I.%2$I (%3$s, to_day, %4$s)
        SELECT %5$s, $1 - 1, %6$s
        FROM (
            SELECT DISTINCT ON (%7$s) %7$s, %8$s, f.to_day, count(*) OVER () AS of
            FROM %9$s
            LEFT JOIN %1$I.%2$I f ON (%10$s) = (%7$s) AND f.to_day >= $1 - 1
            WHERE $1 > %11$s AND (%12$s)
            ORDER BY %7$s, f.to_day) AS q
        -- all are counted, and so read, before the first is written: to a planner who knows that the table is empty it
        -- would not matter that each row is looked for among those that were written
        WHERE q.of > 0 AND q.to_day IS DISTINCT FROM $1 - 1
        $sql$, TG_TABLE_SCHEMA, former, @extschema@.fact_terms(keys, '%I', ', '),
        @extschema@.fact_terms(facts, '%I', ', '), @extschema@.fact_terms(keys, 'q.%I', ', '),
        @extschema@.fact_terms(facts, 'q.%I', ', '), @extschema@.fact_terms(keys, 'n.%I', ', '),
        @extschema@.fact_terms(facts, 'CASE WHEN f.to_day IS NULL THEN o.%1$I ELSE f.%1$I END AS %1$I', ', '),
        pairs, @extschema@.fact_terms(keys, 'f.%I', ', '), starts,
        -- what was not known was never otherwise, unless a day is given
        @extschema@.fact_terms(facts,
            'o.%1$I IS DISTINCT FROM n.%1$I AND ($2 OR o.%1$I IS NOT NULL OR %1$L <> ALL ($3))', ' OR '))
        USING holds_from, given IS NOT NULL, unknown;
    EXECUTE format($sql$
        UPDATE %1$I.%2$I f SET (%3$s) = ROW(%4$s)
        FROM %5$s
        WHERE (%6$s) = (%7$s) AND (%8$s) IS DISTINCT FROM (%4$s)
        $sql$, TG_TABLE_SCHEMA, former, @extschema@.fact_terms(facts, '%I', ', '), changed, pairs,
        @extschema@.fact_terms(keys, 'f.%I', ', '), @extschema@.fact_terms(keys, 'n.%I', ', '),
        @extschema@.fact_terms(facts, 'f.%I', ', '))
        USING holds_from, given IS NOT NULL, unknown;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_former_as_owner() IS 'What keep_former() does, with the rights of whoever runs it';

CREATE FUNCTION keep_former() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_keep_former' LANGUAGE C;
COMMENT ON FUNCTION keep_former() IS
'Statement trigger of tables whose facts have dates, AFTER UPDATE, with transition tables old_rows and new_rows: what '
'a row said before the day from which on its change holds (holds_from, otherwise today) goes into the table beside it, '
'but not where its key changes as well, nor where nothing changes and something else held after that day (0A000). '
'What was not known is filled in for the time before as well, unless a day was given. Its arguments are that '
'table, the key of the row, the facts, the term for the first day of what it may say, and the facts of which NULL says '
'that they are not known';
