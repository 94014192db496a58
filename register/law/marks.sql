-- Marks that are missing, and marks that break a rule.

CREATE VIEW unmarked_session WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, p.upn::text AS upn, d.day, s.session
    FROM enrolment_period e
    JOIN school_day d ON d.school_urn = e.school_urn AND d.day >= e.from_day
        AND (e.to_day IS NULL OR d.day <= e.to_day)
    CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
    LEFT JOIN pupil p ON p.pupil_id = e.pupil_id
    LEFT JOIN register_line l ON l.school_urn = e.school_urn AND l.academic_year = d.academic_year
        AND l.pupil_id = e.pupil_id
    WHERE CASE WHEN s.session = 'AM' THEN d.morning ELSE d.afternoon END
        AND e.boarder = 'N' AND d.day <= current_date
        AND coalesce(mark_class(mark_at(l.marks, d.day, s.session)), 'unmarked') = 'unmarked';
COMMENT ON VIEW unmarked_session IS
'Sessions to today that the school held and for which a pupil on its roll has no mark; for boarders none is asked';


-- The number of the school has one type in both halves: else a condition on it would not get into them.
CREATE VIEW breach WITH (security_invoker = true) AS
    SELECT y.school_urn, y.academic_year, b.pupil_id, b.day, b.session, b.mark, b.rule
    FROM (SELECT DISTINCT l.school_urn::integer AS school_urn, l.academic_year FROM register_line l) y
    CROSS JOIN LATERAL line_breaches('register_line'::regclass, y.school_urn, y.academic_year) b
    UNION ALL
    SELECT a.school_urn, a.academic_year, a.pupil_id, a.day, a.session, a.amended, 'unsigned amendment'
    FROM amendment a
    WHERE coalesce(a.reason, '') !~ '\S' OR coalesce(a.entered_by, '') !~ '\S' OR coalesce(a.title, '') !~ '\S';
COMMENT ON VIEW breach IS
'Every mark of the register that breaks a rule, a row for each rule (register_rules()), whether breaches of it are '
'refused or recorded: decided anew each time, so that no setting can hide one';
