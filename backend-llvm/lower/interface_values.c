/*
 * Conversion to interfaces and assertion back. Struct and array payloads are in boxes and are cloned: that is
 * the host's work. Another type of interface means another dispatch table: which one it is stands among the
 * host's conversions (volt/tier.h) once it has made the same one, and interfaces without methods have none.
 */
#include <stddef.h>

#include "calls/checks.h"
#include "ir/heap_layout.h"
#include "ir/helper_declarations.h"
#include "lower/opcodes.h"

/* ---- Type words ---- */

static LLVMValueRef has_kind(function_lowering *lowering, LLVMValueRef v_kind, volt_kind kind) {
	return LLVMBuildICmp(lowering->builder, LLVMIntEQ, v_kind, constant_i64(lowering, kind), "");
}

/* Is the payload a box? */
static LLVMValueRef is_boxed(function_lowering *lowering, LLVMValueRef v_kind) {
	return LLVMBuildOr(lowering->builder, has_kind(lowering, v_kind, VOLT_KIND_STRUCT),
	                   has_kind(lowering, v_kind, VOLT_KIND_ARRAY), "v_boxed");
}

/* ---- Interfaces from interfaces ---- */

typedef struct {
	uint64_t interface_meta;
	bool asserted;
} conversion;

typedef enum {
	TABLE_NONE,    /* no methods: all values have dispatch table 0 */
	TABLE_BY_TYPE, /* among the host's conversions, if it has made the same one before */
	TABLE_UNKNOWN, /* there is no such interface */
} table_kind;

/* What is assigned to interface 0 has no table, whatever its methods are. */
static table_kind table_of(const module_lowering *module, conversion wanted) {
	const volt_module *bytecode = module->bytecode;
	if (wanted.interface_meta >= bytecode->interface_metas.count)
		return TABLE_UNKNOWN;
	const volt_interface_meta *meta = &bytecode->interface_metas.items[wanted.interface_meta];
	if (wanted.asserted)
		return meta->methods.count == 0 && meta->method_names.count == 0 ? TABLE_NONE : TABLE_BY_TYPE;
	return wanted.interface_meta == 0 || meta->method_names.count == 0 ? TABLE_NONE : TABLE_BY_TYPE;
}

static LLVMValueRef load_word(function_lowering *lowering, LLVMValueRef v_entry, size_t offset) {
	LLVMValueRef v_offset = constant_i64(lowering, offset);
	LLVMValueRef v_address =
	    LLVMBuildGEP2(lowering->builder, lowering->module->types.i8, v_entry, &v_offset, 1, "");
	return LLVMBuildLoad2(lowering->builder, lowering->module->types.i64, v_address, "");
}

/* volt_conversion_index() and volt_conversion_key(), with the source's type known at run time only. */
static LLVMValueRef find_conversion(function_lowering *lowering, LLVMValueRef v_type, conversion wanted,
                                    LLVMValueRef *v_known) {
	LLVMBuilderRef builder = lowering->builder;
	const uint64_t key = volt_conversion_key(0, (uint32_t)wanted.interface_meta, wanted.asserted);
	LLVMValueRef v_id = LLVMBuildLShr(
	    builder, v_type, constant_i64(lowering, (uint64_t)heap_layout_of(lowering)->interface_type), "");
	LLVMValueRef v_sum = LLVMBuildAdd(builder, v_id, constant_i64(lowering, volt_conversion_index(key)), "");
	LLVMValueRef v_index =
	    LLVMBuildAnd(builder, v_sum, constant_i64(lowering, VOLT_CONVERSIONS - 1), "v_index");
	LLVMValueRef v_offset =
	    LLVMBuildMul(builder, v_index, constant_i64(lowering, sizeof(volt_conversion)), "");
	LLVMValueRef v_entry =
	    LLVMBuildGEP2(builder, lowering->module->types.i8, read_context(lowering, VOLT_CONTEXT_conversions),
	                  &v_offset, 1, "v_entry");
	LLVMValueRef v_key =
	    LLVMBuildOr(builder, meta_of_type(lowering, v_type), constant_i64(lowering, key), "v_key");
	LLVMValueRef v_found = load_word(lowering, v_entry, offsetof(volt_conversion, key));
	*v_known = LLVMBuildICmp(builder, LLVMIntEQ, v_found, v_key, "v_known");
	return load_word(lowering, v_entry, offsetof(volt_conversion, type));
}

