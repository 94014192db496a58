/*
 * line.c
 *		The trigger that a line of the register meets before it is written: it stays where it is,
 *		belongs to an enrolment, says what that and its pupil say, and keeps no signature.  Its marks
 *		are checked afterwards (register/statement.c, rules/line_rules.c).
 */
#include "journal/journal.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_trigger.h"
#include "commands/sequence.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "rules/rules.h"

enum
{
	COLUMN_SCHOOL,
	COLUMN_YEAR,
	COLUMN_PUPIL,
	COLUMN_ENROLMENT_START,
	COLUMN_LINE_KEY,
	COLUMN_FACTS, /* those of QUERY_LINE_FACTS, in its order */
	COLUMN_SIGNATURE = COLUMN_FACTS + LINE_FACTS
};

#define FACT(column, column_type) \
	{ \
		.name = column, .type = column_type, .written = true, .optional = true \
	}

static const TriggerColumn line_columns[] = {
	[COLUMN_SCHOOL] = {.name = "school_urn", .type = INT4OID},
	[COLUMN_YEAR] = {.name = "academic_year", .type = INT4OID},
	[COLUMN_PUPIL] = {.name = "pupil_id", .type = INT8OID},
	[COLUMN_ENROLMENT_START] = {.name = "enrolment_start", .type = DATEOID, .written = true},
	[COLUMN_LINE_KEY] = {.name = "line_key", .type = INT4OID, .written = true, .optional = true},
	[COLUMN_FACTS] = FACT("enrolment_end", DATEOID),
	FACT("birth_cohort", INT4OID),
	FACT("is_counted", BOOLOID),
	FACT("year_group", TEXTOID),
	FACT("registration_group", TEXTOID),
	FACT("sex", TEXTOID),
	[COLUMN_SIGNATURE] = TAKES_SIGNATURE,
};

static void
check_table(FunctionCallInfo fcinfo, TriggerData *data)
{
	check_is_of_lines(data->tg_relation);
}

static const TriggerKind guard_register_line_kind = {
	.name = "guard_register_line",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE,
	.columns = line_columns,
	.column_count = lengthof(line_columns),
	.check = check_table,
};

/* False if a part of the key is NULL, which the table itself refuses. */
static bool
get_key(const int *columns, HeapTuple row, TupleDesc tupdesc, LineKey *key)
{
	bool nulls[3];

	key->school_urn = get_integer(row, tupdesc, columns[COLUMN_SCHOOL], &nulls[0]);
	key->academic_year = get_integer(row, tupdesc, columns[COLUMN_YEAR], &nulls[1]);
	key->pupil_id = get_bigint(row, tupdesc, columns[COLUMN_PUPIL], &nulls[2]);
	return !nulls[0] && !nulls[1] && !nulls[2];
}

/* ---------- what the enrolment and the pupil say ---------- */

/* A register of the first definition has none in its lines until it is upgraded. */
static bool
has_facts(const int *columns)
{
	for (int fact = 0; fact < LINE_FACTS; fact++)
	{
		if (columns[COLUMN_FACTS + fact] <= 0)
			return false;
	}
	return true;
}

/* A slot is laid open once, whatever is read of it. */
static bool
same_value(TupleTableSlot *a, TupleTableSlot *b, int column)
{
	Form_pg_attribute attribute = TupleDescAttr(a->tts_tupleDescriptor, column - 1);
	bool a_null, b_null;
	Datum a_value = slot_getattr(a, column, &a_null);
	Datum b_value = slot_getattr(b, column, &b_null);

	if (a_null || b_null)
		return a_null && b_null;
	return datumIsEqual(a_value, b_value, attribute->attbyval, attribute->attlen);
}

/* Whether a statement leaves alone what only the enrolment and the pupil say: most enter marks. */
static bool
same_facts(const int *columns, TupleTableSlot *new, TupleTableSlot *old)
{
	for (int fact = 0; fact < LINE_FACTS; fact++)
	{
		if (!same_value(new, old, columns[COLUMN_FACTS + fact]))
			return false;
	}
	return same_value(new, old, columns[COLUMN_ENROLMENT_START]);
}

