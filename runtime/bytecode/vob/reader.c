/* The cursor of the reader, and the order of sections. */
#include "bytecode/vob/reader.h"

#include <stdio.h>
#include <string.h>

#include "bytecode/model/foreign.h"
#include "bytecode/vot/text.h"
#include "volt/vob.h"

enum { VERSION = 1 };

static void format_path(const vob_reader *reader, char *buffer, size_t size) {
	buffer[0] = '\0';
	for (unsigned i = 0; i < reader->depth; i++) {
		const reader_place *place = &reader->path[i];
		size_t used = strlen(buffer);
		snprintf(buffer + used, size - used, "%s%s", i ? "." : "", place->name);
		used = strlen(buffer);
		if (place->indexed)
			snprintf(buffer + used, size - used, "[%u]", place->index);
	}
}

void reader_fail(vob_reader *reader, const char *format, ...) {
	char path[256];
	format_path(reader, path, sizeof path);
	va_list arguments;
	va_start(arguments, format);
	volt_error *error = volt_error_new_v(VOLT_ERROR_FORMAT, format, arguments);
	va_end(arguments);
	failure_raise(reader->failure, volt_error_prefix(error, "%s: byte %zu: %s", reader->source,
	                                                 reader->position, path[0] ? path : "header"));
}

void reader_enter(vob_reader *reader, const char *name) {
	reader->path[reader->depth++] = (reader_place){name, false, 0};
}

void reader_at(vob_reader *reader, uint32_t index) {
	reader->path[reader->depth - 1].indexed = true;
	reader->path[reader->depth - 1].index = index;
}

void reader_leave(vob_reader *reader) {
	reader->depth--;
}

static const uint8_t *take(vob_reader *reader, size_t count) {
	size_t remaining = reader->size - reader->position;
	if (count > remaining)
		reader_fail(reader, "needs %zu bytes, but the file ends after %zu more", count, remaining);
	const uint8_t *bytes = reader->bytes + reader->position;
	reader->position += count;
	return bytes;
}

static uint64_t little_endian(vob_reader *reader, unsigned count) {
	const uint8_t *bytes = take(reader, count);
	uint64_t value = 0;
	for (unsigned i = 0; i < count; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return value;
}

uint8_t reader_u8(vob_reader *reader) {
	return (uint8_t)little_endian(reader, 1);
}
uint16_t reader_u16(vob_reader *reader) {
	return (uint16_t)little_endian(reader, 2);
}
uint32_t reader_u32(vob_reader *reader) {
	return (uint32_t)little_endian(reader, 4);
}
uint64_t reader_u64(vob_reader *reader) {
	return little_endian(reader, 8);
}

uint8_t reader_enum(vob_reader *reader, unsigned end, const char *what) {
	uint8_t value = reader_u8(reader);
	if (value >= end) {
		reader->position--;
		reader_fail(reader, "%s is %u, but must be less than %u", what, value, end);
	}
	return value;
}

bool reader_bool(vob_reader *reader, const char *what) {
	return reader_enum(reader, 2, what) != 0;
}

uint32_t reader_count(vob_reader *reader, size_t smallest) {
	uint32_t count = reader_u32(reader);
	size_t remaining = reader->size - reader->position;
	if (count > remaining / smallest)
		reader_fail(reader, "%u items need at least %zu bytes, but the file ends after %zu more", count,
		            (size_t)count * smallest, remaining);
	return count;
}

volt_text reader_text(vob_reader *reader) {
	uint32_t length = reader_count(reader, 1);
	size_t start = reader->position;
	const uint8_t *bytes = take(reader, length);
	if (!text_is_utf8(bytes, length)) {
		reader->position = start;
		reader_fail(reader, "the string is not UTF-8");
	}
	char *copy = arena_allocate(reader->arena, length, 1);
	if (length)
		memcpy(copy, bytes, length);
	return (volt_text){copy, length};
}

volt_optional reader_optional(vob_reader *reader) {
	uint32_t stored = reader_u32(reader);
	return (volt_optional){stored != 0, stored ? stored - 1 : 0};
}

void reader_slot_type(vob_reader *reader, uint8_t *item) {
	*item = reader_enum(reader, VOLT_SLOT_TYPE_COUNT, "slot type");
}

void reader_word(vob_reader *reader, uint32_t *item) {
	*item = reader_u32(reader);
}

void reader_name(vob_reader *reader, volt_text *item) {
	*item = reader_text(reader);
}

static void read_header(vob_reader *reader, volt_module *module) {
	const char *reason = foreign_reason(reader->bytes, reader->size, reader->source);
	if (reason)
		failure_raise(reader->failure,
		              volt_error_new(VOLT_ERROR_FORMAT, "%s: not a .vob file: %s", reader->source, reason));
	take(reader, FOREIGN_MAGIC_BYTES);
	uint32_t version = reader_u32(reader);
	if (version != VERSION)
		reader_fail(reader, "version %u, but only version %d is known%s", version, VERSION,
		            foreign_version(version));
	module->is_binary = true;
	reader_enter(reader, "name");
	module->name = reader_text(reader);
	reader_leave(reader);
}

static void read_module(vob_reader *reader, volt_module *module) {
	read_header(reader, module);
	reader_types(reader, module);
	reader_program(reader, module);
	reader_enter(reader, "entry_function");
	module->entry_function = reader_u32(reader);
	reader_leave(reader);
	module->has_debug = reader->position < reader->size;
	if (module->has_debug)
		reader_debug(reader, module);
	reader_enter(reader, "end");
	if (reader->position < reader->size)
		reader_fail(reader, "%zu bytes behind the debug section", reader->size - reader->position);
}

/* Separate from its caller so that no variable of a function with setjmp() changes after it. */
static bool read_guarded(vob_reader *reader, volt_module *module) {
	if (setjmp(reader->failure->jump))
		return false;
	read_module(reader, module);
	return true;
}

volt_error *volt_module_read(const void *bytes, size_t size, const char *source, volt_module **module) {
	*module = NULL;
	failure place = {.error = NULL};
	volt_module *result = module_new(&place, source);
	if (!result)
		return volt_error_new(VOLT_ERROR_MEMORY, "%s: out of memory", source);
	vob_reader reader = {
	    .bytes = bytes, .size = size, .source = result->source, .arena = result->arena, .failure = &place};
	if (!read_guarded(&reader, result)) {
		volt_error *error = result->is_binary ? foreign_layout(place.error) : place.error;
		volt_module_free(result);
		return error;
	}
	*module = result;
	return NULL;
}
