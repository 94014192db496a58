-- Returns and notices that are due.

CREATE VIEW school_arrangement WITH (security_invoker = true) AS
    SELECT m.school_urn, coalesce(m.from_day, '-infinity') AS from_day,
        -- what held when the school closed is what is asked for afterwards
        CASE WHEN m.last THEN 'infinity' ELSE m.to_day END AS to_day, a.irregular_sessions, a.all_new_pupils,
        a.all_deletions
    FROM (
        SELECT s.*, row_number() OVER (PARTITION BY s.school_urn ORDER BY s.from_day DESC NULLS LAST) = 1 AS last
        FROM school_membership s) AS m
    LEFT JOIN return_arrangement a ON a.la_number = m.la_number;
COMMENT ON VIEW school_arrangement IS
'What the authority that a school had asks to be told (return_arrangement), with the days from and to which the school '
'had it; NULL where it asks for nothing of its own';

-- ---------- absence ----------

CREATE VIEW attendance_return_due WITH (security_invoker = true) AS
    SELECT v.school_urn, v.pupil_id, p.upn::text AS upn, p.surname, p.forename, v.regime, v.continuous, v.irregular,
        v.covers, v.missed, v.due_on, v.due_on < (now() AT TIME ZONE 'Europe/London')::date AS overdue
    FROM (
        SELECT n.school_urn, n.pupil_id, g.regime,
            bool_or(n.away AND n.in_spell >= 10) AS continuous,
            bool_or(n.in_year >= n.irregular_sessions) AS irregular,
            daterange(min(CASE WHEN n.away AND n.in_spell = 10 THEN n.spell_begins ELSE n.day END), max(n.day),
                '[]') AS covers,
            max(n.in_year) AS missed,
            (date_trunc('month', n.day::timestamp) + interval '1 month')::date - 1 AS due_on
        FROM (
            SELECT i.school_urn, i.own, i.pupil_id, i.day, i.missed, i.away, i.in_year, i.irregular_sessions,
                row_number() OVER spell AS in_spell, first_value(i.day) OVER spell AS spell_begins
            FROM (
                SELECT d.*, sum(d.missed) OVER (PARTITION BY d.school_urn, d.pupil_id, d.academic_year ORDER BY d.day)
                        AS in_year,
                    -- the same number on all days of a spell
                    row_number() OVER (PARTITION BY d.school_urn, d.pupil_id ORDER BY d.day)
                        - row_number() OVER (PARTITION BY d.school_urn, d.pupil_id, d.away ORDER BY d.day) AS spell
                FROM (
                    SELECT l.school_urn, l.own, l.pupil_id, l.academic_year, m.day, l.irregular_sessions,
                        count(*) FILTER (WHERE m.mark::text IN ('G', 'N', 'O', 'U')) AS missed,
                        bool_and(m.mark::text IN ('G', 'N', 'O', 'U')) AS away
                    FROM (
                        SELECT s.urn AS school_urn, k.part_urn = s.urn AS own, r.pupil_id, r.academic_year,
                            r.marks, coalesce(a.irregular_sessions, 20) AS irregular_sessions,
                            sum(unauthorised(tally(r.marks))) OVER (PARTITION BY s.urn, r.pupil_id) AS in_all
                        -- a school that became an academy goes on counting
                        FROM school s
                        JOIN school_part k ON k.school_urn = s.urn
                        JOIN register_line r ON r.school_urn = k.part_urn
                        JOIN school_arrangement a ON a.school_urn = s.urn
                            AND a.from_day <= least(make_date(r.academic_year + 1, 7, 31),
                                (now() AT TIME ZONE 'Europe/London')::date)
                            AND a.to_day >= least(make_date(r.academic_year + 1, 7, 31),
                                (now() AT TIME ZONE 'Europe/London')::date)) AS l
                    JOIN pupil c ON c.pupil_id = l.pupil_id
                    CROSS JOIN LATERAL marks(l.marks) AS m
                    -- most pupils are out of the question without a look at their marks
                    WHERE l.in_all >= least(10, l.irregular_sessions)
                        AND m.mark::text NOT IN ('-', '#') AND compulsory_school_age(c.date_of_birth) @> m.day
                    GROUP BY l.school_urn, l.own, l.pupil_id, l.academic_year, m.day,
                        l.irregular_sessions) AS d) AS i
            WINDOW spell AS (PARTITION BY i.school_urn, i.pupil_id, i.away, i.spell ORDER BY i.day)) AS n
        JOIN regime g ON n.day >= g.from_day AND (g.to_day IS NULL OR n.day <= g.to_day)
        WHERE n.own AND n.missed > 0 AND (n.away AND n.in_spell >= 10 OR n.in_year >= n.irregular_sessions)
        GROUP BY n.school_urn, n.pupil_id, g.regime, date_trunc('month', n.day::timestamp)) AS v
    JOIN pupil p ON p.pupil_id = v.pupil_id
    WHERE NOT EXISTS (SELECT FROM return_sent r
        WHERE r.kind = 'attendance' AND r.school_urn = v.school_urn AND r.pupil_id = v.pupil_id
            AND r.covers && v.covers);
