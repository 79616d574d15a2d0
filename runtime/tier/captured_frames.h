/* Native frames that an exit has captured, until they are laid out as frames of the fiber. */
#ifndef TIER_CAPTURED_FRAMES_H
#define TIER_CAPTURED_FRAMES_H

#include <stdint.h>

#include "fiber/fiber.h"
#include "volt/tier.h"
#include "volt/vm.h"

/*
 * One native frame, whose values lie behind those of the frames that were captured before it; or frames
 * without values that tail calls have skipped, which are alike.
 */
typedef struct {
	const volt_exit_site *site;
	uint32_t pc;
	uint32_t first_value;
	uint64_t count;
	bool is_skipped;
} captured_frame;

/* Innermost first. The collector knows the values. */
typedef struct {
	captured_frame *items;
	uint32_t count;
	uint32_t capacity;
	volt_slot *values;
	uint32_t value_count;
	uint32_t value_capacity;
} captured_frames;

/* `values` as the site says; `context_pc` is the pc of sites that leave it to the context. */
void captured_frames_add(captured_frames *captured, const volt_exit_site *site, const volt_slot *values,
                         uint64_t context_pc);

/* So many frames alike, without values; 0: none. */
void captured_frames_add_skipped(captured_frames *captured, const volt_exit_site *site, uint64_t count);

/*
 * Lays the frames out, outermost first, and forgets what was captured. All are pushed, but without `held` the
 * outermost one is the fiber's top frame, which gets its slots and pc. Pending deferred calls become the
 * fiber's, and a frame that makes them the unwinding that it is. `panics`: the exit is a panic. False: no
 * memory for the fiber's stack.
 */
bool captured_frames_lay_out(captured_frames *captured, volt_vm *vm, volt_fiber *fiber, bool panics,
                             bool held);

void captured_frames_free(captured_frames *captured);

#endif
