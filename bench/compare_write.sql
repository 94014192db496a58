-- Writing: what pgbench needs, a term through COPY, amendments, a simulated year. Variable: pupils.
\pset footer off
SET search_path = public, attendance;
SET client_min_messages = warning;
CREATE TABLE class_result (way text, clients int, tps float8, wal_bytes numeric);

-- Schools of 420 pupils in 14 classes: pupil p is in school 200001 + (p - 1) / 420.
CREATE PROCEDURE make_register(register name, schools int) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM create_register(register);
    PERFORM add_academic_year(register, 2025);
    PERFORM set_config('search_path', register || ', attendance, public', false);
    INSERT INTO local_authority (la_number, name) VALUES (380, 'Authority');
    INSERT INTO school (urn, name, phase, type, la_number) SELECT s, 'School', 'Primary', 'Academies', 380 FROM generate_series(200001, 200000 + schools) s;
    INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) SELECT p, 'Surname', 'Forename', '2015-03-01' FROM generate_series(1, 420 * schools) p;
    INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT 200001 + (p - 1) / 420, p, '2025-09-01' FROM generate_series(1, 420 * schools) p;
    INSERT INTO school_day (school_urn, day) SELECT urn, day FROM school, held_day;
    PERFORM set_config('search_path', 'public, attendance', false);
END
$$;

