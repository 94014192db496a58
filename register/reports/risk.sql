-- Persistent absence: who is near it, who will come to it, who moves, and what it is made of.

CREATE FUNCTION pupils_at_risk(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    from_percent numeric DEFAULT 5, below_percent numeric DEFAULT 10)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, possible bigint, absent bigint, authorised bigint, unauthorised bigint,
        absence_percent numeric)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT t.school_urn, t.pupil_id, t.upn, t.surname, t.forename, t.year_group, t.registration_group,
        possible(t.tally), absent(t.tally), authorised(t.tally), unauthorised(t.tally), absence_rate(t.tally)
    FROM pupil_line(period, population, schools) t
    WHERE possible(t.tally) > 0 AND 100 * absent(t.tally) >= from_percent * possible(t.tally)
        AND 100 * absent(t.tally) < below_percent * possible(t.tally);
END;
COMMENT ON FUNCTION pupils_at_risk(text, text, integer[], numeric, numeric) IS
'Enrolments at risk of persistent absence: absent for at least from_percent and less than below_percent of their '
'possible sessions. The guidance sets no number; 5 to under 10 percent is in common use. No rows for a NULL limit; '
'22023 for what is no period or population';

CREATE FUNCTION persistent_absence_forecast(period text, population text DEFAULT 'statutory',
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, academic_year integer, as_at date, possible bigint, absent bigint,
        absence_percent numeric, persistently_absent boolean, sessions_left bigint, may_miss bigint, to_attend bigint,
        reachable boolean)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    WITH line AS MATERIALIZED (
        SELECT l.school_urn, l.academic_year, l.pupil_id, l.year_group, l.registration_group,
            least(upper(l.days) - 1, (now() AT TIME ZONE 'Europe/London')::date) AS as_at,
            least(CASE WHEN population = 'statutory' AND l.birth_cohort = lower(statistical_cohorts(l.academic_year))
                    THEN spring_bank_holiday(l.academic_year + 1) ELSE make_date(l.academic_year + 1, 8, 1) END,
                (SELECT CASE WHEN bool_and(o.end_date IS NOT NULL) THEN max(o.end_date) + 1 END
                 FROM enrolment o WHERE o.school_urn = l.school_urn AND o.pupil_id = l.pupil_id)) AS year_ends,
            tally(l.marks, daterange(make_date(l.academic_year, 8, 1), upper(l.days))) AS tally
        FROM report_line(period, population, schools) l),
    -- what is left is the same for most pupils of a school: it is looked up once for all of them
    together AS MATERIALIZED (
        SELECT l.school_urn, l.academic_year, l.as_at, array_agg(l.pupil_id) AS pupil_ids,
            array_agg(l.tally) AS tallies, array_agg(l.year_group) AS year_groups,
            array_agg(l.registration_group) AS registration_groups, (
                SELECT count(*) FILTER (WHERE d.morning) + count(*) FILTER (WHERE d.afternoon)
                FROM school_day d
                WHERE d.school_urn = l.school_urn AND d.day > l.as_at AND d.day < l.year_ends) AS sessions_left
        FROM line l
        WHERE possible(l.tally) > 0
        GROUP BY l.school_urn, l.academic_year, l.as_at, l.year_ends)
    SELECT t.school_urn, l.pupil_id, u.upn::text, u.surname, u.forename, l.year_group, l.registration_group,
        t.academic_year, t.as_at, possible(l.tally), absent(l.tally), absence_rate(l.tally),
        CASE WHEN persistence_is_stated(daterange(make_date(t.academic_year, 8, 1), t.as_at, '[]'))
            THEN is_persistently_absent(l.tally) END,
        t.sessions_left, sessions_to_miss(l.tally, t.sessions_left),
        sessions_to_attend(l.tally), sessions_to_attend(l.tally) <= t.sessions_left
    FROM together t
    CROSS JOIN LATERAL unnest(t.pupil_ids, t.tallies, t.year_groups, t.registration_groups)
        AS l (pupil_id, tally, year_group, registration_group)
    JOIN pupil u ON u.pupil_id = l.pupil_id;
END;
COMMENT ON FUNCTION persistent_absence_forecast(text, text, integer[]) IS
'How far each enrolment is from persistent absence at the end of the academic year, as it stood on the last day of the '
'period (or today): counted are the sessions from 1 August on, whatever the period begins with (persistently_absent is '
'NULL in the first seven days), sessions_left are those that the school''s calendar still holds before the year, or '
'the enrolment, ends (statutory at 15: the spring bank holiday). may_miss: how many of them may be missed, negative if '
'too many were missed already; to_attend: how many have to be attended in a row for absence to come below 10 percent, '
'0 if it is; reachable: whether so many are left. 22023 for what is no period or population';

