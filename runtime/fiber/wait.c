/*
 * Waits of natives. A wait has two owners: the VM, until the native's last execution is over, and whoever
 * completes it. Completion may come from any thread, so it only appends to a list under a mutex and nudges
 * the event loop; all else happens on the VM's thread. It may come when the VM is gone, and finds a mailbox
 * then that belongs to nobody but the waits that are still to be completed.
 */
#include "fiber/wait.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <uv.h>

#include "process/fork.h"

typedef struct {
	pthread_mutex_t lock;
	wait_hub *hub;       /* NULL: it is gone */
	size_t awaited;      /* then: completions that are still to come */
	unsigned generation; /* of the process that made it: process/fork.h */
} wait_mailbox;

/* What hubs that are gone have left to the host, by `next` and `previous`: some of it may never be completed.
 */
static volt_wait *left_waits; /* under SHARED_WAITS */

struct volt_wait {
	wait_hub *hub;
	wait_mailbox *mailbox;
	volt_wait *next; /* in the list of all */
	volt_wait *previous;
	volt_wait *next_completed;
	volt_fiber *fiber; /* asleep because of it */
	void *data;
	void (*free_data)(void *data);
	bool completed;   /* its completion has been seen on the VM's thread */
	bool over;        /* the VM has no more use for it */
	bool is_librarys; /* its completion can only come while the loop is there */
	bool has_come;    /* its completion; under the lock */
};

struct wait_hub {
	object_space *space; /* waits count against its limit */
	uv_loop_t loop;
	uv_async_t nudge;
	wait_mailbox *mailbox;
	volt_wait *completed_first; /* under the mailbox's lock */
	volt_wait *completed_last;
	volt_wait *all;
	uint32_t parked;
	wait_hub *next_kept;
};

/* Completed waits are looked at after the loop has run; the nudge only makes it return. */
static void on_nudge(uv_async_t *handle) {
	(void)handle;
}

/* An error of uv if there are fewer than a loop needs; the first of a process needs the most. */
static int look_for_descriptors(void) {
	enum { NEEDED = 6 };
	int found[NEEDED], count = 0, code = 0;
	while (count < NEEDED && (found[count] = eventfd(0, EFD_CLOEXEC)) >= 0)
		count++;
	if (count < NEEDED)
		code = uv_translate_sys_error(errno);
	while (count > 0)
		close(found[--count]);
	return code;
}

/* Where descriptors run out, uv keeps those of the part that it has made, or ends the process. */
static int start_loop(wait_hub *hub) {
	int code = look_for_descriptors();
	if (code == 0)
		code = uv_loop_init(&hub->loop);
	if (code != 0)
		return code;
	code = uv_async_init(&hub->loop, &hub->nudge, on_nudge);
	if (code != 0)
		uv_loop_close(&hub->loop);
	return code;
}

volt_error *wait_hub_new(object_space *space, wait_hub **hub) {
	wait_hub *made = calloc(1, sizeof *made);
	wait_mailbox *mailbox = calloc(1, sizeof *mailbox);
	const int code = made && mailbox ? start_loop(made) : UV_ENOMEM;
	if (code != 0) {
		free(made);
		free(mailbox);
		return volt_error_new(VOLT_ERROR_MEMORY, "event loop: %s", uv_strerror(code));
	}
	*mailbox = (wait_mailbox){.hub = made, .generation = process_generation};
	pthread_mutex_init(&mailbox->lock, NULL);
	made->mailbox = mailbox;
	made->space = space;
	*hub = made;
	return NULL;
}

static bool is_inherited(const wait_mailbox *mailbox) {
	return mailbox->generation != process_generation;
}

uv_loop_t *wait_hub_loop(wait_hub *hub) {
	return &hub->loop;
}

/* With about what natives keep for one: a timer, a request. */
enum { WAIT_BYTES = sizeof(volt_wait) + 256 };

volt_wait *wait_begin(wait_hub *hub, void *data, void (*free_data)(void *data)) {
	volt_wait *wait = object_space_has_room(hub->space, WAIT_BYTES) ? malloc(sizeof *wait) : NULL;
	if (!wait) { /* the native does not come back from here */
		if (free_data)
			free_data(data);
		heap_exhausted(hub->space, WAIT_BYTES);
	}
	object_space_count_outside(hub->space, WAIT_BYTES);
	*wait = (volt_wait){
	    .hub = hub, .mailbox = hub->mailbox, .next = hub->all, .data = data, .free_data = free_data};
	if (hub->all)
		hub->all->previous = wait;
	hub->all = wait;
	return wait;
}

static void wait_free(volt_wait *wait) {
	object_space_count_outside(wait->hub->space, -(ptrdiff_t)WAIT_BYTES);
	*(wait->previous ? &wait->previous->next : &wait->hub->all) = wait->next;
	if (wait->next)
		wait->next->previous = wait->previous;
	free(wait);
}

static void free_data(volt_wait *wait) {
	if (wait->free_data) {
		wait->free_data(wait->data);
		wait->free_data = NULL;
	}
	wait->data = NULL;
}

void wait_park(volt_wait *wait, volt_fiber *fiber) {
	wait->fiber = fiber;
	wait->hub->parked++;
}