COMMENT ON VIEW attendance_return_due IS
'Pupils of compulsory school age to be named to the authority, a row for each calendar month: continuous absence of 10 '
'school days with G, N, O or U, or failing to attend regularly. Ask for a school and a span of due_on. Regulations '
'2024, regulation 13; 2006, regulation 12(1)';
COMMENT ON COLUMN attendance_return_due.continuous IS
'Whether the tenth school day in a row, or a later one, is in the month';
COMMENT ON COLUMN attendance_return_due.irregular IS
'Whether the sessions missed in the school year have reached those of return_arrangement';
COMMENT ON COLUMN attendance_return_due.covers IS 'The days of absence; what return_sent covers has to overlap them';
COMMENT ON COLUMN attendance_return_due.missed IS
'Sessions of unauthorised absence in the school year to the end of covers';
COMMENT ON COLUMN attendance_return_due.due_on IS 'The last day of the month: returns are made at least once a month';

CREATE VIEW sickness_return_due WITH (security_invoker = true) AS
    SELECT v.school_urn, v.pupil_id, p.upn::text AS upn, p.surname, p.forename, v.basis, v.covers, v.days, v.due_on,
        v.due_on < (now() AT TIME ZONE 'Europe/London')::date AS overdue
    FROM (
        SELECT n.school_urn, n.pupil_id,
            CASE WHEN max(n.in_spell) >= 15 THEN 'consecutive' ELSE 'cumulative' END AS basis,
            daterange(min(n.day), max(n.day), '[]') AS covers, max(n.in_year) AS days,
            min(n.day) FILTER (WHERE n.in_spell >= 15 OR n.in_year >= 15 AND n.in_year - n.in_spell < 15) AS due_on
        FROM (
            SELECT i.*, sum(i.ill) OVER (PARTITION BY i.school_urn, i.pupil_id, i.academic_year, i.ill > 0, i.spell
                ORDER BY i.day) AS in_spell
            FROM (
                SELECT d.*, sum(d.ill) OVER (PARTITION BY d.school_urn, d.pupil_id, d.academic_year ORDER BY d.day)
                        AS in_year,
                    row_number() OVER (PARTITION BY d.school_urn, d.pupil_id, d.academic_year ORDER BY d.day)
                        - row_number() OVER (PARTITION BY d.school_urn, d.pupil_id, d.academic_year, d.ill > 0
                            ORDER BY d.day) AS spell
                FROM (
                    SELECT l.school_urn, l.own, l.pupil_id, l.academic_year, m.day,
                        (count(*) FILTER (WHERE m.mark::text = 'I'))::numeric / count(*) AS ill
                    FROM (
                        SELECT s.urn AS school_urn, k.part_urn = s.urn AS own, r.pupil_id, r.academic_year,
                            r.marks, sum(mark_count(mark_counts(r.marks), 'I'))
                                OVER (PARTITION BY s.urn, r.pupil_id, r.academic_year) AS in_all
                        FROM school s
                        JOIN school_part k ON k.school_urn = s.urn
                        JOIN register_line r ON r.school_urn = k.part_urn) AS l
                    JOIN pupil c ON c.pupil_id = l.pupil_id
                    CROSS JOIN LATERAL marks(l.marks) AS m
                    WHERE l.in_all >= 15 AND m.mark::text NOT IN ('-', '#')
                        AND compulsory_school_age(c.date_of_birth) @> m.day
                        AND m.day >= (SELECT r.from_day FROM regime r WHERE r.regime = '2024')
                    GROUP BY l.school_urn, l.own, l.pupil_id, l.academic_year, m.day) AS d) AS i) AS n
        WHERE n.ill > 0
        GROUP BY n.school_urn, n.pupil_id, n.academic_year, n.spell
        HAVING bool_or(n.own) AND bool_or(n.in_spell >= 15 OR n.in_year >= 15 AND n.in_year - n.in_spell < 15)
        UNION ALL
        SELECT f.school_urn, f.pupil_id, 'believed'::text AS basis, daterange(f.first_day, f.first_day, '[]') AS covers,
            f.expected_days AS days, f.believed_on AS due_on
        FROM sickness_forecast f
        JOIN pupil c ON c.pupil_id = f.pupil_id
        WHERE compulsory_school_age(c.date_of_birth) @> f.first_day
            AND f.first_day >= (SELECT r.from_day FROM regime r WHERE r.regime = '2024')) AS v
    JOIN pupil p ON p.pupil_id = v.pupil_id
    WHERE NOT EXISTS (SELECT FROM return_sent r
        WHERE r.kind = 'sickness' AND r.school_urn = v.school_urn AND r.pupil_id = v.pupil_id AND r.covers && v.covers);
