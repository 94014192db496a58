-- Who sees what: the table access, the rights it brings, and the policies of row-level security, by capacity and place.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

-- Of three schools, two of a trust; of another authority the last.
INSERT INTO r.trust VALUES (90001, 'Trust');
INSERT INTO r.local_authority VALUES (381, NULL, 'Other', NULL);
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn IN (100001, 100002);
UPDATE r.school SET la_number = 381, holds_from = '2000-01-01' WHERE urn NOT IN (100001, 100002, 100003);
UPDATE r.enrolment SET registration_group = CASE WHEN pupil_id <= 3 THEN '5A' ELSE '5B' END, holds_from = '2000-01-01', entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND end_date IS NULL;
SELECT fill(p, '2025-09-08', '2025-09-12', '/', school => 100002) FROM generate_series(11, 14) p \g /dev/null
SELECT fill(26, '2025-09-08', '2025-09-12', '/', school => 100003) \g /dev/null
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) SELECT p, p, 'Parent ' || p, true FROM unnest('{1,2,11,26}'::bigint[]) p;
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) VALUES (11, 'social worker', 'S', '2025-09-01');
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (2, 'looked after', 'Y', '2025-09-01');

\ir register/as_role.sql
CREATE FUNCTION schools_of(role name, relation text) RETURNS text LANGUAGE sql
RETURN as_role(role, format('SELECT string_agg(DISTINCT right(school_urn::text, 1), '''' ORDER BY right(school_urn::text, 1)) FROM r.%s', relation));

-- ---------- the policies ----------

SELECT is_empty($$ SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('school_urn', 'pupil_id') AND NOT a.attisdropped
    WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT c.relrowsecurity $$, 'every table of schools or pupils has row-level security');
SELECT is((SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT c.relrowsecurity),
    'bank_holiday_change, benchmark_alias, benchmark_column, benchmark_file, benchmark_long, benchmark_phase, benchmark_row, capacity, characteristic, code_label, deletion_ground, '
    'expectation, leave_reason, local_authority, order_length, penalty_amount, penalty_framework, regime, region, register_identity, relevant_school_type, requirement, return_arrangement, suspension_limit, trust',
    'these hold none');
SELECT is_empty($$ SELECT tablename FROM pg_policies WHERE schemaname = 'r' GROUP BY tablename HAVING array_agg(policyname ORDER BY policyname) NOT IN ('{access_all,access_dated,access_place}', '{access_all,access_dated,access_place,access_shared}') $$, 'three policies on each');
SELECT is((SELECT string_agg(tablename, ', ' ORDER BY tablename) FROM pg_policies WHERE schemaname = 'r' AND policyname = 'access_shared' AND cmd = 'SELECT'), 'backup_record, rule_setting, taken_over', 'and of what is settled for all schools one to read it');

-- ---------- what a capacity is ----------

SELECT is_empty($$ SELECT c.capacity, p FROM r.capacity c, unnest(c.purposes) p WHERE p NOT IN (SELECT purpose FROM register_rights()) $$, 'purposes are those that there are');
SELECT is_empty($$ SELECT c.capacity, g FROM r.capacity c, unnest(c.may_grant) g WHERE g NOT IN (SELECT capacity FROM r.capacity) $$, 'and who may be granted, a capacity');
SELECT is_empty($$ SELECT relation FROM r.capacity_right WHERE pupils = 'none' AND relation IN (SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'r'::regnamespace AND a.attname = 'pupil_id') $$, 'who sees no pupils has no right on a table with pupils');
SELECT is_empty($$ SELECT capacity, relation, privileges FROM r.capacity_right WHERE privileges ~ 'INSERT|UPDATE|DELETE'
    AND (relation ~ '^(journal|disposal|benchmark)' OR relation = 'capacity' OR relation IN (SELECT name FROM law_tables())) $$, 'nobody writes the law, the journal, or disposal');

-- ---------- roles ----------

SELECT format('CREATE ROLE access_%s', r), format('GRANT USAGE ON SCHEMA public TO access_%s', r)
FROM unnest('{officer,class,leader,governor,trust,authority,virtual,legal,auditor,all,loader,none,login,login2,login3,both}'::text[]) r \gexec
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC;
SELECT is(as_role('access_officer', 'SELECT count(*) FROM r.pupil'), '42501 permission denied for schema r', 'nobody has anything to begin with');
SELECT lives_ok($$ SELECT grant_access('r', 'access_officer', 'attendance officer', school_urn => 100001), grant_access('r', 'access_class', 'class teacher', 100001, '5A'),
    grant_access('r', 'access_leader', 'leader', 100002), grant_access('r', 'access_governor', 'governor', 100001), grant_access('r', 'access_trust', 'trust analyst', trust_uid => 90001),
    grant_access('r', 'access_authority', 'authority analyst', la_number => 380), grant_access('r', 'access_virtual', 'virtual school head', la_number => 380),
    grant_access('r', 'access_legal', 'legal officer', 100001), grant_access('r', 'access_legal', 'legal officer', 100003), grant_access('r', 'access_auditor', 'auditor', 100001),
    grant_access('r', 'access_all', 'auditor', everywhere => true), grant_access('r', 'access_loader', 'loader', 100002) $$, 'access is granted');
SELECT is((SELECT schools_of('access_' || r, t)), wanted, format('%s: %s', r, t)) FROM (VALUES
    ('officer', 'enrolment', '1'), ('officer', 'mark', '1'), ('officer', 'register_line', '1'), ('officer', 'school_day', '1'), ('class', 'mark', '1'), ('leader', 'enrolment', '2'), ('leader', 'mark', '2'),
    ('trust', 'mark', '12'), ('trust', 'fact_line', '12'), ('authority', 'mark', '123'), ('virtual', 'mark', '12'), ('legal', 'mark', '13'), ('auditor', 'journal', '1'), ('all', 'mark', '123'),
    ('loader', 'mark', '2'), ('all', 'journal', '0123'), ('governor', 'school_day', '1'), ('governor', 'mark', '42501 permission denied for view mark'), ('officer', 'journal', '42501 permission denied for table journal'))
    AS v (r, t, wanted);
SELECT is(as_role('access_' || r, 'SELECT string_agg(pupil_id::text, '','' ORDER BY pupil_id) FROM r.pupil'), wanted, r || ' sees these pupils') FROM (VALUES
    ('class', '1,2,3'), ('virtual', '2,11'), ('governor', '42501 permission denied for table pupil')) AS v (r, wanted);
SELECT is(as_role('access_' || r, 'SELECT string_agg(pupil_id::text, '','' ORDER BY pupil_id) FROM r.contact'), wanted, r || ' sees the contacts of these pupils') FROM (VALUES
    ('officer', '1,2'), ('virtual', '2,11'), ('trust', '1,2,11'), ('all', '1,2,11,26'), ('class', '42501 permission denied for table contact')) AS v (r, wanted);
SELECT is(as_role('access_class', $$ SELECT string_agg(DISTINCT pupil_id::text, ',' ORDER BY pupil_id::text) FROM r.mark $$), '1,2,3', 'and a class teacher the marks of the class');
SELECT is(as_role('access_officer', 'SELECT count(*) FROM r.school'), '1', 'the other schools are hidden');
SELECT is(as_role('access_officer', 'SELECT known FROM r.known_schools(''{100002}'') known'), '22023 the register has no school 100002', 'and are not known');

-- A role has by itself what its member, whose access is asked for by a query, has by it: at no day more, of any capacity.
SELECT format('CREATE ROLE access_member_%s IN ROLE access_%1$s', r) FROM unnest('{officer,class,leader,governor,trust,authority,virtual,legal,auditor,all,loader,none}'::text[]) r \gexec
CREATE FUNCTION seen_by(role name) RETURNS text LANGUAGE sql RETURN as_role(role, $$ SELECT concat_ws('|', (SELECT string_agg(s::text, ',' ORDER BY s) FROM unnest(attendance.seen_schools(t.oid)) s),
    (SELECT string_agg(s::text, ',' ORDER BY s) FROM unnest(attendance.own_schools(t.oid)) s), coalesce((SELECT string_agg(p::text, ',' ORDER BY p) FROM unnest(attendance.seen_pupils(t.oid)) p), 'no pupil'),
    attendance.seen_pupils(t.oid) IS NULL, attendance.seen_trusts(t.oid), attendance.seen_authorities(t.oid), attendance.seen_classes(t.oid),
    (SELECT string_agg(g, ',' ORDER BY g) FROM unnest(attendance.granted_capacities(t.oid)) g), attendance.sees_all(t.oid)) FROM (SELECT 'r.school'::regclass AS oid) t $$);
SELECT is(seen_by('access_' || r), seen_by('access_member_' || r), r || ' and a member see the same') FROM unnest('{officer,class,leader,governor,trust,authority,virtual,legal,auditor,all,loader,none}'::text[]) r;
SELECT grant_access('r', ('access_' || r)::name, c, 100003, from_day => from_day, to_day => to_day) FROM (VALUES ('officer', 'attendance officer', CURRENT_DATE + 2, NULL::date), ('leader', 'leader', '2020-01-01', '2020-12-31'),
    ('loader', 'loader', '2020-01-01', CURRENT_DATE + 2), ('governor', 'governor', '2020-01-01', CURRENT_DATE + 2)) AS v (r, c, from_day, to_day) \g /dev/null
SELECT is(seen_by('access_' || r), seen_by('access_member_' || r), r || ' and a member on their days') FROM unnest('{officer,leader,loader,governor}'::text[]) r;
SELECT is(seen_by('access_loader'), '100002,100003|100002,100003|no pupil|t|{}|{}|{}|f', 'a second school');
SELECT is(seen_by('access_leader'), '100002|100002|no pupil|t|{}|{}|{}|attendance officer,class teacher,governor,safeguarding lead|f', 'no day of before');
SELECT revoke_access('r', a.role, 'Head', 'Headteacher', 'test', a.access_id) FROM r.access a WHERE a.role IN ('access_loader', 'access_governor') AND a.school_urn = 100003 \g /dev/null
SELECT is(seen_by('access_' || r), seen_by('access_member_' || r), r || ' and a member once it is taken away') FROM unnest('{loader,governor}'::text[]) r;
SELECT format('DROP ROLE access_member_%s', r) FROM unnest('{officer,class,leader,governor,trust,authority,virtual,legal,auditor,all,loader,none}'::text[]) r \gexec

-- what a policy of one's own hides of the roll, it hides of the pupils
CREATE POLICY own_pupils ON r.enrolment AS RESTRICTIVE TO access_officer USING (pupil_id > 5);
SELECT is(as_role('access_officer', 'SELECT min(pupil_id) FROM r.pupil'), (SELECT min(pupil_id)::text FROM r.enrolment WHERE school_urn = 100001 AND pupil_id > 5), 'a policy beside those of the register');
DROP POLICY own_pupils ON r.enrolment;
SELECT is(as_role('access_officer', 'SELECT min(pupil_id) FROM r.pupil'), (SELECT min(pupil_id)::text FROM r.enrolment WHERE school_urn = 100001), 'and without it');

-- plans are those that a condition on the schools would have had
ANALYZE r.enrolment, r.register_line;
CREATE FUNCTION planned(query text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO result;
    RETURN result -> 0 -> 'Plan';
END
$$;
CREATE FUNCTION planned_rows(role name, query text) RETURNS numeric LANGUAGE sql RETURN as_role(role, format('SELECT planned(%L) ->> ''Plan Rows''', query))::numeric;
SELECT is(planned_rows(('access_' || r)::name, 'SELECT FROM r.enrolment'), round((SELECT count(*) FROM r.enrolment) * schools::numeric / (SELECT count(DISTINCT school_urn) FROM r.enrolment)), r || ': rows of these schools')
FROM (VALUES ('officer', 1), ('trust', 2), ('authority', 3), ('legal', 2)) AS v (r, schools);
SELECT is(planned_rows('access_officer', 'SELECT FROM r.enrolment WHERE school_urn = 100001'), planned_rows(current_user, 'SELECT FROM r.enrolment WHERE school_urn = 100001'), 'a question about a school is planned as it is for who sees all');
SET enable_seqscan = off;
SELECT matches(as_role('access_officer', $$ SELECT planned('SELECT FROM r.enrolment') $$), 'Index Cond[^}]*= ANY \(seen_schools\(', 'by an index');
SELECT doesnt_match(as_role('access_authority', $$ SELECT planned('SELECT FROM r.enrolment') $$), 'seen_schools', 'not for most of the schools');
SELECT doesnt_match(as_role('access_officer', $$ SELECT planned('SELECT FROM r.evidence') $$), 'seen_schools', 'nor where there are rows without a school');
RESET enable_seqscan;
SELECT ok(NOT sees('r.school', 100001, true, NULL, NULL, NULL), 'what is of no pupil is not for who has none');

