-- Who keeps registers: schools, and the trusts, authorities and regions they belong to.

CREATE TABLE register_identity (
    register_key integer NOT NULL DEFAULT 1 + floor(random() * 2097151)::integer
        CONSTRAINT register_identity_key CHECK (register_key BETWEEN 1 AND 2097151),
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT register_identity_only_row CHECK (only_row)
);
COMMENT ON TABLE register_identity IS
'What tells this register from others: one row, which is dumped and copied with it';
COMMENT ON COLUMN register_identity.register_key IS
'Number of the register in the views for BI, by chance, or given by the owner: of registers that are read together '
'each has another one. Twenty-one bits, so that with a key of 32 bits it is a number that every tool holds exactly: '
'global_key()';
COMMENT ON COLUMN register_identity.only_row IS 'True: there is no second row';
COMMENT ON CONSTRAINT register_identity_key ON register_identity IS 'register_key is from 1 to 2097151';
COMMENT ON CONSTRAINT register_identity_only_row ON register_identity IS 'a register has one identity';
INSERT INTO register_identity DEFAULT VALUES;

CREATE TABLE region (
    region_code text PRIMARY KEY,
    name text NOT NULL
);
COMMENT ON TABLE region IS 'Regions of England, by GSS code such as E12000003';

CREATE TABLE local_authority (
    la_number integer PRIMARY KEY CHECK (la_number BETWEEN 1 AND 999),
    gss_code text UNIQUE,
    name text NOT NULL,
    region_code text REFERENCES region
);
COMMENT ON TABLE local_authority IS
'Local authorities, by their three-digit number for education (380 is Bradford)';
COMMENT ON COLUMN local_authority.gss_code IS 'GSS code, such as E08000032; it changes with boundaries';

CREATE TABLE trust (
    trust_uid integer PRIMARY KEY,
    name text NOT NULL
);
COMMENT ON TABLE trust IS 'Academy trusts, by their group UID';

CREATE TABLE school (
    urn integer PRIMARY KEY CONSTRAINT school_urn_has_six_digits CHECK (urn BETWEEN 100000 AND 999999),
    laestab laestab,
    name text NOT NULL,
    phase text NOT NULL CHECK (phase IN ('Nursery', 'Primary', 'Middle deemed primary', 'Secondary',
        'Middle deemed secondary', 'All-through', '16 plus', 'Special', 'Alternative provision', 'Not applicable')),
    type text NOT NULL CHECK (type IN ('Local authority maintained schools', 'Academies', 'Free schools',
        'Independent schools', 'Special schools', 'Colleges', 'Universities', 'Other types')),
    la_number integer NOT NULL REFERENCES local_authority,
    trust_uid integer REFERENCES trust,
    opened date,
    closed date,
    school_key integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    predecessor_urn integer,
    holds_from date CONSTRAINT school_holds_from CHECK (holds_from IS NULL),
    CONSTRAINT school_predecessor CHECK (predecessor_urn <> urn),
    CONSTRAINT school_predecessor_has_six_digits CHECK (predecessor_urn BETWEEN 100000 AND 999999),
    CONSTRAINT school_days CHECK (closed >= opened),
    -- as for names of pupils
    CONSTRAINT school_name_is_text CHECK (name !~ '[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]')
);
COMMENT ON CONSTRAINT school_name_is_text ON school IS 'the name has a character that XML cannot hold';
COMMENT ON TABLE school IS 'Schools, by unique reference number (URN); a school that becomes an academy has a new one';
COMMENT ON COLUMN school.laestab IS
'Authority and establishment number, seven digits; a new school at the same place may have the same';
COMMENT ON COLUMN school.phase IS 'Phase of education';
COMMENT ON COLUMN school.type IS 'Group of establishment types; independent schools keep registers too';
COMMENT ON COLUMN school.school_key IS 'Number of the school, 1, 2, 3 ..., of which the views for BI make their keys';
COMMENT ON COLUMN school.predecessor_urn IS
'URN of the school that this one continues, as an academy does that of the school it was; this register may have it or '
'not';
COMMENT ON COLUMN school.holds_from IS
'From which day on a change of phase, type, la_number and trust_uid holds, today if it is not given; kept in '
'school_former, not here';
COMMENT ON CONSTRAINT school_holds_from ON school IS 'holds_from is of a change of the school, not of the school';
COMMENT ON CONSTRAINT school_urn_has_six_digits ON school IS 'a URN has six digits';
COMMENT ON CONSTRAINT school_predecessor_has_six_digits ON school IS 'a URN (predecessor_urn) has six digits';
COMMENT ON CONSTRAINT school_predecessor ON school IS 'a school does not continue itself';
COMMENT ON CONSTRAINT school_name_is_text ON school IS 'a name has no control characters, nor U+FFFE or U+FFFF';
COMMENT ON CONSTRAINT school_days ON school IS 'closed is not before opened';
CREATE INDEX ON school (la_number);
CREATE INDEX ON school (trust_uid);
CREATE INDEX ON school (predecessor_urn) WHERE predecessor_urn IS NOT NULL;

-- What a school was before; school_membership has all with the days from and to which they hold.
CREATE TABLE school_former (
    urn integer NOT NULL REFERENCES school ON UPDATE CASCADE,
    to_day date NOT NULL CONSTRAINT school_former_day CHECK (isfinite(to_day)),
    phase text NOT NULL,
    type text NOT NULL,
    la_number integer NOT NULL REFERENCES local_authority,
    trust_uid integer REFERENCES trust,
    PRIMARY KEY (urn, to_day)
);
COMMENT ON TABLE school_former IS
'Phase, type, local authority and trust of a school until a day, since the one before. A trigger of school writes it';
COMMENT ON COLUMN school_former.to_day IS 'The last day on which it held';

CREATE TRIGGER take_date BEFORE INSERT OR UPDATE ON school FOR EACH ROW EXECUTE FUNCTION take_date();
CREATE TRIGGER keep_former AFTER UPDATE ON school REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_former('school_former', '{urn}', '{phase,type,la_number,trust_uid}',
        '''-infinity''::date', '{}');
