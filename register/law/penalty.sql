-- Penalty notices that are due, and the watch that says who is due one.

CREATE FUNCTION penalty_notice_due(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date)
    RETURNS TABLE (notice_id bigint, school_urn integer, pupil_id bigint, surname text, forename text,
        contact_id bigint, parent text, step integer, reduced_amount numeric, reduced_until date, amount numeric,
        pay_by date, amount_due numeric, days_left integer, overdue boolean, prosecute_by date, prosecutable_to date)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    SELECT d.notice_id, d.school_urn, d.pupil_id, p.surname, p.forename, d.contact_id, c.full_name, d.step,
        d.reduced_amount, d.reduced_until, d.amount, d.pay_by, CASE WHEN as_of > d.reduced_until THEN d.amount
            ELSE coalesce(d.reduced_amount, d.amount) END, d.pay_by - as_of,
        coalesce(d.pay_by < as_of, false), prosecution_limit(t.first_day), prosecution_limit(t.last_day)
    FROM (
        SELECT n.*, a.reduced_amount, a.amount, n.received_on + a.reduced_days - 1 AS reduced_until,
            n.received_on + a.days - 1 AS pay_by
        FROM penalty_notice n
        JOIN penalty_amount a ON n.issued_on >= a.from_day AND n.issued_on <= a.to_day
            AND (a.step = n.step OR a.later_steps AND a.step < n.step)
        WHERE n.issued_on <= as_of AND coalesce(n.withdrawn_on > as_of, true) AND coalesce(n.prosecuted_on > as_of,
            true)) AS d
    LEFT JOIN pupil p ON p.pupil_id = d.pupil_id
    LEFT JOIN contact c ON c.contact_id = d.contact_id
    CROSS JOIN LATERAL (
        SELECT min(m.day) AS first_day, max(m.day) AS last_day
        FROM register_line l
        CROSS JOIN LATERAL marks(l.marks, daterange(day(lower(d.sessions)), day(upper(d.sessions)), '[]')) AS m
        WHERE l.pupil_id = d.pupil_id AND l.academic_year >= academic_year(day(lower(d.sessions)))
            AND l.academic_year <= academic_year(day(upper(d.sessions)))
            AND m.mark::text IN ('G', 'N', 'O', 'U') AND d.sessions @> school_session(m.day, m.session)) AS t
    -- the reduced amount is enough only in time, as far as that is known
    WHERE NOT coalesce(d.paid_on <= as_of
        AND d.paid_amount >= CASE WHEN d.paid_on > d.reduced_until THEN d.amount
            ELSE coalesce(d.reduced_amount, d.amount) END, false)
    ORDER BY d.pay_by, d.notice_id;
END;
COMMENT ON FUNCTION penalty_notice_due(date) IS
'Penalty notices that on a day (today if none is given) were issued and neither paid, withdrawn nor prosecuted: until '
'when the reduced amount is enough and the amount has to be paid, the day of receipt being the first; what is due on '
'the day, in pounds; the days left after it; and whether it is overdue, so that the authority prosecutes or withdraws '
'it. days and amounts by the day of issue (penalty_amount). Dates are NULL while received_on is. prosecute_by: until '
'when a prosecution can begin for all absence of its sessions, prosecutable_to: for the last of it. SI 2007/1867, '
'regulations 4 and 8; Magistrates'' Courts Act 1980, section 127';

CREATE VIEW guest_days WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, range_agg(daterange(e.from_day, e.to_day, '[]')) AS days
    FROM enrolment_period e
    WHERE e.status = 'G'
    GROUP BY e.school_urn, e.pupil_id;
COMMENT ON VIEW guest_days IS
'The days on which a pupil was a guest of a school: absence on them is that of the school of the enrolment';

CREATE FUNCTION penalty_rule(as_of date, schools integer[])
    RETURNS TABLE (school_urn integer, sessions integer, weeks integer, codes text[], every_code boolean, from_day date)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT s.urn, f.sessions, f.weeks, f.codes, f.codes @> '{G,N,O,U}'::text[], f.from_day
    FROM school_on(as_of) s
    CROSS JOIN LATERAL (
        SELECT p.* FROM penalty_framework p
        WHERE p.from_day <= as_of AND p.to_day >= as_of AND (p.la_number IS NULL OR p.la_number = s.la_number)
        ORDER BY p.la_number NULLS LAST, p.from_day DESC LIMIT 1) AS f
    -- those of which it is not known are looked at
    WHERE coalesce(is_relevant_school(s.urn, as_of), true) AND known_schools(schools)
        -- pupils take sessions along
        AND (schools IS NULL OR s.urn IN (
            SELECT o.school_urn FROM enrolment e JOIN enrolment o ON o.pupil_id = e.pupil_id
            WHERE e.school_urn = ANY (schools)));
