/*
 * An allocation is delayed if all that is done to the object are loads and stores at constant offsets, until
 * it gets out, and nothing is done to it in this way afterwards: from there on it is in memory, and others
 * may change it. Each way from the allocation passes at most one place that makes the object. Two objects
 * that refer to each other stay as they are.
 */
#include "codegen/exit_objects.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "calls/hints.h"
#include "guard/memory.h"
#include "ir/heap_layout.h"
#include "ir/helper_declarations.h"

enum { MOST_WORDS = 32, MOST_USES = 256 };

/* ---- Blocks of a function ---- */

typedef struct {
	LLVMBasicBlockRef b;
	uint32_t number;
} numbered_block;

typedef struct {
	LLVMValueRef v_function;
	uint32_t count;
	LLVMBasicBlockRef *blocks;
	numbered_block *by_address; /* sorted */
	uint32_t *first_edge;       /* by number: the first of its edges; the next one's ends them */
	uint32_t *targets;          /* of edges */
} block_graph;

static int compare_blocks(const void *left, const void *right) {
	const numbered_block *first = left, *second = right;
	return ((uintptr_t)first->b > (uintptr_t)second->b) - ((uintptr_t)first->b < (uintptr_t)second->b);
}

static uint32_t number_of(const block_graph *graph, LLVMBasicBlockRef b) {
	const numbered_block key = {.b = b};
	const numbered_block *found = bsearch(&key, graph->by_address, graph->count, sizeof key, compare_blocks);
	return found->number;
}

static void number_blocks(block_graph *graph) {
	graph->count = LLVMCountBasicBlocks(graph->v_function);
	graph->blocks = memory_new(graph->count, sizeof(LLVMBasicBlockRef));
	graph->by_address = memory_new(graph->count, sizeof(numbered_block));
	LLVMGetBasicBlocks(graph->v_function, graph->blocks);
	for (uint32_t i = 0; i < graph->count; i++)
		graph->by_address[i] = (numbered_block){graph->blocks[i], i};
	qsort(graph->by_address, graph->count, sizeof(numbered_block), compare_blocks);
}

static void find_edges(block_graph *graph) {
	graph->first_edge = memory_new(graph->count + (size_t)1, sizeof(uint32_t));
	for (uint32_t i = 0; i < graph->count; i++) {
		LLVMValueRef v_end = LLVMGetBasicBlockTerminator(graph->blocks[i]);
		graph->first_edge[i + 1] = graph->first_edge[i] + LLVMGetNumSuccessors(v_end);
	}
	graph->targets = memory_new(graph->first_edge[graph->count] + (size_t)1, sizeof(uint32_t));
	for (uint32_t i = 0; i < graph->count; i++) {
		LLVMValueRef v_end = LLVMGetBasicBlockTerminator(graph->blocks[i]);
		for (uint32_t edge = graph->first_edge[i]; edge < graph->first_edge[i + 1]; edge++)
			graph->targets[edge] = number_of(graph, LLVMGetSuccessor(v_end, edge - graph->first_edge[i]));
	}
}

static void graph_dispose(block_graph *graph) {
	memory_free(graph->blocks);
	memory_free(graph->by_address);
	memory_free(graph->first_edge);
	memory_free(graph->targets);
}

/* ---- An object and what is done to it ---- */

typedef struct {
	module_lowering *module;
	block_graph graph; /* of the function */
	LLVMValueRef v_call;
	volt_helper helper;                 /* that is called */
	uint32_t block;                     /* that it is made in */
	uint64_t words;                     /* that the function may read and write; 0 of a part of a string */
	uint64_t first_word;                /* what it begins with; the others are 0 */
	LLVMValueRef v_pointers[MOST_USES]; /* its address as a pointer */
	LLVMValueRef v_accesses[MOST_USES]; /* loads and stores */
	LLVMValueRef v_outs[MOST_USES];     /* instructions that let it out */
	uint32_t pointers, accesses, outs;
	bool *reached; /* by block: the object may have got out before */
	bool *leads;   /* by block: it may get out in it or later */
	bool *makes;   /* by block: makes the object */
} object;

static bool add(LLVMValueRef *v_list, uint32_t *count, LLVMValueRef v) {
	if (*count == MOST_USES)
		return false;
	v_list[(*count)++] = v;
	return true;
}

