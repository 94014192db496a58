-- What a register answers to a federation that it is a member of.

CREATE VIEW federated_report WITH (security_invoker = true) AS
    SELECT f.report, f.kind FROM federated_reports() f WHERE f.kind IN ('counts', 'pupils');
COMMENT ON VIEW federated_report IS
'What federations may ask this register for. Whoever has a right on this view, of the purpose federation, is told what '
'is of the kind counts: figures of all schools that name no pupil, counted with the rights of the register''s owner. '
'What is of the kind pupils needs the rights on what it reads, those of the purpose reports';

CREATE VIEW federated_line WITH (security_invoker = true) AS
    SELECT l.school_urn, l.academic_year, l.pupil_id, l.marks, l.enrolment_start, l.enrolment_end, l.is_counted,
        l.year_group, l.registration_group, l.sex, l.birth_cohort,
        (SELECT i.register_key FROM register_identity i) AS register_key
    FROM register_line l;
COMMENT ON VIEW federated_line IS
'The lines of this register, with its key: for SQL over the lines of several registers. Group by register_key first, '
'and again without it, then each counts its own';

CREATE FUNCTION federated_member(version text) RETURNS jsonb
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object('register_key', (SELECT i.register_key FROM register_identity i),
        'schools', (SELECT coalesce(jsonb_agg(s.urn ORDER BY s.urn), '[]') FROM school s),
        'relations', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('relation', v.relname,
                'says', obj_description(v.oid, 'pg_class'), 'columns', (
                    SELECT coalesce(jsonb_object_agg(a.attname, col_description(v.oid, a.attnum)), '{}')
                    FROM pg_attribute a
                    WHERE a.attrelid = v.oid AND a.attnum > 0 AND col_description(v.oid, a.attnum) IS NOT NULL))
                ORDER BY v.relname), '[]')
            FROM pg_class v
            WHERE v.relnamespace = r.relnamespace AND v.relkind = 'v'
                AND EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = v.oid AND k.attname = 'register_key')))
    FROM pg_class r WHERE r.oid = 'federated_report'::regclass AND answers_alike(version);
END;
COMMENT ON FUNCTION federated_member(text) IS
'For a federation: what it has to know of this register: its key, the URNs of its schools, and the views with a '
'register_key, with what is said of them: who has no right to read one is refused when it is read, not left out. '
'0A000 if the federation has another version of the extension than this database';

CREATE FUNCTION federated_answer(version text, report text, arguments text[]) RETURNS jsonb
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN f.kind = 'pupils' THEN answer_rows(t.register, f.report, arguments)
        ELSE counted_answer('federated_report'::regclass, federated_answer.report, arguments) END
    FROM (SELECT n.nspname AS register FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = 'federated_report'::regclass AND answers_alike(version)) t
    LEFT JOIN federated_report f ON f.report = federated_answer.report;
END;
COMMENT ON FUNCTION federated_answer(text, text, text[]) IS
'For a federation: the rows of one of the reports of federated_report, with its arguments as texts, as an array of '
'objects. NULL for NULL; 0A000 if the federation has another version of the extension than this database, 22023 for '
'another report, 42501 without a right on federated_report, and the errors of the report';
