/*
 * upn.c
 *		Finds the pupils whom a statement names by unique pupil number.
 */
#include "register/register.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"

static ArrayType *
unknown_upns(MarkBuffer *buffer)
{
	Datum *upns = palloc(hash_get_num_entries(buffer->upns) * sizeof(Datum));
	int count = 0;
	HASH_SEQ_STATUS status;
	UpnEntry *entry;

	hash_seq_init(&status, buffer->upns);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (!entry->found)
			upns[count++] = CStringGetTextDatum(entry->upn);
	}
	return construct_array(upns, count, TEXTOID, -1, false, TYPALIGN_INT);
}

static void
find_pupils(MarkBuffer *buffer, RegisterQuery query)
{
	ArrayType *upns = unknown_upns(buffer);
	Datum values[1] = {PointerGetDatum(upns)};

	if (ARR_NDIM(upns) == 0)
		return;
	run_query(buffer->state.register_oid, query, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		char *upn = TextDatumGetCString(result_value(row, 1, &isnull));
		UpnEntry *entry = hash_search(buffer->upns, upn, HASH_FIND, NULL);

		if (entry == NULL)
			continue;
		entry->several = entry->found;
		entry->found = true;
		entry->pupil_id = DatumGetInt64(result_value(row, 2, &isnull));
	}
	SPI_freetuptable(SPI_tuptable);
}

/* A number that is one pupil's now and was another's before is that of the first. */
static void
find_all_pupils(MarkBuffer *buffer)
{
	find_pupils(buffer, QUERY_PUPILS_BY_UPN);
	find_pupils(buffer, QUERY_PUPILS_BY_FORMER_UPN);
}

static void
check_expected(MarkBuffer *buffer)
{
	HASH_SEQ_STATUS status;
	UpnEntry *entry;

	hash_seq_init(&status, buffer->upns);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		if (entry->has_expected && (!entry->found || entry->expected != entry->pupil_id))
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("row %u: the unique pupil number \"%s\" is not that of pupil " INT64_FORMAT,
						entry->row, entry->upn, entry->expected)));
	}
}

/* Every entry names its pupil by identifier when this is done. */
void
resolve_pupils(MarkBuffer *buffer)
{
	find_all_pupils(buffer);
	check_expected(buffer);
	for (int i = 0; i < buffer->count; i++)
	{
		MarkEntry *entry = &buffer->entries[i];

		if (!entry->by_upn)
			continue;
		if (!entry->pupil.upn->found)
			ereport(ERROR,
					(errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
					 errmsg("row %u: the register has no pupil with the unique pupil number \"%s\"",
							entry->row, entry->pupil.upn->upn)));
		if (entry->pupil.upn->several)
			ereport(ERROR,
					(errcode(ERRCODE_CARDINALITY_VIOLATION),
					 errmsg("row %u: several pupils had the unique pupil number \"%s\" before:"
							" give that of today",
							entry->row, entry->pupil.upn->upn)));
		entry->pupil.id = entry->pupil.upn->pupil_id;
		entry->by_upn = false;
	}
}
