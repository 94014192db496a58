-- What a publication of a register has in it, and what becomes of a register that is a subscriber, as far as the catalogue
-- tells.  What comes to a subscriber: test/replication.sh.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
-- of the settings of this server, which replicates nothing
SET client_min_messages = error;

CREATE VIEW own AS
SELECT c.oid, c.relname::text AS name, c.relreplident = 'f' AS whole_rows, k.columns, k.key
FROM pg_class AS c, LATERAL (
    SELECT array_agg(a.attname::text) AS columns, array_agg(a.attname::text) FILTER (WHERE a.attnum = ANY (x.indkey)) AS key
    FROM pg_attribute AS a LEFT JOIN pg_index AS x ON x.indrelid = a.attrelid AND CASE c.relreplident WHEN 'i' THEN x.indisreplident ELSE x.indisprimary END
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS k
WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition;
CREATE VIEW sent AS
SELECT pubname::text AS publication, tablename::text AS name, rowfilter FROM pg_publication_tables WHERE schemaname = 'r';

-- ---------- what is published ----------

SELECT is_empty('SELECT name FROM own WHERE key IS NULL', 'every table has a primary key, by which its rows are found at a subscriber');
CREATE TABLE r.users_own (n integer);
SELECT is((SELECT string_agg(DISTINCT published, ' ') FROM publish_register('r', 'whole')), 'all', 'a register is published as a whole');
SELECT set_eq($$ SELECT name FROM sent WHERE publication = 'whole' AND rowfilter IS NULL $$, $$ SELECT name FROM own WHERE name <> 'users_own' $$,
              'with all of its tables, each as a whole, but not what users have put beside them');
SELECT ok(pubviaroot AND pubinsert AND pubupdate AND pubdelete AND pubtruncate, 'partitions as the table of lines') FROM pg_publication WHERE pubname = 'whole';
SELECT is_empty('SELECT name FROM own WHERE whole_rows', 'for which no old row is needed as a whole');

CREATE TABLE said AS SELECT * FROM publish_register('r', 'some', '{100001,100002}');
SELECT set_eq($$ SELECT name FROM sent WHERE publication = 'some' AND rowfilter IS NOT NULL $$,
              $$ SELECT name FROM own WHERE columns @> '{school_urn}' $$, 'of some schools are published the rows that have a school');
SELECT is((SELECT string_agg(DISTINCT rowfilter, '; ') FROM sent WHERE publication = 'some'), $$(school_urn = ANY ('{100001,100002}'::integer[]))$$,
          'those of these schools, and no others');
SELECT is_empty($$ SELECT name FROM sent NATURAL JOIN own WHERE publication = 'some' AND rowfilter IS NULL
                   AND (columns && '{pupil_id,contact_id,person_id,surname,full_name}'
                        OR EXISTS (SELECT FROM pg_constraint AS c JOIN own AS o ON o.oid = c.confrelid
                                   WHERE c.conrelid = own.oid AND c.contype = 'f' AND o.columns && '{school_urn,pupil_id}')) $$,
                'nothing that names a pupil or a parent, or belongs to what does, is published without a school');
SELECT set_has($$ SELECT name FROM sent WHERE publication = 'some' $$,
               $$ SELECT unnest('{school,local_authority,trust,region,requirement,register_line,journal,journal_head,enrolment,term_date}'::text[]) $$,
               'organisations, the law, lines and the chain are');
SELECT set_eq('SELECT relation, published FROM said',
              $$ SELECT o.name, CASE WHEN s.name IS NULL THEN 'none' WHEN s.rowfilter IS NULL THEN 'all' ELSE 'of the schools' END
                 FROM own AS o LEFT JOIN sent AS s ON s.name = o.name AND s.publication = 'some' WHERE o.name <> 'users_own' $$,
              'it says what it publishes of each table');

-- PostgreSQL refuses changes of a table whose filter is not in what it logs of the old row.
CREATE FUNCTION refused_changes() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    tried record;
BEGIN
    FOR tried IN SELECT name, columns FROM own WHERE name <> 'users_own' LOOP
        BEGIN
            EXECUTE format('UPDATE r.%1$I SET %2$I = DEFAULT WHERE false; DELETE FROM r.%1$I WHERE false', tried.name, tried.columns[1]);
        EXCEPTION WHEN invalid_column_reference OR object_not_in_prerequisite_state THEN
            RETURN NEXT tried.name || ': ' || SQLERRM;
        END;
    END LOOP;
END
$$;
SELECT is_empty('SELECT * FROM refused_changes()', 'every table can be changed while it is published by school');
SELECT is_empty($$ SELECT name FROM own WHERE columns @> '{school_urn}' AND NOT whole_rows AND NOT key @> '{school_urn}' $$,
                'the old row is in the log as a whole, or with its school, where its key has none');

-- ---------- without the extension ----------

SELECT is((SELECT count(*) FROM plain_tables('whole')), (SELECT count(*) FROM own), 'there is a plain table for each, and a schema');
SELECT is_empty($$ SELECT * FROM plain_tables('whole') WHERE plain_tables ~ 'attendance\.|session_mark|mark_series[^_]' $$, 'of types of PostgreSQL alone');
SELECT is((SELECT plain_tables FROM plain_tables('some') WHERE plain_tables LIKE '%r.school_day %'),
          'CREATE TABLE r.school_day (school_urn integer, day date, morning boolean, afternoon boolean, closure text, PRIMARY KEY (school_urn, day));',
          'with its key, without what is computed');
SELECT is((SELECT plain_tables FROM plain_tables('some') WHERE plain_tables LIKE '%r.code_label %'),
          'CREATE TABLE r.code_label (edition text, mark text, label text, PRIMARY KEY (edition, mark));', 'and our types as text');
SELECT is_empty($$ SELECT * FROM plain_tables('nothing') UNION ALL SELECT * FROM plain_tables(NULL) $$, 'none of what is no publication');

-- ---------- what is refused ----------

CREATE ROLE replication_stranger NOLOGIN;
GRANT USAGE ON SCHEMA attendance TO replication_stranger;
SELECT is_empty($$ SELECT publish_register(NULL, 'x') UNION ALL SELECT publish_register('r', NULL) $$, 'no publication for NULL');
SELECT throws_ok(format($$ SELECT publish_register('r', %s) $$, v.arguments), v.state, NULL, v.arguments)
FROM (VALUES ($$'x', '{}'$$, '22023'), ($$'x', '{NULL,100001}'$$, '22023'), ($$'x', '{999999}'$$, '22023'), ($$'x', '{0}'$$, '22023'),
             ($$'whole'$$, '42710'), ($$''$$, '42602'), ($$'pg_x'$$, '42939')) AS v (arguments, state);
SELECT throws_ok($$ SELECT publish_register('s', 'x') $$, '3F000');
SELECT throws_ok($$ SELECT prepare_subscriber('s') $$, '3F000');
SELECT throws_ok($$ SELECT promote_subscriber('s') $$, '3F000');
SET ROLE replication_stranger;
SELECT throws_ok($$ SELECT publish_register('r', 'x') $$, '42501');
SELECT throws_ok($$ SELECT prepare_subscriber('r') $$, '42501');
SELECT throws_ok($$ SELECT promote_subscriber('r') $$, '42501');
RESET ROLE;
SELECT throws_ok($$ SELECT prepare_subscriber('r') $$, '55000', 'register "r" has data, so it cannot become a copy of another one');

-- ---------- a subscriber ----------

SELECT create_register('n', reports => false) \g /dev/null
CREATE FUNCTION filled() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    tried record;
    has_rows boolean;
BEGIN
    FOR tried IN SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'n'::regnamespace AND c.relkind IN ('r', 'p') LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM n.%I)', tried.relname) INTO has_rows;
        IF has_rows THEN
            RETURN NEXT tried.relname;
        END IF;
    END LOOP;
