/*
 * generate.h
 *		An imaginary Bradford whose registers add up to the published figures.
 *
 * The generator works on one phase at a time: a roll of lines (one per
 * enrolment), each with one mark per session of the year, first all present,
 * then marked step by step until every published figure is used up.  All
 * arithmetic is on integers, so that a seed gives the same files everywhere.
 */
#ifndef GENERATE_H
#define GENERATE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Weekdays only: day d is weekday d % 5 of week d / 5, week 0 = 2025-09-08 */
#define WEEKS 44
#define DAYS (WEEKS * 5)
#define POSITIONS (DAYS * 2)
#define HALF_TERMS 6
#define WEEKDAY(week, weekday) (5 * (week) + (weekday))
#define AM(day) (2 * (day))
#define PM(day) (2 * (day) + 1)

#define LAST_DAY_IN_JUNE WEEKDAY(41, 4) /* 26 June, the school leaving date */
#define FIRST_OPEN_DAY (DAYS - 5)       /* whose absences may still be without a reason */
#define LAST_EXAMINATION WEEKDAY(41, 2) /* 24 June, kept free for examinations put off */

#define SEPTEMBER 2025 /* when the school year begins */
#define PHASES 3
#define SCHOOLS 202
#define TRUSTS 15
#define COHORTS 12 /* Reception = 0, then Year 1 to Year 11 */
#define BANDS 11   /* of absence, 5 points wide, last one open */

/* Every mark in brackets, a blank for each week, and the date */
#define LINE_TEXT (POSITIONS * 4 + WEEKS + 16)

/* "[2025-09-08 AM,2025-09-08 AM]," for every second session at most */
#define SESSIONS_TEXT (POSITIONS / 2 * 30 + 8)
#define NAME_TEXT 80

typedef enum Phase
{
	PRIMARY,
	SECONDARY,
	SPECIAL
} Phase;

typedef enum MarkClass
{
	CLASS_PRESENT,
	CLASS_APPROVED,
	CLASS_AUTHORISED,
	CLASS_UNAUTHORISED,
	CLASS_OUTSIDE /* not a possible session, or no mark at all */
} MarkClass;

/*
 * The codes are listed here again, although the extension has its own list:
 * what checks the extension should not be built from it.
 */
typedef enum Mark
{
	MARK_BLANK,
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
	MARK_X, /* from here on: outside possible sessions */
	MARK_D,
	MARK_Y1,
	MARK_Y4,
	MARK_Y5,
	MARK_Y7,
	MARK_MISSING,
	MARKS
} Mark;

typedef struct MarkName
{
	const char *text;
	MarkClass class;
} MarkName;

/* One column of the published table which is a sum of codes */
typedef enum Total
{
	TOTAL_REASON_PRESENT,
	TOTAL_PRESENT,
	TOTAL_APPROVED,
	TOTAL_ATTENDANCE,
	TOTAL_AUTHORISED,
	TOTAL_UNAUTHORISED,
	TOTAL_ABSENCE,
	TOTAL_LATE,
	TOTAL_POSSIBLE,
	TOTALS
} Total;

typedef struct School
{
	Phase phase;
	int urn;
	int estab;         /* the last four digits of the LAESTAB */
	int trust;         /* 0 = maintained by the authority */
	int size;          /* enrolments */
	int effect;        /* on absence, about -900 to 900 */
	int observance;    /* percent who keep Eid away from school */
	bool june_leavers; /* takes Year 11 off roll on 26 June */
	bool held[DAYS];
	bool inset[DAYS];
	char name[64];
} School;

typedef struct Line
{
	uint8_t *marks; /* one Mark per position */
	int school;     /* index */
	int year;
	int group;      /* 0 = A */
	int first;      /* first day on roll, 0 = since before */
	int last;       /* last day on roll, DAYS - 1 = until after */
	int moved_from; /* index of the pupil's earlier line, or -1 */
	int moved_to;   /* of the later one, or -1 */
	int pupil;      /* pupil_id, 0 = not yet known */
	int surname;    /* index */
	int primary;    /* index of the school where a pupil of a secondary school began */
	int possible;
	int budget;   /* sessions of absence planned */
	int left;     /* of which not yet placed */
	int lateness; /* weight */
	int trait;    /* 0-999, who does what */
	bool settled; /* must not join or leave in the year */
	bool reduced; /* has a part-time timetable */
	char birth[16];
	char upn[16];
} Line;

typedef struct Class
{
	int from; /* lines from .. to - 1 */
	int to;
} Class;

