/* Panics: their values, and the trace of one that nobody recovers. */
#include <stdio.h>
#include <string.h>

#include "objects.h"

static const char *const messages[] = {
    [VOLT_TRAP_None] = "",
#define TRAP(name, message) [VOLT_TRAP_##name] = (message),
#include <volt/traps.def>
#undef TRAP
};

volt_status raise_value(machine *self, volt_slot type, volt_slot payload) {
	self->panic[0] = type;
	self->panic[1] = payload;
	self->trace.count = 0;
	return VOLT_STATUS_PANIC;
}

volt_status raise_text(machine *self, const char *text) {
	const volt_slot message = string_new(self, text, strlen(text));
	return raise_value(self, type_word(0, 0, VOLT_KIND_STRING), message);
}

/* %x and %y stand for the two numbers. Whoever recovers it gets a string. */
volt_status raise_trap(machine *self, volt_trap_kind kind, uint64_t x, uint64_t y) {
	char text[256], *to = text, *const end = text + sizeof text - 24;
	for (const char *from = messages[kind]; *from && to < end; from++)
		if (*from == '%')
			to += sprintf(to, "%llu", (unsigned long long)(*++from == 'x' ? x : y));
		else
			*to++ = *from;
	*to = 0;
	return raise_text(self, text);
}

void print_value(volt_slot type, volt_slot payload) {
	string text;
	switch (kind_of(type)) {
	case VOLT_KIND_VOID: puts("nil"); break;
	case VOLT_KIND_INT: printf("%lld\n", (long long)payload); break;
	case VOLT_KIND_STRING:
		text = string_of(payload);
		printf("%.*s\n", (int)text.length, text.bytes);
		break;
	default: printf("a value of kind %s\n", volt_kind_name(kind_of(type))); break;
	}
}

/* ---- The trace: every frame that the panic has left stands behind the instruction that it was in ---- */

void trace_add(machine *self, const frame *left) {
	panic_trace *trace = &self->trace;
	const uint64_t number = trace->count++;
	*(number < TRACE_HALF ? &trace->first[number] : &trace->last[number % TRACE_HALF]) =
	    (trace_line){left->function, left->pc - 1};
}

static void print_line(const machine *self, trace_line line) {
	const volt_text name = self->module->functions.items[line.function].name;
	printf("  %.*s, pc %u\n", (int)name.length, name.bytes, line.pc);
}

/* Those in the middle of a long trace are left out. */
void print_panic(const machine *self) {
	const panic_trace *trace = &self->trace;
	const uint64_t shown = 2 * TRACE_HALF;
	printf("panic: ");
	print_value(self->panic[0], self->panic[1]);
	for (uint64_t number = 0; number < trace->count && number < TRACE_HALF; number++)
		print_line(self, trace->first[number]);
	if (trace->count > shown)
		printf("  ... %llu frames\n", (unsigned long long)(trace->count - shown));
	for (uint64_t number = trace->count > shown ? trace->count - TRACE_HALF : TRACE_HALF;
	     number < trace->count; number++)
		print_line(self, trace->last[number % TRACE_HALF]);
}
