/* Functions by name, and which names a user may have meant. */
#include "cli/functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/printable.h"

enum { LISTED_MAXIMUM = 20 };

static bool has_name(const volt_function *function, const char *name) {
	size_t length = strlen(name);
	return function->name.length == length && memcmp(function->name.bytes, name, length) == 0;
}

static bool contains(const volt_function *function, const char *part) {
	return memmem(function->name.bytes, function->name.length, part, strlen(part)) != NULL;
}

/*
 * Lists up to LISTED_MAXIMUM names that contain `part`, and how many more there are; returns how many
 * match.
 */
static uint32_t list_names(FILE *stream, const volt_module *module, const char *part) {
	uint32_t count = 0;
	for (uint32_t i = 0; i < module->functions.count; i++) {
		const volt_function *function = &module->functions.items[i];
		if (!contains(function, part))
			continue;
		if (count < LISTED_MAXIMUM)
			fprintf(stream, "%s%s", count ? ", " : "", volt_printable(function->name).text);
		count++;
	}
	if (count > LISTED_MAXIMUM)
		fprintf(stream, " and %u more", count - LISTED_MAXIMUM);
	return count;
}

static volt_error *unknown_function(const volt_module *module, const char *name) {
	char *list = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&list, &size);
	if (!stream)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory left");
	if (!list_names(stream, module, name))
		list_names(stream, module, "");
	fclose(stream);
	volt_error *error = volt_error_new(VOLT_ERROR_ARGUMENT, "%s has no function '%s'; there are: %s",
	                                   module->source, name, list);
	free(list);
	return error;
}

static volt_error *ambiguous_name(const volt_module *module, const char *name, uint32_t first,
                                  uint32_t second) {
	return volt_error_new(VOLT_ERROR_ARGUMENT,
	                      "%s has several functions '%s': name one by its number, as '#%u' or '#%u'",
	                      module->source, name, first, second);
}

/* #N, unless a function is called so. */
static bool is_number(const volt_module *module, const char *name, int64_t *index) {
	char *end;
	if (name[0] != '#' || name[1] < '0' || name[1] > '9')
		return false;
	const unsigned long long number = strtoull(name + 1, &end, 10);
	*index = (int64_t)number;
	return *end == '\0' && number < module->functions.count;
}

volt_error *functions_find(const volt_module *module, const char *name, int64_t *index) {
	bool is_found = false;
	for (uint32_t i = 0; i < module->functions.count; i++) {
		if (!has_name(&module->functions.items[i], name))
			continue;
		if (is_found)
			return ambiguous_name(module, name, (uint32_t)*index, i);
		*index = i;
		is_found = true;
	}
	return is_found || is_number(module, name, index) ? NULL : unknown_function(module, name);
}
