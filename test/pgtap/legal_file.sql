-- What a court is shown of a penalty notice: what was entered by its issue, by whom and in which entries, and apart from
-- that what came after; of one pupil and one parent; known again by its digest.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

-- Two parents of pupil 8, who has ten sessions of O, of which one was N; pupil 9 has the same and a parent.
INSERT INTO r.contact (contact_id, pupil_id, full_name, relationship, is_parent, emergency_numbers) VALUES (81, 8, 'Ann Parent', 'mother', true, '{07700900111}'), (82, 8, 'Other Parent', 'father', true, '{07700900222}'), (91, 9, 'Strange Parent', 'mother', true, '{}');
SELECT fill(8, '2025-09-08', '2025-09-11', 'O'), fill(8, '2025-09-12', '2025-09-12', 'N', 'O'), fill(8, '2025-09-15', '2025-09-15', '/', '\'), fill(9, '2025-09-08', '2025-09-12', 'O') \g /dev/null
UPDATE r.mark SET mark = 'O', entered_by = 'Jo Ash', title = 'Clerk', reason = 'no reason was "given"' WHERE pupil_id = 8 AND day = '2025-09-12' AND session = 'AM';
INSERT INTO r.family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, said, made_by) VALUES
    (100001, 8, 81, 'listening', 'meeting', '2025-09-15 10:00+01', '[2025-09-08,2025-09-13)', true, E'"a\nholiday"\tin Zuerich <b>', 'Kim Oak'),
    (100001, 8, NULL, 'absence followed up', 'telephone', '2025-09-09 23:30+00', '[2025-09-08,2025-09-09)', false, NULL, 'Kim Oak'),
    (100001, 8, 82, 'listening', 'meeting', '2025-09-15 11:00+01', NULL, true, 'the OTHER parent', 'Kim Oak'), (100001, 9, 91, 'listening', 'meeting', '2025-09-15 11:00+01', NULL, true, 'STRANGE', 'Kim Oak');
INSERT INTO r.attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, accepted, description) VALUES (100001, 8, NULL, 'voluntary support', '2025-09-15', false, 'a meeting'),
    (100001, 8, 81, 'attendance contract', '2025-09-16', NULL, 'with the parent'), (100001, 8, 82, 'attendance contract', '2025-09-16', NULL, 'with the OTHER'), (100001, 9, NULL, 'voluntary support', '2025-09-15', false, 'STRANGE');
UPDATE r.attendance_support SET accepted = false, outcome = 'refused', entered_by = 'Kim Oak', title = 'Officer', reason = 'a letter' WHERE description = 'with the parent';
INSERT INTO r.leave_of_absence (leave_id, school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant, received_at) VALUES
    (31, 100001, 8, 'C', '{[2025-09-08 AM,2025-09-13 AM)}', 'exceptional circumstances', 'a holiday', 81, 'Ann Parent', '2025-09-01 23:30+00'),
    (32, 100001, 8, 'C', '{[2025-06-02 AM,2025-06-03 AM)}', 'exceptional circumstances', 'STRANGE: other days', 81, 'Ann Parent', '2025-05-01 10:00+01'),
    (33, 100001, 8, 'C', '{[2025-09-08 AM,2025-09-13 AM)}', 'exceptional circumstances', 'of the OTHER', 82, 'Other Parent', '2025-09-01 10:00+01');
UPDATE r.leave_of_absence SET status = 'refused', decided_by = 'Head', decided_at = '2025-09-02 10:00+01', decision_reason = 'not exceptional' WHERE leave_id = 31;
-- entered for the other parent and pupil, and corrected; and the other way round
INSERT INTO r.family_contact (family_contact_id, school_urn, pupil_id, contact_id, purpose, channel, made_at, reached, said, made_by) VALUES
    (201, 100001, 8, 82, 'letter', 'letter', '2025-09-11 10:00+01', true, 'a letter', 'Kim Oak'), (202, 100001, 8, 81, 'letter', 'letter', '2025-09-11 10:00+01', true, 'mistaken', 'Kim Oak');
