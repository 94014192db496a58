-- What every table that holds entries has in common: the time of an entry is stamped, who makes it
-- is taken into the journal together with what it was and is, and nothing is taken away.  Settings are
-- no entries of a register: they can be deleted, and the journal says so.

DO $$
DECLARE
    entries record;
BEGIN
    FOR entries IN
        SELECT a.attrelid::regclass AS relation, EXISTS (
                SELECT FROM pg_catalog.pg_attribute s
                WHERE s.attrelid = a.attrelid AND s.attname = 'entered_by'
                    AND EXISTS (SELECT FROM pg_catalog.pg_attribute t WHERE t.attrelid = a.attrelid
                        AND t.attname = 'reason')
                    AND EXISTS (SELECT FROM pg_catalog.pg_attribute t WHERE t.attrelid = a.attrelid
                        AND t.attname = 'title')
            ) AS signed,
            c.relname IN ('registration_policy', 'return_arrangement') AS setting, c.relname ~ '_former$' AS former
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = pg_catalog.current_schema() AND c.relkind = 'r'
            AND a.attname = 'entered_at' AND c.relname NOT IN ('journal', 'journal_head')
        ORDER BY c.relname
    LOOP
        EXECUTE pg_catalog.format('CREATE TRIGGER a_stamp_entry BEFORE INSERT OR UPDATE ON %s
            FOR EACH ROW EXECUTE FUNCTION stamp_entry(%s)', entries.relation,
            -- to say what held before is to change it
            CASE WHEN entries.former THEN '''signed'', ''always''' WHEN entries.signed THEN '''signed'''
                ELSE '''''' END);
        EXECUTE pg_catalog.format('CREATE TRIGGER gather_record AFTER INSERT OR UPDATE %s ON %s
            FOR EACH ROW EXECUTE FUNCTION gather_record()',
            CASE WHEN entries.setting THEN 'OR DELETE' END, entries.relation);
        EXECUTE pg_catalog.format('CREATE TRIGGER write_journal AFTER INSERT OR UPDATE %s ON %s
            FOR EACH STATEMENT EXECUTE FUNCTION write_journal()',
            CASE WHEN entries.setting THEN 'OR DELETE' END, entries.relation);
        IF NOT entries.setting THEN
            EXECUTE pg_catalog.format('CREATE TRIGGER refuse_removal BEFORE DELETE ON %s
                FOR EACH ROW EXECUTE FUNCTION refuse_removal()', entries.relation);
        END IF;
        EXECUTE pg_catalog.format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal()', entries.relation);
    END LOOP;
END
$$;
