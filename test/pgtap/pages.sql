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
SELECT is(html_table('T', '{a,b,c,d,e}', '{{1,2,3,4,5}}') LIKE '%<table class="many"><caption>%', true, 'many columns');
SELECT is(html_table('T', '{a,b}', '{{r1,1},{r2,2}}', 1, '{f,t}', 'bad <so>'), '<div class="scroll" role="region" tabindex="0" aria-label="T"><table><caption>T'
    '<span class="key"><span class="flag">&#9650;</span> bad &lt;so&gt;</span></caption><thead><tr><th scope="col">a</th><th scope="col" class="n">b</th></tr></thead>'
    '<tbody><tr><th scope="row">r1</th><td class="n">1</td></tr><tr class="bad"><th scope="row">r2<span class="unseen"> (marked)</span></th><td class="n">2</td></tr></tbody></table></div>', 'a marked row');
SELECT is(html_table('T', '{a,b}', '{{r1,1}}', 1, '{f}', 'bad') LIKE '%bad%', false, 'nothing is marked');
SELECT is(html_table('T', '{a,b}', '{{r1,1}}', 1, '{NULL}', 'bad') LIKE '%bad%', false, 'not known whether it is');
-- 10 and -10: zero in the middle; a stroke at 5
SELECT ok(html_table('T', '{a,b}', '{{r1,10},{r2,-10},{r3,-}}', amounts => '{10,-10,NULL}', compared => '{5,NULL,NULL}', compared_name => 'is <this>') LIKE
    '%<span class="key"><span class="m"></span> is &lt;this&gt;</span></caption><thead><tr><th scope="col">a</th><th scope="col" class="bar"><span class="unseen">As a bar</span></th><th scope="col" class="n">b</th></tr></thead>'
    '<tbody><tr><th scope="row">r1</th><td class="bar"><div><span class="b" style="left:50.0\%;width:50.0\%"></span><span class="z" style="left:50.0\%"></span><span class="m" style="left:75.0\%"></span></div></td><td class="n">10</td></tr>'
    '<tr><th scope="row">r2</th><td class="bar"><div><span class="b" style="left:0.0\%;width:50.0\%"></span><span class="z" style="left:50.0\%"></span></div></td><td class="n">-10</td></tr>'
    '<tr><th scope="row">r3</th><td class="bar"><div></div></td><td class="n">-</td></tr>%', 'bars to both sides of 0, a stroke, none for no figure');
SELECT results_eq($$ SELECT bar FROM html_bars('{0,0}', NULL) $$, $$ SELECT '<td class="bar"><div><span class="b" style="left:0.0%;width:0.0%"></span></div></td>'::text FROM generate_series(1, 2) $$, 'zeros');
SELECT is_empty('SELECT * FROM html_bars(NULL, NULL)', 'no bars');
SELECT is(html_figures('{A & b}', '{1}', '{n}', '{t}'), '<dl class="figures"><div class="bad"><dt>A &amp; b<span class="unseen"> (marked)</span></dt><dd><b>1</b> <span>n</span></dd></div></dl>', 'a marked figure');
SELECT is(html_note(NULL), NULL, 'a note of nothing');
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

-- steps of 2 to 8, 170 units below 14 + 22: 4 is at 36 + 170 / 2; the axis needs 14 + label_width('8%') = 36.7, the last figure 14 + label_width('8.0%') = 50.3
SELECT ok(svg_line_chart('Title', '{a,b,c}', '{One}', '{{4,NULL,8}}') LIKE '%<path d="M37.0 121.0M428.0 36.0" fill="none"%>8.0\%</text>%', 'a line with a gap, and its last figure');
SELECT is(svg_line_chart('Title', '{a,b,c}', '{One}', '{{4,8,NULL}}') LIKE '%class="last"%', false, 'no last figure');
SELECT is(svg_line_chart('T <', '{a}', '{One}', '{{NULL}}'), '<p class="none">T &lt;: nothing to show.</p>', 'no number');
SELECT is(svg_line_chart('T', NULL, NULL, NULL), '<p class="none">T: nothing to show.</p>', 'nothing at all');
SELECT ok(svg_line_chart('T', '{a}', '{One}', '{{4321}}', '') LIKE '%>5,000</text>%', 'thousands');
-- what DejaVu Sans of 14 units needs, measured in a browser at 12
SELECT cmp_ok(label_width(l), '>=', w * 14 / 12, l) FROM (VALUES ('Watson, Mohammed', 123.0), ('Will', 21.6), ('MMM', 31.1), ('10A', 23.5), ('QUEEN ELIZABETH GRAMMAR', 179.0)) AS v (l, w);
SELECT is(label_width(NULL), 0::numeric, 'of nothing');
SELECT is(ARRAY[fit_label('short', 100), fit_label(NULL, 10), fit_label('', 0)], '{short,"",""}', 'labels that fit');
SELECT ok(label_width(fit_label(l, 200)) <= 200 AND fit_label(l, 200) LIKE '%...', 'one that does not is cut: ' || left(l, 9))
FROM unnest(ARRAY[repeat('long & ', 40), repeat('W', 90), repeat('i', 90), repeat('a ', 90)]) l;

-- what is in a chart: boxes of its texts and bars (a text of 14 units, 11 above its line and 3 below it)
CREATE FUNCTION boxes(svg text) RETURNS TABLE (what text, x0 numeric, y0 numeric, x1 numeric, y1 numeric) LANGUAGE sql AS $$
    SELECT t.content, t.x - CASE t.anchor WHEN 'end' THEN w WHEN 'middle' THEN w / 2 ELSE 0 END, t.y - 11,
        t.x + CASE t.anchor WHEN 'end' THEN 0 WHEN 'middle' THEN w / 2 ELSE w END, t.y + 3
    FROM (SELECT (xpath('/text/text()', e))[1]::text AS content, (xpath('/text/@x', e))[1]::text::numeric AS x, (xpath('/text/@y', e))[1]::text::numeric AS y,
            (xpath('/text/@text-anchor', e))[1]::text AS anchor FROM unnest(xpath('//text', svg::xml)) e) t
    CROSS JOIN LATERAL label_width(replace(replace(replace(t.content, '&lt;', '<'), '&gt;', '>'), '&amp;', '&')) w
    UNION ALL
    SELECT 'bar', x, y, x + w, y + h FROM (SELECT (xpath('/rect/@x', e))[1]::text::numeric AS x, (xpath('/rect/@y', e))[1]::text::numeric AS y,
        (xpath('/rect/@width', e))[1]::text::numeric AS w, (xpath('/rect/@height', e))[1]::text::numeric AS h FROM unnest(xpath('//rect', svg::xml)) e) r $$;
