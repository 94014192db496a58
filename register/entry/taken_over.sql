-- Registers that another system kept, taken over.

CREATE FUNCTION take_over(days daterange, reason text, decided_by text, title text, schools integer[] DEFAULT NULL)
    RETURNS SETOF bigint
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    INSERT INTO taken_over (school_urn, days, reason, decided_by, title)
    SELECT s.school_urn, take_over.days, take_over.reason, take_over.decided_by, take_over.title
    FROM (
        SELECT NULL::integer AS school_urn WHERE take_over.schools IS NULL
        UNION
        SELECT u.school_urn FROM unnest(take_over.schools) AS u (school_urn)) AS s
    WHERE known_schools(take_over.schools) AND known(cardinality(take_over.schools) > 0 IS NOT false
            AND array_position(take_over.schools, NULL) IS NULL,
        'schools are none, or have one that is NULL', 'Leave schools out for all of them.')
    ORDER BY s.school_urn
    RETURNING taken_over_id;
END;
COMMENT ON FUNCTION take_over(daterange, text, text, text, integer[]) IS
'Begins to take days over from another system, in the name of a person with a title, for a reason, of some schools or '
'(NULL) of all: a row of taken_over for each, whose number is returned. Until ended_by is given there, what breaks a '
'rule on these days is recorded instead of refused, but for changes. 22023 for a school that is not there or NULL, and '
'for an array without any; 23514 for days to come, none, or without words, 23502 for NULL';
