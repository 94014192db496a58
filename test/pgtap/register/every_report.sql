-- Every view of the register r, and every function of it that only reads, as a query: told from the catalogue, so that no
-- report is forgotten.  What arguments are called decides what is given for them: NULL for a name that is not here.
CREATE TABLE argument_value (name text, value text, type regtype, given_always boolean NOT NULL DEFAULT false, UNIQUE NULLS NOT DISTINCT (name, type));
INSERT INTO argument_value VALUES
    ('period', '''2025/26'''), ('population', '''all'''), ('before', '''week 2025-09-08'''), ('school_urn', '100001'),
    ('pupil_id', '1'), ('pupil', '1'), ('registration_group', '''5A'''), ('la_number', '380'), ('trust_uid', '90001'), ('academic_year', '2025'),
    ('at_least', '1'), ('met', 'false'), ('threshold', '5'), ('series', '''census'''),
    ('days', '''[2025-09-08,2025-09-20)'''), ('geographic_level', '''National'''), ('area_code', '''E92000001'''),
    ('phase', '''Total'''), ('content', '''time_period,geographic_level'''), ('fields', '''a'''), ('shown', '''a'''), ('cohort', '''empty'''),
    ('pupils', '1'), ('persistence', 'true'), ('row_keys', '''a'''), ('enrolments', '20'), ('persistent', '10'), ('severe', '5');
-- also where they could be left out
INSERT INTO argument_value VALUES ('compared_with', '''week 2025-09-08''', NULL, true), ('day', '''2025-09-08''', NULL, true), ('as_of', '''2025-09-20''', NULL, true);
INSERT INTO argument_value VALUES ('notice', '(SELECT max(n.notice_id) FROM r.penalty_notice n)');
INSERT INTO argument_value VALUES ('meeting', '''L4.1'''), ('of', '''cases''');
INSERT INTO argument_value VALUES ('at', '''2100-01-01''', 'timestamptz');

-- A function with its arguments, as it is called.
CREATE FUNCTION call_of(function oid) RETURNS text LANGUAGE sql STABLE
RETURN (
    SELECT format('%s.%I(%s)', p.pronamespace::regnamespace, p.proname, (
        SELECT string_agg(format(CASE WHEN y.typcategory = 'A' AND v.value IS NOT NULL THEN '%I => ARRAY[%s]::%s' ELSE '%I => (%s)::%s' END,
            a.name, coalesce(v.value, 'NULL'), y.oid::regtype), ', ' ORDER BY a.n)
        FROM unnest(p.proargnames) WITH ORDINALITY AS a (name, n) JOIN pg_type y ON y.oid = p.proargtypes[a.n - 1]
        LEFT JOIN argument_value v ON v.name = a.name AND coalesce(v.type = y.oid, true)
        WHERE a.n <= p.pronargs - p.pronargdefaults OR v.given_always AND a.n <= p.pronargs))
    FROM pg_proc p WHERE p.oid = function);
CREATE VIEW every_report AS
    SELECT 'view ' || c.relname AS name, c.oid AS relation, format('SELECT * FROM r.%I', c.relname) AS query
    FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'v'
    UNION ALL
    -- the lines of a school have no order among each other
    SELECT 'function ' || p.proname, p.prorettype, format(CASE p.proname WHEN 'school_lines' THEN 'SELECT c.school_urn, c.academic_year, l FROM %s c CROSS JOIN LATERAL unnest(c.lines) AS l'
        ELSE 'SELECT * FROM %s' END, call_of(p.oid))
    FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND p.prokind = 'f' AND p.provolatile <> 'v';

-- What each shows: the number of rows, and a digest of them in whatever order.
CREATE FUNCTION answers() RETURNS TABLE (report text, lines bigint, digest text) LANGUAGE plpgsql SET search_path = public, attendance AS $$
DECLARE
    asked record;
BEGIN
    FOR asked IN SELECT e.name, e.query FROM every_report e LOOP
        report := asked.name;
        BEGIN
            EXECUTE format('SELECT count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text)) FROM (%s OFFSET 0) t', asked.query) INTO lines, digest;
        -- of a report that takes other arguments, that it says so
        EXCEPTION WHEN invalid_parameter_value THEN
            lines := NULL;
            digest := SQLERRM;
        END;
        RETURN NEXT;
    END LOOP;
END
$$;
