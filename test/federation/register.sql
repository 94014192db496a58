-- A register r of some of twelve schools: psql -v schools='{100001,100002}'.  What a school has follows from its number alone, so
-- that registers of some schools each, and one of all of them, have the same pupils and marks.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET timezone = 'Europe/London';
SET search_path = public, attendance;
SELECT create_register('r') \g /dev/null
SELECT add_academic_year('r', year) FROM generate_series(2024, 2025) AS year \g /dev/null
SET search_path = r, attendance, public;
CREATE TEMP VIEW own AS SELECT unnest(:'schools'::integer[]) AS urn;
BEGIN;

-- Two regions, three authorities and three trusts, all over the members.
INSERT INTO region VALUES ('E12000003', 'Yorkshire and The Humber'), ('E12000001', 'North East');
INSERT INTO local_authority VALUES (380, 'E08000032', 'Bradford', 'E12000003'), (383, 'E08000035', 'Leeds', 'E12000003'), (841, 'E06000005', 'Darlington', 'E12000001');
INSERT INTO trust VALUES (1, 'Trust One'), (2, 'Trust Two'), (3, 'Trust Three');
INSERT INTO school (urn, name, phase, type, la_number, trust_uid, laestab, holds_from)
SELECT urn, 'School ' || urn, CASE urn % 4 WHEN 0 THEN 'Secondary' WHEN 3 THEN 'Special' ELSE 'Primary' END,
    CASE urn % 4 WHEN 3 THEN 'Special schools' ELSE 'Academies' END, (ARRAY[380, 383, 841])[1 + urn % 3], nullif(urn % 4, 0), NULL, '2000-01-01'
FROM own;
INSERT INTO rule_setting (school_urn, rule, action, reason, decided_by)
SELECT urn, rule, 'record', 'test', 'test' FROM own,
    unnest(ARRAY['unsigned amendment', 'leave', 'nature', 'other school', 'school age', 'study leave', 'part-time timetable', 'licence',
        'prospective pupil', 'code not yet in force', 'support first', 'late admission', 'deletion ground']) AS rule;
INSERT INTO term_date (school_urn, academic_year, term, half, first_day, last_day)
SELECT urn, year, t.term, t.half, make_date(year + t.later, t.m1, t.d1), make_date(year + t.later, t.m2, t.d2)
FROM own, generate_series(2024, 2025) AS year,
    (VALUES ('Autumn', 1, 0, 9, 3, 10, 24), ('Autumn', 2, 0, 11, 3, 12, 19), ('Spring', 1, 1, 1, 5, 2, 13)) AS t (term, half, later, m1, d1, m2, d2);
SELECT attendance.build_calendar('r', urn, year, '{1,2,3,4,5}') FROM own, generate_series(2024, 2025) AS year \g /dev/null

-- Fifteen pupils a school, of all ages, some of whom move on to the next school of the same register at the end of October.
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth, sex)
SELECT urn % 1000 * 100 + n, format('Surname %s', n), 'Forename', make_date(2009 + n % 12, 1 + n % 9, 1 + n), (ARRAY['F', 'M', NULL])[1 + (urn + n) % 3]
FROM own, generate_series(1, 15) AS n;
INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at, year_group, registration_group, boarder, status)
SELECT urn, urn % 1000 * 100 + n, '2024-09-01', x.last_day, CASE WHEN x.last_day IS NOT NULL THEN 'A' END, CASE WHEN x.last_day IS NOT NULL THEN 'Other School' END,
    x.last_day + time '16:00', (1 + n % 6)::text, (1 + n % 6) || 'A', CASE WHEN n = 11 THEN 'B' ELSE 'N' END, CASE WHEN n = 12 THEN 'G' ELSE 'C' END
FROM own, generate_series(1, 15) AS n,
    LATERAL (SELECT CASE WHEN n % 7 = 3 AND urn % 2 = 1 THEN date '2025-10-24' END AS last_day) x;
