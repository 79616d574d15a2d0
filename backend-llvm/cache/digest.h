/*
 * BLAKE3 digests, as LLVM has them. Whatever is added carries its length, so that no two sequences of parts
 * are the same bytes.
 */
#ifndef CACHE_DIGEST_H
#define CACHE_DIGEST_H

#include <llvm-c/blake3.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DIGEST_BYTES = LLVM_BLAKE3_OUT_LEN };

typedef llvm_blake3_hasher digest;

static inline void digest_start(digest *sum) {
	llvm_blake3_hasher_init(sum);
}

static inline void digest_add(digest *sum, const void *bytes, size_t size) {
	const uint64_t length = size;
	llvm_blake3_hasher_update(sum, &length, sizeof length);
	llvm_blake3_hasher_update(sum, bytes, size);
}

static inline void digest_add_number(digest *sum, uint64_t number) {
	digest_add(sum, &number, sizeof number);
}

static inline void digest_add_text(digest *sum, const char *text) {
	digest_add(sum, text, strlen(text));
}

static inline void digest_end(const digest *sum, uint8_t result[DIGEST_BYTES]) {
	llvm_blake3_hasher_finalize(sum, result, DIGEST_BYTES);
}

#endif
