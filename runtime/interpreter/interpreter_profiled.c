/*
 * The interpreter once more, for profiled slices: it runs the module's plain code, in which every branch and
 * call is an instruction of its own, and counts them. The other instance knows nothing of profiles.
 */
#define INTERPRETER_PROFILES
#include "interpreter/interpreter.c" // NOLINT(bugprone-suspicious-include): see above
