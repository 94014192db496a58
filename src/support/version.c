/*
 * version.c
 *		The version of the library and that of the extension in the database, which may differ: a package brings a new
 *		library, ALTER EXTENSION ... UPDATE the SQL that goes with it.
 */
#include "attendance.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/parallel.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"

/* NULL where the database does not have the extension. */
static char *
extension_version(void)
{
	Relation extensions = table_open(ExtensionRelationId, AccessShareLock);
	char *version = NULL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum("attendance"));
	scan = systable_beginscan(extensions, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool isnull;
		Datum value = heap_getattr(tuple, Anum_pg_extension_extversion,
								   RelationGetDescr(extensions), &isnull);

		version = TextDatumGetCString(value);
	}
	systable_endscan(scan);
	table_close(extensions, AccessShareLock);
	return version;
}

/* By their numbers: 0.10.0 comes after 0.9.1. */
static int
compare_versions(const char *a, const char *b)
{
	for (;;)
	{
		char *rest_a, *rest_b;
		long part_a = strtol(a, &rest_a, 10), part_b = strtol(b, &rest_b, 10);

		if (part_a != part_b)
			return part_a < part_b ? -1 : 1;
		if (*rest_a != '.' || *rest_b != '.')
			return strcmp(rest_a, rest_b);
		a = rest_a + 1;
		b = rest_b + 1;
	}
}

/*
 * An older extension is what there is between the package and the update, and all that it calls is still there; a library
 * that is older than what calls it may compute something else.  A worker has what its leader has checked; a script of
 * CREATE or ALTER EXTENSION is on its way.
 */
void
check_version(void)
{
	char *version;
	int order;

	if (!IsTransactionState() || IsParallelWorker() || creating_extension)
		return;
	version = extension_version();
	order = version == NULL ? 0 : compare_versions(version, ATTENDANCE_VERSION);
	if (order < 0)
		ereport(
			WARNING,
			(errmsg(
				 "extension \"attendance\" is version %s in this database, its library is version %s",
				 version, ATTENDANCE_VERSION),
			 errhint(
				 "Call ALTER EXTENSION attendance UPDATE, then upgrade_register() for each register.")));
	else if (order > 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg(
				 "extension \"attendance\" is version %s in this database, its library is only version %s",
				 version, ATTENDANCE_VERSION),
			 errhint("Install version %s on this server, then begin a new session.", version)));
}

PG_FUNCTION_INFO_V1(att_version);

Datum
att_version(PG_FUNCTION_ARGS)
{
	char *version = extension_version();
	bool nulls[2] = {false, version == NULL};
	Datum values[2] = {CStringGetTextDatum(ATTENDANCE_VERSION),
					   version == NULL ? (Datum) 0 : CStringGetTextDatum(version)};
	TupleDesc row;

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row), values, nulls)));
}
