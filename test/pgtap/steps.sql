-- Steps against parents: each step with each condition that it lacks, what stands, and what is listed.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

-- 50 to 57 are at schools 100010 to 100017, one of each type but academies; 58 and 59 at special schools with rows of their own
INSERT INTO r.school (urn, name, phase, type, la_number)
SELECT 100009 + n, 'School', 'Secondary', t, 380 FROM unnest('{Local authority maintained schools,Free schools,Independent schools,Colleges,Universities,Special schools,Other types,Independent schools}'::text[]) WITH ORDINALITY AS u (t, n);
INSERT INTO r.school (urn, name, phase, type, la_number) SELECT u, 'School', 'Special', 'Special schools', 380 FROM unnest('{100018,100019}'::int[]) u;
-- attendance_case.sql is about support before them
INSERT INTO r.rule_setting SELECT u, 'support first', 'record', 'test', 'test' FROM generate_series(100010, 100019) u;
INSERT INTO r.relevant_school (school_urn, from_day, to_day, relevant, source) VALUES (100018, '2000-01-01', '2999-12-31', true, 'maintained'), (100019, '2000-01-01', '2025-09-21', true, 'maintained'),
    (100019, '2025-09-22', '2999-12-31', false, 'independent since');
INSERT INTO r.school_day (school_urn, day) SELECT u, d FROM generate_series(100010, 100019) u, generate_series(timestamp '2025-09-08', '2025-09-12', '1 day') d;
INSERT INTO r.school_day (school_urn, day) SELECT 100001, d FROM generate_series(timestamp '2025-06-23', '2025-07-04', '1 day') d WHERE extract(isodow FROM d) < 6;
-- 31 becomes of compulsory school age on 31 December 2025; for 32, in year 12, it ended on 27 June 2025, as for 33
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (31, 'Four', 'A', '2021-09-20'), (32, 'Twelve', 'B', '2009-03-01'), (33, 'Over', 'C', '2009-03-01'), (34, 'Guest', 'D', '2015-03-01');
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT p, 'Pupil', 'P', '2015-03-01' FROM generate_series(50, 59) p;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status, year_group) VALUES (100001, 31, '2025-09-01', 'C', 'N2'), (100001, 32, '2024-09-01', 'C', '12'), (100001, 33, '2024-09-01', 'C', '11'), (100001, 34, '2025-09-01', 'G', NULL);
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) SELECT 99960 + p, p, '2025-09-01' FROM generate_series(50, 59) p;
-- PUPIL1 and PUPIL3 are parents, PUPIL2 is none, PUPIL4 was one
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, to_day)
SELECT p.pupil_id * 10 + n, p.pupil_id, n, n <> 2, CASE n WHEN 4 THEN date '2025-09-21' END FROM r.pupil p, generate_series(1, 4) n;

CREATE FUNCTION fill(pupil bigint, first_day date, last_day date, am text, pm text DEFAULT NULL, school int DEFAULT 100001) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT school, pupil, d.day, s.session, s.mark::session_mark
    FROM r.school_day d CROSS JOIN LATERAL (VALUES ('AM', am, d.morning), ('PM', coalesce(pm, am), d.afternoon)) AS s (session, mark, held)
    WHERE d.school_urn = school AND d.day BETWEEN first_day AND last_day AND s.held AND s.mark <> ''
$$;
CREATE FUNCTION mornings(pupil bigint, mark text, days date[], school int DEFAULT 100001) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT school, pupil, d, 'AM', mark::session_mark FROM unnest(days) d
$$;
-- A notice for the week of 8 September 2025, as far as other is not it.
CREATE FUNCTION notice(contact bigint, other jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT format('INSERT INTO r.penalty_notice (%s) VALUES (%s)', string_agg(quote_ident(key), ', '), string_agg(quote_nullable(value), ', '))
    FROM jsonb_each_text(jsonb_build_object('school_urn', 100001, 'pupil_id', contact / 10, 'contact_id', contact, 'sessions', '{[2025-09-08 AM,2025-09-13 AM)}',
        'issued_on', '2025-09-22', 'issued_by', 'Kim Oak') || other)
$$;
CREATE FUNCTION support(contact bigint, kind text, offered date, from_day date DEFAULT NULL, to_day date DEFAULT NULL, extends bigint DEFAULT NULL, id bigint DEFAULT NULL, accepted boolean DEFAULT NULL) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.attendance_support (support_id, school_urn, pupil_id, contact_id, kind, offered_on, accepted, from_day, to_day, description, extends_id) VALUES (%s, 100001, %s, %s, %L, %L, %L, %L, %L, ''x'', %L)',
    coalesce(id::text, 'DEFAULT'), contact / 10, contact, kind, offered, coalesce(accepted, from_day IS NOT NULL), from_day, to_day, extends);
CREATE FUNCTION improve(contact bigint, issued date, decided date DEFAULT NULL) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.notice_to_improve (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day, outcome, decided_on)
    VALUES (100001, %s, %s, ''{[2025-09-08 AM,2025-09-13 AM)}'', %L, ''Kim Oak'', ''x'', ''x'', %3$L, %3$L::date + 28, %L, %L)', contact / 10, contact, issued, CASE WHEN decided IS NOT NULL THEN 'improved' END, decided);
