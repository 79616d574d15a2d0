/*
 * The limits come from measurements. A function at one of them takes the optimising level about a second, at
 * the worst that was found two and a half, and the quick level as long. What people write is far below: of
 * 5,800 functions of test programs, one is too large to be optimised. Interpreters, tables and code that
 * another program has written are not.
 */
#include "analysis/budget.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Instructions: the quick level takes time in proportion to them; several passes of the other do not.
 * Calls: each is a dozen blocks and several exits.
 * Slots times exits: an exit names the slots that are alive, and what stands in memory between two exits is
 *   looked at from each.
 * Backward jumps: each loop, and each further way back to its header, is looked at by all passes for loops,
 *   and at the quick level has a check and its exit.
 * Nesting: a nest of n loops takes the passes for loops time in proportion to n * n * n. The quick level has
 * no such passes.
 */
static const uint64_t limits[][SIZE_COUNT] = {
    [EFFORT_QUICK] =
        {
            [SIZE_INSTRUCTIONS] = 30000,
            [SIZE_CALLS] = 3000,
            [SIZE_SLOTS_AT_EXITS] = 4000000,
            [SIZE_BACKWARD_JUMPS] = 4000,
            [SIZE_NESTING] = UINT64_MAX,
        },
    [EFFORT_FULL] =
        {
            [SIZE_INSTRUCTIONS] = 6000,
            [SIZE_CALLS] = 1500,
            [SIZE_SLOTS_AT_EXITS] = 100000,
            [SIZE_BACKWARD_JUMPS] = 500,
            [SIZE_NESTING] = 250000,
        },
};

static const char *const words[SIZE_COUNT] = {
#define SIZE(ENUMERATOR, words) [SIZE_##ENUMERATOR] = (words),
    FUNCTION_SIZES(SIZE)
#undef SIZE
};

/* ---- Counting ---- */

static unsigned effects_at(const volt_function *function, uint32_t pc) {
	return volt_opcode_get_info(function->code.items[pc].op)->effects;
}

static bool is_backward_jump(const volt_function *function, uint32_t pc) {
	return effects_at(function, pc) & VOLT_EFFECT_JUMPS &&
	       volt_jump_target(function->code.items[pc], pc) <= pc;
}

/*
 * A loop reaches from where it is jumped back to, to the last jump that does so. Where loops begin and end:
 * the difference between an instruction's number of loops and the one before it.
 */
static void mark_loops(const volt_function *function, const bool *reachable, uint32_t *last_jump,
                       int32_t *difference) {
	uint32_t count = function->code.count;
	for (uint32_t pc = 0; pc < count; pc++)
		if (reachable[pc] && is_backward_jump(function, pc))
			last_jump[volt_jump_target(function->code.items[pc], pc)] = pc + 1;
	for (uint32_t pc = 0; pc < count; pc++) {
		if (!last_jump[pc])
			continue;
		difference[pc]++;
		difference[last_jump[pc]]--;
	}
}

static uint64_t count_nesting(const volt_function *function, const bool *reachable) {
	size_t room = function->code.count + (size_t)1;
	uint32_t *last_jump = calloc(room, sizeof *last_jump);
	int32_t *difference = calloc(room, sizeof *difference);
	uint64_t nesting = 0;
	int64_t around = 0;
	if (last_jump && difference) {
		mark_loops(function, reachable, last_jump, difference);
		for (uint32_t pc = 0; pc < function->code.count; pc++) {
			around += difference[pc];
			nesting += reachable[pc] ? (uint64_t)(around * around) : 0;
		}
	}
	free(last_jump);
	free(difference);
	return nesting;
}

static void count_sizes(const volt_function *function, const bool *reachable, uint64_t *sizes) {
	const unsigned exits =
	    VOLT_EFFECT_PANICS | VOLT_EFFECT_BLOCKS | VOLT_EFFECT_ALLOCATES | VOLT_EFFECT_CALLS;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		if (!reachable[pc])
			continue;
		bool jumps_back = is_backward_jump(function, pc);
		sizes[SIZE_INSTRUCTIONS]++;
		sizes[SIZE_CALLS] += (effects_at(function, pc) & VOLT_EFFECT_CALLS) != 0;
		sizes[SIZE_BACKWARD_JUMPS] += jumps_back;
		if (effects_at(function, pc) & exits || jumps_back)
			sizes[SIZE_SLOTS_AT_EXITS] += function->local_slots;
	}
	sizes[SIZE_NESTING] = count_nesting(function, reachable);
}

/* ---- Deciding ---- */

static bool fits(compile_budget *budget, compile_effort effort) {
	for (size_kind kind = 0; kind < SIZE_COUNT; kind++)
		if (budget->sizes[kind] > limits[effort][kind]) {
			budget->excess = kind;
			budget->limit = limits[effort][kind];
			return false;
		}
	return true;
}

compile_budget budget_compute(const volt_function *function, const bool *reachable) {
	compile_budget budget = {.effort = EFFORT_FULL};
	if (reachable)
		count_sizes(function, reachable, budget.sizes);
	while (budget.effort > EFFORT_NONE && !fits(&budget, budget.effort))
		budget.effort--;
	return budget;
}

uint64_t volt_budget_rest(const compile_budget *budget) {
	uint64_t used = budget->sizes[SIZE_INSTRUCTIONS], most = limits[EFFORT_FULL][SIZE_INSTRUCTIONS];
	return used < most ? most - used : 0;
}

void volt_budget_reason(const compile_budget *budget, char reason[BUDGET_REASON_SIZE]) {
	snprintf(reason, BUDGET_REASON_SIZE, "too large to %s: %" PRIu64 " %s, limit %" PRIu64,
	         budget->effort == EFFORT_NONE ? "compile" : "optimise", budget->sizes[budget->excess],
	         words[budget->excess], budget->limit);
}
