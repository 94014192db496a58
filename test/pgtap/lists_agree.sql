-- The checklist, the working lists and the pack of a meeting say the same of the same pupils, on every day.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;
CREATE FUNCTION today() RETURNS date LANGUAGE sql RETURN (now() AT TIME ZONE 'Europe/London')::date;
CREATE FUNCTION lacking(of_measure text, as_of date) RETURNS bigint LANGUAGE sql RETURN (
    SELECT coalesce(sum(m.lacking), 0)::bigint FROM r.guidance_measure(as_of, '{100001}') m WHERE m.measure = of_measure AND m.school_urn = 100001);

-- ---------- who is persistently or severely absent ----------

INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) SELECT n, 'social worker', 'CIN', '2025-09-01' FROM generate_series(1, 10) n;
CREATE TEMP TABLE said AS
SELECT d.day::date AS day, p.* FROM generate_series(timestamp '2025-09-08', timestamp '2025-09-22', interval '1 day') d (day)
CROSS JOIN LATERAL (SELECT 'year to date ' || d.day::date AS period) q
CROSS JOIN LATERAL (
    SELECT 'list' AS by, c.pupil_id, c.tier FROM r.case_line(q.period, '{100001}') c WHERE c.tier IS NOT NULL
    UNION ALL SELECT 'pack', m.pupil_id, split_part(m.said, ';', 1) FROM r.meeting_pack(100001, q.period, as_of => d.day::date) m WHERE m.section = 'pupils' AND m.said ~ '^(severe|persistent)'
    UNION ALL SELECT 'virtual school', v.pupil_id, v.absence FROM r.virtual_school_roll(d.day::date, '{100001}') v WHERE v.absence IS NOT NULL) p;
SELECT set_eq(format($$ SELECT day, pupil_id, tier FROM said WHERE by = %L $$, other), $$ SELECT day, pupil_id, tier FROM said WHERE by = 'list' $$, 'as the ' || other) FROM unnest('{pack,virtual school}'::text[]) other;
SELECT results_eq($$ SELECT d, lacking('cases', d), lacking('joint approach', d) FROM (SELECT DISTINCT day FROM said UNION SELECT '2025-09-08' UNION SELECT '2025-09-12') s (d) ORDER BY d $$,
    $$ SELECT d, (SELECT count(*) FROM said WHERE by = 'list' AND day = d), (SELECT count(*) FROM said WHERE by = 'list' AND day = d AND tier = 'severe') FROM (SELECT DISTINCT day FROM said UNION SELECT '2025-09-08' UNION SELECT '2025-09-12') s (d) ORDER BY d $$, 'as the checklist');
SELECT results_eq($$ SELECT min(day), max(day), count(DISTINCT pupil_id) FROM said $$, $$ VALUES (date '2025-09-15', date '2025-09-22', 2::bigint) $$, 'nobody in the first week');
SELECT results_eq($$ SELECT split_part(said, ';', 1) FROM r.meeting_pack(100001, 'year to date 2025-09-08', as_of => '2025-09-08') WHERE section = 'pupils' $$, '{at risk,at risk}'::text[], 'who misses sessions of it is at risk');
-- of two years a pupil is one
SELECT is_empty($$ SELECT FROM r.meeting_pack(100001, '[2024-09-01,2025-09-20)') WHERE section = 'pupils' GROUP BY pupil_id HAVING count(*) > 1 $$, 'each once');
SELECT fill(5, '2024-09-09', '2024-09-20', 'I') \g /dev/null
UPDATE r.enrolment SET registration_group = '5A', year_group = '5', holds_from = '2025-09-01', entered_by = 't', title = 't', reason = 't' WHERE school_urn = 100001 AND pupil_id = 5;
SELECT results_eq($$ SELECT said FROM r.meeting_pack(100001, '[2024-09-01,2025-09-20)') WHERE section = 'pupils' AND pupil_id = 5 $$, ARRAY['severe; 5A; 30 of 40 sessions missed; lacks: case, joint approach, safeguarding'], 'also if the class is another one now');

-- a target for those who are no looked-after children is none for one of them
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (5, 'looked after', 'Y', '2025-09-01');
INSERT INTO r.attendance_target (la_number, cohort, value, measure, days, percent, set_by, set_on) VALUES (380, 'looked after', 'none', 'attendance', '[2025-09-01,2026-08-01)', 97, 'A', '2025-09-01'),
    (380, 'looked after', 'Y', 'attendance', '[2025-09-01,2026-08-01)', 91, 'A', '2025-09-01');
SELECT is((SELECT target_percent FROM r.virtual_school_roll('2025-09-19') WHERE pupil_id = 5), 91.00, 'but the one that is');

-- ---------- whose parents are to be told ----------

-- told on each of many days, some not reached
INSERT INTO r.family_contact (school_urn, pupil_id, purpose, channel, made_at, reached, made_by)
SELECT 100001, n, 'attendance update', 'letter', (today() - 3 * n)::timestamp AT TIME ZONE 'Europe/London' + interval '9 hours', n <> 4, 'A' FROM generate_series(1, 10) n;
SELECT is_empty(format($$ SELECT d::date, lacking('parents told', d::date), u.n FROM generate_series(%L::timestamp, %L, interval '1 day') d CROSS JOIN LATERAL (SELECT count(*) AS n FROM r.updates_due(d::date, '{100001}')) u
    WHERE lacking('parents told', d::date) <> u.n $$, today(), today() + 160), 'as many as the list has');
UPDATE r.expectation SET every = '1 month' WHERE measure = 'parents told';
SELECT is_empty($$ SELECT d::date FROM generate_series(timestamp '2027-02-20', timestamp '2027-04-10', interval '1 day') d CROSS JOIN LATERAL (SELECT count(*) AS n FROM r.updates_due(d::date, '{100001}')) u
    WHERE lacking('parents told', d::date) <> u.n $$, 'also where a month is short');

-- a worker who came back is told once
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day, to_day) VALUES (8, 'social worker', 'Wren', '2025-01-01', '2025-06-30'), (8, 'social worker', 'Wren', '2025-09-01', NULL);
INSERT INTO r.return_sent (kind, school_urn, pupil_id, covers, sent_at, sent_to) VALUES ('unexplained absence', 100001, 8, '[2025-09-17,2025-09-18)', '2025-09-17 10:00', 'Wren');
SELECT is((SELECT concerned FROM r.guidance_measure('2025-09-26', '{100001}') WHERE measure = 'social workers told' AND school_urn = 100001), 1::bigint, 'once');

-- ---------- actions that are overdue ----------

INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) VALUES (1, 100001, 1, 'at risk', '2025-09-10', 'x');
INSERT INTO r.agreed_action (case_id, action, owner, due_on) VALUES (1, 'x', 'A', '2025-09-15');
SELECT results_eq($$ SELECT d::date, (SELECT count(*) FROM r.case_due('year to date ' || d::date, '{100001}') WHERE lacks = 'actions done') FROM generate_series(timestamp '2025-09-14', timestamp '2025-09-16', interval '1 day') d $$,
    $$ VALUES (date '2025-09-14', 0::bigint), ('2025-09-15', 0), ('2025-09-16', 1) $$, 'on the last day of the period');
SELECT is((SELECT count(*) FROM r.case_due('year to date ' || today(), '{100001}') WHERE lacks = 'actions done') + (SELECT count(*) FROM r.case_due('autumn term 2025/26', '{100001}') WHERE lacks = 'actions done'), 2::bigint, 'or today, and at the end of a term');
SELECT * FROM finish();
ROLLBACK;