COMMENT ON VIEW sickness_return_due IS
'Pupils of compulsory school age who miss 15 school days in a school year because of sickness (I), in a row or in all, '
'or who are believed to; once for each continuous period. From 19 August 2024 on. Regulations 2024, regulation 13';
COMMENT ON COLUMN sickness_return_due.basis IS
'consecutive, cumulative (the period in which the 15th day of the school year was reached), or believed '
'(sickness_forecast)';
COMMENT ON COLUMN sickness_return_due.days IS
'School days of sickness in the school year, or as many as are expected; a session is its share of the day';
COMMENT ON COLUMN sickness_return_due.due_on IS
'The day on which the 15th day was reached, or is believed to be; the regulation sets no other';

-- ---------- who came and left ----------

-- The periods of enrolment_period, of all enrolments at once.
CREATE FUNCTION school_class(schools integer[])
    RETURNS TABLE (school_urn integer, most_junior integer, most_senior integer)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT h.school_urn, min(h.class) FILTER (WHERE h.is_first), max(h.class)
    FROM (
        SELECT y.school_urn, y.is_first,
            array_position('{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13,14}'::text[], y.year_group) AS class
        FROM (
            SELECT e.school_urn, e.year_group, f.last_day IS NULL AS is_first
            FROM enrolment e
            LEFT JOIN (
                SELECT b.school_urn, b.pupil_id, b.start_date, max(b.to_day) AS last_day FROM enrolment_former b
                WHERE b.to_day >= b.start_date AND is_one_of(b.school_urn, schools)
                GROUP BY b.school_urn, b.pupil_id, b.start_date) f
                ON f.school_urn = e.school_urn AND f.pupil_id = e.pupil_id AND f.start_date = e.start_date
            WHERE coalesce(f.last_day < e.end_date, true) AND is_one_of(e.school_urn, schools)
            UNION ALL
            SELECT e.school_urn, f.year_group, f.day_before IS NULL
            FROM (
                SELECT b.*, lag(b.to_day) OVER (PARTITION BY b.school_urn, b.pupil_id, b.start_date ORDER BY b.to_day)
                    AS day_before
                FROM enrolment_former b
                WHERE b.to_day >= b.start_date AND is_one_of(b.school_urn, schools)) f
            JOIN enrolment e ON e.school_urn = f.school_urn AND e.pupil_id = f.pupil_id AND e.start_date = f.start_date
            WHERE coalesce(f.day_before < e.end_date, true) AND is_one_of(e.school_urn, schools)) y
        WHERE known_schools(schools)
        -- a text is looked for once for a class, not for each of its pupils
        GROUP BY y.school_urn, y.year_group, y.is_first) h
    GROUP BY h.school_urn;
