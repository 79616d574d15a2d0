/* From requests of the clock to counted stacks. */
#include "vm/sampler.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "fiber/fiber.h"
#include "tier/run.h"
#include "tier/ticker.h"
#include "vm/call_tree.h"

/* Of a deeper stack, so many frames at either end are noted. */
enum { MOST_FRAMES = 128 };

struct sampler {
	ticker *ticker;
	_Atomic uint32_t due; /* samples: several, where the fiber did not come to a place to answer at */
	call_tree tree;
};

/* Where steps are counted slices are short, and end where they do without us. */
void sampler_start(volt_vm *vm) {
	const uint32_t microseconds = vm->options.sample_microseconds;
	sampler *self = microseconds && !vm->sampler ? calloc(1, sizeof *self) : NULL;
	if (!self)
		return;
	if (call_tree_make(&self->tree))
		self->ticker =
		    ticker_start(tier_counts_steps(vm) ? NULL : &vm->context, microseconds * 1000ULL, &self->due);
	if (self->ticker)
		vm->sampler = self;
	else
		sampler_stop(self);
}

void sampler_stop(sampler *self) {
	if (!self)
		return;
	ticker_stop(self->ticker);
	call_tree_free(&self->tree);
	free(self);
}

sampler *sampler_take(volt_vm *vm) {
	sampler *taken = vm->sampler;
	vm->sampler = NULL;
	if (!taken)
		return NULL;
	ticker_stop(taken->ticker);
	taken->ticker = NULL;
	return taken;
}

void sampler_add(volt_vm *vm, sampler *taken) {
	if (taken && vm->sampler)
		call_tree_add(&vm->sampler->tree, &taken->tree);
	sampler_stop(taken);
}

void sampler_forget(sampler *self) {
	atomic_store_explicit(&self->due, 0, memory_order_relaxed);
}

static uint32_t enter(call_tree *tree, const volt_vm *vm, uint32_t caller, const call_frame *frame,
                      bool is_top) {
	const uint32_t last = vm->module->functions.items[frame->function].code.count - 1;
	const uint32_t pc = is_top || frame->pc == 0 ? frame->pc : frame->pc - 1;
	return call_tree_enter(tree, caller, (volt_sample_frame){frame->function, pc < last ? pc : last});
}

/* A fiber that has just returned from its first frame was there. */
static uint32_t enter_all(call_tree *tree, const volt_vm *vm, const volt_fiber *fiber) {
	const uint32_t count = fiber->frame_count ? fiber->frame_count : 1;
	uint32_t node = CALL_TREE_ROOT;
	for (uint32_t i = 0; i < count; i++) {
		if (i == MOST_FRAMES && count > 2 * MOST_FRAMES) {
			i = count - MOST_FRAMES;
			node = call_tree_enter(tree, node, (volt_sample_frame){VOLT_FRAMES_LEFT_OUT, 0});
		}
		node = enter(tree, vm, node, &fiber->frames[i], i + 1 == count);
	}
	return node;
}

void sampler_look(const volt_vm *vm, const volt_fiber *fiber) {
	sampler *self = vm->sampler;
	if (!atomic_load_explicit(&self->due, memory_order_relaxed))
		return;
	const uint32_t samples = atomic_exchange_explicit(&self->due, 0, memory_order_relaxed);
	const uint32_t node = enter_all(&self->tree, vm, fiber);
	self->tree.nodes[node].samples += samples;
}

/* The frames of a node, outermost first; room for all that a stack may have. */
static size_t frames_of(const call_tree *tree, uint32_t node, volt_sample_frame frames[2 * MOST_FRAMES + 1]) {
	size_t count = 0, place;
	for (uint32_t at = node; at != CALL_TREE_ROOT; at = tree->nodes[at].parent)
		count++;
	place = count;
	for (uint32_t at = node; at != CALL_TREE_ROOT; at = tree->nodes[at].parent)
		frames[--place] = tree->nodes[at].frame;
	return count;
}

void volt_vm_visit_samples(const volt_vm *vm, volt_sample_visitor visit, void *user) {
	if (!vm->sampler)
		return;
	const call_tree *tree = &vm->sampler->tree;
	for (uint32_t i = 0; i < tree->count; i++) {
		volt_sample_frame frames[2 * MOST_FRAMES + 1];
		if (tree->nodes[i].samples)
			visit(user, frames, frames_of(tree, i, frames), tree->nodes[i].samples);
	}
}
