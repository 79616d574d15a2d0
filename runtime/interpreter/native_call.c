/* Executing natives, and what they may ask of the VM (volt/native.h). */
#include "interpreter/native_call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interpreter/native_aftermath.h"
#include "interpreter/panic.h"
#include "interpreter/replay.h"
#include "object/heap.h"
#include "object/strings.h"
#include "state/vm_state.h"

/* ---- One execution ---- */

/* The native is over: what was kept for its repeated executions goes. */
static void finish(volt_fiber *fiber, replay_record *replay, volt_wait *finished_wait) {
	if (replay || replay_is_requested(fiber)) /* it may have asked for a call, and changed its mind */
		rare_drop_replay(fiber->rare);
	if (finished_wait)
		wait_end(finished_wait);
}

static volt_status park(volt_vm *vm, volt_fiber *fiber, volt_wait *finished_wait) {
	volt_wait *wait = vm->native.wait;
	vm->native.wait = NULL; /* the fiber's from now on */
	if (finished_wait)
		wait_end(finished_wait);
	rare_get(fiber)->wait = wait;
	fiber->state = FIBER_BLOCKED_IO;
	wait_park(wait, fiber);
	return VOLT_STATUS_WAIT_IO;
}

static volt_wait *take_wait(volt_fiber *fiber) {
	volt_wait *wait = fiber->rare ? fiber->rare->wait : NULL;
	if (wait)
		fiber->rare->wait = NULL;
	return wait;
}

/* A wait that was begun without returning VOLT_NATIVE_WAIT. */
static void drop_unused_wait(volt_vm *vm) {
	if (vm->native.wait)
		wait_end(vm->native.wait);
	vm->native.wait = NULL;
}

static volt_status end_execution(volt_vm *vm, volt_fiber *fiber, volt_native_result result,
                                 replay_record *replay, volt_wait *wait) {
	if (result == VOLT_NATIVE_WAIT && vm->native.wait)
		return park(vm, fiber, wait);
	drop_unused_wait(vm);
	if (result == VOLT_NATIVE_CALL_CLOSURE && replay_is_requested(fiber)) {
		if (wait)
			wait_end(wait);
		return VOLT_STATUS_REPLAY;
	}
	finish(fiber, replay, wait);
	switch (result) {
	case VOLT_NATIVE_OK: return VOLT_STATUS_OK;
	case VOLT_NATIVE_PANIC: panic_raise(fiber, vm->native.panic); return VOLT_STATUS_PANIC;
	case VOLT_NATIVE_YIELD:
	case VOLT_NATIVE_WAIT:         /* without a wait */
	case VOLT_NATIVE_CALL_CLOSURE: /* without a closure */
	case VOLT_NATIVE_EXIT: break;
	}
	return VOLT_STATUS_YIELD;
}

/* The native has forked, and this is the child. */
static volt_status end_in_child(volt_vm *vm) {
	vm_fail(vm, vm_inherited_error());
	return VOLT_STATUS_YIELD;
}

static volt_native_result run_binding(const native_binding *binding, volt_native_call *call) {
	const volt_native_result result = binding->function(call);
	if (call->vm->native.wait && binding->is_standard)
		wait_mark_librarys(call->vm->native.wait);
	if (__builtin_expect(call->vm->native.has_aftermath, 0) && !vm_is_inherited(call->vm))
		return native_see_to_aftermath(call->vm, binding->name, result);
	return result;
}

