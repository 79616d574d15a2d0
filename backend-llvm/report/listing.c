/* IR and assembly as JSON, block by block, with the instructions of the bytecode that each line comes from.
 */
#include "report/listing.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "calls/preset.h"
#include "ir/blocks.h"
#include "ir/source_lines.h"
#include "report/assembly.h"
#include "report/placed_text.h"
#include "report/text_lines.h"

typedef struct {
	const volt_module *bytecode;
	const placed_text *ir, *assembly;
	bool is_x86;
	instruction_finder finder;
	json_t *forms;
	size_t next_form; /* assembly has them in the order of the IR */
} listing;

/* What becomes of a text that is not UTF-8 is the JSON library's question otherwise. */
static json_t *text_value(const char *text, size_t length) {
	json_t *value = json_stringn(text, length);
	return value ? value : json_string("?");
}

static json_t *new_block(const char *label, size_t length, bool is_cold) {
	return json_pack("{s:o, s:b, s:[]}", "label", text_value(label, length), "cold", is_cold, "lines");
}

static void append_line(json_t *block, listing *to, const placed_line *line) {
	json_t *row = json_array();
	json_array_append_new(row, text_value(line->text, line->length));
	if (instruction_find(&to->finder, line->number)) {
		json_array_append_new(row, json_integer(to->finder.function));
		json_array_append_new(row, json_integer(to->finder.pc));
	}
	json_array_append_new(json_object_get(block, "lines"), row);
}

/* ---- IR ---- */

/* "pc5:      ; preds = %entry": the length of the label, 0 in all other lines. */
static size_t label_length(const placed_line *line) {
	const char *colon = memchr(line->text, ':', line->length);
	const bool is_label = colon && line->text[0] != ' ' && line->text[0] != '}';
	return is_label ? (size_t)(colon - line->text) : 0;
}

/* From behind the line of "define" to the one with "}". */
static json_t *ir_blocks(listing *to, size_t first, size_t *end) {
	json_t *blocks = json_array(), *block = NULL;
	size_t i = first;
	for (; i < to->ir->count && to->ir->lines[i].text[0] != '}'; i++) {
		const placed_line *line = &to->ir->lines[i];
		const size_t length = label_length(line);
		if (length > 0 || !block) {
			block = new_block(line->text, length, block_name_is_cold(line->text, length));
			json_array_append_new(blocks, block);
		}
		if (length == 0 && line->length > 0)
			append_line(block, to, line);
	}
	*end = i;
	return blocks;
}

/* The bytecode function that a symbol, "volt_f12_fib_rest", is a form of, or null. */
static json_t *function_of_symbol(listing *to, const char *symbol) {
	unsigned index;
	const bool has_one = sscanf(symbol, "volt_f%u_", &index) == 1 && index < to->bytecode->functions.count;
	return has_one ? json_integer(index) : json_null();
}

static void append_form(listing *to, const placed_line *definition, json_t *blocks) {
	char symbol[128] = "";
	const char *name = find(definition->text, definition->length, "@");
	if (name)
		sscanf(name, "@%127[^( ]", symbol);
	json_array_append_new(to->forms, json_pack("{s:s, s:o, s:s%, s:o, s:[]}", "symbol", symbol, "function",
	                                           function_of_symbol(to, symbol), "head", definition->text,
	                                           definition->length, "ir", blocks, "assembly"));
}

static void append_forms(listing *to) {
	for (size_t i = 0; i < to->ir->count; i++) {
		const placed_line *line = &to->ir->lines[i];
		if (starts_with(line->text, line->length, "define "))
			append_form(to, line, ir_blocks(to, i + 1, &i));
	}
}

/* ---- Assembly ---- */

/* What stands between the heads of blocks: code, in which what saves registers is told by directives. */
static void add_costs(json_t *block, listing *to, const placed_line *first, const placed_line *end) {
	if (first == end)
		return;
	const placed_line *last = end - 1;
	const assembly_facts facts =
	    assembly_read_facts(first->text, (size_t)(last->text + last->length - first->text), to->is_x86);
	json_object_set_new(block, "spills", json_integer(facts.spills));
	json_object_set_new(block, "reloads", json_integer(facts.reloads));
	json_object_set_new(block, "saved", json_integer(facts.callee_saved));
}

static bool is_shown(const placed_line *line) {
	return line->length > 0 && !assembly_is_comment(line->text, line->length) &&
	       !starts_with(line->text, line->length, "\t.cfi");
}

static bool is_instruction(const placed_line *line) {
	return line->length > 1 && line->text[0] == '\t' && line->text[1] != '.';
}

