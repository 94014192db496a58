-- What a court is shown of a penalty notice: what the register said when the notice was entered, as the journal has it,
-- and apart from that what was entered since.  Only of the notice's pupil and parent.

CREATE FUNCTION issued_notice(notice bigint)
    RETURNS TABLE (school_urn integer, pupil_id bigint, contact_id bigint, issued_on date, step integer,
        sessions school_session_multirange, entry_id bigint, entered_at timestamptz, first_day date, last_day date)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT n.school_urn, n.pupil_id, n.contact_id, n.issued_on, n.step, n.sessions, e.entry_id,
        coalesce(e.entered_at, n.entered_at), date_trunc('week', day(lower(n.sessions))::timestamp)::date,
        -- the first session after them
        least(date_trunc('week', (day(upper(n.sessions))
            - CASE session(upper(n.sessions)) WHEN 'AM' THEN 1 ELSE 0 END)::timestamp)::date + 6, n.issued_on)
    FROM penalty_notice n
    LEFT JOIN LATERAL (
        SELECT j.entry_id, j.entered_at
        FROM journal j
        CROSS JOIN LATERAL journal_rows(j.payload, '{penalty_notice}', '{notice_id}', ARRAY[n.notice_id::text]) c
        WHERE j.school_urn = n.school_urn AND j.entered_at >= n.entered_at AND j.kind = 'records'
            AND c.original IS NULL
        ORDER BY j.entry_id LIMIT 1) AS e ON true
    WHERE n.notice_id = issued_notice.notice AND known_notice(issued_notice.notice);
END;
COMMENT ON FUNCTION issued_notice(bigint) IS
'For legal_file(): a penalty notice with its entry in the journal, the time of which is that of the file, and the days '
'from the Monday of its first session to the Sunday of its last one, at most to the day of issue. No rows for NULL; '
'22023 for a notice that there is not';

CREATE FUNCTION day_words(days daterange) RETURNS text
    LANGUAGE sql STABLE
    RETURN to_char(lower(days)::timestamp, 'YYYY-MM-DD') || CASE WHEN upper(days) - lower(days) > 1
        THEN to_char(upper(days)::timestamp - interval '1 day', '" to "YYYY-MM-DD') ELSE '' END;
COMMENT ON FUNCTION day_words(daterange) IS
'For legal_file(): days in words, from the first to the last. NULL for NULL';

CREATE FUNCTION session_words(sessions school_session_multirange) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT string_agg(concat_ws(' to ', v.first, CASE WHEN v.last <> v.first THEN v.last END), ', ' ORDER BY v.first)
    FROM (
        SELECT concat(to_char(day(lower(r))::timestamp, 'YYYY-MM-DD'), ' ', session(lower(r))) AS first,
            -- the one before the end
            CASE session(upper(r)) WHEN 'PM' THEN to_char(day(upper(r))::timestamp, 'YYYY-MM-DD" AM"')
                ELSE to_char(day(upper(r))::timestamp - interval '1 day', 'YYYY-MM-DD" PM"') END AS last
        FROM unnest(sessions) AS r) v;
END;
COMMENT ON FUNCTION session_words(school_session_multirange) IS
'For legal_file(): sessions in words, each range from its first to its last session. NULL for none';

-- A row for each question, so that it is a part of the query that asks: a query of its own, which each entry would
-- start, and compile where that is set, takes longer than all else.
CREATE FUNCTION record_words(original jsonb, amended jsonb, items text[]) RETURNS TABLE (said text)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT string_agg(concat(replace(v.item, '_', ' '), ' ', coalesce(v.new, 'nothing'),
        CASE WHEN original IS NOT NULL THEN ', was ' || coalesce(v.old, 'nothing') END), '; ' ORDER BY v.place)
    FROM (
        SELECT i.item, i.place,
            max(CASE w.side WHEN 'new' THEN w.said END) AS new, max(CASE w.side WHEN 'old' THEN w.said END) AS old
        FROM unnest(items) WITH ORDINALITY AS i (item, place)
        CROSS JOIN LATERAL (
            SELECT s.side, CASE jsonb_typeof(s.record -> i.item)
                WHEN 'boolean' THEN CASE s.record ->> i.item WHEN 'true' THEN 'yes' ELSE 'no' END
                WHEN 'array' THEN (SELECT string_agg(a.value, ', ' ORDER BY a.n)
                    FROM jsonb_array_elements_text(s.record -> i.item) WITH ORDINALITY AS a (value, n))
                WHEN 'number' THEN s.record ->> i.item
                ELSE CASE WHEN i.item LIKE '%\_at' THEN to_char((s.record ->> i.item)::timestamptz
                        AT TIME ZONE 'Europe/London', 'YYYY-MM-DD HH24:MI')
                    WHEN i.item = 'sessions' THEN session_words((s.record ->> i.item)::school_session_multirange)
                    WHEN i.item = 'about' THEN day_words((s.record ->> i.item)::daterange)
                    ELSE s.record ->> i.item END END AS said
            FROM (VALUES ('new', amended), ('old', original)) AS s (side, record)) AS w
        GROUP BY i.item, i.place) AS v
    WHERE CASE WHEN original IS NULL THEN v.new IS NOT NULL ELSE v.new IS DISTINCT FROM v.old END;
