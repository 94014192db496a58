--
-- session_mark: input, output, casts, classes, order
--
SET DateStyle = ISO;

-- What a query answers, or its SQLSTATE, message and detail.
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; detail text;
BEGIN
    EXECUTE query INTO answer;
    RETURN answer;
EXCEPTION WHEN undefined_function THEN -- whose details are PostgreSQL's, from 19 on
    RETURN SQLSTATE || ': ' || SQLERRM;
WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ': ' || SQLERRM || CASE WHEN detail <> '' THEN E'\n' || detail ELSE '' END;
END $$;

-- the table of codes
SELECT * FROM attendance_codes();
SELECT mark, mark_class(mark), mark_description(mark), is_present(mark), is_attended(mark), is_absence(mark),
       is_authorised(mark), is_unauthorised(mark), is_possible(mark), is_late(mark)
FROM attendance_codes() ORDER BY mark;

-- input: either case, blanks around, two hyphens; everything else is refused
SELECT quote_literal(input) AS input, pg_temp.try(format('SELECT %L::session_mark', input)) AS mark
FROM (VALUES (1, '/'), (2, '\'), (3, 'l'), (4, 'y7'), (5, 'Y7'), (6, 'x09'), (7, 'j1'), (8, ' L'), (9, 'L   '),
      (10, '  i01  '),
             (11, '-'), (12, '--'), (13, '#'), (14, 'c'),
             (20, '---'), (21, 'LL'), (22, 'Y8'), (23, 'Y0'), (24, 'X1'), (25, 'X10'), (26, 'A'), (27, '.'), (28, '0'),
             (29, 'Y 7'),
             (30, 'é'), (31, 'L' || chr(769)), (32, repeat('é', 70)), (33, repeat('x', 100)), (34, '/\'), (35, '//'),
             (36, E'L\n'),
             (40, ''), (41, '   '), (42, E'\n'), (43, E'\t'), (44, E'\r\n'), (45, E' \t ')) AS v (n, input)
ORDER BY n;

-- casts are there for assignment and on demand, never by themselves
SELECT 'L'::text::session_mark, 'L'::varchar::session_mark, 'L'::char(5)::session_mark,
       'L'::session_mark::text || '|', 'L'::session_mark::varchar || '|', 'Y7'::session_mark::char(5) || '|';
CREATE TEMP TABLE cast_mark (mark session_mark);
INSERT INTO cast_mark SELECT 'i'::text;
INSERT INTO cast_mark SELECT 'm'::varchar(3);
INSERT INTO cast_mark SELECT 'r'::char(3);
SELECT * FROM cast_mark;
CREATE TEMP TABLE cast_text (a text, b varchar(2), c char(3));
INSERT INTO cast_text SELECT mark, mark, mark FROM cast_mark;
SELECT * FROM cast_text;
SELECT query, pg_temp.try(query)
FROM (VALUES ('SELECT upper(mark) FROM cast_mark'),
             ('SELECT mark = a FROM cast_mark, cast_text'),
             ('SELECT mark || mark FROM cast_mark'),
             ('SELECT ''q''::text::session_mark'),
             ('SELECT ''zz''::text::session_mark'),
             ('INSERT INTO cast_mark SELECT ''zz''::text'),
             ('INSERT INTO cast_text (b) SELECT ''X09''::session_mark')) AS v (query);

-- NULL
SELECT mark_class(NULL::session_mark), mark_description(NULL::session_mark), is_present(NULL::session_mark),
       is_attended(NULL::session_mark),
       is_absence(NULL::session_mark), is_authorised(NULL::session_mark), is_unauthorised(NULL::session_mark),
       is_possible(NULL::session_mark),
       is_late(NULL::session_mark), mark_place(NULL), is_valid_on(NULL, '2025-09-08'), is_valid_on('L', NULL), NULL::text::session_mark,
       NULL::session_mark::text;

-- validity: first and last day are included
SELECT mark, day, is_valid_on(mark, day)
FROM (VALUES ('K'::session_mark, '2024-08-18'::date), ('K', '2024-08-19'), ('J', '2024-08-18'), ('J', '2024-08-19'),
             ('F', '2013-08-31'), ('F', '2013-09-01'), ('X08', '2021-08-25'), ('X08', '2021-08-26'),
             ('X08', '2022-04-18'), ('X08', '2022-04-19'),
             ('/', '1900-01-01'), ('/', '2999-12-31')) AS v (mark, day);
SELECT day, pg_temp.try(format('SELECT is_valid_on(''L'', %L)', day))
FROM (VALUES ('1899-12-31'), ('3000-01-01'), ('infinity'), ('-infinity')) AS v (day);

-- order: that of the table of codes
SELECT string_agg(mark::text, ' ' ORDER BY mark)
FROM (SELECT unnest('{Z,/,"\\",L,i,-,Y7,Y,X09,#}'::session_mark[])) AS v (mark);
SELECT mark, mark < 'I', mark <= 'I', mark = 'I', mark <> 'I', mark >= 'I', mark > 'I', session_mark_cmp(mark, 'I')
FROM (VALUES ('H'::session_mark), ('I'), ('L')) AS v (mark) ORDER BY mark;
SELECT session_mark_lt('/', 'L'), session_mark_le('/', 'L'), session_mark_eq('/', 'L'), session_mark_ne('/', 'L'),
       session_mark_ge('/', 'L'), session_mark_gt('/', 'L');
SELECT mark, count(*) FROM unnest('{L,/,l,NULL,/,L}'::session_mark[]) AS mark GROUP BY mark ORDER BY mark;
SELECT count(DISTINCT mark) FROM unnest('{L,/,l,NULL,/,L}'::session_mark[]) AS mark;
SELECT session_mark_hash('L') = session_mark_hash('l') AS equal,
       session_mark_hash('L') = session_mark_hash('U') AS different,
       session_mark_hash_extended('L', 0) = session_mark_hash_extended('L', 1) AS seeded;

-- binary form is the text
SELECT session_mark_send('\'), session_mark_send('y7'), session_mark_send('-');

-- COPY: the text format eats a lone backslash, CSV does not
CREATE TEMP TABLE copied (mark session_mark);
COPY copied FROM STDIN;
/
\\
L
\.
COPY copied FROM STDIN;
\
\.
COPY copied FROM STDIN;

\.
COPY copied FROM STDIN (FORMAT csv);
\
"\"
y7
--
\.
SELECT * FROM copied;
COPY copied TO STDOUT;
COPY copied TO STDOUT (FORMAT csv);
