/*
 * run_as.c
 *		Runs a command in the name of a role of which the current user is a member.
 *
 * SET ROLE would do for what the command says.  But a register belongs to its owner, whose types,
 * operators and triggers may run whatever he likes while somebody else, who may do more, has a
 * command on it run: as in SET ROLE, that would be with the owner's rights, but from there it gets
 * back to those of whoever is connected.  Here it does not, as in maintenance that the server does.
 */
#include "attendance.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"

static Oid
need_role(const char *name)
{
	Oid role = get_role_oid(name, false);

	if (!member_can_set_role(GetUserId(), role))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("permission denied to act as role \"%s\"", name)));
	return role;
}

/* Returns the first value of what the command returns, or NULL. */
static char *
run_command(const char *command)
{
	MemoryContext caller = CurrentMemoryContext;
	char *value = NULL;
	int result;

	SPI_connect();
	result = SPI_execute(command, false, 0);
	if (result < 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("the command cannot be run in the name of another role: %s",
							   SPI_result_code_string(result))));
	if (SPI_tuptable != NULL && SPI_processed > 0)
		value = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	if (value != NULL)
		value = MemoryContextStrdup(caller, value);
	SPI_finish();
	return value;
}

/* run_as(role, command); an error undoes what is set here, too. */
PG_FUNCTION_INFO_V1(att_run_as);
Datum
att_run_as(PG_FUNCTION_ARGS)
{
	Oid role = need_role(NameStr(*PG_GETARG_NAME(0)));
	int nest_level = NewGUCNestLevel();
	Oid user;
	int security;
	char *value;

	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(role,
						   security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
	value = run_command(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	AtEOXact_GUC(false, nest_level);
	SetUserIdAndSecContext(user, security);
	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(value));
}
