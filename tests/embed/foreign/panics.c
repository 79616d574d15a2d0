/* Panics end the program: this machine has no deferred calls that could recover one. */
#include <stdio.h>
#include <string.h>

#include "objects.h"

static const char *const messages[] = {
    [VOLT_TRAP_None] = "",
#define TRAP(name, message) [VOLT_TRAP_##name] = (message),
#include <volt/traps.def>
#undef TRAP
};

/* %x and %y stand for the two numbers. */
volt_status raise_trap(machine *self, volt_trap_kind kind, uint64_t x, uint64_t y) {
	char *to = self->panic, *const end = to + sizeof self->panic - 24;
	for (const char *from = messages[kind]; *from && to < end; from++)
		if (*from == '%')
			to += sprintf(to, "%llu", (unsigned long long)(*++from == 'x' ? x : y));
		else
			*to++ = *from;
	*to = 0;
	return VOLT_STATUS_PANIC;
}

volt_status raise_value(machine *self, volt_slot type, volt_slot payload) {
	const size_t size = sizeof self->panic;
	string text;
	switch (kind_of(type)) {
	case VOLT_KIND_INT: snprintf(self->panic, size, "%lld", (long long)payload); break;
	case VOLT_KIND_STRING:
		text = string_of(payload);
		snprintf(self->panic, size, "%.*s", (int)text.length, text.bytes);
		break;
	default: snprintf(self->panic, size, "a value of kind %s", volt_kind_name(kind_of(type))); break;
	}
	return VOLT_STATUS_PANIC;
}

/* Every frame stands behind the instruction that it is in. Those in the middle of a long trace are left out.
 */
void print_trace(const machine *self) {
	enum { SHOWN = 5 };
	uint64_t number = 0, count = self->running->frames;
	for (const frame *each = self->running->top; each; each = each->caller, number++) {
		const volt_text name = self->module->functions.items[each->function].name;
		if (number < SHOWN || number + SHOWN >= count)
			printf("  %.*s, pc %u\n", (int)name.length, name.bytes, each->pc - 1);
		else if (number == SHOWN)
			printf("  ... %llu frames\n", (unsigned long long)(count - 2 * SHOWN));
	}
}
