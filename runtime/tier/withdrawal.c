/* What is not compiled, and when compiled code is withdrawn. */
#include "tier/withdrawal.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "analysis/control_flow.h"
#include "state/vm_state.h"
#include "tier/counters.h"

enum {
	FIRST_LOOK = 2000, /* exits; the next look is after eight times as many */
	LOOK_FACTOR = 8,
	/*
	 * A piece of code between two exits that is longer than this, in instructions, pays for an exit: that
	 * costs about as much as the interpreter takes for half of them.
	 */
	LONGEST_PIECE = 64,
	/* Where less than one exit in so many goes on, there is no end of a piece. */
	RARE_EXITS = 8,
	/* Before so many stops nothing is refused, nor where the function has run more than so often for each. */
	LEAST_STOPS = 256,
	RUNS_FOR_A_STOP = 2,
};

typedef struct {
	control_flow flow;
	const function_profile *profile; /* whose exits end pieces; NULL: instructions that may block do */
	bool *is_cut;                    /* by block: exits go on in it */
	uint32_t *length;                /* by block: the longest piece that ends with it */
	uint32_t *waits_for;             /* by block: predecessors whose length is not known */
	uint32_t *ready;
	uint32_t ready_count;
} piece_search;

static uint32_t size_of(const piece_search *search, uint32_t block) {
	return search->flow.blocks[block].end - search->flow.blocks[block].first;
}

static unsigned effects_at(const piece_search *search, uint32_t pc) {
	return volt_opcode_get_info(search->flow.function->code.items[pc].op)->effects;
}

/* Natives that wait are seldom executed. */
static bool may_block(const piece_search *search, uint32_t pc) {
	return effects_at(search, pc) & VOLT_EFFECT_BLOCKS &&
	       search->flow.function->code.items[pc].op != VOLT_OP_CallExtern;
}

static bool is_cut_at(const piece_search *search, uint32_t pc) {
	const function_profile *profile = search->profile;
	if (pc >= search->flow.function->code.count)
		return false;
	return profile ? profile->left_at[pc] >= profile->cut_short / RARE_EXITS : may_block(search, pc);
}

static void mark_cuts(piece_search *search) {
	for (uint32_t pc = 0; pc < search->flow.function->code.count; pc++) {
		const uint32_t block = search->flow.block_of[pc];
		if (block != CONTROL_FLOW_NO_BLOCK && is_cut_at(search, pc))
			search->is_cut[block] = true;
	}
}

/* A call that no exit comes back from is quicker among compiled code, whatever its callee does. */
static bool has_native_calls(const piece_search *search) {
	for (uint32_t pc = 0; pc < search->flow.function->code.count; pc++)
		if (effects_at(search, pc) & VOLT_EFFECT_CALLS &&
		    search->flow.block_of[pc] != CONTROL_FLOW_NO_BLOCK && !is_cut_at(search, pc) &&
		    !is_cut_at(search, pc + 1))
			return true;
	return false;
}

static void prepare(piece_search *search) {
	for (uint32_t block = 0; block < search->flow.block_count; block++) {
		const basic_block *info = &search->flow.blocks[block];
		for (uint32_t i = 0; i < info->predecessor_count; i++)
			search->waits_for[block] +=
			    !search->is_cut[search->flow.predecessors[info->first_predecessor + i]];
		search->length[block] = size_of(search, block);
		if (search->waits_for[block] == 0)
			search->ready[search->ready_count++] = block;
	}
}

/* A piece goes through a block unless it is a cut, where one ends and another begins. */
static void pass_on(piece_search *search, uint32_t block) {
	const basic_block *info = &search->flow.blocks[block];
	const uint32_t before = search->is_cut[block] ? size_of(search, block) : search->length[block];
	for (uint32_t i = 0; i < info->successor_count; i++) {
		const uint32_t next = info->successors[i];
		const uint32_t length = before + size_of(search, next);
		if (length > search->length[next])
			search->length[next] = length;
		if (!search->is_cut[block] && --search->waits_for[next] == 0)
			search->ready[search->ready_count++] = next;
	}
}

