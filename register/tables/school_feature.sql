-- What schools are alike in.

CREATE TABLE school_feature (
    school_urn integer NOT NULL REFERENCES school,
    feature text NOT NULL CHECK (has_words(feature)),
    value numeric NOT NULL CHECK (value <> 'NaN'),
    source text,
    PRIMARY KEY (school_urn, feature)
);
COMMENT ON TABLE school_feature IS
'What is known of schools beside their registers, by which similar ones are found: idaci, rural, share of a need ... A '
'value for a feature that is also computed from the register (school_features) takes its place';
COMMENT ON COLUMN school_feature.source IS 'Where the value is from, and of when';
