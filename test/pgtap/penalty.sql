-- The penalty-notice watch: windows, parents and steps reckoned by hand, and notices with what is due.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

-- The school weeks of 100001 in autumn 2025 begin on
--   1: 1 September (4 and 5 only), 2: 8, 3: 15, 4: 22, 5: 29 September, 6: 6, 7: 13, 8: 20 October,
--   (27 October: half term,) 9: 3, 10: 10, 11: 17, 12: 24 November, 13: 1, 14: 8, 15: 15 December.
-- June and July 2025 are added, seven weeks from 2 June to 18 July; before them are the eight of autumn 2024, 3 September to 24 October; 100004 opens in 2023/24 and 2025/26, with a week of closures from 29 September 2025.
SELECT add_academic_year('r', 2023) \g /dev/null
INSERT INTO r.school_day (school_urn, day) SELECT 100001, d FROM generate_series(timestamp '2025-06-02', '2025-07-18', '1 day') d WHERE extract(isodow FROM d) < 6;
INSERT INTO r.school_day (school_urn, day) SELECT 100004, d FROM generate_series(timestamp '2024-06-03', '2024-06-28', '1 day') d WHERE extract(isodow FROM d) < 6;
INSERT INTO r.school_day (school_urn, day, morning, afternoon, closure)
SELECT 100004, d, closed IS NULL, closed IS NULL, closed
FROM generate_series(timestamp '2025-09-08', '2025-11-21', '1 day') d, LATERAL (SELECT CASE WHEN d BETWEEN '2025-09-29' AND '2025-10-03' THEN 'floods' END AS closed) c
WHERE extract(isodow FROM d) < 6;
INSERT INTO r.school (urn, name, phase, type, la_number) VALUES (100005, 'Independent', 'Secondary', 'Independent schools', 380);
INSERT INTO r.school_day (school_urn, day) SELECT 100005, d FROM generate_series(timestamp '2025-09-08', '2025-10-24', '1 day') d WHERE extract(isodow FROM d) < 6;

-- 32 becomes of compulsory school age on 31 December 2025; for 44 and 45 it ended on 27 June 2025
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (32, 'Small', 'B', '2020-11-01'), (33, 'Past', 'C', '2012-03-01'),
    (41, 'Gap', 'A', '2015-03-01'), (42, 'Gap', 'B', '2015-03-01'), (43, 'Paying', 'C', '2015-03-01'), (44, 'Over', 'D', '2009-03-01'), (45, 'Over', 'E', '2009-03-01'),
    (46, 'Flood', 'F', '2015-03-01'), (47, 'Dual', 'G', '2015-03-01'), (48, 'None', 'H', '2015-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at)
SELECT 100001, pupil, date '2024-09-01', date '2025-09-12', 'A', 'Other School', '2025-09-12 16:00' FROM unnest('{41,42}'::int[]) pupil;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status) VALUES (100001, 32, '2024-09-01', 'C'), (100004, 33, '2023-09-01', 'C'), (100003, 41, '2025-11-03', 'C'),
    (100003, 42, '2025-11-03', 'C'), (100005, 43, '2025-09-01', 'C'), (100001, 44, '2024-09-01', 'C'), (100001, 45, '2024-09-01', 'C'), (100004, 46, '2025-09-01', 'C'),
    (100001, 47, '2025-09-01', 'M'), (100003, 47, '2025-09-01', 'S'), (100001, 48, '2025-09-01', 'C');
-- steps.sql is about what a notice needs
INSERT INTO r.rule_setting SELECT urn, rule, 'record', 'test', 'test' FROM r.school, unnest('{no offence,prosecution,entry changed,orders}'::text[]) AS rule;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, to_day) SELECT pupil * 10 + 1, pupil, 'First of ' || pupil, true, NULL FROM r.enrolment e, LATERAL (SELECT e.pupil_id) AS p (pupil) WHERE pupil <> 48 GROUP BY pupil;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, to_day) VALUES (92, 9, 'Second of 9', true, NULL), (93, 9, 'Aunt of 9', false, NULL), (94, 9, 'Was a parent of 9', true, '2025-09-01');

-- One mark for every session that the school holds in those days.
CREATE FUNCTION fill(pupil bigint, first_day date, last_day date, am text, pm text DEFAULT NULL, school int DEFAULT 100001) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT school, pupil, d.day, s.session, s.mark::session_mark
    FROM r.school_day d CROSS JOIN LATERAL (VALUES ('AM', am, d.morning), ('PM', coalesce(pm, am), d.afternoon)) AS s (session, mark, held)
    WHERE d.school_urn = school AND d.day BETWEEN first_day AND last_day AND s.held AND s.mark <> ''
$$;
CREATE FUNCTION mornings(pupil bigint, mark text, days date[], school int DEFAULT 100001) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT school, pupil, d, 'AM', mark::session_mark FROM unnest(days) d
$$;
CREATE FUNCTION watch(as_of date, pupil bigint) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s: %s..%s %s=%s+%s+%s+%s met %s %s', school_urn, coalesce(parent, 'nobody'), first_day, last_day, sessions, g, n, o, u, met_on, met_session), '; ' ORDER BY contact_id)
    FROM r.penalty_watch(as_of) WHERE pupil_id = pupil
