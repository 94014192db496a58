/*
 * hold.c
 *		Holds a row to its policy before anything else is decided about it.
 *
 * PostgreSQL asks the policies of row-level security about a new row when all triggers before it
 * have fired.  Those of a register decide with the rights of its owner: what they say of a pupil or a
 * case of another school would tell the writer what there is.  So the policy is asked first, by the
 * triggers themselves, and its refusal is the one that PostgreSQL would give.
 */
#include "register/register.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_type_d.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "rewrite/rowsecurity.h"
#include "storage/lockdefs.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/ruleutils.h"

#define PLACE_POLICY "access_place"

/* ---------- whom it is for ---------- */

static bool
is_for_user(const RowSecurityPolicy *policy)
{
	Datum *roles;
	int count;

	deconstruct_array(policy->roles, OIDOID, sizeof(Oid), true, TYPALIGN_INT, &roles, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		Oid role = DatumGetObjectId(roles[i]);

		if (role == ACL_ID_PUBLIC || has_privs_of_role(GetUserId(), role))
			return true;
	}
	return false;
}

/* The policy of places, if it alone opens the table to what the user writes; or NULL. */
static const RowSecurityPolicy *
place_policy(Relation table)
{
	const RowSecurityPolicy *place = NULL;
	ListCell *cell;

	if (table->rd_rsdesc == NULL ||
		check_enable_rls(RelationGetRelid(table), InvalidOid, true) != RLS_ENABLED)
		return NULL;
	foreach (cell, table->rd_rsdesc->policies)
	{
		const RowSecurityPolicy *policy = lfirst(cell);

		if (strcmp(policy->policy_name, PLACE_POLICY) == 0)
			place = policy;
		else if (policy->permissive && policy->polcmd != ACL_SELECT_CHR && is_for_user(policy))
			return NULL;
	}
	return place;
}

/* ---------- the query that asks it ---------- */

/* A plan for each table, made anew when its policies may have changed. */
typedef struct HeldTable
{
	Oid relation; /* the key */
	SPIPlanPtr plan;
	bool valid;
} HeldTable;

static HTAB *held_tables = NULL;

static void
forget_table(Datum arg, Oid relation)
{
	HASH_SEQ_STATUS status;
	HeldTable *held;

	hash_seq_init(&status, held_tables);
	while ((held = hash_seq_search(&status)) != NULL)
	{
		if (!OidIsValid(relation) || held->relation == relation)
			held->valid = false;
	}
}

static HeldTable *
find_held_table(Oid relation)
{
	bool found;
	HeldTable *held;

	if (held_tables == NULL)
	{
		HASHCTL control = {.keysize = sizeof(Oid), .entrysize = sizeof(HeldTable)};

		held_tables = hash_create("attendance held tables", 32, &control, HASH_ELEM | HASH_BLOBS);
		CacheRegisterRelcacheCallback(forget_table, (Datum) 0);
	}
	held = hash_search(held_tables, &relation, HASH_ENTER, &found);
	if (!found)
	{
		held->plan = NULL;
		held->valid = false;
	}
	return held;
}

/* The row stands for its table, whose name the columns of the policy may have. */
static char *
held_query(Relation table, const RowSecurityPolicy *place)
{
	Expr *condition = place->with_check_qual != NULL ? place->with_check_qual : place->qual;
	const char *name = RelationGetRelationName(table);

	return psprintf("SELECT 1 FROM (SELECT ($1).*) AS %s WHERE %s", quote_identifier(name),
					deparse_expression((Node *) condition,
									   deparse_context_for(name, RelationGetRelid(table)), false,
									   false));
}

static SPIPlanPtr
held_plan(Relation table, const RowSecurityPolicy *place)
{
	HeldTable *held = find_held_table(RelationGetRelid(table));
	Oid type = table->rd_rel->reltype;

	if (held->valid)
		return held->plan;
	if (held->plan != NULL)
		SPI_freeplan(held->plan);
	held->plan = NULL;
	held->valid = true; /* unless something changes meanwhile */
	held->plan = SPI_prepare(held_query(table, place), 1, &type);
	if (held->plan == NULL || SPI_keepplan(held->plan) != 0)
		elog(ERROR, "cannot prepare the policy of table \"%s\": %s", RelationGetRelationName(table),
			 SPI_result_code_string(SPI_result));
	return held->plan;
}

/* With names as in PostgreSQL itself, whatever the search path is. */
static bool
is_seen(Relation table, const RowSecurityPolicy *place, HeapTuple row)
{
	int nest_level = NewGUCNestLevel();
	Datum value = heap_copy_tuple_as_datum(row, RelationGetDescr(table));
	bool seen;

	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
	if (SPI_execute_plan(held_plan(table, place), &value, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "the policy of table \"%s\" was not asked", RelationGetRelationName(table));
	seen = SPI_processed > 0;
	SPI_finish();
	AtEOXact_GUC(true, nest_level);
	return seen;
}

static void
refuse_row(Relation table)
{
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("new row violates row-level security policy for table \"%s\"",
						   RelationGetRelationName(table))));
}

/* Refuses a row that is about to be written if its writer has no access to it. */
void
hold_to_access(const TriggerData *data)
{
	Relation table = data->tg_relation;
	const RowSecurityPolicy *place;

	if (!TRIGGER_FIRED_BEFORE(data->tg_event) || !TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(data->tg_event))
		return;
	place = place_policy(table);
	if (place == NULL ||
		is_seen(table, place,
				TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? data->tg_newtuple : data->tg_trigtuple))
		return;
	refuse_row(table);
}

/*
 * The same of a line, whose policy is that of the whole table: of a partition none is asked.  A class
 * register has many, and its condition is simple.
 */
void
hold_line_to_access(Oid register_oid, int school_urn, int64 pupil_id)
{
	Relation lines = table_open(register_lines(register_oid), AccessShareLock);

	if (place_policy(lines) != NULL && !sees_line(RelationGetRelid(lines), school_urn, pupil_id))
		refuse_row(lines);
	table_close(lines, AccessShareLock);
}