static void
refuse_no_enrolment(const LineKey *key, const char *start)
{
	ereport(ERROR,
			(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
			 start == NULL
				 ? errmsg("pupil " INT64_FORMAT
						  " has no enrolment at school %d in the academic year %d/%02d",
						  key->pupil_id, key->school_urn, key->academic_year,
						  (key->academic_year + 1) % 100)
				 : errmsg("pupil " INT64_FORMAT " has no enrolment at school %d that starts on %s",
						  key->pupil_id, key->school_urn, start)));
}

/* What QUERY_LINE_FACTS has found, in place of what the row says. */
static HeapTuple
put_facts(const int *columns, HeapTuple row, Relation lines)
{
	int replaced[LINE_FACTS + 1];
	Datum values[LINE_FACTS + 1];
	char nulls[LINE_FACTS + 1];

	for (int fact = 0; fact <= LINE_FACTS; fact++)
	{
		bool isnull;

		replaced[fact] = columns[fact == 0 ? COLUMN_ENROLMENT_START : COLUMN_FACTS + fact - 1];
		values[fact] = result_value(0, fact + 1, &isnull);
		nulls[fact] = isnull ? 'n' : ' ';
	}
	return SPI_modifytuple(lines, row, lengthof(replaced), replaced, values, nulls);
}

/* The start of the first enrolment in the year that the transaction sees. */
static Datum
first_enrolment(Oid register_oid, const LineKey *key)
{
	Datum values[3] = {Int32GetDatum(key->school_urn), Int32GetDatum(key->academic_year),
					   Int64GetDatum(key->pupil_id)};
	bool isnull;

	run_query(register_oid, QUERY_FIRST_ENROLMENT, values);
	if (SPI_processed == 0)
		refuse_no_enrolment(key, NULL);
	return result_value(0, 1, &isnull);
}

static void
refuse_moved_start(const LineKey *key)
{
	ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					errmsg("pupil " INT64_FORMAT
						   ": the start of the enrolment at school %d was changed at the same time",
						   key->pupil_id, key->school_urn)));
}

/*
 * The row with the start of its enrolment, the first in the year if none is given, and with what the
 * enrolment and the pupil say, whatever the row says of it.  The facts are those of now, but the
 * foreign key takes only an enrolment that the transaction sees: if it has moved since its snapshot,
 * the transaction is to be repeated.
 */
static HeapTuple
fill_facts(const int *columns, HeapTuple row, Relation lines, Oid register_oid, const LineKey *key)
{
	Datum values[4] = {Int32GetDatum(key->school_urn), Int32GetDatum(key->academic_year),
					   Int64GetDatum(key->pupil_id)};
	TupleDesc tupdesc = RelationGetDescr(lines);
	int start = columns[COLUMN_ENROLMENT_START];
	char nulls[] = "    ";
	bool no_start;
	bool first_seen;
	OwnerScope scope;

	values[3] = SPI_getbinval(row, tupdesc, start, &no_start);
	first_seen = no_start && IsolationUsesXactSnapshot();
	nulls[3] = no_start && !first_seen ? 'n' : ' ';
	begin_as_owner(&scope, register_oid);
	SPI_connect();
	if (first_seen)
		values[3] = first_enrolment(register_oid, key);
	run_query_with_nulls(register_oid, QUERY_LINE_FACTS, values, nulls);
	if (SPI_processed == 0 && first_seen)
		refuse_moved_start(key);
	if (SPI_processed == 0)
		refuse_no_enrolment(key, SPI_getvalue(row, tupdesc, start));
	row = put_facts(columns, row, lines);
	SPI_finish();
	end_as_owner(&scope);
	return row;
}

/* In a register of the first definition: the row with the start of its enrolment alone. */
static HeapTuple
fill_enrolment(const int *columns, HeapTuple row, TupleDesc tupdesc, Oid register_oid,
			   const LineKey *key)
{
	int column = columns[COLUMN_ENROLMENT_START];
	OwnerScope scope;
	bool isnull;
	Datum start;

	SPI_getbinval(row, tupdesc, column, &isnull);
	if (!isnull)
		return row;
	begin_as_owner(&scope, register_oid);
	SPI_connect();
	start = first_enrolment(register_oid, key);
	SPI_finish();
	end_as_owner(&scope);
	isnull = false;
	return heap_modify_tuple_by_cols(row, tupdesc, 1, &column, &start, &isnull);
}

/*
 * The row with what its enrolment and pupil say, read again if a statement says otherwise.  Who
 * changes those finds each line by its enrolment, but for one that comes to it meanwhile.
 */
