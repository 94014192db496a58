-- A number of a row that is hidden, and one that there is not, are told alike wherever a row can name another: every
-- foreign key of every table with row-level security, from the catalogue, by INSERT and by UPDATE.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

-- A row of each table that is referred to, at the own school and at another: 1 and 2.
SET LOCAL session_replication_role = replica;
CREATE TABLE place AS SELECT * FROM (VALUES (1, 100001, 1, 'own'), (2, 100002, 11, 'hidden')) AS v (id, school, pupil, word);
INSERT INTO r.person (person_id, full_name) SELECT id, word FROM place;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, person_id) SELECT id, pupil, word, true, id FROM place;
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) SELECT id, school, pupil, 'severe', '2025-09-15', word FROM place;
INSERT INTO r.attendance_support (support_id, school_urn, pupil_id, kind, offered_on, description) SELECT id, school, pupil, 'education supervision order', '2025-09-15', word FROM place;
INSERT INTO r.evidence (evidence_id, expectation, school_urn, done_on, said) SELECT id, 'S1.1', school, '2025-09-15', word FROM place;
INSERT INTO r.intervention (intervention_id, school_urn, name) SELECT id, school, word FROM place;
INSERT INTO r.leave_of_absence (leave_id, school_urn, pupil_id, mark, sessions, reason_class) SELECT id, school, pupil, 'C', '{[2025-10-06 AM,2025-10-06 PM]}', word FROM place;
INSERT INTO r.part_time_timetable (timetable_id, school_urn, pupil_id, sessions) SELECT id, school, pupil, '{[2025-10-06 AM,2025-10-06 PM]}' FROM place;
INSERT INTO r.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, step, issued_on, issued_by) SELECT id, school, pupil, id, '{[2025-09-08 AM,2025-09-12 PM]}', 1, '2025-09-15', word FROM place;
-- and one of each table that refers, to be changed
INSERT INTO r.family_contact (school_urn, pupil_id, purpose, channel, reached, made_by) SELECT school, pupil, 'letter', 'letter', true, word FROM place;
INSERT INTO r.attendance_target (school_urn, measure, days, percent, set_by, set_on) SELECT school, 'attendance', '[2025-09-01,2026-07-31]', 95, word, '2025-09-15' FROM place;
INSERT INTO r.agreed_action (case_id, school_urn, action, owner, due_on) SELECT id, school, word, 'x', '2025-10-01' FROM place;
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) SELECT pupil, 'social worker', word, '2025-09-15' FROM place;
INSERT INTO r.pupil_address (pupil_id, address, from_day) SELECT pupil, word, '2025-09-15' FROM place;
INSERT INTO r.office_holder (school_urn, office, name, from_day) SELECT school, 'senior champion', word, '2025-09-15' FROM place;
UPDATE r.pupil p SET surname = word FROM place WHERE p.pupil_id = pupil;
UPDATE r.enrolment e SET last_school = word FROM place WHERE e.pupil_id = pupil;
SET LOCAL session_replication_role = origin;

CREATE ROLE refer_leader;
GRANT USAGE ON SCHEMA public TO refer_leader;
SELECT grant_access('r', 'refer_leader', 'leader', 100001) \g /dev/null

CREATE TABLE reference AS
SELECT k.relname AS relation, a.attname::text AS column_name, o.relname AS referred, CASE o.relname WHEN 'school' THEN '{100001,100002,100099}' WHEN 'pupil' THEN '{1,11,999}' ELSE '{1,2,999}' END::int[] AS numbers,
    (SELECT array_agg(x.attname) FROM pg_attribute x WHERE x.attrelid = k.oid AND x.attnum > 0 AND NOT x.attisdropped AND x.attgenerated = '')::text[] AS columns
FROM pg_constraint f JOIN pg_class k ON k.oid = f.conrelid JOIN pg_class o ON o.oid = f.confrelid JOIN pg_attribute a ON a.attrelid = k.oid AND a.attnum = f.conkey[1]
WHERE k.relnamespace = 'r'::regnamespace AND f.contype = 'f' AND NOT k.relispartition AND k.relrowsecurity AND o.relrowsecurity AND cardinality(f.conkey) <= 2;
-- the privileges of the owner, so that it is the policy that refuses
SELECT DISTINCT format('GRANT INSERT, UPDATE ON r.%I TO refer_leader', relation) FROM reference \gexec
SELECT cmp_ok(count(*), '>', 70::bigint, 'there are these references') FROM reference;
SELECT is_empty($$ SELECT c.conname FROM pg_constraint c JOIN pg_class k ON k.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid WHERE k.relnamespace = 'r'::regnamespace AND c.contype = 'f' AND o.relrowsecurity
    AND cardinality(c.conkey) > 1 AND NOT k.relispartition AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.oid AND a.attnum = ANY (c.conkey) AND a.attname = 'school_urn') $$, 'a longer one has the school');