static bool is_within(const object *self, LLVMValueRef v_access, LLVMTypeRef type, uint64_t offset) {
	LLVMTypeKind kind = LLVMGetTypeKind(type);
	if (LLVMGetVolatile(v_access) || LLVMGetOrdering(v_access) != LLVMAtomicOrderingNotAtomic)
		return false;
	bool is_word = kind == LLVMIntegerTypeKind || kind == LLVMDoubleTypeKind || kind == LLVMPointerTypeKind;
	if (!is_word || (kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) > 64))
		return false;
	return offset + sizeof(uint64_t) <= self->words * sizeof(uint64_t);
}

/* Of a GEP with one constant index that steps over whole bytes. */
static bool offset_of(LLVMValueRef v_gep, uint64_t *offset) {
	LLVMTypeRef type = LLVMGetGEPSourceElementType(v_gep);
	if (LLVMGetNumOperands(v_gep) != 2 || !LLVMIsAConstantInt(LLVMGetOperand(v_gep, 1)) ||
	    LLVMGetTypeKind(type) != LLVMIntegerTypeKind)
		return false;
	uint64_t index = LLVMConstIntGetZExtValue(LLVMGetOperand(v_gep, 1));
	if (index > MOST_WORDS * sizeof(uint64_t))
		return false;
	*offset += index * (LLVMGetIntTypeWidth(type) / 8);
	return true;
}

static bool look_at_pointer(object *self, LLVMValueRef v_pointer, uint64_t offset);

static bool look_at_access(object *self, LLVMValueRef v_user, LLVMValueRef v_pointer, uint64_t offset) {
	switch (LLVMGetInstructionOpcode(v_user)) {
	case LLVMLoad:
		return is_within(self, v_user, LLVMTypeOf(v_user), offset) &&
		       add(self->v_accesses, &self->accesses, v_user);
	case LLVMStore: {
		LLVMValueRef v_stored = LLVMGetOperand(v_user, 0);
		return v_stored != v_pointer && v_stored != self->v_call &&
		       is_within(self, v_user, LLVMTypeOf(v_stored), offset) &&
		       add(self->v_accesses, &self->accesses, v_user);
	}
	case LLVMGetElementPtr: return offset_of(v_user, &offset) && look_at_pointer(self, v_user, offset);
	default: return false;
	}
}

static bool look_at_pointer(object *self, LLVMValueRef v_pointer, uint64_t offset) {
	for (LLVMUseRef use = LLVMGetFirstUse(v_pointer); use; use = LLVMGetNextUse(use))
		if (!look_at_access(self, LLVMGetUser(use), v_pointer, offset))
			return false;
	return true;
}

/* False: something that a variable cannot do. */
static bool look_at_uses(object *self) {
	for (LLVMUseRef use = LLVMGetFirstUse(self->v_call); use; use = LLVMGetNextUse(use)) {
		LLVMValueRef v_user = LLVMGetUser(use);
		if (LLVMGetInstructionOpcode(v_user) == LLVMIntToPtr) {
			if (!add(self->v_pointers, &self->pointers, v_user) || !look_at_pointer(self, v_user, 0))
				return false;
		} else if (!add(self->v_outs, &self->outs, v_user)) {
			return false;
		}
	}
	return true;
}

static bool is_call_of(const object *self, LLVMValueRef v_call, volt_helper helper) {
	LLVMValueRef v_helper = self->module->helpers[helper].v_function;
	return v_helper && LLVMGetCalledValue(v_call) == v_helper;
}

static bool find_allocation(object *self, LLVMValueRef v_call) {
	static const volt_helper allocations[] = {VOLT_HELPER_object_new, VOLT_HELPER_closure_new,
	                                          VOLT_HELPER_string_part};
	for (size_t i = 0; i < sizeof allocations / sizeof allocations[0]; i++)
		if (is_call_of(self, v_call, allocations[i])) {
			self->v_call = v_call;
			self->helper = allocations[i];
			return true;
		}
	return false;
}

/* Is it a call that makes an object of constant size, or a part of a string? That never changes. */
static bool is_allocation(object *self, LLVMValueRef v) {
	if (!LLVMIsACallInst(v) || !find_allocation(self, v))
		return false;
	self->words = self->first_word = 0;
	if (self->helper == VOLT_HELPER_string_part)
		return true;
	bool is_closure = self->helper == VOLT_HELPER_closure_new;
	uint64_t size = LLVMConstIntGetZExtValue(LLVMGetOperand(v, 2));
	self->words = is_closure ? 1 + size : size;
	self->first_word =
	    is_closure ? plain_closure_word(self->module->options.heap,
	                                    (uint32_t)LLVMConstIntGetZExtValue(LLVMGetOperand(v, 1)), size)
	               : 0;
	return self->words > 0 && self->words <= MOST_WORDS &&
	       (!is_closure || has_plain_closures(self->module->options.heap));
}

