-- The register as it stood, and proof that nothing was taken away.

CREATE FUNCTION register_as_at(at timestamptz)
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, marks mark_series)
    LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
    SELECT s.urn, l.academic_year, l.pupil_id, l.marks
    FROM school s CROSS JOIN LATERAL lines_as_at('register_line'::regclass, s.urn, at) l;
END;
COMMENT ON FUNCTION register_as_at(timestamptz) IS
'The lines of the register as they stood at a time: tallies and rates are computed from them as from register_line. '
'Lines that had no marks yet are left out. No rows for NULL';

CREATE FUNCTION journal_digest()
    RETURNS TABLE (school_urn integer, entry_id bigint, entered_at timestamptz, digest text)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT h.school_urn, h.entry_id, h.entered_at,
        pg_catalog.format('%s:%s:%s', h.school_urn, h.entry_id, pg_catalog.encode(h.hash, 'hex'))
    FROM journal_head h ORDER BY 1, 2;
END;
COMMENT ON FUNCTION journal_digest() IS
'What to keep outside the database: the newest entries of each school with their hashes. verify_journal(digests) tells '
'later whether they, and with them all before them, are still there';

CREATE FUNCTION verify_journal(kept text[] DEFAULT '{}')
    RETURNS TABLE (school_urn integer, entry_id bigint, problem text)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.school_urn, f.entry_id, f.problem
    FROM (SELECT j.school_urn FROM journal j UNION SELECT h.school_urn FROM journal_head h
          UNION SELECT l.school_urn FROM register_line l) s
    CROSS JOIN LATERAL (SELECT x.entry_id, x.problem
                        FROM journal_faults('register_line'::regclass, s.school_urn) x LIMIT 1) f
    UNION ALL
    SELECT r.school_urn, r.entry_id, r.problem FROM record_faults('register_line'::regclass) r
    UNION ALL
    SELECT CASE WHEN k.digest ~ '^[0-9]{1,6}:[0-9]{1,18}:[0-9a-f]{64}$' THEN split_part(k.digest, ':', 1)::integer END,
        CASE WHEN k.digest ~ '^[0-9]{1,6}:[0-9]{1,18}:[0-9a-f]{64}$' THEN split_part(k.digest, ':', 2)::bigint END,
        format('the entry of the kept digest %s is not in the journal', k.digest)
    FROM unnest(kept) AS k (digest)
    WHERE NOT EXISTS (SELECT FROM journal j
        WHERE format('%s:%s:%s', j.school_urn, j.entry_id, encode(j.hash, 'hex')) = k.digest)
    AND NOT EXISTS (SELECT FROM disposal d CROSS JOIN LATERAL unnest(d.hashes) AS h (hash)
        WHERE coalesce(d.school_urn, 0)::text = split_part(k.digest, ':', 1)
            AND encode(h.hash, 'hex') = split_part(k.digest, ':', 3))
    ORDER BY 1, 2;
END;
COMMENT ON FUNCTION verify_journal(text[]) IS
'Verifies the chain of each school and compares it with the lines and all other entries: names the first bad entry of '
'each, tables with rows that are not what the journal made of them, and any digest of journal_digest() that was kept '
'and whose entry is gone, but was not disposed of. No rows if all is well; 42501 for who does not see all of the '
'register';