-- An update of a notice of the contact, signed.
CREATE FUNCTION change(contact bigint, changes text, signature text DEFAULT ', entered_by = ''Kim Oak'', title = ''Officer'', reason = ''x''') RETURNS text LANGUAGE sql
RETURN format('UPDATE r.penalty_notice SET %s%s WHERE contact_id = %s', changes, signature, contact);
-- What is listed of prosecutions after a command, which is taken back.
CREATE FUNCTION breaches_after(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    found text[];
BEGIN
    EXECUTE command;
    SELECT array_agg(substring(problem FROM 'prosecuted on \S+ (.*)')) INTO found FROM r.legal_step_breach WHERE rule = 'prosecution';
    RAISE EXCEPTION USING ERRCODE = 'P0999';
EXCEPTION WHEN SQLSTATE 'P0999' THEN
    RETURN QUERY SELECT f FROM unnest(coalesce(found, '{NULL}')) AS f;
END
$$;
CREATE FUNCTION today() RETURNS date LANGUAGE sql RETURN (now() AT TIME ZONE 'Europe/London')::date;

-- ---------- an offence (AT062) ----------

SELECT fill(1, '2025-09-08', '2025-09-12', '/', '\'), fill(2, '2025-09-08', '2025-09-12', 'O'), fill(3, '2025-09-08', '2025-09-12', 'O'), fill(10, '2025-09-08', '2025-09-12', 'I') \g /dev/null
-- 4: nine; 5: ten in ten school weeks; 6: ten in eleven, nine in ten; 7: G, N, O, U among others; 8: one
SELECT fill(4, '2025-09-08', '2025-09-11', 'O'), mornings(4, 'O', '{2025-09-12}'), mornings(5, 'U', '{2025-09-08,2025-09-15,2025-09-22,2025-09-29,2025-10-06,2025-10-13,2025-10-20,2025-11-03,2025-11-10,2025-11-17}'),
    mornings(6, 'O', '{2025-09-04,2025-09-08,2025-09-15,2025-09-22,2025-09-29,2025-10-06,2025-10-13,2025-10-20,2025-11-03,2025-11-17}'), fill(7, '2025-09-08', '2025-09-09', 'G'), fill(7, '2025-09-10', '2025-09-11', 'N', 'U'),
    fill(7, '2025-09-12', '2025-09-12', 'O'), fill(7, '2025-09-15', '2025-09-16', 'L', 'I'), mornings(8, 'G', '{2025-09-08}') \g /dev/null
SELECT fill(31, '2025-09-08', '2025-09-12', 'O'), fill(32, '2025-09-08', '2025-09-12', 'O'), fill(33, '2025-06-23', '2025-07-01', 'O'), fill(34, '2025-09-08', '2025-09-12', 'O') \g /dev/null
SELECT fill(p, '2025-09-08', '2025-09-12', 'O', school => (99960 + p)::int) FROM generate_series(50, 59) p \g /dev/null
-- 21: five at 100001, five at 100002; 9 has no mark
SELECT fill(21, '2025-10-13', '2025-10-14', 'O'), mornings(21, 'O', '{2025-10-15}'), fill(21, '2025-11-03', '2025-11-04', 'U', school => 100002), mornings(21, 'U', '{2025-11-08}', 100002) \g /dev/null

CREATE FUNCTION at(urn int) RETURNS jsonb LANGUAGE sql RETURN jsonb_build_object('school_urn', urn);
CREATE FUNCTION said(contact bigint, problem text, issued text DEFAULT '2025-09-22') RETURNS text LANGUAGE sql
RETURN format('AT062: penalty notice of %s to contact %s for pupil %s: %s', issued, contact, contact / 10, problem);
SELECT is(outcome(command), wanted, label) FROM (VALUES
    ('ten marks /', notice(11), said(11, 'none of its sessions has G, N, O or U')),
    ('illness', notice(101), said(101, 'none of its sessions has G, N, O or U')),
    ('no mark', notice(91), said(91, 'none of its sessions has G, N, O or U')),
    ('other sessions than those of absence', notice(21, '{"sessions": "{[2025-09-15 AM,2025-09-20 AM)}"}'), said(21, 'none of its sessions has G, N, O or U')),
    ('sessions after the issue', notice(21, '{"issued_on": "2025-09-09"}'), said(21, '4 of its sessions with G, N, O or U lie within 10 school weeks, fewer than 10, and no reason is given', '2025-09-09')),
    ('four years old', notice(311), said(311, 'at 10 of its 10 sessions with G, N, O or U the pupil was not of compulsory school age')),
    ('year 12', notice(321), said(321, 'at 10 of its 10 sessions with G, N, O or U the pupil was not of compulsory school age')),
    ('over school age at some', notice(331, '{"sessions": "{[2025-06-23 AM,2025-07-02 AM)}"}'), said(331, 'at 4 of its 14 sessions with G, N, O or U the pupil was not of compulsory school age')),
    ('over school age at none', notice(331, '{"sessions": "{[2025-06-23 AM,2025-06-28 AM)}"}'), 'accepted'),
    ('a guest', notice(341), said(341, 'none of its sessions has G, N, O or U')),
    ('nine sessions', notice(41), said(41, '9 of its sessions with G, N, O or U lie within 10 school weeks, fewer than 10, and no reason is given')),
    ('nine sessions with a reason', notice(41, '{"below_threshold_reason": "a holiday after leave was refused"}'), 'accepted'),
    ('a reason without words', notice(41, '{"below_threshold_reason": " "}'), '23514: new row for relation "penalty_notice" violates check constraint "penalty_notice_below_threshold_reason_check"'),
    ('ten in ten school weeks', notice(51, '{"sessions": "{[2025-09-08 AM,2025-11-18 AM)}", "issued_on": "2025-11-24"}'), 'accepted'),
    ('ten in eleven', notice(61, '{"sessions": "{[2025-09-04 AM,2025-11-18 AM)}", "issued_on": "2025-11-24"}'),
        said(61, '9 of its sessions with G, N, O or U lie within 10 school weeks, fewer than 10, and no reason is given', '2025-11-24')),
    ('G, N, O and U', notice(71, '{"sessions": "{[2025-09-08 AM,2025-09-17 AM)}"}'), 'accepted'),
    ('one session', notice(81), said(81, '1 of its sessions with G, N, O or U lie within 10 school weeks, fewer than 10, and no reason is given')),
    ('before there was a threshold', notice(81, '{"sessions": "{[2025-09-08 AM,2025-09-08 PM)}", "issued_on": "2024-08-18"}'), '23514: new row for relation "penalty_notice" violates check constraint "penalty_notice_before_issue"'),
    ('of two schools', notice(211, '{"school_urn": 100002, "sessions": "{[2025-10-13 AM,2025-11-09 AM)}", "issued_on": "2025-11-10"}'), 'accepted'),
    ('who is no parent', notice(22), 'AT062: contact 22 was not a parent of pupil 2 on 2025-09-22'),
    ('who is no parent any more', notice(24), 'AT062: contact 24 was not a parent of pupil 2 on 2025-09-22'),
    ('who was one then', notice(24, '{"issued_on": "2025-09-21"}'), 'accepted'),
    ('another pupil''s parent', notice(21, '{"contact_id": 11}'), '23514: contact 11 is not a parent of pupil 2'),
    ('nobody', notice(21, '{"contact_id": 99999}'), '23514: contact 99999 is not a parent of pupil 2'),
    ('an academy', notice(21), 'accepted'),
    ('withdrawn as it is entered', notice(11, '{"withdrawn_on": "2025-09-23", "withdrawal_reason": "no absence"}'), 'accepted')) AS v (label, command, wanted);

-- each type of school
SELECT is(outcome(notice(p * 10 + 1, at(99960 + p))), wanted, 'at a school: ' || s.type || ' ' || urn)
FROM (VALUES (50, 'accepted'), (51, 'accepted'), (52, NULL), (53, NULL), (54, NULL), (55, 'accepted'), (56, 'accepted'), (57, NULL), (58, 'accepted'),
    (59, said(591, 'there are none at schools like 100019, of the type "Special schools" (relevant_school)'))) AS v (p, w)
JOIN r.school s ON s.urn = 99960 + p CROSS JOIN LATERAL (SELECT coalesce(w, said(p * 10 + 1, format('there are none at schools like %s, of the type "%s" (relevant_school)', s.urn, s.type)))) AS x (wanted);
SELECT is(outcome(notice(591, at(100019) || '{"issued_on": "2025-09-21"}')), 'accepted', 'by the day of issue');
SELECT is(r.is_relevant_school(u, '2025-09-22'), w, 'relevant: ' || u) FROM (VALUES (100001, true), (100010, true), (100012, false), (100015, NULL), (100016, NULL), (100018, true), (100019, false), (1, NULL)) AS v (u, w);
-- by the type of the day of issue, and who was a parent on it
UPDATE r.school SET type = 'Academies', holds_from = '2025-09-22' WHERE urn = 100012;
SELECT is(outcome(notice(521, at(100012))), 'accepted', 'an independent school that has become an academy');
SELECT is(outcome(notice(521, at(100012) || '{"issued_on": "2025-09-21"}')) ~ '^AT062: .*: there are none at schools like 100012', true, 'the day before');
UPDATE r.contact SET is_parent = false, holds_from = '2025-09-22', entered_by = 'x', title = 'x', reason = 'x' WHERE contact_id = 23;
SELECT is(outcome(notice(23)), 'AT062: contact 23 was not a parent of pupil 2 on 2025-09-22', 'who is no parent from that day');
SELECT is(outcome(notice(23, '{"issued_on": "2025-09-21"}')), 'accepted', 'a day before');
UPDATE r.contact SET is_parent = true, holds_from = '2025-09-22', entered_by = 'x', title = 'x', reason = 'x' WHERE contact_id = 23;
SELECT results_eq($$ SELECT * FROM r.penalty_offence(100001, 6, '{[2025-09-04 AM,2025-11-18 AM)}', '2025-11-24') $$, 'VALUES (10, 0, 9, 10, 10)', 'an offence, counted');
SELECT results_eq($$ SELECT * FROM r.penalty_offence(100001, 7, '{[2025-09-08 AM,2025-09-17 AM)}', '2024-08-18') $$, 'VALUES (0, 0, 0, NULL::integer, NULL::integer)', 'before there was a threshold');
SELECT results_eq('SELECT * FROM r.penalty_offence(NULL, NULL, NULL, NULL)', 'VALUES (0, 0, 0, NULL::integer, NULL::integer)', 'nothing of nothing');

-- recorded where the school says so, and listed; so is what is not certain, or has become one
INSERT INTO r.rule_setting VALUES (100001, 'no offence', 'record', 'test', 'test');
SELECT is(outcome(notice(11), true), 'accepted', 'recorded where the school says so');
DELETE FROM r.rule_setting WHERE rule = 'no offence';
SELECT is(outcome(notice(551, at(100015)), true), 'accepted', 'not certain');
SELECT is(outcome(notice(31), true), 'accepted', 'an offence');
SELECT results_eq('SELECT relation, pupil_id, rule, column_name, certain, problem FROM r.legal_step_breach WHERE rule <> ''support first'' ORDER BY 2', $$ VALUES
    ('penalty_notice', 1::bigint, 'no offence', 'sessions', true, 'penalty notice of 2025-09-22 to contact 11 for pupil 1: none of its sessions has G, N, O or U'),
    ('penalty_notice', 55, 'no offence', 'school_urn', false, 'penalty notice of 2025-09-22 to contact 551 for pupil 55: whether there are any at school 100015, of the type "Special schools", is not known (relevant_school)') $$, 'which is listed');
UPDATE r.mark SET mark = 'C', reason = 'leave was granted' WHERE pupil_id = 3;
SELECT is((SELECT problem FROM r.legal_step_breach WHERE pupil_id = 3 AND rule <> 'support first'), 'penalty notice of 2025-09-22 to contact 31 for pupil 3: none of its sessions has G, N, O or U', 'as is one whose marks were amended');
SELECT is((SELECT absences FROM r.penalty_notice WHERE contact_id = 31), 10, 'what it was issued for stays');
SELECT is(outcome(change(31, 'received_on = ''2025-09-24''')), 'accepted', 'what is received is entered');
SELECT is(outcome(change(31, 'received_on = ''2025-09-24'', prosecuted_on = ''2025-11-03''')), said(31, 'none of its sessions has G, N, O or U'), 'but not prosecuted');
SELECT is(outcome(change(31, 'withdrawn_on = ''2025-11-03'', withdrawal_reason = ''leave''') || '; ' || change(31, 'withdrawn_on = NULL, withdrawal_reason = NULL')), said(31, 'none of its sessions has G, N, O or U'), 'nor issued again');
SELECT is(outcome(change(31, 'withdrawn_on = ''2025-11-03'', withdrawal_reason = ''leave'''), true), 'accepted', 'it is withdrawn');
SELECT is_empty('SELECT * FROM r.legal_step_breach WHERE pupil_id = 3', 'and listed no more');

-- ---------- with whom ----------

SELECT is(outcome(command), wanted, label) FROM (VALUES
    ('support of another pupil''s parent', replace(support(21, 'voluntary support', '2025-09-22'), '100001, 2,', '100001, 1,'), '23514: contact 21 is not a parent of pupil 1'),
    ('support of who is no parent', support(22, 'attendance contract', '2025-09-22'), 'AT062: contact 22 was not a parent of pupil 2 on 2025-09-22'),
    ('of who is none any more', support(24, 'voluntary support', '2025-09-22'), 'AT062: contact 24 was not a parent of pupil 2 on 2025-09-22'),
    ('of who was one', support(24, 'voluntary support', '2025-09-21'), 'accepted'),
    ('of the family', replace(support(21, 'voluntary support', '2025-09-22'), ' 21,', ' NULL,'), 'accepted'),
    ('a notice to improve to another pupil''s parent', replace(improve(21, '2025-09-22'), '100001, 2,', '100001, 1,'), '23514: contact 21 is not a parent of pupil 1'),
    ('a notice to improve to who is no parent', improve(22, '2025-09-22'), 'AT062: contact 22 was not a parent of pupil 2 on 2025-09-22'),
    ('a notice to improve to a parent', improve(21, '2025-09-22'), 'accepted')) AS v (label, command, wanted);
SELECT is(outcome(support(21, 'attendance contract', '2025-09-01', '2025-09-10', '2025-12-19', id => 1), true), 'accepted', 'support');
SELECT is(outcome(improve(21, '2025-09-22'), true), 'accepted', 'and a notice to improve');
SELECT is(outcome(replace(command, '#', signature)), wanted, command || ' ' || signature)
FROM (VALUES ('UPDATE r.attendance_support SET outcome = ''ended''#'), ('UPDATE r.attendance_support SET offered_on = ''2025-08-01''#'), ('UPDATE r.notice_to_improve SET target = ''none''#'), ('UPDATE r.notice_to_improve SET outcome = ''improved'', decided_on = ''2025-10-01''#')) AS c (command),
    (VALUES (', entered_by = ''x'', title = ''x'', reason = ''x''', 'accepted'), ('', NULL), (', entered_by = ''x'', title = ''x''', NULL)) AS s (signature, w),
    LATERAL (SELECT coalesce(w, format('AT036: table "%s": to change an entry, entered_by, title and reason must be given', substring(command FROM 'r\.(\w+)')))) AS x (wanted);
SELECT is(outcome('UPDATE r.attendance_support SET contact_id = ' || contact || ', entered_by = ''x'', title = ''x'', reason = ''x'''), wanted, 'it goes to ' || contact) FROM (VALUES
    (11, '23514: contact 11 is not a parent of pupil 2'), (22, 'AT062: contact 22 was not a parent of pupil 2 on 2025-09-01'), (23, 'accepted')) AS v (contact, wanted);

-- ---------- a notice stands (AT063) ----------

SELECT is(outcome(notice(21, '{"step": 2}')), 'AT063: the step of a penalty notice of 2025-09-22 to contact 21 of pupil 2 is counted: it is 1, not 2', 'the step is counted');
SELECT is(outcome(notice(21, '{"step": 1, "absences": 99}'), true), 'accepted', 'and may be given as it is');
SELECT is((SELECT (step, absences)::text FROM r.penalty_notice WHERE contact_id = 21), '(1,10)', 'as are the absences');
SELECT fill(2, '2025-09-15', '2025-09-19', 'U') \g /dev/null
\set second '{"sessions": "{[2025-09-15 AM,2025-09-20 AM)}", "issued_on": "2025-10-06"'
SELECT is(outcome(notice(contact, other::jsonb)), wanted, label) FROM (VALUES
    ('step 1 on a second notice', 21, :'second' || ', "step": 1}', 'AT063: the step of a penalty notice of 2025-10-06 to contact 21 of pupil 2 is counted: it is 2, not 1'),
    ('step 2 on a second notice', 21, :'second' || ', "step": 2}', 'accepted'),
    ('the same sessions', 21, '{"issued_on": "2025-10-06"}', 'AT063: contact 21 of pupil 2 has penalty notice %s of 2025-09-22 for some of the sessions already'),
    ('one of them', 21, '{"sessions": "{[2025-09-12 PM,2025-09-20 AM)}", "issued_on": "2025-10-06"}', 'AT063: contact 21 of pupil 2 has penalty notice %s of 2025-09-22 for some of the sessions already'),
    ('the same sessions of the other parent', 23, '{}', 'accepted'),
    ('the same sessions, withdrawn as it is entered', 21, '{"withdrawn_on": "2025-09-23", "withdrawal_reason": "twice"}', 'accepted'),
    ('the same sessions, of which the parent was found not guilty', 21, '{"received_on": "2025-09-22", "prosecuted_on": "2025-11-03", "prosecution_outcome": "not guilty"}', 'accepted')) AS v (label, contact, other, w),
    LATERAL (SELECT format(w, (SELECT notice_id FROM r.penalty_notice WHERE contact_id = 21))) AS x (wanted);
-- each column after the issue
CREATE FUNCTION stands(of_column text) RETURNS text LANGUAGE sql
RETURN (SELECT format('AT063: penalty notice %s of contact 21 for pupil 2 stands as it was issued on 2025-09-22: %s is not changed', notice_id, of_column) FROM r.penalty_notice WHERE contact_id = 21);
SELECT is(outcome(change(21, changes)), CASE WHEN of_column IS NULL THEN 'accepted' ELSE stands(of_column) END, changes) FROM (VALUES
    ('notice_id = 999', 'notice_id'), ('school_urn = 100002', 'school_urn'), ('contact_id = 23', 'contact_id'), ('sessions = ''{[2025-09-08 AM,2025-09-12 AM)}''', 'sessions'), ('step = 2', 'step'), ('absences = 9', 'absences'),
    ('issued_on = ''2025-09-21''', 'issued_on'), ('issued_by = ''Lee Ash''', 'issued_by'), ('issuer = ''police''', 'issuer'), ('below_threshold_reason = ''x''', 'below_threshold_reason'), ('issued_by = ''Lee Ash'', received_on = ''2025-09-23''', 'issued_by'),
    ('received_on = ''2025-09-23''', NULL), ('received_on = ''2025-09-23'', paid_on = ''2025-09-24'', paid_amount = 80', NULL), ('withdrawn_on = ''2025-09-24'', withdrawal_reason = ''x''', NULL),
    ('received_on = ''2025-09-23'', prosecuted_on = ''2025-11-03''', NULL), ('received_on = ''2025-09-23'', prosecuted_on = ''2025-11-03'', prosecution_outcome = ''guilty''', NULL), ('issued_by = issued_by', NULL)) AS v (changes, of_column);

SELECT is(outcome(change(21, 'pupil_id = 1, contact_id = 11')), (SELECT format('AT063: penalty notice %s of contact 21 for pupil 2 stands as it was issued on 2025-09-22: contact_id is not changed', notice_id) FROM r.penalty_notice WHERE contact_id = 21), 'nor to whom');
SELECT is(outcome(change(21, changes, signature)), 'AT036: table "penalty_notice": to change an entry, entered_by, title and reason must be given', 'unsigned: ' || changes || signature)
FROM unnest(ARRAY['received_on = ''2025-09-23''', 'paid_on = ''2025-09-24'', paid_amount = 80', 'withdrawn_on = ''2025-09-24'', withdrawal_reason = ''x''']) AS c (changes), unnest(ARRAY['', ', entered_by = ''x'', title = '' '', reason = ''x''']) AS s (signature);
SELECT is(outcome('UPDATE r.penalty_notice SET issued_on = ''2025-09-01'' WHERE contact_id = 21'), 'AT036: table "penalty_notice": to change an entry, entered_by, title and reason must be given', 'what is neither is not signed');
SELECT is((SELECT can_be_set FROM register_rules() WHERE sqlstate = 'AT063'), false, 'no school can set it');
-- a withdrawn one counts no more, but what the second was when it was issued stays, also when it is entered later
SELECT is(outcome(notice(21, (:'second' || '}')::jsonb), true), 'accepted', 'a second one');
SELECT is(outcome(change(21, 'withdrawn_on = ''2025-10-20'', withdrawal_reason = ''wrong name''') || ' AND step = 1', true), 'accepted', 'the first is withdrawn');
SELECT is((SELECT string_agg(step || ' ' || counts, ', ' ORDER BY step) FROM r.penalty_notice WHERE contact_id = 21), '1 false, 2 true', 'the second stays the second');
SELECT fill(2, '2025-11-03', '2025-11-07', 'O'), fill(2, '2025-09-22', '2025-09-26', 'O') \g /dev/null
SELECT is(outcome(notice(21, '{"sessions": "{[2025-11-03 AM,2025-11-08 AM)}", "issued_on": "2025-11-10", "step": 2}')), 'accepted', 'the next is the second of those that count');
SELECT is(outcome(notice(21, '{"sessions": "{[2025-09-22 AM,2025-09-27 AM)}", "issued_on": "2025-10-13", "step": 3}')), 'accepted', 'one of before the withdrawal was the third, whenever it is entered');
SELECT is(outcome(notice(21), true), 'accepted', 'its sessions are free again');
SELECT is(outcome(change(21, 'withdrawn_on = NULL, withdrawal_reason = NULL') || ' AND withdrawn_on IS NOT NULL') ~ '^AT063: contact 21 of pupil 2 has penalty notice \d+ of 2025-09-22 for some of the sessions already$', true, 'so that it cannot come back');
-- what no trigger sees
ALTER TABLE r.penalty_notice DISABLE TRIGGER guard_penalty_notice;
SELECT is(outcome(notice(21, '{"step": 1, "absences": 10}')), '23P01: conflicting key value violates exclusion constraint "penalty_notice_no_overlap"', 'a constraint holds it, too');
ALTER TABLE r.penalty_notice ENABLE TRIGGER guard_penalty_notice;

-- ---------- notices that are entered out of order (AT068) ----------

-- of pupil 5 and its parent 51, who has one absence a week from 8 September to 17 November: each notice is for the first days of a week
CREATE FUNCTION one(issued text, other jsonb DEFAULT '{}', contact bigint DEFAULT 53) RETURNS text LANGUAGE sql RETURN notice(contact, jsonb_build_object('issued_on', issued,
    'sessions', format('{[%s AM,%1$s PM)}', date_trunc('week', issued::timestamp)::date - 7), 'below_threshold_reason', 'x') || other);
CREATE FUNCTION stepped(contact bigint DEFAULT 53) RETURNS text LANGUAGE sql RETURN (SELECT string_agg(to_char(n.issued_on, 'YYYY-MM-DD ') || n.step || CASE WHEN b.id IS NOT NULL THEN ' not ' || substring(b.problem FROM 'is step (\d)') ELSE '' END, ', ' ORDER BY n.issued_on, n.step, n.notice_id)
    FROM r.penalty_notice n LEFT JOIN r.legal_step_breach b ON b.id = n.notice_id AND b.rule = 'notice step' WHERE n.contact_id = contact);
-- What the commands make, and what is listed then; taken back.
CREATE FUNCTION steps_after(VARIADIC commands text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    command text;
    found text;
BEGIN
    FOREACH command IN ARRAY commands LOOP EXECUTE command; END LOOP;
    found := stepped();
    RAISE EXCEPTION USING ERRCODE = 'P0999';
EXCEPTION WHEN SQLSTATE 'P0999' THEN
    RETURN found;
WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
UPDATE r.penalty_framework SET years = 1 WHERE la_number IS NULL;
INSERT INTO r.rule_setting VALUES (100001, 'no offence', 'record', 'x', 'y'), (100001, 'prosecution', 'record', 'x', 'y');
SELECT is(steps_after(VARIADIC commands), wanted, label) FROM (VALUES
    ('in order', ARRAY[one('2025-09-15'), one('2025-09-22')], '2025-09-15 1, 2025-09-22 2'),
    ('out of order', ARRAY[one('2025-09-22'), one('2025-09-15')], '2025-09-15 1, 2025-09-22 1 not 2'),
    ('on the same day', ARRAY[one('2025-09-22'), one('2025-09-22', '{"sessions": "{[2025-09-16 AM,2025-09-17 PM)}"}')], '2025-09-22 1, 2025-09-22 2'),
    ('on the same day, with numbers that go down', ARRAY[one('2025-09-22', '{"notice_id": 902}'), one('2025-09-22', '{"notice_id": 901, "sessions": "{[2025-09-16 AM,2025-09-17 PM)}"}')], '2025-09-22 1, 2025-09-22 2'),
    ('a third is refused whatever the order', ARRAY[one('2025-09-22'), one('2025-09-29'), one('2025-09-15')], 'AT060'),
    ('a withdrawn one between', ARRAY[one('2025-09-15'), one('2025-09-22'), change(53, 'withdrawn_on = ''2025-09-23'', withdrawal_reason = ''x''') || ' AND issued_on = ''2025-09-22''', one('2025-09-29')], '2025-09-15 1, 2025-09-22 2, 2025-09-29 2'),
    ('withdrawn after the next was issued', ARRAY[one('2025-09-15'), one('2025-09-22'), change(53, 'withdrawn_on = ''2025-09-23'', withdrawal_reason = ''x''') || ' AND issued_on = ''2025-09-15'''], '2025-09-15 1, 2025-09-22 2'),
    ('withdrawn before the next was issued, as is entered only then', ARRAY[one('2025-09-15'), one('2025-09-22'), change(53, 'withdrawn_on = ''2025-09-16'', withdrawal_reason = ''x''') || ' AND issued_on = ''2025-09-15'''], '2025-09-15 1, 2025-09-22 2 not 1'),
    ('entered withdrawn, out of order', ARRAY[one('2025-09-22'), one('2025-09-15', '{"withdrawn_on": "2025-09-16", "withdrawal_reason": "x"}')], '2025-09-15 1, 2025-09-22 1'),
    ('entered out of order, then the other withdrawn', ARRAY[one('2025-09-22'), one('2025-09-15'), change(53, 'withdrawn_on = ''2025-09-23'', withdrawal_reason = ''x''') || ' AND issued_on = ''2025-09-22'''], '2025-09-15 1, 2025-09-22 1'),
    ('not guilty, nobody knows since when', ARRAY[one('2025-09-15', '{"received_on": "2025-09-15", "prosecuted_on": "2025-10-13"}'), one('2025-10-20'), change(53, 'prosecution_outcome = ''not guilty''') || ' AND issued_on = ''2025-09-15'''], '2025-09-15 1, 2025-10-20 2'),
    ('not guilty before the next', ARRAY[one('2025-09-15', '{"received_on": "2025-09-15", "prosecuted_on": "2025-10-13", "prosecution_outcome": "not guilty"}'), one('2025-10-20')], '2025-09-15 1, 2025-10-20 1'),
    ('a year and a day before', ARRAY[one('2025-11-10'), one('2024-11-10')], '2024-11-10 1, 2025-11-10 1'),
    ('a year before but for a day', ARRAY[one('2025-11-10'), one('2024-11-11')], '2024-11-11 1, 2025-11-10 1 not 2'),
    ('from before the framework', ARRAY[one('2025-03-10'), one('2024-08-18')], '2024-08-18 1, 2025-03-10 1'),
    ('the other parent''s', ARRAY[one('2025-09-22'), one('2025-09-15', contact => 51)], '2025-09-22 1')) AS v (label, commands, wanted);
-- over a leap day: the three years that end on 28 February 2027 begin on 29 February 2024, those to 29 February 2028 on 1 March 2025
UPDATE r.penalty_framework SET years = 3, from_day = '2020-01-01' WHERE la_number IS NULL;
INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, below_threshold_reason)
SELECT 100001, 5, 53, school_session_multirange(school_session_range(school_session(d, 'AM'), school_session(d, 'PM'))), d, 'x', 'x' FROM unnest('{2020-02-29}'::date[]) AS d;
SELECT is((SELECT e.at_least FROM earlier_notices('r', 5, 53, day::date) e), wanted, 'a notice of 29 February 2020 counts on ' || day) FROM (VALUES ('2020-03-01', 1), ('2023-02-27', 1), ('2023-02-28', 1), ('2023-03-01', 0)) AS v (day, wanted);
SELECT is_empty($$ SELECT day, later FROM generate_series(timestamp '2023-02-25', '2024-03-03', '1 day') AS d (day), generate_series(timestamp '2026-02-25', '2028-03-03', '1 day') AS l (later)
    WHERE (later < anniversary(day::date, 36)) <> (day > later - interval '3 years') $$, 'the years before a day are those after the other');
UPDATE r.penalty_framework SET from_day = '2024-08-19' WHERE la_number IS NULL;
DELETE FROM r.rule_setting WHERE school_urn = 100001 AND rule IN ('no offence', 'prosecution');

-- ---------- prosecution (AT064) ----------

-- of 7, who has a first notice, received on 24 September: 21 days to 14 October, 28 to the 21st
SELECT is(outcome(notice(71, '{"sessions": "{[2025-09-08 AM,2025-09-17 AM)}"}'), true), 'accepted', 'a first notice');
CREATE FUNCTION prosecuted(contact bigint, on_day text, problem text) RETURNS text LANGUAGE sql
RETURN format('AT064: penalty notice of %s to contact %s for pupil %s, prosecuted on %s: %s', '2025-09-22', contact, contact / 10, on_day, problem);
CREATE TABLE trial AS SELECT * FROM (VALUES
    ('not received', '{}', '2025-11-03', 'it is not known when it was received, and when the time to pay ended'),
    ('not received, paid', '{"paid_on": "2025-10-20", "paid_amount": 160}', '2025-10-21', 'it is not known when it was received, and when the time to pay ended'),
    ('on the last day', '{"received_on": "2025-09-24"}', '2025-10-21', 'the time to pay ends on 2025-10-21'),
    ('on the day after it', '{"received_on": "2025-09-24"}', '2025-10-22', NULL),
    ('on the day of issue', '{"received_on": "2025-09-22"}', '2025-09-22', 'the time to pay ends on 2025-10-19'),
    ('half in 21 days', '{"received_on": "2025-09-24", "paid_on": "2025-10-14", "paid_amount": 80}', '2025-11-03', 'it was paid in time, on 2025-10-14'),
    ('less than half', '{"received_on": "2025-09-24", "paid_on": "2025-10-14", "paid_amount": 79.99}', '2025-11-03', NULL),
    ('half in 22 days', '{"received_on": "2025-09-24", "paid_on": "2025-10-15", "paid_amount": 80}', '2025-11-03', NULL),
    ('all in 28 days', '{"received_on": "2025-09-24", "paid_on": "2025-10-21", "paid_amount": 160}', '2025-11-03', 'it was paid in time, on 2025-10-21'),
    ('all in 29 days', '{"received_on": "2025-09-24", "paid_on": "2025-10-22", "paid_amount": 160}', '2025-11-03', NULL),
    ('paid on the 20th, prosecuted on the 21st', '{"received_on": "2025-09-24", "paid_on": "2025-10-20", "paid_amount": 160}', '2025-10-21', 'the time to pay ends on 2025-10-21'))
    AS v (label, entry, on_day, problem);
SELECT is(outcome(change(71, (SELECT string_agg(format('%I = %L', key, value), ', ') FROM jsonb_each_text(entry::jsonb || jsonb_build_object('prosecuted_on', on_day))))),
    CASE WHEN problem IS NULL THEN 'accepted' ELSE prosecuted(71, on_day, problem) END, 'prosecuted: ' || label) FROM trial;
-- the same of one that is taken over with all that came of it
SELECT is(outcome(notice(23, '{"sessions": "{[2025-11-03 AM,2025-11-08 AM)}", "issued_on": "2025-11-10", "received_on": "2025-11-10", "prosecuted_on": "2025-12-07"}')),
    'AT064: penalty notice of 2025-11-10 to contact 23 for pupil 2, prosecuted on 2025-12-07: the time to pay ends on 2025-12-07', 'taken over');
-- a second notice has no half
SELECT fill(7, '2025-09-22', '2025-09-26', 'O') \g /dev/null
SELECT is(outcome(notice(71, '{"sessions": "{[2025-09-22 AM,2025-09-27 AM)}", "issued_on": "2025-09-29", "received_on": "2025-09-29", "paid_on": "2025-10-01", "paid_amount": 80, "prosecuted_on": "2025-11-03"}')), 'accepted', 'half of a second notice');
SELECT is(outcome(notice(71, '{"sessions": "{[2025-09-22 AM,2025-09-27 AM)}", "issued_on": "2025-09-29", "received_on": "2025-09-29", "paid_on": "2025-10-01", "paid_amount": 160, "prosecuted_on": "2025-11-03"}')),
    'AT064: penalty notice of 2025-09-29 to contact 71 for pupil 7, prosecuted on 2025-11-03: it was paid in time, on 2025-10-01', 'all of it');
-- what happened is entered, and listed
SELECT is(outcome(change(71, 'received_on = ''2025-09-24'', prosecuted_on = ''2025-11-03'''), true), 'accepted', 'prosecuted');
SELECT is(outcome(change(71, 'paid_on = ''2025-10-14'', paid_amount = 80'), true), 'accepted', 'a payment that is known only then');
SELECT is((SELECT problem FROM r.legal_step_breach WHERE rule = 'prosecution'), 'penalty notice of 2025-09-22 to contact 71 for pupil 7, prosecuted on 2025-11-03: it was paid in time, on 2025-10-14', 'is listed');
SELECT is(outcome(change(71, 'prosecution_outcome = ''discontinued'''), true), 'accepted', 'and the prosecution is discontinued');
SELECT is_empty('SELECT * FROM r.legal_step_breach WHERE rule = ''prosecution''', 'and listed no more: nobody was convicted');
-- who pays in time cannot be convicted; proceedings that came too early came too early
SELECT is(array_agg(b.problem) FILTER (WHERE b.problem IS NOT NULL), wanted, 'ended: ' || coalesce(o, 'not yet') || ', ' || what)
FROM (VALUES ('paid', '2025-11-03', 'paid_on = ''2025-10-14''', ARRAY['it was paid in time, on 2025-10-14']), ('early', '2025-10-21', 'paid_on = NULL, paid_amount = NULL', ARRAY['the time to pay ends on 2025-10-21']),
        ('late', '2026-03-17', 'paid_on = NULL, paid_amount = NULL', ARRAY['it could begin until 2026-03-16']), ('in time', '2026-03-16', 'paid_on = NULL, paid_amount = NULL', '{}')) AS c (what, on_day, paid, problems),
    unnest(ARRAY[NULL, 'guilty', 'not guilty', 'discontinued']) AS o,
    LATERAL (SELECT CASE WHEN what IN ('early', 'late') OR what = 'paid' AND coalesce(o = 'guilty', true) THEN problems END) AS w (wanted),
    LATERAL breaches_after(format('INSERT INTO r.rule_setting VALUES (100001, ''prosecution'', ''record'', ''x'', ''y''); %s', change(71, format('prosecuted_on = %L, prosecution_outcome = %L, %s', on_day, o, paid)) || ' AND step = 1')) AS b (problem)
GROUP BY what, o, wanted, problems;
INSERT INTO r.rule_setting VALUES (100001, 'prosecution', 'record', 'test', 'test');
SELECT is(outcome(change(71, 'prosecuted_on = ''2025-10-02''')), 'accepted', 'recorded where the school says so');

-- ---------- orders (AT065) ----------

\set eso '''education supervision order'''
SELECT is(outcome(support(11, kind, '2024-01-01', '2024-01-08', last_day::date)), CASE WHEN months IS NULL THEN 'accepted'
    ELSE format('AT065: %s for pupil 1 from 2024-01-08 to %s: it lasts longer than %s months (order_length)', kind, last_day, months) END, kind || ' to ' || last_day) FROM (VALUES
    (:eso, '2025-01-07', NULL), (:eso, '2025-01-08', 12), (:eso, '2027-01-07', 12), ('parenting order', '2025-01-07', NULL), ('parenting order', '2025-01-08', 12), ('attendance contract', '2027-01-08', NULL)) AS v (kind, last_day, months);
SELECT is(outcome(support(11, :eso, '2024-01-01', '2024-01-08', '2025-01-07', id => 101), true), 'accepted', 'the first year');
CREATE FUNCTION extension(wrong text, from_day text DEFAULT '2025-01-08', to_day text DEFAULT '2028-01-07', pupil bigint DEFAULT 1) RETURNS text LANGUAGE sql
RETURN format('AT065: education supervision order for pupil %s from %s to %s: %s', pupil, from_day, to_day, wrong);
SELECT is(outcome(command), wanted, label) FROM (VALUES
    ('three years', support(11, :eso, '2024-11-01', '2025-01-08', '2028-01-07', 101), 'accepted'),
    ('a day more', support(11, :eso, '2024-11-01', '2025-01-08', '2028-01-08', 101), extension('it lasts longer than 36 months (order_length)', to_day => '2028-01-08')),
    ('with a gap', support(11, :eso, '2024-11-01', '2025-01-09', '2026-01-07', 101), extension('the order that it extends ends on 2025-01-07', '2025-01-09', '2026-01-07')),
    ('before the end', support(11, :eso, '2024-11-01', '2025-01-07', '2026-01-07', 101), extension('the order that it extends ends on 2025-01-07', '2025-01-07', '2026-01-07')),
    ('applied for', support(11, :eso, '2024-11-01', extends => 101), 'accepted'),
    ('of another pupil', support(21, :eso, '2024-11-01', '2025-01-08', '2026-01-07', 101), extension('101 is no order of this kind for the pupil', to_day => '2026-01-07', pupil => 2)),
    ('of support', support(21, :eso, '2025-11-01', '2025-12-20', '2026-01-07', 1), extension('1 is no order of this kind for the pupil', '2025-12-20', '2026-01-07', 2)),
    ('of nothing', support(11, :eso, '2024-11-01', '2025-01-08', '2026-01-07', 999), '23503: insert or update on table "attendance_support" violates foreign key constraint "attendance_support_extends_id_fkey"'),
    ('of itself', support(11, :eso, '2024-11-01', '2025-01-08', '2026-01-07', 102, 102), '23514: new row for relation "attendance_support" violates check constraint "attendance_support_extends"'),
    ('a parenting order', support(11, 'parenting order', '2024-11-01', '2025-01-08', '2025-01-31', 101), 'AT065: parenting order for pupil 1 from 2025-01-08 to 2025-01-31: it is nothing that is extended (order_length)'),
    ('a contract', support(11, 'attendance contract', '2024-11-01', '2025-01-08', '2025-01-31', 101), 'AT065: attendance contract for pupil 1 from 2025-01-08 to 2025-01-31: it is nothing that is extended (order_length)'),
    ('changed', 'UPDATE r.attendance_support SET to_day = ''2025-01-08'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE support_id = 101',
        'AT065: education supervision order for pupil 1 from 2024-01-08 to 2025-01-08: it lasts longer than 12 months (order_length)')) AS v (label, command, wanted);
SELECT is(outcome(support(11, :eso, '2024-11-01', '2025-01-08', '2028-01-07', 101, 102), true), 'accepted', 'extended by three years');
SELECT is(outcome(support(11, :eso, '2025-10-01', '2028-01-08', '2029-01-07', 102), true), 'accepted', 'and once more: there is no limit over all');
SELECT is(outcome(support(11, :eso, '2024-11-01', '2025-01-08', '2028-01-07', 101)), '23505: duplicate key value violates unique constraint "attendance_support_extended"', 'once each');
SELECT is(outcome(support(11, :eso, '2024-11-01', extends => 101, accepted => false)), 'accepted', 'but what was applied for and not ordered is no extension');
UPDATE r.order_length SET months = 24 WHERE kind = :eso AND NOT extension;
SELECT is(outcome(support(21, :eso, '2024-01-01', '2024-01-08', '2026-01-07')), 'accepted', 'lengths are rows');
UPDATE r.order_length SET months = 12 WHERE kind = :eso AND NOT extension;

-- a year from a leap day, to one, over one; a day more each
SELECT is(outcome(support(11, kind, from_day::date, from_day::date, last_day::date + more)), CASE more WHEN 0 THEN 'accepted'
    ELSE format('AT065: %s for pupil 1 from %s to %s: it lasts longer than 12 months (order_length)', kind, from_day, last_day::date + 1) END, format('%s %s to %s and %s', kind, from_day, last_day, more))
FROM unnest(ARRAY[:eso, 'parenting order']) AS kind, (VALUES ('2024-02-29', '2025-02-28'), ('2023-03-01', '2024-02-29'), ('2024-02-28', '2025-02-27'), ('2024-03-01', '2025-02-28'), ('2023-02-28', '2024-02-27')) AS v (from_day, last_day), generate_series(0, 1) AS more;
SELECT is(outcome(support(21, :eso, '2023-03-01', '2023-03-01', '2024-02-28', id => 201), true), 'accepted', 'to the day before a leap day');
SELECT is(outcome(support(21, :eso, '2024-02-01', '2024-02-29', last_day::date, 201)), CASE WHEN last_day < '2027-03-01' THEN 'accepted'
    ELSE 'AT065: education supervision order for pupil 2 from 2024-02-29 to 2027-03-01: it lasts longer than 36 months (order_length)' END, 'three years to ' || last_day) FROM unnest('{2027-02-28,2027-03-01}'::text[]) AS last_day;

-- ---------- asked again: each rule, each column on which it depends ----------

-- a first order of 3 with its extension, after support; a case and evidence, a contact with the family, a notice of 8 that was prosecuted lawfully
SELECT is(outcome(command, true), 'accepted', command) FROM unnest(ARRAY[
    format('INSERT INTO r.attendance_support (support_id, school_urn, pupil_id, contact_id, kind, offered_on, description) VALUES (301, 100001, 3, 31, ''voluntary support'', %L, ''x'')', today()),
    format('INSERT INTO r.attendance_support (support_id, school_urn, pupil_id, contact_id, kind, offered_on, accepted, from_day, to_day, description, without_support) VALUES (302, 100001, 3, 31, %L, ''2024-01-01'', true, ''2024-01-08'', ''2025-01-07'', ''x'', ''urgent'')', :eso),
    support(31, :eso, '2024-11-01', '2025-01-08', '2026-01-07', 302, 303),
    'INSERT INTO r.notice_to_improve (improve_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day) VALUES (304, 100001, 2, 23, ''{[2025-09-08 AM,2025-09-13 AM)}'', ''2025-09-22'', ''x'', ''x'', ''x'', ''2025-09-22'', ''2025-10-20'')',
    notice(81, '{"notice_id": 305, "below_threshold_reason": "x", "without_support": "x", "received_on": "2025-09-24", "prosecuted_on": "2025-10-22", "paid_on": "2025-10-22", "paid_amount": 160}'),
    'INSERT INTO r.family_contact (family_contact_id, school_urn, pupil_id, purpose, channel, made_at, reached, said, made_by) VALUES (306, 100001, 3, ''listening'', ''meeting'', ''2025-09-12 09:40'', true, ''x'', ''A'')',
    'INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) VALUES (307, 100001, 3, ''persistent'', ''2025-09-12'', ''x''), (308, 100001, 4, ''persistent'', ''2025-09-12'', ''x'')',
    'UPDATE r.attendance_case SET closed_on = ''2025-09-19'', outcome = ''x'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE case_id = 308',
    'INSERT INTO r.agreed_action (action_id, case_id, action, owner, due_on) VALUES (309, 307, ''x'', ''A'', ''2025-09-30'')',
    'INSERT INTO r.evidence (evidence_id, expectation, school_urn, pupil_id, done_on, said) SELECT 310, expectation, 100001, 3, ''2025-09-12'', ''x'' FROM r.expectation WHERE bearer = ''school'' AND shown_by = ''record'' LIMIT 1']) AS command;
CREATE TEMP TABLE set_before AS SELECT * FROM r.rule_setting WHERE school_urn = 100001;
DELETE FROM r.rule_setting WHERE school_urn = 100001;
CREATE FUNCTION again(relation text, key text, changes text, signature text DEFAULT ', entered_by = ''x'', title = ''x'', reason = ''x''') RETURNS text LANGUAGE sql
RETURN format('UPDATE r.%I SET %s%s WHERE %s', relation, changes, signature, key);
CREATE TABLE input (rule text, relation text, key text, changes text, wanted text);
INSERT INTO input VALUES
    ('support first', 'attendance_support', 'support_id = 302', 'without_support = NULL', 'AT061'),
    ('support first', 'attendance_support', 'support_id = 302', 'without_support = ''another''', 'accepted'),
    ('support first', 'attendance_support', 'support_id = 302', 'offered_on = ''2023-12-01'', without_support = NULL', 'AT061'),
    ('support first', 'attendance_support', 'support_id = 301', 'kind = ''parenting order'', offered_on = ''2025-01-01''', 'AT061'),
    ('support first', 'attendance_support', 'support_id = 303', 'extends_id = NULL, to_day = ''2025-12-01''', 'AT061'),
    ('support first', 'attendance_support', 'support_id = 303', 'outcome = ''x''', 'accepted'),
    ('no offence', 'attendance_support', 'support_id = 301', 'contact_id = 32', 'AT062'),
    ('no offence', 'attendance_support', 'support_id = 301', 'contact_id = 33', 'accepted'),
    ('no offence', 'attendance_support', 'support_id = 301', 'contact_id = 12, pupil_id = 1', 'AT062'),
    ('no offence', 'attendance_support', 'support_id = 301', 'contact_id = NULL, pupil_id = 1', 'accepted'),
    ('no offence', 'attendance_support', 'support_id = 301', 'contact_id = 34', 'AT062'),
    ('no offence', 'attendance_support', 'support_id = 301', 'contact_id = 34, offered_on = ''2025-09-21''', 'accepted'),
    ('no offence', 'notice_to_improve', 'improve_id = 304', 'contact_id = 24', 'AT062'),
    ('no offence', 'notice_to_improve', 'improve_id = 304', 'contact_id = 24, issued_on = ''2025-09-21''', 'accepted'),
    ('no offence', 'notice_to_improve', 'improve_id = 304', 'contact_id = 12, pupil_id = 1', 'AT062'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'received_on = ''2025-09-25''', 'AT064'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'received_on = NULL', 'AT064'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'received_on = ''2025-09-23''', 'accepted'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'received_on = ''2025-09-25'', paid_on = ''2025-10-23'', prosecuted_on = ''2025-10-23''', 'accepted'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'prosecuted_on = ''2025-10-21''', 'AT064'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'received_on = NULL, prosecuted_on = NULL', 'accepted'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'paid_on = ''2025-10-21''', 'AT064'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'paid_on = ''2025-10-21'', paid_amount = 159', 'accepted'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'paid_on = ''2025-10-21'', prosecution_outcome = ''discontinued''', 'accepted'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'paid_on = ''2025-10-21'', prosecution_outcome = ''guilty''', 'AT064'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'paid_on = NULL, paid_amount = NULL', 'accepted'),
    ('prosecution', 'penalty_notice', 'notice_id = 305', 'received_on = ''2025-09-25'', prosecuted_on = NULL, withdrawn_on = ''2025-10-30'', withdrawal_reason = ''x''', 'accepted'),
    ('orders', 'attendance_support', 'support_id = 302', 'to_day = ''2025-01-08''', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 302', 'to_day = ''2025-01-06''', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 302', 'to_day = NULL', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 302', 'accepted = NULL', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 302', 'kind = ''parenting order''', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 302', 'from_day = ''2024-01-07''', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 302', 'from_day = ''2024-01-09''', 'accepted'),
    ('orders', 'attendance_support', 'support_id = 302', 'pupil_id = 1, contact_id = 11', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 303', 'from_day = ''2025-01-09''', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 303', 'to_day = ''2028-01-08''', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 303', 'to_day = ''2028-01-07''', 'accepted'),
    ('orders', 'attendance_support', 'support_id IN (302, 303)', 'to_day = CASE support_id WHEN 302 THEN date ''2025-01-06'' ELSE to_day END, from_day = CASE support_id WHEN 303 THEN date ''2025-01-07'' ELSE from_day END', 'accepted'),
    ('orders', 'attendance_support', 'support_id = 303', 'extends_id = 301', 'AT065'),
    ('orders', 'attendance_support', 'support_id = 301', 'from_day = today(), accepted = true', 'accepted'),
    ('case record', 'family_contact', 'family_contact_id = 306', 'made_at = ''2020-09-12 09:40''', 'AT067'),
    ('case record', 'family_contact', 'family_contact_id = 306', 'made_at = ''2025-09-12 09:50''', 'accepted'),
    ('case record', 'family_contact', 'family_contact_id = 306', 'school_urn = 100002', 'AT067'),
    ('case record', 'family_contact', 'family_contact_id = 306', 'pupil_id = 50', 'AT067'),
    ('case record', 'evidence', 'evidence_id = 310', 'done_on = ''2020-09-12''', 'AT067'),
    ('case record', 'evidence', 'evidence_id = 310', 'done_on = ''2025-09-11''', 'accepted'),
    ('case record', 'evidence', 'evidence_id = 310', 'pupil_id = 50', 'AT067'),
    ('case record', 'evidence', 'evidence_id = 310', 'school_urn = 100002', 'AT067'),
    ('case record', 'attendance_case', 'case_id = 307', 'opened_on = ''2020-09-12''', 'AT067'),
    ('case record', 'attendance_case', 'case_id = 307', 'pupil_id = 50', 'AT067'),
    ('case record', 'attendance_case', 'case_id = 308', 'closed_on = NULL, outcome = NULL', 'AT067'),
    ('case record', 'agreed_action', 'action_id = 309', 'case_id = 308', 'AT067'),
    ('case record', 'agreed_action', 'action_id = 309', 'outcome = ''x''', 'accepted'),
    ('entry date', 'attendance_support', 'support_id = 301', 'kind = ''attendance contract'', accepted = true, from_day = today() + 1', 'accepted'),
    ('entry date', 'attendance_support', 'support_id = 301', 'kind = ''parenting order'', without_support = ''x'', accepted = true, from_day = today() + 1', 'AT022');
SELECT is(split_part(outcome(again(relation, key, changes)), ':', 1), wanted, format('%s, %s: %s', rule, key, changes)) FROM input;
-- a day to come that is lawful for what the step was is none for what it becomes
SELECT is(split_part(outcome(again('attendance_support', 'support_id = 301', 'kind = ''attendance contract'', accepted = true, from_day = today() + 1') || '; ' || again('attendance_support', 'support_id = 301', 'kind = ''parenting order'', without_support = ''x''')), ':', 1), 'AT022', 'a contract from tomorrow that becomes an order');
-- the table has them all: each column of a step that the views read, which is no key and is not frozen, is one that some trigger looks at
SELECT is_empty($$
    SELECT d.refobjid::regclass, a.attname FROM pg_depend d JOIN pg_rewrite w ON w.oid = d.objid JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE w.ev_class IN ('r.legal_step_breach'::regclass, 'r.notice_breach'::regclass, 'r.order_breach'::regclass, 'r.unsupported_step'::regclass) AND d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid IN ('r.attendance_support'::regclass, 'r.notice_to_improve'::regclass, 'r.penalty_notice'::regclass)
        AND a.attname NOT IN ('support_id', 'improve_id', 'notice_id', 'school_urn', 'entered_at', 'outcome', 'decided_on')
        AND NOT (d.refobjid = 'r.penalty_notice'::regclass AND a.attname IN ('pupil_id', 'contact_id', 'sessions', 'step', 'issued_on', 'below_threshold_reason', 'without_support'))
        AND NOT EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = d.refobjid AND p.proname = 'check_legal_step' AND pg_get_triggerdef(t.oid) ~ format('new\.%s\M', a.attname)) $$, 'and no column is left out');

INSERT INTO r.rule_setting SELECT * FROM set_before;

-- ---------- dates ----------

CREATE FUNCTION ahead(of_column text, day text DEFAULT (today() + 1)::text) RETURNS text LANGUAGE sql
RETURN format('AT022: school 100001, pupil 2: %s cannot be %s, which is still to come', of_column, day);
SELECT is(outcome(command), wanted, label) FROM (VALUES
    ('support offered tomorrow', support(21, 'voluntary support', today() + 1), ahead('offered_on')),
    ('support offered today', support(21, 'voluntary support', today()), 'accepted'),
    ('support offered at no time', support(21, 'voluntary support', 'infinity'), ahead('offered_on', 'infinity')),
    ('a contract from tomorrow', support(21, 'attendance contract', today(), today() + 1), 'accepted'),
    ('an order from tomorrow', support(21, :eso, today(), today() + 1), ahead('from_day')),
    ('an order from today', support(21, :eso, today(), today()), 'accepted'),
    ('a notice to improve of tomorrow', improve(21, today() + 1), ahead('issued_on')),
    ('a notice to improve of today', improve(21, today()), 'accepted'),
    ('a decision of tomorrow', improve(21, '2025-09-22', today() + 1), ahead('decided_on')),
    ('a notice of tomorrow', notice(21, jsonb_build_object('issued_on', today() + 1)), ahead('issued_on')),
    ('changed to tomorrow', 'UPDATE r.attendance_support SET offered_on = today() + 1, from_day = NULL, entered_by = ''x'', title = ''x'', reason = ''x'' WHERE support_id = 1', ahead('offered_on')),
    ('received tomorrow', change(21, 'received_on = today() + 1'), ahead('received_on')),
    ('paid tomorrow', change(21, 'paid_on = today() + 1, paid_amount = 80'), ahead('paid_on')),
    ('withdrawn tomorrow', change(21, 'withdrawn_on = today() + 1, withdrawal_reason = ''x''') || ' AND counts', ahead('withdrawn_on')),
    ('prosecuted tomorrow', change(21, 'prosecuted_on = today() + 1') || ' AND counts', ahead('prosecuted_on'))) AS v (label, command, wanted);

-- backdated: let in, as history is, and listed with who entered it when
INSERT INTO r.attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, description, entered_by, title) VALUES (100001, 4, 41, 'voluntary support', '2020-01-06', 'x', 'Kim Oak', 'Officer');
INSERT INTO r.attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, description) VALUES (100001, 4, 41, 'voluntary support', today(), 'x');
SELECT results_eq('SELECT pupil_id, relation, id, what, day, entered_on, days_late, entered_by, title FROM r.late_legal_step WHERE pupil_id = 4',
    $$ SELECT 4::bigint, 'attendance_support', support_id, 'offered_on', offered_on, today(), today() - date '2020-01-06', 'Kim Oak', 'Officer' FROM r.attendance_support WHERE pupil_id = 4 AND offered_on < today() $$, 'backdated support is listed');
