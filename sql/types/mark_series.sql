-- mark_series: a line of the register, one mark for each session.

CREATE TYPE mark_series;

CREATE FUNCTION mark_series_in(cstring) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_series_in(cstring) IS 'I/O: input of mark_series';
CREATE FUNCTION mark_series_out(mark_series) RETURNS cstring
    AS 'MODULE_PATHNAME', 'att_mark_series_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_series_out(mark_series) IS 'I/O: output of mark_series';
CREATE FUNCTION mark_series_recv(internal) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_series_recv(internal) IS 'I/O: binary input of mark_series';
CREATE FUNCTION mark_series_send(mark_series) RETURNS bytea
    AS 'MODULE_PATHNAME', 'att_mark_series_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_series_send(mark_series) IS 'I/O: binary output of mark_series';
CREATE FUNCTION mark_series_typanalyze(internal) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_mark_series_typanalyze' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mark_series_typanalyze(internal) IS 'ANALYZE of mark_series';

CREATE TYPE mark_series (
    INPUT = mark_series_in, OUTPUT = mark_series_out, RECEIVE = mark_series_recv, SEND = mark_series_send,
    ANALYZE = mark_series_typanalyze,
    INTERNALLENGTH = variable, ALIGNMENT = int4, STORAGE = extended
);
COMMENT ON TYPE mark_series IS
'A line of the register: the marks of one pupil, run-length coded. Written as the date of the first day and a word for '
'each week, each the marks of its days, morning and afternoon: 2025-09-08 /\/\/\/\II /\(C1)(C1). A dot is a session '
'without a mark; a code of several characters stands in parentheses; a series without marks is empty. Equal series are '
'equal bytes';

CREATE FUNCTION mark_series(start_date date, attendance_marks text, days_per_week integer DEFAULT 7,
    keep_closures boolean DEFAULT false) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_from_transfer_file' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION mark_series(start_date date, attendance_marks text, days_per_week integer, keep_closures boolean) IS
'The series of a Common Transfer File: AttendanceStartDate, AttendanceMarks (AM and PM of each day from then on; a '
'letter takes the digits after it if together they are a code; blank or . is no mark), and how many days a week the '
'string holds. # is left out unless closures are kept. NULL for NULL; 22P02 for an unknown code, 22023 for a week of '
'other than 5, 6 or 7 days or a start date outside it';

CREATE FUNCTION mark_at(series mark_series, session school_session) RETURNS session_mark
    AS 'MODULE_PATHNAME', 'att_mark_series_mark_at' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION mark_at(series mark_series, session school_session) IS
'The mark of a session; NULL if it has none. NULL for NULL';

CREATE FUNCTION mark_at(series mark_series, day date, session text) RETURNS session_mark
    AS 'MODULE_PATHNAME', 'att_mark_series_mark_at_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 3;
COMMENT ON FUNCTION mark_at(series mark_series, day date, session text) IS
'The mark of a session, AM or PM; NULL if it has none. NULL for NULL; 22023 for another session';

CREATE FUNCTION set_mark(series mark_series, session school_session, mark session_mark) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_set_mark' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20;
COMMENT ON FUNCTION set_mark(series mark_series, session school_session, mark session_mark) IS
'The series with that mark for the session, whatever it had; a NULL mark takes it away. / and \ mean present in either '
'half of the day. NULL for a NULL series or session; 54000 if the series becomes longer than 1100 weeks';

CREATE FUNCTION concatenate(first mark_series, second mark_series) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_concat' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION concatenate(first mark_series, second mark_series) IS
'The marks of both series; 22023 if a session has two different marks. NULL for NULL';

CREATE OPERATOR || (LEFTARG = mark_series, RIGHTARG = mark_series, FUNCTION = concatenate, COMMUTATOR = ||);
COMMENT ON OPERATOR || (mark_series, mark_series) IS
'the marks of both series; 22023 if a session has two different marks';

