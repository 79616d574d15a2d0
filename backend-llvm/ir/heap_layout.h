/* The host's objects and type words, by what it says of them (volt/tier.h, volt_heap_layout). */
#ifndef IR_HEAP_LAYOUT_H
#define IR_HEAP_LAYOUT_H

#include "ir/lowering.h"
#include "ir/memory_names.h"

/* What no host can have, as a text for people; NULL: nothing is wrong. */
const char *heap_layout_fault(const volt_heap_layout *layout);

static inline const volt_heap_layout *heap_layout_of(const function_lowering *lowering) {
	return lowering->module->options.heap;
}

/* Address of what lies so many bytes behind that of the object. */
LLVMValueRef heap_field(function_lowering *lowering, LLVMValueRef v_object, int32_t offset);

/* A number of 32 bits, as i64. It is part of the word that is loaded. */
LLVMValueRef load_half_word(function_lowering *lowering, LLVMValueRef v_object, int32_t offset,
                            memory_name name);

/* Is word 0 of a closure its function and how many captures it has, and nothing that only the host knows? */
bool has_plain_closures(const volt_heap_layout *layout);

/* That word. */
uint64_t plain_closure_word(const volt_heap_layout *layout, uint32_t function, uint64_t captures);

/* ---- Type words ---- */

/* The kind as i64, or as i8 where only nil is asked for. */
LLVMValueRef kind_of_type(function_lowering *lowering, LLVMValueRef v_type);
LLVMValueRef kind_byte_of_type(function_lowering *lowering, LLVMValueRef v_type);

LLVMValueRef id_of_type(function_lowering *lowering, LLVMValueRef v_type);

LLVMValueRef table_of_type(function_lowering *lowering, LLVMValueRef v_type);

/* Of the kind: what it keeps of a type word. */
uint64_t kind_mask_of_type(const function_lowering *lowering);

/* The same type without a dispatch table. */
LLVMValueRef type_without_table(function_lowering *lowering, LLVMValueRef v_type);

/* volt_meta_make() of a type word, as i64. */
LLVMValueRef meta_of_type(function_lowering *lowering, LLVMValueRef v_type);

uint64_t make_type(const function_lowering *lowering, uint32_t table, uint32_t id, volt_kind kind);

#endif
