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
typedef struct deferred deferred;
typedef struct selection selection;

/* A call that waits until its frame is left. The closure, if it is one, is the first of the values. */
struct deferred {
	deferred *older;
	volt_instruction push;
	volt_slot values[];
};

/* A frame that is left, by a return or a panic, stays until its deferred calls are made. */
typedef enum { LEAVING_NOT, LEAVING_RETURNS, LEAVING_PANICS, LEAVING_RECOVERED } leaving_kind;

/*
 * An activation of a function, a block of its own. `pc` is the instruction that follows; in a frame that has
 * called another one, the one behind the call. Only a native that wants a closure called stays at its own.
 */
struct frame {
	frame *caller;
	uint32_t function;
	uint32_t pc;
	bool is_new;           /* has its parameters, and executed nothing yet */
	bool must_interpret;   /* compiled code has left the next instruction to the interpreter */
	bool was_interpreted;  /* its last instruction was */
	bool answers_native;   /* its result is what the native in `caller` waits for */
	bool is_deferred_call; /* `caller` is left, and wants no results */
	leaving_kind leaving;
	selection *selection; /* the select that is being put together, or waits; NULL: none */
	deferred *deferred;   /* calls that are made when it is left, the last one first */
	volt_slot panic[2];   /* LEAVING_PANICS: the value that it is left with */
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
 * them. `conversions`, `budget` and `allocator` are never used, since no module here converts between
 * interfaces, no code counts steps, and the machine makes all objects itself, but they have their places.
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
	void *allocator;
} registers;

/* What the machine has counted, for those who ask for a report. */
typedef struct {
	uint64_t exits[VOLT_STATUS_COUNT];
	uint64_t levels[VOLT_LEVEL_OPTIMISED + 1]; /* times that compiled code of a level was entered ... */
	uint64_t replaced;                         /* ... and of these, by a frame that was interpreted */
} machine_counts;

enum { TRACE_HALF = 5 };

typedef struct {
	uint32_t function, pc;
} trace_line;

/* What a panic has left: the first lines, and the last ones in a ring. */
typedef struct {
	uint64_t count;
	trace_line first[TRACE_HALF], last[TRACE_HALF];
} panic_trace;

typedef struct {
	object *objects; /* all that there are */
	uint64_t count;
	uint64_t every,
	    since; /* so many allocations from one collection to the next, 0: for ever; and how many by now */
	bool waits_for_turns; /* is it put off until the running task's turn is over? */
	bool is_wanted;
	uint64_t collections, freed;
} object_heap;

struct machine {
	registers registers;
	const volt_module *module;
	compiler *compiler; /* NULL: everything is interpreted */
	object_heap heap;
	const volt_slot *stack_start; /* of the native stack, what the machine uses of it */
	task *tasks;
	task *running;
	task_list ready, asleep, selecting;
	uint64_t clock;
	uint64_t waiting;             /* tasks in queues of channels, and in selects */
	frame *innermost, *outermost; /* frames that an exit is handing over, and how many */
	uint64_t captured;
	volt_slot
	    panic[2]; /* an interface value: of the panic that leaves frames now, or has ended the program */
	panic_trace trace;
	volt_level level; /* of the compiled code that runs; NONE: none does */
	uint64_t force_exits;
	const char *without; /* a helper that compiled code does not get; NULL: it gets all */
	machine_counts counts;
};

/* ---- tasks.c: who runs ---- */

void task_append(task_list *list, task *added);
task *task_take_first(task_list *list);
/* Wherever it stands in the list. */
void task_move(task_list *from, task *moved, task_list *to);

void task_start(machine *self, uint32_t function, const volt_slot *arguments, uint32_t count);
/* Runs until all tasks have ended; false: a panic or a deadlock did it. */
bool tasks_run(machine *self);
void tasks_free(machine *self);
/* The running task sleeps for so many ticks of the clock: WAIT_IO. */
volt_status task_sleep(machine *self, uint64_t ticks);

/* ---- channels.c ---- */

volt_slot channel_new(machine *self, uint64_t capacity);
/* OK, or WAIT_QUEUE. A sender goes on behind its instruction, a receiver executes it again. */
volt_status channel_send(machine *self, volt_slot channel, volt_slot value);
volt_status channel_receive(machine *self, volt_slot channel, volt_slot *value);
/* The same without waiting, on a channel that is not nil; false: it would have to. */
bool channel_try_send(machine *self, volt_slot channel, volt_slot value);
bool channel_try_receive(machine *self, volt_slot channel, volt_slot *value);
/* The running task waits in the queue: WAIT_QUEUE. */
volt_status channel_wait_in(machine *self, task_list *queue);

