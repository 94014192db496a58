/*
 * fuzz.h
 *		The kinds of input: see fuzz.c.
 */
#ifndef ATT_FUZZ_H
#define ATT_FUZZ_H

#include "stand_in.h"

extern int LLVMFuzzerTestOneInput(const uint8 *bytes, size_t length);

/* fuzz_series.c */
extern void fuzz_series(const uint8 *bytes, size_t length);
extern void fuzz_series_text(const uint8 *bytes, size_t length);
extern void fuzz_transfer(const uint8 *bytes, size_t length);
extern void fuzz_series_pair(const uint8 *bytes, size_t length);
extern void fuzz_operations(const uint8 *bytes, size_t length);
extern void fuzz_states(const uint8 *bytes, size_t length);

/* fuzz_values.c */
extern void fuzz_counts(const uint8 *bytes, size_t length);
extern void fuzz_counts_text(const uint8 *bytes, size_t length);
extern void fuzz_counters(const uint8 *bytes, size_t length);
extern void fuzz_counters_text(const uint8 *bytes, size_t length);
extern void fuzz_session(const uint8 *bytes, size_t length);
extern void fuzz_words(const uint8 *bytes, size_t length);
extern void fuzz_csv(const uint8 *bytes, size_t length);
extern void fuzz_disclosure(const uint8 *bytes, size_t length);

/* fuzz_journal.c */
extern void fuzz_payload(const uint8 *bytes, size_t length);
extern void fuzz_json(const uint8 *bytes, size_t length);

/* fuzz_common.c */
extern void need(bool condition, const char *what);
extern void need_state(const Outcome *outcome, const char *what, const int *allowed);
extern void check_round_trip(PGFunction in, PGFunction out, Datum value, size_t size,
							 const char *what);

#endif /* ATT_FUZZ_H */
