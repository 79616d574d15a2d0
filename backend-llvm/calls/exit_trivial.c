/*
 * `trivial`: an exit is its status. Only for forms of functions that call nothing but themselves and change
 * nothing outside of their frames: whoever called such a form executes the function again, from the start, in
 * the form with complete exits (lower/trivial.c). Nothing of the frame is needed, and no exit is lost.
 */
#include "calls/strategy.h"

static void exit_here(function_lowering *lowering, LLVMValueRef v_status, exit_point point) {
	(void)point;
	lowering->convention->operations->leave_exit(lowering, v_status);
}

static void exit_after_call(function_lowering *lowering, const call_site *site, LLVMValueRef v_status) {
	(void)site;
	lowering->convention->operations->leave_exit(lowering, v_status);
}

/* It starts anew after an exit, so it does not give way to other fibers: time spent would be lost. */
const exit_strategy trivial_exit = {
    .name = "trivial",
    .starts_anew = true,
    .stack_limit = VOLT_CONTEXT_native_stack_end,
    .exit_here = exit_here,
    .exit_after_call = exit_after_call,
};
