/* Writing the text form. README.md has the grammar. */
#ifndef BYTECODE_VOT_DISASSEMBLE_H
#define BYTECODE_VOT_DISASSEMBLE_H

#include <stdio.h>

#include "bytecode/model/names.h"

typedef struct {
	FILE *out;
	const volt_module *module;
	volt_arena *arena;
	bool has_tables; /* else names and constants are searched one by one */
	name_table functions;
	name_table natives;
	constant_table constants;
} disassembler;

/* Letters of the slot types in the text form, by volt_slot_type. */
#define SLOT_TYPE_LETTERS "vripf"

void disassemble_string(FILE *out, volt_text text);
void disassemble_name(FILE *out, volt_text text);

/* ValueMeta or ValueRttid: `kind:id`. */
void disassemble_word(FILE *out, uint32_t word);
void disassemble_words(FILE *out, const volt_index_vector *words);
void disassemble_slot_types(FILE *out, const uint8_t *items, uint32_t count);
void disassemble_function_reference(const disassembler *to, uint32_t index);
void disassemble_constant(FILE *out, const volt_constant *constant);

void disassemble_types(const disassembler *to);
void disassemble_instruction(const disassembler *to, const volt_function *function, uint32_t pc);

#endif
