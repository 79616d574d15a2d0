/* Objects by the keys of their units, in a folder that outlives the process. */
#ifndef CACHE_CODE_CACHE_H
#define CACHE_CODE_CACHE_H

#include <llvm-c/Core.h>
#include <stdbool.h>

#include "cache/unit_key.h"

/* Any number of threads may use one at a time, and any number of processes its folder. */
typedef struct code_cache code_cache;

/* `folder` is an absolute path; 0 bytes: 64 MiB. NULL: no memory. Nothing is looked at before it is needed.
 */
code_cache *code_cache_new(const char *folder, uint64_t bytes);
void code_cache_free(code_cache *cache);

/* The object of a unit with the sizes of its functions, as they were kept; false: it is not there. */
bool code_cache_find(code_cache *cache, const unit_key *key, uint64_t *sizes, uint32_t functions,
                     LLVMMemoryBufferRef *object);

void code_cache_keep(code_cache *cache, const unit_key *key, const uint64_t *sizes, uint32_t functions,
                     LLVMMemoryBufferRef object);

/* The key that was kept under another one; false: there is none. */
bool code_cache_find_key(code_cache *cache, const unit_key *key, unit_key *found);
void code_cache_keep_key(code_cache *cache, const unit_key *key, const unit_key *kept);

/* Takes an error that keeps a tier from using the cache. */
void code_cache_fail(code_cache *cache, volt_error *error);

/* What was the first thing to go wrong; NULL: nothing. It is the cache's. */
const char *code_cache_failure(code_cache *cache);

#endif
