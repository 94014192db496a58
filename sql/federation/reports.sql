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
            (11, 'broken_week_counts', 'counts'), (12, 'punctuality_counts', 'counts'), (13, 'code_counts', 'counts'),
            (14, 'weekday_counts', 'counts'), (15, 'edge_counts', 'counts'), (16, 'week_counts', 'counts'),
            (17, 'heat_map_counts', 'counts'), (18, 'leaders_counts', 'counts'), (19, 'report_week', 'counts'),
            (20, 'period_cohort', 'counts'), (21, 'school_cohort', 'counts'), (22, 'school_benchmarks', 'counts'),
            (23, 'area_names', 'counts'), (24, 'feature_counts', 'counts'), (25, 'feature_names', 'counts'),
            (26, 'school_figures', 'counts'), (27, 'school_area', 'counts'), (28, 'counted_area', 'counts'),
            (29, 'daily_roll_counts', 'counts'), (30, 'transition_counts', 'counts'),
            (31, 'characteristic_names', 'counts'), (32, 'cohort_counts', 'counts'), (33, 'crossing_counts', 'counts'),
            (34, 'imported_figures', 'counts'), (35, 'imported_days', 'counts'), (36, 'report_band', 'combined'),
            (37, 'cohort_persistence', 'combined'), (38, 'cohort_figures', 'combined'),
            (39, 'weeks_of_last_year', 'combined'), (40, 'census_days', 'combined'), (41, 'daily_rates', 'combined'),
            (42, 'known_question', 'combined'), (43, 'states_persistent_absence', 'combined'),
            (44, 'known_cohorts', 'combined'), (45, 'school_parts', 'combined'), (46, 'with_predecessors', 'combined'),
            (47, 'known_area', 'combined'), (48, 'headline', 'combined'), (49, 'headline_by_school', 'combined'),
            (50, 'attendance_bands', 'combined'), (51, 'band_movement', 'combined'),
            (52, 'persistent_absence_by_kind', 'combined'), (53, 'broken_weeks_by_school', 'combined'),
            (54, 'punctuality_by_weekday', 'combined'), (55, 'code_frequency', 'combined'),
            (56, 'weekday_absence', 'combined'), (57, 'edge_days', 'combined'), (58, 'weekly_trend', 'combined'),
            (59, 'heat_map_weekdays', 'combined'), (60, 'leaders_figures', 'combined'),
            (61, 'leaders_report', 'combined'), (62, 'school_benchmark', 'combined'),
            (63, 'school_comparison', 'combined'), (64, 'area_comparison', 'combined'),
            (65, 'school_features', 'combined'), (66, 'known_features', 'combined'),
            (67, 'similar_schools', 'combined'), (68, 'similar_school_comparison', 'combined'),
            (69, 'baseline_improvement', 'combined'), (70, 'area_figures', 'combined'),
            (71, 'census_absence', 'combined'), (72, 'daily_period', 'combined'), (73, 'daily_roll', 'combined'),
            (74, 'daily_attendance', 'combined'), (75, 'transition_years', 'combined'), (76, 'cohorts', 'combined'),
            (77, 'cohort_crossing', 'combined'), (78, 'benchmark_measures', 'combined'),
            (79, 'not_imported', 'combined'), (80, 'compare_with_benchmark', 'combined'), (81, 'pupil_bands', 'pupils'),
            (82, 'pupils_at_risk', 'pupils'), (83, 'persistent_absence_forecast', 'pupils'),
            (84, 'pupil_movement', 'pupils'), (85, 'persistent_absentees', 'pupils'),
            (86, 'absence_spell_report', 'pupils'), (87, 'pupil_broken_weeks', 'pupils'), (88, 'punctuality', 'pupils'),
            (89, 'heat_map_pupils', 'pupils'), (90, 'unmarked_by_group', 'pupils'), (91, 'unexplained_chase', 'pupils'),
            (92, 'code_monitoring', 'pupils'), (93, 'part_time_monitoring', 'pupils'),
            (94, 'weekly_class_list', 'pupils'), (95, 'severely_absent_unauthorised', 'pupils'),
            (96, 'follow_up_list', 'pupils'))
            AS f (place, report, kind);
    END;
COMMENT ON FUNCTION federated_reports() IS
'The reports of a register that can be asked of several registers as one, with what they are made of, in an order in '
'which they can be made. kind: counts, rows of figures that add up, or of a school each, which name no pupil and are '
'those of all registers together; combined, made of what counts return, and of no table; pupils, rows of pupils, those '
'of all registers together';
