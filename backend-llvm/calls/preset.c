/* The tables of presets, axes and hint sets. */
#include "calls/preset.h"

#include <stdio.h>
#include <string.h>

static const hint_set hint_sets[] = {
    {"none", false, false, false}, {"weights", true, false, false}, {"cold", false, true, false},
    {"both", true, true, false},   {"both+cc", true, true, true},   {"profile", true, true, true},
};

enum { HINTS_NONE = 0, HINTS_BOTH_CC = 4, HINT_SET_COUNT = sizeof hint_sets / sizeof hint_sets[0] };

#define NO_HINTS &hint_sets[HINTS_NONE]
#define ALL_HINTS &hint_sets[HINTS_BOTH_CC]

static const compile_preset presets[] = {
#define PRESET(name, abi, status, types, exit, check, prologue, context, hints) \
	{name,          ABI_##abi,           STATUS_##status,   TYPES_##types, EXIT_##exit, \
	 CHECK_##check, PROLOGUE_##prologue, CONTEXT_##context, hints},
    /* clang-format off */
    PRESET("record-hinted", FAST,     REGISTER, UNIFORM, RECORD,   CALL,  SPLIT, PINNED,   ALL_HINTS)
    PRESET("hinted",        FAST,     REGISTER, UNIFORM, FRAMES,   ENTRY, WHOLE, ARGUMENT, ALL_HINTS)
    PRESET("baseline",      EXTERNAL, REGISTER, UNIFORM, FRAMES,   ENTRY, WHOLE, ARGUMENT, NO_HINTS)
    PRESET("v1",            FAST,     MEMORY,   NATURAL, FRAMES,   ENTRY, WHOLE, ARGUMENT, NO_HINTS)
    PRESET("v2",            FAST,     REGISTER, NATURAL, FRAMES,   ENTRY, WHOLE, ARGUMENT, NO_HINTS)
    PRESET("v3",            FAST,     REGISTER, UNIFORM, FRAMES,   ENTRY, WHOLE, ARGUMENT, NO_HINTS)
    PRESET("v4",            FAST,     REGISTER, UNIFORM, TRIVIAL,  ENTRY, WHOLE, ARGUMENT, NO_HINTS)
    PRESET("callback",      FAST,     REGISTER, UNIFORM, CALLBACK, ENTRY, WHOLE, ARGUMENT, NO_HINTS)
    PRESET("record",        FAST,     REGISTER, UNIFORM, RECORD,   ENTRY, WHOLE, ARGUMENT, NO_HINTS)
    PRESET("unwind",        FAST,     REGISTER, UNIFORM, UNWIND,   CALL,  SPLIT, PINNED,   ALL_HINTS)
/* clang-format on */
#undef PRESET
};

enum { PRESET_COUNT = sizeof presets / sizeof presets[0] };

const char *const preset_names[] = {"record-hinted", "hinted", "baseline", "v1", "v2", "v3", "v4",
                                    "callback",      "record", "unwind",   NULL};

_Static_assert(sizeof preset_names / sizeof preset_names[0] == PRESET_COUNT + 1, "one name for each preset");

/* ---- Values of the axes, by name ---- */

static const char *const abi_names[] = {"external", "fast", NULL};
static const char *const status_names[] = {"register", "memory", NULL};
static const char *const types_names[] = {"uniform", "natural", NULL};
static const char *const exit_names[] = {"frames", "callback", "trivial", "record", "unwind", NULL};

static const char *const check_names[] = {"entry", "call", NULL};
static const char *const prologue_names[] = {"whole", "split", NULL};
static const char *const context_names[] = {"argument", "pinned", NULL};

static int find_value(const char *const *names, const char *text, size_t length) {
	for (int i = 0; names[i]; i++)
		if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0)
			return i;
	return -1;
}

