/*
 * The state of a VM: what all that run its program work on. What only one folder knows the inside of stands
 * here as a pointer; what a folder needs done by one above it, which it must not know, is a table of
 * functions.
 */
#ifndef STATE_VM_STATE_H
#define STATE_VM_STATE_H

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

#include "fiber/fiber.h"
#include "fiber/wait.h"
#include "object/buffer.h"
#include "object/space.h"
#include "process/fork.h"
#include "state/native_binding.h"
#include "state/services.h"
#include "state/time_slice.h"
#include "volt/tier.h"
#include "volt/vm.h"

/*
 * What a call needs to know of a function, close together. The tier publishes compiled code here from its own
 * thread: what stands behind `entry` and `continuation` is written before them.
 */
typedef struct {
	const volt_instruction *code;
	_Atomic(volt_compiled_function) entry;        /* runs a frame that starts; NULL: interpreted */
	_Atomic(volt_compiled_function) continuation; /* runs a frame that goes on; NULL: interpreted */
	const bool *resume_points;                    /* by pc: where `continuation` can go on */
	uint32_t call_results, resume_results;        /* slots that the two give */
	uint16_t local_slots;
	uint16_t parameter_slots;
	uint16_t result_slots;
	uint16_t receiver_slots;
	bool is_closure;
	bool sees_unwinding; /* it defers or recovers: as a deferred call it does otherwise than when it is called
	                      */
	uint8_t starts;      /* frames so far, up to those that calls.c waits for before it looks at the code */
	uint16_t unwritten_first, unwritten_end; /* slots of a new frame that have to be cleared */
	uint32_t exact_arguments; /* a call that passes so many slots has nothing to clear; or NEVER_EXACT */
} executable_function;

enum { NEVER_EXACT = UINT32_MAX };

/* What the native that runs now has asked for through volt/native.h. */
typedef struct {
	volt_slot panic[2];
	volt_wait *wait; /* begun in this execution */
	volt_slot closure;
	uint32_t argument_count; /* of the closure; the arguments are in the fiber's replay */
	bool has_aftermath;      /* there is one of the following, to be seen to when the execution is over */
	char misuse[160];        /* of its declaration, in words; "": none */
	struct native_release *releases; /* the last one first: volt_native_at_end() */
} native_request;

/* A function that the host has called (volt/call.h). Lies on the stack of the thread that runs it. */
typedef struct called_function {
	volt_fiber *fiber;
	bool has_returned;
	uint32_t result_slots;
	volt_slot results[UINT8_MAX]; /* more cannot be asked of a call */
} called_function;

/* ---- What is done by the folders above, for those that must not know them ---- */

/* Running compiled code, for the interpreter: tier/run.h. */
typedef struct {
	volt_status (*run_frame)(volt_vm *vm, volt_fiber *fiber);
	volt_status (*resume_frame)(volt_vm *vm, volt_fiber *fiber);
	void (*hot_call)(volt_vm *vm, uint32_t function);
	void (*hot_loop)(volt_vm *vm, volt_fiber *fiber);
} tier_operations;

/* Instructions of islands and ports, for the interpreter: island/island_ops.h. */
typedef struct {
	volt_status (*new_island)(volt_vm *vm, volt_fiber *fiber, volt_slot *handle);
	volt_status (*go)(volt_vm *vm, volt_fiber *fiber, volt_slot target, volt_slot closure,
	                  const volt_slot *arguments, uint32_t count);
	volt_trap (*new_port)(volt_vm *vm, uint32_t element_meta, int64_t capacity, uint16_t slots,
	                      volt_slot *port);
	volt_status (*send)(volt_vm *vm, volt_fiber *fiber, volt_slot port, const volt_slot *value,
	                    uint32_t slots);
	volt_status (*receive)(volt_vm *vm, volt_fiber *fiber, volt_slot port, volt_slot *value, uint32_t slots,
	                       bool has_ok);
	volt_trap (*close)(volt_vm *vm, volt_slot port);
	uint64_t (*length)(volt_vm *vm, volt_slot port);
	uint64_t (*capacity)(volt_slot port);
} island_operations;

/* The life of a VM that shares another one's program, for islands: vm/vm.c. */
typedef struct {
	volt_error *(*new_sibling)(const volt_vm *first, const volt_vm_options *options, volt_vm **vm);
	void (*run_fibers)(volt_vm *vm); /* that come from other islands, until the VM stops */
	void (*end_fibers)(volt_vm *vm); /* wherever they are: they leave the queues that they stand in */
	/* What was sampled, which outlives the VM; NULL: nothing. And adding it to another one's, for which no
	 * fiber runs. */
	struct sampler *(*take_samples)(volt_vm *vm);
	void (*add_samples)(volt_vm *vm, struct sampler *taken);
	void (*free)(volt_vm *vm);
} vm_life;

