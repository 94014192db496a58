-- Disposal goes by what is there now, not by an old snapshot.
\ir register/fixture.sql
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT * FROM no_plan();
SELECT throws_ok('SELECT r.dispose_records(100001, ''x'', ''y'', ''z'')', '55000', 'nothing is disposed of in a transaction of isolation level REPEATABLE READ: use READ COMMITTED');
SELECT throws_ok('SELECT r.dispose(100001, 2025, ''x'', ''y'', ''z'')', '55000', NULL, 'nor a year');
SELECT * FROM finish();
ROLLBACK;
