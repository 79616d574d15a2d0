/*
 * Package os: environment variables and the directories they name (NATIVES.md, "Files and processes").
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "extern/os/environment.h"
#include "extern/os/system_errors.h"
#include "extern/registry.h"
#include "object/heap.h"

/* ---- Variables ---- */

/* (key string) -> string */
static volt_native_result get_variable(volt_native_call *call) {
	buffer *value = native_scratch();
	environment_get(native_string(call, 0), value);
	return native_return_string(call, value->bytes, value->length);
}

/* (key string) -> (string, found bool) */
static volt_native_result look_up_variable(volt_native_call *call) {
	buffer *value = native_scratch();
	bool found = environment_get(native_string(call, 0), value);
	native_set_string(call, 0, value->bytes, value->length);
	native_set_bool(call, 1, found);
	return VOLT_NATIVE_OK;
}

/* (key string, value string) -> error */
static volt_native_result set_variable(volt_native_call *call) {
	string_view value = native_string(call, 1);
	return os_return_error(call, environment_set(native_string(call, 0), &value));
}

/* (key string) -> error */
static volt_native_result unset_variable(volt_native_call *call) {
	return os_return_error(call, environment_set(native_string(call, 0), NULL));
}

/* () -> () */
static volt_native_result clear_variables(volt_native_call *call) {
	environment_clear();
	return native_ok(call);
}

/* () -> []string, each "KEY=value" */
static volt_native_result get_environment(volt_native_call *call) {
	buffer *entries = native_scratch();
	size_t count = environment_copy(entries);
	return native_return(call, strings_from_texts(native_space(call), entries->bytes, count));
}

/* ---- Expansion ---- */

static size_t count_of(string_view text, string_view part) {
	size_t count = 0;
	const char *end = text.bytes + text.length;
	for (const char *from = text.bytes;
	     (from = memmem(from, (size_t)(end - from), part.bytes, part.length)) != NULL; from += part.length)
		count++;
	return count;
}

/*
 * Memory of the heap and not of the system: values that name each other can grow without bound, which it
 * limits.
 */
static string_view replace_all(object_space *space, string_view text, string_view part, string_view by) {
	size_t count = count_of(text, part);
	size_t added;
	size_t length;
	if (count == 0)
		return text;
	if (__builtin_mul_overflow(count, by.length, &added) ||
	    __builtin_add_overflow(text.length - count * part.length, added, &length))
		length = SIZE_MAX / 2;
	char *out = heap_new_bytes(space, length + 1);
	char *next = out;
	const char *end = text.bytes + text.length;
	const char *from = text.bytes;
	for (const char *found; (found = memmem(from, (size_t)(end - from), part.bytes, part.length)) != NULL;
	     from = found + part.length) {
		next = mempcpy(next, from, (size_t)(found - from));
		next = mempcpy(next, by.bytes, by.length);
	}
	memcpy(next, from, (size_t)(end - from));
	return (string_view){out, length};
}

/* The texts that stand for a variable are its name after a prefix and before a suffix. */
static string_view replace_variable(object_space *space, string_view text, const char *entry,
                                    const char *prefix, const char *suffix) {
	const char *equals = strchr(entry, '=');
	if (equals == NULL || equals == entry)
		return text;
	size_t name_length = (size_t)(equals - entry);
	size_t length = strlen(prefix) + name_length + strlen(suffix);
	char *part = heap_new_bytes(space, length + 1);
	memcpy(mempcpy(mempcpy(part, prefix, strlen(prefix)), entry, name_length), suffix, strlen(suffix));
	return replace_all(space, text, (string_view){part, length},
	                   (string_view){equals + 1, strlen(equals + 1)});
}

/*
 * (text string) -> string; `{{NAME}}` and `$NAME`, variable after variable, in what the ones before have
 * left
 */