/* ---- selects.c ---- */

void select_begin(frame *in, volt_instruction begin);
volt_status select_add(machine *self, frame *in, volt_instruction added);
/* OK, or WAIT_QUEUE: it is executed again. */
volt_status select_execute(machine *self, frame *in, volt_instruction at);
/* Does a select wait that receives from the channel, or sends to it? Then it has done so. */
bool select_takes(machine *self, volt_slot channel, volt_slot value);
bool select_gives(machine *self, volt_slot channel, volt_slot *value);

/* ---- frames.c: frames, and what exits of compiled code make of them ---- */

/* NULL: the stack overflows, and the panic is pending. */
frame *frame_push(machine *self, task *on, uint32_t function, const volt_slot *arguments, uint32_t count);
/* Ends the running task's top frame, which has no deferred calls, and gives its caller the results. */
void frame_return(machine *self, const volt_slot *results, uint32_t count);
/* Ends a task's top frame, whatever it was about to do. */
void frame_drop(task *on);
void frames_free(frame *first);
void capture_frame(machine *self, const volt_exit_site *site, const volt_slot *values);
void capture_skipped_frames(machine *self, const volt_exit_site *site, uint64_t count);
/*
 * Makes what was captured the task's frames. `held`: the code continued the top frame, which stays. False:
 * there are more than the language allows.
 */
bool frames_lay_out(machine *self, bool held);

/* ---- leaving.c: deferred calls, and frames that are left by returns and panics: OK or PANIC ---- */

/* The top frame's Return was executed. */
volt_status frame_leave(machine *self, const volt_slot *results, uint32_t count);
/* A frame has ended. If the one below is being left, that goes on. */
volt_status go_on_leaving(machine *self);
/* The pending panic leaves frames until one has a deferred call; PANIC: none has. */
volt_status unwind(machine *self);
/* Recover in the frame on top: two slots. */
void recover(machine *self, volt_slot *value);
/* How many values a DeferPush defers. */
uint32_t deferred_count_of(volt_instruction push);
void defer(frame *by, volt_instruction push, const volt_slot *values);
/* What compiled code has deferred in a frame that is being captured: one, or a list of its own. */
void defer_captured(frame *by, volt_instruction push, const volt_slot *values);
void defer_captured_list(const machine *self, frame *by, volt_slot list);
void hand_deferred_on(frame *from, frame *to);
void deferred_free(deferred *first);

/* ---- interpreter.c, numbers.c ---- */

/*
 * Interprets the running task until compiled code might go on: a frame was made or has ended (OK), or it
 * stops with any other status but CALL.
 */
volt_status interpret(machine *self);
/* One instruction that only works on slots, those of a frame or an image of them: OK or PANIC. */
volt_status execute(machine *self, volt_instruction instruction, volt_slot *slots);
bool is_of_numbers(uint8_t op);
volt_status execute_on_numbers(machine *self, volt_instruction instruction, volt_slot *slots);
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
volt_status raise_text(machine *self, const char *text);
/* A frame that the panic leaves. */
void trace_add(machine *self, const frame *left);
void print_panic(const machine *self);
void print_value(volt_slot type, volt_slot payload);

/* ---- compiler.c: what is compiled when ---- */

typedef struct {
	bool in_background; /* what is hot; else everything before the program starts ... */
	volt_level level;   /* ... each function at this level, or NONE: all together */
	const char *cache;  /* a folder to keep code in; NULL: none */
} compiler_options;

volt_error *compiler_start(machine *self, const compiler_options *options);
void compiler_stop(machine *self);
/* The code for a frame that is on top, as it is now; NULL: there is none. */
const volt_compiled *compiler_find(const machine *self, const frame *top);
/* A counter of `heat` has come to 0, in compiled code of the quick level or in the interpreter. */
void compiler_look_at(machine *self, uint32_t function, bool is_compiled);

/* ---- entry.c, helpers.c: between compiled code and the machine ---- */

/* Describes the machine to the tier. */
void describe_host(machine *self, volt_tier_host *host);
/* Gives it the functions that it may call, but for the one that is named. */
void describe_helpers(volt_tier_host *host, const char *without);
/* Enters the code for the top frame and makes frames of what it leaves. Any status. */
volt_status enter_code(machine *self, const volt_compiled *code);

/* ---- program.c ---- */

/* A module that was read and verified and needs nothing that this machine has not. */
volt_error *program_load(const char *path, volt_module **module);

#endif
