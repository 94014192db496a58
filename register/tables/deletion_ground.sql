-- The grounds on which a name is deleted from the admission register.

CREATE TABLE deletion_ground (
    regime text NOT NULL REFERENCES regime,
    ground text NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL DEFAULT '2999-12-31',
    reference text NOT NULL,
    description text NOT NULL,
    pupils text NOT NULL DEFAULT 'compulsory school age'
        CHECK (pupils IN ('compulsory school age', 'not compulsory school age', 'any')),
    other_school boolean NOT NULL DEFAULT false,
    day text,
    evidence text,
    leave_days integer CHECK (leave_days > 0),
    absent_days integer CHECK (absent_days > 0),
    joint_enquiry boolean NOT NULL DEFAULT false,
    ends_compulsory_school_age boolean NOT NULL DEFAULT false,
    nursery boolean NOT NULL DEFAULT false,
    boarders text CHECK (boarders IN ('only', 'never')),
    school_types text[],
    confirmed boolean NOT NULL DEFAULT true,
    not_dual boolean NOT NULL DEFAULT false,
    not_main_of_mobile boolean NOT NULL DEFAULT false,
    attendance_order text CHECK (attendance_order IN ('none', 'varied', 'revoked', 'varied or revoked')),
    PRIMARY KEY (regime, ground, from_day),
    CONSTRAINT deletion_ground_days CHECK (to_day >= from_day)
);
COMMENT ON TABLE deletion_ground IS
'The grounds on which a name is deleted from the admission register, by the last day on the roll, and the conditions '
'that the register checks. Corrections of the law are rows here';
COMMENT ON COLUMN deletion_ground.ground IS
'Letter of the ground in paragraph (1) of the regulation; 3A and so on are the letters of paragraph (3), for pupils '
'not of compulsory school age';
COMMENT ON COLUMN deletion_ground.pupils IS 'For whom the ground is, on the last day on the roll';
COMMENT ON COLUMN deletion_ground.other_school IS
'Whether the pupil is registered at another school: by an enrolment, a dual registration, or next_school';
COMMENT ON COLUMN deletion_ground.day IS
'What ground_arose_on is, if it is needed; it is not after the last day on the roll';
COMMENT ON COLUMN deletion_ground.evidence IS 'What deletion_evidence says, if it is needed';
COMMENT ON COLUMN deletion_ground.leave_days IS
'School days after the end of a granted leave that have passed without attendance, illness or another cause';
COMMENT ON COLUMN deletion_ground.absent_days IS
'School days up to the deletion that have no other marks than G, N and O';
COMMENT ON COLUMN deletion_ground.joint_enquiry IS
'Whether school and local authority have enquired together where the pupil is, and not found out';
COMMENT ON COLUMN deletion_ground.ends_compulsory_school_age IS
'Whether the pupil is over compulsory school age before the school next meets';
COMMENT ON COLUMN deletion_ground.nursery IS 'Whether the pupil is in a nursery year, N1 or N2';
COMMENT ON COLUMN deletion_ground.boarders IS 'Whether the ground is only, or never, for boarders';
COMMENT ON COLUMN deletion_ground.school_types IS 'Types of school that have the ground; NULL is all';
COMMENT ON COLUMN deletion_ground.confirmed IS
'Whether the conditions were read in the Regulations themselves; otherwise they are as guidance and practice have them';
COMMENT ON COLUMN deletion_ground.not_dual IS
'Whether it is not for a pupil whose registration at more than one school was agreed and goes on: dual_registration';
COMMENT ON COLUMN deletion_ground.not_main_of_mobile IS
'Whether it is not for a mobile child whose main school this is: dual_registration';
COMMENT ON COLUMN deletion_ground.attendance_order IS
'none: no school attendance order that names the school is in force on the last day on the roll; varied, revoked: such '
'an order was, by that day; NULL if no order matters';

