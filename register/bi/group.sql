-- Facts of groups: classes, cohorts, schools, trusts and authorities; those of schools and above by term are in
-- bi_term.sql. Every fact counts all marks of the register, but for bi_school_year_statutory.

CREATE VIEW bi_class_week WITH (security_invoker = true) AS
    SELECT c.class_key * 64 + academic_week(c.academic_year, c.week) AS class_week_key, c.class_key, c.school_urn,
        c.academic_year, c.registration_group::varchar(60) AS registration_group, c.week AS week_start,
        date_key(c.week) AS date_key, c.enrolments::integer AS enrolments, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT g.school_urn, g.academic_year, g.registration_group, g.class_key, w.week, w.enrolments, w.tally
        FROM (
            SELECT l.school_urn, l.academic_year, l.registration_group, array_agg(l.marks) AS lines,
                -- a line is in one class, so the first of a class stands for it, or a pupil who has none
                coalesce(min(l.line_key) FILTER (WHERE l.line_key > 0 AND first_day(l.marks) IS NOT NULL),
                    max(l.line_key) FILTER (WHERE first_day(l.marks) IS NOT NULL)) AS class_key
            FROM fact_line l
            GROUP BY l.school_urn, l.academic_year, l.registration_group) AS g
        CROSS JOIN LATERAL group_weekly_tallies(g.lines) w) AS c
    CROSS JOIN LATERAL bi_sessions(c.tally) f;
COMMENT ON VIEW bi_class_week IS
'One row for each registration group, school, academic year and week with a session; pupils without a group are one. A '
'pupil is in the group of the last day of the year, or of today, in all weeks of it';

CREATE VIEW bi_cohort_term WITH (security_invoker = true) AS
    SELECT (g.first_line * 128 + g.kind) * 4 + g.term_number AS cohort_term_key, g.cohort_key, g.school_urn,
        g.academic_year, g.term_number, g.term::varchar(6) AS term, e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT c.kind, c.cohort_key, c.school_urn, c.academic_year, c.term_number, c.term,
            -- a line is in one cohort of a kind, so the first of a cohort stands for it
            coalesce(min(c.first_line) FILTER (WHERE c.first_line > 0), max(c.first_line)) AS first_line,
            cohort_agg(c.cohort) AS cohort
        FROM (
            SELECT s.school_urn, s.academic_year, s.term_number, s.term, s.first_line, s.cohort, k.kind, CASE k.kind
                WHEN 0 THEN coalesce(array_position('{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13,14,X}', s.year_group), 20)
                ELSE CASE s.sex WHEN 'F' THEN 31 WHEN 'M' THEN 32 ELSE 33 END END AS cohort_key
            -- lines that are in the same cohorts are counted once for all of them, here and below
            FROM (
                SELECT t.school_urn, t.academic_year, t.term_number, t.term, t.year_group, t.sex,
                    coalesce(min(t.line_key) FILTER (WHERE t.line_key > 0), max(t.line_key)) AS first_line,
                    cohort_agg(t.tally) AS cohort
                FROM fact_term t
                GROUP BY t.school_urn, t.academic_year, t.term_number, t.term, t.year_group, t.sex) s
            CROSS JOIN (VALUES (0), (1)) AS k (kind)
            UNION ALL
            SELECT s.school_urn, s.academic_year, s.term_number, s.term, s.first_line, s.cohort,
                c.characteristic_key + 1, coalesce(1000 + v.least_key, 100 + c.characteristic_key)
            FROM (
                SELECT t.school_urn, t.academic_year, t.term_number, t.term, h.names, h.values,
                    coalesce(min(t.line_key) FILTER (WHERE t.line_key > 0), max(t.line_key)) AS first_line,
                    cohort_agg(t.tally) AS cohort
                FROM fact_term t
                -- by the key of each pupil, however many the planner expects
                CROSS JOIN LATERAL (
                    SELECT least(upper(t.days) - 1, (now() AT TIME ZONE 'Europe/London')::date) AS day OFFSET 0) d
                CROSS JOIN LATERAL (
                    SELECT array_agg(p.characteristic) AS names, array_agg(p.value) AS values
                    FROM pupil_characteristic p
                    WHERE p.pupil_id = t.pupil_id AND p.from_day <= d.day AND coalesce(p.to_day >= d.day, true)) h
                GROUP BY t.school_urn, t.academic_year, t.term_number, t.term, h.names, h.values) s
            CROSS JOIN (
                SELECT k.* FROM characteristic k
                WHERE EXISTS (SELECT FROM pupil_characteristic u WHERE u.characteristic = k.characteristic) OFFSET 0) c
            LEFT JOIN fact_characteristic v ON v.characteristic = c.characteristic
                AND v.value = s.values[array_position(s.names, c.characteristic)]) AS c
        GROUP BY c.kind, c.cohort_key, c.school_urn, c.academic_year, c.term_number, c.term) AS g
    CROSS JOIN LATERAL bi_enrolments(g.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(g.cohort)) f;
