-- The working lists of support: whom to call, whose case lacks something, what has become of it.

CREATE FUNCTION unexplained_on(day date, schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, sessions text, mark text, school_days bigint)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH line AS (
        SELECT l.school_urn, l.pupil_id, s.session, 'N' AS mark, l.marks
        -- by its schools, so that what has one as a parameter reads it alone
        FROM school c
        JOIN register_line l ON l.school_urn = c.urn AND l.academic_year = academic_year(unexplained_on.day)
        CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
        WHERE is_one_of(c.urn, schools) AND is_one_of(l.school_urn, schools)
            AND mark_at(l.marks, unexplained_on.day, s.session) = 'N'
        UNION ALL
        SELECT e.school_urn, e.pupil_id, r.session, 'none' AS mark, l.marks
        FROM school s
        JOIN school_day d ON d.school_urn = s.urn AND d.day = unexplained_on.day
        JOIN registration r ON r.school_urn = s.urn AND r.day = unexplained_on.day AND r.closed_at <= now()
            AND CASE WHEN r.session = 'AM' THEN d.morning ELSE d.afternoon END
        JOIN enrolment_period e ON e.school_urn = s.urn AND e.boarder = 'N' AND e.status <> 'G'
            AND e.from_day <= unexplained_on.day
            AND coalesce(e.to_day >= unexplained_on.day, true)
            AND coalesce(e.registration_group = r.registration_group, r.registration_group IS NULL)
        LEFT JOIN register_line l ON l.academic_year = academic_year(unexplained_on.day)
            AND l.school_urn = e.school_urn AND l.pupil_id = e.pupil_id
        -- of each, as what is asked of one is not known of the other
        WHERE is_one_of(s.urn, schools) AND is_one_of(e.school_urn, schools)
            AND coalesce(mark_class(mark_at(l.marks, unexplained_on.day, r.session)), 'unmarked') = 'unmarked'),
    pupil_line AS (
        SELECT l.school_urn, l.pupil_id,
            string_agg(DISTINCT l.session, ' ') AS sessions, string_agg(DISTINCT l.mark, ', ') AS mark,
            min(l.session) AS first_session, (array_agg(l.marks))[1] AS marks
        FROM line l GROUP BY l.school_urn, l.pupil_id)
    SELECT p.school_urn, p.pupil_id, p.sessions, p.mark, 1 + (
        SELECT count(DISTINCT m.day)
        FROM (
            SELECT a.day, a.mark, count(*) FILTER (WHERE is_possible(a.mark) AND a.mark <> 'N')
                OVER (ORDER BY a.day DESC, a.session DESC) AS explained
            FROM marks(p.marks) a
            WHERE a.day < unexplained_on.day OR a.day = unexplained_on.day AND a.session < p.first_session) m
        WHERE m.mark = 'N' AND m.explained = 0 AND m.day < unexplained_on.day)
    FROM pupil_line p
    WHERE known_schools(schools);
END;
COMMENT ON FUNCTION unexplained_on(date, integer[]) IS
'Pupils of some schools (by URN; NULL for all), of any age, whose absence on a day is unexplained: N, or no mark '
'(none) although the register of the session was closed (registration), but for boarders and guests; which sessions, '
'and how many school days of the academic year it has been so in a row, up to the day. No rows for a NULL day; 22023 '
'for a school that is not there';

