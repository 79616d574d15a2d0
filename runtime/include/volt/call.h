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
 *   VOLT_ERROR_INTERRUPTED  volt_vm_interrupt(); volt_vm_trace() has what it has met
 *   VOLT_ERROR_LIMIT        this call has taken options.max_steps; volt_vm_trace() likewise
 *   VOLT_ERROR_MEMORY       the heap's limit is reached
 *   VOLT_ERROR_VERIFY       an instruction misuses an object, with function and pc
 *   VOLT_ERROR_FILE         standard output cannot be written, as in volt_vm_run()
 *   VOLT_ERROR_EXIT         the program has exited: volt_vm_exit_status()
 *
 * The called function is over then, without its deferred calls (but those that a panic runs), and so is the
 * fiber that ran, if that was another one; but one that an interrupt or the limit of steps has met goes on
 * in the next call. Everything else is as it was, and the VM can be called again. Only after
 * VOLT_ERROR_EXIT all fibers are over, and every later call gives the same error; and where an island has
 * ended the program, by an exit or a limit, all fibers and islands are over, and the VM can be called.
 *
 * Whatever tier runs a function, it means the same.
 */
#ifndef VOLT_CALL_H
#define VOLT_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/error.h"
#include "volt/host_value.h"
#include "volt/visibility.h"
#include "volt/vm.h"

VOLT_DECLARATIONS_BEGIN

/*
 * Binds natives, prepares the tier and initialises the packages, once: the functions that `__entry__` calls
 * before it calls main. A module whose entry is another function, written by hand, initialises nothing. Also
 * errors of volt_vm_run() that come before the program runs, and VOLT_ERROR_ARGUMENT if the VM was started or
 * run before. After an error of the initialisation itself the VM counts as started. After any other one it
 * does not: the host may register what is missing, or write another name where an option points, and start it
 * again.
 */
volt_error *volt_vm_start(volt_vm *vm);

/*
 * Calls a function of a VM that was started or has run, and returns when it has returned.
 *
 * `function` is its name in the module ("add"; of methods, the name alone), or "#" and its number, which is
 * needed where several have the name. Methods take their receiver first. There are as many arguments as it
 * has parameters, and as many results; a `result_count` of 0 drops them. Their kinds must agree with what
 * the module says: it tells floats, interfaces, references and other numbers apart, and those of one of
 * these groups from each other only in functions that run on islands; a function without slot types (the
 * text form's `types=`) takes anything. So a string is believed to be wanted where a reference is, but one
 * that comes back is looked at, and so is a []byte. Structs and arrays can go in and out by pointers and in
 * interfaces only.
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
 * within 10 ms of the time that its thread gets. What has begun is waited for, one of it: a native, a
 * collection, an object of hundreds of megabytes that is made or copied, a stack that grows so large, a
 * compilation that the program waits for (options.tier_synchronous); and natives that compiled code calls in
 * a row, without a jump backwards or a call between them. Where nothing runs, the next call ends so at once:
 * a deadline that passes just before a call begins is not lost. The VM must not be freed meanwhile. From any
 * thread and from signal handlers; errno stays.
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
