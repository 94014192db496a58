-- What the Regulations ask for beside the marks that the generator made, as files in the current directory: since when
-- and until when a name is on a roll, and why; registrations at other schools; leave, part-time timetables, and what
-- activities and causes were.
\ir people.sql

-- Runs of the codes that need a paper.  C, C1 and E need one for each run, of the others one is for all of a year.
CREATE TEMPORARY TABLE made_spell (
    school_urn integer, pupil_id bigint, mark text COLLATE "C",
    first_session text COLLATE "C", last_session text COLLATE "C");
\copy made_spell FROM 'made_spells.csv' CSV HEADER
CREATE TEMPORARY TABLE paper (mark text, reason_class text, texts text[]);
INSERT INTO paper VALUES
    ('C', 'exceptional circumstances', '{funeral of a close relative,wedding of a brother or sister,
        visit to a parent in hospital,return of a parent from service overseas,move of the family to another home,
        graduation of a parent}'),
    ('C1', 'performance', '{pantomime at a theatre,part in a film,tour of a brass band,television drama,
        concert of a youth choir,dance company on tour}'),
    ('J1', 'interview', '{interview at a sixth form college,interview for an apprenticeship,
        interview at another school,audition at a school of music,assessment day of another school,
        interview at a college}'),
    ('M', 'medical appointment', '{orthodontic treatment,appointments at an eye clinic,outpatient treatment,
        physiotherapy,dental treatment,speech and language therapy}'),
    ('S', 'study', '{GCSE examinations}'),
    ('C2', NULL, '{return after a long illness,recovery from surgery,anxiety; plan with CAMHS,
        return after a time in custody,treatment that causes fatigue,first weeks after a bereavement}'),
    ('B', NULL, '{construction course at a training centre,motor vehicle course at a college,
        mentoring and lessons at a farm,induction at a special school,catering course at a college,
        lessons at the hub of a charity}'),
    ('K', NULL, '{tuition on a hospital ward,"tuition in a library, arranged by the authority",
        education otherwise than at school under an EHC plan,medical needs teaching service of the authority,
        therapeutic centre under an EHC plan,small group provision arranged by the authority}'),
    ('Y7', NULL, '{burst pipe flooded the home,police cordon around the home,fire at the home,
        storm damage to the home,gas leak in the street,landslip on the lane to the home}'),
    ('E', NULL, '{assault on a pupil,threats against a member of staff,persistent disruption of lessons,
        damage to property,bullying,a knife in the bag,verbal abuse of a teacher,drugs on the premises}'),
    ('D', NULL, '{Pupil Referral Unit,Hospital School,Alternative Provision Academy}');
CREATE TEMPORARY TABLE written AS
    SELECT u.*, p.reason_class, pg_temp.choose(u.pupil_id, u.mark || u.first_session, p.texts) AS words,
        left(u.first_session, 10)::date AS first_day, left(u.last_session, 10)::date AS last_day,
        2 * u.pupil_id - 1 AS contact_id, c.mother, c.year, s.head
    FROM (
        SELECT m.school_urn, m.pupil_id, m.mark, min(m.first_session) AS first_session,
            max(m.last_session) AS last_session,
            format('{%s}', string_agg(m.sessions, ',' ORDER BY m.first_session)) AS sessions
        FROM (SELECT *, '[' || first_session || ',' || last_session || ']' AS sessions FROM made_spell) AS m
        GROUP BY m.school_urn, m.pupil_id, m.mark, CASE WHEN m.mark IN ('C', 'C1', 'E') THEN m.first_session END) AS u
    JOIN paper p ON p.mark = u.mark
    JOIN child c ON c.pupil_id = u.pupil_id
    JOIN named_school s ON s.urn = u.school_urn;

ANALYZE child, stay, written;

-- Registrations at other schools, which keep registers of their own
CREATE TEMPORARY TABLE registered AS
    SELECT school_urn, pupil_id, first_day, last_day, pg_temp.chance(pupil_id, 'main school') < 0.85 AS main,
        pg_temp.place(217 + pg_temp.pick(pupil_id, 'other school', 100)) || ' ' || words AS other_school
    FROM written WHERE mark = 'D';
COPY (SELECT school_urn, pupil_id, NULL AS other_school_urn, other_school, first_day AS from_day, last_day AS to_day,
        main
    FROM registered ORDER BY pupil_id) TO STDOUT CSV HEADER \g dual_registrations.csv

