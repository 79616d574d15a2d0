/*
 * Facts about a round of the first version hold for the next ones because nothing comes between: no call, no
 * other fiber. What they need is kept in variables, which passes turn into registers.
 *
 * The length of a visit to the second version is bounded, so that the first one looks soon enough whether to
 * give way: by a number of instructions that take some ten microseconds, a millisecond where each misses the
 * caches.
 */
#include "lower/loop_versions.h"

#include "calls/checks.h"
#include "calls/inlining.h"
#include "calls/split_prologue.h"
#include "guard/memory.h"
#include "ir/profile_weights.h"
#include "lower/opcodes.h"

enum { MOST_INSTRUCTIONS = 32768, MOST_ROUNDS = 4096, LEAST_ROUNDS = 4 };

/* Of a loop with fewer rounds than these, by its profile, the counting costs more than the checks. */
enum { ROUNDS_WORTH_COUNTING = 6 };

typedef struct {
	bool wanted;
	LLVMBasicBlockRef b_back;   /* all ways back in the first version, or NULL */
	LLVMBasicBlockRef b_enter;  /* the second version's header */
	LLVMBasicBlockRef b_again;  /* all ways back in it */
	LLVMValueRef v_left;        /* rounds that it may still begin, this one included */
	LLVMValueRef v_from_header; /* has the round begun at the header? NULL: all have */
} loop_version;

struct loop_versions {
	function_rounds rounds;
	loop_version *loops;        /* by number in `rounds` */
	LLVMValueRef *v_kept;       /* KEPT_COUNT for each pc */
	uint32_t second;            /* the loop whose second version is lowered, or ROUND_NO_LOOP */
	LLVMBasicBlockRef *b_first; /* meanwhile: b_at of the first versions */
};

/* ---- Which loops ---- */

static bool is_inline(void *user, uint32_t pc) {
	function_lowering *lowering = user;
	lowering->pc = pc;
	lowering->instruction = lowering->function->code.items[pc];
	if (lowering->instruction.op == VOLT_OP_CallExtern)
		return is_math_call(lowering);
	uint32_t callee = (uint32_t)volt_instruction_get(lowering->instruction, VOLT_FIELD_A_WITH_FLAGS);
	return can_be_copied(lowering, callee) &&
	       volt_function_is_short(&lowering->module->bytecode->functions.items[callee]);
}

/* By the profile, of all its tests that are counted out: rounds for each time that it is left there. */
static bool has_many_rounds(function_lowering *lowering, uint32_t loop) {
	const function_rounds *rounds = &lowering->versions->rounds;
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++) {
		if (rounds->loop_of[pc] != loop || rounds->facts[pc].kind != ROUND_STAYS)
			continue;
		volt_instruction instruction = lowering->function->code.items[pc];
		bool taken = rounds->loop_of[volt_jump_target(instruction, pc)] == loop;
		if (!jump_is_likely(lowering, pc, taken, ROUNDS_WORTH_COUNTING))
			return false;
	}
	return true;
}

static bool is_whole_in_form(const function_lowering *lowering, uint32_t loop) {
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++)
		if (lowering->versions->rounds.loop_of[pc] == loop &&
		    (!lowering->lowered[pc] || (lowering->rest && lowering->rest->pc == pc)))
			return false;
	return true;
}

/* The second version counts for the budget as an inlined copy does. */
static bool is_wanted(function_lowering *lowering, uint32_t loop) {
	uint32_t instructions = lowering->versions->rounds.loops[loop].instructions;
	return is_whole_in_form(lowering, loop) && has_many_rounds(lowering, loop) &&
	       count_as_copied(lowering, instructions);
}

/* ---- What rounds leave ---- */

/* Passes take variables of the entry block only for registers. */
static LLVMValueRef new_variable(function_lowering *lowering, LLVMTypeRef type) {
	LLVMBasicBlockRef b_here = LLVMGetInsertBlock(lowering->builder);
	LLVMPositionBuilderBefore(lowering->builder,
	                          LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(lowering->v_function)));
	LLVMValueRef v_variable = LLVMBuildAlloca(lowering->builder, type, "v_kept");
	LLVMPositionBuilderAtEnd(lowering->builder, b_here);
	return v_variable;
}

