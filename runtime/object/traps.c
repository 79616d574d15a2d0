/* Messages of runtime errors. */
#include <stdbool.h>

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

static void put(writer *out, char byte) {
	if (out->length + 1 < out->size)
		out->bytes[out->length] = byte;
	out->length++;
}

/* Programs recover from traps in loops: printf() would take longer than all else. */
static void put_number(writer *out, uint64_t number) {
	enum { MOST_DIGITS = 20 };
	char digits[MOST_DIGITS];
	unsigned count = 0;
	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (count > 0)
		put(out, digits[--count]);
}

size_t volt_trap_format(volt_trap trap, char *buffer, size_t size) {
	writer out = {buffer, size, 0};
	bool known = (unsigned)trap.kind < VOLT_TRAP_COUNT;
	for (const char *at = known ? messages[trap.kind] : "runtime error"; *at; at++) {
		bool number = at[0] == '%' && (at[1] == 'x' || at[1] == 'y');
		if (number)
			put_number(&out, *++at == 'x' ? trap.x : trap.y);
		else
			put(&out, *at);
	}
	if (size)
		buffer[out.length < size ? out.length : size - 1] = 0;
	return out.length;
}
