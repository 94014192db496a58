-- Facts about pupils and schools: identifiers and compulsory school age.

CREATE FUNCTION upn_is_valid(upn text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_upn_is_valid' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION upn_is_valid(upn text) IS
'Whether the text is a unique pupil number, permanent or temporary, with the right check letter; whether its local '
'authority exists is not looked at. NULL for NULL';

CREATE DOMAIN upn AS text CONSTRAINT upn_is_valid CHECK (upn_is_valid(VALUE));
COMMENT ON DOMAIN upn IS 'Unique pupil number: 13 characters with a check letter; 23514 if it is not right';
CREATE DOMAIN urn AS integer CONSTRAINT urn_has_six_digits CHECK (VALUE BETWEEN 100000 AND 999999);
COMMENT ON DOMAIN urn IS 'Unique reference number of a school: six digits; 23514 if it is not right';
CREATE DOMAIN laestab AS text CONSTRAINT laestab_has_seven_digits CHECK (VALUE ~ '^[0-9]{7}$');
COMMENT ON DOMAIN laestab IS
'Local authority number (three digits) and establishment number (four): seven digits; 23514 if it is not right';

CREATE FUNCTION birth_cohort(date_of_birth date) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- eight months earlier those of a cohort are born in one calendar year
    RETURN CASE WHEN isfinite(date_of_birth) THEN extract(year FROM date_of_birth - interval '8 months')::integer END;
COMMENT ON FUNCTION birth_cohort(date) IS
'The year from whose 1 September on somebody was born, within twelve months: pupils of one school year have it alike. '
'NULL for NULL, and infinity';

CREATE FUNCTION compulsory_school_age(date_of_birth date, school_year_start date DEFAULT NULL) RETURNS daterange
    AS 'MODULE_PATHNAME', 'att_compulsory_school_age' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2;
COMMENT ON FUNCTION compulsory_school_age(date_of_birth date, school_year_start date) IS
'The days on which somebody is of compulsory school age: from the prescribed day (31 March, 31 August, 31 December) on '
'or after the fifth birthday to the last Friday in June of the school year in which they become 16. The second '
'argument is the first day of the school year that begins in the year of the sixteenth birthday; NULL is 1 September. '
'NULL for a NULL date of birth; 22008 for a date outside 1900 to 2999. Education Act 1996, section 8';
