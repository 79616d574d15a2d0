/*
 * Which memory a load or a store is about, at the optimised level: what has different names is never the same
 * memory, so that a loop which writes elements need not load the headers of slices again. LLVM calls it
 * type-based alias analysis.
 *
 * MEMORY(ENUMERATOR, name, within). Who names memory here must name it so everywhere; an access without a
 * name may be to any. Words of objects include elements, whose addresses may stand in pointers.
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
	MEMORY(WORDS, "words", OBJECTS)     /* elements of 8 bytes, or several of these */ \
	MEMORY(SINGLES, "singles", OBJECTS) /* elements of 4 bytes */ \
	MEMORY(HALVES, "halves", OBJECTS) \
	MEMORY(BYTES, "bytes", OBJECTS)

typedef enum {
#define MEMORY(ENUMERATOR, ...) MEMORY_##ENUMERATOR,
	MEMORY_NAMES(MEMORY)
#undef MEMORY
	    MEMORY_NAME_COUNT,
} memory_name;

void name_memory(function_lowering *lowering, LLVMValueRef v_access, memory_name name);

#endif
