/*
 * The machine. At each position of the text every place of the program is reached once, by the way that is
 * preferred: so the time is that of text times program at worst.
 */
#include "extern/regexp/regexp_search.h"

#include <stdlib.h>
#include <string.h>

#include "extern/regexp/regexp_unicode.h"
#include "extern/text/search.h"

enum { NO_SLOT = UINT32_MAX };

/* Some ten seconds. What exceeds it are long texts with very large patterns only. */
static const uint64_t WORK_MAXIMUM = (uint64_t)1 << 30;
static const size_t SLOTS_MAXIMUM = (size_t)1 << 25;

typedef struct {
	regexp_machine *machine;
	const regexp_request *request;
	size_t position;
	int32_t rune; /* at the position; -1: none, or no character */
	unsigned width;
	bool matched; /* at this position */
	bool found;
	bool failed; /* memory ran out */
} search;

/* ---- Room ---- */

static bool resize(void *array, size_t count, size_t item_size) {
	void **items = array;
	void *grown = realloc(*items, count * item_size);
	if (grown != NULL)
		*items = grown;
	return grown != NULL;
}

static bool fit(regexp_machine *machine, const regexp_request *request) {
	size_t length = request->program->length;
	if (length > machine->capacity) {
		if (!resize(&machine->now.places, length, sizeof *machine->now.places) ||
		    !resize(&machine->next.places, length, sizeof *machine->next.places) ||
		    !resize(&machine->steps, length + 1, sizeof *machine->steps) ||
		    !resize(&machine->seen, length, sizeof *machine->seen))
			return false;
		memset(machine->seen, 0, length * sizeof *machine->seen);
		machine->round = 0;
		machine->capacity = length;
	}
	if (request->slot_count > machine->slot_capacity) {
		if (!resize(&machine->slots, request->slot_count, sizeof *machine->slots) ||
		    !resize(&machine->found, request->slot_count, sizeof *machine->found))
			return false;
		machine->slot_capacity = request->slot_count;
	}
	return true;
}

static bool fit_slots(regexp_ways *ways, size_t needed) {
	if (needed <= ways->slots_capacity)
		return true;
	size_t capacity = needed * 2;
	if (capacity > SLOTS_MAXIMUM || !resize(&ways->slots, capacity, sizeof *ways->slots))
		return false;
	ways->slots_capacity = capacity;
	return true;
}

void regexp_machine_free(regexp_machine *machine) {
	free(machine->now.places);
	free(machine->now.slots);
	free(machine->next.places);
	free(machine->next.slots);
	free(machine->steps);
	free(machine->seen);
	free(machine->slots);
	free(machine->found);
	*machine = (regexp_machine){0};
}

/* ---- Characters around a position, and what is asserted of them ---- */

/* The character at `position`, or -1. */
static int32_t rune_at(string_view text, size_t position, unsigned *width) {
	*width = 1;
	if (position >= text.length)
		return -1;
	unsigned char byte = (unsigned char)text.bytes[position];
	if (byte < 0x80)
		return byte;
	int32_t rune = utf8_decode(text.bytes, text.length, position, width);
	return rune == 0xfffd && *width == 1 ? -1 : rune;
}

static int32_t rune_before(string_view text, size_t position) {
	if (position == 0)
		return -1;
	unsigned width;
	size_t start = search_character_before(text, position);
	int32_t rune = rune_at(text, start, &width);
	return start + width == position ? rune : -1;
}

static bool is_word(int32_t rune, bool ascii) {
	return rune >= 0 && (rune < 0x80 || !ascii) && regexp_is_word(rune);
}

static bool word_assertion_holds(const search *now, regexp_assertion assertion) {
	bool ascii = (assertion & REGEXP_ASCII) != 0;
	bool before = is_word(rune_before(now->request->text, now->position), ascii);
	bool after = is_word(now->rune, ascii);
	switch (assertion & ~(regexp_assertion)REGEXP_ASCII) {
	case REGEXP_WORD_BOUNDARY: return before != after;
	case REGEXP_NO_WORD_BOUNDARY: return before == after;
	case REGEXP_WORD_START: return !before && after;
	case REGEXP_WORD_END: return before && !after;
	case REGEXP_WORD_START_HALF: return !before;
	default: return !after;
	}
}

static bool holds(const search *now, regexp_assertion assertion) {
	string_view text = now->request->text;
	size_t at = now->position;
	bool first = at == 0;
	bool last = at == text.length;
	char before = first ? 0 : text.bytes[at - 1];
	char after = last ? 0 : text.bytes[at];
	switch (assertion) {
	case REGEXP_TEXT_START: return first;
	case REGEXP_TEXT_END: return last;
	case REGEXP_LINE_START: return first || before == '\n';
	case REGEXP_LINE_END: return last || after == '\n';
	case REGEXP_CRLF_START: return first || before == '\n' || (before == '\r' && (last || after != '\n'));
	case REGEXP_CRLF_END: return last || after == '\r' || (after == '\n' && (first || before != '\r'));
	default: return word_assertion_holds(now, assertion);
	}
}

/* ---- Following the ways ---- */

