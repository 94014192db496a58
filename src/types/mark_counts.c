/*
 * mark_counts.c
 *		The type mark_counts: sessions counted by code.
 *
 * A value is a version byte, then for each code with a count other than zero its number and its
 * count as eight bytes, most significant first, in the order of the numbers.
 */
#include "attendance.h"

#include "common/hashfn.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "port/pg_bswap.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "types/comparison.h"

#define COUNTS_VERSION 1
#define ENTRY_SIZE (1 + sizeof(int64))
#define TYPE_NAME "mark_counts"

#define PG_GETARG_COUNTS_PP(n) PG_GETARG_VARLENA_PP(n)
#define COUNTS_BYTES(counts) ((uint8 *) VARDATA_ANY(counts))
#define COUNTS_LENGTH(counts) ((size_t) VARSIZE_ANY_EXHDR(counts))

static int64
get_count(const uint8 *entry)
{
	uint64 count;

	memcpy(&count, entry + 1, sizeof(count));
	return (int64) pg_ntoh64(count);
}

static void
put_count(uint8 *entry, int64 count)
{
	uint64 bytes = pg_hton64((uint64) count);

	memcpy(entry + 1, &bytes, sizeof(bytes));
}

/* Whether bytes are in the one form that a value has. */
static bool
counts_valid(const uint8 *bytes, size_t length)
{
	int last = MARK_NONE;

	if (length < 1 || bytes[0] != COUNTS_VERSION || (length - 1) % ENTRY_SIZE != 0)
		return false;
	for (const uint8 *entry = bytes + 1; entry < bytes + length; entry += ENTRY_SIZE)
	{
		if (entry[0] <= last || !mark_is_known(entry[0]) || get_count(entry) <= 0)
			return false;
		last = entry[0];
	}
	return true;
}

/* What is stored may be any bytes. */
static void
check_counts(const MarkCounts *counts)
{
	if (!counts_valid(COUNTS_BYTES(counts), COUNTS_LENGTH(counts)))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("corrupt mark_counts value")));
}

/* Adds the counts of a value to an array that has a place for every mark. */
static void
add_counts(int64 *sums, const MarkCounts *counts)
{
	const uint8 *bytes = COUNTS_BYTES(counts);
	size_t length = COUNTS_LENGTH(counts);

	check_counts(counts);
	for (const uint8 *entry = bytes + 1; entry < bytes + length; entry += ENTRY_SIZE)
		add_counter(&sums[entry[0]], get_count(entry), TYPE_NAME);
}

MarkCounts *
make_counts(const int64 *sums)
{
	MarkCounts *counts = palloc(VARHDRSZ + 1 + MARK_LIMIT * ENTRY_SIZE);
	uint8 *entry = (uint8 *) VARDATA(counts);

	*entry++ = COUNTS_VERSION;
	for (Mark mark = 1; mark < MARK_LIMIT; mark++)
	{
		if (sums[mark] == 0)
			continue;
		entry[0] = mark;
		put_count(entry, sums[mark]);
		entry += ENTRY_SIZE;
	}
	SET_VARSIZE(counts, (char *) entry - (char *) counts);
	return counts;
}

/* ---------- input and output: "/:190 \:188 L:3", or "empty" ---------- */

/* Returns what is wrong, or NULL. */
static const char *
parse_counts(const char *str, int64 *sums)
{
	if (is_empty_text(str))
		return NULL;
	str += strspn(str, " ");
	if (*str == '\0')
		return "A value without sessions is written \"empty\".";
	while (*str != '\0')
	{
		size_t length = strcspn(str, ": ");
		Mark mark = find_mark(str, length);

		if (mark == MARK_NONE || str[length] != ':')
			return "It is a list of attendance codes with their counts, such as \"/:190 I:4\".";
		if (sums[mark] != 0)
			return "A code is given twice.";
		str += length + 1;
		if (!parse_count(&str, &sums[mark]) || sums[mark] == 0 || (*str != ' ' && *str != '\0'))
			return "A count is a whole number from 1 to 9223372036854775807.";
		str += strspn(str, " ");
	}
	return NULL;
}

PG_FUNCTION_INFO_V1(att_mark_counts_in);
Datum
att_mark_counts_in(PG_FUNCTION_ARGS)
{
	const char *str = PG_GETARG_CSTRING(0);
	int64 sums[MARK_LIMIT] = {0};
	const char *problem = parse_counts(str, sums);

	if (problem != NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"", TYPE_NAME, clip_text(str)),
				 errdetail("%s", problem)));
	PG_RETURN_POINTER(make_counts(sums));
}

PG_FUNCTION_INFO_V1(att_mark_counts_out);
Datum
att_mark_counts_out(PG_FUNCTION_ARGS)
{
	int64 sums[MARK_LIMIT] = {0};
	StringInfoData buf;

	add_counts(sums, PG_GETARG_COUNTS_PP(0));
	initStringInfo(&buf);
	for (Mark mark = 1; mark < MARK_LIMIT; mark++)
	{
		if (sums[mark] != 0)
			appendStringInfo(&buf, "%s%s:" INT64_FORMAT, buf.len > 0 ? " " : "",
							 mark_codes[mark].code, sums[mark]);
	}
	if (buf.len == 0)
		appendStringInfoString(&buf, EMPTY_TEXT);
	PG_RETURN_CSTRING(buf.data);
}

