-- A register knows its definition and its reports: definition_version() and made_reports(), which upgrade_register()
-- makes.

-- A number that is changed is no key of what refers to the pupil.
ALTER TABLE pupil DROP CONSTRAINT pupil_upn_key;
CREATE UNIQUE INDEX pupil_upn_key ON pupil (upn) WHERE upn IS NOT NULL;
COMMENT ON INDEX pupil_upn_key IS 'another pupil of the register has this unique pupil number';

-- ---------- facts have dates ----------

ALTER TABLE school ADD COLUMN predecessor_urn integer;
ALTER TABLE school ADD COLUMN holds_from date CONSTRAINT school_holds_from CHECK (holds_from IS NULL);
ALTER TABLE school ADD CONSTRAINT school_predecessor CHECK (predecessor_urn <> urn);
COMMENT ON COLUMN school.predecessor_urn IS
'URN of the school that this one continues, as an academy does that of the school it was; this register may have it or '
'not';
COMMENT ON COLUMN school.holds_from IS
'From which day on a change of phase, type, la_number and trust_uid holds, today if it is not given; kept in '
'school_former, not here';
COMMENT ON CONSTRAINT school_holds_from ON school IS 'holds_from is of a change of the school, not of the school';
COMMENT ON CONSTRAINT school_predecessor ON school IS 'a school does not continue itself';
CREATE INDEX ON school (predecessor_urn) WHERE predecessor_urn IS NOT NULL;

-- What a school was before; school_membership has all with the days from and to which they hold.
CREATE TABLE school_former (
    urn urn NOT NULL REFERENCES school,
    to_day date NOT NULL CONSTRAINT school_former_day CHECK (isfinite(to_day)),
    phase text NOT NULL,
    type text NOT NULL,
    la_number integer NOT NULL REFERENCES local_authority,
    trust_uid integer REFERENCES trust,
    PRIMARY KEY (urn, to_day)
);
COMMENT ON TABLE school_former IS
'Phase, type, local authority and trust of a school until a day, since the one before. A trigger of school writes it';
COMMENT ON COLUMN school_former.to_day IS 'The last day on which it held';

