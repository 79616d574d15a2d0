/* Lowers one function: slots, prologue, and then instruction by instruction. */
#include "lower/function.h"

#include "analysis/reachability.h"
#include "analysis/resume.h"
#include "analysis/stack_check.h"
#include "calls/checks.h"
#include "calls/forms.h"
#include "calls/frame_state.h"
#include "calls/module_calls.h"
#include "calls/native_stack.h"
#include "calls/split_prologue.h"
#include "calls/tail_calls.h"
#include "guard/memory.h"
#include "ir/source_lines.h"
#include "lower/loop_versions.h"
#include "lower/map_work.h"
#include "lower/opcodes.h"
#include "lower/plain_slots.h"
#include "lower/unshared.h"

/* ---- Slots ---- */

static void make_variables(function_lowering *lowering, uint32_t first, uint32_t end) {
	for (uint32_t slot = first; slot < end; slot++)
		lowering->v_slots[slot] = LLVMBuildAlloca(lowering->builder, lowering->module->types.i64, "v_slot");
}

/*
 * Slots below `memory_slots` are variables of their own; the rest of the frame is one array, and of a large
 * function all slots are.
 */
static void make_slots(function_lowering *lowering) {
	if (lowering->module->options.plain) {
		plain_slots_start(lowering);
		return;
	}
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i64 = lowering->module->types.i64;
	uint32_t all = all_slots(lowering), first = lowering->shape->memory_slots;
	uint32_t end = lowering->shape->large ? all : lowering->function->local_slots;
	lowering->v_slots = memory_new(all + 1, sizeof(LLVMValueRef));
	make_variables(lowering, 0, first);
	if (first < end) {
		LLVMValueRef v_array = LLVMBuildAlloca(builder, LLVMArrayType2(i64, end - first), "v_slots");
		for (uint32_t slot = first; slot < end; slot++)
			lowering->v_slots[slot] = slot_address(lowering, v_array, constant_i64(lowering, slot - first));
	}
	make_variables(lowering, end, all);
}

static uint32_t maximum(uint32_t left, uint32_t right) {
	return left > right ? left : right;
}

/* Words of scratch memory that one instruction needs for arguments and results. */
static uint32_t scratch_need(const module_lowering *module, volt_instruction instruction) {
	switch (instruction.op) {
	case VOLT_OP_CallExtern:
		return instruction.flags + maximum(module->bytecode->natives.items[instruction.b].result_slots, 1);
	case VOLT_OP_IfaceAssign: return 4;
	case VOLT_OP_MapIterInit: return 7;
	case VOLT_OP_MapIterNext: return 7 + (instruction.flags & 15u) + (instruction.flags >> 4);
	case VOLT_OP_Recover: return 2;
	case VOLT_OP_DeferPush: return 1u + instruction.c;
	case VOLT_OP_GoStart: return module->options.typed_helpers ? maximum(instruction.c, 1) : 0;
	case VOLT_OP_ChanSend: return maximum(instruction.flags, 1);
	case VOLT_OP_ChanRecv: return maximum((instruction.flags >> 1) + (instruction.flags & 1), 1);
	case VOLT_OP_CallClosure:
	case VOLT_OP_CallIface: return maximum(1 + (instruction.c >> 8), instruction.c & 0xff);
	case VOLT_OP_Call: {
		uint32_t callee = (uint32_t)volt_instruction_get(instruction, VOLT_FIELD_A_WITH_FLAGS);
		return inner_convention(module, callee)->operations->scratch_words(module, callee);
	}
	default: return 0;
	}
}

static void make_scratch(function_lowering *lowering) {
	uint32_t need = 0;
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++)
		need = maximum(need, scratch_need(lowering->module, lowering->function->code.items[pc]));
	if (need > 0)
		lowering->v_scratch = LLVMBuildAlloca(lowering->builder,
		                                      LLVMArrayType2(lowering->module->types.i64, need), "v_scratch");
}

