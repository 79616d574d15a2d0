/*
 * A capture thunk is a function of the unit that puts its arguments into an array and calls the host, so that
 * an exit is no more than one call with values that stand in registers. It returns the status it was given:
 * with no hints at all, an exit then needs no register that survives a call.
 */
#include "calls/frame_state.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "analysis/bit_set.h"
#include "calls/convention.h"
#include "calls/hints.h"
#include "calls/module_calls.h"
#include "guard/memory.h"
#include "ir/helper_declarations.h"

/* The parameters in front of the values. */
enum { CONTEXT, SITE, STATUS, FIRST_VALUE };

/* Thunks by number of values; behind them the one that gets the address of an image of the frame. */
enum { BY_SLOT = CAPTURE_THUNKS - 1 };

/* In front of the slots, and for each deferred call behind them. */
enum { SITE_WORDS = 4, DEFERRED_WORDS = 2 };

/* The bytes of the third word. */
enum { RETURNS_SHIFT = 8, CALLS_SHIFT = 16, VALUES_SHIFT = 24 };

_Static_assert(offsetof(volt_exit_site, slots) == SITE_WORDS * sizeof(uint32_t),
               "a site is an array of 32-bit numbers");

/* ---- Thunks ---- */

static LLVMTypeRef thunk_type(const module_lowering *module, uint32_t kind) {
	const basic_types *types = &module->types;
	LLVMTypeRef parameters[FIRST_VALUE + CAPTURED_ARGUMENTS] = {types->pointer, types->pointer, types->i64};
	uint32_t values = kind == BY_SLOT ? 1 : kind;
	for (uint32_t i = 0; i < values; i++)
		parameters[FIRST_VALUE + i] = kind == BY_SLOT ? types->pointer : types->i64;
	return LLVMFunctionType(types->i64, parameters, FIRST_VALUE + values, false);
}

static LLVMValueRef store_values(module_lowering *module, LLVMValueRef v_thunk, uint32_t count) {
	LLVMBuilderRef builder = module->builder;
	LLVMValueRef v_values = LLVMBuildAlloca(builder, LLVMArrayType2(module->types.i64, count), "v_values");
	for (uint32_t i = 0; i < count; i++) {
		LLVMValueRef v_index = LLVMConstInt(module->types.i64, i, false);
		LLVMValueRef v_to = LLVMBuildGEP2(builder, module->types.i64, v_values, &v_index, 1, "");
		LLVMBuildStore(builder, LLVMGetParam(v_thunk, FIRST_VALUE + i), v_to);
	}
	return v_values;
}

static void define_thunk(module_lowering *module, LLVMValueRef v_thunk, uint32_t kind) {
	const helper_declaration *helper = declare_helper(module, VOLT_HELPER_capture_frame);
	LLVMBasicBlockRef b_caller = LLVMGetInsertBlock(module->builder);
	LLVMPositionBuilderAtEnd(module->builder, new_block_in(module, v_thunk, BLOCK_ENTRY));
	LLVMValueRef v_arguments[] = {
	    LLVMGetParam(v_thunk, CONTEXT),
	    LLVMGetParam(v_thunk, SITE),
	    kind == BY_SLOT ? LLVMGetParam(v_thunk, FIRST_VALUE) : store_values(module, v_thunk, kind),
	};
	LLVMBuildCall2(module->builder, helper->type, helper->v_function, v_arguments, 3, "");
	LLVMBuildRet(module->builder, LLVMGetParam(v_thunk, STATUS));
	LLVMPositionBuilderAtEnd(module->builder, b_caller);
}

static LLVMValueRef capture_thunk(module_lowering *module, uint32_t kind) {
	LLVMValueRef v_made = module->calls->v_capture_thunks[kind];
	if (v_made)
		return v_made;
	char symbol[SYMBOL_SIZE];
	snprintf(symbol, sizeof symbol, "volt_thunk_capture_%u", kind);
	LLVMValueRef v_thunk = LLVMAddFunction(module->module, symbol, thunk_type(module, kind));
	LLVMSetLinkage(v_thunk, LLVMInternalLinkage);
	hint_cold_function(module, v_thunk);
	add_function_attribute(module, v_thunk, "noinline", 0);
	add_function_attribute(module, v_thunk, "nounwind", 0);
	define_thunk(module, v_thunk, kind);
	return module->calls->v_capture_thunks[kind] = v_thunk;
}

