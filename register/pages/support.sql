-- Pages of support: the list for the telephone.

CREATE FUNCTION page_follow_up_table(day date, schools integer[]) RETURNS text
    LANGUAGE sql STABLE
BEGIN ATOMIC
    -- a number is not broken between lines
    SELECT html_table('Whom to call, in this order',
        '{Pupil,Ring,Class,Sessions,School days,Tried,Said last,Social worker}',
        array_agg(ARRAY[n.name, coalesce(f.contact_name || ': '
                || replace(array_to_string(f.numbers, '; '), ' ', chr(160)), 'no number'),
            coalesce(f.registration_group, '-'),
            lower(f.sessions) || CASE WHEN f.mark = 'N' THEN '' ELSE ', not marked' END, count_text(f.school_days),
            CASE WHEN f.tries = 0 THEN 'nobody yet' ELSE format('%s, at %s', f.tries,
                to_char(f.last_tried AT TIME ZONE 'Europe/London', 'HH24:MI')) END,
            coalesce(f.said || ' (' || day_text((f.said_at AT TIME ZONE 'Europe/London')::date) || ')', '-'),
            coalesce(f.social_worker, '-')] ORDER BY f.place), 8,
        array_agg(f.social_worker IS NOT NULL ORDER BY f.place), 'has a social worker: call first')
    FROM follow_up_list(page_follow_up_table.day, schools) f
    JOIN page_names(period_of('day', page_follow_up_table.day), schools) n ON n.pupil_id = f.pupil_id;
END;
COMMENT ON FUNCTION page_follow_up_table(date, integer[]) IS
'Of a page: whom to call, as follow_up_list() has it, pupils with a social worker marked. 22023 for what is no school';

CREATE FUNCTION page_follow_up(school_urn integer, day date DEFAULT (now() AT TIME ZONE 'Europe/London')::date)
    RETURNS text
    LANGUAGE sql STABLE SET jit = off SET client_min_messages = error
BEGIN ATOMIC
    WITH list AS MATERIALIZED (
        SELECT f.* FROM follow_up_list(page_follow_up.day, ARRAY[page_follow_up.school_urn]) f)
    SELECT html_page(s.name || ': whom to call, ' || day_text(page_follow_up.day),
        'For the attendance officer: absence without a reason of which nobody of the family was reached',
        (SELECT html_figures('{To call,With a social worker,Nobody tried yet}',
            ARRAY[count_text(count(*)), count_text(count(l.social_worker)),
                count_text(count(*) FILTER (WHERE l.tries = 0))], '{pupils,pupils,pupils}',
            ARRAY[false, count(l.social_worker) > 0, false]) FROM list l)
        || html_section('Calls to make', page_follow_up_table(page_follow_up.day, ARRAY[s.urn]))
        || html_section('Who else is to be told', (
            SELECT html_table('Workers who were not told of the absence', '{Pupil,Worker}',
                array_agg(ARRAY[l.surname || ', ' || l.forename, l.notice_due_to] ORDER BY l.place), 2)
            FROM list l WHERE l.notice_due_to IS NOT NULL)),
        'School days: how many in a row the reason has not been known. Who was reached is entered as a contact with '
        'the family, and is not on the next page. This page names pupils: keep it in the school.')
    FROM school s
    WHERE s.urn = page_follow_up.school_urn AND page_follow_up.day IS NOT NULL
        AND known_schools(ARRAY[page_follow_up.school_urn]);
END;
COMMENT ON FUNCTION page_follow_up(integer, date) IS
'The list for the telephone as a page of HTML: whom to call on a day (today if none is given), with numbers, what was '
'said last and who has a social worker, and which workers are to be told: follow_up_list(). It names pupils. NULL for '
'NULL; 22023 for what is no school';