static bool has_prefix(const char *text, const char *prefix) {
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* One "axis=value"; false: there is no such axis or value. */
static bool set_axis(compile_preset *preset, const char *text, size_t length) {
	const char *equals = memchr(text, '=', length);
	if (!equals)
		return false;
	const char *value = equals + 1;
	size_t size = length - (size_t)(value - text);
	int found;
	if (has_prefix(text, "abi=") && (found = find_value(abi_names, value, size)) >= 0)
		preset->abi = (abi_kind)found;
	else if (has_prefix(text, "status=") && (found = find_value(status_names, value, size)) >= 0)
		preset->status = (status_kind)found;
	else if (has_prefix(text, "types=") && (found = find_value(types_names, value, size)) >= 0)
		preset->types = (types_kind)found;
	else if (has_prefix(text, "exit=") && (found = find_value(exit_names, value, size)) >= 0)
		preset->exit = (exit_kind)found;
	else if (has_prefix(text, "check=") && (found = find_value(check_names, value, size)) >= 0)
		preset->check = (check_kind)found;
	else if (has_prefix(text, "prologue=") && (found = find_value(prologue_names, value, size)) >= 0)
		preset->prologue = (prologue_kind)found;
	else if (has_prefix(text, "context=") && (found = find_value(context_names, value, size)) >= 0)
		preset->context = (context_kind)found;
	else
		return false;
	return true;
}

static volt_error *set_axes(compile_preset *preset, const char *text) {
	while (*text == ',') {
		text++;
		size_t length = strcspn(text, ",");
		if (!set_axis(preset, text, length))
			return volt_error_new(VOLT_ERROR_ARGUMENT,
			                      "'%.*s' is no axis of presets: use abi=external|fast, "
			                      "status=register|memory, types=uniform|natural, "
			                      "exit=frames|callback|trivial|record|unwind, check=entry|call, "
			                      "prologue=whole|split or context=argument|pinned",
			                      (int)length, text);
		text += length;
	}
	return NULL;
}

/* ---- Combinations ---- */

static const char *contradiction(const compile_preset *preset) {
	bool external = preset->abi == ABI_EXTERNAL;
	if (external && preset->status == STATUS_MEMORY)
		return "status=memory needs abi=fast: the external ABI returns nothing but its status";
	if (external && preset->types == TYPES_NATURAL)
		return "types=natural needs abi=fast: the external ABI passes slots in memory";
	if (external && preset->exit == EXIT_TRIVIAL)
		return "exit=trivial needs abi=fast: it is there to keep everything in registers";
	if (external && preset->exit == EXIT_UNWIND)
		return "exit=unwind needs abi=fast: the external ABI is a status";
	if (external && preset->context == CONTEXT_PINNED)
		return "context=pinned needs abi=fast: the external ABI is the host's own";
	if (preset->exit == EXIT_TRIVIAL && (preset->status == STATUS_MEMORY || preset->types == TYPES_NATURAL))
		return "exit=trivial returns a status and uniform results, and nothing else";
	if (preset->exit == EXIT_UNWIND && preset->status == STATUS_MEMORY)
		return "exit=unwind returns no status that could stand in memory";
	if (preset->exit == EXIT_UNWIND && preset->types == TYPES_NATURAL)
		return "exit=unwind passes uniform slots only";
	if (preset->prologue == PROLOGUE_SPLIT && preset->check == CHECK_ENTRY)
		return "prologue=split needs check=call: the check is where the rest starts";
	if (preset->prologue == PROLOGUE_SPLIT && (external || preset->types == TYPES_NATURAL))
		return "prologue=split needs abi=fast and types=uniform: the rest's parameters are any slots";
	if (preset->prologue == PROLOGUE_SPLIT && preset->exit == EXIT_TRIVIAL)
		return "prologue=split cannot be combined with exit=trivial, which has functions of its own";
	return NULL;
}

static const hint_set *find_hints(const char *name) {
	for (int i = 0; i < HINT_SET_COUNT; i++)
		if (strcmp(hint_sets[i].name, name) == 0)
			return &hint_sets[i];
	return NULL;
}

static const compile_preset *find_preset(const char *name, size_t length) {
	for (int i = 0; i < PRESET_COUNT; i++)
		if (strlen(presets[i].name) == length && memcmp(presets[i].name, name, length) == 0)
			return &presets[i];
	return NULL;
}

static volt_error *no_such_preset(const char *name) {
	char names[256] = "";
	for (int i = 0; i < PRESET_COUNT; i++) {
		strcat(names, i == 0 ? "" : i + 1 == PRESET_COUNT ? " or " : ", ");
		strcat(names, preset_names[i]);
	}
	return volt_error_new(VOLT_ERROR_ARGUMENT, "there is no preset '%s': use %s", name, names);
}

volt_error *preset_find(const char *name, const char *hints, compile_preset *result) {
	*result = presets[0];
	if (name) {
		size_t length = strcspn(name, ",");
		const compile_preset *found = find_preset(name, length);
		if (!found)
			return no_such_preset(name);
		*result = *found;
		volt_error *error = set_axes(result, name + length);
		if (error)
			return error;
	}
	const char *reason = contradiction(result);
	if (reason)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "preset '%s' makes no sense: %s", name, reason);
	if (hints)
		result->hints = find_hints(hints);
	if (!result->hints)
		return volt_error_new(VOLT_ERROR_ARGUMENT,
		                      "there are no hints '%s': use none, weights, cold, both, both+cc or profile",
		                      hints);
	return NULL;
}