/* ---- Where it gets out ---- */

static uint32_t block_of(const object *self, LLVMValueRef v_instruction) {
	return number_of(&self->graph, LLVMGetInstructionParent(v_instruction));
}

typedef void (*out_visitor)(object *self, uint32_t block, void *user);

/* What a phi takes gets out at the end of the block that it comes from. */
static void visit_blocks_of_out(object *self, LLVMValueRef v_out, out_visitor visit, void *user) {
	if (!LLVMIsAPHINode(v_out)) {
		visit(self, block_of(self, v_out), user);
		return;
	}
	for (unsigned i = 0; i < LLVMCountIncoming(v_out); i++)
		if (LLVMGetIncomingValue(v_out, i) == self->v_call)
			visit(self, number_of(&self->graph, LLVMGetIncomingBlock(v_out, i)), user);
}

static void visit_outs(object *self, out_visitor visit, void *user) {
	for (uint32_t i = 0; i < self->outs; i++)
		visit_blocks_of_out(self, self->v_outs[i], visit, user);
}

/* Marks what is behind the blocks on the stack. A way back to the allocation is one to another object. */
static void mark_behind(object *self, bool *marks, uint32_t *stack, uint32_t depth) {
	const block_graph *graph = &self->graph;
	while (depth > 0) {
		uint32_t block = stack[--depth];
		for (uint32_t edge = graph->first_edge[block]; edge < graph->first_edge[block + 1]; edge++) {
			uint32_t target = graph->targets[edge];
			if (target == self->block || marks[target])
				continue;
			marks[target] = true;
			stack[depth++] = target;
		}
	}
}

static void mark_lead(object *self, uint32_t block, void *user) {
	(void)user;
	self->leads[block] = true;
}

static void find_reached(object *self, uint32_t *stack) {
	uint32_t depth = 0;
	for (uint32_t block = 0; block < self->graph.count; block++)
		if (self->leads[block])
			stack[depth++] = block;
	mark_behind(self, self->reached, stack, depth);
}

/* Blocks in which it has got out and gets out again later: until nothing changes any more. */
static void find_leading(object *self) {
	const block_graph *graph = &self->graph;
	bool changed = true;
	while (changed) {
		changed = false;
		for (uint32_t block = graph->count; block-- > 0;) {
			if (self->leads[block] || !self->reached[block])
				continue;
			for (uint32_t edge = graph->first_edge[block]; edge < graph->first_edge[block + 1]; edge++)
				if (graph->targets[edge] != self->block && self->leads[graph->targets[edge]])
					changed = self->leads[block] = true;
		}
	}
}

/* The object is made in the first of such blocks on each way. False: on one way first, on another not. */
static bool find_makers(object *self) {
	const block_graph *graph = &self->graph;
	for (uint32_t block = 0; block < graph->count; block++)
		self->makes[block] = self->leads[block] && (block == self->block || !self->reached[block]);
	for (uint32_t block = 0; block < graph->count; block++) {
		if (self->leads[block])
			continue;
		for (uint32_t edge = graph->first_edge[block]; edge < graph->first_edge[block + 1]; edge++) {
			uint32_t target = graph->targets[edge];
			if (self->leads[target] && !self->makes[target] && target != self->block)
				return false;
		}
	}
	return true;
}

static bool is_out_in(const object *self, LLVMValueRef v_instruction) {
	for (uint32_t i = 0; i < self->outs; i++)
		if (self->v_outs[i] == v_instruction && !LLVMIsAPHINode(v_instruction))
			return true;
	return false;
}

/* The first instruction of the block that lets it out, or the block's end for a phi behind it. */
static LLVMValueRef first_out(const object *self, uint32_t block) {
	LLVMValueRef v = LLVMGetFirstInstruction(self->graph.blocks[block]);
	while (LLVMGetNextInstruction(v) && !is_out_in(self, v))
		v = LLVMGetNextInstruction(v);
	return v;
}

static bool is_behind(LLVMValueRef v_instruction, LLVMValueRef v_other) {
	for (LLVMValueRef v = v_other; v; v = LLVMGetNextInstruction(v))
		if (v == v_instruction)
			return true;
	return false;
}

