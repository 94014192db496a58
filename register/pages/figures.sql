-- What governors and trustees see, who see no pupils: figures in which small counts are not said.

CREATE VIEW figure_school WITH (security_invoker = true) AS
    SELECT s.urn AS school_urn, s.name, s.trust_uid
    FROM school_on((now() AT TIME ZONE 'Europe/London')::date) s
    -- who sees some of the pupils, as the virtual school, has figures of all of them at no school of another authority
    WHERE cardinality((SELECT seen_pupils('school'::regclass))) > 0 IS NOT TRUE
        OR s.la_number = ANY ((SELECT seen_authorities('school'::regclass))::integer[]);
COMMENT ON VIEW figure_school IS
'The schools of which the current user may ask for figures: governor_page(), governor_pack(), trustee_page(). Who sees '
'some of the pupils alone, as the virtual school, those of the own authority';

CREATE FUNCTION governor_page(school_urn integer, period text) RETURNS text
    LANGUAGE sql STABLE
    RETURN school_figures_page('school'::regclass, school_urn, period);
COMMENT ON FUNCTION governor_page(integer, text) IS
'page_head_termly() of a school for its governors: no pupil, and no count of fewer than five, nor one from which such '
'a count follows. It is counted with the rights of the register''s owner: who has a right on figure_school, and the '
'school there, needs none on pupils and marks. NULL for NULL; 22023 for a school that is not there or not seen, and '
'for what is no period';

CREATE FUNCTION trustee_page(trust_uid integer, period text) RETURNS text
    LANGUAGE sql STABLE
    RETURN trust_figures_page('school'::regclass, trust_uid, period);
COMMENT ON FUNCTION trustee_page(integer, text) IS
'page_trust() for trustees, who see all schools of the trust in figure_school. Otherwise as governor_page()';

CREATE FUNCTION governor_pack(school_urn integer, period text)
    RETURNS TABLE (section text, place integer, item text, percent numeric, before numeric, authority numeric,
        england numeric, day date, said text)
    LANGUAGE sql STABLE ROWS 50
BEGIN ATOMIC
    SELECT p.* FROM jsonb_to_recordset(review_figures('school'::regclass, governor_pack.school_urn, period)) AS p (
        section text, place integer, item text, percent numeric, before numeric, authority numeric, england numeric,
        day date, said text);
END;
COMMENT ON FUNCTION governor_pack(integer, text) IS
'meeting_pack() of a school for a review by its governors or trustees today (T1.2): figures, movement, targets, and '
'what the last review agreed. Otherwise as governor_page(); no rows for NULL';
