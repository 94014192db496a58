/*
 * csv.c
 *		csv_rows(): the rows of a CSV file that is given as text, with the line that each begins in.
 *
 * RFC 4180, and what is met in practice: a byte order mark, rows that end with CR alone, and tabs or
 * semicolons in place of commas, as spreadsheets write them.
 * COPY does not take a file that mixes line ends, and reads from the server or the connection only.
 */
#include "attendance.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

typedef struct CsvReader
{
	const char *at;
	const char *end;
	int line;
	char delimiter; /* zero before the first row */
} CsvReader;

/* Every encoding of a server has bytes of ASCII only where ASCII is meant. */
static bool
at_line_end(const CsvReader *reader)
{
	return reader->at == reader->end || *reader->at == '\n' || *reader->at == '\r';
}

static void
skip_line_end(CsvReader *reader)
{
	if (reader->at == reader->end)
		return;
	if (*reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n')
		reader->at++;
	reader->at++;
	reader->line++;
}

static void
bad_csv(int line, const char *problem)
{
	ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT), errmsg("line %d: %s", line, problem)));
}

static void
read_quoted(CsvReader *reader, StringInfo field)
{
	int first_line = reader->line;

	reader->at++;
	for (;;)
	{
		const char *from = reader->at;

		if (reader->at == reader->end)
			bad_csv(first_line, "a quoted field has no end");
		if (*reader->at == '"')
		{
			reader->at++;
			if (reader->at == reader->end || *reader->at != '"')
				break;
			from = reader->at++; /* a doubled quote is one */
		}
		else if (at_line_end(reader))
			skip_line_end(reader);
		else
			reader->at++;
		appendBinaryStringInfo(field, from, (int) (reader->at - from));
	}
	if (!at_line_end(reader) && *reader->at != reader->delimiter)
		bad_csv(reader->line, "something follows the end of a quoted field");
}

static void
read_field(CsvReader *reader, StringInfo field)
{
	const char *from = reader->at;

	resetStringInfo(field);
	if (!at_line_end(reader) && *reader->at == '"')
	{
		read_quoted(reader, field);
		return;
	}
	while (!at_line_end(reader) && *reader->at != reader->delimiter)
		reader->at++;
	appendBinaryStringInfo(field, from, (int) (reader->at - from));
}

/* The fields of the row that the reader is at, as a text array. */
static Datum
read_row(CsvReader *reader, StringInfo field)
{
	ArrayBuildState *fields = initArrayResult(TEXTOID, CurrentMemoryContext, false);

	for (;;)
	{
		read_field(reader, field);
		accumArrayResult(fields, PointerGetDatum(cstring_to_text_with_len(field->data, field->len)),
						 false, TEXTOID, CurrentMemoryContext);
		if (at_line_end(reader))
			break;
		reader->at++;
	}
	skip_line_end(reader);
	return makeArrayResult(fields, CurrentMemoryContext);
}

static void
skip_byte_order_mark(CsvReader *reader)
{
	if (reader->end - reader->at >= 3 && memcmp(reader->at, "\xEF\xBB\xBF", 3) == 0)
		reader->at += 3;
}

/* That of the first row: a file of one column has none. */
static char
find_delimiter(const CsvReader *reader)
{
	CsvReader row = *reader;
	bool quoted = false, tab = false, semicolon = false;

	for (; !at_line_end(&row); row.at++)
	{
		quoted ^= *row.at == '"';
		if (*row.at == ',' && !quoted)
			return ',';
		tab |= *row.at == '\t' && !quoted;
		semicolon |= *row.at == ';' && !quoted;
	}
	return tab ? '\t' : semicolon ? ';' : ',';
}

PG_FUNCTION_INFO_V1(att_csv_rows);
Datum
att_csv_rows(PG_FUNCTION_ARGS)
{
	text *content = PG_GETARG_TEXT_PP(0);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	CsvReader reader = {VARDATA_ANY(content), VARDATA_ANY(content) + VARSIZE_ANY_EXHDR(content), 1,
						0};
	MemoryContext per_row;
	StringInfoData field;

	InitMaterializedSRF(fcinfo, 0);
	initStringInfo(&field);
	per_row = AllocSetContextCreate(CurrentMemoryContext, "row of CSV", ALLOCSET_DEFAULT_SIZES);
	skip_byte_order_mark(&reader);
	while (reader.at < reader.end)
	{
		Datum values[2] = {Int32GetDatum(reader.line)};
		bool nulls[2] = {false};
		MemoryContext caller;

		CHECK_FOR_INTERRUPTS();
		if (at_line_end(&reader)) /* an empty line is no row */
		{
			skip_line_end(&reader);
			continue;
		}
		if (reader.delimiter == 0)
			reader.delimiter = find_delimiter(&reader);
		caller = MemoryContextSwitchTo(per_row);
		values[1] = read_row(&reader, &field);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(per_row);
	}
	PG_RETURN_VOID();
}
