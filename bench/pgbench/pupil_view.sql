-- The year of a pupil, as rows, through the view.
\set p random(1, :pupils)
SELECT day, session, mark FROM year.mark WHERE pupil_id = :p;
