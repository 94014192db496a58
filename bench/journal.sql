-- See bench/journal.
\pset footer off
SET client_min_messages = warning;
CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;
SET search_path = attendance, public;

-- The triggers that gather and write, doing nothing.
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';

CREATE PROCEDURE make(register name) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM create_register(register);
    PERFORM add_academic_year(register, 2025);
    PERFORM set_config('search_path', register || ', attendance, public', false);
    INSERT INTO local_authority (la_number, name) VALUES (380, 'Bradford');
    INSERT INTO school (urn, name, phase, type, la_number) VALUES (100001, 'School', 'Primary', 'Academies', 380);
    INSERT INTO pupil (pupil_id, surname, forename, date_of_birth)
    SELECT i, 'Surname', 'Forename', '2015-03-01' FROM generate_series(1, 420) i;
    INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT 100001, i, '2025-09-01'
        FROM generate_series(1, 420) i;
    INSERT INTO school_day (school_urn, day)
    SELECT 100001, d FROM generate_series('2025-09-01'::timestamp, '2026-07-17', '1 day') d
    WHERE extract(isodow FROM d) < 6;
    PERFORM set_config('search_path', 'attendance, public', false);
END
$$;
CALL make('with_journal');
CALL make('without');
DROP TRIGGER gather_line ON without.register_line;
DROP TRIGGER write_journal ON without.register_line;
DROP TRIGGER write_journal ON without.register_line_2025;

CREATE TABLE result (kind text, register name, ms float8, marks bigint);

-- A day's registers of 14 classes, in both halves; each class is a statement and a transaction.
CREATE PROCEDURE class_registers(days int) LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz;
    d date;
    register name;
BEGIN
    FOR d IN SELECT day FROM with_journal.school_day ORDER BY day LIMIT days LOOP
        FOR half IN 0..1 LOOP
            FOR class IN 0..13 LOOP
                FOR turn IN 0..1 LOOP
                    register := (ARRAY['with_journal', 'without'])[1 + (turn + class) % 2];
                    started := clock_timestamp();
                    EXECUTE format($q$INSERT INTO %I.mark (school_urn, pupil_id, day, session, mark)
                        SELECT 100001, i, $1, $2,
                            (CASE WHEN i %% 17 = $3 THEN 'I' WHEN i %% 29 = $3 THEN 'L' ELSE '/' END)::session_mark
                        FROM generate_series($4 * 30 + 1, $4 * 30 + 30) i$q$, register)
                        USING d, (ARRAY['AM', 'PM'])[half + 1], extract(day FROM d)::int % 17, class;
                    INSERT INTO result VALUES ('class registers', register,
                        extract(epoch FROM clock_timestamp() - started) * 1000, 30);
                    COMMIT;
                END LOOP;
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;
CALL class_registers(60);
CREATE TABLE class_bytes AS SELECT pg_total_relation_size('with_journal.journal')
    + pg_total_relation_size('with_journal.journal_head') AS bytes,
    (SELECT sum(marks) FROM result WHERE register = 'with_journal') AS marks;

-- Whole lines of a year, by turns, in a fresh academic year each.
CREATE PROCEDURE whole_lines(runs int) LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz;
    register name;
BEGIN
    FOR run IN 1..runs LOOP
        FOR turn IN 0..1 LOOP
            register := (ARRAY['with_journal', 'without'])[1 + (turn + run) % 2];
            EXECUTE format(
                'INSERT INTO %I.enrolment (school_urn, pupil_id, start_date) SELECT 100001, i, ''2025-09-01'' FROM '
                'generate_series($1 * 1000, $1 * 1000 + 399) i', register) USING run;
            started := clock_timestamp();
            EXECUTE format('INSERT INTO %I.register_line (school_urn, academic_year, pupil_id, marks)
                SELECT 100001, 2025, $1 * 1000 + i, l.marks FROM with_journal.register_line l,
                    generate_series(0, 399) i WHERE l.pupil_id = i + 1', register) USING run;
            INSERT INTO result VALUES ('whole lines', register, extract(epoch FROM clock_timestamp() - started) * 1000,
                (SELECT sum(s.sessions) FROM with_journal.register_line l, counts(mark_counts(l.marks)) s
                    WHERE l.pupil_id <= 400));
            COMMIT;
        END LOOP;
    END LOOP;
END
$$;
INSERT INTO with_journal.pupil (pupil_id, surname, forename, date_of_birth)
SELECT run * 1000 + i, 'Surname', 'Forename', '2015-03-01' FROM generate_series(1, 31) run, generate_series(0, 399) i;
INSERT INTO without.pupil (pupil_id, surname, forename, date_of_birth)
SELECT run * 1000 + i, 'Surname', 'Forename', '2015-03-01' FROM generate_series(1, 31) run, generate_series(0, 399) i;
ANALYZE;
CALL whole_lines(31);

\echo
\echo '### Cost of the rules and the journal together (medians of interleaved runs)'
\echo
SELECT kind, count(*) / 2 AS runs,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE register = 'with_journal'))::numeric,
        3) AS "ms with",
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE register = 'without'))::numeric,
        3) AS "ms without",
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE register = 'with_journal')
        / percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE register = 'without'))::numeric, 2) AS ratio
FROM result GROUP BY kind ORDER BY kind;
\echo
SELECT 'class registers' AS kind, marks, bytes, round(bytes / marks::numeric, 1) AS "bytes a mark" FROM class_bytes
UNION ALL
SELECT 'whole lines', m.marks, j.bytes, round(j.bytes / m.marks::numeric, 2)
FROM (SELECT sum(marks) AS marks FROM result WHERE kind = 'whole lines' AND register = 'with_journal') m,
    (SELECT sum(octet_length(payload) + 150) AS bytes FROM with_journal.journal
     WHERE kind = 'marks' AND octet_length(payload) > 2000) j;
