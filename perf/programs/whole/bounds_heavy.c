/* Twin of bounds_heavy.vot. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 4096, ROWS = 48, COLS = 64 };

static void gather(int64_t *dst, const int64_t *a, const int64_t *b, const int64_t *idx, int64_t n) {
	for (int64_t i = 0; i < n; i++) {
		int64_t j = idx[i];
		dst[i] = a[j] + b[(j + i) & (N - 1)];
	}
}

static void smooth(int64_t *dst, const int64_t *src, int64_t n) {
	dst[0] = src[0];
	dst[n - 1] = src[n - 1];
	for (int64_t i = 1; i < n - 1; i++)
		dst[i] = (src[i - 1] + src[i] * 2 + src[i + 1]) >> 2;
}

static int64_t bytesum(uint8_t *bs, int16_t *small, int32_t *w, int64_t n) {
	int64_t s = 0;
	for (int64_t i = 0; i < n; i++) {
		bs[i] += (uint8_t)i;
		small[i] -= (int16_t)bs[i];
		w[i] ^= (int32_t)((uint32_t)(int32_t)small[i] << 3);
		s += w[i];
	}
	return s;
}

static double dot(double *a, const double *b, int64_t n) {
	double t = 0;
	for (int64_t i = 0; i < n; i++) {
		t += a[i] * b[n - 1 - i];
		a[i] = a[i] * 0.5 + 0.25;
	}
	return t;
}

static int64_t prefix(int64_t **rows, int64_t nr, int64_t nc) {
	int64_t t = 0;
	for (int64_t r = 1; r < nr; r++) {
		for (int64_t c = 1; c < nc; c++) {
			rows[r][c] = (rows[r - 1][c] + rows[r][c - 1] - rows[r - 1][c - 1] + r * c) & 0xffff;
			t += rows[r][c];
		}
	}
	return t;
}

int main(void) {
	int64_t *a = calloc(N, sizeof *a), *b = calloc(N, sizeof *b);
	int64_t *c = calloc(N, sizeof *c), *idx = calloc(N, sizeof *idx);
	uint8_t *bs = calloc(N, sizeof *bs);
	int16_t *small = calloc(N, sizeof *small);
	int32_t *w = calloc(N, sizeof *w);
	double *fa = calloc(N, sizeof *fa), *fb = calloc(N, sizeof *fb);
	int64_t **rows = malloc(ROWS * sizeof *rows);
	for (int64_t r = 0; r < ROWS; r++)
		rows[r] = calloc(COLS, sizeof **rows);
	for (int64_t i = 0; i < N; i++) {
		a[i] = i * 3;
		b[i] = N - i;
		idx[i] = (i * 37 + 11) % N;
		fa[i] = (double)i / N;
		fb[i] = (double)(N - i) / N;
	}
	int64_t s = 0;
	double f = 0;
	for (int64_t k = 0; k < SIZE; k++) {
		int64_t j = k & (N - 1);
		gather(c, a, b, idx, N);
		smooth(b, c, N);
		s = (s + bytesum(bs, small, w, N) + b[j] + prefix(rows, ROWS, COLS)) & 0xffffffff;
		f += dot(fa, fb, N - j);
	}
	printf("bounds %" PRId64 " %" PRId64 "\n", s, (int64_t)(f * 1000));
}
