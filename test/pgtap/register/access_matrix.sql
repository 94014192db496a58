-- Who does what with which rows: each capacity, with every table, view and function that the catalogue has, on what is of its
-- own place and what is of another's.  What is expected follows from two facts: a capacity has the rights of capacity_right,
-- and whoever has them is told, and may do, what the owner would be told and might do in a register that has nothing but what is
-- of that place.  So such a register is made of this one, by taking out all rows of others (and put back), and asked the same.
-- What has no row in the tables below fails, as does a row here of what there is no more.
--
-- The variable "all" says whether all is tried (test/pgtap/access_matrix_long.sql), or of the reports, which many capacities
-- read alike, each by one of these alone (test/pgtap/access_matrix.sql).
SET client_min_messages = error;
\ir own_and_foreign.sql
\ir every_report.sql

-- ---------- places, capacities, and what is of whom ----------

-- Of two authorities; one school is of the authority and not of the trust.  In another class is pupil 5.
INSERT INTO r.local_authority VALUES (381, NULL, 'Foreign authority', NULL);
UPDATE r.school SET la_number = 381, holds_from = '2000-01-01' WHERE urn = 100003;
INSERT INTO r.trust VALUES (90002, 'Foreign trust');
UPDATE r.enrolment SET registration_group = '5B', holds_from = '2000-01-01', entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND pupil_id >= 5 AND end_date IS NULL;
INSERT INTO r.office_holder (office, trust_uid, name, from_day) SELECT 'attendance lead', trust_uid, 'Foreign', '2025-09-01' FROM r.trust;
INSERT INTO r.office_holder (office, la_number, name, from_day) SELECT 'attendance lead', la_number, 'Foreign', '2025-09-01' FROM r.local_authority;
-- what was disposed of, as dispose() leaves it
SET LOCAL session_replication_role = replica;
INSERT INTO r.disposal (school_urn, academic_year, disposed_by, title, ground) SELECT DISTINCT school_urn, 2015, who, 'x', 'x' FROM pair;
INSERT INTO r.disposal_item (school_urn, unit, key) SELECT school_urn, 'mark_nature', (1000 + pupil_id)::text FROM pair;
SET LOCAL session_replication_role = origin;
-- a year without a line is one of which it is not known what is hidden
SELECT fill(1, '2024-09-09', '2024-09-09', '/'), fill(30, '2024-09-09', '2024-09-09', '/', school => 100002) \g /dev/null
SELECT advance_sequences('r') \g /dev/null

-- Who is at which place: whose rows are the own ones there (of all pupils, if none are named), and a school and a pupil that are another's.
CREATE TABLE place (place text PRIMARY KEY, granted text, schools integer[], classes text[], pupils bigint[], trusts integer[], authorities integer[], other_school integer, other_pupil bigint);
INSERT INTO place VALUES
    ('class', 'school_urn => 100001, registration_group => ''5A''', '{100001}', '{100001 5A}', '{1,2,3,4}', '{}', '{}', 100002, 11),
    ('school', 'school_urn => 100001', '{100001}', NULL, NULL, '{}', '{}', 100002, 11),
    ('trust', 'trust_uid => 90001', '{100001,100002}', NULL, NULL, '{90001}', '{}', 100003, 26),
    ('authority', 'la_number => 380', '{100001,100002,100004}', NULL, NULL, '{}', '{380}', 100003, 26),
    -- its children are at a school of another authority, too
    ('virtual school', 'la_number => 380', '{100001,100002,100003,100004}', '{}', '{1,5,8,11,12}', '{}', '{380}', 100003, 26);
CREATE TABLE seat (capacity text PRIMARY KEY, place text REFERENCES place, role name GENERATED ALWAYS AS (('matrix ' || capacity)::name) STORED);
INSERT INTO seat VALUES ('class teacher', 'class'), ('attendance officer', 'school'), ('leader', 'school'), ('safeguarding lead', 'trust'), ('governor', 'school'), ('trust analyst', 'trust'),
    ('authority support team', 'authority'), ('authority analyst', 'authority'), ('virtual school head', 'virtual school'), ('legal officer', 'school'), ('auditor', 'school'),
    ('loader', 'trust'), ('BI reader', 'trust');
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN SELECT format('CREATE ROLE %1$I; SELECT grant_access(''r'', %1$L, %2$L, %3$s)', s.role, s.capacity, p.granted) FROM seat s JOIN place p USING (place) LOOP
        EXECUTE command;
    END LOOP;
END
$$;
SELECT set_eq('SELECT capacity FROM seat', 'SELECT capacity FROM r.capacity', 'every capacity has a place');

