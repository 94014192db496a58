-- A register with the structure of another one and nobody's identity, to show a fault with:
--
--     psql -d school -v source=register -v target=made_up -f examples/reproduce/reproduce.sql
--     pg_dump -d school -n made_up --no-owner --no-privileges -f fault.sql
--
-- -v schools='{900001,900002}' takes some schools of the source, else it is all of them.  What is copied, what is not, and
-- what a copy still tells about children: SECURITY.md.  It is one transaction: a new register, complete, or none.
--
-- Who runs it reads all of the source: its owner or a member of that role, or a superuser.  Days to come are left out.
\set ON_ERROR_STOP on
\if :{?schools}
\else
\set schools ''
\endif
BEGIN ISOLATION LEVEL REPEATABLE READ;
SET LOCAL client_min_messages = warning;
SELECT set_config('search_path', format('%I, pg_temp', n.nspname), true),
    set_config('reproduce.source', quote_ident(:'source'), true)
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'attendance' \g /dev/null
SELECT need_register(:'source'), :"source".known_schools(nullif(:'schools', '')::integer[]) \g /dev/null

-- A part of a register would have other figures, and nothing would say so.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_class c
        WHERE c.relnamespace = current_setting('reproduce.source')::regnamespace AND c.relkind IN ('r', 'p')
            AND row_security_active(c.oid))
    THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('role "%s" does not see all of the register %s', current_user, current_setting('reproduce.source')),
            HINT = 'Run it as the owner of the register.';
    END IF;
END
$$;

-- ---------- who is who: numbers by chance, in tables that end with the transaction ----------

SELECT (now() AT TIME ZONE 'Europe/London')::date AS today \gset
CREATE TEMP TABLE new_school ON COMMIT DROP AS
SELECT s.urn, 900000 + row_number() OVER (ORDER BY random())::integer AS new_urn, s.la_number, s.trust_uid
FROM :"source".school s
WHERE s.urn = ANY (coalesce(nullif(:'schools', '')::integer[], ARRAY[s.urn]));

CREATE TEMP TABLE new_authority ON COMMIT DROP AS
SELECT a.la_number, a.region_code, row_number() OVER (ORDER BY random())::integer AS new_number
FROM :"source".local_authority a
WHERE a.la_number IN (SELECT s.la_number FROM new_school s)
    OR a.la_number IN (SELECT f.la_number FROM :"source".school_former f JOIN new_school s ON s.urn = f.urn);

CREATE TEMP TABLE new_region ON COMMIT DROP AS
SELECT region_code, 'Region ' || row_number() OVER (ORDER BY random()) AS new_code
FROM new_authority WHERE region_code IS NOT NULL GROUP BY region_code;

CREATE TEMP TABLE new_trust ON COMMIT DROP AS
SELECT t.trust_uid, row_number() OVER (ORDER BY random())::integer AS new_uid
FROM :"source".trust t
WHERE t.trust_uid IN (SELECT s.trust_uid FROM new_school s)
    OR t.trust_uid IN (SELECT f.trust_uid FROM :"source".school_former f JOIN new_school s ON s.urn = f.urn);

CREATE TEMP TABLE new_pupil ON COMMIT DROP AS
SELECT p.pupil_id, row_number() OVER (ORDER BY random()) AS new_id
FROM :"source".pupil p
WHERE EXISTS (SELECT FROM :"source".enrolment e JOIN new_school s ON s.urn = e.school_urn WHERE e.pupil_id = p.pupil_id);

CREATE TEMP TABLE new_class ON COMMIT DROP AS
SELECT c.school_urn, c.registration_group,
    'Class ' || row_number() OVER (PARTITION BY c.school_urn ORDER BY random()) AS new_name
FROM (
    SELECT e.school_urn, e.registration_group FROM :"source".enrolment e
    UNION SELECT f.school_urn, f.registration_group FROM :"source".enrolment_former f) AS c
WHERE c.registration_group IS NOT NULL;

