-- Retention and disposal: a school's year goes as a whole when its last entry has been kept long enough.

CREATE TABLE disposal (
    disposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    school_urn urn NOT NULL REFERENCES school,
    academic_year integer NOT NULL,
    disposed_by text NOT NULL CHECK (disposed_by ~ '\S'),
    title text NOT NULL CHECK (title ~ '\S'),
    ground text NOT NULL CHECK (ground ~ '\S'),
    lines bigint,
    entries bigint,
    first_entry bigint,
    last_entry bigint,
    entries_until timestamptz,
    digest text,
    boundary bytea[],
    followed bytea[],
    entered_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE disposal IS
'Proof of what was disposed of: one row for a school''s academic year, whose lines and journal entries are removed by it. The columns from lines to followed are filled in';
COMMENT ON COLUMN disposal.ground IS 'Why and on what authority, such as the retention schedule of the school';
COMMENT ON COLUMN disposal.entries_until IS 'When the newest of the entries was made';
COMMENT ON COLUMN disposal.digest IS 'SHA-256 of the hashes of the entries, in order';
COMMENT ON COLUMN disposal.followed IS 'Hashes of entries that are left and that the removed ones followed';
COMMENT ON COLUMN disposal.boundary IS 'Hashes of those entries that others follow: with them the chain of what is left can be verified';

CREATE TRIGGER guard_disposal BEFORE INSERT ON disposal
    FOR EACH ROW EXECUTE FUNCTION guard_disposal();

CREATE FUNCTION disposal_due(as_of timestamptz DEFAULT now())
    RETURNS TABLE (school_urn integer, academic_year integer, lines bigint, entries bigint, last_entered_at timestamptz,
        kept_until timestamptz, due boolean)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT d.school_urn, d.academic_year, d.lines, d.entries, d.last_entered_at, d.kept_until, d.kept_until <= as_of
    FROM register_retention('register_line'::regclass) d
    ORDER BY d.kept_until, 1, 2;
END;
COMMENT ON FUNCTION disposal_due(timestamptz) IS
'The academic years of each school with the time until which their entries are kept, and whether they are due for disposal at a time (now if none is given). Regulations 2024, regulation 7';

CREATE FUNCTION dispose(school_urn integer, academic_year integer, disposed_by text, title text, ground text)
    RETURNS bigint
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT dispose_of('register_line'::regclass, school_urn, academic_year, disposed_by, title, ground);
END;
COMMENT ON FUNCTION dispose(integer, integer, text, text, text) IS
'Removes the lines of a school''s academic year and their entries in the journal, and leaves a row in disposal; returns its number. AT023 before the last of the entries has been kept for the years that the Regulations ask for, with the time until which it is; 23502 without a name, title or ground';
