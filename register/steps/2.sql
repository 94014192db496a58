-- A register knows its definition and its reports: definition_version() and made_reports(), which upgrade_register()
-- makes.

CREATE TABLE register_identity (
    register_key integer NOT NULL DEFAULT 1 + floor(random() * 2097151)::integer
        CONSTRAINT register_identity_key CHECK (register_key BETWEEN 1 AND 2097151),
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT register_identity_only_row CHECK (only_row)
);
COMMENT ON TABLE register_identity IS
'What tells this register from others: one row, which is dumped and copied with it';
COMMENT ON COLUMN register_identity.register_key IS
'Number of the register in the views for BI, by chance, or given by the owner: of registers that are read together '
'each has another one. Twenty-one bits, so that with a key of 32 bits it is a number that every tool holds exactly: '
'global_key()';
COMMENT ON COLUMN register_identity.only_row IS 'True: there is no second row';
COMMENT ON CONSTRAINT register_identity_key ON register_identity IS 'register_key is from 1 to 2097151';
COMMENT ON CONSTRAINT register_identity_only_row ON register_identity IS 'a register has one identity';
INSERT INTO register_identity DEFAULT VALUES;

-- A number that is changed is no key of what refers to the pupil.
ALTER TABLE pupil DROP CONSTRAINT pupil_upn_key;
CREATE UNIQUE INDEX pupil_upn_key ON pupil (upn) WHERE upn IS NOT NULL;
COMMENT ON INDEX pupil_upn_key IS 'another pupil of the register has this unique pupil number';

ALTER TABLE pupil ADD COLUMN birth_cohort integer GENERATED ALWAYS AS (birth_cohort(date_of_birth)) STORED;
COMMENT ON COLUMN pupil.birth_cohort IS
'The year from whose 1 September on the pupil was born, within twelve months: what reports need of the date of birth, '
'so that who reads them need not see that';

-- a copy of the journal takes its sequence with it
ALTER SEQUENCE journal_entry_id_seq OWNED BY journal.entry_id;

-- ---------- keys are plain numbers ----------

-- Replication by row filters and databases of several machines know no other; a URN is checked where it is born.
DROP VIEW mark_feed;
DROP PROCEDURE close_unexplained_absence(date, text, text, integer);
DROP VIEW unexplained_absence;
DROP VIEW mark;
DROP VIEW granted_session;
DROP VIEW leave_breach;
DROP VIEW part_time_timetable_breach;
DROP VIEW registration_breach;
DROP FUNCTION register_as_at(timestamptz);
DROP FUNCTION verify_journal(text[]);
DROP FUNCTION known_schools(integer[]);
DROP TRIGGER hold_marks ON enrolment;

ALTER TABLE school ALTER COLUMN urn TYPE integer;
ALTER TABLE rule_setting ALTER COLUMN school_urn TYPE integer;
ALTER TABLE enrolment ALTER COLUMN school_urn TYPE integer;
ALTER TABLE term_date ALTER COLUMN school_urn TYPE integer;
ALTER TABLE school_day ALTER COLUMN school_urn TYPE integer;
ALTER TABLE register_line ALTER COLUMN school_urn TYPE integer;
ALTER TABLE dual_registration ALTER COLUMN school_urn TYPE integer, ALTER COLUMN other_school_urn TYPE integer;
ALTER TABLE joint_enquiry ALTER COLUMN school_urn TYPE integer;
ALTER TABLE registration_policy ALTER COLUMN school_urn TYPE integer;
ALTER TABLE registration ALTER COLUMN school_urn TYPE integer;
ALTER TABLE authorised_person ALTER COLUMN school_urn TYPE integer;
ALTER TABLE leave_of_absence ALTER COLUMN school_urn TYPE integer;
ALTER TABLE planned_mark ALTER COLUMN school_urn TYPE integer;
ALTER TABLE part_time_timetable ALTER COLUMN school_urn TYPE integer;
ALTER TABLE mark_nature ALTER COLUMN school_urn TYPE integer;
ALTER TABLE return_sent ALTER COLUMN school_urn TYPE integer;
ALTER TABLE sickness_forecast ALTER COLUMN school_urn TYPE integer;
ALTER TABLE backup_record ALTER COLUMN school_urn TYPE integer;
ALTER TABLE disposal ALTER COLUMN school_urn TYPE integer;
ALTER TABLE attendance_support ALTER COLUMN school_urn TYPE integer;
ALTER TABLE notice_to_improve ALTER COLUMN school_urn TYPE integer;
ALTER TABLE penalty_notice ALTER COLUMN school_urn TYPE integer;
ALTER TABLE late_arrival ALTER COLUMN school_urn TYPE integer;
ALTER TABLE school_feature ALTER COLUMN school_urn TYPE integer;
ALTER TABLE intervention ALTER COLUMN school_urn TYPE integer;
ALTER TABLE school ADD CONSTRAINT school_urn_has_six_digits CHECK (urn BETWEEN 100000 AND 999999);
COMMENT ON CONSTRAINT school_urn_has_six_digits ON school IS 'a URN has six digits';
ALTER TABLE dual_registration ADD CONSTRAINT dual_registration_other_has_six_digits
    CHECK (other_school_urn BETWEEN 100000 AND 999999);
COMMENT ON CONSTRAINT dual_registration_other_has_six_digits ON dual_registration IS
'a URN (other_school_urn) has six digits';
CREATE TRIGGER hold_marks BEFORE UPDATE OF school_urn, pupil_id, start_date ON enrolment FOR EACH STATEMENT
    EXECUTE FUNCTION hold_marks();

-- Each has the school in it, so that rows of several registers, or machines, are told apart.
ALTER TABLE planned_mark DROP CONSTRAINT planned_mark_leave_id_fkey, ADD FOREIGN KEY (school_urn) REFERENCES school;
ALTER TABLE part_time_review DROP CONSTRAINT part_time_review_timetable_id_fkey;
ALTER TABLE intervention_pupil DROP CONSTRAINT intervention_pupil_intervention_id_fkey;
ALTER TABLE dual_registration DROP CONSTRAINT dual_registration_pkey,
    ADD PRIMARY KEY (dual_registration_id, school_urn);
ALTER TABLE joint_enquiry DROP CONSTRAINT joint_enquiry_pkey, ADD PRIMARY KEY (enquiry_id, school_urn);
ALTER TABLE leave_of_absence DROP CONSTRAINT leave_of_absence_pkey, ADD PRIMARY KEY (leave_id, school_urn);
ALTER TABLE mark_nature DROP CONSTRAINT mark_nature_pkey, ADD PRIMARY KEY (nature_id, school_urn);
ALTER TABLE notice_to_improve DROP CONSTRAINT notice_to_improve_pkey, ADD PRIMARY KEY (improve_id, school_urn);
ALTER TABLE registration DROP CONSTRAINT registration_pkey, ADD PRIMARY KEY (registration_id, school_urn);
ALTER TABLE return_sent DROP CONSTRAINT return_sent_pkey, ADD PRIMARY KEY (return_id, school_urn);
ALTER TABLE intervention DROP CONSTRAINT intervention_pkey, ADD PRIMARY KEY (intervention_id, school_urn);
ALTER TABLE part_time_timetable DROP CONSTRAINT part_time_timetable_pkey, ADD PRIMARY KEY (timetable_id, school_urn);
ALTER TABLE planned_mark ADD FOREIGN KEY (leave_id, school_urn) REFERENCES leave_of_absence;
ALTER TABLE part_time_review ADD COLUMN school_urn integer;
UPDATE part_time_review r SET school_urn = t.school_urn FROM part_time_timetable t
WHERE t.timetable_id = r.timetable_id;
ALTER TABLE part_time_review ALTER COLUMN school_urn SET NOT NULL, DROP CONSTRAINT part_time_review_pkey,
    ADD PRIMARY KEY (timetable_id, review_date, school_urn),
    ADD FOREIGN KEY (timetable_id, school_urn) REFERENCES part_time_timetable;
COMMENT ON COLUMN part_time_review.school_urn IS 'The school of the timetable; filled in if it is not given';
CREATE TRIGGER a_fill_school BEFORE INSERT ON part_time_review FOR EACH ROW WHEN (NEW.school_urn IS NULL)
    EXECUTE FUNCTION take_school('timetable_id', 'part_time_timetable');
ALTER TABLE intervention_pupil ADD COLUMN school_urn integer;
UPDATE intervention_pupil p SET school_urn = i.school_urn FROM intervention i
WHERE i.intervention_id = p.intervention_id;
ALTER TABLE intervention_pupil ALTER COLUMN school_urn SET NOT NULL, DROP CONSTRAINT intervention_pupil_pkey,
    ADD PRIMARY KEY (intervention_id, pupil_id, school_urn),
    ADD FOREIGN KEY (intervention_id, school_urn) REFERENCES intervention;
COMMENT ON COLUMN intervention_pupil.school_urn IS 'The school of the intervention; filled in if it is not given';
CREATE TRIGGER a_fill_school BEFORE INSERT ON intervention_pupil FOR EACH ROW WHEN (NEW.school_urn IS NULL)
    EXECUTE FUNCTION take_school('intervention_id', 'intervention');

CREATE FUNCTION known_schools(schools integer[]) RETURNS boolean
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT known(count(*) = 0, format('the register has no school %s', string_agg(a.urn::text, ', ' ORDER BY a.urn)),
        'The table school has those that there are, by their URN.')
    FROM unnest(schools) AS a (urn)
    WHERE a.urn IS NOT NULL AND NOT EXISTS (SELECT FROM school s WHERE s.urn = a.urn);
END;
COMMENT ON FUNCTION known_schools(integer[]) IS
'True if the register has all of some schools, given by their URNs, and for NULL. 22023, with those that it has not, '
'otherwise';

CREATE VIEW mark WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, p.upn::text AS upn, d.day, s.session,
        mark_at(l.marks, d.day, s.session) AS mark,
        mark_class(mark_at(l.marks, d.day, s.session)) AS class,
        mark_description(mark_at(l.marks, d.day, s.session)) AS description,
        NULL::text AS nature, NULL::text AS entered_by, NULL::text AS title, NULL::text AS reason
    FROM register_line l
    JOIN school_day d ON d.school_urn = l.school_urn AND d.academic_year = l.academic_year
    CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
    LEFT JOIN pupil p ON p.pupil_id = l.pupil_id
    WHERE mark_at(l.marks, d.day, s.session) IS NOT NULL;
COMMENT ON VIEW mark IS
'Every mark of the register as a row; can be written: INSERT and COPY enter marks, UPDATE amends them, DELETE is '
'refused';
COMMENT ON COLUMN mark.upn IS
'May stand for pupil_id when marks are entered; so may a former number of a pupil, which is nobody''s today';
COMMENT ON COLUMN mark.class IS 'Class of the mark; ignored when marks are entered';
COMMENT ON COLUMN mark.nature IS
'Nature of the activity or circumstances, given when B, K, Y or Y7 is entered; kept in mark_nature';
COMMENT ON COLUMN mark.entered_by IS
'Who makes the entry, given when a mark is entered or amended; kept in the journal';
COMMENT ON COLUMN mark.title IS 'Title of who makes the entry; kept in the journal';
COMMENT ON COLUMN mark.reason IS 'Why a mark is amended; kept in the journal';
COMMENT ON COLUMN mark.description IS 'What the mark means; ignored when marks are entered';

CREATE TRIGGER enter_mark INSTEAD OF INSERT OR UPDATE OR DELETE ON mark
    FOR EACH ROW EXECUTE FUNCTION enter_mark();
CREATE TRIGGER write_marks AFTER INSERT OR UPDATE ON mark
    FOR EACH STATEMENT EXECUTE FUNCTION write_marks();

CREATE VIEW mark_feed WITH (security_invoker = true) AS
    SELECT school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason FROM mark;
COMMENT ON VIEW mark_feed IS
'For nightly loads: marks that the register has already are ignored, new ones entered, different ones amended; rows '
'without a mark are left out';

CREATE TRIGGER feed_mark INSTEAD OF INSERT ON mark_feed
    FOR EACH ROW EXECUTE FUNCTION feed_mark();
CREATE TRIGGER write_marks AFTER INSERT ON mark_feed
    FOR EACH STATEMENT EXECUTE FUNCTION write_marks();

CREATE FUNCTION register_as_at(at timestamptz)
    RETURNS TABLE (school_urn integer, academic_year integer, pupil_id bigint, marks mark_series)
    LANGUAGE sql STABLE STRICT
BEGIN ATOMIC
    SELECT s.urn, l.academic_year, l.pupil_id, l.marks
    FROM school s CROSS JOIN LATERAL lines_as_at('register_line'::regclass, s.urn, at) l;
END;
COMMENT ON FUNCTION register_as_at(timestamptz) IS
'The lines of the register as they stood at a time: tallies and rates are computed from them as from register_line. '
'Lines that had no marks yet are left out. No rows for NULL';

CREATE FUNCTION verify_journal(kept text[] DEFAULT '{}')
    RETURNS TABLE (school_urn integer, entry_id bigint, problem text)
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT s.school_urn, f.entry_id, f.problem
    FROM (SELECT j.school_urn FROM journal j UNION SELECT h.school_urn FROM journal_head h
          UNION SELECT l.school_urn FROM register_line l) s
    CROSS JOIN LATERAL (SELECT x.entry_id, x.problem
                        FROM journal_faults('register_line'::regclass, s.school_urn) x LIMIT 1) f
    UNION ALL
    SELECT r.school_urn, r.entry_id, r.problem FROM record_faults('register_line'::regclass) r
    UNION ALL
    SELECT CASE WHEN k.digest ~ '^[0-9]{1,6}:[0-9]{1,18}:[0-9a-f]{64}$' THEN split_part(k.digest, ':', 1)::integer END,
        CASE WHEN k.digest ~ '^[0-9]{1,6}:[0-9]{1,18}:[0-9a-f]{64}$' THEN split_part(k.digest, ':', 2)::bigint END,
        format('the entry of the kept digest %s is not in the journal', k.digest)
    FROM unnest(kept) AS k (digest)
    WHERE NOT EXISTS (SELECT FROM journal j
        WHERE format('%s:%s:%s', j.school_urn, j.entry_id, encode(j.hash, 'hex')) = k.digest)
    AND NOT EXISTS (SELECT FROM disposal d CROSS JOIN LATERAL unnest(d.hashes) AS h (hash)
        WHERE coalesce(d.school_urn, 0)::text = split_part(k.digest, ':', 1)
            AND encode(h.hash, 'hex') = split_part(k.digest, ':', 3))
    ORDER BY 1, 2;
END;
COMMENT ON FUNCTION verify_journal(text[]) IS
'Verifies the chain of each school and compares it with the lines and all other entries: names the first bad entry of '
'each, tables with rows that are not what the journal made of them, and any digest of journal_digest() that was kept '
'and whose entry is gone, but was not disposed of. No rows if all is well; 42501 for who does not see all of the '
'register';

-- ---------- facts have dates ----------

ALTER TABLE school ADD COLUMN predecessor_urn integer;
ALTER TABLE school ADD COLUMN holds_from date CONSTRAINT school_holds_from CHECK (holds_from IS NULL);
ALTER TABLE school ADD CONSTRAINT school_predecessor CHECK (predecessor_urn <> urn);
ALTER TABLE school ADD CONSTRAINT school_predecessor_has_six_digits CHECK (predecessor_urn BETWEEN 100000 AND 999999);
COMMENT ON CONSTRAINT school_predecessor_has_six_digits ON school IS 'a URN (predecessor_urn) has six digits';
COMMENT ON COLUMN school.predecessor_urn IS
'URN of the school that this one continues, as an academy does that of the school it was; this register may have it or '
'not';
COMMENT ON COLUMN school.holds_from IS
'From which day on a change of phase, type, la_number and trust_uid holds, today if it is not given; kept in '
'school_former, not here';
COMMENT ON CONSTRAINT school_holds_from ON school IS 'holds_from is of a change of the school, not of the school';
COMMENT ON CONSTRAINT school_predecessor ON school IS 'a school does not continue itself';
CREATE INDEX ON school (predecessor_urn) WHERE predecessor_urn IS NOT NULL;

-- What a school was before; school_membership has all with the days from and to which they hold.
CREATE TABLE school_former (
    urn integer NOT NULL REFERENCES school ON UPDATE CASCADE,
    to_day date NOT NULL CONSTRAINT school_former_day CHECK (isfinite(to_day)),
    phase text NOT NULL,
    type text NOT NULL,
    la_number integer NOT NULL REFERENCES local_authority,
    trust_uid integer REFERENCES trust,
    PRIMARY KEY (urn, to_day)
);
COMMENT ON TABLE school_former IS
'Phase, type, local authority and trust of a school until a day, since the one before. A trigger of school writes it';
COMMENT ON COLUMN school_former.to_day IS 'The last day on which it held';

