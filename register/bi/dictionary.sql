-- The columns of the views for BI; bi_dictionary() says what they mean.

CREATE VIEW bi_data_dictionary WITH (security_invoker = true) AS
    SELECT row_number() OVER (ORDER BY c.relname, a.attnum)::integer AS dictionary_key,
        c.relname::varchar(31) COLLATE "default" AS view_name, a.attname::varchar(31) COLLATE "default" AS column_name,
        pg_catalog.format_type(a.atttypid, a.atttypmod)::varchar(40) AS data_type,
        pg_catalog.col_description(c.oid, a.attnum)::varchar(400) AS description, (a.attnum = 1)::integer AS is_key,
        (CASE WHEN a.attnum = 1 OR a.attname ~ '_(key|urn)$' OR a.attname IN ('la_number', 'trust_uid') THEN 'key'
            WHEN a.attname ~ '_percent$' THEN 'percent' WHEN a.attname ~ '^is_' THEN 'flag'
            WHEN a.attname ~ '^sess_' THEN 'sessions' WHEN a.attname ~ '^enrolments' THEN 'enrolments'
            WHEN a.attname = 'schools' THEN 'schools' END)::varchar(10) AS unit,
        (CASE WHEN a.attname IN ('time_period', 'school_urn', 'enrolments', 'sess_possible', 'sess_overall',
            'sess_authorised',
                'sess_unauthorised', 'sess_overall_percent', 'sess_authorised_percent', 'sess_unauthorised_percent',
                'enrolments_pa_10_exact', 'enrolments_pa_10_exact_percent', 'enrolments_pa_50_exact',
                'enrolments_pa_50_exact_percent', 'la_name', 'region_name', 'region_code') THEN a.attname
            WHEN a.attname = 'la_number' THEN 'old_la_code' WHEN a.attname = 'la_code' THEN 'new_la_code'
            WHEN a.attname = 'laestab' THEN 'school_laestab' END)::varchar(31) COLLATE "default" AS dfe_name,
        (SELECT d.name FROM (VALUES ('bi_dim_date', 'date_key'), ('bi_dim_school', 'school_urn'),
            ('bi_dim_pupil', 'pupil_key'),
            ('bi_dim_mark', 'mark_code'), ('bi_dim_cohort', 'cohort_key')) AS d (name, key)
            WHERE d.key = a.attname AND d.name <> c.relname)::varchar(31) AS relates_to
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    -- those of this register
    WHERE c.relnamespace = (SELECT o.relnamespace FROM pg_catalog.pg_class o WHERE o.oid = 'bi_session'::regclass)
        AND c.relkind = 'v' AND c.relname LIKE 'bi\_%';
COMMENT ON VIEW bi_data_dictionary IS
'Every column of the views for BI: what it means, what it counts, and to which dimension it leads';
