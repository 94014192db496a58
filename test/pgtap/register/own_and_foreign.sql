-- What is to be hidden: three schools, of which 100001 is the own one, in a trust with 100002, and the others are foreign, as are their
-- people.  There is a row of each in every table that holds a pupil, a family or a school; what is foreign says so.
INSERT INTO r.rule_setting SELECT urn, rule, 'record', 'test', 'test' FROM generate_series(100001, 100004) urn, register_rules() WHERE can_be_set ON CONFLICT DO NOTHING;
SELECT fill(11, '2025-09-08', '2025-09-19', 'O', school => 100002), fill(12, '2025-09-08', '2025-09-19', 'N', school => 100002),
    fill(13, '2025-09-08', '2025-09-19', '/', 'L', school => 100002), fill(14, '2025-09-08', '2025-09-12', 'I', school => 100002),
    fill(15, '2025-09-08', '2025-09-17', '/', school => 100002), fill(15, '2025-09-18', '2025-09-19', '/', 'I', school => 100002),
    fill(18, '2025-09-08', '2025-09-10', 'O', school => 100002),
    fill(16, '2025-09-08', '2025-09-12', '/', school => 100002), fill(16, '2025-09-15', '2025-09-19', 'O', school => 100002),
    fill(17, '2025-09-08', '2025-09-19', 'B', school => 100002),
    fill(26, '2025-09-08', '2025-09-19', 'I', school => 100003), fill(8, '2025-09-08', '2025-09-19', 'N') \g /dev/null