END;
COMMENT ON FUNCTION penalty_rule(date, integer[]) IS
'The row of penalty_framework that is in force on a day at each school where pupils of some schools (by URN; NULL for '
'all) are or were, for schools that it is about; every_code: whether all four codes count. 22023 for schools that are '
'not in the register';

CREATE FUNCTION penalty_school_week(as_of date, schools integer[])
    RETURNS TABLE (school_urn integer, week date, first_day date, last_day date, back integer, oldest integer)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT w.school_urn, w.week, w.first_day, w.last_day,
        (row_number() OVER (PARTITION BY w.school_urn ORDER BY w.week DESC) - 1)::integer,
        (count(*) OVER (PARTITION BY w.school_urn) - 1)::integer
    FROM (
        SELECT d.school_urn, date_trunc('week', d.day::timestamp)::date AS week,
            min(d.day) AS first_day, max(d.day) AS last_day
        FROM school_day d
        JOIN penalty_rule(as_of, schools) f ON f.school_urn = d.school_urn
        WHERE (d.morning OR d.afternoon) AND d.day <= as_of
            AND d.academic_year IN (academic_year(as_of), academic_year(as_of) - 1)
        GROUP BY d.school_urn, date_trunc('week', d.day::timestamp)) AS w
    WHERE known_schools(schools);
END;
COMMENT ON FUNCTION penalty_school_week(date, integer[]) IS
'The school weeks of each school in the academic year of a day and the one before: by back, the last one with the '
'number 0, the one before with 1, and so on to oldest. 22023 for schools that are not in the register';

CREATE FUNCTION parents_on(day date, pupil bigint)
    RETURNS TABLE (parent bigint, contact_id bigint, full_name text)
    LANGUAGE sql STABLE ROWS 2
BEGIN ATOMIC
    SELECT DISTINCT ON (s.parent) s.parent, c.contact_id, c.full_name
    FROM contact_on(parents_on.day) c
    CROSS JOIN LATERAL (SELECT min(o.contact_id) AS parent FROM same_parent(c.contact_id) o) s
    WHERE c.pupil_id = parents_on.pupil AND c.is_parent
    ORDER BY s.parent, c.contact_id;
END;
COMMENT ON FUNCTION parents_on(date, bigint) IS
'The parents of a pupil on a day, each once, by a contact that they are; parent is the first contact of same_parent(), '
'which may be a former one. For a NULL day those who have no last day; no rows for a NULL pupil';

CREATE FUNCTION penalty_noticed(as_of date)
    RETURNS TABLE (pupil_id bigint, contact_id bigint, recipient bigint)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    SELECT p.pupil_id, p.contact_id, row_number() OVER (PARTITION BY p.pupil_id ORDER BY p.contact_id)
    FROM (
        SELECT DISTINCT n.pupil_id, k.contact_id
        FROM penalty_notice n
        CROSS JOIN LATERAL (SELECT min(s.contact_id) AS contact_id FROM same_parent(n.contact_id) s) k
        WHERE n.withdrawn_on IS NULL AND n.issued_on <= as_of) p;
END;
COMMENT ON FUNCTION penalty_noticed(date) IS
'The parents who had a notice by a day, each by the first of the contacts of same_parent(), numbered from 1 for each '
'pupil';

