/* Strings, interfaces and checks on them. */
#include "calls/checks.h"
#include "lower/loop_versions.h"
#include "lower/opcodes.h"

static void lower_string_new(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_arguments[] = {lowering->v_context, constant_i32(lowering, instruction.b)};
	write_slot(lowering, instruction.a, call_helper(lowering, VOLT_HELPER_string_new, v_arguments, 2));
}

/*
 * Struct and array payloads are cloned, and interface sources need a new dispatch table: both are the
 * host's work.
 */
static bool needs_host(uint8_t kind) {
	return kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_ARRAY || kind == VOLT_KIND_INTERFACE;
}

static void assign_through_host(function_lowering *lowering, uint64_t constant) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	uint32_t width = instruction.flags == VOLT_KIND_INTERFACE ? 2 : 1;
	for (uint32_t i = 0; i < width; i++)
		LLVMBuildStore(builder, read_slot(lowering, instruction.b + i), scratch_slot(lowering, i));
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,       constant_i32(lowering, instruction.flags),
	    scratch_slot(lowering, 0), constant_i64(lowering, constant),
	    scratch_slot(lowering, 2),
	};
	call_helper(lowering, VOLT_HELPER_interface_assign, v_arguments, 5);
	for (uint32_t i = 0; i < 2; i++) {
		LLVMValueRef v_from = scratch_slot(lowering, 2 + i);
		write_slot(lowering, instruction.a + i,
		           LLVMBuildLoad2(builder, lowering->module->types.i64, v_from, ""));
	}
}

static void lower_interface_assign(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint64_t constant = lowering->module->bytecode->constants.items[instruction.c].bits;
	if (needs_host(instruction.flags)) {
		assign_through_host(lowering, constant);
		return;
	}
	bool nil = instruction.flags == VOLT_KIND_VOID;
	uint64_t type =
	    volt_interface_type((uint32_t)constant, (uint32_t)(constant >> 32), (volt_kind)instruction.flags);
	LLVMValueRef v_payload = nil ? constant_i64(lowering, 0) : read_slot(lowering, instruction.b);
	if (volt_kind_is_float((volt_kind)instruction.flags))
		v_payload = unified_float(lowering, (volt_kind)instruction.flags, v_payload);
	write_slot(lowering, instruction.a, constant_i64(lowering, nil ? 0 : type));
	write_slot(lowering, instruction.a + 1, v_payload);
}

/* ---- Type assertions ---- */

/* Of a type word: volt_interface_type(). */
enum { KIND_MASK = 0xff, RTTID_SHIFT = 8, RTTID_MASK = 0xffffff };

enum { ASSERT_TO_INTERFACE = 1, ASSERT_KIND_MASK = 3, ASSERT_HAS_OK = 4, ASSERT_SLOTS_SHIFT = 3 };

static LLVMValueRef has_kind(function_lowering *lowering, LLVMValueRef v_kind, volt_kind kind) {
	return LLVMBuildICmp(lowering->builder, LLVMIntEQ, v_kind, constant_i64(lowering, kind), "");
}

static LLVMValueRef bits_of_type(function_lowering *lowering, LLVMValueRef v_type, unsigned shift,
                                 uint64_t mask) {
	LLVMValueRef v_shifted = LLVMBuildLShr(lowering->builder, v_type, constant_i64(lowering, shift), "");
	return LLVMBuildAnd(lowering->builder, v_shifted, constant_i64(lowering, mask), "");
}

/* Is the dynamic type of this type word the asserted one? Nil (kind 0) has none. */
static LLVMValueRef has_asserted_type(function_lowering *lowering, LLVMValueRef v_type, LLVMValueRef v_kind) {
	LLVMValueRef v_id = bits_of_type(lowering, v_type, RTTID_SHIFT, RTTID_MASK);
	LLVMValueRef v_target = constant_i64(lowering, lowering->instruction.c);
	LLVMValueRef v_same = LLVMBuildICmp(lowering->builder, LLVMIntEQ, v_id, v_target, "v_same");
	LLVMValueRef v_nil = has_kind(lowering, v_kind, VOLT_KIND_VOID);
	return LLVMBuildAnd(lowering->builder, v_same, LLVMBuildNot(lowering->builder, v_nil, ""), "v_is");
}

