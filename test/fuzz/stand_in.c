/*
 * stand_in.c
 *		What the extension asks of a server, as little of it as its values need: errors that end a
 *		call, and memory that is freed after each input.
 */
#include "stand_in.h"

#include <setjmp.h>

#include "funcapi.h"
#include "utils/memutils.h"

#undef vsnprintf

/* gcc says so, and clang from some version on */
#if defined(__has_feature) && !defined(__SANITIZE_ADDRESS__)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define POISON(place, size) ASAN_POISON_MEMORY_REGION(place, size)
#define UNPOISON(place, size) ASAN_UNPOISON_MEMORY_REGION(place, size)
#else
#define POISON(place, size) ((void) 0)
#define UNPOISON(place, size) ((void) 0)
#endif

void
fail(const char *what)
{
	fputs(what, stderr);
	fputc('\n', stderr);
	abort();
}

/* Where memory came from is not asked for each of so many: it takes most of the time. */
const char *
__asan_default_options(void)
{
	return "malloc_context_size=2:quarantine_size_mb=8";
}

/* ---------- errors ---------- */

static jmp_buf *handler;
static int error_state;

void
raise_error(int sqlstate)
{
	error_state = sqlstate;
	if (handler == NULL)
		fail("an error where there may be none");
	longjmp(*handler, 1);
}

bool
errstart(int level, const char *domain)
{
	error_state = ERRCODE_INTERNAL_ERROR;
	return level >= ERROR;
}

bool
errstart_cold(int level, const char *domain)
{
	return errstart(level, domain);
}

int
errcode(int sqlstate)
{
	error_state = sqlstate;
	return 0;
}

/* As the server has it. */
char *
unpack_sql_state(int sqlstate)
{
	static char text[6];

	for (int i = 0; i < 5; i++, sqlstate >>= 6)
		text[i] = PGUNSIXBIT(sqlstate);
	return text;
}

/* The words are made, so that none of them is read from where it should not. */
static int
make_words(const char *format, va_list arguments)
{
	char words[8192];

	vsnprintf(words, sizeof(words), format, arguments);
	return words[0];
}

int
errmsg(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	make_words(format, arguments);
	va_end(arguments);
	return 0;
}

int
errdetail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	make_words(format, arguments);
	va_end(arguments);
	return 0;
}

void
errfinish(const char *file, int line, const char *function)
{
	raise_error(error_state);
}

#if PG_VERSION_NUM >= 160000
bool
errsave_start(struct Node *context, const char *domain)
{
	return errstart(ERROR, domain);
}

void
errsave_finish(struct Node *context, const char *file, int line, const char *function)
{
	raise_error(error_state);
}
#endif

/* ---------- memory ---------- */

#define MOST_MEMORY ((Size) 64 << 20)

typedef struct Chunk
{
	struct Chunk *next;
	struct Chunk *before;
	Size size;
	Size unused; /* so that what follows is aligned */
} Chunk;

static Chunk chunks = {&chunks, &chunks, 0, 0};
MemoryContext CurrentMemoryContext = NULL;

static Chunk *
chunk_of(void *memory)
{
	Chunk *chunk = (Chunk *) memory - 1;

	UNPOISON(chunk, sizeof(Chunk));
	return chunk;
}

static void
unlink_chunk(Chunk *chunk)
{
	Chunk *next = chunk->next, *before = chunk->before;

	if (next != &chunks)
		UNPOISON(next, sizeof(Chunk));
	if (before != &chunks)
		UNPOISON(before, sizeof(Chunk));
	next->before = before;
	before->next = next;
	if (next != &chunks)
		POISON(next, sizeof(Chunk));
	if (before != &chunks)
		POISON(before, sizeof(Chunk));
}

void *
palloc(Size size)
{
	Chunk *chunk, *first = chunks.next;

	if (size > MOST_MEMORY)
		raise_error(ERRCODE_OUT_OF_MEMORY);
	chunk = malloc(sizeof(Chunk) + size);
	*chunk = (Chunk){first, &chunks, size, 0};
	if (first != &chunks)
		UNPOISON(first, sizeof(Chunk));
	first->before = chunk;
	if (first != &chunks)
		POISON(first, sizeof(Chunk));
	chunks.next = chunk;
	POISON(chunk, sizeof(Chunk));
	memset(chunk + 1, 0xa5, size); /* as a server for developers does */
	return chunk + 1;
}

void *
palloc0(Size size)
{
	return memset(palloc(size), 0, size);
}

void
pfree(void *memory)
{
	Chunk *chunk = chunk_of(memory);

	unlink_chunk(chunk);
	free(chunk);
}

void *
repalloc(void *memory, Size size)
{
	Size old = chunk_of(memory)->size;
	void *moved = palloc(size);

	memcpy(moved, memory, Min(old, size));
	pfree(memory);
	return moved;
}

void *
MemoryContextAllocHuge(MemoryContext context, Size size)
{
	return palloc(size);
}

void
reset_memory(void)
{
	while (chunks.next != &chunks)
		pfree(chunks.next + 1);
}

MemoryContext
AllocSetContextCreateInternal(MemoryContext parent, const char *name, Size least, Size first,
							  Size most)
{
	return parent;
}

void
MemoryContextReset(MemoryContext context)
{
}

void *
keep_bytes(const void *bytes, size_t length)
{
	void *kept = palloc(length);

	if (length > 0)
		memcpy(kept, bytes, length);
	return kept;
}

/* A server of 32 bits passes numbers of eight bytes by reference. */
#ifndef USE_FLOAT8_BYVAL
Datum
Int64GetDatum(int64 number)
{
	return PointerGetDatum(keep_bytes(&number, sizeof(number)));
}

Datum
Float8GetDatum(float8 number)
{
	return PointerGetDatum(keep_bytes(&number, sizeof(number)));
}
#endif

char *
pnstrdup(const char *string, Size length)
{
	Size size = strnlen(string, length);
	char *copy = palloc(size + 1);

	memcpy(copy, string, size);
	copy[size] = '\0';
	return copy;
}

char *
pstrdup(const char *string)
{
	return pnstrdup(string, strlen(string));
}

char *
psprintf(const char *format, ...)
{
	char words[65536];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	return pstrdup(words);
}

/* ---------- calls ---------- */

Outcome
call_protected(void (*work)(void *), void *argument)
{
	jmp_buf here, *outer = handler;
	Outcome outcome = {0};

	handler = &here;
	if (setjmp(here) == 0)
		work(argument);
	else
		outcome.sqlstate = error_state;
	handler = outer;
	return outcome;
}

typedef struct Call
{
	PGFunction function;
	FunctionCallInfo fcinfo;
	Datum result;
} Call;

static void
do_call(void *argument)
{
	Call *call = argument;

	call->result = call->function(call->fcinfo);
}

Outcome
call_function(PGFunction function, int count, const Datum *arguments)
{
	LOCAL_FCINFO(fcinfo, MAX_ARGUMENTS);
	ReturnSetInfo rsinfo = {0};
	Call call = {function, fcinfo, (Datum) 0};
	FmgrInfo flinfo = {0};
	Outcome outcome;

	memset(fcinfo, 0, SizeForFunctionCallInfo(MAX_ARGUMENTS));
	fcinfo->flinfo = &flinfo;
	fcinfo->nargs = count;
	fcinfo->resultinfo = (void *) &rsinfo;
	for (int i = 0; i < count; i++)
		fcinfo->args[i].value = arguments[i];
	rows_given = 0;
	outcome = call_protected(do_call, &call);
	outcome.result = call.result;
	outcome.null = fcinfo->isnull;
	outcome.rows = rows_given;
	return outcome;
}
