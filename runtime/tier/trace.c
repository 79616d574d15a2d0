/* The lines of a trace. */
#include "tier/trace.h"

#include <stdarg.h>
#include <stdio.h>

#include "bytecode/model/printable.h"

static const char *const levels[] = {
    [VOLT_LEVEL_NONE] = "interpreted", [VOLT_LEVEL_QUICK] = "quick", [VOLT_LEVEL_OPTIMISED] = "optimised"};
static const char *const forms[] = {
    [VOLT_FORM_CALL] = "to be called", [VOLT_FORM_RESUME] = "to go on in the middle"};

static __attribute__((format(printf, 2, 3))) void tell(const volt_vm *vm, const char *format, ...) {
	char line[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	vm->options.trace(vm->options.trace_user, line);
}

static printable name_of(const volt_vm *vm, uint32_t function) {
	return volt_printable(vm->module->functions.items[function].name);
}

void trace_request(const volt_vm *vm, const volt_compile_request *request, uint64_t calls, uint64_t rounds) {
	if (!trace_is_wanted(vm, VOLT_TRACE_COMPILING))
		return;
	const printable name = name_of(vm, request->function);
	tell(vm, "compile: %s, %s, %s: wanted after %llu calls and %llu rounds of its loops", name.text,
	     levels[request->level], forms[request->form], (unsigned long long)calls, (unsigned long long)rounds);
}

void trace_unexpected_calls(const volt_vm *vm, uint32_t function, uint32_t pc, uint32_t calls) {
	if (trace_is_wanted(vm, VOLT_TRACE_COMPILING))
		tell(vm, "compile: %s, anew: its call at pc %u was not expected, and has been made %u times",
		     name_of(vm, function).text, pc, calls);
}

void trace_compiled(const volt_vm *vm, uint32_t function, volt_form form, const volt_compiled *compiled) {
	if (!trace_is_wanted(vm, VOLT_TRACE_COMPILING))
		return;
	const printable name = name_of(vm, function);
	const char *reason = compiled->reason ? compiled->reason : "";
	if (!compiled->entry) {
		tell(vm, "compile: %s stays interpreted: %s", name.text, reason);
		return;
	}
	tell(vm, "compile: %s, %s, %s: %llu bytes %s %.1f ms%s%s", name.text, levels[compiled->level],
	     forms[form], (unsigned long long)compiled->code_bytes,
	     compiled->cache == VOLT_CACHE_HIT ? "from the cache in" : "in",
	     (double)compiled->compile_nanoseconds / 1e6, *reason ? "; " : "", reason);
}

void trace_exit(const volt_vm *vm, volt_fiber *fiber, volt_status status) {
	static const char *const meanings[] = {
#define STATUS(ENUMERATOR, number, name, meaning) [VOLT_STATUS_##ENUMERATOR] = name ": " meaning,
	    VOLT_STATUSES(STATUS)
#undef STATUS
	};
	const call_frame *frame = fiber_top_frame(fiber);
	const printable name = name_of(vm, frame->function);
	const volt_function *function = &vm->module->functions.items[frame->function];
	const bool panics = status == VOLT_STATUS_PANIC; /* the frame is behind the instruction that does */
	const uint32_t pc = panics && frame->pc > 0 ? frame->pc - 1 : frame->pc;
	const char *what = panics ? "panics" : "goes on";
	const volt_opcode_info *info =
	    pc < function->code.count ? volt_opcode_get_info(function->code.items[pc].op) : NULL;
	volt_text file = {"", 0};
	uint32_t line = 0;
	if (volt_module_find_line(vm->module, frame->function, pc, &file, &line))
		tell(vm, "exit: %s %s at pc %u (%s) at %s:%u: %s", name.text, what, pc, info ? info->name : "its end",
		     volt_printable(file).text, line, meanings[status]);
	else
		tell(vm, "exit: %s %s at pc %u (%s): %s", name.text, what, pc, info ? info->name : "its end",
		     meanings[status]);
}
