-- Bands of attendance, how far a tally is from persistent absence, and groups of lines by session and week.

CREATE FUNCTION attendance_band(tally attendance_tally) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_tally_attendance_band' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION attendance_band(tally attendance_tally) IS
'The band by attendance that schools work with: 1 for 100 %, 2 from 95 to under 100, 3 over 90 and under 95, 4 over 50 '
'to 90 (persistently absent), 5 to 50 (severely absent). NULL without possible sessions, and for NULL';

CREATE FUNCTION absence_band(tally attendance_tally) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_tally_absence_band' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION absence_band(tally attendance_tally) IS
'The band by absence that the official figures are published in: 0 for 0 to under 5 %, 1 for 5 to under 10, up to 19 '
'for 95 to under 100, and 20 for 100. NULL without possible sessions, and for NULL; 22003 if a count is too big';

CREATE FUNCTION sessions_to_miss(tally attendance_tally, sessions_left bigint) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_sessions_to_miss' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sessions_to_miss(tally attendance_tally, sessions_left bigint) IS
'How many of the sessions that are left may be missed without persistent absence at the end: floor((possible + left - '
'1) / 10) - absent, negative if too many were missed already. NULL without any session, and for NULL; 22023 for fewer '
'than no sessions, 22003 if a count is too big';

CREATE FUNCTION sessions_to_attend(tally attendance_tally) RETURNS bigint
    AS 'MODULE_PATHNAME', 'att_tally_sessions_to_attend' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sessions_to_attend(tally attendance_tally) IS
'How many sessions have to be attended in a row for absence to come below 10 %: 10 * absent - possible + 1; 0 if it is '
'below. NULL without possible sessions, and for NULL; 22003 if a count is too big';

CREATE FUNCTION group_session_tallies(series mark_series[], OUT day date, OUT session text, OUT tally attendance_tally)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_group_session_tallies' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 380;
COMMENT ON FUNCTION group_session_tallies(series mark_series[]) IS
'The tally of each session for which a series of the array has a mark, in order of time. NULLs in the array are left '
'out; no rows for NULL; 54000 if the series span more than 1100 weeks';

CREATE FUNCTION group_weekly_tallies(series mark_series[], OUT week date, OUT tally attendance_tally,
    OUT enrolments bigint, OUT with_absence bigint) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_group_weekly_tallies' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 40;
COMMENT ON FUNCTION group_weekly_tallies(series mark_series[]) IS
'The tally of each week in which a series of the array has a mark, by the date of its Monday; how many of the series '
'have a possible session in it, and how many an absence. NULLs in the array are left out; no rows for NULL; 54000 if '
'the series span more than 1100 weeks';

CREATE FUNCTION group_weekly_counts(series mark_series[], OUT week date, OUT counts mark_counts) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_group_weekly_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 40;
COMMENT ON FUNCTION group_weekly_counts(series mark_series[]) IS
'The sessions by code of each week in which a series of the array has a mark, by the date of its Monday. NULLs in the '
'array are left out; no rows for NULL; 54000 if the series span more than 1100 weeks';

CREATE FUNCTION possible_weeks(series mark_series) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_mark_series_possible_weeks' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 6;
COMMENT ON FUNCTION possible_weeks(series mark_series) IS
'Weeks, from Monday, with at least one possible session. NULL for NULL';

CREATE FUNCTION broken_weeks(series mark_series) RETURNS integer
    AS 'MODULE_PATHNAME', 'att_mark_series_broken_weeks' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 6;
COMMENT ON FUNCTION broken_weeks(series mark_series) IS
'Weeks, from Monday, with at least one session of absence. NULL for NULL';
