/*
 * State of lowering bytecode to LLVM IR: one `module_lowering` for an LLVM module, one `function_lowering`
 * for the function that is being built. Values are named v_..., basic blocks b_....
 *
 * Slots of a bytecode function are stack variables of the LLVM function, one i64 each, which the optimiser
 * turns into registers; slots that are reached by a computed index stand side by side in one array.
 */
#ifndef LOWER_LOWERING_H
#define LOWER_LOWERING_H

#include <llvm-c/Core.h>

#include "analysis/liveness.h"
#include "analysis/shape.h"
#include "calls/preset.h"
#include "volt/tier.h"

/* How functions call each other: the axes `abi`, `status` and `types`. */
typedef struct {
	const struct call_operations *operations;
	bool passes_base;    /* parameters: where the callee's frame will stand in the fiber's stack */
	bool returns_status; /* last result; else the status stands in the context */
	bool natural_types;  /* floats are passed as such */
	bool raises;         /* exits leave by unwinding: the caller has a landing pad, and there is no status */
} call_convention;

typedef struct exit_strategy exit_strategy;
typedef struct exit_point exit_point;

typedef struct {
	LLVMTypeRef i1, i8, i16, i32, i64, f32, f64, pointer, none;
} basic_types;

/* A function of the host: its declaration, and the thunk that cold paths call when the hints ask for one. */
typedef struct {
	LLVMTypeRef type;
	LLVMValueRef v_function;
	LLVMValueRef v_thunk; /* NULL until it is needed */
} helper_declaration;

/* Functions that exits call to record a frame: one for each number of values, and one for an image of it. */
enum { RECORDED_ARGUMENTS = 8, RECORDER_COUNT = RECORDED_ARGUMENTS + 2 };

/* What a unit is lowered from and for. */
typedef struct {
	const volt_module *bytecode;
	const size_t *context_offsets; /* by volt_context_field */
	compile_preset preset;
	bool force_exits;
	bool count_steps;
	bool inlines;         /* small callees are built into their callers */
	bool slots_in_memory; /* every frame is treated like a large one: short code, soon compiled */
	bool through_table;   /* callees outside of the unit are called through the table of inner forms */
	const char *version;  /* part of all symbols: keeps several compilations of a function apart */
	const volt_branch_profile *profile; /* by pc of `profiled_function`; NULL: none */
	uint32_t profiled_function;
} lowering_options;

typedef struct {
	lowering_options options;
	const volt_module *bytecode;        /* the options' */
	call_convention convention;         /* of inner forms */
	call_convention trivial_convention; /* of forms with trivial exits */
	call_convention raising_convention; /* of inner forms whose exits unwind */
	bool *raises;                       /* by function index: has that one; NULL: none has */
	const exit_strategy *exits;
	function_shape *shapes;    /* by function index */
	uint32_t *certain_results; /* by function index (analysis/certain_results.h); NULL until needed */
	LLVMContextRef context;
	LLVMModuleRef module;
	LLVMBuilderRef builder;
	basic_types types;
	helper_declaration helpers[VOLT_HELPER_COUNT];
	LLVMValueRef *v_inner;                    /* by function index; NULL until somebody refers to it */
	LLVMValueRef *v_inlined;                  /* the same for copies that are built into their callers */
	LLVMValueRef v_table;                     /* table of inner forms; NULL until it is needed */
	LLVMValueRef v_recorders[RECORDER_COUNT]; /* exit/recorder.c; NULL until they are needed */
	uint64_t profile_samples;                 /* all that the profile counted; 0 without one */
} module_lowering;

/* What an LLVM function is made of a bytecode function for. */
typedef enum {
	ROLE_INNER,   /* called by compiled code, with the preset's convention */
	ROLE_TRIVIAL, /* called by itself and by the inner form, which starts anew if it exits */
	ROLE_INLINED, /* the same as a copy that becomes part of its callers, and so of their native frames */
	ROLE_REST,    /* where the inner form goes on behind its paths without calls (lower/rest.h) */
	ROLE_RESUME,  /* entered by the host for a frame that the fiber holds, at context.exit_pc */
} function_role;

