/*
 * feed.c
 *		Sends marks to the register by COPY in binary form, into the view mark_feed or, when rows may
 *		be set aside, into a temporary table (marks/reject.c).
 */
#include "marks/marks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SEND_AT 60000

typedef struct Feed
{
	Buffer buffer;
	bool stage;  /* with the number of the row before its values */
	bool broken; /* the server has refused something already */
} Feed;

static Feed feed;

/* ---------- binary values, in network order ---------- */

static void
put_int(Buffer *buffer, uint64_t value, int bytes)
{
	unsigned char network[8];

	for (int i = 0; i < bytes; i++)
		network[i] = value >> (8 * (bytes - 1 - i));
	put_bytes(buffer, network, bytes);
}

static void
put_number(Buffer *buffer, int64_t value, int bytes)
{
	put_int(buffer, bytes, 4);
	put_int(buffer, (uint64_t) value, bytes);
}

/* An empty text is none. */
static void
put_value(Buffer *buffer, Text text)
{
	if (text.length == 0)
		put_int(buffer, UINT32_MAX, 4);
	else
	{
		put_int(buffer, text.length, 4);
		put_bytes(buffer, text.data, text.length);
	}
}

static Text
or_option(Text text, const char *option)
{
	return text.length == 0 && option != NULL ? text_of(option) : text;
}

static void
put_row(const Load *load, const Row *row)
{
	Buffer *buffer = &feed.buffer;

	put_int(buffer, feed.stage ? FIELD_COUNT + 1 : FIELD_COUNT, 2);
	if (feed.stage)
		put_number(buffer, load->marks, 8);
	put_number(buffer, row->school, 4);
	if (row->pupil_id == 0)
		put_value(buffer, (Text){"", 0});
	else
		put_number(buffer, row->pupil_id, 8);
	put_value(buffer, row->field[FIELD_UPN]);
	put_number(buffer, row->day, 4);
	put_value(buffer, (Text){row->session == 0 ? "AM" : "PM", 2});
	put_value(buffer, text_of(row->mark));
	put_value(buffer, row->field[FIELD_NATURE]);
	put_value(buffer, or_option(row->field[FIELD_ENTERED_BY], options.entered_by));
	put_value(buffer, or_option(row->field[FIELD_TITLE], options.title));
	put_value(buffer, or_option(row->field[FIELD_REASON], options.reason));
}

/* ---------- what became of the marks ---------- */

static Fed heard; /* of the statement that runs */
static Fed fed;   /* of those that are done */

/* The server says it at the end of a statement.  Of all else only warnings are shown, as ever. */
static void
hear(void *argument, const PGresult *result)
{
	const char *severity = message_field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	Fed said;

	(void) argument;
	if (sscanf(message_field(result, PG_DIAG_MESSAGE_PRIMARY),
			   "marks of the feed: %lld new, %lld amended", &said.entered, &said.amended) == 2)
		heard.entered += said.entered, heard.amended += said.amended;
	else if (strcmp(severity, "WARNING") == 0)
		fputs(PQresultErrorMessage(result), stderr);
}

/* In the transaction. */
void
listen_to_feed(void)
{
	PQsetNoticeReceiver(conn, hear, NULL);
	run_command("SET LOCAL client_min_messages = debug1");
}

/* What was said of a statement that was undone does not count. */
void
end_statement(bool done)
{
	if (done)
		fed.entered += heard.entered, fed.amended += heard.amended;
	heard = (Fed){0, 0};
}

Fed
fed_marks(void)
{
	return fed;
}

/* ---------- sending ---------- */

/* An error comes before the end of what is sent; it would be pointless to send the rest. */
static bool
server_has_refused(void)
{
	char first;

	if (PQsslInUse(conn))
		return false;
	return recv(PQsocket(conn), &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1 && first == 'E';
}

static void
send_buffer(void)
{
	if (feed.buffer.len == 0 || feed.broken)
		return;
	if (PQputCopyData(conn, feed.buffer.data, (int) feed.buffer.len) != 1)
		feed.broken = true;
	empty_buffer(&feed.buffer);
	if (server_has_refused())
		feed.broken = true;
}

static bool
take_row(Load *load, const Row *row)
{
	put_row(load, row);
	if (feed.buffer.len > SEND_AT)
		send_buffer();
	return !feed.broken;
}

void
start_feed(Load *load, bool stage)
{
	static const unsigned char head[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
	const char *columns =
		"school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason";
	Buffer sql = {0};
	PGresult *result;

	feed.stage = stage;
	put_format(&sql, "COPY %s (%s%s) FROM STDIN (FORMAT binary)",
			   stage ? "pg_temp.attendance_stage" : "mark_feed", stage ? "row_number, " : "",
			   columns);
	result = PQexec(conn, sql.data);
	if (PQresultStatus(result) != PGRES_COPY_IN)
		fail_query(conn, result);
	PQclear(result);
	termPQExpBuffer(&sql);
	put_bytes(&feed.buffer, head, sizeof(head));
	load->take = take_row;
}

/* Waits until the server has written all marks. */
void
finish_feed(Load *load, char **files)
{
	PGresult *result;

	put_int(&feed.buffer, UINT16_MAX, 2);
	send_buffer();
	if (PQputCopyEnd(conn, NULL) != 1 && PQstatus(conn) == CONNECTION_BAD)
		fail(EXIT_CONNECTION, "the connection to the server was lost");
	result = PQgetResult(conn);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_feed(load, result, files);
	PQclear(result);
	PQclear(PQgetResult(conn));
	end_statement(true);
	termPQExpBuffer(&feed.buffer);
	memset(&feed, 0, sizeof(feed));
}
