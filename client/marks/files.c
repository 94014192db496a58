/*
 * files.c
 *		The files of marks of a load, of whatever shape, one after the other.
 */
#include "marks/marks.h"

static bool
read_one(Load *load)
{
	Buffer content = {0};
	Text head = peek_input(load->input);
	bool json, ctf, done;

	head = trim(head);
	load->set_aside = load->numbered = load->periods = false;
	json = strcmp(options.shape, "json") == 0;
	ctf = strcmp(options.shape, "ctf") == 0;
	if (strcmp(options.shape, "auto") == 0 && head.length > 0)
	{
		json = head.data[0] == '{' || head.data[0] == '[';
		ctf = head.data[0] == '<';
	}
	if (!json && !ctf)
		return read_marks_csv(load);
	read_whole(load->input, &content);
	done = ctf ? read_marks_ctf(load, &content) : read_marks_json(load, &content);
	termPQExpBuffer(&content);
	return done;
}

/* Each file in turn; those that were read already from their beginning. */
void
read_files(Load *load)
{
	int64_t before = 0;

	for (int i = 0; load->inputs[i] != NULL; i++)
	{
		load->input = load->inputs[i];
		if (load->again)
			rewind_input(load->input);
		set_progress_base(before);
		if (!read_one(load))
			return;
		before += input_offset(load->input);
	}
}
