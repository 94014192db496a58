-- What the journal says: amendments of marks, and changes of all else.

CREATE VIEW amendment WITH (security_invoker = true) AS
    SELECT j.school_urn, c.academic_year, c.pupil_id, c.day, c.session, c.original, c.amended,
        j.reason, j.entered_at AS amended_at, j.entered_by, j.title, j.login, j.entry_id
    FROM journal j CROSS JOIN LATERAL journal_changes(CASE WHEN j.kind = 'marks' THEN j.payload END) c
    WHERE NOT c.original = '-';
COMMENT ON VIEW amendment IS
'Every amendment of a mark: original and amended mark, reason, time, name and title of the person. School Attendance '
'(Pupil Registration) (England) Regulations 2024, regulation 6';

CREATE VIEW record_change WITH (security_invoker = true) AS
    SELECT j.school_urn, i.item ->> 'table' AS relation, i.item -> 'old' AS original, i.item -> 'new' AS amended,
        j.reason, j.entered_at, j.entered_by, j.title, j.login, j.entry_id
    FROM journal j
    CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN j.kind = 'records'
        THEN convert_from(j.payload, getdatabaseencoding())::jsonb END) AS i (item);
COMMENT ON VIEW record_change IS
'Every entry beside marks, a row for each row of a table that it made, changed or took away: what the row was (NULL if '
'it was new) and what it became (NULL if it was disposed of), when and by whom. Regulations 2024, regulation 6';
COMMENT ON COLUMN record_change.school_urn IS '0 for what is of no single school, such as pupil';
COMMENT ON COLUMN record_change.relation IS 'The table: pupil, enrolment, leave_of_absence ...';
