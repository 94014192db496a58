/*
 * shape_csv.c
 *		Marks of CSV files: a row for each, a column for each session, or a column for each code.
 */
#include "marks/marks.h"

typedef struct Reading
{
	Load *load;
	Csv csv;
	Header header;
	Row row; /* what all marks of a record share */
	Buffer school;
} Reading;

static Text
field_at(const Reading *reading, int place)
{
	return csv_field(&reading->csv, place);
}

/* The school by URN, by LAESTAB, or by the numbers of authority and establishment. */
static void
set_school(Reading *reading)
{
	const Header *header = &reading->header;
	Row *row = &reading->row;
	int place = header->place[FIELD_SCHOOL];

	if (place < 0 || trim(field_at(reading, place)).length == 0)
		place = header->laestab >= 0 ? header->laestab : place;
	if (place >= 0)
	{
		row->field[FIELD_SCHOOL] = field_at(reading, place);
		row->column[FIELD_SCHOOL] = header->columns[place].name;
		return;
	}
	if (header->la < 0 || header->estab < 0)
		return;
	empty_buffer(&reading->school);
	for (int i = 0; i < 2; i++)
	{
		Text part = trim(field_at(reading, i == 0 ? header->la : header->estab));

		put_bytes(&reading->school, part.data, part.length);
	}
	row->field[FIELD_SCHOOL] = (Text){reading->school.data, reading->school.len};
	row->column[FIELD_SCHOOL] = header->columns[header->estab].name;
}

static void
begin_record(Reading *reading)
{
	const Header *header = &reading->header;
	Row *row = &reading->row;

	begin_row(row);
	row->number = reading->csv.line;
	for (int i = 0; i < FIELD_COUNT; i++)
	{
		int place = header->place[i];

		if (place < 0)
			continue;
		row->field[i] = field_at(reading, place);
		if (i >= FIELD_NATURE)
			row->field[i] = trim(row->field[i]);
		row->column[i] = header->columns[place].name;
	}
	set_school(reading);
}

/* A mark of the record that stands in a column of its own. */
static bool
give_cell(Reading *reading, int place, int day, int session)
{
	Row row = reading->row;

	row.field[FIELD_MARK] = field_at(reading, place);
	row.column[FIELD_MARK] = reading->header.columns[place].name;
	if (day != NO_DAY)
	{
		row.day = day;
		row.column[FIELD_DAY] = reading->header.columns[place].name;
	}
	row.session = session;
	return give_row(reading->load, &row);
}

static bool
give_cells(Reading *reading, ColumnKind kind)
{
	for (int i = 0; i < reading->header.count; i++)
	{
		const Column *column = &reading->header.columns[i];

		if (column->kind == kind &&
			!give_cell(reading, i, kind == COLUMN_WIDE ? column->day : NO_DAY, column->session))
			return false;
	}
	return true;
}

/* ---------- a column for each code ---------- */

typedef enum Tick
{
	TICKED,
	NOT_TICKED,
	NO_TICK /* something else */
} Tick;

static bool
is_one_of(Text text, const char *const *words)
{
	for (; *words != NULL; words++)
	{
		if (text.length == strlen(*words) && pg_strncasecmp(text.data, *words, text.length) == 0)
			return true;
	}
	return false;
}

/* doc/client.md has the same lists.  The signs are check marks, a ticked box and an empty one. */
static Tick
read_tick(Text text)
{
	static const char *const ticks[] = {"1",
										"1.0",
										"x",
										"y",
										"yes",
										"t",
										"true",
										"\xe2\x9c\x93",
										"\xe2\x9c\x94",
										"\xe2\x9c\x94\xef\xb8\x8f",
										"\xe2\x98\x91",
										"\xe2\x98\x91\xef\xb8\x8f",
										"\xe2\x88\x9a",
										NULL};
	static const char *const others[] = {"",
										 "0",
										 "0.0",
										 "n",
										 "no",
										 "f",
										 "false",
										 "na",
										 "n/a",
										 "null",
										 "-",
										 "--",
										 "\xe2\x80\x93",
										 "\xe2\x80\x94",
										 "\xe2\x98\x90",
										 NULL};

	text = trim(text);
	if (is_one_of(text, others))
		return NOT_TICKED;
	return is_one_of(text, ticks) ? TICKED : NO_TICK;
}

static bool
tick_problem(Reading *reading, int place, const char *problem)
{
	const char *name = reading->header.columns[place].name;

	reading->load->rows++;
	found_problem(reading->load, &reading->row, name, field_at(reading, place), problem);
	return true;
}

