--
-- every aggregate: no rows, NULL, GROUP BY, FILTER, DISTINCT, ORDER BY, window frames
--
CREATE TEMP TABLE line (id int, grp int, mark session_mark, session school_session, series mark_series,
                        tally attendance_tally, counts mark_counts, cohort cohort_summary);
INSERT INTO line (id, grp, mark, session) VALUES
    (1, 1, '/', '2025-09-08 AM'), (2, 1, 'I', '2025-09-08 PM'), (3, 1, NULL, '2025-09-09 AM'), (4, 1, 'L', NULL),
    (5, 2, 'U', '2025-09-08 AM'), (6, 2, '#', '2025-09-13 AM'), (7, 2, '/', '2025-09-09 PM'), (8, 3, NULL, NULL);
UPDATE line SET series = set_mark('empty', session, mark), tally = attendance_tally_add('empty', mark),
    counts = mark_counts_add('empty', mark),
       cohort = cohort_summary_add('empty', attendance_tally_add('empty', mark)) WHERE mark IS NOT NULL
       AND session IS NOT NULL;

-- no rows, and nothing but NULL
SELECT tally_agg(mark), tally_agg(series), tally_agg(tally), round(attendance_rate(mark), 2) AS attendance,
       round(absence_rate(mark), 2) AS absence FROM line WHERE id = 0;
SELECT tally_agg(mark), tally_agg(series), tally_agg(tally), round(attendance_rate(mark), 2) AS attendance,
       round(absence_rate(mark), 2) AS absence FROM line WHERE id = 8;
SELECT cohort_agg(series), cohort_agg(tally), cohort_agg(cohort) FROM line WHERE id = 0;
SELECT cohort_agg(series), cohort_agg(tally), cohort_agg(cohort) FROM line WHERE id = 8;
SELECT mark_counts_agg(mark), mark_counts_agg(series), mark_counts_agg(counts), mark_series_agg(session, mark),
       mark_series_agg(series) FROM line WHERE id = 0;
SELECT mark_counts_agg(mark), mark_counts_agg(series), mark_counts_agg(counts), mark_series_agg(session, mark),
       mark_series_agg(series) FROM line WHERE id = 8;

-- GROUP BY, by sorting and by hashing
SET enable_hashagg = off;
SELECT grp, tally_agg(mark), tally_agg(series), tally_agg(tally), round(attendance_rate(mark), 2) AS attendance,
       round(absence_rate(mark), 2) AS absence FROM line GROUP BY grp ORDER BY grp;
SELECT grp, cohort_agg(series), cohort_agg(tally), cohort_agg(cohort) FROM line GROUP BY grp ORDER BY grp;
SELECT grp, mark_counts_agg(mark), mark_counts_agg(series), mark_counts_agg(counts), mark_series_agg(session, mark)
FROM line GROUP BY grp ORDER BY grp;
RESET enable_hashagg;
SET enable_sort = off;
SELECT grp, tally_agg(mark), cohort_agg(series), mark_counts_agg(mark), mark_series_agg(session, mark),
       mark_series_agg(series) FROM line GROUP BY grp ORDER BY grp;
RESET enable_sort;
SELECT grp, tally_agg(mark), mark_series_agg(series) FROM line WHERE grp <> 2 GROUP BY ROLLUP (grp) ORDER BY grp;

-- FILTER, DISTINCT, ORDER BY
SELECT tally_agg(mark) FILTER (WHERE grp = 1), mark_counts_agg(mark) FILTER (WHERE grp = 2),
       mark_series_agg(session, mark) FILTER (WHERE grp = 2),
       cohort_agg(series) FILTER (WHERE id < 3), round(attendance_rate(mark) FILTER (WHERE grp = 1), 2) AS attendance,
       round(absence_rate(mark) FILTER (WHERE grp = 3), 2) AS absence FROM line;