void wait_end(volt_wait *wait) {
	free_data(wait);
	wait->over = true;
	if (wait->fiber) {
		wait->fiber = NULL;
		wait->hub->parked--;
	}
	if (wait->completed)
		wait_free(wait);
}

void wait_mark_librarys(volt_wait *wait) {
	wait->is_librarys = true;
}

static void append_completed(wait_hub *hub, volt_wait *wait) {
	wait->next_completed = NULL;
	if (hub->completed_last)
		hub->completed_last->next_completed = wait;
	else
		hub->completed_first = wait;
	hub->completed_last = wait;
	uv_async_send(&hub->nudge);
}

static void free_mailbox(wait_mailbox *mailbox) {
	pthread_mutex_destroy(&mailbox->lock);
	free(mailbox);
}

static void leave(volt_wait *wait) {
	shared_lock(SHARED_WAITS);
	wait->previous = NULL;
	wait->next = left_waits;
	if (left_waits)
		left_waits->previous = wait;
	left_waits = wait;
	shared_unlock(SHARED_WAITS);
}

static void free_left(volt_wait *wait) {
	shared_lock(SHARED_WAITS);
	*(wait->previous ? &wait->previous->next : &left_waits) = wait->next;
	if (wait->next)
		wait->next->previous = wait->previous;
	shared_unlock(SHARED_WAITS);
	free(wait);
}

void volt_wait_complete(volt_wait *wait) {
	wait_mailbox *mailbox = wait->mailbox;
	if (is_inherited(mailbox))
		return; /* nobody waits in this process, and the lock may be held */
	pthread_mutex_lock(&mailbox->lock);
	wait->has_come = true;
	const bool is_gone = !mailbox->hub;
	const bool is_last = is_gone && --mailbox->awaited == 0;
	if (!is_gone)
		append_completed(mailbox->hub, wait);
	pthread_mutex_unlock(&mailbox->lock);
	if (is_gone)
		free_left(wait);
	if (is_last)
		free_mailbox(mailbox);
}

void *volt_wait_data(const volt_wait *wait) {
	return wait->data;
}

void wait_hub_nudge(wait_hub *hub) {
	uv_async_send(&hub->nudge);
}

bool wait_any_parked(const wait_hub *hub) {
	return hub->parked != 0;
}

static volt_wait *take_completed(wait_hub *hub) {
	pthread_mutex_lock(&hub->mailbox->lock);
	volt_wait *first = hub->completed_first;
	hub->completed_first = hub->completed_last = NULL;
	pthread_mutex_unlock(&hub->mailbox->lock);
	return first;
}

void wait_poll(wait_hub *hub, fiber_pool *pool, bool block) {
	uv_run(&hub->loop, block ? UV_RUN_ONCE : UV_RUN_NOWAIT);
	volt_wait *wait = take_completed(hub);
	while (wait) {
		volt_wait *following = wait->next_completed;
		wait->completed = true;
		if (wait->over) {
			wait_free(wait);
		} else if (wait->fiber) {
			volt_fiber *fiber = wait->fiber;
			wait->fiber = NULL;
			hub->parked--;
			fiber_make_ready(pool, fiber);
		}
		wait = following;
	}
}

static void close_handle(uv_handle_t *handle, void *user) {
	(void)user;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

/* Threads still work for waits of this hub. What they will touch stays, reachable from here. */
static void keep(wait_hub *hub) {
	static _Atomic(wait_hub *) kept;
	hub->next_kept = atomic_exchange(&kept, hub);
}

/* What is still to be completed by threads of the host is theirs from now on, and so is the mailbox. */
static void leave_waits(wait_hub *hub) {
	wait_mailbox *mailbox = hub->mailbox;
	pthread_mutex_lock(&mailbox->lock);
	mailbox->hub = NULL;
	for (volt_wait *wait = hub->all, *next; wait; wait = next) {
		next = wait->next;
		object_space_count_outside(hub->space, -(ptrdiff_t)WAIT_BYTES);
		if (wait->has_come || wait->is_librarys) {
			free(wait);
		} else {
			mailbox->awaited++;
			leave(wait);
		}
	}
	const bool is_over = mailbox->awaited == 0;
	pthread_mutex_unlock(&mailbox->lock);
	if (is_over)
		free_mailbox(mailbox);
}

void wait_hub_free(wait_hub *hub) {
	if (!hub)
		return;
	/* What the parent's loop waits for is known to the system by a descriptor that both processes have. */
	const bool is_of_parent = is_inherited(hub->mailbox);
	if (is_of_parent && uv_loop_fork(&hub->loop) != 0) {
		keep(hub);
		return;
	}
	for (volt_wait *wait = hub->all; wait; wait = wait->next)
		free_data(wait);
	uv_walk(&hub->loop, close_handle, NULL);
	for (int i = 0; i < 3; i++)
		uv_run(&hub->loop, UV_RUN_NOWAIT);
	if (uv_loop_close(&hub->loop) != 0 || is_of_parent) {
		keep(hub);
		return;
	}
	leave_waits(hub);
	free(hub);
}
