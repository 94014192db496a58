-- The dimensions of the views for BI: by what facts are filtered and grouped.

CREATE VIEW bi_dim_date WITH (security_invoker = true) AS
    SELECT date_key(d.day) AS date_key, d.day AS calendar_date, d.academic_year,
        (d.academic_year || '/' || to_char((d.academic_year + 1) % 100, 'FM00'))::varchar(7) AS academic_year_label,
        (d.academic_year * 100 + (d.academic_year + 1) % 100)::integer AS time_period,
        d.term::varchar(20) AS statistical_term, t.term::varchar(6) AS term, t.half AS half_term,
        d.day - (extract(isodow FROM d.day)::integer - 1) AS week_start,
        academic_week(d.academic_year, d.day) AS academic_week,
        extract(isoyear FROM d.day)::integer AS iso_year, extract(week FROM d.day)::integer AS iso_week,
        extract(month FROM d.day)::integer AS month_number, to_char(d.day, 'FMMonth')::varchar(9) AS month_name,
        extract(isodow FROM d.day)::integer AS day_of_week, to_char(d.day, 'FMDay')::varchar(9) AS day_name,
        (d.day IN (SELECT o.day FROM school_day o WHERE o.morning OR o.afternoon))::integer AS is_school_day
    FROM (
        -- the statistical terms are all days of the year
        SELECT g.day::date AS day, n.academic_year, n.term
        FROM (
            SELECT y.academic_year, t.term, t.days
            FROM (SELECT academic_year(min(o.day)) AS first_year, academic_year(max(o.day)) AS last_year
                FROM school_day o) AS r
            -- of an array the planner expects few elements
            CROSS JOIN LATERAL unnest(ARRAY(SELECT generate_series(r.first_year, r.last_year))) AS y (academic_year)
            CROSS JOIN LATERAL statistical_terms(y.academic_year) AS t) AS n
        CROSS JOIN LATERAL generate_series(lower(n.days)::timestamp, (upper(n.days) - 1)::timestamp,
            '1 day') AS g (day)) AS d
    LEFT JOIN (
        -- each to the beginning of the next, as schools may differ
        SELECT m.academic_year, m.term, m.half, m.first_day,
            least(m.last_day, lead(m.first_day) OVER (PARTITION BY m.academic_year ORDER BY m.first_day,
                m.last_day) - 1) AS last_day
        FROM (
            SELECT DISTINCT ON (n.academic_year, n.term, n.half) n.academic_year, n.term, n.half, n.first_day,
                n.last_day
            FROM (
                SELECT o.academic_year, o.term, o.half, o.first_day, o.last_day, count(*) AS schools
                FROM term_date o GROUP BY o.academic_year, o.term, o.half, o.first_day, o.last_day) AS n
            ORDER BY n.academic_year, n.term, n.half, n.schools DESC, n.first_day, n.last_day) AS m) AS t
        ON t.academic_year = d.academic_year AND d.day BETWEEN t.first_day AND t.last_day;
COMMENT ON VIEW bi_dim_date IS
'Every day of the academic years of the calendars, without gaps: 1 August to 31 July. Term and half term are those '
'that most schools have';

CREATE VIEW bi_dim_school WITH (security_invoker = true) AS
    SELECT s.urn AS school_urn, k.laestab::varchar(7) AS laestab, s.name::varchar(120) AS school_name,
        s.phase::varchar(40) AS phase, s.type::varchar(60) AS school_type, s.la_number,
        l.gss_code::varchar(9) AS la_code, l.name::varchar(120) AS la_name, l.region_code::varchar(9) AS region_code,
        r.name::varchar(120) AS region_name, s.trust_uid, t.name::varchar(120) AS trust_name, k.opened AS opened_on,
        k.closed AS closed_on,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM school_on((now() AT TIME ZONE 'Europe/London')::date) s
    JOIN school k ON k.urn = s.urn
    JOIN local_authority l ON l.la_number = s.la_number
    LEFT JOIN region r ON r.region_code = l.region_code
    LEFT JOIN trust t ON t.trust_uid = s.trust_uid;
COMMENT ON VIEW bi_dim_school IS
'Every school with the phase, type, authority, region and trust that it has today: facts of a trust or an authority '
'have those of their year themselves';