static void make_places(function_lowering *lowering, uint32_t pc) {
	struct loop_versions *versions = lowering->versions;
	const basic_types *types = &lowering->module->types;
	round_fact_kind kind = versions->rounds.facts[pc].kind;
	bool compares =
	    kind == ROUND_COMPARED || (kind == ROUND_STAYS && versions->rounds.facts[pc].comparison == pc);
	uint32_t count = kind == ROUND_ELEMENT ? 3 : kind == ROUND_REPEATED ? 1 : compares ? 2 : 0;
	for (uint32_t i = 0; i < count; i++)
		versions->v_kept[pc * KEPT_COUNT + i] =
		    new_variable(lowering, i == KEPT_DATA ? types->pointer : types->i64);
}

/* A frame may be resumed within a round, behind a call that is built in. */
static void start_version(function_lowering *lowering, uint32_t loop) {
	struct loop_versions *versions = lowering->versions;
	versions->loops[loop] = (loop_version){
	    .wanted = is_wanted(lowering, loop),
	    .v_left = new_variable(lowering, lowering->module->types.i64),
	};
	if (lowering->form != FORM_RESUME)
		return;
	LLVMValueRef v_flag = new_variable(lowering, lowering->module->types.i1);
	LLVMBuildStore(lowering->builder, LLVMConstInt(lowering->module->types.i1, 0, false), v_flag);
	versions->loops[loop].v_from_header = v_flag;
}

static bool may_have_versions(const function_lowering *lowering) {
	const lowering_options *options = &lowering->module->options;
	return options->inlines && !options->count_steps && !lowering->shape->large;
}

static void dispose_rounds(void *versions) {
	volt_function_rounds_dispose(&((struct loop_versions *)versions)->rounds);
}

void find_loop_versions(function_lowering *lowering) {
	if (!may_have_versions(lowering))
		return;
	struct loop_versions *versions = memory_new_owner(sizeof *versions, dispose_rounds);
	function_rounds *rounds = &versions->rounds;
	if (!volt_function_rounds_compute(lowering->module->bytecode, lowering->index, lowering->shape, is_inline,
	                                  lowering, rounds) ||
	    rounds->loop_count == 0) {
		volt_function_rounds_dispose(rounds);
		memory_free(versions);
		return;
	}
	size_t count = lowering->function->code.count;
	lowering->versions = versions;
	versions->loops = memory_new(rounds->loop_count, sizeof *versions->loops);
	versions->v_kept = memory_new(count * KEPT_COUNT, sizeof *versions->v_kept);
	versions->second = ROUND_NO_LOOP;
	for (uint32_t loop = 0; loop < rounds->loop_count; loop++)
		start_version(lowering, loop);
	for (uint32_t pc = 0; pc < count; pc++)
		if (rounds->loop_of[pc] != ROUND_NO_LOOP)
			make_places(lowering, pc);
}

void loop_versions_free(function_lowering *lowering) {
	struct loop_versions *versions = lowering->versions;
	if (!versions)
		return;
	volt_function_rounds_dispose(&versions->rounds);
	memory_free(versions->loops);
	memory_free(versions->v_kept);
	memory_free(versions);
}

/* The loop of an instruction if it has two versions. */
static loop_version *version_at(const function_lowering *lowering, uint32_t pc) {
	struct loop_versions *versions = lowering->versions;
	uint32_t loop = versions ? versions->rounds.loop_of[pc] : ROUND_NO_LOOP;
	return loop != ROUND_NO_LOOP && versions->loops[loop].wanted ? &versions->loops[loop] : NULL;
}

bool in_second_version(const function_lowering *lowering) {
	return lowering->versions && lowering->versions->second != ROUND_NO_LOOP;
}

static const round_fact *fact_at(const function_lowering *lowering, uint32_t pc) {
	if (!version_at(lowering, pc) || lowering->versions->rounds.facts[pc].kind == ROUND_NOTHING)
		return NULL;
	return &lowering->versions->rounds.facts[pc];
}

const round_fact *fact_here(const function_lowering *lowering) {
	return fact_at(lowering, lowering->pc);
}

bool jump_stays_if_taken(const function_lowering *lowering) {
	const function_rounds *rounds = &lowering->versions->rounds;
	uint32_t target = (uint32_t)volt_jump_target(lowering->instruction, lowering->pc);
	return rounds->loop_of[target] == rounds->loop_of[lowering->pc];
}

void keep_value(function_lowering *lowering, kept_value which, LLVMValueRef v_value) {
	LLVMBuildStore(lowering->builder, v_value, lowering->versions->v_kept[lowering->pc * KEPT_COUNT + which]);
}

