-- Part-time timetables: reviews and last days to come, and those that are temporary no more.

CREATE VIEW part_time_timetable_due WITH (security_invoker = true) AS
    SELECT t.timetable_id, t.school_urn, t.pupil_id, n.surname, n.forename, v.due, v.due_on,
        v.due_on < (now() AT TIME ZONE 'Europe/London')::date AS overdue
    FROM (
        SELECT p.timetable_id, p.school_urn, p.pupil_id, p.review_dates,
            coalesce(p.ended_on, day(upper(p.sessions)) - CASE WHEN session(upper(p.sessions)) = 'AM' THEN 1 ELSE 0 END)
                AS last_day
        FROM part_time_timetable p
        WHERE p.status = 'agreed') AS t
    LEFT JOIN pupil n ON n.pupil_id = t.pupil_id
    CROSS JOIN LATERAL (
        SELECT 'review'::text AS due, r.review_date AS due_on
        FROM unnest(t.review_dates) AS r (review_date)
        WHERE r.review_date <= t.last_day AND NOT EXISTS (SELECT FROM part_time_review h
            WHERE h.timetable_id = t.timetable_id AND h.school_urn = t.school_urn AND h.review_date = r.review_date)
        UNION ALL
        SELECT 'expiry'::text AS due, t.last_day AS due_on
        WHERE t.last_day >= (now() AT TIME ZONE 'Europe/London')::date) AS v;
COMMENT ON VIEW part_time_timetable_due IS
'Part-time timetables: reviews that were not held yet, and the last days of those that run. Ask for those with due_on '
'in the next weeks';

CREATE VIEW part_time_timetable_too_long WITH (security_invoker = true) AS
    SELECT w.timetable_id, w.school_urn, w.pupil_id, 'part-time length'::text AS rule,
        format('part-time timetable of pupil %s at school %s to %s: part-time since %s, longer than %s weeks',
            w.pupil_id, w.school_urn, w.last_day, w.since, coalesce(p.temporary_weeks, 6)) AS problem
    FROM (
        SELECT r.*, min(r.first_day) OVER (PARTITION BY r.school_urn, r.pupil_id, r.run) AS since
        FROM (
            SELECT b.*, count(*) FILTER (WHERE b.begins) OVER (PARTITION BY b.school_urn, b.pupil_id
                ORDER BY b.first_day, b.timetable_id) AS run
            FROM (
                -- one that begins before five school days are over goes on with the one before
                SELECT t.*, t.day_before IS NULL OR (
                    SELECT count(*) FROM school_day d
                    WHERE d.school_urn = t.school_urn AND d.day > t.day_before AND d.day < t.first_day
                        AND (d.morning OR d.afternoon)) >= 5 AS begins
                FROM (
                    SELECT a.*, max(a.last_day) OVER (PARTITION BY a.school_urn, a.pupil_id
                        ORDER BY a.first_day, a.timetable_id
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS day_before
                    FROM (
                        SELECT q.timetable_id, q.school_urn, q.pupil_id, day(lower(q.sessions)) AS first_day,
                            least(q.ended_on, day(upper(q.sessions))
                                - CASE WHEN session(upper(q.sessions)) = 'AM' THEN 1 ELSE 0 END) AS last_day
                        FROM part_time_timetable q
                        WHERE q.status = 'agreed') AS a) AS t) AS b) AS r) AS w
    LEFT JOIN (
        SELECT o.school_urn, o.temporary_weeks, o.from_day,
            lead(o.from_day) OVER (PARTITION BY o.school_urn ORDER BY o.from_day) AS next_day
        FROM registration_policy o) AS p
        ON p.school_urn = w.school_urn AND p.from_day <= w.since AND coalesce(p.next_day > w.since, true)
    WHERE w.last_day - w.since >= 7 * coalesce(p.temporary_weeks, 6);
COMMENT ON VIEW part_time_timetable_too_long IS
'Agreed part-time timetables with which a pupil has been part-time for longer than the school says is temporary '
'(registration_policy.temporary_weeks); those that follow each other within five school days count together. Nothing '
'refuses them (AT052)';
