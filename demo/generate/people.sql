-- Who is on the rolls that the generator made, and at which schools, as files in the current directory.
\ir names.sql

-- Schools
CREATE TEMPORARY TABLE made_school (urn integer PRIMARY KEY, phase text, trust_uid integer);
\copy made_school FROM 'made_schools.csv' CSV HEADER
CREATE TEMPORARY TABLE named_school AS
    SELECT urn, phase, trust_uid, pg_temp.address(urn, 'school') AS address,
        pg_temp.place(urn - 900000) || CASE
            WHEN phase = 'Special' THEN ' School'
            WHEN phase = 'Primary' THEN CASE WHEN trust_uid IS NULL THEN ' Primary School' ELSE ' Primary Academy' END
            WHEN trust_uid IS NULL THEN ' High School' ELSE ' Academy' END AS name,
        pg_temp.forename(urn, 'head', pg_temp.chance(urn, 'head') < 0.6) || ' '
            || pg_temp.choose(urn, 'head''s name', pg_temp.surnames()) AS head
    FROM made_school;
COPY (SELECT 'E12000003' AS region_code, 'Yorkshire and The Humber' AS name) TO STDOUT CSV HEADER \g regions.csv
COPY (SELECT 380 AS la_number, 'E08000032' AS gss_code, 'Bradford' AS name, 'E12000003' AS region_code)
    TO STDOUT CSV HEADER \g local_authorities.csv
COPY (SELECT 90000 + n AS trust_uid, pg_temp.place(202 + n) || ' ' || (ARRAY['Learning Trust', 'Academies Trust',
        'Education Trust', 'Schools Partnership', 'Multi-Academy Trust'])[1 + (n - 1) % 5] AS name
    FROM generate_series(1, 15) AS n) TO STDOUT CSV HEADER \g trusts.csv
COPY (SELECT urn, '380' || urn - 891000 AS laestab, name, phase, CASE
        WHEN phase = 'Special' THEN 'Special schools'
        WHEN trust_uid IS NULL THEN 'Local authority maintained schools' ELSE 'Academies' END AS type,
        380 AS la_number, trust_uid
    FROM named_school ORDER BY urn) TO STDOUT CSV HEADER \g schools.csv
COPY (SELECT urn AS school_urn, head AS name, 'Head teacher' AS title,
        make_date(2015 + pg_temp.pick(urn, 'head since', 9), 9, 1) AS from_day
    FROM named_school ORDER BY urn) TO STDOUT CSV HEADER \g authorised_persons.csv

-- Pupils, of the age of their year group on 31 August.  One who moved is one pupil with two stays.
CREATE TEMPORARY TABLE made_roll (
    pupil_id bigint, school_urn integer, year integer, class text, first_day date, last_day date);
\copy made_roll FROM 'made_roll.csv' CSV HEADER
CREATE TEMPORARY TABLE stay AS
    SELECT r.*, s.phase, lag(r.school_urn) OVER moves AS earlier_urn, lead(r.school_urn) OVER moves AS later_urn,
        lead(r.first_day) OVER moves AS later_day
    FROM made_roll r JOIN named_school s ON s.urn = r.school_urn
    WINDOW moves AS (PARTITION BY r.pupil_id ORDER BY r.first_day NULLS FIRST);
-- Brothers and sisters are two years apart and at one school: every fifth pupil of a year group may have one.
CREATE TEMPORARY TABLE sibling AS
    SELECT *, CASE WHEN place % 5 = 0 THEN min(pupil_id) OVER (PARTITION BY school_urn, place, year / 4, year % 2)
        ELSE pupil_id END AS family
    FROM (SELECT *, row_number() OVER (PARTITION BY school_urn, year ORDER BY pupil_id) AS place
        FROM stay WHERE earlier_urn IS NULL) AS s;
