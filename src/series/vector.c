/*
 * vector.c
 *		count_cells() and check_runs() for processors with AVX2: 64 runs at once.
 *
 * The mark of RUN_MORE is that of the byte before, so each byte is read together with that one,
 * and takes its meaning if it is RUN_MORE.  Two of them in a row are rare (more than 66 sessions
 * of a mark other than present) and left to the other code, as is what is short.
 */
#include "series/series.h"

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

/* What is found wrong with runs, in the highest bit of any byte. */
typedef struct Findings
{
	__m256i flaws;   /* bytes that cannot follow those before */
	__m256i doubles; /* RUN_MORE twice, which is not for this code */
} Findings;

/* What is wrong: RUN_MORE of a run that is not full, or another run of the same mark. */
AVX2 static inline __m256i
find_flaws(__m256i here, __m256i before, __m256i run_before, __m256i more)
{
	__m256i not_full = _mm256_andnot_si256(_mm256_cmpeq_epi8(before, all_bytes(255)),
										   _mm256_cmpgt_epi8(all_bytes(RUN_TWO << 6), before));
	__m256i differs = _mm256_and_si256(_mm256_xor_si256(here, run_before), all_bytes(128 | 63));
	__m256i same = _mm256_or_si256(_mm256_cmpeq_epi8(differs, _mm256_setzero_si256()),
								   _mm256_and_si256(here, run_before)); /* both are presence */

	return _mm256_blendv_epi8(same, not_full, more);
}

/* The cells of 32 bytes, all of which are runs; the first of all has none to follow. */
AVX2 static inline __m256i
read_cells(const CellTable *table, const uint8 *bytes, bool is_first, Findings *findings)
{
	__m256i here = load(bytes), before = load(bytes - 1), second = load(bytes - 2);
	__m256i limit = all_bytes(RUN_PRESENT << 6);
	__m256i more = _mm256_cmpgt_epi8(limit, here); /* as signed numbers, RUN_MORE is the least */
	__m256i more_before = _mm256_cmpgt_epi8(limit, before);
	__m256i flaws = find_flaws(here, before, _mm256_blendv_epi8(before, second, more_before), more);

	if (is_first)
		flaws = _mm256_and_si256(flaws, load(last_bytes + CHUNK - 1));
	findings->flaws = _mm256_or_si256(findings->flaws, flaws);
	findings->doubles = _mm256_or_si256(findings->doubles, _mm256_and_si256(more, more_before));
	return find_cells(table, _mm256_blendv_epi8(here, before, more));
}

/* Reads 32 bytes, of which the last ones count; the others have been counted before. */
AVX2 static inline Chunk
read_chunk(const CellTable *table, const uint8 *bytes, int count, bool is_first, Findings *findings)
{
	return (Chunk){read_cells(table, bytes, is_first, findings),
				   _mm256_and_si256(find_sessions(load(bytes)), load(last_bytes + count))};
}

AVX2 static inline __m256i
take_cell(const Chunk *chunk, int cell)
{
	return _mm256_and_si256(_mm256_cmpeq_epi8(chunk->cell, all_bytes(cell)), chunk->sessions);
}

/* The sessions of a cell, in four sums 64 bits apart; the second chunk may be none. */
AVX2 static inline __m256i
sum_cell(const Chunk *a, const Chunk *b, int cell)
{
	__m256i sessions = take_cell(a, cell);

	if (b != NULL)
		sessions = _mm256_add_epi8(sessions, take_cell(b, cell));
	return _mm256_sad_epu8(sessions, _mm256_setzero_si256());
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

typedef struct CellSums
{
	__m256i first; /* of four cells */
	__m256i second;
	__m256i third;
} CellSums;

AVX2 static inline void
add_chunks(CellSums *sums, const Chunk *a, const Chunk *b)
{
	StaticAssertStmt(CELLS == 12, "cells are counted by fours");
	sums->first = _mm256_add_epi16(sums->first, sum_four_cells(a, b, 0));
	sums->second = _mm256_add_epi16(sums->second, sum_four_cells(a, b, 4));
	sums->third = _mm256_add_epi16(sums->third, sum_four_cells(a, b, 8));
}

AVX2 static inline void
store_four_cells(uint32 *cells, __m256i sums)
{
	__m128i two = _mm_add_epi16(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
	__m128i one = _mm_add_epi16(two, _mm_unpackhi_epi64(two, two));

	_mm_storeu_si128((__m128i *) cells, _mm_cvtepu16_epi32(one));
}

/* As there, unless two in a row are RUN_MORE. */
AVX2 static bool
check_runs_avx2(RunBytes runs, bool *sound)
{
	CellTable table = cell_table();
	Findings findings = {_mm256_setzero_si256(), _mm256_setzero_si256()};
	bool is_first = true;

	for (ptrdiff_t rest = runs.end - runs.next; rest > 0; rest -= CHUNK)
	{
		__m256i cells = read_cells(&table, runs.end - Max(rest, CHUNK), is_first, &findings);
		__m256i bad = _mm256_cmpeq_epi8(cells, all_bytes(CELL_BAD));

		findings.flaws = _mm256_or_si256(findings.flaws, bad);
		is_first = false;
	}
	*sound = _mm256_movemask_epi8(findings.flaws) == 0;
	return _mm256_testz_si256(findings.doubles, findings.doubles);
}

/* Two chunks at once, as far as there are two. */
AVX2 static bool
count_cells_avx2(RunBytes runs, uint32 *cells)
{
	CellTable table = cell_table();
	__m256i zero = _mm256_setzero_si256();
	CellSums sums = {zero, zero, zero};
	Findings findings = {zero, zero};
	ptrdiff_t rest = runs.end - runs.next;
	bool is_first = true;

	for (; rest > CHUNK; rest -= 2 * CHUNK)
	{
		int second = Min(rest - CHUNK, CHUNK);
		Chunk a = read_chunk(&table, runs.end - rest, CHUNK, is_first, &findings);
		Chunk b = read_chunk(&table, runs.end - Max(rest - CHUNK, CHUNK), second, false, &findings);

		add_chunks(&sums, &a, &b);
		is_first = false;
	}
	if (rest > 0) /* read with what is before it, which was counted already */
	{
		Chunk a = read_chunk(&table, runs.end - CHUNK, (int) rest, is_first, &findings);

		add_chunks(&sums, &a, NULL);
	}
	store_four_cells(cells, sums.first);
	store_four_cells(cells + 4, sums.second);
	store_four_cells(cells + 8, sums.third);
	cells[CELL_BAD] |= _mm256_movemask_epi8(findings.flaws);
	return _mm256_testz_si256(findings.doubles, findings.doubles);
}

/* Whether runs are for this code and this processor. */
static inline bool
suits_vector(RunBytes runs)
{
	ptrdiff_t length = runs.end - runs.next;

	return length >= CHUNK && length <= MAX_RUNS && *runs.next >> 6 != RUN_MORE &&
		   __builtin_cpu_supports("avx2");
}

/*
 * count_cells() and check_runs(), or false if that is not for this code.  Never inlined, as
 * PostgreSQL's JIT does not find what tells the processor.
 */
pg_noinline bool
count_cells_vector(RunBytes runs, uint32 *cells)
{
	return suits_vector(runs) && count_cells_avx2(runs, cells);
}

pg_noinline bool
check_runs_vector(RunBytes runs, bool *sound)
{
	return suits_vector(runs) && check_runs_avx2(runs, sound);
}

#endif /* ATT_AVX2 */
