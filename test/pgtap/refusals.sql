-- What a refusal carries beside its words: the rule or constraint, the table and column that are meant, and the place of the
-- row among those that the statement sent; and that refused_rows() says the same of many rows at once.
\ir register/fixture.sql
BEGIN;
SELECT * FROM no_plan();
DELETE FROM r.rule_setting;
-- pupil 28 is 3 years old; 29 is a boarder
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (28, 'Young', 'Y', '2022-06-01'), (29, 'Boarder', 'B', '2015-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, boarder) VALUES (100001, 28, '2025-09-01', 'N'), (100001, 29, '2025-09-01', 'B');
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 1, 'Parent', true, true);
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, 1, d, 'AM', '/' FROM unnest('{2025-09-08,2025-09-09}'::date[]) AS d;

-- A statement, tried and undone: what its error carries.
CREATE TYPE carried AS (sqlstate text, message text, detail text, rule text, relation text, of_column text);
CREATE FUNCTION carries(command text) RETURNS carried LANGUAGE plpgsql AS $$
DECLARE
    c carried;
    register text;
BEGIN
    EXECUTE command;
    RAISE EXCEPTION 'accepted: %', command;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS c.sqlstate = RETURNED_SQLSTATE, c.message = MESSAGE_TEXT, c.detail = PG_EXCEPTION_DETAIL,
        c.rule = CONSTRAINT_NAME, register = SCHEMA_NAME, c.relation = TABLE_NAME, c.of_column = COLUMN_NAME;
    c.relation := concat_ws('.', nullif(register, ''), nullif(c.relation, ''));
    RETURN c;
END
$$;

-- ---------- marks: each rule, by row ----------

-- Rows that are refused; each is sent as the last but one of several, and named as it names the pupil.
CREATE TABLE bad (n int GENERATED ALWAYS AS IDENTITY, pupil bigint, upn text, day date, mark session_mark, nature text, sqlstate text, of_column text);
INSERT INTO bad (pupil, upn, day, mark, nature, sqlstate, of_column) VALUES
    (2, NULL, '2025-09-13', '/', NULL, 'AT002', 'day'), (NULL, make_upn(2), '2025-09-13', '/', NULL, 'AT002', 'day'),
    (21, NULL, '2025-11-03', '/', NULL, 'AT004', 'day'), (2, NULL, '2024-09-09', 'K', NULL, 'AT013', 'nature'),
    (2, make_upn(2), '2025-09-08', '#', NULL, 'AT007', 'mark'), (2, NULL, '2025-09-08', 'X', NULL, 'AT008', 'mark'),
    (28, NULL, '2025-09-08', 'C2', NULL, 'AT008', 'mark'), (2, NULL, '2025-09-08', 'C', NULL, 'AT009', 'mark'),
    (NULL, make_upn(2), '2025-09-08', 'C', NULL, 'AT009', 'mark'), (2, NULL, '2025-09-08', 'S', NULL, 'AT011', 'mark'),
    (2, NULL, '2025-09-08', 'C2', NULL, 'AT012', 'mark'), (2, NULL, '2025-09-08', 'B', NULL, 'AT013', 'nature'),
    (2, NULL, '2025-09-08', 'Z', NULL, 'AT014', 'mark'), (2, NULL, '2025-09-08', 'D', NULL, 'AT015', 'mark'),
    (1, NULL, '2025-09-08', 'I', NULL, 'AT017', 'mark'),
    (NULL, make_upn(1), '2025-09-09', 'L', NULL, 'AT017', 'mark'), (1, NULL, '2025-09-08', 'C', NULL, 'AT009', 'mark'),
    -- and what is no rule's
    (24, NULL, '2025-09-08', '/', NULL, '23503', 'pupil_id'), (NULL, make_upn(24), '2025-09-08', '/', NULL, '23503', 'upn'),
    (24, make_upn(24), '2025-09-08', '/', NULL, '23503', 'upn'), (NULL, 'x', '2025-09-08', '/', NULL, '23503', 'upn'),
    (NULL, repeat('x', 16), '2025-09-08', '/', NULL, '22023', 'upn'), (NULL, NULL, '2025-09-08', '/', NULL, '23502', 'pupil_id'),
    (2, make_upn(3), '2025-09-08', '/', NULL, '22023', 'upn'), (2, NULL, '2031-09-08', '/', NULL, '23514', 'day'),
    (2, NULL, '2025-09-08', 'B', E' \n', '23514', 'nature'), (2, NULL, '2025-09-08', '/', '', '23514', 'nature'),
    (2, NULL, 'infinity', '/', NULL, '22008', 'day'), (2, NULL, NULL, '/', NULL, '23502', 'day');