CREATE FUNCTION report_movement(period text, population text, schools integer[], compared_with text)
    RETURNS TABLE (school_urn integer, pupil_id bigint, previous_tally attendance_tally, tally attendance_tally)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    WITH now AS MATERIALIZED (
        SELECT l.school_urn, l.pupil_id, tally_agg(tally(l.marks, l.days)) AS tally
        FROM report_line(period, population, schools) l GROUP BY l.school_urn, l.pupil_id),
    part AS MATERIALIZED (
        SELECT k.* FROM school_part k
        WHERE k.school_urn <> k.part_urn AND is_one_of(k.school_urn, schools)),
    -- who is at the school that continues the one before
    followed AS MATERIALIZED (
        SELECT p.part_urn, n.pupil_id, min(n.school_urn) AS school_urn
        FROM part p JOIN now n ON n.school_urn = p.school_urn
        WHERE possible(n.tally) > 0 AND NOT EXISTS (SELECT FROM now o
            WHERE o.school_urn = p.part_urn AND o.pupil_id = n.pupil_id AND possible(o.tally) > 0)
        GROUP BY p.part_urn, n.pupil_id),
    earlier AS (
        SELECT e.school_urn, e.pupil_id, tally_agg(e.tally) AS tally
        FROM (
            SELECT coalesce(f.school_urn, CASE WHEN coalesce(l.school_urn = ANY (schools), true) THEN l.school_urn
                    ELSE (SELECT min(p.school_urn) FROM part p WHERE p.part_urn = l.school_urn) END) AS school_urn,
                l.pupil_id, tally(l.marks, l.days) AS tally
            FROM report_line(read_required(compared_with, 'compared_with, a period,'), population,
                (SELECT with_predecessors(schools))) l
            LEFT JOIN followed f ON f.part_urn = l.school_urn AND f.pupil_id = l.pupil_id) AS e
        GROUP BY e.school_urn, e.pupil_id)
    SELECT coalesce(n.school_urn, b.school_urn), coalesce(n.pupil_id, b.pupil_id), b.tally, n.tally
    FROM earlier b FULL JOIN now n ON n.school_urn = b.school_urn AND n.pupil_id = b.pupil_id;
END;
COMMENT ON FUNCTION report_movement(text, text, integer[], text) IS
'The sessions of each pupil at a school in an earlier period, then also at the schools that it continues, and in this '
'one; NULL for a period without a line of the pupil. What band_movement() and pupil_movement() are made of';

CREATE FUNCTION movement_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    compared_with text DEFAULT NULL)
    RETURNS TABLE (previous_band integer, band integer, enrolments bigint)
    LANGUAGE sql STABLE ROWS 35
BEGIN ATOMIC
    SELECT m.previous_band, m.band, count(*)
    FROM (SELECT attendance_band(r.previous_tally) AS previous_band, attendance_band(r.tally) AS band
          FROM report_movement(period, population, schools, compared_with) r) m
    WHERE num_nonnulls(m.previous_band, m.band) > 0
    GROUP BY m.previous_band, m.band;
END;
COMMENT ON FUNCTION movement_counts(text, text, integer[], text) IS
'What band_movement() is made of, a row for each register and two bands: how many pupils at a school went from one to '
'the other. 22023 without compared_with, and for what is no period, population or school';

CREATE FUNCTION band_movement(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    compared_with text DEFAULT NULL)
    RETURNS TABLE (previous_band integer, band integer, previous_label text, label text, enrolments bigint,
        all_enrolments bigint, enrolments_percent numeric)
    LANGUAGE sql STABLE ROWS 35
BEGIN ATOMIC
    SELECT c.previous_band, c.band, band_label(p.label, (
            SELECT states_persistent_absence(compared_with, (SELECT with_predecessors(schools))))),
        band_label(b.label, (SELECT states_persistent_absence(period, schools))), c.enrolments,
        sum(c.enrolments) OVER ()::bigint, 100 * c.enrolments / sum(c.enrolments) OVER ()
    FROM (
        SELECT m.previous_band, m.band, sum(m.enrolments)::bigint AS enrolments
        FROM movement_counts(period, population, schools, compared_with) m
        GROUP BY m.previous_band, m.band) c
    LEFT JOIN report_band p ON p.scheme = 'attendance' AND p.band = c.previous_band
    LEFT JOIN report_band b ON b.scheme = 'attendance' AND b.band = c.band
    ORDER BY c.previous_band, c.band;