SELECT is_empty($$ SELECT r.relation, r.column_name, w.capacity FROM reference r JOIN r.capacity_right w ON w.relation = r.relation AND w.privileges ~ 'INSERT|UPDATE'
    WHERE r.referred NOT IN ('school', 'pupil', 'contact', 'person') AND NOT EXISTS (SELECT FROM r.capacity_right s WHERE s.capacity = w.capacity AND s.relation = r.referred AND s.privileges ~ 'SELECT(,|$)') $$,
    'who writes what refers to a table reads that');
CREATE FUNCTION there(relation text, number int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    result boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM r.%1$I WHERE %2$I = %3$s)', relation, (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = format('r.%I', relation)::regclass AND i.indisprimary), number) INTO result;
    RETURN result;
END
$$;
SELECT is(ARRAY(SELECT there(referred, n) FROM unnest(numbers) n), '{t,t,f}', referred || ': an own row, a hidden one, and none') FROM (SELECT DISTINCT referred, numbers FROM reference) r;

\ir register/as_role.sql
-- What is said of a number, after the SQLSTATE.
CREATE FUNCTION said_of(number int, command text) RETURNS text LANGUAGE sql
RETURN (SELECT CASE WHEN s LIKE 'accepted %' THEN s ELSE left(s, 6) || replace(substr(s, 7), number::text, 'N') END FROM said('refer_leader', command) s);
CREATE FUNCTION entered(r reference, number int) RETURNS text LANGUAGE sql
RETURN (SELECT said_of(number, format('INSERT INTO r.%I (%s) VALUES (%s)', r.relation, string_agg(quote_ident(v.name), ', '), string_agg(CASE v.name WHEN r.column_name THEN number::text ELSE v.value END, ', ')))
    FROM (VALUES (r.column_name, NULL), ('school_urn', '100001'), ('pupil_id', '1'), ('academic_year', '2025'), ('capacity', '''governor''')
        -- from PostgreSQL 19 on a policy takes for granted what is NOT NULL, and refuses before that does
        UNION SELECT o.column_name, o.numbers[1]::text FROM reference o JOIN pg_attribute a ON a.attrelid = format('r.%I', o.relation)::regclass AND a.attname = o.column_name
        WHERE o.relation = r.relation AND a.attnotnull AND o.column_name <> r.column_name) AS v (name, value)
    WHERE v.name = ANY (r.columns) AND (v.name = r.column_name) = (v.value IS NULL));
CREATE FUNCTION changed(r reference, number int) RETURNS text LANGUAGE sql
RETURN said_of(number, format('UPDATE r.%I SET %I = %s %s', r.relation, r.column_name, number, CASE WHEN 'entered_by' = ANY (r.columns) THEN ', entered_by = ''x'', title = ''x'', reason = ''x''' ELSE '' END));

CREATE TABLE tried AS SELECT r.*, v.*, format('42501 new row violates row-level security policy for table "%s"', relation) AS refusal
FROM reference r CROSS JOIN LATERAL (VALUES ('INSERT', entered(r, numbers[1]), entered(r, numbers[2]), entered(r, numbers[3])), ('UPDATE', changed(r, numbers[1]), changed(r, numbers[2]), changed(r, numbers[3]))) AS v (command, own, hidden, none);
SELECT is(hidden, none, format('%s %s.%s: a hidden row of %s, and none', command, relation, column_name, referred)) FROM tried;
-- a line asks for an enrolment first, a setting for a rule
SELECT is_empty($$ SELECT relation, column_name, hidden, none FROM tried WHERE command = 'INSERT' AND hidden <> refusal AND (relation, column_name) NOT IN (('register_line', 'pupil_id'), ('rule_setting', 'school_urn')) $$,
    'what is entered is refused by the policy');
SELECT is_empty($$ SELECT relation, column_name, own FROM tried WHERE command = 'INSERT' AND own = refusal $$, 'of the own, not');
SELECT is_empty($$ SELECT relation, column_name, hidden FROM tried WHERE command = 'UPDATE' AND referred NOT IN ('school', 'pupil') AND hidden NOT IN (refusal, 'accepted 0') $$, 'what is changed as well');
SELECT cmp_ok(count(*), '>=', 8::bigint, 'where there is a row') FROM tried WHERE command = 'UPDATE' AND referred NOT IN ('school', 'pupil') AND hidden = refusal;

