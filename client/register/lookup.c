/*
 * lookup.c
 *		What the register knows and every row is compared with: the codes and the schools.
 */
#include "register/register.h"
#include "read/read.h"

static PGresult *codes = NULL;

typedef struct School
{
	int urn;
	int laestab; /* 0: none */
	bool closed;
} School;

static School *by_urn, *by_laestab;
static int school_count;

static int
compare_urns(const void *a, const void *b)
{
	return ((const School *) a)->urn - ((const School *) b)->urn;
}

/* Open schools before closed ones. */
static int
compare_laestabs(const void *a, const void *b)
{
	const School *left = a, *right = b;

	if (left->laestab != right->laestab)
		return left->laestab - right->laestab;
	return left->closed - right->closed;
}

void
load_lookup(void)
{
	PGresult *result =
		run("SELECT urn, coalesce(laestab::text, '0'), closed IS NOT NULL FROM school", 0, NULL);
	size_t size;

	codes = run("SELECT mark::text FROM attendance_codes()", 0, NULL);
	school_count = PQntuples(result);
	size = school_count * sizeof(School);
	by_urn = pg_malloc(size);
	by_laestab = pg_malloc(size);
	for (int i = 0; i < school_count; i++)
		by_urn[i] = (School){atoi(PQgetvalue(result, i, 0)), atoi(PQgetvalue(result, i, 1)),
							 PQgetvalue(result, i, 2)[0] == 't'};
	memcpy(by_laestab, by_urn, size);
	qsort(by_urn, school_count, sizeof(School), compare_urns);
	qsort(by_laestab, school_count, sizeof(School), compare_laestabs);
	PQclear(result);
}

/* The code as the register writes it, "" for none given (also NA, NULL ...), or NULL if it is not a code. */
const char *
known_mark(Text text)
{
	static const char *quick[256];
	unsigned char first;

	text = trim(text);
	if (text.length == 0)
		return "";
	if (text_is(text, "--"))
		return "-";
	first = text.data[0];
	if (text.length == 1 && quick[first] != NULL)
		return quick[first];
	for (int i = 0; i < PQntuples(codes); i++)
	{
		const char *code = PQgetvalue(codes, i, 0);

		if (strlen(code) != text.length || pg_strncasecmp(code, text.data, text.length) != 0)
			continue;
		if (text.length == 1)
			quick[first] = code;
		return code;
	}
	return is_missing(text) ? "" : NULL;
}

static const School *
find_urn(int urn)
{
	School key = {urn, 0, false};

	return bsearch(&key, by_urn, school_count, sizeof(School), compare_urns);
}

/* That of --school. */
void
check_school(void)
{
	if (options.school != 0 && find_urn(options.school) == NULL)
		fail(EXIT_WRONG, "the register has no school %d", options.school);
}

bool
has_laestab(int urn)
{
	const School *school = find_urn(urn);

	return school != NULL && school->laestab != 0;
}

/* The school of a LAESTAB; two open ones are none. */
static int
find_laestab(int laestab, const char **problem)
{
	int low = 0, high = school_count;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (by_laestab[middle].laestab < laestab)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == school_count || by_laestab[low].laestab != laestab)
	{
		*problem = "the register has no school with this LAESTAB";
		return 0;
	}
	if (low + 1 < school_count && by_laestab[low + 1].laestab == laestab &&
		by_laestab[low + 1].closed == by_laestab[low].closed)
	{
		*problem = "several schools of the register have this LAESTAB: give URNs, or --school";
		return 0;
	}
	return by_laestab[low].urn;
}

/* "380/4000" and "380-4000" are LAESTABs, too. */
bool
take_digits(Text text, char *digits, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < text.length; i++)
	{
		if (i == 3 && text.length == 8 && strchr("/- ", text.data[i]) != NULL)
			continue;
		if (text.data[i] < '0' || text.data[i] > '9' || length + 1 >= size)
			return false;
		digits[length++] = text.data[i];
	}
	digits[length] = '\0';
	return length > 0;
}

/* The URN of the school that a URN or LAESTAB names, or 0 and why there is none. */
int
known_school(Text text, const char **problem)
{
	static int last_number, last_urn;
	char digits[10];
	int number;

	text = trim(text);
	*problem = "no URN (six digits) and no LAESTAB (seven digits)";
	if (!take_digits(text, digits, sizeof(digits)) || (strlen(digits) != 6 && strlen(digits) != 7))
		return 0;
	number = atoi(digits);
	if (number == last_number && last_urn != 0)
		return last_urn;
	last_number = number;
	if (strlen(digits) == 7)
		return last_urn = find_laestab(number, problem);
	*problem = "the register has no school with this URN";
	return last_urn = find_urn(number) == NULL ? 0 : number;
}
