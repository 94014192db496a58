/*
 * feed.c
 *		Sends marks to the register by COPY in binary form, into the view mark_feed or, when rows may
 *		be set aside, into a temporary table (marks/reject.c).
 */
#include "marks/marks.h"

#include <sys/socket.h>

#define SEND_AT 60000

typedef struct Feed
{
	Buffer buffer;
	bool stage;  /* with the number of the row before its values */
	bool broken; /* the server has refused something already */
} Feed;

static Feed feed;

static Text
or_option(Text text, const char *option)
{
	return text.length == 0 && option != NULL ? text_of(option) : text;
}

static void
put_row(const Load *load, const Row *row)
{
	Buffer *buffer = &feed.buffer;

	put_network(buffer, feed.stage ? FIELD_COUNT + 1 : FIELD_COUNT, 2);
	if (feed.stage)
		put_copied_number(buffer, load->marks, 8);
	put_copied_number(buffer, row->school, 4);
	if (row->pupil_id == 0)
		put_copied(buffer, (Text){"", 0});
	else
		put_copied_number(buffer, row->pupil_id, 8);
	put_copied(buffer, row->field[FIELD_UPN]);
	put_copied_number(buffer, row->day, 4);
	put_copied(buffer, (Text){row->session == 0 ? "AM" : "PM", 2});
	put_copied(buffer, text_of(row->mark));
	put_copied(buffer, row->field[FIELD_NATURE]);
	put_copied(buffer, or_option(row->field[FIELD_ENTERED_BY], options.entered_by));
	put_copied(buffer, or_option(row->field[FIELD_TITLE], options.title));
	put_copied(buffer, or_option(row->field[FIELD_REASON], options.reason));
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
	const char *columns =
		"school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason";
	Buffer sql = {0};

	feed.stage = stage;
	put_format(&sql, "COPY %s (%s%s) FROM STDIN (FORMAT binary)",
			   stage ? "pg_temp.attendance_stage" : "mark_feed", stage ? "row_number, " : "",
			   columns);
	start_copy(&feed.buffer, sql.data);
	termPQExpBuffer(&sql);
	load->take = take_row;
}

/* Waits until the server has written all marks. */
void
finish_feed(Load *load)
{
	PGresult *result;

	put_network(&feed.buffer, UINT16_MAX, 2);
	send_buffer();
	if (PQputCopyEnd(conn, NULL) != 1 && PQstatus(conn) == CONNECTION_BAD)
		fail(EXIT_CONNECTION, "the connection to the server was lost");
	result = PQgetResult(conn);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_feed(load, result);
	PQclear(result);
	PQclear(PQgetResult(conn));
	end_statement(true);
	termPQExpBuffer(&feed.buffer);
	memset(&feed, 0, sizeof(feed));
}
