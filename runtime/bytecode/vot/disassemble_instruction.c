/* One instruction in the text form, driven by the opcode table. */
#include <inttypes.h>
#include <stdlib.h>

#include "bytecode/model/operands.h"
#include "bytecode/vot/disassemble.h"
#include "bytecode/vot/required.h"
#include "bytecode/vot/text.h"
#include "volt/vot.h"

typedef struct {
	const disassembler *to;
	const volt_function *function;
	uint32_t pc;
	volt_instruction instruction;
} context;

static bool is_first_constant(const disassembler *to, uint32_t index) {
	const volt_constant *constants = to->module->constants.items;
	if (to->has_tables)
		return constants_find(&to->constants, &constants[index])->value == index;
	for (uint32_t i = 0; i < index; i++)
		if (constants[i].tag == constants[index].tag && constants[i].bits == constants[index].bits &&
		    text_equal(constants[i].text, constants[index].text))
			return false;
	return true;
}

/* IfaceAssign from a concrete value: `iface(type)` or `iface(type, itab)`. */
static void write_interface_constant(FILE *out, uint64_t bits) {
	uint32_t rttid = (uint32_t)(bits >> 32), itab = (uint32_t)bits;
	bool basic = (rttid > VOLT_KIND_VOID && rttid <= VOLT_KIND_FLOAT64) || rttid == VOLT_KIND_STRING;
	if (basic)
		fprintf(out, "iface(%s", volt_kind_name(rttid));
	else
		fprintf(out, "iface(%u", rttid);
	if (itab)
		fprintf(out, ", %u", itab);
	putc(')', out);
}

/* In place when the assembler will find the same index by content, else by index. */
static void write_constant(const context *at, uint32_t index) {
	const disassembler *to = at->to;
	if (index >= to->module->constants.count || !is_first_constant(to, index)) {
		fprintf(to->out, "c%u", index);
		return;
	}
	const volt_constant *constant = &to->module->constants.items[index];
	bool concrete = at->instruction.op == VOLT_OP_IfaceAssign && at->instruction.flags != VOLT_KIND_INTERFACE;
	if (concrete && constant->tag == VOLT_CONSTANT_INT)
		write_interface_constant(to->out, constant->bits);
	else
		disassemble_constant(to->out, constant);
}

static bool is_unique_native(const disassembler *to, uint32_t index) {
	volt_text name = to->module->natives.items[index].name;
	if (to->has_tables)
		return names_find(&to->natives, name)->uses == 1;
	for (uint32_t i = 0; i < to->module->natives.count; i++)
		if (i != index && text_equal(to->module->natives.items[i].name, name))
			return false;
	return true;
}

static void write_native(const disassembler *to, uint32_t index) {
	if (index >= to->module->natives.count || !is_unique_native(to, index)) {
		fprintf(to->out, "n%u", index);
		return;
	}
	putc('@', to->out);
	disassemble_name(to->out, to->module->natives.items[index].name);
}

static void write_jump(const context *at, const volt_operand *operand) {
	int64_t target = volt_jump_target(at->instruction, at->pc);
	if (target >= 0 && target < at->function->code.count)
		fprintf(at->to->out, "L%" PRId64, target);
	else
		fprintf(at->to->out, "%+" PRId64, volt_instruction_get(at->instruction, operand->field));
}

static void write_number(const context *at, int64_t value) {
	if (at->instruction.op == VOLT_OP_IfaceAssign && value < VOLT_KIND_COUNT)
		fputs(volt_kind_name((unsigned)value), at->to->out);
	else
		fprintf(at->to->out, "%" PRId64, value);
}