-- UPNs are given on entry to Reception: pupils of secondary schools bring theirs from a primary school.
CREATE TEMPORARY TABLE child AS
    SELECT c.*, pg_temp.forename(pupil_id, 'forename', female) AS forename,
        pg_temp.forename(family, 'mother', true) || ' ' || surname AS mother,
        pg_temp.upn(format('380%s%s%s', primary_urn - 891000, 25 - year, to_char(
            row_number() OVER (PARTITION BY primary_urn, year ORDER BY pupil_id), 'FM000'))) AS upn
    FROM (
        SELECT pupil_id, family, count(*) OVER (PARTITION BY family) AS children, year, first_day,
            pg_temp.chance(pupil_id, 'sex') < 0.49 AS female,
            pg_temp.choose(family, 'surname', pg_temp.surnames()) AS surname,
            pg_temp.address(family, 'home') AS address,
            make_date(2020 - year, 9, 1) + pg_temp.pick(pupil_id, 'birth', 365) - 1 AS date_of_birth,
            CASE phase WHEN 'Secondary' THEN 900000 + pg_temp.pick(pupil_id, 'primary school', 157)
                ELSE school_urn END AS primary_urn
        FROM sibling) AS c;
COPY (SELECT pupil_id, upn, surname, forename, CASE WHEN female THEN 'F' ELSE 'M' END AS sex, date_of_birth
    FROM child ORDER BY pupil_id) TO STDOUT CSV HEADER \g pupils.csv
-- a neighbourhood is some streets
COPY (SELECT pupil_id, address,
        coalesce(first_day, make_date(CASE year WHEN 0 THEN 2025 ELSE 2024 END, 9, 1)) AS from_day,
        pg_temp.place(317 + pg_temp.pick(0, split_part(address, ' ', 2), 30)) || ' Ward' AS area
    FROM child ORDER BY pupil_id) TO STDOUT CSV HEADER \g pupil_addresses.csv

-- Two contacts a pupil: the mother, and somebody else.  The telephone numbers are those kept free for fiction by Ofcom.
CREATE TEMPORARY TABLE relation ( -- as many of a hundred, and percent of them who live with the pupil
    relationship text, numbers int4range, is_parent boolean, female boolean, here integer);
INSERT INTO relation VALUES
    ('father', '[1,70]', true, false, 75), ('stepfather', '[71,78]', true, false, 95),
    ('grandmother', '[79,88]', false, true, 20), ('grandfather', '[89,92]', false, false, 15),
    ('aunt', '[93,97]', false, true, 0), ('uncle', '[98,100]', false, false, 0);
CREATE TEMPORARY TABLE known AS
    SELECT 2 * pupil_id - 1 AS contact_id, pupil_id, mother AS full_name, address, 'mother' AS relationship,
        true AS is_parent, true AS lives_with, format('{07700 900%s,01632 960%s}',
            pg_temp.pick(family, 'mobile', 900) + 99, pg_temp.pick(family, 'telephone', 900) + 99)
            AS emergency_numbers, 1 AS priority, CASE WHEN children > 1 THEN 2 * family - 1 END AS person_id
    FROM child
    UNION ALL
    SELECT 2 * pupil_id, pupil_id, pg_temp.forename(family, 'second', female) || ' ' || surname,
        CASE WHEN here THEN address ELSE pg_temp.address(family, 'other home') END, relationship, is_parent, here,
        format('{07700 900%s}', pg_temp.pick(family, 'second mobile', 900) + 99), 2,
        CASE WHEN children > 1 THEN 2 * family END
    FROM (SELECT c.pupil_id, c.family, c.children, c.surname, c.address, r.relationship, r.is_parent, r.female,
            pg_temp.pick(c.family, 'lives here', 100) <= r.here AS here
        FROM (SELECT *, pg_temp.pick(family, 'relation', 100) AS number FROM child OFFSET 0) AS c
        JOIN relation r ON r.numbers @> c.number) AS second;
COPY (SELECT * FROM known ORDER BY contact_id) TO STDOUT CSV HEADER \g contacts.csv
COPY (SELECT DISTINCT person_id, full_name FROM known WHERE person_id IS NOT NULL ORDER BY person_id)
    TO STDOUT CSV HEADER \g persons.csv
