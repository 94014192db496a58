-- session_mark: one mark of a register, any code of the national sets.

CREATE TYPE session_mark;

CREATE FUNCTION session_mark_in(cstring) RETURNS session_mark
    AS 'MODULE_PATHNAME', 'att_session_mark_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION session_mark_in(cstring) IS 'I/O: input of session_mark';
CREATE FUNCTION session_mark_out(session_mark) RETURNS cstring
    AS 'MODULE_PATHNAME', 'att_session_mark_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION session_mark_out(session_mark) IS 'I/O: output of session_mark';
CREATE FUNCTION session_mark_recv(internal) RETURNS session_mark
    AS 'MODULE_PATHNAME', 'att_session_mark_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION session_mark_recv(internal) IS 'I/O: binary input of session_mark';
CREATE FUNCTION session_mark_send(session_mark) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_session_mark_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION session_mark_send(session_mark) IS 'I/O: binary output of session_mark';

CREATE TYPE session_mark (
    INPUT = session_mark_in, OUTPUT = session_mark_out, RECEIVE = session_mark_recv, SEND = session_mark_send,
    INTERNALLENGTH = 1, PASSEDBYVALUE, ALIGNMENT = char, STORAGE = plain
);
COMMENT ON TYPE session_mark IS
'A mark in an attendance register: any national code, 2006 and 2024 Regulations, with - for a missing mark. Written as '
'the code, in either case; anything else is refused with 22P02. attendance_codes() lists the codes';

CREATE FUNCTION mark_class(mark session_mark) RETURNS text
    AS 'MODULE_PATHNAME', 'att_mark_class' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_class(mark session_mark) IS
'Class in which the code is counted: present, approved educational activity, authorised, unauthorised, not possible, '
'coronavirus, administrative or unmarked. It depends on the code alone. NULL for NULL. School Attendance (Pupil '
'Registration) (England) Regulations 2024, regulation 10';

CREATE FUNCTION mark_description(mark session_mark) RETURNS text
    AS 'MODULE_PATHNAME', 'att_mark_description' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_description(mark session_mark) IS
'What the code means, in a few words. NULL for NULL';

CREATE FUNCTION is_present(mark session_mark) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_is_present' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_present(mark session_mark) IS
'Whether the code counts as the pupil was in school: / \ L. NULL for NULL';

CREATE FUNCTION is_attended(mark session_mark) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_is_attended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_attended(mark session_mark) IS
'Whether the code counts as attendance: present, or attending an approved educational activity. NULL for NULL';

CREATE FUNCTION is_absence(mark session_mark) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_is_absence' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_absence(mark session_mark) IS
'Whether the code counts as absence, authorised or not. NULL for NULL';

CREATE FUNCTION is_authorised(mark session_mark) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_is_authorised' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_authorised(mark session_mark) IS
'Whether the code counts as authorised absence. NULL for NULL';

CREATE FUNCTION is_unauthorised(mark session_mark) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_is_unauthorised' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_unauthorised(mark session_mark) IS
'Whether the code counts as unauthorised absence: G N O U. NULL for NULL';

CREATE FUNCTION is_possible(mark session_mark) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_is_possible' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_possible(mark session_mark) IS
'Whether the code counts as a possible session: attendance, absence, or not attending in circumstances relating to '
'coronavirus. NULL for NULL';

CREATE FUNCTION is_late(mark session_mark) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_is_late' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_late(mark session_mark) IS
'Whether the code counts as a late session: L or U, as the Department for Education counts them. NULL for NULL';

CREATE FUNCTION mark_place(mark session_mark) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_mark_place' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_place(mark session_mark) IS
'Place of the code in attendance_codes(), to which new codes are appended: 1 is the missing mark. To group and order '
'by where the type''s own equality and order are not there, as in bodies that PostgreSQL parses when it restores a '
'function. NULL for NULL';

CREATE FUNCTION is_valid_on(mark session_mark, day date) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_is_valid_on' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION is_valid_on(mark session_mark, day date) IS
'Whether the code may be entered for a session on that day, by the Regulations then in force. Codes outside their days '
'still arrive in files and are still counted. NULL for NULL; 22008 for a day outside 1900 to 2999';

CREATE FUNCTION attendance_codes(
    OUT mark session_mark, OUT class text, OUT possible boolean, OUT attended boolean,
    OUT absence boolean, OUT late boolean, OUT session text, OUT valid_from date, OUT valid_to date,
    OUT description text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_attendance_codes' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION attendance_codes() IS
'Every code with its class, how it is counted, the half of the day in which alone it may stand (NULL: both), and the '
'session dates for which it may be entered (NULL: no limit)';
