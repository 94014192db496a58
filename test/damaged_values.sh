#!/bin/bash
#
# damaged_values.sh: what every function makes of stored bytes that no function has written.
#
# A cast that looks at nothing, or a damaged disk, lets any bytes pass for a stored value.  Every
# function and aggregate that takes one of our types is found in the catalogue, so that none is left
# out, and is called with every value: it says that the value is corrupt, or all of them take it and
# its text reads back to an equal one.  Comparisons and hashes look at bytes only, and take any.
set -euo pipefail

database=att_damaged_values
psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE $database TEMPLATE att_template"

# A crash ends this psql, and then the plan is not fulfilled.
psql -XqAt -P pager=off -v ON_ERROR_STOP=1 -d "$database" <<'SQL'
SET search_path = attendance, public;
SET client_min_messages = warning;
SELECT plan(45);
SELECT create_register('r') \g /dev/null

-- ---------- the damaged values ----------

CREATE CAST (bytea AS mark_series) WITHOUT FUNCTION;
CREATE CAST (bytea AS mark_counts) WITHOUT FUNCTION;
CREATE CAST ("char" AS session_mark) WITHOUT FUNCTION;
CREATE CAST ("char" AS absence_code) WITHOUT FUNCTION;
CREATE CAST (integer AS school_session) WITHOUT FUNCTION;

-- Every change of a byte, every cut, and every byte more.
CREATE FUNCTION damage(bytes bytea) RETURNS SETOF bytea LANGUAGE sql AS $$
    SELECT set_byte(bytes, place, byte) FROM generate_series(0, length(bytes) - 1) AS place,
        generate_series(0, 255) AS byte
    UNION SELECT substr(bytes, 1, n) FROM generate_series(0, length(bytes)) AS n
    UNION SELECT bytes || set_byte('\x00', 0, byte) FROM generate_series(0, 255) AS byte
$$;

CREATE TABLE damaged_session_mark AS
SELECT n, (n - 128)::"char"::session_mark AS v FROM generate_series(0, 255) AS n;
CREATE TABLE damaged_absence_code AS
SELECT n, (n - 128)::"char"::absence_code AS v FROM generate_series(0, 255) AS n;
CREATE TABLE damaged_school_session AS
SELECT row_number() OVER ()::int AS n, s::school_session AS v
FROM unnest(ARRAY[-2147483648, -2147483647, -1073741824, -73049, -73048, -73047, -2, -1, 0, 1, 18764, 18765, 730484,
                  730485, 730486, 730487, 1073741823, 2147483646, 2147483647]) AS s;

-- Several weeks, each number of days a week, long runs and short ones, the ends of time; then what was read amiss once.
CREATE TABLE damaged_mark_series AS
SELECT row_number() OVER ()::int AS n, bytes::mark_series AS v
FROM (SELECT DISTINCT damage(mark_series_send(text::mark_series)) AS bytes
      FROM unnest(ARRAY['empty', '1900-01-01 /', '2025-09-08 .\', '2025-09-08 /\/\/\/\II /\(C1)(C1)',
                        '2025-09-13 /\', '2025-09-08 /\/\/\/\/\/\/\ /\/\/\/\/\', '2999-12-31 /\',
                        '2025-10-20 /\/\/\/\/\ . . . . . . /\ILU', '2025-09-08 ' || repeat(' /\II-\LL(Y7)(Y7) ##.OU', 1)]) AS text) AS d;
INSERT INTO damaged_mark_series
SELECT 1000000 + row_number() OVER (), bytes::mark_series
FROM unnest(ARRAY['\x15199e00', '\x15199e40', '\x15199e4087', '\x15199e00c000', '\x17199e40bfbfbf', '\x15e033c4',
                  '\x15199ec0c0', '\x15199e0f0f', '\x15199e0f80', '\x15199e02', '\x15199e42', '\x15199e03', '\x15ffffc0',
                  ('\x15199e' || repeat('0f04', 8000))::bytea, ('\x15199e4f' || repeat('bf', 300))::bytea,
                  ('\x15199e' || repeat('bf', 15000))::bytea, ('\x15199e' || repeat('00', 15000))::bytea]::bytea[]) AS bytes;

CREATE TABLE damaged_mark_counts AS
SELECT row_number() OVER ()::int AS n, bytes::mark_counts AS v
FROM (SELECT DISTINCT damage(mark_counts_send(text::mark_counts)) AS bytes
      FROM unnest('{empty,/:1,"/:190 I:4","-:2 #:9223372036854775807"}'::text[]) AS text) AS d;

