-- What one duty must not make impossible, and what was let in without a word: grounds of deletion and what they except,
-- marks of two schools, part-time timetables, N, T, words, guests, suspensions and attendance orders.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET search_path = r, public, attendance;
DELETE FROM rule_setting;
INSERT INTO rule_setting SELECT urn, rule, 'record', 'test', 'test' FROM generate_series(100001, 100004) urn,
    unnest('{leave not in advance,leave applicant,leave authority,leave reason,leave part-time}'::text[]) AS rule;
\set signed 'entered_by = ''Jo Smith'', title = ''Clerk'', reason = ''test'''

-- ---------- a rule that lists ----------

SELECT results_eq($$ SELECT rule, sqlstate, default_action, can_be_set FROM register_rules() WHERE default_action = 'record' AND NOT can_be_set ORDER BY 2 $$, $$ VALUES
    ('unexplained absence', 'AT018', 'record', false), ('guest', 'AT019', 'record', false), ('mark in advance', 'AT025', 'record', false), ('unmarked before deletion', 'AT034', 'record', false),
    ('part-time length', 'AT052', 'record', false), ('lead practitioner', 'AT066', 'record', false), ('notice step', 'AT068', 'record', false) $$, 'rules that nothing is refused for');
SELECT throws_ok(format('INSERT INTO rule_setting VALUES (100001, %L, ''refuse'', ''x'', ''y'')', rule), '23514',
    format('a breach of the rule "%s" is always recorded, no school can set it', rule), rule)
FROM register_rules() WHERE default_action = 'record' AND NOT can_be_set;
SELECT is(rule_action('r', 100001, 'unmarked before deletion'), 'record', 'which rule_action() says, too');
SELECT is_empty($$ SELECT FROM register_rules() WHERE NOT can_be_set AND hint ~ 'rule_setting' $$, 'and no hint promises a setting');

-- ---------- a name is deleted although a session is not marked ----------

UPDATE enrolment SET boarder = 'B', holds_from = '2025-09-10', :signed WHERE pupil_id = 8;
SELECT results_eq($$ SELECT * FROM unmarked_before('r', 100001, 8, '2025-09-08', '2025-09-16') $$, $$ VALUES (4::bigint, date '2025-09-08') $$,
    'sessions are counted until the day from which on the pupil boards');
UPDATE enrolment SET boarder = 'N', holds_from = '2025-09-15', :signed WHERE pupil_id = 8;
SELECT results_eq($$ SELECT * FROM unmarked_before('r', 100001, 8, '2025-09-08', '2025-09-16') $$, $$ VALUES (6::bigint, date '2025-09-08') $$, 'and after it');
SELECT results_eq($$ SELECT * FROM unmarked_before('r', 100001, 22, '2025-10-09', '2025-11-04') $$, $$ VALUES (6::bigint, date '2025-10-09') $$,
    'and not while the pupil is not on the roll');
SELECT accepted($$UPDATE r.enrolment SET end_date = current_date, deletion_ground = 'K', ground_arose_on = current_date - 2, entered_by = 'Jo Smith',
    title = 'Clerk', reason = 'died on Thursday' WHERE pupil_id = 9$$, 'a child who died, heard of two days later');
SELECT results_eq('SELECT rule, problem ~ ''sessions before the deletion'' FROM admission_breach WHERE pupil_id = 9 AND rule <> ''late admission''', $$ VALUES ('unmarked before deletion', true) $$, 'what is not marked is listed');

-- ---------- grounds: what they except, and the orders that they ask for ----------

INSERT INTO dual_registration (school_urn, pupil_id, other_school, from_day, to_day, main, mobile_child) VALUES
    (100001, 2, 'Other', '2025-09-01', NULL, true, false), (100001, 3, 'Other', '2025-09-01', '2025-11-28', true, false),
    (100001, 4, 'Other', '2025-09-01', NULL, true, true), (100001, 5, 'Other', '2025-09-01', NULL, false, true),
    (100002, 12, 'Other', '2020-01-01', NULL, false, false), (100002, 13, 'Other', '2020-01-01', '2024-07-31', true, true);
