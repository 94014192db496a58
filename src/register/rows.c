/*
 * rows.c
 *		Rows of a register's tables, read without a query: for what every statement asks, where
 *		a query would take longer than all else.  No right is asked and no code of the table's owner
 *		runs; who reads so knows what the user may see of it.
 */
#include "register/register.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/pg_am_d.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation_d.h"
#include "executor/spi.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

/* False, and nothing is open, if it is no table with these columns. */
bool
open_rows(RowSource *source, Oid relation, const RowColumn *columns, int count)
{
	Assert(count <= ROW_SOURCE_COLUMNS);
	if (!OidIsValid(relation) || get_rel_relkind(relation) != RELKIND_RELATION)
		return false;
	source->relation = relation;
	source->table = table_open(relation, AccessShareLock);
	for (int i = 0; i < count; i++)
	{
		int column = SPI_fnumber(RelationGetDescr(source->table), columns[i].name);

		if (column <= 0 || !column_is(RelationGetDescr(source->table), column, columns[i].type))
		{
			close_rows(source);
			return false;
		}
		source->columns[i] = column;
		source->has_index[i] = false;
	}
	return true;
}

/* Closes a table, to be opened again: it stays locked, so that it is as it was found. */
void
close_rows(RowSource *source)
{
	table_close(source->table, NoLock);
}

void
reopen_rows(RowSource *source)
{
	source->table = table_open(source->relation, AccessShareLock);
}

static bool
serves(Relation index, AttrNumber column)
{
	Oid collation = index->rd_indcollation[0];

	return index->rd_rel->relam == BTREE_AM_OID && index->rd_index->indisvalid &&
		   index->rd_index->indkey.values[0] == column && RelationGetIndexPredicate(index) == NIL &&
		   (!OidIsValid(collation) || collation == C_COLLATION_OID);
}

/* An index whose first column it is, which has all rows; or none. */
static Oid
index_on(Relation table, AttrNumber column)
{
	List *indexes = RelationGetIndexList(table);
	ListCell *cell;
	Oid found = InvalidOid;

	foreach (cell, indexes)
	{
		Relation index = index_open(lfirst_oid(cell), AccessShareLock);

		if (serves(index, column))
			found = RelationGetRelid(index);
		index_close(index, AccessShareLock);
		if (OidIsValid(found))
			break;
	}
	list_free(indexes);
	return found;
}

/* The rows with a value in a column, as the query that asks sees them; equality is that of bytes. */
SysScanDesc
scan_rows(RowSource *source, int column, RegProcedure equal, Datum value)
{
	ScanKeyData key;

	ScanKeyInit(&key, source->columns[column], BTEqualStrategyNumber, equal, value);
	key.sk_collation = C_COLLATION_OID;
	if (!source->has_index[column])
	{
		source->indexes[column] = index_on(source->table, source->columns[column]);
		source->has_index[column] = true;
	}
	return systable_beginscan(source->table, source->indexes[column],
							  OidIsValid(source->indexes[column]), GetActiveSnapshot(), 1, &key);
}

SysScanDesc
scan_all_rows(const RowSource *source)
{
	return systable_beginscan(source->table, InvalidOid, false, GetActiveSnapshot(), 0, NULL);
}

Datum
row_value(const RowSource *source, HeapTuple row, int column, bool *isnull)
{
	return heap_getattr(row, source->columns[column], RelationGetDescr(source->table), isnull);
}
