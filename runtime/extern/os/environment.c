/* The process's environment under a lock. Nothing is allocated in the heap while it is held. */
#include "extern/os/environment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "object/heap.h"
#include "process/fork.h"

static bool is_entry_of(const char *entry, string_view name) {
	return strncmp(entry, name.bytes, name.length) == 0 && entry[name.length] == '=';
}

static bool is_name(string_view name) {
	return name.length > 0 && memchr(name.bytes, '=', name.length) == NULL &&
	       memchr(name.bytes, '\0', name.length) == NULL;
}

bool environment_get(string_view name, buffer *value) {
	bool found = false;
	shared_lock(SHARED_ENVIRONMENT);
	for (char **entry = environ; is_name(name) && !found && entry != NULL && *entry != NULL; entry++) {
		found = is_entry_of(*entry, name);
		if (found)
			buffer_append_text(value, *entry + name.length + 1);
	}
	shared_unlock(SHARED_ENVIRONMENT);
	return found;
}

size_t environment_copy(buffer *entries) {
	size_t count = 0;
	shared_lock(SHARED_ENVIRONMENT);
	for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
		buffer_append(entries, *entry, strlen(*entry) + 1);
		count++;
	}
	shared_unlock(SHARED_ENVIRONMENT);
	return count;
}

static int set_locked(const char *name, const char *value) {
	shared_lock(SHARED_ENVIRONMENT);
	int status = value != NULL ? setenv(name, value, 1) : unsetenv(name);
	int error = status != 0 ? errno : 0;
	shared_unlock(SHARED_ENVIRONMENT);
	return error;
}

int environment_set(string_view name, const string_view *value) {
	if (!is_name(name) || (value != NULL && memchr(value->bytes, '\0', value->length) != NULL))
		return EINVAL;
	char *name_copy = strndup(name.bytes, name.length);
	char *value_copy = value != NULL ? strndup(value->bytes, value->length) : NULL;
	bool copied = name_copy != NULL && (value == NULL || value_copy != NULL);
	int error = copied ? set_locked(name_copy, value_copy) : ENOMEM;
	free(name_copy);
	free(value_copy);
	return error;
}

void environment_clear(void) {
	shared_lock(SHARED_ENVIRONMENT);
	clearenv();
	shared_unlock(SHARED_ENVIRONMENT);
}

volt_slot strings_from_texts(object_space *space, const char *texts, size_t count) {
	volt_slot *strings = heap_new_words(space, count + 1);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(texts);
		strings[i] = string_new(space, texts, length);
		texts += length + 1;
	}
	return slice_from_strings(space, strings, count);
}
