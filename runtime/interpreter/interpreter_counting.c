/*
 * The interpreter once more, as the instance for programs that are compiled as they get hot: it counts calls
 * and backward jumps of each function.
 */
#define INTERPRETER_COUNTS
#include "interpreter/interpreter.c" // NOLINT(bugprone-suspicious-include)
