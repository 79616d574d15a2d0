/*
 * Patterns outside of classes. Code is made while reading: what was read last is always the end of the
 * code, so that a repetition copies it and an alternative is put in front of it.
 */
#include "extern/regexp/regexp_parse.h"

#include <stdlib.h>
#include <string.h>
#include <unictype.h>

#include "extern/regexp/regexp_syntax.h"
#include "extern/text/letter_case.h"

/* What is known of a part of the pattern. */
typedef struct {
	unsigned depth; /* of its syntax tree */
	bool empty;     /* it takes no character, whatever the text */
} part_shape;

/* Parts in a row, or alternatives. */
typedef struct {
	unsigned count;
	part_shape shape; /* the deepest; empty if all are */
} part_list;

typedef struct {
	regexp_flags flags; /* of what is around the group */
	size_t start;
	size_t branch;    /* where the present alternative begins */
	size_t last_exit; /* the last jump behind the group, which leads to the one before; 0: none */
	part_list alternatives;
	part_list row;
	int32_t number; /* 0: it captures nothing */
} open_group;

typedef struct {
	regexp_scan scan;
	regexp_flags flags;
	regexp_program *program;
	open_group *groups; /* the first is the pattern itself */
	size_t group_count;
	size_t group_capacity;
	int32_t captures;
	size_t part; /* where the code of the last part begins */
	part_shape part_shape;
	bool has_part;
	bool repeatable;
} parser;

static open_group *innermost(parser *state) {
	return &state->groups[state->group_count - 1];
}

/* ---- Parts, rows, alternatives ---- */

static void add_to_list(part_list *list, part_shape shape) {
	list->shape.empty = (list->count == 0 || list->shape.empty) && shape.empty;
	list->shape.depth = shape.depth > list->shape.depth ? shape.depth : list->shape.depth;
	list->count++;
}

static part_shape shape_of_list(part_list list) {
	if (list.count == 0)
		return (part_shape){.empty = true};
	return (part_shape){list.shape.depth + (list.count > 1), list.shape.empty};
}

/* No repetition comes any more. */
static void finish_part(parser *state) {
	if (state->has_part)
		add_to_list(&innermost(state)->row, state->part_shape);
	state->has_part = false;
	state->repeatable = false;
}

static void begin_part(parser *state, part_shape shape) {
	finish_part(state);
	state->part = state->program->length;
	state->part_shape = shape;
	state->has_part = true;
	state->repeatable = true;
}

static void finish_branch(parser *state) {
	open_group *group = innermost(state);
	finish_part(state);
	add_to_list(&group->alternatives, shape_of_list(group->row));
	group->row = (part_list){0};
}

static void add_alternative(parser *state) {
	open_group *group = innermost(state);
	regexp_program *program = state->program;
	finish_branch(state);
	size_t length = program->length - group->branch;
	regexp_insert(program, group->branch, REGEXP_SPLIT_NEXT, (int32_t)length + 2);
	regexp_emit(program, REGEXP_JUMP, (int32_t)group->last_exit);
	group->last_exit = program->length - 1;
	group->branch = program->length;
	regexp_scan_next(&state->scan);
}

/* Lets the jumps out of all alternatives lead behind the last one. */
static void join_alternatives(parser *state) {
	regexp_program *program = state->program;
	size_t exit = program->failed ? 0 : innermost(state)->last_exit;
	while (exit != 0) {
		size_t next = (size_t)program->code[exit].operand;
		program->code[exit].operand = (int32_t)(program->length - exit);
		exit = next;
	}
}

/* ---- Groups ---- */

static bool push_group(parser *state, regexp_flags outside) {
	void *groups = state->groups;
	if (state->group_count > REGEXP_DEPTH_MAXIMUM ||
	    !regexp_make_room(&groups, &state->group_capacity, state->group_count, sizeof *state->groups))
		return false;
	state->groups = groups;
	size_t start = state->program->length;
	state->groups[state->group_count++] = (open_group){.flags = outside, .start = start, .branch = start};
	return true;
}

