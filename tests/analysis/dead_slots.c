/* Rewriting code: new instructions before old ones, and jumps that still go where they went. */
#include "dead_slots.h"

#include <check.h>
#include <stdlib.h>

#include "analysis/bit_set.h"
#include "analysis/certain_results.h"
#include "analysis/float_reads.h"
#include "analysis/liveness.h"

typedef struct {
	const volt_function *function;
	uint16_t (*slots)[SLOTS_AT_EACH_PC]; /* by old pc */
	uint8_t *counts;
	uint32_t *start; /* new pc of the first instruction before each old one */
} plan;

static uint32_t next_random(uint32_t *state) {
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* Comparisons of floats are told by what stands side by side (float_reads.h): nothing may come between. */
static bool belongs_to_the_one_before(const volt_function *function, uint32_t pc) {
	const volt_instruction *code = function->code.items;
	return code[pc].op == VOLT_OP_SlotGet &&
	       (volt_reads_float_field(function, pc) ||
	        (code[pc + 1].op == VOLT_OP_SlotGet && volt_reads_float_field(function, pc + 1)));
}

/* Slots far apart and neighbours alike: a random one, and what follows it until one fits. */
static void pick(plan *changes, const liveness *live, uint32_t pc, overwriting how, uint32_t *random) {
	uint64_t *set = calloc(live->words + 1, sizeof *set);
	volt_liveness_at(live, pc, set);
	for (int i = 0; i < SLOTS_AT_EACH_PC && live->slots; i++) {
		uint32_t first = next_random(random) % live->slots;
		for (uint32_t k = 0; k < live->slots; k++) {
			uint32_t slot = (first + k) % live->slots;
			if (bit_set_has(set, slot) != how.live)
				continue;
			changes->slots[pc][changes->counts[pc]++] = (uint16_t)slot;
			break;
		}
	}
	free(set);
}

static uint32_t place(plan *changes) {
	uint32_t total = 0;
	for (uint32_t pc = 0; pc < changes->function->code.count; pc++) {
		changes->start[pc] = total;
		total += changes->counts[pc] + 1u;
	}
	return total;
}

/* The same jump from and to the new places; false: too far for its field. */
static bool move_jump(const plan *changes, uint32_t pc, volt_instruction *instruction) {
	if (!(volt_opcode_get_info(instruction->op)->effects & VOLT_EFFECT_JUMPS))
		return true;
	int64_t from = (int64_t)changes->start[pc] + changes->counts[pc];
	int64_t distance = (int64_t)changes->start[volt_jump_target(*instruction, pc)] - from;
	if (instruction->op == VOLT_OP_ForLoop)
		return volt_instruction_set(instruction, VOLT_FIELD_C_SIGNED, distance - 1);
	return volt_instruction_set(instruction, VOLT_FIELD_IMM, distance);
}

static volt_instruction load_garbage(uint16_t slot, uint32_t *random) {
	volt_instruction load = {.op = VOLT_OP_LoadInt, .a = slot};
	volt_instruction_set(&load, VOLT_FIELD_IMM, 0x5eed0000 + (int64_t)(next_random(random) & 0xffff));
	return load;
}

/* NULL: a jump became too long; the function stays as it is. */
static volt_instruction *write_code(const plan *changes, uint32_t total, uint32_t *random) {
	volt_instruction *code = calloc(total + 1u, sizeof *code), *at = code;
	for (uint32_t pc = 0; pc < changes->function->code.count; pc++) {
		for (uint32_t i = 0; i < changes->counts[pc]; i++)
			*at++ = load_garbage(changes->slots[pc][i], random);
		*at = changes->function->code.items[pc];
		if (!move_jump(changes, pc, at++)) {
			free(code);
			return NULL;
		}
	}
	return code;
}

/* Keeps everything reachable for the leak check. */
static void keep(volt_instruction *code) {
	static volt_instruction **kept;
	static size_t count;
	volt_instruction **grown = realloc(kept, (count + 1) * sizeof *kept);
	ck_assert_ptr_nonnull(grown);
	kept = grown;
	kept[count++] = code;
}

static uint32_t overwrite_in_function(volt_module *module, uint32_t index, uint32_t *results, overwriting how,
                                      uint32_t *random) {
	volt_function *function = &module->functions.items[index];
	uint32_t count = function->code.count, added = 0;
	plan changes = {
	    function,
	    calloc(count, sizeof *changes.slots),
	    calloc(count, sizeof *changes.counts),
	    calloc(count, sizeof *changes.start),
	};
	liveness live;
	volt_liveness_compute(module, index, results, &live);
	for (uint32_t pc = 0; pc < count; pc++)
		if (live.flow.block_of[pc] != CONTROL_FLOW_NO_BLOCK && !belongs_to_the_one_before(function, pc))
			pick(&changes, &live, pc, how, random);
	volt_liveness_dispose(&live);
	uint32_t total = place(&changes);
	volt_instruction *code = write_code(&changes, total, random);
	if (code) {
		keep(code);
		added = total - count;
		function->code.items = code;
		function->code.count = total;
	}
	free(changes.slots);
	free(changes.counts);
	free(changes.start);
	return added;
}

uint32_t overwrite_slots(volt_module *module, overwriting how) {
	uint32_t random = how.seed, added = 0;
	uint32_t *results = volt_certain_results_new(module);
	for (uint32_t i = 0; i < module->functions.count; i++)
		added += overwrite_in_function(module, i, results, how, &random);
	free(results);
	return added;
}
