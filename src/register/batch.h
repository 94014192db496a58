/*
 * batch.h
 *		The marks of one school and academic year that a statement on a view enters.
 */
#ifndef ATT_REGISTER_BATCH_H
#define ATT_REGISTER_BATCH_H

#include "journal/journal.h"

/* The entries of one school and academic year, in the order of pupil and session. */
typedef struct Batch
{
	MarkBuffer *buffer;
	Oid register_oid;
	MarkEntry *entries;
	int count;
	int school_urn;
	int academic_year;
	const Signature *signature;
	int pupils;
	Datum *pupil_ids; /* each pupil once, in order */
	Datum *series;    /* the pupil's line: as it is, then as it will be */
	bool *changed;
} Batch;

extern void collect_pupils(Batch *batch);
extern ArrayType *pupil_array(const Batch *batch);
extern Datum *find_line(const Batch *batch, int64 pupil_id);
extern void keep_lines(Batch *batch);
extern void check_year_exists(Batch *batch);
extern void check_all_there(Batch *batch);
extern void take_lines(Batch *batch);
extern void write_lines(Batch *batch);
extern void write_natures(const Batch *batch);

extern void check_twice(const Batch *batch);
extern bool changes_mark(const Batch *batch, const MarkEntry *entry, Mark there);
extern int drop_refused(MarkEntry *entries, int count);

#endif /* ATT_REGISTER_BATCH_H */
