/*
 * Panics. Only pairs of function and pc are kept while frames are left, and only the outermost and innermost
 * ones: a program that recovers a million panics formats none of them.
 */
#include "interpreter/panic.h"

#include "fiber/rare.h"
#include "interpreter/stack_trace.h"
#include "object/format.h"
#include "object/strings.h"
#include "state/vm_state.h"

void panic_raise(volt_fiber *fiber, const volt_slot value[2]) {
	fiber_rare *rare = rare_get(fiber);
	rare->panic.value[0] = value[0];
	rare->panic.value[1] = value[1];
	rare->panic.generation = ++rare->panic_generation;
	if (rare->trace)
		rare->trace->count = 0;
}

void panic_text_value(volt_vm *vm, const char *text, size_t length, volt_slot value[2]) {
	value[1] = string_new(vm->space, text, length);
	value[0] = volt_interface_type(0, 0, VOLT_KIND_STRING);
}

void fiber_raise_trap(volt_vm *vm, volt_fiber *fiber, volt_trap trap) {
	char text[128];
	volt_slot value[2];
	panic_text_value(vm, text, volt_trap_format(trap, text, sizeof text), value);
	panic_raise(fiber, value);
}

void panic_trace_add(volt_fiber *fiber, uint32_t function, uint32_t pc) {
	fiber_rare *rare = rare_get(fiber);
	if (!rare->trace) {
		uint32_t one = 1;
		rare->trace = memory_grow(NULL, &one, 1, sizeof *rare->trace);
		rare->trace->count = 0;
	}
	panic_trace *trace = rare->trace;
	const uint64_t number = trace->count++;
	*(number < TRACE_HALF ? &trace->first[number] : &trace->last[number % TRACE_HALF]) =
	    (trace_entry){function, pc};
}

/* An entry's pc is that of its next instruction. */
static void format_entry(volt_vm *vm, trace_entry entry) {
	stack_trace_add_frame(vm, entry.function, entry.pc ? entry.pc - 1 : 0, &vm->trace);
}

static void format_trace(volt_vm *vm, const panic_trace *trace) {
	const uint64_t count = trace->count;
	for (uint64_t i = 0; i < count && i < TRACE_HALF; i++)
		format_entry(vm, trace->first[i]);
	if (count > 2 * TRACE_HALF)
		stack_trace_add_gap(count - 2 * TRACE_HALF, &vm->trace);
	uint64_t i = count > 2 * TRACE_HALF ? count - TRACE_HALF : TRACE_HALF;
	for (; i < count; i++)
		format_entry(vm, trace->last[i % TRACE_HALF]);
}

void panic_report(volt_vm *vm, volt_fiber *fiber) {
	fiber_rare *rare = rare_get(fiber);
	buffer text = {0};
	format_interface(vm->space, &text, rare->panic.value, true);
	if (rare->trace && !vm->error) /* else the trace is that of an earlier one */
		format_trace(vm, rare->trace);
	vm_fail(vm, volt_error_new(VOLT_ERROR_PANIC, "%s", text.bytes ? text.bytes : ""));
	buffer_free(&text);
}
