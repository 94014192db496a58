-- The regulations as data, and what a school has decided about the rules.

CREATE TABLE regime (
    regime text PRIMARY KEY,
    instrument text NOT NULL,
    from_day date NOT NULL UNIQUE,
    to_day date CHECK (to_day >= from_day),
    retention_years integer NOT NULL,
    backup_retention_years integer NOT NULL,
    -- may be set longer, never shorter than the law
    CONSTRAINT regime_keeps_entries CHECK (retention_years >= CASE WHEN from_day < '2024-08-19' THEN 3 ELSE 6 END),
    CONSTRAINT regime_keeps_backups
        CHECK (backup_retention_years >= CASE WHEN from_day < '2024-08-19' THEN 3 ELSE 6 END)
);
COMMENT ON TABLE regime IS
'The Regulations that registers are kept by, and for how many years: 3 for entries made under those of 2006, 6 for '
'those of 2024. The years may be set longer';
COMMENT ON COLUMN regime.retention_years IS
'Years for which an entry is kept, from the day it was made. Many keep six for all, as the rule for entries that were '
'still held in August 2024 is not beyond doubt';
COMMENT ON COLUMN regime.backup_retention_years IS
'Years for which a back-up is kept, from the end of the school year that it covers';
INSERT INTO regime VALUES
    ('2006', 'Education (Pupil Registration) (England) Regulations 2006, SI 2006/1751', '2006-09-01', '2024-08-18', 3,
        3),
    ('2024', 'School Attendance (Pupil Registration) (England) Regulations 2024, SI 2024/208', '2024-08-19', NULL, 6,
        6);

CREATE TABLE requirement (
    mark session_mark NOT NULL,
    requirement text NOT NULL CHECK (requirement IN ('leave', 'licence', 'study leave', 'part-time timetable',
        'nature', 'compulsory school age', 'not compulsory school age', 'other school', 'not on roll',
        'school closed')),
    from_day date NOT NULL DEFAULT '1900-01-01',
    to_day date NOT NULL DEFAULT '2999-12-31',
    regulation text NOT NULL,
    PRIMARY KEY (mark, requirement, from_day),
    CHECK (to_day >= from_day),
    -- presence needs nothing but a name on the roll
    CONSTRAINT requirement_not_of_presence CHECK (NOT (mark = '/' OR mark = '\'))
);
COMMENT ON TABLE requirement IS
'What a code needs beside itself, by session date; the rules on marks read it. Corrections of the law are rows here';
INSERT INTO requirement (mark, requirement, from_day, to_day, regulation) VALUES
    ('C', 'leave', '2013-09-01', DEFAULT, '2024 reg 11; 2006 reg 7(1A)'),
    ('H', 'leave', DEFAULT, '2024-08-18', '2006 reg 7'),
    ('F', 'leave', DEFAULT, '2013-08-31', '2006 reg 7(3)-(4)'),
    ('M', 'leave', '2024-08-19', DEFAULT, '2024 reg 10(3) table 3'),
    ('J1', 'leave', DEFAULT, DEFAULT, '2024 reg 11(4)'),
    ('C1', 'leave', DEFAULT, DEFAULT, '2024 reg 11(2)'),
    ('C1', 'licence', DEFAULT, DEFAULT, '2024 reg 11(2)'),
    ('S', 'study leave', DEFAULT, DEFAULT, '2024 reg 11(5)'),
    ('C2', 'part-time timetable', DEFAULT, DEFAULT, '2024 reg 11(6)'),
    ('C2', 'compulsory school age', DEFAULT, DEFAULT, '2024 reg 11(6)'),
    ('X', 'not compulsory school age', DEFAULT, '2020-05-31', '2006 reg 6'),
    -- from June 2020 to April 2022 X also stood for pupils of any age kept away by coronavirus
    ('X', 'not compulsory school age', '2022-04-19', DEFAULT, '2024 reg 10(3), 11(7)'),
    ('X01', 'not compulsory school age', DEFAULT, DEFAULT, '2006 reg 6'),
    ('B', 'nature', DEFAULT, DEFAULT, '2024 reg 10; 2006 reg 6(1)(c)'),
    ('K', 'nature', DEFAULT, DEFAULT, '2024 reg 10'),
    ('Y', 'nature', DEFAULT, '2024-08-18', '2006 reg 6(1)(d)'),
    ('Y7', 'nature', DEFAULT, DEFAULT, '2024 reg 10'),
    ('D', 'other school', DEFAULT, DEFAULT, '2024 reg 10(3)'),
    ('Z', 'not on roll', DEFAULT, DEFAULT, '2024 reg 10(3)'),
    ('#', 'school closed', '2024-08-19', DEFAULT, '2024 reg 10(3)');

CREATE TABLE code_label (
    edition text NOT NULL,
    mark session_mark NOT NULL,
    label text NOT NULL,
    PRIMARY KEY (edition, mark)
);
COMMENT ON TABLE code_label IS
'What an edition of the guidance or the statistics calls a code, where that is not mark_description()';
INSERT INTO code_label VALUES
    ('statistics', 'N', 'No reason yet provided'),
    ('2024', 'N', 'Circumstances not yet established'),
    ('2026', 'N', 'Reason for absence not yet established'),
    ('2006', '#', 'Planned whole or partial school closure'),
    ('2006', 'J', 'At an interview with a prospective employer or another educational establishment'),
    ('2006', 'H', 'Family holiday agreed'),
    ('2006', 'C', 'Authorised absence not covered by another code'),
    ('2006', 'D', 'Dual registered, expected at the other school');

CREATE TABLE rule_setting (
    school_urn urn NOT NULL REFERENCES school,
    rule text NOT NULL,
    action text NOT NULL CHECK (action IN ('refuse', 'record')),
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (school_urn, rule)
);
COMMENT ON TABLE rule_setting IS
'Where a school differs from the default of a rule (register_rules()): refuse a breach, or record and list it';

CREATE TRIGGER guard_rule_setting BEFORE INSERT OR UPDATE ON rule_setting
    FOR EACH ROW EXECUTE FUNCTION guard_rule_setting();
