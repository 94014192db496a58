-- Every rule on marks by every way in: lawful marks are accepted and stand, unlawful ones are refused with
-- the SQLSTATE of the rule and leave nothing, by the owner and by a clerk, without a search_path and with
-- one that misleads.
-- A rule is a row of the table law, a way in a row of the table way.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SELECT drop_register('r') \g /dev/null
CREATE ROLE paths_owner;
CREATE ROLE paths_clerk; -- what doc/register.md says, and COPY from a program, as a function has no standard input
CREATE ROLE paths_loader; -- a clerk who writes whole lines
GRANT pg_execute_server_program TO paths_owner, paths_clerk, paths_loader;
GRANT USAGE ON SCHEMA attendance TO paths_owner, paths_clerk;
SELECT format('GRANT CREATE ON DATABASE %I TO paths_owner', current_database()) \gexec
SET ROLE paths_owner;
SELECT create_register('r'), add_academic_year('r', 2024), add_academic_year('r', 2025), fill_register('r') \g /dev/null
RESET ROLE;
GRANT USAGE ON SCHEMA r TO paths_clerk;
GRANT SELECT, INSERT, UPDATE ON r.mark TO paths_clerk;
GRANT INSERT ON r.mark_feed TO paths_clerk;
GRANT SELECT (school_urn, academic_year, pupil_id, marks), INSERT (school_urn, academic_year, pupil_id),
    UPDATE (marks, entered_by, title, reason) ON r.register_line TO paths_clerk;
SELECT show_all('r', r) FROM unnest('{paths_clerk,paths_loader}'::name[]) r \g /dev/null
GRANT INSERT (school_urn, pupil_id, mark, sessions, nature) ON r.mark_nature TO paths_clerk;
GRANT SELECT (school_urn, pupil_id, start_date, end_date) ON r.enrolment TO paths_clerk;
GRANT SELECT (pupil_id, upn, former_upn) ON r.pupil TO paths_clerk;
GRANT SELECT (school_urn, academic_year, day) ON r.school_day TO paths_clerk;
GRANT paths_clerk TO paths_loader;
GRANT SELECT, INSERT, UPDATE ON r.register_line, r.register_line_2024, r.register_line_2025 TO paths_loader;

-- Operators that a clerk has put before those of PostgreSQL: nothing of the register falls for them.
CREATE SCHEMA trap;
GRANT USAGE ON SCHEMA trap TO PUBLIC;
SELECT format('CREATE FUNCTION trap.sprung(%1$s, %1$s) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION ''the trap is sprung''; END $$', type)
FROM unnest('{int,bigint,text,date,timestamptz,boolean,attendance.session_mark}'::text[]) AS type \gexec
SELECT format('CREATE OPERATOR trap.%s (FUNCTION = trap.sprung, LEFTARG = %s, RIGHTARG = %2$s)', operator, type)
FROM unnest('{=,<>,<,<=,>,>=}'::text[]) AS operator, unnest('{int,bigint,text,date,timestamptz,boolean,attendance.session_mark}'::text[]) AS type \gexec

-- ---------- what the marks need ----------

DELETE FROM r.rule_setting;
-- 28 is 3 years old, 29 is a boarder, 30 at two schools, 31 on roll since before the Regulations of 2024
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES
    (28, 'Young', 'Y', '2022-06-01'), (29, 'Boarder', 'B', '2015-03-01'), (30, 'Dual', 'D', '2015-03-01'), (31, 'Old', 'O', '2012-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, boarder, status) VALUES
    (100001, 28, '2025-09-01', 'N', 'C'), (100001, 29, '2025-09-01', 'B', 'C'), (100001, 30, '2025-09-01', 'N', 'M'),
    (100002, 30, '2025-09-01', 'N', 'S'), (100001, 31, '2024-08-01', 'N', 'C');
INSERT INTO r.school_day (school_urn, day) VALUES (100001, '2024-08-05');
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 1, 'Parent', true, true);
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');
INSERT INTO r.rule_setting VALUES (100001, 'leave licence', 'record', 'a leave without a licence', 'test');
INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, received_at,
    decided_by, decided_at, status, licence_reference, licence_from, licence_to, last_examination)
