-- The import of published figures, and comparison with them.
--
-- Sources, Open Government Licence v3.0, Department for Education: "Pupil absence in schools in England" 2018/19, "Pupil
-- attendance in schools" 2025/26 to 10 July 2026, weeks 37 to 39 of 2025 and week 29 of 2025; some columns of some rows.
BEGIN;
SET client_min_messages = warning;
SELECT * FROM no_plan();
SELECT attendance.create_register('b') \g /dev/null
SET search_path = b, public, attendance;
CREATE FUNCTION said(content text, days daterange DEFAULT NULL, series text DEFAULT NULL) RETURNS text LANGUAGE sql VOLATILE
RETURN (SELECT format('%s %s %s rows %s figures%s%s%s%s', i.series, i.shape, i.rows, i.figures, CASE WHEN i.left_out > 0 THEN ' without ' || i.left_out END,
    ' unknown ' || nullif(i.unknown_columns, '{}')::text, ' repeated ' || nullif(i.repeated_columns, '{}')::text, ' ' || nullif(i.problems, '{}')::text)
    FROM import_benchmark(content, 'A title', series, days) i);

-- ---------- CSV ----------

SELECT is((SELECT string_agg(r.line || ':' || array_to_string(r.fields, '|'), ' ' ORDER BY r.line) FROM csv_rows(content) r), wanted, description) FROM (VALUES
    (E'a,b\n1,2\n', '1:a|b 2:1|2', 'LF'), (E'a,b\r\n1,2\r\n', '1:a|b 2:1|2', 'CRLF'), (E'a,b\r1,2', '1:a|b 2:1|2', 'CR, and no end of the last line'),
    (E'a\n\n\r\nb', '1:a 4:b', 'empty lines are counted'), (E'\uFEFFa,b', '1:a|b', 'byte order mark'),
    ('"Bristol, City of","say ""x""",""', '1:Bristol, City of|say "x"|', 'quotes'), (E'"a\nb",c\nd', E'1:a\nb|c 3:d', 'a line end in quotes'),
    (E'a\tb;c\n1\t2', '1:a|b;c 2:1|2', 'tabs'), (E'a;"b;c"\n1,5;2', '1:a|b;c 2:1,5|2', 'semicolons'), (E'a,b\n1;2\t3', E'1:a|b 2:1;2\t3', 'a comma in the first row'), (E'a\n1,2', '1:a 2:1|2', 'a first row without any'), (E'\n\na\tb', '3:a|b', 'tabs after empty lines'), (E'"a,b"\tc', '1:a,b|c', 'a comma in quotes is none'),
    (',', '1:|', 'empty fields'), ('a"b,c', '1:a"b|c', 'a quote inside'), ('', NULL, 'nothing'), (NULL, NULL, 'NULL')) AS v (content, wanted, description);
SELECT throws_ok(format('SELECT csv_rows(%L)', content), '22P04', message, message) FROM (VALUES
    (E'a\n"b', 'line 2: a quoted field has no end'), (E'a\n"b"c', 'line 2: something follows the end of a quoted field'), ('"""', 'line 1: a quoted field has no end')) AS v (content, message);
-- any bytes that are text: no crash, and the fields have no more than was given
SELECT setseed(0.2);
SELECT lives_ok($$ DO $x$ DECLARE t text; n bigint; BEGIN
    FOR t IN SELECT (SELECT string_agg((ARRAY['"', ',', E'\n', E'\r', 'x', 'é', U&'\FEFF', ' ', E'\t', ';'])[1 + floor(random() * 10)::int], '') FROM generate_series(1, i % 20 + 1))
        FROM generate_series(1, 3000) i LOOP
        BEGIN
            SELECT sum(length(array_to_string(fields, ''))) INTO n FROM attendance.csv_rows(t);
            IF n > length(t) THEN RAISE EXCEPTION 'more than was given: %', t; END IF;
        EXCEPTION WHEN bad_copy_file_format THEN NULL; END;
    END LOOP; END $x$ $$, 'malformed files');
