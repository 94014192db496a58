-- What refused_rows() says of rows made up at random is what INSERT says of each of them alone, in every field; and an INSERT of
-- all the others is taken.
\ir register/fixture.sql
SELECT * FROM no_plan();
DELETE FROM r.rule_setting;
INSERT INTO r.rule_setting SELECT 100002, rule, 'record', 'test', 'test' FROM unnest('{leave,nature,unsigned amendment}'::text[]) AS rule;
-- 28 is 3 years old, 29 is a boarder, and both had one number before
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth, former_upn)
VALUES (28, 'Young', 'Y', '2022-06-01', make_upn(50)), (29, 'Boarder', 'B', '2015-03-01', make_upn(50)), (30, 'Former', 'F', '2015-01-01', make_upn(51));
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, boarder) VALUES (100001, 28, '2025-09-01', 'N'), (100001, 29, '2025-09-01', 'B'), (100001, 30, '2025-09-01', 'N');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, p, d, s, '/' FROM generate_series(1, 4) AS p, unnest('{2025-09-08,2025-09-09}'::date[]) AS d, unnest('{AM,PM}'::text[]) AS s;
INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 2, 'B', '{[2025-09-10 AM,2025-09-10 PM]}', 'known');

CREATE FUNCTION pick(anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1[1 + floor(random() * cardinality($1))::integer]';
CREATE TABLE sent (n int, school_urn int, pupil_id bigint, upn text, day date, session text, mark session_mark, nature text, entered_by text, title text, reason text);
CREATE FUNCTION make_up(rows int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    pupil bigint;
    marks session_mark[] := ARRAY(SELECT c.mark FROM attendance_codes() c) || '{/,/,/,-,NULL}'::session_mark[];
BEGIN
    TRUNCATE sent;
    FOR n IN 1..rows LOOP
        pupil := pick('{1,2,3,4,5,6,11,12,21,22,23,24,25,28,29,30,77}'::bigint[]);
        INSERT INTO sent SELECT n, CASE WHEN random() < 0.03 THEN pick('{NULL,999999,100003}'::int[]) WHEN pupil IN (11, 12) THEN 100002
                ELSE pick('{100001,100001,100001,100001,100002}'::int[]) END, CASE WHEN random() < 0.6 THEN pupil END,
            CASE WHEN random() < 0.4 THEN pick(ARRAY[make_upn(pupil), make_upn(pupil), make_upn(pupil), make_upn(50), make_upn(51), 'x', repeat('x', 16), '']) END,
            CASE WHEN random() < 0.05 THEN pick('{NULL,infinity,-infinity,1800-01-01,2031-09-08,2024-09-10,2000-01-01,2999-12-31}'::date[])
                ELSE date '2025-09-05' + floor(random() * 10)::int END, pick(ARRAY['AM', 'PM', 'am', 'PM', 'AM', 'PM', 'noon', NULL, ' AM']), pick(marks),
            pick(ARRAY[NULL, NULL, NULL, 'forest', ' ', '', E'\n', 'known']), pick('{NULL,NULL,x}'::text[]), pick('{NULL,y,y}'::text[]), pick(ARRAY[NULL, 'z', ' ']);
    END LOOP;
END
$$;
CREATE FUNCTION feed(which text) RETURNS text LANGUAGE sql
RETURN format('SELECT school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason FROM sent WHERE %s ORDER BY n', which);
-- What INSERT says; it is undone.
CREATE FUNCTION said(which text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rule text;
    of_column text;
BEGIN
    EXECUTE 'INSERT INTO r.mark_feed (school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason) ' || feed(which);
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN 'taken';
WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME, of_column = COLUMN_NAME;
    RETURN concat_ws(', ', SQLSTATE, nullif(rule, ''), of_column, SQLERRM);
END
$$;
CREATE TABLE difference (round int, row_sent text, asked text, inserted text);
CREATE TABLE seen (sqlstate text, at_odds boolean);
CREATE FUNCTION compare(round int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM make_up(40);
    CREATE TEMPORARY TABLE asked AS SELECT * FROM refused_rows('r.register_line', feed('true'));
    INSERT INTO difference
    SELECT round, s::text, w.asked, w.inserted FROM sent s LEFT JOIN asked a ON a.row_number = s.n
    CROSS JOIN LATERAL (SELECT coalesce(concat_ws(', ', a.sqlstate, a.rule, a.column_name, 'row 1: ' || a.message), '') AS asked,
        replace(said('n = ' || s.n), 'taken', '') AS inserted) AS w
    -- that it is at odds with another row is not to be seen in one alone
    WHERE a.other_row IS NULL AND w.asked <> w.inserted;
    INSERT INTO difference SELECT round, 'all others', 'taken', i FROM said('n NOT IN (SELECT row_number FROM asked)') AS i WHERE i <> 'taken';
    INSERT INTO difference SELECT round, a.row_number::text, 'twice', NULL FROM asked a GROUP BY a.row_number HAVING count(*) > 1;
    INSERT INTO seen SELECT a.sqlstate, a.other_row IS NOT NULL FROM asked a;
    DROP TABLE asked;
END
$$;
SELECT setseed(0.5) \g /dev/null
SELECT compare(round) FROM generate_series(1, 25) AS round \g /dev/null
SELECT is_empty('TABLE difference', 'rows are refused as INSERT refuses them');
SELECT cmp_ok((SELECT count(DISTINCT sqlstate) FROM seen), '>', 14::bigint, 'for many reasons');
SELECT cmp_ok((SELECT count(*) FROM seen WHERE at_odds), '>', 0::bigint, 'and for others beside them');
SELECT * FROM finish();
