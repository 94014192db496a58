/*
 * output.c
 *		What is written: to standard output, or to a file that has its name only when it is whole.
 */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct
{
	FILE *file;
	char *name, *part; /* NULL for standard output */
	Sha256 hash;
	char digest[65];
} output;

void
open_output(const char *name)
{
	Buffer part = {0};
	int fd;

	sha256_start(&output.hash);
	output.file = stdout;
	if (name == NULL || strcmp(name, "-") == 0)
		return;
	put_format(&part, "%s.part", name);
	/* nobody else's to read: these are children */
	fd = open(part.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	output.file = fd < 0 ? NULL : fdopen(fd, "w");
	if (output.file == NULL)
		fail(EXIT_WRONG, "could not write file \"%s\": %s", part.data, strerror(errno));
	if (output.part == NULL)
		atexit(discard_output);
	output.part = part.data;
	output.name = copy_string(name);
}

void
write_output(const void *bytes, size_t length)
{
	sha256_add(&output.hash, bytes, length);
	if (fwrite(bytes, 1, length, output.file) != length)
		fail(EXIT_WRONG, "could not write the output: %s", strerror(errno));
}

void
write_string(const char *string)
{
	write_output(string, strlen(string));
}

void
close_output(void)
{
	sha256_hex(&output.hash, output.digest);
	if (output.part == NULL)
	{
		if (fflush(stdout) != 0)
			fail(EXIT_WRONG, "could not write the output: %s", strerror(errno));
		return;
	}
	if (fflush(output.file) != 0 || fsync(fileno(output.file)) != 0 || fclose(output.file) != 0 ||
		rename(output.part, output.name) != 0)
		fail(EXIT_WRONG, "could not write file \"%s\": %s", output.name, strerror(errno));
	free(output.part);
	free(output.name);
	output.part = output.name = NULL;
}

/* A file that is not finished goes. */
void
discard_output(void)
{
	if (output.part != NULL)
		unlink(output.part);
}

/* Of what was written until close_output(). */
const char *
output_digest(void)
{
	return output.digest;
}

/* Writes what COPY TO STDOUT gives; returns the rows. */
long long
copy_out(const char *sql)
{
	PGresult *result = PQexec(conn, sql);
	long long rows;
	char *bytes;
	int length;

	if (PQresultStatus(result) != PGRES_COPY_OUT)
		fail_query(conn, result);
	PQclear(result);
	while ((length = PQgetCopyData(conn, &bytes, 0)) > 0)
	{
		write_output(bytes, length);
		PQfreemem(bytes);
	}
	result = PQgetResult(conn);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_query(conn, result);
	rows = atoll(PQcmdTuples(result));
	PQclear(result);
	PQclear(PQgetResult(conn));
	return rows;
}