CREATE FUNCTION chart_faults(html text) RETURNS SETOF text LANGUAGE sql AS $$
    WITH chart AS (SELECT m[1] AS svg, (regexp_match(m[1], 'viewBox="0 0 480 (\d+)"'))[1]::numeric AS height FROM regexp_matches(html, '<svg .*?</svg>', 'g') m),
    box AS (SELECT c.svg, c.height, row_number() OVER () AS n, b.* FROM chart c CROSS JOIN LATERAL boxes(c.svg) b)
    SELECT format('%s stands out of the chart', what) FROM box WHERE x0 < 0 OR y0 < 0 OR x1 > 480 OR y1 > height
    UNION ALL SELECT format('%s and %s overlap', a.what, b.what) FROM box a JOIN box b ON b.svg = a.svg AND b.n > a.n AND a.x0 < b.x1 AND b.x0 < a.x1 AND a.y0 < b.y1 AND b.y0 < a.y1
    UNION ALL SELECT 'a negative coordinate' FROM chart WHERE svg ~ '[" ,MLHVhv]-\d'
    UNION ALL SELECT 'no height' FROM chart WHERE height IS NULL
    UNION ALL SELECT format('a bar of %s%% from %s%%', m[2], m[1]) FROM regexp_matches(html, 'class="b" style="left:([^%]*)%;width:([^%]*)%"', 'g') m
        WHERE m[1]::numeric < 0 OR m[2]::numeric < 0 OR m[1]::numeric + m[2]::numeric > 100.1
    UNION ALL SELECT format('a stroke at %s%%', m[1]) FROM regexp_matches(html, 'class="[mz]" style="left:([^%]*)%', 'g') m WHERE NOT m[1]::numeric BETWEEN 0 AND 100 $$;
-- the test finds what it is for
SELECT is((SELECT count(*) FROM chart_faults('<svg viewBox="0 0 480 40" class="chart"><text x="8" y="20">One</text><text x="20" y="22">Two</text><rect x="8" y="12" width="9" height="9"/><text x="-3" y="12">X</text></svg><span class="b" style="left:60%;width:50%">')), 5::bigint, 'faults are found');
SELECT is_empty(format('SELECT * FROM chart_faults(svg_line_chart(%L, %L, %L, %L, %L))', 'T', labels, names, series, unit), 'nothing overlaps: ' || what)
FROM (VALUES ('a year of weeks', ARRAY(SELECT to_char(date '2025-09-01' + 7 * n, 'FMDD Mon') FROM generate_series(0, 51) n), '{This year,"The same week last year","England, secondary schools"}'::text[],
        ARRAY[ARRAY(SELECT n % 13 FROM generate_series(0, 51) n), ARRAY(SELECT n % 7 FROM generate_series(0, 51) n), ARRAY(SELECT 9 FROM generate_series(0, 51) n)]::numeric[], '%'),
    ('one', '{8 Sep}', '{This year}', '{{100}}', '%'), ('zero', '{8 Sep,15 Sep}', '{This year}', '{{0,0}}', '%'), ('two', '{8 Sep,15 Sep}', '{This year}', '{{100,99.95}}', '%'),
    ('large', '{a,b}', '{One}', '{{1,123456}}', ' sessions'), ('long labels', ARRAY[repeat('W', 60), repeat('long & ', 20), 'x'], ARRAY[repeat('<wide> ', 40)], '{{1,2,3}}', ''),
    ('four', '{a,b}', '{One,Two,Three,Four}', '{{1,1},{1,1},{1,1},{1,1}}', '%')) AS v (what, labels, names, series, unit);
SELECT is(html_heat_map('T &', '{r1,"<r2>"}', '{a,b}', '{{#eef3f8,NULL},{#0b4a8f,#eef3f8}}', '{{1,NULL},{2,<}}', '{Key}', '{#0b4a8f}'),
    '<div class="scroll" role="region" tabindex="0" aria-label="T &amp;"><table class="grid"><caption>T &amp;<span class="key"><span class="one"><span class="cell" style="background:#0b4a8f"></span>Key</span></span></caption>'
    '<thead><tr><td></td><th scope="col">a</th><th scope="col">b</th></tr></thead><tbody><tr><th scope="row">r1</th><td style="background:#eef3f8;color:#111111">1</td><td></td></tr>'
    '<tr><th scope="row">&lt;r2&gt;</th><td style="background:#0b4a8f;color:#ffffff">2</td><td style="background:#eef3f8;color:#111111">&lt;</td></tr></tbody></table></div>', 'a grid');
SELECT is(html_heat_map('T', NULL, NULL, NULL, NULL), '<p class="none">T: nothing to show.</p>', 'no cells');
SELECT is(html_chart('<p>none</p>', '<table/>'), '<p>none</p>', 'no table behind nothing');
SELECT results_eq($$ SELECT row_key, column_key, count FROM countable('{a,a,b,b}', '{x,y,x,y}', '{1,20,30,40}', 5) ORDER BY 1, 2 $$,
    $$ SELECT row_key, column_key, count FROM suppress_small_numbers('{a,a,b,b}', '{x,y,x,y}', '{1,20,30,40}', 5) ORDER BY 1, 2 $$, 'suppressed');
SELECT results_eq($$ SELECT row_key, column_key, count FROM countable('{a,a}', '{x,y}', '{1,20}', NULL) ORDER BY 1, 2 $$,
    $$ VALUES ('a', 'x', 1::bigint), ('a', 'y', 20), ('a', NULL, 21), (NULL, 'x', 1), (NULL, 'y', 20), (NULL, NULL, 21) $$, 'not suppressed');
SELECT is_empty($$ SELECT * FROM countable(NULL, NULL, NULL, 1) UNION ALL SELECT * FROM countable(NULL, NULL, NULL, 5) $$, 'nothing to count');

-- ---------- pages ----------

\ir register/page_text.sql
INSERT INTO r.trust VALUES (90001, 'Trust "Q" & <Co>');
UPDATE r.school SET name = 'A & B <C>' WHERE urn = 100001;
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn IN (100001, 100002);
UPDATE r.local_authority SET name = 'Brad<ford>' WHERE la_number = 380;
-- 1 and 2 are called the same, 3 and 4 are also born on one day
UPDATE r.pupil SET surname = 'O''Nil <' || CASE WHEN pupil_id < 5 THEN (pupil_id + 1) / 2 ELSE pupil_id END || '>', forename = 'Zed & "' || chr(96 + CASE WHEN pupil_id < 5 THEN (pupil_id::integer + 1) / 2 ELSE pupil_id::integer END) || '"',
    date_of_birth = CASE pupil_id WHEN 1 THEN '2015-10-01' WHEN 2 THEN '2015-10-02' WHEN 3 THEN '2015-10-03' WHEN 4 THEN '2015-10-03' ELSE date_of_birth END, sex = CASE WHEN pupil_id > 3 THEN 'F' ELSE 'M' END,
    entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id <= 7;
UPDATE r.enrolment SET registration_group = '5<A>', year_group = '5', entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id <= 7 AND school_urn = 100001;
UPDATE r.term_date SET first_day = '2025-09-08', last_day = '2025-09-19' WHERE school_urn = 100001 AND academic_year = 2025 AND term = 'Autumn' AND half = 1;
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (5, 'fsm', 'Y', '2024-09-01'), (1, 'sen', 'E', '2024-09-01'), (2, 'sen', 'K', '2024-09-01'),
    (3, 'social worker', 'CIN', '2024-09-01'), (4, 'social worker', 'CP', '2024-09-01');

