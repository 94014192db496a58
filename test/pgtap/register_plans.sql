-- A question about a day, a class or a pupil reads the lines and days that it needs; and the order
-- in which lines are opened.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();

-- 8 schools of 1000 pupils in two years.
INSERT INTO r.school (urn, name, phase, type, la_number) SELECT 200000 + i, 'Big', 'Primary', 'Academies', 380 FROM generate_series(1, 8) AS i;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT i, 'Surname', 'Forename', '2015-03-01' FROM generate_series(1001, 9000) AS i;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) SELECT 200001 + i % 8, i, '2024-09-01' FROM generate_series(1001, 9000) AS i;
INSERT INTO r.school_day (school_urn, day) SELECT 200000 + i, day::date
FROM generate_series(1, 8) AS i, generate_series(0, 1) AS y, generate_series(make_date(2024 + y, 9, 3)::timestamp, make_date(2025 + y, 7, 20), '1 day') AS day
WHERE extract(isodow FROM day) < 6;
ANALYZE r.enrolment, r.school_day, r.pupil;

-- ---------- the order in which lines are opened ----------

-- Two sessions that open the same lines in different orders wait for each other: it is by pupil.
CREATE TABLE opened (n int GENERATED ALWAYS AS IDENTITY, pupil_id bigint);
CREATE FUNCTION note_opened() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.opened (pupil_id) VALUES (NEW.pupil_id); RETURN NULL; END';
CREATE TRIGGER note_opened AFTER INSERT ON r.register_line FOR EACH ROW EXECUTE FUNCTION note_opened();
INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark)
SELECT school_urn, pupil_id, '2025-09-08', 'AM', '/' FROM r.enrolment WHERE school_urn = 200001 ORDER BY pupil_id DESC;
SELECT is((SELECT count(*) FROM opened), 1000::bigint, 'a feed opens a thousand lines');
SELECT is((SELECT count(*) FROM (SELECT pupil_id < lag(pupil_id) OVER (ORDER BY n) AS back FROM opened) AS v WHERE back), 0::bigint, 'in the order of pupils');
DROP TRIGGER note_opened ON r.register_line;

-- ---------- plans ----------

-- Where the planner does not know of which schools, it takes a condition of one's own for one row in twenty.
SELECT is((SELECT string_agg(p.proname, ', ' ORDER BY p.proname) FROM pg_proc p
           WHERE p.pronamespace = 'r'::regnamespace AND pg_get_function_sqlbody(p.oid) ~ 'schools IS NULL\) OR \(+[a-z_.]+\)?(::integer)? = ANY'), NULL,
          'every report asks is_one_of() which schools');

INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks)
SELECT e.school_urn, y, e.pupil_id, m.marks FROM r.enrolment e CROSS JOIN generate_series(2024, 2025) AS y
JOIN LATERAL (SELECT mark_series_agg(school_session(d.day, 'AM'), CASE WHEN e.pupil_id % 7 = 0 THEN 'I' ELSE '/' END::session_mark) AS marks
      FROM r.school_day d WHERE d.school_urn = e.school_urn AND d.academic_year = y AND d.day < make_date(y, 10, 1)) AS m ON m.marks IS NOT NULL
WHERE e.pupil_id > 1000 ON CONFLICT DO NOTHING;
ANALYZE r.register_line;

CREATE FUNCTION nodes(query text) RETURNS TABLE (type text, relation text, loops int, read numeric) LANGUAGE plpgsql AS $$
DECLARE
    plan json;
    asked_by name := coalesce(nullif(current_setting('plans.asked_by', true), ''), current_user);
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', asked_by);
    EXECUTE 'EXPLAIN (FORMAT JSON, ANALYZE, TIMING off) ' || query INTO plan;
    RESET ROLE;
    RETURN QUERY
        WITH RECURSIVE node (n) AS (
            SELECT plan -> 0 -> 'Plan'
            UNION ALL
            SELECT c FROM node, LATERAL json_array_elements(n -> 'Plans') AS c)
        SELECT n ->> 'Node Type', n ->> 'Relation Name', (n ->> 'Actual Loops')::int,
               ((n ->> 'Actual Rows')::numeric + coalesce((n ->> 'Rows Removed by Filter')::numeric, 0)) * (n ->> 'Actual Loops')::numeric
        FROM node;
END
$$;