/* The roll of one phase */
typedef struct Roll
{
	Phase phase;
	School *schools; /* of all phases */
	int nlines;
	Line *lines;
	int nclasses;
	Class *classes;
	uint8_t *marks;
	long left[MARKS]; /* sessions still to place, per code */
} Roll;

typedef struct Recount
{
	long sessions[MARKS][2]; /* by half of the day */
	long lines;
	long persistent;
	long severe;
	long run_bytes;
	long lawful[MARKS]; /* sessions with what the Regulations ask for beside the mark */
	long stray;         /* sessions with it and another mark */
	long leavers;
	long deletions; /* of them, with a ground and all that goes with it */
	long leaves;    /* rows */
} Recount;

/*
 * The files whose rows are made field by field.  Their columns are named in
 * generate_rows.c, in the order of these.
 */
typedef enum Table
{
	TABLE_ENROLMENTS,
	TABLE_CONTACTS,
	TABLE_ADDRESSES,
	TABLE_HEADS,
	TABLE_LEAVES,
	TABLE_TIMETABLES,
	TABLE_NATURES,
	TABLE_DUAL,
	TABLES
} Table;

/* The first two columns of all that is written about a pupil at a school */
#define ROW_SCHOOL 0
#define ROW_PUPIL 1

typedef enum EnrolmentColumn
{
	ENROLMENT_START = 2,
	ENROLMENT_END,
	ENROLMENT_STATUS,
	ENROLMENT_YEAR,
	ENROLMENT_GROUP,
	ENROLMENT_AGREED,
	ENROLMENT_BASIS,
	ENROLMENT_REASON,
	ENROLMENT_GROUND,
	ENROLMENT_AROSE,
	ENROLMENT_EVIDENCE,
	ENROLMENT_DELETED,
	ENROLMENT_NEXT,
	ENROLMENT_NEXT_START,
	ENROLMENT_LAST,
	ENROLMENT_LAST_ADDRESS
} EnrolmentColumn;

typedef enum LeaveColumn
{
	LEAVE_MARK = 2,
	LEAVE_SESSIONS,
	LEAVE_REASON,
	LEAVE_CIRCUMSTANCES,
	LEAVE_CONTACT,
	LEAVE_APPLICANT,
	LEAVE_RECEIVED,
	LEAVE_DECIDED_BY,
	LEAVE_DECIDED,
	LEAVE_STATUS,
	LEAVE_LICENCE,
	LEAVE_LICENCE_FROM,
	LEAVE_LICENCE_TO,
	LEAVE_EXAMINATION
} LeaveColumn;

typedef enum TimetableColumn
{
	TIMETABLE_SESSIONS = 2,
	TIMETABLE_CIRCUMSTANCES,
	TIMETABLE_AGREED,
	TIMETABLE_CONTACT,
	TIMETABLE_AGREED_WITH,
	TIMETABLE_AGREED_BY,
	TIMETABLE_REVIEWS,
	TIMETABLE_STATUS
} TimetableColumn;

typedef enum NatureColumn
{
	NATURE_MARK = 2,
	NATURE_SESSIONS,
	NATURE_TEXT
} NatureColumn;

typedef enum DualColumn
{
	DUAL_OTHER_URN = 2,
	DUAL_OTHER,
	DUAL_FROM,
	DUAL_TO,
	DUAL_MAIN
} DualColumn;

#define COLUMNS 18
#define ROW_TEXT (SESSIONS_TEXT + 1024)

/* One row; a field that was not set is NULL */
typedef struct Row
{
	Table table;
	char *fields[COLUMNS];
	char text[ROW_TEXT]; /* of the fields, one after the other */
	size_t used;
} Row;

/* From one position to another, both included */
typedef struct Span
{
	int first;
	int last;
} Span;

typedef struct Output
{
	const char *directory;
	FILE *pupils;
	FILE *lines;
	FILE *expected;
	FILE *tables[TABLES];
	int copied_urn; /* the school whose marks come in long form */
	int pupil_count;
} Output;

/* generate_published.c */
extern const MarkName mark_names[MARKS];
extern const char *const phase_names[PHASES];
extern const char *const total_names[TOTALS];
extern const int published_schools[PHASES];
extern const int published_enrolments[PHASES];
extern const int published_persistent[PHASES];
extern const long published_present[2][PHASES];
extern const long published_sessions[MARKS][PHASES];
extern const long published_totals[TOTALS][PHASES];
extern const int band_enrolments[PHASES][BANDS];

