-- As the pages for trusts and authorities have it.
SELECT page_cohorts(:'period', :'population', :'schools'::integer[], nullif(:'threshold', '')::integer) AS cohorts
