-- cohort_summary: enrolments, persistent and severe absentees, and all their sessions, in one pass.

CREATE TYPE cohort_summary;

CREATE FUNCTION cohort_summary_in(cstring) RETURNS cohort_summary
    AS 'MODULE_PATHNAME', 'att_cohort_summary_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cohort_summary_in(cstring) IS 'I/O: input of cohort_summary';
CREATE FUNCTION cohort_summary_out(cohort_summary) RETURNS cstring
    AS 'MODULE_PATHNAME', 'att_cohort_summary_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cohort_summary_out(cohort_summary) IS 'I/O: output of cohort_summary';
CREATE FUNCTION cohort_summary_recv(internal) RETURNS cohort_summary
    AS 'MODULE_PATHNAME', 'att_cohort_summary_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cohort_summary_recv(internal) IS 'I/O: binary input of cohort_summary';
CREATE FUNCTION cohort_summary_send(cohort_summary) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_cohort_summary_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cohort_summary_send(cohort_summary) IS 'I/O: binary output of cohort_summary';

CREATE TYPE cohort_summary (
    INPUT = cohort_summary_in, OUTPUT = cohort_summary_out, RECEIVE = cohort_summary_recv, SEND = cohort_summary_send,
    INTERNALLENGTH = 112, ALIGNMENT = double, STORAGE = plain
);
COMMENT ON TYPE cohort_summary IS
'A group of enrolments: how many, how many of them persistently and severely absent, and the tally of all their '
'sessions. Written like attendance_tally, with its own counts first: enrolments:300 persistently_absent:22 '
'present:98000';

CREATE FUNCTION enrolments(cohort cohort_summary) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_cohort_enrolments' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION enrolments(cohort cohort_summary) IS
'Enrolments with at least one possible session, the denominator of the rates. NULL for NULL';

CREATE FUNCTION persistently_absent(cohort cohort_summary) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_cohort_persistently_absent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION persistently_absent(cohort cohort_summary) IS
'Enrolments whose absence is at least 10 % of their own possible sessions; those severely absent are among them. NULL '
'for NULL';

CREATE FUNCTION severely_absent(cohort cohort_summary) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_cohort_severely_absent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION severely_absent(cohort cohort_summary) IS
'Enrolments whose absence is at least 50 % of their own possible sessions. NULL for NULL';

CREATE FUNCTION without_possible_sessions(cohort cohort_summary) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_cohort_without_possible_sessions' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION without_possible_sessions(cohort cohort_summary) IS
'Enrolments without any possible session: no rate can be computed for them, and they are not among enrolments. NULL '
'for NULL';

CREATE FUNCTION tally(cohort cohort_summary) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_cohort_tally' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION tally(cohort cohort_summary) IS
'The tally of all sessions of the group. NULL for NULL';

CREATE FUNCTION persistent_absence_rate(cohort cohort_summary) RETURNS numeric
    AS 'MODULE_PATHNAME', 'att_cohort_persistent_absence_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION persistent_absence_rate(cohort cohort_summary) IS
'Percentage, 0 to 100, of enrolments that are persistently absent, divided as numeric; NULL if there is none. NULL for '
'NULL. Pupil absence statistics: methodology, section 3.2';

CREATE FUNCTION severe_absence_rate(cohort cohort_summary) RETURNS numeric
    AS 'MODULE_PATHNAME', 'att_cohort_severe_absence_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION severe_absence_rate(cohort cohort_summary) IS
'Percentage, 0 to 100, of enrolments that are severely absent, divided as numeric; NULL if there is none. NULL for '
'NULL. Pupil absence statistics: methodology, section 3.2';

CREATE FUNCTION cohort_summary_add(cohort_summary, cohort_summary) RETURNS cohort_summary
    AS 'MODULE_PATHNAME', 'att_cohort_summary_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cohort_summary_add(cohort_summary, cohort_summary) IS 'implementation of + operator';
CREATE OPERATOR + (
    LEFTARG = cohort_summary, RIGHTARG = cohort_summary, FUNCTION = cohort_summary_add, COMMUTATOR = +
);
COMMENT ON OPERATOR + (cohort_summary, cohort_summary) IS
'both groups together; 22003 if a count does not fit a bigint';
CREATE FUNCTION cohort_summary_add(cohort_summary, mark_series) RETURNS cohort_summary
    AS 'MODULE_PATHNAME', 'att_cohort_summary_add_series' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION cohort_summary_add(cohort_summary, mark_series) IS
'Internal: implementation of cohort_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION cohort_summary_add(cohort_summary, mark_series) FROM PUBLIC;
CREATE FUNCTION cohort_summary_add(cohort_summary, attendance_tally) RETURNS cohort_summary
    AS 'MODULE_PATHNAME', 'att_cohort_summary_add_tally' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION cohort_summary_add(cohort_summary, attendance_tally) IS
'Internal: implementation of cohort_agg(attendance_tally)';
REVOKE EXECUTE ON FUNCTION cohort_summary_add(cohort_summary, attendance_tally) FROM PUBLIC;

CREATE AGGREGATE cohort_agg(mark_series) (
    SFUNC = cohort_summary_add, STYPE = cohort_summary, COMBINEFUNC = cohort_summary_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE cohort_agg(mark_series) IS
'The enrolments whose lines these are: a series an enrolment. NULL is left out, no rows give an empty summary. 22003 '
'if a count does not fit a bigint';

CREATE AGGREGATE cohort_agg(attendance_tally) (
    SFUNC = cohort_summary_add, STYPE = cohort_summary, COMBINEFUNC = cohort_summary_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE cohort_agg(attendance_tally) IS
'The enrolments whose tallies these are: a tally an enrolment. NULL is left out, no rows give an empty summary. 22003 '
'if a count does not fit a bigint';

CREATE AGGREGATE cohort_agg(cohort_summary) (
    SFUNC = cohort_summary_add, STYPE = cohort_summary, COMBINEFUNC = cohort_summary_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE cohort_agg(cohort_summary) IS
'All the groups together. NULL is left out, no rows give an empty summary. 22003 if a count does not fit a bigint';