CREATE FUNCTION follow_up_list(day date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (place bigint, school_urn integer, pupil_id bigint, upn text, surname text, forename text,
        year_group text, registration_group text, sessions text, mark text, school_days bigint, social_worker text,
        notice_due_to text, tries bigint, last_tried timestamptz, contact_id bigint, contact_name text,
        numbers text[], said text, said_at timestamptz, case_id bigint)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH unexplained AS MATERIALIZED (SELECT u.* FROM unexplained_on(follow_up_list.day, schools) u)
    SELECT row_number() OVER (PARTITION BY u.school_urn ORDER BY w.name IS NULL, t.tries > 0, u.school_days DESC,
            p.surname, p.forename, u.pupil_id), u.school_urn, u.pupil_id, p.upn::text, p.surname, p.forename,
        e.year_group, e.registration_group, u.sessions, u.mark, u.school_days, w.name, n.names, t.tries, t.last_tried,
        c.contact_id, c.full_name, c.emergency_numbers, h.said, h.made_at, k.case_id
    FROM unexplained u
    JOIN pupil p ON p.pupil_id = u.pupil_id
    JOIN enrolment_on(follow_up_list.day) e ON e.school_urn = u.school_urn AND e.pupil_id = u.pupil_id
        AND e.start_date <= follow_up_list.day AND coalesce(e.end_date >= follow_up_list.day, true)
    CROSS JOIN LATERAL (
        SELECT count(*) AS tries, max(f.made_at) AS last_tried, coalesce(bool_or(f.reached), false) AS reached
        FROM family_contact f
        WHERE f.school_urn = u.school_urn AND f.pupil_id = u.pupil_id AND f.about @> follow_up_list.day
            AND f.purpose IN ('absence reported', 'absence followed up')) t
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(', ', o.name, o.contact), '; ' ORDER BY o.name) AS name
        FROM pupil_worker o
        WHERE o.pupil_id = u.pupil_id AND o.role = 'social worker' AND o.from_day <= follow_up_list.day
            AND coalesce(o.to_day >= follow_up_list.day, true)) w
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(', ', d.name, d.contact), '; ' ORDER BY d.name) AS names
        FROM unexplained_absence_notice_due d
        WHERE d.school_urn = u.school_urn AND d.pupil_id = u.pupil_id AND d.day = follow_up_list.day
            -- of the others nothing is read
            AND EXISTS (SELECT FROM pupil_worker o WHERE o.pupil_id = u.pupil_id)) n
    -- who was tried least, and of these who comes first
    LEFT JOIN LATERAL (
        SELECT o.contact_id, o.full_name, o.emergency_numbers
        FROM contact_on(follow_up_list.day) o
        WHERE o.pupil_id = u.pupil_id AND o.emergency_numbers <> '{}'
        ORDER BY (SELECT count(*) FROM family_contact f WHERE f.contact_id = o.contact_id
            AND f.about @> follow_up_list.day), o.priority NULLS LAST, o.contact_id
        LIMIT 1) c ON true
    LEFT JOIN LATERAL (
        SELECT f.said, f.made_at FROM family_contact f
        WHERE f.school_urn = u.school_urn AND f.pupil_id = u.pupil_id AND f.said IS NOT NULL
        ORDER BY f.made_at DESC, f.family_contact_id DESC LIMIT 1) h ON true
    LEFT JOIN attendance_case k ON k.school_urn = u.school_urn AND k.pupil_id = u.pupil_id AND k.closed_on IS NULL
    WHERE NOT t.reached AND known_schools(schools)
    ORDER BY u.school_urn, w.name IS NULL, t.tries > 0, u.school_days DESC, p.surname, p.forename, u.pupil_id;
END;
COMMENT ON FUNCTION follow_up_list(date, integer[]) IS
'Whom to call: the pupils of unexplained_on() of whose absence on the day nobody of the family was reached '
'(family_contact with about, absence reported or followed up). At each school pupils with a social worker first, then '
'whom nobody has tried, then who has been so for longest. contact_name and numbers: whom to ring now, the contact who '
'was tried least, by priority; said: what the family said last; case_id: the open case; notice_due_to: the workers who '
'have not been told of it (unexplained_absence_notice_due). Whatever the age: Keeping children safe in education. No '
'rows for a NULL day; 22023 for a school that is not there';

CREATE FUNCTION case_line(period text, schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, year_group text, registration_group text,
        tally attendance_tally, tier text)
    LANGUAGE sql STABLE ROWS 100000
