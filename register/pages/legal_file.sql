-- The page for a court: what the register said of a penalty notice, by which digest it is known again, and what came
-- after it.

CREATE FUNCTION legal_sections(lines text[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH file AS MATERIALIZED (
        SELECT f.*
        FROM unnest(lines) AS l (line)
        CROSS JOIN LATERAL json_to_record(l.line::json) AS f (section text, place integer, day date, said text,
            entered_at timestamptz, entered_by text, entry text)),
    part AS (
        SELECT h.place, h.section, h.heading, h.caption, h.columns, array_agg(CASE cardinality(h.columns)
                WHEN 5 THEN ARRAY[day_text(f.day), f.said, coalesce(to_char(f.entered_at AT TIME ZONE 'Europe/London',
                    'FMDD Mon YYYY HH24:MI:SS'), '-'), coalesce(f.entered_by, '-'), coalesce(f.entry, '-')]
                WHEN 3 THEN ARRAY[f.entry, coalesce(to_char(f.entered_at AT TIME ZONE 'Europe/London',
                    'FMDD Mon YYYY HH24:MI:SS'), '-'),
                    -- so that it can be broken into lines
                    regexp_replace(split_part(f.said, ':', 3), '(.{16})', '\1 ', 'g')]
                ELSE ARRAY[day_text(f.day), f.said] END ORDER BY f.place) FILTER (WHERE f.place > 0) AS cells
        FROM (VALUES (1, 'notice', 'The notice', 'As it was entered', '{Day,What,Entered,By,Entry}'::text[]),
            (2, 'people', 'Pupil and parent', 'Who they are', '{Day,What,Entered,By,Entry}'),
            (3, 'law', 'The law', 'In force on the day of issue', '{From,What}'),
            (4, 'register', 'The register as it stood when the notice was entered',
                'Each session of its weeks, and who entered its mark', '{Day,What,Entered,By,Entry}'),
            (5, 'amendments', 'Amendments until then', 'Marks that were changed', '{Day,What,Entered,By,Entry}'),
            (6, 'leave', 'Leave for these sessions', 'What was asked for and decided', '{Day,What,Entered,By,Entry}'),
            (7, 'contacts', 'Contacts with the family', 'Each contact, by day', '{Day,What,Entered,By,Entry}'),
            (8, 'support', 'Support and cases', 'What was offered, agreed and done', '{Day,What,Entered,By,Entry}'),
            (9, 'earlier notices', 'Earlier notices to the parent', 'Notices before this one',
                '{Day,What,Entered,By,Entry}'),
            (10, 'journal', 'The entries in the journal', 'Each entry that is named above, with its hash',
                '{Entry,Entered,Hash}'),
            (11, 'journal heads', 'The newest entries of their chains', 'Hashes that stand for all entries before them',
                '{Entry,Entered,Hash}'),
            (12, 'since', 'Entered since', 'In the order of entry', '{Day,What,Entered,By,Entry}'),
            (13, 'journal since', 'Entries in the journal since', 'Each of these entries, with its hash',
                '{Entry,Entered,Hash}'))
            AS h (place, section, heading, caption, columns)
        LEFT JOIN file f ON f.section = h.section
        GROUP BY h.place, h.section, h.heading, h.caption, h.columns)
    SELECT string_agg(html_section(p.heading, html_table(p.caption, p.columns, p.cells, cardinality(p.columns))), ''
        ORDER BY p.place)
    FROM part p;
END;
COMMENT ON FUNCTION legal_sections(text[]) IS
'Of a page: the sections of legal_file() as tables, from the lines of legal_file_line()';

CREATE FUNCTION page_legal_file(notice bigint) RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    SELECT html_page(format('Penalty notice %s of %s: legal file', n.notice_id, day_text(n.issued_on)),
        format('%s. What the register said of the pupil and the parent when the notice was entered, and what was '
            'entered since', s.name),
        html_section('Digest', html_note(format('What was entered by the issue, SHA-256: %s',
            regexp_replace(d.line ->> 'sha256', '(.{16})', '\1 ', 'g'))))
        || legal_sections(f.lines),
        'Times are those in London; AM is the morning session, PM the afternoon session; SI is a statutory instrument; '
        'SHA-256 is how the digest is computed. A file with this digest has the same entries: whoever has it, or the '
        'file that pg_attendance export legal-file writes, can tell by it at any time that nothing of this was '
        'changed. Words of entries are as they were entered.')
    FROM penalty_notice n
    JOIN school s ON s.urn = n.school_urn
    -- once, for the digest and the sections
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT legal_file_line(n.notice_id)) AS lines OFFSET 0) f
    CROSS JOIN LATERAL (
        SELECT l.line::json AS line FROM unnest(f.lines) AS l (line) WHERE l.line::json ->> 'digest' = 'at issue') d
    WHERE n.notice_id = page_legal_file.notice AND known_notice(page_legal_file.notice);
END;
COMMENT ON FUNCTION page_legal_file(bigint) IS
'legal_file() of a penalty notice as HTML for print, with its digest. NULL for NULL; 22023 for a notice that there is '
'not';
