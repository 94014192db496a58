/*
 * schools.c
 *		Whether a school is one of those that a report is asked for.
 *
 * As an operator expression, "schools IS NULL OR school_urn = ANY (schools)" is taken by the planner
 * for one row in twenty wherever it does not know the array, which is in every query of a function
 * that is not inlined, and in generic plans: a whole authority is then read by nested loops.  The
 * function says what it knows: with a constant it is true, or a condition for an index, and else
 * it may be all schools.
 */
#include "attendance.h"

#include "catalog/pg_operator.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "utils/array.h"

/* Where the values begin; the macro of array.h mixes signed and unsigned numbers. */
static const int32 *
urns_of(const ArrayType *schools)
{
	Size offset = ARR_OVERHEAD_NONULLS(ARR_NDIM(schools));

	if (ARR_HASNULL(schools))
		offset = schools->dataoffset;
	return (const int32 *) ((const char *) schools + offset);
}

/* Another number of dimensions or a lower bound makes no difference, as for = ANY. */
PG_FUNCTION_INFO_V1(att_is_one_of);
Datum
att_is_one_of(PG_FUNCTION_ARGS)
{
	ArrayType *schools;
	bits8 *nulls;
	const int32 *urns;
	int32 urn;
	int count, place = 0;

	if (PG_ARGISNULL(1))
		PG_RETURN_BOOL(true);
	schools = PG_GETARG_ARRAYTYPE_P(1);
	count = ArrayGetNItems(ARR_NDIM(schools), ARR_DIMS(schools));
	/* nothing is one of none, not even what is not known */
	if (count == 0)
		PG_RETURN_BOOL(false);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	urn = PG_GETARG_INT32(0);
	nulls = ARR_NULLBITMAP(schools);
	urns = urns_of(schools);
	for (int i = 0; i < count; i++)
	{
		/* a NULL has no place among the values */
		if (nulls != NULL && (nulls[i / 8] & (1 << (i % 8))) == 0)
			continue;
		if (urns[place++] == urn)
			PG_RETURN_BOOL(true);
	}
	if (place < count)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(false);
}

static Node *
simplify_is_one_of(const FuncExpr *call)
{
	Node *schools = lsecond(call->args);
	ScalarArrayOpExpr *condition;

	if (IsA(schools, Const) && ((Const *) schools)->constisnull)
		return makeBoolConst(true, false);
	/* ARRAY[...] is none that is NULL */
	if (!IsA(schools, Const) && !IsA(schools, ArrayExpr))
		return NULL;
	condition = makeNode(ScalarArrayOpExpr);
	condition->opno = Int4EqualOperator;
	condition->useOr = true;
	condition->args = call->args;
	condition->location = -1;
	set_sa_opfuncid(condition);
	return (Node *) condition;
}

PG_FUNCTION_INFO_V1(att_is_one_of_support);
Datum
att_is_one_of_support(PG_FUNCTION_ARGS)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(simplify_is_one_of(((SupportRequestSimplify *) request)->fcall));
	if (IsA(request, SupportRequestSelectivity))
	{
		((SupportRequestSelectivity *) request)->selectivity = 1.0;
		PG_RETURN_POINTER(request);
	}
	PG_RETURN_POINTER(NULL);
}
