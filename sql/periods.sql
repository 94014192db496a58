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
        ELSE pg_catalog.make_date(year, 5, 31) - (extract(isodow FROM pg_catalog.make_date(year, 5, 31))::integer - 1) END;
COMMENT ON FUNCTION spring_bank_holiday(integer) IS
'The spring bank holiday of a year: the last Monday in May, in 2002, 2012 and 2022 a day in June. NULL for NULL; 22008 for a year that has no dates. Banking and Financial Dealings Act 1971';

CREATE FUNCTION usual_bank_holidays(year integer, OUT day date, OUT name text) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 8
    BEGIN ATOMIC
        WITH fixed (place, day, name) AS (VALUES
            (1, pg_catalog.make_date(year, 1, 1), 'New Year''s Day'), (7, pg_catalog.make_date(year, 12, 25), 'Christmas Day'),
            (8, pg_catalog.make_date(year, 12, 26), 'Boxing Day')),
        -- the first Mondays of May and September, and the last one of August
        monday (place, day, name) AS (VALUES
            (4, pg_catalog.make_date(year, 5, 8) - extract(isodow FROM pg_catalog.make_date(year, 5, 7))::integer, 'early May bank holiday'),
            (6, pg_catalog.make_date(year, 9, 1) - extract(isodow FROM pg_catalog.make_date(year, 8, 31))::integer, 'summer bank holiday'))
        SELECT d.day, d.name
        FROM (
            SELECT f.place, CASE extract(isodow FROM f.day)::integer
                    -- at a weekend a weekday after it takes its place; two days at Christmas, of which none is taken twice
                    WHEN 6 THEN f.day + 2 WHEN 7 THEN f.day + CASE f.name WHEN 'New Year''s Day' THEN 1 ELSE 2 END ELSE f.day END AS day, f.name
            FROM fixed f WHERE f.place > 1 OR year >= 1974
            UNION ALL SELECT m.place, m.day, m.name FROM monday m WHERE m.place > 4 OR year >= 1978
            UNION ALL SELECT 2, easter_sunday(year) - 2, 'Good Friday'
            UNION ALL SELECT 3, easter_sunday(year) + 1, 'Easter Monday'
            UNION ALL SELECT 5, spring_bank_holiday(year), 'spring bank holiday') d
        ORDER BY d.day;
    END;
COMMENT ON FUNCTION usual_bank_holidays(integer) IS
'The bank holidays of England and Wales in a year, with the days that take the place of those at weekends: those of every year since 1978, New Year''s Day since 1974, early May since 1978. Days of a single year are not among them: see the table bank_holiday_change of a register. No rows for NULL; 22008 for a year that has no dates. Banking and Financial Dealings Act 1971, section 1 and Schedule 1, and proclamations; Good Friday and Christmas Day at common law';

CREATE FUNCTION academic_year_days(academic_year integer) RETURNS daterange
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.daterange(pg_catalog.make_date(academic_year, 8, 1), pg_catalog.make_date(academic_year + 1, 8, 1));
COMMENT ON FUNCTION academic_year_days(integer) IS
'The days of an academic year: 2025 is 1 August 2025 to 31 July 2026. NULL for NULL; 22008 for a year that has no dates';

CREATE FUNCTION statistical_terms(academic_year integer, OUT term text, OUT days daterange) RETURNS SETOF record
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 4
    BEGIN ATOMIC
        SELECT t.term, pg_catalog.daterange(t.first_day, t.next_day)
        FROM (SELECT easter_sunday(academic_year + 1) AS easter, spring_bank_holiday(academic_year + 1) AS spring) h
        CROSS JOIN LATERAL (VALUES
            ('Autumn', pg_catalog.make_date(academic_year, 8, 1), pg_catalog.make_date(academic_year + 1, 1, 1)),
            ('Spring', pg_catalog.make_date(academic_year + 1, 1, 1), h.easter + 1),
            ('Summer half term 1', h.easter + 1, h.spring),
            ('Summer half term 2', h.spring, pg_catalog.make_date(academic_year + 1, 8, 1))) AS t (term, first_day, next_day);
    END;
COMMENT ON FUNCTION statistical_terms(integer) IS
'The terms for which the school census collects absence, whatever the terms of a school are: Autumn to 31 December, Spring to Easter Sunday, Summer half term 1 to the day before the spring bank holiday, Summer half term 2 to 31 July. No rows for NULL; 22008 for a year that has no dates. Pupil absence in schools in England: methodology';

