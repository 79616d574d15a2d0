/* Twin of sieve.vot. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 4000000 };

static int64_t sieve(int64_t n, int64_t *last_out) {
	bool *comp = calloc(n + 1, sizeof *comp);
	for (int64_t i = 2; i * i <= n; i++)
		if (!comp[i])
			for (int64_t j = i * i; j <= n; j += i)
				comp[j] = true;
	int64_t count = 0, last = 0;
	for (int64_t i = 2; i <= n; i++) {
		if (!comp[i]) {
			count++;
			last = i;
		}
	}
	free(comp);
	*last_out = last;
	return count;
}

int main(void) {
	int64_t t = 0;
	for (int64_t r = 0; r < SIZE; r++) {
		int64_t l, c = sieve(N - r, &l);
		t += c * 7 + l;
	}
	printf("sieve %" PRId64 "\n", t);
}
