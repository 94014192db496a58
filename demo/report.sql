-- The main job: the figures of an authority's year beside those which were published.
\pset footer off
\set ON_ERROR_STOP 1
SET search_path = register, public, attendance;
\ir published.sql

-- Milliseconds that a query takes, the median of some runs.
CREATE FUNCTION pg_temp.milliseconds(query text, runs integer DEFAULT 5) RETURNS numeric
    LANGUAGE plpgsql AS $$
DECLARE
    times float8[];
    started timestamptz;
BEGIN
    FOR run IN 1 .. runs LOOP
        started := clock_timestamp();
        EXECUTE query;
        times := times || extract(epoch FROM clock_timestamp() - started)::float8 * 1000;
    END LOOP;
    RETURN round((SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(times) t)::numeric, 1);
END
$$;

CREATE TEMPORARY TABLE found AS
    SELECT coalesce(s.phase, 'Total') AS phase, cohort_agg(l.marks) AS cohort
    FROM register_line l JOIN school s ON s.urn = l.school_urn
    GROUP BY ROLLUP (s.phase);

CREATE TEMPORARY TABLE comparison AS
    SELECT f.phase, m.place, m.measure, m.here, m.published,
        -- a published percentage has 15 digits: ours is compared digit by digit
        CASE WHEN m.exact THEN round(m.here, scale(m.published)) - m.published
            ELSE round(m.here - m.published, 4) END AS difference, m.exact
    FROM found f JOIN published p ON p.phase = f.phase
    CROSS JOIN LATERAL (VALUES
        (1, 'enrolments', enrolments(f.cohort), round(p.enrolments, 1), false),
        (2, 'possible sessions', possible(tally(f.cohort)), p.possible, true),
        (3, 'attendance %', attendance_rate(tally(f.cohort)), p.attendance, true),
        (4, 'absence %', absence_rate(tally(f.cohort)), p.absence, true),
        (5, 'authorised absence %', authorised_rate(tally(f.cohort)), p.authorised, true),
        (6, 'unauthorised absence %', unauthorised_rate(tally(f.cohort)), p.unauthorised, true),
        (7, 'persistent absence %', persistent_absence_rate(f.cohort), p.persistent_absence, false),
        (8, 'severe absence %', severe_absence_rate(f.cohort), NULL, false)
    ) AS m (place, measure, here, published, exact);

\echo
\echo 'Bradford, 8 September 2025 to 10 July 2026: the register beside the published figures'
\echo '(schools, pupils and marks are made up so that the sessions by code add up to those published;'
\echo 'what is compared is that the extension computes from them the percentages that were published)'
\echo '(published enrolments are a mean over the days, ours are lines of the register; the published total of'
\echo 'persistent absence weighs phases by enrolments that are not published; severe absence is not in this series)'
\pset null '-'
SELECT phase, measure, round(here, coalesce(scale(published), 4)) AS "this register", published,
    trim_scale(difference) AS difference
FROM comparison ORDER BY phase, place;

-- The published percentages were computed in floating point: the last of 15 digits can be one off.
CREATE TEMPORARY TABLE code_comparison AS
    WITH counted AS (
        SELECT coalesce(s.phase, 'Total') AS phase, mark_counts_agg(l.marks) AS counts
        FROM register_line l JOIN school s ON s.urn = l.school_urn
        GROUP BY ROLLUP (s.phase))
    SELECT c.phase, p.mark, p.percent AS published,
        100.0 * mark_count(c.counts, p.mark) / possible(tally(c.counts)) AS here
    FROM counted c JOIN published_code p ON p.phase = c.phase;
SELECT count(*) AS "percentages by code",
    count(*) FILTER (WHERE round(here, scale(published)) = published) AS "equal to the last digit",
    count(*) FILTER (WHERE abs(round(here, scale(published)) - published) = ('1e-' || scale(published))::numeric)
        AS "one off in the last digit"
FROM code_comparison;

DO $$
BEGIN
    IF EXISTS (SELECT FROM comparison WHERE exact AND (difference <> 0) IS NOT FALSE)
        OR EXISTS (SELECT FROM comparison
            WHERE measure = 'persistent absence %' AND phase <> 'Total' AND (abs(difference) < 0.05) IS NOT TRUE)
        OR EXISTS (SELECT FROM code_comparison
            WHERE (abs(round(here, scale(published)) - published) <= ('1e-' || scale(published))::numeric) IS NOT TRUE)
        OR (SELECT count(*) FROM comparison) <> 32 OR (SELECT count(*) FROM code_comparison) <> 56 THEN
        RAISE EXCEPTION 'the register does not give the published figures';
    END IF;
END
$$;

\echo 'The ten schools with most persistent absentees'
SELECT s.name AS school, s.phase, enrolments(c.cohort), persistently_absent(c.cohort) AS "persistently absent",
    round(persistent_absence_rate(c.cohort), 1) AS "%", severely_absent(c.cohort) AS "severely absent",
    round(attendance_rate(tally(c.cohort)), 1) AS "attendance %"
FROM (SELECT school_urn, cohort_agg(marks) AS cohort FROM register_line GROUP BY school_urn) c
JOIN school s ON s.urn = c.school_urn
ORDER BY persistently_absent(c.cohort) DESC, s.name LIMIT 10;

\echo 'The same functions on a plain table of marks: the special schools, a row a mark'
CREATE TEMPORARY TABLE my_marks AS
    SELECT m.pupil_id, m.day, m.session, m.mark
    FROM mark m JOIN school s ON s.urn = m.school_urn WHERE s.phase = 'Special';
