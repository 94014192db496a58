/*
 * module.c
 *		The magic block that tells the server what the library was built for, and what is done when it is loaded.
 */
#include "attendance.h"

ATT_MODULE_MAGIC;

extern PGDLLEXPORT void _PG_init(void);

/* If it raises an error, the next call of a function loads the library anew, and asks again. */
void
_PG_init(void)
{
	check_version();
}