/* ---- Sites ---- */

static uint32_t members(const uint64_t *set, uint32_t slots) {
	uint32_t count = 0;
	for (uint32_t slot = 0; slot < slots; slot++)
		count += bit_set_has(set, slot);
	return count;
}

typedef struct {
	LLVMValueRef *v_words;
	uint32_t count;
} site_words;

static void add_word(function_lowering *lowering, site_words *words, uint32_t value) {
	words->v_words[words->count++] = constant_i32(lowering, value);
}

static bool captures_list(const function_lowering *lowering, const uint64_t *set) {
	return lowering->deferred && lowering->deferred->in_list &&
	       bit_set_has(set, lowering->deferred->calls[0].first_slot);
}

static uint32_t captured_calls(const function_lowering *lowering, const uint64_t *set) {
	uint32_t count = 0;
	if (captures_list(lowering, set))
		return 1;
	for (uint32_t i = 0; lowering->deferred && i < lowering->deferred->count; i++)
		count += bit_set_has(set, lowering->deferred->calls[i].first_slot);
	return count;
}

static void add_calls(function_lowering *lowering, site_words *words, const uint64_t *set) {
	if (captures_list(lowering, set)) {
		add_word(lowering, words, VOLT_DEFERRED_LIST);
		add_word(lowering, words, members(set, lowering->deferred->calls[0].first_slot));
		return;
	}
	for (uint32_t i = 0; lowering->deferred && i < lowering->deferred->count; i++) {
		const deferred_call *call = &lowering->deferred->calls[i];
		if (!bit_set_has(set, call->first_slot))
			continue;
		add_word(lowering, words, call->pc);
		add_word(lowering, words, members(set, call->first_slot));
	}
}

/* The words of a volt_exit_site. */
static void describe_site(function_lowering *lowering, const captured_state *state, bool by_slot,
                          site_words *words) {
	const uint64_t *set = state->slots;
	add_word(lowering, words, lowering->index);
	add_word(lowering, words, state->pc);
	const uint32_t own = members(set, lowering->function->local_slots);
	const uint32_t deferred = members(set, all_slots(lowering)) - own;
	add_word(lowering, words,
	         by_slot | (uint32_t)state->returns << RETURNS_SHIFT |
	             captured_calls(lowering, set) << CALLS_SHIFT | deferred << VALUES_SHIFT);
	add_word(lowering, words, own);
	for (uint32_t slot = 0; slot < all_slots(lowering); slot++)
		if (bit_set_has(set, slot))
			add_word(lowering, words, slot);
	add_calls(lowering, words, set);
}

static LLVMValueRef exit_site(function_lowering *lowering, const captured_state *state, uint32_t count,
                              bool by_slot) {
	module_lowering *module = lowering->module;
	uint32_t room = SITE_WORDS + count + DEFERRED_WORDS * captured_calls(lowering, state->slots);
	site_words words = {.v_words = memory_new(room, sizeof(LLVMValueRef))};
	describe_site(lowering, state, by_slot, &words);
	LLVMValueRef v_site =
	    LLVMAddGlobal(module->module, LLVMArrayType2(module->types.i32, words.count), "volt_exit_site");
	LLVMSetInitializer(v_site, LLVMConstArray2(module->types.i32, words.v_words, words.count));
	LLVMSetLinkage(v_site, LLVMPrivateLinkage);
	LLVMSetGlobalConstant(v_site, true);
	LLVMSetUnnamedAddress(v_site, LLVMGlobalUnnamedAddr);
	memory_free(words.v_words);
	return v_site;
}

/* ---- Capturing ---- */

static uint32_t read_members(function_lowering *lowering, const uint64_t *set, LLVMValueRef *v_values) {
	uint32_t count = 0;
	for (uint32_t slot = 0; slot < all_slots(lowering); slot++)
		if (bit_set_has(set, slot))
			v_values[count++] = read_slot(lowering, slot);
	return count;
}

/* An array of the frame: in plain code most slots stand there anyway, and all of a large function do. */
static LLVMValueRef frame_array(function_lowering *lowering) {
	if (lowering->shape->large)
		return slot_pointer(lowering, 0);
	return lowering->module->options.plain ? lowering->v_frame : lowering->v_image;
}

