/*
 * The collector: marks what can be reached, and frees the rest. Nothing moves, and every word that may be an
 * address of an object, or one inside of it, is taken for one.
 *
 * While compiled code runs, references are in registers and native frames of which the machine knows nothing:
 * a collection in the middle of an allocation looks through the native stack word by word. Between turns
 * there are no native frames: all that tasks need is in frames, and these are all roots there are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "objects.h"

typedef struct {
	object **sorted; /* all there are, by address */
	uint64_t count;
	object **grey; /* marked, and not looked into yet */
	uint64_t grey_count;
} collection;

/* ---- Finding objects ---- */

static int by_address(const void *left, const void *right) {
	const uintptr_t a = (uintptr_t) * (object *const *)left, b = (uintptr_t) * (object *const *)right;
	return (a > b) - (a < b);
}

static void *needed(void *memory) {
	if (!memory) {
		fputs("foreign: no memory to collect\n", stderr);
		exit(1);
	}
	return memory;
}

static collection start(const machine *self) {
	const uint64_t count = self->heap.count;
	collection now = {
	    .sorted = needed(calloc(count + 1, sizeof(object *))),
	    .grey = needed(calloc(count + 1, sizeof(object *))),
	};
	for (object *each = self->heap.objects; each; each = each->next)
		now.sorted[now.count++] = each;
	qsort(now.sorted, now.count, sizeof *now.sorted, by_address);
	return now;
}

/*
 * The object that the word is an address in; NULL: none. The end counts as inside: a slice without capacity
 * left, or a loop that has come to it, may have no other.
 */
static object *find(const collection *now, volt_slot word) {
	uint64_t first = 0, end = now->count;
	while (first < end) {
		const uint64_t middle = first + (end - first) / 2;
		if ((volt_slot)(uintptr_t)now->sorted[middle]->words <= word)
			first = middle + 1;
		else
			end = middle;
	}
	object *below = first ? now->sorted[first - 1] : NULL;
	return below && word - (volt_slot)(uintptr_t)below->words <= below->bytes ? below : NULL;
}

/* ---- Marking ---- */

static void mark(collection *now, volt_slot word) {
	object *found = find(now, word);
	if (!found || found->is_marked)
		return;
	found->is_marked = true;
	now->grey[now->grey_count++] = found;
}

static void mark_words(collection *now, const volt_slot *words, uint64_t count) {
	for (uint64_t i = 0; i < count; i++)
		mark(now, words[i]);
}

static void mark_frames(const machine *self, collection *now, const frame *first) {
	for (; first; first = first->caller) {
		mark_words(now, first->slots, self->module->functions.items[first->function].local_slots);
		mark_words(now, first->panic, 2);
		for (const deferred *call = first->deferred; call; call = call->older)
			mark_words(now, call->values, deferred_count_of(call->push));
	}
}

static void mark_tasks(const machine *self, collection *now) {
	for (const task *each = self->tasks; each; each = each->older) {
		const volt_slot own[] = {each->sent, each->answer, each->closure, each->argument};
		mark_words(now, own, sizeof own / sizeof *own);
		mark_frames(self, now, each->top);
	}
}

/* Frames that an exit has handed over already are roots, while it makes objects for the next one. */
static void mark_machine(const machine *self, collection *now) {
	mark_words(now, self->registers.globals, volt_module_global_slots(self->module));
	mark_words(now, self->panic, 2);
	mark_frames(self, now, self->innermost);
	mark_tasks(self, now);
}

/* From here up to where the program was started. Sanitizers know nothing of words between variables. */
#define WORD_BY_WORD __attribute__((noinline, no_sanitize("address")))

WORD_BY_WORD static void mark_native_stack(const machine *self, collection *now) {
	const volt_slot *each = __builtin_frame_address(0), *const end = self->stack_start;
	for (; each < end; each++)
		mark(now, *each);
}

static void mark_what_is_reached(collection *now) {
	while (now->grey_count) {
		const object *next = now->grey[--now->grey_count];
		mark_words(now, next->words, next->bytes / sizeof(volt_slot));
	}
}

/* ---- Sweeping ---- */

/* What was wrongly taken for garbage is seen to be. */
static void free_object(object *freed) {
	enum { GARBAGE = 0xdb };
	memset(freed, GARBAGE, sizeof *freed + freed->bytes);
	free(freed);
}

static void sweep(object_heap *heap) {
	object **place = &heap->objects;
	for (object *each; (each = *place);) {
		if (each->is_marked) {
			each->is_marked = false;
			place = &each->next;
			continue;
		}
		*place = each->next;
		free_object(each);
		heap->count--;
		heap->freed++;
	}
}

static void finish(machine *self, collection *now) {
	mark_machine(self, now);
	mark_what_is_reached(now);
	sweep(&self->heap);
	free(now->sorted);
	free(now->grey);
	self->heap.collections++;
	self->heap.since = 0;
}

/* ---- When ---- */

void collect_between_turns(machine *self) {
	if (!self->heap.is_wanted)
		return;
	self->heap.is_wanted = false;
	collection now = start(self);
	finish(self, &now);
}

/* The registers that callers may have values in are saved in this frame, which is the first that is looked
 * at. */
static void collect_here(machine *self) {
	__builtin_unwind_init();
	collection now = start(self);
	mark_native_stack(self, &now);
	finish(self, &now);
}

void collect_before_allocation(machine *self) {
	object_heap *heap = &self->heap;
	if (!heap->every || ++heap->since < heap->every)
		return;
	if (!heap->waits_for_turns) {
		collect_here(self);
	} else {
		heap->is_wanted = true;
		ask_to_give_way(self);
	}
}
