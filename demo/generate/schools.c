/*
 * schools.c
 *		Schools and trusts: as many as published, of differing size.
 */
#include <stdlib.h>

#include "generate.h"

/*
 * URNs and establishment numbers lie where no real school has one.  UPNs are
 * built from them, so that no UPN here can be that of a child.
 */
#define FIRST_URN 900001
#define FIRST_ESTAB 9001
#define FIRST_TRUST 90001

/* Primaries have one form of entry, one and a half, two or three */
static int
size_weight(Phase phase)
{
	static const int forms[] = {30, 18, 37, 15};
	static const int places[] = {210, 315, 420, 630};

	int form = random_weighted(forms, 4);

	if (phase == PRIMARY)
		return places[form] * random_between(78, 100);
	return phase == SECONDARY ? random_between(550, 1450) : random_between(80, 250);
}

static void
size_schools(School *schools, Phase phase)
{
	int n = published_schools[phase];
	int weights[SCHOOLS] = {0};
	int sizes[SCHOOLS];
	int i;

	for (i = 0; i < n; i++)
		weights[i] = size_weight(phase);
	random_shares(weights, n, published_enrolments[phase], sizes);
	for (i = 0; i < n; i++)
		schools[i].size = sizes[i];
}

static void
name_school(School *school, int n)
{
	static const char *const ends[PHASES][2] = {
		{"Primary School", "Primary Academy"},
		{"High School", "Academy"},
		{"School", "School"},
	};
	char place[32];

	school_name(n, place, sizeof(place));
	snprintf(school->name, sizeof(school->name), "%s %s", place,
			 ends[school->phase][school->trust != 0]);
}

static void
make_school(School *school, Phase phase, int n)
{
	static const int academies[PHASES] = {55, 80, 50};

	school->phase = phase;
	school->urn = FIRST_URN + n;
	school->estab = FIRST_ESTAB + n;
	if (random_chance(academies[phase]))
		school->trust = FIRST_TRUST + random_below(TRUSTS);
	school->effect = random_normal(220);
	school->observance = random_between(0, 100);
	school->june_leavers = random_chance(40);
	name_school(school, n);
	make_calendar(school);
}

void
make_schools(School *schools)
{
	int phase;
	int n = 0;
	int i;

	for (phase = 0; phase < PHASES; phase++)
	{
		size_schools(schools + n, (Phase) phase);
		for (i = 0; i < published_schools[phase]; i++, n++)
			make_school(&schools[n], (Phase) phase, n);
	}
}

/* The primary school whose size is nearest to 280 */
int
choose_copied(const School *schools)
{
	int best = 0;
	int i;

	for (i = 1; i < published_schools[PRIMARY]; i++)
		if (abs(schools[i].size - 280) < abs(schools[best].size - 280))
			best = i;
	return schools[best].urn;
}

static void
write_areas(const char *directory)
{
	FILE *file = open_file(directory, "regions.csv", "region_code,name");

	fprintf(file, "E12000003,Yorkshire and The Humber\n");
	close_file(file);
	file = open_file(directory, "local_authorities.csv", "la_number,gss_code,name,region_code");
	fprintf(file, "380,E08000032,Bradford,E12000003\n");
	close_file(file);
}

static void
write_trusts(const char *directory)
{
	FILE *file = open_file(directory, "trusts.csv", "trust_uid,name");
	char name[64];
	int i;

	for (i = 0; i < TRUSTS; i++)
	{
		trust_name(i, name, sizeof(name));
		fprintf(file, "%d,%s\n", FIRST_TRUST + i, name);
	}
	close_file(file);
}

static const char *
school_type(const School *school)
{
	if (school->phase == SPECIAL)
		return "Special schools";
	return school->trust ? "Academies" : "Local authority maintained schools";
}

void
write_schools(const char *directory, const School *schools)
{
	FILE *file =
		open_file(directory, "schools.csv", "urn,laestab,name,phase,type,la_number,trust_uid");
	int i;

	for (i = 0; i < SCHOOLS; i++)
	{
		const School *s = &schools[i];

		fprintf(file, "%d,380%d,%s,%s,%s,380,", s->urn, s->estab, s->name, phase_names[s->phase],
				school_type(s));
		if (s->trust)
			fprintf(file, "%d", s->trust);
		fputc('\n', file);
	}
	close_file(file);
	write_areas(directory);
	write_trusts(directory);
}
