/* Runtime types, resolved. Every index that comes from a value is checked; recursion is bounded. */
#ifndef OBJECT_TYPES_H
#define OBJECT_TYPES_H

#include "bytecode/model/underlying.h"
#include "object/space.h"

/*
 * Types nest by their text, so a deeper nesting is a broken module; what lies deeper is treated as raw
 * slots.
 */
enum { TYPE_DEPTH_MAXIMUM = 64 };

/* NULL if the module has no such type. */
static inline const volt_runtime_type *type_get(const volt_module *module, uint32_t rttid) {
	return rttid < module->runtime_types.count ? &module->runtime_types.items[rttid] : NULL;
}

/* What a named type stands for; not known for an id that does not exist. */
underlying_type type_below_name(const object_space *space, uint32_t named);

/*
 * The type behind names; NULL for named structs and interfaces, which have no entry of their own, and
 * broken ones.
 */
const volt_runtime_type *type_underlying(object_space *space, uint32_t rttid);

/* The struct meta of a struct type or of a named struct type; false for other types. */
bool type_struct_meta(object_space *space, uint32_t rttid, uint32_t *struct_meta);

#endif