INSERT INTO enrolment (school_urn, pupil_id, start_date, year_group, registration_group)
SELECT urn + 1, urn % 1000 * 100 + n, '2025-11-03', (1 + n % 6)::text, (1 + n % 6) || 'B'
FROM own, generate_series(1, 15) AS n WHERE n % 7 = 3 AND urn % 2 = 1;
INSERT INTO pupil_characteristic SELECT pupil_id, 'fsm', 'Y', '2024-09-01', NULL FROM pupil WHERE pupil_id % 4 = 0;
INSERT INTO pupil_characteristic SELECT pupil_id, 'sen', CASE WHEN pupil_id % 2 = 0 THEN 'K' ELSE 'E' END, '2024-09-01', NULL FROM pupil WHERE pupil_id % 5 < 2;
INSERT INTO pupil_address (pupil_id, address, area, from_day)
SELECT pupil_id, 'A street', 'Area ' || pupil_id % 3, '2024-09-01' FROM pupil WHERE pupil_id % 3 > 0 AND pupil_id < 900;
-- what one register knows, and others do not
INSERT INTO characteristic SELECT 'choir', 'Choir', 'Y if in the choir of the school', '{Y}' FROM own WHERE urn = 100005;
INSERT INTO pupil_characteristic SELECT pupil_id, 'choir', 'Y', '2024-09-01', NULL FROM pupil, own WHERE urn = 100005 AND pupil_id / 100 = 5;
INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, entered_by, title, reason)
SELECT e.school_urn, e.pupil_id, d.day, s.session, CASE
        WHEN e.pupil_id % 100 = 9 THEN 'Y1'
        WHEN e.pupil_id % 100 = 5 AND h.n % 10 < 6 THEN 'O'
        WHEN h.n % 100 < (ARRAY[2, 7, 12, 30, 60])[1 + e.pupil_id % 5] THEN (ARRAY['I', 'O', 'M', 'U', 'N', 'E'])[1 + h.n % 6]
        WHEN h.n % 97 = 0 THEN 'Y1' WHEN h.n % 89 = 0 THEN '-' WHEN h.n % 13 = 0 THEN 'L' WHEN h.n % 31 = 0 THEN 'V'
        WHEN s.session = 'AM' THEN '/' ELSE '\' END::session_mark, 'nightly', 'Clerk', 'feed'
FROM enrolment e
JOIN school_day d ON d.school_urn = e.school_urn AND d.day >= e.start_date AND coalesce(d.day <= e.end_date, true) AND d.day < make_date(d.academic_year, 12, 20)
CROSS JOIN LATERAL (VALUES ('AM', d.morning), ('PM', d.afternoon)) AS s (session, held)
CROSS JOIN LATERAL (SELECT abs(hashtext(concat(e.pupil_id, e.school_urn, d.day, s.session))) AS n) AS h
WHERE s.held AND e.boarder = 'N';
COMMIT;
BEGIN;
INSERT INTO late_arrival (school_urn, pupil_id, session, minutes)
SELECT m.school_urn, m.pupil_id, (m.day || ' ' || m.session)::school_session, 1 + abs(hashtext(m.day::text)) % 40
FROM mark m WHERE m.mark IN ('L', 'U') AND m.pupil_id % 2 = 0 AND m.day >= '2025-09-01';
INSERT INTO school_feature SELECT own.urn, f.feature, f.value * own.urn FROM own, (VALUES ('idaci', 1e-6), ('rivers', 1)) AS f (feature, value) WHERE f.feature = 'idaci' OR own.urn = 100005;
-- files of published figures, the newer of which does not have all of the older
INSERT INTO benchmark_file (title, series, shape, digest, imported_at)
VALUES ('first', 'census', 'wide', '\x01', '2025-12-01'), ('second', 'census', 'wide', '\x02', '2025-12-02');
INSERT INTO benchmark_row (file_id, line, days, time_period, time_identifier, geographic_level, area_code, area_name, phase, figures)
SELECT f.file_id, row_number() OVER (PARTITION BY f.file_id), d.days, '2025', 'x', a.level, a.code, a.code, p.phase,
    jsonb_build_object('enrolments_pa_10_exact_percent', 15 + a.n, 'sess_overall_percent', 5 + a.n + length(f.title))
FROM benchmark_file f, (VALUES (daterange('2025-10-06', '2025-10-13')), ('[2025-08-01,2026-08-01)')) AS d (days),
    (VALUES (1, 'National', 'E92000001'), (2, 'Regional', 'E12000003'), (3, 'Local authority', '380'), (4, 'Local authority', '383'), (5, 'MAT', '1')) AS a (n, level, code),
    unnest('{Total,Primary,Secondary}'::text[]) AS p (phase)
WHERE f.title = 'first' OR a.level <> 'Regional';
COMMIT;
ANALYZE;
SELECT count(*) > 1000 FROM mark \g /dev/null
