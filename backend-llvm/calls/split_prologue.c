/*
 * The rest has the type of the inner form, as a tail call that is certain to be one needs. Its parameters
 * carry the slots that are live where it starts, each the slot that it carried anyway if that is one of them.
 * Constants that the first instructions have loaded are loaded again.
 */
#include "calls/split_prologue.h"

#include <stdlib.h>

#include "analysis/bit_set.h"
#include "analysis/reachability.h"
#include "analysis/stack_check.h"
#include "calls/convention.h"
#include "calls/forms.h"
#include "calls/preset.h"
#include "guard/memory.h"

enum { NO_SLOT = UINT32_MAX };

/* ---- Constants ---- */

/* The blocks from which control can get to one that starts at `rest`; the caller frees. */
static bool *blocks_leading_to(const control_flow *flow, uint32_t rest) {
	bool *leading = memory_new(flow->block_count + 1, sizeof *leading);
	uint32_t *pending = memory_new(flow->block_count + 1, sizeof *pending), count = 0;
	pending[count++] = flow->block_of[rest];
	while (count > 0) {
		const basic_block *block = &flow->blocks[pending[--count]];
		for (uint32_t i = 0; i < block->predecessor_count; i++) {
			uint32_t predecessor = flow->predecessors[block->first_predecessor + i];
			if (!leading[predecessor])
				pending[count++] = predecessor;
			leading[predecessor] = true;
		}
	}
	memory_free(pending);
	return leading;
}

/* Keeps of the instructions in front of the rest those that lead there. */
static bool *instructions_leading_to(function_lowering *lowering, const bool *before, uint32_t rest) {
	const control_flow *flow = &live_slots_of(lowering)->flow;
	uint32_t count = lowering->function->code.count;
	bool *leading = memory_new(count + (size_t)1, sizeof *leading);
	bool *blocks = blocks_leading_to(flow, rest);
	for (uint32_t pc = 0; pc < count; pc++)
		leading[pc] = before[pc] && pc != rest && blocks[flow->block_of[pc]];
	memory_free(blocks);
	return leading;
}

/*
 * The only instruction on the way to `rest` that writes the slot, if every way passes it and it loads a
 * constant. `leading` are the instructions on the way.
 */
static bool find_constant(function_lowering *lowering, const bool *leading, uint32_t rest, uint32_t slot,
                          uint32_t *found) {
	const slot_constants *constants = &live_slots_of(lowering)->constants;
	uint32_t writers = 0;
	for (uint32_t pc = 0; pc < lowering->function->code.count && writers < 2; pc++) {
		if (!leading[pc] || !volt_may_write_slot(constants, pc, slot))
			continue;
		*found = pc;
		writers++;
	}
	if (writers != 1 || lowering->function->code.items[*found].op != VOLT_OP_LoadInt)
		return false;
	bool *around = memory_needed(volt_reachable_from(lowering->function, 0, *found));
	bool certain = !around[rest];
	free(around);
	return certain;
}

/* ---- What the rest needs ---- */

static bool carry(function_lowering *lowering, function_rest *rest, uint32_t slot) {
	for (uint32_t i = 0; i < lowering->shape->parameters; i++)
		if (rest->slots[i] == NO_SLOT) {
			rest->slots[i] = slot;
			return true;
		}
	return false;
}

/* Finds a way for every live slot; false: there are too few parameters. */
static bool carry_live_slots(function_lowering *lowering, function_rest *rest, const bool *leading,
                             const uint64_t *live) {
	uint32_t parameters = lowering->shape->parameters;
	for (uint32_t i = 0; i < parameters; i++)
		rest->slots[i] = bit_set_has(live, i) ? i : NO_SLOT;
	for (uint32_t slot = parameters; slot < lowering->function->local_slots; slot++) {
		uint32_t pc;
		if (!bit_set_has(live, slot))
			continue;
		if (rest->constant_count < REST_CONSTANTS && find_constant(lowering, leading, rest->pc, slot, &pc))
			rest->constants[rest->constant_count++] = pc;
		else if (!carry(lowering, rest, slot))
			return false;
	}
	return true;
}

static bool live_slots_fit(function_lowering *lowering, function_rest *rest, const bool *before) {
	const liveness *live = live_slots_of(lowering);
	if (live->everything)
		return false;
	uint64_t *set = memory_new(live->words + 1, sizeof *set);
	volt_liveness_at(live, rest->pc, set);
	bool *leading = instructions_leading_to(lowering, before, rest->pc);
	bool fit = carry_live_slots(lowering, rest, leading, set);
	memory_free(leading);
	memory_free(set);
	return fit;
}

