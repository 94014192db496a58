-- When a school holds sessions.

CREATE TABLE term_date (
    school_urn integer NOT NULL REFERENCES school,
    academic_year integer NOT NULL,
    term text NOT NULL CHECK (term IN ('Autumn', 'Spring', 'Summer')),
    half integer NOT NULL CHECK (half IN (1, 2)),
    first_day date NOT NULL,
    last_day date NOT NULL,
    PRIMARY KEY (school_urn, academic_year, term, half),
    CONSTRAINT term_date_days CHECK (first_day <= last_day),
    CONSTRAINT term_date_year CHECK (academic_year(first_day) = academic_year
        AND academic_year(last_day) = academic_year),
    -- a day is in one half term of a school
    CONSTRAINT term_date_no_overlap EXCLUDE USING gist (
        int4range(school_urn, school_urn, '[]') WITH &&,
        daterange(first_day, last_day, '[]') WITH &&)
);
COMMENT ON TABLE term_date IS 'The half terms of a school, six in an academic year (2025 is 2025/26)';

COMMENT ON CONSTRAINT term_date_days ON term_date IS 'last_day is not before first_day';
COMMENT ON CONSTRAINT term_date_year ON term_date IS
'first_day and last_day are in academic_year, which begins on 1 August';
COMMENT ON CONSTRAINT term_date_no_overlap ON term_date IS 'another half term of the school has some of these days';

CREATE TABLE school_day (
    school_urn integer NOT NULL REFERENCES school,
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
COMMENT ON CONSTRAINT school_day_closure ON school_day IS
'a session that is not held (morning, afternoon) needs closure, the reason';
CREATE INDEX ON school_day (school_urn, academic_year);
CREATE INDEX ON school_day (day);

CREATE TRIGGER hold_calendar BEFORE UPDATE OR DELETE ON school_day
    FOR EACH STATEMENT EXECUTE FUNCTION hold_calendar();
CREATE TRIGGER guard_school_day BEFORE UPDATE OR DELETE ON school_day
    FOR EACH ROW EXECUTE FUNCTION guard_school_day();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON school_day
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate();

-- ---------- bank holidays ----------

CREATE TABLE bank_holiday_change (
    day date PRIMARY KEY,
    name text NOT NULL CHECK (has_words(name)),
    is_holiday boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE bank_holiday_change IS
'Bank holidays of one year only, and usual ones that were moved or are not kept: add the rows that a proclamation '
'makes';
COMMENT ON COLUMN bank_holiday_change.is_holiday IS 'False for a usual bank holiday that is none in this year';
INSERT INTO bank_holiday_change (day, name, is_holiday) VALUES
    ('1977-06-07', 'Silver Jubilee', true), ('1981-07-29', 'royal wedding', true),
    ('1995-05-01', 'early May bank holiday, moved to the 8th', false),
    ('1995-05-08', 'early May bank holiday, 50 years after VE Day', true),
    ('1999-12-31', 'Millennium', true), ('2002-06-03', 'Golden Jubilee', true), ('2011-04-29', 'royal wedding', true),
    ('2012-06-05', 'Diamond Jubilee', true), ('2020-05-04', 'early May bank holiday, moved to the 8th', false),
    ('2020-05-08', 'early May bank holiday, 75 years after VE Day', true), ('2022-06-03', 'Platinum Jubilee', true),
    ('2022-09-19', 'state funeral of Queen Elizabeth II', true), ('2023-05-08', 'coronation of King Charles III', true);

CREATE FUNCTION bank_holidays(days daterange) RETURNS TABLE (day date, name text)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    SELECT h.day, h.name
    FROM generate_series(extract(year FROM lower(days))::integer,
        extract(year FROM upper(days) - 1)::integer) AS y (year)
    CROSS JOIN LATERAL usual_bank_holidays(y.year) h
    WHERE days @> h.day AND NOT EXISTS (SELECT FROM bank_holiday_change c WHERE c.day = h.day)
    UNION ALL
    SELECT c.day, c.name FROM bank_holiday_change c WHERE days @> c.day AND c.is_holiday
    ORDER BY 1;
END;
COMMENT ON FUNCTION bank_holidays(daterange) IS
'The bank holidays of England and Wales in some days: usual_bank_holidays() of each year, as bank_holiday_change '
'changes them. No rows for NULL, no days, and days without an end';
