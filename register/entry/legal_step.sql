-- What the rules on legal steps read: offences, and what a step lacks.

CREATE FUNCTION is_relevant_school(school_urn integer, day date) RETURNS boolean
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce((
        SELECT r.relevant FROM relevant_school r
        WHERE r.school_urn = is_relevant_school.school_urn AND r.from_day <= is_relevant_school.day
            AND r.to_day >= is_relevant_school.day
        ORDER BY r.from_day DESC LIMIT 1), (
        SELECT t.relevant
        FROM school s
        LEFT JOIN LATERAL (
            SELECT f.type FROM school_former f WHERE f.urn = s.urn AND f.to_day >= is_relevant_school.day
            ORDER BY f.to_day LIMIT 1) AS o ON true
        JOIN relevant_school_type t ON t.school_type = coalesce(o.type, s.type)
        WHERE s.urn = is_relevant_school.school_urn AND t.from_day <= is_relevant_school.day
            AND t.to_day >= is_relevant_school.day
        ORDER BY t.from_day DESC LIMIT 1));
END;
COMMENT ON FUNCTION is_relevant_school(integer, date) IS
'Whether absence from a school is an offence for which a penalty notice can be issued on a day: relevant_school, or '
'relevant_school_type by the type that the school had on the day. NULL if that is not known, as for special schools, '
'and for NULL';

CREATE FUNCTION penalty_offence(school_urn integer, pupil_id bigint, sessions school_session_multirange, issued_on date)
    RETURNS TABLE (absences integer, other_age integer, in_weeks integer, threshold integer, weeks integer)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    WITH absence AS MATERIALIZED (
        SELECT m.day, m.mark::text AS mark, date_trunc('week', m.day::timestamp)::date AS week,
            m.day <@ compulsory_school_age(p.date_of_birth) AS of_age
        FROM register_line l
        JOIN pupil p ON p.pupil_id = l.pupil_id
        CROSS JOIN LATERAL marks(l.marks) AS m
        WHERE l.pupil_id = penalty_offence.pupil_id
            AND l.academic_year >= academic_year(day(lower(penalty_offence.sessions)))
            AND l.academic_year <= academic_year(day(upper(penalty_offence.sessions)))
            AND (l.school_urn = penalty_offence.school_urn
                OR coalesce(is_relevant_school(l.school_urn, penalty_offence.issued_on), true))
            AND m.day <= penalty_offence.issued_on AND m.mark::text IN ('G', 'N', 'O', 'U')
            AND penalty_offence.sessions @> school_session(m.day, m.session)
            -- a guest's absence is that of the school of the enrolment
            AND NOT EXISTS (SELECT FROM enrolment_period g
                WHERE g.school_urn = l.school_urn AND g.pupil_id = l.pupil_id AND g.status = 'G'
                    AND g.from_day <= m.day AND coalesce(g.to_day >= m.day, true))),
    -- the weeks in which a school of the pupil held sessions
    school_week AS MATERIALIZED (
        SELECT w.week, row_number() OVER (ORDER BY w.week) AS number
        FROM (
            SELECT DISTINCT date_trunc('week', d.day::timestamp)::date AS week
            FROM enrolment_period e
            JOIN school_day d ON d.school_urn = e.school_urn AND (d.morning OR d.afternoon)
                AND d.day >= e.from_day AND coalesce(d.day <= e.to_day, true)
            WHERE e.pupil_id = penalty_offence.pupil_id AND e.status <> 'G'
                AND d.day >= (SELECT min(a.week) FROM absence a)
                AND d.day <= (SELECT max(a.week) + 6 FROM absence a)) AS w),
    framework AS MATERIALIZED (
        SELECT f.*
        FROM school_on(penalty_offence.issued_on) s
        JOIN penalty_framework f ON (f.la_number IS NULL OR f.la_number = s.la_number)
            AND f.from_day <= penalty_offence.issued_on AND f.to_day >= penalty_offence.issued_on
        WHERE s.urn = penalty_offence.school_urn
        ORDER BY f.la_number NULLS LAST, f.from_day DESC LIMIT 1),
    -- of the windows that end with a school week, the one with most sessions that count
    most AS MATERIALIZED (
        SELECT max(n.sessions) AS sessions
        FROM (
            SELECT count(*)::integer AS sessions
            FROM framework f
            JOIN absence a ON a.day >= f.from_day AND a.mark = ANY (f.codes)
            JOIN school_week w ON w.week = a.week
            JOIN school_week z ON z.number >= w.number AND z.number < w.number + f.weeks
            GROUP BY z.number) AS n)
    SELECT (SELECT count(*)::integer FROM absence a), (SELECT count(*)::integer FROM absence a WHERE NOT a.of_age),
        coalesce(m.sessions, 0), f.sessions, f.weeks
    FROM most m LEFT JOIN framework f ON true;