static LLVMValueRef kept_at(function_lowering *lowering, uint32_t pc, kept_value which, LLVMTypeRef type) {
	return LLVMBuildLoad2(lowering->builder, type, lowering->versions->v_kept[pc * KEPT_COUNT + which], "");
}

LLVMValueRef kept_here(function_lowering *lowering, kept_value which, LLVMTypeRef type) {
	return kept_at(lowering, lowering->pc, which, type);
}

static uint32_t index_slot(volt_instruction instruction) {
	switch (instruction.op) {
	case VOLT_OP_IndexCheck: return instruction.a;
	case VOLT_OP_ArraySet:
	case VOLT_OP_SliceSet: return instruction.b;
	default: return instruction.c;
	}
}

/* In the first version, before the instruction writes a slot that it reads. */
static void keep_operands(function_lowering *lowering, const round_fact *fact) {
	volt_instruction instruction = lowering->instruction;
	if (fact->kind == ROUND_ELEMENT)
		keep_value(lowering, KEPT_INDEX, read_slot(lowering, index_slot(instruction)));
	if (fact->kind != ROUND_COMPARED)
		return;
	keep_value(lowering, KEPT_FIRST, read_slot(lowering, instruction.b));
	keep_value(lowering, KEPT_SECOND, read_slot(lowering, instruction.c));
}

bool enter_instruction_of_round(function_lowering *lowering) {
	loop_version *version = version_at(lowering, lowering->pc);
	const round_fact *fact = fact_here(lowering);
	bool second = in_second_version(lowering);
	if (version && !second && version->v_from_header &&
	    lowering->pc == lowering->versions->rounds.loops[version - lowering->versions->loops].header)
		LLVMBuildStore(lowering->builder, LLVMConstInt(lowering->module->types.i1, 1, false),
		               version->v_from_header);
	if (!fact)
		return false;
	if (!second)
		keep_operands(lowering, fact);
	if (!second || fact->kind != ROUND_REPEATED)
		return false;
	write_slot(lowering, lowering->instruction.a,
	           kept_here(lowering, KEPT_RESULT, lowering->module->types.i64));
	return true;
}

void leave_instruction_of_round(function_lowering *lowering) {
	const round_fact *fact = fact_here(lowering);
	if (fact && fact->kind == ROUND_REPEATED && !in_second_version(lowering))
		keep_value(lowering, KEPT_RESULT, read_slot(lowering, lowering->instruction.a));
}

/* ---- Counting rounds ---- */

static LLVMValueRef smaller(function_lowering *lowering, LLVMValueRef v_left, LLVMValueRef v_right) {
	LLVMValueRef v_less = LLVMBuildICmp(lowering->builder, LLVMIntULT, v_left, v_right, "");
	return LLVMBuildSelect(lowering->builder, v_less, v_left, v_right, "");
}

static LLVMValueRef difference_less_one(function_lowering *lowering, LLVMValueRef v_upper,
                                        LLVMValueRef v_lower, bool less_one) {
	LLVMValueRef v_difference = LLVMBuildSub(lowering->builder, v_upper, v_lower, "");
	if (!less_one)
		return v_difference;
	return LLVMBuildSub(lowering->builder, v_difference, constant_i64(lowering, 1), "");
}

/* By how much, all in all, it may still change; unsigned. */
static LLVMValueRef room_at(function_lowering *lowering, uint32_t pc, const round_fact *fact) {
	LLVMTypeRef i64 = lowering->module->types.i64;
	if (fact->kind == ROUND_STAYS) {
		LLVMValueRef v_first = kept_at(lowering, fact->comparison, KEPT_FIRST, i64);
		LLVMValueRef v_second = kept_at(lowering, fact->comparison, KEPT_SECOND, i64);
		return fact->second_is_lower ? difference_less_one(lowering, v_first, v_second, !fact->inclusive)
		                             : difference_less_one(lowering, v_second, v_first, !fact->inclusive);
	}
	LLVMValueRef v_index = kept_at(lowering, pc, KEPT_INDEX, i64);
	if (fact->change.kind == CHANGE_CONSTANT && fact->change.constant < 0)
		return v_index;
	return difference_less_one(lowering, kept_at(lowering, pc, KEPT_LENGTH, i64), v_index, true);
}