$$;
CREATE FUNCTION step(as_of date, pupil bigint) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s: %s after %s (%s), %s in %s, %s in %s; %s', parent, step, previous_notices, last_notice_on, reduced_amount, reduced_days, amount, days, against), ' / ' ORDER BY contact_id)
    FROM r.penalty_watch(as_of) WHERE pupil_id = pupil
$$;
CREATE FUNCTION near(as_of date, pupil bigint, at_least integer DEFAULT 6) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s: %s..%s %s, %s left', parent, first_day, last_day, sessions, sessions_left), '; ' ORDER BY contact_id)
    FROM r.penalty_approaching(as_of, NULL, at_least) WHERE pupil_id = pupil
$$;

-- ---------- the window ----------

-- 1: one U in each of the weeks 2 to 11, ten weeks about the half term
SELECT mornings(1, 'U', '{2025-09-08,2025-09-15,2025-09-22,2025-09-29,2025-10-06,2025-10-13,2025-10-20,2025-11-03,2025-11-10,2025-11-17}') \g /dev/null
-- 2: the same without the last: 9
SELECT mornings(2, 'U', '{2025-09-08,2025-09-15,2025-09-22,2025-09-29,2025-10-06,2025-10-13,2025-10-20,2025-11-03,2025-11-10}') \g /dev/null
-- 3: weeks 1 to 9 and 11: ten sessions in eleven weeks, with the whole of week 10 closed unexpectedly: 9 in weeks 2 to 11
SELECT mornings(3, 'O', '{2025-09-04,2025-09-08,2025-09-15,2025-09-22,2025-09-29,2025-10-06,2025-10-13,2025-10-20,2025-11-03,2025-11-17}'),
    fill(3, '2025-11-10', '2025-11-14', 'Y4') \g /dev/null