-- a reader of a school reads all views for BI, of that school alone, and nobody's name
CREATE ROLE access_bi;
GRANT USAGE ON SCHEMA public TO access_bi;
SELECT grant_access('r', 'access_bi', 'BI reader', 100002) \g /dev/null
CREATE TABLE bi_read AS SELECT c.relname, as_role('access_bi', format('SELECT count(*) FROM r.%I', c.relname)) AS of_role, a.attname IS NOT NULL AS of_school,
    as_role(current_user, format('SELECT count(*) FROM r.%I %s', c.relname, 'WHERE school_urn = 100002 OR school_urn IS NULL')) AS of_school_2
FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'school_urn' WHERE c.relnamespace = 'r'::regnamespace AND c.relname ~ '^bi_' AND c.relkind = 'v';
SELECT is_empty($$ SELECT * FROM bi_read WHERE of_role !~ '^[0-9]+$' $$, 'a BI reader reads every view for BI');
-- of a characteristic that nobody there has, nobody is without it
SELECT is_empty($$ SELECT * FROM bi_read WHERE of_school AND of_role <> of_school_2 AND relname <> 'bi_cohort_term' $$, 'the rows of the school, and no others');
SELECT cmp_ok((SELECT count(*) FROM bi_read WHERE of_school AND of_role::bigint > 0), '>', 8::bigint, 'which there are');
SELECT is(as_role('access_bi', 'SELECT count(*) FROM r.pupil WHERE ' || c || ' IS NOT NULL'), '42501 permission denied for table pupil', 'not ' || c) FROM unnest('{surname,forename,upn,date_of_birth}'::text[]) c;