static bool open(parser *state, regexp_flags outside, bool captures) {
	finish_part(state);
	if (!push_group(state, outside))
		return false;
	if (captures) {
		open_group *group = innermost(state);
		group->number = ++state->captures;
		regexp_emit(state->program, REGEXP_SAVE, 2 * group->number);
		group->branch = state->program->length;
	}
	return true;
}

static bool close_group(parser *state) {
	if (state->group_count == 1)
		return false;
	finish_branch(state);
	join_alternatives(state);
	open_group group = *innermost(state);
	state->group_count--;
	if (group.number > 0)
		regexp_emit(state->program, REGEXP_SAVE, 2 * group.number + 1);
	state->flags = group.flags;
	state->scan.verbose = group.flags.verbose;
	part_shape shape = shape_of_list(group.alternatives);
	shape.depth++;
	begin_part(state, shape);
	state->part = group.start;
	regexp_scan_next(&state->scan);
	return true;
}

static bool is_name_rune(int32_t rune, bool first) {
	if (rune == '_' || (!first && (rune == '.' || rune == '[' || rune == ']')))
		return true;
	if (rune == REGEXP_END)
		return false;
	return uc_is_property((ucs4_t)rune, UC_PROPERTY_ALPHABETIC) ||
	       (!first && uc_is_general_category_withtable((ucs4_t)rune, UC_CATEGORY_MASK_N));
}

/* The name of a group, and the > behind it. */
static bool read_group_name(parser *state) {
	regexp_scan *scan = &state->scan;
	regexp_program *program = state->program;
	size_t start = scan->at;
	while (is_name_rune(scan->rune, scan->at == start))
		regexp_scan_next(scan);
	string_view name = {scan->text.bytes + start, scan->at - start};
	if (name.length == 0 || scan->rune != '>')
		return false;
	regexp_add_name(program, name, (unsigned)state->captures + 1);
	regexp_scan_next(scan);
	return true;
}

static bool *flag_of(regexp_flags *flags, int32_t letter, bool *inverted) {
	*inverted = letter == 'u';
	switch (letter) {
	case 'i': return &flags->ignore_case;
	case 'm': return &flags->multi_line;
	case 's': return &flags->dot_takes_all;
	case 'U': return &flags->swap_greed;
	case 'u': return &flags->ascii;
	case 'R': return &flags->crlf;
	case 'x': return &flags->verbose;
	default: return NULL;
	}
}

/* From behind (? up to the : or ). Each flag may stand once, and the minus only before a flag. */
static bool read_flags(parser *state, regexp_flags *flags) {
	regexp_flags seen = {0};
	bool minus = false;
	bool dangling = false;
	for (; state->scan.rune != ':' && state->scan.rune != ')'; regexp_scan_next(&state->scan)) {
		bool inverted;
		bool *twice = flag_of(&seen, state->scan.rune, &inverted);
		if (state->scan.rune == '-' && !minus) {
			minus = dangling = true;
		} else if (twice != NULL && !*twice) {
			*twice = true;
			*flag_of(flags, state->scan.rune, &inverted) = minus == inverted;
			dangling = false;
		} else {
			return false;
		}
	}
	return !dangling;
}

/* (?flags) and (?flags:...) */
static bool read_flags_group(parser *state) {
	regexp_flags outside = state->flags;
	size_t start = state->scan.at;
	if (!read_flags(state, &state->flags))
		return false;
	bool opens = state->scan.rune == ':';
	if (!opens && state->scan.at == start)
		return false;
	if (opens && !open(state, outside, false))
		return false;
	if (!opens) {
		begin_part(state, (part_shape){.empty = true});
		state->repeatable = false;
	}
	state->scan.verbose = state->flags.verbose;
	regexp_scan_next(&state->scan);
	return true;
}

static bool read_group(parser *state) {
	regexp_scan *scan = &state->scan;
	regexp_scan_next_token(scan);
	bool named = regexp_scan_take(scan, "?P<");
	if (!named && regexp_scan_take(scan, "?<")) {
		if (scan->rune == '=' || scan->rune == '!')
			return false; /* looks behind */
		named = true;
	}
	if (named)
		return read_group_name(state) && open(state, state->flags, true);
	if (regexp_scan_take(scan, "?"))
		return read_flags_group(state);
	return open(state, state->flags, true);
}

