/* Where fibers are blocked, worded as in the original. */
#include "interpreter/blocked.h"

static const char *instruction_name(const volt_function *function, uint32_t pc) {
	const volt_opcode_info *info =
	    pc < function->code.count ? volt_opcode_get_info(function->code.items[pc].op) : NULL;
	return info ? info->name : "?";
}

static void report_fiber(const volt_vm *vm, volt_fiber *fiber, buffer *out) {
	buffer_append_format(out, "  fiber=%u state=Blocked(Queue)\n", fiber->id);
	if (fiber->frame_count == 0)
		return;
	const call_frame *frame = fiber_top_frame(fiber);
	const volt_function *function = &vm->module->functions.items[frame->function];
	buffer_append_format(out, "    at func=%u pc=%u", frame->function, frame->pc);
	if (frame->pc > 0)
		buffer_append_format(out, " inst@%u=%s", frame->pc - 1, instruction_name(function, frame->pc - 1));
	buffer_append_format(out, "\n    next inst@%u=%s\n", frame->pc, instruction_name(function, frame->pc));
}

void describe_blocked_fibers(const volt_vm *vm, buffer *out) {
	for (uint32_t i = 0; i < vm->fibers.fiber_count; i++)
		if (vm->fibers.fibers[i]->state != FIBER_DEAD)
			report_fiber(vm, vm->fibers.fibers[i], out);
}
