/* Entries: a header, the sizes of the unit's functions, the object. */
#include "cache/code_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "cache/folder.h"

enum { NAME_SIZE = 2 * DIGEST_BYTES + 1, DEFAULT_MIB = 64 };

typedef struct {
	unit_key key;
	uint8_t sum[DIGEST_BYTES]; /* of all that follows */
	uint64_t functions;
	uint64_t object_bytes;
} entry_header;

struct code_cache {
	cache_folder folder;
	pthread_mutex_t lock; /* of what follows */
	volt_error *failure;
};

code_cache *code_cache_new(const char *folder, uint64_t bytes) {
	code_cache *cache = calloc(1, sizeof *cache);
	if (!cache)
		return NULL;
	if (!folder_start(&cache->folder, folder, bytes ? bytes : (uint64_t)DEFAULT_MIB << 20)) {
		free(cache);
		return NULL;
	}
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

void code_cache_free(code_cache *cache) {
	if (!cache)
		return;
	folder_end(&cache->folder);
	pthread_mutex_destroy(&cache->lock);
	volt_error_free(cache->failure);
	free(cache);
}

void code_cache_fail(code_cache *cache, volt_error *error) {
	if (!error)
		return;
	pthread_mutex_lock(&cache->lock);
	volt_error *other = cache->failure;
	cache->failure = other ? other : error;
	pthread_mutex_unlock(&cache->lock);
	if (other)
		volt_error_free(error);
}

const char *code_cache_failure(code_cache *cache) {
	pthread_mutex_lock(&cache->lock);
	const char *failure = cache->failure ? volt_error_message(cache->failure) : NULL;
	pthread_mutex_unlock(&cache->lock);
	return failure;
}

static void name_of(const unit_key *key, char name[NAME_SIZE]) {
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		name[2 * i] = digits[key->bytes[i] >> 4];
		name[2 * i + 1] = digits[key->bytes[i] & 15];
	}
	name[NAME_SIZE - 1] = 0;
}

static void sum_up(const entry_header *header, const void *rest, size_t size, uint8_t sum[DIGEST_BYTES]) {
	digest state;
	digest_start(&state);
	digest_add_number(&state, header->functions);
	digest_add_number(&state, header->object_bytes);
	digest_add(&state, rest, size);
	digest_end(&state, sum);
}

/* ---- Finding ---- */

static bool is_whole(const entry_header *header, const unit_key *key, uint32_t functions, const void *rest,
                     size_t size) {
	uint8_t sum[DIGEST_BYTES];
	if (memcmp(&header->key, key, sizeof *key) != 0 || header->functions != functions ||
	    size < functions * sizeof(uint64_t) || size - functions * sizeof(uint64_t) != header->object_bytes)
		return false;
	sum_up(header, rest, size, sum);
	return memcmp(sum, header->sum, sizeof sum) == 0;
}

static bool take_entry(const unsigned char *bytes, size_t size, const unit_key *key, uint64_t *sizes,
                       uint32_t functions, LLVMMemoryBufferRef *object) {
	entry_header header;
	const size_t sizes_bytes = functions * sizeof *sizes;
	if (size < sizeof header)
		return false;
	memcpy(&header, bytes, sizeof header);
	const unsigned char *rest = bytes + sizeof header;
	if (!is_whole(&header, key, functions, rest, size - sizeof header))
		return false;
	if (functions > 0)
		memcpy(sizes, rest, sizes_bytes);
	*object = LLVMCreateMemoryBufferWithMemoryRangeCopy((const char *)rest + sizes_bytes, header.object_bytes,
	                                                    "volt");
	return true;
}

bool code_cache_find(code_cache *cache, const unit_key *key, uint64_t *sizes, uint32_t functions,
                     LLVMMemoryBufferRef *object) {
	char name[NAME_SIZE];
	unsigned char *bytes = NULL;
	size_t size = 0;
	name_of(key, name);
	code_cache_fail(cache, folder_read(&cache->folder, name, &bytes, &size));
	const bool found = bytes && take_entry(bytes, size, key, sizes, functions, object);
	free(bytes);
	return found;
}

/* ---- Keeping ---- */

void code_cache_keep(code_cache *cache, const unit_key *key, const uint64_t *sizes, uint32_t functions,
                     LLVMMemoryBufferRef object) {
	char name[NAME_SIZE];
	const size_t sizes_bytes = functions * sizeof *sizes, object_bytes = LLVMGetBufferSize(object);
	const size_t size = sizeof(entry_header) + sizes_bytes + object_bytes;
	unsigned char *bytes = malloc(size);
	if (!bytes)
		return;
	unsigned char *rest = bytes + sizeof(entry_header);
	if (functions > 0)
		memcpy(rest, sizes, sizes_bytes);
	memcpy(rest + sizes_bytes, LLVMGetBufferStart(object), object_bytes);
	entry_header header = {.key = *key, .functions = functions, .object_bytes = object_bytes};
	sum_up(&header, rest, sizes_bytes + object_bytes, header.sum);
	memcpy(bytes, &header, sizeof header);
	name_of(key, name);
	code_cache_fail(cache, folder_write(&cache->folder, name, bytes, size));
	free(bytes);
}

/* ---- Keys ---- */

/* An entry without functions, whose object is the key. */
bool code_cache_find_key(code_cache *cache, const unit_key *key, unit_key *found) {
	LLVMMemoryBufferRef bytes;
	if (!code_cache_find(cache, key, NULL, 0, &bytes))
		return false;
	const bool is_key = LLVMGetBufferSize(bytes) == sizeof *found;
	if (is_key)
		memcpy(found, LLVMGetBufferStart(bytes), sizeof *found);
	LLVMDisposeMemoryBuffer(bytes);
	return is_key;
}

void code_cache_keep_key(code_cache *cache, const unit_key *key, const unit_key *kept) {
	LLVMMemoryBufferRef bytes =
	    LLVMCreateMemoryBufferWithMemoryRangeCopy((const char *)kept->bytes, sizeof kept->bytes, "key");
	code_cache_keep(cache, key, NULL, 0, bytes);
	LLVMDisposeMemoryBuffer(bytes);
}