COMMENT ON VIEW bi_cohort_term IS
'One row for each cohort of bi_dim_cohort, school, academic year and term with a session. Add up cohorts of one type '
'only: every pupil is in one of each type. A characteristic is that of the last day of the term, or of today in the '
'present one';

CREATE VIEW bi_school_week WITH (security_invoker = true) AS
    SELECT y.school_year_key * 64 + academic_week(w.academic_year, w.week) AS school_week_key, w.school_urn,
        w.academic_year, w.week AS week_start, date_key(w.week) AS date_key,
        w.enrolments::integer AS enrolments, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM fact_school_week w
    LEFT JOIN school k ON k.urn = w.school_urn
    CROSS JOIN LATERAL (SELECT k.school_key * 64 + academic_year_number(w.academic_year) AS school_year_key) AS y
    CROSS JOIN LATERAL bi_sessions(w.tally) f;
COMMENT ON VIEW bi_school_week IS 'One row for each school, academic year and week with a session';

CREATE VIEW bi_school_reason_week WITH (security_invoker = true) AS
    SELECT (y.school_year_key * 64 + academic_week(w.academic_year, w.week)) * 64
        + c.mark_key AS school_reason_week_key, w.school_urn, w.academic_year, w.week AS week_start,
            date_key(w.week) AS date_key,
        m.mark::text::varchar(4) AS mark_code, m.sessions::integer AS sess_reason,
        possible(tally(w.counts))::integer AS sess_possible_all,
        CASE WHEN is_possible(m.mark) THEN 100.0 * m.sessions / possible(tally(w.counts)) END::numeric(5,
            2) AS sess_reason_percent,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT l.school_urn, l.academic_year, g.week, g.counts
        FROM (
            SELECT o.school_urn, o.academic_year, array_agg(o.marks) AS lines
            FROM fact_line o GROUP BY o.school_urn, o.academic_year) AS l
        CROSS JOIN LATERAL group_weekly_counts(l.lines) g) AS w
    CROSS JOIN LATERAL counts(w.counts) m
    JOIN bi_dim_mark c ON c.mark_code = m.mark::text
    LEFT JOIN school k ON k.urn = w.school_urn
    CROSS JOIN LATERAL (SELECT k.school_key * 64 + academic_year_number(w.academic_year) AS school_year_key) AS y;
COMMENT ON VIEW bi_school_reason_week IS
'One row for each code, school, academic year and week in which it was entered';

CREATE VIEW bi_school_year WITH (security_invoker = true) AS
    SELECT y.school_year_key, c.school_urn, c.academic_year, e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM fact_school_year c
    LEFT JOIN school k ON k.urn = c.school_urn
    CROSS JOIN LATERAL (SELECT k.school_key * 64 + academic_year_number(c.academic_year) AS school_year_key) AS y
    CROSS JOIN LATERAL bi_enrolments(c.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(c.cohort)) f;
COMMENT ON VIEW bi_school_year IS
'One row for each school and academic year: every enrolment and session of the register';

