/* The generator that seeds of the schedule start. */
#include "state/time_slice.h"

void time_slices_start(time_slices *slices, uint64_t seed) {
	slices->random = seed ? seed : 0x9e3779b97f4a7c15;
	slices->next_profiled = UINT64_MAX;
}

/* splitmix64: any seed will do, and one multiplication more or less does not matter here. */
static uint64_t next_random(uint64_t *state) {
	uint64_t z = *state += 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

uint32_t time_slice_random(time_slices *slices, uint32_t bound) {
	return (uint32_t)(next_random(&slices->random) % bound);
}
