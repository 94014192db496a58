/*
 * characteristic.c
 *		Characteristics in the words of schools: which there are, and which values each has, is what the
 *		register says.
 */
#include "tables/tables.h"

#define STAGE "pg_temp.attendance_stage"
#define NORMAL(text) "lower(regexp_replace(" text ", '[^[:alnum:]]', '', 'g'))"

static const char *const name_sql =
	"UPDATE " STAGE " s SET characteristic = c.characteristic FROM characteristic c"
	" LEFT JOIN (VALUES ('sen', 'senstatus'), ('sen', 'senprovision'), ('looked after', 'lookedafter'),"
	"  ('looked after', 'lac'), ('looked after', 'cla'), ('pupil premium', 'pp'))"
	"  AS w (characteristic, word) USING (characteristic)"
	" WHERE " NORMAL("s.characteristic") " IN (" NORMAL("c.characteristic") ", " NORMAL(
		"c.label") ", w.word)";

/* Of a characteristic with a list of values. */
static const char *const value_sql =
	"UPDATE " STAGE
	" s SET value = v.value FROM characteristic c CROSS JOIN LATERAL unnest(c.value_list) AS v (value)"
	" LEFT JOIN (VALUES ('Y', '{yes,true,t,1}'::text[]), ('K', '{support,sensupport}'),"
	"  ('E', '{ehcp,ehcplan,educationhealthandcareplan}'), ('CIN', '{childinneed}'),"
	"  ('CP', '{childprotection,childprotectionplan}')) AS w (value, words) USING (value)"
	" WHERE s.characteristic = c.characteristic"
	" AND (lower(s.value) = lower(v.value) OR " NORMAL("s.value") " = ANY (w.words))";

#define SAYS_NO \
	" FROM " STAGE " s JOIN characteristic c ON c.characteristic = s.characteristic" \
	" AND c.value_list IS NOT NULL AND s.value <> ALL (c.value_list) AND " NORMAL( \
		"s.value") " IN ('n', 'no', 'false', 'f', '0', 'none', 'nosen', 'nospecialeducationalneeds')"

static const char *const contradicted_sql =
	"SELECT s.place, format('the register says that the pupil has it from %s on: end that by UPDATE of"
	" to_day', min(x.from_day)), 'value'" SAYS_NO
	" JOIN pupil_characteristic x ON x.pupil_id::text = s.pupil_id AND x.characteristic = s.characteristic"
	" AND (x.to_day IS NULL OR x.to_day >= s.from_day::date)"
	" AND (s.to_day IS NULL OR x.from_day <= s.to_day::date)"
	" WHERE s.place >= $1 AND s.place < $2 GROUP BY s.place";

static const char *const no_day_sql =
	"SELECT s.place, 'a value is needed', 'from_day' FROM " STAGE
	" s WHERE s.from_day IS NULL AND s.place >= $1 AND s.place < $2";

/* A pupil without a row has not the characteristic, so who says no says what no row is needed for. */
void
read_characteristics(TableLoad *load)
{
	PGresult *result;

	run_command(name_sql);
	run_command(value_sql);
	refuse_found(load, no_day_sql);
	refuse_found(load, contradicted_sql);
	result = run("DELETE FROM " STAGE " d USING (SELECT s.place" SAYS_NO ") AS n"
				 " WHERE n.place = d.place",
				 0, NULL);
	load->nothing += atoll(PQcmdTuples(result));
	PQclear(result);
}
