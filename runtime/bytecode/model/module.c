/* Questions to a module, and reading one from a file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode/model/arena.h"
#include "bytecode/model/foreign.h"
#include "bytecode/model/printable.h"
#include "volt/vob.h"
#include "volt/vot.h"

static const char *const kind_names[VOLT_KIND_COUNT] = {
    "void",   "bool",   "int",    "int8",    "int16",   "int32", "int64",  "uint",      "uint8",
    "uint16", "uint32", "uint64", "float32", "float64", "array", "struct", "interface", "string",
    "slice",  "map",    "chan",   "closure", "pointer", "port",  "island",
};

const char *volt_kind_name(unsigned kind) {
	return kind < VOLT_KIND_COUNT ? kind_names[kind] : "?";
}

void volt_module_free(volt_module *module) {
	if (module)
		arena_free(module->arena);
}

uint32_t volt_module_global_slots(const volt_module *module) {
	uint32_t slots = 0;
	for (uint32_t i = 0; i < module->globals.count; i++)
		slots += module->globals.items[i].slots;
	return slots;
}

/*
 * Locations are sorted by pc (SPECIFICATION.md, "Debug information"): the last one that does not lie behind.
 */
const volt_debug_location *volt_module_locate(const volt_module *module, uint32_t function, uint32_t pc) {
	if (function >= module->function_debug.count)
		return NULL;
	const volt_function_debug *debug = &module->function_debug.items[function];
	uint32_t low = 0, high = debug->locations.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (debug->locations.items[middle].pc <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &debug->locations.items[low - 1] : NULL;
}

bool volt_module_find_line(const volt_module *module, uint32_t function, uint32_t pc, volt_text *file,
                           uint32_t *line) {
	const volt_debug_location *location = volt_module_locate(module, function, pc);
	if (!location || location->file >= module->debug_files.count)
		return false;
	*file = module->debug_files.items[location->file];
	*line = location->line;
	return true;
}

static volt_error *error_in_function(const volt_module *module, uint32_t index, const char *place,
                                     volt_error *error) {
	return volt_error_prefix(error, "%s: function %s (#%u)%s", module->source,
	                         volt_printable(module->functions.items[index].name).text, index, place);
}

volt_error *volt_module_error_at(const volt_module *module, uint32_t function, int64_t pc,
                                 volt_error *error) {
	char place[PRINTABLE_BYTES + 64] = "";
	volt_text file;
	uint32_t line;
	if (pc < 0)
		return error_in_function(module, function, place, error);
	const volt_opcode_info *info = volt_opcode_get_info(module->functions.items[function].code.items[pc].op);
	const int length =
	    snprintf(place, sizeof place, ", pc %lld (%s)", (long long)pc, info ? info->name : "unknown");
	if (volt_module_find_line(module, function, (uint32_t)pc, &file, &line))
		snprintf(place + length, sizeof place - (size_t)length, " at %s:%u", volt_printable(file).text, line);
	return error_in_function(module, function, place, error);
}

/*
 * Larger than any module that fits the 24-bit tables; keeps a device that never ends from filling the
 * memory.
 */
static const size_t largest_file = (size_t)1 << 30;

static volt_error *file_error(const char *path, const char *what) {
	return volt_error_new(VOLT_ERROR_FILE, "%s: %s", path, what);
}

static volt_error *read_stream(FILE *stream, const char *path, char **bytes, size_t *size) {
	size_t capacity = 0, used = 0;
	char *buffer = NULL;
	while (!feof(stream) && !ferror(stream)) {
		if (used == capacity) {
			capacity = capacity ? 2 * capacity : 16384;
			char *grown = capacity > largest_file ? NULL : realloc(buffer, capacity);
			if (!grown) {
				free(buffer);
				return file_error(path, "too large to read");
			}
			buffer = grown;
		}
		used += fread(buffer + used, 1, capacity - used, stream);
	}
	if (ferror(stream)) {
		int reason = errno;
		free(buffer);
		return file_error(path, strerror(reason));
	}
	*bytes = buffer;
	*size = used;
	return NULL;
}

static bool has_text_name(const char *path) {
	size_t length = strlen(path);
	return length >= 4 && strcmp(path + length - 4, ".vot") == 0;
}

static volt_error *read_text(const char *bytes, size_t size, const char *path, volt_module **module) {
	const char *reason = foreign_text_reason(bytes, size);
	return reason ? volt_error_new(VOLT_ERROR_FORMAT, "%s: %s", path, reason)
	              : volt_module_assemble(bytes, size, path, module);
}

/* The form is that of the name, or, without one, of the bytes. */
static volt_error *read_module(FILE *stream, const char *source, bool is_named, volt_module **module) {
	char *bytes = NULL;
	size_t size = 0;
	volt_error *error = read_stream(stream, source, &bytes, &size);
	if (error)
		return error;
	const bool is_text = is_named ? has_text_name(source) : foreign_is_text_form(bytes, size);
	error = is_text ? read_text(bytes, size, source, module) : volt_module_read(bytes, size, source, module);
	free(bytes);
	return error;
}

volt_error *volt_module_read_file(const char *path, volt_module **module) {
	*module = NULL;
	FILE *stream = fopen(path, "rb");
	if (!stream)
		return file_error(path, strerror(errno));
	volt_error *error = read_module(stream, path, true, module);
	fclose(stream);
	return error;
}

volt_error *volt_module_read_stream(FILE *stream, const char *source, volt_module **module) {
	*module = NULL;
	return read_module(stream, source, false, module);
}