SELECT 100001, pupil, mark::session_mark, format('{[%s AM,%1$s PM]}', day)::school_session_multirange, class, 'exceptional', 1,
    '2025-09-01 08:00', 'A Head', '2025-09-02 08:00', 'granted', licence, CASE WHEN licence <> '' THEN day END,
    CASE WHEN licence <> '' THEN day END, examination
FROM (VALUES (1, 'C', date '2025-09-08', 'exceptional circumstances', NULL, NULL::date), (1, 'C1', '2025-09-11', 'performance', 'L 1', NULL),
    (3, 'C1', '2025-09-11', 'performance', NULL, NULL), (1, 'S', '2025-09-12', 'study', NULL, '2025-09-12')) AS v (pupil, mark, day, class, licence, examination);
INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
VALUES (100001, 1, '{[2025-09-15 AM,2025-09-15 AM]}', 'exceptional', 1, 'Parent', 'A Head', '2025-09-01', '{2025-09-15}', 'agreed');
DELETE FROM r.rule_setting;

-- ---------- the rules ----------

-- A mark that breaks the rule and one that keeps it: pupil, day, mark, and its nature if it has one.  Ways are the kinds of
-- way in; the base is the mark that is amended.  What is no mark, but something else done to a line, is in another.
CREATE TABLE law (rule text, ways text, base text, breaks text, keeps text, another text);
INSERT INTO law VALUES
    ('AT001', '(view|line) amend', 'N', '1 2025-09-08 -', '1 2025-09-08 I', NULL),
    ('AT001', 'line amend', 'N', '1 2025-09-08 -', '1 2025-09-08 I', 'marks = ''empty'''),
    ('AT002', 'enter|amend', '#', '1 2025-09-03 /', '1 2025-09-08 /', NULL),
    ('AT002', 'enter', 'N', '1 2025-09-13 /', '1 2025-09-08 /', NULL),
    ('AT003', 'line amend', 'N', '1 2025-09-08 I', '1 2025-09-08 I', 'pupil_id = 3'),
    ('AT003', 'line amend', 'N', '1 2025-09-08 I', '1 2025-09-08 I', 'school_urn = 100002'),
    ('AT004', 'enter|amend', 'N', '21 2025-11-03 /', '21 2025-10-17 /', NULL),
    ('AT005', 'enter|amend', 'N', '31 2024-08-05 K college', '1 2025-09-08 K college', NULL),
    ('AT006', 'enter|amend', 'N', '31 2025-09-08 J', '31 2024-08-05 J', NULL),
    ('AT007', 'enter|amend', 'N', '31 2025-09-08 #', '31 2024-08-05 #', NULL),
    ('AT008', 'enter|amend', 'N', '1 2025-09-08 X', '28 2025-09-08 X', NULL),
    ('AT009', 'enter|amend', 'N', '1 2025-09-09 C', '1 2025-09-08 C', NULL),
    ('AT010', 'enter|amend', 'N', '3 2025-09-11 C1', '1 2025-09-11 C1', NULL),
    ('AT011', 'enter|amend', 'N', '1 2025-09-11 S', '1 2025-09-12 S', NULL),
    ('AT012', 'enter|amend', 'N', '1 2025-09-16 C2', '1 2025-09-15 C2', NULL),
    ('AT013', 'enter|amend', 'N', '1 2025-09-08 B', '1 2025-09-08 B museum', NULL),
    ('AT014', 'enter|amend', 'N', '1 2025-09-08 Z', '1 2025-09-08 /', NULL),
    ('AT015', 'enter|amend', 'N', '1 2025-09-08 D', '30 2025-09-08 D', NULL),
    ('AT017', 'amend', 'N', '1 2025-09-08 I', '1 2025-09-08 I', NULL);

-- ---------- the ways in ----------

