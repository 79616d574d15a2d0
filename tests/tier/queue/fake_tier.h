/* What the tier without code generation answers. */
#ifndef TESTS_TIER_FAKE_TIER_H
#define TESTS_TIER_FAKE_TIER_H

enum {
	FAKE_FUNCTIONS = 64,
	FAKE_LARGE = FAKE_FUNCTIONS, /* one more, which is compiled at the quick level only */
	FAKE_SLOW,                   /* and one that is being optimised until the gate is opened */
	FAKE_TABLE,
	FAKE_PCS = 16,
	FAKE_REFUSED = 8,    /* one of so many functions is refused */
	FAKE_FAILURE = 5000, /* the first compilation that fails */
};

/* Each compilation takes as many nanoseconds as there were until then: its number. */

/* Symbols of atomic_bools: what is slow is finished; loading is. */
#define FAKE_GATE "fake_gate"
#define FAKE_LOAD_GATE "fake_load_gate"

#define FAKE_ANSWER(function, form) (1000 + 10 * (uint64_t)(function) + (uint64_t)(form))

#endif
