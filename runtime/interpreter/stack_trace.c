/* Frames as lines, and where an error has met a fiber. */
#include "interpreter/stack_trace.h"

#include "bytecode/model/printable.h"
#include "fiber/rare.h"

static void add_name(const volt_vm *vm, uint32_t function, buffer *out) {
	buffer_append_format(out, "%s", volt_printable(vm->module->functions.items[function].name).text);
}

static void add_place(const volt_vm *vm, uint32_t function, uint32_t pc, buffer *out) {
	volt_text file;
	uint32_t line;
	add_name(vm, function, out);
	if (volt_module_find_line(vm->module, function, pc, &file, &line))
		buffer_append_format(out, " %s:%u", volt_printable(file).text, line);
	else
		buffer_append_format(out, " pc %u", pc);
}

void stack_trace_add_frame(const volt_vm *vm, uint32_t function, uint32_t pc, buffer *out) {
	buffer_append_byte(out, '\t');
	add_place(vm, function, pc, out);
	buffer_append_byte(out, '\n');
}

void stack_trace_add_gap(uint64_t frames, buffer *out) {
	buffer_append_format(out, "\t... %llu more frames\n", (unsigned long long)frames);
}

/* Callers are at the call, which their pc stands behind. */
static uint32_t pc_of(const call_frame *frame, bool is_behind) {
	return is_behind && frame->pc ? frame->pc - 1 : frame->pc;
}

static void add_top(const volt_vm *vm, const call_frame *frame, stack_top top, buffer *out) {
	if (top != STACK_TOP_UNKNOWN) {
		stack_trace_add_frame(vm, frame->function, pc_of(frame, top == STACK_TOP_BEHIND), out);
		return;
	}
	buffer_append_byte(out, '\t');
	add_name(vm, frame->function, out);
	buffer_append_byte(out, '\n');
}

void stack_trace_add_fiber(const volt_vm *vm, const volt_fiber *fiber, stack_top top, buffer *out) {
	const uint32_t count = fiber->frame_count;
	for (uint32_t i = count; i-- > 0;) {
		const call_frame *frame = &fiber->frames[i];
		if (i + 1 == count) {
			add_top(vm, frame, top, out);
		} else if (count - i - 1 == TRACE_HALF && count > 2 * TRACE_HALF) {
			stack_trace_add_gap(count - 2 * TRACE_HALF, out);
			i = TRACE_HALF;
		} else {
			stack_trace_add_frame(vm, frame->function, pc_of(frame, true), out);
		}
	}
}

static bool says_where(volt_error_kind kind) {
	return kind != VOLT_ERROR_LIMIT && kind != VOLT_ERROR_INTERRUPTED;
}

static void add_to_message(volt_vm *vm, const call_frame *frame, stack_top top) {
	buffer place = {0};
	volt_error *plain = vm->error;
	add_place(vm, frame->function, pc_of(frame, top == STACK_TOP_BEHIND), &place);
	vm->error = volt_error_new(volt_error_get_kind(plain), "%s in %s", volt_error_message(plain),
	                           place.bytes ? place.bytes : "?");
	volt_error_free(plain);
	buffer_free(&place);
}

void stack_trace_note(volt_vm *vm, const volt_fiber *fiber, stack_top top) {
	if (!vm->error || vm_is_inherited(vm) || vm->trace.length || fiber->frame_count == 0)
		return;
	stack_trace_add_fiber(vm, fiber, top, &vm->trace);
	if (top != STACK_TOP_UNKNOWN && !says_where(volt_error_get_kind(vm->error)))
		add_to_message(vm, &fiber->frames[fiber->frame_count - 1], top);
}