PG_FUNCTION_INFO_V1(att_mark_counts_recv);
Datum
att_mark_counts_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int length = buf->len - buf->cursor;
	const char *bytes = pq_getmsgbytes(buf, length);
	MarkCounts *counts;

	if (!counts_valid((const uint8 *) bytes, length))
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("invalid mark_counts in binary input")));
	counts = palloc(VARHDRSZ + length);
	SET_VARSIZE(counts, VARHDRSZ + length);
	memcpy(VARDATA(counts), bytes, length);
	PG_RETURN_POINTER(counts);
}

PG_FUNCTION_INFO_V1(att_mark_counts_send);
Datum
att_mark_counts_send(PG_FUNCTION_ARGS)
{
	MarkCounts *counts = PG_GETARG_COUNTS_PP(0);
	StringInfoData buf;

	check_counts(counts);
	pq_begintypsend(&buf);
	pq_sendbytes(&buf, (char *) COUNTS_BYTES(counts), COUNTS_LENGTH(counts));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---------- comparison: equal values are equal bytes; the order is fit for sorting only ---------- */

static int
cmp_mark_counts(FunctionCallInfo fcinfo)
{
	MarkCounts *a = PG_GETARG_COUNTS_PP(0);
	MarkCounts *b = PG_GETARG_COUNTS_PP(1);
	int cmp = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(COUNTS_LENGTH(a), COUNTS_LENGTH(b)));

	if (cmp == 0)
		cmp = (int) COUNTS_LENGTH(a) - (int) COUNTS_LENGTH(b);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return cmp;
}

ATT_COMPARISON_FUNCTIONS(mark_counts, cmp_mark_counts)

#define HASHED_BYTES COUNTS_BYTES(PG_GETARG_COUNTS_PP(0)), COUNTS_LENGTH(PG_GETARG_COUNTS_PP(0))

ATT_HASH_FUNCTIONS(mark_counts, hash_any(HASHED_BYTES),
				   hash_any_extended(HASHED_BYTES, PG_GETARG_INT64(1)))

/* ---------- counting ---------- */

/*
 * Adds one session of a mark.  A state that already has the mark is changed in place; it is the
 * aggregate's own only if it came unpacked, as every state that we return does.
 */
PG_FUNCTION_INFO_V1(att_mark_counts_add_mark);
Datum
att_mark_counts_add_mark(PG_FUNCTION_ARGS)
{
	MarkCounts *state = (MarkCounts *) PG_GETARG_POINTER(0);
	Mark mark = PG_GETARG_MARK(1);
	int64 sums[MARK_LIMIT] = {0};

	if (AggCheckCallContext(fcinfo, NULL) && !VARATT_IS_EXTENDED(state))
	{
		uint8 *entry = COUNTS_BYTES(state) + 1;
		uint8 *end = COUNTS_BYTES(state) + COUNTS_LENGTH(state);

		for (; entry + ENTRY_SIZE <= end; entry += ENTRY_SIZE)
		{
			int64 count;

			if (entry[0] != mark)
				continue;
			count = get_count(entry);
			add_counter(&count, 1, TYPE_NAME);
			put_count(entry, count);
			PG_RETURN_POINTER(state);
		}
	}
	add_counts(sums, PG_GETARG_COUNTS_PP(0));
	add_counter(&sums[mark], 1, TYPE_NAME);
	PG_RETURN_POINTER(make_counts(sums));
}

PG_FUNCTION_INFO_V1(att_mark_counts_add);
Datum
att_mark_counts_add(PG_FUNCTION_ARGS)
{
	int64 sums[MARK_LIMIT] = {0};

	add_counts(sums, PG_GETARG_COUNTS_PP(0));
	add_counts(sums, PG_GETARG_COUNTS_PP(1));
	PG_RETURN_POINTER(make_counts(sums));
}

/* ---------- readers ---------- */

PG_FUNCTION_INFO_V1(att_mark_counts_count);
Datum
att_mark_counts_count(PG_FUNCTION_ARGS)
{
	int64 sums[MARK_LIMIT] = {0};

	add_counts(sums, PG_GETARG_COUNTS_PP(0));
	PG_RETURN_INT64(sums[PG_GETARG_MARK(1)]);
}

PG_FUNCTION_INFO_V1(att_mark_counts_rows);
Datum
att_mark_counts_rows(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int64 sums[MARK_LIMIT] = {0};

	add_counts(sums, PG_GETARG_COUNTS_PP(0));
	InitMaterializedSRF(fcinfo, 0);
	for (Mark mark = 1; mark < MARK_LIMIT; mark++)
	{
		Datum values[2] = {MarkGetDatum(mark), Int64GetDatum(sums[mark])};
		bool nulls[2] = {false};

		if (sums[mark] != 0)
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(att_mark_counts_tally);
Datum
att_mark_counts_tally(PG_FUNCTION_ARGS)
{
	AttendanceTally *tally = palloc0(sizeof(AttendanceTally));
	int64 sums[MARK_LIMIT] = {0};

	add_counts(sums, PG_GETARG_COUNTS_PP(0));
	for (Mark mark = 1; mark < MARK_LIMIT; mark++)
	{
		if (sums[mark] != 0)
			tally_add_mark(tally, mark, sums[mark]);
	}
	PG_RETURN_POINTER(tally);
}
