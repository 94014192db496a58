-- What a report or page is asked about is there: each is true, also for NULL, or an error that names what there is or
-- where it
-- stands. As conditions of a whole query, which name none of its rows, they are looked up once, and before anything
-- else.

CREATE FUNCTION known_group(registration_group text, schools integer[] DEFAULT NULL) RETURNS boolean
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT known(coalesce(bool_or(g.registration_group = known_group.registration_group), false)
        OR known_group.registration_group IS NULL,
            format('there is no class "%s"%s: the registration groups of enrolment are %s',
            known_group.registration_group, CASE WHEN cardinality(schools) = 1 THEN ' at school ' || schools[1]
                ELSE '' END,
            CASE WHEN count(*) = 0 THEN 'all empty' ELSE string_agg(g.registration_group, ', ' ORDER BY g.place)
                FILTER (WHERE g.place <= 30) END
                || CASE WHEN count(*) > 30 THEN format(' and %s more', count(*) - 30) ELSE '' END))
    FROM (
        SELECT e.registration_group, row_number() OVER (ORDER BY e.registration_group) AS place
        FROM (SELECT n.registration_group FROM enrolment n
              WHERE known_group.registration_group IS NOT NULL AND n.registration_group IS NOT NULL
                AND is_one_of(n.school_urn, schools)
              UNION
              SELECT f.registration_group FROM enrolment_former f
              WHERE known_group.registration_group IS NOT NULL AND f.registration_group IS NOT NULL
                AND is_one_of(f.school_urn, schools)) e) g;
END;
COMMENT ON FUNCTION known_group(text, integer[]) IS
'True if somebody was ever enrolled in a registration group at some schools (by URN; NULL for all), and for NULL. '
'22023, with those that there are, otherwise';

CREATE FUNCTION known_pupil(pupil bigint, schools integer[] DEFAULT NULL) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN known(pupil IS NULL OR EXISTS (
            SELECT FROM enrolment e WHERE e.pupil_id = pupil AND is_one_of(e.school_urn, schools)),
        format('%s no pupil %s', CASE WHEN cardinality(schools) = 1 THEN format('school %s has', schools[1])
            ELSE 'the register has' END, pupil),
        'A pupil is given by pupil_id, of the table pupil; enrolment has the schools.');
COMMENT ON FUNCTION known_pupil(bigint, integer[]) IS
'True if a pupil was ever enrolled at one of some schools (by URN; NULL for all), and for NULL. 22023 otherwise';

CREATE FUNCTION known_notice(notice bigint) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN known(notice IS NULL OR EXISTS (SELECT FROM penalty_notice n WHERE n.notice_id = notice),
        format('the register has no penalty notice %s', notice),
        'The table penalty_notice has those that there are, by notice_id.');
COMMENT ON FUNCTION known_notice(bigint) IS
'True if the register has a penalty notice, and for NULL. 22023 otherwise';

CREATE FUNCTION known_trust(trust_uid integer) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN known(trust_uid IS NULL OR EXISTS (SELECT FROM trust t WHERE t.trust_uid = known_trust.trust_uid),
        format('the register has no trust %s', trust_uid), 'The table trust has those that there are, by their UID.');
COMMENT ON FUNCTION known_trust(integer) IS 'True if the register has a trust, and for NULL. 22023 otherwise';

CREATE FUNCTION known_authority(la_number integer) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN known(la_number IS NULL OR EXISTS (SELECT FROM local_authority a
        WHERE a.la_number = known_authority.la_number), format('the register has no local authority %s', la_number),
        'The table local_authority has those that there are, by their three-digit number.');
COMMENT ON FUNCTION known_authority(integer) IS
'True if the register has a local authority, and for NULL. 22023 otherwise';