END;
COMMENT ON FUNCTION penalty_offence(integer, bigint, school_session_multirange, date) IS
'The offence that a penalty notice to a parent of a pupil of a school is for: at how many of some sessions, to the day '
'of issue, the pupil was absent with G, N, O or U, at how many of these not of compulsory school age, how many of them '
'lie within the school weeks of penalty_framework at most, and its threshold and weeks (NULL before there was one). '
'Marks are as they are now';

CREATE VIEW unsupported_step WITH (security_invoker = true) AS
    -- support that was entered by the day of the step, not merely dated before it
    SELECT t.relation, t.id, t.school_urn, t.pupil_id,
        format('%s of %s for pupil %s: no support for the pupil was entered by then, no notice to improve had ended '
            'without improvement, and no reason is given why there was no support', t.step, t.day,
            t.pupil_id) AS problem
    FROM (
        SELECT 'penalty_notice'::text AS relation, n.notice_id AS id, n.school_urn, n.pupil_id,
            'penalty notice' AS step, n.issued_on AS day, n.entered_at
        FROM penalty_notice n WHERE n.counts AND n.without_support IS NULL
        UNION ALL
        SELECT 'attendance_support'::text, a.support_id, a.school_urn, a.pupil_id, a.kind, a.offered_on,
            a.entered_at
        FROM attendance_support a
        WHERE a.kind IN ('education supervision order', 'parenting order') AND a.extends_id IS NULL
            AND a.without_support IS NULL) AS t
    WHERE NOT EXISTS (
            SELECT FROM attendance_support o
            WHERE o.pupil_id = t.pupil_id AND o.kind IN ('voluntary support', 'attendance contract')
                AND o.offered_on <= t.day AND (o.entered_at AT TIME ZONE 'Europe/London')::date <= t.day
                AND o.entered_at <= t.entered_at)
        AND NOT EXISTS (
            SELECT FROM notice_to_improve i
            WHERE i.pupil_id = t.pupil_id AND i.outcome = 'not improved' AND i.decided_on <= t.day
                AND (i.entered_at AT TIME ZONE 'Europe/London')::date <= t.day AND i.entered_at <= t.entered_at);
COMMENT ON VIEW unsupported_step IS
'Penalty notices that count, and orders, before which no support for the pupil was entered, no notice to improve had '
'ended without improvement, and which give no reason for that (without_support). What is dated before a step and was '
'entered after its day does not count. Working together to improve school attendance, 2024, chapter 6';

CREATE VIEW notice_breach WITH (security_invoker = true) AS
    SELECT 'penalty_notice'::text AS relation, n.notice_id AS id, n.school_urn, n.pupil_id,
        v.rule, v.column_name, true AS certain, format('penalty notice of %s to contact %s for pupil %s %s',
            n.issued_on, n.contact_id, n.pupil_id, v.problem) AS problem
    FROM penalty_notice n
    CROSS JOIN LATERAL (SELECT register_of('penalty_notice'::regclass) AS register) r
    CROSS JOIN LATERAL earlier_notices(r.register, n.pupil_id, n.contact_id, n.issued_on, n.step, n.notice_id) AS e
    CROSS JOIN LATERAL (
        SELECT min(o.notice_id) AS notice_id FROM penalty_notice o
        WHERE o.pupil_id = n.pupil_id AND o.contact_id IN (SELECT k.contact_id FROM same_parent(n.contact_id) k)
            AND o.counts AND o.notice_id < n.notice_id AND o.sessions && n.sessions) o
    LEFT JOIN LATERAL full_years(r.register, n.pupil_id, n.contact_id, n.issued_on, n.notice_id) f
        ON f.last_day = n.issued_on
    CROSS JOIN LATERAL (VALUES
        ('notice step', 'step', n.step NOT BETWEEN e.at_least + 1 AND e.at_most + 1,
            format('was issued as step %s, and is step %s by the notices that are in the register now', n.step,
                e.at_least + 1)),
        ('notice stands', 'sessions', o.notice_id IS NOT NULL,
            format('is for sessions of penalty notice %s to the same parent', o.notice_id)),
        ('third notice', 'contact_id', f.last_day IS NOT NULL,
            format('is one of more than %s to the same parent in the %s years to it', f.notices, f.years))
        ) AS v (rule, column_name, broken, problem)
    WHERE n.counts AND v.broken;
