-- Work with families, schools, trusts and the authority in the year, made up: a year that ends on Friday 10 July 2026.
-- What is done regularly was done the last time in the weeks before today, since it counts from its entry on.
-- Everything is entered as users enter it, in sets; gaps are planted, and named at the end.
\pset footer off
\pset null '-'
\set ON_ERROR_STOP 1
SET search_path = register, public, attendance;
\ir generate/names.sql
SELECT (now() AT TIME ZONE 'Europe/London')::date AS today \gset
\echo '  workers, offices, cases, contacts with families, evidence and targets'

CREATE FUNCTION pg_temp.person(who bigint, what text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN pg_temp.forename(who, what, pg_temp.chance(who, what || ' sex') < 0.6) || ' '
        || pg_temp.choose(who, what || ' surname', pg_temp.surnames());

-- ---------- workers of pupils ----------

INSERT INTO pupil_worker (pupil_id, role, name, contact, from_day, to_day)
SELECT c.pupil_id, 'social worker', pg_temp.person(w.worker, 'social worker'), '01632 960' || 100 + w.worker,
    c.from_day, c.to_day
FROM pupil_characteristic c CROSS JOIN LATERAL (SELECT pg_temp.pick(c.pupil_id, 'social worker', 120) AS worker) AS w
WHERE c.characteristic = 'social worker'
ORDER BY c.pupil_id, c.from_day;
INSERT INTO pupil_worker (pupil_id, role, name, contact, from_day)
SELECT DISTINCT e.pupil_id, 'youth offending team worker', pg_temp.person(w.worker, 'youth'),
    '01632 960' || 300 + w.worker, date '2025-11-03'
FROM enrolment e CROSS JOIN LATERAL (SELECT pg_temp.pick(e.pupil_id, 'youth worker', 20) AS worker) AS w
WHERE e.year_group IN ('9', '10', '11') AND e.end_date IS NULL
    AND pg_temp.chance(e.pupil_id, 'youth offending') < 0.004;

-- ---------- who holds an office ----------

-- planted: 3 of a hundred schools lack a senior champion, one of 16 a named contact of the authority
INSERT INTO office_holder (office, school_urn, name, job_title, contact_details, from_day)
SELECT o.office, s.urn, CASE o.office
        WHEN 'named contact' THEN pg_temp.person(pg_temp.pick(s.urn, 'area', 12), 'named contact')
        ELSE pg_temp.person(s.urn, o.office) END,
    o.job_title, format('01632 960%s', 100 + pg_temp.pick(s.urn, o.office, 899)), '2025-09-01'
FROM school s CROSS JOIN (VALUES
    ('senior champion', 'Deputy head teacher', 0.03), ('attendance officer', 'Attendance officer', 0.02),
    ('pastoral contact', 'Pastoral manager', 0.02), ('SENCO', 'SENCO', 0.01),
    ('safeguarding lead', 'Designated safeguarding lead', 0), ('attendance governor', 'Governor', 0.1),
    ('named contact', 'School attendance support team', 0.06)) AS o (office, job_title, vacant)
WHERE pg_temp.chance(s.urn, 'vacant ' || o.office) >= o.vacant
ORDER BY s.urn, o.office;
INSERT INTO office_holder (office, trust_uid, la_number, name, job_title, from_day)
SELECT o.office, t.trust_uid, NULL::integer, pg_temp.person(t.trust_uid, o.office), o.job_title, date '2025-09-01'
FROM trust t CROSS JOIN (VALUES ('attendance trustee', 'Trustee'), ('attendance lead', 'Director of inclusion'))
    AS o (office, job_title)
UNION ALL
VALUES ('virtual school head', NULL::integer, 380, 'Di Dogwood', 'Virtual school head', date '2024-09-01'),
    ('attendance lead', NULL, 380, 'Kim Oak', 'Head of the school attendance support team', '2024-09-01');

-- ---------- cases ----------

-- the last school of each pupil on a roll, with the year's absence
CREATE TEMPORARY TABLE working AS
    SELECT l.*, CASE WHEN l.absence >= 50 THEN 'severe' WHEN l.absence >= 10 AND l.has_worker THEN 'social worker'
        WHEN l.absence >= 15 AND l.has_need THEN 'medical or SEND' WHEN l.absence >= 10 THEN 'persistent'
        WHEN l.absence >= 8 THEN 'at risk' END AS tier,
        greatest(date '2025-09-29' + 7 * pg_temp.pick(l.pupil_id, 'opened', 24), l.start_date + 28) AS opened_on
    FROM (
        SELECT e.school_urn, e.pupil_id, e.start_date, absence_rate(tally(l.marks)) AS absence,
            EXISTS (SELECT FROM pupil_worker w WHERE w.pupil_id = e.pupil_id AND w.to_day IS NULL) AS has_worker,
            EXISTS (SELECT FROM pupil_characteristic c WHERE c.pupil_id = e.pupil_id
                AND c.characteristic IN ('sen', 'medical condition') AND c.to_day IS NULL) AS has_need
        FROM enrolment e
        JOIN register_line l ON l.school_urn = e.school_urn AND l.pupil_id = e.pupil_id AND l.academic_year = 2025
        WHERE e.end_date IS NULL) AS l;
DELETE FROM working w WHERE tier IS NULL OR opened_on > '2026-06-12' OR pg_temp.chance(pupil_id, 'case')
    >= CASE tier WHEN 'severe' THEN 0.92 WHEN 'social worker' THEN 0.6 WHEN 'medical or SEND' THEN 0.2
        WHEN 'persistent' THEN 0.12 ELSE 0.04 END;
ALTER TABLE working ADD closes_on date;
UPDATE working SET closes_on = opened_on + 70
WHERE tier <> 'severe' AND opened_on + 70 <= '2026-07-10' AND pg_temp.chance(pupil_id, 'closed') < 0.35;
ANALYZE working;
INSERT INTO attendance_case (school_urn, pupil_id, tier, opened_on, opened_because, assessment, assessed_on,
    lead_practitioner, lead_agency, joint_approach_on, safeguarding_considered_on)
SELECT w.school_urn, w.pupil_id, w.tier, w.opened_on,
    pg_temp.choose(w.pupil_id, 'because', '{absence rises since the holidays,single days each week,
        anxiety about coming to school,illness without medical evidence,family moved,mornings are missed,
        does not settle after the move to this school,absence of brothers and sisters}'),
    CASE WHEN d.assessed THEN pg_temp.choose(w.pupil_id, 'assessment', '{anxiety of long standing,caring for a parent,
        debt and temporary housing,a need that was not recognised,friends who do not come either,
        trouble on the way to school}') END,
    CASE WHEN d.assessed THEN w.opened_on + 10 END,
    CASE WHEN d.led THEN pg_temp.person(w.pupil_id % 200, 'lead') END,
    CASE WHEN d.led THEN d.agency END,
    CASE WHEN d.joint THEN w.opened_on + 14 END, CASE WHEN d.safeguarded THEN w.opened_on + 7 END
FROM working w
CROSS JOIN LATERAL (SELECT pg_temp.chance(w.pupil_id, 'assessed') < 0.75 AS assessed,
    pg_temp.chance(w.pupil_id, 'led') < 0.85 AS led,
    pg_temp.choose(w.pupil_id, 'agency', '{school,school,school,local authority,local authority,health,
        voluntary organisation}') AS agency,
    w.tier = 'severe' AND pg_temp.chance(w.pupil_id, 'joint') < 0.8 AS joint,
    w.tier IN ('severe', 'social worker') AND pg_temp.chance(w.pupil_id, 'safeguarding') < 0.85 AS safeguarded) AS d
ORDER BY w.opened_on, w.pupil_id;

-- what is agreed in a case that is closed was done; of others some is overdue and some to come
CREATE TEMPORARY TABLE barrier (place integer, barrier text, lies text, action text, agency text);
INSERT INTO barrier VALUES
    (1, 'anxiety', 'health', 'Appointment with the mental health support team', 'health'),
    (2, 'crowded corridors', 'SEND', 'Leaves lessons five minutes early', 'school'),
    (3, 'falling out with friends', 'in school', 'Seat and form changed; a mentor meets every Monday', 'school'),
    (4, 'no way to school', 'out of school', 'Bus pass', 'local authority'),
    (5, 'housing', 'out of school', 'Letter to the housing service', 'local authority'),
    (6, 'caring for a parent', 'out of school', 'Young carers group', 'voluntary organisation'),
    (7, 'falls behind after absence', 'in school', 'Catch-up lessons twice a week', 'school'),
    (8, 'bedtimes', 'out of school', 'Morning plan agreed at home', 'the family');
INSERT INTO agreed_action (case_id, barrier, barrier_lies, action, owner, agency, due_on, done_on, outcome)
SELECT c.case_id, b.barrier, b.lies, b.action, CASE b.agency
        WHEN 'the family' THEN k.full_name ELSE pg_temp.person(c.case_id % 300, b.agency) END, b.agency,
    t.due_on, CASE WHEN d.done THEN t.due_on - 3 END, CASE WHEN d.done THEN 'in place' END
FROM attendance_case c
JOIN working w USING (pupil_id)
JOIN contact k ON k.pupil_id = c.pupil_id AND k.priority = 1
CROSS JOIN generate_series(0, 1) AS n
JOIN barrier b ON b.place = 1 + (c.case_id + 3 * n) % 8
-- some actions are still to come
CROSS JOIN LATERAL (SELECT CASE WHEN n = 1 AND w.closes_on IS NULL AND pg_temp.chance(c.case_id, 'to come') < 0.4
    THEN date :'today' + 30 ELSE c.opened_on + 21 + 14 * n END AS due_on) AS t
CROSS JOIN LATERAL (SELECT t.due_on < '2026-07-10'
    AND (w.closes_on IS NOT NULL OR pg_temp.chance(c.case_id, 'done' || n) < 0.8) AS done) AS d
ORDER BY c.case_id, n;
UPDATE attendance_case c SET closed_on = w.closes_on, entered_by = 'Kim Oak', title = 'Attendance lead',
    reason = 'reviewed',
    outcome = pg_temp.choose(w.pupil_id, 'outcome', '{attends every day,attends four days of five,
        better; the school goes on watching,no change; the case goes to early help,moved to another provision}')
FROM working w WHERE w.pupil_id = c.pupil_id AND w.closes_on IS NOT NULL;

-- ---------- contacts with families ----------

-- barriers were heard when the case was opened; absence of the two weeks before was followed up on its first day
INSERT INTO family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, said, made_by)
SELECT c.school_urn, c.pupil_id, 2 * c.pupil_id - 1, 'listening',
    pg_temp.choose(c.case_id, 'heard', '{meeting,visit,telephone}'), (c.opened_on + 1) + time '15:30',
    daterange(c.opened_on - 14, c.opened_on), true, b.barrier, pg_temp.person(c.school_urn, 'attendance officer')
