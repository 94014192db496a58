/*
 * copy.c
 *		COPY FROM STDIN in binary form, into a buffer that is sent when it is long enough.
 */
#include "client.h"

/* In network order. */
void
put_network(Buffer *buffer, uint64_t value, int bytes)
{
	unsigned char network[8];

	for (int i = 0; i < bytes; i++)
		network[i] = value >> (8 * (bytes - 1 - i));
	put_bytes(buffer, network, bytes);
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