/* ---- Repetition ---- */

static bool repeat(parser *state, int64_t minimum, int64_t maximum, bool lazy) {
	regexp_repetition how = {minimum, maximum, lazy == state->flags.swap_greed};
	if (state->part_shape.empty) { /* once is as good as often */
		how.minimum = minimum > 0;
		how.maximum = maximum == 0 ? 0 : 1;
	}
	regexp_repeat(state->program, state->part, how);
	state->part_shape.depth++;
	state->part_shape.empty |= maximum == 0;
	return state->part_shape.depth <= REGEXP_DEPTH_MAXIMUM;
}

static bool read_simple_repetition(parser *state) {
	int32_t sign = state->scan.rune;
	if (!state->repeatable)
		return false;
	bool lazy = regexp_scan_next(&state->scan) == '?';
	if (lazy)
		regexp_scan_next(&state->scan);
	return repeat(state, sign == '+', sign == '?' ? 1 : REGEXP_NO_MAXIMUM, lazy);
}

static void skip_white_space(regexp_scan *scan) {
	while (scan->rune != REGEXP_END && uc_is_property((ucs4_t)scan->rune, UC_PROPERTY_WHITE_SPACE))
		regexp_scan_next(scan);
}

static bool read_count(regexp_scan *scan, int64_t *count) {
	bool any = false;
	*count = 0;
	skip_white_space(scan);
	for (; scan->rune >= '0' && scan->rune <= '9'; regexp_scan_next_token(scan)) {
		*count = *count * 10 + (scan->rune - '0');
		any = true;
		if (*count > UINT32_MAX)
			return false;
	}
	skip_white_space(scan);
	return any;
}

/* {n}, {n,} or {n,m} */
static bool read_counted_repetition(parser *state) {
	regexp_scan *scan = &state->scan;
	int64_t minimum;
	if (!state->repeatable)
		return false;
	regexp_scan_next_token(scan);
	if (!read_count(scan, &minimum))
		return false;
	int64_t maximum = minimum;
	if (scan->rune == ',') {
		maximum = REGEXP_NO_MAXIMUM;
		if (regexp_scan_next_token(scan) != '}' && (!read_count(scan, &maximum) || maximum < minimum))
			return false;
	}
	if (scan->rune != '}')
		return false;
	bool lazy = regexp_scan_next_token(scan) == '?';
	if (lazy)
		regexp_scan_next(scan);
	return repeat(state, minimum, maximum, lazy);
}

/* ---- What takes a character, and assertions ---- */

static void emit_rune(parser *state, int32_t rune) {
	regexp_set set = {0};
	if (state->flags.ignore_case && state->flags.ascii) {
		regexp_set_add(&set, rune, rune);
		regexp_set_ignore_case(&set, true);
	} else if (state->flags.ignore_case) {
		regexp_set_add(&set, rune, rune);
		for (int32_t other = letter_case_fold_rune(rune); other != rune; other = letter_case_fold_rune(other))
			regexp_set_add(&set, other, other);
	}
	if (set.count > 1 || (set.count == 1 && set.ranges[0].first != set.ranges[0].last)) {
		regexp_emit_class(state->program, &set);
		return;
	}
	regexp_set_free(&set);
	regexp_emit(state->program, REGEXP_RUNE, rune);
}

static regexp_verdict read_escape(parser *state) {
	regexp_item item;
	regexp_verdict verdict = regexp_read_escape(&state->scan, state->flags, &item);
	begin_part(state, (part_shape){.empty = item.kind == REGEXP_ITEM_ASSERTION});
	bool no_text = state->flags.ascii && item.byte && item.rune >= 0x80;
	if (verdict == REGEXP_GOOD && (no_text || !regexp_stays_in_text(state->flags, &item.set)))
		verdict = REGEXP_REFUSED;
	if (verdict != REGEXP_GOOD)
		regexp_set_free(&item.set);
	else if (item.kind == REGEXP_ITEM_ASSERTION)
		regexp_emit(state->program, REGEXP_ASSERT, (int32_t)item.assertion);
	else if (item.kind == REGEXP_ITEM_RUNE)
		emit_rune(state, item.rune);
	else
		regexp_emit_class(state->program, &item.set);
	return verdict;
}

