/* Reading the module that a command line names. */
#include "cli/program.h"

#include <string.h>

#include "volt/verify.h"

error_t program_parse_file(int key, char *argument, struct argp_state *state, const char **file) {
	switch (key) {
	case ARGP_KEY_ARG:
		if (*file)
			argp_error(state, "one FILE is enough: '%s'", argument);
		*file = argument;
		return 0;
	case ARGP_KEY_NO_ARGS: argp_error(state, "FILE is missing"); return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

volt_error *program_read(const char *file, volt_module **module) {
	return strcmp(file, "-") == 0 ? volt_module_read_stream(stdin, "<stdin>", module)
	                              : volt_module_read_file(file, module);
}

volt_error *program_load(const char *file, volt_module **module) {
	volt_error *error = program_read(file, module);
	if (error)
		return error;
	error = volt_module_verify(*module);
	if (error) {
		volt_module_free(*module);
		*module = NULL;
	}
	return error;
}