UPDATE r.family_contact SET contact_id = 81, entered_by = 'Kim Oak', title = 'Officer', reason = 'the mother' WHERE family_contact_id = 201;
UPDATE r.family_contact SET contact_id = 82, said = 'for the OTHER', entered_by = 'Kim Oak', title = 'Officer', reason = 'mixed up' WHERE family_contact_id = 202;
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) VALUES (5, 100001, 8, 'at risk', '2025-09-15', 'ten sessions'), (6, 100001, 9, 'at risk', '2025-09-15', 'STRANGE');
INSERT INTO r.agreed_action (case_id, action, owner, due_on) VALUES (5, 'call each morning', 'Kim Oak', '2025-10-01'), (6, 'STRANGE', 'Kim Oak', '2025-10-01');
INSERT INTO r.notice_to_improve (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day) VALUES
    (100001, 8, 82, '{[2025-09-08 AM,2025-09-13 AM)}', '2025-09-16', 'Kim Oak', 'for the OTHER', 'x', '2025-09-17', '2025-10-17');
INSERT INTO r.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (7, 100001, 8, 81, '{[2025-09-08 AM,2025-09-13 AM)}', '2025-09-19', 'Kim Oak');

CREATE FUNCTION file(part text) RETURNS TABLE (line text) LANGUAGE sql AS $$
    SELECT concat_ws(' | ', f.day, f.said, f.entered_by) FROM r.legal_file(7) f WHERE f.section = part ORDER BY f.place $$;
CREATE TABLE kept AS SELECT d.at_issue, d.whole, (SELECT string_agg(f::text, E'\n') FROM r.legal_file(7) f WHERE f.at_issue) AS content, (SELECT array_agg(l) FROM r.legal_file_line(7) l) AS lines FROM r.legal_file_digest(7) d;

-- ---------- what is in it ----------

SELECT is((SELECT array_agg(DISTINCT section ORDER BY section)::text FROM r.legal_file(7)), '{amendments,contacts,journal,"journal heads",law,leave,notice,people,register,support}', 'sections');
SELECT is((SELECT count(*) FROM r.legal_file(7) WHERE at_issue), (SELECT count(*) FROM r.legal_file(7)), 'nothing came after it yet');
SELECT results_eq($$ SELECT * FROM file('notice') $$, format($$ VALUES ('2025-09-19 | penalty notice 7: step 1; issued on 2025-09-19; issued by Kim Oak; issuer local authority; sessions 2025-09-08 AM to 2025-09-12 PM; absences 10 | %s') $$, current_user), 'the notice');
SELECT results_eq($$ SELECT * FROM file('people') ORDER BY 1 $$, format($$ VALUES ('contact 81: full name Ann Parent; relationship mother; is parent yes; lives with no | %1$s'), ('pupil 8: surname Surname 8; forename Forename; date of birth 2015-03-01; upn ' || make_upn(8) || ' | %1$s') $$, current_user), 'one pupil, one parent, and no telephone numbers');
SELECT results_eq($$ SELECT * FROM file('register') $$, format($$ SELECT day || ' | ' || session || ' ' || code || ': ' || mark_description(code::session_mark) || CASE WHEN code = 'O' THEN '; a session of the notice' ELSE '' END || ' | ' || CASE WHEN day = '2025-09-12' AND session = 'AM' THEN 'Jo Ash, Clerk' ELSE %L END
    FROM (SELECT d::date AS day, s AS session, 'O' AS code FROM generate_series(timestamp '2025-09-08', '2025-09-12', '1 day') d, unnest('{AM,PM}'::text[]) s) v ORDER BY 1 $$, current_user), 'the register of the week');
