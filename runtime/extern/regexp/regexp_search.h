/*
 * Searching, in time in proportion to the text. There are two ways. Backtracking notes where it has been and
 * never goes there twice; it is fast, but the notes are for a window of the text. A match that does not fit
 * into it is left to the other way: all paths through the program at once, one character after another.
 */
#ifndef EXTERN_REGEXP_REGEXP_SEARCH_H
#define EXTERN_REGEXP_REGEXP_SEARCH_H

#include "extern/regexp/regexp_program.h"
#include "object/strings.h"

typedef enum {
	REGEXP_NONE,
	REGEXP_FOUND,
	REGEXP_TOO_MUCH, /* work, or memory */
	REGEXP_STOPPED,  /* there was no leave to go on */
} regexp_outcome;

typedef struct {
	uint32_t place; /* in the program */
	uint32_t slot;  /* of a group's position, or REGEXP_NO_SLOT */
	size_t value;
} regexp_step;

enum { REGEXP_NO_SLOT = UINT32_MAX };

/* Of the search along all paths at once. */
typedef struct {
	size_t count;
	uint32_t *places; /* where in the program to go on; the preferred path first */
	size_t *slots;    /* `slot_count` for each */
	size_t slots_capacity;
} regexp_paths;

typedef struct {
	regexp_paths now;
	regexp_paths next;
	regexp_step *steps;
	uint32_t *seen; /* by place in the program: the round in which it was reached */
	uint32_t round;
	size_t capacity; /* the longest program it fits */
} regexp_simulation;

/* Of the search by backtracking. */
typedef struct {
	uint64_t *visited;    /* a bit for each position of the window and join of the program */
	size_t clean;         /* words of it that belong to this window */
	size_t base;          /* where the window begins */
	size_t rows;          /* its positions */
	regexp_step *waiting; /* last in, first out: other ways to go, and what a slot held before */
	size_t waiting_count;
	size_t waiting_capacity;
} regexp_backtracking;

/*
 * Asked now and then for leave to go on, with the steps since it was asked before; without a function there
 * is always leave.
 */
typedef struct {
	bool (*ask)(void *user, uint64_t steps);
	void *user;
} regexp_leave;

/* What searches work with. It fits every program, and belongs to one thread. Zero-initialise it. */
typedef struct {
	regexp_simulation simulation;
	regexp_backtracking backtracking;
	size_t *slots; /* of the path that is followed */
	size_t *found; /* of the match */
	size_t slot_capacity;
	uint64_t work;        /* steps of this task so far */
	uint64_t asked_until; /* steps that there is leave for */
	regexp_leave leave;
} regexp_machine;

/* A task is a series of searches; this comes before the first. */
void regexp_begin_task(regexp_machine *machine, regexp_leave leave);

typedef struct {
	const regexp_program *program;
	string_view text;
	size_t from;
	size_t until;        /* no match ends behind this */
	bool anchored;       /* a match begins at `from` */
	unsigned slot_count; /* how many positions of groups are wanted, two for each: 2 at least */
} regexp_request;

enum { REGEXP_NO_POSITION = -1 };

/* The leftmost match, of those the preferred one. Its positions stand in `found`. */
regexp_outcome regexp_run(regexp_machine *machine, const regexp_request *request);

void regexp_machine_free(regexp_machine *machine);

/* ---- The two ways ---- */

/*
 * True: *outcome is the result. False: the window is too small for a match that may begin at *from or later;
 * none begins before.
 */
bool regexp_backtrack(regexp_machine *machine, const regexp_request *request, size_t *from,
                      regexp_outcome *outcome);

regexp_outcome regexp_simulate(regexp_machine *machine, const regexp_request *request);

/* REGEXP_NONE: the task may go on. Otherwise this is how the search ends. */
regexp_outcome regexp_go_on(regexp_machine *machine);

bool regexp_resize(void *array, size_t count, size_t item_size);

#endif