-- Placeholders: {pupil}, {day}, {year}, {mark}, {nature} and {signature} as literals, {part} the partition, {marks} the line,
-- {set} what is set in a line called l, {view rows} and {line rows} for COPY.  Whoever enters does so for another pupil, too.
CREATE TABLE way (name text, kind text, command text);
INSERT INTO way SELECT * FROM (VALUES
    ('INSERT INTO mark', 'view enter', 'INSERT INTO r.mark {view columns} VALUES {view values}'),
    ('INSERT INTO mark_feed', 'feed enter', 'INSERT INTO r.mark_feed {view columns} VALUES {view values}'),
    ('INSERT INTO mark_feed, amending', 'feed amend', 'INSERT INTO r.mark_feed {view columns} VALUES {view values}'),
    ('COPY mark', 'view enter', 'COPY r.mark {view columns} FROM PROGRAM {view rows} CSV'),
    ('COPY mark_feed', 'feed enter', 'COPY r.mark_feed {view columns} FROM PROGRAM {view rows} CSV'),
    ('COPY mark_feed, amending', 'feed amend', 'COPY r.mark_feed {view columns} FROM PROGRAM {view rows} CSV'),
    ('UPDATE mark', 'view amend', 'UPDATE r.mark SET mark = {mark}, nature = {nature}, (entered_by, title, reason) = ROW({signature})
        WHERE pupil_id = {pupil} AND day = {day} AND session = ''AM'''),
    ('INSERT INTO register_line', 'line enter', 'INSERT INTO r.register_line {line columns} VALUES {line values}'),
    ('INSERT INTO the partition', 'line enter', 'INSERT INTO r.{part} {line columns} VALUES {line values}'),
    ('COPY register_line', 'line enter', 'COPY r.register_line {line columns} FROM PROGRAM {line rows} CSV'),
    ('COPY the partition', 'line enter', 'COPY r.{part} {line columns} FROM PROGRAM {line rows} CSV'),
    ('UPDATE register_line', 'line amend', 'UPDATE r.register_line AS l SET {set} WHERE pupil_id = {pupil}'),
    ('UPDATE the partition', 'line amend', 'UPDATE r.{part} AS l SET {set} WHERE pupil_id = {pupil}'),
    ('UPDATE in WITH', 'line amend', 'WITH u AS (UPDATE r.register_line AS l SET {set} WHERE pupil_id = {pupil} RETURNING 1) SELECT FROM u')
) AS v
UNION ALL
SELECT format('%s %s%s', verb, CASE relation WHEN '{part}' THEN 'the partition' ELSE relation END, CASE kind WHEN 'line amend' THEN ', amending' ELSE '' END), kind, replace(command, '{relation}', relation)
FROM unnest(ARRAY['register_line', '{part}']) AS relation, unnest(ARRAY['line enter', 'line amend']) AS kind, (VALUES
    ('MERGE INTO', 'MERGE INTO r.{relation} AS l USING (VALUES {line values}) AS s (school_urn, academic_year, pupil_id, marks)
        ON l.school_urn = s.school_urn AND l.academic_year = s.academic_year AND l.pupil_id = s.pupil_id
        WHEN MATCHED THEN UPDATE SET {set}
        WHEN NOT MATCHED THEN INSERT (school_urn, academic_year, pupil_id, marks) VALUES (s.school_urn, s.academic_year, s.pupil_id, s.marks)'),
    ('ON CONFLICT in', 'INSERT INTO r.{relation} AS l (school_urn, academic_year, pupil_id, marks, entered_by, title, reason) VALUES {signed values}
        ON CONFLICT (school_urn, academic_year, pupil_id) DO UPDATE SET {set}')) AS v (verb, command);

-- The statement of a way in for a mark; the line and the mark beside it are lawful and those of pupil 2.
CREATE FUNCTION statement(way way, mark text, another text, is_signed boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text := way.command;
    pupil text := split_part(mark, ' ', 1);
    day text := split_part(mark, ' ', 2);
    code text := split_part(mark, ' ', 3);
    nature text := nullif(split_part(mark, ' ', 4), '');
    year text := academic_year(split_part(mark, ' ', 2)::date);
    entered text[] := CASE WHEN is_signed THEN '{Jo Smith,Clerk,a letter}' ELSE '{NULL,NULL,NULL}' END;
    signature text := format('%L, %L, %L', VARIADIC entered);
    series text := set_mark('empty', school_session(day::date, 'AM'), code::session_mark);
    one_line text := concat_ws(',', '100001', year, pupil, series);
    other_line text := concat_ws(',', '100001', year, '2', year || '-09-10 /');
    one_values text := format('100001, %s, %s, %L::attendance.mark_series', year, pupil, series);
    other_values text := format('100001, %s, 2, %L::attendance.mark_series', year, year || '-09-10 /');
    one_mark text := format('100001,%s,%s,AM,%s,%s,%s', pupil, day, code, nature, array_to_string(entered, ',', ''));
    other_mark text := format('100001,2,%s-09-10,AM,/,,%s', year, array_to_string(entered, ',', ''));
    field record;
BEGIN
    FOR field IN SELECT * FROM (VALUES
        ('{view columns}', '(school_urn, pupil_id, day, session, mark, nature, entered_by, title, reason)'),
        ('{view values}', format('(100001, 2, ''%s-09-10'', ''AM'', ''/'', NULL, %s), (100001, %s, %L, ''AM'', %L, %L, %s)',
            year, signature, pupil, day, code, nature, signature)),
        ('{view rows}', quote_literal(format('printf ''%%s\n'' ''%s'' ''%s''', other_mark, one_mark))),
        ('{line columns}', '(school_urn, academic_year, pupil_id, marks)'),
        ('{line values}', '(' || concat_ws('), (', CASE WHEN way.kind = 'line enter' THEN other_values END, one_values) || ')'),
        ('{signed values}', '(' || concat_ws('), (', CASE WHEN way.kind = 'line enter' THEN other_values || ', ' || signature END,
            one_values || ', ' || signature) || ')'),
        ('{line rows}', quote_literal(format('printf ''%%s\n'' ''%s'' ''%s''', other_line, one_line))),
        ('{set}', format('%s, (entered_by, title, reason) = ROW(%s)',
            coalesce(another, format('marks = attendance.set_mark(l.marks, ''%s AM'', %L)', day, code)), signature)),
        ('{part}', 'register_line_' || year), ('{pupil}', pupil), ('{day}', quote_literal(day)), ('{mark}', quote_literal(code)),
        ('{nature}', quote_nullable(nature)), ('{signature}', signature)) AS v (name, value)
    LOOP
        result := replace(result, field.name, field.value);
    END LOOP;
    RETURN result;
