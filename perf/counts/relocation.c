/* Kinds of relocations as the processor supplements of the ELF specification define them. */
#include "relocation.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

#define KIND(kind, ...) \
	{ .number = kind, .name = #kind, __VA_ARGS__ }
#define WORD(size) .bytes = (size), .bits = 8 * (size)
#define TABLE(rows) \
	{ .kinds = (rows), .count = sizeof(rows) / sizeof(rows)[0] }

/* ---- x86-64 ---- */

#define GOT_RELATIVE WORD(4), .value = VALUE_RELATIVE, .range = RANGE_SIGNED, .is_indirect = true

static const relocation_kind kinds_x86_64[] = {
    KIND(R_X86_64_64, WORD(8), .value = VALUE_ABSOLUTE),
    KIND(R_X86_64_PC64, WORD(8), .value = VALUE_RELATIVE),
    KIND(R_X86_64_32, WORD(4), .value = VALUE_ABSOLUTE, .range = RANGE_UNSIGNED),
    KIND(R_X86_64_32S, WORD(4), .value = VALUE_ABSOLUTE, .range = RANGE_SIGNED),
    KIND(R_X86_64_PC32, WORD(4), .value = VALUE_RELATIVE, .range = RANGE_SIGNED),
    KIND(R_X86_64_PLT32, WORD(4), .value = VALUE_RELATIVE, .range = RANGE_SIGNED),
    KIND(R_X86_64_GOT32, .bytes = 0),
    KIND(R_X86_64_GOTPCREL, GOT_RELATIVE),
    KIND(R_X86_64_GOTPCRELX, GOT_RELATIVE),
    KIND(R_X86_64_REX_GOTPCRELX, GOT_RELATIVE),
    KIND(R_X86_64_TLSGD, .bytes = 0),
    KIND(R_X86_64_TLSLD, .bytes = 0),
    KIND(R_X86_64_GOTTPOFF, .bytes = 0),
    KIND(R_X86_64_TPOFF32, .bytes = 0),
};

const relocation_table relocations_x86_64 = TABLE(kinds_x86_64);

/* ---- AArch64 ---- */

#define BRANCH(width, at) \
	.bytes = 4, .value = VALUE_RELATIVE, .range = RANGE_SIGNED, .bits = (width), .shift = 2, .position = (at)
/* An offset in a page, in units of 2^scale bytes. */
#define LOW_12(scale) \
	.bytes = 4, .value = VALUE_ABSOLUTE, .bits = 12 - (scale), .shift = (scale), .position = 10
#define MOVE(at) .bytes = 4, .value = VALUE_ABSOLUTE, .bits = 16, .shift = (at), .position = 5

static const relocation_kind kinds_aarch64[] = {
    KIND(R_AARCH64_ABS64, WORD(8), .value = VALUE_ABSOLUTE),
    KIND(R_AARCH64_ABS32, WORD(4), .value = VALUE_ABSOLUTE, .range = RANGE_UNSIGNED),
    KIND(R_AARCH64_PREL64, WORD(8), .value = VALUE_RELATIVE),
    KIND(R_AARCH64_PREL32, WORD(4), .value = VALUE_RELATIVE, .range = RANGE_SIGNED),
    KIND(R_AARCH64_CALL26, BRANCH(26, 0)),
    KIND(R_AARCH64_JUMP26, BRANCH(26, 0)),
    KIND(R_AARCH64_CONDBR19, BRANCH(19, 5)),
    KIND(R_AARCH64_TSTBR14, BRANCH(14, 5)),
    KIND(R_AARCH64_LD_PREL_LO19, BRANCH(19, 5)),
    KIND(R_AARCH64_ADR_PREL_LO21, .bytes = 4, .value = VALUE_RELATIVE, .range = RANGE_SIGNED, .bits = 21,
         .is_split = true),
    KIND(R_AARCH64_ADR_PREL_PG_HI21, .bytes = 4, .value = VALUE_PAGE, .range = RANGE_SIGNED, .bits = 21,
         .shift = 12, .is_split = true),
    KIND(R_AARCH64_ADD_ABS_LO12_NC, LOW_12(0)),
    KIND(R_AARCH64_LDST8_ABS_LO12_NC, LOW_12(0)),
    KIND(R_AARCH64_LDST16_ABS_LO12_NC, LOW_12(1)),
    KIND(R_AARCH64_LDST32_ABS_LO12_NC, LOW_12(2)),
    KIND(R_AARCH64_LDST64_ABS_LO12_NC, LOW_12(3)),
    KIND(R_AARCH64_LDST128_ABS_LO12_NC, LOW_12(4)),
    KIND(R_AARCH64_MOVW_UABS_G0, MOVE(0), .range = RANGE_UNSIGNED),
    KIND(R_AARCH64_MOVW_UABS_G0_NC, MOVE(0)),
    KIND(R_AARCH64_MOVW_UABS_G1, MOVE(16), .range = RANGE_UNSIGNED),
    KIND(R_AARCH64_MOVW_UABS_G1_NC, MOVE(16)),
    KIND(R_AARCH64_MOVW_UABS_G2, MOVE(32), .range = RANGE_UNSIGNED),
    KIND(R_AARCH64_MOVW_UABS_G2_NC, MOVE(32)),
    KIND(R_AARCH64_MOVW_UABS_G3, MOVE(48)),
    KIND(R_AARCH64_ADR_GOT_PAGE, .bytes = 4, .value = VALUE_PAGE, .range = RANGE_SIGNED, .bits = 21,
         .shift = 12, .is_split = true, .is_indirect = true),
    KIND(R_AARCH64_LD64_GOT_LO12_NC, LOW_12(3), .is_indirect = true),
    KIND(R_AARCH64_TLSDESC_ADR_PAGE21, .bytes = 0),
    KIND(R_AARCH64_TLSLE_ADD_TPREL_HI12, .bytes = 0),
};

const relocation_table relocations_aarch64 = TABLE(kinds_aarch64);

/* ---- Applying ---- */

static const relocation_kind *find_kind(const relocation_table *table, uint32_t number) {
	for (size_t i = 0; i < table->count; i++)
		if (table->kinds[i].number == number)
			return &table->kinds[i];
	return NULL;
}

bool relocation_is_indirect(const relocation_table *table, uint32_t number) {
	const relocation_kind *kind = find_kind(table, number);
	return kind && kind->is_indirect;
}

static uint64_t low_bits(unsigned count) {
	return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static uint64_t compute(const relocation_kind *kind, const relocation_entry *relocation) {
	switch (kind->value) {
	case VALUE_ABSOLUTE: return relocation->target;
	case VALUE_RELATIVE: return relocation->target - relocation->place;
	case VALUE_PAGE: return (relocation->target & ~low_bits(12)) - (relocation->place & ~low_bits(12));
	}
	return 0;
}

static bool is_in_range(const relocation_kind *kind, uint64_t value) {
	unsigned width = kind->bits + kind->shift;
	if (kind->range == RANGE_ANY || width >= 64)
		return true;
	uint64_t bias = kind->range == RANGE_SIGNED ? UINT64_C(1) << (width - 1) : 0;
	return value + bias <= low_bits(width);
}

static void patch(const relocation_kind *kind, uint64_t value, uint8_t *bytes) {
	uint64_t word = 0;
	memcpy(&word, bytes, kind->bytes);
	uint64_t field = value >> kind->shift & low_bits(kind->bits);
	uint64_t mask = low_bits(kind->bits) << kind->position;
	uint64_t inserted = field << kind->position;
	if (kind->is_split) {
		mask = low_bits(2) << 29 | low_bits(kind->bits - 2) << 5;
		inserted = (field & 3) << 29 | field >> 2 << 5;
	}
	word = (word & ~mask) | inserted;
	memcpy(bytes, &word, kind->bytes);
}

volt_error *relocation_apply(const relocation_table *table, const relocation_entry *relocation,
                             uint8_t *bytes, size_t available) {
	const relocation_kind *kind = find_kind(table, relocation->kind);
	if (!kind)
		return volt_error_new(VOLT_ERROR_FORMAT, "relocation of the unknown kind %" PRIu32, relocation->kind);
	if (!kind->bytes)
		return volt_error_new(VOLT_ERROR_FORMAT, "relocation %s is not supported", kind->name);
	if (available < kind->bytes)
		return volt_error_new(VOLT_ERROR_FORMAT, "relocation %s reaches beyond its section", kind->name);
	uint64_t value = compute(kind, relocation);
	if (!is_in_range(kind, value))
		return volt_error_new(VOLT_ERROR_FORMAT, "relocation %s: 0x%" PRIx64 " is out of range", kind->name,
		                      value);
	patch(kind, value, bytes);
	return NULL;
}
