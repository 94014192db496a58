/*
 * records.c
 *		Reads the rows that an entry of kind records holds, {"table": ..., "old": {...}, "new": {...}}
 *		each, as gather.c writes them: its bytes can be any.
 *
 * What is asked of the whole journal is asked of few rows or of one column of each.  So a row stays
 * the text that it is, and only its key is looked for.
 */
#include "journal/journal.h"
#include "journal/json.h"

#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

/* ---------- keys ---------- */

/* A table, and the columns of its key, apart by commas. */
typedef struct KeyColumns
{
	Piece relation;
	Piece columns;
} KeyColumns;

static text *
make_text(Piece piece)
{
	return cstring_to_text_with_len(piece.bytes, piece.length);
}

static text *
text_with_escapes(Piece string)
{
	char *array = psprintf("[%.*s]", (int) string.length, string.bytes);

	return DatumGetTextPP(
		DirectFunctionCall2(json_array_element_text, CStringGetTextDatum(array), Int32GetDatum(0)));
}

/* As the operator ->> has it. */
static text *
column_text(Piece row, Piece column)
{
	Piece value = find_column(row, column);

	if (value.length == 4 && memcmp(value.bytes, "null", 4) == 0)
		return NULL;
	if (*value.bytes != '"')
		return make_text(value);
	if (memchr(value.bytes, '\\', value.length) != NULL)
		return text_with_escapes(value);
	return make_text((Piece){value.bytes + 1, value.length - 2});
}

/* Several columns are an array, as jsonb writes it. */
static text *
columns_text(Piece row, Piece columns)
{
	const char *end = columns.bytes + columns.length;
	StringInfoData array;

	initStringInfo(&array);
	for (const char *start = columns.bytes, *comma; start <= end; start = comma + 1)
	{
		Piece value;

		comma = memchr(start, ',', end - start);
		if (comma == NULL)
			comma = end;
		value = find_column(row, (Piece){start, comma - start});
		appendStringInfoString(&array, start == columns.bytes ? "[" : ", ");
		appendBinaryStringInfo(&array, value.bytes, value.length);
	}
	appendStringInfoChar(&array, ']');
	return cstring_to_text_with_len(array.data, array.len);
}

/* NULL for a row that is not there, and of a table whose key is not told. */
static text *
key_of_row(Piece row, const KeyColumns *key)
{
	if (row.bytes == NULL || key == NULL)
		return NULL;
	if (memchr(key->columns.bytes, ',', key->columns.length) != NULL)
		return columns_text(row, key->columns);
	return column_text(row, key->columns);
}

/* ---------- rows ---------- */

/* What an entry says of a row: its table, what it was and what it became. */
typedef struct Record
{
	int place;
	Piece relation;
	Piece old;
	Piece new;
	const KeyColumns *key; /* NULL if that of the table is not told */
	text *old_key;
	text *new_key;
} Record;

typedef struct RecordReader RecordReader;
typedef void (*RecordVisitor)(RecordReader *reader, const Record *record);

struct RecordReader
{
	JsonReader json;
	RecordVisitor visit;
	const KeyColumns *keys;
	int key_count;
	int key; /* that of the row before */
	const Piece *sought;
	int sought_count;
	ReturnSetInfo *rsinfo;
};

/* What is of one table comes together. */
static const KeyColumns *
find_key(RecordReader *reader, Piece relation)
{
	for (int i = 0; i < reader->key_count; i++)
	{
		int key = (reader->key + i) % reader->key_count;

		if (same_piece(reader->keys[key].relation, relation))
		{
			reader->key = key;
			return &reader->keys[key];
		}
	}
	return NULL;
}

static void
read_record(RecordReader *reader, int place)
{
	static const Piece table = {"table", 5}, old = {"old", 3}, new = {"new", 3};
	Record record = {.place = place};
	Piece name, value;

	need_byte(&reader->json, '{');
	for (bool first = true; get_member(&reader->json, first, &name, &value); first = false)
	{
		if (same_piece(name, table) && *value.bytes == '"')
			record.relation = (Piece){value.bytes + 1, value.length - 2};
		else if (same_piece(name, old))
			record.old = value;
		else if (same_piece(name, new))
			record.new = value;
	}
	if (record.relation.bytes == NULL)
		rows_are_corrupt();
	record.key = find_key(reader, record.relation);
	record.old_key = key_of_row(record.old, record.key);
	record.new_key = key_of_row(record.new, record.key);
	reader->visit(reader, &record);
}

/* Memory is taken for a row at a time. */
static void
read_records(RecordReader *reader)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "row of an entry", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outside = MemoryContextSwitchTo(context);

	need_byte(&reader->json, '[');
	for (int place = 1; !take_byte(&reader->json, ']'); place++)
	{
		CHECK_FOR_INTERRUPTS();
		if (place > 1)
			need_byte(&reader->json, ',');
		read_record(reader, place);
		MemoryContextReset(context);
	}
	if (!at_end(&reader->json))
		rows_are_corrupt();
	MemoryContextSwitchTo(outside);
	MemoryContextDelete(context);
}

/* ---------- as functions ---------- */

static Piece *
get_pieces(ArrayType *array, int *count)
{
	Datum *values;
	bool *nulls;
	Piece *pieces;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, count);
	pieces = palloc(sizeof(Piece) * (*count + 1));
	for (int i = 0; i < *count; i++)
	{
		const char *value = DatumGetPointer(values[i]);

		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("an array of tables, keys or values must not contain NULL")));
		pieces[i] = (Piece){VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
	}
	return pieces;
}

