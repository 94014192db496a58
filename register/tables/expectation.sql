-- What the guidance expects of schools, trusts and authorities, a row for each expectation: law as rows.

CREATE TABLE expectation (
    expectation text PRIMARY KEY CHECK (expectation ~ '^[A-Z][0-9]+([.][0-9]+)?$'),
    bearer text NOT NULL CHECK (bearer IN ('school', 'trust', 'local authority')),
    says text NOT NULL CHECK (has_words(says)),
    source text NOT NULL CHECK (has_words(source)),
    edition text NOT NULL CHECK (has_words(edition)),
    shown_by text NOT NULL CHECK (shown_by IN ('register', 'record', 'statement')),
    measure text CHECK (has_words(measure)),
    office text,
    every interval CHECK (every > interval '0'),
    school_types text[] CHECK (cardinality(school_types) > 0 AND array_position(school_types, NULL) IS NULL),
    from_day date NOT NULL DEFAULT '2022-05-06',
    to_day date NOT NULL DEFAULT '2999-12-31',
    confirmed boolean NOT NULL DEFAULT true,
    CONSTRAINT expectation_days CHECK (to_day >= from_day),
    -- the register decides by a measure of it or by who holds an office, not from somebody's word
    CONSTRAINT expectation_shown CHECK (CASE WHEN shown_by = 'statement' THEN num_nonnulls(measure, office) = 0
        WHEN shown_by = 'register' THEN measure IS NOT NULL AND office IS NULL
        ELSE num_nonnulls(measure, office) < 2 END)
);
COMMENT ON TABLE expectation IS
'What Working together to improve school attendance expects, of whom, and how it is shown: guidance_checklist() goes '
'through them. Corrections of the guidance are rows here';
COMMENT ON COLUMN expectation.expectation IS
'Its number, such as S2.1: S of schools, T of trusts and governing bodies, L of local authorities';
COMMENT ON COLUMN expectation.edition IS 'The edition that has it: 2022, 2024, or both';
COMMENT ON COLUMN expectation.shown_by IS
'register: what the register holds for other reasons shows it; record: a row of evidence, of office_holder or of a '
'case does; statement: no data can show it, somebody attests it in evidence';
COMMENT ON COLUMN expectation.measure IS
'What of the register decides it, a name of guidance_measure; NULL: a row of evidence, or the holder of the office';
COMMENT ON COLUMN expectation.office IS 'The office that has to have a holder (office_holder)';
COMMENT ON COLUMN expectation.every IS 'How often it is done; NULL for once';
COMMENT ON COLUMN expectation.school_types IS 'Of schools of these types alone; NULL for all';
COMMENT ON COLUMN expectation.confirmed IS
'Whether it was read in the guidance or the Department''s presentation of it; otherwise it is from memory';