ANALYZE my_marks;
SELECT count(*) AS marks, round(attendance_rate(mark), 13) AS "attendance %",
    (SELECT attendance FROM published WHERE phase = 'Special') AS published
FROM my_marks;
DO $$
BEGIN
    IF (SELECT tally_agg(mark) <> (SELECT tally(cohort) FROM found WHERE phase = 'Special') FROM my_marks) THEN
        RAISE EXCEPTION 'the rows do not give the figures of the register';
    END IF;
END
$$;

\echo 'What the Regulations ask for beside the marks'
SELECT f.what, f.rows
FROM (VALUES
    (1, 'contacts of pupils', (SELECT count(*) FROM contact)),
    (2, 'names deleted in the year, each on a ground', (SELECT count(*) FROM enrolment WHERE end_date IS NOT NULL)),
    (3, 'leaves of absence (C, C1, J1, M, S)', (SELECT count(*) FROM leave_of_absence)),
    (4, 'part-time timetables (C2)', (SELECT count(*) FROM part_time_timetable)),
    (5, 'natures of activities and causes (B, K, Y7)', (SELECT count(*) FROM mark_nature)),
    (6, 'registrations at other schools (D)', (SELECT count(*) FROM dual_registration)),
    (7, 'suspensions and permanent exclusions (E)', (SELECT count(*) FROM suspension)),
    (8, 'breaches of a rule on marks', (SELECT count(*) FROM breach)),
    (9, 'entries in the journal', (SELECT count(*) FROM journal)),
    (10, 'faults found by verify_journal()', (SELECT count(*) FROM verify_journal()))
) AS f (place, what, rows) ORDER BY f.place;
DO $$
BEGIN
    -- what breaks a rule on leave does not get in
    IF EXISTS (SELECT FROM admission_breach) OR EXISTS (SELECT FROM registration_conflict)
        OR EXISTS (SELECT FROM admission_register_gap WHERE required) OR EXISTS (SELECT FROM breach)
        OR EXISTS (SELECT FROM leave_breach) OR EXISTS (SELECT FROM part_time_timetable_breach)
        OR EXISTS (SELECT FROM unrecorded_suspension)
        OR EXISTS (SELECT FROM suspension_count WHERE over_limit OR NOT provision_made)
        OR EXISTS (SELECT FROM part_time_timetable_too_long) OR EXISTS (SELECT FROM dual_mark_conflict)
        OR EXISTS (SELECT FROM verify_journal()) THEN
        RAISE EXCEPTION 'the register breaks a rule';
    END IF;
END
$$;

\echo 'Planted and taken back: marks that break a rule, recorded as from paper, are listed all the same'
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE TEMPORARY TABLE planted ON COMMIT DROP AS
    SELECT l.school_urn, l.pupil_id, u.day, u.session, p.mark::session_mark AS mark
    FROM unnest('{#,X,C,C1,S,C2,B,Z,D,H,N}'::text[]) WITH ORDINALITY AS p (mark, n)
    JOIN (SELECT row_number() OVER (ORDER BY l.pupil_id) AS n, l.* FROM (
              SELECT * FROM register_line l WHERE l.school_urn = (SELECT min(school_urn) FROM register_line)
                  AND mark_at(l.marks, date '2025-09-09', 'AM') = '/' ORDER BY pupil_id LIMIT 11) l) l ON l.n = p.n
    CROSS JOIN (VALUES (date '2025-09-09', 'AM')) AS u (day, session);
INSERT INTO rule_setting
    SELECT (SELECT min(school_urn) FROM planted), rule, 'record', 'demo', 'demo' FROM register_rules() WHERE can_be_set;
UPDATE mark m SET mark = p.mark FROM planted p
    WHERE m.school_urn = p.school_urn AND m.pupil_id = p.pupil_id AND m.day = p.day AND m.session = p.session;
DELETE FROM rule_setting;
SELECT rule, count(*) AS breaches, string_agg(DISTINCT mark::text, ' ' ORDER BY mark::text) AS marks
FROM breach GROUP BY rule ORDER BY rule;
DO $$
BEGIN
    IF (SELECT count(DISTINCT rule) FROM breach) < 11 THEN
        RAISE EXCEPTION 'a planted breach is not listed';
    END IF;
END
$$;
ROLLBACK;

\echo 'Size, and milliseconds by query (median of 5)'
SELECT count(*) AS lines, sum(t.sessions) AS marks,
    round(avg(pg_column_size(l.marks)), 1) AS "bytes a line",
    pg_size_pretty((SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree('register_line'))) AS "table",
    pg_size_pretty((SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('register_line')))
        AS "with indexes"
FROM register_line l CROSS JOIN LATERAL (
    SELECT sum(sessions) AS sessions FROM counts(mark_counts(l.marks))) t;
SELECT query, pg_temp.milliseconds(sql) AS ms
FROM (VALUES
    (1, 'count(*) of the register''s lines', 'SELECT count(*) FROM register_line'),
    (2, 'attendance of the authority', 'SELECT attendance_rate(tally_agg(marks)) FROM register_line'),
    (3, 'persistent and severe absence of the authority', 'SELECT cohort_agg(marks) FROM register_line'),
    (4, 'persistent and severe absence by school',
        'SELECT school_urn, cohort_agg(marks) FROM register_line GROUP BY school_urn'),
    (5, 'sessions by code', 'SELECT mark_counts_agg(marks) FROM register_line'),
    (6, 'a pupil''s year, as rows', 'SELECT * FROM mark WHERE pupil_id = 40000'),
    (7, 'a school''s day, as rows', 'SELECT m.* FROM mark m WHERE m.school_urn = 900004 AND m.day = ''2026-03-12''')
) AS q (place, query, sql) ORDER BY place;