CREATE TEMP TABLE new_person ON COMMIT DROP AS
SELECT a.school_urn, a.name, 'Person ' || row_number() OVER (PARTITION BY a.school_urn ORDER BY random()) AS new_name
FROM (SELECT DISTINCT school_urn, name FROM :"source".authorised_person) AS a;

CREATE TEMP TABLE new_area ON COMMIT DROP AS
SELECT a.area, 'Area ' || row_number() OVER (ORDER BY random()) AS new_name
FROM (SELECT DISTINCT area FROM :"source".pupil_address WHERE area IS NOT NULL) AS a;

ANALYZE new_school, new_pupil, new_class;

-- 999 is the number of no authority, so the number of nobody; its letter is right.
CREATE FUNCTION pg_temp.new_upn(number bigint) RETURNS text LANGUAGE sql STABLE
RETURN (
    SELECT l.letter || '999' || lpad(number::text, 9, '0')
    FROM unnest(string_to_array('ABCDEFGHJKLMNPQRTUVWXYZ', NULL)) AS l (letter)
    WHERE upn_is_valid(l.letter || '999' || lpad(number::text, 9, '0')));

-- All that the law and the figures ask of a day of birth: the school year, and which prescribed day comes next
-- (compulsory_school_age()).  So it is one of three days a year.
CREATE FUNCTION pg_temp.new_birth(born date, today date) RETURNS date LANGUAGE sql IMMUTABLE
RETURN least(today, make_date(extract(year FROM born)::integer,
    CASE WHEN extract(month FROM born) >= 9 THEN 11 WHEN extract(month FROM born) <= 3 THEN 2 ELSE 6 END, 1));

-- Words tell who somebody is; rules ask only whether there are any.
CREATE FUNCTION pg_temp.words(words text) RETURNS text LANGUAGE sql IMMUTABLE RETURN CASE WHEN words IS NOT NULL THEN 'made up' END;

-- ---------- the register ----------

SELECT create_register(:'target') \g /dev/null
SELECT add_academic_year(:'target', y.academic_year)
FROM (SELECT DISTINCT l.academic_year FROM :"source".register_line l JOIN new_school s ON s.urn = l.school_urn) AS y \g /dev/null
-- contacts, and other papers that rules look for, stay behind
SELECT :"target".take_over(daterange('1900-01-01', :'today', '[]'), 'made up', 'made up', 'made up') \g /dev/null

INSERT INTO :"target".region (region_code, name) SELECT new_code, new_code FROM new_region;
INSERT INTO :"target".local_authority (la_number, name, region_code)
SELECT a.new_number, 'Authority ' || a.new_number, r.new_code
FROM new_authority a LEFT JOIN new_region r ON r.region_code = a.region_code;
INSERT INTO :"target".trust (trust_uid, name) SELECT new_uid, 'Trust ' || new_uid FROM new_trust;
INSERT INTO :"target".school (urn, laestab, name, phase, type, la_number, trust_uid, predecessor_urn)
SELECT n.new_urn, CASE WHEN s.laestab IS NOT NULL THEN to_char(a.new_number, 'FM000') || to_char(n.new_urn % 10000, 'FM0000') END,
    'School ' || n.new_urn - 900000, s.phase, s.type, a.new_number, t.new_uid, p.new_urn
FROM new_school n
JOIN :"source".school s ON s.urn = n.urn
JOIN new_authority a ON a.la_number = s.la_number
LEFT JOIN new_trust t ON t.trust_uid = s.trust_uid
LEFT JOIN new_school p ON p.urn = s.predecessor_urn;
INSERT INTO :"target".school_former (urn, to_day, phase, type, la_number, trust_uid)
SELECT n.new_urn, f.to_day, f.phase, f.type, a.new_number, t.new_uid
FROM new_school n
JOIN :"source".school_former f ON f.urn = n.urn
JOIN new_authority a ON a.la_number = f.la_number
LEFT JOIN new_trust t ON t.trust_uid = f.trust_uid;

