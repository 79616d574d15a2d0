/* Samples as collapsed stacks, a line for each, or as the data of a page that draws them. */
#include "cli/run_profile.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"
#include "cli/command_output.h"
#include "cli/pages.h"

static bool ends_with(const char *text, const char *end) {
	const size_t length = strlen(text), end_length = strlen(end);
	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool is_page(const char *path) {
	return ends_with(path, ".html");
}

bool profile_has_form(const char *path) {
	return is_page(path) || ends_with(path, ".txt") || ends_with(path, ".folded");
}

/* ---- Collapsed stacks ---- */

typedef struct {
	char *frames; /* "main a.vo:3;f a.vo:9" */
	uint64_t samples;
} folded_stack;

typedef struct {
	const volt_module *module;
	folded_stack *stacks;
	size_t count, capacity;
	bool is_out_of_memory;
} folding;

/* Whole: names that differ at their end only are two stacks. A semicolon would end the frame. */
static void write_name(FILE *out, folding *to, volt_text name) {
	char *shown = volt_printable_whole(name);
	to->is_out_of_memory |= !shown;
	for (const char *at = shown; at && *at; at++)
		fputc(*at == ';' ? '_' : *at, out);
	free(shown);
}

static void write_frame(FILE *out, folding *to, volt_sample_frame frame) {
	const volt_module *module = to->module;
	volt_text file;
	uint32_t line;
	if (frame.function == VOLT_FRAMES_LEFT_OUT) {
		fputs("...", out);
		return;
	}
	write_name(out, to, module->functions.items[frame.function].name);
	if (!volt_module_find_line(module, frame.function, frame.pc, &file, &line))
		return;
	fputc(' ', out);
	write_name(out, to, file);
	fprintf(out, ":%u", line);
}

static folded_stack *next_stack(folding *to) {
	if (to->count == to->capacity) {
		const size_t capacity = to->capacity ? 2 * to->capacity : 256;
		folded_stack *grown = realloc(to->stacks, capacity * sizeof *grown);
		if (!grown)
			return NULL;
		to->stacks = grown;
		to->capacity = capacity;
	}
	return &to->stacks[to->count];
}

static void fold(void *user, const volt_sample_frame *frames, size_t count, uint64_t samples) {
	folding *to = user;
	folded_stack *stack = next_stack(to);
	size_t size = 0;
	FILE *out = stack ? open_memstream(&stack->frames, &size) : NULL;
	if (!out) {
		to->is_out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		fputs(i ? ";" : "", out);
		write_frame(out, to, frames[i]);
	}
	fclose(out);
	stack->samples = samples;
	to->count++;
}

static int by_frames(const void *left, const void *right) {
	return strcmp(((const folded_stack *)left)->frames, ((const folded_stack *)right)->frames);
}

/* Different instructions of one line are one stack. */
static void write_folded(FILE *out, folding *from) {
	if (from->count)
		qsort(from->stacks, from->count, sizeof *from->stacks, by_frames);
	for (size_t i = 0, next; i < from->count; i = next) {
		uint64_t samples = 0;
		for (next = i; next < from->count && by_frames(&from->stacks[i], &from->stacks[next]) == 0; next++)
			samples += from->stacks[next].samples;
		fprintf(out, "%s %llu\n", from->stacks[i].frames, (unsigned long long)samples);
	}
}

static bool write_text(FILE *out, const volt_vm *vm, const volt_module *module) {
	folding all = {.module = module};
	volt_vm_visit_samples(vm, fold, &all);
	write_folded(out, &all);
	for (size_t i = 0; i < all.count; i++)
		free(all.stacks[i].frames);
	free(all.stacks);
	return !all.is_out_of_memory;
}

/* ---- The page ---- */

typedef struct {
	const volt_module *module;
	json_t *stacks; /* of numbers: samples, then function and line of each frame; -1 and 0: frames left out */
} page_data;

static void add_stack(void *user, const volt_sample_frame *frames, size_t count, uint64_t samples) {
	const page_data *to = user;
	json_t *stack = json_array();
	json_array_append_new(stack, json_integer((json_int_t)samples));
	for (size_t i = 0; i < count; i++) {
		volt_text file;
		uint32_t line = 0;
		const bool is_left_out = frames[i].function == VOLT_FRAMES_LEFT_OUT;
		if (!is_left_out &&
		    !volt_module_find_line(to->module, frames[i].function, frames[i].pc, &file, &line))
			line = 0;
		json_array_append_new(stack, json_integer(is_left_out ? -1 : (json_int_t)frames[i].function));
		json_array_append_new(stack, json_integer(line));
	}
	json_array_append_new(to->stacks, stack);
}

/* By number: name, and the file that it begins in. */
static json_t *function_names(const volt_module *module) {
	json_t *functions = json_array();
	for (uint32_t i = 0; i < module->functions.count; i++) {
		volt_text file = {"", 0};
		uint32_t line;
		volt_module_find_line(module, i, 0, &file, &line);
		json_array_append_new(
		    functions, json_pack("[o, o]", page_text(module->functions.items[i].name), page_text(file)));
	}
	return functions;
}

static bool write_page(FILE *out, const volt_vm *vm, const volt_module *module) {
	page_data data = {module, json_array()};
	volt_vm_visit_samples(vm, add_stack, &data);
	json_t *all = json_pack("{s:i, s:o, s:o}", "period", PROFILE_PERIOD_MICROSECONDS, "functions",
	                        function_names(module), "stacks", data.stacks);
	char *text = json_dumps(all, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(all);
	if (text)
		page_write(out, profile_page, profile_page_bytes, text);
	free(text);
	return text != NULL;
}

volt_error *profile_write(const volt_vm *vm, const volt_module *module, const char *path) {
	char *bytes = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&bytes, &size);
	bool is_written = out && (is_page(path) ? write_page : write_text)(out, vm, module);
	if (out)
		is_written = fclose(out) == 0 && is_written;
	volt_error *error = is_written ? output_write(path, bytes, size, false)
	                               : volt_error_new(VOLT_ERROR_MEMORY, "%s: no memory for the profile", path);
	free(bytes);
	return error;
}