CREATE FUNCTION penalty_line(as_of date, schools integer[], at_least integer)
    RETURNS TABLE (pupil_id bigint, subject_school integer, moved boolean, threshold integer, weeks integer,
        codes text[], every_code boolean, school_urn integer, marks mark_series, days daterange,
        calendar_school integer, calendar_pupil bigint)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    WITH framework AS MATERIALIZED (SELECT r.* FROM penalty_rule(as_of, schools) r),
    -- what is met in one of the last weeks has its window in these days
    horizon AS MATERIALIZED (
        SELECT f.school_urn, daterange(greatest(min(w.week), f.from_day), as_of, '[]') AS days,
            daterange(greatest(lower(academic_year_days(academic_year(as_of) - 1)), f.from_day), as_of,
                '[]') AS all_days,
            least(f.sessions, at_least) AS wanted
        FROM framework f
        JOIN penalty_school_week(as_of, schools) w ON w.school_urn = f.school_urn AND w.back <= 2 * f.weeks - 2
        GROUP BY f.school_urn, f.from_day, f.sessions
        HAVING greatest(min(w.week), f.from_day) <= as_of),
    -- who may have met it, without a look at single marks: at one school within those days, at several at any time
    candidate AS MATERIALIZED (
        SELECT l.pupil_id, min(l.school_urn) <> max(l.school_urn) AS moved
        FROM (
            -- counted before they are grouped, as groups would hold the marks of all
            SELECT r.pupil_id, r.school_urn, h.wanted, unauthorised(tally(r.marks, h.days))::integer AS sessions
            FROM horizon h
            -- of the others no line is read
            CROSS JOIN LATERAL (
                SELECT o.pupil_id, o.school_urn, o.marks FROM register_line o
                WHERE o.school_urn = h.school_urn AND o.academic_year IN (academic_year(as_of),
                        academic_year(as_of) - 1)
                    AND (schools IS NULL OR o.pupil_id IN (
                        SELECT e.pupil_id FROM enrolment e WHERE e.school_urn = ANY (schools)))
                OFFSET 0) r
            OFFSET 0) l
        GROUP BY l.pupil_id
        HAVING sum(l.sessions) >= min(l.wanted) OR min(l.school_urn) <> max(l.school_urn)),
    -- the school that the pupil was at on the day, or last before it; its authority is the one that acts;
    -- by the key of each, as candidates are few of all who are on a roll
    place AS MATERIALIZED (
        SELECT c.pupil_id, c.moved, e.school_urn, e.date_of_birth
        FROM candidate c
        CROSS JOIN LATERAL (
            SELECT e.school_urn, p.date_of_birth
            FROM enrolment_period e JOIN pupil p ON p.pupil_id = c.pupil_id
            WHERE e.pupil_id = c.pupil_id AND e.from_day <= as_of AND e.status <> 'G'
                AND coalesce(e.school_urn IN (SELECT f.school_urn FROM framework f), false)
            ORDER BY least(e.to_day, as_of) DESC, e.status = 'S', e.start_date DESC, e.school_urn LIMIT 1) e),
    subject AS MATERIALIZED (
        SELECT e.pupil_id, e.moved, e.school_urn, f.sessions AS threshold, f.weeks, f.codes, f.every_code,
            daterange(f.from_day, as_of, '[]') * compulsory_school_age(e.date_of_birth) AS days
        -- FULL: by hash, whatever the planner expects
        FROM place e FULL JOIN framework f ON f.school_urn = e.school_urn
        WHERE coalesce(e.school_urn, 0) > 0),
    guest AS MATERIALIZED (SELECT g.* FROM guest_days g)
    SELECT s.pupil_id, s.school_urn, s.moved, s.threshold, s.weeks, s.codes, s.every_code,
        l.school_urn, CASE WHEN g.pupil_id IS NULL THEN l.marks
            ELSE (SELECT mark_series_agg(slice(l.marks, r)) FROM unnest('{(,)}'::datemultirange - g.days) AS r) END,
        CASE WHEN s.moved THEN h.all_days ELSE h.days END * s.days,
        -- whose calendar numbers the weeks: that of the school, or of the pupil if at several
        CASE WHEN s.moved THEN 0 ELSE l.school_urn END, CASE WHEN s.moved THEN s.pupil_id ELSE 0 END
    FROM subject s
    JOIN register_line l ON l.pupil_id = s.pupil_id AND l.academic_year IN (academic_year(as_of),
        academic_year(as_of) - 1)
    LEFT JOIN guest g ON g.school_urn = l.school_urn AND g.pupil_id = l.pupil_id
    JOIN horizon h ON h.school_urn = l.school_urn
    WHERE known_schools(schools) AND is_one_of(s.school_urn, schools);
END;
COMMENT ON FUNCTION penalty_line(date, integer[], integer) IS
'The lines of those who may have met the threshold in the school weeks up to a day, or have at_least so many sessions: '
'with the school whose authority acts (subject_school), the threshold there, the days that count, and whose calendar '
'numbers the weeks, that of the school or of a pupil who was at several. 22023 for schools that are not in the '
'register';

