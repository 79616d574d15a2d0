/* LLVM's texts, each line with the bytecode instruction that it comes from. */
#ifndef REPORT_PLACED_TEXT_H
#define REPORT_PLACED_TEXT_H

#include "codegen/unit.h"

/* Two units of the same content, with LINES_NONE and with LINES_OF_INSTRUCTIONS. */
typedef struct {
	compilation_unit *plain, *with_lines;
} unit_pair;

typedef struct {
	const char *text; /* ends with a newline that `length` does not count; the next line follows */
	size_t length;
	uint32_t number; /* of an instruction of the bytecode (ir/source_lines.h); 0: of none */
} placed_line;

/* To be freed with placed_text_dispose(), or by the end of the request (guard/memory.h). */
typedef struct {
	char *text;
	size_t bytes;
	placed_line *lines;
	size_t count;
} placed_text;

/* The plain unit's. */
volt_error *unit_placed_assembly(const unit_pair *units, LLVMTargetMachineRef machine, placed_text *result);

/* Before code is generated. Only the definitions of functions are left. */
void unit_placed_ir(compilation_unit *unit, placed_text *result);

void placed_text_dispose(placed_text *text);

#endif
