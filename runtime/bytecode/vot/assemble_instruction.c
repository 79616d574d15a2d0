/* One instruction of the text form, driven by the opcode table. */
#include <stdio.h>
#include <string.h>

#include "bytecode/model/operands.h"
#include "bytecode/vot/assemble.h"
#include "bytecode/vot/required.h"
#include "bytecode/vot/text.h"

typedef struct {
	assembler *from;
	assembler_body *body;
	token name; /* of the opcode */
	volt_instruction instruction;
	uint32_t pc;
	uint32_t given; /* named operands, a bit for each place in the table */
} context;

/* Says what would fit. `what`: the operand's name, or "this operand". */
static _Noreturn void fail_to_fit(context *to, const token *where, volt_field field, const char *what,
                                  int64_t value) {
	const int bits = __builtin_popcountll(volt_field_mask(field));
	const bool is_signed = volt_instruction_set(&to->instruction, field, -1);
	const int64_t most = ((int64_t)1 << (is_signed ? bits - 1 : bits)) - 1;
	lexer_fail(&to->from->lexer, where, "%lld does not fit %s of %s, which takes %lld to %lld%s",
	           (long long)value, what, volt_opcode_get_info(to->instruction.op)->name,
	           is_signed ? -(long long)most - 1 : 0LL, (long long)most,
	           to->instruction.op == VOLT_OP_LoadInt ? ": use LoadConst" : "");
}

static void set_named_field(context *to, const token *where, volt_field field, const char *what,
                            int64_t value) {
	if (!volt_instruction_set(&to->instruction, field, value))
		fail_to_fit(to, where, field, what, value);
}

static void set_field(context *to, const token *where, volt_field field, int64_t value) {
	set_named_field(to, where, field, "this operand", value);
}

static void read_jump(context *to, const volt_operand *operand) {
	assembler *from = to->from;
	if (from->token.kind == TOKEN_IDENTIFIER) {
		*ARENA_APPEND(from->arena, &to->body->uses) = (label_use){from->token, to->pc, operand->field};
		assembler_advance(from);
		return;
	}
	token where = from->token;
	set_field(to, &where, operand->field,
	          assembler_signed(from, INT32_MIN, INT32_MAX, "a label or a distance"));
}

static uint32_t read_constant(assembler *from) {
	if (assembler_at_indexed(from, 'c'))
		return assembler_indexed(from, 'c', UINT16_MAX);
	if (!assembler_at_constant(from))
		assembler_expected(from, "a constant, such as 5, \"text\" or c0");
	volt_constant constant = assembler_constant(from);
	return assembler_intern(from, &constant);
}

static uint32_t read_global(assembler *from) {
	if (!assembler_accept_symbol(from, '@'))
		return assembler_indexed(from, 'g', UINT16_MAX);
	token where = from->token;
	name_entry *entry = names_find(&from->globals, assembler_name(from));
	if (!entry)
		assembler_fail_named(from, &where, "before this line there is no global", "");
	return entry->value;
}

/* A number, or a type: a kind by its name, or with an index, as values of metadata are made of both. */
static int64_t read_number(const context *to) {
	const bool is_load = to->instruction.op == VOLT_OP_LoadInt;
	if (to->from->token.kind == TOKEN_IDENTIFIER)
		return assembler_word(to->from, false);
	return assembler_signed(to->from, INT64_MIN, INT64_MAX,
	                        is_load ? "an integer (LoadConst takes any constant)" : "an integer");
}

static void read_callee(context *to, const volt_operand *operand) {
	token where = to->from->token;
	if (!assembler_at_indexed(to->from, 'r')) {
		set_field(to, &where, operand->field, assembler_function_reference(to->from));
		return;
	}
	set_field(to, &where, VOLT_FIELD_A, assembler_indexed(to->from, 'r', UINT16_MAX));
	set_field(to, &where, VOLT_FIELD_FLAGS_BIT_0, 1);
}

static void read_operand(context *to, const volt_operand *operand) {
	token where = to->from->token;
	int64_t value = 0;
	switch (operand->role) {
	case VOLT_OPERAND_WRITE:
	case VOLT_OPERAND_READ:
	case VOLT_OPERAND_UPDATE: value = assembler_indexed(to->from, 'r', UINT16_MAX); break;
	case VOLT_OPERAND_JUMP: read_jump(to, operand); return;
	case VOLT_OPERAND_CONSTANT: value = read_constant(to->from); break;
	case VOLT_OPERAND_GLOBAL_READ:
	case VOLT_OPERAND_GLOBAL_WRITE: value = read_global(to->from); break;
	case VOLT_OPERAND_FUNCTION: value = assembler_function_reference(to->from); break;
	case VOLT_OPERAND_CALLEE: read_callee(to, operand); return;
	case VOLT_OPERAND_NATIVE: value = assembler_native_reference(to->from); break;
	case VOLT_OPERAND_NUMBER: value = read_number(to); break;
	case VOLT_OPERAND_NONE:
	case VOLT_OPERAND_IMPLICIT_READ:
	case VOLT_OPERAND_NAMED: return;
	}
	set_field(to, &where, operand->field, value);
}

/* The same operands as the disassembler writes: one for each field, in the order of the table. */
static bool is_positional(const volt_operand *operands, const volt_operand *operand) {
	if (operand->role == VOLT_OPERAND_NAMED || operand->role == VOLT_OPERAND_IMPLICIT_READ)
		return false;
	for (const volt_operand *before = operands; before < operand; before++)
		if (before->field == operand->field && before->role != VOLT_OPERAND_NAMED)
			return false;
	return true;
}

