/*
 * Which function lowers which opcode: each file with a family of opcodes ends with its rows. An opcode
 * without a row is executed by the host: on an image of the frame (out_of_line.c), or, if it looks at the
 * fiber's own frame (VOLT_EFFECT_FRAME), after the function has exited.
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

/* FAMILY(name) for each: NAME_opcodes are the rows at the end of NAME.c. */
#define OPCODE_FAMILIES(FAMILY) \
	FAMILY(slots) \
	FAMILY(arithmetic) \
	FAMILY(control) \
	FAMILY(direct_calls) \
	FAMILY(indirect_calls) \
	FAMILY(out_of_line) \
	FAMILY(pointers) \
	FAMILY(objects) \
	FAMILY(interface_values) \
	FAMILY(heap) \
	FAMILY(map) \
	FAMILY(elements) \
	FAMILY(channels) \
	FAMILY(ready_selects) \
	FAMILY(deferred_calls)

#define FAMILY(name) extern const opcode_row name##_opcodes[];
OPCODE_FAMILIES(FAMILY)
#undef FAMILY

void lower_opcode(function_lowering *lowering);

/* The host executes the instruction on an image of the frame, and the function goes on. */
void lower_out_of_line(function_lowering *lowering);

/* A slot of the image of the frame, and filling it in. */
LLVMValueRef image_slot(function_lowering *lowering, uint32_t slot);
void fill_image(function_lowering *lowering, uint32_t first, uint32_t count);

/* Slots as they stand in the image. */
void take_image(function_lowering *lowering, uint32_t first, uint32_t count);

/* A part of what a helper of type `pair` returns. */
LLVMValueRef part_of(function_lowering *lowering, LLVMValueRef v_pair, unsigned index);

/* Leaves if the host says so, with the slots as they are; goes on in the hot path. */
void leave_unless_ok(function_lowering *lowering, LLVMValueRef v_status);

/* Of a pair whose second part is a status: that, and the first part with the status looked at. */
LLVMValueRef status_of_pair(function_lowering *lowering, LLVMValueRef v_pair);
LLVMValueRef checked(function_lowering *lowering, LLVMValueRef v_pair);

/* The function exits; the host executes the instruction on the fiber's frame, and resumes the function. */
void lower_in_host(function_lowering *lowering);

/* Is this a call of a native that is one machine instruction? */
bool is_math_call(const function_lowering *lowering);

/* Lowers it; false: it is none. */
bool lower_math_call(function_lowering *lowering);

/* Lowers a call of a native, of which a result is taken, that is a function of its arguments; false: it is
 * none. */
bool lower_direct_native(function_lowering *lowering);

/* A Return: makes the deferred calls that are pending. */
void make_deferred_calls(function_lowering *lowering);

/* A Return with results on the heap: fetches them. Gives the first of the slots where they are. */
uint32_t take_heap_results(function_lowering *lowering);

#endif
