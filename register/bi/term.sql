-- Facts of groups in each term: schools, trusts and authorities, with persistent and severe absence.

CREATE VIEW bi_school_term WITH (security_invoker = true) AS
    SELECT (k.school_key * 64 + academic_year_number(c.academic_year)) * 4 + c.term_number AS school_term_key,
        c.school_urn, c.academic_year, c.term_number, c.term::varchar(6) AS term,
        e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM fact_school_term c
    LEFT JOIN school k ON k.urn = c.school_urn
    CROSS JOIN LATERAL bi_enrolments(c.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(c.cohort)) f;
COMMENT ON VIEW bi_school_term IS
'One row for each school, academic year and term of the school with a session: every enrolment and session of the '
'register. Holidays count to the term before them';

CREATE VIEW bi_school_term_statutory WITH (security_invoker = true) AS
    SELECT (k.school_key * 64 + academic_year_number(c.academic_year)) * 4 + c.term_number AS school_term_key,
        c.school_urn, c.academic_year, c.term_number, c.term::varchar(6) AS term,
        e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM fact_school_term_statutory c
    LEFT JOIN school k ON k.urn = c.school_urn
    CROSS JOIN LATERAL bi_enrolments(c.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(c.cohort)) f;
COMMENT ON VIEW bi_school_term_statutory IS
'One row for each school, academic year and term of the school with a session, of those whom the official figures of '
'the school census are about: see report_line()';

CREATE VIEW bi_trust_term WITH (security_invoker = true) AS
    SELECT (g.trust_uid * 64 + academic_year_number(g.academic_year)) * 4 + g.term_number AS trust_term_key,
        g.trust_uid, g.academic_year, g.term_number, g.term::varchar(6) AS term, g.schools,
        e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT s.trust_uid, t.academic_year, t.term_number, t.term, count(*)::integer AS schools,
            cohort_agg(t.cohort) AS cohort
        FROM fact_school_term t CROSS JOIN LATERAL school_in_year(t.school_urn, t.academic_year) s
        WHERE s.trust_uid IS NOT NULL
        GROUP BY s.trust_uid, t.academic_year, t.term_number, t.term) AS g
    CROSS JOIN LATERAL bi_enrolments(g.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(g.cohort)) f;
COMMENT ON VIEW bi_trust_term IS
'One row for each trust, academic year and term with a session: the enrolments and sessions of its schools, each in '
'its own terms';

CREATE VIEW bi_authority_term WITH (security_invoker = true) AS
    SELECT (g.la_number * 64 + academic_year_number(g.academic_year)) * 4 + g.term_number AS authority_term_key,
        g.la_number, g.academic_year, g.term_number, g.term::varchar(6) AS term, g.schools,
        e.*, f.*,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM (
        SELECT s.la_number, t.academic_year, t.term_number, t.term, count(*)::integer AS schools,
            cohort_agg(t.cohort) AS cohort
        FROM fact_school_term t CROSS JOIN LATERAL school_in_year(t.school_urn, t.academic_year) s
        WHERE s.la_number IS NOT NULL
        GROUP BY s.la_number, t.academic_year, t.term_number, t.term) AS g
    CROSS JOIN LATERAL bi_enrolments(g.cohort) e
    CROSS JOIN LATERAL bi_sessions(tally(g.cohort)) f;
COMMENT ON VIEW bi_authority_term IS
'One row for each authority, academic year and term with a session: the enrolments and sessions of its schools, each '
'in its own terms';
