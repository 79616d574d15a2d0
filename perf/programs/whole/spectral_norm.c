/* Twin of spectral_norm.vot. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static double a(int64_t i, int64_t j) {
	return 1 / (double)((i + j) * (i + j + 1) / 2 + i + 1);
}

static void mul_av(const double *v, double *out, int64_t n) {
	for (int64_t i = 0; i < n; i++) {
		double s = 0;
		for (int64_t j = 0; j < n; j++)
			s += a(i, j) * v[j];
		out[i] = s;
	}
}

static void mul_atv(const double *v, double *out, int64_t n) {
	for (int64_t i = 0; i < n; i++) {
		double s = 0;
		for (int64_t j = 0; j < n; j++)
			s += a(j, i) * v[j];
		out[i] = s;
	}
}

int main(void) {
	double *u = calloc(SIZE, sizeof *u), *v = calloc(SIZE, sizeof *v), *t = calloc(SIZE, sizeof *t);
	for (int64_t i = 0; i < SIZE; i++)
		u[i] = 1;
	for (int64_t i = 0; i < 10; i++) {
		mul_av(u, t, SIZE);
		mul_atv(t, v, SIZE);
		mul_av(v, t, SIZE);
		mul_atv(t, u, SIZE);
	}
	double vbv = 0, vv = 0;
	for (int64_t i = 0; i < SIZE; i++) {
		vbv += u[i] * v[i];
		vv += v[i] * v[i];
	}
	printf("%.9f\n", sqrt(vbv / vv));
	free(u);
	free(v);
	free(t);
}
