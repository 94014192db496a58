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

SELECT * FROM finish();
