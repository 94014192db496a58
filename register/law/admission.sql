-- The admission register as the Regulations ask for it, and what it lacks.

CREATE FUNCTION enrolment_on(day date)
    RETURNS TABLE (school_urn integer, pupil_id bigint, start_date date, end_date date, status text, boarder text,
        year_group text, registration_group text, deletion_ground text, entered_at timestamptz, deleted_at timestamptz)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT e.school_urn, e.pupil_id, e.start_date, e.end_date, coalesce(f.status, e.status),
        coalesce(f.boarder, e.boarder), CASE WHEN f.pupil_id IS NULL THEN e.year_group ELSE f.year_group END,
        CASE WHEN f.pupil_id IS NULL THEN e.registration_group ELSE f.registration_group END, e.deletion_ground,
        e.entered_at, e.deleted_at
    FROM enrolment e
    LEFT JOIN LATERAL (
        SELECT b.* FROM enrolment_former b
        WHERE b.school_urn = e.school_urn AND b.pupil_id = e.pupil_id AND b.start_date = e.start_date
            AND b.to_day >= e.start_date AND b.to_day >= least(enrolment_on.day, e.end_date)
        ORDER BY b.to_day LIMIT 1) f ON true;
END;
COMMENT ON FUNCTION enrolment_on(date) IS
'All enrolments with the status, boarding, year and registration group that they had on a day: on their last one if '
'they had ended, on their first if they were to come. For NULL those of the last day, or as they are to be';

CREATE FUNCTION roll_on(day date, schools integer[])
    RETURNS TABLE (school_urn integer, pupil_id bigint, start_date date, end_date date, status text, boarder text,
        year_group text, registration_group text)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT e.school_urn, e.pupil_id, e.start_date, e.end_date, coalesce(f.status, e.status),
        coalesce(f.boarder, e.boarder), CASE WHEN f.pupil_id IS NULL THEN e.year_group ELSE f.year_group END,
        CASE WHEN f.pupil_id IS NULL THEN e.registration_group ELSE f.registration_group END
    FROM enrolment e
    -- what has changed since is little: it is read once, not for each enrolment
    LEFT JOIN (
        SELECT DISTINCT ON (b.school_urn, b.pupil_id, b.start_date) b.* FROM enrolment_former b
        WHERE b.to_day >= roll_on.day
        ORDER BY b.school_urn, b.pupil_id, b.start_date, b.to_day) f
        ON f.school_urn = e.school_urn AND f.pupil_id = e.pupil_id AND f.start_date = e.start_date
    WHERE e.start_date <= roll_on.day AND coalesce(e.end_date >= roll_on.day, true)
        AND is_one_of(e.school_urn, schools) AND known_schools(schools);
END;
COMMENT ON FUNCTION roll_on(date, integer[]) IS
'Who is on the roll of some schools (by URN; NULL for all) on a day, guests too, of any age, with the status, '
'boarding, year and registration group of the day: the rows of enrolment_on() that contain it. No rows for a NULL '
'day; 22023 for schools that are not in the register';

CREATE FUNCTION contact_on(day date)
    RETURNS TABLE (contact_id bigint, pupil_id bigint, full_name text, address text, is_parent boolean,
        lives_with boolean, emergency_numbers text[], priority integer)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    SELECT c.contact_id, c.pupil_id, c.full_name, c.address, coalesce(f.is_parent, c.is_parent),
        coalesce(f.lives_with, c.lives_with), c.emergency_numbers, c.priority
    FROM contact c
    LEFT JOIN LATERAL (
        SELECT b.is_parent, b.lives_with FROM contact_former b
        WHERE b.contact_id = c.contact_id AND b.to_day >= contact_on.day
        ORDER BY b.to_day LIMIT 1) f ON true
    WHERE c.to_day IS NULL OR c.to_day >= contact_on.day;
END;
COMMENT ON FUNCTION contact_on(date) IS
'All contacts who were not yet former ones on a day, and whether they were then a parent of the pupil and lived with '
'the pupil. For NULL those who have no last day, as they are to be';

