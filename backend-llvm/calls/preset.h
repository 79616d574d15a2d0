/*
 * The design space of calls and exits: axes, and the named presets that are points of it (design document,
 * section 4). A preset is data; lowering reads an axis only at the one place that implements it.
 */
#ifndef LOWER_PRESET_H
#define LOWER_PRESET_H

#include <stdbool.h>

#include "volt/error.h"

/* How compiled functions call each other. */
typedef enum {
	ABI_EXTERNAL, /* (context, arguments pointer, results pointer) -> status; context written at every call */
	ABI_FAST,     /* (context, base, arguments...) -> (results..., status); context written at exits only */
	ABI_COUNT,
} abi_kind;

/* Where the status of a call stands. */
typedef enum {
	STATUS_REGISTER, /* last result */
	STATUS_MEMORY,   /* in the context, written by exits */
	STATUS_COUNT,
} status_kind;

/* What parameters and results are. */
typedef enum {
	TYPES_UNIFORM, /* i64 */
	TYPES_NATURAL, /* double for slots that the module declares as floats; i64 for all others */
	TYPES_COUNT,
} types_kind;

/* What an exit does with the frame. */
typedef enum {
	EXIT_FRAMES,   /* complete and inline: room, every slot, resume point */
	EXIT_CALLBACK, /* the same behind one call with ten arguments */
	EXIT_TRIVIAL,  /* the status and nothing else, in functions that can be executed again; else frames */
	EXIT_RECORD,   /* the slots that may be read again go to the host, which lays frames out later */
	EXIT_UNWIND,   /* the same, but functions that never wait leave by unwinding and return no status */
	EXIT_COUNT,
} exit_kind;

/* Where a function looks at what is left of the native stack, which is also where it gives way. */
typedef enum {
	CHECK_ENTRY, /* in its prologue */
	CHECK_CALL,  /* where it is certain that a call follows (analysis/stack_check.h) */
	CHECK_COUNT,
} check_kind;

/* Whether paths without calls are a function of their own. */
typedef enum {
	PROLOGUE_WHOLE, /* no: the code generator moves the prologue behind them where it can */
	PROLOGUE_SPLIT, /* yes: it goes on, where calls follow, in the rest of the function (lower/rest.h) */
	PROLOGUE_COUNT,
} prologue_kind;

/* How compiled functions pass the context to each other. */
typedef enum {
	CONTEXT_ARGUMENT, /* as the first argument */
	CONTEXT_PINNED,   /* in a register of its own, which callees preserve: LLVM's `swiftself` */
	CONTEXT_COUNT,
} context_kind;

/* What the optimiser is told about exits. */
typedef struct {
	const char *name;
	bool weights;       /* branch weights on every check */
	bool cold;          /* `cold` on what exits call */
	bool preserve_most; /* exits call helpers through thunks that save registers for them */
} hint_set;

typedef struct {
	const char *name;
	abi_kind abi;
	status_kind status;
	types_kind types;
	exit_kind exit;
	check_kind check;
	prologue_kind prologue;
	context_kind context;
	const hint_set *hints;
} compile_preset;

/* Names of all presets, NULL at the end; the first is the default. */
extern const char *const preset_names[];

/*
 * The preset with this name (NULL: the default), with its hints replaced if `hints` is not NULL. A name may
 * be followed by axes that differ: "v3,exit=record,status=memory". Combinations without a meaning are errors.
 */
volt_error *preset_find(const char *name, const char *hints, compile_preset *result);

#endif