END;
COMMENT ON FUNCTION record_words(jsonb, jsonb, text[]) IS
'For legal_file(): some columns of a row in words, or what has changed of them from the row that it was; times are '
'those in London. One row, NULL if there is nothing to say';

CREATE FUNCTION legal_record()
    RETURNS TABLE (section text, relation text, key text, whose text, day text, items text[])
    LANGUAGE sql IMMUTABLE ROWS 9
BEGIN ATOMIC
    SELECT r.* FROM (VALUES
        ('notice', 'penalty_notice', 'notice_id', 'pupil_id', 'issued_on',
            '{step,issued_on,issued_by,issuer,sessions,absences,below_threshold_reason,without_support,received_on,'
            'paid_on,paid_amount,withdrawn_on,withdrawal_reason,prosecuted_on,prosecution_outcome}'::text[]),
        ('people', 'pupil', 'pupil_id', 'pupil_id', NULL, '{surname,forename,middle_names,known_as,date_of_birth,upn}'),
        ('people', 'contact', 'contact_id', 'pupil_id', NULL,
            '{full_name,relationship,is_parent,lives_with,to_day,person_id}'),
        ('leave', 'leave_of_absence', 'leave_id', 'pupil_id', 'received_at',
            '{mark,sessions,reason_class,circumstances,applicant,received_at,licence_reference,licence_from,licence_to,'
            'last_examination,status,decided_by,decided_at,decision_reason,cancelled_by,cancelled_at,cancel_reason}'),
        ('contacts', 'family_contact', 'family_contact_id', 'pupil_id', 'made_at',
            '{purpose,channel,made_at,about,reached,pupil_seen,said,made_by}'),
        ('support', 'attendance_support', 'support_id', 'pupil_id', 'offered_on',
            '{kind,offered_on,accepted,from_day,to_day,court,description,outcome,without_support}'),
        ('support', 'notice_to_improve', 'improve_id', 'pupil_id', 'issued_on',
            '{sessions,issued_on,issued_by,support,target,from_day,to_day,outcome,decided_on}'),
        ('support', 'attendance_case', 'case_id', 'pupil_id', 'opened_on',
            '{tier,opened_on,opened_because,assessment,assessed_on,lead_practitioner,lead_agency,joint_approach_on,'
            'safeguarding_considered_on,closed_on,outcome}'),
        ('support', 'agreed_action', 'action_id', 'case_id', 'due_on',
            '{barrier,barrier_lies,action,owner,agency,due_on,done_on,outcome}'))
        AS r (section, relation, key, whose, day, items);
END;
COMMENT ON FUNCTION legal_record() IS
'For legal_file(): the tables whose entries it shows: in which section, the key, the column that says whose a row is '
'(a pupil''s or a case''s), the one with the day, and the columns that are said';

