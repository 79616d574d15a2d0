/* What a unit knows of its functions' calls and exits. */
#ifndef CALLS_MODULE_CALLS_H
#define CALLS_MODULE_CALLS_H

#include "calls/convention.h"
#include "calls/inlining.h"
#include "calls/strategy.h"

/* Thunks that capture a frame's state: one for each number of values, and one for an image of the frame. */
enum { CAPTURED_ARGUMENTS = 8, CAPTURE_THUNKS = CAPTURED_ARGUMENTS + 2 };

typedef struct module_calls {
	call_convention convention; /* that the preset describes */
	const exit_strategy *strategy;
	bool *unwinds;                                 /* exit_unwind.c: by function index; else NULL */
	bool *trials;                                  /* exit_trivial.c: the same */
	LLVMValueRef *v_inner;                         /* by function index; NULL until somebody refers to it */
	inlined_copies copies;                         /* that are built into their callers */
	LLVMValueRef v_capture_thunks[CAPTURE_THUNKS]; /* frame_state.c; NULL until they are needed */
} module_calls;

/* When the unit's shapes and helpers are known. */
void module_calls_start(module_lowering *module);
void module_calls_dispose(module_lowering *module);

#endif