CREATE TRIGGER take_date BEFORE INSERT OR UPDATE ON school FOR EACH ROW EXECUTE FUNCTION take_date();
CREATE TRIGGER keep_former AFTER UPDATE ON school REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_former('school_former', '{urn}', '{phase,type,la_number,trust_uid}',
        '''-infinity''::date', 'NULL::date', 'unsigned', '{urn}', '{}');

ALTER TABLE enrolment ADD COLUMN holds_from date;
ALTER TABLE enrolment DROP CONSTRAINT enrolment_signature;
ALTER TABLE enrolment ADD CONSTRAINT enrolment_signature
    CHECK (num_nonnulls(entered_by, title, reason, holds_from) = 0);
COMMENT ON COLUMN enrolment.holds_from IS
'From which day on a change of status, boarder, year_group and registration_group holds, today if it is not given; '
'kept in enrolment_former, not here';
CREATE INDEX enrolment_not_counted ON enrolment (school_urn, pupil_id) WHERE boarder <> 'N' OR status = 'G';
CREATE TABLE enrolment_former (
    school_urn urn NOT NULL REFERENCES school,
    pupil_id bigint NOT NULL REFERENCES pupil,
    to_day date NOT NULL,
    status text NOT NULL CHECK (status IN ('C', 'M', 'S', 'F', 'O', 'G')),
    boarder text NOT NULL CHECK (boarder IN ('N', 'B', '6', '7')),
    year_group text CHECK (year_group IN ('N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9',
        '10', '11', '12', '13', '14', 'X')),
    registration_group text,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    PRIMARY KEY (school_urn, pupil_id, to_day),
    CONSTRAINT enrolment_former_day CHECK (isfinite(to_day)),
    CONSTRAINT enrolment_former_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE enrolment_former IS
'What of an enrolment has changed: what held until a day, since the one before or the starting day. A trigger of '
'enrolment writes it';
COMMENT ON COLUMN enrolment_former.to_day IS 'The last day on which it held';
COMMENT ON COLUMN enrolment_former.entered_at IS 'When the entry was made';
COMMENT ON COLUMN enrolment_former.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN enrolment_former.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN enrolment_former.reason IS 'Why the entry is changed; kept in the journal, not here';
CREATE INDEX ON enrolment_former (pupil_id);
CREATE INDEX ON enrolment_former (to_day);
CREATE INDEX enrolment_former_not_counted ON enrolment_former (school_urn, pupil_id)
    WHERE boarder <> 'N' OR status = 'G';

CREATE TRIGGER take_date BEFORE INSERT OR UPDATE ON enrolment FOR EACH ROW EXECUTE FUNCTION take_date();
CREATE TRIGGER keep_former AFTER UPDATE ON enrolment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_former('enrolment_former', '{school_urn,pupil_id}',
        '{status,boarder,year_group,registration_group}', 'n.start_date',
        '(SELECT min(e.start_date) - 1 FROM %I.enrolment e WHERE e.school_urn = n.school_urn '
        'AND e.pupil_id = n.pupil_id AND e.start_date > n.start_date)', 'signed',
        '{school_urn,pupil_id,start_date}', '{year_group,registration_group}');

ALTER TABLE contact ADD COLUMN holds_from date;
ALTER TABLE contact DROP CONSTRAINT contact_signature;
ALTER TABLE contact ADD CONSTRAINT contact_signature
    CHECK (num_nonnulls(entered_by, title, reason, holds_from) = 0);
COMMENT ON COLUMN contact.holds_from IS
'From which day on a change of is_parent and lives_with holds, today if it is not given; kept in contact_former, not '
'here';
CREATE TABLE contact_former (
    contact_id bigint NOT NULL REFERENCES contact,
    to_day date NOT NULL,
    is_parent boolean NOT NULL,
    lives_with boolean NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    PRIMARY KEY (contact_id, to_day),
    CONSTRAINT contact_former_day CHECK (isfinite(to_day)),
    CONSTRAINT contact_former_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE contact_former IS
'Whether a contact was a parent and lived with the pupil until a day, since the one before. A trigger of contact '
'writes it';
COMMENT ON COLUMN contact_former.to_day IS 'The last day on which it held';
COMMENT ON COLUMN contact_former.entered_at IS 'When the entry was made';
COMMENT ON COLUMN contact_former.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN contact_former.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN contact_former.reason IS 'Why the entry is changed; kept in the journal, not here';

CREATE TRIGGER take_date BEFORE INSERT OR UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION take_date();
CREATE TRIGGER keep_former AFTER UPDATE ON contact REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_former('contact_former', '{contact_id}', '{is_parent,lives_with}',
        '''-infinity''::date', 'NULL::date', 'signed', '{contact_id}', '{}');

CREATE VIEW enrolment_period WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, e.start_date, coalesce(p.after_day, e.start_date) AS from_day,
        least(f.to_day, e.end_date) AS to_day, f.status, f.boarder, f.year_group, f.registration_group
    FROM enrolment e
    JOIN enrolment_former f ON f.school_urn = e.school_urn AND f.pupil_id = e.pupil_id AND f.to_day >= e.start_date
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM enrolment_former b
        WHERE b.school_urn = f.school_urn AND b.pupil_id = f.pupil_id AND b.to_day >= e.start_date
            AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= e.end_date, true)
        -- it is of the last enrolment that had begun
        AND NOT EXISTS (SELECT FROM enrolment n WHERE n.school_urn = e.school_urn AND n.pupil_id = e.pupil_id
            AND n.start_date > e.start_date AND n.start_date <= f.to_day)
    UNION ALL
    SELECT e.school_urn, e.pupil_id, e.start_date, coalesce(p.after_day, e.start_date) AS from_day, e.end_date,
        e.status, e.boarder, e.year_group, e.registration_group
    FROM enrolment e
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM enrolment_former b
        WHERE b.school_urn = e.school_urn AND b.pupil_id = e.pupil_id AND b.to_day >= e.start_date
            AND NOT EXISTS (SELECT FROM enrolment n WHERE n.school_urn = e.school_urn AND n.pupil_id = e.pupil_id
                AND n.start_date > e.start_date AND n.start_date <= b.to_day)) p
    WHERE coalesce(p.after_day <= e.end_date, true);