CREATE TABLE sent (n int, school_urn int, pupil_id bigint, upn text, day date, session text, mark session_mark, nature text);
CREATE FUNCTION send(bad) RETURNS void LANGUAGE sql AS $$
    TRUNCATE sent;
    INSERT INTO sent VALUES (1, 100001, 10, NULL, '2025-09-08', 'AM', '/', NULL), (2, 100001, 9, NULL, '2025-09-12', 'PM', 'I', NULL),
        (3, 100001, $1.pupil, $1.upn, $1.day, 'AM', $1.mark, $1.nature), (4, 100001, 3, NULL, '2025-09-10', 'AM', '\', NULL)
$$;
CREATE FUNCTION rows_of(query text) RETURNS text LANGUAGE sql
RETURN format('SELECT school_urn, pupil_id, upn, day, session, mark, nature FROM (%s) AS s ORDER BY n', query);
CREATE FUNCTION insert_into(view text) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.%s (school_urn, pupil_id, upn, day, session, mark, nature) %s', view, rows_of('TABLE sent'));
CREATE FUNCTION rule_of(state text) RETURNS text LANGUAGE sql
RETURN coalesce((SELECT r.rule FROM register_rules() r WHERE r.sqlstate = state), '');
-- Each of the rows into each of the views, and what refused_rows() says of it.
CREATE FUNCTION tell() RETURNS TABLE (n int, view text, what carried, asked text[]) LANGUAGE plpgsql AS $$
DECLARE
    b bad;
BEGIN
    FOR b IN TABLE bad LOOP
        PERFORM send(b);
        n := b.n;
        SELECT array_agg((r.row_number, r.other_row, r.sqlstate, coalesce(r.rule, ''), r.column_name, 'row 3: ' || r.message)::text) INTO asked
        FROM refused_rows('r.register_line', rows_of('TABLE sent')) r;
        FOREACH view IN ARRAY CASE WHEN b.sqlstate = 'AT017' OR b.pupil = 1 THEN '{mark_feed}' ELSE '{mark,mark_feed}'::text[] END LOOP
            what := carries(insert_into(view));
            RETURN NEXT;
        END LOOP;
    END LOOP;
END
$$;
CREATE TABLE told AS SELECT * FROM tell();
SELECT is((what).sqlstate || ' ' || (what).relation || ' ' || (what).of_column || ' ' || (what).rule, format('%s r.%s %s %s', sqlstate, view, of_column, rule_of(sqlstate)),
    format('%s of row %s in %s: rule, table and column', sqlstate, n, view)) FROM told JOIN bad USING (n) ORDER BY n, view;
SELECT is((what).detail, 'Row 3.' || CASE WHEN sqlstate LIKE 'AT%' THEN format(' This is the rule "%s": see register_rules().', rule_of(sqlstate)) ELSE '' END,
    format('%s of row %s in %s: the row', sqlstate, n, view)) FROM told JOIN bad USING (n) ORDER BY n, view;
SELECT matches((what).message, '^row 3: ', format('%s of row %s in %s: in words, too', sqlstate, n, view)) FROM told JOIN bad USING (n) ORDER BY n, view;
SELECT matches((what).message, format('school 100001, pupil %s, %s AM: ', coalesce(upn, pupil::text), day),
    format('%s of row %s in %s: the pupil as the row names it', sqlstate, n, view))
FROM told JOIN bad USING (n) WHERE sqlstate LIKE 'AT%' OR (sqlstate IN ('23503', '23514') AND (what).message LIKE '%school%') ORDER BY n, view;
SELECT is_empty($$ SELECT rule FROM register_rules() WHERE sqlstate BETWEEN 'AT002' AND 'AT017'
    AND sqlstate NOT IN ('AT003', 'AT005', 'AT006', 'AT010') AND sqlstate NOT IN (SELECT sqlstate FROM bad) $$, 'every rule of this moment');

-- None of it depends on the language of the server, where it has another one.
CREATE FUNCTION foreign_language() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    locale text;
BEGIN
    FOREACH locale IN ARRAY '{de_DE.UTF-8,de_DE.utf8,fr_FR.UTF-8,fr_FR.utf8,es_ES.UTF-8,es_ES.utf8}'::text[] LOOP
        BEGIN
            PERFORM set_config('lc_messages', locale, true);
            PERFORM 'x'::integer;
        EXCEPTION WHEN invalid_parameter_value THEN
            CONTINUE;
        WHEN invalid_text_representation THEN
            IF SQLERRM NOT LIKE 'invalid input syntax%' THEN
                PERFORM set_config('lc_messages', locale, true); -- undone with the block
                RETURN locale;
            END IF;
        END;
    END LOOP;
    RETURN NULL;
END
$$;
SELECT foreign_language() AS locale, foreign_language() IS NOT NULL AS is_foreign \gset
\if :is_foreign
SELECT set_eq('SELECT * FROM tell()', 'TABLE told', 'all of it in ' || :'locale');
RESET lc_messages;
\else
SELECT skip('no other language here', 1);
\endif
-- The rows are those of the statement, whatever the order in which lines are written; amendments are counted, too.
SELECT is(c, ('AT009', 'row 5: school 100001, pupil 2, 2025-09-08 AM: the mark "C" needs a leave granted for the session (leave_of_absence)',
    'Row 5. This is the rule "leave": see register_rules().', 'leave', 'r.mark', 'mark')::carried, 'the fifth row')
FROM carries($$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT 100001, p, '2025-09-08', 'AM', CASE p WHEN 2 THEN 'C' ELSE '/' END::session_mark
    FROM generate_series(6, 2, -1) AS p $$) c;
SELECT is((c.detail, c.of_column)::text, ('Row 1. This is the rule "unsigned amendment": see register_rules().', 'mark')::text, 'an amendment')
FROM carries($$ UPDATE r.mark SET mark = 'I' WHERE pupil_id = 1 $$) c;
SELECT is((c.detail, c.of_column)::text, ('Row 1. This is the rule "mark removal": see register_rules().', 'mark')::text, 'a mark made blank')
FROM carries($$ UPDATE r.mark SET mark = '-', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 1 $$) c;
SELECT is(c, ('AT001', 'school 100001, pupil 1, 2025-09-08 AM: the mark "/" cannot be removed: an attendance register is amended, never erased',
    'This is the rule "mark removal": see register_rules().', 'mark removal', 'r.mark', 'mark')::carried, 'a row that a statement sends not')
FROM carries($$ DELETE FROM r.mark WHERE pupil_id = 1 AND day = '2025-09-08' $$) c;
SELECT is((c.sqlstate, c.detail, c.relation, c.of_column)::text, ('0A000', 'Row 1.', 'r.mark', 'day')::text, 'a column that cannot be updated')
FROM carries($$ UPDATE r.mark SET day = day + 1 WHERE pupil_id = 1 $$) c;

-- Two rows.
SELECT is((c.sqlstate, c.message, c.detail, c.relation, c.of_column)::text, v, v) FROM (VALUES
    ('mark', '(2, NULL, ''L''), (3, NULL, ''/''), (2, NULL, ''/'')', ('23505', 'row 3: school 100001, pupil 2, 2025-09-08 AM: the session has a mark already, in row 1', 'Row 3 and row 1.', 'r.mark', 'mark')::text),
    ('mark_feed', '(2, NULL, ''L''), (3, NULL, ''/''), (2, make_upn(2), ''/'')', ('21000', format('row 3: school 100001, pupil %s, 2025-09-08 AM: the mark "/" contradicts "L" in row 1', make_upn(2)), 'Row 3 and row 1.', 'r.mark_feed', 'mark')::text),
    ('mark_feed', '(2, make_upn(2), ''L''), (3, make_upn(2), ''L'')', ('22023', format('row 2: the unique pupil number "%s" is given for pupil 3 here and for pupil 2 in row 1', make_upn(2)), 'Row 2 and row 1.', 'r.mark_feed', 'upn')::text)
) AS w (view, given, v), carries(format('INSERT INTO r.%s (school_urn, pupil_id, upn, day, session, mark)
    SELECT 100001, p, u, ''2025-09-08'', ''AM'', m::session_mark FROM (VALUES %s) AS v (p, u, m)', view, given)) c;

-- Straight into the lines: there are no rows of marks; a statement inside one on a view is its own.
SELECT is((c.sqlstate, c.detail, c.rule, c.relation, c.of_column)::text, v, v) FROM (VALUES
    ($$ INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 2, '2025-09-08 C') $$,
        ('AT009', 'This is the rule "leave": see register_rules().', 'leave', 'r.register_line', 'marks')::text),
    ($$ INSERT INTO r.register_line_2025 (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 2, '2025-09-13 /') $$,
        ('AT002', 'This is the rule "outside calendar": see register_rules().', 'outside calendar', 'r.register_line', 'marks')::text),
    ('UPDATE r.register_line SET pupil_id = 2 WHERE pupil_id = 1', ('AT003', '', 'line moved', 'r.register_line_2025', 'pupil_id')::text),
    ('UPDATE r.register_line SET school_urn = 100002 WHERE pupil_id = 1', ('AT003', '', 'line moved', 'r.register_line_2025', 'school_urn')::text)
) AS w (command, v), carries(command) c;
CREATE FUNCTION aside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 9, '2025-09-08 C');
    RETURN NEW;
END
$$;
CREATE TRIGGER aside BEFORE UPDATE ON r.register_line FOR EACH ROW WHEN (NEW.pupil_id = 2) EXECUTE FUNCTION aside();
SELECT is((c.detail, c.relation, c.of_column)::text, ('This is the rule "leave": see register_rules().', 'r.register_line', 'marks')::text, 'a line that no row of the statement gave')
FROM carries($$ INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, '2025-09-08', 'AM', '/') $$) c;
DROP TRIGGER aside ON r.register_line;

