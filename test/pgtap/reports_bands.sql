-- Headline, bands, risk and movement, reckoned by hand from register/two_weeks.sql.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

-- ---------- what needs no table ----------

SELECT results_eq($$ SELECT attendance_band(t), absence_band(t), sessions_to_attend(t) FROM unnest('{present:20, present:19 authorised:1, present:189 unauthorised:11,
        present:18 authorised:2, present:101 authorised:99, present:1 authorised:1, authorised:5, present:342 authorised:38, present:343 authorised:37, not_possible:4}'::attendance_tally[]) WITH ORDINALITY AS v (t, n) ORDER BY n $$,
    $$ VALUES (1, 0, 0::bigint), (2, 1, 0), (3, 1, 0), (4, 2, 1), (4, 9, 791), (5, 10, 9), (5, 20, 46), (4, 2, 1), (3, 1, 0), (NULL, NULL, NULL) $$,
    '95 % is under no risk, 90 % persistent and 50 % severe absence; 38 of 380 is persistent, 37 is not');
-- (20 + 100 - 1) / 10 = 11.9, 11 - 2; (20 + 1 - 1) / 10 = 2, 2 - 2; (20 + 0 - 1) / 10 = 1.9, 1 - 2
SELECT is(sessions_to_miss('present:18 authorised:2', n), wanted, format('%s sessions left', n)) FROM (VALUES (100, 9::bigint), (1, 0), (0, -1), (NULL, NULL)) AS v (n, wanted);
SELECT is(sessions_to_miss('not_possible:3', 0), NULL, 'nothing to miss');
SELECT throws_ok($$ SELECT sessions_to_miss('present:1', -1) $$, '22023', NULL, 'fewer than none');
SELECT throws_ok($$ SELECT sessions_to_miss('present:1', 9223372036854775807) $$, '22003', NULL, 'too many');
SELECT throws_ok($$ SELECT absence_band('authorised:9223372036854775000') $$, '22003', NULL, 'too many to multiply');
SELECT throws_ok($$ SELECT sessions_to_attend('authorised:9223372036854775000') $$, '22003', NULL, 'likewise');

