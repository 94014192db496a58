-- The two official series of one's own registers.

CREATE FUNCTION school_figures(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, phase text, cohort cohort_summary, counts mark_counts, persistently_absent attendance_tally)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    WITH found AS MATERIALIZED (
        SELECT l.school_urn, cohort_agg(l.tally) AS cohort,
            -- an enrolment without possible sessions is not in the series
            mark_counts_agg(l.counts) FILTER (WHERE possible(l.tally) > 0) AS counts,
            CASE WHEN (SELECT states_persistent_absence(period, schools))
                THEN tally_agg(l.tally) FILTER (WHERE is_persistently_absent(l.tally)) END AS persistently_absent
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
    FROM found f JOIN school s ON s.urn = f.school_urn
    WHERE statistical_phase(s.phase, s.type) IS NOT NULL;
END;
COMMENT ON FUNCTION school_figures(text, text, integer[]) IS
'What both official series are made of: for each state-funded school its phase in them, its enrolments with their tally, the sessions by code of those with a possible session, and the sessions of those persistently absent (NULL for a day or a week). No rows for a NULL period; 22023 for what is no period or population';

CREATE FUNCTION school_area(level text DEFAULT NULL)
    RETURNS TABLE (school_urn integer, geographic_level text, region_code text, region_name text, la_number integer, la_code text,
        la_name text, trust_uid integer, trust_name text, urn integer, laestab text, school_name text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT s.urn::integer, v.geographic_level,
        CASE WHEN v.geographic_level IN ('Regional', 'Local authority', 'School') THEN r.region_code END,
        CASE WHEN v.geographic_level IN ('Regional', 'Local authority', 'School') THEN r.name END,
        CASE WHEN v.geographic_level IN ('Local authority', 'School') THEN a.la_number END,
        CASE WHEN v.geographic_level IN ('Local authority', 'School') THEN a.gss_code END,
        CASE WHEN v.geographic_level IN ('Local authority', 'School') THEN a.name END,
        CASE WHEN v.geographic_level = 'MAT' THEN t.trust_uid END, CASE WHEN v.geographic_level = 'MAT' THEN t.name END,
        CASE WHEN v.geographic_level = 'School' THEN s.urn::integer END,
        CASE WHEN v.geographic_level = 'School' THEN s.laestab::text END, CASE WHEN v.geographic_level = 'School' THEN s.name END
    FROM school s JOIN local_authority a ON a.la_number = s.la_number
    LEFT JOIN region r ON r.region_code = a.region_code
    LEFT JOIN trust t ON t.trust_uid = s.trust_uid
    CROSS JOIN (VALUES ('National'), ('Regional'), ('Local authority'), ('MAT'), ('School')) AS v (geographic_level)
    WHERE (level IS NULL OR v.geographic_level = level)
        AND (v.geographic_level <> 'Regional' OR r.region_code IS NOT NULL) AND (v.geographic_level <> 'MAT' OR t.trust_uid IS NOT NULL)
        AND known_choice(level, 'National', 'Regional', 'Local authority', 'MAT', 'School');
END;
COMMENT ON FUNCTION school_area(text) IS
'The areas that each school is in, at one level (National, Regional, Local authority, MAT, School) or, for NULL, at all of them: as in published files a lower level has the codes of the higher ones, and a trust none. 22023 for another level';

CREATE FUNCTION census_days(academic_year integer, terms text DEFAULT 'six half terms') RETURNS daterange
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT daterange(min(lower(t.days)), max(upper(t.days)))
    FROM statistical_terms(census_days.academic_year) t
    WHERE CASE terms WHEN 'six half terms' THEN true WHEN 'five half terms' THEN t.term <> 'Summer half term 2'
        WHEN 'Autumn term' THEN t.term = 'Autumn' WHEN 'Spring term' THEN t.term = 'Spring'
        WHEN 'Autumn and spring term' THEN t.term IN ('Autumn', 'Spring')
        WHEN 'Summer term' THEN t.term LIKE 'Summer%' ELSE false END
        AND known_choice(terms, 'six half terms', 'five half terms', 'Autumn term', 'Spring term', 'Autumn and spring term', 'Summer term')
    HAVING count(*) > 0;
END;
COMMENT ON FUNCTION census_days(integer, text) IS
'The days of an academic year that a release of the census series is about: terms is six half terms (the full year), five half terms (until 2011/12), Autumn term, Spring term, Autumn and spring term or Summer term. NULL for NULL; 22023 for another text';

CREATE FUNCTION census_absence(academic_year integer, terms text DEFAULT 'six half terms', level text DEFAULT NULL,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (series text, time_period text, time_identifier text, year_breakdown text, geographic_level text,
        country_code text, country_name text, region_code text, region_name text, old_la_code text, new_la_code text, la_name text,
        trust_id text, trust_name text, school_urn integer, school_laestab text, school_name text, education_phase text,
        num_schools bigint, enrolments bigint, sess_possible bigint,
        sess_overall bigint, sess_authorised bigint, sess_unauthorised bigint,
        sess_overall_percent numeric, sess_authorised_percent numeric, sess_unauthorised_percent numeric,
        enrolments_pa_10_exact bigint, enrolments_pa_10_exact_percent numeric,
        sess_possible_pa_10_exact bigint, sess_overall_pa_10_exact bigint, sess_authorised_pa_10_exact bigint, sess_unauthorised_pa_10_exact bigint,
        sess_overall_percent_pa_10_exact numeric, sess_authorised_percent_pa_10_exact numeric, sess_unauthorised_percent_pa_10_exact numeric,
        enrolments_pa_50_exact bigint, enrolments_pa_50_exact_percent numeric,
        sess_auth_illness bigint, sess_auth_appointments bigint, sess_auth_religious bigint, sess_auth_study bigint,
        sess_auth_traveller bigint, sess_auth_holiday bigint, sess_auth_ext_holiday bigint, sess_auth_excluded bigint,
        sess_auth_interview bigint, sess_auth_reg_performance bigint, sess_auth_temp_reduced_timetable bigint,
        sess_auth_other bigint, sess_auth_totalreasons bigint, sess_unauth_holiday bigint, sess_unauth_late bigint,
        sess_unauth_other bigint, sess_unauth_noyet bigint, sess_unauth_totalreasons bigint,
        sess_overall_totalreasons bigint, sess_x_covid bigint, sess_y_exceptional bigint, sess_q_la_arrangements bigint,
        sess_auth_illness_rate numeric, sess_auth_appointments_rate numeric, sess_auth_religious_rate numeric,
        sess_auth_study_rate numeric, sess_auth_traveller_rate numeric, sess_auth_holiday_rate numeric,
        sess_auth_ext_holiday_rate numeric, sess_auth_excluded_rate numeric, sess_auth_interview_rate numeric,
        sess_auth_reg_performance_rate numeric, sess_auth_temp_reduced_timetable_rate numeric, sess_auth_other_rate numeric,
        sess_auth_totalreasons_rate numeric, sess_unauth_holiday_rate numeric, sess_unauth_late_rate numeric,
        sess_unauth_other_rate numeric, sess_unauth_noyet_rate numeric, sess_unauth_totalreasons_rate numeric,
        sess_overall_totalreasons_rate numeric, sess_x_covid_rate numeric, sess_y_exceptional_rate numeric,
        sess_q_la_arrangements_rate numeric)
    LANGUAGE sql STABLE ROWS 300
BEGIN ATOMIC
    WITH figures AS MATERIALIZED (
        SELECT f.* FROM school_figures(period_of(census_days(census_absence.academic_year, terms)), 'statutory', schools) f
        -- schools with fewer than six enrolments are not published
        WHERE enrolments(f.cohort) >= 6),
    summed AS (
        SELECT a.geographic_level, a.region_code, a.region_name, a.la_number, a.la_code, a.la_name, a.trust_uid, a.trust_name,
            a.urn, a.laestab, a.school_name, v.phase, count(*) AS schools, cohort_agg(f.cohort) AS cohort, mark_counts_agg(f.counts) AS counts,
            tally_agg(f.persistently_absent) AS pa
        FROM figures f JOIN school_area(level) a ON a.school_urn = f.school_urn
        -- alternative provision is published by itself, and a school has no total
        JOIN LATERAL (VALUES (f.phase), ('Total')) AS v (phase) ON v.phase = f.phase
            OR f.phase <> 'Alternative provision' AND a.geographic_level <> 'School'
        GROUP BY a.geographic_level, a.region_code, a.region_name, a.la_number, a.la_code, a.la_name, a.trust_uid, a.trust_name,
            a.urn, a.laestab, a.school_name, v.phase),
    tallied AS MATERIALIZED (
        SELECT s.*, tally(s.cohort) AS all_sessions FROM summed s),
    shown AS (
        SELECT 'census'::text AS series, census_absence.academic_year || right((census_absence.academic_year + 1)::text, 2) AS time_period,
            CASE WHEN terms IN ('six half terms', 'five half terms') THEN 'Academic year' ELSE terms END AS time_identifier,
            CASE WHEN terms IN ('six half terms', 'five half terms') THEN terms END AS year_breakdown,
            t.geographic_level, 'E92000001'::text AS country_code, 'England'::text AS country_name, t.region_code, t.region_name, t.la_number::text AS old_la_code,
            t.la_code AS new_la_code, t.la_name, t.trust_uid::text AS trust_id, t.trust_name, t.urn AS school_urn, t.laestab AS school_laestab, t.school_name,
            CASE t.phase WHEN 'Primary' THEN 'State-funded primary' WHEN 'Secondary' THEN 'State-funded secondary' ELSE t.phase END AS education_phase,
            t.schools AS num_schools, enrolments(t.cohort) AS enrolments,
            possible(t.all_sessions) AS sess_possible, absent(t.all_sessions) AS sess_overall, authorised(t.all_sessions) AS sess_authorised,
            unauthorised(t.all_sessions) AS sess_unauthorised, persistently_absent(t.cohort) AS enrolments_pa_10_exact,
            possible(t.pa) AS sess_possible_pa_10_exact, absent(t.pa) AS sess_overall_pa_10_exact,
            authorised(t.pa) AS sess_authorised_pa_10_exact, unauthorised(t.pa) AS sess_unauthorised_pa_10_exact,
            severely_absent(t.cohort) AS enrolments_pa_50_exact,
            mark_count(t.counts, 'I') AS sess_auth_illness, mark_count(t.counts, 'M') AS sess_auth_appointments,
            mark_count(t.counts, 'R') AS sess_auth_religious, mark_count(t.counts, 'S') AS sess_auth_study,
            mark_count(t.counts, 'T') AS sess_auth_traveller, mark_count(t.counts, 'H') AS sess_auth_holiday,
            mark_count(t.counts, 'F') AS sess_auth_ext_holiday, mark_count(t.counts, 'E') AS sess_auth_excluded,
            mark_count(t.counts, 'J1') AS sess_auth_interview, mark_count(t.counts, 'C1') AS sess_auth_reg_performance,
            mark_count(t.counts, 'C2') AS sess_auth_temp_reduced_timetable, mark_count(t.counts, 'C') AS sess_auth_other,
            -- every mark has a code, so that no absence is without a reason
            authorised(t.all_sessions) AS sess_auth_totalreasons,
            mark_count(t.counts, 'G') AS sess_unauth_holiday, mark_count(t.counts, 'U') AS sess_unauth_late,
            mark_count(t.counts, 'O') AS sess_unauth_other, mark_count(t.counts, 'N') AS sess_unauth_noyet,
            unauthorised(t.all_sessions) AS sess_unauth_totalreasons, absent(t.all_sessions) AS sess_overall_totalreasons,
            coronavirus(t.all_sessions) AS sess_x_covid,
            mark_count(t.counts, 'Y') + mark_count(t.counts, 'Y1') + mark_count(t.counts, 'Y2') + mark_count(t.counts, 'Y3')
                + mark_count(t.counts, 'Y4') + mark_count(t.counts, 'Y5') + mark_count(t.counts, 'Y6') + mark_count(t.counts, 'Y7')
                AS sess_y_exceptional,
            mark_count(t.counts, 'Q') AS sess_q_la_arrangements
        FROM tallied t WHERE possible(t.all_sessions) > 0)
    SELECT s.series, s.time_period, s.time_identifier, s.year_breakdown, s.geographic_level, s.country_code, s.country_name,
        s.region_code, s.region_name, s.old_la_code, s.new_la_code, s.la_name, s.trust_id, s.trust_name, s.school_urn, s.school_laestab,
        s.school_name, s.education_phase, s.num_schools, s.enrolments, s.sess_possible, s.sess_overall, s.sess_authorised, s.sess_unauthorised,
        s.sess_overall * 100.0 / s.sess_possible, s.sess_authorised * 100.0 / s.sess_possible, s.sess_unauthorised * 100.0 / s.sess_possible,
        s.enrolments_pa_10_exact, s.enrolments_pa_10_exact * 100.0 / s.enrolments,
        coalesce(s.sess_possible_pa_10_exact, 0), coalesce(s.sess_overall_pa_10_exact, 0), coalesce(s.sess_authorised_pa_10_exact, 0),
        coalesce(s.sess_unauthorised_pa_10_exact, 0),
        s.sess_overall_pa_10_exact * 100.0 / nullif(s.sess_possible_pa_10_exact, 0),
        s.sess_authorised_pa_10_exact * 100.0 / nullif(s.sess_possible_pa_10_exact, 0),
        s.sess_unauthorised_pa_10_exact * 100.0 / nullif(s.sess_possible_pa_10_exact, 0),
        s.enrolments_pa_50_exact, s.enrolments_pa_50_exact * 100.0 / s.enrolments,
        s.sess_auth_illness, s.sess_auth_appointments, s.sess_auth_religious, s.sess_auth_study, s.sess_auth_traveller,
        s.sess_auth_holiday, s.sess_auth_ext_holiday, s.sess_auth_excluded, s.sess_auth_interview,
        s.sess_auth_reg_performance, s.sess_auth_temp_reduced_timetable, s.sess_auth_other, s.sess_auth_totalreasons,
        s.sess_unauth_holiday, s.sess_unauth_late, s.sess_unauth_other, s.sess_unauth_noyet, s.sess_unauth_totalreasons,
        s.sess_overall_totalreasons, s.sess_x_covid, s.sess_y_exceptional, s.sess_q_la_arrangements,
        s.sess_auth_illness * 100.0 / s.sess_possible, s.sess_auth_appointments * 100.0 / s.sess_possible,
        s.sess_auth_religious * 100.0 / s.sess_possible, s.sess_auth_study * 100.0 / s.sess_possible,
        s.sess_auth_traveller * 100.0 / s.sess_possible, s.sess_auth_holiday * 100.0 / s.sess_possible,
        s.sess_auth_ext_holiday * 100.0 / s.sess_possible, s.sess_auth_excluded * 100.0 / s.sess_possible,
        s.sess_auth_interview * 100.0 / s.sess_possible, s.sess_auth_reg_performance * 100.0 / s.sess_possible,
        s.sess_auth_temp_reduced_timetable * 100.0 / s.sess_possible, s.sess_auth_other * 100.0 / s.sess_possible,
        s.sess_auth_totalreasons * 100.0 / s.sess_possible, s.sess_unauth_holiday * 100.0 / s.sess_possible,
        s.sess_unauth_late * 100.0 / s.sess_possible, s.sess_unauth_other * 100.0 / s.sess_possible,
        s.sess_unauth_noyet * 100.0 / s.sess_possible, s.sess_unauth_totalreasons * 100.0 / s.sess_possible,
        s.sess_overall_totalreasons * 100.0 / s.sess_possible, s.sess_x_covid * 100.0 / s.sess_possible,
        s.sess_y_exceptional * 100.0 / s.sess_possible, s.sess_q_la_arrangements * 100.0 / s.sess_possible
    FROM shown s
    ORDER BY array_position('{National,Regional,Local authority,MAT,School}'::text[], s.geographic_level), s.region_code, s.old_la_code,
        s.trust_id, s.school_urn, array_position('{State-funded primary,State-funded secondary,Special,Total}'::text[], s.education_phase);
END;
COMMENT ON FUNCTION census_absence(integer, text, text, integer[]) IS
'The census series "Pupil absence in schools in England" of the registers, in the columns of its newest files: of an academic year (2018 is 2018/19), terms as in census_days(), one level (National, Regional, Local authority, MAT, School) or all, some schools (by URN) or all. Enrolments of pupils of 5 to 15 who do not board, without the second half of the summer term at 15 and without those who came in it; without enrolments that have no possible session and schools with fewer than six enrolments. England is what is in the register. Phases are pooled; Total leaves out alternative provision. Percentages 0 to 100, not rounded; NULL where the denominator is 0. No rows for a NULL academic year and for terms that are none. Pupil absence in schools in England: methodology, sections 1, 3 and 4';

CREATE FUNCTION daily_attendance(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    level text DEFAULT NULL, weights jsonb DEFAULT NULL)
    RETURNS TABLE (series text, days daterange, time_period text, time_identifier text, geographic_level text,
        country_code text, country_name text, region_code text, region_name text, new_la_code text, la_name text, old_la_code text,
        trust_id text, trust_name text, school_urn integer, school_laestab text, school_name text, education_phase text,
        phase_weights text, num_schools numeric, enrolments numeric,
        present_sessions bigint, overall_attendance bigint, approved_educational_activity bigint, overall_absence bigint,
        authorised_absence bigint, unauthorised_absence bigint, late_sessions bigint, possible_sessions bigint,
        reason_present_am bigint, reason_present_pm bigint, reason_present bigint,
        reason_l_present_late_before_registers_closed bigint, reason_i_authorised_illness bigint,
        reason_m_authorised_medical_dental bigint, reason_r_authorised_religious_observance bigint,
        reason_s_authorised_study_leave bigint, reason_t_authorised_mobile_child bigint, reason_h_authorised_holiday bigint,
        reason_e_authorised_excluded bigint, reason_c_authorised_other bigint,
        reason_c1_authorised_regulated_performance bigint, reason_j1_authorised_interview bigint,
        reason_c2_authorised_temp_reduced_timetable bigint, reason_b_aea_education_off_site bigint,
        reason_j_aea_interview bigint, reason_p_aea_approved_sporting_activity bigint,
        reason_v_aea_educational_visit_trip bigint, reason_w_aea_work_experience bigint,
        reason_k_aea_education_arranged_by_la bigint, reason_g_unauthorised_holiday bigint,
        reason_u_unauthorised_late_after_registers_closed bigint, reason_o_other_unauthorised bigint,
        reason_n_no_reason_yet bigint,
        total_num_schools bigint, total_enrolments bigint,
        attendance_perc numeric, overall_absence_perc numeric, authorised_absence_perc numeric,
        unauthorised_absence_perc numeric, illness_perc numeric, appointments_perc numeric, unauth_hol_perc numeric,
        unauth_oth_perc numeric, unauth_late_registers_closed_perc numeric, unauth_not_yet_perc numeric,
        auth_religious_perc numeric, auth_study_perc numeric, auth_mob_perc numeric, auth_excluded_perc numeric,
        auth_performance_perc numeric, auth_interview_perc numeric, auth_part_time_perc numeric, auth_other_perc numeric,
        pa_enrolments bigint, pa_persistently_absent bigint, pa_perc numeric)
    LANGUAGE sql STABLE ROWS 300
BEGIN ATOMIC
    WITH span AS MATERIALIZED (
        SELECT p.kind, o.on_day, p.days, academic_year(CASE WHEN p.over THEN o.on_day ELSE lower(p.days) END) AS year
        FROM read_period(period) p
        -- of the last term what day is in it
        CROSS JOIN LATERAL (SELECT CASE WHEN p.over THEN (SELECT max(upper(q.days)) - 1 FROM school_period(period, schools) q) ELSE p.on_day END AS on_day) o),
    figures AS MATERIALIZED (
        SELECT f.* FROM school_figures(period, population, schools) f),
    -- lines by the days between their first mark and their last: few different ones in a school
    stay AS MATERIALIZED (
        SELECT l.school_urn, daterange(first_day(l.marks), last_day(l.marks), '[]') * l.days AS days, count(*) AS enrolments
        FROM report_line(period, population, schools) l
        GROUP BY l.school_urn, daterange(first_day(l.marks), last_day(l.marks), '[]') * l.days),
    school_on_day AS MATERIALIZED (
        SELECT d.school_urn::integer AS school_urn, d.day, sum(s.enrolments) AS enrolments
        FROM stay s JOIN school_day d ON d.school_urn = s.school_urn AND d.day <@ s.days AND (d.morning OR d.afternoon)
        GROUP BY d.school_urn, d.day),
    member AS MATERIALIZED (
        SELECT f.school_urn, v.phase, a.geographic_level, a.region_code, a.region_name, a.la_number, a.la_code, a.la_name, a.trust_uid, a.trust_name, a.urn, a.laestab, a.school_name
        FROM figures f JOIN school_area(level) a ON a.school_urn = f.school_urn
        JOIN LATERAL (VALUES (f.phase), ('Total')) AS v (phase) ON v.phase = f.phase
            OR f.phase <> 'Alternative provision' AND a.geographic_level <> 'School'),
    on_roll AS MATERIALIZED (
        SELECT a.geographic_level, coalesce(a.urn::text, a.trust_uid::text, a.la_number::text, a.region_code, '') AS area, a.phase,
            count(*)::numeric / count(DISTINCT d.day) AS num_schools, sum(d.enrolments) / count(DISTINCT d.day) AS enrolments
        FROM member a JOIN school_on_day d ON d.school_urn = a.school_urn
        GROUP BY a.geographic_level, coalesce(a.urn::text, a.trust_uid::text, a.la_number::text, a.region_code, ''), a.phase),
    summed AS (
        SELECT a.geographic_level, a.region_code, a.region_name, a.la_number, a.la_code, a.la_name, a.trust_uid, a.trust_name, a.urn, a.laestab, a.school_name, a.phase,
            coalesce(a.urn::text, a.trust_uid::text, a.la_number::text, a.region_code, '') AS area,
            count(*) AS schools, cohort_agg(f.cohort) AS cohort, mark_counts_agg(f.counts) AS counts
        FROM member a JOIN figures f ON f.school_urn = a.school_urn
        GROUP BY a.geographic_level, a.region_code, a.region_name, a.la_number, a.la_code, a.la_name, a.trust_uid, a.trust_name, a.urn, a.laestab, a.school_name, a.phase),
    tallied AS MATERIALIZED (
        SELECT s.*, tally(s.cohort) AS all_sessions FROM summed s),
    counted AS (
        SELECT t.geographic_level, t.region_code, t.region_name, t.la_number, t.la_code, t.la_name, t.trust_uid, t.trust_name, t.urn, t.laestab,
            t.school_name, t.phase, t.area, t.schools, n.num_schools, n.enrolments,
            present(t.all_sessions) AS present_sessions, attended(t.all_sessions) AS overall_attendance,
            approved_activity(t.all_sessions) AS approved_educational_activity, absent(t.all_sessions) AS overall_absence,
            authorised(t.all_sessions) AS authorised_absence, unauthorised(t.all_sessions) AS unauthorised_absence,
            late(t.all_sessions) AS late_sessions, possible(t.all_sessions) AS possible_sessions,
            mark_count(t.counts, '/') AS reason_present_am, mark_count(t.counts, '\') AS reason_present_pm,
            mark_count(t.counts, '/') + mark_count(t.counts, '\') AS reason_present,
            mark_count(t.counts, 'L') AS reason_l_present_late_before_registers_closed,
            mark_count(t.counts, 'I') AS reason_i_authorised_illness,
            mark_count(t.counts, 'M') AS reason_m_authorised_medical_dental,
            mark_count(t.counts, 'R') AS reason_r_authorised_religious_observance,
            mark_count(t.counts, 'S') AS reason_s_authorised_study_leave,
            mark_count(t.counts, 'T') AS reason_t_authorised_mobile_child,
            mark_count(t.counts, 'H') AS reason_h_authorised_holiday,
            mark_count(t.counts, 'E') AS reason_e_authorised_excluded,
            mark_count(t.counts, 'C') AS reason_c_authorised_other,
            mark_count(t.counts, 'C1') AS reason_c1_authorised_regulated_performance,
            mark_count(t.counts, 'J1') AS reason_j1_authorised_interview,
            mark_count(t.counts, 'C2') AS reason_c2_authorised_temp_reduced_timetable,
            mark_count(t.counts, 'B') AS reason_b_aea_education_off_site,
            mark_count(t.counts, 'J') AS reason_j_aea_interview,
            mark_count(t.counts, 'P') AS reason_p_aea_approved_sporting_activity,
            mark_count(t.counts, 'V') AS reason_v_aea_educational_visit_trip,
            mark_count(t.counts, 'W') AS reason_w_aea_work_experience,
            mark_count(t.counts, 'K') AS reason_k_aea_education_arranged_by_la,
            mark_count(t.counts, 'G') AS reason_g_unauthorised_holiday,
            mark_count(t.counts, 'U') AS reason_u_unauthorised_late_after_registers_closed,
            mark_count(t.counts, 'O') AS reason_o_other_unauthorised, mark_count(t.counts, 'N') AS reason_n_no_reason_yet,
            enrolments(t.cohort) AS pa_enrolments, p.persistently_absent AS pa_persistently_absent
        FROM tallied t CROSS JOIN LATERAL cohort_persistence(t.cohort, (SELECT states_persistent_absence(period, daily_attendance.schools))) p
        JOIN on_roll n ON n.geographic_level = t.geographic_level AND n.area = t.area AND n.phase = t.phase
        WHERE possible(t.all_sessions) > 0),
    rated AS MATERIALIZED (
        SELECT c.*,
            c.overall_attendance * 100.0 / c.possible_sessions AS attendance_perc,
            c.overall_absence * 100.0 / c.possible_sessions AS overall_absence_perc,
            c.authorised_absence * 100.0 / c.possible_sessions AS authorised_absence_perc,
            c.unauthorised_absence * 100.0 / c.possible_sessions AS unauthorised_absence_perc,
            c.reason_i_authorised_illness * 100.0 / c.possible_sessions AS illness_perc,
            c.reason_m_authorised_medical_dental * 100.0 / c.possible_sessions AS appointments_perc,
            c.reason_g_unauthorised_holiday * 100.0 / c.possible_sessions AS unauth_hol_perc,
            c.reason_o_other_unauthorised * 100.0 / c.possible_sessions AS unauth_oth_perc,
            c.reason_u_unauthorised_late_after_registers_closed * 100.0 / c.possible_sessions AS unauth_late_registers_closed_perc,
            c.reason_n_no_reason_yet * 100.0 / c.possible_sessions AS unauth_not_yet_perc,
            c.reason_r_authorised_religious_observance * 100.0 / c.possible_sessions AS auth_religious_perc,
            c.reason_s_authorised_study_leave * 100.0 / c.possible_sessions AS auth_study_perc,
            c.reason_t_authorised_mobile_child * 100.0 / c.possible_sessions AS auth_mob_perc,
            c.reason_e_authorised_excluded * 100.0 / c.possible_sessions AS auth_excluded_perc,
            c.reason_c1_authorised_regulated_performance * 100.0 / c.possible_sessions AS auth_performance_perc,
            c.reason_j1_authorised_interview * 100.0 / c.possible_sessions AS auth_interview_perc,
            c.reason_c2_authorised_temp_reduced_timetable * 100.0 / c.possible_sessions AS auth_part_time_perc,
            c.reason_c_authorised_other * 100.0 / c.possible_sessions AS auth_other_perc,
            c.pa_persistently_absent * 100.0 / nullif(c.pa_enrolments, 0) AS pa_perc
        FROM counted c),
    -- the totals of each area by the weights of its phases
    weighted AS MATERIALIZED (
        SELECT r.geographic_level, r.area,
            sum(r.attendance_perc * w.value::numeric) / sum(w.value::numeric) AS attendance_perc,
            sum(r.overall_absence_perc * w.value::numeric) / sum(w.value::numeric) AS overall_absence_perc,
            sum(r.authorised_absence_perc * w.value::numeric) / sum(w.value::numeric) AS authorised_absence_perc,
            sum(r.unauthorised_absence_perc * w.value::numeric) / sum(w.value::numeric) AS unauthorised_absence_perc,
            sum(r.illness_perc * w.value::numeric) / sum(w.value::numeric) AS illness_perc,
            sum(r.appointments_perc * w.value::numeric) / sum(w.value::numeric) AS appointments_perc,
            sum(r.unauth_hol_perc * w.value::numeric) / sum(w.value::numeric) AS unauth_hol_perc,
            sum(r.unauth_oth_perc * w.value::numeric) / sum(w.value::numeric) AS unauth_oth_perc,
            sum(r.unauth_late_registers_closed_perc * w.value::numeric) / sum(w.value::numeric) AS unauth_late_registers_closed_perc,
            sum(r.unauth_not_yet_perc * w.value::numeric) / sum(w.value::numeric) AS unauth_not_yet_perc,
            sum(r.auth_religious_perc * w.value::numeric) / sum(w.value::numeric) AS auth_religious_perc,
            sum(r.auth_study_perc * w.value::numeric) / sum(w.value::numeric) AS auth_study_perc,
            sum(r.auth_mob_perc * w.value::numeric) / sum(w.value::numeric) AS auth_mob_perc,
            sum(r.auth_excluded_perc * w.value::numeric) / sum(w.value::numeric) AS auth_excluded_perc,
            sum(r.auth_performance_perc * w.value::numeric) / sum(w.value::numeric) AS auth_performance_perc,
            sum(r.auth_interview_perc * w.value::numeric) / sum(w.value::numeric) AS auth_interview_perc,
            sum(r.auth_part_time_perc * w.value::numeric) / sum(w.value::numeric) AS auth_part_time_perc,
            sum(r.auth_other_perc * w.value::numeric) / sum(w.value::numeric) AS auth_other_perc,
            sum(r.pa_perc * w.value::numeric) / sum(w.value::numeric) AS pa_perc
        FROM rated r JOIN jsonb_each_text(weights) w ON w.key = r.phase
        WHERE r.phase <> 'Total' GROUP BY r.geographic_level, r.area HAVING sum(w.value::numeric) > 0)
    SELECT 'daily' AS series, s.days,
        CASE WHEN s.kind = 'day' OR s.kind = 'week' THEN extract(isoyear FROM lower(s.days))::text
            ELSE s.year || right((s.year + 1)::text, 2) END AS time_period,
        CASE WHEN s.kind = 'day' OR s.kind = 'week' THEN 'Week ' || extract(week FROM lower(s.days))
            WHEN s.kind LIKE '%term%' THEN (
                SELECT split_part(t.term, ' ', 1) || ' term' FROM statistical_terms(s.year) t WHERE t.days @> s.on_day)
            ELSE 'Academic year' END AS time_identifier,
        r.geographic_level, 'E92000001' AS country_code, 'England' AS country_name, r.region_code, r.region_name, r.la_code, r.la_name, r.la_number::text, r.trust_uid::text,
        r.trust_name, r.urn, r.laestab, r.school_name, r.phase, CASE WHEN w.area IS NULL THEN 'pooled' ELSE 'by head count' END AS phase_weights,
        r.num_schools, r.enrolments,
        r.present_sessions, r.overall_attendance, r.approved_educational_activity, r.overall_absence, r.authorised_absence,
        r.unauthorised_absence, r.late_sessions, r.possible_sessions, r.reason_present_am, r.reason_present_pm,
        r.reason_present, r.reason_l_present_late_before_registers_closed, r.reason_i_authorised_illness,
        r.reason_m_authorised_medical_dental, r.reason_r_authorised_religious_observance, r.reason_s_authorised_study_leave,
        r.reason_t_authorised_mobile_child, r.reason_h_authorised_holiday, r.reason_e_authorised_excluded,
        r.reason_c_authorised_other, r.reason_c1_authorised_regulated_performance, r.reason_j1_authorised_interview,
        r.reason_c2_authorised_temp_reduced_timetable, r.reason_b_aea_education_off_site, r.reason_j_aea_interview,
        r.reason_p_aea_approved_sporting_activity, r.reason_v_aea_educational_visit_trip, r.reason_w_aea_work_experience,
        r.reason_k_aea_education_arranged_by_la, r.reason_g_unauthorised_holiday,
        r.reason_u_unauthorised_late_after_registers_closed, r.reason_o_other_unauthorised, r.reason_n_no_reason_yet,
        r.schools, r.pa_enrolments,
        coalesce(w.attendance_perc, r.attendance_perc), coalesce(w.overall_absence_perc, r.overall_absence_perc),
        coalesce(w.authorised_absence_perc, r.authorised_absence_perc),
        coalesce(w.unauthorised_absence_perc, r.unauthorised_absence_perc), coalesce(w.illness_perc, r.illness_perc),
        coalesce(w.appointments_perc, r.appointments_perc), coalesce(w.unauth_hol_perc, r.unauth_hol_perc),
        coalesce(w.unauth_oth_perc, r.unauth_oth_perc),
        coalesce(w.unauth_late_registers_closed_perc, r.unauth_late_registers_closed_perc),
        coalesce(w.unauth_not_yet_perc, r.unauth_not_yet_perc), coalesce(w.auth_religious_perc, r.auth_religious_perc),
        coalesce(w.auth_study_perc, r.auth_study_perc), coalesce(w.auth_mob_perc, r.auth_mob_perc),
        coalesce(w.auth_excluded_perc, r.auth_excluded_perc), coalesce(w.auth_performance_perc, r.auth_performance_perc),
        coalesce(w.auth_interview_perc, r.auth_interview_perc), coalesce(w.auth_part_time_perc, r.auth_part_time_perc),
        coalesce(w.auth_other_perc, r.auth_other_perc),
        r.pa_enrolments, r.pa_persistently_absent, coalesce(w.pa_perc, r.pa_perc)
    FROM rated r CROSS JOIN span s
    LEFT JOIN weighted w ON r.phase = 'Total' AND w.geographic_level = r.geographic_level AND w.area = r.area
    WHERE known_choice(level, 'National', 'Regional', 'Local authority', 'MAT', 'School')
    ORDER BY array_position('{National,Regional,Local authority,MAT,School}'::text[], r.geographic_level), r.region_code, r.la_number,
        r.trust_uid, r.urn, array_position('{Primary,Secondary,Special,Total}'::text[], r.phase);
END;
COMMENT ON FUNCTION daily_attendance(text, text, integer[], text, jsonb) IS
'The daily series "Pupil attendance in schools" of the registers, in the columns of its files: of a period (see read_period; the series itself begins at daily_series_start()), a population, some schools (by URN) or all, at one level (National, Regional, Local authority, MAT, School) or, for NULL, at all. num_schools and enrolments are means over the days on which a school of the row was open, of the schools that were and of the enrolments between their first mark and their last. England is what is in the register. Phases are pooled into the Total, without alternative provision; with weights, head counts such as {"Primary": 4488598, "Secondary": 3643681, "Special": 166617}, the percentages of the Total are those of the phases weighted, as published until 2024/25. pa_persistently_absent and pa_perc, of pa_enrolments, are NULL for a week or less. Percentages 0 to 100, not rounded. Nothing is suppressed: see ees_export(). No rows for a NULL period; 22023 for what is no period, population or level, 22P02 for weights that are no numbers. Pupil attendance in schools: methodology';
