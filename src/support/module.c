/*
 * module.c
 *		The magic block that tells the server what the library was built for.
 */
#include "attendance.h"

ATT_MODULE_MAGIC;
