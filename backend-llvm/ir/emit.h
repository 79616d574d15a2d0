/* Small building blocks of IR, shared by calls and all families of opcodes. */
#ifndef IR_EMIT_H
#define IR_EMIT_H

#include <stdio.h>

#include "ir/blocks.h"
#include "ir/lowering.h"
#include "ir/memory_names.h"

static inline LLVMValueRef constant_i64(function_lowering *lowering, uint64_t value) {
	return LLVMConstInt(lowering->module->types.i64, value, false);
}

static inline LLVMValueRef constant_i32(function_lowering *lowering, uint32_t value) {
	return LLVMConstInt(lowering->module->types.i32, value, false);
}

/* A new block at the end of the function. */
static inline LLVMBasicBlockRef new_block(function_lowering *lowering, block_kind kind) {
	return LLVMAppendBasicBlockInContext(lowering->module->context, lowering->v_function, block_name(kind));
}

/* The one that begins at an instruction. `version`: "", or what tells it from another one of the same pc. */
static inline LLVMBasicBlockRef new_block_at(function_lowering *lowering, uint32_t pc, const char *version) {
	char name[32];
	snprintf(name, sizeof name, "%s%u%s", block_name(BLOCK_PC), pc, version);
	return LLVMAppendBasicBlockInContext(lowering->module->context, lowering->v_function, name);
}

/* The same for a function that is made without a function_lowering. */
static inline LLVMBasicBlockRef new_block_in(module_lowering *module, LLVMValueRef v_function,
                                             block_kind kind) {
	return LLVMAppendBasicBlockInContext(module->context, v_function, block_name(kind));
}

/* Gives a function an attribute of LLVM's that is a word, or a word and a number. */
void add_function_attribute(module_lowering *module, LLVMValueRef v_function, const char *name,
                            uint64_t value);

/* ---- Slots ---- */

/* Address of word `index` behind a pointer to slots. */
LLVMValueRef slot_address(function_lowering *lowering, LLVMValueRef v_slots, LLVMValueRef v_index);

/* A place in the frame's array is named anew each time: as a value it would have to be kept. */
static inline LLVMValueRef slot_pointer(function_lowering *lowering, uint32_t slot) {
	LLVMValueRef v_pointer = lowering->v_slots[slot];
	return v_pointer ? v_pointer : slot_address(lowering, lowering->v_frame, constant_i64(lowering, slot));
}

/*
 * Plain code remembers what it has read and written, where no pass does: on the way that all ways from the
 * start of a block take. What is written elsewhere is not known behind it.
 */
LLVMValueRef read_plain_slot(function_lowering *lowering, uint32_t slot);
void note_written_slot(function_lowering *lowering, uint32_t slot, LLVMValueRef v_value);

static inline LLVMValueRef read_slot(function_lowering *lowering, uint32_t slot) {
	if (lowering->v_known)
		return read_plain_slot(lowering, slot);
	return LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, lowering->v_slots[slot], "");
}

/* Of what a slot is given nothing is known: who knows sets the flag afterwards (lower/unshared.h). */
static inline void write_slot(function_lowering *lowering, uint32_t slot, LLVMValueRef v_value) {
	LLVMBuildStore(lowering->builder, v_value, slot_pointer(lowering, slot));
	if (lowering->v_known)
		note_written_slot(lowering, slot, v_value);
	if (lowering->v_unshared && lowering->v_unshared[slot])
		LLVMBuildStore(lowering->builder, LLVMConstInt(lowering->module->types.i1, false, false),
		               lowering->v_unshared[slot]);
}

static inline LLVMValueRef read_float(function_lowering *lowering, uint32_t slot) {
	return LLVMBuildBitCast(lowering->builder, read_slot(lowering, slot), lowering->module->types.f64, "");
}

static inline void write_float(function_lowering *lowering, uint32_t slot, LLVMValueRef v_value) {
	write_slot(lowering, slot, LLVMBuildBitCast(lowering->builder, v_value, lowering->module->types.i64, ""));
}

/* An i1 as 0 or 1. */
static inline void write_bool(function_lowering *lowering, uint32_t slot, LLVMValueRef v_value) {
	write_slot(lowering, slot, LLVMBuildZExt(lowering->builder, v_value, lowering->module->types.i64, ""));
}

/*
 * volt_slot_identity() of a float's bits. LLVM and the machine make different NaNs, and which of two survives
 * an addition depends on how LLVM orders them.
 */
LLVMValueRef unified_float(function_lowering *lowering, volt_kind kind, LLVMValueRef v_slot);

/*
 * Words from memory to slots, and from slots to memory. All are read before the first is written: an object's
 * word may replace the slot that named the object. Words of MEMORY_OBJECTS have their names by the slots.
 */
void load_slots(function_lowering *lowering, uint32_t to, LLVMValueRef v_from, uint32_t count,
                memory_name name);
void store_slots(function_lowering *lowering, LLVMValueRef v_to, uint32_t from, uint32_t count,
                 memory_name name);

/* Index in the fiber's stack, `slots` behind slot 0 of this frame. */
LLVMValueRef base_plus(function_lowering *lowering, uint64_t slots);

/* Where the frame of a callee starts; 0 where frames get their place only when they are laid out. */
LLVMValueRef frame_end(function_lowering *lowering);

/* Address of a word of the function's scratch array. */
LLVMValueRef scratch_slot(function_lowering *lowering, uint32_t index);

/* What is live in the function; computed when it is first asked for. */
const liveness *live_slots_of(function_lowering *lowering);

/* ---- Context ---- */

LLVMValueRef read_context(function_lowering *lowering, volt_context_field field);
void write_context(function_lowering *lowering, volt_context_field field, LLVMValueRef v_value);

/* ---- Weights of branches ---- */

/* Weights of a check: it leads to an exit once in 2^20. */
enum { WEIGHT_COLD = 1, WEIGHT_HOT = (1 << 20) - 1 };

typedef struct {
	uint32_t if_true, if_false;
} branch_weights;

void set_weights(module_lowering *module, LLVMValueRef v_branch, branch_weights weights);

static inline void set_branch_weights(function_lowering *lowering, LLVMValueRef v_branch,
                                      branch_weights weights) {
	set_weights(lowering->module, v_branch, weights);
}

/* ---- Helpers ---- */

/* Calls a helper of the host. */
LLVMValueRef call_helper(function_lowering *lowering, volt_helper helper, LLVMValueRef *v_arguments,
                         unsigned count);

#endif
