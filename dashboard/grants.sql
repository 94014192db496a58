-- What a role needs to show the dashboard:
--
--   psql -v role=ROLE -v register=register -f dashboard/grants.sql
--
-- The rights of doc/bi.md, and some more: the labels of bands, areas, and the published figures.  Names of pupils are
-- not among them: a role that is to see these needs SELECT (surname, forename) on pupil, too.
SELECT extnamespace::regnamespace AS extension FROM pg_extension WHERE extname = 'attendance' \gset
SELECT :extension.grant_register(:'register', :'role', 'dashboard') \g /dev/null