-- What cannot be twice tells of what is hidden, unless the school is in it: those without are in doc/access.md, all but numbers that are given out.
SELECT results_eq($$ SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class k ON k.oid = i.indrelid
    LEFT JOIN pg_attribute n ON n.attrelid = k.oid AND n.attnum = i.indkey[0] AND i.indnkeyatts = 1 AND i.indisprimary AND n.attidentity <> ''
    WHERE k.relnamespace = 'r'::regnamespace AND k.relrowsecurity AND NOT k.relispartition AND (i.indisunique OR i.indisexclusion) AND n.attnum IS NULL
        AND pg_get_indexdef(c.oid) !~ '\m(school_urn|urn)\M' ORDER BY 1 $$,
    $$ VALUES ('attendance_support_extended'::name), ('contact_former_pkey'), ('enrolment_one_main'), ('penalty_notice_no_overlap'), ('pupil_address_one_from_day'),
        ('pupil_characteristic_no_overlap'), ('pupil_characteristic_pkey'), ('pupil_pupil_key_key'), ('pupil_upn_key'), ('pupil_worker_pkey'), ('school_school_key_key') $$, 'the keys without a school');

-- ---------- what is asked before the policy ----------

-- A condition that costs less than a policy would be tried before it, and whether the policy was asked then would tell what a hidden row has.
SELECT is_empty($$ SELECT tablename, qual FROM pg_policies WHERE schemaname = 'r' AND policyname = 'access_place' AND qual !~ '^[( ]*(attendance\.)?(sees|knows)\(' AND qual !~ '^[( ]*\w+ IS NULL\) OR (attendance\.)?knows\(' $$,
    'every policy begins with what costs nothing');
SELECT is_empty($$ SELECT proname FROM pg_proc WHERE pronamespace = 'attendance'::regnamespace AND proname IN ('sees', 'knows') AND (procost > 0.001 OR proleakproof) $$, 'for the planner');
SELECT is(ARRAY[sees(NULL, NULL, NULL, NULL, NULL, NULL), knows(NULL, NULL, NULL, NULL, NULL, NULL), knows('r.pupil', 'r.enrolment', 'pupil_id', NULL, NULL, NULL), knows('r.pupil', 'r.enrolment', 'no_column', 1, NULL, NULL)], '{f,f,f,f}', 'nothing is known of nothing');
-- what was done for who asks for what a hidden row has, and for what there is not
CREATE FUNCTION done(relation text, column_name text, value text) RETURNS text LANGUAGE plpgsql SET enable_indexscan = off SET enable_bitmapscan = off SET enable_indexonlyscan = off AS $$
DECLARE
    line text;
    result text := '';
BEGIN
    SET LOCAL ROLE refer_leader;
    FOR line IN EXECUTE format('EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT FROM r.%I WHERE %I = %L', relation, column_name, value) LOOP
        result := result || line || E'\n';
    END LOOP;
    RESET ROLE;
    RETURN replace(result, quote_literal(value), 'V');
END
$$;
CREATE FUNCTION hidden_column(relation text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT min(v.key) FROM r.%I t CROSS JOIN LATERAL jsonb_each_text(to_jsonb(t)) v WHERE v.value = ''hidden''', relation) INTO result;
    RETURN result;
END
$$;
CREATE TABLE worded AS SELECT c.relname::text AS relation, hidden_column(c.relname) AS column_name FROM pg_class c
WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'r' AND c.relrowsecurity AND NOT c.relispartition AND hidden_column(c.relname) IS NOT NULL;
SELECT is((SELECT string_agg(relation || '.' || column_name, ' ' ORDER BY relation) FROM worded), 'agreed_action.action attendance_case.opened_because attendance_support.description attendance_target.set_by contact.full_name enrolment.last_school evidence.said '
    'family_contact.made_by intervention.name leave_of_absence.reason_class office_holder.name penalty_notice.issued_by person.full_name pupil.surname pupil_address.address pupil_worker.name', 'these are asked');
SELECT is(done(relation, column_name, 'hidden'), done(relation, column_name, 'nobody'), format('%s.%s is not told by what is done', relation, column_name)) FROM worded;
SELECT isnt(done(relation, column_name, 'own'), done(relation, column_name, 'nobody'), format('%s.%s of an own row is', relation, column_name)) FROM worded;
SELECT * FROM finish();
ROLLBACK;
