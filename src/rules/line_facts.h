/*
 * line_facts.h
 *		What the rules on marks need to know beside the marks: see rules/line_facts.c.
 */
#ifndef ATT_LINE_FACTS_H
#define ATT_LINE_FACTS_H

#include "register/register.h"

#include "utils/array.h"

/* What a code needs beside itself: the table requirement of a register. */
typedef enum RequirementKind
{
	NEEDS_LEAVE,
	NEEDS_LICENCE,
	NEEDS_STUDY_LEAVE,
	NEEDS_PART_TIME,
	NEEDS_NATURE,
	NEEDS_SCHOOL_AGE,
	NEEDS_NO_SCHOOL_AGE,
	NEEDS_OTHER_SCHOOL,
	NEEDS_NO_ROLL,
	NEEDS_CLOSURE
} RequirementKind;

#define REQUIREMENT_KINDS (NEEDS_CLOSURE + 1)

typedef struct Requirement
{
	Mark mark;
	RequirementKind kind;
	DateADT from;
	DateADT to;
} Requirement;

/* Something that holds for a pupil from one day or session up to, not including, another. */
typedef struct Span
{
	int64 pupil_id;
	int32 from;
	int32 until;
	Mark mark;        /* of a leave or the nature of an activity */
	bool flag;        /* of a leave: it has a licence */
	DateADT last_day; /* of a study leave: of the last examination */
} Span;

static inline bool
span_contains(const Span *span, int32 at)
{
	return at >= span->from && at < span->until;
}

/* Spans of a school's pupils, in the order of pupils. */
typedef struct SpanList
{
	Span *spans;
	int count;
} SpanList;

typedef enum FactKind
{
	FACT_ENROLMENTS,
	FACT_AGES, /* compulsory school age */
	FACT_LEAVES,
	FACT_NATURES,
	FACT_OTHER_SCHOOLS
} FactKind;

#define FACT_KINDS (FACT_OTHER_SCHOOLS + 1)

typedef struct LineFacts
{
	Oid register_oid;
	int school_urn;
	Sight sight;
	ArrayType *pupils; /* in whom we are interested */
	Requirement *requirements;
	int requirement_count;
	SpanList lists[FACT_KINDS];
	bool loaded[FACT_KINDS];
} LineFacts;

/* The spans of one pupil. */
typedef struct PupilFacts
{
	const Span *first[FACT_KINDS];
	const Span *after[FACT_KINDS];
} PupilFacts;

extern void start_facts(LineFacts *facts, Oid register_oid, int school_urn, Sight sight,
						ArrayType *pupils);
extern void load_facts(LineFacts *facts, uint64 marks);
extern void find_pupil_facts(const LineFacts *facts, int64 pupil_id, PupilFacts *pupil);

#endif /* ATT_LINE_FACTS_H */
