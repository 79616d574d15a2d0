/*
 * Classes in brackets. What stands beside one another is joined; &&, -- and ~~ work on what is to their left
 * and the joined items to their right, in turn.
 */
#include <stdlib.h>

#include "extern/regexp/regexp_syntax.h"

typedef struct {
	regexp_set left;   /* of the operators so far */
	regexp_set joined; /* the items since */
	int32_t operator;  /* between the two; 0: there was none */
	bool negated;
	unsigned items;      /* of `joined` */
	unsigned item_depth; /* of the deepest of them */
	unsigned left_depth;
} class_level;

typedef struct {
	regexp_scan *scan;
	regexp_flags flags;
	class_level *levels; /* a bracket within another */
	size_t count;
	size_t capacity;
	bool leaves_text; /* without Unicode, an item takes what is no text */
} class_parser;

/* ---- Levels ---- */

static void add_item(class_level *level, const regexp_set *set, unsigned depth) {
	regexp_set_add_all(&level->joined, set);
	level->items++;
	level->item_depth = depth > level->item_depth ? depth : level->item_depth;
}

static void apply(class_level *level) {
	switch (level->operator) {
	case '&': regexp_set_intersect(&level->left, &level->joined); break;
	case '-': regexp_set_subtract(&level->left, &level->joined); break;
	case '~': regexp_set_keep_either(&level->left, &level->joined); break;
	default: regexp_set_add_all(&level->left, &level->joined); break;
	}
}

/* Puts the joined items into what is to the left of the next operator. */
static void join_left(class_parser *parser, class_level *level, int32_t next) {
	parser->leaves_text |= !regexp_stays_in_text(parser->flags, &level->joined);
	if (parser->flags.ignore_case) {
		regexp_set_ignore_case(&level->joined, parser->flags.ascii);
		regexp_set_ignore_case(&level->left, parser->flags.ascii);
	}
	apply(level);
	regexp_set_free(&level->joined);
	unsigned depth = level->item_depth + (level->items > 1);
	if (level->operator!= 0)
		depth = 1 + (depth > level->left_depth ? depth : level->left_depth);
	level->left_depth = depth;
	level->items = 0;
	level->item_depth = 0;
	level->operator= next;
}

/* An opening bracket, and what has no special meaning right behind it. */
static bool open_level(class_parser *parser) {
	void *levels = parser->levels;
	if (parser->count > REGEXP_DEPTH_MAXIMUM ||
	    !regexp_make_room(&levels, &parser->capacity, parser->count, sizeof *parser->levels))
		return false;
	parser->levels = levels;
	class_level *level = &parser->levels[parser->count++];
	*level = (class_level){0};
	regexp_scan_next_token(parser->scan);
	if (parser->scan->rune == '^') {
		level->negated = true;
		regexp_scan_next_token(parser->scan);
	}
	for (; parser->scan->rune == '-'; regexp_scan_next_token(parser->scan))
		add_item(level, &(regexp_set){.ranges = &(regexp_range){'-', '-'}, .count = 1}, 0);
	if (level->items == 0 && parser->scan->rune == ']') {
		add_item(level, &(regexp_set){.ranges = &(regexp_range){']', ']'}, .count = 1}, 0);
		regexp_scan_next_token(parser->scan);
	}
	return true;
}

static void close_level(class_parser *parser) {
	class_level *level = &parser->levels[--parser->count];
	join_left(parser, level, 0);
	if (level->negated)
		regexp_set_negate(&level->left, regexp_domain(parser->flags));
	regexp_scan_next(parser->scan);
	if (parser->count > 0) {
		add_item(&parser->levels[parser->count - 1], &level->left, 1 + level->left_depth);
		regexp_set_free(&level->left);
	}
}

/* ---- Classes of POSIX ---- */

