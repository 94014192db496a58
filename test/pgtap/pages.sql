-- Report pages: well-formed, safe, with the numbers of the reports, also of nothing; and what they are made of.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

-- ---------- helpers ----------

SELECT is(html_escape('A & B <C> "d" ''e'''), 'A &amp; B &lt;C&gt; &quot;d&quot; &#39;e&#39;', 'escapes');
SELECT is(html_escape(E'a\x01b\x1fc\td\n'), E'a b c\td\n', 'control codes are no XML');
SELECT is(html_escape(NULL), '', 'of nothing');
SELECT is(html_text('<b> from 8 Sep 2025 to 12 Oct 2025, 3 Oct 20, 8 September 2025'), '&lt;b&gt; from 8&#160;Sep&#160;2025 to 12&#160;Oct&#160;2025, 3 Oct 20, 8 September 2025', 'days are not broken');
SELECT is(html_text(NULL), '', 'of nothing');
SELECT is(ARRAY[percent_text(93.449), percent_text(0), percent_text(NULL), points_text(1.25), points_text(-0.04), points_text(-2), points_text(NULL),
    count_text(1234567), count_text(7.5), count_text(0), count_text(NULL), day_text('2025-09-08'), day_text(NULL), days_text('[2025-09-08,2025-09-13)'),
    days_text('[2025-09-08,2025-09-09)'), days_text('empty'), days_text('[2025-09-08,)'), days_text(NULL)],
    '{93.4%,0.0%,-,+1.3,0.0,-2.0,-,"1,234,567",7.5,0,-,8 Sep 2025,-,8 Sep 2025 to 12 Sep 2025,8 Sep 2025,-,-,-}', 'figures as text');
SELECT is(html_table('T & t', '{a,b}', '{{1,2},{<,NULL}}'),
    '<div class="scroll" role="region" tabindex="0" aria-label="T &amp; t"><table><caption>T &amp; t</caption><thead><tr><th scope="col">a</th><th scope="col" class="n">b</th></tr></thead>'
    '<tbody><tr><th scope="row">1</th><td class="n">2</td></tr><tr><th scope="row">&lt;</th><td class="n"></td></tr></tbody></table></div>', 'a table');
SELECT is(html_table('T', '{a}', '{{"8 Sep 2025"}}') LIKE '%<table><caption>%<th scope="row">8&#160;Sep&#160;2025</th>%', true, 'a day in a table');
SELECT is(html_table('T', '{a,b}', '{{three short words,1}}') LIKE '%<table class="words"><caption>%', true, 'long labels');
SELECT is(html_table('T', '{a,b}', '{{short,many words that are no label}}') LIKE '%<table><caption>%', true, 'no long labels');
SELECT is(html_table('T & t', '{a}', NULL), '<p class="none">T &amp; t: nothing to show.</p>', 'without rows');
SELECT is(html_section('A & B', '<p>x</p>', NULL, '<p>y</p>'), '<section><h2>A &amp; B</h2><p>x</p><p>y</p></section>', 'a section');
SELECT is(ARRAY[heat_colour(0), heat_colour(1), heat_colour(20), heat_colour(20.1), heat_colour(100), heat_colour(500), heat_colour(NULL), heat_colour(0, 0)],
    '{#eef3f8,#cfe0f0,#cfe0f0,#9fc4e0,#0b4a8f,#0b4a8f,NULL,#eef3f8}', 'colours of amounts');
SELECT is(ARRAY[mark_colour('/'), mark_colour('B'), mark_colour('L'), mark_colour('I'), mark_colour('U'), mark_colour('#'), mark_colour(NULL)],
    '{#d3e5f5,#d3e5f5,#f2dc8a,#e08a3c,#8c2d04,#ececec,NULL}', 'colours of marks');
-- WCAG 2: the contrast of text on each fill is 4.5 or more
CREATE FUNCTION luminance(colour text) RETURNS float8 LANGUAGE sql AS $$
    SELECT sum(w * CASE WHEN v <= 0.03928 THEN v / 12.92 ELSE ((v + 0.055) / 1.055) ^ 2.4 END)
    FROM (SELECT w, get_byte(decode(substr(colour, 2), 'hex'), n) / 255.0::float8 AS v FROM (VALUES (0, 0.2126), (1, 0.7152), (2, 0.0722)) AS c (n, w)) x $$;
SELECT cmp_ok((greatest(luminance(f), luminance(t)) + 0.05) / (least(luminance(f), luminance(t)) + 0.05), '>=', 4.5::float8, 'contrast on ' || f)
FROM (SELECT f, text_colour_on(f) AS t FROM (SELECT heat_colour(n) AS f FROM unnest('{0,10,30,50,70,90}'::numeric[]) n UNION SELECT mark_colour(m) FROM unnest('{/,L,I,O,#}'::session_mark[]) m) c) x;

