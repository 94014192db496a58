/*
 * series_vector.c
 *		count_cells() for processors with AVX2: 64 runs at once.
 *
 * The mark of RUN_MORE is that of the byte before, so each byte is read together with that one,
 * and takes its meaning if it is RUN_MORE.  Two of them in a row are rare (more than 66 sessions
 * of a mark other than present) and left to the other code, as is what is short.
 */
#include "series.h"

#ifdef ATT_AVX2

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define CHUNK 32 /* bytes that one register holds */

/* Sessions are added up in 16 bits: of so many runs they always fit. */
#define MAX_RUNS (PG_UINT16_MAX / RUN_MAX)

/* What 32 bytes mean. */
typedef struct Chunk
{
	__m256i cell;
	__m256i sessions; /* 0 where a byte is not to be counted */
} Chunk;

typedef struct CellTable
{
	__m256i part[4]; /* of 16 codes, twice */
} CellTable;

/* For masks: from [n] on, the last n of 32 bytes have all bits. */
static const uint8 last_bytes[2 * CHUNK] = {
	0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
	0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
	255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
	255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
};

AVX2 static inline __m256i
load(const uint8 *bytes)
{
	return _mm256_loadu_si256((const __m256i *) bytes);
}

AVX2 static inline __m256i
all_bytes(int value)
{
	return _mm256_set1_epi8((char) value);
}

AVX2 static inline CellTable
cell_table(void)
{
	CellTable table;

	for (int i = 0; i < 4; i++)
		table.part[i] =
			_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *) (run_cell + i * 16)));
	return table;
}

/* The cells of bytes none of which is RUN_MORE.  A blend looks at the highest bit of a byte. */
AVX2 static inline __m256i
find_cells(const CellTable *table, __m256i bytes)
{
	__m256i code = _mm256_and_si256(bytes, all_bytes(15));
	__m256i bit_4 = _mm256_slli_epi16(bytes, 3), bit_5 = _mm256_slli_epi16(bytes, 2);
	__m256i lower = _mm256_blendv_epi8(_mm256_shuffle_epi8(table->part[0], code),
									   _mm256_shuffle_epi8(table->part[1], code), bit_4);
	__m256i upper = _mm256_blendv_epi8(_mm256_shuffle_epi8(table->part[2], code),
									   _mm256_shuffle_epi8(table->part[3], code), bit_4);

	return _mm256_blendv_epi8(_mm256_blendv_epi8(lower, upper, bit_5), all_bytes(1 + CLASS_PRESENT),
							  bytes);
}

AVX2 static inline __m256i
find_sessions(__m256i bytes)
{
	__m256i few = _mm256_and_si256(_mm256_srli_epi16(bytes, 6), all_bytes(1));
	__m256i many = _mm256_and_si256(bytes, all_bytes(63));

	return _mm256_add_epi8(_mm256_blendv_epi8(few, many, bytes), all_bytes(1));
}

/* Reads 32 bytes, of which the last ones count.  False if two in a row are RUN_MORE. */
AVX2 static inline bool
read_chunk(Chunk *chunk, const CellTable *table, const uint8 *bytes, int count)
{
	__m256i here = load(bytes), before = load(bytes - 1);
	__m256i counts = load(last_bytes + count), limit = all_bytes(RUN_PRESENT << 6);
	__m256i more = _mm256_cmpgt_epi8(limit, here); /* as signed numbers, RUN_MORE is the least */
	__m256i both = _mm256_and_si256(more, _mm256_cmpgt_epi8(limit, before));

	chunk->cell = find_cells(table, _mm256_blendv_epi8(here, before, more));
	chunk->sessions = _mm256_and_si256(find_sessions(here), counts);
	return _mm256_testz_si256(both, counts);
}

/* The sessions of a cell, in four sums 64 bits apart. */
AVX2 static inline __m256i
sum_cell(const Chunk *a, const Chunk *b, int cell)
{
	__m256i in_a = _mm256_and_si256(_mm256_cmpeq_epi8(a->cell, all_bytes(cell)), a->sessions);
	__m256i in_b = _mm256_and_si256(_mm256_cmpeq_epi8(b->cell, all_bytes(cell)), b->sessions);

	return _mm256_sad_epu8(_mm256_add_epi8(in_a, in_b), _mm256_setzero_si256());
}

/* The sessions of a cell and the three behind it, in 16 bits each, as four sums. */
AVX2 static inline __m256i
sum_four_cells(const Chunk *a, const Chunk *b, int cell)
{
	__m256i first =
		_mm256_or_si256(sum_cell(a, b, cell), _mm256_slli_epi64(sum_cell(a, b, cell + 1), 16));
	__m256i second = _mm256_or_si256(_mm256_slli_epi64(sum_cell(a, b, cell + 2), 32),
									 _mm256_slli_epi64(sum_cell(a, b, cell + 3), 48));

	return _mm256_or_si256(first, second);
}

AVX2 static inline void
store_four_cells(uint32 *cells, __m256i sums)
{
	__m128i two = _mm_add_epi16(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
	__m128i one = _mm_add_epi16(two, _mm_unpackhi_epi64(two, two));

	_mm_storeu_si128((__m128i *) cells, _mm_cvtepu16_epi32(one));
}

AVX2 static bool
count_cells_avx2(RunBytes runs, uint32 *cells)
{
	CellTable table = cell_table();
	__m256i first = _mm256_setzero_si256(), second = first, third = first;
	const uint8 *last = runs.end - CHUNK;

	StaticAssertStmt(CELLS == 12, "cells are counted by fours");
	for (ptrdiff_t rest = runs.end - runs.next; rest > 0; rest -= 2 * CHUNK)
	{
		const uint8 *next = runs.end - rest;
		Chunk a, b;

		/* less than a chunk is read with bytes before it, which were counted already */
		if (!read_chunk(&a, &table, rest < CHUNK ? last : next, Min(rest, CHUNK)) ||
			!read_chunk(&b, &table, rest < 2 * CHUNK ? last : next + CHUNK,
						Max(Min(rest - CHUNK, CHUNK), 0)))
			return false;
		first = _mm256_add_epi16(first, sum_four_cells(&a, &b, 0));
		second = _mm256_add_epi16(second, sum_four_cells(&a, &b, 4));
		third = _mm256_add_epi16(third, sum_four_cells(&a, &b, 8));
	}
	store_four_cells(cells, first);
	store_four_cells(cells + 4, second);
	store_four_cells(cells + 8, third);
	return true;
}

/*
 * Fills the cells with the sessions of all runs.  False if that is not for this code, or not for
 * this processor.  Never inlined, as PostgreSQL's JIT does not find what tells the processor.
 */
pg_noinline bool
count_cells_vector(RunBytes runs, uint32 *cells)
{
	ptrdiff_t length = runs.end - runs.next;

	return length >= CHUNK && length <= MAX_RUNS && *runs.next >> 6 != RUN_MORE &&
		   __builtin_cpu_supports("avx2") && count_cells_avx2(runs, cells);
}

#endif /* ATT_AVX2 */
