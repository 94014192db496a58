-- placed: the picture that each table of a register named "register" is in, by the purpose of register_rights() that it
-- is written for, or else read: the first that fits.  For register-reference.sql and register-pictures.sql.
CREATE TEMP VIEW placed AS
SELECT DISTINCT ON (c.oid) c.oid, c.relname, p.picture
FROM pg_class c
    -- what something was before is beside what it is
    JOIN register_rights() r ON r.relation = regexp_replace(c.relname, '_former$', '')
    JOIN (VALUES ('setup', 1, 'setup'), ('federation', 1, 'setup'), ('admission', 2, 'admission'),
        ('marks', 3, 'marks'), ('registers', 3, 'marks'), ('leave', 4, 'leave'), ('access', 5, 'access'),
        ('audit', 6, 'audit'), ('legal', 7, 'legal'), ('support', 8, 'support'), ('benchmarks', 9, 'benchmarks'),
        ('law', 10, 'law')) AS p (purpose, rank, picture) USING (purpose)
WHERE c.relnamespace = 'register'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.oid, r.privileges LIKE '%INSERT%' DESC, p.rank;