FROM attendance_case c
JOIN barrier b ON b.place = 1 + c.case_id % 8
WHERE pg_temp.chance(c.case_id, 'heard') < 0.9
ORDER BY c.case_id;
INSERT INTO family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, said, made_by)
SELECT c.school_urn, c.pupil_id, 2 * c.pupil_id - 1, 'absence followed up', 'telephone',
    day(p.first_session) + time '09:40', daterange(day(p.first_session), day(p.last_session), '[]'), r.reached,
    CASE WHEN r.reached THEN pg_temp.choose(c.case_id, 'reason' || p.first_session,
        '{did not want to get up,said to be with a relative,slept badly,no clean uniform,
        comes after lunch,argument at home}') END,
    pg_temp.person(c.school_urn, 'attendance officer')
FROM attendance_case c
JOIN register_line l ON l.school_urn = c.school_urn AND l.pupil_id = c.pupil_id AND l.academic_year = 2025
CROSS JOIN LATERAL absence_spells(l.marks) AS p
CROSS JOIN LATERAL (SELECT pg_temp.chance(c.case_id, 'reached' || p.first_session) < 0.7 AS reached) AS r
WHERE day(p.first_session) BETWEEN c.opened_on - 14 AND c.opened_on
ORDER BY c.case_id, p.first_session;
-- N of the last week: of the days before all were called, and most reached; on Friday morning the calls have begun
INSERT INTO family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, said, made_by)
SELECT n.school_urn, n.pupil_id, 2 * n.pupil_id - 1, 'absence followed up', 'telephone', n.day + time '09:20',
    daterange(n.day, n.day, '[]'), r.reached, CASE WHEN r.reached THEN 'calls back with the reason' END,
    pg_temp.person(n.school_urn, 'attendance officer')
