/*
 * State of lowering bytecode to LLVM IR: one `module_lowering` for an LLVM module, one `function_lowering`
 * for the function that is being built. Values are named v_..., basic blocks b_....
 *
 * Slots of a bytecode function are stack variables of the LLVM function, one i64 each, which the optimiser
 * turns into registers; slots that are reached by a computed index stand side by side in one array.
 */
#ifndef IR_LOWERING_H
#define IR_LOWERING_H

#include <llvm-c/Core.h>

#include "analysis/deferred_calls.h"
#include "analysis/liveness.h"
#include "analysis/shape.h"
#include "volt/tier.h"

typedef struct call_convention call_convention;
typedef struct frame_exit frame_exit;

typedef struct {
	LLVMTypeRef i1, i8, i16, i32, i64, f32, f64, pointer, none;
} basic_types;

/*
 * A function of the host: its declaration, and the thunk that cold paths call when the hints ask for one.
 * NULL until they are needed.
 */
typedef struct {
	LLVMTypeRef type;
	LLVMValueRef v_function;
	LLVMValueRef v_thunk;
} helper_declaration;

/* What debug information calls a line: nothing, one of the source, or an instruction's number. */
typedef enum { LINES_NONE, LINES_OF_SOURCE, LINES_OF_INSTRUCTIONS } lines_kind;

/* What a unit is lowered from and for. */
typedef struct {
	const volt_module *bytecode;
	const function_shape *shapes;        /* by function index; must outlive the unit */
	const size_t *context_offsets;       /* by volt_context_field */
	const volt_heap_layout *heap;        /* ir/heap_layout.h; must outlive the unit */
	const struct compile_preset *preset; /* calls/preset.h; must outlive the unit */
	bool force_exits;
	bool count_steps;
	bool typed_helpers;         /* instructions on the heap call helpers of their own: lower/heap_work.c */
	bool count_heat;            /* of calls and loops: volt/tier.h */
	bool inlines;               /* small callees are built into their callers */
	bool plain;                 /* for fast code generation: what it does not know is left out */
	bool large_in_unit;         /* so are functions that are too large to be optimised; passes skip them */
	lines_kind lines;           /* what the code says of where it comes from: ir/source_lines.h */
	bool through_table;         /* callees outside of the unit are called through the table of inner forms */
	const volt_tier_host *host; /* whose natives are called; NULL: all are standard ones */
	const char *version;        /* part of all symbols: keeps several compilations of a function apart */
	const volt_branch_profile *profile; /* by pc of `profiled_function`; NULL: none */
	uint32_t profiled_function;
} lowering_options;

typedef struct module_lowering {
	lowering_options options;
	const volt_module *bytecode;  /* the options' */
	const function_shape *shapes; /* the options' */
	uint32_t *certain_results;    /* by function index (analysis/certain_results.h); NULL until needed */
	LLVMContextRef context;
	LLVMModuleRef module;
	LLVMBuilderRef builder;
	basic_types types;
	helper_declaration helpers[VOLT_HELPER_COUNT];
	LLVMDIBuilderRef lines;     /* NULL: the code has no lines */
	uint64_t profile_samples;   /* all that the profile counted; 0 without one */
	struct module_calls *calls; /* how its functions call each other and exit: calls/module_calls.h */
} module_lowering;

/*
 * What LLVM functions are made of a bytecode function: FORM(enumerator, suffix of the symbol).
 *   INNER     called by compiled code, with the preset's convention
 *   ENTRY     called by the host, with the type of volt_compiled_function; calls the inner form
 *   RESUME    entered by the host for a frame that the fiber holds, at context.exit_pc
 *   INLINED   the inner form as a copy that becomes part of its callers, and so of their native frames
 *   REST      where the inner form goes on behind its paths without calls (calls/split_prologue.h)
 *   TRIAL     exits with its status alone, whereupon the inner form calls ... (calls/exit_trivial.c)
 *   COMPLETE  ... this one, from the start
 */
#define FUNCTION_FORMS(FORM) \
	FORM(INNER, "") \
	FORM(ENTRY, "_entry") \
	FORM(RESUME, "_resume") \
	FORM(INLINED, "_inlined") \
	FORM(REST, "_rest") \
	FORM(TRIAL, "_trivial") \
	FORM(COMPLETE, "_complete")

typedef enum {
#define FORM(ENUMERATOR, suffix) FORM_##ENUMERATOR,
	FUNCTION_FORMS(FORM)
#undef FORM
	    FORM_COUNT,
} function_form;

