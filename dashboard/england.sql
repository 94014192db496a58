-- The published rates of absence in England to draw beside a period, of the daily series: those of its whole weeks, and
-- that of the longest span of days that overlaps with it.
SELECT jsonb_build_object(
    'weeks', (SELECT coalesce(jsonb_object_agg(w.week, w.rate) FILTER (WHERE w.rate IS NOT NULL), '{}')
              FROM (SELECT g.week::date AS week,
                  benchmark_rate('overall_absence_perc', 'daily', daterange(g.week::date, g.week::date + 7),
                        'National', 'E92000001', p.phase) AS rate
                    FROM generate_series(date_trunc('week', lower(p.days)::timestamp),
                        upper(p.days)::timestamp - interval '1 day', interval '1 week') AS g (week)
                    WHERE p.days @> daterange(g.week::date, g.week::date + 5)) w),
    'days', days_text(y.days), 'rate',
    benchmark_rate('overall_absence_perc', 'daily', y.days, 'National', 'E92000001', p.phase))::text AS england
FROM (SELECT page_days(:'period', :'schools'::integer[]) AS days,
        -- all schools, unless those that are looked at are of one phase
        (SELECT CASE WHEN count(DISTINCT statistical_phase(s.phase, s.type)) = 1
            THEN min(statistical_phase(s.phase, s.type)) ELSE 'Total' END
         FROM schools_in(:'period') s WHERE s.urn = ANY (:'schools'::integer[])) AS phase) p
LEFT JOIN LATERAL (
    SELECT b.days FROM benchmark_row b JOIN benchmark_file f ON f.file_id = b.file_id
    WHERE f.series = 'daily' AND b.geographic_level = 'National' AND b.phase = p.phase AND b.days && p.days
        AND upper(b.days) - lower(b.days) > 31
    ORDER BY upper(b.days) - lower(b.days) DESC, b.file_id DESC LIMIT 1) y ON true
