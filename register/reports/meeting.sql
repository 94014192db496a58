-- The pack of a meeting with or at a school: figures, pupils to discuss, what was agreed and what came of it.

CREATE FUNCTION known_expectation(expectation text) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN known(expectation IS NULL OR EXISTS (SELECT FROM expectation x
        WHERE x.expectation = known_expectation.expectation), format('there is no expectation "%s"', expectation),
            'The table expectation has those that there are.');
COMMENT ON FUNCTION known_expectation(text) IS
'True if there is an expectation of the guidance, and for NULL. 22023 otherwise';

CREATE FUNCTION meeting_held(school_urn integer, meeting text DEFAULT 'L4.1',
    as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date)
    RETURNS TABLE (evidence_id bigint, done_on date, about daterange, present text[], said text, figures jsonb)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT e.evidence_id, e.done_on, e.about, e.present, e.said, e.figures
    FROM school_on(as_of) s
    JOIN evidence e ON e.school_urn = s.urn OR e.school_urn IS NULL AND e.trust_uid = s.trust_uid
    WHERE s.urn = meeting_held.school_urn AND e.expectation = meeting AND e.done_on <= as_of AND e.pupil_id IS NULL
        AND known_schools(ARRAY[meeting_held.school_urn]) AND known_expectation(meeting)
    ORDER BY e.done_on DESC, e.evidence_id DESC LIMIT 1;
END;
COMMENT ON FUNCTION meeting_held(integer, text, date) IS
'The last meeting or review by a day (today if none is given): evidence of an expectation (L4.1: a targeting support '
'meeting; T1.2: governors or trustees) that is about a school, or about all of its trust. No rows if there was none, '
'and for NULL; 22023 for what is no school or expectation';

CREATE FUNCTION meeting_benchmark(period text, school_urn integer, label text)
    RETURNS TABLE (authority numeric, england numeric)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT school_benchmark(period, 'statutory', meeting_benchmark.school_urn, 'census', k.measure, 'Local authority'),
        school_benchmark(period, 'statutory', meeting_benchmark.school_urn, 'census', k.measure, 'National')
    FROM (SELECT CASE label WHEN 'absence' THEN 'absence' WHEN 'persistently absent' THEN 'persistent'
        WHEN 'severely absent' THEN 'severe' END AS measure) k
    WHERE known_question(period, 'statutory', ARRAY[meeting_benchmark.school_urn]);
END;
COMMENT ON FUNCTION meeting_benchmark(text, integer, text) IS
'For meeting_pack(): the published figures of a school''s authority and of England that are beside a measure of '
'leaders_report() (label), NULL where there are none. 22023 for what is no school or period';

CREATE FUNCTION meeting_figure(school_urn integer, period text, compared_with text)
    RETURNS TABLE (section text, place integer, item text, percent numeric, before numeric, authority numeric,
        england numeric, pupil_id bigint, day date, said text, record bigint)
    LANGUAGE sql STABLE ROWS 50
    -- so it is planned for the meetings that ask for it, not for all
    SET jit = off