INSERT INTO :"target".term_date (school_urn, academic_year, term, half, first_day, last_day)
SELECT n.new_urn, d.academic_year, d.term, d.half, d.first_day, d.last_day
FROM :"source".term_date d JOIN new_school n ON n.urn = d.school_urn;
INSERT INTO :"target".school_day (school_urn, day, morning, afternoon, closure)
SELECT n.new_urn, d.day, d.morning, d.afternoon, pg_temp.words(d.closure)
FROM :"source".school_day d JOIN new_school n ON n.urn = d.school_urn;
DELETE FROM :"target".bank_holiday_change;
INSERT INTO :"target".bank_holiday_change (day, name, is_holiday)
SELECT day, pg_temp.words(name), is_holiday FROM :"source".bank_holiday_change;
INSERT INTO :"target".registration_policy (school_urn, from_day, morning_opens, afternoon_opens, minutes_open, temporary_weeks)
SELECT n.new_urn, p.from_day, p.morning_opens, p.afternoon_opens, p.minutes_open, p.temporary_weeks
FROM :"source".registration_policy p JOIN new_school n ON n.urn = p.school_urn;
INSERT INTO :"target".authorised_person (school_urn, name, title, from_day, to_day)
SELECT n.new_urn, w.new_name, 'made up', p.from_day, p.to_day
FROM :"source".authorised_person p
JOIN new_school n ON n.urn = p.school_urn
JOIN new_person w ON w.school_urn = p.school_urn AND w.name = p.name;

-- ---------- pupils ----------

INSERT INTO :"target".pupil (pupil_id, upn, former_upn, surname, forename, sex, date_of_birth)
SELECT n.new_id, CASE WHEN p.upn IS NOT NULL THEN pg_temp.new_upn(n.new_id) END,
    CASE WHEN p.former_upn IS NOT NULL THEN pg_temp.new_upn(500000000 + n.new_id) END,
    'Pupil ' || n.new_id, 'Made-up', p.sex, pg_temp.new_birth(p.date_of_birth, :'today')
FROM new_pupil n JOIN :"source".pupil p ON p.pupil_id = n.pupil_id;

-- a deletion to come has not happened
INSERT INTO :"target".enrolment (school_urn, pupil_id, start_date, end_date, status, boarder, year_group, registration_group, agreed_on,
    starting_day_basis, entry_reason, last_school, last_school_address, next_school, next_school_start,
    deletion_ground, ground_arose_on, deletion_evidence, deleted_at)
SELECT s.new_urn, p.new_id, e.start_date, e.end_date, e.status, e.boarder, e.year_group, c.new_name, e.agreed_on,
    e.starting_day_basis, 'made up', pg_temp.words(e.last_school), pg_temp.words(e.last_school_address),
    pg_temp.words(e.next_school), e.next_school_start,
    CASE WHEN e.end_date IS NOT NULL THEN e.deletion_ground END, CASE WHEN e.end_date IS NOT NULL THEN e.ground_arose_on END,
    CASE WHEN e.end_date IS NOT NULL THEN pg_temp.words(e.deletion_evidence) END, CASE WHEN e.end_date IS NOT NULL THEN e.deleted_at END
FROM (
    SELECT o.school_urn, o.pupil_id, o.start_date, CASE WHEN o.end_date <= :'today' THEN o.end_date END AS end_date, o.status, o.boarder,
        o.year_group, o.registration_group, o.agreed_on, o.starting_day_basis, o.last_school, o.last_school_address, o.next_school,
        o.next_school_start, o.deletion_ground, o.ground_arose_on, o.deletion_evidence, o.deleted_at
    FROM :"source".enrolment o) AS e
JOIN new_school s ON s.urn = e.school_urn
JOIN new_pupil p ON p.pupil_id = e.pupil_id
LEFT JOIN new_class c ON c.school_urn = e.school_urn AND c.registration_group = e.registration_group;
INSERT INTO :"target".enrolment_former (school_urn, pupil_id, start_date, to_day, status, boarder, year_group, registration_group,
    entered_by, title, reason)
SELECT s.new_urn, p.new_id, f.start_date, f.to_day, f.status, f.boarder, f.year_group, c.new_name, 'made up', 'made up', 'made up'
FROM :"source".enrolment_former f
JOIN new_school s ON s.urn = f.school_urn
JOIN new_pupil p ON p.pupil_id = f.pupil_id
LEFT JOIN new_class c ON c.school_urn = f.school_urn AND c.registration_group = f.registration_group;

