/* Statistics of a run: the VM's JSON with the command's own times, printed as it is or flattened. */
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

static void print_value(const char *name, json_t *value);

static void print_members(const char *prefix, json_t *object) {
	const char *key;
	json_t *member;
	json_object_foreach(object, key, member) {
		char name[256];
		snprintf(name, sizeof name, "%s%s%s", prefix, *prefix ? "." : "", key);
		print_value(name, member);
	}
}

static void print_elements(const char *prefix, json_t *array) {
	size_t index;
	json_t *element;
	json_array_foreach(array, index, element) {
		char name[256];
		snprintf(name, sizeof name, "%s[%zu]", prefix, index);
		print_value(name, element);
	}
}

static void print_value(const char *name, json_t *value) {
	if (json_is_object(value)) {
		print_members(name, value);
	} else if (json_is_array(value)) {
		print_elements(name, value);
	} else if (json_is_string(value)) {
		fprintf(stderr, "%-32s %s\n", name, json_string_value(value));
	} else {
		char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
		fprintf(stderr, "%-32s %s\n", name, text ? text : "?");
		free(text);
	}
}

void statistics_print(const volt_vm *vm, statistics_times times, bool as_json) {
	json_t *all = collect(vm, times);
	if (as_json) {
		json_dumpf(all, stderr, JSON_COMPACT);
		fputc('\n', stderr);
	} else {
		print_members("", all);
	}
	json_decref(all);
}
