/*
 * heading.c
 *		The headings of CSV files.
 */
#include "read/read.h"

#define SHOWN_HEADINGS 10

/* Few cells of data are: UPNs, days and numbers have digits, marks are short. */
bool
may_be_heading(Text cell)
{
	if (cell.length < 2 || cell.length > 64)
		return false;
	for (size_t i = 0; i < cell.length; i++)
	{
		if (cell.data[i] >= '0' && cell.data[i] <= '9')
			return false;
	}
	return true;
}

/* Those of the record that was read, from the first that is the file's own. */
void
put_headings(Buffer *detail, const Csv *csv, int first)
{
	int last = csv->count;

	if (last > first + SHOWN_HEADINGS)
		last = first + SHOWN_HEADINGS;
	put_string(detail, "The columns of the file are ");
	for (int i = first; i < last; i++)
	{
		char *name = printable(trim(csv_field(csv, i)));

		put_format(detail, "%s\"%s\"", i > first ? ", " : "", name);
		free(name);
	}
	if (last < csv->count)
		put_format(detail, " and %d more", csv->count - last);
	put_string(detail, ".");
}
