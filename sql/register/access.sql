-- Who sees which rows: policies of row-level security on every table of a register that holds a pupil, a family or a
-- school, made from the catalogue, and the rights of the roles that its table access names.

CREATE FUNCTION seen_schools(relation regclass) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'att_seen_schools' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION seen_schools(regclass) IS
'For policies: the schools of which the current user has access to rows of a table of a register now, by the '
'register''s table access: those named, those of a trust or an authority, and for the virtual school those of its '
'children. None without a right on the table; NULL for NULL; 42501 for who has several capacities at once';

CREATE FUNCTION own_schools(relation regclass) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'att_own_schools' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION own_schools(regclass) IS
'For policies: the schools that the current user has access to as a whole: those of seen_schools() without those that '
'the virtual school sees for one of its children. Otherwise as seen_schools()';

CREATE FUNCTION seen_trusts(relation regclass) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'att_seen_trusts' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION seen_trusts(regclass) IS
'For policies: the trusts that the current user has access to, as a whole. Otherwise as seen_schools()';

CREATE FUNCTION seen_authorities(relation regclass) RETURNS integer[]
    AS 'MODULE_PATHNAME', 'att_seen_authorities' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION seen_authorities(regclass) IS
'For policies: the local authorities that the current user has access to, as a whole. Otherwise as seen_schools()';

CREATE FUNCTION seen_pupils(relation regclass) RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'att_seen_pupils' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION seen_pupils(regclass) IS
'For policies: the pupils that the current user has access to: those on the roll of a class now, those of the virtual '
'school; NULL for all of the schools that are seen. Otherwise as seen_schools()';

CREATE FUNCTION seen_classes(relation regclass) RETURNS text[]
    AS 'MODULE_PATHNAME', 'att_seen_classes' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION seen_classes(regclass) IS
'For policies: the classes that the current user has access to, each as the URN of its school, a blank and the class. '
'Otherwise as seen_schools()';

CREATE FUNCTION moved_pupils(relation regclass) RETURNS bigint[]
    AS 'MODULE_PATHNAME', 'att_moved_pupils' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION moved_pupils(regclass) IS
'For policies: former pupils of the schools that the current user sees, who went on to a school that is not seen: '
'their families are known there. Otherwise as seen_schools()';

CREATE FUNCTION sees_all(relation regclass) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_sees_all' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sees_all(regclass) IS
'For policies: whether the current user has access everywhere now. Otherwise as seen_schools()';

CREATE FUNCTION may_enrol(relation regclass, pupil_id bigint, until date) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_may_enrol' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION may_enrol(regclass, bigint, date) IS
'For policies: whether the current user may enrol a pupil until a day: one who is at a school that is seen, was and '
'did not go on to another one, or has been at none; of one who went on, until a day on which they were still there. '
'One of another school, and one that there is not, may not be enrolled. NULL for NULL';

CREATE FUNCTION may_refer(relation regclass, referred regclass, number bigint) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_may_refer' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION may_refer(regclass, regclass, bigint) IS
'For policies: whether a row that the current user enters in a table may have the number of a row of another table: of '
'one that is seen; a contact is that of a pupil who is or was at a school that is seen, a person is behind one, or '
'behind none. Any other, and one that there is not, may not be. NULL for NULL';

CREATE FUNCTION granted_capacities(relation regclass) RETURNS text[]
    AS 'MODULE_PATHNAME', 'att_granted_capacities' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION granted_capacities(regclass) IS
'For policies: the capacities that the current user may grant. Otherwise as seen_schools()';

