-- Part-time timetables: reviews and last days to come.

CREATE VIEW part_time_timetable_due WITH (security_invoker = true) AS
    SELECT t.timetable_id, t.school_urn, t.pupil_id, v.due, v.due_on, v.due_on < current_date AS overdue
    FROM (
        SELECT p.timetable_id, p.school_urn, p.pupil_id, p.review_dates,
            coalesce(p.ended_on, day(upper(p.sessions)) - CASE WHEN session(upper(p.sessions)) = 'AM' THEN 1 ELSE 0 END)
                AS last_day
        FROM part_time_timetable p
        WHERE p.status = 'agreed') AS t
    CROSS JOIN LATERAL (
        SELECT 'review'::text AS due, r.review_date AS due_on
        FROM unnest(t.review_dates) AS r (review_date)
        WHERE r.review_date <= t.last_day AND NOT EXISTS (SELECT FROM part_time_review h
            WHERE h.timetable_id = t.timetable_id AND h.review_date = r.review_date)
        UNION ALL
        SELECT 'expiry'::text AS due, t.last_day AS due_on WHERE t.last_day >= current_date) AS v;
COMMENT ON VIEW part_time_timetable_due IS
'Part-time timetables: reviews that were not held yet, and the last days of those that run. Ask for those with due_on '
'in the next weeks';