CREATE FUNCTION notice_mark(notice bigint)
    RETURNS TABLE (section text, school_urn integer, entry_id bigint, day date, said text, entered_at timestamptz,
        entered_by text, at_issue boolean)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH issued AS MATERIALIZED (SELECT i.* FROM issued_notice(notice_mark.notice) i),
    place AS MATERIALIZED (
        SELECT DISTINCT l.school_urn, i.pupil_id, i.entered_at AS at, i.first_day, i.last_day,
            CASE WHEN l.school_urn <> i.school_urn THEN format(' at school %s', l.school_urn) END AS elsewhere
        FROM issued i
        JOIN register_line l ON l.pupil_id = i.pupil_id AND l.academic_year >= academic_year(i.first_day)
            AND l.academic_year <= academic_year(i.last_day)),
    change AS MATERIALIZED (
        SELECT p.school_urn, p.elsewhere, j.entry_id, c.day, c.session, c.original::text AS original,
            c.amended::text AS amended, j.entered_at, j.reason, j.entered_at <= p.at AS at_issue,
            coalesce(j.entered_by || coalesce(', ' || j.title, ''), j.login) AS entered_by
        FROM place p
        JOIN journal j ON j.school_urn = p.school_urn
        CROSS JOIN LATERAL journal_changes(CASE WHEN j.kind = 'marks' THEN j.payload END) c
        WHERE c.pupil_id = p.pupil_id AND c.day >= p.first_day AND c.day <= p.last_day),
    standing AS MATERIALIZED (
        SELECT p.school_urn, p.elsewhere, m.day, m.session, m.mark
        FROM place p
        CROSS JOIN LATERAL lines_as_at('register_line'::regclass, p.school_urn, p.at) l
        CROSS JOIN LATERAL marks(l.marks, daterange(p.first_day, p.last_day, '[]')) m
        WHERE l.pupil_id = p.pupil_id)
    SELECT 'register'::text, s.school_urn, c.entry_id, s.day, concat(s.session, s.elsewhere, ' ', s.mark, ': ',
            mark_description(s.mark), CASE WHEN s.mark::text IN ('G', 'N', 'O', 'U')
                AND i.sessions @> school_session(s.day, s.session) THEN '; a session of the notice' END),
        c.entered_at, c.entered_by, true
    FROM standing s CROSS JOIN issued i
    LEFT JOIN LATERAL (
        SELECT m.entry_id, m.entered_at, m.entered_by
        FROM change m
        WHERE m.school_urn = s.school_urn AND m.day = s.day AND m.session = s.session AND m.at_issue
        ORDER BY m.entry_id DESC LIMIT 1) AS c ON true
    UNION ALL
    SELECT CASE WHEN c.at_issue THEN 'amendments' ELSE 'since' END, c.school_urn, c.entry_id, c.day,
        concat(c.session, c.elsewhere, ' ', c.amended, CASE WHEN c.original <> '-' THEN ', was ' || c.original END,
            '; ' || c.reason), c.entered_at, c.entered_by, c.at_issue
    FROM change c
    WHERE NOT c.at_issue OR c.original <> '-';
END;
COMMENT ON FUNCTION notice_mark(bigint) IS
'For legal_file(): the marks of the pupil of a notice in its weeks, at every school, as they stood when the notice was '
'entered, each with the entry that made it; every amendment before that; and what was entered since. No rows for NULL; '
'22023 for a notice that there is not, XX001 if the journal and the lines contradict each other';

CREATE FUNCTION is_of_notice(record jsonb, pupil_id bigint, contacts bigint[], sessions school_session_multirange,
    cases text[]) RETURNS boolean
    LANGUAGE sql STABLE
    -- an action has the pupil of its case
    RETURN coalesce((record ->> 'pupil_id')::bigint = is_of_notice.pupil_id
            AND coalesce((record ->> 'contact_id')::bigint = ANY (is_of_notice.contacts), true)
            AND CASE WHEN record ? 'reason_class'
                THEN (record ->> 'sessions')::school_session_multirange && is_of_notice.sessions ELSE true END,
        record ->> 'case_id' = ANY (cases), false);
COMMENT ON FUNCTION is_of_notice(jsonb, bigint, bigint[], school_session_multirange, text[]) IS
'For legal_file(): whether a row is about the pupil of a notice and names no other contact than its parent; of leave, '
'whether it is for sessions of the notice. False for NULL';