CREATE TRIGGER take_date BEFORE INSERT OR UPDATE ON school FOR EACH ROW EXECUTE FUNCTION take_date();
CREATE TRIGGER keep_former AFTER UPDATE ON school REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_former('school_former', '{urn}', '{phase,type,la_number,trust_uid}',
        '''-infinity''::date', '{}');

ALTER TABLE enrolment ADD COLUMN holds_from date;
ALTER TABLE enrolment DROP CONSTRAINT enrolment_signature;
ALTER TABLE enrolment ADD CONSTRAINT enrolment_signature
    CHECK (num_nonnulls(entered_by, title, reason, holds_from) = 0);
COMMENT ON COLUMN enrolment.holds_from IS
'From which day on a change of status, boarder, year_group and registration_group holds, today if it is not given; '
'kept in enrolment_former, not here';
CREATE INDEX enrolment_not_counted ON enrolment (school_urn, pupil_id) WHERE boarder <> 'N' OR status = 'G';
CREATE INDEX enrolment_ended ON enrolment (school_urn, pupil_id) WHERE end_date IS NOT NULL;
CREATE TABLE enrolment_former (
    school_urn integer NOT NULL,
    pupil_id bigint NOT NULL,
    start_date date NOT NULL,
    to_day date NOT NULL,
    status text NOT NULL CHECK (status IN ('C', 'M', 'S', 'F', 'O', 'G')),
    boarder text NOT NULL CHECK (boarder IN ('N', 'B', '6', '7')),
    year_group text CHECK (year_group IN ('N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9',
        '10', '11', '12', '13', '14', 'X')),
    registration_group text,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    PRIMARY KEY (school_urn, pupil_id, start_date, to_day),
    FOREIGN KEY (school_urn, pupil_id, start_date) REFERENCES enrolment ON UPDATE CASCADE,
    CONSTRAINT enrolment_former_day CHECK (isfinite(to_day)),
    CONSTRAINT enrolment_former_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE enrolment_former IS
'What of an enrolment has changed: what held until a day, since the one before or the starting day. A trigger of '
'enrolment writes it';
COMMENT ON COLUMN enrolment_former.start_date IS 'The starting day of the enrolment, and moved with it';
COMMENT ON COLUMN enrolment_former.to_day IS 'The last day on which it held';
COMMENT ON COLUMN enrolment_former.entered_at IS 'When the entry was made';
COMMENT ON COLUMN enrolment_former.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN enrolment_former.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN enrolment_former.reason IS 'Why the entry is changed; kept in the journal, not here';
CREATE INDEX ON enrolment_former (to_day);
CREATE INDEX enrolment_former_not_counted ON enrolment_former (school_urn, pupil_id)
    WHERE boarder <> 'N' OR status = 'G';

CREATE TRIGGER take_date BEFORE INSERT OR UPDATE ON enrolment FOR EACH ROW EXECUTE FUNCTION take_date();
CREATE TRIGGER keep_former AFTER UPDATE ON enrolment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_former('enrolment_former', '{school_urn,pupil_id,start_date}',
        '{status,boarder,year_group,registration_group}', 'n.start_date', '{year_group,registration_group}');

ALTER TABLE contact ADD COLUMN holds_from date;
ALTER TABLE contact DROP CONSTRAINT contact_signature;
ALTER TABLE contact ADD CONSTRAINT contact_signature
    CHECK (num_nonnulls(entered_by, title, reason, holds_from) = 0);
COMMENT ON COLUMN contact.holds_from IS
'From which day on a change of is_parent and lives_with holds, today if it is not given; kept in contact_former, not '
'here';
CREATE TABLE contact_former (
    contact_id bigint NOT NULL REFERENCES contact ON UPDATE CASCADE,
    to_day date NOT NULL,
    is_parent boolean NOT NULL,
    lives_with boolean NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    PRIMARY KEY (contact_id, to_day),
    CONSTRAINT contact_former_day CHECK (isfinite(to_day)),
    CONSTRAINT contact_former_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE contact_former IS
'Whether a contact was a parent and lived with the pupil until a day, since the one before. A trigger of contact '
'writes it';
COMMENT ON COLUMN contact_former.to_day IS 'The last day on which it held';
COMMENT ON COLUMN contact_former.entered_at IS 'When the entry was made';
COMMENT ON COLUMN contact_former.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN contact_former.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN contact_former.reason IS 'Why the entry is changed; kept in the journal, not here';

CREATE TRIGGER take_date BEFORE INSERT OR UPDATE ON contact FOR EACH ROW EXECUTE FUNCTION take_date();
CREATE TRIGGER keep_former AFTER UPDATE ON contact REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_former('contact_former', '{contact_id}', '{is_parent,lives_with}',
        '''-infinity''::date', '{}');

CREATE TABLE person (
    person_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    full_name text NOT NULL CHECK (has_words(full_name)),
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    CONSTRAINT person_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE person IS
'One person behind the contacts of several pupils, brothers and sisters: contact.person_id';
COMMENT ON COLUMN person.entered_at IS 'When the entry was made';
COMMENT ON COLUMN person.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN person.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN person.reason IS 'Why the entry is changed; kept in the journal, not here';

ALTER TABLE contact ADD COLUMN person_id bigint REFERENCES person;
COMMENT ON COLUMN contact.person_id IS
'The person that this is, who may be a contact of other pupils too; NULL if nobody has said so';
CREATE INDEX ON contact (person_id);

CREATE VIEW enrolment_period WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, e.start_date, coalesce(p.after_day, e.start_date) AS from_day,
        least(f.to_day, e.end_date) AS to_day, f.status, f.boarder, f.year_group, f.registration_group
    FROM enrolment e
    -- until a day before the first, if the enrolment began later than it seemed, it held on none
    JOIN enrolment_former f ON f.school_urn = e.school_urn AND f.pupil_id = e.pupil_id AND f.start_date = e.start_date
        AND f.to_day >= e.start_date
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM enrolment_former b
        WHERE b.school_urn = e.school_urn AND b.pupil_id = e.pupil_id AND b.start_date = e.start_date
            AND b.to_day >= e.start_date AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= e.end_date, true)
    UNION ALL
    SELECT e.school_urn, e.pupil_id, e.start_date, coalesce(p.after_day, e.start_date) AS from_day, e.end_date,
        e.status, e.boarder, e.year_group, e.registration_group
    FROM enrolment e
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM enrolment_former b
        WHERE b.school_urn = e.school_urn AND b.pupil_id = e.pupil_id AND b.start_date = e.start_date
            AND b.to_day >= e.start_date) p
    WHERE coalesce(p.after_day <= e.end_date, true);
COMMENT ON VIEW enrolment_period IS
'Status, boarding, year and registration group of each enrolment with the days from and to which they hold; to_day is '
'NULL for what holds until further notice. Regulations 2024, regulation 8';

CREATE VIEW contact_period WITH (security_invoker = true) AS
    SELECT c.contact_id, c.pupil_id, p.after_day AS from_day, least(f.to_day, c.to_day) AS to_day, f.is_parent,
        f.lives_with
    FROM contact c
    JOIN contact_former f ON f.contact_id = c.contact_id
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM contact_former b
        WHERE b.contact_id = f.contact_id AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= c.to_day, true)
    UNION ALL
    SELECT c.contact_id, c.pupil_id, p.after_day AS from_day, c.to_day, c.is_parent, c.lives_with
    FROM contact c
    CROSS JOIN LATERAL (SELECT max(b.to_day) + 1 AS after_day FROM contact_former b WHERE b.contact_id = c.contact_id) p
    WHERE coalesce(p.after_day <= c.to_day, true);
COMMENT ON VIEW contact_period IS
'Who was a parent of a pupil and lived with the pupil, from which day to which: from_day is NULL for what held at '
'first, to_day for what holds until further notice. Education Act 1996, section 576';

CREATE FUNCTION same_parent(contact bigint) RETURNS TABLE (contact_id bigint)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    SELECT o.contact_id FROM contact c
    JOIN contact o ON o.pupil_id = c.pupil_id AND (o.contact_id = c.contact_id OR o.person_id = c.person_id)
    WHERE c.contact_id = same_parent.contact;
END;
COMMENT ON FUNCTION same_parent(bigint) IS
'All contacts of a pupil who are the same person as one of them (person_id), and that one itself: wherever something '
'is asked of a parent, they are one. No rows for NULL, and for a contact that is not there';

CREATE VIEW school_membership WITH (security_invoker = true) AS
    SELECT s.urn AS school_urn, p.after_day AS from_day, least(f.to_day, s.closed) AS to_day, f.phase, f.type,
        f.la_number, f.trust_uid, s.predecessor_urn
    FROM school s
    JOIN school_former f ON f.urn = s.urn
    CROSS JOIN LATERAL (
        SELECT max(b.to_day) + 1 AS after_day FROM school_former b WHERE b.urn = f.urn AND b.to_day < f.to_day) p
    WHERE coalesce(p.after_day <= s.closed, true)
    UNION ALL
    SELECT s.urn AS school_urn, p.after_day AS from_day, s.closed, s.phase, s.type, s.la_number, s.trust_uid,
        s.predecessor_urn
    FROM school s
    CROSS JOIN LATERAL (SELECT max(b.to_day) + 1 AS after_day FROM school_former b WHERE b.urn = s.urn) p
    WHERE coalesce(p.after_day <= s.closed, true);
COMMENT ON VIEW school_membership IS
'Phase, type, local authority and trust of each school with the days from and to which they hold: from_day is NULL for '
'what held at first, to_day for what holds until further notice';

-- UNION ends where two are said to continue each other.
CREATE VIEW school_part WITH (security_invoker = true) AS
    WITH RECURSIVE part (school_urn, part_urn) AS (
        SELECT s.urn, s.urn FROM school s
        UNION
        SELECT p.school_urn, s.predecessor_urn FROM part p JOIN school s ON s.urn = p.part_urn
        WHERE s.predecessor_urn IS NOT NULL)
    SELECT p.school_urn, p.part_urn FROM part p;
COMMENT ON VIEW school_part IS
'Each school with itself and with every school that it continues (predecessor_urn), one after the other';

CREATE FUNCTION school_on(day date)
    RETURNS TABLE (urn integer, name text, phase text, type text, la_number integer, trust_uid integer)
    LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
    SELECT s.urn, s.name, coalesce(f.phase, s.phase), coalesce(f.type, s.type),
        coalesce(f.la_number, s.la_number), CASE WHEN f.urn IS NULL THEN s.trust_uid ELSE f.trust_uid END
    FROM school s
    LEFT JOIN LATERAL (
        SELECT b.* FROM school_former b WHERE b.urn = s.urn AND b.to_day >= school_on.day ORDER BY b.to_day LIMIT 1) f
        ON true;
END;
COMMENT ON FUNCTION school_on(date) IS
'All schools with the phase, type, local authority and trust that they had on a day, or have now for NULL';

-- ---------- provisions have a scope ----------

ALTER TABLE rule_setting DROP CONSTRAINT rule_setting_pkey;
ALTER TABLE rule_setting ALTER COLUMN school_urn DROP NOT NULL;
ALTER TABLE rule_setting ADD COLUMN setting_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY;
ALTER TABLE rule_setting ADD CONSTRAINT rule_setting_once UNIQUE NULLS NOT DISTINCT (school_urn, rule);
COMMENT ON COLUMN rule_setting.school_urn IS
'The school; NULL for every school, also those to come, that has no setting of its own for the rule';
ALTER TABLE leave_reason ADD COLUMN school_types text[];
COMMENT ON COLUMN leave_reason.school_types IS
'On which types of schools (school.type) it is binding; NULL for all. What is asked of others is guidance: recorded '
'and listed, not refused';
-- 2024 regulation 11(1), 2006 regulation 7(5)
UPDATE leave_reason SET school_types = '{Local authority maintained schools,Special schools}';
ALTER TABLE registration_policy DROP CONSTRAINT registration_policy_minutes_open_check;
ALTER TABLE registration_policy ADD CONSTRAINT registration_policy_minutes_open_check
    CHECK (minutes_open BETWEEN 1 AND 240);
COMMENT ON COLUMN registration_policy.minutes_open IS
'The guidance says not more than 30 minutes: registers that were open for longer are listed';
COMMENT ON COLUMN registration.closed_at IS
'After it a pupil who arrives is U, not L; NULL while the register is open. Longer after opened_at than 30 minutes is '
'listed (AT050)';

CREATE VIEW leave_breach WITH (security_invoker = true) AS
    SELECT l.leave_id, l.school_urn, l.pupil_id, v.rule,
        format('leave of pupil %s at school %s from %s to %s: %s', l.pupil_id, l.school_urn, l.first_day, l.last_day,
            v.problem) AS problem, b.binding, CASE WHEN b.binding THEN 'regulation' ELSE 'guidance' END AS source
    FROM (
        SELECT g.*, day(lower(g.sessions)) AS first_day, session(lower(g.sessions)) AS first_session,
            -- the upper bound is the first session after the leave
            day(upper(g.sessions)) - CASE WHEN session(upper(g.sessions)) = 'AM' THEN 1 ELSE 0 END AS last_day,
            (g.decided_at AT TIME ZONE 'Europe/London')::date AS decided_on,
            (coalesce(g.received_at, g.decided_at) AT TIME ZONE 'Europe/London')::date AS asked_on
        FROM leave_of_absence g
        WHERE g.status = 'granted') AS l
    LEFT JOIN leave_reason r ON r.reason_class = l.reason_class AND r.mark = l.mark
        AND r.from_day <= l.first_day AND r.to_day >= l.last_day
    LEFT JOIN LATERAL (
        SELECT o.morning_opens, o.afternoon_opens FROM registration_policy o
        WHERE o.school_urn = l.school_urn AND o.from_day <= l.first_day
        ORDER BY o.from_day DESC LIMIT 1) AS p ON true
    CROSS JOIN LATERAL (
        SELECT (l.first_day + CASE WHEN l.first_session = 'AM' THEN coalesce(p.morning_opens, '09:00')
            ELSE coalesce(p.afternoon_opens, '13:00') END) AT TIME ZONE 'Europe/London' AS begins) AS s
    -- by the types that the school had from its first day to its last
    CROSS JOIN LATERAL (
        SELECT r.school_types IS NULL OR EXISTS (
            SELECT FROM school_membership m
            WHERE m.school_urn = l.school_urn AND m.type = ANY (r.school_types)
                AND coalesce(m.from_day <= l.last_day, true) AND coalesce(m.to_day >= l.first_day, true)) AS binding) b
    CROSS JOIN LATERAL (VALUES
        ('leave code', r.needs IS NULL,
            CASE WHEN EXISTS (SELECT FROM leave_reason k WHERE k.reason_class = l.reason_class)
                THEN format('%s is not the code of leave for "%s" on all its days (leave_reason)', l.mark,
                    l.reason_class)
                ELSE format('leave_reason has no reason_class "%s"', l.reason_class) END),
        ('leave not in advance', 'applied in advance' = ANY (r.needs) AND coalesce(l.received_at >= s.begins, true),
            'the application was not received before the first session'),
        ('leave not in advance', 'agreed in advance' = ANY (r.needs) AND l.decided_at >= s.begins,
            'it was not agreed before the first session'),
        ('leave applicant', 'applicant' = ANY (r.needs) AND l.applicant IS NULL AND l.contact_id IS NULL,
            'it is not known who applied'),
        ('leave applicant', 'parent' = ANY (r.needs) AND NOT EXISTS (
            SELECT FROM same_parent(l.contact_id) k JOIN contact_period c ON c.contact_id = k.contact_id
            WHERE c.pupil_id = l.pupil_id AND c.is_parent AND c.lives_with
                AND coalesce(c.from_day <= l.asked_on, true) AND coalesce(c.to_day >= l.asked_on, true))
            AND NOT EXISTS (
            SELECT FROM pupil u
            WHERE u.pupil_id = l.pupil_id
                AND anniversary(u.date_of_birth, 18 * 12) <= (l.received_at AT TIME ZONE 'Europe/London')::date),
            'no parent with whom the pupil normally lives has applied'),
        ('leave authority', NOT EXISTS (
            SELECT FROM authorised_person a
            WHERE a.school_urn = l.school_urn AND a.name = l.decided_by
                AND l.decided_on >= a.from_day AND coalesce(l.decided_on <= a.to_day, true)),
            format('%s is not a person authorised to grant it on %s', l.decided_by, l.decided_on)),
        ('leave reason', 'circumstances' = ANY (r.needs) AND l.circumstances IS NULL,
            'the exceptional circumstances are not stated'),
        ('leave licence', 'licence' = ANY (r.needs)
            AND NOT coalesce(l.licence_from <= l.first_day AND l.licence_to >= l.last_day, false),
            'there is no licence for all its days'),
        ('leave for study', 'examination' = ANY (r.needs) AND NOT coalesce(l.last_examination >= l.last_day, false),
            'it does not end with the last public examination'),
        ('leave for holiday', r.days_in_year IS NOT NULL AND l.circumstances IS NULL AND r.days_in_year * 2 < (
            SELECT coalesce(sum((d.morning AND o.sessions @> school_session(d.day, 'AM'))::int
                + (d.afternoon AND o.sessions @> school_session(d.day, 'PM'))::int), 0)
            FROM leave_of_absence o
            JOIN school_day d ON d.school_urn = o.school_urn AND d.academic_year = academic_year(l.first_day)
            WHERE o.school_urn = l.school_urn AND o.pupil_id = l.pupil_id AND o.status = 'granted'
                AND o.mark = l.mark),
            format('more than %s school days of holiday in the school year are not said to be exceptional',
                r.days_in_year))
        ) AS v (rule, broken, problem)
    WHERE v.broken;

