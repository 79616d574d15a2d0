/* The table of exit strategies. */
#include "calls/strategy.h"

static const exit_strategy *const strategies[EXIT_COUNT] = {
    [EXIT_FRAMES] = &frames_exit,  [EXIT_CALLBACK] = &callback_exit,
    [EXIT_TRIVIAL] = &frames_exit, /* forms that can be executed again have trivial exits (lower/trivial.c) */
    [EXIT_RECORD] = &record_exit,  [EXIT_UNWIND] = &record_exit,
};

const exit_strategy *exit_strategy_find(exit_kind kind) {
	return strategies[kind];
}