/* Afterwards the slots of the set stand there. */
static LLVMValueRef fill_frame_array(function_lowering *lowering, const uint64_t *set) {
	const bool is_plain = lowering->module->options.plain;
	if (lowering->shape->large)
		return frame_array(lowering);
	for (uint32_t slot = 0; slot < all_slots(lowering); slot++)
		if (bit_set_has(set, slot) && (lowering->v_slots[slot] || !is_plain))
			LLVMBuildStore(lowering->builder, read_slot(lowering, slot),
			               slot_address(lowering, frame_array(lowering), constant_i64(lowering, slot)));
	return frame_array(lowering);
}

/*
 * The caller of a copy tests the status that it gives: told that it is one of an exit, LLVM drops the test
 * and with it a way from the exit back to the path without one.
 */
static void assume_exits(function_lowering *lowering, LLVMValueRef v_status) {
	module_lowering *module = lowering->module;
	if (lowering->form != FORM_INLINED)
		return;
	unsigned id = LLVMLookupIntrinsicID("llvm.assume", strlen("llvm.assume"));
	LLVMValueRef v_assume = LLVMGetIntrinsicDeclaration(module->module, id, NULL, 0);
	LLVMTypeRef type = LLVMIntrinsicGetType(module->context, id, NULL, 0);
	LLVMValueRef v_exits = LLVMBuildIsNotNull(lowering->builder, v_status, "v_exits");
	LLVMBuildCall2(lowering->builder, type, v_assume, &v_exits, 1, "");
}

/* Without a thunk, which is one more function to generate. */
static LLVMValueRef capture_plainly(function_lowering *lowering, const captured_state *state, uint32_t count,
                                    LLVMValueRef v_status) {
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    exit_site(lowering, state, count, true),
	    fill_frame_array(lowering, state->slots),
	};
	call_helper(lowering, VOLT_HELPER_capture_frame, v_arguments, 3);
	return v_status;
}

LLVMValueRef capture_frame(function_lowering *lowering, const captured_state *state, LLVMValueRef v_status) {
	module_lowering *module = lowering->module;
	uint32_t count = members(state->slots, all_slots(lowering));
	if (module->options.plain)
		return capture_plainly(lowering, state, count, v_status);
	bool by_slot = count > CAPTURED_ARGUMENTS;
	uint32_t kind = by_slot ? BY_SLOT : count;
	LLVMValueRef v_arguments[FIRST_VALUE + CAPTURED_ARGUMENTS] = {
	    [CONTEXT] = lowering->v_context,
	    [SITE] = exit_site(lowering, state, count, by_slot),
	    [STATUS] = LLVMBuildIntCast2(lowering->builder, v_status, module->types.i64, false, ""),
	};
	if (by_slot)
		v_arguments[FIRST_VALUE] = fill_frame_array(lowering, state->slots);
	else
		read_members(lowering, state->slots, &v_arguments[FIRST_VALUE]);
	LLVMValueRef v_thunk = capture_thunk(module, kind);
	LLVMValueRef v_given = LLVMBuildCall2(lowering->builder, thunk_type(module, kind), v_thunk, v_arguments,
	                                      FIRST_VALUE + (by_slot ? 1 : count), "");
	LLVMSetInstructionCallConv(v_given, LLVMGetFunctionCallConv(v_thunk));
	assume_exits(lowering, v_given);
	return v_given;
}

void capture_skipped_frames(function_lowering *lowering) {
	if (!lowering->v_skipped)
		return;
	uint64_t *none = memory_new(live_slots_of(lowering)->words + 1, sizeof *none);
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    exit_site(lowering, &(captured_state){.pc = lowering->tail_call_pc + 1, .slots = none}, 0, false),
	    LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, lowering->v_skipped, "v_count"),
	};
	memory_free(none);
	call_cold_helper(lowering, VOLT_HELPER_capture_skipped, v_arguments, 3);
}

/* ---- Frames that the fiber holds ---- */

