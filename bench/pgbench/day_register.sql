-- The day of a class of 30: some day of the first six weeks.
\set class random(0, :classes - 1)
\set day random(0, 5) * 7 + random(0, 4)
SELECT pupil_id, session, mark FROM year.mark
WHERE school_urn = 200001 + :class / 14 AND pupil_id BETWEEN :class * 30 + 1 AND :class * 30 + 30
    AND day = '2025-09-08'::date + :day::int;
