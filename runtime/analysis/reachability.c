/* A depth-first walk over the control flow graph, instruction by instruction. */
#include "analysis/reachability.h"

#include <stdlib.h>

typedef struct {
	bool *reached;
	uint32_t *pending;
	uint32_t pending_count;
	uint32_t code_count;
} walk;

static void visit(walk *state, int64_t pc) {
	if (pc >= state->code_count || state->reached[pc])
		return;
	state->reached[pc] = true;
	state->pending[state->pending_count++] = (uint32_t)pc;
}

bool *volt_reachable_from(const volt_function *function, uint32_t start, uint32_t barrier) {
	uint32_t count = function->code.count;
	walk state = {
	    .reached = calloc(count + 1, sizeof(bool)),
	    .pending = calloc(count + 1, sizeof(uint32_t)),
	    .code_count = count,
	};
	if (!state.reached || !state.pending) {
		free(state.reached);
		free(state.pending);
		return NULL;
	}
	visit(&state, start);
	while (state.pending_count > 0) {
		uint32_t pc = state.pending[--state.pending_count];
		if (pc == barrier)
			continue;
		volt_instruction instruction = function->code.items[pc];
		const volt_opcode_info *info = volt_opcode_get_info(instruction.op);
		if (info->effects & VOLT_EFFECT_JUMPS)
			visit(&state, volt_jump_target(instruction, pc));
		if (!(info->effects & VOLT_EFFECT_ENDS))
			visit(&state, (int64_t)pc + 1);
	}
	free(state.pending);
	return state.reached;
}

bool *volt_reachable_instructions(const volt_function *function) {
	return volt_reachable_from(function, 0, REACHABILITY_NO_BARRIER);
}
