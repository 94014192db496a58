-- Every trigger function of the extension on any table of somebody without rights: register/any_table.sql.
\ir register/fixture.sql
\set trials 80
\ir register/any_table.sql
SELECT * FROM finish();
