-- What is due by the clock, as jobs of pg_cron, for the register "register" in the database "school". Run it in the database in which pg_cron
-- is, after gauges.sql. Times are GMT, as pg_cron's are.
--
-- register_clock enters and reads: grant_register() of the purposes marks and reports. register_keeper is a member of the register's
-- owner, as only the owner adds years, refreshes statistics, proves the journal and disposes. Name those who answer for what is done in their name.
\set ON_ERROR_STOP 1

-- the figures of last week, as they are now
SELECT cron.schedule_in_database('attendance: figures of last week', '0 6 * * 1', $$
    INSERT INTO operations.week_figure (week, school_urn, enrolments, possible, absent, unmarked)
    SELECT lower(h.days), h.school_urn, h.enrolments, h.possible, h.absent, h.unmarked
    FROM register.headline_by_school('last week', 'current roll') AS h
    ON CONFLICT DO NOTHING $$, 'school', 'register_clock');

-- N becomes O where the fifth school day after the session is over: Regulations 2024, regulation 10(9)
SELECT cron.schedule_in_database('attendance: N without a reason', '0 18 * * 1-5', $$
    CALL register.close_unexplained_absence((now() AT TIME ZONE 'Europe/London')::date, 'Kim Oak', 'Attendance officer')
    $$, 'school', 'register_clock');

-- on 1 June a partition for the lines of the year that begins in August
SELECT cron.schedule_in_database('attendance: next year', '0 4 1 6 *', $$
    SELECT attendance.add_academic_year('register', extract(year FROM now() AT TIME ZONE 'Europe/London')::integer,
        if_not_exists => true) $$, 'school', 'register_keeper');

-- autovacuum analyzes the years, but never the table that they are parts of
SELECT cron.schedule_in_database('attendance: statistics', '30 2 * * *', $$
    ANALYZE register.register_line $$, 'school', 'register_keeper');

-- what is watched
SELECT cron.schedule_in_database('attendance: gauges of the day', '*/5 7-17 * * 1-5', $$
    CALL operations.count_day() $$, 'school', 'register_keeper');
SELECT cron.schedule_in_database('attendance: gauges of the night', '0 3 * * *', $$
    CALL operations.count_night() $$, 'school', 'register_keeper');

-- what has been kept long enough; marks before the records that they refer to, records again until none is due
SELECT cron.schedule_in_database('attendance: disposal of marks', '0 1 * * 6', $$
    SELECT register.dispose(d.school_urn, d.academic_year, 'A Head', 'Headteacher', 'retention schedule')
    FROM register.disposal_due() AS d WHERE d.kind = 'marks' AND d.due $$, 'school', 'register_keeper');
SELECT cron.schedule_in_database('attendance: disposal of records', '0 1 * * 0', $$
    SELECT register.dispose_records(d.school_urn, 'A Head', 'Headteacher', 'retention schedule')
    FROM (SELECT DISTINCT r.school_urn FROM register.disposal_due() AS r WHERE r.kind = 'records' AND r.due) AS d
    $$, 'school', 'register_keeper');
