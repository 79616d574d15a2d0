/* Structs of the library that natives make. */
#include "extern/reflect/native_structs.h"

#include <string.h>

#include "object/types.h"

enum { UNKNOWN_STRUCT = 0xffffff };

uint32_t native_struct_meta(const object_space *space, const char *name) {
	const volt_module *module = object_space_module(space);
	for (uint32_t i = 0; i < module->named_types.count; i++) {
		const volt_named_type *type = &module->named_types.items[i];
		underlying_type below = type_below_name(space, i);
		if (type->name.length == strlen(name) && memcmp(type->name.bytes, name, type->name.length) == 0 &&
		    below.known && below.kind == VOLT_KIND_STRUCT)
			return volt_meta_make(below.id, VOLT_KIND_STRUCT);
	}
	return volt_meta_make(UNKNOWN_STRUCT, VOLT_KIND_STRUCT);
}
