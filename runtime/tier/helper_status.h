/* What helpers have in common: their VM, and how they say that an instruction has trapped. */
#ifndef TIER_HELPER_STATUS_H
#define TIER_HELPER_STATUS_H

#include "interpreter/panic.h"
#include "state/vm_state.h"

static inline volt_vm *vm_of(volt_context *context) {
	return (volt_vm *)context;
}

/* Of an instruction at `pc`: the frame's pc stands behind it, as traces have it. */
static inline volt_status raise_at(volt_context *context, uint32_t pc, volt_trap trap) {
	volt_vm *vm = vm_of(context);
	context->exit_pc = pc + 1;
	fiber_raise_trap(vm, vm->fibers.current, trap);
	return VOLT_STATUS_PANIC;
}

static inline volt_status status_of(volt_context *context, uint32_t pc, volt_trap trap) {
	return __builtin_expect(trap.kind == VOLT_TRAP_None, 1) ? VOLT_STATUS_OK : raise_at(context, pc, trap);
}

#endif
