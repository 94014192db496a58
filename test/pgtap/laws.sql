-- Laws that hold for every series, tried on 2500 made ones: of weeks of 5, 6 and 7 days, with
-- gaps, with runs longer than one byte can tell, of a single mark and of none.
BEGIN;
SELECT plan(62);

-- A number from 0 up to, not including, n: always the same for the same key.
CREATE FUNCTION pick(n int, VARIADIC key int[]) RETURNS int LANGUAGE sql IMMUTABLE
RETURN abs(hash_array_extended(key, 20250908) % n)::int;

-- A law is given as a query for its exceptions, of which a few are shown.
CREATE FUNCTION holds(law text, exceptions text) RETURNS text LANGUAGE sql
RETURN is_empty(exceptions || ' LIMIT 5', law);

-- Each series has a random length, length of its runs and share of blanks; some touch the first
-- day that a register can have, or the last.
CREATE TABLE shape AS
SELECT id, 5 + pick(3, id, 1) AS days_per_week, span,
       CASE WHEN id < 20 THEN date '1900-01-01'
            WHEN id < 40 THEN date '2999-12-31' - span + 1
            ELSE date '1900-01-01' + pick(400000, id, 2) END AS start,
       (ARRAY[1, 1, 2, 3, 7, 40, 700])[1 + pick(7, id, 4)] AS run,
       (ARRAY[0, 0, 3, 50, 95])[1 + pick(5, id, 5)] AS blank
FROM generate_series(1, 2500) AS id,
     LATERAL (SELECT (ARRAY[1, 1, 2, 5, 12, 20, 70, 70, 190, 900])[1 + pick(10, id, 3)]) AS s (span);

-- Every code, and presence more often than others.
CREATE TABLE code AS
SELECT array_agg(mark ORDER BY mark) || array_fill('/'::session_mark, ARRAY[20]) AS codes
FROM attendance_codes();

