/* Conversion to interfaces and assertion back (SPECIFICATION.md, "Interfaces and conversions"). */
#include "object/interfaces.h"

#include "object/arrays.h"
#include "object/elements.h"
#include "object/heap.h"
#include "object/space_private.h"

static bool is_boxed(volt_kind kind) {
	return kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_ARRAY;
}

volt_slot interface_payload(const object_space *space, const volt_slot value[2]) {
	const volt_kind kind = volt_interface_kind(value[0]);
	if (!is_boxed(kind) && kind != VOLT_KIND_STRING && kind != VOLT_KIND_SLICE && kind != VOLT_KIND_MAP)
		return value[1];
	const uint64_t *header = value[1] ? heap_header_of(value[1]) : NULL;
	if (!header)
		return 0;
	bool fits = *header != 0; /* not that of a block without objects */
	if (kind == VOLT_KIND_MAP)
		fits = *header == space->map_header;
	else if (!is_boxed(kind))
		fits = *header == space->string_header || *header == space->slice_header;
	return fits ? value[1] : 0;
}

/* ---- Conversions that compiled code can do again ---- */

const volt_conversion *interface_conversions(const object_space *space) {
	return space->conversions;
}

/* NULL: compiled code has to ask for it each time. */
static volt_conversion *place_of(object_space *space, volt_slot type, uint32_t target, bool asserted,
                                 uint64_t *key) {
	const volt_kind kind = volt_interface_kind(type);
	if (kind == VOLT_KIND_VOID || is_boxed(kind) || target >= space->module->interface_metas.count)
		return NULL;
	*key = volt_conversion_key(type, target, asserted);
	return &space->conversions[volt_conversion_index(*key)];
}

/* The type word with the dispatch table for this interface; meta 0 has no methods. */
static volt_slot converted_type(object_space *space, volt_slot type, uint32_t target, bool asserted) {
	uint64_t key = 0;
	volt_conversion *place = place_of(space, type, target, asserted, &key);
	if (place && place->key == key)
		return place->type;
	const uint32_t rttid = volt_interface_rttid(type);
	uint32_t itab = 0;
	if ((target != 0 || asserted) && !interface_itab(space, rttid, target, &itab))
		itab = ITAB_NONE;
	const volt_slot converted = volt_interface_type(itab, rttid, volt_interface_kind(type));
	if (place)
		*place = (volt_conversion){key, converted};
	return converted;
}

static void assign_interface(object_space *space, volt_slot result[2], const volt_slot source[2],
                             uint32_t target) {
	const volt_kind kind = volt_interface_kind(source[0]);
	const volt_slot value[2] = {source[0], source[1]};
	result[0] = result[1] = 0;
	if (kind == VOLT_KIND_VOID)
		return;
	const volt_slot converted = converted_type(space, value[0], target, false);
	result[1] = is_boxed(kind) ? object_clone(space, interface_payload(space, value)) : value[1];
	result[0] = converted;
}

void interface_assign(object_space *space, volt_slot result[2], volt_kind source_kind,
                      const volt_slot *source, uint64_t constant) {
	if (source_kind == VOLT_KIND_INTERFACE) {
		volt_slot copy[2] = {source[0], source[1]};
		assign_interface(space, result, copy, (uint32_t)constant);
		return;
	}
	const volt_slot value[2] = {
	    volt_interface_type((uint32_t)constant, (uint32_t)(constant >> 32), source_kind), source[0]};
	result[0] = result[1] = 0;
	if (source_kind == VOLT_KIND_VOID)
		return;
	result[1] = is_boxed(source_kind) ? object_clone(space, interface_payload(space, value))
	                                  : volt_slot_identity(source_kind, value[1]);
	result[0] = value[0];
}

/* ---- Assertion ---- */

/* Elements of an array object, unpacked into at most `slots` slots. */
static void unpack_array(volt_slot *result, const volt_array *array, uint32_t slots) {
	uint8_t flags = array_element_flags(array);
	uint32_t width = (array->element_bytes + 7) / 8;
	uint64_t fitting = width ? slots / width : 0;
	uint64_t count = array->length < fitting ? array->length : fitting;
	for (uint64_t index = 0; index < count; index++)
		element_load(result + index * width, array->data + index * array->element_bytes, flags,
		             array->element_bytes);
}

/*
 * The value in a struct or array payload as slots: exactly `slots` are written, small elements are
 * unpacked.
 */
static void interface_unbox(volt_slot *result, volt_slot object, uint32_t slots) {
	memset(result, 0, slots * sizeof *result);
	if (!object)
		return;
	if (object_is_array(object)) {
		unpack_array(result, volt_slot_pointer(object), slots);
		return;
	}
	uint32_t words = object_slots(object);
	memcpy(result, volt_slot_pointer(object), (words < slots ? words : slots) * sizeof *result);
}

volt_trap interface_assert(object_space *space, volt_slot *result, const volt_slot value[2], uint32_t target,
                           unsigned kind, bool has_ok, uint32_t slots) {
	const volt_slot copy[2] = {value[0], value[1]};
	volt_kind dynamic = volt_interface_kind(copy[0]);
	uint32_t width = kind == 1 ? 2 : slots ? slots : 1;
	bool ok = kind == 1 ? interface_implements(space, copy[0], target)
	                    : dynamic != VOLT_KIND_VOID && volt_interface_rttid(copy[0]) == target;
	if (!ok && !has_ok)
		return (volt_trap){VOLT_TRAP_TypeAssertionFailed, 0, 0};
	memset(result, 0, width * sizeof *result);
	if (ok && kind == 1)
		memcpy(result, (volt_slot[]){converted_type(space, copy[0], target, true), copy[1]},
		       2 * sizeof *result);
	else if (ok && is_boxed(dynamic))
		interface_unbox(result, interface_payload(space, copy), width);
	else if (ok)
		result[0] = copy[1];
	if (has_ok)
		result[width] = ok;
	return VOLT_NO_TRAP;
}
