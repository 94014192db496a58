-- Pages that leave the school, as one who wants to know what they hide would read them: all numbers that are shown on a page,
-- and what has to add up to what, are equations, and no hidden number may follow from all of them together.
BEGIN;
SELECT * FROM no_plan();
SET client_min_messages = warning;
SET search_path = public, attendance;
\ir register/page_text.sql

-- ---------- what can be known: linear programming ----------

-- The simplex method with Bland's rule, on m equations of w - 1 unknowns that are not negative: t has m rows of w numbers, of which the last
-- is what the others come to; basis, for each row, the unknown that it gives, while those in no row are zero.
CREATE FUNCTION pivoted(t float8[], m int, w int, pivot_row int, pivot_column int) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE
    f float8 := t[(pivot_row - 1) * w + pivot_column];
    filled int[];
BEGIN
    FOR j IN 1 .. w LOOP
        IF t[(pivot_row - 1) * w + j] <> 0 THEN
            t[(pivot_row - 1) * w + j] := t[(pivot_row - 1) * w + j] / f;
            filled := filled || j;
        END IF;
    END LOOP;
    FOR i IN 1 .. m LOOP
        f := t[(i - 1) * w + pivot_column];
        IF i <> pivot_row AND abs(f) > 1e-9 THEN
            FOR k IN 1 .. cardinality(filled) LOOP
                t[(i - 1) * w + filled[k]] := t[(i - 1) * w + filled[k]] - f * t[(pivot_row - 1) * w + filled[k]];
            END LOOP;
        END IF;
    END LOOP;
    RETURN t;
END
$$;
-- the row whose unknown is the first to become zero as another grows; NULL if none does
CREATE FUNCTION leaving(t float8[], basis int[], m int, w int, entering int) RETURNS int LANGUAGE sql AS $$
    SELECT i FROM generate_series(1, m) i WHERE t[(i - 1) * w + entering] > 1e-7 ORDER BY round((t[i * w] / t[(i - 1) * w + entering])::numeric, 6), basis[i] LIMIT 1 $$;
-- the first unknown that makes what a row gives more (sign -1) or less (1); of several rows, their sum
CREATE FUNCTION entering(t float8[], basis int[], n int, w int, of_rows int[], sign int) RETURNS int LANGUAGE sql AS $$
    SELECT j FROM generate_series(1, n) j WHERE NOT j = ANY (basis) AND (SELECT sign * sum(t[(i - 1) * w + j]) FROM unnest(of_rows) i) > 1e-7 ORDER BY j LIMIT 1 $$;

-- The least and the greatest value of some of n unknowns z >= 0 for which a z = b; it looks no further than one from what they are in truth.
CREATE FUNCTION spans(a float8[], b float8[], m int, n int, targets int[], truths float8[]) RETURNS TABLE (target int, low float8, high float8) LANGUAGE plpgsql AS $$
DECLARE
    w CONSTANT int := n + m + 1;
    t float8[] := array_fill(0::float8, ARRAY[m * w]);
    basis int[];
    artificial int[];
    i int; col int; leave int; at_row int;
BEGIN
    FOR i IN 1 .. m LOOP
        FOR j IN 1 .. n LOOP t[(i - 1) * w + j] := CASE WHEN b[i] < 0 THEN -1 ELSE 1 END * a[(i - 1) * n + j]; END LOOP;
        t[(i - 1) * w + n + i] := 1;
        t[i * w] := abs(b[i]);
        basis[i] := n + i;
    END LOOP;
    -- any solution: without the artificial unknowns n + 1 and on
    LOOP
        artificial := ARRAY(SELECT k FROM generate_series(1, m) k WHERE basis[k] > n);
        col := entering(t, basis, n, w, artificial, 1);
        EXIT WHEN col IS NULL;
        leave := leaving(t, basis, m, w, col);
        t := pivoted(t, m, w, leave, col);
        basis[leave] := col;
    END LOOP;
    FOREACH i IN ARRAY artificial LOOP
        IF t[i * w] > 1e-5 THEN
            RAISE EXCEPTION 'what is shown contradicts itself';
        END IF;
        -- an equation that says nothing new has nothing left but its artificial unknown, which stays zero
        col := (SELECT j FROM generate_series(1, n) j WHERE abs(t[(i - 1) * w + j]) > 1e-7 AND NOT j = ANY (basis) LIMIT 1);
        IF col IS NOT NULL THEN
            t := pivoted(t, m, w, i, col);
            basis[i] := col;
        END IF;
    END LOOP;
    FOR k IN 1 .. cardinality(targets) LOOP
        target := targets[k];
        high := NULL;
        LOOP
            at_row := array_position(basis, target);
            EXIT WHEN t[at_row * w] >= truths[k] + 1;
            col := CASE WHEN at_row IS NULL THEN target ELSE entering(t, basis, n, w, ARRAY[at_row], -1) END;
            EXIT WHEN col IS NULL;
            leave := leaving(t, basis, m, w, col);
            IF leave IS NULL THEN
                high := 'infinity';
                EXIT;
            END IF;
            t := pivoted(t, m, w, leave, col);
            basis[leave] := col;
        END LOOP;
        high := coalesce(high, t[at_row * w], 0);
        LOOP
            at_row := array_position(basis, target);
            EXIT WHEN at_row IS NULL OR t[at_row * w] <= truths[k] - 1;
            col := entering(t, basis, n, w, ARRAY[at_row], 1);
            EXIT WHEN col IS NULL;
            leave := leaving(t, basis, m, w, col);
            t := pivoted(t, m, w, leave, col);
            basis[leave] := col;
        END LOOP;
        low := coalesce(t[at_row * w], 0);
        RETURN NEXT;
    END LOOP;
