-- One answer, one snapshot: whatever others commit while a view or function of a register is read, its answer is that of the
-- query's snapshot, in every isolation level, and fault is found only with what is at fault.
\ir register/two_weeks.sql
\ir register/every_report.sql
CREATE EXTENSION dblink SCHEMA public;
SELECT * FROM no_plan();

-- Reads all of them with the snapshot of the query that asks.
ALTER FUNCTION answers() STABLE;

-- Another session, which commits at once.
SELECT dblink_connect('writer', format('dbname=%s host=%s port=%s user=%s', current_database(), split_part(current_setting('unix_socket_directories'), ',', 1),
    current_setting('port'), current_user)) \g /dev/null
CREATE FUNCTION writer(command text) RETURNS text LANGUAGE sql VOLATILE RETURN dblink_exec('writer', command);
SELECT writer('SET search_path = r, attendance, public; SET client_min_messages = warning') \g /dev/null

-- Something of everything, other every time that it is written.
CREATE FUNCTION write_all(n integer) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT string_agg(writer(format(c.command, n)), ' ' ORDER BY c.place) FROM (VALUES
        (1, $q$INSERT INTO mark (school_urn, pupil_id, day, session, mark)
            SELECT 100001, p, date '2025-09-09' + %1$s, 'AM', CASE p WHEN 5 THEN 'C' ELSE '/' END::session_mark FROM generate_series(1, 7) p$q$),
        (2, $q$INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, nature, entered_by, title, reason)
            SELECT 100001, p, date '2025-09-09' + %1$s, 'PM', 'B', 'sport %1$s', 'x', 'y', 'z' FROM generate_series(1, 3) p$q$),
        (3, $q$UPDATE mark SET mark = CASE mark::text WHEN 'G' THEN 'O' ELSE 'G' END::session_mark, (entered_by, title, reason) = ROW('x', 'y', 'z')
            WHERE school_urn = 100001 AND pupil_id = 2 AND day = '2025-09-08'$q$),
        (4, $q$UPDATE mark SET mark = 'N' WHERE school_urn = 100001 AND pupil_id = 1 AND day = date '2025-08-26' + %1$s AND session = 'AM'$q$),
        (5, $q$INSERT INTO register_line (school_urn, academic_year, pupil_id, marks) VALUES (100002, 2025, 1 + %1$s, '2025-09-08 II')$q$),
        (6, $q$UPDATE register_line SET marks = marks || '2025-10-%1$s I' WHERE school_urn = 100001 AND pupil_id = 4$q$),
        (7, $q$INSERT INTO leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, applicant, status, decided_by, decided_at) VALUES (100001, 1, 'M',
            school_session_multirange(school_session_range('2025-11-%1$s AM', '2025-11-%1$s PM')), 'medical appointment', 'mother', 'granted', 'A Head', '2025-09-01')$q$),
        (8, $q$INSERT INTO contact (pupil_id, full_name, is_parent) VALUES (1, 'Parent %1$s', true)$q$),
        (9, $q$UPDATE pupil SET forename = 'Forename %1$s', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id < 4$q$),
        (10, $q$UPDATE enrolment SET registration_group = '5%1$s', entered_by = 'x', title = 'y', reason = 'z' WHERE school_urn = 100001 AND pupil_id < 4$q$),
        (11, $q$INSERT INTO registration (school_urn, registration_group, day, session, taken_by, opened_at) VALUES (100001, '5A', '2025-09-%1$s', 'AM', 'x', '2025-09-%1$s 09:00 Europe/London')$q$),
        (12, $q$INSERT INTO pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (1 + %1$s %% 7, 'fsm', 'Y', date '2025-09-01' + %1$s)$q$),
        (13, $q$INSERT INTO school_day (school_urn, day) VALUES (100001, date '2026-01-05' + %1$s)$q$),
        (14, $q$DELETE FROM school_day WHERE school_urn = 100001 AND day = date '2025-11-18' + %1$s$q$),
        (15, $q$UPDATE rule_setting SET reason = 'test %1$s' WHERE school_urn = 100001$q$),
        (16, $q$UPDATE school SET name = 'School %1$s' WHERE urn = 100001$q$)) AS c (place, command)
$$;
UPDATE r.enrolment SET registration_group = '5A', entered_by = 'x', title = 'y', reason = 'z' WHERE school_urn = 100001;
INSERT INTO r.trust VALUES (90001, 'A Trust');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn = 100001;
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');

CREATE TEMP TABLE seen (time text, report text, lines bigint, digest text);

