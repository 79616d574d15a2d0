/* volt explain: shows what is known of a module's functions before they run. */
#include <argp.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/command_output.h"
#include "cli/explain_facts.h"
#include "cli/functions.h"
#include "cli/program.h"

typedef struct {
	const char *file;
	const char *function;
	bool json;
} explain_options;

enum { OPTION_FUNCTION = 256, OPTION_JSON };

static const struct argp_option option_table[] = {
    {"func", OPTION_FUNCTION, "NAME", 0,
     "only this function, with its instructions and the slots live at each", 0},
    {"json", OPTION_JSON, 0, 0, "as JSON: an array with an object for each function", 0},
    {0},
};

static error_t parse_option(int key, char *argument, struct argp_state *state) {
	explain_options *options = state->input;
	switch (key) {
	case OPTION_FUNCTION: options->function = argument; return 0;
	case OPTION_JSON: options->json = true; return 0;
	default: return program_parse_file(key, argument, state, &options->file);
	}
}

static volt_error *write_facts(const volt_module *module, int64_t function, bool json, char **bytes,
                               size_t *size) {
	FILE *out = open_memstream(bytes, size);
	bool failed = !out;
	if (out) {
		module_facts facts;
		module_facts_compute(module, &facts);
		(json ? explain_write_json : explain_write_text)(out, &facts, function);
		module_facts_dispose(&facts);
		failed = ferror(out);
		failed |= fclose(out) != 0;
	}
	if (!failed)
		return NULL;
	return volt_error_new(VOLT_ERROR_MEMORY, "%s: no memory to explain it", module->source);
}

static int explain(const volt_module *module, const explain_options *options) {
	int64_t function = -1;
	char *text = NULL;
	size_t size = 0;
	volt_error *error = NULL;
	if (options->function)
		error = functions_find(module, options->function, &function);
	if (!error)
		error = write_facts(module, function, options->json, &text, &size);
	if (error) {
		free(text);
		return cli_report(error);
	}
	error = output_write(NULL, text, size, false);
	free(text);
	return error ? cli_report_as(error, CLI_FAILED) : CLI_OK;
}

int cli_explain(int count, char **arguments) {
	static const struct argp argp = {
	    .options = option_table,
	    .parser = parse_option,
	    .args_doc = "FILE",
	    .doc = "Shows for each function of FILE (.vob or .vot) whether it can wait or panic and why, whether "
	           "it can be compiled, and where it loops.",
	};
	explain_options options = {0};
	if (argp_parse(&argp, count, arguments, 0, NULL, &options))
		return CLI_USAGE;
	volt_module *module = NULL;
	volt_error *error = program_load(options.file, &module);
	if (error)
		return cli_report_as(error, CLI_BAD_FILE);
	int status = explain(module, &options);
	volt_module_free(module);
	return status;
}
