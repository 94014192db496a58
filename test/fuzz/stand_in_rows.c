/*
 * stand_in_rows.c
 *		Ranges, arrays and rows: no more of them than is needed to see what goes in and out.
 */
#include "stand_in.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/datetime.h"
#include "utils/expandeddatum.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* What later versions of PostgreSQL promise not to change. */
#if PG_VERSION_NUM >= 170000
#define CONST_17 const
#else
#define CONST_17
#endif
#if PG_VERSION_NUM >= 190000
#define CONST_19 const
#else
#define CONST_19
#endif

/* ---------- ranges ---------- */

typedef struct DayRange
{
	RangeType range;
	RangeBound lower;
	RangeBound upper;
} DayRange;

Datum
make_days(bool has_from, DateADT from, bool has_until, DateADT until)
{
	DayRange *days = palloc0(sizeof(DayRange));

	SET_VARSIZE(days, sizeof(DayRange));
	days->lower = (RangeBound){DateADTGetDatum(from), !has_from, true, true};
	days->upper = (RangeBound){DateADTGetDatum(until), !has_until, false, false};
	return PointerGetDatum(days);
}

void
range_deserialize(TypeCacheEntry *typcache, const RangeType *range, RangeBound *lower,
				  RangeBound *upper, bool *empty)
{
	const DayRange *days = (const DayRange *) range;

	*lower = days->lower;
	*upper = days->upper;
	*empty = false;
}

TypeCacheEntry *
range_get_typcache(FunctionCallInfo fcinfo, Oid type)
{
	return NULL;
}

TypeCacheEntry *
lookup_type_cache(Oid type, int flags)
{
	return NULL;
}

static RangeType *
keep_range(const RangeBound *lower, const RangeBound *upper)
{
	DayRange *days = palloc0(sizeof(DayRange));

	SET_VARSIZE(days, sizeof(DayRange));
	days->lower = *lower;
	days->upper = *upper;
	return &days->range;
}

#if PG_VERSION_NUM >= 160000
RangeType *
range_serialize(TypeCacheEntry *typcache, RangeBound *lower, RangeBound *upper, bool empty,
				struct Node *escontext)
{
	return keep_range(lower, upper);
}

RangeType *
make_range(TypeCacheEntry *typcache, RangeBound *lower, RangeBound *upper, bool empty,
		   struct Node *escontext)
{
	return keep_range(lower, upper);
}
#else
RangeType *
range_serialize(TypeCacheEntry *typcache, RangeBound *lower, RangeBound *upper, bool empty)
{
	return keep_range(lower, upper);
}

RangeType *
make_range(TypeCacheEntry *typcache, RangeBound *lower, RangeBound *upper, bool empty)
{
	return keep_range(lower, upper);
}
#endif

/* ---------- arrays, whose elements stand beside them ---------- */

typedef struct Elements
{
	ArrayType array;
	int dims[2];
	const Datum *elements;
	int count;
} Elements;

Datum
make_array(int rows, int columns, Oid type, const Datum *elements, int count)
{
	Elements *array = palloc0(sizeof(Elements));

	SET_VARSIZE(array, sizeof(Elements));
	array->array.ndim = columns > 0 ? 2 : 1;
	array->array.elemtype = type;
	array->dims[0] = rows;
	array->dims[1] = columns;
	array->elements = elements;
	array->count = count;
	return PointerGetDatum(array);
}

void
deconstruct_array(CONST_19 ArrayType *array, Oid type, int length, bool by_value, char align,
				  Datum **values, bool **nulls, int *count)
{
	const Elements *elements = (const Elements *) array;

	*values = keep_bytes(elements->elements, elements->count * sizeof(Datum));
	if (nulls != NULL)
		*nulls = palloc0(elements->count + 1);
	*count = elements->count;
}

bool
array_contains_nulls(CONST_19 ArrayType *array)
{
	return false;
}

void
get_typlenbyvalalign(Oid type, int16 *length, bool *by_value, char *align)
{
	*length = -1;
	*by_value = false;
	*align = TYPALIGN_INT;
}

ArrayType *
construct_array(Datum *elements, int count, Oid type, int length, bool by_value, char align)
{
	return (ArrayType *) DatumGetPointer(make_array(count, 0, type, elements, count));
}

ArrayBuildState *
initArrayResult(Oid type, MemoryContext context, bool subcontext)
{
	return palloc0(sizeof(ArrayBuildState));
}

ArrayBuildState *
accumArrayResult(ArrayBuildState *state, Datum value, bool null, Oid type, MemoryContext context)
{
	state->nelems++;
	return state;
}

Datum
makeArrayResult(ArrayBuildState *state, MemoryContext context)
{
	return Int32GetDatum(state->nelems);
}

/* ---------- rows ---------- */

int rows_given;

void
InitMaterializedSRF(FunctionCallInfo fcinfo, uint32 flags)
{
	rows_given = 0;
}

void
tuplestore_putvalues(Tuplestorestate *state, TupleDesc desc, CONST_17 Datum *values,
					 CONST_17 bool *nulls)
{
	rows_given++;
}

TupleDesc
lookup_rowtype_tupdesc(Oid type, int32 typmod)
{
	static struct TupleDescData desc = {.tdrefcount = -1};

	return &desc;
}

void
DecrTupleDescRefCount(TupleDesc desc)
{
}

HeapTuple
heap_form_tuple(TupleDesc desc, CONST_17 Datum *values, CONST_17 bool *nulls)
{
	return palloc0(sizeof(HeapTupleData));
}

Datum
HeapTupleHeaderGetDatum(HeapTupleHeader tuple)
{
	return (Datum) 0;
}

Oid
get_element_type(Oid type)
{
	return InvalidOid;
}

Oid
get_func_rettype(Oid function)
{
	return InvalidOid;
}

/* ---------- the rest ---------- */

volatile sig_atomic_t InterruptPending = false;

void
ProcessInterrupts(void)
{
}

int
AggCheckCallContext(FunctionCallInfo fcinfo, MemoryContext *context)
{
	return 0;
}

void
EOH_init_header(ExpandedObjectHeader *header, const ExpandedObjectMethods *methods,
				MemoryContext context)
{
	header->eoh_methods = methods;
	header->eoh_context = context;
}

ExpandedObjectHeader *
DatumGetEOHP(Datum datum)
{
	fail("no value is expanded here");
}

/* Percentages are PostgreSQL's business: any value will do. */
Datum
numeric_mul(PG_FUNCTION_ARGS)
{
	return PG_GETARG_DATUM(0);
}

Datum
numeric_div(PG_FUNCTION_ARGS)
{
	return PG_GETARG_DATUM(0);
}

Datum
numeric_round(PG_FUNCTION_ARGS)
{
	return PG_GETARG_DATUM(0);
}

Numeric
int64_to_numeric(int64 number)
{
	return (Numeric) DatumGetPointer(make_value(&number, sizeof(number)));
}

Numeric
int64_div_fast_to_numeric(int64 number, int places)
{
	return int64_to_numeric(number);
}

Datum
DirectFunctionCall2Coll(PGFunction function, Oid collation, Datum first, Datum second)
{
	return first;
}

int
academic_year_start(int academic_year)
{
	return date2j(academic_year, 8, 1) - POSTGRES_EPOCH_JDATE;
}
