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

#include "analysis/shape.h"
#include "lower/preset.h"
#include "volt/tier.h"

typedef struct call_convention call_convention;
typedef struct exit_strategy exit_strategy;

typedef struct {
	LLVMTypeRef i1, i8, i16, i32, i64, f32, f64, pointer, none;
} basic_types;

/* A function of the host: its declaration, and the thunk that cold paths call when the hints ask for one. */
typedef struct {
	LLVMTypeRef type;
	LLVMValueRef v_function;
	LLVMValueRef v_thunk; /* NULL until it is needed */
} helper_declaration;

typedef struct {
	const volt_module *bytecode;
	const size_t *context_offsets; /* by volt_context_field */
	compile_preset preset;
	bool force_exits;
	const call_convention *convention;
	const exit_strategy *exits;
	function_shape *shapes; /* by function index */
	LLVMContextRef context;
	LLVMModuleRef module;
	LLVMBuilderRef builder;
	basic_types types;
	helper_declaration helpers[VOLT_HELPER_COUNT];
	LLVMValueRef *v_inner; /* by function index; NULL until somebody refers to it */
} module_lowering;

typedef struct {
	module_lowering *module;
	LLVMBuilderRef builder; /* the module's */
	const volt_function *function;
	uint32_t index;
	const function_shape *shape;
	LLVMValueRef v_function;
	LLVMValueRef v_context;
	LLVMValueRef v_base;     /* i64: index of slot 0 in the fiber's stack */
	LLVMValueRef v_results;  /* external convention: where results go */
	LLVMValueRef *v_slots;   /* pointer for each slot */
	LLVMValueRef v_scratch;  /* array of slots for arguments and results in memory; NULL: never needed */
	LLVMValueRef v_image;    /* array as long as the frame, for instructions out of line */
	LLVMBasicBlockRef *b_at; /* block that starts at a pc, or NULL */
	uint32_t pc;
	volt_instruction instruction;
} function_lowering;

/* ---- How functions call each other: the `abi` axis, one file for each value ---- */

/* A direct call to a compiled function. */
typedef struct {
	uint32_t callee;
	uint32_t first_slot;   /* of the arguments, and of the results after the call */
	uint32_t result_count; /* slots that the instruction asks for */
	uint32_t taken_count;  /* of those, the slots that the callee gives */
} call_site;

struct call_convention {
	LLVMTypeRef (*function_type)(module_lowering *module, const function_shape *shape);
	/* Fills in v_context, v_base and the parameters' slots at the start of the function. */
	void (*enter)(function_lowering *lowering);
	/*
	 * Calls, and gives the status, an integer; results are fetched by take_results once it is known to be
	 * OK.
	 */
	LLVMValueRef (*call)(function_lowering *lowering, const call_site *site, LLVMValueRef *v_returned);
	void (*take_results)(function_lowering *lowering, const call_site *site, LLVMValueRef v_returned);
	/* Returns with the results in slots first.. and status OK. */
	void (*leave)(function_lowering *lowering, uint32_t first_slot);
	/* Returns with a status that is not OK. */
	void (*leave_exit)(function_lowering *lowering, LLVMValueRef v_status);
	/* Defines the entry that the host calls, with the type of volt_compiled_function. */
	void (*define_entry)(module_lowering *module, uint32_t index);
};

extern const call_convention external_convention;
extern const call_convention fast_convention;

/* ---- Module and functions ---- */

/*
 * `offsets` as in volt_tier_host. The caller frees the result with module_lowering_dispose(), which leaves
 * the module.
 */
void module_lowering_start(module_lowering *lowering, LLVMContextRef context, const volt_module *bytecode,
                           const size_t *offsets, const compile_preset *preset, bool force_exits);
void module_lowering_dispose(module_lowering *lowering);

/* Defines function `index` and its entry; its shape must not be refused. */
void lower_function(module_lowering *module, uint32_t index);

/* Symbols: "volt_f12_fib", and "volt_f12_fib_entry" for the host. `buffer` has SYMBOL_SIZE bytes. */
enum { SYMBOL_SIZE = 96 };
void inner_symbol(const volt_module *bytecode, uint32_t index, char *buffer);
void entry_symbol(const volt_module *bytecode, uint32_t index, char *buffer);

/* The inner form of a function, declared on first use. */
LLVMValueRef inner_function(module_lowering *module, uint32_t index);

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

#endif