END
$$;

-- Everything that an entry could leave.
CREATE FUNCTION left_behind() RETURNS text LANGUAGE sql
RETURN concat_ws(' / ', (SELECT string_agg(l::text, ' ' ORDER BY l.academic_year, l.pupil_id) FROM r.register_line l),
    (SELECT string_agg(n.nature_id::text, ' ') FROM r.mark_nature n), (SELECT string_agg(h::text, ' ' ORDER BY h.head_id) FROM r.journal_head h),
    (SELECT count(*) FROM r.journal));

-- Whether a mark stands in its line and is what the journal says was entered last.
CREATE FUNCTION stands(pupil bigint, on_day date, code text) RETURNS boolean LANGUAGE sql
RETURN (SELECT mark_at(marks, on_day, 'AM')::text FROM r.register_line WHERE pupil_id = pupil AND academic_year = academic_year(on_day)) = code
    AND EXISTS (SELECT FROM r.journal j, journal_changes(j.payload) c WHERE j.entry_id = (SELECT max(entry_id) FROM r.journal)
        AND j.kind = 'marks' AND c.pupil_id = pupil AND c.day = on_day AND c.session = 'AM' AND c.amended::text = code);

-- What comes of it, which is undone.  Before it, what is amended and the natures of whole lines are entered.
CREATE FUNCTION attempt(role name, search text, law law, way way, mark text, is_broken boolean, settings text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    pupil bigint := split_part(mark, ' ', 1);
    day date := split_part(mark, ' ', 2);
    code text := split_part(mark, ' ', 3);
    command text := statement(way, mark, CASE WHEN is_broken THEN law.another END, NOT (is_broken AND law.rule = 'AT017'));
    result text := 'accepted';
    message text;
    name text;
    register text;
    relation text;
    of_column text;
    before text;
BEGIN
    IF way.kind ~ 'amend' THEN
        INSERT INTO r.rule_setting SELECT 100001, rule, 'record', 'test', 'test' FROM unnest('{outside enrolment,closure while open}'::text[]) AS rule;
        INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks)
        VALUES (100001, academic_year(day), pupil, set_mark('empty', school_session(day, 'AM'), law.base::session_mark));
        DELETE FROM r.rule_setting;
    END IF;
    IF way.kind ~ 'line' AND split_part(mark, ' ', 4) <> '' THEN
        INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature)
        VALUES (100001, pupil, code::session_mark, format('{[%s AM,%1$s AM]}', day)::school_session_multirange, split_part(mark, ' ', 4));
    END IF;
    EXECUTE settings;
    before := left_behind();
    PERFORM set_config('role', role, true), set_config('search_path', search, true);
    BEGIN
        EXECUTE command;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS result = RETURNED_SQLSTATE, message = MESSAGE_TEXT, name = CONSTRAINT_NAME,
            register = SCHEMA_NAME, relation = TABLE_NAME, of_column = COLUMN_NAME;
    END;
    PERFORM pg_catalog.set_config('role', 'none', true), pg_catalog.set_config('search_path', 'public, attendance', true);
    IF result = 'accepted' AND law.another IS NULL AND NOT stands(pupil, day, code) THEN
        result := 'it does not stand';
    ELSIF result <> 'accepted' AND left_behind() <> before THEN
        result := result || ' and something is left';
    ELSIF result LIKE 'AT%' AND NOT names_its_rule(result, name, register, relation, of_column) THEN
        result := result || ' and it does not name its rule';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN CASE WHEN result !~ '^(accepted|AT...)$' THEN format('%s, search_path ''%s'': %s %s: %s', role, search, result, message, command) ELSE result END;