COMMENT ON VIEW leave_breach IS
'What granted leave lacks, by rule (AT040 to AT045, AT047, AT048). The trigger of leave_of_absence refuses it, or lets '
'it in where the school has breaches of the rule recorded';

CREATE VIEW part_time_timetable_breach WITH (security_invoker = true) AS
    SELECT t.timetable_id, t.school_urn, t.pupil_id, v.rule,
        format('part-time timetable of pupil %s at school %s from %s to %s: %s', t.pupil_id, t.school_urn, t.first_day,
            t.last_day, v.problem) AS problem, b.binding AND v.rule <> 'part-time review' AS binding,
        CASE WHEN b.binding AND v.rule <> 'part-time review' THEN 'regulation' ELSE 'guidance' END AS source
    FROM (
        SELECT g.*, day(lower(g.sessions)) AS first_day,
            day(upper(g.sessions)) - CASE WHEN session(upper(g.sessions)) = 'AM' THEN 1 ELSE 0 END AS last_day
        FROM part_time_timetable g
        WHERE g.status = 'agreed') AS t
    JOIN pupil p ON p.pupil_id = t.pupil_id
    LEFT JOIN leave_reason r ON r.reason_class = 'part-time timetable' AND r.mark = 'C2'
        AND r.from_day <= t.first_day AND r.to_day >= t.last_day
    CROSS JOIN LATERAL (
        SELECT r.school_types IS NULL OR EXISTS (
            SELECT FROM school_membership m
            WHERE m.school_urn = t.school_urn AND m.type = ANY (r.school_types)
                AND coalesce(m.from_day <= t.last_day, true) AND coalesce(m.to_day >= t.first_day, true)) AS binding) b
    CROSS JOIN LATERAL (VALUES
        ('leave code', r.needs IS NULL, 'C2 is not a code on all its days'),
        ('leave not in advance', 'agreed in advance' = ANY (r.needs) AND t.agreed_on > t.first_day,
            format('it was agreed on %s only', t.agreed_on)),
        ('leave applicant', 'parent' = ANY (r.needs) AND NOT EXISTS (
            SELECT FROM same_parent(t.contact_id) k JOIN contact_period c ON c.contact_id = k.contact_id
            WHERE c.pupil_id = t.pupil_id AND c.is_parent AND c.lives_with
                AND coalesce(c.from_day <= t.agreed_on, true) AND coalesce(c.to_day >= t.agreed_on, true)),
            'it was not agreed with a parent with whom the pupil normally lives'),
        ('leave authority', NOT EXISTS (
            SELECT FROM authorised_person a
            WHERE a.school_urn = t.school_urn AND a.name = t.agreed_by
                AND t.agreed_on >= a.from_day AND coalesce(t.agreed_on <= a.to_day, true)),
            format('%s is not a person authorised to agree to it on %s', t.agreed_by, t.agreed_on)),
        ('leave reason', 'circumstances' = ANY (r.needs) AND t.circumstances IS NULL,
            'the exceptional circumstances are not stated'),
        ('part-time review', NOT EXISTS (
            SELECT FROM unnest(t.review_dates) AS d (day) WHERE d.day >= t.first_day AND d.day <= t.last_day),
            'no day of review lies within it'),
        ('leave part-time', NOT daterange(t.first_day, t.last_day, '[]') <@ compulsory_school_age(p.date_of_birth),
            'the pupil is not of compulsory school age on all its days')
        ) AS v (rule, broken, problem)
    WHERE v.broken;

CREATE VIEW granted_session WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, l.mark, lower(r.r) AS first_session, upper(r.r) AS after_session,
        l.licence_reference, l.last_examination
    FROM leave_of_absence l CROSS JOIN LATERAL unnest(l.sessions) AS r (r)
    WHERE l.status = 'granted'
    UNION ALL
    SELECT t.school_urn, t.pupil_id, 'C2'::session_mark AS mark, lower(r.r) AS first_session,
        upper(r.r) AS after_session, NULL::text AS licence_reference, NULL::date AS last_examination
    FROM part_time_timetable t CROSS JOIN LATERAL unnest(CASE WHEN t.ended_on IS NULL THEN t.sessions
        ELSE t.sessions * school_session_multirange(school_session_range(NULL, school_session(t.ended_on, 'PM'), '[]'))
        END) AS r (r)
    WHERE t.status = 'agreed';
COMMENT ON VIEW granted_session IS
'Sessions for which a leave is granted or a part-time timetable agreed, as ranges: from first_session, up to and '
'without after_session; the rules on marks read it';

CREATE VIEW registration_breach WITH (security_invoker = true) AS
    SELECT r.registration_id, r.school_urn, 'register open'::text AS rule,
        format('the register of %s at school %s for %s %s was open for %s minutes, longer than %s',
            coalesce('group ' || r.registration_group, 'the whole school'), r.school_urn, r.day, r.session,
            ceil(extract(epoch FROM r.closed_at - r.opened_at) / 60), least(p.minutes_open, 30)) AS problem
    FROM registration r
    LEFT JOIN LATERAL (
        SELECT o.minutes_open FROM registration_policy o
        WHERE o.school_urn = r.school_urn AND o.from_day <= r.day
        ORDER BY o.from_day DESC LIMIT 1) AS p ON true
    WHERE r.closed_at - r.opened_at > least(p.minutes_open, 30) * interval '1 minute';
COMMENT ON VIEW registration_breach IS
'Registers that were open for longer than the 30 minutes of the guidance, or than the school has decided, if that is '
'less (AT050): recorded, as what was is not undone by being refused';
COMMENT ON VIEW part_time_timetable_breach IS
'What agreed part-time timetables lack, by rule (AT040 to AT043, AT046, AT048, AT051). Their trigger refuses it, or '
'lets it in where the school has breaches of the rule recorded';

-- ---------- steps against parents ----------

CREATE TABLE relevant_school_type (
    school_type text NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    relevant boolean NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (school_type, from_day),
    CONSTRAINT relevant_school_type_days CHECK (to_day >= from_day)
);
COMMENT ON TABLE relevant_school_type IS
'At schools of which types absence is an offence for which there are penalty notices. Of a type without a row that is '
'not known, as of special schools: those that are maintained or academies are relevant, the others are not. Education '
'Act 1996, section 444B';
COMMENT ON COLUMN relevant_school_type.school_type IS 'A type of the table school';
COMMENT ON COLUMN relevant_school_type.from_day IS 'For notices that are issued on this day or later';
INSERT INTO relevant_school_type VALUES
    ('Local authority maintained schools', '1900-01-01', '2999-12-31', true, 'Education Act 1996, section 444B'),
    ('Academies', '1900-01-01', '2999-12-31', true, 'Education Act 1996, section 444B, as amended; from memory'),
    ('Free schools', '1900-01-01', '2999-12-31', true, 'Education Act 1996, section 444B, as amended; from memory'),
    ('Independent schools', '1900-01-01', '2999-12-31', false, 'Education Act 1996, section 444B; from memory'),
    ('Colleges', '1900-01-01', '2999-12-31', false, 'Education Act 1996, section 444B; from memory'),
    ('Universities', '1900-01-01', '2999-12-31', false, 'Education Act 1996, section 444B; from memory');

CREATE TABLE relevant_school (
    school_urn integer NOT NULL REFERENCES school,
    from_day date NOT NULL,
    to_day date NOT NULL,
    relevant boolean NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (school_urn, from_day),
    CONSTRAINT relevant_school_days CHECK (to_day >= from_day)
);
COMMENT ON TABLE relevant_school IS
'At which single schools absence is an offence for which there are penalty notices, whatever their types: rows that '
'users add';
COMMENT ON COLUMN relevant_school.from_day IS 'For notices that are issued on this day or later';

CREATE TABLE order_length (
    kind text NOT NULL CHECK (kind IN ('education supervision order', 'parenting order')),
    extension boolean NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    months integer NOT NULL CHECK (months > 0),
    source text NOT NULL,
    PRIMARY KEY (kind, extension, from_day),
    CONSTRAINT order_length_days CHECK (to_day >= from_day)
);
COMMENT ON TABLE order_length IS
'How long an order of a court lasts at most, by its first day; what has no row of its own there cannot be extended';
COMMENT ON COLUMN order_length.extension IS
'Whether it is an extension, which is an order of its own, or the first order. How often there is one is not limited';
INSERT INTO order_length VALUES
    ('education supervision order', false, '1900-01-01', '2999-12-31', 12,
        'Children Act 1989, Schedule 3, paragraph 15; from memory'),
    ('education supervision order', true, '1900-01-01', '2999-12-31', 36,
        'Children Act 1989, Schedule 3, paragraph 15; from memory'),
    ('parenting order', false, '1900-01-01', '2999-12-31', 12,
        'Crime and Disorder Act 1998, section 8; Anti-social Behaviour Act 2003, section 20; from memory');

-- The first definition had other lengths for orders; those of its notices that are for the same sessions stand.
ALTER TABLE attendance_support DROP CONSTRAINT attendance_support_order;
ALTER TABLE attendance_support ADD COLUMN extends_id bigint REFERENCES attendance_support;
ALTER TABLE attendance_support ADD CONSTRAINT attendance_support_extends CHECK (extends_id <> support_id);
ALTER TABLE attendance_support ADD COLUMN entered_by text;
ALTER TABLE attendance_support ADD COLUMN title text;
ALTER TABLE attendance_support ADD COLUMN reason text;
ALTER TABLE attendance_support ADD COLUMN without_support text CHECK (has_words(without_support));
ALTER TABLE attendance_support ADD CONSTRAINT attendance_support_signature
    CHECK (num_nonnulls(entered_by, title, reason) = 0);
DROP TRIGGER a_stamp_entry ON attendance_support;
CREATE TRIGGER a_stamp_entry BEFORE INSERT OR UPDATE ON attendance_support
    FOR EACH ROW EXECUTE FUNCTION stamp_entry('signed');
COMMENT ON COLUMN attendance_support.to_day IS
'Last day; NULL while it is not known. order_length says how long an order lasts';
COMMENT ON COLUMN attendance_support.extends_id IS
'The education supervision order, or the extension of one, that this one extends; it begins on the day after its last';
COMMENT ON COLUMN attendance_support.without_support IS 'Why an order was applied for without support before';
COMMENT ON COLUMN attendance_support.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN attendance_support.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN attendance_support.reason IS 'Why the entry is changed; kept in the journal, not here';
CREATE UNIQUE INDEX attendance_support_extended ON attendance_support (extends_id) WHERE accepted;

CREATE TRIGGER guard_legal_step BEFORE INSERT OR UPDATE ON attendance_support
    FOR EACH ROW EXECUTE FUNCTION guard_legal_step('offered_on');
-- the first order begins on the day on which it is made, all else may be agreed or ordered for a day to come
CREATE TRIGGER guard_order BEFORE INSERT OR UPDATE ON attendance_support
    FOR EACH ROW WHEN (NEW.kind IN ('education supervision order', 'parenting order') AND NEW.extends_id IS NULL)
    EXECUTE FUNCTION guard_legal_step('from_day');
CREATE TRIGGER check_legal_step AFTER INSERT ON attendance_support
    FOR EACH ROW EXECUTE FUNCTION check_legal_step('support_id', 'support first', 'no offence', 'orders');
CREATE TRIGGER check_parent AFTER UPDATE ON attendance_support
    FOR EACH ROW WHEN (NEW.contact_id IS DISTINCT FROM OLD.contact_id OR NEW.pupil_id <> OLD.pupil_id
        OR NEW.offered_on <> OLD.offered_on)
    EXECUTE FUNCTION check_legal_step('support_id', 'no offence');
CREATE TRIGGER check_support AFTER UPDATE ON attendance_support
    FOR EACH ROW WHEN (NEW.kind <> OLD.kind OR NEW.pupil_id <> OLD.pupil_id OR NEW.offered_on <> OLD.offered_on
        OR NEW.extends_id IS DISTINCT FROM OLD.extends_id OR NEW.without_support IS DISTINCT FROM OLD.without_support)
    EXECUTE FUNCTION check_legal_step('support_id', 'support first');
CREATE TRIGGER check_order AFTER UPDATE ON attendance_support
    FOR EACH ROW WHEN (NEW.kind <> OLD.kind OR NEW.pupil_id <> OLD.pupil_id OR NEW.offered_on <> OLD.offered_on
        OR NEW.accepted IS DISTINCT FROM OLD.accepted OR NEW.from_day IS DISTINCT FROM OLD.from_day
        OR NEW.to_day IS DISTINCT FROM OLD.to_day OR NEW.extends_id IS DISTINCT FROM OLD.extends_id)
    EXECUTE FUNCTION check_legal_step('support_id', 'orders');

ALTER TABLE notice_to_improve ADD COLUMN entered_by text;
ALTER TABLE notice_to_improve ADD COLUMN title text;
ALTER TABLE notice_to_improve ADD COLUMN reason text;
ALTER TABLE notice_to_improve ADD CONSTRAINT notice_to_improve_signature
    CHECK (num_nonnulls(entered_by, title, reason) = 0);
DROP TRIGGER a_stamp_entry ON notice_to_improve;
CREATE TRIGGER a_stamp_entry BEFORE INSERT OR UPDATE ON notice_to_improve
    FOR EACH ROW EXECUTE FUNCTION stamp_entry('signed');
COMMENT ON COLUMN notice_to_improve.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN notice_to_improve.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN notice_to_improve.reason IS 'Why the entry is changed; kept in the journal, not here';
CREATE TRIGGER guard_legal_step BEFORE INSERT OR UPDATE ON notice_to_improve
    FOR EACH ROW EXECUTE FUNCTION guard_legal_step('issued_on', 'decided_on');
CREATE TRIGGER check_legal_step AFTER INSERT ON notice_to_improve
    FOR EACH ROW EXECUTE FUNCTION check_legal_step('improve_id', 'no offence');
CREATE TRIGGER check_parent AFTER UPDATE ON notice_to_improve
    FOR EACH ROW WHEN (NEW.contact_id <> OLD.contact_id OR NEW.pupil_id <> OLD.pupil_id
        OR NEW.issued_on <> OLD.issued_on)
    EXECUTE FUNCTION check_legal_step('improve_id', 'no offence');

ALTER TABLE penalty_notice ADD COLUMN below_threshold_reason text CHECK (below_threshold_reason ~ '\S');
ALTER TABLE penalty_notice ADD COLUMN absences integer;
ALTER TABLE penalty_notice ADD COLUMN entered_by text;
ALTER TABLE penalty_notice ADD COLUMN title text;
ALTER TABLE penalty_notice ADD COLUMN reason text;
ALTER TABLE penalty_notice ADD COLUMN without_support text CHECK (has_words(without_support));
ALTER TABLE penalty_notice ADD CONSTRAINT penalty_notice_signature
    CHECK (num_nonnulls(entered_by, title, reason) = 0);
DROP TRIGGER a_stamp_entry ON penalty_notice;
CREATE TRIGGER a_stamp_entry BEFORE INSERT OR UPDATE ON penalty_notice
    FOR EACH ROW EXECUTE FUNCTION stamp_entry('signed');
ALTER TABLE penalty_notice ADD CONSTRAINT penalty_notice_no_overlap EXCLUDE USING gist (
    int8range(contact_id, contact_id, '[]') WITH &&,
    sessions WITH &&) WHERE (counts AND absences IS NOT NULL);
COMMENT ON COLUMN penalty_notice.step IS
'Which of the notices of three years that counted on the day of its issue it is: counted by a trigger when it is '
'entered, and not changed. The amounts follow from it';
COMMENT ON COLUMN penalty_notice.below_threshold_reason IS
'Why it is issued for fewer sessions than penalty_framework says';
COMMENT ON COLUMN penalty_notice.absences IS
'At how many of its sessions the pupil was absent with G, N, O or U when it was entered; counted by a trigger. NULL in '
'a notice that was entered before that was counted';
COMMENT ON COLUMN penalty_notice.without_support IS
'Why it is issued without support before: a holiday, or support that was refused';
COMMENT ON COLUMN penalty_notice.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN penalty_notice.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN penalty_notice.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT penalty_notice_no_overlap ON penalty_notice IS
'another notice that counts is for some of the sessions';
CREATE TRIGGER guard_legal_step BEFORE INSERT OR UPDATE ON penalty_notice
    FOR EACH ROW EXECUTE FUNCTION guard_legal_step('issued_on', 'received_on', 'paid_on', 'withdrawn_on',
        'prosecuted_on');
CREATE TRIGGER check_legal_step AFTER INSERT ON penalty_notice
    FOR EACH ROW EXECUTE FUNCTION check_legal_step('notice_id', 'support first', 'no offence', 'prosecution');
CREATE TRIGGER check_notice AFTER UPDATE ON penalty_notice
    FOR EACH ROW WHEN (NEW.counts AND NOT OLD.counts OR NEW.prosecuted_on IS DISTINCT FROM OLD.prosecuted_on)
    EXECUTE FUNCTION check_legal_step('notice_id', 'support first', 'no offence', 'prosecution');
