-- The packed form of the marks of an entry (doc/storage.md): what is written for which statements, that it
-- gives back what was entered, and that bytes which nobody wrote are refused.
\ir register/fixture.sql
SELECT * FROM no_plan();

-- ---------- statements and their form ----------

CREATE FUNCTION latest_payload(OUT form int, OUT payload bytea, OUT bytes int) LANGUAGE sql AS $$
    SELECT get_byte(payload, 0), payload, length(payload) FROM r.journal WHERE kind = 'marks' ORDER BY entry_id DESC LIMIT 1
$$;
CREATE FUNCTION latest_changes() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s %s %s>%s', pupil_id, to_char(day, 'DDMon'), session, original, amended), ', ')
    FROM (SELECT * FROM latest_payload(), journal_changes(payload) WITH ORDINALITY ORDER BY ordinality) AS x
$$;

INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, id, '2025-09-08', 'AM', CASE id WHEN 4 THEN 'L' WHEN 9 THEN 'O' ELSE '/' END::session_mark FROM generate_series(1, 10) AS id;
SELECT is(form, 2, 'a class register is a sheet') FROM latest_payload();
SELECT is(latest_changes(), '1 08Sep AM >/, 2 08Sep AM >/, 3 08Sep AM >/, 4 08Sep AM >L, 5 08Sep AM >/, 6 08Sep AM >/, 7 08Sep AM >/, 8 08Sep AM >/, 9 08Sep AM >O, 10 08Sep AM >/',
    'which says who had which mark');
-- 2, year 2025 (e9 0f), 1 session, 10 pupils, 76 sessions after 1 August (98 01), differences of 1 (02), 3 x present, late ...
SELECT is(payload, '\x02e90f010a980102020202020202020202030201040402011b0102'::bytea, 'in the bytes of the documentation') FROM latest_payload();
SELECT is(journal_hash(100001, 1, '2025-09-08 09:05+01', 'marks', 'office', 'Jo', 'Clerk', NULL, '', payload),
    '\x0ad0cfb4b7e0793e66b8557b5eee82b2e33baf255ecdb65a0ac956fae9cd4823'::bytea, 'and its hash is that of the documentation') FROM latest_payload();

INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, id, day, session, CASE WHEN id = 2 AND session = 'PM' THEN 'U' ELSE '/' END::session_mark
FROM unnest(ARRAY[2, 3]) AS id, unnest(ARRAY['2025-09-09', '2025-09-10']::date[]) AS day, unnest(ARRAY['AM', 'PM']) AS session;
SELECT is(form, 2, 'several sessions of several pupils are a sheet') FROM latest_payload();
SELECT is(latest_changes(), '2 09Sep AM >/, 2 09Sep PM >U, 2 10Sep AM >/, 2 10Sep PM >U, 3 09Sep AM >/, 3 09Sep PM >\, 3 10Sep AM >/, 3 10Sep PM >\',
    'in the order of pupils and sessions, in which it was read before');

INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 5, '2025-09-09', 'AM', '/'), (100001, 6, '2025-09-09', 'PM', '/');
SELECT is(form, 1, 'different sessions are lines') FROM latest_payload();
SELECT is(latest_changes(), '5 09Sep AM >/, 6 09Sep PM >\', 'and the same marks');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-09', 'AM', '/');
SELECT is(form, 2, 'one mark of one pupil is a sheet, too') FROM latest_payload();
SELECT is(latest_changes(), '1 09Sep AM >/', 'and the same mark');
UPDATE r.mark SET mark = 'I' WHERE school_urn = 100001 AND pupil_id IN (1, 2) AND day = '2025-09-08';
SELECT is(form, 1, 'amendments are lines') FROM latest_payload();
SELECT is(latest_changes(), '1 08Sep AM />I, 2 08Sep AM />I', 'with the marks of before');
INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark)
SELECT 100001, id, '2025-09-08', session, '/' FROM generate_series(1, 3) AS id, unnest(ARRAY['AM', 'PM']) AS session;
SELECT is(form, 1, 'amendments with new marks beside them are lines') FROM latest_payload();
SELECT is(latest_changes(), '1 08Sep AM I>/, 1 08Sep PM >\, 2 08Sep AM I>/, 2 08Sep PM >\, 3 08Sep PM >\', 'each with what it was');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, id, day, 'AM', 'L' FROM generate_series(7, 8) AS id, generate_series(timestamp '2025-09-09', '2025-10-10', '1 day') AS day
WHERE extract(isodow FROM day) < 6 AND (id = 7 OR day < '2025-09-30');
SELECT is(form, 1, 'many sessions are lines') FROM latest_payload();
SELECT is((SELECT count(*) FROM latest_payload(), journal_changes(payload) WHERE original IS NULL AND amended = 'L'), 39::bigint, 'of which none is lost');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, id, day, 'PM', '-' FROM generate_series(9, 10) AS id, generate_series(timestamp '2025-09-08', '2025-09-26', '1 day') AS day WHERE extract(isodow FROM day) < 6;
SELECT is(form, 2, 'fifteen sessions are the most of a sheet') FROM latest_payload();
SELECT is((SELECT count(*) FROM latest_payload(), journal_changes(payload) WHERE original IS NULL AND amended = '-'), 30::bigint, 'a blank mark is a mark');

-- numbers of pupils that have nothing in common, and both ends of bigint
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth)
SELECT id, 'Surname', 'Forename', '2015-03-01' FROM unnest('{-9007199254740991,-5,70000,9007199254740991}'::bigint[]) AS id;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date)
SELECT 100001, id, '2025-09-01' FROM unnest('{-9007199254740991,-5,70000,9007199254740991}'::bigint[]) AS id;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, id, '2025-09-11', 'PM', '/' FROM unnest('{70000,-5,9007199254740991,-9007199254740991}'::bigint[]) AS id;
SELECT is(form, 2, 'any numbers of pupils') FROM latest_payload();
SELECT is(latest_changes(), '-9007199254740991 11Sep PM >\, -5 11Sep PM >\, 70000 11Sep PM >\, 9007199254740991 11Sep PM >\', 'come back');

-- ---------- the order of entries ----------

-- A statement inside another has its entry first, so that neither may change a line of the other.
CREATE FUNCTION change_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        UPDATE r.register_line SET marks = set_mark(marks, '2025-09-08 AM', 'M') WHERE school_urn = new.school_urn AND pupil_id = new.pupil_id + tg_argv[0]::integer;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION amend_line() RETURNS text LANGUAGE sql
RETURN 'UPDATE r.register_line SET marks = set_mark(marks, ''2025-09-08 AM'', ''I'') WHERE school_urn = 100001 AND pupil_id = 6';
SELECT throws_ok(format('WITH direct AS (%s) INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 6, ''2025-09-08'', ''AM'', ''L'')', amend_line()),
    '27000', 'the line of pupil 6 at school 100001 was changed twice by one statement', 'a line is not changed beside a feed of the same statement');
CREATE TRIGGER a_before_gathered AFTER UPDATE ON r.register_line FOR EACH ROW EXECUTE FUNCTION change_again(0);
SELECT throws_ok(amend_line(), '27000', NULL, 'nor by a trigger, before it is gathered');
DROP TRIGGER a_before_gathered ON r.register_line;
CREATE TRIGGER z_after_gathered AFTER UPDATE ON r.register_line FOR EACH ROW EXECUTE FUNCTION change_again(0);
SELECT throws_ok(amend_line(), '27000', NULL, 'nor after that');
DROP TRIGGER z_after_gathered ON r.register_line;
CREATE TRIGGER another_line AFTER UPDATE ON r.register_line FOR EACH ROW EXECUTE FUNCTION change_again(1);
SELECT lives_ok(amend_line(), 'a trigger may change another line');
DROP TRIGGER another_line ON r.register_line;

SELECT is_empty('SELECT * FROM r.verify_journal()', 'the chain holds');
SELECT results_eq(
    'SELECT pupil_id, day, session, amended FROM (SELECT DISTINCT ON (c.pupil_id, c.day, c.session) c.pupil_id, c.day, c.session, c.amended
     FROM r.journal j, journal_changes(CASE WHEN j.kind = ''marks'' THEN j.payload END) c ORDER BY c.pupil_id, c.day, c.session, j.entry_id DESC) AS x',
    'SELECT pupil_id, day, session, mark FROM r.mark ORDER BY pupil_id, day, session', 'all entries together are the register');

