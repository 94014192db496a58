/*
 * output.c
 *		What is written: to standard output, or to a file that has its name only when it is whole.
 */
#include "export/export.h"

#include "common/cryptohash.h"
#include "common/sha2.h"

#define DIGEST_SIZE (2 * PG_SHA256_DIGEST_LENGTH + 1)

static struct
{
	bool to_file; /* or to standard output */
	OutFile file;
	pg_cryptohash_ctx *hash; /* so that a file's digest needs no second reading */
	char digest[DIGEST_SIZE];
} output;

bool
is_standard_output(const char *name)
{
	return name == NULL || strcmp(name, "-") == 0;
}

static void
check_hash(bool done)
{
	if (!done)
		fail(EXIT_WRONG, "could not compute a digest");
}

static pg_cryptohash_ctx *
start_hash(void)
{
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);

	check_hash(hash != NULL && pg_cryptohash_init(hash) >= 0);
	return hash;
}

static void
end_hash(pg_cryptohash_ctx *hash, char *digest)
{
	uint8 bytes[PG_SHA256_DIGEST_LENGTH];

	check_hash(pg_cryptohash_final(hash, bytes, sizeof(bytes)) >= 0);
	pg_cryptohash_free(hash);
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(digest + 2 * i, 3, "%02x", bytes[i]);
}

/* In hexadecimal digits. */
char *
digest_of(const void *bytes, size_t length)
{
	pg_cryptohash_ctx *hash = start_hash();
	char *digest = pg_malloc(DIGEST_SIZE);

	check_hash(pg_cryptohash_update(hash, bytes, length) >= 0);
	end_hash(hash, digest);
	return digest;
}

void
open_output(const char *name)
{
	output.hash = start_hash();
	output.to_file = !is_standard_output(name);
	if (output.to_file)
		open_file(&output.file, name);
}

static void
fail_output(void)
{
	fail(EXIT_WRONG, "could not write to standard output: %m");
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
	check_hash(pg_cryptohash_update(output.hash, bytes, length) >= 0);
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

/* Which is empty then. */
void
write_line(Buffer *line)
{
	put_string(line, "\n");
	write_output(line->data, line->len);
	empty_buffer(line);
}

/* Where others write; what they write has no digest. */
FILE *
output_stream(void)
{
	return output.to_file ? output.file.file : stdout;
}

void
close_output(void)
{
	end_hash(output.hash, output.digest);
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

/* What went to standard output says it itself. */
void
say_written(const char *what, long long rows)
{
	Buffer line = {0};

	if (options.quiet || is_standard_output(options.output))
		return;
	if (json_messages)
	{
		put_string(&line, "{\"status\": \"written\", \"file\": ");
		put_json(&line, text_of(options.output));
		put_format(&line, ", \"rows\": %lld, \"sha256\": \"%s\"}\n", rows, output_digest());
	}
	else
		put_format(&line, "wrote %lld %s to \"%s\"\n", rows, what, options.output);
	fputs(line.data, stdout);
	termPQExpBuffer(&line);
}
