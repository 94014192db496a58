-- Keys of a register's tables: the school is a part of each.

CREATE FUNCTION take_school() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schools integer[];
BEGIN
    FOR place IN 0 .. TG_NARGS - 1 BY 2 LOOP
        EXECUTE format('SELECT array_agg(coalesce(p.school_urn, 0)) FROM %I.%I p WHERE p.%I = $1', TG_TABLE_SCHEMA,
            TG_ARGV[place + 1], TG_ARGV[place]) INTO schools USING (to_jsonb(NEW) ->> TG_ARGV[place])::bigint;
        EXIT WHEN schools IS NOT NULL;
    END LOOP;
    -- which of several is meant, who enters the row has to say; that there is none, the foreign key says
    IF cardinality(schools) > 1 THEN
        RETURN NEW;
    END IF;
    RETURN jsonb_populate_record(NEW, jsonb_build_object('school_urn', coalesce(schools[1], 0)));
END
$$;
COMMENT ON FUNCTION take_school() IS
'Row trigger, BEFORE INSERT, of a table whose rows belong to those of others, for a row without school_urn: fills in '
'the school of that to which it belongs, 0 if it is of no single school. Its arguments are the columns that refer to '
'other tables, each with the table, whose key has that name. Where several schools have given the number, the school '
'stays NULL, which the table refuses';