SELECT is(file_text('\xEFBBBF41'), U&'\FEFFA', 'UTF-8'); SELECT is(file_text('\x41E9'), 'Aé', 'Windows-1252');
SELECT throws_ok($$ SELECT file_text('\x4100414100') $$, '22021', NULL, 'zero bytes');
CREATE FUNCTION utf16(content text, big_endian boolean, marked boolean) RETURNS bytea LANGUAGE sql AS $$
    SELECT CASE WHEN marked AND big_endian THEN '\xFEFF'::bytea WHEN marked THEN '\xFFFE' ELSE '' END || string_agg(CASE WHEN big_endian THEN u.bytes ELSE substr(u.bytes, 2, 1) || substr(u.bytes, 1, 1) END, '' ORDER BY c.n, u.n)
    FROM (SELECT n, ascii(substr(content, n, 1)) AS code FROM generate_series(1, length(content)) n) c
    CROSS JOIN LATERAL unnest(CASE WHEN c.code < 65536 THEN ARRAY[c.code] ELSE ARRAY[55296 + (c.code - 65536) / 1024, 56320 + (c.code - 65536) % 1024] END) WITH ORDINALITY AS v (unit, n)
    CROSS JOIN LATERAL (SELECT v.n, decode(lpad(to_hex(v.unit), 4, '0'), 'hex') AS bytes) u $$;
SELECT is(file_text(utf16(content, big_endian, marked)), content, format('UTF-16 of %L, %s, %s', left(content, 9), CASE WHEN big_endian THEN 'BE' ELSE 'LE' END, CASE WHEN marked THEN 'with its mark' ELSE 'without' END))
FROM (VALUES (true), (false)) AS b (big_endian) CROSS JOIN (VALUES (true), (false)) AS m (marked)
CROSS JOIN unnest(ARRAY['time_period,la_name', E'Ynys Môn\t€\r\nŁódź', U&'plain letters and one beyond \+01D11E, \+10FFFF']) AS content;
SELECT is(file_text(utf16(U&'\4E2D\6587', big_endian, true)), U&'\4E2D\6587', 'no plain letter, but a mark') FROM (VALUES (true), (false)) AS b (big_endian);
SELECT is(file_text(bytes), wanted, description) FROM (VALUES ('\xFFFE'::bytea, '', 'a mark alone'), ('\xFEFF', '', 'the other one'), ('', '', 'nothing'), (NULL, NULL, 'NULL'), ('\x41', 'A', 'a byte'), ('\xFF', 'ÿ', 'no mark')) AS v (bytes, wanted, description);
SELECT throws_ok(format('SELECT file_text(%L::bytea)', bytes), '22021', message, bytes || ': ' || message) FROM (VALUES
    ('\xFFFE41', 'the UTF-16 is damaged: half a character ends at byte 3'), ('\xFFFE410042', 'the UTF-16 is damaged: half a character ends at byte 5'),
    ('\xFFFE3DD8', 'the UTF-16 is damaged: half a character ends at byte 4'), ('\xFFFE3DD8FF', 'the UTF-16 is damaged: half a character ends at byte 5'), ('\xFEFFD83D0041', 'the UTF-16 is damaged: half a character ends at byte 6'),
    ('\xFEFF0041DC00', 'the UTF-16 is damaged: half a character ends at byte 6'), ('\xFFFE0000', 'the file is in UTF-32; save it in UTF-8'),
    ('\x0000FEFF00000041', 'the file is in UTF-32; save it in UTF-8'), ('\xFFFE41000000', 'invalid byte sequence for encoding "UTF8": 0x00')) AS v (bytes, message);
