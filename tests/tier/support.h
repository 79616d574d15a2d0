/*
 * A program from text, run by the interpreter or by the compiled tier, with its frames written down at an
 * exit.
 */
#ifndef TESTS_TIER_SUPPORT_H
#define TESTS_TIER_SUPPORT_H

#include <check.h>

#include "exec/vm.h"
#include "object/buffer.h"

extern const char *const presets[]; /* NULL at the end */
int preset_count(void);

/* Its exits leave 0 in slots that will not be read again. */
bool preset_drops_dead_slots(const char *preset);

typedef struct {
	const char *text;        /* .vot */
	const char *file;        /* instead of `text`, .vot or .vob */
	const char *preset;      /* NULL: interpreted, or what `automatic` says */
	bool automatic;          /* compile what gets hot, and do nothing else meanwhile */
	uint64_t threshold;      /* calls or loop rounds until then */
	uint64_t profile_period; /* one slice of so many is profiled; 0: as usual */
	const char *library;     /* the tier; NULL: the real one */
	unsigned permissions;
	uint64_t force_exit;
	bool at_exits; /* write the frames down whenever compiled code exits with a status but YIELD */
	void (*register_natives)(volt_vm *vm, void *user);
	void (*at_end)(volt_vm *vm, void *user);
	void *user;
} run_request;

typedef struct {
	buffer output;
	buffer frames;
	char *trace;
	char *error; /* NULL: the program ended well */
	int exit_status;
	uint64_t exits[VOLT_STATUS_YIELD + 1];
} run_result;

run_result run_program(run_request request);
void run_result_free(run_result *result);

/*
 * Each frame of the fiber on a line, outermost first: "function pc base result_slot:result_count [slots]".
 * Slots end with the last one that is not zero; references are written "*". The pc of the top frame is left
 * out if that frame is running.
 */
void write_frames(volt_vm *vm, volt_fiber *fiber, bool top_is_running, buffer *out);

/* Are two such texts the same, but for slots that are 0 in the first one? */
bool frames_agree(const char *compiled, const char *interpreted);

/* Runs the suite and gives main's exit status. */
int run_suite(Suite *suite);

#endif
