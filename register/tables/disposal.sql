-- Retention and disposal: a school's year of marks goes as a whole when its last entry has been kept long
-- enough; records go one by one, or those of a pupil together.

CREATE TABLE disposal (
    disposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    school_urn integer REFERENCES school,
    academic_year integer,
    disposed_by text NOT NULL CHECK (has_words(disposed_by)),
    title text NOT NULL CHECK (has_words(title)),
    ground text NOT NULL CHECK (has_words(ground)),
    lines bigint,
    records jsonb,
    entries bigint,
    first_entry bigint,
    last_entry bigint,
    entries_until timestamptz,
    digest text,
    hashes bytea[],
    followed bytea[],
    entered_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT disposal_year_of_school CHECK (school_urn IS NOT NULL OR academic_year IS NULL)
);
COMMENT ON TABLE disposal IS
'Proof of what was disposed of: a school''s academic year of marks, or records of a school or of no single school, '
'with their entries in the journal. The columns from lines to followed are filled in';
COMMENT ON COLUMN disposal.school_urn IS 'NULL for records of no single school, such as pupils';
COMMENT ON COLUMN disposal.academic_year IS 'The year whose marks went; NULL if it was records';
COMMENT ON COLUMN disposal.ground IS 'Why and on what authority, such as the retention schedule of the school';
COMMENT ON COLUMN disposal.lines IS 'How many lines of marks';
COMMENT ON COLUMN disposal.records IS 'How many rows of each table';
COMMENT ON COLUMN disposal.entries_until IS 'When the newest of the entries was made';
COMMENT ON COLUMN disposal.digest IS 'SHA-256 of the hashes of the entries, in order';
COMMENT ON COLUMN disposal.hashes IS
'The hashes of the entries, in order: with them the chain of what is left can be verified, and a digest that was kept '
'is recognised';
COMMENT ON COLUMN disposal.followed IS 'Hashes of entries that are left and that the removed ones followed';

CREATE TRIGGER guard_disposal BEFORE INSERT ON disposal
    FOR EACH ROW EXECUTE FUNCTION guard_disposal();
-- what was disposed of does not become another year
CREATE TRIGGER refuse_update BEFORE UPDATE ON disposal
    FOR EACH ROW EXECUTE FUNCTION refuse_removal();

CREATE TABLE disposal_item (
    school_urn integer,
    unit text,
    key text,
    PRIMARY KEY (school_urn, unit, key)
);
COMMENT ON TABLE disposal_item IS 'What a disposal of records is removing; empty when it is done';
COMMENT ON COLUMN disposal_item.school_urn IS '0 for what is not of one school, as in the journal';
COMMENT ON COLUMN disposal_item.unit IS 'As in record_kinds(), or journal for an entry in it';

CREATE TRIGGER guard_disposal_item_insert AFTER INSERT ON disposal_item REFERENCING NEW TABLE AS new_item
    FOR EACH STATEMENT EXECUTE FUNCTION guard_disposal_item();
CREATE TRIGGER guard_disposal_item_update AFTER UPDATE ON disposal_item REFERENCING NEW TABLE AS new_item
    FOR EACH STATEMENT EXECUTE FUNCTION guard_disposal_item();
