-- Everything that one view of the dashboard shows, in one statement: one snapshot, and the lines of the register are
-- fetched and counted once. The lines are those of report_line(); beyond that only what the reports are made of.
--
-- Parameters, as psql has them (:'period'), so that psql can run this too. The empty text is none:
--   period, population  as of the reports
--   schools             URNs, as an array
--   class               'any', 'none' (pupils without a group) or '=' and the registration group
--   pupil               pupil_key
--   cohort, value       a group of report_cohort()
--   parts               what the rows of the table are: authority, trust, school, class, pupil or nothing
--   threshold           that of suppress_small_numbers(), for levels above the school; 0 shows everything
--   bands               the labels of the bands, as an array
--   england             what england.sql gives
WITH chosen AS MATERIALIZED (
    -- what is missing is counted, and in no chart
    SELECT l.school_urn, l.academic_year, l.pupil_id, l.registration_group, with_unmarked(l.marks, 'empty') AS marks,
        l.days, t.tally
    FROM due_line(:'period', :'population', :'schools'::integer[]) l
    CROSS JOIN LATERAL (SELECT tally(l.marks, l.days) AS tally OFFSET 0) t
    WHERE (:'class' = 'any' OR coalesce('=' || l.registration_group, 'none') = :'class')
        AND (:'pupil' = '' OR l.pupil_id = (
            SELECT p.pupil_id FROM pupil p WHERE p.pupil_key = nullif(:'pupil', '')::integer))
        AND (:'cohort' = '' OR (l.school_urn, l.academic_year, l.pupil_id) IN (
            SELECT c.school_urn, c.academic_year, c.pupil_id
            FROM report_cohort(:'period', :'population', :'schools'::integer[], ARRAY[:'cohort'::text]) c
            WHERE c.value = :'value'))),
rule AS (
    SELECT nullif(:'threshold', '')::integer AS threshold, states_persistent_absence(:'period') AS persistence),
-- ---------- figures ----------
total AS MATERIALIZED (
    SELECT f.* FROM (SELECT cohort_agg(c.tally) AS cohort FROM chosen c) g
    CROSS JOIN LATERAL cohort_figures(g.cohort, NULL, states_persistent_absence(:'period')) f),
member AS (
    SELECT CASE :'parts' WHEN 'authority' THEN s.la_number::text WHEN 'trust' THEN coalesce(s.trust_uid, 0)::text
        WHEN 'school' THEN s.urn::text
            WHEN 'class' THEN coalesce('=' || c.registration_group, 'none') WHEN 'pupil' THEN c.pupil_id::text
                ELSE 'all' END AS part,
        c.tally, attendance_band(c.tally) AS band
    -- whose they were in the period
    FROM chosen c JOIN schools_in(:'period') s ON s.urn = c.school_urn),
part AS MATERIALIZED (
    SELECT m.part, tally(cohort_agg(m.tally)) AS tally FROM member m GROUP BY m.part),
-- parts by kind of absence is one table, too
missed AS MATERIALIZED (
    SELECT s.row_key AS part, sum(s.count) FILTER (WHERE s.column_key IS NULL) AS absent,
        count(s.count) FILTER (WHERE s.column_key IS NOT NULL) = 2 AS kinds
    FROM (SELECT array_agg(p.part) AS r, array_agg(k.kind) AS k, array_agg(k.sessions) AS n
          FROM part p CROSS JOIN LATERAL (VALUES ('authorised', authorised(p.tally)),
              ('unauthorised', unauthorised(p.tally))) AS k (kind, sessions)) g
    CROSS JOIN rule r
    CROSS JOIN LATERAL countable(g.r, g.k, g.n, r.threshold) s GROUP BY s.row_key),
