-- The representations of an authority's year. Variable: pupils.
CREATE TABLE packed AS SELECT * FROM made_lines(1, :pupils) ORDER BY pupil_id;
ANALYZE packed;

SELECT create_register('register') \g /dev/null
SELECT add_academic_year('register', 2025) \g /dev/null
SET search_path = public, register, attendance;
CREATE FUNCTION public.fill_register() RETURNS void LANGUAGE sql AS $$
    INSERT INTO local_authority (la_number, name) VALUES (380, 'Authority');
    INSERT INTO school (urn, name, phase, type, la_number)
        SELECT DISTINCT school_urn, 'School ' || school_urn, 'Primary', 'Academies', 380 FROM packed;
    INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) SELECT pupil_id, 'Surname', 'Forename', '2015-03-01'
        FROM packed;
    INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT school_urn, pupil_id, '2025-09-01' FROM packed;
    INSERT INTO school_day (school_urn, day) SELECT urn, day FROM school, held_day;
$$;
SELECT fill_register() \g /dev/null
ANALYZE;
SELECT sum(possible(t) + not_possible(t)) AS marks FROM (SELECT tally_agg(marks) AS t FROM packed) AS all_lines \gset
CALL timed('load of the year', 'packed', :marks,
    'INSERT INTO register.register_line (school_urn, academic_year, pupil_id, marks) '
    'SELECT school_urn, 2025, pupil_id, marks FROM public.packed');
VACUUM ANALYZE register_line;

CREATE TABLE rows_text (school_urn int NOT NULL, pupil_id bigint NOT NULL, day date NOT NULL, session text NOT NULL,
    mark text NOT NULL);
CALL timed('load of the year', 'plain rows, text: without keys', :marks,
    'INSERT INTO public.rows_text SELECT school_urn, pupil_id, m.day, m.session, m.mark::text FROM public.packed, '
    'attendance.marks(marks) m');
CALL timed('load of the year', 'plain rows, text: primary key', :marks,
    'ALTER TABLE public.rows_text ADD PRIMARY KEY (pupil_id, day, session)');
CREATE TABLE rows_char (school_urn int NOT NULL, pupil_id int NOT NULL, day date NOT NULL, pm boolean NOT NULL,
    mark "char" NOT NULL);
INSERT INTO rows_char SELECT school_urn, pupil_id, day, session = 'PM', mark::"char" FROM rows_text;
CREATE TABLE rows_mark (school_urn int NOT NULL, pupil_id bigint NOT NULL, session school_session NOT NULL,
    mark session_mark NOT NULL);
INSERT INTO rows_mark SELECT school_urn, pupil_id, school_session(m.day, m.session), m.mark FROM packed, marks(marks) m;
CREATE TABLE school_week AS SELECT week, row_number() OVER (ORDER BY week)::int AS number
    FROM (SELECT DISTINCT date_trunc('week', day)::date AS week FROM held_day) w;

-- Six years of a twentieth of the pupils.
CREATE INDEX ON pool (level, variant);
CREATE TABLE packed_six AS SELECT school_urn, 2025 - y AS academic_year, pupil_id,
    (SELECT mark_series(('2025-09-01'::date - 364 * y), string_agg(h.marks, '' ORDER BY h.half), 5) FROM pool h
     WHERE h.level = abs(hashint8extended(pupil_id, 0) % 10)
         AND h.variant = abs(hashint8extended(pupil_id, y + 7) % 300)) AS marks
FROM packed, generate_series(0, 5) y WHERE pupil_id <= :pupils / 20;
CREATE TABLE rows_six AS SELECT school_urn, academic_year, pupil_id, m.day, m.session, m.mark::text AS mark
    FROM packed_six, marks(marks) m;
CREATE TABLE rows_six_char AS SELECT school_urn, academic_year, pupil_id, day, session, mark::"char" AS mark
    FROM rows_six;
CREATE TABLE rows_six_mark AS SELECT school_urn, academic_year, pupil_id, school_session(day, session) AS session,
    mark::session_mark AS mark FROM rows_six;
VACUUM ANALYZE;

INSERT INTO figure SELECT 'size, whole lines', what, 'bytes a mark', bytes / :marks::float8 FROM (VALUES
    ('register', pg_total_relation_size('register_line_2025') + pg_total_relation_size('journal')
        + pg_total_relation_size('journal_head')),
    ('register: lines at fill factor 50, indexes', pg_total_relation_size('register_line_2025')),
    ('register: journal', pg_total_relation_size('journal') + pg_total_relation_size('journal_head')),
    ('lines as a plain table', pg_total_relation_size('packed')),
    ('plain rows, primary key', pg_total_relation_size('rows_text')),
    ('plain rows, "char", without key', pg_total_relation_size('rows_char')),
    ('rows of session_mark, without key', pg_total_relation_size('rows_mark'))) AS s (what, bytes);
