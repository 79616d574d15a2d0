/* What is known of a program before any text is there. */
#include <stdlib.h>

#include "extern/regexp/regexp_program.h"

/* ---- The first byte ---- */

static void note_first_bytes(regexp_program *program, regexp_range range) {
	char first[4];
	char last[4];
	int32_t rune = range.first;
	for (; rune <= range.last && rune < 0x80; rune++)
		program->first[rune] = true;
	if (rune > range.last)
		return;
	utf8_encode(rune, first);
	utf8_encode(range.last, last);
	/* A surrogate has no encoding: what is encoded in its place begins with a larger byte. */
	if (range.last >= 0xd800 && range.last <= 0xdfff)
		last[0] = '\xee';
	if (rune >= 0xd800 && rune <= 0xdfff)
		first[0] = '\xed';
	for (unsigned byte = (unsigned char)first[0]; byte <= (unsigned char)last[0]; byte++)
		program->first[byte] = true;
}

typedef struct {
	const regexp_program *program;
	size_t *waiting;
	size_t waiting_count;
	bool *seen;
} code_walk;

static void visit(code_walk *walk, size_t at) {
	if (!walk->seen[at])
		walk->waiting[walk->waiting_count++] = at;
	walk->seen[at] = true;
}

/* Goes on without taking a character; false at a match. */
static bool walk_on(code_walk *walk, size_t at) {
	regexp_instruction instruction = walk->program->code[at];
	switch (instruction.operation) {
	case REGEXP_SPLIT_NEXT:
	case REGEXP_SPLIT_APART:
		visit(walk, at + 1);
		visit(walk, at + (size_t)instruction.operand);
		return true;
	case REGEXP_JUMP: visit(walk, at + (size_t)instruction.operand); return true;
	case REGEXP_SAVE:
	case REGEXP_ASSERT: visit(walk, at + 1); return true;
	default: return instruction.operation != REGEXP_MATCH;
	}
}

static bool find_first_bytes(regexp_program *program, code_walk *walk) {
	visit(walk, 0);
	while (walk->waiting_count > 0) {
		size_t at = walk->waiting[--walk->waiting_count];
		regexp_instruction instruction = program->code[at];
		if (instruction.operation == REGEXP_RUNE) {
			note_first_bytes(program, (regexp_range){instruction.operand, instruction.operand});
		} else if (instruction.operation == REGEXP_CLASS) {
			const regexp_set *set = &program->classes[instruction.operand].set;
			for (size_t i = 0; i < set->count; i++)
				note_first_bytes(program, set->ranges[i]);
		} else if (!walk_on(walk, at)) {
			return false;
		}
	}
	return true;
}

/* ---- What every match begins with ---- */

/* Up to the first place where ways part. Assertions take nothing: they do not matter, but for one. */
static void find_prefix(regexp_program *program) {
	for (size_t at = 0;;) {
		regexp_instruction instruction = program->code[at];
		if (instruction.operation == REGEXP_JUMP) {
			at += (size_t)instruction.operand;
			continue;
		}
		if (instruction.operation == REGEXP_RUNE) {
			if (program->prefix_length + 4 > sizeof program->prefix)
				return;
			program->prefix_length +=
			    utf8_encode(instruction.operand, program->prefix + program->prefix_length);
		} else if (instruction.operation == REGEXP_ASSERT) {
			program->starts_text |= instruction.operand == REGEXP_TEXT_START && program->prefix_length == 0;
		} else if (instruction.operation != REGEXP_SAVE) {
			return;
		}
		at++;
	}
}

/* ---- Joins ---- */

static void count_way(regexp_program *program, size_t to) {
	program->code[to].join++;
}

/* Counts the ways to each place first, then the places that several lead to. */
static void number_joins(regexp_program *program) {
	for (size_t at = 0; at < program->length; at++) {
		regexp_instruction instruction = program->code[at];
		bool jumps = instruction.operation == REGEXP_JUMP;
		if (jumps || instruction.operation == REGEXP_SPLIT_NEXT ||
		    instruction.operation == REGEXP_SPLIT_APART)
			count_way(program, at + (size_t)instruction.operand);
		if (!jumps && instruction.operation != REGEXP_MATCH)
			count_way(program, at + 1);
	}
	for (size_t at = 0; at < program->length; at++)
		program->code[at].join = program->code[at].join > 1 ? ++program->join_count : 0;
}

static void count_groups(regexp_program *program) {
	program->group_count = 1;
	for (size_t i = 0; i < program->length; i++) {
		unsigned group = (unsigned)program->code[i].operand / 2;
		if (program->code[i].operation == REGEXP_SAVE && group >= program->group_count)
			program->group_count = group + 1;
	}
}

void regexp_finish(regexp_program *program) {
	count_groups(program);
	number_joins(program);
	find_prefix(program);
	code_walk walk = {program, malloc(program->length * sizeof(size_t)), 0, calloc(program->length, 1)};
	if (walk.waiting != NULL && walk.seen != NULL)
		program->first_is_known = find_first_bytes(program, &walk);
	free(walk.waiting);
	free(walk.seen);
}