/* The value is the payload itself, or zero with ok = false. */
static void take_payload(function_lowering *lowering, LLVMValueRef v_is) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_payload = read_slot(lowering, instruction.b + 1);
	LLVMValueRef v_zero = constant_i64(lowering, 0);
	write_slot(lowering, instruction.a, LLVMBuildSelect(lowering->builder, v_is, v_payload, v_zero, ""));
	if (instruction.flags & ASSERT_HAS_OK)
		write_bool(lowering, instruction.a + 1, v_is);
}

static uint32_t asserted_slots(volt_instruction instruction) {
	uint32_t slots = instruction.flags >> ASSERT_SLOTS_SHIFT;
	uint32_t width = (instruction.flags & ASSERT_KIND_MASK) == ASSERT_TO_INTERFACE ? 2 : slots ? slots : 1;
	return width + (instruction.flags & ASSERT_HAS_OK ? 1 : 0);
}

static void assert_through_host(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	if (!lowering->module->options.typed_helpers) {
		lower_out_of_line(lowering);
		return;
	}
	LLVMValueRef v_arguments[] = {
	    lowering->v_context,
	    constant_i32(lowering, lowering->pc),
	    read_slot(lowering, instruction.b),
	    read_slot(lowering, instruction.b + 1u),
	    constant_i32(lowering, instruction.c),
	    constant_i32(lowering, instruction.flags),
	    image_slot(lowering, instruction.a),
	};
	LLVMValueRef v_status = call_helper(lowering, VOLT_HELPER_interface_assert, v_arguments, 7);
	LLVMBasicBlockRef b_hot = branch_unless_ok(lowering, v_status, BLOCK_HOST_EXIT);
	exit_as_host_says(lowering, v_status);
	LLVMPositionBuilderAtEnd(lowering->builder, b_hot);
	load_slots(lowering, instruction.a, image_slot(lowering, instruction.a), asserted_slots(instruction),
	           MEMORY_UNNAMED);
	forced_exit_check(lowering, lowering->pc + 1);
}

/*
 * A type test is a comparison of the type's id. The host does the rest: interfaces, payloads in boxes, and
 * failing without ok.
 */
static void lower_interface_assert(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	if ((instruction.flags & ASSERT_KIND_MASK) == ASSERT_TO_INTERFACE ||
	    instruction.flags >> ASSERT_SLOTS_SHIFT > 1) {
		assert_through_host(lowering);
		return;
	}
	LLVMValueRef v_type = read_slot(lowering, instruction.b);
	LLVMValueRef v_kind = bits_of_type(lowering, v_type, 0, KIND_MASK);
	LLVMValueRef v_is = has_asserted_type(lowering, v_type, v_kind);
	LLVMValueRef v_boxed = LLVMBuildOr(builder, has_kind(lowering, v_kind, VOLT_KIND_STRUCT),
	                                   has_kind(lowering, v_kind, VOLT_KIND_ARRAY), "v_boxed");
	LLVMValueRef v_host = instruction.flags & ASSERT_HAS_OK
	                          ? LLVMBuildAnd(builder, v_is, v_boxed, "v_host")
	                          : LLVMBuildOr(builder, v_boxed, LLVMBuildNot(builder, v_is, ""), "v_host");
	LLVMBasicBlockRef b_host = new_block(lowering, BLOCK_HOST), b_here = new_block(lowering, BLOCK_PAYLOAD);
	LLVMBasicBlockRef b_done = new_block(lowering, BLOCK_ASSERTED);
	LLVMBuildCondBr(builder, v_host, b_host, b_here);
	LLVMPositionBuilderAtEnd(builder, b_here);
	take_payload(lowering, v_is);
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_host);
	assert_through_host(lowering);
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_done);
}

static void lower_index_check(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMValueRef v_index = read_slot(lowering, instruction.a);
	LLVMValueRef v_length = read_slot(lowering, instruction.b);
	const round_fact *fact = fact_here(lowering);
	if (fact && in_second_version(lowering) && fact->change.kind != CHANGE_UNKNOWN)
		return;
	if (fact && !in_second_version(lowering))
		keep_value(lowering, KEPT_LENGTH, v_length);
	LLVMValueRef v_outside = LLVMBuildICmp(lowering->builder, LLVMIntUGE, v_index, v_length, "v_outside");
	trap_if(lowering, v_outside, VOLT_TRAP_IndexOutOfRange, v_index, v_length);
}

const opcode_row objects_opcodes[] = {
    {VOLT_OP_StrNew, lower_string_new},
    {VOLT_OP_IndexCheck, lower_index_check},
    {VOLT_OP_IfaceAssign, lower_interface_assign},
    {VOLT_OP_IfaceAssert, lower_interface_assert},
    {.lower = NULL},
};
