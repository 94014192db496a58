-- Report pages of the demo's authority, as files in the directory :pages.
\pset footer off
\set ON_ERROR_STOP 1
SET search_path = register, public, attendance;
SELECT urn AS school FROM school WHERE phase = 'Secondary' ORDER BY urn LIMIT 1 \gset
SELECT registration_group AS class FROM enrolment WHERE school_urn = :school AND end_date IS NULL ORDER BY 1
LIMIT 1 \gset
SELECT pupil_id AS pupil FROM pupils_at_risk('year to date 2026-03-13', 'all', ARRAY[:school])
ORDER BY absence_percent DESC, pupil_id LIMIT 1 \gset
SELECT trust_uid AS trust FROM school WHERE trust_uid IS NOT NULL GROUP BY trust_uid ORDER BY count(*) DESC, trust_uid
LIMIT 1 \gset
SELECT school_urn AS calling
FROM family_contact WHERE made_at >= '2026-07-10' GROUP BY school_urn
ORDER BY count(*) DESC, school_urn LIMIT 1 \gset

SELECT notice_id AS notice FROM penalty_notice ORDER BY notice_id LIMIT 1 \gset

\echo
\echo 'Report pages'
\cd :pages
\pset format unaligned
\pset tuples_only on
\timing on
\o school_week.html
SELECT page_school_week(:school, 'week 2026-03-12');
\o follow_up.html
SELECT page_follow_up(:calling, '2026-07-10');
\o legal_file.html
SELECT page_legal_file(:notice);
\o meeting_pack.html
SELECT page_meeting_pack(:calling, 'term 2026-05-12', as_of => '2026-07-10');
\o class.html
SELECT page_class(:school, :'class', 'week 2026-03-12');
\o pupil.html
SELECT page_pupil(:school, :pupil, 'year to date 2026-03-13');
\o head_termly.html
SELECT page_head_termly(:school, 'term 2026-03-12');
\o trust.html
SELECT page_trust(:trust, 'term 2026-03-12');
\o authority.html
SELECT page_authority(380, 'year to date 2026-03-13');
\o
