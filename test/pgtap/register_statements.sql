-- Marks are gathered by the statement that gives them: statements inside statements, one after the
-- other, failing and repeated, with two views or two registers at once.
\ir register/fixture.sql
SELECT create_register('other') \g /dev/null
SELECT add_academic_year('other', 2025) \g /dev/null
SELECT fill_register('other') \g /dev/null
INSERT INTO r.rule_setting SELECT urn, 'closure while open', 'record', 'test', 'test' FROM generate_series(100001, 100004) AS urn;
INSERT INTO other.rule_setting SELECT urn, 'closure while open', 'record', 'test', 'test' FROM generate_series(100001, 100004) AS urn;
SELECT * FROM no_plan();

-- between the tests, the registers are emptied
ALTER TABLE r.register_line DISABLE TRIGGER refuse_removal;
ALTER TABLE other.register_line DISABLE TRIGGER refuse_removal;
CREATE FUNCTION clear_all() RETURNS void LANGUAGE sql AS 'DELETE FROM r.register_line; DELETE FROM other.register_line';

-- Both registers, and the number of marks that the lines hold.
CREATE FUNCTION stand(wanted text, wanted_other text, description text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT is(standing(), wanted, description)
    UNION ALL
    SELECT is(standing(register => 'other'), wanted_other, description || ', the other register')
    UNION ALL
    SELECT is((SELECT format('%s %s', marks, outside) FROM recount('r')),
              format('%s 0', CASE wanted WHEN '' THEN 0 ELSE cardinality(string_to_array(wanted, ', ')) END), description || ', counted from the lines')
$$;

-- ---------- one after the other ----------

BEGIN;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', '/');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'PM', '\');
UPDATE r.mark SET mark = 'L' WHERE pupil_id = 1 AND session = 'PM';
INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', 'U'), (100001, 2, '2025-09-08', 'AM', '/');
UPDATE r.mark SET mark = 'I' WHERE mark = 'L';
SELECT stand('100001 1 2025-09-08 AM U, 100001 1 2025-09-08 PM I, 100001 2 2025-09-08 AM /', '', 'statements of a transaction');
SAVEPOINT s;
SELECT throws_ok('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    VALUES (100001, 3, ''2025-09-08'', ''AM'', ''/''), (100001, 4, ''2025-09-13'', ''AM'', ''/'')', 'AT002');
ROLLBACK TO s;
SELECT stand('100001 1 2025-09-08 AM U, 100001 1 2025-09-08 PM I, 100001 2 2025-09-08 AM /', '', 'after a savepoint');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 3, '2025-09-08', 'AM', '/'), (100001, 4, '2025-09-12', 'AM', '/');
SAVEPOINT s;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 5, '2025-09-08', 'AM', '/');
ROLLBACK TO s;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 5, '2025-09-08', 'AM', 'L');
COMMIT;
SELECT stand('100001 1 2025-09-08 AM U, 100001 1 2025-09-08 PM I, 100001 2 2025-09-08 AM /, 100001 3 2025-09-08 AM /, '
    '100001 4 2025-09-12 AM /, 100001 5 2025-09-08 AM L', '', 'repeated right');
SELECT clear_all() \g /dev/null

-- Blocks with exceptions, in a loop: odd rounds fail in different ways.
DO $$
BEGIN
    FOR i IN 1..10 LOOP
        BEGIN
            INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
            SELECT 100001, i, '2025-09-08', CASE WHEN i = 3 AND n = 2 THEN 'XM' WHEN n = 1 THEN 'AM' ELSE 'PM' END,
                   CASE WHEN i = 5 AND n = 2 THEN (1 / (n - 2))::text WHEN i = 7 THEN '#' ELSE 'L' END::session_mark
            FROM generate_series(1, 2) AS n;
            IF i = 9 THEN
                RAISE EXCEPTION 'after the statement';
            END IF;
        EXCEPTION WHEN division_by_zero OR invalid_parameter_value OR raise_exception THEN
            INSERT INTO other.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, i, '2025-09-09', 'AM', 'U');
        END;
    END LOOP;
END
$$;
SELECT stand((SELECT string_agg(format('100001 %s 2025-09-08 AM %2$s, 100001 %1$s 2025-09-08 PM %2$s', i, CASE i WHEN 7 THEN '#' ELSE 'L' END), ', ' ORDER BY i)
             FROM unnest('{1,2,4,6,7,8,10}'::int[]) AS i),
            '100001 3 2025-09-09 AM U, 100001 5 2025-09-09 AM U, 100001 9 2025-09-09 AM U', 'loop of blocks with exceptions');