CREATE VIEW bi_school_year_statutory WITH (security_invoker = true) AS
    SELECT y.school_year_key, c.school_urn, c.academic_year, e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT l.school_urn, l.academic_year, cohort_agg(tally(l.marks, l.days)) AS cohort
        FROM (SELECT DISTINCT o.academic_year FROM school_day o) AS o
        CROSS JOIN LATERAL due_line(daterange(make_date(o.academic_year, 8, 1),
            make_date(o.academic_year + 1, 8, 1))::text, 'statutory') l
        GROUP BY l.school_urn, l.academic_year) AS c
    LEFT JOIN school k ON k.urn = c.school_urn
    CROSS JOIN LATERAL (SELECT k.school_key * 64 + academic_year_number(c.academic_year) AS school_year_key) AS y
    CROSS JOIN LATERAL bi_enrolments(c.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(c.cohort)) f;
COMMENT ON VIEW bi_school_year_statutory IS
'One row for each school and academic year, of those whom the official figures of the school census are about: see '
'report_line()';

CREATE VIEW bi_trust_week WITH (security_invoker = true) AS
    SELECT (g.trust_uid * 64 + academic_year_number(g.academic_year)) * 64 + academic_week(g.academic_year, g.week)
            AS trust_week_key, g.trust_uid, g.academic_year, g.week AS week_start,
        date_key(g.week) AS date_key, g.schools, g.enrolments, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT s.trust_uid, w.academic_year, w.week, count(*)::integer AS schools,
            sum(w.enrolments)::integer AS enrolments, tally_agg(w.tally) AS tally
        FROM fact_school_week w CROSS JOIN LATERAL school_in_year(w.school_urn, w.academic_year) s
        WHERE s.trust_uid IS NOT NULL
        GROUP BY s.trust_uid, w.academic_year, w.week) AS g
    CROSS JOIN LATERAL bi_sessions(g.tally) f;
COMMENT ON VIEW bi_trust_week IS
'One row for each trust, academic year and week with a session: the sessions of its schools';

CREATE VIEW bi_trust_year WITH (security_invoker = true) AS
    SELECT g.trust_uid * 64 + academic_year_number(g.academic_year) AS trust_year_key, g.trust_uid, g.academic_year,
        g.schools, e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT s.trust_uid, w.academic_year, count(*)::integer AS schools, cohort_agg(w.cohort) AS cohort
        FROM fact_school_year w CROSS JOIN LATERAL school_in_year(w.school_urn, w.academic_year) s
        WHERE s.trust_uid IS NOT NULL
        GROUP BY s.trust_uid, w.academic_year) AS g
    CROSS JOIN LATERAL bi_enrolments(g.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(g.cohort)) f;
COMMENT ON VIEW bi_trust_year IS 'One row for each trust and academic year: the enrolments and sessions of its schools';

CREATE VIEW bi_authority_week WITH (security_invoker = true) AS
    SELECT (g.la_number * 64 + academic_year_number(g.academic_year)) * 64 + academic_week(g.academic_year, g.week)
            AS authority_week_key, g.la_number, g.academic_year, g.week AS week_start,
        date_key(g.week) AS date_key, g.schools, g.enrolments, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT s.la_number, w.academic_year, w.week, count(*)::integer AS schools,
            sum(w.enrolments)::integer AS enrolments, tally_agg(w.tally) AS tally
        FROM fact_school_week w CROSS JOIN LATERAL school_in_year(w.school_urn, w.academic_year) s
        WHERE s.la_number IS NOT NULL
        GROUP BY s.la_number, w.academic_year, w.week) AS g
    CROSS JOIN LATERAL bi_sessions(g.tally) f;
COMMENT ON VIEW bi_authority_week IS
'One row for each authority, academic year and week with a session: the sessions of its schools';

CREATE VIEW bi_authority_year WITH (security_invoker = true) AS
    SELECT g.la_number * 64 + academic_year_number(g.academic_year) AS authority_year_key, g.la_number, g.academic_year,
        g.schools, e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT s.la_number, w.academic_year, count(*)::integer AS schools, cohort_agg(w.cohort) AS cohort
        FROM fact_school_year w CROSS JOIN LATERAL school_in_year(w.school_urn, w.academic_year) s
        WHERE s.la_number IS NOT NULL
        GROUP BY s.la_number, w.academic_year) AS g
    CROSS JOIN LATERAL bi_enrolments(g.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(g.cohort)) f;
COMMENT ON VIEW bi_authority_year IS
'One row for each authority and academic year: the enrolments and sessions of its schools';