CREATE FUNCTION notice_record(notice bigint)
    RETURNS TABLE (section text, school_urn integer, entry_id bigint, day date, said text, entered_at timestamptz,
        entered_by text, at_issue boolean)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH issued AS MATERIALIZED (SELECT i.* FROM issued_notice(notice_record.notice) i),
    chain AS MATERIALIZED (
        SELECT i.school_urn FROM issued i
        UNION SELECT 0
        UNION SELECT e.school_urn FROM issued i JOIN enrolment e ON e.pupil_id = i.pupil_id),
    -- first, as what is of them does not name the pupil; each is in the chain of its school
    own_case AS MATERIALIZED (
        SELECT array_agg(DISTINCT c.amended::json ->> 'case_id') AS cases
        FROM issued i CROSS JOIN chain h
        JOIN journal j ON j.school_urn = h.school_urn AND j.school_urn > 0 AND j.kind = 'records'
        CROSS JOIN LATERAL journal_rows(j.payload, '{attendance_case}', '{pupil_id}', ARRAY[i.pupil_id::text]) c
        WHERE c.new_key = i.pupil_id::text),
    item AS MATERIALIZED (
        SELECT j.school_urn, j.entry_id, c.relation, c.original::jsonb AS original, c.amended::jsonb AS amended,
            j.reason, j.entered_at, j.entered_by, j.title, j.login, r.section, r.key, r.day, r.items
        FROM issued i CROSS JOIN own_case a
        CROSS JOIN (SELECT array_agg(l.relation) AS relations, array_agg(l.whose) AS whose FROM legal_record() l) AS k
        CROSS JOIN chain h
        JOIN journal j ON j.school_urn = h.school_urn AND j.kind = 'records'
        CROSS JOIN LATERAL journal_rows(j.payload, k.relations, k.whose, i.pupil_id::text || a.cases) c
        JOIN legal_record() r ON r.relation = c.relation),
    -- whom the register knew to be the parent when the notice was entered, and now
    known AS MATERIALIZED (
        SELECT DISTINCT ON (t.amended ->> 'contact_id') (t.amended ->> 'contact_id')::bigint AS contact_id,
            t.amended ->> 'person_id' AS person, (t.amended ->> 'pupil_id')::bigint AS pupil_id
        FROM issued i JOIN item t ON t.relation = 'contact' AND t.entered_at <= i.entered_at
        ORDER BY t.amended ->> 'contact_id', t.entry_id DESC),
    parent AS MATERIALIZED (
        SELECT true AS at_issue, i.contact_id || ARRAY(
            SELECT o.contact_id FROM known c JOIN known o ON o.person = c.person AND o.pupil_id = c.pupil_id
            WHERE c.contact_id = i.contact_id) AS contacts
        FROM issued i
        UNION ALL
        SELECT false, ARRAY(SELECT s.contact_id FROM same_parent(i.contact_id) s) FROM issued i),
    own AS MATERIALIZED (
        SELECT t.*, i.entered_at AS at,
            CASE WHEN is_of_notice(t.original, i.pupil_id, p.contacts, i.sessions, a.cases)
                THEN t.original END AS old,
            CASE WHEN is_of_notice(t.amended, i.pupil_id, p.contacts, i.sessions, a.cases)
                THEN t.amended END AS new
        FROM issued i CROSS JOIN own_case a CROSS JOIN item t
        JOIN parent p ON p.at_issue = (t.entered_at <= i.entered_at))
    SELECT CASE WHEN o.entered_at > o.at THEN 'since'
            WHEN o.relation = 'penalty_notice' AND (r.row ->> o.key)::bigint <> notice_record.notice
                THEN 'earlier notices' ELSE o.section END,
        o.school_urn, o.entry_id, CASE WHEN length(r.row ->> o.day) > 10 THEN ((r.row ->> o.day)::timestamptz
            AT TIME ZONE 'Europe/London')::date ELSE (r.row ->> o.day)::date END,
        concat(replace(o.relation, '_', ' '), ' ', r.row ->> o.key, CASE WHEN o.original IS NOT NULL
            THEN ' changed' || coalesce(' (' || o.reason || ')', '') END, ': ', w.said),
        o.entered_at, coalesce(o.entered_by || coalesce(', ' || o.title, ''), o.login), o.entered_at <= o.at
    FROM own o
    CROSS JOIN LATERAL (SELECT coalesce(o.new, o.old) AS row) AS r
    CROSS JOIN LATERAL record_words(o.old, o.new, o.items) AS v
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.new IS NULL THEN 'no longer of this notice''s pupil and parent' ELSE v.said END AS said) AS w
    WHERE r.row IS NOT NULL AND w.said IS NOT NULL;
END;
COMMENT ON FUNCTION notice_record(bigint) IS
'For legal_file(): the entries about the pupil and the parent of a notice in the tables of legal_record(), a row for '
'each time that something was entered or changed, before the notice was entered and since. What names another contact '
'of the pupil is left out. No rows for NULL; 22023 for a notice that there is not';

CREATE FUNCTION notice_law(notice bigint) RETURNS TABLE (place integer, day date, said text)
    LANGUAGE sql STABLE ROWS 10
