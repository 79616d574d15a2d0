/* Statistics of a run, for people and for programs. */
#ifndef CLI_RUN_STATISTICS_H
#define CLI_RUN_STATISTICS_H

#include <stdbool.h>

#include "volt/vm.h"

/* Seconds that the parts of `volt run` took; printed together with what the VM counted. */
typedef struct {
	double load;
	double create;
	double run;
} statistics_times;

/* Seconds of a clock that only goes forward. */
double statistics_now(void);

/* On standard error: one JSON object in one line, or one "name value" line for each number. */
void statistics_print(const volt_vm *vm, statistics_times times, bool as_json);

#endif
