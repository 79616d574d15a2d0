/* Escapes: characters by their number, classes by their name, assertions. */
#include <string.h>

#include "extern/regexp/regexp_syntax.h"
#include "extern/regexp/regexp_unicode.h"
#include "extern/text/letter_case.h"

static int digit_value(int32_t rune) {
	if (rune >= '0' && rune <= '9')
		return rune - '0';
	if ((rune | 0x20) >= 'a' && (rune | 0x20) <= 'f')
		return (rune | 0x20) - 'a' + 10;
	return -1;
}

/* \x7F, \u0041, \U00000041: as many digits as this. */
static bool read_fixed_digits(regexp_scan *scan, unsigned count, int32_t *value) {
	uint32_t sum = 0;
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			regexp_scan_next_token(scan);
		int digit = digit_value(scan->rune);
		if (digit < 0)
			return false;
		sum = sum * 16 + (unsigned)digit;
	}
	/* The white space behind the last digit is not its business. */
	regexp_scan_next(scan);
	*value = sum <= REGEXP_LAST_RUNE ? (int32_t)sum : -1;
	return true;
}

/* \x{10FFFF} */
static bool read_digits_in_braces(regexp_scan *scan, int32_t *value) {
	uint32_t sum = 0;
	bool any = false;
	while (regexp_scan_next_token(scan) != '}') {
		int digit = digit_value(scan->rune);
		if (digit < 0)
			return false;
		sum = sum > REGEXP_LAST_RUNE ? sum : sum * 16 + (unsigned)digit;
		any = true;
	}
	regexp_scan_next(scan);
	*value = sum <= REGEXP_LAST_RUNE ? (int32_t)sum : -1;
	return any;
}

static regexp_verdict read_hexadecimal(regexp_scan *scan, regexp_item *item) {
	unsigned digits = scan->rune == 'x' ? 2 : scan->rune == 'u' ? 4 : 8;
	bool braces = regexp_scan_next_token(scan) == '{';
	bool good =
	    braces ? read_digits_in_braces(scan, &item->rune) : read_fixed_digits(scan, digits, &item->rune);
	item->byte = !braces && digits == 2;
	return good && letter_case_is_scalar(item->rune) ? REGEXP_GOOD : REGEXP_REFUSED;
}

static regexp_verdict finish_set(regexp_flags flags, regexp_item *item, bool negated) {
	item->kind = REGEXP_ITEM_SET;
	if (negated)
		regexp_set_negate(&item->set, regexp_domain(flags));
	return REGEXP_GOOD;
}

/* The name of \pL or \p{Greek}; spaces in braces do not count where white space means nothing. */
static bool read_property_name(regexp_scan *scan, char *name, size_t capacity, size_t *length) {
	*length = 0;
	if (regexp_scan_next_token(scan) != '{') {
		if (scan->rune == REGEXP_END || scan->rune == '\\')
			return false;
		*length = utf8_encode(scan->rune, name);
		regexp_scan_next(scan);
		return true;
	}
	while (regexp_scan_next_token(scan) != '}') {
		if (scan->rune == REGEXP_END || *length + 4 > capacity)
			return false;
		*length += utf8_encode(scan->rune, name + *length);
	}
	regexp_scan_next(scan);
	return true;
}

static regexp_verdict read_property(regexp_scan *scan, regexp_flags flags, regexp_item *item) {
	enum { NAME_MAXIMUM = 128 };
	char name[NAME_MAXIMUM];
	size_t length;
	bool negated = scan->rune == 'P';
	bool unequal;
	if (!read_property_name(scan, name, sizeof name, &length) || flags.ascii)
		return REGEXP_REFUSED;
	regexp_name_verdict verdict =
	    regexp_add_property(&item->set, (string_view){name, length}, flags.ignore_case, &unequal);
	if (verdict != REGEXP_NAME_GOOD)
		return verdict == REGEXP_NAME_UNSUPPORTED ? REGEXP_UNSUPPORTED : REGEXP_REFUSED;
	return finish_set(flags, item, negated != unequal);
}

static void add_ascii_perl_class(regexp_set *set, char letter) {
	if (letter == 's') {
		regexp_set_add(set, '\t', '\r');
		regexp_set_add(set, ' ', ' ');
		return;
	}
	regexp_set_add(set, '0', '9');
	if (letter == 'w') {
		regexp_set_add(set, 'A', 'Z');
		regexp_set_add(set, '_', '_');
		regexp_set_add(set, 'a', 'z');
	}
}

