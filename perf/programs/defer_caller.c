/* Twin of defer_caller.vot: what is deferred there is called before the return; nothing is kept for a panic.
 */
#include "twin.h"

struct meter {
	int64_t depth, calls, total;
};

MEASURED void enter(struct meter *meter) {
	check_not_nil(meter);
	meter->depth++;
}

MEASURED void leave(struct meter *meter, int64_t n) {
	check_not_nil(meter);
	meter->total += meter->depth + (n & 15);
	meter->depth--;
	meter->calls++;
}

MEASURED int64_t mix(int64_t x) {
	return ((5 * x + 77) ^ (x >> 4)) & 0xffffff;
}

MEASURED int64_t hot(int64_t x, int64_t i) {
	const int64_t mixed = mix(x ^ i);
	return mixed ^ mix(mixed + x);
}

MEASURED int64_t guarded(struct meter *meter, int64_t x) {
	const int64_t deferred = x;
	enter(meter);
	for (int64_t i = 0; i < 100; i++)
		x = hot(x, i);
	leave(meter, deferred);
	return x;
}

int main(void) {
	struct meter *meter = new_object(sizeof *meter);
	int64_t x = 1;
	for (int64_t i = 0; i < SIZE; i++)
		x = guarded(meter, x ^ i);
	printf("defer_caller %lld %lld %lld\n", (long long)x, (long long)meter->calls, (long long)meter->total);
	free(meter);
	return 0;
}