-- a payment of which nobody knew is entered, and listed
CREATE TRIGGER check_prosecution AFTER UPDATE ON penalty_notice
    FOR EACH ROW WHEN (NEW.received_on IS DISTINCT FROM OLD.received_on
        OR NEW.prosecution_outcome IS DISTINCT FROM OLD.prosecution_outcome
        OR OLD.paid_on IS NOT NULL AND (NEW.paid_on IS DISTINCT FROM OLD.paid_on
            OR NEW.paid_amount IS DISTINCT FROM OLD.paid_amount))
    EXECUTE FUNCTION check_legal_step('notice_id', 'prosecution');

CREATE FUNCTION is_relevant_school(school_urn integer, day date) RETURNS boolean
    LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT coalesce((
        SELECT r.relevant FROM relevant_school r
        WHERE r.school_urn = is_relevant_school.school_urn AND r.from_day <= is_relevant_school.day
            AND r.to_day >= is_relevant_school.day
        ORDER BY r.from_day DESC LIMIT 1), (
        SELECT t.relevant
        FROM school s
        LEFT JOIN LATERAL (
            SELECT f.type FROM school_former f WHERE f.urn = s.urn AND f.to_day >= is_relevant_school.day
            ORDER BY f.to_day LIMIT 1) AS o ON true
        JOIN relevant_school_type t ON t.school_type = coalesce(o.type, s.type)
        WHERE s.urn = is_relevant_school.school_urn AND t.from_day <= is_relevant_school.day
            AND t.to_day >= is_relevant_school.day
        ORDER BY t.from_day DESC LIMIT 1));
END;
COMMENT ON FUNCTION is_relevant_school(integer, date) IS
'Whether absence from a school is an offence for which a penalty notice can be issued on a day: relevant_school, or '
'relevant_school_type by the type that the school had on the day. NULL if that is not known, as for special schools, '
'and for NULL';

CREATE FUNCTION penalty_offence(school_urn integer, pupil_id bigint, sessions school_session_multirange, issued_on date)
    RETURNS TABLE (absences integer, other_age integer, in_weeks integer, threshold integer, weeks integer)
    LANGUAGE sql STABLE ROWS 1
BEGIN ATOMIC
    WITH absence AS MATERIALIZED (
        SELECT m.day, m.mark::text AS mark, date_trunc('week', m.day::timestamp)::date AS week,
            m.day <@ compulsory_school_age(p.date_of_birth) AS of_age
        FROM register_line l
        JOIN pupil p ON p.pupil_id = l.pupil_id
        CROSS JOIN LATERAL marks(l.marks) AS m
        WHERE l.pupil_id = penalty_offence.pupil_id
            AND l.academic_year >= academic_year(day(lower(penalty_offence.sessions)))
            AND l.academic_year <= academic_year(day(upper(penalty_offence.sessions)))
            AND (l.school_urn = penalty_offence.school_urn
                OR coalesce(is_relevant_school(l.school_urn, penalty_offence.issued_on), true))
            AND m.day <= penalty_offence.issued_on AND m.mark::text IN ('G', 'N', 'O', 'U')
            AND penalty_offence.sessions @> school_session(m.day, m.session)
            -- a guest's absence is that of the school of the enrolment
            AND NOT EXISTS (SELECT FROM enrolment_period g
                WHERE g.school_urn = l.school_urn AND g.pupil_id = l.pupil_id AND g.status = 'G'
                    AND g.from_day <= m.day AND coalesce(g.to_day >= m.day, true))),
    -- the weeks in which a school of the pupil held sessions
    school_week AS MATERIALIZED (
        SELECT w.week, row_number() OVER (ORDER BY w.week) AS number
        FROM (
            SELECT DISTINCT date_trunc('week', d.day::timestamp)::date AS week
            FROM enrolment_period e
            JOIN school_day d ON d.school_urn = e.school_urn AND (d.morning OR d.afternoon)
                AND d.day >= e.from_day AND coalesce(d.day <= e.to_day, true)
            WHERE e.pupil_id = penalty_offence.pupil_id AND e.status <> 'G'
                AND d.day >= (SELECT min(a.week) FROM absence a)
                AND d.day <= (SELECT max(a.week) + 6 FROM absence a)) AS w),
    framework AS MATERIALIZED (
        SELECT f.*
        FROM school_on(penalty_offence.issued_on) s
        JOIN penalty_framework f ON (f.la_number IS NULL OR f.la_number = s.la_number)
            AND f.from_day <= penalty_offence.issued_on AND f.to_day >= penalty_offence.issued_on
        WHERE s.urn = penalty_offence.school_urn
        ORDER BY f.la_number NULLS LAST, f.from_day DESC LIMIT 1),
    -- of the windows that end with a school week, the one with most sessions that count
    most AS MATERIALIZED (
        SELECT max(n.sessions) AS sessions
        FROM (
            SELECT count(*)::integer AS sessions
            FROM framework f
            JOIN absence a ON a.day >= f.from_day AND a.mark = ANY (f.codes)
            JOIN school_week w ON w.week = a.week
            JOIN school_week z ON z.number >= w.number AND z.number < w.number + f.weeks
            GROUP BY z.number) AS n)
    SELECT (SELECT count(*)::integer FROM absence a), (SELECT count(*)::integer FROM absence a WHERE NOT a.of_age),
        coalesce(m.sessions, 0), f.sessions, f.weeks
    FROM most m LEFT JOIN framework f ON true;
END;
COMMENT ON FUNCTION penalty_offence(integer, bigint, school_session_multirange, date) IS
'The offence that a penalty notice to a parent of a pupil of a school is for: at how many of some sessions, to the day '
'of issue, the pupil was absent with G, N, O or U, at how many of these not of compulsory school age, how many of them '
'lie within the school weeks of penalty_framework at most, and its threshold and weeks (NULL before there was one). '
'Marks are as they are now';

CREATE VIEW unsupported_step WITH (security_invoker = true) AS
    -- support that was entered by the day of the step, not merely dated before it
    SELECT t.relation, t.id, t.school_urn, t.pupil_id,
        format('%s of %s for pupil %s: no support for the pupil was entered by then, no notice to improve had ended '
            'without improvement, and no reason is given why there was no support', t.step, t.day,
            t.pupil_id) AS problem
    FROM (
        SELECT 'penalty_notice'::text AS relation, n.notice_id AS id, n.school_urn, n.pupil_id,
            'penalty notice' AS step, n.issued_on AS day, n.entered_at
        FROM penalty_notice n WHERE n.counts AND n.without_support IS NULL
        UNION ALL
        SELECT 'attendance_support'::text, a.support_id, a.school_urn, a.pupil_id, a.kind, a.offered_on,
            a.entered_at
        FROM attendance_support a
        WHERE a.kind IN ('education supervision order', 'parenting order') AND a.extends_id IS NULL
            AND a.without_support IS NULL) AS t
    WHERE NOT EXISTS (
            SELECT FROM attendance_support o
            WHERE o.pupil_id = t.pupil_id AND o.kind IN ('voluntary support', 'attendance contract')
                AND o.offered_on <= t.day AND (o.entered_at AT TIME ZONE 'Europe/London')::date <= t.day
                AND o.entered_at <= t.entered_at)
        AND NOT EXISTS (
            SELECT FROM notice_to_improve i
            WHERE i.pupil_id = t.pupil_id AND i.outcome = 'not improved' AND i.decided_on <= t.day
                AND (i.entered_at AT TIME ZONE 'Europe/London')::date <= t.day AND i.entered_at <= t.entered_at);
COMMENT ON VIEW unsupported_step IS
'Penalty notices that count, and orders, before which no support for the pupil was entered, no notice to improve had '
'ended without improvement, and which give no reason for that (without_support). What is dated before a step and was '
'entered after its day does not count. Working together to improve school attendance, 2024, chapter 6';

CREATE VIEW notice_breach WITH (security_invoker = true) AS
    SELECT 'penalty_notice'::text AS relation, n.notice_id AS id, n.school_urn, n.pupil_id,
        v.rule, v.column_name, true AS certain, format('penalty notice of %s to contact %s for pupil %s %s',
            n.issued_on, n.contact_id, n.pupil_id, v.problem) AS problem
    FROM penalty_notice n
    CROSS JOIN LATERAL (SELECT register_of('penalty_notice'::regclass) AS register) r
    CROSS JOIN LATERAL earlier_notices(r.register, n.pupil_id, n.contact_id, n.issued_on, n.step, n.notice_id) AS e
    CROSS JOIN LATERAL (
        SELECT min(o.notice_id) AS notice_id FROM penalty_notice o
        WHERE o.pupil_id = n.pupil_id AND o.contact_id IN (SELECT k.contact_id FROM same_parent(n.contact_id) k)
            AND o.counts AND o.notice_id < n.notice_id AND o.sessions && n.sessions) o
    LEFT JOIN LATERAL full_years(r.register, n.pupil_id, n.contact_id, n.issued_on, n.notice_id) f
        ON f.last_day = n.issued_on
    CROSS JOIN LATERAL (VALUES
        ('notice step', 'step', n.step NOT BETWEEN e.at_least + 1 AND e.at_most + 1,
            format('was issued as step %s, and is step %s by the notices that are in the register now', n.step,
                e.at_least + 1)),
        ('notice stands', 'sessions', o.notice_id IS NOT NULL,
            format('is for sessions of penalty notice %s to the same parent', o.notice_id)),
        ('third notice', 'contact_id', f.last_day IS NOT NULL,
            format('is one of more than %s to the same parent in the %s years to it', f.notices, f.years))
        ) AS v (rule, column_name, broken, problem)
    WHERE n.counts AND v.broken;
COMMENT ON VIEW notice_breach IS
'Penalty notices that count and break the rules "third notice" (AT060), "notice stands" (AT063: a session is in two) '
'or "notice step" (AT068) by what is in the register now, where a notice of before was entered after, or two contacts '
'turn out to be one parent: of legal_step_breach, which has its columns';

CREATE VIEW order_breach WITH (security_invoker = true) AS
    SELECT 'attendance_support'::text AS relation, a.support_id AS id, a.school_urn, a.pupil_id,
        'orders'::text AS rule, v.column_name, true AS certain,
        format('%s for pupil %s from %s to %s: %s', a.kind, a.pupil_id, coalesce(a.from_day::text, 'no day yet'),
            coalesce(a.to_day::text, 'no day yet'), v.problem) AS problem
    FROM attendance_support a
    LEFT JOIN attendance_support e ON e.support_id = a.extends_id
    LEFT JOIN order_length l ON l.kind = a.kind AND l.extension = (a.extends_id IS NOT NULL)
        AND l.from_day <= coalesce(a.from_day, a.offered_on) AND l.to_day >= coalesce(a.from_day, a.offered_on)
    CROSS JOIN LATERAL (VALUES
        ('extends_id', l.kind IS NULL AND a.extends_id IS NOT NULL, 'it is nothing that is extended (order_length)'),
        ('extends_id', NOT coalesce(e.kind = a.kind AND e.pupil_id = a.pupil_id AND e.accepted, false),
            format('%s is no order of this kind for the pupil', a.extends_id)),
        ('from_day', a.from_day <> e.to_day + 1 OR a.from_day IS NOT NULL AND e.to_day IS NULL,
            format('the order that it extends ends on %s', coalesce(e.to_day::text, 'no day yet'))),
        ('to_day', a.to_day >= anniversary(a.from_day, l.months),
            format('it lasts longer than %s months (order_length)', l.months))
        ) AS v (column_name, broken, problem)
    WHERE v.broken AND (a.extends_id IS NOT NULL OR v.column_name = 'to_day');
COMMENT ON VIEW order_breach IS
'Orders of a court that break the rule "orders" (AT065): of legal_step_breach, which has its columns';

CREATE FUNCTION prosecution_limit(day date) RETURNS date
    LANGUAGE sql IMMUTABLE STRICT
    -- the day with the same number six months on, or the last of a month that is too short for it
    RETURN (day::timestamp + interval '6 months')::date;
COMMENT ON FUNCTION prosecution_limit(date) IS
'The last day on which a prosecution for an absence of a day can begin: six months after it, as the offences of '
'section 444 of the Education Act 1996 are summary ones. NULL for NULL. Magistrates'' Courts Act 1980, section 127(1)';

CREATE VIEW legal_step_breach WITH (security_invoker = true) AS
    SELECT s.relation, s.id, s.school_urn, s.pupil_id, 'no offence'::text AS rule, 'contact_id'::text AS column_name,
        true AS certain, format('contact %s was not a parent of pupil %s on %s', s.contact_id, s.pupil_id,
            s.day) AS problem
    FROM (
        SELECT 'attendance_support'::text AS relation, a.support_id AS id, a.school_urn,
            a.pupil_id, a.contact_id, a.offered_on AS day
        FROM attendance_support a WHERE a.contact_id IS NOT NULL
        UNION ALL
        SELECT 'notice_to_improve'::text, t.improve_id, t.school_urn, t.pupil_id, t.contact_id, t.issued_on
        FROM notice_to_improve t
        UNION ALL
        SELECT 'penalty_notice'::text, n.notice_id, n.school_urn, n.pupil_id, n.contact_id, n.issued_on
        FROM penalty_notice n WHERE n.counts) AS s
    -- one contact after the other: a step that is entered must not read those of the whole register
    LEFT JOIN LATERAL (
        SELECT true AS found FROM same_parent(s.contact_id) k JOIN contact_period c ON c.contact_id = k.contact_id
        WHERE c.pupil_id = s.pupil_id AND c.is_parent
            AND coalesce(c.from_day <= s.day, true) AND coalesce(c.to_day >= s.day, true) LIMIT 1) AS parent ON true
    WHERE parent.found IS NULL
    UNION ALL
    SELECT 'penalty_notice'::text, n.notice_id, n.school_urn, n.pupil_id, 'no offence', v.column_name,
        v.certain, format('penalty notice of %s to contact %s for pupil %s: %s', n.issued_on, n.contact_id, n.pupil_id,
            v.problem)
    FROM penalty_notice n
    JOIN LATERAL school_on(n.issued_on) s ON s.urn = n.school_urn
    CROSS JOIN LATERAL (SELECT is_relevant_school(n.school_urn, n.issued_on) AS relevant) AS r
    CROSS JOIN LATERAL penalty_offence(n.school_urn, n.pupil_id, n.sessions, n.issued_on) AS o
    CROSS JOIN LATERAL (VALUES
        ('school_urn', NOT r.relevant, true,
            format('there are none at schools like %s, of the type "%s" (relevant_school)', s.urn, s.type)),
        ('school_urn', r.relevant IS NULL, false, format(
            'whether there are any at school %s, of the type "%s", is not known (relevant_school)', s.urn, s.type)),
        ('sessions', o.absences = 0, true, 'none of its sessions has G, N, O or U'),
        ('sessions', o.other_age > 0, true,
            format('at %s of its %s sessions with G, N, O or U the pupil was not of compulsory school age',
                o.other_age, o.absences)),
        ('below_threshold_reason', o.in_weeks < o.threshold AND o.absences > 0 AND n.below_threshold_reason IS NULL,
            true, format('%s of its sessions with G, N, O or U lie within %s school weeks, fewer than %s, and no '
                'reason is given', o.in_weeks, o.weeks, o.threshold))
        ) AS v (column_name, broken, certain, problem)
    WHERE n.counts AND v.broken
    UNION ALL
    SELECT u.relation, u.id, u.school_urn, u.pupil_id, 'support first', 'without_support', true, u.problem
    FROM unsupported_step u
    UNION ALL
    SELECT 'penalty_notice'::text, n.notice_id, n.school_urn, n.pupil_id, 'prosecution', 'prosecuted_on',
        v.certain, format('penalty notice of %s to contact %s for pupil %s, prosecuted on %s: %s', n.issued_on,
            n.contact_id, n.pupil_id, n.prosecuted_on, v.problem)
    FROM penalty_notice n
    LEFT JOIN penalty_amount a ON n.issued_on >= a.from_day AND n.issued_on <= a.to_day
        AND (a.step = n.step OR a.later_steps AND a.step < n.step)
    CROSS JOIN LATERAL (SELECT n.received_on + a.days - 1 AS pay_by,
        n.received_on + a.reduced_days - 1 AS reduced_until, prosecution_limit(day(upper(n.sessions))
            - CASE session(upper(n.sessions)) WHEN 'AM' THEN 1 ELSE 0 END) AS begun_by) AS t
    CROSS JOIN LATERAL (VALUES
        (true, n.received_on IS NULL, 'it is not known when it was received, and when the time to pay ended'),
        (true, n.prosecuted_on <= t.pay_by, format('the time to pay ends on %s', t.pay_by)),
        -- marks may be corrected since, and only the court says when it began
        (false, n.prosecuted_on > t.begun_by, format('it could begin until %s', t.begun_by)),
        -- then nobody can be convicted, which is what such a prosecution may end with
        (true, coalesce(n.prosecution_outcome = 'guilty', true) AND n.paid_on <= t.pay_by
            AND n.paid_amount >= CASE WHEN n.paid_on <= t.reduced_until THEN a.reduced_amount ELSE a.amount END,
            format('it was paid in time, on %s', n.paid_on))) AS v (certain, broken, problem)
    WHERE n.prosecuted_on IS NOT NULL AND v.broken
    UNION ALL
    SELECT b.* FROM notice_breach b
    UNION ALL
    SELECT o.* FROM order_breach o;