BEGIN ATOMIC
    WITH issued AS MATERIALIZED (
        SELECT i.*, s.name, s.type, s.la_number
        FROM issued_notice(notice_law.notice) i JOIN LATERAL school_on(i.issued_on) s ON s.urn = i.school_urn),
    framework AS MATERIALIZED (
        SELECT f.*
        FROM issued i
        JOIN penalty_framework f ON (f.la_number IS NULL OR f.la_number = i.la_number)
            AND f.from_day <= i.issued_on AND f.to_day >= i.issued_on
        ORDER BY f.la_number NULLS LAST, f.from_day DESC LIMIT 1)
    SELECT 1, i.issued_on, format('school %s, %s: of the type "%s" on the day of issue', i.school_urn, i.name, i.type)
    FROM issued i
    UNION ALL
    SELECT 2, r.from_day, 'relevant school: ' || w.said
    FROM issued i
    JOIN relevant_school r ON r.school_urn = i.school_urn AND r.from_day <= i.issued_on AND r.to_day >= i.issued_on
    CROSS JOIN LATERAL record_words(NULL, to_jsonb(r), '{relevant,from_day,to_day,source}') AS w
    UNION ALL
    SELECT 3, t.from_day, 'relevant school type: ' || w.said
    FROM issued i
    JOIN relevant_school_type t ON t.school_type = i.type AND t.from_day <= i.issued_on AND t.to_day >= i.issued_on
    CROSS JOIN LATERAL record_words(NULL, to_jsonb(t), '{school_type,relevant,from_day,to_day,source}') AS w
    UNION ALL
    SELECT 4, f.from_day, 'penalty framework: ' || w.said
    FROM framework f
    CROSS JOIN LATERAL record_words(NULL, to_jsonb(f),
        '{la_number,sessions,weeks,codes,notices,years,from_day,to_day,source}') AS w
    UNION ALL
    SELECT 5, a.from_day, 'penalty amount: ' || w.said
    FROM issued i
    JOIN penalty_amount a ON a.from_day <= i.issued_on AND a.to_day >= i.issued_on
        AND (a.step = i.step OR a.later_steps AND a.step < i.step)
    CROSS JOIN LATERAL record_words(NULL, to_jsonb(a),
        '{step,later_steps,reduced_amount,reduced_days,amount,days,from_day,to_day,source}') AS w
    UNION ALL
    SELECT 6, NULL::date, format('code %s: %s', c.code, mark_description(c.code::session_mark))
    FROM framework f CROSS JOIN LATERAL unnest(f.codes) AS c (code);
END;
COMMENT ON FUNCTION notice_law(bigint) IS
'For legal_file(): the rows of the law that a notice rests on, by the day of its issue, as they are in the register: '
'whether the school is a relevant one, the threshold, the amounts, and what the codes mean. No rows for NULL; 22023 '
'for a notice that there is not';

CREATE FUNCTION legal_file(notice bigint)
    RETURNS TABLE (section text, place integer, day date, said text, entered_at timestamptz, entered_by text,
        entry text, at_issue boolean)
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH part AS MATERIALIZED (
        SELECT 0 AS rank, m.* FROM notice_mark(legal_file.notice) m
        UNION ALL SELECT 0, r.* FROM notice_record(legal_file.notice) r
        UNION ALL SELECT w.place, 'law'::text, NULL::integer, NULL::bigint, w.day, w.said, NULL::timestamptz,
            NULL::text, true
            FROM notice_law(legal_file.notice) w),
    chain AS MATERIALIZED (
        SELECT c.school_urn, i.entered_at AS at
        FROM issued_notice(legal_file.notice) i CROSS JOIN (SELECT DISTINCT p.school_urn FROM part p) AS c
        WHERE c.school_urn IS NOT NULL),
    proof AS MATERIALIZED (
        SELECT CASE WHEN e.at_issue THEN 'journal' ELSE 'journal since' END AS section, e.school_urn, e.entry_id,
            e.at_issue
        FROM (SELECT DISTINCT p.school_urn, p.entry_id, p.at_issue FROM part p WHERE p.entry_id IS NOT NULL) AS e
        UNION ALL
        SELECT 'journal heads'::text, c.school_urn, h.entry_id, true
        FROM chain c
        CROSS JOIN LATERAL (
            SELECT j.entry_id FROM journal j
            WHERE j.school_urn = c.school_urn AND j.entered_at <= c.at
            ORDER BY j.entry_id DESC LIMIT 1) AS h),
    line AS MATERIALIZED (
        SELECT p.* FROM part p
        UNION ALL
        SELECT 0, f.section, f.school_urn, f.entry_id, NULL::date,
            format('%s:%s:%s', j.school_urn, j.entry_id, encode(j.hash, 'hex')), j.entered_at, j.login, f.at_issue
        FROM proof f JOIN journal j ON j.school_urn = f.school_urn AND j.entry_id = f.entry_id)
    SELECT l.section, (row_number() OVER (PARTITION BY l.section ORDER BY l.rank,
            CASE WHEN l.at_issue THEN l.day END, CASE l.section WHEN 'register' THEN l.said END COLLATE "C",
            l.entered_at, l.school_urn, l.entry_id, l.day, l.said COLLATE "C"))::integer AS place,
        l.day, l.said, l.entered_at, l.entered_by, l.school_urn || ':' || l.entry_id, l.at_issue
    FROM line l
    ORDER BY array_position('{notice,people,law,register,amendments,leave,contacts,support,earlier notices,journal,'
        'journal heads,since,journal since}'::text[], l.section), place;