-- The marks as rows; presence is the mark of its half of the day.
CREATE TABLE entry AS
SELECT id, day, half, school_session(day, half) AS session,
       CASE WHEN mark NOT IN ('/', '\') THEN mark WHEN half = 'AM' THEN '/' ELSE '\' END AS mark
FROM shape, code, generate_series(0, span - 1) AS i, LATERAL (SELECT start + i) AS d (day),
     unnest(ARRAY['AM', 'PM']) WITH ORDINALITY AS h (half, n),
     LATERAL (SELECT codes[1 + pick(cardinality(codes), id, 6, (i * 2 + n::int) / run)]) AS m (mark)
WHERE extract(isodow FROM day) <= days_per_week
  AND pick(100, id, 7, (i * 2 + n::int) / greatest(run / 3, 1)) >= blank;
CREATE INDEX ON entry (id, session);

CREATE TABLE line AS
SELECT id, mark_series_agg(session, mark ORDER BY pick(1000000, id, school_session_hash(session))) AS series
FROM shape LEFT JOIN entry USING (id) GROUP BY id;
ALTER TABLE line ADD PRIMARY KEY (id);
ANALYZE entry, line;

-- ---------- what was made is as varied as it is meant to be ----------

SELECT cmp_ok((SELECT count(*) FROM entry), '>', 100000::bigint, 'more than 100,000 marks');
SELECT is((SELECT count(DISTINCT mark) FROM entry), 50::bigint, 'every code');
SELECT is((SELECT count(DISTINCT get_byte(mark_series_send(series), 0)) FROM line), 3::bigint,
          'weeks of 5, 6 and 7 days');
SELECT cmp_ok((SELECT count(*) FROM line WHERE series = 'empty'), '>', 10::bigint, 'series without marks');
SELECT cmp_ok((SELECT count(*) FROM line WHERE last_day(series) - first_day(series) > 600), '>', 50::bigint,
              'long series');
SELECT cmp_ok((SELECT count(*) FROM (SELECT id FROM entry GROUP BY id HAVING count(*) = 1) AS v), '>', 50::bigint,
              'single marks');
SELECT cmp_ok((SELECT count(*) FROM (SELECT id FROM entry GROUP BY id
                                     HAVING count(*) > 258 AND count(DISTINCT mark) < 4) AS v), '>', 3::bigint,
              'runs of many bytes');

-- ---------- there and back again ----------

SELECT holds('text, and back', $$
    SELECT id FROM line WHERE mark_series_send(series::text::mark_series) IS DISTINCT FROM mark_series_send(series) $$);
SELECT holds('every mark that was put in comes out', $$
    SELECT id, day, half, mark FROM entry EXCEPT SELECT id, m.* FROM line, marks(series) AS m $$);
SELECT holds('no other comes out', $$
    SELECT id, m.* FROM line, marks(series) AS m EXCEPT SELECT id, day, half, mark FROM entry $$);
SELECT is((SELECT count(*) FROM line, marks(series)), (SELECT count(*) FROM entry), 'each comes out once');
SELECT holds('in order of time', $$
    SELECT * FROM (SELECT id, day, session, lag((day, session)) OVER (PARTITION BY id ORDER BY n) AS before
                   FROM line, marks(series) WITH ORDINALITY AS m (day, session, mark, n)) AS v
    WHERE (day, session) <= before $$);
SELECT holds('whatever the order of entry: the same bytes', $$
    SELECT id FROM line JOIN (SELECT id, mark_series_agg(session, mark ORDER BY session) AS forwards,
                                     mark_series_agg(session, mark ORDER BY session DESC) AS backwards
                              FROM entry GROUP BY id) AS v USING (id)
    WHERE mark_series_send(series) IS DISTINCT FROM mark_series_send(forwards)
       OR mark_series_send(series) IS DISTINCT FROM mark_series_send(backwards) $$);
SELECT holds('no more days a week than there have to be', $$
    SELECT id FROM line JOIN (SELECT id, max(extract(isodow FROM day)) AS last FROM entry GROUP BY id) AS v USING (id)
    WHERE get_byte(mark_series_send(series), 0) & 15 IS DISTINCT FROM greatest(last, 5) $$);
SELECT holds('first and last day', $$
    SELECT id FROM line LEFT JOIN (SELECT id, min(day) AS first, max(day) AS last FROM entry
                                   GROUP BY id) AS v USING (id)
    WHERE (first_day(series), last_day(series)) IS DISTINCT FROM (first, last) $$);

-- ---------- one mark ----------

-- from the week before to the week after, of all but the longest
SELECT holds('mark_at() gives what was put in, or NULL', $$
    SELECT s.id, s.session, s.got, e.mark
    FROM (SELECT line.id, school_session(day, half) AS session, mark_at(series, day, half) AS got,
                 mark_at(series, school_session(day, half)) AS got_too
          FROM shape JOIN line USING (id), generate_series(-8, span + 8) AS i, unnest(ARRAY['AM', 'PM']) AS half,
               LATERAL (SELECT start + i) AS d (day)
          WHERE span <= 190 AND day BETWEEN '1900-01-01' AND '2999-12-31') AS s
         LEFT JOIN entry AS e ON (e.id, e.session) = (s.id, s.session)
    WHERE (got, got_too) IS DISTINCT FROM (e.mark, e.mark) $$);

-- for a session inside, before or after: mark, and what there is besides
CREATE TABLE change AS
SELECT id, session, (ARRAY['L', 'Y7', '/', '-', '\'])[1 + pick(5, id, 11)]::session_mark AS mark, kept
FROM shape, LATERAL (SELECT least(greatest(start + pick(span + 40, id, 12) - 20, '1900-01-01'),
                                  '2999-12-31')) AS d (day),
     LATERAL (SELECT school_session(day, (ARRAY['AM', 'PM'])[1 + pick(2, id, 13)])) AS s (session),
     LATERAL (SELECT mark_series_agg(e.session, e.mark) FROM entry AS e
              WHERE e.id = shape.id AND e.session <> s.session) AS k (kept);
SELECT holds('set_mark() changes that mark and no other', $$
    SELECT id, session, mark FROM change JOIN line USING (id)
    WHERE mark_series_send(set_mark(series, session, mark))
    IS DISTINCT FROM mark_series_send(mark_series_add(kept, session, mark)) $$);
SELECT holds('set_mark() with NULL takes it away', $$
    SELECT id, session FROM change JOIN line USING (id)
    WHERE mark_series_send(set_mark(series, session, NULL)) IS DISTINCT FROM mark_series_send(kept) $$);
SELECT holds('put in and taken away: as before', $$
    SELECT id, session FROM change
    WHERE mark_series_send(set_mark(set_mark(kept, session, mark), session, NULL))
    IS DISTINCT FROM mark_series_send(kept) $$);

-- ---------- counting ----------

CREATE TABLE recount AS
SELECT id, count(*) FILTER (WHERE is_possible(mark)) AS possible, count(*) FILTER (WHERE is_attended(mark)) AS attended,
       count(*) FILTER (WHERE is_absence(mark)) AS absent, count(*) FILTER (WHERE is_late(mark)) AS late,
       count(*) FILTER (WHERE is_authorised(mark)) AS authorised,
       count(*) FILTER (WHERE is_unauthorised(mark)) AS unauthorised,
       count(*) FILTER (WHERE mark = '-') AS unmarked, tally_agg(mark) AS tally, mark_counts_agg(mark) AS counts,
       attendance_rate(mark) AS attendance_rate, absence_rate(mark) AS absence_rate
FROM shape LEFT JOIN entry USING (id) GROUP BY id;
SELECT holds('the tally of a series is that of its marks', $$
    SELECT id, tally(series), tally FROM line JOIN recount USING (id) WHERE tally(series) IS DISTINCT FROM tally $$);
SELECT holds('the counts are those of its marks', $$
    SELECT id, mark_counts(series), counts FROM line JOIN recount USING (id) WHERE mark_counts(series)
           IS DISTINCT FROM counts $$);
SELECT holds('counts by code add up to the tally', $$
    SELECT id FROM line WHERE tally(mark_counts(series)) IS DISTINCT FROM tally(series) $$);
SELECT holds('counts() gives every code with its sessions', $$
    (SELECT id, mark, count(*) FROM entry GROUP BY id, mark EXCEPT ALL SELECT id, c.* FROM line,
     counts(mark_counts(series)) AS c)
    UNION ALL
    (SELECT id, c.* FROM line, counts(mark_counts(series)) AS c EXCEPT ALL SELECT id, mark, count(*) FROM entry
     GROUP BY id, mark) $$);
SELECT holds('mark_count() gives one of them', $$
    SELECT id, mark FROM line, attendance_codes()
    WHERE id % 10 = 0 AND mark_count(mark_counts(series), mark) IS DISTINCT FROM (SELECT count(*) FROM entry AS e
    WHERE e.id = line.id AND e.mark = attendance_codes.mark) $$);
SELECT holds('the readers of a tally are sums over the marks', $$
    SELECT id FROM line JOIN recount AS r USING (id), tally(series) AS t
    WHERE (possible(t), attended(t), absent(t), late(t), authorised(t), unauthorised(t), unmarked(t))
       IS DISTINCT FROM (r.possible, r.attended, r.absent, r.late, r.authorised, r.unauthorised, r.unmarked) $$);
SELECT holds('rates are sums divided, also as aggregates over marks', $$
    SELECT id FROM line JOIN recount AS r USING (id), tally(series) AS t
    WHERE round(attendance_rate(t), 15) IS DISTINCT FROM round(100.0 * r.attended / nullif(r.possible, 0), 15)
       OR round(absence_rate(t), 15) IS DISTINCT FROM round(100.0 * r.absent / nullif(r.possible, 0), 15)
       OR round(authorised_rate(t), 15) IS DISTINCT FROM round(100.0 * r.authorised / nullif(r.possible, 0), 15)
       OR round(unauthorised_rate(t), 15) IS DISTINCT FROM round(100.0 * r.unauthorised / nullif(r.possible, 0), 15)
       OR (attendance_rate(t), absence_rate(t)) IS DISTINCT FROM (r.attendance_rate, r.absence_rate) $$);
SELECT holds('thresholds are compared in whole sessions', $$
    SELECT id FROM line JOIN recount AS r USING (id), tally(series) AS t
    WHERE is_persistently_absent(t) IS DISTINCT FROM (r.possible > 0 AND 10 * r.absent >= r.possible)
       OR is_severely_absent(t) IS DISTINCT FROM (r.possible > 0 AND 2 * r.absent >= r.possible) $$);

-- ---------- ranges of days ----------

CREATE TABLE part AS
SELECT id, days FROM shape,
     LATERAL (SELECT start + pick(span + 30, id, 14) - 15, pick(span + 10, id, 15), pick(6, id, 16))
              AS p (first, length, kind),
     LATERAL (SELECT CASE kind WHEN 0 THEN daterange(NULL, first) WHEN 1 THEN daterange(first, NULL)
                               WHEN 2 THEN daterange(first, first, '[]') ELSE daterange(first, first + length) END
              UNION ALL SELECT '(,)' UNION ALL SELECT 'empty') AS r (days);
CREATE TABLE cut AS
SELECT part.id, days, (SELECT mark_series_agg(session, mark) FROM entry AS e WHERE e.id = part.id
                       AND e.day <@ days) AS marks
FROM part;
SELECT cmp_ok((SELECT count(DISTINCT mark_series_send(marks)) FROM cut JOIN line USING (id) WHERE marks <> series
               AND marks <> 'empty'), '>', 700::bigint,
              'ranges that hold some of the marks');
SELECT holds('a slice has the marks in the range', $$
    SELECT id, days FROM cut JOIN line USING (id) WHERE mark_series_send(slice(series, days))
           IS DISTINCT FROM mark_series_send(marks) $$);
SELECT holds('the tally of a range is that of the slice', $$
    SELECT id, days FROM cut JOIN line USING (id) WHERE tally(series, days) IS DISTINCT FROM tally(marks) $$);
SELECT holds('and so are the counts by code', $$
    SELECT id, days FROM cut JOIN line USING (id) WHERE mark_counts(series, days)
           IS DISTINCT FROM mark_counts(marks) $$);
SELECT holds('and the rows', $$
    SELECT id, days FROM cut JOIN line USING (id)
    WHERE (SELECT array_agg(m) FROM marks(series, days) AS m) IS DISTINCT FROM (SELECT array_agg(m) FROM marks(marks) AS m) $$);
SELECT holds('what is inside and what is outside make the whole', $$
    SELECT id, days FROM cut JOIN line USING (id),
         LATERAL (SELECT slice(series, daterange(NULL, lower(days))) AS before, slice(series, daterange(upper(days), NULL)) AS after) AS o
    WHERE NOT isempty(days) AND NOT lower_inf(days) AND NOT upper_inf(days)
      AND ((before || marks) || after IS DISTINCT FROM series OR before || (marks || after) IS DISTINCT FROM series
           OR after || (before || marks) IS DISTINCT FROM series
           OR series || marks IS DISTINCT FROM series OR tally(before) + tally(marks) + tally(after)
           IS DISTINCT FROM tally(series)) $$);

-- ---------- adding ----------

SELECT holds('tallies: commutative, associative', $$
    SELECT id FROM (SELECT id, tally AS a, lead(tally, 1, 'empty') OVER w AS b, lead(tally, 7, 'unmarked:3') OVER w AS c
                    FROM recount WINDOW w AS (ORDER BY id)) AS v
    WHERE a + b IS DISTINCT FROM b + a OR (a + b) + c IS DISTINCT FROM a + (b + c) OR a + 'empty'
    IS DISTINCT FROM a $$);
SELECT holds('counts: commutative, associative', $$
    SELECT id FROM (SELECT id, counts AS a, lead(counts, 1, 'empty') OVER w AS b, lead(counts, 7, '-:3') OVER w AS c
                    FROM recount WINDOW w AS (ORDER BY id)) AS v
    WHERE a + b IS DISTINCT FROM b + a OR (a + b) + c IS DISTINCT FROM a + (b + c) OR a + 'empty'
    IS DISTINCT FROM a $$);
CREATE TABLE cohort AS SELECT id, cohort_summary_add('empty', tally) AS cohort FROM recount;
SELECT holds('cohorts: commutative, associative', $$
    SELECT id FROM (SELECT id, cohort AS a, lead(cohort, 1, 'empty') OVER w AS b, lead(cohort, 7, 'empty') OVER w AS c
                    FROM cohort WINDOW w AS (ORDER BY id)) AS v
    WHERE a + b IS DISTINCT FROM b + a OR (a + b) + c IS DISTINCT FROM a + (b + c) OR a + 'empty'
    IS DISTINCT FROM a $$);
-- any partition of the rows, added up, is the whole
CREATE TABLE whole AS SELECT tally_agg(mark) AS tally, mark_counts_agg(mark) AS counts FROM entry;
SELECT is((SELECT tally_agg(tally(series)) FROM line), (SELECT tally FROM whole), 'tallies of parts: of each series');
SELECT is((SELECT tally_agg(series) FROM line), (SELECT tally FROM whole), 'of the series themselves');
SELECT is((SELECT tally_agg(t) FROM (SELECT tally_agg(mark) AS t FROM entry GROUP BY day) AS v),
          (SELECT tally FROM whole), 'of each day');
SELECT is((SELECT mark_counts_agg(mark_counts(series)) FROM line), (SELECT counts FROM whole),
          'counts of parts: of each series');
SELECT is((SELECT mark_counts_agg(series) FROM line), (SELECT counts FROM whole), 'of the series themselves');
SELECT is((SELECT mark_counts_agg(c) FROM (SELECT mark_counts_agg(mark) AS c FROM entry GROUP BY day) AS v),
          (SELECT counts FROM whole), 'of each day');
SELECT is((SELECT cohort_agg(series) FROM line),
          (SELECT format('enrolments:%s persistently_absent:%s severely_absent:%s without_possible_sessions:%s %s',
                         count(*) FILTER (WHERE possible > 0),
                         count(*) FILTER (WHERE possible > 0 AND 10 * absent >= possible),
                         count(*) FILTER (WHERE possible > 0 AND 2 * absent >= possible),
                         count(*) FILTER (WHERE possible = 0), tally_agg(tally))::cohort_summary FROM recount),
                         'a cohort is a recount of its series');
SELECT is((SELECT cohort_agg(tally) FROM recount), (SELECT cohort_agg(series) FROM line),
          'a cohort of tallies is the same');
SELECT is((SELECT cohort_agg(c) FROM (SELECT cohort_agg(series) AS c FROM line GROUP BY id % 13) AS v),
          (SELECT cohort_agg(series) FROM line), 'and one of cohorts');
SELECT holds('series of parts make the whole', $$
    SELECT id FROM line JOIN (SELECT id, mark_series_agg(part) AS joined
                              FROM (SELECT id, mark_series_agg(session, mark) AS part FROM entry GROUP BY id,
                                    extract(day FROM day)::int % 3) AS v GROUP BY id) AS j USING (id)
    WHERE mark_series_send(series) IS DISTINCT FROM mark_series_send(joined) $$);

-- states travel as text
SELECT holds('states: text, and back', $$
    SELECT id FROM recount JOIN cohort USING (id)
    WHERE tally::text::attendance_tally IS DISTINCT FROM tally OR counts::text::mark_counts IS DISTINCT FROM counts
    OR cohort::text::cohort_summary IS DISTINCT FROM cohort $$);

-- ---------- weeks, spells, windows ----------

SELECT holds('weekly tallies are those of the marks of a week', $$
    (SELECT id, w.week, w.tally::text FROM line, weekly_tallies(series) AS w
     EXCEPT ALL SELECT id, date_trunc('week', day::timestamp)::date, tally_agg(mark)::text FROM entry GROUP BY 1, 2)
    UNION ALL
    (SELECT id, date_trunc('week', day::timestamp)::date, tally_agg(mark)::text FROM entry GROUP BY 1, 2
     EXCEPT ALL SELECT id, w.week, w.tally::text FROM line, weekly_tallies(series) AS w) $$);
SELECT holds('they add up to the tally', $$
    SELECT id FROM line WHERE tally(series)
           IS DISTINCT FROM (SELECT tally_agg(w.tally) FROM weekly_tallies(series) AS w) $$);

-- a spell ends where a possible session is not absent; what is not possible is passed over
CREATE TABLE spell AS
SELECT id, min(session::text) AS first_session, max(session::text) AS last_session, count(*)::int AS sessions,
       (count(*) FILTER (WHERE is_authorised(mark)))::int AS authorised,
       (count(*) FILTER (WHERE is_unauthorised(mark)))::int AS unauthorised
FROM (SELECT id, session, mark, count(*) FILTER (WHERE is_possible(mark) AND NOT is_absence(mark)) OVER (PARTITION BY id
ORDER BY session) AS ended FROM entry) AS v
WHERE is_absence(mark) GROUP BY id, ended;
SELECT holds('spells of absence are those that a slow count finds', $$
    (SELECT id, s.first_session::text, s.last_session::text, s.sessions, s.authorised, s.unauthorised FROM line,
     absence_spells(series) AS s EXCEPT ALL SELECT * FROM spell)
    UNION ALL
    (SELECT * FROM spell EXCEPT ALL SELECT id, s.first_session::text, s.last_session::text, s.sessions, s.authorised,
     s.unauthorised FROM line, absence_spells(series) AS s) $$);
SELECT holds('what is said of all of them in one row', $$
    SELECT id, s.spells, s.longest, s.longest_from, s.longest_to, s.current_sessions, s.current_from
    FROM line CROSS JOIN LATERAL spell_summary(series) s
    EXCEPT ALL
    SELECT l.id, a.spells, a.longest, a.firsts[array_position(a.lengths, a.longest)],
        a.lasts[array_position(a.lengths, a.longest)], CASE WHEN f.over THEN 0 ELSE a.lengths[a.spells] END,
        CASE WHEN NOT f.over THEN a.firsts[a.spells] END
    FROM line l
    CROSS JOIN LATERAL (
        SELECT count(*) AS spells, max(s.sessions) AS longest, array_agg(s.sessions) AS lengths,
            array_agg(s.first_session) AS firsts, array_agg(s.last_session) AS lasts
        FROM absence_spells(l.series) s) a
    CROSS JOIN LATERAL (
        SELECT a.spells = 0 OR EXISTS (
            SELECT FROM marks(l.series) m WHERE is_possible(m.mark)
                AND school_session(m.day, m.session) > a.lasts[a.spells]) AS over) f $$);
SELECT holds('their sessions add up to the absence', $$
    SELECT id FROM line WHERE absent(tally(series)) IS DISTINCT FROM (SELECT COALESCE(sum(s.sessions), 0)
    FROM absence_spells(series) AS s) $$);

-- school weeks are numbered in turn; one in which nothing but # and Z stands is none
CREATE TABLE school_week AS
SELECT id, row_number() OVER (PARTITION BY id ORDER BY week) AS n, unauthorised
FROM (SELECT id, date_trunc('week', day::timestamp) AS week,
      count(*) FILTER (WHERE is_unauthorised(mark)) AS unauthorised
      FROM entry WHERE mark_class(mark) <> 'administrative' GROUP BY id, week) AS v;
CREATE INDEX ON school_week (id);
ANALYZE school_week;
SELECT holds('the worst window is the one that a slow count finds', $$
    SELECT id, weeks FROM line, unnest(ARRAY[1, 2, 3, 10, 52]) AS weeks,
           LATERAL (SELECT COALESCE(max(s), 0)
                    FROM (SELECT sum(unauthorised) OVER (ORDER BY n ROWS BETWEEN weeks - 1 PRECEDING
                                                         AND CURRENT ROW) AS s
                                                     FROM school_week AS w WHERE w.id = line.id) AS v) AS slow (most)
    WHERE unauthorised_window(series, weeks) IS DISTINCT FROM most $$);
-- two lines together, by the weeks of the first of them
CREATE TABLE two_lines AS
SELECT a.id, ARRAY[a.series, b.series] AS lines, ARRAY(SELECT DISTINCT date_trunc('week', e.day::timestamp)::date AS week
    FROM entry e WHERE e.id = a.id AND mark_class(e.mark) <> 'administrative' ORDER BY week DESC) AS weeks
FROM line a JOIN line b ON b.id = a.id + 1;
CREATE TABLE in_school_week AS
SELECT t.id, school_session(m.day, m.session) AS session, m.mark::text AS mark,
    array_position(t.weeks, date_trunc('week', m.day::timestamp)::date) AS back
FROM two_lines t CROSS JOIN LATERAL unnest(t.lines) l CROSS JOIN LATERAL marks(l) m WHERE is_unauthorised(m.mark);
CREATE INDEX ON in_school_week (id);
ANALYZE in_school_week;
SELECT holds('a threshold is met when a slow count meets it', $$
    SELECT t.id, v.threshold, v.weeks
    FROM two_lines t
    CROSS JOIN (VALUES (1, 1), (3, 2), (4, 10), (10, 10), (8, 2147483647)) AS v (threshold, weeks)
    CROSS JOIN LATERAL threshold_window(t.lines, t.weeks, v.threshold, v.weeks) f
    CROSS JOIN LATERAL (
        SELECT min(e.back) AS back FROM in_school_week e WHERE e.id = t.id AND e.back <= v.weeks AND v.threshold <= (
            SELECT count(*) FROM in_school_week w
            WHERE w.id = t.id AND w.back >= e.back AND w.back - e.back < v.weeks)) met
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE w.mark = 'G') AS g, count(*) FILTER (WHERE w.mark = 'N') AS n,
            count(*) FILTER (WHERE w.mark = 'O') AS o, count(*) FILTER (WHERE w.mark = 'U') AS u,
            (array_agg(w.session ORDER BY w.session))[v.threshold] AS met_at
        FROM in_school_week w WHERE w.id = t.id AND w.back >= coalesce(met.back, 1)
            AND w.back - coalesce(met.back, 1) < v.weeks) s
    WHERE t.weeks <> '{}' AND (f.first_week, f.last_week, f.g, f.n, f.o, f.u, f.met_at) IS DISTINCT FROM
        (least(coalesce(met.back, 1)::bigint + v.weeks - 1, cardinality(t.weeks)), coalesce(met.back, 1), s.g, s.n, s.o, s.u,
            CASE WHEN met.back IS NOT NULL THEN s.met_at END) $$);
SELECT holds('a window of all weeks has all of it', $$
    SELECT id FROM line WHERE unauthorised_window(series, 2147483647) IS DISTINCT FROM unauthorised(tally(series))
           OR unauthorised_window(series) IS DISTINCT FROM unauthorised_window(series, 10) $$);

-- ---------- equality, hashing and order, for every type ----------

-- Pairs of values of which some are equal: text tells which.
CREATE FUNCTION disorder(type text, query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TEMP TABLE v ON COMMIT DROP AS SELECT row_number() OVER () AS n, v FROM (%s) AS q (v)',
                   query);
    RETURN QUERY EXECUTE format($q$
        SELECT format('%1$s: %%s and %%s', a.v, b.v) FROM v AS a, v AS b
        WHERE (a.v = b.v) <> (a.v::text = b.v::text) OR (a.v <> b.v) = (a.v = b.v)
        OR (a.v < b.v)::int + (a.v = b.v)::int + (a.v > b.v)::int <> 1
           OR (a.v <= b.v) = (a.v > b.v) OR (a.v >= b.v) = (a.v < b.v) OR (a.v < b.v) <> (b.v > a.v)
           OR sign(%1$s_cmp(a.v, b.v)) <> (a.v > b.v)::int - (a.v < b.v)::int
           OR (a.v = b.v AND (%1$s_hash(a.v) <> %1$s_hash(b.v) OR %1$s_hash_extended(a.v, 42) <> %1$s_hash_extended(b.v,
           42)))
        UNION ALL SELECT format('%1$s: seed 0 and %%s', v) FROM v
        WHERE %1$s_hash_extended(v, 0) & 4294967295 <> %1$s_hash(v)::bigint & 4294967295
        UNION ALL SELECT '%1$s: hashes meet' FROM v HAVING count(DISTINCT %1$s_hash(v)) < 0.99 * count(DISTINCT v)
                                                       OR count(DISTINCT %1$s_hash_extended(v,
                                                       1)) < 0.99 * count(DISTINCT v)
        UNION ALL SELECT format('%1$s: %%s is out of order', v)
        FROM (SELECT v, row_number() OVER (ORDER BY v, n) AS place,
              (SELECT count(*) FROM v AS o WHERE o.v < v.v) AS before FROM v) AS s
                  WHERE place <= before
        UNION ALL SELECT '%1$s: sorting and hashing do not group alike' FROM v
                  HAVING count(DISTINCT v) <> (SELECT count(*)
                                               FROM (SELECT v.v FROM v INTERSECT SELECT v.v FROM v) AS h) $q$, type);
    DROP TABLE v;
END $$;
SELECT is_empty(format('SELECT * FROM disorder(%L, %L)', type, query), 'equality, hashing and order of ' || type)
FROM (VALUES ('session_mark', 'SELECT mark FROM attendance_codes() UNION ALL SELECT mark FROM attendance_codes()'),
             ('absence_code', 'SELECT mark::absence_code FROM attendance_codes() WHERE absence UNION ALL SELECT mark::absence_code FROM attendance_codes() WHERE absence'),
             ('school_session', 'SELECT session FROM entry WHERE id % 25 = 0 AND extract(day FROM day) = 7 UNION ALL SELECT session FROM entry WHERE id < 10 AND extract(day FROM day) = 7'),
             ('mark_series', 'SELECT series FROM line WHERE id < 120 UNION ALL SELECT slice(series, ''(,)'') FROM line WHERE id < 60'),
             ('attendance_tally',
              'SELECT tally FROM recount WHERE id < 120 UNION ALL SELECT tally(series) FROM line WHERE id < 60'),
             ('mark_counts', 'SELECT counts FROM recount WHERE id < 120 UNION ALL SELECT mark_counts(series) FROM line WHERE id < 60'),
             ('cohort_summary', 'SELECT cohort FROM cohort WHERE id < 120 UNION ALL SELECT cohort + ''empty'' FROM cohort WHERE id < 60')) AS t (type, query);

SELECT * FROM finish();
ROLLBACK;