-- ---------- a line that somebody else's trigger does not let through ----------

CREATE FUNCTION public.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER swallow BEFORE UPDATE ON r.register_line_2025 FOR EACH ROW WHEN (NEW.pupil_id = 3) EXECUTE FUNCTION public.swallow();
CREATE TABLE public.before AS SELECT pupil_id, marks FROM r.register_line;
SELECT throws_ok($$INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT 100001, id, '2025-09-12', 'AM', '/' FROM generate_series(2, 4) AS id$$, '27000',
    'school 100001: of 3 lines of the register only 2 could be written', 'no mark is lost: the statement is refused');
SELECT results_eq('SELECT pupil_id, marks FROM r.register_line ORDER BY 1', 'SELECT pupil_id, marks FROM public.before ORDER BY 1', 'as a whole');
DROP TRIGGER swallow ON r.register_line_2025;
SELECT lives_ok($$INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT 100001, id, '2025-09-12', 'AM', '/' FROM generate_series(2, 4) AS id$$, 'without it, it is entered');

-- ---------- rows ----------

UPDATE r.pupil SET surname = E'Sur "name" \\ [{é', entered_by = 'Jo', title = 'Clerk', reason = 'as the birth certificate has it' WHERE pupil_id IN (1, 2);
INSERT INTO r.contact (pupil_id, full_name, is_parent) SELECT id, format('Parent of %s', id), true FROM generate_series(1, 3) AS id;
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, E'Kim "K" \\ Oak', 'Head', '2025-09-01'), (100001, 'Lee', 'Deputy', '2025-09-01');
CREATE VIEW public.row AS SELECT j.entry_id, i.place, i.item ->> 'table' AS relation, i.item -> 'old' AS original, i.item -> 'new' AS amended
FROM r.journal j CROSS JOIN LATERAL jsonb_array_elements(CASE j.kind WHEN 'records' THEN convert_from(j.payload, 'UTF8')::jsonb END) WITH ORDINALITY AS i (item, place);
CREATE FUNCTION public.rows_of(relations text[], keys text[], sought text[]) RETURNS TABLE (entry_id bigint, place integer, relation text, old_key text, new_key text, original jsonb, amended jsonb)
LANGUAGE sql AS $$ SELECT j.entry_id, r.place, r.relation, r.old_key, r.new_key, r.original::jsonb, r.amended::jsonb
    FROM r.journal j CROSS JOIN LATERAL journal_rows(j.payload, relations, keys, sought) r WHERE j.kind = 'records' $$;
SELECT set_eq($$ SELECT * FROM rows_of('{pupil,contact}', '{pupil_id,pupil_id}', '{1,3,none}') $$,
    $$ SELECT entry_id, place::integer, relation, original ->> 'pupil_id' AS old_key, amended ->> 'pupil_id' AS new_key, original, amended FROM public.row
       WHERE relation IN ('pupil', 'contact') AND amended ->> 'pupil_id' IN ('1', '3') $$, 'the rows of some pupils, as they were and as they became');
SELECT is((SELECT count(*) FROM rows_of('{pupil,contact}', '{pupil_id,pupil_id}', '{1,3,none}')), 5::bigint, 'all of them');
SELECT results_eq($$ SELECT new_key, place FROM rows_of('{authorised_person}', '{name}', ARRAY[E'Kim "K" \\ Oak']) $$, $$ VALUES (E'Kim "K" \\ Oak', 1) $$, 'a value is what it says, however JSON writes it');
SELECT set_eq($$ SELECT old_key, new_key FROM rows_of('{pupil}', '{surname}', '{Surname1}') WHERE original IS NOT NULL $$,
    $$ SELECT original ->> 'surname' AS old_key, amended ->> 'surname' AS new_key FROM public.row WHERE relation = 'pupil' AND original ->> 'surname' = 'Surname1' $$, 'by what it was as well');
