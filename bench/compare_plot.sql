-- A bar for each case and peer, on a logarithmic scale, as SVG.
WITH bar AS (
    SELECT *, row_number() OVER (ORDER BY test, ms) + dense_rank() OVER (ORDER BY test) AS place,
        260 + 90 * ln(greatest(ms, 0.01) / 0.01) / ln(10) AS x
    FROM median
)
SELECT '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="' || 40 + 16 * max(place) || '" font-family="sans-serif" font-size="11">'
    || '<rect width="100%" height="100%" fill="white"/><text x="260" y="14">milliseconds, logarithmic; shorter is better</text>'
    || string_agg(format('<text x="250" y="%s" text-anchor="end">%s: %s</text><rect x="260" y="%s" width="%s" height="12" fill="%s"/><text x="%s" y="%s">%s</text>',
        30 + 16 * place, test, replace(peer, '"', ''), 20 + 16 * place, round((x - 260)::numeric, 1),
        CASE WHEN peer = 'packed' THEN '#1d70b8' ELSE '#b1b4b6' END, round(x::numeric) + 5, 30 + 16 * place, round(ms::numeric, 2)), '' ORDER BY place)
    || '</svg>'
FROM bar;
