-- What is watched of the register "register", as numbers. Jobs (jobs.sql) count them with the rights of those who look after the register,
-- and an exporter (postgres_exporter.yml) may read this table and nothing else: no pupil and no class is in it, and it has no right on the register.
--
-- The roles: register_keeper is a member of the register's owner, register_exporter is who Prometheus' exporter logs in as.
-- Registers and databases of other names: sed. Run it as a superuser, or as an owner of the database who is a member of both.
\set ON_ERROR_STOP 1

CREATE SCHEMA operations;

CREATE TABLE operations.gauge (
    metric text NOT NULL,
    label text NOT NULL DEFAULT '',
    value bigint NOT NULL,
    counted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (metric, label)
);
COMMENT ON TABLE operations.gauge IS 'What the jobs have counted last; label is a school or a kind';

-- The figures of each week as they were on the Monday after it: later amendments do not change them.
CREATE TABLE operations.week_figure (
    week date NOT NULL,
    school_urn integer NOT NULL,
    enrolments bigint,
    possible bigint,
    absent bigint,
    unmarked bigint,
    counted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (week, school_urn)
);

-- In PL/pgSQL, so that they are not in the way of upgrade_register().
CREATE PROCEDURE operations.count_day()
    LANGUAGE plpgsql SET search_path = register, attendance, pg_temp
AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/London')::date;
BEGIN
    DELETE FROM operations.gauge WHERE metric = ANY ('{registers_not_taken,unmarked_sessions,unexplained_absences_overdue,last_entry}');
    INSERT INTO operations.gauge (metric, label, value)
    -- a zero for every school, so that a series does not end when all is well
    SELECT 'registers_not_taken' AS metric, s.urn::text AS label, count(d.school_urn) AS value
    FROM school s LEFT JOIN registration_due d ON d.school_urn = s.urn AND d.day = today AND d.overdue
    GROUP BY s.urn
    UNION ALL
    SELECT 'unmarked_sessions', s.urn::text, coalesce(u.sessions, 0)
    FROM school s LEFT JOIN (
        SELECT m.school_urn, count(*) AS sessions FROM unmarked_session m WHERE m.day < today GROUP BY m.school_urn) u
        ON u.school_urn = s.urn
    UNION ALL
    SELECT 'unexplained_absences_overdue', s.urn::text, coalesce(u.sessions, 0)
    FROM school s LEFT JOIN (
        SELECT n.school_urn, count(*) AS sessions FROM unexplained_absence n WHERE n.overdue GROUP BY n.school_urn) u
        ON u.school_urn = s.urn
    UNION ALL
    SELECT 'last_entry', '', extract(epoch FROM max(h.entered_at))::bigint FROM journal_head h
    HAVING count(*) > 0;
END
$$;

CREATE PROCEDURE operations.count_night()
    LANGUAGE plpgsql SET search_path = register, attendance, pg_temp
AS $$
BEGIN
    DELETE FROM operations.gauge WHERE metric = ANY ('{journal_entries,journal_faults,register_faults,disposal_due_records,backups_overdue}');
    INSERT INTO operations.gauge (metric, label, value)
    SELECT 'journal_entries' AS metric, k.kind AS label, (SELECT count(*) FROM journal j WHERE j.kind = k.kind) AS value
    FROM unnest('{marks,records,disposal}'::text[]) AS k (kind)
    UNION ALL
    SELECT 'journal_faults', '', count(*) FROM verify_journal()
    UNION ALL
    SELECT 'register_faults', '', count(*) FROM check_register('register')
    UNION ALL
    SELECT 'disposal_due_records', k.kind, coalesce((SELECT sum(d.records) FROM disposal_due() d
        WHERE d.kind = k.kind AND d.due), 0)::bigint
    FROM unnest('{marks,records}'::text[]) AS k (kind)
    UNION ALL
    SELECT 'backups_overdue', s.urn::text, count(b.month)
    FROM school s LEFT JOIN backup_missing b ON b.school_urn = s.urn AND b.overdue
    GROUP BY s.urn;
END
$$;

GRANT USAGE ON SCHEMA operations TO register_keeper, register_clock, register_exporter;
GRANT SELECT, INSERT, DELETE ON operations.gauge TO register_keeper;
GRANT SELECT, INSERT ON operations.week_figure TO register_clock;
GRANT SELECT ON operations.gauge TO register_exporter;
