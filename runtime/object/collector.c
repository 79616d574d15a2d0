/*
 * The process's one collector (bdwgc): its start-up, and the roots that it gets from all object spaces while
 * the world is stopped.
 */
#define GC_THREADS
#include <gc/gc.h>
#include <gc/gc_inline.h>
#include <gc/gc_mark.h>
#include <pthread.h>
#include <stdlib.h>

#include "object/collector_host.h"
#include "object/space_private.h"
#include "process/fork.h"
#include "process/threads.h"

/*
 * Mapped at the start, touched when used: collecting a heap of few megabytes again and again costs most of
 * the time.
 */
enum { INITIAL_HEAP_BYTES = 32 << 20 };

static unsigned typed_kind;
static unsigned conservative_kind, uncleared_kind;
static object_space *spaces;
static GC_push_other_roots_proc push_previous_roots;
static GC_on_collection_event_proc call_previous_observer;

/*
 * Blocks in free lists are marked one by one: a thread may be stopped between reading and replacing the head
 * of a list, so the lists must stay as they are, and the collector does not follow their links by itself.
 */
static void mark_free_lists(const object_space *space) {
	for (int kind = 0; kind < HEAP_KIND_COUNT; kind++)
		for (int granules = 0; granules <= HEAP_SMALL_GRANULES; granules++)
			for (void **block = space->free_lists[kind][granules]; block; block = *block)
				GC_set_mark_bit(block);
}

static void push_roots_of_spaces(void) {
	if (push_previous_roots)
		push_previous_roots();
	for (const object_space *space = spaces; space; space = space->next) {
		mark_free_lists(space);
		for (size_t index = 0; index < space->sentinel_count; index++)
			heap_push_roots(space->sentinels[index].value, 2);
		for (const space_scanner *scanner = space->scanners; scanner; scanner = scanner->next)
			scanner->scan(scanner->user);
	}
}

/* The world is stopped, and everything that lives is marked. */
static void on_collection_event(GC_EventType event) {
	if (call_previous_observer)
		call_previous_observer(event);
	if (event != GC_EVENT_MARK_END)
		return;
	for (object_space *space = spaces; space; space = space->next)
		heap_samples_forget_dead(&space->samples);
}

/* ---- Start-up ---- */

/*
 * The typed kind reads a block's descriptor from the second word of what its first word points to, as the
 * collector's own Java support does. The collector's own conservative kind does not scan a block's last word
 * when interior pointers count. It may find anything in a block of the uncleared kind until that is cleared:
 * at worst something lives longer.
 */
static void make_kinds(void) {
	GC_word descriptor =
	    (GC_word)(-(GC_signed_word)offsetof(object_layout, descriptor) - GC_INDIR_PER_OBJ_BIAS) |
	    GC_DS_PER_OBJECT;
	conservative_kind = GC_new_kind(GC_new_free_list(), GC_DS_LENGTH, 1, 1);
	uncleared_kind = GC_new_kind(GC_new_free_list(), GC_DS_LENGTH, 1, 0);
	typed_kind = GC_new_kind(GC_new_free_list(), descriptor, 0, 1);
}

static const char *failure;

/*
 * The collector's own handlers would be called before ours, and take its lock while the start, which needs
 * that lock, holds the fork off.
 */
static const fork_handlers collector_forks = {GC_atfork_prepare, GC_atfork_parent, GC_atfork_child};

static void take_part(void) {
	if (GC_get_heap_size() < INITIAL_HEAP_BYTES)
		GC_expand_hp(INITIAL_HEAP_BYTES - GC_get_heap_size());
	GC_allow_register_threads();
	make_kinds();
	push_previous_roots = GC_get_push_other_roots();
	GC_set_push_other_roots(push_roots_of_spaces);
	call_previous_observer = GC_get_on_collection_event();
	GC_set_on_collection_event(on_collection_event);
}

static const char *begin(void) {
	if (!fork_is_watched() || !collector_threads_prepare())
		return "no memory for handlers of forks and ending threads";
	const bool is_ours = collector_initialise();
	if (is_ours)
		fork_include(&collector_forks);
	if (!is_ours || collector_has_other_users())
		collector_keep_main_thread();
	if (!GC_get_all_interior_pointers())
		return "the host has set the collector (libgc) to ignore interior pointers: Volt's heap cannot share "
		       "it";
	if (GC_is_incremental_mode() && GC_get_manual_vdb_allowed())
		return "the host tells the collector (libgc) of its writes: Volt's heap cannot share it";
	take_part();
	if (is_ours)
		GC_unregister_my_thread();
	return NULL;
}

