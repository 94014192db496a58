/*
 * facts.c
 *		What lines say of their enrolments and pupils, when those change: see line_fact of a register.
 *		Reports group and leave out lines by it, and so need not look up a pupil for each.
 */
#include "register/register.h"

#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * update_facts(): the lines of some pupils at a school, or at all for NULL, say what their enrolments
 * and pupils say.  The lines are locked in one order, and seen as they are now, in any level: one that
 * was opened meanwhile has said it before the change.
 */
PG_FUNCTION_INFO_V1(att_update_facts);
Datum
att_update_facts(PG_FUNCTION_ARGS)
{
	Oid register_oid;
	Datum values[2];
	char nulls[] = "  ";

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_VOID();
	register_oid = get_rel_namespace(PG_GETARG_OID(0));
	values[0] = PG_ARGISNULL(1) ? Int32GetDatum(0) : PG_GETARG_DATUM(1);
	nulls[0] = PG_ARGISNULL(1) ? 'n' : ' ';
	values[1] = PG_GETARG_DATUM(2);
	lock_to_change(register_oid, DatumGetInt32(values[0]));
	SPI_connect();
	run_query_with_nulls(register_oid, QUERY_LOCK_STALE_LINES, values, nulls);
	if (SPI_processed > 0)
		run_query_with_nulls(register_oid, QUERY_WRITE_FACTS, values, nulls);
	SPI_finish();
	PG_RETURN_VOID();
}
