-- Work with families: cases, what was agreed, offices, and whom a school calls on the last morning of the year.
\pset footer off
\pset null ''
\set ON_ERROR_STOP 1
SET search_path = register, public, attendance;

\echo
\echo 'Cases of the year, by the reason for which they were opened'
SELECT tier, count(*) AS cases, count(*) FILTER (WHERE closed_on IS NULL) AS open,
    count(assessment) AS assessed, count(*) FILTER (WHERE lead_agency <> 'school') AS "led by another agency",
    count(joint_approach_on) AS "joint approach",
    round(avg((figures_at_opening ->> 'absence_percent')::numeric), 1) AS "absence % before",
    round(avg((figures_at_closing ->> 'absence_percent')::numeric), 1) AS "while open, of those closed"
FROM attendance_case GROUP BY tier ORDER BY tier;

\echo 'Agreed actions on 10 July 2026, by where the barrier lies'
SELECT coalesce(barrier_lies, 'of meetings and reviews') AS barrier, count(*) AS agreed, count(done_on) AS done,
    count(*) FILTER (WHERE done_on IS NULL AND due_on < '2026-07-10') AS overdue,
    count(*) FILTER (WHERE done_on IS NULL AND due_on >= '2026-07-10') AS "to come"
FROM agreed_action GROUP BY barrier_lies ORDER BY barrier_lies;

\echo 'Planted: offices that are vacant'
SELECT o.office, count(*) AS schools, string_agg(s.name, ', ' ORDER BY s.name) AS names
FROM (VALUES ('senior champion'), ('named contact'), ('SENCO')) AS o (office)
JOIN school s ON NOT EXISTS (
    SELECT FROM office_holder h WHERE h.office = o.office AND h.school_urn = s.urn)
GROUP BY o.office ORDER BY o.office;

SELECT school_urn AS school
FROM family_contact WHERE made_at >= '2026-07-10' GROUP BY school_urn
ORDER BY count(*) DESC, school_urn LIMIT 1 \gset
SELECT name AS school_name FROM school WHERE urn = :school \gset
\echo 'Whom' :school_name 'calls on the morning of Friday 10 July 2026'
SELECT place, surname || ', ' || forename AS pupil, registration_group AS class, school_days AS days, social_worker,
    tries, contact_name AS call, numbers[1] AS number, said
FROM follow_up_list('2026-07-10', ARRAY[:school]) ORDER BY place LIMIT 12;

\echo 'What absence of the year asks for and the record lacks, by why a case is, or would be, opened'
SELECT tier, lacks, count(*) AS pupils
FROM case_due('2025/26') GROUP BY tier, lacks ORDER BY tier, count(*) DESC, lacks;

\echo 'Targets of the authority on 10 July 2026, and those for neighbourhoods and schools'
SELECT concat_ws(', ', t.measure, t.cohort || ' ' || t.value, s.name) AS target, t.percent AS aim,
    round(t.figure, 1) AS now, t.status, t.set_by AS "set by"
FROM target_progress('2026-07-10') t LEFT JOIN school s ON s.urn = t.of_school_urn
WHERE t.la_number = 380;

\echo 'The virtual school on 10 July 2026: who attends least'
SELECT surname || ', ' || forename AS pupil, concat_ws(', ', CASE WHEN looked_after THEN 'looked after'
        WHEN previously_looked_after THEN 'previously looked after' END, social_worker) AS why,
    round(attendance_percent, 1) AS attendance, target_percent AS aim, tier AS case, overdue
FROM virtual_school_roll('2026-07-10') WHERE left_on IS NULL LIMIT 8;

\echo 'What trusts, governing bodies and the authority oversee, today'
SELECT bearer, matter, count(*) FILTER (WHERE status = 'met') AS met, count(*) FILTER (WHERE status = 'due') AS due,
    count(*) FILTER (WHERE status = 'overdue') AS overdue, count(*) FILTER (WHERE status = 'missing') AS missing
FROM oversight() GROUP BY bearer, matter ORDER BY bearer, matter;

\echo 'The guidance as a checklist, today: of schools, trusts, governing bodies and the authority'
CREATE TEMPORARY TABLE checked AS SELECT * FROM guidance_checklist();
SELECT bearer, count(*) FILTER (WHERE status = 'met') AS met, count(*) FILTER (WHERE status = 'attested') AS attested,
    count(*) FILTER (WHERE status = 'not met') AS "not met",
    count(*) FILTER (WHERE status = 'not applicable') AS "not applicable"
FROM checked GROUP BY bearer ORDER BY bearer;
\echo 'What the authority lacks, and what most schools do'
SELECT expectation, says, count(*) AS organisations, min(problem) AS "such as"
FROM checked WHERE status = 'not met' GROUP BY expectation, says, bearer
ORDER BY bearer <> 'local authority', count(*) DESC, expectation LIMIT 15;
DROP TABLE checked;

DO $$
BEGIN
    IF EXISTS (SELECT FROM legal_step_breach)
        OR EXISTS (SELECT FROM (VALUES ('at risk'), ('persistent'), ('severe'), ('medical or SEND'), ('social worker'))
            AS v (tier) WHERE NOT EXISTS (SELECT FROM attendance_case c WHERE c.tier = v.tier)) THEN
        RAISE EXCEPTION 'the records of the work with families are wrong';
    END IF;
END
$$;
