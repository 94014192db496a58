SELECT pupil_label(p.pupil_id) AS name FROM pupil p
WHERE p.pupil_key = :'pupil'::integer AND EXISTS (
    SELECT FROM bi_pupil_year y WHERE y.pupil_key = p.pupil_key AND y.school_urn = :'school'::integer)
