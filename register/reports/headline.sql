-- The headline figures: attendance, absence, lateness, persistent and severe absence, with what they are made of.

CREATE FUNCTION states_persistent_absence(period text, schools integer[] DEFAULT NULL) RETURNS boolean
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- the days of a half term and a term are those of the year here, but what there is of one may be few
    SELECT CASE WHEN p.kind ~ '^(half )?term to date' THEN (
            SELECT coalesce(bool_or(persistence_is_stated(s.days)), false) FROM school_period(period, schools) s)
        ELSE persistence_is_stated(p.days) END
    FROM read_period(period) p
    WHERE known_schools(schools);
END;
COMMENT ON FUNCTION states_persistent_absence(text, integer[]) IS
'Whether persistent and severe absence are stated for a period, by persistence_is_stated(): not for a day, a week or '
'as few days, nor for a term to date that has no more days yet at any of the schools (by URN; NULL for all). NULL for '
'NULL; 22023 for what is no period or school';

CREATE FUNCTION cohort_persistence(cohort cohort_summary, stated boolean)
    RETURNS TABLE (persistently_absent bigint, persistent_absence_percent numeric, severely_absent bigint,
        severe_absence_percent numeric)
    LANGUAGE sql IMMUTABLE ROWS 1
BEGIN ATOMIC
    SELECT CASE WHEN stated THEN persistently_absent(cohort) END,
        CASE WHEN stated THEN persistent_absence_rate(cohort) END, CASE WHEN stated THEN severely_absent(cohort) END,
        CASE WHEN stated THEN severe_absence_rate(cohort) END;
END;
COMMENT ON FUNCTION cohort_persistence(cohort_summary, boolean) IS
'Persistent and severe absence of a group, one row, and of NULLs where they are not stated: see '
'states_persistent_absence()';

CREATE FUNCTION cohort_figures(cohort cohort_summary, pupils bigint, persistence boolean)
    RETURNS SETOF cohort_figures
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT enrolments(cohort), pupils, possible(t.tally), attended(t.tally), present(t.tally),
        approved_activity(t.tally), absent(t.tally), authorised(t.tally), unauthorised(t.tally),
        late_before_close(t.tally), late_after_close(t.tally), not_possible(t.tally), coronavirus(t.tally),
        unmarked(t.tally), due_sessions(t.tally), attendance_rate(t.tally), absence_rate(t.tally),
        authorised_rate(t.tally), unauthorised_rate(t.tally),
        100 * late_before_close(t.tally)::numeric / nullif(possible(t.tally), 0),
        100 * late_after_close(t.tally)::numeric / nullif(possible(t.tally), 0),
        p.persistently_absent, p.persistent_absence_percent, p.severely_absent, p.severe_absence_percent,
        absent(t.tally) * 0.5, absent(t.tally) * 0.5 / nullif(pupils, 0)
    FROM (SELECT tally(cohort) AS tally) t CROSS JOIN LATERAL cohort_persistence(cohort, persistence) p;
END;
COMMENT ON FUNCTION cohort_figures(cohort_summary, bigint, boolean) IS
'The figures of a group, side by side: what headline() returns. persistence: whether persistent and severe absence are '
'stated, see states_persistent_absence()';

CREATE FUNCTION headline_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_count bigint, pupils bigint, cohort cohort_summary)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT count(DISTINCT l.school_urn) FILTER (WHERE possible(l.tally) > 0),
        count(DISTINCT l.pupil_id) FILTER (WHERE possible(l.tally) > 0), cohort_agg(l.tally)
    FROM (SELECT r.school_urn, r.pupil_id, tally(r.marks, r.days) AS tally
          FROM due_line(period, population, schools) r OFFSET 0) l;
END;
COMMENT ON FUNCTION headline_counts(text, text, integer[]) IS
'What headline() is made of, a row for each register: how many schools and pupils have a possible session, and all '
'enrolments. 22023 for what is no period, population or school';

CREATE FUNCTION headline(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS SETOF headline_figures
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT (SELECT daterange(min(lower(p.days)), max(upper(p.days))) FROM school_period(period, schools) p
            HAVING count(*) > 0), t.school_count, f.*
    FROM (SELECT sum(c.school_count)::bigint AS school_count, sum(c.pupils)::bigint AS pupils,
            cohort_agg(c.cohort) AS cohort
          FROM headline_counts(period, population, schools) c) t
    CROSS JOIN LATERAL cohort_figures(t.cohort, t.pupils, (SELECT states_persistent_absence(period, schools))) f;
END;
COMMENT ON FUNCTION headline(text, text, integer[]) IS
'The headline figures of a period, a population and some schools, one row: see read_period(), read_population(); NULL '
'for all schools. Sessions by class, percentages 0 to 100 of possible sessions (NULL if there are none), enrolments '
'and unique pupils with a possible session, persistent and severe absence (percent of enrolments; NULL for a day or a '
'week), days lost (two sessions are a day). late_before_close (L) is part of present, late_after_close (U) of '
'unauthorised. due: sessions in which a mark was due, of which unmarked have none (see unmarked_session): the figures '
'are of the others. 22023 for what is no period or population. Pupil absence in schools in England: methodology, 3.1 '
'and 3.2';

CREATE FUNCTION school_headline_counts(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS TABLE (school_urn integer, pupils bigint, cohort cohort_summary)
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT l.school_urn, count(DISTINCT l.pupil_id) FILTER (WHERE possible(l.tally) > 0), cohort_agg(l.tally)
    FROM (SELECT r.school_urn, r.pupil_id, tally(r.marks, r.days) AS tally
          FROM due_line(period, population, schools) r OFFSET 0) l
    GROUP BY l.school_urn;
END;
COMMENT ON FUNCTION school_headline_counts(text, text, integer[]) IS
'What headline_by_school() is made of, a row for each school: its pupils with a possible session, and its enrolments. '
'22023 for what is no period, population or school';

CREATE FUNCTION headline_by_school(period text, population text DEFAULT 'statutory', schools integer[] DEFAULT NULL)
    RETURNS SETOF school_headline
    LANGUAGE sql STABLE ROWS 200
BEGIN ATOMIC
    SELECT t.school_urn, s.name, s.phase, p.days, f.*
    FROM school_headline_counts(period, population, schools) t
    JOIN schools_in(period) s ON s.urn = t.school_urn
    JOIN school_period(period, schools) p ON p.school_urn = t.school_urn
    CROSS JOIN LATERAL cohort_figures(t.cohort, t.pupils, (SELECT states_persistent_absence(period, schools))) f
    ORDER BY t.school_urn;
END;
COMMENT ON FUNCTION headline_by_school(text, text, integer[]) IS
'As headline(), a row for each school that has lines of register in the period, or pupils of whom marks are missing, '
'with the days of the period at the school';
