/*
 * A virtual machine: runs one verified module, its program as a whole, by volt_vm_run(), or its functions one
 * by one (volt/call.h). What is said here of volt_vm_run() holds for those that run functions, too.
 *
 * Threads: a VM belongs to one thread at a time: one may make it, others run and free it. Its islands, its
 * compiler and what waits for the system run on threads that it makes itself, which block every signal but
 * those that their own instructions raise. VMs in one process are independent, each with limits and
 * statistics of its own, but share the collector's heap: what one collects, all wait for. Where volt_vm_run()
 * is called, the thread is on its own stack: no coroutines that leave it and come back.
 *
 * What a host finds changed in its process, and no more than that; the paragraphs below say the rest. Loading
 * the library registers handlers of fork() and of the end of the main thread. The first VM gives two
 * real-time signals to the collector; each VM has an event loop with descriptors and takes those of standard
 * streams that are closed (volt_vm_new()). A program that starts makes threads of the compiler and of its
 * islands, and, if it writes to the process's own streams, has SIGPIPE ignored where nobody handles it. The
 * compiler's library installs a handler of LLVM's fatal errors (volt/llvm.h). With permissions, a program may
 * change the environment and the working directory, which are the process's. Locale, limits, the mask of
 * permissions of new files, and the actions of other signals stay as they are.
 *
 * Signals: the collector (bdwgc) stops threads that are in a function of this file by two real-time signals
 * that nobody handles when the first VM is made; no other's action changes, but SIGPIPE's when a program
 * starts. Volt unblocks the first of them while a thread is inside, and leaves the mask as it was. A native
 * must not block it and then wait: other VMs would wait for it, and after some seconds the collector ends the
 * process. A handler on an alternative stack must have all signals in its sa_mask.
 *
 * A host that uses bdwgc itself goes on doing so, before or after the first VM, and what it has set stays,
 * but interior pointers must count and writes must not be announced (GC_set_manual_vdb_allowed()): otherwise
 * volt_vm_new() gives an error. Its static data are roots. Threads of its own that call the collector outside
 * of VMs must be registered, as ever. The main thread is, where the host has initialised the collector or is
 * linked with it; it must then not block GC_get_suspend_signal(). A library that comes to use the collector
 * after the first VM, or a host with Volt linked statically, must call GC_INIT() before the first VM.
 *
 * fork(): the child may make, run and free VMs of its own, whatever the parent's were doing, and call
 * volt_vm_free() for those that it inherits, except one that another thread was making or freeing. They
 * cannot go on: volt_vm_run() and volt_vm_register_native() give VOLT_ERROR_ARGUMENT, volt_vm_statistics()
 * NULL. The memory of one that was running stays. A native that forks and returns in the child ends
 * volt_vm_run() there with that error; on a thread of Volt's own, of an island or of a program whose caller
 * has a small stack, it ends the child, with status 1. A fork waits for a compilation that is under way.
 * daemon() forks: VMs are made after it. vfork() and posix_spawn() need no care.
 *
 * exit() destroys static data of the compiler and of the event loop (libuv). The main thread may call it, or
 * return from main(), while VMs run on others: it waits for what is being compiled, and what is not yet stays
 * interpreted. Handlers of exit() may free VMs that do not run. On another thread it does not wait: the VMs
 * are freed first, or the process ends by _exit(). If another thread has loaded Volt, the main one must have
 * made a VM.
 *
 * The shared library stays loaded when it is closed; what links the static one into a plug-in must be linked
 * with -z nodelete.
 *
 * Trust: permissions and limits bind what a compiler of the language has written. A verified module stays
 * inside its frames and tables, but what a slot holds is believed: a module that uses a number as a reference
 * reads and writes the memory of the process, or ends it. Hosts that run modules from strangers do so in a
 * process of its own, with the system's means.
 */
#ifndef VOLT_VM_H
#define VOLT_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "volt/bytecode.h"
#include "volt/error.h"
#include "volt/native.h"
#include "volt/tier.h"
#include "volt/verify.h" /* whoever runs a program has read and verified it: this header is enough for that */
#include "volt/visibility.h"
#include "volt/vob.h"
#include "volt/vot.h"

VOLT_DECLARATIONS_BEGIN

/*
 * Receives what the program writes to its standard output (stream 1) or standard error (2). What its child
 * processes write there is dropped: they get neither this function nor the streams of the host's process.
 */
typedef void (*volt_output_function)(void *user, int stream, const void *bytes, size_t length);

/* Which compiling tier to use, and how. */
typedef enum {
	VOLT_TIER_AUTO,        /* compile what is hot; a tier that cannot be loaded is no error */
	VOLT_TIER_INTERPRETER, /* never compile */
	VOLT_TIER_COMPILED,    /* compile every function; with `tier_synchronous`, before the program starts */
} volt_tier_mode;

/* What only tests want: rare things, often. Programs mean the same, and take much longer. */
typedef struct {
	bool collect_at_every_allocation; /* false: when the heap has grown enough */
	uint64_t schedule_seed;           /* 0: slices of the usual length; else slice lengths vary with it */
	uint64_t force_exit;              /* n: the n-th status check of compiled code reports an exit; 0: none */
} volt_vm_testing;

