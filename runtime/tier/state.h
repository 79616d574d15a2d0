/* What the VM keeps for its compiling tier. */
#ifndef TIER_STATE_H
#define TIER_STATE_H

#include "fiber/fiber.h"
#include "tier/captured_frames.h"
#include "tier/queue.h"
#include "tier/ticker.h"
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

/* What is counted of a function; the numbers are those of the helper `hot`. */
typedef enum { HEAT_OF_CALLS, HEAT_OF_LOOPS, HEAT_KIND_COUNT } heat_kind;

/* Counts at which something is done: the tier is loaded, the function compiled, and optimised. */
typedef struct {
	uint64_t warm, first, optimised;
} heat_thresholds;

/* How compiled code of a function was entered by the VM. */
typedef enum { ENTERED_BY_CALL, ENTERED_AT_LOOP, ENTERED_BY_RESUME, ENTRY_KIND_COUNT } entry_kind;

/* Of one site that optimised code has called from (unexpected_calls.h). */
typedef struct {
	uint32_t count;
	uint32_t expected; /* the callee that was built in, plus 1; 0: none */
	uint32_t callee;
	int32_t votes; /* for that callee, above those for others */
	bool is_known; /* to the profile, now: they are no longer counted */
} unexpected_calls;

/* Of one function, on the program's thread. */
typedef struct {
	uint64_t due[HEAT_KIND_COUNT];      /* count at which its counter in context.heat comes to 0 */
	uint8_t requested[VOLT_FORM_COUNT]; /* highest volt_level that was asked for; 0: none */
	bool is_optimised;                  /* or to be: it has passed that threshold */
	uint32_t
	    looks_beside_code; /* that have found the interpreter in a loop, since compiled code was in one */
	uint64_t entered[ENTRY_KIND_COUNT];
	uint64_t (*exits)[VOLT_STATUS_COUNT]; /* by pc where the frame goes on; NULL: it never exited */
	uint64_t cut_short,
	    next_look;           /* entries that ended with an exit (withdrawal.h); when they are looked at */
	uint64_t entered_before; /* the first of them */
	uint32_t *left_at;       /* by pc where the frame that was entered goes on after them */
	unexpected_calls *unexpected; /* by pc; NULL: there were none */
	uint32_t compiled_anew;       /* how often, because of them */
	bool is_withdrawn;
	bool is_refused; /* when it was looked at last: it stays interpreted */
} function_profile;

typedef struct {
	compile_queue *queue; /* NULL: nothing was hot */
	ticker *ticker;       /* NULL: no compiled code, or its steps are counted */
	function_profile *functions;
	resume_point *resume_points; /* of the exit that is under way */
	uint32_t resume_count;
	uint32_t resume_capacity;
	captured_frames captured; /* instead of resume points, in presets whose exits capture frames */
	heat_thresholds thresholds[HEAT_KIND_COUNT];
	bool withdraws;                    /* withdrawal_is_wanted() */
	uint64_t exits[VOLT_STATUS_COUNT]; /* exits that reached the VM, by status */
	uint64_t entries;
	/* Called after each exit, when the fiber's frames are complete; NULL: nobody watches. */
	void (*exit_observer)(volt_vm *vm, volt_fiber *fiber, volt_status status);
} tier_state;

/* Ends the program: the fiber's stack cannot take the frames of an exit. */
_Noreturn void tier_out_of_stack(volt_vm *vm);

/* The functions that compiled code calls (VOLT_HELPERS), in the table's order. */
extern void (*const tier_helpers[VOLT_HELPER_COUNT])(void);

#endif