END
$$;
SELECT set_eq($$ SELECT concat_ws(' ', server, setting, needed) FROM prepare_subscriber('n', '{2025,2024,2025,NULL}') $$,
              ARRAY['publisher max_replication_slots 3', 'publisher max_wal_senders 3', 'subscriber max_logical_replication_workers 3',
                    'subscriber ' || CASE WHEN current_setting('server_version_num')::integer < 180000 THEN 'max_replication_slots' ELSE 'max_active_replication_origins' END || ' 3',
                    'subscriber max_worker_processes 4'], 'a register is prepared, and it is said what of settings the copy needs');
SELECT is_empty('SELECT * FROM filled()', 'with no rows in it');
SELECT set_eq($$ SELECT academic_year FROM n.register_year $$, '{2024,2025}'::integer[], 'and the years of the publisher');
SELECT lives_ok($$ SELECT prepare_subscriber('n', '{2024}') $$, 'twice is as once');
SELECT is_empty($$ SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = 'n'::regnamespace AND c.relkind IN ('r', 'p')
                   AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgenabled = 'O'
                                   AND t.tgfoid = 'refuse_subscriber_entry()'::regprocedure) $$, 'every table, and every year, is guarded');
SELECT is_empty($$ SELECT * FROM check_register('n') WHERE object !~ '^row ' $$, 'but for the law it is a register like a new one');
SELECT is_empty($$ SELECT t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid WHERE c.relnamespace = 'n'::regnamespace AND t.tgenabled IN ('A', 'R') $$,
                'no trigger fires for what comes');