/* Rounds that change it by as much together. A slot that is not above 0 would need another room: none. */
static LLVMValueRef rounds_in(function_lowering *lowering, LLVMValueRef v_room, round_change change) {
	LLVMBuilderRef builder = lowering->builder;
	if (change.kind == CHANGE_CONSTANT) {
		uint64_t amount = change.constant < 0 ? 0 - (uint64_t)change.constant : (uint64_t)change.constant;
		return amount == 1 ? v_room : LLVMBuildUDiv(builder, v_room, constant_i64(lowering, amount), "");
	}
	LLVMValueRef v_zero = constant_i64(lowering, 0), v_amount = read_slot(lowering, change.slot);
	LLVMValueRef v_rises = LLVMBuildICmp(builder, LLVMIntSGT, v_amount, v_zero, "");
	v_amount = LLVMBuildSelect(builder, v_rises, v_amount, constant_i64(lowering, 1), "");
	return LLVMBuildSelect(builder, v_rises, LLVMBuildUDiv(builder, v_room, v_amount, ""), v_zero, "");
}

static bool limits_rounds(const round_fact *fact) {
	bool changes = fact->change.kind == CHANGE_BY_SLOT ||
	               (fact->change.kind == CHANGE_CONSTANT && fact->change.constant != 0);
	return (fact->kind == ROUND_ELEMENT || fact->kind == ROUND_STAYS) && changes;
}

static bool is_same_amount(round_change left, round_change right) {
	if (left.kind != right.kind)
		return false;
	if (left.kind == CHANGE_BY_SLOT)
		return left.slot == right.slot;
	return left.constant == right.constant || left.constant == -right.constant;
}

/* One division for all that change by the same amount: the facts at `pc` and behind it, each taken once. */
static LLVMValueRef least_room(function_lowering *lowering, uint32_t loop, uint32_t first, bool *taken) {
	const function_rounds *rounds = &lowering->versions->rounds;
	LLVMValueRef v_room = NULL;
	for (uint32_t pc = first; pc < lowering->function->code.count; pc++) {
		const round_fact *fact = &rounds->facts[pc];
		if (rounds->loop_of[pc] != loop || taken[pc] || !limits_rounds(fact) ||
		    !is_same_amount(fact->change, rounds->facts[first].change))
			continue;
		taken[pc] = true;
		LLVMValueRef v_here = room_at(lowering, pc, fact);
		v_room = v_room ? smaller(lowering, v_room, v_here) : v_here;
	}
	return v_room;
}

static LLVMValueRef count_rounds(function_lowering *lowering, uint32_t loop) {
	const function_rounds *rounds = &lowering->versions->rounds;
	uint64_t most = MOST_INSTRUCTIONS / rounds->loops[loop].instructions;
	LLVMValueRef v_rounds = constant_i64(lowering, most < MOST_ROUNDS ? most : MOST_ROUNDS);
	uint32_t count = lowering->function->code.count;
	bool *taken = memory_new(count, sizeof *taken);
	for (uint32_t pc = 0; pc < count; pc++) {
		if (rounds->loop_of[pc] != loop || taken[pc] || !limits_rounds(&rounds->facts[pc]))
			continue;
		LLVMValueRef v_room = least_room(lowering, loop, pc, taken);
		v_rounds = smaller(lowering, v_rounds, rounds_in(lowering, v_room, rounds->facts[pc].change));
	}
	memory_free(taken);
	return v_rounds;
}

/* ---- Ways back ---- */

/* A round that began at a call in its middle has left nothing behind. */
static void leave_unless_from_header(function_lowering *lowering, const loop_version *version,
                                     uint32_t header) {
	if (!version->v_from_header)
		return;
	LLVMValueRef v_complete =
	    LLVMBuildLoad2(lowering->builder, lowering->module->types.i1, version->v_from_header, "");
	LLVMBasicBlockRef b_complete = new_block(lowering, BLOCK_ROUNDS);
	LLVMBuildCondBr(lowering->builder, v_complete, b_complete, lowering->b_at[header]);
	LLVMPositionBuilderAtEnd(lowering->builder, b_complete);
}

/* Weights say that the second version runs for long. */
static void weigh(function_lowering *lowering, LLVMValueRef v_branch) {
	set_branch_weights(lowering, v_branch, (branch_weights){127, 1});
}

