-- school_session_range: leave, exclusions and windows are ranges of sessions.

CREATE TYPE school_session_range;

CREATE FUNCTION school_session_range_canonical(school_session_range) RETURNS school_session_range
    AS 'MODULE_PATHNAME', 'att_school_session_range_canonical' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION school_session_range_canonical(school_session_range) IS
'the range as [first, after last)';
CREATE FUNCTION school_session_subdiff(school_session, school_session) RETURNS double precision
    AS 'MODULE_PATHNAME', 'att_school_session_subdiff' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION school_session_subdiff(school_session, school_session) IS
'half days between two sessions';

CREATE TYPE school_session_range AS RANGE (
    SUBTYPE = school_session,
    SUBTYPE_OPCLASS = school_session_ops,
    CANONICAL = school_session_range_canonical,
    SUBTYPE_DIFF = school_session_subdiff,
    MULTIRANGE_TYPE_NAME = school_session_multirange
);
COMMENT ON TYPE school_session_range IS
'A range of sessions, such as a period of leave; kept as [first, after last)';
COMMENT ON TYPE school_session_multirange IS 'Several ranges of sessions';