CREATE TABLE page AS
SELECT * FROM (VALUES
    ('week', r.page_school_week(100001, 'week 2025-09-15')), ('first week', r.page_school_week(100001, 'week 2025-09-08')), ('class', r.page_class(100001, '5<A>', 'week 2025-09-08')), ('second class', r.page_class(100001, '5<A>', 'week 2025-09-15')),
    ('pupil', r.page_pupil(100001, 6, '[2025-09-08,2025-09-20)')), ('head', r.page_head_termly(100001, 'term 2025-09-15')), ('head, all', r.page_head_termly(100001, 'term 2025-09-15', threshold => NULL)),
    ('head of a week', r.page_head_termly(100001, 'week 2025-09-15')), ('trust', r.page_trust(90001, '[2025-09-08,2025-09-20)')), ('trust, all', r.page_trust(90001, '[2025-09-08,2025-09-20)', 1)),
    ('trust, week', r.page_trust(90001, 'week 2025-09-15', 1)), ('authority', r.page_authority(380, '[2025-09-08,2025-09-20)')), ('authority, all', r.page_authority(380, '[2025-09-08,2025-09-20)', NULL)),
    ('authority, week', r.page_authority(380, 'week 2025-09-15')),
    -- who has no possible session; closed, no marks, also of a year that has no partition
    ('pupil without sessions', r.page_pupil(100001, 7, '[2025-09-08,2025-09-20)')), ('closed', r.page_school_week(100001, 'week 2025-10-27')), ('closed class', r.page_class(100001, '5<A>', 'week 2025-10-27')),
    ('no week', r.page_school_week(100004, 'week 2025-09-15')), ('no class', r.page_class(100001, '5<A>', 'week 2024-11-11')), ('no pupil', r.page_pupil(100001, 6, '2019/20')),
    ('no head', r.page_head_termly(100002, 'term 2025-09-15')), ('no days', r.page_head_termly(100001, '2024/25')),
    ('no trust', r.page_trust(90001, '2024/25')), ('no trust, all', r.page_trust(90001, '2024/25', 1)), ('no authority', r.page_authority(380, '2024/25'))) AS v (name, html);
SELECT is((SELECT count(html) FROM page), 25::bigint, 'pages of little and of nothing');
-- what every page has to be
PREPARE malformed AS SELECT name FROM page WHERE NOT xml_is_well_formed_document(html);
PREPARE foreign_parts AS SELECT name FROM page WHERE html ~* 'http|<script|javascript:|url\(|@import|src=|href=|\son[a-z]+=';
PREPARE not_escaped AS SELECT name FROM page WHERE html ~ '<C>|<Co>|<ford>|5<A>|O''Nil|Zed & |<long>';
PREPARE headless AS SELECT name FROM page WHERE html !~ '^<!DOCTYPE html>\n<html lang="en-GB">' OR html !~ '<title>[^<]+</title>' OR html !~ '<h1>[^<]+</h1>';
PREPARE without_title AS SELECT p.name FROM page p WHERE regexp_count(p.html, '<svg ') <> regexp_count(p.html, '<svg [^>]*role="img" aria-labelledby="(c[0-9a-f]{10})-t \1-d"[^>]*><title id="\1-t">[^<]+</title><desc id="\1-d">[^<]+</desc>');
PREPARE twice AS SELECT p.name, m[1] FROM page p, regexp_matches(p.html, ' id="([^"]*)"', 'g') m GROUP BY 1, 2 HAVING count(*) > 1;
PREPARE overlapping AS SELECT p.name, f FROM page p, chart_faults(p.html) f;
-- a bar is beside its figure, in the same row; a colour has a letter in it, and what is marked its words
PREPARE bars_alone AS SELECT p.name, m[1] FROM page p, regexp_matches(p.html, '(<tr(?: [^>]*)?>(?:(?!</tr>).)*</tr>)', 'g') m WHERE m[1] LIKE '%class="b"%' AND m[1] !~ '</div></td><td class="n">[^<]+</td>';
PREPARE colours_alone AS SELECT p.name, m[1] FROM page p, regexp_matches(p.html, '<td style="background:[^"]*">([^<]*)</td>', 'g') m WHERE m[1] = '';
PREPARE marked_alone AS SELECT p.name FROM page p WHERE regexp_count(p.html, '<(tr|div) class="bad">') <> regexp_count(p.html, '<span class="unseen"> \(marked\)</span>')
    OR p.html LIKE '%<tr class="bad">%' AND p.html NOT LIKE '%<span class="flag">&#9650;</span> _%';
-- an abbreviation, and the words without which it is none; capitals are not words
CREATE TABLE abbreviation (short text, words text);
INSERT INTO abbreviation VALUES ('INSET', 'training day'), ('c', 'are shown as c'), ('N', 'not (yet )?known|not yet established'), ('SEN|EHCP|EHC', 'Special educational needs'), ('CIN', 'child in need'), ('CP', 'child protection'),
    ('PA', 'Persistent'), ('FSM', 'Free school meals'), ('EAL', 'English as an additional'), ('UPN', 'unique pupil number'), ('DfE', 'Department for Education'), ('LA', 'Local authority'),
    ('AM|PM', 'morning session'), ('SI', 'statutory instrument'), ('SHA', 'digest is computed');
CREATE FUNCTION words_of(html text) RETURNS text LANGUAGE sql AS $$ SELECT as_text(replace(regexp_replace(html, '<style>.*</style>', ''), '</tr>', ' </tr>')) $$;
PREPARE unexplained AS SELECT p.name, a.short FROM page p JOIN abbreviation a ON words_of(p.html) ~ ('(^|[^A-Za-z<&/])(' || a.short || ')($|[^A-Za-z>&/''])') AND words_of(p.html) !~* a.words
    WHERE a.short <> 'c' OR EXISTS (SELECT FROM rows_of(p.html) l WHERE l ~ '(^|\|)c($|\|)') OR p.html LIKE '%<b>c</b>%';
PREPARE unknown_capitals AS SELECT DISTINCT p.name, m[1] FROM page p, regexp_matches(words_of(p.html), '\m([A-Z]{2,})\M', 'g') m WHERE NOT EXISTS (SELECT FROM abbreviation a WHERE m[1] ~ ('^(' || a.short || ')$'));
-- each code in a calendar has its words
PREPARE codes_alone AS SELECT DISTINCT p.name, m[1] FROM page p, regexp_matches(p.html, '<td style="background:[^"]*">([^<]+)</td>', 'g') m
    WHERE strpos(words_of(p.html), m[1] || ' ' || mark_description(m[1]::session_mark)) = 0;
-- a key figure has its unit or what it is of; of a week no page says who is persistently absent
PREPARE bare_figures AS SELECT p.name, m[1] FROM page p, regexp_matches(p.html, '<dt>([^<]*)(?:<span class="unseen">[^<]*</span>)?</dt><dd><b>[^<]*</b></dd>', 'g') m;
PREPARE week_persistent AS SELECT p.name, l FROM page p, rows_of(p.html) l WHERE p.name IN ('head of a week', 'trust, week', 'authority, week') AND (l ~* '^[^|]*(persistent|severe)' AND l ~ '\d%' OR l ~ '\|\d+ \([\d.]+%\)')
    UNION ALL SELECT p.name, m[1] FROM page p, regexp_matches(p.html, '(<dt>(?:Persistently|Severely) absent</dt><dd><b>[^<]*\d[^<]*</b>)', 'g') m
        WHERE p.name IN ('first week', 'class', 'head of a week', 'trust, week', 'authority, week');