static HeapTuple
take_facts(const int *columns, HeapTuple row, const TriggerData *data, Oid register_oid,
		   const LineKey *key)
{
	Relation lines = data->tg_relation;
	bool update = TRIGGER_FIRED_BY_UPDATE(data->tg_event);

	if (!has_facts(columns))
		return fill_enrolment(columns, row, RelationGetDescr(lines), register_oid, key);
	if (update && same_facts(columns, data->tg_newslot, data->tg_trigslot))
		return row;
	if (!update ||
		!same_value(data->tg_newslot, data->tg_trigslot, columns[COLUMN_ENROLMENT_START]))
		lock_to_open(register_oid, key->school_urn);
	return fill_facts(columns, row, lines, register_oid, key);
}

/* The row with a number of its own, if none is given; whoever may open a line may number it. */
static HeapTuple
fill_line_key(const int *columns, HeapTuple row, TupleDesc tupdesc, Oid register_oid)
{
	int column = columns[COLUMN_LINE_KEY];
	Oid sequence;
	Datum value;
	bool isnull = false;
	int64 number;

	if (column > 0)
		SPI_getbinval(row, tupdesc, column, &isnull);
	if (!isnull)
		return row;
	sequence = get_relname_relid("register_line_key", register_oid);
	if (!OidIsValid(sequence))
		return row;
	number = nextval_internal(sequence, false);
	if (number != (int32) number) /* the sequence of a register is one of integers */
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("sequence \"register_line_key\" has left the range of integer")));
	isnull = false;
	value = Int32GetDatum((int32) number);
	return heap_modify_tuple_by_cols(row, tupdesc, 1, &column, &value, &isnull);
}

static bool
same_line(const LineKey *a, const LineKey *b)
{
	return a->school_urn == b->school_urn && a->academic_year == b->academic_year &&
		   a->pupil_id == b->pupil_id;
}

static const char *
moved_column(const LineKey *new, const LineKey *old)
{
	int column = new->school_urn != old->school_urn         ? COLUMN_SCHOOL
				 : new->academic_year != old->academic_year ? COLUMN_YEAR
															: COLUMN_PUPIL;

	return line_columns[column].name;
}

static void
check_not_moved(Relation lines, const LineKey *new, const LineKey *old)
{
	if (!same_line(new, old))
		ereport(
			ERROR,
			(errcode_for_rule(RULE_LINE_MOVED), errtablecolname(lines, moved_column(new, old)),
			 errmsg("the line of pupil " INT64_FORMAT
					" at school %d in %d/%02d cannot become that of another pupil, school or year",
					old->pupil_id, old->school_urn, old->academic_year,
					(old->academic_year + 1) % 100)));
}

/*
 * ON CONFLICT DO UPDATE takes the signature of the row that was to be inserted: it comes directly
 * before.  No other row may be signed by its neighbour, in MERGE or by an UPDATE that signs some.
 */
static bool
follows_insert(Statement *statement, bool update, const LineKey *key)
{
	bool follows = update && statement->has_insert && same_line(&statement->insert, key);

	statement->has_insert = !update;
	statement->insert = *key;
	return follows;
}

PG_FUNCTION_INFO_V1(att_guard_register_line);
Datum
att_guard_register_line(PG_FUNCTION_ARGS)
{
	const int *columns;
	TriggerData *data = start_trigger(fcinfo, &guard_register_line_kind, &columns);
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	Statement *statement = get_statement(fcinfo, data->tg_relation);
	bool update = TRIGGER_FIRED_BY_UPDATE(data->tg_event);
	HeapTuple row = update ? data->tg_newtuple : data->tg_trigtuple;
	Signature signature;
	LineKey key, old_key;

	if (!get_key(columns, row, tupdesc, &key))
		return PointerGetDatum(row);
	hold_line_to_access(statement->state.register_oid, key.school_urn, key.pupil_id);
	if (update)
	{
		get_key(columns, data->tg_trigtuple, tupdesc, &old_key);
		check_not_moved(data->tg_relation, &key, &old_key);
	}
	row = take_signature(statement, row, tupdesc, columns + COLUMN_SIGNATURE,
						 follows_insert(statement, update, &key), &signature);
	row = take_facts(columns, row, data, statement->state.register_oid, &key);
	return PointerGetDatum(fill_line_key(columns, row, tupdesc, statement->state.register_oid));
}