/* What a trace tells of. */
typedef enum {
	VOLT_TRACE_NOTHING = 0,
	VOLT_TRACE_COMPILING = 1, /* when what is asked to be compiled and why, and what came of it */
	VOLT_TRACE_EXITS = 2,     /* where compiled code leaves, and with which status */
} volt_trace_event;

/* A line for people, without its end. Threads of the compiler call it, too, and more than one at a time. */
typedef void (*volt_trace_function)(void *user, const char *line);

/* All zero: the defaults. */
typedef struct {
	size_t max_heap_bytes; /* 0: no limit, but that the process has no more than the machine. What this VM and
	                        * its islands hold, within a few percent, and nobody else: of the heap, and for
	                        * goroutines, their stacks and deferred calls */
	uint64_t max_steps;    /* 0: no limit. Calls, deferred ones among them, and taken backward jumps, and
	                        * slices without any, and parts of natives that search for long; all fibers
	                        * and islands together, each volt_vm_call() anew. Compiled code counts them only
	                        * where there is a limit, or testing.schedule_seed */
	size_t max_stack_slots; /* per fiber; 0: 32 Mi slots (256 MiB). Beyond it: panic "stack overflow" */
	unsigned
	    permissions; /* set of volt_permission, 0: none; no protection from forged references: see above */
	volt_output_function output;  /* NULL: the process's own streams, which may be in non-blocking mode */
	void *output_user;            /* NULL; what `output` is given as `user`, and nothing else looks at */
	const char *const *arguments; /* of the program; must outlive the VM. NULL: none */
	size_t argument_count;        /* 0: none */
	volt_tier_mode tier_mode;     /* 0: VOLT_TIER_AUTO */
	bool tier_synchronous;        /* true: the program waits for the compiler, so that runs are deterministic;
	                               * false: it compiles beside the program */
	volt_level tier_level; /* AUTO: what is hot is compiled at this level; NONE: quickly, and if it stays hot,
	                          optimised; with `tier_synchronous`, optimised at once */
	const char *tier_library; /* path of the tier's shared library; NULL: beside the runtime, then the
	                             loader's search path */
	const char *tier_preset;  /* NULL: the tier's default */
	const char *tier_hints;   /* NULL: the preset's */
	const char *tier_cache; /* as `cache_folder` of volt_tier_options; NULL: compiled code ends with the VM */
	size_t tier_cache_bytes;      /* 0: 64 MiB */
	const char *tier_cpu;         /* as `cpu` of volt_tier_options; NULL: "native" */
	bool tier_debugger;           /* as `debugger` of volt_tier_options */
	const char *tier_perf_folder; /* as `perf_folder` of volt_tier_options; NULL: no files for perf */
	uint64_t call_threshold; /* calls after which a function is hot; 0: 1,000, and 50,000 to optimise it */
	uint64_t loop_threshold; /* taken back-edges after which its loops are; 0: 2,000, and 200,000 */
	/*
	 * Every so often, where the program runs is noted (volt_vm_visit_samples()); 0: never, and it costs
	 * nothing. Compiled code then gives way as often.
	 */
	uint32_t sample_microseconds;
	unsigned traced;           /* set of volt_trace_event; 0: VOLT_TRACE_NOTHING */
	volt_trace_function trace; /* NULL: nothing is traced, whatever `traced` says */
	void *trace_user;
	volt_vm_testing testing; /* all zero: nothing of it */
} volt_vm_options;

/*
 * Makes a VM for a verified module, which must outlive it. `options` is copied; NULL: the defaults. All
 * natives of the library are registered; volt_vm_register_native() adds others. *vm is the caller's, and NULL
 * after an error: VOLT_ERROR_MEMORY.
 *
 * Locale: what programs print, parse and encode, the text form of modules and statistics do not depend on the
 * locale that the host has set, for its process or for a thread; the host's functions run under the host's.
 *
 * Descriptors 0 to 2: what the program opens must not become its standard output, so those that are closed
 * are taken here, and again by volt_vm_run(), with a descriptor that can neither be read nor written (EBADF),
 * and stay so. The host must not close them between volt_vm_run() and volt_vm_free().
 */
volt_error *volt_vm_new(const volt_module *module, const volt_vm_options *options, volt_vm **vm);

/*
 * Registers a native before volt_vm_run(); it replaces one of the same name, in compiled code too. `name` is
 * the full name in the module's import table, such as "math_Sqrt" (NATIVES.md, "Names and slots"), and is
 * copied; `user` is the native's, as `call->user`, and must outlive the VM. A VM that lacks the permission
 * makes calls panic. Errors: VOLT_ERROR_ARGUMENT (no name or function, or the program has been run),
 * VOLT_ERROR_MEMORY.
 */
volt_error *volt_vm_register_native(volt_vm *vm, const char *name, volt_native_function function, void *user,
                                    volt_permission permission);

