/*
 * signature.c
 *		Who makes the entries of a statement, and why.
 */
#include "journal/journal.h"

#include "access/htup_details.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/rel.h"

static char *
get_text(HeapTuple row, TupleDesc tupdesc, int column)
{
	bool isnull;
	Datum value = SPI_getbinval(row, tupdesc, column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static char *
keep_text(MemoryContext context, const char *text)
{
	return text == NULL ? NULL : MemoryContextStrdup(context, text);
}

bool
same_signature(const Signature *a, const Signature *b)
{
	return same_text(a->entered_by, b->entered_by) && same_text(a->title, b->title) &&
		   same_text(a->reason, b->reason);
}

/* A statement is an entry of one person, so all its rows have one signature. */
static void
sign_statement(Statement *statement, const Signature *signature)
{
	Signature *first = &statement->signature;

	if (!statement->has_signature)
	{
		statement->has_signature = true;
		first->entered_by = keep_text(statement->state.context, signature->entered_by);
		first->title = keep_text(statement->state.context, signature->title);
		first->reason = keep_text(statement->state.context, signature->reason);
	}
	else if (!same_signature(first, signature))
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("the rows of one statement must have the same entered_by, title and reason")));
}

/* What a statement brings about in a trigger, or in rows that refer to its own, is signed as it is. */
static void
sign_as_outer(const Statement *statement, Signature *signature)
{
	for (const State *outer = statement->state.next; outer != NULL; outer = outer->next)
	{
		if (outer->kind != STATE_TABLES || outer->register_oid != statement->state.register_oid)
			continue;
		*signature = ((const Statement *) outer)->signature;
		return;
	}
}

/*
 * Takes a row's signature for the statement and returns the row without it: signatures are kept in
 * the journal, so that none can be mistaken for that of a later change.  A row that has none may
 * inherit that of the statement.  The columns are those of TAKES_SIGNATURE.
 */
HeapTuple
take_signature(Statement *statement, HeapTuple row, TupleDesc tupdesc, const int *columns,
			   bool inherits, Signature *signature)
{
	int written[SIGNATURE_COLUMNS] = {columns[0], columns[1], columns[2]};
	Datum values[SIGNATURE_COLUMNS] = {0};
	bool nulls[SIGNATURE_COLUMNS] = {true, true, true};
	char *texts[SIGNATURE_COLUMNS];

	for (int i = 0; i < SIGNATURE_COLUMNS; i++)
		texts[i] = get_text(row, tupdesc, columns[i]);
	*signature = (Signature){texts[0], texts[1], texts[2]};
	if (texts[0] == NULL && texts[1] == NULL && texts[2] == NULL)
	{
		if (inherits)
		{
			*signature = statement->signature;
			return row;
		}
		sign_as_outer(statement, signature);
		sign_statement(statement, signature);
		return row;
	}
	sign_statement(statement, signature);
	return heap_modify_tuple_by_cols(row, tupdesc, SIGNATURE_COLUMNS, written, values, nulls);
}

bool
signature_is_complete(const Signature *signature)
{
	return has_words(signature->entered_by) && has_words(signature->title) &&
		   has_words(signature->reason);
}