INSERT INTO attendance_order (school_urn, pupil_id, made_on, authority, varied_on, revoked_on) VALUES
    (100001, 6, '2025-09-01', 'Bradford', NULL, NULL), (100001, 7, '2025-09-01', 'Bradford', '2025-11-28', NULL),
    (100001, 8, '2025-09-01', 'Bradford', NULL, '2025-11-28'), (100001, 9, '2025-09-01', 'Bradford', NULL, '2025-11-29'),
    (100001, 10, '2025-11-29', 'Bradford', NULL, NULL), (100002, 14, '2020-01-01', 'Bradford', NULL, NULL),
    (100002, 15, '2020-01-01', 'Bradford', '2023-12-08', NULL), (100002, 16, '2020-01-01', 'Bradford', NULL, '2023-12-08');
CREATE FUNCTION ground_says(pupil bigint, ground text, last_day date, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql SET search_path = r, public, attendance AS $$
    SELECT CASE WHEN p ~ 'more than one school was agreed' THEN 'agreed' WHEN p ~ 'mobile child' THEN 'main school'
        WHEN p ~ 'order of \d{4}-\d\d-\d\d names the school' THEN 'order' ELSE coalesce(p, 'met') END
    FROM enrolment e CROSS JOIN LATERAL ground_problem('r', to_jsonb(e) || jsonb_build_object('start_date', '2020-09-01', 'end_date', last_day, 'deletion_ground', ground,
        'ground_arose_on', last_day, 'deletion_evidence', 'x', 'next_school', 'X', 'deleted_at', last_day, 'entered_at', '2020-09-01') || more) AS p
    WHERE e.pupil_id = pupil AND e.start_date < '2025-10-01' $$;
SELECT is(ground_says(v.pupil, v.ground, v.last_day::date), v.wanted, concat_ws(' ', v.ground, v.last_day, v.what))
FROM (VALUES
    ('A', '2025-11-28', 1, 'another school', 'met'), ('A', '2025-11-28', 2, 'agreed registration goes on', 'agreed'),
    ('A', '2025-11-28', 3, 'agreed registration ends with the day', 'met'), ('A', '2025-11-27', 3, 'agreed registration ends later', 'agreed'),
    ('A', '2025-08-29', 2, 'agreed registration begins later', 'met'), ('A', '2025-11-28', 4, 'mobile child, main school', 'main school'),
    ('A', '2025-11-28', 5, 'mobile child, other school', 'met'), ('A', '2025-11-28', 6, 'order in force', 'order'),
    ('A', '2025-11-28', 7, 'order varied by then', 'met'), ('A', '2025-11-27', 7, 'order varied later', 'order'),
    ('A', '2025-11-28', 8, 'order revoked by then', 'met'), ('A', '2025-11-28', 9, 'order revoked later', 'order'),
    ('A', '2025-11-28', 10, 'order made later', 'met'),
    ('C', '2025-11-28', 2, 'agreed registration, consent', 'met'), ('C', '2025-11-28', 4, 'mobile child, main school', 'main school'),
    ('C', '2025-11-28', 5, 'mobile child, other school', 'met'), ('C', '2025-11-28', 6, 'order in force', 'order'),
    ('D', '2025-11-28', 1, 'no order', 'attendance_order has no school attendance order that was varied by then'),
    ('D', '2025-11-28', 6, 'order in force', 'attendance_order has no school attendance order that was varied by then'),
    ('D', '2025-11-28', 7, 'order varied', 'met'), ('D', '2025-11-27', 7, 'order varied later', 'attendance_order has no school attendance order that was varied by then'),
    ('D', '2025-11-28', 8, 'order revoked', 'attendance_order has no school attendance order that was varied by then'),
    ('E', '2025-11-28', 7, 'order varied', 'attendance_order has no school attendance order that was revoked by then'),
    ('E', '2025-11-28', 8, 'order revoked', 'met'), ('E', '2025-11-28', 9, 'order revoked later', 'attendance_order has no school attendance order that was revoked by then'),
    ('F', '2025-11-28', 1, 'no order', 'met'), ('F', '2025-11-28', 6, 'order in force', 'order'), ('F', '2025-11-28', 8, 'order revoked', 'met'),
    ('G', '2025-11-28', 2, 'agreed registration', 'met'), ('G', '2025-11-28', 6, 'order in force', 'met'), ('K', '2025-11-28', 6, 'order in force', 'met'),
    ('B', '2023-12-08', 11, 'another school', 'met'), ('B', '2023-12-08', 12, 'agreed registration', 'agreed'),
    ('B', '2023-12-08', 13, 'mobile child, main school', 'main school'), ('B', '2023-12-08', 14, 'order in force', 'order'),
    ('C', '2023-12-08', 12, 'agreed registration, consent', 'met'), ('C', '2023-12-08', 13, 'mobile child, main school', 'main school'),
    ('A', '2023-12-08', 14, 'order in force', 'attendance_order has no school attendance order that was varied or revoked by then'),
    ('A', '2023-12-08', 15, 'order varied', 'met'), ('A', '2023-12-08', 16, 'order revoked', 'met'),
    ('D', '2023-12-08', 14, 'order in force', 'order'), ('D', '2023-12-08', 16, 'order revoked', 'met')) AS v (ground, last_day, pupil, what, wanted);
SELECT is(ground_says(1, ground, '2025-11-28', '{"entered_at": "2025-12-01"}'), 'met', 'who was deleted before the register was taken over has the order elsewhere: ' || ground)
FROM unnest('{D,E}'::text[]) ground;
SELECT is(ground_says(6, 'A', '2025-11-28', '{"entered_at": "2025-12-01"}'), 'order', 'but an order that is here counts');
SELECT results_eq($$ SELECT ground, not_dual, not_main_of_mobile, attendance_order FROM deletion_ground
    WHERE regime = '2024' AND (not_dual OR not_main_of_mobile OR attendance_order IS NOT NULL) ORDER BY 1 $$, $$ VALUES ('A', true, true, 'none'), ('C', false, true, 'none'),
    ('D', false, false, 'varied'), ('E', false, false, 'revoked'), ('F', false, false, 'none') $$, 'as the table of grounds says');
SELECT matches(outcome($$UPDATE r.enrolment SET end_date = current_date, deletion_ground = 'A', next_school = 'X', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 2$$),
    '^AT032: .* on ground A: the registration at more than one school was agreed', 'ground A is refused because of the agreed registration');
-- two schools of one register say so by the status of the enrolments
SELECT is(outcome(format($$UPDATE r.enrolment SET status = 'M', holds_from = '2025-09-01', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 1;
    INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, status, entry_reason) VALUES (100003, 1, '2025-10-01', NULL, %L, 'x');
    UPDATE r.enrolment SET end_date = current_date, deletion_ground = 'A', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 1 AND school_urn = 100001$$, status))
    ~ 'here and at school 100003 was agreed', status = 'S', 'ground A beside an enrolment of status ' || status) FROM unnest('{S,C}'::text[]) status;