COMMENT ON VIEW legal_step_breach IS
'Every step against a parent that breaks one of the rules "third notice" (AT060), "support first" (AT061), "no '
'offence" (AT062), "notice stands" (AT063: a session is in two notices), "prosecution" (AT064), "orders" (AT065) and '
'"notice step" (AT068), by the marks, parents, payments and notices as they are now. Triggers of the steps refuse what '
'is certain, or let it in where the school has it recorded; a step that is another since a notice of before was '
'entered, and a prosecution after the six months, are only listed. Notices that were withdrawn, or of which a court '
'found the parent not guilty, are none; but a prosecution that came too early, or too late, stays one, however it '
'ended. Education Act 1996, section 444A(3)-(4); Magistrates'' Courts Act 1980, section 127(1)';
COMMENT ON COLUMN legal_step_breach.relation IS
'The table: attendance_support, notice_to_improve or penalty_notice; id is its key';
COMMENT ON COLUMN legal_step_breach.certain IS
'Whether it is a breach for certain; not if it is not known whether the school is a relevant one, and of a prosecution '
'that was late by the day which is entered for it';

-- ---------- what was too loose ----------

-- What says something has a letter or a digit; what does not, and is there already, stays.
DO $$
DECLARE
    loose record;
BEGIN
    FOR loose IN
        SELECT k.conrelid::regclass AS relation, k.conname, a.attname,
            pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment
        FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
        WHERE n.nspname = pg_catalog.current_schema() AND k.contype = 'c'
            AND pg_catalog.pg_get_constraintdef(k.oid) = pg_catalog.format('CHECK ((%I ~ ''\S''::text))', a.attname)
        ORDER BY c.relname, k.conname
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', loose.relation, loose.conname);
        EXECUTE pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I CHECK (has_words(%I)) NOT VALID', loose.relation,
            loose.conname, loose.attname);
        IF loose.comment IS NOT NULL THEN
            EXECUTE pg_catalog.format('COMMENT ON CONSTRAINT %I ON %s IS %L', loose.conname, loose.relation,
                loose.comment);
        END IF;
        BEGIN
            EXECUTE pg_catalog.format('ALTER TABLE %s VALIDATE CONSTRAINT %I', loose.relation, loose.conname);
        EXCEPTION WHEN check_violation THEN
            NULL;
        END;
    END LOOP;
END
$$;

INSERT INTO requirement (mark, requirement, from_day, to_day, regulation)
VALUES ('T', 'compulsory school age', '2024-08-19', DEFAULT, '2024 reg 3(1)') ON CONFLICT DO NOTHING;

ALTER TABLE registration_policy ADD COLUMN temporary_weeks integer NOT NULL DEFAULT 6 CHECK (temporary_weeks > 0);
COMMENT ON TABLE registration_policy IS
'When a school opens its registers, British time, for how many minutes, and how long is temporary; 09:00, 13:00, 30 '
'and 6 weeks for a school that is not here';
COMMENT ON COLUMN registration_policy.temporary_weeks IS
'For how many weeks a part-time timetable is temporary: a longer one is listed. Guidance has no number; six is what '
'many authorities ask for, from memory';

ALTER TABLE dual_registration ADD COLUMN mobile_child boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN dual_registration.mobile_child IS
'Whether it is that of a mobile child, whose parent travels for a trade; the others are agreed';

ALTER TABLE deletion_ground ADD COLUMN not_dual boolean NOT NULL DEFAULT false;
ALTER TABLE deletion_ground ADD COLUMN not_main_of_mobile boolean NOT NULL DEFAULT false;
ALTER TABLE deletion_ground ADD COLUMN attendance_order text
    CHECK (attendance_order IN ('none', 'varied', 'revoked', 'varied or revoked'));
COMMENT ON COLUMN deletion_ground.not_dual IS
'Whether it is not for a pupil whose registration at more than one school was agreed and goes on: dual_registration';
COMMENT ON COLUMN deletion_ground.not_main_of_mobile IS
'Whether it is not for a mobile child whose main school this is: dual_registration';
COMMENT ON COLUMN deletion_ground.attendance_order IS
'none: no school attendance order that names the school is in force on the last day on the roll; varied, revoked: such '
'an order was, by that day; NULL if no order matters';
-- what the paragraphs on other schools and on home education except; those of 2006 on mobile children are regulation 9
UPDATE deletion_ground SET not_dual = true WHERE (regime, ground) IN (('2024', 'A'), ('2006', 'B'));
UPDATE deletion_ground SET not_main_of_mobile = true
WHERE (regime, ground) IN (('2024', 'A'), ('2024', 'C'), ('2006', 'B'), ('2006', 'C'));
UPDATE deletion_ground g SET attendance_order = o.needs
FROM (VALUES ('2024', 'A', 'none'), ('2024', 'C', 'none'), ('2024', 'D', 'varied'), ('2024', 'E', 'revoked'),
        ('2024', 'F', 'none'), ('2006', 'A', 'varied or revoked'), ('2006', 'B', 'none'), ('2006', 'D', 'none'))
    AS o (regime, ground, needs)
WHERE g.regime = o.regime AND g.ground = o.ground;

CREATE TABLE attendance_order (
    order_id bigint GENERATED BY DEFAULT AS IDENTITY,
    school_urn integer NOT NULL REFERENCES school,
    pupil_id bigint NOT NULL REFERENCES pupil,
    made_on date NOT NULL,
    authority text NOT NULL CHECK (has_words(authority)),
    reference text CHECK (has_words(reference)),
    varied_on date,
    revoked_on date,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    PRIMARY KEY (order_id, school_urn),
    CONSTRAINT attendance_order_days CHECK (varied_on >= made_on AND revoked_on >= made_on),
    CONSTRAINT attendance_order_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE attendance_order IS
'School attendance orders by which a pupil is to be registered at a school of this register, and so perhaps is not '
'yet. Education Act 1996, sections 437 to 442';
COMMENT ON COLUMN attendance_order.school_urn IS 'The school that the order names';
COMMENT ON COLUMN attendance_order.authority IS 'The local authority that made it';
COMMENT ON COLUMN attendance_order.varied_on IS
'When it was amended to name another school; NULL while it names this one';
COMMENT ON COLUMN attendance_order.revoked_on IS
'When it was revoked, as suitable education has been arranged otherwise; NULL while it stands';
COMMENT ON COLUMN attendance_order.entered_at IS 'When the entry was made';
COMMENT ON COLUMN attendance_order.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN attendance_order.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN attendance_order.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT attendance_order_days ON attendance_order IS 'varied_on and revoked_on are not before made_on';
CREATE INDEX ON attendance_order (school_urn, pupil_id);
CREATE INDEX ON attendance_order (pupil_id);

-- ---------- registers of other systems ----------

CREATE TABLE taken_over (
    taken_over_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    school_urn integer REFERENCES school,
    days daterange NOT NULL,
    reason text NOT NULL CHECK (has_words(reason)),
    decided_by text NOT NULL CHECK (has_words(decided_by)),
    title text NOT NULL CHECK (has_words(title)),
    entered_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    ended_by text CHECK (has_words(ended_by)),
    -- what is still to come is entered here first
    CONSTRAINT taken_over_days CHECK (NOT isempty(days) AND NOT upper_inf(days)
        AND upper(days) <= (entered_at AT TIME ZONE 'Europe/London')::date + 1),
    CONSTRAINT taken_over_ended CHECK (num_nonnulls(ended_at, ended_by) <> 1)
);
COMMENT ON TABLE taken_over IS
'Days whose registers another system kept, and that are taken over from it: until a take-over ends, what breaks a rule '
'on these days is recorded and listed, where else it would be refused, but for changes, which are signed';
COMMENT ON COLUMN taken_over.school_urn IS 'The school; NULL for every school, also those to come';
COMMENT ON COLUMN taken_over.days IS 'The days that marks, starts, deletions and leave are for';
COMMENT ON COLUMN taken_over.reason IS 'Why, and from where';
COMMENT ON COLUMN taken_over.decided_by IS 'Name of the person who has decided it';
COMMENT ON COLUMN taken_over.title IS 'Title of the person';
COMMENT ON COLUMN taken_over.entered_at IS 'When the entry was made';
COMMENT ON COLUMN taken_over.ended_at IS 'When it ended, stamped by a trigger; NULL while it goes on';
COMMENT ON COLUMN taken_over.ended_by IS 'Name of who ended it: to give it is to end it';
COMMENT ON CONSTRAINT taken_over_days ON taken_over IS
'a take-over is of days to that of its entry, of one at least';
COMMENT ON CONSTRAINT taken_over_ended ON taken_over IS 'ended_at and ended_by go together';

CREATE TRIGGER guard_taken_over BEFORE UPDATE ON taken_over FOR EACH ROW EXECUTE FUNCTION guard_taken_over();

CREATE FUNCTION take_over(days daterange, reason text, decided_by text, title text, schools integer[] DEFAULT NULL)
    RETURNS SETOF bigint
    LANGUAGE sql VOLATILE
BEGIN ATOMIC
    INSERT INTO taken_over (school_urn, days, reason, decided_by, title)
    SELECT s.school_urn, take_over.days, take_over.reason, take_over.decided_by, take_over.title
    FROM (
        SELECT NULL::integer AS school_urn WHERE take_over.schools IS NULL
        UNION
        SELECT u.school_urn FROM unnest(take_over.schools) AS u (school_urn)) AS s
    WHERE known_schools(take_over.schools) AND known(cardinality(take_over.schools) > 0 IS NOT false
            AND array_position(take_over.schools, NULL) IS NULL,
        'schools are none, or have one that is NULL', 'Leave schools out for all of them.')
    ORDER BY s.school_urn
    RETURNING taken_over_id;
END;
COMMENT ON FUNCTION take_over(daterange, text, text, text, integer[]) IS
'Begins to take days over from another system, in the name of a person with a title, for a reason, of some schools or '
'(NULL) of all: a row of taken_over for each, whose number is returned. Until ended_by is given there, what breaks a '
'rule on these days is recorded instead of refused, but for changes. 22023 for a school that is not there or NULL, and '
'for an array without any; 23514 for days to come, none, or without words, 23502 for NULL';

CREATE TABLE suspension_limit (
    from_day date PRIMARY KEY,
    to_day date NOT NULL DEFAULT '2999-12-31' CHECK (to_day >= from_day),
    provision_day integer NOT NULL CHECK (provision_day > 0),
    days_in_term numeric NOT NULL CHECK (days_in_term > 0),
    days_in_year numeric NOT NULL CHECK (days_in_year > 0),
    reference text NOT NULL,
    confirmed boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE suspension_limit IS
'The days that the law counts of suspensions, by the first day of the suspension. Corrections of the law are rows here';
COMMENT ON COLUMN suspension_limit.provision_day IS
'School day of a suspension from which on full-time education is provided for a pupil of compulsory school age';
COMMENT ON COLUMN suspension_limit.days_in_term IS
'School days in a term above which the governing board considers the suspension, whatever parents say';
COMMENT ON COLUMN suspension_limit.days_in_year IS 'School days in a school year for which a pupil may be suspended';
COMMENT ON COLUMN suspension_limit.confirmed IS 'Whether it was read in the law itself; otherwise it is from memory';
INSERT INTO suspension_limit (from_day, provision_day, days_in_term, days_in_year, reference, confirmed) VALUES
    ('2007-09-01', 6, 15, 45,
        'Education and Inspections Act 2006, sections 100 to 105; Education Act 2002, section 51A', false);

CREATE TABLE suspension (
    suspension_id bigint GENERATED BY DEFAULT AS IDENTITY,
    school_urn integer NOT NULL REFERENCES school,
    pupil_id bigint NOT NULL REFERENCES pupil,
    kind text NOT NULL CHECK (kind IN ('suspension', 'permanent exclusion')),
    sessions school_session_multirange NOT NULL,
    grounds text NOT NULL CHECK (has_words(grounds)),
    decided_by text NOT NULL CHECK (has_words(decided_by)),
    told_on date,
    provision_from date,
    provision text CHECK (has_words(provision)),
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    PRIMARY KEY (suspension_id, school_urn),
    CONSTRAINT suspension_sessions CHECK (NOT isempty(sessions) AND NOT lower_inf(sessions)
        AND (kind = 'permanent exclusion' OR NOT upper_inf(sessions))),
    CONSTRAINT suspension_provision CHECK (num_nonnulls(provision_from, provision) IN (0, 2)),
    -- no session is one of two
    CONSTRAINT suspension_no_overlap EXCLUDE USING gist (
        box(point(pupil_id, school_urn), point(pupil_id, school_urn)) WITH &&, sessions WITH &&),
    CONSTRAINT suspension_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE suspension IS
'Suspensions and permanent exclusions of pupils. Education Act 2002, section 51A; Education and Inspections Act 2006, '
'sections 100 to 105';
COMMENT ON COLUMN suspension.sessions IS
'The sessions of it; those that the school does not hold may lie inside. A permanent exclusion has an end only when '
'the name is deleted, or the pupil reinstated';
COMMENT ON COLUMN suspension.grounds IS 'Why the pupil was suspended or excluded, in words';
COMMENT ON COLUMN suspension.decided_by IS 'Name of the head teacher, or of who acts as one';
COMMENT ON COLUMN suspension.told_on IS 'When the parents were told; NULL if they were not yet';
COMMENT ON COLUMN suspension.provision_from IS 'First day of the education that is provided during it';
COMMENT ON COLUMN suspension.provision IS 'What is provided, and where';
COMMENT ON COLUMN suspension.entered_at IS 'When the entry was made';
COMMENT ON COLUMN suspension.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN suspension.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN suspension.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT suspension_sessions ON suspension IS
'sessions have a first one, and those of a suspension a last one';
COMMENT ON CONSTRAINT suspension_provision ON suspension IS 'provision_from and provision go together';
COMMENT ON CONSTRAINT suspension_no_overlap ON suspension IS 'the pupil is suspended at some of these sessions already';
CREATE INDEX ON suspension (school_urn, pupil_id);
CREATE INDEX ON suspension (pupil_id);

CREATE TRIGGER guard_suspension BEFORE INSERT OR UPDATE ON suspension
    FOR EACH ROW EXECUTE FUNCTION guard_suspension();

-- today is London's
CREATE VIEW unexplained_absence WITH (security_invoker = true) AS
    SELECT l.school_urn, l.pupil_id, p.upn::text AS upn, m.day, m.session, f.due_on,
        coalesce(f.due_on < (now() AT TIME ZONE 'Europe/London')::date, false) AS overdue
    FROM register_line l
    CROSS JOIN LATERAL marks(l.marks) AS m
    LEFT JOIN LATERAL (
        SELECT d.day AS due_on
        FROM school_day d
        WHERE d.school_urn = l.school_urn AND d.day > m.day AND (d.morning OR d.afternoon)
        ORDER BY d.day OFFSET 4 LIMIT 1) AS f ON true
    LEFT JOIN pupil p ON p.pupil_id = l.pupil_id
    WHERE mark_count(mark_counts(l.marks), 'N') > 0 AND m.mark = 'N'
        AND m.day >= (SELECT r.from_day FROM regime r WHERE r.regime = '2024');
COMMENT ON VIEW unexplained_absence IS
'Sessions with N, the reason for absence not yet established, from 19 August 2024 on. Regulations 2024, regulation '
'10(7)-(9)';
COMMENT ON COLUMN unexplained_absence.due_on IS
'The fifth school day after the session, by which N is replaced; NULL if the calendar does not reach it';

CREATE PROCEDURE close_unexplained_absence(as_of date, entered_by text, title text, school_urn integer DEFAULT NULL)
    LANGUAGE sql
    BEGIN ATOMIC
        UPDATE mark SET mark = 'O', reason = 'reason for absence not established within five school days',
            entered_by = close_unexplained_absence.entered_by, title = close_unexplained_absence.title
        FROM unexplained_absence u
        WHERE u.due_on < as_of AND mark.school_urn = u.school_urn AND mark.pupil_id = u.pupil_id
            AND mark.day = u.day AND mark.session = u.session
            AND (close_unexplained_absence.school_urn IS NULL OR u.school_urn = close_unexplained_absence.school_urn)
            AND known_schools(ARRAY[close_unexplained_absence.school_urn]);
    END;
COMMENT ON PROCEDURE close_unexplained_absence(date, text, text, integer) IS
'Amends N to O where the fifth school day after the session was before a day, in the name of a person with a title; at '
'all schools or at one (22023 for one that is not there). Regulations 2024, regulation 10(9)';

-- ---------- working together ----------

ALTER TABLE pupil_address ADD COLUMN area text CHECK (has_words(area));
COMMENT ON COLUMN pupil_address.area IS
'The neighbourhood: a ward, an LSOA or a part of the authority''s own list; a cohort of cohorts()';

-- What the guidance expects of schools, trusts and authorities, a row for each expectation: law as rows.

CREATE TABLE expectation (
    expectation text PRIMARY KEY CHECK (expectation ~ '^[A-Z][0-9]+([.][0-9]+)?$'),
    bearer text NOT NULL CHECK (bearer IN ('school', 'trust', 'local authority')),
    says text NOT NULL CHECK (has_words(says)),
    source text NOT NULL CHECK (has_words(source)),
    edition text NOT NULL CHECK (has_words(edition)),
    shown_by text NOT NULL CHECK (shown_by IN ('register', 'record', 'statement')),
    measure text CHECK (has_words(measure)),
    office text,
    every interval CHECK (every > interval '0'),
    school_types text[] CHECK (cardinality(school_types) > 0 AND array_position(school_types, NULL) IS NULL),
    from_day date NOT NULL DEFAULT '2022-05-06',
    to_day date NOT NULL DEFAULT '2999-12-31',
    confirmed boolean NOT NULL DEFAULT true,
    CONSTRAINT expectation_days CHECK (to_day >= from_day),
    -- the register decides by a measure of it or by who holds an office, not from somebody's word
    CONSTRAINT expectation_shown CHECK (CASE WHEN shown_by = 'statement' THEN num_nonnulls(measure, office) = 0
        WHEN shown_by = 'register' THEN measure IS NOT NULL AND office IS NULL
        ELSE num_nonnulls(measure, office) < 2 END)
);
COMMENT ON TABLE expectation IS
'What Working together to improve school attendance expects, of whom, and how it is shown: guidance_checklist() goes '
'through them. Corrections of the guidance are rows here';
COMMENT ON COLUMN expectation.expectation IS
'Its number, such as S2.1: S of schools, T of trusts and governing bodies, L of local authorities';
COMMENT ON COLUMN expectation.bearer IS
'Of whom it is expected; trust: a trust, or the governing body of a school without one';
COMMENT ON COLUMN expectation.edition IS 'The edition that has it: 2022, 2024, or both';
COMMENT ON COLUMN expectation.shown_by IS
'register: what the register holds for other reasons shows it; record: a row of evidence, of office_holder or of a '
'case does; statement: no data can show it, somebody attests it in evidence';
COMMENT ON COLUMN expectation.measure IS
'What of the register decides it, a name of guidance_measure; NULL: a row of evidence, or the holder of the office';
COMMENT ON COLUMN expectation.office IS 'The office that has to have a holder (office_holder)';
COMMENT ON COLUMN expectation.every IS 'How often it is done; NULL for once';
COMMENT ON COLUMN expectation.school_types IS 'Of schools of these types alone; NULL for all';
COMMENT ON COLUMN expectation.confirmed IS
'Whether it was read in the guidance or the Department''s presentation of it; otherwise it is from memory';
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, office, every)
SELECT v.expectation, 'school', v.says, 'Working together to improve school attendance, part 2: schools', 'both',
    v.shown_by, v.measure, v.office, v.every::interval
FROM (VALUES
    ('S1.1', 'Attendance is part of the vision and values of the whole school', 'statement', NULL, NULL, '1 year'),
    ('S1.2', 'Attendance is part of the plans for school improvement', 'record', NULL, NULL, '1 year'),
    ('S1.3', 'A member of the senior leadership team is champion of attendance', 'record', NULL, 'senior champion',
        NULL),
    ('S1.4', 'Pastoral support for attendance has the people it takes', 'record', NULL, 'pastoral contact', NULL),
    ('S1.5', 'Expectations of attendance and punctuality are high', 'statement', NULL, NULL, '1 year'),
    ('S1.6', 'Absence is seen as a sign that a child may be at risk: for every severely absent pupil it was considered',
        'register', 'safeguarding considered', NULL, NULL),
    ('S1.7', 'The safeguarding lead is known, and takes part', 'record', NULL, 'safeguarding lead', NULL),
    ('S1.8', 'Staff know what is done when a child is missing education', 'record', NULL, NULL, '1 year'),
    ('S2.1', 'A written attendance policy is in force', 'record', NULL, NULL, NULL),
    ('S2.2', 'The policy is published on the website of the school', 'record', NULL, NULL, NULL),
    ('S2.3', 'Leaders, staff, pupils and parents understand the policy', 'statement', NULL, NULL, '1 year'),
    ('S2.4', 'The policy says what is expected of pupils and parents', 'record', NULL, NULL, NULL),
    ('S2.5', 'The policy says how attendance is managed from day to day', 'record', NULL, NULL, NULL),
    ('S2.6', 'The policy has name and contact of the senior champion and of pastoral staff', 'record', NULL, NULL,
        NULL),
    ('S2.7', 'The policy says how good and improved attendance is encouraged', 'record', NULL, NULL, NULL),
    ('S2.8', 'The policy says how data are used to target effort', 'record', NULL, NULL, NULL),
    ('S2.9', 'The policy says how persistently and severely absent pupils are supported', 'record', NULL, NULL, NULL),
    ('S2.10', 'The policy says when penalty notices and other legal measures are used', 'record', NULL, NULL, NULL),
    ('S3.1', 'The admission register has what the Regulations ask for', 'register', 'admission register', NULL, NULL),
    ('S3.2', 'The register is taken, and closed in time, at every session', 'register', 'registers taken', NULL, NULL),
    ('S3.3', 'Every pupil on the roll has a mark at every session', 'register', 'sessions marked', NULL, NULL),
    ('S3.6', 'A back-up of the registers is made every month', 'register', 'back-ups', NULL, NULL),
    ('S3.7', 'Leave is decided by somebody who is authorised, before it begins', 'register', 'leave', NULL, NULL),
    ('S3.8', 'Absence is followed up: the family is asked on the days for which no reason is known', 'register',
        'absence followed up', NULL, NULL),
    ('S3.9', 'Parents are told regularly about attendance and absence', 'register', 'parents told', NULL, '4 months'),
    ('S4.1', 'Patterns of attendance are looked at every week', 'record', NULL, NULL, '7 days'),
    ('S4.2', 'Class and form teachers get lists of their pupils regularly', 'record', NULL, NULL, '1 month'),
    ('S4.3', 'Pupils who need support are found: every persistently absent one has a case', 'register',
        'cases', NULL, NULL),
    ('S4.4', 'The data of each half term are analysed', 'record', NULL, NULL, '2 months'),
    ('S4.5', 'The data of each term are analysed', 'record', NULL, NULL, '4 months'),
    ('S4.6', 'The data of each year are analysed', 'record', NULL, NULL, '1 year'),
    ('S4.7', 'Figures are compared with local, regional and national ones', 'record', NULL, NULL, '4 months'),
    ('S4.8', 'What is done follows from the data', 'record', NULL, NULL, '1 year'),
    ('S4.9', 'Whether what is done has an effect is looked at', 'record', NULL, NULL, '4 months'),
    ('S5.1', 'Families are listened to: the barriers of every persistently absent pupil were heard', 'register',
        'families heard', NULL, NULL),
    ('S5.2', 'Barriers are addressed with pupil and parents: every open case has agreed actions', 'register',
        'plans', NULL, NULL),
    ('S5.3', 'Barriers outside school are worked on with the authority and partners', 'record', NULL, NULL, '1 year'),
    ('S5.4', 'Support goes on until it helps: agreed actions are done when they are due', 'register', 'actions', NULL,
        NULL),
    ('S6.1', 'Conversations about health and special needs are held with care', 'statement', NULL, NULL, '1 year'),
    ('S6.2', 'Support for pupils with a medical condition or special needs is agreed with parents', 'record', NULL,
        NULL, '1 year'),
    ('S6.3', 'Barriers in school are removed for pupils with a medical condition or special needs', 'statement', NULL,
        NULL, '1 year'),
    ('S6.4', 'Pastoral care and support for special needs are joined up', 'record', NULL, 'SENCO', NULL),
    ('S6.5', 'A phased return is limited in time, and reviewed', 'register', 'part-time timetables', NULL, NULL),
    ('S6.6', 'The data of pupils with a medical condition or special needs are looked at regularly', 'record', NULL,
        NULL, '4 months'),
    ('S7.1', 'The school works with local groups', 'record', NULL, NULL, '1 year'),
    ('S7.2', 'The school works with other schools, above all when pupils move on', 'record', NULL, NULL, '1 year'),
    ('S7.3', 'Returns of irregular and continuous absence are made', 'register', 'attendance returns', NULL, NULL),
    ('S7.4', 'The authority is told of new pupils', 'register', 'new pupil returns', NULL, NULL),
    ('S7.5', 'The authority is told of deletions from the roll', 'register', 'deletion returns', NULL, NULL),
    ('S7.7', 'The school works with one contact of the authority', 'record', NULL, 'named contact', NULL),
    ('S8.1', 'A pupil''s social worker is told of unexplained absence', 'register', 'social workers told', NULL, NULL)
    ) AS v (expectation, says, shown_by, measure, office, every);
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, from_day, to_day) VALUES
    ('S3.4', 'school', 'Registers are retained for three years from the date of entry', 'Regulations 2006', '2022',
        'register', 'registers kept', '2022-05-06', '2024-08-18'),
    ('S7.8', 'school', 'The school has signed up to electronic data sharing',
        'Working together to improve school attendance, part 2: schools', '2022', 'record', NULL, '2022-05-06',
        '2024-08-18'),
    ('S3.5', 'school', 'Registers are retained for six years from the date of entry', 'Regulations 2024, regulation 7',
        '2024', 'register', 'registers kept', '2024-08-19', '2999-12-31'),
    ('S3.10', 'school', 'The reason for an absence is known within five school days',
        'Regulations 2024, regulation 10', '2024', 'register', 'absence explained', '2024-08-19', '2999-12-31'),
    ('S7.6', 'school', 'The authority is told of pupils who miss fifteen days because of sickness',
        'Regulations 2024, regulation 13', '2024', 'register', 'sickness returns', '2024-08-19', '2999-12-31'),
    ('S8.2', 'school', 'A pupil''s youth offending team worker is told of unexplained absence',
        'Working together to improve school attendance, 2024, paragraph 52', '2024', 'register',
        'youth offending team workers told', '2024-08-19', '2999-12-31');
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure) VALUES
    ('S9.1', 'school', 'A joint approach with the authority is agreed for every severely absent pupil',
        'Working together to improve school attendance, part 5: persistent and severe absence', 'both', 'register',
        'joint approach'),
    ('S9.2', 'school', 'Where several agencies act, one practitioner leads',
        'Working together to improve school attendance, part 5: persistent and severe absence', 'both', 'register',
        'lead practitioners'),
    ('S9.3', 'school', 'Support comes first: before any legal step there was support, or a reason why not',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'register',
        'support first');
