/*
 * Exit strategies: what becomes of a native frame when its function exits, and everything about a function
 * that follows from it. The `exit` axis; one file for each value.
 *
 * Contract: after an exit the fiber's frames, their pcs and every slot that the interpreter can still read
 * are what the interpreter would have had; a slot that it will not read again holds 0 or what it held before.
 */
#ifndef CALLS_STRATEGY_H
#define CALLS_STRATEGY_H

#include "calls/axes.h"
#include "calls/convention.h"
#include "calls/inlining.h"

/* Why a function exits by itself, and where it goes on. */
typedef struct exit_cause {
	LLVMValueRef v_status; /* an integer of any width */
	bool known;            /* it is `status`; else what the host has returned */
	volt_status status;
	bool pc_in_context; /* the host has written the pc to `exit_pc`: this instruction's or the next one's */
	uint32_t pc;        /* else */
} exit_cause;

/* What the exits of one form of a function do. Each of both ends the current block with a return. */
struct frame_exit {
	bool needs_base;  /* compiled code must know where its frames stand in the fiber's stack */
	bool starts_anew; /* after an exit the function is executed again: nothing else may be changed by then */
	bool keeps_live_only;           /* exits tell of no slot that the interpreter will not read again */
	bool knows_skipped_frames;      /* exits can tell of frames that tail calls have skipped (tail_calls.h) */
	volt_context_field stack_limit; /* below it, a function that starts exits */
	/* The function's own instruction exits. */
	void (*exit_here)(function_lowering *lowering, const exit_cause *cause);
	/* A callee has exited, and has seen to its own frame; this function continues behind the call. */
	void (*exit_after_call)(function_lowering *lowering, const call_site *site, LLVMValueRef v_status);
	/*
	 * The same for a deferred call that the Return at the pc makes; the others are still pending or have been
	 * made. NULL: no function makes its deferred calls itself (preset_completes_returns()).
	 */
	void (*exit_in_deferred_call)(function_lowering *lowering, LLVMValueRef v_status);
};

/* A form of a function that is lowered from the bytecode, and how it is called and exits. */
typedef struct {
	function_form form;
	LLVMValueRef v_function;
	const call_convention *convention;
	const frame_exit *frame;
	const inlined_copy *copy; /* of FORM_INLINED */
} form_plan;

enum { PLANNED_FORMS = 2 };

typedef struct exit_strategy {
	const frame_exit *frame;      /* of inner forms, copies built into them, rests */
	const frame_exit *held_frame; /* of resume forms, whose frame the fiber has */
	bool one_convention;          /* all inner forms are called alike */
	/* Why the strategy cannot be combined with other axes of the preset; NULL: it can. */
	const char *(*contradiction)(const struct compile_preset *preset);
	/* Looks at the whole module before anything is lowered. */
	void (*prepare)(module_lowering *module);
	/* By which the function's inner form is called. */
	const call_convention *(*inner_convention)(const module_lowering *module, uint32_t index);
	/* The forms that make up the inner form, in the order in which they are lowered; returns how many. */
	uint32_t (*plan_forms)(module_lowering *module, uint32_t index, form_plan *plans);
	/* Defines what ties these forms together, if they are more than the inner form. */
	void (*join_forms)(module_lowering *module, uint32_t index);
	/* The form that does the work: what metrics measure. */
	function_form (*working_form)(const module_lowering *module, uint32_t index);
} exit_strategy;

/* One for each value of the axis, in its file. */
#define VALUE(PREFIX, STRATEGY, name) extern const exit_strategy name##_strategy;
EXIT_VALUES(VALUE)
#undef VALUE

/* Exits that several strategies have, for some forms: of `frames`, and two of `record`. */
extern const frame_exit complete_frame;
extern const frame_exit recorded_frame;
extern const frame_exit held_frame;

/* The strategy of a value of the axis. */
const exit_strategy *exit_strategy_find(exit_kind kind);

/*
 * The fields of a strategy of which only the exits of its frames are special: every function has the inner
 * form alone, called as the preset says.
 */
#define STRATEGY_OF_FRAMES(exits, held_exits) \
	.frame = (exits), .held_frame = (held_exits), .one_convention = true, .contradiction = no_contradiction, \
	.prepare = no_preparation, .inner_convention = convention_of_module, .plan_forms = plan_inner_form, \
	.join_forms = nothing_to_join, .working_form = inner_form_works

/* The functions of a strategy that has nothing to say there. */
const char *no_contradiction(const struct compile_preset *preset);
void no_preparation(module_lowering *module);
const call_convention *convention_of_module(const module_lowering *module, uint32_t index);
uint32_t plan_inner_form(module_lowering *module, uint32_t index, form_plan *plans);
void nothing_to_join(module_lowering *module, uint32_t index);
function_form inner_form_works(const module_lowering *module, uint32_t index);

#endif
