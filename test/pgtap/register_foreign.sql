-- The trigger functions on tables that are no register's: an error, whatever the columns are.
-- Anybody who may create a table can try it.
\ir register/fixture.sql
SELECT * FROM no_plan();

CREATE SCHEMA other;
CREATE FUNCTION attached(relation text, columns text, trigger text, row_values text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE format('CREATE %s other.%s %s', CASE WHEN trigger ~ 'INSTEAD' THEN 'VIEW' ELSE 'TABLE' END, relation, columns);
        EXECUTE format(trigger, 'other.' || relation);
        EXECUTE format('INSERT INTO other.%s VALUES (%s)', relation, row_values);
        EXECUTE format('UPDATE other.%s SET day = day', relation);
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN 'accepted';
    WHEN OTHERS THEN
        RETURN 'refused';
    END;
END
$$;

CREATE FUNCTION said_of_row_without(missing text, command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE (SELECT 'CREATE VIEW other.mark AS SELECT ' || string_agg(CASE WHEN c.name = ANY (string_to_array(missing, ', '))
            THEN format('NULL::%s AS %s', c.type, c.name) ELSE format('%L::%s AS %s', c.given, c.type, c.name) END, ', ' ORDER BY c.place)
        FROM (VALUES (1, 'school_urn', 'integer', '100001'), (2, 'pupil_id', 'bigint', '1'), (3, 'upn', 'text', 'A'), (4, 'day', 'date', '2025-09-08'),
            (5, 'session', 'text', 'AM'), (6, 'mark', 'attendance.session_mark', '/'), (7, 'nature', 'text', 'x'), (8, 'entered_by', 'text', 'x'),
            (9, 'title', 'text', 'x'), (10, 'reason', 'text', 'x')) AS c (place, name, type, given));
    CREATE TRIGGER e INSTEAD OF INSERT OR UPDATE OR DELETE ON other.mark FOR EACH ROW EXECUTE FUNCTION attendance.enter_mark();
    CREATE TRIGGER w AFTER INSERT OR UPDATE ON other.mark FOR EACH STATEMENT EXECUTE FUNCTION attendance.write_marks();
    EXECUTE command;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;

SELECT is(attached('register_line', format('(school_urn %s, academic_year %s, pupil_id %s, enrolment_start date, marks %s, day int)', a, b, c, d),
    'CREATE TRIGGER g BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION attendance.guard_register_line()', '1, 2, 3, NULL, ' || e),
    'refused', format('register_line of %s, %s, %s, %s', a, b, c, d))
FROM (VALUES ('int', 'int', 'bigint', 'text', '''2025-09-08 /'''), ('int', 'int', 'bigint', 'bytea', '''\x000000'''), ('int', 'int', 'bigint', 'bigint', '123456789'),
    ('text', 'text', 'text', 'mark_series', '''2025-09-08 /'''), ('int', 'int', 'bigint', 'bigint[]', '''{1}''')) AS v (a, b, c, d, e);
-- written by the trigger, not only read
CREATE SEQUENCE other.register_line_key;
SELECT throws_ok(format($$
    CREATE TABLE other.register_line (school_urn int, academic_year int, pupil_id bigint, enrolment_start date, marks mark_series,
        entered_by text, title text, reason text, line_key %s);
    CREATE TRIGGER g BEFORE INSERT ON other.register_line FOR EACH ROW EXECUTE FUNCTION attendance.guard_register_line();
    INSERT INTO other.register_line VALUES (100000, 2025, 1, '2025-09-01', 'empty')$$, type), '42804', NULL, 'a line_key of type ' || type)
FROM unnest('{text,mark_series,text[],bigint,smallint,urn}'::text[]) AS type;
SELECT is(attached('mark', format('AS SELECT 100001 AS school_urn, 1::%s AS pupil_id, NULL::%s AS upn, date ''2025-09-08'' AS day, NULL::%s AS session, NULL::%s AS mark', a, b, c, d),
    'CREATE TRIGGER a INSTEAD OF INSERT ON %s FOR EACH ROW EXECUTE FUNCTION attendance.' || function || '()', e),
    'refused', format('view mark of %s, %s, %s, %s, %s', a, b, c, d, function))
FROM unnest('{enter_mark,feed_mark}'::text[]) AS function,
    (VALUES ('bigint', 'text', 'text', 'session_mark', '100001, 1, NULL, ''2025-09-08'', ''AM'', ''/'''),
        ('bigint', 'text', 'bigint', 'session_mark', '100001, 1, NULL, ''2025-09-08'', 123456789, ''/'''),
        ('bigint', 'bigint', 'text', 'session_mark', '100001, 1, 123456789, ''2025-09-08'', ''AM'', ''/'''),
        ('text', 'text', 'text', 'text', '100001, ''1'', NULL, ''2025-09-08'', ''AM'', ''/'''),
        ('int', 'text', 'date', 'int', '100001, 1, NULL, ''2025-09-08'', ''2025-09-08'', 200')) AS v (a, b, c, d, e);
SELECT is(attached('school_day', '(school_urn int, day int, morning text, afternoon text)',
    'CREATE TRIGGER g BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION attendance.guard_school_day()', '1, 2, ''t'', ''t'''),
    'refused', 'school_day of other types');
SELECT is(attached('nothing', '(day int)', 'CREATE TRIGGER g ' || timing || ' EXECUTE FUNCTION attendance.' || function || '()', '1'),
    'refused', function || ' on a table without its columns, or ' || timing)
FROM unnest('{guard_register_line,guard_school_day,enter_mark,feed_mark,write_marks}'::text[]) AS function,
    unnest('{BEFORE INSERT OR UPDATE ON %s FOR EACH ROW,AFTER INSERT OR UPDATE ON %s FOR EACH ROW,BEFORE INSERT ON %s FOR EACH STATEMENT}'::text[]) AS timing;
SELECT is(attached('nothing', '(day int)', 'CREATE TRIGGER g AFTER INSERT ON %s FOR EACH STATEMENT EXECUTE FUNCTION attendance.write_marks()', '1'),
    'accepted', 'write_marks has nothing to write');
SELECT throws_ok(format('SELECT attendance.%I()', f), '39P01', NULL, f || ' is called as a trigger only')
FROM unnest('{guard_register_line,guard_school_day,enter_mark,feed_mark,write_marks}'::text[]) AS f;
-- a view whose rows lack what those of a register's have
SELECT matches(state, wanted, format('%s of a row without %s', command, missing))
FROM (VALUES ('DELETE FROM other.mark', '^AT001|^23502'), ('UPDATE other.mark SET mark = ''N''', '^42P01|^23502'),
        ('INSERT INTO other.mark SELECT * FROM other.mark', '^42P01|^23502')) AS c (command, wanted),
    unnest('{nothing,school_urn,pupil_id,upn,"pupil_id, upn",day,session,mark,reason}'::text[]) AS missing,
    said_of_row_without(missing, command) AS state;
SELECT is((SELECT count(*) FROM r.register_line), 0::bigint, 'the register is as it was');
SELECT * FROM finish();
