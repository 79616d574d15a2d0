/* References to functions and natives, and constants, in the text form. */
#include <stdio.h>
#include <string.h>

#include "bytecode/model/derived.h"
#include "bytecode/vot/assemble.h"
#include "bytecode/vot/text.h"

/* The entry of a name behind `@`; NULL if nothing has it. */
static name_entry *named(assembler *from, const name_table *table, token *where) {
	*where = from->token;
	volt_text name = assembler_name(from);
	return names_find(table, name);
}

static void fail_if_ambiguous(assembler *from, const token *where, const name_entry *entry, const char *what,
                              char prefix) {
	char behind[48], before[48];
	if (entry->uses <= 1)
		return;
	snprintf(before, sizeof before, "%u %s are named", entry->uses, what);
	snprintf(behind, sizeof behind, ": write the index, %c%u", prefix, entry->value);
	assembler_fail_named(from, where, before, behind);
}

uint32_t assembler_function_reference(assembler *from) {
	token where;
	if (assembler_at_indexed(from, 'f'))
		return assembler_indexed(from, 'f', UINT32_MAX);
	if (!assembler_accept_symbol(from, '@'))
		assembler_expected(from, "a function, such as @main or f0");
	name_entry *entry = named(from, &from->functions, &where);
	if (!entry)
		assembler_fail_named(from, &where, "there is no function", "");
	fail_if_ambiguous(from, &where, entry, "functions", 'f');
	return entry->value;
}

static volt_native_import *implicit_native(assembler *from, volt_text name) {
	volt_native_import *native = ARENA_APPEND(from->arena, &from->module->natives);
	*native = (volt_native_import){.name = name, .is_blocking = derived_blocks(name)};
	names_add(&from->natives, from->arena, name, from->module->natives.count - 1);
	return native;
}

uint32_t assembler_native_reference(assembler *from) {
	if (assembler_at_indexed(from, 'n'))
		return assembler_indexed(from, 'n', UINT16_MAX);
	if (!assembler_accept_symbol(from, '@'))
		assembler_expected(from, "a native, such as @vo_println or n0");
	token where = from->token;
	volt_text name = assembler_name(from);
	name_entry *entry = names_find(&from->natives, name);
	if (entry) {
		fail_if_ambiguous(from, &where, entry, "natives", 'n');
		return entry->value;
	}
	if (from->module->natives.count > UINT16_MAX)
		lexer_fail(&from->lexer, &where, "too many natives");
	implicit_native(from, name);
	return from->module->natives.count - 1;
}

static volt_constant float_constant(double value) {
	volt_constant constant = {.tag = VOLT_CONSTANT_FLOAT};
	memcpy(&constant.bits, &value, sizeof value);
	return constant;
}

static volt_constant int_constant(assembler *from) {
	const token *next = &from->token;
	if (next->kind == TOKEN_INTEGER && next->is_hexadecimal && !next->negative)
		return (volt_constant){VOLT_CONSTANT_INT, assembler_number(from, UINT64_MAX, "int"), {NULL, 0}};
	int64_t value = assembler_signed(from, INT64_MIN, INT64_MAX, "int");
	return (volt_constant){VOLT_CONSTANT_INT, (uint64_t)value, {NULL, 0}};
}

/* `float 0x...` gives the bits. */
static volt_constant float_literal(assembler *from) {
	token next = from->token;
	if (next.kind != TOKEN_INTEGER && next.kind != TOKEN_FLOAT)
		assembler_expected(from, "a number");
	assembler_advance(from);
	if (next.kind == TOKEN_FLOAT)
		return float_constant(next.number);
	if (next.is_hexadecimal)
		return (volt_constant){VOLT_CONSTANT_FLOAT, next.magnitude, {NULL, 0}};
	double value = (double)next.magnitude;
	return float_constant(next.negative ? -value : value);
}

/* `iface(TYPE)` or `iface(TYPE, ITAB)`: the constant of an IfaceAssign from a concrete value. */
static volt_constant interface_constant(assembler *from) {
	uint64_t itab = 0;
	assembler_expect_symbol(from, '(');
	bool by_number = from->token.kind == TOKEN_INTEGER;
	uint64_t type = by_number ? assembler_number(from, UINT32_MAX, "type") : (uint64_t)assembler_kind(from);
	if (assembler_accept_symbol(from, ','))
		itab = assembler_number(from, UINT32_MAX, "itab");
	assembler_expect_symbol(from, ')');
	return (volt_constant){VOLT_CONSTANT_INT, type << 32 | itab, {NULL, 0}};
}

static const char *const constant_words[] = {"nil", "true", "false", "int", "float", "string", "iface"};

bool assembler_at_constant(const assembler *from) {
	token_kind kind = from->token.kind;
	if (kind == TOKEN_INTEGER || kind == TOKEN_FLOAT || kind == TOKEN_STRING)
		return true;
	for (size_t i = 0; i < sizeof constant_words / sizeof *constant_words; i++)
		if (assembler_at_word(from, constant_words[i]))
			return true;
	return false;
}

volt_constant assembler_constant(assembler *from) {
	if (assembler_accept_word(from, "nil"))
		return (volt_constant){.tag = VOLT_CONSTANT_NIL};
	if (assembler_accept_word(from, "true"))
		return (volt_constant){.tag = VOLT_CONSTANT_BOOL, .bits = 1};
	if (assembler_accept_word(from, "false"))
		return (volt_constant){.tag = VOLT_CONSTANT_BOOL};
	if (assembler_accept_word(from, "iface"))
		return interface_constant(from);
	if (assembler_accept_word(from, "float") || from->token.kind == TOKEN_FLOAT)
		return float_literal(from);
	if (assembler_accept_word(from, "string") || from->token.kind == TOKEN_STRING)
		return (volt_constant){.tag = VOLT_CONSTANT_STRING, .text = assembler_string(from)};
	if (assembler_accept_word(from, "int") || from->token.kind == TOKEN_INTEGER)
		return int_constant(from);
	assembler_expected(from, "a constant");
}

uint32_t assembler_intern(assembler *from, const volt_constant *constant) {
	name_entry *entry = constants_find(&from->constants, constant);
	if (entry)
		return entry->value;
	uint32_t index = from->module->constants.count;
	*ARENA_APPEND(from->arena, &from->module->constants) = *constant;
	constants_add(&from->constants, from->arena, constant, index);
	return index;
}
