-- The attendance register: a line for each pupil, school and academic year.

CREATE SEQUENCE register_line_key AS integer;
COMMENT ON SEQUENCE register_line_key IS
'Numbers the lines; guard_register_line() draws from it, so writers need no right to it';

CREATE TABLE register_line (
    school_urn integer NOT NULL REFERENCES school,
    academic_year integer NOT NULL,
    pupil_id bigint NOT NULL REFERENCES pupil,
    enrolment_start date NOT NULL,
    marks mark_series NOT NULL DEFAULT 'empty',
    entered_by text,
    title text,
    reason text,
    line_key integer NOT NULL,
    enrolment_end date,
    birth_cohort integer NOT NULL,
    is_counted boolean NOT NULL,
    year_group text,
    registration_group text,
    sex text,
    PRIMARY KEY (school_urn, academic_year, pupil_id),
    FOREIGN KEY (school_urn, pupil_id, enrolment_start) REFERENCES enrolment ON UPDATE CASCADE,
    CONSTRAINT register_line_in_year CHECK (academic_year(first_day(marks)) = academic_year
        AND academic_year(last_day(marks)) = academic_year),
    CONSTRAINT register_line_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
) PARTITION BY LIST (academic_year);
COMMENT ON TABLE register_line IS
'The marks of a pupil at a school in an academic year, from 1 August (2025 is 2025/26); one partition a year';
COMMENT ON COLUMN register_line.enrolment_start IS
'Start of the first enrolment of the pupil at the school in the year; filled in if it is not given';
COMMENT ON COLUMN register_line.entered_by IS 'Who makes the entries of a statement; kept in the journal, not here';
COMMENT ON COLUMN register_line.title IS 'Title of who makes the entries; kept in the journal, not here';
COMMENT ON COLUMN register_line.reason IS 'Why marks are amended; kept in the journal, not here';
COMMENT ON COLUMN register_line.line_key IS
'Number of the line, of which the views for BI make their keys; filled in if it is not given';
COMMENT ON COLUMN register_line.enrolment_end IS
'Last day of that enrolment, NULL while the pupil is on the roll. This and what follows is what the enrolment and the '
'pupil say now, so that reports need not look it up: see line_fact. Triggers keep it, whatever is written here';
COMMENT ON COLUMN register_line.birth_cohort IS 'As in pupil';
COMMENT ON COLUMN register_line.is_counted IS 'Whether the pupil is no boarder and no guest';
COMMENT ON COLUMN register_line.year_group IS 'As in enrolment';
COMMENT ON COLUMN register_line.registration_group IS 'As in enrolment';
COMMENT ON COLUMN register_line.sex IS 'As in pupil';
ALTER SEQUENCE register_line_key OWNED BY register_line.line_key;
CREATE INDEX ON register_line (pupil_id);

CREATE TRIGGER guard_register_line BEFORE INSERT OR UPDATE ON register_line
    FOR EACH ROW EXECUTE FUNCTION guard_register_line();
-- After the row: what other triggers and ON CONFLICT have made of it is what counts.
CREATE TRIGGER gather_line AFTER INSERT OR UPDATE ON register_line
    FOR EACH ROW EXECUTE FUNCTION gather_line();
CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON register_line
    FOR EACH STATEMENT EXECUTE FUNCTION write_journal();
CREATE TRIGGER refuse_removal BEFORE DELETE ON register_line
    FOR EACH ROW EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON register_line
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();

CREATE VIEW line_fact WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, e.start_date AS enrolment_start, e.end_date AS enrolment_end, p.birth_cohort,
        e.boarder = 'N' AND e.status <> 'G' AS is_counted, e.year_group, e.registration_group, p.sex
    FROM enrolment e
    JOIN pupil p ON p.pupil_id = e.pupil_id;
COMMENT ON VIEW line_fact IS
'What lines say of their enrolments and pupils, who are found by the first three columns';
CREATE TRIGGER reach_lines BEFORE UPDATE OF end_date, status, boarder, year_group, registration_group ON enrolment
    FOR EACH STATEMENT EXECUTE FUNCTION reach_lines();
CREATE TRIGGER keep_facts AFTER UPDATE ON enrolment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_facts('n.school_urn', '{school_urn,pupil_id,start_date}',
        '{end_date,status,boarder,year_group,registration_group}');
CREATE TRIGGER reach_lines BEFORE UPDATE OF sex, date_of_birth ON pupil
    FOR EACH STATEMENT EXECUTE FUNCTION reach_lines();
CREATE TRIGGER keep_facts AFTER UPDATE ON pupil REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_facts('NULL::integer', '{pupil_id}', '{sex,birth_cohort}');

-- Its query is made anew with each year: see build_register_year().
DO $$
BEGIN
    EXECUTE 'CREATE VIEW register_year WITH (security_invoker = true) AS '
        || register_year_query(pg_catalog.current_schema());
END
$$;
COMMENT ON VIEW register_year IS
'The partitions of register_line: cheap to read, as nothing is counted. As it names them, none is dropped while it is '
'in use here';
COMMENT ON COLUMN register_year.academic_year IS 'NULL for a partition of no certain years';
COMMENT ON COLUMN register_year.lines IS 'Lines at the last VACUUM or ANALYZE of the partition; NULL before the first';
COMMENT ON COLUMN register_year.bytes IS 'Size with indexes';
