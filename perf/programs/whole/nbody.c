/* Twin of nbody.vot. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
	double x, y, z, vx, vy, vz, m;
} Body;

static void advance(Body *bs, int64_t n, double dt) {
	for (int64_t i = 0; i < n; i++) {
		for (int64_t j = i + 1; j < n; j++) {
			double dx = bs[i].x - bs[j].x;
			double dy = bs[i].y - bs[j].y;
			double dz = bs[i].z - bs[j].z;
			double d2 = dx * dx + dy * dy + dz * dz + 0.01;
			double mag = dt / (d2 * sqrt(d2));
			bs[i].vx -= dx * bs[j].m * mag;
			bs[i].vy -= dy * bs[j].m * mag;
			bs[i].vz -= dz * bs[j].m * mag;
			bs[j].vx += dx * bs[i].m * mag;
			bs[j].vy += dy * bs[i].m * mag;
			bs[j].vz += dz * bs[i].m * mag;
		}
	}
	for (int64_t i = 0; i < n; i++) {
		bs[i].x += dt * bs[i].vx;
		bs[i].y += dt * bs[i].vy;
		bs[i].z += dt * bs[i].vz;
	}
}

static double energy(const Body *bs, int64_t n) {
	double e = 0;
	for (int64_t i = 0; i < n; i++) {
		Body b = bs[i];
		e += 0.5 * b.m * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz);
		for (int64_t j = i + 1; j < n; j++) {
			Body c = bs[j];
			double dx = b.x - c.x, dy = b.y - c.y, dz = b.z - c.z;
			e -= b.m * c.m / sqrt(dx * dx + dy * dy + dz * dz + 0.01);
		}
	}
	return e;
}

int main(void) {
	Body bs[] = {{0, 0, 0, 0, 0, 0, 40},
	             {5, 0, 0.1, 0, 2.7, 0.2, 0.04},
	             {8, 4, -0.4, -1, 1.9, 0, 0.011},
	             {-12, -15, -0.2, 1, -0.8, 0.02, 0.002},
	             {15, -25, 0.2, 0.9, 0.6, -0.03, 0.002}};
	int64_t n = sizeof bs / sizeof *bs;
	printf("%.9f\n", energy(bs, n));
	for (int64_t i = 0; i < SIZE; i++)
		advance(bs, n, 0.001);
	printf("%.9f\n", energy(bs, n));
}
