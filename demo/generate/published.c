/*
 * published.c
 *		The codes, and the figures which the registers must add up to.
 *
 * Source: Department for Education, "Pupil attendance in schools", academic
 * year 2025/26 to date, 8 September 2025 to 10 July 2026, rows of Bradford
 * (380) by phase.  Contains public sector information licensed under the Open
 * Government Licence v3.0.
 *
 * Columns: Primary, Secondary, Special.
 */
#include "published.h"

const char *const phase_names[PHASES] = {"Primary", "Secondary", "Special"};

/* total_num_schools */
const int published_schools[PHASES] = {157, 37, 8};

/* enrolments, a mean over the days: 43672.103, 34545.891, 1330.772 */
const int published_enrolments[PHASES] = {MAX_ENROLMENTS, 34546, 1331};

/* pa_perc: 16.8430842818548, 31.0659845479223, 38.8697450034459, per million */
const int published_persistent[PHASES] = {168431, 310660, 388697};

/* reason_present_am, reason_present_pm */
const int published_present[PHASES][2] = {{6954136, 7144197}, {5110957, 5361989}, {197570, 203736}};

/*
 * reason_present, reason_l_present_late_before_registers_closed and so on.
 * How often codes outside possible sessions were used is not published; those
 * numbers are made up, odd in all where the possible sessions are odd, for
 * pupils join and leave by whole days.
 */
const Code codes[MARKS] = {
	[MARK_BLANK] = {".", 0, false, {0, 0, 0}},
	[MARK_PRESENT] = {"/\\", CLASS_PRESENT, false, {14098333, 10472946, 401306}},
	[MARK_L] = {"L", CLASS_LATE, false, {222158, 409419, 5095}},
	[MARK_I] = {"I", CLASS_AUTHORISED, false, {431875, 398161, 29156}},
	[MARK_M] = {"M", CLASS_AUTHORISED, true, {38720, 38928, 5538}},
	[MARK_R] = {"R", CLASS_AUTHORISED, false, {13362, 12491, 325}},
	[MARK_S] = {"S", CLASS_AUTHORISED, true, {15, 9753, 72}},
	[MARK_T] = {"T", CLASS_AUTHORISED, false, {258, 59, 0}},
	[MARK_H] = {"H", CLASS_AUTHORISED, false, {0, 0, 0}},
	[MARK_E] = {"E", CLASS_AUTHORISED, true, {6591, 69720, 316}},
	[MARK_C] = {"C", CLASS_AUTHORISED, true, {43208, 41722, 5724}},
	[MARK_C1] = {"C1", CLASS_AUTHORISED, true, {265, 248, 2}},
	[MARK_J1] = {"J1", CLASS_AUTHORISED, true, {1050, 1561, 112}},
	[MARK_C2] = {"C2", CLASS_AUTHORISED, true, {22354, 70361, 3764}},
	[MARK_B] = {"B", CLASS_APPROVED, true, {20482, 50550, 2587}},
	[MARK_J] = {"J", CLASS_APPROVED, false, {0, 0, 0}},
	[MARK_P] = {"P", CLASS_APPROVED, false, {4580, 7172, 2}},
	[MARK_V] = {"V", CLASS_APPROVED, false, {95825, 65262, 2504}},
	[MARK_W] = {"W", CLASS_APPROVED, false, {0, 8306, 74}},
	[MARK_K] = {"K", CLASS_APPROVED, true, {2259, 20312, 2}},
	[MARK_G] = {"G", CLASS_UNAUTHORISED, false, {117251, 65591, 3564}},
	[MARK_U] = {"U", CLASS_TOO_LATE, false, {35686, 69431, 2043}},
	[MARK_O] = {"O", CLASS_UNAUTHORISED, false, {170289, 559335, 18021}},
	[MARK_N] = {"N", CLASS_UNAUTHORISED, false, {6984, 3738, 38}},
	[MARK_X] = {"X", CLASS_OUTSIDE, false, {14000, 0, 0}},
	[MARK_D] = {"D", CLASS_OUTSIDE, true, {1080, 2700, 240}},
	[MARK_Y1] = {"Y1", CLASS_OUTSIDE, false, {0, 50, 80}},
	[MARK_Y4] = {"Y4", CLASS_OUTSIDE, false, {400, 2000, 0}},
	[MARK_Y5] = {"Y5", CLASS_OUTSIDE, false, {0, 120, 0}},
	[MARK_Y7] = {"Y7", CLASS_OUTSIDE, true, {80, 120, 8}},
	[MARK_MISSING] = {"-", CLASS_OUTSIDE, false, {321, 450, 29}},
};

/*
 * Typed from the same rows, not computed here.  In all three of them the
 * authorised absence is the sum of its codes: no legacy code F is left over.
 */
const Total published_totals[TOTALS] = {
	{"reason_present", CLASS_PRESENT, {14098333, 10472946, 401306}},
	{"present_sessions", CLASS_PRESENT | CLASS_LATE, {14320491, 10882365, 406401}},
	{"approved_educational_activity", CLASS_APPROVED, {123146, 151602, 5169}},
	{"overall_attendance", CLASSES_OF_ATTENDANCE, {14443637, 11033967, 411570}},
	{"authorised_absence", CLASS_AUTHORISED, {557698, 643004, 45009}},
	{"unauthorised_absence", CLASS_UNAUTHORISED | CLASS_TOO_LATE, {330210, 698095, 23666}},
	{"overall_absence", CLASSES_OF_ABSENCE, {887908, 1341099, 68675}},
	{"late_sessions", CLASS_LATE | CLASS_TOO_LATE, {257844, 478850, 7138}},
	{"possible_sessions", POSSIBLE, {15331545, 12375066, 480245}},
};

/*
 * Enrolments by band of absence: up to 5%, up to 10%, ..., up to 50%, more.
 *
 * Source: Department for Education, "Pupil absence in schools in England",
 * academic year 2022/23, bands by pupil characteristics, summed over England.
 * The shape of the national figures is used above 10%, scaled to Bradford's
 * published persistent absence.
 */
const int band_enrolments[PHASES][BANDS] = {
	{2220858, 1095088, 363074, 126902, 54953, 28500, 16438, 10094, 7195, 4956, 29497},
	{1530891, 898161, 363879, 157851, 84947, 53686, 37356, 27531, 21898, 17248, 112495},
	{46739, 34991, 18030, 9396, 5277, 3372, 2276, 1688, 1319, 1178, 8268},
};

/* What the codes of some classes add up to */
int
published_sessions(Phase phase, int classes)
{
	int sum = 0;
	int mark;

	for (mark = 0; mark < MARKS; mark++)
		if (codes[mark].class & classes)
			sum += codes[mark].sessions[phase];
	return sum;
}
