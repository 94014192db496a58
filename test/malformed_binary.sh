#!/bin/bash
#
# malformed_binary.sh: what the receive functions make of bytes that no send function writes.
#
# A bytea in COPY's binary format is its own bytes, so what is written from an expression of that
# type can be read as any other: a stream with one row, one field and the bytes that we want.
# The file lies in the server's data directory, which is the server's to read and to write.
set -euo pipefail

database=att_malformed_binary
psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE $database TEMPLATE att_template"

# A crash ends this psql, and then the plan is not fulfilled.
psql -XqAt -P pager=off -v ON_ERROR_STOP=1 -d "$database" <<'SQL'
SET search_path = attendance, public;
SET client_min_messages = warning;
SELECT plan(14);

-- the types, each with a query that looks at every part of a value
CREATE TABLE own_type (type text PRIMARY KEY, use text);
INSERT INTO own_type VALUES
    ('session_mark', 'mark_class(v), mark_description(v)'),
    ('absence_code', 'session_mark(v)'),
    ('school_session', 'day(v), session(v)'),
    ('school_session_range', 'lower(v), upper(v)'),
    ('mark_series', 'tally(v), mark_counts(v), first_day(v), last_day(v), unauthorised_window(v), spell_summary(v), threshold_window(ARRAY[v], ''{2025-09-08}'', 1), slice(v, ''(,)''), v || v,
                     (SELECT count(*) FROM marks(v)), (SELECT count(*) FROM absence_spells(v)), (SELECT count(*) FROM weekly_tallies(v))'),
    ('attendance_tally', 'present(v), v < v'),
    ('mark_counts', '(SELECT count(*) FROM counts(v)), v < v'),
    ('cohort_summary', 'tally(v), v < v');
SELECT format('CREATE UNLOGGED TABLE target_%s (v %s)', type, type) FROM own_type \gexec

-- "loaded", with what is sent of the value and whether it survives as text; or the SQLSTATE
CREATE FUNCTION load(type text, use text, bytes bytea, OUT answer text, OUT sent bytea,
                     OUT same_value boolean) LANGUAGE plpgsql AS $$
DECLARE
    file text := current_setting('data_directory') || '/att_malformed_binary';
    send text := CASE type WHEN 'school_session_range' THEN 'range_send' ELSE type || '_send' END;
    used record;
BEGIN
    EXECUTE format('COPY (SELECT %L::bytea) TO %L (FORMAT binary)', bytes, file);
    BEGIN
        EXECUTE format('COPY target_%s FROM %L (FORMAT binary)', type, file);
        EXECUTE format('SELECT %s(v), v::text::%s = v FROM target_%s', send, type, type) INTO STRICT sent, same_value;
        EXECUTE format('SELECT %s FROM target_%s', use, type) INTO STRICT used;
        answer := 'loaded';
        RAISE SQLSTATE 'ROLLB'; -- the row is not kept
    EXCEPTION
        WHEN SQLSTATE 'ROLLB' THEN NULL;
        WHEN OTHERS THEN answer := SQLSTATE;
    END;
END $$;

-- ---------- one by one ----------

-- Eight bytes for each number.
CREATE FUNCTION numbers(VARIADIC n bigint[]) RETURNS bytea LANGUAGE sql
RETURN (SELECT string_agg(int8send(i), '' ORDER BY place) FROM unnest(n) WITH ORDINALITY AS u (i, place));
-- A series of 5, 6 or 7 days a week from the week of 8 September 2025, with these runs.
CREATE FUNCTION series(runs bytea, days int DEFAULT 5) RETURNS bytea LANGUAGE sql
RETURN set_byte('\x10199e', 0, 16 + days) || runs;

CREATE TABLE malformed (type text, what text, bytes bytea, answer text);
INSERT INTO malformed VALUES
    ('session_mark', 'a code', 'L', 'loaded'),
    ('session_mark', 'backslash', '\x5c', 'loaded'),
    ('session_mark', 'nothing', '', '22P02'),
    ('session_mark', 'no code', 'ZZ', '22P02'),
    ('session_mark', 'a NUL', '\x4c00', '22021'),
    ('session_mark', 'not UTF-8', '\xff', '22021'),
    ('session_mark', 'long', convert_to(repeat('L', 5000), 'UTF8'), '22P02'),
    ('absence_code', 'a code', 'C1', 'loaded'),
    ('absence_code', 'no absence', 'L', '22P02'),
    ('absence_code', 'nothing', '', '22P02'),
    ('absence_code', 'no code', 'ZZ', '22P02'),

    ('school_session', 'the first', '\xfffee2a8', 'loaded'),
    ('school_session', 'before it', '\xfffee2a7', '22P03'),
    ('school_session', 'the last', '\x000b2575', 'loaded'),
    ('school_session', 'after it', '\x000b2576', '22P03'),
    ('school_session', 'greatest', '\x7fffffff', '22P03'),
    ('school_session', 'least', '\x80000000', '22P03'),
    ('school_session', 'least odd', '\x80000001', '22P03'),
    ('school_session', 'nothing', '', '08P01'),
    ('school_session', 'cut off', '\x000000', '08P01'),
    ('school_session', 'a byte more', '\x0000000000', '22P03'),
    -- flags, then each bound with its length; these are PostgreSQL's, with our bounds
    ('school_session_range', 'two sessions', '\x0200000004000000000000000400000002', 'loaded'),
    ('school_session_range', 'empty', '\x01', 'loaded'),
    ('school_session_range', 'without bounds', '\x18', 'loaded'),
    ('school_session_range', 'nothing', '', '08P01'),
    ('school_session_range', 'bound out of range', '\x02000000047fffffff000000047fffffff', '22P03'),
    ('school_session_range', 'backwards', '\x0200000004000000020000000400000000', '22000'),
    ('school_session_range', 'up to the last and with it', '\x06000000040000000000000004000b2575', '22008'),
    ('school_session_range', 'bound cut off', '\x020000000400000000', '08P01'),

    ('mark_series', 'empty', '\x150000', 'loaded'),
    ('mark_series', 'a week of presence', series('\xc9'), 'loaded'),
    ('mark_series', 'nothing', '', '22P03'),
    ('mark_series', 'a part of the header', '\x15', '22P03'),
    ('mark_series', 'a greater part of it', '\x1519', '22P03'),
    ('mark_series', 'version 0', '\x05199ec9', '22P03'),
    ('mark_series', 'version 2', '\x25199ec9', '22P03'),
    ('mark_series', 'version 15', '\xf5199ec9', '22P03'),
    ('mark_series', '0 days a week', series('\xc9', 0), '22P03'),
    ('mark_series', '4 days a week', series('\xc9', 4), '22P03'),
    ('mark_series', '6 days where 5 hold the marks', series('\xc9', 6), '22P03'),
    ('mark_series', '7 days where 5 hold the marks', series('\xc9', 7), '22P03'),
    ('mark_series', '7 days where 6 hold the marks', series('\xcb', 7), '22P03'),
    ('mark_series', '8 days a week', series('\xcf', 8), '22P03'),
    ('mark_series', '15 days a week', series('\xcf', 15), '22P03'),
    ('mark_series', 'empty, with a week', '\x15199e', '22P03'),
    ('mark_series', 'empty, of 7 days', '\x170000', '22P03'),
    ('mark_series', 'a number that is no code', series('\x33'), '22P03'),
    ('mark_series', 'the greatest of them', series('\x3f'), '22P03'),
    ('mark_series', 'the same twice', series('\x7f'), '22P03'),
    ('mark_series', 'more of it', series('\x7f80'), '22P03'),
    ('mark_series', 'present in the afternoon, a number of its own', series('\x03'), '22P03'),
    ('mark_series', 'present as any other mark', series('\x02'), '22P03'),
    ('mark_series', 'present twice as any other', series('\x42'), '22P03'),
    ('mark_series', 'present 65 times', series('\xff80'), 'loaded'),
    ('mark_series', 'present 65 times as two runs', series('\xffc0'), '22P03'),
    ('mark_series', 'present 64 times in two bytes', series('\xfe80'), '22P03'),
    ('mark_series', 'two runs of presence that are one', series('\xc0c0'), '22P03'),
    ('mark_series', 'more of nothing', series('\x80'), '22P03'),
    ('mark_series', 'more of nothing, then presence', series('\x87c0'), '22P03'),
    ('mark_series', 'one and more that are two', series('\x0f80'), '22P03'),
    ('mark_series', 'two and more', series('\x4f80'), 'loaded'),
    ('mark_series', 'more and more', series('\x4fbf80'), 'loaded'),
    ('mark_series', 'more and more where once is enough', series('\x4f8080'), '22P03'),
    ('mark_series', 'the lesser part first', series('\x4f80bf'), '22P03'),
    ('mark_series', 'two runs that are one', series('\x0f0f'), '22P03'),
    ('mark_series', 'one and two that are three', series('\x0f4f'), '22P03'),
    ('mark_series', 'two and one that are three', series('\x4f0f'), '22P03'),
    ('mark_series', 'nothing but a blank', series('\x00'), '22P03'),
    ('mark_series', 'a blank at the end', series('\xc900'), '22P03'),
    ('mark_series', 'a blank week at the beginning', series('\x4087c0'), '22P03'),
    ('mark_series', 'all but a week blank', series('\x4086c0'), 'loaded'),
    ('mark_series', 'the last day', '\x15e033c3', 'loaded'), -- Tuesday, 31 December 2999
    ('mark_series', 'after the last day', '\x15e033c4', '22P03'),
    ('mark_series', 'a blank after the last day, then a mark', '\x15e033c30f', '22P03'),
    ('mark_series', 'after the last week', '\x15e034c0', '22P03'),
    ('mark_series', 'far after it', '\x15ffffc0', '22P03'),
    ('mark_series', '1100 weeks of 5 days', series(decode('4f' || repeat('bf', 171) || 'b5', 'hex')), 'loaded'),
    ('mark_series', 'a session more', series(decode('4f' || repeat('bf', 171) || 'b6', 'hex')), '22P03'),
    ('mark_series', '1100 weeks of 7 days', series(decode('4f' || repeat('bf', 240) || 'a5', 'hex'), 7), 'loaded'),
    ('mark_series', 'another session more', series(decode('4f' || repeat('bf', 240) || 'a6', 'hex'), 7), '22P03'),
    ('mark_series', 'far too many weeks', series(decode('4f' || repeat('bf', 5000), 'hex')), '22P03'),
    ('mark_series', 'a megabyte', series(decode(repeat('0f', 1048576), 'hex')), '22P03'),

    ('attendance_tally', 'zeros', numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 'loaded'),
    ('attendance_tally', 'greatest counts', numbers(9223372036854775807, 1, 2, 9223372036854775807, 3, 4, 5, 6,
                                                    9223372036854775807, 9223372036854775807), 'loaded'),
    ('attendance_tally', 'nothing', '', '08P01'),
    ('attendance_tally', 'cut off', substr(numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 2), '08P01'),
    ('attendance_tally', 'a byte more', numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0) || '\x00', '22P03'),
    ('attendance_tally', 'a negative count', numbers(0, 0, 0, 0, 0, 0, 0, -1, 0, 0), '22P03'),
    ('attendance_tally', 'the least', numbers(0, 0, 0, 0, -9223372036854775808, 0, 0, 0, 0, 0), '22P03'),
    ('attendance_tally', 'more late than present', numbers(1, 0, 0, 0, 0, 0, 0, 0, 2, 0), '22P03'),
    ('attendance_tally', 'more late than unauthorised', numbers(0, 0, 0, 1, 0, 0, 0, 0, 0, 2), '22P03'),
    ('attendance_tally', 'negative, and late less so', numbers(-1, 0, 0, 0, 0, 0, 0, 0, -2, 0), '22P03'),
    ('cohort_summary', 'zeros', numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 'loaded'),
    ('cohort_summary', 'nothing', '', '08P01'),
    ('cohort_summary', 'as long as a tally', numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), '08P01'),
    ('cohort_summary', 'a byte more', numbers(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) || '\x00', '22P03'),
    ('cohort_summary', 'more severe than persistent', numbers(3, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), '22P03'),
    ('cohort_summary', 'more persistent than there are', numbers(3, 4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), '22P03'),
    ('cohort_summary', 'a negative count', numbers(3, 2, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), '22P03'),
    ('cohort_summary', 'more late than present', numbers(3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0), '22P03'),

    ('mark_counts', 'empty', '\x01', 'loaded'),
    ('mark_counts', 'two codes', '\x0102' || numbers(7) || '\x04' || numbers(9223372036854775807), 'loaded'),
    ('mark_counts', 'nothing', '', '22P03'),
    ('mark_counts', 'version 0', '\x00', '22P03'),
    ('mark_counts', 'version 2', '\x02', '22P03'),
    ('mark_counts', 'a code without its count', '\x0102', '22P03'),
    ('mark_counts', 'cut off', '\x0102' || substr(numbers(7), 2), '22P03'),
    ('mark_counts', 'a byte more', '\x0102' || numbers(7) || '\x04', '22P03'),
    ('mark_counts', 'a count of zero', '\x0102' || numbers(0), '22P03'),
    ('mark_counts', 'a negative count', '\x0102' || numbers(-1), '22P03'),
    ('mark_counts', 'a number that is no code', '\x0133' || numbers(1), '22P03'),
    ('mark_counts', 'the greatest byte', '\x01ff' || numbers(1), '22P03'),
    ('mark_counts', 'no mark', '\x0100' || numbers(1), '22P03'),
    ('mark_counts', 'not in order', '\x0104' || numbers(1) || '\x02' || numbers(1), '22P03'),
    ('mark_counts', 'twice the same', '\x0104' || numbers(1) || '\x04' || numbers(1), '22P03'),
    ('mark_counts', 'a megabyte', '\x01' || decode(repeat('04', 9 * 116508), 'hex'), '22P03');

