-- The k-th amendment of a whole school, by one statement: both sessions of a day of the first six weeks become what
-- they were not.
\set k :k + 1
\set school :k % :schools
\set day :k / :schools % 6 * 7 + :k / :schools / 6 % 5
\set code :turn * 2 - 1 + :k / :schools / 30 % 2
UPDATE year_rows SET mark = 'Y' || :code
WHERE school_urn = 200001 + :school AND day = '2025-09-08'::date + :day::int;
