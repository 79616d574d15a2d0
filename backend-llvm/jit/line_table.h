/* Lines of the source by address, from an object's DWARF. */
#ifndef JIT_LINE_TABLE_H
#define JIT_LINE_TABLE_H

#include "jit/loaded_object.h"

typedef struct {
	uint64_t address; /* where the line's code begins */
	const char *file; /* in the object's bytes */
	uint32_t line;    /* 0: of no line */
} line_row;

/* All rows whose addresses are known, in the table's order. The caller frees *rows. */
size_t line_table_read(const loaded_object *object, line_row **rows);

#endif
