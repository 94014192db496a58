-- One unlawful statement for each rule on marks, in the order of the rules: test/register_dump.sh, which makes what
-- they need, runs them in a register and in its copies.  All are refused, so nothing of them is kept.
SET search_path = '';
UPDATE :"register".mark SET mark = '-', entered_by = 'Jo', title = 'Clerk', reason = 'x' WHERE pupil_id = 2;
INSERT INTO :"register".mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 20, '2025-12-25', 'AM', '/');
UPDATE :"register".register_line SET pupil_id = 20, entered_by = 'Jo', title = 'Clerk', reason = 'x' WHERE pupil_id = 2;
INSERT INTO :"register".register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 22, '2025-09-08 /');
INSERT INTO :"register".mark (school_urn, pupil_id, day, session, mark, nature) VALUES (100001, 23, '2024-08-05', 'AM', 'K', 'college');
INSERT INTO :"register".mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 20, '2025-09-08', 'AM', 'J');
INSERT INTO :"register".register_line_2025 (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 20, '2025-09-08 #');
INSERT INTO :"register".register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 20, '2025-09-08 X')
    ON CONFLICT (school_urn, academic_year, pupil_id) DO NOTHING;
COPY :"register".mark (school_urn, pupil_id, day, session, mark) FROM STDIN;
100001	20	2025-09-08	AM	C
\.
COPY :"register".mark_feed (school_urn, pupil_id, day, session, mark) FROM STDIN;
100001	23	2025-09-08	AM	C1
\.
COPY :"register".register_line (school_urn, academic_year, pupil_id, marks) FROM STDIN;
100001	2025	20	2025-09-08 S
\.
COPY :"register".register_line_2025 (school_urn, academic_year, pupil_id, marks) FROM STDIN;
100001	2025	20	2025-09-08 (C2)
\.
MERGE INTO :"register".register_line AS l USING (SELECT 20) AS s (pupil_id) ON l.pupil_id = s.pupil_id
    WHEN NOT MATCHED THEN INSERT (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 20, '2025-09-08 B');
UPDATE :"register".mark SET mark = 'Z', entered_by = 'Jo', title = 'Clerk', reason = 'x' WHERE pupil_id = 6;
INSERT INTO :"register".mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 20, '2025-09-08', 'AM', 'D');
UPDATE :"register".mark SET mark = 'I' WHERE pupil_id = 2;