static KeyColumns *
get_keys(ArrayType *relations, ArrayType *columns, int *count)
{
	int column_count;
	Piece *relation = get_pieces(relations, count);
	Piece *column = get_pieces(columns, &column_count);
	KeyColumns *keys = palloc(sizeof(KeyColumns) * (*count + 1));

	if (*count != column_count)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("there are %d tables, and %d keys", *count, column_count)));
	for (int i = 0; i < *count; i++)
		keys[i] = (KeyColumns){relation[i], column[i]};
	return keys;
}

static void
start_records(RecordReader *reader, FunctionCallInfo fcinfo, RecordVisitor visit)
{
	bytea *payload = PG_GETARG_BYTEA_PP(0);
	const char *bytes = VARDATA_ANY(payload);

	*reader = (RecordReader){
		.json = {bytes, bytes + VARSIZE_ANY_EXHDR(payload)},
		.visit = visit,
		.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo,
	};
	if (PG_NARGS() > 1)
		reader->keys =
			get_keys(PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_ARRAYTYPE_P(2), &reader->key_count);
	pg_verifymbstr(bytes, VARSIZE_ANY_EXHDR(payload), false);
	InitMaterializedSRF(fcinfo, 0);
}

static Datum
text_or_null(text *value, bool *isnull)
{
	*isnull = value == NULL;
	return PointerGetDatum(value);
}

static text *
row_text(Piece row)
{
	return row.bytes == NULL ? NULL : make_text(row);
}

static void
put_values(RecordReader *reader, Datum *values, bool *nulls)
{
	tuplestore_putvalues(reader->rsinfo->setResult, reader->rsinfo->setDesc, values, nulls);
}

static Piece
text_piece(const text *value)
{
	return (Piece){VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

static bool
is_sought(const RecordReader *reader, const text *key)
{
	for (int i = 0; key != NULL && i < reader->sought_count; i++)
	{
		if (same_piece(reader->sought[i], text_piece(key)))
			return true;
	}
	return false;
}

static void
put_sought(RecordReader *reader, const Record *record)
{
	Datum values[6];
	bool nulls[6] = {false};

	if (!is_sought(reader, record->old_key) && !is_sought(reader, record->new_key))
		return;
	values[0] = Int32GetDatum(record->place);
	values[1] = PointerGetDatum(make_text(record->relation));
	values[2] = text_or_null(record->old_key, &nulls[2]);
	values[3] = text_or_null(record->new_key, &nulls[3]);
	values[4] = text_or_null(row_text(record->old), &nulls[4]);
	values[5] = text_or_null(row_text(record->new), &nulls[5]);
	put_values(reader, values, nulls);
}

/* journal_rows(payload, relations, keys, sought) */
PG_FUNCTION_INFO_V1(att_journal_rows);
Datum
att_journal_rows(PG_FUNCTION_ARGS)
{
	RecordReader reader;

	start_records(&reader, fcinfo, put_sought);
	reader.sought = get_pieces(PG_GETARG_ARRAYTYPE_P(3), &reader.sought_count);
	read_records(&reader);
	PG_RETURN_VOID();
}

static void
put_row(RecordReader *reader, const Record *record)
{
	Datum values[4] = {Int32GetDatum(record->place), PointerGetDatum(make_text(record->relation))};
	bool nulls[4] = {false};

	values[2] = text_or_null(row_text(record->old), &nulls[2]);
	values[3] = text_or_null(row_text(record->new), &nulls[3]);
	put_values(reader, values, nulls);
}

/* journal_rows(payload) */
PG_FUNCTION_INFO_V1(att_journal_all_rows);
Datum
att_journal_all_rows(PG_FUNCTION_ARGS)
{
	RecordReader reader;

	start_records(&reader, fcinfo, put_row);
	read_records(&reader);
	PG_RETURN_VOID();
}

static void
put_key(RecordReader *reader, const Record *record, text *key)
{
	Datum values[2] = {PointerGetDatum(make_text(record->relation))};
	bool nulls[2] = {false};

	values[1] = text_or_null(key, &nulls[1]);
	put_values(reader, values, nulls);
}

static void
put_keys(RecordReader *reader, const Record *record)
{
	if (record->new.bytes != NULL)
		put_key(reader, record, record->new_key);
	if (record->old.bytes != NULL)
		put_key(reader, record, record->old_key);
}

/* journal_keys(payload, relations, keys) */
PG_FUNCTION_INFO_V1(att_journal_keys);
Datum
att_journal_keys(PG_FUNCTION_ARGS)
{
	RecordReader reader;

	start_records(&reader, fcinfo, put_keys);
	read_records(&reader);
	PG_RETURN_VOID();
}

/* The version is NULL for a key that the row has given up. */
static void
put_version(RecordReader *reader, const Record *record, text *key, text *version)
{
	Datum values[4] = {Int32GetDatum(record->place), PointerGetDatum(make_text(record->relation))};
	bool nulls[4] = {false};

	values[2] = text_or_null(key, &nulls[2]);
	values[3] = text_or_null(version, &nulls[3]);
	put_values(reader, values, nulls);
}

static bool
same_key(const text *a, const text *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return same_piece(text_piece(a), text_piece(b));
}

static void
put_versions(RecordReader *reader, const Record *record)
{
	if (record->key == NULL)
		return;
	if (record->new.bytes != NULL)
		put_version(reader, record, record->new_key, row_text(record->new));
	if (record->old.bytes != NULL && !same_key(record->old_key, record->new_key))
		put_version(reader, record, record->old_key, NULL);
}

/* journal_versions(payload, relations, keys) */
PG_FUNCTION_INFO_V1(att_journal_versions);
Datum
att_journal_versions(PG_FUNCTION_ARGS)
{
	RecordReader reader;

	start_records(&reader, fcinfo, put_versions);
	read_records(&reader);
	PG_RETURN_VOID();
}