PREPARE weekends AS SELECT p.name FROM page p WHERE p.name ~ 'week' AND p.name !~ 'trust|authority' AND p.html ~ '<h1>[^<]*(14|21)&#160;Sep' OR p.html ~ '>(Sat|Sun) ';
CREATE TABLE demand AS SELECT unnest('{malformed,foreign_parts,not_escaped,headless,without_title,twice,overlapping,bars_alone,colours_alone,marked_alone,unexplained,unknown_capitals,codes_alone,bare_figures,week_persistent,weekends}'::text[]) AS name;
SELECT is_empty('EXECUTE ' || name, name) FROM demand;
SELECT is((SELECT array_agg(name ORDER BY name COLLATE "C") FROM page WHERE html ~ '<svg '), '{"authority, all","authority, week",class,closed,"closed class","first week","head of a week","head, all","second class","trust, all","trust, week",week}', 'charts where there are figures that may be shown');
-- whom to call, and what a court is shown, with words that people entered
SAVEPOINT support;
INSERT INTO r.contact (contact_id, pupil_id, full_name, relationship, is_parent, lives_with, emergency_numbers) VALUES (81, 8, 'Zed & <long>', 'mother', true, true, '{07700900111,"<long>"}');
INSERT INTO r.pupil_worker (pupil_id, role, name, contact, from_day) VALUES (8, 'social worker', 'W <long>', '<long>', '2025-09-01');
SELECT fill(8, '2025-09-08', '2025-09-12', 'O'), fill(8, '2025-09-15', '2025-09-15', 'N') \g /dev/null
INSERT INTO r.family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, said, made_by) VALUES
    (100001, 8, 81, 'absence followed up', 'telephone', '2025-09-10 10:00+01', '[2025-09-10,2025-09-11)', true, 'a "holiday" <long>', 'Kim <long>'),
    (100001, 8, 81, 'absence followed up', 'telephone', '2025-09-15 10:00+01', '[2025-09-15,2025-09-16)', false, NULL, 'Kim Oak');
INSERT INTO r.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, without_support) VALUES (7, 100001, 8, 81, '{[2025-09-08 AM,2025-09-13 AM)}', '2025-09-16', 'Kim <long>', 'Zed & <long>');
UPDATE r.penalty_notice SET received_on = '2025-09-18', entered_by = 'Kim <long>', title = 'Officer', reason = '<long>' WHERE notice_id = 7;
INSERT INTO page VALUES ('follow up', r.page_follow_up(100001, '2025-09-15')), ('nobody to follow up', r.page_follow_up(100002, '2025-09-14')), ('legal file', r.page_legal_file(7));
SELECT is_empty('EXECUTE ' || name, name || ', also of support and notices') FROM demand;
-- all that is in a legal file can be read on its page, entry by entry
SELECT is_empty($$ SELECT f.section, f.said FROM r.legal_file(7) f WHERE f.section !~ '^journal' AND strpos(regexp_replace(words_of((SELECT html FROM page WHERE name = 'legal file')), '\s+', ' ', 'g'), regexp_replace(replace(f.said, chr(160), ' '), '\s+', ' ', 'g')) = 0 $$, 'what is said');
SELECT is_empty($$ SELECT f.section, f.entry FROM r.legal_file(7) f WHERE f.entry IS NOT NULL AND strpos((SELECT html FROM page WHERE name = 'legal file'), f.entry) = 0 $$, 'its entries');
SELECT is_empty($$ SELECT f.said FROM r.legal_file(7) f WHERE f.section ~ '^journal' AND strpos(replace((SELECT html FROM page WHERE name = 'legal file'), ' ', ''), split_part(f.said, ':', 3)) = 0 $$, 'their hashes');
SELECT ok(strpos(replace(html, ' ', ''), d.at_issue) > 0, 'and the digest') FROM page, r.legal_file_digest(7) d WHERE name = 'legal file';
SELECT ok(html ~ 'O&#39;Nil|Surname 8' AND html ~ '07700900111' AND html ~ 'W &lt;long&gt;', 'whom to call, where, and who else is told') FROM page WHERE name = 'follow up';
ROLLBACK TO support;
SELECT throws_ok(format('SELECT r.%s', q), '22023', NULL, 'of what there is not: ' || q) FROM unnest('{"page_school_week(1, ''2025/26'')","page_class(100001, ''none'', ''2025/26'')","page_pupil(100002, 1, ''2025/26'')",
    "page_trust(1, ''2025/26'')","page_authority(1, ''2025/26'')"}'::text[]) q;
SELECT is(ARRAY[r.page_class(NULL, NULL, '2025/26'), r.page_head_termly(NULL, '2025/26')], '{NULL,NULL}', 'of nothing');
SELECT throws_ok(format('SELECT r.%s', q), '22023', NULL, q) FROM unnest('{"page_school_week(100001, ''soon'')","page_class(100001, ''5<A>'', ''soon'')","page_pupil(100001, 6, ''soon'')","page_head_termly(100001, ''soon'')","page_trust(90001, ''soon'')","page_authority(380, ''soon'')"}'::text[]) q;

-- ---------- numbers ----------

CREATE FUNCTION says(page_name text, VARIADIC wanted text[]) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT ok(strpos(replace(html, '&#160;', ' '), w) > 0, format('%s says %s', page_name, w)) FROM page, unnest(wanted) w WHERE name = page_name $$;
CREATE FUNCTION lists(page_name text, VARIADIC wanted text[]) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT ok(w IN (SELECT rows_of(html)), format('%s lists %s', page_name, w)) FROM page, unnest(wanted) w WHERE name = page_name $$;
SELECT says('week', '<dt>Attendance</dt><dd><b>' || percent_text(h.attendance_percent) || '</b> <span>' || h.attended || ' of ' || h.possible || ' sessions; of ' || h.due || ' due sessions ' || h.due - h.unmarked || ' are marked</span>') FROM r.headline('week 2025-09-15', 'current roll', '{100001}') h;
-- 60 possible, absent: I of pupil 6 alone
SELECT says('week', '<dt>Attendance</dt><dd><b>98.3%</b> <span>59 of 60 sessions; of 140 due sessions 70 are marked</span>', '<title>A &amp; B &lt;C&gt;: attendance, 15 Sep 2025 to 19 Sep 2025</title>');
SELECT lists('week', 'I|Illness|1|100.0%|1', '5<A>|1.7%|12.9%|7|1|0|0|0', 'This week, 15 to 19 Sep 2025|98.3%|1.7%|', 'The school week before, 8 to 12 Sep 2025|75.0%|25.0%|23.3 better',
    'The same week last year|-|-|no marks', 'England, primary schools, the same week|-|-|not imported', '8 Sep 2025|25.0%|-|-');
