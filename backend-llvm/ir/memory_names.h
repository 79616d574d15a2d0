/*
 * Which memory a load or a store is about, at the optimised level: what has different names is never the same
 * memory, so that a loop which writes elements need not load the headers of slices again. LLVM calls it
 * type-based alias analysis.
 *
 * MEMORY(ENUMERATOR, name, within). Who names memory here must name it so everywhere; an access without a
 * name may be to any. What is written with one width may be read with another, as nothing but accesses says
 * how wide elements are. Only references always are words.
 */
#ifndef IR_MEMORY_NAMES_H
#define IR_MEMORY_NAMES_H

#include "ir/lowering.h"

#define MEMORY_NAMES(MEMORY) \
	MEMORY(UNNAMED, "volt", UNNAMED) /* the root */ \
	MEMORY(CONTEXT, "context", UNNAMED) \
	MEMORY(GLOBALS, "globals", UNNAMED) \
	MEMORY(HEADER, "header", UNNAMED)   /* lengths, capacities and data of slices, arrays and strings */ \
	MEMORY(OBJECTS, "objects", UNNAMED) /* whatever else a program reads and writes */ \
	MEMORY(NARROW, "narrow", OBJECTS)   /* elements of 1, 2 and 4 bytes */ \
	MEMORY(REFERENCES, "references", OBJECTS) /* loads of words into slots for references */

typedef enum {
#define MEMORY(ENUMERATOR, ...) MEMORY_##ENUMERATOR,
	MEMORY_NAMES(MEMORY)
#undef MEMORY
	    MEMORY_NAME_COUNT,
} memory_name;

void name_memory(function_lowering *lowering, LLVMValueRef v_access, memory_name name);

#endif
