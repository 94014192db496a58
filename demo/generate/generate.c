/*
 * generate.c
 *		Write a year of registers that add up to published figures.
 *
 * Usage: generate OUTDIR [SEED]
 *
 * The schools, pupils and registers are made up.  Their sums are the figures
 * which the Department for Education published for Bradford in 2025/26: the
 * program counts what it has written and fails if one figure is off.
 *
 * Compile: cc -std=c99 -O2 -o generate generate*.c
 */
#ifndef _WIN32
#define _POSIX_C_SOURCE 200112L
#include <sys/stat.h>
#include <unistd.h>
#define make_directory(path) mkdir((path), 0777)
#else
#include <direct.h>
#include <io.h>
#define make_directory(path) _mkdir(path)
#define isatty _isatty
#endif

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"

#define DEFAULT_SEED 380

void
fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "generate: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	exit(EXIT_FAILURE);
}

void *
allocate(size_t n, size_t size)
{
	void *memory = calloc(n, size);

	if (memory == NULL)
		fail("out of memory");
	return memory;
}

/* A counter for those who watch; nothing in a log */
void
show_progress(Phase phase, int done, int all)
{
	if (!isatty(2))
		return;
	fprintf(stderr, "\r%s: %s of %s registers", phase_names[phase], with_commas(done),
			with_commas(all));
	if (done == all)
		fprintf(stderr, "\r%60s\r", "");
}

static bool
make_phase(Output *out, Phase phase, School *schools, Recount *recount)
{
	Roll roll;

	make_roll(&roll, phase, schools);
	show_progress(phase, 0, roll.nlines);
	place_outside(&roll);
	move_pupils(&roll);
	plan_absence(&roll);
	place_reasons(&roll);
	place_illness(&roll);
	place_approved(&roll);
	place_lates(&roll);
	write_pupils(out, &roll, recount);
	write_marks(out, &roll, recount);
	show_progress(phase, roll.nlines, roll.nlines);
	write_expected(out->expected, phase, recount);
	free_roll(&roll);
	return check_figures(phase, recount);
}

static void
open_output(Output *out, const char *directory)
{
	if (make_directory(directory) != 0 && errno != EEXIST)
		fail("could not create directory \"%s\"", directory);
	memset(out, 0, sizeof(*out));
	out->directory = directory;
	out->pupils =
		open_file(directory, "pupils.csv", "pupil_id,upn,surname,forename,sex,date_of_birth");
	out->lines =
		open_file(directory, "register_lines.csv", "school_urn,academic_year,pupil_id,marks");
	open_tables(out);
	out->expected = open_file(directory, "expected.csv", "phase,code,sessions");
}

static void
close_output(Output *out)
{
	close_file(out->pupils);
	close_tables(out);
	close_file(out->lines);
	close_file(out->expected);
}

static bool
make_all(Output *out, School *schools)
{
	bool equal = true;
	long lines = 0;
	long bytes = 0;
	int phase;

	for (phase = 0; phase < PHASES; phase++)
	{
		Recount recount;

		memset(&recount, 0, sizeof(recount));
		equal &= make_phase(out, (Phase) phase, schools, &recount);
		lines += recount.lines;
		bytes += recount.run_bytes;
	}
	fprintf(stderr,
			"Run-length coded, a register line would take "
			"%ld.%ld bytes on average\n",
			bytes / lines, bytes * 10 / lines % 10);
	return equal;
}

static uint64_t
read_seed(const char *text)
{
	char *end;
	uint64_t seed = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0')
		fail("SEED must be a whole number, not \"%s\"", text);
	return seed;
}

int
main(int argc, char **argv)
{
	School *schools;
	uint64_t seed = DEFAULT_SEED;
	Output out;
	bool equal;

	if (argc < 2 || argc > 3)
		fail("usage: generate OUTDIR [SEED]");
	if (argc == 3)
		seed = read_seed(argv[2]);
	schools = allocate(SCHOOLS, sizeof(School));
	random_seed(seed);
	open_output(&out, argv[1]);
	make_schools(schools);
	out.copied_urn = choose_copied(schools);
	write_schools(argv[1], schools);
	write_calendar(argv[1], schools);
	write_heads(&out, schools);
	equal = make_all(&out, schools);
	close_output(&out);
	free(schools);
	return equal ? EXIT_SUCCESS : EXIT_FAILURE;
}
