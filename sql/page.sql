-- What report pages are made of: text that is safe in HTML, tables, charts as inline SVG, and the page around them.
-- All of it is well-formed XML, in ASCII but for what the register holds, and names no host.

CREATE FUNCTION html_escape(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- XML has no characters for most control codes; regexp, for chr(0) cannot occur
    RETURN replace(replace(replace(replace(replace(
        regexp_replace(coalesce(content, ''), '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]', ' ', 'g'),
        '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
COMMENT ON FUNCTION html_escape(text) IS
'Text as it may stand in HTML, between tags and in an attribute: & < > " and '' as entities, control codes as blanks. Empty for NULL';

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
    RETURN coalesce(CASE WHEN round(points, 1) = 0 THEN '0.0' ELSE to_char(round(points, 1), 'FMSG999999990.0') END, '-');
COMMENT ON FUNCTION points_text(numeric) IS 'A difference in percentage points for a page, with its sign and one decimal: +1.2. A hyphen for NULL';

CREATE FUNCTION count_text(count numeric) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(CASE WHEN count = trunc(count) THEN to_char(count, 'FM999,999,999,999,990')
        ELSE to_char(count, 'FM999,999,999,999,990.0') END, '-');
COMMENT ON FUNCTION count_text(numeric) IS
'A count for a page: 1,234, with one decimal if it is no whole number (7.5 days). A hyphen for NULL';

CREATE FUNCTION day_text(day date) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(to_char(day::timestamp, 'FMDD Mon YYYY'), '-');
COMMENT ON FUNCTION day_text(date) IS 'A day for a page: 8 Sep 2025. A hyphen for NULL';

CREATE FUNCTION days_text(days daterange) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(CASE WHEN upper(days) - lower(days) IS NULL THEN '-' WHEN upper(days) - lower(days) = 1 THEN day_text(lower(days))
        ELSE day_text(lower(days)) || ' to ' || day_text(upper(days) - 1) END, '-');
COMMENT ON FUNCTION days_text(daterange) IS
'Days for a page, the first and the last: 8 Sep 2025 to 12 Sep 2025. A hyphen for NULL, for none, and for days without an end';

CREATE FUNCTION html_table(caption text, headings text[], cells text[], text_columns integer DEFAULT 1) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN coalesce(cardinality(cells), 0) = 0
            THEN '<p class="none">' || html_text(caption) || ': nothing to show.</p>'
        ELSE '<div class="scroll" role="region" tabindex="0" aria-label="' || html_escape(caption) || '"><table'
            -- long labels are broken, but not at every word
            || CASE WHEN greatest(length(headings[1]), (SELECT max(length(c)) FROM unnest(cells) WITH ORDINALITY AS u (c, n)
                    WHERE (n - 1) % array_length(cells, 2) = 0)) > 14 THEN ' class="words"' ELSE '' END
            || '><caption>' || html_text(caption) || '</caption><thead><tr>'
            || (SELECT string_agg('<th scope="col"' || CASE WHEN n > text_columns THEN ' class="n"' ELSE '' END || '>'
                    || html_escape(h) || '</th>', '' ORDER BY n)
                FROM unnest(headings) WITH ORDINALITY AS u (h, n))
            || '</tr></thead><tbody>'
            || (SELECT string_agg(r.line, '' ORDER BY r.row)
                FROM (SELECT (n - 1) / w.columns AS row, '<tr>' || string_agg(CASE
                            WHEN (n - 1) % w.columns = 0 THEN '<th scope="row">' || html_text(c) || '</th>'
                            WHEN (n - 1) % w.columns < text_columns THEN '<td>' || html_text(c) || '</td>'
                            ELSE '<td class="n">' || html_text(c) || '</td>' END, '' ORDER BY n) || '</tr>' AS line
                      FROM unnest(cells) WITH ORDINALITY AS u (c, n)
                      CROSS JOIN (SELECT array_length(cells, 2) AS columns) w
                      GROUP BY 1) r)
            || '</tbody></table></div>' END;
END;
COMMENT ON FUNCTION html_table(text, text[], text[], integer) IS
'A table as HTML: cells is an array of two dimensions, its rows as array_agg(ARRAY[...]) makes them, whose first column heads the row; columns after text_columns are of numbers, to the right. Everything is escaped. A sentence instead, if there are no cells';

CREATE FUNCTION html_figures(labels text[], figures text[], notes text[]) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN '<dl class="figures">' || coalesce((
        SELECT string_agg('<div><dt>' || html_text(l) || '</dt><dd><b>' || html_text(f) || '</b>'
            || CASE WHEN s <> '' THEN ' <span>' || html_text(s) || '</span>' ELSE '' END || '</dd></div>', '' ORDER BY n)
        FROM unnest(labels, figures, notes) WITH ORDINALITY AS u (l, f, s, n)), '<div></div>') || '</dl>';
COMMENT ON FUNCTION html_figures(text[], text[], text[]) IS 'Key figures as HTML: labels, figures and what explains them. Everything is escaped';

CREATE FUNCTION html_section(heading text, VARIADIC parts text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '<section><h2>' || html_text(heading) || '</h2>' || array_to_string(parts, '') || '</section>';
COMMENT ON FUNCTION html_section(text, text[]) IS
'A section of a page: a heading, which is escaped, and parts, which are HTML already; NULLs are left out';

CREATE FUNCTION html_note(note text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '<p>' || html_text(note) || '</p>';
COMMENT ON FUNCTION html_note(text) IS 'A paragraph of HTML; the text is escaped';

CREATE FUNCTION html_chart(chart text, figures text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    -- its title is in the chart for those who hear it, and above it for those who see it
    RETURN CASE WHEN chart LIKE '<svg%' THEN '<figure><figcaption aria-hidden="true">' || substring(chart FROM '<title[^>]*>([^<]*)</title>')
        || '</figcaption>' || chart || '</figure>'
        || CASE WHEN figures <> '' THEN '<details><summary>The figures of this chart</summary>' || figures || '</details>' ELSE '' END
        ELSE coalesce(chart, '') END;
COMMENT ON FUNCTION html_chart(text, text) IS
'A chart with the table of its figures behind it, which opens on a click and for print. Without figures (NULL, empty) the table has to follow; of a chart that has nothing to show only the sentence that says so';

CREATE FUNCTION text_colour_on(fill text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    -- perceived lightness of #rrggbb: dark text above about a half
    RETURN CASE WHEN 299 * ('x' || substr(fill, 2, 2))::bit(8)::integer + 587 * ('x' || substr(fill, 4, 2))::bit(8)::integer
        + 114 * ('x' || substr(fill, 6, 2))::bit(8)::integer > 140000 THEN '#111111' ELSE '#ffffff' END;
COMMENT ON FUNCTION text_colour_on(text) IS 'Black or white, whichever can be read on a colour such as #0b4a8f. NULL for NULL';

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
'The colour of a mark in a calendar: attended, late, authorised and unauthorised absence, and what does not count. NULL for NULL';

CREATE FUNCTION svg_frame(title text, description text, height numeric, content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN format('<svg viewBox="0 0 480 %1$s" role="img" aria-labelledby="%2$s-t %2$s-d" class="chart"><title id="%2$s-t">%3$s</title><desc id="%2$s-d">%4$s</desc>%5$s</svg>',
        round(height), 'c' || substr(md5(concat(title, description, content)), 1, 10), html_escape(title), html_escape(description), content);
COMMENT ON FUNCTION svg_frame(text, text, numeric, text) IS
'A drawing 480 units wide as inline SVG, with its title and its description for those who do not see it; content is SVG already';

CREATE FUNCTION short_label(label text, characters integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN length(label) > characters THEN rtrim(left(label, characters - 2)) || '..' ELSE coalesce(label, '') END;
COMMENT ON FUNCTION short_label(text, integer) IS 'A label cut to so many characters, with two dots at its end if it was longer';

CREATE FUNCTION label_width(label text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce(7.6 * length(label) + 4.2 * regexp_count(label, '[mwMW@%]') + 0.8 * regexp_count(label, '[A-Z]') - 3.6 * regexp_count(label, '[ijlft.,:; ''|]'), 0);
COMMENT ON FUNCTION label_width(text) IS
'About how wide a label is in a chart, in its units: rather more than less, in the widest of the usual fonts. 0 for NULL';

CREATE FUNCTION svg_label(label text, x numeric, y numeric, width numeric, anchor text DEFAULT 'end') RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN format('<text x="%1$s" y="%2$s" text-anchor="%3$s">%4$s</text>', x, y, anchor,
        CASE WHEN label_width(label) > width
            -- the whole of it shows on hovering
            THEN '<title>' || html_escape(label) || '</title>' || html_escape(rtrim(left(label, floor(length(label) * width / label_width(label))::integer - 1))) || '&#8230;'
            ELSE html_escape(label) END);
COMMENT ON FUNCTION svg_label(text, numeric, numeric, numeric, text) IS
'A label in a chart as SVG, cut with an ellipsis if it is wider than there is room (see label_width()); the whole is in its title then';

CREATE FUNCTION svg_line_chart(title text, labels text[], names text[], series numeric[], unit text DEFAULT '%') RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH given AS (
        SELECT s.i, l.j, series[s.i][l.j] AS v
        FROM generate_subscripts(names, 1) AS s (i) CROSS JOIN generate_subscripts(labels, 1) AS l (j)),
    -- the smallest round step of which at most five reach the top
    scale AS (
        SELECT g.n, g.step * greatest(ceil(g.most / g.step), 1) AS top_value, g.step, 12 + 18 * g.k AS top,
            ceil(g.n * (7.0 * g.longest + 12) / 400)::integer AS every
        FROM (SELECT cardinality(labels) AS n, m.k, m.most,
                (SELECT max(length(l)) FROM unnest(labels) l) AS longest,
                coalesce((SELECT min(s) FROM unnest('{0.2,0.5,1,2,5,10,20,50,100,200,500,1000,2000,5000,10000,100000}'::numeric[]) s
                          WHERE 5 * s >= m.most), m.most / 5) AS step
              FROM (SELECT max(v) AS most, count(DISTINCT i) FILTER (WHERE v IS NOT NULL) AS k FROM given) m
              WHERE m.most IS NOT NULL) g),
    placed AS (
        SELECT g.i, g.j, g.v, CASE WHEN s.n > 1 THEN 48 + round(404.0 * (g.j - 1) / (s.n - 1), 1) ELSE 250 END AS x,
            round(s.top + 170 * (1 - g.v / s.top_value), 1) AS y, lag(g.v) OVER (PARTITION BY g.i ORDER BY g.j) AS before
        FROM given g CROSS JOIN scale s),
    drawn AS (
        SELECT p.i, row_number() OVER (ORDER BY p.i) AS place, (ARRAY['#0b4a8f', '#b3500b', '#4d4d4d', '#00664f'])[1 + (p.i - 1) % 4] AS colour,
            (ARRAY['none', '7 4', '2 4', '9 3 2 3'])[1 + (p.i - 1) % 4] AS dash,
            string_agg(CASE WHEN p.before IS NULL THEN 'M' ELSE 'L' END || p.x || ' ' || p.y, '' ORDER BY p.j)
                FILTER (WHERE p.v IS NOT NULL) AS path,
            string_agg(format('<circle cx="%1$s" cy="%2$s" r="2.6"/>', p.x, p.y), '' ORDER BY p.j)
                FILTER (WHERE p.v IS NOT NULL) AS points,
            format('%1$s: %2$s%6$s at first (%3$s), %4$s%6$s at last (%5$s), between %7$s%6$s and %8$s%6$s.', names[p.i],
                (array_agg(round(p.v, 1) ORDER BY p.j) FILTER (WHERE p.v IS NOT NULL))[1],
                (array_agg(labels[p.j] ORDER BY p.j) FILTER (WHERE p.v IS NOT NULL))[1],
                (array_agg(round(p.v, 1) ORDER BY p.j DESC) FILTER (WHERE p.v IS NOT NULL))[1],
                (array_agg(labels[p.j] ORDER BY p.j DESC) FILTER (WHERE p.v IS NOT NULL))[1], unit,
                round(min(p.v), 1), round(max(p.v), 1)) AS said
        FROM placed p
        GROUP BY p.i
        HAVING count(p.v) > 0)
    SELECT coalesce((
        SELECT svg_frame(title, 'Line chart. ' || (SELECT string_agg(d.said, ' ' ORDER BY d.i) FROM drawn d), s.top + 206,
            (SELECT string_agg(format('<path d="M48 %1$sH452" class="grid"/><text x="42" y="%2$s" text-anchor="end">%3$s%4$s</text>',
                    round(s.top + 170 * (1 - t / s.top_value), 1), round(s.top + 174 * 1.0 - 170 * t / s.top_value, 1), count_text(t),
                    html_escape(unit)), '' ORDER BY t)
             FROM generate_series(0, s.top_value, s.step) t)
            || (SELECT string_agg(format('<text x="%1$s" y="%2$s" text-anchor="middle">%3$s</text>',
                    CASE WHEN s.n > 1 THEN 48 + round(404.0 * (j - 1) / (s.n - 1), 1) ELSE 250 END, s.top + 190,
                    html_escape(short_label(labels[j], 24))), '' ORDER BY j)
                FROM generate_series(1, s.n, s.every) j)
            || (SELECT string_agg(format('<g stroke="%1$s" fill="%1$s"><path d="%2$s" fill="none" stroke-width="2.2" stroke-dasharray="%3$s"/>%4$s<path d="M48 %5$sh30" stroke-width="2.2" stroke-dasharray="%3$s"/></g><text x="86" y="%6$s">%7$s</text>',
                    d.colour, d.path, d.dash, d.points, 10 + 18 * (d.place - 1), 14 + 18 * (d.place - 1), html_escape(short_label(names[d.i], 50))), '' ORDER BY d.i)
                FROM drawn d))
        FROM scale s), '<p class="none">' || html_escape(title) || ': nothing to show.</p>');
END;
COMMENT ON FUNCTION svg_line_chart(text, text[], text[], numeric[], text) IS
'A line chart as inline SVG: series[i][j] of the name i at the label j, from 0 up; a NULL leaves a gap. Lines differ in colour and dashes. As many labels are written as do not overlap. A sentence instead, if there is no number';

CREATE FUNCTION svg_bar_chart(title text, labels text[], amounts numeric[], unit text DEFAULT '%', compared numeric[] DEFAULT NULL,
    compared_name text DEFAULT NULL) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH given AS (
        SELECT j, labels[j] AS label, amounts[j] AS v, compared[j] AS c
        FROM generate_subscripts(labels, 1) AS l (j)),
    scale AS (
        SELECT g.low, greatest(g.high, g.low + 0.001) AS high, l.bar_left, 410 - l.bar_left AS width, g.n, l.above, 22 + l.above AS height,
            CASE WHEN compared_name IS NOT NULL AND compared IS NOT NULL THEN 26 ELSE 4 END AS top
        FROM (SELECT least(0, min(v), min(c)) AS low, greatest(0, max(v), max(c)) AS high, count(*) AS n,
                14 + max(label_width(label)) AS bar_left, count(v) AS numbers FROM given) g
        -- long labels stand above their bars
        CROSS JOIN LATERAL (SELECT CASE WHEN g.bar_left > 230 THEN 8 ELSE g.bar_left END AS bar_left, CASE WHEN g.bar_left > 230 THEN 16 ELSE 0 END AS above) l
        WHERE g.numbers > 0),
    bar AS (
        SELECT g.*, s.top + s.height * (g.j - 1) + s.above AS y, round(s.bar_left + s.width * (0 - s.low) / (s.high - s.low), 1) AS zero,
            round(s.bar_left + s.width * (g.v - s.low) / (s.high - s.low), 1) AS x,
            round(s.bar_left + s.width * (g.c - s.low) / (s.high - s.low), 1) AS mark
        FROM given g CROSS JOIN scale s)
    SELECT coalesce((
        SELECT svg_frame(title, format('Bar chart of %1$s rows, %2$s.', s.n,
                (SELECT string_agg(format('%1$s %2$s%3$s', b.label, CASE WHEN b.v IS NULL THEN 'no figure' ELSE count_text(round(b.v, 1)) END, CASE WHEN b.v IS NOT NULL THEN unit END), ', ' ORDER BY b.j)
                 FROM bar b WHERE b.j <= 12) || CASE WHEN s.n > 12 THEN ' and more, in the table' ELSE '' END), s.top + s.height * s.n + 6,
            CASE WHEN s.top > 4 THEN format('<path d="M%1$s 4v14" class="mark"/><text x="%2$s" y="16">%3$s</text>', round(s.bar_left + 2), round(s.bar_left + 9),
                html_escape(short_label(compared_name, 36))) ELSE '' END
            || (SELECT string_agg(CASE WHEN s.above > 0 THEN svg_label(b.label, 8, b.y, 464, 'start')
                        ELSE svg_label(b.label, round(s.bar_left - 6), b.y + 15, s.bar_left - 12) END
                    || CASE WHEN b.v IS NOT NULL THEN format('<rect x="%1$s" y="%2$s" width="%3$s" height="15" class="bar"/>',
                        least(b.x, b.zero), b.y + 3, abs(b.x - b.zero)) ELSE '' END
                    || CASE WHEN b.mark IS NOT NULL THEN format('<path d="M%1$s %2$sv19" class="mark"/>', b.mark, b.y + 1) ELSE '' END
                    || format('<text x="476" y="%1$s" text-anchor="end">%2$s</text>', b.y + 15,
                        CASE WHEN b.v IS NULL THEN '-' WHEN unit = '%' THEN round(b.v, 1)::text || unit
                            -- differences have signs
                            WHEN s.low < 0 THEN CASE WHEN round(b.v, 1) > 0 THEN '+' ELSE '' END || round(b.v, 1)::text || html_escape(unit)
                            ELSE count_text(round(b.v, 1)) || html_escape(unit) END), '' ORDER BY b.j)
                FROM bar b)
            || (SELECT format('<path d="%1$s" class="axis"/>', string_agg(format('M%1$s %2$sv22', b.zero, b.y), '' ORDER BY b.j)) FROM bar b))
        FROM scale s), '<p class="none">' || html_escape(title) || ': nothing to show.</p>');
END;
COMMENT ON FUNCTION svg_bar_chart(text, text[], numeric[], text, numeric[], text) IS
'A chart of horizontal bars as inline SVG, one for each label, each with its amount; negative ones go to the left of 0. compared: amounts to compare with, drawn as strokes, with compared_name for the key. A sentence instead, if there is no number';

CREATE FUNCTION svg_heat_map(title text, row_labels text[], column_labels text[], fills text[], cells text[],
    key_labels text[] DEFAULT NULL, key_fills text[] DEFAULT NULL) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH size AS (
        SELECT g.row_count, g.column_count, g.cell_left, least(46, round((476 - g.cell_left) / g.column_count, 2)) AS width, g.longest
        FROM (SELECT cardinality(row_labels) AS row_count, cardinality(column_labels) AS column_count,
                least(190, 14 + (SELECT max(label_width(l)) FROM unnest(row_labels) l)) AS cell_left,
                (SELECT max(length(l)) FROM unnest(column_labels) l) AS longest) g
        WHERE g.row_count > 0 AND g.column_count > 0 AND cardinality(fills) > 0),
    cell AS (
        SELECT u.fill, u.content, (u.n - 1) / s.column_count AS r, (u.n - 1) % s.column_count AS c, s.*
        FROM unnest(fills, cells) WITH ORDINALITY AS u (fill, content, n) CROSS JOIN size s
        WHERE u.fill IS NOT NULL)
    SELECT coalesce((
        SELECT svg_frame(title, format('Grid of %1$s rows by %2$s columns; the table has what stands in each.', s.row_count, s.column_count),
            22 + 20 * s.row_count + 18 * ceil(coalesce(cardinality(key_labels), 0) / 2.0) + 8,
            (SELECT string_agg(format('<text x="%1$s" y="14" text-anchor="middle">%2$s</text>', round(s.cell_left + s.width * (c - 0.5), 1),
                    html_escape(column_labels[c])), '' ORDER BY c)
             FROM generate_series(1, s.column_count, greatest(1, ceil((7.0 * s.longest + 4) / s.width)::integer)) c)
            || (SELECT string_agg(svg_label(row_labels[r], round(s.cell_left - 6), 17 + 20 * r, s.cell_left - 12), '' ORDER BY r)
                FROM generate_series(1, s.row_count) r)
            || coalesce((SELECT string_agg(format('<rect x="%1$s" y="%2$s" width="%3$s" height="18" fill="%4$s"/>',
                        round(c.cell_left + c.width * c.c, 1), 23 + 20 * c.r, round(c.width - 2, 1), c.fill)
                    || CASE WHEN c.content <> '' AND 7.4 * length(c.content) <= c.width
                        THEN format('<text x="%1$s" y="%2$s" text-anchor="middle" fill="%3$s">%4$s</text>', round(c.cell_left + c.width * (c.c + 0.5) - 1, 1),
                            37 + 20 * c.r, text_colour_on(c.fill), html_escape(c.content)) ELSE '' END, '' ORDER BY c.r, c.c)
                FROM cell c), '')
            || coalesce((SELECT string_agg(format('<rect x="%1$s" y="%2$s" width="14" height="14" fill="%3$s" stroke="#767676"/><text x="%4$s" y="%5$s">%6$s</text>',
                        8 + 236 * ((n - 1) % 2), 30 + 20 * s.row_count + 18 * ((n - 1) / 2), f, 28 + 236 * ((n - 1) % 2),
                        42 + 20 * s.row_count + 18 * ((n - 1) / 2), html_escape(short_label(l, 30))), '' ORDER BY n)
                FROM unnest(key_labels, key_fills) WITH ORDINALITY AS k (l, f, n)), ''))
        FROM size s), '<p class="none">' || html_escape(title) || ': nothing to show.</p>');
END;
COMMENT ON FUNCTION svg_heat_map(text, text[], text[], text[], text[], text[], text[]) IS
'A grid of coloured cells as inline SVG: fills and cells, both of two dimensions, are the colour (heat_colour(), mark_colour(); NULL for none) and what is written in it if there is room; key_labels and key_fills explain the colours. As many labels of columns are written as do not overlap. A sentence instead, if there is nothing';

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
'A table of counts with its totals (NULL for the key) as a page shows it: that of suppress_small_numbers(), or for a NULL threshold, and one below 2, as it is. The count is NULL where it is suppressed. No rows for NULL arrays; errors are those of suppress_small_numbers()';

CREATE FUNCTION html_page(title text, subtitle text, body text, footnote text DEFAULT NULL) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN '<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><title>'
        || html_escape(title) || '</title><style>
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1a1a1a;font:16px/1.45 system-ui,-apple-system,"Segoe UI","DejaVu Sans",Arial,sans-serif}
main,header,footer{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:20px;border-bottom:3px solid #0b4a8f;padding-bottom:10px}
h1{font-size:1.6rem;line-height:1.2;margin:0;overflow-wrap:anywhere}header p{margin:4px 0 0;color:#444}
h2{font-size:1.2rem;margin:28px 0 8px;border-bottom:1px solid #c8c8c8;padding-bottom:3px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:16px 0}
@media (min-width:700px){.figures:has(div:nth-child(8)){grid-template-columns:repeat(4,1fr)}}
@media (max-width:700px){tr>:first-child{box-shadow:1px 0 #c8c8c8}}
@media (max-width:500px){main,header,footer{padding-left:10px;padding-right:10px}.figures{grid-template-columns:1fr 1fr}}
.figures div{background:#eef3f8;padding:8px 12px;border-left:4px solid #0b4a8f}
dt{font-size:.85rem;color:#333}dd{margin:0}dd b{font-size:1.5rem;display:block;line-height:1.25}dd span{font-size:.82rem;color:#444}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:0 32px;align-items:start}
figure{margin:8px 0}figcaption{font-weight:600;font-size:.9rem;margin-bottom:4px}svg.chart{width:100%;max-width:600px;height:auto;display:block;font:12px system-ui,"Segoe UI","DejaVu Sans",Arial,sans-serif}
.grid{stroke:#d4d4d4;fill:none}.axis{stroke:#333;fill:none}.bar{fill:#2a6fae}.mark{stroke:#b3500b;stroke-width:3;fill:none}
.scroll{overflow-x:auto;margin:8px 0;container-type:inline-size;background:linear-gradient(90deg,transparent,#fff 60%) right/48px 100% no-repeat local,
linear-gradient(90deg,transparent,#aaa) right/14px 100% no-repeat scroll}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:4px 0;position:sticky;left:0;width:100cqw}th,td{text-align:left;padding:3px 8px 3px 0;border-bottom:1px solid #ddd;vertical-align:top}
th[scope=row]{font-weight:400}tr>:first-child{position:sticky;left:0;z-index:1;background:#fff;white-space:nowrap}
.words tr>:first-child{white-space:normal;min-width:9em}thead th{border-bottom:2px solid #666;vertical-align:bottom}.n{text-align:right;padding:3px 0 3px 8px}
th.n{width:1%;min-width:3.6em}td.n{white-space:nowrap}.none{color:#444;font-style:italic}summary{cursor:pointer;color:#0b4a8f;font-size:.9rem}
footer{border-top:1px solid #c8c8c8;margin-top:28px;padding-top:8px;padding-bottom:20px;font-size:.82rem;color:#444}
@page{size:A4;margin:14mm}
@media print{body{font-size:10pt}main,header,footer{max-width:none;padding-left:0;padding-right:0}.scroll{overflow:visible;container-type:normal;background:none}
caption,tr>:first-child{position:static;box-shadow:none;background:none}caption{width:auto}.words tr>:first-child{min-width:40mm}figure,tr,.figures div{break-inside:avoid}h2,caption{break-after:avoid}thead{display:table-header-group}summary{display:none}
details::details-content{content-visibility:visible;display:block}svg.chart{max-width:150mm}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
</style></head><body><header><h1>' || html_text(title) || '</h1><p>' || html_text(subtitle) || '</p></header><main>'
        || coalesce(body, '') || '</main><footer>' || coalesce('<p>' || html_text(footnote) || '</p>', '') || '<p>Made on '
        || day_text((now() AT TIME ZONE 'Europe/London')::date) || '.</p></footer></body></html>
';
COMMENT ON FUNCTION html_page(text, text, text, text) IS
'A whole page of HTML: title, subtitle and footnote are escaped, body is HTML already. It holds its style, has no script, names no host, is well-formed XML, and prints on A4';
