-- The views for BI: what BI tools can count on, and that they count what the register has.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

CREATE VIEW bi AS
SELECT c.oid, c.relname::text COLLATE "default" AS view_name, c.reloptions, a.attnum, a.attname::text COLLATE "default" AS column_name, format_type(a.atttypid, a.atttypmod) AS data_type,
    col_description(c.oid, a.attnum) AS description
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'v' AND c.relname LIKE 'bi\_%';

-- What a query that is made for every view says, of the views for which there is something to say.
CREATE FUNCTION for_each(query text, having_column text DEFAULT NULL) RETURNS TABLE (view_name text, said text) LANGUAGE plpgsql AS $$
BEGIN
    FOR view_name IN SELECT DISTINCT b.view_name FROM bi b WHERE having_column IS NULL OR b.column_name = having_column ORDER BY 1 LOOP
        EXECUTE replace(replace(query, '@key', (SELECT b.column_name FROM bi b WHERE b.view_name = for_each.view_name AND b.attnum = 1)),
            '@', 'r.' || view_name) INTO said;
        IF said IS NOT NULL THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;

-- ---------- the form ----------

SELECT results_eq($$ SELECT view_name, regexp_replace(string_agg(column_name || ' ' || replace(replace(data_type, 'character varying', 'varchar'), 'integer', 'int'),
        ', ' ORDER BY attnum), '\s+', ' ', 'g') FROM bi GROUP BY view_name ORDER BY view_name COLLATE "C" $$,
    $$ SELECT view_name, regexp_replace(columns, '\s+', ' ', 'g') FROM (VALUES
    ('bi_authority_term', 'authority_term_key int, la_number int, academic_year int, term_number int, term varchar(6), schools int, enrolments int,
        enrolments_pa_10_exact int, enrolments_pa_50_exact int, enrolments_pa_10_exact_percent numeric(5,2),
        enrolments_pa_50_exact_percent numeric(5,2), sess_possible int, sess_attended int, sess_overall int, sess_authorised
        int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent
        numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent
        numeric(5,2), register_key int'),
    ('bi_authority_week', 'authority_week_key int, la_number int, academic_year int, week_start date, date_key int, schools
        int, enrolments int, sess_possible int, sess_attended int, sess_overall int, sess_authorised int, sess_unauthorised
        int, sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent numeric(5,2), sess_overall_percent
        numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent numeric(5,2), register_key int'),
    ('bi_authority_year', 'authority_year_key int, la_number int, academic_year int, schools int, enrolments int,
        enrolments_pa_10_exact int, enrolments_pa_50_exact int, enrolments_pa_10_exact_percent numeric(5,2),
        enrolments_pa_50_exact_percent numeric(5,2), sess_possible int, sess_attended int, sess_overall int, sess_authorised
        int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent
        numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent
        numeric(5,2), register_key int'),
    ('bi_class_week', 'class_week_key int, class_key int, school_urn int, academic_year int, registration_group
        varchar(60), week_start date, date_key int, enrolments int, sess_possible int, sess_attended int, sess_overall int,
        sess_authorised int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int,
        sess_attended_percent numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2),
        sess_unauthorised_percent numeric(5,2), register_key int'),
    ('bi_cohort_term', 'cohort_term_key int, cohort_key int, school_urn int, academic_year int, term_number int, term
        varchar(6), enrolments int, enrolments_pa_10_exact int, enrolments_pa_50_exact int, enrolments_pa_10_exact_percent
        numeric(5,2), enrolments_pa_50_exact_percent numeric(5,2), sess_possible int, sess_attended int, sess_overall int,
        sess_authorised int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int,
        sess_attended_percent numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2),
        sess_unauthorised_percent numeric(5,2), register_key int'),
    ('bi_data_dictionary', 'dictionary_key int, view_name varchar(31), column_name varchar(31), data_type varchar(40),
        description varchar(400), is_key int, unit varchar(10), dfe_name varchar(31), relates_to varchar(31)'),
    ('bi_dim_cohort', 'cohort_key int, cohort_type varchar(60), cohort_value varchar(60), cohort_label varchar(120), register_key int'),
    ('bi_dim_date', 'date_key int, calendar_date date, academic_year int, academic_year_label varchar(7), time_period int,
        statistical_term varchar(20), term varchar(6), half_term int, week_start date, academic_week int, iso_year int,
        iso_week int, month_number int, month_name varchar(9), day_of_week int, day_name varchar(9), is_school_day int'),
    ('bi_dim_mark', 'mark_key int, mark_code varchar(4), mark_name varchar(10), mark_label varchar(120), statistical_group
        varchar(40), is_possible int, is_attended int, is_absence int, is_authorised_absence int, is_unauthorised_absence int,
        is_late int, session varchar(2), valid_from date, valid_to date'),
    ('bi_dim_pupil', 'pupil_key int, sex varchar(1), birth_cohort int, latest_school_urn int, latest_year_group varchar(2),
        latest_registration_group varchar(60), register_key int'),
    ('bi_dim_school', 'school_urn int, laestab varchar(7), school_name varchar(120), phase varchar(40), school_type
        varchar(60), la_number int, la_code varchar(9), la_name varchar(120), region_code varchar(9), region_name varchar(120),
        trust_uid int, trust_name varchar(120), opened_on date, closed_on date, register_key int'),
    ('bi_pupil_term', 'pupil_term_key int, pupil_key int, school_urn int, academic_year int, term_number int, term
        varchar(6), year_group varchar(2), registration_group varchar(60), sess_possible int, sess_attended int, sess_overall
        int, sess_authorised int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int,
        sess_attended_percent numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2),
        sess_unauthorised_percent numeric(5,2), is_persistently_absent int, is_severely_absent int, register_key int'),
    ('bi_pupil_week', 'pupil_week_key int, pupil_key int, school_urn int, academic_year int, week_start date, date_key int,
        year_group varchar(2), registration_group varchar(60), sess_possible int, sess_attended int, sess_overall int,
        sess_authorised int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int,
        sess_attended_percent numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2),
        sess_unauthorised_percent numeric(5,2), register_key int'),
    ('bi_pupil_year', 'pupil_year_key int, pupil_key int, school_urn int, academic_year int, year_group varchar(2),
        registration_group varchar(60), is_statutory int, sess_possible int, sess_attended int, sess_overall int,
        sess_authorised int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int,
        sess_attended_percent numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2),
        sess_unauthorised_percent numeric(5,2), is_persistently_absent int, is_severely_absent int, register_key int'),
    ('bi_pupil_year_statutory', 'pupil_year_key int, pupil_key int, school_urn int, academic_year int, year_group varchar(2),
        registration_group varchar(60), sess_possible int, sess_attended int, sess_overall int,
        sess_authorised int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int,
        sess_attended_percent numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2),
        sess_unauthorised_percent numeric(5,2), is_persistently_absent int, is_severely_absent int, register_key int'),
    ('bi_school_reason_week', 'school_reason_week_key int, school_urn int, academic_year int, week_start date, date_key
        int, mark_code varchar(4), sess_reason int, sess_possible_all int, sess_reason_percent numeric(5,2), register_key int'),
    ('bi_school_term', 'school_term_key int, school_urn int, academic_year int, term_number int, term varchar(6), enrolments int,
        enrolments_pa_10_exact int, enrolments_pa_50_exact int, enrolments_pa_10_exact_percent numeric(5,2),
        enrolments_pa_50_exact_percent numeric(5,2), sess_possible int, sess_attended int, sess_overall int, sess_authorised
        int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent
        numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent
        numeric(5,2), register_key int'),
    ('bi_school_term_statutory', 'school_term_key int, school_urn int, academic_year int, term_number int, term varchar(6), enrolments int,
        enrolments_pa_10_exact int, enrolments_pa_50_exact int, enrolments_pa_10_exact_percent numeric(5,2),
        enrolments_pa_50_exact_percent numeric(5,2), sess_possible int, sess_attended int, sess_overall int, sess_authorised
        int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent
        numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent
        numeric(5,2), register_key int'),
    ('bi_school_week', 'school_week_key int, school_urn int, academic_year int, week_start date, date_key int, enrolments
        int, sess_possible int, sess_attended int, sess_overall int, sess_authorised int, sess_unauthorised int, sess_late int,
        sess_not_possible int, sess_unmarked int, sess_attended_percent numeric(5,2), sess_overall_percent numeric(5,2),
        sess_authorised_percent numeric(5,2), sess_unauthorised_percent numeric(5,2), register_key int'),
    ('bi_school_year', 'school_year_key int, school_urn int, academic_year int, enrolments int, enrolments_pa_10_exact int,
        enrolments_pa_50_exact int, enrolments_pa_10_exact_percent numeric(5,2), enrolments_pa_50_exact_percent numeric(5,2),
        sess_possible int, sess_attended int, sess_overall int, sess_authorised int, sess_unauthorised int, sess_late int,
        sess_not_possible int, sess_unmarked int, sess_attended_percent numeric(5,2), sess_overall_percent numeric(5,2),
        sess_authorised_percent numeric(5,2), sess_unauthorised_percent numeric(5,2), register_key int'),
    ('bi_school_year_statutory', 'school_year_key int, school_urn int, academic_year int, enrolments int,
        enrolments_pa_10_exact int, enrolments_pa_50_exact int, enrolments_pa_10_exact_percent numeric(5,2),
        enrolments_pa_50_exact_percent numeric(5,2), sess_possible int, sess_attended int, sess_overall int, sess_authorised
        int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent
        numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent
        numeric(5,2), register_key int'),
    ('bi_session', 'session_key int, pupil_key int, school_urn int, date_key int, calendar_date date, academic_year int,
        session varchar(2), mark_code varchar(4), is_possible int, is_attended int, is_absence int, is_authorised_absence int,
        is_unauthorised_absence int, is_late int, register_key int'),
    ('bi_trust_term', 'trust_term_key int, trust_uid int, academic_year int, term_number int, term varchar(6), schools int, enrolments int,
        enrolments_pa_10_exact int, enrolments_pa_50_exact int, enrolments_pa_10_exact_percent numeric(5,2),
        enrolments_pa_50_exact_percent numeric(5,2), sess_possible int, sess_attended int, sess_overall int, sess_authorised
        int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent
        numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent
        numeric(5,2), register_key int'),
    ('bi_trust_week', 'trust_week_key int, trust_uid int, academic_year int, week_start date, date_key int, schools int,
        enrolments int, sess_possible int, sess_attended int, sess_overall int, sess_authorised int, sess_unauthorised int,
        sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent numeric(5,2), sess_overall_percent
        numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent numeric(5,2), register_key int'),
    ('bi_trust_year', 'trust_year_key int, trust_uid int, academic_year int, schools int, enrolments int,
        enrolments_pa_10_exact int, enrolments_pa_50_exact int, enrolments_pa_10_exact_percent numeric(5,2),
        enrolments_pa_50_exact_percent numeric(5,2), sess_possible int, sess_attended int, sess_overall int, sess_authorised
        int, sess_unauthorised int, sess_late int, sess_not_possible int, sess_unmarked int, sess_attended_percent
        numeric(5,2), sess_overall_percent numeric(5,2), sess_authorised_percent numeric(5,2), sess_unauthorised_percent
        numeric(5,2), register_key int')
        ) AS v (view_name, columns) ORDER BY view_name COLLATE "C" $$,
    'views and columns are as published: new ones come last, none goes, moves or changes its type');
SELECT is_empty($$ SELECT view_name, column_name, data_type FROM bi
    WHERE data_type !~ '^(integer|date|character varying\(\d+\)|numeric\(5,2\)|time without time zone)$' $$, 'only built-in types that every driver knows');
SELECT is_empty($$ SELECT view_name, column_name FROM bi WHERE column_name ~ '_percent$' AND data_type <> 'numeric(5,2)'
    OR column_name ~ '^(sess_|enrolments|schools|is_)' AND column_name !~ '_percent$' AND data_type <> 'integer' $$, 'counts and flags are integers, rates have two places');
SELECT is_empty($$ SELECT view_name, column_name FROM bi WHERE length(view_name) > 31 OR length(column_name) > 31
    OR view_name <> quote_ident(view_name) OR column_name <> quote_ident(column_name) $$, 'names of up to 31 characters that need no quotes');
SELECT is_empty($$ SELECT DISTINCT view_name FROM bi WHERE reloptions IS NULL OR NOT 'security_invoker=true' = ANY (reloptions)
    UNION SELECT relname FROM pg_class WHERE relnamespace = 'r'::regnamespace AND relname LIKE 'fact\_%' AND NOT 'security_invoker=true' = ANY (coalesce(reloptions, '{}')) $$,
    'and so are those beneath');
SELECT is_empty($$ SELECT view_name, column_name FROM bi WHERE description IS NULL UNION SELECT view_name, 'itself' FROM bi WHERE obj_description(oid, 'pg_class') IS NULL $$, 'everything has a comment');
SELECT is_empty($$ SELECT view_name FROM bi WHERE attnum = 1 AND (data_type <> 'integer' OR column_name !~ '_(key|urn)$') $$, 'an integer key comes first');
SELECT is_empty($$ SELECT view_name, column_name FROM bi b WHERE column_name ~ '_percent$' AND NOT EXISTS (
    SELECT FROM bi n WHERE n.view_name = b.view_name AND n.column_name = regexp_replace(b.column_name, '_percent$', '')) $$, 'each rate has its numerator beside it');
SELECT is_empty($$ SELECT view_name FROM bi GROUP BY view_name HAVING bool_or(column_name ~ '^sess_.*_percent$') AND NOT bool_or(column_name ~ '^sess_possible')
    OR bool_or(column_name ~ '^enrolments.*_percent$') AND NOT bool_or(column_name = 'enrolments') $$, 'and its denominator');
SELECT results_eq($$ SELECT view_name::text, column_name::text, data_type::text, description::text FROM r.bi_data_dictionary ORDER BY dictionary_key $$,
    $$ SELECT view_name, column_name, data_type, description FROM bi ORDER BY view_name COLLATE "C", attnum $$, 'the dictionary has every column, and no comment is cut');
SELECT is((SELECT array_agg(DISTINCT view_name || ' ' || relates_to ORDER BY view_name || ' ' || relates_to) FROM r.bi_data_dictionary WHERE view_name IN ('bi_session', 'bi_cohort_term') AND relates_to IS NOT NULL),
    '{"bi_cohort_term bi_dim_cohort","bi_cohort_term bi_dim_school","bi_session bi_dim_date","bi_session bi_dim_mark","bi_session bi_dim_pupil","bi_session bi_dim_school"}', 'and the relations');
SELECT is_empty($$ SELECT * FROM check_register('r') $$, 'check_register knows them');

-- ---------- nothing yet ----------

SELECT is_empty($$ SELECT * FROM for_each('SELECT nullif(sum(sess_possible + sess_not_possible), 0) FROM @', 'sess_possible') UNION ALL SELECT mark_code, sess_reason::text FROM r.bi_school_reason_week WHERE mark_code <> '-' $$,
    'no marks, no facts but what is missing');
SELECT is((SELECT count(*) FROM r.bi_dim_date), 730::bigint, 'two years of calendar are 730 days');

-- ---------- a worked example ----------

INSERT INTO r.trust VALUES (16001, 'A Trust');
UPDATE r.school SET trust_uid = 16001, holds_from = '2000-01-01' WHERE urn = 100004;
INSERT INTO r.school_day (school_urn, day) SELECT 100004, d FROM generate_series(timestamp '2025-09-08', '2025-09-12', '1 day') d;
-- a number that fits no integer
INSERT INTO r.pupil (pupil_id, surname, forename, sex, date_of_birth) VALUES (9007199254740991, 'Large', 'Jo', 'F', '2015-03-01'), (31, 'Small', 'Al', 'M', '2009-10-01'),
    (32, 'Young', 'Bo', NULL, '2021-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, year_group, registration_group) VALUES (100004, 9007199254740991, '2025-09-01', '5', '5A'),
    (100004, 31, '2025-09-01', '11', '11A'), (100004, 32, '2025-09-01', 'R', '5A');
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day, to_day) VALUES (31, 'fsm', 'Y', '2024-01-01', '2025-12-31'), (32, 'sen', 'K', '2024-01-01', NULL),
    (9007199254740991, 'sen', 'E', '2026-01-01', NULL);
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100004, v.pupil, date '2025-09-08' + (m.n::integer - 1) / 2, CASE m.n % 2 WHEN 1 THEN 'AM' ELSE 'PM' END, m.mark::session_mark
FROM (VALUES (9007199254740991, '{/,\\,I,I,O,U,L,X,B,-}'::text[]), (31, '{/,\\,I,\\,/,\\,/,\\,/,\\}'), (32, '{/,\\}')) AS v (pupil, marks),
    unnest(v.marks) WITH ORDINALITY AS m (mark, n);
-- Large: possible / \ I I O U L B = 8, attended / \ L B = 4, absent 4 (I I, and O U unauthorised), late L U, X not possible, - unmarked.
-- Small: 10 possible, one I: exactly 10 %. Young: two of two, and no 5-year-old.
SELECT results_eq($$ SELECT p.pupil_id::bigint, sess_possible, sess_attended, sess_overall, sess_authorised, sess_unauthorised, sess_late, sess_not_possible, sess_unmarked,
        sess_attended_percent, sess_overall_percent, sess_authorised_percent, sess_unauthorised_percent, is_persistently_absent, is_severely_absent, is_statutory
    FROM r.bi_pupil_year y JOIN r.pupil p ON p.pupil_key = y.pupil_key WHERE school_urn = 100004 ORDER BY 1 $$,
    $$ VALUES (31::bigint, 10, 9, 1, 1, 0, 0, 0, 0, 90.00, 10.00, 10.00, 0.00, 1, 0, 1), (32, 2, 2, 0, 0, 0, 0, 0, 8, 100.00, 0.00, 0.00, 0.00, 0, 0, 0),
        (9007199254740991, 8, 4, 4, 2, 2, 2, 1, 1, 50.00, 50.00, 25.00, 25.00, 1, 1, 1) $$, 'pupil and year; at four one is not in the official figures');
SELECT results_eq($$ SELECT registration_group::text, week_start, date_key, enrolments, sess_possible, sess_overall, sess_overall_percent FROM r.bi_class_week WHERE school_urn = 100004 ORDER BY 1 $$,
    $$ VALUES ('11A', date '2025-09-08', 20250908, 1, 10, 1, 10.00), ('5A', '2025-09-08', 20250908, 2, 10, 4, 40.00) $$, 'class and week');
SELECT results_eq($$ SELECT school_urn, academic_year, week_start, enrolments, sess_possible, sess_attended, sess_overall, sess_attended_percent, sess_authorised_percent, sess_unauthorised_percent FROM r.bi_school_week WHERE school_urn = 100004 $$,
    $$ VALUES (100004, 2025, date '2025-09-08', 3, 20, 15, 5, 75.00, 15.00, 10.00) $$, 'school and week: 15, 3 and 2 of 20');
SELECT results_eq($$ SELECT mark_code::text, sess_reason, sess_possible_all, sess_reason_percent FROM r.bi_school_reason_week WHERE school_urn = 100004 ORDER BY mark_code COLLATE "C" $$,
    -- the young one has marks on Monday alone
    $$ VALUES ('-', 9, 20, NULL), ('/', 6, 20, 30.00), ('B', 1, 20, 5.00), ('I', 3, 20, 15.00), ('L', 1, 20, 5.00), ('O', 1, 20, 5.00), ('U', 1, 20, 5.00), ('X', 1, 20, NULL), ('\', 7, 20, 35.00) $$,
    'school, code and week');
SELECT results_eq($$ SELECT school_urn, enrolments, enrolments_pa_10_exact, enrolments_pa_10_exact_percent, enrolments_pa_50_exact, enrolments_pa_50_exact_percent, sess_possible FROM r.bi_school_year WHERE school_urn = 100004 $$,
    $$ VALUES (100004, 3, 2, 66.67, 1, 33.33, 20) $$, 'school and year: two of three are persistently absent, one severely');
SELECT results_eq($$ SELECT school_urn, enrolments, enrolments_pa_10_exact, enrolments_pa_10_exact_percent, sess_possible, sess_overall FROM r.bi_school_year_statutory WHERE school_urn = 100004 $$,
    $$ VALUES (100004, 2, 2, 100.00, 18, 5) $$, 'without the young one');
SELECT results_eq($$ SELECT 'all', school_urn, term_number, term::text, enrolments, enrolments_pa_10_exact, enrolments_pa_10_exact_percent, enrolments_pa_50_exact, enrolments_pa_50_exact_percent, sess_possible, sess_overall FROM r.bi_school_term WHERE school_urn = 100004
    UNION ALL SELECT 'statutory', school_urn, term_number, term, enrolments, enrolments_pa_10_exact, enrolments_pa_10_exact_percent, enrolments_pa_50_exact, enrolments_pa_50_exact_percent, sess_possible, sess_overall FROM r.bi_school_term_statutory WHERE school_urn = 100004 $$,
    $$ VALUES ('all', 100004, 1, 'Autumn', 3, 2, 66.67, 1, 33.33, 20, 5), ('statutory', 100004, 1, 'Autumn', 2, 2, 100.00, 1, 50.00, 18, 5) $$, 'school and term');
SELECT results_eq($$ SELECT trust_uid, term::text, schools, enrolments, sess_possible, enrolments_pa_10_exact FROM r.bi_trust_term $$, $$ VALUES (16001, 'Autumn', 1, 3, 20, 2) $$, 'trust and term');
SELECT results_eq($$ SELECT d.cohort_type::text, d.cohort_label::text, c.term::text, enrolments, sess_possible, sess_overall, enrolments_pa_10_exact, enrolments_pa_50_exact
        FROM r.bi_cohort_term c JOIN r.bi_dim_cohort d ON d.cohort_key = c.cohort_key WHERE c.school_urn = 100004 ORDER BY 1, 2 $$,
    $$ VALUES ('fsm', 'Free school meals', 'Autumn', 1, 10, 1, 1, 0), ('fsm', 'Free school meals: none', 'Autumn', 2, 10, 4, 1, 1),
        ('sen', 'Special educational needs: K', 'Autumn', 1, 2, 0, 0, 0), ('sen', 'Special educational needs: none', 'Autumn', 2, 18, 5, 2, 1),
        ('sex', 'Boys', 'Autumn', 1, 10, 1, 1, 0), ('sex', 'Girls', 'Autumn', 1, 8, 4, 1, 1), ('sex', 'Sex not known', 'Autumn', 1, 2, 0, 0, 0),
        ('year group', 'Reception', 'Autumn', 1, 2, 0, 0, 0),
        ('year group', 'Year 11', 'Autumn', 1, 10, 1, 1, 0), ('year group', 'Year 5', 'Autumn', 1, 8, 4, 1, 1) $$,
    'cohorts; a characteristic that begins next year is not counted yet');
SELECT results_eq($$ SELECT trust_uid, schools, enrolments, sess_possible, enrolments_pa_10_exact FROM r.bi_trust_year $$, $$ VALUES (16001, 1, 3, 20, 2) $$, 'trust and year');
SELECT results_eq($$ SELECT session::text, mark_code::text, is_possible, is_attended, is_absence, is_authorised_absence, is_unauthorised_absence, is_late
        FROM r.bi_session WHERE pupil_key = (SELECT pupil_key FROM r.pupil WHERE pupil_id = 9007199254740991) AND calendar_date BETWEEN '2025-09-10' AND '2025-09-12' ORDER BY session_key $$,
    $$ VALUES ('AM', 'O', 1, 0, 1, 0, 1, 0), ('PM', 'U', 1, 0, 1, 0, 1, 1), ('AM', 'L', 1, 1, 0, 0, 0, 1), ('PM', 'X', 0, 0, 0, 0, 0, 0), ('AM', 'B', 1, 1, 0, 0, 0, 0), ('PM', '-', 0, 0, 0, 0, 0, 0) $$, 'sessions');
SELECT results_eq($$ SELECT DISTINCT date_key, calendar_date FROM r.bi_session WHERE school_urn = 100004 AND date_key < 20250910 ORDER BY 1 $$, $$ VALUES (20250908, date '2025-09-08'), (20250909, '2025-09-09') $$, 'by the key of the day too');

-- ---------- the whole register, counted without them ----------

-- two years, two schools, both kinds of terms, a pupil at two schools, and a week that two years share
INSERT INTO r.school_day (school_urn, day) VALUES (100003, '2025-07-31'), (100003, '2025-08-01') ON CONFLICT DO NOTHING;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, year_group) VALUES (100003, 5, '2024-09-01', 'R');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT e.school_urn, e.pupil_id, d.day, s.session, (CASE WHEN NOT CASE s.session WHEN 'AM' THEN d.morning ELSE d.afternoon END THEN '#'
    ELSE (ARRAY['/', 'L', 'I', 'O', 'B', 'X', '-', 'G', 'M', 'Y1'])[1 + (e.pupil_id * 7 + (d.day - date '2024-01-01') * 3 + length(s.session || d.day) + s.n) % 10] END)::session_mark
FROM r.enrolment e JOIN r.school_day d ON d.school_urn = e.school_urn AND d.day BETWEEN e.start_date AND coalesce(e.end_date, '2999-01-01')
CROSS JOIN (VALUES ('AM', 0), ('PM', 5)) AS s (session, n) WHERE e.school_urn < 100004 AND e.pupil_id <> 27;
-- what is marked, and what is due and is not
CREATE TABLE counted AS
SELECT l.school_urn::integer, l.academic_year, l.pupil_id, m.day, m.session, m.mark::text, mark_class(m.mark) AS class
FROM r.register_line l CROSS JOIN LATERAL marks(l.marks) m WHERE m.mark <> '-'
UNION ALL
SELECT e.school_urn, d.academic_year, e.pupil_id, d.day, s.session, '-', 'unmarked'
FROM r.enrolment e JOIN r.school_day d ON d.school_urn = e.school_urn AND d.day BETWEEN e.start_date AND coalesce(e.end_date, current_date)
CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
WHERE e.boarder = 'N' AND e.status <> 'G' AND CASE s.session WHEN 'AM' THEN d.morning ELSE d.afternoon END
    AND NOT EXISTS (SELECT FROM r.mark m WHERE m.school_urn = e.school_urn AND m.pupil_id = e.pupil_id AND m.day = d.day AND m.session = s.session AND m.mark <> '-');
CREATE VIEW total AS
SELECT count(*) FILTER (WHERE class IN ('present', 'approved educational activity', 'authorised', 'unauthorised', 'coronavirus')) AS possible,
    count(*) FILTER (WHERE class IN ('present', 'approved educational activity')) AS attended, count(*) FILTER (WHERE class IN ('authorised', 'unauthorised')) AS overall,
    count(*) FILTER (WHERE class = 'authorised') AS authorised, count(*) FILTER (WHERE class = 'unauthorised') AS unauthorised,
    count(*) FILTER (WHERE mark IN ('L', 'U')) AS late, count(*) FILTER (WHERE class IN ('not possible', 'administrative')) AS not_possible,
    count(*) FILTER (WHERE class = 'unmarked') AS unmarked
FROM counted;
SELECT cmp_ok((SELECT unauthorised FROM total), '>', 100::bigint, 'there is something to count');
SELECT is((SELECT array_agg(view_name) FROM for_each('SELECT 1', 'sess_possible')),
    '{bi_authority_term,bi_authority_week,bi_authority_year,bi_class_week,bi_cohort_term,bi_pupil_term,bi_pupil_week,bi_pupil_year,bi_pupil_year_statutory,bi_school_term,bi_school_term_statutory,bi_school_week,'
    'bi_school_year,bi_school_year_statutory,bi_trust_term,bi_trust_week,bi_trust_year}', 'by these');
SELECT is_empty($$ SELECT * FROM for_each('SELECT v::text FROM (SELECT sum(sess_possible), sum(sess_attended), sum(sess_overall), sum(sess_authorised), sum(sess_unauthorised), sum(sess_late),
        sum(sess_not_possible), sum(sess_unmarked) FROM @) v WHERE v::text <> (SELECT t::text FROM total t)', 'sess_possible')
    WHERE view_name !~ 'trust|cohort|statutory' $$, 'every roll-up adds up to the register');
SELECT is_empty($$ SELECT d.cohort_type FROM r.bi_cohort_term c JOIN r.bi_dim_cohort d ON d.cohort_key = c.cohort_key GROUP BY d.cohort_type
    HAVING (sum(sess_possible), sum(sess_overall), sum(sess_unmarked)) <> (SELECT possible, overall, unmarked FROM total) $$, 'and so does each type of cohort');
SELECT results_eq('SELECT sum(sess_possible)::bigint, sum(sess_overall)::bigint FROM r.bi_trust_week', 'VALUES (20::bigint, 5::bigint)', 'a trust has its own schools only');
SELECT results_eq('SELECT mark_code::text, sum(sess_reason)::bigint FROM r.bi_school_reason_week GROUP BY 1 ORDER BY 1', 'SELECT mark, count(*) FROM counted GROUP BY 1 ORDER BY 1', 'codes');
SELECT results_eq('SELECT s.school_urn, p.pupil_id::bigint, s.calendar_date, s.session::text, s.mark_code::text FROM r.bi_session s JOIN r.pupil p ON p.pupil_key = s.pupil_key ORDER BY 1, 2, 3, 4',
    'SELECT school_urn, pupil_id, day, session, mark FROM counted ORDER BY 1, 2, 3, 4', 'bi_session is every mark, and what is missing');
SELECT is_empty($$ SELECT school_urn, academic_year, week_start FROM r.bi_school_week EXCEPT SELECT school_urn, academic_year, date_trunc('week', day::timestamp)::date FROM counted $$, 'weeks begin on Monday');
SELECT results_eq($$ SELECT academic_year, sess_possible + sess_not_possible + sess_unmarked FROM r.bi_school_week WHERE school_urn = 100003 AND week_start = '2025-07-28' ORDER BY 1 $$,
    $$ SELECT academic_year, count(*)::integer FROM counted WHERE day IN ('2025-07-31', '2025-08-01') GROUP BY 1 ORDER BY 1 $$, 'a week that two years share has a row in both');
SELECT results_eq($$ SELECT term::text, sum(sess_possible + sess_not_possible + sess_unmarked)::bigint FROM r.bi_pupil_term WHERE school_urn = 100003 AND academic_year = 2025 GROUP BY 1 ORDER BY 1 $$,
    $$ SELECT 'Autumn', count(*) FROM counted WHERE school_urn = 100003 AND academic_year = 2025 $$, 'terms reach over holidays');

-- ---------- terms, counted without them ----------

-- 100001 has three terms of its own; those of 100004 are of the census, with a pupil of 15, who counts to the spring bank holiday, 26 May 2025
SAVEPOINT three_terms;
INSERT INTO r.term_date (school_urn, academic_year, term, half, first_day, last_day)
VALUES (100001, 2024, 'Spring', 1, '2025-01-08', '2025-02-14'), (100001, 2024, 'Summer', 1, '2025-04-28', '2025-05-23');
INSERT INTO r.school_day (school_urn, day) SELECT s, d FROM unnest('{100001,100004}'::integer[]) s,
    unnest('{2024-12-19,2025-01-06,2025-01-08,2025-01-09,2025-04-17,2025-04-22,2025-04-28,2025-05-01,2025-06-02,2025-06-03}'::date[]) d ON CONFLICT DO NOTHING;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (41, 'Fifteen', 'Cy', '2009-03-01'), (42, 'Ten', 'Di', '2014-10-01'), (43, 'Guest', 'Ed', '2012-10-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status) VALUES (100004, 41, '2024-09-02', 'C'), (100004, 42, '2024-09-02', 'C'), (100004, 43, '2024-09-02', 'G');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT e.school_urn, e.pupil_id, d.day, s.session, (ARRAY['/', 'I', 'I', 'L', 'X', 'O', '-', '/', 'B', 'U'])[1 + (e.pupil_id * 3 + (d.day - date '2024-01-01') + s.n) % 10]::session_mark
FROM r.enrolment e JOIN r.school_day d ON d.school_urn = e.school_urn AND d.day BETWEEN e.start_date AND coalesce(e.end_date, '2999-01-01')
CROSS JOIN (VALUES ('AM', 0), ('PM', 5)) AS s (session, n)
WHERE d.academic_year = 2024 AND e.school_urn IN (100001, 100004) AND NOT EXISTS (
    SELECT FROM counted c WHERE c.school_urn = e.school_urn AND c.pupil_id = e.pupil_id AND c.day = d.day AND c.session = s.session);
CREATE TABLE in_term AS
SELECT n.who, p.*, s.trust_uid, s.la_number FROM (VALUES ('all'), ('statutory')) AS n (who) CROSS JOIN LATERAL (
    SELECT m.school_urn::integer, t.academic_year, t.term_number, t.term, m.pupil_id, count(*) FILTER (WHERE is_possible(m.mark))::integer AS possible,
        count(*) FILTER (WHERE is_absence(m.mark))::integer AS absent, count(*) FILTER (WHERE is_authorised(m.mark))::integer AS authorised,
        count(*) FILTER (WHERE m.mark::text IN ('L', 'U'))::integer AS late, count(*) FILTER (WHERE m.mark::text IN ('X', 'Y1', '#'))::integer AS not_possible, count(*) FILTER (WHERE m.mark::text = '-')::integer AS unmarked
    FROM (VALUES (100001, 2024, 1, 'Autumn', date '2024-08-01', date '2025-01-08'), (100001, 2024, 2, 'Spring', '2025-01-08', '2025-04-28'), (100001, 2024, 3, 'Summer', '2025-04-28', '2025-08-01'),
        (100004, 2024, 1, 'Autumn', '2024-08-01', '2025-01-01'), (100004, 2024, 2, 'Spring', '2025-01-01', '2025-04-21'), (100004, 2024, 3, 'Summer', '2025-04-21', '2025-08-01'),
        (100003, 2024, 1, 'Autumn', '2024-08-01', '2025-08-01'), (100001, 2025, 1, 'Autumn', '2025-08-01', '2026-08-01'), (100002, 2025, 1, 'Autumn', '2025-08-01', '2026-08-01'),
        (100003, 2025, 1, 'Autumn', '2025-08-01', '2026-08-01'), (100004, 2025, 1, 'Autumn', '2025-08-01', '2026-01-01')) AS t (school_urn, academic_year, term_number, term, first_day, next_day)
    JOIN (SELECT o.school_urn, o.pupil_id, o.day, o.session, o.mark FROM r.mark o WHERE o.mark <> '-'
        UNION ALL SELECT o.school_urn, o.pupil_id, o.day, o.session, '-' FROM r.unmarked_session o) m ON m.school_urn = t.school_urn AND m.day >= t.first_day AND m.day < t.next_day
    JOIN r.pupil u ON u.pupil_id = m.pupil_id
    JOIN r.enrolment e ON e.school_urn = m.school_urn AND e.pupil_id = m.pupil_id AND m.day BETWEEN e.start_date AND coalesce(e.end_date, '2999-01-01')
    WHERE n.who = 'all' OR e.boarder = 'N' AND e.status <> 'G' AND statistical_days(t.academic_year, u.date_of_birth) @> m.day
    GROUP BY m.school_urn, t.academic_year, t.term_number, t.term, m.pupil_id) p JOIN r.school s ON s.urn = p.school_urn;
SELECT is((SELECT array_agg(DISTINCT term_number) FROM in_term WHERE school_urn = 100004), '{1,2,3}', 'three terms');
SELECT cmp_ok((SELECT possible FROM in_term WHERE who = 'statutory' AND pupil_id = 41 AND term_number = 3), '<', (SELECT possible FROM in_term WHERE who = 'all' AND pupil_id = 41 AND term_number = 3), 'at fifteen fewer days count');
SELECT results_eq(format($$ SELECT %1$s, academic_year, term_number, term::text, enrolments, sess_possible, sess_attended, sess_overall, sess_authorised, sess_unauthorised, sess_late, sess_not_possible, sess_unmarked,
        enrolments_pa_10_exact, enrolments_pa_50_exact, enrolments_pa_10_exact_percent, sess_overall_percent FROM r.bi_%2$s ORDER BY 1, 2, 3 $$, key, view),
    format($$ SELECT %1$s, academic_year, term_number, term, count(*) FILTER (WHERE possible > 0)::integer, sum(possible)::integer, sum(possible - absent)::integer, sum(absent)::integer, sum(authorised)::integer,
        sum(absent - authorised)::integer, sum(late)::integer, sum(not_possible)::integer, sum(unmarked)::integer, count(*) FILTER (WHERE possible > 0 AND 10 * absent >= possible)::integer,
        count(*) FILTER (WHERE possible > 0 AND 2 * absent >= possible)::integer,
        round(100.0 * count(*) FILTER (WHERE possible > 0 AND 10 * absent >= possible) / nullif(count(*) FILTER (WHERE possible > 0), 0), 2), round(100.0 * sum(absent) / nullif(sum(possible), 0), 2)
    FROM in_term WHERE who = %2$L AND %1$s IS NOT NULL GROUP BY %1$s, academic_year, term_number, term ORDER BY 1, 2, 3 $$, key, who), view || ' counts the marks of each term')
FROM (VALUES ('school_term', 'school_urn', 'all'), ('school_term_statutory', 'school_urn', 'statutory'), ('trust_term', 'trust_uid', 'all'), ('authority_term', 'la_number', 'all')) AS v (view, key, who);
SELECT is_empty($$ SELECT school_urn, academic_year, term FROM r.bi_pupil_term GROUP BY 1, 2, 3 EXCEPT SELECT school_urn, academic_year, term FROM r.bi_school_term $$, 'a term with pupils has a school');
SELECT results_eq('SELECT count(DISTINCT school_term_key) FROM r.bi_school_term', 'SELECT count(*) FROM r.bi_school_term', 'one key for each term');
ROLLBACK TO three_terms;

-- ---------- keys ----------

SELECT is_empty($$ SELECT * FROM for_each('SELECT format(''%s rows, %s keys, %s NULL'', count(*), count(DISTINCT @key), count(*) FILTER (WHERE @key IS NULL)) FROM @
    HAVING count(DISTINCT @key) <> count(*)') $$, 'every key is unique');
SELECT is_empty($$ SELECT * FROM for_each('SELECT ''unknown school'' FROM @ WHERE school_urn NOT IN (SELECT school_urn FROM r.bi_dim_school) LIMIT 1', 'school_urn')
    UNION ALL SELECT * FROM for_each('SELECT ''unknown day'' FROM @ WHERE date_key NOT IN (SELECT date_key FROM r.bi_dim_date) LIMIT 1', 'date_key')
    UNION ALL SELECT * FROM for_each('SELECT ''unknown code'' FROM @ WHERE mark_code NOT IN (SELECT mark_code FROM r.bi_dim_mark) LIMIT 1', 'mark_code')
    UNION ALL SELECT * FROM for_each('SELECT ''unknown cohort'' FROM @ WHERE cohort_key NOT IN (SELECT cohort_key FROM r.bi_dim_cohort) LIMIT 1', 'cohort_key')
    UNION ALL SELECT * FROM for_each('SELECT ''unknown pupil'' FROM @ v WHERE NOT EXISTS (SELECT FROM r.bi_dim_pupil p WHERE p.pupil_key = v.pupil_key) LIMIT 1', 'pupil_key') $$,
    'and every relation leads somewhere');
CREATE TABLE before_change AS SELECT class_week_key AS key, registration_group::text AS name, school_urn, week_start FROM r.bi_class_week
    UNION ALL SELECT cohort_term_key, cohort_key || term, school_urn, make_date(academic_year, 1, 1) FROM r.bi_cohort_term
    UNION ALL SELECT session_key, session || mark_code || pupil_key, school_urn, calendar_date FROM r.bi_session;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (-7, 'New', 'Vi', '2015-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, year_group, registration_group) VALUES (100004, -7, '2025-09-01', '5', '5A');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100004, -7, '2025-09-08', 'AM', '/');
SELECT is_empty($$ SELECT * FROM before_change EXCEPT (SELECT class_week_key AS key, registration_group::text AS name, school_urn, week_start FROM r.bi_class_week
    UNION ALL SELECT cohort_term_key, cohort_key || term, school_urn, make_date(academic_year, 1, 1) FROM r.bi_cohort_term
    UNION ALL SELECT session_key, session || mark_code || pupil_key, school_urn, calendar_date FROM r.bi_session) $$, 'keys stay as they are when pupils come');
SAVEPOINT large;
UPDATE r.register_line SET line_key = 2933720 WHERE pupil_id = -7;
SELECT is((SELECT max(session_key) FROM r.bi_session WHERE calendar_date = '2025-09-08'), 2147483117, 'the key of a session in line 2,933,720 fits: 2933720 * 732 + 38 * 2 + 1');
UPDATE r.register_line SET line_key = 2933721 WHERE pupil_id = -7;
SELECT throws_ok('SELECT session_key FROM r.bi_session', '22003', NULL, 'a larger one is refused');
SELECT lives_ok('SELECT pupil_key, mark_code FROM r.bi_session', 'not if the key is not asked for');
ROLLBACK TO large;
SELECT results_eq('SELECT r.academic_year_number(y) FROM unnest(ARRAY[2000, 2063]) y', 'VALUES (0), (63)', 'years in keys');
SELECT throws_ok('SELECT r.academic_year_number(y) * 64 FROM unnest(ARRAY[1999]) y', '22003', NULL, 'before them');
SELECT throws_ok('SELECT 0 + r.academic_year_number(y) * 64 FROM unnest(ARRAY[2064]) y', '22003', NULL, 'and after them');
SELECT results_eq($$ SELECT r.academic_week(2025, d) FROM unnest('{2025-08-01,2025-08-03,2025-08-04,2026-07-31}'::date[]) d $$, 'VALUES (1), (1), (2), (53)', 'weeks of a year: 1 August 2025 is a Friday');
SELECT is(r.academic_week(2027, '2028-07-31'), 54, '54 weeks if it begins on a Sunday and is a leap year');

SELECT throws_ok(command, wanted, NULL, command) FROM (VALUES
    ('INSERT INTO r.pupil (surname, forename, date_of_birth, pupil_key) VALUES (''A'', ''B'', ''2015-03-01'', 7)', '428C9'), ('UPDATE r.school SET school_key = 7', '428C9'),
    ('INSERT INTO r.pupil (surname, forename, date_of_birth, pupil_key) OVERRIDING SYSTEM VALUE VALUES (''A'', ''B'', ''2015-03-01'', 1)', '23505'),
    ('INSERT INTO r.school (urn, name, phase, type, la_number, school_key) OVERRIDING SYSTEM VALUE VALUES (100009, ''A'', ''Primary'', ''Academies'', 380, 1)', '23505'),
    ('INSERT INTO r.characteristic (characteristic, label, question, characteristic_key) OVERRIDING SYSTEM VALUE VALUES (''a'', ''b'', ''c'', 126)', '23514'),
    ('INSERT INTO r.characteristic (characteristic, label, question, characteristic_key) OVERRIDING SYSTEM VALUE VALUES (''a'', ''b'', ''c'', 1)', '23505')) AS v (command, wanted);
SELECT is((SELECT array_agg(line_key > 0 ORDER BY school_urn) FROM (SELECT DISTINCT ON (school_urn) school_urn, line_key FROM r.register_line) l), '{t,t,t,t}', 'lines are numbered');

-- ---------- days ----------

SELECT results_eq('SELECT count(*), count(DISTINCT date_key), min(calendar_date), max(calendar_date) FROM r.bi_dim_date',
    $$ VALUES (730::bigint, 730::bigint, date '2024-08-01', date '2026-07-31') $$, 'days without gaps');
SELECT results_eq($$ SELECT date_key, academic_year, academic_year_label::text, time_period, statistical_term::text, term::text, half_term, week_start, iso_year, iso_week, day_of_week, day_name::text, month_name::text, is_school_day
        FROM r.bi_dim_date WHERE calendar_date IN ('2024-12-31', '2025-09-03', '2025-12-25') ORDER BY 1 $$,
    $$ VALUES (20241231, 2024, '2024/25', 202425, 'Autumn', NULL, NULL, date '2024-12-30', 2025, 1, 2, 'Tuesday', 'December', 0),
        (20250903, 2025, '2025/26', 202526, 'Autumn', 'Autumn', 1, '2025-09-01', 2025, 36, 3, 'Wednesday', 'September', 1),
        (20251225, 2025, '2025/26', 202526, 'Autumn', NULL, NULL, '2025-12-22', 2025, 52, 4, 'Thursday', 'December', 0) $$, 'what is said of a day');
SAVEPOINT terms;
-- most schools begin the second half term while, by most, the first is not over
DELETE FROM r.term_date WHERE academic_year = 2025 AND half = 2;
INSERT INTO r.term_date VALUES (100004, 2025, 'Autumn', 2, '2025-10-20', '2025-12-12');
SELECT results_eq($$ SELECT date_key, half_term FROM r.bi_dim_date WHERE date_key BETWEEN 20251019 AND 20251021 ORDER BY 1 $$, 'VALUES (20251019, 1), (20251020, 2), (20251021, 2)', 'no day is there twice');
ROLLBACK TO terms;
SELECT results_eq($$ SELECT mark_code::text, mark_name::text, is_possible, is_authorised_absence, is_unauthorised_absence FROM r.bi_dim_mark WHERE mark_code IN ('/', '\', '#', '-', 'C2', 'G') ORDER BY mark_key $$,
    $$ VALUES ('-', 'unmarked', 0, 0, 0), ('/', 'present_am', 1, 0, 0), ('\', 'present_pm', 1, 0, 0), ('C2', 'C2', 1, 1, 0), ('G', 'G', 1, 0, 1), ('#', 'closed', 0, 0, 0) $$, 'codes');
SELECT is_empty($$ SELECT * FROM r.bi_dim_mark WHERE mark_key > 63 $$, 'their numbers have six bits in keys');

-- ---------- what is read ----------

SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
CREATE FUNCTION plan_of(query text, options text DEFAULT 'COSTS OFF') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result text := '';
BEGIN
    FOR line IN EXECUTE format('EXPLAIN (%s) ', options) || query LOOP
        result := result || line || E'\n';
    END LOOP;
    RETURN result;
END
$$;
ANALYZE r.register_line;
ANALYZE r.school_day;
SELECT is_empty($$ SELECT * FROM for_each('SELECT plan FROM plan_of(''SELECT * FROM @ WHERE school_urn = 100001'') AS plan WHERE plan ~ ''on school_day \w+\n(?! *Index Cond: [^\n]*school_urn)'' OR plan !~ ''register_line_2025 \w+\n *Index Cond''', 'school_urn')
    WHERE view_name !~ '_dim_|statutory' $$, 'a filter by school reaches its lines only');
SELECT is_empty($$ SELECT * FROM for_each('SELECT plan FROM plan_of(''SELECT * FROM @ WHERE pupil_key = 1'') AS plan WHERE plan !~ ''register_line_2025 \w+\n *Index Cond: [^\n]*pupil_id'' OR plan !~ ''pupil_pupil_key_key''', 'pupil_key')
    WHERE view_name !~ '_dim_' $$, 'one by pupil the lines of the pupil');
SELECT is_empty($$ SELECT * FROM for_each('SELECT plan FROM plan_of(''SELECT * FROM @ WHERE academic_year = 2025'', ''ANALYZE, TIMING OFF, COSTS OFF'') AS plan WHERE plan !~ ''register_line_2025[^\n]*actual'' OR plan ~ ''register_line_2024[^\n]*actual''', 'academic_year')
    WHERE view_name !~ '_dim_|statutory' $$, 'one by year its partition');
SELECT matches(plan_of('SELECT * FROM r.bi_session WHERE calendar_date = ''2025-09-08'''), 'school_day d\n *Index Cond: [^\n]*day = ''2025-09-08''::date', 'and one by day that day');
SELECT unalike(plan_of('SELECT school_urn, sess_possible FROM r.bi_school_week'), '% on pupil %', 'what is not asked for is not read');
RESET enable_seqscan;
RESET enable_bitmapscan;

-- ---------- who may read ----------

CREATE ROLE bi_reader;
CREATE ROLE bi_views_only;
GRANT USAGE ON SCHEMA r, attendance, public TO bi_reader, bi_views_only;
GRANT SELECT ON bi, total, counted TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA r TO bi_reader;
SELECT show_all('r', 'bi_reader') \g /dev/null
SELECT format('GRANT SELECT ON r.%I TO bi_views_only', relname) FROM pg_class WHERE relnamespace = 'r'::regnamespace AND relname ~ '^(bi|fact)_' \gexec
CREATE FUNCTION as_role(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE query INTO result;
    EXCEPTION WHEN OTHERS THEN
        result := SQLSTATE;
    END;
    RESET ROLE;
    RETURN result;
END
$$;
SELECT is_empty($$ SELECT view_name, as_role('bi_reader', 'SELECT count(*) FROM r.' || view_name) AS seen FROM (SELECT DISTINCT view_name FROM bi) v
    WHERE as_role('bi_reader', 'SELECT count(*) FROM r.' || view_name) !~ '^[1-9]\d{0,3}$' $$, 'a reader sees them all');
SELECT results_eq($$ SELECT view_name FROM (SELECT DISTINCT view_name FROM bi) v WHERE as_role('bi_views_only', 'SELECT count(*) FROM r.' || view_name) <> '42501' ORDER BY 1 $$,
    $$ VALUES ('bi_data_dictionary'), ('bi_dim_mark') $$, 'who may read the views but not the tables sees no more than without them');
SELECT is(as_role('bi_reader', 'INSERT INTO r.bi_session (school_urn) VALUES (1)'), '55000', 'nothing is written through them');
CREATE POLICY own_school ON r.register_line AS RESTRICTIVE FOR SELECT TO bi_reader USING (school_urn = 100001);
SELECT is_empty($$ SELECT view_name, schools FROM (SELECT view_name, as_role('bi_reader', 'SELECT array_agg(DISTINCT school_urn) FROM r.' || view_name) AS schools
    FROM bi WHERE column_name = 'school_urn' AND view_name !~ '_dim_') v WHERE schools <> '{100001}' $$, 'policies on the lines hold in every view');
SELECT is(as_role('bi_reader', 'SELECT sum(sess_possible) FROM r.bi_authority_year'), (SELECT sum(sess_possible)::text FROM r.bi_school_year WHERE school_urn = 100001), 'and in sums');
SET search_path = '';
DO $$
DECLARE
    v record;
    n bigint;
BEGIN
    FOR v IN SELECT DISTINCT view_name FROM public.bi LOOP
        EXECUTE pg_catalog.format('SELECT pg_catalog.count(*) FROM r.%I', v.view_name) INTO n;
        IF n OPERATOR(pg_catalog.=) 0 THEN
            RAISE EXCEPTION '% is empty', v.view_name;
        END IF;
    END LOOP;
END
$$;
SET search_path = public, attendance;
SELECT pass('all of them can be read with an empty search path');
SELECT * FROM finish();
ROLLBACK;
