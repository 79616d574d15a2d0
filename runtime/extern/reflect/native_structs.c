/* Structs of the library that natives make. */
#include "extern/reflect/native_structs.h"

#include <string.h>

enum { UNKNOWN_STRUCT = 0xffffff };

uint32_t native_struct_meta(const volt_module *module, const char *name) {
	for (uint32_t i = 0; i < module->named_types.count; i++) {
		const volt_named_type *type = &module->named_types.items[i];
		if (type->name.length == strlen(name) && memcmp(type->name.bytes, name, type->name.length) == 0 &&
		    volt_meta_kind(type->underlying) == VOLT_KIND_STRUCT)
			return type->underlying;
	}
	return volt_meta_make(UNKNOWN_STRUCT, VOLT_KIND_STRUCT);
}