SELECT results_eq($$ SELECT * FROM file('amendments') $$, $$ VALUES ('2025-09-12 | AM O, was N; no reason was "given" | Jo Ash, Clerk') $$, 'its amendments');
SELECT results_eq($$ SELECT * FROM file('contacts') $$, format($$ VALUES ('2025-09-10 | family contact ' || (SELECT family_contact_id FROM r.family_contact WHERE NOT reached) || ': purpose absence followed up; channel telephone; made at 2025-09-10 00:30; about 2025-09-08; reached no; pupil seen no; made by Kim Oak | %1$s'),
    ('2025-09-11 | family contact 202: purpose letter; channel letter; made at 2025-09-11 10:00; reached yes; pupil seen no; said mistaken; made by Kim Oak | %1$s'),
    ('2025-09-11 | family contact 201 changed (the mother): purpose letter; channel letter; made at 2025-09-11 10:00; reached yes; pupil seen no; said a letter; made by Kim Oak | Kim Oak, Officer'),
    ('2025-09-11 | family contact 202 changed (mixed up): no longer of this notice''s pupil and parent | Kim Oak, Officer'),
    ('2025-09-15 | family contact ' || (SELECT family_contact_id FROM r.family_contact WHERE contact_id = 81 AND purpose = 'listening') || ': purpose listening; channel meeting; made at 2025-09-15 10:00; about 2025-09-08 to 2025-09-12; reached yes; pupil seen no; said "a' || E'\n' || 'holiday"' || E'\t' || 'in Zuerich <b>; made by Kim Oak | %1$s') $$, current_user), 'contacts by day, in London');
SELECT results_eq($$ SELECT * FROM file('leave') $$, format($$ VALUES ('2025-09-02 | leave of absence 31: mark C; sessions 2025-09-08 AM to 2025-09-12 PM; reason class exceptional circumstances; circumstances a holiday; applicant Ann Parent; received at 2025-09-02 00:30; status applied | %1$s'),
    ('2025-09-02 | leave of absence 31 changed: status refused, was applied; decided by Head, was nothing; decided at 2025-09-02 10:00, was nothing; decision reason not exceptional, was nothing | %1$s') $$, current_user), 'leave that was asked for');
SELECT results_eq($$ SELECT regexp_replace(line, '(support|action) \d+', '\1 n') FROM file('support') $$, format($$ VALUES ('2025-09-15 | attendance support n: kind voluntary support; offered on 2025-09-15; accepted no; description a meeting | %1$s'),
    ('2025-09-15 | attendance case 5: tier at risk; opened on 2025-09-15; opened because ten sessions | %1$s'),
    ('2025-09-16 | attendance support n: kind attendance contract; offered on 2025-09-16; description with the parent | %1$s'),
    ('2025-09-16 | attendance support n changed (a letter): accepted no, was nothing; outcome refused, was nothing | Kim Oak, Officer'),
    ('2025-10-01 | agreed action n: action call each morning; owner Kim Oak; agency school; due on 2025-10-01 | %1$s') $$, current_user), 'support, as it was entered and as it changed');
SELECT results_eq($$ SELECT left(line, 60) FROM file('law') $$, $$ VALUES ('2025-09-19 | school 100001, School 100001: of the type "Loca'), ('1900-01-01 | relevant school type: school type Local authori'),
    ('2024-08-19 | penalty framework: sessions 10; weeks 10; codes'), ('2024-08-19 | penalty amount: step 1; later steps no; reduced'), ('code G: ' || left(mark_description('G'), 52)), ('code N: ' || left(mark_description('N'), 52)),
    ('code O: ' || left(mark_description('O'), 52)), ('code U: ' || left(mark_description('U'), 52)) $$, 'the law');
SELECT is_empty($$ SELECT * FROM r.legal_file(7) f WHERE f.section !~ '^journal' AND f::text ~ 'OTHER|Other Parent|STRANGE|Strange|Surname 9|0770' $$, 'nobody else is in it');
-- the columns of the tables that are said, or why not
SELECT is((SELECT string_agg(l.relation || '.' || a.attname, ' ' ORDER BY l.relation COLLATE "C", a.attname COLLATE "C") FROM r.legal_record() l JOIN pg_attribute a ON a.attrelid = format('r.%I', l.relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped
    WHERE a.attname <> ALL (l.items) AND a.attname <> l.key AND a.attname NOT IN ('school_urn', 'pupil_id', 'contact_id', 'entered_at', 'entered_by', 'title', 'reason', 'holds_from')),
    'agreed_action.case_id agreed_action.evidence_id attendance_case.figures_at_closing attendance_case.figures_at_opening attendance_support.extends_id contact.address contact.emergency_numbers contact.priority '
    'penalty_notice.counts pupil.birth_cohort pupil.former_upn pupil.pupil_key pupil.sex', 'what is not said');
SELECT is_empty($$ SELECT l.relation, i FROM r.legal_record() l, unnest(l.items || l.key || coalesce(l.day, l.key)) i WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = format('r.%I', l.relation)::regclass AND a.attname = i AND NOT a.attisdropped) $$, 'all that is said is there');

