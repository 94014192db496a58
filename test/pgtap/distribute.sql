-- distribute_register(), as far as it goes without Citus: what is taken from the copy, and that it answers as before.
-- test/citus.sh has the rest, on three machines.
BEGIN;
\ir register/two_weeks.sql
SET LOCAL search_path = public, attendance;
SELECT * FROM no_plan();
\ir register/every_report.sql

SELECT throws_ok($$ SELECT distribute_register('none', true) $$, '3F000', NULL, 'there is a register');
SELECT throws_ok($$ SELECT distribute_register('r', true) $$, '0A000', NULL, 'and Citus');
SELECT lives_ok($$ SELECT distribute_register(NULL) $$, 'NULL does nothing');
SELECT is(is_distributed('r'), false, 'it is not distributed');

-- ---------- which table is where ----------

SELECT is((SELECT relation FROM spread_tables('r') LIMIT 1), 'r.register_line'::regclass, 'the lines come first: the others are put beside them');
SELECT is_empty($$ SELECT relation FROM spread_tables('r') EXCEPT SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') $$, 'tables');
SELECT is((SELECT count(*) FROM spread_tables('r')), (SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition),
    'all of them');
SELECT is((SELECT array_agg(relation::text ORDER BY relation::text COLLATE "C") FROM spread_tables('r')
        WHERE by_school AND relation::text IN ('r.register_line', 'r.enrolment', 'r.enrolment_former', 'r.school_day', 'r.term_date', 'r.journal', 'r.journal_head', 'r.late_arrival')),
    '{r.enrolment,r.enrolment_former,r.journal,r.journal_head,r.late_arrival,r.register_line,r.school_day,r.term_date}', 'what is large is divided by school');
SELECT is_empty($$ SELECT relation FROM spread_tables('r') WHERE by_school AND relation::text IN ('r.school', 'r.pupil', 'r.person', 'r.contact', 'r.regime', 'r.taken_over', 'r.rule_setting') $$,
    'organisations, law and pupils, and what may be of all schools, are whole');
SELECT is_empty($$ SELECT s.relation, a.atttypid::regtype FROM spread_tables('r') s JOIN pg_attribute a ON a.attrelid = s.relation AND a.attname = 'school_urn'
    WHERE a.atttypid <> 'integer'::regtype $$, 'schools are the same type everywhere, of which one hash is taken');

-- ---------- what is taken from a copy ----------

-- What Citus would refuse to distribute, or would do otherwise.
CREATE VIEW obstacle AS
    WITH own AS (SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace)
    SELECT 'trigger' AS kind, t.tgname::text AS object FROM pg_trigger t WHERE t.tgrelid IN (SELECT oid FROM own) AND NOT t.tgisinternal
    UNION ALL
    SELECT 'policy', y.polname FROM pg_policy y WHERE y.polrelid IN (SELECT oid FROM own)
    UNION ALL
    SELECT 'constraint', k.conname FROM pg_constraint k WHERE k.conrelid IN (SELECT oid FROM own) AND k.contype IN ('f', 'x')
    UNION ALL
    SELECT 'identity', a.attname FROM pg_attribute a WHERE a.attrelid IN (SELECT oid FROM own) AND a.attidentity <> ''
    UNION ALL
    SELECT 'procedure', p.proname FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND p.prokind = 'p'
    UNION ALL
    -- a function that names what reads a table, and is called by what reads it too, is a circle to Citus
    SELECT 'circle', p.proname FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
    WHERE p.pronamespace = 'r'::regnamespace AND d.refclassid = 'pg_class'::regclass;
CREATE TABLE before AS SELECT * FROM answers();
SELECT results_eq($$ SELECT DISTINCT kind FROM obstacle ORDER BY 1 $$, $$ VALUES ('circle'), ('constraint'), ('identity'), ('policy'), ('procedure'), ('trigger') $$,
    'a register has all that Citus does not take');
SELECT end_entries('r'), loosen_functions('r') \g /dev/null
SELECT is_empty($$ SELECT * FROM obstacle $$, 'a copy has none of it');
SELECT cmp_ok((SELECT count(*) FROM before WHERE lines > 0), '>', 150::bigint, 'many reports show something');
SELECT is_empty($$ SELECT report, lines, digest FROM answers() EXCEPT SELECT report, lines, digest FROM before
    UNION ALL SELECT report, lines, digest FROM before EXCEPT SELECT report, lines, digest FROM answers() $$, 'and every report answers as before');

-- ---------- nothing is entered ----------

DO $$
DECLARE
    spread record;
BEGIN
    FOR spread IN SELECT relation FROM spread_tables('r') LOOP
        EXECUTE format('CREATE TRIGGER refuse_entry BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION refuse_entry()', spread.relation);
    END LOOP;
END
$$;
SELECT ok(is_distributed('r'), 'it is known for what it is');
SELECT throws_ok(command, '0A000', NULL, 'refused: ' || command) FROM (VALUES
    ('INSERT INTO r.region VALUES (''E12000001'', ''North East'')'), ('UPDATE r.pupil SET surname = ''X'''), ('DELETE FROM r.school_day'),
    ('UPDATE r.register_line SET marks = ''empty'''), ('DELETE FROM r.register_line_2025'), ('SELECT add_academic_year(''r'', 2030)')) AS v (command);
SELECT throws_ok($$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, '2025-09-08', 'AM', '/') $$, '55000', NULL, 'refused: marks');

SELECT * FROM finish();
ROLLBACK;
