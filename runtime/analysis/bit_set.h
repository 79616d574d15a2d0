/* Sets of slots as words of 64 bits. Ranges cost a step for each word that they touch. */
#ifndef ANALYSIS_BIT_SET_H
#define ANALYSIS_BIT_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { BIT_SET_WORD_BITS = 64 };

static inline uint32_t bit_set_words(uint32_t bits) {
	return (bits + BIT_SET_WORD_BITS - 1) / BIT_SET_WORD_BITS;
}

static inline bool bit_set_has(const uint64_t *set, uint32_t bit) {
	return set[bit / BIT_SET_WORD_BITS] >> bit % BIT_SET_WORD_BITS & 1;
}

/* The bits of word `word` that lie in [first, end). */
static inline uint64_t bit_set_mask(uint32_t word, uint32_t first, uint32_t end) {
	const uint32_t start = word * BIT_SET_WORD_BITS;
	uint64_t mask = ~UINT64_C(0);
	if (first > start)
		mask &= ~UINT64_C(0) << (first - start);
	if (end < start + BIT_SET_WORD_BITS)
		// NOLINTNEXTLINE(clang-analyzer-core.BitwiseShift): a bit of the word is before end
		mask &= ~(~UINT64_C(0) << (end - start));
	return mask;
}

/* Adds [first, end). */
static inline void bit_set_add(uint64_t *set, uint32_t first, uint32_t end) {
	for (uint32_t word = first / BIT_SET_WORD_BITS; first < end && word <= (end - 1) / BIT_SET_WORD_BITS;
	     word++)
		set[word] |= bit_set_mask(word, first, end);
}

/* Takes [first, end) out. */
static inline void bit_set_remove(uint64_t *set, uint32_t first, uint32_t end) {
	for (uint32_t word = first / BIT_SET_WORD_BITS; first < end && word <= (end - 1) / BIT_SET_WORD_BITS;
	     word++)
		set[word] &= ~bit_set_mask(word, first, end);
}

static inline void bit_set_unite(uint64_t *set, const uint64_t *other, uint32_t words) {
	for (uint32_t word = 0; word < words; word++)
		set[word] |= other[word];
}

#endif