-- Of whom the rows of a table are, as a condition on the table "t" and the place "o".  Those that are referred to come first, since rows are taken out in this order.
CREATE TABLE row_of (relation name PRIMARY KEY, n serial, condition text);
INSERT INTO row_of (relation, condition) SELECT unnest(relations), condition FROM (VALUES
    -- everybody's: what a register knows of no school
    ('{bank_holiday_change,benchmark_alias,benchmark_column,benchmark_file,benchmark_long,benchmark_phase,benchmark_row,capacity,characteristic,code_label,deletion_ground,expectation,leave_reason,local_authority,order_length,'
        'penalty_amount,penalty_framework,regime,region,register_identity,relevant_school_type,requirement,return_arrangement,suspension_limit,trust}'::name[], 'true'),
    -- of a pupil at a school; views that are written through, and partitions, before their tables
    ('{mark,mark_feed,register_line_2024,register_line_2025,register_line,enrolment,enrolment_former,attendance_case,attendance_order,attendance_support,dual_registration,family_contact,joint_enquiry,late_arrival,leave_of_absence,mark_nature,'
        'notice_to_improve,part_time_timetable,penalty_notice,planned_mark,reading,return_sent,sickness_forecast,suspension}', 't.school_urn = ANY (o.schools) AND (o.pupils IS NULL OR t.pupil_id = ANY (o.pupils))'),
    -- of a pupil, wherever he is or was at school; what began after he left is the next school's, and so is the family
    ('{pupil}', 'EXISTS (SELECT FROM r.enrolment e WHERE e.pupil_id = t.pupil_id)'),
    ('{pupil_address,pupil_characteristic,pupil_worker}', 'EXISTS (SELECT FROM r.enrolment e WHERE e.pupil_id = t.pupil_id AND (e.end_date IS NULL OR e.end_date >= t.from_day))'),
    ('{contact}', 'EXISTS (SELECT FROM r.enrolment e WHERE e.pupil_id = t.pupil_id) AND (t.pupil_id <> 21 OR 100002 = ANY (o.schools))'),
    -- of what is referred to
    ('{contact_former}', 'EXISTS (SELECT FROM r.contact c WHERE c.contact_id = t.contact_id)'), ('{person}', 'EXISTS (SELECT FROM r.contact c WHERE c.person_id = t.person_id)'),
    ('{agreed_action}', 'EXISTS (SELECT FROM r.attendance_case c WHERE c.case_id = t.case_id)'), ('{part_time_review}', 'EXISTS (SELECT FROM r.part_time_timetable p WHERE p.timetable_id = t.timetable_id)'),
    -- of a school, or of a class of it
    ('{school,school_former}', 't.urn = ANY (o.schools)'),
    ('{authorised_person,disposal,disposal_item,intervention,journal,journal_head,registration_policy,relevant_school,school_day,school_feature,term_date}', 't.school_urn = ANY (o.schools)'),
    ('{intervention_pupil}', 'EXISTS (SELECT FROM r.intervention i WHERE i.intervention_id = t.intervention_id) AND EXISTS (SELECT FROM r.enrolment e WHERE e.pupil_id = t.pupil_id AND (e.end_date IS NULL OR e.end_date >= t.from_day))'),
    ('{registration}', 't.school_urn = ANY (o.schools) AND (o.classes IS NULL OR format(''%s %s'', t.school_urn, t.registration_group) = ANY (o.classes))'),
    -- of a school, or of a trust or an authority as such
    ('{access,attendance_target,office_holder}', 't.school_urn = ANY (o.schools) OR t.school_urn IS NULL AND (t.trust_uid = ANY (o.trusts) OR t.la_number = ANY (o.authorities))'),
    ('{evidence}', 't.school_urn = ANY (o.schools) AND (o.pupils IS NULL OR t.pupil_id = ANY (o.pupils)) OR t.school_urn IS NULL AND (t.trust_uid = ANY (o.trusts) OR t.la_number = ANY (o.authorities))'),
    -- of a school, or settled for all
    ('{backup_record,rule_setting,taken_over}', 't.school_urn = ANY (o.schools) OR t.school_urn IS NULL')) AS v (relations, condition);
SELECT set_eq($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND (c.relkind IN ('r', 'p', 'm', 'f') OR c.relkind = 'v' AND EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid)) $$,
    'SELECT relation FROM row_of', 'of every table it is said whose its rows are');

-- Takes out all rows but those of a place; says of each table a row that is left, and one that was taken out.
CREATE TABLE own (LIKE place);
CREATE FUNCTION take_out(of_place text) RETURNS TABLE (relation name, own jsonb, other jsonb) LANGUAGE plpgsql AS $$
DECLARE
    condition text;
BEGIN
    DELETE FROM own;
    INSERT INTO own SELECT * FROM place p WHERE p.place = of_place;
    SET LOCAL session_replication_role = replica;
    FOR relation, condition IN SELECT w.relation, w.condition FROM row_of w ORDER BY w.n LOOP
        EXECUTE format('SELECT to_jsonb(t) FROM r.%I t, own o WHERE (%s) IS NOT TRUE LIMIT 1', relation, condition) INTO other;
        IF condition <> 'true' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = format('r.%I', relation)::regclass AND c.relkind <> 'v' AND NOT c.relispartition) THEN
            EXECUTE format('DELETE FROM r.%I t USING own o WHERE (%s) IS NOT TRUE', relation, condition);
        END IF;
        EXECUTE format('SELECT to_jsonb(t) FROM r.%I t, own o WHERE %s LIMIT 1', relation, condition) INTO own;
        RETURN NEXT;
    END LOOP;
    SET LOCAL session_replication_role = origin;
END
$$;

-- ---------- who is answered ----------

