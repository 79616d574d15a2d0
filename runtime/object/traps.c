/* Messages of runtime errors. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "volt/value.h"

static const char *const messages[VOLT_TRAP_COUNT] = {
    [VOLT_TRAP_None] = "no error",
#define TRAP(name, message) [VOLT_TRAP_##name] = (message),
#include "volt/traps.def"
#undef TRAP
};

/* One output position; counts on when the buffer is full. */
typedef struct {
	char *bytes;
	size_t size;
	size_t length;
} writer;

static void put(writer *out, const char *text) {
	for (; *text; text++, out->length++)
		if (out->length + 1 < out->size)
			out->bytes[out->length] = *text;
}

static void put_number(writer *out, uint64_t number) {
	char digits[24];
	snprintf(digits, sizeof digits, "%" PRIu64, number);
	put(out, digits);
}

size_t volt_trap_format(volt_trap trap, char *buffer, size_t size) {
	writer out = {buffer, size, 0};
	bool known = (unsigned)trap.kind < VOLT_TRAP_COUNT;
	for (const char *at = known ? messages[trap.kind] : "runtime error"; *at; at++) {
		bool number = at[0] == '%' && (at[1] == 'x' || at[1] == 'y');
		if (number)
			put_number(&out, *++at == 'x' ? trap.x : trap.y);
		else
			put(&out, (const char[]){*at, 0});
	}
	if (size)
		buffer[out.length < size ? out.length : size - 1] = 0;
	return out.length;
}