-- a Saturday, another first week, a dot and a NULL
SELECT results_eq($$ SELECT day, session, tally::text FROM group_session_tallies(ARRAY['2025-09-10 /\', NULL, '2025-09-05 I . .L', '2025-09-13 O-', 'empty']::mark_series[]) $$,
    $$ VALUES (date '2025-09-05', 'AM', 'authorised:1'), ('2025-09-10', 'AM', 'present:1'), ('2025-09-10', 'PM', 'present:1'), ('2025-09-13', 'AM', 'unauthorised:1'),
              ('2025-09-13', 'PM', 'unmarked:1'), ('2025-09-15', 'PM', 'present:1 late_before_close:1') $$, 'sessions of a group of lines');
SELECT results_eq($$ SELECT week, tally::text, enrolments, with_absence FROM group_weekly_tallies(ARRAY['2025-09-10 /\DD . II', NULL, '2025-09-05 I . .L', '2025-09-08 DD', '2025-09-22 O', 'empty']::mark_series[]) $$,
    $$ VALUES (date '2025-09-01', 'authorised:1', 1::bigint, 1::bigint), ('2025-09-08', 'present:2 not_possible:4', 1, 0), ('2025-09-15', 'present:1 late_before_close:1', 1, 0),
              ('2025-09-22', 'authorised:2 unauthorised:1', 2, 2) $$, 'weeks of a group of lines');
SELECT is((SELECT count(*) FROM group_session_tallies(NULL)) + (SELECT count(*) FROM group_weekly_tallies('{}')) + (SELECT count(*) FROM group_session_tallies('{NULL,empty}')), 0::bigint, 'of none');
SELECT throws_ok($$ SELECT * FROM group_weekly_tallies('{1900-01-01 /,2999-12-31 /}') $$, '54000', NULL, 'too far apart');
SELECT results_eq($$ SELECT week, counts::text FROM group_weekly_counts(ARRAY['2025-09-10 /\DD . II', NULL, '2025-09-05 I . .L', '2025-09-08 DD', '2025-09-11 .\//', '2025-09-22 O', 'empty']::mark_series[]) $$,
    $$ VALUES (date '2025-09-01', 'I:1'), ('2025-09-08', '/:2 \:3 D:4'), ('2025-09-15', 'L:1'), ('2025-09-22', 'I:2 O:1') $$, 'codes of the weeks of a group of lines');
SELECT is_empty($$ SELECT week, counts::text FROM group_weekly_counts(ARRAY(SELECT marks FROM r.register_line)) EXCEPT
    SELECT w.week, mark_counts_agg(mark_counts(l.marks, daterange(w.week, w.week + 7)))::text FROM r.register_line l, (SELECT DISTINCT week FROM r.register_line o, weekly_tallies(o.marks)) w GROUP BY w.week $$,
    'as counted week by week');
SELECT throws_ok($$ SELECT * FROM group_weekly_counts('{1900-01-01 /,2999-12-31 /}') $$, '54000', NULL, 'too far apart, by code');
SELECT is_empty($$ SELECT part, whole FROM generate_series(0::bigint, 200) AS part, generate_series(0::bigint, 200) AS whole
    WHERE rounded_percent(part, whole) IS DISTINCT FROM round(100.0 * part / nullif(whole, 0), 2) $$, 'percentages to two places');
SELECT is(rounded_percent(p, w), round(100 * p::numeric / w, 2), format('%s of %s', p, w))
FROM (VALUES (230584300921369, 461168601842738), (230584300921370, 461168601842739), (9223372036854775807, 3), (-1, 3), (1, -8)) AS v (p, w);
SELECT is_empty($$ SELECT day FROM generate_series('1900-01-01'::date, '2999-12-31', '17 days') AS d (day) WHERE date_key(d.day::date) IS DISTINCT FROM to_char(d.day, 'YYYYMMDD')::integer $$, 'days as numbers');
SELECT throws_ok($$ SELECT date_key('infinity') $$, '22008', NULL, 'but none that a register cannot have');
SELECT is((SELECT array_agg(ARRAY[possible_weeks(s), broken_weeks(s)]) FROM unnest('{2025-09-10 /\\DD . II, 2025-09-08 DD OO, empty, NULL}'::mark_series[]) AS s), '{{2,1},{1,1},{0,0},{NULL,NULL}}', 'weeks of a line');

-- ---------- headline ----------

-- nobody has marked 7 pupils of 100001 in 20 sessions, 10 of 100002 in 22, and one of 100003 in 24
SELECT results_eq('SELECT days, school_count, enrolments, unique_pupils, possible, attended, present, approved_activity, absent, authorised, unauthorised, late_before_close, late_after_close, not_possible, unmarked FROM r.headline(''[2025-09-08,2025-09-20)'')',
    $$ VALUES (daterange('2025-09-08', '2025-09-20'), 1::bigint, 6::bigint, 6::bigint, 116::bigint, 101::bigint, 101::bigint, 0::bigint, 15::bigint, 12::bigint, 3::bigint, 1::bigint, 1::bigint, 24::bigint, 384::bigint) $$, 'headline: sessions');
-- 101 / 116, 15 / 116, 12 / 116, 3 / 116, 1 / 116; pupils 4 and 5 of 6 persistently, 5 severely; 15 sessions are 7.5 days, of 6 pupils 1.25
SELECT results_eq('SELECT round(attendance_percent, 4), round(absence_percent, 4), round(authorised_percent, 4), round(unauthorised_percent, 4), round(late_before_close_percent, 4), round(late_after_close_percent, 4),
        persistently_absent, round(persistent_absence_percent, 4), severely_absent, round(severe_absence_percent, 4), round(days_lost, 2), round(days_lost_per_pupil, 2) FROM r.headline(''[2025-09-08,2025-09-20)'')',
    $$ VALUES (87.0690, 12.9310, 10.3448, 2.5862, 0.8621, 0.8621, 2::bigint, 33.3333, 1::bigint, 16.6667, 7.50, 1.25) $$, 'headline: rates');
SELECT results_eq('SELECT school_urn, school_name, days, possible, absent, persistently_absent FROM r.headline_by_school(''[2025-09-08,2025-09-20)'')',
    $$ VALUES (100001, 'School 100001', daterange('2025-09-08', '2025-09-20'), 116::bigint, 15::bigint, 2::bigint),
        (100002, 'School 100002', daterange('2025-09-08', '2025-09-20'), 0, 0, 0), (100003, 'School 100003', daterange('2025-09-08', '2025-09-20'), 0, 0, 0) $$, 'by school, those without a mark too');
-- 8 to 12: 5 * 10 + 6 possible, 1 + 1 + 2 + 10 absent
SELECT results_eq('SELECT possible, absent, persistently_absent, persistent_absence_percent, severely_absent, severe_absence_percent FROM r.headline(''week 2025-09-10'')',
    $$ VALUES (56::bigint, 14::bigint, NULL::bigint, NULL::numeric, NULL::bigint, NULL::numeric) $$, 'a week has no persistent absence');
SELECT is(r.states_persistent_absence(p), wanted, p) FROM (VALUES ('day 2025-09-08', false), ('[2025-09-08,2025-09-15)', false), ('[2025-09-08,2025-09-16)', true), ('half term 2025-09-08', true),
    ('term 2025-09-08', true), ('2025/26', true), (NULL, NULL)) AS v (p, wanted);
SELECT results_eq('SELECT days, school_count, enrolments, possible, attendance_percent, persistently_absent, persistent_absence_percent, days_lost, days_lost_per_pupil FROM r.headline(''2024/25'', schools => ''{100004}'')',
    $$ VALUES (daterange('2024-08-01', '2025-08-01'), 0::bigint, 0::bigint, 0::bigint, NULL::numeric, 0::bigint, NULL::numeric, 0.0, NULL::numeric) $$, 'nobody');
SELECT is((SELECT possible FROM r.headline(NULL)), 0::bigint, 'no period');
SELECT is((SELECT possible FROM r.headline('2025/26', schools => '{100002}')), 0::bigint, 'another school');
SELECT throws_ok(format('SELECT * FROM r.%s', q), '22023', NULL, q) FROM unnest('{headline(''soon''),"headline(''2025/26'', ''some'')","attendance_bands(''2025/26'', ''some'')",pupils_at_risk(''soon''),weekday_absence(''soon''),unmarked_by_group(''soon'')}'::text[]) AS q;

-- ---------- bands ----------

SELECT results_eq('SELECT band, percentages, enrolments, all_enrolments, round(enrolments_percent, 2), absent, all_absent, round(absent_percent, 2) FROM r.attendance_bands(''[2025-09-08,2025-09-20)'')',
    $$ VALUES (1, numrange(100, 100, '[]'), 1::bigint, 6::bigint, 16.67, 0::bigint, 15::bigint, 0.00), (2, '[95,100)', 2, 6, 33.33, 2, 15, 13.33), (3, '(90,95)', 1, 6, 16.67, 1, 15, 6.67),
              (4, '(50,90]', 1, 6, 16.67, 2, 15, 13.33), (5, '[0,50]', 1, 6, 16.67, 10, 15, 66.67) $$, 'pupil 1; 2 and 3; 6; 4; 5');
SELECT results_eq('SELECT band, percentages, enrolments FROM r.attendance_bands(''[2025-09-08,2025-09-20)'', scheme => ''absence'') WHERE enrolments > 0',
    $$ VALUES (0, numrange(0, 5), 1::bigint), (1, '[5,10)', 3), (2, '[10,15)', 1), (10, '[50,55)', 1) $$, 'the official bands: 1; 2, 3 and 6; 4; 5');
SELECT is((SELECT count(*) FROM r.attendance_bands('[2025-09-08,2025-09-20)', scheme => 'absence')), 21::bigint, 'are 21');
SELECT is((SELECT sum(enrolments_percent) FROM r.attendance_bands('2024/25')), NULL, 'no percentages of nobody');
SELECT throws_ok('SELECT * FROM r.attendance_bands(''2025/26'', scheme => ''other'')', '22023', '"other" is none of: attendance, absence', 'another scheme');
SELECT results_eq('SELECT pupil_id, surname, possible, attended, absent, round(attendance_percent, 2), round(absence_percent, 2), attendance_band, absence_band FROM r.pupil_bands(''[2025-09-08,2025-09-20)'') ORDER BY 1',
    $$ VALUES (1::bigint, 'Surname 1', 20::bigint, 20::bigint, 0::bigint, 100.00, 0.00, 1, 0), (2, 'Surname 2', 20, 19, 1, 95.00, 5.00, 2, 1), (3, 'Surname 3', 20, 19, 1, 95.00, 5.00, 2, 1),
              (4, 'Surname 4', 20, 18, 2, 90.00, 10.00, 4, 2), (5, 'Surname 5', 20, 10, 10, 50.00, 50.00, 5, 10), (6, 'Surname 6', 16, 15, 1, 93.75, 6.25, 3, 1) $$, 'who is in which');

-- ---------- risk ----------

SELECT results_eq('SELECT pupil_id, possible, absent, authorised, unauthorised, round(absence_percent, 2) FROM r.pupils_at_risk(''[2025-09-08,2025-09-20)'') ORDER BY 1',
    $$ VALUES (2::bigint, 20::bigint, 1::bigint, 1::bigint, 0::bigint, 5.00), (3, 20, 1, 0, 1, 5.00), (6, 16, 1, 1, 0, 6.25) $$, 'from 5 to under 10 percent');
SELECT is((SELECT array_agg(pupil_id ORDER BY pupil_id) FROM r.pupils_at_risk('[2025-09-08,2025-09-20)', from_percent => 6.25, below_percent => 50)), '{4,6}', 'or other limits');
SELECT is_empty('SELECT * FROM r.pupils_at_risk(''2025/26'', from_percent => NULL)', 'or none');

-- 22 September to 24 October: 25 days, 3 November to 19 December: 35 days; 120 sessions.
-- (20 + 120 - 1) / 10 = 13, (16 + 120 - 1) / 10 = 13; 10 * 2 - 20 + 1 = 1, 10 * 10 - 20 + 1 = 81
SELECT results_eq('SELECT pupil_id, as_at, possible, absent, persistently_absent, sessions_left, may_miss, to_attend, reachable FROM r.persistent_absence_forecast(''[2025-09-08,2025-09-20)'') ORDER BY 1',
    $$ VALUES (1::bigint, date '2025-09-19', 20::bigint, 0::bigint, false, 120::bigint, 13::bigint, 0::bigint, true), (2, '2025-09-19', 20, 1, false, 120, 12, 0, true), (3, '2025-09-19', 20, 1, false, 120, 12, 0, true),
              (4, '2025-09-19', 20, 2, true, 120, 11, 1, true), (5, '2025-09-19', 20, 10, true, 120, 3, 81, true), (6, '2025-09-19', 16, 1, false, 120, 12, 0, true) $$, 'the forecast');
-- counted from 1 August, whatever the period; 16 to 19 December are left, 8 sessions: (20 + 8 - 1) / 10 = 2
SELECT results_eq('SELECT possible, absent, sessions_left, may_miss, to_attend, reachable FROM r.persistent_absence_forecast(''week 2025-12-10'') WHERE pupil_id = 5',
    $$ VALUES (20::bigint, 10::bigint, 10::bigint, -8::bigint, 81::bigint, false) $$, 'late in the year: from Monday 15 December, ten sessions');
SELECT results_eq('SELECT possible, sessions_left, may_miss, reachable FROM r.persistent_absence_forecast(''2025/26'') WHERE pupil_id = 4',
    $$ SELECT 20::bigint, n, (20 + n - 1) / 10 - 2, 1 <= n FROM (SELECT count(*) * 2 AS n FROM r.school_day WHERE school_urn = 100001 AND day > least(current_date, '2026-07-31') AND morning) AS v $$, 'to today at most');

-- ---------- movement ----------

-- 8 to 12 September: bands 1; 4 of 1 in 10 (2, 3) and 2 in 10 (4); 5; 1 of 0 in 6; then 1; 1, 1, 1; 1; 4 of 1 in 10
SELECT results_eq('SELECT previous_band, band, previous_label, enrolments, all_enrolments, round(enrolments_percent, 2) FROM r.band_movement(''week 2025-09-15'', compared_with => ''week 2025-09-08'')',
    $$ VALUES (1, 1, '100 %', 1::bigint, 6::bigint, 16.67), (1, 4, '100 %', 1, 6, 16.67), (4, 1, 'over 50 to 90 %', 3, 6, 50.00), (5, 1, 'to 50 %', 1, 6, 16.67) $$, 'the matrix');
SELECT results_eq('SELECT pupil_id, movement, previous_absent, previous_possible, absent, possible FROM r.pupil_movement(''[2025-09-15,2025-09-23)'', compared_with => ''[2025-09-08,2025-09-20)'') ORDER BY 1',
    $$ VALUES (2::bigint, 'improved', 1::bigint, 20::bigint, 0::bigint, 10::bigint), (3, 'improved', 1, 20, 0, 10), (4, 'no longer persistently absent', 2, 20, 0, 10), (5, 'no longer persistently absent', 10, 20, 0, 10),
              (6, 'newly persistently absent', 1, 16, 1, 10) $$, 'who has moved');
SELECT is((SELECT string_agg(pupil_id || ' ' || movement, ', ' ORDER BY pupil_id) FROM r.pupil_movement('[2025-09-08,2025-09-20)', compared_with => '[2025-09-15,2025-09-23)') WHERE pupil_id < 5), '2 worsened, 3 worsened, 4 newly persistently absent', 'and back');
SELECT results_eq('SELECT previous_band, band, enrolments FROM r.band_movement(''week 2025-09-08'', compared_with => ''week 2025-09-01'') WHERE band = 5', $$ VALUES (NULL::int, 5, 1::bigint) $$, 'not there before');
SELECT throws_ok('SELECT * FROM r.band_movement(''week 2025-09-15'')', '22023', 'compared_with, a period, is needed', 'compared with nothing');
SELECT throws_ok('SELECT * FROM r.pupil_movement(''week 2025-09-15'')', '22023', 'compared_with, a period, is needed', 'likewise');

-- ---------- by kind ----------

SELECT results_eq('SELECT kind, enrolments, persistently_absent, round(persistent_absence_percent, 2), severely_absent, sessions, sessions_of_persistent, round(share_of_absence_percent, 2) FROM r.persistent_absence_by_kind(''[2025-09-08,2025-09-20)'')',
    $$ VALUES ('all absence', 6::bigint, 2::bigint, 33.33, 1::bigint, 15::bigint, 12::bigint, 80.00), ('authorised only', 6, 1, 16.67, 1, 12, 10, 66.67), ('unauthorised only', 6, 1, 16.67, 0, 3, 2, 13.33) $$, '5 by authorised, 4 by unauthorised absence');
SELECT results_eq('SELECT persistently_absent, severely_absent, sessions, sessions_of_persistent FROM r.persistent_absence_by_kind(''week 2025-09-08'') WHERE kind = ''all absence''', 'VALUES (NULL::bigint, NULL::bigint, 14::bigint, NULL::bigint)', 'not of a week');
SELECT is((SELECT persistent_absence_percent FROM r.persistent_absence_by_kind('2024/25') WHERE kind = 'all absence'), NULL, 'nor of nobody');
SELECT results_eq('SELECT pupil_id, absent, severely_absent, by_authorised, by_unauthorised, severely_by_authorised, severely_by_unauthorised FROM r.persistent_absentees(''[2025-09-08,2025-09-20)'') ORDER BY 1',
    'VALUES (4::bigint, 2::bigint, false, false, true, false, false), (5, 10, true, true, false, true, false)', 'and who they are');
SELECT is_empty('SELECT * FROM r.persistent_absentees(''week 2025-09-08'')', 'none for a week');

SELECT * FROM finish();
ROLLBACK;