-- parts by bands is one table: what is suppressed in it holds for the totals and for the bands of all
banded AS MATERIALIZED (
    SELECT s.row_key AS part, s.column_key AS band, s.count
    FROM (SELECT array_agg(n.part) AS r, array_agg(n.band) AS b, array_agg(n.enrolments) AS n
          FROM (SELECT p.part, b.band::text AS band, count(m.band) AS enrolments
                FROM part p CROSS JOIN generate_series(1, 5) AS b (band)
                LEFT JOIN member m ON m.part = p.part AND m.band = b.band AND possible(m.tally) > 0
                GROUP BY p.part, b.band) n) g
    CROSS JOIN rule r
    CROSS JOIN LATERAL countable(g.r, g.b, g.n, r.threshold) s),
persistent AS MATERIALIZED (
    SELECT b.part, sum(b.count) FILTER (WHERE b.band IS NULL) AS enrolments,
        sum(b.count) FILTER (WHERE b.band = '5') AS severe,
        -- of those counted as persistently absent: all but the bands below, or these bands themselves
        coalesce(sum(b.count) FILTER (WHERE b.band IS NULL)
                - CASE WHEN count(b.count) FILTER (WHERE b.band IN ('1', '2', '3')) = 3 THEN sum(b.count)
                    FILTER (WHERE b.band IN ('1', '2', '3')) END,
            CASE WHEN count(b.count) FILTER (WHERE b.band IN ('4', '5')) = 2 THEN sum(b.count)
                FILTER (WHERE b.band IN ('4', '5')) END) AS persistent
    FROM banded b GROUP BY b.part),
safe AS MATERIALIZED (
    SELECT t.*, r.threshold >= 2 AND (p.enrolments IS NULL OR m.absent IS NULL) AS hidden,
        r.threshold >= 2 AND m.kinds IS NOT true AS parts_hidden,
        r.threshold >= 2 AND (t.late_before_close BETWEEN 1 AND r.threshold - 1
            OR t.late_after_close BETWEEN 1 AND r.threshold - 1) AS late_hidden
    FROM total t CROSS JOIN rule r LEFT JOIN missed m ON m.part IS NULL LEFT JOIN persistent p ON p.part IS NULL),
counted AS MATERIALIZED (
    SELECT p.part, CASE WHEN p.enrolments IS NULL THEN 'c' ELSE count_text(p.enrolments) END AS enrolments,
        p.persistent, p.severe,
        CASE WHEN NOT r.persistence THEN '-' WHEN p.persistent IS NULL THEN 'c'
            ELSE count_text(p.persistent) END AS persistent_count,
        CASE WHEN NOT r.persistence THEN '-' WHEN p.persistent IS NULL OR p.enrolments IS NULL THEN 'c'
            ELSE percent_text(percent_of(p.persistent, p.enrolments)) END AS persistent_rate,
        CASE WHEN NOT r.persistence THEN '-' WHEN p.severe IS NULL THEN 'c'
            ELSE count_text(p.severe) END AS severe_count,
        CASE WHEN NOT r.persistence THEN '-' WHEN p.severe IS NULL OR p.enrolments IS NULL THEN 'c'
            ELSE percent_text(percent_of(p.severe, p.enrolments)) END AS severe_rate
    FROM persistent p CROSS JOIN rule r),
