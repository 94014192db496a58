-- Characteristics of the demo's pupils, made up: by phase about as frequent as in England (Department for Education,
-- "Schools, pupils and their characteristics" and "Special educational needs in England", 2024/25), by school more or
-- less so, and more often those of pupils who are absent more, so that gaps show.
\pset footer off
SET search_path = register, public, attendance;
\echo '  characteristics of pupils'

\ir chance.sql

CREATE TEMPORARY TABLE drawn AS
    SELECT l.pupil_id, l.school_urn, s.phase, e.year_group,
        -- 0 for the pupil with least absence of the phase, 1 for the one with most
        percent_rank() OVER (PARTITION BY s.phase ORDER BY coalesce(absence_rate(tally(l.marks)), 0), l.pupil_id)
            AS place,
        -- schools differ: 0.5 to 1.5 times as frequent
        0.5 + pg_temp.chance(l.school_urn, 'school') AS school_factor
    FROM (SELECT DISTINCT ON (pupil_id) * FROM register_line ORDER BY pupil_id, school_urn) l
    JOIN school s ON s.urn = l.school_urn
    JOIN enrolment e ON e.school_urn = l.school_urn AND e.pupil_id = l.pupil_id AND e.start_date = l.enrolment_start;

-- share of pupils by phase, how much absence goes with it (0 not at all, 1 as much as can be), and whether schools
-- differ
CREATE TEMPORARY TABLE share (characteristic text, value text, primary_share numeric, secondary_share numeric,
    special_share numeric, leaning numeric, by_school boolean);
INSERT INTO share VALUES
    ('fsm', 'Y', 0.25, 0.25, 0.46, 0.7, true), ('fsm6 only', 'Y', 0.02, 0.05, 0.05, 0.5, true),
    ('sen', 'E', 0.035, 0.03, 0.98, 0.6, false), ('sen', 'K', 0.147, 0.137, 0.015, 0.5, true),
    ('eal', 'Y', 0.23, 0.19, 0.16, -0.2, true), ('looked after', 'Y', 0.005, 0.007, 0.03, 0.1, false),
    ('previously looked after', 'Y', 0.008, 0.006, 0.02, 0.1, false),
    ('social worker', 'CIN', 0.018, 0.02, 0.09, 0.8, false), ('social worker', 'CP', 0.009, 0.008, 0.02, 0.8, false),
    ('young carer', 'Y', 0.007, 0.012, 0.01, 0.6, false), ('medical condition', 'Y', 0.02, 0.03, 0.15, 0.6, false),
    ('service child', 'Y', 0.009, 0.008, 0.005, -0.2, false);

CREATE TEMPORARY TABLE held AS
    SELECT DISTINCT ON (d.pupil_id, s.characteristic) d.pupil_id, d.phase, s.characteristic, s.value
    FROM drawn d CROSS JOIN share s
    WHERE pg_temp.chance(d.pupil_id, s.characteristic || s.value)
        < CASE d.phase WHEN 'Primary' THEN s.primary_share WHEN 'Secondary' THEN s.secondary_share
            ELSE s.special_share END
            * CASE WHEN s.by_school THEN d.school_factor ELSE 1 END * (1 + s.leaning * (2 * d.place - 1))
    ORDER BY d.pupil_id, s.characteristic, s.value;

CREATE TEMPORARY TABLE entered AS
SELECT pupil_id, characteristic, value,
    -- some come in the year, some end in it
    CASE WHEN pg_temp.chance(pupil_id, characteristic || 'from') < 0.06 THEN date '2026-01-05'
        ELSE date '2025-09-01' END AS from_day,
    CASE WHEN pg_temp.chance(pupil_id, characteristic || 'to') < 0.03 AND characteristic <> 'sen'
        THEN date '2026-05-22' END AS to_day
