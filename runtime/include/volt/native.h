/*
 * Native functions: what bytecode calls by name with CallExtern. What a native may ask of its VM:
 * SEMANTICS.md, "Natives that wait or call". volt_vm_register_native() (volt/vm.h) gives one to a VM.
 *
 * A native is one C function. It reads its arguments from slots, writes its results to slots and returns how
 * it ended; volt/value.h says what slots hold. It has 1 MiB of stack at least, and
 * runs on the thread of its VM (which is not always that of volt_vm_run(): volt/vm.h, "Stack"), and so do the
 * functions below, unless they say otherwise, with the call that it was given and until it returns. It must
 * not keep pointers into `arguments` or `results` any longer. References in C local variables are safe from
 * the collector while the native runs; references in memory from malloc() are not. Where the heap's limit is
 * reached, functions that allocate (volt_native_panic(), volt_native_trap(), volt_native_new_string()) end
 * the program and do not return: hold no lock, descriptor or memory from malloc() across one.
 */
#ifndef VOLT_NATIVE_H
#define VOLT_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/error.h"
#include "volt/value.h"
#include "volt/visibility.h"

VOLT_DECLARATIONS_BEGIN

typedef struct volt_vm volt_vm;
typedef struct volt_wait volt_wait;

typedef enum {
	VOLT_NATIVE_OK,
	VOLT_NATIVE_PANIC,        /* through volt_native_panic() */
	VOLT_NATIVE_YIELD,        /* done; the fiber's time slice ends here */
	VOLT_NATIVE_WAIT,         /* behind volt_native_begin_wait(): called again when it completes */
	VOLT_NATIVE_CALL_CLOSURE, /* through volt_native_call_closure(): called again with the results */
	VOLT_NATIVE_EXIT,         /* through volt_native_exit() */
} volt_native_result;

/* Results of one closure that a native asked to be called. */
typedef struct {
	const volt_slot *slots;
	uint32_t count;
} volt_closure_result;

/* One execution of a CallExtern. The VM fills it in. */
typedef struct {
	volt_vm *vm;
	void *user; /* as registered */
	const volt_slot *arguments;
	volt_slot *results;                         /* may overlap the arguments: read those first */
	uint32_t argument_count;                    /* slots, from the instruction */
	uint32_t result_count;                      /* slots, from the module's import table: those of its widest
	                                             * use. All may be written; what lies behind the caller's frame
	                                             * is lost, what is not written keeps its value */
	volt_wait *wait;                            /* the completed wait on a repeated execution, else NULL */
	const volt_closure_result *closure_results; /* of all closures that this call asked for, oldest first */
	uint32_t closure_result_count;
	bool closure_panicked; /* the last closure panicked: its panic was consumed, its results are no slots */
	/* 0 at first; what the native leaves here when it asks for a closure is here again the next time.
	 * Scanned. */
	volt_slot carried;
} volt_native_call;

/* Returns how it ended; every result but VOLT_NATIVE_OK and VOLT_NATIVE_YIELD comes from a function below. */
typedef volt_native_result (*volt_native_function)(volt_native_call *call);

/*
 * What a native touches outside of the VM. A VM that does not allow it makes every call panic with a text
 * that says so. A module that forges references is not bound by it: see volt/vm.h.
 */
typedef enum {
	VOLT_PERMIT_NOTHING = 0,
	VOLT_PERMIT_FILES = 1,
	VOLT_PERMIT_ENVIRONMENT = 2,
	VOLT_PERMIT_NETWORK = 4,
	VOLT_PERMIT_PROCESSES = 8,
	VOLT_PERMIT_ALL = 15,
} volt_permission;

/* Panics with a string made by a printf format; the native returns the result, VOLT_NATIVE_PANIC. */
volt_native_result volt_native_panic(volt_native_call *call, const char *format, ...) VOLT_PRINTF(2, 3);

/*
 * Panics with a runtime error (SPECIFICATION.md, "Runtime errors"); the native returns the result,
 * VOLT_NATIVE_PANIC.
 */
volt_native_result volt_native_trap(volt_native_call *call, volt_trap trap);

/* Ends the program with this exit status; the native returns the result, VOLT_NATIVE_EXIT. */
volt_native_result volt_native_exit(volt_native_call *call, int status);

/*
 * Starts a wait, which the VM owns: after the native returned VOLT_NATIVE_WAIT, the fiber sleeps until
 * somebody calls volt_wait_complete(), then the instruction is executed again with `call->wait` set.
 * `free_data` (may be NULL) is called for `data` when that execution is over, or when the VM ends first.
 */
volt_wait *volt_native_begin_wait(volt_native_call *call, void *data, void (*free_data)(void *data));

/*
 * Wakes the fiber. From any thread, once for each wait that was begun, also if the VM has been freed
 * meanwhile; the wait is not the caller's any more.
 */
void volt_wait_complete(volt_wait *wait);

/* What volt_native_begin_wait() was given as `data`. From any thread, until `free_data` is called for it. */
void *volt_wait_data(const volt_wait *wait);

/*
 * Asks the VM to call a closure with `count` argument slots (without the closure's own slot 0) and then
 * to execute the native again from its start, with the results appended to `closure_results`. The
 * arguments are copied. The native returns the result, VOLT_NATIVE_CALL_CLOSURE.
 */
volt_native_result volt_native_call_closure(volt_native_call *call, volt_slot closure,
                                            const volt_slot *arguments, uint32_t count);

/* Allocates a string with a copy of the bytes and returns its reference; 0 for the empty one. */
volt_slot volt_native_new_string(volt_native_call *call, const void *bytes, size_t length);

/* Writes to the program's standard output, which is buffered by lines. The bytes are copied. */
void volt_native_write(volt_native_call *call, const void *bytes, size_t length);

VOLT_DECLARATIONS_END

#endif