COMMENT ON VIEW enrolment_period IS
'Status, boarding, year and registration group of each enrolment with the days from and to which they hold; to_day is '
'NULL for what holds until further notice. Regulations 2024, regulation 8';

CREATE VIEW contact_period WITH (security_invoker = true) AS
    SELECT c.contact_id, c.pupil_id, p.after_day AS from_day, least(f.to_day, c.to_day) AS to_day, f.is_parent,
        f.lives_with
    FROM contact c
    JOIN contact_former f ON f.contact_id = c.contact_id
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM contact_former b
        WHERE b.contact_id = f.contact_id AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= c.to_day, true)
    UNION ALL
    SELECT c.contact_id, c.pupil_id, p.after_day AS from_day, c.to_day, c.is_parent, c.lives_with
    FROM contact c
    CROSS JOIN LATERAL (SELECT max(b.to_day) + 1 AS after_day FROM contact_former b WHERE b.contact_id = c.contact_id) p
    WHERE coalesce(p.after_day <= c.to_day, true);
COMMENT ON VIEW contact_period IS
'Who was a parent of a pupil and lived with the pupil, from which day to which: from_day is NULL for what held at '
'first, to_day for what holds until further notice. Education Act 1996, section 576';

CREATE VIEW school_membership WITH (security_invoker = true) AS
    SELECT s.urn AS school_urn, p.after_day AS from_day, least(f.to_day, s.closed) AS to_day, f.phase, f.type,
        f.la_number, f.trust_uid, s.predecessor_urn
    FROM school s
    JOIN school_former f ON f.urn = s.urn
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM school_former b WHERE b.urn = f.urn AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= s.closed, true)
    UNION ALL
    SELECT s.urn AS school_urn, p.after_day AS from_day, s.closed, s.phase, s.type, s.la_number, s.trust_uid,
        s.predecessor_urn
    FROM school s
    CROSS JOIN LATERAL (SELECT max(b.to_day) + 1 AS after_day FROM school_former b WHERE b.urn = s.urn) p
    WHERE coalesce(p.after_day <= s.closed, true);
COMMENT ON VIEW school_membership IS
'Phase, type, local authority and trust of each school with the days from and to which they hold: from_day is NULL for '
'what held at first, to_day for what holds until further notice';

-- UNION ends where two are said to continue each other.
CREATE VIEW school_part WITH (security_invoker = true) AS
    WITH RECURSIVE part (school_urn, part_urn) AS (
        SELECT s.urn::integer, s.urn::integer FROM school s
        UNION
        SELECT p.school_urn, s.predecessor_urn FROM part p JOIN school s ON s.urn = p.part_urn
        WHERE s.predecessor_urn IS NOT NULL)
    SELECT p.school_urn, p.part_urn FROM part p;
COMMENT ON VIEW school_part IS
'Each school with itself and with every school that it continues (predecessor_urn), one after the other';

CREATE FUNCTION school_on(day date)
    RETURNS TABLE (urn integer, name text, phase text, type text, la_number integer, trust_uid integer)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT s.urn::integer, s.name, coalesce(f.phase, s.phase), coalesce(f.type, s.type),
        coalesce(f.la_number, s.la_number), CASE WHEN f.urn IS NULL THEN s.trust_uid ELSE f.trust_uid END
    FROM school s
    LEFT JOIN LATERAL (
        SELECT b.* FROM school_former b WHERE b.urn = s.urn AND b.to_day >= school_on.day ORDER BY b.to_day LIMIT 1) f
        ON true;
END;
COMMENT ON FUNCTION school_on(date) IS
'All schools with the phase, type, local authority and trust that they had on a day, or have now for NULL';

DO $$
DECLARE
    entries record;