CREATE VIEW admission_register WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, p.surname, p.forename, p.middle_names,
        coalesce(p.known_as, p.forename || ' ' || p.surname) AS known_as, p.sex, p.date_of_birth,
        home.address, second.addresses AS other_addresses, c.parents, c.emergency_numbers,
        e.start_date AS starting_day, e.starting_day_basis, e.agreed_on,
        (e.entered_at AT TIME ZONE 'Europe/London')::date AS entered_on, e.entry_reason,
        e.last_school, e.last_school_address, b.boarder <> 'N' AS is_boarder, b.status,
        future.address AS future_address, future.from_day AS future_address_from,
        future.told_by AS future_address_told_by, e.next_school, e.next_school_start,
        e.end_date, e.deletion_ground, (
            SELECT g.reference FROM deletion_ground g
            WHERE g.ground = e.deletion_ground AND e.end_date BETWEEN g.from_day AND g.to_day) AS deletion_reference,
        e.ground_arose_on, e.deletion_evidence, e.deleted_at
    FROM enrolment e
    JOIN pupil p ON p.pupil_id = e.pupil_id
    -- as it is today, or as it was on the last day on the roll
    CROSS JOIN LATERAL (SELECT least((now() AT TIME ZONE 'Europe/London')::date, e.end_date) AS day) AS on_day
    JOIN LATERAL enrolment_on(on_day.day) b
        ON b.school_urn = e.school_urn AND b.pupil_id = e.pupil_id AND b.start_date = e.start_date
    LEFT JOIN LATERAL (
        SELECT a.address FROM pupil_address a
        WHERE a.pupil_id = e.pupil_id AND NOT a.in_addition AND a.from_day <= on_day.day
            AND (a.to_day IS NULL OR a.to_day >= on_day.day)
        ORDER BY a.from_day DESC LIMIT 1) AS home ON true
    CROSS JOIN LATERAL (
        SELECT string_agg(a.address, E'\n' ORDER BY a.from_day, a.address_id) AS addresses FROM pupil_address a
        WHERE a.pupil_id = e.pupil_id AND a.in_addition AND a.from_day <= on_day.day
            AND (a.to_day IS NULL OR a.to_day >= on_day.day)) AS second
    LEFT JOIN LATERAL (
        SELECT a.address, a.from_day, a.told_by FROM pupil_address a
        WHERE a.pupil_id = e.pupil_id AND a.from_day > on_day.day
        ORDER BY a.from_day, a.in_addition LIMIT 1) AS future ON true
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(', ', c.full_name, c.address,
            CASE WHEN c.lives_with THEN 'the pupil lives here' END),
                E'\n' ORDER BY c.priority, c.contact_id) FILTER (WHERE c.is_parent) AS parents,
            string_agg(c.full_name || ': ' || array_to_string(c.emergency_numbers, ', '),
                E'\n' ORDER BY c.priority, c.contact_id) FILTER (WHERE c.emergency_numbers <> '{}') AS emergency_numbers
        FROM contact_on(on_day.day) c
        WHERE c.pupil_id = e.pupil_id) AS c
    ORDER BY e.school_urn, lower(p.surname), lower(p.forename), lower(p.middle_names), e.pupil_id, e.start_date;
COMMENT ON VIEW admission_register IS
'The admission register in alphabetical order, with what the Regulations ask for; one row for each entry of a pupil at '
'a school. 2024 regulation 8; 2006 regulation 5';
COMMENT ON COLUMN admission_register.parents IS 'Every known parent with full name and address, a line each';
COMMENT ON COLUMN admission_register.emergency_numbers IS 'Every contact who has a number for emergencies, a line each';

