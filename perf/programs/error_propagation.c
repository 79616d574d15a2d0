/* Twin of error_propagation.vot: a value and an error come back in two registers, and each level tests the
 * error. */
#include "twin.h"

struct error {
	const char *text;
};

struct result {
	int64_t value;
	const struct error *error;
};

static const struct error *failure; /* set by main */

MEASURED struct result level6(int64_t n) {
	if ((n & 2047) == 2047)
		return (struct result){0, failure};
	return (struct result){n >> 1, NULL};
}

/* A level: calls the one below with `argument`; `value` is made from its result. */
#define LEVEL(name, below, argument, computed) \
	MEASURED struct result name(int64_t n) { \
		const struct result result = below(argument); \
		if (result.error) \
			return (struct result){0, result.error}; \
		const int64_t value = result.value; \
		return (struct result){computed, NULL}; \
	}

LEVEL(level5, level6, n + 1, value + 5)
LEVEL(level4, level5, n ^ 4, value - 4)
LEVEL(level3, level4, n + 3, value * 3 + n)
LEVEL(level2, level3, n >> 1, (value << 1) ^ n)
LEVEL(level1, level2, n & 65535, value & 4095)

int main(void) {
	struct error *error = new_object(sizeof *error);
	failure = error;
	int64_t sum = 0, failures = 0;
	for (int64_t i = 0; i < SIZE; i++) {
		const struct result result = level1(opaque(i));
		if (result.error)
			failures++;
		else
			sum += result.value;
	}
	printf("error_propagation %lld %lld\n", (long long)sum, (long long)failures);
	free(error);
	return 0;
}
