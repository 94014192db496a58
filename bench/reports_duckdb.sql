-- Each statement begins a line; one that is indented goes on with it.
CREATE TYPE code AS ENUM ('-', '/', '\', 'L', 'B', 'K', 'P', 'V', 'W', 'J', 'C', 'C1', 'C2', 'E', 'I', 'J1', 'M', 'R',
    'S', 'T', 'H', 'F', 'I01', 'I02', 'G', 'N', 'O', 'U', 'D', 'Q', 'X', 'X01', 'Y', 'Y1', 'Y2', 'Y3', 'Y4', 'Y5', 'Y6',
    'Y7', 'X02', 'X03', 'X04', 'X05', 'X06', 'X07', 'X08', 'X09', 'Z', '#')
CREATE TYPE half AS ENUM ('AM', 'PM')
CREATE TABLE marks AS SELECT *
    FROM read_csv(':work/rows.csv', header = false, columns = {'school_urn': 'INTEGER', 'pupil_id': 'INTEGER',
    'day': 'DATE', 'session': 'half', 'mark': 'code'})
CREATE TABLE pupils AS SELECT *
    FROM read_csv(':work/pupils.csv', header = false, columns = {'school_urn': 'INTEGER', 'pupil_id': 'INTEGER',
    'statutory': 'BOOLEAN', 'until': 'DATE', 'sex': 'VARCHAR', 'year_group': 'VARCHAR', 'fsm': 'VARCHAR',
    'sen': 'VARCHAR', 'eal': 'VARCHAR'})
-- Who is counted at 15 is counted up to the spring bank holiday.
CREATE VIEW counted AS SELECT f.*, m.possible, m.absent
    FROM (SELECT school_urn, pupil_id, sum(possible) AS possible, sum(absent) AS absent FROM (
        SELECT school_urn, pupil_id, day >= DATE '2026-05-25' AS late, count_if(enum_code(mark) BETWEEN 10 AND 27)
            AS absent, count_if(enum_code(mark) BETWEEN 1 AND 27 OR enum_code(mark) BETWEEN 40 AND 47) AS possible
            FROM marks GROUP BY ALL) p
        JOIN pupils f USING (school_urn, pupil_id) WHERE statutory AND (NOT late OR until > DATE '2026-05-25')
        GROUP BY ALL) m
    JOIN pupils f USING (school_urn, pupil_id)
CHECKPOINT
