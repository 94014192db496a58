-- What governors, trustees and authorities oversee: reviews, meetings, training, plans, offices, and what is overdue.

CREATE FUNCTION oversight_evidence(as_of date, schools integer[])
    RETURNS TABLE (bearer text, trust_uid integer, la_number integer, school_urn integer, matter text, expectation text,
        status text, done_on date, due_on date, said text, present text[], figures jsonb, evidence_id bigint)
    LANGUAGE sql STABLE ROWS 2000
BEGIN ATOMIC
    WITH body AS MATERIALIZED (SELECT b.* FROM guidance_body(as_of, schools) b WHERE b.bearer <> 'school'),
    place AS MATERIALIZED (SELECT p.* FROM guidance_school(as_of, schools) p),
    asked AS (
        SELECT b.bearer, b.whose, b.trust_uid, coalesce(b.la_number, g.la_number) AS la_number, b.school_urn,
            p.school_urn AS met_school, p.trust_uid AS met_trust, m.matter, m.expectation, x.every
        FROM (VALUES ('T1.1', 'review of data'), ('T1.2', 'trends challenged'), ('T2.2', 'leaders held to account'),
            ('T4.1', 'training'), ('T4.2', 'training'), ('T5.1', 'action plan'), ('T6.1', 'shared practice'),
            ('L1.2', 'strategy'), ('L1.10', 'review with officers'), ('L1.11', 'review with members'),
            ('L3.3', 'network meeting'), ('L4.1', 'targeting support meeting'), ('L5.1', 'training'))
            AS m (expectation, matter)
        JOIN expectation x ON x.expectation = m.expectation AND x.from_day <= as_of AND x.to_day >= as_of
        JOIN body b ON b.bearer = x.bearer
        LEFT JOIN place g ON g.school_urn = b.school_urn
        -- with each school
        LEFT JOIN place p ON x.measure = 'support meetings' AND p.la_number = b.la_number),
    shown AS (
        SELECT e.*, coalesce('l' || e.la_number, 't' || e.trust_uid, 's' || e.school_urn) AS whose
        FROM evidence e
        WHERE e.done_on <= as_of AND e.entered_at < (as_of + 1)::timestamp AT TIME ZONE 'Europe/London'),
    found AS (
        SELECT a.bearer, a.trust_uid, a.la_number, a.matter, a.expectation, a.met_trust, s.done_on, s.said, s.present,
            s.figures, s.evidence_id, s.in_force, coalesce(a.met_school, a.school_urn, s.school_urn) AS school_urn,
            (s.done_on + a.every)::date AS due_on, row_number() OVER (
                PARTITION BY a.whose, a.expectation, coalesce(a.met_school, s.school_urn)
                ORDER BY s.done_on DESC, s.evidence_id DESC) AS place
        FROM asked a
        LEFT JOIN shown s ON s.whose = a.whose AND s.expectation = a.expectation
            AND coalesce(s.school_urn = a.met_school, a.met_school IS NULL))
    SELECT f.bearer, coalesce(f.trust_uid, f.met_trust), f.la_number, f.school_urn, f.matter, f.expectation,
        CASE WHEN f.place > 1 THEN 'earlier' WHEN f.done_on IS NULL THEN 'missing'
            WHEN f.due_on < as_of OR NOT f.in_force @> as_of THEN 'overdue'
            WHEN f.due_on < as_of + interval '1 month' THEN 'due' ELSE 'met' END,
        f.done_on, f.due_on, f.said, f.present, f.figures, f.evidence_id
    FROM found f
    WHERE f.place = 1 OR f.done_on > as_of - interval '1 year';
END;
COMMENT ON FUNCTION oversight_evidence(date, integer[]) IS
'For oversight(): what trusts, governing bodies and authorities did, of the year before the day and the last of each '
'kind, and what they did not. No rows for a NULL day; 22023 for schools that are not there';