SELECT throws_ok(command, '55000', NULL, command)
FROM unnest(ARRAY[$$ INSERT INTO n.region VALUES ('x', 'x') $$, 'UPDATE n.journal SET login = login', 'DELETE FROM n.school_day', 'TRUNCATE n.late_arrival',
                  'INSERT INTO n.register_line_2025 SELECT * FROM n.register_line']) AS command;
SELECT throws_ok($$ SELECT promote_subscriber('n') $$, '55000', 'the copy of register "n" is not complete', 'what has not come is not promoted');
-- as a subscription does
SET session_replication_role = replica;
INSERT INTO n.regime SELECT * FROM r.regime;
INSERT INTO n.benchmark_file (file_id, title, series, shape, digest) OVERRIDING SYSTEM VALUE
VALUES (7000, 'x', 'census', 'wide', 'x');
RESET session_replication_role;
SELECT is((SELECT promote_subscriber('n')), 1::bigint, 'what has come is, with its sequences');
SELECT is((SELECT promote_subscriber('n')), 0::bigint, 'once');
SELECT is_empty($$ SELECT * FROM pg_trigger WHERE tgfoid = 'refuse_subscriber_entry()'::regprocedure $$, 'nothing guards it any more');
SELECT lives_ok($$ INSERT INTO n.region VALUES ('x', 'x') $$, 'it is written to');

-- ---------- promotion is of what its journal says ----------

ALTER TABLE r.journal DISABLE TRIGGER refuse_removal;
ALTER TABLE r.register_line_2025 DISABLE TRIGGER gather_line;
SELECT lives_ok($$ SELECT promote_subscriber('r') $$, 'a register with triggers that were disabled is promoted');
SELECT is_empty($$ SELECT * FROM check_register('r') WHERE object LIKE 'trigger %' $$, 'with all of them');
ALTER TABLE r.journal DISABLE TRIGGER refuse_removal;
DELETE FROM r.journal WHERE entry_id = (SELECT max(entry_id) FROM r.journal);
SELECT throws_ok($$ SELECT promote_subscriber('r') $$, '55000', 'register "r" is not what its journal says', 'one whose journal lacks an entry is not');
SELECT isnt_empty($$ SELECT * FROM check_register('r') WHERE object LIKE 'trigger %' $$, 'and nothing is done to it');
SELECT * FROM finish();
ROLLBACK;
