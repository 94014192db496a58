-- Of all cases in which peers were measured beside each other.
\echo
\echo '### Medians, and how many times as good as each peer the register is (and by the best turns)'
\echo
SELECT test AS case, peer, unit, runs, shown(median) AS median, shown(best) AS best, round(ratio::numeric, 1) AS ratio,
    round(ratio_of_best::numeric, 1) AS "of best"
FROM compared ORDER BY test, unit, peer NOT IN ('packed', 'register'), ratio;
