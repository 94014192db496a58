-- The year of a pupil.
\set p random(1, :pupils)
SELECT day, session, mark FROM year_rows WHERE pupil_id = :p;
