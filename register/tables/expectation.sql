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
COMMENT ON COLUMN expectation.bearer IS
'Of whom it is expected; trust: a trust, or the governing body of a school without one';
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
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, office, every)
SELECT v.expectation, 'school', v.says, 'Working together to improve school attendance, part 2: schools', 'both',
    v.shown_by, v.measure, v.office, v.every::interval
FROM (VALUES
    ('S1.1', 'Attendance is part of the vision and values of the whole school', 'statement', NULL, NULL, '1 year'),
    ('S1.2', 'Attendance is part of the plans for school improvement', 'record', NULL, NULL, '1 year'),
    ('S1.3', 'A member of the senior leadership team is champion of attendance', 'record', NULL, 'senior champion',
        NULL),
    ('S1.4', 'Pastoral support for attendance has the people it takes', 'record', NULL, 'pastoral contact', NULL),
    ('S1.5', 'Expectations of attendance and punctuality are high', 'statement', NULL, NULL, '1 year'),
    ('S1.6', 'Absence is seen as a sign that a child may be at risk: for every severely absent pupil it was considered',
        'register', 'safeguarding considered', NULL, NULL),
    ('S1.7', 'The safeguarding lead is known, and takes part', 'record', NULL, 'safeguarding lead', NULL),
    ('S1.8', 'Staff know what is done when a child is missing education', 'record', NULL, NULL, '1 year'),
    ('S2.1', 'A written attendance policy is in force', 'record', NULL, NULL, NULL),
    ('S2.2', 'The policy is published on the website of the school', 'record', NULL, NULL, NULL),
    ('S2.3', 'Leaders, staff, pupils and parents understand the policy', 'statement', NULL, NULL, '1 year'),
    ('S2.4', 'The policy says what is expected of pupils and parents', 'record', NULL, NULL, NULL),
    ('S2.5', 'The policy says how attendance is managed from day to day', 'record', NULL, NULL, NULL),
    ('S2.6', 'The policy has name and contact of the senior champion and of pastoral staff', 'record', NULL, NULL,
        NULL),
    ('S2.7', 'The policy says how good and improved attendance is encouraged', 'record', NULL, NULL, NULL),
    ('S2.8', 'The policy says how data are used to target effort', 'record', NULL, NULL, NULL),
    ('S2.9', 'The policy says how persistently and severely absent pupils are supported', 'record', NULL, NULL, NULL),
    ('S2.10', 'The policy says when penalty notices and other legal measures are used', 'record', NULL, NULL, NULL),
    ('S3.1', 'The admission register has what the Regulations ask for', 'register', 'admission register', NULL, NULL),
    ('S3.2', 'The register is taken, and closed in time, at every session', 'register', 'registers taken', NULL, NULL),
    ('S3.3', 'Every pupil on the roll has a mark at every session', 'register', 'sessions marked', NULL, NULL),
    ('S3.6', 'A back-up of the registers is made every month', 'register', 'back-ups', NULL, NULL),
    ('S3.7', 'Leave is decided by somebody who is authorised, before it begins', 'register', 'leave', NULL, NULL),
    ('S3.8', 'Absence is followed up: the family is asked on the days for which no reason is known', 'register',
        'absence followed up', NULL, NULL),
    ('S3.9', 'Parents are told regularly about attendance and absence', 'register', 'parents told', NULL, '4 months'),
    ('S4.1', 'Patterns of attendance are looked at every week', 'record', NULL, NULL, '7 days'),
    ('S4.2', 'Class and form teachers get lists of their pupils regularly', 'record', NULL, NULL, '1 month'),
    ('S4.3', 'Pupils who need support are found: every persistently absent one has a case', 'register',
        'cases', NULL, NULL),
    ('S4.4', 'The data of each half term are analysed', 'record', NULL, NULL, '2 months'),
    ('S4.5', 'The data of each term are analysed', 'record', NULL, NULL, '4 months'),
    ('S4.6', 'The data of each year are analysed', 'record', NULL, NULL, '1 year'),
    ('S4.7', 'Figures are compared with local, regional and national ones', 'record', NULL, NULL, '4 months'),
    ('S4.8', 'What is done follows from the data', 'record', NULL, NULL, '1 year'),
    ('S4.9', 'Whether what is done has an effect is looked at', 'record', NULL, NULL, '4 months'),
    ('S5.1', 'Families are listened to: the barriers of every persistently absent pupil were heard', 'register',
        'families heard', NULL, NULL),
    ('S5.2', 'Barriers are addressed with pupil and parents: every open case has agreed actions', 'register',
        'plans', NULL, NULL),
    ('S5.3', 'Barriers outside school are worked on with the authority and partners', 'record', NULL, NULL, '1 year'),
    ('S5.4', 'Support goes on until it helps: agreed actions are done when they are due', 'register', 'actions', NULL,
        NULL),
    ('S6.1', 'Conversations about health and special needs are held with care', 'statement', NULL, NULL, '1 year'),
    ('S6.2', 'Support for pupils with a medical condition or special needs is agreed with parents', 'record', NULL,
        NULL, '1 year'),
    ('S6.3', 'Barriers in school are removed for pupils with a medical condition or special needs', 'statement', NULL,
        NULL, '1 year'),
    ('S6.4', 'Pastoral care and support for special needs are joined up', 'record', NULL, 'SENCO', NULL),
    ('S6.5', 'A phased return is limited in time, and reviewed', 'register', 'part-time timetables', NULL, NULL),
    ('S6.6', 'The data of pupils with a medical condition or special needs are looked at regularly', 'record', NULL,
        NULL, '4 months'),
    ('S7.1', 'The school works with local groups', 'record', NULL, NULL, '1 year'),
    ('S7.2', 'The school works with other schools, above all when pupils move on', 'record', NULL, NULL, '1 year'),
    ('S7.3', 'Returns of irregular and continuous absence are made', 'register', 'attendance returns', NULL, NULL),
    ('S7.4', 'The authority is told of new pupils', 'register', 'new pupil returns', NULL, NULL),
    ('S7.5', 'The authority is told of deletions from the roll', 'register', 'deletion returns', NULL, NULL),
    ('S7.7', 'The school works with one contact of the authority', 'record', NULL, 'named contact', NULL),
    ('S8.1', 'A pupil''s social worker is told of unexplained absence', 'register', 'social workers told', NULL, NULL)
    ) AS v (expectation, says, shown_by, measure, office, every);
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, from_day, to_day) VALUES
    ('S3.4', 'school', 'Registers are retained for three years from the date of entry', 'Regulations 2006', '2022',
        'register', 'registers kept', '2022-05-06', '2024-08-18'),
    ('S7.8', 'school', 'The school has signed up to electronic data sharing',
        'Working together to improve school attendance, part 2: schools', '2022', 'record', NULL, '2022-05-06',
        '2024-08-18'),
    ('S3.5', 'school', 'Registers are retained for six years from the date of entry', 'Regulations 2024, regulation 7',
        '2024', 'register', 'registers kept', '2024-08-19', '2999-12-31'),
    ('S3.10', 'school', 'The reason for an absence is known within five school days',
        'Regulations 2024, regulation 10', '2024', 'register', 'absence explained', '2024-08-19', '2999-12-31'),
    ('S7.6', 'school', 'The authority is told of pupils who miss fifteen days because of sickness',
        'Regulations 2024, regulation 13', '2024', 'register', 'sickness returns', '2024-08-19', '2999-12-31'),
    ('S8.2', 'school', 'A pupil''s youth offending team worker is told of unexplained absence',
        'Working together to improve school attendance, 2024, paragraph 52', '2024', 'register',
        'youth offending team workers told', '2024-08-19', '2999-12-31');
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure) VALUES
    ('S9.1', 'school', 'A joint approach with the authority is agreed for every severely absent pupil',
        'Working together to improve school attendance, part 5: persistent and severe absence', 'both', 'register',
        'joint approach'),
    ('S9.2', 'school', 'Where several agencies act, one practitioner leads',
        'Working together to improve school attendance, part 5: persistent and severe absence', 'both', 'register',
        'lead practitioners'),
    ('S9.3', 'school', 'Support comes first: before any legal step there was support, or a reason why not',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'register',
        'support first');