-- steps of 2 to 8, 170 units below 12 + 18: 4 is at 30 + 170 / 2
SELECT ok(svg_line_chart('Title', '{a,b,c}', '{One}', '{{4,NULL,8}}') LIKE '%<path d="M48.0 115.0M452.0 30.0" fill="none"%', 'a line with a gap');
SELECT is(regexp_count(svg_line_chart('Title', ARRAY(SELECT 'label ' || n FROM generate_series(1, 40) n), '{One}', ARRAY[ARRAY(SELECT n FROM generate_series(1, 40) n)]::numeric[]), '>label '), 6, 'labels do not overlap: 61 units each of 404');
SELECT is(svg_line_chart('T <', '{a}', '{One}', '{{NULL}}'), '<p class="none">T &lt;: nothing to show.</p>', 'no number');
SELECT is(svg_line_chart('T', NULL, NULL, NULL), '<p class="none">T: nothing to show.</p>', 'nothing at all');
-- labels need 14 + 7.6 * 1 = 21.6; 388.4 units for 10; the stroke at 5
SELECT ok(svg_bar_chart('T', '{a,b}', '{10,NULL}', '%', '{5,NULL}', 'other') LIKE '%<rect x="21.6" y="29" width="388.4" height="15" class="bar"/><path d="M215.8 27v19" class="mark"/>%10.0\%%', 'bars');
SELECT ok(svg_bar_chart('T', '{a,b}', '{10,-10}', '') LIKE '%<rect x="215.8" y="7" width="194.2"%+10.0%<rect x="21.6" y="29" width="194.2"%-10.0%', 'to both sides of 0');
SELECT ok(svg_bar_chart('T', '{a}', '{0}') LIKE '<svg%width="0.0"%', 'zero');
SELECT ok(svg_bar_chart('T', '{a}', '{769867}', '') LIKE '%a 769,867.</desc>%>769,867</text>%', 'thousands');
SELECT ok(svg_line_chart('T', '{a}', '{One}', '{{4321}}', '') LIKE '%>5,000</text>%', 'and on the axis');
-- a label of 56 characters has no room beside its bar: it stands above it, whole, 16 units higher
SELECT ok(svg_bar_chart('T', ARRAY['C1 Leave for a regulated performance or employment abroad'], '{5}', '') LIKE '%<text x="8" y="20" text-anchor="start">C1 Leave for a regulated performance or employment abroad</text><rect x="8.0" y="23"%', 'a long label');
SELECT ok(svg_bar_chart('T', ARRAY[repeat('long & ', 20)], '{5}', '') ~ ('text-anchor="start"><title>' || repeat('long &amp; ', 20) || '</title>(long &amp; ){8,15}long[^<]{0,9}&#8230;</text>'), 'one without room is cut, the whole of it is its title');
-- what DejaVu Sans of 12 units needs, measured in a browser
SELECT cmp_ok(label_width(l), '>=', w, l) FROM (VALUES ('Watson, Mohammed', 123.0), ('Will', 21.6), ('MMM', 31.1), ('10A', 23.5), ('QUEEN ELIZABETH GRAMMAR', 179.0)) AS v (l, w);
SELECT is(label_width(NULL), 0::numeric, 'of nothing');
SELECT ok(svg_heat_map('T', ARRAY['Watson, Mohammed'], '{a}', '{{#eef3f8}}', '{{1}}') LIKE '%<text x="' || round(8 + label_width('Watson, Mohammed')) || '" y="37" text-anchor="end">Watson, Mohammed</text>%', 'a wide name has room');
SELECT ok(svg_heat_map('T', ARRAY['Featherstonehaugh-Cholmondeley, Mohammed'], '{a}', '{{#eef3f8}}', '{{1}}') ~ '<text x="184" y="37" text-anchor="end"><title>Featherstonehaugh-Cholmondeley, Mohammed</title>Featherstonehaugh-Cho[^<]*&#8230;</text>', 'or is cut');
SELECT is(svg_bar_chart('T', '{a}', '{NULL}'), '<p class="none">T: nothing to show.</p>', 'no bars');
SELECT is(svg_heat_map('T', NULL, NULL, NULL, NULL), '<p class="none">T: nothing to show.</p>', 'no cells');
SELECT is(regexp_count(svg_heat_map('T', '{r1,r2}', '{a,b,c}', '{{#eef3f8,NULL,#0b4a8f},{#eef3f8,#eef3f8,#eef3f8}}', '{{1,2,3},{4,5,<}}'), '<rect'), 5, 'cells with a colour');
SELECT is(html_chart('<p>none</p>', '<table/>'), '<p>none</p>', 'no table behind nothing');
SELECT results_eq($$ SELECT row_key, column_key, count FROM countable('{a,a,b,b}', '{x,y,x,y}', '{1,20,30,40}', 5) ORDER BY 1, 2 $$,
    $$ SELECT row_key, column_key, count FROM suppress_small_numbers('{a,a,b,b}', '{x,y,x,y}', '{1,20,30,40}', 5) ORDER BY 1, 2 $$, 'suppressed');
