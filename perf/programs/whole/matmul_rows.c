/* Twin of matmul_rows.vot. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 320 };

static double **matrix(int64_t n, int64_t k) {
	double **m = malloc(n * sizeof *m);
	for (int64_t i = 0; i < n; i++) {
		m[i] = malloc(n * sizeof **m);
		for (int64_t j = 0; j < n; j++)
			m[i][j] = (double)((i * k + j) % 11) - 5;
	}
	return m;
}

static void matrix_free(double **m, int64_t n) {
	for (int64_t i = 0; i < n; i++)
		free(m[i]);
	free(m);
}

static double **mul(double **a, double **b, int64_t n) {
	double **c = malloc(n * sizeof *c);
	for (int64_t i = 0; i < n; i++) {
		c[i] = malloc(n * sizeof **c);
		for (int64_t j = 0; j < n; j++) {
			double s = 0;
			for (int64_t k = 0; k < n; k++)
				s += a[i][k] * b[k][j];
			c[i][j] = s;
		}
	}
	return c;
}

int main(void) {
	double **a = matrix(N, 3), **b = matrix(N, 5);
	for (int64_t r = 0; r < SIZE; r++) {
		double **c = mul(a, b, N);
		matrix_free(a, N);
		a = c;
		for (int64_t i = 0; i < N; i++)
			for (int64_t j = 0; j < N; j++)
				a[i][j] /= 100;
	}
	double t = 0;
	for (int64_t i = 0; i < N; i++)
		t += a[i][i] * (double)i;
	printf("%.6f\n", t);
	matrix_free(a, N);
	matrix_free(b, N);
}