BEGIN ATOMIC
    WITH closed AS MATERIALIZED (
        SELECT c.school_urn, c.pupil_id, max(c.closed_on) AS closed_on FROM attendance_case c
        WHERE c.closed_on IS NOT NULL GROUP BY c.school_urn, c.pupil_id),
    line AS (
        SELECT l.*, CASE WHEN c.closed_on IS NULL THEN l.days ELSE l.days * daterange(c.closed_on + 1, NULL) END
            AS asked
        FROM report_line(period, 'current roll', schools) l
        LEFT JOIN closed c ON c.school_urn = l.school_urn AND c.pupil_id = l.pupil_id
        OFFSET 0),
    pupil_sum AS (
        SELECT l.school_urn, l.pupil_id, max(ARRAY[l.academic_year::text, l.year_group, l.registration_group]) AS now,
            tally_agg(tally(l.marks, l.asked)) AS tally, array_agg(l.marks) AS marks, array_agg(l.asked) AS asked
        FROM line l GROUP BY l.school_urn, l.pupil_id)
    SELECT s.school_urn, s.pupil_id, s.now[2], s.now[3], s.tally,
        CASE WHEN possible(s.tally) > 0 AND is_persistently_absent(s.tally)
            -- of the days that are marked: one session of a term that has begun makes nobody persistently absent;
            -- more than fourteen sessions are not of a week
            AND (possible(s.tally) > 14 * cardinality(s.marks) OR (
                SELECT bool_or(marks_state_persistence(u.marks, u.asked))
                FROM unnest(s.marks, s.asked) AS u (marks, asked)))
            THEN CASE WHEN is_severely_absent(s.tally) THEN 'severe' ELSE 'persistent' END END
    FROM pupil_sum s;
END;
COMMENT ON FUNCTION case_line(text, integer[]) IS
'For case_due(): the sessions of each pupil, of any age, who is on the roll on the last day of a period (or today) at '
'some schools (by URN; NULL for all), from the day after the last case of the pupil there was closed, and the tier '
'that they make (persistent or severe; NULL for none, and where the marks are those of a week or less). No rows for a '
'NULL period; 22023 for what is no period or school';