static void build_way_to_second(function_lowering *lowering, uint32_t loop) {
	loop_version *version = &lowering->versions->loops[loop];
	LLVMBuilderRef builder = lowering->builder;
	uint32_t header = lowering->versions->rounds.loops[loop].header;
	version->b_enter = new_block_at(lowering, header, ".second");
	LLVMPositionBuilderAtEnd(builder, version->b_back);
	loop_check(lowering, header);
	leave_unless_from_header(lowering, version, header);
	LLVMValueRef v_rounds = count_rounds(lowering, loop);
	LLVMBuildStore(builder, v_rounds, version->v_left);
	LLVMValueRef v_least = constant_i64(lowering, LEAST_ROUNDS);
	LLVMValueRef v_enough = LLVMBuildICmp(builder, LLVMIntUGE, v_rounds, v_least, "v_enough");
	weigh(lowering, LLVMBuildCondBr(builder, v_enough, version->b_enter, lowering->b_at[header]));
}

static void build_next_round(function_lowering *lowering, uint32_t loop) {
	struct loop_versions *versions = lowering->versions;
	loop_version *version = &versions->loops[loop];
	LLVMBuilderRef builder = lowering->builder;
	LLVMPositionBuilderAtEnd(builder, version->b_again);
	LLVMValueRef v_left = LLVMBuildLoad2(builder, lowering->module->types.i64, version->v_left, "");
	v_left = LLVMBuildSub(builder, v_left, constant_i64(lowering, 1), "");
	LLVMBuildStore(builder, v_left, version->v_left);
	LLVMValueRef v_any = LLVMBuildIsNotNull(builder, v_left, "v_any");
	LLVMBasicBlockRef b_first = versions->b_first[versions->rounds.loops[loop].header];
	weigh(lowering, LLVMBuildCondBr(builder, v_any, version->b_enter, b_first));
}

LLVMBasicBlockRef way_back(function_lowering *lowering, uint32_t header) {
	loop_version *version = version_at(lowering, header);
	if (!version)
		return NULL;
	bool second = in_second_version(lowering);
	LLVMBasicBlockRef *b_way = second ? &version->b_again : &version->b_back, b_known = *b_way;
	if (b_known)
		return b_known;
	LLVMBasicBlockRef b_here = LLVMGetInsertBlock(lowering->builder);
	*b_way = new_block(lowering, BLOCK_AGAIN);
	uint32_t loop = (uint32_t)(version - lowering->versions->loops);
	if (second)
		build_next_round(lowering, loop);
	else
		build_way_to_second(lowering, loop);
	LLVMPositionBuilderAtEnd(lowering->builder, b_here);
	return *b_way;
}

/* ---- The second version ---- */

/* Blocks of its own for what is in the loop; ways out lead to those of the first version. */
static LLVMBasicBlockRef *second_blocks(function_lowering *lowering, uint32_t loop) {
	const struct loop_versions *versions = lowering->versions;
	uint32_t count = lowering->function->code.count;
	LLVMBasicBlockRef *b_at = memory_new(count + 1, sizeof *b_at);
	for (uint32_t pc = 0; pc < count; pc++) {
		bool own = versions->rounds.loop_of[pc] == loop && lowering->b_at[pc];
		if (pc == versions->rounds.loops[loop].header)
			b_at[pc] = versions->loops[loop].b_enter;
		else
			b_at[pc] = own ? new_block_at(lowering, pc, ".second") : lowering->b_at[pc];
	}
	return b_at;
}

static void lower_second_version(function_lowering *lowering, uint32_t loop,
                                 void (*lower_at)(function_lowering *lowering, uint32_t pc)) {
	struct loop_versions *versions = lowering->versions;
	versions->second = loop;
	versions->b_first = lowering->b_at;
	lowering->b_at = second_blocks(lowering, loop);
	for (uint32_t pc = 0; pc < lowering->function->code.count; pc++)
		if (versions->rounds.loop_of[pc] == loop)
			lower_at(lowering, pc);
	memory_free(lowering->b_at);
	lowering->b_at = versions->b_first;
	versions->second = ROUND_NO_LOOP;
}

void lower_second_versions(function_lowering *lowering,
                           void (*lower_at)(function_lowering *lowering, uint32_t pc)) {
	for (uint32_t loop = 0; lowering->versions && loop < lowering->versions->rounds.loop_count; loop++)
		if (lowering->versions->loops[loop].b_enter)
			lower_second_version(lowering, loop, lower_at);
}