-- Characteristics of the extension's have codes for values; those of a school's own are numbered.
CREATE TEMP TABLE new_characteristic ON COMMIT DROP AS
SELECT o.characteristic, coalesce(t.characteristic, 'own ' || row_number() OVER (PARTITION BY t.characteristic IS NULL ORDER BY o.characteristic_key))
    AS new_name, t.characteristic IS NULL AS own
FROM :"source".characteristic o LEFT JOIN :"target".characteristic t ON t.characteristic = o.characteristic;
INSERT INTO :"target".characteristic (characteristic, label, question) SELECT new_name, new_name, 'made up' FROM new_characteristic WHERE own;
CREATE TEMP TABLE new_value ON COMMIT DROP AS
SELECT v.characteristic, v.value, CASE WHEN NOT c.own AND v.value ~ '^[A-Z0-9]{1,4}$' THEN v.value
        ELSE 'value ' || row_number() OVER (PARTITION BY v.characteristic ORDER BY random()) END AS new_value
FROM (SELECT DISTINCT characteristic, value FROM :"source".pupil_characteristic) AS v
JOIN new_characteristic c ON c.characteristic = v.characteristic;
INSERT INTO :"target".pupil_characteristic (pupil_id, characteristic, value, from_day, to_day)
SELECT p.new_id, c.new_name, v.new_value, o.from_day, o.to_day
FROM :"source".pupil_characteristic o
JOIN new_pupil p ON p.pupil_id = o.pupil_id
JOIN new_characteristic c ON c.characteristic = o.characteristic
JOIN new_value v ON v.characteristic = o.characteristic AND v.value = o.value;
-- of where pupils live only what cohorts ask: which live in the same area
INSERT INTO :"target".pupil_address (pupil_id, address, area, from_day, to_day, in_addition)
SELECT p.new_id, 'made up', r.new_name, a.from_day, a.to_day, a.in_addition
FROM :"source".pupil_address a
JOIN new_pupil p ON p.pupil_id = a.pupil_id
LEFT JOIN new_area r ON r.area = a.area;

-- ---------- what rules on marks look for ----------

INSERT INTO :"target".dual_registration (school_urn, pupil_id, other_school_urn, other_school, from_day, to_day, main, mobile_child)
SELECT s.new_urn, p.new_id, o.new_urn, CASE WHEN o.new_urn IS NULL THEN 'made up' END, d.from_day, d.to_day, d.main, d.mobile_child
FROM :"source".dual_registration d
JOIN new_school s ON s.urn = d.school_urn
JOIN new_pupil p ON p.pupil_id = d.pupil_id
LEFT JOIN new_school o ON o.urn = d.other_school_urn;
INSERT INTO :"target".mark_nature (school_urn, pupil_id, mark, sessions, nature)
SELECT s.new_urn, p.new_id, m.mark, m.sessions, 'made up'
FROM :"source".mark_nature m
JOIN new_school s ON s.urn = m.school_urn
JOIN new_pupil p ON p.pupil_id = m.pupil_id;
INSERT INTO :"target".leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, applicant, received_at,
    licence_reference, licence_from, licence_to, last_examination, status, decided_by, decided_at, decision_reason,
    cancelled_by, cancelled_at, cancel_reason)
SELECT s.new_urn, p.new_id, l.mark, l.sessions, l.reason_class, pg_temp.words(l.circumstances),
    pg_temp.words(coalesce(l.applicant, l.contact_id::text)), l.received_at,
    pg_temp.words(l.licence_reference), l.licence_from, l.licence_to, l.last_examination, l.status,
    coalesce(w.new_name, pg_temp.words(l.decided_by)), l.decided_at, pg_temp.words(l.decision_reason),
    pg_temp.words(l.cancelled_by), l.cancelled_at, pg_temp.words(l.cancel_reason)
