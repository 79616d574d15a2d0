/* Rules for single instructions: operand ranges, indices, and what some opcodes need besides. */
#include "bytecode/model/operands.h"
#include "bytecode/verify/verifier.h"

typedef struct {
	const volt_module *module;
	const volt_function *function;
	uint32_t index; /* of the function */
	uint32_t pc;
	volt_instruction instruction;
	uint32_t global_slots;
} context;

#define REFUSE(...) return verify_fail_function(at->module, at->index, at->pc, __VA_ARGS__)

/*
 * A native's results are as many as the widest use of it in the module takes, so a narrower one may name
 * slots behind its frame. Executors keep what lies inside.
 */
static volt_error *check_slots(const context *at, const volt_operand *operand) {
	uint32_t first = volt_operand_first_slot(at->instruction, operand);
	uint32_t slots = operand_least_slots(at->module, at->instruction, operand);
	if (slots && operand->count == VOLT_COUNT_NATIVE_RESULTS)
		slots = 1;
	if (slots && first + slots > at->function->local_slots)
		REFUSE("slots r%u to r%u are outside of the frame of %u slots", first, first + slots - 1,
		       at->function->local_slots);
	return NULL;
}

static volt_error *check_globals(const context *at, const volt_operand *operand) {
	uint32_t first = volt_operand_first_slot(at->instruction, operand);
	uint32_t slots = operand_least_slots(at->module, at->instruction, operand);
	if (slots && first + slots > at->global_slots)
		REFUSE("global slots %u to %u, but there are %u", first, first + slots - 1, at->global_slots);
	return NULL;
}

static volt_error *check_index(const context *at, const volt_operand *operand, uint32_t count,
                               const char *what) {
	uint32_t index = (uint32_t)volt_instruction_get(at->instruction, operand->field);
	if (index >= count)
		REFUSE("%s %u, but there are %u", what, index, count);
	return NULL;
}

static volt_error *check_jump(const context *at) {
	int64_t target = volt_jump_target(at->instruction, at->pc);
	if (target < 0 || target >= at->function->code.count)
		REFUSE("jump to pc %lld of %u", (long long)target, at->function->code.count);
	return NULL;
}

static volt_error *check_callee(const context *at, const volt_operand *operand) {
	if (!callee_is_closure(at->instruction))
		return check_index(at, operand, at->module->functions.count, "function");
	if (at->instruction.a >= at->function->local_slots)
		REFUSE("slot r%u is outside of the frame of %u slots", at->instruction.a, at->function->local_slots);
	return NULL;
}

static volt_error *check_operand(const context *at, const volt_operand *operand) {
	switch (operand->role) {
	case VOLT_OPERAND_WRITE:
	case VOLT_OPERAND_READ:
	case VOLT_OPERAND_UPDATE:
	case VOLT_OPERAND_IMPLICIT_READ: return check_slots(at, operand);
	case VOLT_OPERAND_JUMP: return check_jump(at);
	case VOLT_OPERAND_CONSTANT: return check_index(at, operand, at->module->constants.count, "constant");
	case VOLT_OPERAND_GLOBAL_READ:
	case VOLT_OPERAND_GLOBAL_WRITE: return check_globals(at, operand);
	case VOLT_OPERAND_FUNCTION: return check_index(at, operand, at->module->functions.count, "function");
	case VOLT_OPERAND_CALLEE: return check_callee(at, operand);
	case VOLT_OPERAND_NATIVE: return check_index(at, operand, at->module->natives.count, "native");
	case VOLT_OPERAND_NONE:
	case VOLT_OPERAND_NUMBER:
	case VOLT_OPERAND_NAMED: return NULL;
	}
	return NULL;
}

static const volt_function *function_in(const context *at, volt_field field) {
	return &at->module->functions.items[volt_instruction_get(at->instruction, field)];
}

static volt_error *check_arguments(const context *at, const volt_function *callee, uint32_t arguments) {
	if (arguments > callee->local_slots)
		REFUSE("%u argument slots for a frame of %u", arguments, callee->local_slots);
	return NULL;
}

/*
 * Compiled callees hand back result_slots words and no more (runtime/tier/README.md, "The contract of
 * compiled code").
 */
static volt_error *check_call(const context *at) {
	const volt_function *callee = function_in(at, VOLT_FIELD_A_WITH_FLAGS);
	uint32_t results = (uint32_t)volt_instruction_get(at->instruction, VOLT_FIELD_C_LOW);
	if (results > callee->result_slots)
		REFUSE("%u result slots from a function with %u", results, callee->result_slots);
	return check_arguments(at, callee, (uint32_t)volt_instruction_get(at->instruction, VOLT_FIELD_C_HIGH));
}

static volt_error *check_deferred(const context *at) {
	bool defers = at->instruction.op != VOLT_OP_GoStart;
	if (defers && !at->function->has_defer)
		REFUSE("the function is not marked as one that defers");
	if (callee_is_closure(at->instruction))
		return NULL;
	return check_arguments(at, function_in(at, VOLT_FIELD_A_WITH_FLAGS_ABOVE_BIT_0), at->instruction.c);
}

/* Slot 0 of the callee receives the closure or its first capture (SEMANTICS.md, "Frames and calls"). */
static volt_error *check_closure_new(const context *at) {
	const volt_function *callee = function_in(at, VOLT_FIELD_B_WITH_FLAGS);
	if (at->instruction.c && callee->local_slots < 1)
		REFUSE("%u captures for a function without slots", at->instruction.c);
	return NULL;
}

