-- Figures that others have published, by the file that they came in.

CREATE TABLE benchmark_file (
    file_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL CHECK (has_words(title)),
    series text NOT NULL CHECK (series IN ('census', 'daily')),
    shape text NOT NULL CHECK (shape IN ('wide', 'long')),
    digest bytea NOT NULL UNIQUE,
    imported_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE benchmark_file IS 'Files of published figures that were imported; deleting one takes its figures away';
COMMENT ON COLUMN benchmark_file.series IS
'census: "Pupil absence in schools in England", a term in arrears; daily: "Pupil attendance in schools". They differ '
'in population and periods and are never compared with each other in silence';
COMMENT ON COLUMN benchmark_file.shape IS 'wide: a column for each measure; long: a row for each attendance_type';
COMMENT ON COLUMN benchmark_file.digest IS 'SHA-256 of the file, so that none is imported twice';

CREATE TABLE benchmark_row (
    file_id integer NOT NULL REFERENCES benchmark_file ON DELETE CASCADE,
    line integer NOT NULL,
    days daterange NOT NULL,
    time_period text NOT NULL,
    time_identifier text NOT NULL,
    geographic_level text NOT NULL
        CHECK (geographic_level IN ('National', 'Regional', 'Local authority', 'MAT', 'School')),
    area_code text NOT NULL,
    area_name text,
    phase text NOT NULL CHECK (phase IN ('Total', 'Primary', 'Secondary', 'Special', 'Alternative provision')),
    breakdown jsonb NOT NULL DEFAULT '{}',
    figures jsonb NOT NULL,
    PRIMARY KEY (file_id, line),
    CONSTRAINT benchmark_row_once UNIQUE (area_code, geographic_level, phase, days, time_identifier, breakdown, file_id)
);
COMMENT ON TABLE benchmark_row IS
'Published figures, a row for each period, area, phase and breakdown; the view benchmark has a row for each figure';
COMMENT ON COLUMN benchmark_row.line IS 'The line of the file, the header being the first';
COMMENT ON COLUMN benchmark_row.days IS 'The days that the figures are about';
COMMENT ON COLUMN benchmark_row.area_code IS
'Of the country or region its GSS code, of an authority its three-digit number, of a trust its UID, of a school its '
'URN';
COMMENT ON COLUMN benchmark_row.breakdown IS
'Filters beside area and phase, such as {"sex": "Female"}; {} for all pupils';
COMMENT ON COLUMN benchmark_row.figures IS
'Of each measure (a benchmark_column) what the file has, digits or a symbol such as c or z; empty ones are left out';
