-- What can be asked of several registers as one, as a federation does.  The text of a combined report is that of a
-- register, and calls nothing but what is in this list, the extension, and known_schools(), which a federation has of
-- its own.

CREATE FUNCTION federated_reports() RETURNS TABLE (place integer, report text, kind text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT f.* FROM (VALUES
            (1, 'school_period'::text, 'counts'::text), (2, 'schools_in', 'counts'),
            (3, 'school_predecessors', 'counts'), (4, 'area_found', 'counts'), (5, 'published_weeks', 'counts'),
            (6, 'headline_counts', 'counts'), (7, 'school_headline_counts', 'counts'), (8, 'band_counts', 'counts'),
            (9, 'movement_counts', 'counts'), (10, 'absence_kind_counts', 'counts'),
            (11, 'broken_week_counts', 'counts'), (12, 'punctuality_counts', 'counts'),
            (13, 'code_counts', 'counts'), (14, 'weekday_counts', 'counts'), (15, 'edge_counts', 'counts'),
            (16, 'week_counts', 'counts'), (17, 'heat_map_counts', 'counts'), (18, 'leaders_counts', 'counts'),
            (19, 'report_week', 'counts'), (20, 'period_cohort', 'counts'), (21, 'school_cohort', 'counts'),
            (22, 'school_benchmarks', 'counts'), (23, 'area_names', 'counts'), (24, 'feature_counts', 'counts'),
            (25, 'feature_names', 'counts'), (26, 'school_figures', 'counts'), (27, 'school_area', 'counts'),
            (28, 'counted_area', 'counts'), (29, 'daily_roll_counts', 'counts'), (30, 'transition_counts', 'counts'),
            (31, 'report_band', 'combined'), (32, 'cohort_persistence', 'combined'),
            (33, 'cohort_figures', 'combined'), (34, 'weeks_of_last_year', 'combined'),
            (35, 'census_days', 'combined'), (36, 'daily_rates', 'combined'), (37, 'known_question', 'combined'),
            (38, 'states_persistent_absence', 'combined'), (39, 'school_parts', 'combined'),
            (40, 'with_predecessors', 'combined'), (41, 'known_area', 'combined'), (42, 'headline', 'combined'),
            (43, 'headline_by_school', 'combined'), (44, 'attendance_bands', 'combined'),
            (45, 'band_movement', 'combined'), (46, 'persistent_absence_by_kind', 'combined'),
            (47, 'broken_weeks_by_school', 'combined'), (48, 'punctuality_by_weekday', 'combined'),
            (49, 'code_frequency', 'combined'), (50, 'weekday_absence', 'combined'), (51, 'edge_days', 'combined'),
            (52, 'weekly_trend', 'combined'), (53, 'heat_map_weekdays', 'combined'),
            (54, 'leaders_figures', 'combined'), (55, 'leaders_report', 'combined'),
            (56, 'school_benchmark', 'combined'), (57, 'school_comparison', 'combined'),
            (58, 'area_comparison', 'combined'), (59, 'school_features', 'combined'),
            (60, 'known_features', 'combined'), (61, 'similar_schools', 'combined'),
            (62, 'similar_school_comparison', 'combined'), (63, 'baseline_improvement', 'combined'),
            (64, 'area_figures', 'combined'), (65, 'census_absence', 'combined'), (66, 'daily_period', 'combined'),
            (67, 'daily_roll', 'combined'), (68, 'daily_attendance', 'combined'),
            (69, 'transition_years', 'combined'), (70, 'pupil_bands', 'pupils'), (71, 'pupils_at_risk', 'pupils'),
            (72, 'persistent_absence_forecast', 'pupils'), (73, 'pupil_movement', 'pupils'),
            (74, 'persistent_absentees', 'pupils'), (75, 'absence_spell_report', 'pupils'),
            (76, 'pupil_broken_weeks', 'pupils'), (77, 'punctuality', 'pupils'), (78, 'heat_map_pupils', 'pupils'),
            (79, 'unmarked_by_group', 'pupils'), (80, 'unexplained_chase', 'pupils'),
            (81, 'code_monitoring', 'pupils'), (82, 'part_time_monitoring', 'pupils'),
            (83, 'weekly_class_list', 'pupils'), (84, 'severely_absent_unauthorised', 'pupils'),
            (85, 'follow_up_list', 'pupils'))
            AS f (place, report, kind);
    END;
COMMENT ON FUNCTION federated_reports() IS
'The reports of a register that can be asked of several registers as one, with what they are made of, in an order in '
'which they can be made. kind: counts, rows of figures that add up, or of a school each, which name no pupil and are '
'those of all registers together; combined, made of what counts return, and of no table; pupils, rows of pupils, those '
'of all registers together';