CREATE VIEW admission_register_gap WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, e.start_date, g.item, g.required, g.regulation
    FROM enrolment e
    JOIN pupil p ON p.pupil_id = e.pupil_id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE c.is_parent) AS parents,
            count(*) FILTER (WHERE c.is_parent AND c.lives_with) AS lived_with,
            count(*) FILTER (WHERE c.is_parent AND coalesce(btrim(c.address), '') = '') AS without_address,
            count(*) FILTER (WHERE c.is_parent AND c.lives_with AND c.emergency_numbers = '{}') AS without_number,
            count(*) FILTER (WHERE c.emergency_numbers <> '{}') AS reachable
        FROM contact_on((now() AT TIME ZONE 'Europe/London')::date) c
        WHERE c.pupil_id = e.pupil_id) AS c
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE NOT a.in_addition AND a.from_day <= (now() AT TIME ZONE 'Europe/London')::date
                AND (a.to_day IS NULL OR a.to_day >= (now() AT TIME ZONE 'Europe/London')::date)) AS homes,
            count(*) FILTER (WHERE a.from_day > (now() AT TIME ZONE 'Europe/London')::date
                AND coalesce(btrim(a.told_by), '') = '') AS not_told
        FROM pupil_address a WHERE a.pupil_id = e.pupil_id) AS a
    CROSS JOIN LATERAL (VALUES
        ('sex', p.sex IS NULL, true, '2024 reg 8(2); 2006 reg 5(1)(b)'),
        ('address of the pupil', a.homes = 0 AND (now() AT TIME ZONE 'Europe/London')::date >= '2024-08-19', true,
            '2024 reg 8(2)'),
        ('parent', c.parents = 0, true, '2024 reg 8(2); 2006 reg 5(1)(c)'),
        ('address of a parent', c.without_address > 0, true, '2024 reg 8(2); 2006 reg 5(1)(c)'),
        ('parent with whom the pupil lives', c.parents > 0 AND c.lived_with = 0, true,
            '2024 reg 8(2); 2006 reg 5(1)(c)'),
        ('emergency number of a parent with whom the pupil lives', c.without_number > 0, true,
            '2024 reg 8(2); 2006 reg 5(1)(c)'),
        ('parent who told of the future address', a.not_told > 0, true, '2024 reg 8(3); 2006 reg 5(1)(ca)'),
        ('first day at the other school', e.next_school IS NOT NULL AND e.next_school_start IS NULL, true,
            '2024 reg 8(3); 2006 reg 5(1)(g)'),
        ('emergency numbers of two people', c.reachable < 2, false, 'Working together to improve school attendance')
        ) AS g (item, lacking, required, regulation)
    WHERE g.lacking AND (e.end_date IS NULL OR e.end_date >= (now() AT TIME ZONE 'Europe/London')::date);
COMMENT ON VIEW admission_register_gap IS
'What the admission register lacks for pupils on the roll: what the Regulations require, and what guidance advises';
COMMENT ON COLUMN admission_register_gap.required IS 'Whether the Regulations require it; otherwise it is advice';

