/*
 * A program from text, run by the interpreter or by the compiled tier, with its frames written down at an
 * exit.
 */
#ifndef TESTS_TIER_SUPPORT_H
#define TESTS_TIER_SUPPORT_H

#include <check.h>

#include "object/buffer.h"
#include "snapshot.h"
#include "state/vm_state.h"

extern const char *const presets[]; /* NULL at the end */
int preset_count(void);

/* Its exits leave 0 in slots that will not be read again. */
bool preset_drops_dead_slots(const char *preset);

/* A way to run compiled code: each preset, and then what gets hot at once, with callees inlined. */
typedef struct {
	const char *name;
	const char *preset;
	volt_tier_mode tier_mode;
} compiled_mode;

extern const compiled_mode compiled_modes[]; /* name NULL at the end */
int compiled_mode_count(void);

/* Every point of a sweep is a VM, a tier and a run; with sanitizers that is slow, and one of five must do. */
#ifdef __SANITIZE_ADDRESS__
enum { SWEEP_STRIDE = 5 };
#else
enum { SWEEP_STRIDE = 1 };
#endif

typedef struct {
	const char *text;          /* .vot */
	const char *file;          /* instead of `text`, .vot or .vob */
	const char *preset;        /* NULL: interpreted, unless `mode` or `automatic` says something else */
	const compiled_mode *mode; /* NULL: `preset` decides */
	bool automatic;            /* compile what gets hot, and do nothing else meanwhile */
	bool in_background;        /* compile while the program runs */
	uint64_t threshold;        /* calls or loop rounds until something is hot; 0: the first */
	uint64_t profile_period;   /* one slice of so many is profiled; 0: as usual */
	bool keeps_code;           /* for later runs of the suite, in the tier's cache */
	const char *library;       /* the tier; NULL: the one that was built */
	unsigned permissions;
	uint64_t force_exit;
	uint64_t max_steps;
	uint64_t schedule_seed;
	size_t max_stack_slots;
	bool at_exits;    /* write the frames down whenever compiled code exits with a status but YIELD */
	bool at_yields;   /* write the frames down when compiled code exits with the status YIELD */
	bool with_ticker; /* the clock ends turns, too; otherwise who runs the same does the same again */
	bool at_limit;    /* take a snapshot if the limit of steps ended the program */
	void (*register_natives)(volt_vm *vm, void *user);
	void (*at_end)(volt_vm *vm, void *user);
	void *user;
} run_request;

typedef struct {
	buffer output;
	buffer frames;
	snapshot *stopped; /* NULL: no limit ended the program, or nobody asked */
	char *trace;
	char *error; /* NULL: the program ended well */
	volt_error_kind error_kind;
	int exit_status;
	char *statistics; /* JSON */
	uint64_t first_global;
	uint64_t entries;
	uint64_t kept_hits, kept_misses; /* compilations that did or did not find their code kept */
	uint64_t forced_exits_left;
	uint64_t exits[VOLT_STATUS_YIELD + 1];
} run_result;

run_result run_program(run_request request);
void run_result_free(run_result *result);

/* For suites that call the tier without a VM. */
void fail_on(volt_error *error);
volt_module *assemble(const char *text); /* and verifies it */
volt_tier_host host_of_volt(void);       /* with Volt's own context, heap and helpers */

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
