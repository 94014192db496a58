-- The register as rows: one for each mark.

CREATE VIEW mark WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, p.upn::text AS upn, d.day, s.session,
        mark_at(l.marks, d.day, s.session) AS mark,
        mark_class(mark_at(l.marks, d.day, s.session)) AS class,
        mark_description(mark_at(l.marks, d.day, s.session)) AS description,
        NULL::text AS nature, NULL::text AS entered_by, NULL::text AS title, NULL::text AS reason
    FROM register_line l
    JOIN school_day d ON d.school_urn = l.school_urn AND d.academic_year = l.academic_year
    CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
    LEFT JOIN pupil p ON p.pupil_id = l.pupil_id
    WHERE mark_at(l.marks, d.day, s.session) IS NOT NULL;
COMMENT ON VIEW mark IS
'Every mark of the register as a row; can be written: INSERT and COPY enter marks, UPDATE amends them, DELETE is '
'refused';
COMMENT ON COLUMN mark.upn IS
'May stand for pupil_id when marks are entered; so may a former number of a pupil, which is nobody''s today';
COMMENT ON COLUMN mark.class IS 'Class of the mark; ignored when marks are entered';
COMMENT ON COLUMN mark.nature IS
'Nature of the activity or circumstances, given when B, K, Y or Y7 is entered; kept in mark_nature';
COMMENT ON COLUMN mark.entered_by IS
'Who makes the entry, given when a mark is entered or amended; kept in the journal';
COMMENT ON COLUMN mark.title IS 'Title of who makes the entry; kept in the journal';
COMMENT ON COLUMN mark.reason IS 'Why a mark is amended; kept in the journal';
COMMENT ON COLUMN mark.description IS 'What the mark means; ignored when marks are entered';

CREATE TRIGGER enter_mark INSTEAD OF INSERT OR UPDATE OR DELETE ON mark
    FOR EACH ROW EXECUTE FUNCTION enter_mark();
CREATE TRIGGER write_marks AFTER INSERT OR UPDATE ON mark
    FOR EACH STATEMENT EXECUTE FUNCTION write_marks();

CREATE VIEW mark_feed WITH (security_invoker = true) AS
    SELECT school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason FROM mark;
COMMENT ON VIEW mark_feed IS
'For nightly loads: marks that the register has already are ignored, new ones entered, different ones amended; rows '
'without a mark are left out';

CREATE TRIGGER feed_mark INSTEAD OF INSERT ON mark_feed
    FOR EACH ROW EXECUTE FUNCTION feed_mark();
CREATE TRIGGER write_marks AFTER INSERT ON mark_feed
    FOR EACH STATEMENT EXECUTE FUNCTION write_marks();