SELECT is_empty($$ SELECT * FROM rows_of('{pupil}', '{surname}', '{}') $$, 'of nothing sought, none');
SELECT is_empty($$ SELECT * FROM rows_of('{}', '{}', '{1}') $$, 'of no table, none');
SELECT is_empty($$ SELECT * FROM rows_of('{pupil}', '{no_such_column}', '{1,"null"}') $$, 'a column that there is not has no value');
SELECT is_empty($$ SELECT * FROM rows_of(NULL, '{pupil_id}', '{1}') UNION ALL SELECT * FROM rows_of('{pupil}', NULL, '{1}') UNION ALL SELECT * FROM rows_of('{pupil}', '{pupil_id}', NULL) $$, 'nothing for NULL');
SELECT throws_ok($$ SELECT * FROM rows_of('{pupil,contact}', '{pupil_id}', '{1}') $$, '2202E', 'there are 2 tables, and 1 keys', 'a key for each table');
SELECT throws_ok($$ SELECT * FROM rows_of('{pupil}', '{pupil_id}', '{NULL}') $$, '22004', NULL, 'no NULL among what is sought');

SELECT bag_eq($$ SELECT j.entry_id, r.place, r.relation, r.original::jsonb, r.amended::jsonb FROM r.journal j CROSS JOIN LATERAL journal_rows(j.payload) r WHERE j.kind = 'records' $$,
    $$ SELECT entry_id, place::integer, relation, original, amended FROM public.row $$, 'all rows');
SELECT bag_eq('SELECT entry_id, relation, original, amended FROM r.record_change', 'SELECT entry_id, relation, original, amended FROM public.row', 'which are the view');
SELECT is_empty($$ SELECT * FROM journal_rows(NULL) UNION ALL SELECT * FROM journal_rows('[]') $$, 'nothing for NULL, and of no rows');
SELECT throws_ok($$ SELECT * FROM journal_rows('[]]') $$, 'XX001', 'invalid rows in an entry of a journal', 'no entry');

-- their keys alone
SELECT bag_eq($$ SELECT j.entry_id, k.relation, k.key FROM r.journal j CROSS JOIN LATERAL journal_keys(j.payload, '{pupil,authorised_person,enrolment}', '{pupil_id,name,"school_urn,pupil_id"}') k
    WHERE j.kind = 'records' $$, $$ SELECT entry_id, relation, CASE relation WHEN 'authorised_person' THEN v.version ->> 'name' WHEN 'pupil' THEN v.version ->> 'pupil_id'
        WHEN 'enrolment' THEN jsonb_build_array(v.version -> 'school_urn', v.version -> 'pupil_id')::text END
    FROM public.row CROSS JOIN LATERAL (VALUES (original), (amended)) AS v (version) WHERE v.version IS NOT NULL $$, 'every row by its key, before and after, and those of other tables; of several columns an array');
SELECT is_empty($$ SELECT * FROM journal_keys(NULL, '{pupil}', '{pupil_id}') UNION ALL SELECT * FROM journal_keys('[1]', NULL, '{}')
    UNION ALL SELECT * FROM journal_keys('[1]', '{}', NULL) UNION ALL SELECT * FROM journal_keys('[]', '{}', '{}') $$, 'nothing for NULL, and of no rows');
SELECT throws_ok($$ SELECT * FROM journal_keys('[]', '{pupil}', '{}') $$, '2202E', NULL, 'a key for each table');
SELECT throws_ok($$ SELECT * FROM journal_keys('', '{pupil}', '{pupil_id}') $$, 'XX001', 'invalid rows in an entry of a journal', 'nothing is no entry');