-- what came in August 2024
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, every, school_types, from_day, confirmed)
SELECT v.expectation, 'school', v.says, v.source, '2024', v.shown_by, v.every::interval, v.school_types, '2024-08-19',
    v.confirmed
FROM (VALUES
    ('S9.4', 'The school has regard to the guidance, which is statutory', 'statement', '1 year', NULL::text[], true,
        'Working together to improve school attendance, 2024, status of the guidance'),
    ('S9.5', 'Attendance data are shared every day with the Department, the authority and the trust', 'record', NULL,
        '{Local authority maintained schools,Academies,Free schools,Special schools}', false, 'SI 2024/209'),
    ('S9.6', 'The policy is sent to parents when a pupil joins, and at the beginning of each year', 'record', '1 year',
        NULL, false, 'Working together to improve school attendance, 2024, chapter 2'),
    ('S9.7', 'The policy has the thresholds of the national framework for penalty notices', 'record', NULL,
        '{Local authority maintained schools,Academies,Free schools,Special schools}', false,
        'Working together to improve school attendance, 2024, chapter 6'),
    ('S9.8', 'A penalty notice is considered, case by case, for who reaches the national threshold', 'record',
        '4 months', '{Local authority maintained schools,Academies,Free schools,Special schools}', true,
        'Working together to improve school attendance, 2024, chapter 6'),
    ('S9.9', 'An independent school gives the attendance data that the Department asks for', 'record', '1 year',
        '{Independent schools}', false, 'Working together to improve school attendance, 2024, chapter 2')
    ) AS v (expectation, says, shown_by, every, school_types, confirmed, source);
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, office, every, confirmed)
SELECT v.expectation, 'trust', v.says,
    'Working together to improve school attendance, part 3: trusts and governing bodies', v.edition, v.shown_by,
    v.measure, v.office, v.every::interval, v.confirmed
FROM (VALUES
    ('T1.1', 'Attendance data are reviewed regularly', 'both', 'record', NULL, NULL, '4 months', true),
    ('T1.2', 'Trends are discussed and challenged', 'both', 'record', NULL, NULL, '4 months', true),
    ('T1.3', 'Leaders are helped to focus their effort', 'both', 'statement', NULL, NULL, '1 year', true),
    ('T1.4', 'A governor or trustee is responsible for attendance', '2024', 'record', NULL, 'attendance trustee', NULL,
        false),
    ('T2.1', 'Expectations of leaders are high', 'both', 'statement', NULL, NULL, '1 year', true),
    ('T2.2', 'Leaders are held to account for attendance', 'both', 'record', NULL, NULL, '1 year', true),
    ('T3.1', 'Expectations are high for all pupils', 'both', 'statement', NULL, NULL, '1 year', true),
    ('T3.2', 'Processes are adapted to the needs of groups of pupils, vulnerable children above all', 'both', 'record',
        NULL, NULL, '1 year', true),
    ('T4.1', 'Staff are trained on attendance', 'both', 'record', NULL, NULL, '1 year', true),
    ('T4.2', 'Staff with tasks of attendance are trained for them', '2024', 'record', NULL, NULL, '1 year', false),
    ('T5.1', 'It is decided which schools struggle, and a comprehensive action plan is agreed with their leaders',
        'both', 'record', NULL, NULL, '1 year', true),
    ('T6.1', 'Schools of a trust or federation share what works', 'both', 'record', 'practice shared', NULL, '1 year',
        true)) AS v (expectation, says, edition, shown_by, measure, office, every, confirmed);
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, office, every)
SELECT v.expectation, 'local authority', v.says,
    'Working together to improve school attendance, part 4: local authorities', 'both', v.shown_by, v.measure,
    v.office, v.every::interval
FROM (VALUES
    ('L1.1', 'Local attendance data are tracked rigorously', 'record', NULL, NULL, '2 months'),
    ('L1.2', 'A strategy for attendance is in force', 'record', NULL, NULL, NULL),
    ('L1.3', 'The strategy has priorities among pupils and cohorts', 'register', 'targets for cohorts', NULL, NULL),
    ('L1.4', 'The strategy has priorities among schools', 'register', 'targets for schools', NULL, NULL),
    ('L1.5', 'The strategy has priorities among neighbourhoods', 'register', 'targets for neighbourhoods', NULL, NULL),
    ('L1.6', 'The strategy has short-term aims', 'register', 'short-term aims', NULL, NULL),
    ('L1.7', 'The strategy has longer-term aims', 'register', 'longer-term aims', NULL, NULL),
    ('L1.8', 'Attendance is a focus of all frontline services', 'statement', NULL, NULL, '1 year'),
    ('L1.9', 'Staff and partners know their roles', 'statement', NULL, NULL, '1 year'),
    ('L1.10', 'Attendance is reviewed regularly with senior officers', 'record', NULL, NULL, '4 months'),
    ('L1.11', 'Attendance is reviewed regularly with elected members', 'record', NULL, NULL, '1 year'),
    ('L2.1', 'A School Attendance Support Team works with all schools, whatever their type', 'record', NULL,
        'attendance lead', NULL),
    ('L2.2', 'Communication and advice is free of charge for all schools', 'record', NULL, NULL, NULL),
    ('L2.3', 'Targeting support meetings are free of charge for all schools', 'record', NULL, NULL, NULL),
    ('L2.4', 'Multi-disciplinary support for families is free of charge for all schools', 'record', NULL, NULL, NULL),
    ('L2.5', 'Legal intervention is free of charge for all schools', 'record', NULL, NULL, NULL),
    ('L3.1', 'Every school has a named contact', 'register', 'named contacts', NULL, NULL),
    ('L3.2', 'It is clear how schools, the team and partners work together', 'record', NULL, NULL, NULL),
    ('L3.3', 'Schools have regular opportunities to share what works', 'record', NULL, NULL, '4 months'),
    ('L4.1', 'A targeting support meeting is held with every school each term', 'record', 'support meetings', NULL,
        '4 months'),
    ('L4.2', 'At the meetings pupils with barriers are identified: there are agreed actions', 'record',
        'actions of meetings', NULL, NULL),
    ('L4.3', 'At the meetings data are analysed for areas to focus on', 'record', 'figures of meetings', NULL, NULL),
    ('L5.1', 'Staff of the authority are trained on attendance', 'record', NULL, NULL, '1 year'),
    ('L5.2', 'The team works with health services', 'statement', NULL, NULL, '1 year'),
    ('L5.3', 'The team works with youth justice', 'statement', NULL, NULL, '1 year'),
    ('L5.4', 'The team works with the voluntary sector', 'statement', NULL, NULL, '1 year'),
    ('L5.5', 'The team works with early help', 'statement', NULL, NULL, '1 year'),
    ('L5.6', 'The team works with social care', 'statement', NULL, NULL, '1 year'),
    ('L5.7', 'The team works with educational psychologists', 'statement', NULL, NULL, '1 year'),
    ('L5.8', 'The team works with housing', 'statement', NULL, NULL, '1 year'),
    ('L5.9', 'The authority leads a family''s support where one of its services is best placed', 'statement', NULL,
        NULL, '1 year'),
    ('L5.10', 'Arrangements for sharing data are in force', 'record', NULL, NULL, NULL),
    ('L5.11', 'A family''s support has a single assessment', 'register', 'assessments', NULL, NULL),
    ('L5.12', 'A family''s support has a single plan', 'register', 'plans', NULL, NULL),
    ('L5.13', 'A family''s support has a lead practitioner', 'register', 'lead practitioners', NULL, NULL),
    ('L8.1', 'There is a virtual school head', 'record', NULL, 'virtual school head', NULL),
    ('L8.2', 'Attendance of pupils with a social worker is monitored and improved', 'record', NULL, NULL, '4 months'),
    ('L8.3', 'There are aspirational targets for pupils with a social worker', 'register',
        'targets for pupils with a social worker', NULL, NULL),
    ('L8.4', 'Attendance of looked-after children is monitored, as by a parent', 'record', NULL, NULL, '4 months'),
    ('L8.5', 'Advice is given for previously looked-after children', 'statement', NULL, NULL, '1 year')
    ) AS v (expectation, says, shown_by, measure, office, every);
