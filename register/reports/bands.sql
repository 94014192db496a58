-- Bands of attendance and absence, and who is in which.  OFFSET 0, here and in other reports: what is
-- counted of a line is counted once, not again wherever it is named.

CREATE VIEW report_band WITH (security_invoker = true) AS
    SELECT v.scheme, v.band, v.label, v.percentages
    FROM (VALUES
        ('attendance'::text, 1, '100 %'::text, numrange(100, 100, '[]')),
        ('attendance', 2, '95 to under 100 %', numrange(95, 100)),
        ('attendance', 3, 'over 90, under 95 %: at risk', numrange(90, 95, '()')),
        ('attendance', 4, 'over 50 to 90 %: persistently absent', numrange(50, 90, '(]')),
        ('attendance', 5, 'to 50 %: severely absent', numrange(0, 50, '[]'))) AS v (scheme, band, label, percentages)
    UNION ALL
    SELECT 'absence'::text, n, CASE WHEN n = 20 THEN '100 %' ELSE format('%s to under %s %%', 5 * n, 5 * n + 5) END,
        CASE WHEN n = 20 THEN numrange(100, 100, '[]') ELSE numrange(5 * n, 5 * n + 5) END
    FROM generate_series(0, 20) AS n;
COMMENT ON VIEW report_band IS
'The bands that reports speak of (in a short period without their names: band_label()). Scheme attendance: what '
'schools work with, so that 90 % attendance is persistent and 50 % severe absence (attendance_band()); scheme absence: '
'the five-point bands of the official figures (absence_band())';
COMMENT ON COLUMN report_band.percentages IS 'Of attendance in the scheme attendance, of absence in the scheme absence';

CREATE FUNCTION band_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    scheme text DEFAULT 'attendance')
    RETURNS TABLE (band integer, enrolments bigint, absent bigint)
    LANGUAGE sql STABLE ROWS 21
BEGIN ATOMIC
    SELECT CASE WHEN scheme = 'absence' THEN absence_band(t.tally) ELSE attendance_band(t.tally) END, count(*),
        sum(absent(t.tally))::bigint
    FROM (SELECT tally(l.marks, l.days) AS tally FROM report_line(period, population, schools) l OFFSET 0) t
    WHERE possible(t.tally) > 0 AND read_choice(band_counts.scheme, 'attendance', 'absence') IS NOT NULL
    GROUP BY 1;
END;
COMMENT ON FUNCTION band_counts(text, text, integer[], text) IS
'What attendance_bands() is made of, a row for each register and band that somebody is in: enrolments with a possible '
'session, and the sessions that they missed. 22023 for what is no period, population, school or scheme';

CREATE FUNCTION attendance_bands(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    scheme text DEFAULT 'attendance')
    RETURNS TABLE (band integer, label text, percentages numrange, enrolments bigint, all_enrolments bigint,
        enrolments_percent numeric, absent bigint, all_absent bigint, absent_percent numeric)
    LANGUAGE sql STABLE ROWS 21
BEGIN ATOMIC
    WITH counted AS (
        SELECT c.band, sum(c.enrolments)::bigint AS enrolments, sum(c.absent)::bigint AS absent
        FROM band_counts(period, population, schools, scheme) c
        GROUP BY c.band),
    total AS (
        SELECT coalesce(sum(c.enrolments), 0)::bigint AS enrolments, coalesce(sum(c.absent), 0)::bigint AS absent
        FROM counted c)
    SELECT b.band, band_label(b.label, (SELECT states_persistent_absence(period, schools))), b.percentages,
        coalesce(c.enrolments, 0), t.enrolments, 100 * coalesce(c.enrolments, 0)::numeric / nullif(t.enrolments, 0),
        coalesce(c.absent, 0), t.absent, 100 * coalesce(c.absent, 0)::numeric / nullif(t.absent, 0)
    FROM report_band b
    CROSS JOIN total t
    LEFT JOIN counted c ON c.band = b.band
    WHERE b.scheme = read_choice(attendance_bands.scheme, 'attendance', 'absence')
    ORDER BY b.band;
END;
COMMENT ON FUNCTION attendance_bands(text, text, integer[], text) IS
'How many enrolments with a possible session are in each band of a scheme of report_band, with their share of '
'enrolments and of missed sessions, percent 0 to 100. Of a day or a week a label has the percentages alone: persistent '
'absence is not stated (states_persistent_absence()). 22023 for what is no period, population or scheme. Bands of '
'absence: those of Pupil absence in schools in England';

CREATE FUNCTION pupil_bands(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, possible bigint, attended bigint, absent bigint, attendance_percent numeric,
        absence_percent numeric, attendance_band integer, label text, absence_band integer)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT t.school_urn, t.pupil_id, t.upn, t.surname, t.forename, t.year_group, t.registration_group,
        possible(t.tally), attended(t.tally), absent(t.tally), attendance_rate(t.tally), absence_rate(t.tally),
        b.band, band_label(b.label, (SELECT states_persistent_absence(period, schools))), absence_band(t.tally)
    FROM pupil_line(period, population, schools) t
    JOIN report_band b ON b.scheme = 'attendance' AND b.band = attendance_band(t.tally)
    WHERE possible(t.tally) > 0;
END;
COMMENT ON FUNCTION pupil_bands(text, text, integer[]) IS
'Each enrolment with a possible session, with its band of attendance (label: that of the scheme attendance of '
'report_band; of a day or a week without what such pupils are called) and of absence. 22023 for what is no period or '
'population';
