/* The least that any Return gives; a function that defers may also come back from a panic. */
#include "analysis/certain_results.h"

#include <stdlib.h>

#include "analysis/reachability.h"

enum { RETURN_HEAP_RESULTS = 2, MOST_RESULTS = UINT8_MAX };

static uint32_t heap_results(const volt_function *function, uint32_t references) {
	uint32_t slots = 0;
	for (uint32_t i = 0; i < references && i < function->heap_result_slots.count; i++)
		slots += function->heap_result_slots.items[i];
	return slots < MOST_RESULTS ? slots : MOST_RESULTS;
}

static uint32_t minimum(uint32_t left, uint32_t right) {
	return left < right ? left : right;
}

/*
 * Without results on the heap, a recovered panic gives zeros in all (SEMANTICS.md, "Deferred calls, panics,
 * recovery").
 */
static uint32_t results_after_recovery(const volt_function *function) {
	return function->heap_result_count ? heap_results(function, function->heap_result_count) : MOST_RESULTS;
}

/* Without memory nothing is certain. */
static uint32_t certain_results(const volt_function *function) {
	bool *reachable = volt_reachable_instructions(function);
	if (!reachable)
		return 0;
	bool returns = false;
	uint32_t least = function->has_defer ? results_after_recovery(function) : MOST_RESULTS;
	for (uint32_t pc = 0; pc < function->code.count; pc++) {
		volt_instruction instruction = function->code.items[pc];
		if (!reachable[pc] || instruction.op != VOLT_OP_Return)
			continue;
		returns = true;
		bool on_heap = instruction.flags & RETURN_HEAP_RESULTS;
		least = minimum(least, on_heap ? heap_results(function, instruction.b) : instruction.b);
	}
	free(reachable);
	return returns || function->has_defer ? least : 0;
}

uint32_t *volt_certain_results_new(const volt_module *module) {
	return calloc(module->functions.count + 1ULL, sizeof(uint32_t));
}

/* An entry is 0 until it is filled in, then one more than the number. */
uint32_t volt_certain_results(const volt_module *module, uint32_t function, uint32_t *table) {
	if (table[function] == 0)
		table[function] = 1 + certain_results(&module->functions.items[function]);
	return table[function] - 1;
}
