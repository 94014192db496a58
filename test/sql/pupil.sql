--
-- identifiers, and compulsory school age
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

-- the check letter: 8*2 + 0*3 + 1*4 + 2*5 + 1*10 + 1*13 = 53, 53 mod 23 = 7, the letter H; a letter at the end is a temporary number
SELECT quote_literal(upn) AS upn, upn_is_valid(upn), pg_temp.try(format('SELECT %L::upn', upn)) AS domain
FROM (VALUES (1, 'H801200001001'), (2, 'A801200001001'), (3, 'H801200001002'), (4, 'H801200010001'),
      (5, 'H80120000100A'), (6, 'U80120000100A'), (7, 'U80120000100I'), (8, 'h801200001001'), (9, 'H80120000100'),
             (10, 'H8012000010010'), (11, ''), (12, ' 801200001001'), (13, 'A000000000000'), (14, 'A00000000000A'),
             (15, 'AB00000000000'), (16, 'H80120000100é'), (17, 'H801200001001 '), (18, 'I801200001001')) AS v (n, upn)
ORDER BY n;
-- all 23 check letters occur, and one wrong digit or two exchanged neighbours are always found
WITH upn AS (SELECT letter || body AS upn, letter, body
             FROM (SELECT '801' || lpad(i::text, 9, '0') AS body FROM generate_series(0, 999) AS i) AS b,
             regexp_split_to_table('ABCDEFGHJKLMNPQRTUVWXYZ', '') AS letter
             WHERE upn_is_valid(letter || body))
SELECT count(*), count(DISTINCT letter),
       (SELECT count(*) FROM upn, generate_series(2, 13) AS i, generate_series(0, 9) AS d
        WHERE substr(upn, i, 1) <> d::text
        AND upn_is_valid(overlay(upn PLACING d::text FROM i FOR 1))) AS wrong_digit_not_found,
       (SELECT count(*) FROM upn, generate_series(2, 12) AS i
        WHERE substr(upn, i, 1) <> substr(upn, i + 1, 1)
        AND upn_is_valid(overlay(upn PLACING reverse(substr(upn, i, 2)) FROM i FOR 2))) AS exchange_not_found
FROM upn;

SELECT value, pg_temp.try(format('SELECT %L::urn', value)) FROM (VALUES (1, '100000'), (2, '999999'), (3, '99999'),
    (4, '1000000'), (5, '-100000')) AS v (n, value) ORDER BY n;
SELECT quote_literal(value) AS value, pg_temp.try(format('SELECT %L::laestab', value))
FROM (VALUES (1, '3802000'), (2, '0000000'), (3, '380200'), (4, '38020001'), (5, '380/200'), (6, '380 200'),
      (7, '3802000' || E'\n'), (8, '')) AS v (n, value) ORDER BY n;
SELECT upn_is_valid(NULL), NULL::upn, NULL::urn, NULL::laestab;

-- compulsory school age: Education Act 1996, section 8
SELECT born, compulsory_school_age(born), lower(compulsory_school_age(born)) AS first_day,
       upper(compulsory_school_age(born)) - 1 AS last_day,
       to_char(upper(compulsory_school_age(born)) - 1, 'FMDay') AS weekday
FROM unnest('{2020-08-31,2020-09-01,2020-12-31,2021-01-01,2021-03-31,2021-04-01,2020-02-29,2019-12-31,2020-06-27,2020-06-26,2009-08-31,2009-09-01,2010-03-31,2010-07-01,1900-01-01,2999-12-31}'::date[]) AS born;
-- a school year that begins on another day decides for those who become 16 between the two
SELECT born, start, compulsory_school_age(born, start)
FROM (VALUES (1, date '2010-09-02', date '2026-09-01'), (2, '2010-09-02', '2026-09-03'),
      (3, '2010-09-02', '2026-09-02'), (4, '2010-08-25', '2026-08-24'), (5, '2010-08-25', NULL),
      (6, NULL, '2026-09-01'), (7, NULL, NULL)) AS v (n, born, start)
ORDER BY n;
SELECT born, pg_temp.try(format('SELECT compulsory_school_age(%L)', born))
FROM (VALUES ('1899-12-31'), ('3000-01-01'), ('infinity'), ('-infinity')) AS v (born);
