/* Statistics of a run: the VM's JSON with the command's own times, for programs as it is. */
#include "cli/run_statistics.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double statistics_now(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static json_t *collect(const volt_vm *vm, statistics_times times) {
	char *text = volt_vm_statistics(vm);
	json_t *all = text ? json_loads(text, 0, NULL) : NULL;
	free(text);
	if (!json_is_object(all)) {
		json_decref(all);
		all = json_object();
	}
	json_object_set_new(
	    all, "seconds",
	    json_pack("{s:f, s:f, s:f}", "load", times.load, "create", times.create, "run", times.run));
	return all;
}

void statistics_print(const volt_vm *vm, const volt_module *module, statistics_times times, bool as_json) {
	enum { DIGITS = 6 };
	json_t *all = collect(vm, times);
	if (as_json) {
		json_dumpf(all, stderr, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(DIGITS));
		fputc('\n', stderr);
	} else {
		statistics_write_tables(stderr, vm, module, all);
	}
	json_decref(all);
}