SELECT clear_all() \g /dev/null

-- ---------- prepared statements, cursors, functions, RETURNING, views upon the view ----------

PREPARE enter_one(bigint, date, text, session_mark) AS
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, $1, $2, $3, $4) RETURNING pupil_id, session, mark, class;
SELECT is((SELECT count(*) FROM pg_prepared_statements WHERE name = 'enter_one'), 1::bigint, 'prepared');
BEGIN;
EXECUTE enter_one(1, '2025-09-08', 'AM', '/') \g /dev/null
EXECUTE enter_one(2, '2025-09-08', 'AM', '/') \g /dev/null
SELECT throws_ok('EXECUTE enter_one(2, ''2025-09-08'', ''AM'', ''/'')', '23505');
EXECUTE enter_one(3, '2025-09-08', 'AM', '/') \g /dev/null
EXECUTE enter_one(4, '2025-09-08', 'AM', '/') \g /dev/null
EXECUTE enter_one(5, '2025-09-08', 'AM', '/') \g /dev/null
EXECUTE enter_one(6, '2025-09-08', 'AM', '/') \g /dev/null
EXECUTE enter_one(7, '2025-09-08', 'AM', 'Y1') \gset given_
COMMIT;
SELECT is(:'given_pupil_id' || ' ' || :'given_session' || ' ' || :'given_mark', '7 AM Y1', 'RETURNING gives what was given');
SELECT stand((SELECT string_agg(format('100001 %s 2025-09-08 AM %s', i, CASE i WHEN 7 THEN 'Y1' ELSE '/' END), ', ' ORDER BY i) FROM generate_series(1, 7) AS i),
            '', 'a prepared statement, seven times');

CREATE VIEW my_marks AS SELECT school_urn, pupil_id, day, session, mark FROM r.mark WHERE school_urn = 100001;
INSERT INTO my_marks VALUES (100001, 8, '2025-09-08', 'AM', 'U');
UPDATE my_marks SET mark = 'L' WHERE pupil_id = 8;
SELECT throws_ok('DELETE FROM my_marks WHERE pupil_id = 8', 'AT001');
CREATE FUNCTION enter_by_function(pupil bigint) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, $1, '2025-09-08', 'AM', 'V');
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, $1, '2025-09-08', 'PM', 'V') RETURNING pupil_id
$$;
SELECT is(enter_by_function(9), 9::bigint, 'a function in SQL');
SELECT is((SELECT string_agg(m, ', ') FROM (VALUES (standing(8)), (standing(9))) AS v (m)),
    '100001 8 2025-09-08 AM L, 100001 9 2025-09-08 AM V, 100001 9 2025-09-08 PM V', 'a view upon the view, and a function');

BEGIN;
DECLARE c CURSOR FOR SELECT pupil_id, mark FROM r.mark ORDER BY pupil_id, session;
FETCH 2 FROM c \g /dev/null
UPDATE r.mark SET mark = 'B' WHERE pupil_id = 3;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 3, '2025-09-08', 'PM', 'B');
CREATE FUNCTION rest(c refcursor) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint; BEGIN MOVE FORWARD ALL FROM c; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;
SELECT is(rest('c'), 8::bigint, 'a cursor shows the register as it was');
COMMIT;
SELECT is(standing(3), '100001 3 2025-09-08 AM B, 100001 3 2025-09-08 PM B', 'and what was written under it stands');
SELECT clear_all() \g /dev/null

-- ---------- two views, two registers, two events in one statement ----------

WITH a AS (INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', '/') RETURNING pupil_id),
     b AS (INSERT INTO other.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, '2025-09-08', 'AM', 'L') RETURNING pupil_id)
INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) SELECT 100001, a.pupil_id + b.pupil_id, '2025-09-08', 'AM', 'U' FROM a, b;
SELECT stand('100001 1 2025-09-08 AM /, 100001 3 2025-09-08 AM U', '100001 2 2025-09-08 AM L', 'three views in one statement');
WITH a AS (UPDATE r.mark SET mark = 'L' WHERE pupil_id = 1)
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 4, '2025-09-08', 'AM', 'U');
SELECT stand('100001 1 2025-09-08 AM L, 100001 3 2025-09-08 AM U, 100001 4 2025-09-08 AM U', '100001 2 2025-09-08 AM L',
            'INSERT and UPDATE in one statement');
