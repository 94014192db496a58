-- Entries of the past: as far back as all that was ever entered up to now goes, or what was entered at one school.
CREATE FUNCTION older_payload(kind text, payload bytea, years interval) RETURNS bytea LANGUAGE sql AS $$
    SELECT CASE kind WHEN 'records' THEN (
        SELECT convert_to(jsonb_agg(jsonb_set(jsonb_set(item,
                '{old,entered_at}', coalesce(to_jsonb((item #>> '{old,entered_at}')::timestamptz - years), 'null'), false),
                '{new,entered_at}', coalesce(to_jsonb((item #>> '{new,entered_at}')::timestamptz - years), 'null'), false) ORDER BY n)::text, getdatabaseencoding())
        FROM jsonb_array_elements(convert_from(payload, getdatabaseencoding())::jsonb) WITH ORDINALITY AS i (item, n)) ELSE payload END
$$;
CREATE FUNCTION make_older(years interval, school integer DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    j record;
    chain integer := -1;
    before bytea[];
    tables text[] := ARRAY(SELECT relation FROM record_kinds());
    t text;
BEGIN
    SET LOCAL session_replication_role = replica;
    CREATE TEMPORARY TABLE renamed (old bytea PRIMARY KEY, new bytea);
    -- each hash anew, in order, with those that it follows
    FOR j IN SELECT * FROM r.journal WHERE school IS NULL OR school_urn = school ORDER BY school_urn, entry_id LOOP
        SELECT array_agg(n.new ORDER BY i) INTO before
        FROM generate_series(0, octet_length(j.previous) / 32 - 1) i JOIN renamed n ON n.old = substr(j.previous, i * 32 + 1, 32);
        UPDATE r.journal k SET entered_at = j.entered_at - years, previous = coalesce((SELECT string_agg(b, '' ORDER BY o) FROM unnest(before) WITH ORDINALITY u (b, o)), ''),
            payload = older_payload(j.kind, j.payload, years),
            hash = journal_hash(j.school_urn, j.entry_id, j.entered_at - years, j.kind, j.login, j.entered_by, j.title, j.reason,
                coalesce((SELECT string_agg(b, '' ORDER BY o) FROM unnest(before) WITH ORDINALITY u (b, o)), ''), older_payload(j.kind, j.payload, years))
        WHERE k.school_urn = j.school_urn AND k.entry_id = j.entry_id;
        INSERT INTO renamed SELECT j.hash, k.hash FROM r.journal k WHERE k.school_urn = j.school_urn AND k.entry_id = j.entry_id;
    END LOOP;
    UPDATE r.journal_head h SET entered_at = h.entered_at - years, hash = n.new FROM renamed n WHERE n.old = h.hash;
    FOREACH t IN ARRAY tables LOOP
        CONTINUE WHEN school IS NOT NULL AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = format('r.%I', t)::regclass AND a.attname = 'school_urn');
        EXECUTE format('UPDATE r.%I SET entered_at = entered_at - $1', t) || CASE WHEN school IS NULL THEN '' ELSE ' WHERE school_urn = ' || school END
            USING years;
    END LOOP;
    DROP TABLE renamed;
    SET LOCAL session_replication_role = origin;
    -- what is disposed of is judged by the newest entry: one of today, of a school that has no others
    INSERT INTO r.registration_policy (school_urn, from_day) VALUES (100004, current_date);
END
$$;