CREATE FUNCTION case_due(period text, schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, possible bigint, absent bigint, absence_percent numeric, tier text, case_id bigint,
        lacks text, because text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    -- the last day of the period, or today
    WITH asked AS MATERIALIZED (
        SELECT least(max(upper(s.days)) - 1, (now() AT TIME ZONE 'Europe/London')::date) AS day
        FROM school_period(period, schools) s),
    open_case AS MATERIALIZED (
        SELECT c.case_id, c.school_urn, c.pupil_id, c.tier, c.assessed_on,
            c.lead_practitioner, c.joint_approach_on, c.safeguarding_considered_on, a.agencies, a.acting, a.overdue,
            a.overdue_since
        FROM attendance_case c
        CROSS JOIN LATERAL (
            SELECT count(DISTINCT g.agency) AS agencies, string_agg(DISTINCT g.agency, ', ') AS acting,
                count(*) FILTER (WHERE g.done_on IS NULL AND g.due_on < t.day) AS overdue,
                min(g.due_on) FILTER (WHERE g.done_on IS NULL) AS overdue_since
            FROM agreed_action g CROSS JOIN asked t
            WHERE g.case_id = c.case_id AND g.school_urn = c.school_urn) a
        WHERE c.closed_on IS NULL),
    pupil_case AS (
        SELECT coalesce(l.school_urn, k.school_urn) AS school_urn, coalesce(l.pupil_id, k.pupil_id) AS pupil_id,
            l.year_group, l.registration_group, l.tally, l.tier AS absence, k.case_id, k.tier, k.assessed_on,
            k.lead_practitioner, k.joint_approach_on, k.safeguarding_considered_on, k.agencies, k.acting, k.overdue,
            k.overdue_since
        FROM case_line(period, schools) l
        FULL JOIN open_case k ON k.school_urn = l.school_urn AND k.pupil_id = l.pupil_id
        WHERE num_nonnulls(l.tier, k.case_id) > 0
            AND (l.pupil_id IS NOT NULL OR is_one_of(k.school_urn, schools)))
    SELECT c.school_urn, c.pupil_id, p.upn::text, p.surname, p.forename, c.year_group, c.registration_group,
        possible(c.tally), absent(c.tally), absence_rate(c.tally), coalesce(c.absence, c.tier), c.case_id, v.lacks,
        CASE v.lacks WHEN 'assessment' THEN 'a case of tier ' || c.tier
            WHEN 'lead practitioner' THEN 'actions of ' || c.acting
            WHEN 'actions done' THEN format('%s overdue, the first since %s', c.overdue,
                to_char(c.overdue_since::timestamp, 'YYYY-MM-DD'))
            ELSE format('%s of %s sessions missed, %s %%', absent(c.tally), possible(c.tally),
                round(absence_rate(c.tally), 1)) END
    FROM pupil_case c
    JOIN pupil p ON p.pupil_id = c.pupil_id
    CROSS JOIN LATERAL (VALUES
        (1, 'case', c.absence IS NOT NULL AND c.case_id IS NULL),
        (2, 'joint approach', 'severe' IN (c.absence, c.tier) AND c.joint_approach_on IS NULL),
        (3, 'safeguarding', 'severe' IN (c.absence, c.tier) AND c.safeguarding_considered_on IS NULL),
        (4, 'assessment', c.tier <> 'at risk' AND c.assessed_on IS NULL),
        (5, 'lead practitioner', c.agencies > 1 AND c.lead_practitioner IS NULL),
        (6, 'actions done', c.overdue > 0)) AS v (place, lacks, is_due)
    WHERE v.is_due AND period IS NOT NULL AND known_schools(schools)
    ORDER BY c.school_urn, absence_rate(c.tally) DESC NULLS LAST, c.pupil_id, v.place;
END;
COMMENT ON FUNCTION case_due(text, integer[]) IS
'What the absence of pupils in a period, and their open cases, ask for and the record lacks, a row for each: a case '
'(persistent or severe absence since the last one was closed), and, severe, a joint approach and the question of '
'safeguarding; of an open case an assessment (but at risk), a lead practitioner if several agencies act (AT066), and '
'actions done that were due before the last day of the period, or today. because says it in words. Every pupil on the '
'roll, of any age, and open cases of those who have left; nothing is refused for it. Working together to improve '
'school attendance, 2024, chapters 2 and 5. No rows for a NULL period; 22023 for what is no period or school';

CREATE FUNCTION case_steps(pupil bigint)
    RETURNS TABLE (day date, at timestamptz, school_urn integer, kind text, what text, who text, record bigint,
        entered_at timestamptz)
    LANGUAGE sql STABLE ROWS 20
BEGIN ATOMIC
    WITH step AS (
        SELECT s.offered_on AS day, NULL::timestamptz AS at, s.school_urn, s.kind,
            concat_ws('; ', s.description, s.outcome) AS what, c.full_name AS who, s.support_id AS record, s.entered_at
        FROM attendance_support s LEFT JOIN contact c ON c.contact_id = s.contact_id WHERE s.pupil_id = pupil
        UNION ALL
        SELECT v.day, NULL AS at, n.school_urn, 'notice to improve' AS kind, v.what, c.full_name, n.improve_id,
            n.entered_at
        FROM notice_to_improve n JOIN contact c ON c.contact_id = n.contact_id
        CROSS JOIN LATERAL (VALUES (n.issued_on, 'issued: ' || n.target), (n.decided_on, n.outcome)) AS v (day, what)
        WHERE n.pupil_id = pupil AND v.day IS NOT NULL
        UNION ALL
        SELECT v.day, NULL AS at, n.school_urn, 'penalty notice' AS kind, v.what, c.full_name, n.notice_id, n.entered_at
        FROM penalty_notice n JOIN contact c ON c.contact_id = n.contact_id
        CROSS JOIN LATERAL (VALUES (n.issued_on, 'issued, step ' || n.step), (n.paid_on, 'paid: ' || n.paid_amount),
            (n.withdrawn_on, 'withdrawn: ' || n.withdrawal_reason),
            (n.prosecuted_on, concat_ws(': ', 'prosecuted', n.prosecution_outcome))) AS v (day, what)
        WHERE n.pupil_id = pupil AND v.day IS NOT NULL
        UNION ALL
        SELECT v.day, NULL AS at, o.school_urn, 'school attendance order' AS kind, v.what, o.authority, o.order_id,
            o.entered_at
        FROM attendance_order o
        CROSS JOIN LATERAL (VALUES (o.made_on, 'made'), (o.varied_on, 'varied'), (o.revoked_on, 'revoked'))
            AS v (day, what)
        WHERE o.pupil_id = pupil AND v.day IS NOT NULL
        UNION ALL
        SELECT coalesce(t.agreed_on, (t.entered_at AT TIME ZONE 'Europe/London')::date), NULL AS at, t.school_urn,
            'part-time timetable' AS kind, t.status, t.agreed_by, t.timetable_id, t.entered_at
        FROM part_time_timetable t WHERE t.pupil_id = pupil
        UNION ALL
        SELECT (r.sent_at AT TIME ZONE 'Europe/London')::date, r.sent_at, r.school_urn, 'return' AS kind, r.kind,
            r.sent_to, r.return_id, r.entered_at
        FROM return_sent r WHERE r.pupil_id = pupil
        UNION ALL
        SELECT p.from_day, NULL AS at, i.school_urn, 'intervention' AS kind, i.name, NULL AS who, i.intervention_id,
            NULL AS entered_at
        FROM intervention_pupil p
        JOIN intervention i ON i.intervention_id = p.intervention_id AND i.school_urn = p.school_urn
        WHERE p.pupil_id = pupil)
    SELECT s.* FROM step s WHERE known_pupil(pupil);
END;
COMMENT ON FUNCTION case_steps(bigint) IS
'Part of case_timeline(): support, notices, orders, part-time timetables, returns and interventions of a pupil, in no '
'order. No rows for NULL; 22023 for a pupil who is not there';

CREATE FUNCTION case_timeline(pupil bigint)
    RETURNS TABLE (day date, at timestamptz, school_urn integer, kind text, what text, who text, record bigint,
        entered_at timestamptz)
    LANGUAGE sql STABLE ROWS 50
BEGIN ATOMIC
    WITH event AS (
        SELECT s.* FROM case_steps(pupil) s
        UNION ALL
        SELECT v.day, NULL AS at, e.school_urn, 'roll' AS kind, v.what, NULL AS who, NULL AS record,
            v.entered_at
        FROM enrolment e
        CROSS JOIN LATERAL (VALUES (e.start_date, 'joined', e.entered_at),
            (e.end_date, concat_ws(', ', 'left', 'ground ' || e.deletion_ground), e.deleted_at))
            AS v (day, what, entered_at)
        WHERE e.pupil_id = pupil AND v.day IS NOT NULL
        UNION ALL
        SELECT day(a.first_session), NULL AS at, l.school_urn, 'absence' AS kind,
            format('%s sessions to %s, %s unauthorised', a.sessions,
                to_char(day(a.last_session)::timestamp, 'YYYY-MM-DD'), a.unauthorised), NULL AS who, NULL AS record,
            NULL AS entered_at
        FROM register_line l CROSS JOIN LATERAL absence_spells(l.marks) a WHERE l.pupil_id = pupil
        UNION ALL
        SELECT (f.made_at AT TIME ZONE 'Europe/London')::date, f.made_at, f.school_urn, f.purpose,
            concat_ws(', ', f.channel, CASE WHEN NOT f.reached THEN 'nobody reached' END)
                || coalesce(': ' || f.said, '') AS what, concat_ws(' / ', c.full_name, f.made_by),
            f.family_contact_id, f.entered_at
        FROM family_contact f LEFT JOIN contact c ON c.contact_id = f.contact_id WHERE f.pupil_id = pupil
        UNION ALL
        SELECT v.day, NULL AS at, c.school_urn, 'case' AS kind, v.what, c.lead_practitioner, c.case_id, c.entered_at
        FROM attendance_case c
        CROSS JOIN LATERAL (VALUES (c.opened_on, format('opened, %s: %s', c.tier, c.opened_because)),
            (c.assessed_on, 'assessed: ' || c.assessment), (c.joint_approach_on, 'joint approach agreed'),
            (c.safeguarding_considered_on, 'safeguarding considered'), (c.closed_on, 'closed: ' || c.outcome))
            AS v (day, what)
        WHERE c.pupil_id = pupil AND v.day IS NOT NULL
        UNION ALL
        SELECT coalesce(a.done_on, a.due_on), NULL AS at, c.school_urn, 'action' AS kind,
            format('%s: %s', CASE WHEN a.done_on IS NULL THEN 'due' ELSE 'done' END,
                concat_ws('; ', a.action, a.outcome)), a.owner || ', ' || a.agency AS who, a.action_id, a.entered_at
        FROM agreed_action a JOIN attendance_case c ON c.case_id = a.case_id AND c.school_urn = a.school_urn
        WHERE c.pupil_id = pupil
        UNION ALL
        SELECT e.done_on, NULL AS at, e.school_urn, 'evidence' AS kind, e.expectation || ': ' || e.said AS what,
            array_to_string(e.present, ', '), e.evidence_id, e.entered_at
        FROM evidence e WHERE e.pupil_id = pupil)
    SELECT e.day, e.at, e.school_urn, e.kind, e.what, e.who, e.record, e.entered_at
    FROM event e
    WHERE known_pupil(pupil)
    ORDER BY e.day, e.at NULLS FIRST, e.entered_at NULLS FIRST, e.kind, e.record, e.what;
END;
COMMENT ON FUNCTION case_timeline(bigint) IS
'All that was done about a pupil''s attendance, at every school, in order: joining and leaving, each spell of absence '
'(absence_spells()), contacts with the family, the case and its actions (on the day when they were done, or are due), '
'evidence about the pupil, support, notices, orders, part-time timetables, returns, interventions. at is the time '
'where it is known, record the key in its table, entered_at when it was entered. No rows for NULL; 22023 for a pupil '
'who is not there';

CREATE FUNCTION updates_due(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, last_update date, due_on date)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    WITH told AS MATERIALIZED (
        SELECT f.school_urn, f.pupil_id,
            max((f.made_at AT TIME ZONE 'Europe/London')::date) AS day
        FROM family_contact f
        WHERE f.purpose = 'attendance update' AND f.reached AND is_one_of(f.school_urn, schools)
            AND (f.made_at AT TIME ZONE 'Europe/London')::date <= updates_due.as_of
        GROUP BY f.school_urn, f.pupil_id),
    asked AS MATERIALIZED (
        SELECT min(x.every) AS every FROM expectation x
        WHERE x.measure = 'parents told' AND x.from_day <= updates_due.as_of AND x.to_day >= updates_due.as_of)
    SELECT e.school_urn, e.pupil_id, p.upn::text, p.surname, p.forename, e.year_group, e.registration_group, t.day,
        d.due_on
    FROM roll_on(updates_due.as_of, schools) e
    JOIN pupil p ON p.pupil_id = e.pupil_id
    CROSS JOIN asked a
    LEFT JOIN told t ON t.school_urn = e.school_urn AND t.pupil_id = e.pupil_id
    CROSS JOIN LATERAL (SELECT (coalesce(t.day, e.start_date) + a.every)::date AS due_on) d
    WHERE e.status <> 'G' AND d.due_on < updates_due.as_of
    ORDER BY e.school_urn, d.due_on, p.surname, p.forename, e.pupil_id;
END;
COMMENT ON FUNCTION updates_due(date, integer[]) IS
'Pupils on the roll on a day, of any age, whose parents were last reached with an update on their attendance '
'(family_contact) longer ago than expectation.every of the measure "parents told" says, or since the starting day '
'never: the longest ago first. Guests are left out. Working together to improve school attendance, 2024. No rows for '
'a NULL day; 22023 for a school that is not there';

CREATE FUNCTION pupil_digest(salt text, upn text, date_of_birth date) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN known(coalesce(length(salt) >= 16, true), 'a salt of fewer than 16 characters hides nobody')
        THEN encode(sha256(convert_to(salt || ':' || upn || ':' || to_char(date_of_birth::timestamp, 'YYYY-MM-DD'),
            'UTF8')), 'hex') END;
COMMENT ON FUNCTION pupil_digest(text, text, date) IS
'SHA-256 of a salt, a UPN and a date of birth, in hexadecimal digits: the same in every register that uses the salt, '
'and without the salt no way back. The salt is a secret of those who compare. NULL for NULL; 22023 for a salt of fewer '
'than 16 characters';

CREATE FUNCTION roll_digest(salt text)
    RETURNS TABLE (digest text)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT pupil_digest(salt, p.upn::text, p.date_of_birth)
    FROM pupil p
    WHERE p.upn IS NOT NULL AND salt IS NOT NULL AND EXISTS (
        SELECT FROM enrolment e CROSS JOIN (SELECT (now() AT TIME ZONE 'Europe/London')::date AS day) t
        WHERE e.pupil_id = p.pupil_id AND e.status <> 'G' AND e.start_date <= t.day
            AND coalesce(e.end_date >= t.day, true))
    ORDER BY 1;
END;
COMMENT ON FUNCTION roll_digest(text) IS
'Who is on a roll of the register today, as salted digests (pupil_digest()), by which another register can tell that '
'somebody is and nothing else: not_arrived(). Pupils without a UPN cannot be found so. No rows for NULL; 22023 for a '
'salt of fewer than 16 characters';

CREATE FUNCTION not_arrived(period text, schools integer[] DEFAULT NULL, salt text DEFAULT NULL,
    other_rolls text[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, date_of_birth date,
        last_day date, deletion_ground text, ground text, next_school text, days integer, digest text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT e.school_urn, e.pupil_id, p.upn::text, p.surname, p.forename, p.date_of_birth, e.end_date,
        e.deletion_ground, g.description, e.next_school, upper(d.days) - lower(d.days), i.digest
    FROM school_period(period, schools) s
    CROSS JOIN (SELECT (now() AT TIME ZONE 'Europe/London')::date AS day) t
    JOIN enrolment e ON e.school_urn = s.school_urn AND s.days @> e.end_date AND e.end_date < t.day
    JOIN pupil p ON p.pupil_id = e.pupil_id
    LEFT JOIN regime r ON r.from_day <= e.end_date AND coalesce(r.to_day >= e.end_date, true)
    LEFT JOIN deletion_ground g ON g.regime = r.regime AND g.ground = e.deletion_ground
        AND g.from_day <= e.end_date AND g.to_day >= e.end_date
    CROSS JOIN LATERAL (SELECT pupil_digest(salt, p.upn::text, p.date_of_birth) AS digest) i
    CROSS JOIN LATERAL (SELECT daterange(e.end_date + 1, t.day, '[]')
        * compulsory_school_age(p.date_of_birth) AS days) d
    WHERE compulsory_school_age(p.date_of_birth) @> e.end_date AND NOT isempty(d.days) AND e.status <> 'G'
        AND coalesce(g.day <> 'the day of death', true)
        AND NOT EXISTS (SELECT FROM enrolment n WHERE n.pupil_id = e.pupil_id AND n.status <> 'G'
            AND n.start_date <= t.day AND coalesce(n.end_date > e.end_date, true)
            AND (n.school_urn, n.start_date) <> (e.school_urn, e.start_date))
        AND coalesce(i.digest <> ALL (other_rolls), true)
        -- without it nobody would be left out
        AND known(salt IS NOT NULL OR coalesce(cardinality(other_rolls), 0) = 0,
            'digests of other rolls are compared with the salt that they were made with')
    ORDER BY e.school_urn, e.end_date, e.pupil_id;
END;
COMMENT ON FUNCTION not_arrived(text, integer[], text, text[]) IS
'Names that were deleted on a day of a period while the pupil was of compulsory school age, and that are on no roll of '
'the register since: with the ground, the school that a parent named, and the days without a roll up to today, or the '
'end of compulsory school age. Children missing education, among those who are educated elsewhere. digest: as '
'roll_digest() of another register has it with the same salt; other_rolls: such digests that are on a roll there, '
'whose pupils are left out. Who sees some schools alone is told of their rolls alone. No rows for a NULL period; 22023 '
'for what is no period, school or salt, and for other_rolls without a salt';