-- A view or function answers who has one of these purposes; NULL: whoever has a right on it.
CREATE TABLE answers (object text PRIMARY KEY, purposes text[]);
INSERT INTO answers SELECT kind || ' ' || name, purposes::text[] FROM (VALUES
    ('function', '{reports,audit}', '{absence_spell_report,attendance_bands,attendance_statement,band_movement,baseline_improvement,case_due,case_line,case_steps,case_timeline,code_monitoring,cohort_crossing,cohort_group,cohorts,'
        'compare_with_benchmark,contact_on,deletion_due,edge_counts,edge_days,feature_counts,feature_names,cohort_counts,crossing_counts,ees_columns,ees_export,ees_meta,enrolment_on,follow_up_list,guidance_absence_measure,guidance_authority_measure,guidance_case_measure,guidance_checklist,'
        'guidance_admission_measure,guidance_leave_measure,guidance_measure,guidance_measure_of_all,guidance_measure_of_some,guidance_measured,guidance_pupil,guidance_pupil_measure,guidance_register_measure,guidance_return_due,guidance_return_measure,guidance_shown,heat_map_pupils,intervention_impact,'
        'intervention_pupil_impact,intervention_window,is_relevant_school,known_features,known_intervention,known_notice,leaders_figures,leaders_report,meeting_figure,meeting_held,meeting_pack,meeting_pupil,'
        'meeting_review,new_pupil_due,not_arrived,oversight,oversight_evidence,page_absences,page_authority,page_band_counts,page_band_label,page_bands,page_chase,page_class,page_class_standing,page_cohort,page_cohorts,'
        'page_day,page_days_of_week,page_edges,page_follow_up,page_follow_up_table,page_head_termly,page_measure,page_measures,page_meeting_pack,page_meeting_sections,page_movement,page_names,page_near,'
        'page_outlook,page_peers,page_penalties,page_period_detail,page_phases,page_pupil,page_school_week,page_schools,page_severe,page_standing,page_trust,page_weeks,parents_on,part_time_monitoring,penalty_approaching,'
        'penalty_calendar,penalty_line,penalty_notice_due,penalty_noticed,penalty_offence,penalty_recipient,penalty_rule,penalty_school_week,penalty_watch,penalty_window,persistent_absence_forecast,'
        'persistent_absentees,punctuality,punctuality_counts,punctuality_by_weekday,pupil_bands,pupil_broken_weeks,pupil_line,pupil_movement,pupils_at_risk,report_cohort,roll_on,school_class,school_comparison,school_features,'
        'severely_absent_unauthorised,similar_school_comparison,similar_schools,statement_absences,target_progress,treated,treated_line,unexplained_chase,updates_due,virtual_school_child,virtual_school_roll,'
        'weekly_class_list,weekly_trend}'),
    ('function', NULL, '{academic_week,academic_year_number,academic_years,benchmark_area,benchmark_day,benchmark_measures,cannot_be_foretold,census_days,cohort_figures,cohort_label,cohort_persistence,csv_line,daily_rates,day_words,'
        'definition_version,few_marks_state_persistence,guidance_days,held_sessions,intervention_band,is_of_notice,known_question,known_schools,legal_record,legal_sections,line_cohort,made_reports,marks_due,marks_state_persistence,'
        'page_absence_by,page_against,page_area_footnote,page_beside,page_calendar,page_codes,page_counts,page_days_of,page_detail,page_differences,page_england,page_enrolled,page_half_day,page_mark_classes,'
        'page_mark_fills,page_marks,page_not_stated,page_of,page_part,page_period_before,page_persistence,page_pupil_figures,page_pupil_words,page_said,page_school_headings,page_shown,page_small_numbers,'
        'page_span,page_spells,page_too_few,page_week,prosecution_limit,pupil_digest,record_words,session_words,tell_no_session,under_law,weeks_of_last_year}'),
    ('function', '{bi,reports,audit}', '{absence_kind_counts,area_comparison,area_figures,band_counts,broken_week_counts,broken_weeks_by_school,census_absence,code_counts,code_frequency,daily_attendance,daily_roll,daily_roll_counts,due_line,ees_rows,headline,headline_by_school,headline_counts,heat_map_counts,heat_map_weekdays,leaders_counts,movement_counts,page_area_figures,'
        'held_line,page_folded_reasons,page_head_figures,page_reason,page_reasons,page_states,period_cohort,period_line,persistent_absence_by_kind,report_enrolments,report_line,report_movement,'
        'report_session,report_week,school_cohort,school_figures,school_headline_counts,school_line,school_lines,transition_counts,transition_years,unmarked_by_group,week_counts,weekday_absence,weekday_counts}'),
    ('function', '{figures,reports,audit}', '{area_found,bank_holidays,benchmark_check,benchmark_checked,benchmark_header,benchmark_line,benchmark_placed,benchmark_problem,benchmark_rate,benchmark_rates,benchmark_read,benchmark_recomputed,benchmark_shape,governor_pack,'
        'governor_page,known_area,imported_days,imported_figures,known_benchmark_file,known_expectation,meeting_benchmark,not_imported,oversight_office,published_weeks,school_benchmark,school_benchmarks,target_school,trustee_page}'),
    ('function', '{bi,figures,reports,audit}', '{area_names,characteristic_names,cohort_names,known_cohorts,counted_area,daily_period,guidance_body,guidance_school,known_authority,known_trust,page_days,page_phase,page_shown_days,page_year,school_area,school_in_year,school_on,'
        'school_parts,school_period,school_predecessors,schools_in,states_persistent_absence,tells_sessions,with_predecessors}'),
    ('function', '{audit}', '{disposal_due,issued_notice,journal_digest,legal_file,legal_file_digest,legal_file_line,notice_law,notice_mark,notice_record,page_legal_file,register_as_at,verify_journal}'),
    ('function', '{marks,bi,reports,audit}', '{due_days,known_group,known_pupil,sessions_due,unopened_line}'),
    ('function', '{bi,admission,reports,audit}', '{no_line_key,pupil_label}'),
    ('function', '{leave}', '{cancel_leave,close_unexplained_absence,confirm_planned_marks,grant_leave,refuse_leave}'),
    ('function', '{}', '{dispose,dispose_records,import_benchmark,take_over}'),
    ('function', '{marks,reports,audit}', '{pupil_name,unexplained_on}'),
    ('function', '{admission,reports,audit}', '{pupil_cohort,roll_digest,same_parent}'),
    -- to whom they are shown is in capacity_right
    ('view', NULL, '{admission_breach,admission_register,admission_register_gap,attendance_return_due,backup_missing,benchmark,bi_authority_term,bi_authority_week,bi_authority_year,bi_class_week,bi_cohort_term,'
        'bi_data_dictionary,bi_dim_cohort,bi_dim_date,bi_dim_mark,bi_dim_pupil,bi_dim_school,bi_pupil_term,bi_pupil_week,bi_pupil_year,bi_pupil_year_statutory,bi_school_reason_week,bi_school_term,'
        'bi_school_term_statutory,bi_school_week,bi_school_year,bi_school_year_statutory,bi_session,bi_trust_term,bi_trust_week,bi_trust_year,calendar_year,capacity_right,case_attendance,changing_enrolment,'
        'contact_period,deletion_return_due,dual_mark_conflict,enrolment_period,fact_characteristic,fact_line,fact_school_term,fact_school_term_statutory,fact_school_week,fact_school_year,fact_term,'
        'fact_term_days,figure_school,granted_session,guest_days,late_admission,leave_breach,legal_step_breach,line_fact,mark,mark_feed,new_pupil_return_due,notice_breach,order_breach,part_time_timetable_breach,'
        'part_time_timetable_due,part_time_timetable_too_long,regime_code,register_year,registration_breach,registration_conflict,registration_due,report_band,roll_line,opened_line,unopened_roll,school_arrangement,school_edge_day,'
        'school_membership,school_part,sickness_return_due,suspension_count,unexplained_absence,unexplained_absence_notice_due,unmarked_session,unrecorded_suspension,unsupported_step,year_line}'),
    ('view', '{federation}', '{federated_report}'), ('view', '{reports,audit}', '{federated_line}'), ('function', '{federation}', '{federated_answer}'),
    ('function', '{bi,reports,audit,federation}', '{federated_member}'),
    ('view', '{audit}', '{amendment,breach,entry_time,file_reading,late_legal_step,record_change}')) AS v (kind, purposes, names) CROSS JOIN LATERAL unnest(v.names::text[]) AS n (name);
