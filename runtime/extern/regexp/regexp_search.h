/* Searching: all ways through a program at once, one character of the text after another. */
#ifndef EXTERN_REGEXP_REGEXP_SEARCH_H
#define EXTERN_REGEXP_REGEXP_SEARCH_H

#include "extern/regexp/regexp_program.h"
#include "object/strings.h"

typedef enum {
	REGEXP_NONE,
	REGEXP_FOUND,
	REGEXP_TOO_MUCH, /* work, or memory */
} regexp_outcome;

/* What searches work with. It fits every program, and belongs to one thread. Zero-initialise it. */
typedef struct {
	size_t count;
	uint32_t *places; /* where in the program to go on; the preferred way first */
	size_t *slots;    /* `slot_count` for each */
	size_t slots_capacity;
} regexp_ways;

typedef struct {
	uint32_t place;
	uint32_t slot;
	size_t value;
} regexp_step;

typedef struct {
	regexp_ways now;
	regexp_ways next;
	regexp_step *steps;
	uint32_t *seen; /* by place in the program: the round in which it was reached */
	uint32_t round;
	size_t capacity; /* the longest program it fits */
	size_t *slots;   /* of the way that is followed */
	size_t *found;   /* of the match */
	size_t slot_capacity;
	uint64_t work; /* steps so far; whoever begins a task sets it to 0 */
} regexp_machine;

typedef struct {
	const regexp_program *program;
	string_view text;
	size_t from;
	size_t until;     /* no match ends behind this */
	bool anchored;    /* a match begins at `from` */
	unsigned slot_count; /* how many positions of groups are wanted, two for each: 2 at least */
} regexp_request;

enum { REGEXP_NO_POSITION = -1 };

/* The leftmost match, of those the preferred one. Its positions stand in `found`. */
regexp_outcome regexp_run(regexp_machine *machine, const regexp_request *request);

void regexp_machine_free(regexp_machine *machine);

#endif