-- 4: six sessions in July, the weeks of 7 and 14 July, and four in the weeks 1 to 3: five weeks
SELECT fill(4, '2025-07-11', '2025-07-15', 'G'), mornings(4, 'O', '{2025-09-04,2025-09-08,2025-09-15,2025-09-16}') \g /dev/null
-- 10: ten sessions of G, O, U mixed, and illness, lateness and attendance, which do not count
SELECT fill(10, '2025-09-08', '2025-09-09', 'G'), fill(10, '2025-09-10', '2025-09-11', 'O', 'U'), fill(10, '2025-09-12', '2025-09-12', 'I', 'L'), fill(10, '2025-09-15', '2025-09-15', '/', 'O'), fill(10, '2025-09-16', '2025-09-16', 'O', '\') \g /dev/null
SELECT is(watch('2025-11-21', 1), '100001 First of 1: 2025-09-08..2025-11-21 10=0+0+0+10 met 2025-11-17 AM', 'exactly 10 in 10 school weeks, about the half term');
SELECT is(watch('2025-11-17', 1), '100001 First of 1: 2025-09-08..2025-11-17 10=0+0+0+10 met 2025-11-17 AM', 'on the day');
SELECT is(watch('2025-11-16', 1), NULL, 'and not on the day before it');
SELECT is(near('2025-11-16', 1), 'First of 1: 2025-09-04..2025-11-14 9, 1 left', 'when there were 9 in the weeks 1 to 10');
SELECT is(watch('2025-11-21', 2), NULL, '9 are not 10');
SELECT is(near('2025-11-21', 2), 'First of 2: 2025-09-08..2025-11-21 9, 1 left', 'but near');
SELECT is(near('2025-11-21', 2, 10), NULL, 'if asked for 6 or more, not for 10');
SELECT is(near('2025-11-21', 2, NULL), near('2025-11-21', 2), 'NULL is 6');
SELECT is(near('2025-11-21', 1), NULL, 'who has met it is not near it');
SELECT is(near('2025-12-19', 2), NULL, 'in week 15 the window is 6 to 15: 5 are left');
SELECT is(watch('2025-11-21', 3), NULL, '10 in 11 weeks are not met, a week that the school lost to Y4 is one of them');
SELECT is(near('2025-11-21', 3), 'First of 3: 2025-09-08..2025-11-21 9, 1 left', 'there are 9 in 10');
SELECT is(watch('2025-09-19', 4), '100001 First of 4: 2025-06-02..2025-09-19 10=6+0+4+0 met 2025-09-16 AM', 'across the summer, in two academic years');
SELECT is(watch('2025-09-19', 10), '100001 First of 10: 2025-06-02..2025-09-19 10=4+0+4+2 met 2025-09-16 AM', 'G, O and U together, and nothing else');
-- met in week 11; the ten weeks from 11 on go to week 15 and, as nothing more is in the calendar, on
SELECT is(watch('2026-01-31', 1), '100001 First of 1: 2025-09-08..2025-11-21 10=0+0+0+10 met 2025-11-17 AM', 'it stays on the list');
SELECT is(watch('2025-11-21', 10), '100001 First of 10: 2025-06-02..2025-09-19 10=4+0+4+2 met 2025-09-16 AM', 'met in week 3, seen from week 11, the ninth after it but one');
SELECT is(watch('2025-11-28', 10), '100001 First of 10: 2025-06-02..2025-09-19 10=4+0+4+2 met 2025-09-16 AM', 'and from week 12, the ninth after it');
SELECT is(watch('2025-12-05', 10), NULL, 'for ten school weeks');

-- 46: six sessions in the week of 8 September, four in that of 17 November; eleven weeks, of which one is closed
SELECT fill(46, '2025-09-08', '2025-09-10', 'O', school => 100004), fill(46, '2025-11-17', '2025-11-18', 'O', school => 100004) \g /dev/null
SELECT is(watch('2025-11-21', 46), '100004 First of 46: 2025-09-08..2025-11-21 10=0+0+10+0 met 2025-11-18 PM', 'a week in which the school holds no session is no school week');

-- ---------- facts with dates ----------

-- 51 to 54: ten sessions in the week of 8 September; a guest from Thursday on, until Thursday, from December on, always
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT p, 'Guest', 'A', '2015-03-01' FROM generate_series(51, 54) p;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status) SELECT 100001, p, '2024-09-01', CASE p WHEN 52 THEN 'G' ELSE 'C' END FROM generate_series(51, 54) p;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) SELECT p * 10 + 1, p, 'First of ' || p, true FROM generate_series(51, 54) p;
SELECT fill(p, '2025-09-08', '2025-09-12', 'O') FROM generate_series(51, 54) p \g /dev/null
UPDATE r.enrolment SET status = 'G', holds_from = '2025-09-11', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 51;
UPDATE r.enrolment SET status = 'C', holds_from = '2025-09-11', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 52;
UPDATE r.enrolment SET status = 'G', holds_from = '2025-12-01', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 53;
UPDATE r.enrolment SET status = 'G', holds_from = '2000-01-01', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 54;
SELECT is(near('2025-09-30', 52, 4), 'First of 52: 2025-06-16..2025-09-30 4, 6 left', 'sessions of a guest do not count, those after it do');
SELECT is(near('2025-09-30', 51, 4), 'First of 51: 2025-06-16..2025-09-30 6, 4 left', 'nor those of who has become one');
SELECT is(watch('2025-09-30', 53), '100001 First of 53: 2024-10-21..2025-09-12 10=0+0+10+0 met 2025-09-12 PM', 'who becomes a guest later was none');
SELECT is(coalesce(watch('2025-09-30', 54), near('2025-09-30', 54, 1)), NULL, 'nothing of who always was one');
SELECT is((SELECT string_agg(o.absences || ' ' || o.in_weeks, ', ' ORDER BY p) FROM generate_series(51, 54) p CROSS JOIN LATERAL r.penalty_offence(100001, p, '{[2025-09-08 AM,2025-09-12 PM]}', '2025-09-30') o),
    '6 6, 4 4, 10 10, 0 0', 'nor are they an offence here');
-- a parent from 1 October on, and until then
UPDATE r.contact SET is_parent = false, holds_from = '2025-10-01', entered_by = 'x', title = 'y', reason = 'z' WHERE contact_id = 531;
SELECT is(step('2025-09-30', 53) IS NOT NULL AND watch('2025-09-30', 53) LIKE '%First of 53%', true, 'who was a parent on the day');
SELECT is(watch('2025-10-01', 53) LIKE '100001 nobody:%', true, 'is none the day after');

-- ---------- moves ----------