FROM held WHERE characteristic NOT IN ('fsm6 only', 'looked after', 'previously looked after')
UNION ALL
SELECT pupil_id, characteristic, value, '2025-09-01', NULL FROM held
WHERE characteristic IN ('looked after', 'previously looked after')
UNION ALL
SELECT DISTINCT pupil_id, 'fsm6', 'Y', date '2025-09-01', NULL::date FROM held
WHERE characteristic IN ('fsm', 'fsm6 only')
UNION ALL
SELECT DISTINCT pupil_id, 'pupil premium', 'Y', date '2025-09-01', NULL::date FROM held
WHERE characteristic IN ('fsm', 'fsm6 only', 'looked after', 'previously looked after')
UNION ALL
SELECT h.pupil_id, 'sen need', n.need, date '2025-09-01', NULL
FROM held h CROSS JOIN LATERAL (SELECT pg_temp.chance(h.pupil_id, 'need') AS chance) c
CROSS JOIN LATERAL (VALUES (CASE WHEN c.chance < 0.24 THEN 'SLCN' WHEN c.chance < 0.45 THEN 'SEMH'
    WHEN c.chance < 0.60 THEN 'ASD'
    WHEN c.chance < 0.74 THEN 'MLD' WHEN c.chance < 0.88 THEN 'SPLD' WHEN c.chance < 0.92 THEN 'PD'
        WHEN c.chance < 0.95 THEN 'SLD'
    WHEN c.chance < 0.97 THEN 'HI' ELSE 'OTH' END)) AS n (need)
WHERE h.characteristic = 'sen'
UNION ALL
SELECT d.pupil_id, 'ethnicity', e.code, date '2025-09-01', NULL
FROM drawn d CROSS JOIN LATERAL (SELECT pg_temp.chance(d.pupil_id, 'ethnicity') AS chance) c
CROSS JOIN LATERAL (VALUES (CASE WHEN c.chance < 0.61 THEN 'WBRI' WHEN c.chance < 0.68 THEN 'WOTH'
    WHEN c.chance < 0.73 THEN 'APKN'
    WHEN c.chance < 0.77 THEN 'AIND' WHEN c.chance < 0.79 THEN 'ABAN' WHEN c.chance < 0.82 THEN 'AOTH'
        WHEN c.chance < 0.865 THEN 'BAFR'
    WHEN c.chance < 0.875 THEN 'BCRB' WHEN c.chance < 0.945 THEN 'MOTH' WHEN c.chance < 0.95 THEN 'CHNE'
        WHEN c.chance < 0.955 THEN 'WROM'
    WHEN c.chance < 0.98 THEN 'OOTH' ELSE 'NOBT' END)) AS e (code);
INSERT INTO pupil_characteristic (pupil_id, characteristic, value, from_day, to_day)
SELECT pupil_id, characteristic, value, from_day, to_day FROM entered ORDER BY characteristic, pupil_id;
DROP TABLE entered, held, share, drawn;
ANALYZE pupil_characteristic;

\echo '  interventions'
-- Pupils with 10 to 50 % absence in the half term before; two of three are those who were absent less afterwards.
CREATE TEMPORARY TABLE taken AS
    SELECT v.name, v.kind, v.school_urn, v.from_day, v.to_day, l.pupil_id,
        row_number() OVER (PARTITION BY v.name ORDER BY pg_temp.chance(l.pupil_id, v.name)
            * CASE WHEN absence_rate(tally(l.marks, v.after)) < absence_rate(tally(l.marks, v.before)) THEN 1
                ELSE 2 END) AS place, v.places
    FROM (VALUES
        ('Attendance mentoring', 'mentoring', 900160, date '2025-11-03', NULL::date,
            daterange '[2025-09-08,2025-11-03)',
            daterange '[2025-11-03,2025-12-20)', 40),
        ('Breakfast club', 'breakfast', 900002, '2026-01-05', '2026-05-22', '[2025-11-03,2026-01-05)',
            '[2026-01-05,2026-02-14)', 20))
        AS v (name, kind, school_urn, from_day, to_day, before, after, places)
    JOIN register_line l ON l.school_urn = v.school_urn
    WHERE absence_rate(tally(l.marks, v.before)) >= 10 AND absence_rate(tally(l.marks, v.before)) < 50
        AND possible(tally(l.marks, v.after)) > 0;
INSERT INTO intervention (school_urn, name, kind) SELECT DISTINCT school_urn, name, kind FROM taken
    ORDER BY school_urn DESC;
INSERT INTO intervention_pupil (intervention_id, pupil_id, from_day, to_day)
SELECT i.intervention_id, t.pupil_id, t.from_day, t.to_day
FROM taken t JOIN intervention i ON i.school_urn = t.school_urn AND i.name = t.name WHERE t.place <= t.places;
DROP TABLE taken;