-- what came in August 2024
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, every, school_types, from_day, confirmed)
SELECT v.expectation, 'school', v.says, v.source, '2024', v.shown_by, v.every::interval, v.school_types, '2024-08-19',
    v.confirmed
FROM (VALUES
    ('S9.4', 'The school has regard to the guidance, which is statutory', 'statement', '1 year', NULL::text[], true,
        'Working together to improve school attendance, 2024, status of the guidance'),
    ('S9.5', 'Attendance data are shared every day with the Department, the authority and the trust', 'record', NULL,
        '{Local authority maintained schools,Academies,Free schools,Special schools}', false, 'SI 2024/209'),
    ('S9.6', 'The policy is sent to parents when a pupil joins, and at the beginning of each year', 'record', '1 year',
        NULL, false, 'Working together to improve school attendance, 2024, chapter 2'),
    ('S9.7', 'The policy has the thresholds of the national framework for penalty notices', 'record', NULL,
        '{Local authority maintained schools,Academies,Free schools,Special schools}', false,
        'Working together to improve school attendance, 2024, chapter 6'),
    ('S9.8', 'A penalty notice is considered, case by case, for who reaches the national threshold', 'record',
        '4 months', '{Local authority maintained schools,Academies,Free schools,Special schools}', true,
        'Working together to improve school attendance, 2024, chapter 6'),
    ('S9.9', 'An independent school gives the attendance data that the Department asks for', 'record', '1 year',
        '{Independent schools}', false, 'Working together to improve school attendance, 2024, chapter 2')
    ) AS v (expectation, says, shown_by, every, school_types, confirmed, source);
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, office, every, confirmed)
SELECT v.expectation, 'trust', v.says,
    'Working together to improve school attendance, part 3: trusts and governing bodies', v.edition, v.shown_by,
    v.measure, v.office, v.every::interval, v.confirmed
