/* Twin of panic_recover_loop.vot. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
	bool is_int;
	int64_t n;
} PanicValue;

static jmp_buf *handler;
static PanicValue panic_value;

static _Noreturn void panic(PanicValue v) {
	panic_value = v;
	longjmp(*handler, 1);
}

static int64_t risky(int64_t k, const int64_t *xs, int64_t len) {
	if (k % 3 == 0)
		panic((PanicValue){true, k});
	int64_t i = k % 12;
	if (i < 0 || i >= len)
		panic((PanicValue){false, 0}); /* index out of range */
	return xs[i];
}

static int64_t safe(int64_t k, const int64_t *xs, int64_t len) {
	jmp_buf here;
	handler = &here;
	if (setjmp(here)) {
		if (panic_value.is_int)
			return panic_value.n & 7;
		return -1;
	}
	return risky(k, xs, len);
}

int main(void) {
	int64_t xs[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	int64_t s = 0;
	for (int64_t i = 0; i < SIZE; i++)
		s += safe(i, xs, 10);
	printf("panics %" PRId64 "\n", s);
}