CREATE FUNCTION oversight_office(as_of date, schools integer[])
    RETURNS TABLE (bearer text, trust_uid integer, la_number integer, school_urn integer, office text, status text,
        since date, said text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH place AS MATERIALIZED (SELECT p.* FROM guidance_school(as_of, schools) p),
    -- the authority names the contact of each school
    asked AS (
        SELECT 'local authority'::text AS bearer, p.trust_uid, p.la_number, p.school_urn,
            'named contact'::text AS office, 's' || p.school_urn AS whose
        FROM place p
        UNION ALL
        SELECT b.bearer, coalesce(b.trust_uid, p.trust_uid), coalesce(b.la_number, p.la_number), b.school_urn,
            CASE WHEN x.office = 'attendance trustee' AND b.trust_uid IS NULL THEN 'attendance governor'
                ELSE x.office END, b.whose
        FROM guidance_body(as_of, schools) b
        JOIN expectation x ON x.bearer = b.bearer AND x.from_day <= as_of AND x.to_day >= as_of
            AND x.office <> 'named contact'
        LEFT JOIN place p ON p.school_urn = b.school_urn),
    held AS (
        SELECT h.office, coalesce('l' || h.la_number, 't' || h.trust_uid, 's' || h.school_urn) AS whose,
            min(h.from_day) AS since,
            string_agg(concat_ws(', ', h.name, h.job_title), '; ' ORDER BY h.holder_id) AS said
        FROM office_holder h
        WHERE h.from_day <= as_of AND coalesce(h.to_day >= as_of, true)
            AND h.entered_at < (as_of + 1)::timestamp AT TIME ZONE 'Europe/London'
        GROUP BY 1, 2)
    SELECT a.bearer, a.trust_uid, a.la_number, a.school_urn, a.office,
        CASE WHEN h.said IS NULL THEN 'missing' ELSE 'met' END, h.since, h.said
    FROM asked a LEFT JOIN held h ON h.office = a.office AND h.whose = a.whose;
END;
COMMENT ON FUNCTION oversight_office(date, integer[]) IS
'For oversight(): the offices of attendance at schools, trusts and authorities on a day, and who holds them. No rows '
'for a NULL day; 22023 for schools that are not there';

CREATE FUNCTION oversight(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date, schools integer[] DEFAULT NULL)
    RETURNS TABLE (bearer text, organisation text, trust_uid integer, la_number integer, school_urn integer,
        matter text, expectation text, status text, done_on date, due_on date, said text, present text[],
        figures jsonb, actions text, overdue bigint, evidence_id bigint)
    LANGUAGE sql STABLE ROWS 2000
    -- compiling a plan of this size takes longer than running it
    SET jit = off
BEGIN ATOMIC
    WITH place AS MATERIALIZED (SELECT p.* FROM guidance_school(as_of, schools) p),
    action AS MATERIALIZED (
        SELECT a.*, coalesce(a.done_on > as_of, true) AS is_open,
            coalesce(a.done_on > as_of, true) AND a.due_on < as_of AS is_overdue
        FROM agreed_action a WHERE a.entered_at < (as_of + 1)::timestamp AT TIME ZONE 'Europe/London'),
    agreed AS (
        SELECT a.evidence_id, count(*) FILTER (WHERE a.is_overdue) AS overdue,
            string_agg(format('%s (%s): %s', a.action, a.owner, CASE WHEN a.is_overdue THEN 'overdue since '
                || day_text(a.due_on) WHEN a.is_open THEN 'due ' || day_text(a.due_on)
                ELSE concat_ws(', ', 'done', a.outcome) END), '; ' ORDER BY a.due_on, a.action_id) AS actions
        FROM action a WHERE a.evidence_id IS NOT NULL GROUP BY a.evidence_id),
    line AS (
        SELECT e.bearer, e.trust_uid, e.la_number, e.school_urn, e.matter, e.expectation, e.status, e.done_on,
            e.due_on, e.said, e.present, e.figures, g.actions, g.overdue, e.evidence_id
        FROM oversight_evidence(as_of, schools) e LEFT JOIN agreed g ON g.evidence_id = e.evidence_id
        UNION ALL
        SELECT o.bearer, o.trust_uid, o.la_number, o.school_urn, o.office, NULL::text, o.status, o.since, NULL::date,
            o.said, NULL::text[], NULL::jsonb, NULL::text, NULL::bigint, NULL::bigint
        FROM oversight_office(as_of, schools) o
        UNION ALL
        SELECT 'school'::text, p.trust_uid, p.la_number, p.school_urn, 'actions of cases'::text, NULL::text,
            'overdue'::text, NULL::date, min(a.due_on), NULL::text, NULL::text[], NULL::jsonb, NULL::text, count(*),
            NULL::bigint
        FROM place p
        JOIN attendance_case c ON c.school_urn = p.school_urn AND coalesce(c.closed_on > as_of, true)
        JOIN action a ON a.case_id = c.case_id AND a.school_urn = c.school_urn AND a.is_overdue
        GROUP BY p.school_urn, p.trust_uid, p.la_number)
    SELECT r.bearer, CASE r.bearer WHEN 'local authority' THEN l.name WHEN 'school' THEN s.name
            ELSE coalesce(t.name, s.name) END, r.trust_uid, r.la_number, r.school_urn, r.matter, r.expectation,
        r.status, r.done_on, r.due_on, r.said, r.present, r.figures, r.actions, coalesce(r.overdue, 0), r.evidence_id
    FROM line r
    LEFT JOIN school s ON s.urn = r.school_urn
    LEFT JOIN trust t ON t.trust_uid = r.trust_uid
    LEFT JOIN local_authority l ON l.la_number = r.la_number
    ORDER BY r.bearer, r.la_number, r.trust_uid, r.expectation IS NULL, r.matter, r.school_urn,
        r.done_on DESC NULLS FIRST, r.evidence_id DESC;
END;
COMMENT ON FUNCTION oversight(date, integer[]) IS
'What governors, trustees and authorities oversee, on a day (today if none is given), of some schools (by URN; NULL '
'for all), a row for each matter: their reviews of the last year with the figures that they saw, what was said and '
'agreed, and what came of it; action plans, training and shared practice; termly meetings with each school, network '
'meetings, the strategy; who holds the offices, the named contact of each school above all; and actions of cases that '
'are overdue. bearer: who is to do it, a trust (or, without one, the governing body of the school), local authority '
'or school; trust_uid and la_number are also those of the school that it is about. status: met, due (within a month), '
'overdue, missing, and earlier for what came before the last one. What was entered after the day does not count. No '
'rows for a NULL day; 22023 for schools that are not there';
