/* Collects resume points in one pass over the reachable code. */
#include "analysis/resume.h"

#include <stdlib.h>

#include "analysis/reachability.h"

/*
 * Instructions that look at the fiber's frames: a deferred call belongs to a frame, recover asks which frame
 * it is in, and a select names slots of the fiber's stack until it has chosen.
 */
bool volt_executed_by_host(const function_shape *shape, volt_instruction instruction) {
	switch (instruction.op) {
	case VOLT_OP_DeferPush:
	case VOLT_OP_ErrDeferPush:
	case VOLT_OP_Recover:
	case VOLT_OP_SelectBegin:
	case VOLT_OP_SelectSend:
	case VOLT_OP_SelectRecv:
	case VOLT_OP_SelectExec: return true;
	case VOLT_OP_Return: return shape->returns_through_host;
	default: return false;
	}
}

/* An instruction that is executed again when its wait is over. */
static bool waits_in_place(uint8_t opcode) {
	return opcode == VOLT_OP_ChanRecv || opcode == VOLT_OP_PortRecv || opcode == VOLT_OP_CallExtern;
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
	if (waits_in_place(instruction.op))
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
