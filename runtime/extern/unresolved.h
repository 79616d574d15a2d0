/* What is said of imports that no native is registered for. */
#ifndef EXTERN_UNRESOLVED_H
#define EXTERN_UNRESOLVED_H

#include "object/buffer.h"
#include "volt/bytecode.h"

/* The registered name that is most like a wanted one, so far. */
typedef struct {
	volt_text wanted;
	const char *name; /* NULL: none is like it */
	unsigned distance;
} similar_name;

similar_name similar_name_to(volt_text wanted);
void similar_name_consider(similar_name *similar, const char *name);

/* The first call of each import, by import; free() is the caller's. NULL: no memory. */
typedef struct {
	uint32_t function, pc;
	bool is_there;
} native_use;
native_use *native_uses(const volt_module *module);

/* Appends the lines of an import; `use` may be NULL. */
void unresolved_add(const volt_module *module, uint32_t import, const native_use *use,
                    const similar_name *similar, buffer *out);

#endif
