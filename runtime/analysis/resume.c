/* Collects resume points in one pass over the reachable code. */
#include "analysis/resume.h"

#include <stdlib.h>

#include "analysis/reachability.h"

bool volt_executed_by_host(const function_shape *shape, volt_instruction instruction) {
	if (instruction.op == VOLT_OP_Return)
		return shape->returns_through_host || shape->defers;
	if (instruction.op == VOLT_OP_Recover)
		return false;
	return volt_opcode_get_info(instruction.op)->effects & VOLT_EFFECT_FRAME;
}

/* The host goes through a select without coming back in between. */
static bool returns_to_compiled_code(const function_shape *shape, volt_instruction instruction) {
	unsigned effects = volt_opcode_get_info(instruction.op)->effects;
	switch (instruction.op) {
	case VOLT_OP_SelectBegin:
	case VOLT_OP_SelectSend:
	case VOLT_OP_SelectRecv: return false;
	default:
		return volt_executed_by_host(shape, instruction) ||
		       effects & (VOLT_EFFECT_CALLS | VOLT_EFFECT_BLOCKS);
	}
}

static void mark(const volt_function *function, const function_shape *shape, bool *points, int64_t pc) {
	if (pc < function->code.count && !volt_executed_by_host(shape, function->code.items[pc]))
		points[pc] = true;
}

static void visit(const volt_function *function, const function_shape *shape, bool *points, uint32_t pc) {
	volt_instruction instruction = function->code.items[pc];
	unsigned effects = volt_opcode_get_info(instruction.op)->effects;
	if (effects & VOLT_EFFECT_REPEATS)
		mark(function, shape, points, pc);
	if (returns_to_compiled_code(shape, instruction) && !(effects & VOLT_EFFECT_ENDS))
		mark(function, shape, points, (int64_t)pc + 1);
	if (effects & VOLT_EFFECT_JUMPS && volt_jump_target(instruction, pc) <= pc)
		mark(function, shape, points, volt_jump_target(instruction, pc));
}

bool *volt_resume_points(const volt_function *function, const function_shape *shape) {
	bool *points = calloc(function->code.count + 1, sizeof(bool));
	bool *reachable = volt_reachable_instructions(function);
	if (!points || !reachable) {
		free(points);
		free(reachable);
		return NULL;
	}
	mark(function, shape, points, 0);
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (reachable[pc])
			visit(function, shape, points, pc);
	free(reachable);
	return points;
}