SELECT is_empty(format($$
    SELECT what, m.answer AS expected, l.answer, l.same_value FROM malformed AS m JOIN own_type USING (type),
           load(type, use, bytes) AS l
    WHERE type = %L AND (l.answer IS DISTINCT FROM m.answer OR (l.answer = 'loaded' AND (l.sent, l.same_value)
    IS DISTINCT FROM (bytes, true))) $$, type),
    type || ': malformed values are refused, others come back as they were')
FROM own_type ORDER BY type;

-- ---------- at random: a few thousand changes of valid values ----------

CREATE TABLE valid (type text, bytes bytea);
INSERT INTO valid SELECT 'session_mark', session_mark_send(mark) FROM attendance_codes();
INSERT INTO valid SELECT 'absence_code', session_mark_send(mark) FROM attendance_codes() WHERE absence;
INSERT INTO valid SELECT 'school_session', school_session_send(school_session(date '1900-01-01' + i * 36524, h))
FROM generate_series(0, 10) AS i, unnest('{AM,PM}'::text[]) AS h;
INSERT INTO valid
SELECT 'mark_series',
       mark_series_send(mark_series_agg(school_session(date '2025-09-08' + d, h),
                                        codes[1 + abs(hashint4(i * 1000 + d / (1 + i % 5))) % 50]))
