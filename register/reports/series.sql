-- The two official series of one's own registers.

CREATE FUNCTION school_figures(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, phase text, cohort cohort_summary, counts mark_counts,
        persistently_absent attendance_tally)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH found AS MATERIALIZED (
        SELECT l.school_urn, cohort_agg(l.tally) AS cohort,
            -- an enrolment without possible sessions is not in the series
            mark_counts_agg(l.counts) FILTER (WHERE possible(l.tally) > 0) AS counts,
            tally_agg(l.tally) FILTER (WHERE is_persistently_absent(l.tally)) AS persistently_absent
        FROM (
            SELECT c.school_urn, c.counts, tally(c.counts) AS tally
            FROM (
                SELECT r.school_urn, mark_counts(r.marks, r.days) AS counts
                FROM report_line(period, population, schools) r
                -- computed once for each line
                OFFSET 0) AS c
            OFFSET 0) AS l
        GROUP BY l.school_urn)
    SELECT f.school_urn, statistical_phase(s.phase, s.type), f.cohort, f.counts, f.persistently_absent
    FROM found f JOIN schools_in(period) s ON s.urn = f.school_urn
    WHERE statistical_phase(s.phase, s.type) IS NOT NULL;
END;
COMMENT ON FUNCTION school_figures(text, text, integer[]) IS
'What both official series are made of: for each state-funded school its phase in them, its enrolments with their '
'tally, the sessions by code of those with a possible session, and the sessions of those persistently absent: whether '
'that is stated is not asked. No rows for a NULL period; 22023 for what is no period, population or school';

