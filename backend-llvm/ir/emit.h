/* Small building blocks of IR, shared by all families of opcodes. */
#ifndef LOWER_EMIT_H
#define LOWER_EMIT_H

#include "ir/lowering.h"

static inline LLVMValueRef constant_i64(function_lowering *lowering, uint64_t value) {
	return LLVMConstInt(lowering->module->types.i64, value, false);
}

static inline LLVMValueRef constant_i32(function_lowering *lowering, uint32_t value) {
	return LLVMConstInt(lowering->module->types.i32, value, false);
}

/* A new block at the end of the function; `name` also tells readers of the assembly what it is. */
static inline LLVMBasicBlockRef new_block(function_lowering *lowering, const char *name) {
	return LLVMAppendBasicBlockInContext(lowering->module->context, lowering->v_function, name);
}

/* ---- Slots ---- */

static inline LLVMValueRef read_slot(function_lowering *lowering, uint32_t slot) {
	return LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, lowering->v_slots[slot], "");
}

static inline void write_slot(function_lowering *lowering, uint32_t slot, LLVMValueRef v_value) {
	LLVMBuildStore(lowering->builder, v_value, lowering->v_slots[slot]);
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

/* Address of word `index` behind a pointer to slots. */
LLVMValueRef slot_address(function_lowering *lowering, LLVMValueRef v_slots, LLVMValueRef v_index);

/*
 * Words from memory to slots, and from slots to memory. All are read before the first is written: an object's
 * word may replace the slot that named the object.
 */
void load_slots(function_lowering *lowering, uint32_t to, LLVMValueRef v_from, uint32_t count);
void store_slots(function_lowering *lowering, LLVMValueRef v_to, uint32_t from, uint32_t count);

/* Index in the fiber's stack, `slots` behind slot 0 of this frame. */
LLVMValueRef base_plus(function_lowering *lowering, uint64_t slots);

/* Where the frame of a callee starts; 0 where frames get their place only when they are laid out. */
LLVMValueRef frame_end(function_lowering *lowering);

/* The callee of a call, as i32. */
static inline LLVMValueRef callee_index(function_lowering *lowering, const call_site *site) {
	return site->indirect ? site->indirect->v_index : constant_i32(lowering, site->callee);
}

/* Address of a word of the function's scratch array. */
LLVMValueRef scratch_slot(function_lowering *lowering, uint32_t index);

/* What is live in the function; computed when it is first asked for. */
const liveness *live_slots_of(function_lowering *lowering);

/* ---- Context ---- */

LLVMValueRef read_context(function_lowering *lowering, volt_context_field field);
void write_context(function_lowering *lowering, volt_context_field field, LLVMValueRef v_value);

/* Makes room in the fiber's stack for this many slots from slot 0 of this frame. */
void ensure_stack_room(function_lowering *lowering, uint64_t slots);

/* ---- Weights of branches ---- */

/* Weights of a check: it leads to an exit once in 2^20. */
enum { WEIGHT_COLD = 1, WEIGHT_HOT = (1 << 20) - 1 };

typedef struct {
	uint32_t if_true, if_false;
} branch_weights;

void set_branch_weights(function_lowering *lowering, LLVMValueRef v_branch, branch_weights weights);

/*
 * Weighs the branch of the jump that is being lowered as the profile says, if it knows the jump.
 * `taken_if_true`: the jump is taken if the branch's condition holds.
 */
void weigh_jump(function_lowering *lowering, LLVMValueRef v_branch, bool taken_if_true);

/* ---- Checks and exits ---- */

/*
 * The only place that emits a branch to a path that should not happen: continues in a new cold block if
 * `v_condition` holds, and returns the block of the hot path, with the hints of the preset on the branch.
 */
LLVMBasicBlockRef branch_unlikely(function_lowering *lowering, LLVMValueRef v_condition,
                                  const char *cold_name);

/* The same for a status (an integer of any width) that is not OK. */
LLVMBasicBlockRef branch_unless_ok(function_lowering *lowering, LLVMValueRef v_status, const char *cold_name);

/* Calls a helper of the host. A cold call is one that only an exit makes. */
LLVMValueRef call_helper(function_lowering *lowering, volt_helper helper, LLVMValueRef *v_arguments,
                         unsigned count);
void call_cold_helper(function_lowering *lowering, volt_helper helper, LLVMValueRef *v_arguments,
                      unsigned count);

/* Panics with a trap if `v_condition` (i1) holds; x and y may be NULL (0). Goes on in the hot path. */
void trap_if(function_lowering *lowering, LLVMValueRef v_condition, volt_trap_kind kind, LLVMValueRef v_x,
             LLVMValueRef v_y);

/* Leaves now with the status that the host has just returned: it has set `exit_pc`. */
void exit_as_host_says(function_lowering *lowering, LLVMValueRef v_status);

/* Leaves now, to be continued by the host at `pc`. */
void exit_to_host(function_lowering *lowering, volt_status status, uint32_t pc);

/* With forced exits: leaves if it is this check's turn; the function continues at `pc`. */
void forced_exit_check(function_lowering *lowering, uint32_t pc);

/*
 * A backward jump has been taken: leaves if the host wants the thread, to be continued at the loop header
 * `pc`.
 */
void loop_check(function_lowering *lowering, uint32_t pc);

/* Where steps are counted, a call counts as one: leaves in front of it if the time slice is over. */
void step_check(function_lowering *lowering, uint32_t pc);

/* Leaves if the machine's stack is nearly used up; the function continues at `pc`. */
void native_stack_check(function_lowering *lowering, uint32_t pc);

#endif
