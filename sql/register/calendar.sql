-- When a school holds sessions.

CREATE TABLE term_date (
    school_urn urn NOT NULL REFERENCES school,
    academic_year integer NOT NULL,
    term text NOT NULL CHECK (term IN ('Autumn', 'Spring', 'Summer')),
    half integer NOT NULL CHECK (half IN (1, 2)),
    first_day date NOT NULL,
    last_day date NOT NULL,
    PRIMARY KEY (school_urn, academic_year, term, half),
    CONSTRAINT term_date_days CHECK (first_day <= last_day),
    CONSTRAINT term_date_year CHECK (academic_year(first_day) = academic_year AND academic_year(last_day) = academic_year),
    -- a day is in one half term of a school
    CONSTRAINT term_date_no_overlap EXCLUDE USING gist (
        int4range(school_urn, school_urn, '[]') WITH &&,
        daterange(first_day, last_day, '[]') WITH &&)
);
COMMENT ON TABLE term_date IS 'The half terms of a school, six in an academic year (2025 is 2025/26)';

COMMENT ON CONSTRAINT term_date_days ON term_date IS 'last_day is not before first_day';
COMMENT ON CONSTRAINT term_date_year ON term_date IS 'first_day and last_day are in academic_year, which begins on 1 August';
COMMENT ON CONSTRAINT term_date_no_overlap ON term_date IS 'another half term of the school has some of these days';

CREATE TABLE school_day (
    school_urn urn NOT NULL REFERENCES school,
    day date NOT NULL,
    academic_year integer NOT NULL GENERATED ALWAYS AS (academic_year(day)) STORED,
    morning boolean NOT NULL DEFAULT true,
    afternoon boolean NOT NULL DEFAULT true,
    closure text,
    PRIMARY KEY (school_urn, day),
    CONSTRAINT school_day_closure CHECK (morning AND afternoon OR closure IS NOT NULL)
);
COMMENT ON TABLE school_day IS
'A school''s calendar: which sessions it holds. A day that is not here is no school day';
COMMENT ON COLUMN school_day.morning IS 'Whether the morning session is held';
COMMENT ON COLUMN school_day.afternoon IS 'Whether the afternoon session is held';
COMMENT ON COLUMN school_day.closure IS 'Why a session is not held: INSET, polling, bank holiday';
COMMENT ON CONSTRAINT school_day_closure ON school_day IS 'a session that is not held (morning, afternoon) needs closure, the reason';
CREATE INDEX ON school_day (school_urn, academic_year);
CREATE INDEX ON school_day (day);

CREATE TRIGGER hold_calendar BEFORE UPDATE OR DELETE ON school_day
    FOR EACH STATEMENT EXECUTE FUNCTION hold_calendar();
CREATE TRIGGER guard_school_day BEFORE UPDATE OR DELETE ON school_day
    FOR EACH ROW EXECUTE FUNCTION guard_school_day();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON school_day
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();