/* Is all that is done to it as a variable done before it gets out? */
static bool accesses_come_first(const object *self) {
	for (uint32_t i = 0; i < self->accesses; i++) {
		uint32_t block = block_of(self, self->v_accesses[i]);
		if (self->reached[block] ||
		    (self->makes[block] && is_behind(self->v_accesses[i], first_out(self, block))))
			return false;
	}
	return true;
}

static bool is_cold(LLVMBasicBlockRef b) {
	const char *name = LLVMGetBasicBlockName(b);
	return block_name_is_cold(name, strlen(name));
}

/* Can the function return, or make the next one, without ever having made this one? */
static bool is_worth_it(object *self, uint32_t *stack) {
	const block_graph *graph = &self->graph;
	bool *seen = memory_new(graph->count, sizeof *seen);
	bool worth = false;
	uint32_t depth = 0;
	stack[depth++] = self->block;
	while (depth > 0 && !worth) {
		uint32_t block = stack[--depth];
		if (self->makes[block] || is_cold(graph->blocks[block]))
			continue;
		worth = graph->first_edge[block] == graph->first_edge[block + 1];
		for (uint32_t edge = graph->first_edge[block]; edge < graph->first_edge[block + 1]; edge++) {
			uint32_t target = graph->targets[edge];
			worth |= target == self->block;
			if (!seen[target])
				stack[depth++] = target;
			seen[target] = true;
		}
	}
	memory_free(seen);
	return worth;
}

static bool can_be_delayed(object *self) {
	const block_graph *graph = &self->graph;
	uint32_t *stack = memory_new(2 * (size_t)graph->count + 1, sizeof *stack);
	visit_outs(self, mark_lead, NULL);
	find_reached(self, stack);
	find_leading(self);
	bool can = find_makers(self) && accesses_come_first(self) && is_worth_it(self, stack);
	memory_free(stack);
	return can;
}

/* ---- Making variables of it ---- */

static LLVMValueRef new_variable(object *self, LLVMTypeRef type) {
	LLVMBasicBlockRef b_entry = LLVMGetEntryBasicBlock(self->graph.v_function);
	LLVMPositionBuilderBefore(self->module->builder, LLVMGetFirstInstruction(b_entry));
	return LLVMBuildAlloca(self->module->builder, type, "v_object");
}

static LLVMValueRef word_at(object *self, LLVMValueRef v_object, uint64_t index) {
	LLVMValueRef v_index = LLVMConstInt(self->module->types.i64, index, false);
	return LLVMBuildGEP2(self->module->builder, self->module->types.i64, v_object, &v_index, 1, "");
}

static void begin_variable(object *self, LLVMValueRef v_words) {
	LLVMBuilderRef builder = self->module->builder;
	LLVMTypeRef i64 = self->module->types.i64;
	LLVMPositionBuilderBefore(builder, self->v_call);
	for (uint64_t i = 0; i < self->words; i++)
		LLVMBuildStore(builder, LLVMConstInt(i64, i ? 0 : self->first_word, false),
		               word_at(self, v_words, i));
}

/* Exits keep what they need in registers across the call. */
static LLVMValueRef allocation_in(object *self, uint32_t block) {
	return is_cold(self->graph.blocks[block]) ? cold_helper(self->module, self->helper)
	                                          : LLVMGetCalledValue(self->v_call);
}

static LLVMValueRef make_object(object *self, uint32_t block) {
	LLVMValueRef v_arguments[HELPER_PARAMETERS];
	unsigned count = LLVMGetNumArgOperands(self->v_call);
	for (unsigned i = 0; i < count; i++)
		v_arguments[i] = LLVMGetOperand(self->v_call, i);
	LLVMValueRef v_callee = allocation_in(self, block);
	LLVMPositionBuilderBefore(self->module->builder, first_out(self, block));
	LLVMValueRef v_object = LLVMBuildCall2(self->module->builder, LLVMGlobalGetValueType(v_callee), v_callee,
	                                       v_arguments, count, "");
	LLVMSetInstructionCallConv(v_object, LLVMGetFunctionCallConv(v_callee));
	return v_object;
}

static void make_in(object *self, uint32_t block, LLVMValueRef v_words, LLVMValueRef v_made) {
	LLVMBuilderRef builder = self->module->builder;
	LLVMTypeRef i64 = self->module->types.i64;
	LLVMValueRef v_object = make_object(self, block);
	LLVMBuildStore(builder, v_object, v_made);
	LLVMValueRef v_to = LLVMBuildIntToPtr(builder, v_object, self->module->types.pointer, "");
	for (uint64_t i = 0; i < self->words; i++)
		LLVMBuildStore(builder, LLVMBuildLoad2(builder, i64, word_at(self, v_words, i), ""),
		               word_at(self, v_to, i));
}

