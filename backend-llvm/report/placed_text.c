/* Reads where LLVM's texts come from in their debug information. */
#include "report/placed_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "guard/memory.h"
#include "report/text_lines.h"

/* ---- What is left ---- */

static line_reader start(const char *text, placed_text *result) {
	line_reader reader = {text, text + strlen(text)};
	size_t lines = 1;
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	result->text = memory_new((size_t)(reader.end - reader.at) + 2, 1);
	result->lines = memory_new(lines, sizeof *result->lines);
	result->bytes = result->count = 0;
	return reader;
}

/* Appends to the last line. */
static void add_text(placed_text *result, const char *text, size_t length) {
	memcpy(result->text + result->bytes, text, length);
	result->bytes += length;
}

static void end_line(placed_text *result, size_t start, uint32_t number) {
	result->lines[result->count++] = (placed_line){result->text + start, result->bytes - start, number};
	result->text[result->bytes++] = '\n';
}

static void keep_line(placed_text *result, const char *line, size_t length, uint32_t number) {
	const size_t start = result->bytes;
	add_text(result, line, length);
	end_line(result, start, number);
}

void placed_text_dispose(placed_text *text) {
	memory_free(text->text);
	memory_free(text->lines);
}

/* ---- Assembly ---- */

/*
 * Debug information brings directives and labels of its own, and a function that nothing unwinds gets its
 * prologue in another order. So there are two units: one with it, where the numbers are taken from, and
 * one without, which is what is compiled. Where the two differ a function has no numbers from there on.
 */
typedef struct {
	line_reader lines; /* of the code with debug information */
	uint32_t number;
	bool in_function;
} number_reader;

static bool is_instruction(const char *line, size_t length) {
	return length > 1 && line[0] == '\t' && isalpha((unsigned char)line[1]);
}

static bool starts_function(const char *line, size_t length) {
	return find(line, length, ",@function") != NULL;
}

/* ".loc 1 17 0": what follows comes from line 17. */
static void read_location(number_reader *reader, const char *line, size_t length) {
	static const char directive[] = "\t.loc\t";
	if (!starts_with(line, length, directive))
		return;
	char *after;
	strtoul(line + strlen(directive), &after, 10);
	reader->number = (uint32_t)strtoul(after, NULL, 10);
}

/* Goes on to the same function in the other text; they come in the same order. */
static void enter_function(number_reader *reader, const char *start_line, size_t start_length) {
	const char *line;
	size_t length;
	reader->number = 0;
	reader->in_function = false;
	while (!reader->in_function && next_line(&reader->lines, &line, &length))
		reader->in_function = length == start_length && memcmp(line, start_line, length) == 0;
}

static uint32_t number_of(number_reader *reader, const char *instruction, size_t instruction_length) {
	const char *line;
	size_t length;
	while (reader->in_function && next_line(&reader->lines, &line, &length)) {
		read_location(reader, line, length);
		if (!is_instruction(line, length))
			continue;
		reader->in_function =
		    length == instruction_length && memcmp(line, instruction, instruction_length) == 0;
		return reader->in_function ? reader->number : 0;
	}
	return 0;
}

static void read_assembly(const char *assembly, const char *with_lines, placed_text *result) {
	line_reader lines = start(assembly, result);
	number_reader reader = {.lines = {with_lines, with_lines + strlen(with_lines)}};
	const char *line;
	size_t length;
	while (next_line(&lines, &line, &length)) {
		if (starts_function(line, length))
			enter_function(&reader, line, length);
		keep_line(result, line, length, is_instruction(line, length) ? number_of(&reader, line, length) : 0);
	}
}

/* Freed by the end of the request, too. */
typedef struct {
	LLVMMemoryBufferRef plain, with_lines;
} generated;

static void dispose_of_generated(void *memory) {
	generated *made = memory;
	if (made->plain)
		LLVMDisposeMemoryBuffer(made->plain);
	if (made->with_lines)
		LLVMDisposeMemoryBuffer(made->with_lines);
}

