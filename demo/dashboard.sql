-- The role of the dashboard, with the rights that doc/dashboard.md names.
\set ON_ERROR_STOP 1
CREATE ROLE dashboard LOGIN;
\set role dashboard
\set register register
\ir ../dashboard/grants.sql
