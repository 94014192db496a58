-- What the columns of the views for BI mean: once for each name, and once more where a view means something else by it.

CREATE VIEW bi_data_dictionary WITH (security_invoker = true) AS
    SELECT row_number() OVER (ORDER BY c.relname, a.attnum)::integer AS dictionary_key, c.relname::varchar(31) COLLATE "default" AS view_name,
        a.attname::varchar(31) COLLATE "default" AS column_name,
        pg_catalog.format_type(a.atttypid, a.atttypmod)::varchar(40) AS data_type,
        pg_catalog.col_description(c.oid, a.attnum)::varchar(400) AS description, (a.attnum = 1)::integer AS is_key,
        (CASE WHEN a.attnum = 1 OR a.attname ~ '_(key|urn)$' OR a.attname IN ('la_number', 'trust_uid') THEN 'key'
            WHEN a.attname ~ '_percent$' THEN 'percent' WHEN a.attname ~ '^is_' THEN 'flag'
            WHEN a.attname ~ '^sess_' THEN 'sessions' WHEN a.attname ~ '^enrolments' THEN 'enrolments'
            WHEN a.attname = 'schools' THEN 'schools' END)::varchar(10) AS unit,
        (CASE WHEN a.attname IN ('time_period', 'school_urn', 'enrolments', 'sess_possible', 'sess_overall', 'sess_authorised',
                'sess_unauthorised', 'sess_overall_percent', 'sess_authorised_percent', 'sess_unauthorised_percent',
                'enrolments_pa_10_exact', 'enrolments_pa_10_exact_percent', 'enrolments_pa_50_exact',
                'enrolments_pa_50_exact_percent', 'la_name', 'region_name', 'region_code') THEN a.attname
            WHEN a.attname = 'la_number' THEN 'old_la_code' WHEN a.attname = 'la_code' THEN 'new_la_code'
            WHEN a.attname = 'laestab' THEN 'school_laestab' END)::varchar(31) COLLATE "default" AS dfe_name,
        (SELECT d.name FROM (VALUES ('bi_dim_date', 'date_key'), ('bi_dim_school', 'school_urn'), ('bi_dim_pupil', 'pupil_key'),
            ('bi_dim_mark', 'mark_code'), ('bi_dim_cohort', 'cohort_key')) AS d (name, key)
            WHERE d.key = a.attname AND d.name <> c.relname)::varchar(31) AS relates_to
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    -- those of this register
    WHERE c.relnamespace = (SELECT o.relnamespace FROM pg_catalog.pg_class o WHERE o.oid = 'bi_session'::regclass)
        AND c.relkind = 'v' AND c.relname LIKE 'bi\_%';
COMMENT ON VIEW bi_data_dictionary IS 'Every column of the views for BI: what it means, what it counts, and to which dimension it leads';

DO $$
DECLARE
    said record;