-- Counters: a table of bigints has the same bytes, and its file becomes that of another table.
CREATE FUNCTION make_damaged(type text, names text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    counts int := cardinality(names);
BEGIN
    EXECUTE format('CREATE TABLE raw_%s (n int NOT NULL, filler int NOT NULL, %s)', type,
                   (SELECT string_agg(format('%I bigint NOT NULL', name), ', ') FROM unnest(names) AS name));
    EXECUTE format('CREATE TABLE damaged_%s (n int NOT NULL, filler int NOT NULL, v %s)', type, type);
    EXECUTE format('INSERT INTO raw_%s SELECT row_number() OVER (), 0, %s FROM generate_series(0, %s) AS place,
                    unnest(''{-9223372036854775808,-1,0,1,2,9223372036854775807}''::bigint[]) AS damage,
                    unnest(''{0,1,5}''::bigint[]) AS rest', type,
                   (SELECT string_agg(format('CASE place WHEN %s THEN damage ELSE rest END', i - 1), ', ')
                    FROM generate_series(1, counts) AS i), counts - 1);
END $$;
CREATE FUNCTION take_file(source regclass, target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    file oid := lo_from_bytea(0, pg_read_binary_file(pg_relation_filepath(source)));
BEGIN
    PERFORM lo_export(file, current_setting('data_directory') || '/' || pg_relation_filepath(target));
    PERFORM lo_unlink(file);
END $$;
SELECT make_damaged('attendance_tally',
    '{present,approved_activity,authorised,unauthorised,not_possible,coronavirus,administrative,unmarked,
      late_before_close,late_after_close}') \g /dev/null
SELECT make_damaged('cohort_summary',
    '{enrolments,persistently_absent,severely_absent,without_possible_sessions,present,approved_activity,authorised,
      unauthorised,not_possible,coronavirus,administrative,unmarked,late_before_close,late_after_close}') \g /dev/null
CHECKPOINT;
SELECT take_file('raw_attendance_tally', 'damaged_attendance_tally'),
       take_file('raw_cohort_summary', 'damaged_cohort_summary') \g /dev/null
SELECT is((SELECT count(*) FROM damaged_attendance_tally), 180::bigint, 'damaged tallies are read');
SELECT is((SELECT count(*) FROM damaged_cohort_summary), 252::bigint, 'damaged cohorts are read');

-- ---------- the functions ----------

\i test/fuzz/probes.sql
SELECT format('ALTER TABLE damaged_%s ADD PRIMARY KEY (n)', type) FROM own_type WHERE type !~ 'tally|cohort' \gexec
SELECT format('ANALYZE damaged_%s', type) FROM own_type \gexec
SELECT pass('ANALYZE takes damaged values');
SELECT is_empty('SELECT function FROM probe WHERE call IS NULL OR call ~ ''\(\)$''', 'every argument has a sample');
SELECT cmp_ok((SELECT count(*) FROM probe), '>', 140::bigint, 'the functions are found');

SELECT format('CREATE FUNCTION probe_%s(n int) RETURNS text LANGUAGE plpgsql AS $f$
    BEGIN
        PERFORM %s FROM damaged_%s AS d WHERE d.n = probe_%s.n;
        RETURN ''works'';
    EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END $f$', replace(id::text, '-', 'm'), call, type,
    replace(id::text, '-', 'm')) FROM probe \gexec
CREATE TABLE answer (type text, id int, n int, answer text);
SELECT format('INSERT INTO answer SELECT %L, %s, n, probe_%s(n) FROM damaged_%s WHERE %L OR n %% 10 = 0', type, id,
              replace(id::text, '-', 'm'), type, NOT lenient) FROM probe \gexec

-- The text of each that is taken, read back.
CREATE TABLE read_back (type text, n int, same boolean);
SELECT format('CREATE FUNCTION read_back_%s(n int) RETURNS boolean LANGUAGE plpgsql AS $f$
    DECLARE same boolean;
    BEGIN
        SELECT v::text::%s = v INTO same FROM damaged_%s AS d WHERE d.n = read_back_%s.n;
        RETURN same;
    EXCEPTION WHEN OTHERS THEN RETURN NULL; END $f$', type, type, type, type) FROM own_type \gexec
SELECT format('INSERT INTO read_back SELECT %L, n, read_back_%s(n) FROM damaged_%s', type, type, type)
FROM own_type \gexec
ANALYZE answer, probe, read_back;

-- ---------- what they answered ----------

-- Of each value: whether all functions that look at it, or any, say that it is corrupt, and what its text is.
CREATE TABLE verdict AS
SELECT type, n, all_refuse, any_refuses, same
FROM (SELECT a.type, n, bool_and(answer = 'XX001') AS all_refuse, bool_or(answer = 'XX001') AS any_refuses
      FROM answer AS a JOIN probe AS p USING (type, id) WHERE NOT lenient GROUP BY 1, 2) AS v JOIN read_back USING (type, n);
SELECT diag(format('%s: %s', type, string_agg(format('%s %s', n, answer), ', ' ORDER BY answer)))
FROM (SELECT type, answer, count(*) AS n FROM answer GROUP BY 1, 2) AS v GROUP BY type;
SELECT is_empty(format('SELECT * FROM verdict WHERE type = %L AND any_refuses <> all_refuse LIMIT 5', type),
                type || ': a value is corrupt for every function or for none') FROM own_type ORDER BY type;
SELECT is_empty(format('SELECT * FROM verdict WHERE type = %L AND NOT any_refuses AND same IS NOT TRUE LIMIT 5', type),
                type || ': the text of what is taken is an equal value') FROM own_type ORDER BY type;
SELECT is_empty(format('SELECT * FROM verdict WHERE type = %L AND any_refuses AND same IS NOT NULL LIMIT 5', type),
                type || ': and what is corrupt has no text') FROM own_type ORDER BY type;
SELECT is_empty(format($$ SELECT n, function, answer FROM answer JOIN probe USING (type, id)
                WHERE answer.type = %L AND lenient AND answer <> 'works' LIMIT 5 $$, type),
                type || ': comparisons and hashes take any') FROM own_type ORDER BY type;
-- too many weeks, counters that do not fit, a mark that is no absence, a range without an end or that ends before it begins
SELECT is_empty(format($$ SELECT n, function, answer FROM answer JOIN probe USING (type, id) WHERE answer.type = %L
                AND answer NOT IN ('works', 'XX001', '54000', '22003', '22023', '22008', '22000') LIMIT 5 $$, type),
                type || ': no other error') FROM own_type ORDER BY type;
SELECT set_eq('SELECT DISTINCT type, any_refuses FROM verdict',
              'SELECT type, refused FROM own_type, unnest(''{t,f}''::boolean[]) AS refused',
              'of every type, some values are taken and some are not');

-- ---------- many runs at once ----------

-- Two ways of counting, one of which takes many runs at once, agree on values whole and damaged.
CREATE FUNCTION answer(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    EXECUTE query INTO STRICT result;
    RETURN result;
EXCEPTION WHEN data_corrupted THEN RETURN 'corrupt';
END $$;
SELECT setseed(0.20250908) \g /dev/null
CREATE TABLE line AS
SELECT n, mark_series_send(('2025-09-08 ' || string_agg(week, ' '))::mark_series) AS bytes
FROM (SELECT n, w, string_agg((ARRAY['/','/','/','\','\','L','I','I','II','.','(Y7)','#','-','U','OO'])[1 + floor(random() * 15)],
                              '' ORDER BY s) AS week
      FROM generate_series(1, 1500) AS n, generate_series(1, 1 + n % 40) AS w, generate_series(1, 5) AS s
      GROUP BY n, w) AS weeks
GROUP BY n;
CREATE TABLE counted AS
SELECT n, bytes, answer(format('SELECT tally(%L::bytea::mark_series)', bytes)) AS at_once,
       -- days that a line goes beyond are counted run by run
       answer(format('SELECT tally(s, ''(,2025-10-03)'') + tally(s, ''[2025-10-03,)'') FROM (SELECT %L::bytea::mark_series) AS l (s)',
                     bytes)) AS one_by_one
FROM (SELECT n, bytes FROM line
      UNION ALL SELECT -n, set_byte(bytes, 3 + floor(random() * (length(bytes) - 3))::int, floor(random() * 256)::int)
      FROM line WHERE length(bytes) > 3) AS l;
SELECT is_empty('SELECT * FROM counted WHERE at_once <> one_by_one', 'any runs are counted as one by one');
SELECT is_empty('SELECT * FROM counted WHERE n > 0 AND at_once = ''corrupt''', 'those that are whole are counted');
SELECT cmp_ok((SELECT count(*) FROM counted WHERE at_once = 'corrupt'), '>', 300::bigint, 'of the damaged, some are corrupt');
SELECT cmp_ok((SELECT count(*) FROM counted WHERE n < 0 AND at_once <> 'corrupt'), '>', 100::bigint, 'and some are values');

SELECT * FROM finish();
SQL

# It is the same server as before: it does not start again after a crash.
psql -XqAt -d "$database" -c 'SELECT 1' >/dev/null
