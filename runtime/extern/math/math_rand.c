/*
 * Package math/rand: xoroshiro128++ with a state for each thread, seeded by the system, so that no two runs
 * repeat (NATIVES.md, "Mathematics").
 */
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "extern/registry.h"
#include "extern/support.h"

static _Thread_local uint64_t state[2];

/* A scrambler for seeds: neighbouring inputs give unrelated outputs. */
static uint64_t scramble(uint64_t value) {
	value += 0x9e3779b97f4a7c15;
	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
	value = (value ^ value >> 27) * 0x94d049bb133111eb;
	return value ^ value >> 31;
}

static void seed(void) {
	if (getrandom(state, sizeof state, GRND_NONBLOCK) != (ssize_t)sizeof state) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		uint64_t time_and_process =
		    (uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 40;
		state[0] = scramble(time_and_process);
		state[1] = scramble(state[0] ^ (uint64_t)(uintptr_t)state);
	}
	state[0] |= 1; /* all zero is the one state that never leaves itself, and here means "not seeded" */
}

static uint64_t rotate_left(uint64_t value, int bits) {
	return value << bits | value >> (64 - bits);
}

static uint64_t next(void) {
	if (state[0] == 0 && state[1] == 0)
		seed();
	uint64_t first = state[0];
	uint64_t second = state[1] ^ first;
	uint64_t result = rotate_left(first + state[1], 17) + first;
	state[0] = rotate_left(first, 49) ^ second ^ second << 21;
	state[1] = rotate_left(second, 28);
	return result;
}

/* Uniform below `bound`: the values above the last multiple of it are drawn again. */
static uint64_t below(uint64_t bound) {
	uint64_t unfair = -bound % bound;
	uint64_t value = next();
	while (value < unfair)
		value = next();
	return value % bound;
}

static volt_native_result bounded(volt_native_call *call, const char *name) {
	int64_t bound = native_int(call, 0);
	if (bound <= 0)
		return volt_native_panic(call, "math/rand: %s: argument must be positive", name);
	return native_return(call, below((uint64_t)bound));
}

static volt_native_result rand_intn(volt_native_call *call) {
	return bounded(call, "Intn");
}
static volt_native_result rand_int63n(volt_native_call *call) {
	return bounded(call, "Int63n");
}
static volt_native_result rand_int(volt_native_call *call) {
	return native_return(call, next() >> 1);
}
static volt_native_result rand_uint64(volt_native_call *call) {
	return native_return(call, next());
}
static volt_native_result rand_uint32(volt_native_call *call) {
	return native_return(call, next() >> 32);
}

static volt_native_result rand_float64(volt_native_call *call) {
	return native_return_float(call, (double)(next() >> 11) * 0x1p-53);
}

static volt_native_result rand_float32(volt_native_call *call) {
	return native_return_float(call, (double)(next() >> 40) * 0x1p-24);
}

static volt_native_result rand_read(volt_native_call *call) {
	volt_slot slice = native_slot(call, 0);
	uint8_t *bytes = slice_data(slice);
	uint64_t length = slice_length(slice);
	for (uint64_t at = 0; at < length; at += sizeof(uint64_t)) {
		uint64_t random = next();
		memcpy(bytes + at, &random, length - at < sizeof random ? length - at : sizeof random);
	}
	native_set(call, 0, length);
	native_set_nil(call, 1);
	return VOLT_NATIVE_OK;
}

static const native_row rows[] = {
    {"math_rand_Float32", rand_float32, VOLT_PERMIT_NOTHING, "() -> float32"},
    {"math_rand_Float64", rand_float64, VOLT_PERMIT_NOTHING, "() -> float64"},
    {"math_rand_Int", rand_int, VOLT_PERMIT_NOTHING, "() -> int"},
    {"math_rand_Int63n", rand_int63n, VOLT_PERMIT_NOTHING, "(bound int64) -> int64"},
    {"math_rand_Intn", rand_intn, VOLT_PERMIT_NOTHING, "(bound int) -> int"},
    {"math_rand_Read", rand_read, VOLT_PERMIT_NOTHING, "(target []byte) -> (n int, error)"},
    {"math_rand_Uint32", rand_uint32, VOLT_PERMIT_NOTHING, "() -> uint32"},
    {"math_rand_Uint64", rand_uint64, VOLT_PERMIT_NOTHING, "() -> uint64"},
};

const native_package math_rand_package = NATIVE_PACKAGE(rows);
