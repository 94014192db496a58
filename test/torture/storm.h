/*
 * storm.h
 *		The statements of storm.c, and the marks that they make.
 */
#ifndef STORM_H
#define STORM_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>

#define MAX_CLIENTS 64
#define MAX_STATES 40
#define MAX_KINDS 64
#define OWN_SESSIONS 4 /* of each client in a storm */

typedef struct Count
{
	char state[8];
	long count;
} Count;

typedef struct Options
{
	int clients, seconds, pupils, first_school, schools, first_session, timeouts;
	unsigned seed;
	const char *kinds[MAX_KINDS];
	int kind_count;
	const char *level, *directory;
} Options;

extern Options options;

typedef struct Client
{
	int number;
	unsigned short random[3];
	PGconn *conn;
	FILE *attempts, *outcomes;
	long statement;
	char *held; /* of each school, own session and pupil: the mark, 0 if there is none */
	Count *counts;
} Client;

/* A statement, and the marks that it makes. */
typedef struct Attempt
{
	char sql[16384];
	size_t length;
	int school, session; /* offset of the school; own session */
	int first, last;     /* pupils, from 0 */
	char mark;           /* 0: it makes none */
	bool only_held;      /* of pupils that have a mark */
} Attempt;

extern int pick(Client *client, int below);
extern const char *session_half(const Client *client, const Attempt *attempt);
extern const char *session_day(const Client *client, const Attempt *attempt);
extern int school_urn(const Attempt *attempt);
extern long pupil_id(const Attempt *attempt, int pupil);
extern char *held_mark(const Client *client, const Attempt *attempt, int pupil);
extern void make_attempt(Client *client, Attempt *attempt);

#endif /* STORM_H */
