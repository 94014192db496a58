-- A register for the dashboard: an authority of 31 schools, three of a trust, 24 of another and four without one, a
-- half term of marks, and the published rates of England for two of its weeks. Names are such as have to be escaped.
SET client_min_messages = warning;
CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;
SELECT attendance.create_register('register'), attendance.add_academic_year('register', 2025);
SET search_path = register, attendance;
INSERT INTO region VALUES ('E12000003', 'Yorkshire and The Humber');
INSERT INTO local_authority VALUES (380, 'E08000032', 'Bradford', 'E12000003');
INSERT INTO trust VALUES (90001, 'Curlew & <i>Heron</i> Trust'), (90002, 'Many Schools Trust');
INSERT INTO school (urn, name, phase, type, la_number, trust_uid)
SELECT 900000 + n, CASE n WHEN 1 THEN 'A & B <C>' WHEN 2 THEN 'Fernroyd "Primary"' WHEN 3 THEN 'Amberbeck Academy' WHEN 31 THEN 'Empty School' ELSE 'School ' || to_char(n, 'FM00') END,
    CASE WHEN n = 31 THEN 'Nursery' WHEN n % 3 = 0 THEN 'Secondary' ELSE 'Primary' END, 'Academies', 380, CASE WHEN n <= 3 THEN 90001 WHEN n <= 27 THEN 90002 END
FROM generate_series(1, 31) AS n;
INSERT INTO term_date SELECT urn, 2025, 'Autumn', 1, date '2025-09-08', date '2025-10-24' FROM school
UNION ALL SELECT urn, 2025, 'Autumn', 2, '2025-11-03', '2025-12-19' FROM school;
INSERT INTO school_day (school_urn, day)
SELECT urn, d FROM school, generate_series(timestamp '2025-09-08', '2025-12-19', '1 day') AS d
WHERE extract(isodow FROM d) < 6 AND d NOT BETWEEN '2025-10-25' AND '2025-11-02';
INSERT INTO pupil (pupil_id, surname, forename, sex, date_of_birth)
SELECT n, 'Surname' || n || CASE n WHEN 1 THEN ' & <Sons>' ELSE '' END, 'Zoë', CASE n % 2 WHEN 0 THEN 'F' ELSE 'M' END,
    CASE WHEN n % 30 + 1 IN (3, 6, 9, 12, 15, 18, 21, 24, 27, 30) THEN date '2012-10-01' ELSE date '2016-10-01' END + n % 300
FROM generate_series(1, 600) AS n;
-- the first school is larger than the others; two of its pupils have no class
INSERT INTO enrolment (school_urn, pupil_id, start_date, year_group, registration_group)
SELECT 900001 + CASE WHEN n <= 60 THEN 0 ELSE n % 30 END, n, '2024-09-02', CASE WHEN date_of_birth < '2014-01-01' THEN '8' ELSE '4' END,
    CASE WHEN n IN (5, 6) THEN NULL WHEN n % 2 = 0 THEN '4 <B>' ELSE '4&A' END
FROM pupil CROSS JOIN LATERAL (SELECT pupil_id AS n) p;
INSERT INTO pupil_characteristic (pupil_id, characteristic, value, from_day) SELECT n, 'fsm', 'Y', date '2024-09-01' FROM generate_series(1, 600, 4) n
UNION ALL SELECT n, 'sen', CASE n % 2 WHEN 0 THEN 'K' ELSE 'E' END, date '2024-09-01' FROM generate_series(1, 600, 7) n;
-- a pupil in eight is absent a third of the time, one in forty more than half, all others now and then, a few never
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks)
SELECT e.school_urn, 2025, e.pupil_id, mark_series_agg(school_session(d.day, s.session), CASE
        WHEN e.pupil_id % 20 <> 7 AND c.n % 100 < CASE WHEN e.pupil_id % 40 = 0 THEN 60 WHEN e.pupil_id % 8 = 1 THEN 30 ELSE 6 END
            THEN (ARRAY['I', 'I', 'I', 'O', 'O', 'N', 'G', 'U'])[1 + c.n / 100 % 8]
        WHEN c.n % 100 = 99 THEN 'L' WHEN s.session = 'AM' THEN '/' ELSE '\' END::session_mark)
FROM enrolment e JOIN school_day d ON d.school_urn = e.school_urn CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
CROSS JOIN LATERAL (SELECT ('x' || substr(md5(concat(e.pupil_id, d.day, s.session)), 1, 6))::bit(24)::integer AS n) c
WHERE d.day <= '2025-10-24'
GROUP BY e.school_urn, e.pupil_id;
SELECT import_benchmark(E'time_period,time_identifier,geographic_level,country_code,country_name,education_phase,possible_sessions,overall_absence,overall_absence_perc\n'
    '2025,Week 37,National,E92000001,England,Total,68967789,3287626,4.76690067590829\n'
    '2025,Week 38,National,E92000001,England,Total,68790850,3978175,5.78300021005701\n'
    '2025,Week 38,National,E92000001,England,Primary,35947881,1625491,4.5217992125878', 'weeks', 'daily') IS NOT NULL,
    import_benchmark(E'time_period,time_identifier,geographic_level,country_code,country_name,education_phase,possible_sessions,overall_absence,overall_absence_perc\n'
    '202526,Academic year,National,E92000001,England,Total,2445419687,168324305,6.88324813506746', 'year', 'daily', '[2025-09-08,2026-07-11)') IS NOT NULL;
CREATE ROLE dashboard_test LOGIN;
CREATE ROLE dashboard_bi LOGIN;
ANALYZE;