END;
COMMENT ON FUNCTION legal_file(bigint) IS
'What a court is shown of a penalty notice, in sections: the notice, pupil and parent; the rows of the law; the '
'register of the notice''s weeks as it stood when the notice was entered, when and by whom each mark was made, and '
'its amendments; leave that was asked for, contacts with the family, support, cases and notices before; the entries '
'of the journal that all this rests on, and the newest ones of their chains; then what was entered since (at_issue '
'false). Only what is of the pupil and of the parent. legal_file_digest() says by which digest it is known again. '
'No rows for NULL; 22023 for a notice that there is not, XX001 if the journal and the lines contradict each other. '
'Education Act 1996, sections 444 to 444B';

CREATE FUNCTION legal_file_line(notice bigint) RETURNS SETOF text
    LANGUAGE sql STABLE ROWS 100
BEGIN ATOMIC
    WITH line AS MATERIALIZED (
        SELECT 0::bigint AS n, true AS at_issue,
            json_build_object('legal_file', 1, 'notice', legal_file_line.notice)::text AS line
        WHERE legal_file_line.notice IS NOT NULL AND known_notice(legal_file_line.notice)
        UNION ALL
        SELECT f.ordinality, f.at_issue, json_build_object('section', f.section, 'place', f.place,
            'day', f.day, 'said', f.said, 'entered_at', to_char(f.entered_at AT TIME ZONE 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'entered_by', f.entered_by, 'entry', f.entry)::text
        FROM legal_file(legal_file_line.notice) WITH ORDINALITY AS f),
    issued AS MATERIALIZED (
        SELECT string_agg(l.line || E'\n', '' ORDER BY l.n) AS content
        FROM line l WHERE l.at_issue HAVING count(*) > 0),
    first AS MATERIALIZED (
        SELECT i.content || json_build_object('digest', 'at issue',
            'sha256', encode(sha256(convert_to(i.content, 'UTF8')), 'hex')) || E'\n' AS content
        FROM issued i),
    whole AS MATERIALIZED (
        SELECT f.content || coalesce((SELECT string_agg(l.line || E'\n', '' ORDER BY l.n)
            FROM line l WHERE NOT l.at_issue), '') AS content
        FROM first f)
    SELECT s.line
    FROM whole w
    CROSS JOIN LATERAL string_to_table(w.content || json_build_object('digest', 'whole',
        'sha256', encode(sha256(convert_to(w.content, 'UTF8')), 'hex')), E'\n') AS s (line);
END;
COMMENT ON FUNCTION legal_file_line(bigint) IS
'legal_file() as the lines of a file, each a JSON object, in UTF-8, with two digests: SHA-256 of all lines above it, '
'each with its line feed, after what was entered by the issue, and as the last line. pg_attendance export legal-file '
'writes them, and pg_attendance verify --legal-file computes them anew. No rows for NULL; 22023 for a notice that '
'there is not';

CREATE FUNCTION legal_file_digest(notice bigint) RETURNS TABLE (at_issue text, whole text)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT max(CASE d.line ->> 'digest' WHEN 'at issue' THEN d.line ->> 'sha256' END),
        max(CASE d.line ->> 'digest' WHEN 'whole' THEN d.line ->> 'sha256' END)
    FROM (SELECT l.line::jsonb AS line FROM legal_file_line(legal_file_digest.notice) AS l (line)) AS d
    HAVING count(*) > 0;
END;
COMMENT ON FUNCTION legal_file_digest(bigint) IS
'The SHA-256 digests of legal_file_line(): at_issue is of what was entered by the issue, and stays the same unless '
'that is changed or disposed of, or the rows of the law or the school''s name are corrected; whole is of everything, '
'and changes with what is entered since. No rows for NULL; 22023 for a notice that there is not';
