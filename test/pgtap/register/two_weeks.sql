-- Two weeks of school 100001, Monday 8 to Friday 19 September 2025, that the tests of reports reckon with.
--
--   pupil          marks other than present          possible  absent  auth.  unauth.  not possible
--   1                                                      20       0
--   2              I on Monday 8 AM                        20       1      1
--   3              L on Tuesday 9 AM, U on Wednesday 10 AM 20       1               1
--   4              O on Friday 12                          20       2               2
--   5              I from Monday 8 to Friday 12            20      10     10
--   6              D on 8 and 9, I on Friday 19 PM         16       1      1                    4
--   7              D on all days                            0                                  20
--   together, 6 enrolments with a possible session        116      15     12        3          24
\ir fixture.sql
SELECT to_regproc('fill') IS NOT NULL AS there \gset
\if :there
\q
\endif

-- One mark for every session that the school holds in those days.
CREATE FUNCTION fill(pupil bigint, first_day date, last_day date, am text, pm text DEFAULT NULL, school int DEFAULT 100001) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT school, pupil, d.day, s.session, s.mark::session_mark
    FROM r.school_day d CROSS JOIN LATERAL (VALUES ('AM', am, d.morning), ('PM', coalesce(pm, am), d.afternoon)) AS s (session, mark, held)
    WHERE d.school_urn = school AND d.day BETWEEN first_day AND last_day AND s.held AND s.mark <> ''
$$;
SELECT fill(1, '2025-09-08', '2025-09-19', '/') \g /dev/null
SELECT fill(2, '2025-09-08', '2025-09-08', 'I', '\'), fill(2, '2025-09-09', '2025-09-19', '/') \g /dev/null
SELECT fill(3, '2025-09-08', '2025-09-08', '/'), fill(3, '2025-09-09', '2025-09-09', 'L', '\'),
    fill(3, '2025-09-10', '2025-09-10', 'U', '\'), fill(3, '2025-09-11', '2025-09-19', '/') \g /dev/null
SELECT fill(4, '2025-09-08', '2025-09-11', '/'), fill(4, '2025-09-12', '2025-09-12', 'O'), fill(4, '2025-09-15', '2025-09-19', '/') \g /dev/null
SELECT fill(5, '2025-09-08', '2025-09-12', 'I'), fill(5, '2025-09-15', '2025-09-19', '/') \g /dev/null
SELECT fill(6, '2025-09-08', '2025-09-09', 'D'), fill(6, '2025-09-10', '2025-09-18', '/'), fill(6, '2025-09-19', '2025-09-19', '/', 'I') \g /dev/null
SELECT fill(7, '2025-09-08', '2025-09-19', 'D') \g /dev/null
