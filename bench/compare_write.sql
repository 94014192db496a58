-- Writing: registers and rows, and a term through COPY. Variables: pupils, year_schools, turns; file: one that the
-- server can write.
SET search_path = public, attendance;
SET client_min_messages = warning;

-- Schools of 420 pupils in 14 classes: pupil p is in school 200001 + (p - 1) / 420.
CREATE PROCEDURE make_register(register name, schools int) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM create_register(register);
    PERFORM add_academic_year(register, 2025);
    PERFORM set_config('search_path', register || ', attendance, public', false);
    INSERT INTO local_authority (la_number, name) VALUES (380, 'Authority');
    INSERT INTO school (urn, name, phase, type, la_number) SELECT s, 'School', 'Primary', 'Academies', 380
        FROM generate_series(200001, 200000 + schools) s;
    INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) SELECT p, 'Surname', 'Forename', '2015-03-01'
        FROM generate_series(1, 420 * schools) p;
    INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT 200001 + (p - 1) / 420, p, '2025-09-01'
        FROM generate_series(1, 420 * schools) p;
    INSERT INTO school_day (school_urn, day) SELECT urn, day FROM school, held_day;
    PERFORM set_config('search_path', 'public, attendance', false);
END
$$;

-- The peer: rows with a primary key and foreign keys, and the cheapest audit trigger there is, one for a statement.
CREATE PROCEDURE make_plain(name text, schools int, audited boolean) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TABLE %1$I_school (urn int PRIMARY KEY); CREATE TABLE %1$I_pupil (pupil_id bigint PRIMARY KEY);
        INSERT INTO %1$I_school SELECT generate_series(200001, 200000 + %2$s);
        INSERT INTO %1$I_pupil SELECT generate_series(1, 420 * %2$s);
        CREATE TABLE %1$I (school_urn int NOT NULL REFERENCES %1$I_school,
            pupil_id bigint NOT NULL REFERENCES %1$I_pupil, day date NOT NULL,
            session text NOT NULL CHECK (session IN (''AM'', ''PM'')), mark text NOT NULL,
            PRIMARY KEY (pupil_id, day, session))', name, schools);
    IF audited THEN
        EXECUTE format(
            'CREATE TABLE %1$I_audit (at timestamptz DEFAULT now(), login text DEFAULT current_user, pupil_id bigint, '
            'day date, session text, old text, new text);
            CREATE FUNCTION %1$I_audit() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN IF tg_op = ''''INSERT'''' THEN
                INSERT INTO %1$I_audit (pupil_id, day, session, new) SELECT pupil_id, day, session, mark FROM new_rows;
            ELSE INSERT INTO %1$I_audit (pupil_id, day, session, old, new)
                SELECT pupil_id, day, session, o.mark, n.mark
                FROM old_rows o JOIN new_rows n USING (pupil_id, day, session);
            END IF; RETURN NULL; END'';
            CREATE TRIGGER audit_insert AFTER INSERT ON %1$I REFERENCING NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION %1$I_audit();
            CREATE TRIGGER audit_update AFTER UPDATE ON %1$I REFERENCING OLD TABLE AS old_rows
                NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %1$I_audit()', name);
    END IF;
END
$$;

CREATE FUNCTION a_mark(i bigint, day date, session text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE abs(hashint8extended(i, day - '2025-01-01'::date)) % 60 WHEN 0 THEN 'O' WHEN 1 THEN 'L' WHEN 2 THEN 'I'
        WHEN 3 THEN 'I' WHEN 4 THEN 'I'
        ELSE CASE session WHEN 'AM' THEN '/' ELSE '\' END END;

-- How many marks a register (its lines) and rows do not have in common.
CREATE FUNCTION differing(register text, plain text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE differ bigint;
BEGIN
    EXECUTE format(
        'WITH l AS (SELECT school_urn, pupil_id, m.day, m.session, m.mark::text AS mark FROM %I.register_line, '
        'attendance.marks(marks) m),
        r AS (SELECT school_urn, pupil_id, day, session, mark FROM %I)
        SELECT count(*) FROM ((TABLE l EXCEPT ALL TABLE r) UNION ALL (TABLE r EXCEPT ALL TABLE l)) x',
        register, plain) INTO differ;
    RETURN differ;
END
$$;

-- ---------- a term through COPY, by turns ----------

SELECT least(:pupils / 420, 20) AS schools \gset
CREATE TABLE term AS SELECT 200001 + (p - 1) / 420 AS school_urn, p AS pupil_id, day, session,
    a_mark(p, day, session) AS mark
FROM generate_series(1, 420 * :schools) p, held_day, (VALUES ('AM'), ('PM')) s (session) WHERE day < '2026-01-01'
ORDER BY school_urn, day, session, pupil_id;
SELECT count(*) AS marks FROM term \gset
COPY term TO :'file' CSV;
DROP TABLE term;
CREATE PROCEDURE copy_turns(turns int, schools int, marks bigint, file text) LANGUAGE plpgsql AS $$
DECLARE
    copied text := format('(school_urn, pupil_id, day, session, mark) FROM %L CSV', file);
BEGIN
    FOR turn IN 1..turns LOOP
        CALL public.make_register('load', schools);
        CALL public.make_register('fed', schools);
        CALL public.make_plain('load_rows', schools, false);
        CALL public.make_plain('audited_rows', schools, true);
        COMMIT;
        ANALYZE load.school, load.pupil, load.enrolment, load.school_day, fed.school, fed.pupil, fed.enrolment,
        fed.school_day,
            public.load_rows_school, public.load_rows_pupil, public.audited_rows_school, public.audited_rows_pupil;
        CALL public.timed('COPY of a term', 'register', marks, 'COPY load.mark ' || copied);
        CALL public.timed('COPY of a term', 'plain rows, keys', marks, 'COPY public.load_rows ' || copied);
        CALL public.timed('COPY of a term', 'register, mark_feed', marks, 'COPY fed.mark_feed ' || copied);
        IF turn = 1 THEN
            CALL public.timed('COPY of a term', 'plain rows, keys, audit', marks,
                'COPY public.audited_rows ' || copied);
            INSERT INTO public.checked
                VALUES ('marks that differ after COPY: mark', public.differing('load', 'load_rows')),
                ('marks that differ after COPY: mark_feed', public.differing('fed', 'load_rows'));
        END IF;
        DROP TABLE public.load_rows, public.load_rows_school, public.load_rows_pupil,
            public.audited_rows, public.audited_rows_school, public.audited_rows_pupil, public.audited_rows_audit;
        DROP FUNCTION public.audited_rows_audit();
        PERFORM attendance.drop_register('load', true);
        PERFORM attendance.drop_register('fed', true);
        COMMIT;
    END LOOP;
END
$$;
CALL copy_turns(:turns, :schools, :marks, :'file');

-- ---------- for pgbench ----------

CREATE TABLE class_session AS SELECT row_number() OVER (ORDER BY day, session) - 1 AS number, day, half, session
    FROM held_day, (VALUES ('AM'), ('PM')) s (session);
ALTER TABLE class_session ADD PRIMARY KEY (number);
CALL make_register('daily', 40);
CALL make_plain('daily_rows', 40, true);
CREATE SEQUENCE register_turn START 5600;
CREATE SEQUENCE plain_turn START 5600;
-- They have a week already, and the mornings their first session: a line is opened once a year.
INSERT INTO daily.mark (school_urn, pupil_id, day, session, mark)
SELECT 200001 + (p - 1) / 420, p, day, session, a_mark(p, day, session)::session_mark
FROM generate_series(1, 40 * 420) p, class_session WHERE number < 10;
INSERT INTO daily_rows SELECT 200001 + (p - 1) / 420, p, day, session, a_mark(p, day, session)
    FROM generate_series(1, 40 * 420) p, class_session WHERE number < 10;
CALL make_register('year', :year_schools);
CALL make_plain('year_rows', :year_schools, true);
CREATE INDEX ON year_rows (school_urn, day);
CALL make_register('feed', :year_schools);
CALL make_plain('feed_rows', :year_schools, true);
CALL make_register('morning', 200);
CALL make_plain('morning_rows', 200, true);
INSERT INTO morning.mark (school_urn, pupil_id, day, session, mark)
SELECT 200001 + (p - 1) / 420, p, day, session, a_mark(p, day, session)::session_mark
FROM generate_series(1, 84000) p, class_session WHERE number = 0;
INSERT INTO morning_rows SELECT 200001 + (p - 1) / 420, p, day, session, a_mark(p, day, session)
    FROM generate_series(1, 84000) p, class_session WHERE number = 0;
VACUUM ANALYZE;

-- Sizes of a register and its rows after a half term.
CREATE TABLE year_size (way text, half int, marks bigint, lines bigint, journal bigint, heads bigint, rows bigint,
    audit bigint);
CREATE FUNCTION measure_size(way text, half int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    plain text := way || '_rows';
    marks bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %I', plain) INTO marks;
    INSERT INTO year_size VALUES (way, half, marks, pg_total_relation_size((way || '.register_line_2025')::regclass),
        pg_total_relation_size((way || '.journal')::regclass),
        pg_total_relation_size((way || '.journal_head')::regclass),
        pg_table_size(plain::regclass) + pg_relation_size((plain || '_pkey')::regclass),
        pg_total_relation_size((plain || '_audit')::regclass));
END
$$;