BEGIN ATOMIC
    WITH asked AS (SELECT ARRAY[meeting_figure.school_urn] AS schools),
    report AS MATERIALIZED (
        SELECT r.* FROM asked a CROSS JOIN LATERAL leaders_report(period, 'statutory', a.schools, compared_with) r),
    moved AS MATERIALIZED (
        SELECT m.movement, count(*) AS pupils
        FROM asked a CROSS JOIN LATERAL pupil_movement(period, 'statutory', a.schools, compared_with) m
        WHERE compared_with IS NOT NULL GROUP BY m.movement)
    SELECT 'figures'::text, (row_number() OVER (ORDER BY r.section, r.place))::integer, r.measure, r.percent,
        r.compared_percent, b.authority, b.england, NULL::bigint, NULL::date,
        format('%s of %s', r.numerator, r.denominator), NULL::bigint
    FROM report r
    CROSS JOIN LATERAL meeting_benchmark(period, meeting_figure.school_urn, r.measure) b
    WHERE r.section IN ('1 attendance', '2 persistent absence')
    UNION ALL
    SELECT 'movement'::text, v.place, v.movement, NULL::numeric, NULL::numeric, NULL::numeric, NULL::numeric,
        NULL::bigint, NULL::date, m.pupils::text, NULL::bigint
    FROM moved m
    JOIN (VALUES (1, 'newly persistently absent'), (2, 'no longer persistently absent'), (3, 'worsened'),
        (4, 'improved')) AS v (place, movement) ON v.movement = m.movement
    UNION ALL
    -- the groups, days and reasons that weigh most
    SELECT 'groups'::text, (row_number() OVER (ORDER BY c.absence_gap DESC, c.cohort, c.value))::integer,
        cohort_label(c.cohort, c.value, h.label), c.absence_percent, c.rest_absence_percent, NULL::numeric,
        NULL::numeric, NULL::bigint, NULL::date, format('%s, %s %% of the sessions missed', CASE c.enrolments
            WHEN 1 THEN '1 pupil' ELSE c.enrolments || ' pupils' END, round(c.missed_share_percent, 1)), NULL::bigint
    FROM asked a CROSS JOIN LATERAL cohorts(period, 'statutory', a.schools) c
    LEFT JOIN characteristic h ON h.characteristic = c.cohort
    WHERE c.value <> 'none' AND c.absence_gap > 0
    UNION ALL
    SELECT CASE r.section WHEN '4 absence by day' THEN 'days' ELSE 'reasons' END,
        (row_number() OVER (PARTITION BY r.section ORDER BY r.percent DESC, r.place))::integer, r.measure, r.percent,
        r.compared_percent, NULL::numeric, NULL::numeric, NULL::bigint, NULL::date,
        format('%s of %s', r.numerator, r.denominator), NULL::bigint
    FROM report r WHERE r.section IN ('4 absence by day', '5 reasons for absence') AND r.percent > 0
    UNION ALL
    SELECT 'targets'::text, (row_number() OVER ())::integer, concat_ws(', ', t.measure, t.cohort || ' ' || t.value),
        t.figure, NULL::numeric, NULL::numeric, NULL::numeric, NULL::bigint, upper(t.days) - 1,
        format('%s %%: %s', t.percent, t.status), t.target_id
    FROM asked a CROSS JOIN LATERAL target_progress(upper(page_days(period, a.schools)) - 1, a.schools) t;
END;
COMMENT ON FUNCTION meeting_figure(integer, text, text) IS
'For meeting_pack(): the figures of a school in a period beside those of another one, how pupils moved between bands, '
'the groups that are absent more than others, days and reasons, and the targets on the last day of the period. No rows '
'for a NULL period; 22023 for what is no school or period';

CREATE FUNCTION meeting_review(school_urn integer, period text, compared_with text, threshold integer)
    RETURNS TABLE (section text, place integer, item text, percent numeric, before numeric, authority numeric,
        england numeric, pupil_id bigint, day date, said text, record bigint)
    LANGUAGE sql STABLE ROWS 50
    -- so it is planned for the meetings that ask for it, not for all
    SET jit = off