END
$$;

-- What a page says and what it does not: an item is a number, with what it is in truth; shown, if it stands there; least, what a reader knows
-- that it is at least.  A sum of items times their factors is zero.
CREATE TABLE item (page text, name text, truth numeric, shown boolean, secret boolean DEFAULT false, least numeric DEFAULT 0, PRIMARY KEY (page, name));
CREATE TABLE term (page text, equation text, name text, factor numeric);
CREATE FUNCTION exposed(of_page text) RETURNS TABLE (name text, truth numeric, low float8, high float8) LANGUAGE sql AS $$
    WITH unknown AS MATERIALIZED (SELECT i.*, row_number() OVER (ORDER BY i.name)::int AS j FROM item i WHERE i.page = of_page AND NOT i.shown),
    equation AS MATERIALIZED (
        -- what is known goes to the other side, and so does what each unknown is at least
        SELECT t.equation, row_number() OVER (ORDER BY t.equation)::int AS i, -sum(t.factor * CASE WHEN k.shown THEN k.truth ELSE k.least END)::float8 AS b
        FROM term t JOIN item k ON k.page = t.page AND k.name = t.name WHERE t.page = of_page GROUP BY t.equation HAVING bool_or(NOT k.shown)),
    filled AS (
        SELECT array_agg(coalesce(f.factor, 0)::float8 ORDER BY e.i, u.j) AS a
        FROM equation e CROSS JOIN unknown u LEFT JOIN (
            SELECT t.equation, t.name, sum(t.factor) AS factor FROM term t WHERE t.page = of_page GROUP BY 1, 2) f ON f.equation = e.equation AND f.name = u.name),
    asked AS (SELECT array_agg(u.j ORDER BY u.j) AS j, array_agg((u.truth - u.least)::float8 ORDER BY u.j) AS truth FROM unknown u WHERE u.secret)
    SELECT u.name, u.truth, s.low + u.least::float8, s.high + u.least::float8
    FROM filled f CROSS JOIN asked q CROSS JOIN LATERAL spans(f.a, ARRAY(SELECT e.b FROM equation e ORDER BY e.i), (SELECT count(*)::int FROM equation),
        (SELECT count(*)::int FROM unknown), q.j, q.truth) s JOIN unknown u ON u.j = s.target
    -- that nobody is in a cell may follow
    WHERE s.high - s.low < 0.999 AND u.truth > 0 $$;

-- the method finds what it is for: x + y = 5; x + y = 5 and y = 2; three of which each is one at least and that are three together
INSERT INTO item VALUES ('1', 'x', 3, false, true, 0), ('1', 'y', 2, false, true, 0), ('2', 'x', 3, false, true, 0), ('2', 'y', 2, true, false, 0),
    ('3', 'x', 1, false, true, 1), ('3', 'y', 1, false, true, 1), ('3', 'z', 1, false, true, 1), ('4', 'x', 1, false, true, 0), ('4', 'y', 1, false, true, 1), ('4', 'z', 1, false, true, 1);
INSERT INTO item SELECT n, 'all', CASE WHEN n < '3' THEN 5 ELSE 3 END, true FROM unnest('{1,2,3,4}'::text[]) n;
INSERT INTO term SELECT page, 'sum', name, CASE name WHEN 'all' THEN -1 ELSE 1 END FROM item;
SELECT is((SELECT array_agg(x.name ORDER BY x.name) FROM exposed(n) x), wanted::text[], 'what follows: ' || n) FROM (VALUES ('1', NULL), ('2', '{x}'), ('3', '{x,y,z}'), ('4', NULL)) AS v (n, wanted);
-- two that follow from two sums
INSERT INTO item VALUES ('5', 'x', 3, false, true, 0), ('5', 'y', 2, false, true, 0), ('5', 'z', 4, false, true, 0), ('5', 'u', 6, false, true, 0);
INSERT INTO item VALUES ('5', 'xy', 5, true), ('5', 'xyz', 9, true);
INSERT INTO term VALUES ('5', '1', 'x', 1), ('5', '1', 'y', 1), ('5', '1', 'xy', -1), ('5', '2', 'x', 1), ('5', '2', 'y', 1), ('5', '2', 'z', 1), ('5', '2', 'xyz', -1), ('5', '3', 'u', 1), ('5', '3', 'x', -2);
SELECT is((SELECT array_agg(x.name ORDER BY x.name) FROM exposed('5') x), '{z}', 'what follows from two sums');
SELECT throws_ok($$ INSERT INTO item VALUES ('6', 'x', 3, false, true, 5), ('6', 'y', 4, true, false, 0); INSERT INTO term VALUES ('6', '1', 'x', 1), ('6', '1', 'y', -1); SELECT * FROM exposed('6') $$, 'P0001', 'what is shown contradicts itself', 'what cannot be');
DELETE FROM item; DELETE FROM term;