static void write_operand(const context *at, const volt_operand *operand) {
	FILE *out = at->to->out;
	int64_t value = volt_instruction_get(at->instruction, operand->field);
	switch (operand->role) {
	case VOLT_OPERAND_WRITE:
	case VOLT_OPERAND_READ:
	case VOLT_OPERAND_UPDATE: fprintf(out, "r%" PRId64, value); break;
	case VOLT_OPERAND_JUMP: write_jump(at, operand); break;
	case VOLT_OPERAND_CONSTANT: write_constant(at, (uint32_t)value); break;
	case VOLT_OPERAND_GLOBAL_READ:
	case VOLT_OPERAND_GLOBAL_WRITE: fprintf(out, "g%" PRId64, value); break;
	case VOLT_OPERAND_FUNCTION: disassemble_function_reference(at->to, (uint32_t)value); break;
	case VOLT_OPERAND_CALLEE:
		if (callee_is_closure(at->instruction))
			fprintf(out, "r%u", at->instruction.a);
		else
			disassemble_function_reference(at->to, (uint32_t)value);
		break;
	case VOLT_OPERAND_NATIVE: write_native(at->to, (uint32_t)value); break;
	case VOLT_OPERAND_NUMBER: write_number(at, value); break;
	case VOLT_OPERAND_NAMED: fprintf(out, "%s=%" PRId64, operand->name, value); break;
	case VOLT_OPERAND_NONE:
	case VOLT_OPERAND_IMPLICIT_READ: break;
	}
}

/*
 * Not written: what has no field, a field that an operand before wrote (Call reads and writes one), and named
 * zeros that need not be.
 */
static bool is_written(const context *at, const volt_operand *operands, const volt_operand *operand) {
	if (operand->role == VOLT_OPERAND_IMPLICIT_READ)
		return false;
	if (operand->role == VOLT_OPERAND_NAMED)
		return volt_instruction_get(at->instruction, operand->field) != 0 ||
		       required_operand(at->to->module, at->instruction, operand);
	for (const volt_operand *before = operands; before < operand; before++)
		if (before->field == operand->field && before->role != VOLT_OPERAND_NAMED)
			return false;
	return true;
}

/* Bits outside of the fields that the opcode uses: `!flags=2`. */
static void write_unused_bits(const context *at) {
	static const struct {
		volt_field field;
		const char *name;
	} parts[] = {{VOLT_FIELD_FLAGS, "flags"}, {VOLT_FIELD_A, "a"}, {VOLT_FIELD_B, "b"}, {VOLT_FIELD_C, "c"}};
	uint64_t used = operands_used_bits(at->instruction);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		uint64_t mask = volt_field_mask(parts[i].field);
		uint64_t bits = (uint64_t)volt_instruction_get(at->instruction, parts[i].field);
		bits &= ~((used & mask) >> __builtin_ctzll(mask));
		if (bits)
			fprintf(at->to->out, " !%s=%" PRIu64, parts[i].name, bits);
	}
}

void disassemble_instruction(const disassembler *to, const volt_function *function, uint32_t pc) {
	context at = {to, function, pc, function->code.items[pc]};
	const volt_opcode_info *info = volt_opcode_get_info(at.instruction.op);
	if (!info) {
		fprintf(to->out, "raw %u, %u, %u, %u, %u", at.instruction.op, at.instruction.flags, at.instruction.a,
		        at.instruction.b, at.instruction.c);
		return;
	}
	fputs(info->name, to->out);
	const char *separator = " ";
	for (const volt_operand *operand = info->operands; operand->role != VOLT_OPERAND_NONE; operand++) {
		if (!is_written(&at, info->operands, operand))
			continue;
		fputs(operand->role == VOLT_OPERAND_NAMED ? " " : separator, to->out);
		write_operand(&at, operand);
		separator = ", ";
	}
	write_unused_bits(&at);
}

size_t volt_instruction_format(const volt_module *module, const volt_function *function, uint32_t pc,
                               char *buffer, size_t size) {
	char *text = NULL;
	size_t length = 0;
	disassembler to = {.out = open_memstream(&text, &length), .module = module};
	if (size)
		buffer[0] = '\0';
	if (!to.out)
		return 0;
	disassemble_instruction(&to, function, pc);
	if (fclose(to.out) != 0)
		length = 0;
	else if (size)
		snprintf(buffer, size, "%s", text);
	free(text);
	return length;
}
