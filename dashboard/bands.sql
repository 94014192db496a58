SELECT array_agg(b.label ORDER BY b.band)::text AS labels FROM report_band b WHERE b.scheme = 'attendance'