/*
 * Registers a native that says what it takes and gives (volt/native.h, "Declared natives"). Before the
 * program runs every call of it is compared with `signature`, which is copied: the number of slots that it
 * passes and that it gets back, which is all that a module says of a call. Where one disagrees volt_vm_run()
 * and volt_vm_start() give VOLT_ERROR_LINK with the function and pc. Else as volt_vm_register_native().
 */
volt_error *volt_vm_declare_native(volt_vm *vm, const char *name, volt_native_function function, void *user,
                                   volt_permission permission, const volt_native_signature *signature);

/*
 * Stack: where less than 2.75 MiB of the calling thread's stack is left, the program runs on a thread that is
 * made for it, with 8 MiB, while the caller waits; natives and the output function are then called on that
 * one. If there can be none, that is a VOLT_ERROR_MEMORY. Deep recursion of the program takes no more of any
 * stack, nor does the compiling tier. The other functions of this library are content with 32 KiB.
 *
 * Runs the program to its end (SEMANTICS.md, "Fibers"), once: as volt_vm_start(), volt_vm_call() of main and
 * volt_vm_run_fibers() would. Functions can be called afterwards. NULL: it ended, with
 * *exit_status 0 or what it passed to os.Exit; `exit_status` is not NULL. Errors: VOLT_ERROR_PANIC (message:
 * the formatted panic value), VOLT_ERROR_DEADLOCK, VOLT_ERROR_LINK (all missing natives by name),
 * VOLT_ERROR_MEMORY, VOLT_ERROR_LIMIT, VOLT_ERROR_INTERRUPTED, VOLT_ERROR_VERIFY (a width in a slot that does
 * not fit, with function and pc), VOLT_ERROR_TIER, VOLT_ERROR_ARGUMENT (a second run; `tier_preset`,
 * `tier_hints` or `tier_cpu` is nothing that the tier has); without an output
 * function VOLT_ERROR_FILE: the process's standard output cannot be written, which ends the program. Its
 * reader being gone is such an error, too: SIGPIPE is ignored from here on if its action was the default one.
 */
volt_error *volt_vm_run(volt_vm *vm, int *exit_status);

/*
 * Where the error of the last run or call has met the program: the stack, innermost frame first, one line
 * each, "\tfunction file:line", or "\tfunction pc N" where the module does not tell lines. All tiers give the
 * same, with what was inlined; of a deep stack, the 50 frames at either end.
 *
 *   VOLT_ERROR_PANIC        at the panic
 *   VOLT_ERROR_DEADLOCK     in place of a stack, the report of all fibers, which are blocked
 *   VOLT_ERROR_LIMIT,       of the fiber that ran last, or, if that waits or has ended, of the next one; the
 *   VOLT_ERROR_INTERRUPTED  message has the first line, too. Where all fibers wait, the report of them
 *   VOLT_ERROR_MEMORY       the first line is a function alone: it wanted the memory, or, in compiled code,
 *                           something that it has called, which is not told
 *   others                  of the fiber that ran, if one did; else ""
 *
 * Valid until the next run or call, and volt_vm_free(). Not while the VM runs.
 */
const char *volt_vm_trace(const volt_vm *vm);

/* Statistics of the run as JSON text; free() is the caller's. NULL: no memory, or a VM from before a fork. */
char *volt_vm_statistics(const volt_vm *vm);

/* A frame of a sampled stack: a function of the module, and the instruction that it is at. */
typedef struct {
	uint32_t function, pc;
} volt_sample_frame;

/* In place of a function: of a very deep stack, the frames in the middle. */
enum { VOLT_FRAMES_LEFT_OUT = UINT32_MAX };

/* A stack, outermost frame first, that was found so many times. The frames are gone when it returns. */
typedef void (*volt_sample_visitor)(void *user, const volt_sample_frame *frames, size_t count,
                                    uint64_t samples);

/*
 * Gives all stacks that were sampled (`sample_microseconds` of volt_vm_options), while the VM does not run.
 * They are those of fibers, however their functions are executed, with what was inlined; of all islands,
 * those other than the first once the program has ended. A sample is taken at the next call or backward jump
 * in compiled code, at the end of the slice (500 of them) in interpreted code: what happens between two of
 * these, the second one gets, and the time of a native, what runs behind it. Nothing is noted while all
 * fibers of an island wait.
 */
void volt_vm_visit_samples(const volt_vm *vm, volt_sample_visitor visit, void *user);

/*
 * Is the compiling tier at work for this VM or for one of its program's islands? Then volt_vm_free() will
 * wait for a function that is being compiled. A host that is about to end its process may leave the VM as it
 * is instead, and does not wait if it ends with _exit(): exit() waits, too, or must not be called.
 */
bool volt_vm_is_compiling(const volt_vm *vm);

/*
 * Ends a VM, its islands and all that its program left open; not while it runs. NULL is allowed. Waits until
 * a function that is being compiled is done, which cannot be broken off but is bounded (volt/tier.h): some
 * seconds for the largest.
 */
void volt_vm_free(volt_vm *vm);

/* "0.1.0"; a constant. */
const char *volt_version(void);

VOLT_DECLARATIONS_END

#endif
