-- For bench/day: a copy of the demo's database in which the year goes on from 9 March. The lines end there, with room
-- for further versions, as lines have in a year; what comes then is kept aside, to be entered.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
CREATE TABLE kept_mark AS
SELECT l.school_urn, coalesce(l.registration_group, '') AS class, l.pupil_id, m.day, m.session, m.mark
FROM register_line l CROSS JOIN LATERAL marks(l.marks) m
WHERE l.academic_year = 2025 AND m.day BETWEEN '2026-03-09' AND '2026-05-08' AND m.mark::text <> '-'
    -- who comes or goes meanwhile, and needs papers, is left out
    AND l.enrolment_start < '2026-01-01' AND coalesce(l.enrolment_end > '2026-05-08', true);
CREATE TABLE kept_day AS SELECT row_number() OVER (ORDER BY day) AS number, day
FROM (SELECT day FROM kept_mark GROUP BY day ORDER BY count(*) DESC, day LIMIT 33) AS d;
DELETE FROM kept_mark m WHERE NOT EXISTS (SELECT FROM kept_day d WHERE d.day = m.day);
CREATE INDEX ON kept_mark (day, session, school_urn, class);
SET session_replication_role = replica;
UPDATE register_line SET marks = slice(marks, '[2025-08-01,2026-03-09)') WHERE academic_year = 2025;
RESET session_replication_role;
ALTER TABLE register_line_2025 SET (fillfactor = 50);
VACUUM FULL register_line_2025;
VACUUM ANALYZE;

CREATE TABLE database_size (name text, bytes bigint);
CREATE TABLE table_size (name text, bytes bigint, records bigint);

-- A class is a statement and a transaction.
CREATE PROCEDURE register_session(number bigint, session text, schools integer[]) LANGUAGE plpgsql AS $$
DECLARE
    own record;
BEGIN
    FOR own IN
        SELECT DISTINCT m.school_urn, m.class, m.day FROM kept_mark m JOIN kept_day d ON d.day = m.day
        WHERE d.number = register_session.number AND m.session = register_session.session
            AND (schools IS NULL OR m.school_urn = ANY (schools))
    LOOP
        INSERT INTO mark (school_urn, pupil_id, day, session, mark)
        SELECT m.school_urn, m.pupil_id, m.day, m.session, m.mark FROM kept_mark m
        WHERE m.day = own.day AND m.session = register_session.session AND m.school_urn = own.school_urn
            AND m.class = own.class;
        COMMIT;
    END LOOP;
END
$$;

-- One of a hundred marks of the day, each a statement and a transaction, in the name of a person.
CREATE PROCEDURE amend_day(number bigint, schools integer[]) LANGUAGE plpgsql AS $$
DECLARE
    own record;
BEGIN
    FOR own IN
        SELECT m.school_urn, m.pupil_id, m.day, m.session, m.mark
        FROM kept_mark m JOIN kept_day d ON d.day = m.day
        WHERE d.number = amend_day.number AND (schools IS NULL OR m.school_urn = ANY (schools))
            AND (m.pupil_id * 2 + CASE m.session WHEN 'AM' THEN 0 ELSE 1 END) % 100 = 0
    LOOP
        UPDATE mark SET mark = CASE WHEN own.mark::text = 'I' THEN 'U' ELSE 'I' END::session_mark,
            entered_by = 'Jo Smith', title = 'Attendance officer', reason = 'a letter of the parents'
        WHERE school_urn = own.school_urn AND pupil_id = own.pupil_id AND day = own.day
            AND mark.session = own.session;
        COMMIT;
    END LOOP;
END
$$;