/* LLVM drops the array where no instruction uses it. */
static void make_image(function_lowering *lowering) {
	LLVMTypeRef type = LLVMArrayType2(lowering->module->types.i64, all_slots(lowering));
	lowering->v_image = LLVMBuildAlloca(lowering->builder, type, "v_image");
}

/* A slot that was never written holds 0, never what an earlier call left there; no deferred call is pending.
 */
static void clear_locals(function_lowering *lowering) {
	if (lowering->module->options.plain) {
		plain_slots_clear(lowering);
		return;
	}
	for (uint32_t slot = lowering->shape->parameters; slot < all_slots(lowering); slot++)
		write_slot(lowering, slot, constant_i64(lowering, 0));
}

/* ---- Blocks ---- */

static void start_block_at(function_lowering *lowering, int64_t pc) {
	if (pc < lowering->function->code.count && !lowering->b_at[pc])
		lowering->b_at[pc] = new_block_at(lowering, (uint32_t)pc, "");
}

/* The first block is the one at `start`: where code generation places blocks depends on their order. */
static void make_blocks(function_lowering *lowering, uint32_t start) {
	uint32_t count = lowering->function->code.count;
	lowering->b_at = memory_new(count + 1, sizeof(LLVMBasicBlockRef));
	if (lowering->shape->large)
		lowering->b_again = memory_new(count + 1, sizeof(LLVMBasicBlockRef));
	start_block_at(lowering, start);
	for (uint32_t pc = 0; pc < count; pc++) {
		if (!lowering->lowered[pc] || rest_starts_at(lowering, pc))
			continue;
		volt_instruction instruction = lowering->function->code.items[pc];
		unsigned effects = volt_opcode_get_info(instruction.op)->effects;
		if (effects & VOLT_EFFECT_JUMPS)
			start_block_at(lowering, volt_jump_target(instruction, pc));
		if (effects & VOLT_EFFECT_JUMPS && !(effects & VOLT_EFFECT_ENDS))
			start_block_at(lowering, pc + 1);
	}
}

static bool block_is_open(function_lowering *lowering) {
	return !LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(lowering->builder));
}

/*
 * A call that only the host can make ends its block; what follows it up to the next jump target is code that
 * is never reached, and needs a block of its own to stand in.
 */
static void enter_block(function_lowering *lowering, uint32_t pc) {
	LLVMBasicBlockRef b_next = lowering->b_at[pc];
	bool open = block_is_open(lowering);
	if (!b_next && open)
		return;
	plain_slots_enter_block(lowering);
	forget_map_place(lowering);
	if (!b_next)
		b_next = new_block(lowering, BLOCK_UNREACHED);
	else if (open)
		LLVMBuildBr(lowering->builder, b_next);
	LLVMPositionBuilderAtEnd(lowering->builder, b_next);
}

static void lower_at(function_lowering *lowering, uint32_t pc) {
	source_lines_at(lowering, pc);
	enter_block(lowering, pc);
	lowering->b_main = LLVMGetInsertBlock(lowering->builder);
	lowering->pc = pc;
	lowering->instruction = lowering->function->code.items[pc];
	if (pc == lowering->stack_check_pc)
		native_stack_check(lowering, pc);
	if (enter_instruction_of_round(lowering))
		return;
	if (rest_starts_at(lowering, pc))
		go_on_in_rest(lowering);
	else
		lower_opcode(lowering);
	if (may_change_maps(lowering->instruction))
		forget_map_place(lowering);
	leave_instruction_of_round(lowering);
}

static void lower_body(function_lowering *lowering) {
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++)
		if (lowering->lowered[pc])
			lower_at(lowering, pc);
	if (block_is_open(lowering))
		LLVMBuildUnreachable(lowering->builder);
	lower_second_versions(lowering, lower_at);
}

/* ---- The forms of a function ---- */

/* Flags by pc, which an analysis has found. */
static bool *take_flags(const volt_function *function, bool *flags) {
	return memory_take(flags, (function->code.count + (size_t)1) * sizeof *flags);
}

