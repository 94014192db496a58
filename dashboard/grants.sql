-- What a role needs to show the dashboard:
--
--   psql -v role=ROLE -v register=register -f dashboard/grants.sql
--
-- The rights of doc/bi.md, and three more: the labels of bands, and the published figures.
SELECT extnamespace::regnamespace AS extension FROM pg_extension WHERE extname = 'attendance' \gset
SELECT :extension.grant_register(:'register', :'role', 'dashboard') \g /dev/null
