/*
 * Calling functions of a module from C: a VM is started once, and then functions are called by name, as often
 * as wanted, with values that C programs have.
 *
 *     volt_value sum = volt_value_of(VOLT_VALUE_INT);
 *     volt_error *error = volt_vm_start(vm);
 *     if (!error)
 *         error = volt_vm_call(vm, "add", (volt_value[]){volt_int(2), volt_int(3)}, 2, &sum, 1);
 *
 * Threads: a VM runs one thing at a time, on whatever thread asks (volt/vm.h, "Threads" and "Stack"). While
 * one function of this header runs it, all of them give VOLT_ERROR_ARGUMENT to others: to another thread, and
 * to a native of the VM itself, which asks for closures with volt_native_call_closure(). A native may call
 * functions of another VM. volt_vm_interrupt() is for any thread and at any time.
 *
 * Fibers: a called function is a fiber like those that `go` starts. Those take their turns with it, and stay
 * as they are, asleep or in the middle of their work, when it has returned: they go on in the next call, or
 * in volt_vm_run_fibers(). Islands are threads and run on in between.
 *
 * Errors: each function returns when its work is done, or with the first of these:
 *
 *   VOLT_ERROR_PANIC        a panic that nobody recovered, of the called function or of another fiber;
 *                           volt_vm_trace() has the stack
 *   VOLT_ERROR_DEADLOCK     the called function waits for what no fiber and no native will bring;
 *                           volt_vm_trace() has the report
 *   VOLT_ERROR_INTERRUPTED  volt_vm_interrupt()
 *   VOLT_ERROR_LIMIT        this call has taken options.max_steps
 *   VOLT_ERROR_MEMORY       the heap's limit is reached
 *   VOLT_ERROR_VERIFY       an instruction misuses an object, with function and pc
 *   VOLT_ERROR_FILE         standard output cannot be written, as in volt_vm_run()
 *   VOLT_ERROR_EXIT         the program has exited: volt_vm_exit_status()
 *
 * The called function is over then, without its deferred calls (but those that a panic runs), and so is the
 * fiber that ran, if that was another one. Everything else is as it was, and the VM can be called again. Only
 * after VOLT_ERROR_EXIT all fibers are over, and every later call gives the same error; and where an island
 * has ended the program, by an exit or a limit, all fibers and islands are over, and the VM can be called.
 *
 * Whatever tier runs a function, it means the same.
 */
#ifndef VOLT_CALL_H
#define VOLT_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "volt/error.h"
#include "volt/visibility.h"
#include "volt/vm.h"

VOLT_DECLARATIONS_BEGIN

/* A value of the program that C cannot look into, and which lives at least as long as its handle. */
typedef struct volt_handle volt_handle;

typedef struct {
	const char *bytes; /* may be NULL if there are none */
	size_t length;
} volt_value_text;

/* What a parameter or a result is, in the language and here. */
typedef enum {
	VOLT_VALUE_BOOL,      /* `boolean` */
	VOLT_VALUE_INT,       /* `integer`; every signed integer, and rune. Must be in the range of its type */
	VOLT_VALUE_UINT,      /* `natural`; every unsigned integer, and byte. Likewise */
	VOLT_VALUE_FLOAT64,   /* `floating` */
	VOLT_VALUE_FLOAT32,   /* `floating`, rounded to float32 */
	VOLT_VALUE_STRING,    /* `text` */
	VOLT_VALUE_BYTES,     /* `text`: a []byte */
	VOLT_VALUE_REFERENCE, /* `handle`: slice, map, channel, port, island, function, pointer, string */
	VOLT_VALUE_INTERFACE, /* `handle`: any, error, and every other interface */
	VOLT_VALUE_KIND_COUNT,
} volt_value_kind;

/*
 * As an argument, strings and bytes are copied into the program's heap, and a handle stays the caller's; NULL
 * is nil. As a result, `kind` says what is expected, the rest is written: `text.bytes` is a copy, with
 * a zero behind it that the length does not count, and it and the handle are the caller's, to be given back
 * with volt_value_clear(). Empty strings and nil slices have the length 0 and bytes ""; nil is the handle
 * NULL.
 */
typedef struct {
	volt_value_kind kind;
	union {
		bool boolean;
		int64_t integer;
		uint64_t natural;
		double floating;
		volt_value_text text;
		volt_handle *handle;
	};
} volt_value;

