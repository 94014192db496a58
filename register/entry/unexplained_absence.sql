-- N, which stands until the reason for the absence is established, and becomes O when it was not in time.

CREATE VIEW unexplained_absence WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, p.upn::text AS upn, m.day, m.session, f.due_on,
        coalesce(f.due_on < (now() AT TIME ZONE 'Europe/London')::date, false) AS overdue
    FROM register_line l
    CROSS JOIN LATERAL marks(l.marks) AS m
    LEFT JOIN LATERAL (
        SELECT d.day AS due_on
        FROM school_day d
        WHERE d.school_urn = l.school_urn AND d.day > m.day AND (d.morning OR d.afternoon)
        ORDER BY d.day OFFSET 4 LIMIT 1) AS f ON true
    LEFT JOIN pupil p ON p.pupil_id = l.pupil_id
    WHERE mark_count(mark_counts(l.marks), 'N') > 0 AND m.mark = 'N'
        AND m.day >= (SELECT r.from_day FROM regime r WHERE r.regime = '2024');
COMMENT ON VIEW unexplained_absence IS
'Sessions with N, the reason for absence not yet established, from 19 August 2024 on. Regulations 2024, regulation '
'10(7)-(9)';
COMMENT ON COLUMN unexplained_absence.due_on IS
'The fifth school day after the session, by which N is replaced; NULL if the calendar does not reach it';

CREATE PROCEDURE close_unexplained_absence(as_of date, entered_by text, title text, school_urn integer DEFAULT NULL)
    LANGUAGE sql
    BEGIN ATOMIC
        UPDATE mark SET mark = 'O', reason = 'reason for absence not established within five school days',
            entered_by = close_unexplained_absence.entered_by, title = close_unexplained_absence.title
        FROM unexplained_absence u
        WHERE u.due_on < as_of AND mark.school_urn = u.school_urn AND mark.pupil_id = u.pupil_id
            AND mark.day = u.day AND mark.session = u.session
            AND (close_unexplained_absence.school_urn IS NULL OR u.school_urn = close_unexplained_absence.school_urn)
            AND known_schools(ARRAY[close_unexplained_absence.school_urn]);
    END;
COMMENT ON PROCEDURE close_unexplained_absence(date, text, text, integer) IS
'Amends N to O where the fifth school day after the session was before a day, in the name of a person with a title; at '
'all schools or at one (22023 for one that is not there). Regulations 2024, regulation 10(9)';
