/*
 * Asking the running fiber to give way (volt/tier.h, native_stack_limit). Any thread may ask while the VM's
 * own looks or answers, so all accesses are atomic; they order nothing.
 */
#ifndef STATE_GIVE_WAY_H
#define STATE_GIVE_WAY_H

#include <stdbool.h>
#include <stdint.h>

#include "volt/tier.h"

static inline void give_way_ask(volt_context *context) {
	__atomic_store_n(&context->native_stack_limit, UINT64_MAX, __ATOMIC_RELAXED);
}

static inline bool give_way_is_asked(const volt_context *context) {
	return __atomic_load_n(&context->native_stack_limit, __ATOMIC_RELAXED) == UINT64_MAX;
}

/* The limit is that of the native stack again. */
static inline void give_way_forget(volt_context *context) {
	__atomic_store_n(&context->native_stack_limit, context->native_stack_end, __ATOMIC_RELAXED);
}

#endif
