/*
 * An object space: the heap and the types of one VM. Everything that allocates, compares, formats or
 * converts objects takes one. It belongs to one thread at a time.
 */
#ifndef OBJECT_SPACE_H
#define OBJECT_SPACE_H

#include <setjmp.h>
#include <stdbool.h>

#include "volt/bytecode.h"
#include "volt/value.h"

typedef struct object_space object_space;

typedef struct {
	size_t max_heap_bytes; /* 0: no limit, but what the machine has */
	bool collect_at_every_allocation;
} object_space_options;

/* Starts the process's collector on first use. Any thread; an error says why there can be no heap. */
volt_error *heap_start(void);

/*
 * Between the two a thread may make and free spaces, allocate in them, and hold references in local
 * variables. They may be nested.
 */
void heap_enter_thread(void);
void heap_leave_thread(void);

/*
 * For a thread that is inside and has blocked all signals: collections may stop it nevertheless. Who waits
 * for a lock must let them, since they may have stopped the thread that holds it.
 */
void heap_unblock_collections(void);

/* `module` was verified and outlives the space. The thread is inside, as for all that follows. */
volt_error *object_space_new(const volt_module *module, const object_space_options *options,
                             object_space **space);
void object_space_free(object_space *space);

/*
 * For a space in whose middle a fork cut off its thread: the collector looks at it no more, and it is not
 * freed. From any thread.
 */
void object_space_abandon(object_space *space);

/* What one of them takes counts for both from here on, as it does for the VM of several islands. */
void object_space_share_account(object_space *space, const object_space *first);

/* What the space and those that share its account hold, garbage included (heap_account.h). */
size_t object_space_bytes(const object_space *space);

/*
 * What a VM has in ordinary memory, and a program can make ever more of, counts against its limit as objects
 * do: is there room for so many bytes more, after a collection if need be, and so many more (or less) there
 * are.
 */
bool object_space_has_room(object_space *space, size_t bytes);
void object_space_count_outside(object_space *space, ptrdiff_t bytes);

/* Who has something that is not needed, and gives it back before a collection or a refusal. */
void object_space_on_pressure(object_space *space, void (*give_back)(void *user), void *user);

/* There is no memory for so many bytes: as if an allocation had found that out. */
_Noreturn void heap_exhausted(object_space *space, size_t bytes);

/* The same for the space that this thread runs a program in. */
_Noreturn void heap_no_memory(size_t bytes);

const volt_module *object_space_module(const object_space *space);

/*
 * Where to continue when the heap is exhausted: allocation never returns NULL, it jumps to `target` with
 * value 1. Must be set before the first allocation of the program's run; NULL: abort with a message.
 */
void object_space_on_exhaustion(object_space *space, jmp_buf *target);

/* After such a jump: whether a limit was reached, or how much memory there was none for. */
volt_error *object_space_exhaustion_error(const object_space *space);

/*
 * Makes the collector call `push` at each collection, to report roots that it does not find by itself
 * (fiber stacks, globals) with heap_push_roots().
 */
typedef void (*root_scanner)(void *user);
void object_space_add_root_scanner(object_space *space, root_scanner scanner, void *user);
void object_space_remove_root_scanner(object_space *space, root_scanner scanner, void *user);

/* Only inside a root_scanner: `count` slots that may hold references. */
void heap_push_roots(const volt_slot *slots, size_t count);

#endif
