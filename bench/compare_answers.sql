\echo
\echo '### Answers that differ from those of the packed register (none should)'
\echo
TABLE differing_answer;
\echo
SELECT count(*) AS "answers compared" FROM answer;