BEGIN ATOMIC
    WITH asked AS MATERIALIZED (
        SELECT ARRAY[meeting_review.school_urn] AS schools
        WHERE known_question(period, 'statutory', ARRAY[meeting_review.school_urn])),
    figure AS MATERIALIZED (
        SELECT m.* FROM asked a CROSS JOIN LATERAL page_measure(period, compared_with, a.schools, threshold) m),
    pupil_group AS MATERIALIZED (
        SELECT c.* FROM asked a CROSS JOIN LATERAL page_cohort(period, 'statutory', a.schools, threshold) c),
    target AS (
        SELECT t.*, CASE WHEN t.cohort IS NULL THEN f.said WHEN t.measure = 'attendance' THEN g.said
                WHEN t.measure = 'persistent absence' THEN g.persistent IS NOT NULL ELSE g.severe IS NOT NULL END
            -- of the days of the target, which are others
            AND page_part(CASE WHEN t.measure <> 'attendance' THEN round(t.figure * t.enrolments / 100)::bigint END,
                t.enrolments, NULL, threshold) AND page_said(t.enrolments, NULL, threshold) AS is_said
        FROM asked a
        CROSS JOIN LATERAL target_progress(upper(page_days(period, a.schools)) - 1, a.schools) t
        LEFT JOIN figure f ON f.section = CASE t.measure WHEN 'attendance' THEN '1 attendance'
                ELSE '2 persistent absence' END AND f.place = CASE t.measure WHEN 'severe absence' THEN 2 ELSE 1 END
        LEFT JOIN pupil_group g ON g.cohort = t.cohort AND g.value = t.value)
    SELECT v.section, v.place::integer, v.item, v.percent, v.before, v.authority, v.england, NULL::bigint, v.day,
        coalesce(v.said, page_too_few()), v.record
    FROM (
        SELECT 'figures'::text AS section, row_number() OVER (ORDER BY f.section, f.place) AS place, f.measure AS item,
            CASE WHEN f.said THEN f.percent END AS percent, CASE WHEN f.before_said THEN f.compared_percent END
                AS before, b.authority, b.england, NULL::date AS day,
            CASE WHEN f.said THEN format('%s of %s', f.numerator, f.denominator) END AS said, NULL::bigint AS record
        FROM figure f CROSS JOIN LATERAL meeting_benchmark(period, meeting_review.school_urn, f.measure) b
        UNION ALL
        SELECT 'pupils'::text, b.band, b.label, CASE WHEN c.count IS NOT NULL THEN b.enrolments_percent END,
            NULL::numeric, NULL::numeric, NULL::numeric, NULL::date, c.count::text, NULL::bigint
        FROM asked a CROSS JOIN LATERAL attendance_bands(period, 'statutory', a.schools) b
        JOIN LATERAL page_band_counts(period, a.schools, threshold) c ON c.band = b.band
        UNION ALL
        SELECT 'groups'::text, row_number() OVER (ORDER BY g.absence_gap DESC, g.place), g.label, g.absence_percent,
            g.rest_absence_percent, NULL::numeric, NULL::numeric, NULL::date,
            format('%s pupils, %s %% of the sessions missed', g.enrolments, round(g.missed_share_percent, 1)),
            NULL::bigint
        FROM pupil_group g WHERE g.said AND g.value <> 'none' AND g.absence_gap > 0
        UNION ALL
        SELECT 'days'::text, row_number() OVER (ORDER BY d.percent DESC, d.place), d.measure, d.percent,
            d.compared_percent, NULL::numeric, NULL::numeric, NULL::date, format('%s of %s', d.numerator,
            d.denominator), NULL::bigint
        FROM asked a CROSS JOIN LATERAL page_day(period, compared_with, a.schools, threshold) d
        WHERE d.said AND d.percent > 0
        UNION ALL
        SELECT 'reasons'::text, row_number() OVER (ORDER BY r.sessions DESC, r.code), r.description,
            percent_of(r.sessions, r.possible), percent_of(r.sessions_before, r.possible_before), NULL::numeric,
            NULL::numeric, NULL::date, format('%s of %s', r.sessions, r.possible), NULL::bigint
        FROM asked a CROSS JOIN LATERAL page_reason(period, compared_with, a.schools, threshold) r
        -- where it is said how much was missed in all
        WHERE NOT r.folded AND r.sessions > 0
            AND EXISTS (SELECT FROM figure f WHERE f.section = '1 attendance' AND f.place = 2 AND f.said)
        UNION ALL
        SELECT 'targets'::text, row_number() OVER (ORDER BY t.target_id),
            concat_ws(', ', t.measure, t.cohort || ' ' || t.value), CASE WHEN t.is_said THEN t.figure END,
            NULL::numeric, NULL::numeric, NULL::numeric, upper(t.days) - 1,
            format('%s %%: %s', t.percent, CASE WHEN t.is_said THEN t.status ELSE page_too_few() END), t.target_id
        FROM target t) AS v;
END;
COMMENT ON FUNCTION meeting_review(integer, text, text, integer) IS
'For meeting_pack(): what a review by governors or trustees is told of a school in a period beside another one: what '
'page_head_termly() may say of the same days, and nothing else, so that no small number follows from what is said '
'together. Measures, how many pupils are in each band of attendance, the groups that are absent more than others, '
'days, reasons, and targets on the last day of the period. No rows for a NULL period; 22023 for what is no school or '
'period';

CREATE FUNCTION meeting_pupil(school_urn integer, period text, compared_with text)
    RETURNS TABLE (pupil_id bigint, name text, tier text, percent numeric, before numeric, opened_on date, said text,
        case_id bigint, rank integer)
    LANGUAGE sql STABLE ROWS 100
    -- so it is planned for the meetings that ask for it, not for all
    SET jit = off