-- in a transaction that began before
CREATE FUNCTION changed(before text, after text) RETURNS text LANGUAGE sql
RETURN (SELECT coalesce(string_agg(report, ', ' ORDER BY report), '') FROM seen b JOIN seen a USING (report)
        WHERE b.time = before AND a.time = after AND (b.lines, b.digest) IS DISTINCT FROM (a.lines, a.digest)
            -- which has the size of files
            AND report <> 'view register_year'
            -- their answers change with the clock
            AND report NOT IN (SELECT s.report FROM seen s WHERE s.time IN ('first', 'repeatable read, before') GROUP BY 1 HAVING count(DISTINCT (s.lines, s.digest)) > 1));
INSERT INTO seen SELECT 'first', * FROM answers();

BEGIN ISOLATION LEVEL REPEATABLE READ;
INSERT INTO seen SELECT 'repeatable read, before', * FROM answers();
SELECT write_all(13) \g /dev/null
INSERT INTO seen SELECT 'repeatable read, after', * FROM answers();
SELECT is((SELECT count(*) FROM r.verify_journal()), 0::bigint, 'repeatable read: no fault is found beside a writer');
COMMIT;
SELECT is(changed('repeatable read, before', 'repeatable read, after'), '', 'repeatable read: every answer is that of the snapshot');

BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT count(*) FROM r.journal \g /dev/null
SELECT write_all(14) \g /dev/null
SELECT is((SELECT count(*) FROM r.verify_journal()), 0::bigint, 'serializable: no fault is found beside a writer');
COMMIT;

-- in one statement, which others overtake
INSERT INTO seen SELECT 'read committed, before', * FROM answers();
INSERT INTO seen SELECT 'read committed, during', a.* FROM (SELECT write_all(15) OFFSET 0) w CROSS JOIN LATERAL (SELECT * FROM answers() WHERE w IS NOT NULL) a;
INSERT INTO seen SELECT 'read committed, after', * FROM answers();
SELECT is(changed('read committed, before', 'read committed, during'), '', 'read committed: every answer is that of the snapshot of its query');
SELECT is((SELECT count(v.*) FROM (SELECT write_all(16) OFFSET 0) w CROSS JOIN LATERAL (SELECT * FROM r.verify_journal() WHERE w IS NOT NULL) v), 0::bigint,
    'read committed: no fault is found beside a writer');

-- what was written would have been seen
SELECT is((SELECT string_agg(r, ', ') FROM unnest('{function register_as_at,function journal_digest,view amendment,view breach,view record_change,view mark}'::text[]) r
    WHERE position(r IN changed('read committed, before', 'read committed, after')) = 0), NULL,
    'what was written changes the answers');
SELECT ok(length(changed('read committed, before', 'read committed, after')) - length(replace(changed('read committed, before', 'read committed, after'), ',', '')) > 20,
    'of many reports');

-- what is wrong is found, by a transaction that began before and by one that did not
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE r.register_line SET marks = attendance.set_mark(marks, '2025-09-17 AM', 'L') WHERE school_urn = 100001 AND pupil_id = 1;
COMMIT;
CREATE FUNCTION faults() RETURNS bigint LANGUAGE sql STABLE RETURN (SELECT count(*) FROM r.verify_journal());
SELECT is(faults(), 1::bigint, 'a line that was changed past the journal is found');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT is(faults(), 1::bigint, '... repeatable read');
SELECT writer('SET session_replication_role = replica; UPDATE r.register_line SET marks = attendance.set_mark(marks, ''2025-09-17 AM'', ''/'') WHERE school_urn = 100001 AND pupil_id = 1;
    SET session_replication_role = origin') \g /dev/null
SELECT is(faults(), 1::bigint, '... and as long as the snapshot has it');
COMMIT;
SELECT is(faults(), 0::bigint, '... not when it is right again');
SELECT writer('SET session_replication_role = replica; DELETE FROM r.journal WHERE school_urn = 100001 AND entry_id = (SELECT max(entry_id) FROM r.journal WHERE school_urn = 100001);
    SET session_replication_role = origin') \g /dev/null
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT ok(faults() > 0, 'the newest entry was removed: serializable');
COMMIT;
SELECT ok(faults() > 0, '... and read committed');

-- check_register looks at what is there, and others may add a year meanwhile
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM pg_class \g /dev/null
SELECT writer('DO $x$ BEGIN PERFORM attendance.add_academic_year(''r'', 2026); END $x$') \g /dev/null
SELECT is_empty('SELECT * FROM check_register(''r'')', 'check_register beside a year that was added: repeatable read');
COMMIT;
SELECT is((SELECT count(c.*) FROM (SELECT writer('DO $x$ BEGIN PERFORM attendance.add_academic_year(''r'', 2027); END $x$') OFFSET 0) w CROSS JOIN LATERAL (SELECT * FROM check_register('r') WHERE w IS NOT NULL) c),
    0::bigint, '... read committed');
SELECT * FROM finish();
