/* What the tier without code generation answers. */
#ifndef TESTS_TIER_FAKE_TIER_H
#define TESTS_TIER_FAKE_TIER_H

enum {
	FAKE_FUNCTIONS = 64,
	FAKE_LARGE = FAKE_FUNCTIONS, /* one more, which is compiled at the quick level only */
	FAKE_SLOW,                   /* and one that takes its time to be optimised */
	FAKE_TABLE,
	FAKE_SLOW_SECONDS = 3,
	FAKE_PCS = 16,
	FAKE_REFUSED = 8,    /* one of so many functions is refused */
	FAKE_FAILURE = 5000, /* the first compilation that fails */
};

#define FAKE_ANSWER(function, form) (1000 + 10 * (uint64_t)(function) + (uint64_t)(form))

#endif