FROM (VALUES
    ('T1.1', 'Attendance data are reviewed regularly', 'both', 'record', NULL, NULL, '4 months', true),
    ('T1.2', 'Trends are discussed and challenged', 'both', 'record', NULL, NULL, '4 months', true),
    ('T1.3', 'Leaders are helped to focus their effort', 'both', 'statement', NULL, NULL, '1 year', true),
    ('T1.4', 'A governor or trustee is responsible for attendance', '2024', 'record', NULL, 'attendance trustee', NULL,
        false),
    ('T2.1', 'Expectations of leaders are high', 'both', 'statement', NULL, NULL, '1 year', true),
    ('T2.2', 'Leaders are held to account for attendance', 'both', 'record', NULL, NULL, '1 year', true),
    ('T3.1', 'Expectations are high for all pupils', 'both', 'statement', NULL, NULL, '1 year', true),
    ('T3.2', 'Processes are adapted to the needs of groups of pupils, vulnerable children above all', 'both', 'record',
        NULL, NULL, '1 year', true),
    ('T4.1', 'Staff are trained on attendance', 'both', 'record', NULL, NULL, '1 year', true),
    ('T4.2', 'Staff with tasks of attendance are trained for them', '2024', 'record', NULL, NULL, '1 year', false),
    ('T5.1', 'It is decided which schools struggle, and a comprehensive action plan is agreed with their leaders',
        'both', 'record', NULL, NULL, '1 year', true),
    ('T6.1', 'Schools of a trust or federation share what works', 'both', 'record', 'practice shared', NULL, '1 year',
        true)) AS v (expectation, says, edition, shown_by, measure, office, every, confirmed);
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, office, every)
SELECT v.expectation, 'local authority', v.says,
    'Working together to improve school attendance, part 4: local authorities', 'both', v.shown_by, v.measure,
    v.office, v.every::interval
