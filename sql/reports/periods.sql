-- The periods that reports are about: those of the calendar of England, which need no table.

CREATE FUNCTION easter_sunday(year integer) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- the Gregorian reckoning: golden number and century give the paschal full moon, then the Sunday after it
    BEGIN ATOMIC
        WITH moon AS (
            SELECT (19 * (year % 19) + year / 100 - year / 400 - (8 * (year / 100) + 13) / 25 + 15) % 30 AS age),
        full_moon AS (
            SELECT pg_catalog.make_date(year, 3, 21) + m.age
                - CASE WHEN m.age = 29 OR m.age = 28 AND year % 19 > 10 THEN 1 ELSE 0 END AS day
            FROM moon m)
        SELECT f.day + 7 - extract(dow FROM f.day)::integer FROM full_moon f;
    END;
COMMENT ON FUNCTION easter_sunday(integer) IS
'Easter Sunday of a year of the Gregorian calendar. NULL for NULL; 22008 for a year that has no dates';

CREATE FUNCTION spring_bank_holiday(year integer) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- moved for jubilees
    RETURN CASE year WHEN 2002 THEN pg_catalog.make_date(2002, 6, 4) WHEN 2012 THEN pg_catalog.make_date(2012, 6, 4)
        WHEN 2022 THEN pg_catalog.make_date(2022, 6, 2)
        ELSE pg_catalog.make_date(year, 5, 31) - (extract(isodow FROM pg_catalog.make_date(year, 5, 31))::integer
            - 1) END;
COMMENT ON FUNCTION spring_bank_holiday(integer) IS
'The spring bank holiday of a year: the last Monday in May, in 2002, 2012 and 2022 a day in June. NULL for NULL; 22008 '
'for a year that has no dates. Banking and Financial Dealings Act 1971';

CREATE FUNCTION usual_bank_holidays(year integer, OUT day date, OUT name text) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 8
    BEGIN ATOMIC
        WITH fixed (place, day, name) AS (VALUES
            (1, pg_catalog.make_date(year, 1, 1), 'New Year''s Day'),
                (7, pg_catalog.make_date(year, 12, 25), 'Christmas Day'),
            (8, pg_catalog.make_date(year, 12, 26), 'Boxing Day')),
        -- the first Mondays of May and September, and the last one of August
        monday (place, day, name) AS (VALUES
            (4, pg_catalog.make_date(year, 5, 8) - extract(isodow FROM pg_catalog.make_date(year, 5, 7))::integer,
                'early May bank holiday'),
            (6, pg_catalog.make_date(year, 9, 1) - extract(isodow FROM pg_catalog.make_date(year, 8, 31))::integer,
                'summer bank holiday'))
        SELECT d.day, d.name
        FROM (
            SELECT f.place, CASE extract(isodow FROM f.day)::integer
                    -- at a weekend a weekday after it takes its place; two days at Christmas, of which none is taken
                    -- twice
                    WHEN 6 THEN f.day + 2 WHEN 7 THEN f.day + CASE f.name WHEN 'New Year''s Day' THEN 1 ELSE 2 END
                        ELSE f.day END AS day, f.name
            FROM fixed f WHERE f.place > 1 OR year >= 1974
            UNION ALL SELECT m.place, m.day, m.name FROM monday m WHERE m.place > 4 OR year >= 1978
            UNION ALL SELECT 2, easter_sunday(year) - 2, 'Good Friday'
            UNION ALL SELECT 3, easter_sunday(year) + 1, 'Easter Monday'
            UNION ALL SELECT 5, spring_bank_holiday(year), 'spring bank holiday') d
        ORDER BY d.day;
    END;
COMMENT ON FUNCTION usual_bank_holidays(integer) IS
'The bank holidays of England and Wales in a year, with the days that take the place of those at weekends: those of '
'every year since 1978, New Year''s Day since 1974, early May since 1978. Days of a single year are not among them: '
'see the table bank_holiday_change of a register. No rows for NULL; 22008 for a year that has no dates. Banking and '
'Financial Dealings Act 1971, section 1 and Schedule 1, and proclamations; Good Friday and Christmas Day at common law';

CREATE FUNCTION academic_year_days(academic_year integer) RETURNS daterange
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.daterange(pg_catalog.make_date(academic_year, 8, 1),
        pg_catalog.make_date(academic_year + 1, 8, 1));