UPDATE r.school SET name = 'Foreign School ' || urn WHERE urn <> 100001;
UPDATE r.pupil SET surname = 'Foreign', forename = 'Foreign ' || pupil_id, entered_by = 'x', title = 'x', reason = 'x'
WHERE pupil_id NOT IN (SELECT e.pupil_id FROM r.enrolment e WHERE e.school_urn = 100001);
INSERT INTO r.trust VALUES (90001, 'Trust');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn IN (100001, 100002);
UPDATE r.enrolment SET registration_group = CASE school_urn WHEN 100001 THEN '5A' ELSE 'Foreign' END, year_group = '5', entered_by = 'x', title = 'x', reason = 'x' WHERE end_date IS NULL;
UPDATE r.enrolment SET boarder = 'B', holds_from = '2999-01-01', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id IN (1, 11, 26);
CREATE TABLE pair (school_urn integer, pupil_id bigint, who text);
INSERT INTO pair VALUES (100001, 1, 'Own'), (100001, 5, 'Own'), (100002, 11, 'Foreign'), (100003, 26, 'Foreign');
INSERT INTO r.contact (contact_id, pupil_id, full_name, address, is_parent, lives_with) SELECT pupil_id, pupil_id, who || ' Parent', who, true, true FROM pair;
INSERT INTO r.pupil_address (pupil_id, address, from_day) SELECT pupil_id, who, '2020-01-01' FROM pair;
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) SELECT pupil_id, 'social worker', who, date '2024-09-01' FROM pair UNION ALL VALUES (8, 'social worker', 'Own', date '2024-09-01'), (12, 'social worker', 'Foreign', '2024-09-01');
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) SELECT pupil_id, 'fsm', 'Y', '2024-09-01' FROM pair;
INSERT INTO r.authorised_person (school_urn, name, title, from_day) SELECT DISTINCT school_urn, who || ' Head', 'Head', date '2020-01-01' FROM pair;
INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant, received_at, decided_by, decided_at, status)
SELECT school_urn, pupil_id, 'C', '{[2025-09-22 AM,2025-09-23 PM]}', 'exceptional circumstances', who, pupil_id, who, '2025-09-20', who || ' Nobody', '2025-09-21', 'granted' FROM pair;
INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
SELECT school_urn, pupil_id, '{[2025-09-24 AM,2025-09-25 PM]}', who, pupil_id, who, who, '2025-09-25', '{2025-09-25}', 'agreed' FROM pair;
INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
SELECT school_urn, pupil_id, school_session_multirange(school_session_range(school_session(current_date, 'AM'), school_session(current_date + 9, 'PM'))), who, pupil_id, who, who, current_date, ARRAY[current_date + 1], 'agreed' FROM pair;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (30, 'Foreign', 'Leaver', '2015-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at) VALUES (100002, 30, '2024-09-01', '2025-09-12', 'A', 'Foreign', '2025-09-12 16:00');
INSERT INTO r.part_time_review (timetable_id, review_date, held_on, held_by, outcome) SELECT timetable_id, '2025-09-25', '2025-09-25', agreed_with, 'ended' FROM r.part_time_timetable WHERE '2025-09-25' = ANY (review_dates);
INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) SELECT school_urn, pupil_id, 'B', '{[2025-09-26 AM,2025-09-26 AM]}', who FROM pair;
INSERT INTO r.late_arrival (school_urn, pupil_id, session, minutes) SELECT school_urn, pupil_id, '2025-09-09 PM', 10 FROM pair;
INSERT INTO r.registration (school_urn, registration_group, day, session, taken_by, opened_at, closed_at)
SELECT DISTINCT school_urn, CASE who WHEN 'Own' THEN '5A' ELSE who END, date '2025-09-08', 'AM', who, timestamptz '2025-09-08 09:00', timestamptz '2025-09-08 11:00' FROM pair;
INSERT INTO r.intervention (intervention_id, school_urn, name) SELECT pupil_id, school_urn, who || ' ' || pupil_id FROM pair;
INSERT INTO r.intervention_pupil (intervention_id, pupil_id, from_day) SELECT pupil_id, pupil_id, '2025-09-15' FROM pair;
INSERT INTO r.attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, description) SELECT school_urn, pupil_id, pupil_id, 'attendance contract', '2025-09-15', who FROM pair;
INSERT INTO r.attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, accepted, from_day, to_day, description) SELECT school_urn, pupil_id, pupil_id, 'parenting order', '2025-09-16', true, '2025-09-16', '2026-09-16', who FROM pair;
INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) SELECT school_urn, pupil_id, pupil_id, '{[2025-09-08 AM,2025-09-12 PM]}', '2025-09-19', who FROM pair;
-- and one of before (the greatest number is the notice of which reports are asked)
INSERT INTO r.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (0, 100002, 11, 11, '{[2025-09-01 AM,2025-09-05 PM]}', '2025-09-17', 'Foreign');
INSERT INTO r.attendance_case (school_urn, pupil_id, tier, opened_on, opened_because) SELECT school_urn, pupil_id, 'persistent', '2025-09-15', who FROM pair;
INSERT INTO r.evidence (expectation, school_urn, done_on, about, said) SELECT 'T1.2', school_urn, '2025-09-15', '[2025-09-08,2025-09-13)', who FROM pair WHERE school_urn = 100003;
INSERT INTO r.evidence (expectation, la_number, school_urn, done_on, about, said) SELECT DISTINCT 'L4.1', 380, school_urn, date '2025-09-15', daterange '[2025-09-08,2025-09-13)', who FROM pair;
INSERT INTO r.attendance_target (school_urn, measure, days, percent, set_by, set_on) SELECT DISTINCT school_urn, 'attendance', daterange '[2025-09-01,2026-08-01)', 95, who, date '2025-09-01' FROM pair;
INSERT INTO r.dual_registration (school_urn, pupil_id, other_school, from_day, main) SELECT school_urn, pupil_id, 'Other', '2024-09-01', true FROM pair;
INSERT INTO r.joint_enquiry (school_urn, pupil_id, started_on, school_person, authority_person) SELECT school_urn, pupil_id, '2025-09-08', who, 'Officer' FROM pair;
INSERT INTO r.return_sent (kind, school_urn, pupil_id, covers, sent_at, sent_to) SELECT 'attendance', school_urn, pupil_id, '[2024-09-09,2024-09-10)', now(), who FROM pair;
INSERT INTO r.sickness_forecast (school_urn, pupil_id, first_day, believed_on, expected_days, grounds) SELECT school_urn, pupil_id, '2025-09-08', '2025-09-08', 15, who FROM pair;
INSERT INTO r.school_feature (school_urn, feature, value) SELECT urn, 'idaci', 0.5 FROM r.school;
INSERT INTO r.attendance_order (school_urn, pupil_id, made_on, authority, revoked_on) SELECT school_urn, pupil_id, '2024-09-01', who, '2025-07-18' FROM pair;
INSERT INTO r.reading (what, school_urn, pupil_id) SELECT 'pupil file', school_urn, pupil_id FROM pair;
INSERT INTO r.suspension (school_urn, pupil_id, kind, sessions, grounds, decided_by) SELECT school_urn, pupil_id, 'suspension', '{[2025-09-10 AM,2025-09-10 PM]}', who, who FROM pair;
INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
SELECT school_urn, pupil_id, '{[2024-11-04 AM,2025-07-18 PM]}', who, pupil_id, who, who, '2024-11-01', '{2025-01-06}', 'agreed' FROM pair;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status) VALUES (100003, 11, '2025-09-01', 'S'), (100003, 12, '2025-09-01', 'G');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT urn, 11, '2025-09-22', 'AM', '/' FROM unnest('{100002,100003}'::int[]) urn;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT school_urn, pupil_id, '2025-09-22', 'PM', 'E' FROM pair;
-- amendments, some of them unsigned
UPDATE r.mark SET mark = 'I', reason = CASE school_urn WHEN 100001 THEN 'ill' ELSE 'Foreign' END WHERE day = '2025-09-08' AND session = 'AM' AND pupil_id IN (1, 11, 26);
INSERT INTO r.agreed_action (case_id, action, owner, due_on) SELECT case_id, opened_because, opened_because, '2025-10-01' FROM r.attendance_case;
INSERT INTO r.family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, reached, said, made_by) SELECT school_urn, pupil_id, pupil_id, 'listening', 'meeting', '2025-09-16 09:00', true, who, who FROM pair;
INSERT INTO r.notice_to_improve (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day)
SELECT school_urn, pupil_id, pupil_id, '{[2025-09-08 AM,2025-09-12 PM]}', '2025-09-19', who, who, who, '2025-09-22', '2025-10-17' FROM pair;
INSERT INTO r.office_holder (office, school_urn, name, from_day) SELECT DISTINCT 'senior champion', school_urn, who, date '2025-09-01' FROM pair;
INSERT INTO r.person (person_id, full_name) SELECT pupil_id, who || ' Person' FROM pair;
UPDATE r.contact c SET person_id = c.pupil_id, relationship = 'mother', entered_by = 'x', title = 'x', reason = 'x';
INSERT INTO r.planned_mark (school_urn, pupil_id, session, mark, leave_id) SELECT school_urn, pupil_id, '2025-09-22 AM', mark, leave_id FROM r.leave_of_absence;
INSERT INTO r.registration_policy (school_urn, from_day) SELECT DISTINCT school_urn, date '2024-09-01' FROM pair;
INSERT INTO r.relevant_school (school_urn, from_day, to_day, relevant, source) SELECT DISTINCT school_urn, date '2024-09-01', date '2026-08-31', true, who FROM pair;
INSERT INTO r.taken_over (school_urn, days, reason, decided_by, title) SELECT DISTINCT school_urn, daterange '[2024-09-03,2024-09-06)', who, who, 'x' FROM pair;
INSERT INTO r.backup_record (school_urn, made_at, covers_from, covers_to, medium, location, retain_until) SELECT DISTINCT school_urn, timestamptz '2025-09-30 18:00', date '2025-09-01', date '2025-09-30', 'print', who, date '2032-09-30' FROM pair;
INSERT INTO r.contact_former (contact_id, to_day, is_parent, lives_with, entered_by, title, reason) SELECT pupil_id, '2024-09-01', true, false, 'x', 'x', 'x' FROM pair;
