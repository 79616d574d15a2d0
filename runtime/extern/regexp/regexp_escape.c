/* Escapes in patterns: those that mean the same, those that need another spelling, those that are refused. */
#include "extern/regexp/regexp_scan.h"

static bool is_octal(int c) {
	return c >= '0' && c <= '7';
}
static bool is_letter_or_digit(int c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool copy_octal(regexp_scan *scan) {
	unsigned value = 0;
	unsigned digits = 0;
	scan->at++;
	for (; digits < 3 && is_octal(regexp_peek(scan, 0)); digits++) {
		value = value * 8 + (unsigned)regexp_peek(scan, 0) - '0';
		scan->at++;
	}
	buffer_append_format(scan->out, "\\x{%x}", value);
	return true;
}

/* \x7F or \x{10FFFF} */
static bool copy_hexadecimal(regexp_scan *scan) {
	if (regexp_peek(scan, 2) != '{') {
		for (size_t i = 2; i < 4; i++) {
			int c = regexp_peek(scan, i);
			if (!is_letter_or_digit(c) || ((c | 32) > 'f' && c > '9'))
				return false;
		}
		regexp_copy(scan, 4);
		return true;
	}
	size_t end = 3;
	while (regexp_peek(scan, end) != '}')
		if (!is_letter_or_digit(regexp_peek(scan, end++)))
			return false;
	regexp_copy(scan, end + 1);
	return end > 3;
}

/* Long names of the general categories, which PCRE2 knows by their short ones only. */
static string_view short_category(string_view name) {
	static const struct {
		const char *name;
		const char *category;
	} names[] = {
	    {"Letter", "L"},
	    {"Uppercase_Letter", "Lu"},
	    {"Lowercase_Letter", "Ll"},
	    {"Titlecase_Letter", "Lt"},
	    {"Modifier_Letter", "Lm"},
	    {"Other_Letter", "Lo"},
	    {"Mark", "M"},
	    {"Number", "N"},
	    {"Decimal_Number", "Nd"},
	    {"Letter_Number", "Nl"},
	    {"Other_Number", "No"},
	    {"Punctuation", "P"},
	    {"Symbol", "S"},
	    {"Separator", "Z"},
	    {"Other", "C"},
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == name.length && memcmp(names[i].name, name.bytes, name.length) == 0)
			return (string_view){names[i].category, strlen(names[i].category)};
	return name;
}

/* \pL, \p{Greek}, \p{^Letter} */
static bool copy_property(regexp_scan *scan) {
	if (regexp_peek(scan, 2) != '{') {
		if (!is_letter_or_digit(regexp_peek(scan, 2)))
			return false;
		buffer_append_format(scan->out, "\\%c{%c}", regexp_peek(scan, 1), regexp_peek(scan, 2));
		scan->at += 3;
		return true;
	}
	size_t start = regexp_peek(scan, 3) == '^' ? 4 : 3;
	size_t end = start;
	while (regexp_peek(scan, end) != '}') {
		if (!is_letter_or_digit(regexp_peek(scan, end)) && regexp_peek(scan, end) != '_')
			return false;
		end++;
	}
	string_view name = short_category((string_view){scan->text.bytes + scan->at + start, end - start});
	buffer_append(scan->out, scan->text.bytes + scan->at, start);
	buffer_append(scan->out, name.bytes, name.length);
	buffer_append_byte(scan->out, '}');
	scan->at += end + 1;
	return true;
}

/* \Q...\E: everything between stands for itself. */
static bool copy_quoted(regexp_scan *scan) {
	scan->at += 2;
	while (scan->at < scan->text.length) {
		if (regexp_peek(scan, 0) == '\\' && regexp_peek(scan, 1) == 'E') {
			scan->at += 2;
			return true;
		}
		int c = regexp_peek(scan, 0);
		if (c < 128 && !is_letter_or_digit(c)) {
			buffer_append_format(scan->out, "\\x{%x}", (unsigned)c);
			scan->at++;
		} else {
			regexp_copy(scan, 1);
		}
	}
	return true;
}

bool regexp_translate_escape(regexp_scan *scan, bool in_class) {
	int c = regexp_peek(scan, 1);
	switch (c) {
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
		/* One digit alone would be a back reference. */
		return (c == '0' || is_octal(regexp_peek(scan, 2))) && copy_octal(scan);
	case 'a':
	case 'f':
	case 'n':
	case 'r':
	case 't':
	case 'd':
	case 'D':
	case 's':
	case 'S':
	case 'w':
	case 'W': regexp_copy(scan, 2); return true;
	case 'v':
		buffer_append_text(scan->out, "\\x{b}");
		scan->at += 2;
		return true;
	case 'x': return copy_hexadecimal(scan);
	case 'p':
	case 'P': return copy_property(scan);
	case 'A':
	case 'z':
	case 'b':
	case 'B': regexp_copy(scan, 2); return !in_class;
	case 'Q': return !in_class && copy_quoted(scan);
	default: break;
	}
	if (c < 0 || c >= 128 || is_letter_or_digit(c))
		return false;
	regexp_copy(scan, 2);
	return true;
}
