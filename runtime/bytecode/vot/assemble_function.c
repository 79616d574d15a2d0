/* `fn NAME attributes { body }` */
#include "bytecode/model/derived.h"
#include "bytecode/vot/assemble.h"
#include "bytecode/vot/text.h"

/* Attributes that were left out, to be filled in when the code is known. */
typedef struct {
	bool has_locals, has_results, has_parameter_count, has_defer, has_heap_count;
} given_attributes;

typedef struct {
	volt_transfer_type *items;
	uint32_t count;
} transfer_types;

static transfer_types read_transfer_types(assembler *from) {
	VOLT_VECTOR(volt_transfer_type) types = {0};
	assembler_expect_symbol(from, '=');
	assembler_expect_symbol(from, '[');
	while (!assembler_accept_symbol(from, ']')) {
		volt_transfer_type type = {.meta = assembler_word(from, false)};
		type.slots = (uint16_t)assembler_number(from, UINT16_MAX, "slots");
		*ARENA_APPEND(from->arena, &types) = type;
		assembler_accept_symbol(from, ',');
	}
	return (transfer_types){types.items, types.count};
}

static void read_heap_slots(assembler *from, volt_function *function) {
	assembler_expect_symbol(from, '=');
	assembler_expect_symbol(from, '[');
	while (!assembler_accept_symbol(from, ']')) {
		uint16_t slots = (uint16_t)assembler_number(from, UINT16_MAX, "slots");
		*ARENA_APPEND(from->arena, &function->heap_result_slots) = slots;
		assembler_accept_symbol(from, ',');
	}
}

static bool read_u16(assembler *from, const char *name, uint16_t *field, bool *was_given) {
	uint64_t value;
	if (!assembler_attribute(from, name, UINT16_MAX, &value))
		return false;
	*field = (uint16_t)value;
	if (was_given)
		*was_given = true;
	return true;
}

static bool read_numbers(assembler *from, volt_function *function, given_attributes *given) {
	return read_u16(from, "params", &function->parameter_slots, NULL) ||
	       read_u16(from, "param_count", &function->parameter_count, &given->has_parameter_count) ||
	       read_u16(from, "locals", &function->local_slots, &given->has_locals) ||
	       read_u16(from, "results", &function->result_slots, &given->has_results) ||
	       read_u16(from, "receiver", &function->receiver_slots, NULL) ||
	       read_u16(from, "heap_count", &function->heap_result_count, &given->has_heap_count) ||
	       read_u16(from, "heap_start", &function->heap_result_start, NULL);
}

static bool read_lists(assembler *from, volt_function *function) {
	if (assembler_accept_word(from, "heap_slots")) {
		read_heap_slots(from, function);
	} else if (assembler_accept_word(from, "types")) {
		assembler_expect_symbol(from, '=');
		assembler_bytes types = assembler_slot_types(from);
		function->slot_types.items = types.items;
		function->slot_types.count = types.count;
	} else if (assembler_accept_word(from, "captures")) {
		transfer_types types = read_transfer_types(from);
		function->capture_types.items = types.items;
		function->capture_types.count = types.count;
	} else if (assembler_accept_word(from, "param_types")) {
		transfer_types types = read_transfer_types(from);
		function->parameter_types.items = types.items;
		function->parameter_types.count = types.count;
	} else {
		return false;
	}
	return true;
}

static void read_attribute(assembler *from, volt_function *function, given_attributes *given) {
	if (read_numbers(from, function, given) || read_lists(from, function))
		return;
	if (assembler_flag(from, "closure", &function->is_closure))
		return;
	if (assembler_flag(from, "defer", &function->has_defer)) {
		given->has_defer = true;
		return;
	}
	if (!assembler_accept_word(from, "error"))
		assembler_expected(from, "an attribute of the function or '{'");
	assembler_expect_symbol(from, '=');
	function->error_result_slot = (int16_t)assembler_signed(from, INT16_MIN, INT16_MAX, "error");
}

/* `name:`; an opcode's name followed by a colon is a label as well. */
static bool read_label(assembler *from, assembler_body *body) {
	lexer_state after = from->lexer;
	if (from->token.kind != TOKEN_IDENTIFIER)
		return false;
	token next = lexer_next(&after);
	if (next.kind != TOKEN_SYMBOL || next.symbol != ':')
		return false;
	if (names_find(&body->labels, from->token.text))
		assembler_fail_named(from, &from->token, "the label", " is defined twice");
	names_add(&body->labels, from->arena, from->token.text, body->function->code.count);
	assembler_advance(from);
	assembler_advance(from);
	return true;
}

static void resolve_labels(assembler *from, assembler_body *body) {
	for (uint32_t i = 0; i < body->uses.count; i++) {
		const label_use *use = &body->uses.items[i];
		const name_entry *label = names_find(&body->labels, use->where.text);
		volt_instruction *instruction = &body->function->code.items[use->pc];
		if (!label)
			assembler_fail_named(from, &use->where, "the function has no label", "");
		int64_t base = volt_jump_target((volt_instruction){.op = instruction->op}, use->pc);
		if (!volt_instruction_set(instruction, use->field, (int64_t)label->value - base))
			assembler_fail_named(from, &use->where, "the label", " is too far away for this jump");
	}
}

static void note_line(assembler *from, assembler_body *body) {
	const uint32_t column = from->token.column;
	*ARENA_APPEND(from->arena, &body->lines.locations) =
	    (volt_debug_location){.pc = body->function->code.count,
	                          .line = from->token.line,
	                          .column = (uint16_t)(column < UINT16_MAX ? column : UINT16_MAX)};
}

static void read_body(assembler *from, volt_function *function) {
	assembler_body body = {.function = function};
	if (!assembler_begin_block(from))
		assembler_expected(from, "an attribute of the function or '{'");
	while (assembler_next_statement(from)) {
		if (read_label(from, &body))
			continue;
		note_line(from, &body);
		assembler_instruction(from, &body);
		assembler_end_line(from);
	}
	resolve_labels(from, &body);
	*ARENA_APPEND(from->arena, &from->lines) = body.lines;
}

void assembler_function(assembler *from) {
	given_attributes explicit = {0};
	volt_function function = {.name = assembler_name(from), .error_result_slot = -1};
	while (!assembler_at_symbol(from, '{'))
		read_attribute(from, &function, &explicit);
	read_body(from, &function);
	if (!explicit.has_parameter_count)
		function.parameter_count = function.parameter_slots;
	if (!explicit.has_heap_count)
		function.heap_result_count = (uint16_t)function.heap_result_slots.count;
	if (!explicit.has_defer)
		function.has_defer = derived_defers(&function);
	if (!explicit.has_results)
		function.result_slots = (uint16_t)derived_results(&function);
	*ARENA_APPEND(from->arena, &from->module->functions) = function;
	*ARENA_APPEND(from->arena, &from->automatic_locals) = !explicit.has_locals;
}
