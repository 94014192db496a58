/*
 * fuzz_alone.c
 *		The harness without libFuzzer: it runs the inputs of files, and changes of them that are the
 *		same in every run.
 *
 * usage: fuzz [-seed=N] [-runs=N] FILE-OR-DIRECTORY...
 */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

#define MOST_BYTES 4096

#undef printf
#undef snprintf

static uint64 state = 20250908;

/* A number below a limit. */
static uint32
draw(uint32 limit)
{
	state = state * UINT64CONST(6364136223846793005) + UINT64CONST(1442695040888963407);
	return (uint32) (state >> 33) % limit;
}

/* A byte changed, put in, taken out, or the rest cut off. */
static size_t
change(uint8 *bytes, size_t length)
{
	size_t place = length > 1 ? 1 + draw(length - 1) : 0;

	switch (draw(6))
	{
		case 0:
			memmove(bytes + place + 1, bytes + place, length - place);
			bytes[place] = draw(256);
			return length + 1;
		case 1:
			memmove(bytes + place, bytes + place + 1, length - place - (length > 0));
			return length - (length > 1);
		case 2:
			return length > 1 ? place : length;
		case 3:
			bytes[place] ^= 1 << draw(8);
			return length;
		default:
			bytes[place] = draw(256);
			return length;
	}
}

static long
run_file(const char *path, long runs)
{
	uint8 whole[MOST_BYTES], bytes[MOST_BYTES + 8];
	FILE *file = fopen(path, "rb");
	size_t length, size;

	if (file == NULL)
		fail(path);
	length = fread(whole, 1, sizeof(whole), file);
	fclose(file);
	LLVMFuzzerTestOneInput(whole, length);
	for (long run = 1; run < runs; run++)
	{
		memcpy(bytes, whole, length);
		size = length;
		for (int changes = 1 + draw(3); changes > 0; changes--)
			size = change(bytes, size);
		LLVMFuzzerTestOneInput(bytes, size);
	}
	return runs;
}

static long
run_path(const char *path, long runs)
{
	struct dirent **entries;
	struct stat info;
	long done = 0;
	int count;

	if (stat(path, &info) != 0)
		fail(path);
	if (!S_ISDIR(info.st_mode))
		return run_file(path, runs);
	count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++)
	{
		char inside[4096];

		snprintf(inside, sizeof(inside), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			done += run_file(inside, runs);
		free(entries[i]);
	}
	free(entries);
	return done;
}

int
main(int count, char **arguments)
{
	long runs = 1, done = 0;

	for (int i = 1; i < count; i++)
	{
		if (strncmp(arguments[i], "-runs=", 6) == 0)
			runs = atol(arguments[i] + 6);
		else if (strncmp(arguments[i], "-seed=", 6) == 0)
			state = atol(arguments[i] + 6);
		else
			done += run_path(arguments[i], runs);
	}
	printf("Done %ld runs\n", done);
	return 0;
}
