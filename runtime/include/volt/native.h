/*
 * Native functions: what bytecode calls by name with CallExtern. What a native may ask of its VM:
 * SEMANTICS.md, "Natives that wait or call". volt_vm_register_native() (volt/vm.h) gives one to a VM.
 *
 * A native is one C function. It reads its arguments from slots, writes its results to slots and returns how
 * it ended; volt/value.h says what slots hold. It has 1 MiB of stack at least, and
 * runs on the thread of its VM (which is not always that of volt_vm_run(): volt/vm.h, "Stack"), and so do the
 * functions below, unless they say otherwise, with the call that it was given and until it returns. It must
 * not keep pointers into `arguments` or `results` any longer. References in C local variables are safe from
 * the collector while the native runs; references in memory from malloc() are not.
 *
 * Where the heap's limit is reached, functions that allocate end the program and do not return: those that
 * make panics, strings, slices of bytes and errors. What a native holds across one of them (a lock, a
 * descriptor, memory from malloc()) it gives to volt_native_at_end().
 *
 * A native that is declared (volt_vm_declare_native()) says what it takes and gives, which the module is held
 * to before it runs, and reads and writes by kinds: "Declared natives", below. One that is only registered
 * works on slots, as the module counts them.
 */
#ifndef VOLT_NATIVE_H
#define VOLT_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/error.h"
#include "volt/host_value.h"
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

/* What a declared native takes and gives; the arrays may be NULL if there are none of them. */
typedef struct {
	const volt_value_kind *parameters;
	size_t parameter_count; /* VOLT_NATIVE_VALUES at most */
	const volt_value_kind *results;
	size_t result_count; /* likewise */
} volt_native_signature;

enum { VOLT_NATIVE_VALUES = 32 };

/* One execution of a CallExtern. The VM fills it in. */
typedef struct {
	volt_vm *vm;
	void *user;                             /* as registered */
	const volt_native_signature *signature; /* as declared; NULL: registered without one */
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

/* A native of the library, for people; all texts are constants. */
typedef struct {
	const char *name;      /* as modules import it: "strings_Split" */
	const char *signature; /* "(text string, separator string) -> []string"; without an arrow: no results */
	volt_permission permission;
	bool may_wait; /* its fiber may sleep in it, or it calls a closure, which may do anything */
} volt_native_info;

/*
 * The natives that every VM has, from `index` 0 on, package by package. False: there are not so many, and
 * *info is unchanged. From any thread.
 */
bool volt_native_list(size_t index, volt_native_info *info);

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
 * arguments are copied. The native returns the result, VOLT_NATIVE_CALL_CLOSURE; if it asks again before, the
 * last request counts, and if it returns something else, none does.
 */
volt_native_result volt_native_call_closure(volt_native_call *call, volt_slot closure,
                                            const volt_slot *arguments, uint32_t count);

/* Allocates a string with a copy of the bytes and returns its reference; 0 for the empty one. */
volt_slot volt_native_new_string(volt_native_call *call, const void *bytes, size_t length);

/* Writes to the program's standard output, which is buffered by lines. The bytes are copied. */
void volt_native_write(volt_native_call *call, const void *bytes, size_t length);

/*
 * Has `release` called for `data` when this execution of the native is over, however it ends: when it has
 * returned, with whatever result, and when a limit ends the program in the middle of it. Several are called
 * from the last to the first, on the thread of the VM; they must not call functions of this header. False: no
 * memory to note it, and nothing will be called.
 */
bool volt_native_at_end(volt_native_call *call, void (*release)(void *data), void *data);

/*
 * ---- Declared natives ----
 *
 * Parameters and results are counted from 0, not by slots. Results may be written before all arguments are
 * read; one that is not written is 0, nil or empty, and one that the module does not use is dropped. After a
 * panic or a wait there are none.
 *
 * A function that does not agree with the declaration (no such parameter, or of another kind) reads 0, nil or
 * empty and writes nothing, and so does one whose argument is no object of its kind, which only a module that
 * no compiler made passes. Then the call panics when the native has returned, with a text that says which:
 * the native has a fault, and the program does not go on with a wrong value. So does each of these functions
 * in a native that was registered without a signature.
 */

/* Arguments that are numbers. */
bool volt_native_get_bool(volt_native_call *call, size_t parameter);
int64_t volt_native_get_int(volt_native_call *call, size_t parameter);
uint64_t volt_native_get_uint(volt_native_call *call, size_t parameter);
/* Of VOLT_VALUE_FLOAT64 and VOLT_VALUE_FLOAT32. */
double volt_native_get_float(volt_native_call *call, size_t parameter);

/* The bytes of a string or a []byte where they are, until the native returns. A string's are read only. */
volt_value_text volt_native_get_string(volt_native_call *call, size_t parameter);
volt_value_text volt_native_get_bytes(volt_native_call *call, size_t parameter);

/* The reference itself, for volt_native_call_closure() or as a result. */
volt_slot volt_native_get_reference(volt_native_call *call, size_t parameter);

/* The elements of a slice where they are, until the native returns. */
typedef struct {
	void *items;
	size_t count;
} volt_native_elements;

/*
 * Of a parameter of VOLT_VALUE_REFERENCE that is a slice with elements of this kind: numbers, with the size
 * that their type has in C (int and uint: 64 bits), bools of a byte, or strings, slices, maps and pointers,
 * of a slot each.
 */
volt_native_elements volt_native_get_elements(volt_native_call *call, size_t parameter, volt_kind kind);

/* Both slots of an interface: volt_interface_kind(slots[0]) says what is in it, VOLT_KIND_VOID that it is
 * nil.
 */
typedef struct {
	volt_slot slots[2];
} volt_native_interface;

/* The interface itself, to be looked into or as a result. */
volt_native_interface volt_native_get_interface(volt_native_call *call, size_t parameter);

/*
 * What is in an interface, if it is of value->kind: a bool, an integer (signed ones as VOLT_VALUE_INT), a
 * float, a string or a []byte, whose text is a view as above. False, and all of *value but its kind is 0: it
 * holds something else. Types with a name count as what they are made of.
 */
bool volt_native_unwrap(volt_native_call *call, volt_native_interface interface, volt_value *value);

/* As vo_println shows it; of an error its message and causes. Until the native returns. Allocates. */
volt_value_text volt_native_describe(volt_native_call *call, volt_native_interface interface);

/* Results that are numbers. */
void volt_native_set_bool(volt_native_call *call, size_t result, bool value);
/* The value must be in the range of the type that the program gives the result. */
void volt_native_set_int(volt_native_call *call, size_t result, int64_t value);
void volt_native_set_uint(volt_native_call *call, size_t result, uint64_t value);
void volt_native_set_float(volt_native_call *call, size_t result, double value);
/* The bytes are copied. Allocate. */
void volt_native_set_string(volt_native_call *call, size_t result, const void *bytes, size_t length);
void volt_native_set_bytes(volt_native_call *call, size_t result, const void *bytes, size_t length);
void volt_native_set_reference(volt_native_call *call, size_t result, volt_slot reference);
void volt_native_set_interface(volt_native_call *call, size_t result, volt_native_interface value);
/* An error with a message made by a printf format, as a result of VOLT_VALUE_INTERFACE. Allocates. */
void volt_native_set_error(volt_native_call *call, size_t result, const char *format, ...) VOLT_PRINTF(3, 4);

VOLT_DECLARATIONS_END

#endif