static void dispose_deferred(void *calls) {
	volt_deferred_calls_dispose(calls);
}

/* A frame that the fiber holds has its deferred calls pending there. */
static void find_deferred_calls(function_lowering *lowering) {
	if (!lowering->shape->defers || lowering->form == FORM_RESUME)
		return;
	lowering->deferred = memory_new_owner(sizeof *lowering->deferred, dispose_deferred);
	memory_needed(volt_deferred_calls_compute(lowering->module->bytecode, lowering->index, lowering->deferred)
	                  ? lowering->deferred
	                  : NULL);
}

/* Code generation then takes little time for it, too. */
static void skip_passes(module_lowering *module, const function_lowering *lowering) {
	if (!module->options.large_in_unit || lowering->shape->budget.effort == EFFORT_FULL)
		return;
	add_function_attribute(module, lowering->v_function, "noinline", 0);
	add_function_attribute(module, lowering->v_function, "optnone", 0);
}

static function_lowering start_form(module_lowering *module, uint32_t index, const form_plan *plan) {
	function_lowering lowering = {
	    .module = module,
	    .builder = module->builder,
	    .function = &module->bytecode->functions.items[index],
	    .index = index,
	    .shape = &module->shapes[index],
	    .form = plan->form,
	    .copy = plan->copy,
	    .convention = plan->convention,
	    .frame = plan->frame,
	    .v_function = plan->v_function,
	    .stack_check_pc = STACK_CHECK_NEVER,
	};
	lowering.lowered = take_flags(lowering.function, volt_reachable_instructions(lowering.function));
	find_deferred_calls(&lowering);
	skip_passes(module, &lowering);
	LLVMPositionBuilderAtEnd(module->builder, new_block(&lowering, BLOCK_ENTRY));
	make_slots(&lowering);
	make_scratch(&lowering);
	make_image(&lowering);
	unshared_start(&lowering);
	return lowering;
}

static void finish_function(function_lowering *lowering) {
	if (lowering->live)
		volt_liveness_dispose(lowering->live);
	memory_free(lowering->live);
	unshared_end(lowering);
	loop_versions_free(lowering);
	if (lowering->deferred)
		volt_deferred_calls_dispose(lowering->deferred);
	memory_free(lowering->deferred);
	memory_free(lowering->v_slots);
	plain_slots_end(lowering);
	memory_free(lowering->b_at);
	memory_free(lowering->b_again);
	memory_free(lowering->lowered);
}

/* Lowers the instructions of this form, which starts at `pc`. */
static void lower_from(function_lowering *lowering, uint32_t pc) {
	find_loop_versions(lowering);
	make_blocks(lowering, pc);
	LLVMBuildBr(lowering->builder, lowering->b_at[pc]);
	lower_body(lowering);
}

static void lower_rest(const function_lowering *inner) {
	uint32_t pc = inner->rest->pc;
	function_lowering lowering = start_form(inner->module, inner->index,
	                                        &(form_plan){
	                                            .form = FORM_REST,
	                                            .v_function = inner->rest->v_function,
	                                            .convention = inner->convention,
	                                            .frame = inner->frame,
	                                        });
	lowering.rest = inner->rest;
	enter_rest(&lowering);
	native_stack_check(&lowering, pc);
	memory_free(lowering.lowered);
	lowering.lowered =
	    take_flags(lowering.function, volt_reachable_from(lowering.function, pc, REACHABILITY_NO_BARRIER));
	lower_from(&lowering, pc);
	finish_function(&lowering);
}

