--
-- absence_code: a code that counts as absence
--

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

-- every code, and what is no code at all
SELECT mark, pg_temp.try(format('SELECT %L::absence_code', mark)) AS input,
       pg_temp.try(format('SELECT absence_code(%L::session_mark)', mark)) AS from_mark
FROM attendance_codes() ORDER BY mark;
SELECT quote_literal(input) AS input, pg_temp.try(format('SELECT %L::absence_code', input)) AS code
FROM (VALUES (1, 'i'), (2, ' c2 '), (3, ''), (4, E'\n'), (5, 'zz'), (6, '--'), (7, 'l')) AS v (n, input) ORDER BY n;

-- it turns into a mark by itself; a mark becomes one only by assignment or on demand
SELECT is_absence('I'::absence_code), mark_class('G'::absence_code), session_mark('G'::absence_code),
       'I'::session_mark = 'I'::absence_code AS equal,
       tally_agg(code) FROM unnest('{I,G,U}'::absence_code[]) AS code;
SELECT 'I'::session_mark::absence_code, absence_code('U'::session_mark);
CREATE TEMP TABLE reason (code absence_code);
INSERT INTO reason SELECT 'I'::session_mark;
INSERT INTO reason SELECT 'm'::text;
INSERT INTO reason SELECT 'r'::varchar;
INSERT INTO reason SELECT 'o'::char(4);
SELECT code, code::text || '|', code::varchar || '|', code::char(3) || '|' FROM reason ORDER BY code;
SELECT query, pg_temp.try(query)
FROM (VALUES ('INSERT INTO reason SELECT ''/''::session_mark'),
             ('INSERT INTO reason SELECT ''X''::text'),
             ('SELECT upper(code) FROM reason'),
             ('SELECT ''D''::session_mark::absence_code'),
             ('SELECT ''X02''::session_mark::absence_code'),
             ('SELECT count(*) FROM reason')) AS v (query);
SELECT NULL::absence_code, session_mark(NULL::absence_code), absence_code(NULL::session_mark), NULL::text::absence_code;

-- comparison
SELECT code, code < 'M', code <= 'M', code = 'M', code <> 'M', code >= 'M', code > 'M', absence_code_cmp(code, 'M')
FROM (VALUES ('I'::absence_code), ('M'), ('O')) AS v (code) ORDER BY code;
SELECT absence_code_lt('I', 'M'), absence_code_le('I', 'M'), absence_code_eq('I', 'M'), absence_code_ne('I', 'M'),
       absence_code_ge('I', 'M'), absence_code_gt('I', 'M');
SELECT absence_code_hash('I') = session_mark_hash('I') AS hash,
       absence_code_hash_extended('I', 7) = session_mark_hash_extended('I', 7) AS extended,
       absence_code_hash('I') = absence_code_hash('M') AS different;
SELECT absence_code_send('c1'), absence_code_send('N');

COPY reason FROM STDIN;
u
\.
COPY reason FROM STDIN;
/
\.
COPY reason FROM STDIN;
\
\.
SELECT count(*) FROM reason;