SELECT results_eq($$ SELECT row_key, column_key, count FROM countable('{a,a}', '{x,y}', '{1,20}', NULL) ORDER BY 1, 2 $$,
    $$ VALUES ('a', 'x', 1::bigint), ('a', 'y', 20), ('a', NULL, 21), (NULL, 'x', 1), (NULL, 'y', 20), (NULL, NULL, 21) $$, 'not suppressed');
SELECT is_empty($$ SELECT * FROM countable(NULL, NULL, NULL, 1) UNION ALL SELECT * FROM countable(NULL, NULL, NULL, 5) $$, 'nothing to count');

-- ---------- pages ----------

INSERT INTO r.trust VALUES (90001, 'Trust "Q" & <Co>');
UPDATE r.school SET name = 'A & B <C>' WHERE urn = 100001;
UPDATE r.school SET trust_uid = 90001 WHERE urn IN (100001, 100002);
UPDATE r.local_authority SET name = 'Brad<ford>' WHERE la_number = 380;
UPDATE r.pupil SET surname = 'O''Nil <' || pupil_id || '>', forename = 'Zed & "' || chr(96 + pupil_id::integer) || '"', sex = CASE WHEN pupil_id > 3 THEN 'F' ELSE 'M' END,
    entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id <= 7;
UPDATE r.enrolment SET registration_group = '5<A>', year_group = '5', entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id <= 7 AND school_urn = 100001;
UPDATE r.term_date SET first_day = '2025-09-08', last_day = '2025-09-19' WHERE school_urn = 100001 AND academic_year = 2025 AND term = 'Autumn' AND half = 1;
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (5, 'fsm', 'Y', '2024-09-01');

CREATE TABLE page AS
SELECT * FROM (VALUES
    ('week', r.page_school_week(100001, 'week 2025-09-15')), ('class', r.page_class(100001, '5<A>', 'week 2025-09-08')),
    ('pupil', r.page_pupil(100001, 6, '[2025-09-08,2025-09-20)')), ('head', r.page_head_termly(100001, 'term 2025-09-15')),
    ('trust', r.page_trust(90001, '[2025-09-08,2025-09-20)')), ('trust, all', r.page_trust(90001, '[2025-09-08,2025-09-20)', 1)),
    ('authority', r.page_authority(380, '[2025-09-08,2025-09-20)')), ('authority, all', r.page_authority(380, '[2025-09-08,2025-09-20)', NULL)),
    -- no marks, of a year that has no partition, too
    ('no week', r.page_school_week(100004, 'week 2025-09-15')), ('no class', r.page_class(100001, '5<A>', 'week 2024-11-11')), ('no pupil', r.page_pupil(100001, 6, '2019/20')),
    ('no head', r.page_head_termly(100002, 'term 2025-09-15')), ('no days', r.page_head_termly(100001, '2024/25')),
    ('no trust', r.page_trust(90001, '2024/25')), ('no trust, all', r.page_trust(90001, '2024/25', 1)), ('no authority', r.page_authority(380, '2024/25'))) AS v (name, html);