CREATE FUNCTION penalty_calendar(as_of date, schools integer[], moved bigint[])
    RETURNS TABLE (calendar_school integer, calendar_pupil bigint, week date, first_day date, last_day date,
        back integer, oldest integer)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    WITH school_week AS MATERIALIZED (SELECT w.* FROM penalty_school_week(as_of, schools) w),
    counted_school AS MATERIALIZED (SELECT f.school_urn FROM penalty_rule(as_of, schools) f),
    stay AS MATERIALIZED (
        SELECT e.pupil_id, e.school_urn, range_agg(daterange(e.from_day, e.to_day, '[]')) AS days
        FROM enrolment_period e WHERE e.status <> 'G' AND e.pupil_id = ANY (moved)
        GROUP BY e.pupil_id, e.school_urn),
    on_roll AS MATERIALIZED (
        SELECT s.pupil_id, range_agg(d.days) AS days
        FROM stay s JOIN counted_school c ON c.school_urn = s.school_urn CROSS JOIN LATERAL unnest(s.days) AS d (days)
        GROUP BY s.pupil_id)
    SELECT w.school_urn, 0::bigint, w.week, w.first_day, w.last_day, w.back, w.oldest
    FROM school_week w
    UNION ALL
    SELECT 0, v.pupil_id, v.week, v.first_day, v.last_day,
        (row_number() OVER (PARTITION BY v.pupil_id ORDER BY v.week DESC) - 1)::integer,
        (count(*) OVER (PARTITION BY v.pupil_id) - 1)::integer
    FROM (
        SELECT m.pupil_id, w.week, min(w.first_day) AS first_day, max(w.last_day) AS last_day
        FROM (
            -- and when the pupil is on no roll
            SELECT s.pupil_id, s.school_urn, s.days + ('{(,)}'::datemultirange - o.days) AS days
            FROM stay s LEFT JOIN on_roll o ON o.pupil_id = s.pupil_id
            -- once for each, not for each week
            OFFSET 0) AS m
        JOIN school_week w ON w.school_urn = m.school_urn
        -- the weeks of the school that the pupil is at; between two schools, those of both
        WHERE m.days && daterange(w.first_day, w.last_day, '[]')
        GROUP BY m.pupil_id, w.week) AS v;
END;
COMMENT ON FUNCTION penalty_calendar(date, integer[], bigint[]) IS
'The numbered weeks by which windows are reckoned: those of penalty_school_week(), with calendar_pupil 0, and for each '
'of some pupils who were at several schools those of the school that the pupil was at, with calendar_school 0. 22023 '
'for schools that are not in the register';

CREATE FUNCTION penalty_recipient(as_of date, schools integer[], at_least integer)
    RETURNS TABLE (pupil_id bigint, recipient bigint, subject_school integer, threshold integer, weeks integer,
        calendar_school integer, calendar_pupil bigint, lines mark_series[])
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    WITH line AS MATERIALIZED (SELECT l.* FROM penalty_line(as_of, schools, at_least) l),
    noticed AS MATERIALIZED (SELECT n.* FROM penalty_noticed(as_of) n),
    -- A parent who had a notice, whose sessions are dealt with, has a window of his own; 0 is every other parent.
    recipient AS MATERIALIZED (
        SELECT l.*, 0::bigint AS recipient, NULL::bigint AS contact_id FROM line l WHERE NOT l.every_code
        UNION ALL
        SELECT l.*, k.recipient, k.contact_id
        -- FULL is for the planner: the join is by hash or merge, not a loop, however few rows it expects
        FROM line l FULL JOIN noticed k ON k.pupil_id = l.pupil_id
        WHERE coalesce(k.recipient, 0) > 0 AND coalesce(l.subject_school, 0) > 0),
    -- for them, and where not every code counts, the sessions that count are taken one by one
    counted AS MATERIALIZED (
        SELECT r.pupil_id, r.recipient, r.subject_school, r.threshold, r.weeks, r.calendar_school, r.calendar_pupil,
            r.school_urn, mark_series_agg(school_session(m.day, m.session), m.mark) AS marks
        FROM recipient r
        CROSS JOIN LATERAL marks(r.marks, r.days) AS m
        WHERE m.mark::text = ANY (r.codes) AND NOT EXISTS (
            SELECT FROM penalty_notice n
            WHERE n.pupil_id = r.pupil_id AND n.withdrawn_on IS NULL AND n.issued_on <= as_of
                AND n.contact_id IN (SELECT s.contact_id FROM same_parent(r.contact_id) s)
                AND n.sessions @> school_session(m.day, m.session))
        GROUP BY r.pupil_id, r.recipient, r.school_urn, r.subject_school, r.threshold, r.weeks, r.calendar_school,
            r.calendar_pupil)
    SELECT a.pupil_id, a.recipient, a.subject_school, a.threshold, a.weeks, a.calendar_school, a.calendar_pupil,
        array_agg(a.marks ORDER BY a.school_urn, first_day(a.marks))
    FROM (
        SELECT l.pupil_id, 0::bigint AS recipient, l.subject_school, l.threshold, l.weeks, l.calendar_school,
            l.calendar_pupil, l.school_urn, slice(l.marks, l.days) AS marks
        FROM line l WHERE l.every_code
        UNION ALL
        SELECT c.* FROM counted c) AS a
    GROUP BY a.pupil_id, a.recipient, a.subject_school, a.threshold, a.weeks, a.calendar_school, a.calendar_pupil
    -- as far as that can be said before weeks are looked at
    HAVING sum(unauthorised(tally(a.marks))) >= least(a.threshold, at_least);
