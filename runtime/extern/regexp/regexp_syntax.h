/* Syntax that parts of the parser share: flags, escapes, classes in brackets. */
#ifndef EXTERN_REGEXP_REGEXP_SYNTAX_H
#define EXTERN_REGEXP_REGEXP_SYNTAX_H

#include "extern/regexp/regexp_parse.h"
#include "extern/regexp/regexp_scan.h"
#include "extern/regexp/regexp_set.h"

/* Groups, repetitions, sequences, alternatives and classes in one another: the original's limit. */
enum { REGEXP_DEPTH_MAXIMUM = 250 };

typedef struct {
	bool ignore_case;   /* i */
	bool multi_line;    /* m */
	bool dot_takes_all; /* s */
	bool swap_greed;    /* U */
	bool ascii;         /* u switched off */
	bool crlf;          /* R */
	bool verbose;       /* x */
} regexp_flags;

typedef enum { REGEXP_ITEM_RUNE, REGEXP_ITEM_SET, REGEXP_ITEM_ASSERTION } regexp_item_kind;

/* What an escape stands for. */
typedef struct {
	regexp_item_kind kind;
	int32_t rune;
	bool byte; /* \xFF: without Unicode it is this byte, which above 7F is no character */
	regexp_set set;
	regexp_assertion assertion;
} regexp_item;

/*
 * An escape, from its backslash on. The set of the item is to be freed also when the verdict is not good.
 */
regexp_verdict regexp_read_escape(regexp_scan *scan, regexp_flags flags, regexp_item *item);

/* A class in brackets, from the opening one on; its depth goes to *depth. */
regexp_verdict regexp_read_class(regexp_scan *scan, regexp_flags flags, regexp_set *set, unsigned *depth);

static inline int32_t regexp_domain(regexp_flags flags) {
	return flags.ascii ? REGEXP_LAST_BYTE : REGEXP_LAST_RUNE;
}

/* Without Unicode a class must keep to ASCII: what else it took would be no UTF-8. */
static inline bool regexp_stays_in_text(regexp_flags flags, regexp_set *set) {
	regexp_set_order(set);
	return !flags.ascii || set->count == 0 || set->ranges[set->count - 1].last < 0x80;
}

#endif
