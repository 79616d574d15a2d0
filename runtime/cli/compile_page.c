/* A listing of the tier's with the bytecode that belongs to it, as the data of a page that shows both. */
#include "cli/compile_page.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/pages.h"
#include "volt/vot.h"

/* ---- Bytecode ---- */

/* Its text, and its line or 0. */
static json_t *instruction_row(const volt_module *module, uint32_t index, uint32_t pc) {
	const volt_function *function = &module->functions.items[index];
	const size_t length = volt_instruction_format(module, function, pc, NULL, 0);
	char *text = malloc(length + 1);
	if (!text)
		return NULL;
	volt_instruction_format(module, function, pc, text, length + 1);
	volt_text file;
	uint32_t line;
	if (!volt_module_find_line(module, index, pc, &file, &line))
		line = 0;
	json_t *row = json_pack("[o, I]", json_string(text), (json_int_t)line);
	free(text);
	return row;
}

static json_t *function_value(const volt_module *module, uint32_t index) {
	json_t *code = json_array();
	for (uint32_t pc = 0; pc < module->functions.items[index].code.count; pc++)
		json_array_append_new(code, instruction_row(module, index, pc));
	volt_text file = {"", 0};
	uint32_t line;
	volt_module_find_line(module, index, 0, &file, &line);
	return json_pack("{s:o, s:o, s:o}", "name", page_text(module->functions.items[index].name), "file",
	                 page_text(file), "code", code);
}

/* ---- Which functions the listing is about ---- */

typedef struct {
	const volt_module *module;
	json_t *functions; /* by index, as a text */
	bool *is_there;
} function_collection;

static void add_function(function_collection *to, const json_t *index) {
	const json_int_t number = json_is_integer(index) ? json_integer_value(index) : -1;
	if (number < 0 || number >= to->module->functions.count || to->is_there[number])
		return;
	char name[16];
	snprintf(name, sizeof name, "%u", (unsigned)number);
	to->is_there[number] = true;
	json_object_set_new(to->functions, name, function_value(to->module, (uint32_t)number));
}

static void add_functions_of_lines(function_collection *to, const json_t *lines) {
	for (size_t i = 0; i < json_array_size(lines); i++)
		add_function(to, json_array_get(json_array_get(lines, i), 1));
}

static void add_functions_of_blocks(function_collection *to, const json_t *blocks) {
	for (size_t i = 0; i < json_array_size(blocks); i++)
		add_functions_of_lines(to, json_object_get(json_array_get(blocks, i), "lines"));
}

static json_t *functions_of(const volt_module *module, const json_t *listing) {
	function_collection all = {module, json_object(), calloc((size_t)module->functions.count + 1, 1)};
	const json_t *forms = json_object_get(listing, "forms");
	for (size_t i = 0; all.is_there && i < json_array_size(forms); i++) {
		const json_t *form = json_array_get(forms, i);
		add_function(&all, json_object_get(form, "function"));
		add_functions_of_blocks(&all, json_object_get(form, "ir"));
		add_functions_of_blocks(&all, json_object_get(form, "assembly"));
	}
	free(all.is_there);
	return all.functions;
}

/* ---- The page ---- */

static char *page_data(const volt_module *module, const char *listing, const compile_page_options *options) {
	json_t *read = json_loads(listing, 0, NULL);
	const volt_text source = {module->source, (uint32_t)strlen(module->source)};
	json_t *all = json_pack("{s:o, s:I, s:s?, s:o, s:o}", "module", page_text(source), "function",
	                        (json_int_t)options->function, "level", options->level, "functions",
	                        functions_of(module, read), "listing", read);
	char *text = all ? json_dumps(all, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	json_decref(all);
	return text;
}

volt_error *compile_page_make(const volt_module *module, const char *listing,
                              const compile_page_options *options, char **page, size_t *size) {
	char *data = page_data(module, listing, options);
	FILE *out = data ? open_memstream(page, size) : NULL;
	bool is_written = out != NULL;
	if (out) {
		page_write(out, listing_page, listing_page_bytes, data);
		is_written = fclose(out) == 0;
	}
	free(data);
	return is_written ? NULL
	                  : volt_error_new(VOLT_ERROR_MEMORY, "%s: no memory for the page", module->source);
}
