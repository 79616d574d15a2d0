/* Twin of matmul_flat.vot. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 360 };

static void mul(const double *a, const double *b, double *c, int64_t n) {
	for (int64_t i = 0; i < n; i++) {
		for (int64_t k = 0; k < n; k++) {
			double x = a[i * n + k];
			for (int64_t j = 0; j < n; j++)
				c[i * n + j] += x * b[k * n + j];
		}
	}
}

int main(void) {
	double *a = calloc(N * N, sizeof *a), *b = calloc(N * N, sizeof *b), *c = calloc(N * N, sizeof *c);
	for (int64_t i = 0; i < N * N; i++) {
		a[i] = (double)(i % 17) / 8;
		b[i] = (double)(i % 13) - 6;
	}
	for (int64_t r = 0; r < SIZE; r++)
		mul(a, b, c, N);
	double t = 0;
	for (int64_t i = 0; i < N * N; i++)
		t += c[i] * (double)(i % 7);
	printf("%.4f\n", t);
	free(a);
	free(b);
	free(c);
}
