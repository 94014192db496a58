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
	Oid register_oid;
	StateKind mode;
	MarkEntry *entries;
	int count;
	int school_urn;
	int academic_year;
	const Signature *signature;
	FeedCounts *counts; /* of the statement */
	int pupils;
	Datum *pupil_ids; /* each pupil once, in order */
	Datum *series;    /* the pupil's line: as it is, then as it will be */
	bool *changed;
} Batch;

extern char *describe_entry(const MarkEntry *entry);
extern const char *entry_mark(const MarkEntry *entry, Mark mark);
extern void take_lines(Batch *batch);
extern void write_lines(Batch *batch);
extern void write_natures(const Batch *batch);

#endif /* ATT_REGISTER_BATCH_H */
