/*
 * files.c
 *		The files of marks of a load, of whatever shape, one after the other.
 */
#include "marks/marks.h"

static Input **inputs;
static int input_count;

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
read_files(Load *load, char **files)
{
	int64_t before = 0;

	for (int i = 0; files[i] != NULL; i++)
	{
		load->input = inputs[i];
		if (load->again)
			rewind_input(load->input);
		set_progress_base(before);
		if (!read_one(load))
			return;
		before += input_offset(load->input);
	}
}

/* Returns their bytes, or -1 if that is not known. */
int64_t
open_files(char **files)
{
	int64_t size = 0;

	for (input_count = 0; files[input_count] != NULL; input_count++)
		;
	inputs = pg_malloc(input_count * sizeof(Input *));
	for (int i = 0; i < input_count; i++)
	{
		inputs[i] = open_input(files[i]);
		if (size >= 0)
			size = input_size(inputs[i]) < 0 ? -1 : size + input_size(inputs[i]);
	}
	return size;
}

void
close_files(void)
{
	for (int i = 0; i < input_count; i++)
		close_input(inputs[i]);
	free(inputs);
}
