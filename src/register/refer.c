/*
 * refer.c
 *		Which pupils and rows may be named by whoever enters something.
 *
 * A key would tell a row that is hidden from one that there is not, and entering it would show what
 * it leads to.  So a policy asks first, and both are refused alike.
 */
#include "register/register.h"

#include "access/relation.h"
#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* Whether a query finds something that the user may refer to: by number, schools and pupils seen. */
static bool
may_name(Oid relation, Datum number, Datum until, RegisterQuery query)
{
	AccessSets sets = access_sets(relation);
	Datum values[4] = {number, sets.schools, sets.pupils, until};
	char nulls[] = {' ', ' ', sets.all_pupils ? 'n' : ' ', ' ', '\0'};
	OwnerScope scope;
	bool may;

	if (!has_access_to(relation))
		return false;
	begin_as_owner(&scope, get_rel_namespace(relation));
	SPI_connect();
	run_query_with_nulls(get_rel_namespace(relation), query, values, nulls);
	may = SPI_processed > 0;
	SPI_finish();
	end_as_owner(&scope);
	return may;
}

/*
 * may_enrol(enrolment, pupil_id, until): whether a pupil is one of the schools that are seen, or of
 * none yet.  A pupil of another school, whose family would be seen by enrolling, is as good as none.
 * Of one who has gone on, what was can be corrected, but neither opened again nor made longer.
 */
PG_FUNCTION_INFO_V1(att_may_enrol);
Datum
att_may_enrol(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(
		may_name(PG_GETARG_OID(0), PG_GETARG_DATUM(1), PG_GETARG_DATUM(2), QUERY_MAY_ENROL));
}

/* The column that is the key of a table; NULL if it has none of one column, or is not there. */
static char *
key_column(Oid relation)
{
	Relation table = try_relation_open(relation, AccessShareLock);
	int column;
	bool found;

	if (table == NULL)
		return NULL;
	found = bms_get_singleton_member(
		RelationGetIndexAttrBitmap(table, INDEX_ATTR_BITMAP_PRIMARY_KEY), &column);
	relation_close(table, AccessShareLock);
	return found ? get_attname(relation, column + FirstLowInvalidHeapAttributeNumber, true) : NULL;
}

static char *
row_query(Oid relation, const char *key)
{
	return psprintf("SELECT 1 FROM %s AS r WHERE r.%s OPERATOR(pg_catalog.=) $1",
					quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
											   get_rel_name(relation)),
					quote_identifier(key));
}

/* Whether the user sees the row that has this number as its key, by the policies of its table. */
static bool
sees_row(Oid relation, Datum number)
{
	const char *key = key_column(relation);
	Oid type = INT8OID;
	bool sees;

	if (key == NULL || !may_read_column(relation, key))
		return false;
	SPI_connect();
	SPI_execute_with_args(row_query(relation, key), 1, &type, &number, NULL, false, 1);
	sees = SPI_processed > 0;
	SPI_finish();
	return sees;
}

/*
 * may_refer(relation, referred, number): whether a row of a table may have this number of another
 * one: of a row that the user sees.  A contact is one of a pupil who is or was at a school that is
 * seen, wherever they went on to, and a person is behind one, or behind none.
 */
PG_FUNCTION_INFO_V1(att_may_refer);
Datum
att_may_refer(PG_FUNCTION_ARGS)
{
	Oid relation = PG_GETARG_OID(0);
	Oid referred = PG_GETARG_OID(1);
	Datum number = PG_GETARG_DATUM(2);
	Oid register_oid = get_rel_namespace(relation);

	if (referred == get_relname_relid("contact", register_oid))
		PG_RETURN_BOOL(may_name(relation, number, (Datum) 0, QUERY_MAY_CONTACT));
	if (referred == get_relname_relid("person", register_oid))
		PG_RETURN_BOOL(may_name(relation, number, (Datum) 0, QUERY_MAY_LINK));
	PG_RETURN_BOOL(sees_row(referred, number));
}