CREATE VIEW registration_conflict WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, e.start_date, e.status, o.school_urn AS other_school_urn, o.status AS other_status,
        greatest(e.from_day, o.from_day) AS from_day, least(e.to_day, o.to_day) AS to_day,
        'two schools, and neither the subsidiary one' AS problem
    FROM enrolment a
    JOIN enrolment b ON b.pupil_id = a.pupil_id AND b.school_urn <> a.school_urn
        AND b.start_date <= coalesce(a.end_date, b.start_date) AND a.start_date <= coalesce(b.end_date, a.start_date)
    -- few are at two schools at a time: what held is looked up for them alone
    CROSS JOIN LATERAL (
        SELECT p.* FROM enrolment_period p
        WHERE p.school_urn = a.school_urn AND p.pupil_id = a.pupil_id AND p.start_date = a.start_date
        OFFSET 0) e
    CROSS JOIN LATERAL (
        SELECT p.* FROM enrolment_period p
        WHERE p.school_urn = b.school_urn AND p.pupil_id = b.pupil_id AND p.start_date = b.start_date
        OFFSET 0) o
    WHERE o.from_day <= coalesce(e.to_day, o.from_day) AND e.from_day <= coalesce(o.to_day, e.from_day)
        AND e.status IN ('C', 'M') AND o.status IN ('C', 'M')
    UNION ALL
    SELECT e.school_urn, e.pupil_id, e.start_date, e.status, d.other_school_urn, NULL,
        greatest(e.from_day, d.from_day), least(e.to_day, d.to_day),
        CASE WHEN d.main THEN 'main school in a dual registration, but not by its status'
            ELSE 'subsidiary school in a dual registration, but not by its status' END
    FROM dual_registration d
    CROSS JOIN LATERAL (
        SELECT p.* FROM enrolment_period p WHERE p.pupil_id = d.pupil_id AND p.school_urn = d.school_urn OFFSET 0) e
    WHERE d.from_day <= coalesce(e.to_day, d.from_day) AND e.from_day <= coalesce(d.to_day, e.from_day)
        AND e.status <> CASE WHEN d.main THEN 'M' ELSE 'S' END
    UNION ALL
    SELECT e.school_urn, e.pupil_id, e.start_date, e.status, NULL, NULL, e.from_day, e.to_day,
        'main or subsidiary by its status, but no other registration is known'
    FROM enrolment_period e
    WHERE e.status IN ('M', 'S')
        AND NOT EXISTS (SELECT FROM dual_registration d WHERE d.pupil_id = e.pupil_id AND d.school_urn = e.school_urn
            AND d.from_day <= coalesce(e.to_day, d.from_day) AND e.from_day <= coalesce(d.to_day, e.from_day))
        AND NOT EXISTS (SELECT FROM enrolment o WHERE o.pupil_id = e.pupil_id AND o.school_urn <> e.school_urn
            AND o.start_date <= coalesce(e.to_day, o.start_date)
            AND e.from_day <= coalesce(o.end_date, e.from_day));
COMMENT ON VIEW registration_conflict IS
'Registrations that do not fit each other: two main or single ones of a pupil at a time, or a status that the dual '
'registrations contradict';
COMMENT ON COLUMN registration_conflict.to_day IS 'Last day of the conflict; NULL while it lasts';

CREATE VIEW late_admission WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, e.start_date, (e.entered_at AT TIME ZONE 'Europe/London')::date AS entered_on,
        (e.entered_at AT TIME ZONE 'Europe/London')::date - e.start_date AS days_late, e.entry_reason,
        coalesce(btrim(e.entry_reason), '') = '' AS breach
    FROM enrolment e
    WHERE (e.entered_at AT TIME ZONE 'Europe/London')::date > e.start_date;
COMMENT ON VIEW late_admission IS
'Names that were entered after the starting day, with the reason; without one they break the rule "late admission"';

CREATE VIEW admission_breach WITH (security_invoker = true) AS
    SELECT b.school_urn, b.pupil_id, b.start_date, b.rule, b.problem, (
        SELECT string_agg(DISTINCT t.reason, '; ') FROM taken_over t
        WHERE coalesce(t.school_urn = b.school_urn, true) AND t.days @> b.day) AS taken_over
    FROM (
        SELECT l.school_urn, l.pupil_id, l.start_date, 'late admission' AS rule,
            format('entered on %s without a reason', l.entered_on) AS problem, l.start_date AS day
        FROM late_admission l WHERE l.breach
        UNION ALL
        SELECT e.school_urn, e.pupil_id, e.start_date, 'starting day' AS rule,
            CASE WHEN e.agreed_on IS NULL THEN 'without the day on which it was agreed'
                ELSE format('agreed on %s only', e.agreed_on) END AS problem, e.start_date AS day
        FROM enrolment e
        WHERE e.agreed_on > e.start_date OR e.starting_day_basis IN ('agreed', 'notified') AND e.agreed_on IS NULL
        UNION ALL
        SELECT e.school_urn, e.pupil_id, e.start_date, d.rule, d.problem, e.end_date AS day
        FROM enrolment e CROSS JOIN LATERAL deletion_problems('register_line'::regclass, to_jsonb(e.*)) AS d
        WHERE e.end_date IS NOT NULL) AS b;
COMMENT ON VIEW admission_breach IS
'Every entry of the admission register that breaks a rule, whatever the school has decided about the rule';
COMMENT ON COLUMN admission_breach.taken_over IS
'The reason for which the day of the start or end was taken over from another system, or the reasons; NULL if it was '
'not';