-- 21: five at 100001 in week 7, five at 100002 in week 9
SELECT fill(21, '2025-10-13', '2025-10-14', 'O'), mornings(21, 'O', '{2025-10-15}'), fill(21, '2025-11-03', '2025-11-04', 'U', school => 100002), mornings(21, 'U', '{2025-11-08}', 100002) \g /dev/null
SELECT is(watch('2025-11-07', 21), NULL, '5 and 4');
SELECT is(near('2025-11-07', 21), 'First of 21: 2025-07-14..2025-11-07 9, 1 left', 'are 9');
SELECT is(watch('2025-11-08', 21), '100002 First of 21: 2025-07-14..2025-11-08 10=0+0+5+5 met 2025-11-08 AM', 'sessions at both schools count, for the school of the day');
SELECT is((SELECT count(*) FROM r.penalty_watch('2025-11-08', '{100001}') WHERE pupil_id = 21), 0::bigint, 'which alone asks for it');
SELECT is((SELECT count(*) FROM r.penalty_watch('2025-11-08', '{100002}') WHERE pupil_id = 21), 1::bigint, 'and finds it');
-- 41, 42: six in week 2, then on no roll until week 9, four in week 11 or 12: the weeks between count
SELECT fill(p, '2025-09-08', '2025-09-10', 'O') FROM unnest('{41,42}'::int[]) p \g /dev/null
SELECT fill(41, '2025-11-17', '2025-11-18', 'O', school => 100003), fill(42, '2025-11-24', '2025-11-25', 'O', school => 100003) \g /dev/null
SELECT is(watch('2025-11-28', 41), '100003 First of 41: 2025-09-08..2025-11-23 10=0+0+10+0 met 2025-11-18 PM', 'weeks between two schools count: 2 to 11');
SELECT is(watch('2025-11-28', 42), NULL, '2 to 12 are too many');
-- 47: at two schools at the same time, weeks are those of both
SELECT fill(47, '2025-09-08', '2025-09-10', 'O', 'D'), fill(47, '2025-09-08', '2025-09-10', 'D', 'O', school => 100003), fill(47, '2025-09-11', '2025-09-12', 'O', 'D') \g /dev/null
SELECT is(near('2025-09-14', 47), 'First of 47: 2024-10-21..2025-09-14 8, 2 left', 'dual registration: 5 and 3');
SELECT fill(47, '2025-09-15', '2025-09-15', 'O') \g /dev/null
SELECT is(watch('2025-09-15', 47), '100001 First of 47: 2025-06-02..2025-09-15 10=0+0+10+0 met 2025-09-15 PM', 'and 2: listed at the main school');

-- ---------- who ----------

SELECT fill(32, '2025-09-08', '2025-09-19', 'O'), fill(43, '2025-09-08', '2025-09-19', 'O', school => 100005),
    fill(44, '2025-06-25', '2025-07-01', 'O'), fill(45, '2025-06-20', '2025-06-26', 'O'), fill(45, '2025-06-27', '2025-07-01', 'O'), fill(48, '2025-09-08', '2025-09-12', 'O') \g /dev/null
SELECT is(watch('2025-09-30', 32), NULL, 'not yet of compulsory school age');
SELECT is(watch('2025-09-30', 43), NULL, 'independent schools have no penalty notices');
SELECT is(watch('2025-07-04', 44), NULL, '6 sessions up to the day on which compulsory school age ended');
SELECT is(watch('2025-07-04', 45), '100001 First of 45: 2024-09-16..2025-06-27 12=0+0+12+0 met 2025-06-26 PM', '12 of 16 were before its end');
SELECT is(watch('2025-09-30', 48), '100001 nobody: 2024-10-21..2025-09-12 10=0+0+10+0 met 2025-09-12 PM', 'no parent is known');
SELECT is((SELECT against FROM r.penalty_watch('2025-09-30') WHERE pupil_id = 48), '{"no parent known","no support recorded"}', 'which is said');

-- ---------- amendments ----------

SELECT fill(5, '2025-09-08', '2025-09-12', 'N') \g /dev/null
SELECT is(step('2025-09-12', 5), 'First of 5: first penalty notice after 0 (), 80.00 in 21, 160.00 in 28; {"no support recorded","N open: 10 of 10 sessions","below 10 without N"}', 'N counts while it stands');
UPDATE r.mark SET mark = 'O' WHERE pupil_id = 5 AND day < '2025-09-12';
SELECT is(watch('2025-09-12', 5), '100001 First of 5: 2024-10-21..2025-09-12 10=0+2+8+0 met 2025-09-12 PM', 'O in place of N');
UPDATE r.mark SET mark = 'I' WHERE pupil_id = 5 AND day = '2025-09-09' AND session = 'AM';
SELECT is(watch('2025-09-12', 5), NULL, 'an amendment takes it back');
SELECT is(near('2025-09-12', 5), 'First of 5: 2024-10-21..2025-09-12 9, 1 left', 'to 9');

-- ---------- support ----------

SELECT fill(6, '2025-09-08', '2025-09-12', 'O') \g /dev/null
INSERT INTO r.attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, accepted, from_day, to_day, description)
VALUES (100001, 6, 61, 'attendance contract', '2025-09-01', true, '2025-09-10', '2025-12-19', 'Breakfast club; the parent brings the pupil'),
    (100001, 6, NULL, 'voluntary support', '2025-09-01', false, NULL, NULL, 'Early help');
INSERT INTO r.notice_to_improve (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day)
VALUES (100001, 6, 61, '{[2025-09-08 AM,2025-09-13 AM)}', '2025-09-15', 'Kim Oak', 'Contract', 'No unauthorised absence', '2025-09-16', '2025-10-10');
SELECT is((SELECT against FROM r.penalty_watch('2025-09-12') WHERE pupil_id = 6), '{"attendance contract to 2025-12-19"}', 'what runs');
SELECT is((SELECT against FROM r.penalty_watch('2025-10-10') WHERE pupil_id = 6), '{"attendance contract to 2025-12-19","notice to improve to 2025-10-10"}', 'to its last day');
SELECT is((SELECT against FROM r.penalty_watch('2025-10-11') WHERE pupil_id = 6), '{"attendance contract to 2025-12-19"}', 'not after it');
UPDATE r.notice_to_improve SET outcome = 'not improved', decided_on = '2025-09-26';
SELECT is((SELECT against FROM r.penalty_watch('2025-09-26') WHERE pupil_id = 6), '{"attendance contract to 2025-12-19"}', 'nor after the decision');