CREATE VIEW bi_dim_pupil WITH (security_invoker = true) AS
    SELECT p.pupil_key, p.sex::varchar(1) AS sex, p.birth_cohort, e.school_urn AS latest_school_urn,
        (CASE WHEN f.held THEN f.year_group ELSE e.year_group END)::varchar(2) AS latest_year_group,
        (CASE WHEN f.held THEN f.registration_group ELSE e.registration_group END)::varchar(60)
            AS latest_registration_group,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM pupil p
    LEFT JOIN LATERAL (
        SELECT o.school_urn, o.start_date, o.end_date, o.year_group, o.registration_group
        FROM enrolment o WHERE o.pupil_id = p.pupil_id ORDER BY o.start_date DESC, o.school_urn LIMIT 1) AS e ON true
    -- as enrolment_on() has it, whose other columns are not for BI
    LEFT JOIN LATERAL (
        SELECT true AS held, b.year_group, b.registration_group FROM enrolment_former b
        WHERE b.school_urn = e.school_urn AND b.pupil_id = p.pupil_id AND b.start_date = e.start_date
            AND b.to_day >= e.start_date
            AND b.to_day >= least((now() AT TIME ZONE 'Europe/London')::date, e.end_date)
        ORDER BY b.to_day LIMIT 1) AS f ON true;
COMMENT ON VIEW bi_dim_pupil IS
'Every pupil, with the school, year and class, as they are today, of the latest enrolment, and without anything that '
'names one: pupil_key is a number of the register alone, which the table pupil has beside the name';

-- Functions of their own, which are run where they are called: who may not read names is refused nothing else.
CREATE FUNCTION pupil_name(pupil bigint) RETURNS text
    LANGUAGE sql STABLE
    RETURN (SELECT u.surname || ', ' || u.forename FROM pupil u WHERE u.pupil_id = pupil_name.pupil);
COMMENT ON FUNCTION pupil_name(bigint) IS
'For pupil_label(): surname and forename of a pupil. NULL for NULL, and for a pupil who is not there';

CREATE FUNCTION pupil_label(pupil bigint) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN has_column_privilege('pupil'::regclass, 'surname', 'SELECT')
            AND has_column_privilege('pupil'::regclass, 'forename', 'SELECT')
        THEN pupil_name(pupil)
        ELSE (SELECT 'Pupil ' || u.pupil_key FROM pupil u WHERE u.pupil_id = pupil_label.pupil) END;
COMMENT ON FUNCTION pupil_label(bigint) IS
'For the dashboard: surname and forename of a pupil, for who may read them in the table pupil; else the number that '
'the views for BI have. NULL for NULL, and for a pupil who is not there';

CREATE VIEW bi_dim_mark WITH (security_invoker = true) AS
    SELECT c.ordinality::integer AS mark_key, c.mark::text::varchar(4) AS mark_code,
        (CASE c.mark::text WHEN '/' THEN 'present_am' WHEN '\' THEN 'present_pm' WHEN '-' THEN 'unmarked'
            WHEN '#' THEN 'closed' ELSE c.mark::text END)::varchar(10) AS mark_name,
        c.description::varchar(120) AS mark_label, c.class::varchar(40) AS statistical_group,
        c.possible::integer AS is_possible, c.attended::integer AS is_attended, c.absence::integer AS is_absence,
        is_authorised(c.mark)::integer AS is_authorised_absence,
        is_unauthorised(c.mark)::integer AS is_unauthorised_absence, c.late::integer AS is_late,
        c.session::varchar(2) AS session, c.valid_from, c.valid_to
    FROM attendance_codes() WITH ORDINALITY AS c;
COMMENT ON VIEW bi_dim_mark IS
'Every code with how it is counted. Filter on labels and flags: / and \ are awkward to type';

CREATE VIEW bi_dim_cohort WITH (security_invoker = true) AS
    SELECT c.cohort_key, c.cohort_type::varchar(60) AS cohort_type, c.cohort_value::varchar(60) AS cohort_value,
        c.cohort_label::varchar(120) AS cohort_label,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT y.n::integer AS cohort_key, 'year group' AS cohort_type, y.value AS cohort_value,
            CASE y.value WHEN 'R' THEN 'Reception'
            WHEN 'X' THEN 'Not in a year group' ELSE 'Year ' || y.value END AS cohort_label
        FROM unnest('{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13,14,X}'::text[]) WITH ORDINALITY AS y (value, n)
        UNION ALL
        VALUES (20, 'year group', NULL, 'Year group not known'), (31, 'sex', 'F', 'Girls'), (32, 'sex', 'M', 'Boys'),
            (33, 'sex', NULL, 'Sex not known')
        UNION ALL
        SELECT 1000 + c.least_key, c.characteristic, c.value,
            c.label || CASE c.value WHEN 'Y' THEN '' ELSE ': ' || c.value END
        FROM fact_characteristic c
        UNION ALL
        SELECT 100 + c.characteristic_key, c.characteristic, NULL::text AS cohort_value, c.label || ': none'
        FROM characteristic c) AS c;
COMMENT ON VIEW bi_dim_cohort IS
'The groups that bi_cohort_term compares: by year group, by sex and by each characteristic. Every pupil is in one of '
'each type';
