/* The limit of the native stack, which compiled code compares its stack pointer with. */
#include "tier/stack_limit.h"

/* Above the limit compiled frames use no more than this, since the stack of a main thread may be unlimited.
 */
enum { NATIVE_STACK_USE = 7 << 20 };

uint64_t tier_native_stack_limit(void) {
	const uint64_t here = (uint64_t)(uintptr_t)__builtin_frame_address(0);
	const size_t left = native_stack_left();
	const size_t usable = left > TIER_NATIVE_STACK_MARGIN ? left - TIER_NATIVE_STACK_MARGIN : 0;
	return here - (usable < NATIVE_STACK_USE ? usable : NATIVE_STACK_USE);
}