END;
COMMENT ON FUNCTION school_class(integer[]) IS
'The most junior class of each of some schools (by URN; NULL for all), of those in which pupils began, and the most '
'senior one, of all that there were, as the place of the year group from N1 on. NULL for none; X is none. 22023 for '
'schools that are not in the register';

CREATE FUNCTION new_pupil_due(schools integer[])
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, start_date date,
        entered_on date, due_on date, overdue boolean)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT e.school_urn, e.pupil_id, p.upn::text AS upn, p.surname, p.forename, e.start_date, e.entered_on,
        e.entered_on + 5 AS due_on, e.entered_on + 5 < (now() AT TIME ZONE 'Europe/London')::date AS overdue
    FROM (
        -- as on its first day
        SELECT f.*, (f.entered_at AT TIME ZONE 'Europe/London')::date AS entered_on,
            array_position('{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13,14}'::text[], f.year_group) AS class
        FROM enrolment_on('-infinity') f
        WHERE is_one_of(f.school_urn, schools)) AS e
    JOIN pupil p ON p.pupil_id = e.pupil_id
    JOIN school_arrangement a ON a.school_urn = e.school_urn AND a.from_day <= e.start_date
        AND a.to_day >= e.start_date
    LEFT JOIN school_class(schools) k ON k.school_urn = e.school_urn
    LEFT JOIN (
        SELECT d.school_urn, d.academic_year, min(d.day) AS first_day
        FROM school_day d
        WHERE (d.morning OR d.afternoon) AND is_one_of(d.school_urn, schools)
        GROUP BY d.school_urn, d.academic_year) AS y
        ON y.school_urn = e.school_urn AND y.academic_year = academic_year(e.start_date)
    -- the duty began with SI 2016/792; a guest's name is not on the roll
    WHERE known_schools(schools) AND e.status <> 'G'
        AND e.entered_at >= '2016-09-01'::timestamp AT TIME ZONE 'Europe/London'
        AND (coalesce(a.all_new_pupils, false)
            OR NOT coalesce(e.class = k.most_junior AND e.start_date <= y.first_day, false))
        AND NOT EXISTS (SELECT FROM return_sent r
            WHERE r.kind = 'new pupil' AND r.school_urn = e.school_urn AND r.pupil_id = e.pupil_id
                AND r.covers @> e.start_date);
END;
COMMENT ON FUNCTION new_pupil_due(integer[]) IS
'The rows of new_pupil_return_due of some schools (by URN; NULL for all), without looking at others. 22023 for schools '
'that are not in the register';

CREATE VIEW new_pupil_return_due WITH (security_invoker = true) AS
    SELECT d.* FROM new_pupil_due(NULL) d;
COMMENT ON VIEW new_pupil_return_due IS
'Pupils whose name was entered in the admission register and of whom the authority was not told; not those who begin '
'in the most junior class on the first day of the school year, unless it asks for them. Regulations 2024, regulation '
'13(1)-(3); 2006, regulation 12(3)-(5), from September 2016';
COMMENT ON COLUMN new_pupil_return_due.due_on IS 'The fifth day after the entry, school day or not';

