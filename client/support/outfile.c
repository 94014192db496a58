/*
 * outfile.c
 *		Files that are written: each has its name only when it is whole.
 */
#include "client.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file_utils.h"

#define MAX_UNFINISHED 4

static char *volatile unfinished[MAX_UNFINISHED];

/* What is not finished goes.  Called by a signal, too: nothing here takes memory or locks. */
void
discard_files(void)
{
	for (int i = 0; i < MAX_UNFINISHED; i++)
	{
		if (unfinished[i] != NULL)
			unlink(unfinished[i]);
	}
}

static void
note_unfinished(char *part)
{
	static bool registered = false;
	int i = 0;

	if (!registered)
		atexit(discard_files);
	registered = true;
	while (i < MAX_UNFINISHED && unfinished[i] != NULL)
		i++;
	if (i == MAX_UNFINISHED)
		fail(EXIT_WRONG, "too many files are open");
	unfinished[i] = part;
}

static void
note_finished(const char *part)
{
	for (int i = 0; i < MAX_UNFINISHED; i++)
	{
		if (unfinished[i] == part)
			unfinished[i] = NULL;
	}
}

static void
fail_writing(const char *name)
{
	fail(EXIT_WRONG, "could not write file \"%s\": %m", name);
}

/* A device or a pipe is written as it is. */
static bool
is_special(const char *name)
{
	struct stat status;

	return stat(name, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static void
check_no_directory(const char *name)
{
	struct stat status;

	if (stat(name, &status) == 0 && S_ISDIR(status.st_mode))
		fail(EXIT_WRONG, "could not write file \"%s\": it is a directory", name);
}

/* Nobody else's to read: these are children. */
void
open_file(OutFile *file, const char *name)
{
	Buffer part = {0};
	int fd;

	memset(file, 0, sizeof(OutFile));
	file->name = pg_strdup(name);
	check_no_directory(name);
	if (is_special(name))
	{
		file->file = fopen(name, "w");
		if (file->file == NULL)
			fail_writing(name);
		return;
	}
	put_format(&part, "%s.part", name);
	fd = open(part.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	file->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file->file == NULL)
		fail_writing(part.data);
	file->part = part.data;
	note_unfinished(file->part);
}

void
write_file(OutFile *file, const void *bytes, size_t length)
{
	if (fwrite(bytes, 1, length, file->file) != length)
		fail_writing(file->name);
}

/* On the disk, if not under its name: from now on nothing about it can fail but that. */
void
sync_file(OutFile *file)
{
	if (fflush(file->file) != 0 || ferror(file->file) ||
		(file->part != NULL && fsync(fileno(file->file)) != 0))
		fail_writing(file->name);
}

void
keep_file(OutFile *file)
{
	if (fclose(file->file) != 0)
		fail_writing(file->name);
	if (file->part != NULL)
	{
		if (rename(file->part, file->name) != 0)
			fail_writing(file->name);
		note_finished(file->part);
		/* durable_rename() would want to write the file that had the name before */
		if (fsync_parent_path(file->name) != 0)
			exit(EXIT_WRONG); /* it has said why */
	}
	free(file->part);
	free(file->name);
	memset(file, 0, sizeof(OutFile));
}
