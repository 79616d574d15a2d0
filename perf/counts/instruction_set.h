/* The machines whose code can be counted: a row for each. */
#ifndef COUNTS_INSTRUCTION_SET_H
#define COUNTS_INSTRUCTION_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unicorn/unicorn.h>

#include "relocation.h"

/* What an instruction is, as far as its bytes tell. */
typedef struct {
	bool is_call;
	bool is_repeated; /* the emulator reports it once for each time around: x86's REP */
} instruction_traits;

typedef struct {
	const char *name; /* as in `volt compile --target=` */
	uint16_t elf_machine;
	const relocation_table *relocations;

	uc_arch architecture;
	uc_mode mode;
	int processor; /* the least one that the tier compiles for */
	int program_counter, stack_pointer, status;
	int arguments[3];
	int link; /* register of the return address; -1: it is on the stack */

	instruction_traits (*traits)(const uint8_t *bytes, size_t size);
} target_description;

/* NULL: there is none. */
const target_description *target_of_machine(uint16_t elf_machine);
const target_description *target_named(const char *name);

#endif
