\echo
\echo '### Answers that differ from those of the packed register (none should)'
\echo
SELECT DISTINCT test, peer, hash FROM answer a
WHERE hash <> (SELECT hash FROM answer p WHERE p.test = a.test AND p.peer IN ('packed', 'one process') LIMIT 1) OR hash LIKE 'error%';
\echo
SELECT count(*) AS "answers compared" FROM answer;
