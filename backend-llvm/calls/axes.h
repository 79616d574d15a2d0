/*
 * The axes of the design space of calls and exits, and the values of each. Everything that must know them all
 * is made from these lists: enumerations, the names that `--preset=` takes, error texts, the table of exit
 * strategies and that of ABIs. A value of `abi` or `exit` is a table of functions in a file of its own
 * (README.md says what to add for which).
 *
 * AXES(AXIS) lists the axes: AXIS(PREFIX, name). PREFIX_VALUES(VALUE) lists the values of one, the first of
 * which is the plain one: VALUE(PREFIX, ENUMERATOR, name).
 */
#ifndef CALLS_AXES_H
#define CALLS_AXES_H

#include <stdbool.h>

#define AXES(AXIS) \
	AXIS(ABI, abi) \
	AXIS(STATUS, status) \
	AXIS(TYPES, types) \
	AXIS(EXIT, exit) \
	AXIS(CHECK, check) \
	AXIS(PROLOGUE, prologue) \
	AXIS(CONTEXT, context)

/*
 * How compiled functions call each other.
 *   external  (context, arguments pointer, results pointer) -> status; context written at every call
 *   fast      (context, base, arguments...) -> (results..., status); context written at exits only
 */
#define ABI_VALUES(VALUE) \
	VALUE(ABI, EXTERNAL, external) \
	VALUE(ABI, FAST, fast)

/*
 * Where the status of a call stands.
 *   register  last result
 *   memory    in the context, written by exits
 */
#define STATUS_VALUES(VALUE) \
	VALUE(STATUS, REGISTER, register) \
	VALUE(STATUS, MEMORY, memory)

/*
 * What parameters and results are.
 *   uniform  i64
 *   natural  double for slots that the module declares as floats; i64 for all others
 */
#define TYPES_VALUES(VALUE) \
	VALUE(TYPES, UNIFORM, uniform) \
	VALUE(TYPES, NATURAL, natural)

/*
 * What an exit does with the frame (strategy.h).
 *   frames    complete and inline: room, every slot, resume point
 *   callback  the same behind one call with ten arguments
 *   trivial   the status and nothing else, in functions that can be executed again; else as `frames`
 *   record    the slots that may be read again go to the host, which lays frames out later
 *   unwind    the same, but functions that never wait leave by unwinding and return no status
 */
#define EXIT_VALUES(VALUE) \
	VALUE(EXIT, FRAMES, frames) \
	VALUE(EXIT, CALLBACK, callback) \
	VALUE(EXIT, TRIVIAL, trivial) \
	VALUE(EXIT, RECORD, record) \
	VALUE(EXIT, UNWIND, unwind)

/*
 * Where a function looks at what is left of the native stack, which is also where it gives way.
 *   entry  in its prologue
 *   call   where it is certain that a call follows (analysis/stack_check.h)
 */
#define CHECK_VALUES(VALUE) \
	VALUE(CHECK, ENTRY, entry) \
	VALUE(CHECK, CALL, call)

/*
 * Whether paths without calls are a function of their own.
 *   whole  no: the code generator moves the prologue behind them where it can
 *   split  yes: it goes on, where calls follow, in the rest of the function (split_prologue.h)
 */
#define PROLOGUE_VALUES(VALUE) \
	VALUE(PROLOGUE, WHOLE, whole) \
	VALUE(PROLOGUE, SPLIT, split)

/*
 * How compiled functions pass the context to each other.
 *   argument  as the first argument
 *   pinned    in a register of its own, which callees preserve: LLVM's `swiftself`
 *   swift     the same, by the convention that this belongs to: on x86-64 it returns four words in registers
 *             and C's returns three; on AArch64 both return eight
 */
#define CONTEXT_VALUES(VALUE) \
	VALUE(CONTEXT, ARGUMENT, argument) \
	VALUE(CONTEXT, PINNED, pinned) \
	VALUE(CONTEXT, SWIFT, swift)

#define ENUMERATOR(PREFIX, VALUE, name) PREFIX##_##VALUE,
#define ENUMERATION(PREFIX, name) typedef enum { PREFIX##_VALUES(ENUMERATOR) PREFIX##_COUNT } name##_kind;
AXES(ENUMERATION)
#undef ENUMERATION
#undef ENUMERATOR

/*
 * What the optimiser is told about exits: HINT_SET(ENUMERATOR, name, weights, cold, preserve_most).
 *   weights        branch weights on every check
 *   cold           `cold` on what exits call
 *   preserve_most  exits call helpers through thunks that save registers for them
 */
#define HINT_SETS(HINT_SET) \
	HINT_SET(NONE, "none", false, false, false) \
	HINT_SET(WEIGHTS, "weights", true, false, false) \
	HINT_SET(COLD, "cold", false, true, false) \
	HINT_SET(BOTH, "both", true, true, false) \
	HINT_SET(BOTH_CC, "both+cc", true, true, true) \
	HINT_SET(PROFILE, "profile", true, true, true)

typedef enum {
#define HINT_SET(ENUMERATOR, ...) HINTS_##ENUMERATOR,
	HINT_SETS(HINT_SET)
#undef HINT_SET
	    HINTS_COUNT,
} hints_kind;

typedef struct {
	const char *name;
	bool weights;
	bool cold;
	bool preserve_most;
} hint_set;

#endif