typedef struct {
	module_lowering *module;
	LLVMBuilderRef builder; /* the module's */
	const volt_function *function;
	uint32_t index;
	const function_shape *shape;
	function_role role;
	const call_convention *convention; /* by which this function was called and returns */
	const exit_strategy *exits;
	liveness *live; /* NULL until an exit needs it */
	LLVMValueRef v_function;
	LLVMValueRef v_context;
	LLVMValueRef v_base;     /* i64: index of slot 0 in the fiber's stack; NULL: it is not passed */
	LLVMValueRef v_results;  /* external convention: where results go */
	LLVMValueRef *v_slots;   /* pointer for each slot */
	LLVMValueRef v_landing;  /* in a landing pad: what goes on unwinding; else NULL */
	LLVMValueRef v_scratch;  /* array of slots for arguments and results in memory; NULL: never needed */
	LLVMValueRef v_image;    /* array as long as the frame, for instructions out of line */
	LLVMBasicBlockRef *b_at; /* block that starts at a pc, or NULL */
	bool *lowered;           /* by pc: is a part of this LLVM function */
	struct function_rest
	    *rest;               /* of an inner form that has one, and in that rest (lower/rest.h); else NULL */
	uint32_t stack_check_pc; /* STACK_CHECK_NEVER: there is no check, or it has been made */
	uint32_t pc;
	volt_instruction instruction;
} function_lowering;

/* ---- How functions call each other: the `abi` axis, one file for each value ---- */

typedef struct indirect_callee indirect_callee;

/* A call to a compiled function. */
typedef struct {
	uint32_t callee;                 /* if it is known */
	const indirect_callee *indirect; /* else; or NULL */
	uint32_t first_slot;             /* of the arguments, and of the results after the call */
	uint32_t result_count;           /* slots that the instruction asks for */
	uint32_t taken_count;            /* of those, the slots that the callee gives */
} call_site;

/* The callee that a call through a closure or an interface has found. */
struct indirect_callee {
	LLVMValueRef v_index;  /* i32: its function */
	LLVMValueRef v_slot_0; /* its first parameter; the call's arguments follow */
	uint32_t parameters;   /* slots, with that one */
	uint32_t results;
};

/* What comes back from a call. */
typedef struct {
	LLVMValueRef v_returned;
	LLVMValueRef v_status; /* if the callee has exited */
} called;

struct call_operations {
	LLVMTypeRef (*function_type)(module_lowering *module, const call_convention *self, uint32_t index);
	/* Fills in v_context, v_base and the parameters' slots at the start of the function. */
	void (*enter)(function_lowering *lowering);
	/*
	 * Calls. Goes on in a new cold block for the case that the callee exits, with its status, an integer, and
	 * gives the block of the other case, where take_results fetches what was returned.
	 */
	LLVMBasicBlockRef (*call)(function_lowering *lowering, const call_site *site, LLVMValueRef v_callee,
	                          called *result);
	/* The same for a site with an indirect callee; only for conventions that are the same for all functions.
	 */
	LLVMBasicBlockRef (*call_indirect)(function_lowering *lowering, const call_site *site,
	                                   LLVMValueRef v_callee, called *result);
	void (*take_results)(function_lowering *lowering, const call_site *site, const called *result);
	/* Returns with the results in slots first.. and status OK. */
	void (*leave)(function_lowering *lowering, uint32_t first_slot);
	/* Returns with a status that is not OK. */
	void (*leave_exit)(function_lowering *lowering, LLVMValueRef v_status);
	/* Defines the entry that the host calls, with the type of volt_compiled_function. */
	void (*define_entry)(module_lowering *module, uint32_t index);
};

extern const struct call_operations external_operations;
extern const struct call_operations fast_operations;

/* ---- Module and functions ---- */

/* The caller frees the result with module_lowering_dispose(), which leaves the module. */
void module_lowering_start(module_lowering *lowering, LLVMContextRef context,
                           const lowering_options *options);
void module_lowering_dispose(module_lowering *lowering);

/* Defines function `index` and its entry; its shape must not be refused. */
void lower_function(module_lowering *module, uint32_t index);

/* Defines the function that continues frames of function `index`. */
void lower_resume_function(module_lowering *module, uint32_t index);

/* Defines the copies that functions lowered so far want to be built into them. */
void lower_inlined_functions(module_lowering *module);

/*
 * Symbols: "volt_f12_fib", "volt_f12_fib_entry" for the host, "volt_f12_fib_resume". `buffer` has
 * SYMBOL_SIZE bytes.
 */
enum { SYMBOL_SIZE = 96 };
void inner_symbol(const module_lowering *module, uint32_t index, char *buffer);
void entry_symbol(const module_lowering *module, uint32_t index, char *buffer);
void resume_symbol(const module_lowering *module, uint32_t index, char *buffer);
void rest_symbol(const module_lowering *module, uint32_t index, char *buffer);
void complete_symbol(const module_lowering *module, uint32_t index, char *buffer);
void trivial_symbol(const module_lowering *module, uint32_t index, char *buffer);