CREATE FUNCTION sees_support(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'att_sees_support' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION sees_support(internal) IS 'Internal: planner support for sees';
REVOKE EXECUTE ON FUNCTION sees_support(internal) FROM PUBLIC;

CREATE FUNCTION knows_support(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'att_knows_support' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION knows_support(internal) IS 'Internal: planner support for knows';
REVOKE EXECUTE ON FUNCTION knows_support(internal) FROM PUBLIC;

-- They cost less than any condition of the user's, which would be tried before the policy otherwise and tell of it.
CREATE FUNCTION sees(relation regclass, school_urn integer, of_pupils boolean, pupil_id bigint, trust_uid integer,
    la_number integer) RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_sees' LANGUAGE C STABLE COST 0.0001 PARALLEL SAFE SUPPORT sees_support;
COMMENT ON FUNCTION sees(regclass, integer, boolean, bigint, integer, integer) IS
'For policies: whether a row with this school, or without one with this trust or authority, is one that the current '
'user sees; of_pupils: and with this pupil, where not all pupils are seen. The planner is told how much of the table '
'that is, and reads an index by school for it. NULL for what the table has not; false for a NULL relation';

CREATE FUNCTION knows(relation regclass, by regclass, in_column name, number bigint, from_day date, but bigint[])
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'att_knows' LANGUAGE C STABLE COST 0.0001 PARALLEL SAFE SUPPORT knows_support;
COMMENT ON FUNCTION knows(regclass, regclass, name, bigint, date, bigint[]) IS
'For policies, before all else: whether the current user sees a row of another table (by) that has a number in a '
'column, an enrolment that did not end before from_day (NULL for any), and the number is none of some others (but). '
'False for a NULL number';

CREATE FUNCTION shows_all_rows(relation regclass) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT NOT pg_catalog.row_security_active(relation) OR coalesce((
            SELECT pg_catalog.bool_or(y.polpermissive AND pg_catalog.pg_get_expr(y.polqual, y.polrelid) = 'true')
                AND pg_catalog.bool_and(y.polpermissive OR y.polname = 'access_dated' AND sees_all(relation))
            FROM pg_catalog.pg_policy y
            WHERE y.polrelid = relation AND y.polcmd IN ('r', '*')
                AND EXISTS (SELECT FROM pg_catalog.unnest(y.polroles) AS r (oid)
                    WHERE r.oid = 0 OR pg_catalog.pg_has_role(r.oid, 'USAGE'))), false);
    END;
COMMENT ON FUNCTION shows_all_rows(regclass) IS
'Whether row-level security shows the current user all rows of a table. NULL for NULL';

-- ---------- the policies ----------

-- Tables with a school or a pupil, and those that refer to them.  In conditions %1$I stands for the register, %2$I for
-- the table, %3$L for both, %4$s for the schema of the extension.
CREATE FUNCTION guarded_tables(register name)
    RETURNS TABLE (relation name, school text, pupil boolean, class boolean, above boolean, dated boolean,
        parents text, known text, referred text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH kept AS (
            SELECT c.oid, c.relname, CASE WHEN c.relname ~ '^school(_former)?$' THEN 'urn'
                    -- what belongs to something of a school is seen with that
                    WHEN k.columns ? 'school_urn' AND NOT o.belongs THEN 'school_urn' END AS school,
                k.columns ? 'pupil_id' AS pupil,
                k.columns ? 'registration_group' AND NOT k.columns ? 'pupil_id' AS class,
                k.columns ?& '{school_urn,trust_uid}' AS above, k.columns ? 'from_day' AS dated
            FROM pg_catalog.regexp_matches(register_definition(), '^CREATE TABLE ([a-z_]+)', 'gn') AS m (name)
            JOIN pg_catalog.pg_class c ON c.relname = m.name[1] AND c.relkind IN ('r', 'p')
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = register
            CROSS JOIN LATERAL (SELECT pg_catalog.jsonb_agg(a.attname) AS columns FROM pg_catalog.pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS k
            CROSS JOIN LATERAL (SELECT coalesce(bool_or(pg_catalog.cardinality(f.conkey) = 2)
                    AND NOT bool_or(f.confrelid = pg_catalog.format('%I.school', register)::regclass), false) AS belongs
                FROM pg_catalog.pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f') AS o)
        SELECT k.relname, k.school, k.pupil, k.class, k.above, k.dated, p.parents, p.known, p.referred
        FROM kept k
        CROSS JOIN LATERAL (
            SELECT pg_catalog.string_agg(e.condition, ' AND ' ORDER BY a.attname) FILTER (WHERE f.owns) AS parents,
                -- numbers are those of a school: what is known by its number is looked up, too
                pg_catalog.string_agg(pg_catalog.format('(%1$I IS NULL OR %%4$s.knows(%%3$L::regclass, '
                    '%2$L::regclass, %3$L, %1$I, NULL, NULL))', a.attname, n.parent, b.attname)
                    || CASE WHEN f.numbered THEN ' AND ' || e.condition ELSE '' END, ' AND ' ORDER BY a.attname)
                    FILTER (WHERE f.owns) AS known,
                pg_catalog.string_agg(CASE WHEN f.numbered THEN e.condition
                    ELSE pg_catalog.format('(%1$I IS NULL OR %%4$s.may_refer(%%3$L::regclass, %2$L::regclass, %1$I))',
                        a.attname, n.parent) END, ' AND ' ORDER BY a.attname) FILTER (WHERE NOT f.owns) AS referred
            FROM pg_catalog.pg_constraint c
            JOIN kept o ON o.oid = c.confrelid AND (o.school IS NOT NULL OR o.pupil OR o.relname = 'person')
                AND o.relname <> 'pupil'
            JOIN pg_catalog.pg_attribute a ON a.attrelid = k.oid AND a.attnum = c.conkey[1]
                AND a.attname IS DISTINCT FROM k.school
            JOIN pg_catalog.pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1]
            CROSS JOIN LATERAL (
                SELECT pg_catalog.replace(pg_catalog.format('%I.%I', register, o.relname), '%', '%%') AS parent) AS n
            -- a row without a school is seen with what it belongs to
            CROSS JOIN LATERAL (SELECT k.school IS NULL AND o.relname <> 'person' AS owns,
                pg_catalog.cardinality(c.conkey) = 2 AS numbered) AS f
            CROSS JOIN LATERAL (SELECT pg_catalog.format('(%1$I IS NULL OR EXISTS (SELECT FROM %%1$I.%2$I p WHERE '
                'p.%3$I = %%2$I.%1$I%4$s))', a.attname, o.relname, b.attname,
                CASE WHEN f.numbered THEN ' AND p.school_urn = %2$I.school_urn' END) AS condition) AS e
            WHERE c.conrelid = k.oid AND c.contype = 'f' AND pg_catalog.cardinality(c.conkey) <= 2) p
        WHERE k.school IS NOT NULL OR k.pupil OR k.relname = 'person' OR p.parents IS NOT NULL;
    END;
COMMENT ON FUNCTION guarded_tables(name) IS
'Internal: for register_policies(): the tables of a register that hold a pupil, a family or a school: the column of '
'the school, whether there is a pupil, a class, a trust or an authority in place of a school (above), and a first day, '
'the condition that the rows are seen to which it belongs (parents; known: as it is asked of each row), and that what '
'else it refers to may be referred to (referred). No rows for NULL';

CREATE FUNCTION class_condition(class boolean, above boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN class AND NOT above THEN ' AND ((SELECT %4$s.seen_pupils(%3$L::regclass)) IS NULL OR '
        'concat_ws('' '', school_urn, registration_group)'
        ' = ANY ((SELECT %4$s.seen_classes(%3$L::regclass))::text[]))' ELSE '' END;
COMMENT ON FUNCTION class_condition(boolean, boolean) IS
'Internal: for register_policies(): that a row is of a class that is seen, of a table with classes, as '
'guarded_tables() describes it';

CREATE FUNCTION seen_condition(relation name, school text, pupil boolean, class boolean, above boolean, dated boolean,
        parents text, schools text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT CASE
            WHEN relation = 'person' THEN
                'EXISTS (SELECT FROM %1$I.contact c WHERE c.person_id = %2$I.person_id)'
            WHEN school IS NULL AND NOT pupil THEN parents
            -- now and before; of what has days, those that began while the pupil was there
            WHEN school IS NULL THEN 'EXISTS (SELECT FROM %1$I.enrolment e WHERE e.pupil_id = %2$I.pupil_id'
                || CASE WHEN dated THEN ' AND COALESCE(e.end_date >= %2$I.from_day, true)' ELSE '' END || ')'
                || CASE WHEN relation = 'contact'
                    THEN ' AND pupil_id <> ALL ((SELECT %4$s.moved_pupils(%3$L::regclass))::bigint[])' ELSE '' END
                || coalesce(' AND ' || parents, '')
            ELSE pg_catalog.format('(%s%s)%s', s.by_school, CASE
                WHEN above THEN ' OR school_urn IS NULL AND (trust_uid = ANY ((SELECT %4$s.seen_trusts('
                    '%3$L::regclass))::integer[]) OR la_number = ANY ((SELECT %4$s.seen_authorities('
                    '%3$L::regclass))::integer[]))'
                ELSE '' END, CASE WHEN pupil THEN ' AND ((SELECT %4$s.seen_pupils(%3$L::regclass)) IS NULL OR '
                    'pupil_id = ANY ((SELECT %4$s.seen_pupils(%3$L::regclass))::bigint[]))'
                ELSE class_condition(class, above) END)
            END
        FROM (VALUES (pg_catalog.format('%s = ANY ((SELECT %%4$s.%s(%%3$L::regclass))::integer[])', school, schools)))
            AS s (by_school);
    END;
COMMENT ON FUNCTION seen_condition(name, text, boolean, boolean, boolean, boolean, text, text) IS
'Internal: for register_policies(): which rows of a table, as guarded_tables() describes it, who has access to some '
'places may enter, or of those places as a whole: schools is the function that has them';

CREATE FUNCTION shown_condition(register name, relation name, school text, pupil boolean, class boolean,
        above boolean, dated boolean, known text)
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT CASE
            WHEN relation = 'person' THEN pg_catalog.format(
                '%%4$s.knows(%%3$L::regclass, %L::regclass, ''person_id'', person_id, NULL, NULL)', n.contact)
            WHEN school IS NULL AND NOT pupil THEN known
            WHEN school IS NULL THEN pg_catalog.concat_ws(' AND ', pg_catalog.format(
                '%%4$s.knows(%%3$L::regclass, %L::regclass, ''pupil_id'', pupil_id, %s, %s)', n.enrolment,
                CASE WHEN dated THEN 'from_day' ELSE 'NULL' END, CASE relation WHEN 'contact'
                    THEN '(SELECT %4$s.moved_pupils(%3$L::regclass))' ELSE 'NULL' END), known)
            ELSE pg_catalog.format('%%4$s.sees(%%3$L::regclass, %s, %s, %s)%s', school,
                CASE WHEN pupil THEN 'true, pupil_id' ELSE 'false, NULL' END,
                CASE WHEN above THEN 'trust_uid, la_number' ELSE 'NULL, NULL' END, class_condition(class, above))
            END
        FROM (VALUES (pg_catalog.replace(pg_catalog.format('%I.contact', register), '%', '%%'),
            pg_catalog.replace(pg_catalog.format('%I.enrolment', register), '%', '%%'))) AS n (contact, enrolment);
    END;
COMMENT ON FUNCTION shown_condition(name, name, text, boolean, boolean, boolean, boolean, text) IS
'Internal: for register_policies(): which rows of a table, as guarded_tables() describes it, are read: what is asked '
'before any condition of the user''s comes first';

CREATE FUNCTION register_policies(register name)
    RETURNS TABLE (relation name, policy name, command text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH guarded AS (
            SELECT g.relation, shown_condition(register, g.relation, g.school, g.pupil, g.class, g.above, g.dated,
                g.known) AS seen, CASE
                -- a pupil who is at another school, and one that there is not, are told alike
                WHEN g.pupil AND g.school IS NOT NULL AND g.relation NOT IN ('enrolment', 'register_line')
                    THEN c.seen || ' AND (pupil_id IS NULL OR EXISTS (SELECT FROM %1$I.enrolment e '
                        || 'WHERE e.pupil_id = %2$I.pupil_id'
                        || CASE WHEN g.above THEN '' ELSE ' AND e.school_urn = %2$I.school_urn' END || '))'
                -- who is new is at no school yet
                WHEN g.relation IN ('pupil', 'person')
                    THEN 'cardinality((SELECT %4$s.seen_schools(%3$L::regclass))) > 0'
                        || CASE WHEN g.pupil THEN here.condition ELSE '' END
                WHEN g.pupil AND g.school IS NULL THEN c.seen || here.condition
                WHEN g.relation = 'enrolment'
                    THEN c.seen || ' AND %4$s.may_enrol(%3$L::regclass, pupil_id, COALESCE(end_date, ''infinity''))'
                WHEN g.relation = 'access'
                    THEN o.own || ' AND capacity = ANY ((SELECT %4$s.granted_capacities(%3$L::regclass))::text[])'
                WHEN g.pupil OR g.school IS NULL THEN c.seen
                -- of a school that is seen for a child alone, what is not about the child
                ELSE o.own END || coalesce(' AND ' || g.referred, '') AS entered
            FROM guarded_tables(register) g
            CROSS JOIN LATERAL seen_condition(g.relation, g.school, g.pupil, g.class, g.above, g.dated, g.parents,
                'seen_schools') AS c (seen)
            CROSS JOIN LATERAL seen_condition(g.relation, g.school, g.pupil, g.class, g.above, g.dated, g.parents,
                'own_schools') AS o (own)
            -- of who has gone on to a school that is not seen, the other school keeps the record
            CROSS JOIN (VALUES (' AND pupil_id <> ALL ((SELECT %4$s.moved_pupils(%3$L::regclass))::bigint[])'))
                AS here (condition))
        SELECT g.relation, p.name, pg_catalog.format('CREATE POLICY ' || p.name || ' ON %1$I.%2$I AS ' || p.made,
            register, g.relation, pg_catalog.format('%I.%I', register, g.relation), '@extschema@')
        FROM guarded g CROSS JOIN LATERAL (VALUES
            ('access_place'::name, pg_catalog.format('PERMISSIVE TO PUBLIC USING (%s) WITH CHECK (%s)', g.seen,
                g.entered)),
            ('access_all', 'PERMISSIVE TO CURRENT_USER USING (true)'),
            ('access_dated', 'RESTRICTIVE TO CURRENT_USER USING ((SELECT %4$s.sees_all(%3$L::regclass)))'))
            AS p (name, made)
        UNION ALL
        -- what is settled for all schools is read by everybody, and written by nobody of a school
        SELECT s.relation, 'access_shared', pg_catalog.format('CREATE POLICY access_shared ON %1$I.%2$I AS PERMISSIVE '
            'FOR SELECT TO PUBLIC USING (school_urn IS NULL AND cardinality((SELECT %4$s.seen_schools('
            '%3$L::regclass))) > 0)', register, s.relation, pg_catalog.format('%I.%I', register, s.relation),
            '@extschema@')
        FROM guarded s WHERE s.relation IN ('rule_setting', 'taken_over', 'backup_record');
    END;
COMMENT ON FUNCTION register_policies(name) IS
'Internal: the policies of row-level security of a register, by table, as commands that make them: access_place shows '
'everybody the rows of the places of their access; access_all shows all rows to the roles that it names, which are '
'the owner, those of grant_register() and those with access everywhere; access_dated holds the last to the days of '
'their access. No rows for NULL';

CREATE FUNCTION make_policies(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
BEGIN
    FOR own IN
        SELECT p.relation, p.policy, p.command, y.polroles, p.policy = 'access_all' AND NOT c.relrowsecurity AS open
        FROM @extschema@.register_policies(register) p
        JOIN pg_class c ON c.oid = format('%I.%I', register, p.relation)::regclass
        LEFT JOIN pg_policy y ON y.polrelid = c.oid AND y.polname = p.policy
        ORDER BY p.relation, p.policy
    LOOP
        IF own.open THEN
            EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', register, own.relation);
        END IF;
        IF own.polroles IS NOT NULL THEN
            EXECUTE format('DROP POLICY %I ON %I.%I', own.policy, register, own.relation);
        END IF;
        EXECUTE own.command;
        IF own.policy IN ('access_all', 'access_dated') AND own.polroles IS NOT NULL THEN
            EXECUTE format('ALTER POLICY %I ON %I.%I TO %s', own.policy, register, own.relation,
                (SELECT string_agg(quote_ident(r.rolname), ', ') FROM pg_roles r WHERE r.oid = ANY (own.polroles)));
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION make_policies(name) IS
'Internal: for create_register() and upgrade_register(): makes the policies of register_policies(), or makes them anew '
'for the roles that they have. No effect for NULL';

-- The owner of what nobody saw limited before stays so: for registers that were made without policies.
CREATE FUNCTION show_as_before(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.set_policy_role(register, 'access_all', r.rolname, true)
    FROM pg_roles r
    WHERE r.oid IN (
        SELECT a.grantee FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = register
        CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE c.relkind IN ('r', 'p')
        UNION ALL
        SELECT a.grantee FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = register
        JOIN pg_attribute t ON t.attrelid = c.oid CROSS JOIN LATERAL aclexplode(t.attacl) a
        WHERE c.relkind IN ('r', 'p'))
    ORDER BY r.rolname;
END
$$;
COMMENT ON FUNCTION show_as_before(name) IS
'Internal: for upgrade_register(): roles with rights on the tables of a register that had no policies go on to see all '
'rows. No effect for NULL';

CREATE FUNCTION set_policy_role(register name, policy name, role name, wanted boolean) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    of_role oid := (SELECT r.oid FROM pg_roles r WHERE r.rolname = role);
    own record;
BEGIN
    FOR own IN
        SELECT c.relname, (SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname) FROM pg_roles r
            WHERE r.oid = of_role AND wanted OR r.oid <> of_role AND r.oid = ANY (y.polroles)) AS roles
        FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = register AND y.polname = policy AND (of_role = ANY (y.polroles)) <> wanted
        ORDER BY c.relname
    LOOP
        -- a policy that is for nobody cannot be
        IF own.roles IS NOT NULL THEN
            EXECUTE format('ALTER POLICY %I ON %I.%I TO %s', policy, register, own.relname, own.roles);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION set_policy_role(name, name, name, boolean) IS
'Internal: adds a role to those of a policy on all tables of a register, or takes it away. No effect for NULL';

-- ---------- who has access ----------

-- Read as the owner, whose table it is; what is read can run code of his.
CREATE FUNCTION register_access(register name) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation oid := to_regclass(format('%I.access', register));
    owner oid := (SELECT c.relowner FROM pg_class c WHERE c.oid = relation);
    query text := format('SELECT coalesce(jsonb_agg(jsonb_build_object(''role'', a.role, ''capacity'', a.capacity,
            ''everywhere'', a.everywhere, ''purposes'', c.purposes, ''ended'', a.revoked_at IS NOT NULL OR coalesce(
            a.to_day < (statement_timestamp() AT TIME ZONE ''Europe/London'')::date, false))), ''[]'')
        FROM %1$I.access a JOIN %1$I.capacity c ON c.capacity = a.capacity', register);
    result jsonb;
BEGIN
    IF relation IS NULL THEN
        RETURN '[]';
    ELSIF pg_has_role(owner, 'MEMBER') THEN
        RETURN @extschema@.run_as(pg_get_userbyid(owner), query);
    ELSIF has_table_privilege(relation, 'SELECT') THEN
        EXECUTE query INTO result;
        RETURN result;
    END IF;
    RETURN '[]';
END
$$;
COMMENT ON FUNCTION register_access(name) IS
'Internal: the access of a register that the caller may read: role, capacity, purposes, whether everywhere, and '
'whether it has ended. Empty for a register of the first definition; NULL for NULL';

CREATE FUNCTION has_rights(register name, role name) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = register
            CROSS JOIN LATERAL (
                SELECT x.grantee FROM pg_catalog.aclexplode(c.relacl) x
                UNION ALL
                SELECT x.grantee FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) x
                WHERE a.attrelid = c.oid) g
            JOIN pg_catalog.pg_roles r ON r.oid = g.grantee AND r.rolname = role
            WHERE c.relkind IN ('r', 'p', 'v'));
    END;
COMMENT ON FUNCTION has_rights(name, name) IS
'Internal: whether a role itself has a right on a table or view of a register, or a column. NULL for NULL';

CREATE FUNCTION apply_role(register name, role name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
    listed text[] := (SELECT array_agg(DISTINCT y.policyname) FROM pg_policies y
        WHERE y.schemaname = register AND role = ANY (y.roles));
BEGIN
    SELECT array_agg(DISTINCT p.purpose) AS purposes, bool_or((a.row ->> 'everywhere')::boolean) AS everywhere
    INTO own FROM jsonb_array_elements(@extschema@.register_access(register)) AS a (row)
    CROSS JOIN LATERAL jsonb_array_elements_text(a.row -> 'purposes') AS p (purpose)
    WHERE a.row ->> 'role' = role AND NOT (a.row ->> 'ended')::boolean;
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = role) THEN
        RETURN;
    ELSIF own.purposes IS NOT NULL THEN
        PERFORM @extschema@.grant_purpose(register, role, p.purpose) FROM unnest(own.purposes) AS p (purpose);
    -- grant_register() gave it rights since
    ELSIF NOT 'access_all' = ANY (coalesce(listed, '{}')) OR 'access_dated' = ANY (listed) THEN
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', register, role);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', register, role);
    ELSE
        RETURN;
    END IF;
    -- in this order it never sees all without being held to its days
    IF coalesce(own.everywhere, false) THEN
        PERFORM @extschema@.set_policy_role(register, 'access_dated', role, true);
        PERFORM @extschema@.set_policy_role(register, 'access_all', role, true);
    ELSE
        PERFORM @extschema@.set_policy_role(register, 'access_all', role, false);
        PERFORM @extschema@.set_policy_role(register, 'access_dated', role, false);
    END IF;
END
$$;
COMMENT ON FUNCTION apply_role(name, name) IS
'Internal: brings the rights of a role that the table access names in line with it: those of its capacity, or none if '
'all its access has ended. No effect for NULL';

CREATE FUNCTION apply_access(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.need_register(register);
    -- who has none may be another role of the name
    PERFORM @extschema@.apply_role(register, r.role) FROM (
        SELECT DISTINCT (a.row ->> 'role')::name AS role
        FROM jsonb_array_elements(@extschema@.register_access(register)) AS a (row) ORDER BY 1) r
    WHERE @extschema@.has_rights(register, r.role);
END
$$;
COMMENT ON FUNCTION apply_access(name) IS
'Brings the rights of all roles that a register''s table access names in line with it. Needed after reports were added '
'or made anew, and to take away rights on tables that show nothing any more since the access has ended. A role that '
'has no right at all is passed over: it may be another one of the name. The caller owns the register or is a member of '
'its owner. No effect for NULL; 3F000 if there is no such register';

CREATE FUNCTION guard_access_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    place text := CASE WHEN NEW.everywhere THEN 'everywhere' WHEN NEW.registration_group IS NOT NULL THEN 'class'
        WHEN NEW.school_urn IS NOT NULL THEN 'school' WHEN NEW.trust_uid IS NOT NULL THEN 'trust'
        WHEN NEW.la_number IS NOT NULL THEN 'local authority' END;
    places text[];
    other text;
    had boolean;
    has boolean;
    problem text;
BEGIN
    IF NEW.to_day < NEW.from_day THEN
        RETURN NEW; -- its constraint refuses it
    ELSIF TG_OP = 'UPDATE' AND (NEW.role, NEW.capacity, NEW.school_urn, NEW.registration_group, NEW.trust_uid,
            NEW.la_number, NEW.everywhere, NEW.from_day)
        IS DISTINCT FROM (OLD.role, OLD.capacity, OLD.school_urn, OLD.registration_group, OLD.trust_uid,
            OLD.la_number, OLD.everywhere, OLD.from_day) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = TG_TABLE_NAME,
            SCHEMA = TG_TABLE_SCHEMA,
            MESSAGE = format('access %s is ended, not made another: to_day, revoked_at and revoked_by can be set',
                OLD.access_id);
    ELSIF TG_OP = 'UPDATE' AND (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL
            OR coalesce(NEW.to_day, 'infinity') > coalesce(OLD.to_day, 'infinity')) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = TG_TABLE_NAME,
            SCHEMA = TG_TABLE_SCHEMA,
            MESSAGE = format('access %s is ended, not made longer: grant it anew', OLD.access_id);
    END IF;
    EXECUTE format('SELECT c.places FROM %I.capacity c WHERE c.capacity = $1', TG_TABLE_SCHEMA)
        INTO places USING NEW.capacity;
    -- one role after the other, and one that is dropped meanwhile is missed by the grants
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.role, TG_RELID::bigint));
    EXECUTE format('SELECT count(*) > 0, coalesce(bool_or(a.entered_at < now() AND coalesce(a.to_day
            >= (statement_timestamp() AT TIME ZONE ''Europe/London'')::date, true)), false)
        FROM %I.access a WHERE a.role = $1 AND a.revoked_at IS NULL', TG_TABLE_SCHEMA) INTO had, has USING NEW.role;
    -- of the role, and of those who would have its rights beside their own
    EXECUTE format('SELECT min(a.role) FROM %I.access a WHERE a.capacity <> $2 AND (a.role = $1 OR EXISTS (
                SELECT FROM pg_roles r JOIN pg_roles n ON n.rolname = $1
                WHERE r.rolname = a.role AND NOT r.rolsuper AND pg_has_role(r.oid, n.oid, ''USAGE'')))
            AND a.revoked_at IS NULL AND daterange(a.from_day, a.to_day, ''[]'') && daterange($3, $4, ''[]'')',
        TG_TABLE_SCHEMA) INTO other USING NEW.role, NEW.capacity, NEW.from_day, NEW.to_day;
    problem := CASE
        WHEN TG_OP = 'UPDATE' THEN NULL
        WHEN NOT place = ANY (places) THEN format('capacity "%s" is granted for: %s', NEW.capacity,
            array_to_string(places, ', '))
        -- which one is not for everybody who grants
        WHEN other IS NOT NULL THEN format('role "%s" has another capacity on some of these days', other)
        WHEN NEW.role ~ '^pg_' THEN format('role "%s" is one of the server', NEW.role)
        WHEN EXISTS (SELECT FROM pg_roles r WHERE r.rolname = NEW.role AND (r.rolsuper OR r.rolbypassrls))
            THEN format('row-level security does not hold for role "%s"', NEW.role)
        WHEN EXISTS (SELECT FROM pg_roles r WHERE r.rolname = NEW.role AND pg_has_role(r.oid, current_user, 'MEMBER'))
            THEN format('role "%s" has the rights of the owner of the register', NEW.role)
        WHEN @extschema@.sees_register(TG_TABLE_SCHEMA, NEW.role)
            THEN format('role "%s" sees all schools, by grant_register()', NEW.role)
        -- what it has would be taken away with its access
        WHEN NOT had AND @extschema@.has_rights(TG_TABLE_SCHEMA, NEW.role)
            THEN format('role "%s" has rights on tables of the register that were granted by hand', NEW.role)
        -- whose place and days it would get
        WHEN has AND NOT @extschema@.has_rights(TG_TABLE_SCHEMA, NEW.role)
            THEN format('access of another role "%s" has not ended: revoke_access() ends it', NEW.role) END;
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = NEW.role) AND TG_OP = 'INSERT' THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('role "%s" does not exist', NEW.role);
    ELSIF problem IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA,
            MESSAGE = problem;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_access_as_owner() IS 'What guard_access() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_access() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_access' LANGUAGE C;