-- thousands of queries: no worker for each
SET max_parallel_workers_per_gather = 0;
SELECT lives_ok($$ DO $x$ DECLARE b bytea; BEGIN
    FOR b IN SELECT (SELECT string_agg((ARRAY['\x00', '\xFE', '\xFF', '\x41', '\xD8', '\xDC', '\x81', '\xC3', '\xA9', '\x4100', '\xFFFE', '\x0041']::bytea[])[1 + floor(random() * 12)::int], '')
            FROM generate_series(1, i % 12 + 1)) FROM generate_series(1, 3000) i LOOP
        BEGIN
            IF length(convert_to(attendance.file_text(b), 'UTF8')) > 3 * length(b) THEN RAISE EXCEPTION 'more than was given: %', b; END IF;
        EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN NULL; END;
    END LOOP; END $x$ $$, 'any bytes');
RESET max_parallel_workers_per_gather;

-- ---------- shapes ----------

SELECT is(said(E'time_identifier,year_breakdown,time_period,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,school_type,num_schools,enrolments,sess_possible,sess_overall,sess_authorised,sess_unauthorised,sess_overall_percent,enrolments_pa_10_exact,enrolments_pa_10_exact_percent,sess_auth_ext_holiday\nAcademic year,six half terms,201819,National,E92000001,England,,,,,,Total,21214,7105958,2522300237,119207289,83570764,35636525,4.7,771863,10.9,:\nAcademic year,six half terms,201819,Local authority,E92000001,England,E12000003,Yorkshire and the Humber,380,E08000032,Bradford,Total,,83748,29735577,1610713,,,5.41679,11819,14.11258,:'),
    'census wide 2 rows 17 figures', 'the census series');
SELECT is(said(E'\uFEFF"time_period","time_identifier","geographic_level","new_la_code","la_name","old_la_code","education_phase","num_schools","overall_attendance","overall_absence","possible_sessions","attendance_perc"\r\n"2025","Week 37","Local authority","E06000020","Telford and Wrekin","894","Primary",55,"131534","5236","136,770","96.1716750749433"\r\n"2025","Week 37","Local authority","E09000001","City of London","201","Primary",1,"c","c","c","c"\r\n'),
    'daily wide 2 rows 10 figures', 'the daily series, a byte order mark, CRLF, quoted numbers');
SELECT is(said(E'possible_sessions,time_period,time_identifier,geographic_level,school_type,reason_t_authorised_grt_absence,auth_grt_perc,pa_perc\r2445419687,202526,Academic year,National,Total,221371,0.00905247476238217,18.78\r', '[2025-09-08,2026-07-11)'),
    'daily wide 1 rows 4 figures', 'CR, another order, older names');
SELECT is(said(E'time_period,time_identifier,time_frame,geographic_level,new_la_code,la_name,old_la_code,education_phase,persistent_absence_percent\n2025,Week 30,Year to date,Local authority,E06000023,"Bristol, City of",801,All schools,18.7\n2025,Week 30,Year to date,Local authority,E06000017,Rutland,857,Special,x'),
    'daily wide 2 rows 2 figures', 'a year to date by week');
SELECT is(said(E'time_period,time_identifier,time_frame,geographic_level,education_phase,attendance_status,attendance_type,attendance_reason,session_count,session_percent\n2025,Week 37,Monday,National,All schools,Attendance,Overall attendance,x,12989271,95.34\n2025,Week 37,Monday,National,All schools,Absence,Overall absence,x,635010,4.66\n2025,Week 37,Monday,National,All schools,Absence,Authorised,Illness,1,0'),
    'daily long 2 rows 6 figures', 'long');
SELECT is(said(E'time_identifier,time_period,geographic_level,old_la_code,school_type,fsm_eligible,sen_status,gender,NCyearActual,pct5_OARate,pct50plus_OARate\nAcademic year,202122,National,,Special,Eligible,Total,Female,9,0,1'),
    'census wide 1 rows 2 figures', 'bands');
