/* Reading the text form. README.md has the grammar. The first mistake raises; see failure.h. */
#ifndef BYTECODE_VOT_ASSEMBLE_H
#define BYTECODE_VOT_ASSEMBLE_H

#include "bytecode/model/names.h"
#include "bytecode/vot/lexer.h"

typedef VOLT_VECTOR(bool) assembler_flags;

/* A named operand that an instruction must have, unless what it calls turns out to need none. */
typedef struct {
	token where;
	uint32_t function, pc;
	const volt_operand *operand;
} omission;

typedef struct {
	lexer_state lexer;
	token token; /* the next one, not consumed yet */
	volt_arena *arena;
	volt_module *module;
	name_table functions; /* of the whole text: they may be named before they are defined */
	name_table natives;
	name_table globals; /* first slot */
	constant_table constants;
	uint32_t declared_natives; /* those with a `native` line; implicit ones follow */
	uint32_t global_slots;
	assembler_flags automatic_locals;       /* by function */
	VOLT_VECTOR(volt_function_debug) lines; /* of the text, by function */
	VOLT_VECTOR(omission) omissions;
	bool has_entry;
} assembler;

/* Fails at the next token: "expected WHAT, but found ...". */
_Noreturn void assembler_expected(assembler *from, const char *what);
/* Fails at a token with its text in quotes: "BEFORE 'TEXT' BEHIND". */
_Noreturn void assembler_fail_named(assembler *from, const token *where, const char *before,
                                    const char *behind);

void assembler_advance(assembler *from);
bool assembler_at_symbol(const assembler *from, char symbol);
bool assembler_accept_symbol(assembler *from, char symbol);
void assembler_expect_symbol(assembler *from, char symbol);
bool assembler_at_word(const assembler *from, const char *word);
bool assembler_accept_word(assembler *from, const char *word);
void assembler_end_line(assembler *from);

/* `{` if there is one; then statements up to `}`: while (assembler_next_statement(...)) { statement } */
bool assembler_begin_block(assembler *from);
bool assembler_next_statement(assembler *from);

uint64_t assembler_number(assembler *from, uint64_t most, const char *what);
int64_t assembler_signed(assembler *from, int64_t least, int64_t most, const char *what);
volt_text assembler_string(assembler *from);
volt_text assembler_name(assembler *from);
volt_kind assembler_kind(assembler *from);

/* An identifier that is `prefix` and a number: r5, f12. */
bool assembler_at_indexed(const assembler *from, char prefix);
uint32_t assembler_indexed(assembler *from, char prefix, uint32_t most);

/* `name=NUMBER` in a list of attributes: true if the next token is `name`; the value is read. */
bool assembler_attribute(assembler *from, const char *name, uint64_t most, uint64_t *value);
/* `name` or `name=0` or `name=1`. */
bool assembler_flag(assembler *from, const char *name, bool *value);

/*
 * `kind:id`, a number, or `kind`, which stands for the id that `basic_id` asks for: the kind's number or
 * 0.
 */
uint32_t assembler_word(assembler *from, bool basic_id);
void assembler_words(assembler *from, volt_index_vector *words);

/* The letters behind `types=`. */
typedef VOLT_VECTOR(uint8_t) assembler_bytes;
assembler_bytes assembler_slot_types(assembler *from);

uint32_t assembler_function_reference(assembler *from);
uint32_t assembler_native_reference(assembler *from);

/* Any constant: `5`, `3.5`, `"x"`, `nil`, `true`, `int 5`, `float 0x...`, `iface(int, 3)`. */
volt_constant assembler_constant(assembler *from);
bool assembler_at_constant(const assembler *from);
/* Index of an equal constant, added to the pool if there is none. */
uint32_t assembler_intern(assembler *from, const volt_constant *constant);

/* `struct`, `interface`, ...: true if the statement is about types and was read. */
bool assembler_types(assembler *from);
void assembler_function(assembler *from);

/* Labels of the function that is being read. */
typedef struct {
	token where;
	uint32_t pc;
	volt_field field;
} label_use;

typedef struct {
	volt_function *function;
	name_table labels;
	VOLT_VECTOR(label_use) uses;
	volt_function_debug lines;
} assembler_body;

void assembler_instruction(assembler *from, assembler_body *body);
/* When all functions are known: no instruction lacks what it must have. */
void assembler_check_omissions(assembler *from);

#endif