BEGIN
    FOR entries IN SELECT e.relation FROM (VALUES ('enrolment_former'), ('contact_former')) AS e (relation) LOOP
        EXECUTE pg_catalog.format('CREATE TRIGGER a_stamp_entry BEFORE INSERT OR UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION stamp_entry(''signed'')', entries.relation);
        EXECUTE pg_catalog.format('CREATE TRIGGER gather_record AFTER INSERT OR UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION gather_record()', entries.relation);
        EXECUTE pg_catalog.format('CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION write_journal()', entries.relation);
        EXECUTE pg_catalog.format('CREATE TRIGGER refuse_removal BEFORE DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION refuse_removal()', entries.relation);
        EXECUTE pg_catalog.format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal()', entries.relation);
    END LOOP;
END
$$;

-- ---------- provisions have a scope ----------

ALTER TABLE rule_setting DROP CONSTRAINT rule_setting_pkey;
ALTER TABLE rule_setting ALTER COLUMN school_urn DROP NOT NULL;
ALTER TABLE rule_setting ADD COLUMN setting_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY;
ALTER TABLE rule_setting ADD CONSTRAINT rule_setting_once UNIQUE NULLS NOT DISTINCT (school_urn, rule);
COMMENT ON COLUMN rule_setting.school_urn IS
'The school; NULL for every school, also those to come, that has no setting of its own for the rule';
ALTER TABLE leave_reason ADD COLUMN school_types text[];
COMMENT ON COLUMN leave_reason.school_types IS
'On which types of schools (school.type) it is binding; NULL for all. What is asked of others is guidance: recorded '
'and listed, not refused';
-- 2024 regulation 11(1), 2006 regulation 7(5)
UPDATE leave_reason SET school_types = '{Local authority maintained schools,Special schools}';
ALTER TABLE registration_policy DROP CONSTRAINT registration_policy_minutes_open_check;
ALTER TABLE registration_policy ADD CONSTRAINT registration_policy_minutes_open_check
    CHECK (minutes_open BETWEEN 1 AND 240);
COMMENT ON COLUMN registration_policy.minutes_open IS
'The guidance says not more than 30 minutes: registers that were open for longer are listed';
COMMENT ON COLUMN registration.closed_at IS
'After it a pupil who arrives is U, not L; NULL while the register is open. Longer after opened_at than 30 minutes is '
'listed (AT050)';

