/* Twin of defer_loop.vot. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
	int64_t held, n;
} Lock;

static void unlock(Lock *l, int64_t k) {
	l->held--;
	l->n += k;
}

static int64_t critical(Lock *l, int64_t k) {
	int64_t r;
	l->held++;
	if (k % 5 == 0) {
		r = k;
		goto out;
	}
	r = k * 2;
	r += l->held;
out:
	unlock(l, k & 3);
	return r;
}

int main(void) {
	Lock *l = calloc(1, sizeof *l);
	int64_t s = 0;
	for (int64_t i = 0; i < SIZE; i++)
		s = (s + critical(l, i)) & 0xffffffff;
	printf("defer %" PRId64 " %" PRId64 " %" PRId64 "\n", s, l->held, l->n);
	free(l);
}
