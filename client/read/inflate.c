/*
 * inflate.c
 *		Files compressed by gzip or zstd, as far as the system has their libraries.
 */
#include "read/read.h"

#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

struct Inflater
{
	const char *name;
	bool complete; /* the compressed data end here, unless more follow */
#ifdef HAVE_ZLIB
	z_stream zlib;
	bool uses_zlib;
#endif
#ifdef HAVE_ZSTD
	ZSTD_DStream *zstd;
#endif
};

#ifdef HAVE_ZLIB
static void
start_zlib(Inflater *inflater)
{
	inflater->uses_zlib = true;
	if (inflateInit2(&inflater->zlib, 15 + 16) != Z_OK)
		fail(EXIT_WRONG, "out of memory");
}

static bool
inflate_zlib(Inflater *inflater, const char **from, size_t *from_length, char *to,
			 size_t *to_length)
{
	z_stream *stream = &inflater->zlib;
	uInt room = *to_length > 1 << 30 ? 1 << 30 : (uInt) *to_length;
	int status;

	if (inflater->complete && *from_length > 0)
	{
		inflateReset(stream); /* files that were joined */
		inflater->complete = false;
	}
	stream->next_in = (Bytef *) *from;
	stream->avail_in = (uInt) *from_length;
	stream->next_out = (Bytef *) to;
	stream->avail_out = room;
	status = inflater->complete ? Z_STREAM_END : inflate(stream, Z_NO_FLUSH);
	if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
		fail(EXIT_DATA, "%s: the compressed file is damaged", inflater->name);
	inflater->complete = status == Z_STREAM_END;
	*from += *from_length - stream->avail_in;
	*from_length = stream->avail_in;
	*to_length = room - stream->avail_out;
	return *to_length == room;
}
#endif

#ifdef HAVE_ZSTD
static bool
inflate_zstd(Inflater *inflater, const char **from, size_t *from_length, char *to,
			 size_t *to_length)
{
	ZSTD_inBuffer in = {*from, *from_length, 0};
	ZSTD_outBuffer out = {to, *to_length, 0};
	size_t status = ZSTD_decompressStream(inflater->zstd, &out, &in);

	if (ZSTD_isError(status))
		fail(EXIT_DATA, "%s: the compressed file is damaged", inflater->name);
	if (in.pos > 0 || out.pos > 0)
		inflater->complete = status == 0;
	*from += in.pos;
	*from_length -= in.pos;
	*to_length = out.pos;
	return out.pos == out.size;
}
#endif

/* NULL if the file is not compressed. */
Inflater *
start_inflater(const char *head, size_t length, const char *name)
{
	bool gzip = length >= 2 && memcmp(head, "\x1f\x8b", 2) == 0;
	bool zstd = length >= 4 && memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0;
	Inflater *inflater;

	if (!gzip && !zstd)
		return NULL;
	inflater = pg_malloc0(sizeof(Inflater));
	inflater->name = name;
#ifdef HAVE_ZLIB
	if (gzip)
		start_zlib(inflater);
	gzip = false;
#endif
#ifdef HAVE_ZSTD
	if (zstd && (inflater->zstd = ZSTD_createDStream()) == NULL)
		fail(EXIT_WRONG, "out of memory");
	zstd = false;
#endif
	if (gzip || zstd)
		fail(EXIT_WRONG, "%s: this " PROGRAM " was built without the library for %s files", name,
			 gzip ? "gzip" : "zstd");
	return inflater;
}

/* Takes from one piece and fills the other; true if there may be more without further input. */
bool
inflate_bytes(Inflater *inflater, const char **from, size_t *from_length, char *to,
			  size_t *to_length)
{
#ifdef HAVE_ZLIB
	if (inflater->uses_zlib)
		return inflate_zlib(inflater, from, from_length, to, to_length);
#endif
#ifdef HAVE_ZSTD
	return inflate_zstd(inflater, from, from_length, to, to_length);
#else
	(void) inflater, (void) from, (void) from_length, (void) to;
	*to_length = 0;
	return false;
#endif
}

bool
inflater_is_complete(const Inflater *inflater)
{
	return inflater->complete;
}

void
end_inflater(Inflater *inflater)
{
	if (inflater == NULL)
		return;
#ifdef HAVE_ZLIB
	if (inflater->uses_zlib)
		inflateEnd(&inflater->zlib);
#endif
#ifdef HAVE_ZSTD
	ZSTD_freeDStream(inflater->zstd);
#endif
	free(inflater);
}
