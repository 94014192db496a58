-- The law of the register: every rule on marks kept and broken by every way in, amendments, the
-- journal, the register as it stood, retention and disposal, and the attacks that are known elsewhere.
\ir register/fixture.sql
BEGIN;
SELECT * FROM no_plan();
DELETE FROM r.rule_setting;
-- pupil 1 is 10 years old; 28 is 3; 29 is a boarder; 30 is at two schools
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES
    (28, 'Young', 'Y', '2022-06-01'), (29, 'Boarder', 'B', '2015-03-01'), (30, 'Dual', 'D', '2015-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, boarder, status) VALUES
    (100001, 28, '2025-09-01', 'N', 'C'), (100001, 29, '2025-09-01', 'B', 'C'),
    (100001, 30, '2025-09-01', 'N', 'M'), (100002, 30, '2025-09-01', 'N', 'S');
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with)
SELECT id, id, 'Parent', true, true FROM generate_series(1, 10) AS id;
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');
INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant,
    received_at, decided_by, decided_at, status, licence_reference, licence_from, licence_to, last_examination)
SELECT 100001, 1, mark::session_mark, ('{[' || day || ' AM,' || day || ' PM]}')::school_session_multirange,
    r.reason_class, 'exceptional', 1, 'Parent', '2025-09-01 08:00', 'A Head', '2025-09-02 08:00', 'granted',
    CASE WHEN mark = 'C1' THEN 'L 1' END, CASE WHEN mark = 'C1' THEN day END, CASE WHEN mark = 'C1' THEN day END,
    CASE WHEN mark = 'S' THEN day END
FROM (VALUES ('C', date '2025-09-08'), ('M', '2025-09-09'), ('J1', '2025-09-10'), ('C1', '2025-09-11'), ('S', '2025-09-12')) AS v (mark, day)
CROSS JOIN LATERAL (SELECT l.reason_class FROM r.leave_reason l WHERE l.mark::text = v.mark
    AND daterange(l.from_day, l.to_day, '[]') @> v.day LIMIT 1) AS r;
SELECT is((SELECT count(*) FROM r.granted_session), 5::bigint, 'five leaves are granted');

