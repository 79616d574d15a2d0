/*
 * Which slots of a frame may still be read: at each instruction, those that the interpreter could look at if
 * it executed the function from there on. What is not live may hold anything.
 *
 * Reads are never missing, and a write ends a slot's life only if it is certain. See liveness.c for both.
 */
#ifndef ANALYSIS_LIVENESS_H
#define ANALYSIS_LIVENESS_H

#include "analysis/constants.h"
#include "analysis/control_flow.h"
#include "analysis/select_slots.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef struct {
	const volt_module *module;
	const volt_function *function;
	uint32_t *certain_results;
	const char *everything; /* why every slot counts as live everywhere; NULL: what is live was computed */
	uint32_t slots;
	uint32_t words; /* of a set: bit_set_words(slots) */
	control_flow flow;
	slot_constants constants;
	select_slots selects;
	uint64_t *live_in; /* a set for each block: live before its first instruction */
} liveness;

/*
 * Of a verified function. `certain_results` (certain_results.h) must outlive the result; without it (NULL)
 * calls are taken to write nothing for certain. Time and memory are bounded; where they would not do, every
 * slot is live everywhere, and `everything` says why.
 */
void volt_liveness_compute(const volt_module *module, uint32_t function, uint32_t *certain_results,
                           liveness *result);
void volt_liveness_dispose(liveness *live);

/* The slots that are live before the instruction at `pc`; none if control never gets there. */
void volt_liveness_at(const liveness *live, uint32_t pc, uint64_t *set);

/*
 * The same for every instruction of a block, last one first, in one walk. `set` belongs to the walk and holds
 * until the visitor returns. False: no memory, and nothing was visited.
 */
typedef void liveness_visitor(void *user, uint32_t pc, const uint64_t *set);
bool volt_liveness_visit_block(const liveness *live, uint32_t block, liveness_visitor *visit, void *user);

VOLT_DECLARATIONS_END

/* The same with another bound on the time, in the steps that liveness.c counts. */
void liveness_compute_within(const volt_module *module, uint32_t function, uint32_t *certain_results,
                             uint64_t most_steps, liveness *result);

#endif