SELECT set_eq($$ SELECT 'view ' || relname FROM pg_class WHERE relnamespace = 'r'::regnamespace AND relkind = 'v' UNION SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'r'::regnamespace $$,
    'SELECT object FROM answers', 'of every view and function it is said whom it answers');
-- Where it is otherwise: * stands for anything.
CREATE TABLE otherwise (capacities text, object text, operation text, whose text, wanted text, why text);
INSERT INTO otherwise VALUES
    ('', 'table person', 'INSERT', 'other', 'rows 1', 'a new person is nobody''s yet'),
    ('', 'table pupil', 'INSERT', 'other', '23505 duplicate key value violates unique constraint "pupil_upn_key"', 'as doc/access.md says of unique keys'),
    ('class teacher', 'view year_line', 'SELECT', 'all', '42501 permission denied for table pupil', 'unmarked_session is read, which needs but a part of it'),
    ('BI reader', 'function pupil_label', 'EXECUTE', 'own', 'rows 1*', 'a key in the place of the name'),
    ('', 'function verify_journal', 'EXECUTE', 'own', '42501 row-level security may hide rows*', 'a proof is of all that there is'),
    -- figures of a school as a whole, beside those of all others: counted with the rights of the owner
    ('', 'function governor_page', 'EXECUTE', 'own', 'rows 1*', 'all schools'), ('', 'function governor_pack', 'EXECUTE', 'own', 'rows *', 'all schools'),
    ('', 'attendance.school_figures_page', 'EXECUTE', 'own', 'rows 1*', 'all schools'), ('', 'attendance.review_figures', 'EXECUTE', 'own', 'rows 1*', 'all schools'),
    ('virtual school head', 'function trustee_page', 'EXECUTE', 'own', 'rows 1*', 'all schools'), ('virtual school head', 'attendance.trust_figures_page', 'EXECUTE', 'own', 'rows 1*', 'all schools'),
    -- of a school of another authority none, whoever of its pupils is seen
    ('virtual school head', 'view figure_school', 'SELECT', 'all', 'rows 3 *', 'as doc/access.md says of figures'),
    ('virtual school head', 'function governor_page', 'EXECUTE', 'other', '22023 the register has no school 100003', 'likewise'), ('virtual school head', 'function governor_pack', 'EXECUTE', 'other', '22023 the register has no school 100003', 'likewise'),
    ('virtual school head', 'attendance.school_figures_page', 'EXECUTE', 'other', '22023 the register has no school 100003', 'likewise'), ('virtual school head', 'attendance.review_figures', 'EXECUTE', 'other', '22023 the register has no school 100003', 'likewise'),
    -- who sees a school of the trust, and not all
    ('attendance officer,leader,governor,legal officer,auditor', 'function trustee_page', 'EXECUTE', 'own', '22023 the register has no trust 90001', 'not all schools of the trust'),
    ('attendance officer,leader,governor,legal officer,auditor', 'attendance.trust_figures_page', 'EXECUTE', 'own', '22023 the register has no trust 90001', 'likewise'),
    ('class teacher,governor,loader,BI reader', 'attendance.register_access', 'EXECUTE', 'own', 'rows 1 ' || md5('([])'), 'without a right on it none is read'),
    ('leader', 'attendance.revoke_access', 'EXECUTE', 'own', 'written, rows 1 *', 'a leader ends a governor''s');