SELECT is((SELECT count(html) FROM page), 16::bigint, 'pages of little and of nothing');
SELECT lives_ok(format('SELECT xmlparse(DOCUMENT %L)', html), name || ' is well-formed') FROM page;
SELECT is_empty($$ SELECT name FROM page WHERE html ~* 'http|<script|javascript:|url\(|@import|src=|href=|\son[a-z]+=' $$, 'no script and no other host');
SELECT is_empty($$ SELECT name FROM page WHERE html ~ '<C>|<Co>|<ford>|5<A>|O''Nil|Zed & ' $$, 'every label is escaped');
SELECT is_empty($$ SELECT name FROM page WHERE html !~ '^<!DOCTYPE html>\n<html lang="en-GB">' OR html !~ '<title>[^<]+</title>' OR html !~ '<h1>[^<]+</h1>' $$, 'language and title');
SELECT is_empty($$ SELECT p.name FROM page p WHERE regexp_count(p.html, '<svg ') <> regexp_count(p.html, '<svg [^>]*role="img" aria-labelledby="(c[0-9a-f]{10})-t \1-d"[^>]*><title id="\1-t">[^<]+</title><desc id="\1-d">[^<]+</desc>') $$, 'charts have titles and descriptions');
SELECT is_empty($$ SELECT p.name FROM page p, regexp_matches(p.html, ' id="([^"]*)"', 'g') m GROUP BY p.name, m[1] HAVING count(*) > 1 $$, 'an id is there once');
SELECT is((SELECT array_agg(name ORDER BY name) FROM page WHERE html ~ '<svg '), '{authority,"authority, all",class,head,pupil,trust,"trust, all",week}', 'charts where there are figures');
SELECT throws_ok(format('SELECT r.%s', q), '22023', NULL, 'of what there is not: ' || q) FROM unnest('{"page_school_week(1, ''2025/26'')","page_class(100001, ''none'', ''2025/26'')","page_pupil(100002, 1, ''2025/26'')",
    "page_trust(1, ''2025/26'')","page_authority(1, ''2025/26'')"}'::text[]) q;
SELECT is(ARRAY[r.page_class(NULL, NULL, '2025/26'), r.page_head_termly(NULL, '2025/26')], '{NULL,NULL}', 'of nothing');
SELECT throws_ok(format('SELECT r.%s', q), '22023', NULL, q) FROM unnest('{"page_school_week(100001, ''soon'')","page_class(100001, ''5<A>'', ''soon'')","page_pupil(100001, 6, ''soon'')","page_head_termly(100001, ''soon'')","page_trust(90001, ''soon'')","page_authority(380, ''soon'')"}'::text[]) q;

-- ---------- numbers ----------

CREATE FUNCTION says(page_name text, VARIADIC wanted text[]) RETURNS text LANGUAGE sql AS $$
    SELECT ok(strpos(replace(html, '&#160;', ' '), w) > 0, format('%s says %s', page_name, w)) FROM page, unnest(wanted) w WHERE name = page_name $$;
SELECT says('week', '<dt>Attendance</dt><dd><b>' || percent_text(h.attendance_percent) || '</b> <span>' || h.attended || ' of ' || h.possible || ' sessions</span>') FROM r.headline('week 2025-09-15', 'current roll', '{100001}') h;
-- 60 possible, absent: I of pupil 6 alone
SELECT says('week', '<dt>Attendance</dt><dd><b>98.3%</b> <span>59 of 60 sessions</span>', '<th scope="row">I</th><td>Illness</td><td class="n">1</td><td class="n">100.0%</td><td class="n">1</td>',
    '<th scope="row">5&lt;A&gt;</th><td class="n">8</td>');
-- of the year to date: 4 and 5 are persistently absent, of 6
SELECT says('week', '<dt>Persistently absent</dt><dd><b>33.3%</b> <span>2 pupils, year to date</span>', '<th scope="row">8 Sep 2025</th><td class="n">25.0%</td><td class="n">-</td><td class="n">-</td>', 'At risk, absence of 5 to under 10%: 3 pupils');
SELECT says('class', '<th scope="row">O&#39;Nil &lt;5&gt;, Zed &amp; &quot;e&quot;</th><td>I</td><td>I</td><td>I</td><td>I</td><td>I</td><td>I</td><td>I</td><td>I</td><td>I</td><td>I</td>',
    '<td>to 50 %: severely absent</td><td class="n">10 of 10</td>', '<th scope="row">O&#39;Nil &lt;4&gt;, Zed &amp; &quot;d&quot;</th><td>95');
SELECT says('pupil', '<b>93.8%</b> <span>15 of 16 sessions</span>', '<dt>Sessions missed</dt><dd><b>1</b> <span>0.5 days</span>', '<th scope="row">Fri 19 Sep 2025</th><td>afternoon</td><td>Illness', '<th scope="row">15 Sep 2025</th><td>/</td>',
    'was there for 15 and missed 1. The school authorised all of these absences.');
SELECT is_empty($$ SELECT name FROM page WHERE name LIKE '%pupil' AND html ~ 'O&#39;Nil &lt;[1-57]' $$, 'nobody else is on a pupil''s page');
SELECT is_empty($$ SELECT name FROM page WHERE name ~ 'head|trust|authority' AND html ~ 'O&#39;Nil' $$, 'nobody at all on those that leave the school');
SELECT says('head', '<dt>Attendance</dt><dd><b>87.1%</b> <span>of 116 sessions</span>', '<b>33.3%</b> <span>2 of 6 pupils</span>',
    '<th scope="row">' || html_escape(b.label) || '</th><td class="n">' || b.enrolments || '</td><td class="n">' || percent_text(b.enrolments_percent) || '</td><td class="n">' || percent_text(b.absent_percent) || '</td>')
