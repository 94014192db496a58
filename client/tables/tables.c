/*
 * tables.c
 *		The tables of the register that pg_attendance load fills beside the marks, and their columns.
 */
#include "tables/tables.h"

static const TableColumn school_columns[] = {{"urn", "urn", NULL, true},
											 {"laestab", "laestab", NULL, false},
											 {"name", "text", NULL, false},
											 {"phase", "text", NULL, false},
											 {"type", "text", NULL, false},
											 {"la_number", "integer", NULL, false},
											 {"trust_uid", "integer", NULL, false},
											 {"opened", "date", NULL, false},
											 {"closed", "date", NULL, false},
											 {NULL, NULL, NULL, false}};
static const Table school = {.name = "school",
							 .needed = "urn",
							 .required = "name phase type la_number",
							 .columns = school_columns,
							 .facts = "phase type la_number trust_uid",
							 .on_day = "school_on",
							 .row_key = {"urn"}};

static const TableColumn pupil_columns[] = {
	{"pupil_id", "bigint", NULL, false}, {"upn", "upn", NULL, false},
	{"former_upn", "upn", NULL, false},  {"surname", "text", NULL, false},
	{"forename", "text", NULL, false},   {"middle_names", "text", NULL, false},
	{"sex", "text", NULL, false},        {"date_of_birth", "date", NULL, false},
	{"known_as", "text", NULL, false},   {NULL, NULL, NULL, false}};
static const Table pupil = {.name = "pupil",
							.needed = "surname",
							.required = "forename date_of_birth",
							.columns = pupil_columns,
							.is_signed = true};

static const TableColumn enrolment_columns[] = {{"school_urn", "urn", NULL, true},
												{"pupil_id", "bigint", NULL, true},
												{"start_date", "date", NULL, true},
												{"end_date", "date", NULL, false},
												{"status", "text", "'C'", false},
												{"boarder", "text", "'N'", false},
												{"year_group", "text", NULL, false},
												{"registration_group", "text", NULL, false},
												{"agreed_on", "date", NULL, false},
												{"starting_day_basis", "text", NULL, false},
												{"entry_reason", "text", NULL, false},
												{"last_school", "text", NULL, false},
												{"last_school_address", "text", NULL, false},
												{"next_school", "text", NULL, false},
												{"next_school_start", "date", NULL, false},
												{"deletion_ground", "text", NULL, false},
												{"ground_arose_on", "date", NULL, false},
												{"deletion_evidence", "text", NULL, false},
												{"deleted_at", "timestamptz", NULL, false},
												{NULL, NULL, NULL, false}};
static const Table enrolment = {.name = "enrolment",
								.needed = "start_date",
								.required = "school_urn",
								.of_pupils = true,
								.columns = enrolment_columns,
								.facts = "status boarder year_group registration_group",
								.on_day = "enrolment_on",
								.row_key = {"school_urn", "pupil_id", "start_date"},
								.is_signed = true};

static const TableColumn contact_columns[] = {{"pupil_id", "bigint", NULL, true},
											  {"full_name", "text", NULL, true},
											  {"address", "text", NULL, false},
											  {"relationship", "text", NULL, false},
											  {"is_parent", "boolean", "false", false},
											  {"lives_with", "boolean", "false", false},
											  {"emergency_numbers", "text[]", "'{}'", false},
											  {"priority", "integer", NULL, false},
											  {"to_day", "date", NULL, false},
											  {NULL, NULL, NULL, false}};
static const Table contact = {.name = "contact",
							  .needed = "full_name",
							  .required = "",
							  .of_pupils = true,
							  .columns = contact_columns,
							  .facts = "is_parent lives_with",
							  .on_day = "contact_on",
							  .row_key = {"contact_id"},
							  .is_signed = true};

static const TableColumn term_columns[] = {
	{"school_urn", "urn", NULL, true},  {"academic_year", "integer", NULL, true},
	{"term", "text", NULL, true},       {"half", "integer", NULL, true},
	{"first_day", "date", NULL, false}, {"last_day", "date", NULL, false},
	{NULL, NULL, NULL, false}};
static const Table term = {.name = "term_date",
						   .needed = "term",
						   .required = "school_urn academic_year half first_day last_day",
						   .columns = term_columns};

static const TableColumn day_columns[] = {
	{"school_urn", "urn", NULL, true},     {"day", "date", NULL, true},
	{"morning", "boolean", "true", false}, {"afternoon", "boolean", "true", false},
	{"closure", "text", NULL, false},      {NULL, NULL, NULL, false}};
static const Table day = {
	.name = "school_day", .needed = "day", .required = "school_urn", .columns = day_columns};

static const TableColumn characteristic_columns[] = {
	{"pupil_id", "bigint", NULL, true}, {"characteristic", "text", NULL, true},
	{"value", "text", "'Y'", false},    {"from_day", "date", NULL, true},
	{"to_day", "date", NULL, false},    {NULL, NULL, NULL, false}};
