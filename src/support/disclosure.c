/*
 * disclosure.c
 *		suppress_small_numbers(): which cells of a table of counts are not shown, so that none of
 *		the small ones can be worked out from the others and the totals.
 *
 * The table is one of a network.  Its nodes are the sums that a reader can make: one for each row,
 * those of groups of columns in it, and one for each column, those of the totals included.  A cell is
 * an arc between the two sums that it stands in, and the true table stays a table of counts with all
 * shown cells as they are if the hidden ones change by one around a cycle of arcs.  Thus a hidden cell
 * can have another value exactly if an arc of it lies on such a cycle: otherwise it is exposed.  A
 * hidden cell may always be more; it may be less only if it is above one, for a reader who knows the
 * rule knows that no zero is hidden.
 * (D. Gusfield, A graph theoretic approach to statistical data security, SIAM Journal on Computing
 * 17, 1988.)
 *
 * While a hidden cell is exposed, the cycle through it that hides the smallest numbers is found, and
 * its cells are hidden.  Totals that are kept, as they are stated elsewhere, are on no cycle unless
 * they are small.
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
	int rows;    /* the last is the totals' */
	int leaves;  /* columns that are given */
	int groups;  /* columns that are sums of some of them */
	int columns; /* the leaves, the groups, the totals */
	int *parent; /* of a leaf or group: the column that it is a part of */
	int64 *count;
	bool *hidden;
	bool *kept;
	int nodes;
	/* the arcs of each node: cells, from first_arc[node] to before first_arc[node + 1] */
	int *first_arc;
	int *arc;
	/* of find_way(): the least cost at which a sum is reached, and the cell by which it is */
	int64 *cost;
	int *by_cell;
	bool *done;
} CountTable;

/* The sum of a row that makes a group or its total. */
static int
sum_of_row(const CountTable *table, int row, int column)
{
	return row * (table->groups + 1) + column - table->leaves;
}

/* The sum of a leaf, or of the totals of the rows, down the table. */
static int
sum_of_column(const CountTable *table, int column)
{
	int place = column < table->leaves ? column : table->leaves;

	return table->rows * (table->groups + 1) + place;
}

/*
 * The arc that makes a cell more.  A cell is a part of one of its sums and is the other one, or a part
 * of two; which end comes first is turned round in the row of the totals, so that each arc leads from
 * one sum to another.
 */
static void
find_arc(const CountTable *table, int cell, int *from, int *to)
{
	int row = cell / table->columns;
	int column = cell % table->columns;
	bool is_total = column == table->columns - 1;
	int near =
		is_total ? sum_of_column(table, column) : sum_of_row(table, row, table->parent[column]);
	int far =
		column < table->leaves ? sum_of_column(table, column) : sum_of_row(table, row, column);
	bool turned = row == table->rows - 1;

	*from = turned ? far : near;
	*to = turned ? near : far;
}

/* What it costs to use a cell in one direction: its count, if it is not hidden anyway. */
static int64
arc_cost(const CountTable *table, int cell, bool more)
{
	if (table->count[cell] < (more ? 1 : 2) || (table->kept[cell] && !table->hidden[cell]))
		return NO_WAY;
	return table->hidden[cell] ? 0 : table->count[cell];
}

static void
follow_arc(CountTable *table, int cell, int node)
{
	int from, to, other;
	int64 cost, sum;

	find_arc(table, cell, &from, &to);
	other = node == from ? to : from;
	cost = arc_cost(table, cell, node == from);
	if (cost == NO_WAY || pg_add_s64_overflow(table->cost[node], cost, &sum))
		return;
	if (sum < table->cost[other])
	{
		table->cost[other] = sum;
		table->by_cell[other] = cell;
	}
}

static void
follow_arcs(CountTable *table, int node, int without)
{
	for (int i = table->first_arc[node]; i < table->first_arc[node + 1]; i++)
		if (table->arc[i] != without)
			follow_arc(table, table->arc[i], node);
}

static int
nearest_node(const CountTable *table)
{
	int nearest = -1;

	for (int node = 0; node < table->nodes; node++)
		if (!table->done[node] && table->cost[node] < NO_WAY &&
			(nearest < 0 || table->cost[node] < table->cost[nearest]))
			nearest = node;
	return nearest;
}

/* Dijkstra: the cheapest way between two sums that does not use a cell; its cost. */
static int64
find_way(CountTable *table, int from, int to, int without)
{
	int node;

	for (node = 0; node < table->nodes; node++)
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
	int from, to;

	if (!more && table->count[cell] < 2)
		return NO_WAY;
	find_arc(table, cell, &from, &to);
	return more ? find_way(table, to, from, cell) : find_way(table, from, to, cell);
}

