/* Statistics of a run, for people and for programs. */
#ifndef CLI_RUN_STATISTICS_H
#define CLI_RUN_STATISTICS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "volt/vm.h"

/* Seconds that the parts of `volt run` took; printed together with what the VM counted. */
typedef struct {
	double load;
	double create;
	double run;
} statistics_times;

/* Seconds of a clock that only goes forward. */
double statistics_now(void);

/* On standard error: one JSON object in one line, or tables for people. */
void statistics_print(const volt_vm *vm, const volt_module *module, statistics_times times, bool as_json);

/* Tables for people, from the VM's statistics, an object with the member "seconds": statistics_table.c */
void statistics_write_tables(FILE *out, const volt_vm *vm, const volt_module *module, json_t *all);

#endif