CREATE OR REPLACE VIEW leave_breach WITH (security_invoker = true) AS
    SELECT l.leave_id, l.school_urn, l.pupil_id, v.rule,
        format('leave of pupil %s at school %s from %s to %s: %s', l.pupil_id, l.school_urn, l.first_day, l.last_day,
            v.problem) AS problem, b.binding, CASE WHEN b.binding THEN 'regulation' ELSE 'guidance' END AS source
    FROM (
        SELECT g.*, day(lower(g.sessions)) AS first_day, session(lower(g.sessions)) AS first_session,
            -- the upper bound is the first session after the leave
            day(upper(g.sessions)) - CASE WHEN session(upper(g.sessions)) = 'AM' THEN 1 ELSE 0 END AS last_day,
            (g.decided_at AT TIME ZONE 'Europe/London')::date AS decided_on,
            (coalesce(g.received_at, g.decided_at) AT TIME ZONE 'Europe/London')::date AS asked_on
        FROM leave_of_absence g
        WHERE g.status = 'granted') AS l
    LEFT JOIN leave_reason r ON r.reason_class = l.reason_class AND r.mark = l.mark
        AND r.from_day <= l.first_day AND r.to_day >= l.last_day
    LEFT JOIN LATERAL (
        SELECT o.morning_opens, o.afternoon_opens FROM registration_policy o
        WHERE o.school_urn = l.school_urn AND o.from_day <= l.first_day
        ORDER BY o.from_day DESC LIMIT 1) AS p ON true
    CROSS JOIN LATERAL (
        SELECT (l.first_day + CASE WHEN l.first_session = 'AM' THEN coalesce(p.morning_opens, '09:00')
            ELSE coalesce(p.afternoon_opens, '13:00') END) AT TIME ZONE 'Europe/London' AS begins) AS s
    -- by the type that the school had
    CROSS JOIN LATERAL (
        SELECT r.school_types IS NULL OR EXISTS (
            SELECT FROM school_membership m
            WHERE m.school_urn = l.school_urn AND m.type = ANY (r.school_types)
                AND coalesce(m.from_day <= l.first_day, true) AND coalesce(m.to_day >= l.first_day, true)) AS binding) b
    CROSS JOIN LATERAL (VALUES
        ('leave code', r.needs IS NULL,
            CASE WHEN EXISTS (SELECT FROM leave_reason k WHERE k.reason_class = l.reason_class)
                THEN format('%s is not the code of leave for "%s" on all its days (leave_reason)', l.mark,
                    l.reason_class)
                ELSE format('leave_reason has no reason_class "%s"', l.reason_class) END),
        ('leave not in advance', 'applied in advance' = ANY (r.needs) AND coalesce(l.received_at >= s.begins, true),
            'the application was not received before the first session'),
        ('leave not in advance', 'agreed in advance' = ANY (r.needs) AND l.decided_at >= s.begins,
            'it was not agreed before the first session'),
        ('leave applicant', 'applicant' = ANY (r.needs) AND l.applicant IS NULL AND l.contact_id IS NULL,
            'it is not known who applied'),
        ('leave applicant', 'parent' = ANY (r.needs) AND NOT EXISTS (
            SELECT FROM contact_period c
            WHERE c.contact_id = l.contact_id AND c.pupil_id = l.pupil_id AND c.is_parent AND c.lives_with
                AND coalesce(c.from_day <= l.asked_on, true) AND coalesce(c.to_day >= l.asked_on, true))
            AND NOT EXISTS (
            SELECT FROM pupil u
            WHERE u.pupil_id = l.pupil_id
                AND u.date_of_birth + interval '18 years' <= l.received_at AT TIME ZONE 'Europe/London'),
            'no parent with whom the pupil normally lives has applied'),
        ('leave authority', NOT EXISTS (
            SELECT FROM authorised_person a
            WHERE a.school_urn = l.school_urn AND a.name = l.decided_by
                AND l.decided_on >= a.from_day AND coalesce(l.decided_on <= a.to_day, true)),
            format('%s is not a person authorised to grant it on %s', l.decided_by, l.decided_on)),
        ('leave reason', 'circumstances' = ANY (r.needs) AND l.circumstances IS NULL,
            'the exceptional circumstances are not stated'),
        ('leave licence', 'licence' = ANY (r.needs)
            AND NOT coalesce(l.licence_from <= l.first_day AND l.licence_to >= l.last_day, false),
            'there is no licence for all its days'),
        ('leave for study', 'examination' = ANY (r.needs) AND NOT coalesce(l.last_examination >= l.last_day, false),
            'it does not end with the last public examination'),
        ('leave for holiday', r.days_in_year IS NOT NULL AND l.circumstances IS NULL AND r.days_in_year * 2 < (
            SELECT coalesce(sum((d.morning AND o.sessions @> school_session(d.day, 'AM'))::int
                + (d.afternoon AND o.sessions @> school_session(d.day, 'PM'))::int), 0)
            FROM leave_of_absence o
            JOIN school_day d ON d.school_urn = o.school_urn AND d.academic_year = academic_year(l.first_day)
            WHERE o.school_urn = l.school_urn AND o.pupil_id = l.pupil_id AND o.status = 'granted'
                AND o.mark = l.mark),
            format('more than %s school days of holiday in the school year are not said to be exceptional',
                r.days_in_year))
        ) AS v (rule, broken, problem)
    WHERE v.broken;