struct volt_vm {
	volt_context context; /* first: compiled code's context pointer is the VM */
	executable_function *functions;
	volt_instruction *code;     /* of all functions, fused (interpreter/fuse.h); `functions` point into it */
	const volt_slot *constants; /* by index in the pool; strings 0 */
	volt_slot *strings; /* the strings of the pool, by index: 0 until they are used (constant_strings.h) */
	uint32_t *certain_results; /* of the functions (analysis/certain_results.h); NULL until needed */
	object_space *space;
	fiber_pool fibers;
	time_slices slices;
	pthread_t thread;        /* that runs the program */
	native_binding *natives; /* by import */
	native_request native;
	const volt_module *module;
	uint32_t global_slots;
	uint64_t *stops; /* of functions: slices that their channel operations ended; NULL: no tier */
	const volt_free_block *free_blocks;    /* of the space, for compiled code */
	volt_branch_profile **branch_profiles; /* of functions, by pc (interpreter/profile.h); NULL: no tier */

	wait_hub *waits;
	struct island *island;                  /* NULL until the program makes an island or a port */
	void *tier;                             /* runtime/tier's; NULL: there is none */
	const tier_operations *tier_operations; /* if there is a tier */
	const island_operations *island_operations;
	const vm_life *life;

	pthread_mutex_t *output_lock; /* of the islands, which share the stream; NULL: this VM is alone */
	buffer output;                /* standard output that has not been written yet */
	bool output_broken;           /* a write failed, which ends the program: the rest is dropped */

	struct sampler *sampler; /* runtime/vm's; NULL: nothing is sampled */

	bool stopping;                  /* os.Exit or an error: no fiber runs any more */
	bool ran;                       /* or started: natives are bound, the tier is prepared */
	bool start_failed;              /* what it has prepared is there to be looked at until the next one */
	bool started;                   /* and without an error of those: functions can be called */
	bool exited;                    /* os.Exit: nothing runs any more, whatever the host calls */
	_Atomic bool interrupted;       /* by volt_vm_interrupt(), which nobody has answered yet */
	struct called_function *called; /* by the host, and running; NULL: it runs fibers until all have ended */
	int exit_status;
	volt_error *error; /* how the run ended */
	buffer trace;

	volt_vm_options options;
	struct native_table *native_table; /* runtime/extern's */
	jmp_buf exhausted;
	/* VMs of islands that have ended while code was made for them, and their next: freed with this one. */
	volt_vm *left_behind;

	uint64_t serial;        /* no other VM of the process has had it: whose handles are its own */
	unsigned generation;    /* of the process that made it: process/fork.h */
	_Atomic bool is_inside; /* a thread is in volt_vm_run() or the like, or a fork has cut one off there */
	volt_vm *next_abandoned;
};

/* Ends the program with this error, of which the VM becomes the owner; the first one wins. */
void vm_fail(volt_vm *vm, volt_error *error);
/* The same because options.max_steps are used up. */
void vm_fail_at_step_limit(volt_vm *vm);
void vm_fail_at_interrupt(volt_vm *vm);
/* The same if volt_vm_interrupt() was called, which is answered with this. True: it was. */
static inline bool vm_fail_if_interrupted(volt_vm *vm) {
	if (!atomic_load_explicit(&vm->interrupted, memory_order_acquire))
		return false;
	vm_fail_at_interrupt(vm);
	return true;
}

/*
 * Ends the program because an instruction of the fiber's top frame would leave its frame or misuse an object;
 * only a module that no compiler made does that. `cause` follows the file, function and pc in the message.
 */
void vm_fail_instruction(volt_vm *vm, volt_fiber *fiber, const char *cause);
void vm_fail_at(volt_vm *vm, uint32_t function, uint32_t pc, const char *cause);

/* Does it belong to the process that this one was forked from? Then its threads are gone, and it cannot run.
 */
static inline bool vm_is_inherited(const volt_vm *vm) {
	return vm->generation != process_generation;
}
volt_error *vm_inherited_error(void);

/* Standard output, buffered by lines. */
void vm_write(volt_vm *vm, const void *bytes, size_t length);

#endif