END;
COMMENT ON FUNCTION band_movement(text, text, integer[], text) IS
'The matrix of bands of attendance in an earlier period (compared_with) by bands in this one, with how many pupils at '
'a school went from one to the other; a NULL band: no possible session in that period, so new or gone. Bands that '
'nobody is in are left out; of a day or a week they have no names, only percentages. 22023 without compared_with, and '
'for what is no period or population';

CREATE FUNCTION pupil_movement(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL,
    compared_with text DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, movement text,
        previous_possible bigint, previous_absent bigint, previous_absence_percent numeric, previous_label text,
        possible bigint, absent bigint, absence_percent numeric, label text)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    -- kept apart: joined as one, the two periods would be compared pupil by pupil
    WITH m AS MATERIALIZED (
        SELECT r.*, attendance_band(r.previous_tally) AS previous_band, attendance_band(r.tally) AS band
        FROM report_movement(period, population, schools, compared_with) r),
    s AS MATERIALIZED (
        SELECT states_persistent_absence(compared_with, (SELECT with_predecessors(schools))) AS previous_stated,
            states_persistent_absence(period, schools) AS stated)
    SELECT m.school_urn, m.pupil_id, u.upn::text, u.surname, u.forename,
        CASE WHEN s.previous_stated AND s.stated AND m.previous_band < 4 AND m.band >= 4
            THEN 'newly persistently absent'
            WHEN s.previous_stated AND s.stated AND m.previous_band >= 4 AND m.band < 4
                THEN 'no longer persistently absent'
            WHEN m.previous_band < m.band THEN 'worsened' ELSE 'improved' END,
        possible(m.previous_tally), absent(m.previous_tally), absence_rate(m.previous_tally),
        band_label(p.label, s.previous_stated), possible(m.tally), absent(m.tally), absence_rate(m.tally),
        band_label(b.label, s.stated)
    FROM m CROSS JOIN s
    JOIN pupil u ON u.pupil_id = m.pupil_id
    JOIN report_band p ON p.scheme = 'attendance' AND p.band = m.previous_band
    JOIN report_band b ON b.scheme = 'attendance' AND b.band = m.band
    WHERE m.previous_band <> m.band
        AND known_question(read_required(compared_with, 'compared_with, a period,'), population, schools);
END;
COMMENT ON FUNCTION pupil_movement(text, text, integer[], text) IS
'Pupils whose band of attendance is not that of an earlier period (compared_with): newly or no longer persistently '
'absent (not if either period is a day or a week), or else worsened or improved. Those without a possible session in '
'one of the periods are left out. 22023 without compared_with, and for what is no period or population';

CREATE FUNCTION absence_kind_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (kind text, enrolments bigint, persistently_absent bigint, severely_absent bigint, sessions bigint,
        all_absent bigint, sessions_of_persistent bigint)
    LANGUAGE sql STABLE ROWS 3
BEGIN ATOMIC
    SELECT v.*
    FROM (
        SELECT count(*) AS enrolments, coalesce(sum(l.absent), 0)::bigint AS absent,
            coalesce(sum(l.authorised), 0)::bigint AS authorised,
            coalesce(sum(l.unauthorised), 0)::bigint AS unauthorised,
            count(*) FILTER (WHERE 10 * l.absent >= l.possible) AS pa,
            count(*) FILTER (WHERE 2 * l.absent >= l.possible) AS sa,
            count(*) FILTER (WHERE 10 * l.authorised >= l.possible) AS pa_auth,
            count(*) FILTER (WHERE 2 * l.authorised >= l.possible) AS sa_auth,
            count(*) FILTER (WHERE 10 * l.unauthorised >= l.possible) AS pa_unauth,
            count(*) FILTER (WHERE 2 * l.unauthorised >= l.possible) AS sa_unauth,
            coalesce(sum(l.absent) FILTER (WHERE 10 * l.absent >= l.possible), 0)::bigint AS absent_pa,
            coalesce(sum(l.authorised) FILTER (WHERE 10 * l.absent >= l.possible), 0)::bigint AS authorised_pa,
            coalesce(sum(l.unauthorised) FILTER (WHERE 10 * l.absent >= l.possible), 0)::bigint AS unauthorised_pa
        FROM (
            SELECT possible(t.tally) AS possible, absent(t.tally) AS absent, authorised(t.tally) AS authorised,
                unauthorised(t.tally) AS unauthorised
            FROM (SELECT tally(r.marks, r.days) AS tally FROM report_line(period, population, schools) r OFFSET 0) t
            WHERE possible(t.tally) > 0 OFFSET 0) l) c
    CROSS JOIN LATERAL (VALUES
        ('all absence'::text, c.enrolments, c.pa, c.sa, c.absent, c.absent, c.absent_pa),
        ('authorised only', c.enrolments, c.pa_auth, c.sa_auth, c.authorised, c.absent, c.authorised_pa),
        ('unauthorised only', c.enrolments, c.pa_unauth, c.sa_unauth, c.unauthorised, c.absent, c.unauthorised_pa))
        AS v (kind, enrolments, persistent, severe, sessions, all_absent, of_persistent);