FROM r.attendance_bands('term 2025-09-15', 'statutory', '{100001}') b;
SELECT says('head', '<th scope="row">' || e.edge || '</th><td class="n">' || e.school_days || '</td><td class="n">' || percent_text(e.absence_percent) || '</td>') FROM r.edge_days('term 2025-09-15', 'statutory', '{100001}') e;
-- free school meals: 10 of 20, the others 5 of 96
SELECT says('head', '<th scope="row">Free school meals</th><td class="n">1</td><td class="n">50.0%</td><td class="n">+44.8</td><td class="n">1 (100.0%)</td><td class="n">1 (100.0%)</td><td class="n">16.7%</td><td class="n">66.7%</td>');
SELECT says('trust, all', '<th scope="row">A &amp; B &lt;C&gt;</th><td>Primary</td><td class="n">1 of 1</td><td class="n">6</td><td class="n">12.9%</td><td class="n">0.0</td><td class="n">2 (33.3%)</td><td class="n">1 (16.7%)</td>', 'Small numbers are shown');
SELECT says('authority, all', '<dt>Persistently absent</dt><dd><b>2</b> <span>33.3% of enrolments</span>');
-- 1 severely absent, 1 persistently, 4 others: all are below five, and nothing follows
SELECT says(p, '<th scope="row">A &amp; B &lt;C&gt;</th><td>Primary</td><td class="n">1 of 1</td><td class="n">6</td><td class="n">12.9%</td><td class="n">0.0</td><td class="n">c</td><td class="n">c</td>',
    '<dt>Persistently absent</dt><dd><b>c</b>', '<th scope="row">Free school meals</th><td class="n">c</td><td class="n">c</td><td class="n">c</td><td class="n">c</td><td class="n">c</td><td class="n">c</td><td class="n">c</td>', 'from 1 to 4') FROM unnest('{trust,authority}'::text[]) p;
SELECT is(regexp_count(html, '>Free school meals<'), 1, 'nor in the chart: ' || name) FROM page WHERE name IN ('trust', 'authority');
SELECT says('no week', 'The register has no marks of these pupils in this period.');
SELECT says('no pupil', 'The register has no possible sessions of');
SELECT says('no authority', 'The registers have no marks of these schools in this period.');

-- the penalty-notice watch: 6 pupils with ten O
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100003, 26, g.day, s.session, 'O' FROM generate_series(date '2025-09-08', '2025-09-12', '1 day') AS g (day) CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session);
SELECT ok(strpos(r.page_authority(380, '[2025-09-08,2025-09-20)', 1), '<th scope="row">All</th><td class="n">1</td><td class="n">0</td>') > 0, 'on the watch');
SELECT ok(strpos(r.page_authority(380, '[2025-09-08,2025-09-20)'), '<th scope="row">All</th><td class="n">c</td><td class="n">0</td>') > 0, 'not told');

-- the numbers are those of the reports, row by row
SELECT says('week', '<th scope="row">' || c.mark || '</th><td>' || c.description || '</td><td class="n">' || c.sessions || '</td><td class="n">' || percent_text(c.absence_percent) || '</td><td class="n">' || c.enrolments_with || '</td>')
FROM r.code_frequency('week 2025-09-15', 'current roll', '{100001}') c WHERE is_absence(c.mark);
SELECT says('week', '<th scope="row">' || day_text(t.week) || '</th><td class="n">' || percent_text(t.absence_percent) || '</td>') FROM r.weekly_trend('year to date 2025-09-21', 'current roll', '{100001}') t;
SELECT says('class', '<td class="n">' || l.absent || ' of ' || l.possible || '</td><td class="n">' || l.late || '</td><td class="n">' || l.unexplained || '</td><td class="n">' || l.year_absent || ' of ' || l.year_possible || '</td><td class="n">' || percent_text(l.year_absence_percent) || '</td>')
FROM r.weekly_class_list('week 2025-09-08', 'current roll', '{100001}', '5<A>') l;
SELECT says('pupil', '<dt>Spells of absence</dt><dd><b>' || count(*) || '</b>') FROM r.register_line l, absence_spells(l.marks) WHERE l.pupil_id = 6 AND l.school_urn = 100001;
SELECT says('head', '<th scope="row">' || html_escape(g.measure) || '</th><td class="n">' || count_text(g.numerator) || '</td><td class="n">' || count_text(g.denominator) || '</td><td class="n">' || percent_text(g.percent) || '</td>')
FROM r.leaders_report('term 2025-09-15', 'statutory', '{100001}', 'term 2025-07-20') g WHERE g.section IN ('1 attendance', '2 persistent absence');
SELECT says(p, '<td class="n">' || c.enrolments || '</td><td class="n">' || percent_text(c.absence_percent) || '</td><td class="n">' || points_text(c.absence_gap) || '</td><td class="n">' || c.persistently_absent || ' (' || percent_text(c.persistent_absence_percent) || ')</td><td class="n">' || c.severely_absent || ' (' || percent_text(c.severe_absence_percent) || ')</td><td class="n">' || percent_text(c.roll_share_percent) || '</td><td class="n">' || percent_text(c.missed_share_percent) || '</td>')
FROM unnest('{"trust, all","authority, all"}'::text[]) p, r.cohorts('[2025-09-08,2025-09-20)', 'statutory', '{100001}', '{year group,sex,fsm}') c;
SELECT ok(strpos(html, '>Girls<') < strpos(html, '>Boys<') AND strpos(html, '>Free school meals<') < strpos(html, '>Free school meals: no<'), 'cohorts in their order: ' || name) FROM page WHERE name IN ('trust, all', 'head');
SELECT is_empty($$ SELECT name FROM page WHERE html LIKE '%Looked-after child%' $$, 'not what nobody has');