SELECT lists('first week', 'This week, 8 to 12 Sep 2025|75.0%|25.0%|', 'The school week before|-|-|first of the year');
SELECT says('first week', '<dt>Persistently absent</dt><dd><b>-</b> <span>not stated for so few days</span>', 'Severe absence is not stated for so few days.', 'Persistent absence is not stated for so few days.');
-- of the year to date: 4 and 5 are persistently absent, of 6; 5 was there last on the last day
SELECT says('week', '<dt>Persistently absent</dt><dd><b>33.3%</b> <span>2 of 6 pupils, year to date</span>', 'At risk, absence of 5 to under 10%: 3 pupils', 'Severely absent, 50% or more missed, year to date: 1 pupil');
SELECT lists('week', 'O''Nil <5>, Zed & "e"|5<A>|0|19 Sep 2025|50.0%|10 of 20|0', 'O''Nil <6>, Zed & "f"|5<A>|6.3%|1 of 16|0');
-- the same names are told apart by the date of birth, and by the number where that is the same
SELECT lists('week', 'O''Nil <1>, Zed & "a", born 2 Oct 2015|5<A>|5.0%|1 of 20|0', 'O''Nil <2>, Zed & "b", born 3 Oct 2015, number 3|5<A>|5.0%|1 of 20|1');
SELECT lists('class', 'O''Nil <5>, Zed & "e"|I|I|I|I|I|I|I|I|I|I', 'O''Nil <5>, Zed & "e"|100.0%|10 of 10|10 of 10', 'O''Nil <1>, Zed & "a", born 1 Oct 2015|/|\|/|\|/|\|/|\|/|\',
    'O''Nil <2>, Zed & "b", born 3 Oct 2015, number 4|20.0%|2 of 10|2 of 10');
SELECT lists('class', 'This week, 8 to 12 Sep 2025|75.0%|25.0%|', 'The school week before|-|-|first of the year', '8 Sep 2025|25.0%|25.0%|-');
SELECT lists('second class', 'This week, 15 to 19 Sep 2025|98.3%|1.7%|', 'The school week before, 8 to 12 Sep 2025|75.0%|25.0%|23.3 better', 'The whole school, the same week|98.3%|1.7%|the same',
    'England, primary schools, the same week|-|-|not imported', '15 Sep 2025|1.7%|1.7%|-');
SELECT says('closed class', 'Nothing to compare: there are no sessions in this period.');
-- there are no marks of the year before: those new to the school are in no band of it
SELECT says('head of a week', 'Pupils by their band of attendance before (rows) and now (columns): nothing to show.');
SELECT says('class', '<th scope="col">Mon 8 am</th><th scope="col">Mon 8 pm</th>', '<title>A &amp; B &lt;C&gt;, class 5&lt;A&gt;: attendance, 8 Sep 2025 to 12 Sep 2025</title>');
SELECT says('pupil', '<b>93.8%</b> <span>15 of 16 sessions</span>', '<dt>Sessions missed</dt><dd><b>1</b> <span>0.5 days', 'was there for 15 and missed 1. The school authorised all of these absences.');
SELECT lists('pupil', 'Fri 19 Sep 2025|afternoon|Illness|yes', '15 Sep 2025|/|\|/|\|/|\|/|\|/|I', 'Friday|25.0%|1|4', 'Illness (authorised)|1|0.5', '19 Sep 2025 afternoon|19 Sep 2025 afternoon|1|1|0');
SELECT is_empty($$ SELECT name FROM page WHERE name LIKE '%pupil' AND html ~ 'O&#39;Nil &lt;[1-57]' $$, 'nobody else is on a pupil''s page');
SELECT is_empty($$ SELECT name FROM page WHERE name ~ 'head|trust|authority' AND html ~ 'O&#39;Nil' $$, 'nobody at all on those that leave the school');
SELECT says('head, all', '<dt>Attendance</dt><dd><b>87.1%</b> <span>101 of 116 sessions; of 1,860 due sessions 140 are marked</span>', '<b>33.3%</b> <span>2 of 6 pupils</span>', 'Small numbers are shown: do not pass this page on.');
SELECT lists('head, all', b.label || '|' || percent_text(b.enrolments_percent) || '|' || b.enrolments || '|' || percent_text(b.absent_percent)) FROM r.attendance_bands('term 2025-09-15', 'statutory', '{100001}') b;
SELECT lists('head, all', upper(left(e.edge, 1)) || substr(e.edge, 2) || '|' || percent_text(e.absence_percent) || '|' || points_text(e.difference) || '|' || e.school_days) FROM r.edge_days('term 2025-09-15', 'statutory', '{100001}') e;
-- free school meals: 10 of 20, the others 5 of 96
SELECT lists('head, all', 'Free school meals|+44.8|50.0%|1|1 (100.0%)|1 (100.0%)|16.7%|66.7%', 'I|Illness|10.3%|-|12');
SELECT lists('head, all', upper(left(g.measure, 1)) || substr(g.measure, 2) || '|' || percent_text(g.percent) || '|-|-|' || count_text(g.numerator) || '|' || count_text(g.denominator) || CASE g.section WHEN '1 attendance' THEN ' sessions' ELSE ' pupils' END)
FROM r.leaders_report('term 2025-09-15', 'statutory', '{100001}', 'term 2025-07-20') g WHERE g.section IN ('1 attendance', '2 persistent absence');
-- values have words
SELECT lists('head, all', c || '|' || points_text(g.absence_gap) || '|' || percent_text(g.absence_percent) || '|1|' || g.persistently_absent || ' (' || percent_text(g.persistent_absence_percent) || ')|' || g.severely_absent || ' (' || percent_text(g.severe_absence_percent) || ')|' || percent_text(g.roll_share_percent) || '|' || percent_text(g.missed_share_percent))
FROM (VALUES ('Special educational needs: education, health and care plan', 'sen', 'E'), ('Special educational needs: support', 'sen', 'K'), ('Social worker: child in need', 'social worker', 'CIN'), ('Social worker: child protection plan', 'social worker', 'CP')) AS v (c, cohort, value)
JOIN r.cohorts('term 2025-09-15', 'statutory', '{100001}', '{sen,social worker}') g ON g.cohort = v.cohort AND g.value = v.value;
SELECT is(r.cohort_label('year group', v, NULL), w, v) FROM (VALUES ('R', 'Reception'), ('N1', 'Nursery, first year'), ('N2', 'Nursery, second year'), ('none', 'Year group not known'), ('X', 'Not in a year group'), ('11', 'Year 11')) AS x (v, w);
SELECT lists('trust, all', 'A & B <C>|Primary|12.9%|0.0|1 of 1|6|2 (33.3%)|1 (16.7%)', 'This period, 8 to 19 Sep 2025|87.1%|12.9%|', 'Last week, 15 to 19 Sep 2025|98.3%|1.7%|', 'The school week before, 8 to 12 Sep 2025|75.0%|25.0%|23.3 better');
SELECT says(p, '<h2>Attendance and absence</h2><dl class="figures"><div><dt>Attendance</dt><dd><b>87.1%</b> <span>101 of 116 sessions; of ' || CASE WHEN p ~ 'trust' THEN '500' ELSE '524' END || ' due sessions 140 are marked</span></dd></div><div><dt>Absence</dt><dd><b>12.9%</b> <span>15 sessions</span>') FROM unnest('{trust,"trust, all",authority,"authority, all"}'::text[]) p;
SELECT says('trust, all', 'Small numbers are shown');
SELECT says('authority, all', '<dt>Persistently absent</dt><dd><b>2</b> <span>33.3% of enrolments</span>', '<dt>Authorised absence</dt><dd><b>10.3%</b> <span>12 sessions</span>', '<dt>Unauthorised absence</dt><dd><b>2.6%</b> <span>3 sessions</span>');
-- 1 severely absent, 1 persistently, 4 others: all are below five, and nothing follows
SELECT lists(p, 'A & B <C>|Primary|12.9%|0.0|1 of 1|6|c|c') FROM unnest('{trust,authority}'::text[]) p;
SELECT says(p, 'too few to be shown', 'from 1 to 4', '<dt>Unauthorised absence</dt><dd><b>c</b>', '<dt>Persistently absent</dt><dd><b>c</b>') FROM unnest('{trust,authority}'::text[]) p;
-- so it is for governors, if nothing else is asked for
SELECT says('head', 'from 1 to 4', '<dt>Persistently absent</dt><dd><b>c</b> <span>too few to be shown</span>', '<dt>Severely absent</dt><dd><b>c</b> <span>too few to be shown</span>', '<dt>Unauthorised absence</dt><dd><b>c</b>', '<dt>Authorised absence</dt><dd><b>c</b>');
SELECT lists('head', 'Persistently absent|c|-|c|c|6 pupils', 'Authorised absence|c|-|c|c|116 sessions', 'Unauthorised absence|c|-|c|c|116 sessions', 'Last week, 15 to 19 Sep 2025|-|-|c', 'The school week before, 8 to 12 Sep 2025|-|-|c', 'over 50 to 90 %: persistently absent|c|c|c', 'Free school meals|c|c|c|c|c|c|c', '|Other reasons, of few pupils each|12.9%|-|15', 'Monday|c|c|c|22');
SELECT is_empty($$ SELECT l FROM page, rows_of(html) l WHERE name = 'head' AND l ~ '\|[1-4]( \(|$|\|)' AND l !~ '^(Last|First|Days|All)' $$, 'no small number of pupils');
SELECT is(regexp_count(html, '>Free school meals<'), 1, 'nor in the chart: ' || name) FROM page WHERE name IN ('trust', 'authority');
SELECT says('no week', 'The register has no marks of these pupils in this period.');
SELECT says('closed', 'The register has no marks of these pupils in this period.', '<h1>A &amp; B &lt;C&gt;: attendance, 27 Oct 2025 to 31 Oct 2025</h1>');
SELECT says('closed class', 'The register has no marks of these pupils in this period.');
SELECT says('no pupil', 'The register has no possible sessions of');
SELECT says('pupil without sessions', 'The register has no possible sessions of');
SELECT says('no authority', 'The registers have no marks of these schools in this period.');
SELECT says('trust, all', 'A hyphen: no published figures of this phase for this period have been imported.', 'Differences are between unrounded figures', 'No published figures of England for these weeks have been imported.', 'The register has no marks of the year before.');
SELECT says('authority', 'Differences are between unrounded figures');
SELECT is(r.page_differences(html_table('T', '{a}', NULL)), html_table('T', '{a}', NULL), 'not where there are none');
SELECT says('head', 'Differences are between unrounded figures');