SELECT is(outcome($$UPDATE r.enrolment SET end_date = current_date, deletion_ground = 'C', deletion_evidence = 'letter', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 2$$),
    'accepted', 'with the other school''s consent it is ground C');
SELECT is(order_problem('r', NULL, '{}'), NULL, 'order_problem NULL');
SELECT is(registration_problems('r', '{}', NULL), NULL, 'registration_problems NULL');
SELECT is(order_problem('r', '{}', '{}'), NULL, 'a ground of the first definition asks for no order');
SELECT is(registration_problems('r', '{}', '{}'), '{}', 'and excepts no registration');

-- orders are entries of the admission register
SELECT is(left(outcome(command), 5), wanted, command) FROM (VALUES
    ('UPDATE r.attendance_order SET revoked_on = ''2025-12-01'' WHERE pupil_id = 6', 'AT036'), ('DELETE FROM r.attendance_order', 'AT020'),
    ('UPDATE r.attendance_order SET revoked_on = ''2025-12-01'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 6', 'accep'),
    ('INSERT INTO r.attendance_order (school_urn, pupil_id, made_on, authority, varied_on) VALUES (100001, 1, ''2025-09-01'', ''x'', ''2025-08-31'')', '23514'),
    ('INSERT INTO r.attendance_order (school_urn, pupil_id, made_on, authority, varied_on, revoked_on) VALUES (100001, 1, ''2025-09-01'', ''x'', NULL, ''2025-08-31'')', '23514'),
    ('INSERT INTO r.attendance_order (school_urn, pupil_id, made_on, authority) VALUES (100001, 1, ''2025-09-01'', ''-'')', '23514')) AS v (command, wanted);

-- ---------- marks of two schools for one session ----------

INSERT INTO enrolment (school_urn, pupil_id, start_date, status) VALUES (100002, 1, '2025-09-01', 'S');
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT s.urn, 1, v.day, v.session, s.mark
FROM (VALUES (date '2025-09-08', 'AM', 'D', 'D'), ('2025-09-08', 'PM', '\', '\'), ('2025-09-09', 'AM', 'D', '/'), ('2025-09-09', 'PM', 'L', '\'),
    ('2025-09-10', 'AM', 'P', '/'), ('2025-09-10', 'PM', 'I', 'D'), ('2025-09-11', 'AM', 'I', 'I')) AS v (day, session, here, there),
    LATERAL (VALUES (100001, v.here::session_mark), (100002, v.there::session_mark)) AS s (urn, mark);
SELECT results_eq('SELECT day, session, mark::text, other_mark::text, problem FROM dual_mark_conflict WHERE school_urn = 100001 ORDER BY 1, 2', $$ VALUES
    (date '2025-09-08', 'AM', 'D', 'D', 'at neither school: D at both'), ('2025-09-08', 'PM', '\', '\', 'present at both schools'),
    ('2025-09-09', 'PM', 'L', '\', 'present at both schools') $$, 'D at both, present at both');
SELECT is((SELECT count(*) FROM dual_mark_conflict WHERE school_urn = 100002 AND other_school_urn = 100001), 3::bigint, 'for each of the schools');

-- ---------- part-time timetables ----------

CREATE FUNCTION part_time(pupil bigint, from_day date, to_day date, ended_on date DEFAULT NULL) RETURNS void LANGUAGE sql SET search_path = r, public, attendance AS $$
    INSERT INTO part_time_timetable (school_urn, pupil_id, sessions, circumstances, agreed_with, agreed_by, agreed_on, review_dates, status, ended_on, ended_by)
    VALUES (100001, pupil, format('{[%s AM,%s PM]}', from_day, to_day)::school_session_multirange, 'x', 'Parent', 'A Head', from_day - 1, ARRAY[from_day], 'agreed',
        ended_on, CASE WHEN ended_on IS NOT NULL THEN 'A Head' END) $$;
SELECT part_time(1, '2025-09-08', '2025-10-19'), part_time(2, '2025-09-08', '2025-10-20'), part_time(3, '2025-09-08', '2028-03-08'),
    part_time(4, '2025-09-08', '2025-12-19', '2025-10-17'), part_time(5, '2025-09-08', '2025-10-17'), part_time(5, '2025-10-20', '2025-11-14'),
    part_time(6, '2025-09-08', '2025-09-26'), part_time(6, '2025-10-06', '2025-11-07') \g /dev/null
SELECT results_eq($$ SELECT pupil_id, rule, regexp_replace(problem, '.*: ', '') FROM part_time_timetable_too_long ORDER BY 1 $$, $$ VALUES
    (2::bigint, 'part-time length', 'part-time since 2025-09-08, longer than 6 weeks'), (3, 'part-time length', 'part-time since 2025-09-08, longer than 6 weeks'),
    (5, 'part-time length', 'part-time since 2025-09-08, longer than 6 weeks') $$, 'longer than six weeks, one or several that follow each other');
INSERT INTO registration_policy (school_urn, from_day, temporary_weeks) VALUES (100001, '2025-09-08', 12);
SELECT results_eq('SELECT pupil_id FROM part_time_timetable_too_long ORDER BY 1', 'VALUES (3::bigint)', 'or than the school says is temporary');
SELECT throws_ok('INSERT INTO registration_policy (school_urn, from_day, temporary_weeks) VALUES (100002, ''2025-09-08'', 0)', '23514');

-- ---------- N that was not resolved, and guests ----------

SELECT is_empty('SELECT * FROM breach', 'no mark breaks a rule');
INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, '2025-09-08', 'AM', 'N'), (100001, 2, '2025-09-08', 'PM', 'N'), (100001, 2, '2025-12-18', 'AM', 'N');
UPDATE mark SET mark = 'I', :signed WHERE pupil_id = 2 AND day = '2025-09-08' AND session = 'PM';
SELECT results_eq('SELECT school_urn, academic_year, pupil_id, day, session, mark::text, rule FROM breach', $$ VALUES (100001, 2025, 2::bigint, date '2025-09-08', 'AM', 'N', 'unexplained absence') $$,
    'N after five school days, while it stands, as far as the calendar says');
UPDATE mark SET mark = 'O', :signed WHERE pupil_id = 2 AND day = '2025-09-08' AND session = 'AM';
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100001, 3, d, 'AM', '/' FROM unnest('{2025-09-08,2025-09-09,2025-09-10,2025-09-11}'::date[]) d;
INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 3, '2025-09-08', 'PM', '-');
SELECT is_empty('SELECT * FROM breach', 'no breach again');
UPDATE enrolment SET status = 'G', holds_from = '2025-09-09', :signed WHERE pupil_id = 3;
UPDATE enrolment SET status = 'C', holds_from = '2025-09-11', :signed WHERE pupil_id = 3;
SELECT results_eq('SELECT school_urn, academic_year, pupil_id, day, session, mark::text, rule FROM breach ORDER BY day', $$ VALUES
    (100001, 2025, 3::bigint, date '2025-09-09', 'AM', '/', 'guest'), (100001, 2025, 3, '2025-09-10', 'AM', '/', 'guest') $$, 'marks of a guest, by the status of the day');
SELECT is((SELECT count(*) FROM breach WHERE school_urn = 100002), 0::bigint, 'of one school');

-- ---------- T ----------

INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (31, 'Older', 'X', '2009-03-01'), (32, 'Younger', 'X', '2021-03-01'), (33, 'Of age', 'X', '2012-03-01');
INSERT INTO enrolment (school_urn, pupil_id, start_date, entry_reason) SELECT 100001, id, '2024-09-01', 'test' FROM generate_series(31, 33) id;
SELECT is(left(outcome(enter(pupil, day, 'AM', 'T')), 5), wanted, format('T of %s on %s', pupil, day)) FROM (VALUES
    (31, date '2025-09-08', 'AT008'), (31, '2024-09-09', 'accep'), (32, '2025-09-08', 'AT008'), (33, '2025-09-08', 'accep')) AS v (pupil, day, wanted);
SELECT results_eq('SELECT from_day FROM requirement WHERE mark = ''T''', 'VALUES (date ''2024-08-19'')', 'under the Regulations of 2024');

-- ---------- words ----------

SELECT is(has_words(v.text), v.wanted, coalesce(quote_literal(v.text), 'NULL')) FROM (VALUES ('', false), ('.', false), (' ', false), (E'\t\n', false), ('-', false), ('?!...', false),
    (U&'\2026', false), (U&'\2014\00A0', false), (U&'\FF0E\3002', false), (U&'\+01F600', false), ('_', false), ('a', true), ('7', true), ('. x', true), (U&'\0436', true), (U&'\65E5', true),
    (U&'\00E9', true), (U&'\0639', true), (U&'\2026 \0905', true), (NULL, NULL)) AS v (text, wanted);
SELECT is(left(outcome(v.command), 5), v.wanted, v.command) FROM (VALUES
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark, nature) VALUES (100001, 4, ''2025-09-08'', ''AM'', ''B'', ''.'')', '23514'),
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark, nature) VALUES (100001, 4, ''2025-09-08'', ''AM'', ''B'', ''farm'')', 'accep'),
    ('INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 4, ''B'', ''{[2025-09-08 AM,2025-09-08 AM]}'', ''.'')', '23514'),
    ('UPDATE r.mark SET mark = ''I'', entered_by = ''Jo'', title = ''Clerk'', reason = ''.'' WHERE pupil_id = 3 AND day = ''2025-09-08'' AND session = ''AM''', 'AT017'),
    ('UPDATE r.mark SET mark = ''I'', entered_by = ''-'', title = ''Clerk'', reason = ''phoned'' WHERE pupil_id = 3 AND day = ''2025-09-08'' AND session = ''AM''', 'AT017'),
    ('UPDATE r.pupil SET surname = ''Y'', entered_by = ''Jo'', title = ''...'', reason = ''x'' WHERE pupil_id = 3', 'AT036')) AS v (command, wanted);
SELECT is_empty($$ SELECT conrelid::regclass, conname FROM pg_constraint WHERE connamespace = 'r'::regnamespace AND pg_get_constraintdef(oid) LIKE '%\\S%' $$, 'no check takes a sign for a word');

-- ---------- suspensions ----------

CREATE FUNCTION suspend(pupil bigint, sessions text, more text DEFAULT '', given text DEFAULT '') RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.suspension (school_urn, pupil_id, kind, sessions, grounds, decided_by%s) VALUES (100001, %s, ''suspension'', %L, ''fight'', ''A Head''%s)', more, pupil, sessions, given);
SELECT accepted(suspend(pupil, sessions), concat_ws(' ', pupil, sessions)) FROM (VALUES (4, '{[2025-09-08 AM,2025-09-12 PM]}'), (4, '{[2025-09-15 AM,2025-09-15 AM]}'),
    (4, '{[2025-11-03 AM,2025-11-17 PM]}'), (5, '{[2025-09-15 AM,2025-12-19 PM]}'), (31, '{[2025-09-08 AM,2025-09-16 PM]}')) AS v (pupil, sessions);
SELECT is(left(outcome(v.command), 5), v.wanted, v.command) FROM (VALUES
    (suspend(6, '{[2025-09-08 AM,)}'), '23514'), (suspend(6, '{}'), '23514'), (suspend(6, '{(,2025-09-08 AM]}'), '23514'), (suspend(4, '{[2025-09-12 PM,2025-09-13 PM]}'), '23P01'),
    (suspend(6, '{[2025-09-08 AM,2025-09-08 AM]}', ', provision', ', ''tuition'''), '23514'), (suspend(6, '{[2025-09-08 AM,2025-09-08 AM]}', ', told_on', ', ''2025-09-08'''), 'accep'),
    ('UPDATE r.suspension SET told_on = ''2025-09-08'' WHERE pupil_id = 4', 'AT036'), ('DELETE FROM r.suspension', 'AT020'),
    ('UPDATE r.suspension SET kind = ''expulsion'', entered_by = ''x'', title = ''x'', reason = ''x''', '23514')) AS v (command, wanted);
-- only who is registered there on its days, and not as a guest, is suspended; a permanent exclusion ends with the name
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) SELECT p, 'Pupil', 'P', '2015-03-01' FROM generate_series(60, 62) AS p;
INSERT INTO enrolment (school_urn, pupil_id, start_date, status, end_date, deletion_ground, next_school, deleted_at) VALUES (100001, 60, '2025-09-10', 'C', '2025-09-19', 'A', 'x', '2025-09-19 12:00'), (100001, 61, '2025-09-01', 'G', NULL, NULL, NULL, NULL), (100001, 62, '2025-09-01', 'C', NULL, NULL, NULL, NULL);
UPDATE enrolment SET boarder = 'B', holds_from = '2025-09-17', :signed WHERE pupil_id = 62;
SELECT is(left(outcome(v.command), 5), v.wanted, v.label) FROM (VALUES
    (suspend(60, '{[2025-09-10 AM,2025-09-19 PM]}'), 'accep', 'from the first day to the last'), (suspend(60, '{[2025-09-09 PM,2025-09-10 PM]}'), 'AT067', 'from before the first'), (suspend(60, '{[2025-09-19 AM,2025-09-22 AM]}'), 'AT067', 'to after the last'),
    (suspend(60, '{[2025-09-19 AM,2025-09-20 AM)}'), 'accep', 'until the day after'), (replace(suspend(60, '{[2025-09-19 AM,)}'), '''suspension''', '''permanent exclusion'''), 'accep', 'a permanent exclusion'), (replace(suspend(60, '{[2025-09-22 AM,)}'), '''suspension''', '''permanent exclusion'''), 'AT067', 'after the deletion'),
    (suspend(61, '{[2025-09-10 AM,2025-09-10 PM]}'), 'AT067', 'a guest'), (suspend(62, '{[2025-09-15 AM,2025-09-19 PM]}'), 'accep', 'who begins to board'), (replace(suspend(62, '{[2025-09-15 AM,2025-09-19 PM]}'), '100001,', '100002,'), 'AT067', 'at another school'),
    (suspend(999, '{[2025-09-15 AM,2025-09-19 PM]}'), 'AT067', 'nobody'),
    ('UPDATE r.suspension SET sessions = ''{[2024-07-01 AM,2025-09-15 AM]}'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 31', 'AT067', 'changed to before the first'),
    ('UPDATE r.suspension SET pupil_id = 61, entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 31', 'AT067', 'changed to a guest'),
    ('UPDATE r.suspension SET told_on = ''2025-09-08'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 31', 'accep', 'what else changes is not asked'),
    -- an order is to have a pupil registered, and so may come before that, or at a school that does not register the pupil yet
    ('INSERT INTO r.attendance_order (school_urn, pupil_id, made_on, authority) VALUES (100001, 60, ''2025-09-01'', ''x'')', 'accep', 'an order before the pupil is registered'),
    ('INSERT INTO r.attendance_order (school_urn, pupil_id, made_on, authority) VALUES (100002, 60, ''2025-09-01'', ''x'')', 'accep', 'an order at a school that has not registered the pupil')) AS v (command, wanted, label);
INSERT INTO suspension (school_urn, pupil_id, kind, sessions, grounds, decided_by) VALUES (100001, 7, 'permanent exclusion', '{[2025-12-12 AM,)}', 'knife', 'A Head');
SELECT results_eq('SELECT pupil_id, first_day, last_day, school_days, days::float, days_in_term::float, days_in_year::float, board_considers, over_limit, provision_due_on, provision_made
    FROM suspension_count ORDER BY 1, 2', $$ VALUES
    (4::bigint, date '2025-09-08', date '2025-09-12', 5::bigint, 5::float, 5::float, 5::float, false, false, NULL::date, NULL::boolean),
    (4, '2025-09-15', '2025-09-15', 1, 0.5, 5.5, 5.5, false, false, NULL, NULL),
    (4, '2025-11-03', '2025-11-17', 11, 11, 16.5, 16.5, true, false, '2025-11-10', false),
    (5, '2025-09-15', '2025-12-19', 65, 65, 65, 65, true, true, '2025-09-22', false),
    (7, '2025-12-12', NULL, 6, 6, 0, 0, false, false, '2025-12-19', false),
    (31, '2025-09-08', '2025-09-16', 7, 7, 7, 7, false, false, NULL, NULL) $$, 'days, days in the term and in the year, and the sixth day of who is of compulsory school age');
UPDATE suspension SET provision_from = CASE pupil_id WHEN 4 THEN date '2025-11-10' ELSE '2025-09-23' END, provision = 'tuition in a library', :signed
WHERE pupil_id = 4 AND sessions @> school_session('2025-11-03', 'AM') OR pupil_id = 5;
SELECT results_eq('SELECT pupil_id, provision_made FROM suspension_count WHERE provision_from IS NOT NULL ORDER BY 1', 'VALUES (4::bigint, true), (5, false)', 'provided on that day, or a day late');
UPDATE suspension_limit SET provision_day = 5, days_in_year = 5;
SELECT results_eq('SELECT provision_due_on, over_limit FROM suspension_count WHERE pupil_id = 4 ORDER BY first_day', $$ VALUES (date '2025-09-12', false), (NULL, true), ('2025-11-07', true) $$, 'the limits are data');
INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 4, '2025-09-15', 'AM', 'E'), (100001, 4, '2025-09-15', 'PM', 'E'), (100001, 7, '2025-12-15', 'AM', 'E');
SELECT results_eq('SELECT school_urn::integer, pupil_id, day, session FROM unrecorded_suspension', $$ VALUES (100001, 4::bigint, date '2025-09-15', 'PM') $$, 'E without a record is listed');

-- ---------- what is kept ----------

SELECT is_empty('SELECT * FROM verify_journal()', 'the journal has all of it');
SELECT is_empty($$ SELECT * FROM check_register('r') $$, 'and the register is as it was made');
SELECT is_empty($$ SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'entered_at' WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'r'
    AND c.relname NOT IN ('journal', 'journal_head', 'disposal') AND c.relname NOT IN (SELECT relation FROM record_kinds()) $$, 'every table of entries has a time to go');

SELECT * FROM finish();
ROLLBACK;