-- ---------- schools ----------

SELECT create_register('r') \g /dev/null
SELECT add_academic_year('r', 2025) \g /dev/null
SET search_path = r, public, attendance;
CREATE TABLE public.pages_of (urn int PRIMARY KEY, size int, often float8);
INSERT INTO pages_of VALUES (100001, 4, 0.1), (100002, 9, 0.1), (100003, 14, 0.06), (100004, 22, 0.05), (100005, 30, 0.08), (100006, 45, 0.05), (100007, 60, 0.12), (100008, 75, 0.03), (100009, 90, 0.07), (100010, 40, 0.1);
INSERT INTO local_authority (la_number, name) VALUES (380, 'Bradford');
INSERT INTO trust VALUES (90001, 'Trust');
INSERT INTO school (urn, name, phase, type, la_number, trust_uid) SELECT urn, 'School ' || urn, CASE WHEN urn % 4 = 0 THEN 'Secondary' ELSE 'Primary' END, 'Academies', 380, 90001 FROM pages_of;
INSERT INTO rule_setting SELECT urn, rule, 'record', 'test', 'test' FROM pages_of, unnest('{leave,nature,other school}'::text[]) AS rule;
INSERT INTO term_date SELECT urn, 2025, 'Autumn', 1, '2025-09-08', '2025-10-03' FROM pages_of;
SELECT build_calendar('r', urn, 2025) FROM pages_of \g /dev/null
SELECT setseed(0.3);
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth, sex) SELECT 1000 * (urn - 100000) + n, 'S', 'F', '2016-01-01', CASE WHEN random() < 0.4 THEN 'F' ELSE 'M' END FROM pages_of, generate_series(1, size) n;
INSERT INTO enrolment (school_urn, pupil_id, start_date, entry_reason, year_group)
SELECT 100000 + pupil_id / 1000, pupil_id, '2025-09-08', 'x', (3 + floor(4 * random() ^ 1.5))::text FROM pupil;
INSERT INTO pupil_characteristic (pupil_id, characteristic, value, from_day) SELECT pupil_id, 'fsm', 'Y', date '2025-09-01' FROM pupil WHERE random() < 0.25
    UNION ALL SELECT pupil_id, 'sen', CASE WHEN random() < 0.3 THEN 'E' ELSE 'K' END, '2025-09-01' FROM pupil WHERE random() < 0.2
    UNION ALL SELECT pupil_id, 'social worker', CASE WHEN random() < 0.5 THEN 'CIN' ELSE 'CP' END, '2025-09-01' FROM pupil WHERE random() < 0.05;
