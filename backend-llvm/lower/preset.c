/* The tables of presets and hint sets. */
#include "lower/preset.h"

#include <string.h>

static const hint_set hint_sets[] = {
    {"none", false, false, false}, {"weights", true, false, false}, {"cold", false, true, false},
    {"both", true, true, false},   {"both+cc", true, true, true},   {"profile", true, true, true},
};

enum { HINTS_NONE = 0, HINTS_BOTH_CC = 4, HINT_SET_COUNT = sizeof hint_sets / sizeof hint_sets[0] };

static const compile_preset presets[] = {
    {"hinted", ABI_FAST, EXIT_FRAMES, &hint_sets[HINTS_BOTH_CC]},
    {"v3", ABI_FAST, EXIT_FRAMES, &hint_sets[HINTS_NONE]},
    {"baseline", ABI_EXTERNAL, EXIT_FRAMES, &hint_sets[HINTS_NONE]},
};

enum { PRESET_COUNT = sizeof presets / sizeof presets[0] };

const char *const preset_names[] = {"hinted", "v3", "baseline", NULL};

_Static_assert(sizeof preset_names / sizeof preset_names[0] == PRESET_COUNT + 1, "one name for each preset");

static const hint_set *find_hints(const char *name) {
	for (int i = 0; i < HINT_SET_COUNT; i++)
		if (strcmp(hint_sets[i].name, name) == 0)
			return &hint_sets[i];
	return NULL;
}

volt_error *preset_find(const char *name, const char *hints, compile_preset *result) {
	const compile_preset *found = name ? NULL : &presets[0];
	for (int i = 0; i < PRESET_COUNT && !found; i++)
		if (strcmp(presets[i].name, name) == 0)
			found = &presets[i];
	if (!found)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "there is no preset '%s': use hinted, v3 or baseline",
		                      name);
	*result = *found;
	if (!hints)
		return NULL;
	result->hints = find_hints(hints);
	if (!result->hints)
		return volt_error_new(VOLT_ERROR_ARGUMENT,
		                      "there are no hints '%s': use none, weights, cold, both, both+cc or profile",
		                      hints);
	return NULL;
}