-- ---------- whose rights count ----------

GRANT USAGE ON SCHEMA attendance, r TO access_none, access_login, access_both;
SELECT is(as_role('access_none', 'SELECT cardinality(attendance.seen_schools(''r.pupil''::regclass))'), '0', 'sees no school');
GRANT SELECT ON r.pupil, r.enrolment TO access_none;
SELECT is(as_role('access_none', 'SELECT count(*) FROM r.pupil'), '0', 'nor, with rights by hand, a pupil');
GRANT access_officer TO access_login;
GRANT access_officer, access_leader TO access_both;
SELECT is(schools_of('access_login', 'mark'), '1', 'a member sees what the role sees');
SELECT is(schools_of('access_both', 'mark'), '42501 role "access_both" has several capacities in register "r"', 'the rights of several capacities do not mix');
CREATE FUNCTION fetched(opened refcursor) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE pupil_id bigint; BEGIN FETCH opened INTO pupil_id; RETURN pupil_id; END $$;
-- a plan is made again for who runs it, and a cursor shows nothing that its reader has no right on
PREPARE seen_marks AS SELECT count(DISTINCT school_urn) FROM r.mark;
SET LOCAL ROLE access_trust;
SELECT count(DISTINCT school_urn) AS as_trust FROM r.mark \gset
EXECUTE seen_marks \gset trust_
SET LOCAL ROLE access_officer;
EXECUTE seen_marks \gset officer_
DECLARE opened CURSOR FOR SELECT pupil_id FROM r.contact;
RESET ROLE;
SELECT is(ARRAY[:as_trust, :trust_count, :officer_count], '{2,2,1}', 'prepared statements show what the role sees that runs them');
SELECT is(as_role('access_governor', 'SELECT fetched(''opened'')'), NULL, 'and a cursor nothing on which its reader has no right');