-- ---------- many rows at once ----------

SELECT is(asked, ARRAY[(3, NULL::bigint, (what).sqlstate, (what).rule, (what).of_column, (what).message)::text],
    format('refused_rows says so of row %s: %s', n, (what).message)) FROM told WHERE view = 'mark_feed' ORDER BY n;

TRUNCATE sent;
INSERT INTO sent (n, school_urn, pupil_id, upn, day, session, mark, nature) VALUES
    (1, 100001, 3, NULL, '2025-09-08', 'AM', '/', NULL), (2, 100001, 3, NULL, '2025-09-08', 'am', '\', NULL),          -- the same twice
    (3, 100001, 3, NULL, '2025-09-08', 'PM', NULL, NULL),                                                            -- nothing was sent
    (4, 100001, 4, NULL, '2025-09-08', 'AM', 'I', NULL), (5, 100001, NULL, make_upn(4), '2025-09-08', 'AM', 'I', NULL),
    (6, 100001, 4, NULL, '2025-09-08', 'AM', 'L', NULL),                                                             -- at odds with both
    (7, 100001, 5, NULL, '2025-09-08', 'AM', 'C', NULL), (8, 100001, 5, NULL, '2025-09-08', 'AM', 'C', NULL),          -- twice, without leave
    (9, 100001, 6, NULL, '2025-09-08', 'AM', 'B', 'forest school'), (10, 100001, 6, NULL, '2025-09-08', 'PM', 'B', ' '),
    (11, 100001, 1, NULL, '2025-09-08', 'AM', '/', NULL), (12, 100001, 1, NULL, '2025-09-09', 'AM', '-', NULL),        -- as it is; no mark takes none away
    (13, 100001, 1, NULL, '2025-09-08', 'PM', '\', NULL), (14, 100002, 11, NULL, '2025-09-13', 'AM', '/', NULL),       -- another school, on a Saturday
    (15, 100001, 7, make_upn(7), '2025-09-08', 'AM', '/', NULL), (16, 100001, 8, make_upn(7), '2025-09-08', 'AM', '/', NULL),
    (17, NULL, 7, NULL, '2025-09-08', 'PM', '/', NULL), (18, 100001, 7, NULL, '2025-09-08', NULL, '/', NULL), (19, 999999, 7, NULL, '2025-09-08', 'PM', '/', NULL),
    (20, 100001, 7, NULL, '2025-09-08', 'noon', '/', NULL), (21, 100001, 7, NULL, '2025-09-09', 'PM', '/', NULL);
CREATE TABLE refused AS SELECT * FROM refused_rows('r.register_line', rows_of('TABLE sent'));
SELECT results_eq('SELECT row_number, other_row, sqlstate, rule, column_name FROM refused ORDER BY row_number', $$ VALUES
    (4::bigint, 6::bigint, '21000', NULL, 'mark'), (5, 6, '21000', NULL, 'mark'), (6, 5, '21000', NULL, 'mark'),
    (7, NULL, 'AT009', 'leave', 'mark'), (8, NULL, 'AT009', 'leave', 'mark'), (10, NULL, '23514', NULL, 'nature'),
    (16, 15, '22023', NULL, 'upn'), (17, NULL, '23502', NULL, 'school_urn'), (18, NULL, '23502', NULL, 'session'),
    (19, NULL, '23503', NULL, 'pupil_id'), (20, NULL, '22023', NULL, 'session') $$, 'which of many are refused, and why');
SELECT is((SELECT count(*) FROM r.register_line WHERE pupil_id <> 1), 0::bigint, 'nothing is written');
SELECT lives_ok('INSERT INTO r.mark_feed (school_urn, pupil_id, upn, day, session, mark, nature) ' || rows_of('SELECT * FROM sent WHERE n NOT IN (SELECT row_number FROM refused)'),
    'the others are taken');
SELECT is_empty(format($$ SELECT * FROM refused_rows('r.register_line', %L) $$, rows_of('SELECT * FROM sent WHERE n NOT IN (SELECT row_number FROM refused)')), 'and again');
SELECT is((SELECT string_agg(r.row_number || ' ' || r.sqlstate, ', ' ORDER BY r.row_number)
    FROM refused_rows('r.register_line', $$ SELECT 100001 AS school_urn, 1::bigint AS pupil_id, day, session, 'L'::session_mark AS mark, name AS entered_by, name AS title, reason
        FROM (VALUES (1, date '2025-09-08', 'AM', NULL, NULL), (2, '2025-09-09', 'AM', 'x', 'z'), (3, '2025-09-08', 'PM', 'x', E' \n')) AS v (n, day, session, name, reason) ORDER BY n $$) r),
    '1 AT017, 3 AT017', 'each row has its own signature');
INSERT INTO r.rule_setting VALUES (100001, 'leave', 'record', 'test', 'test');
SELECT is((SELECT string_agg(r.row_number::text, ' ' ORDER BY r.row_number) FROM refused_rows('r.register_line', rows_of('SELECT * FROM sent WHERE n IN (7, 8, 10)')) r),
    '3', 'breaches that a school has recorded are not refused');
DELETE FROM r.rule_setting;

-- What is asked, and by whom.
SELECT is_empty($$ SELECT * FROM refused_rows('r.register_line', 'TABLE sent LIMIT 0') $$, 'of no rows none');
SELECT is_empty($$ SELECT * FROM refused_rows('r.register_line', NULL) $$, 'none for NULL');
SELECT is_empty($$ SELECT * FROM refused_rows(NULL, 'TABLE sent') $$, 'nor without a register');
SELECT throws_ok($$ SELECT * FROM refused_rows('r.register_line', 'SELECT school_urn, pupil_id, day, session FROM sent') $$, '42703', 'the query has no column "mark"');
SELECT throws_ok($$ SELECT * FROM refused_rows('r.register_line', 'SELECT school_urn::bigint, pupil_id, day, session, mark FROM sent') $$, '42804',
    'column "school_urn" of the query does not have the type that it has in the view mark_feed');
SELECT throws_ok($$ SELECT * FROM refused_rows('r.register_line', 'SELECT school_urn, pupil_id, day, session, mark::text FROM sent') $$, '42804');
SELECT throws_ok($$ SELECT * FROM refused_rows('r.register_line', 'TRUNCATE sent') $$, '42P11', NULL, 'it is a query');
SELECT throws_ok($$ SELECT * FROM refused_rows('r.register_line', 'INSERT INTO sent SELECT * FROM sent RETURNING *') $$, '0A000', NULL, 'that only reads');
SELECT throws_ok($$ SELECT * FROM refused_rows('sent', 'TABLE sent') $$, '42P01', NULL, 'of a register');
CREATE ROLE att_tap_asks;
GRANT USAGE ON SCHEMA r, attendance, public TO att_tap_asks;
GRANT SELECT ON sent TO att_tap_asks;
SET ROLE att_tap_asks;
SELECT throws_ok($$ SELECT * FROM refused_rows('r.register_line', 'TABLE sent') $$, '42501', NULL, 'who may not read the register learns nothing');
RESET ROLE;
SELECT grant_register('r', 'att_tap_asks', 'marks') \g /dev/null
CREATE POLICY most ON r.enrolment AS RESTRICTIVE TO att_tap_asks USING (pupil_id <> 5);
CREATE POLICY most ON r.register_line AS RESTRICTIVE TO att_tap_asks USING (pupil_id <> 5);
SET ROLE att_tap_asks;
SELECT is((SELECT string_agg(r.row_number || ' ' || r.sqlstate, ', ' ORDER BY r.row_number) FROM refused_rows('r.register_line', 'SELECT * FROM sent WHERE n IN (7, 10) ORDER BY n') r),
    '1 23503, 2 23514', 'nor about pupils whose enrolment is hidden, as when marks are entered');
SELECT throws_ok('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) SELECT school_urn, pupil_id, day, session, mark FROM sent WHERE n = 7', '23503');
RESET ROLE;

-- ---------- tables ----------

-- What a trigger in PL/pgSQL refuses names a column, and the trigger where it is no rule's.
SELECT is_empty($$ SELECT p.proname, m.raised[1] FROM pg_proc p CROSS JOIN LATERAL regexp_matches(p.prosrc, 'RAISE EXCEPTION USING ERRCODE = ''\w+_violation''[^;]*;', 'g') AS m (raised)
    WHERE p.pronamespace = 'attendance'::regnamespace AND m.raised[1] !~ 'SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,\s+COLUMN = ''\w+'', CONSTRAINT = TG_NAME,' $$,
    'no violation is raised without its table, column and trigger');
SELECT is_empty($$ SELECT p.proname, m.called[1] FROM pg_proc p
    CROSS JOIN LATERAL regexp_matches(regexp_replace(p.prosrc, '''[^'']*''', '''''', 'g'), 'PERFORM attendance\.break_rule\([^;]*;', 'g') AS m (called)
    WHERE p.pronamespace = 'attendance'::regnamespace AND m.called[1] !~ '(TG_TABLE_NAME|table_name|'''')(,\s+(''''|[a-z_.]+|CASE[^;]*END))?(,\s+refused\.binding)?(,\s+day => [^;]+)?\);$' $$, 'nor a rule without its table');
SELECT is((SELECT count(*) FROM pg_proc p, regexp_matches(p.prosrc, 'PERFORM attendance\.break_rule\(', 'g') WHERE p.pronamespace = 'attendance'::regnamespace) > 20, true, 'which are many');
SELECT is((c.sqlstate, c.rule, c.relation, c.of_column)::text, v, v) FROM (VALUES
    ('INSERT INTO r.rule_setting VALUES (100001, ''mark removal'', ''record'', ''x'', ''x'')', ('23514', 'guard_rule_setting', 'r.rule_setting', 'rule')::text),
    ('INSERT INTO r.rule_setting VALUES (100001, ''no such rule'', ''record'', ''x'', ''x'')', ('23503', 'guard_rule_setting', 'r.rule_setting', 'rule')::text),
    ('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, agreed_on) VALUES (100003, 1, ''2025-09-01'', ''2025-09-15'')', ('AT031', 'starting day', 'r.enrolment', 'start_date')::text),
    ('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, starting_day_basis) VALUES (100003, 1, ''2025-09-01'', ''agreed'')', ('AT031', 'starting day', 'r.enrolment', 'agreed_on')::text),
    ('INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100003, 1, ''2015-03-01'')', ('23514', 'guard_starting_age', 'r.enrolment', 'start_date')::text),
    ('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date) VALUES (100003, 1, ''2025-09-01'', ''2025-09-10'')', ('23502', 'guard_ended_enrolment', 'r.enrolment', 'deleted_at')::text),
    ('DELETE FROM r.school_day WHERE school_urn = 100001 AND day = ''2025-09-08''', ('AT002', 'outside calendar', 'r.school_day', 'morning')::text),
    ('INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, issued_on) VALUES (100001, 2, 1, ''2025-09-08'')', ('23514', 'guard_legal_step', 'r.penalty_notice', 'contact_id')::text)
) AS w (command, v), carries(command) c;

SELECT * FROM finish();
ROLLBACK;