COMMENT ON FUNCTION academic_year_days(integer) IS
'The days of an academic year: 2025 is 1 August 2025 to 31 July 2026. NULL for NULL; 22008 for a year that has no '
'dates';

CREATE FUNCTION statistical_terms(academic_year integer, OUT term text, OUT days daterange) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 4
    BEGIN ATOMIC
        SELECT t.term, pg_catalog.daterange(t.first_day, t.next_day)
        FROM (SELECT easter_sunday(academic_year + 1) AS easter, spring_bank_holiday(academic_year + 1) AS spring) h
        CROSS JOIN LATERAL (VALUES
            ('Autumn', pg_catalog.make_date(academic_year, 8, 1), pg_catalog.make_date(academic_year + 1, 1, 1)),
            ('Spring', pg_catalog.make_date(academic_year + 1, 1, 1), h.easter + 1),
            ('Summer half term 1', h.easter + 1, h.spring),
            ('Summer half term 2', h.spring, pg_catalog.make_date(academic_year + 1, 8, 1))) AS t (term, first_day,
            next_day);
    END;
COMMENT ON FUNCTION statistical_terms(integer) IS
'The terms for which the school census collects absence, whatever the terms of a school are: Autumn to 31 December, '
'Spring to Easter Sunday, Summer half term 1 to the day before the spring bank holiday, Summer half term 2 to 31 July. '
'No rows for NULL; 22008 for a year that has no dates. Pupil absence in schools in England: methodology';

