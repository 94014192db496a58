/*
 * output.c
 *		What is written: to standard output, or to a file that has its name only when it is whole.
 */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct
{
	bool to_file; /* or to standard output */
	OutFile file;
	Sha256 hash;
	char digest[65];
} output;

bool
is_standard_output(const char *name)
{
	return name == NULL || strcmp(name, "-") == 0;
}

void
open_output(const char *name)
{
	sha256_start(&output.hash);
	output.to_file = !is_standard_output(name);
	if (output.to_file)
		open_file(&output.file, name);
}

static void
fail_output(void)
{
	fail(EXIT_WRONG, "could not write to standard output: %s", strerror(errno));
}

void
flush_standard_output(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		fail_output();
}

void
write_output(const void *bytes, size_t length)
{
	sha256_add(&output.hash, bytes, length);
	if (output.to_file)
		write_file(&output.file, bytes, length);
	else if (fwrite(bytes, 1, length, stdout) != length)
		fail_output();
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
	if (output.to_file)
	{
		sync_file(&output.file);
		keep_file(&output.file);
	}
	else
		flush_standard_output();
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