-- ---------- the journal ----------

SELECT is_empty($$ SELECT f.entry FROM r.legal_file(7) f WHERE f.entry IS NOT NULL AND f.section !~ '^journal' AND NOT EXISTS (SELECT FROM r.legal_file(7) j WHERE j.section = 'journal' AND j.entry = f.entry) $$, 'every entry is named');
SELECT is_empty($$ SELECT f.said FROM r.legal_file(7) f WHERE f.section ~ '^journal' AND NOT EXISTS (SELECT FROM r.journal j WHERE format('%s:%s:%s', j.school_urn, j.entry_id, encode(j.hash, 'hex')) = f.said AND f.entry = format('%s:%s', j.school_urn, j.entry_id)) $$, 'with its hash');
SELECT results_eq($$ SELECT said FROM r.legal_file(7) WHERE section = 'journal heads' ORDER BY 1 $$, $$ SELECT digest FROM r.journal_digest() WHERE school_urn IN (0, 100001) ORDER BY 1 $$, 'and the heads, by which a kept digest is compared');
SELECT is_empty($$ SELECT * FROM r.verify_journal((SELECT array_agg(said) FROM r.legal_file(7) WHERE section ~ '^journal')) $$, 'verify_journal() takes them');
SELECT is((SELECT count(*) FROM r.verify_journal((SELECT array_agg(left(said, -1) || 'g') FROM r.legal_file(7) WHERE section = 'journal heads'))), 2::bigint, 'and finds those that are not there');

-- ---------- lines and digests ----------

