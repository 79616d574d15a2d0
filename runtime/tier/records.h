/* Native frames that an exit has recorded, until they are laid out as frames of the fiber. */
#ifndef TIER_RECORDS_H
#define TIER_RECORDS_H

#include <stdint.h>

#include "fiber/fiber.h"
#include "volt/tier.h"
#include "volt/vm.h"

/* One native frame; its values lie behind those of the frames that were recorded before it. */
typedef struct {
	const volt_exit_site *site;
	uint32_t pc;
	uint32_t first_value;
} exit_record;

/* Innermost first. The collector knows the values. */
typedef struct {
	exit_record *items;
	uint32_t count;
	uint32_t capacity;
	volt_slot *values;
	uint32_t value_count;
	uint32_t value_capacity;
} exit_records;

/* `values` as the site says; `context_pc` is the pc of sites that leave it to the context. */
void records_add(exit_records *records, const volt_exit_site *site, const volt_slot *values,
                 uint64_t context_pc);

/*
 * Lays the frames out, outermost first, and forgets the records. The outermost one is the fiber's top frame,
 * which gets its slots and pc; the others are pushed. False: no memory for the fiber's stack.
 */
bool records_lay_out(exit_records *records, volt_vm *vm, volt_fiber *fiber);

void records_free(exit_records *records);

#endif
