/* The `volt` command: picks the subcommand. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/command_output.h"
#include "volt/vm.h"

static const cli_command commands[] = {
    {"run", "run a program", cli_run},
    {"dump", "write a module as text", cli_dump},
    {"asm", "make a module from text", cli_asm},
    {"verify", "check a module", cli_verify},
    {"compile", "show what the compiling tier makes of a module", cli_compile},
    {"explain", "show what is known of functions before they run", cli_explain},
    {"opcodes", "list the instructions", cli_opcodes},
    {"natives", "list the native functions", cli_natives},
};

enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

typedef struct {
	const cli_command *command;
	int first_argument; /* index of the command's name */
	bool wants_help;    /* "help" stood before it */
} selection;

static const cli_command *find_command(const char *name) {
	for (int i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static error_t parse_option(int key, char *argument, struct argp_state *state) {
	selection *choice = state->input;
	switch (key) {
	case ARGP_KEY_ARG:
		if (strcmp(argument, "help") == 0) {
			choice->wants_help = true;
			return 0;
		}
		choice->command = find_command(argument);
		if (!choice->command)
			argp_error(state, "unknown command '%s'", argument);
		choice->first_argument = state->next - 1;
		state->next = state->argc; /* the rest is the command's own */
		return 0;
	case ARGP_KEY_NO_ARGS: argp_usage(state); return 0;
	case ARGP_KEY_END:
		if (choice->wants_help && !choice->command)
			argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

/* The list of commands stands at the end of --help. */
static char *help_text(int key, const char *text, void *input) {
	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	char *list = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&list, &size);
	if (!stream)
		return (char *)text;
	fputs("Commands:\n", stream);
	for (int i = 0; i < COMMAND_COUNT; i++)
		fprintf(stream, "  %-10s%s\n", commands[i].name, commands[i].summary);
	fputs("\n'volt COMMAND --help' or 'volt help COMMAND' tells more about one of them.", stream);
	fclose(stream);
	return list;
}

static void print_version(FILE *stream, struct argp_state *state) {
	(void)state;
	fprintf(stream, "volt %s\n", volt_version());
}

static int run_command(const selection *choice, int count, char **arguments) {
	char name[32];
	snprintf(name, sizeof name, "volt %s", choice->command->name);
	if (choice->wants_help)
		return choice->command->run(2, (char *[]){name, "--help", NULL});
	arguments += choice->first_argument;
	arguments[0] = name;
	return choice->command->run(count - choice->first_argument, arguments);
}

int main(int count, char **arguments) {
	static const struct argp argp = {
	    .parser = parse_option,
	    .args_doc = "COMMAND [ARGUMENT...]",
	    .doc = "Runs Vo bytecode, and compiles it.\v", /* help_text() fills in what follows \v */
	    .help_filter = help_text,
	};
	output_open_streams();
	argp_err_exit_status = CLI_USAGE;
	argp_program_version_hook = print_version;
	char name[] = "volt";
	if (count > 0)
		arguments[0] = name; /* messages do not depend on how the command was called */
	selection choice = {0};
	if (argp_parse(&argp, count, arguments, ARGP_IN_ORDER, NULL, &choice))
		return CLI_USAGE;
	return choice.command ? run_command(&choice, count, arguments) : CLI_USAGE;
}