/* Is there no loop without a cut, and no long piece between two of them? */
static bool has_short_pieces(piece_search *search) {
	prepare(search);
	for (uint32_t block = 0; block < search->flow.block_count; block++)
		if (search->is_cut[block])
			pass_on(search, block);
	for (uint32_t i = 0; i < search->ready_count; i++) {
		const uint32_t block = search->ready[i];
		if (search->length[block] > LONGEST_PIECE)
			return false;
		if (!search->is_cut[block])
			pass_on(search, block);
	}
	return search->ready_count == search->flow.block_count;
}

static bool does_not_pay(const volt_function *function, const function_profile *profile) {
	piece_search search = {.profile = profile};
	if (!volt_control_flow_compute(function, &search.flow))
		return false;
	const size_t room = search.flow.block_count + (size_t)1;
	uint32_t *words = calloc(3 * room, sizeof *words);
	search.is_cut = calloc(room, sizeof *search.is_cut);
	bool short_pieces = false;
	if (words && search.is_cut) {
		search.length = words;
		search.waits_for = words + room;
		search.ready = words + 2 * room;
		mark_cuts(&search);
		short_pieces = !has_native_calls(&search) && has_short_pieces(&search);
	}
	free(words);
	free(search.is_cut);
	volt_control_flow_dispose(&search.flow);
	return short_pieces;
}

bool withdrawal_is_wanted(const volt_vm *vm) {
	const volt_vm_options *options = &vm->options;
	return options->tier_mode == VOLT_TIER_AUTO && !options->tier_level && !options->testing.force_exit;
}

/* Code that the compiler's thread publishes later is withdrawn at its first exit. */
static void withdraw(executable_function *function) {
	atomic_store_explicit(&function->entry, NULL, memory_order_relaxed);
	atomic_store_explicit(&function->continuation, NULL, memory_order_relaxed);
}

static uint64_t entries(const function_profile *profile) {
	uint64_t sum = 0;
	for (entry_kind kind = 0; kind < ENTRY_KIND_COUNT; kind++)
		sum += profile->entered[kind];
	return sum;
}

void withdrawal_count_exit(volt_vm *vm, uint32_t index, uint32_t pc) {
	function_profile *profile = &((tier_state *)vm->tier)->functions[index];
	const volt_function *function = &vm->module->functions.items[index];
	if (!profile->left_at)
		profile->left_at = calloc(function->code.count + 1ULL, sizeof *profile->left_at);
	if (!profile->left_at)
		return;
	profile->left_at[pc]++;
	profile->cut_short++;
	if (profile->next_look == 0) {
		profile->next_look = FIRST_LOOK;
		profile->entered_before = entries(profile);
	}
	const tier_state *state = vm->tier;
	if (!profile->is_withdrawn && profile->cut_short >= profile->next_look) {
		if (state->queue && compile_queue_is_busy(state->queue)) {
			profile->next_look = profile->cut_short + FIRST_LOOK;
			return;
		}
		profile->next_look *= LOOK_FACTOR;
		const bool nearly_always = profile->cut_short / 3 * 4 >= entries(profile) - profile->entered_before;
		profile->is_withdrawn = nearly_always && does_not_pay(function, profile);
	}
	if (profile->is_withdrawn)
		withdraw(&vm->functions[index]);
}

bool withdrawal_refuses(volt_vm *vm, uint32_t index) {
	const uint64_t stops = vm->stops[index];
	const uint64_t runs = tier_count_of(vm, index, HEAT_OF_CALLS) + tier_count_of(vm, index, HEAT_OF_LOOPS);
	return stops >= LEAST_STOPS && stops >= runs / RUNS_FOR_A_STOP && withdrawal_is_wanted(vm) &&
	       does_not_pay(&vm->module->functions.items[index], NULL);
}