BEGIN ATOMIC
    WITH asked AS (SELECT ARRAY[meeting_pupil.school_urn] AS schools),
    now AS MATERIALIZED (
        SELECT l.pupil_id, (array_agg(l.registration_group ORDER BY lower(l.days) DESC))[1] AS registration_group,
            tally_agg(l.tally) AS tally, bool_or(marks_state_persistence(l.marks, l.days)) AS stated
        FROM asked a CROSS JOIN LATERAL pupil_line(period, 'current roll', a.schools) l
        GROUP BY l.pupil_id),
    earlier AS MATERIALIZED (
        SELECT l.pupil_id, tally_agg(tally(l.marks, l.days)) AS tally
        FROM asked a CROSS JOIN LATERAL period_line(compared_with, 'all', a.schools) l GROUP BY l.pupil_id),
    due AS MATERIALIZED (
        SELECT d.pupil_id, max(d.case_id) AS case_id, max(d.tier) AS tier,
            string_agg(d.lacks || CASE d.lacks WHEN 'actions done' THEN ' (' || d.because || ')' ELSE '' END, ', '
                ORDER BY d.lacks) AS lacks
        FROM asked a CROSS JOIN LATERAL case_due(period, a.schools) d GROUP BY d.pupil_id),
    judged AS (
        SELECT coalesce(n.pupil_id, d.pupil_id) AS pupil_id, n.tally, n.registration_group, d.lacks,
            CASE WHEN n.stated AND is_severely_absent(n.tally) THEN 'severe'
                WHEN n.stated AND is_persistently_absent(n.tally) THEN 'persistent'
                WHEN absence_rate(n.tally) >= 5 THEN 'at risk' ELSE 'a case' END AS tier
        FROM now n
        FULL JOIN due d ON d.pupil_id = n.pupil_id
        WHERE d.pupil_id IS NOT NULL OR absence_rate(n.tally) >= 5)
    SELECT j.pupil_id, concat_ws(', ', u.surname, u.forename), j.tier, absence_rate(j.tally), absence_rate(e.tally),
        k.opened_on, concat_ws('; ', j.registration_group, format('%s of %s sessions missed', absent(j.tally),
            possible(j.tally)), 'case ' || k.tier || coalesce(', led by ' || k.lead_practitioner, ''),
            'lacks: ' || j.lacks), k.case_id, array_position('{severe,persistent,at risk,a case}'::text[], j.tier)
    FROM judged j
    JOIN pupil u ON u.pupil_id = j.pupil_id
    LEFT JOIN earlier e ON e.pupil_id = j.pupil_id
    LEFT JOIN attendance_case k ON k.school_urn = meeting_pupil.school_urn AND k.pupil_id = j.pupil_id
        AND k.closed_on IS NULL
    WHERE known_question(period, 'all', ARRAY[meeting_pupil.school_urn]);
END;
COMMENT ON FUNCTION meeting_pupil(integer, text, text) IS
'For meeting_pack(): pupils on the roll of a school who are severely or persistently absent in a period or at risk of '
'it (5 percent or more, which is all that the marks of a week or less say), and those whose case lacks something, as '
'case_due() says it, with their absence in another period and the open case. No rows for a NULL period; 22023 for '
'what is no school or period';

