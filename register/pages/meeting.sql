-- The pack of a meeting as a page.

CREATE FUNCTION page_meeting_sections(school_urn integer, period text, meeting text, as_of date) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH pack AS MATERIALIZED (
        SELECT p.*, coalesce(n.name, p.item) AS name
        FROM meeting_pack(page_meeting_sections.school_urn, period, meeting, as_of) p
        LEFT JOIN page_names(period, ARRAY[page_meeting_sections.school_urn]) n ON n.pupil_id = p.pupil_id),
    part AS (
        SELECT h.place, h.heading, CASE WHEN h.section = 'pupils' AND x.bearer = 'trust'
            THEN 'Pupils by band of attendance' ELSE h.caption END || CASE WHEN count(p.place) > h.most
                THEN format(', the first %s of %s', h.most, count(p.place)) ELSE '' END AS caption, h.columns, h.flag,
            array_agg(CASE h.section
                WHEN 'last meeting' THEN ARRAY[day_text(p.day), p.item, p.said, percent_text(p.before),
                    percent_text(p.percent)]
                WHEN 'agreed' THEN ARRAY[p.item, day_text(p.day), p.said]
                WHEN 'figures' THEN ARRAY[p.item, p.said, percent_text(p.percent), percent_text(p.before),
                    percent_text(p.authority), percent_text(p.england)]
                WHEN 'targets' THEN ARRAY[p.item, p.said, day_text(p.day), percent_text(p.percent)]
                WHEN 'pupils' THEN ARRAY[p.name, p.said, day_text(p.day), percent_text(p.percent),
                    percent_text(p.before)]
                WHEN 'policy' THEN ARRAY[p.item, p.said]
                WHEN 'movement' THEN ARRAY[p.item, p.said]
                ELSE ARRAY[p.item, p.said, percent_text(p.percent), percent_text(p.before)] END
                ORDER BY p.place) FILTER (WHERE p.place <= h.most) AS cells,
            array_agg(p.said ~ h.bad ORDER BY p.place) FILTER (WHERE p.place <= h.most) AS bad
        FROM (VALUES (1, 'last meeting', 'The last meeting', 'Who met, and absence then and now',
                '{Day,Present,Said,"Absence then",Now}'::text[], 1, '', ''),
            (2, 'agreed', 'What was agreed', 'What was agreed, and what came of it',
                '{Action,Due,Outcome}', 100, '^overdue', 'overdue'),
            (3, 'figures', 'Figures', 'The school, and published figures',
                '{Measure,Count,Percent,Before,Authority,England}', 100, '', ''),
            (4, 'targets', 'Targets', 'Targets on the last day of the period',
                '{Target,"How far",Until,Now}', 100, 'not on course', 'not on course'),
            (5, 'movement', 'Movement', 'Pupils who moved between bands of attendance',
                '{Movement,Pupils}', 100, '', ''),
            (6, 'pupils', 'Pupils', 'Pupils to discuss, most absent first',
                '{Pupil,What,"Case opened",Absence,Before}', 60, '^severe', 'severely absent'),
            (7, 'groups', 'Groups', 'Groups that are absent more than the rest',
                '{Group,What,Absence,"The rest"}', 6, '', ''),
            (8, 'days', 'Days', 'Days of the week, most absence first', '{Day,Sessions,Absence,Before}', 7, '', ''),
            (9, 'reasons', 'Reasons', 'Reasons for absence, most sessions first',
                '{Reason,Sessions,"Of possible",Before}', 8, '', ''),
            (10, 'policy', 'The guidance', 'What of the guidance is not met',
                '{"What is expected","What is missing"}', 100, '', ''))
            AS h (place, section, heading, caption, columns, most, bad, flag)
        LEFT JOIN expectation x ON x.expectation = meeting
        LEFT JOIN pack p ON p.section = h.section
        GROUP BY h.place, h.section, h.heading, h.caption, h.columns, h.most, h.flag, x.bearer)
    SELECT string_agg(html_section(p.heading, html_table(p.caption, p.columns, p.cells,
        CASE WHEN p.place IN (1, 2, 4, 6) THEN 3 ELSE 2 END, CASE WHEN p.flag <> '' THEN p.bad END, p.flag)), ''
        ORDER BY p.place)
    FROM part p;
END;
COMMENT ON FUNCTION page_meeting_sections(integer, text, text, date) IS
'Of a page: the sections of meeting_pack() as tables. 22023 for what is no school, period or expectation';

CREATE FUNCTION page_meeting_pack(school_urn integer, period text, meeting text DEFAULT 'L4.1',
    as_of date DEFAULT (now() AT TIME ZONE 'Europe/London')::date) RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    SELECT html_page(format('%s: %s, %s', s.name, CASE x.bearer WHEN 'trust' THEN 'review of attendance'
            ELSE 'targeting support meeting' END, day_text(as_of)),
        format('Attendance of %s. %s: %s', days_text(page_shown_days(period, ARRAY[s.urn])), x.expectation,
            x.says),
        page_meeting_sections(page_meeting_pack.school_urn, period, meeting, as_of),
        'Population of the figures: statutory, pupils aged 5 to 15 on 31 August. Before: the period of the last '
        'meeting, or a year ago. Authority and England: published figures of exactly these days, as imported. '
        'Minutes are entered as evidence with agreed actions; the next page shows what came of them. '
        || CASE x.bearer WHEN 'trust' THEN 'Counts of pupils from 1 to 4, and others '
            'from which they would follow, are not said.'
            ELSE 'This page names pupils: who gets it has to be entitled to know them.' END)
    FROM school s JOIN expectation x ON x.expectation = meeting
    WHERE s.urn = page_meeting_pack.school_urn AND period IS NOT NULL AND as_of IS NOT NULL
        AND known_schools(ARRAY[page_meeting_pack.school_urn]) AND known_expectation(meeting);
END;
COMMENT ON FUNCTION page_meeting_pack(integer, text, text, date) IS
'meeting_pack() as a page of HTML for print: the pack of a targeting support meeting at a school, or of a review by '
'governors or trustees; only the former names pupils. NULL for NULL; 22023 for what is no school, period or '
'expectation';
