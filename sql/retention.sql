-- Retention: until when entries are kept, and how they go.

CREATE FUNCTION journal_year(payload bytea) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (pg_catalog.get_byte(payload, 1) & 127) + (pg_catalog.get_byte(payload, 2) << 7);
COMMENT ON FUNCTION journal_year(bytea) IS
'The academic year of an entry of kind marks. NULL for NULL; 2202E for fewer than three bytes';

CREATE FUNCTION kept_until(register name, entered_at timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    until timestamptz;
BEGIN
    EXECUTE format('SELECT $1 + make_interval(years => r.retention_years) FROM %I.regime r
            WHERE r.from_day <= ($1 AT TIME ZONE ''Europe/London'')::date ORDER BY r.from_day DESC LIMIT 1', register)
        INTO until USING entered_at;
    RETURN until;
END
$$;
COMMENT ON FUNCTION kept_until(name, timestamptz) IS
'Until when an entry made at a time is kept in a register: the years (regime.retention_years) of the Regulations in force when it was made. NULL for NULL, and for a time before the first regime. Regulations 2024, regulation 7; Regulations 2006, regulation 14';

CREATE FUNCTION register_retention(
    register regclass, only_school integer DEFAULT NULL, only_year integer DEFAULT NULL)
    RETURNS TABLE (school_urn integer, academic_year integer, lines bigint, entries bigint,
        last_entered_at timestamptz, kept_until timestamptz)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema name := @extschema@.register_of(register);
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT y.school_urn::integer, y.academic_year, y.lines, count(j.entry_id), max(j.entered_at),
            max(@extschema@.kept_until(%2$L, j.entered_at))
        FROM (SELECT l.school_urn, l.academic_year, count(*) AS lines FROM %1$I.register_line l
              WHERE l.school_urn = coalesce($1, l.school_urn) AND l.academic_year = coalesce($2, l.academic_year)
              GROUP BY 1, 2) y
        LEFT JOIN %1$I.journal j ON j.school_urn = y.school_urn AND j.kind = 'marks'
            AND @extschema@.journal_year(j.payload) = y.academic_year
        GROUP BY 1, 2, 3
        $q$, schema, schema) USING only_school, only_year;
END
$$;
COMMENT ON FUNCTION register_retention(regclass, integer, integer) IS
'The academic years of the schools of a register (of one school, of one year): lines, entries in the journal, when the last was made and until when it is kept. The first argument is a table of the register; NULL stands for all schools or years';

CREATE FUNCTION guard_disposal() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    year record;
BEGIN
    SELECT * INTO year FROM @extschema@.register_retention(TG_RELID, NEW.school_urn, NEW.academic_year);
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'AT023',
            MESSAGE = format('school %s has no lines in %s/%s to dispose of', NEW.school_urn, NEW.academic_year,
                to_char((NEW.academic_year + 1) % 100, 'FM00'));
    ELSIF year.kept_until > clock_timestamp() THEN
        RAISE EXCEPTION USING ERRCODE = 'AT023',
            MESSAGE = format('school %s, %s/%s: the entries are kept until %s, they cannot be disposed of before', NEW.school_urn,
                NEW.academic_year, to_char((NEW.academic_year + 1) % 100, 'FM00'), (year.kept_until AT TIME ZONE 'Europe/London')::date);
    END IF;
    EXECUTE format($q$
        WITH gone AS (
            SELECT j.entry_id, j.hash, j.previous FROM %1$I.journal j
            WHERE j.school_urn = $1 AND j.kind = 'marks' AND @extschema@.journal_year(j.payload) = $2),
        followed AS (
            SELECT substr(j.previous, n * 32 + 1, 32) AS hash
            FROM %1$I.journal j, generate_series(0, octet_length(j.previous) / 32 - 1) n
            WHERE j.school_urn = $1 AND j.entry_id NOT IN (SELECT entry_id FROM gone)
            UNION SELECT h.hash FROM %1$I.journal_head h WHERE h.school_urn = $1)
        SELECT count(*), min(g.entry_id), max(g.entry_id),
            encode(sha256(coalesce(string_agg(g.hash, '' ORDER BY g.entry_id), '')), 'hex'),
            coalesce(array_agg(g.hash ORDER BY g.entry_id) FILTER (WHERE g.hash IN (SELECT hash FROM followed)), '{}'),
            (SELECT coalesce(array_agg(DISTINCT f.hash), '{}')
             FROM (SELECT substr(b.previous, n * 32 + 1, 32) AS hash
                   FROM gone b, generate_series(0, octet_length(b.previous) / 32 - 1) n) f
             WHERE f.hash NOT IN (SELECT hash FROM gone)
                AND EXISTS (SELECT FROM %1$I.journal j WHERE j.school_urn = $1 AND j.hash = f.hash))
        FROM gone g
        $q$, TG_TABLE_SCHEMA)
        INTO NEW.entries, NEW.first_entry, NEW.last_entry, NEW.digest, NEW.boundary, NEW.followed USING NEW.school_urn, NEW.academic_year;
    NEW.lines := year.lines;
    NEW.entries_until := year.last_entered_at;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_disposal() IS
'Row trigger of disposal, BEFORE INSERT: only what is due is disposed of (AT023), and the record says what that was';

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
    -- nothing is entered in the year while it goes
    EXECUTE format('LOCK TABLE %I.register_line IN SHARE ROW EXCLUSIVE MODE', schema);
    EXECUTE format('INSERT INTO %I.disposal (school_urn, academic_year, disposed_by, title, ground)
            VALUES ($1, $2, $3, $4, $5) RETURNING disposal_id', schema)
        INTO number USING school_urn, academic_year, disposed_by, title, ground;
    EXECUTE format('DELETE FROM %I.journal j WHERE j.school_urn = $1 AND j.kind = ''marks''
            AND @extschema@.journal_year(j.payload) = $2', schema) USING school_urn, academic_year;
    EXECUTE format('DELETE FROM %I.register_line l WHERE l.school_urn = $1 AND l.academic_year = $2', schema)
        USING school_urn, academic_year;
    RETURN number;
END
$$;
COMMENT ON FUNCTION dispose_of(regclass, integer, integer, text, text, text) IS
'What dispose() of a register calls, with one of its tables: removes the lines of a school''s academic year and their entries in the journal, and leaves a row in disposal, whose number it returns. AT023 before the last entry has been kept long enough';

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
    ELSIF TG_OP = 'DELETE' AND to_jsonb(OLD) ? 'marks' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %1$I.disposal d WHERE d.school_urn = $1 AND d.academic_year = $2)
                AND NOT EXISTS (SELECT FROM %1$I.journal j WHERE j.school_urn = $1 AND j.kind = ''marks''
                    AND @extschema@.journal_year(j.payload) = $2)', TG_TABLE_SCHEMA)
            INTO gone USING OLD.school_urn, OLD.academic_year;
        SELECT r.kept_until INTO until FROM @extschema@.register_retention(TG_RELID, OLD.school_urn, OLD.academic_year) r;
    ELSIF TG_OP = 'DELETE' THEN
        until := @extschema@.kept_until(TG_TABLE_SCHEMA, (to_jsonb(OLD) ->> 'entered_at')::timestamptz);
    END IF;
    IF gone THEN
        RETURN OLD;
    ELSIF TG_TABLE_NAME = 'journal' THEN
        RAISE EXCEPTION USING ERRCODE = 'AT021',
            MESSAGE = format('%s of table "journal" is refused: the journal is only added to, by the triggers of the register', TG_OP);
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'AT020',
        MESSAGE = format('%s of table "%s" is refused: entries are kept %s', TG_OP, TG_TABLE_NAME,
            coalesce(CASE WHEN until > clock_timestamp() THEN format('until %s', (until AT TIME ZONE 'Europe/London')::date) END,
                'for the years that the Regulations ask for'));
END
$$;
COMMENT ON FUNCTION refuse_removal() IS
'Trigger of the tables that hold entries, BEFORE DELETE of a row or TRUNCATE: refuses (AT020, with the day until which the entry is kept; AT021 for the journal, whose rows are not updated either), unless dispose() removes it. Regulations 2024, regulation 7';
