-- absence_code: a code that counts as absence.  Same numbers on disk as session_mark.

CREATE TYPE absence_code;

CREATE FUNCTION absence_code_in(cstring) RETURNS absence_code
    AS 'MODULE_PATHNAME', 'att_absence_code_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION absence_code_in(cstring) IS 'I/O: input of absence_code';
CREATE FUNCTION absence_code_out(absence_code) RETURNS cstring
    AS 'MODULE_PATHNAME', 'att_absence_code_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION absence_code_out(absence_code) IS 'I/O: output of absence_code';
CREATE FUNCTION absence_code_recv(internal) RETURNS absence_code
    AS 'MODULE_PATHNAME', 'att_absence_code_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION absence_code_recv(internal) IS 'I/O: binary input of absence_code';
CREATE FUNCTION absence_code_send(absence_code) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_absence_code_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION absence_code_send(absence_code) IS 'I/O: binary output of absence_code';

CREATE TYPE absence_code (
    INPUT = absence_code_in, OUTPUT = absence_code_out, RECEIVE = absence_code_recv, SEND = absence_code_send,
    INTERNALLENGTH = 1, PASSEDBYVALUE, ALIGNMENT = char, STORAGE = plain
);
COMMENT ON TYPE absence_code IS
'An attendance code that counts as absence, authorised or not. Any other code is refused with 22P02. Turns into '
'session_mark by itself';

CREATE FUNCTION session_mark(code absence_code) RETURNS session_mark
    AS 'MODULE_PATHNAME', 'att_absence_code_to_mark' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION session_mark(code absence_code) IS
'The absence code as a mark. NULL for NULL';

CREATE FUNCTION absence_code(mark session_mark) RETURNS absence_code
    AS 'MODULE_PATHNAME', 'att_mark_to_absence_code' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION absence_code(mark session_mark) IS
'The mark as an absence code; 22023 if it does not count as absence. NULL for NULL';

CREATE CAST (absence_code AS session_mark) WITH FUNCTION session_mark(absence_code) AS IMPLICIT;
COMMENT ON CAST (absence_code AS session_mark) IS 'every absence code is a mark';
CREATE CAST (session_mark AS absence_code) WITH FUNCTION absence_code(session_mark) AS ASSIGNMENT;
COMMENT ON CAST (session_mark AS absence_code) IS 'checked: 22023 if the mark does not count as absence';
