/*
 * Names and lines of the source in the generated code, for debuggers and profilers, from the module's debug
 * section. They change no instruction.
 */
#ifndef IR_SOURCE_LINES_H
#define IR_SOURCE_LINES_H

#include "ir/lowering.h"

/* Does nothing if the options do not ask for lines, as do the functions below. */
void source_lines_start(module_lowering *module);

/* What is built from now on belongs to the instruction at this pc. */
void source_lines_at(function_lowering *lowering, uint32_t pc);

/* When everything is lowered, before the module is verified. */
void source_lines_finish(module_lowering *module);

/* Before the module is disposed of. */
void source_lines_dispose(module_lowering *module);

#endif