CREATE FUNCTION slice(series mark_series, days daterange) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_slice' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION slice(series mark_series, days daterange) IS
'The marks of the days in the range. NULL for NULL';

CREATE FUNCTION sessions_with(series mark_series, mark session_mark) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_sessions_with' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION sessions_with(series mark_series, mark session_mark) IS
'The sessions of the series that have that mark, and no others. NULL for NULL';

CREATE FUNCTION with_unmarked(series mark_series, calendar mark_series, from_day date DEFAULT NULL,
    to_day date DEFAULT NULL) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_with_unmarked' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5;
COMMENT ON FUNCTION with_unmarked(series mark_series, calendar mark_series, from_day date, to_day date) IS
'The marks of the series, with - in every session of a calendar (calendar_agg) from a day to a day (NULL: without '
'bound) that has no mark, and in no other: what is due and missing. A NULL series has no marks. The series as it is '
'for a NULL calendar; 54000 if the series becomes longer than 1100 weeks';

CREATE FUNCTION first_day(series mark_series) RETURNS date
    AS 'MODULE_PATHNAME', 'att_mark_series_first_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION first_day(series mark_series) IS
'The first day with a mark; NULL if there is none. NULL for NULL';

CREATE FUNCTION last_day(series mark_series) RETURNS date
    AS 'MODULE_PATHNAME', 'att_mark_series_last_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION last_day(series mark_series) IS
'The last day with a mark; NULL if there is none. NULL for NULL';

