-- Facts of pupils. Every fact counts all marks of the register, whatever the age of the pupil.

CREATE VIEW bi_session WITH (security_invoker = true) AS
    SELECT l.line_key * 732 + (d.day - make_date(d.academic_year, 8, 1)) * 2 + s.half AS session_key, l.pupil_key,
        l.school_urn, date_key(d.day) AS date_key, d.day AS calendar_date,
        l.academic_year, s.session::varchar(2) AS session, m.mark::text::varchar(4) AS mark_code,
        is_possible(m.mark)::integer AS is_possible, is_attended(m.mark)::integer AS is_attended,
        is_absence(m.mark)::integer AS is_absence, is_authorised(m.mark)::integer AS is_authorised_absence,
        is_unauthorised(m.mark)::integer AS is_unauthorised_absence, is_late(m.mark)::integer AS is_late,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM fact_line l
    JOIN school_day d ON d.school_urn = l.school_urn AND d.academic_year = l.academic_year
    CROSS JOIN (VALUES (0, 'AM'), (1, 'PM')) AS s (half, session)
    CROSS JOIN LATERAL (SELECT mark_at(l.marks, d.day, s.session) AS mark OFFSET 0) AS m
    WHERE m.mark IS NOT NULL;
COMMENT ON VIEW bi_session IS
'One row for each mark, and one with the code - for each session in which a mark is due and missing. Filter by '
'calendar_date, school_urn, pupil_key or academic_year; the whole may be many millions of rows';

CREATE VIEW bi_pupil_week WITH (security_invoker = true) AS
    SELECT l.line_key * 64 + academic_week(l.academic_year, w.week) AS pupil_week_key, l.pupil_key, l.school_urn,
        l.academic_year, w.week AS week_start, date_key(w.week) AS date_key,
        l.year_group::varchar(2) AS year_group, l.registration_group::varchar(60) AS registration_group, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM fact_line l CROSS JOIN LATERAL weekly_tallies(l.marks) w
    CROSS JOIN LATERAL bi_sessions(w.tally) f;
COMMENT ON VIEW bi_pupil_week IS
'One row for each pupil, school, academic year and week with a session. A week in which a year ends has a row in both';

CREATE VIEW bi_pupil_term WITH (security_invoker = true) AS
    SELECT t.line_key * 4 + t.term_number AS pupil_term_key, t.pupil_key, t.school_urn, t.academic_year,
        t.term_number, t.term::varchar(6) AS term, t.year_group::varchar(2) AS year_group,
        t.registration_group::varchar(60) AS registration_group, f.*,
        is_persistently_absent(t.tally)::integer AS is_persistently_absent,
        is_severely_absent(t.tally)::integer AS is_severely_absent,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM fact_term t
    CROSS JOIN LATERAL bi_sessions(t.tally) f;
COMMENT ON VIEW bi_pupil_term IS
'One row for each pupil, school, academic year and term of the school with a session. Holidays count to the term '
'before them, where a school has no term dates the terms are those of the school census';

CREATE VIEW bi_pupil_year WITH (security_invoker = true) AS
    SELECT l.line_key AS pupil_year_key, l.pupil_key, l.school_urn, l.academic_year,
        l.year_group::varchar(2) AS year_group, l.registration_group::varchar(60) AS registration_group,
        coalesce(l.is_counted AND l.enrolment_start < y.spring AND y.cohorts @> l.birth_cohort,
        false)::integer AS is_statutory, f.*, is_persistently_absent(t.tally)::integer AS is_persistently_absent,
        is_severely_absent(t.tally)::integer AS is_severely_absent,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM fact_line l
    CROSS JOIN LATERAL (SELECT tally(l.marks) AS tally OFFSET 0) AS t
    -- once a year, not once a line
    LEFT JOIN (
        SELECT n.academic_year, spring_bank_holiday(n.academic_year + 1) AS spring,
            statistical_cohorts(n.academic_year) AS cohorts
        FROM generate_series(1900, 2998) AS n (academic_year) OFFSET 0) AS y ON y.academic_year = l.academic_year
    CROSS JOIN LATERAL bi_sessions(t.tally) f;
COMMENT ON VIEW bi_pupil_year IS 'One row for each pupil, school and academic year';

CREATE VIEW bi_pupil_year_statutory WITH (security_invoker = true) AS
    SELECT coalesce(k.line_key, no_line_key(l.school_urn, l.academic_year, l.pupil_id)) AS pupil_year_key, p.pupil_key,
        l.school_urn, l.academic_year,
        l.year_group::varchar(2) AS year_group, l.registration_group::varchar(60) AS registration_group, f.*,
        is_persistently_absent(t.tally)::integer AS is_persistently_absent,
        is_severely_absent(t.tally)::integer AS is_severely_absent,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (SELECT DISTINCT o.academic_year FROM school_day o) AS o
    CROSS JOIN LATERAL due_line(daterange(make_date(o.academic_year, 8, 1),
        make_date(o.academic_year + 1, 8, 1))::text, 'statutory') l
    LEFT JOIN register_line k ON k.school_urn = l.school_urn AND k.academic_year = l.academic_year
        AND k.pupil_id = l.pupil_id
    JOIN pupil p ON p.pupil_id = l.pupil_id
    CROSS JOIN LATERAL (SELECT tally(l.marks, l.days) AS tally OFFSET 0) AS t
    CROSS JOIN LATERAL bi_sessions(t.tally) f;
COMMENT ON VIEW bi_pupil_year_statutory IS
'One row for each row of bi_pupil_year that is_statutory, with the sessions of those of its days that the official '
'figures are about: see report_line()';