-- what they say of each key
UPDATE r.contact SET contact_id = contact_id + 100, entered_by = 'Jo', title = 'Clerk', reason = 'a number' WHERE pupil_id = 1;
INSERT INTO r.registration_policy (school_urn, from_day) VALUES (100001, '2025-09-01');
DELETE FROM r.registration_policy;
SELECT bag_eq($$ SELECT j.entry_id, v.place, v.relation, v.key, v.version::jsonb FROM r.journal j
    CROSS JOIN LATERAL journal_versions(j.payload, '{contact,authorised_person,registration_policy}', '{contact_id,name,"school_urn,from_day"}') v WHERE j.kind = 'records' $$,
    $$ SELECT i.entry_id, i.place::integer, i.relation, v.key, v.version
    FROM public.row i CROSS JOIN LATERAL (SELECT CASE i.relation WHEN 'contact' THEN r.row ->> 'contact_id' WHEN 'authorised_person' THEN r.row ->> 'name'
            ELSE jsonb_build_array(r.row -> 'school_urn', r.row -> 'from_day')::text END AS key, CASE r.which WHEN 'new' THEN r.row END AS version, r.which
        FROM (VALUES ('new', i.amended), ('old', i.original)) AS r (which, row) WHERE r.row IS NOT NULL) AS v
    WHERE i.relation IN ('contact', 'authorised_person', 'registration_policy')
        AND (v.which = 'new' OR i.amended IS NULL OR i.relation = 'contact' AND i.original -> 'contact_id' <> i.amended -> 'contact_id') $$, 'the row that an entry made of each key, and that a key has gone');
SELECT is((SELECT count(*) FROM r.journal j CROSS JOIN LATERAL journal_versions(j.payload, '{contact,registration_policy}', '{contact_id,"school_urn,from_day"}') v
    WHERE j.kind = 'records' AND v.version IS NULL), 2::bigint, 'of which there were two');
SELECT is_empty($$ SELECT * FROM journal_versions(NULL, '{pupil}', '{pupil_id}') UNION ALL SELECT * FROM journal_versions('[1]', NULL, '{}')
    UNION ALL SELECT * FROM journal_versions('[1]', '{}', NULL) UNION ALL SELECT * FROM journal_versions('[]', '{}', '{}') $$, 'nothing for NULL, and of no rows');
SELECT results_eq($$ SELECT place, key, version FROM journal_versions('[{"table":"pupil","new":{"a":1}},{"table":"other","new":{}}]', '{pupil}', '{pupil_id}') $$,
    $$ VALUES (1, NULL::text, '{"a":1}') $$, 'a row without its key');
SELECT throws_ok($$ SELECT * FROM journal_versions('[]', '{pupil}', '{}') $$, '2202E', NULL, 'a key for each table');
SELECT throws_ok($$ SELECT * FROM journal_versions('[', '{pupil}', '{pupil_id}') $$, 'XX001', 'invalid rows in an entry of a journal', 'no entry');

-- ---------- rows and the JSON of them ----------