-- ---------- notices ----------

CREATE FUNCTION notice(contact bigint, issued date, sessions text DEFAULT NULL, extra text DEFAULT '') RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by%s) VALUES (100001, %s, %s, %L, %L, ''Kim Oak''%s)',
    split_part(extra, '|', 1), contact / 10, contact, coalesce(sessions, format('{[%s AM,%1$s PM)}', issued)), issued, split_part(extra, '|', 2));

-- 9 has two parents; ten sessions in week 2
SELECT fill(9, '2025-09-08', '2025-09-12', 'O') \g /dev/null
SELECT is(watch('2025-09-19', 9), '100001 First of 9: 2024-10-21..2025-09-12 10=0+0+10+0 met 2025-09-12 PM; 100001 Second of 9: 2024-10-21..2025-09-12 10=0+0+10+0 met 2025-09-12 PM', 'each parent, nobody else');
SELECT is(outcome(notice(91, '2025-09-22', '{[2025-09-08 AM,2025-09-13 AM)}', ', received_on|, ''2025-09-24'''), true), 'accepted', 'a notice to one of them');
SELECT is(step('2025-09-26', 9), 'Second of 9: first penalty notice after 0 (), 80.00 in 21, 160.00 in 28; {"no support recorded"}', 'its sessions are dealt with, for that parent');
SELECT is(step('2025-09-21', 9), 'First of 9: first penalty notice after 0 (), 80.00 in 21, 160.00 in 28; {"no support recorded"} / Second of 9: first penalty notice after 0 (), 80.00 in 21, 160.00 in 28; {"no support recorded"}', 'not before it was issued');
SELECT fill(9, '2025-09-29', '2025-10-03', 'G') \g /dev/null
SELECT is(near('2025-10-02', 9), 'First of 9: 2025-06-16..2025-10-02 8, 2 left', 'new ones count');
SELECT is(watch('2025-10-03', 9), '100001 First of 9: 2025-06-16..2025-10-03 10=10+0+0+0 met 2025-10-03 PM; 100001 Second of 9: 2025-06-16..2025-10-03 20=10+0+10+0 met 2025-09-12 PM', 'from week 5 only, or all');
SELECT is(step('2025-10-03', 9), 'First of 9: second penalty notice after 1 (2025-09-22),  in , 160.00 in 28; {"no support recorded"} / Second of 9: first penalty notice after 0 (), 80.00 in 21, 160.00 in 28; {"no support recorded"}', 'a second one has no reduction');
SELECT is((SELECT step FROM r.penalty_notice), 1, 'the first');
SELECT is(outcome(notice(91, '2025-10-06', '{[2025-09-29 AM,2025-10-04 AM)}', ', received_on|, ''2025-10-06'''), true), 'accepted', 'the second');
SELECT is((SELECT array_agg(step ORDER BY issued_on) FROM r.penalty_notice), '{1,2}', 'is one');
SELECT fill(9, '2025-11-24', '2025-11-28', 'O') \g /dev/null
SELECT is(step('2025-11-28', 9), 'First of 9: no further notice: another measure after 2 (2025-10-06),  in ,  in ; {"no support recorded"} / Second of 9: first penalty notice after 0 (), 80.00 in 21, 160.00 in 28; {"no support recorded"}', 'no third');

SELECT is(outcome(command, true), wanted, label) FROM (VALUES
    (notice(91, '2025-10-20'), 'AT060: contact 91 of pupil 9 would have more than 2 penalty notices in the 3 years to 2025-10-20; another measure is used instead', 'a third within three years'),
    (notice(91, '2024-08-19'), 'AT060: contact 91 of pupil 9 would have more than 2 penalty notices in the 3 years to 2025-10-06; another measure is used instead', 'entered last, issued first'),
    (notice(91, '2024-08-18'), 'accepted', 'one from before the framework'),
    (notice(91, '2022-10-06'), 'accepted', 'and an old one')) AS v (command, wanted, label);
