/*
 * fuzz.c
 *		Any bytes as a value, a text or a payload: what the extension makes of them.
 *
 * The first byte of an input, a letter, says what the others are.  Nothing may read or write where it should
 * not, which sanitizers see, and the answers must be those of a slower way of finding them: a value
 * is corrupt for every function or for none, and its text reads back to the same bytes.
 */
#include "stand_in.h"

#include "fuzz.h"

typedef void (*Target)(const uint8 *bytes, size_t length);

/* From a on. */
static const Target targets[] = {
	fuzz_series,     fuzz_series_text,   fuzz_transfer,   fuzz_series_pair,
	fuzz_operations, fuzz_states,        fuzz_counts,     fuzz_counts_text,
	fuzz_counters,   fuzz_counters_text, fuzz_session,    fuzz_words,
	fuzz_payload,    fuzz_csv,           fuzz_disclosure, fuzz_json,
};

int
LLVMFuzzerTestOneInput(const uint8 *bytes, size_t length)
{
	if (length > 0)
	{
		const uint8 *rest = keep_bytes(bytes + 1, length - 1);

		targets[(uint8) (bytes[0] - 'a') % lengthof(targets)](rest, length - 1);
	}
	reset_memory();
	return 0;
}