SELECT tally_agg(DISTINCT mark), tally_agg(DISTINCT series), tally_agg(DISTINCT tally), mark_counts_agg(DISTINCT mark),
       mark_counts_agg(DISTINCT series), mark_counts_agg(DISTINCT counts) FROM line;
SELECT cohort_agg(DISTINCT series), cohort_agg(DISTINCT tally), cohort_agg(DISTINCT cohort),
       mark_series_agg(DISTINCT session, mark), mark_series_agg(DISTINCT series) FROM line WHERE grp = 1;
SELECT mark_series_agg(session, mark ORDER BY session DESC), mark_series_agg(session, mark ORDER BY session),
       mark_series_agg(series ORDER BY id DESC) FROM line WHERE grp = 2;

-- two different marks for a session; the same one twice is no conflict
SELECT mark_series_agg(session, mark) FROM (SELECT session, mark FROM line WHERE grp = 1 UNION ALL SELECT session, mark
                                            FROM line WHERE grp = 1) AS v;
SELECT mark_series_agg(session, mark) FROM line;
SELECT mark_series_agg(series) FROM line;
SELECT mark_series_agg('2025-09-08 PM', mark) FROM unnest('{/,"\\"}'::session_mark[]) AS mark;

-- windows: a frame that grows, one that moves and one that begins anew
SELECT id, tally_agg(mark) OVER w AS marks, tally_agg(series) OVER w AS series, tally_agg(tally) OVER w AS tallies,
       round(attendance_rate(mark) OVER w, 2) AS attendance, round(absence_rate(mark) OVER w, 2) AS absence
FROM line WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT id, cohort_agg(series) OVER w AS series, cohort_agg(tally) OVER w AS tallies,
       cohort_agg(cohort) OVER w AS cohorts FROM line WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT id, mark_counts_agg(mark) OVER w AS marks, mark_counts_agg(series) OVER w AS series,
       mark_counts_agg(counts) OVER w AS counts FROM line WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT id, mark_series_agg(session, mark) OVER w AS marks, mark_series_agg(series) OVER w AS series
FROM line WINDOW w AS (PARTITION BY grp ORDER BY id) ORDER BY id;
SELECT id, tally_agg(mark) OVER w AS tally, mark_counts_agg(mark) OVER w AS counts,
       mark_series_agg(session, mark) OVER w AS series, cohort_agg(series) OVER w AS cohort
FROM line WINDOW w AS (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) ORDER BY id;
SELECT id, tally_agg(mark) OVER w AS tally, mark_series_agg(session, mark) OVER w AS series,
       mark_counts_agg(mark) OVER w AS counts
FROM line WHERE grp <> 2 WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING
                                      AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) ORDER BY id;

-- a state that is given directly stays as it was, a state laid open too
SELECT s, mark_series_add(s, '2025-09-09 AM', 'L'), mark_series_add(s, '2025-09-10 AM'::text::school_session, 'U'),
       mark_series_add(s, '2025-09-12 L'), s
FROM (SELECT mark_series_agg(session, mark) AS s FROM line WHERE id < 3 OFFSET 0) AS v;
SELECT s, mark_series_add(s, '2025-09-09 AM', 'L'), mark_series_add(mark_series_add(s, '2025-09-10 AM', 'U'),
    '2025-09-10 PM', 'U'), s
FROM (SELECT mark_series_add('empty', '2025-09-08 AM', mark) AS s FROM line WHERE id = 1 OFFSET 0) AS v;
DO $$
DECLARE a mark_series := 'empty'; b mark_series; t attendance_tally := 'empty'; u attendance_tally;
BEGIN
    FOR i IN 0 .. 4 LOOP
        b := a;
        u := t;
        a := mark_series_add(a, school_session(date '2025-09-08' + i, 'AM'), 'L');
        t := attendance_tally_add(t, 'L'::session_mark);
        RAISE NOTICE '% from %, % from %', a, b, t, u;
    END LOOP;