-- with one year instead of three: the year that ends on 21 September 2025 begins on 22 September 2024
UPDATE r.penalty_framework SET years = 1 WHERE la_number IS NULL;
SELECT is(outcome(command, true), wanted, label) FROM (VALUES
    (notice(92, '2024-09-22'), 'accepted', 'the other parent'),
    (notice(92, '2024-10-07'), 'accepted', 'a second time'),
    (notice(92, '2025-09-21'), 'AT060: contact 92 of pupil 9 would have more than 2 penalty notices in the 1 years to 2025-09-21; another measure is used instead', 'a third on the last day of the year'),
    (notice(92, '2025-09-21', extra => ', withdrawn_on, withdrawal_reason|, ''2025-09-22'', ''Third'''), 'accepted', 'one that is withdrawn'),
    ('UPDATE r.penalty_notice SET withdrawn_on = NULL, withdrawal_reason = NULL WHERE withdrawn_on IS NOT NULL', 'AT060: contact 92 of pupil 9 would have more than 2 penalty notices in the 1 years to 2025-09-21; another measure is used instead', 'as long as it is'),
    (notice(92, '2025-09-22'), 'accepted', 'one on the day after'),
    ('UPDATE r.penalty_notice SET received_on = ''2025-10-06'' WHERE contact_id = 91 AND step = 2', 'accepted', 'what is there stays possible')) AS v (command, wanted, label);
UPDATE r.penalty_framework SET years = 3 WHERE la_number IS NULL;
SELECT is((SELECT string_agg(issued_on || ' ' || step || ' ' || counts, ', ' ORDER BY issued_on) FROM r.penalty_notice WHERE contact_id = 91),
    '2022-10-06 1 true, 2024-08-18 1 true, 2025-09-22 1 true, 2025-10-06 2 true', 'which step each is');
SELECT is((SELECT string_agg(issued_on || ' ' || step || ' ' || counts, ', ' ORDER BY issued_on) FROM r.penalty_notice WHERE contact_id = 92),
    '2024-09-22 1 true, 2024-10-07 2 true, 2025-09-21 3 false, 2025-09-22 2 true', 'of those of the year that counted on its day');

-- siblings 7 and 8: a notice for one says nothing about the other
SELECT fill(7, '2025-09-08', '2025-09-12', 'O'), fill(8, '2025-09-08', '2025-09-12', 'O') \g /dev/null
SELECT is(outcome(notice(71, '2024-08-18'), true), 'accepted', 'before 19 August 2024');
SELECT is(outcome(notice(81, '2024-09-10'), true), 'accepted', 'after it');
SELECT is(step('2025-09-12', 7), 'First of 7: first penalty notice after 0 (), 80.00 in 21, 160.00 in 28; {"no support recorded"}', 'earlier ones do not count, nor those for a sibling');
SELECT is(step('2025-09-12', 8), 'First of 8: second penalty notice after 1 (2024-09-10),  in , 160.00 in 28; {"no support recorded"}', 'those for the child do');
UPDATE r.penalty_notice SET prosecuted_on = '2024-12-01', prosecution_outcome = 'guilty' WHERE contact_id = 81;
SELECT is((SELECT previous_notices FROM r.penalty_watch('2025-09-12') WHERE pupil_id = 8), 1, 'also when the parent was found guilty');
UPDATE r.penalty_notice SET prosecution_outcome = 'not guilty' WHERE contact_id = 81;
SELECT is((SELECT previous_notices FROM r.penalty_watch('2025-09-12') WHERE pupil_id = 8), 0, 'not when found not guilty');
UPDATE r.penalty_notice SET prosecution_outcome = NULL, prosecuted_on = NULL, withdrawn_on = '2024-09-20', withdrawal_reason = 'Wrong name' WHERE contact_id = 81;
SELECT is(step('2025-09-12', 8), 'First of 8: first penalty notice after 0 (), 80.00 in 21, 160.00 in 28; {"no support recorded"}', 'nor when withdrawn');

-- ---------- what is due ----------

CREATE FUNCTION due(as_of date, contact bigint DEFAULT 91) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s: %s until %s, %s by %s: %s now, %s left, overdue %s', step, reduced_amount, reduced_until, amount, pay_by, amount_due, days_left, overdue), '; ' ORDER BY notice_id)
    FROM r.penalty_notice_due(as_of) WHERE contact_id = contact
