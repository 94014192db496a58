/*
 * shape_json.c
 *		Marks of JSON pages as the Wonde API gives them, whose text the server reads: an object with
 *		"data", an array of such pages, or an array of marks.
 */
#include "marks/marks.h"

enum
{
	JSON_SCHOOL,
	JSON_PUPIL_ID,
	JSON_UPN,
	JSON_DAY,
	JSON_SESSION,
	JSON_MARK,
	JSON_STUDENT,
	JSON_MORE,
	JSON_MARKED,
	JSON_UNUSED
};

/* clang-format off */

/*
 * The members of an object, with a value, that are not among those that are read, a line each.  An id is
 * another system's own.
 */
#define UNUSED(path, object, used) \
	" CASE WHEN jsonb_typeof(" object ") = 'object' AND (" object ") - '{id," used "}'::text[] <> '{}'" \
	" THEN (SELECT string_agg('" path "' || e.key, E'\\n')" \
	"  FROM jsonb_each((" object ") - '{id," used "}'::text[]) AS e" \
	"  WHERE e.value NOT IN ('null', '\"\"', '[]', '{}')) END"

#define UNUSED_OF_PAGE UNUSED("", "q.p", "data,meta,links")

#define UNUSED_OF_MARK \
	UNUSED("", "m", "school_urn,urn,laestab,pupil_id,upn,student,student_id,date,day,session," \
		   "attendance_code,attendance_code_id,code,mark") "," \
	UNUSED("student.", "m -> 'student'", "data,upn") "," \
	UNUSED("student.data.", "m #> '{student,data}'", "upn,education_details") "," \
	UNUSED("student.data.education_details.", "m #> '{student,data,education_details}'", "data") "," \
	UNUSED("student.data.education_details.data.", \
		   "m #> '{student,data,education_details,data}'", "upn") "," \
	UNUSED("date.", "m -> 'date'", "date,timezone,timezone_type") "," \
	UNUSED("attendance_code.", "m -> 'attendance_code'", "data,code") "," \
	UNUSED("attendance_code.data.", "m #> '{attendance_code,data}'", "code")

/* clang-format on */

static const char *const json_sql =
	"SELECT coalesce(m ->> 'school_urn', m ->> 'urn', m ->> 'laestab'), m ->> 'pupil_id',"
	" coalesce(m ->> 'upn', m #>> '{student,data,upn}', m #>> '{student,upn}',"
	"  m #>> '{student,data,education_details,data,upn}'),"
	" coalesce(CASE WHEN (m #>> '{date,date}') LIKE '%:%' AND (m #>> '{date,date}') !~ ':.*(Z|[+-]\\d\\d(:?\\d\\d)?)\\s*$'"
	"  THEN concat_ws(' ', m #>> '{date,date}', m #>> '{date,timezone}') END,"
	"  m #>> '{date,date}', m ->> 'date', m ->> 'day'),"
	" m ->> 'session',"
	" coalesce(m #>> '{attendance_code,data,code}', m #>> '{attendance_code,code}',"
	"  CASE WHEN jsonb_typeof(m -> 'attendance_code') = 'string' THEN m ->> 'attendance_code' END,"
	"  m ->> 'code', m ->> 'mark', CASE WHEN m ? 'attendance_code_id' THEN '?' END),"
	" coalesce(m ->> 'student_id', m ->> 'attendance_code_id'), p.more,"
	" jsonb_typeof(m) <> 'object' OR m ?| '{attendance_code,attendance_code_id,code,mark}',"
	" concat_ws(E'\\n', p.unused, " UNUSED_OF_MARK ")"
	" FROM (SELECT $1::jsonb AS d) AS f"
	" CROSS JOIN LATERAL (SELECT q.p, v.is_page, q.p #>> '{meta,pagination,more}' = 'true'"
	"   OR q.p #>> '{meta,pagination,next}' <> '' OR q.p #>> '{links,next}' <> '' AS more,"
	"  CASE WHEN v.is_page THEN " UNUSED_OF_PAGE " END AS unused"
	"  FROM jsonb_array_elements(CASE jsonb_typeof(d) WHEN 'array' THEN d ELSE jsonb_build_array(d) END) AS q (p)"
	"  CROSS JOIN LATERAL (SELECT jsonb_typeof(q.p -> 'data') = 'array' AS is_page) AS v OFFSET 0) AS p"
	" CROSS JOIN LATERAL jsonb_array_elements(CASE WHEN p.is_page THEN p.p -> 'data'"
	"  ELSE jsonb_build_array(p.p) END) AS m (m)";

