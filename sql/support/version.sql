-- The versions of the two halves of the extension.

CREATE FUNCTION attendance_version(OUT library text, OUT extension text)
    AS 'MODULE_PATHNAME', 'att_version' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION attendance_version() IS
'The version of the library that this session has loaded, and that of the extension in this database: ALTER EXTENSION '
'attendance UPDATE makes them the same after the library was installed';
