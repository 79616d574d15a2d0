/* Relocations: tables of their kinds, and one function that applies any of them. */
#ifndef COUNTS_RELOCATION_H
#define COUNTS_RELOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/error.h"

/* What is computed of symbol + addend (S + A) and the place that is patched (P). */
typedef enum {
	VALUE_ABSOLUTE, /* S + A */
	VALUE_RELATIVE, /* S + A - P */
	VALUE_PAGE,     /* page of S + A minus page of P */
} relocation_value;

typedef enum {
	RANGE_ANY, /* only the field's bits matter */
	RANGE_SIGNED,
	RANGE_UNSIGNED,
} relocation_range;

/* Bits `shift` to `shift + bits` of the value go to bit `position` of a little-endian word. */
typedef struct {
	uint32_t number;
	const char *name;
	relocation_value value;
	relocation_range range;
	uint8_t bytes; /* of the word; 0: this kind has a name, but is not supported */
	uint8_t bits, shift, position;
	bool is_split;    /* AArch64's ADR and ADRP: the two lowest bits stand at bit 29 */
	bool is_indirect; /* S is the address of the symbol's entry in the global offset table */
} relocation_kind;

typedef struct {
	const relocation_kind *kinds;
	size_t count;
} relocation_table;

extern const relocation_table relocations_x86_64;
extern const relocation_table relocations_aarch64;

typedef struct {
	uint32_t kind;
	uint64_t place;  /* address that is patched */
	uint64_t target; /* symbol + addend */
} relocation_entry;

/* Is this a kind whose symbol is reached through the global offset table? */
bool relocation_is_indirect(const relocation_table *table, uint32_t kind);

/* Patches `bytes`, which are at the relocation's place and end after `available` ones. */
volt_error *relocation_apply(const relocation_table *table, const relocation_entry *relocation,
                             uint8_t *bytes, size_t available);

#endif
