/* Twin of struct_copy.vot. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
	double x, y, z;
} V3;
typedef struct {
	V3 pos, vel;
	int64_t id, age;
} Part;

static V3 add(V3 a, V3 b) {
	return (V3){a.x + b.x, a.y + b.y, a.z + b.z};
}
static V3 scale(V3 a, double k) {
	return (V3){a.x * k, a.y * k, a.z * k};
}

static Part step(Part p, double dt) {
	p.pos = add(p.pos, scale(p.vel, dt));
	if (p.pos.x > 10 || p.pos.x < -10)
		p.vel.x = -p.vel.x;
	p.age++;
	return p;
}

static bool v3_eq(V3 a, V3 b) {
	return a.x == b.x && a.y == b.y && a.z == b.z;
}

static bool part_eq(const Part *a, const Part *b) {
	return v3_eq(a->pos, b->pos) && v3_eq(a->vel, b->vel) && a->id == b->id && a->age == b->age;
}

int main(void) {
	Part ps[] = {
	    {{0, 0, 0}, {1, 2, 3}, 0, 0}, {{1, 1, 1}, {-1, 0.5, 0}, 1, 0}, {{5, 5, 5}, {2, -2, 0.25}, 2, 0}};
	for (int64_t i = 0; i < SIZE; i++) {
		int64_t j = i % 3;
		ps[j] = step(ps[j], 0.001);
		Part q = ps[(j + 1) % 3];
		q.id += i;
		if (part_eq(&q, &ps[j]))
			puts("never");
	}
	for (int i = 0; i < 3; i++)
		printf("%.6f %.6f %.6f %" PRId64 "\n", ps[i].pos.x, ps[i].pos.y, ps[i].pos.z, ps[i].age);
}
