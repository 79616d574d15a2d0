/*
 * What named types stand for. The record of a named type is not enough: compilers write the id of a meta
 * there when the type was declared with a literal, and the id of a runtime type when it was declared with
 * another name (`type A B`); both are small numbers (SPECIFICATION.md, "Type metadata"). Nobody else reads
 * that field.
 */
#ifndef BYTECODE_MODEL_UNDERLYING_H
#define BYTECODE_MODEL_UNDERLYING_H

#include "volt/bytecode.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

/* Runtime types below this number are the basic kinds of that number, even if the table of types is empty. */
enum { RESERVED_TYPES = 18 };

typedef struct {
	bool known;   /* false: the module's tables contradict each other */
	uint8_t kind; /* volt_kind */
	uint32_t id;  /* STRUCT, INTERFACE: index of the meta; else rttid of a type that has no name */
} underlying_type;

/*
 * One entry for each named type; free() is the caller's. NULL: no memory. The module need not be verified. A
 * struct or interface meta that is known exists, and so does a runtime type.
 */
underlying_type *volt_underlying_types(const volt_module *module);

/*
 * The interface meta with exactly the methods of a runtime type of tag INTERFACE: compilers write the id of
 * the empty interface there, whatever the methods are. False if there is none.
 */
bool volt_underlying_interface(const volt_module *module, const volt_runtime_type *type, uint32_t *meta);

VOLT_DECLARATIONS_END

#endif
