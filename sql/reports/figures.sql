-- Blocks of columns that several views for BI have, each written once. The functions are not strict, so that they are inlined
-- and a query computes the columns that it asks for.

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

CREATE FUNCTION bi_sessions(tally attendance_tally) RETURNS SETOF bi_sessions
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
    BEGIN ATOMIC
        SELECT possible(tally)::integer, attended(tally)::integer, absent(tally)::integer, authorised(tally)::integer,
            unauthorised(tally)::integer, late(tally)::integer, (not_possible(tally) + administrative(tally))::integer,
            unmarked(tally)::integer, attendance_rate(tally)::numeric(5, 2), absence_rate(tally)::numeric(5, 2),
            authorised_rate(tally)::numeric(5, 2), unauthorised_rate(tally)::numeric(5, 2);
    END;
COMMENT ON FUNCTION bi_sessions(attendance_tally) IS
'Internal: the sessions of a tally as the views for BI have them, one row, and of NULLs for NULL';

CREATE FUNCTION bi_enrolments(cohort cohort_summary) RETURNS SETOF bi_enrolments
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
    BEGIN ATOMIC
        SELECT enrolments(cohort)::integer, persistently_absent(cohort)::integer, severely_absent(cohort)::integer,
            persistent_absence_rate(cohort)::numeric(5, 2), severe_absence_rate(cohort)::numeric(5, 2);
    END;
COMMENT ON FUNCTION bi_enrolments(cohort_summary) IS
'Internal: the enrolments of a group as the views for BI have them, one row, and of NULLs for NULL';
