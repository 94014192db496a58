/*
 * reading.c
 *		That a file of somebody is read: an entry of the register, which is there before the file is
 *		read, and stays if that fails.
 */
#include "export/export.h"

/* The statement names what is read by $1; $2 to $4 are who reads it and why. */
static void
record_reading(const char *statement, const char *id)
{
	PQclear(run(statement, 4,
				(const char *const[]){id, options.entered_by, options.title, options.reason}));
}

void
record_reading_of_pupil(const char *pupil_id)
{
	record_reading(
		"INSERT INTO reading (what, school_urn, pupil_id, entered_by, title, reason)"
		" VALUES ('pupil file', (SELECT e.school_urn FROM enrolment e WHERE e.pupil_id = $1::bigint"
		"  ORDER BY e.start_date DESC, e.school_urn LIMIT 1), $1::bigint, $2, $3, $4)",
		pupil_id);
}

/* Of a notice that there is not nothing is read. */
void
record_reading_of_notice(const char *notice_id)
{
	record_reading("INSERT INTO reading"
				   " (what, school_urn, pupil_id, notice_id, entered_by, title, reason)"
				   " SELECT 'legal file', n.school_urn, n.pupil_id, n.notice_id, $2, $3, $4"
				   " FROM penalty_notice n WHERE n.notice_id = $1::bigint",
				   notice_id);
}
