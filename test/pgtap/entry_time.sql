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
SELECT * FROM finish();
ROLLBACK;