END;
COMMENT ON FUNCTION penalty_recipient(date, integer[], integer) IS
'The lines of the pupils of penalty_line(), for a parent who had a notice (penalty_noticed(); the sessions that a '
'notice was for do not count) and for every other (recipient 0): in lines those with G, N, O and U are the sessions '
'that count. Those who have too few of them in all are left out. 22023 for schools that are not in the register';

CREATE FUNCTION penalty_window(as_of date, schools integer[], at_least integer, met boolean)
    RETURNS TABLE (school_urn integer, pupil_id bigint, contact_id bigint, parent text, threshold integer,
        weeks integer, first_day date, last_day date, sessions integer, g integer, n integer, o integer, u integer,
        met_on date, met_session text)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    -- Each step reads the one before and what has an index, or joins by FULL: no estimate of rows matters.
    WITH recipient AS MATERIALIZED (SELECT r.* FROM penalty_recipient(as_of, schools, at_least) r),
    calendar AS MATERIALIZED (
        SELECT c.calendar_school, c.calendar_pupil, array_agg(c.week ORDER BY c.back) AS weeks,
            array_agg(c.first_day ORDER BY c.back) AS first_days, array_agg(c.last_day ORDER BY c.back) AS last_days
        FROM penalty_calendar(as_of, schools, ARRAY(
            SELECT DISTINCT r.calendar_pupil FROM recipient r WHERE r.calendar_school = 0)) c
        GROUP BY c.calendar_school, c.calendar_pupil),
    noticed AS MATERIALIZED (SELECT k.* FROM penalty_noticed(as_of) k),
    -- the window that came to the threshold in one of the recent weeks, and otherwise that of the present week
    reached AS MATERIALIZED (
        SELECT r.pupil_id, r.recipient, r.subject_school, r.threshold, r.weeks, c.first_days, c.last_days,
            threshold_window(r.lines, c.weeks, r.threshold, r.weeks) AS found
        FROM recipient r FULL JOIN calendar c ON c.calendar_school = r.calendar_school
            AND c.calendar_pupil = r.calendar_pupil),
    dated AS MATERIALIZED (
        SELECT r.pupil_id, r.recipient, r.subject_school, r.threshold, r.weeks,
            r.first_days[(r.found).first_week] AS first_day, r.last_days[(r.found).last_week] AS last_day,
            (r.found).g, (r.found).n, (r.found).o, (r.found).u, day((r.found).met_at) AS met_on,
            session((r.found).met_at) AS met_session
        FROM reached r
        WHERE CASE WHEN (r.found).met_at IS NOT NULL THEN coalesce(met, true)
            ELSE NOT coalesce(met, false) AND nullif((r.found).g + (r.found).n + (r.found).o + (r.found).u, 0)
                >= at_least END)
    SELECT d.subject_school, d.pupil_id, p.contact_id, p.full_name, d.threshold, d.weeks, d.first_day, d.last_day,
        d.g + d.n + d.o + d.u, d.g, d.n, d.o, d.u, d.met_on, d.met_session
    FROM dated d
    LEFT JOIN LATERAL parents_on(as_of, d.pupil_id) p ON true
    FULL JOIN noticed k ON k.contact_id = p.parent AND k.pupil_id = d.pupil_id
    -- a pupil without a known parent is listed once
    WHERE coalesce(d.recipient, -1) = coalesce(k.recipient, 0);