CREATE FUNCTION deletion_due(schools integer[])
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, start_date date,
        end_date date, deletion_ground text, due_on date, overdue boolean)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT e.school_urn, e.pupil_id, p.upn::text AS upn, p.surname, p.forename, e.start_date, e.end_date,
        e.deletion_ground, e.end_date AS due_on, e.end_date < (now() AT TIME ZONE 'Europe/London')::date AS overdue
    FROM (
        -- as on its last day
        SELECT f.*, array_position('{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13,14}'::text[], f.year_group) AS class
        FROM enrolment_on(NULL) f
        WHERE f.deleted_at IS NOT NULL AND is_one_of(f.school_urn, schools)) AS e
    JOIN pupil p ON p.pupil_id = e.pupil_id
    JOIN school_arrangement a ON a.school_urn = e.school_urn AND a.from_day <= e.end_date AND a.to_day >= e.end_date
    LEFT JOIN school_class(schools) k ON k.school_urn = e.school_urn
    WHERE known_schools(schools) AND e.status <> 'G'
        -- until then only on some grounds
        AND (e.end_date >= '2016-09-01' OR lower(substring(e.deletion_ground FROM '(\w)\)?$')) IN ('d', 'e', 'g', 'i',
            'm'))
        AND (coalesce(a.all_deletions, false) OR NOT coalesce(e.class = k.most_senior AND EXISTS (
            SELECT FROM term_date t
            -- August belongs to the school year before
            WHERE t.school_urn = e.school_urn AND t.academic_year = academic_year(e.end_date - 31)
                AND t.term = 'Summer' AND t.half = 2 AND t.last_day <= e.end_date
                AND NOT EXISTS (SELECT FROM school_day d
                    WHERE d.school_urn = e.school_urn AND d.day > t.last_day AND d.day <= e.end_date
                        AND (d.morning OR d.afternoon))), false))
        AND NOT EXISTS (SELECT FROM return_sent r
            WHERE r.kind = 'deletion' AND r.school_urn = e.school_urn AND r.pupil_id = e.pupil_id
                AND r.covers @> e.end_date);
END;
COMMENT ON FUNCTION deletion_due(integer[]) IS
'The rows of deletion_return_due of some schools (by URN; NULL for all), without looking at others. 22023 for schools '
'that are not in the register';

CREATE VIEW deletion_return_due WITH (security_invoker = true) AS
    SELECT d.* FROM deletion_due(NULL) d;
COMMENT ON VIEW deletion_return_due IS
'Pupils whose name is deleted from the admission register and of whom the authority was not told; not those who leave '
'the most senior class at the end of the last term, unless it asks for them. Regulations 2024, regulation 13(4)-(6); '
'2006, regulation 12(3)-(5), until August 2016 on grounds (d), (e), (g), (i), (m) only';
COMMENT ON COLUMN deletion_return_due.due_on IS
'As soon as the ground is met, and at the latest when the name is deleted: the last day on the roll';

-- ---------- who else is told ----------

CREATE VIEW unexplained_absence_notice_due WITH (security_invoker = true) AS
    SELECT u.school_urn, u.pupil_id, u.upn, u.surname, u.forename, u.day, w.role, w.name, w.contact, u.sessions,
        u.day AS due_on
    FROM (
        SELECT l.school_urn, l.pupil_id, p.upn::text AS upn, p.surname, p.forename, m.day,
            string_agg(m.session, ' ' ORDER BY m.session) AS sessions
        FROM register_line l
        CROSS JOIN LATERAL marks(l.marks) AS m
        LEFT JOIN pupil p ON p.pupil_id = l.pupil_id
        -- few have one: their lines are read by its index
        WHERE l.pupil_id = ANY (ARRAY(SELECT k.pupil_id FROM pupil_worker k))
            AND mark_count(mark_counts(l.marks), 'N') > 0 AND m.mark = 'N'
        GROUP BY l.school_urn, l.pupil_id, p.upn, p.surname, p.forename, m.day) AS u
    JOIN pupil_worker w ON w.pupil_id = u.pupil_id AND w.from_day <= u.day AND (w.to_day IS NULL OR w.to_day >= u.day)
    -- guidance of May 2022, in force in September; the youth offending team since that of 2024
    WHERE u.day >= CASE WHEN w.role = 'social worker' THEN date '2022-09-01'
            ELSE (SELECT r.from_day FROM regime r WHERE r.regime = '2024') END
        AND NOT EXISTS (SELECT FROM return_sent r
            WHERE r.kind = 'unexplained absence' AND r.school_urn = u.school_urn AND r.pupil_id = u.pupil_id
                AND r.sent_to = w.name AND r.covers @> u.day);
COMMENT ON VIEW unexplained_absence_notice_due IS
'Unexplained absences (N) of which the social worker or youth offending team worker of the pupil was not told. Working '
'together to improve school attendance, 2022 and 2024';