static volt_status execute_native(volt_vm *vm, volt_fiber *fiber, uint32_t native, const volt_slot *arguments,
                                  uint32_t argument_count, volt_slot *results) {
	const native_binding *binding = &vm->natives[native];
	volt_native_call call = {
	    .vm = vm,
	    .user = binding->user,
	    .arguments = arguments,
	    .results = results,
	    .argument_count = argument_count,
	    .result_count = vm->module->natives.items[native].result_slots,
	};
	vm->native.wait = NULL;
	if (!fiber->rare) {
		const volt_native_result result = run_binding(binding, &call);
		if (vm_is_inherited(vm))
			return end_in_child(vm);
		if (result == VOLT_NATIVE_OK && !vm->native.wait)
			return VOLT_STATUS_OK;
		return end_execution(vm, fiber, result, NULL, NULL);
	}
	volt_wait *wait = take_wait(fiber);
	replay_record *replay = replay_current(fiber);
	call.wait = wait;
	if (replay) {
		call.closure_results = replay_results(replay);
		call.closure_result_count = replay->result_count;
		call.closure_panicked = replay->panicked;
		call.carried = replay->carried;
	}
	const volt_native_result result = run_binding(binding, &call);
	if (vm_is_inherited(vm))
		return end_in_child(vm);
	return end_execution(vm, fiber, result, replay, wait);
}

/*
 * A use that is narrower than what the import declares. The results area is memory of the collector, which
 * sees what the native stores there.
 */
static volt_status execute_narrow_use(volt_vm *vm, volt_fiber *fiber, uint32_t native,
                                      const volt_slot *arguments, uint32_t argument_count, volt_slot *results,
                                      uint32_t room) {
	volt_slot *area = heap_new_words(vm->space, vm->module->natives.items[native].result_slots);
	memcpy(area, results, room * sizeof *results);
	const volt_status status = execute_native(vm, fiber, native, arguments, argument_count, area);
	memcpy(results, area, room * sizeof *results);
	return status;
}

volt_status call_native(volt_vm *vm, volt_fiber *fiber, uint32_t native, const volt_slot *arguments,
                        uint32_t argument_count, volt_slot *results, uint32_t room) {
	if (__builtin_expect(vm->module->natives.items[native].result_slots > room, 0))
		return execute_narrow_use(vm, fiber, native, arguments, argument_count, results, room);
	return execute_native(vm, fiber, native, arguments, argument_count, results);
}

/* ---- What natives ask for ---- */

volt_native_result volt_native_panic(volt_native_call *call, const char *format, ...) {
	char *line = NULL;
	va_list arguments;
	va_start(arguments, format);
	const int length = vasprintf(&line, format, arguments);
	va_end(arguments);
	panic_text_value(call->vm, length >= 0 ? line : "", length >= 0 ? (size_t)length : 0,
	                 call->vm->native.panic);
	free(line);
	return VOLT_NATIVE_PANIC;
}

volt_native_result volt_native_trap(volt_native_call *call, volt_trap trap) {
	char text[128];
	panic_text_value(call->vm, text, volt_trap_format(trap, text, sizeof text), call->vm->native.panic);
	return VOLT_NATIVE_PANIC;
}

volt_native_result volt_native_exit(volt_native_call *call, int status) {
	call->vm->exit_status = status;
	call->vm->exited = true;
	call->vm->stopping = true;
	return VOLT_NATIVE_EXIT;
}

volt_wait *volt_native_begin_wait(volt_native_call *call, void *data, void (*free_data)(void *data)) {
	drop_unused_wait(call->vm);
	call->vm->native.wait = wait_begin(call->vm->waits, data, free_data);
	return call->vm->native.wait;
}

volt_native_result volt_native_call_closure(volt_native_call *call, volt_slot closure,
                                            const volt_slot *arguments, uint32_t count) {
	volt_fiber *fiber = call->vm->fibers.current;
	replay_record *asked = replay_is_requested(fiber) ? rare_top_replay(fiber->rare) : replay_current(fiber);
	replay_request(fiber, asked, call->carried, closure, arguments, count);
	return VOLT_NATIVE_CALL_CLOSURE;
}

volt_slot volt_native_new_string(volt_native_call *call, const void *bytes, size_t length) {
	return string_new(call->vm->space, bytes, length);
}

void volt_native_write(volt_native_call *call, const void *bytes, size_t length) {
	vm_write(call->vm, bytes, length);
}
