/* volt dump and volt asm: between the binary and the text form of a module. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/command_output.h"
#include "cli/program.h"
#include "volt/vob.h"
#include "volt/vot.h"

typedef struct {
	const char *file;
	const char *output;
} convert_options;

static const struct argp_option option_table[] = {
    {"output", 'o', "FILE", 0, "write there and not to standard output", 0},
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
	convert_options *options = state->input;
	if (key != 'o')
		return program_parse_file(key, argument, state, &options->file);
	options->output = argument;
	return 0;
}

static volt_error *write_text(const volt_module *module, const char *path) {
	char *text = NULL;
	size_t size = 0;
	volt_error *error = volt_module_disassemble(module, &text, &size);
	if (!error)
		error = output_write(path, text, size, false);
	free(text);
	return error;
}

static volt_error *write_binary(const volt_module *module, const char *path) {
	uint8_t *bytes = NULL;
	size_t size = 0;
	volt_error *error = volt_module_write(module, &bytes, &size);
	if (!error)
		error = output_write(path, bytes, size, true);
	free(bytes);
	return error;
}

/* A module that breaks a rule of the verifier can be converted too: how else would one look at it. */
static int convert(const convert_options *options, volt_error *(*write)(const volt_module *, const char *)) {
	volt_module *module = NULL;
	volt_error *error = output_check_is_not(options->output, options->file);
	if (error)
		return cli_report_as(error, CLI_USAGE);
	error = program_read(options->file, &module);
	if (error)
		return cli_report_as(error, CLI_BAD_FILE);
	error = write(module, options->output);
	volt_module_free(module);
	if (!error)
		return CLI_OK;
	bool refused = volt_error_get_kind(error) == VOLT_ERROR_ARGUMENT;
	return cli_report_as(error, refused ? CLI_USAGE : CLI_FAILED);
}

int cli_dump(int count, char **arguments) {
	static const struct argp argp = {
	    .options = option_table,
	    .parser = parse_option,
	    .args_doc = "FILE",
	    .doc = "Writes the module in FILE (.vob or .vot) as text that 'volt asm' reads.",
	};
	convert_options options = {0};
	return argp_parse(&argp, count, arguments, 0, NULL, &options) ? CLI_USAGE : convert(&options, write_text);
}

int cli_asm(int count, char **arguments) {
	static const struct argp argp = {
	    .options = option_table,
	    .parser = parse_option,
	    .args_doc = "FILE.vot",
	    .doc = "Makes a module (.vob) from text. It is not verified: see 'volt verify'.",
	};
	convert_options options = {0};
	return argp_parse(&argp, count, arguments, 0, NULL, &options) ? CLI_USAGE
	                                                              : convert(&options, write_binary);
}
