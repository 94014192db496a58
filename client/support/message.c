/*
 * message.c
 *		How the program ends where something is wrong, and warnings: as PostgreSQL's programs say it, and
 *		with --json also as JSON on standard output.  pg_fatal() has one exit status and no JSON.
 */
#include "client.h"

bool json_messages = false;

static Buffer warnings; /* as elements of a JSON array */

/* Nothing is wrong for certain. */
void
say_warning(const char *format, ...)
{
	Buffer message = {0};
	va_list arguments;

	va_start(arguments, format);
	put_arguments(&message, format, arguments);
	va_end(arguments);
	put_string(&warnings, warnings.len > 0 ? ", " : "");
	put_json(&warnings, text_of(message.data));
	pg_log_warning("%s", message.data);
	termPQExpBuffer(&message);
}

/* As a member of a JSON object that has others before it, if there are any. */
const char *
json_warnings(void)
{
	static Buffer member;

	empty_buffer(&member);
	if (warnings.len > 0)
		put_format(&member, ", \"warnings\": [%s]", warnings.data);
	return member.data;
}

/* Below an error; empty texts and NULL are left out. */
void
say_detail(const char *detail)
{
	if (detail != NULL && *detail != '\0')
		pg_log_error_detail("%s", detail);
}

void
say_hint(const char *hint)
{
	if (hint != NULL && *hint != '\0')
		pg_log_error_hint("%s", hint);
}

static void
print_json(const char *message, const char *detail, const char *hint)
{
	Buffer line = {0};

	if (!json_messages)
		return;
	put_string(&line, "{\"status\": \"error\"");
	put_json_member(&line, "message", message);
	put_json_member(&line, "detail", detail);
	put_json_member(&line, "hint", hint);
	put_string(&line, "}\n");
	fputs(line.data, stdout);
	termPQExpBuffer(&line);
}

/* With what the server adds to its message. */
void
fail_hint(int status, const char *message, const char *detail, const char *hint)
{
	pg_log_error("%s", message);
	say_detail(detail);
	say_hint(hint);
	print_json(message, detail, hint);
	exit(status);
}

void
fail_detail(int status, const char *message, const char *detail)
{
	fail_hint(status, message, detail, NULL);
}

void
fail(int status, const char *format, ...)
{
	Buffer message = {0};
	va_list arguments;

	va_start(arguments, format);
	put_arguments(&message, format, arguments);
	va_end(arguments);
	fail_hint(status, message.data, NULL, NULL);
}

/* The hint is no part of the JSON. */
void
fail_usage(const char *format, ...)
{
	Buffer message = {0};
	va_list arguments;

	va_start(arguments, format);
	put_arguments(&message, format, arguments);
	va_end(arguments);
	pg_log_error("%s", message.data);
	print_json(message.data, NULL, NULL);
	pg_log_error_hint("Try \"%s --help\" for more information.", PROGRAM);
	exit(EXIT_WRONG);
}