static Text
value_at(const PGresult *result, int column)
{
	return (Text){PQgetvalue(result, 0, column), PQgetlength(result, 0, column)};
}

static bool
give_record(Load *load, const PGresult *result, int64_t number)
{
	static const struct
	{
		FieldName field;
		const char *name;
	} fields[] = {[JSON_SCHOOL] = {FIELD_SCHOOL, "school_urn"},
				  [JSON_PUPIL_ID] = {FIELD_PUPIL_ID, "pupil_id"},
				  [JSON_UPN] = {FIELD_UPN, "student.upn"},
				  [JSON_DAY] = {FIELD_DAY, "date"},
				  [JSON_SESSION] = {FIELD_SESSION, "session"},
				  [JSON_MARK] = {FIELD_MARK, "attendance_code"}};
	Row row;

	begin_row(&row);
	row.unit = "record";
	row.number = number;
	for (int i = 0; i <= JSON_MARK; i++)
	{
		row.field[fields[i].field] = value_at(result, i);
		row.column[fields[i].field] = fields[i].name;
	}
	if (text_is(row.field[FIELD_MARK], "?"))
	{
		load->rows++;
		row.field[FIELD_MARK] = value_at(result, JSON_STUDENT);
		row_problem(
			load, &row, FIELD_MARK,
			"the record has an attendance_code_id alone: ask for pages that include attendance_code");
		return true;
	}
	if (*PQgetvalue(result, 0, JSON_MARKED) != 't')
	{
		load->rows++;
		record_problem(load, &row, "the record has no mark: attendance_code, code or mark");
		return true;
	}
	if (row.field[FIELD_UPN].length == 0 && row.field[FIELD_PUPIL_ID].length == 0)
	{
		load->rows++;
		row.field[FIELD_UPN] = value_at(result, JSON_STUDENT);
		row_problem(load, &row, FIELD_UPN,
					"the record does not have the pupil's UPN: ask for pages that include student");
		return true;
	}
	return give_row(load, &row);
}

static void
watch_members(Unused *unused, Text names)
{
	while (names.length > 0)
	{
		const char *end = memchr(names.data, '\n', names.length);
		size_t length = end == NULL ? names.length : (size_t) (end - names.data);

		add_unused(unused, (Text){names.data, length});
		length += end != NULL;
		names.data += length, names.length -= length;
	}
}

/* A file that was cut off is told by what is open at its end. */
static bool
is_cut_off(const char *json)
{
	int64_t depth = 0;
	bool quoted = false;

	for (const char *c = json; *c != '\0'; c++)
	{
		if (quoted && *c == '\\' && c[1] != '\0')
			c++;
		else if (*c == '"')
			quoted = !quoted;
		else if (!quoted)
			depth += *c == '{' || *c == '[' ? 1 : *c == '}' || *c == ']' ? -1 : 0;
	}
	return quoted || depth > 0;
}

bool
read_marks_json(Load *load, const Buffer *content)
{
	PGconn *reader = second_connection(input_name(load->input));
	Buffer converted = {0};
	const char *values[1], *problem = NULL;
	Text text =
		decode(trim((Text){content->data, content->len}), options.encoding, &converted, &problem);
	int64_t number = 0;
	PGresult *result;
	Unused unused = {0};
	bool go_on = true;

	if (memchr(text.data, '\0', text.length) != NULL)
		problem = "there is a zero byte in the file";
	if (problem != NULL)
		fail(EXIT_DATA, "%s: %s", input_name(load->input), problem);
	values[0] = text.length == 0 ? "" : text.data; /* ends with a zero byte, as all buffers do */
	if (is_cut_off(values[0]))
		fail(EXIT_DATA, "%s: the JSON does not come to its end; is the file cut off?",
			 input_name(load->input));
	load->more = NULL;
	start_rows(reader, json_sql, 1, values);
	while ((result = next_row(reader)) != NULL)
	{
		go_on = go_on && give_record(load, result, ++number);
		if (!load->again)
			watch_members(&unused, value_at(result, JSON_UNUSED));
		load->more = *PQgetvalue(result, 0, JSON_MORE) == 't' ? input_name(load->input) : NULL;
		PQclear(result);
	}
	termPQExpBuffer(&converted);
	name_unused(&unused, load->input);
	free_unused(&unused);
	if (number == 0)
		fail(EXIT_DATA, "%s: there is no record in the file: no marks, or no data",
			 input_name(load->input));
	return go_on;
}
