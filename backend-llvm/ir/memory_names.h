/*
 * Which memory a load or a store is about, at the optimised level: what has different names is never the same
 * memory, so that a loop which writes elements need not load the headers of slices again. LLVM calls it
 * type-based alias analysis.
 *
 * MEMORY(ENUMERATOR, name, within). Who names memory here must name it so everywhere; an access without a
 * name may be to any. What is written with one width may be read with another, as nothing but accesses says
 * how wide elements are. But compilers of the language type slots, and what they have written from a slot for
 * values they never read into one for references: a loop that writes elements of a[i][j] need not load row i
 * again. What has been written from a slot for references may be read into any.
 *
 * Captures stand behind a closure's first word, and compilers of the language make no addresses inside of
 * closures: what is written to the first word of an object, where a captured variable is, changes no capture.
 */
#ifndef IR_MEMORY_NAMES_H
#define IR_MEMORY_NAMES_H

#include "ir/lowering.h"

#define MEMORY_NAMES(MEMORY) \
	MEMORY(UNNAMED, "volt", UNNAMED)    /* the root */ \
	MEMORY(CONTEXT, "context", UNNAMED) /* what the host keeps in front of objects, too */ \
	MEMORY(GLOBALS, "globals", UNNAMED) \
	MEMORY(HEADER, "header", UNNAMED)    /* lengths, capacities and data of slices, arrays and strings */ \
	MEMORY(OBJECTS, "objects", UNNAMED)  /* whatever else a program reads and writes */ \
	MEMORY(VALUES, "values", OBJECTS)    /* parts of words, and words from or for slots for values */ \
	MEMORY(CAPTURES, "captures", VALUES) /* of closures, that are not read into slots for references */ \
	MEMORY(FIRST_WORDS, "first words", VALUES) /* of objects, written from slots for values */ \
	MEMORY(REFERENCES, "references", OBJECTS)  /* words for slots for references; closures' words */

typedef enum {
#define MEMORY(ENUMERATOR, ...) MEMORY_##ENUMERATOR,
	MEMORY_NAMES(MEMORY)
#undef MEMORY
	    MEMORY_NAME_COUNT,
} memory_name;

/* Of a word of an object that goes to or comes from a slot. */
memory_name name_of_loaded(const function_lowering *lowering, uint32_t slot);
memory_name name_of_stored(const function_lowering *lowering, uint32_t slot);

void name_memory_in(module_lowering *module, LLVMValueRef v_access, memory_name name);

static inline void name_memory(function_lowering *lowering, LLVMValueRef v_access, memory_name name) {
	name_memory_in(lowering->module, v_access, name);
}

#endif