-- a leaver
ALTER TABLE r.enrolment DISABLE TRIGGER USER;
UPDATE r.enrolment SET end_date = '2025-09-19', deletion_ground = '9(1)(f)', deleted_at = '2025-09-19 12:00 Europe/London' WHERE pupil_id = 6 AND school_urn = 100001;
ALTER TABLE r.enrolment ENABLE TRIGGER USER;
INSERT INTO page SELECT 'leaver', r.page_pupil(100001, 6, '2025/26');
SELECT says('leaver', 'For a meeting with the family. Left the school on 19 Sep 2025</p>', '<p>Left the school on 19 Sep 2025.</p>');
SELECT is((SELECT html ~ 'sessions that are left' FROM page WHERE name = 'leaver'), false, 'nothing is left to miss');
-- whether it gets better: by month, where there are months
SELECT says('leaver', '<h2>Month by month</h2>', '<th scope="row">September 2025</th>');
SELECT is((SELECT html ~ 'Month by month' FROM page WHERE name = 'pupil'), false, 'two weeks are no months');
SELECT says('head', 'governors. There is no period before to compare with</p>');
SELECT is(r.page_enrolled(s::date, e::date, '[2025-08-01,2026-08-01)'), w, w) FROM (VALUES ('2025-09-01', NULL, NULL), ('2024-09-01', NULL, NULL), ('2026-01-12', NULL, 'Joined the school on 12 Jan 2026'),
    ('2025-09-01', '2999-07-31', 'Leaves the school on 31 Jul 2999'), ('2025-09-01', '2025-12-19', 'Left the school on 19 Dec 2025')) AS v (s, e, w);
-- long away: four weeks and more are marked
SELECT ok(r.page_severe('year to date 2025-10-17', 'all', '{100001}') LIKE '%<tr class="bad"><th scope="row">O&#39;Nil &lt;5&gt;%<td class="n">4</td><td class="n">19&#160;Sep&#160;2025</td>%', 'four weeks since');
SELECT ok(r.page_severe('year to date 2025-10-16', 'all', '{100001}') NOT LIKE '%<tr class="bad">%', 'not yet');
SELECT is(r.page_outlook('Ann', 'year to date 2025-10-17', '{100001}', f.pupil_id) LIKE '%at 50\% and more severe%', f.absence_percent >= 50, 'severe absence is called so')
FROM r.persistent_absence_forecast('year to date 2025-10-17', 'all', '{100001}') f WHERE f.persistently_absent;
SELECT ok(h LIKE '%>Special educational needs: no<%' AND h NOT LIKE '%<tr class="bad"><th scope="row">Special educational needs: no%' AND h LIKE '%<tr class="bad">%', 'who is in no group is no group to be marked')
FROM r.page_cohorts('year to date 2025-10-17', 'all', '{100001}', 1) h;

-- the penalty-notice watch: 6 pupils with ten O
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100003, 26, g.day, s.session, 'O' FROM generate_series(date '2025-09-08', '2025-09-12', '1 day') AS g (day) CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session);
SELECT ok('All|1|0' IN (SELECT rows_of(r.page_authority(380, '[2025-09-08,2025-09-20)', 1))), 'on the watch');
SELECT ok('All|c|0' IN (SELECT rows_of(r.page_authority(380, '[2025-09-08,2025-09-20)'))), 'not told');

-- the numbers are those of the reports, row by row
SELECT lists('week', c.mark || '|' || c.description || '|' || c.sessions || '|' || percent_text(c.absence_percent) || '|' || c.enrolments_with) FROM r.code_frequency('week 2025-09-15', 'all', '{100001}') c WHERE is_absence(c.mark);
SELECT lists('class', n.name || '|' || percent_text(l.year_absence_percent) || '|' || l.year_absent || ' of ' || l.year_possible || '|' || l.absent || ' of ' || l.possible)
FROM r.weekly_class_list('week 2025-09-08', 'all', '{100001}', '5<A>') l JOIN r.page_names('week 2025-09-08', '{100001}') n ON n.pupil_id = l.pupil_id WHERE l.pupil_id <= 7;
SELECT says('pupil', '<dt>Spells of absence</dt><dd><b>' || count(*) || '</b>') FROM r.register_line l, absence_spells(l.marks) WHERE l.pupil_id = 6 AND l.school_urn = 100001;
SELECT lists(p, r.cohort_label(c.cohort, c.value, h.label) || '|' || points_text(c.absence_gap) || '|' || percent_text(c.absence_percent) || '|' || c.enrolments || '|' || c.persistently_absent || ' (' || percent_text(c.persistent_absence_percent) || ')|'
    || c.severely_absent || ' (' || percent_text(c.severe_absence_percent) || ')|' || percent_text(c.roll_share_percent) || '|' || percent_text(c.missed_share_percent))
