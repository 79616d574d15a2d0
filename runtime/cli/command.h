/* The table of subcommands, exit statuses, and how a command says that something went wrong. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "volt/error.h"

/* Exit statuses of the command itself; `volt run` also passes on what the program chose. */
typedef enum {
	CLI_OK = 0,
	CLI_FAILED = 1,  /* uncaught panic, deadlock, a limit was reached, output cannot be written */
	CLI_USAGE = 2,   /* the command line asks for something that does not exist */
	CLI_BAD_FILE = 3 /* the file cannot be read, verified or linked with its natives */
} cli_status;

/* One subcommand: `arguments[0]` is its full name ("volt run"), for messages. Returns the exit status. */
typedef struct {
	const char *name;
	const char *summary;
	int (*run)(int count, char **arguments);
} cli_command;

int cli_run(int count, char **arguments);
int cli_dump(int count, char **arguments);
int cli_asm(int count, char **arguments);
int cli_verify(int count, char **arguments);
int cli_compile(int count, char **arguments);
int cli_explain(int count, char **arguments);
int cli_opcodes(int count, char **arguments);
int cli_natives(int count, char **arguments);

/*
 * Prints "volt: MESSAGE" on standard error, frees the error and returns the status that its kind stands
 * for.
 */
int cli_report(volt_error *error);

/* The same with a status of the caller's choice. */
int cli_report_as(volt_error *error, cli_status status);

#endif