CREATE FUNCTION marks_support(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'att_marks_support' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION marks_support(internal) IS 'Internal: planner support for marks';
REVOKE EXECUTE ON FUNCTION marks_support(internal) FROM PUBLIC;
CREATE FUNCTION marks(series mark_series, OUT day date, OUT session text, OUT mark session_mark) RETURNS SETOF record
    AS 'MODULE_PATHNAME',
        'att_mark_series_marks' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 ROWS 380 SUPPORT marks_support;
COMMENT ON FUNCTION marks(series mark_series) IS
'Every mark of the series as a row, in order of time; sessions without a mark are left out. No rows for NULL';

CREATE FUNCTION marks(series mark_series, days daterange, OUT day date, OUT session text, OUT mark session_mark)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_mark_series_marks_between'
        LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50 ROWS 20 SUPPORT marks_support;
COMMENT ON FUNCTION marks(series mark_series, days daterange) IS
'Every mark of the days in the range as a row, in order of time. No rows for NULL';

CREATE FUNCTION absence_spells_support(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'att_absence_spells_support' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION absence_spells_support(internal) IS 'Internal: planner support for absence_spells';
REVOKE EXECUTE ON FUNCTION absence_spells_support(internal) FROM PUBLIC;
CREATE FUNCTION absence_spells(series mark_series, OUT first_session school_session, OUT last_session school_session,
    OUT sessions integer, OUT authorised integer, OUT unauthorised integer) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_mark_series_absence_spells'
        LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20 ROWS 10 SUPPORT absence_spells_support;
COMMENT ON FUNCTION absence_spells(series mark_series) IS
'Spells of absence: stretches of absent sessions that no attended (or coronavirus) session interrupts. Sessions for '
'which attendance was not possible, closures and missing marks neither end a spell nor count in it. No rows for NULL';

CREATE TYPE spell_summary AS (spells bigint, longest integer, longest_from school_session, longest_to school_session,
    current_sessions integer, current_from school_session);
COMMENT ON TYPE spell_summary IS 'How many spells of absence there are, the longest and the current one';
CREATE FUNCTION spell_summary(series mark_series) RETURNS spell_summary
    AS 'MODULE_PATHNAME', 'att_mark_series_spell_summary' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION spell_summary(series mark_series) IS
'The spells of absence_spells() in one row: how many, sessions, first and last session of the longest (of the first of '
'several; NULL without a spell), and sessions and first session of the current one, which no possible session has '
'followed (0 and NULL if there is none). NULL for NULL';

CREATE FUNCTION unauthorised_window(series mark_series, weeks integer DEFAULT 10) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_mark_series_unauthorised_window' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 30;
COMMENT ON FUNCTION unauthorised_window(series mark_series, weeks integer) IS
'The most sessions of unauthorised absence (G, N, O, U) in any so many school weeks in a row; a school week is one '
'with a session that was not a closure. NULL for NULL; 22023 for fewer than one week. National framework for penalty '
'notices: 10 sessions in 10 school weeks';

CREATE TYPE threshold_window AS (first_week integer, last_week integer, g integer, n integer, o integer, u integer,
    met_at school_session);
COMMENT ON TYPE threshold_window IS
'A window of school weeks, its sessions of unauthorised absence, and the one that brought it to a threshold';
CREATE FUNCTION threshold_window(lines mark_series[], school_weeks date[], threshold integer,
    weeks integer DEFAULT 10) RETURNS threshold_window
    AS 'MODULE_PATHNAME', 'att_threshold_window' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION threshold_window(lines mark_series[], school_weeks date[], threshold integer, weeks integer) IS
'The last window of so many school weeks with so many sessions of unauthorised absence (G, N, O, U) in the lines of a '
'pupil, if it ends with one in the last so many weeks, and otherwise the last so many weeks. school_weeks: a day of '
'each week that counts, the last one first. first_week and last_week are subscripts of it, met_at the session that '
'brought the window to the threshold (NULL for the other). NULL for NULL and without a week; 22023 for fewer than one '
'session or week, and for weeks in another order';

CREATE FUNCTION mark_series_add(mark_series, school_session, session_mark) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_add_mark' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION mark_series_add(mark_series, school_session, session_mark) IS
'Internal: implementation of mark_series_agg(school_session, session_mark)';
REVOKE EXECUTE ON FUNCTION mark_series_add(mark_series, school_session, session_mark) FROM PUBLIC;
CREATE FUNCTION mark_series_add(mark_series, mark_series) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_add_series' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION mark_series_add(mark_series, mark_series) IS
'Internal: implementation of mark_series_agg(mark_series)';
REVOKE EXECUTE ON FUNCTION mark_series_add(mark_series, mark_series) FROM PUBLIC;

CREATE AGGREGATE mark_series_agg(school_session, session_mark) (
    SFUNC = mark_series_add, STYPE = mark_series, COMBINEFUNC = mark_series_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE mark_series_agg(school_session, session_mark) IS
'The series of the marks, in whatever order they come; NULL sessions and marks are left out, no rows give an empty '
'series. 22023 if a session has two different marks';

CREATE AGGREGATE mark_series_agg(mark_series) (
    SFUNC = mark_series_add, STYPE = mark_series, COMBINEFUNC = mark_series_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE mark_series_agg(mark_series) IS
'The marks of all the series; NULL is left out, no rows give an empty series. 22023 if a session has two different '
'marks';

CREATE FUNCTION mark_series_add(mark_series, date, boolean, boolean) RETURNS mark_series
    AS 'MODULE_PATHNAME', 'att_mark_series_add_day' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION mark_series_add(mark_series, date, boolean, boolean) IS
'Internal: implementation of calendar_agg';
REVOKE EXECUTE ON FUNCTION mark_series_add(mark_series, date, boolean, boolean) FROM PUBLIC;

CREATE AGGREGATE calendar_agg(day date, morning boolean, afternoon boolean) (
    SFUNC = mark_series_add, STYPE = mark_series, COMBINEFUNC = mark_series_add,
    INITCOND = 'empty', PARALLEL = SAFE
);
COMMENT ON AGGREGATE calendar_agg(day date, morning boolean, afternoon boolean) IS
'The sessions that a school holds, by the days of its calendar (school_day), as a series with - in each: for '
'with_unmarked(). Rows with a NULL are left out, no rows give an empty series. 22008 for a day that no register has';