SELECT is(lines[1], '{"legal_file" : 1, "notice" : 7}', 'what it is') FROM kept;
SELECT is(cardinality(lines), (SELECT count(*)::integer + 3 FROM r.legal_file(7)), 'a line for each row, the first, and two digests') FROM kept;
SELECT ok(bool_and(l::jsonb ? 'digest' OR l::jsonb ? 'said' OR l::jsonb ? 'legal_file'), 'every line is JSON') FROM kept, unnest(lines) l;
SELECT is(l::jsonb ->> 'sha256', encode(sha256(convert_to((SELECT string_agg(b.l || E'\n', '' ORDER BY b.n) FROM unnest(lines) WITH ORDINALITY b (l, n) WHERE b.n < t.n), 'UTF8')), 'hex'), l::jsonb ->> 'digest')
FROM kept, unnest(lines) WITH ORDINALITY t (l, n) WHERE l::jsonb ? 'digest';
SELECT is(format('(%s,%s)', at_issue, whole), format('(%s,%s)', lines[cardinality(lines) - 1]::jsonb ->> 'sha256', lines[cardinality(lines)]::jsonb ->> 'sha256'), 'the digests') FROM kept;
-- whatever the settings are
SET timezone = 'Pacific/Auckland';
SET datestyle = 'SQL, MDY';
SET intervalstyle = iso_8601;
SET extra_float_digits = 0;
SET bytea_output = escape;
SET enable_hashjoin = off;
SET enable_hashagg = off;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SELECT set_config(name, 'on', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \g /dev/null
SELECT is((SELECT array_agg(l) FROM r.legal_file_line(7) l), lines, 'the same lines whatever the settings are') FROM kept;
RESET datestyle; RESET intervalstyle; RESET extra_float_digits; RESET bytea_output; RESET enable_hashjoin; RESET enable_hashagg; RESET parallel_setup_cost; RESET parallel_tuple_cost;
SELECT set_config(name, 'off', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \g /dev/null
SET timezone = 'Europe/London';
SAVEPOINT path;
SET LOCAL search_path = '';
CREATE TABLE public.pathless AS SELECT array_agg(l) AS lines FROM r.legal_file_line(7) l;
SET LOCAL search_path = public, attendance;
SELECT is(p.lines, k.lines, 'with an empty search path') FROM kept k, pathless p;
ROLLBACK TO path;

-- ---------- what comes after ----------

CREATE FUNCTION same_at_issue() RETURNS boolean LANGUAGE sql AS $$
    SELECT (SELECT d.at_issue FROM r.legal_file_digest(7) d) = k.at_issue AND (SELECT string_agg(f::text, E'\n') FROM r.legal_file(7) f WHERE f.at_issue) = k.content FROM kept k $$;
UPDATE r.mark SET mark = 'I', entered_by = 'Jo Ash', title = 'Clerk', reason = 'a letter came' WHERE pupil_id = 8 AND day = '2025-09-08' AND session = 'AM';
SELECT ok(same_at_issue(), 'an amendment');
SELECT results_eq($$ SELECT * FROM file('since') $$, $$ VALUES ('2025-09-08 | AM I, was O; a letter came | Jo Ash, Clerk') $$, 'is listed');
UPDATE r.penalty_notice SET received_on = '2025-09-22', entered_by = 'Kim Oak', title = 'Officer', reason = 'by hand' WHERE notice_id = 7;
UPDATE r.pupil SET surname = 'Newname', entered_by = 'Kim Oak', title = 'Officer', reason = 'deed poll' WHERE pupil_id = 8;
UPDATE r.attendance_support SET outcome = 'came to nothing', entered_by = 'Kim Oak', title = 'Officer', reason = 'it ended' WHERE description = 'a meeting';
UPDATE r.attendance_case SET closed_on = '2025-09-22', outcome = 'attends', entered_by = 'Kim Oak', title = 'Officer', reason = 'it ended' WHERE case_id = 5;
-- dated before the issue, entered after it
INSERT INTO r.attendance_support (school_urn, pupil_id, kind, offered_on, accepted, description) VALUES (100001, 8, 'voluntary support', '2025-09-10', false, 'found in a drawer');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 8, '2025-09-16', 'AM', '/'), (100001, 9, '2025-09-15', 'AM', '/');
UPDATE r.contact SET full_name = 'Strange Newname', entered_by = 'x', title = 'y', reason = 'z' WHERE contact_id = 91;
SELECT fill(8, '2025-11-03', '2025-11-07', 'U') \g /dev/null
INSERT INTO r.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (9, 100001, 8, 81, '{[2025-11-03 AM,2025-11-08 AM)}', '2025-11-10', 'Kim Oak'), (10, 100001, 8, 82, '{[2025-11-03 AM,2025-11-08 AM)}', '2025-11-10', 'OTHER');
SELECT ok(same_at_issue(), 'later steps, names, support and marks');
SELECT results_eq($$ SELECT regexp_replace(line, 'support \d+', 'support n') FROM file('since') $$, format($$ VALUES ('2025-09-08 | AM I, was O; a letter came | Jo Ash, Clerk'), ('2025-09-19 | penalty notice 7 changed (by hand): received on 2025-09-22, was nothing | Kim Oak, Officer'),
    ('pupil 8 changed (deed poll): surname Newname, was Surname 8 | Kim Oak, Officer'), ('2025-09-15 | attendance support n changed (it ended): outcome came to nothing, was nothing | Kim Oak, Officer'),
    ('2025-09-15 | attendance case 5 changed (it ended): closed on 2025-09-22, was nothing; outcome attends, was nothing | Kim Oak, Officer'),
    ('2025-09-10 | attendance support n: kind voluntary support; offered on 2025-09-10; accepted no; description found in a drawer | %1$s'),
    ('2025-11-10 | penalty notice 9: step 2; issued on 2025-11-10; issued by Kim Oak; issuer local authority; sessions 2025-11-03 AM to 2025-11-07 PM; absences 10 | %1$s') $$, current_user), 'in the order of their entries, apart');
SELECT isnt((SELECT d.whole FROM r.legal_file_digest(7) d), kept.whole, 'the digest of all is another') FROM kept;
SELECT is((SELECT count(*) FROM r.legal_file(7) WHERE section = 'journal since'), 7::bigint, 'with their entries');
SELECT results_eq($$ SELECT left(said, 24), at_issue FROM r.legal_file(9) WHERE section = 'earlier notices' $$, $$ VALUES ('penalty notice 7: step 1', true), ('penalty notice 7 changed', true) $$, 'a second notice has the first');
SELECT is((SELECT count(*) FROM r.legal_file(10) WHERE section = 'earlier notices' OR said ~ 'Ann Parent|penalty notice [79]'), 0::bigint, 'that to the other parent does not');
SELECT ok((SELECT count(*) FROM r.legal_file(10) WHERE said ~ 'OTHER') >= 3, 'but has what is that parent''s');
SELECT is_empty($$ SELECT * FROM r.legal_file(7) f WHERE f.section !~ '^journal' AND f::text ~ 'OTHER|Other Parent|STRANGE|Strange|Surname 9|0770' $$, 'still nobody else');
-- what is corrected is seen: a row of the law
SAVEPOINT law;
UPDATE r.penalty_framework SET source = 'another' WHERE la_number IS NULL;
SELECT ok(NOT same_at_issue(), 'another law');
ROLLBACK TO law;
-- and so is what is done behind the journal's back
SAVEPOINT forged;
ALTER TABLE r.register_line DISABLE TRIGGER USER;
UPDATE r.register_line SET marks = set_mark(marks, '2025-09-09 AM', '/') WHERE school_urn = 100001 AND pupil_id = 8 AND academic_year = 2025;
ALTER TABLE r.register_line ENABLE TRIGGER USER;
SELECT ok(NOT same_at_issue(), 'a mark that no entry made');
ROLLBACK TO forged;
SAVEPOINT forged;
ALTER TABLE r.journal DISABLE TRIGGER USER;
UPDATE r.journal j SET entered_by = 'Another', hash = journal_hash(j.school_urn, j.entry_id, j.entered_at, j.kind, j.login, 'Another', j.title, j.reason, j.previous, j.payload) WHERE j.reason = 'no reason was "given"';
ALTER TABLE r.journal ENABLE TRIGGER USER;
SELECT ok(NOT same_at_issue(), 'an entry whose hash was made anew');
ROLLBACK TO forged;
SELECT ok(same_at_issue(), 'and back');

-- ---------- how much work it is ----------

-- no function in SQL is called once for each entry: such a query is started, and with JIT compiled, each time
SET LOCAL track_functions = 'all';
CREATE FUNCTION calls() RETURNS numeric LANGUAGE sql AS $$
    SELECT coalesce(sum(s.calls), 0) FROM pg_stat_xact_user_functions s JOIN pg_proc p ON p.oid = s.funcid JOIN pg_language l ON l.oid = p.prolang WHERE s.schemaname IN ('r', 'attendance') AND l.lanname = 'sql' $$;
CREATE TABLE work (entries bigint, calls numeric);
CREATE FUNCTION measure() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before numeric := calls();
    lines bigint := (SELECT count(*) FROM r.legal_file(7));
BEGIN
    INSERT INTO work VALUES (lines, calls() - before);
END
$$;
SELECT measure() \g /dev/null
DO $$ BEGIN
    FOR n IN 1 .. 60 LOOP
        INSERT INTO r.family_contact (school_urn, pupil_id, contact_id, purpose, channel, reached, said, made_by) VALUES (100001, 8, 81, 'letter', 'letter', true, format('letter %s', n), 'Kim Oak');
        UPDATE r.mark SET mark = (CASE WHEN n % 2 = 0 THEN 'I' ELSE 'O' END)::session_mark, entered_by = 'Jo Ash', title = 'Clerk', reason = format('letter %s', n) WHERE pupil_id = 8 AND day = '2025-09-10' AND session = 'AM';
    END LOOP;
END $$;
SELECT measure() \g /dev/null
SELECT ok(max(entries) >= min(entries) + 200, 'a file of many entries') FROM work;
SELECT is(max(calls), min(calls), 'needs no more queries than one of few') FROM work;

-- ---------- at two schools ----------

INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100002, 5, '2025-09-01');
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (51, 5, 'Parent of 5', true);
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100002, 5, '2025-09-15', 'AM', 'U');
INSERT INTO r.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, below_threshold_reason) VALUES (11, 100002, 5, 51, '{[2025-09-15 AM,2025-09-15 AM]}', '2025-09-16', 'Kim Oak', 'x');
SELECT is((SELECT string_agg(day || ' ' || split_part(said, ':', 1), ', ' ORDER BY place) FROM r.legal_file(11) WHERE section = 'register'),
    '2025-09-15 AM U, 2025-09-15 AM at school 100001 /, 2025-09-15 PM at school 100001 \, 2025-09-16 AM at school 100001 /, 2025-09-16 PM at school 100001 \', 'to the day of issue, at each school');
SELECT is((SELECT string_agg(split_part(said, ':', 1), ' ' ORDER BY said) FROM r.legal_file(11) WHERE section = 'journal heads'), '0 100001 100002', 'the chains of each');

-- ---------- of nothing; who may ----------

SELECT is_empty('SELECT * FROM r.legal_file(NULL)', 'of nothing');
SELECT is_empty('SELECT * FROM r.legal_file_line(NULL)', 'no lines');
SELECT is_empty('SELECT * FROM r.legal_file_digest(NULL)', 'no digest');
SELECT is(r.page_legal_file(NULL), NULL, 'no page');
SELECT throws_ok(format('SELECT * FROM r.%s(999)', f), '22023', 'the register has no penalty notice 999', f) FROM unnest('{legal_file,legal_file_line,legal_file_digest,page_legal_file,notice_mark,notice_record,notice_law,issued_notice}'::text[]) f;
CREATE ROLE lf_audit;
CREATE ROLE lf_reports;
GRANT USAGE ON SCHEMA attendance, public TO lf_audit, lf_reports;
SELECT grant_register('r', 'lf_audit', 'audit'), grant_register('r', 'lf_reports', 'reports') \g /dev/null
GRANT SELECT ON kept TO lf_audit;
SET LOCAL ROLE lf_audit;
SELECT is((SELECT d.at_issue FROM r.legal_file_digest(7) d), kept.at_issue, 'who audits gets the same') FROM kept;
SET LOCAL ROLE lf_reports;
SELECT throws_ok('SELECT * FROM r.legal_file(7)', '42501', 'permission denied for table journal', 'who may not read the journal');
RESET ROLE;

-- ---------- the page ----------

\ir register/page_text.sql
CREATE TABLE page AS SELECT r.page_legal_file(7) AS html;
SELECT lives_ok('SELECT html::xml FROM page', 'it is well-formed');
SELECT ok(html LIKE '%<title>Penalty notice 7 of 19 Sep 2025: legal file</title>%', 'its title') FROM page;
SELECT ok(strpos(html, regexp_replace(kept.at_issue, '(.{16})', '\1 ', 'g')) > 0, 'its digest') FROM page, kept;
SELECT is((SELECT string_agg(m[1], ', ') FROM regexp_matches(html, '<h2>([^<]*)</h2>', 'g') m), 'Digest, The notice, Pupil and parent, The law, The register as it stood when the notice was entered, Amendments until then, Leave for these sessions, Contacts with the family, Support and cases, '
    'Earlier notices to the parent, The entries in the journal, The newest entries of their chains, Entered since, Entries in the journal since', 'its sections') FROM page;
SELECT is((SELECT count(*) FROM page, rows_of(html)) - 12, (SELECT count(*) FROM r.legal_file(7)), 'a row for each, beside the headings');
SELECT ok(html LIKE '%in Zuerich &lt;b&gt;%' AND html NOT LIKE '%<b>;%', 'words are escaped') FROM page;
SELECT ok(html LIKE '%Notices before this one: nothing to show.%', 'what there is none of is said') FROM page;
SELECT * FROM finish();
