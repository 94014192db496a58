-- check_register finds what was changed and nothing else; upgrade_register and drop_register go by it.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();

CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';

-- The objects that are found when a change has been made, which is then undone.
CREATE FUNCTION found(command text, register name DEFAULT 'r') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        EXECUTE command;
        result := coalesce((SELECT string_agg(object || CASE WHEN problem IN ('missing', 'disabled', 'on replicas only') THEN ' ' || problem ELSE ' altered' END,
                                              ', ' ORDER BY object) FROM check_register(register)), '');
        IF (upgrade_ok(register) AND result <> '') OR (NOT upgrade_ok(register) AND result = '') THEN
            result := result || ' (upgrade_register sees it otherwise)';
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN result;
    END;
END
$$;

CREATE FUNCTION upgrade_ok(register name) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN upgrade_register(register) IS NOT NULL;
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RETURN false;
END
$$;

SELECT is_empty('SELECT * FROM check_register(''r'')', 'a register as it was made');
SELECT is(upgrade_register('r'), 'register "r" is as version ' || (SELECT extversion FROM pg_extension WHERE extname = 'attendance') ||
          ' of the extension makes it', 'has nothing to be upgraded');
SELECT is((SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'check_register%'), 0::bigint, 'the model is gone');

SELECT is(found(command), wanted, command) FROM (VALUES
    ('ALTER TABLE r.register_line_2025 DISABLE TRIGGER guard_register_line', 'trigger guard_register_line on register_line_2025 disabled'),
    ('ALTER TABLE r.register_line_2024 ENABLE REPLICA TRIGGER guard_register_line',
     'trigger guard_register_line on register_line_2024 on replicas only'),
    ('DROP TRIGGER guard_register_line ON r.register_line', 'trigger guard_register_line on register_line missing'),
    ('DROP TRIGGER guard_school_day ON r.school_day', 'trigger guard_school_day on school_day missing'),
    ('ALTER TABLE r.school_day DISABLE TRIGGER USER',
        'trigger guard_school_day on school_day altered, trigger refuse_truncate on school_day altered'),
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
    ('ALTER TABLE r.pupil DROP former_upn', 'column pupil.former_upn missing'),
    ('ALTER TABLE r.pupil ALTER pupil_id DROP IDENTITY', 'column pupil.pupil_id altered'),
    ('ALTER TABLE r.enrolment ALTER status SET DEFAULT ''M''', 'column enrolment.status altered'),
    ('ALTER TABLE r.register_line ALTER marks DROP DEFAULT', 'column register_line.marks altered'),
    ('DROP VIEW r.unmarked_session', 'view unmarked_session missing'),
    ('DROP VIEW r.unmarked_session; CREATE VIEW r.unmarked_session AS SELECT 1 AS x', 'view unmarked_session altered'),
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
     'trigger refuse_truncate on register_line_2024 missing'),
    ('ALTER TABLE r.register_line_2024 DISABLE TRIGGER refuse_truncate', 'trigger refuse_truncate on register_line_2024 disabled'),
    ('CREATE TABLE r.lines_2030 PARTITION OF r.register_line FOR VALUES IN (2030, 2031)',
     'trigger refuse_truncate on lines_2030 missing, trigger write_journal on lines_2030 missing'),
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

-- What users add is theirs; a partition of their own needs the triggers that add_academic_year gives one.
CREATE FUNCTION guard_partition(name) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON r.%I FOR EACH STATEMENT EXECUTE FUNCTION write_journal()', $1);
    EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON r.%I FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal()', $1);
