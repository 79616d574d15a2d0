/* Which call becomes a jump, and the jump. */
#include "calls/tail_calls.h"

#include "analysis/certain_results.h"
#include "calls/checks.h"
#include "calls/strategy.h"
#include "guard/memory.h"

/*
 * Frames that one activation skips at the most: about as many as the native stack has room for. Then it
 * exits, and the language's limit is looked at.
 */
enum { MOST_SKIPPED = 1 << 17 };

/* ---- Which call ---- */

static bool returns(volt_instruction instruction, uint32_t first, uint32_t count) {
	return instruction.op == VOLT_OP_Return && instruction.a == first && instruction.b == count &&
	       instruction.flags == 0;
}

/* Are the call's results, as they are or copied once, what the instructions behind it return? */
static bool returns_results_of(const volt_function *function, uint32_t pc) {
	const volt_instruction *code = function->code.items;
	uint32_t first = code[pc].b, count = code[pc].c & 0xff;
	if (pc + 1 < function->code.count && returns(code[pc + 1], first, count))
		return true;
	if (pc + 2 >= function->code.count || code[pc + 1].b != first)
		return false;
	bool copied = (code[pc + 1].op == VOLT_OP_Copy && count == 1) ||
	              (code[pc + 1].op == VOLT_OP_CopyN && count > 0 && code[pc + 1].c == count);
	return copied && returns(code[pc + 2], code[pc + 1].a, count);
}

static bool is_self_call(const function_lowering *lowering, uint32_t pc) {
	volt_instruction instruction = lowering->function->code.items[pc];
	return instruction.op == VOLT_OP_Call && lowering->lowered[pc] &&
	       volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS) == lowering->index &&
	       instruction.c >> 8 == lowering->shape->parameters &&
	       (instruction.c & 0xff) == lowering->shape->results;
}

/* A frame that may read a result which its callee has not given has a live slot. */
static bool gives_all_results(function_lowering *lowering) {
	live_slots_of(lowering);
	module_lowering *module = lowering->module;
	return volt_certain_results(module->bytecode, lowering->index, module->certain_results) >=
	       lowering->shape->results;
}

static bool may_skip_frames(const function_lowering *lowering) {
	const function_shape *shape = lowering->shape;
	return lowering->module->options.inlines && lowering->frame->knows_skipped_frames && !shape->large &&
	       !shape->returns_through_host && !lowering->function->has_defer && shape->heap_slots == 0;
}

/*
 * The call that becomes a jump, or the number of instructions. Where the function calls itself in other
 * places, too, it has a frame of the machine whatever becomes of one call: a loop would only take from its
 * short paths what they gain by having none (tak and ackermann ran half as many instructions more).
 */
static uint32_t only_self_call(const function_lowering *lowering) {
	uint32_t count = lowering->function->code.count, found = count;
	for (uint32_t pc = 0; pc < count; pc++) {
		if (!is_self_call(lowering, pc))
			continue;
		if (found < count || !returns_results_of(lowering->function, pc))
			return count;
		found = pc;
	}
	return found;
}

void find_tail_call(function_lowering *lowering) {
	if (!may_skip_frames(lowering))
		return;
	uint32_t pc = only_self_call(lowering);
	if (pc == lowering->function->code.count || !gives_all_results(lowering))
		return;
	lowering->tail_call_pc = pc;
	lowering->v_skipped = LLVMBuildAlloca(lowering->builder, lowering->module->types.i64, "v_skipped");
	LLVMBuildStore(lowering->builder, constant_i64(lowering, 0), lowering->v_skipped);
}

bool is_tail_jump(const function_lowering *lowering) {
	return lowering->v_skipped && lowering->pc == lowering->tail_call_pc;
}

bool calls_beside_tail_jump(const function_lowering *lowering) {
	const volt_function *function = lowering->function;
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (volt_opcode_get_info(function->code.items[pc].op)->effects & VOLT_EFFECT_CALLS &&
		    !(lowering->v_skipped && pc == lowering->tail_call_pc))
			return true;
	return false;
}

/* ---- The jump ---- */

/* All arguments are read before the first parameter is written. Other slots of a new frame are 0. */
static void enter_next_frame(function_lowering *lowering) {
	uint32_t count = lowering->shape->parameters, first = lowering->instruction.b;
	LLVMValueRef *v_arguments = memory_new(count + (size_t)1, sizeof *v_arguments);
	for (uint32_t slot = 0; slot < count; slot++)
		v_arguments[slot] = read_slot(lowering, first + slot);
	for (uint32_t slot = 0; slot < count; slot++)
		write_slot(lowering, slot, v_arguments[slot]);
	memory_free(v_arguments);
	for (uint32_t slot = count; slot < lowering->function->local_slots; slot++)
		write_slot(lowering, slot, constant_i64(lowering, 0));
}

static LLVMValueRef count_skipped(function_lowering *lowering) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_count =
	    LLVMBuildLoad2(builder, lowering->module->types.i64, lowering->v_skipped, "v_count");
	v_count = LLVMBuildAdd(builder, v_count, constant_i64(lowering, 1), "");
	LLVMBuildStore(builder, v_count, lowering->v_skipped);
	return v_count;
}

/* Steps were counted as those of a call, in front of it. */
void jump_to_start(function_lowering *lowering) {
	bool counts_steps = lowering->module->options.count_steps;
	step_check(lowering, lowering->pc);
	enter_next_frame(lowering);
	LLVMValueRef v_many = LLVMBuildICmp(lowering->builder, LLVMIntUGE, count_skipped(lowering),
	                                    constant_i64(lowering, MOST_SKIPPED), "v_many");
	exit_to_host_if(lowering, v_many, BLOCK_STACK_LOW, counts_steps ? VOLT_STATUS_CALL : VOLT_STATUS_YIELD,
	                0);
	if (!counts_steps)
		loop_check(lowering, 0);
	forced_exit_check(lowering, 0);
	LLVMBuildBr(lowering->builder, lowering->b_at[0]);
}
