/* Twin of fannkuch.vot. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t run(int64_t n, int64_t *best_out) {
	int64_t *p = malloc(n * sizeof *p);
	int64_t *q = malloc(n * sizeof *q);
	int64_t *c = calloc(n, sizeof *c);
	for (int64_t i = 0; i < n; i++)
		p[i] = i;
	int64_t sum = 0, best = 0, sign = 1;
	for (;;) {
		if (p[0] != 0) {
			memcpy(q, p, n * sizeof *q);
			int64_t flips = 0;
			for (int64_t k = q[0]; k != 0; k = q[0]) {
				for (int64_t i = 0, j = k; i < j; i++, j--) {
					int64_t t = q[i];
					q[i] = q[j];
					q[j] = t;
				}
				flips++;
			}
			if (flips > best)
				best = flips;
			sum += sign * flips;
		}
		if (sign == 1) {
			int64_t t = p[0];
			p[0] = p[1];
			p[1] = t;
			sign = -1;
		} else {
			int64_t t = p[1];
			p[1] = p[2];
			p[2] = t;
			sign = 1;
			for (int64_t i = 2; i < n; i++) {
				if (c[i] < i) {
					c[i]++;
					break;
				}
				if (i == n - 1) {
					free(p);
					free(q);
					free(c);
					*best_out = best;
					return sum;
				}
				c[i] = 0;
				t = p[0];
				for (int64_t j = 0; j <= i; j++)
					p[j] = p[j + 1];
				p[i + 1] = t;
			}
		}
	}
}

int main(void) {
	if (SIZE > 0) {
		int64_t best, sum = run(SIZE, &best);
		printf("fannkuch %" PRId64 " %" PRId64 "\n", sum, best);
	}
}
