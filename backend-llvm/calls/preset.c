/* Presets by name, axes that differ from them, and which combinations mean something. */
#include "calls/preset.h"

#include <stdio.h>
#include <string.h>

#include "calls/strategy.h"

static const hint_set hint_sets[HINTS_COUNT] = {
#define HINT_SET(ENUMERATOR, ...) [HINTS_##ENUMERATOR] = {__VA_ARGS__},
    HINT_SETS(HINT_SET)
#undef HINT_SET
};

static const compile_preset presets[] = {
#define PRESET(name, abi, status, types, exit, check, prologue, context, hints) \
	{name, \
	 ABI_##abi, \
	 STATUS_##status, \
	 TYPES_##types, \
	 EXIT_##exit, \
	 CHECK_##check, \
	 PROLOGUE_##prologue, \
	 CONTEXT_##context, \
	 &hint_sets[HINTS_##hints]},
#include "calls/presets.def"
#undef PRESET
};

enum { PRESET_COUNT = sizeof presets / sizeof presets[0] };

const char *const preset_names[] = {
#define PRESET(name, ...) name,
#include "calls/presets.def"
#undef PRESET
    NULL,
};

/* ---- Texts of errors ---- */

enum { TEXT_BYTES = 512 };

/* What does not fit is left out: the text is for people. */
static void append(char *text, const char *more) {
	size_t length = strlen(text);
	snprintf(text + length, TEXT_BYTES - length, "%s", more);
}

/* "a, b or c": the separator in front of item `index` of `count`. */
static const char *separator(int index, int count) {
	return index == 0 ? "" : index + 1 == count ? " or " : ", ";
}

/* ---- Axes ---- */

#define NAME(PREFIX, VALUE, name) #name,
#define NAMES(PREFIX, axis) static const char *const axis##_names[] = {PREFIX##_VALUES(NAME) NULL};
AXES(NAMES)
#undef NAMES
#undef NAME

static const struct {
	const char *name;
	const char *const *values;
} axes[] = {
#define ROW(PREFIX, axis) {#axis, axis##_names},
    AXES(ROW)
#undef ROW
};

enum { AXIS_COUNT = sizeof axes / sizeof axes[0] };

static int find_value(const char *const *names, const char *text, size_t length) {
	for (int i = 0; names[i]; i++)
		if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0)
			return i;
	return -1;
}

/* One "axis=value"; false: there is no such axis or value. */
static bool set_axis(compile_preset *preset, const char *text, size_t length) {
	const char *equals = memchr(text, '=', length);
	if (!equals)
		return false;
	size_t axis_length = (size_t)(equals - text), value_length = length - axis_length - 1;
	int found;
#define SET(PREFIX, axis) \
	if (axis_length == strlen(#axis) && memcmp(text, #axis, axis_length) == 0) { \
		found = find_value(axis##_names, equals + 1, value_length); \
		preset->axis = found < 0 ? preset->axis : (axis##_kind)found; \
		return found >= 0; \
	}
	AXES(SET)
#undef SET
	return false;
}

static volt_error *no_such_axis(const char *text, size_t length) {
	char all[TEXT_BYTES] = "";
	for (int i = 0; i < AXIS_COUNT; i++) {
		append(all, separator(i, AXIS_COUNT));
		append(all, axes[i].name);
		for (int value = 0; axes[i].values[value]; value++) {
			append(all, value == 0 ? "=" : "|");
			append(all, axes[i].values[value]);
		}
	}
	return volt_error_new(VOLT_ERROR_ARGUMENT, "'%.*s' is no axis of presets: use %s", (int)length, text,
	                      all);
}

static volt_error *set_axes(compile_preset *preset, const char *text) {
	while (*text == ',') {
		text++;
		size_t length = strcspn(text, ",");
		if (!set_axis(preset, text, length))
			return no_such_axis(text, length);
		text += length;
	}
	return NULL;
}

/* ---- Combinations ---- */

/* What a strategy says of itself tells more than what axes say of each other. */
static const char *contradiction(const compile_preset *preset) {
	const char *reason = exit_strategy_find(preset->exit)->contradiction(preset);
	bool external = preset->abi == ABI_EXTERNAL;
	if (reason)
		return reason;
	if (external && preset->status == STATUS_MEMORY)
		return "status=memory needs abi=fast: the external ABI returns nothing but its status";
	if (external && preset->types == TYPES_NATURAL)
		return "types=natural needs abi=fast: the external ABI passes slots in memory";
	if (external && preset->context == CONTEXT_PINNED)
		return "context=pinned needs abi=fast: the external ABI is the host's own";
	if (external && preset->context == CONTEXT_SWIFT)
		return "context=swift needs abi=fast: the external ABI is the host's own";
	if (preset->prologue == PROLOGUE_SPLIT && preset->check == CHECK_ENTRY)
		return "prologue=split needs check=call: the check is where the rest starts";
	if (preset->prologue == PROLOGUE_SPLIT && (external || preset->types == TYPES_NATURAL))
		return "prologue=split needs abi=fast and types=uniform: the rest's parameters are any slots";
	return NULL;
}

/* ---- Names ---- */

static const compile_preset *find_preset(const char *name, size_t length) {
	for (int i = 0; i < PRESET_COUNT; i++)
		if (strlen(presets[i].name) == length && memcmp(presets[i].name, name, length) == 0)
			return &presets[i];
	return NULL;
}

static volt_error *no_such_preset(const char *name) {
	char names[TEXT_BYTES] = "";
	for (int i = 0; i < PRESET_COUNT; i++) {
		append(names, separator(i, PRESET_COUNT));
		append(names, presets[i].name);
	}
	return volt_error_new(VOLT_ERROR_ARGUMENT, "there is no preset '%s': use %s", name, names);
}

static volt_error *set_hints(compile_preset *preset, const char *name) {
	char names[TEXT_BYTES] = "";
	for (int i = 0; i < HINTS_COUNT; i++) {
		if (strcmp(hint_sets[i].name, name) == 0) {
			preset->hints = &hint_sets[i];
			return NULL;
		}
		append(names, separator(i, HINTS_COUNT));
		append(names, hint_sets[i].name);
	}
	return volt_error_new(VOLT_ERROR_ARGUMENT, "there are no hints '%s': use %s", name, names);
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
	return hints ? set_hints(result, hints) : NULL;
}

bool preset_completes_returns(const compile_preset *preset) {
	return preset->exit == EXIT_RECORD && preset->abi == ABI_FAST;
}
