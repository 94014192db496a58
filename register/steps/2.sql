-- A register knows its definition and its reports: definition_version() and made_reports(), which upgrade_register()
-- makes.

-- A number that is changed is no key of what refers to the pupil.
ALTER TABLE pupil DROP CONSTRAINT pupil_upn_key;
CREATE UNIQUE INDEX pupil_upn_key ON pupil (upn) WHERE upn IS NOT NULL;
COMMENT ON INDEX pupil_upn_key IS 'another pupil of the register has this unique pupil number';
