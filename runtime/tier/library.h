/* Finding and opening a tier's shared library. */
#ifndef TIER_LIBRARY_H
#define TIER_LIBRARY_H

#include "volt/tier.h"

VOLT_DECLARATIONS_BEGIN

/*
 * Opens a tier's library and gets its functions. `path` NULL: libvolt-llvm beside this library, or else where
 * the loader looks. Opened once, it stays open. Any thread.
 */
volt_error *tier_library_open(const char *path, const volt_tier_interface **interface);

VOLT_DECLARATIONS_END

#endif