CREATE FUNCTION reads(query text, lines numeric, days numeric, description text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMP TABLE plan ON COMMIT DROP AS SELECT * FROM nodes(query);
    RETURN NEXT is((SELECT string_agg(DISTINCT type || ' on ' || relation, ', ') FROM plan
                    WHERE type = 'Seq Scan' AND loops > 0 AND (relation LIKE 'register_line%' OR relation = 'school_day')), NULL,
                   description || ': nothing is read through');
    RETURN NEXT cmp_ok((SELECT coalesce(sum(read), 0) FROM plan WHERE relation LIKE 'register_line%'), '<=', lines, description || ': lines');
    RETURN NEXT cmp_ok((SELECT coalesce(sum(read), 0) FROM plan WHERE relation = 'school_day'), '<=', days, description || ': days');
    DROP TABLE plan;
END
$$;

-- A school's 1000 lines are read in both years: which year a day is in is known only when it is joined.
SELECT cmp_ok((SELECT count(*) FROM r.register_line), '>', 12000::bigint, 'more than 12,000 lines');
SELECT reads('SELECT * FROM r.mark WHERE school_urn = 200002 AND day = ''2025-09-08''', 2000, 1, 'a school on a day');
SELECT reads('SELECT * FROM r.mark WHERE school_urn = 200002 AND day = ''2025-09-08'' AND session = ''AM''', 2000, 1, 'a session of a school');
SELECT reads('SELECT * FROM r.mark WHERE school_urn = 200002 AND day = ''2025-09-08'' AND pupil_id = ANY (ARRAY(SELECT 1001 + 8 * i FROM generate_series(1, 30) AS i))', 1000, 30, 'a class on a day');
SELECT reads('SELECT * FROM r.mark WHERE pupil_id = 1001', 2, 2 * 230, 'a pupil');
SELECT reads('SELECT * FROM r.mark WHERE school_urn = 200002 AND pupil_id = 1001 AND day BETWEEN ''2025-09-08'' AND ''2025-09-12''', 2, 5, 'a pupil''s week');
SELECT reads('SELECT count(*) FROM r.mark WHERE school_urn = 200002 AND day >= ''2025-09-01'' AND day < ''2025-10-01''', 20000, 22, 'a school''s month');
SELECT reads('SELECT * FROM r.mark_feed WHERE school_urn = 200002 AND day = ''2025-09-08''', 2000, 1, 'mark_feed on a day');
-- once for each mark's own rules, once for N
SELECT reads('SELECT * FROM r.breach WHERE school_urn = 200002', 4000, 0, 'breaches of a school');
SELECT reads('SELECT * FROM r.breach WHERE school_urn = ANY (''{200002,200003}''::integer[]) AND pupil_id = 1001', 4002, 0, 'breaches of a pupil at two schools');
SELECT is((SELECT count(*) FROM r.mark WHERE school_urn = 200002 AND day = '2025-09-08'), 1000::bigint, 'and all of its own');
SELECT is((SELECT count(*) FROM r.mark WHERE pupil_id = 1001), (SELECT sum(unmarked(tally(marks)) + possible(tally(marks)))::bigint FROM r.register_line WHERE pupil_id = 1001),
          'all marks of a pupil');

-- ---------- the same with row security: conditions on schools, pupils and days are asked before the policies ----------

CREATE ROLE plans_clerk;
SELECT grant_access('r', 'plans_clerk', 'attendance officer', school) FROM unnest('{200002,200003}'::int[]) school \g /dev/null
SET plans.asked_by = 'plans_clerk';
SELECT reads('SELECT * FROM r.mark WHERE school_urn = 200002 AND day = ''2025-09-08''', 2000, 232, 'row security: a school on a day');
SELECT reads('SELECT * FROM r.mark WHERE school_urn = 200002 AND day = ''2025-09-08'' AND session = ''AM''', 2000, 11, 'row security: a session of a school');
SELECT reads('SELECT * FROM r.mark WHERE school_urn = 200002 AND day = ''2025-09-08'' AND pupil_id = ANY (ARRAY(SELECT 1001 + 8 * i FROM generate_series(1, 30) AS i))', 1000, 30, 'row security: a class on a day');
SELECT reads('SELECT * FROM r.mark WHERE pupil_id = 1001', 2, 2 * 2 * 230, 'row security: a pupil, and the days of the schools that are seen');
SELECT reads('SELECT * FROM r.headline(''week 2025-09-08'', ''statutory'', ''{200002}'')', 3000, 1000, 'row security: a headline');
SELECT is((SELECT loops FROM nodes('SELECT * FROM r.mark') WHERE relation = 'register_line_2024' AND loops > 0 LIMIT 1) > 0, true, 'lines of one''s own schools');
RESET plans.asked_by;
-- ---------- a legal step that is entered ----------

-- Its trigger asks legal_step_breach about this step: of all the contacts of the register it needs one.
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) SELECT i, i, 'Parent', true FROM generate_series(1001, 9000) AS i;
INSERT INTO r.attendance_support (support_id, school_urn, pupil_id, contact_id, kind, offered_on, description)
SELECT 9001 - i, 200001 + i % 8, i, i, 'voluntary support', '2025-09-15', 'x' FROM generate_series(8901, 9000) AS i;
INSERT INTO r.notice_to_improve (improve_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day)
SELECT 9001 - i, 200001 + i % 8, i, i, '{[2025-09-08 AM,2025-09-09 AM)}', '2025-09-15', 'x', 'x', 'x', '2025-09-16', '2025-10-16' FROM generate_series(8901, 9000) AS i;
-- of the steps there are no statistics yet, as after those of a morning
ANALYZE r.contact;
SELECT cmp_ok((SELECT sum(read) FROM nodes(format('SELECT * FROM r.legal_step_breach WHERE relation = %L AND id = 1', relation)) WHERE nodes.relation = 'contact'),
    '<', 10::numeric, relation || ' reads its own contact') FROM unnest('{attendance_support,notice_to_improve}'::text[]) AS relation;

SELECT * FROM finish();
ROLLBACK;