CREATE FUNCTION read_period(period text, OUT kind text, OUT on_day date, OUT days daterange)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts text[] := regexp_match(lower(btrim(period)),
        '^(day|week|half term|term|statistical term|academic year|year to date)(?:\s+(\d{4}-\d{2}-\d{2}))?$');
    first_year text[] := regexp_match(btrim(period), '^(\d{4})/(\d{2})$');
BEGIN
    IF parts IS NOT NULL THEN
        kind := parts[1];
        BEGIN
            on_day := coalesce(parts[2]::date, (now() AT TIME ZONE 'Europe/London')::date);
        EXCEPTION WHEN datetime_field_overflow THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('"%s" is not a period: there is no such day', period);
        END;
        days := CASE kind
            WHEN 'day' THEN daterange(on_day, on_day, '[]')
            WHEN 'week' THEN daterange(date_trunc('week', on_day::timestamp)::date, date_trunc('week', on_day::timestamp)::date + 7)
            WHEN 'statistical term' THEN (
                SELECT t.days FROM @extschema@.statistical_terms(@extschema@.academic_year(on_day)) t WHERE t.days @> on_day)
            WHEN 'year to date' THEN daterange(lower(@extschema@.academic_year_days(@extschema@.academic_year(on_day))), on_day, '[]')
            -- in August a half term or term is of the summer before
            ELSE daterange(lower(@extschema@.academic_year_days(@extschema@.academic_year(on_day)
                    - CASE WHEN kind <> 'academic year' AND extract(month FROM on_day) = 8 THEN 1 ELSE 0 END)),
                upper(@extschema@.academic_year_days(@extschema@.academic_year(on_day)))) END;
    ELSIF first_year IS NOT NULL AND (first_year[1]::integer + 1) % 100 = first_year[2]::integer THEN
        kind := 'academic year';
        days := @extschema@.academic_year_days(first_year[1]::integer);
        on_day := lower(days);
    ELSE
        BEGIN
            days := period::daterange;
        EXCEPTION WHEN invalid_text_representation OR data_exception OR invalid_datetime_format OR datetime_field_overflow THEN
            days := NULL;
        END;
        IF days IS NULL OR isempty(days) OR lower_inf(days) OR upper_inf(days) THEN
            RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('"%s" is not a period: day, week, half term, term, statistical term, academic year or year to date, with a date such as 2025-11-20 (today if there is none), an academic year such as 2025/26, or days such as [2025-09-01,2025-10-01)', period);
        END IF;
        kind := 'days';
        on_day := lower(days);
    END IF;
END
$$;
COMMENT ON FUNCTION read_period(text) IS
'What the period of a report means: its kind, the day that it is about, and its days; for half term and term, whose days are those of each school, the academic year, in August with the one before. A week begins on Monday. Without a date it is about today (Europe/London). NULL for NULL; 22023 for another text';

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
'Whether persistent and severe absence are stated for a period of these days, the one rule of all reports, pages and views: not for seven days or fewer (a day, a week, or part of one), of which one missed session makes a persistent absentee; the Department for Education publishes none either. NULL for NULL. Pupil attendance in schools: methodology';

CREATE FUNCTION band_label(label text, stated boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN stated THEN label ELSE pg_catalog.split_part(label, ':', 1) END;
COMMENT ON FUNCTION band_label(text, boolean) IS
'The label of a band of attendance: its percentages and, where persistent absence is stated (persistence_is_stated()), after a colon what pupils in it are called. NULL for a NULL label';

CREATE FUNCTION statistical_ages(academic_year integer) RETURNS daterange
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.daterange(pg_catalog.make_date(academic_year - 16, 9, 1), pg_catalog.make_date(academic_year - 5, 9, 1));
COMMENT ON FUNCTION statistical_ages(integer) IS
'The dates of birth of those who are 5 to 15 on 31 August before an academic year, whom the official figures are about. NULL for NULL; 22008 for a year that has no dates';

CREATE FUNCTION statistical_days(academic_year integer, date_of_birth date) RETURNS daterange
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN NOT statistical_ages(academic_year) @> date_of_birth THEN 'empty'::daterange
        WHEN date_of_birth < pg_catalog.make_date(academic_year - 15, 9, 1)
        THEN pg_catalog.daterange(pg_catalog.make_date(academic_year, 8, 1), spring_bank_holiday(academic_year + 1))
        ELSE academic_year_days(academic_year) END;
COMMENT ON FUNCTION statistical_days(integer, date) IS
'The days of an academic year for which the official figures count somebody, by date of birth: all of them at 5 to 14 on 31 August before it, those before the spring bank holiday at 15 (study leave follows), none at other ages. NULL for NULL; 22008 for a year that has no dates. Pupil absence in schools in England: methodology';

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
