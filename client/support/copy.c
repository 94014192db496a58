/*
 * copy.c
 *		COPY FROM STDIN in binary form, into a buffer that is sent when it is long enough.
 */
#include "client.h"

#include "port/pg_bswap.h"

/* In network order, so many bytes of it. */
void
put_network(Buffer *buffer, uint64_t value, int bytes)
{
	value = pg_hton64(value << (8 * (8 - bytes)));
	put_bytes(buffer, &value, bytes);
}

void
put_copied_number(Buffer *buffer, int64_t value, int bytes)
{
	put_network(buffer, bytes, 4);
	put_network(buffer, (uint64_t) value, bytes);
}

/* An empty text is none. */
void
put_copied(Buffer *buffer, Text text)
{
	put_network(buffer, text.length == 0 ? UINT32_MAX : text.length, 4);
	put_bytes(buffer, text.data, text.length);
}

void
start_copy(Buffer *buffer, const char *sql)
{
	static const unsigned char head[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
	PGresult *result = PQexec(conn, sql);

	if (PQresultStatus(result) != PGRES_COPY_IN)
		fail_query(conn, result);
	PQclear(result);
	put_bytes(buffer, head, sizeof(head));
}
