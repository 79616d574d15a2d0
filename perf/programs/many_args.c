/* Twin of many_args.vot: the same recursion with ten parameters. */
#include "twin.h"

MEASURED int64_t turn(int64_t n, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                      int64_t h, int64_t i) {
	if (n < 2)
		return (a + 2 * b + 3 * c) ^ (d + e) ^ (f - g) ^ (h + i);
	return turn(n - 1, b, c, d, e, f, g, h, i, a + n) + turn(n - 2, c, a, b, f, d, e, i, g, h - n);
}

int main(void) {
	printf("many_args %lld\n", (long long)turn(SIZE, 1, 2, 3, 4, 5, 6, 7, 8, 9));
	return 0;
}