-- in either half of four weeks most are there nearly always, some seldom; at the last school a first week has few absences
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks)
SELECT s.school_urn, 2025, s.pupil_id, mark_series('2025-09-08', string_agg(CASE WHEN random() < CASE s.school_urn WHEN 100010 THEN (ARRAY[0.005, 0.15, 0.05, 0.1])[1 + (n - 1) / 10] ELSE s.often[1 + (n - 1) / 20] END THEN
        (ARRAY['I', 'I', 'I', 'I', 'I', 'M', 'M', 'O', 'O', 'U', 'R', 'N'])[1 + floor(random() * random() * 12)::int] WHEN n % 2 = 1 THEN '/' ELSE '\' END, '' ORDER BY n), 5)
FROM (SELECT e.school_urn, e.pupil_id, ARRAY[p.often * kind.f, p.often * CASE WHEN random() < 0.7 THEN kind.f ELSE 1 END] AS often
      FROM enrolment e JOIN pages_of p ON p.urn = e.school_urn
      CROSS JOIN LATERAL (SELECT e.pupil_id, CASE floor(random() * 12) WHEN 0 THEN 9 WHEN 1 THEN 3 WHEN 2 THEN 3 WHEN 3 THEN 1 WHEN 4 THEN 1 ELSE 0.2 END AS f) kind) s
CROSS JOIN generate_series(1, 40) n GROUP BY s.school_urn, s.pupil_id;

\set now '''[2025-09-22,2025-10-04)'''
\set before '''[2025-09-08,2025-09-20)'''
CREATE TABLE public.page AS
SELECT urn::text AS name, ARRAY[urn] AS urns, page_head_termly(urn, :now, :before) AS html FROM pages_of
UNION ALL SELECT 'trust', array_agg(urn), page_trust(90001, :now) FROM pages_of;

-- the rows of each table of a page, under its caption
CREATE TABLE public.line AS
SELECT p.name AS page, regexp_replace(as_text(t.m[1]), '&#9650;.*', '') AS caption, l.n, string_to_array(as_text(l.m[1]), '|') AS cells
FROM page p CROSS JOIN LATERAL regexp_matches(p.html, '<table[^>]*?><caption>(.*?)</caption>(.*?)</table>', 'g') WITH ORDINALITY AS t (m, n)
CROSS JOIN LATERAL regexp_matches(t.m[2], '<tr(?: [^>]*)?>(?:(?!</tr>).)*</tr>', 'g') WITH ORDINALITY AS l (m, n);
CREATE TABLE public.figure AS SELECT p.name AS page, m[1] AS label, m[2] AS figure, m[3] AS note
FROM page p, regexp_matches(p.html, '<dt>([^<]*)(?:<span class="unseen">[^<]*</span>)?</dt><dd><b>([^<]*)</b> <span>([^<]*)', 'g') m;
SELECT cmp_ok((SELECT count(*) FROM line), '>', 300::bigint, 'tables are read');

CREATE FUNCTION number(cell text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$ SELECT replace((regexp_match(cell, '^-?[\d,]+'))[1], ',', '')::numeric $$;
-- what a page shows has to be what is; c is at least one where no zero is hidden beside it
CREATE TABLE public.wrong (page text, name text, truth numeric, cell text);
CREATE FUNCTION put(of_page text, of_name text, truth numeric, cell text, block text DEFAULT '') RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.item VALUES (of_page, of_name, truth, coalesce(cell ~ '\d', false), coalesce(cell = 'c', false), CASE WHEN cell = 'c' THEN 1 ELSE 0 END)
        ON CONFLICT (page, name) DO UPDATE SET shown = item.shown OR excluded.shown, secret = item.secret OR excluded.secret;
    INSERT INTO public.wrong SELECT of_page, of_name, truth, cell WHERE cell <> 'c' AND number(cell) IS DISTINCT FROM truth $$;

-- key figures, and the same in the table of measures
SELECT put(f.page, v.item, v.truth, CASE WHEN f.figure = 'c' THEN 'c' ELSE CASE v.item WHEN 'E' THEN f.figure ELSE f.note END END)
FROM figure f JOIN page p ON p.name = f.page CROSS JOIN LATERAL headline(:now, 'statutory', p.urns) h
CROSS JOIN LATERAL (VALUES ('Pupils', 'E', h.enrolments), ('Persistently absent', 'P', h.persistently_absent), ('Severely absent', 'S', h.severely_absent), ('Absence', 'A', h.absent),
    ('Authorised absence', 'authorised', h.authorised), ('Unauthorised absence', 'unauthorised', h.unauthorised)) AS v (label, item, truth)
WHERE v.label = f.label AND p.name <> 'trust' \g /dev/null
SELECT put(f.page, v.item, v.truth, CASE WHEN f.figure = 'c' THEN 'c' ELSE v.said END)
FROM figure f JOIN page p ON p.name = f.page CROSS JOIN LATERAL headline(:now, 'statutory', p.urns) h
CROSS JOIN LATERAL (VALUES ('Enrolments', 'E', h.enrolments, f.figure), ('Persistently absent', 'P', h.persistently_absent, f.figure), ('Severely absent', 'S', h.severely_absent, f.figure), ('Absence', 'A', h.absent, f.note),
    ('Authorised absence', 'authorised', h.authorised, f.note), ('Unauthorised absence', 'unauthorised', h.unauthorised, f.note)) AS v (label, item, truth, said)
WHERE v.label = f.label AND p.name = 'trust' \g /dev/null
SELECT put(l.page, v.item, v.truth, l.cells[5]), CASE WHEN v.before <> '' THEN put(l.page, v.before, v.truth_before, CASE WHEN l.cells[3] = 'c' THEN 'c' WHEN l.cells[3] ~ '\d' THEN v.truth_before::text END) END
FROM line l JOIN page p ON p.name = l.page CROSS JOIN LATERAL leaders_report(:now, 'statutory', p.urns, :before) m
CROSS JOIN LATERAL (VALUES ('persistently absent', 'P', 'P before'), ('severely absent', 'S', 'S before'), ('persistently absent, unauthorised only', 'UP', 'UP before'), ('severely absent, unauthorised only', 'US', 'US before'),
    ('absence', 'A', 'A before'), ('authorised absence', 'authorised', 'authorised before'), ('unauthorised absence', 'unauthorised', 'unauthorised before'), ('late after the register closed', 'late', 'late before')) AS w (measure, item, before)
CROSS JOIN LATERAL (SELECT w.item, m.numerator AS truth, w.before, m.compared_numerator AS truth_before) v
WHERE l.caption ~ '^Figures of the period' AND w.measure = m.measure AND lower(l.cells[1]) = m.measure \g /dev/null
-- bands
SELECT put(l.page, 'band ' || b.band, b.enrolments, l.cells[3])
FROM line l JOIN page p ON p.name = l.page CROSS JOIN LATERAL attendance_bands(:now, 'statutory', p.urns) b
WHERE l.caption = 'Pupils by band of attendance' AND l.cells[1] = b.label \g /dev/null
SELECT is_empty($$ SELECT page, cells FROM line WHERE caption = 'Pupils by band of attendance' AND n > 1 AND (cells[2] = 'c') <> (cells[3] = 'c') $$, 'a share is hidden with its number');
-- movement: by the labels of its rows and columns
CREATE TABLE public.moved AS SELECT p.name AS page, coalesce(CASE WHEN m.previous_band > 4 THEN 4 ELSE m.previous_band END, 9) AS previous_band, least(m.band, 4) AS band, sum(m.enrolments) AS n
FROM page p CROSS JOIN LATERAL band_movement(:now, 'statutory', p.urns, :before) m WHERE m.band IS NOT NULL AND p.name <> 'trust' GROUP BY 1, 2, 3;
CREATE TABLE public.movement AS
SELECT l.page, e.band AS previous_band, b.band, coalesce(m.n, 0) AS n, l.cells[c.place] AS cell
FROM line l JOIN line h ON h.page = l.page AND h.caption = l.caption AND h.n = 1 AND l.n > 1
CROSS JOIN generate_series(1, 4) AS b (band) CROSS JOIN LATERAL (SELECT array_position(h.cells, page_band_label(b.band, true, 5)) AS place) c
CROSS JOIN LATERAL (SELECT v.band FROM unnest('{1,2,3,4,9}'::int[]) AS v (band) WHERE page_band_label(v.band, true, 5) = l.cells[1]) e
LEFT JOIN moved m ON m.page = l.page AND m.previous_band = e.band AND m.band = b.band
WHERE l.caption ~ '^Pupils by their band' AND c.place IS NOT NULL;
SELECT put(page, format('moved %s %s', previous_band, band), n, cell) FROM movement \g /dev/null
SELECT is((SELECT sum(n) FROM moved WHERE page IN (SELECT page FROM movement)), (SELECT sum(n) FROM movement), 'all of it is read');
-- groups of pupils, and the schools of a trust
CREATE TABLE public.part AS
SELECT l.page, c.cohort || ' ' || c.value AS name, c.cohort, c.enrolments, c.persistently_absent, c.severely_absent, c.absent, l.cells[4] AS e, l.cells[5] AS p, l.cells[6] AS s, l.cells[8] AS missed, NULL AS phase
FROM page p CROSS JOIN LATERAL cohorts(:now, 'statutory', p.urns, '{year group,sex,fsm,sen,eal,looked after,social worker}') c LEFT JOIN characteristic h ON h.characteristic = c.cohort
JOIN line l ON l.page = p.name AND l.caption ~ '^Groups of pupils' AND l.cells[1] = cohort_label(c.cohort, c.value, h.label)
UNION ALL
SELECT l.page, s.school, 'school', s.enrolments, s.persistently_absent, s.severely_absent, s.absent, l.cells[6], l.cells[7], l.cells[8], l.cells[3], s.phase
FROM page p CROSS JOIN LATERAL school_comparison(:now, 'statutory', p.urns) s JOIN line l ON l.page = p.name AND l.caption ~ '^Schools' AND l.cells[1] = s.school WHERE p.name = 'trust';
SELECT put(page, name || ' e', enrolments, e), put(page, name || ' p', persistently_absent, p), put(page, name || ' s', severely_absent, s) FROM part \g /dev/null
-- sessions missed: by reason, day, band, group and school; a rate or share that is shown is as good as their number
CREATE TABLE public.missed AS
SELECT p.name AS page, v.suffix, c.mark::text AS code, is_authorised(c.mark) AS authorised, c.sessions, l.cells[v.place] AS cell
FROM page p CROSS JOIN (VALUES ('', :now, 5), (' before', :before, 4)) AS v (suffix, period, place) CROSS JOIN LATERAL code_frequency(v.period, 'statutory', p.urns) c
LEFT JOIN line l ON l.page = p.name AND l.caption ~ '^Reasons for absence' AND l.cells[1] = c.mark::text WHERE p.name <> 'trust' AND is_absence(c.mark);
SELECT put(page, 'code ' || code || suffix, sessions, CASE WHEN cell IS NULL OR cell = 'c' THEN 'c' ELSE sessions::text END) FROM missed \g /dev/null
SELECT is_empty($$ SELECT m.page, m.code FROM missed m WHERE m.suffix = '' AND m.cell <> 'c' AND number(m.cell) <> m.sessions $$, 'sessions of a reason are those of the report');
-- the lines of reasons that are not named: of one kind, or of both
CREATE TABLE public.rest AS
SELECT l.page, v.suffix, CASE WHEN l.cells[2] ~ '^Authorised' THEN true WHEN l.cells[2] ~ '^Unauthorised' THEN false END AS authorised, l.cells[v.place] AS cell
FROM line l CROSS JOIN (VALUES ('', 5), (' before', 4)) AS v (suffix, place) WHERE l.caption ~ '^Reasons for absence' AND l.n > 1 AND l.cells[1] = '';
SELECT put(r.page, 'rest ' || coalesce(r.authorised::text, '') || r.suffix, m.sessions, CASE WHEN r.cell = 'c' THEN 'c' WHEN r.cell ~ '\d' THEN m.sessions::text END)
FROM rest r CROSS JOIN LATERAL (SELECT coalesce(sum(m.sessions), 0) AS sessions FROM missed m WHERE m.page = r.page AND m.suffix = r.suffix AND m.cell IS NULL AND coalesce(m.authorised = r.authorised, true)) m \g /dev/null
SELECT is_empty($$ SELECT r.page, r.authorised FROM rest r JOIN line l ON l.page = r.page AND l.caption ~ '^Reasons for absence' AND l.cells[1] = '' AND l.cells[2] ~ CASE WHEN r.authorised THEN '^Authorised' WHEN NOT r.authorised THEN '^Unauthorised' ELSE '^Other' END
    JOIN item i ON i.page = r.page AND i.name = 'rest ' || coalesce(r.authorised::text, '') WHERE r.suffix = '' AND i.shown AND number(l.cells[5]) <> i.truth $$, 'and of those that are not named');
SELECT put(l.page, 'day ' || d.measure, d.numerator, l.cells[4])
FROM line l JOIN page p ON p.name = l.page CROSS JOIN LATERAL leaders_report(:now, 'statutory', p.urns) d
WHERE l.caption ~ '^Absence by day of the week' AND d.section = '4 absence by day' AND l.cells[1] = d.measure \g /dev/null
SELECT put(l.page, 'missed in band ' || b.band, b.absent, CASE WHEN l.cells[4] = 'c' THEN 'c' ELSE b.absent::text END)
FROM line l JOIN page p ON p.name = l.page CROSS JOIN LATERAL attendance_bands(:now, 'statutory', p.urns) b
WHERE l.caption = 'Pupils by band of attendance' AND l.cells[1] = b.label \g /dev/null
SELECT put(page, name || ' missed', absent, CASE WHEN missed = 'c' THEN 'c' ELSE absent::text END) FROM part \g /dev/null
SELECT put('trust', 'phase ' || c.phase, c.absent, CASE WHEN l.cells[2] = 'c' THEN 'c' ELSE c.absent::text END)
FROM line l JOIN (SELECT phase, max(group_absent) AS absent FROM school_comparison(:now, 'statutory') GROUP BY phase) c ON c.phase = l.cells[1] WHERE l.caption = 'Absence by phase' \g /dev/null
-- weeks, also those of a chart that is not drawn
CREATE TABLE public.week AS
SELECT p.name AS page, w.week, w.absent, l.cells[2] AS cell FROM page p CROSS JOIN LATERAL weekly_trend('year to date 2025-10-03', 'statutory', p.urns) w
LEFT JOIN line l ON l.page = p.name AND l.caption = 'Absence by week' AND l.cells[1] = day_text(w.week);
SELECT put(page, 'week ' || week, absent, CASE WHEN cell ~ '\d' THEN absent::text ELSE 'c' END) FROM week \g /dev/null
-- where nothing of a column is told, it may have zeros
UPDATE item i SET least = 0 FROM part t WHERE i.page = t.page AND i.name IN (t.name || ' p', t.name || ' s', t.name || ' e') AND NOT EXISTS (
    SELECT FROM part o WHERE o.page = t.page AND o.cohort = t.cohort AND CASE right(i.name, 1) WHEN 'p' THEN o.p WHEN 's' THEN o.s ELSE o.e END <> 'c');
UPDATE item i SET least = 0 WHERE i.name ~ '^(P|S|UP|US|E|A|late|authorised|unauthorised)( before)?$|^(code|rest|day|week|missed|phase) | missed$' OR i.name IN ('band 4', 'band 5') AND EXISTS (SELECT FROM item o WHERE o.page = i.page AND o.name = 'P' AND NOT o.shown);

SELECT is_empty('TABLE wrong', 'what is shown is true');
SELECT is_empty($$ SELECT * FROM item WHERE shown AND secret $$, 'what is hidden in one place is not shown in another');
SELECT is_empty($$ SELECT * FROM item WHERE shown AND truth BETWEEN 1 AND 4 AND name !~ '^(A|late|authorised|unauthorised|code|rest|day|week|missed|phase)| missed$' $$, 'no small number of pupils is shown');
SELECT is_empty($$ SELECT * FROM item WHERE shown AND truth BETWEEN 1 AND 4 AND name ~ '^(A|late|authorised|unauthorised|code|rest|day|week|missed|phase)| missed$' $$, 'nor of sessions');

-- what adds up to what; what is in no table is an unknown, too
CREATE FUNCTION adds_up(of_page text, equation text, whole text, parts text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.item SELECT of_page, n, (SELECT coalesce(sum(0), 0)), false FROM unnest(parts || whole) n ON CONFLICT DO NOTHING;
    INSERT INTO public.term SELECT of_page, adds_up.equation, n, 1 FROM unnest(parts) n UNION ALL SELECT of_page, adds_up.equation, whole, -1 $$;
-- those that the page does not show are known to no one but the test
INSERT INTO item SELECT t.page, t.name || v.kind, v.truth, false FROM part t CROSS JOIN LATERAL (VALUES (' other', t.enrolments - t.persistently_absent), (' not severely', t.persistently_absent - t.severely_absent)) AS v (kind, truth);
SELECT adds_up(page, name || ' e', name || ' e', ARRAY[name || ' p', name || ' other']), adds_up(page, name || ' p', name || ' p', ARRAY[name || ' s', name || ' not severely']) FROM part \g /dev/null
SELECT adds_up(page, cohort || ' ' || v.whole, v.whole, array_agg(name || ' ' || v.kind)) FROM part CROSS JOIN (VALUES ('E', 'e'), ('P', 'p'), ('S', 's')) AS v (whole, kind) GROUP BY page, cohort, v.whole \g /dev/null
SELECT adds_up(page, 'bands', 'E', '{band 1,band 2,band 3,band 4,band 5}'), adds_up(page, 'persistent', 'P', '{band 4,band 5}'), adds_up(page, 'severe', 'S', '{band 5}') FROM item WHERE name = 'band 1' \g /dev/null
SELECT adds_up(page, 'now ' || band, CASE band WHEN 4 THEN 'P' ELSE 'band ' || band END, array_agg(format('moved %s %s', previous_band, band))) FROM movement GROUP BY page, band \g /dev/null
-- nobody has come or gone here, which a reader may know
SELECT adds_up(page, 'before', 'P before', array_agg(format('moved %s %s', previous_band, band))) FROM movement WHERE previous_band = 4 GROUP BY page \g /dev/null
INSERT INTO item SELECT a.page, 'not ' || v.part, a.truth - b.truth, false FROM (VALUES ('P', 'UP'), ('S', 'US'), ('UP', 'US ')) AS v (whole, part)
    JOIN item a ON a.name = v.whole JOIN item b ON b.page = a.page AND b.name = btrim(v.part);
SELECT adds_up(page, v.whole || v.part, v.whole, ARRAY[btrim(v.part), 'not ' || v.part]) FROM (VALUES ('P', 'UP'), ('S', 'US'), ('UP', 'US ')) AS v (whole, part) JOIN item ON name = btrim(v.part) \g /dev/null
-- which reasons are not named nobody knows: there may be others
SELECT adds_up(p.name, 'kinds' || s, 'A' || s, ARRAY['authorised' || s, 'unauthorised' || s]), adds_up(p.name, 'authorised' || s, 'authorised' || s, ARRAY(
        SELECT 'code ' || m.code || s FROM missed m WHERE m.page = p.name AND m.suffix = s AND m.authorised) || ('another, authorised' || s)),
    adds_up(p.name, 'unauthorised' || s, 'unauthorised' || s, ARRAY(SELECT 'code ' || m.code || s FROM missed m WHERE m.page = p.name AND m.suffix = s AND NOT m.authorised) || ('another, unauthorised' || s)),
    adds_up(p.name, 'late' || s, 'late' || s, ARRAY['code U' || s])
FROM page p, unnest('{""," before"}'::text[]) s WHERE p.name <> 'trust' AND EXISTS (SELECT FROM item i WHERE i.page = p.name AND i.name = 'code U' || s) \g /dev/null
SELECT adds_up(r.page, r.item, r.item, ARRAY(SELECT 'code ' || m.code || r.suffix FROM missed m WHERE m.page = r.page AND m.suffix = r.suffix AND m.cell IS NULL AND coalesce(m.authorised = r.authorised, true))
    || CASE WHEN coalesce(r.authorised, true) THEN ARRAY['another, authorised' || r.suffix] ELSE '{}' END || CASE WHEN coalesce(NOT r.authorised, true) THEN ARRAY['another, unauthorised' || r.suffix] ELSE '{}' END)
FROM (SELECT *, 'rest ' || coalesce(authorised::text, '') || suffix AS item FROM rest) r \g /dev/null
SELECT adds_up(page, 'days', 'A', array_agg(name)) FROM item WHERE name ~ '^day ' GROUP BY page \g /dev/null
SELECT adds_up(page, 'weeks ' || v.whole, v.whole, array_agg('week ' || week)) FROM week JOIN (VALUES ('A', :now::daterange), ('A before', :before::daterange)) AS v (whole, days) ON v.days @> week WHERE EXISTS (SELECT FROM item i WHERE i.page = week.page AND i.name = v.whole) GROUP BY page, v.whole \g /dev/null
SELECT adds_up(page, 'bands missed', 'A', array_agg(name)) FROM item WHERE name ~ '^missed in' GROUP BY page \g /dev/null
SELECT adds_up(page, cohort || ' missed', 'A', array_agg(name || ' missed')) FROM part GROUP BY page, cohort \g /dev/null
SELECT adds_up(page, phase || ' missed', 'phase ' || phase, array_agg(name || ' missed')) FROM part WHERE phase <> '' GROUP BY page, phase \g /dev/null
SELECT is_empty($$ SELECT t.page, t.equation, sum(t.factor * i.truth) FROM term t JOIN item i ON i.page = t.page AND i.name = t.name GROUP BY 1, 2 HAVING sum(t.factor * i.truth) <> 0 $$, 'the equations hold');

SELECT cmp_ok((SELECT count(*) FROM item WHERE secret), '>', 200::bigint, 'much is hidden');
SELECT cmp_ok((SELECT count(*) FROM item WHERE shown), '>', 300::bigint, 'and more is shown');
SELECT is_empty(format('SELECT * FROM exposed(%L)', name), 'nothing hidden follows: page of ' || name) FROM page ORDER BY name;
-- the pack of a review says what the page says, and nothing else; targets are of the same days
INSERT INTO attendance_target (school_urn, cohort, value, measure, days, percent, set_by, set_on)
SELECT urn, cohort, value, measure, :now, 50, 'A', '2025-09-01' FROM pages_of, (VALUES (NULL, NULL, 'attendance'), (NULL, NULL, 'persistent absence'), (NULL, NULL, 'severe absence'), ('fsm', 'Y', 'attendance'), ('fsm', 'Y', 'persistent absence'),
    ('sen', 'K', 'attendance'), ('sen', 'E', 'severe absence'), ('social worker', 'CP', 'attendance')) AS v (cohort, value, measure);
CREATE TABLE public.pack AS SELECT p.urn::text AS page, m.* FROM pages_of p CROSS JOIN LATERAL meeting_pack(p.urn, :now, 'T1.1', compared_with => :before) m;
CREATE TABLE public.beside AS
SELECT k.page, k.section, k.item, k.said, k.percent, k.before, l.cells[v.counted] AS counted, l.cells[v.rate] AS rate, l.cells[v.earlier] AS earlier, l.page IS NULL AS alone
FROM pack k JOIN (VALUES ('figures', '^Figures of the period, beside', 1, 5, 2, 3), ('pupils', '^Pupils by band of attendance$', 1, 3, 2, NULL), ('groups', '^Groups of pupils', 1, 4, 3, NULL),
    ('days', '^Absence by day of the week', 1, 4, 2, 3), ('reasons', '^Reasons for absence', 2, 5, 3, 4)) AS v (section, caption, name, counted, rate, earlier) ON v.section = k.section
LEFT JOIN line l ON l.page = k.page AND l.caption ~ v.caption AND lower(l.cells[v.name]) = lower(k.item);
SELECT is_empty($$ SELECT * FROM beside WHERE alone OR (said ~ '^\d') IS DISTINCT FROM (counted ~ '\d') OR said ~ '^\d' AND number(said) <> number(counted) OR percent IS NOT NULL AND rate !~ '\d'
    OR before IS NOT NULL AND earlier !~ '\d' $$, 'what the pack of a review says the page says');
SELECT cmp_ok((SELECT count(*) FROM beside WHERE section = s AND said ~ '^\d'), '>', 5::bigint, 'of ' || s) FROM unnest('{figures,pupils,groups,days,reasons}'::text[]) s;
SELECT is_empty($$ SELECT b.page FROM beside b WHERE b.section = 'figures' AND b.counted = 'c' AND b.said <> 'too few to be shown' $$, 'or that it is too few');
CREATE TABLE public.aim AS
SELECT k.page, t.measure, t.cohort, k.said, k.percent, CASE WHEN t.cohort IS NULL THEN (SELECT l.cells[2] FROM line l WHERE l.page = k.page AND l.caption ~ '^Figures of the period, beside' AND l.cells[1] = CASE t.measure WHEN 'attendance' THEN 'Attendance' WHEN 'persistent absence' THEN 'Persistently absent' ELSE 'Severely absent' END)
    ELSE (SELECT l.cells[CASE t.measure WHEN 'attendance' THEN 3 WHEN 'persistent absence' THEN 5 ELSE 6 END] FROM line l JOIN characteristic c ON c.characteristic = t.cohort WHERE l.page = k.page AND l.caption ~ '^Groups of pupils' AND l.cells[1] = cohort_label(t.cohort, t.value, c.label)) END AS cell
FROM pack k JOIN attendance_target t ON t.target_id = k.record WHERE k.section = 'targets';
SELECT is_empty($$ SELECT * FROM aim WHERE percent IS NOT NULL AND coalesce(cell, 'c') !~ '\d' OR percent IS NULL AND said ~ 'course' $$, 'nor does a target tell more');
SELECT cmp_ok((SELECT count(*) FROM aim WHERE percent IS NOT NULL), '>', 10::bigint, 'many are told') UNION ALL SELECT cmp_ok((SELECT count(*) FROM aim WHERE cohort IS NOT NULL AND percent IS NULL), '>', 5::bigint, 'and some are not');
SELECT is_empty($$ SELECT * FROM pack WHERE section = 'movement' OR section = 'last meeting' OR pupil_id IS NOT NULL $$, 'of nobody');
-- if small numbers alone were hidden much would follow
UPDATE item SET shown = true WHERE secret AND truth > 4;
SELECT cmp_ok((SELECT count(*) FROM page p CROSS JOIN LATERAL exposed(p.name)), '>', 50::bigint, 'it does if only small numbers are hidden');

SELECT * FROM finish();
ROLLBACK;
