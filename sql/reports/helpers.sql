-- What reports share that needs no table: choices, the period of a year before, phases, and the order of year groups.

CREATE FUNCTION read_choice(choice text, VARIADIC choices text[]) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF choice = ANY (choices) THEN
        RETURN choice;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
        MESSAGE = format('"%s" is none of: %s', choice, array_to_string(choices, ', '));
END
$$;
COMMENT ON FUNCTION read_choice(text, text[]) IS
'Internal: the choice, if it is one of those that there are. 22023 for another text, and for NULL';

CREATE FUNCTION known_choice(choice text, VARIADIC choices text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN choice IS NULL THEN true ELSE read_choice(choice, VARIADIC choices) IS NOT NULL END;
COMMENT ON FUNCTION known_choice(text, text[]) IS
'Internal: true if the choice is one of those that there are, and for NULL. 22023 for another text';

CREATE FUNCTION read_choices(chosen text[], choices text[]) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    choice text;
BEGIN
    FOREACH choice IN ARRAY coalesce(chosen, '{}') LOOP
        PERFORM @extschema@.read_choice(choice, VARIADIC choices);
    END LOOP;
    RETURN coalesce(chosen, '{}');
END
$$;
COMMENT ON FUNCTION read_choices(text[], text[]) IS
'Internal: the choices, if each is one of those that there are; none for NULL. 22023 for another text in them, and for '
'NULL in them';

CREATE FUNCTION read_required(argument text, name text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF argument IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%s is needed', name);
    END IF;
    RETURN argument;
END
$$;
COMMENT ON FUNCTION read_required(text, text) IS
'Internal: an argument without which there is no answer. 22023, with its name, for NULL';

CREATE FUNCTION known(is_there boolean, problem text, hint text DEFAULT '') RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF is_there THEN
        RETURN true;
    ELSIF hint = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = problem;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = problem, HINT = hint;
END
$$;
COMMENT ON FUNCTION known(boolean, text, text) IS
'Internal: true if what was asked for was found. 22023, with the problem as message and perhaps a hint where to look, '
'if not';

CREATE FUNCTION tell(warning text, hint text) RETURNS boolean
    -- not immutable: it would be told when a query is planned
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE WARNING USING MESSAGE = warning, HINT = hint;
    RETURN true;
END
$$;
COMMENT ON FUNCTION tell(text, text) IS
'Internal: true, with a warning (01000): for an answer that is right, but may not be to what was meant';

CREATE FUNCTION period_year_before(period text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT CASE
            -- the same day of the week: 52 weeks
            WHEN p.kind IN ('day', 'week') THEN period_of(p.kind, p.on_day - 364)
            WHEN p.kind = 'days'
                THEN period_of(pg_catalog.daterange((pg_catalog.lower(p.days) - interval '1 year')::date,
                    anniversary(pg_catalog.upper(p.days), -12)))
            WHEN p.term IS NOT NULL THEN pg_catalog.concat_ws(' ', p.term, p.half, (academic_year(p.on_day) - 1) || '/'
                || pg_catalog.to_char(academic_year(p.on_day) % 100, 'FM00'))
            ELSE CASE WHEN p.over THEN 'last ' ELSE '' END
                || period_of(p.kind, (p.on_day - interval '1 year')::date) END
        FROM read_period(period) p;
    END;
COMMENT ON FUNCTION period_year_before(text) IS
'The same period a year before: a day and a week 52 weeks before, so that the days of the week are the same, others by '
'the date. NULL for NULL; 22023 for what is no period';

CREATE FUNCTION period_of_one_year(period text) RETURNS text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF (SELECT p.kind = 'days' FROM @extschema@.read_period(period) p)
        AND cardinality(@extschema@.period_years(period)) > 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('the days %s are not all of one academic year', period);
    END IF;
    RETURN period;
END
$$;
COMMENT ON FUNCTION period_of_one_year(text) IS
'Internal: the period, for reports that compare it with the year before. NULL for NULL; 22023 for what is no period, '
'and for days of more than one academic year';

CREATE FUNCTION compared_phase(phase text, type text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN coalesce(statistical_phase(phase, type),
        CASE WHEN type IN ('Independent schools', 'Colleges', 'Universities') THEN type ELSE phase END);
COMMENT ON FUNCTION compared_phase(text, text) IS
'With which schools a school is compared, by its phase and its group of types: those of the same statistical_phase(), '
'or else, for schools that are in no official series, independent schools, colleges and universities each by '
'themselves, others those of the same phase. NULL for NULL';

CREATE FUNCTION year_group_number(year_group text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN year_group ~ '^[0-9]+$' THEN year_group::integer WHEN year_group = 'R' THEN 0
        WHEN year_group = 'N2' THEN -1 WHEN year_group = 'N1' THEN -2 END;
COMMENT ON FUNCTION year_group_number(text) IS
'The place of a national curriculum year: 1 to 14, reception (R) 0, nursery N2 -1 and N1 -2. NULL for NULL and for X';

CREATE FUNCTION next_year_group(year_group text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN year_group = 'X' THEN 'X' ELSE ('{N1,N2,R,1,2,3,4,5,6,7,8,9,10,11,12,13,14}'::text[])[
        year_group_number(year_group) + 4] END;
COMMENT ON FUNCTION next_year_group(text) IS
'The national curriculum year after one, to promote pupils: R after N2, 1 after R; X after X, which is no year. NULL '
'for NULL and after 14';

CREATE FUNCTION percent_of(part numeric, whole numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN whole <> 0 THEN 100 * part / whole END;
COMMENT ON FUNCTION percent_of(numeric, numeric) IS
'A part as a percentage, 0 to 100, of the whole, such as absent of possible sessions. NULL if the whole is 0, and for '
'NULL';

CREATE FUNCTION is_one_of_support(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'att_is_one_of_support' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_one_of_support(internal) IS 'Internal: planner support for is_one_of';
REVOKE EXECUTE ON FUNCTION is_one_of_support(internal) FROM PUBLIC;

CREATE FUNCTION lowest_urn(schools integer[]) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_lowest_urn' LANGUAGE C IMMUTABLE LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION lowest_urn(integer[]) IS
'Internal: for is_one_of(): from which school on an index is read for some schools. NULL for none';
CREATE FUNCTION highest_urn(schools integer[]) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_highest_urn' LANGUAGE C IMMUTABLE LEAKPROOF PARALLEL SAFE;
COMMENT ON FUNCTION highest_urn(integer[]) IS
'Internal: for is_one_of(): up to which school an index is read for some schools. NULL for none';

-- Leakproof, as the operator is that it stands for: it can be asked before a policy is.
CREATE FUNCTION is_one_of(school_urn integer, schools integer[]) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_is_one_of' LANGUAGE C IMMUTABLE LEAKPROOF PARALLEL SAFE SUPPORT is_one_of_support;
COMMENT ON FUNCTION is_one_of(integer, integer[]) IS
'Whether a school is one of some, by URN; of all schools, which NULL stands for, each is one. What every report asks '
'of its schools: the planner knows it. NULL for a NULL school, and if it is none of them but one of them is NULL, as '
'with = ANY';

CREATE FUNCTION characteristic_day(held text, academic_year integer, days daterange, first_mark date, today date)
    RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- the spring census is on the third Thursday of January
    RETURN CASE held
        WHEN 'last day' THEN least(pg_catalog.upper(days) - 1, today)
        WHEN 'census' THEN greatest(pg_catalog.make_date(academic_year + 1, 1, 15)
            + (11 - extract(isodow FROM pg_catalog.make_date(academic_year + 1, 1, 15))::integer) % 7, first_mark) END;
COMMENT ON FUNCTION characteristic_day(text, integer, daterange, date, date) IS
'The day on which a characteristic has to hold for a report to count it, as in characteristic_days(); today: the day '
'beyond which the last day is not. NULL for any time, another text and NULL: it is not one day';

CREATE FUNCTION characteristic_days(held text, academic_year integer, days daterange, first_mark date) RETURNS daterange
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN read_choice(held, 'last day', 'census', 'any time') = 'any time' THEN days
        ELSE pg_catalog.daterange(characteristic_day(held, academic_year, days, first_mark,
                (pg_catalog.now() AT TIME ZONE 'Europe/London')::date),
            characteristic_day(held, academic_year, days, first_mark,
                (pg_catalog.now() AT TIME ZONE 'Europe/London')::date), '[]') END;
COMMENT ON FUNCTION characteristic_days(text, integer, daterange, date) IS
'The days on which a characteristic has to hold for a report to count it: last day, that of the days, or today if it '
'is to come; census, that of the spring census of the academic year, the third Thursday of January, or of the first '
'mark if that is later; any time, all the days. 22023 for another text and for NULL';

CREATE FUNCTION year_group_by_cohort(academic_year integer, birth_cohort integer) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT CASE WHEN y.n BETWEEN 1 AND 14 THEN y.n::text WHEN y.n = 0 THEN 'R' WHEN y.n = -1 THEN 'N2' WHEN y.n = -2
            THEN 'N1' END
        FROM (SELECT academic_year - 5 - birth_cohort AS n) y;
    END;
COMMENT ON FUNCTION year_group_by_cohort(integer, integer) IS
'year_group_by_age() of those who were born from 1 September of a year on, within twelve months: see birth_cohort(). '
'NULL for NULL';

CREATE FUNCTION year_group_by_age(academic_year integer, date_of_birth date) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN year_group_by_cohort(academic_year, birth_cohort(date_of_birth));
COMMENT ON FUNCTION year_group_by_age(integer, date) IS
'The national curriculum year of an academic year in which somebody of that date of birth normally is: 1 at 5 on 31 '
'August before it. NULL for ages before nursery (N1) and after year 14, and for NULL';

CREATE FUNCTION impact_problem(possible_before bigint, possible_after bigint, at_least integer, elsewhere text,
    compared boolean) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN pg_catalog.concat_ws('; ',
        CASE WHEN possible_before IS NULL THEN 'not in this population' END,
        CASE WHEN possible_before < at_least OR possible_after < at_least
            THEN 'too few possible sessions: ' || possible_before || ' before, ' || possible_after || ' after' END,
        CASE elsewhere WHEN 'interventions' THEN 'in another intervention in these days'
            WHEN 'cases' THEN 'with another case in these days' END,
        CASE WHEN NOT compared AND possible_before IS NOT NULL THEN 'nobody to compare with' END);
COMMENT ON FUNCTION impact_problem(bigint, bigint, integer, text, boolean) IS
'Internal: why a pupil does not count for the impact of an intervention, as intervention_pupil_impact() says it; empty '
'for one who does';