INSERT INTO expectation (expectation, bearer, says, source, edition, shown_by, measure, every, from_day) VALUES
    ('L6.1', 'local authority', 'Support is formalised or the law is used, with schools, where voluntary support fails',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'record', NULL, '1 year',
        '2022-05-06'),
    ('L6.2', 'local authority', 'The full range of legal measures is used, education supervision orders included',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'statement', NULL,
        '1 year', '2022-05-06'),
    ('L6.3', 'local authority', 'With social care it is considered whether severe absence is a sign of neglect',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'register',
        'safeguarding considered', NULL, '2022-05-06'),
    ('L6.4', 'local authority', 'Support comes first: before any legal step there was support, or a reason why not',
        'Working together to improve school attendance, part 6: legal intervention', 'both', 'register',
        'support first', NULL, '2022-05-06'),
    ('L6.5', 'local authority', 'Penalty notices that are not paid in time are prosecuted or withdrawn',
        'SI 2007/1867, regulations 4 and 8', 'both', 'register', 'penalty notices', NULL, '2022-05-06'),
    ('L6.6', 'local authority', 'The code of conduct for penalty notices follows the national framework',
        'SI 2024/210; Working together to improve school attendance, 2024, chapter 6', '2024', 'record', NULL, NULL,
        '2024-08-19'),
    ('L7.1', 'local authority', 'A joint approach with the school is agreed for every severely absent pupil',
        'Working together to improve school attendance, part 5: persistent and severe absence', 'both', 'register',
        'joint approach', NULL, '2022-05-06');

-- Who holds an office of attendance at a school, a trust or an authority.

