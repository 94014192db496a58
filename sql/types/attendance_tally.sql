-- attendance_tally: sessions counted by class, and the rates.

CREATE TYPE attendance_tally;

CREATE FUNCTION attendance_tally_in(cstring) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_attendance_tally_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attendance_tally_in(cstring) IS 'I/O: input of attendance_tally';
CREATE FUNCTION attendance_tally_out(attendance_tally) RETURNS cstring
    AS 'MODULE_PATHNAME', 'att_attendance_tally_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attendance_tally_out(attendance_tally) IS 'I/O: output of attendance_tally';
CREATE FUNCTION attendance_tally_recv(internal) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_attendance_tally_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attendance_tally_recv(internal) IS 'I/O: binary input of attendance_tally';
CREATE FUNCTION attendance_tally_send(attendance_tally) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_attendance_tally_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attendance_tally_send(attendance_tally) IS 'I/O: binary output of attendance_tally';

CREATE TYPE attendance_tally (
    INPUT = attendance_tally_in, OUTPUT = attendance_tally_out, RECEIVE = attendance_tally_recv,
        SEND = attendance_tally_send,
    INTERNALLENGTH = 80, ALIGNMENT = double, STORAGE = plain
);
COMMENT ON TYPE attendance_tally IS
'Sessions counted by class, as bigints. Written as the counts that are not zero, each with the name of the function '
'that reads it: present:180 authorised:7; nothing counted is empty';

CREATE FUNCTION tally(series mark_series) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_mark_series_tally' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION tally(series mark_series) IS
'The sessions of a series counted by class. NULL for NULL';