-- Most pupils came with their cohort, on places of which parents were told in March or April.
CREATE TEMPORARY TABLE arrival AS
    SELECT pupil_id, school_urn, first_day AS start_date,
        first_day - 3 - pg_temp.pick(pupil_id, 'notice', 14) AS agreed_on
    FROM stay WHERE first_day IS NOT NULL
    UNION ALL
    SELECT t.pupil_id, t.school_urn, make_date(2025 - h.years, 9, 1),
        CASE t.phase WHEN 'Secondary' THEN make_date(2025 - h.years, 3, 1) ELSE make_date(2025 - h.years, 4, 16) END
    FROM stay t
    CROSS JOIN LATERAL (SELECT CASE t.phase WHEN 'Secondary' THEN t.year - 7 ELSE t.year END AS years) AS a
    CROSS JOIN LATERAL (SELECT CASE
        WHEN pg_temp.chance(t.pupil_id, 'came later') > CASE t.phase WHEN 'Special' THEN 0.7 ELSE 0.15 END THEN a.years
        ELSE pg_temp.pick(t.pupil_id, 'years here', a.years + 1) - 1 END AS years) AS h
    WHERE t.first_day IS NULL;

-- A name is deleted on the last day, when school is over, on a ground of regulation 9(1).
CREATE TEMPORARY TABLE departure AS
    SELECT t.pupil_id, t.school_urn, t.last_day, g.letter, g.evidence,
        CASE WHEN g.letter = 'A' THEN coalesce(t.later_day, date_trunc('week', t.last_day)::date + 7) END AS next_start
    FROM stay t
    CROSS JOIN LATERAL (SELECT * FROM (VALUES
        (1, 'L', 'the pupil does not go on to a sixth form here', t.year = 11),
        (2, 'A', 'the other school confirmed the registration', t.later_urn IS NOT NULL),
        (3, 'F', 'the parent notified the school in writing', pg_temp.chance(t.pupil_id, 'home') < 0.12),
        (4, 'G', 'the parent gave the new address', pg_temp.chance(t.pupil_id, 'address') < 0.2),
        (5, 'A', 'the other school confirmed the registration', true)) AS v (place, letter, evidence, applies)
        WHERE v.applies ORDER BY v.place LIMIT 1) AS g
    WHERE t.last_day IS NOT NULL;
COPY (
    SELECT t.school_urn, t.pupil_id, a.start_date, t.last_day AS end_date,
        CASE r.main WHEN true THEN 'M' WHEN false THEN 'S' ELSE 'C' END AS status,
        y.year_group, y.year_group || t.class AS registration_group, a.agreed_on, 'agreed' AS starting_day_basis,
        'taken over from the school''s own system' AS entry_reason, d.letter AS deletion_ground,
        d.last_day AS ground_arose_on, d.evidence AS deletion_evidence,
        d.last_day || ' 16:00 Europe/London' AS deleted_at,
        CASE WHEN d.letter = 'A' THEN coalesce(later.name, y.elsewhere) END AS next_school,
        d.next_start AS next_school_start,
        coalesce(earlier.name, CASE WHEN t.first_day IS NOT NULL AND t.year > 0 THEN y.elsewhere END) AS last_school,
        earlier.address AS last_school_address
    FROM stay t
    JOIN child c ON c.pupil_id = t.pupil_id
    JOIN arrival a ON a.pupil_id = t.pupil_id AND a.school_urn = t.school_urn
    LEFT JOIN departure d ON d.pupil_id = t.pupil_id AND d.school_urn = t.school_urn
    LEFT JOIN registered r ON r.pupil_id = t.pupil_id AND r.school_urn = t.school_urn
    LEFT JOIN named_school later ON later.urn = t.later_urn
    LEFT JOIN named_school earlier ON earlier.urn = coalesce(t.earlier_urn,
        CASE WHEN t.first_day IS NULL AND t.phase = 'Secondary' THEN c.primary_urn END)
    CROSS JOIN LATERAL (SELECT CASE t.year WHEN 0 THEN 'R' ELSE t.year::text END AS year_group,
        pg_temp.place(217 + pg_temp.pick(t.pupil_id, 'elsewhere', 100)) || CASE WHEN t.phase = 'Special' THEN ' School'
            WHEN t.year < 7 THEN ' Primary School' ELSE ' High School' END AS elsewhere) AS y
    ORDER BY t.pupil_id, a.start_date) TO STDOUT CSV HEADER \g enrolments.csv

