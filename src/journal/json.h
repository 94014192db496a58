/*
 * json.h
 *		The parts of a JSON text, which stay the bytes that they are: see journal/json.c.
 */
#ifndef ATT_JSON_H
#define ATT_JSON_H

#include "attendance.h"

/* A part of a text; bytes are NULL for one that is not there. */
typedef struct Piece
{
	const char *bytes;
	size_t length;
} Piece;

typedef struct JsonReader
{
	const char *next;
	const char *end;
} JsonReader;

static inline bool
same_piece(Piece a, Piece b)
{
	return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

extern bool at_end(JsonReader *reader);
extern bool take_byte(JsonReader *reader, char byte);
extern void need_byte(JsonReader *reader, char byte);
extern bool get_member(JsonReader *reader, bool first, Piece *name, Piece *value);
extern Piece find_column(Piece row, Piece column);
pg_noreturn extern void rows_are_corrupt(void);

#endif /* ATT_JSON_H */
