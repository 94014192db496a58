/*
 * fed.c
 *		What became of the marks that were fed to the register, as the server says it.
 */
#include "register/register.h"

static Fed heard; /* of the statement that runs */
static Fed fed;   /* of those that are done */

/*
 * The server says it at the end of a statement, in a detail of a fixed form.  Of all else only warnings
 * are shown, as ever.
 */
static void
hear(void *argument, const PGresult *result)
{
	const char *severity = message_field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	Fed said;

	(void) argument;
	if (strcmp(message_field(result, PG_DIAG_TABLE_NAME), "mark_feed") == 0 &&
		sscanf(message_field(result, PG_DIAG_MESSAGE_DETAIL), "New %lld, amended %lld.",
			   &said.entered, &said.amended) == 2)
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
