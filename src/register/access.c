/*
 * access.c
 *		What the current user may see of a register, as its table access has it: what the policies of
 *		row-level security ask, once a statement for each table.
 *
 * The answer is that of the role whose rights count at that moment (current_user), so it is right
 * after SET ROLE, in plans that were prepared before, and in functions with the rights of their
 * owner.  It is asked of a table: whoever has no right on it sees no row there, even by a cursor
 * that was opened as somebody else.
 */
#include "register/register.h"

#include "access/xact.h"
#include "catalog/pg_type_d.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/*
 * What is read is kept for as long as nothing can have changed: for the same statement of the same
 * user, seen by a snapshot that shows the same.  A subtransaction may have been undone meanwhile.
 */
typedef struct AccessKey
{
	TimestampTz statement;
	Oid register_oid;
	Oid user;
	SubTransactionId subtransaction;
	TransactionId xmin;
	TransactionId xmax;
	uint32 running;
	int32 running_below;
	CommandId command;
} AccessKey;

/* The columns of QUERY_ACCESS. */
typedef enum AccessColumn
{
	ACCESS_CAPACITIES,
	ACCESS_SCHOOLS,
	ACCESS_OWN_SCHOOLS, /* without those that are seen for a child alone */
	ACCESS_PUPILS,      /* NULL: all of the schools */
	ACCESS_TRUSTS,
	ACCESS_AUTHORITIES,
	ACCESS_CLASSES, /* as "school class" */
	ACCESS_GRANTS,
	ACCESS_EVERYWHERE
} AccessColumn;

#define ACCESS_COLUMNS (ACCESS_EVERYWHERE + 1)

typedef struct Access
{
	AccessKey key;
	MemoryContext context;
	Datum values[ACCESS_COLUMNS];
	bool nulls[ACCESS_COLUMNS];
} Access;

static void
fill_key(AccessKey *key, Oid register_oid)
{
	Snapshot snapshot = GetActiveSnapshot();

	memset(key, 0, sizeof(*key));
	key->statement = GetCurrentStatementStartTimestamp();
	key->register_oid = register_oid;
	key->user = GetUserId();
	key->subtransaction = GetCurrentSubTransactionId();
	key->xmin = snapshot->xmin;
	key->xmax = snapshot->xmax;
	key->running = snapshot->xcnt;
	key->running_below = snapshot->subxcnt;
	key->command = snapshot->curcid;
}

static void
keep_column(Access *access, AccessColumn column)
{
	Form_pg_attribute attribute = TupleDescAttr(SPI_tuptable->tupdesc, column);
	MemoryContext old = MemoryContextSwitchTo(access->context);
	Datum value = result_value(0, column + 1, &access->nulls[column]);

	if (!access->nulls[column])
		access->values[column] = datumCopy(value, attribute->attbyval, attribute->attlen);
	MemoryContextSwitchTo(old);
}

static bool
is_member(Oid role)
{
	CatCList *above = SearchSysCacheList1(AUTHMEMMEMROLE, ObjectIdGetDatum(role));
	bool found = above->n_members > 0;

	ReleaseSysCacheList(above);
	return found;
}

