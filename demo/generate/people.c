/*
 * people.c
 *		Who is about the pupils: parents, other contacts, head teachers.
 *
 * Nothing is drawn here: everything is picked by pupil or school, so that
 * whoever asks for a name gets the same one.
 */
#include <string.h>

#include "generate.h"

#define LENGTH(a) ((int) (sizeof(a) / sizeof((a)[0])))

/* What is picked; no number twice */
enum
{
	PICK_STREET,
	PICK_KIND_OF_STREET,
	PICK_HOUSE,
	PICK_MOBILE,
	PICK_HOME_NUMBER,
	PICK_PARENT,
	PICK_SECOND,
	PICK_SECOND_HERE,
	PICK_HEAD_FORENAME,
	PICK_HEAD_SURNAME,
	PICK_HEAD_SEX,
	PICK_HEAD_SINCE,
	PICKS
};

typedef struct Relation
{
	const char *name;
	bool parent;
	bool female;
	int weight;
	int here; /* percent who live with the pupil */
} Relation;

static const Relation relations[] = {
	{"father", true, false, 70, 75},      {"stepfather", true, false, 8, 95},
	{"grandmother", false, true, 10, 20}, {"grandfather", false, false, 4, 15},
	{"aunt", false, true, 5, 0},          {"uncle", false, false, 3, 0},
};

/* Streets are named as places are, by another kind of end */
static void
home_address(int who, int house, char *text)
{
	static const char *const kinds[] = {"Street", "Road", "Lane", "Avenue", "Close", "Terrace"};
	char street[32];

	school_name(pick(who, PICK_STREET + house * PICKS, 364), street, sizeof(street));
	snprintf(text, NAME_TEXT, "%d %s %s, Bradford", 1 + pick(who, PICK_HOUSE + house * PICKS, 120),
			 street, kinds[pick(who, PICK_KIND_OF_STREET + house * PICKS, LENGTH(kinds))]);
}

void
school_address(const School *school, char *text)
{
	home_address(-school->urn, 0, text);
}

void
head_name(const School *school, char *text)
{
	bool female = pick(school->urn, PICK_HEAD_SEX, 100) < 60;

	snprintf(text, NAME_TEXT, "%s %s",
			 forename(female, pick(school->urn, PICK_HEAD_FORENAME, forename_count(female))),
			 surname(pick(school->urn, PICK_HEAD_SURNAME, surname_count())));
}

void
write_heads(Output *out, const School *schools)
{
	static Row row;
	char name[NAME_TEXT];
	int i;

	for (i = 0; i < SCHOOLS; i++)
	{
		head_name(&schools[i], name);
		start_row(&row, TABLE_HEADS);
		set_field(&row, 0, "%d", schools[i].urn);
		set_field(&row, 1, "%s", name);
		set_field(&row, 2, "Head teacher");
		set_field(&row, 3, "%d-09-01", 2024 - pick(schools[i].urn, PICK_HEAD_SINCE, 9));
		write_row(out, &row);
	}
}

/* The parent with whom the pupil lives; who asks for leave */
void
parent_name(const Line *line, char *text)
{
	snprintf(text, NAME_TEXT, "%s %s",
			 forename(true, pick(line->pupil, PICK_PARENT, forename_count(true))),
			 surname(line->surname));
}

/* Contacts come two by two, in the order of the pupils */
int
parent_id(const Line *line)
{
	return 2 * line->pupil - 1;
}

static const Relation *
second_relation(const Line *line)
{
	int n = pick(line->pupil, PICK_SECOND, 100);
	int i;

	for (i = 0; n >= relations[i].weight; i++)
		n -= relations[i].weight;
	return &relations[i];
}

static void
write_contact(Output *out, const Line *line, const char *name, const char *address,
			  const Relation *relation, int priority)
{
	static const Relation mother = {"mother", true, true, 0, 100};
	static Row row;
	bool here = relation == NULL || pick(line->pupil, PICK_SECOND_HERE, 100) < relation->here;

	if (relation == NULL)
		relation = &mother;
	start_row(&row, TABLE_CONTACTS);
	set_field(&row, 0, "%d", parent_id(line) + priority - 1);
	set_field(&row, 1, "%d", line->pupil);
	set_field(&row, 2, "%s", name);
	set_field(&row, 3, "%s", address);
	set_field(&row, 4, "%s", relation->name);
	set_field(&row, 5, relation->parent ? "t" : "f");
	set_field(&row, 6, here ? "t" : "f");
	/* Ranges that Ofcom keeps free for fiction */
	if (priority == 1)
		set_field(&row, 7, "{07700 900%03d,01632 960%03d}", pick(line->pupil, PICK_MOBILE, 1000),
				  pick(line->pupil, PICK_HOME_NUMBER, 1000));
	else
		set_field(&row, 7, "{07700 900%03d}", pick(-line->pupil, PICK_MOBILE, 1000));
	set_field(&row, 8, "%d", priority);
	write_row(out, &row);
}

static void
write_address(Output *out, const Line *line, const char *address)
{
	static Row row;
	char day[16] = "2024-09-01";

	if (line->first > 0)
		format_day(line->first, day);
	else if (line->year == 0)
		memcpy(day, "2025", 4);
	start_row(&row, TABLE_ADDRESSES);
	set_field(&row, 0, "%d", line->pupil);
	set_field(&row, 1, "%s", address);
	set_field(&row, 2, "%s", day);
	write_row(out, &row);
}

/* Two contacts a pupil: the mother, and somebody else */
void
write_family(Output *out, const Line *line)
{
	const Relation *second = second_relation(line);
	char home[NAME_TEXT];
	char other[NAME_TEXT];
	char name[NAME_TEXT];

	home_address(line->pupil, 0, home);
	home_address(line->pupil, 1, other);
	parent_name(line, name);
	write_contact(out, line, name, home, NULL, 1);
	snprintf(
		name, sizeof(name), "%s %s",
		forename(second->female, pick(-line->pupil, PICK_PARENT, forename_count(second->female))),
		surname(line->surname));
	if (pick(line->pupil, PICK_SECOND_HERE, 100) < second->here)
		memcpy(other, home, sizeof(other));
	write_contact(out, line, name, other, second, 2);
	write_address(out, line, home);
}
