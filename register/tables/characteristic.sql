-- What is known of pupils beside the register, with dates: by it reports compare groups.

CREATE TABLE characteristic (
    characteristic text PRIMARY KEY,
    label text NOT NULL,
    question text NOT NULL,
    value_list text[] CHECK (cardinality(value_list) > 0 AND array_position(value_list, NULL) IS NULL),
    characteristic_key integer GENERATED ALWAYS AS IDENTITY UNIQUE CHECK (characteristic_key < 126)
);
COMMENT ON TABLE characteristic IS 'By what reports can group pupils; add rows for those of your own';
COMMENT ON COLUMN characteristic.question IS 'What its value says of a pupil';
COMMENT ON COLUMN characteristic.value_list IS
'The values that it may have; NULL if it may have any, such as the codes of a set that grows';
COMMENT ON COLUMN characteristic.characteristic_key IS 'Number of which the views for BI make their keys';
INSERT INTO characteristic VALUES
    ('fsm', 'Free school meals', 'Y if eligible on the day', '{Y}'),
    ('fsm6', 'Free school meals in the last six years', 'Y if eligible at any time in the last six years', '{Y}'),
    ('pupil premium', 'Pupil premium', 'Y if the school is paid the pupil premium', '{Y}'),
    ('sen', 'Special educational needs', 'K: SEN support, E: education, health and care plan; no row: none', '{K,E}'),
    ('sen need', 'Primary SEN need', 'Code of the need, such as SEMH', NULL),
    ('eal', 'English as an additional language',
        'Y if the first language is known or believed to be other than English', '{Y}'),
    ('ethnicity', 'Ethnicity', 'Code of the school census, such as WBRI', NULL),
    ('looked after', 'Looked-after child', 'Y if looked after by a local authority', '{Y}'),
    ('previously looked after', 'Previously looked-after child',
        'Y if adopted, or under special guardianship, from care', '{Y}'),
    ('social worker', 'Social worker', 'CIN: child in need, CP: child protection plan', '{CIN,CP}'),
    ('young carer', 'Young carer', 'Y if a young carer', '{Y}'),
    ('medical condition', 'Medical condition', 'Y if a long-term physical or mental health condition is known', '{Y}'),
    ('service child', 'Service child', 'Y if a parent serves in the armed forces', '{Y}');

CREATE TABLE pupil_characteristic (
    pupil_id bigint NOT NULL REFERENCES pupil,
    characteristic text NOT NULL REFERENCES characteristic,
    value text NOT NULL DEFAULT 'Y' CONSTRAINT pupil_characteristic_value CHECK (has_words(value)),
    from_day date NOT NULL,
    to_day date CONSTRAINT pupil_characteristic_days CHECK (to_day >= from_day),
    value_key integer GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (pupil_id, characteristic, from_day),
    -- one value at a time; text is compared by its hash, the pupil exactly
    CONSTRAINT pupil_characteristic_no_overlap EXCLUDE USING gist (
        box(point(pupil_id, hashtext(characteristic)), point(pupil_id, hashtext(characteristic))) WITH &&,
        daterange(from_day, to_day, '[]') WITH &&)
);
COMMENT ON TABLE pupil_characteristic IS
'What is known of a pupil and from when to when. A pupil without a row has not the characteristic';
COMMENT ON COLUMN pupil_characteristic.value IS 'Y, or one of those that characteristic.question names';
COMMENT ON COLUMN pupil_characteristic.value_key IS
'Number of the row; the least of those with a value is the key of that value in the views for BI';
COMMENT ON COLUMN pupil_characteristic.to_day IS 'Last day; NULL while it holds';
COMMENT ON CONSTRAINT pupil_characteristic_value ON pupil_characteristic IS 'a value is needed';
COMMENT ON CONSTRAINT pupil_characteristic_days ON pupil_characteristic IS 'to_day is not before from_day';
COMMENT ON CONSTRAINT pupil_characteristic_no_overlap ON pupil_characteristic IS
'the register has another value of the characteristic for the pupil at that time';
CREATE INDEX ON pupil_characteristic (characteristic, pupil_id);

CREATE TRIGGER guard_characteristic_value AFTER INSERT ON pupil_characteristic REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION guard_characteristic_value();
CREATE TRIGGER guard_characteristic_value_change AFTER UPDATE ON pupil_characteristic REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION guard_characteristic_value();
