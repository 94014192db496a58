-- Penalty notices: whom schools have to consider them for, and what is due of those that were issued.
\pset footer off
\pset null ''
\timing off
SET search_path = register, public, attendance;

\echo 'Penalty-notice watch of 21 November 2025: ten sessions of G, N, O, U in ten school weeks'
SELECT s.phase, count(DISTINCT w.pupil_id) AS pupils, count(*) AS "pupils and parents",
    count(DISTINCT w.pupil_id) FILTER (WHERE w.g >= 10) AS "of holidays alone",
    count(DISTINCT w.pupil_id) FILTER (WHERE w.n > 0) AS "with N open"
FROM penalty_watch('2025-11-21') w JOIN school s ON s.urn = w.school_urn
GROUP BY s.phase ORDER BY s.phase;

\echo 'and whom it will be with a few sessions more'
SELECT sessions_left AS "sessions left", count(DISTINCT pupil_id) AS pupils
FROM penalty_approaching('2025-11-21') GROUP BY sessions_left ORDER BY sessions_left;

BEGIN;
\echo 'Ten notices, which are taken back again: eight weeks later'
INSERT INTO penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, received_on, paid_on,
    paid_amount, without_support)
SELECT w.school_urn, w.pupil_id, w.contact_id,
    school_session_multirange(school_session_range(school_session(w.first_day, 'AM'), school_session(w.last_day, 'PM'),
        '[]')),
    '2025-11-24', 'Kim Oak', '2025-11-26', CASE WHEN w.place <= 6 THEN date '2025-12-16' END,
    CASE WHEN w.place <= 6 THEN 80 END, 'for absence of the year before; support for it is on paper'
FROM (SELECT *, row_number() OVER (ORDER BY sessions DESC, pupil_id, contact_id) AS place
    FROM penalty_watch('2025-11-21') WHERE contact_id IS NOT NULL) w
WHERE w.place <= 10;
SELECT step, reduced_until, amount, pay_by, amount_due, overdue, count(*) AS notices
FROM penalty_notice_due('2026-01-16') GROUP BY step, reduced_until, amount, pay_by, amount_due, overdue;
SELECT step, reduced_amount, amount, count(*) AS "pupils and parents", round(avg(sessions), 1) AS sessions
FROM penalty_watch('2026-01-16') GROUP BY step, reduced_amount, amount ORDER BY step;
DO $$
BEGIN
    IF (SELECT count(*) FROM penalty_notice_due('2026-01-16')) <> 4
        OR EXISTS (SELECT FROM penalty_watch('2026-01-16') WHERE sessions < 10 OR sessions <> g + n + o + u)
        OR EXISTS (SELECT FROM penalty_watch('2025-11-21') w
            JOIN penalty_approaching('2025-11-21') a ON a.pupil_id = w.pupil_id AND a.contact_id = w.contact_id) THEN
        RAISE EXCEPTION 'the watch is wrong';
    END IF;
END
$$;
ROLLBACK;