SELECT results_eq('SELECT series, days, geographic_level, area_code, area_name, phase, breakdown::text, measure, value, printed FROM benchmark WHERE measure IN
        (''sess_auth_ext_holiday'', ''attendance_perc'', ''auth_mob_perc'', ''pa_perc'', ''enrolments_overall_50_plus'', ''session_count'', ''possible_sessions'') ORDER BY file_id, line, measure',
    $$ VALUES ('census', '[2018-08-01,2019-08-01)'::daterange, 'National', 'E92000001', 'England', 'Total', '{}', 'sess_auth_ext_holiday', NULL::numeric, ':'),
        ('census', '[2018-08-01,2019-08-01)', 'Local authority', '380', 'Bradford', 'Total', '{}', 'sess_auth_ext_holiday', NULL, ':'),
        ('daily', '[2025-09-08,2025-09-15)', 'Local authority', '894', 'Telford and Wrekin', 'Primary', '{}', 'attendance_perc', 96.1716750749433, '96.1716750749433'),
        ('daily', '[2025-09-08,2025-09-15)', 'Local authority', '894', 'Telford and Wrekin', 'Primary', '{}', 'possible_sessions', 136770, '136,770'),
        ('daily', '[2025-09-08,2025-09-15)', 'Local authority', '201', 'City of London', 'Primary', '{}', 'attendance_perc', NULL, 'c'),
        ('daily', '[2025-09-08,2025-09-15)', 'Local authority', '201', 'City of London', 'Primary', '{}', 'possible_sessions', NULL, 'c'),
        ('daily', '[2025-09-08,2026-07-11)', 'National', 'E92000001', NULL, 'Total', '{}', 'auth_mob_perc', 0.00905247476238217, '0.00905247476238217'),
        ('daily', '[2025-09-08,2026-07-11)', 'National', 'E92000001', NULL, 'Total', '{}', 'pa_perc', 18.78, '18.78'),
        ('daily', '[2025-09-08,2026-07-11)', 'National', 'E92000001', NULL, 'Total', '{}', 'possible_sessions', 2445419687, '2445419687'),
        ('daily', '[2024-09-09,2025-07-28)', 'Local authority', '801', 'Bristol, City of', 'Total', '{}', 'pa_perc', 18.7, '18.7'),
        ('daily', '[2024-09-09,2025-07-28)', 'Local authority', '857', 'Rutland', 'Special', '{}', 'pa_perc', NULL, 'x'),
        ('daily', '[2025-09-08,2025-09-09)', 'National', 'E92000001', NULL, 'Total', '{}', 'attendance_perc', 95.34, '95.34'),
        ('daily', '[2025-09-08,2025-09-09)', 'National', 'E92000001', NULL, 'Total', '{"attendance_type": "Authorised", "attendance_reason": "Illness"}', 'session_count', 1, '1'),
        ('census', '[2021-08-01,2022-08-01)', 'National', 'E92000001', NULL, 'Special', '{"sex": "Female", "nc_year": "9", "fsm_eligibility": "Eligible"}', 'enrolments_overall_50_plus', 1, '1') $$, 'what they say');
SELECT is((SELECT sum(different + one_unit_apart) FROM benchmark_checked()), 0::numeric, 'they follow from their counts');
SELECT is(benchmark_rate('sess_overall_percent', 'census', '[2018-08-01,2019-08-01)', 'Local authority', '380'), 5.41679, 'a rate');
SELECT is(benchmark_rate('sess_overall_percent', 'daily', '[2018-08-01,2019-08-01)', 'Local authority', '380'), NULL, 'none of the other series');

-- ---------- what is wrong ----------