CREATE TABLE office_holder (
    holder_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    office text NOT NULL CHECK (office IN ('senior champion', 'pastoral contact', 'attendance officer', 'SENCO',
        'safeguarding lead', 'attendance governor', 'named contact', 'attendance trustee', 'attendance lead',
        'virtual school head')),
    school_urn integer REFERENCES school,
    trust_uid integer REFERENCES trust,
    la_number integer REFERENCES local_authority,
    name text NOT NULL CHECK (has_words(name)),
    job_title text CHECK (has_words(job_title)),
    contact_details text CHECK (has_words(contact_details)),
    from_day date NOT NULL,
    to_day date,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    CONSTRAINT office_holder_days CHECK (to_day >= from_day),
    CONSTRAINT office_holder_of CHECK (num_nonnulls(school_urn, trust_uid, la_number) = 1
        AND CASE office WHEN 'attendance trustee' THEN trust_uid IS NOT NULL
            WHEN 'attendance lead' THEN school_urn IS NULL
            WHEN 'virtual school head' THEN la_number IS NOT NULL ELSE school_urn IS NOT NULL END),
    -- of these there is one at a time
    CONSTRAINT office_holder_one EXCLUDE USING gist (
        int4range(CASE office WHEN 'senior champion' THEN 1 ELSE 2 END,
            CASE office WHEN 'senior champion' THEN 1 ELSE 2 END, '[]') WITH &&,
        int4range(school_urn, school_urn, '[]') WITH &&,
        daterange(from_day, to_day, '[]') WITH &&) WHERE (office IN ('senior champion', 'named contact')),
    CONSTRAINT office_holder_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE office_holder IS
'Who is responsible for attendance, and from when to when. Working together to improve school attendance, 2024';
COMMENT ON COLUMN office_holder.office IS
'At a school: senior champion, pastoral contact, attendance officer, SENCO, safeguarding lead, attendance governor, '
'and named contact, whom the local authority has for it; at a trust: attendance trustee, attendance lead; at a local '
'authority: virtual school head, attendance lead';
COMMENT ON COLUMN office_holder.contact_details IS 'Telephone, email or address';
COMMENT ON COLUMN office_holder.to_day IS 'Last day; NULL while the office is held';
COMMENT ON COLUMN office_holder.entered_at IS 'When the entry was made';
COMMENT ON COLUMN office_holder.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN office_holder.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN office_holder.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT office_holder_days ON office_holder IS 'to_day is not before from_day';
COMMENT ON CONSTRAINT office_holder_of ON office_holder IS
'an office is of a school, of a trust or of a local authority, as its name says';
COMMENT ON CONSTRAINT office_holder_one ON office_holder IS
'the school has another senior champion, or another named contact, on some of these days';
CREATE INDEX ON office_holder (school_urn);
CREATE INDEX ON office_holder (trust_uid);
CREATE INDEX ON office_holder (la_number);

-- What was done: published, met, trained, reviewed, agreed, attested.

CREATE TABLE evidence (
    evidence_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    expectation text NOT NULL REFERENCES expectation,
    school_urn integer REFERENCES school,
    trust_uid integer REFERENCES trust,
    la_number integer REFERENCES local_authority,
    pupil_id bigint REFERENCES pupil,
    done_on date NOT NULL,
    in_force daterange CHECK (NOT isempty(in_force)),
    about daterange CHECK (NOT isempty(about) AND NOT lower_inf(about) AND NOT upper_inf(about)),
    present text[] CHECK (array_position(present, NULL) IS NULL AND '' <> ALL (present)),
    said text NOT NULL CHECK (has_words(said)),
    document text CHECK (has_words(document)),
    digest text CHECK (digest ~ '^[0-9a-f]{64}$'),
    figures jsonb,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    CONSTRAINT evidence_of CHECK (num_nonnulls(school_urn, trust_uid, la_number) > 0),
    CONSTRAINT evidence_pupil CHECK (pupil_id IS NULL OR school_urn IS NOT NULL),
    CONSTRAINT evidence_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE evidence IS
'What schools, trusts and authorities did about an expectation, or attest: policies by version, training, reviews with '
'the figures that they saw, meetings, strategies, agreements. Working together to improve school attendance, 2024';
COMMENT ON COLUMN evidence.expectation IS 'What it shows; its bearer is whose evidence it is';
COMMENT ON COLUMN evidence.school_urn IS
'The school, of an expectation of schools; else the school that it is about, NULL for none or all';
COMMENT ON COLUMN evidence.pupil_id IS 'The pupil that it is about, one of the school';
COMMENT ON COLUMN evidence.done_on IS 'When it was done; a policy or strategy: when it was adopted';
COMMENT ON COLUMN evidence.in_force IS
'The days on which it is in force, without an end while it goes on; NULL for what is done and over';
COMMENT ON COLUMN evidence.about IS 'The days that it is about: a review''s, a meeting''s';
COMMENT ON COLUMN evidence.present IS 'Who took part';
COMMENT ON COLUMN evidence.said IS 'What was done, decided, challenged and answered, in words';
COMMENT ON COLUMN evidence.document IS 'Where the document is: an address';
COMMENT ON COLUMN evidence.digest IS 'SHA-256 of the document, in hexadecimal digits';
COMMENT ON COLUMN evidence.figures IS
'The figures of the days that it is about, of the pupil or of the schools of its bearer, as the register had them when '
'it was entered: a trigger puts them here, and they do not change. NULL where it is about no days';
COMMENT ON COLUMN evidence.entered_at IS 'When the entry was made';
COMMENT ON COLUMN evidence.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN evidence.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN evidence.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT evidence_of ON evidence IS
'evidence is that of a school, a trust or a local authority';
COMMENT ON CONSTRAINT evidence_pupil ON evidence IS 'evidence about a pupil names the school';
CREATE INDEX ON evidence (expectation);
CREATE INDEX ON evidence (school_urn);
CREATE INDEX ON evidence (trust_uid);
CREATE INDEX ON evidence (la_number);
CREATE INDEX ON evidence (pupil_id);

CREATE TRIGGER guard_evidence BEFORE INSERT OR UPDATE ON evidence
    FOR EACH ROW EXECUTE FUNCTION guard_evidence();
CREATE TRIGGER guard_case_record BEFORE INSERT OR UPDATE ON evidence
    FOR EACH ROW EXECUTE FUNCTION guard_case_record('done_on');
CREATE TRIGGER freeze_figures BEFORE INSERT OR UPDATE ON evidence
    FOR EACH ROW EXECUTE FUNCTION freeze_figures();

-- A pupil's case: support first, with one assessment, a lead practitioner, and actions that were agreed.

CREATE TABLE attendance_case (
    case_id bigint GENERATED BY DEFAULT AS IDENTITY,
    school_urn integer NOT NULL REFERENCES school,
    pupil_id bigint NOT NULL REFERENCES pupil,
    tier text NOT NULL CHECK (tier IN ('at risk', 'persistent', 'severe', 'medical or SEND', 'social worker')),
    opened_on date NOT NULL,
    opened_because text NOT NULL CHECK (has_words(opened_because)),
    assessment text CHECK (has_words(assessment)),
    assessed_on date,
    lead_practitioner text CHECK (has_words(lead_practitioner)),
    lead_agency text CHECK (has_words(lead_agency)),
    joint_approach_on date,
    safeguarding_considered_on date,
    closed_on date CHECK (closed_on >= opened_on),
    outcome text CHECK (has_words(outcome)),
    figures_at_opening jsonb,
    figures_at_closing jsonb,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    PRIMARY KEY (case_id, school_urn),
    CONSTRAINT attendance_case_assessment CHECK (num_nonnulls(assessment, assessed_on) IN (0, 2)),
    CONSTRAINT attendance_case_lead CHECK (lead_agency IS NULL OR lead_practitioner IS NOT NULL),
    CONSTRAINT attendance_case_closed CHECK (num_nonnulls(closed_on, outcome) IN (0, 2)),
    CONSTRAINT attendance_case_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE attendance_case IS
'Pupils whose attendance the school works on with the family and other agencies: one assessment, one plan '
'(agreed_action), one lead practitioner. Working together to improve school attendance, 2024, chapters 2, 4 and 5';
COMMENT ON COLUMN attendance_case.tier IS
'Why: at risk of persistent absence, persistent absence (10 % or more of possible sessions missed), severe absence '
'(50 % or more), a medical condition or special educational needs, a social worker';
COMMENT ON COLUMN attendance_case.opened_because IS 'What led to it, in words';
COMMENT ON COLUMN attendance_case.assessment IS 'What the single assessment of the family found';
COMMENT ON COLUMN attendance_case.lead_practitioner IS 'Name of who leads for all agencies';
COMMENT ON COLUMN attendance_case.joint_approach_on IS
'When a joint approach was agreed with the local authority, as for every severely absent pupil';
COMMENT ON COLUMN attendance_case.safeguarding_considered_on IS
'When it was considered whether the absence is a sign of neglect or other harm';
COMMENT ON COLUMN attendance_case.closed_on IS 'NULL while the case is open; a pupil has one open case at a school';
COMMENT ON COLUMN attendance_case.outcome IS 'How it ended, in words';
COMMENT ON COLUMN attendance_case.figures_at_opening IS
'The pupil''s figures of the academic year to the day of opening, as the register had them when the case was entered '
'(taken_at): a trigger puts them here, and they do not change';
COMMENT ON COLUMN attendance_case.figures_at_closing IS
'The pupil''s figures from opening to closing, as the register had them when the closing was entered; likewise. '
'over_at_entry is that of a case which was over when it was entered: it gets the actions of its days, also when the '
'day of its closing is corrected';
COMMENT ON COLUMN attendance_case.entered_at IS 'When the entry was made';
COMMENT ON COLUMN attendance_case.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN attendance_case.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN attendance_case.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT attendance_case_assessment ON attendance_case IS
'assessment and assessed_on are given together';
COMMENT ON CONSTRAINT attendance_case_lead ON attendance_case IS 'lead_agency needs lead_practitioner';
COMMENT ON CONSTRAINT attendance_case_closed ON attendance_case IS 'closed_on and outcome are given together';
CREATE UNIQUE INDEX attendance_case_open ON attendance_case (school_urn, pupil_id) WHERE closed_on IS NULL;
COMMENT ON INDEX attendance_case_open IS 'the pupil has an open case at the school';
CREATE INDEX ON attendance_case (pupil_id);
CREATE INDEX ON attendance_case (school_urn);

CREATE TRIGGER guard_case_record BEFORE INSERT OR UPDATE ON attendance_case
    FOR EACH ROW EXECUTE FUNCTION guard_case_record('opened_on', 'assessed_on', 'joint_approach_on',
        'safeguarding_considered_on', 'closed_on');
CREATE TRIGGER freeze_figures BEFORE INSERT OR UPDATE ON attendance_case
    FOR EACH ROW EXECUTE FUNCTION freeze_figures();

CREATE TABLE agreed_action (
    action_id bigint GENERATED BY DEFAULT AS IDENTITY,
    case_id bigint,
    evidence_id bigint REFERENCES evidence,
    barrier text CHECK (has_words(barrier)),
    barrier_lies text CHECK (barrier_lies IN ('in school', 'out of school', 'health', 'SEND')),
    action text NOT NULL CHECK (has_words(action)),
    owner text NOT NULL CHECK (has_words(owner)),
    agency text NOT NULL DEFAULT 'school' CHECK (has_words(agency)),
    due_on date NOT NULL,
    done_on date,
    outcome text CHECK (has_words(outcome)),
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    school_urn integer NOT NULL,
    PRIMARY KEY (action_id, school_urn),
    FOREIGN KEY (case_id, school_urn) REFERENCES attendance_case,
    CONSTRAINT agreed_action_of CHECK (num_nonnulls(case_id, evidence_id) = 1),
    CONSTRAINT agreed_action_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE agreed_action IS
'What was agreed, of whom and until when: the plan of a case, or the actions of a meeting or review';
COMMENT ON COLUMN agreed_action.case_id IS 'The case, or evidence_id: one of the two';
COMMENT ON COLUMN agreed_action.school_urn IS
'The school of the case or of the evidence, 0 for evidence of no single school, as in the journal; filled in if it is '
'not given';
COMMENT ON COLUMN agreed_action.barrier IS 'What keeps the pupil from attending, in words';
COMMENT ON COLUMN agreed_action.barrier_lies IS 'Where it lies: in school, out of school, health, SEND';
COMMENT ON COLUMN agreed_action.owner IS 'Name of who does it';
COMMENT ON COLUMN agreed_action.agency IS
'Whom they work for: school, local authority, health, a voluntary organisation, the family';
COMMENT ON COLUMN agreed_action.done_on IS 'NULL while it is not done';
COMMENT ON COLUMN agreed_action.outcome IS 'What came of it';
COMMENT ON COLUMN agreed_action.entered_at IS 'When the entry was made';
COMMENT ON COLUMN agreed_action.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN agreed_action.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN agreed_action.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT agreed_action_of ON agreed_action IS
'an action is one of a case or of a piece of evidence: case_id or evidence_id';
CREATE INDEX ON agreed_action (case_id);
CREATE INDEX ON agreed_action (evidence_id);

CREATE TRIGGER a_fill_school BEFORE INSERT ON agreed_action FOR EACH ROW WHEN (NEW.school_urn IS NULL)
    EXECUTE FUNCTION take_school('case_id', 'attendance_case', 'evidence_id', 'evidence');
CREATE TRIGGER guard_case_record BEFORE INSERT OR UPDATE ON agreed_action
    FOR EACH ROW EXECUTE FUNCTION guard_case_record('done_on');

-- When the school spoke with, or tried to reach, a pupil's family.

CREATE TABLE family_contact (
    family_contact_id bigint GENERATED BY DEFAULT AS IDENTITY,
    school_urn integer NOT NULL REFERENCES school,
    pupil_id bigint NOT NULL REFERENCES pupil,
    contact_id bigint REFERENCES contact,
    purpose text NOT NULL CHECK (purpose IN ('absence reported', 'absence followed up', 'attendance update',
        'listening', 'letter')),
    channel text NOT NULL CHECK (channel IN ('telephone', 'text message', 'email', 'letter', 'visit', 'meeting',
        'other')),
    made_at timestamptz NOT NULL DEFAULT now(),
    about daterange CHECK (NOT isempty(about) AND NOT lower_inf(about) AND NOT upper_inf(about)),
    reached boolean NOT NULL,
    pupil_seen boolean NOT NULL DEFAULT false,
    said text CHECK (has_words(said)),
    made_by text NOT NULL CHECK (has_words(made_by)),
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    PRIMARY KEY (family_contact_id, school_urn),
    CONSTRAINT family_contact_about CHECK (about IS NOT NULL OR purpose NOT LIKE 'absence %'),
    CONSTRAINT family_contact_listening CHECK (purpose <> 'listening' OR reached AND said IS NOT NULL),
    CONSTRAINT family_contact_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE family_contact IS
'Contacts with a family: absence that was reported or followed up, what was heard about barriers, updates on '
'attendance. Working together to improve school attendance, 2024, chapter 2; Keeping children safe in education';
COMMENT ON COLUMN family_contact.contact_id IS 'The contact of the pupil; NULL if nobody of them';
COMMENT ON COLUMN family_contact.purpose IS
'absence reported: by the family; absence followed up: the school asked; attendance update: parents were told of '
'attendance; listening: barriers; letter: anything else in writing';
COMMENT ON COLUMN family_contact.made_at IS 'When it took place';
COMMENT ON COLUMN family_contact.about IS 'The days of absence, or of the update, that it was about';
COMMENT ON COLUMN family_contact.reached IS 'Whether somebody was reached';
COMMENT ON COLUMN family_contact.pupil_seen IS 'Whether the pupil was seen';
COMMENT ON COLUMN family_contact.said IS 'What was said';
COMMENT ON COLUMN family_contact.made_by IS 'Name of who made it for the school';
COMMENT ON COLUMN family_contact.entered_at IS 'When the entry was made';
COMMENT ON COLUMN family_contact.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN family_contact.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN family_contact.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT family_contact_about ON family_contact IS
'a contact about absence says of which days (about)';
COMMENT ON CONSTRAINT family_contact_listening ON family_contact IS
'who listened has reached somebody, and writes what was said';
CREATE INDEX ON family_contact (school_urn, pupil_id);
CREATE INDEX ON family_contact (pupil_id);
CREATE INDEX ON family_contact (contact_id);

CREATE TRIGGER guard_case_record BEFORE INSERT OR UPDATE ON family_contact
    FOR EACH ROW EXECUTE FUNCTION guard_case_record('made_at');

-- What attendance a school, a trust or an authority aims at.

CREATE TABLE attendance_target (
    target_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    school_urn integer REFERENCES school,
    trust_uid integer REFERENCES trust,
    la_number integer REFERENCES local_authority,
    of_school_urn integer REFERENCES school,
    cohort text CHECK (has_words(cohort)),
    value text CHECK (has_words(value)),
    measure text NOT NULL CHECK (measure IN ('attendance', 'persistent absence', 'severe absence')),
    days daterange NOT NULL CHECK (NOT isempty(days) AND NOT lower_inf(days) AND NOT upper_inf(days)),
    percent numeric(5, 2) NOT NULL CHECK (percent BETWEEN 0 AND 100),
    evidence_id bigint REFERENCES evidence,
    set_by text NOT NULL CHECK (has_words(set_by)),
    set_on date NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    CONSTRAINT attendance_target_of CHECK (num_nonnulls(school_urn, trust_uid, la_number) = 1
        AND (of_school_urn IS NULL OR school_urn IS NULL)),
    CONSTRAINT attendance_target_cohort CHECK (num_nonnulls(cohort, value) IN (0, 2)),
    CONSTRAINT attendance_target_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE attendance_target IS
'Targets: those of a virtual school head, of a strategy and its priorities, of governors';
COMMENT ON COLUMN attendance_target.of_school_urn IS
'The school that a trust or an authority has set it for; NULL for all of theirs';
COMMENT ON COLUMN attendance_target.cohort IS
'The cohort that it is for, as in cohorts(): fsm, social worker, area; value is which. NULL for all pupils';
COMMENT ON COLUMN attendance_target.measure IS
'attendance: percent of possible sessions, at least; persistent and severe absence: percent of enrolments, at most';
COMMENT ON COLUMN attendance_target.percent IS 'Percent, 0 to 100';
COMMENT ON COLUMN attendance_target.evidence_id IS 'The strategy, plan or review that it is of';
COMMENT ON COLUMN attendance_target.entered_at IS 'When the entry was made';
COMMENT ON COLUMN attendance_target.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN attendance_target.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN attendance_target.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT attendance_target_of ON attendance_target IS
'a target is that of a school, a trust or a local authority; only theirs can be for one school (of_school_urn)';
COMMENT ON CONSTRAINT attendance_target_cohort ON attendance_target IS 'cohort and value are given together';
CREATE INDEX ON attendance_target (school_urn);
CREATE INDEX ON attendance_target (trust_uid);
CREATE INDEX ON attendance_target (la_number);
CREATE INDEX ON attendance_target (of_school_urn);
CREATE INDEX ON attendance_target (evidence_id);

CREATE TRIGGER guard_case_record BEFORE INSERT OR UPDATE ON attendance_target
    FOR EACH ROW EXECUTE FUNCTION guard_case_record('set_on');

-- Who may see and do what, where, and from when to when.

CREATE TABLE capacity (
    capacity text PRIMARY KEY CHECK (has_words(capacity)),
    says text NOT NULL CHECK (has_words(says)),
    places text[] NOT NULL CHECK (places <@ '{class,school,trust,local authority,everywhere}' AND places <> '{}'),
    pupils text NOT NULL CHECK (pupils IN ('all', 'of the class', 'of the virtual school', 'none')),
    purposes text[] NOT NULL CHECK (purposes <> '{}' AND array_position(purposes, NULL) IS NULL),
    may_grant text[] NOT NULL DEFAULT '{}' CHECK (array_position(may_grant, NULL) IS NULL),
    CONSTRAINT capacity_class CHECK (('class' = ANY (places)) = (pupils = 'of the class')
        AND (pupils <> 'of the class' OR cardinality(places) = 1))
);
COMMENT ON TABLE capacity IS
'What a role of the database can be at a school, a class, a trust or an authority, and what it may do there';
COMMENT ON COLUMN capacity.says IS 'Whom it is for, and what they see';
COMMENT ON COLUMN capacity.places IS
'What it can be granted for: class (of a school), school, trust, local authority, everywhere';
COMMENT ON COLUMN capacity.pupils IS
'Whose rows are seen there: all, those of the class, those of the virtual school (looked after, now or before, or with '
'a social worker; those of an authority at any school), none (figures alone)';
COMMENT ON COLUMN capacity.purposes IS 'The rights on tables and views, as register_rights() has them by purpose';
COMMENT ON COLUMN capacity.may_grant IS 'The capacities that who has this one may grant and end, for the same place';
INSERT INTO capacity (capacity, says, places, pupils, purposes, may_grant) VALUES
    ('class teacher', 'takes the register of a class: marks, names and lateness of its pupils', '{class}',
        'of the class', '{marks,registers,class}', '{}'),
    ('attendance officer', 'keeps the attendance of a school: marks, leave, support, all reports', '{school}', 'all',
        '{marks,registers,leave,support,reports}', '{}'),
    ('leader', 'leads a school or a trust: all that its officers do, the admission register, calendars, what it '
        'settles for itself, and who has access', '{school,trust}', 'all',
        '{marks,registers,leave,support,admission,legal,school,reports,access}',
        '{class teacher,attendance officer,safeguarding lead,governor}'),
    ('safeguarding lead', 'reads all of a school, and records support', '{school,trust}', 'all', '{support,reports}',
        '{}'),
    ('governor', 'reads figures, targets and offices; no pupils', '{school,trust}', 'none', '{figures}', '{}'),
    ('trust analyst', 'reads all of the schools of a trust', '{trust}', 'all', '{reports}', '{}'),
    ('authority support team', 'reads all of the schools of an authority; records support and legal steps',
        '{local authority}', 'all', '{support,legal,reports}', '{}'),
    ('authority analyst', 'reads all of the schools of an authority', '{local authority}', 'all', '{reports}', '{}'),
    ('virtual school head', 'reads of looked-after children and those with a social worker whom an authority has or '
        'had at a school, wherever they are; records support', '{local authority}', 'of the virtual school',
        '{support,reports}', '{}'),
    ('legal officer', 'reads all, and keeps notices and orders', '{school,trust,local authority}', 'all',
        '{legal,reports}', '{}'),
    ('auditor', 'reads all, the journal and what was disposed of as well',
        '{school,trust,local authority,everywhere}', 'all', '{audit}', '{}'),
    ('loader', 'the program of a supplier: brings marks and the admission register',
        '{school,trust,local authority,everywhere}', 'all', '{marks,registers,admission}', '{}'),
    ('BI reader', 'reads the views for BI: keys in the place of pupils, nothing that tells who they are',
        '{school,trust,local authority,everywhere}', 'all', '{bi}', '{}');

CREATE TABLE access (
    access_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    role name NOT NULL,
    capacity text NOT NULL REFERENCES capacity,
    school_urn integer REFERENCES school,
    registration_group text CHECK (has_words(registration_group)),
    trust_uid integer REFERENCES trust,
    la_number integer REFERENCES local_authority,
    everywhere boolean NOT NULL DEFAULT false,
    from_day date NOT NULL,
    to_day date,
    granted_by text NOT NULL CHECK (has_words(granted_by)),
    revoked_at timestamptz,
    revoked_by text CHECK (has_words(revoked_by)),
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    CONSTRAINT access_days CHECK (to_day >= from_day),
    CONSTRAINT access_place CHECK (num_nonnulls(school_urn, trust_uid, la_number, NULLIF(everywhere, false)) = 1
        AND (registration_group IS NULL OR school_urn IS NOT NULL)),
    CONSTRAINT access_revoked CHECK (num_nonnulls(revoked_at, revoked_by) <> 1),
    CONSTRAINT access_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE access IS
'Which role of the database has which capacity, where, and from when to when. Row-level security of every table with '
'a pupil, a family or a school asks it: without a row here, and without grant_register(), a role sees none of them';
COMMENT ON COLUMN access.role IS
'A role of the database; its members whose rights include its own have the access, too';
COMMENT ON COLUMN access.registration_group IS 'The class of the school, for capacities of a class';
COMMENT ON COLUMN access.everywhere IS 'At all schools of the register';
COMMENT ON COLUMN access.to_day IS 'Last day, in London; the right ends with it by itself. NULL: none yet';
COMMENT ON COLUMN access.granted_by IS 'Name of who decided it';
COMMENT ON COLUMN access.revoked_at IS 'When the right was taken away, if before its last day';
COMMENT ON COLUMN access.revoked_by IS 'Name of who took it away';
COMMENT ON COLUMN access.entered_at IS 'When the entry was made';
COMMENT ON COLUMN access.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN access.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN access.reason IS 'Why the entry is changed; kept in the journal, not here';
COMMENT ON CONSTRAINT access_days ON access IS 'to_day is not before from_day';
COMMENT ON CONSTRAINT access_place ON access IS
'access is to a school or one of its classes, to a trust, to a local authority, or everywhere';
COMMENT ON CONSTRAINT access_revoked ON access IS 'revoked_at and revoked_by are given together';
CREATE INDEX ON access (role);
CREATE INDEX ON access (school_urn);
CREATE INDEX ON access (trust_uid);
CREATE INDEX ON access (la_number);

CREATE TRIGGER guard_access BEFORE INSERT OR UPDATE ON access FOR EACH ROW EXECUTE FUNCTION guard_access();
CREATE TRIGGER use_access AFTER INSERT OR UPDATE ON access FOR EACH ROW EXECUTE FUNCTION use_access();

-- Who read a file.
CREATE TABLE reading (
    reading_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    what text NOT NULL CHECK (what IN ('pupil file', 'legal file', 'journal')),
    school_urn integer REFERENCES school,
    pupil_id bigint REFERENCES pupil,
    notice_id bigint REFERENCES penalty_notice,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text,
    title text,
    reason text,
    CONSTRAINT reading_of CHECK ((pupil_id IS NULL) = (what = 'journal')
        AND (notice_id IS NOT NULL) = (what = 'legal file')),
    CONSTRAINT reading_signature CHECK (num_nonnulls(entered_by, title, reason) = 0)
);
COMMENT ON TABLE reading IS
'That somebody reads all that the register has of a pupil, a legal file, or the journal: who it is, and why, is in the '
'journal (file_reading)';
COMMENT ON COLUMN reading.school_urn IS
'The school for which it is read, of a pupil''s file the latest that the reader sees; NULL for none, and for the whole '
'journal';
COMMENT ON COLUMN reading.pupil_id IS 'Whose file it is; NULL for the journal';
COMMENT ON COLUMN reading.notice_id IS 'Of a legal file, that of which penalty notice';
COMMENT ON COLUMN reading.entered_at IS 'When the entry was made';
COMMENT ON COLUMN reading.entered_by IS 'Who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN reading.title IS 'Title of who makes this entry; kept in the journal, not here';
COMMENT ON COLUMN reading.reason IS 'Why it is read; kept in the journal, not here';
COMMENT ON CONSTRAINT reading_of ON reading IS
'a pupil''s file is that of a pupil, a legal file that of a penalty notice and its pupil, the journal that of nobody';
CREATE INDEX ON reading (school_urn);
CREATE INDEX ON reading (pupil_id);
CREATE INDEX ON reading (notice_id);

DO $$
DECLARE
    entries record;
BEGIN
    FOR entries IN
        SELECT e.relation, e.arguments
        FROM (VALUES ('enrolment_former', '''signed'', ''always'''), ('contact_former', '''signed'', ''always'''),
            ('attendance_order', '''signed'''), ('suspension', '''signed'''), ('taken_over', ''''''),
            ('person', '''signed'''), ('office_holder', '''signed'''), ('evidence', '''signed'''),
            ('attendance_case', '''signed'''), ('agreed_action', '''signed'''), ('family_contact', '''signed'''),
            ('attendance_target', '''signed'''), ('access', '''signed'''), ('reading', '''signed'''))
            AS e (relation, arguments)
    LOOP
        EXECUTE pg_catalog.format('CREATE TRIGGER a_stamp_entry BEFORE INSERT OR UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION stamp_entry(%s)', entries.relation, entries.arguments);
        EXECUTE pg_catalog.format('CREATE TRIGGER gather_record AFTER INSERT OR UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION gather_record()', entries.relation);
        EXECUTE pg_catalog.format('CREATE TRIGGER write_journal AFTER INSERT OR UPDATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION write_journal()', entries.relation);
        EXECUTE pg_catalog.format('CREATE TRIGGER refuse_removal BEFORE DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION refuse_removal()', entries.relation);
        EXECUTE pg_catalog.format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal()', entries.relation);
    END LOOP;
END
$$;

-- ---------- lines say what their enrolments and pupils say ----------

ALTER TABLE register_line ADD COLUMN enrolment_end date, ADD COLUMN birth_cohort integer,
    ADD COLUMN is_counted boolean, ADD COLUMN year_group text, ADD COLUMN registration_group text,
    ADD COLUMN sex text;
COMMENT ON COLUMN register_line.enrolment_end IS
'Last day of that enrolment, NULL while the pupil is on the roll. This and what follows is what the enrolment and the '
'pupil say now, so that reports need not look it up: see line_fact. Triggers keep it, whatever is written here';
COMMENT ON COLUMN register_line.birth_cohort IS 'As in pupil';
COMMENT ON COLUMN register_line.is_counted IS 'Whether the pupil is no boarder and no guest';
COMMENT ON COLUMN register_line.year_group IS 'As in enrolment';
COMMENT ON COLUMN register_line.registration_group IS 'As in enrolment';
COMMENT ON COLUMN register_line.sex IS 'As in pupil';

CREATE VIEW line_fact WITH (security_invoker = true) AS
    SELECT e.school_urn, e.pupil_id, e.start_date AS enrolment_start, e.end_date AS enrolment_end, p.birth_cohort,
        e.boarder = 'N' AND e.status <> 'G' AS is_counted, e.year_group, e.registration_group, p.sex
    FROM enrolment e
    JOIN pupil p ON p.pupil_id = e.pupil_id;
COMMENT ON VIEW line_fact IS
'What lines say of their enrolments and pupils, who are found by the first three columns';
CREATE TRIGGER reach_lines BEFORE UPDATE OF end_date, status, boarder, year_group, registration_group ON enrolment
    FOR EACH STATEMENT EXECUTE FUNCTION reach_lines();
CREATE TRIGGER keep_facts AFTER UPDATE ON enrolment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_facts('n.school_urn', '{school_urn,pupil_id,start_date}',
        '{end_date,status,boarder,year_group,registration_group}');
CREATE TRIGGER reach_lines BEFORE UPDATE OF sex, date_of_birth ON pupil
    FOR EACH STATEMENT EXECUTE FUNCTION reach_lines();
CREATE TRIGGER keep_facts AFTER UPDATE ON pupil REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION keep_facts('NULL::integer', '{pupil_id}', '{sex,birth_cohort}');
-- guard_register_line() fills in all of them
UPDATE register_line SET is_counted = true;
ALTER TABLE register_line ALTER COLUMN birth_cohort SET NOT NULL, ALTER COLUMN is_counted SET NOT NULL;
