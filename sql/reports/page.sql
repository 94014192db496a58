-- What report pages are made of: text that is safe in HTML, tables, charts as inline SVG, and the page around them.
-- All of it is well-formed XML, in ASCII but for what the register holds, and names no host.

CREATE FUNCTION html_escape(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- XML has no characters for most control codes; regexp, for chr(0) cannot occur
    RETURN replace(replace(replace(replace(replace(
        regexp_replace(coalesce(content, ''), '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]', ' ', 'g'),
        '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
COMMENT ON FUNCTION html_escape(text) IS
'Text as it may stand in HTML, between tags and in an attribute: & < > " and '' as entities, control codes as blanks. '
'Empty for NULL';

CREATE FUNCTION html_text(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(html_escape(content), '\m(\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})\M',
        '\1&#160;\2&#160;\3', 'g');
COMMENT ON FUNCTION html_text(text) IS
'Text as it may stand in HTML between tags: as html_escape() has it, and days such as 8 Sep 2025 with no-break spaces';

CREATE FUNCTION percent_text(percent numeric) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(to_char(round(percent, 1), 'FM999999990.0') || '%', '-');
COMMENT ON FUNCTION percent_text(numeric) IS 'A percentage for a page, with one decimal: 93.4%. A hyphen for NULL';

CREATE FUNCTION points_text(points numeric) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(CASE WHEN round(points, 1) = 0 THEN '0.0' ELSE to_char(round(points, 1), 'FMSG999999990.0') END,
        '-');
COMMENT ON FUNCTION points_text(numeric) IS
'A difference in percentage points for a page, with its sign and one decimal: +1.2. A hyphen for NULL';

CREATE FUNCTION count_text(count numeric) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(CASE WHEN count = trunc(count) THEN to_char(count, 'FM999,999,999,999,990')
        ELSE to_char(count, 'FM999,999,999,999,990.0') END, '-');
COMMENT ON FUNCTION count_text(numeric) IS
'A count for a page: 1,234, with one decimal if it is no whole number (7.5 days). A hyphen for NULL';

CREATE FUNCTION attended_text(attended numeric, possible numeric, due numeric, unmarked numeric) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN format('%s of %s sessions', count_text(attended), count_text(possible)) || CASE WHEN unmarked > 0
        THEN format('; of %s due sessions %s are marked', count_text(due), count_text(due - unmarked)) ELSE '' END;
COMMENT ON FUNCTION attended_text(numeric, numeric, numeric, numeric) IS
'What stands beside an attendance figure of a page: 867 of 900 sessions, and of how many of the sessions in which a '
'mark was due it knows, unless none is missing. Hyphens for NULL';

CREATE FUNCTION day_text(day date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(to_char(day::timestamp, 'FMDD Mon YYYY'), '-');
COMMENT ON FUNCTION day_text(date) IS 'A day for a page: 8 Sep 2025. A hyphen for NULL';

CREATE FUNCTION days_text(days daterange) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(CASE WHEN upper(days) - lower(days) IS NULL THEN '-' WHEN upper(days) - lower(days) = 1
        THEN day_text(lower(days))
        ELSE day_text(lower(days)) || ' to ' || day_text(upper(days) - 1) END, '-');
COMMENT ON FUNCTION days_text(daterange) IS
'Days for a page, the first and the last: 8 Sep 2025 to 12 Sep 2025. A hyphen for NULL, for none, and for days without '
'an end';

CREATE FUNCTION html_bars(amounts numeric[], compared numeric[]) RETURNS TABLE (place bigint, bar text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 30
BEGIN ATOMIC
    WITH given AS (
        SELECT u.n, u.v, u.c FROM unnest(amounts, compared) WITH ORDINALITY AS u (v, c, n)),
    scale AS (
        SELECT s.low, greatest(s.high - s.low, 0.001) AS span
        FROM (SELECT least(0, min(g.v), min(g.c)) AS low, greatest(0, max(g.v), max(g.c)) AS high FROM given g) s)
    SELECT g.n, '<td class="bar"><div>'
        || CASE WHEN g.v IS NULL THEN '' ELSE format('<span class="b" style="left:%s%%;width:%s%%"></span>',
            round(100 * (least(g.v, 0) - s.low) / s.span, 1), round(100 * abs(g.v) / s.span, 1)) END
        || CASE WHEN g.v IS NULL OR s.low = 0 THEN '' ELSE format('<span class="z" style="left:%s%%"></span>',
            round(100 * (0 - s.low) / s.span, 1)) END
        || CASE WHEN g.c IS NULL THEN '' ELSE format('<span class="m" style="left:%s%%"></span>',
            round(100 * (g.c - s.low) / s.span, 1)) END
        || '</div></td>'
    FROM given g CROSS JOIN scale s;
END;
COMMENT ON FUNCTION html_bars(numeric[], numeric[]) IS
'Internal: the cells of a column of bars in a table, one for each amount, all of one scale that begins at 0; negative '
'ones go to the left of it. compared: what strokes stand for. Nothing is drawn for a NULL. What they show has to stand '
'beside them as text';

CREATE FUNCTION html_table(caption text, headings text[], cells text[], text_columns integer DEFAULT 1,
    flagged boolean[] DEFAULT NULL, flag_meaning text DEFAULT NULL, amounts numeric[] DEFAULT NULL,
    compared numeric[] DEFAULT NULL, compared_name text DEFAULT NULL) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH cell AS (
        SELECT (u.n - 1) / w.columns + 1 AS r, (u.n - 1) % w.columns AS c,
            CASE WHEN (u.n - 1) % w.columns = 0 THEN '<th scope="row">' || html_text(u.content)
                    -- for those who hear it; those who see it have a bar, bold type and a triangle
                    || CASE WHEN flagged[(u.n - 1) / w.columns + 1] THEN '<span class="unseen"> (marked)</span>'
                        ELSE '' END || '</th>'
                WHEN (u.n - 1) % w.columns < text_columns THEN '<td>' || html_text(u.content) || '</td>'
                ELSE '<td class="n">' || html_text(u.content) || '</td>' END AS html
        FROM unnest(cells) WITH ORDINALITY AS u (content, n) CROSS JOIN (SELECT array_length(cells, 2) AS columns) w),
    line AS (
        SELECT k.r, CASE WHEN flagged[k.r] THEN '<tr class="bad">' ELSE '<tr>' END
            || coalesce(string_agg(k.html, '' ORDER BY k.c) FILTER (WHERE k.c < text_columns), '')
            || CASE WHEN amounts IS NULL THEN '' ELSE coalesce(max(b.bar), '<td></td>') END
            || coalesce(string_agg(k.html, '' ORDER BY k.c) FILTER (WHERE k.c >= text_columns), '') || '</tr>' AS html
        FROM cell k LEFT JOIN html_bars(amounts, compared) b ON b.place = k.r
        GROUP BY k.r)
    SELECT CASE WHEN coalesce(cardinality(cells), 0) = 0
            THEN '<p class="none">' || html_text(caption) || ': nothing to show.</p>'
        ELSE '<div class="scroll" role="region" tabindex="0" aria-label="' || html_escape(caption) || '"><table'
            -- long labels are broken, but not at every word; on a phone many columns leave no room for bars
            || coalesce(' class="' || nullif(concat_ws(' ', CASE WHEN cardinality(headings) > 4 THEN 'many' END,
                CASE WHEN (SELECT max(length(u.content)) FROM unnest(cells) WITH ORDINALITY AS u (content, n)
                    WHERE (u.n - 1) % array_length(cells, 2) = 0) > 14 THEN 'words' END), '') || '"', '')
                        || '><caption>' || html_text(caption)
            || CASE WHEN compared IS NULL OR compared_name IS NULL THEN ''
                ELSE '<span class="key"><span class="m"></span> ' || html_text(compared_name) || '</span>' END
            || CASE WHEN true = ANY (flagged) AND flag_meaning <> ''
                THEN '<span class="key"><span class="flag">&#9650;</span> ' || html_text(flag_meaning) || '</span>'
                    ELSE '' END
            || '</caption><thead><tr>'
            || (SELECT string_agg('<th scope="col"' || CASE WHEN n <= text_columns THEN ''
                    WHEN length(h) > 20 THEN ' class="n long"' ELSE ' class="n"' END || '>'
                    || html_escape(h) || '</th>' || CASE WHEN amounts IS NOT NULL AND n = text_columns
                    THEN '<th scope="col" class="bar"><span class="unseen">As a bar</span></th>' ELSE '' END,
                        '' ORDER BY n)
                FROM unnest(headings) WITH ORDINALITY AS u (h, n))
            || '</tr></thead><tbody>' || (SELECT string_agg(l.html, '' ORDER BY l.r) FROM line l)
            || '</tbody></table></div>' END;
END;
COMMENT ON FUNCTION html_table(text, text[], text[], integer, boolean[], text, numeric[], numeric[], text) IS
'A table as HTML: cells is an array of two dimensions, its rows as array_agg(ARRAY[...]) makes them, whose first '
'column heads the row; columns after text_columns are of numbers, to the right. flagged: which rows are marked, with a '
'triangle, bold type and a bar at their edge, and flag_meaning what that says. amounts: bars after the columns of '
'text, of the numbers that stand beside them; compared: strokes in them, compared_name what they are. Everything is '
'escaped. A sentence instead, if there are no cells';

CREATE FUNCTION html_figures(labels text[], figures text[], notes text[], flagged boolean[] DEFAULT NULL) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN '<dl class="figures">' || coalesce((
        SELECT string_agg('<div' || CASE WHEN f.flagged THEN ' class="bad"' ELSE '' END || '><dt>' || html_text(f.label)
            || CASE WHEN f.flagged THEN '<span class="unseen"> (marked)</span>' ELSE '' END || '</dt><dd><b>'
            || html_text(f.figure)
            || '</b>' || CASE WHEN f.note <> '' THEN ' <span>' || html_text(f.note) || '</span>' ELSE '' END
            || '</dd></div>', '' ORDER BY f.n)
        FROM unnest(labels, figures, notes, flagged) WITH ORDINALITY AS f (label, figure, note, flagged, n)),
            '<div></div>') || '</dl>';
COMMENT ON FUNCTION html_figures(text[], text[], text[], boolean[]) IS
'Key figures as HTML: labels, figures and what explains them; those that are flagged are marked with a triangle. '
'Everything is escaped';

CREATE FUNCTION html_section(heading text, VARIADIC parts text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '<section><h2>' || html_text(heading) || '</h2>' || array_to_string(parts, '') || '</section>';
COMMENT ON FUNCTION html_section(text, text[]) IS
'A section of a page: a heading, which is escaped, and parts, which are HTML already; NULLs are left out';

CREATE FUNCTION html_note(note text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN note IS NOT NULL THEN '<p>' || html_text(note) || '</p>' END;
COMMENT ON FUNCTION html_note(text) IS 'A paragraph of HTML; the text is escaped. NULL for NULL';

CREATE FUNCTION html_chart(chart text, figures text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- its title is in the chart for those who hear it, and above it for those who see it
    RETURN CASE WHEN chart LIKE '<svg%' THEN '<figure><figcaption aria-hidden="true">'
        || substring(chart FROM '<title[^>]*>([^<]*)</title>')
        || '</figcaption>' || chart || '</figure>'
        || CASE WHEN figures <> '' THEN '<details><summary>The figures of this chart</summary>' || figures
            || '</details>' ELSE '' END
        ELSE coalesce(chart, '') END;
COMMENT ON FUNCTION html_chart(text, text) IS
'A chart with the table of its figures behind it, which opens on a click and for print. Without figures (NULL, empty) '
'the table has to follow; of a chart that has nothing to show only the sentence that says so';

CREATE FUNCTION text_colour_on(fill text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- perceived lightness of #rrggbb: dark text above about a half
    RETURN CASE WHEN 299 * ('x' || substr(fill, 2, 2))::bit(8)::integer + 587 * ('x'
        || substr(fill, 4, 2))::bit(8)::integer
        + 114 * ('x' || substr(fill, 6, 2))::bit(8)::integer > 140000 THEN '#111111' ELSE '#ffffff' END;
COMMENT ON FUNCTION text_colour_on(text) IS
'Internal: black or white, whichever can be read on a colour such as #0b4a8f. NULL for NULL';

CREATE FUNCTION heat_colour(amount numeric, largest numeric DEFAULT 100) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- one hue, light to dark: it is told apart by those who see no colours, and in black and white
    RETURN CASE WHEN amount IS NOT NULL THEN (ARRAY['#eef3f8', '#cfe0f0', '#9fc4e0', '#5f9fcd', '#2a6fae', '#0b4a8f'])[
        1 + greatest(0, least(5, ceil(5 * amount / greatest(largest, 0.001))::integer))] END;
COMMENT ON FUNCTION heat_colour(numeric, numeric) IS
'The colour of an amount in a heat map: the lightest for 0, then five steps of one hue to the largest. NULL for NULL';

CREATE FUNCTION mark_colour(mark session_mark) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- Lightness tells the classes apart as well as hue
    RETURN CASE WHEN is_late(mark) AND NOT is_absence(mark) THEN '#f2dc8a' WHEN is_unauthorised(mark) THEN '#8c2d04'
        WHEN is_authorised(mark) THEN '#e08a3c' WHEN is_possible(mark) THEN '#d3e5f5' ELSE '#ececec' END;
COMMENT ON FUNCTION mark_colour(session_mark) IS
'The colour of a mark in a calendar: attended, late, authorised and unauthorised absence, and what does not count. '
'NULL for NULL';

CREATE FUNCTION svg_frame(title text, description text, height numeric, content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN format('<svg viewBox="0 0 480 %1$s" role="img" aria-labelledby="%2$s-t %2$s-d" class="chart">'
            '<title id="%2$s-t">%3$s</title><desc id="%2$s-d">%4$s</desc>%5$s</svg>',
        round(height), 'c' || substr(md5(concat(title, description, content)), 1, 10), html_escape(title),
        html_escape(description), content);
COMMENT ON FUNCTION svg_frame(text, text, numeric, text) IS
'Internal: a drawing 480 units wide as inline SVG, with its title and its description for those who do not see it; '
'content is SVG already. Text in it is 14 units high';

CREATE FUNCTION label_width(label text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(8.9 * length(label) + 4.9 * regexp_count(label, '[mwMW@%]') + 1.0 * regexp_count(label, '[A-Z]')
        - 4.2 * regexp_count(label, '[ijlft.,:; ''|]'), 0);
COMMENT ON FUNCTION label_width(text) IS
'Internal: about how wide a label of 14 units is in a chart: rather more than less, in the widest of the usual fonts. '
'0 for NULL';

CREATE FUNCTION fit_label(label text, width numeric) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN label_width(label) > width
        THEN rtrim(left(label, greatest(1, floor(length(label) * (width - 14) / label_width(label)))::integer)) || '...'
        ELSE coalesce(label, '') END;
COMMENT ON FUNCTION fit_label(text, numeric) IS
'Internal: a label as it fits into so many units of a chart (see label_width()): cut, with three dots at its end, if '
'it is wider';

CREATE FUNCTION axis_step(most numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce((SELECT min(s)
        FROM unnest('{0.2,0.5,1,2,5,10,20,50,100,200,500,1000,2000,5000,10000,100000}'::numeric[]) s
        WHERE 5 * s >= most), most / 5);
COMMENT ON FUNCTION axis_step(numeric) IS
'Internal: between the numbers of a chart''s axis: the smallest round step of which at most five reach the most. NULL '
'for NULL';

CREATE FUNCTION svg_line_chart(title text, labels text[], names text[], series numeric[], unit text DEFAULT '%')
    RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH given AS (
        SELECT s.i, l.j, series[s.i][l.j] AS v
        FROM generate_subscripts(names, 1) AS s (i) CROSS JOIN generate_subscripts(labels, 1) AS l (j)),
    step AS (
        SELECT m.k, m.most, axis_step(m.most) AS step
        FROM (SELECT max(g.v) AS most, count(DISTINCT g.i) FILTER (WHERE g.v IS NOT NULL) AS k FROM given g) m
        WHERE m.most IS NOT NULL),
    size AS (
        SELECT p.k, p.step, p.step * greatest(ceil(p.most / p.step), 1) AS top_value, cardinality(labels) AS n,
            (SELECT least(200, max(label_width(l))) FROM unnest(labels) l) AS wide
        FROM step p),
    -- room for the numbers of the axis, half a label at either side, and the last figure of the first line
    scale AS (
        SELECT z.*, 14 + 22 * z.k AS top, f.plot_left, f.plot_right,
            CASE WHEN z.n > 1 THEN ceil((z.wide + 12) * (z.n - 1) / (f.plot_right - f.plot_left))::integer
                ELSE 1 END AS every
        FROM size z CROSS JOIN LATERAL (
            SELECT round(greatest(14 + greatest(label_width(count_text(z.top_value) || unit),
                label_width(count_text(z.step) || unit)), z.wide / 2 + 2)) AS plot_left,
                round(478 - greatest(14 + label_width(count_text(round(z.top_value)) || '.0' || unit),
                z.wide / 2)) AS plot_right) f),
    placed AS (
        SELECT g.i, g.j, g.v,
            CASE WHEN s.n > 1 THEN s.plot_left + round((s.plot_right - s.plot_left) * (g.j - 1) / (s.n - 1), 1)
                ELSE round((s.plot_left + s.plot_right) / 2, 1) END AS x,
            round(s.top + 170 * (1 - g.v / s.top_value), 1) AS y,
            lag(g.v) OVER (PARTITION BY g.i ORDER BY g.j) AS before
        FROM given g CROSS JOIN scale s),
    drawn AS (
        SELECT p.i, row_number() OVER (ORDER BY p.i) AS place,
            (ARRAY['#0b4a8f', '#b3500b', '#4d4d4d', '#00664f'])[1 + (p.i - 1) % 4] AS colour,
            (ARRAY['none', '7 4', '2 4', '9 3 2 3'])[1 + (p.i - 1) % 4] AS dash,
            string_agg(CASE WHEN p.before IS NULL THEN 'M' ELSE 'L' END || p.x || ' ' || p.y, '' ORDER BY p.j)
                FILTER (WHERE p.v IS NOT NULL) AS path,
            string_agg(format('<circle cx="%1$s" cy="%2$s" r="2.6"/>', p.x, p.y), '' ORDER BY p.j)
                FILTER (WHERE p.v IS NOT NULL) AS points,
            (array_agg(p.x ORDER BY p.j DESC) FILTER (WHERE p.v IS NOT NULL))[1] AS last_x,
            (array_agg(p.y ORDER BY p.j DESC) FILTER (WHERE p.v IS NOT NULL))[1] AS last_y,
            (array_agg(round(p.v, 1) ORDER BY p.j DESC) FILTER (WHERE p.v IS NOT NULL))[1] AS last_v,
            format('%1$s: %2$s%6$s at first (%3$s), %4$s%6$s at last (%5$s), between %7$s%6$s and %8$s%6$s.',
                names[p.i], (array_agg(round(p.v, 1) ORDER BY p.j) FILTER (WHERE p.v IS NOT NULL))[1],
                (array_agg(labels[p.j] ORDER BY p.j) FILTER (WHERE p.v IS NOT NULL))[1],
                (array_agg(round(p.v, 1) ORDER BY p.j DESC) FILTER (WHERE p.v IS NOT NULL))[1],
                (array_agg(labels[p.j] ORDER BY p.j DESC) FILTER (WHERE p.v IS NOT NULL))[1], unit,
                round(min(p.v), 1), round(max(p.v), 1)) AS said
        FROM placed p
        GROUP BY p.i
        HAVING count(p.v) > 0)
    SELECT coalesce((
        SELECT svg_frame(title, 'Line chart. ' || (SELECT string_agg(d.said, ' ' ORDER BY d.i) FROM drawn d),
            s.top + 206, (SELECT string_agg(
                format('<path d="M%1$s %2$sH%3$s" class="grid"/><text x="%4$s" y="%5$s" '
                       'text-anchor="end">%6$s%7$s</text>',
                    s.plot_left, round(s.top + 170 * (1 - t / s.top_value), 1), s.plot_right, s.plot_left - 6,
                    round(s.top + 175 - 170 * t / s.top_value, 1), count_text(t), html_escape(unit)), '' ORDER BY t)
             FROM generate_series(0, s.top_value, s.step) t)
            || (SELECT string_agg(format('<text x="%1$s" y="%2$s" text-anchor="middle">%3$s</text>',
                    CASE WHEN s.n > 1 THEN s.plot_left + round((s.plot_right - s.plot_left) * (j - 1) / (s.n - 1), 1)
                        ELSE round((s.plot_left + s.plot_right) / 2, 1) END, s.top + 194,
                            html_escape(fit_label(labels[j], 200))), '' ORDER BY j)
                FROM generate_series(1, s.n, s.every) j)
            || (SELECT string_agg(format('<g stroke="%1$s" fill="%1$s"><path d="%2$s" fill="none" stroke-width="2.4" '
                                         'stroke-dasharray="%3$s"/>%4$s'
                        '<path d="M8 %5$sh32" stroke-width="2.4" stroke-dasharray="%3$s"/></g><text x="48" '
                        'y="%6$s">%7$s</text>',
                    d.colour, d.path, d.dash, d.points, 10 + 22 * (d.place - 1), 15 + 22 * (d.place - 1),
                    html_escape(fit_label(names[d.i], 428))), '' ORDER BY d.i)
                FROM drawn d)
            || coalesce((SELECT format('<text x="%1$s" y="%2$s" class="last">%3$s%4$s</text>', d.last_x + 7,
                d.last_y + 5,
                    CASE unit WHEN '%' THEN round(d.last_v, 1)::text ELSE count_text(d.last_v) END, html_escape(unit))
                FROM drawn d WHERE d.i = 1 AND d.last_x = s.plot_right), ''))
        FROM scale s), '<p class="none">' || html_escape(title) || ': nothing to show.</p>');
END;
COMMENT ON FUNCTION svg_line_chart(text, text[], text[], numeric[], text) IS
'A line chart as inline SVG: series[i][j] of the name i at the label j, from 0 up; a NULL leaves a gap. Lines differ '
'in colour and dashes; the last figure of the first stands at its end. As many labels are written as do not overlap. A '
'sentence instead, if there is no number';

CREATE FUNCTION html_heat_map(title text, row_labels text[], column_labels text[], fills text[], cells text[],
    key_labels text[] DEFAULT NULL, key_fills text[] DEFAULT NULL) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH cell AS (
        SELECT (u.n - 1) / cardinality(column_labels) + 1 AS r, (u.n - 1) % cardinality(column_labels) AS c,
            CASE WHEN u.fill IS NULL THEN '<td>' ELSE format('<td style="background:%s;color:%s">', u.fill,
                text_colour_on(u.fill)) END
                || html_escape(u.content) || '</td>' AS html
        FROM unnest(fills, cells) WITH ORDINALITY AS u (fill, content, n)
        WHERE cardinality(column_labels) > 0)
    SELECT coalesce('<div class="scroll" role="region" tabindex="0" aria-label="' || html_escape(title)
        || '"><table class="grid"><caption>'
        || html_text(title)
        || coalesce((SELECT '<span class="key">'
            || string_agg(format('<span class="one"><span class="cell" style="background:%s"></span>%s</span>', k.fill,
            html_text(k.label)), ' ' ORDER BY k.n) || '</span>'
            FROM unnest(key_labels, key_fills) WITH ORDINALITY AS k (label, fill, n)), '')
        || '</caption><thead><tr><td></td>'
        || (SELECT string_agg('<th scope="col">' || html_escape(l) || '</th>', '' ORDER BY n)
            FROM unnest(column_labels) WITH ORDINALITY AS u (l, n))
        || '</tr></thead><tbody>'
        || (SELECT string_agg('<tr><th scope="row">' || html_text(row_labels[k.r]) || '</th>' || k.html || '</tr>',
            '' ORDER BY k.r)
            FROM (SELECT l.r, string_agg(l.html, '' ORDER BY l.c) AS html FROM cell l GROUP BY l.r) k)
        || '</tbody></table></div>', '<p class="none">' || html_escape(title) || ': nothing to show.</p>');
END;
COMMENT ON FUNCTION html_heat_map(text, text[], text[], text[], text[], text[], text[]) IS
'A table of coloured cells as HTML: fills and cells, both of two dimensions, are the colour (heat_colour(), '
'mark_colour(); NULL for none) and what is written in it, without which a colour says nothing; key_labels and '
'key_fills explain the colours. A sentence instead, if there is nothing';

CREATE FUNCTION countable(row_keys text[], column_keys text[], counts bigint[], threshold integer)
    RETURNS TABLE (row_key text, column_key text, count bigint)
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 100
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF row_keys IS NULL THEN
        RETURN;
    ELSIF threshold >= 2 THEN
        RETURN QUERY SELECT s.row_key, s.column_key, s.count
            FROM @extschema@.suppress_small_numbers(row_keys, column_keys, counts, threshold) s;
    ELSE
        RETURN QUERY SELECT u.r, u.c, sum(u.n)::bigint FROM unnest(row_keys, column_keys, counts) AS u (r, c, n)
            GROUP BY CUBE (u.r, u.c);
    END IF;
END
$$;
COMMENT ON FUNCTION countable(text[], text[], bigint[], integer) IS
'A table of counts with its totals (NULL for the key) as a page shows it: that of suppress_small_numbers(), or for a '
'NULL threshold, and one below 2, as it is. The count is NULL where it is suppressed. No rows for NULL arrays; errors '
'are those of suppress_small_numbers()';

CREATE FUNCTION countable_absentees(all_pupils bigint[], persistently bigint[], severely bigint[], threshold integer,
    detail integer)
    RETURNS TABLE (place integer, enrolments bigint, persistent bigint, severe bigint)
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 100
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown integer := CASE WHEN threshold >= 2 THEN detail ELSE 0 END;
    none_severely boolean := 0 = ALL (severely);
BEGIN
    -- what the totals leave too little room for is left out of all rows
    WHILE shown > 0 LOOP
        RETURN QUERY
        SELECT d.row_number, max(d.count) FILTER (WHERE d.column_number = 0),
            CASE WHEN shown >= 2 THEN max(d.count) FILTER (WHERE d.column_number = 4) END,
            CASE WHEN shown >= 3 OR detail >= 3 AND none_severely THEN max(d.count)
                FILTER (WHERE d.column_number = 1) END
        FROM @extschema@.disclosed_cells((
                SELECT array_agg(ARRAY[s.n, p.n - s.n, u.e - p.n] ORDER BY u.place)
                FROM unnest(all_pupils, persistently, severely) WITH ORDINALITY AS u (e, p, s, place)
                CROSS JOIN LATERAL (SELECT CASE WHEN shown >= 2 THEN u.p ELSE 0 END) AS p (n)
                CROSS JOIN LATERAL (SELECT CASE WHEN shown >= 3 THEN u.s ELSE 0 END) AS s (n)),
            threshold, '{1,1,0}', '{0,1,2,3,4}') d
        WHERE d.row_number > 0
        GROUP BY d.row_number;
        EXIT WHEN FOUND;
        shown := shown - 1;
    END LOOP;
    IF shown = 0 THEN
        RETURN QUERY SELECT u.place::integer, CASE WHEN threshold >= 2 THEN NULL ELSE u.e END, CASE WHEN threshold >= 2
            THEN NULL ELSE u.p END,
            CASE WHEN threshold >= 2 THEN NULL ELSE u.s END
        FROM unnest(all_pupils, persistently, severely) WITH ORDINALITY AS u (e, p, s, place);
    END IF;
END
$$;
COMMENT ON FUNCTION countable_absentees(bigint[], bigint[], bigint[], integer, integer) IS
'How many are enrolled, persistently absent and, of these, severely absent in each of some rows, as a page shows them '
'whose totals of all three are stated, too: counts below the threshold, and what would give them away, are NULL (see '
'disclosed_cells()). detail: 3 for all of it, 2 if nothing is stated of severe absence, 1 if nothing of persistent '
'absence either; what the totals leave too little room for is NULL in all rows. A threshold of NULL or below 2 '
'suppresses nothing. No rows for NULL; errors are those of disclosed_cells()';

CREATE FUNCTION html_style() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1a1a1a;
font:16px/1.45 system-ui,-apple-system,"Segoe UI","DejaVu Sans",Arial,sans-serif}
main,header,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:20px;border-bottom:3px solid #0b4a8f;padding-bottom:10px}
h1{font-size:1.6rem;line-height:1.2;margin:0;overflow-wrap:anywhere}
header p{margin:4px 0 0;color:#444;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:28px 0 8px;border-bottom:1px solid #c8c8c8;padding-bottom:3px}section p{max-width:48rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:16px 0}
@media (min-width:700px){.figures:has(div:nth-child(7)){grid-template-columns:repeat(4,1fr)}}
@media (max-width:500px){main,header,footer{padding-left:10px;padding-right:10px}
.figures{grid-template-columns:1fr 1fr}}
.figures div{background:#eef3f8;padding:8px 12px;border-left:4px solid #0b4a8f}
.figures .bad{background:#fbeee6;border-left-color:#8c2d04}
.figures .bad b::before{content:"\25B2\A0";color:#8c2d04;font-size:.7em}
dt{font-size:.85rem;color:#333}dd{margin:0}dd b{font-size:1.5rem;display:block;line-height:1.25}
dd span{font-size:.82rem;color:#444}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:0 36px;align-items:start}
figure{margin:8px 0}figcaption{font-weight:600;font-size:.9rem;margin-bottom:4px}
svg.chart{width:100%;max-width:640px;height:auto;display:block;
font:14px system-ui,"Segoe UI","DejaVu Sans",Arial,sans-serif}
.grid{stroke:#d4d4d4;fill:none}.last{font-weight:700}
.scroll{overflow-x:auto;margin:8px 0;container-type:inline-size;background:linear-gradient(
    90deg,transparent,#fff 60%) right/48px 100% no-repeat local,
linear-gradient(90deg,transparent,#aaa) right/14px 100% no-repeat scroll}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:4px 0;position:sticky;left:0;width:100cqw}
th,td{text-align:left;padding:3px 12px 3px 0;border-bottom:1px solid #ddd;vertical-align:top}
.key{display:block;font-weight:400;font-size:.85rem}th[scope=row]{font-weight:400}
tr>:first-child{position:sticky;left:0;z-index:1;background:#fff;overflow-wrap:break-word;white-space:nowrap}
.words tr>:first-child{white-space:normal;min-width:11em;max-width:26em}
.columns .words tr>:first-child{min-width:8em}
thead th{border-bottom:2px solid #666;vertical-align:bottom}.n{text-align:right;padding:3px 0 3px 12px}
th.n{width:1%;min-width:4.4em}td.n{white-space:nowrap}th.long{min-width:7.5em}
.bad>th[scope=row]{font-weight:700;box-shadow:inset 4px 0 #8c2d04;padding-left:10px}
.bad>th[scope=row]::before{content:"\25B2\A0";font-size:.75em}.flag,.bad>th[scope=row]::before{color:#8c2d04}
.bar{width:24%;min-width:4rem;padding-right:0}.bar div{position:relative;height:15px;margin-top:3px}
.bar span{position:absolute;forced-color-adjust:none}
.bar .b{top:0;height:15px;background:#2a6fae}.bad .b{background:#8c2d04}
.bar .z{top:-4px;height:23px;width:1px;background:#333}
.m{background:#1a1a1a;width:3px;outline:1px solid #fff;forced-color-adjust:none}
.bar .m{top:-3px;height:21px;margin-left:-1px}
.key .m{display:inline-block;height:14px;margin-right:4px;vertical-align:-2px}
table.grid{width:auto}.grid th,.grid td{border:0;padding:2px 4px;text-align:center;vertical-align:middle}
.grid td{min-width:1.9em;border-right:2px solid #fff;border-bottom:2px solid #fff}
.grid thead th{font-weight:400;font-size:.85em;width:2.5em;vertical-align:bottom}
.grid th[scope=row]{text-align:left;padding-left:0;padding-right:8px;white-space:normal;overflow-wrap:anywhere;
min-width:6em;max-width:13em}
.cell{display:inline-block;width:14px;height:14px;border:1px solid #767676;vertical-align:-2px;margin-right:4px;
forced-color-adjust:none}.one{display:inline-block;margin-right:12px}
.grid td{forced-color-adjust:none}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.none{color:#444;font-style:italic}summary{cursor:pointer;color:#0b4a8f;font-size:.9rem}
@media (max-width:700px){tr>:first-child{box-shadow:1px 0 #c8c8c8}
.words tr>:first-child,.columns .words tr>:first-child{min-width:6em;max-width:14em}
.many.words tr>:first-child{min-width:8.5em}
tr>:first-child+*{padding-left:6px}.bad>th[scope=row]{box-shadow:inset 4px 0 #8c2d04,1px 0 #c8c8c8}
.many .bar,.many .key:has(.m){display:none}
th,td{padding-right:5px}.n{padding-left:6px}.grid th,.grid td{padding:2px 1px}
.grid tr>:first-child{min-width:6.8em;white-space:normal;box-shadow:none}.grid td{min-width:1.5em}
.grid thead th{width:auto}table{font-size:.85rem}th.n{min-width:3em}}
footer{border-top:1px solid #c8c8c8;margin-top:28px;padding-top:8px;padding-bottom:20px;font-size:.82rem;color:#444}
@page{size:A4;margin:14mm}
@media print{body{font-size:10pt}main,header,footer{max-width:none;padding-left:0;padding-right:0}
.scroll{overflow:visible;container-type:normal;background:none}
caption,tr>:first-child{position:static;box-shadow:none;background:none}
.bad>th[scope=row]{box-shadow:inset 4px 0 #8c2d04}caption{width:auto}figure,tr,.figures div,footer{break-inside:avoid}
h2,caption{break-after:avoid}
thead{display:table-header-group}tbody tr:nth-child(-n+2),tbody tr:nth-last-child(-n+2){break-before:avoid}
.scroll:not(:has(tr:nth-child(16))),
.scroll:has(.grid):not(:has(tr:nth-child(36))){break-inside:avoid}summary{display:none}
details::details-content{content-visibility:visible;display:block}svg.chart{max-width:110mm}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
';
COMMENT ON FUNCTION html_style() IS
'Internal: how a page of html_page() looks: wide, on a phone, and on A4';

CREATE FUNCTION html_page(title text, subtitle text, body text, footnote text DEFAULT NULL) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN '<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/><title>'
        || html_escape(title) || '</title><style>' || html_style() || '</style></head><body><header><h1>'
        || html_text(title) || '</h1><p>' || html_text(subtitle) || '</p></header><main>' || coalesce(body, '')
        || '</main><footer>' || coalesce('<p>' || html_text(footnote) || '</p>', '')
        || '<p>Made on ' || day_text((now() AT TIME ZONE 'Europe/London')::date) || '.</p></footer></body></html>
';
COMMENT ON FUNCTION html_page(text, text, text, text) IS
'A whole page of HTML: title, subtitle and footnote are escaped, body is HTML already. It holds its style, has no '
'script, names no host, is well-formed XML, and prints on A4';
