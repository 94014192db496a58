/*
 * compat.h
 *		What differs between PostgreSQL 15 and 19, in one place.
 */
#ifndef ATT_COMPAT_H
#define ATT_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "attendance needs PostgreSQL 15 or later"
#endif

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#else
/* Before 16 an input function cannot report an error softly: it raises it. */
#define ereturn(context, dummy, ...) \
	do \
	{ \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
		return dummy; \
	} while (0)
#define SOFT_ERROR_OCCURRED(context) ((void) (context), false)
#endif

#if PG_VERSION_NUM < 160000
#define member_can_set_role(member, role) is_member_of_role(member, role)
#endif

#ifndef pg_noreturn
#define pg_noreturn pg_attribute_noreturn()
#endif

#if PG_VERSION_NUM >= 180000
#define att_vacuum_delay_point() vacuum_delay_point(true)
#else
#define att_vacuum_delay_point() vacuum_delay_point()
#endif

#ifdef PG_MODULE_MAGIC_EXT
#define ATT_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "attendance", .version = ATTENDANCE_VERSION)
#else
#define ATT_MODULE_MAGIC PG_MODULE_MAGIC
#endif

#endif /* ATT_COMPAT_H */
