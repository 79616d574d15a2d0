/* Methods by name, as closures with their receiver (capture 0: SEMANTICS.md, "Frames and calls"). */
#include "extern/dynamic/dyn.h"

#include "object/heap.h"
#include "object/interfaces.h"

static const volt_named_method *find_named_method(const volt_module *module, uint32_t named,
                                                  string_view name) {
	if (named >= module->named_types.count)
		return NULL;
	const volt_named_type *type = &module->named_types.items[named];
	for (uint32_t i = 0; i < type->methods.count; i++) {
		volt_text text = type->methods.items[i].name;
		if (text.length == name.length && memcmp(text.bytes, name.bytes, name.length) == 0)
			return &type->methods.items[i];
	}
	return NULL;
}

/*
 * The word that the method expects. The functions in a type's table take structs and arrays by reference,
 * also for a value receiver, and copy them when they are called: so a method of a pointer keeps the pointer,
 * and one of a struct value a copy of the struct (runtime/DIFFERENCES.md).
 */
static bool receiver_word(dyn_access *access, volt_slot base[2], bool pointer_receiver, volt_slot *word) {
	*word = base[1];
	if (pointer_receiver)
		return true;
	reflect_value value;
	reflect_type target;
	if (!reflect_interface(access->space, base, &value))
		return false;
	if (value.type.kind == VOLT_KIND_POINTER) {
		if (!reflect_type_of(access->space, value.type.element, &target))
			return false;
		if (target.kind == VOLT_KIND_STRUCT || target.kind == VOLT_KIND_ARRAY)
			return true;
		reflect_value pointer = value;
		if (!reflect_pointee(access->space, &pointer, &value))
			return false;
	}
	volt_slot boxed[2];
	reflect_box(access->space, &value, boxed);
	*word = boxed[1];
	return true;
}

bool dyn_find_method(dyn_access *access, const volt_slot base[2], string_view name, volt_slot *closure,
                     uint32_t *signature) {
	uint32_t named;
	bool through_pointer;
	if (!type_named(access->space, volt_interface_rttid(base[0]), &named, &through_pointer))
		return false;
	const volt_named_method *method = find_named_method(access->module, named, name);
	if (method == NULL || (method->pointer_receiver && volt_interface_kind(base[0]) != VOLT_KIND_POINTER))
		return false;
	volt_slot receiver;
	volt_slot copy[2] = {base[0], base[1]};
	if (!receiver_word(access, copy, method->pointer_receiver, &receiver))
		return false;
	*signature = method->signature;
	*closure = dyn_bind(access, method->function, receiver);
	return *closure != 0;
}