static regexp_verdict read_class(parser *state) {
	regexp_set set = {0};
	part_shape shape = {0};
	regexp_verdict verdict = regexp_read_class(&state->scan, state->flags, &set, &shape.depth);
	begin_part(state, shape);
	if (verdict == REGEXP_GOOD)
		regexp_emit_class(state->program, &set);
	regexp_set_free(&set);
	return verdict;
}

static bool read_dot(parser *state) {
	regexp_set set = {0};
	if (state->flags.ascii)
		return false; /* it would take a part of a character */
	if (!state->flags.dot_takes_all)
		regexp_set_add(&set, '\n', '\n');
	if (!state->flags.dot_takes_all && state->flags.crlf)
		regexp_set_add(&set, '\r', '\r');
	regexp_set_negate(&set, REGEXP_LAST_RUNE);
	begin_part(state, (part_shape){0});
	regexp_emit_class(state->program, &set);
	regexp_scan_next(&state->scan);
	return true;
}

static void read_anchor(parser *state, regexp_assertion text, regexp_assertion line, regexp_assertion crlf) {
	regexp_assertion assertion = text;
	if (state->flags.multi_line)
		assertion = state->flags.crlf ? crlf : line;
	begin_part(state, (part_shape){.empty = true});
	regexp_emit(state->program, REGEXP_ASSERT, (int32_t)assertion);
	regexp_scan_next(&state->scan);
}

static void read_rune(parser *state) {
	begin_part(state, (part_shape){0});
	emit_rune(state, state->scan.rune);
	regexp_scan_next(&state->scan);
}

static regexp_verdict verdict_of(bool good) {
	return good ? REGEXP_GOOD : REGEXP_REFUSED;
}

static regexp_verdict read_next(parser *state) {
	switch (state->scan.rune) {
	case '\\': return read_escape(state);
	case '[': return read_class(state);
	case '(': return verdict_of(read_group(state));
	case ')': return verdict_of(close_group(state));
	case '*':
	case '+':
	case '?': return verdict_of(read_simple_repetition(state));
	case '{': return verdict_of(read_counted_repetition(state));
	case '|': add_alternative(state); return REGEXP_GOOD;
	case '.': return verdict_of(read_dot(state));
	case '^': read_anchor(state, REGEXP_TEXT_START, REGEXP_LINE_START, REGEXP_CRLF_START); return REGEXP_GOOD;
	case '$': read_anchor(state, REGEXP_TEXT_END, REGEXP_LINE_END, REGEXP_CRLF_END); return REGEXP_GOOD;
	default: read_rune(state); return REGEXP_GOOD;
	}
}

static regexp_verdict read_pattern(parser *state) {
	if (!push_group(state, state->flags))
		return REGEXP_REFUSED;
	regexp_emit(state->program, REGEXP_SAVE, 0);
	innermost(state)->branch = state->program->length;
	while (regexp_scan_skip(&state->scan), state->scan.rune != REGEXP_END) {
		regexp_verdict verdict = read_next(state);
		if (verdict != REGEXP_GOOD || state->program->failed)
			return verdict != REGEXP_GOOD ? verdict : REGEXP_REFUSED;
	}
	finish_branch(state);
	join_alternatives(state);
	part_shape shape = shape_of_list(innermost(state)->alternatives);
	regexp_emit(state->program, REGEXP_SAVE, 1);
	regexp_emit(state->program, REGEXP_MATCH, 0);
	return verdict_of(state->group_count == 1 && shape.depth <= REGEXP_DEPTH_MAXIMUM &&
	                  !state->program->failed);
}

regexp_verdict regexp_parse(string_view pattern, regexp_program *program) {
	parser state = {.program = program};
	*program = (regexp_program){0};
	regexp_verdict verdict = REGEXP_REFUSED;
	if (regexp_scan_start(&state.scan, pattern))
		verdict = read_pattern(&state);
	free(state.groups);
	if (verdict == REGEXP_GOOD && !regexp_order_names(program))
		verdict = REGEXP_REFUSED;
	if (verdict == REGEXP_GOOD)
		regexp_finish(program);
	return verdict;
}