COMMENT ON FUNCTION guard_access() IS
'Row trigger of access, BEFORE INSERT OR UPDATE: the place is one that the capacity is for, the role exists (42704), '
'is held to row-level security, is not the owner''s, sees not all by grant_register(), has no rights that were granted '
'by hand, is not another one than that which had access by its name, and has one capacity at a time, as have its '
'members (22023); a row is ended, not made another nor longer (55000)';

CREATE FUNCTION use_access_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.apply_role(TG_TABLE_SCHEMA, NEW.role);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION use_access_as_owner() IS 'What use_access() does, with the rights of whoever runs it';

CREATE FUNCTION use_access() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_use_access' LANGUAGE C;
COMMENT ON FUNCTION use_access() IS
'Row trigger of access, AFTER INSERT OR UPDATE: grants a role the rights of its capacity, and takes all away when the '
'last of its access is ended';

-- By grant_register(); access everywhere is held to its days.
CREATE FUNCTION sees_register(register name, role name) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(pg_catalog.bool_or(y.policyname = 'access_all'), false)
            AND NOT coalesce(pg_catalog.bool_or(y.policyname = 'access_dated'), false)
        FROM pg_catalog.pg_policies y WHERE y.schemaname = register AND role = ANY (y.roles);
    END;
COMMENT ON FUNCTION sees_register(name, name) IS
'Internal: whether a role is one of those that see all rows of a register, without a row in access. NULL for NULL';

