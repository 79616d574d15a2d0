/* Leaving frames that have more to do than hand over results: deferred calls, panics, recover. */
#ifndef INTERPRETER_UNWIND_H
#define INTERPRETER_UNWIND_H

#include "fiber/rare.h"
#include "interpreter/calls.h"

/* How the fiber goes on. */
typedef enum {
	UNWIND_ENTER,    /* a frame was pushed: enter its function */
	UNWIND_CONTINUE, /* the top frame continues at its pc */
	UNWIND_DONE,     /* the last frame is gone; results, if any, stand in slot 0 and on */
	UNWIND_UNCAUGHT, /* the last frame is gone; the panic is still pending */
} unwind_flow;

/*
 * DeferPush and ErrDeferPush for the top frame. The closure may be nil: that traps when it is called.
 * Arguments are copied.
 */
void unwind_defer(volt_fiber *fiber, volt_slot closure, bool by_closure, uint32_t function,
                  const volt_slot *arguments, uint32_t count, bool error_only);

/*
 * What compiled code has left to do in the top frame, whose deferred calls were pending in its own: the call
 * that the DeferPush or ErrDeferPush `push` has pushed, `values` being the closure, if it is one, and the
 * arguments; and the Return that has begun to make deferred calls, of which one is running. `panics`: a panic
 * was raised since.
 */
uint64_t unwind_captured_generation(volt_fiber *fiber, bool panics);
void unwind_defer_captured(volt_fiber *fiber, volt_instruction push, const volt_slot *values,
                           uint64_t generation);
void unwind_return_captured(volt_fiber *fiber, volt_instruction instruction, uint64_t generation);

/* The Return instruction of the top frame, in every case that is not a plain return to another frame. */
unwind_flow unwind_return(volt_vm *vm, volt_fiber *fiber, volt_instruction instruction);

/* A panic is pending. */
unwind_flow unwind_panic(volt_vm *vm, volt_fiber *fiber);

/* Compiled code has popped the frame that stood at the watched depth, and handed over its results. */
unwind_flow unwind_after_compiled(volt_vm *vm, volt_fiber *fiber);

/* Recover, executed in the top frame. */
void unwind_recover(volt_fiber *fiber, volt_slot value[2]);

#endif