figures AS (
    SELECT CASE WHEN :'pupil' = '' THEN html_figures(f.labels, f.figures, f.notes)
        -- of one pupil neither how many nor which part
        ELSE html_figures(f.labels[1:5] || f.labels[7:8],
            f.figures[1:5] || CASE WHEN r.persistence THEN ARRAY[CASE WHEN c.persistent > 0 THEN 'yes' ELSE 'no' END,
                CASE WHEN c.severe > 0 THEN 'yes' ELSE 'no' END]
                ELSE '{-,-}' END,
            f.notes[1:5] || CASE WHEN r.persistence THEN '{"10% or more missed","50% or more missed"}'::text[]
                ELSE f.notes[7:8] END) END AS html
    FROM safe t CROSS JOIN rule r LEFT JOIN counted c ON c.part IS NULL
    CROSS JOIN LATERAL (SELECT
        '{Attendance,Absence,Authorised absence,Unauthorised absence,'
        '"Late, before and after the register closed",Enrolments,'
        'Persistently absent,Severely absent}'::text[] AS labels,
        ARRAY[CASE WHEN t.hidden THEN 'c' ELSE percent_text(t.attendance_percent) END, CASE WHEN t.hidden THEN 'c'
            ELSE percent_text(t.absence_percent) END,
            CASE WHEN t.hidden OR t.parts_hidden THEN 'c' ELSE percent_text(t.authorised_percent) END,
            CASE WHEN t.hidden OR t.parts_hidden THEN 'c' ELSE percent_text(t.unauthorised_percent) END,
            CASE WHEN t.hidden OR t.late_hidden THEN 'c' ELSE count_text(t.late_before_close + t.late_after_close) END,
            coalesce(c.enrolments, '0'), coalesce(c.persistent_rate, '-'), coalesce(c.severe_rate, '-')] AS figures,
        ARRAY[CASE WHEN t.hidden THEN ''
            ELSE attended_text(t.attended, t.possible, t.due, t.unmarked) END,
            CASE WHEN t.hidden THEN '' ELSE format('%s sessions', count_text(t.absent)) END,
            CASE WHEN t.hidden OR t.parts_hidden THEN '' ELSE format('%s sessions', count_text(t.authorised)) END,
            CASE WHEN t.hidden OR t.parts_hidden THEN '' ELSE format('%s sessions', count_text(t.unauthorised)) END,
            CASE WHEN t.hidden OR t.late_hidden THEN ''
                ELSE format('sessions, %s of them after it closed', count_text(t.late_after_close)) END,
            'with a possible session',
            CASE WHEN r.persistence THEN format('%s enrolments', coalesce(c.persistent_count, '0'))
            ELSE 'not stated for so few days' END,
            CASE WHEN r.persistence THEN format('%s enrolments', coalesce(c.severe_count, '0'))
                ELSE 'not stated for so few days' END] AS notes) f),
-- ---------- the table of parts ----------
named AS (
    SELECT p.part, p.part AS target, a.name AS label FROM part p
        JOIN local_authority a ON a.la_number::text = p.part
        WHERE :'parts' = 'authority'
    UNION ALL
    SELECT p.part, p.part, coalesce(t.name, 'Schools without a trust') FROM part p
        LEFT JOIN trust t ON t.trust_uid::text = p.part WHERE :'parts' = 'trust'
    UNION ALL
    SELECT p.part, p.part, s.school_name FROM part p JOIN bi_dim_school s ON s.school_urn::text = p.part
    WHERE :'parts' = 'school'
    UNION ALL
    SELECT p.part, p.part, CASE p.part WHEN 'none' THEN 'No class' ELSE substr(p.part, 2) END FROM part p
    WHERE :'parts' = 'class'
    UNION ALL
    -- who has the name of another is told apart by the number
    SELECT l.part, l.pupil_key::text, l.label
        || CASE WHEN count(*) OVER (PARTITION BY lower(l.label)) > 1 THEN format(', number %s', l.pupil_key) ELSE '' END
    FROM (
        SELECT p.part, u.pupil_key, pupil_label(u.pupil_id) AS label
        FROM part p JOIN pupil u ON u.pupil_id = CASE WHEN :'parts' = 'pupil' THEN p.part::bigint END) l),
line AS (
    SELECT n.target, n.label, absence_rate(p.tally) AS absence, CASE WHEN :'parts' = 'pupil'
        THEN ARRAY[format('%s of %s', count_text(absent(p.tally)), count_text(possible(p.tally))),
            percent_text(absence_rate(p.tally)),
            percent_text(unauthorised_rate(p.tally)),
            coalesce(band_label((:'bands'::text[])[attendance_band(p.tally)], r.persistence), '-')]
        ELSE ARRAY[c.enrolments,
            CASE WHEN h.hidden THEN 'c'
                ELSE format('%s of %s', count_text(absent(p.tally)), count_text(possible(p.tally))) END,
            CASE WHEN h.hidden THEN 'c' ELSE percent_text(absence_rate(p.tally)) END,
            CASE WHEN h.hidden OR h.parts_hidden THEN 'c' ELSE percent_text(unauthorised_rate(p.tally)) END,
            c.persistent_count || CASE WHEN c.persistent_rate IN ('-', 'c') THEN ''
                ELSE format(' (%s)', c.persistent_rate) END,
            c.severe_count || CASE WHEN c.severe_rate IN ('-', 'c') THEN '' ELSE format(' (%s)', c.severe_rate) END] END
                AS cells
    FROM part p JOIN counted c ON c.part = p.part JOIN named n ON n.part = p.part JOIN missed m ON m.part = p.part
        CROSS JOIN rule r
    CROSS JOIN LATERAL (SELECT r.threshold >= 2 AND (c.enrolments = 'c' OR m.absent IS NULL) AS hidden,
        r.threshold >= 2 AND NOT m.kinds AS parts_hidden) h
    WHERE possible(p.tally) > 0),