FROM (SELECT DISTINCT l.school_urn, l.pupil_id, m.day
    FROM register_line l CROSS JOIN LATERAL marks(l.marks, '[2026-07-06,2026-07-11)') AS m WHERE m.mark = 'N') AS n
CROSS JOIN LATERAL (SELECT pg_temp.chance(n.pupil_id, 'called' || n.day) AS chance) AS c
CROSS JOIN LATERAL (SELECT c.chance < CASE n.day WHEN '2026-07-10' THEN 0.15 ELSE 0.75 END AS reached) AS r
WHERE n.day < '2026-07-10' OR c.chance < 0.45
ORDER BY n.day, n.pupil_id;
-- where letters to parents are entered at all, all were told in June
INSERT INTO family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, made_by)
SELECT e.school_urn, e.pupil_id, 2 * e.pupil_id - 1, 'attendance update', 'letter', '2026-06-19 12:00',
    '[2026-04-13,2026-06-19)', true, o.name
FROM enrolment e JOIN office_holder o ON o.school_urn = e.school_urn AND o.office = 'attendance officer'
WHERE e.end_date IS NULL AND e.start_date < '2026-06-19' AND pg_temp.chance(e.school_urn, 'told') < 0.25
ORDER BY e.school_urn, e.pupil_id;

