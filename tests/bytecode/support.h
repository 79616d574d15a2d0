/* What the suites of the bytecode folder share. */
#ifndef TESTS_BYTECODE_SUPPORT_H
#define TESTS_BYTECODE_SUPPORT_H

#include <check.h>

#include "volt/bytecode.h"

typedef struct {
	uint8_t *data;
	size_t size;
} bytes;

/* Each fails the test if there is an error. */
volt_module *assembled(const char *text);
volt_module *read_bytes(const uint8_t *data, size_t size);
bytes written(const volt_module *module);
char *disassembled(const volt_module *module);

/* The text is refused, by the assembler or the verifier, with exactly this message, but for the line
 * of an instruction, which must be told. */
void assert_refused(const char *text, const char *message);
/* The text assembles and verifies. */
void assert_accepted(const char *text);

/* bytes -> module -> bytes and bytes -> module -> text -> module -> bytes both give the same bytes. */
void assert_round_trip(const uint8_t *data, size_t size, const char *what);

/* A small random generator with a fixed sequence for each seed (xorshift). */
uint32_t next_random(uint64_t *state);

/* Runs the suite and gives the exit status of the program. */
int run_suite(Suite *suite);

/* .vob files beside the project, when they are there: calls `visit` for each, returns how many. */
int each_shared_program(const char *folder, void (*visit)(const char *path));

/* A module in the text form that has every kind of record. */
extern const char sample_records[];
/* Programs that verify. */
extern const char sample_loop[];
extern const char sample_calls[];

#endif
