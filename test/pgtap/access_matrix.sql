-- Who does what with which rows: register/access_matrix.sql.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
\set all false
\ir register/access_matrix.sql
SELECT * FROM finish();
ROLLBACK;