-- ---------- days and weeks ----------
on_day AS MATERIALIZED (
    SELECT date_trunc('week', d.day::timestamp)::date AS week, extract(isodow FROM d.day)::integer AS weekday,
        tally_agg(d.tally) AS tally
    FROM (SELECT array_agg(slice(c.marks, c.days)) AS lines FROM chosen c GROUP BY c.school_urn, c.academic_year) g
    CROSS JOIN LATERAL group_session_tallies(g.lines) d
    GROUP BY 1, 2),
by_week AS (SELECT d.week, tally_agg(d.tally) AS tally FROM on_day d GROUP BY d.week),
week AS MATERIALIZED (
    SELECT w.week, CASE WHEN NOT (s.hidden OR (r.threshold >= 2 AND absent(w.tally) BETWEEN 1 AND r.threshold - 1))
        THEN absence_rate(w.tally) END AS absence,
        (e.england -> 'weeks' ->> w.week::text)::numeric AS england, (e.england ->> 'rate')::numeric AS england_year
    FROM by_week w CROSS JOIN safe s CROSS JOIN rule r CROSS JOIN (SELECT :'england'::jsonb AS england) e
    WHERE possible(w.tally) > 0),
published AS (
    SELECT count(w.england) > 0 AS weekly, count(w.england_year) > 0 AS yearly, :'england'::jsonb ->> 'days' AS days
    FROM week w),
trend AS (
    SELECT html_chart(svg_line_chart('Absence by week, percent of possible sessions',
        array_agg(to_char(w.week::timestamp, 'FMDD Mon') ORDER BY w.week),
            array_remove(ARRAY['Here', CASE WHEN p.weekly THEN 'England, the same week' END,
                CASE WHEN p.yearly THEN 'England, ' || p.days END], NULL),
            ARRAY[array_agg(w.absence ORDER BY w.week)] || CASE WHEN p.weekly
                THEN ARRAY[array_agg(w.england ORDER BY w.week)] END
                || CASE WHEN p.yearly THEN ARRAY[array_agg(w.england_year ORDER BY w.week)] END),
        html_table('Absence by week', '{Week from,Here,England}',
            array_agg(ARRAY[day_text(w.week), CASE WHEN w.absence IS NULL THEN 'c' ELSE percent_text(w.absence) END,
            percent_text(w.england)]
            ORDER BY w.week))) AS html
    FROM week w CROSS JOIN published p GROUP BY p.weekly, p.yearly, p.days),
-- ---------- bands ----------
bands AS (
    SELECT html_table('Enrolments by band of attendance', '{Attendance,Enrolments,Of all}',
        array_agg(ARRAY[l.label, CASE WHEN b.count IS NULL THEN 'c' ELSE count_text(b.count) END,
            CASE WHEN b.count IS NULL OR t.hidden THEN 'c' ELSE percent_text(percent_of(b.count, t.enrolments)) END]
                ORDER BY l.band),
        1, array_agg(l.band >= 4 AND coalesce(b.count > 0, true) ORDER BY l.band), '10% or more missed',
        array_agg(b.count::numeric ORDER BY l.band)) AS html
    FROM (SELECT band_label(u.label, r.persistence) AS label, u.band
        FROM unnest(:'bands'::text[]) WITH ORDINALITY AS u (label, band) CROSS JOIN rule r) l
    JOIN banded b ON b.part IS NULL AND b.band = l.band::text CROSS JOIN safe t HAVING count(*) > 0),