END
$$;
CREATE FUNCTION setting(rule text, action text) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.rule_setting VALUES (100001, %L, %L, ''test'', ''test'')', rule, action);
-- PostgreSQL copies into no table with row-level security, but for its owner.
CREATE FUNCTION outcomes(law law, way way, is_broken boolean) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(DISTINCT attempt(role::name, search, law, way, CASE WHEN is_broken THEN (law).breaks ELSE (law).keeps END, is_broken,
        setting('code no longer in force', 'refuse')), E'\n')
    FROM unnest(ARRAY['', 'public, attendance', CASE WHEN (way).command ~ '^(INSERT|COPY)' THEN 'trap, pg_catalog' END]) AS search,
        LATERAL (VALUES (CASE WHEN (way).name = 'COPY register_line' THEN 'paths_owner' WHEN (way).kind ~ 'line' THEN 'paths_loader' ELSE 'paths_clerk' END), (CASE search WHEN '' THEN 'paths_owner' END)) AS w (role)
    WHERE search IS NOT NULL AND role IS NOT NULL);

SELECT is(outcomes(l, p, broken), CASE WHEN broken THEN l.rule ELSE 'accepted' END,
    format('%s %s by %s', CASE WHEN broken THEN concat_ws(', ', l.breaks, l.another) ELSE l.keeps END, CASE WHEN broken THEN l.rule ELSE 'accepted' END, p.name))
FROM law l JOIN way p ON p.kind ~ l.ways, unnest('{false,true}'::boolean[]) AS broken ORDER BY l.rule, broken, p.name;

-- What is refused is refused for that rule alone: where the school has its breaches recorded, it is let in.
SELECT is(attempt(CASE p.name WHEN 'COPY register_line' THEN 'paths_owner' ELSE 'paths_loader' END, '', l, p, l.breaks, true, setting(rule.rule, 'record')), 'accepted', format('%s is recorded by %s', l.breaks, p.name))
FROM law l JOIN register_rules() AS rule ON rule.sqlstate = l.rule AND rule.can_be_set JOIN way p ON p.kind ~ l.ways ORDER BY l.rule, p.name;

SELECT throws_ok('SELECT 1 OPERATOR(trap.=) 1', 'P0001', 'the trap is sprung', 'the trap is one');

-- Every rule on marks is in the matrix, and nothing of it is left.
SELECT is_empty('SELECT rule FROM register_rules() WHERE sqlstate BETWEEN ''AT001'' AND ''AT017'' AND sqlstate NOT IN (SELECT rule FROM law)', 'every rule on marks that can be refused');
SELECT is_empty('SELECT FROM r.register_line', 'all of it is undone');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', '/');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'and the next entry follows what was there before');
SELECT * FROM finish();
ROLLBACK;
