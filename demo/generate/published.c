/*
 * published.c
 *		The figures which the registers must add up to.
 *
 * Source: Department for Education, "Pupil attendance in schools", academic
 * year 2025/26 to date, 8 September 2025 to 10 July 2026, rows of Bradford
 * (380) by phase.  Contains public sector information licensed under the Open
 * Government Licence v3.0.
 *
 * Columns: Primary, Secondary, Special.
 */
#include "generate.h"

const MarkName mark_names[MARKS] = {
	[MARK_BLANK] = {"", CLASS_OUTSIDE},    [MARK_PRESENT] = {"/\\", CLASS_PRESENT},
	[MARK_L] = {"L", CLASS_PRESENT},       [MARK_I] = {"I", CLASS_AUTHORISED},
	[MARK_M] = {"M", CLASS_AUTHORISED},    [MARK_R] = {"R", CLASS_AUTHORISED},
	[MARK_S] = {"S", CLASS_AUTHORISED},    [MARK_T] = {"T", CLASS_AUTHORISED},
	[MARK_H] = {"H", CLASS_AUTHORISED},    [MARK_E] = {"E", CLASS_AUTHORISED},
	[MARK_C] = {"C", CLASS_AUTHORISED},    [MARK_C1] = {"C1", CLASS_AUTHORISED},
	[MARK_J1] = {"J1", CLASS_AUTHORISED},  [MARK_C2] = {"C2", CLASS_AUTHORISED},
	[MARK_B] = {"B", CLASS_APPROVED},      [MARK_J] = {"J", CLASS_APPROVED},
	[MARK_P] = {"P", CLASS_APPROVED},      [MARK_V] = {"V", CLASS_APPROVED},
	[MARK_W] = {"W", CLASS_APPROVED},      [MARK_K] = {"K", CLASS_APPROVED},
	[MARK_G] = {"G", CLASS_UNAUTHORISED},  [MARK_U] = {"U", CLASS_UNAUTHORISED},
	[MARK_O] = {"O", CLASS_UNAUTHORISED},  [MARK_N] = {"N", CLASS_UNAUTHORISED},
	[MARK_X] = {"X", CLASS_OUTSIDE},       [MARK_D] = {"D", CLASS_OUTSIDE},
	[MARK_Y1] = {"Y1", CLASS_OUTSIDE},     [MARK_Y4] = {"Y4", CLASS_OUTSIDE},
	[MARK_Y5] = {"Y5", CLASS_OUTSIDE},     [MARK_Y7] = {"Y7", CLASS_OUTSIDE},
	[MARK_MISSING] = {"-", CLASS_OUTSIDE},
};

const char *const phase_names[PHASES] = {"Primary", "Secondary", "Special"};

/* total_num_schools */
const int published_schools[PHASES] = {157, 37, 8};

/* enrolments, a mean over the days: 43672.103, 34545.891, 1330.772 */
const int published_enrolments[PHASES] = {43672, 34546, 1331};

/* pa_perc: 16.8430842818548, 31.0659845479223, 38.8697450034459, per million */
const int published_persistent[PHASES] = {168431, 310660, 388697};

/* reason_present_am, reason_present_pm */
const long published_present[2][PHASES] = {
	{6954136, 5110957, 197570},
	{7144197, 5361989, 203736},
};

/* reason_l_present_late_before_registers_closed and so on, by code */
const long published_sessions[MARKS][PHASES] = {
	[MARK_L] = {222158, 409419, 5095},
	[MARK_I] = {431875, 398161, 29156},
	[MARK_M] = {38720, 38928, 5538},
	[MARK_R] = {13362, 12491, 325},
	[MARK_S] = {15, 9753, 72},
	[MARK_T] = {258, 59, 0},
	[MARK_H] = {0, 0, 0},
	[MARK_E] = {6591, 69720, 316},
	[MARK_C] = {43208, 41722, 5724},
	[MARK_C1] = {265, 248, 2},
	[MARK_J1] = {1050, 1561, 112},
	[MARK_C2] = {22354, 70361, 3764},
	[MARK_B] = {20482, 50550, 2587},
	[MARK_J] = {0, 0, 0},
	[MARK_P] = {4580, 7172, 2},
	[MARK_V] = {95825, 65262, 2504},
	[MARK_W] = {0, 8306, 74},
	[MARK_K] = {2259, 20312, 2},
	[MARK_G] = {117251, 65591, 3564},
	[MARK_U] = {35686, 69431, 2043},
	[MARK_O] = {170289, 559335, 18021},
	[MARK_N] = {6984, 3738, 38},
};

const char *const total_names[TOTALS] = {
	[TOTAL_REASON_PRESENT] = "reason_present",
	[TOTAL_PRESENT] = "present_sessions",
	[TOTAL_APPROVED] = "approved_educational_activity",
	[TOTAL_ATTENDANCE] = "overall_attendance",
	[TOTAL_AUTHORISED] = "authorised_absence",
	[TOTAL_UNAUTHORISED] = "unauthorised_absence",
	[TOTAL_ABSENCE] = "overall_absence",
	[TOTAL_LATE] = "late_sessions",
	[TOTAL_POSSIBLE] = "possible_sessions",
};

/*
 * Typed from the same rows, not computed here.  In all three of them the
 * authorised absence is the sum of its codes: no legacy code F is left over.
 */
const long published_totals[TOTALS][PHASES] = {
	[TOTAL_REASON_PRESENT] = {14098333, 10472946, 401306},
	[TOTAL_PRESENT] = {14320491, 10882365, 406401},
	[TOTAL_APPROVED] = {123146, 151602, 5169},
	[TOTAL_ATTENDANCE] = {14443637, 11033967, 411570},
	[TOTAL_AUTHORISED] = {557698, 643004, 45009},
	[TOTAL_UNAUTHORISED] = {330210, 698095, 23666},
	[TOTAL_ABSENCE] = {887908, 1341099, 68675},
	[TOTAL_LATE] = {257844, 478850, 7138},
	[TOTAL_POSSIBLE] = {15331545, 12375066, 480245},
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
