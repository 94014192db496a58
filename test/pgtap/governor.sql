-- Governors and trustees see figures, and no pupils: governor_page(), governor_pack(), trustee_page().
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

INSERT INTO r.trust VALUES (90001, 'Trust'), (90002, 'Trust without schools');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn IN (100001, 100002);
SELECT format('CREATE ROLE governor_%s', n), format('GRANT USAGE ON SCHEMA public TO governor_%s', n) FROM unnest('{school,trust,class,officer,office,nobody}'::text[]) n \gexec
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC;
SELECT grant_access('r', 'governor_school', 'governor', 100001), grant_access('r', 'governor_trust', 'governor', trust_uid => 90001),
    grant_access('r', 'governor_class', 'class teacher', 100001, '5A'), grant_access('r', 'governor_officer', 'attendance officer', 100001), grant_register('r', 'governor_office', 'reports') \g /dev/null
GRANT USAGE ON SCHEMA r, attendance TO governor_nobody;

\ir register/as_role.sql

CREATE TABLE asked (what text, query text, own text);
INSERT INTO asked VALUES ('page', 'SELECT r.governor_page(100001, ''[2025-09-08,2025-09-20)'')', 'SELECT r.page_head_termly(100001, ''[2025-09-08,2025-09-20)'', NULL, 5)'),
    ('pack', 'SELECT jsonb_agg(p.*)::text FROM r.governor_pack(100001, ''[2025-09-08,2025-09-20)'') p', 'SELECT jsonb_agg(to_jsonb(p) - ''{pupil_id,record}''::text[])::text FROM r.meeting_pack(100001, ''[2025-09-08,2025-09-20)'', ''T1.2'') p'),
    ('trust', 'SELECT r.trustee_page(90001, ''[2025-09-08,2025-09-20)'')', 'SELECT r.page_trust(90001, ''[2025-09-08,2025-09-20)'', 5)');
CREATE TABLE shown AS SELECT a.what, n.role, as_role(n.role, a.query) AS text, a.own FROM asked a, unnest('{governor_school,governor_trust,governor_class,governor_officer,governor_office,governor_nobody}'::name[]) AS n (role);
SELECT is(text, as_role(current_user, own), what || ' of ' || role || ' is that of the owner') FROM shown WHERE role IN ('governor_trust', 'governor_office') OR role IN ('governor_school') AND what <> 'trust' ORDER BY 1;
SELECT is(text, '22023 the register has no trust 90001', 'a trust is not seen by who sees one of its schools') FROM shown WHERE what = 'trust' AND role = 'governor_school';
SELECT is(text, '42501 permission denied for view figure_school', what || ': not for ' || role) FROM shown WHERE role IN ('governor_class', 'governor_nobody') ORDER BY what, role;
SELECT ok(length(text) > 500, what || ' says something') FROM shown WHERE role = 'governor_trust';
SELECT is_empty($$ SELECT s.what, u.surname, u.forename FROM shown s JOIN r.pupil u ON s.text LIKE '%' || u.surname || ', ' || u.forename || '%' WHERE role LIKE '%school' OR role LIKE '%trust' $$, 'nobody is named');
SELECT is(as_role('governor_school', 'SELECT count(*) FROM r.' || t), '42501 permission denied for ' || k || ' ' || t, 'and no pupil is seen: ' || t)
FROM (VALUES ('pupil', 'table'), ('register_line', 'table'), ('mark', 'view'), ('attendance_case', 'table'), ('bi_dim_pupil', 'view')) AS v (t, k);

SELECT is(as_role('governor_school', query), said, query) FROM (VALUES
    ('SELECT r.governor_page(100002, ''2025/26'')', '22023 the register has no school 100002'), ('SELECT r.governor_page(999999, ''2025/26'')', '22023 the register has no school 999999'),
    ('SELECT count(*) FROM r.governor_pack(100002, ''2025/26'')', '22023 the register has no school 100002'), ('SELECT r.trustee_page(90002, ''2025/26'')', '22023 the register has no trust 90002'),
    ('SELECT r.governor_page(NULL, ''2025/26'')', NULL), ('SELECT count(*) FROM r.governor_pack(100001, NULL)', '0'), ('SELECT r.governor_page(100001, ''soon'')', (SELECT as_role(current_user, 'SELECT r.page_head_termly(100001, ''soon'')'))))
    AS v (query, said);
-- who sees some of the pupils has figures of the schools of the own authority
INSERT INTO r.local_authority VALUES (381, NULL, 'Other', NULL);
UPDATE r.school SET la_number = 381, holds_from = '2000-01-01' WHERE urn = 100003;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status) VALUES (100003, 11, '2025-09-01', 'S');
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) VALUES (11, 'social worker', 'x', '2024-09-01');
CREATE ROLE governor_virtual;
SELECT grant_access('r', 'governor_virtual', 'virtual school head', la_number => 380) \g /dev/null
SELECT is(as_role('governor_virtual', 'SELECT array_agg(urn::integer ORDER BY urn) FROM r.school'), '{100001,100002,100003,100004}', 'the virtual school sees where its children are');
SELECT is(as_role('governor_virtual', 'SELECT array_agg(school_urn ORDER BY school_urn) FROM r.figure_school'), '{100001,100002,100004}', 'and has figures of all pupils at no school of another authority');
SELECT is(as_role('governor_virtual', 'SELECT r.governor_page(100003, ''2025/26'')'), '22023 the register has no school 100003', 'as of one that there is not');

-- after the right has ended nothing is left
SELECT revoke_access('r', 'governor_school', 'B. Head', 'Head', 'left') \g /dev/null
SELECT is(as_role('governor_school', 'SELECT r.governor_page(100001, ''2025/26'')'), '42501 permission denied for schema r', 'until the right has ended');

-- the owner's rights are those of the register's owner, and of nobody whose schema only looks like one
CREATE SCHEMA lure AUTHORIZATION governor_nobody;
SET LOCAL ROLE governor_nobody;
CREATE TABLE lure.school (urn integer);
SELECT throws_ok('SELECT attendance.school_figures_page(''lure.school'', 100001, ''2025/26'')', '42P01', 'relation "lure.figure_school" does not exist', 'a schema that is no register');
CREATE TABLE lure.figure_school (school_urn integer, trust_uid integer);
INSERT INTO lure.figure_school VALUES (100001, 1);
SELECT throws_ok('SELECT attendance.school_figures_page(''lure.school'', 100001, ''2025/26'')', '42P01', 'schema "lure" has no table register_line: it is not a register', 'nor one with such a table');
CREATE TABLE lure.register_line (marks integer);
CREATE FUNCTION lure.page_head_termly(integer, text, text, integer) RETURNS text LANGUAGE sql RETURN 'as ' || current_user;
SELECT is(attendance.school_figures_page('lure.school', 100001, '2025/26'), 'as governor_nobody', 'what is made up is run with the own rights');
SELECT throws_ok('SELECT attendance.school_figures_page(0, 100001, ''2025/26'')', NULL, NULL, 'of no relation');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
