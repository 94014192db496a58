/*
 * commands.h
 *		What is above the folders: the commands, and what --help says of them.
 */
#ifndef ATTENDANCE_COMMANDS_H
#define ATTENDANCE_COMMANDS_H

#include "export/export.h"
#include "marks/marks.h"
#include "tables/tables.h"

extern void check_command_options(void);
extern void print_help(void);
extern int command_load(void);
extern int load_benchmarks(void);

#endif