static volt_error *check_return(const context *at) {
	enum { HEAP_RESULTS = 2 };
	const volt_function *function = at->function;
	volt_instruction instruction = at->instruction;
	if (instruction.flags & HEAP_RESULTS) {
		if (instruction.b > function->heap_result_count)
			REFUSE("%u results on the heap, but the function has %u", instruction.b,
			       function->heap_result_count);
		return NULL;
	}
	if (instruction.b > function->result_slots)
		REFUSE("%u result slots, but the function has %u", instruction.b, function->result_slots);
	/* The error result is looked at whether or not it is among the results (SEMANTICS.md, "Returning"). */
	int32_t error_slot = instruction.a + function->error_result_slot;
	if (function->error_result_slot >= 0 && error_slot >= function->local_slots)
		REFUSE("the error result, slot r%d, is outside of the frame of %u slots", error_slot,
		       function->local_slots);
	return NULL;
}

/* Element sizes that loads and stores know (SPECIFICATION.md, "Arrays and slices"). */
static volt_error *check_element(const context *at) {
	uint8_t flags = at->instruction.flags;
	switch (flags) {
	case 0:
	case 1:
	case 2:
	case 4:
	case 0x81:
	case 0x82:
	case 0x84:
	case 0x44: return NULL;
	default: break;
	}
	if (flags % 8 || flags > 56)
		REFUSE("element flags 0x%02x are no size of an element", flags);
	return NULL;
}

static bool is_type(const context *at, uint64_t rttid) {
	return rttid < at->module->runtime_types.count || rttid < RESERVED_TYPES;
}

/*
 * Printing, hashing and comparing go by the kind, assertions by the type: they say the same. What the slot
 * holds nobody knows, but that it is not a reference where the frame's types say so.
 */
static volt_error *check_assigned_kind(const context *at, uint32_t rttid) {
	const volt_kind kind = (volt_kind)at->instruction.flags;
	const bool is_known = rttid < at->module->runtime_types.count;
	const volt_kind of_type = is_known ? verify_kind_of(at->module, rttid) : (volt_kind)rttid;
	if (kind != VOLT_KIND_VOID && kind != of_type)
		REFUSE("kind %s, but runtime type %u is %s", volt_kind_name(kind), rttid, volt_kind_name(of_type));
	return NULL;
}

static volt_error *check_interface_constant(const context *at) {
	const volt_module *module = at->module;
	const volt_constant *constant = &module->constants.items[at->instruction.c];
	if (at->instruction.flags >= VOLT_KIND_COUNT)
		REFUSE("unknown kind %u", at->instruction.flags);
	if (constant->tag != VOLT_CONSTANT_INT)
		REFUSE("constant %u is no integer", at->instruction.c);
	if (at->instruction.flags == VOLT_KIND_INTERFACE) {
		if (constant->bits && constant->bits >= module->interface_metas.count)
			REFUSE("interface %llu, but there are %u", (unsigned long long)constant->bits,
			       module->interface_metas.count);
		return NULL;
	}
	uint32_t itab = (uint32_t)constant->bits;
	if (!is_type(at, constant->bits >> 32))
		REFUSE("runtime type %llu, but there are %u", (unsigned long long)constant->bits >> 32,
		       module->runtime_types.count);
	if (itab && itab >= module->itabs.count)
		REFUSE("itab %u, but there are %u", itab, module->itabs.count);
	return check_assigned_kind(at, (uint32_t)(constant->bits >> 32));
}

static volt_error *check_assertion(const context *at) {
	enum { TO_TYPE = 0, TO_INTERFACE = 1 };
	int64_t kind = volt_instruction_get(at->instruction, VOLT_FIELD_FLAGS_LOW_2);
	uint32_t target = at->instruction.c;
	if (kind == TO_TYPE && !is_type(at, target))
		REFUSE("runtime type %u, but there are %u", target, at->module->runtime_types.count);
	if (kind == TO_INTERFACE && target >= at->module->interface_metas.count)
		REFUSE("interface %u, but there are %u", target, at->module->interface_metas.count);
	if (kind > TO_INTERFACE)
		REFUSE("unknown kind of assertion %lld", (long long)kind);
	return NULL;
}

static volt_error *check_special(const context *at) {
	switch (at->instruction.op) {
	case VOLT_OP_Call: return check_call(at);
	case VOLT_OP_GoStart:
	case VOLT_OP_DeferPush:
	case VOLT_OP_ErrDeferPush: return check_deferred(at);
	case VOLT_OP_ClosureNew: return check_closure_new(at);
	case VOLT_OP_Return: return check_return(at);
	case VOLT_OP_ArrayNew:
	case VOLT_OP_ArrayGet:
	case VOLT_OP_ArraySet:
	case VOLT_OP_SliceNew:
	case VOLT_OP_SliceGet:
	case VOLT_OP_SliceSet:
	case VOLT_OP_SliceAppend: return check_element(at);
	case VOLT_OP_IfaceAssign: return check_interface_constant(at);
	case VOLT_OP_IfaceAssert: return check_assertion(at);
	default: return NULL;
	}
}

static volt_error *check_instruction(const context *at) {
	const volt_opcode_info *info = volt_opcode_get_info(at->instruction.op);
	if (!info)
		REFUSE("unknown opcode %u", at->instruction.op);
	for (const volt_operand *operand = info->operands; operand->role != VOLT_OPERAND_NONE; operand++) {
		volt_error *error = check_operand(at, operand);
		if (error)
			return error;
	}
	return check_special(at);
}

volt_error *verify_instructions(const volt_module *module, uint32_t index, uint32_t global_slots) {
	const volt_function *function = &module->functions.items[index];
	volt_error *error = NULL;
	for (uint32_t pc = 0; pc < function->code.count && !error; pc++) {
		context at = {module, function, index, pc, function->code.items[pc], global_slots};
		error = check_instruction(&at);
	}
	return error;
}