static bool returns(const volt_function *function, const bool *lowered) {
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (lowered[pc] && function->code.items[pc].op == VOLT_OP_Return)
			return true;
	return false;
}

/*
 * LLVM ends the process when a call that must be a tail call cannot be one. In registers, which is where the
 * x86-64 convention has six words and returns three, it always can.
 */
static bool passes_registers_only(const function_lowering *lowering) {
	enum { ARGUMENT_REGISTERS = 6, RESULT_REGISTERS = 3 };
	return LLVMCountParams(lowering->v_function) <= ARGUMENT_REGISTERS &&
	       lowering->shape->results + lowering->convention->returns_status <= RESULT_REGISTERS;
}

static bool is_wanted(prologue_kind prologue) {
	switch (prologue) {
	case PROLOGUE_SPLIT: return true;
	case PROLOGUE_WHOLE:
	case PROLOGUE_COUNT: break;
	}
	return false;
}

void split_off_rest(function_lowering *lowering) {
	uint32_t pc = lowering->stack_check_pc;
	if (!is_wanted(lowering->module->options.preset->prologue) || pc == STACK_CHECK_NEVER ||
	    lowering->v_skipped || !passes_registers_only(lowering))
		return;
	function_rest *rest = memory_new(1, sizeof *rest);
	*rest = (function_rest){.pc = pc, .slots = memory_new(lowering->shape->parameters + 1, sizeof(uint32_t))};
	bool *before = memory_take(volt_reachable_from(lowering->function, 0, pc),
	                           (lowering->function->code.count + (size_t)1) * sizeof *before);
	if (!returns(lowering->function, before) || !live_slots_fit(lowering, rest, before)) {
		memory_free(before);
		rest_free(rest);
		return;
	}
	memory_free(lowering->lowered);
	lowering->lowered = before;
	lowering->stack_check_pc = STACK_CHECK_NEVER;
	rest->v_function = rest_function(lowering->module, lowering->index);
	lowering->rest = rest;
}

void rest_free(function_rest *rest) {
	if (rest)
		memory_free(rest->slots);
	memory_free(rest);
}

/* ---- Going there ---- */

bool rest_starts_at(const function_lowering *lowering, uint32_t pc) {
	return lowering->rest && lowering->form == FORM_INNER && lowering->rest->pc == pc;
}

static LLVMValueRef *new_arguments(function_lowering *lowering, unsigned count) {
	LLVMValueRef *v_arguments = memory_new(count, sizeof *v_arguments);
	unsigned first = count - lowering->shape->parameters;
	for (unsigned i = 0; i < count; i++) {
		uint32_t slot = i < first ? NO_SLOT : lowering->rest->slots[i - first];
		if (i < first)
			v_arguments[i] = LLVMGetParam(lowering->v_function, i);
		else if (slot == NO_SLOT)
			v_arguments[i] = LLVMGetPoison(lowering->module->types.i64);
		else
			v_arguments[i] = read_slot(lowering, slot);
	}
	return v_arguments;
}

void go_on_in_rest(function_lowering *lowering) {
	LLVMValueRef v_rest = lowering->rest->v_function;
	unsigned count = LLVMCountParams(v_rest);
	LLVMValueRef *v_arguments = new_arguments(lowering, count);
	LLVMValueRef v_call =
	    LLVMBuildCall2(lowering->builder, LLVMGlobalGetValueType(v_rest), v_rest, v_arguments, count, "");
	memory_free(v_arguments);
	pin_context_of_call(lowering->module, v_call);
	LLVMSetTailCallKind(v_call, LLVMTailCallKindMustTail);
	LLVMBuildRet(lowering->builder, v_call);
}

void enter_rest(function_lowering *lowering) {
	const function_rest *rest = lowering->rest;
	unsigned first = LLVMCountParams(lowering->v_function) - lowering->shape->parameters;
	lowering->convention->operations->enter(lowering);
	for (uint32_t slot = 0; slot < lowering->function->local_slots; slot++)
		write_slot(lowering, slot, constant_i64(lowering, 0));
	for (uint32_t i = 0; i < lowering->shape->parameters; i++)
		if (rest->slots[i] != NO_SLOT)
			write_slot(lowering, rest->slots[i], LLVMGetParam(lowering->v_function, first + i));
	for (uint32_t i = 0; i < rest->constant_count; i++) {
		volt_instruction load = lowering->function->code.items[rest->constants[i]];
		uint64_t value = (uint64_t)(int64_t)volt_instruction_immediate(load);
		write_slot(lowering, load.a, constant_i64(lowering, value));
	}
}