-- Leave is asked for some days before and granted before its first day.  A licence has a margin around the days; the
-- last examination is on a Wednesday.
COPY (SELECT w.school_urn, w.pupil_id, w.mark, w.sessions, w.reason_class,
        CASE WHEN w.mark = 'S' AND w.year < 11 THEN 'GCSE Urdu, taken early' ELSE w.words END AS circumstances,
        w.contact_id, w.mother AS applicant, w.first_day - 2 * n.days AS received_at, w.head AS decided_by,
        w.first_day - n.days AS decided_at, 'granted' AS status,
        CASE WHEN w.mark = 'C1' THEN format('CE/2025/%s', 10000 + w.pupil_id) END AS licence_reference,
        CASE WHEN w.mark = 'C1' THEN w.first_day - 5 END AS licence_from,
        CASE WHEN w.mark = 'C1' THEN w.last_day + 5 END AS licence_to,
        CASE WHEN w.mark = 'S' THEN date_trunc('week', w.last_day + 4)::date + 2 END AS last_examination
    FROM written w
    CROSS JOIN LATERAL (SELECT pg_temp.pick(w.pupil_id, 'notice' || w.first_day, 12) AS days) AS n
    WHERE w.reason_class IS NOT NULL
    ORDER BY w.pupil_id, w.school_urn, w.first_session) TO STDOUT CSV HEADER \g leaves.csv
-- reviewed every four weeks, and at the end
COPY (SELECT school_urn, pupil_id, sessions, words AS circumstances,
        first_day - 1 - pg_temp.pick(pupil_id, 'agreed', 10) AS agreed_on, contact_id, mother AS agreed_with,
        head AS agreed_by, ARRAY(SELECT first_day + 28 * n FROM generate_series(1, (last_day - first_day - 1) / 28) n)
            || last_day AS review_dates, 'agreed' AS status
    FROM written WHERE mark = 'C2' ORDER BY pupil_id, school_urn) TO STDOUT CSV HEADER \g part_time_timetables.csv
COPY (SELECT school_urn, pupil_id, mark, format('{[%s,%s]}', first_session, last_session) AS sessions, words AS nature
    FROM written WHERE mark IN ('B', 'K', 'Y7')
    ORDER BY pupil_id, school_urn, mark) TO STDOUT CSV HEADER \g natures.csv

-- A suspension of more than five school days has lessons elsewhere from the sixth.
CREATE TEMPORARY TABLE held (school_urn integer, day date, morning boolean, afternoon boolean, closure text);
\copy held FROM 'school_days.csv' CSV HEADER
CREATE INDEX ON held (school_urn, day) WHERE morning;
ANALYZE held;
COPY (SELECT w.school_urn, w.pupil_id, 'suspension' AS kind, w.sessions, w.words AS grounds, w.head AS decided_by,
        w.first_day AS told_on, h.day AS provision_from,
        CASE WHEN h.day IS NOT NULL THEN 'lessons at a pupil referral unit' END AS provision
    FROM written w
    LEFT JOIN LATERAL (
        SELECT d.day FROM held d
        WHERE d.school_urn = w.school_urn AND d.day BETWEEN w.first_day AND w.last_day AND d.morning
        ORDER BY d.day OFFSET 5 LIMIT 1) AS h ON true
    WHERE w.mark = 'E' ORDER BY w.pupil_id, w.first_session) TO STDOUT CSV HEADER \g suspensions.csv

-- The marks of the school that sends a row a mark, as its own system exports them
CREATE TEMPORARY TABLE made_line (school_urn integer, academic_year integer, pupil_id bigint, marks text);
\copy made_line FROM 'made_lines.csv' CSV HEADER
COPY (SELECT l.school_urn, c.upn, date '2025-09-08' + p.n / 10 * 7 + p.n % 10 / 2 AS day,
        CASE WHEN p.n % 2 = 0 THEN 'AM' ELSE 'PM' END AS session, coalesce(m.code[1], m.code[2]) AS mark
    FROM made_line l
    JOIN child c ON c.pupil_id = l.pupil_id
    CROSS JOIN LATERAL regexp_matches(substr(l.marks, 12), '\((\w+)\)|([^ ])', 'g') WITH ORDINALITY AS m (code, place)
    CROSS JOIN LATERAL (SELECT place::integer - 1 AS n) AS p
    WHERE coalesce(m.code[1], m.code[2]) <> '.'
    ORDER BY p.n, l.pupil_id) TO STDOUT CSV HEADER \g marks_900004.csv
