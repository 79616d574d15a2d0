/* What is live before the first instruction, and is no parameter. */
#include "analysis/unwritten.h"

#include <stdlib.h>

#include "analysis/bit_set.h"
#include "analysis/liveness.h"

/* As liveness.c counts its steps. */
static const uint64_t most_steps = UINT64_C(1) << 18;

static slot_interval interval_of(const uint64_t *set, uint32_t first, uint32_t end) {
	while (first < end && !bit_set_has(set, first))
		first++;
	while (end > first && !bit_set_has(set, end - 1))
		end--;
	return (slot_interval){first, end};
}

slot_interval volt_unwritten_slots(const volt_module *module, uint32_t function, uint32_t *certain_results) {
	const volt_function *info = &module->functions.items[function];
	slot_interval result = {info->parameter_slots, info->local_slots};
	if (info->code.count > most_steps)
		return result;
	liveness live;
	liveness_compute_within(module, function, certain_results, most_steps, &live);
	uint64_t *set = live.everything ? NULL : calloc(live.words + 1, sizeof *set);
	if (set) {
		volt_liveness_at(&live, 0, set);
		result = interval_of(set, result.first, result.end);
	}
	free(set);
	volt_liveness_dispose(&live);
	return result;
}
