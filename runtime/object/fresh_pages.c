/* A bit for each part of the address space that has been prepared. */
#include "object/fresh_pages.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "process/prefault.h"

/*
 * A part is prepared for what touching a tenth of its pages would cost. The table tells apart what lies
 * within 16 GiB. Beyond that, and where the collector has given pages back to the kernel, a part counts as
 * prepared that is not: then its pages come as they are touched.
 */
enum { PART_SHIFT = 18, PARTS = 1 << 16, WORD_BITS = 64 };

static _Atomic uint64_t prepared[PARTS / WORD_BITS];

static bool is_first_in(uintptr_t part) {
	_Atomic uint64_t *word = &prepared[part % PARTS / WORD_BITS];
	const uint64_t bit = (uint64_t)1 << part % WORD_BITS;
	return !(atomic_load_explicit(word, memory_order_relaxed) & bit) &&
	       !(atomic_fetch_or_explicit(word, bit, memory_order_relaxed) & bit);
}

void fresh_pages_prepare(const void *block, size_t bytes) {
	const uintptr_t start = (uintptr_t)block;
	const uintptr_t last = (start + bytes - 1) >> PART_SHIFT;
	bool is_fresh = false;
	for (uintptr_t part = start >> PART_SHIFT; part <= last; part++)
		is_fresh |= is_first_in(part);
	if (is_fresh)
		prefault(block, ((last + 1) << PART_SHIFT) - start);
}
