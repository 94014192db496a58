-- The year of a pupil, as rows.
\set p random(1, :pupils)
SELECT m.day, m.session, m.mark FROM year.register_line l, marks(l.marks) m
WHERE l.pupil_id = :p AND l.academic_year = 2025;
