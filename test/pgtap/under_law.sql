-- A report under a draft law: who would be affected, changing nothing.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (11, 1, 'Parent of 1', true), (81, 8, 'Parent of 8', true), (91, 9, 'Parent of 9', true), (101, 10, 'Parent of 10', true);
-- unauthorised sessions: 8 has 10, 9 has 8, 10 has 9
SELECT fill(8, '2025-09-08', '2025-09-12', 'O'), fill(9, '2025-09-08', '2025-09-11', 'O'), fill(10, '2025-09-08', '2025-09-11', 'O'), fill(10, '2025-09-12', '2025-09-12', 'O', '/') \g /dev/null
CREATE FUNCTION law() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM (SELECT f::text FROM r.penalty_framework f UNION ALL SELECT a::text FROM r.penalty_amount a
        UNION ALL SELECT q::text FROM r.requirement q UNION ALL SELECT s::text FROM r.relevant_school_type s) t (t) $$;
CREATE TABLE before AS SELECT law() AS law, contents('r') AS contents, (SELECT count(*) FROM r.journal) AS entries;
CREATE FUNCTION tried(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    EXECUTE command INTO found;
    RETURN found;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION affected(changes jsonb, report text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(u.affected || ' ' || coalesce(u.pupil_id::text, '-'), ', ' ORDER BY u.affected, u.pupil_id) FROM r.under_law(changes, report) u $$;

-- ---------- a watch ----------

SELECT is(affected('{"penalty_framework": [{"sessions": 8}]}', 'SELECT * FROM penalty_watch(''2025-09-19'')'), 'both 8, new 9, new 10', 'a lower threshold');
SELECT is(affected('{"penalty_framework": [{"sessions": 9}]}', 'SELECT * FROM penalty_watch(''2025-09-19'');'), 'both 8, new 10', 'with a semicolon');
SELECT is(affected('{"penalty_framework": [{"sessions": 11}]}', 'SELECT * FROM penalty_watch(''2025-09-19'') -- of all'), 'no longer 8', 'a higher one, with a comment');
SELECT is(affected('{}', 'SELECT * FROM penalty_watch(''2025-09-19'')'), 'both 8', 'no change');
SELECT is(affected('{"penalty_framework": []}', 'SELECT * FROM penalty_watch(''2025-09-19'')'), 'both 8', 'nor here');
SELECT is(affected('{"penalty_framework": [{"sessions": 8}]}', 'SELECT * FROM penalty_watch(''2025-09-19'') WHERE false'), NULL, 'nobody');
SELECT results_eq($$ SELECT affected, draft ->> 'sessions', present ->> 'sessions', draft ->> 'amount', present ->> 'amount' FROM r.under_law('{"penalty_amount": [{"from_day": "2024-08-19", "step": 1, "amount": 200}]}', 'SELECT * FROM penalty_watch(''2025-09-19'')') $$,
    $$ VALUES ('both', '10', '10', '200.00', '160.00') $$, 'what is the same is known by its keys, and what differs is there');
SELECT results_eq($$ SELECT affected, draft ->> 'amount', present ->> 'amount' FROM r.under_law('{"penalty_amount": [{"from_day": "2024-08-19", "step": 1, "amount": 200}]}', 'SELECT * FROM penalty_watch(''2025-09-19'')', '{}') $$,
    $$ VALUES ('new', '200.00', NULL), ('no longer', NULL, '160.00') $$, 'without keys a row is itself');
SELECT results_eq($$ SELECT affected, pupil_id, draft, present FROM r.under_law('{"penalty_framework": [{"sessions": 8}]}', 'SELECT count(*) FROM penalty_watch(''2025-09-19'')') $$,
    $$ VALUES ('new', NULL::bigint, '{"count": 3}'::jsonb, NULL::jsonb), ('no longer', NULL, NULL, '{"count": 1}') $$, 'rows without pupils');
-- rows with the same keys are told apart by their order
SELECT results_eq($$ SELECT affected, count(*) FROM r.under_law('{"penalty_framework": [{"sessions": 8}]}', 'SELECT 1 AS pupil_id FROM penalty_watch(''2025-09-19'')') GROUP BY 1 ORDER BY 1 $$, $$ VALUES ('both', 1::bigint), ('new', 2) $$, 'the same keys twice');
-- a row that ends, and one that begins
SELECT is(affected('{"penalty_framework": [{"la_number": null, "from_day": "2024-08-19", "to_day": "2025-09-17"}, {"la_number": null, "from_day": "2025-09-18", "to_day": "2999-12-31", "sessions": 8, "weeks": 10, "source": "a draft"}]}',
    'SELECT * FROM penalty_watch(''2025-09-19'')'), 'no longer 8', 'a new row: sessions before it do not count');
SELECT is(affected('{"penalty_framework": [{"la_number": 380, "from_day": "2020-09-01", "to_day": "2024-08-18", "sessions": 8, "weeks": 10, "source": "a local code"}]}', 'SELECT * FROM penalty_watch(''2025-09-19'')'), 'both 8', 'of other days');
SELECT is(affected('{"relevant_school_type": [{"school_type": "Local authority maintained schools", "relevant": false}]}', 'SELECT * FROM penalty_watch(''2025-09-19'')'), 'no longer 8', 'other tables; part of a key');

-- ---------- breaches, and other queries ----------

SELECT is(affected('{"requirement": [{"mark": "O", "requirement": "nature", "from_day": "1900-01-01", "to_day": "2999-12-31", "regulation": "a draft"}]}', 'SELECT * FROM breach WHERE school_urn = 100001 AND mark::text = ''O'' AND pupil_id = 9'),
    'new 9, new 9, new 9, new 9, new 9, new 9, new 9, new 9', 'marks that a new requirement would ask more of');
SELECT is(affected('{"penalty_framework": [{"sessions": 8}]}', $$SELECT w.pupil_id, tally_agg(tally(l.marks)) AS t FROM penalty_watch('2025-09-19') w JOIN register_line l ON l.pupil_id = w.pupil_id GROUP BY 1$$), 'both 8, new 9, new 10', 'a query with the types of the extension');
SELECT is(affected('{"penalty_framework": [{"sessions": 8}]}', 'TABLE pg_catalog.pg_am LIMIT 1'), 'both -', 'of nothing of it');
-- by cohort
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (9, 'fsm', 'Y', '2024-09-01');
SELECT results_eq($$ SELECT coalesce(c.value, 'N'), count(*) FROM r.under_law('{"penalty_framework": [{"sessions": 8}]}', 'SELECT * FROM penalty_watch(''2025-09-19'')') u LEFT JOIN r.pupil_characteristic c ON c.pupil_id = u.pupil_id AND c.characteristic = 'fsm' WHERE u.affected = 'new' GROUP BY 1 ORDER BY 1 $$,
    $$ VALUES ('N', 1::bigint), ('Y', 1) $$, 'by cohort');

-- ---------- what is none ----------

SELECT is_empty($$ SELECT * FROM r.under_law(NULL, 'SELECT 1') UNION ALL SELECT * FROM r.under_law('{}', NULL) UNION ALL SELECT * FROM r.under_law('{}', 'SELECT 1', NULL) $$, 'of nothing');
SELECT is(tried(format('SELECT affected FROM r.under_law(%L, %L)', changes, 'SELECT 1')), wanted, changes) FROM (VALUES
    ('[]', '22023 changes of the law are arrays by table, such as {"penalty_framework": [{"sessions": 8}]}'),
    ('"x"', '22023 changes of the law are arrays by table, such as {"penalty_framework": [{"sessions": 8}]}'),
    ('{"penalty_framework": {"sessions": 8}}', '22023 changes of the law are arrays by table, such as {"penalty_framework": [{"sessions": 8}]}'),
    ('{"penalty_framework": [8]}', '22023 a change of penalty_framework is an object of its columns, not 8'),
    ('{"penalty_framework": [null]}', '22023 a change of penalty_framework is an object of its columns, not null'),
    ('{"pupil": [{"surname": "x"}]}', '22023 "pupil" is not a table of the law: they are ' || (SELECT string_agg(name, ', ' ORDER BY name) FROM law_tables())),
    ('{"penalty_framework": [{"session": 8}]}', '22023 penalty_framework has no column "session" that can be changed'),
    ('{"penalty_framework": [{"framework_id": 8}]}', '22023 penalty_framework has no column "framework_id" that can be changed'),
    ('{"penalty_framework": [{"ctid": "(0,1)"}]}', '22023 penalty_framework has no column "ctid" that can be changed'),
    ('{"penalty_framework": [{"sessions\" = 1 --": 8}]}', '22023 penalty_framework has no column "sessions" = 1 --" that can be changed'),
    ('{"penalty_framework": [{"la_number": null}]}', '22023 a change of penalty_framework names no column beside those by which a row is known: la_number, from_day'),
    ('{"penalty_framework": [{}]}', '22023 a change of penalty_framework names no column beside those by which a row is known: la_number, from_day'),
    ('{"penalty_framework": [{"from_day": "1999-01-01", "sessions": 8}]}', '22023 no row of penalty_framework is that of {"from_day": "1999-01-01", "sessions": 8}'),
    ('{"penalty_framework": [{"sessions": 0}]}', '23514 new row for relation "penalty_framework" violates check constraint "penalty_framework_sessions_check"'),
    ('{"penalty_framework": [{"sessions": "x"}]}', '22P02 invalid input syntax for type integer: "x"'),
    ('{"penalty_framework": [{"la_number": 999, "from_day": "2020-09-01", "to_day": "2024-08-18", "sessions": 8, "weeks": 10, "source": "x"}]}', '23503 insert or update on table "penalty_framework" violates foreign key constraint "penalty_framework_la_number_fkey"'))
    AS v (changes, wanted);

-- ---------- a report reads ----------

SELECT matches(tried(format('SELECT affected FROM r.under_law(''{}'', %L)', report)), wanted, report) FROM (VALUES
    ('SELECT 1) q; SELECT (SELECT 2', '^42P11 '), ('DELETE FROM r.journal', '^42601 '), ('', '^42601 '), ('SELECT * FROM nothing', '^42P01 '), ('COMMIT', '^42601 '),
    ('WITH d AS (DELETE FROM school_day RETURNING *) SELECT * FROM d', '^0A000 '),
    ('SELECT add_academic_year(''r'', 2030)', '^25006 '), ('SELECT nextval(''r.journal_entry_id_seq'')', '^25006 '), ('SELECT * FROM pupil FOR UPDATE', '^25006 '),
    ('SELECT set_config(''transaction_read_only'', ''off'', true)', '^25001 '), ('SELECT set_config(''transaction_read_only'', ''off'', false)', '^25001 '),
    ('SELECT * FROM under_law(''{}'', ''SELECT 1'')', '^25006 ')) AS v (report, wanted);
CREATE FUNCTION r.raises() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'own' USING ERRCODE = 'AT000'; END $$;
SELECT is(tried('SELECT affected FROM r.under_law(''{}'', ''SELECT raises()'')'), 'AT000 own', 'an error of the report is not taken for its end');
DROP FUNCTION r.raises();

-- ---------- nothing is changed ----------

SELECT is(current_setting('transaction_read_only'), 'off', 'the transaction can write');
SELECT is(current_setting('search_path'), 'public, attendance', 'names are what they were');
SELECT is(ROW(law(), contents('r'), (SELECT count(*) FROM r.journal))::text, b::text, 'the law, the lines and the journal are what they were') FROM before b;
SELECT is_empty($$ SELECT * FROM r.verify_journal() $$, 'whole');
SELECT is_empty($$ SELECT l.relation::regclass, l.mode FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.relation IN ('r.penalty_amount'::regclass, 'r.penalty_framework'::regclass) AND l.mode <> 'AccessShareLock' $$, 'no lock is left');
SET LOCAL search_path = '';
CREATE TABLE public.pathless AS SELECT count(*) AS lines FROM r.under_law('{"penalty_framework": [{"sessions": 8}]}', 'SELECT * FROM penalty_watch(''2025-09-19'')');
SET LOCAL search_path = public, attendance;
SELECT is(lines, 3::bigint, 'with an empty search path') FROM pathless;

-- ---------- who may ----------

CREATE ROLE ul_reader;
GRANT USAGE ON SCHEMA attendance, public TO ul_reader;
SELECT grant_register('r', 'ul_reader', 'audit') \g /dev/null
SET LOCAL ROLE ul_reader;
SELECT is(tried($$ SELECT affected FROM r.under_law('{"penalty_framework": [{"sessions": 8}]}', 'SELECT * FROM penalty_watch(''2025-09-19'')') $$), '42501 permission denied for table penalty_framework', 'who may change the law');
RESET ROLE;
SAVEPOINT reads;
SET TRANSACTION READ ONLY;
SELECT is(tried($$ SELECT affected FROM r.under_law('{}', 'SELECT 1') $$), '25006 a draft law is tried out by changing the law and taking that back, which a transaction that can only read cannot do', 'in a transaction that can only read');
ROLLBACK TO reads;
SELECT is((SELECT array_agg(name ORDER BY name)::text FROM law_tables()), (SELECT array_agg(DISTINCT split_part(object, ' of ', 2) ORDER BY split_part(object, ' of ', 2))::text FROM register_law('r')), 'the tables of the law are those that check_register compares');

SELECT * FROM finish();
