-- Each statement begins a line; one that is indented goes on with it.
CREATE TABLE rows_varchar AS SELECT *
    FROM read_csv(':work/rows.csv', header = false, columns = {'school_urn': 'INTEGER', 'pupil_id': 'INTEGER',
    'day': 'DATE', 'session': 'VARCHAR', 'mark': 'VARCHAR'})
CREATE TYPE code AS ENUM ('-', '/', '\', 'L', 'B', 'K', 'P', 'V', 'W', 'J', 'C', 'C1', 'C2', 'E', 'I', 'J1', 'M', 'R',
    'S', 'T', 'H', 'F', 'I01', 'I02', 'G', 'N', 'O', 'U', 'D', 'Q', 'X', 'X01', 'Y', 'Y1', 'Y2', 'Y3', 'Y4', 'Y5', 'Y6',
    'Y7', 'X02', 'X03', 'X04', 'X05', 'X06', 'X07', 'X08', 'X09', 'Z', '#')
CREATE TYPE half AS ENUM ('AM', 'PM')
CREATE TABLE rows_enum AS SELECT school_urn, pupil_id, day, session::half AS session, mark::code AS mark
    FROM rows_varchar
CREATE TABLE rows_six AS SELECT *
    FROM read_csv(':work/six.csv', header = false, columns = {'school_urn': 'INTEGER', 'academic_year': 'INTEGER',
    'pupil_id': 'INTEGER', 'day': 'DATE', 'session': 'half', 'mark': 'code'})
CREATE TABLE school_week AS SELECT week, row_number() OVER (ORDER BY week)::INTEGER AS number
    FROM (SELECT DISTINCT date_trunc('week', day)::DATE AS week FROM rows_varchar) w
CHECKPOINT
