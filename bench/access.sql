-- See bench/access.
\pset footer off
SET client_min_messages = warning;
CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;
SET search_path = attendance, public;

CREATE ROLE bench_all;
CREATE ROLE bench_one;

-- 80 schools of 1000 pupils in classes of 30, with a year of marks: that of 60 pupils, again and again.
CREATE PROCEDURE make(register name) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM create_register(register);
    PERFORM add_academic_year(register, 2025);
    PERFORM set_config('search_path', register || ', attendance, public', false);
    INSERT INTO local_authority (la_number, name) VALUES (380, 'Bradford');
    INSERT INTO school (urn, name, phase, type, la_number)
    SELECT 100000 + s, 'School ' || s, 'Primary', 'Academies', 380 FROM generate_series(1, 80) s;
    INSERT INTO pupil (pupil_id, surname, forename, date_of_birth)
    SELECT i, 'Surname', 'Forename', '2015-03-01' FROM generate_series(1, 80000) i;
    INSERT INTO enrolment (school_urn, pupil_id, start_date, registration_group)
    SELECT 100001 + (i - 1) / 1000, i, '2025-09-01', ((i - 1) % 1000 / 30)::text FROM generate_series(1, 80000) i;
    INSERT INTO school_day (school_urn, day)
    SELECT 100000 + s, d
    FROM generate_series(1, 80) s, generate_series('2025-09-01'::timestamp, '2026-07-17', '1 day') d
    WHERE extract(isodow FROM d) < 6;
    INSERT INTO mark (school_urn, pupil_id, day, session, mark)
    SELECT 100001, i, d.day, s.session, (CASE WHEN (i + d.day - date '2025-09-01') % 17 = 0 THEN 'I'
        WHEN (i * 7 + d.day - date '2025-09-01') % 29 = 0 THEN 'L' ELSE '/' END)::session_mark
    FROM generate_series(1, 60) i, school_day d, (VALUES ('AM'), ('PM')) AS s (session)
    WHERE d.school_urn = 100001 AND d.day < '2026-06-01';
    PERFORM set_config('session_replication_role', 'replica', true); -- no rules, no journal
    INSERT INTO register_line (school_urn, academic_year, pupil_id, enrolment_start, line_key, marks, birth_cohort,
        is_counted, registration_group)
    SELECT e.school_urn, 2025, e.pupil_id, e.enrolment_start, e.pupil_id + 1000, l.marks, e.birth_cohort, e.is_counted,
        e.registration_group
    FROM line_fact e JOIN register_line l ON l.pupil_id = 1 + e.pupil_id % 60 AND l.school_urn = 100001
    WHERE e.pupil_id > 60;
    PERFORM set_config('session_replication_role', 'origin', true);
    PERFORM set_config('search_path', 'attendance, public', false);
    COMMIT;
END
$$;
CALL make('plain');
CALL make('held');
SELECT format('ALTER TABLE plain.%I DISABLE ROW LEVEL SECURITY', relname) FROM pg_class
WHERE relnamespace = 'plain'::regnamespace AND relrowsecurity \gexec
SELECT grant_register(r, 'bench_all', p) FROM unnest('{plain,held}'::name[]) r, unnest('{marks,reports}'::text[]) p
\g /dev/null
SELECT grant_access('held', 'bench_one', 'attendance officer', 100003) \g /dev/null
VACUUM ANALYZE;

-- %1$s is the register, %2$s a condition on the school, %3$s an argument, %4$s the day and %5$s the half of a register,
-- %6$s the first pupil of its class.
CREATE TABLE measured (n int, name text, query text);
INSERT INTO measured VALUES
    (1, 'main query', 'SELECT school_urn, enrolments(c), persistently_absent(c)
        FROM (SELECT school_urn, cohort_agg(marks) AS c FROM %1$s.register_line WHERE academic_year = 2025 %2$s
            GROUP BY school_urn) x'),
    (2, 'headline', 'SELECT * FROM %1$s.headline(''2025/26''%3$s)'),
    (3, 'mark by class', 'SELECT pupil_id, session, mark FROM %1$s.mark WHERE school_urn = 100003 AND pupil_id BETWEEN '
        '2101 AND 2130 AND day = ''2025-11-11'''),
    (4, 'class register', 'INSERT INTO %1$s.mark (school_urn, pupil_id, day, session, mark) SELECT 100003, i, %4$L, '
        '%5$L, ''/'' FROM generate_series(%6$s, %6$s + 29) i');
CREATE TABLE result (n int, who text, register name, ms float8);

-- By turns of some runs each, as a session has one role: what it has prepared is made anew for another.
CREATE PROCEDURE measure(who text, register name, role name, turn int) LANGUAGE plpgsql AS $$
DECLARE
    m record;
    started timestamptz;
    command text;
    narrow boolean := who = 'one school' AND register = 'plain';
BEGIN
    PERFORM set_config('role', role, false);
    FOR m IN SELECT * FROM measured ORDER BY n LOOP
        -- what takes long is run less often
        FOR run IN 0..CASE WHEN m.n = 2 THEN 1 ELSE 5 END LOOP
            command := format(m.query, register, CASE WHEN narrow THEN 'AND school_urn = 100003' END,
                CASE WHEN narrow THEN ', schools => ''{100003}''' END,
                date '2026-06-01' + turn % 6 * 7 + run % 5, CASE WHEN who = 'all' THEN 'AM' ELSE 'PM' END,
                2101 + turn / 6 * 30);
            CONTINUE WHEN m.n = 4 AND run > 4;
            started := clock_timestamp();
            EXECUTE command;
            -- the first is planned
            INSERT INTO result SELECT m.n, who, register, extract(epoch FROM clock_timestamp() - started) * 1000
            WHERE run > 0;
            COMMIT;
        END LOOP;
    END LOOP;
    PERFORM set_config('role', 'none', false);
END
$$;
GRANT SELECT ON measured TO bench_all, bench_one;
GRANT INSERT ON result TO bench_all, bench_one;
SELECT format('CALL measure(%L, %L, %L, %s)', who, register, role, turn) FROM generate_series(0, 23) turn,
    (VALUES ('all', 'plain', 'bench_all'), ('all', 'held', 'bench_all'), ('one school', 'plain', 'bench_all'),
        ('one school', 'held', 'bench_one')) AS t (who, register, role)
ORDER BY turn, who, (register = 'held') = (turn % 2 = 0) \gexec

\echo
\echo '### Cost of row-level security (medians of interleaved runs)'
\echo
SELECT m.name, r.who, count(*) / 2 AS runs,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE register = 'plain'))::numeric, 3)
        AS "ms without",
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE register = 'held'))::numeric, 3) AS "ms with",
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE register = 'held')
        / percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE register = 'plain'))::numeric, 2) AS ratio,
    round((min(ms) FILTER (WHERE register = 'held') / min(ms) FILTER (WHERE register = 'plain'))::numeric, 2)
        AS "of best"
FROM result r JOIN measured m USING (n) GROUP BY m.n, m.name, r.who ORDER BY m.n, r.who;
