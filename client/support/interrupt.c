/*
 * interrupt.c
 *		A signal ends the program as it would without this file, but nothing is left behind: no query
 *		on the server, no half-written file, no terminal that shows nothing of what is typed.
 *
 * setup_cancel_handler() knows SIGINT and one connection alone, and lets the program go on.
 */
#include "client.h"

#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

static PGcancel *volatile cancels[2];
static struct termios shown;
static volatile sig_atomic_t terminal_fd = -1;

/* Until restore_terminal(), while a password is typed; false if there is no terminal. */
bool
keep_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (fd >= 0 && tcgetattr(fd, &shown) == 0)
	{
		terminal_fd = fd;
		return true;
	}
	if (fd >= 0)
		close(fd);
	return false;
}

/* simple_prompt() has done it already, unless it was interrupted. */
void
restore_terminal(void)
{
	int fd = terminal_fd;

	terminal_fd = -1;
	if (fd < 0)
		return;
	tcsetattr(fd, TCSAFLUSH, &shown);
	close(fd);
}

/* Only what a signal handler may do; PQcancel() is made for it. */
static void
end_by_signal(int number)
{
	static const char message[] = "\n" PROGRAM ": error: interrupted\n";
	char error[256];

	for (int i = 0; i < 2; i++)
	{
		if (cancels[i] != NULL)
			PQcancel(cancels[i], error, sizeof(error));
	}
	discard_files();
	restore_terminal();
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(EXIT_WRONG);
	raise(number); /* its own action is the default again: see SA_RESETHAND */
}

void
catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

	for (size_t i = 0; i < lengthof(numbers); i++)
	{
		struct sigaction old, action = {.sa_handler = end_by_signal};

		/* nohup, or a shell that runs the program in the background */
		if (sigaction(numbers[i], NULL, &old) != 0 || old.sa_handler == SIG_IGN)
			continue;
		sigemptyset(&action.sa_mask);
		action.sa_flags = (int) SA_RESETHAND;
		sigaction(numbers[i], &action, NULL);
	}
}

/* What runs on the connection is cancelled when the program is interrupted. */
void
cancel_on_signal(PGconn *connection)
{
	cancels[cancels[0] == NULL ? 0 : 1] = PQgetCancel(connection);
}
