-- A login for each capacity, and what is seen through its eyes (doc/access.md).
\pset footer off
\pset null '-'
\set ON_ERROR_STOP 1
SET search_path = register, public, attendance;
SELECT urn AS school FROM school WHERE phase = 'Secondary' ORDER BY urn LIMIT 1 \gset
SELECT registration_group AS class FROM enrolment WHERE school_urn = :school AND end_date IS NULL ORDER BY 1
LIMIT 1 \gset
SELECT trust_uid AS trust FROM school WHERE trust_uid IS NOT NULL GROUP BY trust_uid ORDER BY count(*) DESC, trust_uid
LIMIT 1 \gset

CREATE TEMPORARY TABLE login AS
    SELECT replace(lower(c.capacity), ' ', '_')::name AS login, c.capacity, c.places[cardinality(c.places)] AS place
    FROM capacity c;
SELECT format('CREATE ROLE %I LOGIN', login) FROM login ORDER BY login \gexec
SELECT grant_access('register', l.login, l.capacity,
    school_urn => CASE WHEN l.place IN ('class', 'school') THEN :school END,
    registration_group => CASE l.place WHEN 'class' THEN :'class' END,
    trust_uid => CASE l.place WHEN 'trust' THEN :trust END,
    la_number => CASE l.place WHEN 'local authority' THEN 380 END,
    everywhere => l.place = 'everywhere', granted_by => 'Kim Oak')
FROM login l ORDER BY l.login \g /dev/null

CREATE FUNCTION pg_temp.seen_by(login name, query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', login);
    BEGIN
        EXECUTE query INTO number;
    EXCEPTION WHEN insufficient_privilege THEN
        number := NULL;
    END;
    RESET ROLE;
    RETURN number;
END
$$;
\echo
\echo 'A login for each capacity, and what it sees; - is no right on the table'
SELECT l.login, l.place AS "access to", pg_temp.seen_by(l.login, 'SELECT count(*) FROM school') AS schools,
    pg_temp.seen_by(l.login, 'SELECT count(*) FROM pupil') AS pupils,
    pg_temp.seen_by(l.login, 'SELECT count(*) FROM contact') AS contacts,
    pg_temp.seen_by(l.login, 'SELECT count(*) FROM attendance_case') AS cases,
    pg_temp.seen_by(l.login, 'SELECT count(*) FROM journal') AS "entries of the journal"
FROM login l ORDER BY l.login;
DROP TABLE login;