static LLVMValueRef made_before(object *self, LLVMValueRef v_instruction, LLVMValueRef v_made) {
	LLVMPositionBuilderBefore(self->module->builder, v_instruction);
	return LLVMBuildLoad2(self->module->builder, self->module->types.i64, v_made, "");
}

/* What a phi takes from one block twice is the same value. */
static LLVMValueRef object_for_phi(object *self, LLVMValueRef v_phi, unsigned index, LLVMValueRef v_made) {
	LLVMBasicBlockRef b_from = LLVMGetIncomingBlock(v_phi, index);
	for (unsigned i = 0; i < index; i++)
		if (LLVMGetIncomingBlock(v_phi, i) == b_from)
			return LLVMGetIncomingValue(v_phi, i);
	return made_before(self, LLVMGetBasicBlockTerminator(b_from), v_made);
}

static void let_out(object *self, LLVMValueRef v_out, LLVMValueRef v_made) {
	bool is_phi = LLVMIsAPHINode(v_out);
	LLVMValueRef v_object = is_phi ? NULL : made_before(self, v_out, v_made);
	unsigned count = (unsigned)LLVMGetNumOperands(v_out);
	for (unsigned i = 0; i < count; i++)
		if (LLVMGetOperand(v_out, i) == self->v_call)
			LLVMSetOperand(v_out, i, is_phi ? object_for_phi(self, v_out, i, v_made) : v_object);
}

static void delay(object *self) {
	LLVMTypeRef i64 = self->module->types.i64;
	LLVMValueRef v_words = new_variable(self, LLVMArrayType2(i64, self->words));
	LLVMValueRef v_made = new_variable(self, i64);
	begin_variable(self, v_words);
	for (uint32_t block = 0; block < self->graph.count; block++)
		if (self->makes[block])
			make_in(self, block, v_words, v_made);
	for (uint32_t i = 0; i < self->outs; i++)
		let_out(self, self->v_outs[i], v_made);
	for (uint32_t i = 0; i < self->pointers; i++) {
		LLVMReplaceAllUsesWith(self->v_pointers[i], v_words);
		LLVMInstructionEraseFromParent(self->v_pointers[i]);
	}
	LLVMInstructionEraseFromParent(self->v_call);
}

/* ---- All of them ---- */

static bool delay_if_possible(object *self) {
	size_t count = self->graph.count;
	self->block = block_of(self, self->v_call);
	self->pointers = self->accesses = self->outs = 0;
	if (!look_at_uses(self))
		return false;
	self->reached = memory_new(count, sizeof(bool));
	self->leads = memory_new(count, sizeof(bool));
	self->makes = memory_new(count, sizeof(bool));
	bool can = can_be_delayed(self);
	if (can)
		delay(self);
	memory_free(self->reached);
	memory_free(self->leads);
	memory_free(self->makes);
	return can;
}

/* Begins again behind each that became variables: the instructions that it looked at may be gone. */
static bool delay_in_block(object *self, LLVMBasicBlockRef b) {
	bool some = false;
	LLVMValueRef v = LLVMGetFirstInstruction(b);
	while (v) {
		bool delayed = is_allocation(self, v) && delay_if_possible(self);
		v = delayed ? LLVMGetFirstInstruction(b) : LLVMGetNextInstruction(v);
		some |= delayed;
	}
	return some;
}

static bool has_allocation(object *self, LLVMValueRef v_function) {
	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(v_function); b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef v = LLVMGetFirstInstruction(b); v; v = LLVMGetNextInstruction(v))
			if (is_allocation(self, v))
				return true;
	return false;
}

static bool delay_in_function(object *self, LLVMValueRef v_function) {
	if (!has_allocation(self, v_function))
		return false;
	self->graph = (block_graph){.v_function = v_function};
	number_blocks(&self->graph);
	find_edges(&self->graph);
	bool some = false;
	for (uint32_t i = 0; i < self->graph.count; i++)
		some |= delay_in_block(self, self->graph.blocks[i]);
	graph_dispose(&self->graph);
	return some;
}

bool delay_objects(module_lowering *module) {
	object *self = memory_new(1, sizeof *self);
	self->module = module;
	bool some = false;
	for (LLVMValueRef v = LLVMGetFirstFunction(module->module); v; v = LLVMGetNextFunction(v))
		some |= delay_in_function(self, v);
	memory_free(self);
	return some;
}
