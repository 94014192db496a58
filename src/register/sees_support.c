/*
 * sees_support.c
 *		What the planner is told of the policies of row-level security: how much of a table its
 *		user sees, and which index has that.  Plans are made for the role that runs them, so they are
 *		those that a condition on the schools would have had; what they show is decided when they run.
 */
#include "register/register.h"

#include "access/stratnum.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_type_d.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"
#include "utils/snapmgr.h"

static Oid
constant_relation(List *arguments)
{
	Const *relation = linitial(arguments);

	return IsA(relation, Const) && !relation->constisnull ? DatumGetObjectId(relation->constvalue)
														  : InvalidOid;
}

/* Whether a condition asks for certain schools: it says all that the policy would say of most. */
static bool
asks_for_school(PlannerInfo *root, const Var *school)
{
	RelOptInfo *rel =
		school->varno < root->simple_rel_array_size ? root->simple_rel_array[school->varno] : NULL;
	ListCell *cell;

	if (rel == NULL)
		return false;
	foreach (cell, rel->baserestrictinfo)
	{
		Node *clause = (Node *) lfirst_node(RestrictInfo, cell)->clause;
		List *sides = IsA(clause, OpExpr) && get_oprrest(((OpExpr *) clause)->opno) == F_EQSEL
						  ? ((OpExpr *) clause)->args
					  : IsA(clause, ScalarArrayOpExpr) ? ((ScalarArrayOpExpr *) clause)->args
													   : NIL;

		if (list_length(sides) == 2 && (equal(strip_implicit_coercions(linitial(sides)), school) ||
										equal(strip_implicit_coercions(lsecond(sides)), school)))
			return true;
	}
	return false;
}

/* How much of a column a number of values are. */
static double
share_of_values(PlannerInfo *root, Node *column, int varno, int count)
{
	VariableStatData variable;
	bool is_default;
	double share;

	examine_variable(root, column, varno, &variable);
	share = count / Max(get_variable_numdistinct(&variable, &is_default), 1.0);
	ReleaseVariableStats(variable);
	return Min(share, 1.0);
}

static int
count_values(Datum array)
{
	ArrayType *values = DatumGetArrayTypeP(array);

	return ArrayGetNItems(ARR_NDIM(values), ARR_DIMS(values));
}

/* What part of the table the user sees, as far as that is more than the query asks for. */
static double
share_that_is_seen(PlannerInfo *root, List *arguments, int varno)
{
	Node *school = strip_implicit_coercions(list_nth(arguments, SEES_SCHOOL));
	Node *pupil = strip_implicit_coercions(list_nth(arguments, SEES_PUPIL));
	Oid relation = constant_relation(arguments);
	double share = 1.0;
	AccessSets sets;

	if (root == NULL || !ActiveSnapshotSet() || !OidIsValid(relation) || !IsA(school, Var))
		return share;
	sets = access_sets(relation);
	if (!asks_for_school(root, (Var *) school))
		share = share_of_values(root, school, varno, count_values(sets.schools));
	if (!sets.all_pupils && IsA(pupil, Var))
		share = Min(share, share_of_values(root, pupil, varno, count_values(sets.pupils)));
	return share;
}

/* The schools that are seen, as a condition for an index; of rows without a school there is none. */
static List *
condition_for_index(SupportRequestIndexCondition *request)
{
	List *arguments = ((FuncExpr *) request->node)->args;
	Oid relation = constant_relation(arguments);
	Oid type = REGCLASSOID;
	Node *school = list_nth(arguments, SEES_SCHOOL);
	Node *schools;
	ScalarArrayOpExpr *condition;

	if (request->indexarg != SEES_SCHOOL || request->opfamily != INTEGER_BTREE_FAM_OID ||
		!OidIsValid(relation) || !IsA(list_nth(arguments, SEES_TRUST), Const) ||
		share_that_is_seen(request->root, arguments, 0) > 0.5)
		return NIL;
	schools = (Node *) makeFuncExpr(
		LookupFuncName(
			list_make2(makeString(get_namespace_name(get_func_namespace(request->funcid))),
					   makeString("seen_schools")),
			1, &type, false),
		INT4ARRAYOID, list_make1(linitial(arguments)), InvalidOid, InvalidOid,
		COERCE_EXPLICIT_CALL);
	condition = makeNode(ScalarArrayOpExpr);
	condition->opno =
		get_opfamily_member(request->opfamily, INT4OID, INT4OID, BTEqualStrategyNumber);
	condition->useOr = true;
	condition->args = list_make2(school, schools);
	condition->location = -1;
	set_sa_opfuncid(condition);
	request->lossy = true;
	/* an array that is not known is taken for ten schools, of which a register may have no more */
	return lcons(condition, bounds_of_index(request, school, schools));
}

PG_FUNCTION_INFO_V1(att_sees_support);
Datum
att_sees_support(PG_FUNCTION_ARGS)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSelectivity))
	{
		SupportRequestSelectivity *selectivity = (SupportRequestSelectivity *) request;

		if (list_length(selectivity->args) == SEES_ARGUMENTS)
		{
			selectivity->selectivity =
				share_that_is_seen(selectivity->root, selectivity->args, selectivity->varRelid);
			PG_RETURN_POINTER(request);
		}
	}
	if (IsA(request, SupportRequestIndexCondition) &&
		IsA(((SupportRequestIndexCondition *) request)->node, FuncExpr))
		PG_RETURN_POINTER(condition_for_index((SupportRequestIndexCondition *) request));
	PG_RETURN_POINTER(NULL);
}

/* For the planner: it says nothing that the rest of the policy does not say. */
PG_FUNCTION_INFO_V1(att_knows_support);
Datum
att_knows_support(PG_FUNCTION_ARGS)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(request, SupportRequestSelectivity))
		PG_RETURN_POINTER(NULL);
	((SupportRequestSelectivity *) request)->selectivity = 1.0;
	PG_RETURN_POINTER(request);
}
