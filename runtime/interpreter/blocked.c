/* Where fibers are blocked: worded as in the original, and then for people. */
#include "interpreter/blocked.h"

#include "bytecode/model/printable.h"
#include "volt/vot.h"

static const char *instruction_name(const volt_function *function, uint32_t pc) {
	const volt_opcode_info *info =
	    pc < function->code.count ? volt_opcode_get_info(function->code.items[pc].op) : NULL;
	return info ? info->name : "?";
}

/* Who waits at which instruction, and for whom: the callers. */
static void report_frame(const volt_vm *vm, const call_frame *frame, bool is_top, buffer *out) {
	const volt_function *function = &vm->module->functions.items[frame->function];
	const uint32_t pc = is_top || frame->pc == 0 ? frame->pc : frame->pc - 1;
	volt_text file;
	uint32_t line;
	buffer_append_format(out, "    %s %s", is_top ? "waits in" : "called by",
	                     volt_printable(function->name).text);
	if (volt_module_find_line(vm->module, frame->function, pc, &file, &line))
		buffer_append_format(out, " %s:%u", volt_printable(file).text, line);
	else
		buffer_append_format(out, " pc %u", pc);
	if (is_top && pc < function->code.count) {
		char text[128];
		volt_instruction_format(vm->module, function, pc, text, sizeof text);
		buffer_append_format(out, ": %s", text);
	}
	buffer_append_byte(out, '\n');
}

static void report_frames(const volt_vm *vm, const volt_fiber *fiber, buffer *out) {
	enum { SHOWN = 8 };
	const uint32_t count = fiber->frame_count;
	for (uint32_t i = 0; i < count && i < SHOWN; i++)
		report_frame(vm, &fiber->frames[count - 1 - i], i == 0, out);
	if (count > SHOWN)
		buffer_append_format(out, "    ... %u more frames\n", count - SHOWN);
}

static void report_fiber(const volt_vm *vm, volt_fiber *fiber, buffer *out) {
	buffer_append_format(out, "  fiber=%u state=Blocked(%s)\n", fiber->id,
	                     fiber->state == FIBER_BLOCKED_IO ? "IO" : "Queue");
	if (fiber->frame_count == 0)
		return;
	const call_frame *frame = fiber_top_frame(fiber);
	const volt_function *function = &vm->module->functions.items[frame->function];
	buffer_append_format(out, "    at func=%u pc=%u", frame->function, frame->pc);
	if (frame->pc > 0)
		buffer_append_format(out, " inst@%u=%s", frame->pc - 1, instruction_name(function, frame->pc - 1));
	buffer_append_format(out, "\n    next inst@%u=%s\n", frame->pc, instruction_name(function, frame->pc));
	report_frames(vm, fiber, out);
}

void describe_blocked_fibers(const volt_vm *vm, buffer *out) {
	enum { SHOWN = 100 };
	uint32_t count = 0;
	for (uint32_t i = 0; i < vm->fibers.fiber_count; i++) {
		volt_fiber *fiber = fiber_find_live(&vm->fibers, i);
		if (fiber && count++ < SHOWN)
			report_fiber(vm, fiber, out);
	}
	if (count > SHOWN)
		buffer_append_format(out, "  ... %u more fibers\n", count - SHOWN);
}
