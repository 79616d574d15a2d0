/* Values of type `error` that natives make (NATIVES.md, "Names and slots"). */
#include "object/error_values.h"

#include <stdarg.h>
#include <stdlib.h>

#include "object/buffer.h"
#include "object/interfaces.h"
#include "object/space_private.h"
#include "object/strings.h"

/* Slots of the struct errors.Error; 0 if the module does not describe it well enough to make one. */
static uint32_t error_slots(const object_space *space) {
	const volt_well_known_types *known = &space->module->well_known;
	if (!known->error_struct.present || !known->error_pointer.present || !known->error_interface.present ||
	    !known->has_error_offsets || known->error_struct.value >= space->module->struct_metas.count)
		return 0;
	uint32_t slots = space->shapes[known->error_struct.value].slots;
	bool fits = known->error_message_offset < slots && known->error_cause_offset + 1u < slots;
	return fits ? slots : 0;
}

void error_value_new(object_space *space, volt_slot result[2], const char *message, size_t length,
                     const volt_slot cause[2]) {
	const volt_well_known_types *known = &space->module->well_known;
	const volt_slot kept_cause[2] = {cause ? cause[0] : 0, cause ? cause[1] : 0};
	uint32_t slots = error_slots(space);
	uint32_t itab;
	error_value_nil(result);
	if (!slots || !interface_itab(space, known->error_pointer.value, known->error_interface.value, &itab))
		return;
	volt_slot text = string_new(space, message, length);
	volt_slot error =
	    heap_new_object(space, volt_meta_make(known->error_struct.value, VOLT_KIND_STRUCT), slots);
	volt_slot *words = volt_slot_pointer(error);
	words[known->error_message_offset] = text;
	memcpy(words + known->error_cause_offset, kept_cause, sizeof kept_cause);
	result[0] = volt_interface_type(itab, known->error_pointer.value, VOLT_KIND_POINTER);
	result[1] = error;
}

void error_value_format(object_space *space, volt_slot result[2], const char *format, ...) {
	buffer text = {0};
	va_list arguments;
	va_start(arguments, format);
	buffer_append_format_v(&text, format, arguments);
	va_end(arguments);
	error_value_new(space, result, text.bytes, text.length, NULL);
	buffer_free(&text);
}

/* ---- Sentinels ---- */

static space_sentinel *find_sentinel(object_space *space, const char *package, unsigned index) {
	for (size_t at = 0; at < space->sentinel_count; at++)
		if (space->sentinels[at].index == index && strcmp(space->sentinels[at].package, package) == 0)
			return &space->sentinels[at];
	return NULL;
}

static void make_sentinel_room(object_space *space) {
	if (space->sentinel_count < space->sentinel_capacity)
		return;
	size_t capacity = space->sentinel_capacity ? 2 * space->sentinel_capacity : 32;
	space_sentinel *grown = malloc(capacity * sizeof *grown);
	if (!grown)
		heap_exhausted(space, capacity * sizeof *grown);
	collector_replace_sentinels(space, grown, capacity);
}

void error_value_sentinel(object_space *space, volt_slot result[2], const char *package, unsigned index,
                          const char *message) {
	space_sentinel *found = find_sentinel(space, package, index);
	if (!found) {
		volt_slot value[2];
		error_value_new(space, value, message, strlen(message), NULL);
		make_sentinel_room(space);
		char *name = strdup(package);
		if (!name)
			heap_exhausted(space, strlen(package) + 1);
		found = &space->sentinels[space->sentinel_count];
		*found = (space_sentinel){name, index, {value[0], value[1]}};
		space->sentinel_count++;
	}
	memcpy(result, found->value, sizeof found->value);
}
