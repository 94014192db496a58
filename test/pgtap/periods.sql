-- Periods as people say them: each form in a table, those that are none, and what they come to at schools.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Pacific/Kiritimati'; -- today is London's, wherever the session is
SET datestyle = 'SQL, MDY';
SET search_path = public, attendance;

-- what a form is the same as; $d+n is a day, as many days from today, $m+n the same without its year, $y an academic year, as many from today's, and $n
-- the calendar year in which that begins
CREATE FUNCTION filled(form text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/London')::date;
    m text;
BEGIN
    FOR m IN SELECT (regexp_matches(form, '\$d([+-]\d+)', 'g'))[1] LOOP
        form := replace(form, '$d' || m, to_char(today + m::integer, 'YYYY-MM-DD'));
    END LOOP;
    FOR m IN SELECT (regexp_matches(form, '\$m([+-]\d+)', 'g'))[1] LOOP
        form := replace(form, '$m' || m, to_char(today + m::integer, 'FMDD FMMonth'));
    END LOOP;
    FOR m IN SELECT (regexp_matches(form, '\$n([+-]\d+)', 'g'))[1] LOOP
        form := replace(form, '$n' || m, (academic_year(today) + m::integer)::text);
    END LOOP;
    FOR m IN SELECT (regexp_matches(form, '\$y([+-]\d+)', 'g'))[1] LOOP
        form := replace(form, '$y' || m, (academic_year(today) + m::integer) || '/' || to_char((academic_year(today) + m::integer + 1) % 100, 'FM00'));
    END LOOP;
    RETURN form;
END
$$;
SELECT results_eq(format('SELECT kind, days FROM read_period(%L)', filled(said)), format('SELECT kind, days FROM read_period(%L)', filled(same)), said || ' is ' || same)
FROM (VALUES ('today', 'day $d+0'), ('day', 'day $d+0'), ('Yesterday', 'day $d-1'), ('this week', 'week $d+0'), ('week', 'week $d+0'), ('LAST WEEK', 'week $d-7'), (' last   week ', 'week $d-7'),
    (E'last\u00a0week', 'week $d-7'), ('last week 2025-11-20', 'week 2025-11-13'), ('w/c 17 November 2025', 'week 2025-11-20'), ('week commencing 17/11/2025', 'week 2025-11-20'),
    ('week beginning 2025-11-17', 'week 2025-11-20'), ('week of 20 Nov 2025', 'week 2025-11-20'), ('week 20th november 2025', 'week 2025-11-20'), ('week 3/2/2025', 'week 2025-02-03'),
    ('20/11/2025', 'day 2025-11-20'), ('2025-11-20', 'day 2025-11-20'), ('20 November 2025', 'day 2025-11-20'), ('1st Sept 2025', 'day 2025-09-01'),
    ('w/b 8 December 2025', 'week 2025-12-08'), ('W/C 08/12/2025', 'week 2025-12-08'), ('week starting 9 December 2025', 'week 2025-12-08'), ('week beginning 12/12/2025', 'week 2025-12-08'),
    ('week ending 12/12/2025', 'week 2025-12-08'), ('week ending 2025-12-12', 'week 2025-12-08'), ('w/e 13 Dec 2025', 'week 2025-12-08'), ('week ending 14th December 2025', 'week 2025-12-08'),
    ('term to date', 'term to date $d+0'), ('This term to date', 'term to date $d+0'), ('half-term to date', 'half term to date $d+0'), ('this half term to date', 'half term to date $d+0'),
    ('term to date 20/11/2025', 'term to date 2025-11-20'), ('year to date', 'year to date $d+0'), ('this year to date', 'year to date $d+0'), ('school year to date', 'year to date $d+0'),
    ('academic year to date 2025-11-20', 'year to date 2025-11-20'),
    ('since 2025-12-01', '2025-12-01 to $d+0'), ('since 1 December 2025', '2025-12-01 to $d+0'), ('Since 01/12/2025', '2025-12-01 to $d+0'), ('since $d-7', '[$d-7,$d+1)'), ('since $d+0', '[$d+0,$d+1)'),
    ('since $m-40', '$d-40 to $d+0'), ('since $m+0', '$d+0 to $d+0'), ('from 1 September 2025 to today', '2025-09-01 to $d+0'), ('$m-300 to today', '$d-300 to $d+0'),
    ('from 1 September 2025 to 30 September 2025', 'september 2025'), ('from 01/09/2025 until 30/09/2025', 'september 2025'), ('1 September to 30 September 2025', 'september 2025'),
    ('from 1 September until 13 March 2026', '2025-09-01 to 2026-03-13'), ('13 March to 13 March 2026', '[2026-03-13,2026-03-14)'), ('14 March to 13 March 2026', '2025-03-14 to 2026-03-13'),
    ('29 february to 1 march 2024', '2024-02-29 to 2024-03-01'), ('29 february to 1 february 2025', '2024-02-29 to 2025-02-01'),
    ('December', 'december $n+0'), ('may', 'may $n+1'), ('dec 2025', 'december 2025'), ('this month', 'month $d+0'), ('month', 'month $d+0'),
    ('this half term', 'half term $d+0'), ('half-term', 'half term $d+0'), ('this term', 'term $d+0'), ('this year', 'academic year $d+0'), ('this academic year', '$y+0'), ('school year', '$y+0'),
    ('last year', '$y-1'), ('last academic year', '$y-1'), ('last school year', '$y-1'), ('2025-26', '2025/26'), ('2025/2026', '2025/26'), ('2025-2026', '2025/26'), ('academic year 2025/26', '2025/26'),
    ('Academic Year 2025-26', '2025/26'), ('school year 2025/26', '2025/26'), ('academic year 2025', '2025/26'), ('academic year 2026-07-31', '2025/26'), ('2099/00', '2099-2100'),
    ('September 2025', '[2025-09-01,2025-10-01)'), ('sept 2025', '[2025-09-01,2025-10-01)'), ('Sep  2025', '[2025-09-01,2025-10-01)'), ('december 2025', '[2025-12-01,2026-01-01)'),
    ('month 2025-09-10', 'september 2025'), ('last month 2025-09-10', 'august 2025'), ('last month 2025-03-31', 'february 2025'), ('may 2026', '2026-05-01 to 2026-05-31'),
    ('1 September 2025 to 30 September 2025', 'september 2025'), ('01/09/2025 to 30/09/2025', 'september 2025'), ('[2025-09-01,2025-09-30]', 'september 2025'), ('(2025-08-31, 2025-10-01)', 'september 2025'),
    ('last statistical term 2025-11-20', 'statistical term 2025-07-31'), ('last year to date 2025-11-20', 'year to date 2024-11-20'),
    ('Autumn 2025', 'autumn term 2025/26'), ('autumn 2025-26', 'autumn term 2025/26'), ('spring 2026', 'spring term 2025/26'), ('Summer Term 2026', 'summer term 2025/26'),
    ('autumn half term 2 2025', 'autumn 2 2025/26'), ('autumn term 2 2025/26', 'autumn 2 2025/26'), ('spring 1 2026', 'spring half term 1 2025/26'), ('autumn term', 'autumn term $y+0'), ('summer 2', 'summer 2 $y+0')) AS v (said, same);
SELECT is((SELECT ROW(kind, term, half, over, academic_year(on_day))::text FROM read_period(said)), wanted, said)
FROM (VALUES ('autumn term 2025/26', '(term,Autumn,,f,2025)'), ('spring 2 2026', '("half term",Spring,2,f,2025)'), ('summer 2026', '(term,Summer,,f,2025)'),
    ('last half term 2025-11-20', '("half term",,,t,2025)'), ('term 2025-11-20', '(term,,,f,2025)'), ('week 2025-11-20', '(week,,,f,2025)')) AS v (said, wanted);
SELECT is(read_period(NULL)::text, NULL, 'nothing');

CREATE FUNCTION problem(said text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM read_period(said);
    RETURN 'a period';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ': ' || SQLERRM;
END
$$;
SELECT matches(problem(said), '^22023: "[^"]*" is not a period: ', 'not "' || said || '"')
FROM unnest('{"",soon,2025/27,2025-09,2025,winter 2025,autumn 3 2025,autumn 2025/27,autumn 25,last 2025/26,31 february 2025,week 2025-02-30,week 31/11/2025,term autumn,week soon,fortnight,
    empty,"(,)","[2025-09-01,)","[2025-10-01,2025-09-01)","[2025-09-01,2025-09-01)","(2025-09-01,2025-09-02)",1 to 2,2025-09-30 to 2025-09-01,day 0000-01-01,day 9999-12-31,autumn 9999,
    academic year 0000,academic year 2025/27,9999/00,last academic year 1901-01-01,september 0000,0 september 2025,next week,this 2025-11-20,month soon,99999999999 september 2025,
    since,since soon,since 2999-01-01,since 31 april,since 30 february 2025,from 1 December 2025,from 2025-12-01,"2025-12-01 to 2025-11-01","from 31/11/2025 to 2025-12-12",to today,2999-01-01 to today,
    "29 february to 1 february 2023",1 september to 2 october,last term to date,last half term to date,autumn term to date,term to date soon,week ending,week ending soon,week beginning,w/c,last week beginning 2025-12-08,
    term beginning 2025-12-08,12/13/2025,week ending 12/31/2025,w/c 12-08-2025,from the beginning to today,1 december,"[1 december,2025-12-12]","[2025-12-01,today]"}'::text[]) AS said;
SELECT is(problem(said), '22023: "' || said || '" is not a period: ' || why, said) FROM (VALUES
    ('week ending 10/12/2025', 'a week is from Monday to Friday or Sunday, and that is a Wednesday'), ('w/e 2025-12-11', 'a week is from Monday to Friday or Sunday, and that is a Thursday'),
    ('w/c 7 December 2025', 'a week is from Monday to Friday or Sunday, and that is a Sunday'), ('w/b 06/12/2025', 'a week is from Monday to Friday or Sunday, and that is a Saturday'),
    ('week ending 31/11/2025', 'there is no such day'), ('week ending 12/31/2025', 'there is no such day')) AS v (said, why);
SELECT is(problem('soon'), '22023: "soon" is not a period: day, week, month, half term, term, statistical term, academic year, half term to date, term to date or year to date, with a date such as 2025-11-20, 20/11/2025 or 20 November 2025 (today if there is none), '
    || 'or this or last before it; week beginning, week ending or since a date; a term such as autumn term 2025/26 or autumn 2 2025/26; a month such as September 2025; an academic year such as 2025/26; or days such as 2025-09-01 to 2025-09-30 or [2025-09-01,2025-10-01)', 'the message lists the forms');
SELECT is((SELECT provolatile::text || proparallel::text FROM pg_proc WHERE oid = 'read_period(text)'::regprocedure), 'ss', 'it depends on today, and is parallel safe');
SELECT is((SELECT count(*) FROM pg_proc WHERE oid IN ('read_day(text)'::regprocedure, 'read_academic_year(text)'::regprocedure, 'period_words(text)'::regprocedure) AND provolatile = 'i'), 3::bigint, 'what it is made of does not');

-- ---------- at schools ----------

-- 100001 to 100003 have Autumn 1 and 2 of 2025, and Autumn 1 of 2024; 100002 also a summer
INSERT INTO r.term_date VALUES (100002, 2024, 'Summer', 1, '2025-04-22', '2025-05-23'), (100002, 2024, 'Summer', 2, '2025-06-02', '2025-07-21'), (100002, 2025, 'Spring', 1, '2026-01-05', '2026-02-13');
SELECT is((SELECT days FROM r.school_period(said, '{100002}')), wanted, said || ' at a school')
FROM (VALUES ('autumn term 2025/26', daterange('2025-09-03', '2025-12-20')), ('autumn 1 2025', '[2025-09-03,2025-10-25)'), ('autumn 2 2025', '[2025-11-03,2025-12-20)'), ('spring 2026', '[2026-01-05,2026-02-14)'),
    ('spring 2 2026', NULL), ('summer 2025', '[2025-04-22,2025-07-22)'), ('summer 1 2024/25', '[2025-04-22,2025-05-24)'), ('summer 2026', NULL), ('autumn 2023', NULL),
    ('last half term 2025-11-20', '[2025-09-03,2025-10-25)'), ('last half term 2025-10-28', '[2025-09-03,2025-10-25)'), ('half term 2025-10-28', '[2025-09-03,2025-10-25)'), ('last half term 2025-12-19', '[2025-09-03,2025-10-25)'),
    ('last half term 2025-12-20', '[2025-11-03,2025-12-20)'), ('last half term 2025-09-10', '[2025-06-02,2025-07-22)'), ('last term 2025-11-20', '[2025-04-22,2025-07-22)'), ('last term 2025-12-25', '[2025-09-03,2025-12-20)'),
    ('last term 2026-01-10', '[2025-09-03,2025-12-20)'), ('last term 2025-08-15', '[2025-04-22,2025-07-22)'),
    -- to date: of the term that the day is in, in the holidays the whole of the one before
    ('term to date 2025-11-20', '[2025-09-03,2025-11-21)'), ('term to date 2025-10-28', '[2025-09-03,2025-10-29)'), ('term to date 2025-12-25', '[2025-09-03,2025-12-20)'), ('term to date 2025-08-15', '[2025-04-22,2025-07-22)'),
    ('half term to date 2025-11-20', '[2025-11-03,2025-11-21)'), ('half term to date 2025-10-28', '[2025-09-03,2025-10-25)'), ('half term to date 2025-11-03', '[2025-11-03,2025-11-04)')) AS v (said, wanted);
SELECT is((SELECT count(*) FROM r.school_period('last term 2025-11-20')), 1::bigint, 'a school without it has none');
SELECT is(anniversary(day::date, months), wanted::date, format('%s months from %s', months, day)) FROM (VALUES ('2024-02-29', 12, '2025-03-01'), ('2024-02-29', 48, '2028-02-29'), ('2024-02-28', 12, '2025-02-28'), ('2023-03-01', 12, '2024-03-01'),
    ('2024-03-01', 12, '2025-03-01'), ('2023-02-28', 12, '2024-02-28'), ('2024-01-31', 1, '2024-03-01'), ('2023-01-31', 1, '2023-03-01'), ('2024-03-31', 1, '2024-05-01'), ('2024-02-29', -12, '2023-03-01'), ('2025-03-01', -12, '2024-03-01'),
    ('infinity', 12, 'infinity'), (NULL, 12, NULL), ('2024-02-29', NULL, NULL)) AS v (day, months, wanted);
SELECT is(period_year_before(said), wanted, said || ', a year before') FROM (VALUES ('[2024-02-28,2024-02-29)', '[2023-02-28,2023-03-01)'), ('[2024-02-29,2024-03-01)', '[2023-02-28,2023-03-01)'), ('[2025-02-01,2025-03-01)', '[2024-02-01,2024-03-01)')) AS v (said, wanted);
SELECT is(period_year_before(said), wanted, said || ', a year before') FROM (VALUES ('autumn term 2025/26', 'Autumn 2024/25'), ('spring 2 2026', 'Spring 2 2024/25'), ('last half term 2025-11-20', 'last half term 2024-11-20'),
    ('summer 2000', 'Summer 1998/99'), ('september 2025', '[2024-09-01,2024-10-01)'), ('w/c 2025-11-17', 'week 2024-11-18'), ('term to date 2025-11-20', 'term to date 2024-11-20')) AS v (said, wanted);
SELECT is_empty(format('(SELECT * FROM r.headline(%L, ''all'') EXCEPT SELECT * FROM r.headline(%L, ''all''))', a, b), a || ' in a report')
FROM (VALUES ('Autumn term 2025', 'term 2025-11-20'), ('2025-26', '2025/26'), ('last half term 2025-11-20', 'half term 2025-10-01')) AS v (a, b);
SELECT ok(r.states_persistent_absence(said) = wanted, said || ' and persistent absence') FROM (VALUES ('yesterday', false), ('last week', false), ('last half term', true), ('autumn 1', true), ('september 2025', true), ('term to date 2025-11-20', true),
    ('half term to date 2025-11-09', false), ('half term to date 2025-11-10', true), ('term to date 2025-09-09', false), ('half term to date 2025-10-28', true), ('half term to date 2030-10-28', false)) AS v (said, wanted);
UPDATE r.term_date SET first_day = '2025-11-10' WHERE school_urn = 100001 AND academic_year = 2025 AND half = 2;
SELECT is((SELECT array_agg(r.states_persistent_absence('half term to date 2025-11-12', schools)) FROM (VALUES ('{100001}'::int[]), ('{100002}'), ('{100001,100002}'), (NULL)) AS v (schools)), '{f,t,t,t}', 'of a half term that has begun at one of the schools');
SELECT is((SELECT h.persistently_absent IS NOT NULL FROM r.headline('half term to date 2025-11-12', 'all', schools) h), wanted, 'in a report on ' || schools::text)
FROM (VALUES ('{100001}'::int[], false), ('{100002}', true)) AS v (schools, wanted);
SELECT is((SELECT h.days FROM r.headline('half term to date 2025-11-12', 'all', '{100001}') h), '[2025-11-10,2025-11-13)', 'and its days');

SELECT * FROM finish();
ROLLBACK;
