-- check_register finds what was changed and nothing else; upgrade_register and drop_register go by it.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();

CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';

CREATE FUNCTION faults(register name) RETURNS text[] LANGUAGE sql
RETURN ARRAY(SELECT object || CASE WHEN problem ~ '^(should be|altered):' THEN ' altered' ELSE ' ' || problem END
             FROM check_register(register) ORDER BY object, problem);

-- The objects that are found when a change has been made, which is then undone.
CREATE FUNCTION found(command text, register name DEFAULT 'r') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        EXECUTE command;
        result := array_to_string(faults(register), ', ');
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN result;
    END;
END
$$;

-- Whether, when all these changes have been made, each fault is one of those of one change, and each change has all of its own.
CREATE FUNCTION found_together(commands text[], wanted text[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    lines text[];
BEGIN
    EXECUTE array_to_string(commands, '; ');
    lines := faults('r');
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN (SELECT bool_and(w.faults = coalesce((SELECT string_agg(l.line, ', ' ORDER BY l.n) FROM unnest(lines) WITH ORDINALITY AS l (line, n)
                                                 WHERE position(l.line IN w.faults) > 0), '')) FROM unnest(wanted) AS w (faults))
        AND NOT EXISTS (SELECT FROM unnest(lines) AS l (line)
                        WHERE (SELECT count(*) FROM unnest(wanted) AS w (faults) WHERE position(l.line IN w.faults) > 0) <> 1);
WHEN OTHERS THEN
    RETURN false;
END
$$;

-- What a command names; years are part of what they are years of.
CREATE FUNCTION touched(command text) RETURNS text[] LANGUAGE sql
RETURN ARRAY(SELECT regexp_replace(m[1], '_20\d\d$', '') FROM regexp_matches(command, '\m(?:r|archive|attendance)\.(\w+)', 'g') AS m);

-- is(found(command), wanted, command) for each: changes of different things are made together, for to look takes long, and only
-- where the answer is another than all of theirs, each is made alone.
CREATE FUNCTION each_found(commands text[], wanted text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    rest integer[] := ARRAY(SELECT generate_subscripts(commands, 1));
    now integer[];
    things text[];
    together boolean;
    i integer;
BEGIN
    WHILE cardinality(rest) > 0 LOOP
        now := rest[1:1];
        things := touched(commands[rest[1]]);
        FOREACH i IN ARRAY rest[2:] LOOP
            -- what names nothing may be about everything
            IF cardinality(things) > 0 AND cardinality(touched(commands[i])) > 0 AND NOT touched(commands[i]) && things THEN
                now := now || i;
                things := things || touched(commands[i]);
            END IF;
        END LOOP;
        together := cardinality(now) > 1
            AND found_together(ARRAY(SELECT commands[n] FROM unnest(now) AS n), ARRAY(SELECT wanted[n] FROM unnest(now) AS n));
        FOREACH i IN ARRAY now LOOP
            RETURN NEXT is(CASE WHEN together THEN wanted[i] ELSE found(commands[i]) END, wanted[i], commands[i]);
        END LOOP;
        rest := ARRAY(SELECT n FROM unnest(rest) AS n WHERE n <> ALL (now) ORDER BY n);
    END LOOP;
END
$$;

SELECT is_empty('SELECT * FROM check_register(''r'')', 'a register as it was made');
SELECT is(upgrade_register('r'), 'register "r" is as version ' || (SELECT extversion FROM pg_extension WHERE extname = 'attendance') ||
          ' of the extension makes it', 'has nothing to be upgraded');
SELECT is((SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'check_register%'), 0::bigint, 'the model is gone');

-- ---------- what it is compared with ----------

SAVEPOINT model;
SET LOCAL datestyle = 'German';
SET LOCAL intervalstyle = 'iso_8601';
SET LOCAL timezone = 'Asia/Kolkata';
SET LOCAL bytea_output = 'escape';
SET LOCAL extra_float_digits = -15;
SET LOCAL quote_all_identifiers = on;
-- from PostgreSQL 19 on there are no others
SELECT set_config(s.name, 'off', true) FROM (VALUES ('standard_conforming_strings'), ('escape_string_warning')) AS s (name)
WHERE current_setting('server_version_num')::integer < 190000 \g /dev/null
SELECT is_empty('SELECT * FROM check_register(''r'')', 'is not written as the session has it');
ROLLBACK TO model;
SET LOCAL transaction_read_only = on;
SELECT is_empty('SELECT * FROM check_register(''r'')', 'is there when nothing can be written');
ROLLBACK TO model;
UPDATE register_model SET server_version = server_version - 1;
SELECT is_empty('SELECT * FROM check_register(''r'')', 'is made if there is none for this server');
SET LOCAL transaction_read_only = on;
SELECT throws_ok('SELECT * FROM check_register(''r'')', '55000',
    'there is no model for this version of the server to compare a register with, and none can be made in a read-only transaction',
    'which needs a transaction that can write');
ROLLBACK TO model;
UPDATE register_model SET server_version = 1, objects = '{}', law = '{}';
SELECT lives_ok('SELECT build_register_model()', 'build_register_model makes it anew');
SELECT is((SELECT array_agg(server_version) FROM register_model), ARRAY[current_setting('server_version_num')::integer / 10000], 'for this server');
SELECT is_empty('SELECT * FROM check_register(''r'')', 'and the register is like it');
ROLLBACK TO model;
CREATE ROLE register_check_nobody;
GRANT USAGE ON SCHEMA attendance TO register_check_nobody;
SET LOCAL ROLE register_check_nobody;
SELECT throws_ok('SELECT build_register_model()', '42501', NULL, 'which is not for everybody');
SELECT throws_ok('DELETE FROM register_model', '42501', NULL, 'nor is the model');
ROLLBACK TO model;

-- ---------- what is kept, in a register without reports, which is compared in half the time ----------

SELECT drop_register('r') \g /dev/null
SELECT create_register('r', reports => false), add_academic_year('r', 2024), add_academic_year('r', 2025), fill_register('r') \g /dev/null
SELECT each_found(array_agg(command), array_agg(wanted)) FROM (VALUES
    ('ALTER TABLE r.register_line_2025 DISABLE TRIGGER guard_register_line', 'trigger guard_register_line on register_line_2025 disabled'),
    ('ALTER TABLE r.register_line_2024 ENABLE REPLICA TRIGGER guard_register_line',
     'trigger guard_register_line on register_line_2024 on replicas only'),
    ('DROP TRIGGER guard_register_line ON r.register_line', 'trigger guard_register_line on register_line missing'),
    ('DROP TRIGGER guard_school_day ON r.school_day', 'trigger guard_school_day on school_day missing'),
    ('ALTER TABLE r.school_day DISABLE TRIGGER USER',
        'trigger guard_school_day on school_day altered, trigger hold_calendar on school_day altered, trigger refuse_truncate on school_day altered'),
    ('ALTER TABLE r.school_day ENABLE REPLICA TRIGGER guard_school_day', 'trigger guard_school_day on school_day altered'),
    ('DROP TRIGGER enter_mark ON r.mark', 'trigger enter_mark on mark missing'),
    ('DROP TRIGGER write_marks ON r.mark', 'trigger write_marks on mark missing'),
    ('DROP TRIGGER write_marks ON r.mark_feed', 'trigger write_marks on mark_feed missing'),
    ('DROP TRIGGER feed_mark ON r.mark_feed; CREATE TRIGGER feed_mark INSTEAD OF INSERT ON r.mark_feed FOR EACH ROW EXECUTE FUNCTION enter_mark()',
     'trigger feed_mark on mark_feed altered'),
    ('DROP TRIGGER guard_school_day ON r.school_day; CREATE TRIGGER guard_school_day BEFORE UPDATE ON r.school_day FOR EACH ROW EXECUTE FUNCTION guard_school_day()',
     'trigger guard_school_day on school_day altered'),
    ('ALTER TABLE r.school_day DROP CONSTRAINT school_day_closure', 'constraint school_day_closure on school_day missing'),
    ('ALTER TABLE r.school_day DROP CONSTRAINT school_day_closure, ADD CONSTRAINT school_day_closure CHECK (true)',
     'constraint school_day_closure on school_day altered'),
    ('ALTER TABLE r.school_day DROP CONSTRAINT school_day_closure, ADD CONSTRAINT school_day_closure CHECK (morning AND afternoon OR closure IS NOT NULL) NOT VALID',
     'constraint school_day_closure on school_day altered'),
    ('ALTER TABLE r.enrolment DROP CONSTRAINT enrolment_no_overlap', 'constraint enrolment_no_overlap on enrolment missing'),
    ('ALTER TABLE r.register_line DROP CONSTRAINT register_line_pupil_id_fkey', 'constraint register_line_pupil_id_fkey on register_line missing'),
    ('ALTER TABLE r.register_line DROP CONSTRAINT register_line_in_year', 'constraint register_line_in_year on register_line missing'),
    ('ALTER TABLE r.pupil ALTER surname DROP NOT NULL', 'column pupil.surname altered'),
    ('ALTER TABLE r.pupil DROP former_upn', 'column pupil.former_upn missing, index pupil_former_upn_idx on pupil missing'),
    ('ALTER TABLE r.pupil ALTER pupil_id DROP IDENTITY', 'column pupil.pupil_id altered'),
    ('ALTER TABLE r.enrolment ALTER status SET DEFAULT ''M''', 'column enrolment.status altered'),
    ('ALTER TABLE r.register_line ALTER marks DROP DEFAULT', 'column register_line.marks altered'),
    ('ALTER VIEW r.mark RENAME COLUMN class TO kind', 'view mark altered'),
    -- what keeps the journal and the entries, on the whole and on each partition
    ('DROP TRIGGER gather_line ON r.register_line', 'trigger gather_line on register_line missing'),
    ('ALTER TABLE r.register_line_2025 DISABLE TRIGGER gather_line', 'trigger gather_line on register_line_2025 disabled'),
    ('ALTER TABLE r.register_line_2025 ENABLE REPLICA TRIGGER refuse_removal', 'trigger refuse_removal on register_line_2025 on replicas only'),
    ('DROP TRIGGER write_journal ON r.register_line', 'trigger write_journal on register_line missing'),
    ('DROP TRIGGER write_journal ON r.register_line_2025', 'trigger write_journal on register_line_2025 missing'),
    ('ALTER TABLE r.register_line_2025 DISABLE TRIGGER write_journal', 'trigger write_journal on register_line_2025 disabled'),
    ('DROP TRIGGER write_journal ON r.register_line_2025; CREATE TRIGGER write_journal AFTER INSERT ON r.register_line_2025 FOR EACH STATEMENT EXECUTE FUNCTION write_journal()',
     'trigger write_journal on register_line_2025 missing'),
    ('DROP TRIGGER write_journal ON r.register_line_2025; CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON r.register_line_2025 FOR EACH STATEMENT WHEN (false) EXECUTE FUNCTION write_journal()',
     'trigger write_journal on register_line_2025 missing'),
    ('DROP TRIGGER refuse_truncate ON r.register_line_2024', 'trigger refuse_truncate on register_line_2024 missing'),
    ('DROP TRIGGER refuse_truncate ON r.register_line_2024; CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON r.register_line_2024 FOR EACH STATEMENT EXECUTE FUNCTION nothing()',
     'trigger refuse_truncate on register_line_2024 added, trigger refuse_truncate on register_line_2024 missing'),
    ('ALTER TABLE r.register_line_2024 DISABLE TRIGGER refuse_truncate', 'trigger refuse_truncate on register_line_2024 disabled'),
    ('CREATE TABLE r.lines_2030 PARTITION OF r.register_line FOR VALUES IN (2030, 2031)',
     'trigger refuse_truncate on lines_2030 missing, trigger write_journal on lines_2030 missing, view register_year altered'),
    ('DROP TRIGGER a_stamp_entry ON r.pupil', 'trigger a_stamp_entry on pupil missing'),
    ('ALTER TABLE r.enrolment DISABLE TRIGGER gather_record', 'trigger gather_record on enrolment altered'),
    ('ALTER TABLE r.contact DISABLE TRIGGER refuse_removal', 'trigger refuse_removal on contact altered'),
    ('DROP TRIGGER refuse_removal ON r.journal; CREATE TRIGGER refuse_removal BEFORE DELETE ON r.journal FOR EACH ROW EXECUTE FUNCTION refuse_removal()',
     'trigger refuse_removal on journal altered'),
    ('DROP TRIGGER refuse_truncate ON r.journal', 'trigger refuse_truncate on journal missing'),
    ('DROP TRIGGER guard_disposal ON r.disposal', 'trigger guard_disposal on disposal missing'),
    ('ALTER TABLE r.journal DROP CONSTRAINT journal_hash', 'constraint journal_hash on journal missing'),
    ('DROP FUNCTION r.verify_journal(text[])', 'function verify_journal(kept text[]) missing'),
    ('CREATE OR REPLACE FUNCTION r.register_as_at(at timestamptz) RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, marks mark_series)
          LANGUAGE sql STABLE STRICT AS ''SELECT l.school_urn, l.academic_year, l.pupil_id, l.marks FROM r.register_line l''',
     'function register_as_at(at timestamp with time zone) altered')
) AS v (command, wanted);
SELECT matches(found(command), wanted, command) FROM (VALUES
    ('ALTER TABLE r.register_line DISABLE TRIGGER guard_register_line', 'trigger guard_register_line on register_line altered'),
    ('DROP VIEW r.mark CASCADE', 'view mark missing'),
    ('DROP TABLE r.term_date CASCADE', 'table term_date missing'),
    ('ALTER TABLE r.term_date RENAME COLUMN half TO part', 'column term_date.half missing'),
    ('ALTER TABLE r.trust RENAME TO trusts', 'table trust missing'),
    ('ALTER TABLE r.rule_setting ALTER reason TYPE varchar(99)', 'column rule_setting.reason altered')) AS v (command, wanted);
-- Foreign keys are triggers, too.
SELECT isnt(found('ALTER TABLE r.enrolment DISABLE TRIGGER ALL'), '', 'foreign keys switched off');
SELECT throws_ok('ALTER TABLE r.rule_setting DROP COLUMN reason; SELECT upgrade_register(''r'')', '55000',
    'register "r" differs from its definition in 1 places; check_register() lists them', 'an altered register is not upgraded');

-- ---------- attributes, owners, partitions, what comes in between ----------

CREATE ROLE register_check_other NOLOGIN;
CREATE ROLE register_check_super SUPERUSER NOLOGIN;
GRANT CREATE ON SCHEMA r, attendance TO register_check_other;
CREATE SCHEMA archive;
SELECT each_found(array_agg(command), array_agg(wanted)) FROM (VALUES
    ('ALTER FUNCTION r.verify_journal SECURITY DEFINER', 'function verify_journal(kept text[]) altered'),
    ('ALTER FUNCTION r.journal_digest SET search_path = public', 'function journal_digest() altered'),
    ('ALTER FUNCTION r.journal_digest IMMUTABLE', 'function journal_digest() altered'),
    ('ALTER FUNCTION r.register_as_at CALLED ON NULL INPUT', 'function register_as_at(at timestamp with time zone) altered'),
    ('ALTER FUNCTION r.verify_journal PARALLEL SAFE', 'function verify_journal(kept text[]) altered'),
    ('ALTER FUNCTION r.verify_journal OWNER TO register_check_other', 'function verify_journal(kept text[]) not owned by the register''s owner'),
    ('ALTER PROCEDURE r.close_unexplained_absence SECURITY DEFINER',
     'function close_unexplained_absence(IN as_of date, IN entered_by text, IN title text, IN school_urn integer) altered'),
    ('ALTER FUNCTION attendance.refuse_removal() SECURITY DEFINER', 'function refuse_removal() of the extension SECURITY DEFINER'),
    ('ALTER FUNCTION attendance.refuse_removal() SET search_path = r', 'function refuse_removal() of the extension settings altered'),
    ('ALTER FUNCTION attendance.write_journal() SET session_replication_role = replica', 'function write_journal() of the extension settings altered'),
    ('ALTER FUNCTION attendance.refuse_removal() RESET ALL', 'function refuse_removal() of the extension settings altered'),
    ('ALTER FUNCTION attendance.guard_disposal() STABLE', 'function guard_disposal() of the extension volatility, strictness or parallel safety altered'),
    ('ALTER FUNCTION attendance.gather_line() STRICT', 'function gather_line() of the extension volatility, strictness or parallel safety altered'),
    ('ALTER FUNCTION attendance.gather_line() PARALLEL RESTRICTED',
     'function gather_line() of the extension volatility, strictness or parallel safety altered'),
    ('ALTER FUNCTION attendance.kept_until SECURITY DEFINER',
     'function kept_until(register name, entered_at timestamp with time zone) of the extension SECURITY DEFINER'),
    ('ALTER FUNCTION attendance.write_journal() OWNER TO register_check_other', 'function write_journal() of the extension of another owner'),
    ('ALTER FUNCTION attendance.write_journal() OWNER TO register_check_super', ''),
    ('CREATE OR REPLACE FUNCTION attendance.write_journal() RETURNS trigger AS ''$libdir/attendance'', ''att_refuse_truncate'' LANGUAGE C',
     'function write_journal() of the extension not that of the library'),
    ('CREATE OR REPLACE FUNCTION attendance.write_journal() RETURNS trigger AS ''suppress_redundant_updates_trigger'' LANGUAGE internal',
     'function write_journal() of the extension not that of the library'),
    ('ALTER TABLE r.pupil OWNER TO register_check_other', 'table pupil not owned by the register''s owner'),
    ('ALTER VIEW r.mark OWNER TO register_check_other', 'view mark not owned by the register''s owner'),
    ('ALTER VIEW r.mark RESET (security_invoker)', 'options of view mark altered'),
    ('ALTER VIEW r.register_year RESET (security_invoker)', 'options of view register_year altered'),
    ('ALTER TABLE r.register_line_2025 OWNER TO register_check_other', 'table register_line_2025 not owned by the register''s owner'),
    ('ALTER SCHEMA r OWNER TO register_check_other', 'schema r not owned by the register''s owner'),
    ('ALTER TABLE r.journal SET UNLOGGED', 'table journal not logged'),
    ('ALTER TABLE r.register_line_2024 SET UNLOGGED', 'table register_line_2024 not logged'),
    -- row security as doc/bi.md sets it up, and rights, are nobody's fault
    ('ALTER TABLE r.enrolment ENABLE ROW LEVEL SECURITY', ''), ('ALTER TABLE r.register_line_2024 ENABLE ROW LEVEL SECURITY', ''),
    ('ALTER TABLE r.register_line ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON r.register_line TO register_check_other USING (school_urn IN (100001));
      GRANT SELECT, INSERT, UPDATE ON r.register_line, r.mark, r.journal TO register_check_other; GRANT SELECT (pupil_id) ON r.register_line_2025 TO register_check_other;
      ALTER TABLE r.register_line_2025 ENABLE ROW LEVEL SECURITY', ''),
    ('ALTER TABLE r.journal ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON r.journal USING (school_urn IN (SELECT s.urn FROM r.school s WHERE s.name = current_user));
      CREATE POLICY everything ON r.journal FOR SELECT USING (true)', ''),
    ('GRANT SELECT ON r.register_line_2025 TO register_check_other', 'table register_line_2025 open to register_check_other beside the row security of register_line'),
    ('GRANT SELECT ON r.mark TO PUBLIC', 'access of PUBLIC has rights on mark'),
    ('GRANT SELECT (surname) ON r.pupil TO PUBLIC', 'access of PUBLIC has rights on pupil'),
    ('DROP POLICY access_place ON r.pupil', 'policy access_place on pupil missing'),
    ('ALTER TABLE r.contact DISABLE ROW LEVEL SECURITY', 'row security of table contact missing'),
    ('ALTER POLICY access_dated ON r.pupil USING (true)', 'policy access_dated on pupil altered'),
    ('ALTER POLICY access_all ON r.pupil TO PUBLIC', 'policy access_all on pupil is not for the same roles everywhere, policy access_all on pupil altered'),
    -- but what gets round it, or does more than tell which rows are seen
    ('ALTER TABLE r.register_line ENABLE ROW LEVEL SECURITY; GRANT SELECT ON r.register_line_2025 TO register_check_other; GRANT INSERT (pupil_id) ON r.register_line_2024 TO PUBLIC',
     'table register_line_2024 open to PUBLIC beside the row security of register_line, table register_line_2025 open to register_check_other beside the row security of register_line'),
    ('ALTER TABLE r.pupil FORCE ROW LEVEL SECURITY', 'table pupil has row security that its owner is held to'),
    ('ALTER TABLE r.register_line_2025 FORCE ROW LEVEL SECURITY', 'table register_line_2025 has row security that its owner is held to'),
    ('CREATE POLICY few ON r.journal USING (entry_id < 100)', 'policy few on journal hides single entries'),
    ('CREATE POLICY few ON r.journal USING (false)', 'policy few on journal hides single entries'),
    ('CREATE POLICY few ON r.journal_head USING (school_urn = 100001 AND entered_at < ''2025-01-01'')', 'policy few on journal_head hides single entries'),
    ('CREATE FUNCTION archive.look(bigint) RETURNS boolean LANGUAGE sql AS ''SELECT true''; CREATE POLICY few ON r.pupil USING (archive.look(pupil_id));
      CREATE POLICY more ON r.pupil WITH CHECK (archive.look(pupil_id) AND pg_sleep(0) IS NOT NULL)',
     'policy few on pupil calls the function archive.look(bigint), policy more on pupil calls the function archive.look(bigint), policy more on pupil calls the function pg_sleep(double precision)'),
    ('CREATE VIEW archive.looked AS SELECT 1 AS school_urn; CREATE POLICY few ON r.register_line_2025 USING (school_urn IN (SELECT l.school_urn FROM archive.looked l))',
     'policy few on register_line_2025 reads archive.looked, which is no table'),
    ('CREATE RULE lost AS ON INSERT TO r.journal DO INSTEAD NOTHING', 'rule lost on journal added'),
    ('CREATE RULE lost AS ON UPDATE TO r.register_line_2025 DO INSTEAD NOTHING', 'rule lost on register_line_2025 added'),
    ('CREATE RULE lost AS ON INSERT TO r.mark DO INSTEAD NOTHING', 'rule lost on mark added'),
    ('CREATE TRIGGER a INSTEAD OF INSERT ON r.mark_feed FOR EACH ROW EXECUTE FUNCTION nothing()', 'trigger a on mark_feed added'),
    -- each in a row of its own
    ('CREATE RULE lost AS ON INSERT TO r.pupil DO INSTEAD NOTHING; CREATE RULE gone AS ON UPDATE TO r.pupil DO INSTEAD NOTHING; ALTER TABLE r.pupil ENABLE ROW LEVEL SECURITY;
      ALTER TABLE r.pupil FORCE ROW LEVEL SECURITY; CREATE POLICY few ON r.pupil USING (pg_sleep(0) IS NULL); ALTER TABLE r.pupil OWNER TO register_check_other',
     'policy few on pupil calls the function pg_sleep(double precision), rule gone on pupil added, rule lost on pupil added, table pupil has row security that its owner is held to, table pupil not owned by the register''s owner'),
    ('ALTER TABLE r.register_line_2024 SET SCHEMA archive',
     'table archive.register_line_2024 a partition of register_line in another schema'),
    ('ALTER TABLE r.register_line_2024 SET SCHEMA archive; ALTER TABLE archive.register_line_2024 DISABLE TRIGGER gather_line',
     'table archive.register_line_2024 a partition of register_line in another schema, trigger gather_line on archive.register_line_2024 disabled'),
    ('ALTER TABLE r.register_line_2024 SET SCHEMA archive; DROP TRIGGER write_journal ON archive.register_line_2024',
     'table archive.register_line_2024 a partition of register_line in another schema, trigger write_journal on archive.register_line_2024 missing'),
    ('ALTER TABLE r.register_line DETACH PARTITION r.register_line_2024', 'table register_line_2024 not a partition of register_line, view register_year altered'),
    ('ALTER TABLE r.register_line DETACH PARTITION r.register_line_2024; ALTER TABLE r.register_line_2024 RENAME TO old', 'view register_year altered'),
    ('ALTER TABLE r.register_line DETACH PARTITION r.register_line_2024; SELECT build_register_year(''r'')',
     'table register_line_2024 not a partition of register_line'),
    ('ALTER TABLE r.register_line DETACH PARTITION r.register_line_2024; SELECT build_register_year(''r''); DROP TABLE r.register_line_2024', ''),
    ('DROP TABLE r.register_line_2024 CASCADE', 'view register_year missing'),
    ('CREATE OR REPLACE VIEW r.register_year AS SELECT NULL::integer AS academic_year, NULL::regclass AS partition, NULL::bigint AS lines, NULL::bigint AS bytes',
     'options of view register_year altered, view register_year altered'),
    -- look-alikes
    ('CREATE FUNCTION archive.write_journal() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NULL; END'';
      DROP TRIGGER write_journal ON r.register_line_2025;
      CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON r.register_line_2025 FOR EACH STATEMENT EXECUTE FUNCTION archive.write_journal()',
     'trigger write_journal on register_line_2025 added, trigger write_journal on register_line_2025 missing'),
    ('CREATE FUNCTION r.num_nonnulls(text, text, text) RETURNS integer LANGUAGE sql IMMUTABLE RETURN 0;
      ALTER TABLE r.pupil DROP CONSTRAINT pupil_signature, ADD CONSTRAINT pupil_signature CHECK (r.num_nonnulls(entered_by, title, reason) = 0)',
     'constraint pupil_signature on pupil altered'),
    ('CREATE OPERATOR r.= (leftarg = text, rightarg = text, function = textne); ALTER TABLE r.journal DROP CONSTRAINT journal_kind_check,
      ADD CONSTRAINT journal_kind_check CHECK (kind OPERATOR(r.=) ''x'')', 'constraint journal_kind_check on journal altered'),
    -- what was added where entries go into the journal, or beside it
    ('CREATE TRIGGER mine BEFORE INSERT ON r.journal FOR EACH ROW EXECUTE FUNCTION nothing()', 'trigger mine on journal added'),
    ('CREATE TRIGGER mine BEFORE UPDATE ON r.journal_head FOR EACH ROW EXECUTE FUNCTION nothing()', 'trigger mine on journal_head added'),
    ('CREATE TRIGGER mine BEFORE INSERT ON r.register_line FOR EACH ROW EXECUTE FUNCTION nothing()', 'trigger mine on register_line added'),
    ('CREATE TRIGGER mine BEFORE INSERT ON r.register_line_2025 FOR EACH ROW EXECUTE FUNCTION nothing()', 'trigger mine on register_line_2025 added'),
    ('ALTER VIEW r.mark_feed ALTER entered_by SET DEFAULT ''A Head''; ALTER VIEW r.mark_feed ALTER title SET DEFAULT ''Head''',
     'column mark_feed.entered_by has a default of its own: ''A Head''::text, column mark_feed.title has a default of its own: ''Head''::text'),
    ('ALTER TABLE r.register_line_2025 ALTER entered_by SET DEFAULT ''A Head''', 'column register_line_2025.entered_by has a default of its own'),
    ('DROP INDEX r.pupil_address_one_from_day', 'index pupil_address_one_from_day on pupil_address missing'),
    ('CREATE TABLE archive.up (pupil_id bigint NOT NULL); ALTER TABLE r.pupil INHERIT archive.up', 'table pupil inherits from another'),
    ('CREATE TABLE archive.kid () INHERITS (r.pupil)', 'table pupil another inherits from it'),
    ('CREATE TYPE r.trap AS (x int); CREATE FUNCTION r.spring(r.trap) RETURNS json LANGUAGE plpgsql AS ''BEGIN RAISE EXCEPTION ''''sprung''''; END'';
      CREATE CAST (r.trap AS json) WITH FUNCTION r.spring(r.trap); ALTER TABLE r.regime ADD trap r.trap DEFAULT ROW(1)', ''),
    -- the law
    ('UPDATE r.regime SET retention_years = 10, backup_retention_years = 7', ''),
    ('ALTER TABLE r.regime DROP CONSTRAINT regime_keeps_entries; UPDATE r.regime SET retention_years = 5 WHERE regime = ''2024''',
     'constraint regime_keeps_entries on regime missing, row 2024 of regime altered'),
    ('UPDATE r.regime SET to_day = ''2026-01-01'' WHERE regime = ''2024''', 'row 2024 of regime altered'),
    ('UPDATE r.regime SET from_day = ''2090-01-01'' WHERE regime = ''2024''', 'row 2024 of regime altered'),
    ('DELETE FROM r.requirement WHERE mark = ''B''', 'row B nature 1900-01-01 of requirement missing'),
    ('UPDATE r.requirement SET to_day = ''2020-01-01'' WHERE mark = ''J1''', 'row J1 leave 1900-01-01 of requirement altered'),
    ('UPDATE r.requirement SET from_day = ''2090-01-01'' WHERE mark = ''J1''', 'row J1 leave 1900-01-01 of requirement missing'),
    ('DELETE FROM r.code_label WHERE mark = ''J''', 'row 2006 J of code_label missing'),
    ('UPDATE r.leave_reason SET needs = ''{}'' WHERE reason_class = ''study''', 'row study S 1900-01-01 of leave_reason altered'),
    ('UPDATE r.deletion_ground SET other_school = false WHERE regime = ''2024'' AND ground = ''A''', 'row 2024 A 2024-08-19 of deletion_ground altered'),
    ('UPDATE r.deletion_ground SET absent_days = 21, evidence = ''the letter'', confirmed = true WHERE regime = ''2024'' AND ground = ''I''', ''),
    ('UPDATE r.deletion_ground SET to_day = ''2025-01-01'' WHERE regime = ''2024'' AND ground = ''I''', 'row 2024 I 2024-08-19 of deletion_ground altered'),
    ('DELETE FROM r.deletion_ground WHERE regime = ''2024'' AND ground = ''I''', 'row 2024 I 2024-08-19 of deletion_ground missing'),
    ('INSERT INTO r.requirement (mark, requirement, from_day, regulation) VALUES (''E'', ''nature'', ''2027-09-01'', ''to come'');
      INSERT INTO r.code_label VALUES (''2026'', ''K'', ''our own'')', ''),
    ('ALTER TABLE r.requirement ADD note text DEFAULT ''ours''', '')
) AS v (command, wanted);
SELECT is(found('CREATE FUNCTION r.refuse_removal() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN OLD; END'';
    DROP TRIGGER refuse_removal ON r.journal; CREATE TRIGGER refuse_removal BEFORE UPDATE OR DELETE ON r.journal FOR EACH ROW EXECUTE FUNCTION r.refuse_removal()'),
    'trigger refuse_removal on journal altered', 'a guard that is not the extension''s');

-- ---------- with reports ----------

SELECT make_reports('r') \g /dev/null
SELECT each_found(array_agg(command), array_agg(wanted)) FROM (VALUES
    ('DROP VIEW r.unmarked_session', 'view unmarked_session missing'),
    ('DROP VIEW r.unmarked_session; CREATE VIEW r.unmarked_session AS SELECT 1 AS x', 'options of view unmarked_session altered, view unmarked_session altered'),
    ('ALTER VIEW r.breach SET (security_invoker = false)', 'options of view breach altered')) AS v (command, wanted);

-- What users add is theirs; a partition of their own needs the triggers that add_academic_year gives one.
CREATE FUNCTION guard_partition(name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON r.%I FOR EACH STATEMENT EXECUTE FUNCTION write_journal()', $1);
    EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON r.%I FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal()', $1);
END
$$;
SELECT each_found(array_agg(command), array_agg(''::text)) FROM (VALUES
    ('ALTER TABLE r.pupil ADD house text NOT NULL DEFAULT ''x'', ADD CHECK (house <> '''')'),
    ('CREATE TABLE r.house (name text PRIMARY KEY)'),
    ('CREATE VIEW r.house AS SELECT * FROM r.pupil'),
    ('CREATE INDEX ON r.pupil (surname)'),
    ('CREATE TRIGGER mine AFTER INSERT ON r.pupil FOR EACH ROW EXECUTE FUNCTION nothing()'),
    ('CREATE TRIGGER mine AFTER INSERT ON r.pupil FOR EACH ROW EXECUTE FUNCTION nothing(); ALTER TABLE r.pupil DISABLE TRIGGER mine'),
    ('CREATE FUNCTION r.refuse_removal() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN OLD; END'''),
    ('CREATE OPERATOR r.= (leftarg = integer, rightarg = integer, function = int4ne)'),
    ('CREATE DOMAIN r.urn AS integer'),
    ('CREATE TRIGGER mine AFTER INSERT ON r.mark FOR EACH STATEMENT EXECUTE FUNCTION nothing()'),
    ('ALTER TABLE r.register_line_2024 SET (fillfactor = 100)'),
    ('COMMENT ON TABLE r.pupil IS NULL'),
    ('ALTER TABLE r.school_day ENABLE ALWAYS TRIGGER guard_school_day'),
    ('CREATE FUNCTION r.mine() RETURNS integer LANGUAGE sql RETURN 1'),
    ('CREATE TABLE r.lines_2030 PARTITION OF r.register_line FOR VALUES IN (2030, 2031); SELECT guard_partition(''lines_2030''), build_register_year(''r'')'),
    ('ALTER TABLE r.journal SET (autovacuum_vacuum_scale_factor = 0.01)')) AS v (command);

-- what is better matched in the register's schema than in pg_catalog is not run by whoever checks
CREATE FUNCTION r.spring(jsonb, text, text) RETURNS jsonb LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''sprung''; END';
CREATE AGGREGATE r.jsonb_object_agg(text, text) (sfunc = r.spring, stype = jsonb);
CREATE FUNCTION r.format(text, name) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''sprung''; END';
SELECT is_empty('SELECT * FROM check_register(''r'')', 'nothing of the register is run by check_register');
DROP AGGREGATE r.jsonb_object_agg(text, text);
DROP FUNCTION r.spring(jsonb, text, text), r.format(text, name);
SELECT is_empty($$SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'untouched'::regnamespace AND c.relkind = 'r'
    -- names of columns in published files, of groups and of the register are no law, nor are days to plan by
    AND c.relname !~ '^(benchmark_|characteristic$|bank_holiday_change$|register_identity$)'
    AND (xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %s', c.oid::regclass), false, true, '')))[1]::text <> '0'
    AND NOT EXISTS (SELECT FROM register_law('untouched') l WHERE l.object LIKE '% of ' || c.relname)$$, 'the law is all that a register begins with')
FROM (SELECT create_register('untouched')) AS made;
SELECT is((SELECT count(*) FROM register_law('untouched')), (SELECT count(*) FROM register_law('r')), 'row by row');
SELECT drop_register('untouched') \g /dev/null

-- ---------- with and without reports ----------

SELECT create_register('bare', reports => false) \g /dev/null
SELECT is_empty('SELECT * FROM check_register(''bare'')', 'a register without reports is as it should be');
SELECT is((SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'bare'::regnamespace AND c.relname IN ('mark', 'leave_breach', 'benchmark_column')), 3::bigint,
    'it has what holds data, what is written through, and what the rules read');
SELECT is_empty($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'bare'::regnamespace AND c.relkind = 'v'
    AND c.relname ~ '^(bi_|fact_|benchmark$|amendment$|unmarked_session$|report_band$)' $$, 'and nothing that only reads');
SELECT is_empty($$ SELECT o.object FROM register_objects('bare') o EXCEPT SELECT o.object FROM register_objects('r') o $$, 'nor anything else');
SELECT is(found(command, 'bare'), wanted, command) FROM (VALUES
    ('DROP VIEW bare.mark_feed', 'trigger feed_mark on mark_feed missing, trigger write_marks on mark_feed missing, view mark_feed missing'),
    ('DROP FUNCTION bare.verify_journal(text[])', 'function verify_journal(kept text[]) missing'),
    -- what somebody calls as one of ours is no report yet
    ('CREATE VIEW bare.breach AS SELECT 1 AS x', '')) AS v (command, wanted);
SELECT is(found('DROP FUNCTION r.transition_years'), 'function transition_years(period text, population text, schools integer[]) missing', 'one report that is missing is');
SELECT lives_ok('SELECT make_reports(''bare'')', 'reports are added');
SELECT is_empty('SELECT * FROM check_register(''bare'')', 'to what is then a register like others');
SELECT is_empty($$ SELECT o.object, replace(o.definition, 'bare.', 'r.') FROM register_objects('bare') o WHERE o.object <> 'view register_year'
    EXCEPT SELECT o.object, o.definition FROM register_objects('r') o $$, 'object by object');
SELECT drop_register('bare') \g /dev/null

-- ---------- the years ----------

SELECT create_register('years') \g /dev/null
SELECT is_empty('SELECT * FROM years.register_year', 'no years yet');
SELECT add_academic_year('years', y) FROM generate_series(2024, 2025) AS y \g /dev/null
SELECT results_eq('SELECT academic_year, partition::text, lines, bytes > 0 FROM years.register_year ORDER BY 1',
    $$VALUES (2024, 'years.register_line_2024', NULL::bigint, true), (2025, 'years.register_line_2025', NULL, true)$$, 'each with its partition');
ANALYZE years.register_line;
SELECT is((SELECT lines FROM years.register_year WHERE academic_year = 2024), 0::bigint, 'lines are those of ANALYZE');
SELECT throws_ok(command, '2BP01', NULL, command) FROM (VALUES ('DROP TABLE years.register_line_2024'), ('DROP TABLE years.register_line'),
    ('ALTER TABLE years.register_line_2025 SET SCHEMA archive; DROP SCHEMA archive; DROP TABLE archive.register_line_2025')) AS v (command);
CREATE TABLE years.several PARTITION OF years.register_line FOR VALUES IN (2001, 2002);
CREATE TABLE years.rest PARTITION OF years.register_line DEFAULT PARTITION BY LIST (school_urn);
CREATE TABLE years.rest_1 PARTITION OF years.rest FOR VALUES IN (100001);
SELECT lives_ok('SELECT build_register_year(''years'')', 'partitions of one''s own');
SELECT results_eq('SELECT academic_year, partition::text FROM years.register_year ORDER BY 1, 2', $$VALUES (2001, 'years.several'), (2002, 'years.several'),
    (2024, 'years.register_line_2024'), (2025, 'years.register_line_2025'), (NULL, 'years.rest'), (NULL, 'years.rest_1')$$, 'are named, too');
SELECT throws_ok('DROP TABLE years.rest_1', '2BP01', NULL, 'and kept');
SELECT throws_ok('SELECT build_register_year(''public'')', '3F000', 'schema "public" is not a register');
SELECT lives_ok('SELECT build_register_year(NULL)', 'NULL does nothing');
SELECT lives_ok('SELECT drop_register(''years'')', 'the register goes with its years');

-- A partition may hold several years.
CREATE TABLE r.lines_early PARTITION OF r.register_line FOR VALUES IN (2022, 2023);
INSERT INTO r.school_day (school_urn, day) VALUES (100001, '2023-09-11');
SELECT is(outcome(enter(27, '2023-09-11', 'AM', '/')), '55000: table "lines_early" has lost its trigger write_journal, nothing can be entered',
          'which needs the triggers of each');
SELECT guard_partition('lines_early') \g /dev/null
SELECT is(outcome(enter(27, '2023-09-11', 'AM', '/')), 'accepted', 'the first mark in a partition of several years');

-- ---------- dropping ----------

SELECT create_register('empty'), add_academic_year('empty', 2025) \g /dev/null
SELECT lives_ok('SELECT drop_register(''empty'')', 'a register without marks goes');
SELECT is(register_exists('empty'), false, 'and is gone');
SELECT throws_ok('SELECT drop_register(''empty'')', '3F000', 'schema "empty" is not a register');
SELECT throws_ok('SELECT drop_register(''public'', true)', '3F000', 'schema "public" is not a register');
SELECT throws_ok('SELECT check_register(''public'')', '3F000', 'schema "public" is not a register');
SELECT throws_ok('SELECT upgrade_register(''public'')', '3F000', 'schema "public" is not a register');
SELECT lives_ok(enter(1, '2025-09-08', 'AM', '/'), 'a mark');
SELECT throws_ok('SELECT drop_register(''r'')', '55006',
    'register "r" has marks, which the law may require to be kept; drop_register(''r'', discard_marks => true) drops it all the same', 'marks are kept');
SELECT throws_ok('SELECT drop_register(''r'', false)', '55006', NULL, 'marks are kept');
SELECT is(standing(), '100001 1 2025-09-08 AM /', 'they are there');

-- The extension does not go from under a register.
SELECT throws_ok('DROP EXTENSION attendance', '2BP01', NULL, 'DROP EXTENSION without CASCADE');
SELECT is((SELECT count(*) FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND d.deptype = 'e' AND e.extname = 'attendance'
           LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid WHERE c.relnamespace = 'r'::regnamespace), 0::bigint,
          'no table of a register belongs to the extension');
SELECT lives_ok('SELECT drop_register(''r'', true)', 'unless they are to be discarded');
SELECT is((SELECT count(*) FROM pg_namespace WHERE nspname = 'r'), 0::bigint, 'nothing is left');
SELECT * FROM finish();
ROLLBACK;