WITH a AS (INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 5, '2025-09-08', 'AM', '/'))
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 6, '2025-09-08', 'AM', '/');
SELECT is(standing(5) || standing(6), '100001 5 2025-09-08 AM /100001 6 2025-09-08 AM /', 'the same view twice in one statement');
SELECT throws_ok($$WITH a AS (INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 7, '2025-09-08', 'AM', '/'))
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', '/')$$, '23505', NULL,
    'a feed beside it does not make an entry a feed');
SELECT is(standing(7), '', 'and both are undone');
SELECT clear_all() \g /dev/null
DO $$ BEGIN EXECUTE $q$COPY r.mark (school_urn, pupil_id, day, session, mark) FROM PROGRAM 'echo 100001,5,2025-09-08,AM,/' CSV;
    COPY other.mark (school_urn, pupil_id, day, session, mark) FROM PROGRAM 'echo 100001,6,2025-09-08,AM,/' CSV;
    COPY other.mark_feed (school_urn, pupil_id, day, session, mark) FROM PROGRAM 'echo 100001,6,2025-09-08,AM,L' CSV$q$; END $$;
SELECT stand('100001 5 2025-09-08 AM /', '100001 6 2025-09-08 AM L', 'three COPY in one string');
SELECT clear_all() \g /dev/null

-- ---------- a statement inside a statement ----------

CREATE FUNCTION note(pupil bigint, day date) RETURNS session_mark LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, pupil, day, 'PM', 'C');
    INSERT INTO other.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, pupil, day, 'PM', 'C');
    BEGIN
        INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, pupil, day, 'PM', 'U');
    EXCEPTION WHEN unique_violation THEN
        NULL;
    END;
    RETURN 'L';
END
$$;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, i, '2025-09-08', 'AM', note(i, '2025-09-08') FROM generate_series(1, 3) AS i;
SELECT stand('100001 1 2025-09-08 AM L, 100001 1 2025-09-08 PM C, 100001 2 2025-09-08 AM L, 100001 2 2025-09-08 PM C, 100001 3 2025-09-08 AM L, 100001 3 2025-09-08 PM C',
            '100001 1 2025-09-08 PM C, 100001 2 2025-09-08 PM C, 100001 3 2025-09-08 PM C', 'a function that enters marks while marks are entered');
UPDATE r.mark SET mark = note(pupil_id, '2025-09-09') WHERE session = 'AM' AND pupil_id < 3;
SELECT is(standing(1), '100001 1 2025-09-08 AM L, 100001 1 2025-09-08 PM C, 100001 1 2025-09-09 PM C', 'while they are amended');
SELECT clear_all() \g /dev/null

-- Triggers of the user's on the register's tables and views that enter marks in their turn.
CREATE FUNCTION mirror() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO other.mark_feed (school_urn, pupil_id, day, session, mark)
    SELECT NEW.school_urn, NEW.pupil_id, m.day, m.session, m.mark FROM marks(NEW.marks) AS m;
    RETURN NULL;
END
$$;
CREATE TRIGGER mirror AFTER UPDATE ON r.register_line FOR EACH ROW EXECUTE FUNCTION mirror();
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT 100001, i, '2025-09-08', 'AM', '/' FROM generate_series(1, 3) AS i;
INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) SELECT 100001, i, '2025-09-08', 'AM', 'L' FROM generate_series(2, 4) AS i;
SELECT stand('100001 1 2025-09-08 AM /, 100001 2 2025-09-08 AM L, 100001 3 2025-09-08 AM L, 100001 4 2025-09-08 AM L',
            '100001 1 2025-09-08 AM /, 100001 2 2025-09-08 AM L, 100001 3 2025-09-08 AM L, 100001 4 2025-09-08 AM L', 'a mirror kept by a trigger');
DROP TRIGGER mirror ON r.register_line;

CREATE FUNCTION siblings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 10, '2025-09-10', 'AM', '/');
    RETURN NULL;
