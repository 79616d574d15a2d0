/* Where fibers are, a line for each frame, innermost first: what volt_vm_trace() gives. */
#ifndef INTERPRETER_STACK_TRACE_H
#define INTERPRETER_STACK_TRACE_H

#include "state/vm_state.h"

/* Which instruction the pc of a fiber's top frame tells of. */
typedef enum {
	STACK_TOP_BEFORE,  /* the one that comes next */
	STACK_TOP_BEHIND,  /* the one before it, which is executed or half executed */
	STACK_TOP_UNKNOWN, /* none: the frame was left where it had not noted it, or called others */
} stack_top;

/* "\tfunction file:line\n", or "pc N" in place of the line. */
void stack_trace_add_frame(const volt_vm *vm, uint32_t function, uint32_t pc, buffer *out);

/* In place of frames in the middle. */
void stack_trace_add_gap(uint64_t frames, buffer *out);

/* The frames of a fiber that does not run; of a deep stack, those at either end. */
void stack_trace_add_fiber(const volt_vm *vm, const volt_fiber *fiber, stack_top top, buffer *out);

/*
 * An error ends what the fiber does: its frames become the VM's trace, unless that has something already, and
 * where it is becomes part of the error's message, unless `top` is unknown or the message says it itself.
 */
void stack_trace_note(volt_vm *vm, const volt_fiber *fiber, stack_top top);

#endif
