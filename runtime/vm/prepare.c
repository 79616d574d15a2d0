/* The tables that the interpreter runs from, made once from the module. */
#include <stdlib.h>
#include <string.h>

#include "interpreter/fuse.h"
#include "vm/parts.h"

static uint64_t count_instructions(const volt_module *module) {
	uint64_t count = 0;
	for (uint32_t i = 0; i < module->functions.count; i++)
		count += module->functions.items[i].code.count;
	return count;
}

static bool recovers(const volt_function *function) {
	for (uint32_t pc = 0; pc < function->code.count; pc++)
		if (function->code.items[pc].op == VOLT_OP_Recover)
			return true;
	return false;
}

/* Until more is known of the function, all slots that are no parameters count as read before they are
 * written. */
static executable_function describe(const volt_function *function, const volt_instruction *code) {
	const bool only_parameters = function->parameter_slots == function->local_slots;
	return (executable_function){
	    .code = code,
	    .local_slots = function->local_slots,
	    .parameter_slots = function->parameter_slots,
	    .result_slots = function->result_slots,
	    .receiver_slots = function->receiver_slots,
	    .is_closure = function->is_closure,
	    .sees_unwinding = function->has_defer || recovers(function),
	    .unwritten_first = function->parameter_slots,
	    .unwritten_end = function->local_slots,
	    .exact_arguments = only_parameters ? function->parameter_slots : NEVER_EXACT,
	};
}

/* The VM runs its own copy of the code, with superinstructions. */
static void describe_functions(const volt_module *module, executable_function *functions,
                               volt_instruction *code) {
	for (uint32_t i = 0; i < module->functions.count; i++) {
		const volt_function *function = &module->functions.items[i];
		const uint32_t count = function->code.count;
		if (count)
			memcpy(code, function->code.items, count * sizeof *code);
		fuse_code(code, count);
		functions[i] = describe(function, code);
		code += count;
	}
}

volt_error *vm_prepare(volt_vm *vm) {
	const volt_module *module = vm->module;
	executable_function *functions = calloc(module->functions.count + 1ULL, sizeof *functions);
	volt_slot *constants = calloc(module->constants.count + 1ULL, sizeof *constants);
	vm->functions = functions;
	vm->code = calloc(count_instructions(module) + 1, sizeof *vm->code);
	vm->constants = constants;
	vm->strings = calloc(module->constants.count + 1ULL, sizeof *vm->strings);
	vm->global_slots = volt_module_global_slots(module);
	vm->context.globals = calloc(vm->global_slots + 1ULL, sizeof(volt_slot));
	if (!functions || !vm->code || !constants || !vm->strings || !vm->context.globals)
		return volt_error_new(VOLT_ERROR_MEMORY, "out of memory");
	describe_functions(module, functions, vm->code);
	for (uint32_t i = 0; i < module->constants.count; i++) {
		const volt_constant *constant = &module->constants.items[i];
		constants[i] =
		    constant->tag == VOLT_CONSTANT_STRING || constant->tag == VOLT_CONSTANT_NIL ? 0 : constant->bits;
	}
	return NULL;
}

void vm_unprepare(volt_vm *vm) {
	free(vm->functions);
	free(vm->certain_results);
	free(vm->code);
	free((void *)vm->constants);
	free(vm->strings);
	free(vm->context.globals);
}
