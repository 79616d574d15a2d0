/* The table of machines, and how each writes calls. */
#include "instruction_set.h"

#include <elf.h>
#include <string.h>

/* ---- x86-64: Intel's manual, volume 2, chapter 2 (prefixes) and the opcode map ---- */

enum { OPCODE_CALL = 0xe8, OPCODE_GROUP_5 = 0xff, GROUP_5_CALL = 2, GROUP_5_CALL_FAR = 3 };

static bool is_legacy_prefix(uint8_t byte) {
	static const uint8_t prefixes[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3};
	return memchr(prefixes, byte, sizeof prefixes) != NULL;
}

static bool is_rex_prefix(uint8_t byte) {
	return byte >= 0x40 && byte <= 0x4f;
}

/* MOVS, CMPS, STOS, LODS, SCAS. */
static bool is_string_operation(uint8_t opcode) {
	return (opcode >= 0xa4 && opcode <= 0xa7) || (opcode >= 0xaa && opcode <= 0xaf);
}

static instruction_traits traits_x86_64(const uint8_t *bytes, size_t size) {
	bool has_repeat = false;
	size_t at = 0;
	while (at < size && (is_legacy_prefix(bytes[at]) || is_rex_prefix(bytes[at]))) {
		has_repeat |= bytes[at] == 0xf2 || bytes[at] == 0xf3;
		at++;
	}
	if (at == size)
		return (instruction_traits){0};
	uint8_t group_member = at + 1 < size ? (bytes[at + 1] >> 3) & 7 : 0;
	bool is_indirect_call = group_member == GROUP_5_CALL || group_member == GROUP_5_CALL_FAR;
	return (instruction_traits){
	    .is_call = bytes[at] == OPCODE_CALL || (bytes[at] == OPCODE_GROUP_5 && is_indirect_call),
	    .is_repeated = has_repeat && is_string_operation(bytes[at]),
	};
}

/* ---- AArch64: BL and BLR ---- */

static instruction_traits traits_aarch64(const uint8_t *bytes, size_t size) {
	if (size != sizeof(uint32_t))
		return (instruction_traits){0};
	uint32_t word;
	memcpy(&word, bytes, sizeof word);
	bool is_direct = (word & 0xfc000000) == 0x94000000;
	bool is_indirect = (word & 0xfffffc1f) == 0xd63f0000;
	return (instruction_traits){.is_call = is_direct || is_indirect};
}

/* Processors: x86-64-v2 is what Nehalem has; the tier's AArch64 baseline is ARMv8.0. */
static const target_description targets[] = {
    {
        .name = "x86_64",
        .elf_machine = EM_X86_64,
        .relocations = &relocations_x86_64,
        .architecture = UC_ARCH_X86,
        .mode = UC_MODE_64,
        .processor = UC_CPU_X86_NEHALEM,
        .program_counter = UC_X86_REG_RIP,
        .stack_pointer = UC_X86_REG_RSP,
        .status = UC_X86_REG_RAX,
        .arguments = {UC_X86_REG_RDI, UC_X86_REG_RSI, UC_X86_REG_RDX},
        .link = -1,
        .traits = traits_x86_64,
    },
    {
        .name = "aarch64",
        .elf_machine = EM_AARCH64,
        .relocations = &relocations_aarch64,
        .architecture = UC_ARCH_ARM64,
        .mode = UC_MODE_ARM,
        .processor = UC_CPU_ARM64_A72,
        .program_counter = UC_ARM64_REG_PC,
        .stack_pointer = UC_ARM64_REG_SP,
        .status = UC_ARM64_REG_X0,
        .arguments = {UC_ARM64_REG_X0, UC_ARM64_REG_X1, UC_ARM64_REG_X2},
        .link = UC_ARM64_REG_LR,
        .traits = traits_aarch64,
    },
};

enum { TARGET_COUNT = sizeof targets / sizeof targets[0] };

const target_description *target_of_machine(uint16_t elf_machine) {
	for (int i = 0; i < TARGET_COUNT; i++)
		if (targets[i].elf_machine == elf_machine)
			return &targets[i];
	return NULL;
}

const target_description *target_named(const char *name) {
	for (int i = 0; i < TARGET_COUNT; i++)
		if (strcmp(targets[i].name, name) == 0)
			return &targets[i];
	return NULL;
}