-- A mark by every way in; what is done is undone.
CREATE FUNCTION by_every_way(pupil bigint, day date, mark text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT outcome(enter(pupil, day, 'AM', mark))
    UNION ALL SELECT outcome(replace(enter(pupil, day, 'AM', mark), 'r.mark ', 'r.mark_feed '))
    UNION ALL SELECT outcome(format('INSERT INTO r.%s (school_urn, academic_year, pupil_id, marks) VALUES (100001, %s, %s, %L)',
        t, academic_year(day), pupil, set_mark('empty', school_session(day, 'AM'), mark::session_mark)))
    FROM unnest(ARRAY['register_line', 'register_line_' || academic_year(day)]) AS t
$$;
CREATE FUNCTION rule(pupil bigint, day date, mark text, wanted text, description text) RETURNS text LANGUAGE sql AS $$
    SELECT is((SELECT string_agg(DISTINCT left(o, CASE WHEN wanted = 'accepted' THEN 500 ELSE 5 END), ' | ') FROM by_every_way(pupil, day, mark) AS o), wanted, description)
$$;

SELECT rule(pupil, day, mark, wanted, format('%s on %s by pupil %s: %s', mark, day, pupil, wanted)) FROM (VALUES
    (1, date '2025-09-08', '/', 'accepted'),
    (1, '2025-09-13', '/', 'AT002'), (1, '2025-09-03', '/', 'AT002'), (1, '2025-09-03', '#', 'accepted'),
    (21, '2025-10-17', '/', 'accepted'), (21, '2025-11-03', '/', 'AT004'), (27, '2025-09-08', 'I', 'accepted'),
    (1, '2025-09-08', 'H', 'accepted'), (1, '2025-09-08', 'J', 'accepted'), (1, '2025-09-08', 'X02', 'accepted'),
    (1, '2024-09-09', 'K', 'AT013'), (1, '2025-09-08', '#', 'AT007'),
    (1, '2025-09-08', 'X', 'AT008'), (28, '2025-09-08', 'X', 'accepted'), (28, '2025-09-08', 'C2', 'AT008'),
    (1, '2025-09-08', 'C', 'accepted'), (1, '2025-09-09', 'C', 'AT009'), (2, '2025-09-08', 'C', 'AT009'),
    (1, '2025-09-09', 'M', 'accepted'), (1, '2025-09-08', 'M', 'AT009'), (1, '2025-09-10', 'J1', 'accepted'),
    (1, '2025-09-11', 'C1', 'accepted'), (1, '2025-09-08', 'C1', 'AT009'),
    (1, '2025-09-12', 'S', 'accepted'), (1, '2025-09-11', 'S', 'AT011'), (1, '2025-09-08', 'C2', 'AT012'),
    (1, '2025-09-08', 'B', 'AT013'), (1, '2025-09-08', 'Y7', 'AT013'), (1, '2025-09-08', 'Z', 'AT014'),
    (1, '2025-09-08', 'D', 'AT015'), (30, '2025-09-08', 'D', 'accepted'), (29, '2025-09-08', '/', 'accepted'),
    (1, '2025-09-08', 'G', 'accepted'), (1, '2025-09-08', 'Y4', 'accepted')
) AS v (pupil, day, mark, wanted);
-- J and X02 are no longer in force: recorded, not refused, and refused where the school says so
INSERT INTO r.rule_setting VALUES (100001, 'code no longer in force', 'refuse', 'test', 'test');
SELECT rule(1, '2025-09-08', 'J', 'AT006', 'a school may refuse them');
DELETE FROM r.rule_setting;
-- what would be refused is what is refused, in the same words
CREATE FUNCTION refusals(school int, pupils bigint[], days date[], marks text[]) RETURNS TABLE (place int, problem text) LANGUAGE sql AS $$
    SELECT place, problem FROM refused_marks('r.register_line', school, pupils,
        ARRAY(SELECT school_session(d, 'AM') FROM unnest(days) WITH ORDINALITY AS u (d, n) ORDER BY n), marks::session_mark[]) ORDER BY place
$$;
CREATE TEMPORARY TABLE proposed AS
SELECT row_number() OVER () AS place, p AS pupil, d::date AS day, m AS mark
FROM unnest('{1,2,21,28,29,30}'::bigint[]) AS p,
    unnest('{2025-09-03,2025-09-08,2025-09-11,2025-09-12,2025-09-13,2025-11-03,2026-07-31}'::date[]) AS d,
    unnest('{/,I,J,#,X,C,M,J1,C1,S,C2,B,Y7,Z,D,G,Y4,-}'::text[]) AS m;
SELECT set_eq($q$SELECT place, problem FROM refusals(100001, ARRAY(SELECT pupil FROM proposed ORDER BY place),
        ARRAY(SELECT day FROM proposed ORDER BY place), ARRAY(SELECT mark FROM proposed ORDER BY place))$q$,
    $q$SELECT place::int, regexp_replace(o, '^AT...:? (row 1: )?', '') FROM proposed, outcome(enter(pupil, day, 'AM', mark)) AS o WHERE o <> 'accepted'$q$,
    'refused_marks: 756 marks as they are refused one by one');
SELECT is((SELECT count(*) FROM refusals(100001, '{1,2}', '{2025-09-09,2025-09-08}', '{C,C}')), 2::bigint, 'refused by default');
INSERT INTO r.rule_setting VALUES (100001, 'leave', 'record', 'test', 'test');
SELECT is_empty($q$SELECT * FROM refusals(100001, '{1,2}', '{2025-09-09,2025-09-08}', '{C,C}')$q$, 'not where the school has breaches recorded');
DELETE FROM r.rule_setting;
SELECT is_empty($q$SELECT * FROM refusals(100001, '{}', '{}', '{}')$q$, 'of no marks none');
SELECT is_empty($q$SELECT * FROM refusals(100002, '{1}', '{2025-09-08}', '{C}')$q$, 'nothing about a pupil who is not at the school');
SELECT is_empty($q$SELECT * FROM refusals(NULL, '{1}', '{2025-09-08}', '{C}')$q$, 'nothing for NULL');
SELECT throws_ok($q$SELECT * FROM refusals(100001, '{1,NULL}', '{2025-09-08,2025-09-08}', '{C,C}')$q$, '22004');
SELECT throws_ok($q$SELECT * FROM refusals(100001, '{{1},{2}}', '{2025-09-08,2025-09-08}', '{C,C}')$q$, '22004');
SELECT throws_ok($q$SELECT * FROM refusals(100001, '{1}', '{2025-09-08}', '{C,C}')$q$, '2202E');
SELECT throws_ok($q$SELECT * FROM refusals(100001, '{1}', '{2025-09-08,2025-09-09}', '{C}')$q$, '2202E');
CREATE ROLE att_tap_stranger;
GRANT USAGE ON SCHEMA r, attendance, public TO att_tap_stranger;
SET ROLE att_tap_stranger;
SELECT throws_ok($q$SELECT * FROM refusals(100001, '{1}', '{2025-09-08}', '{C}')$q$, '42501', NULL, 'who may not read enrolments learns nothing');
RESET ROLE;
GRANT SELECT ON r.enrolment, r.pupil, r.school_day TO att_tap_stranger;
SET ROLE att_tap_stranger;
SELECT is_empty($q$SELECT * FROM refusals(100001, '{1}', '{2025-09-08}', '{C}')$q$, 'nor about pupils whose enrolment is hidden');
RESET ROLE;
SELECT throws_ok('INSERT INTO r.rule_setting VALUES (100001, ''mark removal'', ''record'', ''x'', ''x'')', '23514');
SELECT throws_ok('INSERT INTO r.rule_setting VALUES (100001, ''no such rule'', ''record'', ''x'', ''x'')', '23503');

-- ---------- natures come with the mark ----------

SELECT accepted('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark, nature) VALUES (100001, 2, ''2025-09-08'', ''AM'', ''B'', ''forest school'')', 'B with its nature');
SELECT is((SELECT nature FROM r.mark_nature WHERE pupil_id = 2), 'forest school', 'which is kept');

-- ---------- recorded breaches are listed, whatever the settings are ----------

SELECT is_empty('SELECT * FROM r.breach', 'no breach so far');
INSERT INTO r.rule_setting SELECT 100001, rule, 'record', 'paper record', 'A Head' FROM register_rules() WHERE can_be_set;
SELECT accepted(enter(3, '2025-09-08', 'AM', mark), 'recorded: ' || mark) FROM unnest('{C}'::text[]) AS mark;
SELECT accepted(format('INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks)
    SELECT 100001, 2025, 4, mark_series_agg(school_session(date ''2025-09-08'' + n::int - 1, ''AM''), mark::session_mark)
    FROM unnest(''{J,C2,S,Z,D,NULL,NULL,X,#,B,K,C1}''::text[]) WITH ORDINALITY AS m (mark, n) WHERE mark IS NOT NULL'), 'many at once');
SELECT accepted(enter(29, '2025-09-08', 'AM', '/'), 'a boarder');
SELECT accepted(enter(21, '2025-11-03', 'AM', '/'), 'outside the enrolment');
SELECT accepted(format('INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2024, 5, ''2024-09-04 K'')'), 'a year before');
DELETE FROM r.rule_setting;
SELECT set_eq('SELECT DISTINCT rule FROM r.breach', ARRAY['leave', 'code no longer in force', 'part-time timetable', 'study leave',
    'prospective pupil', 'other school', 'school age', 'closure while open', 'nature', 'outside enrolment'],
    'every kind of breach is listed, and none of the settings is left');

-- ---------- amendments ----------

INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 6, '2025-09-08', 'AM', 'N'), (100001, 6, '2025-09-08', 'PM', '-');
SELECT is(left(outcome(command), 5), 'AT017', command) FROM (VALUES
    ('UPDATE r.mark SET mark = ''I'' WHERE pupil_id = 6 AND session = ''AM'''),
    ('UPDATE r.mark SET mark = ''I'', reason = ''x'', entered_by = ''y'' WHERE pupil_id = 6 AND session = ''AM'''),
    ('UPDATE r.mark SET mark = ''I'', reason = '' '', entered_by = ''y'', title = ''z'' WHERE pupil_id = 6 AND session = ''AM'''),
    ('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 6, ''2025-09-08'', ''AM'', ''I'')'),
    ('UPDATE r.register_line SET marks = set_mark(marks, ''2025-09-08 AM'', ''I'') WHERE pupil_id = 6'),
    ('UPDATE r.register_line_2025 SET marks = set_mark(marks, ''2025-09-08 AM'', ''I'') WHERE pupil_id = 6'),
    ('MERGE INTO r.register_line l USING (SELECT 6 AS pupil_id) s ON l.pupil_id = s.pupil_id
      WHEN MATCHED THEN UPDATE SET marks = set_mark(l.marks, ''2025-09-08 AM'', ''I'')')
) AS v (command);
SELECT is(left(outcome('INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 6, ''2025-09-08 I'')
      ON CONFLICT (school_urn, academic_year, pupil_id) DO UPDATE SET marks = set_mark(register_line.marks, ''2025-09-08 AM'', ''I'')'), 5), 'AT017', 'ON CONFLICT');
SELECT is(left(outcome(command), 5), 'AT001', command) FROM (VALUES
    ('DELETE FROM r.mark WHERE pupil_id = 6'),
    ('UPDATE r.mark SET mark = ''-'', reason = ''x'', entered_by = ''y'', title = ''z'' WHERE pupil_id = 6 AND session = ''AM'''),
    ('UPDATE r.register_line SET marks = ''empty'', reason = ''x'', entered_by = ''y'', title = ''z'' WHERE pupil_id = 6'),
    ('UPDATE r.register_line_2025 SET marks = ''2025-09-09 /'', reason = ''x'', entered_by = ''y'', title = ''z'' WHERE pupil_id = 6')
) AS v (command);
SELECT accepted('UPDATE r.mark SET mark = ''I'', reason = ''mother rang'', entered_by = ''Jo Smith'', title = ''Clerk'' WHERE pupil_id = 6 AND session = ''AM''', 'signed');
SELECT accepted('UPDATE r.mark SET mark = ''/'' WHERE pupil_id = 6 AND session = ''PM''', 'a missing mark is no amendment');
SELECT accepted('UPDATE r.register_line_2025 SET marks = set_mark(marks, ''2025-09-08 AM'', ''L''), reason = ''was there'', entered_by = ''Jo Smith'', title = ''Clerk'' WHERE pupil_id = 6', 'signed, in the partition');
SELECT is((SELECT string_agg(concat_ws('|', original, amended, reason, entered_by, title, login), ', ' ORDER BY entry_id) FROM r.amendment WHERE pupil_id = 6),
    format('N|I|mother rang|Jo Smith|Clerk|%1$s, I|L|was there|Jo Smith|Clerk|%1$s', session_user), 'original, new, reason, name and title stay');
SELECT is((SELECT count(*) FROM r.register_line WHERE num_nonnulls(entered_by, title, reason) > 0), 0::bigint, 'signatures are not in the lines');
SELECT accepted('INSERT INTO r.register_line AS l (school_urn, academic_year, pupil_id, marks, entered_by, title, reason)
    VALUES (100001, 2025, 6, ''2025-09-08 M'', ''Jo Smith'', ''Clerk'', ''upsert'') ON CONFLICT (school_urn, academic_year, pupil_id)
    DO UPDATE SET marks = set_mark(l.marks, ''2025-09-08 AM'', ''/'')', 'ON CONFLICT amends with the signature of the row that was to be inserted');
SELECT is((SELECT string_agg(concat_ws('|', original, amended, reason, entered_by), ', ' ORDER BY entry_id) FROM r.amendment WHERE pupil_id = 6 AND reason = 'upsert'),
    'L|/|upsert|Jo Smith', 'which is in the journal');
SELECT is(left(outcome('INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks, reason) VALUES (100001, 2025, 7, ''2025-09-08 /'', ''a''), (100001, 2025, 8, ''2025-09-08 /'', ''b'')'), 5), '0A000', 'a statement has one signature');

-- ---------- a register is as it stood ----------

CREATE TEMPORARY TABLE then_at AS SELECT clock_timestamp() AS at;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, '2025-09-08', 'AM', '/');
UPDATE r.mark SET mark = 'U', reason = 'late', entered_by = 'Jo', title = 'Clerk' WHERE pupil_id = 6 AND session = 'AM';
SELECT is((SELECT marks::text FROM r.register_as_at((SELECT at FROM then_at)) WHERE pupil_id = 6), '2025-09-08 /\', 'before the amendment');
SELECT is((SELECT count(*) FROM r.register_as_at((SELECT at FROM then_at)) WHERE pupil_id = 9), 0::bigint, 'a line that was not there');
SELECT set_eq('SELECT school_urn, academic_year, pupil_id, marks FROM r.register_as_at(clock_timestamp())',
    'SELECT school_urn::integer, academic_year, pupil_id, marks FROM r.register_line', 'now it is what it is');
SELECT is_empty('SELECT * FROM r.register_as_at(''2000-01-01'')', 'long ago there was nothing');

-- ---------- the attacks ----------

SELECT is(left(outcome(command), 5), wanted, command) FROM (VALUES
    ('DELETE FROM r.register_line', 'AT020'), ('DELETE FROM r.register_line_2025', 'AT020'),
    ('TRUNCATE r.register_line', 'AT020'), ('TRUNCATE r.register_line_2025', 'AT020'),
    ('MERGE INTO r.register_line l USING (SELECT 6 AS pupil_id) s ON l.pupil_id = s.pupil_id WHEN MATCHED THEN DELETE', 'AT020'),
    ('UPDATE r.register_line SET academic_year = 2024 WHERE pupil_id = 6', 'AT003'),
    ('DELETE FROM r.journal', 'AT021'), ('TRUNCATE r.journal', 'AT021'),
    ('UPDATE r.journal SET entered_at = ''2010-01-01''', 'AT021'),
    ('INSERT INTO r.journal SELECT 1000000, entered_at, school_urn, kind, ''me'', ''x'', ''y'', ''z'', previous, payload, hash FROM r.journal LIMIT 1', '23514'),
    ('DELETE FROM r.leave_of_absence', 'AT020'), ('TRUNCATE r.leave_of_absence CASCADE', 'AT020'),
    ('UPDATE r.leave_of_absence SET entered_at = ''2010-01-01''', 'AT022'),
    ('UPDATE r.enrolment SET entered_at = ''2010-01-01'', entered_by = ''x'', title = ''y'', reason = ''z''', 'AT022'),
    ('DELETE FROM r.enrolment WHERE pupil_id = 25', 'AT020'), ('DELETE FROM r.pupil WHERE pupil_id = 24', 'AT020'),
    ('UPDATE r.pupil SET surname = ''x'' WHERE pupil_id = 1', 'AT036'),
    ('UPDATE r.regime SET retention_years = 1', '23514'),
    ('SELECT r.dispose(100001, 2025, ''x'', ''y'', ''z'')', 'AT023'), ('SELECT r.dispose(100004, 2025, ''x'', ''y'', ''z'')', 'AT023'),
    ('INSERT INTO r.disposal (school_urn, academic_year, disposed_by, title, ground) VALUES (100001, 2025, ''x'', ''y'', ''z'')', 'AT023')
) AS v (command, wanted);
SELECT ok((SELECT entered_at > now() - interval '1 day' FROM r.enrolment WHERE pupil_id = 30 AND school_urn = 100001), 'the time of an entry is the clock''s');
INSERT INTO r.dual_registration (school_urn, pupil_id, other_school, from_day, main, entered_at) VALUES (100001, 30, 'Other', '2025-09-01', true, '2010-01-01');
SELECT ok((SELECT entered_at > '2020-01-01' FROM r.dual_registration), 'whatever the statement says');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'the chain verifies');

-- Those of an owner can only be detected.
CREATE FUNCTION detected(command text, kept text[] DEFAULT '{}') RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    result boolean;
BEGIN
    BEGIN
        EXECUTE command;
        result := EXISTS (SELECT FROM r.verify_journal(kept));
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN result;
    END;
END
$$;
SELECT ok(detected(command), command) FROM (VALUES
    ('ALTER TABLE r.register_line DISABLE TRIGGER USER; UPDATE r.register_line SET marks = set_mark(marks, ''2025-09-08 AM'', ''/'') WHERE pupil_id = 6'),
    ('SET LOCAL session_replication_role = replica; UPDATE r.register_line SET marks = ''empty'' WHERE pupil_id = 6'),
    ('ALTER TABLE r.register_line DISABLE TRIGGER USER; DELETE FROM r.register_line WHERE pupil_id = 6'),
    ('ALTER TABLE r.register_line DISABLE TRIGGER USER; INSERT INTO r.register_line (school_urn, academic_year, pupil_id, enrolment_start, birth_cohort, is_counted, line_key, marks) VALUES (100001, 2025, 10, ''2024-09-01'', 2010, true, 999, ''2025-09-08 /'')'),
    ('ALTER TABLE r.journal DISABLE TRIGGER USER; DELETE FROM r.journal WHERE entry_id = (SELECT min(entry_id) FROM r.journal WHERE kind = ''marks'')'),
    ('ALTER TABLE r.journal DISABLE TRIGGER USER; DELETE FROM r.journal WHERE entry_id = (SELECT max(entry_id) FROM r.journal WHERE school_urn = 100001)'),
    ('ALTER TABLE r.journal DISABLE TRIGGER USER; ALTER TABLE r.journal DROP CONSTRAINT journal_hash; UPDATE r.journal SET reason = ''forged'' WHERE reason = ''mother rang'''),
    ('ALTER TABLE r.journal DISABLE TRIGGER USER; UPDATE r.journal SET entered_at = entered_at - interval ''1 year'', hash = journal_hash(school_urn, entry_id, entered_at - interval ''1 year'', kind, login, entered_by, title, reason, previous, payload) WHERE reason = ''mother rang'''),
    ('ALTER TABLE r.register_line DETACH PARTITION r.register_line_2025'),
    ('DROP TABLE r.register_line_2025 CASCADE')
) AS v (command);
SELECT is_empty('SELECT * FROM r.verify_journal(ARRAY(SELECT digest FROM r.journal_digest()))', 'kept digests are found');
SELECT ok(detected('SELECT 1', ARRAY['100001:1:' || repeat('0', 64)]), 'a forged digest is not');
SELECT ok(detected('SELECT 1', ARRAY['nonsense']), 'nor is nonsense');
SELECT is(detected('ALTER TABLE r.journal DISABLE TRIGGER USER;
    DELETE FROM r.journal_head; DELETE FROM r.journal; ALTER TABLE r.register_line DISABLE TRIGGER USER; DELETE FROM r.register_line',
    (SELECT array_agg(digest) FROM r.journal_digest())), true, 'with a kept digest, even a journal that is gone altogether is missed');

-- ---------- look-alikes of a register's tables, and partitions elsewhere ----------

CREATE FUNCTION state(commands text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE commands;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN OTHERS THEN
        RETURN CASE SQLSTATE WHEN 'ZZ000' THEN 'accepted' ELSE SQLSTATE END;
    END;
END
$$;
CREATE TEMPORARY TABLE register_line (school_urn int, academic_year int, pupil_id bigint, enrolment_start date, marks mark_series,
    entered_by text, title text, reason text);
CREATE TEMPORARY TABLE journal (school_urn int, entry_id bigint, entered_at timestamptz, kind text, payload bytea);
CREATE TEMPORARY TABLE disposal (school_urn int, hashes bytea[], followed bytea[]);
CREATE TEMPORARY TABLE school_day (school_urn int, day date, morning bool, afternoon bool);
CREATE TEMPORARY TABLE rule_setting (school_urn int, rule text, action text);
CREATE TEMPORARY TABLE school (urn int, type text);
CREATE TEMPORARY TABLE requirement (mark session_mark, requirement text, from_day date, to_day date);
CREATE TEMPORARY TABLE enrolment (school_urn int, pupil_id bigint, start_date date, end_date date, boarder text);
CREATE TEMPORARY TABLE pupil (pupil_id bigint, date_of_birth date);
CREATE TEMPORARY TABLE record (school_urn int, v int, entered_at timestamptz, entered_by text, title text, reason text);
CREATE TRIGGER gather_line AFTER INSERT OR UPDATE ON pg_temp.register_line FOR EACH ROW EXECUTE FUNCTION gather_line();
CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON pg_temp.register_line FOR EACH STATEMENT EXECUTE FUNCTION write_journal();
CREATE TRIGGER stamp_entry BEFORE INSERT OR UPDATE ON pg_temp.record FOR EACH ROW EXECUTE FUNCTION stamp_entry('signed');
SELECT is(state(commands), wanted, commands) FROM (VALUES
    ('INSERT INTO pg_temp.register_line (school_urn, academic_year, pupil_id) VALUES (1, 2025, 1)', '22004'),
    ('INSERT INTO pg_temp.register_line (academic_year, pupil_id, marks) VALUES (2025, 1, ''2025-09-08 /'')', '22004'),
    ('INSERT INTO pg_temp.school VALUES (1, NULL); INSERT INTO pg_temp.record VALUES (1, 1); UPDATE pg_temp.record SET v = 2', '22004'),
    ('INSERT INTO pg_temp.school VALUES (1, ''x''); INSERT INTO pg_temp.rule_setting VALUES (1, NULL, ''record'');
      INSERT INTO pg_temp.record VALUES (1, 1); UPDATE pg_temp.record SET v = 2', 'AT036') -- what names no rule sets none
) AS v (commands, wanted);
ALTER TABLE pg_temp.register_line DISABLE TRIGGER USER;
INSERT INTO pg_temp.register_line (school_urn, academic_year, pupil_id) VALUES (1, 2025, 1);
SELECT throws_ok('SELECT * FROM lines_as_at(''pg_temp.register_line'', 1, now())', '22004');
SELECT throws_ok('SELECT * FROM line_breaches(''pg_temp.register_line'', 1, 2025)', '22004');
UPDATE pg_temp.register_line SET marks = '2025-09-08 C';
INSERT INTO pg_temp.requirement VALUES ('C', NULL, NULL, NULL);
SELECT throws_ok('SELECT * FROM line_breaches(''pg_temp.register_line'', 1, 2025)', '22004');
DELETE FROM pg_temp.register_line;
INSERT INTO pg_temp.journal VALUES (1, 1, now(), 'marks', NULL);
SELECT throws_ok('SELECT * FROM lines_as_at(''pg_temp.register_line'', 1, ''2020-01-01'')', '22004');
INSERT INTO pg_temp.disposal VALUES (1, ARRAY[NULL::bytea], NULL);
SELECT throws_ok('SELECT * FROM journal_faults(''pg_temp.disposal'', 1)', '22004');
DROP TABLE pg_temp.register_line, pg_temp.journal, pg_temp.disposal, pg_temp.school_day, pg_temp.rule_setting, pg_temp.school, pg_temp.requirement,
    pg_temp.enrolment, pg_temp.pupil, pg_temp.record;

CREATE SCHEMA archive;
SELECT is(state('ALTER TABLE r.register_line_2025 SET SCHEMA archive; UPDATE r.register_line SET marks = set_mark(marks, ''2025-09-08 AM'', ''G'') WHERE pupil_id = 6'), 'AT017', 'a partition in another schema has the rules');
SELECT is(state('ALTER TABLE r.register_line_2025 SET SCHEMA archive; UPDATE archive.register_line_2025 SET marks = ''empty'' WHERE pupil_id = 6'), 'AT001', 'by its own name, too');
CREATE ROLE att_tap_forger;
GRANT USAGE, CREATE ON SCHEMA r TO att_tap_forger;
GRANT USAGE ON SCHEMA attendance, public TO att_tap_forger;
SET ROLE att_tap_forger;
CREATE TABLE r.fake (school_urn int, academic_year int, pupil_id bigint, enrolment_start date, marks mark_series, entered_at timestamptz, entered_by text, title text, reason text);
CREATE TRIGGER gather_line AFTER INSERT ON r.fake FOR EACH ROW EXECUTE FUNCTION gather_line();
CREATE TRIGGER write_journal AFTER INSERT ON r.fake FOR EACH STATEMENT EXECUTE FUNCTION write_journal();
SELECT throws_ok('INSERT INTO r.fake (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 1, ''2025-09-15 /'')', '55000', 'table "fake" is not the table register_line of a register', 'a table beside the lines enters nothing');
DROP TRIGGER gather_line ON r.fake;
CREATE TRIGGER gather_record AFTER INSERT ON r.fake FOR EACH ROW EXECUTE FUNCTION gather_record();
SELECT throws_ok('INSERT INTO r.fake (school_urn) VALUES (100001)', '55000', 'table "fake" does not belong to the owner of the register', 'nor one beside the records');
RESET ROLE;

-- ---------- disposal ----------

\ir register/older.sql
-- of the school alone: a pupil is not entered before being born
SELECT make_older('10 years', 100001) \g /dev/null
SELECT ok((SELECT due FROM r.disposal_due(clock_timestamp()) WHERE kind = 'marks' AND school_urn = 100001 AND academic_year = 2024), 'due');
SELECT lives_ok('SELECT r.dispose(100001, 2024, ''A Head'', ''Headteacher'', ''retention schedule'')', 'disposed of');
SELECT is_empty('SELECT FROM r.register_line WHERE academic_year = 2024 AND school_urn = 100001', 'the lines are gone');
SELECT is((SELECT format('%s %s %s', lines, entries, length(digest)) FROM r.disposal), '1 1 64', 'what they were is not');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'and the chain still verifies');
SELECT ok(detected('ALTER TABLE r.disposal DISABLE TRIGGER USER; DELETE FROM r.disposal'), 'not without the record of the disposal');
SELECT is(left(outcome('TRUNCATE r.register_line_2024'), 5), 'AT020', 'TRUNCATE is refused even then');
SELECT is(left(outcome('DELETE FROM r.disposal'), 5), 'AT020', 'the record stays');
SELECT is(left(outcome('DELETE FROM r.register_line WHERE academic_year = 2025'), 5), 'AT020', 'nothing else goes with it');
SELECT is_empty('SELECT * FROM check_register(''r'')', 'the guards are all there');

SELECT * FROM finish();
ROLLBACK;
