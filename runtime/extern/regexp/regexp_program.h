/*
 * What a pattern is compiled to: a program for a machine that follows all ways through it at once, so that
 * a search takes time in proportion to the text. Jumps are relative: code can be copied and moved.
 */
#ifndef EXTERN_REGEXP_REGEXP_PROGRAM_H
#define EXTERN_REGEXP_REGEXP_PROGRAM_H

#include "extern/regexp/regexp_set.h"
#include "object/strings.h"

typedef enum {
	REGEXP_RUNE,        /* takes the character `operand` */
	REGEXP_CLASS,       /* takes a character of class `operand` */
	REGEXP_SPLIT_NEXT,  /* goes on both ways; prefers the next instruction to `operand` instructions on */
	REGEXP_SPLIT_APART, /* the same, but prefers the other one */
	REGEXP_JUMP,        /* `operand` instructions on */
	REGEXP_SAVE,        /* notes the position in slot `operand` */
	REGEXP_ASSERT,      /* goes on if the regexp_assertion `operand` holds here */
	REGEXP_MATCH,
} regexp_operation;

typedef enum {
	REGEXP_TEXT_START,
	REGEXP_TEXT_END,
	REGEXP_LINE_START,
	REGEXP_LINE_END,
	REGEXP_CRLF_START, /* lines that end with CR, LF or both */
	REGEXP_CRLF_END,
	REGEXP_WORD_BOUNDARY,
	REGEXP_NO_WORD_BOUNDARY,
	REGEXP_WORD_START,
	REGEXP_WORD_END,
	REGEXP_WORD_START_HALF,
	REGEXP_WORD_END_HALF,
	REGEXP_ASCII = 16, /* added to those of words: words of ASCII */
} regexp_assertion;

typedef struct {
	uint32_t operation;
	int32_t operand;
	uint32_t join; /* the number of a place that several ways lead to, from 1 on; 0: one way at most does */
} regexp_instruction;

typedef struct {
	uint64_t ascii[2]; /* one bit for each */
	regexp_set set;
} regexp_class;

typedef struct {
	char *name; /* owned */
	size_t length;
	unsigned number;
} regexp_group_name;

typedef struct {
	regexp_instruction *code;
	size_t length;
	size_t code_capacity;
	regexp_class *classes;
	size_t class_count;
	size_t class_capacity;
	regexp_group_name *names;
	size_t name_count;
	size_t name_capacity;
	unsigned group_count; /* with group 0, the whole match */
	uint64_t size;        /* in bytes, as the limit counts them */
	bool failed;          /* too large, or memory ran out */

	/* Known when it is finished. */
	uint32_t join_count;
	bool starts_text; /* a match begins where the text begins */
	char prefix[64];  /* a match begins with this text */
	size_t prefix_length;
	bool first_is_known; /* a match begins with one of these bytes */
	bool first[256];
} regexp_program;

/* Building. A program that failed stays as it is. */
void regexp_emit(regexp_program *program, regexp_operation operation, int32_t operand);
/* Takes one character of the set; owns what is in it from now on. */
void regexp_emit_class(regexp_program *program, regexp_set *set);
/* Puts an instruction in front of those from `at` on. */
void regexp_insert(regexp_program *program, size_t at, regexp_operation operation, int32_t operand);
void regexp_add_name(regexp_program *program, string_view name, unsigned number);
/* To be called when all names are there, before they are looked up. False: a name is there twice. */
bool regexp_order_names(regexp_program *program);
/* The number of a named group, or -1. */
int regexp_find_name(const regexp_program *program, string_view name);

enum { REGEXP_NO_MAXIMUM = -1 };

typedef struct {
	int64_t minimum;
	int64_t maximum; /* or REGEXP_NO_MAXIMUM */
	bool greedy;
} regexp_repetition;

/* Repeats the code from `start` to the end. */
void regexp_repeat(regexp_program *program, size_t start, regexp_repetition how);

/* When all code is there: finds out what makes searching fast (regexp_facts.c). */
void regexp_finish(regexp_program *program);

void regexp_program_free(regexp_program *program);

static inline bool regexp_class_has(const regexp_class *class, int32_t rune) {
	if (rune < 0x80)
		return (class->ascii[rune >> 6] >> (rune & 63)) & 1;
	return regexp_set_contains(&class->set, rune);
}

#endif