CREATE FUNCTION read_month(name text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN pg_catalog.lower(name) IN ('jan', 'january', 'feb', 'february', 'mar', 'march', 'apr', 'april',
        'may', 'jun', 'june',
            'jul', 'july', 'aug', 'august', 'sep', 'sept', 'september', 'oct', 'october', 'nov', 'november', 'dec',
            'december')
        THEN (pg_catalog.strpos('janfebmaraprmayjunjulaugsepoctnovdec', pg_catalog.left(pg_catalog.lower(name), 3)) + 2)
            / 3 END;
COMMENT ON FUNCTION read_month(text) IS
'Internal: the number of a month by its English name or the first three letters of it. NULL for another text, and for '
'NULL';

CREATE FUNCTION read_day(day text) RETURNS date
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- none of it depends on a setting, and no text raises an error
    iso text[] := regexp_match(day, '^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$');
    said text[] := CASE WHEN iso IS NULL THEN regexp_match(day,
        '^\s*(\d{1,2})(?:/|(?:st|nd|rd|th)?\s+)(\d{1,2}(?=/)|[[:alpha:]]{3,9}(?=\s))[/\s]+(\d{4})\s*$') END;
    part text[] := CASE WHEN iso IS NOT NULL THEN iso ELSE ARRAY[said[3], said[2], said[1]] END;
    month integer := CASE WHEN part[2] ~ '^\d' THEN part[2]::integer ELSE @extschema@.read_month(part[2]) END;
BEGIN
    IF part[1]::integer > 0 AND month BETWEEN 1 AND 12 AND part[3]::integer BETWEEN 1
        AND extract(day FROM make_date(part[1]::integer, month, 1) + interval '1 month - 1 day') THEN
        RETURN make_date(part[1]::integer, month, part[3]::integer);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION read_day(text) IS
'Internal: a day as people write it: 2025-11-20, 20/11/2025, 20 November 2025 or 20 Nov 2025, whatever DateStyle is. '
'NULL for another text or a day that there is not, and for NULL';

CREATE FUNCTION read_academic_year(year text) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    part text[] := regexp_match(year, '^\s*(\d{4})\s*[/-]\s*(\d{2}|\d{4})\s*$');
BEGIN
    RETURN CASE WHEN (part[1]::integer + 1) % (10 ^ length(part[2]))::integer = part[2]::integer
        THEN part[1]::integer END;
END
$$;
COMMENT ON FUNCTION read_academic_year(text) IS
'Internal: the academic year, by its first calendar year, of 2025/26, 2025-26, 2025/2026 or 2025-2026. NULL for '
'another text, and for NULL';

CREATE FUNCTION read_named_term(words text, today date, OUT term text, OUT half integer, OUT academic_year integer)
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    part text[] := regexp_match(words,
        '^(autumn|spring|summer)(?: term| half term)?(?: ([12])(?= |$))?(?: (\d{4}.*))?$');
BEGIN
    academic_year := CASE WHEN part IS NULL THEN NULL WHEN part[3] IS NULL THEN @extschema@.academic_year(today)
        WHEN part[3] ~ '^\d{4}$' THEN part[3]::integer - CASE WHEN part[1] = 'autumn' THEN 0 ELSE 1 END
        ELSE @extschema@.read_academic_year(part[3]) END;
    IF academic_year IS NOT NULL THEN
        term := initcap(part[1]);
        half := part[2]::integer;
    END IF;
END
$$;
COMMENT ON FUNCTION read_named_term(text, date) IS
'Internal: a term or half term by its name, in small letters: autumn term 2025/26, spring 2026 (which is in 2025/26), '
'summer half term 1 2025/26, summer 2; without a year that of today''s academic year. NULLs for another text, and for '
'NULL';

CREATE FUNCTION read_day_before(day text, last_day date) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce(read_day(day), (
        SELECT pg_catalog.max(d.day)
        FROM pg_catalog.generate_series(extract(year FROM last_day)::integer - 1,
            extract(year FROM last_day)::integer) AS y (year)
        CROSS JOIN LATERAL read_day(day || ' ' || y.year) AS d (day)
        WHERE d.day <= last_day));
COMMENT ON FUNCTION read_day_before(text, date) IS
'Internal: a day as read_day() reads it, or without its year, such as 1 December: the last one that is not after '
'another. NULL for another text or a day that there is not, and for NULL';

CREATE FUNCTION read_days(words text, today date) RETURNS daterange
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    range text[] := regexp_match(words, '^([[(])\s*"?([^",]*)"?\s*,\s*"?([^",]*)"?\s*([])])$');
    said text[] := CASE WHEN range IS NULL THEN regexp_match(words, '^(.+?) to (.+)$') END;
    part text[] := CASE WHEN range IS NOT NULL THEN range ELSE ARRAY['[', said[1], said[2], ']'] END;
    last_day date := CASE WHEN said[2] = 'today' THEN today ELSE @extschema@.read_day(part[3]) END;
    first_day date := CASE WHEN range IS NULL THEN @extschema@.read_day_before(part[2], last_day)
        ELSE @extschema@.read_day(part[2]) END;
BEGIN
    RETURN CASE WHEN first_day <= last_day THEN daterange(first_day, last_day, part[1] || part[4]) END;
END
$$;
COMMENT ON FUNCTION read_days(text, date) IS
'Internal: days from one to another, in the words of period_words(): [2025-09-01,2025-10-01), as a daterange is '
'written; or 1 september to 30 september 2025, the last one among them, which may be today, and the first one without '
'its year. Empty for (2025-09-01,2025-09-02) and the like; NULL for another text, and for NULL';

CREATE FUNCTION period_words(period text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    words text := lower(period);
    form text[];
BEGIN
    -- what is said, and how it is said here: one after the other
    FOREACH form SLICE 1 IN ARRAY ARRAY[
        ['[\s\u00a0]+', ' '], ['^ | $', ''], ['half-term', 'half term'],
        ['^today$', 'day'], ['^yesterday$', 'last day'],
        ['^(w/c|w/b|week commencing|week starting) ', 'week beginning '], ['^w/e ', 'week ending '],
        ['^week of ', 'week '], ['\mschool year', 'academic year'], ['^academic year to date', 'year to date'],
        ['^(this|last) year$', '\1 academic year'], [' until ', ' to '], ['^from (.+ to )', '\1'],
        ['^since (.+)$', '\1 to today']] LOOP
        words := regexp_replace(words, form[1], form[2], 'g');
    END LOOP;
    RETURN words;
END
$$;
COMMENT ON FUNCTION period_words(text) IS
'Internal: the words of a period in small letters with single blanks, and one way of saying for several, as '
'read_period() reads them: w/c is week beginning, since 1 December is 1 december to today. NULL for NULL';

CREATE FUNCTION statistical_term_days(day date) RETURNS daterange
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT t.days FROM statistical_terms(academic_year(day)) t WHERE t.days @> day);
COMMENT ON FUNCTION statistical_term_days(date) IS
'Internal: the days of the term of statistical_terms() in which a day is. NULL for NULL; 22008 for a day outside 1900 '
'to 2999';

CREATE FUNCTION period_days(kind text, on_day date, over boolean DEFAULT false) RETURNS daterange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- not strict, so that it is inlined: read_period() may be asked once a row
    RETURN CASE CASE WHEN on_day IS NOT NULL THEN kind ELSE '' END
        WHEN '' THEN NULL
        WHEN 'day' THEN pg_catalog.daterange(on_day, on_day, '[]')
        WHEN 'week' THEN pg_catalog.daterange(pg_catalog.date_trunc('week', on_day::timestamp)::date,
            pg_catalog.date_trunc('week', on_day::timestamp)::date + 7)
        WHEN 'month' THEN pg_catalog.daterange(pg_catalog.date_trunc('month', on_day::timestamp)::date,
            (pg_catalog.date_trunc('month', on_day::timestamp) + interval '1 month')::date)
        WHEN 'statistical term' THEN statistical_term_days(on_day)
        -- the last half term or term, and in August any, may be of the year before
        ELSE pg_catalog.daterange(pg_catalog.lower(academic_year_days(academic_year(on_day)
                - CASE WHEN over OR kind NOT IN ('academic year', 'year to date') AND extract(month FROM on_day) = 8
                    THEN 1 ELSE 0 END)),
            CASE WHEN kind LIKE '%to date' THEN on_day + 1
                ELSE pg_catalog.upper(academic_year_days(academic_year(on_day))) END) END;
COMMENT ON FUNCTION period_days(text, date, boolean) IS
'Internal: the days of a period of a kind about a day, as read_period() has them; over: of a half term or term that is '
'over before the day. NULL for NULL';

CREATE FUNCTION anniversary(day date, months integer) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- a month that is too short for the day ends before it, one that is longer goes on
    RETURN greatest((day + pg_catalog.make_interval(months => months))::date,
        (day - 1 + pg_catalog.make_interval(months => months))::date + 1);
COMMENT ON FUNCTION anniversary(date, integer) IS
'The first day after so many months that begin with a day: 1 March after the 12 that begin on 29 February 2024. Months '
'may be negative. NULL for NULL';

CREATE FUNCTION day_of_last(kind text, on_day date) RETURNS date
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE kind WHEN 'day' THEN on_day - 1 WHEN 'week' THEN on_day - 7
        WHEN 'month' THEN (on_day::timestamp - interval '1 month')::date
        WHEN 'statistical term' THEN pg_catalog.lower(period_days(kind, on_day)) - 1
        WHEN 'academic year' THEN (on_day::timestamp - interval '1 year')::date
        WHEN 'year to date' THEN (on_day::timestamp - interval '1 year')::date
        WHEN 'half term' THEN on_day WHEN 'term' THEN on_day END;
COMMENT ON FUNCTION day_of_last(text, date) IS
'Internal: the day that the last period of a kind before a day is about, as read_period() has it. Of half terms and '
'terms each school has its own, so it is the day itself. NULL for what is not over, and for NULL';

CREATE FUNCTION read_period(period text, OUT kind text, OUT on_day date, OUT days daterange, OUT term text,
    OUT half integer, OUT over boolean)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/London')::date;
    -- what is written as reports write it to each other needs no other words
    words text := CASE WHEN period ~ '^(day|week|(half )?term( to date)?|statistical term|academic year|year to date) '
                                     '\d{4}-\d\d-\d\d$|^\d{4}/\d\d$|^\[[-0-9,]+\)$'
        THEN period ELSE @extschema@.period_words(period) END;
    edge text := substring(words FROM '^week (beginning|ending) ');
    form text[] := regexp_match(CASE WHEN edge IS NULL THEN words ELSE replace(words, ' ' || edge, '') END,
        '^(?:(this|last) )?(day|week|(?:half )?term(?: to date)?|statistical term|month|academic year|year to date)(?: '
        '(.+))?$');
    year integer;
    problem text;
BEGIN
    over := false;
    IF form IS NOT NULL THEN
        kind := form[2];
        IF kind = 'academic year' AND form[1] IS NULL AND form[3] !~ '^\d{4}-\d{1,2}-' THEN
            year := coalesce(@extschema@.read_academic_year(form[3]), substring(form[3] FROM '^\d{4}$')::integer);
        END IF;
        on_day := CASE WHEN year BETWEEN 1900 AND 2998 THEN make_date(year, 8, 1) WHEN form[3] IS NULL THEN today
            WHEN form[3] ~ '^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$' THEN form[3]::date
                ELSE @extschema@.read_day(form[3]) END;
        problem := CASE WHEN on_day NOT BETWEEN '1901-09-01' AND '2999-07-31'
                THEN 'days of a register are from 1900-01-01 to 2999-12-31'
            WHEN on_day IS NULL AND form[3] ~ '^(\d{4}-\d\d?-\d\d?|\d\d?/\d\d?/\d{4})$' THEN 'there is no such day'
            WHEN CASE edge WHEN 'beginning' THEN extract(isodow FROM on_day) > 5
                WHEN 'ending' THEN extract(isodow FROM on_day) < 5 END
                THEN 'a week is from Monday to Friday or Sunday, and that is a ' || to_char(on_day::timestamp, 'FMDay')
            END;
        IF problem IS NULL THEN
            over := coalesce(form[1] = 'last' AND kind IN ('half term', 'term'), false);
            on_day := CASE WHEN form[1] = 'last' THEN @extschema@.day_of_last(kind, on_day) ELSE on_day END;
            days := @extschema@.period_days(kind, on_day, over);
        END IF;
    ELSE
        IF words ~ '^\[((?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])[,)]){2}$'
            AND substr(words, 2, 10) <= substr(words, 13, 10) THEN
            days := daterange(substr(words, 2, 10)::date, substr(words, 13, 10)::date);
        ELSIF words ~ '^\d' THEN
            year := @extschema@.read_academic_year(words);
        ELSIF words ~ '^[a-z]' THEN
            SELECT t.term, t.half, t.academic_year INTO term, half, year
                FROM @extschema@.read_named_term(words, today) t;
        END IF;
        year := CASE WHEN year BETWEEN 1900 AND 2998 THEN year END;
        kind := CASE WHEN term IS NULL THEN 'academic year' WHEN half IS NULL THEN 'term' ELSE 'half term' END;
        -- of a term by its name a day that is in it wherever the school is
        on_day := make_date(year, 8, 1) + CASE term WHEN 'Autumn' THEN 111 WHEN 'Spring' THEN 219 WHEN 'Summer' THEN 319
            ELSE 0 END;
        days := coalesce(days, @extschema@.academic_year_days(year));
        IF days IS NULL AND words ~ '^[[(]' THEN
            days := @extschema@.read_days(words, today);
        ELSIF days IS NULL THEN
            on_day := coalesce(@extschema@.read_day(words), @extschema@.read_day('1 ' || words),
                -- without its year that of today's academic year, as of a term
                @extschema@.read_day(format('1 %s %s', words,
                    @extschema@.academic_year(today) + CASE WHEN @extschema@.read_month(words) < 8 THEN 1 ELSE 0 END)));
            kind := CASE WHEN @extschema@.read_day(words) IS NULL THEN 'month' ELSE 'day' END;
            days := coalesce(@extschema@.period_days(kind, on_day), @extschema@.read_days(words, today));
        END IF;
    END IF;
    IF days IS NULL OR isempty(days) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a period: %s', period, coalesce(problem,
                'day, week, month, half term, term, statistical term, academic year, half term to date, term to date '
                'or year to date, with a date such as 2025-11-20, 20/11/2025 or 20 November 2025 (today if there is '
                'none), or this or last before it; week beginning, week ending or since a date; a term such as autumn '
                'term 2025/26 or autumn 2 2025/26; a month such as September 2025; an academic year such as 2025/26; '
                'or days such as 2025-09-01 to 2025-09-30 or [2025-09-01,2025-10-01)'));
    ELSIF kind = 'month' OR on_day IS NULL THEN
        kind := 'days';
        on_day := lower(days);
    END IF;