$$;
UPDATE r.penalty_notice SET paid_on = '2024-08-30', paid_amount = 60 WHERE contact_id = 91 AND issued_on < '2025-01-01';
-- received on 24 September: 21 days to 14 October, 28 to the 21st; the second on 6 October: 28 days to 2 November
SELECT is(due('2025-09-22'), '1: 80.00 until 2025-10-14, 160.00 by 2025-10-21: 80.00 now, 29 left, overdue f', 'from its issue, and nothing for what is paid');
SELECT is(due('2025-10-14'), '1: 80.00 until 2025-10-14, 160.00 by 2025-10-21: 80.00 now, 7 left, overdue f; 2:  until , 160.00 by 2025-11-02: 160.00 now, 19 left, overdue f', 'the day of receipt is the first of 21');
SELECT is(due('2025-10-15'), '1: 80.00 until 2025-10-14, 160.00 by 2025-10-21: 160.00 now, 6 left, overdue f; 2:  until , 160.00 by 2025-11-02: 160.00 now, 18 left, overdue f', 'then it is all');
SELECT is(due('2025-10-22'), '1: 80.00 until 2025-10-14, 160.00 by 2025-10-21: 160.00 now, -1 left, overdue t; 2:  until , 160.00 by 2025-11-02: 160.00 now, 11 left, overdue f', 'and then overdue');
UPDATE r.penalty_notice SET paid_on = '2025-10-15', paid_amount = 80 WHERE contact_id = 91 AND issued_on = '2025-09-22';
SELECT is(due('2025-10-16'), '1: 80.00 until 2025-10-14, 160.00 by 2025-10-21: 160.00 now, 5 left, overdue f; 2:  until , 160.00 by 2025-11-02: 160.00 now, 17 left, overdue f', '80 were too late');
UPDATE r.penalty_notice SET paid_on = '2025-10-14' WHERE contact_id = 91 AND issued_on = '2025-09-22';
UPDATE r.penalty_notice SET prosecuted_on = '2025-11-20' WHERE contact_id = 91 AND issued_on = '2025-10-06';
SELECT is(due('2025-11-19'), '2:  until , 160.00 by 2025-11-02: 160.00 now, -17 left, overdue t', 'in time');
SELECT is(due('2025-11-20'), NULL, 'nor what is prosecuted');
SELECT is(due('2025-11-20', 92), '1: 80.00 until , 160.00 by : 80.00 now,  left, overdue f; 2:  until , 160.00 by : 160.00 now,  left, overdue f; 2:  until , 160.00 by : 160.00 now,  left, overdue f', 'not received');

-- ---------- amounts and local codes ----------

SELECT results_eq('SELECT from_day, step, reduced_amount::int, reduced_days, amount::int, days FROM r.penalty_amount ORDER BY 1, 2',
    $$ VALUES (date '1900-01-01', 1, 50, 28, 100, 42), ('2012-09-01', 1, 60, 28, 120, 42), ('2013-09-01', 1, 60, 21, 120, 28), ('2024-08-19', 1, 80, 21, 160, 28), ('2024-08-19', 2, NULL, NULL, 160, 28) $$, 'amounts');
-- 33 at 100004 in June 2024: six O and six U in the weeks of 3 and 10 June
SELECT fill(33, '2024-06-05', '2024-06-07', 'O', 'U', school => 100004), fill(33, '2024-06-10', '2024-06-12', 'O', 'U', school => 100004) \g /dev/null
SELECT is_empty('SELECT * FROM r.penalty_watch(''2024-06-14'')', 'without a local code there was no threshold');
INSERT INTO r.penalty_framework (la_number, from_day, to_day, sessions, weeks, codes, source) VALUES (380, '2020-01-01', '2024-08-18', 6, 2, '{G,O}', 'Local code');
SELECT is(watch('2024-06-14', 33), '100004 First of 33: 2024-06-03..2024-06-14 6=0+0+6+0 met 2024-06-12 AM', 'its threshold, its weeks and its codes');
SELECT is(step('2024-06-14', 33), 'First of 33: penalty notice after 0 (), 60.00 in 21, 120.00 in 28; {"no support recorded"}', 'the amounts of the time');
SELECT is(watch('2024-06-21', 33), '100004 First of 33: 2024-06-03..2024-06-14 6=0+0+6+0 met 2024-06-12 AM', 'for two school weeks');
SELECT is(watch('2024-06-28', 33), NULL, 'and no longer');
SELECT is(watch('2025-11-21', 1), '100001 First of 1: 2025-09-08..2025-11-21 10=0+0+0+10 met 2025-11-17 AM', 'the national framework goes before it');
SELECT is_empty('SELECT * FROM r.penalty_watch(NULL)', 'no day, no rows');
SELECT is_empty('SELECT * FROM r.penalty_watch(''2025-11-21'', ''{}'')', 'no schools, no rows');
SELECT is_empty('SELECT * FROM r.penalty_notice_due(NULL)', 'nothing is due on no day');

-- a prosecution begins within six months: for all absence of the sessions, and for the last of it, by the marks one by one
SELECT is(r.prosecution_limit(day), wanted, 'six months after ' || v.day) FROM (VALUES (date '2025-11-10', date '2026-05-10'), ('2025-08-30', '2026-02-28'), ('2025-08-31', '2026-02-28'), ('2023-08-31', '2024-02-29'), ('2024-02-29', '2024-08-29'), ('2025-12-31', '2026-06-30')) AS v (day, wanted);
CREATE TEMP TABLE asked AS SELECT d.* FROM generate_series(timestamp '2025-10-01', '2026-04-01', '1 month') g CROSS JOIN LATERAL r.penalty_notice_due(g::date) d;
SELECT set_eq('SELECT notice_id, prosecute_by, prosecutable_to FROM asked', $$ SELECT n.notice_id, (m.first + interval '6 months')::date AS a, (m.last + interval '6 months')::date AS b FROM r.penalty_notice n
    CROSS JOIN LATERAL (SELECT min(m.day) AS first, max(m.day) AS last FROM r.mark m WHERE m.pupil_id = n.pupil_id AND m.mark::text IN ('G', 'N', 'O', 'U') AND n.sessions @> school_session(m.day, m.session)) m
    WHERE n.notice_id IN (SELECT notice_id FROM asked) $$, 'until when a prosecution can begin');
