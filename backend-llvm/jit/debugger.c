/*
 * The interface is a list of object files and a function with a breakpoint in it (gdb's manual, "JIT
 * Compilation Interface"); names and layout of what is not static here are gdb's. LLVM defines the same for
 * loaders of its own, and whichever definition the linker takes, there is one list for the process.
 */
#include "jit/debugger.h"

#include <pthread.h>
#include <stdlib.h>

typedef enum { JIT_NOACTION, JIT_REGISTER, JIT_UNREGISTER } jit_action;

typedef struct jit_code_entry {
	struct jit_code_entry *next, *previous;
	const char *bytes;
	uint64_t size;
} jit_code_entry;

typedef struct {
	uint32_t version;
	uint32_t action;
	jit_code_entry *relevant, *first;
} jit_descriptor;

// NOLINTBEGIN(bugprone-reserved-identifier): debuggers look for these names
extern jit_descriptor __jit_debug_descriptor;
extern void __jit_debug_register_code(void);

__attribute__((weak, visibility("default"))) jit_descriptor __jit_debug_descriptor = {.version = 1};

/* The debugger's breakpoint is here; it must stay a function that is called. */
__attribute__((weak, noinline, visibility("default"))) void __jit_debug_register_code(void) {
	__asm__ volatile("" ::: "memory");
}
// NOLINTEND(bugprone-reserved-identifier)

struct debugger_object {
	jit_code_entry entry;
	loaded_object object;
	debugger_object *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void announce(jit_code_entry *entry, jit_action action) {
	__jit_debug_descriptor.relevant = entry;
	__jit_debug_descriptor.action = action;
	__jit_debug_register_code();
	__jit_debug_descriptor.action = JIT_NOACTION;
	__jit_debug_descriptor.relevant = NULL;
}

void debugger_add(debugger_object **objects, loaded_object *object) {
	debugger_object *added = calloc(1, sizeof *added);
	if (!added) {
		loaded_object_close(object);
		return;
	}
	added->object = *object;
	added->entry.bytes = (const char *)object->bytes;
	added->entry.size = object->size;
	added->next = *objects;
	*objects = added;
	pthread_mutex_lock(&lock);
	added->entry.next = __jit_debug_descriptor.first;
	if (added->entry.next)
		added->entry.next->previous = &added->entry;
	__jit_debug_descriptor.first = &added->entry;
	announce(&added->entry, JIT_REGISTER);
	pthread_mutex_unlock(&lock);
}

static void remove_entry(jit_code_entry *entry) {
	pthread_mutex_lock(&lock);
	if (entry->previous)
		entry->previous->next = entry->next;
	else
		__jit_debug_descriptor.first = entry->next;
	if (entry->next)
		entry->next->previous = entry->previous;
	announce(entry, JIT_UNREGISTER);
	pthread_mutex_unlock(&lock);
}

void debugger_remove_all(debugger_object **objects) {
	for (debugger_object *object; (object = *objects);) {
		*objects = object->next;
		remove_entry(&object->entry);
		loaded_object_close(&object->object);
		free(object);
	}
}
