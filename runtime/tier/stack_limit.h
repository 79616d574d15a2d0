/* How far down a native stack compiled code may go. */
#ifndef TIER_STACK_LIMIT_H
#define TIER_STACK_LIMIT_H

#include <stdint.h>

#include "process/stack_room.h"

/*
 * Below this address compiled code calls nothing. What is left of the stack then is for natives, and above
 * that for a frame of compiled code that calls nothing itself, the largest of which is 64 KiB, and for
 * helpers that have the image of such a frame.
 */
enum { TIER_NATIVE_STACK_MARGIN = NATIVE_STACK_ROOM + (256 << 10) };
uint64_t tier_native_stack_limit(void);

#endif