SELECT cmp_ok((SELECT count(DISTINCT a.notice_id) FROM asked a WHERE prosecute_by < prosecutable_to), '>', 1::bigint, 'of several');
SELECT is_empty($$ SELECT FROM r.penalty_watch('2025-11-21') WHERE prosecute_by IS DISTINCT FROM (first_day + interval '6 months')::date $$, 'of all of a window');

-- ---------- constraints ----------

SELECT is(split_part(outcome(command), ':', 1), wanted, command) FROM (VALUES
    ('INSERT INTO r.penalty_framework VALUES (380, ''2024-01-01'', ''2024-08-19'', 10, 10, DEFAULT, NULL, NULL, ''x'')', '23514'),
    ('INSERT INTO r.penalty_framework VALUES (NULL, ''2024-08-19'', ''2024-08-19'', 10, 10, DEFAULT, NULL, NULL, ''x'')', '23505'),
    ('INSERT INTO r.penalty_framework VALUES (380, ''2019-01-01'', ''2019-08-19'', 10, 10, ''{I}'', NULL, NULL, ''x'')', '23514'),
    ('INSERT INTO r.penalty_framework VALUES (380, ''2019-01-01'', ''2019-08-19'', 10, 10, ''{O}'', 2, NULL, ''x'')', '23514'),
    ('INSERT INTO r.penalty_amount VALUES (''2030-01-01'', ''2030-02-01'', 1, true, 80, NULL, 160, 28, ''x'')', '23514'),
    ('INSERT INTO r.penalty_amount VALUES (''2030-01-01'', ''2030-02-01'', 1, true, 170, 21, 160, 28, ''x'')', '23514'),
    (notice(11, '2025-11-24', '{}'), '23514'), (notice(11, '2025-11-24', '{[2025-11-25 AM,)}'), '23514'), (notice(11, '2025-11-24', '{[2025-11-25 AM,2025-11-26 AM)}'), '23514'),
    (notice(11, '2025-11-24', extra => ', received_on|, ''2025-11-23'''), '23514'), (notice(11, '2025-11-24', extra => ', paid_on|, ''2025-11-25'''), '23514'),
    (notice(11, '2025-11-24', extra => ', withdrawn_on|, ''2025-11-25'''), '23514'), (notice(11, '2025-11-24', extra => ', prosecution_outcome|, ''guilty'''), '23514'),
    (notice(11, '2025-11-24', extra => ', prosecuted_on, withdrawn_on, withdrawal_reason|, ''2025-11-25'', ''2025-11-25'', ''x'''), '23514'),
    (notice(11, '2025-11-24', extra => ', issuer|, ''neighbour'''), '23514'),
    ('INSERT INTO r.attendance_support (school_urn, pupil_id, kind, offered_on, accepted, from_day, description) VALUES (100001, 1, ''attendance contract'', ''2024-01-01'', false, ''2024-01-08'', ''x'')', '23514'),
    ('INSERT INTO r.attendance_support (school_urn, pupil_id, kind, offered_on, court, description) VALUES (100001, 1, ''attendance contract'', ''2024-01-01'', ''x'', ''x'')', '23514'),
    ('UPDATE r.notice_to_improve SET decided_on = NULL', '23514'), ('UPDATE r.notice_to_improve SET to_day = ''2025-09-15''', '23514'),
    ('DELETE FROM r.penalty_notice', 'AT020'), ('DELETE FROM r.notice_to_improve', 'AT020'), ('DELETE FROM r.attendance_support', 'AT020'),
    ('INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100001, ''third notice'', ''record'', ''x'', ''y'')', '23514')) AS v (command, wanted);
SELECT is((SELECT array_agg(tgrelid::regclass::text ORDER BY tgrelid::regclass::text) FROM pg_trigger
    WHERE tgname = 'write_journal' AND tgrelid IN ('r.penalty_notice'::regclass, 'r.notice_to_improve'::regclass, 'r.attendance_support'::regclass)),
    '{r.attendance_support,r.notice_to_improve,r.penalty_notice}', 'steps are journaled');

-- ---------- a reader ----------

CREATE ROLE att_tap_penalty_reader;
GRANT USAGE ON SCHEMA r, attendance TO att_tap_penalty_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA r TO att_tap_penalty_reader;
SELECT show_all('r', 'att_tap_penalty_reader') \g /dev/null
SELECT count(*) AS wanted FROM r.penalty_watch('2025-11-21') \gset
SET LOCAL ROLE att_tap_penalty_reader;
SET LOCAL search_path = '';
SELECT pg_catalog.count(*) AS found FROM r.penalty_watch('2025-11-21') \gset
RESET ROLE;
SET LOCAL search_path = public, attendance;
SELECT ok(:found = :wanted AND :found > 5, 'reads it with an empty search path');

SELECT * FROM finish();
ROLLBACK;