END
$$;
COMMENT ON FUNCTION read_period(text) IS
'What the period of a report means: its kind (day, week, half term, term, half term to date, term to date, statistical '
'term, academic year, year to date, days), the day that it is about, and its days; for half term and term, whose days '
'are those of each school, the academic year (to the day, if it is to date), in August with the one before. term and '
'half: of a term by its name (autumn term 2025/26, autumn 2 2025/26; autumn 2025 and spring 2026 are of 2025/26). '
'over: the last one that is over before the day (last half term). Letters may be large or small. A week begins on '
'Monday. Without a date it is about today (Europe/London). NULL for NULL; 22023 for another text';

CREATE FUNCTION period_of(kind text, on_day date) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN kind || ' ' || pg_catalog.to_char(on_day::timestamp, 'YYYY-MM-DD');
COMMENT ON FUNCTION period_of(text, date) IS
'A period of a kind about a day, as read_period() reads it, whatever DateStyle is. NULL for NULL';

CREATE FUNCTION period_of(days daterange) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN '[' || pg_catalog.to_char(pg_catalog.lower(days)::timestamp, 'YYYY-MM-DD') || ','
        || pg_catalog.to_char(pg_catalog.upper(days)::timestamp, 'YYYY-MM-DD') || ')';
COMMENT ON FUNCTION period_of(daterange) IS
'Days as a period, as read_period() reads them, whatever DateStyle is. NULL for NULL, no days and days without an end';