/* The personality of functions with landing pads: the compiler run-time's own, which knows clean-ups only. */
#define PERSONALITY_SYMBOL "__gcc_personality_v0"

/* The symbol of the table of inner forms: one pointer for each function, NULL while it is interpreted. */
#define INNER_TABLE_SYMBOL "volt_inner_table"

/* The inner form of a function, declared on first use. */
LLVMValueRef inner_function(module_lowering *module, uint32_t index);

/*
 * Of a function with a form whose exits are trivial (lower/trivial.h): that form, and the complete one that
 * stands behind it. The inner form of such a function calls one and then the other.
 */
LLVMValueRef trivial_function(module_lowering *module, uint32_t index);
LLVMValueRef complete_function(module_lowering *module, uint32_t index);

/* Tells LLVM, if the preset pins it, that the first parameter of a function or argument of a call is the
 * context. */
void pin_context(module_lowering *module, LLVMValueRef v_function);
void pin_context_of_call(module_lowering *module, LLVMValueRef v_call);

/* By which the inner form of a function is called. */
const call_convention *inner_convention(const module_lowering *module, uint32_t index);

/* By which this function calls that one. */
const call_convention *convention_to(const function_lowering *lowering, uint32_t callee);

/* Loads the inner form of the function with this index (i64) from the table; NULL: it is interpreted. */
LLVMValueRef inner_form_of(module_lowering *module, LLVMValueRef v_index);

/* The rest of an inner form that has one; not called twice. */
LLVMValueRef rest_function(module_lowering *module, uint32_t index);

/* The function that continues frames, declared on first use. */
LLVMValueRef resume_function(module_lowering *module, uint32_t index);

/*
 * What a direct call from this function goes to. `*in_table`: the value was read from the table of inner
 * forms and is NULL while the callee is interpreted.
 */
LLVMValueRef call_target(function_lowering *lowering, uint32_t callee, bool *in_table);

/* ---- Profiles ---- */

/* All that the profile counted; 0 without one. */
uint64_t profile_samples(const lowering_options *options);

/* Does the profile say that the call that is being lowered is not executed? */
bool call_never_runs(const function_lowering *lowering);

/* ---- Opcodes ---- */

/* Lowers lowering->instruction at lowering->pc. NULL in the table: the opcode has no lowering. */
typedef void (*opcode_lowering)(function_lowering *lowering);
opcode_lowering opcode_lowering_find(uint8_t opcode);

void lower_hint(function_lowering *lowering);
void lower_load(function_lowering *lowering);
void lower_copy(function_lowering *lowering);
void lower_indexed_slot(function_lowering *lowering);
void lower_global(function_lowering *lowering);
void lower_integer(function_lowering *lowering);
void lower_division(function_lowering *lowering);
void lower_shift(function_lowering *lowering);
void lower_float(function_lowering *lowering);
void lower_compare_integer(function_lowering *lowering);
void lower_compare_float(function_lowering *lowering);
void lower_conversion(function_lowering *lowering);
void lower_jump(function_lowering *lowering);
void lower_for_loop(function_lowering *lowering);
void lower_call(function_lowering *lowering);
void lower_native_call(function_lowering *lowering);
void lower_return(function_lowering *lowering);
void lower_string_new(function_lowering *lowering);
void lower_interface_assign(function_lowering *lowering);
void lower_index_check(function_lowering *lowering);
void lower_out_of_line(function_lowering *lowering);
void lower_pointer_get(function_lowering *lowering);
void lower_pointer_set(function_lowering *lowering);
void lower_pointer_add(function_lowering *lowering);
void lower_closure_get(function_lowering *lowering);
void lower_element_get(function_lowering *lowering);
void lower_element_set(function_lowering *lowering);
void lower_length(function_lowering *lowering);
void lower_string_index(function_lowering *lowering);
void lower_indirect_call(function_lowering *lowering);
void lower_panic(function_lowering *lowering);
void lower_channel_send(function_lowering *lowering);
void lower_channel_receive(function_lowering *lowering);
void lower_interface_assert(function_lowering *lowering);
void lower_element_address(function_lowering *lowering);
void lower_in_host(function_lowering *lowering);

/* Lowers a call of a native that is one machine instruction; false: it is not. */
bool lower_math_call(function_lowering *lowering);

#endif