-- ---------- reasons ----------
reason AS MATERIALIZED (
    SELECT s.row_key AS mark_code, s.count, m.mark_key, m.mark_label
    FROM (SELECT array_agg(o.mark::text) AS marks, array_agg('sessions'::text) AS k, array_agg(o.sessions) AS sessions
          FROM (SELECT mark_counts_agg(mark_counts(c.marks, c.days)) AS counts FROM chosen c) n
              CROSS JOIN LATERAL counts(n.counts) o
          WHERE is_absence(o.mark)) g
    CROSS JOIN rule r
    CROSS JOIN LATERAL countable(g.marks, g.k, g.sessions, r.threshold) s
    JOIN bi_dim_mark m ON m.mark_code = s.row_key
    WHERE s.column_key IS NOT NULL),
reasons AS (
    SELECT html_table('Sessions missed, by reason', '{Code,Reason,Sessions,Of all absence}',
        array_agg(ARRAY[e.mark_code, e.mark_label, CASE WHEN e.count IS NULL THEN 'c' ELSE count_text(e.count) END,
            CASE WHEN e.count IS NULL OR t.hidden THEN 'c' ELSE percent_text(percent_of(e.count, t.absent)) END]
                ORDER BY e.count DESC NULLS LAST, e.mark_key),
        2, amounts => array_agg(e.count::numeric ORDER BY e.count DESC NULLS LAST, e.mark_key)) AS html
    FROM reason e CROSS JOIN safe t),
-- ---------- heat maps ----------
day_cell AS MATERIALIZED (
    SELECT w.week, n.weekday,
        CASE WHEN NOT (s.hidden OR (r.threshold >= 2 AND absent(d.tally) BETWEEN 1 AND r.threshold - 1))
        THEN absence_rate(d.tally) END AS absence,
        possible(d.tally) > 0 AS held
    FROM (SELECT DISTINCT o.week FROM on_day o WHERE possible(o.tally) > 0) w
    CROSS JOIN generate_series(1, (SELECT greatest(5, max(o.weekday)) FROM on_day o WHERE possible(o.tally) > 0))
        AS n (weekday)
    LEFT JOIN on_day d ON d.week = w.week AND d.weekday = n.weekday
    CROSS JOIN safe s CROSS JOIN rule r),
day_line AS (
    SELECT d.week, array_agg(CASE WHEN d.held THEN coalesce(heat_colour(d.absence, m.most), '#ffffff') END
        ORDER BY d.weekday) AS fills,
        array_agg(CASE WHEN d.held THEN coalesce(round(d.absence, 1)::text, 'c') ELSE '' END ORDER BY d.weekday)
            AS cells
    FROM day_cell d CROSS JOIN (SELECT greatest(ceil(max(c.absence)), 1) AS most FROM day_cell c) m GROUP BY d.week),
weekday_map AS (
    SELECT html_heat_map('Absence by week and day, percent', array_agg(day_text(l.week) ORDER BY l.week),
            ('{Mon,Tue,Wed,Thu,Fri,Sat,Sun}'::text[])[1:max(cardinality(l.cells))], array_agg(l.fills ORDER BY l.week),
            array_agg(l.cells ORDER BY l.week),
            ARRAY['No absence', format('%s%%, the most here', max(m.most))], ARRAY[heat_colour(0), heat_colour(100)])
                AS html
    FROM day_line l CROSS JOIN (SELECT greatest(ceil(max(c.absence)), 1) AS most FROM day_cell c) m),
pupil_week AS MATERIALIZED (
    SELECT n.label, n.target::integer AS pupil_key, w.week, absence_rate(tally_agg(w.tally)) AS absence
    FROM chosen c CROSS JOIN LATERAL weekly_tallies(slice(c.marks, c.days)) w
    JOIN named n ON n.part = c.pupil_id::text
    WHERE :'parts' = 'pupil' AND possible(w.tally) > 0
    GROUP BY n.label, n.target, w.week),