static volt_error *generate(compilation_unit *unit, LLVMTargetMachineRef machine,
                            LLVMMemoryBufferRef *buffer) {
	volt_error *error = unit_generate(unit, machine, LLVMAssemblyFile, buffer);
	if (error)
		*buffer = NULL;
	return error;
}

volt_error *unit_placed_assembly(const unit_pair *units, LLVMTargetMachineRef machine, placed_text *result) {
	generated *made = memory_new_owner(sizeof *made, dispose_of_generated);
	volt_error *error = generate(units->plain, machine, &made->plain);
	if (!error)
		error = generate(units->with_lines, machine, &made->with_lines);
	if (!error)
		read_assembly(LLVMGetBufferStart(made->plain), LLVMGetBufferStart(made->with_lines), result);
	dispose_of_generated(made);
	memory_free(made);
	return error;
}

/* ---- IR ---- */

static const char attachment[] = "!dbg !";

typedef struct {
	uint32_t *lines; /* by number of metadata: of a location, its line */
	size_t count;
} locations;

/* "!12 = !DILocation(line: 5, scope: !8)": a line of 0 is left out. */
static bool is_location_node(const char *line, size_t length, size_t *node, uint32_t *number) {
	if (!starts_with(line, length, "!") || !isdigit((unsigned char)line[1]) ||
	    !find(line, length, "= !DILocation(") || find(line, length, "= distinct !DILocation("))
		return false;
	const char *value = find(line, length, "line: ");
	*node = strtoul(line + 1, NULL, 10);
	*number = value ? (uint32_t)strtoul(value + strlen("line: "), NULL, 10) : 0;
	return true;
}

static void read_locations(line_reader lines, locations *result) {
	const char *line;
	size_t length, node;
	uint32_t number;
	for (line_reader first = lines; next_line(&first, &line, &length);)
		if (is_location_node(line, length, &node, &number) && node >= result->count)
			result->count = node + 1;
	result->lines = memory_new(result->count + 1, sizeof *result->lines);
	while (next_line(&lines, &line, &length))
		if (is_location_node(line, length, &node, &number))
			result->lines[node] = number;
}

/* Keeps a line without ", !dbg !12" in it; *number is set to what that refers to. */
static void keep_ir_line(placed_text *result, const locations *known, const char *line, size_t length,
                         uint32_t *number) {
	const char *at = find(line, length, attachment);
	if (!at) {
		keep_line(result, line, length, *number);
		return;
	}
	char *after;
	const size_t node = strtoul(at + strlen(attachment), &after, 10);
	*number = node < known->count ? known->lines[node] : 0;
	while (at > line && (at[-1] == ' ' || at[-1] == ','))
		at--;
	const size_t start = result->bytes;
	add_text(result, line, (size_t)(at - line));
	add_text(result, after, (size_t)(line + length - after));
	end_line(result, start, *number);
}

/* An instruction may take several lines, and has its location in the last one. */
static bool goes_on(const char *line, size_t length) {
	return starts_with(line, length, "   ") || starts_with(line, length, "  ]");
}

static void place_first_lines(placed_text *result) {
	for (size_t i = result->count; i-- > 1;)
		if (goes_on(result->lines[i].text, result->lines[i].length))
			result->lines[i - 1].number = result->lines[i].number;
}

static void read_ir(const char *ir, placed_text *result) {
	line_reader lines = start(ir, result);
	locations known = {0};
	read_locations(lines, &known);
	const char *line;
	size_t length;
	bool in_function = false;
	while (next_line(&lines, &line, &length)) {
		uint32_t number = 0;
		in_function |= starts_with(line, length, "define ");
		if (in_function)
			keep_ir_line(result, &known, line, length, &number);
		in_function &= !starts_with(line, length, "}");
	}
	place_first_lines(result);
	memory_free(known.lines);
}

static void dispose_of_message(void *memory) {
	char **text = memory;
	if (*text)
		LLVMDisposeMessage(*text);
}

void unit_placed_ir(compilation_unit *unit, placed_text *result) {
	char **text = memory_new_owner(sizeof *text, dispose_of_message);
	*text = unit_ir(unit);
	read_ir(*text, result);
	dispose_of_message(text);
	memory_free(text);
}