END;
COMMENT ON FUNCTION penalty_window(date, integer[], integer, boolean) IS
'For penalty_watch() and penalty_approaching(): the windows of unauthorised absence on a day at some schools (by URN; '
'NULL for all), a row for each parent of a pupil, with contact_id NULL where no parent is known. met: those in which '
'the threshold was met at a session of the last weeks (true), those not met that have at_least sessions in the weeks '
'up to the day (false; met_on is NULL then), or both (NULL). No rows for a NULL day';

CREATE FUNCTION penalty_watch(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, contact_id bigint,
        parent text, first_day date, last_day date, sessions integer, g integer, n integer, o integer, u integer,
        met_on date, met_session text, previous_notices integer, last_notice_on date, step text,
        reduced_amount numeric, reduced_days integer, amount numeric, days integer, against text[], prosecute_by date)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT w.school_urn, w.pupil_id, p.upn::text, p.surname, p.forename, w.contact_id, w.parent, w.first_day,
        w.last_day, w.sessions, w.g, w.n, w.o, w.u, w.met_on, w.met_session, r.previous, r.last_on,
        CASE WHEN law.notices IS NULL THEN 'penalty notice'
            WHEN r.previous >= law.notices THEN 'no further notice: another measure'
            WHEN r.previous = 0 THEN 'first penalty notice'
            WHEN r.previous = 1 THEN 'second penalty notice'
            ELSE format('penalty notice %s', r.previous + 1) END,
        a.reduced_amount, a.reduced_days, a.amount, a.days,
        array_remove(ARRAY[
            CASE WHEN w.contact_id IS NULL THEN 'no parent known' END,
            CASE WHEN o.offers + i.notices = 0 THEN 'no support recorded' END,
            o.running,
            'notice to improve to ' || i.running_to,
            CASE WHEN w.n > 0 THEN format('N open: %s of %s sessions', w.n, w.sessions) END,
            CASE WHEN w.sessions - w.n < w.threshold THEN format('below %s without N', w.threshold) END], NULL),
        prosecution_limit(w.first_day)
    FROM (
        -- of most there are none, and then no table is looked at for each parent
        SELECT m.*, m.pupil_id IN (SELECT n.pupil_id FROM penalty_notice n UNION ALL
            SELECT t.pupil_id FROM attendance_support t UNION ALL
            SELECT i.pupil_id FROM notice_to_improve i) AS has_steps
        FROM penalty_window(as_of, schools, NULL, true) m
        OFFSET 0) w
    JOIN pupil p ON p.pupil_id = w.pupil_id
    LEFT JOIN (
        SELECT f.from_day, f.notices, (as_of - make_interval(years => f.years))::date AS since
        FROM penalty_framework f
        WHERE f.la_number IS NULL AND f.from_day <= as_of AND f.to_day >= as_of) AS law ON true
    CROSS JOIN LATERAL (
        SELECT count(*)::integer AS previous, max(n.issued_on) AS last_on
        FROM penalty_notice n
        -- three years that end on the day begin on the day after its date
        WHERE w.has_steps AND n.pupil_id = w.pupil_id
            AND n.contact_id IN (SELECT s.contact_id FROM same_parent(w.contact_id) s)
            AND n.counts AND n.issued_on >= law.from_day AND n.issued_on > law.since AND n.issued_on <= as_of) AS r
    CROSS JOIN LATERAL (
        SELECT count(*) AS offers, string_agg(concat(t.kind, ' to ' || t.to_day), ', ' ORDER BY t.kind, t.support_id)
            FILTER (WHERE t.from_day <= as_of AND coalesce(t.to_day >= as_of, true)) AS running
        FROM attendance_support t
        WHERE w.has_steps AND t.pupil_id = w.pupil_id AND t.offered_on <= as_of
            AND (t.contact_id IS NULL OR w.contact_id IS NULL
                OR t.contact_id IN (SELECT s.contact_id FROM same_parent(w.contact_id) s))) AS o
    CROSS JOIN LATERAL (
        SELECT count(*) AS notices,
            max(t.to_day) FILTER (WHERE t.to_day >= as_of AND coalesce(t.decided_on > as_of, true)) AS running_to
        FROM notice_to_improve t
        WHERE w.has_steps AND t.pupil_id = w.pupil_id AND t.issued_on <= as_of
            AND t.contact_id IN (SELECT s.contact_id FROM same_parent(w.contact_id) s)) AS i
    LEFT JOIN penalty_amount a ON a.from_day <= as_of AND a.to_day >= as_of
        AND (a.step = r.previous + 1 OR a.later_steps AND a.step <= r.previous)
    ORDER BY w.school_urn, w.met_on, w.pupil_id, w.contact_id;