CREATE OR REPLACE VIEW part_time_timetable_breach WITH (security_invoker = true) AS
    SELECT t.timetable_id, t.school_urn, t.pupil_id, v.rule,
        format('part-time timetable of pupil %s at school %s from %s to %s: %s', t.pupil_id, t.school_urn, t.first_day,
            t.last_day, v.problem) AS problem, b.binding AND v.rule <> 'part-time review' AS binding,
        CASE WHEN b.binding AND v.rule <> 'part-time review' THEN 'regulation' ELSE 'guidance' END AS source
    FROM (
        SELECT g.*, day(lower(g.sessions)) AS first_day,
            day(upper(g.sessions)) - CASE WHEN session(upper(g.sessions)) = 'AM' THEN 1 ELSE 0 END AS last_day
        FROM part_time_timetable g
        WHERE g.status = 'agreed') AS t
    JOIN pupil p ON p.pupil_id = t.pupil_id
    LEFT JOIN leave_reason r ON r.reason_class = 'part-time timetable' AND r.mark = 'C2'
        AND r.from_day <= t.first_day AND r.to_day >= t.last_day
    CROSS JOIN LATERAL (
        SELECT r.school_types IS NULL OR EXISTS (
            SELECT FROM school_membership m
            WHERE m.school_urn = t.school_urn AND m.type = ANY (r.school_types)
                AND coalesce(m.from_day <= t.first_day, true) AND coalesce(m.to_day >= t.first_day, true)) AS binding) b
    CROSS JOIN LATERAL (VALUES
        ('leave code', r.needs IS NULL, 'C2 is not a code on all its days'),
        ('leave not in advance', 'agreed in advance' = ANY (r.needs) AND t.agreed_on > t.first_day,
            format('it was agreed on %s only', t.agreed_on)),
        ('leave applicant', 'parent' = ANY (r.needs) AND NOT EXISTS (
            SELECT FROM contact_period c
            WHERE c.contact_id = t.contact_id AND c.pupil_id = t.pupil_id AND c.is_parent AND c.lives_with
                AND coalesce(c.from_day <= t.agreed_on, true) AND coalesce(c.to_day >= t.agreed_on, true)),
            'it was not agreed with a parent with whom the pupil normally lives'),
        ('leave authority', NOT EXISTS (
            SELECT FROM authorised_person a
            WHERE a.school_urn = t.school_urn AND a.name = t.agreed_by
                AND t.agreed_on >= a.from_day AND coalesce(t.agreed_on <= a.to_day, true)),
            format('%s is not a person authorised to agree to it on %s', t.agreed_by, t.agreed_on)),
        ('leave reason', 'circumstances' = ANY (r.needs) AND t.circumstances IS NULL,
            'the exceptional circumstances are not stated'),
        ('part-time review', NOT EXISTS (
            SELECT FROM unnest(t.review_dates) AS d (day) WHERE d.day >= t.first_day AND d.day <= t.last_day),
            'no day of review lies within it'),
        ('leave part-time', NOT daterange(t.first_day, t.last_day, '[]') <@ compulsory_school_age(p.date_of_birth),
            'the pupil is not of compulsory school age on all its days')
        ) AS v (rule, broken, problem)
    WHERE v.broken;

CREATE OR REPLACE VIEW registration_breach WITH (security_invoker = true) AS
    SELECT r.registration_id, r.school_urn, 'register open'::text AS rule,
        format('the register of %s at school %s for %s %s was open for %s minutes, longer than %s',
            coalesce('group ' || r.registration_group, 'the whole school'), r.school_urn, r.day, r.session,
            ceil(extract(epoch FROM r.closed_at - r.opened_at) / 60), least(p.minutes_open, 30)) AS problem
    FROM registration r
    LEFT JOIN LATERAL (
        SELECT o.minutes_open FROM registration_policy o
        WHERE o.school_urn = r.school_urn AND o.from_day <= r.day
        ORDER BY o.from_day DESC LIMIT 1) AS p ON true
    WHERE r.closed_at - r.opened_at > least(p.minutes_open, 30) * interval '1 minute';
COMMENT ON VIEW registration_breach IS
'Registers that were open for longer than the 30 minutes of the guidance, or than the school has decided, if that is '
'less (AT050): recorded, as what was is not undone by being refused';
COMMENT ON VIEW part_time_timetable_breach IS
'What agreed part-time timetables lack, by rule (AT040 to AT043, AT046, AT048, AT051). Their trigger refuses it, or '
'lets it in where the school has breaches of the rule recorded';
