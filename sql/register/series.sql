-- The two official series of one's own registers.

CREATE FUNCTION school_figures(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, phase text, cohort cohort_summary, counts mark_counts, persistently_absent attendance_tally,
        severely_absent attendance_tally)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT l.school_urn, statistical_phase(s.phase, s.type), cohort_agg(l.tally), mark_counts_agg(l.counts),
        tally_agg(l.tally) FILTER (WHERE is_persistently_absent(l.tally)),
        tally_agg(l.tally) FILTER (WHERE is_severely_absent(l.tally))
    FROM (
        SELECT c.school_urn, c.counts, tally(c.counts) AS tally
        FROM (
            SELECT r.school_urn, mark_counts(r.marks, r.days) AS counts
            FROM report_line(period, population, schools) r
            -- computed once for each line
            OFFSET 0) AS c
        OFFSET 0) AS l
    JOIN school s ON s.urn = l.school_urn
    WHERE statistical_phase(s.phase, s.type) IS NOT NULL
    GROUP BY l.school_urn, s.phase, s.type;
END;
COMMENT ON FUNCTION school_figures(text, text, integer[]) IS
'What both official series are made of: for each state-funded school its phase in them, its enrolments with their tally, its sessions by code, and the sessions of those persistently and severely absent. No rows for a NULL period; 22023 for what is no period or population';

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
        AND (v.geographic_level <> 'Regional' OR r.region_code IS NOT NULL) AND (v.geographic_level <> 'MAT' OR t.trust_uid IS NOT NULL);
END;
COMMENT ON FUNCTION school_area(text) IS
'The areas that each school is in, at one level (National, Regional, Local authority, MAT, School) or, for NULL, at all of them: as in published files a lower level has the codes of the higher ones, and a trust none';

CREATE FUNCTION census_days(academic_year integer, terms text DEFAULT 'six half terms') RETURNS daterange
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT daterange(min(lower(t.days)), max(upper(t.days)))
    FROM statistical_terms(census_days.academic_year) t
    WHERE CASE terms WHEN 'six half terms' THEN true WHEN 'five half terms' THEN t.term <> 'Summer half term 2'
        WHEN 'Autumn term' THEN t.term = 'Autumn' WHEN 'Spring term' THEN t.term = 'Spring'
        WHEN 'Autumn and spring term' THEN t.term IN ('Autumn', 'Spring')
        WHEN 'Summer term' THEN t.term LIKE 'Summer%' ELSE false END
    HAVING count(*) > 0;
END;
COMMENT ON FUNCTION census_days(integer, text) IS
'The days of an academic year that a release of the census series is about: terms is six half terms (the full year), five half terms (until 2011/12), Autumn term, Spring term, Autumn and spring term or Summer term. NULL for another text, and for NULL';

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
        SELECT f.* FROM school_figures(census_days(census_absence.academic_year, terms)::text, 'statutory', schools) f
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
