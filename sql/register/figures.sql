-- Figures for who sees no pupils, counted with the rights of the owner: for register/pages/figures.sql.

CREATE FUNCTION school_figures_page(relation regclass, school_urn integer, period text) RETURNS text
    AS 'MODULE_PATHNAME', 'att_school_figures_page' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION school_figures_page(regclass, integer, text) IS
'Internal: for governor_page() of the register that a relation is of: page_head_termly() without counts of fewer than '
'five, counted with the rights of the owner, of a school that the current user has in figure_school. NULL for NULL; '
'22023 for another school, or what is no period; 42501 without a right on figure_school';

CREATE FUNCTION trust_figures_page(relation regclass, trust_uid integer, period text) RETURNS text
    AS 'MODULE_PATHNAME', 'att_trust_figures_page' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION trust_figures_page(regclass, integer, text) IS
'Internal: for trustee_page(): page_trust() without counts of fewer than five, of a trust all of whose schools the '
'current user has in figure_school. Otherwise as school_figures_page()';

CREATE FUNCTION review_figures(relation regclass, school_urn integer, period text) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'att_review_figures' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION review_figures(regclass, integer, text) IS
'Internal: for governor_pack(): the rows of meeting_pack() for a review by governors or trustees. Otherwise as '
'school_figures_page()';
