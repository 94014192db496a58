/*
 * published.h
 *		The codes, and the figures which the registers must add up to.
 *
 * The codes are listed here again, although the extension has its own list:
 * what checks the extension should not be built from it.
 */
#ifndef PUBLISHED_H
#define PUBLISHED_H

#include <stdbool.h>

#define SCHOOLS 202
#define MAX_ENROLMENTS 43672
#define BANDS 11 /* of absence, 5 points wide, last one open */

typedef enum Phase
{
	PRIMARY,
	SECONDARY,
	SPECIAL,
	PHASES
} Phase;

typedef enum Mark
{
	MARK_BLANK,   /* no session */
	MARK_PRESENT, /* "/" in the morning, "\" in the afternoon */
	MARK_L,
	MARK_I,
	MARK_M,
	MARK_R,
	MARK_S,
	MARK_T,
	MARK_H,
	MARK_E,
	MARK_C,
	MARK_C1,
	MARK_J1,
	MARK_C2,
	MARK_B,
	MARK_J,
	MARK_P,
	MARK_V,
	MARK_W,
	MARK_K,
	MARK_G,
	MARK_U,
	MARK_O,
	MARK_N,
	MARK_X,
	MARK_D,
	MARK_Y1,
	MARK_Y4,
	MARK_Y5,
	MARK_Y7,
	MARK_MISSING,
	MARKS
} Mark;

/* A published total is that of a set of these */
enum
{
	CLASS_PRESENT = 1,
	CLASS_LATE = 2,
	CLASS_APPROVED = 4,
	CLASS_AUTHORISED = 8,
	CLASS_UNAUTHORISED = 16,
	CLASS_TOO_LATE = 32, /* unauthorised, too */
	CLASS_OUTSIDE = 64,  /* no possible session */

	CLASSES_OF_ATTENDANCE = CLASS_PRESENT | CLASS_LATE | CLASS_APPROVED,
	CLASSES_OF_ABSENCE = CLASS_AUTHORISED | CLASS_UNAUTHORISED | CLASS_TOO_LATE,
	POSSIBLE = CLASSES_OF_ATTENDANCE | CLASSES_OF_ABSENCE
};

typedef struct Code
{
	const char *text;
	int class;
	bool evidence; /* the Regulations ask for something beside the mark */
	int sessions[PHASES];
} Code;

typedef struct Total
{
	const char *name;
	int classes;
	int sessions[PHASES];
} Total;

#define TOTALS 9

extern const Code codes[MARKS];
extern const Total published_totals[TOTALS];
extern const int published_present[PHASES][2];
extern const char *const phase_names[PHASES];
extern const int published_schools[PHASES];
extern const int published_enrolments[PHASES];
extern const int published_persistent[PHASES];
extern const int band_enrolments[PHASES][BANDS];

extern int published_sessions(Phase phase, int classes);

#endif /* PUBLISHED_H */
