-- What a role needs to show the dashboard:
--
--   psql -v role=ROLE -v register=register -f dashboard/grants.sql
--
-- The rights of doc/bi.md, and three more: the labels of bands, and the published figures.
SELECT format('GRANT USAGE ON SCHEMA %I, %s TO %I', :'register', e.extnamespace::regnamespace, :'role')
FROM pg_extension e WHERE e.extname = 'attendance' \gexec
SELECT format('GRANT SELECT ON %I.%I TO %I', :'register', c.relname, :'role') FROM pg_class c
WHERE c.relnamespace = to_regnamespace(quote_ident(:'register')) AND (c.relname ~ '^(bi|fact)_' AND c.relkind = 'v'
    OR c.relname IN ('school', 'local_authority', 'region', 'trust', 'term_date', 'school_day', 'pupil', 'enrolment', 'register_line',
        'characteristic', 'pupil_characteristic', 'report_band', 'benchmark_file', 'benchmark_row')) \gexec
