/*
 * Calls one compiled function again and again, as volt-count does once, and prints the seconds of processor
 * time that this took and the function's result. The object is linked in; of the host there is nothing: a
 * helper that code asks for is missing_helper().
 *
 * ENTRY is the symbol of the function's entry. Arguments: repetitions, then the function's own.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "volt/tier.h"

enum { SLOTS = 256, STACK_SLOTS = 1 << 23, SCRATCH_BYTES = 4096 };

volt_status ENTRY(volt_context *context, const volt_slot *arguments, volt_slot *results);

/* What stands for each helper of the host. */
_Noreturn void missing_helper(void) {
	abort();
}

/* Edited code reads and writes behind the context (edits.py). */
static union {
	volt_context context;
	char bytes[2 * SCRATCH_BYTES];
} host;

static double processor_seconds(void) {
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int count, char **words) {
	static volt_slot arguments[SLOTS], results[SLOTS];
	if (count < 2 || count > SLOTS)
		return 2;
	for (int i = 2; i < count; i++)
		arguments[i - 2] = strtoull(words[i], NULL, 10);
	host.context = (volt_context){
	    .stack = calloc(STACK_SLOTS, sizeof(volt_slot)),
	    .stack_capacity = STACK_SLOTS,
	    .stack_pointer = (uint64_t)count - 2,
	    .forced_exits_left = UINT64_MAX,
	};
	volt_status status = VOLT_STATUS_OK;
	double begin = processor_seconds();
	for (long left = strtol(words[1], NULL, 10); left > 0; left--)
		status |= ENTRY(&host.context, arguments, results);
	double end = processor_seconds();
	printf("{\"seconds\": %.9f, \"status\": %d, \"result\": %" PRId64 "}\n", end - begin, (int)status,
	       (int64_t)results[0]);
	return status != VOLT_STATUS_OK;
}
