/*
 * Calling conventions: how a form of a function is called, gets its arguments, and gives results and a status
 * back. The `abi` axis chooses one of the tables of functions, one file for each; `status` and `types` are
 * properties of a convention.
 */
#ifndef CALLS_CONVENTION_H
#define CALLS_CONVENTION_H

#include "ir/emit.h"

typedef struct call_operations call_operations;

struct call_convention {
	const call_operations *operations;
	bool passes_base;    /* parameters: where the callee's frame will stand in the fiber's stack */
	bool returns_status; /* last result; else the status stands in the context */
	bool natural_types;  /* floats are passed as such */
	bool unwinds;        /* functions may be left by unwinding */
};

/* The callee that a call through a closure or an interface has found. */
typedef struct {
	LLVMValueRef v_index;  /* i32: its function */
	LLVMValueRef v_slot_0; /* its first parameter; the call's arguments follow */
	uint32_t like;         /* a function that is called like it */
} indirect_callee;

enum { CALLEE_UNKNOWN = UINT32_MAX };

/* A call to a compiled function. */
typedef struct call_site {
	uint32_t callee;                 /* CALLEE_UNKNOWN: only `indirect` names it */
	const indirect_callee *indirect; /* of a call through a closure or an interface; else NULL */
	uint32_t first_slot;             /* of the arguments, and of the results after the call */
	uint32_t result_count;           /* slots that the instruction asks for */
	uint32_t taken_count;            /* of those, the slots that the callee gives */
} call_site;

/* What comes back from a call. */
typedef struct {
	LLVMValueRef v_returned;
	LLVMValueRef v_status; /* if the callee has exited */
} called;

struct call_operations {
	LLVMTypeRef (*function_type)(module_lowering *module, const call_convention *self, uint32_t index);
	/* Words of the scratch array that a call of the function needs. */
	uint32_t (*scratch_words)(const module_lowering *module, uint32_t callee);
	/* Fills in v_context, v_base and the parameters' slots at the start of the function. */
	void (*enter)(function_lowering *lowering);
	/*
	 * Calls. Goes on in a new cold block for the case that the callee exits, with its status, an integer, and
	 * gives the block of the other case, where take_results fetches what was returned.
	 */
	LLVMBasicBlockRef (*call)(function_lowering *lowering, const call_convention *self, const call_site *site,
	                          LLVMValueRef v_callee, called *result);
	void (*take_results)(function_lowering *lowering, const call_site *site, const called *result);
	/* Returns with the results in slots first.. and status OK. */
	void (*leave)(function_lowering *lowering, uint32_t first_slot);
	/* Returns with a status that is not OK. */
	void (*leave_exit)(function_lowering *lowering, LLVMValueRef v_status);
	/* Defines the entry that the host calls, with the type of volt_compiled_function. */
	void (*define_entry)(module_lowering *module, const call_convention *self, uint32_t index);
};

/* One for each value of the `abi` axis. */
extern const call_operations external_operations;
extern const call_operations fast_operations;

/* By which the host calls entries and resume forms. */
extern const call_convention host_convention;

/* The convention that the preset's axes describe. */
call_convention convention_of_preset(const struct compile_preset *preset);

/*
 * Are all functions of one signature called alike? Not where the types of parameters decide on registers, or
 * what the callee can exit with on how it is called.
 */
bool convention_is_uniform(const module_lowering *module);

/* A function that says how the call is made: the callee, if that is known. */
static inline uint32_t callee_model(const call_site *site) {
	return site->indirect ? site->indirect->like : site->callee;
}

/* What is passed as parameter `slot`. */
static inline LLVMValueRef read_argument(function_lowering *lowering, const call_site *site, uint32_t slot) {
	if (!site->indirect)
		return read_slot(lowering, site->first_slot + slot);
	return slot == 0 ? site->indirect->v_slot_0 : read_slot(lowering, site->first_slot + slot - 1);
}

/* The callee of a call, as i32. */
static inline LLVMValueRef callee_index(function_lowering *lowering, const call_site *site) {
	return site->indirect ? site->indirect->v_index : constant_i32(lowering, site->callee);
}

/*
 * Tells LLVM, if the preset pins it (the `context` axis), that the first parameter of a function, or argument
 * of a call, is the context.
 */
void pin_context(module_lowering *module, LLVMValueRef v_function);
void pin_context_of_call(module_lowering *module, LLVMValueRef v_call);

#endif
