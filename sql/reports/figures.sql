-- Columns that several reports and views have, each written once.

CREATE TYPE cohort_figures AS (
    enrolments bigint, unique_pupils bigint, possible bigint, attended bigint, present bigint,
    approved_activity bigint, absent bigint, authorised bigint, unauthorised bigint, late_before_close bigint,
    late_after_close bigint, not_possible bigint, coronavirus bigint, unmarked bigint, due bigint,
    attendance_percent numeric, absence_percent numeric, authorised_percent numeric, unauthorised_percent numeric,
    late_before_close_percent numeric, late_after_close_percent numeric, persistently_absent bigint,
    persistent_absence_percent numeric, severely_absent bigint, severe_absence_percent numeric, days_lost numeric,
    days_lost_per_pupil numeric);
COMMENT ON TYPE cohort_figures IS 'The figures of a group, side by side: what cohort_figures() of a register returns';

-- Behind what a report says first; a type is made of the columns of another only so.
DO $$
DECLARE
    figures text := (
        SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = '@extschema@.cohort_figures'::regclass AND a.attnum > 0);
BEGIN
    -- a schema's name is no format
    EXECUTE 'CREATE TYPE @extschema@.headline_figures AS (days daterange, school_count bigint, ' || figures || ')';
    EXECUTE 'CREATE TYPE @extschema@.school_headline AS (school_urn integer, school_name text, phase text, days '
            'daterange, '
        || figures || ')';
END
$$;
COMMENT ON TYPE headline_figures IS
'What headline() of a register returns: cohort_figures with the days and the number of schools';
COMMENT ON TYPE school_headline IS
'What headline_by_school() of a register returns: cohort_figures with the school and its days';

-- Blocks of the views for BI. The functions are not strict, so that they are inlined and a query computes the columns
-- that it
-- asks for.

CREATE TYPE bi_sessions AS (
    sess_possible integer,
    sess_attended integer,
    sess_overall integer,
    sess_authorised integer,
    sess_unauthorised integer,
    sess_late integer,
    sess_not_possible integer,
    sess_unmarked integer,
    sess_attended_percent numeric(5, 2),
    sess_overall_percent numeric(5, 2),
    sess_authorised_percent numeric(5, 2),
    sess_unauthorised_percent numeric(5, 2));
COMMENT ON TYPE bi_sessions IS 'Sessions and percentages, as the views for BI have them';

CREATE TYPE bi_enrolments AS (
    enrolments integer,
    enrolments_pa_10_exact integer,
    enrolments_pa_50_exact integer,
    enrolments_pa_10_exact_percent numeric(5, 2),
    enrolments_pa_50_exact_percent numeric(5, 2));
COMMENT ON TYPE bi_enrolments IS 'Enrolments with persistent and severe absence, as the views for BI have them';

CREATE FUNCTION rounded_percent(part bigint, whole bigint) RETURNS numeric
    AS 'MODULE_PATHNAME', 'att_rounded_percent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION rounded_percent(bigint, bigint) IS
'Internal: what percentage of a whole a part is, rounded to two places. NULL if the whole is 0, and for NULL';

CREATE FUNCTION date_key(day date) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_date_key' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION date_key(date) IS
'Internal: a day as the views for BI number it, 20250908. NULL for NULL; 22008 for a day outside 1900 to 2999';

CREATE FUNCTION global_key(register_key integer, key integer) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN register_key * 4294967296 + 2147483648 + key;
COMMENT ON FUNCTION global_key(integer, integer) IS
'A key of the views for BI as one number that no other register has: of rows of several registers, the register_key '
'with the key. Below two to the power of 53 for a register_key of 21 bits, which tools hold exactly. NULL for NULL';

CREATE FUNCTION bi_sessions(tally attendance_tally) RETURNS SETOF bi_sessions
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
    BEGIN ATOMIC
        SELECT possible(tally)::integer, attended(tally)::integer, absent(tally)::integer, authorised(tally)::integer,
            unauthorised(tally)::integer, late(tally)::integer, (not_possible(tally) + administrative(tally))::integer,
            unmarked(tally)::integer, rounded_percent(attended(tally), possible(tally)),
            rounded_percent(absent(tally), possible(tally)), rounded_percent(authorised(tally), possible(tally)),
            rounded_percent(unauthorised(tally), possible(tally));
    END;
COMMENT ON FUNCTION bi_sessions(attendance_tally) IS
'Internal: the sessions of a tally as the views for BI have them, one row, and of NULLs for NULL';

CREATE FUNCTION bi_enrolments(cohort cohort_summary) RETURNS SETOF bi_enrolments
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
    BEGIN ATOMIC
        SELECT enrolments(cohort)::integer, persistently_absent(cohort)::integer, severely_absent(cohort)::integer,
            rounded_percent(persistently_absent(cohort), enrolments(cohort)),
            rounded_percent(severely_absent(cohort), enrolments(cohort));
    END;
COMMENT ON FUNCTION bi_enrolments(cohort_summary) IS
'Internal: the enrolments of a group as the views for BI have them, one row, and of NULLs for NULL';
