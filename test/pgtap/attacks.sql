-- Attacks by the owner of a register, and by clerks, that got through once: refused now, or detected.
\ir register/fixture.sql
-- Of registers of somebody who has laid snares there: each command in a session of its own, as what is computed is kept.
CREATE ROLE attacks_owner NOLOGIN;
SELECT create_register(name, 'attacks_owner') FROM unnest('{snare,view}'::text[]) AS name \g /dev/null
CREATE TABLE sprung (who name);
GRANT INSERT ON sprung TO PUBLIC;
CREATE FUNCTION public.spring() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE 'SET ROLE NONE';
    EXCEPTION WHEN OTHERS THEN
        NULL;
    END;
    INSERT INTO public.sprung VALUES (current_user);
END
$$;
CREATE FUNCTION public.spring(integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(); RETURN $1; END';
SET ROLE attacks_owner;
CREATE INDEX law_snare ON snare.regime ((public.spring(1)));
CREATE INDEX row_snare ON snare.intervention ((public.spring(1)));
CREATE INDEX line_snare ON snare.register_line ((public.spring(1)));
ALTER TABLE view.journal RENAME TO real_journal;
ALTER SEQUENCE view.journal_entry_id_seq RENAME TO real_seq;
CREATE SEQUENCE view.journal_entry_id_seq;
CREATE VIEW view.journal AS SELECT public.spring(1)::bigint AS entry_id;
RESET ROLE;
TRUNCATE sprung;
\set who `echo "SELECT string_agg(DISTINCT who, ', ') FROM public.sprung; TRUNCATE public.sprung"`
\set by_year `psql -XqAt -d :DBNAME -c "SELECT attendance.add_academic_year('snare', 2025)" -c :'who' | tail -n 1`
\set by_check `psql -XqAt -d :DBNAME -c "SELECT count(*) FROM attendance.check_register('snare')" -c :'who' | tail -n 1`
\set by_sequences `psql -XqAt -d :DBNAME -c "SELECT attendance.advance_sequences('snare')" -c :'who' | tail -n 1`
\set by_drop `psql -XqAt -d :DBNAME -c "SELECT attendance.drop_register('snare')" -c :'who' | tail -n 1`
\set by_view `psql -XqAt -d :DBNAME -c "SELECT count(*) FROM attendance.check_register('view')" -c :'who' | tail -n 1`
BEGIN;
SELECT * FROM no_plan();
\ir register/older.sql

-- What commands say; they are undone.
CREATE FUNCTION state(commands text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE commands;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN OTHERS THEN
        RETURN CASE SQLSTATE WHEN 'ZZ000' THEN 'accepted' ELSE SQLSTATE END;
    END;
END
$$;
-- What verify_journal says of what was done; which is undone.
CREATE FUNCTION detected(commands text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        EXECUTE commands;
        result := (SELECT string_agg(problem, ', ' ORDER BY problem) FROM r.verify_journal());
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN coalesce(result, '');
    END;
END
$$;
DELETE FROM r.rule_setting WHERE rule = 'unsigned amendment';
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, pupil, '2025-09-08', 'AM', 'N' FROM generate_series(1, 3) AS pupil;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 1, 'Parent', true, true);
INSERT INTO r.return_arrangement (la_number) VALUES (380);
SELECT is(detected('SELECT 1'), '', 'all is well');

-- ---------- what was done while triggers were off ----------

SELECT is(detected(format('ALTER TABLE r.%1$s DISABLE TRIGGER USER; %2$s; ALTER TABLE r.%1$s ENABLE TRIGGER USER', relation, command)),
    wanted, command) FROM (VALUES
    ('pupil', 'UPDATE r.pupil SET surname = ''Forged'' WHERE pupil_id = 3', 'table pupil, key 3: a row is not what its newest entry made of it'),
    ('pupil', 'UPDATE r.pupil SET entered_at = entered_at - interval ''9 years''', 'table pupil, key 1: a row is not what its newest entry made of it (and 26 more)'),
    ('contact', 'DELETE FROM r.contact', 'table contact, key 1: a row is missing'),
    ('contact', 'UPDATE r.contact SET contact_id = 2', 'table contact, key 1: a row is missing, table contact, key 2: a row that no entry made'),
    ('contact', 'INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (2, 1, ''Forged'', true)', 'table contact, key 2: a row that no entry made'),
    -- two rows of one key, whichever comes first
    ('contact', 'UPDATE pg_index SET indisready = false WHERE indexrelid = ''r.contact_pkey''::regclass;
        INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (1, 1, ''Forged'', true);
        UPDATE pg_index SET indisready = true WHERE indexrelid = ''r.contact_pkey''::regclass',
        'table contact, key 1: a row is not what its newest entry made of it'),
    ('contact', 'UPDATE pg_index SET indisready = false WHERE indexrelid = ''r.contact_pkey''::regclass;
        INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (1, 1, ''Forged'', true);
        UPDATE r.contact SET is_parent = is_parent WHERE full_name = ''Parent'';
        UPDATE pg_index SET indisready = true WHERE indexrelid = ''r.contact_pkey''::regclass',
        'table contact, key 1: a row is not what its newest entry made of it'),
    ('disposal', 'INSERT INTO r.disposal (disposal_id, school_urn, academic_year, disposed_by, title, ground, hashes, followed)
        OVERRIDING SYSTEM VALUE VALUES (7, 100001, 2025, ''x'', ''y'', ''z'', ''{}'', ''{}'')', 'table disposal, key 7: a row that no entry made')
) AS v (relation, command, wanted);
SELECT is(detected(command), '', command) FROM (VALUES
    ('UPDATE r.contact SET full_name = ''Another'', entered_by = ''x'', title = ''y'', reason = ''z'''),
    ('DELETE FROM r.return_arrangement'),
    ('DELETE FROM r.return_arrangement; INSERT INTO r.return_arrangement (la_number) VALUES (380)'),
    ('ALTER TABLE r.contact ADD COLUMN note text NOT NULL DEFAULT ''ours'''),
    ('SET LOCAL TimeZone = ''Asia/Kathmandu'''),
    ('SET LOCAL DateStyle = ''German''; INSERT INTO r.return_sent (kind, school_urn, pupil_id, covers, sent_at, sent_to)
        VALUES (''deletion'', 100001, 25, ''[2025-07-11,2025-07-11]'', now(), ''x''); SET LOCAL DateStyle = ''SQL, MDY''')
) AS v (command);
SELECT is_empty('SELECT * FROM record_faults(NULL)', 'no register, no faults');

-- ---------- the years for which entries are kept ----------

SELECT is(state('UPDATE r.regime SET to_day = NULL, retention_years = 6, backup_retention_years = 6,
        from_day = CASE regime WHEN ''2006'' THEN date ''2090-01-01'' ELSE ''2090-01-02'' END; SELECT r.dispose(100001, 2025, ''x'', ''y'', ''z'')'), 'AT023',
    'a regime that begins later opens nothing');
SELECT is(kept_until('r', at), wanted, format('an entry of %s', at)) FROM (VALUES
    (timestamptz '1990-01-01 12:00 UTC', timestamptz '1993-01-01 12:00 UTC'), ('2024-08-18 22:59 UTC', '2027-08-18 22:59 UTC'),
    ('2024-08-18 23:00 UTC', '2030-08-18 23:00 UTC'), ('2024-02-28 12:00 UTC', '2027-02-28 12:00 UTC'), ('2024-02-29 12:00 UTC', '2027-03-01 12:00 UTC'),
    ('2028-02-29 12:00 UTC', '2034-03-01 12:00 UTC'), ('2026-03-01 12:00 UTC', '2032-03-01 12:00 UTC'), (NULL, NULL)) AS v (at, wanted);

-- ---------- signatures ----------

SELECT is(state(command), '0A000', command) FROM (VALUES
    ('UPDATE r.register_line SET marks = set_mark(marks, ''2025-09-08 AM'', ''I''), entered_by = CASE pupil_id WHEN 1 THEN ''x'' END,
        title = CASE pupil_id WHEN 1 THEN ''y'' END, reason = CASE pupil_id WHEN 1 THEN ''z'' END WHERE pupil_id < 3'),
    ('UPDATE r.enrolment SET registration_group = ''7B'', entered_by = CASE pupil_id WHEN 1 THEN ''x'' END,
        title = CASE pupil_id WHEN 1 THEN ''y'' END, reason = CASE pupil_id WHEN 1 THEN ''z'' END WHERE pupil_id < 3'),
    ('MERGE INTO r.register_line l USING (VALUES (4), (1)) AS s (pupil) ON l.pupil_id = s.pupil
        WHEN MATCHED THEN UPDATE SET marks = set_mark(l.marks, ''2025-09-08 AM'', ''I'')
        WHEN NOT MATCHED THEN INSERT (school_urn, academic_year, pupil_id, marks, entered_by, title, reason) VALUES (100001, 2025, s.pupil, ''2025-09-08 /'', ''x'', ''y'', ''z'')'),
    ('WITH signed AS (INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks, entered_by, title, reason)
            VALUES (100001, 2025, 4, ''2025-09-08 /'', ''x'', ''y'', ''z'') RETURNING pupil_id)
        UPDATE r.register_line l SET marks = set_mark(l.marks, ''2025-09-08 AM'', ''I'') FROM signed WHERE l.pupil_id = 1')
) AS v (command);
SELECT is(state(format('UPDATE r.mark SET mark = ''I'', entered_by = ''x'', title = ''y'', reason = E''%s'' WHERE pupil_id = 1', blank)), 'AT017', 'no words: ' || blank)
FROM unnest('{\\f,\\x0b,\\n\\f\\x0b }'::text[]) AS blank;

-- ---------- inheritance, and marks held up ----------

CREATE SCHEMA aside;
CREATE TABLE aside.up (surname text NOT NULL, entered_by text, title text, reason text);
SELECT is(state('ALTER TABLE r.pupil INHERIT aside.up; UPDATE aside.up SET surname = ''Bypass'', entered_by = ''x'', title = ''y'', reason = ''z'''), '55000',
    'a table that inherits takes no entries');
SELECT is(detected('CREATE TABLE aside.kid () INHERITS (r.contact); INSERT INTO aside.kid (contact_id, pupil_id, full_name, is_parent) VALUES (9, 1, ''Forged'', true)'),
    'table contact, key 9: a row that no entry made', 'nor one from which another inherits');
UPDATE r.enrolment SET start_date = start_date WHERE false;
SELECT is_empty('SELECT FROM pg_locks WHERE relation = ''r.register_line''::regclass AND pid = pg_backend_pid() AND mode = ''ShareLock'' AND granted', 'an UPDATE of nothing holds up no marks');

-- ---------- disposal ----------

INSERT INTO r.rule_setting SELECT 100001, rule, 'record', 'test', 'test' FROM register_rules() WHERE can_be_set ON CONFLICT DO NOTHING;
INSERT INTO r.mark_nature (nature_id, school_urn, pupil_id, mark, sessions, nature) OVERRIDING SYSTEM VALUE
VALUES (70, 100001, 1, 'B', '{[2023-09-11 AM,2023-09-11 AM]}', 'old'), (71, 100001, 1, 'B', '{[2023-09-12 AM,2023-09-12 AM]}', 'old, too');
SELECT make_older('10 years') \g /dev/null
INSERT INTO r.mark_nature (nature_id, school_urn, pupil_id, mark, sessions, nature) OVERRIDING SYSTEM VALUE
VALUES (72, 100001, 1, 'B', '{[2025-09-11 AM,2025-09-11 AM]}', 'of today');
CREATE FUNCTION by_hand(command text) RETURNS text LANGUAGE sql AS $$
    SELECT state('INSERT INTO r.disposal (school_urn, disposed_by, title, ground) VALUES (100001, ''x'', ''y'', ''z''); '
        'INSERT INTO r.disposal_item VALUES (100001, ''mark_nature'', ''70''); DELETE FROM r.mark_nature WHERE nature_id = 70; ' || command)
$$;
SELECT is(by_hand(''), 'accepted', 'what is due goes');
SELECT is(by_hand(format('UPDATE r.mark_nature SET nature_id = 70 WHERE nature_id = %s; DELETE FROM r.mark_nature WHERE nature_id = 70', id)), 'AT020',
    'what has taken its key stays: ' || id) FROM unnest('{71,72}'::int[]) AS id;
SELECT is(state('SELECT r.dispose_records(100001, ''x'', ''y'', ''z'')'), 'accepted', 'in READ COMMITTED');
SELECT is(detected('SELECT r.dispose_records(100001, ''x'', ''y'', ''z'')'), '', 'what was disposed of is not missed');
SELECT is(detected('ALTER TABLE r.mark_nature DISABLE TRIGGER USER; DELETE FROM r.mark_nature WHERE nature_id = 70'), 'table mark_nature, key [70, 100001]: a row is missing',
    'what was not is, however old');

-- ---------- what a superuser comes upon who checks, extends or drops a register ----------

SELECT is(who, 'attacks_owner', command || ' has an index computed with the rights of its owner') FROM (VALUES
    ('add_academic_year', :'by_year'), ('check_register', :'by_check'), ('advance_sequences', :'by_sequences'), ('drop_register', :'by_drop')) AS v (command, who);
SELECT is(:'by_view'::text, '', 'a view in the place of a table is not read');
SELECT * FROM finish();
ROLLBACK;
SET client_min_messages = warning;
DROP OWNED BY attacks_owner CASCADE;
DROP ROLE attacks_owner;