/* The type word of the converted value, if `*v_known`; the source is not nil. */
static LLVMValueRef converted_type(function_lowering *lowering, LLVMValueRef v_type, conversion wanted,
                                   LLVMValueRef *v_known) {
	if (table_of(lowering->module, wanted) == TABLE_BY_TYPE)
		return find_conversion(lowering, v_type, wanted, v_known);
	LLVMValueRef v_kind = kind_of_type(lowering, v_type);
	*v_known = LLVMBuildNot(lowering->builder, is_boxed(lowering, v_kind), "v_known");
	return type_without_table(lowering, v_type);
}

/* The value goes to slot a, and whether there is one behind it if `has_ok`. */
static void write_converted(function_lowering *lowering, LLVMValueRef v_type, LLVMValueRef v_payload,
                            bool has_ok, uint64_t is) {
	const uint32_t to = lowering->instruction.a;
	write_slot(lowering, to, v_type);
	write_slot(lowering, to + 1, v_payload);
	if (has_ok)
		write_slot(lowering, to + 2, constant_i64(lowering, is));
}

/*
 * Converts the interface in slot b and goes on at `b_done`; the builder then stands where the host must do
 * it. Nil becomes nil if `nil_too`.
 */
static void convert_here(function_lowering *lowering, conversion wanted, bool nil_too, bool has_ok,
                         LLVMBasicBlockRef b_done) {
	LLVMBuilderRef builder = lowering->builder;
	LLVMBasicBlockRef b_nil = new_block(lowering, BLOCK_ZERO), b_some = new_block(lowering, BLOCK_SOME);
	LLVMBasicBlockRef b_known = new_block(lowering, BLOCK_PAYLOAD), b_host = new_block(lowering, BLOCK_HOST);
	LLVMValueRef v_zero = constant_i64(lowering, 0), v_known;
	LLVMValueRef v_type = read_slot(lowering, lowering->instruction.b);
	LLVMValueRef v_payload = read_slot(lowering, lowering->instruction.b + 1u);
	LLVMValueRef v_kind = kind_of_type(lowering, v_type);
	LLVMBuildCondBr(builder, LLVMBuildIsNull(builder, v_kind, "v_nil"), b_nil, b_some);
	LLVMPositionBuilderAtEnd(builder, b_some);
	LLVMValueRef v_converted = converted_type(lowering, v_type, wanted, &v_known);
	LLVMBuildCondBr(builder, v_known, b_known, b_host);
	LLVMPositionBuilderAtEnd(builder, b_known);
	write_converted(lowering, v_converted, v_payload, has_ok, true);
	LLVMBuildBr(builder, b_done);
	LLVMPositionBuilderAtEnd(builder, b_nil);
	if (nil_too)
		write_converted(lowering, v_zero, v_zero, has_ok, false);
	LLVMBuildBr(builder, nil_too ? b_done : b_host);
	LLVMPositionBuilderAtEnd(builder, b_host);
}

/* ---- Conversion ---- */

