/* The opcode table, and the fields that an instruction is made of. */
#include <string.h>

#include "volt/bytecode.h"

#define WRITE(field, count) \
	{ VOLT_OPERAND_WRITE, VOLT_FIELD_##field, VOLT_COUNT_##count, 0, NULL, false }
#define READ(field, count) \
	{ VOLT_OPERAND_READ, VOLT_FIELD_##field, VOLT_COUNT_##count, 0, NULL, false }
#define UPDATE(field, count) \
	{ VOLT_OPERAND_UPDATE, VOLT_FIELD_##field, VOLT_COUNT_##count, 0, NULL, false }
#define IMPLICIT_READ(slot, count) \
	{ VOLT_OPERAND_IMPLICIT_READ, VOLT_FIELD_NONE, VOLT_COUNT_##count, slot, NULL, false }
#define JUMP(field) \
	{ VOLT_OPERAND_JUMP, VOLT_FIELD_##field, VOLT_COUNT_NONE, 0, NULL, false }
#define CONSTANT(field) \
	{ VOLT_OPERAND_CONSTANT, VOLT_FIELD_##field, VOLT_COUNT_NONE, 0, NULL, false }
#define GLOBAL_READ(field, count) \
	{ VOLT_OPERAND_GLOBAL_READ, VOLT_FIELD_##field, VOLT_COUNT_##count, 0, NULL, false }
#define GLOBAL_WRITE(field, count) \
	{ VOLT_OPERAND_GLOBAL_WRITE, VOLT_FIELD_##field, VOLT_COUNT_##count, 0, NULL, false }
#define FUNCTION(field) \
	{ VOLT_OPERAND_FUNCTION, VOLT_FIELD_##field, VOLT_COUNT_NONE, 0, NULL, false }
#define CALLEE(field) \
	{ VOLT_OPERAND_CALLEE, VOLT_FIELD_##field, VOLT_COUNT_NONE, 0, NULL, false }
#define NATIVE(field) \
	{ VOLT_OPERAND_NATIVE, VOLT_FIELD_##field, VOLT_COUNT_NONE, 0, NULL, false }
#define NUMBER(field) \
	{ VOLT_OPERAND_NUMBER, VOLT_FIELD_##field, VOLT_COUNT_NONE, 0, NULL, false }
#define NAMED(field, text) \
	{ VOLT_OPERAND_NAMED, VOLT_FIELD_##field, VOLT_COUNT_NONE, 0, text, false }
#define REQUIRED(field, text) \
	{ VOLT_OPERAND_NAMED, VOLT_FIELD_##field, VOLT_COUNT_NONE, 0, text, true }
#define OPERANDS(...) \
	{ __VA_ARGS__ }
#define PURE VOLT_EFFECT_PURE
#define PANICS VOLT_EFFECT_PANICS
#define BLOCKS VOLT_EFFECT_BLOCKS
#define ALLOCATES VOLT_EFFECT_ALLOCATES
#define CALLS VOLT_EFFECT_CALLS
#define JUMPS VOLT_EFFECT_JUMPS
#define ENDS VOLT_EFFECT_ENDS
#define REPEATS VOLT_EFFECT_REPEATS
#define FRAME VOLT_EFFECT_FRAME

/* As many numbers as rows, none twice (the compiler warns of that) and none above the last: there is no gap.
 */
#define OPCODE(number, name, ...) \
	_Static_assert((number) < VOLT_OPCODE_COUNT, "the number of " #name " leaves a gap");
#include "volt/opcodes.def"
#undef OPCODE

#define OPCODE(number, name, operands, effects, semantics) [number] = {#name, operands, effects, semantics},
static const volt_opcode_info table[VOLT_OPCODE_COUNT] = {
#include "volt/opcodes.def"
};

const volt_opcode_info *volt_opcode_get_info(uint8_t op) {
	return op < VOLT_OPCODE_COUNT ? &table[op] : NULL;
}

int volt_opcode_by_name(const char *name, size_t length) {
	for (int op = 0; op < VOLT_OPCODE_COUNT; op++)
		if (strlen(table[op].name) == length && memcmp(table[op].name, name, length) == 0)
			return op;
	return -1;
}

/*
 * Where a field lies in the instruction as a little-endian 64-bit word. Fields that take bits from the flags
 * as well as from `a` or `b` have two parts, the low one first.
 */
typedef struct {
	uint8_t low_shift, low_bits;
	uint8_t high_shift, high_bits;
	bool is_signed;
} field_layout;

enum { FLAGS_SHIFT = 8, A_SHIFT = 16, B_SHIFT = 32, C_SHIFT = 48 };

static const field_layout layouts[] = {
    [VOLT_FIELD_NONE] = {0},
    [VOLT_FIELD_FLAGS] = {FLAGS_SHIFT, 8, 0, 0, false},
    [VOLT_FIELD_A] = {A_SHIFT, 16, 0, 0, false},
    [VOLT_FIELD_B] = {B_SHIFT, 16, 0, 0, false},
    [VOLT_FIELD_C] = {C_SHIFT, 16, 0, 0, false},
    [VOLT_FIELD_IMM] = {B_SHIFT, 32, 0, 0, true},
    [VOLT_FIELD_C_SIGNED] = {C_SHIFT, 16, 0, 0, true},
    [VOLT_FIELD_C_HIGH] = {C_SHIFT + 8, 8, 0, 0, false},
    [VOLT_FIELD_C_LOW] = {C_SHIFT, 8, 0, 0, false},
    [VOLT_FIELD_A_WITH_FLAGS] = {A_SHIFT, 16, FLAGS_SHIFT, 8, false},
    [VOLT_FIELD_B_WITH_FLAGS] = {B_SHIFT, 16, FLAGS_SHIFT, 8, false},
    [VOLT_FIELD_A_WITH_FLAGS_ABOVE_BIT_0] = {A_SHIFT, 16, FLAGS_SHIFT + 1, 7, false},
    [VOLT_FIELD_FLAGS_BIT_0] = {FLAGS_SHIFT, 1, 0, 0, false},
    [VOLT_FIELD_FLAGS_BIT_2] = {FLAGS_SHIFT + 2, 1, 0, 0, false},
    [VOLT_FIELD_FLAGS_ABOVE_BIT_0] = {FLAGS_SHIFT + 1, 7, 0, 0, false},
    [VOLT_FIELD_FLAGS_LOW_2] = {FLAGS_SHIFT, 2, 0, 0, false},
    [VOLT_FIELD_FLAGS_HIGH_5] = {FLAGS_SHIFT + 3, 5, 0, 0, false},
    [VOLT_FIELD_FLAGS_LOW_4] = {FLAGS_SHIFT, 4, 0, 0, false},
    [VOLT_FIELD_FLAGS_HIGH_4] = {FLAGS_SHIFT + 4, 4, 0, 0, false},
};

static uint64_t to_word(volt_instruction instruction) {
	return instruction.op | (uint64_t)instruction.flags << FLAGS_SHIFT | (uint64_t)instruction.a << A_SHIFT |
	       (uint64_t)instruction.b << B_SHIFT | (uint64_t)instruction.c << C_SHIFT;
}

static volt_instruction from_word(uint64_t word) {
	return (volt_instruction){(uint8_t)word, (uint8_t)(word >> FLAGS_SHIFT), (uint16_t)(word >> A_SHIFT),
	                          (uint16_t)(word >> B_SHIFT), (uint16_t)(word >> C_SHIFT)};
}

static uint64_t ones(unsigned bits) {
	return (UINT64_C(1) << bits) - 1;
}

uint64_t volt_field_mask(volt_field field) {
	const field_layout *layout = &layouts[field];
	return ones(layout->low_bits) << layout->low_shift | ones(layout->high_bits) << layout->high_shift;
}

int64_t volt_instruction_get(volt_instruction instruction, volt_field field) {
	const field_layout *layout = &layouts[field];
	uint64_t word = to_word(instruction);
	uint64_t value = word >> layout->low_shift & ones(layout->low_bits);
	value |= (word >> layout->high_shift & ones(layout->high_bits)) << layout->low_bits;
	if (layout->is_signed && value >> (layout->low_bits - 1) & 1)
		return (int64_t)value - (int64_t)(UINT64_C(1) << layout->low_bits);
	return (int64_t)value;
}

bool volt_instruction_set(volt_instruction *instruction, volt_field field, int64_t value) {
	const field_layout *layout = &layouts[field];
	unsigned bits = (unsigned)layout->low_bits + layout->high_bits;
	int64_t limit = bits ? INT64_C(1) << bits : 0;
	int64_t minimum = layout->is_signed ? -limit / 2 : 0;
	int64_t end = layout->is_signed ? limit / 2 : limit;
	if (value < minimum || value >= end)
		return false;
	uint64_t number = (uint64_t)value;
	uint64_t word = to_word(*instruction) & ~volt_field_mask(field);
	word |= (number & ones(layout->low_bits)) << layout->low_shift;
	word |= (number >> layout->low_bits & ones(layout->high_bits)) << layout->high_shift;
	*instruction = from_word(word);
	return true;
}
