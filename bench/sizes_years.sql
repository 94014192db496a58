-- Eight years: the demo's pupils with the marks of their year in :years years before it, too, in a copy of its
-- database. Rows are written as replication writes them: nothing is checked again. A year is 52 weeks, so that
-- weekdays stay.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SELECT add_academic_year(current_schema(), 2025 - k) FROM generate_series(1, :years) AS k \g /dev/null
SET session_replication_role = replica;
INSERT INTO term_date (school_urn, academic_year, term, half, first_day, last_day)
SELECT school_urn, academic_year - k, term, half, first_day - 364 * k, last_day - 364 * k
FROM generate_series(1, :years) AS k CROSS JOIN LATERAL (SELECT t.* FROM term_date AS t WHERE k > 0 OFFSET 0) AS t;
INSERT INTO school_day (school_urn, day, morning, afternoon, closure)
SELECT school_urn, day - 364 * k, morning, afternoon, closure
-- one year after the other, as it would have been entered
FROM generate_series(1, :years) AS k CROSS JOIN LATERAL (SELECT d.* FROM school_day AS d WHERE k > 0 OFFSET 0) AS d;
UPDATE enrolment SET start_date = start_date - 364 * :years;
UPDATE register_line SET enrolment_start = enrolment_start - 364 * :years;
INSERT INTO register_line (school_urn, academic_year, pupil_id, enrolment_start, marks, line_key, enrolment_end,
    birth_cohort, is_counted, year_group, registration_group, sex)
SELECT school_urn, academic_year - k, pupil_id, enrolment_start, CASE WHEN first_day(marks) IS NULL THEN marks
        -- the text of a series begins with its first day
        ELSE ((left(marks::text, 10)::date - 364 * k)::text || substr(marks::text, 11))::mark_series END,
    line_key + k * 1000000, enrolment_end, birth_cohort, is_counted, year_group, registration_group, sex
FROM generate_series(1, :years) AS k CROSS JOIN LATERAL (SELECT l.* FROM register_line AS l WHERE k > 0 OFFSET 0) AS l;