-- ---------- formal support and notices ----------

INSERT INTO attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, accepted, from_day, description)
SELECT c.school_urn, c.pupil_id, 2 * c.pupil_id - 1, CASE WHEN s.chance < 0.03 THEN 'attendance contract'
        ELSE 'voluntary support' END, c.opened_on + 28, s.chance < 0.08,
    CASE WHEN s.chance < 0.08 THEN c.opened_on + 35 END, 'Plan of the case, reviewed every three weeks'
FROM attendance_case c CROSS JOIN LATERAL (SELECT pg_temp.chance(c.case_id, 'support') AS chance) AS s
WHERE s.chance < 0.1 AND c.tier IN ('persistent', 'severe') AND c.opened_on < '2026-06-01'
ORDER BY c.case_id;
INSERT INTO notice_to_improve (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target,
    from_day, to_day, outcome, decided_on)
SELECT a.school_urn, a.pupil_id, a.contact_id, school_session_multirange(school_session_range(
        school_session(a.offered_on - 56, 'AM'), school_session(a.offered_on, 'AM'))), a.offered_on + 14,
    pg_temp.person(pg_temp.pick(a.school_urn, 'area', 12), 'named contact'), a.description,
    'No unauthorised absence in four weeks', a.offered_on + 17, a.offered_on + 45,
    pg_temp.choose(a.support_id, 'outcome', '{improved,improved,not improved}'), a.offered_on + 46
FROM attendance_support a
WHERE a.offered_on BETWEEN '2025-12-01' AND '2026-05-01' AND pg_temp.chance(a.support_id, 'notice') < 0.3
ORDER BY a.support_id;
-- for holidays, which need no support before; the reduced amount is paid by most
INSERT INTO penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, received_on, paid_on,
    paid_amount, without_support)
SELECT h.school_urn, h.pupil_id, h.contact_id, h.sessions, '2026-05-29', 'Kim Oak', '2026-06-02',
    CASE WHEN h.pays THEN date '2026-06-16' END, CASE WHEN h.pays THEN 80 END, 'a holiday in term time'
FROM (
    SELECT w.school_urn, w.pupil_id, w.contact_id, pg_temp.chance(w.contact_id, 'pays') < 0.8 AS pays,
        row_number() OVER (ORDER BY pg_temp.chance(w.contact_id, 'noticed'), w.contact_id) AS place, s.sessions
    FROM penalty_watch('2026-05-22', ARRAY(SELECT urn FROM school WHERE phase <> 'Special'
        ORDER BY pg_temp.chance(urn, 'notices'), urn LIMIT 12)) w
    CROSS JOIN LATERAL (
        SELECT range_agg(school_session_range(school_session(m.day, m.session), school_session(m.day, m.session), '[]'))
            AS sessions
        FROM register_line l CROSS JOIN LATERAL marks(l.marks, daterange(w.first_day, w.last_day, '[]')) AS m
        WHERE l.school_urn = w.school_urn AND l.pupil_id = w.pupil_id AND m.mark = 'G') AS s
    WHERE w.g >= 10 AND w.g = w.sessions AND w.first_day >= '2026-01-05' AND w.contact_id % 2 = 1) AS h
