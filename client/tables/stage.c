/*
 * stage.c
 *		The rows of all files are copied as text into a temporary table, numbered in their order.
 */
#include "tables/tables.h"

#define SEND_AT 60000

static void
send_staged(TableLoad *load)
{
	if (PQputCopyData(conn, load->buffer.data, (int) load->buffer.len) != 1)
		fail(EXIT_CONNECTION, "the connection to the server was lost");
	empty_buffer(&load->buffer);
}

static void
send_record(TableFile *file)
{
	TableLoad *load = file->load;
	Buffer *buffer = &load->buffer;

	put_network(buffer, load->count + 1, 2);
	put_copied_number(buffer, ++load->rows, 8);
	for (int i = 0; i < load->count; i++)
		put_copied(buffer, (Text){file->values[i].data, file->values[i].len});
	if (buffer->len < SEND_AT)
		return;
	send_staged(load);
	show_progress(input_offset(file->input), load->rows);
}

/* The table, and COPY into it. */
static void
start_stage(TableLoad *load)
{
	Buffer table = {0}, copy = {0};

	put_string(&table, "CREATE TEMPORARY TABLE attendance_stage (place bigint");
	put_string(&copy, "COPY pg_temp.attendance_stage (place");
	for (int i = 0; i < load->count; i++)
	{
		put_format(&table, ", %s text", load->columns[i]->name);
		put_format(&copy, ", %s", load->columns[i]->name);
	}
	put_string(&table, ", person text) ON COMMIT DROP");
	put_string(&copy, ") FROM STDIN (FORMAT binary)");
	run_command(table.data);
	start_copy(&load->buffer, copy.data);
	termPQExpBuffer(&table);
	termPQExpBuffer(&copy);
}

static void
end_stage(TableLoad *load)
{
	PGresult *result;

	put_network(&load->buffer, UINT16_MAX, 2);
	send_staged(load);
	PQputCopyEnd(conn, NULL);
	result = PQgetResult(conn);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_query(conn, result);
	PQclear(result);
	PQclear(PQgetResult(conn));
}

void
stage_files(TableLoad *load)
{
	int64_t before = 0;
	Input **bare = NULL; /* told when it is certain that the connection was not lost */
	int count = 0;

	start_stage(load);
	for (int i = 0; load->inputs[i] != NULL; i++)
	{
		TableFile file = {0};
		int64_t so_far = load->rows + load->malformed;

		set_progress_base(before);
		start_file(load, &file, load->inputs[i]);
		while (next_record(&file))
			send_record(&file);
		if (load->rows + load->malformed == so_far)
		{
			bare = pg_realloc(bare, (count + 1) * sizeof(Input *));
			bare[count++] = file.input;
		}
		end_file(&file);
		before += input_offset(load->inputs[i]);
	}
	end_stage(load);
	for (int i = 0; i < count; i++)
		warn_no_rows(bare[i]);
	free(bare);
}
