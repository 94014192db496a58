-- A missing mark is one thing: a due session without a mark, or with -. Whatever counts them says the same.
BEGIN;
\ir register/fixture.sql
\ir register/every_report.sql
SELECT * FROM no_plan();
SET search_path = r, public, attendance;
SET timezone = 'Pacific/Kiritimati'; -- today is London's
CREATE FUNCTION today() RETURNS date LANGUAGE sql AS $$ SELECT (now() AT TIME ZONE 'Europe/London')::date $$;

-- ---------- the type ----------

-- lines and calendars of weeks of five, six and seven days, in the same weeks and in others, with gaps, - and nothing; days that cut them
CREATE FUNCTION some_series(n integer, codes text[], days_a_week integer) RETURNS mark_series LANGUAGE sql AS $$
    SELECT mark_series_agg(school_session(d.day, s.session), CASE WHEN m.mark = '/' AND s.half = 1 THEN '\' ELSE m.mark END::session_mark)
    FROM (SELECT date '2025-09-01' + (n % 4) * 7 + g AS day, g FROM generate_series(0, 34 * (n % 3)) g) d CROSS JOIN (VALUES ('AM', 0), ('PM', 1)) s (session, half)
    CROSS JOIN LATERAL (SELECT codes[1 + abs(hashint4(n * 7919 + d.g / CASE n % 5 WHEN 0 THEN 1 ELSE 9 END * 2 + CASE n % 2 WHEN 0 THEN s.half ELSE 0 END)) % cardinality(codes)] AS mark) m
    WHERE extract(isodow FROM d.day) <= days_a_week AND m.mark <> '.' $$;
CREATE FUNCTION completed(line mark_series, calendar mark_series, from_day date, to_day date) RETURNS mark_series LANGUAGE sql AS $$
    SELECT mark_series_agg(school_session(day, session), mark)
    FROM (SELECT day, session, mark FROM marks(line) WHERE mark <> '-'
        UNION ALL SELECT c.day, c.session, '-' FROM marks(calendar) c WHERE coalesce(c.day >= from_day, true) AND coalesce(c.day <= to_day, true)
            AND coalesce(mark_at(line, c.day, c.session), '-') = '-') m $$;
CREATE TABLE tried AS
SELECT n, k, some_series(n, '{/,/,/,I,-,.,X}', 5 + n % 3) AS line, some_series(n / 3 + k, '{-,-,-,.}', 5 + k % 3) AS calendar, f.from_day, f.to_day
FROM generate_series(1, 60) n CROSS JOIN generate_series(0, 5) k
CROSS JOIN (VALUES (NULL::date, NULL::date), ('2025-09-10', NULL), (NULL, '2025-09-16'), ('2025-09-05', '2025-10-03'), ('2025-09-20', '2025-09-10'), ('-infinity', 'infinity'), ('infinity', NULL), (NULL, '-infinity')) f (from_day, to_day);
SELECT cmp_ok((SELECT count(*) FROM tried WHERE with_unmarked(line, calendar, from_day, to_day)::text <> line::text), '>', 500::bigint, 'lines with something missing');
SELECT is_empty('SELECT n, k, line, calendar, from_day, to_day, with_unmarked(line, calendar, from_day, to_day), completed(line, calendar, from_day, to_day) FROM tried
    WHERE with_unmarked(line, calendar, from_day, to_day)::text IS DISTINCT FROM completed(line, calendar, from_day, to_day)::text LIMIT 3', 'with_unmarked() is what it is mark by mark');
SELECT is_empty('SELECT FROM tried WHERE mark_series_send(with_unmarked(line, calendar, from_day, to_day)) <> mark_series_send(completed(line, calendar, from_day, to_day))', 'byte by byte');
SELECT is_empty($$ SELECT n, k, mark.mark, line FROM tried CROSS JOIN unnest('{/,\\,I,-,X,L}'::session_mark[]) AS mark (mark)
    WHERE sessions_with(line, mark.mark)::text IS DISTINCT FROM (SELECT mark_series_agg(school_session(m.day, m.session), m.mark) FROM marks(line) m WHERE m.mark = mark.mark)::text LIMIT 3 $$, 'sessions_with()');
SELECT is(with_unmarked(line, calendar)::text, wanted, format('with_unmarked(%s, %s)', line, calendar)) FROM (VALUES (NULL::mark_series, NULL::mark_series, NULL), (NULL, 'empty', 'empty'), (NULL, '2025-09-08 --', '2025-09-08 --'),
    ('2025-09-08 /-', NULL, '2025-09-08 /-'), ('2025-09-08 /-', 'empty', '2025-09-08 /'), ('2025-09-13 --', '2025-09-08 --', '2025-09-08 --'), ('2025-09-12 I.--', '2025-09-12 ..--', '2025-09-12 I.--'),
    ('2025-09-08 I', '2025-09-08 -', '2025-09-08 I')) AS v (line, calendar, wanted);
SELECT throws_ok($$ SELECT with_unmarked('2025-09-08 I', '1900-01-01 --') $$, '54000', NULL, 'a longer series than there can be');
SELECT lives_ok($$ SELECT with_unmarked('2025-09-08 I', '1900-01-01 --', '2025-09-08') $$, 'not if these are not asked for');
SELECT results_eq($$ SELECT calendar_agg(day, morning, afternoon)::text FROM (VALUES (date '2025-09-09', true, false), ('2025-09-08', true, true), (NULL, true, true), ('2025-09-10', NULL, true), ('2025-09-13', false, true)) d (day, morning, afternoon) $$,
    $$ VALUES ('2025-09-08 ---........-') $$, 'a calendar in any order');
SELECT is((SELECT calendar_agg(day, true, true)::text FROM unnest('{}'::date[]) day), 'empty', 'of no day');
SELECT throws_ok($$ SELECT calendar_agg(day, true, true) FROM unnest('{infinity}'::date[]) day $$, '22008', NULL, 'of one that no register has');
SELECT is(due_sessions('present:3 unauthorised:1 not_possible:2 administrative:5 unmarked:4'::attendance_tally), 10::bigint, 'due: possible, not possible and unmarked');
SELECT throws_ok($$ SELECT due_sessions('present:9223372036854775807 unmarked:1') $$, '22003', NULL, 'too many');
SELECT is(due_sessions(NULL::attendance_tally), NULL, 'of nothing');

-- Two weeks of school 100005: seven sessions in the first, with an INSET day and an afternoon off, ten in the second.
INSERT INTO trust VALUES (16001, 'A Trust');
INSERT INTO school (urn, name, phase, type, la_number, trust_uid) VALUES (100005, 'School 100005', 'Primary', 'Academies', 380, 16001);
INSERT INTO rule_setting SELECT 100005, rule, action, reason, decided_by FROM rule_setting WHERE school_urn = 100001;
INSERT INTO school_day (school_urn, day, morning, afternoon, closure)
SELECT 100005, d, d <> '2025-09-10', d <> ALL ('{2025-09-10,2025-09-12}'), CASE d WHEN '2025-09-10' THEN 'INSET' WHEN '2025-09-12' THEN 'open evening' END
FROM unnest('{2025-09-08,2025-09-09,2025-09-10,2025-09-11,2025-09-12,2025-09-15,2025-09-16,2025-09-17,2025-09-18,2025-09-19}'::date[]) d;
INSERT INTO pupil (pupil_id, surname, forename, sex, date_of_birth) SELECT id, 'Surname ' || id, 'Forename', 'F', CASE id WHEN 212 THEN '2022-03-01' ELSE '2015-03-01' END::date FROM generate_series(201, 214) id;
CREATE TABLE wanted (pupil_id bigint PRIMARY KEY, missing bigint, due bigint, why text);
INSERT INTO wanted VALUES (201, 0, 17, 'all marked'), (202, 2, 17, 'a - and a session without a mark'), (203, 17, 17, 'no line'), (204, 12, 13, 'joins on Thursday, marked once'), (205, 1, 11, 'leaves on a Tuesday'),
    (206, 0, 0, 'a boarder, with a -'), (207, 0, 0, 'a guest'), (208, 3, 4, 'a boarder from Thursday on'), (209, 10, 12, 'comes back'), (210, 6, 6, 'comes back, without a line'), (211, 17, 17, 'only # on a closed day'),
    (212, 17, 17, 'no line, aged three'), (213, 0, 0, 'gone before'), (214, 10, 10, 'a guest in the first week');
INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at, status, boarder, year_group, registration_group)
SELECT 100005, v.id, v.first_day, v.last_day, CASE WHEN v.last_day IS NOT NULL THEN 'A' END, CASE WHEN v.last_day IS NOT NULL THEN 'Other School' END, v.last_day + time '16:00', v.status, v.boarder, '5', CASE WHEN v.id % 2 = 0 THEN '5A' END
FROM (VALUES (201, date '2025-09-01', NULL::date, 'C', 'N'), (202, '2025-09-01', NULL, 'C', 'N'), (203, '2025-09-01', NULL, 'C', 'N'), (204, '2025-09-11', NULL, 'C', 'N'), (205, '2025-09-01', '2025-09-16', 'C', 'N'),
    (206, '2025-09-01', NULL, 'C', 'B'), (207, '2025-09-01', NULL, 'G', 'N'), (208, '2025-09-01', NULL, 'C', 'N'), (209, '2025-09-01', '2025-09-09', 'C', 'N'), (209, '2025-09-16', NULL, 'C', 'N'),
    (210, '2025-09-01', '2025-09-09', 'C', 'N'), (210, '2025-09-19', NULL, 'C', 'N'), (211, '2025-09-01', NULL, 'C', 'N'), (212, '2025-09-01', NULL, 'C', 'N'), (213, '2025-09-01', '2025-09-05', 'C', 'N'), (214, '2025-09-01', NULL, 'G', 'N'))
    AS v (id, first_day, last_day, status, boarder);
UPDATE enrolment SET boarder = 'B', holds_from = '2025-09-11', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 208;
UPDATE enrolment SET status = 'C', holds_from = '2025-09-15', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 214;
INSERT INTO mark (school_urn, pupil_id, day, session, mark)
SELECT 100005, p.id, d.day, s.session, '/' FROM (VALUES (201), (202), (205)) AS p (id) CROSS JOIN school_day d CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
WHERE d.school_urn = 100005 AND CASE s.session WHEN 'AM' THEN d.morning ELSE d.afternoon END
    AND NOT (p.id = 202 AND d.day = '2025-09-09') AND NOT (p.id = 205 AND (d.day = '2025-09-15' AND s.session = 'AM' OR d.day > '2025-09-16'))
UNION ALL
SELECT 100005, v.id, v.day::date, v.session, v.mark::session_mark FROM (VALUES (202, '2025-09-09', 'AM', '-'), (204, '2025-09-11', 'AM', 'L'), (206, '2025-09-08', 'AM', '-'), (208, '2025-09-08', 'AM', 'I'), (208, '2025-09-11', 'AM', '-'),
    (209, '2025-09-08', 'AM', '/'), (209, '2025-09-18', 'AM', '/'), (211, '2025-09-10', 'AM', '#'), (211, '2025-09-10', 'PM', '#')) AS v (id, day, session, mark);

-- ---------- which they are ----------

SELECT results_eq('SELECT w.pupil_id, w.why, count(u.day) FROM wanted w LEFT JOIN unmarked_session u ON u.school_urn = 100005 AND u.pupil_id = w.pupil_id GROUP BY w.pupil_id, w.why ORDER BY 1',
    'SELECT pupil_id, why, missing FROM wanted ORDER BY 1', 'of each pupil');
SELECT results_eq('SELECT day, session FROM unmarked_session WHERE pupil_id = 202 ORDER BY 1, 2', $$ VALUES (date '2025-09-09', 'AM'), ('2025-09-09', 'PM') $$, 'a - and a session without a mark');
SELECT results_eq('SELECT day, session FROM unmarked_session WHERE pupil_id = 210 ORDER BY 1, 2',
    $$ VALUES (date '2025-09-08', 'AM'), ('2025-09-08', 'PM'), ('2025-09-09', 'AM'), ('2025-09-09', 'PM'), ('2025-09-19', 'AM'), ('2025-09-19', 'PM') $$, 'of both enrolments');
-- by the calendar and the roll, session by session
CREATE VIEW by_hand AS
SELECT e.school_urn, e.pupil_id, d.day, s.session FROM enrolment_period e
JOIN school_day d ON d.school_urn = e.school_urn AND d.day >= e.from_day AND d.day <= coalesce(e.to_day, today()) AND d.day <= today()
CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
WHERE e.boarder = 'N' AND e.status <> 'G' AND CASE s.session WHEN 'AM' THEN d.morning ELSE d.afternoon END
    AND NOT EXISTS (SELECT FROM mark m WHERE m.school_urn = e.school_urn AND m.pupil_id = e.pupil_id AND m.day = d.day AND m.session = s.session AND m.mark <> '-');
SELECT results_eq('SELECT school_urn, pupil_id, day, session FROM unmarked_session ORDER BY 1, 2, 3, 4', 'SELECT * FROM by_hand ORDER BY 1, 2, 3, 4', 'and of all schools');

-- ---------- whatever counts them ----------

CREATE FUNCTION unmarked_of(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    EXECUTE query INTO n;
    RETURN n;
END
$$;
SELECT is((SELECT sum(missing)::bigint FROM wanted), 95::bigint, '95 of them, 17 of a pupil of three');
SELECT is(unmarked_of(replace(query, '@', '100005')), wanted::bigint, query) FROM (VALUES
    ('SELECT unmarked FROM headline(''2025/26'', ''all'', ''{@}'')', 95), ('SELECT unmarked FROM headline(''2025/26'', ''statutory'', ''{@}'')', 78),
    ('SELECT due FROM headline(''2025/26'', ''all'', ''{@}'')', 141), ('SELECT due FROM headline(''2025/26'', ''statutory'', ''{@}'')', 124),
    ('SELECT unmarked FROM headline(''week 2025-09-08'', ''all'', ''{@}'')', 35), ('SELECT due FROM headline(''week 2025-09-08'', ''all'', ''{@}'')', 57),
    ('SELECT unmarked FROM headline(''day 2025-09-10'', ''all'', ''{@}'')', 0), ('SELECT unmarked FROM headline(''day 2025-09-12'', ''all'', ''{@}'')', 4),
    ('SELECT unmarked FROM headline_by_school(''2025/26'', ''all'') WHERE school_urn = @', 95), ('SELECT sum(unmarked) FROM weekly_class_list(''2025/26'', ''all'', ''{@}'')', 95),
    ('SELECT sessions FROM code_frequency(''2025/26'', ''all'', ''{@}'') WHERE mark = ''-''', 95), ('SELECT sum(unmarked) FROM unmarked_by_group(''2025/26'', ''{@}'')', 95),
    ('SELECT sum(cardinality(pupils)) FROM unmarked_by_group(''2025/26'', ''{@}'')', 95), ('SELECT sum(unmarked) FROM unmarked_by_group(''week 2025-09-08'', ''{@}'')', 35),
    ('SELECT count(*) FROM bi_session WHERE school_urn = @ AND mark_code = ''-''', 95), ('SELECT sum(sess_reason) FROM bi_school_reason_week WHERE school_urn = @ AND mark_code = ''-''', 95)) AS v (query, wanted);
SELECT is(unmarked_of(format('SELECT sum(sess_unmarked)%s FROM %I WHERE %s', CASE a.attrelid WHEN 'bi_cohort_term'::regclass THEN ' / 2' ELSE '' END, a.attrelid::regclass,
        CASE WHEN a.attrelid::regclass::text ~ 'trust' THEN 'trust_uid = 16001' WHEN a.attrelid::regclass::text ~ 'authority' THEN 'academic_year = 2025' ELSE 'school_urn = 100005' END)),
    CASE WHEN a.attrelid::regclass::text ~ 'statutory' THEN 78 WHEN a.attrelid::regclass::text ~ 'authority' THEN (SELECT count(*) FROM by_hand WHERE day > '2025-08-01') ELSE 95 END, a.attrelid::regclass::text)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attname = 'sess_unmarked' AND c.relnamespace = 'r'::regnamespace AND c.relkind = 'v' ORDER BY a.attrelid::regclass::text;
-- what the deletion of a name is held against
SELECT results_eq($$ SELECT w.pupil_id, sum(b.sessions)::bigint FROM wanted w JOIN enrolment e ON e.pupil_id = w.pupil_id CROSS JOIN LATERAL unmarked_before('r', 100005, w.pupil_id, e.start_date, coalesce(e.end_date + 1, '2025-09-20')) b GROUP BY 1 ORDER BY 1 $$,
    'SELECT pupil_id, missing FROM wanted ORDER BY 1', 'before a deletion');
SELECT is((SELECT count(DISTINCT pupil_year_key) FROM bi_pupil_year), (SELECT count(*) FROM bi_pupil_year), 'pupils without a line have keys, too');
SELECT is_empty('SELECT FROM bi_pupil_year WHERE pupil_year_key < 0 AND sess_possible > 0', 'negative ones, and no marks');

-- the attendance figure says of how many due sessions it knows
SELECT is(attended_text(867, 900, 1000, 33), '867 of 900 sessions; of 1,000 due sessions 967 are marked', 'in words');
SELECT is(attended_text(900, 900, 1000, 0), '900 of 900 sessions', 'nothing is missing');
-- the two who come back are not on the roll of the week; the trust is of the statutory population
SELECT is(substring(page FROM 'of \d+ due sessions \d+ are marked'), said, format('a page says it: %s', said)) FROM (VALUES (page_school_week(100005, 'week 2025-09-08'), 'of 49 due sessions 21 are marked'),
    (page_pupil(100005, 202, '2025/26'), 'of 17 due sessions 15 are marked'), (page_pupil(100005, 201, '2025/26'), NULL), (page_trust(16001, 'week 2025-09-08', NULL), 'of 50 due sessions 22 are marked')) AS v (page, said);
SELECT ok(page_school_week(100005, 'week 2025-09-08') ~ '>28<.*of 49 due sessions<', 'and how many are not');

-- ---------- today, and days to come ----------

SELECT add_academic_year('r', y) FROM (SELECT DISTINCT academic_year(today() + d) AS y FROM unnest('{-1,0,1}'::int[]) d) n WHERE y NOT IN (2024, 2025) \g /dev/null
INSERT INTO school_day (school_urn, day) SELECT 100005, today() + d FROM unnest('{0,1}'::int[]) d;
SELECT is((SELECT count(*) FROM unmarked_session WHERE school_urn = 100005 AND day = today()), (SELECT 2 * count(*) FROM enrolment_period e WHERE e.school_urn = 100005 AND e.to_day IS NULL AND e.boarder = 'N' AND e.status <> 'G'), 'today is due');
SELECT is((SELECT count(*) FROM unmarked_session WHERE school_urn = 100005 AND day > today()), 0::bigint, 'what is to come is not');
SELECT is((SELECT unmarked FROM headline('day ' || today(), 'all', '{100005}')), (SELECT count(*) FROM unmarked_session WHERE school_urn = 100005 AND day = today()), 'so says the headline');
SELECT is((SELECT unmarked FROM headline('day ' || today() + 1, 'all', '{100005}')), 0::bigint, 'also of tomorrow');
SELECT results_eq('SELECT school_urn, pupil_id, day, session FROM unmarked_session ORDER BY 1, 2, 3, 4', 'SELECT * FROM by_hand ORDER BY 1, 2, 3, 4', 'by hand it is the same');

-- ---------- whether a - was entered makes no difference ----------

CREATE TABLE before AS SELECT * FROM answers();
INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT school_urn, pupil_id, day, session, '-' FROM unmarked_session u WHERE NOT EXISTS (SELECT FROM mark m WHERE m.school_urn = u.school_urn AND m.pupil_id = u.pupil_id AND m.day = u.day AND m.session = u.session);
SELECT cmp_ok((SELECT count(*) FROM mark WHERE mark = '-'), '>', 100::bigint, 'many are entered');
SELECT is((SELECT string_agg(b.report, ', ' ORDER BY b.report) FROM before b JOIN answers() a ON a.report = b.report WHERE a.digest IS DISTINCT FROM b.digest
    -- the register itself, its journal, and keys that are those of lines
    AND b.report !~ '^view (mark|mark_feed|register_year|roll_line|opened_line|unopened_roll|year_line|federated_line|fact_line|fact_term|bi_session|bi_pupil_.*|bi_class_week|bi_cohort_term)$|^function (register_as_at|journal_digest|disposal_due|no_line_key|school_line|unopened_line|guidance_pupil|penalty_line)$'), NULL, 'no report differs');

-- ---------- who may read ----------

CREATE ROLE unmarked_reader;
GRANT USAGE ON SCHEMA attendance TO unmarked_reader;
SELECT grant_register('r', 'unmarked_reader', 'marks') \g /dev/null
SELECT count(*) AS all_sessions, count(*) FILTER (WHERE school_urn = 100005) AS own_sessions FROM unmarked_session \gset
SET LOCAL ROLE unmarked_reader;
SET LOCAL search_path = '';
SELECT pg_catalog.count(*) AS seen FROM r.unmarked_session \gset
RESET ROLE;
SET LOCAL search_path = r, public, attendance;
SELECT is(:seen, :all_sessions, 'a clerk, with an empty search path');
-- of lines that are hidden nothing is said to be missing
CREATE POLICY own ON register_line AS RESTRICTIVE TO unmarked_reader USING (school_urn = 100005);
SET LOCAL ROLE unmarked_reader;
SELECT pg_catalog.count(*) AS seen FROM r.unmarked_session \gset
RESET ROLE;
SELECT is(:seen, :own_sessions, 'who sees one school');
SELECT * FROM finish();
ROLLBACK;