/*
 * A fork that was held off may come before pthread_once() has noted the end: the child comes here again. The
 * collector changes the mask of the thread that initialises it.
 */
static void start(void) {
	static bool is_done;
	sigset_t before;
	pthread_sigmask(SIG_BLOCK, NULL, &before);
	fork_hold_off();
	if (!is_done)
		failure = begin();
	is_done = true;
	fork_let_go();
	signals_restore(&before);
}

volt_error *heap_start(void) {
	static pthread_once_t started = PTHREAD_ONCE_INIT;
	pthread_once(&started, start);
	return failure ? volt_error_new(VOLT_ERROR_ARGUMENT, "%s", failure) : NULL;
}

unsigned collector_kind_number(heap_kind kind) {
	switch (kind) {
	case HEAP_POINTER_FREE: return GC_I_PTRFREE;
	case HEAP_CONSERVATIVE: return conservative_kind;
	default: return typed_kind;
	}
}

unsigned collector_large_kind_number(heap_kind kind) {
	return kind == HEAP_CONSERVATIVE ? uncleared_kind : collector_kind_number(kind);
}

/* ---- Lists that the collector walks: changed only with its lock held ---- */

typedef struct {
	object_space *space;
	space_scanner *scanner;
} list_change;

static void *link_space(void *argument) {
	object_space *space = argument;
	space->next = spaces;
	spaces = space;
	return NULL;
}

/*
 * No block of a list that is given up keeps its link. One that something still seems to point to would stay,
 * and the collector would take the next one, once that is an object, for its layout.
 */
static void *drop_links(void *list) {
	for (void **block = list; block;) {
		void **next = *block;
		*block = NULL;
		block = next;
	}
	return NULL;
}

void collector_drop_list(void *list) {
	GC_call_with_alloc_lock(drop_links, list);
}

static void *unlink_space(void *argument) {
	object_space *space = argument;
	for (object_space **link = &spaces; *link; link = &(*link)->next)
		if (*link == space) {
			*link = space->next;
			break;
		}
	for (int kind = 0; kind < HEAP_KIND_COUNT; kind++)
		for (int granules = 0; granules <= HEAP_SMALL_GRANULES; granules++) {
			drop_links(space->free_lists[kind][granules]);
			space->free_lists[kind][granules] = NULL;
		}
	return NULL;
}

static void *link_scanner(void *argument) {
	list_change *change = argument;
	change->scanner->next = change->space->scanners;
	change->space->scanners = change->scanner;
	return NULL;
}

/* Unlinks the first scanner that equals change->scanner and returns it. */
static void *unlink_scanner(void *argument) {
	list_change *change = argument;
	for (space_scanner **link = &change->space->scanners; *link; link = &(*link)->next) {
		space_scanner *found = *link;
		if (found->scan == change->scanner->scan && found->user == change->scanner->user) {
			*link = found->next;
			return found;
		}
	}
	return NULL;
}

typedef struct {
	object_space *space;
	space_sentinel *sentinels;
} sentinel_change;

/* Returns the old array. */
static void *swap_sentinels(void *argument) {
	sentinel_change *change = argument;
	space_sentinel *old = change->space->sentinels;
	if (old)
		memcpy(change->sentinels, old, change->space->sentinel_count * sizeof *old);
	change->space->sentinels = change->sentinels;
	return old;
}

void collector_replace_sentinels(object_space *space, space_sentinel *larger, size_t capacity) {
	free(GC_call_with_alloc_lock(swap_sentinels, &(sentinel_change){space, larger}));
	space->sentinel_capacity = capacity;
}

void collector_add_space(object_space *space) {
	GC_call_with_alloc_lock(link_space, space);
}

void collector_remove_space(object_space *space) {
	GC_call_with_alloc_lock(unlink_space, space);
}

void object_space_add_root_scanner(object_space *space, root_scanner scanner, void *user) {
	space_scanner *added = malloc(sizeof *added);
	if (!added)
		heap_exhausted(space, sizeof *added);
	*added = (space_scanner){scanner, user, NULL};
	GC_call_with_alloc_lock(link_scanner, &(list_change){space, added});
}

void object_space_remove_root_scanner(object_space *space, root_scanner scanner, void *user) {
	space_scanner wanted = {scanner, user, NULL};
	free(GC_call_with_alloc_lock(unlink_scanner, &(list_change){space, &wanted}));
}

void heap_push_roots(const volt_slot *slots, size_t count) {
	if (count)
		GC_push_all_eager((void *)(uintptr_t)slots, (void *)(uintptr_t)(slots + count));
}
