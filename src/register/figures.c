/*
 * figures.c
 *		Figures for who sees no pupils: governors and trustees, and federations.
 *
 * They are counted with the rights of the register's owner.  Those for governors are of schools that
 * the user sees in the view figure_school, and of reports that do not say small counts.
 */
#include "register/register.h"

#include "catalog/pg_type_d.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* How many of the rows there are for whoever is the current user. */
static int64
count_rows(Oid register_oid, Datum place, RegisterQuery query)
{
	int64 count;
	bool isnull;

	SPI_connect();
	run_query_as_asked(register_oid, query, &place);
	count = DatumGetInt64(result_value(0, 1, &isnull));
	SPI_finish();
	return count;
}

/* A place of which a school is hidden, and one that there is not, are told alike. */
static void
need_place(Oid register_oid, Datum place, RegisterQuery query, const char *kind)
{
	int64 seen = count_rows(register_oid, place, query);
	OwnerScope scope;
	int64 all;

	begin_as_owner(&scope, register_oid);
	all = count_rows(register_oid, place, query);
	end_as_owner(&scope);
	if (seen == 0 || seen != all)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the register has no %s %d", kind, DatumGetInt32(place))));
}

/* The one value of a report, or NULL. */
static Datum
report_value(Oid register_oid, RegisterQuery query, Datum *values, bool *isnull)
{
	MemoryContext caller = CurrentMemoryContext;
	OwnerScope scope;
	Datum value;

	begin_as_owner(&scope, register_oid);
	SPI_connect();
	run_query_as_asked(register_oid, query, values);
	value = result_value(0, 1, isnull);
	if (!*isnull)
	{
		MemoryContextSwitchTo(caller);
		value = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
	}
	SPI_finish();
	end_as_owner(&scope);
	return value;
}

/* (relation regclass, place integer, period text): relation is any of the register. */
static Datum
figures(FunctionCallInfo fcinfo, RegisterQuery schools, const char *kind, RegisterQuery report)
{
	Oid register_oid = get_rel_namespace(PG_GETARG_OID(0));
	Datum values[2] = {PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)};
	bool isnull;
	Datum value;

	need_place(register_oid, values[0], schools, kind);
	value = report_value(register_oid, report, values, &isnull);
	if (isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(value);
}

PG_FUNCTION_INFO_V1(att_school_figures_page);
Datum
att_school_figures_page(PG_FUNCTION_ARGS)
{
	return figures(fcinfo, QUERY_FIGURE_SCHOOL, "school", QUERY_SCHOOL_FIGURES_PAGE);
}

PG_FUNCTION_INFO_V1(att_trust_figures_page);
Datum
att_trust_figures_page(PG_FUNCTION_ARGS)
{
	return figures(fcinfo, QUERY_FIGURE_TRUST, "trust", QUERY_TRUST_FIGURES_PAGE);
}

PG_FUNCTION_INFO_V1(att_review_figures);
Datum
att_review_figures(PG_FUNCTION_ARGS)
{
	return figures(fcinfo, QUERY_FIGURE_SCHOOL, "school", QUERY_REVIEW_FIGURES);
}

/* (relation regclass, report text, arguments text[]): what it counts is combined with others' counts. */
PG_FUNCTION_INFO_V1(att_counted_answer);
Datum
att_counted_answer(PG_FUNCTION_ARGS)
{
	Oid register_oid = get_rel_namespace(PG_GETARG_OID(0));
	NameData name;
	Datum values[3] = {(Datum) 0, PG_GETARG_DATUM(1), PG_GETARG_DATUM(2)};
	bool isnull;
	Datum value;

	if (count_rows(register_oid, values[1], QUERY_MAY_ANSWER) == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"%s\" is no report that counts for a federation",
							   TextDatumGetCString(values[1]))));
	namestrcpy(&name, get_namespace_name(register_oid));
	values[0] = NameGetDatum(&name);
	value = report_value(register_oid, QUERY_ANSWER, values, &isnull);
	if (isnull)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(value);
}