FROM :"source".leave_of_absence l
JOIN new_school s ON s.urn = l.school_urn
JOIN new_pupil p ON p.pupil_id = l.pupil_id
LEFT JOIN new_person w ON w.school_urn = l.school_urn AND w.name = l.decided_by
WHERE upper(l.sessions) <= school_session(:'today'::date + 1, 'AM');
INSERT INTO :"target".part_time_timetable (school_urn, pupil_id, sessions, circumstances, agreed_with, agreed_by, agreed_on,
    review_dates, status, ended_on, ended_by)
SELECT s.new_urn, p.new_id, t.sessions, pg_temp.words(t.circumstances), pg_temp.words(t.agreed_with),
    coalesce(w.new_name, pg_temp.words(t.agreed_by)), t.agreed_on, t.review_dates, t.status, t.ended_on, pg_temp.words(t.ended_by)
FROM :"source".part_time_timetable t
JOIN new_school s ON s.urn = t.school_urn
JOIN new_pupil p ON p.pupil_id = t.pupil_id
LEFT JOIN new_person w ON w.school_urn = t.school_urn AND w.name = t.agreed_by
WHERE upper(t.sessions) <= school_session(:'today'::date + 1, 'AM');

-- ---------- marks ----------

INSERT INTO :"target".register_line (school_urn, academic_year, pupil_id, marks)
SELECT s.new_urn, l.academic_year, p.new_id, slice(l.marks, daterange(NULL, :'today', '[]'))
FROM :"source".register_line l
JOIN new_school s ON s.urn = l.school_urn
JOIN new_pupil p ON p.pupil_id = l.pupil_id;
INSERT INTO :"target".late_arrival (school_urn, pupil_id, session, minutes)
SELECT s.new_urn, p.new_id, a.session, a.minutes
FROM :"source".late_arrival a
JOIN new_school s ON s.urn = a.school_urn
JOIN new_pupil p ON p.pupil_id = a.pupil_id;

CREATE TEMP TABLE new_intervention ON COMMIT DROP AS
SELECT i.intervention_id, i.school_urn, row_number() OVER (ORDER BY random()) AS new_id, dense_rank() OVER (ORDER BY i.kind) AS kind
FROM :"source".intervention i JOIN new_school s ON s.urn = i.school_urn;
INSERT INTO :"target".intervention (intervention_id, school_urn, name, kind)
SELECT n.new_id, s.new_urn, 'Intervention ' || n.new_id, CASE WHEN i.kind IS NOT NULL THEN 'kind ' || n.kind END
FROM new_intervention n
JOIN :"source".intervention i ON i.intervention_id = n.intervention_id AND i.school_urn = n.school_urn
JOIN new_school s ON s.urn = n.school_urn;
INSERT INTO :"target".intervention_pupil (intervention_id, school_urn, pupil_id, from_day, to_day)
SELECT n.new_id, s.new_urn, p.new_id, i.from_day, i.to_day
FROM :"source".intervention_pupil i
JOIN new_intervention n ON n.intervention_id = i.intervention_id AND n.school_urn = i.school_urn
JOIN new_school s ON s.urn = i.school_urn
JOIN new_pupil p ON p.pupil_id = i.pupil_id;

-- ---------- from now on its rules are those of the source ----------

UPDATE :"target".taken_over SET ended_by = 'made up' WHERE ended_at IS NULL;
INSERT INTO :"target".rule_setting (school_urn, rule, action, reason, decided_by)
SELECT s.new_urn, r.rule, r.action, 'made up', 'made up'
FROM :"source".rule_setting r LEFT JOIN new_school s ON s.urn = r.school_urn
WHERE r.school_urn IS NULL OR s.urn IS NOT NULL;
SELECT advance_sequences(:'target') \g /dev/null
COMMIT;
ANALYZE :"target".register_line, :"target".enrolment, :"target".pupil, :"target".pupil_characteristic;

SELECT 'schools' AS what, count(*) FROM :"target".school
UNION ALL SELECT 'pupils', count(*) FROM :"target".pupil
UNION ALL SELECT 'lines of marks', count(*) FROM :"target".register_line
UNION ALL SELECT 'faults of the journal', count(*) FROM :"target".verify_journal();