FROM unnest('{"trust, all","authority, all"}'::text[]) p, r.cohorts('[2025-09-08,2025-09-20)', 'statutory', '{100001}', '{year group,sex,fsm}') c LEFT JOIN r.characteristic h ON h.characteristic = c.cohort;
SELECT ok(strpos(html, '>Girls<') < strpos(html, '>Boys<') AND strpos(html, '>Free school meals<') < strpos(html, '>Free school meals: no<'), 'cohorts in their order: ' || name) FROM page WHERE name IN ('trust, all', 'head');
SELECT is_empty($$ SELECT name FROM page WHERE html LIKE '%Looked-after child%' $$, 'not what nobody has');

-- those persistently absent are one number, also where it is the sum of two: 2 and 2 of 40 are c, the rest with them
SELECT results_eq($$ SELECT * FROM r.page_counts('{a,b}', '{40,50}', '{4,30}', '{2,10}', 5) ORDER BY 1 $$, $$ VALUES ('a', 40::bigint, NULL::bigint, NULL::bigint), ('b', 50, NULL, NULL), (NULL, 90, 34, 12) $$, 'a small sum');
SELECT results_eq($$ SELECT * FROM r.page_counts('{a,b}', '{40,50}', '{4,30}', '{2,10}', NULL) ORDER BY 1 $$, $$ VALUES ('a', 40::bigint, 4::bigint, 2::bigint), ('b', 50, 30, 10), (NULL, 90, 34, 12) $$, 'all is told');
SELECT is_empty($$ SELECT * FROM r.page_counts(NULL, NULL, NULL, NULL, 5) $$, 'nothing');
SELECT is((SELECT count(*) FROM generate_series(1, 3) e, generate_series(0, 3) p, generate_series(0, 3) s, r.page_counts('{a,b}', ARRAY[e, 7], ARRAY[least(p, e), 6], ARRAY[least(s, p, e), 5], 5) c
    WHERE c.row_key = 'a' AND (c.enrolments BETWEEN 1 AND 4 OR c.persistent BETWEEN 1 AND 4 OR c.severe BETWEEN 1 AND 4)), 0::bigint, 'never a small one, and never an error');
SELECT is(r.page_said(e, s, t), w, format('%s pupils, %s sessions, threshold %s', e, s, t)) FROM (VALUES (5, 5, 5, true), (4, 5, 5, false), (5, 4, 5, false), (0, 0, 5, true), (NULL, 1, 5, false), (NULL, NULL, 5, true), (1, 1, 1, true), (1, 1, NULL, true)) AS v (e, s, t, w);
SELECT is(r.page_part(p, w, l, 5), a, format('%s of %s, and of %s', p, w, l)) FROM (VALUES (5, 10, NULL, true), (4, 10, NULL, false), (6, 10, NULL, false), (10, 10, NULL, true), (0, 10, NULL, true), (5, 50, 9, false), (5, 50, 10, true), (5, 50, 5, true), (NULL, NULL, NULL, true)) AS v (p, w, l, a);
SELECT is(r.page_span(d::daterange), w, d) FROM (VALUES ('[2025-09-08,2025-09-13)', '8 to 12 Sep 2025'), ('[2025-09-29,2025-10-04)', '29 Sep to 3 Oct 2025'), ('[2025-12-29,2026-01-03)', '29 Dec 2025 to 2 Jan 2026'), ('[2025-09-08,2025-09-09)', '8 Sep 2025'), ('empty', NULL), (NULL, NULL)) AS v (d, w);
SELECT is(r.page_shown_days(p, '{100001}'), w::daterange, p) FROM (VALUES ('week 2025-09-10', '[2025-09-08,2025-09-13)'), ('[2025-09-08,2025-09-15)', '[2025-09-08,2025-09-13)'), ('[2025-09-09,2025-09-16)', '[2025-09-09,2025-09-16)'), ('day 2025-09-13', '[2025-09-13,2025-09-14)')) AS v (p, w);

-- three schools: one with few missed sessions is not shown, nor another from which it would follow
SELECT fill(26, '2025-09-15', '2025-09-19', '/', NULL, 100003) \g /dev/null
SELECT fill(p::bigint, '2025-09-08', '2025-09-19', '/', NULL, 100002) FROM generate_series(11, 20) p \g /dev/null
UPDATE r.mark SET mark = 'I', entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id = 11 AND day IN ('2025-09-08', '2025-09-09') AND session = 'AM';
CREATE TABLE three AS SELECT r.page_authority(380, '[2025-09-08,2025-09-20)') AS html, r.page_authority(380, '[2025-09-08,2025-09-20)', 1) AS shown;
SELECT is((SELECT count(*) FROM r.school_comparison('[2025-09-08,2025-09-20)', 'statutory')), 3::bigint, 'three schools');
SELECT is((SELECT c.absent FROM r.school_comparison('[2025-09-08,2025-09-20)', 'statutory') c WHERE c.school_urn = 100002), 2::bigint, 'of which one has two missed sessions');
SELECT is((SELECT count(*) FROM three, rows_of(html) l WHERE l ~ '^School 100002\|Primary\|c\|c\|1 of 3\|[0-9c]+\|'), 1::bigint, 'is not shown');
SELECT cmp_ok((SELECT count(*) FROM three, rows_of(html) l WHERE l ~ '\|Primary\|c\|c\|\d of 3\|'), '>=', 2::bigint, 'nor another');
SELECT is((SELECT count(*) FROM three, rows_of(shown) l WHERE strpos(l, 'School 100002|Primary|' || percent_text(c.absence_percent) || '|' || points_text(c.difference_to_group) || '|1 of 3|10|') = 1), 1::bigint, 'as it is')
FROM r.school_comparison('[2025-09-08,2025-09-20)', 'statutory') c WHERE c.school_urn = 100002;
INSERT INTO page SELECT 'three', html FROM three UNION ALL SELECT 'three, all', shown FROM three UNION ALL SELECT 'one', r.page_trust(90001, '[2025-09-08,2025-09-20)') FROM three;
-- a week with few missed sessions
CREATE FUNCTION weeks_of(threshold integer) RETURNS text LANGUAGE sql AS $$ SELECT array_to_string(r.page_standing('[2025-09-08,2025-09-20)', 'statutory', '{100002}', 'Total', threshold), '') $$;
SELECT ok('The school week before, 8 to 12 Sep 2025|-|-|c' IN (SELECT rows_of(weeks_of(5))) AND weeks_of(5) ~ 'Absence by week, percent of possible sessions: nothing to show', 'a week is not told, nor the other');
SELECT ok('8 Sep 2025|' || percent_text(w.absence_percent) || '|-|-' IN (SELECT rows_of(weeks_of(NULL))), 'the same week, told')
FROM r.weekly_trend('[2025-09-08,2025-09-20)', 'statutory', '{100002}') w WHERE w.week = '2025-09-08';
INSERT INTO page SELECT 'head of 3', r.page_head_termly(100001, 'term 2025-09-15', threshold => 1);
SELECT lists('head of 3', 'All 3 primary schools of the authority|' || percent_text(c.group_absence_percent) || '|' || points_text(c.difference_to_group)) FROM r.school_comparison('term 2025-09-15', 'statutory') c WHERE c.school_urn = 100001;
SELECT says('head of 3', 'This school is one of the 3. Its rank is ' || c.absence_rank || '; the first', 'No published figures for this period have been imported.')
FROM r.school_comparison('term 2025-09-15', 'statutory') c WHERE c.school_urn = 100001;
-- of fewer schools than the threshold what one has would follow from what the others know
SELECT is(r.page_head_termly(100001, 'term 2025-09-15', threshold => t) ~ 'All 3 primary schools|one of the 3', t < 4, format('three schools, threshold %s', coalesce(t::text, 'none'))) FROM unnest('{1,5,4}'::int[]) t;
SELECT ok(r.page_peers('term 2025-09-15', 100001, '{100001,100002,100003}', 'Primary', NULL) !~ 'All 3 primary schools', 'none is five here');
SELECT ok(r.page_head_termly(100004, 'term 2025-09-15') LIKE '<!DOCTYPE%', 'a school without term dates');