CREATE TABLE before AS SELECT count(*) FROM benchmark_row;
SELECT is(said('time_period,time_identifier,geographic_level,education_phase,attendance_perc' || E'\n' || content), wanted, description) FROM (VALUES
    ('2025,Week 37,National,Total,9x', 'daily wide 0 rows 0 figures {"line 2: attendance_perc is \"9x\", neither a number nor a symbol"}', 'no number'),
    ('2025,Week 54,National,Total,90', 'daily wide 0 rows 0 figures {"line 2: time_period \"2025\" with time_identifier \"Week 54\" and time_frame \"\" is no period"}', 'no week'),
    ('2025,Week 53,National,Total,90', 'daily wide 0 rows 0 figures {"line 2: time_period \"2025\" with time_identifier \"Week 53\" and time_frame \"\" is no period"}', 'no week of that year'),
    ('202526,Academic year,National,Total,90', 'daily wide 0 rows 0 figures {"line 2: the file does not say until when its year to date goes: give the days"}', 'until when'),
    ('2025,Week 37,Local authority,Total,90', 'daily wide 0 rows 0 figures {"line 2: no code of the area at level Local authority"}', 'nowhere'),
    ('2025,Week 37,National,Total', 'daily wide 0 rows 0 figures {"line 2: 4 fields instead of 5"}', 'too short'),
    (E'2025,Week 37,National,Total,90\n2025,Week 37,National,All schools,91', 'daily wide 0 rows 0 figures {"line 2: line 3 is about the same"}', 'twice'),
    ('', 'daily wide 0 rows 0 figures {"line 1: there is nothing below the header"}', 'empty')) AS v (content, wanted, description);
SELECT is((SELECT problems FROM import_benchmark('', 'x')), '{"line 1: the file is empty"}', 'an empty file');
SELECT is((SELECT problems FROM import_benchmark(E'time_period,time_identifier,geographic_level,education_phase,possible_sessions\n202526,Academic year,National,Total,1\n202526,Academic year,National,Primary,1\n202526,Academic year,National,Special,many\n202526,Academic year,National,Secondary,1', 'x')),
    ARRAY['line 2 and 2 more: the file does not say until when its year to date goes: give the days', 'line 4: possible_sessions is "many", neither a number nor a symbol'], 'what is wrong with many lines is said once');
SELECT is(said(E'time_period,time_identifier,geographic_level,attendance_perc\n2025,Week 37,National,90', series => 'census'),
    'daily wide 0 rows 0 figures {"line 1: the columns are not those of one series, or not of that which is given"}', 'another series than given');
SELECT is(said(E'time_period,time_identifier,geographic_level,attendance_perc,attendance_perc\n2025,Week 37,National,90,91'),
    'daily wide 0 rows 0 figures repeated {attendance_perc} {"line 2: the columns of one name have different values"}', 'columns that disagree');
SELECT is((SELECT count FROM before), (SELECT count(*) FROM benchmark_row), 'nothing of it is imported');
SELECT is(said(E'time_period,time_identifier,geographic_level,education_phase,attendance_perc,attendance_perc,moon\n2025,Week 37,National,Total,90,90,1\n2025,Week 37,National,Independent school,90,90,1\n2025,Week 37,Ward,Total,90,90,1'),
    'daily wide 1 rows 1 figures without 2 unknown {moon} repeated {attendance_perc}', 'unknown and repeated columns, other phases and levels');
SELECT matches(said(E'time_period,time_identifier,geographic_level,education_phase,attendance_perc,attendance_perc,moon\n2025,Week 37,National,Total,90,90,1\n2025,Week 37,National,Independent school,90,90,1\n2025,Week 37,Ward,Total,90,90,1'),
    'the file is imported already', 'a file twice');
SELECT throws_ok($$ SELECT import_benchmark(E'a\n"b', 'x') $$, '22P04', NULL, 'what is no CSV');
-- F counts as authorised absence without a column of its own: a difference that is listed
SELECT is(said(E'time_period,time_identifier,geographic_level,authorised_absence,reason_i_authorised_illness,unauthorised_absence,overall_attendance,overall_absence,attendance_perc\n2025,Week 38,National,5,4,1,94,6,95'), 'daily wide 1 rows 6 figures', 'wrong figures');
SELECT results_eq('SELECT measure, printed, recomputed, units_apart FROM benchmark_check()', $$ VALUES ('attendance_perc', '95', 94::numeric, 1::numeric), ('authorised_absence', '5', 4, 1) $$, 'are listed')
WHERE (SELECT count(*) FROM benchmark_check()) = 2;
SELECT is((SELECT count(*) FROM benchmark_check()), 2::bigint, 'both of them');