-- The peer: rows with a primary key and foreign keys, and the cheapest audit trigger there is, one for a statement.
CREATE PROCEDURE make_plain(name text, schools int, audited boolean) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %1$I_school (urn int PRIMARY KEY); CREATE TABLE %1$I_pupil (pupil_id bigint PRIMARY KEY);
        INSERT INTO %1$I_school SELECT generate_series(200001, 200000 + %2$s); INSERT INTO %1$I_pupil SELECT generate_series(1, 420 * %2$s);
        CREATE TABLE %1$I (school_urn int NOT NULL REFERENCES %1$I_school, pupil_id bigint NOT NULL REFERENCES %1$I_pupil,
            day date NOT NULL, session text NOT NULL CHECK (session IN (''AM'', ''PM'')), mark text NOT NULL, PRIMARY KEY (pupil_id, day, session))', name, schools);
    IF audited THEN
        EXECUTE format('CREATE TABLE %1$I_audit (at timestamptz DEFAULT now(), login text DEFAULT current_user, pupil_id bigint, day date, session text, old text, new text);
            CREATE FUNCTION %1$I_audit() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN IF tg_op = ''''INSERT'''' THEN
                INSERT INTO %1$I_audit (pupil_id, day, session, new) SELECT pupil_id, day, session, mark FROM new_rows;
            ELSE INSERT INTO %1$I_audit (pupil_id, day, session, old, new) SELECT pupil_id, day, session, o.mark, n.mark FROM old_rows o JOIN new_rows n USING (pupil_id, day, session);
            END IF; RETURN NULL; END'';
            CREATE TRIGGER audit_insert AFTER INSERT ON %1$I REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %1$I_audit();
            CREATE TRIGGER audit_update AFTER UPDATE ON %1$I REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %1$I_audit()', name);
    END IF;
END
$$;

CREATE FUNCTION a_mark(i bigint, day date) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE abs(hashint8extended(i, day - '2025-01-01'::date)) % 60 WHEN 0 THEN 'O' WHEN 1 THEN 'L' WHEN 2 THEN 'I' WHEN 3 THEN 'I' WHEN 4 THEN 'I' ELSE '/' END;

-- ---------- a term through COPY, two times by turns ----------

SELECT least(:pupils / 420, 12) AS schools \gset
CREATE TABLE term AS SELECT 200001 + (p - 1) / 420 AS school_urn, p AS pupil_id, day, session, a_mark(p, day) AS mark
FROM generate_series(1, 420 * :schools) p, held_day, (VALUES ('AM'), ('PM')) s (session) WHERE day < '2026-01-01' ORDER BY school_urn, day, session, pupil_id;
\copy term TO PROGRAM 'cat >"$ATT_WORK/term.csv"' CSV
CALL make_register('load1', :schools); CALL make_register('load2', :schools); CALL make_register('load3', :schools);
CALL make_plain('plain1', :schools, false); CALL make_plain('plain2', :schools, false); CALL make_plain('plain3', :schools, true);
ANALYZE;
\echo
\echo 'COPY of a term: the view mark, mark_feed, and a plain table with primary key and foreign keys (the last with an audit trigger)'
SELECT count(*) AS marks FROM term;
\timing on
\copy load1.mark (school_urn, pupil_id, day, session, mark) FROM PROGRAM 'cat "$ATT_WORK/term.csv"' CSV
\copy plain1 FROM PROGRAM 'cat "$ATT_WORK/term.csv"' CSV
\copy load2.mark (school_urn, pupil_id, day, session, mark) FROM PROGRAM 'cat "$ATT_WORK/term.csv"' CSV
\copy plain2 FROM PROGRAM 'cat "$ATT_WORK/term.csv"' CSV
\copy load3.mark_feed (school_urn, pupil_id, day, session, mark) FROM PROGRAM 'cat "$ATT_WORK/term.csv"' CSV
\copy plain3 FROM PROGRAM 'cat "$ATT_WORK/term.csv"' CSV
\echo 'amendments, one a statement, then a day of a school at once: register, plain'
DO $$ BEGIN FOR i IN 1..500 LOOP UPDATE load1.mark SET mark = 'E', entered_by = 'Jo', title = 'Officer', reason = 'letter' WHERE school_urn = 200001 + (i % 8) AND pupil_id = (i % 8) * 420 + i % 400 + 1 AND day = '2025-11-11' AND session = 'AM'; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1..500 LOOP UPDATE plain3 SET mark = 'E' WHERE pupil_id = (i % 8) * 420 + i % 400 + 1 AND day = '2025-11-11' AND session = 'AM'; END LOOP; END $$;
UPDATE load1.mark SET mark = 'E', entered_by = 'Jo', title = 'Officer', reason = 'letter' WHERE school_urn = 200003 AND day = '2025-11-12';
UPDATE plain3 SET mark = 'E' WHERE school_urn = 200003 AND day = '2025-11-12' AND pupil_id BETWEEN 841 AND 1260;
\timing off
SELECT sum(count(*)) OVER () AS "marks that differ after COPY (0)" FROM (SELECT school_urn, pupil_id, day, session, mark::text AS mark FROM load2.mark EXCEPT
    SELECT school_urn, pupil_id, day, session, CASE WHEN mark = '/' AND session = 'PM' THEN '\' ELSE mark END FROM plain2) x;

-- ---------- a year of class registers, twice a day ----------

CALL make_register('year', 2);
CALL make_plain('plain_year', 2, true);
CREATE PROCEDURE a_year() LANGUAGE plpgsql AS $$
DECLARE d date; half text;
BEGIN
    FOR d IN SELECT day FROM held_day ORDER BY day LOOP
        FOREACH half IN ARRAY '{AM,PM}'::text[] LOOP
            FOR class IN 0..27 LOOP
                INSERT INTO year.mark (school_urn, pupil_id, day, session, mark)
                SELECT 200001 + class / 14, p, d, half, a_mark(p, d)::session_mark FROM generate_series(class * 30 + 1, class * 30 + 30) p;
                INSERT INTO plain_year SELECT 200001 + class / 14, p, d, half, a_mark(p, d) FROM generate_series(class * 30 + 1, class * 30 + 30) p;
                COMMIT;
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;
CALL a_year();
CREATE TABLE year_size AS SELECT (SELECT count(*) FROM plain_year) AS marks, pg_total_relation_size('year.register_line_2025') AS lines,
    pg_total_relation_size('year.journal') AS journal, pg_total_relation_size('year.journal_head') AS heads,
    pg_total_relation_size('plain_year') AS plain, pg_total_relation_size('plain_year_audit') AS audit;

-- ---------- for pgbench ----------

CALL make_register('daily', 20);
CALL make_plain('plain', 20, true);
CREATE SEQUENCE register_turn MINVALUE 0 START 0;
CREATE SEQUENCE plain_turn MINVALUE 0 START 0;
CREATE TABLE class_session AS SELECT row_number() OVER (ORDER BY day, session) - 1 AS number, day, session FROM held_day, (VALUES ('AM'), ('PM')) s (session);
ALTER TABLE class_session ADD PRIMARY KEY (number);
VACUUM ANALYZE;
