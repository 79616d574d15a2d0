/* volt verify: checks a module and says nothing if it is good. */
#include "cli/command.h"
#include "cli/program.h"

static error_t parse_option(int key, char *argument, struct argp_state *state) {
	return program_parse_file(key, argument, state, state->input);
}

int cli_verify(int count, char **arguments) {
	static const struct argp argp = {
	    .parser = parse_option,
	    .args_doc = "FILE",
	    .doc = "Checks every rule that a module must keep before it may run.\v"
	           "Exit status: 0 if FILE keeps them; 3, with the first broken rule on standard error, if not.",
	};
	const char *file = NULL;
	if (argp_parse(&argp, count, arguments, 0, NULL, &file))
		return CLI_USAGE;
	volt_module *module = NULL;
	volt_error *error = program_load(file, &module);
	if (error)
		return cli_report_as(error, CLI_BAD_FILE);
	volt_module_free(module);
	return CLI_OK;
}