-- ---------- symbols, in the ways of those who write files ----------

SELECT is(published_symbol(printed), meaning, format('symbol %s', printed)) FROM (VALUES ('c', 'confidential'), ('C', 'confidential'), ('[c]', 'confidential'),
    ('z', 'not applicable'), ('x', 'not available'), ('X', 'not available'), ('low', 'rounds to zero, but is not'), ('Low', 'rounds to zero, but is not'), ('k', 'rounds to zero, but is not'),
    ('u', 'not reliable enough'), ('NA', 'not available'), ('N/A', 'not available'), ('#N/A', 'not available'), ('n/a', 'not available'), ('NaN', 'not available'), ('NULL', 'not available'),
    ('null', 'not available'), ('-', 'not available'), (':', 'not available'), ('', NULL), ('foo', NULL), ('#DIV/0!', NULL), ('1', NULL), (NULL, NULL)) AS v (printed, meaning);

-- ---------- contradictions ----------

CREATE FUNCTION contradicted(row_text text, days daterange DEFAULT NULL) RETURNS text LANGUAGE sql VOLATILE
RETURN (SELECT coalesce(array_to_string(i.problems, ' / '), '') FROM import_benchmark('time_period,time_identifier,time_frame,geographic_level,education_phase,attendance_perc,possible_sessions'
    || E'\n' || row_text, 'x', days => days) i);
SELECT is(contradicted(given, days::daterange), wanted, concat_ws(' ', given, days)) FROM (VALUES
    ('202425,Academic year,,National,Total,90,1', '[2025-09-08,2026-07-11)', 'line 2: 202425 Academic year is of [2024-08-01,2025-08-01), not of the days that are given, [2025-09-08,2026-07-11)'),
    ('202425,Autumn term,,National,Total,90,1', '[2025-09-08,2025-12-20)', 'line 2: 202425 Autumn term is of [2024-08-01,2025-01-01), not of the days that are given, [2025-09-08,2025-12-20)'),
    ('2024,Week 37,,National,Total,90,1', '[2025-09-08,2026-07-11)', 'line 2: 2024 Week 37 is of [2024-09-09,2024-09-16), not of the days that are given, [2025-09-08,2026-07-11)'),
    ('2025,Week 37,,National,Total,190,1', NULL, 'line 2: attendance_perc is 190, which is no percentage'),
    ('2025,Week 37,,National,Total,-1,1', NULL, 'line 2: attendance_perc is -1, which is no percentage'),
    ('2025,Week 37,,National,Total,90,-1', NULL, 'line 2: possible_sessions is -1, which is less than nothing')) AS v (given, days, wanted);
CREATE FUNCTION days_of(row_text text, days daterange DEFAULT NULL) RETURNS daterange LANGUAGE sql VOLATILE
RETURN (SELECT r.days FROM benchmark_read('time_period,time_identifier,time_frame,geographic_level,education_phase,attendance_perc' || E'\n' || row_text, days => days) r);
SELECT is(days_of(given, days::daterange), wanted::daterange, concat_ws(' ', given, days)) FROM (VALUES
    ('202526,Autumn term,,National,Total,90', NULL, '[2025-09-08,2026-01-01)'), ('202526,Autumn term,,National,Total,90', '[2025-09-08,2025-12-20)', '[2025-09-08,2025-12-20)'),
    ('202526,Spring term,,National,Total,90', NULL, '[2026-01-01,2026-04-06)'), ('202526,Autumn and spring term,,National,Total,90', NULL, '[2025-09-08,2026-04-06)'),
    ('202526,Academic year,,National,Total,90', '[2025-09-08,2026-07-11)', '[2025-09-08,2026-07-11)'), ('2025,Week 37,,National,Total,90', '[2025-09-08,2026-07-11)', '[2025-09-08,2025-09-15)')) AS v (given, days, wanted);
