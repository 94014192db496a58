/*
 * own_access.c
 *		The access of a role that has it by itself, at schools or everywhere, as most have: read from
 *		the rows of the register's tables access and capacity, without a query, as every statement
 *		of the role begins with it.  Whatever is more than that, access.c asks by a query.
 */
#include "register/register.h"

#include "access/genam.h"
#include "catalog/pg_type_d.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

enum
{
	ROW_ROLE,
	ROW_CAPACITY,
	ROW_SCHOOL,
	ROW_TRUST,
	ROW_AUTHORITY,
	ROW_EVERYWHERE,
	ROW_FROM,
	ROW_TO,
	ROW_REVOKED,
	ROW_COLUMNS
};

enum
{
	CAPACITY_NAME,
	CAPACITY_PUPILS,
	CAPACITY_GRANTS,
	CAPACITY_COLUMNS
};

static const RowColumn access_columns[ROW_COLUMNS] = {
	[ROW_ROLE] = {"role", NAMEOID},
	[ROW_CAPACITY] = {"capacity", TEXTOID},
	[ROW_SCHOOL] = {"school_urn", INT4OID},
	[ROW_TRUST] = {"trust_uid", INT4OID},
	[ROW_AUTHORITY] = {"la_number", INT4OID},
	[ROW_EVERYWHERE] = {"everywhere", BOOLOID},
	[ROW_FROM] = {"from_day", DATEOID},
	[ROW_TO] = {"to_day", DATEOID},
	[ROW_REVOKED] = {"revoked_at", TIMESTAMPTZOID},
};

static const RowColumn capacity_columns[CAPACITY_COLUMNS] = {
	[CAPACITY_NAME] = {"capacity", TEXTOID},
	[CAPACITY_PUPILS] = {"pupils", TEXTOID},
	[CAPACITY_GRANTS] = {"may_grant", TEXTARRAYOID},
};

static DateADT
today_in_london(void)
{
	Datum here = DirectFunctionCall2(timestamptz_zone, CStringGetTextDatum("Europe/London"),
									 TimestampTzGetDatum(GetCurrentStatementStartTimestamp()));

	return DatumGetDateADT(DirectFunctionCall1(timestamp_date, here));
}

static bool
holds_on(const RowSource *source, HeapTuple row, DateADT day)
{
	bool revoked, endless, isnull;
	DateADT until;

	row_value(source, row, ROW_REVOKED, &revoked);
	until = DatumGetDateADT(row_value(source, row, ROW_TO, &endless));
	return revoked /* is NULL */ && (endless || until >= day) &&
		   DatumGetDateADT(row_value(source, row, ROW_FROM, &isnull)) <= day && !isnull;
}

/* Adds a row to what a role has; false if it is more than a school, or everywhere, by one capacity. */
static bool
add_row(OwnAccess *own, const RowSource *source, HeapTuple row)
{
	bool isnull, no_trust, no_authority, no_school;
	Datum capacity = row_value(source, row, ROW_CAPACITY, &isnull);
	int32 school = DatumGetInt32(row_value(source, row, ROW_SCHOOL, &no_school));

	row_value(source, row, ROW_TRUST, &no_trust);
	row_value(source, row, ROW_AUTHORITY, &no_authority);
	if (isnull || !no_trust || !no_authority)
		return false;
	if (own->capacity == NULL)
		own->capacity = TextDatumGetCString(capacity);
	else if (strcmp(own->capacity, TextDatumGetCString(capacity)) != 0)
		return false;
	if (!no_school)
		own->schools = list_append_unique_int(own->schools, school);
	own->everywhere |= DatumGetBool(row_value(source, row, ROW_EVERYWHERE, &isnull)) && !isnull;
	return true;
}

static bool
read_rows(OwnAccess *own, RowSource *source, const NameData *role)
{
	DateADT today = today_in_london();
	bool simple = true;
	SysScanDesc scan = scan_rows(source, ROW_ROLE, F_NAMEEQ, NameGetDatum(role));
	HeapTuple row;

	while (simple && HeapTupleIsValid(row = systable_getnext(scan)))
	{
		if (holds_on(source, row, today))
			simple = add_row(own, source, row);
	}
	systable_endscan(scan);
	return simple;
}

static bool
is_for_all_or_none(OwnAccess *own, const char *pupils)
{
	own->all_pupils = strcmp(pupils, "all") == 0;
	return own->all_pupils || strcmp(pupils, "none") == 0;
}

/* False if the capacity is for some pupils of its places. */
static bool
read_capacity(OwnAccess *own, RowSource *source)
{
	bool found = false;
	SysScanDesc scan =
		scan_rows(source, CAPACITY_NAME, F_TEXTEQ, CStringGetTextDatum(own->capacity));
	HeapTuple row = systable_getnext(scan);

	if (HeapTupleIsValid(row))
	{
		bool no_pupils, isnull;
		Datum pupils = row_value(source, row, CAPACITY_PUPILS, &no_pupils);
		Datum grants = row_value(source, row, CAPACITY_GRANTS, &isnull);

		found = !no_pupils && !isnull && is_for_all_or_none(own, TextDatumGetCString(pupils));
		if (found)
			own->grants = PointerGetDatum(DatumGetArrayTypePCopy(grants));
	}
	systable_endscan(scan);
	return found;
}

/*
 * What a role that is a member of no other has; false if that is more than schools, or everywhere,
 * by one capacity that is for all pupils there or for none.
 */
bool
read_own_access(OwnAccess *own, Oid register_oid, const NameData *role)
{
	RowSource source;
	bool simple;

	memset(own, 0, sizeof(*own));
	if (!open_rows(&source, get_relname_relid("access", register_oid), access_columns, ROW_COLUMNS))
		return false;
	simple = read_rows(own, &source, role);
	close_rows(&source);
	if (!simple || own->capacity == NULL)
		return simple;
	if (!open_rows(&source, get_relname_relid("capacity", register_oid), capacity_columns,
				   CAPACITY_COLUMNS))
		return false;
	simple = read_capacity(own, &source);
	close_rows(&source);
	return simple;
}
