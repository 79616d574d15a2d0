/* The table of descriptors: buckets of chains, the number modulo a power of two. */
#include "extern/os/descriptors.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extern/os/system_errors.h"
#include "extern/os/waiting.h"
#include "process/fork.h"

static descriptor **buckets;
static size_t bucket_count;
static size_t open_count;
static int64_t next_number = DESCRIPTOR_FIRST_NUMBER;

static pthread_once_t standard_once = PTHREAD_ONCE_INIT;
static descriptor standard[STANDARD_STREAMS];

void descriptors_lock(void) {
	shared_lock(SHARED_DESCRIPTORS);
}
void descriptors_unlock(void) {
	shared_unlock(SHARED_DESCRIPTORS);
}

static descriptor **bucket(int64_t number) {
	return &buckets[(size_t)number & (bucket_count - 1)];
}

static bool can_be_polled(int file) {
	struct stat status;
	return fstat(file, &status) != 0 ||
	       !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode));
}

static void make_standard(void) {
	for (int file = 0; file < STANDARD_STREAMS; file++)
		standard[file] = (descriptor){.number = file, .file = file, .pollable = can_be_polled(file)};
}

/* ---- Adding ---- */

static bool grow(void) {
	size_t count = bucket_count == 0 ? 64 : bucket_count * 2;
	descriptor **old = buckets;
	descriptor **larger = calloc(count, sizeof *larger);
	if (larger == NULL)
		return false;
	size_t old_count = bucket_count;
	buckets = larger;
	bucket_count = count;
	for (size_t i = 0; i < old_count; i++) {
		for (descriptor *next, *moved = old[i]; moved != NULL; moved = next) {
			next = moved->next;
			moved->next = *bucket(moved->number);
			*bucket(moved->number) = moved;
		}
	}
	free(old);
	return true;
}

static bool insert(descriptor *added) {
	descriptors_lock();
	bool room = open_count < bucket_count || grow();
	if (room) {
		added->number = next_number++;
		added->next = *bucket(added->number);
		*bucket(added->number) = added;
		open_count++;
	}
	descriptors_unlock();
	return room;
}

descriptor *descriptor_add(const volt_native_call *call, int file, descriptor_kind kind) {
	descriptor *added = calloc(1, sizeof *added);
	if (added != NULL) {
		added->file = file;
		added->kind = kind;
		added->owner = call->vm;
		added->generation = process_generation;
		added->references = 1;
		added->pollable = kind != DESCRIPTOR_FILE || can_be_polled(file);
		if (insert(added))
			return added;
	}
	free(added);
	close(file);
	errno = ENOMEM;
	return NULL;
}

/* ---- Using ---- */

static descriptor **find(const volt_vm *owner, int64_t number, descriptor_kind kind) {
	if (bucket_count == 0)
		return NULL;
	descriptor **place = bucket(number);
	while (*place != NULL && (*place)->number != number)
		place = &(*place)->next;
	descriptor *found = *place;
	return found != NULL && found->kind == kind && found->owner == owner ? place : NULL;
}

descriptor *descriptor_acquire(const volt_native_call *call, int64_t number, descriptor_kind kind) {
	if (number >= 0 && number < STANDARD_STREAMS && kind == DESCRIPTOR_FILE) {
		pthread_once(&standard_once, make_standard);
		return &standard[number];
	}
	descriptors_lock();
	descriptor **place = find(call->vm, number, kind);
	descriptor *found = place != NULL ? *place : NULL;
	if (found != NULL)
		found->references++;
	descriptors_unlock();
	return found;
}

static bool is_standard(const descriptor *opened) {
	return opened->number < DESCRIPTOR_FIRST_NUMBER;
}

descriptor *descriptor_retain(descriptor *opened) {
	if (!is_standard(opened)) {
		descriptors_lock();
		opened->references++;
		descriptors_unlock();
	}
	return opened;
}

void descriptor_release(descriptor *opened) {
	if (opened == NULL || is_standard(opened))
		return;
	descriptors_lock();
	bool last = --opened->references == 0;
	descriptors_unlock();
	if (last) {
		close(opened->file);
		free(opened->path);
		free(opened);
	}
}

/* ---- Closing ---- */

/* Takes it out of the table, whose reference the caller then has. */
static descriptor *detach(descriptor **place) {
	descriptor *closed = *place;
	*place = closed->next;
	open_count--;
	closed->closed = true;
	ready_waits_wake(closed);
	return closed;
}

static void finish_close(descriptor *closed) {
	if (closed->path != NULL && closed->generation == process_generation)
		unlink(closed->path);
	descriptor_release(closed);
}

int descriptor_close(const volt_native_call *call, int64_t number, descriptor_kind kind) {
	if (number >= 0 && number < STANDARD_STREAMS && kind == DESCRIPTOR_FILE)
		return 0;
	descriptors_lock();
	descriptor **place = find(call->vm, number, kind);
	descriptor *closed = place != NULL ? detach(place) : NULL;
	descriptors_unlock();
	if (closed == NULL)
		return ERROR_CLOSED;
	finish_close(closed);
	return 0;
}

void descriptors_close_owned(const volt_vm *owner) {
	descriptor *closing = NULL;
	descriptors_lock();
	for (size_t i = 0; i < bucket_count; i++) {
		for (descriptor **place = &buckets[i]; *place != NULL;) {
			if ((*place)->owner != owner) {
				place = &(*place)->next;
				continue;
			}
			descriptor *closed = detach(place);
			closed->next = closing;
			closing = closed;
		}
	}
	descriptors_unlock();
	for (descriptor *next; closing != NULL; closing = next) {
		next = closing->next;
		finish_close(closing);
	}
}

size_t descriptors_open(void) {
	descriptors_lock();
	size_t count = open_count;
	descriptors_unlock();
	return count;
}