SELECT is(published_days('census', '201516', 'Autumn term'), '[2015-08-01,2016-01-01)', 'the census term begins with August');

-- ---------- files in other encodings: the same figures ----------

CREATE FUNCTION imported(content bytea) RETURNS text LANGUAGE sql VOLATILE
RETURN (SELECT concat_ws(' ', i.series, i.rows, i.figures, i.problems) FROM import_benchmark(content, 'A title') i);
SELECT is(imported(bytes), 'daily 1 2 {}', description) FROM (SELECT E'time_period,time_identifier,geographic_level,new_la_code,la_name,attendance_perc,overall_absence_perc\n2025,Week 39,Local authority,E06000020,"Rhôs, ' AS t) f CROSS JOIN LATERAL (VALUES
    (convert_to(t || '1",94,6', 'UTF8'), 'UTF-8'), (convert_to(U&'\FEFF' || t || '2",94,6', 'UTF8'), 'UTF-8 with its mark'), (convert_to(t || '3",94,6', 'WIN1252'), 'Windows-1252'),
    (utf16(t || '4",94,6', false, true), 'UTF-16'), (utf16(replace(replace(t, ',', E'\t'), E'Rhôs\t', 'Rhôs,') || E'5"\t94\t6', false, true), 'Excel''s Unicode text, with tabs'), (utf16(t || '6",94,6', true, false), 'UTF-16 BE without its mark')) AS v (bytes, description);
SELECT results_eq($$ SELECT DISTINCT area_name FROM benchmark WHERE time_identifier = 'Week 39' ORDER BY 1 $$, $$ SELECT 'Rhôs, ' || n FROM generate_series(1, 6) n $$, 'with the names that they have');
SELECT is((SELECT problems FROM import_benchmark(utf16(E'time_period,time_identifier,geographic_level,new_la_code,la_name,attendance_perc,overall_absence_perc\n2025,Week 39,Local authority,E06000020,"Rhôs, 1",94,6', true, true), 't')),
    (SELECT ARRAY['the file is imported already, with number ' || file_id] FROM benchmark WHERE area_name = 'Rhôs, 1' AND measure = 'attendance_perc'), 'a file in another encoding is the same file');
DELETE FROM benchmark_file WHERE file_id IN (SELECT file_id FROM benchmark WHERE time_identifier = 'Week 39');

-- ---------- rows set aside, and what means nothing ----------

SELECT results_eq($$ SELECT rows, left_out, set_aside_rows, unknown_columns, unknown_codes, problems FROM import_benchmark(E'time_period,time_identifier,geographic_level,new_la_code,education_phase,attendance_perc,moon\n2025,Week 38,Local authority,E99,Total,90,1\n2025,Week 38,National,,Total,foo,1\n2025,Week 38,National,,Independent school,90,1\n2025,Week 38,Ward,,Total,NA,1', 'x', set_aside => true) $$,
    $$ VALUES (1::bigint, 2::bigint, 1::bigint, '{moon}'::text[], ARRAY['education_phase "Independent school"', 'geographic_level "Ward"', 'new_la_code "E99"'], ARRAY['line 3: attendance_perc is "foo", neither a number nor a symbol']) $$, 'a row is set aside where that is asked');
SELECT results_eq($$ SELECT file_id, set_aside_rows, problems FROM import_benchmark(E'time_period,geographic_level,attendance_perc\n2025,National,90', 'x', set_aside => true) $$,
    $$ VALUES (NULL::integer, 0::bigint, '{line 1: there is no column time_identifier,"line 2: time_period \"2025\" with time_identifier \"\" and time_frame \"\" is no period"}'::text[]) $$, 'but not a header');
