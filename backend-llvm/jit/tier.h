/* The tier object, for the files of this folder. */
#ifndef JIT_TIER_H
#define JIT_TIER_H

#include "calls/preset.h"
#include "jit/session.h"
#include "codegen/unit.h"

/* What the tier keeps of a bytecode function. */
typedef struct {
	bool *resume_points; /* NULL until it is compiled for resuming */
} tier_function;

struct volt_tier {
	const volt_module *bytecode;
	const volt_tier_host *host; /* NULL: this tier only emits */
	size_t context_offsets[VOLT_CONTEXT_FIELD_COUNT];
	compile_preset preset;
	bool force_exits;
	bool count_steps;
	bool whole_module; /* all functions were compiled together, and call each other directly */
	unsigned compilations;
	LLVMTargetMachineRef machine;
	LLVMTargetMachineRef quick_machine;
	code_session *session;        /* NULL: this tier only emits */
	tier_function *functions;     /* by index */
	_Atomic(void *) *inner_table; /* by index; what compiled code reads as INNER_TABLE_SYMBOL */
};

/* Options for a unit of this tier, as presets are compared: nothing inlined, direct calls. */
lowering_options tier_lowering_options(const volt_tier *tier);

/* As in volt_tier_interface. */
volt_error *tier_compile_module(volt_tier *tier, volt_compiled *compiled);
volt_error *tier_compile(volt_tier *tier, const volt_compile_request *request, volt_compiled *compiled);

#endif