CREATE FUNCTION school_area(period text, level text DEFAULT NULL)
    RETURNS TABLE (school_urn integer, geographic_level text, region_code text, region_name text, la_number integer,
        la_code text, la_name text, trust_uid integer, trust_name text, urn integer, laestab text, school_name text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT s.urn, v.geographic_level,
        CASE WHEN v.geographic_level IN ('Regional', 'Local authority', 'School') THEN r.region_code END,
        CASE WHEN v.geographic_level IN ('Regional', 'Local authority', 'School') THEN r.name END,
        CASE WHEN v.geographic_level IN ('Local authority', 'School') THEN a.la_number END,
        CASE WHEN v.geographic_level IN ('Local authority', 'School') THEN a.gss_code END,
        CASE WHEN v.geographic_level IN ('Local authority', 'School') THEN a.name END,
        CASE WHEN v.geographic_level = 'MAT' THEN t.trust_uid END, CASE WHEN v.geographic_level = 'MAT' THEN t.name END,
        CASE WHEN v.geographic_level = 'School' THEN s.urn END,
        CASE WHEN v.geographic_level = 'School' THEN k.laestab::text END,
        CASE WHEN v.geographic_level = 'School' THEN s.name END
    FROM schools_in(period) s JOIN school k ON k.urn = s.urn JOIN local_authority a ON a.la_number = s.la_number
    LEFT JOIN region r ON r.region_code = a.region_code
    LEFT JOIN trust t ON t.trust_uid = s.trust_uid
    CROSS JOIN (VALUES ('National'), ('Regional'), ('Local authority'), ('MAT'), ('School')) AS v (geographic_level)
    WHERE (level IS NULL OR v.geographic_level = level)
        AND (v.geographic_level <> 'Regional' OR r.region_code IS NOT NULL)
        AND (v.geographic_level <> 'MAT' OR t.trust_uid IS NOT NULL)
        AND known_choice(level, 'National', 'Regional', 'Local authority', 'MAT', 'School')
        AND known_question(period, 'all', NULL);
END;
COMMENT ON FUNCTION school_area(text, text) IS
'The areas that each school is in on the last day of a period (see schools_in()), at one level (National, Regional, '
'Local authority, MAT, School) or, for NULL, at all of them: as in published files a lower level has the codes of the '
'higher ones, and a trust none. 22023 for another level';

CREATE FUNCTION counted_area(period text, level text)
    RETURNS TABLE (school_urn integer, geographic_level text, area text, region_code text, region_name text,
        la_number integer, la_code text, la_name text, trust_uid integer, trust_name text, urn integer, laestab text,
        school_name text, phase text)
    LANGUAGE sql STABLE ROWS 2000
BEGIN ATOMIC
    SELECT a.school_urn, a.geographic_level, coalesce(a.urn::text, a.trust_uid::text, a.la_number::text, a.region_code,
        ''),
        a.region_code, a.region_name, a.la_number, a.la_code, a.la_name, a.trust_uid, a.trust_name, a.urn, a.laestab,
        a.school_name, v.phase
    FROM school_area(period, level) a
    JOIN schools_in(period) s ON s.urn = a.school_urn
    -- alternative provision is published by itself, and a school has no total
    JOIN LATERAL (VALUES (statistical_phase(s.phase, s.type)), ('Total')) AS v (phase)
        ON v.phase = statistical_phase(s.phase, s.type)
        OR statistical_phase(s.phase, s.type) <> 'Alternative provision' AND a.geographic_level <> 'School'
    WHERE known_choice(level, 'National', 'Regional', 'Local authority', 'MAT', 'School');
END;
COMMENT ON FUNCTION counted_area(text, text) IS
'The areas of school_area() with the phases in which both series count each school, its own and the Total; area tells '
'those of a level apart. 22023 for another level';

CREATE FUNCTION area_figures(period text, population text, schools integer[], level text, at_least integer)
    RETURNS TABLE (geographic_level text, area text, region_code text, region_name text, la_number integer,
        la_code text, la_name text, trust_uid integer, trust_name text, urn integer, laestab text, school_name text,
        phase text, school_count bigint, cohort cohort_summary, counts mark_counts,
        persistently_absent attendance_tally)
    LANGUAGE sql STABLE ROWS 300
BEGIN ATOMIC
    WITH figures AS MATERIALIZED (
        SELECT f.* FROM school_figures(period, population, schools) f WHERE enrolments(f.cohort) >= at_least)
    SELECT a.geographic_level, a.area, a.region_code, a.region_name, a.la_number, a.la_code, a.la_name, a.trust_uid,
        a.trust_name, a.urn, a.laestab, a.school_name, a.phase, count(*), cohort_agg(f.cohort),
        mark_counts_agg(f.counts),
        CASE WHEN (SELECT states_persistent_absence(period, schools)) THEN tally_agg(f.persistently_absent) END
    FROM figures f JOIN counted_area(period, level) a ON a.school_urn = f.school_urn
    WHERE known_choice(level, 'National', 'Regional', 'Local authority', 'MAT', 'School')
        AND known_question(period, population, schools)
    GROUP BY a.geographic_level, a.area, a.region_code, a.region_name, a.la_number, a.la_code, a.la_name, a.trust_uid,
        a.trust_name, a.urn, a.laestab, a.school_name, a.phase;
END;
COMMENT ON FUNCTION area_figures(text, text, integer[], text, integer) IS
'What both official series say of each area and phase: school_figures() of the schools with at_least so many '
'enrolments, added up. No rows for a NULL period; 22023 for what is no period, population or level';

CREATE FUNCTION census_days(academic_year integer, terms text DEFAULT 'six half terms') RETURNS daterange
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT daterange(min(lower(t.days)), max(upper(t.days)))
    FROM statistical_terms(census_days.academic_year) t
    WHERE CASE terms WHEN 'six half terms' THEN true WHEN 'five half terms' THEN t.term <> 'Summer half term 2'
        WHEN 'Autumn term' THEN t.term = 'Autumn' WHEN 'Spring term' THEN t.term = 'Spring'
        WHEN 'Autumn and spring term' THEN t.term IN ('Autumn', 'Spring')
        WHEN 'Summer term' THEN t.term LIKE 'Summer%' ELSE false END
        AND known_choice(terms, 'six half terms', 'five half terms', 'Autumn term', 'Spring term',
            'Autumn and spring term', 'Summer term')
    HAVING count(*) > 0;
END;
COMMENT ON FUNCTION census_days(integer, text) IS
'The days of an academic year that a release of the census series is about: terms is six half terms (the full year), '
'five half terms (until 2011/12), Autumn term, Spring term, Autumn and spring term or Summer term. NULL for NULL; '
'22023 for another text';

CREATE FUNCTION census_absence(academic_year integer, terms text DEFAULT 'six half terms', level text DEFAULT NULL,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (series text, time_period text, time_identifier text, year_breakdown text, geographic_level text,
        country_code text, country_name text, region_code text, region_name text, old_la_code text, new_la_code text,
        la_name text, trust_id text, trust_name text, school_urn integer, school_laestab text, school_name text,
        education_phase text, num_schools bigint, enrolments bigint, sess_possible bigint, sess_overall bigint,
        sess_authorised bigint, sess_unauthorised bigint, sess_overall_percent numeric,
        sess_authorised_percent numeric, sess_unauthorised_percent numeric, enrolments_pa_10_exact bigint,
        enrolments_pa_10_exact_percent numeric, sess_possible_pa_10_exact bigint, sess_overall_pa_10_exact bigint,
        sess_authorised_pa_10_exact bigint, sess_unauthorised_pa_10_exact bigint,
        sess_overall_percent_pa_10_exact numeric, sess_authorised_percent_pa_10_exact numeric,
        sess_unauthorised_percent_pa_10_exact numeric, enrolments_pa_50_exact bigint,
        enrolments_pa_50_exact_percent numeric, sess_auth_illness bigint, sess_auth_appointments bigint,
        sess_auth_religious bigint, sess_auth_study bigint, sess_auth_traveller bigint, sess_auth_holiday bigint,
        sess_auth_ext_holiday bigint, sess_auth_excluded bigint, sess_auth_interview bigint,
        sess_auth_reg_performance bigint, sess_auth_temp_reduced_timetable bigint, sess_auth_other bigint,
        sess_auth_totalreasons bigint, sess_unauth_holiday bigint, sess_unauth_late bigint, sess_unauth_other bigint,
        sess_unauth_noyet bigint, sess_unauth_totalreasons bigint, sess_overall_totalreasons bigint,
        sess_x_covid bigint, sess_y_exceptional bigint, sess_q_la_arrangements bigint, sess_auth_illness_rate numeric,
        sess_auth_appointments_rate numeric, sess_auth_religious_rate numeric, sess_auth_study_rate numeric,
        sess_auth_traveller_rate numeric, sess_auth_holiday_rate numeric, sess_auth_ext_holiday_rate numeric,
        sess_auth_excluded_rate numeric, sess_auth_interview_rate numeric, sess_auth_reg_performance_rate numeric,
        sess_auth_temp_reduced_timetable_rate numeric, sess_auth_other_rate numeric,
        sess_auth_totalreasons_rate numeric, sess_unauth_holiday_rate numeric, sess_unauth_late_rate numeric,
        sess_unauth_other_rate numeric, sess_unauth_noyet_rate numeric, sess_unauth_totalreasons_rate numeric,
        sess_overall_totalreasons_rate numeric, sess_x_covid_rate numeric, sess_y_exceptional_rate numeric,
        sess_q_la_arrangements_rate numeric)
    LANGUAGE sql STABLE ROWS 300
BEGIN ATOMIC
    WITH area AS MATERIALIZED (
        SELECT a.*, tally(a.cohort) AS sessions, possible(tally(a.cohort)) AS n, enrolments(a.cohort) AS enrolments,
            mark_count(a.counts, 'Y') + mark_count(a.counts, 'Y1') + mark_count(a.counts, 'Y2') + mark_count(a.counts,
                'Y3')
                + mark_count(a.counts, 'Y4') + mark_count(a.counts, 'Y5') + mark_count(a.counts, 'Y6')
                + mark_count(a.counts, 'Y7') AS exceptional
        -- schools with fewer than six enrolments are not published
        FROM area_figures(period_of(census_days(census_absence.academic_year, terms)), 'statutory', schools, level, 6) a
        WHERE possible(tally(a.cohort)) > 0)
    SELECT 'census' AS series, census_absence.academic_year || right((census_absence.academic_year + 1)::text, 2),
        CASE WHEN terms IN ('six half terms', 'five half terms') THEN 'Academic year' ELSE terms END,
        CASE WHEN terms IN ('six half terms', 'five half terms') THEN terms END,
        a.geographic_level, 'E92000001' AS country_code, 'England' AS country_name, a.region_code, a.region_name,
        a.la_number::text, a.la_code, a.la_name, a.trust_uid::text, a.trust_name, a.urn, a.laestab, a.school_name,
        p.phase, a.school_count, a.enrolments, a.n, absent(a.sessions), authorised(a.sessions),
        unauthorised(a.sessions), absent(a.sessions) * 100.0 / a.n, authorised(a.sessions) * 100.0 / a.n,
        unauthorised(a.sessions) * 100.0 / a.n, persistently_absent(a.cohort),
        persistently_absent(a.cohort) * 100.0 / a.enrolments, coalesce(possible(a.persistently_absent), 0),
        coalesce(absent(a.persistently_absent), 0), coalesce(authorised(a.persistently_absent), 0),
        coalesce(unauthorised(a.persistently_absent), 0),
        absent(a.persistently_absent) * 100.0 / nullif(possible(a.persistently_absent), 0),
        authorised(a.persistently_absent) * 100.0 / nullif(possible(a.persistently_absent), 0),
        unauthorised(a.persistently_absent) * 100.0 / nullif(possible(a.persistently_absent), 0),
        severely_absent(a.cohort), severely_absent(a.cohort) * 100.0 / a.enrolments, mark_count(a.counts, 'I'),
        mark_count(a.counts, 'M'), mark_count(a.counts, 'R'), mark_count(a.counts, 'S'), mark_count(a.counts, 'T'),
        mark_count(a.counts, 'H'), mark_count(a.counts, 'F'), mark_count(a.counts, 'E'), mark_count(a.counts, 'J1'),
        mark_count(a.counts, 'C1'), mark_count(a.counts, 'C2'), mark_count(a.counts, 'C'),
        -- every mark has a code, so that no absence is without a reason
        authorised(a.sessions), mark_count(a.counts, 'G'), mark_count(a.counts, 'U'), mark_count(a.counts, 'O'),
        mark_count(a.counts, 'N'), unauthorised(a.sessions), absent(a.sessions), coronavirus(a.sessions), a.exceptional,
        mark_count(a.counts, 'Q'),
        -- the same as percentages
        mark_count(a.counts, 'I') * 100.0 / a.n, mark_count(a.counts, 'M') * 100.0 / a.n,
        mark_count(a.counts, 'R') * 100.0 / a.n, mark_count(a.counts, 'S') * 100.0 / a.n,
        mark_count(a.counts, 'T') * 100.0 / a.n, mark_count(a.counts, 'H') * 100.0 / a.n,
        mark_count(a.counts, 'F') * 100.0 / a.n, mark_count(a.counts, 'E') * 100.0 / a.n,
        mark_count(a.counts, 'J1') * 100.0 / a.n, mark_count(a.counts, 'C1') * 100.0 / a.n,
        mark_count(a.counts, 'C2') * 100.0 / a.n, mark_count(a.counts, 'C') * 100.0 / a.n,
        authorised(a.sessions) * 100.0 / a.n, mark_count(a.counts, 'G') * 100.0 / a.n,
        mark_count(a.counts, 'U') * 100.0 / a.n, mark_count(a.counts, 'O') * 100.0 / a.n,
        mark_count(a.counts, 'N') * 100.0 / a.n, unauthorised(a.sessions) * 100.0 / a.n,
        absent(a.sessions) * 100.0 / a.n, coronavirus(a.sessions) * 100.0 / a.n, a.exceptional * 100.0 / a.n,
        mark_count(a.counts, 'Q') * 100.0 / a.n
    FROM area a
    CROSS JOIN LATERAL (SELECT CASE a.phase WHEN 'Primary' THEN 'State-funded primary' WHEN 'Secondary'
        THEN 'State-funded secondary'
        ELSE a.phase END AS phase) p
    ORDER BY array_position('{National,Regional,Local authority,MAT,School}'::text[], a.geographic_level),
        a.region_code, a.la_number::text, a.trust_uid::text, a.urn,
        array_position('{State-funded primary,State-funded secondary,Special,Total}'::text[], p.phase);
END;
COMMENT ON FUNCTION census_absence(integer, text, text, integer[]) IS
'The census series "Pupil absence in schools in England" of the registers, in the columns of its newest files: of an '
'academic year (2018 is 2018/19), terms as in census_days(), one level (National, Regional, Local authority, MAT, '
'School) or all, some schools (by URN) or all. Enrolments of pupils of 5 to 15 who do not board, without the second '
'half of the summer term at 15 and without those who came in it; without enrolments that have no possible session and '
'schools with fewer than six enrolments. England is what is in the register. Phases are pooled; Total leaves out '
'alternative provision. Percentages 0 to 100, not rounded; NULL where the denominator is 0. No rows for a NULL '
'academic year and for terms that are none. Pupil absence in schools in England: methodology, sections 1, 3 and 4';

CREATE FUNCTION daily_period(period text, schools integer[])
    RETURNS TABLE (days daterange, time_period text, time_identifier text)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT s.days,
        CASE WHEN s.kind = 'day' OR s.kind = 'week' THEN extract(isoyear FROM lower(s.days))::text
            ELSE s.year || right((s.year + 1)::text, 2) END,
        CASE WHEN s.kind = 'day' OR s.kind = 'week' THEN 'Week ' || extract(week FROM lower(s.days))
            WHEN s.kind LIKE '%term%' THEN (
                SELECT split_part(t.term, ' ', 1) || ' term' FROM statistical_terms(s.year) t WHERE t.days @> s.on_day)
            ELSE 'Academic year' END
    FROM (
        SELECT p.kind, o.on_day, p.days, academic_year(CASE WHEN p.over THEN o.on_day ELSE lower(p.days) END) AS year
        FROM read_period(period) p
        -- of the last term what day is in it
        CROSS JOIN LATERAL (
            SELECT CASE WHEN p.over THEN (SELECT max(upper(q.days)) - 1 FROM school_period(period, schools) q)
                ELSE p.on_day END AS on_day) o
        WHERE known_schools(schools)
        OFFSET 0) AS s;
END;
COMMENT ON FUNCTION daily_period(text, integer[]) IS
'A period as the daily series names it, one row. 22023 for what is no period or school';

CREATE FUNCTION daily_roll_counts(period text, population text, schools integer[])
    RETURNS TABLE (school_urn integer, day date, enrolments bigint)
    LANGUAGE sql STABLE ROWS 80000
BEGIN ATOMIC
    -- lines by the days between their first mark and their last: few different ones in a school
    WITH stay AS MATERIALIZED (
        SELECT l.school_urn, daterange(first_day(l.marks), last_day(l.marks), '[]') * l.days AS days,
            count(*) AS enrolments
        FROM period_line(period, population, schools) l
        GROUP BY l.school_urn, daterange(first_day(l.marks), last_day(l.marks), '[]') * l.days)
    SELECT d.school_urn, d.day, sum(s.enrolments)::bigint
    FROM stay s
    JOIN school_day d ON d.school_urn = s.school_urn AND d.day <@ s.days AND (d.morning OR d.afternoon)
    WHERE known_question(period, population, schools)
    GROUP BY d.school_urn, d.day;
END;
COMMENT ON FUNCTION daily_roll_counts(text, text, integer[]) IS
'What daily_roll() is made of, a row for each school and day on which it was open: its enrolments between their first '
'mark and their last. No rows for a NULL period; 22023 for what is no period, population or school';

CREATE FUNCTION daily_roll(period text, population text, schools integer[], level text)
    RETURNS TABLE (geographic_level text, area text, phase text, num_schools numeric, enrolments numeric)
    LANGUAGE sql STABLE ROWS 300
BEGIN ATOMIC
    WITH school_on_day AS MATERIALIZED (SELECT c.* FROM daily_roll_counts(period, population, schools) c),
    member AS MATERIALIZED (
        SELECT c.school_urn, c.geographic_level, c.area, c.phase FROM counted_area(period, level) c)
    SELECT a.geographic_level, a.area, a.phase, count(*)::numeric / count(DISTINCT d.day),
        sum(d.enrolments) / count(DISTINCT d.day)
    FROM member a JOIN school_on_day d ON d.school_urn = a.school_urn
    WHERE known_choice(level, 'National', 'Regional', 'Local authority', 'MAT', 'School')
        AND known_question(period, population, schools)
    GROUP BY a.geographic_level, a.area, a.phase;
END;
COMMENT ON FUNCTION daily_roll(text, text, integer[], text) IS
'For daily_attendance(): the schools of each area and phase and their enrolments between their first mark and their '
'last, means over the days on which a school was open. No rows for a NULL period; 22023 for what is no period, '
'population or level';

CREATE FUNCTION daily_rates(cohort cohort_summary, counts mark_counts, persistently_absent bigint) RETURNS numeric[]
    LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT ARRAY[attended(s.sessions) * 100.0 / s.n, absent(s.sessions) * 100.0 / s.n,
        authorised(s.sessions) * 100.0 / s.n, unauthorised(s.sessions) * 100.0 / s.n,
        mark_count(counts, 'I') * 100.0 / s.n, mark_count(counts, 'M') * 100.0 / s.n,
        mark_count(counts, 'G') * 100.0 / s.n, mark_count(counts, 'O') * 100.0 / s.n,
        mark_count(counts, 'U') * 100.0 / s.n, mark_count(counts, 'N') * 100.0 / s.n,
        mark_count(counts, 'R') * 100.0 / s.n, mark_count(counts, 'S') * 100.0 / s.n,
        mark_count(counts, 'T') * 100.0 / s.n, mark_count(counts, 'E') * 100.0 / s.n,
        mark_count(counts, 'C1') * 100.0 / s.n, mark_count(counts, 'J1') * 100.0 / s.n,
        mark_count(counts, 'C2') * 100.0 / s.n, mark_count(counts, 'C') * 100.0 / s.n,
        daily_rates.persistently_absent * 100.0 / nullif(enrolments(cohort), 0)]
    FROM (SELECT tally(cohort) AS sessions, nullif(possible(tally(cohort)), 0) AS n) AS s;
END;
COMMENT ON FUNCTION daily_rates(cohort_summary, mark_counts, bigint) IS
'For daily_attendance(): the percentages of an area and phase, attendance_perc to pa_perc in its order';

CREATE FUNCTION daily_attendance(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    level text DEFAULT NULL, weights jsonb DEFAULT NULL)
    RETURNS TABLE (series text, days daterange, time_period text, time_identifier text, geographic_level text,
        country_code text, country_name text, region_code text, region_name text, new_la_code text, la_name text,
        old_la_code text, trust_id text, trust_name text, school_urn integer, school_laestab text, school_name text,
        education_phase text, phase_weights text, num_schools numeric, enrolments numeric, present_sessions bigint,
        overall_attendance bigint, approved_educational_activity bigint, overall_absence bigint,
        authorised_absence bigint, unauthorised_absence bigint, late_sessions bigint, possible_sessions bigint,
        reason_present_am bigint, reason_present_pm bigint, reason_present bigint,
        reason_l_present_late_before_registers_closed bigint, reason_i_authorised_illness bigint,
        reason_m_authorised_medical_dental bigint, reason_r_authorised_religious_observance bigint,
        reason_s_authorised_study_leave bigint, reason_t_authorised_mobile_child bigint,
        reason_h_authorised_holiday bigint, reason_e_authorised_excluded bigint, reason_c_authorised_other bigint,
        reason_c1_authorised_regulated_performance bigint, reason_j1_authorised_interview bigint,
        reason_c2_authorised_temp_reduced_timetable bigint, reason_b_aea_education_off_site bigint,
        reason_j_aea_interview bigint, reason_p_aea_approved_sporting_activity bigint,
        reason_v_aea_educational_visit_trip bigint, reason_w_aea_work_experience bigint,
        reason_k_aea_education_arranged_by_la bigint, reason_g_unauthorised_holiday bigint,
        reason_u_unauthorised_late_after_registers_closed bigint, reason_o_other_unauthorised bigint,
        reason_n_no_reason_yet bigint, total_num_schools bigint, total_enrolments bigint, attendance_perc numeric,
        overall_absence_perc numeric, authorised_absence_perc numeric, unauthorised_absence_perc numeric,
        illness_perc numeric, appointments_perc numeric, unauth_hol_perc numeric, unauth_oth_perc numeric,
        unauth_late_registers_closed_perc numeric, unauth_not_yet_perc numeric, auth_religious_perc numeric,
        auth_study_perc numeric, auth_mob_perc numeric, auth_excluded_perc numeric, auth_performance_perc numeric,
        auth_interview_perc numeric, auth_part_time_perc numeric, auth_other_perc numeric, pa_enrolments bigint,
        pa_persistently_absent bigint, pa_perc numeric)
    LANGUAGE sql STABLE ROWS 300
BEGIN ATOMIC
    WITH named AS MATERIALIZED (SELECT p.* FROM daily_period(period, schools) p),
    figure AS MATERIALIZED (SELECT f.* FROM area_figures(period, population, schools, level, 0) f),
    roll AS MATERIALIZED (SELECT r.* FROM daily_roll(period, population, schools, level) r),
    area AS MATERIALIZED (
        SELECT f.*, tally(f.cohort) AS sessions, p.persistently_absent AS pa, r.num_schools, r.enrolments,
            daily_rates(f.cohort, f.counts, p.persistently_absent) AS rates
        FROM figure f
        CROSS JOIN LATERAL cohort_persistence(f.cohort, (SELECT states_persistent_absence(period, schools))) p
        -- each figure has its roll; an inner join may not look at the figures where there is none, and they tell it
        LEFT JOIN roll r ON r.geographic_level = f.geographic_level AND r.area = f.area AND r.phase = f.phase
        WHERE possible(tally(f.cohort)) > 0),
    -- the totals of each area by the weights of its phases
    weighted AS MATERIALIZED (
        SELECT m.geographic_level, m.area, array_agg(m.mean ORDER BY m.place) AS rates
        FROM (
            SELECT a.geographic_level, a.area, x.place, sum(x.rate * w.value::numeric) / sum(w.value::numeric) AS mean
            FROM area a JOIN jsonb_each_text(weights) w ON w.key = a.phase
            CROSS JOIN LATERAL unnest(a.rates) WITH ORDINALITY AS x (rate, place)
            WHERE a.phase <> 'Total'
            GROUP BY a.geographic_level, a.area, x.place HAVING sum(w.value::numeric) > 0) AS m
        GROUP BY m.geographic_level, m.area)
    SELECT 'daily' AS series, s.days, s.time_period, s.time_identifier, a.geographic_level, 'E92000001' AS country_code,
        'England' AS country_name, a.region_code,
        a.region_name, a.la_code, a.la_name, a.la_number::text, a.trust_uid::text, a.trust_name, a.urn, a.laestab,
        a.school_name, a.phase, CASE WHEN w.area IS NULL THEN 'pooled' ELSE 'by head count' END, a.num_schools,
        a.enrolments, present(a.sessions), attended(a.sessions), approved_activity(a.sessions), absent(a.sessions),
        authorised(a.sessions), unauthorised(a.sessions), late(a.sessions), possible(a.sessions),
        mark_count(a.counts, '/'), mark_count(a.counts, '\'), mark_count(a.counts, '/') + mark_count(a.counts, '\'),
        mark_count(a.counts, 'L'), mark_count(a.counts, 'I'), mark_count(a.counts, 'M'), mark_count(a.counts, 'R'),
        mark_count(a.counts, 'S'), mark_count(a.counts, 'T'), mark_count(a.counts, 'H'), mark_count(a.counts, 'E'),
        mark_count(a.counts, 'C'), mark_count(a.counts, 'C1'), mark_count(a.counts, 'J1'), mark_count(a.counts, 'C2'),
        mark_count(a.counts, 'B'), mark_count(a.counts, 'J'), mark_count(a.counts, 'P'), mark_count(a.counts, 'V'),
        mark_count(a.counts, 'W'), mark_count(a.counts, 'K'), mark_count(a.counts, 'G'), mark_count(a.counts, 'U'),
        mark_count(a.counts, 'O'), mark_count(a.counts, 'N'), a.school_count, enrolments(a.cohort),
        coalesce(w.rates[1], a.rates[1]), coalesce(w.rates[2], a.rates[2]), coalesce(w.rates[3], a.rates[3]),
        coalesce(w.rates[4], a.rates[4]), coalesce(w.rates[5], a.rates[5]), coalesce(w.rates[6], a.rates[6]),
        coalesce(w.rates[7], a.rates[7]), coalesce(w.rates[8], a.rates[8]), coalesce(w.rates[9], a.rates[9]),
        coalesce(w.rates[10], a.rates[10]), coalesce(w.rates[11], a.rates[11]), coalesce(w.rates[12], a.rates[12]),
        coalesce(w.rates[13], a.rates[13]), coalesce(w.rates[14], a.rates[14]), coalesce(w.rates[15], a.rates[15]),
        coalesce(w.rates[16], a.rates[16]), coalesce(w.rates[17], a.rates[17]), coalesce(w.rates[18], a.rates[18]),
        enrolments(a.cohort), a.pa, coalesce(w.rates[19], a.rates[19])
    FROM area a CROSS JOIN named s
    LEFT JOIN weighted w ON a.phase = 'Total' AND w.geographic_level = a.geographic_level AND w.area = a.area
    WHERE known_choice(level, 'National', 'Regional', 'Local authority', 'MAT', 'School')
        AND known_question(period, population, schools)
    ORDER BY array_position('{National,Regional,Local authority,MAT,School}'::text[], a.geographic_level),
        a.region_code, a.la_number, a.trust_uid, a.urn, array_position('{Primary,Secondary,Special,Total}'::text[],
            a.phase);
END;
COMMENT ON FUNCTION daily_attendance(text, text, integer[], text, jsonb) IS
'The daily series "Pupil attendance in schools" of the registers, in the columns of its files: of a period (see '
'read_period; the series itself begins at daily_series_start()), a population, some schools (by URN) or all, at one '
'level (National, Regional, Local authority, MAT, School) or, for NULL, at all. num_schools and enrolments are means '
'over the days on which a school of the row was open, of the schools that were and of the enrolments between their '
'first mark and their last. England is what is in the register. Phases are pooled into the Total, without alternative '
'provision; with weights, head counts such as {"Primary": 4488598, "Secondary": 3643681, "Special": 166617}, the '
'percentages of the Total are those of the phases weighted, as published until 2024/25. pa_persistently_absent and '
'pa_perc, of pa_enrolments, are NULL for a week or less. Percentages 0 to 100, not rounded. Nothing is suppressed: see '
'ees_export(). No rows for a NULL period; 22023 for what is no period, population or level, 22P02 for weights that are '
'no numbers. Pupil attendance in schools: methodology';
