-- The journal: every entry ever made, chained by hash for each school.

CREATE SEQUENCE journal_entry_id_seq;

CREATE TABLE journal (
    entry_id bigint NOT NULL,
    entered_at timestamptz NOT NULL,
    school_urn integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('marks', 'records', 'disposal')),
    login text NOT NULL,
    entered_by text,
    title text,
    reason text,
    previous bytea NOT NULL,
    payload bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (school_urn, entry_id),
    CONSTRAINT journal_hash CHECK (hash = journal_hash(school_urn, entry_id, entered_at, kind, login,
        entered_by, title, reason, previous, payload))
);
COMMENT ON TABLE journal IS
'Every entry in the registers, as it was made: only the triggers of the register write it. What a statement entered at '
'a school is one row';
COMMENT ON COLUMN journal.entered_at IS 'When the entry was made; it never goes back along the chain';
COMMENT ON COLUMN journal.school_urn IS
'The school in whose chain the entry is; 0 for what is not of one school, as a pupil''s name';
COMMENT ON COLUMN journal.login IS 'The role that was logged in';
COMMENT ON COLUMN journal.entered_by IS
'The person whose entry it is, where that was given; NULL as title and reason if not';
COMMENT ON COLUMN journal.previous IS 'The hashes of the entries that this one follows, 32 bytes each';
COMMENT ON COLUMN journal.payload IS 'The marks that changed, see journal_changes(); or rows as JSON, old and new';
COMMENT ON COLUMN journal.hash IS 'SHA-256 of all other columns: journal_hash()';
CREATE INDEX journal_entered_at ON journal USING brin (entered_at);

ALTER SEQUENCE journal_entry_id_seq OWNED BY journal.entry_id;

CREATE TABLE journal_head (
    school_urn integer NOT NULL,
    head_id bigint NOT NULL,
    entry_id bigint NOT NULL,
    entered_at timestamptz NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (school_urn, head_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE journal_head IS
'The newest entries of each school, which its next entry will follow; more than one if they were made at the same '
'moment';

CREATE TRIGGER refuse_removal BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
