/*
 * runs.c
 *		What each byte of a series means: how many sessions it stands for, of which mark and class.
 */
#include "series/series.h"

#define ONE(n) 1
#define TWO(n) 2
#define MORE(n) ((n) + 1)

const uint8 run_sessions[256] = {
	[RUN_ONE << 6] = SIXTY_FOUR(ONE),
	[RUN_TWO << 6] = SIXTY_FOUR(TWO),
	[RUN_MORE << 6] = SIXTY_FOUR(MORE),
	[RUN_PRESENT << 6] = SIXTY_FOUR(MORE),
};

#define ALL_BITS(n) 255

const uint8 run_keeps[256] = {[RUN_MORE << 6] = SIXTY_FOUR(ALL_BITS)};

const uint8 run_is_full[256] = {
	[RUN_TWO << 6] = SIXTY_FOUR(ALL_BITS),
	[RUN_MORE << 6 | (RUN_MAX - 1)] = 255,
	[RUN_PRESENT << 6 | (RUN_MAX - 1)] = 255,
};

/* Presence has runs of its own. */
#define CELL(number, class, late) \
	((number) == MARK_PRESENT_AM || (number) == MARK_PRESENT_PM ? CELL_BAD \
	 : !(late)                                                  ? 1 + (int) CLASS_##class \
	 : CLASS_##class == CLASS_PRESENT                           ? 1 + TALLY_LATE_BEFORE_CLOSE \
																: 1 + TALLY_LATE_AFTER_CLOSE)
#define CELL_PRESENT(n) (1 + CLASS_PRESENT)

const uint8 run_cell[256] = {
	[RUN_ONE << 6 | MARK_NONE] = CELL_NONE,
	[RUN_TWO << 6 | MARK_NONE] = CELL_NONE,
#define ATT_CODE(number, code, class, late, half, valid_from, valid_to, description) \
	[RUN_ONE << 6 | (number)] = CELL(number, class, late), \
					[RUN_TWO << 6 | (number)] = CELL(number, class, late),
#include "types/codes.def"
#undef ATT_CODE
	[RUN_PRESENT << 6] = SIXTY_FOUR(CELL_PRESENT),
};

#define OWN_MARK(n) (n)
#define PRESENT(n) MARK_PRESENT_AM

const uint8 run_mark[256] = {
	[RUN_ONE << 6] = SIXTY_FOUR(OWN_MARK),
	[RUN_TWO << 6] = SIXTY_FOUR(OWN_MARK),
	[RUN_PRESENT << 6] = SIXTY_FOUR(PRESENT),
};
