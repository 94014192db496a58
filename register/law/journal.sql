-- What the journal says: amendments of marks, and changes of all else.

CREATE VIEW amendment WITH (security_invoker = true) AS
    SELECT j.school_urn, c.academic_year, c.pupil_id, c.day, c.session, c.original, c.amended,
        j.reason, j.entered_at AS amended_at, j.entered_by, j.title, j.login, j.entry_id
    FROM journal j
    CROSS JOIN LATERAL journal_changes(CASE WHEN j.kind = 'marks' THEN j.payload END, daterange(NULL, NULL), true) c;
COMMENT ON VIEW amendment IS
'Every amendment of a mark: original and amended mark, reason, time, name and title of the person. School Attendance '
'(Pupil Registration) (England) Regulations 2024, regulation 6';

CREATE FUNCTION cannot_be_foretold(mark session_mark) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    RETURN mark_class(mark) IN ('present', 'approved educational activity', 'unauthorised') OR mark::text LIKE 'I%';
COMMENT ON FUNCTION cannot_be_foretold(session_mark) IS
'Whether a mark says what nobody can know in advance: that the pupil attends here or an educational activity '
'elsewhere, is late, ill, or away without leave (AT025). NULL for NULL';

CREATE VIEW entry_time WITH (security_invoker = true) AS
    SELECT t.school_urn, t.academic_year, t.pupil_id, t.day, t.session, t.mark, t.is_first,
        t.entered_on - t.day AS days_after,
        -- the marks of few entries are looked at
        CASE WHEN t.entered_on < t.day THEN cannot_be_foretold(t.mark) ELSE false END AS is_foretold,
        t.entered_at, t.entered_by, t.title, t.reason, t.login, t.entry_id
    FROM (
        SELECT j.school_urn, c.academic_year, c.pupil_id, c.day, c.session, c.amended AS mark,
            coalesce(c.original = '-', true) AS is_first, e.entered_on, j.entered_at, j.entered_by,
            j.title, j.reason, j.login, j.entry_id
        FROM journal j
        -- once for each entry, not for each of its marks
        CROSS JOIN LATERAL (SELECT (j.entered_at AT TIME ZONE 'Europe/London')::date AS entered_on OFFSET 0) AS e
        CROSS JOIN LATERAL journal_changes(CASE WHEN j.kind = 'marks' THEN j.payload END) c) AS t
    WHERE t.entered_on <> t.day AND NOT t.mark = '-';
COMMENT ON VIEW entry_time IS
'Every mark that was not entered on its day: before it or after it, by how many days, and by whom. Regulations 2024, '
'regulation 10(1)-(3): attendance is recorded when the register is taken. Decided from the times that the journal has';
COMMENT ON COLUMN entry_time.is_first IS
'Whether the session had no mark before; an amendment is later than its day by nature';
COMMENT ON COLUMN entry_time.days_after IS
'Days from the day of the session to that of the entry; negative for before it';
COMMENT ON COLUMN entry_time.is_foretold IS
'Whether it was entered before its day and says what nobody can know in advance: that the pupil attends here or an '
'educational activity elsewhere, is late, ill, or away without leave (AT025)';

CREATE VIEW record_change WITH (security_invoker = true) AS
    -- a row is read as JSON when it is looked at
    SELECT j.school_urn, r.relation, r.original::jsonb AS original, r.amended::jsonb AS amended, j.reason, j.entered_at,
        j.entered_by, j.title, j.login, j.entry_id
    FROM journal j
    CROSS JOIN LATERAL journal_rows(CASE WHEN j.kind = 'records' THEN j.payload END) r;
COMMENT ON VIEW record_change IS
'Every entry beside marks, a row for each row of a table that it made, changed or took away: what the row was (NULL if '
'it was new) and what it became (NULL if it was disposed of), when and by whom. Regulations 2024, regulation 6';
COMMENT ON COLUMN record_change.school_urn IS '0 for what is of no single school, such as pupil';
COMMENT ON COLUMN record_change.relation IS 'The table: pupil, enrolment, leave_of_absence ...';

CREATE VIEW file_reading WITH (security_invoker = true) AS
    SELECT r.reading_id, r.what, r.school_urn, r.pupil_id, r.notice_id, c.entered_at, c.login, c.entered_by, c.title,
        c.reason, c.entry_id
    FROM record_change c
    JOIN reading r ON r.reading_id = (c.amended ->> 'reading_id')::bigint
    WHERE c.relation = 'reading' AND c.original IS NULL;
COMMENT ON VIEW file_reading IS
'Who read the file of a pupil, a legal file or the journal, when and why: the entries of the table reading, as the '
'journal has them';
COMMENT ON COLUMN file_reading.login IS 'The role that was logged in';