END;
COMMENT ON FUNCTION absence_kind_counts(text, text, integer[]) IS
'What persistent_absence_by_kind() is made of, a row for each register and kind, its columns without the percentages: '
'whether persistence is stated is not asked. 22023 for what is no period, population or school';

CREATE FUNCTION persistent_absence_by_kind(period text, population text DEFAULT 'statutory',
    schools integer[] DEFAULT NULL)
    RETURNS TABLE (kind text, enrolments bigint, persistently_absent bigint, persistent_absence_percent numeric,
        severely_absent bigint, severe_absence_percent numeric, sessions bigint, all_absent bigint,
        sessions_of_persistent bigint, share_of_absence_percent numeric)
    LANGUAGE sql STABLE ROWS 3
BEGIN ATOMIC
    SELECT v.kind, v.enrolments, v.persistent, 100 * v.persistent::numeric / nullif(v.enrolments, 0), v.severe,
        100 * v.severe::numeric / nullif(v.enrolments, 0), v.sessions, v.all_absent, v.of_persistent,
        100 * v.of_persistent::numeric / nullif(v.all_absent, 0)
    FROM (
        SELECT k.kind, sum(k.enrolments)::bigint AS enrolments, sum(k.sessions)::bigint AS sessions,
            sum(k.all_absent)::bigint AS all_absent,
            CASE WHEN s.stated THEN sum(k.persistently_absent)::bigint END AS persistent,
            CASE WHEN s.stated THEN sum(k.severely_absent)::bigint END AS severe,
            CASE WHEN s.stated THEN sum(k.sessions_of_persistent)::bigint END AS of_persistent
        FROM absence_kind_counts(period, population, schools) k
        CROSS JOIN (SELECT states_persistent_absence(period, schools) AS stated) s
        GROUP BY k.kind, s.stated) v
    ORDER BY v.kind;
END;
COMMENT ON FUNCTION persistent_absence_by_kind(text, text, integer[]) IS
'Persistent and severe absence of enrolments by all absence, by authorised and by unauthorised absence alone: a row '
'each. sessions_of_persistent: the sessions of that kind missed by those persistently absent by all absence, and '
'share_of_absence_percent their share of all missed sessions, as Annex A of the methodology has it. Persistence NULL '
'for a day or a week; 22023 for what is no period or population';

CREATE FUNCTION persistent_absentees(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupil_id bigint, upn text, surname text, forename text, year_group text,
        registration_group text, possible bigint, absent bigint, authorised bigint, unauthorised bigint,
        absence_percent numeric, severely_absent boolean, by_authorised boolean, by_unauthorised boolean,
        severely_by_authorised boolean, severely_by_unauthorised boolean)
    LANGUAGE sql STABLE ROWS 10000
BEGIN ATOMIC
    SELECT t.school_urn, t.pupil_id, t.upn, t.surname, t.forename, t.year_group, t.registration_group,
        possible(t.tally), absent(t.tally), authorised(t.tally), unauthorised(t.tally), absence_rate(t.tally),
        is_severely_absent(t.tally), 10 * authorised(t.tally) >= possible(t.tally),
        10 * unauthorised(t.tally) >= possible(t.tally), 2 * authorised(t.tally) >= possible(t.tally),
        2 * unauthorised(t.tally) >= possible(t.tally)
    FROM pupil_line(period, population, schools) t
    WHERE is_persistently_absent(t.tally)
        AND CASE WHEN known_schools(schools) THEN states_persistent_absence(period, schools) END;
END;
COMMENT ON FUNCTION persistent_absentees(text, text, integer[]) IS
'Enrolments that are persistently absent in a period, whether severely, and whether by authorised or unauthorised '
'absence alone (a legal intervention is open only for the latter). No rows for a day or a week; 22023 for what is no '
'period or population';
