/*
 * Names and lines of the source in the generated code, for debuggers and profilers, from the module's debug
 * section; or the bytecode instructions that it comes from, for listings. They change no instruction.
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

/* Of LINES_OF_INSTRUCTIONS: all instructions of a module are numbered from 1, function by function. */
uint32_t instruction_number(const volt_module *bytecode, uint32_t function, uint32_t pc);

/* Remembers the last function: numbers of one are mostly asked for together. All else 0 at first. */
typedef struct {
	const volt_module *bytecode;
	uint32_t function, pc; /* what was found */
	uint32_t first;        /* the number at pc 0 of `function`; 0: nothing was found yet */
} instruction_finder;

/* False, and nothing is found, for a number that no instruction has. */
bool instruction_find(instruction_finder *finder, uint32_t number);

/* Before the module is disposed of. */
void source_lines_dispose(module_lowering *module);

#endif
