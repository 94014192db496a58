-- Disposal of what has been kept long enough.

CREATE FUNCTION dispose(school_urn integer, academic_year integer, disposed_by text, title text, ground text)
    RETURNS bigint
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT dispose_of('register_line'::regclass, school_urn, academic_year, disposed_by, title, ground);
END;
COMMENT ON FUNCTION dispose(integer, integer, text, text, text) IS
'Removes the lines of a school''s academic year and their entries in the journal, and leaves a row in disposal; '
'returns its number. AT023 before the last of the entries has been kept for the years that the Regulations ask for, '
'with the time until which it is; 23502 without a name, title or ground';

CREATE FUNCTION dispose_records(school_urn integer, disposed_by text, title text, ground text)
    RETURNS bigint
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT dispose_of('register_line'::regclass, school_urn, NULL, disposed_by, title, ground);
END;
COMMENT ON FUNCTION dispose_records(integer, text, text, text) IS
'Removes the records of a school that are due, or with NULL those of no single school, such as pupils whom no school '
'has any more, and their entries in the journal, and leaves a row in disposal; returns its number. AT023 if none is '
'due; 23502 without a name, title or ground';
