-- Facts with the days on which they hold: those of now, and those of before (sql/register/dates.sql keeps them).

CREATE VIEW enrolment_period WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, e.start_date, coalesce(p.after_day, e.start_date) AS from_day,
        least(f.to_day, e.end_date) AS to_day, f.status, f.boarder, f.year_group, f.registration_group
    FROM enrolment e
    -- until a day before the first, if the enrolment began later than it seemed, it held on none
    JOIN enrolment_former f ON f.school_urn = e.school_urn AND f.pupil_id = e.pupil_id AND f.start_date = e.start_date
        AND f.to_day >= e.start_date
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM enrolment_former b
        WHERE b.school_urn = e.school_urn AND b.pupil_id = e.pupil_id AND b.start_date = e.start_date
            AND b.to_day >= e.start_date AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= e.end_date, true)
    UNION ALL
    SELECT e.school_urn, e.pupil_id, e.start_date, coalesce(p.after_day, e.start_date) AS from_day, e.end_date,
        e.status, e.boarder, e.year_group, e.registration_group
    FROM enrolment e
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM enrolment_former b
        WHERE b.school_urn = e.school_urn AND b.pupil_id = e.pupil_id AND b.start_date = e.start_date
            AND b.to_day >= e.start_date) p
    WHERE coalesce(p.after_day <= e.end_date, true);
COMMENT ON VIEW enrolment_period IS
'Status, boarding, year and registration group of each enrolment with the days from and to which they hold; to_day is '
'NULL for what holds until further notice. Regulations 2024, regulation 8';

CREATE VIEW contact_period WITH (security_invoker = true) AS
    SELECT c.contact_id, c.pupil_id, p.after_day AS from_day, least(f.to_day, c.to_day) AS to_day, f.is_parent,
        f.lives_with
    FROM contact c
    JOIN contact_former f ON f.contact_id = c.contact_id
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM contact_former b
        WHERE b.contact_id = f.contact_id AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= c.to_day, true)
    UNION ALL
    SELECT c.contact_id, c.pupil_id, p.after_day AS from_day, c.to_day, c.is_parent, c.lives_with
    FROM contact c
    CROSS JOIN LATERAL (SELECT max(b.to_day) + 1 AS after_day FROM contact_former b WHERE b.contact_id = c.contact_id) p
    WHERE coalesce(p.after_day <= c.to_day, true);
COMMENT ON VIEW contact_period IS
'Who was a parent of a pupil and lived with the pupil, from which day to which: from_day is NULL for what held at '
'first, to_day for what holds until further notice. Education Act 1996, section 576';

CREATE FUNCTION same_parent(contact bigint) RETURNS TABLE (contact_id bigint)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT o.contact_id FROM contact c
    JOIN contact o ON o.pupil_id = c.pupil_id AND (o.contact_id = c.contact_id OR o.person_id = c.person_id)
    WHERE c.contact_id = same_parent.contact;
END;
COMMENT ON FUNCTION same_parent(bigint) IS
'All contacts of a pupil who are the same person as one of them (person_id), and that one itself: wherever something '
'is asked of a parent, they are one. No rows for NULL, and for a contact that is not there';

CREATE VIEW school_membership WITH (security_invoker = true) AS
    SELECT s.urn AS school_urn, p.after_day AS from_day, least(f.to_day, s.closed) AS to_day, f.phase, f.type,
        f.la_number, f.trust_uid, s.predecessor_urn
    FROM school s
    JOIN school_former f ON f.urn = s.urn
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM school_former b WHERE b.urn = f.urn AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= s.closed, true)
    UNION ALL
    SELECT s.urn AS school_urn, p.after_day AS from_day, s.closed, s.phase, s.type, s.la_number, s.trust_uid,
        s.predecessor_urn
    FROM school s
    CROSS JOIN LATERAL (SELECT max(b.to_day) + 1 AS after_day FROM school_former b WHERE b.urn = s.urn) p
    WHERE coalesce(p.after_day <= s.closed, true);
COMMENT ON VIEW school_membership IS
'Phase, type, local authority and trust of each school with the days from and to which they hold: from_day is NULL for '
'what held at first, to_day for what holds until further notice';

-- UNION ends where two are said to continue each other.
CREATE VIEW school_part WITH (security_invoker = true) AS
    WITH RECURSIVE part (school_urn, part_urn) AS (
        SELECT s.urn, s.urn FROM school s
        UNION
        SELECT p.school_urn, s.predecessor_urn FROM part p JOIN school s ON s.urn = p.part_urn
        WHERE s.predecessor_urn IS NOT NULL)
    SELECT p.school_urn, p.part_urn FROM part p;
COMMENT ON VIEW school_part IS
'Each school with itself and with every school that it continues (predecessor_urn), one after the other';

CREATE FUNCTION school_on(day date)
    RETURNS TABLE (urn integer, name text, phase text, type text, la_number integer, trust_uid integer)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT s.urn, s.name, coalesce(f.phase, s.phase), coalesce(f.type, s.type),
        coalesce(f.la_number, s.la_number), CASE WHEN f.urn IS NULL THEN s.trust_uid ELSE f.trust_uid END
    FROM school s
    LEFT JOIN LATERAL (
        SELECT b.* FROM school_former b WHERE b.urn = s.urn AND b.to_day >= school_on.day ORDER BY b.to_day LIMIT 1) f
        ON true;
END;
COMMENT ON FUNCTION school_on(date) IS
'All schools with the phase, type, local authority and trust that they had on a day, or have now for NULL';