-- those persistently absent are one number, also where it is the sum of two: 2 and 2 of 40 are c, the rest with them
SELECT results_eq($$ SELECT * FROM r.page_counts('{a,b}', '{40,50}', '{4,30}', '{2,10}', 5) ORDER BY 1 $$, $$ VALUES ('a', 40::bigint, NULL::bigint, NULL::bigint), ('b', 50, NULL, NULL), (NULL, 90, 34, 12) $$, 'a small sum');
SELECT results_eq($$ SELECT * FROM r.page_counts('{a,b}', '{40,50}', '{4,30}', '{2,10}', NULL) ORDER BY 1 $$, $$ VALUES ('a', 40::bigint, 4::bigint, 2::bigint), ('b', 50, 30, 10), (NULL, 90, 34, 12) $$, 'all is told');
SELECT is_empty($$ SELECT * FROM r.page_counts(NULL, NULL, NULL, NULL, 5) $$, 'nothing');
SELECT is((SELECT count(*) FROM generate_series(1, 3) e, generate_series(0, 3) p, generate_series(0, 3) s, r.page_counts('{a,b}', ARRAY[e, 7], ARRAY[least(p, e), 6], ARRAY[least(s, p, e), 5], 5) c
    WHERE c.row_key = 'a' AND (c.enrolments BETWEEN 1 AND 4 OR c.persistent BETWEEN 1 AND 4 OR c.severe BETWEEN 1 AND 4)), 0::bigint, 'never a small one, and never an error');

