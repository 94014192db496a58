-- Marks that are missing, and marks that break a rule.

CREATE VIEW unmarked_session WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, p.upn::text AS upn, m.day, m.session
    FROM year_line l
    CROSS JOIN LATERAL marks(sessions_with(l.marks, '-')) m
    LEFT JOIN pupil p ON p.pupil_id = l.pupil_id
    WHERE unmarked(tally(l.marks)) > 0;
COMMENT ON VIEW unmarked_session IS
'Sessions to today that the school held and for which a pupil on its roll has no mark, or -: what is counted as '
'unmarked everywhere. None is asked for boarders, and none for guests, whose names are on the roll of another school. '
'Regulations 2024, regulation 10(1)';

-- The number of the school has one type in both halves: else a condition on it would not get into them.
CREATE VIEW breach WITH (security_invoker = true) AS
    SELECT b.school_urn, b.academic_year, b.pupil_id, b.day, b.session, b.mark, b.rule, (
        SELECT string_agg(DISTINCT t.reason, '; ') FROM taken_over t
        WHERE coalesce(t.school_urn = b.school_urn, true) AND t.days @> b.day) AS taken_over
    FROM (
        SELECT y.school_urn, y.academic_year, b.pupil_id, b.day, b.session, b.mark, b.rule
        FROM (SELECT DISTINCT l.school_urn, l.academic_year FROM register_line l) y
        CROSS JOIN LATERAL line_breaches('register_line'::regclass, y.school_urn, y.academic_year) b
        UNION ALL
        SELECT a.school_urn, a.academic_year, a.pupil_id, a.day, a.session, a.amended, 'unsigned amendment' AS rule
        FROM amendment a
        WHERE NOT coalesce(has_words(a.reason) AND has_words(a.entered_by) AND has_words(a.title), false)
        UNION ALL
        SELECT u.school_urn, academic_year(u.day) AS academic_year, u.pupil_id, u.day, u.session,
            'N'::session_mark AS mark, 'unexplained absence' AS rule
        FROM unexplained_absence u
        WHERE u.overdue
        UNION ALL
        SELECT e.school_urn, l.academic_year, e.pupil_id, m.day, m.session, m.mark, 'guest' AS rule
        FROM enrolment_period e
        JOIN register_line l ON l.school_urn = e.school_urn AND l.pupil_id = e.pupil_id
        CROSS JOIN LATERAL marks(l.marks, daterange(e.from_day, e.to_day, '[]')) AS m
        WHERE e.status = 'G' AND m.mark::text <> '-'
        UNION ALL
        SELECT j.school_urn, c.academic_year, c.pupil_id, c.day, c.session, c.amended, 'mark in advance' AS rule
        FROM journal j
        CROSS JOIN LATERAL journal_changes(CASE WHEN j.kind = 'marks' THEN j.payload END,
            daterange((j.entered_at AT TIME ZONE 'Europe/London')::date + 1, NULL), false) c
        WHERE cannot_be_foretold(c.amended)) AS b;
COMMENT ON VIEW breach IS
'Every mark of the register that breaks a rule, a row for each rule (register_rules()), whether breaches of it are '
'refused or recorded: decided anew each time, so that no setting can hide one';
COMMENT ON COLUMN breach.taken_over IS
'The reason for which the day was taken over from another system, or the reasons; NULL if it was not';

CREATE VIEW dual_mark_conflict WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, m.day, m.session, m.mark,
        r.school_urn AS other_school_urn, o.mark AS other_mark,
        CASE WHEN m.mark::text = 'D' THEN 'at neither school: D at both' ELSE 'present at both schools' END AS problem
    FROM register_line l
    JOIN register_line r ON r.academic_year = l.academic_year AND r.pupil_id = l.pupil_id
        AND r.school_urn <> l.school_urn
    CROSS JOIN LATERAL marks(l.marks, daterange(first_day(r.marks), last_day(r.marks), '[]')) AS m
    CROSS JOIN LATERAL (SELECT mark_at(r.marks, m.day, m.session) AS mark) AS o
    WHERE m.mark::text = 'D' AND o.mark::text = 'D'
        OR mark_class(m.mark) = 'present' AND mark_class(o.mark) = 'present';
COMMENT ON VIEW dual_mark_conflict IS
'Sessions for which two schools of a pupil have marks that cannot both be right: D at both, or present at both. A row '
'for each of the two. Regulations 2024, regulation 10(3)';