static volt_native_result expand_variables(volt_native_call *call) {
	string_view text = native_string(call, 0);
	object_space *space = native_space(call);
	buffer *entries = native_scratch();
	size_t count = environment_copy(entries);
	const char *entry = entries->bytes;
	for (size_t i = 0; i < count; i++, entry += strlen(entry) + 1) {
		text = replace_variable(space, text, entry, "{{", "}}");
		text = replace_variable(space, text, entry, "$", "");
	}
	return native_return_string(call, text.bytes, text.length);
}

/* ---- Directories ---- */

static bool get_named(const char *name, buffer *value) {
	value->length = 0;
	return environment_get((string_view){name, strlen(name)}, value) && value->length > 0;
}

/* A directory from a variable, else one below the user's home, else an error. */
static volt_native_result user_directory(volt_native_call *call, const char *variable,
                                         const char *below_home) {
	buffer *directory = native_scratch();
	if (get_named(variable, directory))
		return os_return_text(call, directory->bytes, directory->length, 0);
	if (get_named("HOME", directory)) {
		buffer_append_text(directory, below_home);
		return os_return_text(call, directory->bytes, directory->length, 0);
	}
	native_set(call, 0, 0);
	native_set_error(call, 1, "neither $%s nor $HOME are defined", variable);
	return VOLT_NATIVE_OK;
}

/* () -> (string, error), all three */
static volt_native_result user_cache(volt_native_call *call) {
	return user_directory(call, "XDG_CACHE_HOME", "/.cache");
}
static volt_native_result user_config(volt_native_call *call) {
	return user_directory(call, "XDG_CONFIG_HOME", "/.config");
}
static volt_native_result user_home(volt_native_call *call) {
	buffer *directory = native_scratch();
	if (get_named("HOME", directory))
		return os_return_text(call, directory->bytes, directory->length, 0);
	native_set(call, 0, 0);
	native_set_error(call, 1, "$HOME is not defined");
	return VOLT_NATIVE_OK;
}

/* () -> string */
static volt_native_result temporary_directory(volt_native_call *call) {
	buffer *directory = native_scratch();
	if (!get_named("TMPDIR", directory)) {
		directory->length = 0;
		buffer_append_text(directory, "/tmp");
	}
	return native_return_string(call, directory->bytes, directory->length);
}

/* () -> (string, error) */
static volt_native_result host_name(volt_native_call *call) {
	char name[HOST_NAME_MAX + 1] = "";
	int error = gethostname(name, sizeof name - 1) != 0 ? errno : 0;
	return os_return_text(call, name, strlen(name), error);
}

static const native_row rows[] = {
    {"os_nativeClearenv", clear_variables, VOLT_PERMIT_ENVIRONMENT, "()"},
    {"os_nativeEnviron", get_environment, VOLT_PERMIT_ENVIRONMENT, "() -> []string"},
    {"os_nativeExpandEnv", expand_variables, VOLT_PERMIT_ENVIRONMENT, "(text string) -> string"},
    {"os_nativeGetenv", get_variable, VOLT_PERMIT_ENVIRONMENT, "(key string) -> string"},
    {"os_nativeHostname", host_name, VOLT_PERMIT_ENVIRONMENT, "() -> (string, error)"},
    {"os_nativeLookupEnv", look_up_variable, VOLT_PERMIT_ENVIRONMENT, "(key string) -> (string, found bool)"},
    {"os_nativeSetenv", set_variable, VOLT_PERMIT_ENVIRONMENT, "(key string, value string) -> error"},
    {"os_nativeTempDir", temporary_directory, VOLT_PERMIT_ENVIRONMENT, "() -> string"},
    {"os_nativeUnsetenv", unset_variable, VOLT_PERMIT_ENVIRONMENT, "(key string) -> error"},
    {"os_nativeUserCacheDir", user_cache, VOLT_PERMIT_ENVIRONMENT, "() -> (string, error)"},
    {"os_nativeUserConfigDir", user_config, VOLT_PERMIT_ENVIRONMENT, "() -> (string, error)"},
    {"os_nativeUserHomeDir", user_home, VOLT_PERMIT_ENVIRONMENT, "() -> (string, error)"},
};

const native_package os_environment_package = NATIVE_PACKAGE(rows);