-- three schools: one with few missed sessions is not shown, nor another from which it would follow
SELECT fill(26, '2025-09-15', '2025-09-19', '/', NULL, 100003) \g /dev/null
SELECT fill(p::bigint, '2025-09-08', '2025-09-19', '/', NULL, 100002) FROM generate_series(11, 20) p \g /dev/null
UPDATE r.mark SET mark = 'I', entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id = 11 AND day IN ('2025-09-08', '2025-09-09') AND session = 'AM';
CREATE TABLE three AS SELECT r.page_authority(380, '[2025-09-08,2025-09-20)') AS html, r.page_authority(380, '[2025-09-08,2025-09-20)', 1) AS shown;
SELECT is((SELECT count(*) FROM r.school_comparison('[2025-09-08,2025-09-20)', 'statutory')), 3::bigint, 'three schools');
SELECT is((SELECT c.absent FROM r.school_comparison('[2025-09-08,2025-09-20)', 'statutory') c WHERE c.school_urn = 100002), 2::bigint, 'of which one has two missed sessions');
SELECT ok(html ~ '<th scope="row">School 100002</th><td>Primary</td><td class="n">1 of 3</td><td class="n">[0-9c]+</td><td class="n">c</td><td class="n">c</td>', 'is not shown') FROM three;
SELECT cmp_ok(regexp_count(html, '<td>Primary</td><td class="n">\d of 3</td><td class="n">[0-9c]+</td><td class="n">c</td><td class="n">c</td>'), '>=', 2, 'nor another') FROM three;
SELECT ok(shown LIKE '%<th scope="row">School 100002</th><td>Primary</td><td class="n">1 of 3</td><td class="n">10</td><td class="n">' || percent_text(c.absence_percent) || '</td><td class="n">' || points_text(c.difference_to_group) || '</td>%', 'as it is')
FROM three, r.school_comparison('[2025-09-08,2025-09-20)', 'statutory') c WHERE c.school_urn = 100002;
-- a week with few missed sessions
SELECT ok(r.page_trend('[2025-09-08,2025-09-20)', 'statutory', '{100002}', 'Total', 5) LIKE '%<th scope="row">8&#160;Sep&#160;2025</th><td class="n">c</td>%', 'a week is not told');
SELECT ok(r.page_trend('[2025-09-08,2025-09-20)', 'statutory', '{100002}', 'Total') LIKE '%<th scope="row">8&#160;Sep&#160;2025</th><td class="n">' || percent_text(w.absence_percent) || '</td>%', 'the same week, told')
FROM r.weekly_trend('[2025-09-08,2025-09-20)', 'statutory', '{100002}') w WHERE w.week = '2025-09-08';
-- why there are hyphens, and what differences are of
SELECT says('trust, all', 'A hyphen: no published figures of this phase for this period have been imported.', 'Differences are between unrounded figures', 'No published figures of England for these weeks have been imported.', 'The register has no marks of the year before.');
SELECT says('authority', 'Differences are between unrounded figures');
SELECT is(r.page_differences(html_table('T', '{a}', NULL)), html_table('T', '{a}', NULL), 'not where there are none');
SELECT says('head', 'Comparison: nothing to show.', 'Differences are between unrounded figures');
INSERT INTO page SELECT 'head of 3', r.page_head_termly(100001, 'term 2025-09-15', threshold => 1);
SELECT says('head of 3', '<th scope="row">All 3 primary schools of the authority</th><td class="n">' || percent_text(c.group_absence_percent) || '</td><td class="n">' || points_text(c.difference_to_group) || '</td>',
    'This school is one of the 3. Its rank is ' || c.absence_rank || '; the first', 'No published figures for this period have been imported.')
FROM r.school_comparison('term 2025-09-15', 'statutory') c WHERE c.school_urn = 100001;
SELECT ok(r.page_head_termly(100004, 'term 2025-09-15') LIKE '%Bands of attendance: %' OR r.page_head_termly(100004, 'term 2025-09-15') LIKE '<!DOCTYPE%', 'a school without term dates');

-- every gap has its bar, the lowest, too: 17 pupils, each in a year group of its own
UPDATE r.enrolment SET year_group = ('{N1,N2,R,1,2,3,4,6,7,8,9,10,11,12,13,14}'::text[])[CASE WHEN pupil_id < 6 THEN pupil_id WHEN pupil_id = 26 THEN 16 ELSE pupil_id - 5 END],
    entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id IN (1, 2, 3, 4, 5, 26) OR pupil_id BETWEEN 11 AND 20;
CREATE TABLE gap AS SELECT substring(r.page_cohorts('[2025-09-08,2025-09-20)', 'statutory', NULL, NULL) FROM '<svg.*?</svg>') AS chart;
SELECT is((SELECT array_agg(m[1] ORDER BY m[1]) FROM gap, regexp_matches(chart, '>(Year [^<]+)<', 'g') m),
    (SELECT array_agg('Year ' || value ORDER BY 'Year ' || value) FROM r.cohorts('[2025-09-08,2025-09-20)', cohorts => '{year group}') WHERE absence_gap IS NOT NULL), 'all gaps are drawn');
SELECT is(regexp_count(chart, '<rect'), 20, 'of 17 year groups, two sexes and a characteristic') FROM gap;