CREATE FUNCTION meeting_pack(school_urn integer, period text, meeting text DEFAULT 'L4.1',
    as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date, compared_with text DEFAULT NULL)
    RETURNS TABLE (section text, place integer, item text, percent numeric, before numeric, authority numeric,
        england numeric, pupil_id bigint, day date, said text, record bigint)
    LANGUAGE sql STABLE ROWS 100
    -- compiling a plan of this size takes longer than running it
    SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH held AS MATERIALIZED (
        SELECT h.* FROM meeting_held(meeting_pack.school_urn, meeting, as_of) h),
    -- what the last meeting looked at, if that was another period
    asked AS MATERIALIZED (
        SELECT ARRAY[meeting_pack.school_urn] AS schools, x.bearer, coalesce(meeting_pack.compared_with, (
            -- the days of a term are those of the school
            SELECT period_of(h.about) FROM held h WHERE NOT h.about && page_days(period,
                ARRAY[meeting_pack.school_urn])), period_year_before(period)) AS before
        FROM expectation x
        WHERE x.expectation = meeting AND known_schools(ARRAY[meeting_pack.school_urn]) AND known_expectation(meeting)
            AND num_nulls(meeting_pack.school_urn, period, as_of) = 0)
    SELECT v.* FROM (
        SELECT 'last meeting'::text AS section, 1 AS place, array_to_string(h.present, ', ') AS item,
            CASE WHEN a.bearer <> 'trust' OR page_said(enrolments(c.cohort), absent(tally(c.cohort)), 5)
                THEN absence_rate(tally(c.cohort)) END AS percent,
            CASE WHEN a.bearer <> 'trust' OR page_said((h.figures ->> 'enrolments')::bigint,
                    (h.figures ->> 'absent')::bigint, 5)
                THEN (h.figures ->> 'absence_percent')::numeric END AS before,
            NULL::numeric AS authority, NULL::numeric AS england, NULL::bigint AS pupil_id, h.done_on AS day, h.said,
            h.evidence_id AS record
        FROM held h CROSS JOIN asked a
        CROSS JOIN LATERAL (
            SELECT cohort_agg(tally(l.marks, l.days)) AS cohort FROM period_line(period, 'all', a.schools) l) c
        UNION ALL
        SELECT 'agreed'::text, (row_number() OVER (ORDER BY a.due_on, a.action_id))::integer, a.action, NULL::numeric,
            NULL::numeric, NULL::numeric, NULL::numeric, NULL::bigint, a.due_on, concat_ws('; ', CASE
                WHEN a.done_on <= as_of THEN 'done ' || day_text(a.done_on)
                WHEN a.due_on < as_of THEN 'overdue' ELSE 'due' END, a.outcome, a.owner || ', ' || a.agency),
            a.action_id
        FROM held h JOIN agreed_action a ON a.evidence_id = h.evidence_id
        UNION ALL
        SELECT f.* FROM asked a
        CROSS JOIN LATERAL meeting_figure(meeting_pack.school_urn, period, a.before) f
        WHERE a.bearer <> 'trust'
        UNION ALL
        -- governors and trustees are told of nobody
        SELECT f.* FROM asked a
        CROSS JOIN LATERAL meeting_review(meeting_pack.school_urn, period, a.before, 5) f
        WHERE a.bearer = 'trust'
        UNION ALL
        SELECT 'pupils'::text, (row_number() OVER (ORDER BY p.rank, p.percent DESC NULLS LAST, p.name,
                p.pupil_id))::integer, p.name, p.percent, p.before, NULL::numeric, NULL::numeric, p.pupil_id,
            p.opened_on, concat_ws('; ', p.tier, p.said), p.case_id
        FROM asked a CROSS JOIN LATERAL meeting_pupil(meeting_pack.school_urn, period, a.before) p
        WHERE a.bearer <> 'trust'
        UNION ALL
        SELECT 'policy'::text, (row_number() OVER ())::integer, concat_ws(' ', g.expectation, g.says), NULL::numeric,
            NULL::numeric, NULL::numeric, NULL::numeric, NULL::bigint, g.due_on, g.problem, NULL::bigint
        FROM asked a CROSS JOIN LATERAL guidance_checklist(as_of, a.schools) g
        WHERE g.status = 'not met' AND g.bearer = CASE a.bearer WHEN 'trust' THEN 'trust' ELSE 'school' END) v
    ORDER BY array_position('{last meeting,agreed,figures,targets,movement,pupils,groups,days,reasons,policy}'::text[],
        v.section), v.place;
END;
COMMENT ON FUNCTION meeting_pack(integer, text, text, date, text) IS
'The pack of a targeting support meeting at a school (meeting: L4.1), or of a review by governors or trustees (T1.1, '
'T1.2, T2.2), on a day (today if none is given), in sections: the last meeting of the kind and who was there; what it '
'agreed, and what came of it; the figures of the period beside those of the period that the last meeting was about '
'(or compared_with, or a year before) and the published ones of the authority and England; targets; how pupils moved '
'between bands; the pupils to discuss, with what their cases lack; groups, days and reasons that weigh most; and what '
'of the guidance is not met. percent and before: of absence, but where item names another figure; of the last meeting '
'of every enrolment, now and as it saw it; of groups beside the rest. day: of a meeting, when something is due, or a '
'case was opened; record: the number of the evidence, action, case or target. A review by governors or trustees is '
'told of no pupil, and what page_head_termly() may say, with how many are in each band of attendance. Minutes go in '
'as evidence and agreed_action, so that the next pack has them. No rows for NULL; 22023 for what is no school, period '
'or expectation';