CREATE FUNCTION show_all(register name, role name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    capacity text;
BEGIN
    PERFORM @extschema@.need_register(register);
    SELECT min(a.row ->> 'capacity') INTO capacity
    FROM jsonb_array_elements(@extschema@.register_access(register)) AS a (row)
    WHERE a.row ->> 'role' = role AND NOT (a.row ->> 'ended')::boolean;
    IF capacity IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', SCHEMA = register,
            MESSAGE = format('role "%s" has access as "%s": what it may do, and where, is that alone', role, capacity);
    ELSIF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = role) THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('role "%s" does not exist', role);
    END IF;
    PERFORM @extschema@.set_policy_role(register, 'access_dated', role, false);
    PERFORM @extschema@.set_policy_role(register, 'access_all', role, true);
END
$$;
COMMENT ON FUNCTION show_all(name, name) IS
'Lets a role see the rows of all schools on the tables of a register on which it has rights, as grant_register() does: '
'for rights that were granted by hand. The caller owns the register or is a member of its owner; it waits for all who '
'read or write there. No effect for NULL; 3F000 if there is no such register, 42704 if there is no such role, 22023 '
'for a role that has a capacity';

CREATE FUNCTION grant_access(register name, role name, capacity text, school_urn integer DEFAULT NULL,
    registration_group text DEFAULT NULL, trust_uid integer DEFAULT NULL, la_number integer DEFAULT NULL,
    everywhere boolean DEFAULT false, from_day date DEFAULT NULL, to_day date DEFAULT NULL,
    granted_by text DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made bigint;
BEGIN
    IF register IS NULL OR role IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM @extschema@.need_register(register), @extschema@.grant_types(role);
    EXECUTE format('INSERT INTO %I.access (role, capacity, school_urn, registration_group, trust_uid, la_number,
            everywhere, from_day, to_day, granted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            RETURNING access_id', register)
        INTO made USING role, capacity, school_urn, registration_group, trust_uid, la_number, everywhere,
            coalesce(from_day, (statement_timestamp() AT TIME ZONE 'Europe/London')::date), to_day,
            coalesce(granted_by, session_user);
    RETURN made;
END
$$;
COMMENT ON FUNCTION grant_access(name, name, text, integer, text, integer, integer, boolean, date, date, text) IS
'Gives a role a capacity (a row of the table capacity) at a school, a class of it, a trust or a local authority, or '
'everywhere, from a day (today if none is given) to a day: a row in the table access, whose trigger grants the rights. '
'Returns its access_id. Of the owner, a member of it, and whose capacity may grant that one, at their own places. NULL '
'for a NULL register or role; 3F000 if there is no such register, 42704 if there is no such role, 22023 for a role '
'with another capacity on these days, with grant_register() or with rights that were granted by hand, and for a place '
'that the capacity is not for';

CREATE FUNCTION revoke_access(register name, role name, revoked_by text, title text, reason text,
    access_id bigint DEFAULT NULL) RETURNS bigint
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ended bigint;
BEGIN
    IF register IS NULL OR role IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM @extschema@.need_register(register);
    EXECUTE format('UPDATE %I.access a SET revoked_at = clock_timestamp(), revoked_by = $2, entered_by = $2, title = $3,
            reason = $4
            WHERE a.role = $1 AND a.revoked_at IS NULL AND a.access_id = coalesce($5, a.access_id)
                AND coalesce(a.to_day >= (statement_timestamp() AT TIME ZONE ''Europe/London'')::date, true)', register)
        USING role, revoked_by, title, reason, access_id;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;
COMMENT ON FUNCTION revoke_access(name, name, text, text, text, bigint) IS
'Takes the access of a role to a register away at once, all of it or one row (access_id), signed by who does it; its '
'rights go with the last row. Returns how many rows it ended. NULL for a NULL register or role; 3F000 if there is no '
'such register, AT036 without a whole signature';

-- What can be wrong with access whatever the policies are; none of it stands in the way of an upgrade.
CREATE FUNCTION access_faults(register name)
    RETURNS TABLE (object text, problem text)
    LANGUAGE sql VOLATILE STRICT PARALLEL UNSAFE
    BEGIN ATOMIC
        WITH given AS MATERIALIZED (
            SELECT a.row ->> 'role' AS role, pg_catalog.bool_and((a.row ->> 'ended')::boolean) AS ended
            FROM pg_catalog.jsonb_array_elements(register_access(register)) AS a (row) GROUP BY 1),
        relation AS (
            SELECT c.oid, c.relname, c.relacl FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = register
            WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition)
        SELECT pg_catalog.format('access of role %s', g.role), f.problem
        FROM given g LEFT JOIN pg_catalog.pg_roles r ON r.rolname = g.role
        CROSS JOIN LATERAL (VALUES
            (r.oid IS NULL AND NOT g.ended, 'there is no such role'),
            (g.ended AND r.oid IS NOT NULL AND NOT sees_register(register, r.rolname)
                AND has_rights(register, r.rolname), 'has ended; apply_access() takes its rights away'),
            (NOT g.ended AND NOT has_rights(register, r.rolname),
                'is without rights: that of another role of the name; revoke_access() ends it'),
            (NOT g.ended AND sees_register(register, r.rolname), 'sees all schools as well')) AS f (so, problem)
        WHERE f.so
        UNION ALL
        SELECT pg_catalog.format('access of role %s', g.role),
            pg_catalog.format('row-level security does not hold for its member %s', m.rolname)
        FROM given g JOIN pg_catalog.pg_roles r ON r.rolname = g.role AND NOT g.ended
        JOIN pg_catalog.pg_roles m ON (m.rolsuper OR m.rolbypassrls) AND (m.oid = r.oid OR EXISTS (
            WITH RECURSIVE above (oid) AS (SELECT m.oid UNION SELECT a.roleid FROM pg_catalog.pg_auth_members a
                JOIN above b ON b.oid = a.member)
            SELECT FROM above WHERE above.oid = r.oid))
        UNION ALL
        SELECT 'access of PUBLIC', pg_catalog.format('has rights on %s', c.relname)
        FROM relation c WHERE EXISTS (SELECT FROM pg_catalog.aclexplode(c.relacl) x WHERE x.grantee = 0)
            OR EXISTS (SELECT FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) x
                WHERE a.attrelid = c.oid AND x.grantee = 0)
        UNION ALL
        SELECT pg_catalog.format('policy %s on %s', y.policyname, y.tablename), 'is not for the same roles everywhere'
        FROM pg_catalog.pg_policies y JOIN pg_catalog.pg_policies w ON w.schemaname = y.schemaname
            AND w.policyname = y.policyname AND w.tablename = 'register_line'
        WHERE y.schemaname = register AND y.policyname IN ('access_all', 'access_dated')
            AND NOT (y.roles @> w.roles AND y.roles <@ w.roles);
    END;
COMMENT ON FUNCTION access_faults(name) IS
'Internal: for check_register(): access that has ended of roles with rights, access of roles without, roles that are '
'gone or see all, members for whom row-level security does not hold, rights of PUBLIC, and policies whose roles differ '
'from those of register_line. No rows if all is well, and for NULL';