static void
hide_cycle(CountTable *table, int cell, bool more)
{
	int node, start, from, to;

	find_arc(table, cell, &from, &to);
	node = more ? from : to;
	start = more ? to : from;
	while (node != start)
	{
		int by = table->by_cell[node];

		table->hidden[by] = true;
		find_arc(table, by, &from, &to);
		node = node == from ? to : from;
	}
}

/* Hides others so that a hidden cell is not exposed; false if there are not enough of them. */
static bool
protect_cell(CountTable *table, int cell)
{
	int64 more = find_cycle(table, cell, true);
	int64 less = more == 0 ? NO_WAY : find_cycle(table, cell, false);

	if (more == 0 || less == 0)
		return true;
	if (more == NO_WAY && less == NO_WAY)
		return false;
	if (more < less)
		find_cycle(table, cell, true); /* the way of the other direction has overwritten it */
	hide_cycle(table, cell, more < less);
	return true;
}

static bool
hide_small(CountTable *table, int64 threshold)
{
	int cells = table->rows * table->columns;

	for (int cell = 0; cell < cells; cell++)
		table->hidden[cell] = table->count[cell] > 0 && table->count[cell] < threshold;
	/* what was hidden to protect a cell lies on its cycle, and protects nobody less later */
	for (int cell = 0; cell < cells; cell++)
	{
		CHECK_FOR_INTERRUPTS();
		if (table->hidden[cell] && !protect_cell(table, cell))
			return false;
	}
	return true;
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

/* To the groups that a leaf of a row is in, and to the totals of the row. */
static void
add_to_row(CountTable *table, int row, int leaf)
{
	int64 *counts = &table->count[row * table->columns];

	for (int column = leaf; column != table->columns - 1;)
	{
		column = table->parent[column];
		counts[column] = add_counts(counts[column], counts[leaf]);
	}
}

static void
add_totals(CountTable *table)
{
	int64 *totals = &table->count[(table->rows - 1) * table->columns];

	for (int row = 0; row < table->rows - 1; row++)
	{
		int64 *counts = &table->count[row * table->columns];

		for (int leaf = 0; leaf < table->leaves; leaf++)
			add_to_row(table, row, leaf);
		for (int column = 0; column < table->columns; column++)
			totals[column] = add_counts(totals[column], counts[column]);
	}
}

/* Which cells each sum is made of, the total among them. */
static void
find_arcs(CountTable *table)
{
	int cells = table->rows * table->columns;
	int from, to;
	int *place;

	table->nodes = table->rows * (table->groups + 1) + table->leaves + 1;
	table->first_arc = palloc0(sizeof(int) * (table->nodes + 1));
	table->arc = palloc(sizeof(int) * 2 * cells);
	for (int cell = 0; cell < cells; cell++)
	{
		find_arc(table, cell, &from, &to);
		table->first_arc[from + 1]++;
		table->first_arc[to + 1]++;
	}
	for (int node = 0; node < table->nodes; node++)
		table->first_arc[node + 1] += table->first_arc[node];
	place = palloc(sizeof(int) * table->nodes);
	memcpy(place, table->first_arc, sizeof(int) * table->nodes);
	for (int cell = 0; cell < cells; cell++)
	{
		find_arc(table, cell, &from, &to);
		table->arc[place[from]++] = cell;
		table->arc[place[to]++] = cell;
	}
	pfree(place);
}

static void
bad_argument(const char *problem)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s", problem)));
}

/* The numbers in an array, each from 0 to a greatest one. */
static int *
read_numbers(ArrayType *array, int greatest, int *count)
{
	Datum *elements;
	int *numbers;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		bad_argument("numbers of columns and rows are an array of one dimension without nulls");
	deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT, &elements, NULL, count);
	numbers = palloc(sizeof(int) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
	{
		numbers[i] = DatumGetInt32(elements[i]);
		if (numbers[i] < 0 || numbers[i] > greatest)
			bad_argument("there is no column or row of such a number");
	}
	return numbers;
}

