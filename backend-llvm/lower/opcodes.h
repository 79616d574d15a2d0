/*
 * Which function lowers which opcode: each file with a family of opcodes ends with its rows. An opcode
 * without a row is executed by the host (out_of_line.c).
 */
#ifndef LOWER_OPCODES_H
#define LOWER_OPCODES_H

#include "ir/lowering.h"

/* Lowers lowering->instruction at lowering->pc. */
typedef void (*opcode_lowering)(function_lowering *lowering);

typedef struct {
	uint8_t opcode;
	opcode_lowering lower; /* NULL: the end */
} opcode_row;

extern const opcode_row slots_opcodes[];
extern const opcode_row arithmetic_opcodes[];
extern const opcode_row control_opcodes[];
extern const opcode_row direct_calls_opcodes[];
extern const opcode_row indirect_calls_opcodes[];
extern const opcode_row out_of_line_opcodes[];
extern const opcode_row pointers_opcodes[];
extern const opcode_row objects_opcodes[];
extern const opcode_row elements_opcodes[];
extern const opcode_row channels_opcodes[];

void lower_opcode(function_lowering *lowering);

/* The host executes the instruction on an image of the frame, and the function goes on. */
void lower_out_of_line(function_lowering *lowering);

/* The function exits; the host executes the instruction on the fiber's frame, and resumes the function. */
void lower_in_host(function_lowering *lowering);

/* Lowers a call of a native that is one machine instruction; false: it is not. */
bool lower_math_call(function_lowering *lowering);

#endif