COMMENT ON VIEW notice_breach IS
'Penalty notices that count and break the rules "third notice" (AT060), "notice stands" (AT063: a session is in two) '
'or "notice step" (AT068) by what is in the register now, where a notice of before was entered after, or two contacts '
'turn out to be one parent: of legal_step_breach, which has its columns';

CREATE VIEW order_breach WITH (security_invoker = true) AS
    SELECT 'attendance_support'::text AS relation, a.support_id AS id, a.school_urn, a.pupil_id,
        'orders'::text AS rule, v.column_name, true AS certain,
        format('%s for pupil %s from %s to %s: %s', a.kind, a.pupil_id, coalesce(a.from_day::text, 'no day yet'),
            coalesce(a.to_day::text, 'no day yet'), v.problem) AS problem
    FROM attendance_support a
    LEFT JOIN attendance_support e ON e.support_id = a.extends_id
    LEFT JOIN order_length l ON l.kind = a.kind AND l.extension = (a.extends_id IS NOT NULL)
        AND l.from_day <= coalesce(a.from_day, a.offered_on) AND l.to_day >= coalesce(a.from_day, a.offered_on)
    CROSS JOIN LATERAL (VALUES
        ('extends_id', l.kind IS NULL AND a.extends_id IS NOT NULL, 'it is nothing that is extended (order_length)'),
        ('extends_id', NOT coalesce(e.kind = a.kind AND e.pupil_id = a.pupil_id AND e.accepted, false),
            format('%s is no order of this kind for the pupil', a.extends_id)),
        ('from_day', a.from_day <> e.to_day + 1 OR a.from_day IS NOT NULL AND e.to_day IS NULL,
            format('the order that it extends ends on %s', coalesce(e.to_day::text, 'no day yet'))),
        ('to_day', a.to_day >= anniversary(a.from_day, l.months),
            format('it lasts longer than %s months (order_length)', l.months))
        ) AS v (column_name, broken, problem)
    WHERE v.broken AND (a.extends_id IS NOT NULL OR v.column_name = 'to_day');
COMMENT ON VIEW order_breach IS
'Orders of a court that break the rule "orders" (AT065): of legal_step_breach, which has its columns';

CREATE FUNCTION prosecution_limit(day date) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT
    -- the day with the same number six months on, or the last of a month that is too short for it
    RETURN (day::timestamp + interval '6 months')::date;
COMMENT ON FUNCTION prosecution_limit(date) IS
'The last day on which a prosecution for an absence of a day can begin: six months after it, as the offences of '
'section 444 of the Education Act 1996 are summary ones. NULL for NULL. Magistrates'' Courts Act 1980, section 127(1)';

