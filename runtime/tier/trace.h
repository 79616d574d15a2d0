/*
 * What happens to the program's code, told to the host as it happens (`trace` in volt_vm_options). Where
 * nobody listens it costs a comparison at things that are rare.
 */
#ifndef TIER_TRACE_H
#define TIER_TRACE_H

#include "fiber/fiber.h"
#include "state/vm_state.h"

static inline bool trace_is_wanted(const volt_vm *vm, volt_trace_event event) {
	return vm->options.trace && (vm->options.traced & (unsigned)event);
}

/* A form of a function is asked for, and why: what was counted of it. */
void trace_request(const volt_vm *vm, const volt_compile_request *request, uint64_t calls, uint64_t rounds);
/* A function is about to be asked for anew, because of calls at this pc (unexpected_calls.h). */
void trace_unexpected_calls(const volt_vm *vm, uint32_t function, uint32_t pc, uint32_t calls);
/* It was compiled, or was not. From the compiler's threads. */
void trace_compiled(const volt_vm *vm, uint32_t function, volt_form form, const volt_compiled *compiled);
/* Compiled code has left; the fiber's top frame is where it goes on. Only if VOLT_TRACE_EXITS is wanted. */
void trace_exit(const volt_vm *vm, volt_fiber *fiber, volt_status status);

#endif
