-- What became of cases: attendance before, while the case was open, and after it.

CREATE VIEW case_attendance WITH (security_invoker = true) AS
    SELECT c.case_id, c.school_urn, c.pupil_id, c.tier, c.opened_on, c.closed_on, c.outcome,
        (c.figures_at_opening ->> 'days')::daterange AS days_before,
        (c.figures_at_opening ->> 'possible')::bigint AS possible_before,
        (c.figures_at_opening ->> 'absent')::bigint AS absent_before,
        (c.figures_at_opening ->> 'absence_percent')::numeric AS absence_percent_before, d.during AS days_open,
        coalesce((c.figures_at_closing ->> 'possible')::bigint, possible(t.during)) AS possible_open,
        coalesce((c.figures_at_closing ->> 'absent')::bigint, absent(t.during)) AS absent_open,
        coalesce((c.figures_at_closing ->> 'absence_percent')::numeric, round(absence_rate(t.during), 2))
            AS absence_percent_open, d.after AS days_after,
        possible(t.after) AS possible_after, absent(t.after) AS absent_after,
        round(absence_rate(t.after), 2) AS absence_percent_after
    FROM attendance_case c
    CROSS JOIN LATERAL (
        -- as many days after it as it went on, as far as they have come
        SELECT daterange(c.opened_on, coalesce(c.closed_on, n.day), '[]') AS during,
            CASE WHEN c.closed_on IS NOT NULL THEN daterange(c.closed_on + 1,
                least(c.closed_on + 1 + (c.closed_on - c.opened_on + 1), n.day + 1)) END AS after
        FROM (SELECT greatest((now() AT TIME ZONE 'Europe/London')::date, coalesce(c.closed_on, c.opened_on)) AS day) n)
        AS d
    CROSS JOIN LATERAL (
        SELECT tally_agg(tally(l.marks, d.during)) FILTER (WHERE l.school_urn = c.school_urn) AS during,
            CASE WHEN d.after IS NOT NULL THEN tally_agg(tally(l.marks, d.after)) END AS after
        FROM register_line l
        WHERE l.pupil_id = c.pupil_id AND l.academic_year >= academic_year(c.opened_on)
            AND l.academic_year <= academic_year(upper(coalesce(nullif(d.after, 'empty'), d.during)) - 1)) AS t;
COMMENT ON VIEW case_attendance IS
'The attendance of the pupil of each case: in the academic year to its opening, at the school; while it was open, as '
'frozen when the closing was entered, of an open one up to today; and after it was closed, at every school, for as '
'many days as it was open, as far as they have come. Whether others like them gained as much: intervention_impact()';