static LLVMValueRef site_word(function_lowering *lowering, LLVMValueRef v_site, LLVMValueRef v_index) {
	LLVMTypeRef i32 = lowering->module->types.i32;
	LLVMValueRef v_address = LLVMBuildGEP2(lowering->builder, i32, v_site, &v_index, 1, "");
	LLVMValueRef v_word = LLVMBuildLoad2(lowering->builder, i32, v_address, "");
	return LLVMBuildZExt(lowering->builder, v_word, lowering->module->types.i64, "");
}

/* From the last slot of the site to the first, while there is one. */
static void write_site_slots(function_lowering *lowering, LLVMValueRef v_site, LLVMValueRef v_to) {
	enum { SLOT_COUNT = 3 };
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i64 = lowering->module->types.i64;
	LLVMBasicBlockRef b_before = LLVMGetInsertBlock(builder);
	LLVMBasicBlockRef b_slot = new_block(lowering, BLOCK_WRITE_SLOT),
	                  b_leave = new_block(lowering, BLOCK_LEAVE);
	LLVMValueRef v_count = site_word(lowering, v_site, constant_i64(lowering, SLOT_COUNT));
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_count, ""), b_leave, b_slot);
	LLVMPositionBuilderAtEnd(builder, b_slot);
	LLVMValueRef v_left = LLVMBuildPhi(builder, i64, "v_left");
	LLVMValueRef v_index = LLVMBuildAdd(builder, v_left, constant_i64(lowering, SITE_WORDS - 1), "");
	LLVMValueRef v_slot = site_word(lowering, v_site, v_index);
	LLVMValueRef v_value =
	    LLVMBuildLoad2(builder, i64, slot_address(lowering, frame_array(lowering), v_slot), "");
	LLVMBuildStore(builder, v_value, slot_address(lowering, v_to, v_slot));
	LLVMValueRef v_rest = LLVMBuildSub(builder, v_left, constant_i64(lowering, 1), "");
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_rest, ""), b_leave, b_slot);
	LLVMAddIncoming(v_left, (LLVMValueRef[]){v_count, v_rest}, (LLVMBasicBlockRef[]){b_before, b_slot}, 2);
	LLVMPositionBuilderAtEnd(builder, b_leave);
}

static void define_leaving(function_lowering *lowering) {
	LLVMBuilderRef builder = lowering->builder;
	const basic_types *types = &lowering->module->types;
	LLVMBasicBlockRef b_exit = LLVMGetInsertBlock(builder);
	lowering->b_write_frame = new_block(lowering, BLOCK_WRITE_FRAME);
	LLVMPositionBuilderAtEnd(builder, lowering->b_write_frame);
	LLVMValueRef v_to = slot_address(lowering, read_context(lowering, VOLT_CONTEXT_stack), lowering->v_base);
	LLVMBuildMemSet(builder, v_to, LLVMConstInt(types->i8, 0, false),
	                constant_i64(lowering, lowering->function->local_slots * sizeof(volt_slot)),
	                sizeof(volt_slot));
	LLVMValueRef v_site = LLVMBuildLoad2(builder, types->pointer, lowering->v_exit_site, "v_site");
	write_site_slots(lowering, v_site, v_to);
	LLVMValueRef v_status = LLVMBuildLoad2(builder, types->i32, lowering->v_exit_status, "v_status");
	lowering->convention->operations->leave_exit(lowering, v_status);
	LLVMPositionBuilderAtEnd(builder, b_exit);
}

void share_held_exits(function_lowering *lowering) {
	const basic_types *types = &lowering->module->types;
	lowering->v_exit_site = LLVMBuildAlloca(lowering->builder, types->pointer, "v_exit_site");
	lowering->v_exit_status = LLVMBuildAlloca(lowering->builder, types->i32, "v_exit_status");
}

void leave_held_frame(function_lowering *lowering, const captured_state *state, LLVMValueRef v_status) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMTypeRef i32 = lowering->module->types.i32;
	const uint32_t count = members(state->slots, all_slots(lowering));
	fill_frame_array(lowering, state->slots);
	if (!lowering->b_write_frame)
		define_leaving(lowering);
	LLVMBuildStore(builder, exit_site(lowering, state, count, true), lowering->v_exit_site);
	LLVMBuildStore(builder, LLVMBuildIntCast2(builder, v_status, i32, false, ""), lowering->v_exit_status);
	LLVMBuildBr(builder, lowering->b_write_frame);
}
