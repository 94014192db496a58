-- What is known of pupils beside the register, with dates: by it reports compare groups.

CREATE TABLE characteristic (
    characteristic text PRIMARY KEY,
    label text NOT NULL,
    question text NOT NULL,
    characteristic_key integer GENERATED ALWAYS AS IDENTITY UNIQUE CHECK (characteristic_key < 126)
);
COMMENT ON TABLE characteristic IS 'By what reports can group pupils; add rows for those of your own';
COMMENT ON COLUMN characteristic.question IS 'What its value says of a pupil';
COMMENT ON COLUMN characteristic.characteristic_key IS 'Number of which the views for BI make their keys';
INSERT INTO characteristic VALUES
    ('fsm', 'Free school meals', 'Y if eligible on the day'),
    ('fsm6', 'Free school meals in the last six years', 'Y if eligible at any time in the last six years'),
    ('pupil premium', 'Pupil premium', 'Y if the school is paid the pupil premium'),
    ('sen', 'Special educational needs', 'K: SEN support, E: education, health and care plan; no row: none'),
    ('sen need', 'Primary SEN need', 'Code of the need, such as SEMH'),
    ('eal', 'English as an additional language', 'Y if the first language is known or believed to be other than English'),
    ('ethnicity', 'Ethnicity', 'Code of the school census, such as WBRI'),
    ('looked after', 'Looked-after child', 'Y if looked after by a local authority'),
    ('previously looked after', 'Previously looked-after child', 'Y if adopted, or under special guardianship, from care'),
    ('social worker', 'Social worker', 'CIN: child in need, CP: child protection plan'),
    ('young carer', 'Young carer', 'Y if a young carer'),
    ('medical condition', 'Medical condition', 'Y if a long-term physical or mental health condition is known'),
    ('service child', 'Service child', 'Y if a parent serves in the armed forces');

CREATE TABLE pupil_characteristic (
    pupil_id bigint NOT NULL REFERENCES pupil,
    characteristic text NOT NULL REFERENCES characteristic,
    value text NOT NULL DEFAULT 'Y' CHECK (value ~ '\S'),
    from_day date NOT NULL,
    to_day date CHECK (to_day >= from_day),
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
CREATE INDEX ON pupil_characteristic (characteristic, pupil_id);
