-- Compares a register with what the clients of storm noted: psql -v attempts=FILE -v outcomes=FILE, each row with its round before it.
-- One line is printed: how many marks were acknowledged, and what is not as it should be, all 0.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE TEMP TABLE attempt (round integer, client integer, statement bigint, school_urn integer, pupil_id bigint, day date, session text, mark text);
CREATE TEMP TABLE outcome (round integer, client integer, statement bigint, state text, PRIMARY KEY (round, client, statement));
SELECT format('\copy attempt FROM %L (FORMAT csv)', :'attempts') AS copy_attempts, format('\copy outcome FROM %L (FORMAT csv)', :'outcomes') AS copy_outcomes \gset
:copy_attempts
:copy_outcomes
ANALYZE attempt, outcome;

-- what each session should have, and what it may have as well: that of a statement whose outcome nobody was told
CREATE TEMP TABLE noted AS
    SELECT DISTINCT ON (a.school_urn, a.pupil_id, a.day, a.session) a.*
    FROM attempt a JOIN outcome o USING (round, client, statement)
    WHERE o.state = '00000'
    ORDER BY a.school_urn, a.pupil_id, a.day, a.session, a.round DESC, a.statement DESC;
CREATE TEMP TABLE doubtful AS
    SELECT a.* FROM attempt a WHERE NOT EXISTS (SELECT FROM outcome o
        WHERE o.round = a.round AND o.client = a.client AND o.statement = a.statement);
CREATE TEMP TABLE found AS
    SELECT l.school_urn::integer AS school_urn, l.pupil_id, m.day, m.session, m.mark::text AS mark
    FROM register_line l CROSS JOIN LATERAL marks(l.marks) m
    -- no other rounds were noted in these files
    WHERE m.mark::text <> '-' AND (l.school_urn::integer, m.day, m.session) IN (SELECT a.school_urn, a.day, a.session FROM attempt a);
ANALYZE noted, doubtful, found;

CREATE TEMP VIEW compared AS
    SELECT c.noted, c.found, EXISTS (SELECT FROM doubtful d
        WHERE (d.school_urn, d.pupil_id, d.day, d.session) = (c.school_urn, c.pupil_id, c.day, c.session) AND d.mark = c.found) AS doubtful
    FROM (SELECT school_urn, pupil_id, day, session, n.mark AS noted, f.mark AS found
          FROM noted n FULL JOIN found f USING (school_urn, pupil_id, day, session)) AS c;
-- a statement that was cut off: how many of the marks that it would have changed it has changed
CREATE TEMP VIEW cut_off AS
    SELECT count(*) AS marks, count(*) FILTER (WHERE f.mark IS NOT DISTINCT FROM d.mark) AS written
    FROM doubtful d LEFT JOIN noted n USING (school_urn, pupil_id, day, session) LEFT JOIN found f USING (school_urn, pupil_id, day, session)
    WHERE n.mark IS DISTINCT FROM d.mark
    GROUP BY d.round, d.client, d.statement;

SELECT format('acknowledged %s of %s marks, cut off %s of which %s are in: lost %s, not entered by anybody %s, half statements %s, half transactions %s, journal %s, breaches %s',
    (SELECT count(*) FROM noted), (SELECT count(*) FROM attempt),
    (SELECT count(*) FROM cut_off), (SELECT count(*) FROM cut_off WHERE written = marks),
    (SELECT count(*) FROM compared c WHERE c.noted IS NOT NULL AND c.found IS DISTINCT FROM c.noted AND NOT c.doubtful),
    (SELECT count(*) FROM compared c WHERE c.noted IS NULL AND NOT c.doubtful),
    (SELECT count(*) FROM cut_off WHERE written NOT IN (0, marks)),
    -- leave and its mark are entered together
    (SELECT count(*) FROM leave_of_absence l WHERE l.circumstances LIKE 'client %' AND NOT EXISTS (
        SELECT FROM journal j CROSS JOIN LATERAL journal_changes(CASE WHEN j.kind = 'marks' THEN j.payload END) c
        WHERE j.school_urn = l.school_urn AND c.pupil_id = l.pupil_id AND c.day = day(lower(l.sessions))
            AND c.session = session(lower(l.sessions)) AND c.amended::text = 'M')),
    (SELECT count(*) FROM verify_journal()),
    (SELECT count(*) FROM breach WHERE rule <> 'unexplained absence')); -- N of long ago is as the tests want it