CREATE VIEW legal_step_breach WITH (security_invoker = true) AS
    SELECT s.relation, s.id, s.school_urn, s.pupil_id, 'no offence'::text AS rule, 'contact_id'::text AS column_name,
        true AS certain, format('contact %s was not a parent of pupil %s on %s', s.contact_id, s.pupil_id,
            s.day) AS problem
    FROM (
        SELECT 'attendance_support'::text AS relation, a.support_id AS id, a.school_urn,
            a.pupil_id, a.contact_id, a.offered_on AS day
        FROM attendance_support a WHERE a.contact_id IS NOT NULL
        UNION ALL
        SELECT 'notice_to_improve'::text, t.improve_id, t.school_urn, t.pupil_id, t.contact_id, t.issued_on
        FROM notice_to_improve t
        UNION ALL
        SELECT 'penalty_notice'::text, n.notice_id, n.school_urn, n.pupil_id, n.contact_id, n.issued_on
        FROM penalty_notice n WHERE n.counts) AS s
    -- one contact after the other: a step that is entered must not read those of the whole register
    LEFT JOIN LATERAL (
        SELECT true AS found FROM same_parent(s.contact_id) k JOIN contact_period c ON c.contact_id = k.contact_id
        WHERE c.pupil_id = s.pupil_id AND c.is_parent
            AND coalesce(c.from_day <= s.day, true) AND coalesce(c.to_day >= s.day, true) LIMIT 1) AS parent ON true
    WHERE parent.found IS NULL
    UNION ALL
    SELECT 'penalty_notice'::text, n.notice_id, n.school_urn, n.pupil_id, 'no offence', v.column_name,
        v.certain, format('penalty notice of %s to contact %s for pupil %s: %s', n.issued_on, n.contact_id, n.pupil_id,
            v.problem)
    FROM penalty_notice n
    JOIN LATERAL school_on(n.issued_on) s ON s.urn = n.school_urn
    CROSS JOIN LATERAL (SELECT is_relevant_school(n.school_urn, n.issued_on) AS relevant) AS r
    CROSS JOIN LATERAL penalty_offence(n.school_urn, n.pupil_id, n.sessions, n.issued_on) AS o
    CROSS JOIN LATERAL (VALUES
        ('school_urn', NOT r.relevant, true,
            format('there are none at schools like %s, of the type "%s" (relevant_school)', s.urn, s.type)),
        ('school_urn', r.relevant IS NULL, false, format(
            'whether there are any at school %s, of the type "%s", is not known (relevant_school)', s.urn, s.type)),
        ('sessions', o.absences = 0, true, 'none of its sessions has G, N, O or U'),
        ('sessions', o.other_age > 0, true,
            format('at %s of its %s sessions with G, N, O or U the pupil was not of compulsory school age',
                o.other_age, o.absences)),
        ('below_threshold_reason', o.in_weeks < o.threshold AND o.absences > 0 AND n.below_threshold_reason IS NULL,
            true, format('%s of its sessions with G, N, O or U lie within %s school weeks, fewer than %s, and no '
                'reason is given', o.in_weeks, o.weeks, o.threshold))
        ) AS v (column_name, broken, certain, problem)
    WHERE n.counts AND v.broken
    UNION ALL
    SELECT u.relation, u.id, u.school_urn, u.pupil_id, 'support first', 'without_support', true, u.problem
    FROM unsupported_step u
    UNION ALL
    SELECT 'penalty_notice'::text, n.notice_id, n.school_urn, n.pupil_id, 'prosecution', 'prosecuted_on',
        v.certain, format('penalty notice of %s to contact %s for pupil %s, prosecuted on %s: %s', n.issued_on,
            n.contact_id, n.pupil_id, n.prosecuted_on, v.problem)
    FROM penalty_notice n
    LEFT JOIN penalty_amount a ON n.issued_on >= a.from_day AND n.issued_on <= a.to_day
        AND (a.step = n.step OR a.later_steps AND a.step < n.step)
    CROSS JOIN LATERAL (SELECT n.received_on + a.days - 1 AS pay_by,
        n.received_on + a.reduced_days - 1 AS reduced_until, prosecution_limit(day(upper(n.sessions))
            - CASE session(upper(n.sessions)) WHEN 'AM' THEN 1 ELSE 0 END) AS begun_by) AS t
    CROSS JOIN LATERAL (VALUES
        (true, n.received_on IS NULL, 'it is not known when it was received, and when the time to pay ended'),
        (true, n.prosecuted_on <= t.pay_by, format('the time to pay ends on %s', t.pay_by)),
        -- marks may be corrected since, and only the court says when it began
        (false, n.prosecuted_on > t.begun_by, format('it could begin until %s', t.begun_by)),
        -- then nobody can be convicted, which is what such a prosecution may end with
        (true, coalesce(n.prosecution_outcome = 'guilty', true) AND n.paid_on <= t.pay_by
            AND n.paid_amount >= CASE WHEN n.paid_on <= t.reduced_until THEN a.reduced_amount ELSE a.amount END,
            format('it was paid in time, on %s', n.paid_on))) AS v (certain, broken, problem)
    WHERE n.prosecuted_on IS NOT NULL AND v.broken
    UNION ALL
    SELECT b.* FROM notice_breach b
    UNION ALL
    SELECT o.* FROM order_breach o;
COMMENT ON VIEW legal_step_breach IS
'Every step against a parent that breaks one of the rules "third notice" (AT060), "support first" (AT061), "no '
'offence" (AT062), "notice stands" (AT063: a session is in two notices), "prosecution" (AT064), "orders" (AT065) and '
'"notice step" (AT068), by the marks, parents, payments and notices as they are now. Triggers of the steps refuse what '
'is certain, or let it in where the school has it recorded; a step that is another since a notice of before was '
'entered, and a prosecution after the six months, are only listed. Notices that were withdrawn, or of which a court '
'found the parent not guilty, are none; but a prosecution that came too early, or too late, stays one, however it '
'ended. Education Act 1996, section 444A(3)-(4); Magistrates'' Courts Act 1980, section 127(1)';
COMMENT ON COLUMN legal_step_breach.relation IS
'The table: attendance_support, notice_to_improve or penalty_notice; id is its key';
COMMENT ON COLUMN legal_step_breach.certain IS
'Whether it is a breach for certain; not if it is not known whether the school is a relevant one, and of a prosecution '
'that was late by the day which is entered for it';