/* generate_random.c */
extern void random_seed(uint64_t seed);
extern int random_below(int n);
extern bool random_chance(int percent);
extern int random_between(int low, int high);
extern int random_normal(int deviation);
extern int pick(int who, int what, int n);
extern int random_weighted(const int *weights, int n);
extern void random_shares(const int *weights, int n, int total, int *shares);

/* generate_calendar.c */
extern void format_date(int year, int day_of_september_year, char *text);
extern void format_day(int day, char *text);
extern void format_earlier(int day, int weekdays, char *text);
extern int day_of_text(const char *text);
extern void make_calendar(School *school);
extern int half_term_edge(int half_term, bool last);
extern int next_held(const School *school, int day);
extern void write_calendar(const char *directory, const School *schools);

/* generate_schools.c */
extern void make_schools(School *schools);
extern int choose_copied(const School *schools);
extern void write_schools(const char *directory, const School *schools);

/* generate_names.c */
extern const char *forename(bool female, int n);
extern const char *surname(int n);
extern int surname_count(void);
extern int forename_count(bool female);
extern void school_name(int n, char *text, size_t size);
extern void trust_name(int n, char *text, size_t size);
extern void outside_name(int n, char *text, size_t size);

/* generate_roll.c */
extern void make_roll(Roll *roll, Phase phase, School *schools);
extern void free_roll(Roll *roll);

/* generate_moves.c */
extern void place_outside(Roll *roll);
extern void move_pupils(Roll *roll);

/* generate_pupils.c */
extern void write_pupils(Output *out, Roll *roll, Recount *recount);

/* generate_enrolments.c */
extern void write_enrolment(Output *out, const Roll *roll, const Line *line, Recount *recount);

/* generate_people.c */
extern void head_name(const School *school, char *text);
extern void school_address(const School *school, char *text);
extern void parent_name(const Line *line, char *text);
extern int parent_id(const Line *line);
extern void write_heads(Output *out, const School *schools);
extern void write_family(Output *out, const Line *line);

/* generate_rows.c */
extern void open_tables(Output *out);
extern void close_tables(Output *out);
extern void start_row(Row *row, Table table);
extern void set_field(Row *row, int column, const char *format, ...);
extern const char *field(const Row *row, int column);
extern void write_row(Output *out, Row *row);

/* generate_evidence.c */
extern bool main_school(const Line *line);
extern void write_evidence(Output *out, const Roll *roll, const Line *line, Recount *recount);

/* generate_lawful.c */
extern bool school_age(const char *birth, const char *day);
extern void read_evidence(const Row *row, const Roll *roll, const Line *line, uint8_t *covered);
extern void recount_evidence(const Line *line, const uint8_t *covered, Recount *recount);
extern void recount_deletion(const Row *row, const Line *line, Recount *recount);

/* generate_budget.c */
extern void plan_absence(Roll *roll);

/* generate_place.c */
extern int place_run(Line *line, int position, int sessions, Mark mark);
extern int place_absence(Roll *roll, Line *line, int position, int sessions, Mark mark);
extern int random_day(const Line *line);
extern int season_day(const Line *line, int days);
extern void scatter(Roll *roll, Mark mark, bool (*lawful)(const Line *line, int day));
extern Line *random_line(Roll *roll);

/* generate_absence.c */
extern void place_reasons(Roll *roll);
extern void place_illness(Roll *roll);

/* generate_attended.c */
extern void place_approved(Roll *roll);
extern void place_lates(Roll *roll);

/* generate_text.c */
extern int format_line(const uint8_t *marks, char *text);
extern bool parse_line(const char *text, uint8_t *marks);
extern int format_sessions(const uint8_t *marks, Mark mark, int position, int runs, Span *span,
						   char *text);
extern void format_session(int position, char *text);
extern bool parse_sessions(const char *text, bool *within);
extern void recount_line(const uint8_t *marks, Recount *recount);

/* generate_output.c */
extern FILE *open_file(const char *directory, const char *name, const char *header);
extern void close_file(FILE *file);
extern void write_marks(Output *out, Roll *roll, Recount *recount);

/* generate_check.c */
extern const char *with_commas(long n);
extern bool check_figures(Phase phase, const Recount *recount);
extern void write_expected(FILE *file, Phase phase, const Recount *recount);

/* generate.c */
extern void *allocate(size_t n, size_t size);
extern void fail(const char *format, ...);
extern void show_progress(Phase phase, int done, int all);

#endif /* GENERATE_H */
