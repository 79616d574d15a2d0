/* The table of exit strategies. */
#include "exit/strategy.h"

static const exit_strategy *const strategies[EXIT_COUNT] = {
    [EXIT_FRAMES] = &frames_exit,
};

const exit_strategy *exit_strategy_find(exit_kind kind) {
	return strategies[kind];
}
