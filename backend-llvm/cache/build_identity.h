/* Which builds of Volt and of LLVM are in this process. */
#ifndef CACHE_BUILD_IDENTITY_H
#define CACHE_BUILD_IDENTITY_H

#include <stdbool.h>

#include "cache/digest.h"

/*
 * Adds what the linker has put into the libraries to know them by (build id), of those that code depends on:
 * this one, the bytecode's and LLVM. False: one of them has none.
 */
bool build_identity_add(digest *sum);

#endif