WHERE h.place <= 12
ORDER BY h.place;

-- ---------- evidence ----------

-- When what is expected so often was done, in this year, and the last time, which is planted to lack at one in 40
CREATE TEMPORARY TABLE occasion (every interval, done_on date, about daterange, last boolean);
INSERT INTO occasion VALUES
    ('7 days', date :'today' - 3, NULL, true), ('1 month', date :'today' - 12, NULL, true),
    ('2 months', date :'today' - 20, NULL, true), ('4 months', '2025-12-12', '[2025-09-08,2025-12-13)', false),
    ('4 months', '2026-03-20', '[2026-01-05,2026-03-21)', false),
    ('4 months', date :'today' - 30, '[2026-04-13,2026-06-20)', true), ('1 year', date :'today' - 100, NULL, true),
    (NULL, '2025-09-05', NULL, true);
CREATE TEMPORARY TABLE done AS
    SELECT x.expectation, b.school_urn, b.trust_uid, b.la_number, o.done_on, o.about, x.says,
        x.every IS NULL AS in_force, x.shown_by, b.who
    FROM (
        SELECT 'school' AS bearer, s.urn AS school_urn, NULL::integer AS trust_uid, NULL::integer AS la_number, s.type,
            s.urn AS who
        FROM school s
        UNION ALL SELECT 'trust', NULL, trust_uid, NULL, NULL, trust_uid FROM trust
        -- the governing body of a school without a trust
        UNION ALL SELECT 'trust', s.urn, NULL, NULL, s.type, s.urn FROM school s WHERE s.trust_uid IS NULL
        UNION ALL SELECT 'local authority', NULL, NULL, 380, NULL, 380) AS b
    JOIN expectation x ON x.bearer = b.bearer AND x.shown_by <> 'register' AND x.office IS NULL
        AND x.to_day >= '2026-07-10' AND (x.school_types IS NULL OR b.type = ANY (x.school_types))
        AND x.expectation NOT IN ('L4.1', 'L4.2', 'L4.3')
    JOIN occasion o ON o.every IS NOT DISTINCT FROM x.every AND o.last
        AND pg_temp.chance(b.who, x.expectation) >= 0.025;
INSERT INTO evidence (expectation, school_urn, trust_uid, la_number, done_on, in_force, about, present, said, document,
    digest)
SELECT d.expectation, d.school_urn, d.trust_uid, d.la_number, d.done_on,
    CASE WHEN d.in_force THEN daterange(d.done_on, NULL) END,
    -- the figures of a term are kept with its analysis, and with the reviews of governors and trustees
    CASE WHEN d.expectation IN ('S4.5', 'T1.2', 'L1.11') THEN d.about END,
    CASE WHEN NOT d.in_force THEN ARRAY[pg_temp.person(d.who, 'senior champion'), pg_temp.person(d.who, 'chair')] END,
    CASE WHEN d.shown_by = 'statement' THEN 'We attest: ' WHEN d.in_force THEN 'Adopted: ' ELSE 'Done: ' END || d.says,
    CASE WHEN d.expectation LIKE 'S2.%' THEN format('https://school%s.example/attendance-policy.pdf', d.who) END,
    CASE WHEN d.expectation LIKE 'S2.%' THEN encode(sha256(convert_to('policy ' || d.who, 'UTF8')), 'hex') END
FROM done d ORDER BY d.done_on, d.expectation, d.who;
-- Targeting Support Meetings with every school each term; planted: the last one was not held at one in 30
INSERT INTO evidence (expectation, la_number, school_urn, done_on, about, present, said)
SELECT m.expectation, 380, s.urn, o.done_on + pg_temp.pick(s.urn, 'meeting', 7) - 4, o.about,
    ARRAY[pg_temp.person(pg_temp.pick(s.urn, 'area', 12), 'named contact'), pg_temp.person(s.urn, 'senior champion')],
    pg_temp.choose(s.urn, 'met' || o.done_on, '{Pupils without a plan were named; two cases go to early help,
        Absence on Fridays: the school writes to parents,Year group with most absence: tutors call each week,
        Absence of pupils with special needs: SENCO joins the next meeting}')