END $$;
SELECT mark_series_add('2025-09-08 L', '2025-09-08 AM', 'U');
SELECT mark_series_add('2025-09-08 L', '2025-09-08 U'::mark_series);

-- aggregates of the same state in one query, and nested ones
SELECT tally_agg(mark) = tally_agg(tally) FILTER (WHERE id <> 4) + 'present:1 late_before_close:1' AS equal,
       round(attendance_rate(mark), 2) = round(attendance_rate(tally_agg(mark)), 2) AS rate,
       round(absence_rate(mark), 2) = round(absence_rate(tally_agg(mark)), 2) AS other_rate,
       tally(mark_counts_agg(mark)) = tally_agg(mark) AS by_code FROM line;
SELECT tally_agg(t), mark_series_agg(s) FROM (SELECT tally_agg(mark) AS t, mark_series_agg(session, mark) AS s FROM line
                                              WHERE grp <> 2 GROUP BY grp) AS v;

-- weekly_tallies_agg: what weekly_tallies of each line add up to, weeks of 5, 6 and 7 days and runs over many of them
CREATE TEMP TABLE long_line AS
SELECT s FROM unnest(ARRAY['2025-09-08 /\/\/\/\/\ /\/\/\/\/\ /\/\/\/\/\ /\/\/\/\/\ . II', '2025-09-10 LI/ . . NNNNNNNNNN NNNNNNNNNN NNNNNNNNNN U',
    '2025-08-16 /\ /\/\/\/\/\/\ /\/\/\/\/\/\ /\/\/\/\/\/\', '2025-09-21 ZZ ##############', 'empty', NULL]::mark_series[]) s;
SELECT u.week, u.tally FROM (SELECT weekly_tallies_agg(s) AS weeks FROM long_line) AS v, unnest(weeks) AS u;
SELECT count(*) AS weeks, count(*) FILTER (WHERE one.tally IS DISTINCT FROM other.tally) AS different
FROM (SELECT u.* FROM (SELECT weekly_tallies_agg(s) AS weeks FROM long_line) AS v, unnest(weeks) AS u) AS one
FULL JOIN (SELECT w.week, tally_agg(w.tally) AS tally FROM long_line, weekly_tallies(s) AS w GROUP BY w.week) AS other USING (week);
SELECT weekly_tallies_agg(s) AS of_no_rows FROM long_line WHERE false;
SELECT weekly_tallies_agg(s) AS of_empty FROM long_line WHERE s IS NULL OR s = 'empty';
SELECT weekly_state_add('\x00', mark_series '2025-09-08 /');
SELECT weekly_state_final('\x000000000000ffff00000000');

-- more lines than the differences of a position can hold, in weeks of 5, 6 and 7 days by turns; and by group
CREATE TEMP TABLE many_line AS
SELECT n, 5 + n % 3 AS days,
       ('{2025-09-08 LL.OII,2025-09-13 //,2025-09-14 .U /\\/\\/\\/\\/\\/\\/\\}'::mark_series[])[1 + n % 3] AS s
FROM generate_series(1, 105000) AS n;
SELECT u.week, u.tally FROM (SELECT weekly_tallies_agg(s) AS weeks FROM many_line) AS v, unnest(weeks) AS u;
SELECT days, weekly_tallies_agg(s) FROM many_line GROUP BY days ORDER BY days;
SELECT count(*) AS groups, tally_agg((weeks[1]).tally) FROM (SELECT weekly_tallies_agg(s) AS weeks FROM many_line GROUP BY n / 10) AS v;
SELECT mark_counts_agg(s) FROM many_line;
SELECT days, mark_counts_agg(s) FROM many_line GROUP BY days ORDER BY days;

-- a frame that grows, one that moves: a state that was asked for is added to
SELECT n, weekly_tallies_agg(s) OVER w, mark_counts_agg(s) OVER w FROM many_line WHERE n <= 6 WINDOW w AS (ORDER BY n) ORDER BY n;
SELECT n, weekly_tallies_agg(s) OVER w, mark_counts_agg(s) OVER w
FROM many_line WHERE n <= 6 WINDOW w AS (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) ORDER BY n;

-- lines before and after those that are there, and over many years
SELECT u.week, u.tally
FROM (SELECT weekly_tallies_agg(s) AS weeks
      FROM unnest('{2025-09-08 //,1999-03-01 LL,2999-12-30 UUII,2025-09-14 .\\ ##,1900-01-01 II}'::mark_series[]) AS s) AS v, unnest(weeks) AS u;
SELECT count(*), min(u.week), max(u.week), tally_agg(u.tally)
FROM (SELECT weekly_tallies_agg(s) AS weeks FROM (VALUES ('2010-09-06 /\'::mark_series), ('2031-09-01 /\' || '2010-09-07 II'::mark_series)) AS v (s)) AS v, unnest(weeks) AS u;

-- states that meet: other weeks, other days a week
SELECT u.week, u.tally
FROM (SELECT weekly_state_final(weekly_state_add(weekly_state_add('', a), weekly_state_add(weekly_state_add('', b), c))) AS weeks
      FROM (VALUES (mark_series '2025-09-08 /\/\', mark_series '2024-09-07 LU', mark_series '2026-09-13 II ##')) AS v (a, b, c)) AS v, unnest(weeks) AS u;
SELECT code_state_final(code_state_add(code_state_add('', mark_series '2025-09-08 /\LL'), code_state_add('', mark_series '2025-09-08 .\LU')));

-- a state that is given directly stays as it was
SELECT weekly_state_final(weekly_state_add(w, mark_series '2025-09-08 LL')), weekly_state_final(w),
       code_state_final(code_state_add(c, mark_series '2025-09-08 LL')), code_state_final(c)
FROM (SELECT weekly_state_add('', mark_series '2025-09-08 II') AS w, code_state_add('', mark_series '2025-09-08 II') AS c OFFSET 0) AS v;

-- states of any bytes: an error or an answer
SELECT code_state_add('\x00', mark_series '2025-09-08 /');
SELECT code_state_final('\x00');
CREATE FUNCTION pg_temp.answer(query text, VARIADIC bytes bytea[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE query INTO result USING bytes;
    RETURN 'an answer';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TEMP TABLE hostile AS
SELECT kind, n, CASE n % 4 WHEN 0 THEN set_byte(b, place, byte) WHEN 1 THEN set_byte(b, place % 16, byte)
                WHEN 2 THEN set_byte(b, place, 128) ELSE set_byte(b, place - place % 8 + 3, 127) END AS b
FROM (VALUES ('weekly', weekly_state_add(weekly_state_add('', mark_series '2025-09-08 LL.OII'), mark_series '2025-09-13 IU')),
             ('weekly', weekly_state_add(weekly_state_add('', mark_series '2025-09-14 LL OII'),
                                         weekly_state_add('', mark_series '2025-09-13 IU'))),
             ('code', code_state_add(code_state_add('', mark_series '2025-09-08 LL.OII'), mark_series '2025-09-13 IU'))) AS v (kind, b),
     generate_series(1, 400) AS n,
     LATERAL (SELECT abs(hashint4(n) % length(b)) AS place, abs(hashint4(-n) % 256) AS byte) AS r;
SELECT DISTINCT kind, answer
FROM (SELECT kind, pg_temp.answer(format(query, kind), b, lag(b, 1, b) OVER (PARTITION BY kind ORDER BY n)) AS answer
      FROM hostile, unnest('{"SELECT %s_state_final($1[1])","SELECT %1$s_state_final(%1$s_state_add($1[1], $1[2]))",
                             "SELECT %1$s_state_final(%1$s_state_add($1[1], mark_series ''2025-09-08 II (X09)''))"}'::text[]) AS query) AS v
WHERE answer !~ '^XX001 invalid session mark' ORDER BY kind, answer;