static const Table characteristic = {.name = "pupil_characteristic",
									 .needed = "characteristic",
									 .required = "from_day",
									 .of_pupils = true,
									 .columns = characteristic_columns,
									 .is_signed = true};

/* By which pupils are found in files that are about something else. */
static const TableColumn school_of_pupil[] = {{"school_urn", "urn", NULL, false},
											  {NULL, NULL, NULL, false}};
static const TableColumn person[] = {{"school_urn", "urn", NULL, false},
									 {"surname", "text", NULL, false},
									 {"forename", "text", NULL, false},
									 {"date_of_birth", "date", NULL, false},
									 {NULL, NULL, NULL, false}};

const TableSet table_sets[] = {{"schools", {&school, NULL, NULL}, NULL},
							   {"pupils", {&pupil, &enrolment, NULL}, NULL},
							   {"contacts", {&contact, NULL, NULL}, school_of_pupil},
							   {"calendar", {&term, &day, NULL}, NULL},
							   {"characteristics", {&characteristic, NULL, NULL}, person},
							   {NULL, {NULL, NULL, NULL}, NULL}};

/* Whether a name, as normal_name() makes it, is another one of a column. */
bool
is_alias(const char *normal, const char *column)
{
	static const char *const aliases[][2] = {
		{"school_urn", "urn schoolurn laestab schoollaestab dfenumber dfeno"},
		{"urn", "schoolurn"},
		{"laestab", "schoollaestab dfenumber dfeno"},
		{"name", "schoolname establishmentname"},
		{"phase", "schoolphase phaseofeducation phaseofeducationname"},
		{"type", "schooltype establishmenttypegroup establishmenttypegroupname"},
		{"la_number", "la lacode lea leanumber"},
		{"trust_uid", "trust trustid trustscode"},
		{"opened", "opendate"},
		{"closed", "closedate"},
		{"upn", "uniquepupilnumber pupilupn studentupn"},
		{"former_upn", "previousupn"},
		{"date_of_birth", "dob birthdate"},
		{"sex", "gender legalsex"},
		{"surname", "lastname legalsurname familyname"},
		{"forename", "firstname legalforename legalfirstname"},
		{"middle_names", "middlename"},
		{"known_as", "preferredname chosenname"},
		{"start_date", "entrydate admissiondate dateofadmission doa startdate"},
		{"end_date", "leavingdate dateofleaving dol leaverdate"},
		{"status", "enrolstatus enrolmentstatus"},
		{"boarder", "boarderstatus"},
		{"year_group",
		 "year yr ncyear ncyearactual nationalcurriculumyear ncyeargroup currentyear yeargroupname"},
		{"registration_group",
		 "form reg reggroup regform registrationform tutorgroup class classname formgroup"},
		{"academic_year", "year schoolyear"},
		{"half", "halfterm"},
		{"first_day", "startdate firstdate from"},
		{"last_day", "enddate lastdate to"},
		{"day", "date schoolday"},
		{"morning", "am"},
		{"afternoon", "pm"},
		{"full_name", "name contactname"},
		{"is_parent", "parent"},
		{"relationship", "relation relationshiptopupil"},
		{"emergency_numbers",
		 "emergencynumber telephone telephones telephonenumber telephonenumbers"
		 " phone phones phonenumber phonenumbers mobile contactnumber"},
		{"from_day", "fromdate startdate from"},
		{"to_day", "todate enddate to"},
	};

	for (size_t i = 0; i < lengthof(aliases); i++)
	{
		if (strcmp(column, aliases[i][0]) == 0)
			return has_word(aliases[i][1], normal);
	}
	return false;
}

/* Other names of columns that a file must have, as people write them; or NULL. */
const char *
words_for(const char *column)
{
	static const char *const words[][2] = {
		{"surname", "last name, legal surname"}, {"forename", "first name, legal forename"},
		{"date_of_birth", "birth date, DOB"},    {"start_date", "entry date, admission date"},
		{"full_name", "name, contact name"},     {"day", "date, school day"},
	};

	for (size_t i = 0; i < lengthof(words); i++)
	{
		if (strcmp(column, words[i][0]) == 0)
			return words[i][1];
	}
	return NULL;
}

/* Whether a column is of this table alone among those of the set, and does not say which pupil it is. */
bool
is_own_column(const TableSet *set, const Table *table, const char *name)
{
	if (has_word("upn pupil_id", name))
		return false;
	for (int t = 0; set->tables[t] != NULL; t++)
	{
		for (const TableColumn *column = set->tables[t]->columns; column->name != NULL; column++)
		{
			if (set->tables[t] != table && strcmp(column->name, name) == 0)
				return false;
		}
	}
	return true;
}
