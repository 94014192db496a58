-- When pupils who were late arrived.

CREATE TABLE late_arrival (
    school_urn integer NOT NULL REFERENCES school,
    pupil_id bigint NOT NULL REFERENCES pupil,
    session school_session NOT NULL,
    minutes integer NOT NULL CHECK (minutes BETWEEN 1 AND 480),
    PRIMARY KEY (school_urn, pupil_id, session)
);
COMMENT ON TABLE late_arrival IS
'By how many minutes a pupil was late, where a school notes it beside L and U; no part of the attendance register';
COMMENT ON COLUMN late_arrival.minutes IS 'Minutes after the session began';
CREATE INDEX ON late_arrival (pupil_id);
