/*
 * The basic blocks that lowering makes, by what they are for: BLOCK(enumerator, name, COLD or HOT). What only
 * exits run is cold. The name reaches the assembly, where passes have appended numbers and words of theirs,
 * and is how metrics find the property again. A number behind "pc" is the pc, and that alone.
 */
#ifndef IR_BLOCKS_H
#define IR_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#define BLOCKS(BLOCK) \
	BLOCK(ENTRY, "entry", HOT) \
	BLOCK(PC, "pc", HOT) \
	BLOCK(UNREACHED, "unreached", HOT) \
	BLOCK(GO_ON, "hot", HOT) /* what follows a check */ \
	BLOCK(DONE, "done", HOT) \
	BLOCK(AGAIN, "again", HOT) \
	BLOCK(ROUNDS, "rounds", HOT) \
	BLOCK(ZERO, "zero", HOT) \
	BLOCK(CALLED, "called", HOT) \
	BLOCK(DEFERRED, "deferred", HOT) \
	BLOCK(SOME, "some", HOT) \
	BLOCK(ADDRESS, "address", HOT) \
	BLOCK(LENGTH, "length", HOT) \
	BLOCK(HOST, "host", HOT) \
	BLOCK(ROOM, "room", HOT) \
	BLOCK(SHARED, "shared", HOT) \
	BLOCK(TAKE, "take", HOT) \
	BLOCK(PAYLOAD, "payload", HOT) \
	BLOCK(ASSERTED, "asserted", HOT) \
	BLOCK(GO_ON_COLD, "cold_rest", COLD) /* what follows a check on a cold path */ \
	BLOCK(CALLEE_EXIT, "callee_exit", COLD) \
	BLOCK(UNWOUND, "unwound", COLD) \
	BLOCK(TRAP, "trap_exit", COLD) \
	BLOCK(NATIVE_EXIT, "native_exit", COLD) \
	BLOCK(CHANNEL_EXIT, "channel_exit", COLD) \
	BLOCK(HOST_EXIT, "host_exit", COLD) \
	BLOCK(FORCED_EXIT, "forced_exit", COLD) \
	BLOCK(STACK_LOW, "stack_low", COLD) \
	BLOCK(GIVE_WAY, "give_way", COLD) \
	BLOCK(SLICE_OVER, "slice_over", COLD) \
	BLOCK(NOT_COMPILED, "not_compiled", COLD) \
	BLOCK(OTHER_CALLEE, "other_callee", COLD) \
	BLOCK(DISPATCH, "dispatch", COLD) \
	BLOCK(GROW_STACK, "grow_stack", COLD) \
	BLOCK(HEATED, "heated", COLD) \
	BLOCK(COMPLETE, "complete", COLD) \
	BLOCK(WRITE_FRAME, "write_frame", COLD) \
	BLOCK(WRITE_SLOT, "write_slot", COLD) \
	BLOCK(LEAVE, "leave", COLD) \
	BLOCK(NO_RESUME_POINT, "no_resume_point", COLD)

typedef enum {
#define BLOCK(ENUMERATOR, ...) BLOCK_##ENUMERATOR,
	BLOCKS(BLOCK)
#undef BLOCK
	    BLOCK_COUNT,
} block_kind;

const char *block_name(block_kind kind);

/* Is it the name of a cold block, or was it made from one: "trap_exit", "trap_exit12", "trap_exit.split"? */
bool block_name_is_cold(const char *name, size_t length);

#endif
