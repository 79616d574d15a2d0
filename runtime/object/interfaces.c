/* Conversion to interfaces and assertion back (SPECIFICATION.md, "Interfaces and conversions"). */
#include "object/interfaces.h"

#include "object/arrays.h"
#include "object/elements.h"
#include "object/heap.h"
#include "object/space_private.h"

static bool is_boxed(volt_kind kind) {
	return kind == VOLT_KIND_STRUCT || kind == VOLT_KIND_ARRAY;
}

static void assign_interface(object_space *space, volt_slot result[2], const volt_slot source[2],
                             uint32_t target) {
	volt_kind kind = volt_interface_kind(source[0]);
	uint32_t rttid = volt_interface_rttid(source[0]);
	volt_slot payload = source[1];
	uint32_t itab = 0;
	result[0] = result[1] = 0;
	if (kind == VOLT_KIND_VOID)
		return;
	if (target != 0 && !interface_itab(space, rttid, target, &itab))
		itab = ITAB_NONE;
	result[1] = is_boxed(kind) ? object_clone(space, payload) : payload;
	result[0] = volt_interface_type(itab, rttid, kind);
}

void interface_assign(object_space *space, volt_slot result[2], volt_kind source_kind,
                      const volt_slot *source, uint64_t constant) {
	if (source_kind == VOLT_KIND_INTERFACE) {
		volt_slot copy[2] = {source[0], source[1]};
		assign_interface(space, result, copy, (uint32_t)constant);
		return;
	}
	volt_slot payload = source[0];
	result[0] = result[1] = 0;
	if (source_kind == VOLT_KIND_VOID)
		return;
	result[1] =
	    is_boxed(source_kind) ? object_clone(space, payload) : volt_slot_identity(source_kind, payload);
	result[0] = volt_interface_type((uint32_t)constant, (uint32_t)(constant >> 32), source_kind);
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

static void assert_to_interface(object_space *space, volt_slot *result, const volt_slot value[2],
                                uint32_t target) {
	uint32_t itab;
	if (!interface_itab(space, volt_interface_rttid(value[0]), target, &itab))
		itab = ITAB_NONE;
	result[1] = value[1];
	result[0] = volt_interface_type(itab, volt_interface_rttid(value[0]), volt_interface_kind(value[0]));
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
		assert_to_interface(space, result, copy, target);
	else if (ok && is_boxed(dynamic))
		interface_unbox(result, copy[1], width);
	else if (ok)
		result[0] = copy[1];
	if (has_ok)
		result[width] = ok;
	return VOLT_NO_TRAP;
}