pupil_line AS (
    SELECT p.label, p.pupil_key, array_agg(heat_colour(v.absence) ORDER BY k.week) AS fills,
        array_agg(coalesce(round(v.absence)::text, '') ORDER BY k.week) AS cells
    FROM (SELECT DISTINCT label, pupil_key FROM pupil_week) p CROSS JOIN (SELECT DISTINCT week FROM pupil_week) k
    LEFT JOIN pupil_week v ON v.pupil_key = p.pupil_key AND v.week = k.week
    GROUP BY p.label, p.pupil_key),
pupil_map AS (
    SELECT html_heat_map('Absence by pupil and week, percent', array_agg(l.label ORDER BY l.label, l.pupil_key),
            (SELECT array_agg(to_char(k.week::timestamp, 'FMDD Mon') ORDER BY k.week)
                FROM (SELECT DISTINCT week FROM pupil_week) k),
            array_agg(l.fills ORDER BY l.label, l.pupil_key), array_agg(l.cells ORDER BY l.label, l.pupil_key),
            '{No absence,All sessions missed}', ARRAY[heat_colour(0), heat_colour(100)]) AS html
    FROM pupil_line l),
-- the marks of one pupil
entry AS MATERIALIZED (
    SELECT date_trunc('week', s.calendar_date::timestamp)::date AS week,
        extract(isodow FROM s.calendar_date)::integer * 2 + (s.session = 'PM')::integer - 1 AS place,
        s.mark_code
    FROM bi_session s JOIN chosen c ON c.school_urn = s.school_urn AND c.academic_year = s.academic_year
        AND c.days @> s.calendar_date
    WHERE :'pupil' <> '' AND s.pupil_key = nullif(:'pupil', '')::integer),
entry_line AS (
    SELECT w.week, array_agg(mark_colour(e.mark_code::session_mark) ORDER BY n.place) AS fills,
        array_agg(coalesce(e.mark_code, '') ORDER BY n.place) AS cells
    FROM (SELECT DISTINCT week FROM entry) w
        CROSS JOIN generate_series(1, (SELECT greatest(10, max(place)) FROM entry)) AS n (place)
    LEFT JOIN entry e ON e.week = w.week AND e.place = n.place GROUP BY w.week),
calendar AS (
    SELECT html_heat_map('Marks by week and session', array_agg(day_text(l.week) ORDER BY l.week),
            ('{Mon am,Mon pm,Tue am,Tue pm,Wed am,Wed pm,Thu am,Thu pm,Fri am,Fri pm,Sat am,Sat pm,'
             'Sun am,Sun pm}'::text[])[1:max(cardinality(l.cells))],
            array_agg(l.fills ORDER BY l.week), array_agg(l.cells ORDER BY l.week), page_mark_classes(),
            page_mark_fills())
        || (SELECT html_note('Codes: ' || string_agg(k.mark_code || ' ' || k.mark_label, '; ' ORDER BY k.mark_key))
            FROM bi_dim_mark k WHERE k.mark_code IN (SELECT e.mark_code FROM entry e)) AS html
    FROM entry_line l)
SELECT t.enrolments > 0 AS has_marks, days_text(page_shown_days(:'period', :'schools'::integer[])) AS days,
    (SELECT html FROM figures) AS figures, (SELECT html FROM trend) AS trend, (SELECT html FROM bands) AS bands,
    (SELECT html FROM reasons) AS reasons, (SELECT html FROM weekday_map) AS weekdays,
    CASE WHEN :'parts' = 'pupil' THEN (SELECT html FROM pupil_map) END AS pupils,
    CASE WHEN :'pupil' <> '' THEN (SELECT html FROM calendar) END AS calendar,
    coalesce((SELECT json_agg(json_build_array(l.target, l.label, l.cells) ORDER BY l.absence DESC, l.label, l.target)
        FROM line l WHERE :'parts' <> ''), '[]')::text AS parts
FROM total t