-- names without end, without a break, of signs
UPDATE r.school SET name = repeat('Wide & <long> ', 20) WHERE urn = 100002;
UPDATE r.local_authority SET name = repeat('W', 300) WHERE la_number = 380;
UPDATE r.pupil SET surname = repeat('W', 200), forename = E'x"''<&>]]>', entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id = 5;
INSERT INTO page VALUES ('long', r.page_authority(380, '[2025-09-08,2025-09-20)', 1)), ('long week', r.page_school_week(100001, 'week 2025-09-15')), ('long class', r.page_class(100001, '5<A>', 'week 2025-09-15')),
    ('long pupil', r.page_pupil(100001, 5, '2025/26'));
INSERT INTO abbreviation VALUES ('W+', 'W');
SELECT is_empty('EXECUTE ' || name, name || ', of three schools, leavers and long names') FROM demand;

-- every gap has its bar, the lowest, too: 17 pupils, each in a year group of its own
UPDATE r.enrolment SET year_group = ('{N1,N2,R,1,2,3,4,6,7,8,9,10,11,12,13,14}'::text[])[CASE WHEN pupil_id < 6 THEN pupil_id WHEN pupil_id = 26 THEN 16 ELSE pupil_id - 5 END],
    holds_from = '2020-01-01', entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id IN (1, 2, 3, 4, 5, 26) OR pupil_id BETWEEN 11 AND 20;
CREATE TABLE gap AS SELECT r.page_cohorts('[2025-09-08,2025-09-20)', 'statutory', NULL, NULL) AS html;
SELECT is(regexp_count(html, 'class="b"'), (SELECT count(*)::integer FROM r.cohorts('[2025-09-08,2025-09-20)', cohorts => '{year group,sex,fsm,sen,social worker}') WHERE absence_gap IS NOT NULL), 'all gaps are drawn') FROM gap;

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
SELECT ok('All|' || (SELECT count(DISTINCT pupil_id) FROM literal) || '|' || (SELECT count(DISTINCT pupil_id) FROM literal_near WHERE sessions_left <= 2) IN (SELECT rows_of(r.page_authority(380, '[2025-09-08,2025-09-20)', 1))), 'in the page');
-- no step of the watch reads another in a loop, for which the planner's guess of a row or two would be reason enough here
CREATE FUNCTION plan_of(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || command; END $$;
SELECT is((SELECT count(*) FROM plan_of(q) p WHERE p ~ '(Hash|Merge) Full Join'), 4::bigint, 'joins of steps: ' || q)
FROM unnest(ARRAY[$$EXECUTE watch_of('2025-09-19', NULL)$$, $$SELECT * FROM r.penalty_watch('2025-09-19')$$]) q;
RESET plan_cache_mode;

-- last year and England stand beside the year
INSERT INTO r.benchmark_file (title, series, shape, digest) VALUES ('t', 'daily', 'wide', '\x00');
INSERT INTO r.benchmark_row (file_id, line, days, time_period, time_identifier, geographic_level, area_code, phase, figures)
SELECT file_id, 2, '[2025-09-08,2025-09-15)', '2025', 'Week 37', 'National', 'E92000001', 'Primary', '{"overall_absence_perc": "5.5"}' FROM r.benchmark_file;
INSERT INTO page SELECT 'England', r.page_school_week(100001, 'week 2025-09-08', 'all') UNION ALL SELECT 'class in England', r.page_class(100001, '5<A>', 'week 2025-09-08', 'all');
SELECT says('England', '>England, primary schools</text>');
SELECT lists('England', '8 Sep 2025|25.0%|-|5.5%', 'England, primary schools, the same week|94.5%|5.5%|19.5 worse');
SELECT ok(html LIKE '%<div class="bad"><dt>Attendance<%' AND html LIKE '%<tr class="bad"><th scope="row">This week%', 'what is worse is marked: ' || name) FROM page WHERE name ~ 'England';
SELECT lists('class in England', 'England, primary schools, the same week|94.5%|5.5%|19.5 worse', '8 Sep 2025|25.0%|25.0%|5.5%');

-- ---------- how they are declared ----------

SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'r'::regnamespace AND proname LIKE 'page\_%' AND (provolatile = 'v' OR prosecdef OR obj_description(oid, 'pg_proc') IS NULL) $$, 'none is volatile');
SELECT is((SELECT count(*) FROM pg_proc WHERE pronamespace = 'r'::regnamespace AND proname ~ '^page_(school_week|class|pupil|head_termly|trust|authority)$' AND provolatile = 's'), 6::bigint, 'pages are stable');

CREATE ROLE att_tap_pages_reader;
GRANT USAGE ON SCHEMA r, attendance, public TO att_tap_pages_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA r TO att_tap_pages_reader;
SELECT show_all('r', 'att_tap_pages_reader') \g /dev/null
CREATE TABLE seen (name text, html text);
GRANT INSERT ON seen TO att_tap_pages_reader;
SET ROLE att_tap_pages_reader;
SET search_path = '';
INSERT INTO public.seen VALUES ('class', r.page_class(100001, '5<A>', 'week 2025-09-08')), ('pupil', r.page_pupil(100001, 6, '[2025-09-08,2025-09-20)')), ('head', r.page_head_termly(100001, 'term 2025-09-15')),
    ('week', r.page_school_week(100001, 'week 2025-09-15')), ('trust', r.page_trust(90001, '[2025-09-08,2025-09-20)')), ('authority', r.page_authority(380, '2025/26'));
RESET ROLE;
SET search_path = public, attendance;
SELECT is((SELECT count(html) FROM seen), 6::bigint, 'a reader with an empty search path');
UPDATE page SET html = CASE name WHEN 'trust' THEN r.page_trust(90001, '[2025-09-08,2025-09-20)') WHEN 'class' THEN r.page_class(100001, '5<A>', 'week 2025-09-08')
    ELSE r.page_pupil(100001, 6, '[2025-09-08,2025-09-20)') END WHERE name IN ('trust', 'class', 'pupil');
SELECT is_empty($$ SELECT s.name FROM seen s JOIN page p USING (name) WHERE s.name IN ('class', 'pupil', 'trust') AND s.html <> p.html $$, 'sees the same');

SELECT * FROM finish();
ROLLBACK;
