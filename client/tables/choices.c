/*
 * choices.c
 *		The closed lists of values that columns of the register have, as the register itself has them,
 *		and what schools call these values.
 */
#include "tables/tables.h"

/* Constraints of the form column = ANY (ARRAY[...]): the column, and its values a line each. */
static const char *const choices_sql =
	"SELECT a.attname, pg_catalog.array_to_string(ARRAY(SELECT coalesce(m.parts[1], m.parts[2])"
	"  FROM pg_catalog.regexp_matches(d.def, '''([^'']*)''|[[ ](\\d+)[],]', 'g') AS m (parts)), E'\\n')"
	" FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_attribute a"
	"  ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
	" CROSS JOIN LATERAL (SELECT pg_catalog.pg_get_constraintdef(c.oid)) AS d (def)"
	" WHERE c.connamespace = pg_catalog.quote_ident($1)::pg_catalog.regnamespace AND c.contype = 'c'"
	" AND pg_catalog.cardinality(c.conkey) = 1 AND d.def ~ '^CHECK \\(\\(\\w+ = ANY \\(ARRAY\\['"
	" AND c.conrelid = ANY ('{school,enrolment,pupil,term_date}'::pg_catalog.regclass[])";

static PGresult *choices;

/* Words as normal_name() makes them, beside the values themselves. */
static const struct
{
	const char *column, *value, *words;
} synonyms[] = {
	{"sex", "F", "female girl"},
	{"sex", "M", "male boy"},
	{"status", "C", "current currentsingleregistration"},
	{"status", "M", "main currentmaindualregistration maindualregistration dualmain"},
	{"status", "S",
	 "subsidiary currentsubsidiarydualregistration subsidiarydualregistration dualsubsidiary"},
	{"status", "F", "fe fecollege"},
	{"status", "O", "other otherprovider"},
	{"status", "G", "guest guestpupil"},
	{"boarder", "N", "no false notaboarder notboarder day daypupil"},
	{"boarder", "B", "boarder y yes true"},
	{"boarder", "6", "sixnights boardersixnightsorless"},
	{"boarder", "7", "sevennights boardersevennights"},
	{"year_group", "R", "0 reception foundation"},
	{"year_group", "N1", "nursery1 firstyearofnursery"},
	{"year_group", "N2", "nursery2 secondyearofnursery"},
	{"term", "Autumn", "autumnterm aut"},
	{"term", "Spring", "springterm spr"},
	{"term", "Summer", "summerterm sum"},
	{"half", "1", "first 1st firsthalf"},
	{"half", "2", "second 2nd secondhalf"},
	{"phase", "Alternative provision", "ap pru pupilreferralunit"},
	{"phase", "16 plus", "post16"},
	{"phase", "All-through", "allthroughschool"},
	{"type", "Academies", "academy academyconverter academysponsorled"},
	{"type", "Free schools", "freeschool"},
	{"type", "Local authority maintained schools",
	 "maintained maintainedschool localauthoritymaintainedschool lamaintained lamaintainedschool"
	 " lamaintainedschools communityschool foundationschool voluntaryaidedschool"
	 " voluntarycontrolledschool"},
	{"type", "Independent schools", "independent independentschool"},
	{"type", "Special schools", "specialschool communityspecialschool foundationspecialschool"},
	{"type", "Colleges", "college"},
	{"type", "Universities", "university"},
	{"type", "Other types", "other othertype"},
};

void
load_choices(void)
{
	const char *values[1] = {options.register_name};

	choices = run(choices_sql, 1, values);
}

/* The values of a column, a line each; NULL if any will do. */
const char *
choices_of(const char *column)
{
	for (int i = 0; i < PQntuples(choices); i++)
	{
		if (strcmp(PQgetvalue(choices, i, 0), column) == 0)
			return PQgetvalue(choices, i, 1);
	}
	return NULL;
}

static bool
is_synonym(const char *column, Text value, const char *normal)
{
	for (size_t i = 0; i < lengthof(synonyms); i++)
	{
		if (strcmp(synonyms[i].column, column) == 0 && text_is(value, synonyms[i].value) &&
			has_word(synonyms[i].words, normal))
			return true;
	}
	return false;
}

/* "Year 4", "Yr 4", "Y4" and "04" are "4". */
static void
shorten_year(char *normal)
{
	static const char *const prefixes[] = {"year", "yr", "y"};
	char *rest = normal;

	for (int i = 0; i < 3 && rest == normal; i++)
	{
		if (strncmp(normal, prefixes[i], strlen(prefixes[i])) == 0)
			rest = normal + strlen(prefixes[i]);
	}
	while (*rest == '0' && rest[1] != '\0')
		rest++;
	memmove(normal, rest, strlen(rest) + 1);
}

/* The value that a text means, or NULL; the next text may overwrite it. */
const char *
find_choice(const char *column, Text text)
{
	static char *found;
	const char *list = choices_of(column);
	char normal[64], own[64];

	normal_name(text, normal, sizeof(normal));
	if (strcmp(column, "year_group") == 0)
		shorten_year(normal);
	while (list != NULL && *list != '\0' && *normal != '\0')
	{
		Text value = {list, strcspn(list, "\n")};

		normal_name(value, own, sizeof(own));
		if (strcmp(own, normal) == 0 || is_synonym(column, value, normal))
		{
			free(found);
			return found = copy_text(value);
		}
		list += value.length + (list[value.length] == '\n');
	}
	return NULL;
}