CREATE FUNCTION period_years(period text) RETURNS integer[]
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT ARRAY(SELECT y FROM pg_catalog.generate_series(academic_year(pg_catalog.lower(p.days)),
            academic_year(pg_catalog.upper(p.days) - 1)) y)
        FROM read_period(period) p;
    END;
COMMENT ON FUNCTION period_years(text) IS
'The academic years in which the days of a period lie: see read_period(). NULL for NULL; 22023 for what is no period';

CREATE FUNCTION persistence_is_stated(days daterange) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- days without an end are many
    RETURN coalesce(pg_catalog.upper(days) - pg_catalog.lower(days) > 7, NOT pg_catalog.isempty(days));
COMMENT ON FUNCTION persistence_is_stated(daterange) IS
'Whether persistent and severe absence are stated for a period of these days, the one rule of all reports, pages and '
'views: not for seven days or fewer (a day, a week, or part of one), of which one missed session makes a persistent '
'absentee; the Department for Education publishes none either. NULL for NULL. Pupil attendance in schools: methodology';

CREATE FUNCTION band_label(label text, stated boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN stated THEN label ELSE pg_catalog.split_part(label, ':', 1) END;
COMMENT ON FUNCTION band_label(text, boolean) IS
'Internal: the label of a band of attendance: its percentages and, where persistent absence is stated '
'(persistence_is_stated()), after a colon what pupils in it are called. NULL for a NULL label';

CREATE FUNCTION statistical_ages(academic_year integer) RETURNS daterange
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.daterange(pg_catalog.make_date(academic_year - 16, 9, 1),
        pg_catalog.make_date(academic_year - 5, 9, 1));
COMMENT ON FUNCTION statistical_ages(integer) IS
'The dates of birth of those who are 5 to 15 on 31 August before an academic year, whom the official figures are '
'about. NULL for NULL; 22008 for a year that has no dates';

CREATE FUNCTION statistical_cohorts(academic_year integer) RETURNS int4range
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.int4range(academic_year - 16, academic_year - 5);
COMMENT ON FUNCTION statistical_cohorts(integer) IS
'statistical_ages() as years of birth from 1 September on (birth_cohort()): the first is that of those aged 15. NULL '
'for NULL';

CREATE FUNCTION statistical_days(academic_year integer, date_of_birth date) RETURNS daterange
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN NOT statistical_ages(academic_year) @> date_of_birth THEN 'empty'::daterange
        WHEN date_of_birth < pg_catalog.make_date(academic_year - 15, 9, 1)
        THEN pg_catalog.daterange(pg_catalog.make_date(academic_year, 8, 1), spring_bank_holiday(academic_year + 1))
        ELSE academic_year_days(academic_year) END;
COMMENT ON FUNCTION statistical_days(integer, date) IS
'The days of an academic year for which the official figures count somebody, by date of birth: all of them at 5 to 14 '
'on 31 August before it, those before the spring bank holiday at 15 (study leave follows), none at other ages. NULL '
'for NULL; 22008 for a year that has no dates. Pupil absence in schools in England: methodology';

CREATE FUNCTION read_population(population text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF population IN ('statutory', 'current roll', 'all') THEN
        RETURN population;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('"%s" is not a population: statutory, current roll or all', population);
END
$$;
COMMENT ON FUNCTION read_population(text) IS
'The population of a report. 22023 for another text than statutory, current roll or all, and for NULL';