INSERT INTO deletion_ground (regime, ground, from_day, reference, description, pupils, other_school, day, evidence,
    leave_days, absent_days, joint_enquiry, ends_compulsory_school_age, nursery, boarders, school_types, confirmed)
VALUES
    ('2024', 'A', '2024-08-19', '9(1)(a)', 'Registered at another school, and no dual registration agreed',
        DEFAULT, true, NULL, NULL, NULL, NULL, false, false, false, NULL, NULL, true),
    ('2024', 'B', '2024-08-19', '9(1)(b)', 'Nursery education completed, and not going on to reception',
        'any', false, NULL, NULL, NULL, NULL, false, false, true, NULL, NULL, true),
    ('2024', 'C', '2024-08-19', '9(1)(c)',
        'Registered elsewhere too, not expected to attend again, and the other schools consent',
        DEFAULT, true, NULL, 'the consent of each other school', NULL, NULL, false, false, false, NULL, NULL, true),
    ('2024', 'D', '2024-08-19', '9(1)(d)', 'School attendance order amended to name another school',
        DEFAULT, false, 'the day on which the order was amended', 'the order and its authority',
        NULL, NULL, false, false, false, NULL, NULL, true),
    ('2024', 'E', '2024-08-19', '9(1)(e)',
        'School attendance order revoked, as suitable education has been arranged otherwise',
        DEFAULT, false, 'the day on which the order was revoked', 'the order and its authority',
        NULL, NULL, false, false, false, NULL, NULL, true),
    ('2024', 'F', '2024-08-19', '9(1)(f)', 'Parent''s written notification of education otherwise than at school',
        DEFAULT, false, 'the day that the notification names', 'the notification: from whom, of what day',
        NULL, NULL, false, false, false, NULL, NULL, false),
    ('2024', 'G', '2024-08-19', '9(1)(g)', 'No longer normally lives a reasonable distance from the school',
        DEFAULT, false, 'the day of the move', 'where the pupil has moved to, or how it is known',
        NULL, NULL, false, false, false, 'never', NULL, false),
    ('2024', 'H', '2024-08-19', '9(1)(h)', 'Not returned after a leave of absence, and not found',
        DEFAULT, false, NULL, NULL, 10, NULL, true, false, false, NULL, NULL, false),
    ('2024', 'I', '2024-08-19', '9(1)(i)', 'Continuously absent for 20 school days, and not found',
        DEFAULT, false, NULL, NULL, NULL, 20, true, false, false, NULL, NULL, false),
    ('2024', 'J', '2024-08-19', '9(1)(j)', 'Detained under a sentence of detention, and not expected to return',
        DEFAULT, false, 'the day of the sentence', 'the court and the sentence',
        NULL, NULL, false, false, false, NULL, NULL, false),
    ('2024', 'K', '2024-08-19', '9(1)(k)', 'Died',
        'any', false, 'the day of death', NULL, NULL, NULL, false, false, false, NULL, NULL, true),
    ('2024', 'L', '2024-08-19', '9(1)(l)', 'Will be over compulsory school age, and not in the sixth form',
        'any', false, NULL, NULL, NULL, NULL, false, true, false, NULL, NULL, false),
    ('2024', 'M', '2024-08-19', '9(1)(m)', 'Boarder whose boarding fees have not been paid',
        DEFAULT, false, 'the end of the term that the fees were for', 'the fees that were not paid',
        NULL, NULL, false, false, false, 'only',
        '{Local authority maintained schools,Academies,Free schools,Special schools}', false),
    ('2024', 'N', '2024-08-19', '9(1)(n)', 'Ceased to be a pupil of an independent or non-maintained special school',
        DEFAULT, false, 'the day on which the pupil ceased to be one', NULL,
        NULL, NULL, false, false, false, NULL, '{Independent schools,Special schools,Other types}', false),
    ('2024', 'O', '2024-08-19', '9(1)(o)', 'Permanently excluded',
        DEFAULT, false, 'the day on which the exclusion took effect',
        'how the review ended, or that none can be asked for any more',
        NULL, NULL, false, false, false, NULL, NULL, false),
    ('2024', '3A', '2024-08-19', '9(3)', 'Ceased to attend the school, or as a boarder to be a pupil of it',
        'not compulsory school age', false, NULL, NULL, NULL, NULL, false, false, false, NULL, NULL, false),
    ('2024', '3B', '2024-08-19', '9(3)', 'Continuously absent for 20 school days, and not found',
        'not compulsory school age', false, NULL, NULL, NULL, 20, true, false, false, NULL, NULL, false),
    ('2024', '3C', '2024-08-19', '9(3)', 'Died',
        'not compulsory school age', false, 'the day of death', NULL, NULL, NULL, false, false, false, NULL, NULL,
        false),
    ('2024', '3D', '2024-08-19', '9(3)', 'Nursery education completed, and not going on to reception',
        'not compulsory school age', false, NULL, NULL, NULL, NULL, false, false, true, NULL, NULL, false),
    ('2024', '3E', '2024-08-19', '9(3)', 'Permanently excluded',
        'not compulsory school age', false, 'the day on which the exclusion took effect', NULL,
        NULL, NULL, false, false, false, NULL, NULL, false),
    ('2006', 'A', '2006-09-01', '8(1)(a)', 'School attendance order substitutes another school, or is revoked',
        DEFAULT, false, 'the day on which the order was changed', 'the order and its authority',
        NULL, NULL, false, false, false, NULL, NULL, true),
    ('2006', 'B', '2006-09-01', '8(1)(b)', 'Registered at another school, and no dual registration agreed',
        DEFAULT, true, NULL, NULL, NULL, NULL, false, false, false, NULL, NULL, true),
    ('2006', 'C', '2006-09-01', '8(1)(c)', 'Registered elsewhere too, ceased to attend, and the other schools consent',
        DEFAULT, true, NULL, 'the consent of each other school', NULL, NULL, false, false, false, NULL, NULL, true),
    ('2006', 'D', '2006-09-01', '8(1)(d)',
        'Ceased to attend, and parent''s written notification of education otherwise than at school',
        DEFAULT, false, 'the day of the notification', 'the notification: from whom',
        NULL, NULL, false, false, false, NULL, NULL, true),
    ('2006', 'E', '2006-09-01', '8(1)(e)',
        'Ceased to attend, and no longer lives a reasonable distance from the school',
        DEFAULT, false, 'the day of the move', 'where the pupil has moved to, or how it is known',
        NULL, NULL, false, false, false, 'never', NULL, true),
    ('2006', 'F', '2006-09-01', '8(1)(f)', 'Not returned after a leave of absence, and not found',
        DEFAULT, false, NULL, NULL, 10, NULL, false, false, false, NULL, NULL, true),
    ('2006', 'F', '2016-09-01', '8(1)(f)', 'Not returned after a leave of absence, and not found',
        DEFAULT, false, NULL, NULL, 10, NULL, true, false, false, NULL, NULL, true),
    ('2006', 'G', '2006-09-01', '8(1)(g)', 'Certified by the school medical officer as unlikely to be fit to attend',
        DEFAULT, false, 'the day of the certificate', 'the certificate', NULL, NULL, false, false, false, NULL, NULL,
        false),
    ('2006', 'H', '2006-09-01', '8(1)(h)', 'Continuously absent for 20 school days, and not found',
        DEFAULT, false, NULL, NULL, NULL, 20, false, false, false, NULL, NULL, true),
    ('2006', 'H', '2016-09-01', '8(1)(h)', 'Continuously absent for 20 school days, and not found',
        DEFAULT, false, NULL, NULL, NULL, 20, true, false, false, NULL, NULL, true),
    ('2006', 'I', '2006-09-01', '8(1)(i)', 'Detained by a court for four months or more, and not expected to return',
        DEFAULT, false, 'the day of the order', 'the court and the order', NULL, NULL, false, false, false, NULL, NULL,
        true),
    ('2006', 'J', '2006-09-01', '8(1)(j)', 'Died',
        'any', false, 'the day of death', NULL, NULL, NULL, false, false, false, NULL, NULL, true),
    ('2006', 'K', '2006-09-01', '8(1)(k)', 'Will cease to be of compulsory school age, and to attend',
        'any', false, NULL, NULL, NULL, NULL, false, true, false, NULL, NULL, true),
    ('2006', 'L', '2006-09-01', '8(1)(l)', 'Ceased to be a pupil of a school that is not maintained',
        DEFAULT, false, 'the day on which the pupil ceased to be one', NULL,
        NULL, NULL, false, false, false, NULL, '{Independent schools,Special schools,Other types}', false),
    ('2006', 'M', '2006-09-01', '8(1)(m)', 'Permanently excluded',
        DEFAULT, false, 'the day on which the exclusion took effect', NULL,
        NULL, NULL, false, false, false, NULL, NULL, false),
    ('2006', 'N', '2006-09-01', '8(1)(n)', 'Nursery education completed, and not transferred to reception',
        'any', false, NULL, NULL, NULL, NULL, false, false, true, NULL, NULL, true),
    ('2006', 'O', '2011-09-01', '8(1)(o)', 'Boarder whose boarding fees have not been paid',
        DEFAULT, false, 'the end of the term that the fees were for', 'the fees that were not paid',
        NULL, NULL, false, false, false, 'only',
        '{Local authority maintained schools,Academies,Free schools,Special schools}', true),
    ('2006', '3A', '2006-09-01', '8(3)(a)', 'Ceased to attend the school, or as a boarder to be a pupil of it',
        'not compulsory school age', false, NULL, NULL, NULL, NULL, false, false, false, NULL, NULL, false),
    ('2006', '3B', '2006-09-01', '8(3)(b)', 'Continuously absent for 20 school days, and not found',
        'not compulsory school age', false, NULL, NULL, NULL, 20, false, false, false, NULL, NULL, false),
    ('2006', '3C', '2006-09-01', '8(3)(c)', 'Died',
        'not compulsory school age', false, 'the day of death', NULL, NULL, NULL, false, false, false, NULL, NULL,
        false),
    ('2006', '3D', '2006-09-01', '8(3)(d)', 'Nursery education completed, and not transferred to reception',
        'not compulsory school age', false, NULL, NULL, NULL, NULL, false, false, true, NULL, NULL, false),
    ('2006', '3E', '2006-09-01', '8(3)(e)', 'Permanently excluded',
        'not compulsory school age', false, 'the day on which the exclusion took effect', NULL,
        NULL, NULL, false, false, false, NULL, NULL, false);
-- what the paragraphs on other schools and on home education except; those of 2006 on mobile children are regulation 9
UPDATE deletion_ground SET not_dual = true WHERE (regime, ground) IN (('2024', 'A'), ('2006', 'B'));
UPDATE deletion_ground SET not_main_of_mobile = true
WHERE (regime, ground) IN (('2024', 'A'), ('2024', 'C'), ('2006', 'B'), ('2006', 'C'));
UPDATE deletion_ground g SET attendance_order = o.needs
FROM (VALUES ('2024', 'A', 'none'), ('2024', 'C', 'none'), ('2024', 'D', 'varied'), ('2024', 'E', 'revoked'),
        ('2024', 'F', 'none'), ('2006', 'A', 'varied or revoked'), ('2006', 'B', 'none'), ('2006', 'D', 'none'))
    AS o (regime, ground, needs)
WHERE g.regime = o.regime AND g.ground = o.ground;
UPDATE deletion_ground SET to_day = '2024-08-18' WHERE regime = '2006';
-- enquiries by school and authority together came in 2016
UPDATE deletion_ground SET to_day = '2016-08-31' WHERE regime = '2006' AND ground IN ('F', 'H')
    AND from_day = '2006-09-01';