static void add_way(search *now, uint32_t place) {
	regexp_ways *next = &now->machine->next;
	size_t slot_count = now->request->slot_count;
	if (!fit_slots(next, (next->count + 1) * slot_count)) {
		now->failed = true;
		return;
	}
	memcpy(next->slots + next->count * slot_count, now->machine->slots, slot_count * sizeof(size_t));
	next->places[next->count++] = place;
}

/* A match: the ways that are less preferred do not matter any more. */
static void match(search *now) {
	memcpy(now->machine->found, now->machine->slots, now->request->slot_count * sizeof(size_t));
	now->found = true;
	now->matched = true;
}

static void save(search *now, uint32_t slot, size_t *waiting) {
	regexp_machine *machine = now->machine;
	if (slot >= now->request->slot_count)
		return;
	machine->steps[(*waiting)++] = (regexp_step){0, slot, machine->slots[slot]};
	machine->slots[slot] = now->position;
}

static bool takes(const regexp_program *program, regexp_instruction instruction, int32_t rune) {
	if (instruction.operation == REGEXP_RUNE)
		return instruction.operand == rune;
	return rune >= 0 && regexp_class_has(&program->classes[instruction.operand], rune);
}

/*
 * One way from `place` up to where it takes a character or ends; alternatives are left waiting. Each place
 * leaves one step at most.
 */
static void follow_one(search *now, uint32_t place, size_t *waiting) {
	regexp_machine *machine = now->machine;
	const regexp_program *program = now->request->program;
	for (;;) {
		if (machine->seen[place] == machine->round)
			return;
		machine->seen[place] = machine->round;
		machine->work++;
		regexp_instruction instruction = program->code[place];
		uint32_t apart = place + (uint32_t)instruction.operand;
		switch (instruction.operation) {
		case REGEXP_JUMP: place = apart; continue;
		case REGEXP_SPLIT_NEXT:
			machine->steps[(*waiting)++] = (regexp_step){apart, NO_SLOT, 0};
			place++;
			continue;
		case REGEXP_SPLIT_APART:
			machine->steps[(*waiting)++] = (regexp_step){place + 1, NO_SLOT, 0};
			place = apart;
			continue;
		case REGEXP_SAVE:
			save(now, (uint32_t)instruction.operand, waiting);
			place++;
			continue;
		case REGEXP_ASSERT:
			if (!holds(now, (regexp_assertion)instruction.operand))
				return;
			place++;
			continue;
		case REGEXP_MATCH: match(now); return;
		default:
			if (takes(program, instruction, now->rune))
				add_way(now, place + 1);
			return;
		}
	}
}

/* All ways from `place`, with the positions that stand in machine->slots. */
static void follow(search *now, uint32_t place) {
	regexp_step *steps = now->machine->steps;
	size_t waiting = 0;
	follow_one(now, place, &waiting);
	while (waiting > 0 && !now->matched) {
		regexp_step step = steps[--waiting];
		if (step.slot != NO_SLOT)
			now->machine->slots[step.slot] = step.value;
		else
			follow_one(now, step.place, &waiting);
	}
}

static void begin_round(search *now) {
	regexp_machine *machine = now->machine;
	if (machine->round == UINT32_MAX) {
		memset(machine->seen, 0, machine->capacity * sizeof *machine->seen);
		machine->round = 0;
	}
	machine->round++;
	machine->next.count = 0;
	now->matched = false;
	now->rune = rune_at(now->request->text, now->position, &now->width);
}

/* From the ways that lead to this position to those that lead to the next. */
static void advance(search *now) {
	regexp_machine *machine = now->machine;
	const regexp_request *request = now->request;
	size_t slot_size = request->slot_count * sizeof(size_t);
	begin_round(now);
	for (size_t i = 0; i < machine->now.count && !now->matched; i++) {
		memcpy(machine->slots, machine->now.slots + i * request->slot_count, slot_size);
		follow(now, machine->now.places[i]);
	}
	if (!now->found && (!request->anchored || now->position == request->from)) {
		memset(machine->slots, 0xff, slot_size);
		follow(now, 0);
	}
	regexp_ways next = machine->next;
	machine->next = machine->now;
	machine->now = next;
}

/* Without a way: can one begin here or later? Then this is where. */
static bool find_start(search *now) {
	const regexp_request *request = now->request;
	if (now->found || (request->anchored && now->position > request->from))
		return false;
	if (request->anchored || !request->program->first_is_known)
		return true;
	while (now->position < request->text.length &&
	       !request->program->first[(unsigned char)request->text.bytes[now->position]])
		now->position++;
	return now->position < request->text.length;
}

regexp_outcome regexp_run(regexp_machine *machine, const regexp_request *request) {
	search now = {.machine = machine, .request = request, .position = request->from};
	if (!fit(machine, request))
		return REGEXP_TOO_MUCH;
	machine->now.count = 0;
	while (now.position <= request->until && (machine->now.count > 0 || find_start(&now))) {
		advance(&now);
		now.position += now.width;
		if (now.failed || machine->work > WORK_MAXIMUM)
			return REGEXP_TOO_MUCH;
	}
	return now.found ? REGEXP_FOUND : REGEXP_NONE;
}