/* The groups of the columns, numbered from 1; 0 is none.  Some may have no column. */
static void
read_groups(CountTable *table, ArrayType *array)
{
	int count;
	int *groups = read_numbers(array, table->leaves, &count);

	if (count != 0 && count != table->leaves)
		bad_argument("not every column has its group");
	for (int leaf = 0; leaf < count; leaf++)
		table->groups = Max(table->groups, groups[leaf]);
	table->columns = table->leaves + table->groups + 1;
	table->parent = palloc(sizeof(int) * table->columns);
	for (int column = 0; column < table->columns; column++)
	{
		bool in_group = column < count && groups[column] > 0;

		table->parent[column] = in_group ? table->leaves + groups[column] - 1 : table->columns - 1;
	}
}

static void
check_counts(ArrayType *array)
{
	if (ARR_NDIM(array) != 2 || ARR_ELEMTYPE(array) != INT8OID || array_contains_nulls(array))
		bad_argument("the counts are not an array of two dimensions without nulls");
	/* there are at most as many groups as columns */
	if (((int64) ARR_DIMS(array)[0] + 1) * ((int64) ARR_DIMS(array)[1] + 1) > 1000000)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("a table of more than a million cells")));
}

static void
read_counts(CountTable *table, ArrayType *array)
{
	Datum *counts;
	int cells;

	deconstruct_array(array, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &counts,
					  NULL, &cells);
	for (int cell = 0; cell < cells; cell++)
	{
		int64 count = DatumGetInt64(counts[cell]);

		if (count < 0)
			bad_argument("a count is negative");
		table->count[cell / table->leaves * table->columns + cell % table->leaves] = count;
	}
}

/* The counts of the rows and columns, as the array has them, with groups and totals, all shown. */
static CountTable *
read_table(ArrayType *counts, ArrayType *groups)
{
	CountTable *table = palloc0(sizeof(CountTable));
	int cells;

	check_counts(counts);
	table->rows = ARR_DIMS(counts)[0] + 1;
	table->leaves = ARR_DIMS(counts)[1];
	read_groups(table, groups);
	cells = table->rows * table->columns;
	table->count = palloc0(sizeof(int64) * cells);
	table->hidden = palloc0(sizeof(bool) * cells);
	table->kept = palloc0(sizeof(bool) * cells);
	read_counts(table, counts);
	add_totals(table);
	find_arcs(table);
	table->cost = palloc(sizeof(int64) * table->nodes);
	table->by_cell = palloc0(sizeof(int) * table->nodes);
	table->done = palloc(sizeof(bool) * table->nodes);
	return table;
}

/* The totals of columns and rows that are stated elsewhere; 0 is that of all. */
static bool
read_kept(CountTable *table, ArrayType *columns, ArrayType *rows)
{
	int column_count, row_count;
	int *column = read_numbers(columns, table->columns - 1, &column_count);
	int *row = read_numbers(rows, table->rows - 1, &row_count);
	int last_row = table->rows - 1, last_column = table->columns - 1;

	for (int i = 0; i < column_count; i++)
		table->kept[last_row * table->columns + (column[i] == 0 ? last_column : column[i] - 1)] =
			true;
	for (int i = 0; i < row_count; i++)
		table->kept[(row[i] == 0 ? last_row : row[i] - 1) * table->columns + last_column] = true;
	return column_count + row_count > 0;
}

static void
put_cells(const CountTable *table, ReturnSetInfo *result)
{
	for (int cell = 0; cell < table->rows * table->columns; cell++)
	{
		int row = cell / table->columns + 1;
		int column = cell % table->columns + 1;
		Datum values[3] = {Int32GetDatum(row == table->rows ? 0 : row),
						   Int32GetDatum(column == table->columns ? 0 : column),
						   Int64GetDatum(table->count[cell])};
		bool nulls[3] = {false, false, table->hidden[cell]};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/*
 * disclosed_cells(counts bigint[], threshold integer, groups integer[], kept_columns integer[],
 * kept_rows integer[]): row, column, count, as shown; groups come after the columns, the totals are row
 * or column 0
 */
PG_FUNCTION_INFO_V1(att_disclosed_cells);
Datum
att_disclosed_cells(PG_FUNCTION_ARGS)
{
	CountTable *table = read_table(PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_ARRAYTYPE_P(2));
	bool any_kept = read_kept(table, PG_GETARG_ARRAYTYPE_P(3), PG_GETARG_ARRAYTYPE_P(4));

	InitMaterializedSRF(fcinfo, 0);
	if (hide_small(table, PG_GETARG_INT32(1)))
		put_cells(table, (ReturnSetInfo *) fcinfo->resultinfo);
	else if (!any_kept)
		bad_argument(
			"the table is too small to be published: a number below the threshold cannot be protected");
	PG_RETURN_VOID();
}