/* `results=N` behind a call of a native that has no declaration raises the width of its results. */
static bool read_native_results(context *to) {
	assembler *from = to->from;
	uint64_t results;
	token where = from->token;
	if (to->instruction.op != VOLT_OP_CallExtern ||
	    !assembler_attribute(from, "results", UINT16_MAX, &results))
		return false;
	uint16_t index = to->instruction.b;
	if (index >= from->module->natives.count)
		lexer_fail(&from->lexer, &where, "results of native n%u, which has no line and no name", index);
	volt_native_import *native = &from->module->natives.items[index];
	if (index >= from->declared_natives && native->result_slots < results)
		native->result_slots = (uint16_t)results;
	if (native->result_slots < results)
		lexer_fail(&from->lexer, &where, "native n%u is declared with results=%u", index,
		           native->result_slots);
	return true;
}

/* Fails with the names that could stand there. */
static _Noreturn void expected_named(const context *to, const volt_opcode_info *info) {
	char what[96] = "the end of the line";
	for (const volt_operand *operand = info->operands; operand->role != VOLT_OPERAND_NONE; operand++) {
		size_t length = strlen(what);
		if (operand->role == VOLT_OPERAND_NAMED)
			snprintf(what + length, sizeof what - length, " or %s=N", operand->name);
	}
	assembler_expected(to->from, what);
}

static void read_named(context *to, const volt_opcode_info *info) {
	assembler *from = to->from;
	if (read_native_results(to))
		return;
	for (const volt_operand *operand = info->operands; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (operand->role != VOLT_OPERAND_NAMED || !assembler_accept_word(from, operand->name))
			continue;
		assembler_expect_symbol(from, '=');
		token where = from->token;
		set_named_field(to, &where, operand->field, operand->name,
		                assembler_signed(from, INT64_MIN, INT64_MAX, "an integer"));
		to->given |= 1U << (operand - info->operands);
		return;
	}
	expected_named(to, info);
}

/* Whether they are needed is known when all functions are. */
static void note_omissions(context *to, const volt_opcode_info *info) {
	for (const volt_operand *operand = info->operands; operand->role != VOLT_OPERAND_NONE; operand++)
		if (operand->is_required && !(to->given & 1U << (operand - info->operands)))
			*ARENA_APPEND(to->from->arena, &to->from->omissions) =
			    (omission){to->name, to->from->module->functions.count, to->pc, operand};
}

void assembler_check_omissions(assembler *from) {
	for (uint32_t i = 0; i < from->omissions.count; i++) {
		const omission *at = &from->omissions.items[i];
		volt_instruction instruction = from->module->functions.items[at->function].code.items[at->pc];
		if (volt_instruction_get(instruction, at->operand->field) == 0 &&
		    required_operand(from->module, instruction, at->operand))
			lexer_fail(&from->lexer, &at->where, "%s needs %s=N: %s",
			           volt_opcode_get_info(instruction.op)->name, at->operand->name,
			           required_operand_hint(at->operand->name));
	}
}

/* `!flags=2`: bits that the opcode does not use. */
static void read_unused_bits(context *to) {
	static const char *const names[] = {"flags", "a", "b", "c"};
	static const volt_field fields[] = {VOLT_FIELD_FLAGS, VOLT_FIELD_A, VOLT_FIELD_B, VOLT_FIELD_C};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		uint64_t bits;
		token where = to->from->token;
		if (!assembler_attribute(to->from, names[i], UINT16_MAX, &bits))
			continue;
		set_field(to, &where, fields[i], volt_instruction_get(to->instruction, fields[i]) | (int64_t)bits);
		return;
	}
	assembler_expected(to->from, "flags, a, b or c");
}

static void read_operands(context *to, const volt_opcode_info *info) {
	assembler *from = to->from;
	bool first = true;
	for (const volt_operand *operand = info->operands; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (!is_positional(info->operands, operand))
			continue;
		if (!first)
			assembler_expect_symbol(from, ',');
		read_operand(to, operand);
		first = false;
	}
	while (from->token.kind != TOKEN_NEWLINE && from->token.kind != TOKEN_END &&
	       !assembler_at_symbol(from, '}'))
		if (assembler_accept_symbol(from, '!'))
			read_unused_bits(to);
		else if (!assembler_accept_symbol(from, ','))
			read_named(to, info);
}

/* `raw op, flags, a, b, c`: any instruction, known or not. */
static void read_raw(context *to) {
	static const uint64_t most[] = {UINT8_MAX, UINT8_MAX, UINT16_MAX, UINT16_MAX, UINT16_MAX};
	uint64_t values[5];
	for (size_t i = 0; i < 5; i++) {
		if (i)
			assembler_expect_symbol(to->from, ',');
		values[i] = assembler_number(to->from, most[i], "a part of the instruction");
	}
	to->instruction = (volt_instruction){(uint8_t)values[0], (uint8_t)values[1], (uint16_t)values[2],
	                                     (uint16_t)values[3], (uint16_t)values[4]};
}

void assembler_instruction(assembler *from, assembler_body *body) {
	context to = {.from = from, .body = body, .name = from->token, .pc = body->function->code.count};
	volt_text name = from->token.text;
	if (from->token.kind != TOKEN_IDENTIFIER)
		assembler_expected(from, "an instruction or a label");
	int op = volt_opcode_by_name(name.bytes, name.length);
	if (op < 0 && !assembler_at_word(from, "raw"))
		assembler_expected(from, "the name of an opcode (volt opcodes lists them)");
	assembler_advance(from);
	if (op < 0) {
		read_raw(&to);
	} else {
		to.instruction.op = (uint8_t)op;
		read_operands(&to, volt_opcode_get_info((uint8_t)op));
		note_omissions(&to, volt_opcode_get_info((uint8_t)op));
	}
	*ARENA_APPEND(from->arena, &body->function->code) = to.instruction;
}
