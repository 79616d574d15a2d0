/* Building programs. */
#include "extern/regexp/regexp_program.h"

#include <stdlib.h>
#include <string.h>

/*
 * The original refuses a pattern that takes more than 10 MiB when it is compiled. This is about what it takes
 * here. The original works on bytes: there a class beyond ASCII costs so much for each of its ranges, and it
 * must not cost less here, so that both refuse the same.
 */
enum {
	SIZE_MAXIMUM = 10 << 20,
	INSTRUCTION_SIZE = sizeof(regexp_instruction),
	ASCII_RANGE_SIZE = 8,
	RANGE_SIZE = 34,
};

static uint64_t size_of(const regexp_program *program, regexp_instruction instruction) {
	if (instruction.operation != REGEXP_CLASS)
		return INSTRUCTION_SIZE;
	const regexp_set *set = &program->classes[instruction.operand].set;
	bool ascii = set->count == 0 || set->ranges[set->count - 1].last < 0x80;
	return INSTRUCTION_SIZE + set->count * (ascii ? ASCII_RANGE_SIZE : RANGE_SIZE);
}

void regexp_insert(regexp_program *program, size_t at, regexp_operation operation, int32_t operand) {
	void *code = program->code;
	regexp_instruction instruction = {.operation = operation, .operand = operand};
	program->size += size_of(program, instruction);
	program->failed |= program->size > SIZE_MAXIMUM;
	if (program->failed ||
	    !regexp_make_room(&code, &program->code_capacity, program->length, sizeof *program->code)) {
		program->failed = true;
		return;
	}
	program->code = code;
	memmove(program->code + at + 1, program->code + at, (program->length - at) * sizeof *program->code);
	program->code[at] = instruction;
	program->length++;
}

void regexp_emit(regexp_program *program, regexp_operation operation, int32_t operand) {
	regexp_insert(program, program->length, operation, operand);
}

static void note_ascii(regexp_class *class) {
	for (size_t i = 0; i < class->set.count; i++)
		for (int32_t rune = class->set.ranges[i].first; rune < 0x80 && rune <= class->set.ranges[i].last;
		     rune++)
			class->ascii[rune >> 6] |= (uint64_t)1 << (rune & 63);
}

void regexp_emit_class(regexp_program *program, regexp_set *set) {
	regexp_set_order(set);
	void *classes = program->classes;
	program->failed |= set->failed;
	if (program->failed || !regexp_make_room(&classes, &program->class_capacity, program->class_count,
	                                         sizeof *program->classes)) {
		regexp_set_free(set);
		program->failed = true;
		return;
	}
	program->classes = classes;
	regexp_class *class = &program->classes[program->class_count++];
	*class = (regexp_class){.set = *set};
	*set = (regexp_set){0};
	note_ascii(class);
	regexp_emit(program, REGEXP_CLASS, (int32_t)(program->class_count - 1));
}

void regexp_add_name(regexp_program *program, string_view name, unsigned number) {
	void *names = program->names;
	char *copy = malloc(name.length);
	if (copy == NULL ||
	    !regexp_make_room(&names, &program->name_capacity, program->name_count, sizeof *program->names)) {
		free(copy);
		program->failed = true;
		return;
	}
	memcpy(copy, name.bytes, name.length);
	program->names = names;
	regexp_group_name *added = &program->names[program->name_count++];
	added->name = copy;
	added->length = name.length;
	added->number = number;
}

static int compare_names(const void *left, const void *right) {
	const regexp_group_name *a = left;
	const regexp_group_name *b = right;
	int order = memcmp(a->name, b->name, a->length < b->length ? a->length : b->length);
	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

bool regexp_order_names(regexp_program *program) {
	if (program->name_count > 0)
		qsort(program->names, program->name_count, sizeof *program->names, compare_names);
	for (size_t i = 1; i < program->name_count; i++)
		if (compare_names(&program->names[i - 1], &program->names[i]) == 0)
			return false;
	return true;
}

int regexp_find_name(const regexp_program *program, string_view name) {
	regexp_group_name wanted = {.name = (char *)name.bytes, .length = name.length};
	if (program->name_count == 0)
		return -1;
	const regexp_group_name *found =
	    bsearch(&wanted, program->names, program->name_count, sizeof wanted, compare_names);
	return found != NULL ? (int)found->number : -1;
}

/* ---- Repetition ---- */

static bool fits(regexp_program *program, size_t start, size_t length, int64_t copies) {
	uint64_t size = INSTRUCTION_SIZE; /* of the split before an optional one */
	for (size_t i = 0; i < length; i++)
		size += size_of(program, program->code[start + i]);
	program->failed |= (uint64_t)copies > (SIZE_MAXIMUM - program->size) / size;
	return !program->failed;
}

/* Appends a copy of code that ends where it is copied from or before. */
static void append_copy(regexp_program *program, size_t start, size_t length) {
	for (size_t i = start; i < start + length; i++)
		regexp_emit(program, program->code[i].operation, program->code[i].operand);
}

/* The code from `start` on once or more often. */
static void loop(regexp_program *program, size_t start, bool greedy) {
	int32_t back = -(int32_t)(program->length - start);
	regexp_emit(program, greedy ? REGEXP_SPLIT_APART : REGEXP_SPLIT_NEXT, back);
}

static void make_optional(regexp_program *program, size_t start, int64_t length, bool greedy) {
	regexp_insert(program, start, greedy ? REGEXP_SPLIT_NEXT : REGEXP_SPLIT_APART, (int32_t)length + 1);
}

static void drop(regexp_program *program, size_t start) {
	for (size_t i = start; i < program->length; i++)
		program->size -= size_of(program, program->code[i]);
	program->length = start;
}

/* x{2,5} is xx(x(x(x)?)?)?, where every way out leads to the end. */
void regexp_repeat(regexp_program *program, size_t start, regexp_repetition how) {
	int64_t optional = how.maximum == REGEXP_NO_MAXIMUM ? 0 : how.maximum - how.minimum;
	int64_t length = (int64_t)(program->length - start);
	if (program->failed)
		return;
	if (how.maximum == 0) {
		drop(program, start);
		return;
	}
	if (!fits(program, start, (size_t)length, how.minimum + optional))
		return;
	if (how.minimum == 0) {
		if (how.maximum == REGEXP_NO_MAXIMUM)
			loop(program, start, how.greedy);
		int64_t inner = (int64_t)(program->length - start);
		int64_t others = optional > 0 ? (optional - 1) * (length + 1) : 0;
		make_optional(program, start, inner + others, how.greedy);
	}
	size_t original = start + (how.minimum == 0);
	for (int64_t i = 1; i < how.minimum; i++)
		append_copy(program, original, (size_t)length);
	if (how.minimum > 0 && how.maximum == REGEXP_NO_MAXIMUM)
		loop(program, program->length - (size_t)length, how.greedy);
	for (int64_t left = how.minimum == 0 ? optional - 1 : optional; left > 0; left--) {
		make_optional(program, program->length, left * (length + 1) - 1, how.greedy);
		append_copy(program, original, (size_t)length);
	}
}

void regexp_program_free(regexp_program *program) {
	for (size_t i = 0; i < program->class_count; i++)
		regexp_set_free(&program->classes[i].set);
	for (size_t i = 0; i < program->name_count; i++)
		free(program->names[i].name);
	free(program->classes);
	free(program->names);
	free(program->code);
	*program = (regexp_program){0};
}
