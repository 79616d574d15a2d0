/* Runs one call of compiled code in an emulated machine, and counts what it executes. */
#ifndef COUNTS_COUNT_H
#define COUNTS_COUNT_H

#include "object.h"
#include "volt/value.h"

enum { ARGUMENT_MAXIMUM = 256 };

typedef struct {
	uint64_t count;
	uint8_t size; /* bytes */
} executed_instruction;

typedef struct {
	uint64_t entry;
	volt_slot arguments[ARGUMENT_MAXIMUM];
	size_t argument_count;
	uint8_t *data; /* objects that arguments refer to: what is at DATA_BASE; NULL: there are none */
	size_t data_size;
	uint64_t instruction_limit;
	executed_instruction *executed; /* by offset in the image, as many as it has bytes; NULL: not asked for */
} counted_call;

typedef struct {
	uint64_t instructions;
	uint64_t loads;          /* instructions that read memory */
	uint64_t stores;         /* instructions that write memory */
	uint64_t taken_branches; /* instructions that are not followed by the next one in memory */
	uint64_t calls;
	volt_slot result; /* the first result slot; 0 if the function has none */
} dynamic_counts;

volt_error *count_call(const object_file *object, const counted_call *call, dynamic_counts *counts);

#endif
