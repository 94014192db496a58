/*
 * schools.c
 *		Whether a school is one of those that a report is asked for.
 *
 * As an operator expression, "schools IS NULL OR school_urn = ANY (schools)" is taken by the planner
 * for one row in twenty wherever it does not know the array, which is in every query of a function
 * that is not inlined, and in generic plans: a whole authority is then read by nested loops, and
 * for one school everything.  The function says what it knows: with a constant it is true, or a
 * condition for an index; else it may be all schools, and an index is read from the lowest to the
 * highest of them, whichever they will be.
 */
#include "attendance.h"

#include "access/stratnum.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

/* What is in an array of schools; a NULL has no place among the values. */
typedef struct Urns
{
	const int32 *values;
	int count;
	bool has_null;
} Urns;

static Urns
read_urns(const ArrayType *schools)
{
	Urns urns = {0};
	int count = ArrayGetNItems(ARR_NDIM(schools), ARR_DIMS(schools));
	const uint8 *nulls = ARR_NULLBITMAP(schools);
	/* the macro of array.h for it mixes signed and unsigned numbers */
	Size offset =
		ARR_HASNULL(schools) ? (Size) schools->dataoffset : ARR_OVERHEAD_NONULLS(ARR_NDIM(schools));

	urns.values = (const int32 *) ((const char *) schools + offset);
	for (int i = 0; i < count; i++)
		if (nulls == NULL || (nulls[i / 8] & (1 << (i % 8))) != 0)
			urns.count++;
	urns.has_null = urns.count < count;
	return urns;
}

/* Another number of dimensions or a lower bound makes no difference, as for = ANY. */
PG_FUNCTION_INFO_V1(att_is_one_of);
Datum
att_is_one_of(PG_FUNCTION_ARGS)
{
	Urns urns;
	int32 urn;

	if (PG_ARGISNULL(1))
		PG_RETURN_BOOL(true);
	urns = read_urns(PG_GETARG_ARRAYTYPE_P(1));
	/* nothing is one of none, not even what is not known */
	if (urns.count == 0 && !urns.has_null)
		PG_RETURN_BOOL(false);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	urn = PG_GETARG_INT32(0);
	for (int i = 0; i < urns.count; i++)
		if (urns.values[i] == urn)
			PG_RETURN_BOOL(true);
	if (urns.has_null)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(false);
}

/* The lowest or highest of some schools; of all, no number is lower or higher.  NULL for none. */
static Datum
outermost_urn(FunctionCallInfo fcinfo, bool lowest)
{
	Urns urns;
	int32 found;

	if (PG_ARGISNULL(0))
		PG_RETURN_INT32(lowest ? PG_INT32_MIN : PG_INT32_MAX);
	urns = read_urns(PG_GETARG_ARRAYTYPE_P(0));
	if (urns.count == 0)
		PG_RETURN_NULL();
	found = urns.values[0];
	for (int i = 1; i < urns.count; i++)
		found = lowest ? Min(found, urns.values[i]) : Max(found, urns.values[i]);
	PG_RETURN_INT32(found);
}

PG_FUNCTION_INFO_V1(att_lowest_urn);
Datum
att_lowest_urn(PG_FUNCTION_ARGS)
{
	return outermost_urn(fcinfo, true);
}

PG_FUNCTION_INFO_V1(att_highest_urn);
Datum
att_highest_urn(PG_FUNCTION_ARGS)
{
	return outermost_urn(fcinfo, false);
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

static Expr *
bound_of_index(const SupportRequestIndexCondition *request, Node *column, Node *schools,
			   char *function, int16 strategy)
{
	char *schema = get_namespace_name(get_func_namespace(request->funcid));
	Oid array = INT4ARRAYOID;
	Oid bound =
		LookupFuncName(list_make2(makeString(schema), makeString(function)), 1, &array, false);

	return make_opclause(get_opfamily_member(request->opfamily, INT4OID, INT4OID, strategy),
						 BOOLOID, false, (Expr *) column,
						 (Expr *) makeFuncExpr(bound, INT4OID, list_make1(schools), InvalidOid,
											   InvalidOid, COERCE_EXPLICIT_CALL),
						 InvalidOid, InvalidOid);
}

/* That a column is between the lowest and the highest of some schools, for an index. */
List *
bounds_of_index(const SupportRequestIndexCondition *request, Node *column, Node *schools)
{
	return list_make2(
		bound_of_index(request, column, schools, "lowest_urn", BTGreaterEqualStrategyNumber),
		bound_of_index(request, column, schools, "highest_urn", BTLessEqualStrategyNumber));
}

static List *
conditions_for_index(SupportRequestIndexCondition *request)
{
	const FuncExpr *call = (const FuncExpr *) request->node;

	if (!IsA(call, FuncExpr) || request->indexarg != 0 ||
		request->opfamily != INTEGER_BTREE_FAM_OID ||
		!is_pseudo_constant_for_index(request->root, lsecond(call->args), request->index))
		return NIL;
	request->lossy = true;
	return bounds_of_index(request, linitial(call->args), lsecond(call->args));
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
	if (IsA(request, SupportRequestIndexCondition))
		PG_RETURN_POINTER(conditions_for_index((SupportRequestIndexCondition *) request));
	PG_RETURN_POINTER(NULL);
}
