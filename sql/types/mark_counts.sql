-- mark_counts: sessions counted by code.

CREATE TYPE mark_counts;

CREATE FUNCTION mark_counts_in(cstring) RETURNS mark_counts
    AS 'MODULE_PATHNAME', 'att_mark_counts_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_counts_in(cstring) IS 'I/O: input of mark_counts';
CREATE FUNCTION mark_counts_out(mark_counts) RETURNS cstring
    AS 'MODULE_PATHNAME', 'att_mark_counts_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_counts_out(mark_counts) IS 'I/O: output of mark_counts';
CREATE FUNCTION mark_counts_recv(internal) RETURNS mark_counts
    AS 'MODULE_PATHNAME', 'att_mark_counts_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_counts_recv(internal) IS 'I/O: binary input of mark_counts';
CREATE FUNCTION mark_counts_send(mark_counts) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_mark_counts_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_counts_send(mark_counts) IS 'I/O: binary output of mark_counts';

CREATE TYPE mark_counts (
    INPUT = mark_counts_in, OUTPUT = mark_counts_out, RECEIVE = mark_counts_recv, SEND = mark_counts_send,
    INTERNALLENGTH = variable, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE mark_counts IS
'Sessions counted by code, as bigints. Written as the codes that occur, each with its count: /:190 \:188 I:4; nothing '
'counted is empty';

CREATE FUNCTION mark_counts(series mark_series) RETURNS mark_counts
    AS 'MODULE_PATHNAME', 'att_mark_series_mark_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION mark_counts(series mark_series) IS
'The sessions of a series counted by code. NULL for NULL';

CREATE FUNCTION mark_counts(series mark_series, days daterange) RETURNS mark_counts
    AS 'MODULE_PATHNAME', 'att_mark_series_mark_counts_between' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION mark_counts(series mark_series, days daterange) IS
'The sessions of the days in the range counted by code. NULL for NULL';

CREATE FUNCTION mark_count(counts mark_counts, mark session_mark) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_mark_counts_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION mark_count(counts mark_counts, mark session_mark) IS
'Sessions with that code. NULL for NULL';

CREATE FUNCTION counts(counts mark_counts, OUT mark session_mark, OUT sessions bigint) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_mark_counts_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20 ROWS 12;
COMMENT ON FUNCTION counts(counts mark_counts) IS
'Every code that occurs, with its sessions. No rows for NULL';

CREATE FUNCTION tally(counts mark_counts) RETURNS attendance_tally
    AS 'MODULE_PATHNAME', 'att_mark_counts_tally' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION tally(counts mark_counts) IS
'The same sessions counted by class. NULL for NULL; 22003 if a count does not fit a bigint';

CREATE FUNCTION mark_counts_add(mark_counts, mark_counts) RETURNS mark_counts
    AS 'MODULE_PATHNAME', 'att_mark_counts_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 4;
COMMENT ON FUNCTION mark_counts_add(mark_counts, mark_counts) IS 'implementation of + operator';
CREATE OPERATOR + (LEFTARG = mark_counts, RIGHTARG = mark_counts, FUNCTION = mark_counts_add, COMMUTATOR = +);
COMMENT ON OPERATOR + (mark_counts, mark_counts) IS
'the sessions of both; 22003 if a count does not fit a bigint';
CREATE FUNCTION mark_counts_add(mark_counts, session_mark) RETURNS mark_counts
    AS 'MODULE_PATHNAME', 'att_mark_counts_add_mark' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_counts_add(mark_counts, session_mark) IS
'Internal: implementation of mark_counts_agg(session_mark)';
REVOKE EXECUTE ON FUNCTION mark_counts_add(mark_counts, session_mark) FROM PUBLIC;

CREATE FUNCTION code_state_add(bytea, mark_series) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_code_state_add_series' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION code_state_add(bytea, mark_series) IS 'Internal: implementation of mark_counts_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION code_state_add(bytea, mark_series) FROM PUBLIC;
CREATE FUNCTION code_state_add(bytea, bytea) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_code_state_add' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION code_state_add(bytea, bytea) IS 'Internal: implementation of mark_counts_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION code_state_add(bytea, bytea) FROM PUBLIC;
CREATE FUNCTION code_state_final(bytea) RETURNS mark_counts
    AS 'MODULE_PATHNAME', 'att_code_state_final' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION code_state_final(bytea) IS 'Internal: implementation of mark_counts_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION code_state_final(bytea) FROM PUBLIC;

CREATE AGGREGATE mark_counts_agg(session_mark) (
    SFUNC = mark_counts_add, STYPE = mark_counts, COMBINEFUNC = mark_counts_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE mark_counts_agg(session_mark) IS
'Sessions counted by code, a mark a session; NULL is left out, no rows give empty counts. 22003 if a count does not '
'fit a bigint';

CREATE AGGREGATE mark_counts_agg(mark_series) (
    SFUNC = code_state_add, STYPE = bytea, SSPACE = 1100, FINALFUNC = code_state_final,
    COMBINEFUNC = code_state_add, INITCOND = '', PARALLEL = SAFE
);
COMMENT ON AGGREGATE mark_counts_agg(mark_series) IS
'Sessions of all the series counted by code; NULL is left out, no rows give empty counts. 22003 if a count does not '
'fit a bigint';

CREATE AGGREGATE mark_counts_agg(mark_counts) (
    SFUNC = mark_counts_add, STYPE = mark_counts, COMBINEFUNC = mark_counts_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE mark_counts_agg(mark_counts) IS
'The sum of the counts; NULL is left out, no rows give empty counts. 22003 if a count does not fit a bigint';
