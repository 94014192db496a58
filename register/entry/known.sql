-- Schools that somebody asks about are there; register/reports/known.sql has the rest of its kind.

CREATE FUNCTION known_schools(schools integer[]) RETURNS boolean
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT known(count(*) = 0, format('the register has no school %s', string_agg(a.urn::text, ', ' ORDER BY a.urn)),
        'The table school has those that there are, by their URN.')
    FROM unnest(schools) AS a (urn)
    WHERE a.urn IS NOT NULL AND NOT EXISTS (SELECT FROM school s WHERE s.urn = a.urn);
END;
COMMENT ON FUNCTION known_schools(integer[]) IS
'True if the register has all of some schools, given by their URNs, and for NULL. 22023, with those that it has not, '
'otherwise';