END;
COMMENT ON FUNCTION penalty_watch(date, integer[]) IS
'Whom a school has to consider a penalty notice for on a day (today if none is given; marks after it do not count), '
'at some schools (by URN; NULL for all): a row for each parent of each pupil who met the threshold of '
'penalty_framework at a session of the last school weeks, while of compulsory school age, at a school that is neither '
'independent nor a college. first_day and last_day are those of the window, sessions what it has in all and by code, '
'met_on and met_session the session that brought it to the threshold. A parent''s sessions that a notice was for '
'count no more. previous_notices are those of the last three years that count; step, the amounts in pounds and their '
'days are those of the notice that it would be, NULL where there can be none. against is what to look at first. '
'Contact NULL where no parent is known. prosecute_by: until when a prosecution for all of the window can begin. The '
'decision is made by people, in each case. No rows for a NULL day. Working together to improve school attendance, '
'2024; SI 2007/1867 as amended by SI 2024/210';

CREATE FUNCTION penalty_approaching(as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date,
    schools integer[] DEFAULT NULL, at_least integer DEFAULT 6)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, contact_id bigint,
        parent text, first_day date, last_day date, sessions integer, g integer, n integer, o integer, u integer,
        sessions_left integer)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT w.school_urn, w.pupil_id, p.upn::text, p.surname, p.forename, w.contact_id, w.parent, w.first_day,
        w.last_day, w.sessions, w.g, w.n, w.o, w.u, w.threshold - w.sessions
    FROM penalty_window(as_of, schools, coalesce(at_least, 6), false) w
    JOIN pupil p ON p.pupil_id = w.pupil_id
    ORDER BY w.school_urn, w.sessions DESC, w.pupil_id, w.contact_id;
END;
COMMENT ON FUNCTION penalty_approaching(date, integer[], integer) IS
'Those not yet on penalty_watch() who have at least so many sessions (6, also for NULL) in the school weeks up to a '
'day; sessions_left are those that would bring them to the threshold. Otherwise as penalty_watch()';

CREATE VIEW late_legal_step WITH (security_invoker = true) AS
    SELECT c.school_urn, (c.amended ->> 'pupil_id')::bigint AS pupil_id, c.relation,
        (c.amended ->> k.key)::bigint AS id, d.item AS what, d.day, t.entered_on, t.entered_on - d.day AS days_late,
        c.entered_by, c.title, c.reason, c.login, c.entry_id
    FROM record_change c
    JOIN (VALUES ('attendance_support', 'support_id'), ('notice_to_improve', 'improve_id'),
        ('penalty_notice', 'notice_id')) AS k (relation, key) ON k.relation = c.relation
    CROSS JOIN LATERAL (SELECT (c.entered_at AT TIME ZONE 'Europe/London')::date AS entered_on) AS t
    CROSS JOIN LATERAL (
        SELECT i.item, (c.amended ->> i.item)::date AS day
        FROM unnest('{offered_on,from_day,issued_on,received_on,paid_on,withdrawn_on,prosecuted_on,'
            'decided_on}'::text[]) AS i (item)
        WHERE coalesce(c.amended ->> i.item <> coalesce(c.original ->> i.item, ''), false)) AS d
    WHERE d.day < t.entered_on;
COMMENT ON VIEW late_legal_step IS
'What was done about absence and entered after its day: support, notices to improve and penalty notices, a row for '
'each date that was entered or changed later, by how many days and by whom, from the journal. Ask for those with many '
'days: what was entered only after the next step came before it in name alone, or was taken over from elsewhere';
COMMENT ON COLUMN late_legal_step.what IS 'The column with the date: offered_on, issued_on, paid_on ...';
COMMENT ON COLUMN late_legal_step.id IS 'The key of the table that relation names';
COMMENT ON COLUMN late_legal_step.entered_by IS 'Who signed the entry; login is the role that made it';
