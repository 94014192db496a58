-- For DuckDB: the marks as rows, with - where one is missing, and of each pupil at a school what reports ask for.
\set ON_ERROR_STOP 1
COPY (SELECT l.school_urn, l.pupil_id, m.day, m.session, m.mark FROM year_line l CROSS JOIN marks(l.marks) m)
    TO STDOUT CSV \g :rows
COPY (
    SELECT l.school_urn, l.pupil_id, r.pupil_id IS NOT NULL, upper(r.days), coalesce(u.sex, 'none'),
        coalesce(l.year_group, 'none'), coalesce(fsm.value, 'none'), coalesce(sen.value, 'none'),
        coalesce(eal.value, 'none')
    FROM year_line l
    JOIN pupil u ON u.pupil_id = l.pupil_id
    LEFT JOIN report_line('2025/26') r ON r.school_urn = l.school_urn AND r.pupil_id = l.pupil_id
    LEFT JOIN pupil_characteristic fsm ON fsm.pupil_id = l.pupil_id AND fsm.characteristic = 'fsm'
        AND daterange(fsm.from_day, fsm.to_day, '[]') @> upper(r.days) - 1
    LEFT JOIN pupil_characteristic sen ON sen.pupil_id = l.pupil_id AND sen.characteristic = 'sen'
        AND daterange(sen.from_day, sen.to_day, '[]') @> upper(r.days) - 1
    LEFT JOIN pupil_characteristic eal ON eal.pupil_id = l.pupil_id AND eal.characteristic = 'eal'
        AND daterange(eal.from_day, eal.to_day, '[]') @> upper(r.days) - 1) TO STDOUT CSV \g :pupils