static uint32_t larger(uint32_t left, uint32_t right) {
	return left > right ? left : right;
}

static bool ends_block(const placed_line *line) {
	bool is_cold;
	return starts_with(line->text, line->length, ".Lfunc_end") ||
	       assembly_starts_block(line->text, line->length, &is_cold);
}

static const placed_line *append_block(json_t *blocks, listing *to, const placed_line *head,
                                       const placed_line *end) {
	const char *name;
	size_t length;
	assembly_block_name(head->text, head->length, &name, &length);
	json_t *block = new_block(name, length, block_name_is_cold(name, length));
	uint32_t depth = assembly_loop_depth(head->text, head->length), instructions = 0;
	const placed_line *line = head + 1;
	if (head->text[0] == '.')
		json_object_set_new(block, "target", text_value(head->text, strcspn(head->text, ":")));
	for (; line < end && !ends_block(line); line++) {
		if (assembly_is_comment(line->text, line->length))
			depth = larger(depth, assembly_loop_depth(line->text, line->length));
		instructions += is_instruction(line);
		if (is_shown(line))
			append_line(block, to, line);
	}
	add_costs(block, to, head + 1, line);
	json_object_set_new(block, "depth", json_integer(depth));
	json_object_set_new(block, "instructions", json_integer(instructions));
	json_array_append_new(blocks, block);
	return line;
}

static bool has_symbol(const json_t *form, const char *symbol, size_t length) {
	const json_t *own = json_object_get(form, "symbol");
	return json_string_length(own) == length && memcmp(json_string_value(own), symbol, length) == 0;
}

/* The form that begins with this line, or NULL. */
static json_t *form_of_label(listing *to, const placed_line *line) {
	const char *colon = memchr(line->text, ':', line->length);
	const size_t count = json_array_size(to->forms);
	if (!colon || !isalpha((unsigned char)line->text[0]))
		return NULL;
	for (size_t i = 0; i < count; i++) {
		json_t *form = json_array_get(to->forms, (to->next_form + i) % count);
		if (!has_symbol(form, line->text, (size_t)(colon - line->text)))
			continue;
		to->next_form = (to->next_form + i + 1) % count;
		return form;
	}
	return NULL;
}

/* Blocks between the labels of a form and of its end. */
static void append_assembly(listing *to) {
	const placed_line *line = to->assembly->lines, *end = line + to->assembly->count;
	json_t *blocks = NULL;
	while (line < end) {
		bool is_cold;
		json_t *form = form_of_label(to, line);
		if (form)
			blocks = json_object_get(form, "assembly");
		if (starts_with(line->text, line->length, ".Lfunc_end"))
			blocks = NULL;
		if (blocks && assembly_starts_block(line->text, line->length, &is_cold))
			line = append_block(blocks, to, line, end);
		else
			line++;
	}
}

static volt_error *write_listing(listing *to, const compilation_unit *unit, char **json, size_t *size) {
	const compile_preset *preset = unit->lowering.options.preset;
	json_t *all = json_pack("{s:s, s:s, s:s, s:O}", "preset", preset->name, "hints", preset->hints->name,
	                        "target", to->is_x86 ? "x86_64" : "aarch64", "forms", to->forms);
	*json = all ? json_dumps(all, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	json_decref(all);
	if (!*json)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory for the listing");
	*size = strlen(*json);
	return NULL;
}

static bool is_for_x86(LLVMTargetMachineRef machine) {
	char *triple = LLVMGetTargetMachineTriple(machine);
	const bool result = starts_with(triple, strlen(triple), "x86_64");
	LLVMDisposeMessage(triple);
	return result;
}

volt_error *unit_listing(const unit_pair *units, LLVMTargetMachineRef machine, char **json, size_t *size) {
	placed_text ir, assembly;
	unit_placed_ir(units->with_lines, &ir);
	volt_error *error = unit_placed_assembly(units, machine, &assembly);
	if (!error) {
		const volt_module *bytecode = units->plain->lowering.bytecode;
		listing to = {
		    .bytecode = bytecode,
		    .ir = &ir,
		    .assembly = &assembly,
		    .is_x86 = is_for_x86(machine),
		    .finder = {.bytecode = bytecode},
		    .forms = json_array(),
		};
		append_forms(&to);
		append_assembly(&to);
		error = write_listing(&to, units->plain, json, size);
		json_decref(to.forms);
		placed_text_dispose(&assembly);
	}
	placed_text_dispose(&ir);
	return error;
}