-- ---------- what is asked ----------

-- What a capacity may do with which columns of a table.
CREATE TABLE may (capacity text, relation name, privilege text, columns name[], PRIMARY KEY (capacity, relation, privilege));
INSERT INTO may SELECT r.capacity, r.relation::name, m.part[1], array_agg(a.attname ORDER BY a.attnum)
FROM (SELECT capacity, relation, privileges FROM r.capacity_right) r CROSS JOIN LATERAL (
    SELECT ARRAY[x.part[1], CASE WHEN bool_and(x.part[2] IS NOT NULL) THEN string_agg(x.part[2], ', ') END] AS part FROM regexp_matches(r.privileges, '([A-Z]+)(?: \(([^)]*)\))?', 'g') AS x (part) GROUP BY x.part[1]) m
JOIN pg_attribute a ON a.attrelid = format('r.%I', r.relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND (m.part[2] IS NULL OR a.attname = ANY (string_to_array(m.part[2], ', ')))
GROUP BY r.capacity, r.relation, m.part[1];
CREATE FUNCTION columns_for(capacity text, relation name, privilege text) RETURNS name[] LANGUAGE sql STABLE
RETURN (SELECT m.columns FROM may m WHERE m.capacity = columns_for.capacity AND m.relation = columns_for.relation AND m.privilege = columns_for.privilege);
CREATE FUNCTION listed(columns name[]) RETURNS text LANGUAGE sql STABLE RETURN (SELECT string_agg(quote_ident(c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY AS u (c, n));

CREATE TABLE cell (id serial PRIMARY KEY, capacity text, place text, object text, operation text, whose text, command text, may boolean, said text, wanted text);

-- reading
INSERT INTO cell (capacity, place, object, operation, whose, command, may)
SELECT s.capacity, s.place, CASE WHEN c.relkind = 'v' THEN 'view ' ELSE 'table ' END || c.relname, 'SELECT', 'all', format('SELECT %s FROM r.%I', coalesce(listed(k.columns), '*'), c.relname), k.columns IS NOT NULL
FROM seat s JOIN pg_class c ON c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'f', 'v') CROSS JOIN LATERAL columns_for(s.capacity, c.relname, 'SELECT') AS k (columns);

-- writing: a row is entered as one that there is, or changed to what it is, signed
CREATE FUNCTION samples(of_place text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    SELECT jsonb_agg(t) INTO result FROM take_out(of_place) t;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN result;
END
$$;
CREATE TABLE sample AS
SELECT p.place, s.relation, w.whose, w.row
FROM place p CROSS JOIN LATERAL jsonb_to_recordset(samples(p.place)) AS s (relation name, own jsonb, other jsonb) CROSS JOIN LATERAL (VALUES ('own', s.own), ('other', s.other)) AS w (whose, row)
WHERE w.row IS NOT NULL;
CREATE FUNCTION row_text(relation name, columns name[], sample jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT ROW(%s)::text FROM jsonb_populate_record(NULL::r.%I, $1)', listed(columns), relation) INTO result USING sample;
    RETURN result;
END
$$;
INSERT INTO cell (capacity, place, object, operation, whose, command, may)
SELECT s.capacity, s.place, CASE WHEN c.relkind = 'v' THEN 'view ' ELSE 'table ' END || c.relname, o.operation, w.whose, o.command, o.may
FROM seat s JOIN sample w ON w.place = s.place JOIN pg_class c ON c.oid = format('r.%I', w.relation)::regclass
CROSS JOIN LATERAL (SELECT columns_for(s.capacity, c.relname, 'SELECT') AS read, columns_for(s.capacity, c.relname, 'INSERT') AS entered, columns_for(s.capacity, c.relname, 'UPDATE') AS changed,
    columns_for(s.capacity, c.relname, 'DELETE') IS NOT NULL AS deleted,
    (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS all_of,
    (SELECT array_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> '') AS numbered OFFSET 0) AS k
CROSS JOIN LATERAL (SELECT CASE WHEN k.read IS NOT NULL THEN format(' WHERE ROW(%s)::text = %L', listed(k.read), row_text(c.relname, k.read, w.row)) ELSE '' END AS this OFFSET 0) AS h
CROSS JOIN LATERAL (SELECT coalesce((SELECT c FROM unnest(coalesce(k.changed, k.all_of)) AS c WHERE c NOT IN ('entered_at', 'entered_by', 'title', 'reason') AND c <> ALL (coalesce(k.numbered, '{}')) LIMIT 1)) AS one OFFSET 0) AS v
CROSS JOIN LATERAL (VALUES
    ('INSERT', k.entered IS NOT NULL, format('INSERT INTO r.%1$I (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::r.%1$I, %3$L)', c.relname,
        listed(ARRAY(SELECT c FROM unnest(coalesce(k.entered, k.all_of)) AS c WHERE c <> ALL (coalesce(k.numbered, '{}')))), w.row)),
    ('UPDATE', k.changed IS NOT NULL, format('UPDATE r.%I SET %2$I = %2$I%3$s%4$s', c.relname, v.one,
        CASE WHEN 'entered_by' = ANY (k.changed) THEN ', entered_by = ''x'', title = ''x'', reason = ''x''' ELSE '' END, h.this)),
    ('DELETE', k.deleted, format('DELETE FROM r.%I%s', c.relname, h.this))) AS o (operation, may, command);

-- calls of functions, of the own school and pupil and of another's
UPDATE argument_value SET value = (SELECT notice_id::text FROM r.penalty_notice WHERE pupil_id = 1) WHERE name = 'notice';
-- what has to be looked for: from PostgreSQL 18 on nobody needs a right for England, and for NULL, which are known without
UPDATE argument_value SET value = '''380''' WHERE name = 'area_code';
INSERT INTO argument_value VALUES ('file_id', '1');
INSERT INTO argument_value VALUES ('leave_id', (SELECT leave_id::text FROM r.leave_of_absence WHERE pupil_id = 1)), ('intervention', '1'), ('contact', '1'), ('contacts', '1'), ('ids', (SELECT leave_id::text FROM r.leave_of_absence WHERE pupil_id = 1)), ('notice_id', (SELECT notice_id::text FROM r.penalty_notice WHERE pupil_id = 1)),
    ('year', '''2025/26'''), ('expectation', '''L4.1'''), ('role', '''matrix governor'''), ('capacity', '''governor'''), ('purpose', '''reports'''), ('policy', '''access_all'''), ('decision', '''granted'''), ('wanted', 'true'), ('owner', '''matrix leader'''), ('problem', '''x'''), ('revoked_by', '''x'''),
    ('urn', '100001'),
    ('register_line', '''r.register_line'''), ('of_table', '''r.pupil'''),
    ('only_school', '100001'), ('chain', '100001'), ('person_id', '1'), ('contact_id', '1'), ('on_day', '''2025-09-08'''),
    ('from_day', '''2025-09-08'''), ('to_day', '''2025-09-12'''), ('before_day', '''2025-09-12'''), ('issued_on', '''2025-10-06'''), ('step', '1'), ('pupil_ids', '1'), ('rule', '''leave'''),
    ('enrolment', (SELECT quote_literal(to_jsonb(e)) FROM r.enrolment e WHERE pupil_id = 1)), ('removed', (SELECT quote_literal(to_jsonb(e)) FROM r.pupil e WHERE pupil_id = 1)),
    ('entry', (SELECT quote_literal(to_jsonb(e)) FROM r.attendance_case e WHERE pupil_id = 1)), ('decided_by', '''Own Head'''), ('decided_at', '''2025-09-21'''), ('entered_by', '''x'''), ('title', '''x'''),
    ('cancelled_by', '''x'''), ('cancel_reason', '''x'''), ('decision_reason', '''x'''), ('disposed_by', '''x'''), ('reason', '''x'''), ('salt', '''sixteen characters'''), ('upn', '''x'''),
    ('query', '''SELECT 100001 AS school_urn, 1 AS pupil_id, date ''''2025-09-22'''' AS day, ''''AM'''' AS session, ''''/'''' AS mark'''), ('changes', '''{}'''), ('report', '''SELECT 1'''), ('keys', '''x'''), ('fill', 'false');
INSERT INTO argument_value VALUES ('relation', '''r.pupil''', 'regclass'), ('relation', '''pupil''', 'text'), ('relation', '''pupil''', 'name'), ('register', '''r''', 'name'), ('register', '''r.register_line''', 'regclass'), ('register', '''r''', 'text'), ('session', '''AM''', 'text'), ('ground', '''x''', 'text');
CREATE FUNCTION every_call() RETURNS TABLE (object text, call text, only_reads boolean) LANGUAGE sql AS $$
    SELECT 'function ' || p.proname, CASE p.prokind WHEN 'p' THEN 'CALL ' ELSE 'SELECT * FROM ' END || call_of(p.oid), NULL::boolean FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace
    -- and those of the extension that are given a register or a table of it, but for those of policies, which tell who asks what they see
    UNION ALL SELECT 'attendance.' || p.proname, 'SELECT * FROM ' || call_of(p.oid), p.provolatile <> 'v' OR p.proname IN ('register_access', 'case_record_problem')
    FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid AND e.extname = 'attendance'
    WHERE p.prorettype <> 'trigger'::regtype AND p.proargnames[:p.pronargs] && '{register,relation,register_line,of_table}' AND p.proname !~ '^(seen|own|moved|may|granted|sees|knows|shows_all)'
$$;
CREATE TABLE call AS SELECT p.place, 'own' AS whose, c.* FROM place p, every_call() c;
-- asked of nobody in particular, too
INSERT INTO argument_value VALUES ('schools', NULL, NULL, true);
CREATE FUNCTION call_others(school integer, of_pupil bigint) RETURNS SETOF call LANGUAGE plpgsql AS $$
BEGIN
    UPDATE argument_value a SET value = v.value FROM (VALUES ('schools', school::text), ('school_urn', school::text), ('only_school', school::text), ('chain', school::text), ('urn', school::text), ('pupil_id', of_pupil::text), ('pupil', of_pupil::text),
        ('pupil_ids', of_pupil::text), ('person_id', of_pupil::text), ('contact', of_pupil::text), ('contact_id', of_pupil::text), ('contacts', of_pupil::text), ('intervention', of_pupil::text), ('registration_group', '''Foreign'''), ('ids', (SELECT leave_id::text FROM r.leave_of_absence WHERE pupil_id = of_pupil)),
        ('notice_id', (SELECT max(notice_id)::text FROM r.penalty_notice WHERE pupil_id = of_pupil)),
        ('la_number', '381'), ('trust_uid', '90002'), ('notice', (SELECT max(notice_id)::text FROM r.penalty_notice WHERE pupil_id = of_pupil)), ('leave_id', (SELECT leave_id::text FROM r.leave_of_absence WHERE pupil_id = of_pupil)),
        ('enrolment', (SELECT quote_literal(to_jsonb(e)) FROM r.enrolment e WHERE pupil_id = of_pupil AND school_urn = school)), ('removed', (SELECT quote_literal(to_jsonb(e)) FROM r.pupil e WHERE pupil_id = of_pupil)),
        ('entry', (SELECT quote_literal(to_jsonb(e)) FROM r.attendance_case e WHERE pupil_id = of_pupil)),
        ('query', format('''SELECT %s AS school_urn, %s AS pupil_id, date ''''2025-09-22'''' AS day, ''''AM'''' AS session, ''''/'''' AS mark''', school, of_pupil))) AS v (name, value) WHERE a.name = v.name;
    RETURN QUERY SELECT p.place, 'other', c.* FROM place p, every_call() c WHERE p.other_school = school;
END
$$;
INSERT INTO call SELECT o.* FROM (SELECT DISTINCT other_school, other_pupil FROM place ORDER BY 1) p, call_others(p.other_school, p.other_pupil) o;
DELETE FROM call o USING call w WHERE o.whose = 'other' AND w.whose = 'own' AND w.place = o.place AND w.call = o.call;

INSERT INTO cell (capacity, place, object, operation, whose, command, may)
SELECT s.capacity, s.place, c.object, 'EXECUTE', c.whose, c.call, m.may
FROM seat s JOIN call c USING (place) JOIN r.capacity k USING (capacity) LEFT JOIN answers a USING (object)
    CROSS JOIN LATERAL (SELECT CASE WHEN c.object LIKE 'attendance.%' THEN c.only_reads ELSE a.purposes IS NULL OR a.purposes && k.purposes END AS may) m;
-- a view shows its rows to who has a right on it, and a purpose
UPDATE cell c SET may = false FROM answers a JOIN r.capacity k ON NOT a.purposes && k.purposes WHERE a.object = c.object AND k.capacity = c.capacity AND c.object LIKE 'view %';
-- Unless all is asked, a view or function is asked by one of the capacities that read reports, which read alike, by all others that it answers, and by one that it refuses, and an internal function by one of
-- all, by lots that fall the same each time; what takes the longest (pages and packs, which are made of reports, and what compares the whole catalogue) by one that it refuses, and by one more when all is asked.
DELETE FROM cell WHERE id IN (
    SELECT d.id FROM (
        SELECT c.id, c.may, c.object ~ '[ .](page|meeting|governor|trustee|review|school_figures|trust_figures)_|check_register|need_definition|register_(objects|faults)|apply_access' AS slow,
            g.alike AND first_value(c.capacity) OVER (PARTITION BY c.object, c.whose, c.may, g.alike ORDER BY hashtextextended(c.object || c.capacity, 0)) <> c.capacity AS again
        FROM cell c JOIN r.capacity k USING (capacity) CROSS JOIN LATERAL (SELECT c.object LIKE 'attendance.%' OR k.purposes && '{reports,audit}' OR NOT c.may AS alike) g
        WHERE c.operation = 'EXECUTE' OR c.object LIKE 'view %' AND c.operation = 'SELECT') d
    WHERE CASE WHEN :all THEN d.may AND d.slow AND d.again ELSE d.may AND d.slow OR d.again END);

-- ---------- what is said ----------

-- Of rows their number and a digest, of what is written how many rows are, of functions of the extension that they have written; nothing stays.
CREATE TABLE watched AS SELECT array_agg(oid) AS relations FROM pg_class WHERE relnamespace = 'r'::regnamespace AND relkind = 'r'
    OR oid IN ('pg_proc'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_authid'::regclass, 'pg_auth_members'::regclass);
CREATE FUNCTION written() RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)) FROM watched, unnest(relations) AS oid
$$;
CREATE FUNCTION said(role name, command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
    done bigint;
    before numeric := CASE WHEN command ~ ' attendance\.' THEN written() END;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        IF command ~ '^SELECT' THEN
            EXECUTE format('SELECT concat_ws('' '', ''rows'', count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text))) FROM (%s OFFSET 0) t', command) INTO result;
        ELSE
            EXECUTE command;
            GET DIAGNOSTICS done = ROW_COUNT;
            result := 'rows ' || done;
        END IF;
        RESET ROLE;
        IF written() > before THEN
            result := 'written, ' || result;
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        NULL;
    WHEN OTHERS THEN
        result := SQLSTATE || ' ' || SQLERRM;
    END;
    RESET ROLE;
    RETURN result;
END
$$;
-- The same said to the owner in a register without the others.
CREATE FUNCTION said_alone(of_place text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    PERFORM take_out(of_place);
    SELECT jsonb_object_agg(c.command, said(current_user, c.command)) INTO result FROM (SELECT DISTINCT k.command FROM cell k WHERE k.place = of_place AND k.may) c;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN result;
END
$$;
UPDATE cell c SET said = said(s.role, c.command) FROM seat s WHERE s.capacity = c.capacity;
-- of what is not there some functions say so before they read
UPDATE cell SET may = true WHERE NOT may AND object LIKE 'function %' AND said ~ '^22023 ';
UPDATE cell c SET wanted = w.value FROM place p CROSS JOIN LATERAL jsonb_each_text(said_alone(p.place)) AS w WHERE c.place = p.place AND c.command = w.key AND c.may;
UPDATE cell SET wanted = '42501 permission denied for ' || CASE WHEN operation = 'SELECT' AND columns_for(capacity, split_part(object, ' ', 2)::name, 'SELECT') IS NOT NULL OR object ~ '^function' THEN '*' ELSE object END
WHERE NOT may AND object !~ '^attendance';
UPDATE cell SET wanted = format('42501 new row violates row-level security policy for table "%s"', substr(object, 7)) WHERE may AND operation = 'INSERT' AND whose = 'other' AND object LIKE 'table %';
UPDATE cell c SET wanted = o.wanted FROM otherwise o WHERE (c.may OR c.object LIKE 'attendance.%') AND (c.object, c.operation, c.whose) = (o.object, o.operation, o.whose)
    AND (o.capacities = '' OR c.capacity = ANY (string_to_array(o.capacities, ',')));
-- what an internal function of the extension has no right to read it does not; those of the owner (of which nothing else is wanted) write nothing
CREATE FUNCTION is_as_wanted(c cell) RETURNS boolean LANGUAGE sql STABLE
RETURN c.said = c.wanted OR c.wanted LIKE '%*' AND starts_with(c.said, rtrim(c.wanted, '*')) OR c.object LIKE 'attendance.%' AND (c.said ~ '^42501 ' OR c.wanted IS NULL AND c.said !~ '^written');

-- ---------- what came of it ----------

SELECT is_empty($$ SELECT capacity, object, operation, whose, left(said, 150), left(wanted, 150), left(command, 400) FROM cell c WHERE is_as_wanted(c) IS NOT TRUE ORDER BY object, capacity $$, 'every cell is as it is wanted');
SELECT is_empty($$ SELECT p.place, w.relation, x.whose FROM place p, row_of w, (VALUES ('own'), ('other')) AS x (whose) WHERE w.condition <> 'true' AND w.relation <> 'register_line_2024' AND p.place <> 'virtual school' AND (p.place, w.relation, x.whose) <> ('class', 'evidence', 'own')
    EXCEPT SELECT place, relation, whose FROM sample $$, 'of every table there is a row of the own place, and one of another');
SELECT is_empty($$ SELECT s.capacity, o.operation, o.whose FROM seat s, (VALUES ('SELECT', 'all'), ('INSERT', 'own'), ('INSERT', 'other'), ('UPDATE', 'own'), ('UPDATE', 'other'), ('DELETE', 'own'), ('DELETE', 'other'), ('EXECUTE', 'own'), ('EXECUTE', 'other')) AS o (operation, whose)
    EXCEPT SELECT capacity, operation, whose FROM cell $$, 'all is tried by every capacity');
SELECT is_empty($$ SELECT c.object FROM cell c WHERE c.object ~ '^(table|view)' AND c.operation = 'SELECT' GROUP BY c.object HAVING NOT bool_or(c.said ~ '^rows [1-9]')
    AND c.object !~ '^table (register_line_20|benchmark_(file|row)$|return_arrangement$)|^view (benchmark$|.*(_breach|_due|_conflict|_gap|_missing|_step|_too_long)$|school_arrangement|unrecorded_suspension|late_admission|school_edge_day|guest_days|federated_report)' $$, 'there is something to see');
\if :all
SELECT is_empty($$ SELECT o.object, o.capacities, o.why FROM otherwise o WHERE NOT EXISTS (SELECT FROM cell c WHERE (c.object, c.operation, c.whose) = (o.object, o.operation, o.whose)) $$, 'what is otherwise is asked');
\endif
-- figures that are counted in all schools name nobody
CREATE FUNCTION names_somebody(role name, command text, other_school integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    result boolean;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE format('SELECT bool_or(t::text ~ ''Foreign [^S]|Foreign School %s|Surname|Forename'') FROM (%s) t', other_school, command) INTO result;
    RESET ROLE;
    RETURN result;
END
$$;
SELECT is_empty($$ SELECT c.capacity, c.object FROM cell c JOIN otherwise o USING (object, operation, whose) JOIN seat s ON s.capacity = c.capacity JOIN place p ON p.place = c.place WHERE o.why = 'all schools' AND c.said ~ '^rows' AND names_somebody(s.role, c.command, p.other_school) $$, 'figures of all schools name nobody');
-- what policies ask tells who asks what they see
SELECT is_empty($$ SELECT s.capacity, f.asked, said(s.role, f.asked) FROM seat s JOIN place p USING (place) JOIN r.capacity k USING (capacity)
    CROSS JOIN LATERAL (VALUES ('SELECT unnest(attendance.seen_schools(''r.school''))', p.schools::text, 'integer'), ('SELECT unnest(attendance.seen_pupils(''r.school''))', p.pupils::text, 'bigint'), ('SELECT unnest(attendance.seen_trusts(''r.school''))', p.trusts::text, 'integer'),
        ('SELECT unnest(attendance.seen_authorities(''r.school''))', p.authorities::text, 'integer'), ('SELECT unnest(attendance.seen_classes(''r.school''))', CASE p.place WHEN 'class' THEN p.classes::text END, 'text'),
        ('SELECT unnest(attendance.granted_capacities(''r.school''))', k.may_grant::text, 'text'), ('SELECT unnest(attendance.moved_pupils(''r.school''))', CASE WHEN NOT 100002 = ANY (p.schools) THEN '{21}' END, 'bigint'),
        ('SELECT attendance.sees_all(''r.school'')', NULL, NULL)) AS f (asked, wanted, type)
    CROSS JOIN LATERAL (SELECT CASE WHEN f.type IS NULL THEN 'SELECT false' ELSE format('SELECT unnest(%L::%s[])', f.wanted, f.type) END AS alike) w
    WHERE said(s.role, f.asked) IS DISTINCT FROM said(current_user, w.alike) $$, 'policies ask for the own places');
