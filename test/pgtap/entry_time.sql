-- The clock is looked at: marks that were entered before or after their day, by how many days, and by whom.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET search_path = r, public, attendance;
SET timezone = 'Pacific/Kiritimati'; -- days are London's
SELECT (clock_timestamp() AT TIME ZONE 'Europe/London')::date AS today \gset
SELECT add_academic_year('r', year) FROM (SELECT academic_year(:'today'::date + 200) AS year UNION SELECT academic_year(:'today'::date)) y
WHERE year NOT IN (SELECT r.academic_year FROM r.register_year r WHERE r.academic_year IS NOT NULL) \g /dev/null
INSERT INTO school_day (school_urn, day) SELECT 100004, d FROM unnest(ARRAY[:'today'::date, :'today'::date + 100, :'today'::date - 1, date '2025-09-08']) d ON CONFLICT DO NOTHING;
INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT 100004, p, '2025-09-01' FROM generate_series(1, 4) p;
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100004, 1, :'today', 'AM', '/';
INSERT INTO mark (school_urn, pupil_id, day, session, mark, entered_by, title) SELECT 100004, 2, :'today'::date + 100, 'AM', '/', 'Jo Smith', 'Clerk';
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100004, 2, :'today'::date + 100, 'PM', 'E';
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100004, 3, '2025-09-08', s, m::session_mark FROM (VALUES ('AM', '-'), ('PM', 'I')) v (s, m);
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100004, 4, :'today'::date - 1, 'AM', 'N';
UPDATE mark SET mark = 'L', entered_by = 'Jo Smith', title = 'Clerk', reason = 'came late' WHERE pupil_id = 4 AND school_urn = 100004;
SELECT results_eq($$SELECT pupil_id, session, mark::text, is_first, days_after, is_foretold, entered_by FROM entry_time WHERE school_urn = 100004 ORDER BY pupil_id, session, entry_id$$,
    format($$VALUES (2::bigint, 'AM', '/', true, -100, true, 'Jo Smith'), (2, 'PM', 'E', true, -100, false, NULL), (3, 'PM', 'I', true, %s, false, NULL), (4, 'AM', 'N', true, 1, false, NULL),
        (4, 'AM', 'L', false, 1, false, 'Jo Smith')$$, :'today'::date - date '2025-09-08'), 'who entered what, how many days before or after');
SELECT is_empty($$SELECT * FROM entry_time WHERE school_urn = 100004 AND pupil_id = 1$$, 'what was entered on its day is no business of it');

-- ---------- marks in advance ----------

SELECT results_eq($$SELECT pupil_id, day, session, mark::text FROM breach WHERE rule = 'mark in advance'$$, format($$VALUES (2::bigint, %L::date, 'AM', '/')$$, :'today'::date + 100), 'what nobody can know before the day is listed');
UPDATE mark SET mark = 'N', entered_by = 'Jo Smith', title = 'Clerk', reason = 'x' WHERE pupil_id = 2 AND school_urn = 100004 AND session = 'AM';
SELECT results_eq($$SELECT mark::text FROM breach WHERE rule = 'mark in advance' ORDER BY 1$$, $$VALUES ('/'), ('N')$$, 'also if it was amended, before the day, to what nobody can know');
UPDATE mark SET mark = 'E', entered_by = 'Jo Smith', title = 'Clerk', reason = 'x' WHERE pupil_id = 2 AND school_urn = 100004 AND session = 'AM';
SELECT results_eq($$SELECT mark::text FROM breach WHERE rule = 'mark in advance' ORDER BY 1$$, $$VALUES ('/'), ('N')$$, 'or to what can be known');
-- every code, on the days before, on and after the day of its entry, in both halves
INSERT INTO rule_setting SELECT 100003, rule, 'record', 'test', 'test' FROM register_rules() WHERE can_be_set ON CONFLICT DO NOTHING;
INSERT INTO school_day (school_urn, day) SELECT 100003, :'today'::date + n FROM unnest('{-1,0,1,100}'::int[]) n ON CONFLICT DO NOTHING;
CREATE TABLE code AS SELECT row_number() OVER () + 100 AS pupil_id, mark::text, session FROM attendance_codes() WHERE mark::text <> '-';
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) SELECT pupil_id, 'Code', mark, '2015-03-01' FROM code;
INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT 100003, pupil_id, '2025-09-01' FROM code;
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100003, c.pupil_id, :'today'::date + n, s, c.mark::session_mark
FROM code c, unnest('{-1,0,1,100}'::int[]) n, unnest('{AM,PM}'::text[]) s WHERE CASE c.mark WHEN '/' THEN s = 'AM' WHEN '\' THEN s = 'PM' ELSE true END;
SELECT set_eq($$SELECT mark::text FROM breach WHERE rule = 'mark in advance' AND school_urn = 100003$$,
    $$SELECT * FROM unnest(string_to_array('/ \ L B K P V W J I I01 I02 G N O U', ' '))$$, 'attendance, lateness, illness and absence without leave, and nothing else');
SELECT results_eq($$SELECT DISTINCT day - (clock_timestamp() AT TIME ZONE 'Europe/London')::date FROM breach WHERE rule = 'mark in advance' AND school_urn = 100003 ORDER BY 1$$,
    $$VALUES (1), (100)$$, 'from the day after the entry on');
SELECT is((SELECT count(*) FROM breach WHERE rule = 'mark in advance' AND school_urn = 100003), 2 * (2 + 2 * 14)::bigint, 'a row for each mark');
SELECT is_empty($$SELECT school_urn, academic_year, pupil_id, day, session, mark, entry_id FROM entry_time WHERE is_foretold AND days_after >= 0$$, 'what is entered later is never foretold');
SELECT is_empty($$SELECT FROM breach WHERE rule = 'mark in advance' AND school_urn NOT IN (100003, 100004)$$, 'of one school');
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100004, 3, :'today'::date + 100, 'AM', '-';
SELECT is_empty($$SELECT FROM breach WHERE rule = 'mark in advance' AND pupil_id = 3$$, 'no mark is none in advance');

-- ---------- what was restored is judged by the times that it brings ----------

SELECT is_empty('SELECT * FROM verify_journal()', 'the journal is whole');
-- as if each had been entered on the day that it is for
ALTER TABLE journal DISABLE TRIGGER USER;
CREATE FUNCTION entered(days int) RETURNS void LANGUAGE sql AS $$
    UPDATE r.journal j SET entered_at = v.at, hash = attendance.journal_hash(j.school_urn, j.entry_id, v.at, j.kind, j.login, j.entered_by, j.title, j.reason, j.previous, j.payload)
    FROM (SELECT k.entry_id, k.entered_at + days * interval '1 day' AS at FROM r.journal k) v WHERE v.entry_id = j.entry_id AND j.kind = 'marks' $$;
SELECT entered(100) \g /dev/null
SELECT is_empty($$SELECT FROM breach WHERE rule = 'mark in advance'$$, 'nothing was in advance of entries that were made a hundred days later');
SELECT entered(-101) \g /dev/null
SELECT results_eq($$SELECT day - (clock_timestamp() AT TIME ZONE 'Europe/London')::date, count(*) FROM breach WHERE rule = 'mark in advance' AND school_urn = 100003 GROUP BY 1 ORDER BY 1$$,
    $$VALUES (0, 30::bigint), (1, 30), (100, 30)$$, 'and everything is that was entered a day before');
ALTER TABLE journal ENABLE TRIGGER USER;
SELECT * FROM finish();
ROLLBACK;