CREATE TABLE public.kinds (b boolean, s smallint, i integer, n bigint, gone integer, t text, d date, z timestamptz, a text[], m session_mark, q numeric, j jsonb, r daterange, u school_session_multirange, v varchar(9), f float8, w integer[]);
ALTER TABLE public.kinds DROP COLUMN gone;
INSERT INTO public.kinds VALUES (true, -3, 2147483647, -9223372036854775808, 'plain é', '2025-09-08', '2025-07-08 12:30:00.123456+01', '{a,"b c"}', '/', 1.50, '{"x": [1, null]}', '[2025-09-01,2025-10-01)', '{[2025-09-08 AM,2025-09-09 PM)}', 'v'),
    (false, 0, 0, 0, E'Sur "name" \\ [{é\n\t\x01', '0044-03-15 BC', '0044-03-15 12:00 BC', '{}', '\', 'NaN', 'null', 'empty', '{}', ''), (NULL, NULL, NULL, NULL, '', 'infinity', '2025-01-08 12:30+00', E'{"\\"",x}', 'N', 0, '"s"', NULL, NULL, NULL),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
ALTER TABLE public.kinds ADD COLUMN later text DEFAULT 'as all';
SELECT results_eq('SELECT same_row(k, row_to_json(k)::text) FROM public.kinds k', 'VALUES (true), (false), (true), (true)', 'a row is what its JSON says; of NaN, which JSON has as a string, it is not told');
CREATE FUNCTION public.said_in(zone text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('timezone', zone, true);
    RETURN QUERY SELECT row_to_json(k)::text FROM public.kinds k WHERE k.z > '2000-01-01' OR k.b IS NULL;
END
$$;
CREATE TABLE public.said AS SELECT s.line FROM unnest('{Asia/Tokyo,America/St_Johns,Europe/London,Pacific/Kiritimati,UTC}'::text[]) AS z (name), said_in(z.name) AS s (line);
SET timezone = 'Europe/London';
SELECT results_eq('SELECT count(*) FROM public.said s JOIN public.kinds k ON same_row(k, s.line)', 'VALUES (15::bigint)', 'in whatever time zone it was written');
SELECT is_empty($$ SELECT k, spot, piece FROM public.kinds k, row_to_json(k) AS json (said), generate_series(1, length(said::text)) AS spot,
        unnest(ARRAY['0', '9', '"', '\', ' ', ',', '}', 'n', '+', '']) AS piece, overlay(said::text PLACING piece FROM spot FOR 1) AS other
    WHERE other <> said::text AND same_row(k, other) $$, 'nothing else is the same');
SELECT is_empty($$ SELECT k FROM public.kinds k, row_to_json(k) AS json (said) WHERE same_row(k, said || ' ') OR same_row(k, '') OR same_row(k, left(said::text, -1)) $$, 'nor more, or less');
SELECT ok(NOT same_row(k, '{"t":"a","b":"c"}'), 'a text does not become a column') FROM (SELECT 'a","b":"c' AS t) AS k;
SELECT is(same_row(NULL::public.kinds, '{}'), NULL, 'NULL for NULL') UNION ALL SELECT is(same_row(k, NULL), NULL, 'either') FROM (SELECT 1 AS a) AS k;
SELECT results_eq(format('SELECT count(*) FROM r.%I t WHERE same_row(t, row_to_json(t)::text)', name), format('SELECT count(*) FROM r.%I', name), name) FROM unnest('{pupil,contact,enrolment,authorised_person,school,disposal}'::text[]) AS name;

-- ---------- bytes that nobody wrote ----------

CREATE FUNCTION try_changes(payload bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT count(*) FROM journal_changes(payload));
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate;
END
$$;
SELECT is(try_changes(payload), answer, description) FROM (VALUES
    ('\x02e90f01019801020102'::bytea, '1', 'a sheet of one mark'),
    ('', 'XX001', 'nothing at all'),
    ('\x00e90f01019801020102', 'XX001', 'no form'),
    ('\x03e90f01019801020102', 'XX001', 'a form to come'),
    ('\x02', 'XX001', 'no year'),
    ('\x020a01019801020102', 'XX001', 'a year before registers'),
    ('\x02e90f00019801020102', 'XX001', 'no sessions'),
    ('\x02e90f10010202020202020202020202020202020202020102', 'XX001', 'more sessions than a sheet has'),
    ('\x02e90f01009801020102', 'XX001', 'no pupils'),
    ('\x02e90f01039801020102', 'XX001', 'more pupils than bytes'),
    ('\x02e90f01ffffffffffffffffff01980102', 'XX001', 'a number of pupils that fits nowhere'),
    ('\x02e90f01ffffffff0798010202020202', 'XX001', 'two thousand million pupils'),
    ('\x02e90f0101980102', 'XX001', 'no marks'),
    ('\x02e90f010198010201', 'XX001', 'a run without its mark'),
    ('\x02e90f01019801020202', 'XX001', 'a run longer than the sheet'),
    ('\x02e90f01019801020002', 'XX001', 'a run of none'),
    ('\x02e90f01019801020100', 'XX001', 'no mark'),
    ('\x02e90f0101980102013f', 'XX001', 'a mark that is no code'),
    ('\x02e90f01019801020142', 'XX001', 'an old mark, which a sheet has not'),
    ('\x02e90f0101980102010200', 'XX001', 'something behind the end'),
    ('\x02e90f0101feffffffffffffffff01020102', 'XX001', 'a session beyond all days'),
    ('\x02e90f0101ffffffffffffffffff01020102', 'XX001', 'a session before all days'),
    ('\x02e90f0101808080808080808080800102', 'XX001', 'a number without an end'),
    ('\x01e90f', '0', 'lines, but none'),
    ('\x01e90f0201980102', '1', 'a line of one mark'),
    ('\x01e90f0201feffffffffffffffff0102', 'XX001', 'a line''s session beyond all days'),
    ('\x01e90f02ffffffffffffffffff01980102', 'XX001', 'a line with more changes than bytes')
) AS v (payload, answer, description);

-- every byte of a good sheet changed in some way, and every beginning of it: refused or read, never more than that
SELECT is(count(*) FILTER (WHERE answer !~ '^(XX001|[0-9]+)$'), 0::bigint, 'damaged bytes are refused with XX001 or are other marks')
FROM (SELECT try_changes(set_byte(payload, position, (get_byte(payload, position) # bit) & 255)) AS answer
      FROM (VALUES ('\x02e90f020aa001020202020202020202020202030201040402011b01020a02'::bytea)) AS v (payload),
          generate_series(0, 28) AS position, unnest(ARRAY[1, 2, 4, 8, 16, 32, 64, 128, 255]) AS bit) AS x;
SELECT is(count(*) FILTER (WHERE answer <> 'XX001'), 0::bigint, 'a sheet that is cut off is refused')
FROM (SELECT try_changes(substring(payload FOR length)) AS answer
      FROM (VALUES ('\x02e90f010a980102020202020202020202030201040402011b0102'::bytea)) AS v (payload), generate_series(0, 25) AS length) AS x;

-- the same of rows
CREATE FUNCTION try_rows(payload bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT count(*) FROM journal_rows(payload, '{pupil}', '{pupil_id}', '{1}'));
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate;
END
$$;
SELECT is(try_rows(convert_to(payload, 'UTF8')), answer, payload) FROM (VALUES
    ('[{"table":"pupil","new":{"pupil_id":1}}]', '1'),
    (E' [ { "new" : { "a" : [ "]}" , { } ] , "pupil_id" : "1" } ,\n"table" : "pupil" } ] ', '1'),
    ('[{"table":"pupil","new":{"pupil_id":2}},{"table":"pupil","old":{"pupil_id":1}},{"table":"other","new":{}}]', '1'),
    ('[{"table":"pupil"}]', '0'), ('[]', '0'), ('', 'XX001'), ('[', 'XX001'), ('{}', 'XX001'), ('[]]', 'XX001'), ('[1]', 'XX001'), ('[{}]', 'XX001'),
    ('[{"table":1}]', 'XX001'), ('[{"table":"pupil","new":1}]', 'XX001'), ('[{"table":"pupil","new":{"pupil_id":}}]', 'XX001'), ('[{"table":"pupil","new":{"pupil_id"}}]', 'XX001'),
    ('[{"table":"pupil","new":{"a":1 "pupil_id":1}}]', 'XX001'), ('[{"table":"pupil","new":{"pupil_id":1}},]', 'XX001'), ('[{"table":"pupil","new":{"pupil_id":"1}}]', 'XX001'),
    ('[{"table":"pupil","new":{"pupil_id":"\q"}}]', '22P02'), ('["\', 'XX001')) AS v (payload, answer);
SELECT is(try_rows('\x5bff5d'), '22021', 'no text');
SELECT is(try_rows('\x5b005d'), '22021', 'nor this');
SELECT is(count(*) FILTER (WHERE answer !~ '^(XX001|22021|22P02|[0-9]+)$'), 0::bigint, 'damaged rows are refused or are other rows')
FROM (VALUES (convert_to('[{"table":"pupil","old":{"pupil_id":2,"a":"\"","b":[{}]},"new":{"pupil_id":1}}]', 'UTF8'))) AS v (payload),
    generate_series(0, length(payload) - 1) AS position, generate_series(0, 255) AS byte, try_rows(set_byte(payload, position, byte)) AS answer;
SELECT is(count(*) FILTER (WHERE answer <> 'XX001'), 0::bigint, 'what is cut off is refused')
FROM (VALUES (convert_to('[{"table":"pupil","old":{"pupil_id":2,"a":"\"","b":[{}]},"new":{"pupil_id":1}}]', 'UTF8'))) AS v (payload),
    generate_series(0, length(payload) - 1) AS length, try_rows(substring(payload FOR length)) AS answer;

SELECT * FROM finish();
