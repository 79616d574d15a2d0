/* Character classes in patterns. The classes of POSIX, as [:alpha:], are those of ASCII. */
#include "extern/regexp/regexp_scan.h"

typedef struct {
	unsigned char first;
	unsigned char last;
} byte_range;

static const struct {
	const char *name;
	byte_range ranges[5]; /* ascending; ends with the range 0..0 */
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

static void append_range(buffer *out, unsigned first, unsigned last) {
	if (first <= last)
		buffer_append_format(out, "\\x{%x}-\\x{%x}", first, last);
}

static void append_posix(buffer *out, const byte_range *ranges, bool negated) {
	unsigned next = 0;
	for (; ranges->last != 0; ranges++) {
		if (!negated)
			append_range(out, ranges->first, ranges->last);
		else if (ranges->first > next)
			append_range(out, next, ranges->first - 1U);
		next = ranges->last + 1U;
	}
	if (negated)
		append_range(out, next, 0x10ffff);
}

/* [:name:] or [:^name:] inside a class; false if no such class has that name. */
static bool translate_posix(regexp_scan *scan) {
	bool negated = regexp_peek(scan, 2) == '^';
	size_t start = scan->at + (negated ? 3 : 2);
	const char *end = memchr(scan->text.bytes + start, ':', scan->text.length - start);
	if (end == NULL)
		return false;
	size_t length = (size_t)(end - (scan->text.bytes + start));
	for (size_t i = 0; i < sizeof posix_classes / sizeof *posix_classes; i++) {
		if (strlen(posix_classes[i].name) == length &&
		    memcmp(posix_classes[i].name, scan->text.bytes + start, length) == 0) {
			append_posix(scan->out, posix_classes[i].ranges, negated);
			scan->at = start + length + 1;
			bool closed = regexp_peek(scan, 0) == ']';
			scan->at++;
			return closed;
		}
	}
	return false;
}

/* One end of a range, or a set; *is_set tells which. */
static bool translate_item(regexp_scan *scan, bool *is_set) {
	int c = regexp_peek(scan, 0);
	int next = regexp_peek(scan, 1);
	*is_set = false;
	if (c == '\\') {
		*is_set = next > 0 && strchr("dDsSwWpP", next) != NULL;
		return regexp_translate_escape(scan, true);
	}
	if (c == '[' && next == ':') {
		*is_set = true;
		return translate_posix(scan);
	}
	if (c == '[' || c == ']')
		buffer_append_byte(scan->out, '\\');
	regexp_copy(scan, 1);
	while (regexp_peek(scan, 0) >= 0 && (regexp_peek(scan, 0) & 0xc0) == 0x80)
		regexp_copy(scan, 1);
	return true;
}

static bool translate_range(regexp_scan *scan) {
	bool is_set;
	if (!translate_item(scan, &is_set))
		return false;
	if (regexp_peek(scan, 0) != '-' || regexp_peek(scan, 1) == ']' || regexp_peek(scan, 1) < 0)
		return true;
	if (is_set)
		return false;
	regexp_copy(scan, 1);
	return translate_item(scan, &is_set) && !is_set;
}

bool regexp_translate_class(regexp_scan *scan) {
	regexp_copy(scan, 1);
	if (regexp_peek(scan, 0) == '^')
		regexp_copy(scan, 1);
	bool first = true;
	while (regexp_peek(scan, 0) != ']' || first) {
		if (regexp_peek(scan, 0) < 0)
			return false;
		if (regexp_peek(scan, 0) == '-' && !first && regexp_peek(scan, 1) != ']')
			return false;
		if (regexp_peek(scan, 0) == '-')
			buffer_append_byte(scan->out, '\\');
		if (!translate_range(scan))
			return false;
		first = false;
	}
	regexp_copy(scan, 1);
	return true;
}
