-- The national codes: how each is counted, and when it may be entered.  Typed from the
-- Regulations and the Department for Education's methodology, not from the extension's table.
BEGIN;
SELECT plan(17);

CREATE TABLE class_codes (class text, possible boolean, attended boolean, absence boolean, codes text);
INSERT INTO class_codes VALUES
    ('present',                       true,  true,  false, '/ \ L'),
    ('approved educational activity', true,  true,  false, 'B K P V W J'),
    ('authorised',                    true,  false, true,  'C C1 C2 E I J1 M R S T H F I01 I02'),
    ('unauthorised',                  true,  false, true,  'G N O U'),
    ('not possible',                  false, false, false, 'D Q X X01 Y Y1 Y2 Y3 Y4 Y5 Y6 Y7'),
    -- circumstances relating to coronavirus: possible, but neither attended nor absent
    ('coronavirus',                   true,  false, false, 'X02 X03 X04 X05 X06 X07 X08 X09'),
    ('administrative',                false, false, false, 'Z #'),
    ('unmarked',                      false, false, false, '-');
CREATE TABLE expected AS
    SELECT code, class, possible, attended, absence FROM class_codes, string_to_table(codes, ' ') AS code;

SELECT is((SELECT count(*) FROM expected), 50::bigint, 'fifty codes are expected');
SELECT set_eq('SELECT mark::text FROM attendance_codes()', 'SELECT code FROM expected',
              'they are the codes that there are');
SELECT is_empty($$ SELECT code, mark_class(code::session_mark) FROM expected WHERE mark_class(code::session_mark)
                IS DISTINCT FROM class $$,
                'class');
SELECT is_empty($$ SELECT code FROM expected
                   WHERE (is_possible(code::session_mark), is_attended(code::session_mark),
                          is_absence(code::session_mark)) IS DISTINCT FROM (possible, attended, absence) $$,
                'possible, attended, absence');
SELECT is_empty($$ SELECT code FROM expected
                   WHERE (is_present(code::session_mark), is_authorised(code::session_mark),
                          is_unauthorised(code::session_mark))
                         IS DISTINCT FROM (class = 'present', class = 'authorised', class = 'unauthorised') $$,
                'present, authorised, unauthorised');
SELECT set_eq('SELECT code FROM expected WHERE is_late(code::session_mark)', ARRAY['L', 'U'], 'late: both kinds');
SELECT is_empty($$ SELECT code FROM expected WHERE lower(code)::session_mark::text <> code
                OR code::session_mark::text <> code $$,
                'either case is read, the code is written');
SELECT bag_eq($$ SELECT mark::text, class, possible, attended, absence FROM attendance_codes() $$,
              $$ SELECT code, class, possible, attended, absence FROM expected $$, 'attendance_codes() says the same');

-- one session of each code, counted by class
SELECT is_empty($$ SELECT code FROM expected, attendance_tally_add('empty', code::session_mark) AS t
                   WHERE (possible(t), attended(t), absent(t), late(t)) IS DISTINCT FROM (possible::int, attended::int,
                   absence::int, (code IN ('L', 'U'))::int) $$,
                'a session of each code in a tally');
SELECT is_empty($$ SELECT code FROM expected, attendance_tally_add('empty', code::session_mark) AS t
                   WHERE present(t) + approved_activity(t) + authorised(t) + unauthorised(t) + not_possible(t) + coronavirus(t) + administrative(t) + unmarked(t) <> 1 $$,
                'it is counted in one class');
SELECT is_empty($$ SELECT code FROM expected, attendance_tally_add('empty', code::session_mark) AS t,
                          LATERAL (SELECT CASE class WHEN 'present' THEN present(t) WHEN 'approved educational activity' THEN approved_activity(t) WHEN 'authorised' THEN authorised(t)
                                                     WHEN 'unauthorised' THEN unauthorised(t) WHEN 'not possible' THEN not_possible(t) WHEN 'coronavirus' THEN coronavirus(t)
                                                     WHEN 'administrative' THEN administrative(t) WHEN 'unmarked' THEN unmarked(t) END) AS counted (n)
                   WHERE n IS DISTINCT FROM 1 $$,
                'in its own');
SELECT is_empty($$ SELECT code FROM expected, set_mark('empty', '2025-09-08 PM', code::session_mark) AS s
                   WHERE tally(s) <> attendance_tally_add('empty', code::session_mark)
                   OR tally(mark_counts(s)) <> tally(s) $$,
                'and the same in a series');

-- the session dates for which a code may be entered: the Regulations of 2024 began on
-- 19 August 2024, code F ended in 2013, the coronavirus sub-codes began on 1 September 2020
CREATE TABLE validity (valid_from date, valid_to date, codes text);
INSERT INTO validity VALUES
    (NULL, NULL, '- / \ L B P V W C E I M R S T G N O U D X Z #'),
    ('2024-08-19', NULL, 'K C1 C2 J1 Q Y1 Y2 Y3 Y4 Y5 Y6 Y7'),
    (NULL, '2024-08-18', 'J H Y'),
    (NULL, '2013-08-31', 'F'),
    ('2020-09-01', '2022-08-31', 'I01 I02 X01'),
    ('2020-09-01', '2022-04-18', 'X02 X05 X06 X07'),
    ('2020-09-01', '2021-08-25', 'X03 X04'),
    ('2021-08-26', '2022-04-18', 'X08 X09');
SELECT bag_eq('SELECT mark::text, valid_from, valid_to FROM attendance_codes()',
              $$ SELECT code, valid_from, valid_to FROM validity, string_to_table(codes, ' ') AS code $$,
              'dates of validity');
SELECT is_empty($$ SELECT code, day FROM validity, string_to_table(codes, ' ') AS code,
                          unnest(ARRAY[date '1900-01-01', '2999-12-31', valid_from, valid_from - 1, valid_to,
                                       valid_to + 1]) AS day
                   WHERE is_valid_on(code::session_mark, day) <> (day >= COALESCE(valid_from, day)
                   AND day <= COALESCE(valid_to, day)) $$,
                'is_valid_on() from the first of these days to the last');
SELECT bag_eq($$ SELECT mark::text, session FROM attendance_codes() WHERE session IS NOT NULL $$, $$ VALUES ('/', 'AM'),
              ('\', 'PM') $$, 'half of the day');
SELECT is_empty('SELECT * FROM attendance_codes() WHERE description !~ ''^[[:upper:]]'' OR mark_description(mark) <> description', 'every code is described');
SELECT results_eq('SELECT mark_place(mark), row_number() OVER (ORDER BY mark) FROM attendance_codes()', 'SELECT n, n::bigint FROM generate_series(1, 50) n',
                  'mark_place(): in the order of the table and of the type');

SELECT * FROM finish();
ROLLBACK;
