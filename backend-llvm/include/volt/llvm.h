/*
 * The LLVM tier as a library: libvolt-llvm compiles Vo bytecode for any host that volt/tier.h can describe.
 *
 * Most hosts load it at run time and take the table of functions from the symbol VOLT_TIER_SYMBOL; a host
 * that links it directly calls the same function by its name below. Several
 * threads may compile with one tier object at a time (volt/tier.h, `compile`); different ones are
 * independent, each with its own LLVM context and code memory. Compiling needs a deep stack: a request whose
 * caller has less than 16 MiB left runs on a thread that is made for it, for which the caller waits. Code
 * memory is never writable and executable at once. Entry points are valid until the tier is destroyed.
 *
 * Nothing is printed, and LLVM's errors do not end the process where its C interface lets that be said. Its
 * handler of fatal errors, of which a process has one, is taken when this library is loaded and LLVM was not
 * in the process before; a host that has LLVM for itself keeps its own, and one that installs its own later
 * may do so: a fatal error of the tier's then ends as that handler says. Without any memory left, LLVM ends
 * the process.
 */
#ifndef VOLT_LLVM_H
#define VOLT_LLVM_H

#include "volt/tier.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* The tier's functions, what they own and which errors they have: volt/tier.h. Constant; from any thread. */
const volt_tier_interface *volt_tier_get_interface(void);

VOLT_DECLARATIONS_END

#endif
