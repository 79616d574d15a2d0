/* What the VM keeps for its compiling tier. */
#ifndef TIER_STATE_H
#define TIER_STATE_H

#include "volt/tier.h"
#include "volt/vm.h"

/* A native frame that has left, innermost first: it becomes a frame of the fiber. */
typedef struct {
	uint32_t function;
	uint32_t pc;
	uint32_t base;
	uint16_t result_slot;
	uint16_t result_count;
} resume_point;

typedef struct {
	const volt_tier_interface *interface;
	volt_tier *tier;
	volt_compiled *compiled;     /* by function */
	resume_point *resume_points; /* of the exit that is under way */
	uint32_t resume_count;
	uint32_t resume_capacity;
	uint64_t exits[VOLT_STATUS_YIELD + 1]; /* exits that reached the VM, by status */
	uint64_t entries;
	uint64_t compile_nanoseconds;
} tier_state;

/* The functions that compiled code calls (VOLT_HELPERS), in the table's order. */
extern void (*const tier_helpers[VOLT_HELPER_COUNT])(void);

#endif
