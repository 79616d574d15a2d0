/*
 * Objects that code makes itself, out of the host's lists of free blocks (volt/tier.h, volt_free_block).
 * Built with the module's builder, in a function that may be any.
 */
#ifndef IR_FREE_BLOCKS_H
#define IR_FREE_BLOCKS_H

#include "ir/lowering.h"

/* Of objects of a struct meta. NULL: the host makes them. */
const volt_free_block *free_block_of_struct(const module_lowering *module, uint32_t struct_meta);

/* Of headers of slices. */
const volt_free_block *free_block_of_slice(const module_lowering *module);

typedef struct {
	const volt_free_block *kind;
	LLVMValueRef v_allocator; /* of the context */
	LLVMValueRef v_block;     /* the list's first block, or NULL at run time */
} free_block;

free_block find_free_block(module_lowering *module, LLVMValueRef v_context, const volt_free_block *kind);

/* Takes it, where it is not NULL: the address of word 0 of a new object. Words are as they were in the list.
 */
LLVMValueRef take_free_block(module_lowering *module, const free_block *found);

#endif
