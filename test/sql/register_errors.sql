-- Statements of a client, outside any transaction: one that fails leaves nothing for the next, and
-- says which row it was.
SET client_min_messages = warning;
SELECT create_register('r'), add_academic_year('r', 2025);
INSERT INTO r.local_authority VALUES (380, NULL, 'Bradford', NULL);
INSERT INTO r.school (urn, name, phase, type, la_number) VALUES (100001, 'School', 'Primary', 'Academies', 380);
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth)
SELECT i, 'Surname', 'Forename', '2015-03-01' FROM generate_series(1, 9) AS i;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) SELECT 100001, i, '2025-09-01' FROM generate_series(1, 9) AS i;
INSERT INTO r.school_day (school_urn, day) VALUES (100001, '2025-09-08'), (100001, '2025-09-09');

INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
VALUES (100001, 1, '2025-09-08', 'AM', '/'), (100001, 2, '2025-09-08', 'XM', '/');
-- which query of the register's own found a mark says nothing
\set SHOW_CONTEXT never
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
VALUES (100001, 1, '2025-09-08', 'AM', '/'), (100001, 2, '2025-09-10', 'AM', '/');
\set SHOW_CONTEXT errors
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, i, '2025-09-08', 'AM', CASE 1 / (4 - i) WHEN 0 THEN '/' ELSE 'L' END::session_mark FROM generate_series(1, 6) AS i;
SELECT school_urn, academic_year, pupil_id, enrolment_start, marks, entered_by, title, reason FROM r.register_line;

COPY r.mark (school_urn, pupil_id, day, session, mark) FROM STDIN CSV;
100001,1,2025-09-08,AM,/
100001,2,2025-09-08,AM,no mark
\.
\set SHOW_CONTEXT never
COPY r.mark (school_urn, pupil_id, day, session, mark) FROM STDIN CSV HEADER;
school_urn,pupil_id,day,session,mark
100001,1,2025-09-08,AM,/
100001,1,2025-09-10,AM,/
\.
\set SHOW_CONTEXT errors
COPY r.mark_feed (school_urn, pupil_id, day, session, mark) FROM STDIN CSV;
100001,1,2025-09-08,AM,/
100001,2
\.
SELECT school_urn, academic_year, pupil_id, enrolment_start, marks, entered_by, title, reason FROM r.register_line;

COPY r.mark (school_urn, pupil_id, day, session, mark) FROM STDIN CSV HEADER;
school_urn,pupil_id,day,session,mark
100001,3,2025-09-08,PM,\
100001,3,2025-09-08,AM,/
\.
COPY r.mark_feed (school_urn, pupil_id, upn, day, session, mark, entered_by, title, reason) FROM STDIN CSV;
100001,3,,2025-09-08,PM,U,Jo Smith,Clerk,arrived
100001,3,,2025-09-09,PM,,Jo Smith,Clerk,arrived
100001,4,,2025-09-08,AM,/,Jo Smith,Clerk,arrived
\.
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
VALUES (100001, 4, '2025-09-08', 'PM', 'L'), (100001, 3, '2025-09-08', 'AM', '/');
UPDATE r.mark SET mark = 'I', entered_by = 'Jo Smith', title = 'Clerk', reason = 'mother rang' WHERE pupil_id = 3;
DELETE FROM r.mark WHERE pupil_id = 3;
SELECT * FROM r.mark ORDER BY pupil_id, day, session;
SELECT school_urn, academic_year, pupil_id, enrolment_start, marks, entered_by, title, reason FROM r.register_line ORDER BY pupil_id;
SELECT object, problem FROM check_register('r');
-- a line number of the function would say nothing
\set SHOW_CONTEXT never
SELECT drop_register('r');
SELECT drop_register('r', discard_marks => true);