FROM generate_series(1, 60) AS i, generate_series(0, i * i % 400) AS d, unnest('{AM,PM}'::text[]) AS h,
    (SELECT array_agg(mark) AS codes FROM attendance_codes()) AS c
WHERE d % 7 < 5 + i % 3 GROUP BY i;
INSERT INTO valid SELECT 'attendance_tally', attendance_tally_send(tally(text::mark_series))
FROM unnest('{empty,2025-09-08 /\\LUI,2025-09-08 (C1)(Y7)#-(X02)LLLLL}'::text[]) AS text;
INSERT INTO valid SELECT 'mark_counts', mark_counts_send(mark_counts(text::mark_series))
FROM unnest('{empty,2025-09-08 /\\LUI,2025-09-08 (C1)(Y7)#-(X02)LLLLL}'::text[]) AS text;
INSERT INTO valid SELECT 'cohort_summary', cohort_summary_send(cohort_summary_add('empty', text::mark_series))
FROM unnest('{empty,2025-09-08 /\\LUI,2025-09-08 (C1)(Y7)#-(X02)LLLLL}'::text[]) AS text;

SELECT setseed(0.20250908) \g /dev/null
-- One to three changes: a bit, a byte, one more, one less, cut off, or a piece said twice.
CREATE FUNCTION mutate(bytes bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE place int; byte int;
BEGIN
    FOR i IN 0 .. (random() * 2)::int LOOP
        place := floor(random() * length(bytes))::int;
        byte := floor(random() * 256)::int;
        CASE floor(random() * 6)::int
            WHEN 0 THEN IF length(bytes) > 0 THEN bytes := set_bit(bytes, place::bigint * 8 + byte % 8,
            byte / 128); END IF;
            WHEN 1 THEN IF length(bytes) > 0 THEN bytes := set_byte(bytes, place, byte); END IF;
            WHEN 2 THEN bytes := substr(bytes, 1, place) || decode(lpad(to_hex(byte), 2, '0'), 'hex') || substr(bytes,
            place + 1);
            WHEN 3 THEN bytes := substr(bytes, 1, place) || substr(bytes, place + 2);
            WHEN 4 THEN bytes := substr(bytes, 1, place);
            ELSE bytes := substr(bytes, 1, place) || substr(bytes, greatest(place - byte % 9, 1));
        END CASE;
    END LOOP;
    RETURN bytes;
END $$;
CREATE TABLE mutant AS
SELECT type, mutate(bytes) AS bytes FROM own_type AS t,
       generate_series(1, CASE type WHEN 'mark_series' THEN 3000 WHEN 'mark_counts' THEN 1500 ELSE 500 END) AS i,
       LATERAL (SELECT bytes FROM valid WHERE valid.type = t.type
                ORDER BY bytes OFFSET i % (SELECT count(*) FROM valid AS o WHERE o.type = t.type) LIMIT 1) AS v
WHERE type <> 'school_session_range';
CREATE TABLE tried AS SELECT m.type, bytes, l.* FROM mutant AS m JOIN own_type USING (type),
    load(m.type, use, bytes) AS l;

SELECT diag(string_agg(format('%s %s: %s', type, answer, n), E'\n' ORDER BY type, answer))
FROM (SELECT type, answer, count(*) AS n FROM tried GROUP BY 1, 2) AS v;
SELECT is((SELECT count(*) FROM tried), 7000::bigint, '7000 values');
SELECT is_empty($$ SELECT type, bytes, answer FROM tried
                   WHERE answer NOT IN ('loaded', '22P03', '08P01') AND NOT (type IN ('session_mark', 'absence_code')
                   AND answer IN ('22P02', '22021')) $$,
                'each is loaded or refused as malformed');
SELECT is_empty($$ SELECT type, bytes, sent FROM tried
                   WHERE answer = 'loaded' AND sent IS DISTINCT FROM bytes
                     AND NOT (type IN ('session_mark', 'absence_code')
                              AND trim(upper(encode(bytes, 'escape'))) IN (encode(sent, 'escape'),
                              encode(sent, 'escape') || '-')) $$,
                'what is loaded is sent again as it came, but for case and blanks of a code');
SELECT is_empty($$ SELECT type, bytes FROM tried WHERE answer = 'loaded' AND same_value IS NOT true $$,
                'and is the same value as text');
SELECT is_empty($$ SELECT type FROM tried GROUP BY type
                HAVING count(*) FILTER (WHERE answer = 'loaded') NOT BETWEEN 0.05 * count(*) AND 0.95 * count(*) $$,
                'of every type, some are loaded and some are not');
SELECT cmp_ok((SELECT count(DISTINCT bytes) FROM tried WHERE type = 'mark_series' AND answer = 'loaded'), '>',
              50::bigint, 'other series than those at the beginning');

SELECT * FROM finish();
SQL

# It is the same server as before: it does not start again after a crash.
psql -XqAt -d "$database" -c 'SELECT 1' >/dev/null