/* "N" in the column of the code N says no, but may be meant as the code. */
static bool
repeats_code(const Reading *reading, int place)
{
	const char *const code[] = {reading->header.columns[place].mark, NULL};

	return is_one_of(trim(field_at(reading, place)), code);
}

/* The one column of codes that is ticked.  What is set aside has no mark, so that none is entered by mistake. */
static bool
give_ticked(Reading *reading)
{
	const Header *header = &reading->header;
	int ticked = -1, doubtful = -1;
	Row row;

	for (int i = 0; i < header->count; i++)
	{
		Tick tick =
			header->columns[i].kind == COLUMN_CODE ? read_tick(field_at(reading, i)) : NOT_TICKED;

		if (tick == NO_TICK)
			return tick_problem(reading, i,
								"neither a tick, such as 1 or x, nor none, such as 0 or no");
		if (tick == TICKED && ticked >= 0)
			return tick_problem(reading, i, "several codes are given for one session");
		ticked = tick == TICKED ? i : ticked;
		if (header->columns[i].kind == COLUMN_CODE && tick == NOT_TICKED &&
			repeats_code(reading, i))
			doubtful = i;
	}
	if (ticked < 0 && doubtful >= 0)
		return tick_problem(reading, doubtful,
							"no code is ticked: is this one meant? Then tick it by 1 or x");
	row = reading->row;
	if (ticked >= 0)
	{
		row.field[FIELD_MARK] = text_of(header->columns[ticked].mark);
		row.column[FIELD_MARK] = header->columns[ticked].name;
	}
	return give_row(reading->load, &row);
}

static bool
give_record(Reading *reading)
{
	const Header *header = &reading->header;

	begin_record(reading);
	if (header->place[FIELD_DAY] < 0)
		return give_cells(reading, COLUMN_WIDE);
	if (header->place[FIELD_SESSION] < 0)
		return give_cells(reading, COLUMN_HALF);
	if (header->place[FIELD_MARK] < 0)
		return give_ticked(reading);
	return give_row(reading->load, &reading->row);
}

/* Every record has as many fields as the header; blank ones may follow. */
static const char *
count_problem(const Reading *reading)
{
	const Csv *csv = &reading->csv;

	if (csv->problem != NULL)
		return csv->problem;
	if (csv->count < reading->header.count)
		return "the line has fewer fields than the header; is the file cut off?";
	for (int i = reading->header.count; i < csv->count; i++)
	{
		if (trim(csv_field(csv, i)).length > 0)
			return "the line has more fields than the header";
	}
	return NULL;
}

/* The columns of a second sheet may be others. */
static void
check_repeated(Reading *reading)
{
	if (reading->load->again || !repeats_header(&reading->header, &reading->csv))
		return;
	begin_row(&reading->row);
	reading->row.number = reading->csv.line;
	report_problem(reading->load, &reading->row, NULL, text_of(""), HEADER_REPEATED);
}

static bool
read_records(Reading *reading)
{
	bool go_on = true, any = false;

	while (go_on && read_record(&reading->csv))
	{
		const char *problem;

		if (record_is_empty(&reading->csv))
			continue;
		any = true;
		watch_record(&reading->header.unused, &reading->csv);
		check_repeated(reading);
		problem = count_problem(reading);
		if (problem == NULL)
			go_on = give_record(reading);
		else
		{
			begin_record(reading);
			reading->load->rows++;
			record_problem(reading->load, &reading->row, "%s", problem);
		}
		if ((reading->load->rows & 1023) == 0)
			show_progress(input_offset(reading->load->input), reading->load->rows);
	}
	if (!any && !reading->load->again)
		warn_no_rows(reading->load->input);
	if (!reading->load->again)
		name_unused(&reading->header.unused, reading->load->input);
	return go_on;
}

/* False if reading was stopped. */
bool
read_marks_csv(Load *load)
{
	Reading reading = {.load = load};
	bool done;

	start_csv(&reading.csv, load->input, options.delimiter);
	do
	{
		if (!read_record(&reading.csv))
			fail(EXIT_DATA, "%s: the file is empty", input_name(load->input));
	} while (record_is_empty(&reading.csv));
	read_header(&reading.header, &reading.csv, load);
	done = read_records(&reading);
	free_header(&reading.header);
	end_csv(&reading.csv);
	termPQExpBuffer(&reading.school);
	return done;
}