SELECT results_eq($$ SELECT what, day, reason, login FROM r.late_legal_step WHERE pupil_id = 7 ORDER BY entry_id, what $$,
    $$ VALUES ('issued_on', date '2025-09-22', NULL, current_user::text COLLATE "default"), ('prosecuted_on', '2025-11-03', 'x', current_user), ('received_on', '2025-09-24', 'x', current_user), ('paid_on', '2025-10-14', 'x', current_user) $$,
    'each date with the entry that it came with');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'all of it is in the journal');
SELECT is((SELECT count(*) FROM r.attendance_support WHERE num_nonnulls(entered_by, title, reason) > 0), 0::bigint, 'which alone has who signed');

-- ---------- constraints of what users add ----------

SELECT is(split_part(outcome(command), ':', 1), wanted, command) FROM (VALUES
    ('INSERT INTO r.relevant_school_type VALUES (''Academies'', ''2000-01-01'', ''1999-01-01'', true, ''x'')', '23514'),
    ('INSERT INTO r.relevant_school_type VALUES (''Academies'', ''1900-01-01'', ''2000-01-01'', true, ''x'')', '23505'),
    ('INSERT INTO r.relevant_school_type VALUES (NULL, ''1900-01-01'', ''2000-01-01'', true, ''x'')', '23502'),
    ('INSERT INTO r.relevant_school_type VALUES (''Academies'', ''1900-01-01'', ''2000-01-01'', NULL, ''x'')', '23502'),
    ('INSERT INTO r.relevant_school (school_urn, from_day, to_day, relevant, source) VALUES (100001, ''2000-01-01'', ''1999-01-01'', true, ''x'')', '23514'),
    ('INSERT INTO r.relevant_school (school_urn, from_day, to_day, relevant, source) VALUES (100001, ''2000-01-01'', ''2001-01-01'', NULL, ''x'')', '23502'),
    ('INSERT INTO r.relevant_school (school_urn, from_day, to_day, relevant, source) VALUES (199999, ''2000-01-01'', ''2001-01-01'', true, ''x'')', '23503'),
    ('INSERT INTO r.relevant_school (school_urn, from_day, to_day, relevant, source) VALUES (100018, ''2000-01-01'', ''2001-01-01'', true, ''x'')', '23505'),
    ('INSERT INTO r.order_length VALUES (''attendance contract'', false, ''2000-01-01'', ''2001-01-01'', 12, ''x'')', '23514'),
    ('INSERT INTO r.order_length VALUES (''parenting order'', false, ''2000-01-01'', ''2001-01-01'', 0, ''x'')', '23514'),
    ('INSERT INTO r.order_length VALUES (''parenting order'', false, ''2000-01-01'', ''1999-01-01'', 12, ''x'')', '23514'),
    ('INSERT INTO r.order_length VALUES (''parenting order'', false, ''1900-01-01'', ''2001-01-01'', 12, ''x'')', '23505')) AS v (command, wanted);

SELECT * FROM finish();
ROLLBACK;
