/*
 * owner.c
 *		Trigger functions whose rules are written in PL/pgSQL.  They decide with the rights of the
 *		register's owner, as those in C do: what is hidden from whoever writes must not hide a breach.
 */
#include "register/register.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* The function of the extension that is named after another one: NAME_as_owner(). */
static Oid
find_inner_function(Oid outer)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(outer));
	Form_pg_proc form;
	char *name;
	Oid inner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", outer);
	form = (Form_pg_proc) GETSTRUCT(tuple);
	name = psprintf("%s_as_owner", NameStr(form->proname));
	inner = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
							PointerGetDatum(buildoidvector(NULL, 0)),
							ObjectIdGetDatum(form->pronamespace));
	ReleaseSysCache(tuple);
	if (!OidIsValid(inner) || get_func_rettype(inner) != TRIGGEROID)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
						errmsg("trigger function \"%s\" of the extension is missing", name)));
	return inner;
}

/*
 * The types of a table's columns, and with them the code that reading its rows can run, are its
 * owner's choice: a table that is not the register's owner's is none of the register.
 */
static void
check_table_owner(const TriggerData *data, const char *name)
{
	Relation table = data->tg_relation;

	if (table->rd_rel->relowner != register_owner(RelationGetNamespace(table)))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("table \"%s\" with a trigger of the function \"%s\" is not owned by "
							   "the owner of its register",
							   RelationGetRelationName(table), name)));
}

static FmgrInfo *
inner_function(FunctionCallInfo fcinfo)
{
	FmgrInfo *inner = fcinfo->flinfo->fn_extra;

	if (inner == NULL)
	{
		Oid function = find_inner_function(fcinfo->flinfo->fn_oid);

		inner = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(FmgrInfo));
		fmgr_info_cxt(function, inner, fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = inner;
	}
	return inner;
}

static Datum
decide_as_owner(FunctionCallInfo fcinfo, const char *name)
{
	LOCAL_FCINFO(call, 0);
	TriggerData *data = (TriggerData *) fcinfo->context;
	OwnerScope scope;
	Datum result;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("function \"%s\" was not called by trigger manager", name)));
	check_table_owner(data, name);
	hold_to_access(data);
	InitFunctionCallInfoData(*call, inner_function(fcinfo), 0, InvalidOid, fcinfo->context, NULL);
	begin_as_owner(&scope, RelationGetNamespace(data->tg_relation));
	result = FunctionCallInvoke(call);
	end_as_owner(&scope);
	fcinfo->isnull = call->isnull;
	return result;
}

#define OWNER_TRIGGER(name) \
	PG_FUNCTION_INFO_V1(att_##name); \
	Datum att_##name(PG_FUNCTION_ARGS) \
	{ \
		return decide_as_owner(fcinfo, #name); \
	}

OWNER_TRIGGER(guard_starting_day)
OWNER_TRIGGER(guard_later_start)
OWNER_TRIGGER(guard_starting_age)
OWNER_TRIGGER(guard_birth)
OWNER_TRIGGER(guard_characteristic_value)
OWNER_TRIGGER(guard_late_admissions)
OWNER_TRIGGER(guard_late_admission)
OWNER_TRIGGER(keep_former)
OWNER_TRIGGER(keep_facts)
OWNER_TRIGGER(guard_deletion)
OWNER_TRIGGER(check_leave)
OWNER_TRIGGER(guard_leave)
OWNER_TRIGGER(check_part_time_timetable)
OWNER_TRIGGER(guard_part_time_timetable)
OWNER_TRIGGER(check_registration)
OWNER_TRIGGER(guard_legal_step)
OWNER_TRIGGER(check_legal_step)
OWNER_TRIGGER(guard_penalty_notice)
OWNER_TRIGGER(guard_case_record)
OWNER_TRIGGER(guard_evidence)
OWNER_TRIGGER(guard_suspension)
OWNER_TRIGGER(freeze_figures)
OWNER_TRIGGER(guard_backup_record)
OWNER_TRIGGER(guard_access)
OWNER_TRIGGER(use_access)