-- the same with literals, with parameters whose values the planner does not see, and in a page
UPDATE r.mark SET mark = 'O', entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id = 12 AND day BETWEEN '2025-09-08' AND '2025-09-11';
CREATE TABLE literal AS SELECT w.* FROM r.penalty_watch('2025-09-19', '{100001,100002,100003}') w;
CREATE TABLE literal_near AS SELECT w.* FROM r.penalty_approaching('2025-09-19', '{100001,100002,100003}', 8) w;
SELECT is((SELECT array_agg(pupil_id) FROM literal), '{26}', 'one on the watch');
SELECT is((SELECT array_agg(pupil_id) FROM literal_near), '{12}', 'one near it');
SET plan_cache_mode = force_generic_plan;
PREPARE watch_of(date, integer[]) AS SELECT * FROM r.penalty_watch($1, $2);
PREPARE near_of(date, integer[], integer) AS SELECT * FROM r.penalty_approaching($1, $2, $3);
PREPARE both_of(date, integer[]) AS SELECT w.pupil_id, w.met_on IS NOT NULL FROM r.penalty_window($1, $2, 8, NULL) w;
PREPARE page_of(integer, text, integer) AS SELECT r.page_authority($1, $2, $3);
SELECT results_eq($$ EXECUTE watch_of('2025-09-19', '{100001,100002,100003}') $$, 'TABLE literal', 'the watch by parameters');
SELECT results_eq($$ EXECUTE watch_of('2025-09-19', NULL) $$, 'TABLE literal', 'of all schools');
SELECT results_eq($$ EXECUTE near_of('2025-09-19', '{100001,100002,100003}', 8) $$, 'TABLE literal_near', 'those near it by parameters');
SELECT bag_eq($$ EXECUTE both_of('2025-09-19', NULL) $$, $$ VALUES (26::bigint, true), (12, false) $$, 'both at once');
SELECT results_eq($$ EXECUTE page_of(380, '[2025-09-08,2025-09-20)', 1) $$, $$ SELECT r.page_authority(380, '[2025-09-08,2025-09-20)', 1) $$, 'the page by parameters');
SELECT ok(strpos(r.page_authority(380, '[2025-09-08,2025-09-20)', 1), '<th scope="row">All</th><td class="n">' || (SELECT count(DISTINCT pupil_id) FROM literal) || '</td><td class="n">' || (SELECT count(DISTINCT pupil_id) FROM literal_near WHERE sessions_left <= 2) || '</td>') > 0, 'in the page');
-- no step of the watch reads another in a loop, for which the planner's guess of a row or two would be reason enough here
CREATE FUNCTION plan_of(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || command; END $$;
SELECT is((SELECT count(*) FROM plan_of(q) p WHERE p ~ '(Hash|Merge) Full Join'), 6::bigint, 'joins of steps: ' || q)
FROM unnest(ARRAY[$$EXECUTE watch_of('2025-09-19', NULL)$$, $$SELECT * FROM r.penalty_watch('2025-09-19')$$]) q;
RESET plan_cache_mode;

-- last year and England stand beside the year
INSERT INTO r.benchmark_file (title, series, shape, digest) VALUES ('t', 'daily', 'wide', '\x00');
INSERT INTO r.benchmark_row (file_id, line, days, time_period, time_identifier, geographic_level, area_code, phase, figures)
SELECT file_id, 2, '[2025-09-08,2025-09-15)', '2025', 'Week 37', 'National', 'E92000001', 'Primary', '{"overall_absence_perc": "5.5"}' FROM r.benchmark_file;
SELECT ok(h LIKE '%<td class="n">25.0\%</td><td class="n">-</td><td class="n">5.5\%</td>%>England, primary</text>%' OR h LIKE '%>England, primary</text>%<td class="n">25.0\%</td><td class="n">-</td><td class="n">5.5\%</td>%', 'England')
FROM r.page_school_week(100001, 'week 2025-09-15') h;

-- ---------- how they are declared ----------

SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'r'::regnamespace AND proname LIKE 'page\_%' AND (provolatile = 'v' OR prosecdef OR obj_description(oid, 'pg_proc') IS NULL) $$, 'none is volatile');
SELECT is((SELECT count(*) FROM pg_proc WHERE pronamespace = 'r'::regnamespace AND proname ~ '^page_(school_week|class|pupil|head_termly|trust|authority)$' AND provolatile = 's'), 6::bigint, 'pages are stable');

CREATE ROLE att_tap_pages_reader;
GRANT USAGE ON SCHEMA r, attendance, public TO att_tap_pages_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA r TO att_tap_pages_reader;
CREATE TABLE seen (name text, html text);
GRANT INSERT ON seen TO att_tap_pages_reader;
SET ROLE att_tap_pages_reader;
SET search_path = '';
INSERT INTO public.seen VALUES ('class', r.page_class(100001, '5<A>', 'week 2025-09-08')), ('pupil', r.page_pupil(100001, 6, '[2025-09-08,2025-09-20)')), ('head', r.page_head_termly(100001, 'term 2025-09-15')),
    ('week', r.page_school_week(100001, 'week 2025-09-15')), ('trust', r.page_trust(90001, '[2025-09-08,2025-09-20)')), ('authority', r.page_authority(380, '2025/26'));
RESET ROLE;
SET search_path = public, attendance;
SELECT is((SELECT count(html) FROM seen), 6::bigint, 'a reader with an empty search path');
UPDATE page SET html = r.page_trust(90001, '[2025-09-08,2025-09-20)') WHERE name = 'trust';
SELECT is_empty($$ SELECT s.name FROM seen s JOIN page p USING (name) WHERE s.name IN ('class', 'pupil', 'trust') AND s.html <> p.html $$, 'sees the same');

SELECT * FROM finish();
ROLLBACK;