END
$$;
CREATE TRIGGER a_siblings AFTER INSERT ON r.mark FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION siblings();
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, '2025-09-10', 'AM', '/'), (100001, 10, '2025-09-10', 'PM', '\');
SELECT is(standing(9) || ', ' || standing(10), '100001 9 2025-09-10 AM /, 100001 10 2025-09-10 AM /, 100001 10 2025-09-10 PM \',
          'a trigger of the view that enters marks before the statement''s own are written');
DROP TRIGGER a_siblings ON r.mark;
SELECT clear_all() \g /dev/null

-- ---------- without the last trigger ----------

BEGIN;
DROP TRIGGER write_marks ON r.mark;
SELECT throws_ok('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, ''2025-09-08'', ''AM'', ''/'')',
    '55000', NULL, 'a view without write_marks takes no marks');
SELECT lives_ok('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, ''2025-09-08'', ''AM'', ''/'')', 'the feed does');
SELECT throws_ok('UPDATE r.mark SET mark = ''L''', '55000', NULL, 'nor amendments');
CREATE TRIGGER write_marks AFTER INSERT ON r.mark FOR EACH STATEMENT EXECUTE FUNCTION write_marks();
SELECT throws_ok('UPDATE r.mark SET mark = ''L''', '55000', NULL, 'nor with one for INSERT alone');
ROLLBACK;

-- One of that name that does not always fire would lose them all the same, on a view as on a table.
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', '/');
CREATE FUNCTION with_writer(trigger text, condition text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    writer text := (regexp_match(trigger, '^CREATE TRIGGER (\w+)'))[1];
    relation text := (regexp_match(trigger, ' ON (\S+)'))[1];
    entries bigint := count(*) FROM r.journal;
BEGIN
    EXECUTE format('DROP TRIGGER %s ON %s', writer, relation);
    EXECUTE format('%s FOR EACH STATEMENT %s EXECUTE FUNCTION %s()', trigger, condition, writer);
    UPDATE r.mark SET mark = 'L', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 1;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = CASE
        WHEN standing(1) LIKE '%AM L' AND (SELECT count(*) FROM r.journal) = entries + 1 THEN 'written' ELSE 'lost' END;
EXCEPTION WHEN SQLSTATE '55000' THEN
    RETURN 'refused';
WHEN SQLSTATE 'ZZ000' THEN
    RETURN SQLERRM;
END
$$;
SELECT is(with_writer(trigger), wanted, trigger) FROM (VALUES
    ('CREATE TRIGGER write_marks AFTER UPDATE ON r.mark', 'written'),
    ('CREATE TRIGGER write_marks AFTER UPDATE OF nature ON r.mark', 'refused'),
    ('CREATE TRIGGER write_marks AFTER UPDATE OF mark ON r.mark', 'refused'),
    ('CREATE TRIGGER write_marks AFTER INSERT OR UPDATE OF nature ON r.mark', 'refused'),
    ('CREATE TRIGGER write_journal AFTER UPDATE ON r.register_line', 'written'),
    ('CREATE TRIGGER write_journal AFTER UPDATE OF marks ON r.register_line', 'refused'),
    ('CREATE TRIGGER write_journal AFTER INSERT OR DELETE ON r.register_line', 'refused')
) AS v (trigger, wanted);
SELECT is(with_writer(format('CREATE TRIGGER %s AFTER UPDATE ON %s', writer, relation), 'WHEN (true)'), 'refused', writer || ' with a condition')
FROM (VALUES ('write_marks', 'r.mark'), ('write_journal', 'r.register_line')) AS v (writer, relation);
SELECT clear_all() \g /dev/null

-- On a replica, triggers rest: a view does not write then, and must not say that it did.
BEGIN;
SET LOCAL session_replication_role = replica;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', '/');
INSERT INTO r.register_line (school_urn, academic_year, pupil_id, enrolment_start, birth_cohort, is_counted, line_key, marks) VALUES (100001, 2025, 2, '2024-09-01', 2010, true, 999, '2025-09-08 /');
RESET session_replication_role;
SELECT is(standing(), '100001 2 2025-09-08 AM /', 'what a subscription applies goes into the lines, not through the views');
ROLLBACK;
BEGIN;
ALTER TABLE r.register_line ENABLE ALWAYS TRIGGER gather_line;
SET LOCAL session_replication_role = replica;
SELECT throws_ok('INSERT INTO r.register_line (school_urn, academic_year, pupil_id, enrolment_start, birth_cohort, is_counted, line_key, marks)
    VALUES (100001, 2025, 2, ''2024-09-01'', 2010, true, 999, ''2025-09-08 /'')', '55000', NULL, 'nor does a line gather marks while its writer rests');
ROLLBACK;

-- ---------- the schema's name and the search path ----------

INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', '/');
ALTER SCHEMA r RENAME TO "r, new";
INSERT INTO "r, new".mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, '2025-09-08', 'AM', '/'), (100001, 1, '2025-09-08', 'PM', '/');
UPDATE "r, new".mark SET mark = 'L' WHERE session = 'PM';
ALTER SCHEMA other RENAME TO r;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 3, '2025-09-08', 'AM', '/');
ALTER SCHEMA r RENAME TO other;
ALTER SCHEMA "r, new" RENAME TO r;
SELECT stand('100001 1 2025-09-08 AM /, 100001 1 2025-09-08 PM L, 100001 2 2025-09-08 AM /', '100001 3 2025-09-08 AM /',
            'registers renamed within a session');
SELECT clear_all() \g /dev/null

ALTER TABLE r.register_line ENABLE TRIGGER refuse_removal;
CREATE SCHEMA hostile;
CREATE FUNCTION hostile.eq(a bigint, b bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR hostile.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = hostile.eq);
CREATE FUNCTION hostile.eq(a int, b int) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR hostile.= (LEFTARG = int, RIGHTARG = int, FUNCTION = hostile.eq);
CREATE FUNCTION hostile.mark_at(attendance.mark_series, date, text) RETURNS attendance.session_mark LANGUAGE sql AS 'SELECT NULL::attendance.session_mark';
CREATE FUNCTION hostile.unnest(bigint[], attendance.mark_series[]) RETURNS TABLE (pupil_id bigint, marks attendance.mark_series) LANGUAGE sql AS 'SELECT 1, ''empty''';
CREATE FUNCTION hostile.make_date(int, int, int) RETURNS date LANGUAGE sql AS 'SELECT ''1900-01-01''::date';
CREATE FUNCTION hostile.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql AS 'SELECT ''SELECT 1''';
CREATE TABLE hostile.register_line (school_urn int, academic_year int, pupil_id bigint, marks attendance.mark_series);
CREATE TABLE hostile.school_day (school_urn int, day date, morning boolean, afternoon boolean);

CREATE FUNCTION under_path(path text, year int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    own text := current_setting('search_path');
    problems bigint;
BEGIN
    PERFORM set_config('search_path', path, true);
    PERFORM attendance.add_academic_year('r', year);
    INSERT INTO r.term_date VALUES (100001, year, 'Autumn', 1, pg_catalog.make_date(year, 9, 8), pg_catalog.make_date(year, 9, 9));
    PERFORM attendance.build_calendar('r', 100001, year, '{1,2,3,4,5,6,7}');
    INSERT INTO r.mark (school_urn, upn, day, session, mark) VALUES (100001, public.make_upn(1), pg_catalog.make_date(year, 9, 8), 'AM', '/');
    INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, pg_catalog.make_date(year, 9, 8), 'AM', '/');
    UPDATE r.mark SET mark = 'L' WHERE day OPERATOR(pg_catalog.=) pg_catalog.make_date(year, 9, 8) AND pupil_id OPERATOR(pg_catalog.=) 2;
    BEGIN
        UPDATE r.school_day SET morning = false, closure = 'x' WHERE day OPERATOR(pg_catalog.=) pg_catalog.make_date(year, 9, 8);
    EXCEPTION WHEN SQLSTATE 'AT002' THEN
        DELETE FROM r.school_day WHERE day OPERATOR(pg_catalog.=) pg_catalog.make_date(year, 9, 9);
    END;
    problems := (SELECT pg_catalog.count(*) FROM attendance.check_register('r'));
    PERFORM pg_catalog.set_config('search_path', own, true);
    RETURN format('%s problems, %s', problems, (SELECT string_agg(format('%s %s', pupil_id, mark), ', ' ORDER BY pupil_id)
                                                FROM r.mark WHERE day = make_date(year, 9, 8)));
END
$$;
SELECT is(under_path(path, year), '0 problems, 1 /, 2 L', format('search_path "%s"', path))
FROM (VALUES ('', 2026), ('pg_catalog', 2027), ('hostile, public, pg_catalog', 2028), ('hostile, attendance', 2029)) AS v (path, year);

SELECT * FROM finish();