CREATE FUNCTION weekly_tallies_support(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'att_weekly_tallies_support' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION weekly_tallies_support(internal) IS 'Internal: planner support for weekly_tallies';
REVOKE EXECUTE ON FUNCTION weekly_tallies_support(internal) FROM PUBLIC;
CREATE FUNCTION weekly_tallies(series mark_series, OUT week date, OUT tally attendance_tally) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_mark_series_weekly_tallies'
        LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 40 SUPPORT weekly_tallies_support;
COMMENT ON FUNCTION weekly_tallies(series mark_series) IS
'The tally of each week that has a mark, by the date of its Monday. No rows for NULL';

CREATE FUNCTION tally(series mark_series, days daterange) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_mark_series_tally_between' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 25;
COMMENT ON FUNCTION tally(series mark_series, days daterange) IS
'The sessions of the days in the range counted by class. NULL for NULL';

CREATE FUNCTION possible(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_possible' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION possible(tally attendance_tally) IS
'Possible sessions: attended, absent, and not attending in circumstances relating to coronavirus. NULL for NULL; 22003 '
'if the sum does not fit a bigint';

CREATE FUNCTION attended(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_attended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attended(tally attendance_tally) IS
'Sessions attended: present or at an approved educational activity. NULL for NULL; 22003 if the sum does not fit a '
'bigint';

CREATE FUNCTION absent(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_absent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION absent(tally attendance_tally) IS
'Sessions of absence, authorised or not. NULL for NULL; 22003 if the sum does not fit a bigint';

CREATE FUNCTION present(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_present' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION present(tally attendance_tally) IS
'Sessions present in school: / \ L. NULL for NULL';

CREATE FUNCTION late(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION late(tally attendance_tally) IS
'Late sessions, as the Department for Education counts them: L and U. NULL for NULL; 22003 if the sum does not fit a '
'bigint';

CREATE FUNCTION late_before_close(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_late_before_close' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION late_before_close(tally attendance_tally) IS
'Sessions late before the register closed, L; they count as present. NULL for NULL';

CREATE FUNCTION late_after_close(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_late_after_close' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION late_after_close(tally attendance_tally) IS
'Sessions late after the register closed, U; they count as unauthorised absence. NULL for NULL';

CREATE FUNCTION approved_activity(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_approved_activity' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION approved_activity(tally attendance_tally) IS
'Sessions at an approved educational activity. NULL for NULL';

CREATE FUNCTION authorised(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_authorised' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION authorised(tally attendance_tally) IS
'Sessions of authorised absence. NULL for NULL';

CREATE FUNCTION unauthorised(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_unauthorised' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION unauthorised(tally attendance_tally) IS
'Sessions of unauthorised absence. NULL for NULL';

CREATE FUNCTION not_possible(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_not_possible' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION not_possible(tally attendance_tally) IS
'Sessions for which attendance was not possible or not required; they are not among the possible sessions. NULL for '
'NULL';

CREATE FUNCTION coronavirus(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_coronavirus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION coronavirus(tally attendance_tally) IS
'Sessions not attended in circumstances relating to coronavirus (X02 to X09); possible, neither attended nor absent. '
'NULL for NULL';

CREATE FUNCTION administrative(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_administrative' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION administrative(tally attendance_tally) IS
'Sessions with the codes Z and #; they are not among the possible sessions. NULL for NULL';

CREATE FUNCTION unmarked(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_unmarked' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION unmarked(tally attendance_tally) IS
'Sessions whose mark is missing, -; they are not among the possible sessions. NULL for NULL';

CREATE FUNCTION due_sessions(tally attendance_tally) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN possible(tally) + not_possible(tally) + unmarked(tally);
COMMENT ON FUNCTION due_sessions(tally attendance_tally) IS
'Sessions in which a mark was due: possible, not possible, and those whose mark is missing. Not Z and #, which are for '
'pupils who are not on the roll and for closures. NULL for NULL; 22003 if it is too large';

CREATE FUNCTION attendance_rate(tally attendance_tally) RETURNS numeric
    AS 'MODULE_PATHNAME', 'att_tally_attendance_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION attendance_rate(tally attendance_tally) IS
'Percentage, 0 to 100, of possible sessions that were attended, divided as numeric; NULL if no session was possible. '
'NULL for NULL. Pupil absence statistics: methodology, section 3.1';

CREATE FUNCTION absence_rate(tally attendance_tally) RETURNS numeric
    AS 'MODULE_PATHNAME', 'att_tally_absence_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION absence_rate(tally attendance_tally) IS
'Percentage, 0 to 100, of possible sessions that were absent, divided as numeric; NULL if no session was possible. '
'NULL for NULL. Pupil absence statistics: methodology, section 3.1';

CREATE FUNCTION authorised_rate(tally attendance_tally) RETURNS numeric
    AS 'MODULE_PATHNAME', 'att_tally_authorised_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION authorised_rate(tally attendance_tally) IS
'Percentage, 0 to 100, of possible sessions of authorised absence, divided as numeric; NULL if no session was '
'possible. NULL for NULL. Pupil absence statistics: methodology, section 3.1';

CREATE FUNCTION unauthorised_rate(tally attendance_tally) RETURNS numeric
    AS 'MODULE_PATHNAME', 'att_tally_unauthorised_rate' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION unauthorised_rate(tally attendance_tally) IS
'Percentage, 0 to 100, of possible sessions of unauthorised absence, divided as numeric; NULL if no session was '
'possible. NULL for NULL. Pupil absence statistics: methodology, section 3.1';

CREATE FUNCTION is_persistently_absent(tally attendance_tally) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_tally_is_persistently_absent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION is_persistently_absent(tally attendance_tally) IS
'Whether absence is at least 10 % of possible sessions, compared in whole sessions; false if no session was possible. '
'NULL for NULL. Pupil absence statistics: methodology, section 3.2';

CREATE FUNCTION is_severely_absent(tally attendance_tally) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_tally_is_severely_absent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION is_severely_absent(tally attendance_tally) IS
'Whether absence is at least 50 % of possible sessions, compared in whole sessions; false if no session was possible. '
'NULL for NULL. Pupil absence statistics: methodology, section 3.2';

CREATE FUNCTION attendance_tally_add(attendance_tally, attendance_tally) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_attendance_tally_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attendance_tally_add(attendance_tally, attendance_tally) IS
'implementation of + operator';
CREATE OPERATOR + (
    LEFTARG = attendance_tally, RIGHTARG = attendance_tally, FUNCTION = attendance_tally_add, COMMUTATOR = +
);
COMMENT ON OPERATOR + (attendance_tally, attendance_tally) IS
'the sessions of both; 22003 if a count does not fit a bigint';
CREATE FUNCTION attendance_tally_add(attendance_tally, session_mark) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_attendance_tally_add_mark' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attendance_tally_add(attendance_tally, session_mark) IS
'Internal: implementation of tally_agg(session_mark)';
REVOKE EXECUTE ON FUNCTION attendance_tally_add(attendance_tally, session_mark) FROM PUBLIC;
CREATE FUNCTION attendance_tally_add(attendance_tally, mark_series) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_attendance_tally_add_series' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION attendance_tally_add(attendance_tally, mark_series) IS
'Internal: implementation of tally_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION attendance_tally_add(attendance_tally, mark_series) FROM PUBLIC;

CREATE AGGREGATE tally_agg(session_mark) (
    SFUNC = attendance_tally_add, STYPE = attendance_tally, COMBINEFUNC = attendance_tally_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE tally_agg(session_mark) IS
'Sessions counted by class, a mark a session; NULL is no session and is left out, no rows give an empty tally. 22003 '
'if a count does not fit a bigint';

CREATE AGGREGATE tally_agg(mark_series) (
    SFUNC = attendance_tally_add, STYPE = attendance_tally, COMBINEFUNC = attendance_tally_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE tally_agg(mark_series) IS
'Sessions of all the series counted by class; NULL is left out, no rows give an empty tally. 22003 if a count does not '
'fit a bigint';

CREATE AGGREGATE tally_agg(attendance_tally) (
    SFUNC = attendance_tally_add, STYPE = attendance_tally, COMBINEFUNC = attendance_tally_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE tally_agg(attendance_tally) IS
'The sum of the tallies; NULL is left out, no rows give an empty tally. 22003 if a count does not fit a bigint';

CREATE AGGREGATE attendance_rate(session_mark) (
    SFUNC = attendance_tally_add, STYPE = attendance_tally, COMBINEFUNC = attendance_tally_add,
    FINALFUNC = attendance_rate, INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE attendance_rate(session_mark) IS
'Percentage, 0 to 100, of possible sessions that were attended, a mark a session; NULL is left out; NULL if no session '
'was possible. The same as attendance_rate(tally_agg(mark))';

CREATE AGGREGATE absence_rate(session_mark) (
    SFUNC = attendance_tally_add, STYPE = attendance_tally, COMBINEFUNC = attendance_tally_add,
    FINALFUNC = absence_rate, INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE absence_rate(session_mark) IS
'Percentage, 0 to 100, of possible sessions that were absent, a mark a session; NULL is left out; NULL if no session '
'was possible. The same as absence_rate(tally_agg(mark))';

CREATE TYPE weekly_tally AS (week date, tally attendance_tally);
COMMENT ON TYPE weekly_tally IS 'A week, by its Monday, and its tally';

CREATE FUNCTION weekly_state_add(bytea, mark_series) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_weekly_state_add_series' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION weekly_state_add(bytea, mark_series) IS
'Internal: implementation of weekly_tallies_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION weekly_state_add(bytea, mark_series) FROM PUBLIC;
CREATE FUNCTION weekly_state_add(bytea, bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_weekly_state_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION weekly_state_add(bytea, bytea) IS 'Internal: implementation of weekly_tallies_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION weekly_state_add(bytea, bytea) FROM PUBLIC;
CREATE FUNCTION weekly_state_final(bytea) RETURNS weekly_tally[]
    AS 'MODULE_PATHNAME', 'att_weekly_state_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION weekly_state_final(bytea) IS 'Internal: implementation of weekly_tallies_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION weekly_state_final(bytea) FROM PUBLIC;

CREATE AGGREGATE weekly_tallies_agg(mark_series) (
    SFUNC = weekly_state_add, STYPE = bytea, SSPACE = 20000, FINALFUNC = weekly_state_final,
    COMBINEFUNC = weekly_state_add, INITCOND = '', PARALLEL = SAFE
);
COMMENT ON AGGREGATE weekly_tallies_agg(mark_series) IS
'The tally of each week of all the series, in order of time, as an array for unnest(); weeks without a mark are left '
'out. NULL is left out, no rows give an empty array. One pass over the runs: for trends of a school or a country';