-- what is remembered is forgotten in time: within a transaction, a function, and after what was undone
SELECT is(as_role('access_loader', 'SELECT count(DISTINCT school_urn) FROM r.mark'), '1', 'one school');
SAVEPOINT granted;
SELECT grant_access('r', 'access_loader', 'loader', 100003) \g /dev/null
SELECT is(as_role('access_loader', 'SELECT count(DISTINCT school_urn) FROM r.mark'), '2', 'two at once');
ROLLBACK TO granted;
SELECT is(as_role('access_loader', 'SELECT count(DISTINCT school_urn) FROM r.mark'), '1', 'and one again');

-- ---------- days ----------

SELECT is(revoke_access('r', 'access_legal', 'B. Head', 'Head', 'left', (SELECT min(access_id) FROM r.access WHERE role = 'access_legal')), 1::bigint, 'one place is taken away');
SELECT is(schools_of('access_legal', 'mark'), '3', 'at once');
SELECT is(revoke_access('r', 'access_legal', 'B. Head', 'Head', 'left'), 1::bigint, 'and the rest');
SELECT is(schools_of('access_legal', 'mark'), '42501 permission denied for schema r', 'with all rights');
SELECT is(revoke_access('r', 'access_legal', 'B. Head', 'Head', 'left'), 0::bigint, 'once');
SELECT throws_ok($$ SELECT revoke_access('r', 'access_trust', 'B. Head', NULL, NULL) $$, 'AT036', NULL, 'it is signed');
ALTER TABLE r.access DISABLE TRIGGER use_access;
SELECT lives_ok($$ INSERT INTO r.access (role, capacity, school_urn, from_day, to_day, granted_by) VALUES ('access_legal', 'legal officer', 100001, '2020-01-01', '2020-12-31', 'x') $$, 'access that is over');
ALTER TABLE r.access ENABLE TRIGGER use_access;
SELECT grant_purpose('r', 'access_legal', 'reports') \g /dev/null
SELECT is(schools_of('access_legal', 'mark'), NULL, 'a right ends with its last day, whoever has forgotten to take it away');
SELECT results_eq('SELECT * FROM check_register(''r'')', $$ VALUES ('access of role access_legal', 'has ended; apply_access() takes its rights away') $$, 'check_register says so');
SELECT lives_ok('SELECT apply_access(''r'')', 'it is taken away');
SELECT is_empty('SELECT * FROM check_register(''r'')', 'and all is well');
SELECT lives_ok($$ SELECT grant_access('r', 'access_legal', 'legal officer', 100001, from_day => current_date + 2) $$, 'access that is to come');
SELECT is(schools_of('access_legal', 'mark'), NULL, 'shows nothing yet');