static const struct {
	const char *name;
	regexp_range ranges[5]; /* ends with the range 0..0 */
} posix_classes[] = {
    {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
    {"alpha", {{'A', 'Z'}, {'a', 'z'}}},
    {"ascii", {{0, 127}}},
    {"blank", {{'\t', '\t'}, {' ', ' '}}},
    {"cntrl", {{0, 31}, {127, 127}}},
    {"digit", {{'0', '9'}}},
    {"graph", {{'!', '~'}}},
    {"lower", {{'a', 'z'}}},
    {"print", {{' ', '~'}}},
    {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
    {"space", {{'\t', '\r'}, {' ', ' '}}},
    {"upper", {{'A', 'Z'}}},
    {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
    {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
};

static void add_posix_class(class_parser *parser, const regexp_range *ranges, bool negated) {
	regexp_set set = {0};
	for (; ranges->last != 0; ranges++)
		regexp_set_add(&set, ranges->first, ranges->last);
	if (parser->flags.ignore_case)
		regexp_set_ignore_case(&set, parser->flags.ascii);
	if (negated)
		regexp_set_negate(&set, regexp_domain(parser->flags));
	add_item(&parser->levels[parser->count - 1], &set, 0);
	regexp_set_free(&set);
}

/* [:name:] or [:^name:]; what is no such name is a class like any other. */
static bool take_posix_class(class_parser *parser) {
	regexp_scan *scan = parser->scan;
	size_t start = scan->at;
	bool opens = regexp_scan_take(scan, "[:");
	bool negated = opens && regexp_scan_take(scan, "^");
	for (size_t i = 0; opens && i < sizeof posix_classes / sizeof *posix_classes; i++) {
		size_t name = scan->at;
		if (regexp_scan_take(scan, posix_classes[i].name) && regexp_scan_take(scan, ":]")) {
			add_posix_class(parser, posix_classes[i].ranges, negated);
			return true;
		}
		regexp_scan_go(scan, name);
	}
	regexp_scan_go(scan, start);
	return false;
}

/* ---- Items ---- */

static regexp_verdict read_item(class_parser *parser, regexp_item *item) {
	regexp_scan *scan = parser->scan;
	if (scan->rune == '\\') {
		regexp_verdict verdict = regexp_read_escape(scan, parser->flags, item);
		if (verdict != REGEXP_GOOD)
			return verdict;
	} else {
		*item = (regexp_item){.kind = REGEXP_ITEM_RUNE, .rune = scan->rune};
		regexp_scan_next(scan);
	}
	return item->kind == REGEXP_ITEM_ASSERTION ? REGEXP_REFUSED : REGEXP_GOOD;
}

static regexp_verdict read_second(class_parser *parser, int32_t first) {
	regexp_item second;
	if (regexp_scan_next_token(parser->scan) == REGEXP_END)
		return REGEXP_REFUSED;
	regexp_verdict verdict = read_item(parser, &second);
	regexp_set_free(&second.set);
	if (verdict != REGEXP_GOOD)
		return verdict;
	if (second.kind != REGEXP_ITEM_RUNE || second.rune < first)
		return REGEXP_REFUSED;
	add_item(&parser->levels[parser->count - 1],
	         &(regexp_set){.ranges = &(regexp_range){first, second.rune}, .count = 1}, 0);
	return REGEXP_GOOD;
}

static bool is_range_ahead(const regexp_scan *scan) {
	int32_t next = regexp_scan_peek_token(scan);
	return scan->rune == '-' && next != ']' && next != '-';
}

/* A character, a set, or a range of characters. */
static regexp_verdict read_range(class_parser *parser) {
	regexp_item first;
	regexp_verdict verdict = read_item(parser, &first);
	regexp_scan_skip(parser->scan);
	if (verdict == REGEXP_GOOD && is_range_ahead(parser->scan))
		verdict = first.kind == REGEXP_ITEM_RUNE ? read_second(parser, first.rune) : REGEXP_REFUSED;
	else if (verdict == REGEXP_GOOD && first.kind == REGEXP_ITEM_RUNE)
		add_item(&parser->levels[parser->count - 1],
		         &(regexp_set){.ranges = &(regexp_range){first.rune, first.rune}, .count = 1}, 0);
	else if (verdict == REGEXP_GOOD)
		add_item(&parser->levels[parser->count - 1], &first.set, 0);
	regexp_set_free(&first.set);
	return verdict;
}

static bool is_operator_ahead(const regexp_scan *scan) {
	int32_t rune = scan->rune;
	return (rune == '&' || rune == '-' || rune == '~') && regexp_scan_peek(scan) == rune;
}

/* False if what is to its left is too deep by now: the more of them, the longer each takes. */
static bool read_operator(class_parser *parser) {
	class_level *level = &parser->levels[parser->count - 1];
	int32_t operator= parser->scan->rune;
	regexp_scan_next(parser->scan);
	regexp_scan_next(parser->scan);
	join_left(parser, level, operator);
	return level->left_depth <= REGEXP_DEPTH_MAXIMUM;
}

static regexp_verdict read_next(class_parser *parser) {
	regexp_scan_skip(parser->scan);
	if (parser->scan->rune == REGEXP_END)
		return REGEXP_REFUSED;
	if (parser->scan->rune == '[') {
		if (take_posix_class(parser))
			return REGEXP_GOOD;
		return open_level(parser) ? REGEXP_GOOD : REGEXP_REFUSED;
	}
	if (parser->scan->rune == ']') {
		close_level(parser);
		return REGEXP_GOOD;
	}
	if (is_operator_ahead(parser->scan))
		return read_operator(parser) ? REGEXP_GOOD : REGEXP_REFUSED;
	return read_range(parser);
}

regexp_verdict regexp_read_class(regexp_scan *scan, regexp_flags flags, regexp_set *set, unsigned *depth) {
	class_parser parser = {.scan = scan, .flags = flags};
	regexp_verdict verdict = open_level(&parser) ? REGEXP_GOOD : REGEXP_REFUSED;
	while (verdict == REGEXP_GOOD && parser.count > 0)
		verdict = read_next(&parser);
	for (size_t i = 0; i < parser.count; i++) {
		regexp_set_free(&parser.levels[i].left);
		regexp_set_free(&parser.levels[i].joined);
	}
	if (verdict == REGEXP_GOOD) {
		*set = parser.levels[0].left;
		*depth = 1 + parser.levels[0].left_depth;
		parser.leaves_text |= !regexp_stays_in_text(flags, set);
		verdict = parser.leaves_text ? REGEXP_REFUSED : REGEXP_GOOD;
	}
	free(parser.levels);
	return verdict;
}
