/*
 * upn.c
 *		Finds the pupils whom a statement names by unique pupil number.
 */
#include "register/refusal.h"

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
	run_query_seeing(buffer->state.register_oid, query, buffer_sight(buffer), values);
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

static void
refuse_upn(MarkBuffer *buffer, MarkEntry *entry, int sqlstate, char *message)
{
	refuse_entry(buffer, entry,
				 (Refusal){.sqlstate = sqlstate, .column = "upn", .message = message});
}

static void
resolve_pupil(MarkBuffer *buffer, MarkEntry *entry)
{
	const UpnEntry *upn = entry->upn;

	if (entry->has_id)
	{
		if (!upn->found || upn->pupil_id != entry->pupil_id)
			refuse_upn(buffer, entry, ERRCODE_INVALID_PARAMETER_VALUE,
					   psprintf("the unique pupil number \"%s\" is not that of pupil " INT64_FORMAT,
								upn->upn, entry->pupil_id));
	}
	else if (!upn->found)
		refuse_upn(
			buffer, entry, ERRCODE_FOREIGN_KEY_VIOLATION,
			psprintf("the register has no pupil with the unique pupil number \"%s\"", upn->upn));
	else if (upn->several)
		refuse_upn(buffer, entry, ERRCODE_CARDINALITY_VIOLATION,
				   psprintf("several pupils had the unique pupil number \"%s\" before:"
							" give that of today",
							upn->upn));
	else
		entry->pupil_id = upn->pupil_id;
}

/*
 * Every entry names its pupil by identifier when this is done.  A number that is one pupil's now and
 * was another's before is that of the first.
 */
void
resolve_pupils(MarkBuffer *buffer)
{
	find_pupils(buffer, QUERY_PUPILS_BY_UPN);
	find_pupils(buffer, QUERY_PUPILS_BY_FORMER_UPN);
	for (int i = 0; i < buffer->count; i++)
	{
		if (buffer->entries[i].upn != NULL)
			resolve_pupil(buffer, &buffer->entries[i]);
	}
}
