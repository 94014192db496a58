SELECT s.school_urn, s.school_name, s.phase, s.la_number, s.la_name, s.trust_uid, s.trust_name
FROM bi_dim_school s ORDER BY s.school_name, s.school_urn
