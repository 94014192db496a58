/*
 * tables.c
 *		The tables of the register that pg_attendance load fills beside the marks, and their columns.
 */
#include "tables.h"

#include <string.h>

static const TableColumn pupil_columns[] = {
	{"pupil_id", "bigint", NULL, false}, {"upn", "upn", NULL, false},
	{"former_upn", "upn", NULL, false},  {"surname", "text", NULL, false},
	{"forename", "text", NULL, false},   {"middle_names", "text", NULL, false},
	{"sex", "text", NULL, false},        {"date_of_birth", "date", NULL, false},
	{"known_as", "text", NULL, false},   {NULL, NULL, NULL, false}};
static const Table pupil = {"pupil", "surname", "forename date_of_birth", false, pupil_columns};

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
static const Table enrolment = {"enrolment", "start_date", "school_urn", true, enrolment_columns};

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
static const Table contact = {"contact", "full_name", "", true, contact_columns};

static const TableColumn term_columns[] = {
	{"school_urn", "urn", NULL, true},  {"academic_year", "integer", NULL, true},
	{"term", "text", NULL, true},       {"half", "integer", NULL, true},
	{"first_day", "date", NULL, false}, {"last_day", "date", NULL, false},
	{NULL, NULL, NULL, false}};
static const Table term = {"term_date", "term", "school_urn academic_year half first_day last_day",
						   false, term_columns};

static const TableColumn day_columns[] = {
	{"school_urn", "urn", NULL, true},     {"day", "date", NULL, true},
	{"morning", "boolean", "true", false}, {"afternoon", "boolean", "true", false},
	{"closure", "text", NULL, false},      {NULL, NULL, NULL, false}};
static const Table day = {"school_day", "day", "school_urn", false, day_columns};

static const TableColumn characteristic_columns[] = {
	{"pupil_id", "bigint", NULL, true}, {"characteristic", "text", NULL, true},
	{"value", "text", "'Y'", false},    {"from_day", "date", NULL, true},
	{"to_day", "date", NULL, false},    {NULL, NULL, NULL, false}};
static const Table characteristic = {"pupil_characteristic", "characteristic", "from_day", true,
									 characteristic_columns};

const TableSet table_sets[] = {{"pupils", {&pupil, &enrolment, NULL}},
							   {"contacts", {&contact, NULL, NULL}},
							   {"calendar", {&term, &day, NULL}},
							   {"characteristics", {&characteristic, NULL, NULL}},
							   {NULL, {NULL, NULL, NULL}}};

/* Other names of columns, as normal_name() makes them. */
const char *
column_alias(const char *normal)
{
	static const char *const aliases[][2] = {{"urn", "school_urn"},
											 {"dob", "date_of_birth"},
											 {"birthdate", "date_of_birth"},
											 {"gender", "sex"},
											 {"lastname", "surname"},
											 {"legalsurname", "surname"},
											 {"firstname", "forename"},
											 {"legalforename", "forename"},
											 {"middlename", "middle_names"},
											 {"formerupn", "former_upn"},
											 {"entrydate", "start_date"},
											 {"admissiondate", "start_date"},
											 {"leavingdate", "end_date"},
											 {"dateofleaving", "end_date"},
											 {"enrolstatus", "status"},
											 {"ncyear", "year_group"},
											 {"ncyearactual", "year_group"},
											 {"form", "registration_group"},
											 {"reggroup", "registration_group"},
											 {"date", "day"},
											 {"name", "full_name"}};

	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
	{
		if (strcmp(normal, aliases[i][0]) == 0)
			return aliases[i][1];
	}
	return NULL;
}