/* What a MapGet of a key of one slot has found: where a value may be stored, and 0 at run time: nowhere. */
typedef struct {
	LLVMValueRef v_map, v_key;
	LLVMValueRef v_settable; /* NULL: not known here */
	uint32_t value_slots;
} map_place;

typedef struct function_lowering {
	module_lowering *module;
	LLVMBuilderRef builder; /* the module's */
	const volt_function *function;
	uint32_t index;
	const function_shape *shape;
	function_form form;
	const struct inlined_copy *copy;   /* of FORM_INLINED: which one (calls/inlining.h); else NULL */
	const call_convention *convention; /* by which this form was called and returns: calls/convention.h */
	const frame_exit *frame;           /* what its exits do with its frame: calls/strategy.h */
	liveness *live;                    /* NULL until an exit needs it */
	deferred_calls *deferred;          /* that it makes itself; NULL: none */
	LLVMValueRef v_function;
	LLVMValueRef v_context;
	LLVMValueRef v_base;        /* i64: index of slot 0 in the fiber's stack; NULL: it is not passed */
	LLVMValueRef v_results;     /* where results go, if they go to memory */
	LLVMBasicBlockRef b_return; /* of FORM_INLINED and plain code: where all returns go, or NULL ... */
	LLVMValueRef v_returned;    /* ... and what they return, in a variable */
	LLVMValueRef *v_slots;      /* pointer for each slot, those behind the frame too (all_slots()) */
	LLVMValueRef v_frame;       /* of plain code: array of all slots; slots without a pointer stand there */
	LLVMValueRef *v_known;      /* of plain code: by slot what it holds in block b_main, or NULL ... */
	LLVMValueRef *v_not_nil;    /* ... and the value of it that a check has found not to be nil, or NULL */
	LLVMBasicBlockRef b_panic;  /* of plain code: where exits with a panic meet that keep no slots, or NULL */
	LLVMBasicBlockRef b_write_frame; /* where exits meet whose frame the fiber holds, or NULL ... */
	LLVMValueRef v_exit_site;        /* ... and what they bring, in variables: the address of the site ... */
	LLVMValueRef v_exit_status;      /* ... and the status */
	LLVMBasicBlockRef b_main;        /* through which all ways go on from the start of the block at a pc */
	LLVMValueRef v_landing;          /* in a landing pad: what goes on unwinding; else NULL */
	LLVMValueRef v_scratch;     /* array of slots for arguments and results in memory; NULL: never needed */
	LLVMValueRef v_image;       /* array as long as the frame, for instructions out of line */
	LLVMBasicBlockRef *b_at;    /* block that starts at a pc, or NULL */
	LLVMValueRef *v_unshared;   /* by slot: its flag, or NULL (lower/unshared.h); NULL: no slot has one */
	map_place place;            /* of the last MapGet (lower/map_work.h) */
	bool *lowered;              /* by pc: is a part of this LLVM function */
	struct function_rest *rest; /* of an inner form that has one, and in that rest; else NULL */
	LLVMBasicBlockRef *b_again; /* of a large function: what jumps back to a pc share, or NULL */
	struct loop_versions *versions; /* lower/loop_versions.h; NULL: all loops have one */
	uint32_t tail_call_pc;          /* the call that becomes a jump to the start (calls/tail_calls.h) */
	LLVMValueRef v_skipped;  /* then: a variable with the number of frames that it has skipped; else NULL */
	uint32_t stack_check_pc; /* STACK_CHECK_NEVER: there is no check, or it has been made */
	uint32_t pc;
	volt_instruction instruction;
} function_lowering;

/* The frame's slots, those of deferred calls, and those for results from the heap (analysis/shape.h). */
static inline uint32_t all_slots(const function_lowering *lowering) {
	return lowering->function->local_slots + lowering->shape->deferred_slots + lowering->shape->heap_slots;
}

/* The caller frees the result with module_lowering_dispose(), which leaves the module. */
void module_lowering_start(module_lowering *lowering, LLVMContextRef context,
                           const lowering_options *options);
void module_lowering_dispose(module_lowering *lowering);

/* "volt_f12_fib" and the form's suffix; `buffer` has SYMBOL_SIZE bytes. */
enum { SYMBOL_SIZE = 96 };
void form_symbol(const module_lowering *module, uint32_t index, function_form form, char *buffer);

#endif
