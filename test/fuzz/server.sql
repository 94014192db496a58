-- server.sql: after probes.sql, for as many seconds as fuzz.seconds says: stored values changed at random,
-- through every function that the catalogue has.  Any error but those named below ends it.

CREATE CAST (bytea AS mark_series) WITHOUT FUNCTION;
CREATE CAST (bytea AS mark_counts) WITHOUT FUNCTION;

CREATE TABLE valid (type text, bytes bytea);
INSERT INTO valid
SELECT 'mark_series', mark_series_send(text::mark_series)
FROM unnest(ARRAY['empty', '1900-01-01 /', '2025-09-08 .\', '2025-09-08 /\/\/\/\II /\(C1)(C1)', '2025-09-13 /\',
                  '2025-09-08 /\/\/\/\/\/\/\ /\/\/\/\/\', '2999-12-31 /\', '2025-10-20 /\/\/\/\/\ . . . . . . /\ILU',
                  '2025-09-08' || repeat(' /\II-\LL(Y7)(Y7) ##.OU', 9)]) AS text
UNION ALL SELECT 'mark_counts', mark_counts_send(text::mark_counts)
FROM unnest('{empty,/:1,"/:190 I:4","-:2 #:9223372036854775807"}'::text[]) AS text;

CREATE FUNCTION damage(bytes bytea) RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. 1 + floor(random() * 3)::int LOOP
        bytes := set_byte(bytes, floor(random() * length(bytes))::int, floor(random() * 256)::int);
        IF random() < 0.1 THEN
            bytes := substr(bytes, 1, 1 + floor(random() * length(bytes))::int);
        ELSIF random() < 0.1 THEN
            bytes := bytes || bytes;
        END IF;
    END LOOP;
    RETURN bytes;
END $$;

DO $$
DECLARE
    until timestamptz := clock_timestamp() + current_setting('fuzz.seconds')::float8 * interval '1 s';
    calls bigint := 0;
    refused bigint := 0;
    value record;
    call record;
BEGIN
    WHILE clock_timestamp() < until LOOP
        FOR value IN SELECT type, damage(bytes) AS bytes FROM valid ORDER BY random() LOOP
            FOR call IN SELECT p.call FROM probe AS p WHERE p.type = value.type LOOP
                calls := calls + 1;
                BEGIN
                    EXECUTE format('SELECT %s FROM (SELECT $1::%s AS v OFFSET 0) AS q', call.call, value.type)
                    USING value.bytes;
                EXCEPTION WHEN data_corrupted OR program_limit_exceeded OR data_exception THEN
                    refused := refused + 1;
                END;
            END LOOP;
        END LOOP;
    END LOOP;
    RAISE LOG 'fuzz: % calls, % errors', calls, refused;
END $$;
