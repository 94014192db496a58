-- Whether a text says something.

CREATE FUNCTION has_words(words text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_has_words' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION has_words(text) IS
'Whether a text has a letter or digit, of any script: names, titles and reasons have one. The same whatever the '
'collation; in encodings other than UTF-8 all that is not ASCII counts as a letter. NULL for NULL';
