-- school_session: half a school day, and ranges of them.

CREATE TYPE school_session;

CREATE FUNCTION school_session_in(cstring) RETURNS school_session
    AS 'MODULE_PATHNAME', 'att_school_session_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION school_session_in(cstring) IS 'I/O: input of school_session';
CREATE FUNCTION school_session_out(school_session) RETURNS cstring
    AS 'MODULE_PATHNAME', 'att_school_session_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION school_session_out(school_session) IS 'I/O: output of school_session';
CREATE FUNCTION school_session_recv(internal) RETURNS school_session
    AS 'MODULE_PATHNAME', 'att_school_session_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION school_session_recv(internal) IS 'I/O: binary input of school_session';
CREATE FUNCTION school_session_send(school_session) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_school_session_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION school_session_send(school_session) IS 'I/O: binary output of school_session';

CREATE TYPE school_session (
    INPUT = school_session_in, OUTPUT = school_session_out, RECEIVE = school_session_recv, SEND = school_session_send,
    INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, STORAGE = plain
);
COMMENT ON TYPE school_session IS
'A session: a date from 1900 to 2999 and AM or PM, such as 2025-09-08 AM, whatever DateStyle is. Ordered in time';

CREATE FUNCTION school_session(day date, session text) RETURNS school_session
    AS 'MODULE_PATHNAME', 'att_school_session_make' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION school_session(day date, session text) IS
'The session of a day; AM or PM in either case, 22023 for anything else, 22008 for a day outside 1900 to 2999. NULL '
'for NULL';

CREATE FUNCTION day(session school_session) RETURNS date
    AS 'MODULE_PATHNAME', 'att_school_session_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION day(session school_session) IS
'The day of a session. NULL for NULL';

CREATE FUNCTION session(session school_session) RETURNS text
    AS 'MODULE_PATHNAME', 'att_school_session_half' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION session(session school_session) IS
'The half of the day, AM or PM. NULL for NULL';

CREATE FUNCTION academic_year(day date) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_academic_year' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION academic_year(day date) IS
'The calendar year in which the academic year of a day began: it turns on 1 August, so 2025 is 2025/26. NULL for NULL; '
'22008 for a day outside 1900 to 2999';
