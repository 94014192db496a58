-- The medians of the queries as SVG: a bar for each peer below its case, on a logarithmic scale.
WITH bar AS (
    SELECT test, peer, median AS ms, 16 * row_number() OVER w + 30 * dense_rank() OVER (ORDER BY test) AS y,
        190 + 100 * log(greatest(median, 0.01) / 0.01) AS x,
        row_number() OVER (PARTITION BY test ORDER BY median) = 1 AS first
    FROM median WHERE unit = 'ms' AND test IN (SELECT test FROM answer) WINDOW w AS (ORDER BY test, median)
), part AS (
    SELECT 1 AS layer, x AS place,
        format('<path d="M%1$s 34V%2$s" stroke="#dcdee0"/><text x="%1$s" y="28" text-anchor="middle" '
               'fill="#505a5f">%3$s</text>', x, bottom, label) AS svg
    FROM (SELECT 190 + 100 * n AS x, (SELECT max(y) + 16 FROM bar) AS bottom,
        trim_scale(10::numeric ^ (n - 2)) || ' ms' AS label FROM generate_series(0, 7) n) AS grid
    UNION ALL
    SELECT 2, y, CASE WHEN first THEN format('<text x="8" y="%s" font-weight="bold">%s</text>', y - 8, test) ELSE '' END
        || format(
            '<text x="184" y="%1$s" text-anchor="end">%2$s</text><rect x="190" y="%3$s" width="%4$s" height="12" '
            'fill="%5$s"/><text x="%6$s" y="%1$s">%7$s</text>',
            y + 10, replace(peer, '"', ''), y, greatest(round((x - 190)::numeric, 1), 1),
            CASE WHEN peer = 'packed' THEN '#1d70b8' ELSE '#b1b4b6' END, round(x::numeric) + 4, shown(ms))
    FROM bar
)
SELECT format(
    '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="%s" font-family="sans-serif" font-size="11">',
    (SELECT max(y) + 30 FROM bar))
    || '<rect width="100%" height="100%" fill="white"/><text x="8" y="12">Milliseconds (medians), on a logarithmic '
       'scale; shorter is better</text>'
    || string_agg(svg, E'\n' ORDER BY layer, place) || '</svg>'
FROM part;
