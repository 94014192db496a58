/*
 * disclosure.c
 *		suppress_small_numbers(): which cells of a table of counts are not shown, so that none of
 *		the small ones can be worked out from the others and the totals.
 *
 * The table is one of a network.  Its nodes are the sums that a reader can make: one for each row and
 * each column, those of the totals included.  A cell is an arc between the two sums that it stands in,
 * and the true table stays a table of counts with all shown cells as they are if the hidden ones
 * change by one around a cycle of arcs.  Thus a hidden cell can have another value exactly if an arc
 * of it lies on such a cycle: otherwise it is exposed.  A hidden cell may always be more; it may be
 * less only if it is above one, for a reader who knows the rule knows that no zero is hidden.
 * (D. Gusfield, A graph theoretic approach to statistical data security, SIAM Journal on Computing
 * 17, 1988.)
 *
 * While a hidden cell is exposed, the cycle through it that hides the smallest numbers is found, and
 * its cells are hidden.
 */
#include "attendance.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#define NO_WAY PG_INT64_MAX

typedef struct CountTable
{
	int rows; /* the last is the totals' */
	int columns;
	int64 *count;
	bool *hidden;
	/* of find_way(): the least cost at which a sum is reached, and the cell by which it is */
	int64 *cost;
	int *by_cell;
	bool *done;
} CountTable;

static int
cell_row(const CountTable *table, int cell)
{
	return cell / table->columns;
}

static int
cell_column(const CountTable *table, int cell)
{
	return table->rows + cell % table->columns;
}

/*
 * Whether an arc that makes the cell more goes from its row's sum to its column's: in the cells
 * and in the grand total it does; a total stands on the other side of the sum of its parts.
 */
static bool
more_from_row(const CountTable *table, int cell)
{
	return (cell_row(table, cell) == table->rows - 1) ==
		   (cell_column(table, cell) == table->rows + table->columns - 1);
}

/* What it costs to use a cell in one direction: its count, if it is not hidden anyway. */
static int64
arc_cost(const CountTable *table, int cell, bool more)
{
	if (table->count[cell] < (more ? 1 : 2))
		return NO_WAY;
	return table->hidden[cell] ? 0 : table->count[cell];
}

static void
follow_arc(CountTable *table, int cell, bool from_row)
{
	int from = from_row ? cell_row(table, cell) : cell_column(table, cell);
	int to = from_row ? cell_column(table, cell) : cell_row(table, cell);
	int64 cost = arc_cost(table, cell, from_row == more_from_row(table, cell));
	int64 sum;

	if (cost == NO_WAY || pg_add_s64_overflow(table->cost[from], cost, &sum))
		return;
	if (sum < table->cost[to])
	{
		table->cost[to] = sum;
		table->by_cell[to] = cell;
	}
}

static void
follow_arcs(CountTable *table, int node, int without)
{
	bool from_row = node < table->rows;
	int step = from_row ? 1 : table->columns;
	int cell = from_row ? node * table->columns : node - table->rows;

	for (int n = from_row ? table->columns : table->rows; n > 0; n--, cell += step)
		if (cell != without)
			follow_arc(table, cell, from_row);
}

static int
nearest_node(const CountTable *table)
{
	int nearest = -1;

	for (int node = 0; node < table->rows + table->columns; node++)
		if (!table->done[node] && table->cost[node] < NO_WAY &&
			(nearest < 0 || table->cost[node] < table->cost[nearest]))
			nearest = node;
	return nearest;
}

/* Dijkstra: the cheapest way between two sums that does not use a cell; its cost. */
static int64
find_way(CountTable *table, int from, int to, int without)
{
	int nodes = table->rows + table->columns;
	int node;

	for (node = 0; node < nodes; node++)
	{
		table->cost[node] = NO_WAY;
		table->done[node] = false;
	}
	table->cost[from] = 0;
	while ((node = nearest_node(table)) >= 0 && node != to)
	{
		table->done[node] = true;
		follow_arcs(table, node, without);
	}
	return table->cost[to];
}

/* The cheapest cycle by which a cell is more, or less. */
static int64
find_cycle(CountTable *table, int cell, bool more)
{
	bool from_row = more_from_row(table, cell) == more;
	int row = cell_row(table, cell);
	int column = cell_column(table, cell);

	if (!more && table->count[cell] < 2)
		return NO_WAY;
	return find_way(table, from_row ? column : row, from_row ? row : column, cell);
}

