/* The VM's state, for the runtime's own folders. */
#ifndef VM_VM_H
#define VM_VM_H

#include <pthread.h>
#include <setjmp.h>

#include "extern/registry.h"
#include "extern/vm_services.h" /* vm_options(), vm_flush() */
#include "fiber/fiber.h"
#include "fiber/wait.h"
#include "island/island.h"
#include "object/buffer.h"
#include "object/space.h"
#include "vm/scheduler.h"
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
	uint8_t starts; /* frames so far, up to those that calls.c waits for before it looks at the code */
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
} native_request;

struct volt_vm {
	volt_context context; /* first: compiled code's context pointer is the VM */
	executable_function *functions;
	volt_instruction *code;     /* of all functions, fused (interpreter/fuse.h); `functions` point into it */
	const volt_slot *constants; /* by index in the pool; strings 0 */
	uint32_t *certain_results;  /* of the functions (analysis/certain_results.h); NULL until needed */
	object_space *space;
	volt_fiber *current;     /* the running fiber; NULL between slices */
	pthread_t thread;        /* that runs the program */
	native_binding *natives; /* by import */
	native_request native;
	const volt_module *module;
	uint32_t global_slots;
	uint32_t max_frames;
	uint64_t max_stack_slots;

	scheduler scheduler;
	wait_hub *waits;
	island *island; /* NULL until the program makes an island or a port */

	buffer output;      /* standard output that has not been written yet */
	bool output_broken; /* a write failed, which ends the program: the rest is dropped */

	bool stopping; /* os.Exit or an error: no fiber runs any more */
	bool ran;
	int exit_status;
	volt_error *error; /* how the run ended */
	buffer trace;

	volt_vm_options options;
	native_table *native_table;
	jmp_buf exhausted;
	void *tier; /* runtime/tier's */
};

/* Ends the program with this error, of which the VM becomes the owner; the first one wins. */
void vm_fail(volt_vm *vm, volt_error *error);

/*
 * Ends the program because an instruction of the fiber's top frame would leave its frame or misuse an object;
 * only a module that no compiler made does that. `cause` follows the file, function and pc in the message.
 */
void vm_fail_instruction(volt_vm *vm, volt_fiber *fiber, const char *cause);
void vm_fail_at(volt_vm *vm, uint32_t function, uint32_t pc, const char *cause);

object_space *vm_object_space(volt_vm *vm);
struct uv_loop_s *vm_event_loop(volt_vm *vm);

/* Standard output, buffered by lines. */
void vm_write(volt_vm *vm, const void *bytes, size_t length);

/* Runs the fibers of an island other than 0, which come from other islands, until the VM stops. */
void vm_run_fibers(volt_vm *vm);

/* The tables that the interpreter runs from. VOLT_ERROR_VERIFY: an opcode that it has no case for. */
volt_error *vm_prepare(volt_vm *vm);
void vm_unprepare(volt_vm *vm);

/* Reports everything that fibers and the VM refer to, to the collector. */
void vm_scan_roots(void *vm);

#endif
