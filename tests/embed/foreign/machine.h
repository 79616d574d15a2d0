/*
 * A small virtual machine for Vo bytecode that has nothing of Volt's own one: frames are blocks in a list and
 * not a stack, objects have headers in front of them, tasks have a clock that only counts. It links the
 * compiling tier (libvolt-llvm) and what reads and verifies modules (libvolt-bytecode).
 *
 * `task` is what the language calls a goroutine. Everything here belongs to the machine's own thread, except
 * for what compiler.c shares with the thread that compiles.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdatomic.h>
#include <volt/bytecode.h>
#include <volt/llvm.h>

typedef struct machine machine;
typedef struct task task;
typedef struct frame frame;
typedef struct object object;
typedef struct compiler compiler;

/*
 * An activation of a function, a block of its own. `pc` is the instruction that follows; in a frame that has
 * called another one, the one behind the call. Only a native that wants a closure called stays at its own.
 */
struct frame {
	frame *caller;
	uint32_t function;
	uint32_t pc;
	bool is_new;          /* has its parameters, and executed nothing yet */
	bool must_interpret;  /* compiled code has left the next instruction to the interpreter */
	bool was_interpreted; /* its last instruction was */
	bool answers_native;  /* its result is what the native in `caller` waits for */
	volt_slot slots[];
};

/*
 * The next instruction of a task has been executed once, had to wait, and is executed again: a native whose
 * wait is over, one whose closure has returned, or a receive that has been given its value.
 */
typedef enum { REPEAT_NOTHING, REPEAT_AFTER_WAIT, REPEAT_WITH_ANSWER } repeat_kind;

struct task {
	task *next;  /* in whatever list it stands */
	task *older; /* of all tasks */
	frame *top;
	uint64_t frames;
	uint64_t due;   /* asleep: when the clock wakes it */
	volt_slot sent; /* waits in a channel's queue: what it sends */
	repeat_kind repeats;
	volt_slot answer;
	volt_slot closure, argument; /* of a native that wants a closure called */
};

typedef struct {
	task *first, *last;
} task_list;

/*
 * The context of compiled code: the fields that it needs (VOLT_CONTEXT_FIELDS), where this machine wants
 * them. `conversions` and `budget` are never used, since no module here converts between interfaces and no
 * code counts steps, but they have their places.
 */
typedef struct {
	uint64_t exit_pc;
	volt_slot *globals;
	uint64_t native_stack_limit;
	uint64_t native_stack_end;
	char padding[40];
	volt_heat *heat;
	uint64_t status;
	uint64_t stack_pointer;
	volt_slot *stack;
	uint64_t base;
	uint64_t forced_exits_left;
	uint64_t stack_capacity;
	int64_t budget;
	const volt_conversion *conversions;
} registers;

/* What the machine has counted, for those who ask for a report. */
typedef struct {
	uint64_t exits[VOLT_STATUS_COUNT];
	uint64_t levels[VOLT_LEVEL_OPTIMISED + 1]; /* times that compiled code of a level was entered ... */
	uint64_t replaced;                         /* ... and of these, by a frame that was interpreted */
} machine_counts;

struct machine {
	registers registers;
	const volt_module *module;
	compiler *compiler; /* NULL: everything is interpreted */
	object *objects;    /* all that there are; freed with the machine */
	task *tasks;
	task *running;
	task_list ready, asleep;
	uint64_t clock;
	uint64_t waiting;             /* tasks in queues of channels */
	frame *innermost, *outermost; /* frames that an exit is handing over, and how many */
	uint64_t captured;
	char panic[256];  /* the one that ends the program; "": none */
	volt_level level; /* of the compiled code that runs; NONE: none does */
	uint64_t force_exits;
	machine_counts counts;
};

/* ---- tasks.c: who runs, and channels ---- */

void task_start(machine *self, uint32_t function, const volt_slot *arguments, uint32_t count);
/* Runs until all tasks have ended; false: a panic or a deadlock did it. */
bool tasks_run(machine *self);
void tasks_free(machine *self);
/* The running task sleeps for so many ticks of the clock: WAIT_IO. */
volt_status task_sleep(machine *self, uint64_t ticks);
volt_slot channel_new(machine *self, uint64_t capacity);
/* OK, or WAIT_QUEUE. A sender goes on behind its instruction, a receiver executes it again. */
volt_status channel_send(machine *self, volt_slot channel, volt_slot value);
volt_status channel_receive(machine *self, volt_slot channel, volt_slot *value);

/* ---- frames.c: frames, and what exits of compiled code make of them ---- */

/* NULL: the stack overflows, and the panic is pending. */
frame *frame_push(machine *self, task *on, uint32_t function, const volt_slot *arguments, uint32_t count);
/* Ends the running task's top frame and gives its caller the results. */
void frame_return(machine *self, const volt_slot *results, uint32_t count);
void frames_free(frame *first);
void capture_frame(machine *self, const volt_exit_site *site, const volt_slot *values);
void capture_skipped_frames(machine *self, const volt_exit_site *site, uint64_t count);
/*
 * Makes what was captured the task's frames. `held`: the code continued the top frame, which stays. False:
 * there are more than the language allows.
 */
bool frames_lay_out(machine *self, bool held);

/* ---- interpreter.c ---- */

/*
 * Interprets the running task until compiled code might go on: a frame was made or has ended (OK), or it
 * stops with any other status but CALL.
 */
volt_status interpret(machine *self);
/* One instruction that only works on slots, those of a frame or an image of them: OK or PANIC. */
volt_status execute(machine *self, volt_instruction instruction, volt_slot *slots);
/* Any task must give way: may be called from any thread. */
void ask_to_give_way(machine *self);

/* ---- natives.c ---- */

/* What it may do beside returning: panic, wait (WAIT_IO), want a closure called (REPLAY). */
volt_status native_call(machine *self, uint32_t native, const volt_slot *arguments, volt_slot *result);
bool native_exists(const volt_native_import *import);
bool native_takes(const volt_native_import *import, uint32_t arguments);

/* ---- panics.c ---- */

volt_status raise_trap(machine *self, volt_trap_kind kind, uint64_t x, uint64_t y);
volt_status raise_value(machine *self, volt_slot type, volt_slot payload);
void print_trace(const machine *self);

/* ---- compiler.c: what is compiled when ---- */

typedef struct {
	bool in_background; /* what is hot; else everything before the program starts ... */
	volt_level level;   /* ... each function at this level, or NONE: all together */
} compiler_options;

volt_error *compiler_start(machine *self, const compiler_options *options);
void compiler_stop(machine *self);
/* The code for a frame that is on top, as it is now; NULL: there is none. */
const volt_compiled *compiler_find(const machine *self, const frame *top);
/* A counter of `heat` has come to 0, in compiled code of the quick level or in the interpreter. */
void compiler_look_at(machine *self, uint32_t function, bool is_compiled);

/* ---- entry.c: between compiled code and the machine ---- */

/* Describes the machine to the tier. */
void describe_host(machine *self, volt_tier_host *host);
/* Enters the code for the top frame and makes frames of what it leaves. Any status. */
volt_status enter_code(machine *self, const volt_compiled *code);

/* ---- program.c ---- */

/* A module that was read and verified and needs nothing that this machine has not. */
volt_error *program_load(const char *path, volt_module **module);

#endif