BEGIN
    FOR said IN
        WITH text (view_name, column_name, comment) AS (VALUES
            -- keys
            (NULL, 'session_key', 'Key: number of the line and of the session in the year'),
            (NULL, 'pupil_week_key', 'Key: number of the line and of the week in the year'),
            (NULL, 'pupil_term_key', 'Key: number of the line and of the term'),
            (NULL, 'pupil_year_key', 'Key: number of the line of the register'),
            (NULL, 'class_week_key', 'Key: class_key and number of the week in the year'),
            (NULL, 'cohort_term_key', 'Key: the first line of the cohort, its type and the term'),
            (NULL, 'school_week_key', 'Key: number of the school, year and week in the year'),
            (NULL, 'school_reason_week_key', 'Key: number of the school, year, week in the year and code'),
            (NULL, 'school_year_key', 'Key: number of the school and year'),
            (NULL, 'school_term_key', 'Key: number of the school, year and term'),
            (NULL, 'trust_week_key', 'Key: UID of the trust, year and week in the year'),
            (NULL, 'trust_year_key', 'Key: UID of the trust and year'),
            (NULL, 'trust_term_key', 'Key: UID of the trust, year and term'),
            (NULL, 'authority_week_key', 'Key: number of the authority, year and week in the year'),
            (NULL, 'authority_year_key', 'Key: number of the authority and year'),
            (NULL, 'authority_term_key', 'Key: number of the authority, year and term'),
            (NULL, 'dictionary_key', 'Key: in order of views and columns'),
            -- relations
            (NULL, 'pupil_key', 'Pupil: number that the register gives, as pupil_id may be too large for some tools'),
            (NULL, 'school_urn', 'School: unique reference number (URN)'),
            (NULL, 'date_key', 'Day as yyyymmdd; of a week its Monday'),
            (NULL, 'mark_code', 'Code of the mark, as in the Regulations'),
            (NULL, 'mark_key', 'Key: place of the code in attendance_codes(), to which new codes are appended'),
            (NULL, 'cohort_key', 'Cohort: year group below 31, sex below 34, 100 and more without a characteristic, 1000 and more with it'),
            (NULL, 'class_key', 'Registration group of a school in an academic year: its first line'),
            (NULL, 'la_number', 'Authority: three-digit number'),
            (NULL, 'trust_uid', 'Trust: group UID; NULL for none'),
            -- when
            (NULL, 'calendar_date', 'Day'),
            (NULL, 'academic_year', 'Academic year by its first calendar year: 2025 is 2025/26, 1 August to 31 July'),
            (NULL, 'academic_year_label', 'Academic year, as 2025/26'),
            (NULL, 'time_period', 'Academic year as published files have it: 202526'),
            (NULL, 'week_start', 'Monday of the week'),
            (NULL, 'academic_week', 'Week of the academic year: 1 is that of 1 August'),
            (NULL, 'iso_week', 'Week of ISO 8601'),
            (NULL, 'iso_year', 'Year of ISO 8601 that the week is in'),
            (NULL, 'month_number', 'Month: 1 is January'),
            (NULL, 'month_name', 'Month, in English'),
            (NULL, 'day_of_week', 'Day of the week: 1 is Monday'),
            (NULL, 'day_name', 'Day of the week, in English'),
            (NULL, 'is_school_day', '1 if any school of the register holds a session'),
            (NULL, 'statistical_term', 'Term by the windows of the school census: see statistical_terms()'),
            (NULL, 'term', 'Term of the school: Autumn, Spring or Summer'),
            ('bi_trust_term', 'term', 'Term, by the calendar of each school of the trust: Autumn, Spring or Summer'),
            ('bi_authority_term', 'term', 'Term, by the calendar of each school of the authority: Autumn, Spring or Summer'),
            ('bi_dim_date', 'term', 'Term that most schools have; NULL outside it'),
            (NULL, 'term_number', 'Term: 1 Autumn, 2 Spring, 3 Summer'),
            (NULL, 'half_term', 'Half of the term that most schools have: 1 or 2; NULL outside it'),
            (NULL, 'session', 'AM or PM'),
            ('bi_dim_mark', 'session', 'Half of the day in which alone the code may stand; NULL for both'),
            -- schools, pupils, marks
            (NULL, 'laestab', 'Authority and establishment number'),
            (NULL, 'school_name', 'Name of the school'),
            (NULL, 'phase', 'Phase of education'),
            (NULL, 'school_type', 'Group of establishment types'),
            (NULL, 'la_code', 'GSS code of the authority'),
            (NULL, 'la_name', 'Name of the authority'),
            (NULL, 'region_code', 'GSS code of the region'),
            (NULL, 'region_name', 'Name of the region'),
            (NULL, 'trust_name', 'Name of the trust; NULL for none'),
            (NULL, 'opened_on', 'Day on which the school opened; NULL if not known'),
            (NULL, 'closed_on', 'Day on which the school closed; NULL if it is open'),
            (NULL, 'pupil_id', 'Number of the pupil in the register, of up to 16 digits: for entering marks, not for relations'),
            (NULL, 'upn', 'Unique pupil number; NULL for none'),
            (NULL, 'surname', 'Surname'),
            (NULL, 'forename', 'Forename'),
            (NULL, 'sex', 'F or M; NULL if not known'),
            (NULL, 'date_of_birth', 'Date of birth'),
            (NULL, 'latest_school_urn', 'School of the latest enrolment'),
            (NULL, 'latest_year_group', 'Year group of the latest enrolment'),
            (NULL, 'latest_registration_group', 'Registration group of the latest enrolment'),
            (NULL, 'year_group', 'Year group of the first enrolment in the year'),
            (NULL, 'registration_group', 'Registration group of the first enrolment in the year; NULL for none'),
            (NULL, 'mark_name', 'The code, with a name for / \ - and #'),
            (NULL, 'mark_label', 'What the code means'),
            (NULL, 'statistical_group', 'Class in which the code is counted'),
            (NULL, 'is_possible', '1 if the session counts as possible'),
            (NULL, 'is_attended', '1 if the session counts as attended: present or at an approved educational activity'),
            (NULL, 'is_absence', '1 if the session counts as absence'),
            (NULL, 'is_authorised_absence', '1 if the session counts as authorised absence'),
            (NULL, 'is_unauthorised_absence', '1 if the session counts as unauthorised absence'),
            (NULL, 'is_late', '1 if the code is L or U'),
            (NULL, 'valid_from', 'First session date for which the code may be entered; NULL for no limit'),
            (NULL, 'valid_to', 'Last session date for which the code may be entered; NULL for no limit'),
            (NULL, 'cohort_type', 'By what pupils are grouped: year group, sex or a characteristic'),
            (NULL, 'cohort_value', 'Value that the pupils of the cohort have; NULL if none is known'),
            (NULL, 'cohort_label', 'The cohort in words'),
            -- measures
            (NULL, 'is_statutory', '1 if the official figures of the school census are about the enrolment; they stop at the spring bank holiday for those aged 15, which this view does not'),
            (NULL, 'schools', 'Schools with a mark'),
            (NULL, 'enrolments', 'Enrolments with at least one possible session'),
            (NULL, 'sess_possible', 'Possible sessions: attended, absent, and (codes X02 to X09) not attended because of coronavirus'),
            (NULL, 'sess_attended', 'Sessions attended'),
            (NULL, 'sess_overall', 'Sessions of absence, authorised or not'),
            (NULL, 'sess_authorised', 'Sessions of authorised absence'),
            (NULL, 'sess_unauthorised', 'Sessions of unauthorised absence'),
            (NULL, 'sess_late', 'Sessions with L (among the attended) and U (among the unauthorised)'),
            (NULL, 'sess_not_possible', 'Sessions for which attendance was not possible or required, Z and #; not among the possible'),
            (NULL, 'sess_unmarked', 'Sessions with a missing mark, -; not among the possible'),
            (NULL, 'sess_attended_percent', 'Percentage, 0 to 100: sess_attended of sess_possible. Do not average: divide the sums'),
            (NULL, 'sess_overall_percent', 'Percentage, 0 to 100: sess_overall of sess_possible. Do not average: divide the sums'),
            (NULL, 'sess_authorised_percent', 'Percentage, 0 to 100: sess_authorised of sess_possible. Do not average: divide the sums'),
            (NULL, 'sess_unauthorised_percent', 'Percentage, 0 to 100: sess_unauthorised of sess_possible. Do not average: divide the sums'),
            (NULL, 'is_persistently_absent', '1 if absence is at least 10 % of the possible sessions of the row, in whole sessions'),
            (NULL, 'is_severely_absent', '1 if absence is at least 50 % of the possible sessions of the row, in whole sessions'),
            (NULL, 'enrolments_pa_10_exact', 'Enrolments absent for at least 10 % of their own possible sessions'),
            (NULL, 'enrolments_pa_50_exact', 'Enrolments absent for at least 50 % of their own possible sessions; they are also among those of 10 %'),
            (NULL, 'enrolments_pa_10_exact_percent', 'Percentage, 0 to 100: enrolments_pa_10_exact of enrolments. Do not average: divide the sums'),
            (NULL, 'enrolments_pa_50_exact_percent', 'Percentage, 0 to 100: enrolments_pa_50_exact of enrolments. Do not average: divide the sums'),
            (NULL, 'sess_reason', 'Sessions with the code'),
            (NULL, 'sess_possible_all', 'Possible sessions of the school in the week, the same in all its rows: do not add up over codes'),
            (NULL, 'sess_reason_percent', 'Percentage, 0 to 100: sess_reason of sess_possible_all; NULL for codes that are not possible sessions'),
            -- the dictionary itself
            (NULL, 'view_name', 'View'),
            (NULL, 'column_name', 'Column'),
            (NULL, 'data_type', 'Type, as SQL writes it'),
            (NULL, 'description', 'Meaning: the comment of the column'),
            (NULL, 'is_key', '1 for the column that is different in every row'),
            (NULL, 'unit', 'What a number counts: sessions, enrolments, schools, percent, flag or key; NULL for text and dates'),
            (NULL, 'dfe_name', 'Column with this meaning in the files of "Pupil absence in schools in England"; NULL if there is none'),
            (NULL, 'relates_to', 'Dimension whose column of the same name the values are found in; NULL for none'))
        SELECT c.relname, a.attname, coalesce(own.comment, general.comment) AS comment
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN text AS own ON own.view_name = c.relname AND own.column_name = a.attname
        LEFT JOIN text AS general ON general.view_name IS NULL AND general.column_name = a.attname
        WHERE n.nspname = pg_catalog.current_schema() AND c.relkind = 'v' AND c.relname LIKE 'bi\_%'
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN %I.%I IS %L', said.relname, said.attname, said.comment);
    END LOOP;
END
$$;
