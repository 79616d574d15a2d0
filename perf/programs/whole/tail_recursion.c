/* Twin of tail_recursion.vot. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

enum { DEPTH = 500 };

static int64_t loop(int64_t n, int64_t acc) {
	if (n == 0)
		return acc;
	return loop(n - 1, (acc * 5 + n) & 0xffffff);
}

static int64_t gcd(int64_t a, int64_t b) {
	if (b == 0)
		return a;
	return gcd(b, a % b);
}

int main(void) {
	int64_t s = 0;
	for (int64_t i = 0; i < SIZE; i++) {
		s += loop(DEPTH, i);
		s += gcd(i * 7919 + 13, 1000003);
		s &= 0xfffffffff;
	}
	printf("tail %" PRId64 "\n", s);
}