-- before 2018/19, CR at the ends of lines
SELECT results_eq($$ SELECT r.series, r.days, r.geographic_level, r.area_code, r.phase, r.figures::text, r.problem FROM benchmark_read(E'Term,Year,Level,country_code,la_code,la_name,school_type,sess_possible,sess_authorised_illness\rSix half terms,2015/16,LOCAL AUTHORITY,E92000001,380,Bradford,Total,"1,000",10\rAutumn,2015/16,NATIONAL,E92000001,,,State-funded primary,20,x\r') r ORDER BY r.line $$,
    $$ VALUES ('census', '[2015-08-01,2016-08-01)'::daterange, 'Local authority', '380', 'Total', '{"sess_possible": "1,000", "sess_auth_illness": "10"}', NULL::text),
        ('census', '[2015-08-01,2016-01-01)', 'National', 'E92000001', 'Primary', '{"sess_possible": "20", "sess_auth_illness": "x"}', NULL) $$, 'an old layout');

-- ---------- comparison ----------

INSERT INTO region VALUES ('E12000003', 'Yorkshire and The Humber');
INSERT INTO local_authority VALUES (894, 'E06000020', 'Telford and Wrekin', NULL);
INSERT INTO school (urn, name, phase, type, la_number) VALUES (100001, 'P', 'Primary', 'Academies', 894);
SELECT add_academic_year('b', 2025) \g /dev/null
INSERT INTO term_date VALUES (100001, 2025, 'Autumn', 1, '2025-09-08', '2025-10-24');
SELECT build_calendar('b', 100001, 2025) \g /dev/null
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (1, 'S', 'F', '2016-01-01');
INSERT INTO enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (100001, 1, '2025-09-08', 'x');
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 1, mark_series('2025-09-08', '/\/\/\/\/I', 5));
-- 9 of 10 attended; of two authorities in the file one is suppressed
SELECT results_eq($$ SELECT phase, numerator, denominator, own_percent, geographic_level, published_percent, difference, authorities, percentile_of_authorities, note
        FROM compare_with_benchmark('week 2025-09-10') WHERE measure = 'attendance' AND phase = 'Primary' $$,
    $$ VALUES ('Primary', 9::bigint, 10::bigint, 90::numeric, 'Local authority', 96.1716750749433, -6.1716750749433, 1::bigint, 0::numeric, NULL::text) $$, 'the same week');
SELECT results_eq($$ SELECT DISTINCT published_percent, note FROM compare_with_benchmark('[2025-09-08,2025-09-12)') WHERE phase = 'Primary' ORDER BY note $$,
    $$ VALUES (NULL::numeric, 'not compared: the daily series of these days is not imported for these schools, others are of [2025-09-08,2025-09-09), [2025-09-08,2025-09-15), [2025-09-08,2026-07-11)'),
        (NULL, 'not compared: the daily series of these days is not imported for these schools, others are of [2025-09-08,2025-09-09), [2025-09-08,2025-09-15), [2025-09-08,2026-07-11); not stated for seven days or fewer') $$, 'other days');
SELECT results_eq($$ SELECT DISTINCT published_percent, note FROM compare_with_benchmark('half term 2025-09-10') $$,
    $$ VALUES (NULL::numeric, 'not compared: the terms of each school are not those of a series, give a statistical term or days') $$, 'terms of schools');
SELECT is((SELECT note FROM compare_with_benchmark('week 2025-09-10', 'all') WHERE measure = 'attendance' AND phase = 'Primary'),
    'own figures are of population "all", published ones of pupils of 5 to 15 who do not board', 'another population');
SELECT is_empty($$ SELECT FROM compare_with_benchmark('week 2025-09-10', series => 'census') $$, 'the census series leaves out small schools');
SELECT is_empty($$ SELECT FROM compare_with_benchmark(NULL) $$, 'no period');
SELECT * FROM finish();
ROLLBACK;