FROM school s JOIN occasion o ON o.every = '4 months'
JOIN expectation m ON m.expectation = 'L4.1'
WHERE NOT (o.last AND pg_temp.chance(s.urn, 'meeting held') < 0.03)
ORDER BY o.done_on, s.urn;
INSERT INTO agreed_action (evidence_id, action, owner, agency, due_on, done_on, outcome)
SELECT e.evidence_id, CASE e.expectation WHEN 'L4.1' THEN 'Plans for the pupils who were named'
        ELSE 'The head reports what came of it' END,
    e.present[2], CASE e.expectation WHEN 'L4.1' THEN 'school' ELSE 'governing body' END, e.done_on + 42,
    CASE WHEN d.done THEN e.done_on + 35 END, CASE WHEN d.done THEN 'reported' END
FROM evidence e CROSS JOIN LATERAL (SELECT e.done_on + 35 <= :'today'
    AND pg_temp.chance(e.evidence_id, 'done') < 0.85 AS done) AS d
WHERE e.expectation IN ('L4.1', 'T1.2')
ORDER BY e.evidence_id;

-- ---------- targets ----------

-- of the year, and of the one in which today is
CREATE TEMPORARY TABLE target_year AS
    SELECT DISTINCT academic_year_days(y) AS days, least(lower(academic_year_days(y)) + 38, :'today') AS set_on
    FROM unnest(ARRAY[2025, academic_year(:'today')]) AS y;
INSERT INTO attendance_target (la_number, of_school_urn, cohort, value, measure, days, percent, evidence_id, set_by,
    set_on)
SELECT 380, v.school, v.cohort, v.value, v.measure, y.days, v.percent,
    (SELECT max(e.evidence_id) FROM evidence e WHERE e.expectation = 'L1.2'), v.set_by, y.set_on
FROM (
    VALUES (NULL::integer, NULL, NULL, 'attendance', 91.5, 'Kim Oak'),
        (NULL, 'fsm', 'Y', 'attendance', 89, 'Kim Oak'),
        (NULL, 'social worker', 'CIN', 'attendance', 90, 'Di Dogwood'),
        (NULL, 'social worker', 'CP', 'attendance', 88, 'Di Dogwood'),
        (NULL, 'looked after', 'Y', 'attendance', 95, 'Di Dogwood'),
        (NULL, 'looked after', 'Y', 'severe absence', 1, 'Di Dogwood')
    UNION ALL
    -- neighbourhoods and schools with most absence
    SELECT NULL, 'area', w.area, 'persistent absence', 18, 'Kim Oak'
    FROM (SELECT a.area FROM working c JOIN pupil_address a USING (pupil_id) GROUP BY a.area
        ORDER BY count(*) DESC, a.area LIMIT 3) AS w
    UNION ALL
    SELECT w.school_urn, NULL, NULL, 'severe absence', 2, 'Kim Oak'
    FROM (SELECT school_urn::integer FROM working WHERE tier = 'severe' GROUP BY school_urn
        ORDER BY count(*) DESC, school_urn LIMIT 3) AS w)
    AS v (school, cohort, value, measure, percent, set_by)
CROSS JOIN target_year y;
INSERT INTO attendance_target (la_number, measure, days, percent, evidence_id, set_by, set_on)
SELECT 380, 'persistent absence', '[2025-09-08,2028-08-01)', 15, max(evidence_id), 'Kim Oak', '2025-09-08'
FROM evidence WHERE expectation = 'L1.2';
INSERT INTO attendance_target (school_urn, measure, days, percent, set_by, set_on)
SELECT s.urn, 'attendance', y.days, CASE s.phase WHEN 'Primary' THEN 95 WHEN 'Secondary' THEN 92.5 ELSE 88 END,
    'Governors', y.set_on
FROM school s CROSS JOIN target_year y WHERE pg_temp.chance(s.urn, 'target') < 0.7 ORDER BY s.urn, y.days;
DROP TABLE working, barrier, occasion, done, target_year;
ANALYZE pupil_worker, office_holder, attendance_case, agreed_action, family_contact, attendance_support, penalty_notice,
    notice_to_improve, evidence, attendance_target;