static void lower_form(module_lowering *module, uint32_t index, const form_plan *plan) {
	function_lowering lowering = start_form(module, index, plan);
	clear_locals(&lowering);
	lowering.convention->operations->enter(&lowering);
	count_call(&lowering);
	if (plan->form == FORM_INNER || plan->form == FORM_INLINED)
		find_tail_call(&lowering);
	place_native_stack_check(&lowering);
	if (plan->form == FORM_INNER && !module->options.plain) /* one function is generated sooner than two */
		split_off_rest(&lowering);
	lower_from(&lowering, 0);
	if (lowering.rest)
		lower_rest(&lowering);
	rest_free(lowering.rest);
	finish_function(&lowering);
}

void lower_function(module_lowering *module, uint32_t index) {
	const exit_strategy *strategy = module->calls->strategy;
	form_plan plans[PLANNED_FORMS];
	uint32_t count = strategy->plan_forms(module, index, plans);
	for (uint32_t i = 0; i < count; i++)
		lower_form(module, index, &plans[i]);
	strategy->join_forms(module, index);
	const call_convention *convention = inner_convention(module, index);
	convention->operations->define_entry(module, convention, index);
}

/* A copy may ask for further copies. */
void lower_inlined_functions(module_lowering *module) {
	for (const inlined_copy *copy = module->calls->copies.first; copy; copy = copy->next)
		lower_form(module, copy->function,
		           &(form_plan){
		               .form = FORM_INLINED,
		               .v_function = copy->v_function,
		               .convention = inner_convention(module, copy->function),
		               .frame = module->calls->strategy->frame,
		               .copy = copy,
		           });
}

/* ---- Continuing a frame that the fiber holds ---- */

static void load_frame(function_lowering *lowering) {
	LLVMValueRef v_frame =
	    slot_address(lowering, read_context(lowering, VOLT_CONTEXT_stack), lowering->v_base);
	uint32_t count = lowering->function->local_slots;
	if (lowering->module->options.plain)
		plain_slots_load(lowering, v_frame);
	else if (lowering->shape->large)
		LLVMBuildMemCpy(lowering->builder, lowering->v_slots[0], sizeof(volt_slot), v_frame,
		                sizeof(volt_slot), constant_i64(lowering, count * sizeof(volt_slot)));
	else
		load_slots(lowering, 0, v_frame, count, MEMORY_UNNAMED);
}

/* The host resumes at resume points only; anywhere else the frame would go straight back to it. */
static void build_dispatch(function_lowering *lowering, const bool *points) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMBasicBlockRef b_nowhere = new_block(lowering, BLOCK_NO_RESUME_POINT);
	LLVMValueRef v_pc = read_context(lowering, VOLT_CONTEXT_exit_pc);
	LLVMValueRef v_switch = LLVMBuildSwitch(builder, v_pc, b_nowhere, 8);
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++)
		if (points[pc])
			LLVMAddCase(v_switch, constant_i64(lowering, pc), lowering->b_at[pc]);
	LLVMPositionBuilderAtEnd(builder, b_nowhere);
	LLVMBuildRet(builder, constant_i32(lowering, VOLT_STATUS_CALL));
}

void lower_resume_function(module_lowering *module, uint32_t index) {
	function_lowering lowering = start_form(module, index,
	                                        &(form_plan){
	                                            .form = FORM_RESUME,
	                                            .v_function = resume_function(module, index),
	                                            .convention = &host_convention,
	                                            .frame = module->calls->strategy->held_frame,
	                                        });
	share_held_exits(&lowering);
	lowering.v_context = LLVMGetParam(lowering.v_function, 0);
	lowering.v_results = LLVMGetParam(lowering.v_function, 2);
	lowering.v_base = read_context(&lowering, VOLT_CONTEXT_base);
	load_frame(&lowering);
	bool *points = take_flags(lowering.function, volt_resume_points(lowering.function, lowering.shape));
	find_loop_versions(&lowering);
	make_blocks(&lowering, 0);
	for (uint32_t pc = 0; pc < lowering.function->code.count; pc++)
		if (points[pc])
			start_block_at(&lowering, pc);
	build_dispatch(&lowering, points);
	memory_free(points);
	lower_body(&lowering);
	finish_function(&lowering);
}