static regexp_verdict read_perl_class(regexp_scan *scan, regexp_flags flags, regexp_item *item) {
	char letter = (char)(scan->rune | 0x20);
	bool negated = scan->rune < 'a';
	regexp_scan_next(scan);
	if (flags.ascii)
		add_ascii_perl_class(&item->set, letter);
	else
		regexp_add_perl_class(&item->set, letter);
	return finish_set(flags, item, negated);
}

static bool is_assertion_name(int32_t rune) {
	return rune == '-' || (rune >= 'a' && rune <= 'z') || (rune >= 'A' && rune <= 'Z');
}

/*
 * \b{start} and its like, behind the b. What begins with no letter is a repetition of \b. The assertion is
 * left as it is then.
 */
static bool read_special_boundary(regexp_scan *scan, regexp_assertion *assertion) {
	static const struct {
		const char *name;
		regexp_assertion assertion;
	} names[] = {
	    {"start}", REGEXP_WORD_START},
	    {"end}", REGEXP_WORD_END},
	    {"start-half}", REGEXP_WORD_START_HALF},
	    {"end-half}", REGEXP_WORD_END_HALF},
	};
	size_t brace = scan->at;
	if (regexp_scan_next_token(scan) == REGEXP_END)
		return false;
	if (!is_assertion_name(scan->rune)) {
		regexp_scan_go(scan, brace);
		return true;
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (regexp_scan_take(scan, names[i].name)) {
			*assertion = names[i].assertion;
			return true;
		}
	}
	return false;
}

static regexp_verdict read_assertion(regexp_scan *scan, regexp_flags flags, regexp_item *item) {
	static const char letters[] = "AzbB<>";
	static const regexp_assertion assertions[] = {REGEXP_TEXT_START,    REGEXP_TEXT_END,
	                                              REGEXP_WORD_BOUNDARY, REGEXP_NO_WORD_BOUNDARY,
	                                              REGEXP_WORD_START,    REGEXP_WORD_END};
	int32_t letter = scan->rune;
	item->kind = REGEXP_ITEM_ASSERTION;
	item->assertion = assertions[strchr(letters, letter) - letters];
	regexp_scan_next(scan);
	if (letter == 'b' && scan->rune == '{' && !read_special_boundary(scan, &item->assertion))
		return REGEXP_REFUSED;
	if (flags.ascii && item->assertion >= REGEXP_WORD_BOUNDARY)
		item->assertion |= REGEXP_ASCII;
	return REGEXP_GOOD;
}

static regexp_verdict read_letter(regexp_scan *scan, regexp_item *item) {
	static const char letters[] = "aftnrv";
	static const char meanings[] = "\a\f\t\n\r\v";
	const char *letter = strchr(letters, scan->rune);
	if (letter == NULL)
		return REGEXP_REFUSED;
	item->rune = (unsigned char)meanings[letter - letters];
	regexp_scan_next(scan);
	return REGEXP_GOOD;
}

regexp_verdict regexp_read_escape(regexp_scan *scan, regexp_flags flags, regexp_item *item) {
	*item = (regexp_item){.kind = REGEXP_ITEM_RUNE};
	switch (regexp_scan_next(scan)) {
	case REGEXP_END: return REGEXP_REFUSED;
	case 'x':
	case 'u':
	case 'U': return read_hexadecimal(scan, item);
	case 'p':
	case 'P': return read_property(scan, flags, item);
	case 'd':
	case 'D':
	case 's':
	case 'S':
	case 'w':
	case 'W': return read_perl_class(scan, flags, item);
	case 'A':
	case 'z':
	case 'b':
	case 'B':
	case '<':
	case '>': return read_assertion(scan, flags, item);
	default: break;
	}
	if (scan->rune >= 0x80 || (scan->rune >= '0' && scan->rune <= '9'))
		return REGEXP_REFUSED;
	if ((scan->rune | 0x20) >= 'a' && (scan->rune | 0x20) <= 'z')
		return read_letter(scan, item);
	item->rune = scan->rune;
	regexp_scan_next(scan);
	return REGEXP_GOOD;
}
