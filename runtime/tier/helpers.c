/* The VM's side of VOLT_HELPERS: what compiled code calls. The context is the start of the VM. */
#include <limits.h>
#include <setjmp.h>

#include "exec/native_call.h"
#include "exec/panic.h"
#include "exec/vm.h"
#include "object/interfaces.h"
#include "object/strings.h"
#include "tier/state.h"

static volt_vm *vm_of(volt_context *context) {
	return (volt_vm *)context;
}

/* A native that waits or wants a closure is executed again; after anything else the next instruction follows.
 */
static volt_status helper_call_native(volt_context *context, uint32_t native, const volt_slot *arguments,
                                      uint32_t count, volt_slot *results, uint32_t pc) {
	volt_vm *vm = vm_of(context);
	volt_status status = call_native(vm, vm->current, native, arguments, count, results);
	bool again = status == VOLT_STATUS_WAIT_IO || status == VOLT_STATUS_REPLAY;
	context->exit_pc = again ? pc : pc + 1;
	return status;
}

static void helper_trap(volt_context *context, uint32_t kind, volt_slot x, volt_slot y, uint32_t pc) {
	volt_vm *vm = vm_of(context);
	context->exit_pc = pc + 1;
	fiber_raise_trap(vm, vm->current, (volt_trap){(volt_trap_kind)kind, x, y});
}

/*
 * An exit writes its frame before the VM can say that the language's limit is passed, so the limit does not
 * hold here: the fiber's frames are checked when they are complete. Native frames are bounded by the native
 * stack.
 */
static void helper_grow_stack(volt_context *context, volt_slot slots) {
	volt_vm *vm = vm_of(context);
	if (fiber_make_room(vm, vm->current, slots))
		return;
	vm_fail(vm, volt_error_new(VOLT_ERROR_LIMIT, "%s: no memory for %llu slots of a fiber's stack",
	                           vm->module->source, (unsigned long long)slots));
	longjmp(vm->exhausted, 1);
}

static void helper_push_resume_point(volt_context *context, uint32_t function, volt_slot base,
                                     uint32_t result_slot, uint32_t result_count, uint32_t caller_pc) {
	tier_state *state = vm_of(context)->tier;
	if (state->resume_count == state->resume_capacity)
		state->resume_points = memory_grow(state->resume_points, &state->resume_capacity,
		                                   (uint64_t)state->resume_count + 1, sizeof(resume_point));
	state->resume_points[state->resume_count++] = (resume_point){
	    .function = function,
	    .pc = (uint32_t)context->exit_pc,
	    .base = (uint32_t)base,
	    .result_slot = (uint16_t)result_slot,
	    .result_count = (uint16_t)result_count,
	};
	context->exit_pc = caller_pc;
}

static volt_slot helper_string_new(volt_context *context, uint32_t constant) {
	volt_vm *vm = vm_of(context);
	volt_text text = vm->module->constants.items[constant].text;
	return string_new(vm->space, text.bytes, text.length);
}

static void helper_interface_assign(volt_context *context, uint32_t kind, const volt_slot *source,
                                    volt_slot constant, volt_slot *result) {
	interface_assign(vm_of(context)->space, result, (volt_kind)kind, source, constant);
}

void (*const tier_helpers[VOLT_HELPER_COUNT])(void) = {
#define HELPER(name, ...) [VOLT_HELPER_##name] = (void (*)(void))helper_##name,
    VOLT_HELPERS(HELPER)
#undef HELPER
};
