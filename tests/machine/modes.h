/* Every way to run a program: interpreted, each preset, and what gets hot at once, with callees inlined. */
#ifndef TESTS_MACHINE_MODES_H
#define TESTS_MACHINE_MODES_H

#include <stdint.h>

/* For loop tests: numbers from 0 to mode_count() - 1. */
int mode_count(void);
const char *mode_name(int mode);

/* Runs the program in that mode; its output has to be `expected`. Leaves at the status check `force_exit`, if
 * not 0. */
void check_in_mode(int mode, const char *text, const char *expected, uint64_t force_exit);

#endif