static Datum
school_array(const List *schools)
{
	Datum *numbers = palloc(sizeof(Datum) * (list_length(schools) + 1));
	int count = 0;
	ListCell *cell;

	foreach (cell, schools)
		numbers[count++] = Int32GetDatum(lfirst_int(cell));
	return PointerGetDatum(
		construct_array(numbers, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

static Datum
text_array(const char *word)
{
	Datum text = word == NULL ? (Datum) 0 : CStringGetTextDatum(word);

	return PointerGetDatum(
		construct_array(&text, word == NULL ? 0 : 1, TEXTOID, -1, false, TYPALIGN_INT));
}

static void
take_own_access(Access *access, const OwnAccess *own)
{
	MemoryContext old = MemoryContextSwitchTo(access->context);
	Datum none = PointerGetDatum(construct_empty_array(INT4OID));

	memset(access->nulls, 0, sizeof(access->nulls));
	access->values[ACCESS_CAPACITIES] = text_array(own->capacity);
	access->values[ACCESS_SCHOOLS] = access->values[ACCESS_OWN_SCHOOLS] =
		school_array(own->schools);
	access->nulls[ACCESS_PUPILS] = own->all_pupils;
	access->values[ACCESS_PUPILS] = PointerGetDatum(construct_empty_array(INT8OID));
	access->values[ACCESS_TRUSTS] = access->values[ACCESS_AUTHORITIES] = none;
	access->values[ACCESS_CLASSES] = text_array(NULL);
	access->values[ACCESS_GRANTS] =
		own->capacity == NULL ? text_array(NULL) : datumCopy(own->grants, false, -1);
	access->values[ACCESS_EVERYWHERE] = BoolGetDatum(own->everywhere);
	MemoryContextSwitchTo(old);
}

/* Whatever the user may read: who has access is not for everybody to read. */
static void
read_access(Access *access, Oid register_oid, Oid user)
{
	Datum role = ObjectIdGetDatum(user);
	NameData name;
	OwnAccess own;
	OwnerScope scope;

	namestrcpy(&name, GetUserNameFromId(user, false));
	if (!is_member(user) && read_own_access(&own, register_oid, &name))
	{
		take_own_access(access, &own);
		return;
	}
	begin_as_owner(&scope, register_oid);
	SPI_connect();
	run_query_as_asked(register_oid, QUERY_ACCESS, &role);
	for (int column = 0; column < ACCESS_COLUMNS; column++)
		keep_column(access, column);
	SPI_finish();
	end_as_owner(&scope);
}

/* The rights of several capacities do not mix: what one may do would be done where another may be. */
static void
check_one_capacity(const Access *access)
{
	ArrayType *capacities = DatumGetArrayTypeP(access->values[ACCESS_CAPACITIES]);

	if (ArrayGetNItems(ARR_NDIM(capacities), ARR_DIMS(capacities)) > 1)
		ereport(
			ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("role \"%s\" has several capacities in register \"%s\"",
					GetUserNameFromId(access->key.user, false),
					get_namespace_name(access->key.register_oid)),
			 errhint("A login that is a member of several such roles is NOINHERIT, and takes one "
					 "of them by SET ROLE.")));
}

/* For statements on several registers. */
#define KEPT_ACCESS 4

/* What the user has in a register. */
static const Access *
find_access(Oid register_oid)
{
	static Access kept[KEPT_ACCESS];
	static int next = 0;
	AccessKey key;
	Access *access;

	fill_key(&key, register_oid);
	for (int i = 0; i < KEPT_ACCESS; i++)
	{
		if (memcmp(&kept[i].key, &key, sizeof(key)) == 0)
			return &kept[i];
	}
	access = &kept[next];
	next = (next + 1) % KEPT_ACCESS;
	memset(&access->key, 0, sizeof(access->key)); /* should reading fail */
	if (access->context == NULL)
		access->context =
			AllocSetContextCreate(TopMemoryContext, "attendance access", ALLOCSET_SMALL_SIZES);
	MemoryContextReset(access->context);
	read_access(access, register_oid, key.user);
	access->key = key;
	check_one_capacity(access);
	return access;
}

/* NULL for whoever has no right on the table. */
static const Access *
access_to(Oid relation)
{
	const AclMode rights = ACL_SELECT | ACL_INSERT | ACL_UPDATE | ACL_DELETE;
	Oid register_oid = get_rel_namespace(relation);

	if (!OidIsValid(register_oid) ||
		(pg_class_aclmask(relation, GetUserId(), rights, ACLMASK_ANY) == 0 &&
		 pg_attribute_aclcheck_all(relation, GetUserId(), ACL_SELECT, ACLMASK_ANY) != ACLCHECK_OK &&
		 pg_attribute_aclcheck_all(relation, GetUserId(), ACL_INSERT, ACLMASK_ANY) != ACLCHECK_OK &&
		 pg_attribute_aclcheck_all(relation, GetUserId(), ACL_UPDATE, ACLMASK_ANY) != ACLCHECK_OK))
		return NULL;
	return find_access(register_oid);
}

bool
may_read_column(Oid relation, const char *column)
{
	AttrNumber number = get_attnum(relation, column);

	return number != InvalidAttrNumber &&
		   (pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) == ACLCHECK_OK ||
			pg_attribute_aclcheck(relation, number, GetUserId(), ACL_SELECT) == ACLCHECK_OK);
}

/* An array of the user's access; without a right an empty one. */
static Datum
seen_array(Oid relation, AccessColumn column, Oid type)
{
	const Access *access = access_to(relation);

	if (access == NULL)
		return PointerGetDatum(construct_empty_array(type));
	return PointerGetDatum(DatumGetArrayTypePCopy(access->values[column]));
}

PG_FUNCTION_INFO_V1(att_seen_schools);
Datum
att_seen_schools(PG_FUNCTION_ARGS)
{
	return seen_array(PG_GETARG_OID(0), ACCESS_SCHOOLS, INT4OID);
}

PG_FUNCTION_INFO_V1(att_own_schools);
Datum
att_own_schools(PG_FUNCTION_ARGS)
{
	return seen_array(PG_GETARG_OID(0), ACCESS_OWN_SCHOOLS, INT4OID);
}

PG_FUNCTION_INFO_V1(att_seen_trusts);
Datum
att_seen_trusts(PG_FUNCTION_ARGS)
{
	return seen_array(PG_GETARG_OID(0), ACCESS_TRUSTS, INT4OID);
}

PG_FUNCTION_INFO_V1(att_seen_authorities);
Datum
att_seen_authorities(PG_FUNCTION_ARGS)
{
	return seen_array(PG_GETARG_OID(0), ACCESS_AUTHORITIES, INT4OID);
}

PG_FUNCTION_INFO_V1(att_seen_classes);
Datum
att_seen_classes(PG_FUNCTION_ARGS)
{
	return seen_array(PG_GETARG_OID(0), ACCESS_CLASSES, TEXTOID);
}

PG_FUNCTION_INFO_V1(att_granted_capacities);
Datum
att_granted_capacities(PG_FUNCTION_ARGS)
{
	return seen_array(PG_GETARG_OID(0), ACCESS_GRANTS, TEXTOID);
}

/* NULL for all pupils of the schools. */
PG_FUNCTION_INFO_V1(att_seen_pupils);
Datum
att_seen_pupils(PG_FUNCTION_ARGS)
{
	const Access *access = access_to(PG_GETARG_OID(0));

	if (access != NULL && access->nulls[ACCESS_PUPILS])
		PG_RETURN_NULL();
	return seen_array(PG_GETARG_OID(0), ACCESS_PUPILS, INT8OID);
}

AccessSets
access_sets(Oid relation)
{
	const Access *access = access_to(relation);
	AccessSets sets = {.schools = seen_array(relation, ACCESS_SCHOOLS, INT4OID),
					   .trusts = seen_array(relation, ACCESS_TRUSTS, INT4OID),
					   .authorities = seen_array(relation, ACCESS_AUTHORITIES, INT4OID),
					   .all_pupils = access != NULL && access->nulls[ACCESS_PUPILS]};

	if (!sets.all_pupils)
		sets.pupils = seen_array(relation, ACCESS_PUPILS, INT8OID);
	return sets;
}

bool
has_access_to(Oid relation)
{
	return access_to(relation) != NULL;
}

PG_FUNCTION_INFO_V1(att_sees_all);
Datum
att_sees_all(PG_FUNCTION_ARGS)
{
	const Access *access = access_to(PG_GETARG_OID(0));

	PG_RETURN_BOOL(access != NULL && DatumGetBool(access->values[ACCESS_EVERYWHERE]));
}

static bool
has_school(ArrayType *schools, int32 school_urn)
{
	Datum *numbers;
	int count;

	deconstruct_array(schools, INT4OID, sizeof(int32), true, TYPALIGN_INT, &numbers, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		if (DatumGetInt32(numbers[i]) == school_urn)
			return true;
	}
	return false;
}

static bool
has_pupil(ArrayType *pupils, int64 pupil_id)
{
	Datum *numbers;
	int count;

	deconstruct_array(pupils, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &numbers,
					  NULL, &count);
	for (int i = 0; i < count; i++)
	{
		if (DatumGetInt64(numbers[i]) == pupil_id)
			return true;
	}
	return false;
}

/* Whether the line of a pupil at a school is one that the user sees by access to places. */
bool
sees_line(Oid lines, int32 school_urn, int64 pupil_id)
{
	const Access *access = access_to(lines);

	return access != NULL &&
		   has_school(DatumGetArrayTypeP(access->values[ACCESS_SCHOOLS]), school_urn) &&
		   (access->nulls[ACCESS_PUPILS] ||
			has_pupil(DatumGetArrayTypeP(access->values[ACCESS_PUPILS]), pupil_id));
}

/*
 * Pupils who went on from the schools that are seen to one that is not: what is known of a family
 * now is known by the other school.
 */
PG_FUNCTION_INFO_V1(att_moved_pupils);
Datum
att_moved_pupils(PG_FUNCTION_ARGS)
{
	Oid relation = PG_GETARG_OID(0);
	Datum schools = seen_array(relation, ACCESS_SCHOOLS, INT4OID);
	MemoryContext caller = CurrentMemoryContext;
	OwnerScope scope;
	Datum pupils;
	bool isnull;

	if (access_to(relation) == NULL)
		return PointerGetDatum(construct_empty_array(INT8OID));
	begin_as_owner(&scope, get_rel_namespace(relation));
	SPI_connect();
	run_query_as_asked(get_rel_namespace(relation), QUERY_MOVED_PUPILS, &schools);
	pupils = result_value(0, 1, &isnull);
	MemoryContextSwitchTo(caller);
	pupils = PointerGetDatum(DatumGetArrayTypePCopy(pupils));
	SPI_finish();
	end_as_owner(&scope);
	return pupils;
}