/* A value of a kind that is 0, nil or empty; and results that are expected. */
static inline volt_value volt_value_of(volt_value_kind kind) {
	volt_value value;
	memset(&value, 0, sizeof value);
	value.kind = kind;
	return value;
}
static inline volt_value volt_bool(bool boolean) {
	volt_value value = volt_value_of(VOLT_VALUE_BOOL);
	value.boolean = boolean;
	return value;
}
static inline volt_value volt_int(int64_t integer) {
	volt_value value = volt_value_of(VOLT_VALUE_INT);
	value.integer = integer;
	return value;
}
static inline volt_value volt_uint(uint64_t natural) {
	volt_value value = volt_value_of(VOLT_VALUE_UINT);
	value.natural = natural;
	return value;
}
static inline volt_value volt_float(double floating) {
	volt_value value = volt_value_of(VOLT_VALUE_FLOAT64);
	value.floating = floating;
	return value;
}
static inline volt_value volt_string(const char *bytes, size_t length) {
	volt_value value = volt_value_of(VOLT_VALUE_STRING);
	value.text.bytes = bytes;
	value.text.length = length;
	return value;
}
static inline volt_value volt_bytes(const void *bytes, size_t length) {
	volt_value value = volt_value_of(VOLT_VALUE_BYTES);
	value.text.bytes = (const char *)bytes;
	value.text.length = length;
	return value;
}
static inline volt_value volt_reference(volt_handle *handle) {
	volt_value value = volt_value_of(VOLT_VALUE_REFERENCE);
	value.handle = handle;
	return value;
}
static inline volt_value volt_interface(volt_handle *handle) {
	volt_value value = volt_value_of(VOLT_VALUE_INTERFACE);
	value.handle = handle;
	return value;
}

/*
 * Ends what a result owns, its bytes or its handle; the kind stays, and the rest is 0. Only for results of
 * volt_vm_call(). From any thread, also after volt_vm_free(). NULL is allowed.
 */
void volt_value_clear(volt_value *value);

/* Ends a handle by itself; the value may be collected then. As volt_value_clear(). */
void volt_handle_release(volt_handle *handle);

/*
 * Binds natives, prepares the tier and initialises the packages, once: the functions that `__entry__` calls
 * before it calls main. A module whose entry is another function, written by hand, initialises nothing. Also
 * errors of volt_vm_run() that come before the program runs, and VOLT_ERROR_ARGUMENT if the VM was started or
 * run before. After an error of the initialisation itself the VM counts as started.
 */
volt_error *volt_vm_start(volt_vm *vm);

/*
 * Calls a function of a VM that was started or has run, and returns when it has returned.
 *
 * `function` is its name in the module ("add"; of methods, the name alone), or "#" and its number, which is
 * needed where several have the name. Methods take their receiver first. There are as many arguments as it
 * has parameters, and as many results; a `result_count` of 0 drops them. Their kinds must agree with what the
 * module says: it tells floats, interfaces, references and other numbers apart, and those of one of these
 * groups from each other only in functions that run on islands. So a string is believed to be wanted where a
 * reference is, but one that comes back is looked at, and so is a []byte. Structs and arrays can go in and
 * out by pointers and in interfaces only.
 *
 * Errors, beside those above: VOLT_ERROR_ARGUMENT, with the function and the parameter or result in the
 * message; nothing has run then, except for a result that is no string or []byte. After every error all
 * results are as volt_value_clear() leaves them.
 */
volt_error *volt_vm_call(volt_vm *vm, const char *function, const volt_value *arguments,
                         size_t argument_count, volt_value *results, size_t result_count);

/*
 * Runs the fibers that earlier calls have left, until all have ended: what volt_vm_run() does when main has
 * returned. VOLT_ERROR_DEADLOCK if they wait for each other, and then they are still there.
 */
volt_error *volt_vm_run_fibers(volt_vm *vm);

/*
 * Ends what the VM runs, be it compiled or interpreted, in a loop or asleep, with VOLT_ERROR_INTERRUPTED,
 * within 10 ms of the time that its thread gets; a native, or a compilation that the program waits for
 * (options.tier_synchronous), is waited for. Where nothing runs, the next call ends so at once: a deadline
 * that passes just before a call begins is not lost. The VM must not be freed meanwhile. From any thread and
 * from signal handlers; errno stays.
 */
void volt_vm_interrupt(volt_vm *vm);

/* Forgets an interrupt that has not ended anything yet. From any thread. */
void volt_vm_forget_interrupt(volt_vm *vm);

/* After VOLT_ERROR_EXIT: what the program passed to os.Exit. Else 0. */
int volt_vm_exit_status(const volt_vm *vm);

/*
 * The value in an interface as vo_println shows it, "<nil>" for NULL; of an error its message and causes.
 * free(*text) is the caller's. VOLT_ERROR_ARGUMENT for a handle of another VM or of a reference, which does
 * not say what it refers to; VOLT_ERROR_MEMORY.
 */
volt_error *volt_vm_describe(volt_vm *vm, const volt_handle *handle, char **text);

VOLT_DECLARATIONS_END

#endif