static void assign_through_host(function_lowering *lowering, uint64_t constant) {
	if (!host_has(lowering->module, VOLT_HELPER_interface_assign)) {
		lower_out_of_line(lowering);
		return;
	}
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

static void assign_interface(function_lowering *lowering, uint64_t constant) {
	const conversion wanted = {.interface_meta = (uint32_t)constant};
	if (!lowering->module->options.typed_helpers || table_of(lowering->module, wanted) == TABLE_UNKNOWN) {
		assign_through_host(lowering, constant);
		return;
	}
	LLVMBasicBlockRef b_done = new_block(lowering, BLOCK_DONE);
	convert_here(lowering, wanted, true, false, b_done);
	assign_through_host(lowering, constant);
	LLVMBuildBr(lowering->builder, b_done);
	LLVMPositionBuilderAtEnd(lowering->builder, b_done);
}

static void assign_concrete(function_lowering *lowering, uint64_t constant) {
	volt_instruction instruction = lowering->instruction;
	bool nil = instruction.flags == VOLT_KIND_VOID;
	uint64_t type =
	    make_type(lowering, (uint32_t)constant, (uint32_t)(constant >> 32), (volt_kind)instruction.flags);
	LLVMValueRef v_payload = nil ? constant_i64(lowering, 0) : read_slot(lowering, instruction.b);
	if (volt_kind_is_float((volt_kind)instruction.flags))
		v_payload = unified_float(lowering, (volt_kind)instruction.flags, v_payload);
	write_slot(lowering, instruction.a, constant_i64(lowering, nil ? 0 : type));
	write_slot(lowering, instruction.a + 1, v_payload);
}

static void lower_interface_assign(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	uint64_t constant = lowering->module->bytecode->constants.items[instruction.c].bits;
	switch (instruction.flags) {
	case VOLT_KIND_INTERFACE: assign_interface(lowering, constant); break;
	case VOLT_KIND_STRUCT:
	case VOLT_KIND_ARRAY: assign_through_host(lowering, constant); break;
	default: assign_concrete(lowering, constant); break;
	}
}

/* ---- Type assertions ---- */

enum { ASSERT_TO_INTERFACE = 1, ASSERT_KIND_MASK = 3, ASSERT_HAS_OK = 4, ASSERT_SLOTS_SHIFT = 3 };

/* Is the dynamic type of this type word the asserted one? Nil (kind 0) has none. */
static LLVMValueRef has_asserted_type(function_lowering *lowering, LLVMValueRef v_type, LLVMValueRef v_kind) {
	LLVMValueRef v_id = id_of_type(lowering, v_type);
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
	if (!lowering->module->options.typed_helpers ||
	    !host_has(lowering->module, VOLT_HELPER_interface_assert)) {
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

/* Without ok, what fails is the host's. */
static void assert_interface(function_lowering *lowering) {
	const volt_instruction instruction = lowering->instruction;
	const conversion wanted = {.interface_meta = instruction.c, .asserted = true};
	if (!lowering->module->options.typed_helpers || table_of(lowering->module, wanted) == TABLE_UNKNOWN) {
		assert_through_host(lowering);
		return;
	}
	const bool has_ok = instruction.flags & ASSERT_HAS_OK;
	LLVMBasicBlockRef b_done = new_block(lowering, BLOCK_ASSERTED);
	convert_here(lowering, wanted, has_ok, has_ok, b_done);
	assert_through_host(lowering);
	LLVMBuildBr(lowering->builder, b_done);
	LLVMPositionBuilderAtEnd(lowering->builder, b_done);
}

/*
 * A type test is a comparison of the type's id. The host does the rest: payloads in boxes, and failing
 * without ok.
 */
static void assert_type(function_lowering *lowering) {
	volt_instruction instruction = lowering->instruction;
	LLVMBuilderRef builder = lowering->builder;
	LLVMValueRef v_type = read_slot(lowering, instruction.b);
	LLVMValueRef v_kind = kind_of_type(lowering, v_type);
	LLVMValueRef v_is = has_asserted_type(lowering, v_type, v_kind);
	LLVMValueRef v_boxed = is_boxed(lowering, v_kind);
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

static void lower_interface_assert(function_lowering *lowering) {
	const volt_instruction instruction = lowering->instruction;
	if ((instruction.flags & ASSERT_KIND_MASK) == ASSERT_TO_INTERFACE)
		assert_interface(lowering);
	else if (instruction.flags >> ASSERT_SLOTS_SHIFT > 1)
		assert_through_host(lowering);
	else
		assert_type(lowering);
}

const opcode_row interface_values_opcodes[] = {
    {VOLT_OP_IfaceAssign, lower_interface_assign},
    {VOLT_OP_IfaceAssert, lower_interface_assert},
    {.lower = NULL},
};