END
$$;
SELECT is(found(command), '', command) FROM (VALUES
    ('ALTER TABLE r.pupil ADD house text NOT NULL DEFAULT ''x'', ADD CHECK (house <> '''')'),
    ('CREATE TABLE r.house (name text PRIMARY KEY)'),
    ('CREATE VIEW r.house AS SELECT * FROM r.pupil'),
    ('CREATE INDEX ON r.pupil (surname)'),
    ('CREATE TRIGGER mine AFTER INSERT ON r.pupil FOR EACH ROW EXECUTE FUNCTION nothing()'),
    ('CREATE TRIGGER mine AFTER INSERT ON r.pupil FOR EACH ROW EXECUTE FUNCTION nothing(); ALTER TABLE r.pupil DISABLE TRIGGER mine'),
    ('CREATE TRIGGER mine AFTER INSERT ON r.register_line FOR EACH ROW EXECUTE FUNCTION nothing(); ALTER TABLE r.register_line DISABLE TRIGGER mine'),
    ('CREATE TRIGGER mine AFTER INSERT ON r.register_line_2025 FOR EACH ROW EXECUTE FUNCTION nothing();
      ALTER TABLE r.register_line_2025 DISABLE TRIGGER mine'),
    ('CREATE TRIGGER mine AFTER INSERT ON r.mark FOR EACH STATEMENT EXECUTE FUNCTION nothing()'),
    ('ALTER TABLE r.register_line_2024 SET (fillfactor = 100)'),
    ('GRANT SELECT ON r.mark TO PUBLIC'),
    ('COMMENT ON TABLE r.pupil IS NULL'),
    ('ALTER TABLE r.school_day ENABLE ALWAYS TRIGGER guard_school_day'),
    ('ALTER TABLE r.register_line DETACH PARTITION r.register_line_2024'),
    ('CREATE FUNCTION r.mine() RETURNS integer LANGUAGE sql RETURN 1'),
    ('CREATE TABLE r.lines_2030 PARTITION OF r.register_line FOR VALUES IN (2030, 2031); SELECT guard_partition(''lines_2030'')')) AS v (command);

-- A partition may hold several years.
CREATE TABLE r.lines_early PARTITION OF r.register_line FOR VALUES IN (2022, 2023);
INSERT INTO r.school_day (school_urn, day) VALUES (100001, '2023-09-11');
SELECT is(outcome(enter(27, '2023-09-11', 'AM', '/')), '55000: table "lines_early" has lost its trigger write_journal, nothing can be entered',
          'which needs the triggers of each');
SELECT guard_partition('lines_early') \g /dev/null
SELECT is(outcome(enter(27, '2023-09-11', 'AM', '/')), 'accepted', 'the first mark in a partition of several years');

-- ---------- names ----------

CREATE TEMP TABLE named AS SELECT name::name FROM (VALUES ('School Register'), ('d'), ('l'), ('dance'), ('ttendance'), ('O''Brien'), ('say "aye"'), ('Épée ☃'), ('100%'),
    ('%I'), ('$register$'), ('\'), ('@'), ('a.b'), ('select'), ('2025'), ('mark'), (repeat('x', 63)), (repeat('é', 31)), (repeat('"', 63)), (' '), (E'new\nline')) AS v (name);
CREATE FUNCTION lifecycle(register name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    step text;
    result text;
BEGIN
    step := 'create'; PERFORM create_register(register), add_academic_year(register, 2025), add_academic_year(register, 2024);
    step := 'fill'; PERFORM fill_register(register);
    step := 'enter'; EXECUTE format($q$INSERT INTO %I.mark (school_urn, pupil_id, day, session, mark)
        VALUES (100001, 1, '2025-09-08', 'AM', '/'), (100001, 2, '2025-09-08', 'AM', 'I')$q$, register);
    step := 'feed'; EXECUTE format($q$INSERT INTO %I.mark_feed (school_urn, upn, day, session, mark) VALUES (100001, make_upn(1), '2025-09-08', 'AM', 'L')$q$, register);
    step := 'calendar'; BEGIN
        EXECUTE format('DELETE FROM %I.school_day', register);
        RETURN 'the calendar goes';
    EXCEPTION WHEN SQLSTATE 'AT002' THEN
    END;
    step := 'read'; IF standing(register => register) <> '100001 1 2025-09-08 AM L, 100001 2 2025-09-08 AM I' THEN
        RETURN standing(register => register);
    END IF;
    step := 'remove'; BEGIN
        EXECUTE format('DELETE FROM %I.register_line', register);
        RETURN 'the lines go';
    EXCEPTION WHEN SQLSTATE 'AT020' THEN
    END;
    step := 'dispose'; BEGIN
        EXECUTE format('SELECT %I.dispose(100001, 2025, ''A'', ''B'', ''C'')', register);
        RETURN 'the year is disposed of';
    EXCEPTION WHEN SQLSTATE 'AT023' THEN
    END;
    step := 'history'; EXECUTE format($q$
        SELECT concat_ws(', ', (SELECT count(*) FROM %1$I.amendment), (SELECT count(*) FROM %1$I.breach WHERE rule = 'unsigned amendment'),
            (SELECT count(*) FROM %1$I.verify_journal((SELECT array_agg(digest) FROM %1$I.journal_digest()))),
            (SELECT count(*) FROM %1$I.register_as_at(clock_timestamp()) a JOIN %1$I.register_line l USING (school_urn, academic_year, pupil_id, marks)),
            (SELECT count(*) FROM %1$I.disposal_due() WHERE school_urn = 100001 AND entries > 0 AND NOT due))
        $q$, register) INTO result;
    IF result <> '1, 1, 0, 2, 1' THEN
        RETURN 'history: ' || result;
    END IF;
    step := 'check'; IF EXISTS (SELECT FROM check_register(register)) THEN
        RETURN (SELECT format('check_register: %s objects, among them %s', count(*), min(object)) FROM check_register(register));
    END IF;
    step := 'upgrade'; PERFORM upgrade_register(register);
    step := 'drop'; BEGIN
        PERFORM drop_register(register);
        RETURN 'it is dropped with marks';
    EXCEPTION WHEN object_in_use THEN
        PERFORM drop_register(register, true);
    END;
    IF register_exists(register) THEN
        RETURN 'is still there';
    END IF;
    -- undone, so that not the locks on all relations of all these registers are kept
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN 'all well';
WHEN OTHERS THEN
    RETURN format('%s: %s', step, SQLERRM);
END
$$;
SELECT is(lifecycle(name), 'all well', format('a register named %s', quote_literal(name))) FROM named;

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
