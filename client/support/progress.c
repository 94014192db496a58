/*
 * progress.c
 *		How far a load is: a line that is written anew on a terminal, plain lines elsewhere.
 */
#include "client.h"

#include <time.h>
#include <unistd.h>

static struct
{
	const char *what;
	int64_t size; /* -1: not known */
	int64_t base; /* of files that were read before */
	double started, shown;
	bool active, terminal, drawn;
} progress;

static double
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

void
start_progress(const char *what, int64_t size)
{
	progress.what = what;
	progress.size = size;
	progress.started = progress.shown = now();
	progress.terminal = isatty(STDERR_FILENO);
	progress.active = true;
	progress.drawn = false;
	progress.base = 0;
}

static void
format_rest(char *text, size_t size, double seconds)
{
	if (seconds < 0 || seconds > 359999)
		text[0] = '\0';
	else if (seconds < 3600)
		snprintf(text, size, ", %d:%02d left", (int) seconds / 60, (int) seconds % 60);
	else
		snprintf(text, size, ", %d:%02d:%02d left", (int) seconds / 3600, (int) seconds / 60 % 60,
				 (int) seconds % 60);
}

static void
draw(int64_t bytes, int64_t rows, double elapsed)
{
	double rate = elapsed > 0 ? bytes / elapsed : 0;
	char rest[32] = "";

	fprintf(stderr, "%s%s: ", progress.terminal ? "\r\033[K" : "", progress.what);
	if (progress.size > 0)
	{
		fprintf(stderr, "%d %%, ", (int) (100.0 * bytes / progress.size));
		format_rest(rest, sizeof(rest), rate > 0 ? (progress.size - bytes) / rate : -1);
	}
	fprintf(stderr, "%.1f MB", bytes / 1e6);
	if (rows > 0)
		fprintf(stderr, ", %lld rows, %.0f rows/s", (long long) rows, rows / elapsed);
	fprintf(stderr, "%s%s", rest, progress.terminal ? "" : "\n");
	fflush(stderr);
	progress.drawn = true;
}

void
set_progress_base(int64_t bytes)
{
	progress.base = bytes;
}

/* Called often; shows five times a second on a terminal, every ten seconds elsewhere. */
void
show_progress(int64_t bytes, int64_t rows)
{
	double time;

	if (!progress.active)
		return;
	time = now();
	if (time - progress.shown < (progress.terminal ? 0.2 : 10))
		return;
	progress.shown = time;
	draw(progress.base + bytes, rows, time - progress.started);
}

void
end_progress(void)
{
	if (progress.active && progress.terminal && progress.drawn)
		fprintf(stderr, "\r\033[K");
	progress.active = false;
}
