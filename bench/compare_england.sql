-- England's year, packed, of 153 authorities. Variables: pupils; file: one that the server can write.
CALL timed('England', 'lines made', :pupils,
    'CREATE TABLE public.made AS SELECT 201 + (school_urn - 100001) % 153 AS la_number, * FROM public.made_lines(1, '
    || :pupils || ')');
COPY made TO :'file' (FORMAT binary);
DROP TABLE made;
CREATE TABLE packed (la_number int NOT NULL, school_urn int NOT NULL, pupil_id bigint NOT NULL,
    marks attendance.mark_series NOT NULL);
CALL timed('England', 'loaded by COPY (binary)', :pupils,
    format('COPY public.packed FROM %L (FORMAT binary)', :'file'));
CALL timed('England', 'ANALYZE', :pupils, 'ANALYZE public.packed');
VACUUM packed;
CREATE TABLE school AS SELECT DISTINCT school_urn, la_number FROM packed;
ALTER TABLE school ADD PRIMARY KEY (school_urn);
ANALYZE school;