static void
hide_cycle(CountTable *table, int cell, bool more)
{
	bool from_row = more_from_row(table, cell) == more;
	int node = from_row ? cell_row(table, cell) : cell_column(table, cell);
	int start = from_row ? cell_column(table, cell) : cell_row(table, cell);

	while (node != start)
	{
		int by = table->by_cell[node];

		table->hidden[by] = true;
		node = node < table->rows ? cell_column(table, by) : cell_row(table, by);
	}
}

/* Hides others so that a hidden cell is not exposed. */
static void
protect_cell(CountTable *table, int cell)
{
	int64 more = find_cycle(table, cell, true);
	int64 less = more == 0 ? NO_WAY : find_cycle(table, cell, false);

	if (more == 0 || less == 0)
		return;
	if (more == NO_WAY && less == NO_WAY)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg(
				 "the table is too small to be published: a number below the threshold cannot be protected")));
	if (more < less)
		find_cycle(table, cell, true); /* the way of the other direction has overwritten it */
	hide_cycle(table, cell, more < less);
}

static void
hide_small(CountTable *table, int64 threshold)
{
	int cells = table->rows * table->columns;

	for (int cell = 0; cell < cells; cell++)
		table->hidden[cell] = table->count[cell] > 0 && table->count[cell] < threshold;
	/* what was hidden to protect a cell lies on its cycle, and protects nobody less later */
	for (int cell = 0; cell < cells; cell++)
		if (table->hidden[cell])
		{
			CHECK_FOR_INTERRUPTS();
			protect_cell(table, cell);
		}
}

static int64
add_counts(int64 a, int64 b)
{
	int64 sum;

	if (pg_add_s64_overflow(a, b, &sum))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("a total does not fit a bigint")));
	return sum;
}

static void
add_totals(CountTable *table)
{
	int last_row = table->rows - 1;
	int last = table->columns - 1;

	for (int row = 0; row < last_row; row++)
		for (int column = 0; column < last; column++)
		{
			int64 count = table->count[row * table->columns + column];
			int64 *of_row = &table->count[row * table->columns + last];
			int64 *of_column = &table->count[last_row * table->columns + column];

			*of_row = add_counts(*of_row, count);
			*of_column = add_counts(*of_column, count);
		}
	for (int row = 0; row < last_row; row++)
	{
		int64 *all = &table->count[last_row * table->columns + last];

		*all = add_counts(*all, table->count[row * table->columns + last]);
	}
}

/* The counts of the rows and columns, as the array has them, with totals, all shown. */
static CountTable *
read_table(ArrayType *array)
{
	CountTable *table = palloc0(sizeof(CountTable));
	int64 given_rows;
	int64 given_columns;
	Datum *counts;
	int cells;

	if (ARR_NDIM(array) != 2 || ARR_ELEMTYPE(array) != INT8OID || array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the counts are not an array of two dimensions without nulls")));
	given_rows = ARR_DIMS(array)[0];
	given_columns = ARR_DIMS(array)[1];
	if ((given_rows + 1) * (given_columns + 1) > 1000000)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("a table of more than a million cells")));
	table->rows = given_rows + 1;
	table->columns = given_columns + 1;
	table->count = palloc0(sizeof(int64) * table->rows * table->columns);
	table->hidden = palloc0(sizeof(bool) * table->rows * table->columns);
	table->cost = palloc(sizeof(int64) * (table->rows + table->columns));
	table->by_cell = palloc0(sizeof(int) * (table->rows + table->columns));
	table->done = palloc(sizeof(bool) * (table->rows + table->columns));
	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &counts,
					  NULL, &cells);
	for (int cell = 0; cell < cells; cell++)
	{
		int64 count = DatumGetInt64(counts[cell]);

		if (count < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a count is negative")));
		table->count[cell / given_columns * table->columns + cell % given_columns] = count;
	}
	add_totals(table);
	return table;
}

/* disclosed_cells(counts bigint[], threshold integer): row, column, count, as shown; the totals are row or column 0 */
PG_FUNCTION_INFO_V1(att_disclosed_cells);
Datum
att_disclosed_cells(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	CountTable *table = read_table(PG_GETARG_ARRAYTYPE_P(0));

	InitMaterializedSRF(fcinfo, 0);
	hide_small(table, PG_GETARG_INT32(1));
	for (int cell = 0; cell < table->rows * table->columns; cell++)
	{
		int row = cell / table->columns + 1;
		int column = cell % table->columns + 1;
		Datum values[3] = {Int32GetDatum(row == table->rows ? 0 : row),
						   Int32GetDatum(column == table->columns ? 0 : column),
						   Int64GetDatum(table->count[cell])};
		bool nulls[3] = {false, false, table->hidden[cell]};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_VOID();
}