FROM (VALUES
    ('L1.1', 'Local attendance data are tracked rigorously', 'record', NULL, NULL, '2 months'),
    ('L1.2', 'A strategy for attendance is in force', 'record', NULL, NULL, NULL),
    ('L1.3', 'The strategy has priorities among pupils and cohorts', 'register', 'targets for cohorts', NULL, NULL),
    ('L1.4', 'The strategy has priorities among schools', 'register', 'targets for schools', NULL, NULL),
    ('L1.5', 'The strategy has priorities among neighbourhoods', 'register', 'targets for neighbourhoods', NULL, NULL),
    ('L1.6', 'The strategy has short-term aims', 'register', 'short-term aims', NULL, NULL),
    ('L1.7', 'The strategy has longer-term aims', 'register', 'longer-term aims', NULL, NULL),
    ('L1.8', 'Attendance is a focus of all frontline services', 'statement', NULL, NULL, '1 year'),
    ('L1.9', 'Staff and partners know their roles', 'statement', NULL, NULL, '1 year'),
    ('L1.10', 'Attendance is reviewed regularly with senior officers', 'record', NULL, NULL, '4 months'),
    ('L1.11', 'Attendance is reviewed regularly with elected members', 'record', NULL, NULL, '1 year'),
    ('L2.1', 'A School Attendance Support Team works with all schools, whatever their type', 'record', NULL,
        'attendance lead', NULL),
    ('L2.2', 'Communication and advice is free of charge for all schools', 'record', NULL, NULL, NULL),
    ('L2.3', 'Targeting support meetings are free of charge for all schools', 'record', NULL, NULL, NULL),
    ('L2.4', 'Multi-disciplinary support for families is free of charge for all schools', 'record', NULL, NULL, NULL),
    ('L2.5', 'Legal intervention is free of charge for all schools', 'record', NULL, NULL, NULL),
    ('L3.1', 'Every school has a named contact', 'register', 'named contacts', NULL, NULL),
    ('L3.2', 'It is clear how schools, the team and partners work together', 'record', NULL, NULL, NULL),
    ('L3.3', 'Schools have regular opportunities to share what works', 'record', NULL, NULL, '4 months'),
    ('L4.1', 'A targeting support meeting is held with every school each term', 'record', 'support meetings', NULL,
        '4 months'),
    ('L4.2', 'At the meetings pupils with barriers are identified: there are agreed actions', 'record',
        'actions of meetings', NULL, NULL),
    ('L4.3', 'At the meetings data are analysed for areas to focus on', 'record', 'figures of meetings', NULL, NULL),
    ('L5.1', 'Staff of the authority are trained on attendance', 'record', NULL, NULL, '1 year'),
    ('L5.2', 'The team works with health services', 'statement', NULL, NULL, '1 year'),
    ('L5.3', 'The team works with youth justice', 'statement', NULL, NULL, '1 year'),
    ('L5.4', 'The team works with the voluntary sector', 'statement', NULL, NULL, '1 year'),
    ('L5.5', 'The team works with early help', 'statement', NULL, NULL, '1 year'),
    ('L5.6', 'The team works with social care', 'statement', NULL, NULL, '1 year'),
    ('L5.7', 'The team works with educational psychologists', 'statement', NULL, NULL, '1 year'),
    ('L5.8', 'The team works with housing', 'statement', NULL, NULL, '1 year'),
    ('L5.9', 'The authority leads a family''s support where one of its services is best placed', 'statement', NULL,
        NULL, '1 year'),
    ('L5.10', 'Arrangements for sharing data are in force', 'record', NULL, NULL, NULL),
    ('L5.11', 'A family''s support has a single assessment', 'register', 'assessments', NULL, NULL),
    ('L5.12', 'A family''s support has a single plan', 'register', 'plans', NULL, NULL),
    ('L5.13', 'A family''s support has a lead practitioner', 'register', 'lead practitioners', NULL, NULL),
    ('L8.1', 'There is a virtual school head', 'record', NULL, 'virtual school head', NULL),
    ('L8.2', 'Attendance of pupils with a social worker is monitored and improved', 'record', NULL, NULL, '4 months'),
    ('L8.3', 'There are aspirational targets for pupils with a social worker', 'register',
        'targets for pupils with a social worker', NULL, NULL),
    ('L8.4', 'Attendance of looked-after children is monitored, as by a parent', 'record', NULL, NULL, '4 months'),
    ('L8.5', 'Advice is given for previously looked-after children', 'statement', NULL, NULL, '1 year')
    ) AS v (expectation, says, shown_by, measure, office, every);
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, every, from_day) VALUES
    ('L6.1', 'local authority', 'Support is formalised or the law is used, with schools, where voluntary support fails',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'record', NULL, '1 year',
        '2022-05-06'),
    ('L6.2', 'local authority', 'The full range of legal measures is used, education supervision orders included',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'statement', NULL,
        '1 year', '2022-05-06'),
    ('L6.3', 'local authority', 'With social care it is considered whether severe absence is a sign of neglect',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'register',
        'safeguarding considered', NULL, '2022-05-06'),
    ('L6.4', 'local authority', 'Support comes first: before any legal step there was support, or a reason why not',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'register',
        'support first', NULL, '2022-05-06'),
    ('L6.5', 'local authority', 'Penalty notices that are not paid in time are prosecuted or withdrawn',
        'SI 2007/1867, regulations 4 and 8', 'both', 'register', 'penalty notices', NULL, '2022-05-06'),
    ('L6.6', 'local authority', 'The code of conduct for penalty notices follows the national framework',
        'SI 2024/210; Working together to improve school attendance, 2024, chapter 6', '2024', 'record', NULL, NULL,
        '2024-08-19'),
    ('L7.1', 'local authority', 'A joint approach with the school is agreed for every severely absent pupil',
        'Working together to improve school attendance, part 5: persistent and severe absence', 'both', 'register',
        'joint approach', NULL, '2022-05-06');