-- ---------- what cannot be granted ----------

SELECT throws_ok(format('SELECT grant_access(''r'', %s)', given), state, said, given) FROM (VALUES
    ('''access_officer'', ''governor'', 100001', '22023', 'role "access_officer" has another capacity on some of these days'),
    ('''access_both'', ''governor'', la_number => 380', '22023', 'capacity "governor" is granted for: school, trust'),
    ('''access_both'', ''class teacher'', 100001', '22023', 'capacity "class teacher" is granted for: class'),
    ('''access_both'', ''auditor'', 100001, everywhere => true', '23514', NULL),
    ('''access_both'', ''king'', 100001', '23503', NULL),
    ('''access_nobody'', ''governor'', 100001', '42704', NULL),
    (quote_literal(current_user) || ', ''governor'', 100001', '22023', format('row-level security does not hold for role "%s"', current_user)),
    ('''access_both'', ''governor'', 100001, from_day => ''2025-09-02'', to_day => ''2025-09-01''', '23514', NULL)) AS v (given, state, said);
SELECT throws_ok('SELECT grant_access(''public'', ''access_both'', ''governor'', 100001)', '3F000', 'schema "public" is not a register');
SELECT is(grant_access(NULL, 'access_both', 'governor', 100001), NULL, 'nothing');
SELECT throws_ok($$ SELECT grant_register('r', 'access_officer', 'reports') $$, '22023', 'role "access_officer" has access as "attendance officer": what it may do, and where, is that alone', 'nor the whole register beside a school');
SELECT grant_register('r', 'access_none', 'reports') \g /dev/null
SELECT throws_ok($$ SELECT grant_access('r', 'access_none', 'governor', 100001) $$, '22023', 'role "access_none" sees all schools, by grant_register()', 'nor a school beside the whole register');
SELECT throws_ok($$ UPDATE r.access SET school_urn = 100002, entered_by = 'x', title = 'x', reason = 'x' WHERE role = 'access_officer' $$, '55000', NULL, 'it is ended, not made another');
SELECT throws_ok('DELETE FROM r.access', 'AT020', NULL, 'nor taken out');
SELECT throws_ok($$ UPDATE r.access SET revoked_at = NULL, revoked_by = NULL, entered_by = 'x', title = 'x', reason = 'x' WHERE access_id = (SELECT min(access_id) FROM r.access WHERE revoked_at IS NOT NULL) $$, '55000', NULL, 'what has ended does not go on');
SELECT throws_ok($$ UPDATE r.access SET to_day = '2099-01-01', entered_by = 'x', title = 'x', reason = 'x' WHERE to_day = '2020-12-31' $$, '55000', NULL, 'nor is made longer');
-- a member would have both; the owner, and roles of the server, are nobody's to limit
-- what a role has by hand would go with its access
CREATE ROLE access_hand;
GRANT USAGE ON SCHEMA public, r TO access_hand;
GRANT SELECT (urn) ON r.school TO access_hand;
SELECT throws_ok($$ SELECT grant_access('r', 'access_hand', 'governor', 100001) $$, '22023', 'role "access_hand" has rights on tables of the register that were granted by hand', 'nor to who has rights by hand');
REVOKE SELECT (urn) ON r.school FROM access_hand;
SELECT lives_ok($$ SELECT grant_access('r', 'access_hand', 'governor', 100001), grant_access('r', 'access_hand', 'governor', 100003) $$, 'but without them');
-- another role of the name gets nothing of it: neither at once, nor by apply_access(), nor with access of its own
ALTER TABLE r.access DISABLE TRIGGER USER;
UPDATE r.access SET entered_at = entered_at - interval '1 day' WHERE role = 'access_hand';
ALTER TABLE r.access ENABLE TRIGGER USER;
DROP OWNED BY access_hand;
DROP ROLE access_hand;
CREATE ROLE access_hand;
GRANT USAGE ON SCHEMA public TO access_hand;
SELECT apply_access('r') \g /dev/null
SELECT is(as_role('access_hand', 'SELECT count(*) FROM r.school'), '42501 permission denied for schema r', 'another role of the name');
SELECT results_eq('SELECT * FROM check_register(''r'')', $$ VALUES ('access of role access_hand', 'is without rights: that of another role of the name; revoke_access() ends it') $$, 'check_register says so');
SELECT throws_ok($$ SELECT grant_access('r', 'access_hand', 'governor', 100003) $$, '22023', 'access of another role "access_hand" has not ended: revoke_access() ends it', 'nothing is granted beside it');
SELECT is(revoke_access('r', 'access_hand', 'B. Head', 'Head', 'gone'), 2::bigint, 'it is ended');
SELECT lives_ok($$ SELECT grant_access('r', 'access_hand', 'governor', 100003) $$, 'then the new one has access');
SELECT is(as_role('access_hand', 'SELECT string_agg(urn::text, '','') FROM r.school'), '100003', 'its own');
CREATE ROLE access_group;
GRANT access_group TO access_officer;
SELECT throws_ok($$ SELECT grant_access('r', 'access_group', 'governor', 100001) $$, '22023', 'role "access_officer" has another capacity on some of these days', 'nor another capacity by a group');
SELECT throws_ok($$ SELECT grant_access('r', 'pg_monitor', 'governor', 100001) $$, '22023', 'role "pg_monitor" is one of the server', 'nor a role of the server');
SELECT throws_ok($$ INSERT INTO r.access (role, capacity, school_urn, from_day, granted_by, revoked_at, revoked_by) VALUES ('access_none', 'governor', 100001, '2025-01-01', 'x', now(), 'x') $$, '22023', NULL, 'nor by a row that has ended before it began');
CREATE ROLE access_owner;
GRANT USAGE ON SCHEMA public, attendance TO access_owner;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO access_owner', current_database()); END $$;
SELECT as_role('access_owner', 'SELECT attendance.create_register(''own'')') \g /dev/null
INSERT INTO own.local_authority VALUES (380, NULL, 'Bradford', NULL);
INSERT INTO own.school (urn, name, phase, type, la_number) VALUES (100001, 'S', 'Primary', 'Academies', 380);
SELECT is(as_role('access_owner', 'SELECT attendance.grant_access(''own'', ''access_owner'', ''governor'', 100001)'), '22023 role "access_owner" has the rights of the owner of the register', 'nor the owner');

-- ---------- who may grant ----------

SELECT is(as_role('access_leader', $$ SELECT attendance.grant_access('r', 'access_login', 'class teacher', 100002, '5C') > 0 $$), 'true', 'a leader grants, at the own school');
SELECT is(as_role('access_leader', command), wanted, command) FROM (VALUES
    ($$ SELECT attendance.grant_access('r', 'access_both', 'legal officer', 100002) $$, '42501 new row violates row-level security policy for table "access"'),
    ($$ SELECT attendance.grant_access('r', 'access_both', 'leader', 100002) $$, '42501 new row violates row-level security policy for table "access"'),
    ($$ SELECT attendance.grant_access('r', 'access_login', 'class teacher', 100001, '5A') $$, '42501 new row violates row-level security policy for table "access"'),
    ($$ SELECT attendance.revoke_access('r', 'access_officer', 'x', 'x', 'x') $$, '0'),
    ($$ SELECT attendance.revoke_access('r', 'access_leader', 'x', 'x', 'x') $$, '42501 new row violates row-level security policy for table "access"'),
    ($$ SELECT count(*) FROM r.access $$, '4')) AS v (command, wanted);
SELECT is(as_role('access_officer', $$ SELECT attendance.grant_access('r', 'access_legal', 'class teacher', 100001, '5A') $$), '42501 permission denied for table access', 'nobody else');

-- who is behind a contact of another school, and who is nobody, are told alike
INSERT INTO r.person (person_id, full_name) VALUES (500, 'Hidden Person'), (501, 'Of nobody'), (502, 'Of both');
UPDATE r.contact SET person_id = CASE contact_id WHEN 11 THEN 500 ELSE 502 END, entered_by = 'x', title = 'x', reason = 'x' WHERE contact_id IN (11, 2, 26);
SELECT grant_access('r', 'access_login3', 'leader', 100001) \g /dev/null
SELECT is(as_role('access_login3', command), wanted, command) FROM (
    SELECT format($$ WITH u AS (UPDATE r.contact SET person_id = %s, entered_by = 'x', title = 'x', reason = 'x' WHERE contact_id = 1 RETURNING 1) SELECT count(*) FROM u $$, v.person) AS command,
        coalesce(v.wanted, '42501 new row violates row-level security policy for table "contact"') AS wanted
    FROM (VALUES (500, NULL), (999, NULL), (501, '1'), (502, '1')) AS v (person, wanted)
    UNION ALL VALUES ($$ WITH i AS (INSERT INTO r.contact (pupil_id, full_name, is_parent, person_id) VALUES (1, 'P', true, 500) RETURNING 1) SELECT count(*) FROM i $$, '42501 new row violates row-level security policy for table "contact"'),
        ($$ SELECT string_agg(full_name, ', ' ORDER BY person_id) FROM r.person $$, 'Of both'),
        -- one who is linked already does not stand in the way of what else is corrected
        ($$ WITH u AS (UPDATE r.contact SET full_name = 'Parent Two', entered_by = 'x', title = 'x', reason = 'x' WHERE contact_id = 2 RETURNING 1) SELECT count(*) FROM u $$, '1')) AS q;

-- the same for an officer, whose columns these are, and for who sees some pupils of a school: the person behind another's contact is none of theirs
INSERT INTO r.person (person_id, full_name) VALUES (503, 'Of pupil 1');
UPDATE r.contact SET person_id = 503, entered_by = 'x', title = 'x', reason = 'x' WHERE contact_id = 1;
SELECT is(as_role(role, format($$ WITH u AS (UPDATE r.contact SET person_id = %s, entered_by = 'x', title = 'x', reason = 'x' WHERE contact_id = 2 RETURNING 1) SELECT count(*) FROM u $$, person)),
    coalesce(wanted, '42501 new row violates row-level security policy for table "contact"'), format('%s links person %s', role, person))
FROM (VALUES ('access_virtual', 503, NULL), ('access_virtual', 999, NULL), ('access_officer', 500, NULL), ('access_virtual', 500, '1'), ('access_officer', 503, '1')) AS v (role, person, wanted);
SELECT is_empty($$ SELECT * FROM register_rights() WHERE privileges ~ 'UPDATE \(' AND privileges !~ 'UPDATE \([^)]*entered_by, title, reason\)' $$, 'who may change a column may sign it');

-- a pupil who has gone on is the other school's to write about: 21 went from 100001 to 100002
SELECT grant_access('r', 'access_login2', 'leader', 100001) \g /dev/null
SELECT is(as_role('access_login2', command), wanted, command) FROM (VALUES
    ($$ SELECT surname FROM r.pupil WHERE pupil_id = 21 $$, 'Surname 21'),
    ($$ UPDATE r.pupil SET surname = 'x', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 21 $$, '42501 new row violates row-level security policy for table "pupil"'),
    ($$ INSERT INTO r.pupil_address (pupil_id, address, from_day) VALUES (21, 'x', '2025-10-01') $$, '42501 new row violates row-level security policy for table "pupil_address"'),
    ($$ INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) VALUES (21, 'social worker', 'x', '2025-09-01') $$, '42501 new row violates row-level security policy for table "pupil_worker"'),
    ($$ WITH u AS (UPDATE r.pupil SET surname = 'x', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 1 RETURNING 1) SELECT count(*) FROM u $$, '1')) AS v (command, wanted);

-- what is settled for all schools is read at each, and taken away at none
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) SELECT NULL, rule, 'record', 'tried', 'x' FROM register_rules() WHERE can_be_set LIMIT 1;
SELECT is(as_role('access_leader', 'SELECT count(*) FROM r.rule_setting WHERE school_urn IS NULL'), '1', 'a setting for all schools is read');
SELECT is(as_role('access_leader', 'WITH d AS (DELETE FROM r.rule_setting WHERE school_urn IS NULL RETURNING 1) SELECT count(*) FROM d'), '0', 'not deleted');
SELECT is(as_role('access_leader', 'WITH d AS (UPDATE r.rule_setting SET school_urn = 100002 WHERE school_urn IS NULL RETURNING 1) SELECT count(*) FROM d'), '0', 'nor taken');

-- ---------- check_register ----------

SELECT is_empty('SELECT * FROM check_register(''r'')', 'all is well');
CREATE ROLE access_bypass BYPASSRLS IN ROLE access_trust;
SELECT results_eq('SELECT * FROM check_register(''r'')', $$ VALUES ('access of role access_trust', 'row-level security does not hold for its member access_bypass') $$, 'a member for whom row-level security does not hold');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'the journal is whole');
SELECT is(as_role('access_all', 'SELECT count(*) FROM r.verify_journal()'), '0', 'and who sees all verifies it');
SELECT matches(as_role('access_auditor', 'SELECT count(*) FROM r.verify_journal()'), '^42501 row-level security may hide rows', 'who sees a school cannot');
SELECT * FROM finish();
ROLLBACK;
