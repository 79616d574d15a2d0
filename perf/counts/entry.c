/*
 * Finds the forms of bytecode functions by their symbols: volt_f<index>_<name>_entry is what the host calls,
 * the same without _entry what compiled code calls (backend-llvm/ir/lowering.c).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object.h"

#define PREFIX "volt_f"
#define SUFFIX "_entry"

enum { LISTED_MAXIMUM = 20 };

/* The name of the function whose entry this symbol is; NULL: it is no entry. Writes the name's length. */
static const char *function_of(const char *symbol, size_t *length) {
	size_t size = strlen(symbol);
	if (strncmp(symbol, PREFIX, strlen(PREFIX)) != 0)
		return NULL;
	const char *name = symbol + strlen(PREFIX);
	while (isdigit((unsigned char)*name))
		name++;
	if (*name++ != '_' || (size_t)(name - symbol) + strlen(SUFFIX) > size ||
	    strcmp(symbol + size - strlen(SUFFIX), SUFFIX) != 0)
		return NULL;
	*length = size - strlen(SUFFIX) - (size_t)(name - symbol);
	return name;
}

/* Symbols spell a name's bytes that are not letters or digits as '_'. */
static bool is_spelling_of(const char *spelling, size_t length, const char *name) {
	if (strlen(name) != length)
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)name[i];
		if (spelling[i] != (isalnum(byte) && byte < 128 ? (char)byte : '_'))
			return false;
	}
	return true;
}

/* The function name of the first entry after symbol `*index`, which moves there; NULL at the end. */
static const char *next_entry(const object_file *object, size_t *index, uint64_t *address, size_t *length) {
	const char *symbol;
	while ((symbol = object_symbol(object, ++*index, address))) {
		const char *name = function_of(symbol, length);
		if (name && *address)
			return name;
	}
	return NULL;
}

static volt_error *unknown_function(const object_file *object, const char *function) {
	char *list = NULL;
	size_t size = 0, length = 0, count = 0;
	FILE *stream = open_memstream(&list, &size);
	if (!stream)
		return volt_error_new(VOLT_ERROR_MEMORY, "no memory left");
	uint64_t address;
	const char *name;
	for (size_t i = 0; (name = next_entry(object, &i, &address, &length)); count++)
		if (count < LISTED_MAXIMUM)
			fprintf(stream, "%s%.*s", count ? ", " : "", (int)length, name);
	if (count > LISTED_MAXIMUM)
		fprintf(stream, " and %zu more", count - LISTED_MAXIMUM);
	fclose(stream);
	volt_error *error = volt_error_new(VOLT_ERROR_ARGUMENT, "%s has no function '%s'; there are: %s",
	                                   object->path, function, list);
	free(list);
	return error;
}

static uint64_t address_of(const object_file *object, const char *wanted, size_t length) {
	uint64_t address;
	const char *symbol;
	for (size_t i = 1; (symbol = object_symbol(object, i, &address)); i++)
		if (address && strlen(symbol) == length && memcmp(symbol, wanted, length) == 0)
			return address;
	return 0;
}

void object_inner_forms(const object_file *object, uint64_t *table, size_t count) {
	uint64_t address;
	size_t length;
	const char *name;
	memset(table, 0, count * sizeof *table);
	for (size_t i = 0; (name = next_entry(object, &i, &address, &length));) {
		const char *symbol = object_symbol(object, i, &address);
		unsigned long function = strtoul(symbol + strlen(PREFIX), NULL, 10);
		if (function < count)
			table[function] = address_of(object, symbol, (size_t)(name - symbol) + length);
	}
}

volt_error *object_find_entry(const object_file *object, const char *function, uint64_t *address) {
	uint64_t candidate;
	size_t length = 0, found = 0;
	const char *name;
	for (size_t i = 0; (name = next_entry(object, &i, &candidate, &length));)
		if (is_spelling_of(name, length, function)) {
			*address = candidate;
			found++;
		}
	if (found > 1)
		return volt_error_new(VOLT_ERROR_ARGUMENT, "%s has %zu functions whose symbols read '%s'",
		                      object->path, found, function);
	return found ? NULL : unknown_function(object, function);
}
